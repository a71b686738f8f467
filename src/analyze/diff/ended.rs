//! Which calls end differently in two states of an organization? A plan only chooses; whether its
//! agent can answer, at which version, and who answers in its place, is for the state to say. So
//! plans that choose differently may end a call alike, and one plan may end a call in two ways.

use super::indexed::IndexedPlan;
use super::output::{AgentDecision, AgentOfRow};
use super::{ComparedLeaf, Comparison, DiffOverBudget, FoundChanges, PlanPair};
use crate::analyze::Limits;
use crate::analyze::calls::CallGroup;
use crate::call::{Call, Decision, Outcome};
use crate::compile::Horizon;
use crate::compile::guard::FixedFacts;
pub use crate::compile::guard::SwitchesOn;
use crate::plan::CheckedPlan;
use jiff::Timestamp;
use jiff::civil::Date;

/// How a call ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallEnding {
    /// The agent that answers, and its version; `None` if nobody does.
    pub agent: Option<(String, u32)>,
    /// What chose the agent, as the service calls it.
    pub source: &'static str,
    /// Why the plan's choice did not answer, as the service calls it.
    pub reason: Option<&'static str>,
}

impl CallEnding {
    /// Whether a caller cannot tell the two apart, but for what the agent is given: the same agent
    /// answers, at the same version, or nobody does for the same reason.
    pub fn is_alike(&self, other: &Self) -> bool {
        self.agent == other.agent && (self.agent.is_some() || self.reason == other.reason)
    }
}

/// How a call ends that a plan has decided so: the outcome, the agent, and the version.
pub type Ends<'s> = dyn Fn(Outcome, Option<&str>, Option<u32>) -> CallEnding + 's;

/// A state of an organization.
pub struct State<'s> {
    /// The plan that decides its calls; without a plan in force, [`CheckedPlan::by_number`].
    pub plan: &'s CheckedPlan,
    /// The switches that are on, each up to the instant at which it goes off, if it has one; all
    /// others are off.
    pub switches_on: SwitchesOn,
    /// The organization's id, which each call has.
    pub organization: &'s str,
    /// How calls end.
    pub ends: &'s Ends<'s>,
}

/// Calls that end differently, with the same old and the same new ending.
#[derive(Debug)]
pub struct EndingChange {
    /// How.
    pub way: EndingChangeKind,
    /// Which calls: each of these sets, of which none overlap.
    pub calls: Vec<CallGroup>,
    /// Whether there are more such sets than were kept.
    pub has_more: bool,
    /// A part of all calls, from 0 to 1: see [`super::DecisionChange::share`].
    pub share: f64,
    /// A call of the change, without switches. `None` where none was found.
    pub witness: Option<Call>,
}

/// The changes from one state to another.
#[derive(Debug, Default)]
pub struct EndingDiff {
    /// Changes of who answers go first, and the largest first among them.
    pub changes: Vec<EndingChange>,
    /// How many further changes there are: see [`super::Diff::more`].
    pub more: usize,
    /// See [`super::Diff::reads_otherwise`].
    pub reads_otherwise: bool,
}

/// The old and the new ending of calls that end differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndingChangeKind {
    /// Whether the ending is another. Else the same agent answers, with another context, metadata
    /// or skip.
    pub is_decision: bool,
    /// How they ended.
    pub was: CallEnding,
    /// How they end.
    pub now: CallEnding,
}

impl EndingChangeKind {
    /// Who answers weighs most, then why nobody does, then what the agent is given.
    fn weight(&self) -> u8 {
        match (self.is_decision, self.was.agent.is_some() || self.now.agent.is_some()) {
            (true, true) => 2,
            (true, false) => 1,
            (false, _) => 0,
        }
    }
}

/// What changes from one state to another, for calls from `today` to the end of the fifth year
/// after it. Days are those of the new plan's clock, or of the old one's if `now` has no plan with a
/// text.
pub fn diff(was: &State, now: &State, today: Date, limits: &Limits) -> Result<EndingDiff, DiffOverBudget> {
    let told_by = if now.plan.source().text().is_empty() { was.plan } else { now.plan };
    let pair = PlanPair::new((was.plan, was.known()), (now.plan, now.known()), told_by, Horizon::of(today), limits)?;
    let plans = (IndexedPlan::new(was.plan), IndexedPlan::new(now.plan));
    let FoundChanges { changes, more } = pair.changes(&EndingComparison { was, now, plans }, limits)?;
    let reads_otherwise = was.plan.reader() != now.plan.reader();
    let changes = changes
        .into_iter()
        // A change without a call may be one of numbers that only one of the plans leaves local.
        .filter(|found| !reads_otherwise || found.witness.is_some())
        .map(|found| EndingChange {
            way: found.way,
            calls: found.calls,
            has_more: found.has_more,
            share: found.share,
            witness: found.witness.map(|call| call.with_organization(now.organization)),
        })
        .collect();
    Ok(EndingDiff { changes, more, reads_otherwise })
}

