//! `/core/agents/{id}/versions`: the versions of agents. A version is created as a draft, published
//! once, and assigned to numbers by publishing it.

use std::collections::HashSet;

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::app::Unwritten;
use super::config::raw;
use super::lists::{List, PageParameters, Query};
use super::location::location;
use super::object::{Object, any_object, list as items};
use super::phone_numbers;
use super::problem::{FieldError, Problem};
use super::request::{self, BODY, Path, RequestContext, no_such};
use callplan_service::credentials::Scope;
use callplan_service::live::access::Principal;
use callplan_service::store::{
    AgentId, AuditKind, Audited, Change, Conflict, OrganizationId, Page, PhoneNumber, Snapshot, StoreError,
    Transaction, Version,
};

/// Maximum count of numbers that one request assigns or takes away: all writers wait for it.
const MAXIMUM_NUMBERS: usize = 1000;

/// A version in an answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentVersion)]
pub struct VersionAnswer {
    /// Its id, which the numbers that it is assigned to name.
    #[schema(format = "uuid")]
    id: String,
    /// The agent's id.
    #[schema(format = "uuid")]
    agent_id: String,
    /// Its number: 1, 2, …
    version: u32,
    /// The configuration of the agent.
    #[schema(value_type = Option<Object>, required)]
    config: Option<Box<RawValue>>,
    /// When it was published; null for a draft.
    #[schema(format = DateTime, required)]
    published_at: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
}

impl VersionAnswer {
    fn of(version: Version) -> Self {
        Self {
            id: version.id.to_string(),
            agent_id: version.agent_id.to_string(),
            version: version.version,
            config: version.config.map(raw),
            published_at: version.published_at.map(|instant| instant.to_string()),
            created_at: version.created_at.to_string(),
        }
    }
}

/// The fields of a new version.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is read by `post`")]
pub struct NewVersion {
    /// What the agent is made of.
    #[schema(value_type = Option<Object>)]
    config: Option<Value>,
}

/// How to publish.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is read by `Publication`")]
pub struct Publish {
    /// Numbers that this version answers from now on, where no plan decides. It replaces the
    /// version that answered them before.
    #[schema(max_items = 1000)]
    phone_numbers: Option<Vec<String>>,
    /// Numbers that no version of this agent answers any more.
    #[schema(max_items = 1000)]
    unassign_phone_numbers: Option<Vec<String>>,
    /// The direction of the calls.
    #[schema(required = false)]
    direction: Direction,
}

/// A direction of calls.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From a caller to the organization.
    Inbound,
}

/// What was published.
#[derive(Debug, Serialize, ToSchema)]
pub struct Published {
    /// The numbers of the request in their new state: those that were assigned, then those that
    /// were taken away.
    phone_numbers: Vec<phone_numbers::PhoneNumberAnswer>,
}

/// The fields of a publication.
#[derive(Debug)]
struct Publication {
    assign: Numbers,
    unassign: Numbers,
}

/// Numbers in normal form, each once, with its index in the list of the request.
type Numbers = Vec<(usize, String)>;

const ASSIGN: &str = "phone_numbers";
const UNASSIGN: &str = "unassign_phone_numbers";

impl Publication {
    /// A request with numbers needs the scope to assign them. That error goes before errors of its
    /// fields.
    fn read(mut object: Object, who: &Principal) -> Result<Self, Problem> {
        let assign = numbers(&mut object, ASSIGN);
        let unassign = numbers(&mut object, UNASSIGN);
        if !(assign.is_empty() && unassign.is_empty()) {
            who.needs(Scope::ManageNumbers)?;
        }
        object.optional("direction", direction);
        let assigned: HashSet<&str> = assign.iter().map(|(_, number)| number.as_str()).collect();
        for (place, _) in unassign.iter().filter(|(_, number)| assigned.contains(number.as_str())) {
            object.wrong(&format!("{UNASSIGN}.{place}"), format!("is in `{ASSIGN}` too"));
        }
        object.finish()?;
        Ok(Self { assign, unassign })
    }

