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
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Maximum number of cached calls.
const MAX_KNOWN: usize = 50_000;

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
}

impl<'p> ExampleReplay<'p> {
    pub fn new(plan: &'p CheckedPlan) -> Self {
        Self { plan, known: RefCell::default() }
    }

    pub fn seen(&self, call: &Call) -> Rc<ReplayResult> {
        let numbers = Party::ALL.into_iter().map(|party| call.number(party).map(str::to_owned));
        let texts = TextField::ALL.into_iter().map(|field| call.text(field).map(str::to_owned));
        let brought = numbers.chain(texts).chain([Some(call.attestation().word().to_owned())]).collect();
        let key = (call.timestamp, call.switches.clone(), brought, call.attributes.clone());
        if let Some(seen) = self.known.borrow().get(&key) {
            return Rc::clone(seen);
        }
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
        match (what, side) {
            (AimKind::Runs(place), _) => self.runs(call, *place),
            (AimKind::Undecided, _) => self.seen(call).decision.line.is_none(),
            (AimKind::Boundary { statement, edge, .. }, Some(side)) => {
                edge.side_of(&self.plan.definitions, call) == Some(side) && self.beyond(call, statement, edge).is_some()
            }
            (AimKind::Boundary { .. }, None) => false,
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
