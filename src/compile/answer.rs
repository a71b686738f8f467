//! Leaves: what a call gets that ends up there, with what is the same for every such call made once.

use super::clause::{Clauses, Deciding};
use super::run::add_paragraph;
use crate::call::{Decision, Outcome, Output};
use crate::eval::{self, Facts};
use crate::plan::{CheckedPlan, Definitions, MetadataValue, RowSlot, Statement, StatementKind, Target, Template};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// What a plan says of a call, borrowed from the plan where it is the same for every call.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<'p> {
    /// Which of the three.
    pub outcome: Outcome,
    /// The innermost named rule that decided.
    pub rule: Option<&'p str>,
    /// The deciding statement's line, from 1.
    pub line: Option<usize>,
    /// Why the call is rejected, if the plan says so.
    pub reason: Option<&'p str>,
    /// Who answers.
    pub agent_id: Option<&'p str>,
    /// Which version.
    pub version: Option<u32>,
    /// Paragraphs for the agent.
    pub initial_context: Cow<'p, str>,
    /// From the first `metadata` on.
    pub custom_metadata: Option<Cow<'p, Map<String, Value>>>,
    /// Whether the pre-conversation workflow is left out.
    pub skip_pre_conversation_workflow: bool,
}

impl Answer<'_> {
    /// The same, owned.
    pub fn into_decision(self) -> Decision {
        Decision {
            outcome: self.outcome,
            rule: self.rule.map(str::to_owned),
            line: self.line,
            reason: self.reason.map(str::to_owned),
            output: Output {
                reject: self.outcome == Outcome::Reject,
                agent_id: self.agent_id.map(str::to_owned),
                version: self.version,
                initial_context: self.initial_context.into_owned(),
                custom_metadata: self.custom_metadata.map(Cow::into_owned),
                skip_pre_conversation_workflow: self.skip_pre_conversation_workflow,
            },
        }
    }
}

/// A leaf of the diagram.
#[derive(Debug)]
pub(super) struct Leaf {
    outcome: Outcome,
    rule: Option<Arc<str>>,
    line: Option<usize>,
    reason: Option<Arc<str>>,
    agent: Agent,
    context: Context,
    metadata: Metadata,
    skip: bool,
}

#[derive(Debug)]
enum Agent {
    Nobody,
    Fixed(Arc<str>, Option<u32>),
    /// The agent in a row's cell; a version on the route goes before its own.
    InRow(RowSlot, usize, Option<u32>),
}

#[derive(Debug)]
enum Context {
    Constant(String),
    Paragraphs(Vec<Template>),
}

#[derive(Debug)]
enum Metadata {
    Constant(Option<Map<String, Value>>),
    Members(Vec<(String, MetadataValue)>),
}

impl Leaf {
    /// What the clauses of a leaf say together.
    pub fn new(plan: &CheckedPlan, clauses: &Clauses, run: impl Iterator<Item = usize>) -> Self {
        let mut gathered = Gathered::default();
        let mut decided = None;
        for clause in run.map(|at| &clauses.clauses[at]) {
            clause.effects.iter().for_each(|effect| gathered.add(effect));
            decided = clause.decision.map(|decision| (decision, clause.rule));
        }
        let rule = decided.and_then(|(_, rule)| rule).and_then(|rule| rule_name(clauses.guarded[rule].statement));
        let mut leaf = Self {
            outcome: Outcome::Fallback,
            rule,
            line: decided.map(|(decision, _)| plan.source.line(decision.statement.span.start)),
            reason: None,
            agent: Agent::Nobody,
            context: gathered.context(),
            metadata: gathered.metadata(),
            skip: gathered.skip,
        };
        if let Some((decision, _)) = decided {
            leaf.decide(&plan.definitions, decision);
        }
        leaf
    }

    fn decide(&mut self, definitions: &Definitions, decision: Deciding) {
        let fixed = |agent: usize, version: Option<u32>| {
            let agent = &definitions.agents[agent];
            Agent::Fixed(Arc::clone(&agent.id), version.or(agent.version))
        };
        match &decision.statement.kind {
            StatementKind::Route { target, version } => {
                self.outcome = Outcome::Route;
                self.agent = match target {
                    Target::Id(id) => Agent::Fixed(Arc::clone(id), *version),
                    Target::Agent(agent) => fixed(*agent, *version),
                    Target::Column(slot, column) => match decision.agent {
                        Some(agent) => fixed(agent, *version),
                        None => Agent::InRow(*slot, *column, *version),
                    },
                };
            }
            StatementKind::Reject(reason) => {
                self.outcome = Outcome::Reject;
                self.reason.clone_from(reason);
            }
            StatementKind::Fallback
            | StatementKind::Guarded { .. }
            | StatementKind::Split(_)
            | StatementKind::Context(_)
            | StatementKind::Metadata(_)
            | StatementKind::Skip => {}
        }
    }

