//! `/core/phone-numbers`: an organization's numbers, and the agents that answer them where no plan
//! does.

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::app::App;
use super::error_code::ErrorCode;
use super::lists::{List, PageParameters, Query};
use super::location::location;
use super::object::short_text;
use super::problem::Problem;
use super::request::{self, BODY, Path, RequestContext};
use callplan::phone::Number;
use callplan_service::credentials::Scope;
use callplan_service::store::{
    AgentId, AuditKind, Audited, Change, Conflict, NumberFilter, Page, PhoneNumber, Snapshot, StoreError,
};

/// Maximum length of a number or a trunk, in characters, as in a call.
const MAXIMUM_CHARACTERS: usize = 256;

/// A number in an answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PhoneNumber)]
pub struct PhoneNumberAnswer {
    /// The number, in normal form.
    phone_number: String,
    /// The trunk that it comes in on.
    #[schema(required)]
    trunk_id: Option<String>,
    /// The version of an agent that answers it where no plan does.
    #[schema(required, format = "uuid")]
    inbound_agent_version_id: Option<String>,
    /// The agent of that version.
    #[schema(required, format = "uuid")]
    inbound_agent_id: Option<String>,
    /// The number of that version.
    #[schema(required)]
    inbound_agent_version: Option<u32>,
    /// When it was registered.
    #[schema(format = DateTime)]
    created_at: String,
}

impl PhoneNumberAnswer {
    pub(super) fn of(number: PhoneNumber) -> Self {
        let (agent, version) = number.inbound_agent.unzip();
        Self {
            phone_number: number.phone_number,
            trunk_id: number.trunk_id,
            inbound_agent_version_id: number.inbound_agent_version_id.map(|id| id.to_string()),
            inbound_agent_id: agent.map(|id| id.to_string()),
            inbound_agent_version: version,
            created_at: number.created_at.to_string(),
        }
    }
}

/// The fields of a number to register.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what is read by `post`")]
pub struct NewPhoneNumber {
    /// The number, in any form.
    #[schema(min_length = 1, max_length = 256)]
    phone_number: String,
    /// The trunk that it comes in on.
    #[schema(min_length = 1, max_length = 256)]
    trunk_id: String,
}

/// The filters of the list of numbers.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what is read by `list`")]
pub struct Filters {
    /// Numbers that contain this text in their normal form.
    #[param(max_length = 256)]
    phone_number: Option<String>,
    /// Numbers of this trunk.
    #[param(max_length = 256)]
    trunk_id: Option<String>,
}

/// Reads a number of a body, in normal form. Withheld numbers cannot be distinguished, so nobody
/// can register one.
pub(super) fn number(value: Value) -> Result<String, String> {
    let text = short_text(1, MAXIMUM_CHARACTERS)(value)?;
    match Number::read(&text) {
        Number::Withheld => Err("must be a number that can be called, not a withheld one".into()),
        number @ (Number::E164(_) | Number::Local(_)) => Ok(number.normal_form().into_owned()),
    }
}

/// What the audit trail says of a number beside the number itself: who answers it. A trunk may be a
/// number, too.
pub(super) fn facts(assigned: Option<(AgentId, u32)>) -> Value {
    let (agent, version) = assigned.unzip();
    json!({"agent_id": agent.map(|id| id.to_string()), "version": version})
}

/// Lists the organization's numbers, in the order of registration.
#[utoipa::path(get, path = "/core/phone-numbers", tag = "Phone numbers", operation_id = "list_phone_numbers",
    security(("bearer" = ["phone_numbers:read"])),
    params(Filters, PageParameters),
    responses((status = 200, description = "A page of the list.", body = List<PhoneNumberAnswer>),
              (status = 422, description = "A parameter is wrong.", body = Problem)))]
pub async fn list(context: RequestContext, mut query: Query) -> Result<Json<List<PhoneNumberAnswer>>, Problem> {
    context.who.needs(Scope::ReadNumbers)?;
    let part = |text: &str| short_text(0, MAXIMUM_CHARACTERS)(text.into());
    let filter =
        NumberFilter { phone_number: query.take("phone_number", part), trunk_id: query.take("trunk_id", part) };
    let read = move |store: &Snapshot<'_>, organization, page: &Page| store.phone_numbers(organization, &filter, page);
    query.answer(&context, "phone numbers", read, PhoneNumberAnswer::of).await
}

