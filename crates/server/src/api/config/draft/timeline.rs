//! `…/timeline`: the outcomes of calls to a number over the coming days.

use axum::Json;
use axum::extract::Request;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Meant;
use super::described::{Stretch, TimelineCall};
use crate::api::calls::read_further_fields;
use crate::api::config::tried::{Switches, SwitchesToTry};
use crate::api::error_code::ErrorCode;
use crate::api::object::{Object, Sent, short_text, text};
use crate::api::problem::{FieldError, Problem};
use crate::api::request::{self, PLAN_BODY, RequestContext};
use callplan::Call;
use callplan::analyze::switches;
use callplan::analyze::timeline::{TimelineTooLarge, caller, days, json, timeline as work_out};
use callplan::phone::Number;
use callplan_service::credentials::Scope;
use callplan_service::live::organization::Organization;

/// Maximum length of a number or a trunk, in characters.
const MAXIMUM_CHARACTERS: usize = 256;
/// Maximum number of days.
const MAXIMUM_DAYS: u64 = 31;
/// Default number of days.
const DEFAULT_DAYS: u8 = 7;

/// A number, and a range of days.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TimelineRequest)]
#[expect(dead_code, reason = "it describes what `TimelineQuery` reads")]
pub struct Days {
    /// A call plan; by default the saved one.
    #[schema(required = false)]
    workflow_definition: Option<String>,
    /// The number that is dialed.
    #[schema(min_length = 1, max_length = 256)]
    called_number: String,
    /// The caller. Null or absent: an ordinary caller that the plan does not name. Empty: a
    /// withheld number.
    #[schema(max_length = 256)]
    caller_number: Option<String>,
    /// The name that the caller shows.
    #[schema(max_length = 256)]
    caller_name: Option<String>,
    /// The number that the caller's carrier asserts.
    #[schema(max_length = 256)]
    caller_asserted: Option<String>,
    /// Who sent the call on.
    #[schema(max_length = 256)]
    diverted_from: Option<String>,
    /// How far the caller's number is vouched for.
    #[schema(max_length = 256)]
    attestation: Option<String>,
    /// What else the calls bring, by name.
    attributes: Option<std::collections::BTreeMap<String, String>>,
    /// On which trunk.
    #[schema(max_length = 256)]
    trunk_id: Option<String>,
    /// Switches that are on or off all the time; all others are as they are now.
    switches: Option<SwitchesToTry>,
    /// The first day, on the plan's clock; by default today.
    #[schema(format = Date)]
    from: Option<String>,
    /// How many days. Default: 7.
    #[schema(minimum = 1, maximum = 31)]
    days: Option<u8>,
}

/// The outcomes of the calls, from change to change.
#[derive(Debug, ToSchema)]
#[schema(as = Timeline)]
#[expect(dead_code, reason = "it describes what `analyze::timeline::json` writes")]
pub struct Told {
    /// `workflow_definition`.
    plan: String,
    /// The plan's time zone.
    zone: String,
    /// The call, with the caller that was chosen if the request named none.
    call: TimelineCall,
    /// The first instant.
    #[schema(format = DateTime)]
    from: String,
    /// The instant after the last.
    #[schema(format = DateTime)]
    until: String,
    /// In order and without gaps, as in `callplan timeline --format json`.
    stretches: Vec<Stretch>,
    /// The switches that can matter to calls to this number, whoever calls and whenever, in the
    /// plan's order.
    reachable_switches: Vec<String>,
}

/// The request, without its text.
#[derive(Debug)]
struct TimelineQuery {
    /// Without its switches; its caller may still be to be chosen.
    call: Call,
    switches: Switches,
    from: Option<Date>,
    days: u8,
}

impl TimelineQuery {
    /// Reads the text and the rest of the request.
    fn read(mut object: Object) -> Result<(Option<String>, Self), Problem> {
        let sent = object.take("workflow_definition", text).value();
        let called_number = object.required("called_number", dialed).unwrap_or_default();
        let mut call = Call {
            caller_number: match object.take("caller_number", calling) {
                // As the command line writes it.
                Sent::Value(withheld) if withheld.is_empty() => Some("anonymous".to_owned()),
                Sent::Value(number) => Some(number),
                Sent::Null | Sent::Absent => None,
            },
            trunk_id: object.take("trunk_id", short_text(0, MAXIMUM_CHARACTERS)).value(),
            ..Call::new(called_number, Timestamp::UNIX_EPOCH)
        };
        read_further_fields(&mut object, &mut call);
        let query = Self {
            call,
            switches: Switches::take(&mut object),
            from: object.take("from", date).value(),
            days: object.take("days", some_days).value().unwrap_or(DEFAULT_DAYS),
        };
        object.finish()?;
        Ok((sent, query))
    }
}

