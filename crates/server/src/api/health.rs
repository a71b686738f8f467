//! The pages beside the API, which need no credential: health, metrics and documentation.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use utoipa::openapi::OpenApi;

use super::app::App;
use super::docs::DocsPage;
use super::error_code::ErrorCode;
use super::gate;
use super::problem::Problem;
use super::{console, explanations};

/// The pages for clients, about the API that `document` describes.
pub fn router(app: Arc<App>, document: &OpenApi) -> Router {
    // A map with text keys can always be serialized.
    let json = Bytes::from(serde_json::to_vec_pretty(document).unwrap_or_default());
    let page = Arc::new(DocsPage::of(document));
    Router::new()
        .route("/healthz", get(health))
        .route("/openapi.json", get(move || async move { ([(header::CONTENT_TYPE, "application/json")], json) }))
        .route("/docs", get(move || async move { docs(&page) }))
        .merge(console::router())
        .merge(explanations::router())
        .method_not_allowed_fallback(gate::no_such_method)
        .with_state(app)
}

/// The pages for the operator.
pub fn admin(app: Arc<App>) -> Router {
    Router::new()
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .method_not_allowed_fallback(gate::no_such_method)
        .with_state(app)
}

/// `/healthz`, which stands in [`router`]; for an address with the operator's pages alone.
pub fn health_alone() -> Router {
    Router::new().route("/healthz", get(health)).method_not_allowed_fallback(gate::no_such_method)
}

async fn health() -> Json<serde_json::Value> {
    Json(serde_json::json!({"status": "ok"}))
}

/// Whether new clients should come: every plan has been compiled, and the server is not shutting
/// down. The database does not matter, because calls are decided from memory.
async fn ready(State(app): State<Arc<App>>) -> Response {
    if app.is_stopping() {
        return Problem::busy(ErrorCode::ShuttingDown, "The server is shutting down.").into_response();
    }
    match app.has_started() {
        true => Json(serde_json::json!({"status": "ready"})).into_response(),
        false => Problem::busy(ErrorCode::Starting, "The plans have not all been compiled yet.").into_response(),
    }
}

async fn metrics(State(app): State<Arc<App>>) -> Response {
    let page = app.metrics.page(&app.figures());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page).into_response()
}

const NO_SNIFFING: (HeaderName, &str) = (header::X_CONTENT_TYPE_OPTIONS, "nosniff");

fn docs(page: &DocsPage) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, &page.policy),
        (header::REFERRER_POLICY, "no-referrer"),
        NO_SNIFFING,
    ];
    (headers, page.html.clone()).into_response()
}