/// Registers a number. A number that is registered already is refused: an E.164 number for all
/// organizations, a local number for this one.
#[utoipa::path(post, path = "/core/phone-numbers", tag = "Phone numbers", operation_id = "register_phone_number",
    security(("bearer" = ["phone_numbers:manage"])),
    request_body = NewPhoneNumber,
    responses((status = 201, description = "It is registered.", body = PhoneNumberAnswer),
              (status = 409, description = "It is taken.", body = Problem),
              (status = 422, description = "A field is wrong.", body = Problem)))]
pub async fn post(RequestContext { app, who }: RequestContext, request: Request) -> Result<Response, Problem> {
    who.needs(Scope::ManageNumbers)?;
    may_write(&app)?;
    let mut object = request::object(request, BODY).await?;
    let number = object.required("phone_number", number).unwrap_or_default();
    let trunk_id = object.required("trunk_id", short_text(1, MAXIMUM_CHARACTERS));
    object.finish()?;
    let now = app.now();
    let registered = app.change(&who, move |transaction| {
        let number = transaction.register_number(who.organization, &number, trunk_id.as_deref(), now)?;
        let change = Change::new(AuditKind::NumberRegistered, &number.phone_number);
        Ok(Audited::new(number, change))
    });
    let number = PhoneNumberAnswer::of(registered.await?);
    Ok((StatusCode::CREATED, location(&["phone-numbers", &number.phone_number]), Json(number)).into_response())
}

/// Refuses where the operator alone writes numbers.
fn may_write(app: &App) -> Result<(), Problem> {
    let detail = "The operator registers, deletes and moves phone numbers, with `callplan numbers`.";
    if app.settings.reserve_numbers { Err(Problem::new(ErrorCode::ReservedToOperator, detail)) } else { Ok(()) }
}

/// Gives a number.
#[utoipa::path(get, path = "/core/phone-numbers/{phone_number}", tag = "Phone numbers",
    operation_id = "get_phone_number",
    security(("bearer" = ["phone_numbers:read"])),
    params(("phone_number" = String, Path, description = "The number, percent-encoded.")),
    responses((status = 200, description = "The number.", body = PhoneNumberAnswer),
              (status = 404, description = "The organization has no such number.", body = Problem)))]
pub async fn get(
    RequestContext { app, who }: RequestContext,
    Path(number): Path<String>,
) -> Result<Json<PhoneNumberAnswer>, Problem> {
    who.needs(Scope::ReadNumbers)?;
    let number = Number::read(&number).normal_form().into_owned();
    let stored = app.read(&who, move |store| store.phone_number(who.organization, &number)).await?;
    Ok(Json(PhoneNumberAnswer::of(stored.ok_or(Conflict::NoNumber)?)))
}

/// Deletes a number. Any organization can register it then.
#[utoipa::path(delete, path = "/core/phone-numbers/{phone_number}", tag = "Phone numbers",
    operation_id = "delete_phone_number",
    security(("bearer" = ["phone_numbers:manage"])),
    params(("phone_number" = String, Path, description = "The number, percent-encoded.")),
    responses((status = 204, description = "It is given up."),
              (status = 404, description = "The organization has no such number.", body = Problem)))]
pub async fn delete(
    RequestContext { app, who }: RequestContext,
    Path(number): Path<String>,
) -> Result<StatusCode, Problem> {
    who.needs(Scope::ManageNumbers)?;
    may_write(&app)?;
    let number = Number::read(&number).normal_form().into_owned();
    let delete = app.change(&who, move |transaction| {
        let stored =
            transaction.phone_number(who.organization, &number)?.ok_or(StoreError::from(Conflict::NoNumber))?;
        transaction.delete_number(who.organization, &number)?;
        let change = Change::new(AuditKind::NumberDeleted, &number).before(facts(stored.inbound_agent));
        Ok(Audited::new((), change))
    });
    delete.await?;
    Ok(StatusCode::NO_CONTENT)
}
