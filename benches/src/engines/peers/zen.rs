//! Zen, by `zen-engine`: the rules are a decision table. The first row that applies decides; the
//! engine makes an index of its columns. A call has its numbers, and the schedules that are open.

use super::facts::Clock;
use super::outputs::{self, Output};
use crate::engine::{Build, Contender, Engine, Given};
use crate::mistakes::Reader;
use crate::workloads::{Rules, Workload};
use callplan::Call;
use serde_json::{Value as Json, json};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use zen_engine::model::{DecisionContent, GraphContent};
use zen_engine::workspace::{Diagnostic, DiagnosticCode, Severity};
use zen_engine::{Decision, Variable, Workspace};
use zen_expression::variable::{Symbol, VariableMap};

pub const CONTENDER: Contender = Contender { name: "zen-engine", prepare };

/// Reading, and all problems that the workspace reports, with its hints.
pub const READER: Reader = Reader { name: "zen-engine", extension: "json", read };

fn read(text: &str) -> Result<(), String> {
    let content: DecisionContent = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut workspace = Workspace::new();
    workspace.set_document("rules", content);
    // Hints are about style, except for those about rows.
    let matters = |problem: &Diagnostic| {
        use DiagnosticCode::{DuplicateRule, MissingCases, UnreachableRule, UnsatisfiableCell};
        problem.severity != Severity::Hint
            || matches!(problem.code, DuplicateRule | MissingCases | UnreachableRule | UnsatisfiableCell)
    };
    let problem = workspace.all_diagnostics().into_iter().find(matters);
    problem.map_or(Ok(()), |problem| Err(problem.message))
}

/// A table with a column for each part of a row; an empty cell always applies.
fn table(rows: impl Iterator<Item = [String; 4]>) -> Json {
    const COLUMNS: [&str; 3] = ["caller", "dialed", "trunk"];
    let mut inputs: Vec<Json> = COLUMNS.iter().map(|name| json!({ "id": name, "name": name, "field": name })).collect();
    // Each of these cells is a complete condition.
    inputs.push(json!({ "id": "open", "name": "open" }));
    let rules = rows.enumerate().map(|(at, [caller, dialed, trunk, open])| {
        let at = at.to_string();
        json!({ "_id": at, "caller": caller, "dialed": dialed, "trunk": trunk, "open": open, "place": at })
    });
    let rules: Vec<Json> = rules.collect();
    let content = json!({
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{ "id": "place", "name": "place", "field": "place" }],
        "rules": rules,
    });
    json!({
        "nodes": [
            { "id": "in", "name": "in", "type": "inputNode", "content": {} },
            { "id": "rules", "name": "rules", "type": "decisionTableNode", "content": content },
            { "id": "out", "name": "out", "type": "outputNode", "content": {} },
        ],
        "edges": [
            { "id": "first", "sourceId": "in", "targetId": "rules" },
            { "id": "last", "sourceId": "rules", "targetId": "out" },
        ],
    })
}

fn row(caller: &str, dialed: &str, trunk: &str, open: &str) -> [String; 4] {
    [caller, dialed, trunk, open].map(str::to_owned)
}

const SALES: &str = r#""+18005550101""#;

