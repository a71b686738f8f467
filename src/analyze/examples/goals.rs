//! The calls that show what examples are for: one for each rule, arm and decision that can run, and
//! one on each side of each boundary that makes a difference. Each has been replayed.

use super::aims::{Aim, AimKind, Aims};
use super::replay::ExampleReplay;
use super::single::with_texts_of_examples;
use crate::analyze::region::Region;
use crate::analyze::study::Study;
use crate::analyze::{Limits, space, witness};
use crate::call::Call;
use crate::compile::Horizon;
use crate::compile::axes::TooManyBoxes;
use crate::compile::budget::OverBudget;
use crate::compile::guard::{Guard, Guards};
use crate::plan::CheckedPlan;
use jiff::civil::Date;
use std::cell::Cell;
use std::ops::Range;

use super::ExamplesOverBudget;

/// Maximum number of calls that are replayed for one side of a boundary. If none of them is decided
/// differently on the other side, the boundary counts as changing nothing.
const MAX_TRIED: usize = 200;

/// How many times the steps of one question all aims together may take: without a maximum the time
/// would grow with the square of the plan.
const FOR_ALL_AIMS: usize = 500;

/// What examples are for, and calls that are it.
pub(crate) struct Goals<'p> {
    pub(super) replay: ExampleReplay<'p>,
    pub(super) aims: Vec<Aim<'p>>,
    /// In the order of the aims.
    pub(super) goals: Vec<Goal>,
    pub(super) unknown: usize,
}

/// An aim, or one side of it, and a call that meets it.
pub(super) struct Goal {
    pub aim: usize,
    /// Of a boundary.
    pub side: Option<bool>,
    pub call: Call,
    /// Of a boundary: the call on the other side.
    pub beyond: Option<Call>,
}

impl<'p> Goals<'p> {
    /// For calls from a day to the end of the fifth year after it.
    pub fn of(plan: &'p CheckedPlan, today: Date, limits: &Limits) -> Result<Self, ExamplesOverBudget> {
        let horizon = Horizon::of(today);
        let mut guards = Guards::new(&plan.definitions, space::axes(plan, horizon));
        let Aims { aims, left_out } = Aims::of(plan, &mut guards).map_err(|TooManyBoxes| ExamplesOverBudget)?;
        let asked: Vec<Guard> =
            aims.iter().flat_map(|aim| aim.among.iter().map(|sought| sought.guard.clone())).collect();
        let study = Study::new(plan, guards, &asked, limits).ok_or(ExamplesOverBudget)?;
        let steps = limits.question.saturating_mul(FOR_ALL_AIMS);
        let mut goals = Self { replay: ExampleReplay::new(plan, steps), aims, goals: Vec::new(), unknown: left_out };
        for at in 0..goals.aims.len() {
            // The other half is for what the calls that are found meet.
            if goals.replay.steps_left() < steps.div_ceil(2) {
                goals.unknown += goals.aims.len() - at;
                break;
            }
            match goals.find(at, &study, limits) {
                Ok(found) => goals.goals.extend(found),
                Err(OverBudget) => goals.unknown += 1,
            }
        }
        Ok(goals)
    }

    /// Calls for an aim: one, or one on each side.
    fn find(&self, at: usize, study: &Study, limits: &Limits) -> Result<Vec<Goal>, OverBudget> {
        let aim = &self.aims[at];
        let mut found: Vec<Goal> = Vec::new();
        for sought in &aim.among {
            if found.iter().any(|goal| goal.side == sought.side) {
                continue;
            }
            let steps = limits.question.min(self.replay.steps_left());
            let region = Region::new(&study.space, &sought.guard.boxes, limits.budget.effort_of(steps));
            let gets_there = |leaf: usize| match study.decided(leaf).map(|clause| &study.clauses.clauses[clause]) {
                Some(clause) => clause.decision.is_some_and(|decision| decision.statement.span.start >= aim.gets_to),
                None => true,
            };
            let tried = Cell::new(0);
            let shows = |call: &Call| {
                tried.set(tried.get() + 1);
                let call = with_texts_of_examples(call);
                tried.get() <= MAX_TRIED
                    && self.can_ask()
                    && self.can_be_written(&call)
                    && self.replay.meets(&call, &aim.what, sought.side)
            };
            let witness = witness::find(&region, &gets_there, &shows);
            self.replay.spend(sought.guard.boxes.len() + steps - region.steps_left());
            let Some(call) = witness? else { continue };
            found.push(self.goal(at, sought.side, with_texts_of_examples(&call)));
            // What lies beyond differs in nothing else, so the two read best together.
            let other = found.last().and_then(|goal| Some((!goal.side?, goal.beyond.clone()?)));
            if let Some((side, call)) = other
                && found.len() == 1
                && self.can_be_written(&call)
                && self.replay.meets(&call, &aim.what, Some(side))
            {
                found.push(self.goal(at, Some(side), call));
            }
        }
        // As one goes along: the minute before an opening, the number before a range.
        let place = |call: &Call| (call.timestamp, call.caller_number.clone(), call.called_number.clone());
        found.sort_by_key(|goal| (place(&goal.call), goal.side));
        Ok(found)
    }

    fn goal(&self, aim: usize, side: Option<bool>, call: Call) -> Goal {
        let beyond = match &self.aims[aim].what {
            AimKind::Boundary { statement, edge, .. } => self.replay.beyond(&call, statement, edge),
            AimKind::HandOver { statement, edge } => self.replay.other_agent(&call, statement, edge),
            AimKind::Runs(_) | AimKind::Undecided => None,
        };
        Goal { aim, side, call, beyond }
    }

    /// The goals of each aim, by their places.
    pub(crate) fn by_aim(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let mut start = 0;
        self.goals.chunk_by(|one, other| one.aim == other.aim).map(move |goals| {
            start += goals.len();
            start - goals.len()..start
        })
    }

    /// Whether a goal is a side of a boundary.
    pub(crate) fn is_side(&self, at: usize) -> bool {
        self.goals[at].side.is_some()
    }

    /// Whether an example of the plan meets a goal.
    pub(crate) fn is_met_already(&self, at: usize) -> bool {
        self.replay.plan.examples.iter().any(|example| self.is_met(&self.goals[at], &example.call))
    }

    /// Whether there are steps left for questions. If not, what is not known yet stays unknown.
    pub(crate) fn can_ask(&self) -> bool {
        self.replay.steps_left() > 0
    }

    /// How many aims went beyond the limits: it is not known whether there is such a call.
    pub(crate) fn unknown(&self) -> usize {
        self.unknown
    }

    /// Whether a call is what a goal is for.
    pub(super) fn is_met(&self, goal: &Goal, call: &Call) -> bool {
        self.replay.meets(call, &self.aims[goal.aim].what, goal.side)
    }

    /// Whether an example can say when the call comes.
    fn can_be_written(&self, call: &Call) -> bool {
        let zone = self.replay.plan.zone();
        zone.instant(zone.read(call.timestamp)) == Ok(call.timestamp)
    }
}
