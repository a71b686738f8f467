//! The decision of a compiled plan, borrowed from the plan where it is the same for every call.

use crate::call::{Decision, Outcome, Output};
use crate::plan::{Agent, CheckedPlan, Statement, StatementKind, Target};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The decision for a call, borrowed from the plan where it is the same for every call.
#[derive(Clone, Debug)]
pub struct Answer<'p>(pub(super) AnswerForm<'p>);

#[derive(Clone, Debug)]
pub(super) enum AnswerForm<'p> {
    /// Borrowed: the same for every call of the leaf.
    Lent(&'p ConstantAnswer),
    /// Borrowed except for the parts that vary from call to call.
    Filled(&'p ConstantAnswer, VaryingParts<'p>),
    /// Made for this call.
    Made(OwnedAnswer<'p>),
}

/// The parts that are the same for every call of a leaf.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct ConstantAnswer {
    pub outcome: Outcome,
    pub rule: Option<Arc<str>>,
    pub line: Option<usize>,
    pub reason: Option<Arc<str>>,
    pub agent_id: Option<Arc<str>>,
    pub version: Option<u32>,
    pub context: Box<str>,
    /// As JSON, because nearly every caller serializes it.
    #[serde(with = "super::kept::raw_json")]
    pub metadata: Option<Box<RawValue>>,
    pub skip: bool,
}

/// The metadata of an answer, an object.
#[derive(Clone, Copy, Debug)]
pub enum Metadata<'a> {
    /// As JSON, since it is the same for every call that gets it.
    Written(&'a RawValue),
    /// Made for this call.
    Made(&'a Map<String, Value>),
}

impl Metadata<'_> {
    /// The object.
    pub fn to_map(self) -> Map<String, Value> {
        match self {
            // What was written from a map is read as one.
            Self::Written(json) => serde_json::from_str(json.get()).unwrap_or_default(),
            Self::Made(map) => map.clone(),
        }
    }
}

impl Serialize for Metadata<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Written(json) => json.serialize(serializer),
            Self::Made(map) => map.serialize(serializer),
        }
    }
}

/// The parts that vary from call to call; they replace the constant ones.
#[derive(Clone, Debug, Default)]
pub(super) struct VaryingParts<'p> {
    pub agent: Option<&'p Agent>,
    pub context: Option<String>,
    pub metadata: Option<Box<Map<String, Value>>>,
}

/// A decision made for one call.
#[derive(Clone, Debug)]
pub(super) struct OwnedAnswer<'p> {
    pub plan: &'p CheckedPlan,
    /// What ended the plan.
    pub decision: Option<&'p Statement>,
    pub rule: Option<&'p str>,
    /// The agent, if the statement routes to the agent of a row or of a rotation.
    pub agent: Option<&'p Agent>,
    pub context: String,
    pub metadata: Option<Box<Map<String, Value>>>,
    pub skip: bool,
}

impl<'p> OwnedAnswer<'p> {
    fn outcome(&self) -> Outcome {
        match self.decision.map(|decision| &decision.kind) {
            Some(StatementKind::Route { .. }) => Outcome::Route,
            Some(StatementKind::Reject(_)) => Outcome::Reject,
            Some(
                StatementKind::Fallback
                | StatementKind::Guarded { .. }
                | StatementKind::Split(_)
                | StatementKind::Context(_)
                | StatementKind::Metadata(_)
                | StatementKind::Skip,
            )
            | None => Outcome::Fallback,
        }
    }

    fn agent(&self) -> (Option<&'p str>, Option<u32>) {
        let Some(StatementKind::Route { target, version }) = self.decision.map(|decision| &decision.kind) else {
            return (None, None);
        };
        let agent = match target {
            Target::Id(id) => return (Some(id), *version),
            Target::Agent(agent) => self.plan.definitions.agents.get(*agent),
            Target::Column(..) | Target::Rotation(_) => self.agent,
        };
        (agent.map(|agent| &*agent.id), version.or(agent.and_then(|agent| agent.version)))
    }

    fn reason(&self) -> Option<&'p str> {
        match self.decision.map(|decision| &decision.kind) {
            Some(StatementKind::Reject(reason)) => reason.as_deref(),
            _ => None,
        }
    }
}

