//! What handlers share, and how a write reaches the memory that calls read.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::{Mutex, MutexGuard, Semaphore, SetOnce};

use super::allowance::Urgency;
use super::compression::Compressor;
use super::cores::{self, Cores, Work};
use super::error_code::ErrorCode;
use super::fair_queue::{FairQueue, Shares};
use super::memory_budget::{AnswerReservation, MemoryBudget, OverBudget};
use super::problem::{Problem, no_room};
use super::rate_limiter::RateLimiter;
use super::refused_sign_ins::RefusedSignIns;
use callplan::Call;
use callplan_service::background::BackgroundPool;
use callplan_service::calls::erase::{self, Caller};
use callplan_service::calls::{self, CallLog, CallLogFigures, CallLogMode, Decided, Retention, RetentionDefaults};
use callplan_service::clock::Clock;
use callplan_service::live::access::Principal;
use callplan_service::live::compiler::Compiler;
use callplan_service::live::organization::Organization;
use callplan_service::live::plan::Plan;
use callplan_service::live::plan_keeper::PlanKeeper;
use callplan_service::live::{Live, Slot};
use callplan_service::store::{
    AuditActor, AuditSource, Audited, DefaultLimits, Key, LONGEST_WAIT, Snapshot, Store, StoreError, Transaction,
};
use callplan_service::telemetry::log::LostLines;
use callplan_service::telemetry::metrics::{Metrics, Queues, State as Figures};
use callplan_service::telemetry::otlp::LostSpans;

/// The settings of the service.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Timeout of a workflow. With zero, every workflow times out, to rehearse the fallback.
    pub decision_timeout: Duration,
    /// Which calls are logged, and how.
    pub call_log: CallLogMode,
    /// How long logged calls and revisions are kept.
    pub retention: RetentionDefaults,
    /// How long events of the audit trail are kept, in days.
    pub audit_days: u32,
    /// Maximum size of a text that is sent, in bytes. A stored text may be larger.
    pub max_text_bytes: usize,
    /// The clock.
    pub clock: Clock,
    /// What organizations may send and keep without limits of their own.
    pub limits: DefaultLimits,
    /// Whether only the operator registers and deletes phone numbers.
    pub reserve_numbers: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            decision_timeout: Duration::from_millis(250),
            call_log: CallLogMode::Full,
            retention: RetentionDefaults { call_log_days: 30, revisions: None },
            audit_days: 400,
            max_text_bytes: callplan::syntax::MAX_BYTES,
            clock: Clock::default(),
            limits: DefaultLimits::default(),
            reserve_numbers: false,
        }
    }
}

/// The state that all handlers share.
#[derive(Debug)]
pub struct App {
    /// The state that calls read, in memory.
    pub live: Arc<Live>,
    /// The database.
    pub store: Store,
    /// The settings.
    pub settings: Settings,
    /// The log of decided calls.
    pub call_log: CallLog,
    /// What deletes old calls.
    pub retention: Retention,
    /// The metrics.
    pub metrics: Metrics,
    /// The counter of lines that the log lost.
    pub lost_lines: LostLines,
    /// The limit of failed credentials.
    pub rate_limiter: RateLimiter,
    /// The refused tokens that are not in the audit trail yet.
    pub refused_sign_ins: RefusedSignIns,
    /// The memory for the bodies of requests.
    pub requests: MemoryBudget,
    /// The memory for the bodies of answers.
    pub answers: MemoryBudget,
    /// What compresses answers.
    pub compressor: Compressor,
    /// The slots of work that takes a core.
    pub cores: Cores,
    /// The slots of reads of the database.
    pub reads: FairQueue,
    /// A permit for each call that may be decided by the text of its plan at the same time.
    deciding: Arc<Semaphore>,
    /// The memory for the texts of such plans, in KiB.
    deciding_memory: Arc<Semaphore>,
    /// The threads for such work and such calls.
    background: Arc<BackgroundPool>,
    /// What compiles plans.
    pub compiler: Compiler,
    certificate_end: OnceLock<SharedEnd>,
    lost_spans: OnceLock<LostSpans>,
    /// What keeps compiled plans for the next start, if they can be kept.
    pub plan_keeper: Option<PlanKeeper>,
    /// Set once every plan in force has been compiled.
    started: SetOnce<()>,
    is_stopping: AtomicBool,
}

/// Number of reads that run, or are next. The database has four threads for them, of which one
/// organization leaves one to others.
const READS: Shares = Shares { key: 3, organization: 3, all: 8 };
/// Maximum number of reads of one key that wait.
const MAXIMUM_READS: usize = 256;

/// When a certificate ends that may be renewed meanwhile; `None` where it does not say so.
pub type SharedEnd = Arc<ArcSwap<Option<Timestamp>>>;

