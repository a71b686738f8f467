//! Spans of requests and of decisions. They have no phone number, no token and no name that a
//! customer has given. Where nothing is sent to a collector, they are disabled, and cost nothing.

use std::collections::HashMap;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::field::{Empty, display};
use tracing::{Span, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::calls::Decided;
use crate::live::access::Principal;

/// The target of spans. The log does not have it.
pub const TARGET: &str = "callplan::spans";

/// The header by which a client makes a request part of its own trace.
pub const TRACEPARENT: &str = "traceparent";

/// The span of a request, as a part of the client's trace if it names one. `route` is the pattern of
/// the path.
pub fn request(method: &'static str, route: Option<&str>, traceparent: Option<&str>) -> Span {
    let path = route.unwrap_or("none");
    let span = info_span!(
        target: TARGET,
        "request",
        otel.name = %format_args!("{method} {path}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        callplan.organization = Empty,
        callplan.key = Empty,
        callplan.request_id = Empty,
    );
    if let Some(traceparent) = traceparent.filter(|_| !span.is_disabled()) {
        // `tracestate` is left out: it is a text of the client's.
        let headers = HashMap::from([(TRACEPARENT.to_owned(), traceparent.to_owned())]);
        // An error means that nobody listens to the span.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&headers));
    }
    span
}

/// Adds the answer to the span of a request.
pub fn answered(span: &Span, status: u16, who: Option<&Principal>, request_id: &str) {
    // Of whole numbers, OpenTelemetry has only those with a sign.
    span.record("http.response.status_code", i64::from(status));
    span.record("callplan.request_id", request_id);
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
    if let Some(who) = who {
        span.record("callplan.organization", display(who.organization));
        span.record("callplan.key", display(who.key));
    }
}

/// The span of a decision, within the current one.
pub fn decision() -> Span {
    info_span!(
        target: TARGET,
        "decide",
        callplan.action = Empty,
        callplan.source = Empty,
        callplan.reason = Empty,
    )
}

/// Adds the decision to its span.
pub fn decided(span: &Span, decided: &Decided) {
    let decision = &decided.decision;
    span.record("callplan.action", decision.action.name());
    span.record("callplan.source", decision.source.name());
    if let Some(reason) = decision.reason {
        span.record("callplan.reason", reason.name());
    }
}
