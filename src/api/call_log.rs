//! The call log, on its way to the store: a bounded queue, written in batches by a thread of its own. A call never waits
//! for it; what does not fit is dropped and counted.
//!
//! The thread comes after all others of the machine, so that a server with more calls than it can bear lets the log fall
//! behind, not the calls. What it hands to the store is written there like any other write: in a transaction, a thread that
//! is interrupted for long would hold up all who write.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;

use super::masking::{mask, mask_all};
use super::queue::{Drain, Queue, queue};
use crate::Call;
use crate::phone::Number;
use crate::priority::give_way;
use crate::routing::{Action, Source};
use crate::store::{AgentId, CallId, CallRecord, OrganizationId, Store};

/// Which calls are kept, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum CallLogMode {
    /// As they came.
    Full,
    /// With numbers masked.
    Masked,
    /// Not at all.
    Off,
}

/// So many decided calls may wait to be written.
const LONGEST_QUEUE: usize = 32_768;
/// So many are written at once.
const LARGEST_BATCH: usize = 500;
/// How often the thread looks for more, where it has found less than that. It is not woken by a call: that would cost the
/// call more than to hand it over.
const PAUSE: Duration = Duration::from_millis(100);
/// How often what is too old is looked for, and how much is deleted at once.
const BETWEEN_DELETIONS: Duration = Duration::from_secs(600);
const LARGEST_DELETION: usize = 200;

/// A call that was decided.
#[derive(Debug)]
pub struct Decided {
    /// The id that it was answered with.
    pub id: CallId,
    /// Whose call it was.
    pub organization: OrganizationId,
    /// The call, with the switches that were on.
    pub call: Call,
    /// Whether anybody answers.
    pub action: Action,
    /// What chose.
    pub source: Source,
    /// The rule that decided.
    pub rule: Option<String>,
    /// Who answers.
    pub agent: Option<AgentId>,
    /// The revision that was in force.
    pub revision: Option<u64>,
    /// The version that answers.
    pub version: Option<u32>,
    /// The answer, as it was sent.
    pub answer: Bytes,
    /// Whether all calls that are decided alike get it, but for the id, the revision and the version.
    pub is_shared: bool,
}

/// See the module.
#[derive(Debug)]
pub struct CallLog {
    queue: Option<Queue<Decided>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    is_over: Arc<AtomicBool>,
    dropped: Arc<AtomicU64>,
}

