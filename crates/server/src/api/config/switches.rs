//! `…/switches`: what operators turn on and off without changing the plan.

use axum::Json;
use axum::extract::Request;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::no_config;
use super::revisions::ShownActor;
use crate::api::allowance::Urgency;
use crate::api::app::App;
use crate::api::lists::{List, Query};
use crate::api::object::{Object, boolean, instant};
use crate::api::problem::{FieldError, Problem};
use crate::api::request::{self, BODY, Path, RequestContext};
use callplan_service::credentials::Scope;
use callplan_service::live::organization::Organization;
use callplan_service::store::{AuditKind, Audited, Change, Switch};

/// A switch in an answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Switch)]
pub struct ShownSwitch {
    /// Its name in the plan.
    name: String,
    /// Whether it is on.
    on: bool,
    /// When it goes off by itself; null if it does not.
    #[schema(format = DateTime, required)]
    until: Option<String>,
    /// When it was set; null if it never was.
    #[schema(format = DateTime, required)]
    set_at: Option<String>,
    /// Who set it; null if nobody did.
    #[schema(required)]
    set_by: Option<ShownActor>,
}

impl ShownSwitch {
    fn of(name: &str, state: Option<&Switch>, now: Timestamp) -> Self {
        let is_on = state.is_some_and(|state| state.is_on(now));
        let until = state.and_then(|state| state.until).filter(|_| is_on);
        Self {
            name: name.to_owned(),
            on: is_on,
            until: until.map(|until| until.to_string()),
            set_at: state.map(|state| state.set_at.to_string()),
            set_by: state.map(|state| state.set_by.into()),
        }
    }
}

/// What the audit trail says of a switch.
fn facts(state: Option<&Switch>, now: Timestamp) -> Value {
    let on = state.filter(|state| state.is_on(now));
    json!({"on": on.is_some(), "until": on.and_then(|state| state.until).map(|until| until.to_string())})
}

/// The switches that an organization's plan declares, in its order.
async fn declared(app: &App, organization: &Organization) -> Result<Vec<String>, Problem> {
    let config = organization.config().ok_or_else(no_config)?;
    app.compiled(config.plan()).await?;
    Ok(match config.plan().switches() {
        Some(switches) => switches.to_vec(),
        None => config.switches_set(),
    })
}

/// Lists the switches that the plan declares, in its order.
#[utoipa::path(get, path = "/core/inbound-routing-config/switches", tag = "Switches", operation_id = "list_switches",
    security(("bearer" = ["inbound_routing_configs:read"]), ("bearer" = ["inbound_routing_switches:manage"])),
    responses((status = 200, description = "All of them.", body = List<ShownSwitch>),
              (status = 404, description = "There is no config.", body = Problem),
              (status = 422, description = "A parameter is wrong.", body = Problem)))]
pub async fn list(
    RequestContext { app, who }: RequestContext,
    query: Query,
) -> Result<Json<List<ShownSwitch>>, Problem> {
    who.needs(Scope::ReadConfigs).or_else(|missing| who.needs(Scope::ManageSwitches).map_err(|_| missing))?;
    query.finish()?;
    let organization = app.slot(&who)?.load().clone();
    let declared = declared(&app, &organization).await?;
    let states = app.read(&who, move |store| store.switches(who.organization)).await?;
    let now = app.latest();
    let state = |name: &String| states.iter().find(|state| state.name == *name);
    let items = declared.iter().map(|name| ShownSwitch::of(name, state(name), now)).collect();
    Ok(Json(List { items, next_cursor: None }))
}

/// The new state of a switch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it describes what `put` reads")]
pub struct SwitchChange {
    /// Whether it is on.
    on: bool,
    /// When it goes off by itself; in the future, and only with `on: true`.
    #[schema(format = DateTime)]
    until: Option<String>,
}

/// The message about an end that has passed.
pub const IS_PAST: &str = "must be in the future";

/// Takes the fields of a [`SwitchChange`].
pub fn take(object: &mut Object) -> (bool, Option<Timestamp>) {
    let on = object.required("on", boolean);
    let until = object.take("until", instant).value();
    if on == Some(false) && until.is_some() {
        object.wrong("until", "is only for a switch that is on");
    }
    (on.unwrap_or_default(), until)
}

/// Turns a switch on or off. The next call sees the change.
#[utoipa::path(put, path = "/core/inbound-routing-config/switches/{name}", tag = "Switches",
    operation_id = "set_switch",
    security(("bearer" = ["inbound_routing_switches:manage"])), params(("name" = String, Path, description = "The switch's name in the plan.")), request_body = SwitchChange,
    responses((status = 200, description = "The switch as it is now.", body = ShownSwitch),
              (status = 404, description = "The plan declares no such switch.", body = Problem),
              (status = 422, description = "A field is wrong.", body = Problem)))]
pub async fn put(
    RequestContext { app, who }: RequestContext,
    Path(name): Path<String>,
    request: Request,
) -> Result<Json<ShownSwitch>, Problem> {
    who.needs(Scope::ManageSwitches)?;
    let mut object = request::object(request, BODY).await?;
    let (on, until) = take(&mut object);
    object.finish()?;
    app.admit_write(&who, Urgency::Urgent)?;
    let slot = app.slot(&who)?;
    let turn = app.turn(&slot).await?;
    if !declared(&app, &turn.state).await?.contains(&name) {
        return Err(Problem::not_found("switch"));
    }
    let now = app.latest();
    if until.is_some_and(|until| until <= now) {
        return Err(Problem::fields(vec![FieldError::new("until", IS_PAST)]));
    }
    let switch = Switch { name, on, until, set_at: now, set_by: who.actor };
    let set = app.write(&who, Some(turn.state.stamp), None, move |transaction| {
        let states = transaction.switches(who.organization)?;
        let before = states.iter().find(|state| state.name == switch.name);
        let change = Change::new(AuditKind::SwitchSet, &switch.name).before(facts(before, now));
        let set = transaction.set_switch(who.organization, switch)?;
        let change = change.after(facts(Some(&set), now));
        Ok(Audited::new(set, change))
    });
    let set = set.await?;
    Ok(Json(ShownSwitch::of(&set.name, Some(&set), now)))
}
