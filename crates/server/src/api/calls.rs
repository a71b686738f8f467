//! `/core/inbound-calls`: decides calls, and explains the decisions later.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Request;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use tracing::Instrument;
use utoipa::ToSchema;

use super::allowance::Urgency;
use super::app::App;
use super::config::check::TraceEntry;
use super::config::raw;
use super::lists::{List, PageParameters, Query};
use super::object::{Object, instant, rfc3339, short_text};
use super::problem::{FieldError, Problem};
use super::request::{self, BODY, Content, Path, RequestContext, no_such};
use super::words::{ActionWord, ReasonWord, SourceWord, TraceReasonWord};
use callplan::Call;
use callplan::call::{MAX_ATTRIBUTE_NAME, MAX_ATTRIBUTE_TEXT, MAX_ATTRIBUTES};
use callplan::fields::{Party, TrustField};
use callplan_service::calls::erase::Caller;
use callplan_service::calls::further::{CallAttributes, FurtherFields, LoggedReading};
use callplan_service::calls::{self, Decided, RecordedDecision};
use callplan_service::credentials::Scope;
use callplan_service::live::access::Principal;
use callplan_service::live::organization::Organization;
use callplan_service::live::plan::Plan;
use callplan_service::routing::{Action, DecisionSource};
use callplan_service::store::{CallFilter, CallId, CallRecord, Page, Snapshot};
use callplan_service::telemetry::spans;

/// Maximum length of a number or a trunk, in characters.
const MAXIMUM_CHARACTERS: usize = 256;

/// An incoming call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InboundCall<'a> {
    /// The caller's number; absent, null and empty mean that it is withheld.
    #[serde(borrow, default)]
    #[schema(max_length = 256, value_type = Option<String>)]
    caller_number: Option<Cow<'a, str>>,
    /// The dialed number.
    #[serde(borrow)]
    #[schema(min_length = 1, max_length = 256, value_type = String)]
    called_number: Cow<'a, str>,
    /// The trunk.
    #[serde(borrow, default)]
    #[schema(max_length = 256, value_type = Option<String>)]
    trunk_id: Option<Cow<'a, str>>,
    /// The name that the caller shows. Without it, the name in the address of the caller's number.
    #[serde(borrow, default)]
    #[schema(max_length = 256, value_type = Option<String>)]
    caller_name: Option<Cow<'a, str>>,
    /// The number that the caller's carrier asserts (P-Asserted-Identity).
    #[serde(borrow, default)]
    #[schema(max_length = 256, value_type = Option<String>)]
    caller_asserted: Option<Cow<'a, str>>,
    /// Who sent the call on (Diversion, History-Info, ForwardedFrom); of several addresses, the first
    /// counts.
    #[serde(borrow, default)]
    #[schema(max_length = 256, value_type = Option<String>)]
    diverted_from: Option<Cow<'a, str>>,
    /// How far the caller's number is vouched for: `A`, `B`, `C`, `failed`, or a value of `verstat`.
    /// Anything else is unknown. Without it, the `verstat` parameter of the caller's address.
    #[serde(borrow, default)]
    #[schema(max_length = 256, value_type = Option<String>)]
    attestation: Option<Cow<'a, str>>,
    /// What else the call brings, such as headers of the signalling, by name: at most 32, with names
    /// of at most 64 and values of at most 256 characters. A plan gives names to those that it uses.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    attributes: Option<CallAttributes>,
    /// When it came, with an offset (RFC 3339). Default: now.
    #[serde(borrow, default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    timestamp: Option<Cow<'a, str>>,
}

/// What happens to a call.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it describes what `routing` writes")]
pub struct Decision {
    /// Whether an agent answers.
    #[schema(value_type = ActionWord)]
    action: String,
    /// The agent that answers.
    #[schema(required, format = "uuid")]
    agent_id: Option<String>,
    /// The version that answers.
    #[schema(required)]
    version: Option<u32>,
    /// Paragraphs for the agent.
    initial_context: String,
    /// The plan's metadata for the conversation.
    #[schema(value_type = Option<Object>, required)]
    custom_metadata: Option<Value>,
    /// Whether the pre-conversation workflow is skipped.
    skip_pre_conversation_workflow: bool,
    /// What chose the agent.
    #[schema(value_type = SourceWord)]
    source: String,
    /// Why the plan's choice did not answer.
    #[schema(required, value_type = Option<ReasonWord>)]
    reason: Option<String>,
    /// The plan's rule that decided.
    #[schema(required)]
    rule: Option<String>,
    /// The revision that was in force.
    #[schema(required)]
    config_revision: Option<u64>,
}

