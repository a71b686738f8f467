//! Work that takes a core for a while. Each kind has slots of its own, in a [`FairQueue`], and room
//! for so much memory.
//!
//! All room together, with the large bodies of requests and answers, is less than the `MemoryMax` of
//! the sample unit leaves beside the plans in memory: the test at the end adds it up.

use std::sync::Arc;
use std::time::Duration;

use super::error_code::ErrorCode;
use super::fair_queue::{FairQueue, FairSlot, MemoryRoom, QueueFull, Shares};
use super::problem::Problem;
use callplan_service::background::BackgroundPool;
use callplan_service::live::access::Principal;
use callplan_service::telemetry::metrics::Queues;

/// A kind of work. No kind takes the slots of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// A question about a text that is not saved, or about a stored one.
    Draft,
    /// The same, where it takes no longer than reading a text.
    Light,
    /// The check of a text that is saved.
    Save,
    /// The check of a revision that is restored.
    Restore,
    /// A search through all of an organization's log, to erase calls.
    Erase,
}

/// Number of slots for saves, for restores, and for erasing. An organization writes one thing at a
/// time, so one organization has at most one of them.
const WRITING: Shares = Shares { key: 1, organization: 1, all: 2 };

/// Maximum size of a text that is not large, in bytes. Large texts take memory in proportion, so
/// they have few slots of their own, however many cores there are.
const SMALL_TEXT: usize = 512 << 10;
/// Number of slots for questions about large texts.
const LARGE: Shares = Shares { key: 1, organization: 2, all: 3 };
/// Number of slots for saves and restores of large texts.
const LARGE_WRITING: Shares = Shares { key: 1, organization: 1, all: 1 };

/// The room for questions about large texts: for one about two of the largest.
const ROOM_FOR_LARGE: MemoryRoom = MemoryRoom { organization: 512 << 20, all: 512 << 20 };
/// The room for all other drafts. An organization leaves room for one to others.
const ROOM_FOR_DRAFTS: MemoryRoom =
    MemoryRoom { organization: (168 << 20) - memory_of_question(SMALL_TEXT), all: 168 << 20 };
/// The room for light work on texts that are not large, as for drafts.
const ROOM_FOR_LIGHT: MemoryRoom =
    MemoryRoom { organization: (52 << 20) - memory_of_reading(SMALL_TEXT), all: 52 << 20 };
/// The room for saves, and for restores, of texts that are not large.
const ROOM_FOR_WRITING: MemoryRoom = MemoryRoom { organization: memory_of_check(SMALL_TEXT), all: 90 << 20 };
/// The room for calls that are decided by the text of their plan.
pub const ROOM_FOR_DECIDING: usize = memory_of_reading(callplan::syntax::MAX_BYTES);

/// The most memory of a question about texts of this size together, in bytes: what the benchmark
/// `worst` finds for texts of all sizes, rounded up. The first part is for what has a budget of its
/// own, such as a diagram or an answer, and grows with short texts.
const fn memory_of_question(texts: usize) -> usize {
    least(64 << 20, 768 * texts) + 36 * texts
}

/// The same for a check, which asks for no answer.
const fn memory_of_check(text: usize) -> usize {
    least(44 << 20, 512 * text) + 36 * text
}

/// The same, where texts are only read.
pub const fn memory_of_reading(texts: usize) -> usize {
    (1 << 20) + 20 * texts
}

const fn least(one: usize, other: usize) -> usize {
    if one < other { one } else { other }
}

impl Work {
    /// Timeout of work that waits for a slot. Most checks are short. Who writes has sent a text that
    /// should not be lost, and waits longer, as does who asks about a large one.
    const fn patience(self, texts: usize) -> Duration {
        match self {
            Self::Draft | Self::Light if texts <= SMALL_TEXT => Duration::from_secs(1),
            Self::Save if texts <= SMALL_TEXT => Duration::from_secs(5),
            Self::Draft | Self::Light | Self::Save | Self::Restore | Self::Erase => Duration::from_secs(30),
        }
    }

    /// The most memory that it takes, in bytes.
    const fn memory(self, texts: usize) -> usize {
        match self {
            Self::Light => memory_of_reading(texts),
            Self::Draft => memory_of_question(texts),
            Self::Save | Self::Restore => memory_of_check(texts),
            Self::Erase => 0,
        }
    }
}

/// The slots of each kind of work, and the threads that do it.
#[derive(Debug)]
pub struct Cores {
    pool: Arc<BackgroundPool>,
    drafts: FairQueue,
    light: FairQueue,
    /// Drafts and light work on large texts.
    large: FairQueue,
    saves: FairQueue,
    restores: FairQueue,
    /// Saves and restores of large texts.
    large_writing: FairQueue,
    erasing: FairQueue,
}

impl Cores {
    /// Slots on a machine with so many cores: how many pieces of work of all kinds run at once.
    pub const fn slots(cores: usize) -> usize {
        2 * Self::reading(cores).all + LARGE.all + LARGE_WRITING.all + 3 * WRITING.all
    }

