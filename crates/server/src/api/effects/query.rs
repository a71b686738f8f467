//! The request: what is to be changed, as it was sent.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::config::fields::{ConfigChange, ConfigUpdate};
use crate::api::config::switches;
use crate::api::object::{Object, Sent, boolean, text, version};
use crate::api::phone_numbers;
use crate::api::problem::Problem;

/// Maximum number of agents, of numbers and of switches.
const MAXIMUM_ENTRIES: usize = 1_000;

/// A change of an organization's state. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EffectsRequest)]
#[expect(dead_code, reason = "it describes what `EffectsQuery` reads")]
pub struct StateChangeToTry {
    /// The fields of the config, as in a `PUT` of it.
    #[schema(required = false)]
    config: ConfigChange,
    /// The revision to restore: its plan, `enabled` and its fallback agent. The fields of `config`
    /// go before those of the revision.
    #[schema(required = false, minimum = 1)]
    revision: u64,
    /// The revision whose config counts as the one before the change. Default: the one in force.
    #[schema(required = false, minimum = 1)]
    from_revision: u64,
    /// Agents, by id. At most 1,000.
    #[schema(required = false)]
    agents: BTreeMap<String, AgentChangeToTry>,
    /// The agents of numbers; null for none. At most 1,000.
    #[schema(required = false)]
    numbers: BTreeMap<String, NumberChangeToTry>,
    /// Switches that are turned on or off, as in a `PUT` of each, or only true or false. At most 1,000.
    #[schema(required = false)]
    switches: BTreeMap<String, SwitchChangeToTry>,
}

/// The new state of a switch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = EffectsSwitch)]
#[expect(dead_code, reason = "it describes what `EffectsQuery` reads")]
pub enum SwitchChangeToTry {
    /// Whether it is on, without an end.
    On(bool),
    /// Whether it is on, and when it goes off by itself.
    Set(switches::SwitchChange),
}

/// A change of an agent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EffectsAgent)]
#[expect(dead_code, reason = "it describes what `AgentChange` reads")]
pub struct AgentChangeToTry {
    /// Whether it can answer calls.
    #[schema(required = false)]
    active: bool,
    /// The version to publish.
    #[schema(required = false, minimum = 1)]
    publish: u32,
    /// Whether it is deleted; only without the other fields.
    #[schema(required = false)]
    delete: bool,
}

/// The agent of a number, or null for none.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = EffectsNumberChange)]
#[expect(dead_code, reason = "it describes what `EffectsQuery` reads")]
pub struct NumberChangeToTry(Option<NumberAgentToTry>);

/// The agent of a number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EffectsNumber)]
#[expect(dead_code, reason = "it describes what `EffectsQuery` reads")]
pub struct NumberAgentToTry {
    /// The agent.
    #[schema(format = "uuid")]
    agent_id: String,
    /// Its version.
    #[schema(minimum = 1)]
    version: u32,
}

/// The request.
#[derive(Debug)]
pub struct EffectsQuery {
    pub config: Option<ConfigUpdate>,
    pub revision: Option<u64>,
    pub from_revision: Option<u64>,
    /// By id, as it was sent.
    pub agents: Vec<(String, AgentChange)>,
    /// By number, as it was sent.
    pub numbers: Vec<(String, NumberChange)>,
    pub switches: Vec<(String, SwitchState)>,
}

/// What a switch is set to.
#[derive(Debug)]
pub struct SwitchState {
    pub on: bool,
    pub until: Option<Timestamp>,
}

/// What happens to an agent.
#[derive(Debug)]
pub struct AgentChange {
    pub active: Option<bool>,
    pub publish: Option<u32>,
    pub delete: bool,
}

/// What happens to a number.
#[derive(Debug)]
pub struct NumberChange {
    pub normal_form: String,
    /// The agent's id, as it was sent, and the version.
    pub assigned: Option<(String, u32)>,
}

impl EffectsQuery {
    pub fn read(mut object: Object) -> Result<Self, Problem> {
        let query = Self {
            config: section(&mut object, "config", ConfigUpdate::take),
            revision: object.optional("revision", revision),
            from_revision: object.optional("from_revision", revision),
            agents: entries(&mut object, "agents", agent),
            numbers: entries(&mut object, "numbers", number),
            switches: entries(&mut object, "switches", switch),
        };
        object.finish()?;
        Ok(query)
    }
}

/// Takes an object that may be left out, but not be null.
fn section<T>(object: &mut Object, field: &str, read: impl FnOnce(&mut Object) -> T) -> Option<T> {
    match object.object(field, read) {
        Sent::Value(value) => Some(value),
        Sent::Absent => None,
        Sent::Null => {
            object.wrong(field, "must not be null");
            None
        }
    }
}

/// Takes an object whose names are not known beforehand. `read` takes each of them.
fn entries<T>(object: &mut Object, field: &str, read: impl Fn(&mut Object, &str) -> Option<T>) -> Vec<(String, T)> {
    let found = section(object, field, |entries| {
        let names = entries.names();
        if names.len() > MAXIMUM_ENTRIES {
            entries.rest();
            return None;
        }
        let found = names.into_iter().filter_map(|name| read(entries, &name).map(|entry| (name, entry)));
        Some(found.collect())
    });
    match found {
        Some(None) => {
            object.wrong(field, format!("must have at most {MAXIMUM_ENTRIES}"));
            Vec::new()
        }
        Some(Some(found)) => found,
        None => Vec::new(),
    }
}

fn agent(agents: &mut Object, id: &str) -> Option<AgentChange> {
    section(agents, id, |agent| {
        let change = AgentChange {
            active: agent.optional("active", boolean),
            publish: agent.optional("publish", version),
            delete: agent.optional("delete", boolean).unwrap_or(false),
        };
        if change.delete && (change.active.is_some() || change.publish.is_some()) {
            agent.wrong("delete", "must be the only field");
        }
        change
    })
}

fn switch(switches: &mut Object, name: &str) -> Option<SwitchState> {
    if switches.is_object(name) {
        let (on, until) = switches.object(name, switches::take).value()?;
        return Some(SwitchState { on, until });
    }
    let is_on = |value: Value| value.as_bool().ok_or_else(|| "must be true, false or an object".to_owned());
    switches.optional(name, is_on).map(|on| SwitchState { on, until: None })
}

fn number(numbers: &mut Object, written: &str) -> Option<NumberChange> {
    let assigned = numbers
        .object(written, |assigned| assigned.required("agent_id", text).zip(assigned.required("version", version)));
    match phone_numbers::number(Value::from(written)) {
        // A missing field is an error of its own.
        Ok(normal_form) => Some(NumberChange { normal_form, assigned: assigned.value().flatten() }),
        Err(message) => {
            numbers.wrong(written, message);
            None
        }
    }
}

/// Reads the number of a revision: 1, 2, …
fn revision(value: Value) -> Result<u64, String> {
    value.as_u64().filter(|number| *number > 0).ok_or_else(|| "must be a whole number of at least 1".into())
}
