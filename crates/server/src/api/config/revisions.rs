//! `…/revisions`: earlier states of the config, and how to restore them.

use axum::Extension;
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::{ConfigUpdate, Sent};
use super::{Saving, facts, if_match, judge, no_config, save, shown};
use crate::api::allowance::Urgency;
use crate::api::app::App;
use crate::api::cores::Work;
use crate::api::lists::{List, PageParameters, Query};
use crate::api::memory_budget::AnswerReservation;
use crate::api::object::{Object, boolean};
use crate::api::problem::Problem;
use crate::api::request::{self, BODY, Path, RequestContext};
use crate::api::words::ActorWord;
use callplan_service::credentials::Scope;
use callplan_service::live::access::Principal;
use callplan_service::store::{Actor, AuditKind, Fields, Revision};

/// The author of a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownActor {
    /// The kind of author.
    #[schema(value_type = ActorWord)]
    kind: &'static str,
    /// The author's id.
    #[schema(format = "uuid")]
    id: String,
}

impl From<Actor> for ShownActor {
    fn from(actor: Actor) -> Self {
        let id = match actor {
            Actor::Key(id) => id.to_string(),
            Actor::User(id) => id.to_string(),
        };
        Self { kind: actor.kind(), id }
    }
}

/// A revision in an answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RevisionSummary)]
pub struct ShownRevision {
    /// Its number.
    revision: u64,
    /// The call plan; left out in a list.
    #[schema(ignore)]
    #[serde(skip_serializing_if = "Option::is_none")]
    workflow_definition: Option<String>,
    /// The agent that answered where the plan did not choose one.
    #[schema(required, format = "uuid")]
    fallback_agent_id: Option<String>,
    /// Its version.
    #[schema(required)]
    fallback_agent_version: Option<u32>,
    /// Whether the plan was run.
    enabled: bool,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// The author.
    created_by: ShownActor,
    /// The revision of which it restored fields; null if it restored none.
    #[schema(required)]
    restored_from: Option<u64>,
}

/// A revision with its plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Revision)]
pub struct WholeRevision {
    #[serde(flatten)]
    summary: ShownRevision,
    /// The call plan.
    workflow_definition: String,
}

impl ShownRevision {
    fn of(revision: Revision, with_text: bool) -> Self {
        let Fields { workflow_definition, fallback_agent_id, fallback_agent_version, enabled, diagnostics: _ } =
            revision.fields;
        Self {
            revision: revision.revision,
            workflow_definition: with_text.then_some(workflow_definition),
            fallback_agent_id: fallback_agent_id.map(|id| id.to_string()),
            fallback_agent_version,
            enabled,
            created_at: revision.created_at.to_string(),
            created_by: revision.created_by.into(),
            restored_from: revision.restored_from,
        }
    }
}

/// What to restore of a revision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is read by `Parts`")]
pub struct Restoration {
    /// Whether to restore the call plan. Default: true.
    #[schema(required = false)]
    workflow_definition: bool,
    /// Whether to restore the fallback agent and its version. Default: true.
    #[schema(required = false)]
    fallback_agent: bool,
    /// Whether to restore `enabled`. Default: true.
    #[schema(required = false)]
    enabled: bool,
}

/// The parts of a revision that are restored.
#[derive(Clone, Copy, Debug)]
struct Parts {
    text: bool,
    fallback: bool,
    enabled: bool,
}

impl Parts {
    fn read(mut object: Object) -> Result<Self, Problem> {
        let mut part = |field| object.optional(field, boolean).unwrap_or(true);
        let parts =
            Self { text: part("workflow_definition"), fallback: part("fallback_agent"), enabled: part("enabled") };
        if !(parts.text || parts.fallback || parts.enabled) {
            object.wrong("workflow_definition", "one of the parts must be restored");
        }
        object.finish()?;
        Ok(parts)
    }

    /// These parts of a revision as a change of the config. Others stay as they are.
    fn of(self, revision: Fields) -> ConfigUpdate {
        let sent = |version: Option<u32>| version.map_or(Sent::Null, Sent::Value);
        let agent = revision.fallback_agent_id.map_or(Sent::Null, |id| Sent::Value(id.to_string()));
        ConfigUpdate {
            workflow_definition: self.text.then_some(revision.workflow_definition),
            fallback_agent_id: if self.fallback { agent } else { Sent::Absent },
            fallback_agent_version: if self.fallback { sent(revision.fallback_agent_version) } else { Sent::Absent },
            enabled: self.enabled.then_some(revision.enabled),
        }
    }

