//! Rules, blocks and what stands in them.

use super::metadata::{members, template};
use super::{CompletenessResult, CompletenessWalk, there};
use crate::plan::{Statement, StatementKind, Target};
use crate::source::Span;
use crate::syntax::ast;

impl CompletenessWalk<'_> {
    fn block(&self, written: &ast::Block, built: &[Statement]) -> CompletenessResult {
        let mut found = built.iter();
        written.statements.iter().try_for_each(|statement| self.statement(statement, found.next()))
    }

    pub(super) fn statement(&self, written: &ast::Statement, built: Option<&Statement>) -> CompletenessResult {
        let span = written.span;
        let built = built.filter(|built| built.span == span).ok_or(span)?;
        match &written.kind {
            ast::StatementKind::Rule { condition, block, .. } => self.guarded(span, condition.as_deref(), block, built),
            ast::StatementKind::When { condition, block } => self.guarded(span, Some(condition), block, built),
            ast::StatementKind::Split(split) => {
                let StatementKind::Split(found) = &built.kind else { return Err(span) };
                let mut arms = found.arms.iter();
                split.arms.iter().try_for_each(|arm| {
                    let found = arms.next().filter(|found| found.span == arm.span);
                    self.block(&arm.block, &found.ok_or(arm.span)?.block)
                })
            }
            ast::StatementKind::Context(text) => {
                let StatementKind::Context(found) = &built.kind else { return Err(span) };
                template(text, found)
            }
            ast::StatementKind::Metadata(object) => {
                let StatementKind::Metadata(found) = &built.kind else { return Err(span) };
                members(object, found)
            }
            ast::StatementKind::Route(route) => {
                let StatementKind::Route { target, version } = &built.kind else { return Err(span) };
                let is_id = matches!(target, Target::Id(_)) == matches!(route.target, ast::Target::Id(_));
                there(is_id && version.is_some() == route.version.is_some(), span)
            }
            ast::StatementKind::Reject(reason) => {
                let StatementKind::Reject(found) = &built.kind else { return Err(span) };
                there(found.is_some() == reason.is_some(), span)
            }
            ast::StatementKind::Skip => there(matches!(built.kind, StatementKind::Skip), span),
            ast::StatementKind::Fallback => there(matches!(built.kind, StatementKind::Fallback), span),
            ast::StatementKind::Unreadable(_) => Err(span),
        }
    }

    fn guarded(
        &self,
        span: Span,
        condition: Option<&ast::Condition>,
        block: &ast::Block,
        built: &Statement,
    ) -> CompletenessResult {
        let StatementKind::Guarded { condition: found, block: inside, .. } = &built.kind else { return Err(span) };
        match (condition, found) {
            (Some(condition), Some(found)) => self.condition(condition, found)?,
            (None, None) => {}
            (Some(_), None) | (None, Some(_)) => return Err(span),
        }
        self.block(block, inside)
    }
}
