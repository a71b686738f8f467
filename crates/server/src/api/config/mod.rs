//! `/core/inbound-routing-config`: the organization's config. [`fields`] reads a request, [`judge`]
//! decides whether it may be stored, and this module stores it. Below it: [`check`], [`draft`],
//! [`revisions`], [`switches`].

pub mod check;
pub mod draft;
pub(super) mod fields;
pub(super) mod judge;
pub mod revisions;
pub mod switches;
mod tried;
mod warnings;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::allowance::Urgency;
use super::app::{App, Turn};
use super::cores::Work;
use super::location::location;
use super::memory_budget::AnswerReservation;
use super::problem::Problem;
use super::request::{self, PLAN_BODY, RequestContext};
use callplan_service::credentials::Scope;
use callplan_service::live::access::Principal;
use callplan_service::store::{AuditKind, Audited, Change, Config, Conflict, Fields, NewRevision};
use fields::ConfigUpdate;
use judge::Judged;

/// A config in an answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InboundRoutingConfig)]
pub struct ConfigAnswer {
    /// Its id; a config that is made after a DELETE has a new one.
    #[schema(format = "uuid")]
    id: String,
    /// The organization that it belongs to.
    #[schema(format = "uuid")]
    organization_id: String,
    /// The number of the revision in force.
    revision: u64,
    /// The call plan, as it was sent.
    workflow_definition: String,
    /// The agent that answers where the plan does not.
    #[schema(required, format = "uuid")]
    fallback_agent_id: Option<String>,
    /// Its version; null is the newest published.
    #[schema(required)]
    fallback_agent_version: Option<u32>,
    /// Whether the plan is run.
    enabled: bool,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When this revision was made.
    #[schema(format = DateTime)]
    updated_at: String,
    /// The warnings of a check with the agents and on the day of the answer.
    #[schema(value_type = Vec<callplan::diagnostics::json::ProblemDocument>)]
    diagnostics: Box<RawValue>,
}

impl ConfigAnswer {
    pub(super) fn of(config: Config) -> Self {
        Self {
            id: config.id.to_string(),
            organization_id: config.organization_id.to_string(),
            revision: config.revision,
            workflow_definition: config.fields.workflow_definition,
            fallback_agent_id: config.fields.fallback_agent_id.map(|id| id.to_string()),
            fallback_agent_version: config.fields.fallback_agent_version,
            enabled: config.fields.enabled,
            created_at: config.created_at.to_string(),
            updated_at: config.updated_at.to_string(),
            diagnostics: raw(config.fields.diagnostics),
        }
    }
}

/// Stored JSON, unchanged.
pub(super) fn raw(json: String) -> Box<RawValue> {
    RawValue::from_string(json).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// The answer with a config, its tag, and the memory reserved for it.
/// Without memory for its plan, the answer is the tag alone.
async fn shown(
    (app, who): (&App, &Principal),
    status: StatusCode,
    mut config: Config,
    reservation: Option<AnswerReservation>,
) -> Response {
    let tag = tag(config.revision);
    let Some(reservation) = reservation else { return (StatusCode::NO_CONTENT, [(header::ETAG, tag)]).into_response() };
    if let Some(slot) = app.live.organization(config.organization_id) {
        let organization = slot.load().clone();
        warnings::bring_up_to_date(app, who, &mut config, &organization).await;
    }
    (status, [(header::ETAG, tag)], Extension(reservation), Json(ConfigAnswer::of(config))).into_response()
}

fn tag(revision: u64) -> HeaderValue {
    HeaderValue::try_from(format!("\"{revision}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether a header with entity tags names a revision (RFC 9110, 13.1). Several headers count as
/// one list.
fn names(headers: &HeaderMap, name: header::HeaderName, revision: u64, weakly: bool) -> Option<bool> {
    let mut all = headers.get_all(name).iter().peekable();
    all.peek()?;
    let tag = format!("\"{revision}\"");
    let Some(tags) = entity_tags(all) else { return Some(false) };
    let is_it = |listed: &String| {
        let listed = if weakly { listed.strip_prefix("W/").unwrap_or(listed) } else { listed };
        listed == tag
    };
    Some(tags == ["*"] || tags.iter().any(is_it))
}

/// The tags of a list, or a single `*`. `None` for anything else, which names no revision.
fn entity_tags<'h>(values: impl Iterator<Item = &'h HeaderValue>) -> Option<Vec<String>> {
    let mut tags = Vec::new();
    for value in values {
        let mut rest = value.to_str().ok()?;
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            if rest.is_empty() {
                break;
            }
            let length = if rest.starts_with('*') { 1 } else { entity_tag(rest)? };
            tags.push(rest[..length].to_owned());
            rest = rest[length..].trim_start_matches([' ', '\t']);
            if !(rest.is_empty() || rest.starts_with(',')) {
                return None;
            }
        }
    }
    let is_list = tags.len() == 1 || tags.iter().all(|tag| tag != "*");
    is_list.then_some(tags)
}

/// The length of the entity tag at the beginning of a text (RFC 9110, 8.8.3).
fn entity_tag(text: &str) -> Option<usize> {
    let opaque = text.strip_prefix("W/").unwrap_or(text).strip_prefix('"')?;
    let end = opaque.find('"')?;
    let is_fine = |byte: u8| byte == b'!' || (0x23..0x7f).contains(&byte);
    opaque[..end].bytes().all(is_fine).then(|| text.len() - opaque.len() + end + 1)
}

/// Refuses a write if `If-Match` names another revision.
fn if_match(headers: &HeaderMap, config: &Config) -> Result<(), Problem> {
    match names(headers, header::IF_MATCH, config.revision, false) {
        None | Some(true) => Ok(()),
        Some(false) => Err(Problem::precondition_failed()),
    }
}

pub(super) fn no_config() -> Problem {
    Conflict::NoConfig.into()
}

/// Gives the organization's config, or null.
#[utoipa::path(get, path = "/core/inbound-routing-config", tag = "Config", operation_id = "get_config",
    security(("bearer" = ["inbound_routing_configs:read"])),
    responses((status = 200, description = "The config, or null where there is none.", body = Option<ConfigAnswer>),
              (status = 304, description = "The revision is one of `If-None-Match`.")))]
