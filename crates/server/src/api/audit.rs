//! `/core/audit-events`: who did what to which object of the organization, when and from where.

use axum::Json;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::config::raw;
use super::lists::{List, PageParameters, Query};
use super::object::{rfc3339, short_text};
use super::problem::Problem;
use super::request::RequestContext;
use super::words::{AuditActorWord, AuditKindWord};
use callplan_service::credentials::Scope;
use callplan_service::store::{AuditEvent, AuditFilter, AuditKind, Page, Snapshot};

/// Maximum length of a filter, in characters.
const MAXIMUM_CHARACTERS: usize = 256;

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditActor {
    /// What did it.
    #[schema(value_type = AuditActorWord)]
    kind: &'static str,
    /// The id of the key or the user; the number of the system's user for the command line.
    #[schema(required)]
    id: Option<String>,
}

/// An event of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub struct AuditEventAnswer {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// What was done.
    #[schema(value_type = AuditKindWord)]
    kind: String,
    /// Who did it.
    actor: AuditActor,
    /// The key of the request.
    #[schema(required, format = "uuid")]
    key_id: Option<String>,
    /// The object: its id, its name or its number.
    subject: String,
    /// The client's address.
    #[schema(required)]
    from: Option<String>,
    /// How often it happened; more than 1 only for refused tokens.
    count: u32,
    /// What the object was before, without large and secret parts.
    #[schema(value_type = Option<Object>, required)]
    before: Option<Box<RawValue>>,
    /// What it was afterwards.
    #[schema(value_type = Option<Object>, required)]
    after: Option<Box<RawValue>>,
}

impl AuditEventAnswer {
    fn of(event: AuditEvent) -> Self {
        Self {
            id: event.id.to_string(),
            at: event.at.to_string(),
            kind: event.kind,
            actor: AuditActor { kind: event.actor_kind, id: event.actor },
            key_id: event.key.map(|key| key.to_string()),
            subject: event.subject,
            from: event.from,
            count: event.count,
            before: event.before.map(raw),
            after: event.after.map(raw),
        }
    }
}

/// Lists the events of the organization's audit trail, the newest first.
#[utoipa::path(get, path = "/core/audit-events", tag = "Audit", operation_id = "list_audit_events",
    security(("bearer" = ["audit:read"])),
    params(("actor" = Option<String>, Query, max_length = 256, description = "Events of this key or user, by id."),
           ("kind" = Option<AuditKindWord>, Query, description = "Events of this kind."),
           ("subject" = Option<String>, Query, max_length = 256, description = "Events of this object."),
           ("since" = Option<String>, Query, format = DateTime, description = "Events from this instant on."),
           ("until" = Option<String>, Query, format = DateTime, description = "Events before this instant."),
           PageParameters),
    responses((status = 200, description = "A page of them.", body = List<AuditEventAnswer>),
              (status = 422, description = "A parameter is wrong.", body = Problem)))]
pub async fn list(context: RequestContext, mut query: Query) -> Result<Json<List<AuditEventAnswer>>, Problem> {
    context.who.needs(Scope::ReadAudit)?;
    let short = |text: &str| short_text(0, MAXIMUM_CHARACTERS)(text.into());
    let kind = |text: &str| match AuditKind::ALL.iter().find(|kind| kind.name() == text) {
        Some(kind) => Ok(kind.name().to_owned()),
        None => Err("is not the kind of an event".to_owned()),
    };
    let time = |text: &str| rfc3339(text).ok_or_else(|| "must be a time with an offset (RFC 3339)".to_owned());
    let filter = AuditFilter {
        actor: query.take("actor", short),
        kind: query.take("kind", kind),
        subject: query.take("subject", short),
        since: query.take("since", time),
        until: query.take("until", time),
    };
    let read = move |store: &Snapshot<'_>, organization, page: &Page| store.audit_events(organization, &filter, page);
    query.answer(&context, "audit events", read, AuditEventAnswer::of).await
}
