//! The model: one organization's state, as its writer knows it, and the decision that a call must
//! get. It shares no code with callplan.

use std::collections::VecDeque;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Value, json};

/// Lines of the office, each with its own rule.
pub const LINES: usize = 16;
/// Numbers with an assigned agent, which answers while no plan is in force.
pub const OWN_NUMBERS: usize = 2;

/// The agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Desk = 0,
    Night = 1,
}

/// An agent.
#[derive(Clone, Copy, Debug)]
pub struct SoakAgent {
    pub active: bool,
    /// The number of versions, all of them published.
    pub newest: u32,
}

/// Whether the switch `storm` is on.
#[derive(Clone, Copy, Debug)]
pub enum Storm {
    Off,
    On,
    Until(Timestamp),
}

/// The fields of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    /// The number of the text: see [`text`].
    pub edition: u64,
    /// The fallback agent and its version.
    pub fallback: Option<(Who, Option<u32>)>,
    pub enabled: bool,
}

/// The state of an organization.
#[derive(Clone, Debug)]
pub struct State {
    /// The revision in force.
    pub config: Option<(u64, Fields)>,
    pub storm: Storm,
    pub agents: [SoakAgent; 2],
    pub own_numbers: [Option<(Who, u32)>; OWN_NUMBERS],
}

/// A call.
#[derive(Clone, Copy, Debug)]
pub enum Call {
    Unwanted,
    Line(usize),
    Overflow,
    OwnNumber(usize),
}

impl Call {
    /// The call as JSON.
    pub fn body(self, office: usize) -> Value {
        let (caller, called, trunk) = match self {
            Self::Unwanted => ("+19005550100", line(3), "trunk-a"),
            Self::Line(at) => ("+14155550100", line(at), "trunk-a"),
            Self::Overflow => ("+14155550100", "+18005553000".to_owned(), "overflow"),
            Self::OwnNumber(at) => ("+14155550100", own_number(office, at), "trunk-a"),
        };
        json!({"caller_number": caller, "called_number": called, "trunk_id": trunk})
    }
}

fn line(at: usize) -> String {
    format!("+180055520{at:02}")
}

/// A number that only this organization has.
pub fn own_number(office: usize, at: usize) -> String {
    format!("+1206555{office:03}{at}")
}

/// The plan of an edition. Every fifth edition declares no switch.
pub fn text(edition: u64, ids: &[String; 2]) -> String {
    let [desk, night] = ids;
    let mut text = format!(
        "# Edition {edition}.\ntimezone America/New_York\nagent desk = \"{desk}\"\nagent night = \"{night}\"\n\
         numbers unwanted = [+1900*, +1976*]\n"
    );
    let storm =
        "switch storm\nrule \"Storm\" when storm is on {\n  context \"Storm, edition EDITION.\"\n  route to night\n}\n";
    text += "rule \"Unwanted\" when caller in unwanted { reject }\n";
    if has_storm(edition) {
        text += &storm.replace("EDITION", &edition.to_string());
    }
    for at in 0..LINES {
        let number = line(at);
        // Writing into text cannot fail.
        let _ = writeln!(
            text,
            "rule \"Line {at}\" when dialed is {number} {{\n  context \"Line {at}, edition {edition}.\"\n  \
             metadata {{ edition: {edition} }}\n  route to desk\n}}"
        );
    }
    text.push_str(&format!(
        "rule \"Overflow\" when trunk is \"overflow\" {{\n  context \"Overflow, edition {edition}.\"\n  fallback\n}}\n\
         rule \"Closed\" {{\n  context \"Closed, edition {edition}.\"\n  route to night\n}}\n"
    ));
    text
}

pub fn has_storm(edition: u64) -> bool {
    !edition.is_multiple_of(5)
}

impl State {
    fn resolved(&self, who: Who, version: Option<u32>) -> Option<(Who, u32)> {
        let agent = self.agents[who as usize];
        let version = version.unwrap_or(agent.newest);
        (agent.active && (1..=agent.newest).contains(&version)).then_some((who, version))
    }

    /// Puts a revision in force. A revision that does not declare the switch resets it.
    pub fn revise(&mut self, revision: u64, fields: Fields) {
        self.config = Some((revision, fields));
        if !has_storm(fields.edition) {
            self.storm = Storm::Off;
        }
    }

    /// The possible answers to a call that began and ended at these instants: one, or two around
    /// the end of a switch.
    pub fn answers(&self, call: Call, began: Timestamp, ended: Timestamp, ids: &[String; 2]) -> Vec<Value> {
        let storms = match self.storm {
            Storm::Off => vec![false],
            Storm::On => vec![true],
            Storm::Until(end) if ended < end => vec![true],
            Storm::Until(end) if began >= end => vec![false],
            Storm::Until(_) => vec![true, false],
        };
        storms.into_iter().map(|storm| self.answer(call, storm, ids)).collect()
    }

