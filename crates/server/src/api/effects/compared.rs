//! Compares two states: by a diagram for all calls that can come, and by the newest calls of the
//! log.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};

use super::states::State;
use crate::api::config::draft::replay::{ChangedCall, Logged, call_json, size};
use callplan::analyze::Limits;
use callplan::analyze::diff::DiffOverBudget;
use callplan::analyze::diff::ended::{self, CallEnding, EndingDiff, SwitchesOn};
use callplan::call::Outcome;
use callplan::phone::Number;
use callplan::schedule::Zone;
use callplan::{Call, CheckedPlan};
use callplan_service::calls;
use callplan_service::live::organization::Organization;
use callplan_service::routing::{Decision, Ending, Reason, WantedAgent};

/// Maximum total size of the decisions in an answer, in bytes.
const MAXIMUM_BYTES: usize = 8 << 20;
/// Maximum number of calls of the log that are shown.
const MAXIMUM_EXAMPLES: usize = 10;
/// The size that a number counts for beside the text of a plan, in bytes.
const BYTES_OF_NUMBER: usize = 32;

/// Both states, at one moment.
pub struct Compared {
    pub before: State,
    pub after: State,
    pub now: Timestamp,
    /// How many bytes of decisions the answer can still hold.
    room: usize,
}

/// What became of the calls of the log.
pub struct Replayed {
    pub calls: usize,
    pub changed: usize,
    pub not_comparable: usize,
    pub examples: Vec<ChangedCall>,
}

impl Compared {
    pub fn new(before: State, after: State, now: Timestamp) -> Self {
        Self { before, after, now, room: MAXIMUM_BYTES }
    }

    /// Whether both states decide by the same plan, agents and numbers.
    pub fn is_plainly_same(&self) -> bool {
        self.before.organization.decides_by_the_same(&self.after.organization, self.now)
    }

    /// Which of all possible calls end differently.
    pub fn changes(&self) -> Result<EndingDiff, DiffOverBudget> {
        let zone = self.after.zone().or_else(|| self.before.zone()).unwrap_or(Zone::UTC);
        let (before, after) = (&self.before.organization, &self.after.organization);
        let (was, now) = (Decider::of(before, &zone, self.now), Decider::of(after, &zone, self.now));
        let limits = Limits::for_text(was.size() + now.size());
        let today = was.today(self.now).min(now.today(self.now));
        let (was_ends, now_ends) = (was.ends(), now.ends());
        ended::diff(&was.state(&was_ends), &now.state(&now_ends), today, &limits)
    }

    /// Decides a call in both states, with the switches of each.
    pub fn decide(&self, call: &Call) -> (Decision, Decision) {
        (self.before.decide(call, self.now), self.after.decide(call, self.now))
    }

    /// The decisions, if the answer has room for them.
    pub fn fitting(&mut self, decisions: (Decision, Decision)) -> Option<(Decision, Decision)> {
        let room = self.room.checked_sub(size(&decisions.0) + size(&decisions.1))?;
        self.room = room;
        Some(decisions)
    }

    /// A call as it comes after the change.
    pub fn call_after(&self, call: &Call) -> Call {
        self.after.call(call, self.now)
    }

    /// Decides calls of the log in both states.
    pub fn replay(&mut self, logged: Vec<Logged>) -> Replayed {
        let is_same = self.is_plainly_same();
        let mut replayed = Replayed { calls: logged.len(), changed: 0, not_comparable: 0, examples: Vec::new() };
        for Logged { id, created_at, call } in logged {
            let Some(call) = call else {
                replayed.not_comparable += 1;
                continue;
            };
            if is_same {
                continue;
            }
            let (before, after) = self.decide(&call);
            if before.ends_like(&after) {
                continue;
            }
            replayed.changed += 1;
            if replayed.examples.len() < MAXIMUM_EXAMPLES
                && let Some((before, after)) = self.fitting((before, after))
            {
                let (created_at, call) = (created_at.to_string(), call_json(&self.call_after(&call)));
                replayed.examples.push(ChangedCall { id, created_at, call, before, after });
            }
        }
        replayed
    }
}

