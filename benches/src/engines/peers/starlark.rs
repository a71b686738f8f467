//! Starlark, by the crate `starlark`: the rules are a function of the fields of a call; tables are
//! dictionaries.

use super::facts::{Clock, condition, given};
use crate::engine::{Build, Contender, Engine, Given};
use crate::mistakes::Reader;
use crate::workloads::directory::Directory;
use crate::workloads::lines::{self, Lines};
use crate::workloads::prefixes::Prefixes;
use crate::workloads::{Rules, Workload};
use callplan::Call;
use serde_json::{Map, Value as Json};
use starlark::analysis::AstModuleLint;
use starlark::environment::{FrozenModule, Globals, Module};
use starlark::eval::Evaluator;
use starlark::syntax::{AstModule, Dialect, DialectTypes};
use starlark::typing::AstModuleTypecheck;
use starlark::values::{OwnedFrozenValue, Value};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::hint::black_box;

pub const CONTENDER: Contender = Contender { name: "starlark", prepare };

/// Reading, the linter, the type checker, and a first run of the definitions.
pub const READER: Reader = Reader { name: "starlark", extension: "star", read };

const FUNCTION: &str = "def decide(caller, dialed, trunk, weekday, minute, day):\n";

fn dialect() -> Dialect {
    Dialect { enable_types: DialectTypes::Enable, ..Dialect::Standard }
}

fn parse(text: &str) -> Result<AstModule, String> {
    AstModule::parse("rules.star", text.to_owned(), &dialect()).map_err(|error| error.to_string())
}

fn read(text: &str) -> Result<(), String> {
    let globals = Globals::standard();
    let names: HashSet<String> = globals.names().map(|name| name.as_str().to_owned()).collect();
    if let Some(lint) = parse(text)?.lint(Some(&names)).first() {
        return Err(lint.to_string());
    }
    let (errors, ..) = parse(text)?.typecheck(&globals, &HashMap::new());
    match errors.first() {
        Some(error) => Err(error.to_string()),
        None => load(text).map(drop),
    }
}

fn load(text: &str) -> Result<FrozenModule, String> {
    Module::with_temp_heap(|module| {
        let ast = parse(text)?;
        Evaluator::new(&module).eval_module(ast, &Globals::standard()).map_err(|error| error.to_string())?;
        module.freeze().map_err(|error| format!("{error:?}"))
    })
}

fn prepare(workload: &Workload) -> Option<Build<'_>> {
    let text = match &workload.rules {
        Rules::Office => include_str!("office/office.star").to_owned(),
        Rules::Lines(lines) => lines_text(lines),
        Rules::Directory(directory) => directory_text(directory),
        Rules::Prefixes(prefixes) => prefixes_text(prefixes),
        Rules::Overlaps => return None,
    };
    Some(Box::new(move || {
        let decide = load(&text)?.get("decide").map_err(|error| error.to_string())?;
        Ok(Box::new(StarlarkPeer { clock: Clock::of(workload), decide }))
    }))
}

/// A JSON value as a Starlark literal.
fn literal(value: &Json) -> String {
    match value {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => value.to_string(),
    }
}

