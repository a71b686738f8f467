//! Statements and blocks.

use super::layout::BreakStyle;
use super::printer::{INDENT, Printer};
use crate::syntax::ast::{Arm, Block, Condition, Route, Split, SplitBy, Statement, StatementKind, Target, Text};

impl Printer<'_> {
    pub(super) fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Rule { name, condition, block } => self.rule(name, condition.as_deref(), block),
            StatementKind::When { condition, block } => {
                self.attach("when");
                self.condition_and_block(condition, block);
            }
            StatementKind::Split(split) => self.split(split),
            StatementKind::Context(text) => {
                self.attach("context");
                self.then_at(text.span);
            }
            StatementKind::Metadata(object) => {
                self.attach("metadata");
                self.layout.space();
                self.object(object);
            }
            StatementKind::Skip => {
                self.attach("skip");
                self.then("pre_conversation_workflow");
            }
            StatementKind::Route(route) => self.route(route),
            StatementKind::Reject(reason) => {
                self.attach("reject");
                if let Some(reason) = reason {
                    self.then_at(reason.span);
                }
            }
            StatementKind::Fallback => self.attach("fallback"),
            StatementKind::Unreadable(_) => self.unsound(),
        }
    }

    fn rule(&mut self, name: &Text, condition: Option<&Condition>, block: &Block) {
        self.attach("rule");
        self.then_at(name.span);
        match condition {
            None => {
                self.layout.space();
                self.block(block);
            }
            Some(condition) => {
                self.then("when");
                self.condition_and_block(condition, block);
            }
        }
    }

    fn condition_and_block(&mut self, condition: &Condition, block: &Block) {
        self.whole_condition(condition);
        self.layout.space();
        self.block(block);
    }

    fn block(&mut self, block: &Block) {
        self.lines(&block.statements, |printer, statement| printer.statement(statement));
    }

    fn split(&mut self, split: &Split) {
        self.attach("split");
        self.then_at(split.name.span);
        self.then("by");
        match split.by {
            SplitBy::Caller => self.then("caller"),
            SplitBy::Call => self.then("call"),
        }
        self.layout.space();
        let mark = self.layout.mark();
        let mut groups = Vec::with_capacity(split.arms.len());
        self.lines(&split.arms, |printer, arm| groups.push(printer.arm(arm)));
        self.layout.break_together(mark, INDENT, &groups);
        self.layout.align(mark);
    }

    /// Gives the group of its block.
    fn arm(&mut self, arm: &Arm) -> usize {
        self.layout.row();
        self.at(arm.share.span);
        self.attach("%");
        self.layout.tab(1);
        let group = self.layout.begin(BreakStyle::OneEach);
        match arm.block.statements.as_slice() {
            [decision] if decision.kind.is_decision() => self.braced(|printer| printer.statement(decision)),
            _ => self.block(&arm.block),
        }
        self.layout.end();
        group
    }

    fn route(&mut self, route: &Route) {
        self.attach("route");
        self.then("to");
        match &route.target {
            Target::Id(text) => self.then_at(text.span),
            Target::Path(path) => self.then_at(path.span),
        }
        if let Some(version) = &route.version {
            self.then("version");
            self.then_at(version.span);
        }
    }
}
