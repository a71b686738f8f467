//! What handlers take from a request: the ids of the path, the query and the body.

use std::error::Error;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::rejection::ExtensionRejection;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::app::App;
use super::compression::NotGzip;
use super::error_code::ErrorCode;
use super::json;
use super::memory_budget::OverBudget;
use super::object::Object;
use super::problem::Problem;
use callplan_service::live::access::Principal;
use callplan_service::store::{AgentId, CallId, KeyId};

/// Maximum size of a body with a plan, in bytes.
pub const PLAN_BODY: usize = 16 << 20;
/// Maximum size of other bodies, in bytes.
pub const BODY: usize = 1 << 20;
/// Maximum time in which nothing of a body arrives.
const BODY_PAUSE: Duration = Duration::from_secs(10);
/// Timeout of a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// What every handler under `/core` gets from a request that has passed the gate.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// The state that handlers share.
    pub app: Arc<App>,
    /// The principal of the request.
    pub who: Principal,
}

impl FromRequestParts<Arc<App>> for RequestContext {
    type Rejection = ExtensionRejection;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ExtensionRejection> {
        let Extension(who) = Extension::<Principal>::from_request_parts(parts, app).await?;
        Ok(Self { app: Arc::clone(app), who })
    }
}

/// The parameters of a path. A path that is not UTF-8 is a 404.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<App>> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, app).await;
        path.map(|axum::extract::Path(path)| Self(path)).map_err(|_| Problem::not_found("thing"))
    }
}

/// An id that stands in paths.
pub trait PathId: FromStr {
    /// The noun for what has the id, as a 404 says it.
    const OWNER: &'static str;
}

impl PathId for AgentId {
    const OWNER: &'static str = "agent";
}

impl PathId for CallId {
    const OWNER: &'static str = "call";
}

impl PathId for KeyId {
    const OWNER: &'static str = "key";
}

/// Parses an id in a path; a malformed one is a 404.
pub fn id<T: PathId>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| no_such::<T>())
}

/// The 404 where nothing of the organization has the id.
pub fn no_such<T: PathId>() -> Problem {
    Problem::not_found(T::OWNER)
}

/// Parses the number of a revision or version in a path: digits, without a sign or leading zeros.
pub fn number<T: FromStr>(text: &str, what: &str) -> Result<T, Problem> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| is_plain).ok_or_else(|| Problem::not_found(what))
}

/// A request's body, with the headers that describe it. It is small, because it is kept until the
/// body has arrived.
#[derive(Debug)]
pub struct Content {
    body: Body,
    /// The length of the body in bytes, if the client says it.
    length: Option<u64>,
    is_json: bool,
}

impl Content {
    /// The content of a request.
    pub fn of(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        Self { body, length, is_json: is_json(&parts.headers) }
    }

    /// The bytes of a JSON body, at most `limit`.
    pub async fn json(self, limit: usize) -> Result<Bytes, Problem> {
        let is_json = self.is_json;
        let bytes = self.bytes(limit).await?;
        if is_json { Ok(bytes) } else { Err(not_json()) }
    }

    async fn bytes(self, limit: usize) -> Result<Bytes, Problem> {
        let too_large = || Problem::new(ErrorCode::BodyTooLarge, format!("The body must have at most {limit} bytes."));
        if self.length.is_some_and(|length| length > limit as u64) {
            return Err(too_large());
        }
        let late = |_| Problem::new(ErrorCode::RequestTimeout, "The body took longer than 30 seconds.");
        let collecting = collect(Limited::new(self.body, limit));
        match tokio::time::timeout(BODY_TIMEOUT, collecting).await.map_err(late)?? {
            Ok(bytes) => Ok(bytes),
            Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
            Err(error) if is_caused_by::<NotGzip>(error.as_ref()) => {
                Err(Problem::new(ErrorCode::InvalidJson, "The body is not gzip, as its `Content-Encoding` says."))
            }
            Err(error) if is_caused_by::<OverBudget>(error.as_ref()) => {
                Err(Problem::busy(ErrorCode::Overloaded, "There are too many large bodies at the same time."))
            }
            Err(_) => Err(Problem::new(ErrorCode::InvalidJson, "The body ended before its end.")),
        }
    }
}

/// The bytes of a body, whose pieces arrive without long pauses.
async fn collect(mut body: Limited<Body>) -> Result<Result<Bytes, axum::BoxError>, Problem> {
    let stopped = |_| Problem::new(ErrorCode::RequestTimeout, "Nothing of the body arrived for 10 seconds.");
    let mut pieces = Vec::new();
    while let Some(frame) = tokio::time::timeout(BODY_PAUSE, body.frame()).await.map_err(stopped)? {
        match frame {
            Ok(frame) => pieces.extend(frame.into_data().ok()),
            Err(error) => return Ok(Err(error)),
        }
    }
    // Most bodies are in one piece, which is not copied.
    Ok(Ok(if pieces.len() > 1 { pieces.concat().into() } else { pieces.pop().unwrap_or_default() }))
}

/// Whether reading a body was stopped by this.
fn is_caused_by<E: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error: &&(dyn Error + 'static)| (*error).source()).any(|error| error.is::<E>())
}

/// Whether the headers declare JSON, once, in UTF-8, and not compressed.
fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else { return false };
    if headers.contains_key(header::CONTENT_ENCODING) && !is_uncompressed(headers) {
        return false;
    }
    // Nearly all clients send exactly this.
    if value.as_bytes() == b"application/json" {
        return true;
    }
    let mut parts = value.to_str().unwrap_or_default().split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let is_json = essence.eq_ignore_ascii_case("application/json")
        || (essence.len() > 17 && essence[..12].eq_ignore_ascii_case("application/") && essence.ends_with("+json"));
    is_json && parts.all(is_utf_8_or_no_charset)
}

/// Whether a parameter of a media type is not a `charset`, or names UTF-8 or ASCII.
fn is_utf_8_or_no_charset(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return true };
    let value = value.trim().trim_matches('"');
    !name.trim().eq_ignore_ascii_case("charset")
        || ["utf-8", "utf8", "us-ascii"].iter().any(|known| value.eq_ignore_ascii_case(known))
}

/// Whether every `Content-Encoding` is `identity`.
fn is_uncompressed(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(header::CONTENT_ENCODING).iter().map(|value| value.to_str().unwrap_or("unknown"));
    codings.flat_map(|value| value.split(',')).all(|coding| {
        let coding = coding.trim();
        coding.is_empty() || coding.eq_ignore_ascii_case("identity")
    })
}

fn not_json() -> Problem {
    Problem::new(
        ErrorCode::UnsupportedMediaType,
        "The body must be `application/json` in UTF-8. It may be compressed with gzip, except for a call.",
    )
}

/// The object in a body of at most `limit` bytes.
pub async fn object(request: Request, limit: usize) -> Result<Object, Problem> {
    read_object(&Content::of(request).json(limit).await?)
}

/// The same, for a request whose fields are all optional, and so is its body.
pub async fn optional_object(request: Request, limit: usize) -> Result<Object, Problem> {
    let content = Content::of(request);
    let is_json = content.is_json;
    let bytes = content.bytes(limit).await?;
    if bytes.is_empty() {
        return Ok(Object::new(serde_json::Map::new(), Vec::new()));
    }
    if is_json { read_object(&bytes) } else { Err(not_json()) }
}

/// Reads a body that must be an object.
pub fn read_object(bytes: &[u8]) -> Result<Object, Problem> {
    let (fields, errors) = json::object(bytes)?;
    Ok(Object::new(fields, errors))
}
