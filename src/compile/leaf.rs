//! Leaves: what a call gets that ends up there, with what is the same for every such call made
//! once.

use super::answer::{Answer, AnswerForm, ConstantAnswer, VaryingParts};
use super::budget::{OverBudget, RemainingSteps};
use super::clause::{Clause, ClauseDecision, Clauses};
use super::diagram::Diagram;
use super::run::add_paragraph;
use crate::call::{Call, Outcome};
use crate::eval::{self, Facts, ToldAhead};
use crate::plan::{
    CheckedPlan, Definitions, MetadataValue, RowSlot, Statement, StatementKind, Target, Template, TemplatePart,
};
use serde_json::value::to_raw_value;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::sync::Arc;

/// Takes the memory that the texts and metadata of all leaves need: each leaf has its own.
pub(super) fn keep_effects(clauses: &Clauses, diagram: &Diagram, effort: &RemainingSteps) -> Result<(), OverBudget> {
    let of_clause = |clause: &Clause| clause.effects.iter().map(|effect| bytes_of_effect(effect)).sum::<usize>();
    let sizes: Vec<usize> = clauses.clauses.iter().map(of_clause).collect();
    diagram.leaves.iter().try_for_each(|run| effort.keep(run.iter().map(|(_, clause)| sizes[*clause as usize]).sum()))
}

/// About how many bytes a leaf needs for an effect.
fn bytes_of_effect(effect: &Statement) -> usize {
    match &effect.kind {
        StatementKind::Context(template) => bytes_of_text(template),
        StatementKind::Metadata(members) => bytes_of_members(members),
        StatementKind::Skip
        | StatementKind::Guarded { .. }
        | StatementKind::Split(_)
        | StatementKind::Route { .. }
        | StatementKind::Reject(_)
        | StatementKind::Fallback => 0,
    }
}

fn bytes_of_text(template: &Template) -> usize {
    let of_part = |part: &TemplatePart| match part {
        TemplatePart::Text(text) => text.len(),
        TemplatePart::Hole(_) => 0,
    };
    template.pieces.iter().map(|part| size_of::<TemplatePart>() + of_part(part)).sum()
}

fn bytes_of_members(members: &[(String, MetadataValue)]) -> usize {
    members.iter().map(|(key, value)| size_of::<String>() + key.len() + bytes_of_value(value)).sum()
}

fn bytes_of_value(value: &MetadataValue) -> usize {
    let inside = match value {
        MetadataValue::Constant(value) => bytes_of_constant(value),
        MetadataValue::Text(template) => bytes_of_text(template),
        MetadataValue::Bare(_) => 0,
        MetadataValue::Object(members) => bytes_of_members(members),
        MetadataValue::Array(values) => values.iter().map(bytes_of_value).sum(),
    };
    size_of::<MetadataValue>() + inside
}

fn bytes_of_constant(value: &Value) -> usize {
    let inside = match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(bytes_of_constant).sum(),
        Value::Object(members) => members.iter().map(|(key, value)| key.len() + bytes_of_constant(value)).sum(),
    };
    size_of::<Value>() + inside
}

/// A leaf of the diagram.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Leaf {
    constant: ConstantAnswer,
    /// The parts that must be made for each call.
    varying: Option<Box<VaryingEffects>>,
}

/// The effects that vary from call to call.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
struct VaryingEffects {
    /// The agent in a row's cell.
    agent: Option<(RowSlot, usize)>,
    context: Option<Vec<Template>>,
    metadata: Option<Vec<(String, MetadataValue)>>,
}

impl Leaf {
    /// What the clauses of a leaf say together.
    pub fn new(plan: &CheckedPlan, clauses: &Clauses, run: impl Iterator<Item = usize>) -> Self {
        let mut gathered = LeafEffects::default();
        let mut decided = None;
        for clause in run.map(|at| &clauses.clauses[at]) {
            clause.effects.iter().for_each(|effect| gathered.add(effect));
            decided = clause.decision.map(|decision| (decision, clause.rule));
        }
        let rule =
            decided.and_then(|(_, rule)| rule).and_then(|rule| clauses.guarded[rule].statement.rule_name().cloned());
        let mut constant = ConstantAnswer {
            outcome: Outcome::Fallback,
            rule,
            line: decided.map(|(decision, _)| plan.source.line(decision.statement.span.start)),
            reason: None,
            agent_id: None,
            version: None,
            context: Box::default(),
            metadata: None,
            skip: gathered.skip,
        };
        let mut varying = VaryingEffects::default();
        match gathered.context() {
            Ok(context) => constant.context = context.into(),
            Err(paragraphs) => varying.context = Some(paragraphs),
        }
        match gathered.metadata() {
            // Text, numbers and maps with text for keys: there is nothing that could not be
            // written.
            Ok(metadata) => constant.metadata = metadata.and_then(|metadata| to_raw_value(&metadata).ok()),
            Err(members) => varying.metadata = Some(members),
        }
        if let Some((decision, _)) = decided {
            decide(plan, decision, &mut constant, &mut varying);
        }
        let varies = varying.agent.is_some() || varying.context.is_some() || varying.metadata.is_some();
        Self { constant, varying: varies.then(|| Box::new(varying)) }
    }

