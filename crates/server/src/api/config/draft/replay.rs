//! `…/replay`: what a text would have decided for the last calls of the log.

use std::sync::Arc;

use axum::Json;
use axum::extract::Request;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Meant;
use super::described::CallWithSwitches;
use crate::api::app::App;
use crate::api::calls::{self, recorded_call};
use crate::api::config::no_config;
use crate::api::object::text;
use crate::api::problem::Problem;
use crate::api::request::{self, PLAN_BODY, RequestContext};
use callplan::analyze::diff;
use callplan::compile::{Budget, CompiledPlan};
use callplan::fields::TextField;
use callplan::{Call, CheckedPlan};
use callplan_service::credentials::Scope;
use callplan_service::live::access::Principal;
use callplan_service::live::organization::Organization;
use callplan_service::routing::{Configured, Decision, Workflow, route};
use callplan_service::store::{CallFilter, CallRecord, Page};

/// Maximum number of calls.
pub(in crate::api) const MAXIMUM_CALLS: u64 = 1_000;
/// Default number of calls.
const DEFAULT_CALLS: usize = 200;
/// Number of calls in one read of the log.
const PAGE: usize = 100;
/// Maximum total size of the decisions of the calls in `changed`, in bytes.
const MAXIMUM_BYTES: usize = 8 << 20;

/// A text, and a number of calls.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReplayRequest)]
#[expect(dead_code, reason = "it describes what `replay` reads")]
pub struct TextAndLimit {
    /// A call plan.
    workflow_definition: String,
    /// How many calls, the newest of the log. Default: 200.
    #[schema(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// What the text changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Replay)]
pub struct Replay {
    /// The number of calls that were looked at.
    calls: usize,
    /// The number of calls that both plans decide alike. The deciding rules may have different
    /// names.
    same: usize,
    /// The number of calls that cannot be decided again, because their numbers are masked in the
    /// log.
    not_comparable: usize,
    /// The calls that are decided differently, the newest first.
    changed: Vec<ChangedCall>,
    /// The number of further changed calls that did not fit into the answer.
    left_out: usize,
}

/// A call that is decided differently.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedCall {
    /// Its id.
    #[schema(format = "uuid")]
    pub(in crate::api) id: String,
    /// When it was decided, by the server's clock.
    #[schema(format = DateTime)]
    pub(in crate::api) created_at: String,
    /// The call with its switches, in the form that `simulate` accepts.
    #[schema(value_type = CallWithSwitches)]
    pub(in crate::api) call: Value,
    /// The decision before the change.
    #[schema(value_type = calls::Decision)]
    pub(in crate::api) before: Decision,
    /// The decision after the change.
    #[schema(value_type = calls::Decision)]
    pub(in crate::api) after: Decision,
}

/// Decides the last calls of the log again, by the saved plan and by a text. Both sides use the
/// switches of that time and today's agents, so only the text's changes show.
#[utoipa::path(post, path = "/core/inbound-routing-config/replay", tag = "Config", operation_id = "replay_calls",
    security(("bearer" = ["inbound_routing_configs:read", "inbound_calls:read"])),
    request_body = TextAndLimit,
    responses((status = 200, description = "What the text changes.", body = Replay),
              (status = 404, description = "There is no config.", body = Problem),
              (status = 422, description = "A field is wrong, or the plan does not pass.", body = Problem),
              (status = 429, description = "All processors are busy with checks.", body = Problem)))]
pub async fn replay(RequestContext { app, who }: RequestContext, request: Request) -> Result<Json<Replay>, Problem> {
    who.needs(Scope::ReadConfigs)?;
    who.needs(Scope::ReadCalls)?;
    let mut object = request::object(request, PLAN_BODY).await?;
    let sent = object.required("workflow_definition", text);
    let limit = object.take("limit", limit).value().unwrap_or(DEFAULT_CALLS);
    object.finish()?;
    let organization = app.slot(&who)?.load().clone();
    let saved = Meant::Saved(Arc::clone(organization.plan().ok_or_else(no_config)?));
    let logged = newest(&app, &who, limit).await?;
    let (sent, today) = (Meant::sent(sent.unwrap_or_default(), &app), app.today());
    let replayed = app.check(&who, saved.size() + sent.size(), move || {
        let (before, after) = (saved.read(today, &organization)?, sent.read(today, &organization)?);
        Ok::<_, Problem>(Replay::of(logged, (before, after), today, &organization))
    });
    Ok(Json(replayed.await??))
}

