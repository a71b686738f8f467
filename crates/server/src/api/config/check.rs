//! `…/check` and `…/simulate`: the problems of a plan, and its decision on a call. Neither stores
//! anything.

use std::time::Duration;

use axum::Json;
use axum::extract::Request;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::draft::passes_no_more;
use super::judge;
use super::no_config;
use super::tried::{CallToTry, TriedCall};
use crate::api::calls;
use crate::api::object::text;
use crate::api::problem::{Problem, internal_error};
use crate::api::request::{self, PLAN_BODY, RequestContext};
use callplan::call::Step;
use callplan::diagnostics::json;
use callplan_service::calls::Candidate;
use callplan_service::credentials::Scope;
use callplan_service::live::organization::Organization;
use callplan_service::live::plan::Plan;
use callplan_service::routing::Decision;

/// A plan to check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what `check` reads")]
pub struct PlanText {
    /// A call plan.
    workflow_definition: String,
}

/// The result of a check.
#[derive(Debug, Serialize, ToSchema)]
pub struct Checked {
    /// Whether the plan would be accepted.
    ok: bool,
    /// All problems, in the order of the text.
    diagnostics: Vec<json::ProblemDocument>,
    /// The number of further problems that did not fit into the answer.
    more: usize,
    /// The same problems, as the command line prints them.
    rendered: String,
}

/// Checks a plan with the organization's agents, as saving it would. Stores nothing.
#[utoipa::path(post, path = "/core/inbound-routing-config/check", tag = "Config", operation_id = "check_plan",
    security(("bearer" = ["inbound_routing_configs:read"])),
    request_body = PlanText,
    responses((status = 200, description = "What was found.", body = Checked),
              (status = 422, description = "A field is wrong.", body = Problem),
              (status = 429, description = "All processors are busy with checks.", body = Problem)))]
pub async fn check(RequestContext { app, who }: RequestContext, request: Request) -> Result<Json<Checked>, Problem> {
    who.needs(Scope::ReadConfigs)?;
    let mut object = request::object(request, PLAN_BODY).await?;
    let text = object.required("workflow_definition", text);
    object.finish()?;
    let (text, max_bytes) = (text.unwrap_or_default(), Some(app.settings.max_text_bytes));
    let (today, organization) = (app.today(), app.slot(&who)?.load().clone());
    let fallback = judge::fallback_in_force(&organization);
    let (plan, document) =
        app.check(&who, text.len(), move || judge::check(text, max_bytes, today, &organization, fallback)).await?;
    if let Some(internal) = internal_error(&document) {
        return Err(internal);
    }
    let json::ReportDocument { diagnostics, more, rendered, .. } = document;
    Ok(Json(Checked { ok: plan.is_some(), diagnostics, more, rendered }))
}

/// A call to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what `simulate` reads")]
pub struct Simulation {
    /// A call plan; by default the saved one.
    #[schema(required = false)]
    workflow_definition: Option<String>,
    /// The call.
    call: CallToTry,
}

/// The decision on a call, and its explanation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Simulated {
    /// The same as the answer to a call, without an id.
    #[schema(value_type = calls::Decision)]
    decision: Decision,
    /// The statements that were reached, in order.
    trace: Vec<TraceEntry>,
    /// How numbers without `+` were read, or why they stayed local: a sentence for each.
    notes: Vec<String>,
    /// The switches that can matter to calls to this number, whoever calls and whenever, in the
    /// plan's order.
    reachable_switches: Vec<String>,
}

/// A statement that was reached.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraceEntry {
    /// Its line, from 1.
    line: usize,
    /// Its text, up to its block.
    statement: String,
    /// The innermost named rule around it, or its own.
    #[schema(required)]
    rule: Option<String>,
    /// Whether its condition held; null for a statement without a condition.
    #[schema(required)]
    held: Option<bool>,
    /// What decided the condition, or what the statement did.
    #[schema(required)]
    because: Option<String>,
}

impl From<Step> for TraceEntry {
    fn from(step: Step) -> Self {
        let Step { line, statement, rule, held, because, .. } = step;
        Self { line, statement, rule, held, because }
    }
}

/// Decides a call by a plan and explains the decision, without a record. It also runs the plan of a
/// config that is switched off.
#[utoipa::path(post, path = "/core/inbound-routing-config/simulate", tag = "Config", operation_id = "simulate_call",
    security(("bearer" = ["inbound_routing_configs:read"])),
    request_body = Simulation,
    responses((status = 200, description = "What would be done with the call, and why.", body = Simulated),
              (status = 404, description = "There is no plan, and none was sent.", body = Problem),
              (status = 422, description = "A field is wrong, or the plan does not pass.", body = Problem)))]
pub async fn simulate(
    RequestContext { app, who }: RequestContext,
    request: Request,
) -> Result<Json<Simulated>, Problem> {
    who.needs(Scope::ReadConfigs)?;
    let mut object = request::object(request, PLAN_BODY).await?;
    let draft = object.take("workflow_definition", text).value();
    let now = app.latest();
    let call = TriedCall::take(&mut object, now);
    object.finish()?;
    let organization = app.slot(&who)?.load().clone();
    let (today, timeout) = (app.today(), app.settings.decision_timeout);
    let Some(text) = draft else {
        let config = organization.config().cloned().ok_or_else(no_config)?;
        app.compiled(config.plan()).await?;
        let size = config.plan().text().len();
        let work = move || simulated(config.plan(), Some(config.revision), call, &organization, now, timeout);
        return Ok(Json(app.light_work(&who, size, work).await??));
    };
    let (size, max_bytes) = (text.len(), Some(app.settings.max_text_bytes));
    let work = move || {
        let fallback = judge::fallback_in_force(&organization);
        let (plan, document) = judge::check(text, max_bytes, today, &organization, fallback);
        let plan = plan.ok_or_else(|| Problem::plan(document, Vec::new()))?;
        simulated(&plan, None, call, &organization, now, timeout)
    };
    Ok(Json(app.check(&who, size, work).await??))
}

/// Decides a call by a plan, with the path through it and the switches that calls to its number can
/// reach. A plan may have thousands of statements, so threads that answer calls do not work this
/// out.
fn simulated(
    plan: &Plan,
    revision: Option<u64>,
    call: TriedCall,
    organization: &Organization,
    now: Timestamp,
    timeout: Duration,
) -> Result<Simulated, Problem> {
    let call = call.into_call(organization, plan.switches().ok_or_else(passes_no_more)?, now)?;
    // For all three questions, so that the text is read once.
    let _read = plan.checked_plan();
    let (_, trace) = plan.explain(&call).ok_or_else(passes_no_more)?;
    let reachable_switches = plan.reachable_switches(&call.called_number).ok_or_else(passes_no_more)?;
    let fallback = organization.config().and_then(|config| config.fallback());
    let decision = Candidate { plan, revision, fallback }.decide(organization, &call, timeout);
    let notes = trace.notes;
    let trace = trace.steps.into_iter().map(TraceEntry::from).collect();
    Ok(Simulated { decision, trace, notes, reachable_switches })
}