    fn answer(&self, call: Call, storm: bool, ids: &[String; 2]) -> Value {
        let Some((revision, fields)) = self.config else { return self.by_number(call, "no_config", None, ids) };
        if !fields.enabled {
            return self.by_number(call, "config_disabled", Some(revision), ids);
        }
        let edition = fields.edition;
        let by = |rule: &str| (format!("{rule}, edition {edition}."), rule.to_owned());
        let answer = AnswerFields { revision: Some(revision), ..AnswerFields::default() };
        let (who, answer) = match call {
            Call::Unwanted => {
                let answer = AnswerFields {
                    source: "workflow",
                    reason: Some("rejected"),
                    rule: Some("Unwanted".into()),
                    ..answer
                };
                return answer_json(None, answer, ids);
            }
            _ if storm && has_storm(edition) => (Some(Who::Night), answer.with(by("Storm"))),
            Call::Line(at) => {
                let answer = AnswerFields { metadata: json!({"edition": edition}), ..answer };
                (Some(Who::Desk), answer.with(by(&format!("Line {at}"))))
            }
            Call::Overflow => (None, answer.with(by("Overflow"))),
            Call::OwnNumber(_) => (Some(Who::Night), answer.with(by("Closed"))),
        };
        if let Some(answering) = who.and_then(|who| self.resolved(who, None)) {
            return answer_json(Some(answering), AnswerFields { source: "workflow", ..answer }, ids);
        }
        let reason = Some(if who.is_some() { "agent_not_resolvable" } else { "no_decision" });
        match fields.fallback.and_then(|(who, version)| self.resolved(who, version)) {
            Some(answering) => answer_json(Some(answering), AnswerFields { source: "fallback", reason, ..answer }, ids),
            // Without an agent, the answer has no context.
            None => answer_json(
                None,
                AnswerFields {
                    source: "none",
                    reason,
                    rule: answer.rule,
                    revision: answer.revision,
                    ..AnswerFields::default()
                },
                ids,
            ),
        }
    }

    fn by_number(&self, call: Call, reason: &'static str, revision: Option<u64>, ids: &[String; 2]) -> Value {
        let assigned = match call {
            Call::OwnNumber(at) => self.own_numbers[at],
            Call::Unwanted | Call::Line(_) | Call::Overflow => None,
        };
        let answering = assigned.and_then(|(who, version)| self.resolved(who, Some(version)));
        let (source, reason) = match (assigned, answering) {
            (_, Some(_)) => ("number", reason),
            (None, None) => ("none", "number_unassigned"),
            (Some(_), None) => ("none", "agent_not_resolvable"),
        };
        answer_json(answering, AnswerFields { source, reason: Some(reason), revision, ..AnswerFields::default() }, ids)
    }
}

/// The fields of an answer, without those of the agent.
#[derive(Default)]
struct AnswerFields {
    context: String,
    metadata: Value,
    source: &'static str,
    reason: Option<&'static str>,
    rule: Option<String>,
    revision: Option<u64>,
}

impl AnswerFields {
    fn with(self, (context, rule): (String, String)) -> Self {
        Self { context, rule: Some(rule), ..self }
    }
}

fn answer_json(answering: Option<(Who, u32)>, answer: AnswerFields, ids: &[String; 2]) -> Value {
    json!({
        "action": if answering.is_some() { "answer" } else { "disconnect" },
        "agent_id": answering.map(|(who, _)| &ids[who as usize]),
        "version": answering.map(|(_, version)| version),
        "initial_context": answer.context,
        "custom_metadata": answer.metadata,
        "skip_pre_conversation_workflow": false,
        "source": answer.source,
        "reason": answer.reason,
        "rule": answer.rule,
        "config_revision": answer.revision,
    })
}

/// The states of an organization. A call that runs beside a write may see the state before or after
/// it.
pub struct History {
    states: VecDeque<State>,
    /// The index of the first state that is kept.
    first: usize,
    /// The index of the last state whose write has been answered.
    settled: usize,
}

/// Number of states that are kept: more than are made during one call.
const REMEMBERED: usize = 512;

impl History {
    pub fn new(state: State) -> Self {
        Self { states: [state].into(), first: 0, settled: 0 }
    }

    /// The state after the last answered write.
    pub fn now(&self) -> State {
        self.states[self.settled - self.first].clone()
    }

    /// A write that leads to this state has been sent.
    pub fn propose(&mut self, state: State) {
        self.states.push_back(state);
        if self.states.len() > REMEMBERED {
            self.states.pop_front();
            self.first += 1;
        }
    }

    /// The write was refused.
    pub fn withdraw(&mut self) {
        self.states.pop_back();
    }

    /// The write was answered.
    pub fn settle(&mut self) {
        self.settled = self.first + self.states.len() - 1;
    }

    /// The index of the first state that a call may see if it begins now.
    pub fn place(&self) -> usize {
        self.settled
    }

    /// The states that a call may have seen that began at `place` and has ended now.
    pub fn since(&self, place: usize) -> impl Iterator<Item = &State> {
        self.states.iter().skip(place.saturating_sub(self.first))
    }
}
