//! The warnings of a stored config: those of its save, but warnings about dates are those of today.
//! A plan that nobody saves any more still has lists of holidays that end.

use serde_json::Value;

use callplan::diagnostics::Code;
use callplan_service::live::organization::Organization;
use callplan_service::live::plan::OF_DATES;
use callplan_service::store::Config;

/// Updates the warnings about dates of a config that is in force and has been compiled.
pub fn bring_up_to_date(config: &mut Config, organization: &Organization) {
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
