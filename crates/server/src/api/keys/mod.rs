//! `/core/api-keys`: an organization's own keys. A new or revoked key has its new state from the
//! next request on. `limits` says what a key may do to others, `rotate` gives one a new secret.

mod limits;
pub mod rotate;

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::allowance::Urgency;
use crate::api::error_code::ErrorCode;
use crate::api::lists::{List, PageParameters, Query};
use crate::api::location::location;
use crate::api::object::{Object, Sent, instant, list as items, name, text};
use crate::api::problem::Problem;
use crate::api::request::{self, BODY, Path, RequestContext, no_such};
use crate::api::words::{MakerWord, ScopeWord};
use callplan_service::credentials::{SECRET_BYTES, Scope, Scopes, Token, TokenKind};
use callplan_service::live::access::{Keys, MissingScope, Principal};
use callplan_service::store::{
    Actor, Audited, Family, Key, KeyId, Listed, Maker, NewKey, Owner, Page, Snapshot, StoreError,
};
use ipnet::IpNet;
use limits::{Reach, range};

/// Maximum number of scopes in a request. There are fewer scopes, but one may be given twice.
const MAXIMUM_SCOPES: usize = 100;
/// Maximum number of address ranges of a key.
const MAXIMUM_RANGES: usize = 32;
/// Maximum number of descendants in an answer, for each key.
const MAXIMUM_DESCENDANTS: usize = 100;

/// Who made a key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeyMaker)]
pub struct ShownMaker {
    /// What made it.
    #[schema(value_type = MakerWord)]
    kind: &'static str,
    /// The key's or the user's id; null for the command line.
    #[schema(required, format = "uuid")]
    id: Option<String>,
}

impl ShownMaker {
    fn of(maker: Maker) -> Self {
        match maker {
            Maker::CommandLine => Self { kind: "command_line", id: None },
            Maker::Request { actor, key: _ } => {
                let id = match actor {
                    Actor::Key(id) => id.to_string(),
                    Actor::User(id) => id.to_string(),
                };
                Self { kind: actor.kind(), id: Some(id) }
            }
        }
    }
}

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
    /// Who made it, or rotated it last; null if it was made before this was kept.
    #[schema(required)]
    created_by: Option<ShownMaker>,
    /// From where it may be used, in CIDR notation; empty if from everywhere.
    address_ranges: Vec<String>,
    /// Until when the token before the last rotation is valid; null if it is not.
    #[schema(format = DateTime, required)]
    previous_token_until: Option<String>,
    /// When it was last used, to the second; null if it never was.
    #[schema(format = DateTime, required)]
    last_used_at: Option<String>,
    /// The client's address at its last use, of IPv6 the /64; null if that is not known.
    #[schema(required)]
    last_used_from: Option<String>,
    /// The keys that were made with it, and those made with these, as long as they are not revoked:
    /// the nearest first, at most 100. They are revoked along with it.
    descendants: Vec<String>,
    /// Whether there are more descendants.
    has_more_descendants: bool,
}

impl KeyAnswer {
    /// `keys` may know of a later use than the store.
    fn of((key, family): (Key, Family), keys: &Keys, now: Timestamp) -> Self {
        let last_use = keys.last_use(key.id).or(key.last_use);
        let previous = key.previous.map(|(_, until)| until).filter(|until| key.is_in_force(now) && now < *until);
        Self {
            id: key.id.to_string(),
            name: key.name,
            scopes: key.scopes,
            created_at: key.created_at.to_string(),
            expires_at: key.expires_at.map(|instant| instant.to_string()),
            revoked_at: key.revoked_at.map(|instant| instant.to_string()),
            created_by: key.created_by.map(ShownMaker::of),
            address_ranges: key.address_ranges.iter().map(IpNet::to_string).collect(),
            previous_token_until: previous.map(|until| until.to_string()),
            last_used_at: last_use.map(|last| last.at.to_string()),
            last_used_from: last_use.and_then(|last| last.from).map(|from| from.to_string()),
            descendants: family.descendants.iter().map(KeyId::to_string).collect(),
            has_more_descendants: family.has_more,
        }
    }
}

/// A key with its descendants.
fn with_family(store: &Snapshot<'_>, key: Key) -> Result<(Key, Family), StoreError> {
    let family = store.family(key.id, MAXIMUM_DESCENDANTS)?;
    Ok((key, family))
}

