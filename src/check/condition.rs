//! Conditions: `and`, `or`, `not`, parentheses, and the names of conditions.

use super::Checker;
use super::problems::tests as problems;
use crate::diagnostics::Diagnostic;
use crate::plan::{Condition, Question, Test};
use crate::source::Span;
use crate::syntax::ast;

/// Where a condition stands, which says whether a row that a test finds may be named.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Alone or among `and`s: when the block runs, the test held.
    Certain,
    /// Under `or` or `not`.
    Uncertain,
    /// In a `condition`, which has no block.
    Definition,
}

impl<'a> Checker<'a, '_> {
    /// The condition of a statement. Rows that its tests name stay in scope until the caller takes them out again.
    pub(super) fn condition_of_statement(&mut self, condition: &'a ast::Condition) -> Option<Condition> {
        self.condition(condition, Standing::Certain)
    }

    /// The condition of a definition.
    pub(super) fn condition_of_definition(&mut self, condition: &'a ast::Condition) -> Option<Condition> {
        let rows = self.rows.len();
        let condition = self.condition(condition, Standing::Definition);
        self.rows.truncate(rows);
        condition
    }

    fn condition(&mut self, condition: &'a ast::Condition, standing: Standing) -> Option<Condition> {
        match condition {
            ast::Condition::Chain { operands, connectives, span } => self.chain(operands, connectives, *span, standing),
            ast::Condition::Not(operand, _) => {
                let inner = self.condition(operand, uncertain(standing))?;
                Some(Condition::Not(Box::new(inner)))
            }
            ast::Condition::Group(inner, _) => self.condition(inner, standing),
            ast::Condition::Test(test) => self.test(test, standing),
            ast::Condition::Unreadable(unreadable, _) => {
                // A row that it names is named, whatever else is wrong with it.
                let pairs = unreadable.words.windows(2).filter(|pair| pair[0].text == "as");
                pairs.for_each(|pair| self.names.let_be(&pair[1].text));
                let without_as = unreadable.words.windows(3).filter(|words| words[0].text == "in");
                without_as.for_each(|words| self.names.let_be(&words[2].text));
                None
            }
        }
    }

    fn chain(
        &mut self,
        operands: &'a [ast::Condition],
        connectives: &[ast::Connective],
        span: Span,
        standing: Standing,
    ) -> Option<Condition> {
        let has = |kind| connectives.iter().any(|connective| connective.kind == kind);
        let mixed = has(ast::ConnectiveKind::And) && has(ast::ConnectiveKind::Or);
        let inner = if has(ast::ConnectiveKind::Or) { uncertain(standing) } else { standing };
        let late_ends = self.late_ends.len();
        let checked: Vec<Option<Condition>> = operands.iter().map(|operand| self.condition(operand, inner)).collect();
        if mixed {
            self.refuse_mixed(operands, connectives, span, &checked);
            return None;
        }
        let checked: Vec<Condition> = checked.into_iter().collect::<Option<_>>()?;
        if has(ast::ConnectiveKind::Or) {
            return Some(Condition::Any(checked.into()));
        }
        self.warn_of_nights_and_dates(&checked, late_ends);
        Some(Condition::All(checked.into()))
    }

    /// `weekday is fri and time in 22:00-06:00`, and `date >= D and time >= T`, which mean less than they say. What is
    /// said of the window of such a night is enough: `late_ends`, from this one on, are those of the operands.
    fn warn_of_nights_and_dates(&mut self, operands: &[Condition], late_ends: usize) {
        let tests = || {
            operands.iter().filter_map(|operand| match operand {
                Condition::Test(test) => Some(test),
                Condition::All(_) | Condition::Any(_) | Condition::Not(_) | Condition::Named(..) => None,
            })
        };
        let night = |test: &&Test| match &test.question {
            Question::Time(windows) => test.expected && windows.iter().any(|window| window.crosses_midnight()),
            _ => false,
        };
        let weekday = |test: &&Test| matches!(test.question, Question::Weekday(days) if days != 0x7f) && test.expected;
        let mut found = Vec::new();
        if let (Some(weekday), Some(night)) = (tests().find(weekday), tests().find(night)) {
            found.push(problems::weekday_and_night(self.source, weekday, night));
            let of_operands = self.late_ends.split_off(late_ends);
            let is_elsewhere = |late: &Diagnostic| late.span.start < night.span.start || night.span.end < late.span.end;
            self.late_ends.extend(of_operands.into_iter().filter(is_elsewhere));
        }
        let written = |test: &Test, field: &str| {
            let text = self.source.slice(test.span).strip_prefix(field)?.trim_start();
            let since = text.strip_prefix(">=")?.trim();
            Some(since.to_owned())
        };
        for pair in operands.windows(2) {
            if let [Condition::Test(first), Condition::Test(second)] = pair
                && let (Some(date), Some(time)) = (written(first, "date"), written(second, "time"))
            {
                found.push(super::problems::dates::date_and_time(first.span.to(second.span), &date, &time));
            }
        }
        found.into_iter().for_each(|problem| self.problem(problem));
    }

    /// The conditions that a condition names, by number, for the order of definitions.
    pub(super) fn conditions_named(&self, condition: &ast::Condition) -> Vec<usize> {
        let mut found = Vec::new();
        let mut waiting = vec![condition];
        while let Some(condition) = waiting.pop() {
            match condition {
                ast::Condition::Chain { operands, .. } => waiting.extend(operands),
                ast::Condition::Not(inner, _) | ast::Condition::Group(inner, _) => waiting.push(inner),
                ast::Condition::Test(test) => {
                    let definition = self.names.get(&test.subject.name.text);
                    let named = definition.filter(|definition| definition.kind == super::names::Kind::Condition);
                    found.extend(named.map(|definition| definition.number));
                }
                ast::Condition::Unreadable(..) => {}
            }
        }
        found
    }
}

fn uncertain(standing: Standing) -> Standing {
    match standing {
        Standing::Definition => Standing::Definition,
        Standing::Certain | Standing::Uncertain => Standing::Uncertain,
    }
}
