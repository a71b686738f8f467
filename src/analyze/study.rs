//! A plan laid out for questions, once: its clauses, and the space of its calls, divided so that
//! all that will be asked about is made of whole classes.

use super::Limits;
use super::space::Space;
use crate::compile::clause::{Clauses, clauses};
use crate::compile::guard::{Guard, Guards};
use crate::compile::program::ProgramBuilder;
use crate::plan::CheckedPlan;

/// A plan with its diagram, for the questions of a check.
pub(super) struct Study<'p> {
    pub plan: &'p CheckedPlan,
    pub clauses: Clauses<'p>,
    pub space: Space,
    /// Whether what happens to a call may depend on when it comes.
    pub asks_for_the_time: bool,
}

impl<'p> Study<'p> {
    /// Lays a plan out for questions about it, among them which calls get into these guards; `None`
    /// beyond the budget.
    pub fn new(plan: &'p CheckedPlan, mut guards: Guards<'p>, questions: &[Guard], limits: &Limits) -> Option<Self> {
        let clauses = clauses(plan, &mut guards).ok()?;
        let mut program = ProgramBuilder::default();
        program.add_clauses(0, &clauses);
        let guarded = clauses.guarded.iter().map(|guarded| &guarded.guard);
        guarded.chain(questions).for_each(|guard| program.add_question(guard));
        let asks_for_the_time = guards.asks_for_the_time;
        let space = Space::new(plan, guards.axes, program, limits)?;
        Some(Self { plan, clauses, space, asks_for_the_time })
    }

    /// How many leaves there are.
    pub fn leaves(&self) -> usize {
        self.space.diagram.leaves.len()
    }

    /// The clauses of the plan that run at a leaf.
    pub fn run(&self, leaf: usize) -> impl Iterator<Item = usize> + '_ {
        self.space.diagram.leaves[leaf].iter().map(|(_, clause)| *clause as usize)
    }

    /// The clause that decides at a leaf; `None` where the plan runs off its end.
    pub fn decided(&self, leaf: usize) -> Option<usize> {
        self.run(leaf).find(|clause| self.clauses.clauses[*clause].decision.is_some())
    }
}
