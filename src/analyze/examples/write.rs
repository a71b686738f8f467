//! `example` blocks, as the language writes them. What is expected is what the reference evaluator
//! says, as far as it tells the call from the one on the other side of a boundary.

use super::aims::{AimKind, PlanPlace};
use super::choose::ChosenCall;
use super::goals::{Goal, Goals};
use crate::analyze::call_line::call_line_in;
use crate::call::{Call, Decision, Outcome};
use crate::diagnostics::Problems;
use crate::plan::{CheckedPlan, Statement, StatementKind};
use crate::schedule::Zone;
use crate::source::Source;
use crate::syntax::quoted;
use crate::{format, syntax};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The blocks, an empty line before each.
pub(super) fn write(goals: &Goals, chosen: &[&ChosenCall]) -> String {
    let plan = goals.replay.plan;
    let mut names: HashSet<String> = plan.examples.iter().map(|example| example.name.clone()).collect();
    let versions = versions(plan, goals);
    let mut text = String::new();
    for chosen in chosen {
        let met: Vec<&Goal> = chosen.meets.iter().map(|at| &goals.goals[*at]).collect();
        let decision = &goals.replay.seen(&chosen.call).decision;
        let name = unlike(name(goals, &chosen.meets), &mut names);
        let expected = expectations(goals, &met, decision, &versions);
        text += &ExampleBlock { name: &name, call: &chosen.call, zone: None, expected: &expected }.text(plan);
    }
    if text.is_empty() { text } else { format!("\n{}", laid_out(&text)) }
}

/// An example that is to be written.
pub(super) struct ExampleBlock<'a> {
    pub name: &'a str,
    pub call: &'a Call,
    /// The zone of its time, where that is not the plan's.
    pub zone: Option<&'a Zone>,
    /// What is expected, a statement each.
    pub expected: &'a [String],
}

impl ExampleBlock<'_> {
    pub fn text(&self, plan: &CheckedPlan) -> String {
        let mut text = format!("example {} {{\n{}\n", quoted(self.name), call_line_in(plan, self.call, self.zone));
        self.expected.iter().for_each(|expected| text += &format!("expect {expected}\n"));
        text + "}\n"
    }
}

/// In the one layout. Examples can be read without the plan that they are for.
pub(super) fn laid_out(text: &str) -> String {
    let tree = syntax::parse(&Source::new("examples", text), &mut Problems::new());
    tree.and_then(|tree| format::format(&tree)).unwrap_or_else(|| text.to_owned())
}

/// A boundary says more than the rule that it is a boundary of.
fn name(goals: &Goals, met: &[usize]) -> String {
    let named = met.iter().find(|at| goals.goals[**at].side.is_some()).or(met.first());
    named.map_or(String::new(), |at| goals.name(*at))
}

/// A name that none of these is, and that is one of them from now on.
pub(super) fn unlike(name: String, names: &mut HashSet<String>) -> String {
    let numbered = |number: usize| if number == 1 { name.clone() } else { format!("{name} ({number})") };
    let name = (1..).map(numbered).find(|name| !names.contains(name)).unwrap_or_default();
    names.insert(name.clone());
    name
}

/// At which versions an agent may answer, by its id.
type Versions = BTreeMap<String, BTreeSet<Option<u32>>>;

fn versions(plan: &CheckedPlan, goals: &Goals) -> Versions {
    let mut versions = Versions::new();
    let examples = plan.examples.iter().map(|example| &example.call);
    for call in goals.goals.iter().map(|goal| &goal.call).chain(examples) {
        let output = &goals.replay.seen(call).decision.output;
        if let Some(id) = &output.agent_id {
            versions.entry(id.clone()).or_default().insert(output.version);
        }
    }
    versions
}

