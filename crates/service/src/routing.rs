//! Chooses who answers a call: the plan's agent, the fallback agent, the number's own agent, or
//! nobody. Pure: the plan's answer and the directory of agents are arguments.

use callplan::call::Outcome;
use callplan::compile::{Answer, Metadata};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::store::CallId;

/// The agents of an organization that calls can go to.
pub trait Directory {
    /// The version that answers for this agent: `version`, or the newest published one. `None`
    /// unless the agent exists, is active, and that version is published.
    fn resolve(&self, agent_id: &str, version: Option<u32>) -> Option<u32>;
}

/// An agent to route to, at a version or at its newest published one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedAgent<'a> {
    /// The agent's id.
    pub agent_id: &'a str,
    /// The version; `None` for the newest published one.
    pub version: Option<u32>,
}

/// The result of the organization's plan.
#[derive(Clone, Copy, Debug)]
pub enum Workflow<'a> {
    /// It gave an answer.
    Answered(&'a Answer<'a>),
    /// It does not compile, or it panicked.
    Failed,
    /// It took longer than the timeout.
    TimedOut,
}

/// The organization's config at the time of the call.
#[derive(Clone, Copy, Debug)]
pub enum Configured<'a> {
    /// There is none: the number's own agent answers.
    Missing,
    /// It is switched off: the number's own agent answers.
    Disabled {
        /// The revision in force.
        revision: u64,
    },
    /// It is in force, and its plan has run.
    Enabled {
        /// The revision in force; `None` for a plan that is only tried.
        revision: Option<u64>,
        /// The plan's result.
        workflow: Workflow<'a>,
        /// The agent that answers where the plan does not choose one.
        fallback: Option<WantedAgent<'a>>,
    },
}

/// Whether an agent answers the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// An agent answers.
    Answer,
    /// Nobody answers.
    Disconnect,
}

/// What chose the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DecisionSource {
    /// The plan.
    Workflow,
    /// The fallback agent, in place of the plan's choice.
    Fallback,
    /// The assignment of the dialed number.
    Number,
    /// Nothing: nobody answers.
    None,
}

/// Why the plan's choice did not answer: the first reason, if there are several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The plan rejected the call.
    Rejected,
    /// The plan said `fallback`, or reached its end without a choice.
    NoDecision,
    /// The agent does not exist, is not active, or has no such published version.
    AgentNotResolvable,
    /// The plan does not compile, or it panicked.
    WorkflowFailed,
    /// The plan took longer than the timeout.
    WorkflowTimeout,
    /// There is no config, and the number's own agent answers.
    NoConfig,
    /// The config is switched off, and the number's own agent answers.
    ConfigDisabled,
    /// No config is in force, and the number has no agent of its own.
    NumberUnassigned,
}

impl Action {
    /// All values, for the API document.
    pub const ALL: [Self; 2] = [Self::Answer, Self::Disconnect];

    /// Its name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Disconnect => "disconnect",
        }
    }
}

impl DecisionSource {
    /// All values, for the API document.
    pub const ALL: [Self; 4] = [Self::Workflow, Self::Fallback, Self::Number, Self::None];

    /// Its name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Workflow => "workflow",
            Self::Fallback => "fallback",
            Self::Number => "number",
            Self::None => "none",
        }
    }
}

impl Reason {
    /// All values, for the API document.
    pub const ALL: [Self; 8] = [
        Self::Rejected,
        Self::NoDecision,
        Self::AgentNotResolvable,
        Self::WorkflowFailed,
        Self::WorkflowTimeout,
        Self::NoConfig,
        Self::ConfigDisabled,
        Self::NumberUnassigned,
    ];

    /// Its name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::NoDecision => "no_decision",
            Self::AgentNotResolvable => "agent_not_resolvable",
            Self::WorkflowFailed => "workflow_failed",
            Self::WorkflowTimeout => "workflow_timeout",
            Self::NoConfig => "no_config",
            Self::ConfigDisabled => "config_disabled",
            Self::NumberUnassigned => "number_unassigned",
        }
    }
}

/// Every way in which a call is decided: the action, its source and its reason. It is the table of
/// the contract, `docs/reference/calls.md`.
pub const WAYS: [(Action, DecisionSource, Option<Reason>); 13] = [
    (Action::Answer, DecisionSource::Workflow, None),
    (Action::Disconnect, DecisionSource::Workflow, Some(Reason::Rejected)),
    (Action::Answer, DecisionSource::Fallback, Some(Reason::NoDecision)),
    (Action::Disconnect, DecisionSource::None, Some(Reason::NoDecision)),
    (Action::Answer, DecisionSource::Fallback, Some(Reason::AgentNotResolvable)),
    (Action::Disconnect, DecisionSource::None, Some(Reason::AgentNotResolvable)),
    (Action::Answer, DecisionSource::Fallback, Some(Reason::WorkflowFailed)),
    (Action::Disconnect, DecisionSource::None, Some(Reason::WorkflowFailed)),
    (Action::Answer, DecisionSource::Fallback, Some(Reason::WorkflowTimeout)),
    (Action::Disconnect, DecisionSource::None, Some(Reason::WorkflowTimeout)),
    (Action::Answer, DecisionSource::Number, Some(Reason::NoConfig)),
    (Action::Answer, DecisionSource::Number, Some(Reason::ConfigDisabled)),
    (Action::Disconnect, DecisionSource::None, Some(Reason::NumberUnassigned)),
];