    /// Shares each text with the leaves that have the same, as those of a plan do that was compiled.
    pub fn share_texts(&mut self, known: &mut HashSet<Arc<str>>) {
        let ConstantAnswer { rule, reason, agent_id, .. } = &mut self.constant;
        for text in [rule, reason, agent_id].into_iter().flatten() {
            match known.get(text) {
                Some(shared) => *text = Arc::clone(shared),
                None => drop(known.insert(Arc::clone(text))),
            }
        }
    }

    /// What a call gets that has come to this leaf.
    #[inline]
    pub fn answer<'p>(&'p self, call: &'p Call, definitions: &'p Definitions, told: &'p ToldAhead) -> Answer<'p> {
        match &self.varying {
            None => Answer(AnswerForm::Lent(&self.constant)),
            Some(varying) => self.fill(varying, Facts::of(call, definitions).with_ahead(Some(told))),
        }
    }

    #[inline(never)]
    fn fill<'p>(&'p self, varying: &VaryingEffects, facts: Facts<'p>) -> Answer<'p> {
        Answer(AnswerForm::Filled(&self.constant, varying.fill(&facts)))
    }
}

fn decide(plan: &CheckedPlan, decision: ClauseDecision, constant: &mut ConstantAnswer, varying: &mut VaryingEffects) {
    match &decision.statement.kind {
        StatementKind::Route { target, version } => {
            constant.outcome = Outcome::Route;
            constant.version = *version;
            let agent = match target {
                Target::Id(id) => return constant.agent_id = Some(Arc::clone(id)),
                Target::Agent(agent) => Some(*agent),
                Target::Column(slot, column) => {
                    varying.agent = decision.agent.is_none().then_some((*slot, *column));
                    decision.agent
                }
                Target::Rotation(_) => decision.agent,
            };
            if let Some(agent) = agent.map(|agent| &plan.definitions.agents[agent]) {
                constant.agent_id = Some(Arc::clone(&agent.id));
                constant.version = version.or(agent.version);
            }
        }
        StatementKind::Reject(reason) => {
            constant.outcome = Outcome::Reject;
            constant.reason.clone_from(reason);
        }
        StatementKind::Fallback
        | StatementKind::Guarded { .. }
        | StatementKind::Split(_)
        | StatementKind::Context(_)
        | StatementKind::Metadata(_)
        | StatementKind::Skip => {}
    }
}

impl VaryingEffects {
    fn fill<'p>(&self, facts: &Facts<'p>) -> VaryingParts<'p> {
        let agent = self.agent.and_then(|(slot, column)| facts.agents().get(facts.agent(slot, column)?));
        let context = self.context.as_ref().map(|paragraphs| {
            let mut filled = String::with_capacity(64 * paragraphs.len());
            paragraphs.iter().for_each(|template| add_paragraph(template, facts, &mut filled));
            filled
        });
        let metadata = self.metadata.as_ref().map(|members| {
            let filled = members.iter().map(|(key, value)| (key.clone(), eval::metadata(value, facts)));
            Box::new(filled.collect())
        });
        VaryingParts { agent, context, metadata }
    }
}

/// The effects of a leaf's clauses, in order.
#[derive(Default)]
struct LeafEffects<'p> {
    paragraphs: Vec<&'p Template>,
    members: Option<Vec<(String, MetadataValue)>>,
    skip: bool,
}

impl<'p> LeafEffects<'p> {
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

    /// The whole context, or the paragraphs to be filled.
    fn context(&self) -> Result<String, Vec<Template>> {
        let constant: Option<Vec<&str>> = self.paragraphs.iter().map(|template| template.as_constant()).collect();
        match constant {
            Some(texts) => Ok(texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")),
            None => Err(self.paragraphs.iter().map(|template| (*template).clone()).collect()),
        }
    }

    /// The whole metadata, or the members to be filled.
    #[allow(clippy::type_complexity, reason = "one of two forms of the same")]
    fn metadata(&mut self) -> Result<Option<Map<String, Value>>, Vec<(String, MetadataValue)>> {
        let Some(members) = self.members.take() else { return Ok(None) };
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
        constant.map(Some).ok_or(members)
    }
}