    fn are_all(self) -> bool {
        self.text && self.fallback && self.enabled
    }
}

/// Lists the revisions, the newest first, without their plans.
#[utoipa::path(get, path = "/core/inbound-routing-config/revisions", tag = "Config", operation_id = "list_revisions",
    security(("bearer" = ["inbound_routing_configs:read"])),
    params(PageParameters),
    responses((status = 200, description = "A page of them.", body = List<ShownRevision>),
              (status = 422, description = "A parameter is wrong.", body = Problem)))]
pub async fn list(context: RequestContext, query: Query) -> Result<Json<List<ShownRevision>>, Problem> {
    context.who.needs(Scope::ReadConfigs)?;
    let summary = |revision| ShownRevision::of(revision, false);
    query.answer(&context, "revisions", |store, organization, page| store.revisions(organization, page), summary).await
}

/// A revision, with memory reserved for an answer with its plan, if there is some.
async fn find(
    app: &App,
    who: &Principal,
    number: &str,
) -> Result<(Revision, Result<AnswerReservation, Problem>), Problem> {
    let (organization, number) = (who.organization, request::number(number, "revision")?);
    let no_revision = || Problem::not_found("revision");
    let size = app.read(who, move |store| store.definition_size(organization, number)).await?;
    let reservation = app.reserve_answer(who, size.ok_or_else(no_revision)?);
    let revision = app.read(who, move |store| store.revision(organization, number)).await?;
    Ok((revision.ok_or_else(no_revision)?, reservation))
}

/// Gives a revision with its plan, also after the config is deleted.
#[utoipa::path(get, path = "/core/inbound-routing-config/revisions/{revision}", tag = "Config",
    operation_id = "get_revision",
    security(("bearer" = ["inbound_routing_configs:read"])), params(("revision" = u64, Path, minimum = 1, description = "Its number.")),
    responses((status = 200, description = "The revision.", body = WholeRevision),
              (status = 404, description = "There is no such revision.", body = Problem)))]
pub async fn get(RequestContext { app, who }: RequestContext, Path(number): Path<String>) -> Result<Response, Problem> {
    who.needs(Scope::ReadConfigs)?;
    let (revision, reservation) = find(&app, &who, &number).await?;
    Ok((Extension(reservation?), Json(ShownRevision::of(revision, true))).into_response())
}

/// Restores a revision or parts of it. They are checked as if they were sent.
#[utoipa::path(post, path = "/core/inbound-routing-config/revisions/{revision}/restore", tag = "Config",
    operation_id = "restore_revision",
    security(("bearer" = ["inbound_routing_configs:manage"])), params(("revision" = u64, Path, minimum = 1, description = "Its number.")),
    request_body = Option<Restoration>,
    responses((status = 200, description = "The config as it is now.", body = super::ConfigAnswer),
              (status = 204, description = "It is restored. There was no memory to show the plan."),
              (status = 404, description = "There is no such revision, or no config.", body = Problem),
              (status = 412, description = "The config has another revision.", body = Problem),
              (status = 422, description = "It would not be accepted today.", body = Problem)))]
pub async fn restore(
    RequestContext { app, who }: RequestContext,
    Path(number): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    who.needs(Scope::ManageConfigs)?;
    request::number::<u64>(&number, "revision")?;
    let parts = Parts::read(request::optional_object(request, BODY).await?)?;
    app.admit_write(&who, Urgency::Urgent)?;
    let slot = app.slot(&who)?;
    let turn = app.turn(&slot).await?;
    let config = app.read(&who, move |store| store.config(who.organization)).await?.ok_or_else(no_config)?;
    let (revision, reservation) = find(&app, &who, &number).await?;
    if_match(&headers, &config)?;
    let restored_from = Some(revision.revision);
    // A whole revision is checked as if all of it were new.
    let was = if parts.are_all() { None } else { Some(&config.fields) };
    let judged = judge::judge(&app, (&who, Work::Restore), &turn.state, was, parts.of(revision.fields)).await?;
    let saving = Saving { kind: AuditKind::ConfigRestored, before: Some(facts(&config)), restored_from };
    let saved = save(&app, &who, &turn, judged, saving, move |transaction, new, declared, now| {
        transaction.save_config(who.organization, new, declared, now)
    });
    Ok(shown((&app, &who), StatusCode::OK, saved.await?, reservation.ok()).await)
}
