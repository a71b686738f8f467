//! The calls of a plan, or of two, as a space: axes divided into classes, and the diagram over
//! them. Questions walk it; what its leaves mean is for whoever laid it out to say.

use super::Limits;
use super::members::Members;
use crate::compile::Horizon;
use crate::compile::axes::Axes;
use crate::compile::diagram::{self, Diagram};
use crate::compile::program::{Program, ProgramBuilder};
use crate::fields::ByParty;
use crate::plan::{CheckedPlan, Party, Reader};
use crate::schedule::{Moment, Zone};
use jiff::civil::Date;
use std::cell::OnceCell;
use std::ops::Range;

/// A diagram for questions about all calls.
pub(super) struct Space {
    pub axes: Axes,
    pub program: Program,
    pub diagram: Diagram,
    /// Noon of the first day: soon enough for a call that is shown.
    pub soon: u32,
    /// How numbers are read.
    pub readers: Vec<Reader>,
    members: ByParty<OnceCell<Members>>,
}

impl Space {
    /// Lays a program out; `None` beyond the budget. `plan` is the one on whose clock days begin.
    pub fn new(plan: &CheckedPlan, axes: Axes, program: ProgramBuilder, limits: &Limits) -> Option<Self> {
        let effort = limits.budget.effort();
        let program = program.finish(&axes, &effort).ok()?;
        let diagram = diagram::build(&program, &axes, limits.budget.edges, &effort).ok()?;
        let horizon = axes.horizon();
        let soon = second(plan.zone(), &horizon, horizon.first_day, 12 * 60);
        let readers = vec![plan.reader().clone()];
        Some(Self { axes, program, diagram, soon, readers, members: Default::default() })
    }

    /// The calls that are asked about: see [`axes`], in seconds from the horizon's start.
    pub fn period(&self) -> Range<u32> {
        self.axes.period()
    }

    /// The numbers of each class on the axis of a party.
    pub fn members(&self, party: Party) -> &Members {
        self.members[party].get_or_init(|| Members::new(&self.program.numbers[party], party, &self.readers))
    }
}

/// What guards share that are asked about calls from the start of a day to the end of the fifth
/// year after it, on the plan's clock.
pub(super) fn axes(plan: &CheckedPlan, horizon: Horizon) -> Axes {
    let after = horizon.last_day.tomorrow().unwrap_or(horizon.last_day);
    let zone = plan.zone();
    Axes::within(horizon, second(zone, &horizon, horizon.first_day, 0)..second(zone, &horizon, after, 0))
}

/// When a clock shows this, or the first time after it, in seconds from the horizon's start.
fn second(zone: &Zone, horizon: &Horizon, date: Date, minute: u16) -> u32 {
    let instant = zone.instant(Moment { date, minute }).or_else(|skipped| zone.instant(skipped.first_after));
    horizon.second(instant.unwrap_or(horizon.from).clamp(horizon.from, horizon.until))
}
