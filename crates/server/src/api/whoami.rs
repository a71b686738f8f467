//! `/core/whoami`: the holder of a credential, and what it allows. Any valid credential may ask.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::lists::Query;
use super::problem::Problem;
use super::request::RequestContext;
use super::words::{ActorWord, ScopeWord};
use callplan_service::live::access::Refusal;
use callplan_service::store::{Actor, Conflict};

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
    /// The scopes of the credential.
    #[schema(value_type = Vec<ScopeWord>)]
    scopes: Vec<String>,
}

/// An organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationName {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// What people call it.
    name: String,
}

/// Gives the holder of the credential, the organization that the request acts for, and the scopes.
/// It needs no scope.
#[utoipa::path(get, path = "/core/whoami", tag = "Keys", operation_id = "whoami",
    security(("bearer" = [])),
    responses((status = 200, description = "Who asks.", body = Whoami),
              (status = 422, description = "A parameter is wrong.", body = Problem)))]
pub async fn whoami(RequestContext { app, who }: RequestContext, query: Query) -> Result<Json<Whoami>, Problem> {
    query.finish()?;
    let names = app.read(move |store| {
        let organization = store.organization(who.organization)?;
        let name = match who.actor {
            Actor::Key(id) => store.key(id)?.map(|key| key.name),
            Actor::User(id) => store.user(id)?.map(|user| user.name),
        };
        Ok((organization, name))
    });
    let (organization, name) = names.await?;
    let organization = organization.ok_or(Problem::from(Conflict::NoOrganization))?;
    let id = match who.actor {
        Actor::Key(id) => id.to_string(),
        Actor::User(id) => id.to_string(),
    };
    Ok(Json(Whoami {
        kind: who.actor.kind(),
        id,
        name: name.ok_or(Problem::from(Refusal::NotValid))?,
        organization: OrganizationName { id: organization.id.to_string(), name: organization.name },
        scopes: who.scopes.names(),
    }))
}
