//! Roto, compiled to machine code: the rules are a function that gives the index of the rule that
//! applies. It has no maps, so each number of a table is a rule, too.

use super::facts::{Clock, condition};
use super::outputs::{self, Output};
use crate::engine::{Build, Contender, Engine, Given};
use crate::mistakes::Reader;
use crate::workloads::{Rules, Workload};
use callplan::Call;
use roto::{FileSpec, FileTree, NoCtx, Package, RotoString, Runtime, SourceFile, TypedFunc};
use std::fmt::Write as _;
use std::hint::black_box;

pub const CONTENDER: Contender = Contender { name: "roto", prepare };

/// Reading, type checking, and generating machine code.
pub const READER: Reader = Reader { name: "roto", extension: "roto", read: |text| compile(text).map(drop) };

const FUNCTION: &str =
    "fn decide(caller: String, dialed: String, trunk: String, weekday: u8, minute: u16, day: u16) -> u32 {\n";

type Decide = fn(RotoString, RotoString, RotoString, u8, u16, u16) -> u32;

fn compile(text: &str) -> Result<Package<NoCtx>, String> {
    let file = SourceFile {
        name: "rules.roto".to_owned(),
        module_name: "pkg".to_owned(),
        contents: text.to_owned(),
        location_offset: 0,
        children: Vec::new(),
    };
    FileTree::file_spec(FileSpec::File(file)).compile(&Runtime::new()).map_err(|report| {
        let mut message = String::new();
        let _ = report.write(&mut message, false);
        message
    })
}

fn prepare(workload: &Workload) -> Option<Build<'_>> {
    let rule = |text: &mut String, condition: &str, place: usize| {
        let _ = writeln!(text, "    if {condition} {{ return {place}; }}");
    };
    let mut text = String::new();
    match &workload.rules {
        Rules::Office => text.push_str(include_str!("office/office.roto")),
        Rules::Lines(lines) => {
            for hours in &lines.hours {
                let (name, condition) = (hours.name, condition(hours, "&&", "||"));
                let _ =
                    writeln!(text, "fn {name}(weekday: u8, minute: u16, day: u16) -> bool {{\n    {condition}\n}}\n");
            }
            text.push_str(FUNCTION);
            for (place, line) in lines.rules.iter().enumerate() {
                let (dialed, caller, hours) = (&line.dialed, &line.caller, lines.hours[line.hours].name);
                let when = format!(
                    "dialed == \"{dialed}\" && caller.starts_with(\"{caller}\") && {hours}(weekday, minute, day)"
                );
                rule(&mut text, &when, place);
            }
            let _ = writeln!(text, "    {}\n}}", lines.rules.len());
        }
        Rules::Directory(directory) => {
            text.push_str(FUNCTION);
            let agents = directory.agents.len();
            directory.blocked.iter().for_each(|caller| rule(&mut text, &format!("caller == \"{caller}\""), agents));
            for (dialed, agent) in &directory.lines {
                rule(&mut text, &format!("dialed == \"{dialed}\""), *agent);
            }
            let _ = writeln!(text, "    {}\n}}", agents + 1);
        }
        Rules::Prefixes(prefixes) => {
            text.push_str(FUNCTION);
            // The longest prefixes come first.
            let mut rows: Vec<_> = prefixes.rows.iter().collect();
            rows.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
            for (prefix, agent) in rows {
                rule(&mut text, &format!("caller.starts_with(\"{prefix}\")"), *agent);
            }
            let _ = writeln!(text, "    {}\n}}", prefixes.agents.len() + 1);
        }
        Rules::Overlaps => return None,
    }
    Some(Box::new(move || {
        let decide = compile(&text)?.get_function::<Decide>("decide").map_err(|error| error.to_string())?;
        Ok(Box::new(RotoPeer { clock: Clock::of(workload), decide, outputs: outputs(&workload.rules) }))
    }))
}

fn outputs(rules: &Rules) -> Vec<Output> {
    match rules {
        Rules::Office => outputs::of_office(),
        Rules::Lines(lines) => outputs::of_lines(lines),
        Rules::Directory(directory) => outputs::of_agents(&directory.agents),
        Rules::Prefixes(prefixes) => outputs::of_agents(&prefixes.agents),
        Rules::Overlaps => Vec::new(),
    }
}

struct RotoPeer {
    clock: Clock,
    decide: TypedFunc<NoCtx, Decide>,
    outputs: Vec<Output>,
}

impl RotoPeer {
    /// The index of the output, and its context if that differs between calls.
    fn decide(&self, call: &Call) -> (usize, Option<String>) {
        let facts = self.clock.read(call);
        let text = |text: &str| RotoString::from(text);
        let (caller, dialed, trunk) = (text(facts.caller), text(facts.dialed), text(facts.trunk));
        let at = self.decide.call(caller, dialed, trunk, facts.weekday, facts.minute, facts.day) as usize;
        (at, self.outputs[at].context(facts.caller))
    }
}

impl Engine for RotoPeer {
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
