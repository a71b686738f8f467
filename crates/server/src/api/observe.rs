//! Surrounds every handler: a request gets an id, its body counts against the memory budget, a
//! panic becomes an answer, and the log and the metrics record the request.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use hyper::body::Body as _;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::field::display;
use tracing::{Instrument, Span};

use super::app::App;
use super::compression;
use super::error_code::ErrorCode;
use super::gate;
use super::host;
use super::memory_budget::{self, AnswerReservation, OverBudget};
use super::problem::{Problem, no_room};
use callplan_service::credentials;
use callplan_service::live::access::Principal;
use callplan_service::telemetry::metrics::Metrics;
use callplan_service::telemetry::spans;
use utoipa::openapi::OpenApi;

/// The header with the request's id, from the client and in the answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Maximum length of a client's own id, in bytes.
const MAXIMUM_ID: usize = 128;

/// The principal of a request. Authentication leaves it in the response, for the log.
#[derive(Clone, Copy, Debug)]
pub struct Authenticated(pub Principal);

/// A number that stands for the organization of the request that was answered; `None` if the
/// request was not authenticated.
pub fn organization_of(response: &Response) -> Option<u64> {
    let Authenticated(who) = response.extensions().get()?;
    // The last bytes of a random id are random.
    who.organization.as_bytes().last_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

/// Gives each request of one run of the server an id.
#[derive(Debug)]
struct Observer {
    app: Arc<App>,
    /// The beginning of the ids of this run.
    run: u64,
    count: AtomicU64,
}

/// Routes, with everything that surrounds the handlers.
pub fn observed(app: Arc<App>, routes: Router) -> Router {
    let run = getrandom::u64().unwrap_or_else(|_| app.now().as_nanosecond() as u64);
    let observer = Arc::new(Observer { app: Arc::clone(&app), run, count: AtomicU64::new(0) });
    let panicked = move |_: Box<dyn Any + Send>| {
        app.metrics.panics.inc();
        tracing::error!("a handler panicked");
        Problem::new(ErrorCode::InternalError, "Something went wrong in the server.").into_response()
    };
    routes.layer(CatchPanicLayer::custom(panicked)).layer(from_fn_with_state(observer, observe))
}

/// Makes the series of every answer that the document describes, at 0: an alarm on growth needs the
/// value before the first one.
pub fn expect_answers(metrics: &Metrics, document: &OpenApi) {
    for (path, item) in &document.paths.paths {
        let operations = [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("DELETE", &item.delete)];
        for (method, operation) in operations {
            let responses = operation.iter().flat_map(|operation| operation.responses.responses.keys());
            responses.for_each(|status| metrics.expect(method, path, status));
        }
    }
}

async fn observe(State(observer): State<Arc<Observer>>, request: Request, next: Next) -> Response {
    let app = &observer.app;
    let begun = Instant::now();
    let (id, method) = (observer.id(request.headers()), request.method().clone());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let is_core = gate::is_core(request.uri().path());
    let is_decision = compression::is_decision(&method, route.as_ref().map(MatchedPath::as_str));
    let is_compressed = !is_decision && method != Method::HEAD && compression::accepts_gzip(request.headers());
    let pattern = route.as_ref().map(MatchedPath::as_str);
    let traceparent = request.headers().get(spans::TRACEPARENT).and_then(|header| header.to_str().ok());
    let span = spans::request(name(&method), pattern, traceparent);
    let mut response = match host::check(&request) {
        Ok(()) => next.run(request).instrument(span.clone()).await,
        Err(refused) => refused.into_response(),
    };
    let who = response.extensions().get::<Authenticated>().map(|Authenticated(who)| *who);
    if !is_decision {
        let (who, route) = (who.as_ref(), route.as_ref().map(MatchedPath::as_str));
        let must_be_given = has_written(&method, route, response.status());
        response = bounded(app, response, who, must_be_given, is_compressed).await;
    }
    if let Some(reservation) = response.extensions_mut().remove::<AnswerReservation>() {
        let body = std::mem::take(response.body_mut());
        *response.body_mut() = reservation.hold(body).await;
    }
    let line = RequestLine {
        method: name(&method),
        route: route.as_ref().map(MatchedPath::as_str),
        status: response.status(),
        time: begun.elapsed(),
        who,
        request_id: &id,
    };
    app.metrics.answered(line.method, line.route, line.status.as_str(), line.time);
    line.log();
    line.end(&span);
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    if app.is_stopping() {
        // The next request of this client should find another server.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if is_core {
        // Here and not in the gate, which a refused `Host` does not reach and a panic bypasses.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// The answer with its reservation from the share of who gets it, compressed if that is wanted. One
/// for which there is no room becomes an error, unless something was written.
async fn bounded(
    app: &App,
    response: Response,
    who: Option<&Principal>,
    must_be_given: bool,
    is_compressed: bool,
) -> Response {
    let is_small = memory_budget::is_small(response.body());
    if is_small && !is_compressed {
        return response;
    }
    let share = app.answers.of(who);
    let mut response = if is_compressed { app.compressor.compressed(response, &share).await } else { response };
    let size = response.body().size_hint().exact().and_then(|size| usize::try_from(size).ok()).unwrap_or_default();
    // A page that everybody gets is in memory once.
    if memory_budget::is_small(response.body()) || has_reservation(&response) || who.is_none() {
        return response;
    }
    match share.reserve_made(size, must_be_given) {
        Ok(reservation) => {
            response.extensions_mut().insert(reservation);
            response
        }
        Err(OverBudget) => {
            let mut refused = no_room().into_response();
            refused.extensions_mut().extend(response.extensions().clone());
            refused
        }
    }
}

fn has_reservation(response: &Response) -> bool {
    response.extensions().get::<AnswerReservation>().is_some()
}

/// Whether the answer is about something that was written.
fn has_written(method: &Method, route: Option<&str>, status: StatusCode) -> bool {
    let is_write = [Method::PUT, Method::DELETE].contains(method);
    is_write || status == StatusCode::CREATED || route.is_some_and(|route| route.ends_with("/publish"))
}

/// The line of the log about a request.
struct RequestLine<'r> {
    method: &'static str,
    /// The pattern of the route.
    route: Option<&'r str>,
    status: StatusCode,
    time: Duration,
    who: Option<Principal>,
    request_id: &'r HeaderValue,
}

impl RequestLine<'_> {
    /// Adds the same to the span of the request.
    fn end(&self, span: &Span) {
        let request_id = self.request_id.to_str().unwrap_or_default();
        spans::answered(span, self.status.as_u16(), self.who.as_ref(), request_id);
    }

    fn log(&self) {
        let Self { method, route, .. } = *self;
        let status = self.status.as_u16();
        let duration_ms = self.time.as_nanos() as f64 / 1e6;
        let organization = self.who.map(|who| display(who.organization));
        let key = self.who.map(|who| display(who.key));
        let request_id = self.request_id.to_str().unwrap_or_default();
        // The level of an event must be a constant, so each level needs its own call.
        macro_rules! log {
            ($level:ident) => {
                tracing::$level!(method, route, status, duration_ms, organization, key, request_id, "request")
            };
        }
        if self.status.is_server_error() { log!(error) } else { log!(info) }
    }
}

/// The name of a method, for metrics. Unknown methods share one name, since clients could make up
/// any number of them.
fn name(method: &Method) -> &'static str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::HEAD,
        Method::PATCH,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    const NAMES: [&str; 9] = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE", "CONNECT"];
    KNOWN.iter().position(|known| known == method).map_or("OTHER", |at| NAMES[at])
}

