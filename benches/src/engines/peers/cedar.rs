//! Cedar, by `cedar-policy`: a rule is a policy. Cedar says which policies apply, in no order, and
//! the host takes the first in the plan's order. Tables are groups of entities, except for
//! prefixes, which are policies. A call is a request, with the schedules that are open.

use super::facts::Clock;
use super::outputs::{self, Output};
use crate::engine::{Build, Contender, Engine, Given};
use crate::mistakes::Reader;
use crate::workloads::{Rules, Workload};
use callplan::Call;
use cedar_policy::{
    Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicyId, PolicySet, Request,
    RestrictedExpression, Schema, ValidationMode, Validator,
};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::hint::black_box;

pub const CONTENDER: Contender = Contender { name: "cedar-policy", prepare };

/// Reading, then the validator in strict mode, with a schema that knows the agents.
pub const READER: Reader = Reader { name: "cedar-policy", extension: "cedar", read };

const SCHEMA: &str = r#"
entity Caller;
entity Agent enum ["frontdesk", "messages"];
action route appliesTo {
  principal: Caller,
  resource: Agent,
  context: { caller: String, trunk: String, country: String, weekday: Long, minute: Long, date: String, zone: String },
};
"#;

fn read(text: &str) -> Result<(), String> {
    let policies: PolicySet = text.parse().map_err(|error| format!("{error}"))?;
    let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(|error| error.to_string())?;
    let result = Validator::new(schema).validate(&policies, ValidationMode::Strict);
    let errors = result.validation_errors().map(ToString::to_string);
    match errors.chain(result.validation_warnings().map(ToString::to_string)).next() {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

fn prepare(workload: &Workload) -> Option<Build<'_>> {
    let text = match &workload.rules {
        Rules::Office => include_str!("office/office.cedar").to_owned(),
        Rules::Lines(lines) => {
            let mut text = String::new();
            for rule in &lines.rules {
                let (dialed, caller, hours) = (&rule.dialed, &rule.caller, lines.hours[rule.hours].name);
                let _ = writeln!(
                    text,
                    "permit(principal, action, resource) when {{ context.dialed == \"{dialed}\" && \
                     context.caller like \"{caller}*\" && context.{hours} }};"
                );
            }
            text + "permit(principal, action, resource);\n"
        }
        Rules::Directory(directory) => {
            let mut text = "permit(principal in Group::\"blocked\", action, resource);\n".to_owned();
            for agent in 0..directory.agents.len() {
                let _ = writeln!(text, "permit(principal, action, resource in Group::\"a{agent}\");");
            }
            text + "permit(principal, action, resource);\n"
        }
        Rules::Prefixes(prefixes) => {
            // The longest prefixes come first.
            let mut rows: Vec<_> = prefixes.rows.iter().collect();
            rows.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
            let mut text = String::new();
            for (prefix, _) in rows {
                let _ =
                    writeln!(text, "permit(principal, action, resource) when {{ context.caller like \"{prefix}*\" }};");
            }
            text + "permit(principal, action, resource);\n"
        }
        Rules::Overlaps => return None,
    };
    Some(Box::new(move || {
        let policies: PolicySet = text.parse().map_err(|error| format!("{error}"))?;
        // Policies read from a text have their index as a name.
        let places = (0..policies.num_of_policies()).map(|at| (PolicyId::new(format!("policy{at}")), at)).collect();
        Ok(Box::new(CedarPeer {
            clock: Clock::of(workload),
            authorizer: Authorizer::new(),
            policies,
            places,
            entities: entities(&workload.rules)?,
            outputs: outputs(&workload.rules),
            types: Types::default(),
        }))
    }))
}

/// The output of each policy.
fn outputs(rules: &Rules) -> Vec<Output> {
    match rules {
        Rules::Office => outputs::of_office(),
        Rules::Lines(lines) => outputs::of_lines(lines),
        Rules::Directory(directory) => {
            let owners = directory.agents.iter().map(|agent| Output::route(agent));
            [Output::reject()].into_iter().chain(owners).chain([Output::default()]).collect()
        }
        Rules::Prefixes(prefixes) => {
            let mut rows: Vec<_> = prefixes.rows.iter().collect();
            rows.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
            let owners = rows.into_iter().map(|(_, agent)| Output::route(&prefixes.agents[*agent]));
            owners.chain([Output::default()]).collect()
        }
        Rules::Overlaps => Vec::new(),
    }
}

fn entities(rules: &Rules) -> Result<Entities, String> {
    let Rules::Directory(directory) = rules else { return Ok(Entities::empty()) };
    let types = Types::default();
    let within = |uid, group: &str| Entity::new_no_attrs(uid, HashSet::from([types.group(group)]));
    let lines = directory.lines.iter().map(|(dialed, agent)| within(types.line(dialed), &format!("a{agent}")));
    let blocked = directory.blocked.iter().map(|caller| within(types.caller(caller), "blocked"));
    Entities::from_entities(lines.chain(blocked), None).map_err(|error| error.to_string())
}

/// The types of the entities, read once.
struct Types {
    caller: EntityTypeName,
    line: EntityTypeName,
    group: EntityTypeName,
    action: EntityUid,
}

impl Default for Types {
    fn default() -> Self {
        let kind = |name: &str| name.parse().expect("a name");
        Self {
            caller: kind("Caller"),
            line: kind("Line"),
            group: kind("Group"),
            action: r#"Action::"route""#.parse().expect("an action"),
        }
    }
}

impl Types {
    fn caller(&self, number: &str) -> EntityUid {
        EntityUid::from_type_name_and_id(self.caller.clone(), EntityId::new(number))
    }

    fn line(&self, number: &str) -> EntityUid {
        EntityUid::from_type_name_and_id(self.line.clone(), EntityId::new(number))
    }

    fn group(&self, name: &str) -> EntityUid {
        EntityUid::from_type_name_and_id(self.group.clone(), EntityId::new(name))
    }
}

struct CedarPeer {
    clock: Clock,
    authorizer: Authorizer,
    policies: PolicySet,
    places: HashMap<PolicyId, usize>,
    entities: Entities,
    outputs: Vec<Output>,
    types: Types,
}

impl CedarPeer {
    /// The index of the output, and its context if that differs between calls.
    fn decide(&self, call: &Call) -> (usize, Option<String>) {
        let facts = self.clock.read(call);
        let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
        let facts_of_call =
            [("caller", text(facts.caller)), ("dialed", text(facts.dialed)), ("trunk", text(facts.trunk))];
        let open = self.clock.schedules(&facts).map(|(name, is_open)| (name, RestrictedExpression::new_bool(is_open)));
        let facts_of_call = facts_of_call.into_iter().chain(open).map(|(name, value)| (name.to_owned(), value));
        let context = Context::from_pairs(facts_of_call).expect("names that differ");
        let (caller, line) = (self.types.caller(facts.caller), self.types.line(facts.dialed));
        let request = Request::new(caller, self.types.action.clone(), line, context, None).expect("no schema");
        let response = self.authorizer.is_authorized(&request, &self.policies, &self.entities);
        let at = response.diagnostics().reason().map(|id| self.places[id]).min().expect("the last one always holds");
        (at, self.outputs[at].context(facts.caller))
    }
}

impl Engine for CedarPeer {
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
