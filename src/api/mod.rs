//! The HTTP API. [`router`] has every path; a resource is a file, which has its handlers, what they read and what they
//! answer, side by side with its part of the OpenAPI document.
//!
//! A request passes [`front`] (an id, a line in the log, a figure in the metrics), [`gate`] (who asks), then its handler, which asks in
//! this order: the scope, the path's ids, the body ([`request`], [`object`]), and then the store, in one transaction
//! ([`App::write`]).

mod app;
mod attempts;
mod bodies;
mod calls;
mod config;
mod docs;
mod front;
mod gate;
mod health;
mod lists;
pub mod log;
mod metrics;
mod object;
mod problem;
mod request;

use std::sync::Arc;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use app::{App, Settings};
pub use front::{Front, REQUEST_ID};
pub use problem::spoken;

/// The API, with the document that describes it.
pub fn router(app: Arc<App>) -> (Router, utoipa::openapi::OpenApi) {
    let (core, document) = OpenApiRouter::new()
        .routes(routes!(config::get, config::post, config::put, config::delete))
        .routes(routes!(calls::post))
        .split_for_parts();
    let core = core
        .fallback(gate::no_such_route)
        .method_not_allowed_fallback(gate::no_such_method)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), gate::authenticate))
        .with_state(app);
    (core, document)
}