impl State<'_> {
    fn known(&self) -> FixedFacts {
        FixedFacts { switches_on: Some(self.switches_on.clone()), organization: Some(self.organization.to_owned()) }
    }

    /// How the calls of a leaf end; an error where each row of a table says so for itself.
    fn ending(&self, decision: &AgentDecision) -> Result<CallEnding, AgentOfRow> {
        let agent = decision.known_agent()?;
        Ok((self.ends)(decision.outcome, agent, decision.version()))
    }

    /// Decides a call by the state's plan, and gives its ending.
    fn decide(&self, plan: &IndexedPlan, call: &Call) -> (Decision, CallEnding) {
        let is_on = |until: &Option<Timestamp>| until.is_none_or(|until| call.timestamp < until);
        let on = self.switches_on.iter().filter(|(_, until)| is_on(until));
        let call = Call {
            switches: on.map(|(name, _)| name.clone()).collect(),
            ..call.clone().with_organization(self.organization)
        };
        let decision = plan.decide(&call);
        let ending = (self.ends)(decision.outcome, decision.output.agent_id.as_deref(), decision.output.version);
        (decision, ending)
    }
}

/// Compares how calls end.
struct EndingComparison<'s> {
    was: &'s State<'s>,
    now: &'s State<'s>,
    /// Their plans.
    plans: (IndexedPlan<'s>, IndexedPlan<'s>),
}

impl EndingComparison<'_> {
    /// Whether each agent that a row can name ends a call in both states alike.
    fn all_agents_end_alike(&self, decision: &AgentDecision) -> bool {
        self.was.plan.definitions.agents.iter().all(|agent| {
            let version = decision.version().or(agent.version);
            let end = |state: &State| (state.ends)(Outcome::Route, Some(&agent.id), version);
            end(self.was).agent.is_some() && end(self.was).is_alike(&end(self.now))
        })
    }
}

impl Comparison for EndingComparison<'_> {
    type Way = EndingChangeKind;

    fn way(&self, leaf: &ComparedLeaf) -> Result<Option<EndingChangeKind>, DiffOverBudget> {
        let ((was_says, _), (now_says, _)) = (leaf.was, leaf.now);
        let has_other_details = leaf.details_differ() || leaf.shows_difference(false);
        let (was, now) = match (self.was.ending(&was_says.decision), self.now.ending(&now_says.decision)) {
            (Ok(was), Ok(now)) => (was, now),
            (Err(AgentOfRow), _) | (_, Err(AgentOfRow)) => {
                let is_same = was_says.decision == now_says.decision
                    && !leaf.shows_difference(true)
                    && !has_other_details
                    && self.all_agents_end_alike(&was_says.decision);
                return if is_same { Ok(None) } else { Err(DiffOverBudget) };
            }
        };
        let is_decision = !was.is_alike(&now);
        let is_detail = now.agent.is_some() && has_other_details;
        Ok((is_decision || is_detail).then_some(EndingChangeKind { is_decision, was, now }))
    }

    fn weight(&self, way: &EndingChangeKind) -> u8 {
        way.weight()
    }

    fn bytes(&self, way: &EndingChangeKind) -> usize {
        let of_agent = |ending: &CallEnding| ending.agent.as_ref().map_or(0, |(id, _)| id.len());
        size_of::<EndingChangeKind>() + of_agent(&way.was) + of_agent(&way.now)
    }

    /// Its outputs are not shown here.
    fn bytes_shown(&self, _: &Call) -> usize {
        0
    }

    fn evaluated(&self) -> usize {
        self.plans.0.evaluated() + self.plans.1.evaluated()
    }

    fn is_shown(&self, way: &EndingChangeKind, call: &Call) -> bool {
        let ((was, was_ends), (now, now_ends)) =
            (self.was.decide(&self.plans.0, call), self.now.decide(&self.plans.1, call));
        let given = |decision: &Decision| {
            let output = &decision.output;
            (output.initial_context.clone(), output.custom_metadata.clone(), output.skip_pre_conversation_workflow)
        };
        (&was_ends, &now_ends) == (&way.was, &way.now)
            && was_ends.is_alike(&now_ends) != way.is_decision
            && (way.is_decision || given(&was) != given(&now))
    }
}
