//! How many statements and tests a call may be asked: a bound that a plan's statements show by
//! themselves.

use crate::plan::{CheckedPlan, Condition, Statement, StatementKind};

/// Of a whole plan.
pub(super) fn of_plan(plan: &CheckedPlan) -> usize {
    of_block(&plan.statements) + of_conditions(plan)
}

/// Of the conditions that have a name: each is asked once, however often it is named.
pub(super) fn of_conditions(plan: &CheckedPlan) -> usize {
    plan.definitions.conditions.iter().map(|(_, condition)| tests(condition)).sum()
}

fn of_block(statements: &[Statement]) -> usize {
    statements.iter().map(of).sum()
}

/// Of a statement with all that is in it. Only one arm of a split is ever taken, but all count.
pub(super) fn of(statement: &Statement) -> usize {
    match &statement.kind {
        StatementKind::Guarded { condition, block, .. } => 1 + condition.as_deref().map_or(0, tests) + of_block(block),
        StatementKind::Split(split) => 1 + split.arms.iter().map(|arm| of_block(&arm.block)).sum::<usize>(),
        StatementKind::Context(_)
        | StatementKind::Metadata(_)
        | StatementKind::Skip
        | StatementKind::Route { .. }
        | StatementKind::Reject(_)
        | StatementKind::Fallback => 1,
    }
}

fn tests(condition: &Condition) -> usize {
    match condition {
        Condition::All(operands) | Condition::Any(operands) => operands.iter().map(tests).sum(),
        Condition::Not(operand) => tests(operand),
        Condition::Named(..) | Condition::Test(_) => 1,
    }
}