impl Observer {
    /// The client's own id if it is a plain word; else a new one.
    fn id(&self, headers: &HeaderMap) -> HeaderValue {
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let is_sane = |id: &&HeaderValue| {
            (1..=MAXIMUM_ID).contains(&id.len()) && id.as_bytes().iter().all(is_plain) && !is_secret(id.as_bytes())
        };
        match headers.get(REQUEST_ID).filter(is_sane) {
            Some(id) => id.clone(),
            None => {
                let id = format!("{:016x}-{:016x}", self.run, self.count.fetch_add(1, Ordering::Relaxed));
                // Digits and a hyphen are a valid value of a header.
                HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("-"))
            }
        }
    }
}

/// Whether the id looks like a token that was sent in the wrong header: it must not get into the
/// log.
fn is_secret(id: &[u8]) -> bool {
    credentials::TokenKind::ALL.iter().any(|kind| id.starts_with(kind.prefix().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Settings;
    use axum::body::Body;
    use axum::routing::get;
    use callplan_service::live::Live;
    use callplan_service::store::{Store, StoreOptions};
    use tower::ServiceExt;

    #[test]
    fn a_handler_that_panics_is_an_answer_like_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = StoreOptions { create: true, ..StoreOptions::default() };
        let store = Store::open(&folder.path().join("callplan.db"), options).expect("a database");
        let access = store.read(|store| store.access()).wait().expect("nobody");
        let live = Arc::new(Live::new(Vec::new(), &access, jiff::civil::Date::MIN));
        let app = Arc::new(App::new(store, live, Settings::default()).expect("a thread"));
        let broken = Router::new().route("/core/broken", get(|| async { panic!("a mistake, on purpose") as &str }));
        let routes = observed(Arc::clone(&app), broken);
        let request = Request::get("/core/broken").header("host", "test").body(Body::empty()).expect("a request");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let Ok(response) = runtime.block_on(routes.oneshot(request));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert!(response.headers().contains_key(&REQUEST_ID));
        assert_eq!(app.metrics.panics.get(), 1);
    }
}
