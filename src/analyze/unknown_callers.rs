//! Tests that leave a country or an area out, and so also hold for callers without a country:
//! `caller.country is not GB` holds for a withheld number. Often that is not meant.
//!
//! A statement is spoken of only if such callers get into its block, and if its condition names
//! them nowhere.

use super::Limits;
use super::problems;
use super::region::Region;
use super::study::Study;
use crate::compile::axes::TooManyBoxes;
use crate::compile::guard::{Guard, Guards};
use crate::diagnostics::{Code, Problems};
use crate::fields::Party;
use crate::phone::{Country, NumberSet, Pattern};
use crate::plan::{CheckedPlan, Condition, Definitions, Question, Statement, Test};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Callers without a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum UnknownCallers {
    Withheld,
    Local,
}

impl UnknownCallers {
    fn numbers(self) -> NumberSet {
        match self {
            Self::Withheld => NumberSet::from_patterns([&Pattern::Anonymous]),
            Self::Local => NumberSet::all_locals(),
        }
    }

    fn are_named_in(self, question: &Question) -> bool {
        match (CallerQuestion::of(question), self) {
            (Some(CallerQuestion::Country(countries)), _) => countries.contains(&None),
            (Some(CallerQuestion::Number(set)), Self::Withheld) => set.has_anonymous(),
            (Some(CallerQuestion::Number(set)), Self::Local) => set.has_locals(),
            (None, _) => false,
        }
    }
}

/// A question about where a caller's number belongs.
enum CallerQuestion<'q> {
    Country(&'q BTreeSet<Option<Country>>),
    Number(&'q NumberSet),
}

impl<'q> CallerQuestion<'q> {
    fn of(question: &'q Question) -> Option<Self> {
        match question {
            Question::Country(Party::Caller, countries) => Some(Self::Country(countries)),
            Question::Number(Party::Caller, set) => Some(Self::Number(set)),
            // What few calls bring says nothing of who calls.
            Question::Number(Party::Dialed | Party::Asserted | Party::Diverted, _)
            | Question::Country(Party::Dialed | Party::Asserted | Party::Diverted, _)
            | Question::Absent(_)
            | Question::Attestation(_)
            | Question::Row(_)
            | Question::Text(..)
            | Question::Time(_)
            | Question::Weekday(_)
            | Question::Day(_)
            | Question::Month(_)
            | Question::Date(_)
            | Question::From(_)
            | Question::Open(_)
            | Question::OnCall(..)
            | Question::Switch(_)
            | Question::Column(..) => None,
        }
    }
}

/// Asks whether callers of a kind get into the block of a statement.
struct UnknownCallersQuestion<'p> {
    statement: &'p Statement,
    test: &'p Test,
    callers: UnknownCallers,
    /// The calls of such callers for which the conditions of the statement and of the blocks around
    /// it hold.
    guard: Guard,
}

/// What a plan is asked about its negative tests.
pub(super) struct UnknownCallersQuestions<'p>(Vec<UnknownCallersQuestion<'p>>);

impl<'p> UnknownCallersQuestions<'p> {
    /// The questions about a plan, at most `limit` of them. What goes beyond the budget of boxes or
    /// of [`TESTS`] is not asked.
    pub fn of(plan: &'p CheckedPlan, guards: &mut Guards<'p>, limit: usize) -> Self {
        let mut asked = Gatherer {
            definitions: &plan.definitions,
            guards,
            around: Vec::new(),
            limit,
            tests_left: TESTS,
            found: Vec::new(),
        };
        asked.block(&plan.statements);
        Self(asked.found)
    }

    /// What must be told apart for them.
    pub fn guards(&self) -> impl Iterator<Item = &Guard> {
        self.0.iter().map(|question| &question.guard)
    }

    /// Adds a hint for each test that lets such callers through, once.
    pub fn answer(&self, study: &Study, limits: &Limits, problems: &mut Problems) {
        // The condition of a name may stand in several statements.
        let mut let_in: BTreeMap<Span, (&Test, BTreeSet<UnknownCallers>)> = BTreeMap::new();
        for question in self.0.iter().filter(|question| question.holds(study, limits)) {
            let of_test = let_in.entry(question.test.span).or_insert_with(|| (question.test, BTreeSet::new()));
            of_test.1.insert(question.callers);
        }
        let constant: Vec<Span> = problems
            .iter()
            .filter(|problem| problem.code == Code::ConstantCondition)
            .map(|problem| problem.span)
            .collect();
        let is_told = |test: Span| constant.iter().any(|told| told.start <= test.start && test.end <= told.end);
        for (test, callers) in let_in.into_values().filter(|(test, _)| !is_told(test.span)) {
            let callers: Vec<UnknownCallers> = callers.into_iter().collect();
            problems.push(problems::includes_unknown(study.plan.source(), test, &callers));
        }
    }
}

