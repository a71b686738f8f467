//! `/core/inbound-calls`: a call is decided.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::app::App;
use super::object::{Object, instant, rfc3339, short_text};
use super::problem::Problem;
use super::request::{self, BODY};
use crate::Call;
use crate::credentials::Scope;
use crate::live::access::Principal;
use crate::live::organization::Organization;
use crate::routing::{Configured, Identified, Routed, Workflow, route};
use crate::store::CallId;

/// Most characters of a number or a trunk.
const MOST_CHARACTERS: usize = 256;

/// A call that comes in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InboundCall<'a> {
    /// Who calls; absent, null and empty mean that the number is withheld.
    #[serde(borrow, default)]
    #[schema(max_length = 256, value_type = Option<String>)]
    caller_number: Option<Cow<'a, str>>,
    /// Which number was dialed.
    #[serde(borrow)]
    #[schema(min_length = 1, max_length = 256, value_type = String)]
    called_number: Cow<'a, str>,
    /// On which trunk.
    #[serde(borrow, default)]
    #[schema(max_length = 256, value_type = Option<String>)]
    trunk_id: Option<Cow<'a, str>>,
    /// When it came, with an offset (RFC 3339); without it, now.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    timestamp: Option<Cow<'a, str>>,
}

/// Decides a call.
#[utoipa::path(post, path = "/core/inbound-calls", tag = "Calls", operation_id = "decide_call",
    request_body = InboundCall,
    responses((status = 200, description = "What is done with the call.", body = Object),
              (status = 422, description = "A field is wrong.", body = Problem)))]
pub async fn post(State(app): State<Arc<App>>, who: Principal, request: Request) -> Result<Response, Problem> {
    who.needs(Scope::RouteCalls)?;
    let (parts, body) = request.into_parts();
    let bytes = request::bytes(body, &parts.headers, BODY).await?;
    request::must_be_json(&parts.headers)?;
    let now = app.now();
    let slot = app.slot(&who)?;
    let organization = slot.load();
    let call = read(&bytes, now, &organization)?;
    let answer = decide(&app, &organization, call, now);
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], answer).into_response())
}

/// Reads a call. The form that calls nearly always have is read without a copy but the call's own; any other is read
/// field by field, so that all that is wrong with it is told.
fn read(bytes: &[u8], now: Timestamp, organization: &Organization) -> Result<Call, Problem> {
    let is_fine = |text: &str| text.len() <= MOST_CHARACTERS && !text.bytes().any(|byte| byte < 0x20 || byte >= 0x7f);
    let all_fine = |call: &InboundCall| {
        let others = [call.caller_number.as_deref(), call.trunk_id.as_deref()];
        !call.called_number.is_empty() && is_fine(&call.called_number) && others.into_iter().flatten().all(is_fine)
    };
    let quick = serde_json::from_slice::<InboundCall>(bytes).ok().filter(all_fine);
    let quick = quick.and_then(|call| {
        let timestamp = call.timestamp.as_deref().map_or(Some(now), rfc3339)?;
        let owned = |text: Option<Cow<str>>| text.map(Cow::into_owned);
        let (caller, called, trunk) =
            (owned(call.caller_number), call.called_number.into_owned(), owned(call.trunk_id));
        Some((caller, called, trunk, timestamp))
    });
    let (caller_number, called_number, trunk_id, timestamp) = match quick {
        Some(call) => call,
        None => {
            let mut object = request::read_object(bytes)?;
            let call = read_fields(&mut object, now);
            object.finish()?;
            call
        }
    };
    let organization_id = Some(organization.name.to_string());
    Ok(Call { caller_number, called_number, trunk_id, organization_id, timestamp, switches: Vec::new() })
}

/// A call's own fields; what is wrong with them is told by the object.
pub(super) fn read_fields(object: &mut Object, now: Timestamp) -> (Option<String>, String, Option<String>, Timestamp) {
    let caller_number = object.take("caller_number", short_text(0, MOST_CHARACTERS)).value();
    let called_number = object.required("called_number", short_text(1, MOST_CHARACTERS)).unwrap_or_default();
    let trunk_id = object.take("trunk_id", short_text(0, MOST_CHARACTERS)).value();
    let timestamp = object.take("timestamp", instant).value().unwrap_or(now);
    (caller_number, called_number, trunk_id, timestamp)
}

/// Decides a call by one state of its organization, and gives the answer's bytes.
fn decide(app: &App, organization: &Organization, mut call: Call, now: Timestamp) -> Bytes {
    let begun = Instant::now();
    let id = CallId::at(now).to_string();
    call.switches = organization.config().map(|config| config.switches_on(now)).unwrap_or_default();
    routed(app, organization, &call, |routed| {
        app.metrics.decided(routed.action, routed.source, routed.reason, begun.elapsed());
        let mut bytes = Vec::with_capacity(512);
        // Text, numbers and maps with text for keys: there is nothing that could not be written.
        let _ = serde_json::to_writer(&mut bytes, &Identified { id: Some(&id), routed });
        Bytes::from(bytes)
    })
}

/// Routes a call, and hands what is done with it to `show`, while what it borrows is there.
pub(super) fn routed<T>(app: &App, organization: &Organization, call: &Call, show: impl FnOnce(&Routed) -> T) -> T {
    let assigned = || organization.assigned(&call.called_number);
    let Some(config) = organization.config() else {
        return show(&route(Configured::Missing, assigned(), organization));
    };
    let revision = config.revision;
    if !config.enabled {
        return show(&route(Configured::Disabled { revision }, assigned(), organization));
    }
    let begun = Instant::now();
    let answer = config.plan().compiled().and_then(|plan| contained(|| plan.answer(call)));
    let workflow = match &answer {
        // Also a plan that has broken is too late when it is too late.
        _ if begun.elapsed() >= app.settings.decision_timeout => Workflow::TimedOut,
        Some(answer) => Workflow::Answered(answer),
        None => Workflow::Failed,
    };
    show(&route(Configured::Enabled { revision, workflow, fallback: config.fallback() }, None, organization))
}

/// What comes of it, unless it panics: one call's failure touches no other.
fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).ok()
}