/// What happens to a call. Its JSON is the contract's decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Whether an agent answers.
    pub action: Action,
    /// The id and the version of the agent that answers.
    pub agent: Option<(Box<str>, u32)>,
    /// Paragraphs for the agent.
    pub initial_context: Box<str>,
    /// The plan's metadata for the conversation: a JSON object.
    pub custom_metadata: Option<Box<RawValue>>,
    /// Whether the pre-conversation workflow is skipped.
    pub skip_pre_conversation_workflow: bool,
    /// What chose the agent.
    pub source: DecisionSource,
    /// Why the plan's choice did not answer.
    pub reason: Option<Reason>,
    /// The plan's rule that decided.
    pub rule: Option<Box<str>>,
    /// The revision of the config that was in force.
    pub config_revision: Option<u64>,
    /// Whether no text or metadata was made for this call alone, so that all calls that the plan
    /// decides like it get the same.
    pub is_shared: bool,
}

/// The fields of a decision in the contract's order.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct DecisionFields<'a> {
    /// The call's id; only in the answer to the call.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub id: Option<CallId>,
    /// `answer` or `disconnect`.
    pub action: &'a str,
    /// The agent that answers.
    pub agent_id: Option<&'a str>,
    /// The version that answers.
    pub version: Option<u32>,
    /// Paragraphs for the agent.
    pub initial_context: &'a str,
    /// The plan's metadata for the conversation.
    pub custom_metadata: Option<&'a RawValue>,
    /// Whether the pre-conversation workflow is skipped.
    pub skip_pre_conversation_workflow: bool,
    /// The name of a [`DecisionSource`].
    pub source: &'a str,
    /// The name of a [`Reason`].
    pub reason: Option<&'a str>,
    /// The plan's rule that decided.
    pub rule: Option<&'a str>,
    /// The revision that was in force.
    pub config_revision: Option<u64>,
}

fn as_text<S: Serializer>(id: &Option<CallId>, serializer: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => serializer.collect_str(id),
        None => serializer.serialize_none(),
    }
}

impl Decision {
    /// The decision's fields.
    pub fn fields(&self) -> DecisionFields<'_> {
        DecisionFields {
            id: None,
            action: self.action.name(),
            agent_id: self.agent.as_ref().map(|(id, _)| &**id),
            version: self.agent.as_ref().map(|(_, version)| *version),
            initial_context: &self.initial_context,
            custom_metadata: self.custom_metadata.as_deref(),
            skip_pre_conversation_workflow: self.skip_pre_conversation_workflow,
            source: self.source.name(),
            reason: self.reason.map(Reason::name),
            rule: self.rule.as_deref(),
            config_revision: self.config_revision,
        }
    }

    /// The metadata as a JSON value.
    pub fn metadata(&self) -> Option<Value> {
        // The text was serialized from an object, so it can be read.
        self.custom_metadata.as_ref().and_then(|metadata| serde_json::from_str(metadata.get()).ok())
    }

    /// Whether another decision has the same effect on the call, whatever the name of its rule and
    /// the number of its revision.
    pub fn does_the_same(&self, other: &Self) -> bool {
        let outcome = |decision: &Self| (decision.action, decision.source, decision.reason);
        outcome(self) == outcome(other)
            && self.agent == other.agent
            && self.initial_context == other.initial_context
            && self.skip_pre_conversation_workflow == other.skip_pre_conversation_workflow
            && self.metadata() == other.metadata()
    }
}

impl Decision {
    /// Whether a caller cannot tell another decision from this one: the same agent answers, at the
    /// same version, with the same context, metadata and skip; or nobody answers, for the same
    /// reason. What chose the agent does not matter.
    pub fn ends_like(&self, other: &Self) -> bool {
        let ending = |decision: &Self| decision.reason.filter(|_| decision.agent.is_none());
        self.agent == other.agent
            && ending(self) == ending(other)
            && self.initial_context == other.initial_context
            && self.skip_pre_conversation_workflow == other.skip_pre_conversation_workflow
            && self.metadata() == other.metadata()
    }
}

impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields().serialize(serializer)
    }
}

/// How a call ends: which agent answers, if any, and how it came to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending<'a> {
    /// The id and the version of the agent that answers; `None` if nobody does.
    pub agent: Option<(&'a str, u32)>,
    /// What chose the agent.
    pub source: DecisionSource,
    /// Why the plan's choice did not answer.
    pub reason: Option<Reason>,
}

