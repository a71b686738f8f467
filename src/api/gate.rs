//! What every request under `/core` passes first: who asks, for which organization.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::problem::Problem;
use crate::credentials::Token;
use crate::live::access::{Principal, Refusal};

/// Names the organization that a user's token is used for.
pub const ORGANIZATION: HeaderName = HeaderName::from_static("x-anyreach-org");

/// Lets those through who may ask, and notes who they are.
pub async fn authenticate(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    match principal(&app, request.headers()) {
        Ok(principal) => {
            request.extensions_mut().insert(principal);
            let mut response = next.run(request).await;
            response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
            response
        }
        Err(problem) => problem.into_response(),
    }
}

/// Who asks.
fn principal(app: &App, headers: &HeaderMap) -> Result<Principal, Problem> {
    let authorization = only(headers, &header::AUTHORIZATION)?;
    let organization = only(headers, &ORGANIZATION)?;
    let token = authorization.and_then(bearer).and_then(Token::read).ok_or(Refusal::NotValid)?;
    Ok(app.live.keys().principal(&token, organization, app.now())?)
}

/// The value of a header that may be there once. One that is no text is as good as an empty one.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Problem> {
    let mut all = headers.get_all(name).iter();
    let first = all.next().map(|value| value.to_str().unwrap_or_default());
    match all.next() {
        None => Ok(first),
        Some(_) => Err(Problem::new(StatusCode::BAD_REQUEST, format!("There are two `{name}` headers."))),
    }
}

/// The token of an `Authorization: Bearer …`, the scheme in any case (RFC 9110, 11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start())
}

/// For a path that leads nowhere.
pub async fn no_such_route() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is nothing at this path.")
}

/// For a path that leads somewhere, with a method that it does not have. The router adds `Allow`.
pub async fn no_such_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "This path does not have that method; `Allow` lists those it has.")
}
