//! What handlers share, and how a write becomes what calls see.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::{MutexGuard, OwnedSemaphorePermit, Semaphore};

use super::error_code::ErrorCode;
use super::memory_budget::{AnswerReservation, MemoryBudget};
use super::problem::Problem;
use super::rate_limiter::RateLimiter;
use callplan_service::calls::{CallLog, CallLogMode};
use callplan_service::live::access::Principal;
use callplan_service::live::organization::Organization;
use callplan_service::live::plan::Plan;
use callplan_service::live::{Live, Slot};
use callplan_service::store::{OrganizationId, Snapshot, Store, StoreError, Transaction};
use callplan_service::telemetry::log::LostLines;
use callplan_service::telemetry::metrics::Metrics;

/// How the service behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Timeout of a workflow. Zero makes every workflow too late, as a drill.
    pub decision_timeout: Duration,
    /// Which calls are kept, and how.
    pub call_log: CallLogMode,
    /// How long they are kept, in days.
    pub call_log_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { decision_timeout: Duration::from_millis(250), call_log: CallLogMode::Full, call_log_days: 30 }
    }
}

/// See the module.
#[derive(Debug)]
pub struct App {
    /// What calls read.
    pub live: Arc<Live>,
    /// What is kept.
    pub store: Store,
    /// How to behave.
    pub settings: Settings,
    /// Where decided calls are kept.
    pub call_log: CallLog,
    /// What is counted.
    pub metrics: Metrics,
    /// Lines that the log lacks.
    pub lost_lines: LostLines,
    /// Limits how often credentials may fail.
    pub rate_limiter: RateLimiter,
    /// For the bodies of requests.
    pub requests: MemoryBudget,
    /// For the bodies of answers.
    pub answers: MemoryBudget,
    /// One permit for each check that may run at once.
    checks: Arc<Semaphore>,
    /// One permit for each piece of light work that may run at once.
    light: Arc<Semaphore>,
    is_stopping: AtomicBool,
}

/// Timeout of a write that waits for other writes of its organization.
const WRITE_TIMEOUT: Duration = callplan_service::store::LONGEST_WAIT;

/// Timeout of work that waits for a core.
const CORE_TIMEOUT: Duration = Duration::from_secs(1);

/// What a write fails with: an answer, or that the state it was made for is no longer that.
#[derive(Debug)]
pub enum Unwritten {
    /// The answer.
    Problem(Box<Problem>),
    /// Somebody else has written in between.
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
            Unwritten::Moved => Self::busy(ErrorCode::DatabaseBusy, "Others write to the same organization."),
        }
    }
}

