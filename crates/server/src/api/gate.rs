//! Authentication, which every request under `/core` passes first.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::app::App;
use super::compression;
use super::error_code::ErrorCode;
use super::memory_budget::{self, Reservation};
use super::observe::Authenticated;
use super::problem::Problem;
use callplan_service::credentials::Token;
use callplan_service::live::access::{Principal, Refusal};
use callplan_service::store::OrganizationId;

/// The header that names the organization for a user's token.
pub const ORGANIZATION: HeaderName = HeaderName::from_static("x-anyreach-org");

/// Authenticates a request. The handler and the log find the principal in the extensions.
pub async fn authenticate(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    match admit(&app, &request) {
        Ok(who) => {
            request.extensions_mut().insert(who);
            let _reservation = counted(&app, &mut request, &who);
            signed(next.run(request).await, who)
        }
        Err(refused) => refused.into_response(),
    }
}

/// Authenticates a request, within the rate limit of failed tokens.
fn admit(app: &App, request: &Request) -> Result<Principal, Problem> {
    principal(app, request.headers(), address(request), app.latest()).map_err(|refused| match refused {
        Refused::Credential(organization) => {
            app.refused_sign_ins.count(address(request), organization);
            match app.rate_limiter.failed(address(request), Instant::now()) {
                true => Refusal::NotValid.into(),
                false => too_often(),
            }
        }
        Refused::Address(organization) => {
            app.refused_sign_ins.count(address(request), organization);
            Refusal::Address.into()
        }
        Refused::Problem(problem) => problem,
    })
}

/// Counts a large body against the share of who sends it, until the reservation is dropped, and has
/// a compressed one read as what was compressed. The bodies of calls are small, and left as they
/// are.
fn counted(app: &App, request: &mut Request, who: &Principal) -> Option<Arc<Reservation>> {
    let is_plain = !request.headers().contains_key(header::CONTENT_ENCODING);
    if is_plain && memory_budget::is_small(request.body()) {
        return None;
    }
    let share = app.requests.of(Some(who));
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    if !compression::is_decision(request.method(), route) {
        compression::uncompressed(request, &share);
    }
    let (body, reservation) = share.count(std::mem::take(request.body_mut()));
    *request.body_mut() = body;
    reservation
}

/// Adds the principal to the answer, for the log.
fn signed(mut response: Response, who: Principal) -> Response {
    response.extensions_mut().insert(Authenticated(who));
    response
}

/// Why a request is refused.
enum Refused {
    /// The token is missing or not valid. The organization is that of the key that it names.
    Credential(Option<OrganizationId>),
    /// The token is valid, but not from the client's address.
    Address(Option<OrganizationId>),
    /// Any other error.
    Problem(Problem),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

fn too_often() -> Problem {
    Problem::busy(ErrorCode::TooManyInvalidTokens, "Too many tokens from this address were not valid.")
}

/// The client's address, if it is known.
fn address(request: &Request) -> Option<IpAddr> {
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip())
}

/// The principal of the request's token.
fn principal(app: &App, headers: &HeaderMap, from: Option<IpAddr>, now: Timestamp) -> Result<Principal, Refused> {
    let authorization = only(headers, &header::AUTHORIZATION)?;
    let organization = only(headers, &ORGANIZATION)?;
    let authorization = authorization.ok_or_else(|| Problem::from(Refusal::NotValid))?;
    let token = bearer(authorization).and_then(Token::read).ok_or(Refused::Credential(None))?;
    let keys = app.live.keys();
    keys.principal(&token, organization, from, now).map_err(|refusal| match refusal {
        Refusal::NotValid => Refused::Credential(keys.owner_of(&token)),
        Refusal::Address => Refused::Address(keys.owner_of(&token)),
        Refusal::NoOrganization | Refusal::NotAMember => Problem::from(refusal).into(),
    })
}

/// The value of a header that may occur once. A value that is not text counts as empty.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Problem> {
    let mut all = headers.get_all(name).iter();
    let first = all.next().map(|value| value.to_str().unwrap_or_default());
    match all.next() {
        None => Ok(first),
        Some(_) => Err(Problem::new(ErrorCode::BadRequest, format!("There are two `{name}` headers."))),
    }
}

/// The token of an `Authorization: Bearer …` header; the scheme may be in any case (RFC 9110,
/// 11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start())
}

/// Answers a request for an unknown path. Under `/core`, only authenticated clients learn that
/// there is nothing.
pub async fn no_such_path(app: Arc<App>, request: Request) -> Response {
    if !is_core(request.uri().path()) {
        return no_such_route().await.into_response();
    }
    match admit(&app, &request) {
        Ok(who) => signed(no_such_route().await.into_response(), who),
        Err(refused) => refused.into_response(),
    }
}

/// Whether a path belongs to the API, and not to the pages beside it.
pub fn is_core(path: &str) -> bool {
    path.strip_prefix("/core").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The error for an unknown path.
pub async fn no_such_route() -> Problem {
    Problem::new(ErrorCode::NoSuchPath, "There is nothing at this path.")
}

/// The error for a known path without this method. The router adds `Allow`.
pub async fn no_such_method() -> Problem {
    Problem::new(ErrorCode::MethodNotAllowed, "This path does not have that method; `Allow` lists those it has.")
}
