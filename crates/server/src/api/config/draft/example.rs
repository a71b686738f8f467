//! `…/example`: turns a call that was tried into an example of the plan.

use axum::Json;
use axum::extract::Request;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Meant;
use crate::api::config::tried::{CallToTry, TriedCall};
use crate::api::object::{name, text};
use crate::api::problem::Problem;
use crate::api::request::{self, PLAN_BODY, RequestContext};
use callplan::analyze::examples;
use callplan_service::credentials::Scope;
use callplan_service::live::organization::Organization;

/// A call to turn into an example.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ExampleRequest)]
#[expect(dead_code, reason = "it describes what `example` reads")]
pub struct Wanted {
    /// A call plan; by default the saved one.
    #[schema(required = false)]
    workflow_definition: Option<String>,
    /// The call.
    call: CallToTry,
    /// The example's name; by default made of the rule that decides and the caller.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
}

/// A call, written as an example.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Example)]
pub struct Written {
    /// The `example` block.
    example: String,
    /// The plan with the block at its end.
    workflow_definition: String,
}

/// Writes a call as an `example` of a plan, which expects the plan's current decision. An example
/// has its time to the minute and no organization, so it is that call which is decided.
#[utoipa::path(post, path = "/core/inbound-routing-config/example", tag = "Config", operation_id = "write_example",
    security(("bearer" = ["inbound_routing_configs:read"])),
    request_body = Wanted,
    responses((status = 200, description = "The call as an example.", body = Written),
              (status = 404, description = "There is no plan, and none was sent.", body = Problem),
              (status = 422, description = "A field is wrong, or the plan does not pass.", body = Problem),
              (status = 429, description = "All processors are busy with checks.", body = Problem)))]
pub async fn example(RequestContext { app, who }: RequestContext, request: Request) -> Result<Json<Written>, Problem> {
    who.needs(Scope::ReadConfigs)?;
    let mut object = request::object(request, PLAN_BODY).await?;
    let (sent, now) = (object.take("workflow_definition", text).value(), app.latest());
    let name = object.take("name", name).value();
    let call = TriedCall::take(&mut object, now);
    object.finish()?;
    let organization = app.slot(&who)?.load().clone();
    let (plan, today) = (Meant::sent_or_saved(sent, &app, &organization)?, app.today());
    let (size, work) = (plan.size(), move || written(plan, call, name, (today, now), &organization));
    Ok(Json(app.check(&who, size, work).await??))
}

fn written(
    plan: Meant,
    call: TriedCall,
    name: Option<String>,
    (today, now): (Date, Timestamp),
    organization: &Organization,
) -> Result<Written, Problem> {
    let plan = plan.read(today, organization)?;
    let call = call.into_call(organization, plan.switches(), now)?;
    let example = examples::of_call(&plan, &call, name.as_deref());
    Ok(Written { workflow_definition: appended(plan.source().text(), &example), example })
}

/// The text with the example after an empty line, with the line ends of the text.
fn appended(text: &str, example: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = text.trim_end_matches(['\r', '\n']);
    format!("{before}{end}{end}{}", example.replace('\n', end))
}
