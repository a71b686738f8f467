//! The life of a call, without HTTP. [`decide`] gives a [`Decided`], which is serialized as the
//! answer and then added to the [`CallLog`].

mod call_log;
mod masking;
mod record;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use callplan::Call;
use jiff::Timestamp;
use serde::ser::{Serialize, Serializer};

use crate::live::organization::Organization;
use crate::live::plan::Plan;
use crate::routing::{Configured, Decision, DecisionFields, WantedAgent, Workflow, route};
use crate::store::{CallId, OrganizationId};

pub use call_log::{CallLog, CallLogMode};
pub use record::RecordedDecision;

/// A decided call. Its JSON is the answer to the call.
#[derive(Debug)]
pub struct Decided {
    /// The call's id, which holds the server's time of the decision.
    pub id: CallId,
    /// The organization that was called.
    pub organization: OrganizationId,
    /// What happens to the call.
    pub decision: Decision,
    /// How long the decision took.
    pub time: Duration,
}

impl Serialize for Decided {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        DecisionFields { id: Some(self.id), ..self.decision.fields() }.serialize(serializer)
    }
}

/// Decides a call by one state of its organization. `now` is the server's time. A plan that takes
/// longer than `timeout` counts as timed out.
pub fn decide(organization: &Organization, call: &Call, now: Timestamp, timeout: Duration) -> Decided {
    let begun = Instant::now();
    let assigned = || organization.assigned(&call.called_number);
    let decision = match organization.config() {
        None => route(Configured::Missing, assigned(), organization),
        Some(config) if !config.enabled => {
            route(Configured::Disabled { revision: config.revision }, assigned(), organization)
        }
        Some(config) => {
            let plan = Candidate { plan: config.plan(), revision: Some(config.revision), fallback: config.fallback() };
            plan.decide_since(begun, organization, call, timeout)
        }
    };
    Decided { id: CallId::at(now), organization: organization.id, decision, time: begun.elapsed() }
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

impl Candidate<'_> {
    /// Decides a call by this plan.
    pub fn decide(&self, organization: &Organization, call: &Call, timeout: Duration) -> Decision {
        self.decide_since(Instant::now(), organization, call, timeout)
    }

    fn decide_since(&self, begun: Instant, organization: &Organization, call: &Call, timeout: Duration) -> Decision {
        // A panic of one plan must not fail other calls.
        let answer = catch_unwind(AssertUnwindSafe(|| self.plan.answer(call))).ok().flatten();
        let workflow = match &answer {
            // A timeout wins over a failure: a plan that panicked after the deadline counts as
            // timed out.
            _ if begun.elapsed() >= timeout => Workflow::TimedOut,
            Some(answer) => Workflow::Answered(answer),
            None => Workflow::Failed,
        };
        let configured = Configured::Enabled { revision: self.revision, workflow, fallback: self.fallback };
        route(configured, None, organization)
    }
}
