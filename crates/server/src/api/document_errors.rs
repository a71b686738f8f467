//! The errors that an operation may give, for the document: each status with its codes. Tests hold
//! every answer to them.

use super::error_code::ErrorCode;

/// The errors of any request.
const OF_ALL: [(&str, &str, &[ErrorCode]); 6] = [
    ("400", "The head of the request is ambiguous.", &[ErrorCode::BadRequest]),
    (
        "401",
        "The token is not valid, or a user's token names no organization.",
        &[ErrorCode::InvalidToken, ErrorCode::MissingOrganization],
    ),
    (
        "403",
        "A scope is missing, or the token is not for that organization or address.",
        &[ErrorCode::MissingScope, ErrorCode::NotAMember, ErrorCode::AddressNotAllowed],
    ),
    ("429", "Too many tokens from this address were not valid.", &[ErrorCode::TooManyInvalidTokens]),
    ("500", "Something went wrong in the server.", &[ErrorCode::InternalError]),
    (
        "503",
        "The server is shutting down or overloaded, or the database cannot be used.",
        &[ErrorCode::Overloaded, ErrorCode::DatabaseBusy, ErrorCode::DatabaseUnavailable, ErrorCode::ShuttingDown],
    ),
];

/// The errors of a request that may have a body.
const OF_BODIES: [(&str, &str, &[ErrorCode]); 5] = [
    ("400", "The body cannot be read.", &[ErrorCode::InvalidJson]),
    ("408", "The body took too long to arrive.", &[ErrorCode::RequestTimeout]),
    ("413", "The body is too large.", &[ErrorCode::BodyTooLarge]),
    ("415", "The body is not `application/json`.", &[ErrorCode::UnsupportedMediaType]),
    ("422", "A field is wrong.", &[ErrorCode::InvalidFields, ErrorCode::NotAnObject]),
];

/// Operations that check a plan, or read a stored one again: they wait for a processor, and the
/// plan may have errors.
const CHECKS: [&str; 15] = [
    "create_config",
    "update_config",
    "restore_revision",
    "check_plan",
    "simulate_call",
    "format_plan",
    "diff_plans",
    "timeline",
    "replay_calls",
    "write_example",
    "complete_plan",
    "hover_plan",
    "effects",
    "get_call",
    "delete_agent",
];

/// Operations that wait for the plan in force to be compiled.
const NEED_PLAN: [&str; 3] = ["simulate_call", "list_switches", "set_switch"];

/// Operations on the organization's config, which may not exist.
const NEED_CONFIG: [&str; 11] = [
    "update_config",
    "delete_config",
    "restore_revision",
    "simulate_call",
    "diff_plans",
    "timeline",
    "replay_calls",
    "write_example",
    "effects",
    "list_switches",
    "set_switch",
];

/// Operations that count as writes.
const WRITES: [&str; 16] = [
    "create_config",
    "update_config",
    "create_agent",
    "update_agent",
    "delete_agent",
    "create_agent_version",
    "publish_agent_version",
    "register_phone_number",
    "delete_phone_number",
    "create_api_key",
    "delete_config",
    "restore_revision",
    "set_switch",
    "revoke_api_key",
    "rotate_api_key",
    "erase_calls",
];

/// Operations that add to what an organization keeps.
const ADD: [&str; 7] = [
    "create_config",
    "update_config",
    "create_agent",
    "update_agent",
    "create_agent_version",
    "create_api_key",
    "register_phone_number",
];

/// The statuses that an operation may have beside those of its handler, each with a description.
pub fn of_all(has_body: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    let bodies = if has_body { &OF_BODIES[..] } else { &[] };
    OF_ALL.iter().chain(bodies).map(|(status, description, _)| (*status, *description))
}

/// The codes that an operation may give with a status.
pub fn codes(operation: &str, status: &str, has_body: bool) -> Vec<ErrorCode> {
    let bodies = if has_body { &OF_BODIES[..] } else { &[] };
    let shared = OF_ALL.iter().chain(bodies).filter(|(known, _, _)| *known == status);
    let mut codes: Vec<ErrorCode> = shared.flat_map(|(_, _, codes)| codes.iter().copied()).collect();
    for code in of_operation(operation, status) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

fn of_operation(operation: &str, status: &str) -> Vec<ErrorCode> {
    let is_check = CHECKS.contains(&operation);
    match status {
        "403" if matches!(operation, "create_api_key" | "rotate_api_key") => vec![ErrorCode::KeyExceedsMaker],
        "403" if matches!(operation, "register_phone_number" | "delete_phone_number") => {
            vec![ErrorCode::ReservedToOperator]
        }
        "404" if NEED_CONFIG.contains(&operation) && has_no_other_404(operation) => vec![ErrorCode::NoConfig],
        "404" if NEED_CONFIG.contains(&operation) => vec![ErrorCode::NotFound, ErrorCode::NoConfig],
        "404" => vec![ErrorCode::NotFound],
        "409" => vec![match operation {
            "create_config" => ErrorCode::ConfigExists,
            "delete_agent" => ErrorCode::AgentInUse,
            _ => ErrorCode::PhoneNumberTaken,
        }],
        "412" => vec![ErrorCode::PreconditionFailed],
        "422" if operation == "diff_plans" || operation == "timeline" => {
            vec![ErrorCode::InvalidPlan, ErrorCode::StoredPlanInvalid, ErrorCode::TooComplex]
        }
        "422" if operation == "effects" => vec![ErrorCode::InvalidPlan],
        "422" if is_check && operation != "get_call" => vec![ErrorCode::InvalidPlan, ErrorCode::StoredPlanInvalid],
        "422" => vec![ErrorCode::InvalidFields],
        "503" if NEED_PLAN.contains(&operation) => vec![ErrorCode::Starting],
        "429" => of_too_many(operation),
        _ => Vec::new(),
    }
}

/// The codes of an operation with 429.
fn of_too_many(operation: &str) -> Vec<ErrorCode> {
    let mut codes = Vec::new();
    if CHECKS.contains(&operation) {
        codes.push(ErrorCode::TooManyChecks);
    }
    if operation == "decide_call" || WRITES.contains(&operation) {
        codes.push(ErrorCode::RateLimited);
    }
    if ADD.contains(&operation) {
        codes.push(ErrorCode::QuotaExceeded);
    }
    codes
}

/// Whether the config is all that the operation looks for.
fn has_no_other_404(operation: &str) -> bool {
    !matches!(operation, "restore_revision" | "diff_plans" | "effects" | "set_switch")
}