/// A new key, or one with a new token.
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
    /// When it expires: no later than the maker's key, which is the default.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// From where it may be used: addresses and ranges in CIDR notation, within those of the
    /// maker's key, which are the default.
    #[schema(max_items = 32)]
    address_ranges: Option<Vec<String>>,
}

/// The fields that were sent.
#[derive(Debug)]
struct KeyQuery {
    name: String,
    scopes: Scopes,
    reach: Reach,
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
        let ranges = match object.take("address_ranges", items(0, MAXIMUM_RANGES)) {
            Sent::Absent | Sent::Null => Vec::new(),
            Sent::Value(ranges) => object.each("address_ranges", ranges, range),
        };
        object.finish()?;
        let address_ranges = ranges.into_iter().map(|(_, range)| range).collect();
        Ok(Self { name, scopes, reach: Reach { expires_at: expires_at.value(), address_ranges } })
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
    let read = |store: &Snapshot<'_>, organization, page: &Page| {
        let Listed { items, next } = store.keys_of(organization, page)?;
        let items = items.into_iter().map(|key| with_family(store, key)).collect::<Result<_, StoreError>>()?;
        Ok(Listed { items, next })
    };
    let (keys, now) = (context.app.live.keys().clone(), context.app.latest());
    query.answer(&context, "keys", read, |key| KeyAnswer::of(key, &keys, now)).await
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
    let KeyQuery { name, scopes, reach } = KeyQuery::read(request::object(request, BODY).await?, &who, now)?;
    let id = KeyId::random();
    let token = Token::new(TokenKind::Organization, id, secret()?);
    let (owner, hash) = (Owner::Organization(who.organization), token.hash().to_bytes());
    let created_by = Maker::Request { actor: who.actor, key: who.key };
    let key = app.change_keys(&who, Urgency::Ordinary, move |transaction| {
        let Reach { expires_at, address_ranges } = limits::own(transaction, &who, now)?.given(reach)?;
        let scopes = scopes.names();
        let new = NewKey { id, owner, name, scopes, hash, expires_at, created_by, address_ranges };
        let key = transaction.create_key(new, now)?;
        let change = key.was_created();
        Ok((Audited::new(key.clone(), change), vec![key]))
    });
    let key = KeyAnswer::of((key.await?, Family::default()), &app.live.keys(), now);
    let made = Made { key, token: token.reveal() };
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
    let key = app.read(&who, move |store| {
        let key = store.key(id)?.filter(|key| key.owner == Owner::Organization(who.organization));
        key.map(|key| with_family(store, key)).transpose()
    });
    let key = key.await?.ok_or_else(no_such::<KeyId>)?;
    Ok(Json(KeyAnswer::of(key, &app.live.keys(), app.latest())))
}

/// Revokes a key of the organization, and its descendants. They are refused for every request that
/// begins after the answer.
#[utoipa::path(delete, path = "/core/api-keys/{id}", tag = "Keys", operation_id = "revoke_api_key",
    security(("bearer" = ["api_keys:manage"])),
    params(("id" = String, Path, format = "uuid", description = "The key\'s id.")),
    responses((status = 204, description = "It is revoked."),
              (status = 403, description = "It is allowed more than who revokes it.", body = Problem),
              (status = 404, description = "There is no such key, or it is revoked already.", body = Problem)))]
pub async fn delete(
    RequestContext { app, who }: RequestContext,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    who.needs(Scope::ManageKeys)?;
    let id: KeyId = request::id(&id)?;
    let now = app.now();
    let revoke = app.change_keys(&who, Urgency::Urgent, move |transaction| {
        limits::own(transaction, &who, now)?;
        let key = transaction.key(id)?.filter(|key| limits::is_of(&who, key) && key.revoked_at.is_none());
        limits::covers(&who, &key.ok_or_else(no_such::<KeyId>)?)?;
        let revoked = transaction.revoke_key(id, now)?.ok_or_else(no_such::<KeyId>)?;
        let audited = Audited::unchanged(()).with(revoked.changes());
        Ok((audited, [vec![revoked.key], revoked.descendants].concat()))
    });
    revoke.await?;
    Ok(StatusCode::NO_CONTENT)
}