pub async fn get(RequestContext { app, who }: RequestContext, request: Request) -> Result<Response, Problem> {
    who.needs(Scope::ReadConfigs)?;
    let reservation = app.reserve_answer(&who, app.slot(&who)?.load().plan().map_or(0, |plan| plan.text().len()))?;
    let config = app.read(&who, move |store| store.config(who.organization)).await?;
    let Some(config) = config else { return Ok(Json(None::<ConfigAnswer>).into_response()) };
    match names(request.headers(), header::IF_NONE_MATCH, config.revision, true) {
        Some(true) => Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag(config.revision))]).into_response()),
        None | Some(false) => Ok(shown((&app, &who), StatusCode::OK, config, Some(reservation)).await),
    }
}

/// Makes the organization's config.
#[utoipa::path(post, path = "/core/inbound-routing-config", tag = "Config", operation_id = "create_config",
    security(("bearer" = ["inbound_routing_configs:manage"])),
    request_body = fields::NewConfig,
    responses((status = 201, description = "It is made.", body = ConfigAnswer),
              (status = 409, description = "There is one already.", body = Problem),
              (status = 422, description = "A field is wrong, or the plan does not pass.", body = Problem)))]
pub async fn post(RequestContext { app, who }: RequestContext, request: Request) -> Result<Response, Problem> {
    who.needs(Scope::ManageConfigs)?;
    let change = ConfigUpdate::new_config(request::object(request, PLAN_BODY).await?)?;
    app.admit_write(&who, Urgency::Ordinary)?;
    let slot = app.slot(&who)?;
    let turn = app.turn(&slot).await?;
    if turn.state.config().is_some() {
        return Err(Conflict::ConfigExists.into());
    }
    let reservation = app.reserve_answer(&who, change.workflow_definition.as_ref().map_or(0, String::len))?;
    let judged = judge::judge(&app, (&who, Work::Save), &turn.state, None, change).await?;
    let saving = Saving { kind: AuditKind::ConfigCreated, before: None, restored_from: None };
    let config = save(&app, &who, &turn, judged, saving, move |transaction, new, _, now| {
        transaction.create_config(who.organization, new, now)
    });
    let made = shown((&app, &who), StatusCode::CREATED, config.await?, Some(reservation)).await;
    Ok((location(&["inbound-routing-config"]), made).into_response())
}

/// Changes the fields that were sent.
#[utoipa::path(put, path = "/core/inbound-routing-config", tag = "Config", operation_id = "update_config",
    security(("bearer" = ["inbound_routing_configs:manage"])),
    request_body = fields::ConfigChange,
    responses((status = 200, description = "The config as it is now.", body = ConfigAnswer),
              (status = 204, description = "It is written. There was no text in the request, and no memory to show the plan."),
              (status = 404, description = "There is none.", body = Problem),
              (status = 412, description = "It has another revision.", body = Problem),
              (status = 422, description = "A field is wrong, or the plan does not pass.", body = Problem)))]
