//! Which rules, and which kinds of call, no example of a plan reaches.
//!
//! A kind of call is a side of a boundary; an example reaches it if its call lies there, and would
//! be decided differently by the same rule on the other side. Rules that no call reaches, and
//! boundaries at which nothing changes, do not count.

use super::Limits;
use super::examples::{ExamplesOverBudget, Goals};
use crate::plan::CheckedPlan;
use crate::source::Span;
use jiff::civil::Date;

/// What the examples of a plan reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Rules, arms and decisions that some call reaches.
    pub rules: CoverageCount,
    /// Boundaries; one is reached if both its sides are.
    pub boundaries: CoverageCount,
    /// What is not reached, in the order of the plan.
    pub misses: Vec<UncoveredPlace>,
    /// How many rules and boundaries went beyond the limits of the analysis.
    pub unknown: usize,
}

/// How many are reached, of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoverageCount {
    /// Reached by an example.
    pub reached: usize,
    /// All that calls reach.
    pub all: usize,
}

/// A rule that no example reaches, or a side of a boundary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UncoveredPlace {
    /// The rule's place.
    pub span: Span,
    /// What it is, in words.
    pub what: String,
    /// Whether it is a side of a boundary.
    pub is_boundary: bool,
}

impl Coverage {
    /// Whether every rule and boundary is known to be reached.
    pub fn is_complete(&self) -> bool {
        self.misses.is_empty() && self.unknown == 0
    }
}

/// What the examples of a plan reach, of what calls from `today` to the end of the fifth year after
/// it reach.
pub fn coverage(plan: &CheckedPlan, today: Date, limits: &Limits) -> Result<Coverage, ExamplesOverBudget> {
    let goals = Goals::of(plan, today, limits)?;
    let (mut rules, mut boundaries) = (CoverageCount::default(), CoverageCount::default());
    let mut misses = Vec::new();
    let mut unknown = goals.unknown();
    for of_one_aim in goals.by_aim() {
        if !goals.can_ask() {
            unknown += 1;
            continue;
        }
        let missed: Vec<usize> = of_one_aim.clone().filter(|at| !goals.is_met_already(*at)).collect();
        let is_boundary = goals.is_side(of_one_aim.start);
        let count = if is_boundary { &mut boundaries } else { &mut rules };
        count.all += 1;
        count.reached += usize::from(missed.is_empty());
        misses.extend(missed.into_iter().map(|at| UncoveredPlace {
            span: goals.span(at),
            what: goals.name(at),
            is_boundary,
        }));
    }
    Ok(Coverage { rules, boundaries, misses, unknown })
}
