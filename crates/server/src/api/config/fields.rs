//! The fields of a config in a request: each is absent, null or a value.

use serde::Deserialize;
use utoipa::ToSchema;

pub use crate::api::object::Sent;
use crate::api::object::{Object, boolean, text, version};
use crate::api::problem::Problem;

/// The fields of a new config.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is read by `Change`")]
pub struct NewConfig {
    /// A call plan.
    workflow_definition: String,
    /// The agent that answers where the plan does not.
    #[schema(format = "uuid")]
    fallback_agent_id: Option<String>,
    /// Its version; null is the newest published. Needs a `fallback_agent_id`.
    #[schema(minimum = 1)]
    fallback_agent_version: Option<u32>,
    /// Whether the plan is run. Default: true.
    #[schema(required = false)]
    enabled: bool,
}

/// The fields to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is read by `Change`")]
pub struct ConfigChange {
    /// A call plan.
    #[schema(required = false)]
    workflow_definition: String,
    /// The agent that answers where the plan does not; null clears its version too.
    #[schema(format = "uuid")]
    fallback_agent_id: Option<String>,
    /// Its version; null is the newest published. Needs a `fallback_agent_id`.
    #[schema(minimum = 1)]
    fallback_agent_version: Option<u32>,
    /// Whether the plan is run.
    #[schema(required = false)]
    enabled: bool,
}

/// The fields that were sent.
#[derive(Debug)]
pub struct ConfigUpdate {
    /// The plan.
    pub workflow_definition: Option<String>,
    /// The fallback agent's id, as it was sent.
    pub fallback_agent_id: Sent<String>,
    /// The fallback agent's version.
    pub fallback_agent_version: Sent<u32>,
    /// Whether to run the plan.
    pub enabled: Option<bool>,
}

impl ConfigUpdate {
    /// Reads the fields of a new config, which must have a plan.
    pub fn new_config(mut object: Object) -> Result<Self, Problem> {
        let workflow_definition = object.required("workflow_definition", text);
        let change = Self::read(&mut object, workflow_definition);
        object.finish()?;
        Ok(change)
    }

    /// Reads the fields of an existing config.
    pub fn update(mut object: Object) -> Result<Self, Problem> {
        let change = Self::take(&mut object);
        object.finish()?;
        Ok(change)
    }

    /// Takes the fields of an existing config from an object that is read to its end elsewhere.
    pub fn take(object: &mut Object) -> Self {
        let workflow_definition = object.optional("workflow_definition", text);
        Self::read(object, workflow_definition)
    }

    fn read(object: &mut Object, workflow_definition: Option<String>) -> Self {
        let change = Self {
            workflow_definition,
            fallback_agent_id: object.take("fallback_agent_id", text),
            fallback_agent_version: object.take("fallback_agent_version", version),
            enabled: object.optional("enabled", boolean),
        };
        if change.fallback_agent_id == Sent::Null && matches!(change.fallback_agent_version, Sent::Value(_)) {
            object.wrong("fallback_agent_version", NEEDS_AGENT);
        }
        change
    }
}

/// The message for a version without an agent.
pub const NEEDS_AGENT: &str = "needs a `fallback_agent_id`";