    /// The errors for numbers that the organization does not have.
    fn foreign(&self, store: &Transaction<'_>, organization: OrganizationId) -> Result<Vec<FieldError>, StoreError> {
        let mut errors = Vec::new();
        for (field, numbers) in [(ASSIGN, &self.assign), (UNASSIGN, &self.unassign)] {
            for (place, number) in numbers {
                if store.phone_number(organization, number)?.is_none() {
                    errors.push(FieldError::new(format!("{field}.{place}"), "is not a number of this organization"));
                }
            }
        }
        Ok(errors)
    }
}

/// Reads a list of numbers; absent and null mean an empty list.
fn numbers(object: &mut Object, field: &str) -> Numbers {
    let sent = object.take(field, items(0, MAXIMUM_NUMBERS)).value().unwrap_or_default();
    let mut seen = HashSet::new();
    let numbers = object.each(field, sent, phone_numbers::number);
    numbers.into_iter().filter(|(_, number)| seen.insert(number.clone())).collect()
}

fn direction(value: Value) -> Result<(), String> {
    if value == "inbound" { Ok(()) } else { Err("must be `inbound`".into()) }
}

/// The version that a path names.
#[derive(Clone, Copy, Debug)]
enum Which {
    /// The version with the highest number, draft or not.
    Latest,
    Number(u32),
}

/// What the audit trail says of a number that may have another agent now.
fn reassigned(before: Option<&PhoneNumber>, after: &PhoneNumber) -> Option<Change> {
    let was = before.and_then(|before| before.inbound_agent);
    if was == after.inbound_agent {
        return None;
    }
    let kind = if after.inbound_agent.is_some() { AuditKind::NumberAssigned } else { AuditKind::NumberUnassigned };
    let change = Change::new(kind, &after.phone_number).before(phone_numbers::facts(was));
    Some(change.after(phone_numbers::facts(after.inbound_agent)))
}

fn no_version() -> Problem {
    Conflict::NoVersion.into()
}

/// Lists an agent's versions, from 1 on.
#[utoipa::path(get, path = "/core/agents/{id}/versions", tag = "Agents", operation_id = "list_agent_versions",
    security(("bearer" = ["agents:read"])),
    params(("id" = String, Path, format = "uuid", description = "The agent\'s id."), PageParameters),
    responses((status = 200, description = "A page of the list.", body = List<VersionAnswer>),
              (status = 404, description = "There is no such agent.", body = Problem),
              (status = 422, description = "A parameter is wrong.", body = Problem)))]
pub async fn list(
    context: RequestContext,
    Path(id): Path<String>,
    query: Query,
) -> Result<Json<List<VersionAnswer>>, Problem> {
    context.who.needs(Scope::ReadAgents)?;
    let id: AgentId = request::id(&id)?;
    let read = move |store: &Snapshot<'_>, organization, page: &Page| {
        store.agent(organization, id)?.ok_or(Conflict::NoAgent)?;
        store.versions(organization, id, page)
    };
    query.answer(&context, &format!("versions of {id}"), read, VersionAnswer::of).await
}

/// Makes an agent's next version, a draft. It is not changed afterwards: make the next one.
#[utoipa::path(post, path = "/core/agents/{id}/versions", tag = "Agents", operation_id = "create_agent_version",
    security(("bearer" = ["agents:manage"])),
    params(("id" = String, Path, format = "uuid", description = "The agent\'s id.")), request_body = Option<NewVersion>,
    responses((status = 201, description = "It is made.", body = VersionAnswer),
              (status = 404, description = "There is no such agent.", body = Problem),
              (status = 422, description = "A field is wrong.", body = Problem)))]
pub async fn post(
    RequestContext { app, who }: RequestContext,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    who.needs(Scope::ManageAgents)?;
    let id: AgentId = request::id(&id)?;
    let mut object = request::optional_object(request, BODY).await?;
    let config = object.take("config", any_object).value();
    object.finish()?;
    let now = app.now();
    let made = app.change(&who, move |transaction| {
        let version = transaction.create_version(who.organization, id, config, now)?;
        let change = Change::new(AuditKind::VersionCreated, id).after(json!({"version": version.version}));
        Ok(Audited::new(version, change))
    });
    let version = VersionAnswer::of(made.await?);
    let path = location(&["agents", &version.agent_id, "versions", &version.version.to_string()]);
    Ok((StatusCode::CREATED, path, Json(version)).into_response())
}

