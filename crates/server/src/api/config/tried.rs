//! A call to try: the request's fields, completed for a plan and its switches.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::calls;
use crate::api::object::{Object, Sent, boolean, short_text, text};
use crate::api::problem::{FieldError, Problem};
use callplan::Call;
use callplan_service::live::organization::Organization;

/// Maximum length of an organization's id, in characters.
const LONGEST_ID: usize = 256;

/// A call to try, and its switches.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SimulatedCall)]
#[expect(dead_code, reason = "it describes what `TriedCall` reads")]
pub struct CallToTry {
    /// The caller's number.
    #[schema(max_length = 256)]
    caller_number: Option<String>,
    /// The dialed number.
    #[schema(min_length = 1, max_length = 256)]
    called_number: String,
    /// The trunk.
    #[schema(max_length = 256)]
    trunk_id: Option<String>,
    /// The name that the caller shows.
    #[schema(max_length = 256)]
    caller_name: Option<String>,
    /// The number that the caller's carrier asserts.
    #[schema(max_length = 256)]
    caller_asserted: Option<String>,
    /// Who sent the call on.
    #[schema(max_length = 256)]
    diverted_from: Option<String>,
    /// How far the caller's number is vouched for.
    #[schema(max_length = 256)]
    attestation: Option<String>,
    /// What else the call brings, by name, as in a call that is decided.
    attributes: Option<std::collections::BTreeMap<String, String>>,
    /// The organization, as in the witnesses of `diff`; null for no organization. By default the
    /// token's own.
    #[schema(max_length = 256)]
    organization_id: Option<String>,
    /// When it comes; by default now.
    #[schema(format = DateTime)]
    timestamp: Option<String>,
    /// Switches that are on or off, by name; all others are as they are now. Or a list of the
    /// switches that are on, as in a witness of `diff` and in the log; all others are off, and
    /// names that the plan does not declare are ignored.
    switches: Option<SwitchesToTry>,
}

/// The states of switches.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it describes what `Switches` reads")]
pub enum SwitchesToTry {
    /// The state of each named switch.
    Each(std::collections::BTreeMap<String, bool>),
    /// The switches that are on.
    On(Vec<String>),
}

/// A call to try, before it is completed.
#[derive(Debug, PartialEq, Eq)]
pub struct TriedCall {
    /// Without its organization and its switches.
    call: Call,
    organization_id: Sent<String>,
    switches: Switches,
}

/// The states of switches.
#[derive(Debug, PartialEq, Eq)]
pub enum Switches {
    /// These are on or off; all others are as they are now.
    Each(Vec<(String, bool)>),
    /// These are on; all others are off.
    On(Vec<String>),
}

impl TriedCall {
    /// Reads the field `call`. After an error in it, gives an empty call.
    pub fn take(object: &mut Object, now: Timestamp) -> Self {
        let read = object.object("call", |object| {
            let organization_id = object.take("organization_id", short_text(0, LONGEST_ID));
            let call = calls::read_fields(object, now);
            Self { call, organization_id, switches: Switches::take(object) }
        });
        match read {
            Sent::Value(call) => return call,
            Sent::Null => object.wrong("call", "must not be null"),
            Sent::Absent if object.is_wrong("call") => {}
            Sent::Absent => object.wrong("call", "is required"),
        }
        Self { call: Call::new("", now), organization_id: Sent::Absent, switches: Switches::On(Vec::new()) }
    }

    /// The complete call, for a plan that declares these switches.
    pub fn into_call(self, organization: &Organization, declared: &[String], now: Timestamp) -> Result<Call, Problem> {
        let switches = self.switches.on(organization, declared, now, "call.switches")?;
        Ok(Call {
            organization_id: match self.organization_id {
                Sent::Absent => Some(organization.name.to_string()),
                Sent::Null => None,
                Sent::Value(id) => Some(id),
            },
            switches,
            ..self.call
        })
    }
}

impl Switches {
    /// Reads the field `switches`.
    pub fn take(object: &mut Object) -> Self {
        match object.take("switches", either).value() {
            None => Self::Each(Vec::new()),
            Some(Value::Array(names)) => {
                let names = object.each("switches", names, text);
                Self::On(names.into_iter().map(|(_, name)| name).collect())
            }
            Some(states) => {
                let mut switches = Vec::new();
                for (name, value) in states.as_object().into_iter().flatten() {
                    match boolean(value.clone()) {
                        Ok(on) => switches.push((name.clone(), on)),
                        Err(message) => object.wrong(&format!("switches.{name}"), message),
                    }
                }
                Self::Each(switches)
            }
        }
    }

    /// The declared switches that are on, in the plan's order. A switch of [`Switches::Each`] must
    /// be declared. `path` is the path of the field.
    pub fn on(
        &self,
        organization: &Organization,
        declared: &[String],
        now: Timestamp,
        path: &str,
    ) -> Result<Vec<String>, Problem> {
        let states = match self {
            Self::On(names) => {
                return Ok(declared.iter().filter(|name| names.contains(name)).cloned().collect());
            }
            Self::Each(states) => states,
        };
        let unknown = states.iter().filter(|(name, _)| !declared.contains(name));
        let wrong: Vec<FieldError> = unknown
            .map(|(name, _)| FieldError::new(format!("{path}.{name}"), "is not a switch of this plan"))
            .collect();
        if !wrong.is_empty() {
            return Err(Problem::fields(wrong));
        }
        let on_now = organization.config().map(|config| config.switches_on(now)).unwrap_or_default();
        let is_on = |name: &String| {
            let state = states.iter().find(|(switch, _)| switch == name).map(|(_, on)| *on);
            state.unwrap_or_else(|| on_now.contains(name))
        };
        Ok(declared.iter().filter(|name| is_on(name)).cloned().collect())
    }
}

fn either(value: Value) -> Result<Value, String> {
    match value {
        Value::Array(_) | Value::Object(_) => Ok(value),
        _ => Err("must be an object of true and false, or a list of names".into()),
    }
}
