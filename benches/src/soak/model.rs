//! What is meant: one organization's state, as its writer knows it, and what a call gets by it. It shares no code with
//! callplan.

use std::collections::VecDeque;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Value, json};

/// Lines of the office, each with a rule of its own.
pub const LINES: usize = 16;
/// Numbers that have an agent of their own, while no plan is in force.
pub const OWN_NUMBERS: usize = 2;

/// Who may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Desk = 0,
    Night = 1,
}

/// An agent.
#[derive(Clone, Copy, Debug)]
pub struct Agent {
    pub active: bool,
    /// Versions there are, all of them published.
    pub newest: u32,
}

/// Whether the switch `storm` is on.
#[derive(Clone, Copy, Debug)]
pub enum Storm {
    Off,
    On,
    Until(Timestamp),
}

/// What a revision says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    /// Which text: see [`text`].
    pub edition: u64,
    /// Who stands in, and at which version.
    pub fallback: Option<(Who, Option<u32>)>,
    pub enabled: bool,
}

/// An organization.
#[derive(Clone, Debug)]
pub struct State {
    /// The revision in force.
    pub config: Option<(u64, Fields)>,
    pub storm: Storm,
    pub agents: [Agent; 2],
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
    /// As it is sent.
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

/// A number that only this office has.
pub fn own_number(office: usize, at: usize) -> String {
    format!("+1206555{office:03}{at}")
}

/// The plan of an edition. Every fifth declares no switch.
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
        // Text takes all that is written to it.
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

    /// Takes over a revision. One that does not declare the switch forgets it.
    pub fn revise(&mut self, revision: u64, fields: Fields) {
        self.config = Some((revision, fields));
        if !has_storm(fields.edition) {
            self.storm = Storm::Off;
        }
    }

    /// What a call may get that began and ended at these instants: one answer, or two around the end of a switch.
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
        let said = Said { revision: Some(revision), ..Said::default() };
        let (who, said) = match call {
            Call::Unwanted => {
                let said = Said { source: "workflow", reason: Some("rejected"), rule: Some("Unwanted".into()), ..said };
                return shown(None, said, ids);
            }
            _ if storm && has_storm(edition) => (Some(Who::Night), said.with(by("Storm"))),
            Call::Line(at) => {
                let said = Said { metadata: json!({"edition": edition}), ..said };
                (Some(Who::Desk), said.with(by(&format!("Line {at}"))))
            }
            Call::Overflow => (None, said.with(by("Overflow"))),
            Call::OwnNumber(_) => (Some(Who::Night), said.with(by("Closed"))),
        };
        if let Some(answering) = who.and_then(|who| self.resolved(who, None)) {
            return shown(Some(answering), Said { source: "workflow", ..said }, ids);
        }
        let reason = Some(if who.is_some() { "agent_not_resolvable" } else { "no_decision" });
        match fields.fallback.and_then(|(who, version)| self.resolved(who, version)) {
            Some(answering) => shown(Some(answering), Said { source: "fallback", reason, ..said }, ids),
            // Nobody is there to be told anything.
            None => shown(
                None,
                Said { source: "none", reason, rule: said.rule, revision: said.revision, ..Said::default() },
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
        shown(answering, Said { source, reason: Some(reason), revision, ..Said::default() }, ids)
    }
}

/// What an answer says beside who answers.
#[derive(Default)]
struct Said {
    context: String,
    metadata: Value,
    source: &'static str,
    reason: Option<&'static str>,
    rule: Option<String>,
    revision: Option<u64>,
}

impl Said {
    fn with(self, (context, rule): (String, String)) -> Self {
        Self { context, rule: Some(rule), ..self }
    }
}

fn shown(answering: Option<(Who, u32)>, said: Said, ids: &[String; 2]) -> Value {
    json!({
        "action": if answering.is_some() { "answer" } else { "disconnect" },
        "agent_id": answering.map(|(who, _)| &ids[who as usize]),
        "version": answering.map(|(_, version)| version),
        "initial_context": said.context,
        "custom_metadata": said.metadata,
        "skip_pre_conversation_workflow": false,
        "source": said.source,
        "reason": said.reason,
        "rule": said.rule,
        "config_revision": said.revision,
    })
}

/// The states an organization went through, of which calls beside a write may see the one before or the one after.
pub struct History {
    states: VecDeque<State>,
    /// The place of the first that is kept.
    first: usize,
    /// The place of the one that has been answered.
    settled: usize,
}

/// So many states are remembered: more than are made while one call is under way.
const REMEMBERED: usize = 512;

impl History {
    pub fn new(state: State) -> Self {
        Self { states: [state].into(), first: 0, settled: 0 }
    }

    /// The state that has been answered.
    pub fn now(&self) -> State {
        self.states[self.settled - self.first].clone()
    }

    /// A write with this outcome has been sent.
    pub fn propose(&mut self, state: State) {
        self.states.push_back(state);
        if self.states.len() > REMEMBERED {
            self.states.pop_front();
            self.first += 1;
        }
    }

    /// It was refused.
    pub fn withdraw(&mut self) {
        self.states.pop_back();
    }

    /// It has been answered.
    pub fn settle(&mut self) {
        self.settled = self.first + self.states.len() - 1;
    }

    /// From which place on states may be seen by a call that begins now.
    pub fn place(&self) -> usize {
        self.settled
    }

    /// The states that a call may have seen that began there and has ended now.
    pub fn since(&self, place: usize) -> impl Iterator<Item = &State> {
        self.states.iter().skip(place.saturating_sub(self.first))
    }
}
