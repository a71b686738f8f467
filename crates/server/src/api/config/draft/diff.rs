//! `…/diff`: the calls that two plans decide differently.

use std::sync::Arc;

use axum::Json;
use axum::extract::Request;
use jiff::Timestamp;
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
use crate::api::request::{self, PLAN_BODY, RequestContext};
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
    /// The new plan.
    #[schema(required = false)]
    workflow_definition: Option<String>,
    /// Instead of a text: the plan of this revision.
    #[schema(required = false, minimum = 1)]
    revision: Option<u64>,
    /// The revision to compare with; by default the saved plan.
    #[schema(required = false, minimum = 1)]
    against: Option<u64>,
}

/// The changes from one plan to another.
#[derive(Debug, ToSchema)]
#[schema(as = Diff)]
#[expect(dead_code, reason = "it describes what `analyze::diff::json` writes")]
pub struct Differs {
    /// The revision that was compared with.
    against: u64,
    /// The revision that was looked at; null for a text.
    #[schema(required)]
    revision: Option<u64>,
    /// The first day of the calls that were compared: today, on the plans' clocks.
    #[schema(format = Date)]
    from: String,
    /// The last day.
    #[schema(format = Date)]
    until: String,
    /// Whether both plans decide every call alike.
    same: bool,
    /// Whether the plans read numbers without `+` in different ways, by their `country` lines. Then
    /// the changes are those of calls whose numbers both read alike.
    reads_otherwise: bool,
    /// Each change, the largest first, as in `callplan diff --format json`. `simulate` accepts the
    /// `call` of a `witness`.
    changes: Vec<DiffChange>,
    /// How many further, smaller changes there are. At most 1,000 are listed, fewer where they are
    /// large or take long to work out.
    more: usize,
}

/// The request.
#[derive(Debug)]
struct DiffQuery {
    text: Option<String>,
    revision: Option<u64>,
    against: Option<u64>,
}

impl DiffQuery {
    fn read(mut object: Object) -> Result<Self, Problem> {
        let text = object.take("workflow_definition", text).value();
        let query = Self {
            text,
            revision: object.take("revision", number).value(),
            against: object.take("against", number).value(),
        };
        match (&query.text, query.revision) {
            (Some(_), Some(_)) => object.wrong("revision", "must be left out with a `workflow_definition`"),
            (None, None) if !object.is_wrong("revision") && !object.is_wrong("workflow_definition") => {
                object.wrong("workflow_definition", "is required without a `revision`");
            }
            (Some(_), None) | (None, _) => {}
        }
        object.finish()?;
        Ok(query)
    }
}

/// Reads the number of a revision: 1, 2, …
fn number(value: Value) -> Result<u64, String> {
    value.as_u64().filter(|number| *number > 0).ok_or_else(|| "must be a whole number of at least 1".into())
}

/// Says exactly which calls a plan decides differently, for the years to come.
#[utoipa::path(post, path = "/core/inbound-routing-config/diff", tag = "Config", operation_id = "diff_plans",
    security(("bearer" = ["inbound_routing_configs:read"])),
    request_body = TwoPlans,
    responses((status = 200, description = "What changes.", body = Differs),
              (status = 404, description = "There is no such revision, or nothing to compare with.", body = Problem),
              (status = 422, description = "A field is wrong, a plan does not pass, or it takes too long to work out.",
               body = Problem),
              (status = 429, description = "All processors are busy with checks.", body = Problem)))]
pub async fn diff(RequestContext { app, who }: RequestContext, request: Request) -> Result<Json<Value>, Problem> {
    who.needs(Scope::ReadConfigs)?;
    let query = DiffQuery::read(request::object(request, PLAN_BODY).await?)?;
    let organization = app.slot(&who)?.load().clone();
    let (against, was) = match query.against {
        Some(number) => (number, earlier(&app, &who, number).await?),
        None => {
            let config = organization.config().ok_or_else(no_config)?;
            (config.revision, Meant::Saved(Arc::clone(config.plan())))
        }
    };
    let now = match (query.text, query.revision) {
        (Some(text), _) => Meant::sent(text, &app),
        (None, number) => earlier(&app, &who, number.unwrap_or_default()).await?,
    };
    let (today, at) = (app.today(), app.latest());
    let size = was.size() + now.size();
    let changes = app.check(&who, size, move || changes(was, now, (today, at), &organization)).await??;
    let mut answer = json!({ "against": against, "revision": query.revision });
    if let (Some(fields), Value::Object(changes)) = (answer.as_object_mut(), changes) {
        fields.extend(changes);
    }
    Ok(Json(answer))
}

/// The plan of a revision.
async fn earlier(app: &App, who: &Principal, number: u64) -> Result<Meant, Problem> {
    let organization = who.organization;
    let revision = app.read(who, move |store| store.revision(organization, number)).await?;
    let revision = revision.ok_or_else(|| Problem::not_found("revision"))?;
    Ok(Meant::Earlier(revision.fields.workflow_definition))
}

/// The changes from today on, on the clock of each plan. `today` is the day in UTC, on which texts are
/// checked.
fn changes(
    was: Meant,
    now: Meant,
    (today, at): (Date, Timestamp),
    organization: &Organization,
) -> Result<Value, Problem> {
    let (was, now) = (was.read(today, organization)?, now.read(today, organization)?);
    let size = |plan: &CheckedPlan| plan.source().text().len();
    let limits = Limits::for_text(size(&was) + size(&now));
    let first_day = was.zone().read(at).date.min(now.zone().read(at).date);
    let diff = diff::diff(&was, &now, first_day, &limits).map_err(|DiffOverBudget| {
        let detail = "These plans are too complex: their differences could not be worked out within the budget.";
        Problem::new(ErrorCode::TooComplex, detail)
    })?;
    Ok(diff::json::document(&diff, |_| None))
}