impl App {
    /// An app on what is stored, with what calls read in memory. Once it is dropped, or its [`CallLog`] is ended, the log of
    /// its calls is written.
    ///
    /// # Errors
    /// If there is no thread to be had.
    pub fn new(store: Store, live: Arc<Live>, settings: Settings) -> std::io::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let metrics = Metrics::default();
        let dropped = metrics.call_log_dropped.clone();
        let call_log = CallLog::new(store.clone(), settings.call_log, settings.call_log_days, dropped)?;
        Ok(Self {
            live,
            store,
            settings,
            call_log,
            metrics,
            lost_lines: LostLines::default(),
            rate_limiter: RateLimiter::default(),
            requests: MemoryBudget::default(),
            answers: MemoryBudget::default(),
            checks: Arc::new(Semaphore::new(cores)),
            light: Arc::new(Semaphore::new(cores)),
            is_stopping: AtomicBool::new(false),
        })
    }

    /// The same, which counts these lines as lost.
    pub fn with_lost_lines(self, lost_lines: LostLines) -> Self {
        Self { lost_lines, ..self }
    }

    /// Says that the server is shutting down: it is not ready for new clients any more.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether it is about to end.
    pub fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    /// The server's clock.
    pub fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// Today by the server's clock, in UTC.
    pub fn today(&self) -> Date {
        jiff::tz::Offset::UTC.to_datetime(self.now()).date()
    }

    /// The place of an organization. One that asks is there.
    pub fn slot(&self, who: &Principal) -> Result<Arc<Slot>, Problem> {
        self.live.organization(who.organization).ok_or_else(no_organization)
    }

    /// The state of an organization that asks.
    pub fn state(&self, who: &Principal) -> Result<arc_swap::Guard<Arc<Organization>>, Problem> {
        self.live.state(who.organization).ok_or_else(no_organization)
    }

    /// Reads what is stored.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Snapshot<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        Ok(self.store.read(work).await?)
    }

    /// Takes the turn to write for an organization: its other writes wait until the guard is dropped, up to a timeout.
    pub async fn turn<'s>(&self, slot: &'s Slot) -> Result<Turn<'s>, Problem> {
        let turn = tokio::time::timeout(WRITE_TIMEOUT, slot.writing.lock()).await;
        let busy = |_| Problem::busy(ErrorCode::DatabaseBusy, "Others write to the same organization.");
        Ok(Turn { _guard: turn.map_err(busy)?, state: slot.load().clone() })
    }

    /// Writes in one transaction, and puts what calls see of it in place before it is answered. `plan` is the new
    /// definition, if there is one. Whoever writes has taken the organization's [`App::turn`] and says by `seen` on which
    /// state its judgement rests.
    pub async fn write<T: Send + 'static>(
        &self,
        organization: OrganizationId,
        seen: Option<i64>,
        plan: Option<Arc<Plan>>,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Unwritten> + Send + 'static,
    ) -> Result<T, Problem> {
        let live = Arc::clone(&self.live);
        let today = self.today();
        let written = self.store.write_then(
            move |transaction| {
                if seen.is_some_and(|seen| transaction.stamp(organization) != Ok(seen)) {
                    return Err(Unwritten::Moved);
                }
                let value = work(transaction)?;
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

    /// Takes the turn and writes, where nothing has to be judged before.
    pub async fn change<T: Send + 'static>(
        &self,
        who: &Principal,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Unwritten> + Send + 'static,
    ) -> Result<T, Problem> {
        let slot = self.slot(who)?;
        let _turn = self.turn(&slot).await?;
        self.write(who.organization, None, None, work).await
    }

    /// Writes who may ask, in one transaction, and puts it in place before it is answered.
    pub async fn change_access<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Unwritten> + Send + 'static,
    ) -> Result<T, Problem> {
        let live = Arc::clone(&self.live);
        let written = self.store.write_then(
            move |transaction| {
                let value = work(transaction)?;
                Ok::<_, Unwritten>((value, transaction.access()?))
            },
            move |(_, access)| live.put_access(access),
        );
        Ok(written.await?.0)
    }

    /// Reserves memory for an answer with a plan of this size. A write reserves before it writes: what is done is answered.
    pub fn reserve_answer(&self, text: usize) -> Result<AnswerReservation, Problem> {
        let too_many = |_| Problem::busy(ErrorCode::Overloaded, "There are too many large answers at once.");
        self.answers.reserve(text).map_err(too_many)
    }

    /// Does work that takes a core for a while. Where each core has such work already, it waits a little: most is done soon.
    pub async fn check<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        queued(&self.checks, work).await
    }

    /// Does light work, which takes a core no longer than it takes to read a text. It has permits of its own, so that checks do
    /// not hold it up, and waits a little where all are taken.
    pub async fn light_work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        queued(&self.light, work).await
    }
}

/// Waits for a core, the first who came first, and no longer than it may.
async fn queued<T: Send + 'static>(
    cores: &Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let permit = tokio::time::timeout(CORE_TIMEOUT, Arc::clone(cores).acquire_owned()).await;
    on_a_core(permit.map_err(|_| busy())?.map_err(|_| busy())?, work).await
}

fn busy() -> Problem {
    Problem::busy(ErrorCode::TooManyChecks, "As many checks run as there are processors for.")
}

/// Works on a thread that may block, and gives the permit back when that is done.
async fn on_a_core<T: Send + 'static>(
    permit: OwnedSemaphorePermit,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let broke = |_| Problem::new(ErrorCode::InternalError, "Something went wrong in the server.");
    let work = move || {
        let _permit = permit;
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(broke)
}

fn no_organization() -> Problem {
    callplan_service::store::Conflict::NoOrganization.into()
}

/// The turn to write for an organization, and its state, which nobody else changes meanwhile.
#[derive(Debug)]
pub struct Turn<'s> {
    _guard: MutexGuard<'s, ()>,
    /// As calls see it now.
    pub state: Arc<Organization>,
}
