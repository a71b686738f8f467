//! The warnings of the config in force: those of a check now. Nobody has to save a plan for its
//! agents to be switched off, or for its lists of holidays to end. A state is checked once, when its
//! config is first asked for.

use std::sync::Arc;

use serde_json::Value;

use super::judge;
use crate::api::app::App;
use callplan::diagnostics::Code;
use callplan_service::live::access::Principal;
use callplan_service::live::organization::Organization;
use callplan_service::live::plan::OF_DATES;
use callplan_service::store::{Config, Fields};

/// Updates the warnings of a config that is in force. If no check can be had now, or the text does
/// not pass any more, they stay those of the save, but for those about dates.
pub async fn bring_up_to_date(app: &App, who: &Principal, config: &mut Config, organization: &Arc<Organization>) {
    if !is_in_force(&config.fields, organization) {
        return;
    }
    match checked(app, who, &config.fields, organization).await {
        Some(warnings) => config.fields.diagnostics = warnings.as_ref().to_owned(),
        None => bring_dates_up_to_date(config, organization),
    }
}

/// Keeps the warnings of a config that has just been checked and saved.
pub fn keep(saved: &Config, organization: &Organization) {
    if let (true, Some(in_force)) = (is_in_force(&saved.fields, organization), organization.config()) {
        in_force.keep_warnings(saved.fields.diagnostics.as_str().into());
    }
}

/// Whether a check of the config in force is one of these fields: another write may have come between.
fn is_in_force(fields: &Fields, organization: &Organization) -> bool {
    let Some(in_force) = organization.config() else { return false };
    let fallback = in_force.fallback().map(|agent| (agent.agent_id.to_owned(), agent.version));
    let stored = fields.fallback_agent_id.map(|agent| (agent.to_string(), fields.fallback_agent_version));
    in_force.plan().text() == fields.workflow_definition && fallback == stored
}

/// The warnings of the only check in a state.
async fn checked(app: &App, who: &Principal, fields: &Fields, organization: &Arc<Organization>) -> Option<Arc<str>> {
    let in_force = organization.config()?;
    if let Some(known) = in_force.warnings() {
        return Some(Arc::clone(known));
    }
    let (fields, state, today) = (fields.clone(), Arc::clone(organization), in_force.plan().first_day());
    let size = fields.workflow_definition.len();
    let found = app.check(who, size, move || judge::warnings(&fields, &state, today)).await.ok()??;
    let found = Arc::from(found);
    in_force.keep_warnings(Arc::clone(&found));
    Some(found)
}

/// Updates the warnings about dates of a config that is in force and has been compiled.
fn bring_dates_up_to_date(config: &mut Config, organization: &Organization) {
    let plan = organization.plan().filter(|plan| plan.text() == config.fields.workflow_definition);
    let Some(today) = plan.and_then(|plan| plan.date_warnings()) else { return };
    let Ok(mut warnings) = serde_json::from_str::<Vec<Value>>(&config.fields.diagnostics) else { return };
    let before = warnings.len();
    warnings.retain(|problem| !OF_DATES.map(Code::name).iter().any(|code| problem["code"] == *code));
    if today.is_empty() && warnings.len() == before {
        return;
    }
    warnings.extend(today.iter().filter_map(|problem| serde_json::to_value(problem).ok()));
    // A warning without a place, such as one about the fallback agent, stays at the end.
    warnings.sort_by_key(|problem| [&problem["line"], &problem["column"]].map(|at| at.as_u64().unwrap_or(u64::MAX)));
    config.fields.diagnostics = Value::Array(warnings).to_string();
}