fn expectations(goals: &Goals, met: &[&Goal], decision: &Decision, versions: &Versions) -> Vec<String> {
    let plan = goals.replay.plan;
    // Where an agent may answer at one version only, no example need say which.
    let has_several = |id: &String| versions.get(id).is_some_and(|versions| versions.len() > 1);
    let words = |decision: &Decision| {
        decision_words(plan, decision, decision.output.agent_id.as_ref().is_some_and(has_several))
    };
    let mut expected = vec![words(decision)];
    let mut details = ExpectedDetails::default();
    for goal in met {
        match (&goals.aims[goal.aim].what, &goal.beyond) {
            (AimKind::Runs(PlanPlace::Statement(statement)), _) => details.of_block(statement.block()),
            (AimKind::Runs(PlanPlace::Arm(_, _, arm)), _) => details.of_block(&arm.block),
            (AimKind::Boundary { .. }, Some(beyond)) => {
                let there = goals.replay.seen(beyond);
                if words(&there.decision) == expected[0] {
                    details.that_differ(decision, &there.decision);
                }
            }
            // The two differ in who answers.
            (AimKind::HandOver { .. }, _) => {}
            (AimKind::Boundary { .. }, None) | (AimKind::Undecided, _) => {}
        }
    }
    details.words(decision, &mut expected);
    expected
}

/// A decision as a statement, with the version where it has one and `says_version`.
pub(super) fn decision_words(plan: &CheckedPlan, decision: &Decision, says_version: bool) -> String {
    match (decision.outcome, &decision.output.agent_id) {
        (Outcome::Reject, _) => "reject".to_owned(),
        (Outcome::Fallback, _) | (Outcome::Route, None) => "fallback".to_owned(),
        (Outcome::Route, Some(id)) => {
            let version = decision.output.version;
            let agent = plan.agent_name(id, version).map_or_else(|| quoted(id), str::to_owned);
            match version.filter(|_| says_version) {
                Some(version) => format!("route to {agent} version {version}"),
                None => format!("route to {agent}"),
            }
        }
    }
}

/// What is expected beside the decision.
#[derive(Default)]
struct ExpectedDetails {
    context: bool,
    keys: BTreeSet<String>,
    skip: bool,
}

impl ExpectedDetails {
    /// What a block adds that decides nothing itself.
    fn of_block(&mut self, block: &[Statement]) {
        let decides = |statement: &Statement| {
            matches!(statement.kind, StatementKind::Route { .. } | StatementKind::Reject(_) | StatementKind::Fallback)
        };
        if block.iter().any(decides) {
            return;
        }
        for statement in block {
            match &statement.kind {
                StatementKind::Context(_) => self.context = true,
                StatementKind::Metadata(members) => self.keys.extend(members.iter().map(|(key, _)| key.clone())),
                StatementKind::Skip => self.skip = true,
                StatementKind::Guarded { .. }
                | StatementKind::Split(_)
                | StatementKind::Route { .. }
                | StatementKind::Reject(_)
                | StatementKind::Fallback => {}
            }
        }
    }

    fn that_differ(&mut self, here: &Decision, there: &Decision) {
        self.context |= here.output.initial_context != there.output.initial_context;
        let (held, other) = (here.output.custom_metadata.iter().flatten(), there.output.custom_metadata.as_ref());
        let differing = held.filter(|(key, value)| other.and_then(|other| other.get(*key)) != Some(*value));
        self.keys.extend(differing.map(|(key, _)| key.clone()));
        self.skip |= here.output.skip_pre_conversation_workflow != there.output.skip_pre_conversation_workflow;
    }

    fn words(&self, decision: &Decision, expected: &mut Vec<String>) {
        let output = &decision.output;
        if self.context {
            expected.push(format!("context {}", quoted(&output.initial_context)));
        }
        let held = output.custom_metadata.iter().flatten().filter(|(key, _)| self.keys.contains(*key));
        let members: Vec<String> = held.map(|(key, value)| format!("{key}: {}", metadata_words(value))).collect();
        if !members.is_empty() {
            expected.push(format!("metadata {{ {} }}", members.join(", ")));
        }
        if self.skip && output.skip_pre_conversation_workflow {
            expected.push("skip pre_conversation_workflow".to_owned());
        }
    }
}

/// A value as metadata writes it.
pub(super) fn metadata_words(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(values) => {
            format!("[{}]", values.iter().map(metadata_words).collect::<Vec<_>>().join(", "))
        }
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| format!("{key}: {}", metadata_words(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
    }
}