fn dialed(value: Value) -> Result<String, String> {
    let number = calling(value)?;
    if number.is_empty() {
        return Err("must not be empty".into());
    }
    match Number::read(&number) {
        Number::Withheld => Err("is not a number that can be dialed".into()),
        Number::E164(_) | Number::Local(_) => Ok(number),
    }
}

/// A local number may be any text. But a text with `+` must be an E.164 number: it was meant as
/// one.
fn calling(value: Value) -> Result<String, String> {
    let number = short_text(0, MAXIMUM_CHARACTERS)(value)?;
    match Number::read(&number) {
        Number::Local(local) if local.starts_with('+') => {
            Err("is not a number: `+` must be followed by 1 to 15 digits, the first not 0".into())
        }
        Number::Withheld | Number::E164(_) | Number::Local(_) => Ok(number),
    }
}

fn date(value: Value) -> Result<Date, String> {
    let text = value.as_str().filter(|text| text.len() == 10 && !text.starts_with(['+', '-']));
    let date = text.and_then(|text| text.parse().ok());
    date.ok_or_else(|| "must be a day, such as 2026-12-24".into())
}

fn some_days(value: Value) -> Result<u8, String> {
    let days = value.as_u64().filter(|days| (1..=MAXIMUM_DAYS).contains(days));
    let days = days.and_then(|days| u8::try_from(days).ok());
    days.ok_or_else(|| format!("must be a whole number from 1 to {MAXIMUM_DAYS}"))
}

/// Gives each change of the outcome of calls to a number over the coming days, at its instant.
#[utoipa::path(post, path = "/core/inbound-routing-config/timeline", tag = "Config", operation_id = "timeline",
    security(("bearer" = ["inbound_routing_configs:read"])),
    request_body = Days,
    responses((status = 200, description = "The outcomes.", body = Told),
              (status = 404, description = "There is no plan, and none was sent.", body = Problem),
              (status = 422, description = "A field is wrong, the plan does not pass, or it takes too long to work out.",
               body = Problem),
              (status = 429, description = "All processors are busy with checks.", body = Problem)))]
pub async fn timeline(RequestContext { app, who }: RequestContext, request: Request) -> Result<Json<Value>, Problem> {
    who.needs(Scope::ReadConfigs)?;
    let (sent, query) = TimelineQuery::read(request::object(request, PLAN_BODY).await?)?;
    let organization = app.slot(&who)?.load().clone();
    let plan = Meant::sent_or_saved(sent, &app, &organization)?;
    let (today, now) = (app.today(), app.latest());
    let (size, work) = (plan.size(), move || timeline_json(plan, query, today, now, &organization));
    Ok(Json(app.check(&who, size, work).await??))
}

fn timeline_json(
    plan: Meant,
    query: TimelineQuery,
    today: Date,
    now: Timestamp,
    organization: &Organization,
) -> Result<Value, Problem> {
    let plan = plan.read(today, organization)?;
    let ordinary = || caller::ordinary(&plan, &query.call.called_number).number;
    let call = Call {
        caller_number: Some(query.call.caller_number.clone().unwrap_or_else(ordinary)),
        organization_id: Some(organization.name.to_string()),
        timestamp: now,
        switches: query.switches.on(organization, plan.switches(), now, "switches")?,
        ..query.call
    };
    let first = query.from.unwrap_or_else(|| plan.zone().read(now).date);
    let last = (1..query.days).try_fold(first, |day, _| day.tomorrow());
    let after = last.and_then(Date::tomorrow).map_err(|_| wrong("from", "is too near to the end of the calendar"))?;
    let (from, until) = (days::start_of(plan.zone(), first), days::start_of(plan.zone(), after));
    let timeline = work_out(&plan, &call, from, until).map_err(too_much)?;
    let mut told = serde_json::to_value(json::data(&plan, &call, &timeline)).unwrap_or_default();
    if let Some(fields) = told.as_object_mut() {
        let reachable = switches::reachable(&plan, &call.called_number);
        fields.insert("reachable_switches".into(), reachable.into());
    }
    Ok(told)
}

fn wrong(field: &str, message: &str) -> Problem {
    Problem::fields(vec![FieldError::new(field, message)])
}

fn too_much(too_much: TimelineTooLarge) -> Problem {
    match too_much {
        TimelineTooLarge::Changes => wrong("days", "are too many: this plan's outcome changes too often"),
        TimelineTooLarge::Ways => {
            let detail = "The arms of this plan's splits by call combine in too many ways to show them all.";
            Problem::new(ErrorCode::TooComplex, detail)
        }
    }
}
