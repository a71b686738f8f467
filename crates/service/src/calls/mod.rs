//! The life of a call, without HTTP. [`decide_at_once`] gives a [`Decided`], which is serialized as
//! the answer and then added to the [`CallLog`].

mod call_log;
pub mod erase;
pub mod further;
mod masking;
pub mod numbers_read;
mod record;
mod retention;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use callplan::Call;
use callplan::compile::Answer;
use callplan::plan::Reader;
use jiff::Timestamp;
use serde::ser::{Serialize, Serializer};

use crate::live::organization::Organization;
use crate::live::plan::Plan;
use crate::routing::{Configured, Decision, DecisionFields, WantedAgent, Workflow, route};
use crate::store::{CallId, OrganizationId};
use numbers_read::NumbersRead;

pub use call_log::{CallLog, CallLogFigures, CallLogMode};
pub use record::RecordedDecision;
pub use retention::{Retention, RetentionDefaults, delete_old};

/// A decided call. Its JSON is the answer to the call.
#[derive(Debug)]
pub struct Decided {
    /// The call's id, which holds the server's time of the decision.
    pub id: CallId,
    /// The organization that was called.
    pub organization: OrganizationId,
    /// What happens to the call.
    pub decision: Decision,
    /// What the plan read the numbers of the call as.
    pub numbers: NumbersRead,
    /// How long the decision took.
    pub time: Duration,
}

impl Serialize for Decided {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        DecisionFields { id: Some(self.id), ..self.decision.fields() }.serialize(serializer)
    }
}

/// Decides a call by one state of its organization, with what is in memory. `now` is the server's
/// time. A plan that takes longer than `timeout` counts as timed out. `None` as for
/// [`Plan::answer_at_once`]: then [`decide`] can.
pub fn decide_at_once(organization: &Organization, call: &Call, now: Timestamp, timeout: Duration) -> Option<Decided> {
    let begun = Instant::now();
    let decision = match Candidate::in_force(organization) {
        Some(candidate) => candidate.decide_at_once(begun, organization, call, timeout)?,
        None => by_number(organization, call),
    };
    Some(Decided::new(organization, call, decision, now, begun))
}

/// The same, and compiles the plan or reads its text if that is necessary, which may take long.
pub fn decide(organization: &Organization, call: &Call, now: Timestamp, timeout: Duration) -> Decided {
    let begun = Instant::now();
    let decision = match Candidate::in_force(organization) {
        Some(candidate) => candidate.decide_since(begun, organization, call, timeout),
        None => by_number(organization, call),
    };
    Decided::new(organization, call, decision, now, begun)
}

/// The decision on a call that has waited too long for its plan: it is as if the plan had timed
/// out.
pub fn time_out(organization: &Organization, call: &Call, now: Timestamp) -> Decided {
    let begun = Instant::now();
    let decision = match Candidate::in_force(organization) {
        Some(candidate) => candidate.routed(organization, Workflow::TimedOut),
        None => by_number(organization, call),
    };
    Decided::new(organization, call, decision, now, begun)
}

/// The decision without a plan in force: the dialed number's own agent answers.
fn by_number(organization: &Organization, call: &Call) -> Decision {
    let configured = match organization.config() {
        Some(config) => Configured::Disabled { revision: config.revision },
        None => Configured::Missing,
    };
    route(configured, organization.assigned(&call.called_number), organization)
}

impl Decided {
    fn new(organization: &Organization, call: &Call, decision: Decision, now: Timestamp, begun: Instant) -> Self {
        let time = begun.elapsed();
        let reader = Candidate::in_force(organization).and_then(|candidate| candidate.plan.reader());
        let numbers = NumbersRead::of(reader.unwrap_or(&Reader::default()), call);
        Self { id: CallId::at(now), organization: organization.id, decision, numbers, time }
    }
}

/// A plan to decide with as if it were in force.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its revision; `None` for a text that is not saved.
    pub revision: Option<u64>,
    /// The agent that answers where the plan does not choose one.
    pub fallback: Option<WantedAgent<'a>>,
}

impl<'a> Candidate<'a> {
    /// The plan in force; `None` if the dialed number alone decides.
    fn in_force(organization: &'a Organization) -> Option<Self> {
        let config = organization.deciding()?;
        Some(Self { plan: config.plan(), revision: Some(config.revision), fallback: config.fallback() })
    }
}

impl Candidate<'_> {
    /// Decides a call by this plan.
    pub fn decide(&self, organization: &Organization, call: &Call, timeout: Duration) -> Decision {
        self.decide_since(Instant::now(), organization, call, timeout)
    }

    fn decide_since(&self, begun: Instant, organization: &Organization, call: &Call, timeout: Duration) -> Decision {
        let decide = || self.plan.answer(call, |answer| self.routed(organization, workflow(answer, begun, timeout)));
        // A panic of one plan must not fail other calls.
        catch_unwind(AssertUnwindSafe(decide))
            .unwrap_or_else(|_| self.routed(organization, workflow(None, begun, timeout)))
    }

    /// The same, or `None` as for [`Plan::answer_at_once`].
    fn decide_at_once(
        &self,
        begun: Instant,
        organization: &Organization,
        call: &Call,
        timeout: Duration,
    ) -> Option<Decision> {
        let answer = catch_unwind(AssertUnwindSafe(|| self.plan.answer_at_once(call))).unwrap_or(Some(None))?;
        Some(self.routed(organization, workflow(answer.as_ref(), begun, timeout)))
    }

    fn routed(&self, organization: &Organization, workflow: Workflow<'_>) -> Decision {
        let configured = Configured::Enabled { revision: self.revision, workflow, fallback: self.fallback };
        route(configured, None, organization)
    }
}

/// The outcome of a plan that began to work on a call at `begun`.
fn workflow<'a>(answer: Option<&'a Answer<'a>>, begun: Instant, timeout: Duration) -> Workflow<'a> {
    match answer {
        // A timeout wins over a failure: a plan that panicked after the deadline counts as timed
        // out.
        _ if begun.elapsed() >= timeout => Workflow::TimedOut,
        Some(answer) => Workflow::Answered(answer),
        None => Workflow::Failed,
    }
}
