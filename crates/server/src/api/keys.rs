//! `/core/api-keys`: an organization's own keys. A new or revoked key has its new state from the
//! next request on.

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::error_code::ErrorCode;
use super::lists::{List, PageParameters, Query};
use super::location::location;
use super::object::{Object, instant, list as items, name, text};
use super::problem::Problem;
use super::request::{self, BODY, Path, RequestContext, no_such};
use super::words::ScopeWord;
use callplan_service::credentials::{SECRET_BYTES, Scope, Scopes, Token, TokenKind};
use callplan_service::live::access::{MissingScope, Principal};
use callplan_service::store::{Key, KeyId, NewKey, Owner};

/// Maximum number of scopes in a request. There are fewer scopes, but one may be given twice.
const MAXIMUM_SCOPES: usize = 100;

/// A key in an answer, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct KeyAnswer {
    /// The part of the token between `ak_` and the dot.
    #[schema(format = "uuid")]
    id: String,
    /// The name that people see.
    name: String,
    /// The scopes of the key.
    #[schema(value_type = Vec<ScopeWord>)]
    scopes: Vec<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it expires; null if it never does.
    #[schema(format = DateTime, required)]
    expires_at: Option<String>,
    /// When it was revoked; null if it is not.
    #[schema(format = DateTime, required)]
    revoked_at: Option<String>,
}

impl KeyAnswer {
    fn of(key: Key) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name,
            scopes: key.scopes,
            created_at: key.created_at.to_string(),
            expires_at: key.expires_at.map(|instant| instant.to_string()),
            revoked_at: key.revoked_at.map(|instant| instant.to_string()),
        }
    }
}

/// A new key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewApiKey)]
pub struct Made {
    /// The key.
    #[serde(flatten)]
    key: KeyAnswer,
    /// The token for `Authorization: Bearer …`. It is shown only here.
    token: String,
}

/// The fields of a new key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is read by `KeyQuery`")]
pub struct ApiKeyRequest {
    /// The name that people see.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The scopes of the key; no more than the maker's own.
    #[schema(value_type = Vec<ScopeWord>, min_items = 1, max_items = 100)]
    scopes: Vec<String>,
    /// When it expires; null if it never does.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// The fields that were sent.
#[derive(Debug)]
struct KeyQuery {
    name: String,
    scopes: Scopes,
    expires_at: Option<Timestamp>,
}

impl KeyQuery {
    /// A scope that the maker does not have is an error that goes before errors of the fields.
    fn read(mut object: Object, who: &Principal, now: Timestamp) -> Result<Self, Problem> {
        let name = object.required("name", name).unwrap_or_default();
        let scopes = object.required("scopes", items(1, MAXIMUM_SCOPES)).unwrap_or_default();
        let scopes: Scopes = object.each("scopes", scopes, scope).into_iter().map(|(_, scope)| scope).collect();
        if let Some(missing) = scopes.iter().find(|scope| !who.scopes.allow(*scope)) {
            return Err(MissingScope(missing).into());
        }
        let expires_at = object.take("expires_at", |value| match instant(value)? {
            past if past <= now => Err("must be in the future".into()),
            future => Ok(future),
        });
        object.finish()?;
        Ok(Self { name, scopes, expires_at: expires_at.value() })
    }
}

/// Reads a scope. The error names the most similar one.
fn scope(value: Value) -> Result<Scope, String> {
    text(value)?.parse().map_err(|unknown: callplan_service::credentials::UnknownScope| match unknown.nearest {
        Some(nearest) => format!("there is no such scope; did you mean `{nearest}`?"),
        None => {
            format!("there is no such scope; there are {}", Scope::ALL.map(|scope| format!("`{scope}`")).join(", "))
        }
    })
}

/// Lists the organization's keys, including revoked ones, the oldest first.
#[utoipa::path(get, path = "/core/api-keys", tag = "Keys", operation_id = "list_api_keys",
    security(("bearer" = ["api_keys:manage"])), params(PageParameters),
    responses((status = 200, description = "A page of the list.", body = List<KeyAnswer>),
              (status = 422, description = "A parameter is wrong.", body = Problem)))]