/// Gives a version.
#[utoipa::path(get, path = "/core/agents/{id}/versions/{version}", tag = "Agents", operation_id = "get_agent_version",
    security(("bearer" = ["agents:read"])),
    params(("id" = String, Path, format = "uuid", description = "The agent\'s id."),
           ("version" = String, Path, description = "Its number, or `latest` for the highest, draft or not.")),
    responses((status = 200, description = "The version.", body = VersionAnswer),
              (status = 404, description = "There is no such agent or version.", body = Problem)))]
pub async fn get(
    RequestContext { app, who }: RequestContext,
    Path((id, version)): Path<(String, String)>,
) -> Result<Json<VersionAnswer>, Problem> {
    who.needs(Scope::ReadAgents)?;
    let id: AgentId = request::id(&id)?;
    let which = match version.as_str() {
        "latest" => Which::Latest,
        number => Which::Number(request::number(number, "version")?),
    };
    let version = app.read(&who, move |store| {
        store.agent(who.organization, id)?.ok_or(Conflict::NoAgent)?;
        match which {
            Which::Latest => store.latest_version(who.organization, id),
            Which::Number(number) => store.version(who.organization, id, number),
        }
    });
    Ok(Json(VersionAnswer::of(version.await?.ok_or_else(no_version)?)))
}

/// Publishes a version, and assigns numbers to it. Publishing it again only assigns numbers.
#[utoipa::path(post, path = "/core/agents/{id}/versions/{version}/publish", tag = "Agents",
    operation_id = "publish_agent_version",
    security(("bearer" = ["agents:manage"])),
    params(("id" = String, Path, format = "uuid", description = "The agent\'s id."),
           ("version" = u32, Path, minimum = 1, description = "The version's number.")),
    request_body = Option<Publish>,
    responses((status = 200, description = "It is published, and all numbers are assigned.", body = Published),
              (status = 404, description = "There is no such agent or version.", body = Problem),
              (status = 422, description = "A field is wrong: nothing is published.", body = Problem)))]
pub async fn publish(
    RequestContext { app, who }: RequestContext,
    Path((id, version)): Path<(String, String)>,
    request: Request,
) -> Result<Json<Published>, Problem> {
    who.needs(Scope::ManageAgents)?;
    let id: AgentId = request::id(&id)?;
    let version: u32 = request::number(&version, "version")?;
    let publication = Publication::read(request::optional_object(request, BODY).await?, &who)?;
    let now = app.now();
    let published = app.change(&who, move |transaction| {
        let organization = who.organization;
        transaction.agent(organization, id)?.ok_or_else(no_such::<AgentId>)?;
        transaction.version(organization, id, version)?.ok_or_else(no_version)?;
        let errors = publication.foreign(transaction, organization)?;
        if !errors.is_empty() {
            return Err(Unwritten::from(Problem::fields(errors)));
        }
        transaction.publish(organization, id, version, now)?;
        let change = Change::new(AuditKind::VersionPublished, id).after(json!({"version": version}));
        let (mut numbers, mut changes) = (Vec::new(), Vec::new());
        let assign = publication.assign.iter().map(|(_, number)| (number, true));
        for (number, is_assigned) in assign.chain(publication.unassign.iter().map(|(_, number)| (number, false))) {
            let before = transaction.phone_number(organization, number)?;
            let after = match is_assigned {
                true => transaction.assign_number(organization, number, id, version)?,
                false => transaction.unassign_number(organization, number, id)?,
            };
            changes.extend(reassigned(before.as_ref(), &after));
            numbers.push(after);
        }
        Ok(Audited::new(numbers, change).with(changes))
    });
    let phone_numbers = published.await?.into_iter().map(phone_numbers::PhoneNumberAnswer::of).collect();
    Ok(Json(Published { phone_numbers }))
}