fn office() -> Vec<[String; 4]> {
    vec![
        row(
            r#"$ in ["", "+14155550199", "+12025550143", "+33142685300"] or startsWith($, "+1900") or startsWith($, "+1976")"#,
            "",
            "",
            "",
        ),
        // Written as one cell for the caller and one for the trunk, the engine skips this row.
        row(
            "",
            "",
            "",
            r#"(caller in ["+14155550100", "+14155550101", "+12125550123", "+13105550177"] or (len(caller) == 13 and startsWith(caller, "+4420794600"))) and trunk != "overflow""#,
        ),
        row("", r#""+18005550199""#, "", ""),
        row("", "", r#""overflow""#, ""),
        row("", SALES, "", "office"),
        row("", SALES, "", ""),
        row("", r#""+18005550102""#, "", "office"),
        row(r#"startsWith($, "+52") or startsWith($, "+34") or startsWith($, "+57")"#, "", "", "office"),
        row("", "", "", "office"),
        row("", "", "", ""),
    ]
}

/// The rows of the table, and the output of each.
fn rows(rules: &Rules) -> Option<(Vec<[String; 4]>, Vec<Output>)> {
    let quoted = |text: &str| format!("\"{text}\"");
    let starts = |text: &str| format!("startsWith($, \"{text}\")");
    let rest = row("", "", "", "");
    Some(match rules {
        Rules::Office => (office(), outputs::of_office()),
        Rules::Lines(lines) => {
            let rows = lines.rules.iter().map(|rule| {
                let hours = lines.hours[rule.hours].name.to_owned();
                [starts(&rule.caller), quoted(&rule.dialed), String::new(), hours]
            });
            (rows.chain([rest]).collect(), outputs::of_lines(lines))
        }
        Rules::Directory(directory) => {
            let blocked = directory.blocked.iter().map(|caller| (row(&quoted(caller), "", "", ""), Output::reject()));
            let lines = directory
                .lines
                .iter()
                .map(|(dialed, agent)| (row("", &quoted(dialed), "", ""), Output::route(&directory.agents[*agent])));
            blocked.chain(lines).chain([(rest, Output::default())]).unzip()
        }
        Rules::Prefixes(prefixes) => {
            // The longest prefixes come first.
            let mut order: Vec<_> = prefixes.rows.iter().collect();
            order.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
            let rows = order
                .into_iter()
                .map(|(prefix, agent)| (row(&starts(prefix), "", "", ""), Output::route(&prefixes.agents[*agent])));
            rows.chain([(rest, Output::default())]).unzip()
        }
        Rules::Overlaps => return None,
    })
}

fn prepare(workload: &Workload) -> Option<Build<'_>> {
    let text = table(rows(&workload.rules)?.0.into_iter()).to_string();
    Some(Box::new(move || {
        let content: GraphContent = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let mut decision = Decision::from(content);
        decision.compile();
        let outputs = rows(&workload.rules).map(|(_, outputs)| outputs).unwrap_or_default();
        Ok(Box::new(ZenPeer { clock: Clock::of(workload), decision, outputs }))
    }))
}

struct ZenPeer {
    clock: Clock,
    decision: Decision,
    outputs: Vec<Output>,
}

impl ZenPeer {
    /// The index of the output, and its context if that differs between calls.
    fn decide(&self, call: &Call) -> (usize, Option<String>) {
        let facts = self.clock.read(call);
        let mut facts_of_call = VariableMap::with_capacity(10);
        for (name, value) in [("caller", facts.caller), ("dialed", facts.dialed), ("trunk", facts.trunk)] {
            facts_of_call.insert_str(name, Variable::String(Symbol::from(value)));
        }
        for (name, is_open) in self.clock.schedules(&facts) {
            facts_of_call.insert_str(name, Variable::Bool(is_open));
        }
        let answer = pin!(self.decision.evaluate(Variable::from_object(facts_of_call)));
        let Poll::Ready(answer) = answer.poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("a decision waits for nothing")
        };
        let place = answer.expect("rules that answer").result.dot("place").and_then(|place| place.as_number());
        let at = place.and_then(|place| usize::try_from(place).ok()).expect("the last row takes the rest");
        (at, self.outputs[at].context(facts.caller))
    }
}

impl Engine for ZenPeer {
    fn run(&mut self, calls: &[Call]) {
        calls.iter().for_each(|call| drop(black_box(self.decide(black_box(call)))));
    }

    fn given(&mut self, call: &Call) -> Given {
        let (at, context) = self.decide(call);
        self.outputs[at].given(context)
    }

    fn memory_of_its_own(&self) -> usize {
        0
    }

    fn note(&self) -> Option<String> {
        None
    }
}
