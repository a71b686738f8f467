//! A plan laid out for questions: its clauses, a condition that is asked about beside them, and the diagram of both.

use crate::compile::clause::{Clauses, clauses};
use crate::compile::diagram::{self, Diagram, LEAF, Target};
use crate::compile::guard::{Guard, Guards};
use crate::compile::program::ProgramBuilder;
use crate::compile::{Budget, Horizon};
use crate::plan::{CheckedPlan, Condition};
use crate::schedule::Moment;

/// The lane of the plan's own clauses.
pub(super) const PLAN: u8 = 0;
/// The lane of the condition that is asked about.
pub(super) const ASKED: u8 = 1;

/// A diagram whose leaves say which clauses run, and whether the condition that is asked about holds.
pub(super) struct Study<'p> {
    pub plan: &'p CheckedPlan,
    pub clauses: Clauses<'p>,
    pub splits: Vec<(std::sync::Arc<str>, bool)>,
    pub diagram: Diagram,
    pub horizon: Horizon,
}

impl<'p> Study<'p> {
    /// The plan alone; `None` beyond the budget.
    pub fn of_plan(plan: &'p CheckedPlan, guards: &mut Guards<'p>, horizon: &Horizon, budget: Budget) -> Option<Self> {
        Self::new(plan, guards, horizon, budget, |_, _| Some(None))
    }

    /// The plan beside the calls for which a condition holds.
    pub fn beside_condition(
        plan: &'p CheckedPlan,
        guards: &mut Guards<'p>,
        condition: &'p Condition,
        horizon: &Horizon,
        budget: Budget,
    ) -> Option<Self> {
        Self::new(plan, guards, horizon, budget, |guards, _| guards.of_condition(condition, true).ok().map(Some))
    }

    /// The plan beside the calls of one guarded statement.
    pub fn beside_guarded(
        plan: &'p CheckedPlan,
        guards: &mut Guards<'p>,
        guarded: usize,
        horizon: &Horizon,
        budget: Budget,
    ) -> Option<Self> {
        Self::new(plan, guards, horizon, budget, |_, clauses| {
            clauses.guarded.get(guarded).map(|guarded| Some(guarded.guard.clone()))
        })
    }

    fn new(
        plan: &'p CheckedPlan,
        guards: &mut Guards<'p>,
        horizon: &Horizon,
        budget: Budget,
        asked: impl FnOnce(&mut Guards<'p>, &Clauses<'p>) -> Option<Option<Guard>>,
    ) -> Option<Self> {
        let clauses = clauses(plan, guards).ok()?;
        let asked = asked(guards, &clauses)?;
        let mut program = ProgramBuilder::default();
        program.add_clauses(PLAN, &clauses);
        if let Some(guard) = &asked {
            program.add(ASKED, 0, guard, true);
        }
        let diagram = diagram::build(&program.finish(), guards.answers(horizon), horizon, budget).ok()?;
        Some(Self { plan, clauses, splits: guards.splits.clone(), diagram, horizon: *horizon })
    }

    /// Noon of the first day on the plan's clock, in seconds since 1970: soon enough for a call that is shown.
    pub fn soon(&self) -> i64 {
        let noon = Moment { date: self.horizon.first_day, minute: 12 * 60 };
        self.plan.zone().instant(noon).unwrap_or(self.horizon.from).as_second()
    }

    /// The clauses of the plan that run at a leaf.
    pub fn run(&self, leaf: usize) -> impl Iterator<Item = usize> + '_ {
        self.diagram.leaves[leaf].iter().filter(|(lane, _)| *lane == PLAN).map(|(_, clause)| *clause as usize)
    }

    /// Whether the condition that is asked about holds at a leaf.
    pub fn is_asked(&self, leaf: usize) -> bool {
        self.diagram.leaves[leaf].iter().any(|(lane, _)| *lane == ASKED)
    }

    /// The clause that decides at a leaf; `None` where the plan runs off its end.
    pub fn decided(&self, leaf: usize) -> Option<usize> {
        self.run(leaf).find(|clause| self.clauses.clauses[*clause].decision.is_some())
    }

    /// Whether a target is, or leads to, one of some leaves. Children were made before their parents.
    pub fn leading_to(&self, wanted: impl Fn(usize) -> bool) -> Leading {
        let leaves: Vec<bool> = (0..self.diagram.leaves.len()).map(wanted).collect();
        let mut nodes: Vec<bool> = Vec::with_capacity(self.diagram.nodes.len());
        for node in &self.diagram.nodes {
            let leads = self.diagram.targets_of(node).into_iter().any(|target| match target & LEAF {
                0 => nodes[target as usize],
                _ => leaves[(target & !LEAF) as usize],
            });
            nodes.push(leads);
        }
        Leading { nodes, leaves }
    }
}

/// Which targets lead to some leaves.
pub(super) struct Leading {
    nodes: Vec<bool>,
    leaves: Vec<bool>,
}

impl Leading {
    /// Whether a target leads there.
    pub fn has(&self, target: Target) -> bool {
        match target & LEAF {
            0 => self.nodes[target as usize],
            _ => self.leaves[(target & !LEAF) as usize],
        }
    }
}
