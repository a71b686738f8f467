//! The choice when a call comes in: the plan's agent, the fallback agent, the number's own agent, or nobody. What the plan
//! says and which agents there are is given; here it is only decided between them.

use callplan::call::Outcome;
use callplan::compile::{Answer, Metadata};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// The agents of an organization, as far as calls can go to them.
pub trait Directory {
    /// The version that answers where this agent, at this version or else its newest published one, is asked for: `None`
    /// unless the agent exists, is active, and that version is published.
    fn resolve(&self, agent_id: &str, version: Option<u32>) -> Option<u32>;
}

/// An agent that is asked for, at a version or at its newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// By its id.
    pub agent_id: &'a str,
    /// `None` is the newest published.
    pub version: Option<u32>,
}

/// What became of the organization's workflow.
#[derive(Clone, Copy, Debug)]
pub enum Workflow<'a> {
    /// It said something.
    Answered(&'a Answer<'a>),
    /// It cannot be run, or broke.
    Failed,
    /// It took longer than it may.
    TimedOut,
}

/// The organization's config, when the call came.
#[derive(Clone, Copy, Debug)]
pub enum Configured<'a> {
    /// There is none: the number's own agent is asked for.
    Missing,
    /// It is switched off: the number's own agent is asked for.
    Disabled {
        /// The revision in force.
        revision: u64,
    },
    /// Its workflow was run.
    Enabled {
        /// The revision in force; none for a plan that is only tried.
        revision: Option<u64>,
        /// What became of it.
        workflow: Workflow<'a>,
        /// Who answers where it does not say.
        fallback: Option<Wanted<'a>>,
    },
}

/// Whether anybody answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// An agent does.
    Answer,
    /// Nobody does.
    Disconnect,
}

/// What chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The plan.
    Workflow,
    /// The fallback agent stood in.
    Fallback,
    /// The number's own assignment.
    Number,
    /// Nothing did.
    None,
}

/// The first thing that went off the plain path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The plan turned the call away.
    Rejected,
    /// The plan said `fallback`, or nothing.
    NoDecision,
    /// The agent does not exist, is not active, or has no such published version.
    AgentNotResolvable,
    /// The workflow cannot be run, or broke.
    WorkflowFailed,
    /// The workflow took longer than it may.
    WorkflowTimeout,
    /// There is no config, and the number's own agent answers.
    NoConfig,
    /// The config is switched off, and the number's own agent answers.
    ConfigDisabled,
    /// No config is in force, and the number has no agent of its own.
    NumberUnassigned,
}

impl Action {
    /// All of them, for documents.
    pub const ALL: [Self; 2] = [Self::Answer, Self::Disconnect];

    /// Its name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Disconnect => "disconnect",
        }
    }
}

impl Source {
    /// All of them, for documents.
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
    /// All of them, for documents.
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

/// What is done with a call. As JSON it is the contract's decision, without the id.
#[derive(Clone, Copy, Debug)]
pub struct Routed<'a> {
    /// Whether anybody answers.
    pub action: Action,
    /// Who answers, at which version.
    pub agent: Option<(&'a str, u32)>,
    /// What the plan gives the agent along: context, metadata, skip.
    pub carried: Option<&'a Answer<'a>>,
    /// What chose.
    pub source: Source,
    /// What went off the plain path.
    pub reason: Option<Reason>,
    /// The plan's rule that decided.
    pub rule: Option<&'a str>,
    /// The config's revision that was in force.
    pub config_revision: Option<u64>,
}

/// Chooses. `assigned` is the agent of the dialed number itself.
pub fn route<'a>(configured: Configured<'a>, assigned: Option<Wanted<'a>>, directory: &impl Directory) -> Routed<'a> {
    match configured {
        Configured::Missing => by_number(None, Reason::NoConfig, assigned, directory),
        Configured::Disabled { revision } => by_number(Some(revision), Reason::ConfigDisabled, assigned, directory),
        Configured::Enabled { revision, workflow, fallback } => {
            let choice = Choice { revision, fallback, directory };
            match workflow {
                Workflow::Answered(answer) => choice.by_answer(answer),
                Workflow::Failed => choice.by_fallback(Reason::WorkflowFailed, None),
                Workflow::TimedOut => choice.by_fallback(Reason::WorkflowTimeout, None),
            }
        }
    }
}

fn by_number<'a>(
    revision: Option<u64>,
    reason: Reason,
    assigned: Option<Wanted<'a>>,
    directory: &impl Directory,
) -> Routed<'a> {
    let nobody = |reason| Routed { config_revision: revision, ..nobody(reason) };
    let Some(wanted) = assigned else { return nobody(Reason::NumberUnassigned) };
    match directory.resolve(wanted.agent_id, wanted.version) {
        Some(version) => Routed {
            action: Action::Answer,
            agent: Some((wanted.agent_id, version)),
            source: Source::Number,
            ..nobody(reason)
        },
        None => nobody(Reason::AgentNotResolvable),
    }
}

