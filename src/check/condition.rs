//! Conditions: `and`, `or`, `not`, parentheses, and the names of conditions.

use super::{Checked, Checker};
use crate::diagnostics::Diagnostic;
use crate::plan::{Condition, Negated, Operands, Question, Test};
use crate::source::Span;
use crate::syntax::{DefinitionKind, ast, on_one_line};

/// The position of a condition, which decides whether a row that a test finds may be named.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ConditionPlace {
    /// Alone or among `and`s: when the block runs, the test held.
    Certain,
    /// Under `or` or `not`.
    Uncertain,
    /// In a `condition`, which has no block.
    Definition,
}

impl<'a> Checker<'a, '_> {
    /// The condition of a statement. Rows that its tests name stay in scope until the caller takes
    /// them out again.
    pub(super) fn condition_of_statement(&mut self, condition: &'a ast::Condition) -> Checked<Condition> {
        self.condition(condition, ConditionPlace::Certain)
    }

    /// The condition of a definition.
    pub(super) fn condition_of_definition(&mut self, condition: &'a ast::Condition) -> Checked<Condition> {
        let rows = self.rows.len();
        let condition = self.condition(condition, ConditionPlace::Definition);
        self.rows.truncate(rows);
        condition
    }

    fn condition(&mut self, condition: &'a ast::Condition, standing: ConditionPlace) -> Checked<Condition> {
        match condition {
            ast::Condition::Chain { operands, connectives, span } => self.chain(operands, connectives, *span, standing),
            ast::Condition::Not(operand, span) => {
                let condition = Box::new(self.condition(operand, uncertain(standing))?);
                Ok(Condition::Not(Negated { condition, span: *span }))
            }
            ast::Condition::Group(inner, _) => self.condition(inner, standing),
            ast::Condition::Test(test) => self.test(test, standing),
            ast::Condition::Unreadable(unreadable, _) => {
                // A row that it names is named, whatever else is wrong with it.
                let pairs = unreadable.words.windows(2).filter(|pair| pair[0].text == "as");
                pairs.for_each(|pair| self.names.let_be(&pair[1].text, unreadable.reported));
                let without_as = unreadable.words.windows(3).filter(|words| words[0].text == "in");
                without_as.for_each(|words| self.names.let_be(&words[2].text, unreadable.reported));
                Err(unreadable.reported)
            }
        }
    }

    fn chain(
        &mut self,
        operands: &'a [ast::Condition],
        connectives: &[ast::Connective],
        span: Span,
        standing: ConditionPlace,
    ) -> Checked<Condition> {
        let has = |kind| connectives.iter().any(|connective| connective.kind == kind);
        let mixed = has(ast::ConnectiveKind::And) && has(ast::ConnectiveKind::Or);
        let inner = if has(ast::ConnectiveKind::Or) { uncertain(standing) } else { standing };
        let late_ends = self.late_ends.len();
        let checked: Vec<Checked<Condition>> = operands.iter().map(|operand| self.condition(operand, inner)).collect();
        let checked: Checked<Vec<Condition>> = checked.into_iter().collect();
        if mixed {
            let mixed = self.mixed(operands, connectives, span, checked.ok());
            return self.refuse(mixed);
        }
        let connectives = connectives.iter().map(|connective| connective.span).collect();
        let joined = Operands { conditions: checked?.into(), connectives, span };
        if has(ast::ConnectiveKind::Or) {
            return Ok(Condition::Any(joined));
        }
        self.warn_of_nights(&joined, operands, late_ends);
        self.warn_of_dates_and_times(operands);
        Ok(Condition::All(joined))
    }

    /// `weekday is fri and time in 22:00-06:00`: after midnight it is no longer Friday. `written`
    /// is what `operands` were made of. What is said of the window of such a night is enough:
    /// `late_ends`, from this one on, are those of the operands.
    fn warn_of_nights(&mut self, operands: &[Condition], written: &[ast::Condition], late_ends: usize) {
        let tests = || {
            operands.iter().zip(written).filter_map(|(operand, written)| match operand {
                Condition::Test(test) => Some((test, written)),
                Condition::All(_) | Condition::Any(_) | Condition::Not(_) | Condition::Named(..) => None,
            })
        };
        let night = |(test, _): &(&Test, &ast::Condition)| {
            matches!(&test.question, Question::Time(windows) if windows.iter().any(|window| window.crosses_midnight()))
                && test.expected
        };
        let weekday = |(test, _): &(&Test, &ast::Condition)| {
            matches!(test.question, Question::Weekday(days) if days != 0x7f) && test.expected
        };
        let (Some((weekday, days)), Some((night, window))) = (tests().find(weekday), tests().find(night)) else {
            return;
        };
        let of_operands = self.late_ends.split_off(late_ends);
        let is_elsewhere = |late: &Diagnostic| late.span.start < night.span.start || night.span.end < late.span.end;
        self.late_ends.extend(of_operands.into_iter().filter(is_elsewhere));
        if let (Some(days), Some(window)) = (value_of(days), value_of(window)) {
            let (first, days) = (self.source.slice(first_of(days)), self.without_brackets(days));
            let window = self.without_brackets(window);
            let problem = super::problems::dates::weekday_and_night(night.span, first, &days, &window, weekday.span);
            self.problem(problem);
        }
    }

    /// A value as a line of a schedule has it.
    fn without_brackets(&self, value: &ast::Value) -> String {
        let ast::Value::List(list) = value else { return on_one_line(self.source.slice(value.span())) };
        let entries: Vec<String> = list.entries.iter().map(|entry| self.without_brackets(entry)).collect();
        entries.join(", ")
    }

    /// `date >= D and time >= T`, which leaves out the mornings of later days.
    fn warn_of_dates_and_times(&mut self, operands: &[ast::Condition]) {
        for pair in operands.windows(2) {
            if let [ast::Condition::Test(first), ast::Condition::Test(second)] = pair
                && let (Some(date), Some(time)) = (since(first, "date"), since(second, "time"))
            {
                let (date, time) = (self.source.slice(date), self.source.slice(time));
                let problem = super::problems::dates::date_and_time(first.span.to(second.span), date, time);
                self.problem(problem);
            }
        }
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
                    let named = definition.filter(|definition| definition.kind == DefinitionKind::Condition);
                    found.extend(named.map(|definition| definition.number));
                }
                ast::Condition::Unreadable(..) => {}
            }
        }
        found
    }
}