/// Timeout of a write that waits for other writes of its organization.
const WRITE_TIMEOUT: Duration = LONGEST_WAIT;

/// Maximum time that a request waits for a plan to be compiled or read. It does not count as the
/// time of a decision.
const PLAN_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a write failed.
#[derive(Debug)]
pub enum Unwritten {
    /// It was refused, with this answer.
    Problem(Box<Problem>),
    /// Another write has replaced the state that this write was based on.
    Moved,
}

impl From<StoreError> for Unwritten {
    fn from(error: StoreError) -> Self {
        Self::Problem(Box::new(error.into()))
    }
}

impl From<Problem> for Unwritten {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<Unwritten> for Problem {
    fn from(unwritten: Unwritten) -> Self {
        match unwritten {
            Unwritten::Problem(problem) => *problem,
            Unwritten::Moved => others_write(),
        }
    }
}

/// Waits for other writes, up to a timeout.
async fn in_turn(writing: &Mutex<()>) -> Result<MutexGuard<'_, ()>, Problem> {
    tokio::time::timeout(WRITE_TIMEOUT, writing.lock()).await.map_err(|_| others_write())
}

fn others_write() -> Problem {
    Problem::busy(ErrorCode::DatabaseBusy, "Other requests are writing to the same organization.")
}

impl App {
    /// An app on a database, with the state that calls read in memory. Dropping it, or ending its
    /// [`CallLog`], writes the queued calls.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn new(store: Store, live: Arc<Live>, settings: Settings) -> std::io::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // A thread for each slot and each permit.
        let background = Arc::new(BackgroundPool::new(Cores::slots(cores) + cores)?);
        let metrics = Metrics::default();
        let (queued, dropped) = (metrics.call_log_queue.clone(), metrics.call_log_dropped.clone());
        let figures = CallLogFigures { queued, dropped };
        let call_log = CallLog::new(store.clone(), settings.call_log, figures)?;
        let (clock, settled) = (settings.clock.clone(), Arc::clone(&live.settled));
        let retention = Retention::start(store.clone(), settings.retention, clock, settled)?;
        Ok(Self {
            live,
            store,
            settings,
            call_log,
            retention,
            metrics,
            lost_lines: LostLines::default(),
            rate_limiter: RateLimiter::default(),
            refused_sign_ins: RefusedSignIns::default(),
            requests: MemoryBudget::default(),
            answers: MemoryBudget::default(),
            compressor: Compressor::default(),
            cores: Cores::new(Arc::clone(&background)),
            reads: FairQueue::new(READS).with_maximum_waiting(MAXIMUM_READS),
            deciding: Arc::new(Semaphore::new(cores)),
            deciding_memory: Arc::new(Semaphore::new(cores::ROOM_FOR_DECIDING >> 10)),
            background,
            compiler: Compiler::new(cores)?,
            plan_keeper: None,
            certificate_end: OnceLock::new(),
            lost_spans: OnceLock::new(),
            started: SetOnce::new(),
            is_stopping: AtomicBool::new(false),
        })
    }

    /// The same app, which keeps compiled plans.
    pub fn with_plan_keeper(self, plan_keeper: Option<PlanKeeper>) -> Self {
        Self { plan_keeper, ..self }
    }

    /// The same app, with this counter of lost lines.
    pub fn with_lost_lines(self, lost_lines: LostLines) -> Self {
        Self { lost_lines, ..self }
    }

    /// Has the metrics tell when a certificate ends.
    pub fn tell_end_of_certificate(&self, end: SharedEnd) {
        // An error means that there is one already, and a server has one.
        let _ = self.certificate_end.set(end);
    }

    /// Has the metrics count the spans that this counter counts.
    pub fn count_lost_spans(&self, lost_spans: LostSpans) {
        // An error means that there is one already, and a server has one.
        let _ = self.lost_spans.set(lost_spans);
    }

    /// When the server's certificate ends; `None` without TLS.
    pub fn certificate_end(&self) -> Option<Timestamp> {
        self.certificate_end.get().and_then(|end| *end.load_full())
    }

    /// Records that every plan in force has been compiled, so that the server is ready for clients.
    pub fn start(&self) {
        // An error means that it has been recorded before.
        let _ = self.started.set(());
    }

    /// Whether every plan in force has been compiled since the start.
    pub fn has_started(&self) -> bool {
        self.started.initialized()
    }

    /// Waits until [`App::has_started`].
    pub async fn started(&self) {
        self.started.wait().await;
    }

    /// Records that the server is shutting down, so that it is no longer ready for new clients.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the server is shutting down.
    pub fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    /// The time of the server's clock.
    pub fn now(&self) -> Timestamp {
        self.settings.clock.now()
    }

    /// The time by which keys expire and switches go off: that of the clock, or where it has gone
    /// back, the settled time.
    pub fn latest(&self) -> Timestamp {
        self.live.settled.latest(self.now())
    }

    /// The date of the server's clock, in UTC.
    pub fn today(&self) -> Date {
        self.settings.clock.today()
    }

    /// The slot of the principal's organization, which exists.
    pub fn slot(&self, who: &Principal) -> Result<Arc<Slot>, Problem> {
        self.live.organization(who.organization).ok_or_else(no_organization)
    }

    /// The current state of the principal's organization.
    pub fn state(&self, who: &Principal) -> Result<arc_swap::Guard<Arc<Organization>>, Problem> {
        self.live.state(who.organization).ok_or_else(no_organization)
    }

    /// Reads from the database, in turn with other organizations. The slot is free again when the
    /// work ends, whether or not anybody waits for it.
    pub async fn read<T: Send + 'static>(
        &self,
        who: &Principal,
        work: impl FnOnce(&Snapshot<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let slot = tokio::time::timeout(LONGEST_WAIT, self.reads.slot(who)).await;
        let slot = slot.ok().and_then(Result::ok).ok_or(StoreError::Busy)?;
        let read = move |snapshot: &Snapshot<'_>| {
            let _slot = slot;
            work(snapshot)
        };
        Ok(self.store.read(read).await?)
    }

    /// The values of metrics that are read when they are asked for.
    pub fn figures(&self) -> Figures {
        Figures {
            plans: self.live.plans(),
            database_bytes: self.store.bytes(),
            dates_end: self.live.dates_end(),
            certificate_end: self.certificate_end(),
            request_log_dropped: self.lost_lines.count(),
            spans_dropped: self.lost_spans.get().map_or(0, LostSpans::count),
            failed_writes: self.store.health().failures(),
            writes_fail: self.store.health().is_failing(),
            queues: self.queues(),
        }
    }

    /// How full the queues are.
    pub fn queues(&self) -> Queues {
        Queues { reads: self.reads.depth(), waiting_writes: self.store.waiting_writes(), ..self.cores.queues() }
    }

    /// Waits for the organization's other writes, up to a timeout. Other writes then wait until the
    /// guard is dropped.
    pub async fn turn<'s>(&self, slot: &'s Slot) -> Result<Turn<'s>, Problem> {
        Ok(Turn { _guard: in_turn(&slot.writing).await?, state: slot.load().clone() })
    }

    /// What the audit trail says of each write of a principal.
    fn source(&self, who: &Principal) -> AuditSource {
        AuditSource {
            actor: AuditActor::Principal(who.actor),
            key: Some(who.key),
            organization: Some(who.organization),
            from: who.from.map(|address| address.to_canonical().to_string()),
            at: self.now(),
        }
    }

    /// Writes in one transaction, along with what the audit trail says of it, within the
    /// organization's quotas. Before the answer, it puts the new state where calls read it. `plan` is the new definition, if there is one. The caller holds the organization's
    /// [`App::turn`]; `seen` is the stamp of the state on which the write is based.
    pub async fn write<T: Send + 'static>(
        &self,
        who: &Principal,
        seen: Option<i64>,
        plan: Option<Arc<Plan>>,
        work: impl FnOnce(&Transaction<'_>) -> Result<Audited<T>, Unwritten> + Send + 'static,
    ) -> Result<T, Problem> {
        let live = Arc::clone(&self.live);
        let (organization, source, quotas) = (who.organization, self.source(who), self.quotas(who));
        let today = self.today();
        let written = self.store.write_then(
            move |transaction| {
                if seen.is_some_and(|seen| transaction.stamp(organization) != Ok(seen)) {
                    return Err(Unwritten::Moved);
                }
                let value = transaction.audited(&source, quotas.hold(transaction, work)?)?;
                Ok((value, transaction.live(organization)?))
            },
            move |(_, state)| {
                if let Some(state) = state.clone() {
                    live.put(state, plan, today);
                }
            },
        );
        Ok(written.await?.0)
    }

    /// Takes the turn and writes, for writes that need no check before.
    pub async fn change<T: Send + 'static>(
        &self,
        who: &Principal,
        work: impl FnOnce(&Transaction<'_>) -> Result<Audited<T>, Unwritten> + Send + 'static,
    ) -> Result<T, Problem> {
        self.admit_write(who, Urgency::Ordinary)?;
        let slot = self.slot(who)?;
        let _turn = self.turn(&slot).await?;
        self.write(who, None, None, work).await
    }

    /// Writes keys in one transaction, and puts those that `work` gives where requests read them
    /// before the answer.
    pub async fn change_keys<T: Send + 'static>(
        &self,
        who: &Principal,
        urgency: Urgency,
        work: impl FnOnce(&Transaction<'_>) -> Result<(Audited<T>, Vec<Key>), Unwritten> + Send + 'static,
    ) -> Result<T, Problem> {
        self.admit_write(who, urgency)?;
        let slot = self.slot(who)?;
        let _turn = in_turn(&slot.writing_keys).await?;
        let live = Arc::clone(&self.live);
        let (source, quotas) = (self.source(who), self.quotas(who));
        let written = self.store.write_then(
            move |transaction| {
                let (audited, changed) = quotas.hold(transaction, work)?;
                let value = transaction.audited(&source, audited)?;
                Ok::<_, Unwritten>((value, changed, transaction.access_stamp()?))
            },
            move |(_, changed, stamp)| live.put_keys(*stamp, changed),
        );
        Ok(written.await?.0)
    }

    /// Reserves memory for an answer with a plan of this size. A write reserves it beforehand, so
    /// that a write that was made is always answered.
    pub fn reserve_answer(&self, who: &Principal, text: usize) -> Result<AnswerReservation, Problem> {
        self.answers.of(Some(who)).reserve(text).map_err(|OverBudget| no_room())
    }

    /// Waits until a plan is compiled, up to a timeout. It holds no thread.
    pub async fn compiled(&self, plan: &Arc<Plan>) -> Result<(), Problem> {
        let compiled = tokio::time::timeout(PLAN_TIMEOUT, self.compiler.compiled(plan)).await;
        compiled.map_err(|_| Problem::busy(ErrorCode::Starting, "The plan has not been compiled yet."))
    }

    /// Decides a call that cannot be decided at once: its plan is not compiled yet, or it is for a
    /// day that the plan is not compiled for. It waits for the plan without a thread. After a
    /// timeout, it is as if the plan had timed out.
    pub async fn decide_later(
        &self,
        slot: &Slot,
        organization: &Arc<Organization>,
        call: &Call,
        now: Timestamp,
    ) -> Decided {
        let decided = tokio::time::timeout(PLAN_TIMEOUT, self.decide_patiently(slot, organization, call, now)).await;
        decided.ok().flatten().unwrap_or_else(|| calls::time_out(organization, call, now))
    }

    /// The same without a timeout; `None` if there is no plan, or no thread to ask it.
    async fn decide_patiently(
        &self,
        slot: &Slot,
        organization: &Arc<Organization>,
        call: &Call,
        now: Timestamp,
    ) -> Option<Decided> {
        let (plan, timeout) = (Arc::clone(organization.plan()?), self.settings.decision_timeout);
        self.compiler.compiled(&plan).await;
        if let Some(decided) = calls::decide_at_once(organization, call, now, timeout) {
            return Some(decided);
        }
        // An organization has one such call at a time, so that it does not delay those of others.
        let turn = Arc::clone(&slot.deciding).acquire_owned().await.ok()?;
        let permit = Arc::clone(&self.deciding).acquire_owned().await.ok()?;
        // A stored text may be larger than any that is sent.
        let memory = cores::memory_of_reading(plan.text().len()).min(cores::ROOM_FOR_DECIDING) >> 10;
        let memory = Arc::clone(&self.deciding_memory).acquire_many_owned(memory as u32).await.ok()?;
        let (organization, call) = (Arc::clone(organization), call.clone());
        let work = move || {
            let _permits = (turn, permit, memory);
            // Reading the text does not count as the time of the decision.
            let _read = plan.checked_plan();
            calls::decide(&organization, &call, now, timeout)
        };
        self.background.run(work).await.ok()
    }

    /// Answers a question about texts of this size, together, that takes a core for a while. If
    /// there is no slot, it waits a little, because most checks are short.
    pub async fn check<T: Send + 'static>(
        &self,
        who: &Principal,
        text: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.cores.run(Work::Draft, text, who, work).await
    }

    /// Erases all calls of a caller in the organization's log, and gives their number.
    pub async fn forget(&self, who: &Principal, caller: Caller) -> Result<u64, Problem> {
        let (store, source, organization) = (self.store.clone(), self.source(who), who.organization);
        let work = move || erase::forget(&store, Some(organization), &caller, &source);
        Ok(self.cores.run(Work::Erase, 0, who, work).await??)
    }

    /// Answers a question that takes no longer than reading a text of this size. Checks do not
    /// delay it.
    pub async fn light_work<T: Send + 'static>(
        &self,
        who: &Principal,
        text: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.cores.run(Work::Light, text, who, work).await
    }
}

fn no_organization() -> Problem {
    callplan_service::store::Conflict::NoOrganization.into()
}

/// The turn to write for an organization, with its state, which no other write changes meanwhile.
#[derive(Debug)]
pub struct Turn<'s> {
    _guard: MutexGuard<'s, ()>,
    /// The state as calls read it now.
    pub state: Arc<Organization>,
}
