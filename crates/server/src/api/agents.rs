//! `/core/agents`: the agents that may answer calls.

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::allowance::Urgency;
use super::app::App;
use super::config::raw;
use super::lists::{List, PageParameters, Query};
use super::location::location;
use super::object::{Object, Sent, any_object, boolean, kept_text, name};
use super::problem::Problem;
use super::request::{self, BODY, Path, RequestContext, no_such};
use callplan_service::credentials::Scope;
use callplan_service::live::access::Principal;
use callplan_service::live::organization::Organization;
use callplan_service::store::{Agent, AgentFields, AgentId, AuditKind, Audited, Change, Uses};

/// An agent in an answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agent)]
pub struct AgentAnswer {
    /// The id by which plans name the agent.
    #[schema(format = "uuid")]
    id: String,
    /// The name that people see.
    name: String,
    /// What people say that it is for.
    #[schema(required)]
    description: Option<String>,
    /// Whether calls may go to it.
    active: bool,
    /// Data that clients keep with it.
    #[schema(value_type = Option<Object>, required)]
    metadata: Option<Box<RawValue>>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When the agent was last changed. Changing a version does not count.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl AgentAnswer {
    fn of(agent: Agent) -> Self {
        Self {
            id: agent.id.to_string(),
            name: agent.fields.name,
            description: agent.fields.description,
            active: agent.fields.active,
            metadata: agent.fields.metadata.map(raw),
            created_at: agent.created_at.to_string(),
            updated_at: agent.updated_at.to_string(),
        }
    }
}

/// The fields of a new agent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is read by `Change`")]
pub struct NewAgent {
    /// The name that people see.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What people say that it is for.
    description: Option<String>,
    /// Whether calls may go to it. Default: true.
    #[schema(required = false)]
    active: bool,
    /// Data that clients keep with it.
    #[schema(value_type = Option<Object>)]
    metadata: Option<Value>,
}

/// The fields to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is read by `Change`")]
pub struct AgentChange {
    /// The name that people see.
    #[schema(required = false, min_length = 1, max_length = 200)]
    name: String,
    /// What people say that it is for.
    description: Option<String>,
    /// Whether calls may go to it.
    #[schema(required = false)]
    active: bool,
    /// Data that clients keep with it.
    #[schema(value_type = Option<Object>)]
    metadata: Option<Value>,
}

/// The fields that were sent.
#[derive(Debug)]
struct AgentUpdate {
    name: Option<String>,
    description: Sent<String>,
    active: Option<bool>,
    metadata: Sent<String>,
}

impl AgentUpdate {
    /// Reads the fields of a new agent, which must have a name.
    fn new_agent(mut object: Object) -> Result<AgentFields, Problem> {
        let name = object.required("name", name);
        let nothing = AgentFields { name: String::new(), description: None, active: true, metadata: None };
        Ok(Self::read(object, name)?.applied_to(nothing))
    }

    /// Reads the fields of an existing agent.
    fn update(mut object: Object) -> Result<Self, Problem> {
        let name = object.optional("name", name);
        Self::read(object, name)
    }

    fn read(mut object: Object, name: Option<String>) -> Result<Self, Problem> {
        let change = Self {
            name,
            description: object.take("description", kept_text),
            active: object.optional("active", boolean),
            metadata: object.take("metadata", any_object),
        };
        object.finish()?;
        Ok(change)
    }

    fn applied_to(self, was: AgentFields) -> AgentFields {
        AgentFields {
            name: self.name.unwrap_or(was.name),
            description: self.description.or(was.description),
            active: self.active.unwrap_or(was.active),
            metadata: self.metadata.or(was.metadata),
        }
    }
}

/// What the audit trail says of an agent. Its description and its metadata may hold anything.
fn facts(fields: &AgentFields) -> Value {
    json!({"name": fields.name, "active": fields.active})
}

fn updated(id: AgentId, before: &AgentFields, after: &AgentFields) -> Change {
    let others =
        [("description", before.description != after.description), ("metadata", before.metadata != after.metadata)];
    let changed: Vec<&str> = others.into_iter().filter_map(|(name, is_other)| is_other.then_some(name)).collect();
    let mut facts_after = facts(after);
    if !changed.is_empty() {
        facts_after["also_changed"] = json!(changed);
    }
    Change::new(AuditKind::AgentUpdated, id).before(facts(before)).after(facts_after)
}

/// Lists the organization's agents, the oldest first.
#[utoipa::path(get, path = "/core/agents", tag = "Agents", operation_id = "list_agents",
    security(("bearer" = ["agents:read"])), params(PageParameters),
    responses((status = 200, description = "A page of the list.", body = List<AgentAnswer>),
              (status = 422, description = "A parameter is wrong.", body = Problem)))]
pub async fn list(context: RequestContext, query: Query) -> Result<Json<List<AgentAnswer>>, Problem> {
    context.who.needs(Scope::ReadAgents)?;
    query
        .answer(&context, "agents", |store, organization, page| store.agents(organization, page), AgentAnswer::of)
        .await
}

/// Makes an agent without versions.
#[utoipa::path(post, path = "/core/agents", tag = "Agents", operation_id = "create_agent",
    security(("bearer" = ["agents:manage"])), request_body = NewAgent,
    responses((status = 201, description = "It is made.", body = AgentAnswer),
              (status = 422, description = "A field is wrong.", body = Problem)))]
