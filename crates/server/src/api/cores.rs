//! Work that takes a core for a while. Each kind has slots of its own, in a [`FairQueue`].

use std::sync::Arc;
use std::time::Duration;

use super::error_code::ErrorCode;
use super::fair_queue::{FairQueue, FairSlot, QueueFull, Shares};
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
    /// A question about a large text. It takes memory in proportion to the text, so there are few
    /// slots, however many cores there are.
    Large,
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

/// Maximum size of a text that is not large, in bytes. A check takes at most 20 times as much
/// memory.
const SMALL_TEXT: usize = 512 << 10;
/// Number of slots for questions about large texts. Together they take at most 480 MiB.
const LARGE: Shares = Shares { key: 1, organization: 2, all: 3 };

impl Work {
    /// A question about texts of this size, in bytes.
    pub const fn draft(text: usize) -> Self {
        if text > SMALL_TEXT { Self::Large } else { Self::Draft }
    }

    /// The same, where it takes no longer than reading them.
    pub const fn light(text: usize) -> Self {
        if text > SMALL_TEXT { Self::Large } else { Self::Light }
    }

    /// Timeout of work that waits for a slot. Most checks are short. Who writes has sent a text that
    /// should not be lost, and waits longer.
    const fn patience(self) -> Duration {
        match self {
            Self::Draft | Self::Light => Duration::from_secs(1),
            Self::Large | Self::Save => Duration::from_secs(5),
            Self::Restore | Self::Erase => Duration::from_secs(30),
        }
    }
}

/// The slots of each kind of work, and the threads that do it.
#[derive(Debug)]
pub struct Cores {
    pool: Arc<BackgroundPool>,
    drafts: FairQueue,
    light: FairQueue,
    large: FairQueue,
    saves: FairQueue,
    restores: FairQueue,
    erasing: FairQueue,
}

impl Cores {
    /// Slots on a machine with so many cores: how many pieces of work of all kinds run at once.
    pub const fn slots(cores: usize) -> usize {
        2 * Self::reading(cores).all + LARGE.all + 3 * WRITING.all
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
            drafts: FairQueue::new(reading),
            light: FairQueue::new(reading),
            large: FairQueue::new(LARGE),
            saves: FairQueue::new(WRITING),
            restores: FairQueue::new(WRITING),
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
            erasing: self.erasing.depth(),
            ..Queues::default()
        }
    }

    /// Waits for a slot, up to the timeout of this kind of work.
    pub async fn slot(&self, work: Work, who: &Principal) -> Result<FairSlot, Problem> {
        let queue = match work {
            Work::Draft => &self.drafts,
            Work::Light => &self.light,
            Work::Large => &self.large,
            Work::Save => &self.saves,
            Work::Restore => &self.restores,
            Work::Erase => &self.erasing,
        };
        let busy = || Problem::busy(ErrorCode::TooManyChecks, "All processors are busy with checks.");
        let slot = tokio::time::timeout(work.patience(), queue.slot(who)).await;
        slot.map_err(|_| busy())?.map_err(|QueueFull| busy())
    }

    /// Runs work on a thread of low priority. Its slot is free again when the work ends.
    pub async fn run<T: Send + 'static>(
        &self,
        kind: Work,
        who: &Principal,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let slot = self.slot(kind, who).await?;
        let work = move || {
            let _slot = slot;
            work()
        };
        let broke = |_| Problem::new(ErrorCode::InternalError, "Something went wrong in the server.");
        self.pool.run(work).await.map_err(broke)
    }
}
