//! Conditions that never hold, or always do: each alone, whatever stands before it.

use super::problems;
use crate::compile::Budget;
use crate::compile::axes::{Axes, Axis, AxisSet, SetId};
use crate::compile::diagram;
use crate::compile::guard::{Guard, GuardBox, Guards};
use crate::compile::program::ProgramBuilder;
use crate::diagnostics::{Code, Diagnostic, Problems};
use crate::plan::{CheckedPlan, Condition, Question, Statement};
use crate::source::Span;
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};

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
    // A number that no call brings is why a test of it alone never holds, and has a warning that says
    // more.
    let numbers: Vec<Span> =
        problems.iter().filter(|problem| problem.code == Code::SuspiciousNumber).map(|problem| problem.span).collect();
    let is_told = |condition: &Condition, place: Span| {
        let has = |number: &Span| place.start <= number.start && number.end <= place.end;
        numbers.iter().any(has) && condition.tests().any(|test| test.span == place)
    };
    let mut judge = ConditionJudge { plan, guards, budget, known: HashMap::new() };
    let mut never = HashSet::new();
    let mut waiting: Vec<&Statement> = plan.statements.iter().rev().collect();
    while let Some(statement) = waiting.pop() {
        let judgement = statement.condition().map(|condition| (condition, judge.judge(condition)));
        let holds = match judgement {
            None | Some((_, Judgement::Depends)) => true,
            Some((_, Judgement::Past { holds })) => holds,
            Some((condition, Judgement::Constant { holds, problem })) => {
                if !is_told(condition, problem.span) {
                    problems.push(problem);
                }
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

struct ConditionJudge<'j, 'p> {
    plan: &'p CheckedPlan,
    guards: &'j mut Guards<'p>,
    budget: &'j Budget<'j>,
    /// Of guards that were laid out: many conditions have a part in common.
    known: HashMap<Guard, Option<bool>>,
}

impl<'p> ConditionJudge<'_, 'p> {
    /// Judges a condition as a whole. If it depends on the call, reports its first part that does
    /// not.
    fn judge(&mut self, condition: &'p Condition) -> Judgement {
        let whole = self.constant(condition);
        let first_day = self.guards.axes.horizon().first_day;
        if let Some(holds) = whole.filter(|_| tells_of_the_past(condition, self.plan, first_day)) {
            return Judgement::Past { holds };
        }
        for part in condition.operands() {
            match (self.judge(part), whole) {
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

    /// The answer of a condition, if it is the same for every call of the horizon. `None` also if
    /// the budget did not suffice.
    fn constant(&mut self, condition: &'p Condition) -> Option<bool> {
        let guard = self.guards.of_condition(condition, true).ok()?;
        if guard.boxes.is_empty() {
            return Some(false);
        }
        if guard.is_always() {
            return Some(true);
        }
        if plainly_depends(&guard.boxes, &self.guards.axes) {
            return None;
        }
        if let Some(known) = self.known.get(&guard) {
            return *known;
        }
        let found = laid_out(&guard, &self.guards.axes, self.budget);
        self.known.insert(guard, found);
        found
    }
}

/// `caller in +44* and caller in +49*`: no caller is in both.
fn either_meant(condition: &Condition, problem: Diagnostic) -> Diagnostic {
    let Condition::All(operands) = condition else { return problem };
    let [Condition::Test(first), Condition::Test(second)] = &**operands else { return problem };
    let same_subject = match (&first.question, &second.question) {
        (Question::Number(one, _), Question::Number(other, _)) => one == other,
        (Question::Attestation(_), Question::Attestation(_)) => true,
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

/// The answer of a guard, from its diagram.
fn laid_out(guard: &Guard, axes: &Axes, budget: &Budget) -> Option<bool> {
    let mut program = ProgramBuilder::default();
    program.add(0, 0, guard, true);
    let effort = budget.effort_of(STEPS);
    let program = program.finish(axes, &effort).ok()?;
    let diagram = diagram::build(&program, axes, EDGES, &effort).ok()?;
    match diagram.leaves.as_slice() {
        [only] => Some(!only.is_empty()),
        _ => None,
    }
}

/// Whether there is no need to lay boxes out: a call is in one that asks for one thing on each
/// axis, and a call is in none where all ask for the same on some axis that is not always so.
fn plainly_depends(boxes: &[GuardBox], axes: &Axes) -> bool {
    let asks_for_times = |set: SetId| match axes.set(set) {
        AxisSet::Times(literals) => literals.len(),
        AxisSet::Numbers(_) | AxisSet::Texts(_) | AxisSet::On(_) | AxisSet::Attestations(_) | AxisSet::Buckets(..) => 0,
    };
    let is_plain = |set: SetId| match axes.set(set) {
        AxisSet::Texts(texts) => texts.is_plain(),
        AxisSet::Numbers(_) | AxisSet::On(_) | AxisSet::Attestations(_) | AxisSet::Times(_) | AxisSet::Buckets(..) => {
            asks_for_times(set) <= 1
        }
    };
    let is_narrower = |set: SetId| axes.numbers(set).is_none_or(|numbers| !numbers.is_all());
    let takes_one = boxes.iter().any(|one| one.constraints.iter().all(|(_, set)| is_plain(*set)));
    let leaves_one_out = boxes.split_first().is_some_and(|(first, others)| {
        let is_of_all = |axis: Axis, set: SetId| others.iter().all(|one| one.set(axis) == Some(set));
        let mut asked = first.constraints.iter();
        asked.any(|(axis, set)| is_plain(*set) && is_narrower(*set) && is_of_all(*axis, *set))
    });
    takes_one && leaves_one_out
}

/// A date that has passed has a warning of its own, and so has a schedule that has.
fn tells_of_the_past(condition: &Condition, plan: &CheckedPlan, today: Date) -> bool {
    condition.tests().any(|test| match &test.question {
        Question::Date(_) | Question::From(_) => true,
        Question::Open(schedule) => plan.definitions.schedules[*schedule].1.is_past(today),
        Question::Number(..)
        | Question::Absent(_)
        | Question::Attestation(_)
        | Question::Row(_)
        | Question::Country(..)
        | Question::Text(..)
        | Question::Time(_)
        | Question::Weekday(_)
        | Question::Day(_)
        | Question::Month(_)
        | Question::OnCall(..)
        | Question::Switch(_)
        | Question::Column(..) => false,
    })
}
