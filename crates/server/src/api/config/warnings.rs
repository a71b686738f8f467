//! The warnings of a stored config: those of its save, but of dates those of today. A list of holidays that runs out is in
//! the plan that nobody saves any more.

use serde_json::Value;

use callplan::diagnostics::Code;
use callplan_service::live::organization::Organization;
use callplan_service::live::plan::OF_DATES;
use callplan_service::store::Config;

/// Brings what a config says of dates up to today, where it is the one in force and has been compiled.
pub fn bring_up_to_date(config: &mut Config, organization: &Organization) {
    let plan = organization.plan().filter(|plan| plan.text() == config.fields.workflow_definition);
    let Some(today) = plan.and_then(|plan| plan.date_warnings()) else { return };
    let Ok(mut found) = serde_json::from_str::<Vec<Value>>(&config.fields.diagnostics) else { return };
    let before = found.len();
    found.retain(|problem| !OF_DATES.map(Code::name).iter().any(|code| problem["code"] == *code));
    if today.is_empty() && found.len() == before {
        return;
    }
    found.extend(today.iter().filter_map(|problem| serde_json::to_value(problem).ok()));
    // What has no place, such as a warning about the fallback agent, stays at the end.
    found.sort_by_key(|problem| [&problem["line"], &problem["column"]].map(|at| at.as_u64().unwrap_or(u64::MAX)));
    config.fields.diagnostics = Value::Array(found).to_string();
}
