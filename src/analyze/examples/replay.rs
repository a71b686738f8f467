//! What the reference evaluator says of calls: which statements run, what is decided. Each call is
//! run once.

use super::aims::{AimKind, PlanPlace};
use super::boundary::Boundary;
use crate::call::{Call, Decision};
use crate::eval::{self, Facts, bucket_of};
use crate::fields::{Party, TextField};
use crate::plan::{CheckedPlan, Statement};
use crate::source::Span;
use jiff::Timestamp;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Maximum number of cached calls.
const MAX_KNOWN: usize = 50_000;

/// Steps of a question about a call that has been replayed: it takes about as long as so many
/// statements.
const STEPS_OF_QUESTION: usize = 64;

/// The decision of a replayed call, and what ran.
pub(super) struct ReplayResult {
    pub decision: Decision,
    ran: HashSet<Span>,
}

/// A call as a key: all that it brings.
type CallKey = (Timestamp, Vec<String>, Vec<Option<String>>, Vec<(String, String)>);

/// Replays calls by the reference evaluator, and caches the results.
pub(super) struct ExampleReplay<'p> {
    pub plan: &'p CheckedPlan,
    known: RefCell<HashMap<CallKey, Rc<ReplayResult>>>,
    /// Steps of one replay: a statement is one.
    steps: usize,
    /// Steps that are left for all questions together.
    left: Cell<usize>,
}

impl<'p> ExampleReplay<'p> {
    /// With so many steps for all questions together.
    pub fn new(plan: &'p CheckedPlan, steps: usize) -> Self {
        Self { plan, known: RefCell::default(), steps: plan.every_statement().count(), left: Cell::new(steps) }
    }

    /// Spends steps of all questions together.
    pub fn spend(&self, steps: usize) {
        self.left.update(|left| left.saturating_sub(steps));
    }

    /// The steps that are left for all questions together. Who has none asks no more questions.
    pub fn steps_left(&self) -> usize {
        self.left.get()
    }

    pub fn seen(&self, call: &Call) -> Rc<ReplayResult> {
        let numbers = Party::ALL.into_iter().map(|party| call.number(party).map(str::to_owned));
        let texts = TextField::ALL.into_iter().map(|field| call.text(field).map(str::to_owned));
        let brought = numbers.chain(texts).chain([Some(call.attestation().word().to_owned())]).collect();
        let key = (call.timestamp, call.switches.clone(), brought, call.attributes.clone());
        if let Some(seen) = self.known.borrow().get(&key) {
            return Rc::clone(seen);
        }
        self.spend(self.steps);
        let (decision, ran) = eval::follow(self.plan, call);
        let seen = Rc::new(ReplayResult { decision, ran: ran.into_iter().collect() });
        let mut known = self.known.borrow_mut();
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(key, Rc::clone(&seen));
        seen
    }

    /// Whether a call is what an aim is for; of a boundary, on this side.
    pub fn meets(&self, call: &Call, what: &AimKind, side: Option<bool>) -> bool {
        self.spend(STEPS_OF_QUESTION);
        match (what, side) {
            (AimKind::Runs(place), _) => self.runs(call, *place),
            (AimKind::Undecided, _) => self.seen(call).decision.line.is_none(),
            (AimKind::Boundary { statement, edge, .. }, Some(side)) => {
                edge.side_of(&self.plan.definitions, call) == Some(side) && self.beyond(call, statement, edge).is_some()
            }
            (AimKind::HandOver { statement, edge }, Some(side)) => {
                edge.side_of(&self.plan.definitions, call) == Some(side)
                    && self.other_agent(call, statement, edge).is_some()
            }
            (AimKind::Boundary { .. } | AimKind::HandOver { .. }, None) => false,
        }
    }

    /// A call on the other side of a boundary that makes a difference: there the statement runs if
    /// it does not here, and the plan does something else or another statement decides.
    pub fn beyond(&self, call: &Call, statement: &Statement, edge: &Boundary) -> Option<Call> {
        let here = self.seen(call);
        let differs = |other: &Call| {
            let there = self.seen(other);
            here.ran.contains(&statement.span) != there.ran.contains(&statement.span) && here.decision != there.decision
        };
        edge.others(&self.plan.definitions, call).into_iter().find(differs)
    }

    /// A call on the other side of a hand-over: the statement runs for both, and another agent
    /// answers.
    pub fn other_agent(&self, call: &Call, statement: &Statement, edge: &Boundary) -> Option<Call> {
        let here = self.seen(call);
        let differs = |other: &Call| {
            let there = self.seen(other);
            let runs = [&here, &there].into_iter().all(|seen| seen.ran.contains(&statement.span));
            runs && here.decision != there.decision
        };
        edge.others(&self.plan.definitions, call).into_iter().find(differs)
    }

    fn runs(&self, call: &Call, place: PlanPlace) -> bool {
        match place {
            PlanPlace::Statement(statement) => self.seen(call).ran.contains(&statement.span),
            PlanPlace::Arm(statement, split, arm) => {
                let bucket = || bucket_of(&split.name, &Facts::of(call, &self.plan.definitions), split.by_caller);
                self.seen(call).ran.contains(&statement.span) && arm.buckets.contains(&bucket())
            }
        }
    }
}
