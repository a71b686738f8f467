//! Rego, by `regorus`: compiled for its virtual machine, unless the rules need too many registers.
//! A rule is a step of a chain of `else`; tables are data. A call is the input, with the schedules
//! that are open.

use super::facts::{Clock, given};
use crate::engine::{Build, Contender, Engine as Asked, Given};
use crate::mistakes::Reader;
use crate::workloads::lines::{self, Lines};
use crate::workloads::{Rules, Workload};
use callplan::Call;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::hint::black_box;

pub const CONTENDER: Contender = Contender { name: "regorus", prepare };

/// Reading and compiling.
pub const READER: Reader = Reader { name: "regorus", extension: "rego", read: |text| compile(text, "{}").map(drop) };

const ENTRY: &str = "data.calls.decision";

/// The rules, ready to run; or the error.
fn compile(text: &str, data: &str) -> Result<Runs, String> {
    let mut engine = Engine::new();
    // Long texts have long lines, which the default limits refuse.
    engine.clear_policy_length_config();
    engine.add_policy("rules.rego".to_owned(), text.to_owned()).map_err(|error| error.to_string())?;
    let data = Value::from_json_str(data).map_err(|error| error.to_string())?;
    engine.add_data(data.clone()).map_err(|error| error.to_string())?;
    let policy = engine.compile_with_entrypoint(&ENTRY.into()).map_err(|error| error.to_string())?;
    let program = match Compiler::compile_from_policy(&policy, &[ENTRY]).map_err(|error| error.to_string()) {
        Ok(program) => program,
        // The machine has 255 registers, too few for a long chain.
        Err(why) if why.contains("Register overflow") => return Ok(Runs::Interpreted(Box::new(engine))),
        Err(why) => return Err(why),
    };
    let mut machine = RegoVM::new();
    machine.load_program(program);
    machine.set_data(data).map_err(|error| error.to_string())?;
    Ok(Runs::Compiled(Box::new(machine)))
}

/// How the rules are run.
enum Runs {
    Compiled(Box<RegoVM>),
    Interpreted(Box<Engine>),
}

fn prepare(workload: &Workload) -> Option<Build<'_>> {
    let text = match &workload.rules {
        Rules::Office => include_str!("office/office.rego").to_owned(),
        Rules::Lines(lines) => lines_text(lines),
        Rules::Directory(_) => DIRECTORY.to_owned(),
        Rules::Prefixes(_) => PREFIXES.to_owned(),
        Rules::Overlaps => return None,
    };
    let data = tables(&workload.rules).to_string();
    Some(Box::new(move || {
        Ok(Box::new(RegoPeer { clock: Clock::of(workload), runs: compile(&text, &data)?, keys: Keys::default() }))
    }))
}

fn tables(rules: &Rules) -> Json {
    let owners = |rows: &[(String, usize)], agents: &[String]| -> Json {
        Json::Object(rows.iter().map(|(number, agent)| (number.clone(), agents[*agent].clone().into())).collect())
    };
    match rules {
        Rules::Directory(directory) => {
            let blocked = directory.blocked.iter().map(|caller| (caller.clone(), Json::Bool(true))).collect();
            json!({ "lines": owners(&directory.lines, &directory.agents), "blocked": Json::Object(blocked) })
        }
        Rules::Prefixes(prefixes) => json!({ "areas": owners(&prefixes.rows, &prefixes.agents) }),
        Rules::Office | Rules::Lines(_) | Rules::Overlaps => json!({}),
    }
}

const DIRECTORY: &str = r#"package calls

import rego.v1

decision := {"outcome": "reject"} if {
    data.blocked[input.caller]
} else := {"outcome": "route", "agent": data.lines[input.dialed]} if {
    data.lines[input.dialed]
} else := {"outcome": "fallback"}
"#;

const PREFIXES: &str = r#"package calls

import rego.v1

owners := [owner |
    some length in [10, 9, 8, 7, 6, 5, 4, 3]
    owner := object.get(data.areas, substring(input.caller, 0, length), "")
    owner != ""
]

decision := {"outcome": "route", "agent": owners[0]} if {
    owners[0]
} else := {"outcome": "fallback"}
"#;

fn lines_text(lines: &Lines) -> String {
    let mut text = "package calls\n\nimport rego.v1\n\ndecision".to_owned();
    for lines::Rule { dialed, caller, hours, agent, context, metadata, .. } in &lines.rules {
        let (hours, agent) = (lines.hours[*hours].name, &lines.agents[*agent]);
        let mut gives = json!({ "outcome": "route", "agent": agent });
        if let Some(context) = context {
            gives["context"] = context.clone().into();
        }
        if let Some(metadata) = metadata {
            gives["metadata"] = metadata.clone().into();
        }
        let _ = write!(
            text,
            " := {gives} if {{\n    input.dialed == \"{dialed}\"\n    startswith(input.caller, \"{caller}\")\n    \
             input.{hours}\n}} else"
        );
    }
    let _ = writeln!(text, " := {}", json!({ "outcome": "route", "agent": lines.agents[lines.otherwise] }));
    text
}

/// The names of the fields of a call, made once.
struct Keys {
    caller: Value,
    dialed: Value,
    trunk: Value,
}

impl Default for Keys {
    fn default() -> Self {
        Self { caller: "caller".into(), dialed: "dialed".into(), trunk: "trunk".into() }
    }
}

struct RegoPeer {
    clock: Clock,
    runs: Runs,
    keys: Keys,
}

impl RegoPeer {
    fn decide(&mut self, call: &Call) -> Value {
        let facts = self.clock.read(call);
        let mut input = Value::new_object();
        let members = input.as_object_mut().expect("it is one");
        members.insert(self.keys.caller.clone(), facts.caller.into());
        members.insert(self.keys.dialed.clone(), facts.dialed.into());
        members.insert(self.keys.trunk.clone(), facts.trunk.into());
        for (name, is_open) in self.clock.schedules(&facts) {
            members.insert(name.into(), is_open.into());
        }
        let answer = match &mut self.runs {
            Runs::Compiled(machine) => {
                machine.set_input(input);
                machine.execute().map_err(|error| error.to_string())
            }
            Runs::Interpreted(engine) => {
                engine.set_input(input);
                engine.eval_rule(ENTRY.to_owned()).map_err(|error| error.to_string())
            }
        };
        answer.expect("rules that answer")
    }
}

impl Asked for RegoPeer {
    fn run(&mut self, calls: &[Call]) {
        calls.iter().for_each(|call| drop(black_box(self.decide(black_box(call)))));
    }

    fn given(&mut self, call: &Call) -> Given {
        let answer = self.decide(call).to_json_str().expect("JSON");
        let answer: Json = serde_json::from_str(&answer).expect("JSON");
        let text = |key: &str| answer[key].as_str().map(str::to_owned);
        let version = answer["version"].as_u64().map(|version| version as u32);
        let outcome = text("outcome").unwrap_or_default();
        given(&outcome, text("agent"), version, text("context"), answer["metadata"].clone())
    }

    fn memory_of_its_own(&self) -> usize {
        0
    }

    fn note(&self) -> Option<String> {
        matches!(self.runs, Runs::Interpreted(_)).then(|| "interpreted: too long for the machine".to_owned())
    }
}
