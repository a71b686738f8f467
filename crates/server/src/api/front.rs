//! The front door: every request gets an id, is led to the API or to the pages beside it, and leaves a line in the log and
//! a figure in the metrics. A handler that panics is an answer like others. A call that is to be decided, on which a phone
//! waits, is led past the routers.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Instant;

use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use tower::Service;

use super::app::App;
use super::bodies::Room;
use super::log::{Level, Line, RequestId};
use super::problem::Problem;
use super::request::Content;
use super::{calls, gate, health};
use callplan_service::live::access::Principal;

/// Names a request, in the log and to whoever asked.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// A longer id of a client's is not taken over.
const LONGEST_ID: usize = 128;

/// See the module.
#[derive(Debug)]
pub struct Front {
    app: Arc<App>,
    core: Router,
    beside: Router,
    /// What the ids of this run begin with.
    run: u64,
    count: AtomicU64,
}

/// What was found out about a request. A router leaves it in its answer.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The pattern that took it.
    pub route: Option<Route>,
    /// Who asked.
    pub who: Option<Principal>,
}

/// The pattern of a path.
#[derive(Clone, Debug)]
pub enum Route {
    /// The one that no router was asked for.
    Calls,
    /// A router's.
    Matched(MatchedPath),
}

impl Route {
    /// The one that a router has found, where this is asked in one of its layers.
    pub fn matched(request: &Request) -> Option<Self> {
        request.extensions().get::<MatchedPath>().cloned().map(Self::Matched)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Calls => calls::PATH,
            Self::Matched(path) => path.as_str(),
        }
    }
}

impl Front {
    /// The whole service on an app.
    pub fn new(app: Arc<App>) -> Self {
        let (core, document) = super::router(Arc::clone(&app));
        let beside = health::router(Arc::clone(&app), &document);
        let run = getrandom::u64().unwrap_or_else(|_| app.now().as_nanosecond() as u64);
        Self { app, core, beside, run, count: AtomicU64::new(0) }
    }

    /// Answers a request that came from there.
    pub async fn answer(&self, mut request: Request, from: SocketAddr) -> Response {
        let (begun, at) = (Instant::now(), self.app.now());
        let (body, _share) = self.app.bodies.count(std::mem::take(request.body_mut()));
        *request.body_mut() = body;
        let (id, method) = (self.id(request.headers()), request.method().clone());
        let (mut response, Seen { route, who }) = if is_call(&request) {
            self.contained(|| self.call(request, from, at)).await
        } else {
            // In a box, so that what a call's answer takes is not as large as what any answer takes.
            Box::pin(self.contained(|| self.lead(request, from))).await
        };
        if let Some(room) = response.extensions_mut().remove::<Room>() {
            let body = std::mem::take(response.body_mut());
            *response.body_mut() = room.hold(body).await;
        }
        response.headers_mut().insert(REQUEST_ID, id.header());
        let (status, time) = (response.status(), begun.elapsed());
        self.app.metrics.answered(&method, route.as_ref().map(Route::as_str), status, time);
        let line = Line { begun: at, method, route, status, time, who, request_id: id };
        self.app.log.request(line, &self.app.metrics);
        response
    }

    /// Decides a call that has come at this instant. Of its request nothing is kept that is not needed: what a call takes is
    /// set up anew for each.
    fn call(&self, request: Request, from: SocketAddr, at: Timestamp) -> impl Future<Output = (Response, Seen)> {
        let admitted = gate::admit(&self.app, request.headers(), Some(from.ip()), at);
        let content = Content::of(request);
        async move {
            let (response, who) = match admitted {
                Ok(who) => (calls::decided(&self.app, &who, content, at).await, Some(who)),
                Err(refused) => (refused.into_response(), None),
            };
            (gate::not_to_be_stored(response), Seen { route: Some(Route::Calls), who })
        }
    }

    /// Leads a request to where it wants. The routers take what comes at once: there is nothing to be ready for.
    async fn lead(&self, mut request: Request, from: SocketAddr) -> (Response, Seen) {
        request.extensions_mut().insert(ConnectInfo(from));
        let mut router = if is_core(request.uri().path()) { self.core.clone() } else { self.beside.clone() };
        let Ok(mut response) = router.call(request).await;
        let seen = response.extensions_mut().remove::<Seen>();
        (response, seen.unwrap_or_default())
    }

    /// What comes of it, unless it panics.
    async fn contained<F: Future<Output = (Response, Seen)>>(&self, begin: impl FnOnce() -> F) -> (Response, Seen) {
        let Ok(answering) = catch_unwind(AssertUnwindSafe(begin)) else { return (self.broken(), Seen::default()) };
        let mut answering = pin!(answering);
        let polled = poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| answering.as_mut().poll(context))) {
            Ok(polled) => polled.map(Some),
            Err(_) => Poll::Ready(None),
        });
        polled.await.unwrap_or_else(|| (self.broken(), Seen::default()))
    }

    fn broken(&self) -> Response {
        self.app.metrics.panics.up();
        self.app.log.say(Level::Error, "a handler panicked", serde_json::Value::Null);
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong in the server.").into_response()
    }

    /// The client's own id, if it is a plain word; else a new one.
    fn id(&self, headers: &HeaderMap) -> RequestId {
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let is_sane = |id: &&HeaderValue| {
            (1..=LONGEST_ID).contains(&id.len()) && id.as_bytes().iter().all(is_plain) && !is_secret(id.as_bytes())
        };
        match headers.get(REQUEST_ID).filter(is_sane) {
            Some(id) => RequestId::Given(id.clone()),
            None => RequestId::Own { run: self.run, number: self.count.fetch_add(1, Ordering::Relaxed) },
        }
    }
}

/// Whether this is the one request on whose answer a phone waits.
fn is_call(request: &Request) -> bool {
    request.method() == Method::POST && request.uri().path() == calls::PATH
}

/// Whether somebody has put a token where an id belongs: it must not get into the log.
fn is_secret(id: &[u8]) -> bool {
    callplan_service::credentials::Kind::ALL.iter().any(|kind| id.starts_with(kind.prefix().as_bytes()))
}

fn is_core(path: &str) -> bool {
    path.strip_prefix("/core").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Settings;
    use axum::body::Body;
    use axum::routing::get;
    use callplan_service::live::Live;
    use callplan_service::store::{Options, Store};

    #[test]
    fn a_handler_that_panics_is_an_answer_like_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options { create: true, ..Options::default() };
        let store = Store::open(&folder.path().join("callplan.db"), options).expect("a database");
        let access = store.read(|it| it.access()).wait().expect("nobody");
        let live = Arc::new(Live::new(Vec::new(), &access, jiff::civil::Date::MIN));
        let app = Arc::new(App::new(store, live, Settings::default()).expect("a thread"));
        let mut front = Front::new(Arc::clone(&app));
        front.core = Router::new().route("/core/broken", get(|| async { panic!("a mistake, on purpose") as &str }));
        let request = Request::get("/core/broken").body(Body::empty()).expect("a request");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let response = runtime.block_on(front.answer(request, ([127, 0, 0, 1], 1).into()));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert!(response.headers().contains_key(&REQUEST_ID));
        assert_eq!(app.metrics.panics.get(), 1);
    }
}
