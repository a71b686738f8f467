//! How many statements and tests a call may be asked: a bound that a plan's statements show by
//! themselves.

use crate::plan::{CheckedPlan, Condition, Statement};

/// Of a whole plan.
pub(super) fn of_plan(plan: &CheckedPlan) -> usize {
    of_block(&plan.statements) + of_conditions(plan)
}

/// Of the conditions that have a name: each is asked once, however often it is named.
pub(super) fn of_conditions(plan: &CheckedPlan) -> usize {
    plan.definitions.conditions.iter().map(|(_, condition)| condition.size()).sum()
}

fn of_block(statements: &[Statement]) -> usize {
    statements.iter().map(of).sum()
}

/// Of a statement with all that is in it. Only one arm of a split is ever taken, but all count.
pub(super) fn of(statement: &Statement) -> usize {
    1 + statement.condition().map_or(0, Condition::size) + statement.blocks().map(of_block).sum::<usize>()
}