/// The answer to a call.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it describes what `decide` writes")]
pub struct CallAnswer {
    /// The call's id, which finds it in the log.
    #[schema(format = "uuid")]
    id: String,
    #[schema(inline = false)]
    #[serde(flatten)]
    decision: Decision,
}

/// Decides a call.
#[utoipa::path(post, path = "/core/inbound-calls", tag = "Calls", operation_id = "decide_call",
    security(("bearer" = ["inbound_calls:route"])),
    request_body = InboundCall,
    responses((status = 200, description = "What is done with the call.", body = CallAnswer),
              (status = 422, description = "A field is wrong.", body = Problem)))]
pub async fn post(RequestContext { app, who }: RequestContext, request: Request) -> Result<Response, Problem> {
    who.needs(Scope::RouteCalls)?;
    app.admit_call(&who)?;
    let now = app.now();
    let bytes = Content::of(request).json(BODY).await?;
    let span = spans::decision();
    let (call, decided) = decide(&app, &who, &bytes, now).instrument(span.clone()).await?;
    spans::decided(&span, &decided);
    drop(span);
    app.metrics.decided(&decided);
    let mut answer = Vec::with_capacity(512);
    // Text, numbers and metadata from a map can always be serialized.
    let _ = serde_json::to_writer(&mut answer, &decided);
    app.call_log.add(call, decided);
    Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response())
}

/// Reads a call and decides it, by waiting for its plan if that is necessary.
async fn decide(app: &App, who: &Principal, bytes: &[u8], now: Timestamp) -> Result<(Call, Decided), Problem> {
    match decide_at_once(app, who, bytes, now)? {
        (call, Some(decided)) => Ok((call, decided)),
        (call, None) => {
            let slot = app.slot(who)?;
            let organization = slot.load().clone();
            let decided = app.decide_later(&slot, &organization, &call, now).await;
            Ok((call, decided))
        }
    }
}

/// Reads a call, and decides it if that is possible at once.
fn decide_at_once(
    app: &App,
    who: &Principal,
    bytes: &[u8],
    now: Timestamp,
) -> Result<(Call, Option<Decided>), Problem> {
    let organization = app.state(who)?;
    let call = read(bytes, now, app.live.settled.latest(now), &organization)?;
    let decided = calls::decide_at_once(&organization, &call, now, app.settings.decision_timeout);
    Ok((call, decided))
}

/// Reads a call. The common form is read without a copy except the call's own. Any other form is
/// read field by field, so that the answer names all errors.
fn read(bytes: &[u8], now: Timestamp, latest: Timestamp, organization: &Organization) -> Result<Call, Problem> {
    let is_fine =
        |text: &str| text.len() <= MAXIMUM_CHARACTERS && text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    let all_fine = |call: &InboundCall| {
        let others = [
            &call.caller_number,
            &call.trunk_id,
            &call.caller_name,
            &call.caller_asserted,
            &call.diverted_from,
            &call.attestation,
        ];
        !call.called_number.is_empty()
            && is_fine(&call.called_number)
            && others.into_iter().flatten().all(|text| is_fine(text))
            && call.attributes.as_ref().is_none_or(|attributes| attributes_fit(&attributes.0).is_ok())
    };
    let quick = serde_json::from_slice::<InboundCall>(bytes).ok().filter(all_fine);
    let quick = quick.and_then(|call| {
        let timestamp = call.timestamp.as_deref().map_or(Some(now), rfc3339)?;
        let owned = |text: Option<Cow<str>>| text.map(Cow::into_owned);
        Some(Call {
            caller_number: owned(call.caller_number),
            trunk_id: owned(call.trunk_id),
            caller_name: owned(call.caller_name),
            caller_asserted: owned(call.caller_asserted),
            diverted_from: owned(call.diverted_from),
            attestation: owned(call.attestation),
            attributes: call.attributes.unwrap_or_default().0,
            ..Call::new(call.called_number.into_owned(), timestamp)
        })
    });
    let call = match quick {
        Some(call) => call,
        None => {
            let mut object = request::read_object(bytes)?;
            let call = read_fields(&mut object, now);
            object.finish()?;
            call
        }
    };
    let organization_id = Some(organization.name.to_string());
    let switches = organization.config().map(|config| config.switches_on(latest)).unwrap_or_default();
    Ok(Call { organization_id, switches, ..call })
}

