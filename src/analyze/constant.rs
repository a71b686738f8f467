//! Conditions that never hold, or always do: each alone, whatever stands before it.

use super::problems;
use crate::compile::Budget;
use crate::compile::axes::{Axes, AxisSet, SetId};
use crate::compile::diagram;
use crate::compile::guard::{GuardBox, Guards};
use crate::compile::program::ProgramBuilder;
use crate::diagnostics::{Diagnostic, Problems};
use crate::plan::{CheckedPlan, Condition, Question, Statement};
use crate::source::Span;
use jiff::civil::Date;
use std::collections::HashSet;

/// Maximum number of edges of the diagram of one condition.
const EDGES: usize = 200_000;
/// Maximum number of steps for each condition.
const STEPS: usize = 400_000;

/// Warns of each constant condition. Returns the places of the statements whose whole condition
/// never holds; they need no second warning.
pub(super) fn conditions<'p>(
    plan: &'p CheckedPlan,
    guards: &mut Guards<'p>,
    budget: &Budget,
    problems: &mut Problems,
) -> HashSet<Span> {
    let mut never = HashSet::new();
    let mut waiting: Vec<&Statement> = plan.statements.iter().rev().collect();
    while let Some(statement) = waiting.pop() {
        let judgement = statement.condition().map(|condition| judge(condition, plan, guards, budget));
        let holds = match judgement {
            None | Some(Judgement::Depends) => true,
            Some(Judgement::Past { holds }) => holds,
            Some(Judgement::Constant { holds, problem }) => {
                problems.push(problem);
                holds
            }
        };
        if holds {
            waiting.extend(statement.blocks().rev().flat_map(|block| block.iter().rev()));
        } else {
            // Nothing inside of it is told again.
            never.insert(statement.span);
        }
    }
    never
}

enum Judgement {
    /// On the call.
    Depends,
    /// Not any more, because its dates have passed, which has a warning of its own.
    Past { holds: bool },
    /// Not at all.
    Constant { holds: bool, problem: Diagnostic },
}

/// Judges a condition as a whole. If it depends on the call, reports its first part that does not.
fn judge<'p>(condition: &'p Condition, plan: &'p CheckedPlan, guards: &mut Guards<'p>, budget: &Budget) -> Judgement {
    let whole = constant(condition, guards, budget);
    if let Some(holds) = whole.filter(|_| tells_of_the_past(condition, plan, guards.axes.horizon().first_day)) {
        return Judgement::Past { holds };
    }
    for part in condition.operands() {
        match (judge(part, plan, guards, budget), whole) {
            // The tightest place: a part that is as constant as the whole, or alone is.
            (Judgement::Constant { holds, problem }, whole) if whole.is_none_or(|whole| whole == holds) => {
                return Judgement::Constant { holds: whole.unwrap_or(true), problem };
            }
            _ => {}
        }
    }
    match whole {
        None => Judgement::Depends,
        Some(true) => Judgement::Constant { holds: true, problem: problems::always_holds(condition.span()) },
        Some(false) => {
            let problem = problems::never_holds(condition.span(), matches!(condition, Condition::All(_)));
            Judgement::Constant { holds: false, problem: either_meant(condition, problem) }
        }
    }
}

/// `caller in +44* and caller in +49*`: no caller is in both.
fn either_meant(condition: &Condition, problem: Diagnostic) -> Diagnostic {
    let Condition::All(operands) = condition else { return problem };
    let [Condition::Test(first), Condition::Test(second)] = &**operands else { return problem };
    let same_subject = match (&first.question, &second.question) {
        (Question::Number(one, _), Question::Number(other, _)) => one == other,
        (Question::Country(one, _), Question::Country(other, _)) => one == other,
        (Question::Text(one, _), Question::Text(other, _)) => one == other,
        (Question::Weekday(_), Question::Weekday(_)) | (Question::Month(_), Question::Month(_)) => true,
        _ => false,
    };
    if !same_subject {
        return problem;
    }
    let problem = problem.help("did you mean `or`?");
    match &*operands.connectives {
        [and] => problem.suggest("write `or`", *and, "or"),
        _ => problem,
    }
}

/// The answer of a condition, if it is the same for every call of the horizon. `None` also if the
/// budget did not suffice.
fn constant<'p>(condition: &'p Condition, guards: &mut Guards<'p>, budget: &Budget) -> Option<bool> {
    let guard = guards.of_condition(condition, true).ok()?;
    if guard.boxes.is_empty() {
        return Some(false);
    }
    if guard.is_always() {
        return Some(true);
    }
    if let [one] = guard.boxes.as_slice()
        && plainly_depends(one, &guards.axes)
    {
        return None;
    }
    let mut program = ProgramBuilder::default();
    program.add(0, 0, &guard, true);
    let effort = budget.effort_of(STEPS);
    let program = program.finish(&guards.axes, &effort).ok()?;
    let diagram = diagram::build(&program, &guards.axes, EDGES, &effort).ok()?;
    match diagram.leaves.as_slice() {
        [only] => Some(!only.is_empty()),
        _ => None,
    }
}

/// A box that asks for one thing on each axis, none of which is always so: some call is in it and
/// some is not, and there is no need to lay it out.
fn plainly_depends(one: &GuardBox, axes: &Axes) -> bool {
    let asks_for_times = |set: &SetId| match axes.set(*set) {
        AxisSet::Times(literals) => literals.len(),
        AxisSet::Numbers(_) | AxisSet::Texts(_) | AxisSet::On(_) | AxisSet::Buckets(..) => 0,
    };
    let is_narrower = |set: &SetId| axes.numbers(*set).is_none_or(|numbers| !numbers.is_all());
    let sets = || one.constraints.iter().map(|(_, set)| set);
    sets().all(|set| asks_for_times(set) <= 1) && sets().any(is_narrower)
}

/// A date that has passed has a warning of its own, and so has a schedule that has.
fn tells_of_the_past(condition: &Condition, plan: &CheckedPlan, today: Date) -> bool {
    condition.tests().any(|test| match &test.question {
        Question::Date(_) | Question::From(_) => true,
        Question::Open(schedule) => plan.definitions.schedules[*schedule].1.is_past(today),
        Question::Number(..)
        | Question::Row(_)
        | Question::Country(..)
        | Question::Text(..)
        | Question::Time(_)
        | Question::Weekday(_)
        | Question::Day(_)
        | Question::Month(_)
        | Question::Switch(_)
        | Question::Column(..) => false,
    })
}