pub async fn put(RequestContext { app, who }: RequestContext, request: Request) -> Result<Response, Problem> {
    who.needs(Scope::ManageConfigs)?;
    let headers = request.headers().clone();
    let change = ConfigUpdate::update(request::object(request, PLAN_BODY).await?)?;
    // A change without a text may be switching the plan off.
    let urgency = if change.workflow_definition.is_some() { Urgency::Ordinary } else { Urgency::Urgent };
    app.admit_write(&who, urgency)?;
    let slot = app.slot(&who)?;
    let turn = app.turn(&slot).await?;
    let config = app.read(&who, move |store| store.config(who.organization)).await?.ok_or_else(no_config)?;
    if_match(&headers, &config)?;
    // A change without a text, such as switching the plan off, is made without room for its answer.
    let reservation = match &change.workflow_definition {
        Some(text) => Some(app.reserve_answer(&who, text.len())?),
        None => app.reserve_answer(&who, config.fields.workflow_definition.len()).ok(),
    };
    let judged = judge::judge(&app, (&who, Work::Save), &turn.state, Some(&config.fields), change).await?;
    if judged.changes_nothing(&config.fields) {
        return Ok(shown((&app, &who), StatusCode::OK, config, reservation).await);
    }
    let saving = Saving { kind: AuditKind::ConfigUpdated, before: Some(facts(&config)), restored_from: None };
    let saved = save(&app, &who, &turn, judged, saving, move |transaction, new, declared, now| {
        transaction.save_config(who.organization, new, declared, now)
    });
    Ok(shown((&app, &who), StatusCode::OK, saved.await?, reservation).await)
}

/// Deletes the config. Its revisions stay.
#[utoipa::path(delete, path = "/core/inbound-routing-config", tag = "Config", operation_id = "delete_config",
    security(("bearer" = ["inbound_routing_configs:manage"])),
    responses((status = 204, description = "It is gone."),
              (status = 404, description = "There is none.", body = Problem),
              (status = 412, description = "It has another revision.", body = Problem)))]
pub async fn delete(RequestContext { app, who }: RequestContext, request: Request) -> Result<StatusCode, Problem> {
    who.needs(Scope::ManageConfigs)?;
    let headers = request.headers().clone();
    app.admit_write(&who, Urgency::Urgent)?;
    let slot = app.slot(&who)?;
    let turn = app.turn(&slot).await?;
    let delete = app.write(&who, Some(turn.state.stamp), None, move |transaction| {
        let config = transaction.config(who.organization)?.ok_or_else(no_config)?;
        if_match(&headers, &config)?;
        transaction.delete_config(who.organization)?;
        Ok(Audited::new((), Change::new(AuditKind::ConfigDeleted, config.id).before(facts(&config))))
    });
    delete.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the audit trail says of a config. The text is in the revision.
fn facts(config: &Config) -> Value {
    let Fields { fallback_agent_id, fallback_agent_version, enabled, workflow_definition, diagnostics: _ } =
        &config.fields;
    json!({
        "revision": config.revision,
        "enabled": enabled,
        "fallback_agent_id": fallback_agent_id.map(|id| id.to_string()),
        "fallback_agent_version": fallback_agent_version,
        "workflow_definition": {"bytes": workflow_definition.len()},
    })
}

/// How a config is saved, for its revision and for the audit trail.
struct Saving {
    kind: AuditKind,
    /// The config before, as the audit trail shows it.
    before: Option<Value>,
    restored_from: Option<u64>,
}

/// Stores a judged config with `write`, and puts its plan in force.
async fn save(
    app: &App,
    who: &Principal,
    turn: &Turn<'_>,
    judged: Judged,
    Saving { kind, before, restored_from }: Saving,
    write: impl FnOnce(
        &callplan_service::store::Transaction<'_>,
        NewRevision,
        &[String],
        Timestamp,
    ) -> Result<Config, callplan_service::store::StoreError>
    + Send
    + 'static,
) -> Result<Config, Problem> {
    let Judged { fields, is_checked, plan, declared } = judged;
    let (now, created_by) = (app.now(), who.actor);
    let write = app.write(who, Some(turn.state.stamp), plan, move |transaction| {
        let new = NewRevision { fields, created_by, restored_from };
        let config = write(transaction, new, &declared, now)?;
        let mut after = facts(&config);
        if let Some(revision) = restored_from {
            after["restored_from"] = json!(revision);
        }
        let change = Change::new(kind, config.id).after(after);
        let change = before.into_iter().fold(change, Change::before);
        Ok(Audited::new(config, change))
    });
    let saved = write.await?;
    if is_checked && let Some(state) = app.live.state(who.organization) {
        warnings::keep(&saved, &state);
    }
    Ok(saved)
}