impl State {
    /// The call, with the switches that are on in this state when it comes, or now if it came before.
    fn call(&self, call: &Call, now: Timestamp) -> Call {
        let on = switches_on(&self.organization, call.timestamp.max(now));
        Call { switches: on.into_keys().collect(), ..call.clone() }
    }

    /// The time zone of its plan.
    fn zone(&self) -> Option<Zone> {
        Some(self.plan()?.zone().clone())
    }

    /// Decides a call. There is no timeout, because no caller waits.
    fn decide(&self, call: &Call, now: Timestamp) -> Decision {
        let decided = calls::decide(&self.organization, &self.call(call, now), now, Duration::MAX);
        Decision { config_revision: self.revision, ..decided.decision }
    }
}

fn switches_on(organization: &Organization, now: Timestamp) -> SwitchesOn {
    organization.config().map(|config| config.declared_until(now)).unwrap_or_default()
}

/// The first whole second that is not before an instant: calls are compared by the second.
fn whole_second(instant: Timestamp) -> Timestamp {
    let round = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Ceil);
    instant.round(round).unwrap_or(instant)
}

/// What decides the calls of a state.
struct Decider<'o> {
    organization: &'o Organization,
    plan: Arc<CheckedPlan>,
    by: DecidedBy,
    switches_on: SwitchesOn,
}

/// Why a call gets what it gets.
#[derive(Clone, Copy)]
enum DecidedBy {
    Plan,
    /// The plan in force does not compile any more.
    FailedPlan,
    /// No plan is in force, for this reason.
    Number(Reason),
}

impl<'o> Decider<'o> {
    fn of(organization: &'o Organization, zone: &Zone, now: Timestamp) -> Self {
        let nothing = || Arc::new(CheckedPlan::by_number(zone.clone(), []));
        let (plan, by) = match (organization.deciding(), organization.config()) {
            (Some(config), _) => match config.plan().checked_plan() {
                Some(plan) => (plan, DecidedBy::Plan),
                None => (nothing(), DecidedBy::FailedPlan),
            },
            (None, Some(_)) => (by_number(organization, zone), DecidedBy::Number(Reason::ConfigDisabled)),
            (None, None) => (by_number(organization, zone), DecidedBy::Number(Reason::NoConfig)),
        };
        let mut switches_on = switches_on(organization, now);
        for until in switches_on.values_mut() {
            *until = until.map(whole_second);
        }
        Self { organization, plan, by, switches_on }
    }

    fn size(&self) -> usize {
        match self.by {
            DecidedBy::Plan => self.plan.source().text().len(),
            DecidedBy::FailedPlan => 0,
            DecidedBy::Number(_) => BYTES_OF_NUMBER * self.organization.assigned_numbers().len(),
        }
    }

    /// The day on the plan's clock.
    fn today(&self, now: Timestamp) -> Date {
        self.plan.zone().read(now).date
    }

    fn ends(&self) -> impl Fn(Outcome, Option<&str>, Option<u32>) -> CallEnding {
        |outcome, agent_id, version| {
            let organization = self.organization;
            let wanted = agent_id.map(|agent_id| WantedAgent { agent_id, version });
            let fallback = organization.config().and_then(|config| config.fallback());
            let ending = match self.by {
                DecidedBy::Plan => Ending::by_plan(outcome, wanted, fallback, organization),
                DecidedBy::FailedPlan => Ending::by_fallback(Reason::WorkflowFailed, fallback, organization),
                DecidedBy::Number(reason) => Ending::by_number(reason, wanted, organization),
            };
            CallEnding {
                agent: ending.agent.map(|(id, version)| (id.to_owned(), version)),
                source: ending.source.name(),
                reason: ending.reason.map(Reason::name),
            }
        }
    }

    fn state<'s>(&'s self, ends: &'s ended::Ends<'s>) -> ended::State<'s> {
        let switches_on = self.switches_on.clone();
        ended::State { plan: &self.plan, switches_on, organization: &self.organization.name, ends }
    }
}

fn by_number(organization: &Organization, zone: &Zone) -> Arc<CheckedPlan> {
    let assigned = organization
        .assigned_numbers()
        .filter_map(|(number, agent)| Some((Number::read(number), agent.agent_id, agent.version?)));
    Arc::new(CheckedPlan::by_number(zone.clone(), assigned))
}
