//! Texts from outside in what the agent is told.

use super::Checker;
use super::problems::statements as problems;
use crate::fields::{Field, TextField};
use crate::plan::{CallText, Condition, HoleValue, Question, Template, TextTest};
use crate::syntax::ast;
use std::collections::BTreeSet;

impl Checker<'_, '_> {
    /// The texts that are one of some that the plan writes wherever a condition holds. Those of each
    /// named condition are worked out once: names may stand for names, twice each.
    pub(super) fn settled_texts(&mut self, condition: &Condition) -> BTreeSet<CallText> {
        let known = self.settled_by_name.len();
        for (_, of_name) in &self.definitions.conditions[known..] {
            let texts = settled_texts(of_name, &self.settled_by_name);
            self.settled_by_name.push(texts);
        }
        settled_texts(condition, &self.settled_by_name)
    }

    /// Warns of each hole that shows a text which anybody may choose, unless the plan has made sure
    /// that it is one of some that the plan writes.
    pub(super) fn warn_of_untrusted(&mut self, text: &ast::Text, template: &Template) {
        let untrusted = text
            .holes
            .iter()
            .zip(template.holes())
            .filter(|(_, hole)| from_outside(*hole).is_some_and(|text| !self.trusted.contains(&text)));
        let untrusted: Vec<_> = untrusted.map(|(hole, _)| hole.path.span).collect();
        for span in untrusted {
            let shown = self.source.slice(span).to_owned();
            self.problem(problems::untrusted_hole(span, &shown));
        }
    }
}

/// The text that a hole shows, if the caller or somebody on the way of the call chooses it.
fn from_outside(hole: HoleValue) -> Option<CallText> {
    match hole {
        HoleValue::Attribute(number) => Some(CallText::Attribute(number)),
        HoleValue::Field(Field::Text(TextField::CallerName)) => Some(CallText::Field(TextField::CallerName)),
        HoleValue::Field(Field::Text(TextField::Trunk | TextField::Organization))
        | HoleValue::Field(Field::Number(_) | Field::Country(_) | Field::Trust(_) | Field::Clock(_))
        | HoleValue::OnCall(_)
        | HoleValue::Hours(..)
        | HoleValue::DayName(_)
        | HoleValue::Column(..) => None,
    }
}

/// The texts that are one of some that the plan writes wherever a condition holds. `named` has those
/// of the conditions with names.
fn settled_texts(condition: &Condition, named: &[BTreeSet<CallText>]) -> BTreeSet<CallText> {
    match condition {
        Condition::All(operands) => operands.iter().flat_map(|operand| settled_texts(operand, named)).collect(),
        Condition::Any(operands) => {
            let operands = operands.iter().map(|operand| settled_texts(operand, named));
            operands.reduce(|texts, other| texts.intersection(&other).copied().collect()).unwrap_or_default()
        }
        Condition::Named(number, _) => named.get(*number).cloned().unwrap_or_default(),
        Condition::Test(test) => {
            if let Question::Text(of, TextTest::Listed(_)) = test.question
                && test.expected
            {
                BTreeSet::from([of])
            } else {
                BTreeSet::new()
            }
        }
        Condition::Not(_) => BTreeSet::new(),
    }
}