/// Reads a call's own fields. The object collects their errors.
pub(super) fn read_fields(object: &mut Object, now: Timestamp) -> Call {
    let called_number = object.required("called_number", short_text(1, MAXIMUM_CHARACTERS)).unwrap_or_default();
    let mut call = Call {
        caller_number: object.take("caller_number", short_text(0, MAXIMUM_CHARACTERS)).value(),
        trunk_id: object.take("trunk_id", short_text(0, MAXIMUM_CHARACTERS)).value(),
        ..Call::new(called_number, now)
    };
    read_further_fields(object, &mut call);
    call.timestamp = object.take("timestamp", instant).value().unwrap_or(now);
    call
}

/// Reads the fields that few calls have.
pub(super) fn read_further_fields(object: &mut Object, call: &mut Call) {
    for (field, text) in [
        ("caller_name", &mut call.caller_name),
        (Party::Asserted.key(), &mut call.caller_asserted),
        (Party::Diverted.key(), &mut call.diverted_from),
        (TrustField::Attestation.key(), &mut call.attestation),
    ] {
        *text = object.take(field, short_text(0, MAXIMUM_CHARACTERS)).value();
    }
    call.attributes = object.take("attributes", read_attributes).value().unwrap_or_default();
}

fn read_attributes(value: Value) -> Result<Vec<(String, String)>, String> {
    let Value::Object(fields) = value else { return Err("must be an object of texts".into()) };
    let read = fields.into_iter().map(|(name, value)| match value {
        Value::String(text) => Ok((name, text)),
        _ => Err(format!("must have texts alone, and `{}` is none", name.escape_debug())),
    });
    let attributes: Vec<(String, String)> = read.collect::<Result<_, _>>()?;
    attributes_fit(&attributes)?;
    Ok(attributes)
}

/// Whether attributes are within their limits, or what is wrong with them.
fn attributes_fit(attributes: &[(String, String)]) -> Result<(), String> {
    if attributes.len() > MAX_ATTRIBUTES {
        return Err(format!("must have at most {MAX_ATTRIBUTES} members"));
    }
    for (name, value) in attributes {
        if name.is_empty() || name.chars().count() > MAX_ATTRIBUTE_NAME {
            return Err(format!("must have names of 1 to {MAX_ATTRIBUTE_NAME} characters"));
        }
        if value.chars().count() > MAX_ATTRIBUTE_TEXT {
            return Err(format!("must have texts of at most {MAX_ATTRIBUTE_TEXT} characters"));
        }
        if [name, value].into_iter().any(|text| text.contains(char::is_control)) {
            return Err("must not have control characters in it".into());
        }
    }
    Ok(())
}

/// A decided call.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecidedCall {
    /// The id of the answer.
    #[schema(format = "uuid")]
    id: String,
    /// When it was decided, by the server's clock.
    #[schema(format = DateTime)]
    created_at: String,
    /// The call as it came, or with masked numbers.
    call: LoggedCall,
    /// The answer, without the id.
    #[schema(value_type = Decision)]
    decision: RecordedDecision,
    /// The switches that were on.
    #[schema(value_type = Vec<String>)]
    switches: Box<RawValue>,
    /// The release of callplan that decided.
    release: String,
    /// The statements that were reached, from deciding the call again; left out in a list.
    #[schema(ignore)]
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    replayed: Option<Replayed>,
}

/// A decided call, with its path through the plan of that time.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedCall {
    #[serde(flatten)]
    call: DecidedCall,
    #[serde(flatten)]
    replayed: Replayed,
}

/// A call of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoggedCall {
    /// The caller's number.
    #[schema(required)]
    caller_number: Option<String>,
    /// The dialed number.
    called_number: String,
    /// The trunk.
    #[schema(required)]
    trunk_id: Option<String>,
    /// The name that the caller showed.
    #[schema(required)]
    caller_name: Option<String>,
    /// The number that the caller's carrier asserted.
    #[schema(required)]
    caller_asserted: Option<String>,
    /// Who sent the call on.
    #[schema(required)]
    diverted_from: Option<String>,
    /// How far the caller's number was vouched for.
    #[schema(required)]
    attestation: Option<String>,
    /// What else the call brought, by name.
    #[schema(value_type = BTreeMap<String, String>)]
    attributes: CallAttributes,
    /// What digits without `+` were read as, by whose number they are: `caller`, `dialed`,
    /// `caller_asserted` or `diverted_from`.
    #[schema(value_type = BTreeMap<String, NumberReading>)]
    numbers_read: BTreeMap<String, LoggedReading>,
    /// When it came, to the microsecond.
    #[schema(format = DateTime)]
    timestamp: String,
}