impl<'a> Ending<'a> {
    /// The end of a call that a plan has decided: the agent that it `wants` answers, or the
    /// fallback agent, or nobody.
    pub fn by_plan(
        outcome: Outcome,
        wanted: Option<WantedAgent<'a>>,
        fallback: Option<WantedAgent<'a>>,
        directory: &impl Directory,
    ) -> Self {
        match (outcome, wanted) {
            (Outcome::Reject, _) => Self { source: DecisionSource::Workflow, ..Self::nobody(Reason::Rejected) },
            (Outcome::Route, Some(wanted)) => match directory.resolve(wanted.agent_id, wanted.version) {
                Some(version) => {
                    let agent = Some((wanted.agent_id, version));
                    Self { agent, source: DecisionSource::Workflow, reason: None }
                }
                None => Self::by_fallback(Reason::AgentNotResolvable, fallback, directory),
            },
            (Outcome::Route, None) | (Outcome::Fallback, _) => {
                Self::by_fallback(Reason::NoDecision, fallback, directory)
            }
        }
    }

    /// The end of a call that the plan could not decide: the fallback agent answers, or nobody.
    pub fn by_fallback(reason: Reason, fallback: Option<WantedAgent<'a>>, directory: &impl Directory) -> Self {
        let resolve =
            |agent: WantedAgent<'a>| Some((agent.agent_id, directory.resolve(agent.agent_id, agent.version)?));
        match fallback.and_then(resolve) {
            Some(agent) => Self { agent: Some(agent), source: DecisionSource::Fallback, reason: Some(reason) },
            None => Self::nobody(reason),
        }
    }

    /// The end of a call where no plan is in force, which is the `reason`: the agent that is
    /// `assigned` to the dialed number answers, or nobody.
    pub fn by_number(reason: Reason, assigned: Option<WantedAgent<'a>>, directory: &impl Directory) -> Self {
        let Some(agent) = assigned else { return Self::nobody(Reason::NumberUnassigned) };
        match directory.resolve(agent.agent_id, agent.version) {
            Some(version) => {
                let agent = Some((agent.agent_id, version));
                Self { agent, source: DecisionSource::Number, reason: Some(reason) }
            }
            None => Self::nobody(Reason::AgentNotResolvable),
        }
    }

    fn nobody(reason: Reason) -> Self {
        Self { agent: None, source: DecisionSource::None, reason: Some(reason) }
    }
}

/// A choice that borrows from the plan, the number or the config.
#[derive(Clone, Copy)]
struct Routed<'a> {
    ending: Ending<'a>,
    /// The plan's answer, whose rule decided.
    answer: Option<&'a Answer<'a>>,
    config_revision: Option<u64>,
}

impl From<Routed<'_>> for Decision {
    fn from(routed: Routed<'_>) -> Self {
        let Routed { ending: Ending { agent, source, reason }, answer, config_revision } = routed;
        // Context, metadata and skip go to the agent that answers.
        let carried = answer.filter(|_| agent.is_some());
        Self {
            action: if agent.is_some() { Action::Answer } else { Action::Disconnect },
            agent: agent.map(|(id, version)| (id.into(), version)),
            initial_context: carried.map(|answer| answer.initial_context().into()).unwrap_or_default(),
            custom_metadata: carried.and_then(|answer| answer.custom_metadata()).and_then(as_json),
            skip_pre_conversation_workflow: carried.is_some_and(Answer::skip_pre_conversation_workflow),
            source,
            reason,
            rule: answer.and_then(Answer::rule).map(Into::into),
            config_revision,
            is_shared: carried.is_none_or(Answer::is_lent),
        }
    }
}

fn as_json(metadata: Metadata<'_>) -> Option<Box<RawValue>> {
    match metadata {
        Metadata::Written(json) => Some(json.to_owned()),
        // A map with text keys can always be serialized.
        Metadata::Made(map) => to_raw_value(map).ok(),
    }
}

/// Chooses who answers. `assigned` is the agent of the dialed number.
pub fn route(configured: Configured<'_>, assigned: Option<WantedAgent<'_>>, directory: &impl Directory) -> Decision {
    choose(configured, assigned, directory).into()
}

fn choose<'a>(configured: Configured<'a>, assigned: Option<WantedAgent<'a>>, directory: &impl Directory) -> Routed<'a> {
    let by_number = |config_revision, reason| Routed {
        ending: Ending::by_number(reason, assigned, directory),
        answer: None,
        config_revision,
    };
    match configured {
        Configured::Missing => by_number(None, Reason::NoConfig),
        Configured::Disabled { revision } => by_number(Some(revision), Reason::ConfigDisabled),
        Configured::Enabled { revision, workflow, fallback } => {
            // A failed plan carries nothing.
            let failed = |reason| (Ending::by_fallback(reason, fallback, directory), None);
            let (ending, answer) = match workflow {
                Workflow::Answered(answer) => {
                    let wanted = answer.agent_id().map(|agent_id| WantedAgent { agent_id, version: answer.version() });
                    (Ending::by_plan(answer.outcome(), wanted, fallback, directory), Some(answer))
                }
                Workflow::Failed => failed(Reason::WorkflowFailed),
                Workflow::TimedOut => failed(Reason::WorkflowTimeout),
            };
            Routed { ending, answer, config_revision: revision }
        }
    }
}