impl CallLog {
    /// A log into a store, which keeps calls for so many days.
    pub fn new(store: Store, mode: CallLogMode, days: u32) -> std::io::Result<Self> {
        let (dropped, is_over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (queue, drain) = queue(LONGEST_QUEUE);
        let is_masked = mode == CallLogMode::Masked;
        let writer = Writer { store, is_masked, days, is_over: Arc::clone(&is_over), dropped: Arc::clone(&dropped) };
        let thread = std::thread::Builder::new().name("call-log".to_owned()).spawn(move || writer.run(&drain))?;
        let queue = (mode != CallLogMode::Off).then_some(queue);
        Ok(Self { queue, thread: Mutex::new(Some(thread)), is_over, dropped })
    }

    /// Whether calls are kept.
    pub fn is_on(&self) -> bool {
        self.queue.is_some()
    }

    /// Hands a call over, or drops it.
    pub fn add(&self, decided: Decided) {
        if let Some(queue) = &self.queue
            && !queue.add(decided)
        {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many calls were not kept that should have been.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Waits until all is written that was handed over before, or cannot be written. What comes later is not kept.
    pub fn end(&self) {
        self.is_over.store(true, Ordering::Release);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // If it has panicked, there is nobody left to tell.
        let _ = thread.map(|thread| {
            thread.thread().unpark();
            thread.join()
        });
    }
}

impl Drop for CallLog {
    fn drop(&mut self) {
        self.end();
    }
}

/// The other end of the queue.
struct Writer {
    store: Store,
    is_masked: bool,
    days: u32,
    is_over: Arc<AtomicBool>,
    dropped: Arc<AtomicU64>,
}

impl Writer {
    fn run(&self, queue: &Drain<Decided>) {
        give_way();
        let mut deleted: Option<Instant> = None;
        loop {
            if deleted.is_none_or(|at| at.elapsed() >= BETWEEN_DELETIONS) {
                deleted = Some(Instant::now());
                self.delete_old();
            }
            let is_over = self.is_over.load(Ordering::Acquire);
            let batch = queue.take(LARGEST_BATCH);
            let (is_last, is_small) = (is_over && batch.is_empty(), batch.len() < LARGEST_BATCH);
            let is_kept = batch.is_empty() || self.write(batch);
            if is_last || (is_over && !is_kept) {
                // Whoever waits for the end does not wait for a database that takes nothing.
                let left = queue.take(usize::MAX).len();
                self.dropped.fetch_add(left as u64, Ordering::Relaxed);
                return;
            }
            if is_small && !is_over {
                std::thread::park_timeout(PAUSE);
            }
        }
    }

    /// Whether all of it is kept.
    fn write(&self, batch: Vec<Decided>) -> bool {
        let count = batch.len() as u64;
        let records: Vec<CallRecord> = batch.into_iter().map(|decided| record(decided, self.is_masked)).collect();
        let kept = Arc::new(records);
        loop {
            let records = Arc::clone(&kept);
            match self.store.log(move |it| it.add_calls(&records)).wait() {
                Ok(()) => return true,
                // The queue holds what comes meanwhile, as much as there is room for.
                Err(error) if error.is_passing() && !self.is_over.load(Ordering::Acquire) => {
                    std::thread::park_timeout(PAUSE);
                }
                Err(_) => {
                    self.dropped.fetch_add(count, Ordering::Relaxed);
                    return false;
                }
            }
        }
    }

    fn delete_old(&self) {
        let age = SignedDuration::from_hours(24 * i64::from(self.days));
        let Ok(before) = Timestamp::now().checked_sub(age) else { return };
        // What cannot be read or deleted now is old the next time, too.
        for kind in self.store.read(move |it| it.kinds_before(before)).wait().unwrap_or_default() {
            let delete = || self.store.log(move |it| it.delete_calls_before(kind, before, LARGEST_DELETION)).wait();
            while delete().is_ok_and(|deleted| deleted == LARGEST_DELETION) {}
        }
    }
}

/// A call as it is kept.
#[derive(Serialize)]
struct KeptCall<'a> {
    caller_number: Option<Cow<'a, str>>,
    called_number: Cow<'a, str>,
    trunk_id: Option<&'a str>,
    timestamp: String,
}

/// What is kept of a call.
fn record(decided: Decided, is_masked: bool) -> CallRecord {
    let Decided { id, organization, call, action, source, rule, agent, answer, is_shared, .. } = decided;
    let shown = |number| if is_masked { Cow::Owned(mask(number)) } else { Cow::Borrowed(number) };
    let kept = KeptCall {
        caller_number: call.caller_number.as_deref().map(shown),
        called_number: shown(&call.called_number),
        trunk_id: call.trunk_id.as_deref(),
        timestamp: call.timestamp.to_string(),
    };
    let decision = match is_masked {
        true => masked_decision(&answer, &call),
        false => lasting(&answer),
    };
    CallRecord {
        id,
        organization_id: organization,
        action: action.name().into(),
        source: source.name().into(),
        rule,
        agent_id: agent,
        call: json(&kept),
        revision: decided.revision,
        version: decided.version,
        decision,
        is_shared,
        switches: if call.switches.is_empty() { "[]".into() } else { json(&call.switches).into() },
        release: env!("CARGO_PKG_VERSION").into(),
        masked: is_masked,
    }
}

/// Text, numbers and lists of them: there is nothing that could not be written.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What of an answer calls have in common that are decided alike: not the id with which it begins, the revision with which
/// it ends, and the version, which is the number of a newer one some day.
fn lasting(answer: &[u8]) -> String {
    const ID: usize = r#"{"id":"00000000-0000-0000-0000-000000000000","#.len();
    let fields = answer.get(ID..).and_then(|fields| std::str::from_utf8(fields).ok()).unwrap_or_default();
    let fields = fields.rsplit_once(REVISION).map_or(fields, |(fields, _)| fields);
    // Before the version there is only what has no other text in it: the action, and an id.
    let (before, after) = fields.split_once(VERSION).unwrap_or((fields, ""));
    let after = after.find(',').map_or("", |end| &after[end..]);
    ["{", before, after, "}"].concat()
}

/// How these fields begin.
const VERSION: &str = r#","version":"#;
const REVISION: &str = r#","config_revision":"#;
/// The field after the version.
const CONTEXT: &str = r#","initial_context":"#;

/// A record's decision as it was answered, without the id.
pub fn decision(record: &CallRecord) -> String {
    let fields = record.decision.strip_suffix('}').unwrap_or_default();
    let (before, after) = fields.split_once(CONTEXT).unwrap_or((fields, ""));
    let (version, revision) = (json(&record.version), json(&record.revision));
    [before, VERSION, &version, CONTEXT, after, REVISION, &revision, "}"].concat()
}

/// The decision, with both numbers masked wherever a text of the plan shows them.
fn masked_decision(answer: &[u8], call: &Call) -> String {
    let numbers = [call.caller_number.as_deref().unwrap_or_default(), &call.called_number];
    let read = numbers.map(|number| Number::read(number).to_string());
    let mut hidden: Vec<&str> = numbers.into_iter().chain(read.iter().map(String::as_str)).collect();
    // Longer ones first, so that none is left that another is a part of.
    hidden.sort_by_key(|number| std::cmp::Reverse(number.len()));
    let mut decision: Value = serde_json::from_str(&lasting(answer)).unwrap_or_default();
    mask_all(&mut decision["initial_context"], &hidden);
    mask_all(&mut decision["custom_metadata"], &hidden);
    decision.to_string()
}