/// What digits without `+` were read as.
#[derive(Debug, Serialize, ToSchema)]
pub struct NumberReading {
    /// The rule by which they were read, or `local_digits` where they stayed a local number.
    r#as: String,
    /// The number; none where they stayed local.
    #[schema(required)]
    number: Option<String>,
}

impl LoggedCall {
    fn of(record: &CallRecord) -> Self {
        let further = FurtherFields::read(record.further.as_deref());
        Self {
            caller_number: record.caller_number.clone(),
            called_number: record.called_number.clone(),
            trunk_id: record.trunk_id.clone(),
            caller_name: further.caller_name,
            caller_asserted: further.caller_asserted,
            diverted_from: further.diverted_from,
            attestation: further.attestation,
            attributes: further.attributes,
            numbers_read: further.numbers_read,
            timestamp: record.timestamp.to_string(),
        }
    }
}

/// How a call was decided, or why that is unknown.
#[derive(Debug, Serialize, ToSchema)]
pub struct Replayed {
    /// The statements that were reached, in order.
    #[schema(required)]
    trace: Option<Vec<TraceEntry>>,
    /// Why there is no trace.
    #[schema(value_type = Option<TraceReasonWord>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_reason: Option<&'static str>,
}

impl DecidedCall {
    fn of(record: CallRecord, replayed: Option<Replayed>) -> Self {
        Self {
            created_at: record.created_at().to_string(),
            decision: RecordedDecision::of(&record),
            id: record.id.to_string(),
            call: LoggedCall::of(&record),
            switches: raw(record.switches.into_owned()),
            release: record.kind.release.to_string(),
            replayed,
        }
    }
}

/// Lists decided calls, the newest first.
#[utoipa::path(get, path = "/core/inbound-calls", tag = "Calls", operation_id = "list_calls",
    security(("bearer" = ["inbound_calls:read"])),
    params(("rule" = Option<String>, Query, description = "Calls that this rule decided."),
           ("agent_id" = Option<String>, Query, format = "uuid", description = "Calls that this agent answers."),
           ("action" = Option<ActionWord>, Query, description = "Calls with this action."),
           ("source" = Option<SourceWord>, Query, description = "Calls with this source."),
           ("since" = Option<String>, Query, format = DateTime, description = "Calls from this instant on."),
           ("until" = Option<String>, Query, format = DateTime, description = "Calls before this instant."),
           PageParameters),
    responses((status = 200, description = "A page of them, without traces.", body = List<DecidedCall>),
              (status = 422, description = "A parameter is wrong.", body = Problem)))]
pub async fn list(context: RequestContext, mut query: Query) -> Result<Json<List<DecidedCall>>, Problem> {
    context.who.needs(Scope::ReadCalls)?;
    let one_of = |names: Vec<&'static str>| {
        move |text: &str| match names.contains(&text) {
            true => Ok(text.to_owned()),
            false => Err(format!("must be one of: {}", names.join(", "))),
        }
    };
    let time = |text: &str| rfc3339(text).ok_or_else(|| "must be a time with an offset (RFC 3339)".to_owned());
    let filter = CallFilter {
        rule: query.take("rule", |text| Ok(text.to_owned())),
        agent_id: query.take("agent_id", |text| text.parse().map_err(|_| "must be the id of an agent".to_owned())),
        action: query.take("action", one_of(Action::ALL.map(Action::name).to_vec())),
        source: query.take("source", one_of(DecisionSource::ALL.map(DecisionSource::name).to_vec())),
        since: query.take("since", time),
        until: query.take("until", time),
    };
    let read = move |store: &Snapshot<'_>, organization, page: &Page| store.calls(organization, &filter, page);
    query.answer(&context, "calls", read, |record| DecidedCall::of(record, None)).await
}

/// How many calls were erased.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasedCalls {
    /// Number of calls that were in the log, and are no more.
    erased: u64,
}

