//! CEL, by the crate `cel`: a rule is an expression. Expressions are tried in order, and outputs
//! are kept beside them. The fields of a call are looked up when an expression uses them.

use super::facts::{Clock, Facts};
use super::outputs::{self, Output};
use crate::engine::{Build, Contender, Engine, Given};
use crate::mistakes::Reader;
use crate::workloads::{Rules, Workload};
use callplan::Call;
use cel::common::types::{CelBool, CelList, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, Program, Value};
use std::collections::HashMap;
use std::hint::black_box;

pub const CONTENDER: Contender = Contender { name: "cel", prepare };

/// Reads one expression a line, and checks that all its names are known.
pub const READER: Reader = Reader { name: "cel", extension: "cel", read };

fn read(text: &str) -> Result<(), String> {
    const KNOWN: [&str; 9] =
        ["caller", "trunk", "country", "minute", "office", "accounts", "frontdesk", "messages", "holidays"];
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let program = Program::compile(line).map_err(|error| error.to_string())?;
        if let Some(unknown) = program.references().variables().into_iter().find(|name| !KNOWN.contains(name)) {
            return Err(format!("nothing is called {unknown}"));
        }
    }
    Ok(())
}

/// The conditions of W1's rules.
const OFFICE: [&str; 10] = [
    r#"caller in ["", "+14155550199", "+12025550143", "+33142685300"] || caller.startsWith("+1900") || caller.startsWith("+1976")"#,
    r#"(caller in ["+14155550100", "+14155550101", "+12125550123", "+13105550177"] || size(caller) == 13 && caller.startsWith("+4420794600")) && trunk != "overflow""#,
    r#"dialed == "+18005550199""#,
    r#"trunk == "overflow""#,
    r#"dialed == "+18005550101" && office"#,
    r#"dialed == "+18005550101""#,
    r#"dialed == "+18005550102" && office"#,
    r#"(caller.startsWith("+52") || caller.startsWith("+34") || caller.startsWith("+57")) && office"#,
    "office",
    "true",
];

/// What a rule gives: the index of an output, or an expression for an agent.
#[derive(Clone, Copy)]
enum Gives {
    Output(usize),
    Owner(&'static str),
}

/// The conditions of a workload's rules, each with what it gives.
fn rules(rules: &Rules) -> Option<Vec<(String, Gives)>> {
    let in_order = |conditions: Vec<String>| conditions.into_iter().zip((0..).map(Gives::Output)).collect();
    let rule = |when: &str, gives| (when.to_owned(), gives);
    Some(match rules {
        Rules::Office => in_order(OFFICE.map(str::to_owned).to_vec()),
        Rules::Lines(lines) => {
            let conditions = lines.rules.iter().map(|rule| {
                let (dialed, caller, hours) = (&rule.dialed, &rule.caller, lines.hours[rule.hours].name);
                format!("dialed == \"{dialed}\" && caller.startsWith(\"{caller}\") && {hours}")
            });
            in_order(conditions.chain(["true".to_owned()]).collect())
        }
        Rules::Directory(directory) => vec![
            rule("caller in blocked", Gives::Output(directory.agents.len())),
            rule("dialed in lines", Gives::Owner("lines[dialed]")),
            rule("true", Gives::Output(directory.agents.len() + 1)),
        ],
        Rules::Prefixes(prefixes) => vec![
            rule(
                "starts.exists(start, start in areas)",
                Gives::Owner("areas[starts.filter(start, start in areas)[0]]"),
            ),
            rule("true", Gives::Output(prefixes.agents.len() + 1)),
        ],
        Rules::Overlaps => return None,
    })
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

/// The host's tables: the index of a number's agent.
fn tables(rules: &Rules) -> Context<'static, 'static> {
    let mut context = Context::default();
    let owners =
        |rows: &[(String, usize)]| rows.iter().map(|(number, agent)| (number.clone(), *agent as i64)).collect();
    let mut add = |name: &str, table: HashMap<String, i64>| context.add_variable_from_value(name, table);
    match rules {
        Rules::Directory(directory) => {
            add("lines", owners(&directory.lines));
            add("blocked", directory.blocked.iter().map(|caller| (caller.clone(), 1)).collect());
        }
        Rules::Prefixes(prefixes) => add("areas", owners(&prefixes.rows)),
        Rules::Office | Rules::Lines(_) | Rules::Overlaps => {}
    }
    context
}

fn prepare(workload: &Workload) -> Option<Build<'_>> {
    let rules = rules(&workload.rules)?;
    Some(Box::new(move || {
        let compile = |text: &str| Program::compile(text).map_err(|error| error.to_string());
        let rules = rules.iter().map(|(when, gives)| {
            let gives = match gives {
                Gives::Output(at) => Compiled::Output(*at),
                Gives::Owner(text) => Compiled::Owner(compile(text)?),
            };
            Ok((compile(when)?, gives))
        });
        Ok(Box::new(CelPeer {
            clock: Clock::of(workload),
            tables: tables(&workload.rules),
            rules: rules.collect::<Result<_, String>>()?,
            outputs: outputs(&workload.rules),
        }))
    }))
}

enum Compiled {
    Output(usize),
    Owner(Program),
}

struct CelPeer {
    clock: Clock,
    tables: Context<'static, 'static>,
    rules: Vec<(Program, Compiled)>,
    outputs: Vec<Output>,
}

/// The values of a call's variables.
struct Variables<'c> {
    facts: Facts<'c>,
    clock: &'c Clock,
}

impl VariableResolver for Variables<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let text = |text: &'b str| Some(CowVal::owned(CelString::from(text)));
        match variable {
            "caller" => text(self.facts.caller),
            "dialed" => text(self.facts.dialed),
            "trunk" => text(self.facts.trunk),
            // The beginnings of the caller's number, the longest first: the language cannot cut
            // texts.
            "starts" => {
                let starts = (3..=10).rev().filter_map(|length| self.facts.caller.get(..length));
                let starts: Vec<Box<dyn Val + 'b>> =
                    starts.map(|start| Box::new(CelString::from(start)) as Box<dyn Val>).collect();
                Some(CowVal::owned(CelList::from(starts)))
            }
            name => {
                let hours = self.clock.hours.iter().find(|hours| hours.name == name)?;
                Some(CowVal::owned(CelBool::from(hours.is_open(self.facts.local))))
            }
        }
    }
}

impl CelPeer {
    /// The index of the output, and its context if that differs between calls.
    fn decide(&self, call: &Call) -> (usize, Option<String>) {
        let variables = Variables { facts: self.clock.read(call), clock: &self.clock };
        let mut context = self.tables.new_inner_scope();
        context.set_variable_resolver(&variables);
        let taken = self.rules.iter().find(|(when, _)| matches!(when.execute(&context), Ok(Value::Bool(true))));
        let at = match taken.expect("the last rule takes the rest") {
            (_, Compiled::Output(at)) => *at,
            (_, Compiled::Owner(program)) => match program.execute(&context) {
                Ok(Value::Int(at)) => at as usize,
                other => panic!("{other:?} is no agent"),
            },
        };
        (at, self.outputs[at].context(variables.facts.caller))
    }
}

impl Engine for CelPeer {
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