pub async fn post(RequestContext { app, who }: RequestContext, request: Request) -> Result<Response, Problem> {
    who.needs(Scope::ManageAgents)?;
    let fields = AgentUpdate::new_agent(request::object(request, BODY).await?)?;
    let now = app.now();
    let made = app.change(&who, move |transaction| {
        let agent = transaction.create_agent(who.organization, fields, now)?;
        let change = Change::new(AuditKind::AgentCreated, agent.id).after(facts(&agent.fields));
        Ok(Audited::new(agent, change))
    });
    let agent = AgentAnswer::of(made.await?);
    Ok((StatusCode::CREATED, location(&["agents", &agent.id]), Json(agent)).into_response())
}

/// Gives an agent.
#[utoipa::path(get, path = "/core/agents/{id}", tag = "Agents", operation_id = "get_agent",
    security(("bearer" = ["agents:read"])),
    params(("id" = String, Path, format = "uuid", description = "The agent\'s id.")),
    responses((status = 200, description = "The agent.", body = AgentAnswer),
              (status = 404, description = "There is no such agent.", body = Problem)))]
pub async fn get(
    RequestContext { app, who }: RequestContext,
    Path(id): Path<String>,
) -> Result<Json<AgentAnswer>, Problem> {
    who.needs(Scope::ReadAgents)?;
    let id: AgentId = request::id(&id)?;
    let agent = app.read(&who, move |store| store.agent(who.organization, id)).await?;
    Ok(Json(AgentAnswer::of(agent.ok_or_else(no_such::<AgentId>)?)))
}

/// Changes the fields that were sent.
#[utoipa::path(put, path = "/core/agents/{id}", tag = "Agents", operation_id = "update_agent",
    security(("bearer" = ["agents:manage"])),
    params(("id" = String, Path, format = "uuid", description = "The agent\'s id.")), request_body = AgentChange,
    responses((status = 200, description = "The agent as it is now.", body = AgentAnswer),
              (status = 404, description = "There is no such agent.", body = Problem),
              (status = 422, description = "A field is wrong.", body = Problem)))]
pub async fn put(
    RequestContext { app, who }: RequestContext,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<AgentAnswer>, Problem> {
    who.needs(Scope::ManageAgents)?;
    let id: AgentId = request::id(&id)?;
    let change = AgentUpdate::update(request::object(request, BODY).await?)?;
    let now = app.now();
    let saved = app.change(&who, move |transaction| {
        let agent = transaction.agent(who.organization, id)?.ok_or_else(no_such::<AgentId>)?;
        let fields = change.applied_to(agent.fields.clone());
        if fields == agent.fields {
            return Ok(Audited::unchanged(agent));
        }
        let change = updated(id, &agent.fields, &fields);
        Ok(Audited::new(transaction.save_agent(who.organization, id, fields, now)?, change))
    });
    Ok(Json(AgentAnswer::of(saved.await?)))
}

/// Deletes an agent that is not used, with its versions.
#[utoipa::path(delete, path = "/core/agents/{id}", tag = "Agents", operation_id = "delete_agent",
    security(("bearer" = ["agents:manage"])),
    params(("id" = String, Path, format = "uuid", description = "The agent\'s id.")),
    responses((status = 204, description = "It is gone."),
              (status = 404, description = "There is no such agent.", body = Problem),
              (status = 409, description = "It is in use; the answer says where.", body = Problem)))]
pub async fn delete(
    RequestContext { app, who }: RequestContext,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    who.needs(Scope::ManageAgents)?;
    let id: AgentId = request::id(&id)?;
    app.admit_write(&who, Urgency::Ordinary)?;
    let slot = app.slot(&who)?;
    let turn = app.turn(&slot).await?;
    let lines = lines_with_agent(&app, &who, &turn.state, id).await?;
    let delete = app.write(&who, Some(turn.state.stamp), None, move |transaction| {
        let agent = transaction.agent(who.organization, id)?.ok_or_else(no_such::<AgentId>)?;
        let places = places(&transaction.agent_uses(who.organization, id)?, &lines);
        if !places.is_empty() {
            return Err(Problem::agent_in_use(&places).into());
        }
        transaction.delete_agent(who.organization, id)?;
        Ok(Audited::new((), Change::new(AuditKind::AgentDeleted, id).before(facts(&agent.fields))))
    });
    delete.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The lines of the plan in force that name an agent.
async fn lines_with_agent(
    app: &App,
    who: &Principal,
    organization: &Organization,
    id: AgentId,
) -> Result<Vec<usize>, Problem> {
    let id = id.to_string();
    match organization.plan().filter(|plan| plan.text().contains(&id)).cloned() {
        Some(plan) => app.light_work(who, plan.text().len(), move || plan.lines_with_agent(&id)).await,
        None => Ok(Vec::new()),
    }
}

/// Each place where an agent is used, in words.
fn places(uses: &Uses, lines: &[usize]) -> Vec<String> {
    let Uses { is_fallback, phone_numbers, has_more_numbers } = uses;
    let mut places = Vec::new();
    if !lines.is_empty() {
        let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
        let noun = if lines.len() == 1 { "line" } else { "lines" };
        places.push(format!("the workflow definition names it on {noun} {}", lines.join(", ")));
    }
    if *is_fallback {
        places.push("it is the fallback agent".to_owned());
    }
    if !phone_numbers.is_empty() {
        let more = if *has_more_numbers { " and more" } else { "" };
        places.push(format!("it is assigned to {}{more}", phone_numbers.join(", ")));
    }
    places
}
