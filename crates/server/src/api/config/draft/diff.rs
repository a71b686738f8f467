//! `…/diff`: which calls a text decides differently.

use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::extract::{Request, State};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::Meant;
use super::described::DiffChange;
use crate::api::app::App;
use crate::api::config::no_config;
use crate::api::error_code::ErrorCode;
use crate::api::object::{Object, text};
use crate::api::problem::Problem;
use crate::api::request::{self, PLAN_BODY};
use callplan::CheckedPlan;
use callplan::analyze::Limits;
use callplan::analyze::diff::{self, DiffOverBudget};
use callplan_service::credentials::Scope;
use callplan_service::live::access::Principal;
use callplan_service::live::organization::Organization;

/// Two plans.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DiffRequest)]
#[expect(dead_code, reason = "it describes what `DiffQuery` reads")]
pub struct TwoPlans {
    /// The plan as it would be.
    #[schema(required = false)]
    workflow_definition: Option<String>,
    /// Instead of a text: the plan of this revision.
    #[schema(required = false, minimum = 1)]
    revision: Option<u64>,
    /// The revision whose plan it is compared with; without it, the saved config's.
    #[schema(required = false, minimum = 1)]
    against: Option<u64>,
}

/// What changes from one plan to another.
#[derive(Debug, ToSchema)]
#[schema(as = Diff)]
#[expect(dead_code, reason = "it describes what `analyze::diff::json` writes")]
pub struct Differs {
    /// The revision whose plan is compared with.
    against: u64,
    /// The revision whose plan is looked at; null for a text.
    #[schema(required)]
    revision: Option<u64>,
    /// The first day of the calls that were asked about.
    #[schema(format = Date)]
    from: String,
    /// The last.
    #[schema(format = Date)]
    until: String,
    /// Whether every call is decided as before.
    same: bool,
    /// Each change, the largest first, as `callplan diff --format json` tells it. The `call` of its `witness` can be given
    /// to `simulate`.
    changes: Vec<DiffChange>,
}

/// What is asked for.
#[derive(Debug)]
struct DiffQuery {
    text: Option<String>,
    revision: Option<u64>,
    against: Option<u64>,
}

impl DiffQuery {
    fn read(mut object: Object) -> Result<Self, Problem> {
        let text = object.take("workflow_definition", text).value();
        let asked = Self {
            text,
            revision: object.take("revision", number).value(),
            against: object.take("against", number).value(),
        };
        match (&asked.text, asked.revision) {
            (Some(_), Some(_)) => object.wrong("revision", "must not be there beside a `workflow_definition`"),
            (None, None) if !object.is_wrong("revision") && !object.is_wrong("workflow_definition") => {
                object.wrong("workflow_definition", "is required where there is no `revision`");
            }
            (Some(_), None) | (None, _) => {}
        }
        object.finish()?;
        Ok(asked)
    }
}

/// The number of a revision: 1, 2, …
fn number(value: Value) -> Result<u64, String> {
    value.as_u64().filter(|number| *number > 0).ok_or_else(|| "must be a whole number from 1 on".into())
}

/// Says which calls a plan decides differently, exactly, for the years to come.
#[utoipa::path(post, path = "/core/inbound-routing-config/diff", tag = "Config", operation_id = "diff_plans",
    security(("bearer" = ["inbound_routing_configs:read"])),
    request_body = TwoPlans,
    responses((status = 200, description = "What changes.", body = Differs),
              (status = 404, description = "There is no such revision, or nothing to compare with.", body = Problem),
              (status = 422, description = "A field is wrong, a plan does not pass, or it takes too long to work out.",
               body = Problem),
              (status = 429, description = "As many checks run as there are processors for.", body = Problem)))]
pub async fn diff(
    State(app): State<Arc<App>>,
    Extension(who): Extension<Principal>,
    request: Request,
) -> Result<Json<Value>, Problem> {
    who.needs(Scope::ReadConfigs)?;
    let asked = DiffQuery::read(request::object(request, PLAN_BODY).await?)?;
    let organization = app.slot(&who)?.load().clone();
    let (against, was) = match asked.against {
        Some(number) => (number, earlier(&app, &who, number).await?),
        None => {
            let config = organization.config().ok_or_else(no_config)?;
            (config.revision, Meant::Saved(Arc::clone(config.plan())))
        }
    };
    let now = match (asked.text, asked.revision) {
        (Some(text), _) => Meant::Sent(text),
        (None, number) => earlier(&app, &who, number.unwrap_or_default()).await?,
    };
    let today = app.today();
    let changes = app.check(move || changes(was, now, today, &organization)).await??;
    let mut answer = json!({ "against": against, "revision": asked.revision });
    if let (Some(fields), Value::Object(changes)) = (answer.as_object_mut(), changes) {
        fields.extend(changes);
    }
    Ok(Json(answer))
}

/// The plan of a revision.
async fn earlier(app: &App, who: &Principal, number: u64) -> Result<Meant, Problem> {
    let organization = who.organization;
    let found = app.read(move |store| store.revision(organization, number)).await?;
    let revision = found.ok_or_else(|| Problem::not_found("revision"))?;
    Ok(Meant::Earlier(revision.fields.workflow_definition))
}

fn changes(was: Meant, now: Meant, today: Date, organization: &Organization) -> Result<Value, Problem> {
    let (was, now) = (was.read(today, organization)?, now.read(today, organization)?);
    let size = |plan: &CheckedPlan| plan.source().text().len();
    let limits = Limits::for_text(size(&was) + size(&now));
    let found = diff::diff(&was, &now, today, &limits).map_err(|DiffOverBudget| {
        let detail = "These plans go beyond the budget: which calls change was not worked out.";
        Problem::new(ErrorCode::TooComplex, detail)
    })?;
    Ok(diff::json::document(&found, |_| None))
}