impl<'p> Answer<'p> {
    /// Which of the three.
    pub fn outcome(&self) -> Outcome {
        match &self.0 {
            AnswerForm::Lent(constant) | AnswerForm::Filled(constant, _) => constant.outcome,
            AnswerForm::Made(made) => made.outcome(),
        }
    }

    /// Whether all calls that end where this one did get the same, word for word.
    pub fn is_lent(&self) -> bool {
        matches!(self.0, AnswerForm::Lent(_))
    }

    /// The innermost named rule that decided.
    pub fn rule(&self) -> Option<&'p str> {
        match &self.0 {
            AnswerForm::Lent(constant) | AnswerForm::Filled(constant, _) => constant.rule.as_deref(),
            AnswerForm::Made(made) => made.rule,
        }
    }

    /// The deciding statement's line, from 1; `None` when the plan ran off its end.
    pub fn line(&self) -> Option<usize> {
        match &self.0 {
            AnswerForm::Lent(constant) | AnswerForm::Filled(constant, _) => constant.line,
            AnswerForm::Made(made) => made.decision.map(|decision| made.plan.source.line(decision.span.start)),
        }
    }

    /// Why the call is rejected, if the plan says so.
    pub fn reason(&self) -> Option<&'p str> {
        match &self.0 {
            AnswerForm::Lent(constant) | AnswerForm::Filled(constant, _) => constant.reason.as_deref(),
            AnswerForm::Made(made) => made.reason(),
        }
    }

    /// Who answers; `None` leaves it to the fallback agent.
    pub fn agent_id(&self) -> Option<&'p str> {
        self.agent().0
    }

    /// Which version of the agent; `None` is the newest published.
    pub fn version(&self) -> Option<u32> {
        self.agent().1
    }

    fn agent(&self) -> (Option<&'p str>, Option<u32>) {
        match &self.0 {
            // The constant has the version that the route names; that goes before the agent's own.
            AnswerForm::Filled(constant, VaryingParts { agent: Some(agent), .. }) => {
                (Some(&*agent.id), constant.version.or(agent.version))
            }
            AnswerForm::Lent(constant) | AnswerForm::Filled(constant, _) => {
                (constant.agent_id.as_deref(), constant.version)
            }
            AnswerForm::Made(made) => made.agent(),
        }
    }

    /// Paragraphs for the agent, joined by newlines.
    pub fn initial_context(&self) -> &str {
        match &self.0 {
            AnswerForm::Filled(_, VaryingParts { context: Some(context), .. }) => context,
            AnswerForm::Lent(constant) | AnswerForm::Filled(constant, _) => &constant.context,
            AnswerForm::Made(made) => &made.context,
        }
    }

    /// From the first `metadata` on, an object.
    pub fn custom_metadata(&self) -> Option<Metadata<'_>> {
        match &self.0 {
            AnswerForm::Filled(_, VaryingParts { metadata: Some(metadata), .. }) => Some(Metadata::Made(metadata)),
            AnswerForm::Lent(constant) | AnswerForm::Filled(constant, _) => {
                constant.metadata.as_deref().map(Metadata::Written)
            }
            AnswerForm::Made(made) => made.metadata.as_deref().map(Metadata::Made),
        }
    }

    /// Whether the pre-conversation workflow is left out.
    pub fn skip_pre_conversation_workflow(&self) -> bool {
        match &self.0 {
            AnswerForm::Lent(constant) | AnswerForm::Filled(constant, _) => constant.skip,
            AnswerForm::Made(made) => made.skip,
        }
    }

    /// The same, owned.
    pub fn into_decision(self) -> Decision {
        Decision {
            outcome: self.outcome(),
            rule: self.rule().map(str::to_owned),
            line: self.line(),
            reason: self.reason().map(str::to_owned),
            output: Output {
                reject: self.outcome() == Outcome::Reject,
                agent_id: self.agent_id().map(str::to_owned),
                version: self.version(),
                skip_pre_conversation_workflow: self.skip_pre_conversation_workflow(),
                initial_context: self.initial_context().to_owned(),
                custom_metadata: self.custom_metadata().map(Metadata::to_map),
            },
        }
    }
}
