//! Statements: rules, splits, routes and the rest, with the decisions that end a block.

use super::problems::{names as name_problems, statements as problems};
use super::test::Subject;
use super::{Checked, Checker};
use crate::plan::{
    Arm, ColumnType, Condition, HoleValue, Split, Statement, StatementKind, Target, Template, TemplatePart,
};
use crate::source::Span;
use crate::syntax::{DefinitionKind, ast};
use std::collections::HashMap;
use std::sync::Arc;

/// A percent has a hundred hundredths, and a split 10,000 buckets.
const WHOLE: u32 = 10_000;

/// Where each rule's name was first used.
#[derive(Default)]
pub(super) struct Labels<'a> {
    rules: HashMap<&'a str, Span>,
}

impl<'a> Checker<'a, '_> {
    /// The plan's own statements, of which there must be one.
    pub(super) fn plan_statements(&mut self) -> Checked<Vec<Statement>> {
        let statements: Vec<&'a ast::Statement> = super::definition::items!(self, Statement).collect();
        let mut labels = Labels::default();
        let checked = self.statements(statements.iter().copied(), &mut labels);
        match (statements.is_empty(), self.before) {
            (false, _) => Ok(checked),
            (true, Some(before)) => Err(before),
            (true, None) => self.refuse(problems::empty_plan(self.source)),
        }
    }

    fn statements(
        &mut self,
        statements: impl Iterator<Item = &'a ast::Statement>,
        labels: &mut Labels<'a>,
    ) -> Vec<Statement> {
        let mut checked = Vec::new();
        let mut decided: Option<Span> = None;
        let mut told = self.brackets_moved.is_some();
        for statement in statements {
            // Where something could not be read, nobody knows where the block was to end.
            told |= matches!(statement.kind, ast::StatementKind::Unreadable(_));
            if let Some(decision) = decided.filter(|_| !told) {
                self.problem(problems::after_decision(statement.label, decision));
                told = true;
            }
            if statement.kind.is_decision() {
                decided = decided.or(Some(statement.span));
            }
            let &ast::Statement { label, head, span, .. } = statement;
            // What is left out has an error of its own.
            let built = self.statement(statement, labels).ok();
            checked.extend(built.map(|kind| Statement { kind, label, head, span }));
        }
        checked
    }

    fn statement(&mut self, statement: &'a ast::Statement, labels: &mut Labels<'a>) -> Checked<StatementKind> {
        match &statement.kind {
            ast::StatementKind::Rule { name, condition, block } => self.rule(name, condition.as_deref(), block, labels),
            ast::StatementKind::When { condition, block } => {
                let rows = self.rows.len();
                let condition = self.condition_of_statement(condition);
                let block = self.block(condition.as_ref().ok(), block, labels);
                self.rows.truncate(rows);
                Ok(StatementKind::Guarded { name: None, condition: Some(Box::new(condition?)), block: block.into() })
            }
            ast::StatementKind::Split(split) => self.split(split, statement.label, labels).map(StatementKind::Split),
            ast::StatementKind::Context(text) => {
                let template = self.template(text)?;
                self.warn_of_untrusted(text, &template);
                Ok(StatementKind::Context(template))
            }
            ast::StatementKind::Metadata(object) => {
                self.metadata(object).map(|members| StatementKind::Metadata(members.into()))
            }
            ast::StatementKind::Skip => Ok(StatementKind::Skip),
            ast::StatementKind::Route(route) => self.route(route),
            ast::StatementKind::Reject(reason) => {
                Ok(StatementKind::Reject(reason.as_ref().map(|reason| Arc::from(reason.value.as_str()))))
            }
            ast::StatementKind::Fallback => Ok(StatementKind::Fallback),
            ast::StatementKind::Unreadable(unreadable) => Err(unreadable.reported),
        }
    }

    /// The statements that run where a condition holds.
    fn block(
        &mut self,
        condition: Option<&Condition>,
        block: &'a ast::Block,
        labels: &mut Labels<'a>,
    ) -> Vec<Statement> {
        let before = self.trusted.len();
        if let Some(condition) = condition {
            let settled = self.settled_texts(condition);
            self.trusted.extend(settled);
        }
        let statements = self.statements(block.statements.iter(), labels);
        self.trusted.truncate(before);
        statements
    }

    fn rule(
        &mut self,
        name: &'a ast::Text,
        condition: Option<&'a ast::Condition>,
        block: &'a ast::Block,
        labels: &mut Labels<'a>,
    ) -> Checked<StatementKind> {
        if name.value.trim().is_empty() {
            self.problem(problems::empty_rule_name(name.span));
        }
        if let Some(first) = labels.rules.get(name.value.as_str()) {
            self.problem(name_problems::duplicate_rule(&name.value, name.span, *first));
        } else {
            labels.rules.insert(&name.value, name.span);
        }
        let rows = self.rows.len();
        let checked = condition.map(|condition| self.condition_of_statement(condition));
        let block = self.block(checked.as_ref().and_then(|condition| condition.as_ref().ok()), block, labels);
        self.rows.truncate(rows);
        Ok(StatementKind::Guarded {
            name: Some(Arc::from(name.value.as_str())),
            condition: checked.transpose()?.map(Box::new),
            block: block.into(),
        })
    }

    fn split(&mut self, split: &'a ast::Split, keyword: Span, labels: &mut Labels<'a>) -> Checked<Split> {
        let mut next = 0;
        // What keeps the shares from being added up.
        let mut unread = split.unread.or(self.brackets_moved);
        let mut arms = Vec::with_capacity(split.arms.len());
        for arm in &split.arms {
            let share = match read_share(&arm.share.text) {
                Some(share) => share,
                None => {
                    unread = Some(self.error(problems::bad_share(&arm.share)));
                    0
                }
            };
            let end = share.saturating_add(next);
            let block = self.statements(arm.block.statements.iter(), labels);
            arms.push(Arm { buckets: next..end, block: block.into(), span: arm.span });
            next = end;
        }
        if let Some(unread) = unread {
            return Err(unread);
        }
        if next != WHOLE {
            return self.refuse(problems::shares_do_not_add_up(keyword, next));
        }
        Ok(Split {
            name: Arc::from(split.name.value.as_str()),
            by_caller: split.by == ast::SplitBy::Caller,
            arms: arms.into(),
        })
    }

    fn route(&mut self, route: &'a ast::Route) -> Checked<StatementKind> {
        let version = route.version.as_ref().map(|version| self.version(version));
        let target = match &route.target {
            ast::Target::Id(id) => {
                self.known_agent(id, version.and_then(Checked::ok), version.is_none());
                Ok(Target::Id(Arc::from(id.value.as_str())))
            }
            ast::Target::Path(path) => self.route_target(path),
        };
        if let (Ok(Target::Agent(agent)), Some(Ok(version)), Some(written)) = (&target, version, &route.version) {
            self.known_version(*agent, version, written.span);
        }
        Ok(StatementKind::Route { target: target?, version: version.transpose()? })
    }

    fn route_target(&mut self, path: &ast::Path) -> Checked<Target> {
        let is_row = self.rows.iter().any(|(row, ..)| row.text == path.name.text);
        if path.field.is_none() && !is_row {
            if let Some(rotation) = self.rotation_named(path) {
                return Ok(Target::Rotation(rotation));
            }
            return self.names.expect(&path.name, DefinitionKind::Agent, self.problems).map(Target::Agent);
        }
        match self.subject(path, false)? {
            Subject::Column { slot, column, column_type: ColumnType::Agent } => Ok(Target::Column(slot, column)),
            Subject::Column { column_type, .. } => {
                self.refuse(problems::not_an_agent(self.source.slice(path.span), path.span, column_type.value_type()))
            }
            Subject::Field(field) => {
                self.refuse(problems::not_an_agent(field.name(), path.span, field.entry().field_type))
            }
            Subject::Named(kind, _) => {
                self.refuse(name_problems::wrong_kind(&path.name.text, path.span, kind, DefinitionKind::Agent))
            }
        }
    }

    /// A text with its holes, each of which must be something that has a text.
    pub(super) fn template(&mut self, text: &ast::Text) -> Checked<Template> {
        let mut pieces = Vec::new();
        let mut at = 0;
        let mut wrong = None;
        for hole in &text.holes {
            if hole.at > at {
                pieces.push(TemplatePart::Text(text.value[at..hole.at].to_owned()));
                at = hole.at;
            }
            match self.reading(&hole.path) {
                Ok(reading) => pieces.push(TemplatePart::Hole(reading)),
                Err(reported) => wrong = Some(reported),
            }
        }
        if at < text.value.len() {
            pieces.push(TemplatePart::Text(text.value[at..].to_owned()));
        }
        wrong.map_or_else(|| Ok(Template { pieces: pieces.into() }), Err)
    }

    /// What a hole or a bare metadata value shows.
    pub(super) fn reading(&mut self, path: &ast::Path) -> Checked<HoleValue> {
        if let Some(told) = self.told(path) {
            return told;
        }
        if path.field.is_none() && self.is_nothing(&path.name.text) {
            return self.refuse(problems::nothing_to_show(&path.name));
        }
        match self.subject(path, false)? {
            Subject::Field(field) => Ok(HoleValue::Field(field)),
            Subject::Column { column_type: ColumnType::Schedule, .. } => {
                self.refuse(problems::schedule_in_text(self.source.slice(path.span), path.span))
            }
            Subject::Column { slot, column, .. } => Ok(HoleValue::Column(slot, column)),
            Subject::Named(DefinitionKind::Attribute, number) => Ok(HoleValue::Attribute(number)),
            Subject::Named(DefinitionKind::Rotation, number) => Ok(HoleValue::OnCall(number)),
            Subject::Named(kind, _) => self.refuse(problems::not_showable(path, kind)),
        }
    }

    /// Notes an id, and judges it where the organization's agents are known.
    pub(super) fn known_agent(&mut self, id: &ast::Text, version: Option<u32>, newest: bool) {
        self.definitions.agent_ids.push((Arc::from(id.value.as_str()), id.span));
        let Some(agents) = self.options.agents else { return };
        match agents.find(&id.value) {
            None => self.problem(problems::unknown_agent(&id.value, id.span)),
            Some(state) => {
                if !state.active {
                    self.problem(problems::inactive_agent(&id.value, self.options.fallback, id.span));
                }
                if agents.knows_versions()
                    && let Some(problem) = problems::version_state(&state, version, newest, id.span)
                {
                    self.problem(problem);
                }
            }
        }
    }

    /// A version that a route asks of a named agent.
    fn known_version(&mut self, agent: usize, version: u32, span: Span) {
        let Some(agents) = self.options.agents.filter(|agents| agents.knows_versions()) else { return };
        let Some(state) = self.definitions.agents.get(agent).and_then(|agent| agents.find(&agent.id)) else { return };
        if let Some(problem) = problems::version_state(&state, Some(version), false, span) {
            self.problem(problem);
        }
    }
}

/// A share in hundredths of a percent.
fn read_share(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 2 || whole.len() > 3 {
        return None;
    }
    let hundredths: u32 = format!("{fraction:0<2}").parse().ok()?;
    let share = whole.parse::<u32>().ok()? * 100 + hundredths;
    (share <= WHOLE).then_some(share)
}