fn dictionary(metadata: Option<&Map<String, Json>>) -> String {
    let Some(members) = metadata else { return "None".to_owned() };
    let members = members.iter().map(|(key, value)| format!("\"{key}\": {}", literal(value)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}

fn lines_text(lines: &Lines) -> String {
    let mut text = String::new();
    for hours in &lines.hours {
        let condition = condition(hours, "and", "or");
        let _ = writeln!(text, "def {}(weekday, minute, day):\n    return {condition}\n", hours.name);
    }
    // Values that are the same for all calls are made once.
    for (at, rule) in lines.rules.iter().enumerate().filter(|(_, rule)| rule.metadata.is_some()) {
        let _ = writeln!(text, "metadata_{at} = {}", dictionary(rule.metadata.as_ref()));
    }
    text.push_str(FUNCTION);
    for (at, lines::Rule { dialed, caller, hours, agent, context, metadata, .. }) in lines.rules.iter().enumerate() {
        let (hours, agent) = (lines.hours[*hours].name, &lines.agents[*agent]);
        let context = context.as_deref().unwrap_or_default();
        let metadata = metadata.as_ref().map_or("None".to_owned(), |_| format!("metadata_{at}"));
        let _ = writeln!(
            text,
            "    if dialed == \"{dialed}\" and caller.startswith(\"{caller}\") and {hours}(weekday, minute, day):\n        \
             return (\"route\", \"{agent}\", None, \"{context}\", {metadata})"
        );
    }
    let _ = writeln!(text, "    return (\"route\", \"{}\", None, \"\", None)", lines.agents[lines.otherwise]);
    text
}

fn directory_text(directory: &Directory) -> String {
    let mut text = "lines = {\n".to_owned();
    for (dialed, agent) in &directory.lines {
        let _ = writeln!(text, "    \"{dialed}\": \"{}\",", directory.agents[*agent]);
    }
    text.push_str("}\nblocked = {\n");
    for caller in &directory.blocked {
        let _ = writeln!(text, "    \"{caller}\": True,");
    }
    text + "}\n\n"
        + FUNCTION
        + "    if caller in blocked:
        return (\"reject\", None, None, \"\", None)
    owner = lines.get(dialed)
    if owner:
        return (\"route\", owner, None, \"\", None)
    return (\"fallback\", None, None, \"\", None)\n"
}

fn prefixes_text(prefixes: &Prefixes) -> String {
    let mut text = "areas = {\n".to_owned();
    for (prefix, agent) in &prefixes.rows {
        let _ = writeln!(text, "    \"{prefix}\": \"{}\",", prefixes.agents[*agent]);
    }
    text + "}\n\n"
        + FUNCTION
        + "    for length in range(10, 2, -1):
        owner = areas.get(caller[:length])
        if owner:
            return (\"route\", owner, None, \"\", None)
    return (\"fallback\", None, None, \"\", None)\n"
}

struct StarlarkPeer {
    clock: Clock,
    decide: OwnedFrozenValue,
}

impl StarlarkPeer {
    /// Each call has its own heap: Starlark frees memory only with a complete heap.
    fn ask<R>(&self, call: &Call, read: impl FnOnce(Value) -> R) -> R {
        let facts = self.clock.read(call);
        Module::with_temp_heap(|module| {
            let heap = module.heap();
            let facts_of_call = [
                heap.alloc_str(facts.caller).to_value(),
                heap.alloc_str(facts.dialed).to_value(),
                heap.alloc_str(facts.trunk).to_value(),
                heap.alloc(i32::from(facts.weekday)),
                heap.alloc(i32::from(facts.minute)),
                heap.alloc(i32::from(facts.day)),
            ];
            let decide = heap.access_owned_frozen_value(&self.decide);
            let answer = Evaluator::new(&module).eval_function(decide, &facts_of_call, &[]).expect("rules that answer");
            read(answer)
        })
    }
}

impl Engine for StarlarkPeer {
    fn run(&mut self, calls: &[Call]) {
        calls.iter().for_each(|call| {
            self.ask(black_box(call), |answer| {
                black_box(answer);
            })
        });
    }

    fn given(&mut self, call: &Call) -> Given {
        let answer = self.ask(call, |answer| answer.to_json_value().expect("JSON"));
        let Json::Array(parts) = answer else { panic!("rules give a tuple") };
        let text = |at: usize| parts[at].as_str().map(str::to_owned);
        let version = parts[2].as_u64().map(|version| version as u32);
        given(parts[0].as_str().unwrap_or_default(), text(1), version, text(3), parts[4].clone())
    }

    fn memory_of_its_own(&self) -> usize {
        0
    }

    fn note(&self) -> Option<String> {
        None
    }
}