impl UnknownCallersQuestion<'_> {
    /// Whether such a call gets into the block. Not where that is beyond the budget: a hint that
    /// may be wrong is worse than none.
    fn holds(&self, study: &Study, limits: &Limits) -> bool {
        let Some(guarded) = study.clauses.guarded.iter().find(|one| one.statement.span == self.statement.span) else {
            return false;
        };
        let effort = limits.budget.effort_of(limits.question);
        let Ok(leaves) = Region::new(&study.space, &self.guard.boxes, effort).leaves() else { return false };
        let gets_in = |leaf: usize| study.decided(leaf).is_none_or(|clause| clause >= guarded.clauses.0);
        leaves.iter().enumerate().any(|(leaf, has_calls)| *has_calls && gets_in(leaf))
    }
}

/// Maximum number of tests that are looked at for questions. Names may stand for conditions of
/// names, so that each statement has as many as the whole plan.
const TESTS: usize = 200_000;

struct Gatherer<'p, 'g> {
    definitions: &'p Definitions,
    guards: &'g mut Guards<'p>,
    /// The conditions of the blocks around, outermost first.
    around: Vec<&'p Condition>,
    limit: usize,
    tests_left: usize,
    found: Vec<UnknownCallersQuestion<'p>>,
}

impl<'p> Gatherer<'p, '_> {
    fn block(&mut self, block: &'p [Statement]) {
        for statement in block {
            let condition = statement.condition();
            self.around.extend(condition);
            if let Some(condition) = condition {
                self.statement(statement, condition);
            }
            statement.blocks().for_each(|inner| self.block(inner));
            self.around.truncate(self.around.len() - usize::from(condition.is_some()));
        }
    }

    fn statement(&mut self, statement: &'p Statement, condition: &'p Condition) {
        let mut tests = Vec::new();
        self.tests(condition, true, &mut HashSet::new(), &mut tests);
        let is_named = |callers: UnknownCallers| tests.iter().any(|(test, _)| callers.are_named_in(&test.question));
        let open: Vec<UnknownCallers> = [UnknownCallers::Withheld, UnknownCallers::Local]
            .into_iter()
            .filter(|callers| !is_named(*callers))
            .collect();
        for (test, holds) in tests {
            if test.expected == holds || !leaves_an_area_out(&test.question) {
                continue;
            }
            for callers in &open {
                if self.found.len() >= self.limit {
                    return;
                }
                if let Ok(guard) = self.guard(*callers) {
                    self.found.push(UnknownCallersQuestion { statement, test, callers: *callers, guard });
                }
            }
        }
    }

    /// The tests of a condition, those behind names among them, once; with each, whether it is to
    /// hold.
    fn tests(
        &mut self,
        condition: &'p Condition,
        holds: bool,
        named: &mut HashSet<(usize, bool)>,
        found: &mut Vec<(&'p Test, bool)>,
    ) {
        match condition {
            Condition::All(operands) | Condition::Any(operands) => {
                operands.iter().for_each(|operand| self.tests(operand, holds, named, found));
            }
            Condition::Not(negated) => self.tests(&negated.condition, !holds, named, found),
            Condition::Named(number, _) => {
                if named.insert((*number, holds)) {
                    let definitions = self.definitions;
                    self.tests(&definitions.conditions[*number].1, holds, named, found);
                }
            }
            Condition::Test(test) => {
                if let Some(left) = self.tests_left.checked_sub(1) {
                    self.tests_left = left;
                    found.push((test, holds));
                }
            }
        }
    }

    fn guard(&mut self, callers: UnknownCallers) -> Result<Guard, TooManyBoxes> {
        let mut guard = self.guards.of_callers(callers.numbers())?;
        for condition in self.around.clone() {
            let own = self.guards.of_condition(condition, true)?;
            guard = self.guards.both(&guard, &own)?;
        }
        Ok(guard)
    }
}

/// The least part of all numbers that is an area: those with the same first six digits.
const AREA_KEYS: u64 = 1_000_000_000;

/// Whether a question is about countries or areas alone. Who leaves single numbers out means
/// everybody else.
fn leaves_an_area_out(question: &Question) -> bool {
    match CallerQuestion::of(question) {
        Some(CallerQuestion::Country(_)) => true,
        Some(CallerQuestion::Number(set)) => {
            let spans = set.spans();
            !spans.is_empty() && spans.iter().all(|span| span.high - span.low >= AREA_KEYS - 1)
        }
        None => false,
    }
}