/// Erases all calls of a caller from the log. Calls that were logged with masked numbers cannot be
/// found.
#[utoipa::path(delete, path = "/core/inbound-calls", tag = "Calls", operation_id = "erase_calls",
    security(("bearer" = ["inbound_calls:manage"])),
    params(("caller_number" = String, Query, min_length = 1, max_length = 256,
            description = "The caller's number, in whatever form it is written.")),
    responses((status = 200, description = "They are erased.", body = ErasedCalls),
              (status = 422, description = "There is no number of a caller.", body = Problem)))]
pub async fn delete(
    RequestContext { app, who }: RequestContext,
    mut query: Query,
) -> Result<Json<ErasedCalls>, Problem> {
    who.needs(Scope::ManageCalls)?;
    let caller = query.take("caller_number", |text| {
        let caller = Some(text).filter(|text| text.chars().count() <= MAXIMUM_CHARACTERS).and_then(Caller::read);
        caller.ok_or_else(|| "must be the number of a caller".to_owned())
    });
    query.finish()?;
    let caller = caller.ok_or_else(|| Problem::fields(vec![FieldError::new("caller_number", "is required")]))?;
    app.admit_write(&who, Urgency::Ordinary)?;
    Ok(Json(ErasedCalls { erased: app.forget(&who, caller).await? }))
}

/// Gives a decided call, with its path through the plan of that time.
#[utoipa::path(get, path = "/core/inbound-calls/{id}", tag = "Calls", operation_id = "get_call",
    security(("bearer" = ["inbound_calls:read"])),
    params(("id" = String, Path, format = "uuid", description = "The call's id.")),
    responses((status = 200, description = "The call.", body = ExplainedCall),
              (status = 404, description = "There is no such call.", body = Problem)))]
pub async fn get(
    RequestContext { app, who }: RequestContext,
    Path(id): Path<String>,
) -> Result<Json<DecidedCall>, Problem> {
    who.needs(Scope::ReadCalls)?;
    let id: CallId = request::id(&id)?;
    let record = app.read(&who, move |store| store.call(who.organization, id)).await?;
    let record = record.ok_or_else(no_such::<CallId>)?;
    let replayed = replay(&app, &who, &record).await?;
    Ok(Json(DecidedCall::of(record, Some(replayed))))
}

/// Decides a recorded call again, by the revision and the switches of its time, and explains the
/// decision. If that cannot be done exactly, it gives no trace.
async fn replay(app: &App, who: &Principal, record: &CallRecord) -> Result<Replayed, Problem> {
    let none = |reason| Ok(Replayed { trace: None, trace_reason: Some(reason) });
    if record.kind.masked {
        return none("masked");
    }
    let decision = RecordedDecision::of(record);
    let was_run = !matches!(decision.reason(), Some("no_config" | "config_disabled" | "number_unassigned"));
    let (Some(number), true, false) = (record.revision, was_run, record.kind.source == DecisionSource::Number.name())
    else {
        return none("no_workflow");
    };
    if matches!(decision.reason(), Some("workflow_failed" | "workflow_timeout")) {
        return none("workflow_failed");
    }
    let organization = who.organization;
    let revision = app.read(who, move |store| store.revision(organization, number)).await?;
    let (Some(revision), Some(call)) = (revision, recorded_call(record)) else { return none("not_reproducible") };
    // The reason does not say so if the number's own agent could not answer.
    if !revision.fields.enabled {
        return none("no_workflow");
    }
    let today = app.today();
    let size = revision.fields.workflow_definition.len();
    let explained = app.check(who, size, move || {
        let plan = Plan::stored(revision.fields.workflow_definition, today);
        plan.explain(&call)
    });
    match explained.await? {
        Some((decision, trace)) if decision.rule == record.kind.rule => {
            let trace = trace.steps.into_iter().map(TraceEntry::from).collect();
            Ok(Replayed { trace: Some(trace), trace_reason: None })
        }
        Some(_) | None => none("not_reproducible"),
    }
}

/// The call of a record, as it came.
pub(super) fn recorded_call(record: &CallRecord) -> Option<Call> {
    let mut call = Call {
        caller_number: record.caller_number.clone(),
        trunk_id: record.trunk_id.clone(),
        switches: serde_json::from_str(&record.switches).ok()?,
        ..Call::new(record.called_number.clone(), record.timestamp)
            .with_organization(record.kind.organization_id.to_string())
    };
    FurtherFields::read(record.further.as_deref()).put_into(&mut call);
    Some(call)
}