    /// Number of slots for drafts, and for light work.
    const fn reading(cores: usize) -> Shares {
        Shares { key: cores, organization: cores + 1, all: cores + 2 }
    }

    /// Free slots, for work on the threads of this pool.
    pub fn new(pool: Arc<BackgroundPool>) -> Self {
        let reading = Self::reading(std::thread::available_parallelism().map_or(1, usize::from));
        Self {
            pool,
            drafts: FairQueue::new(reading).with_room(ROOM_FOR_DRAFTS),
            light: FairQueue::new(reading).with_room(ROOM_FOR_LIGHT),
            large: FairQueue::new(LARGE).with_room(ROOM_FOR_LARGE),
            saves: FairQueue::new(WRITING).with_room(ROOM_FOR_WRITING),
            restores: FairQueue::new(WRITING).with_room(ROOM_FOR_WRITING),
            large_writing: FairQueue::new(LARGE_WRITING),
            erasing: FairQueue::new(WRITING),
        }
    }

    /// How full the queues of such work are.
    pub fn queues(&self) -> Queues {
        Queues {
            drafts: self.drafts.depth(),
            light: self.light.depth(),
            large: self.large.depth(),
            saves: self.saves.depth(),
            restores: self.restores.depth(),
            large_writing: self.large_writing.depth(),
            erasing: self.erasing.depth(),
            ..Queues::default()
        }
    }

    fn queue(&self, work: Work, texts: usize) -> &FairQueue {
        let is_large = texts > SMALL_TEXT;
        match work {
            Work::Draft | Work::Light if is_large => &self.large,
            Work::Save | Work::Restore if is_large => &self.large_writing,
            Work::Draft => &self.drafts,
            Work::Light => &self.light,
            Work::Save => &self.saves,
            Work::Restore => &self.restores,
            Work::Erase => &self.erasing,
        }
    }

    /// Waits for a slot for work on texts of this size together, in bytes, up to the timeout of this
    /// kind of work.
    pub async fn slot(&self, work: Work, texts: usize, who: &Principal) -> Result<FairSlot, Problem> {
        let busy = || Problem::busy(ErrorCode::TooManyChecks, "All processors are busy with checks.");
        let slot = self.queue(work, texts).slot_with_memory(who, work.memory(texts));
        let slot = tokio::time::timeout(work.patience(texts), slot).await;
        slot.map_err(|_| busy())?.map_err(|QueueFull| busy())
    }

    /// Runs work on a thread of low priority. Its slot is free again when the work ends.
    pub async fn run<T: Send + 'static>(
        &self,
        kind: Work,
        texts: usize,
        who: &Principal,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let slot = self.slot(kind, texts, who).await?;
        let work = move || {
            let _slot = slot;
            work()
        };
        let broke = |_| Problem::new(ErrorCode::InternalError, "Something went wrong in the server.");
        self.pool.run(work).await.map_err(broke)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::memory_budget;
    use callplan::syntax::MAX_BYTES;

    /// `MemoryMax` of the sample unit.
    const OF_SAMPLE_UNIT: usize = 2 << 30;
    /// The most memory that compiling takes beside the text that was read.
    const COMPILING: usize = 130 << 20;
    /// What it leaves for the plans in memory, and for all else.
    const FOR_PLANS: usize = 160 << 20;

    #[test]
    fn all_work_at_once_has_room_in_the_memory_of_the_sample_unit() {
        let drafts = ROOM_FOR_DRAFTS.all + ROOM_FOR_LIGHT.all + ROOM_FOR_LARGE.all;
        let writing = 2 * ROOM_FOR_WRITING.all + LARGE_WRITING.all * memory_of_check(MAX_BYTES);
        // A large text is read, and then compiled; beside it a small one.
        let compiling = memory_of_reading(MAX_BYTES) + COMPILING + memory_of_check(SMALL_TEXT);
        let bodies = 2 * memory_budget::MAXIMUM;
        let all = drafts + writing + compiling + ROOM_FOR_DECIDING + bodies;
        assert!(all + FOR_PLANS <= OF_SAMPLE_UNIT, "{} MiB", all >> 20);
    }

    #[test]
    fn work_on_the_largest_texts_has_a_slot_of_its_own_kind() {
        let cores = Cores::new(Arc::new(BackgroundPool::new(1).expect("a pool")));
        for (work, texts, expected) in [
            (Work::Draft, SMALL_TEXT, &cores.drafts),
            (Work::Draft, SMALL_TEXT + 1, &cores.large),
            (Work::Light, 2 * MAX_BYTES, &cores.large),
            (Work::Save, SMALL_TEXT, &cores.saves),
            (Work::Save, MAX_BYTES, &cores.large_writing),
            (Work::Restore, SMALL_TEXT, &cores.restores),
            (Work::Restore, MAX_BYTES, &cores.large_writing),
            (Work::Erase, 0, &cores.erasing),
        ] {
            assert!(std::ptr::eq(cores.queue(work, texts), expected), "{work:?} of {texts}");
        }
    }
}
