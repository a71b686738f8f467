//! The HTTP API. [`router`] has every path. A file has one resource: its handlers, what they read
//! and answer, and its part of the OpenAPI document.

// A request passes `observe` (its id, the log, the metrics) and `gate` (authentication), then
// its handler. A handler checks the scope, then the ids of the path, then the body (`request`,
// `object`), and then asks the store, in one transaction (`App::write`).

mod agents;
mod allowance;
mod app;
mod audit;
mod calls;
mod compression;
mod config;
mod console;
mod cores;
mod docs;
mod document;
mod document_errors;
mod effects;
mod error_code;
mod explanations;
mod fair_queue;
mod gate;
mod health;
mod host;
mod json;
mod keys;
mod lists;
mod location;
mod memory_budget;
mod object;
mod observe;
mod phone_numbers;
mod problem;
mod rate_limiter;
mod refused_sign_ins;
mod request;
mod versions;
mod whoami;
mod words;

use std::sync::Arc;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use app::{App, Settings, SharedEnd};
pub use console::HAS_CONSOLE;
pub use cores::Work;
pub use error_code::ErrorCode;
pub use observe::organization_of;
pub use problem::spoken;
pub use rate_limiter::address_block;

/// The complete service: the API, and the pages beside it.
pub fn service(app: Arc<App>) -> Router {
    let routes = for_clients(&app).merge(health::admin(Arc::clone(&app)));
    observe::observed(app, routes)
}

/// The same service in two: for clients, and the pages for the operator. `/healthz` is in both,
/// because the console asks it, too.
pub fn service_and_admin(app: Arc<App>) -> (Router, Router) {
    let admin = health::admin(Arc::clone(&app)).merge(health::health_alone()).fallback(gate::no_such_route);
    (observe::observed(Arc::clone(&app), for_clients(&app)), observe::observed(app, admin))
}

fn for_clients(app: &Arc<App>) -> Router {
    let (core, document) = router(Arc::clone(app));
    let gate = Arc::clone(app);
    core.merge(health::router(Arc::clone(app), &document))
        .fallback(move |request| gate::no_such_path(Arc::clone(&gate), request))
}

/// The API, with the document that describes it.
pub fn router(app: Arc<App>) -> (Router, utoipa::openapi::OpenApi) {
    let (core, mut document) = OpenApiRouter::with_openapi(document::start())
        .routes(routes!(config::get, config::post, config::put, config::delete))
        .routes(routes!(config::check::check))
        .routes(routes!(config::check::simulate))
        .routes(routes!(config::draft::assist::complete))
        .routes(routes!(config::draft::assist::hover))
        .routes(routes!(config::draft::format::format))
        .routes(routes!(config::draft::diff::diff))
        .routes(routes!(config::draft::timeline::timeline))
        .routes(routes!(config::draft::replay::replay))
        .routes(routes!(config::draft::example::example))
        .routes(routes!(config::revisions::list))
        .routes(routes!(config::revisions::get))
        .routes(routes!(config::revisions::restore))
        .routes(routes!(config::switches::list))
        .routes(routes!(config::switches::put))
        .routes(routes!(effects::effects))
        .routes(routes!(calls::post, calls::list, calls::delete))
        .routes(routes!(calls::get))
        .routes(routes!(agents::list, agents::post))
        .routes(routes!(agents::get, agents::put, agents::delete))
        .routes(routes!(versions::list, versions::post))
        .routes(routes!(versions::get))
        .routes(routes!(versions::publish))
        .routes(routes!(phone_numbers::list, phone_numbers::post))
        .routes(routes!(phone_numbers::get, phone_numbers::delete))
        .routes(routes!(keys::list, keys::post))
        .routes(routes!(keys::get, keys::delete))
        .routes(routes!(keys::rotate::rotate))
        .routes(routes!(audit::list))
        .routes(routes!(whoami::whoami))
        .split_for_parts();
    document::complete(&mut document);
    observe::expect_answers(&app.metrics, &document);
    let core = core
        .method_not_allowed_fallback(gate::no_such_method)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), gate::authenticate))
        .with_state(app);
    (core, document)
}
