//! Texts from outside in what the agent is told.

use super::Checker;
use super::problems::statements as problems;
use crate::fields::{Field, TextField};
use crate::plan::{CallText, Condition, Definitions, HoleValue, Question, Template, TemplatePart, TextTest};
use crate::syntax::ast;

impl Checker<'_, '_> {
    /// Warns of each hole that shows a text which anybody may choose, unless the plan has made sure
    /// that it is one of some that the plan writes.
    pub(super) fn warn_of_untrusted(&mut self, text: &ast::Text, template: &Template) {
        let holes = template.pieces.iter().filter_map(|piece| match piece {
            TemplatePart::Hole(hole) => Some(*hole),
            TemplatePart::Text(_) => None,
        });
        let untrusted = text
            .holes
            .iter()
            .zip(holes)
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
        | HoleValue::Column(..) => None,
    }
}

/// The texts that are one of some that the plan writes wherever a condition holds.
pub(super) fn settled_texts(condition: &Condition, definitions: &Definitions) -> Vec<CallText> {
    match condition {
        Condition::All(operands) => operands.iter().flat_map(|operand| settled_texts(operand, definitions)).collect(),
        Condition::Any(operands) => {
            let mut operands = operands.iter().map(|operand| settled_texts(operand, definitions));
            let first = operands.next().unwrap_or_default();
            operands.fold(first, |texts, other| texts.into_iter().filter(|text| other.contains(text)).collect())
        }
        Condition::Named(number, _) => settled_texts(&definitions.conditions[*number].1, definitions),
        Condition::Test(test) => {
            if let Question::Text(of, TextTest::Listed(_)) = test.question
                && test.expected
            {
                vec![of]
            } else {
                Vec::new()
            }
        }
        Condition::Not(_) => Vec::new(),
    }
}