pub async fn list(context: RequestContext, query: Query) -> Result<Json<List<KeyAnswer>>, Problem> {
    context.who.needs(Scope::ManageKeys)?;
    query.answer(&context, "keys", |store, organization, page| store.keys_of(organization, page), KeyAnswer::of).await
}

/// Makes a key. Its token is shown only in this answer.
#[utoipa::path(post, path = "/core/api-keys", tag = "Keys", operation_id = "create_api_key",
    security(("bearer" = ["api_keys:manage"])),
    request_body = ApiKeyRequest,
    responses((status = 201, description = "It is made.", body = Made),
              (status = 403, description = "It would be allowed more than who makes it.", body = Problem),
              (status = 422, description = "A field is wrong.", body = Problem)))]
pub async fn post(RequestContext { app, who }: RequestContext, request: Request) -> Result<Response, Problem> {
    who.needs(Scope::ManageKeys)?;
    let now = app.now();
    let KeyQuery { name, scopes, expires_at } = KeyQuery::read(request::object(request, BODY).await?, &who, now)?;
    let id = KeyId::random();
    let token = Token::new(TokenKind::Organization, id, secret()?);
    let (owner, hash) = (Owner::Organization(who.organization), token.hash().to_bytes());
    let new = NewKey { id, owner, name, scopes: scopes.names(), hash, expires_at };
    let key = app.change_access(move |transaction| Ok(transaction.create_key(new, now)?)).await?;
    let made = Made { key: KeyAnswer::of(key), token: token.reveal() };
    Ok((StatusCode::CREATED, location(&["api-keys", &made.key.id]), Json(made)).into_response())
}

fn secret() -> Result<[u8; SECRET_BYTES], Problem> {
    let mut bytes = [0; SECRET_BYTES];
    let broke = |_| Problem::new(ErrorCode::InternalError, "Something went wrong in the server.");
    getrandom::fill(&mut bytes).map_err(broke)?;
    Ok(bytes)
}

/// Gives a key of the organization, revoked or not. Its token is not shown.
#[utoipa::path(get, path = "/core/api-keys/{id}", tag = "Keys", operation_id = "get_api_key",
    security(("bearer" = ["api_keys:manage"])),
    params(("id" = String, Path, format = "uuid", description = "The key\'s id.")),
    responses((status = 200, description = "The key.", body = KeyAnswer),
              (status = 404, description = "There is no such key.", body = Problem)))]
pub async fn get(
    RequestContext { app, who }: RequestContext,
    Path(id): Path<String>,
) -> Result<Json<KeyAnswer>, Problem> {
    who.needs(Scope::ManageKeys)?;
    let id: KeyId = request::id(&id)?;
    let key = app.read(move |store| store.key(id)).await?;
    let key = key.filter(|key| key.owner == Owner::Organization(who.organization));
    Ok(Json(KeyAnswer::of(key.ok_or_else(no_such::<KeyId>)?)))
}

/// Revokes a key of the organization. It is refused for every request that begins after the answer.
#[utoipa::path(delete, path = "/core/api-keys/{id}", tag = "Keys", operation_id = "revoke_api_key",
    security(("bearer" = ["api_keys:manage"])),
    params(("id" = String, Path, format = "uuid", description = "The key\'s id.")),
    responses((status = 204, description = "It is revoked."),
              (status = 404, description = "There is no such key, or it is revoked already.", body = Problem)))]
pub async fn delete(
    RequestContext { app, who }: RequestContext,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    who.needs(Scope::ManageKeys)?;
    let id: KeyId = request::id(&id)?;
    let now = app.now();
    let revoke = app.change_access(move |transaction| {
        let is_in_force = |key: &Key| key.owner == Owner::Organization(who.organization) && key.revoked_at.is_none();
        transaction.key(id)?.filter(is_in_force).ok_or_else(no_such::<KeyId>)?;
        Ok(transaction.revoke_key(id, now)?)
    });
    revoke.await?;
    Ok(StatusCode::NO_CONTENT)
}