fn limit(value: Value) -> Result<usize, String> {
    let limit = value.as_u64().filter(|limit| (1..=MAXIMUM_CALLS).contains(limit));
    let limit = limit.and_then(|limit| usize::try_from(limit).ok());
    limit.ok_or_else(|| format!("must be a whole number from 1 to {MAXIMUM_CALLS}"))
}

/// A call of the log.
pub(in crate::api) struct Logged {
    pub id: String,
    pub created_at: Timestamp,
    /// `None` if its numbers are masked, or another release wrote it in another form.
    pub call: Option<Call>,
}

impl From<CallRecord> for Logged {
    fn from(record: CallRecord) -> Self {
        let call = (!record.kind.masked).then(|| recorded_call(&record)).flatten();
        Self { id: record.id.to_string(), created_at: record.created_at(), call }
    }
}

/// The newest calls of the log, read page by page. Their decisions, which may be large, are
/// dropped.
pub(in crate::api) async fn newest(app: &App, who: &Principal, limit: usize) -> Result<Vec<Logged>, Problem> {
    let organization = who.organization;
    let mut calls: Vec<Logged> = Vec::new();
    let mut after = None;
    loop {
        let page = Page { limit: PAGE.min(limit - calls.len()), after };
        let listed = app.read(who, move |store| store.calls(organization, &CallFilter::default(), &page)).await?;
        calls.extend(listed.items.into_iter().map(Logged::from));
        after = listed.next.filter(|_| calls.len() < limit);
        if after.is_none() {
            return Ok(calls);
        }
    }
}

impl Replay {
    fn of(logged: Vec<Logged>, plans: (CheckedPlan, CheckedPlan), today: Date, organization: &Organization) -> Self {
        let compiled = |plan| CompiledPlan::new(plan, Some(first_day(&logged, today)), Budget::default());
        let (before, after) = (compiled(plans.0), compiled(plans.1));
        let revision = organization.config().map(|config| config.revision);
        let mut replay = Self { calls: logged.len(), same: 0, not_comparable: 0, changed: Vec::new(), left_out: 0 };
        let mut bytes = 0;
        for Logged { id, created_at, call } in logged {
            let Some(call) = call else {
                replay.not_comparable += 1;
                continue;
            };
            let before = decided(&before, revision, &call, organization);
            let after = decided(&after, None, &call, organization);
            if before.does_the_same(&after) {
                replay.same += 1;
                continue;
            }
            bytes += size(&before) + size(&after);
            if bytes > MAXIMUM_BYTES {
                replay.left_out += 1;
                continue;
            }
            let (created_at, call) = (created_at.to_string(), call_json(&call));
            replay.changed.push(ChangedCall { id, created_at, call, before, after });
        }
        replay
    }
}

/// The first day for which to compile the plans: the day of the earliest call on any clock, at most
/// a year ago.
fn first_day(logged: &[Logged], today: Date) -> Date {
    let year_ago = today.checked_sub(Span::new().years(1)).unwrap_or(today);
    let days = logged.iter().filter_map(|logged| logged.call.as_ref()).map(|call| {
        let day = jiff::tz::Offset::UTC.to_datetime(call.timestamp).date();
        day.yesterday().unwrap_or(day)
    });
    days.min().unwrap_or(today).clamp(year_ago, today)
}

/// A plan's decision on a call. There is no timeout, because no caller waits.
fn decided(plan: &CompiledPlan, revision: Option<u64>, call: &Call, organization: &Organization) -> Decision {
    let answer = plan.answer(call);
    let fallback = organization.config().and_then(|config| config.fallback());
    let configured = Configured::Enabled { revision, workflow: Workflow::Answered(&answer), fallback };
    route(configured, None, organization)
}

/// The size of a decision as JSON, in bytes.
pub(in crate::api) fn size(decision: &Decision) -> usize {
    serde_json::to_vec(decision).map_or(0, |json| json.len())
}

/// A call as JSON. Whose it is goes without saying.
pub(in crate::api) fn call_json(call: &Call) -> Value {
    let mut call = diff::json::call(call);
    if let Some(fields) = call.as_object_mut() {
        fields.shift_remove(TextField::Organization.key());
    }
    call
}