/// The value of a test, which may stand in parentheses.
fn value_of(condition: &ast::Condition) -> Option<&ast::Value> {
    match condition {
        ast::Condition::Test(test) => test.predicate.as_ref().map(ast::Predicate::value),
        ast::Condition::Group(inner, _) => value_of(inner),
        ast::Condition::Chain { .. } | ast::Condition::Not(..) | ast::Condition::Unreadable(..) => None,
    }
}

/// The first value of a list or a range.
fn first_of(value: &ast::Value) -> Span {
    match value {
        ast::Value::List(list) => list.entries.first().map_or(list.span, first_of),
        ast::Value::Range(range) => first_of(&range.low),
        ast::Value::Number(_)
        | ast::Value::Text(_)
        | ast::Value::Figure(_)
        | ast::Value::Path(_)
        | ast::Value::Moment { .. }
        | ast::Value::Unreadable(..) => value.span(),
    }
}

/// The value of `FIELD >= VALUE`.
fn since(test: &ast::Test, field: &str) -> Option<Span> {
    let is_of_field = test.subject.field.is_none() && test.subject.name.text == field;
    match &test.predicate {
        Some(ast::Predicate::Comparison { comparator: ast::Comparator::AtLeast, value, .. }) if is_of_field => {
            Some(value.span())
        }
        Some(
            ast::Predicate::Equality { .. }
            | ast::Predicate::Membership { .. }
            | ast::Predicate::Comparison { .. }
            | ast::Predicate::Search { .. },
        )
        | None => None,
    }
}

fn uncertain(standing: ConditionPlace) -> ConditionPlace {
    match standing {
        ConditionPlace::Definition => ConditionPlace::Definition,
        ConditionPlace::Certain | ConditionPlace::Uncertain => ConditionPlace::Uncertain,
    }
}
