//! `…/format`: a text in the standard layout.

use axum::Json;
use axum::extract::Request;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::config::check::PlanText;
use crate::api::config::judge;
use crate::api::error_code::ErrorCode;
use crate::api::object::text;
use crate::api::problem::Problem;
use crate::api::request::{self, PLAN_BODY, RequestContext};
use callplan::check::Options;
use callplan::diagnostics::json;
use callplan::{Problems, Source, syntax};
use callplan_service::credentials::Scope;

/// A text in the standard layout.
#[derive(Debug, Serialize, ToSchema)]
pub struct LaidOut {
    /// The call plan.
    workflow_definition: String,
}

/// Puts a text into the standard layout. Names and values may be wrong, but the text must be
/// readable.
#[utoipa::path(post, path = "/core/inbound-routing-config/format", tag = "Config", operation_id = "format_plan",
    security(("bearer" = ["inbound_routing_configs:read"])),
    request_body = PlanText,
    responses((status = 200, description = "The text in the layout.", body = LaidOut),
              (status = 422, description = "A field is wrong, or the text cannot be read.", body = Problem)))]
pub async fn format(RequestContext { app, who }: RequestContext, request: Request) -> Result<Json<LaidOut>, Problem> {
    who.needs(Scope::ReadConfigs)?;
    let mut object = request::object(request, PLAN_BODY).await?;
    let text = object.required("workflow_definition", text);
    object.finish()?;
    let source = Source::new(judge::NAME, text.unwrap_or_default());
    let (size, max_bytes) = (source.text().len(), app.settings.max_text_bytes);
    let work = move || laid_out(&source, max_bytes);
    Ok(Json(LaidOut { workflow_definition: app.light_work(&who, size, work).await?? }))
}

fn laid_out(source: &Source, max_bytes: usize) -> Result<String, Problem> {
    let mut problems = Problems::new();
    let tree = syntax::parse_within(source, max_bytes, &mut problems);
    if problems.has_errors() {
        // The problems of a check, which also tries the fixes that it offers.
        let problems = callplan::check(source, &Options { max_bytes: Some(max_bytes), ..Options::default() }).problems;
        return Err(Problem::plan(json::document(source, &problems), Vec::new()));
    }
    let laid_out = tree.as_ref().and_then(callplan::format::format);
    laid_out.ok_or_else(|| {
        let detail = "A part of the text cannot be read; `check` says which.";
        Problem::new(ErrorCode::InvalidPlan, detail)
    })
}