    /// What a call gets that has come to this leaf.
    #[inline]
    pub fn answer<'p>(&'p self, facts: &Facts<'p>) -> Answer<'p> {
        let (agent_id, version) = match &self.agent {
            Agent::Nobody => (None, None),
            Agent::Fixed(id, version) => (Some(&**id), *version),
            Agent::InRow(slot, column, version) => {
                let agent = facts.agent(*slot, *column).and_then(|agent| facts.agents().get(agent));
                (agent.map(|agent| &*agent.id), version.or(agent.and_then(|agent| agent.version)))
            }
        };
        Answer {
            outcome: self.outcome,
            rule: self.rule.as_deref(),
            line: self.line,
            reason: self.reason.as_deref(),
            agent_id,
            version,
            initial_context: self.context.fill(facts),
            custom_metadata: self.metadata.fill(facts),
            skip_pre_conversation_workflow: self.skip,
        }
    }
}

fn rule_name(statement: &Statement) -> Option<Arc<str>> {
    match &statement.kind {
        StatementKind::Guarded { name, .. } => name.clone(),
        StatementKind::Split(_)
        | StatementKind::Context(_)
        | StatementKind::Metadata(_)
        | StatementKind::Skip
        | StatementKind::Route { .. }
        | StatementKind::Reject(_)
        | StatementKind::Fallback => None,
    }
}

/// The effects of a leaf's clauses, in order.
#[derive(Default)]
struct Gathered<'p> {
    paragraphs: Vec<&'p Template>,
    members: Option<Vec<(String, MetadataValue)>>,
    skip: bool,
}

impl<'p> Gathered<'p> {
    fn add(&mut self, effect: &'p Statement) {
        match &effect.kind {
            StatementKind::Context(template) => self.paragraphs.push(template),
            StatementKind::Metadata(members) => {
                let held = self.members.get_or_insert_default();
                for (key, value) in members {
                    match held.iter_mut().find(|(known, _)| known == key) {
                        Some((_, known)) => *known = value.clone(),
                        None => held.push((key.clone(), value.clone())),
                    }
                }
            }
            StatementKind::Skip => self.skip = true,
            StatementKind::Guarded { .. }
            | StatementKind::Split(_)
            | StatementKind::Route { .. }
            | StatementKind::Reject(_)
            | StatementKind::Fallback => {}
        }
    }

    fn context(&self) -> Context {
        let constant: Option<Vec<&str>> = self.paragraphs.iter().map(|template| template.as_constant()).collect();
        match constant {
            Some(texts) => {
                Context::Constant(texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n"))
            }
            None => Context::Paragraphs(self.paragraphs.iter().map(|template| (*template).clone()).collect()),
        }
    }

    fn metadata(&mut self) -> Metadata {
        let Some(members) = self.members.take() else { return Metadata::Constant(None) };
        let constant: Option<Map<String, Value>> = members
            .iter()
            .map(|(key, value)| match value {
                MetadataValue::Constant(value) => Some((key.clone(), value.clone())),
                MetadataValue::Text(_)
                | MetadataValue::Bare(_)
                | MetadataValue::Object(_)
                | MetadataValue::Array(_) => None,
            })
            .collect();
        constant.map_or(Metadata::Members(members), |constant| Metadata::Constant(Some(constant)))
    }
}

impl Context {
    fn fill(&self, facts: &Facts) -> Cow<'_, str> {
        match self {
            Self::Constant(text) => Cow::Borrowed(text),
            Self::Paragraphs(paragraphs) => {
                let mut filled = String::with_capacity(64 * paragraphs.len());
                paragraphs.iter().for_each(|template| add_paragraph(template, facts, &mut filled));
                Cow::Owned(filled)
            }
        }
    }
}

impl Metadata {
    fn fill(&self, facts: &Facts) -> Option<Cow<'_, Map<String, Value>>> {
        match self {
            Self::Constant(constant) => constant.as_ref().map(Cow::Borrowed),
            Self::Members(members) => {
                let filled = members.iter().map(|(key, value)| (key.clone(), eval::metadata(value, facts)));
                Some(Cow::Owned(filled.collect()))
            }
        }
    }
}
