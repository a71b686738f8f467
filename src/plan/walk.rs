//! The walk through a plan's statements, conditions and holes. Code that looks at each of them uses it; only code that treats their kinds differently matches them itself.

use super::condition::{Condition, Test};
use super::{Arm, CheckedPlan, HoleValue, MetadataValue, Statement, StatementKind, Template, TemplatePart};

impl CheckedPlan {
    /// Every statement, in the order of the text: each before those that stand in its blocks.
    pub(crate) fn every_statement(&self) -> Statements<'_> {
        Statements::of(&self.statements)
    }

    /// Every condition of a definition or of a statement. The conditions that names stand for are
    /// among those of the definitions.
    pub(crate) fn every_condition(&self) -> impl Iterator<Item = &Condition> {
        let named = self.definitions.conditions.iter().map(|(_, condition)| condition);
        named.chain(self.every_statement().filter_map(Statement::condition))
    }

    /// Looks at every hole of the contexts and of the metadata, as often as it is written, and
    /// whether it stands in a text; else it is a value without quotes.
    pub(crate) fn each_hole(&self, look: &mut dyn FnMut(HoleValue, bool)) {
        for statement in self.every_statement() {
            match &statement.kind {
                StatementKind::Context(template) => template.holes().for_each(|hole| look(hole, true)),
                StatementKind::Metadata(members) => members.iter().for_each(|(_, value)| value.each_hole(look)),
                StatementKind::Guarded { .. }
                | StatementKind::Split(_)
                | StatementKind::Skip
                | StatementKind::Route { .. }
                | StatementKind::Reject(_)
                | StatementKind::Fallback => {}
            }
        }
    }
}

impl Template {
    /// Its holes, in order.
    pub(crate) fn holes(&self) -> impl Iterator<Item = HoleValue> {
        self.pieces.iter().filter_map(|piece| match piece {
            TemplatePart::Hole(hole) => Some(*hole),
            TemplatePart::Text(_) => None,
        })
    }
}

impl MetadataValue {
    fn each_hole(&self, look: &mut dyn FnMut(HoleValue, bool)) {
        match self {
            Self::Constant(_) => {}
            Self::Text(template) => template.holes().for_each(|hole| look(hole, true)),
            Self::Bare(hole) => look(*hole, false),
            Self::Object(members) => members.iter().for_each(|(_, value)| value.each_hole(look)),
            Self::Array(values) => values.iter().for_each(|value| value.each_hole(look)),
        }
    }
}

impl Statement {
    /// The inner blocks, in order: that of a rule or a `when`, or one for each arm of a split.
    pub(crate) fn blocks(&self) -> impl DoubleEndedIterator<Item = &[Statement]> {
        let (guarded, arms): (Option<&[Statement]>, &[Arm]) = match &self.kind {
            StatementKind::Guarded { block, .. } => (Some(block), &[]),
            StatementKind::Split(split) => (None, &split.arms),
            StatementKind::Context(_)
            | StatementKind::Metadata(_)
            | StatementKind::Skip
            | StatementKind::Route { .. }
            | StatementKind::Reject(_)
            | StatementKind::Fallback => (None, &[]),
        };
        guarded.into_iter().chain(arms.iter().map(|arm| &*arm.block))
    }

    /// Whether the plan ends with it.
    pub(crate) fn is_decision(&self) -> bool {
        match self.kind {
            StatementKind::Route { .. } | StatementKind::Reject(_) | StatementKind::Fallback => true,
            StatementKind::Guarded { .. }
            | StatementKind::Split(_)
            | StatementKind::Context(_)
            | StatementKind::Metadata(_)
            | StatementKind::Skip => false,
        }
    }
}

/// The statements of a block and of all blocks in it. See [`CheckedPlan::every_statement`].
pub(crate) struct Statements<'p> {
    /// Those that come next, the last first.
    waiting: Vec<&'p Statement>,
}

impl<'p> Statements<'p> {
    /// Those of a block.
    pub(crate) fn of(block: &'p [Statement]) -> Self {
        Self { waiting: block.iter().rev().collect() }
    }
}

impl<'p> Iterator for Statements<'p> {
    type Item = &'p Statement;

    fn next(&mut self) -> Option<Self::Item> {
        let statement = self.waiting.pop()?;
        self.waiting.extend(statement.blocks().rev().flat_map(|block| block.iter().rev()));
        Some(statement)
    }
}

impl Condition {
    /// What it is made of: the operands of `and`, `or` and `not`; nothing for a test or a name.
    pub(crate) fn operands(&self) -> &[Self] {
        match self {
            Self::All(operands) | Self::Any(operands) => operands,
            Self::Not(operand) => std::slice::from_ref(&operand.condition),
            Self::Named(..) | Self::Test(_) => &[],
        }
    }

    /// The tests and the names that it is made of, in the order of the text.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = &Self> {
        let mut waiting = vec![self];
        std::iter::from_fn(move || {
            loop {
                let condition = waiting.pop()?;
                match condition {
                    Self::Named(..) | Self::Test(_) => return Some(condition),
                    Self::All(_) | Self::Any(_) | Self::Not(_) => waiting.extend(condition.operands().iter().rev()),
                }
            }
        })
    }

    /// The tests that it is made of, those behind names left out.
    pub(crate) fn tests(&self) -> impl Iterator<Item = &Test> {
        self.leaves().filter_map(|leaf| match leaf {
            Self::Test(test) => Some(test),
            Self::All(_) | Self::Any(_) | Self::Not(_) | Self::Named(..) => None,
        })
    }
}
