//! Conditions, and the entries of the lists in their tests.

use super::{CompletenessResult, CompletenessWalk, there};
use crate::plan::{ColumnTest, Condition, DateTest, Question, Test, TextTest, without_capitals};
use crate::syntax::ast;
use std::collections::HashSet;

impl CompletenessWalk<'_> {
    pub(super) fn condition(&self, written: &ast::Condition, built: &Condition) -> CompletenessResult {
        match written {
            ast::Condition::Chain { operands, connectives, span } => {
                let any = connectives.iter().any(|connective| connective.kind == ast::ConnectiveKind::Or);
                let found = match built {
                    Condition::Any(found) if any => found,
                    Condition::All(found) if !any => found,
                    Condition::All(_)
                    | Condition::Any(_)
                    | Condition::Not(_)
                    | Condition::Named(..)
                    | Condition::Test(_) => return Err(*span),
                };
                let mut found = found.iter();
                operands.iter().try_for_each(|operand| self.condition(operand, found.next().ok_or(operand.span())?))
            }
            ast::Condition::Not(operand, span) => {
                let Condition::Not(found) = built else { return Err(*span) };
                self.condition(operand, &found.condition)
            }
            ast::Condition::Group(inner, _) => self.condition(inner, built),
            ast::Condition::Test(test) => self.test(test, built),
            ast::Condition::Unreadable(_, span) => Err(*span),
        }
    }

    fn test(&self, written: &ast::Test, built: &Condition) -> CompletenessResult {
        match built {
            Condition::Named(_, span) => there(written.predicate.is_none() && *span == written.span, written.span),
            Condition::Test(test) => {
                there(test.span == written.span, written.span)?;
                self.entries(written, test)
            }
            // `now is` a moment: from it on, and not from the next minute on.
            Condition::All(both) => {
                let both: Vec<&Condition> = both.iter().collect();
                there(both.len() == 2 && both.iter().all(|one| matches!(one, Condition::Test(_))), written.span)
            }
            Condition::Not(inner) => self.test(written, &inner.condition),
            Condition::Any(_) => Err(written.span),
        }
    }

    /// The entries of the list that a test is about.
    fn entries(&self, written: &ast::Test, built: &Test) -> CompletenessResult {
        let list = match &written.predicate {
            Some(
                ast::Predicate::Membership { value: ast::Value::List(list), .. }
                | ast::Predicate::Search { value: ast::Value::List(list), .. },
            ) => list,
            Some(ast::Predicate::Membership { .. } | ast::Predicate::Equality { .. })
            | Some(ast::Predicate::Comparison { .. } | ast::Predicate::Search { .. })
            | None => return Ok(()),
        };
        let count = list.entries.len();
        let found = match &built.question {
            Question::Number(..) => return self.number_list(list),
            Question::Time(windows) => windows.len() == count,
            Question::Date(DateTest::Ranges(ranges)) => ranges.len() == count,
            Question::Column(_, _, ColumnTest::Figure(ranges)) => ranges.len() == count,
            // Two that are the same have a warning and count once.
            Question::Text(_, TextTest::Listed(texts)) | Question::Column(_, _, ColumnTest::Text(texts)) => {
                texts.len() == different_texts(list, str::to_owned)
            }
            Question::Text(_, TextTest::Has(patterns)) => {
                patterns.patterns().len() == different_texts(list, without_capitals)
            }
            Question::Country(_, countries) => countries.len() == different_words(list),
            Question::OnCall(_, agents) => agents.len() == different_words(list),
            Question::Attestation(mask) => *mask != 0,
            Question::Weekday(mask) => *mask != 0,
            Question::Day(mask) => *mask != 0,
            Question::Month(mask) => *mask != 0,
            // None of these is asked with a list.
            Question::Row(_)
            | Question::Absent(_)
            | Question::Date(DateTest::Set(_))
            | Question::From(_)
            | Question::Open(_)
            | Question::Switch(_)
            | Question::Column(_, _, ColumnTest::Beyond { .. } | ColumnTest::Boolean | ColumnTest::Open) => false,
        };
        there(found, list.span)
    }
}

fn different_texts(list: &ast::List, read: impl Fn(&str) -> String) -> usize {
    let texts = list.entries.iter().filter_map(ast::Value::as_text);
    texts.map(|text| read(&text.value)).collect::<HashSet<_>>().len()
}

fn different_words(list: &ast::List) -> usize {
    let words = list.entries.iter().filter_map(ast::Value::as_word);
    words.map(|word| &word.text).collect::<HashSet<_>>().len()
}
