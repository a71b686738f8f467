//! `/core/whoami`: the holder of a credential, and what it allows. Any valid credential may ask.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::lists::Query;
use super::problem::Problem;
use super::request::RequestContext;
use super::words::{ActorWord, ScopeWord};
use callplan_service::live::access::Refusal;
use callplan_service::store::{Actor, Conflict, Organization};

/// The holder of a credential.
#[derive(Debug, Serialize, ToSchema)]
pub struct Whoami {
    /// What holds it.
    #[schema(value_type = ActorWord)]
    kind: &'static str,
    /// The key's or the user's id.
    #[schema(format = "uuid")]
    id: String,
    /// The name of the key or the user.
    name: String,
    /// The organization that the request acts for.
    organization: OrganizationName,
    /// The organizations that the credential can act for, by name: a key's own; those that a user is a member of, at
    /// most 1,000.
    organizations: Vec<OrganizationName>,
    /// The scopes of the credential.
    #[schema(value_type = Vec<ScopeWord>)]
    scopes: Vec<String>,
    /// A number that grows with each change of what decides the organization's calls: the config,
    /// agents, versions, phone numbers, switches.
    routing_stamp: i64,
}

/// Maximum number of organizations in an answer.
const MAXIMUM_ORGANIZATIONS: u32 = 1_000;

/// An organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationName {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// What people call it.
    name: String,
}

impl From<Organization> for OrganizationName {
    fn from(organization: Organization) -> Self {
        Self { id: organization.id.to_string(), name: organization.name }
    }
}

/// Gives the holder of the credential, the organization that the request acts for, the others that
/// it could act for, and the scopes. It needs no scope.
#[utoipa::path(get, path = "/core/whoami", tag = "Keys", operation_id = "whoami",
    security(("bearer" = [])),
    responses((status = 200, description = "Who asks.", body = Whoami),
              (status = 422, description = "A parameter is wrong.", body = Problem)))]
pub async fn whoami(RequestContext { app, who }: RequestContext, query: Query) -> Result<Json<Whoami>, Problem> {
    query.finish()?;
    let names = app.read(&who, move |store| {
        let organization = store.organization(who.organization)?;
        let (name, all) = match who.actor {
            Actor::Key(id) => (store.key(id)?.map(|key| key.name), organization.iter().cloned().collect()),
            Actor::User(id) => {
                (store.user(id)?.map(|user| user.name), store.organizations_by_name(id, MAXIMUM_ORGANIZATIONS)?)
            }
        };
        let routing_stamp = store.stamp(who.organization)?;
        Ok((organization, name, all, routing_stamp))
    });
    let (organization, name, all, routing_stamp) = names.await?;
    let organization = organization.ok_or(Problem::from(Conflict::NoOrganization))?;
    let id = match who.actor {
        Actor::Key(id) => id.to_string(),
        Actor::User(id) => id.to_string(),
    };
    Ok(Json(Whoami {
        kind: who.actor.kind(),
        id,
        name: name.ok_or(Problem::from(Refusal::NotValid))?,
        organization: organization.into(),
        organizations: all.into_iter().map(OrganizationName::from).collect(),
        scopes: who.scopes.names(),
        routing_stamp,
    }))
}
