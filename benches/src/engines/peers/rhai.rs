//! Rhai: the rules are a script over variables for the fields of a call; the host puts the tables
//! beside them as maps.

use super::facts::{Clock, condition, given};
use crate::engine::{Build, Contender, Engine as Asked, Given};
use crate::mistakes::Reader;
use crate::workloads::lines::{self, Lines};
use crate::workloads::{Rules, Workload};
use callplan::Call;
use rhai::{AST, Array, Dynamic, Engine, Map, Scope};
use serde_json::Value as Json;
use std::fmt::Write as _;
use std::hint::black_box;

pub const CONTENDER: Contender = Contender { name: "rhai", prepare };

/// Reading, with all variables known.
pub const READER: Reader = Reader { name: "rhai", extension: "rhai", read };

fn read(text: &str) -> Result<(), String> {
    let mut scope = Scope::new();
    for text in ["caller", "dialed", "trunk", "country", "time", "date"] {
        scope.push(text, "");
    }
    for number in ["weekday", "minute"] {
        scope.push(number, 0_i64);
    }
    engine().compile_with_scope(&scope, text).map(drop).map_err(|error| error.to_string())
}

fn engine() -> Engine {
    let mut engine = Engine::new();
    engine.set_strict_variables(true);
    engine
}

fn prepare(workload: &Workload) -> Option<Build<'_>> {
    let text = match &workload.rules {
        Rules::Office => include_str!("office/office.rhai").to_owned(),
        Rules::Lines(lines) => lines_text(lines),
        Rules::Directory(_) => DIRECTORY.to_owned(),
        Rules::Prefixes(_) => PREFIXES.to_owned(),
        Rules::Overlaps => return None,
    };
    Some(Box::new(move || {
        let engine = engine();
        let mut scope = tables(&workload.rules);
        let tables = scope.len();
        // The variables that the script may use; each call sets them.
        for name in ["caller", "dialed", "trunk"] {
            scope.push(name, "");
        }
        for name in ["weekday", "minute", "day"] {
            scope.push(name, 0_i64);
        }
        // The compiler would copy constants of the scope into the script, so the tables are no
        // constants.
        let ast = engine.compile_with_scope(&scope, &text).map_err(|error| error.to_string())?;
        scope.rewind(tables);
        Ok(Box::new(RhaiPeer { clock: Clock::of(workload), engine, ast, scope, tables }))
    }))
}

fn tables(rules: &Rules) -> Scope<'static> {
    let mut scope = Scope::new();
    let owners = |rows: &[(String, usize)], agents: &[String]| -> Map {
        let agents: Vec<Dynamic> = agents.iter().cloned().map(Dynamic::from).collect();
        rows.iter().map(|(number, agent)| (number.into(), agents[*agent].clone())).collect()
    };
    match rules {
        Rules::Directory(directory) => {
            scope.push("lines", owners(&directory.lines, &directory.agents));
            let blocked: Map = directory.blocked.iter().map(|caller| (caller.into(), Dynamic::TRUE)).collect();
            scope.push("blocked", blocked);
        }
        Rules::Prefixes(prefixes) => drop(scope.push("areas", owners(&prefixes.rows, &prefixes.agents))),
        Rules::Office => {
            for (name, id) in AGENTS {
                scope.push_constant(name, id);
            }
        }
        Rules::Lines(_) | Rules::Overlaps => {}
    }
    scope
}

/// The agents of W1, which the script names.
const AGENTS: [(&str, &str); 7] = [
    ("FRONTDESK", "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11"),
    ("SALES", "bb66519d-f01d-4a37-a409-bf61e5ae8b30"),
    ("SUPPORT", "58e5ce59-7ca4-41eb-b73a-c1a80a810cc9"),
    ("SPANISH", "b17bcf1a-328d-4676-8e84-6892fc25eb21"),
    ("CONCIERGE", "5c11d3c2-1d2f-4d53-8f0a-3c6f3b0b9a77"),
    ("ON_CALL", "99b9bfd0-eaaf-42de-96a7-3b17a317d042"),
    ("MESSAGES", "e3d0b6a4-7f1c-4f0e-8f3a-2a8d1c9b5e60"),
];

const DIRECTORY: &str = r#"if caller in blocked { return ["reject"]; }
let owner = lines[dialed];
if owner != () { return ["route", owner]; }
return ["fallback"];
"#;

const PREFIXES: &str = r#"let length = 10;
while length >= 3 {
    let owner = areas[caller.sub_string(0, length)];
    if owner != () { return ["route", owner]; }
    length -= 1;
}
return ["fallback"];
"#;

fn lines_text(lines: &Lines) -> String {
    let mut text = String::new();
    for hours in &lines.hours {
        let _ = writeln!(text, "let {} = {};", hours.name, condition(hours, "&&", "||"));
    }
    for lines::Rule { dialed, caller, hours, agent, context, metadata, .. } in &lines.rules {
        let (hours, agent) = (lines.hours[*hours].name, &lines.agents[*agent]);
        let context = context.as_deref().unwrap_or_default();
        let members = metadata.iter().flatten().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>();
        let metadata = if members.is_empty() { "()".to_owned() } else { format!("#{{ {} }}", members.join(", ")) };
        let _ = writeln!(
            text,
            "if dialed == \"{dialed}\" && caller.starts_with(\"{caller}\") && {hours} {{\n    \
             return [\"route\", \"{agent}\", (), \"{context}\", {metadata}];\n}}"
        );
    }
    let _ = writeln!(text, "return [\"route\", \"{}\"];", lines.agents[lines.otherwise]);
    text
}

struct RhaiPeer {
    clock: Clock,
    engine: Engine,
    ast: AST,
    scope: Scope<'static>,
    /// The number of variables and constants before a call adds its own.
    tables: usize,
}

impl RhaiPeer {
    fn decide(&mut self, call: &Call) -> Array {
        let facts = self.clock.read(call);
        self.scope.push("caller", facts.caller.to_owned());
        self.scope.push("dialed", facts.dialed.to_owned());
        self.scope.push("trunk", facts.trunk.to_owned());
        self.scope.push("weekday", i64::from(facts.weekday));
        self.scope.push("minute", i64::from(facts.minute));
        self.scope.push("day", i64::from(facts.day));
        let answer = self.engine.eval_ast_with_scope(&mut self.scope, &self.ast).expect("rules that answer");
        self.scope.rewind(self.tables);
        answer
    }
}

impl Asked for RhaiPeer {
    fn run(&mut self, calls: &[Call]) {
        calls.iter().for_each(|call| drop(black_box(self.decide(black_box(call)))));
    }

    fn given(&mut self, call: &Call) -> Given {
        let answer = self.decide(call);
        let part = |at: usize| answer.get(at).cloned().unwrap_or_default();
        let text = |at: usize| part(at).into_string().ok();
        let version = part(2).as_int().ok().map(|version| version as u32);
        let metadata = match part(4).try_cast::<Map>() {
            Some(members) => serde_json::from_str(&rhai::format_map_as_json(&members)).expect("JSON"),
            None => Json::Null,
        };
        given(&text(0).unwrap_or_default(), text(1), version, text(3), metadata)
    }

    fn memory_of_its_own(&self) -> usize {
        0
    }

    fn note(&self) -> Option<String> {
        None
    }
}