fn nobody<'a>(reason: Reason) -> Routed<'a> {
    Routed {
        action: Action::Disconnect,
        agent: None,
        carried: None,
        source: Source::None,
        reason: Some(reason),
        rule: None,
        config_revision: None,
    }
}

/// A config in force, and who may stand in.
struct Choice<'a, 'd, D> {
    revision: Option<u64>,
    fallback: Option<Wanted<'a>>,
    directory: &'d D,
}

impl<'a, D: Directory> Choice<'a, '_, D> {
    fn by_answer(&self, answer: &'a Answer<'a>) -> Routed<'a> {
        let revision = self.revision;
        match (answer.outcome(), answer.agent_id()) {
            (Outcome::Reject, _) => Routed {
                source: Source::Workflow,
                rule: answer.rule(),
                config_revision: revision,
                ..nobody(Reason::Rejected)
            },
            (Outcome::Route, Some(agent_id)) => match self.directory.resolve(agent_id, answer.version()) {
                Some(version) => Routed {
                    action: Action::Answer,
                    agent: Some((agent_id, version)),
                    carried: Some(answer),
                    source: Source::Workflow,
                    reason: None,
                    rule: answer.rule(),
                    config_revision: revision,
                },
                None => self.by_fallback(Reason::AgentNotResolvable, Some(answer)),
            },
            (Outcome::Route, None) | (Outcome::Fallback, _) => self.by_fallback(Reason::NoDecision, Some(answer)),
        }
    }

    /// A workflow that failed has said nothing, so nothing is carried; else what it said goes to who stands in.
    fn by_fallback(&self, reason: Reason, answer: Option<&'a Answer<'a>>) -> Routed<'a> {
        let nobody = Routed { rule: answer.and_then(Answer::rule), config_revision: self.revision, ..nobody(reason) };
        let resolved = self.fallback.and_then(|wanted| {
            self.directory.resolve(wanted.agent_id, wanted.version).map(|version| (wanted.agent_id, version))
        });
        match resolved {
            Some(agent) => Routed {
                action: Action::Answer,
                agent: Some(agent),
                carried: answer,
                source: Source::Fallback,
                ..nobody
            },
            None => nobody,
        }
    }
}

impl<'a> Routed<'a> {
    /// Paragraphs for the agent.
    pub fn initial_context(&self) -> &str {
        self.carried.map_or("", |answer| answer.initial_context())
    }

    /// What the plan keeps with the conversation.
    pub fn custom_metadata(&self) -> Option<Metadata<'_>> {
        self.carried.and_then(|answer| answer.custom_metadata())
    }
}

impl Serialize for Routed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Identified { id: None, routed: self }.serialize(serializer)
    }
}

/// A decision with the id of its call: the contract's answer, in its order.
#[derive(Clone, Copy, Debug)]
pub struct Identified<'r> {
    /// Left out where there is none.
    pub id: Option<&'r str>,
    /// What is done with it.
    pub routed: &'r Routed<'r>,
}

impl Serialize for Identified<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { id, routed } = self;
        let mut fields = serializer.serialize_struct("Decision", if id.is_some() { 11 } else { 10 })?;
        match id {
            Some(id) => fields.serialize_field("id", id)?,
            None => fields.skip_field("id")?,
        }
        fields.serialize_field("action", routed.action.name())?;
        fields.serialize_field("agent_id", &routed.agent.map(|(agent_id, _)| agent_id))?;
        fields.serialize_field("version", &routed.agent.map(|(_, version)| version))?;
        fields.serialize_field("initial_context", routed.initial_context())?;
        fields.serialize_field("custom_metadata", &routed.custom_metadata())?;
        let skips = routed.carried.is_some_and(|answer| answer.skip_pre_conversation_workflow());
        fields.serialize_field("skip_pre_conversation_workflow", &skips)?;
        fields.serialize_field("source", routed.source.name())?;
        fields.serialize_field("reason", &routed.reason.map(Reason::name))?;
        fields.serialize_field("rule", &routed.rule)?;
        fields.serialize_field("config_revision", &routed.config_revision)?;
        fields.end()
    }
}
