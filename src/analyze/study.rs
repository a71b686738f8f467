//! A plan laid out for questions, once: its clauses and its diagram, with axes divided so that all that will be asked about
//! is made of whole classes.

use super::Limits;
use super::members::Members;
use crate::compile::axes::Axes;
use crate::compile::clause::{Clauses, clauses};
use crate::compile::diagram::{self, Diagram};
use crate::compile::guard::{Guard, Guards};
use crate::compile::program::{Program, ProgramBuilder};
use crate::compile::{Budget, Horizon};
use crate::plan::{CheckedPlan, Party};
use crate::schedule::Moment;
use jiff::civil::Date;
use std::cell::OnceCell;
use std::ops::Range;

/// See the module.
pub(super) struct Study<'p> {
    pub plan: &'p CheckedPlan,
    pub clauses: Clauses<'p>,
    pub axes: Axes,
    pub program: Program,
    pub diagram: Diagram,
    /// Noon of the first day: soon enough for a call that is shown.
    pub soon: u32,
    members: [OnceCell<Members>; 2],
}

impl<'p> Study<'p> {
    /// Lays a plan out for questions about it, among them which calls get into these guards; `None` beyond the budget.
    pub fn new(plan: &'p CheckedPlan, mut guards: Guards<'p>, questions: &[Guard], limits: &Limits) -> Option<Self> {
        let clauses = clauses(plan, &mut guards).ok()?;
        let axes = guards.axes;
        let mut program = ProgramBuilder::default();
        program.add_clauses(0, &clauses);
        let guarded = clauses.guarded.iter().map(|guarded| &guarded.guard);
        guarded.chain(questions).for_each(|guard| program.add_question(guard));
        let mut steps = limits.budget.steps;
        let program = program.finish(&axes, &mut steps).ok()?;
        let diagram = diagram::build(&program, &axes, Budget { steps, ..limits.budget }).ok()?;
        let horizon = axes.horizon();
        let soon = second(plan, &horizon, horizon.first_day, 12 * 60);
        Some(Self { plan, clauses, axes, program, diagram, soon, members: Default::default() })
    }

    /// The calls that are asked about: see [`axes`], in seconds from the horizon's start.
    pub fn period(&self) -> Range<u32> {
        self.axes.period()
    }

    /// The clauses of the plan that run at a leaf.
    pub fn run(&self, leaf: usize) -> impl Iterator<Item = usize> + '_ {
        self.diagram.leaves[leaf].iter().map(|(_, clause)| *clause as usize)
    }

    /// The clause that decides at a leaf; `None` where the plan runs off its end.
    pub fn decided(&self, leaf: usize) -> Option<usize> {
        self.run(leaf).find(|clause| self.clauses.clauses[*clause].decision.is_some())
    }

    /// The numbers of each class on one of the two axes of numbers.
    pub fn members(&self, party: Party) -> &Members {
        let known = match party {
            Party::Dialed => &self.members[0],
            Party::Caller => &self.members[1],
        };
        known.get_or_init(|| Members::new(self.program.numbers(party), party))
    }
}

/// What guards share that are asked about calls from the start of a day to the end of the fifth year after it, on the
/// plan's clock.
pub(super) fn axes(plan: &CheckedPlan, horizon: Horizon) -> Axes {
    let after = horizon.last_day.tomorrow().unwrap_or(horizon.last_day);
    Axes::within(horizon, second(plan, &horizon, horizon.first_day, 0)..second(plan, &horizon, after, 0))
}

/// When the plan's clock shows this, or the first time after it, in seconds from the horizon's start.
fn second(plan: &CheckedPlan, horizon: &Horizon, date: Date, minute: u16) -> u32 {
    let zone = plan.zone();
    let instant = zone.instant(Moment { date, minute }).or_else(|skipped| zone.instant(skipped.first_after));
    horizon.second(instant.unwrap_or(horizon.from).clamp(horizon.from, horizon.until))
}
