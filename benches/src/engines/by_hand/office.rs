//! W1 by hand: the ten rules of `workloads::office`, as code.

use super::{Answer, zone};
use crate::engine::{Build, Decide, Given, build};
use crate::hours::{HOLIDAYS, is_open_at, minute_of};
use crate::workloads::office::{ZONE, hours};
use callplan::Call;
use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

const FRONTDESK: &str = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";
const SALES: &str = "bb66519d-f01d-4a37-a409-bf61e5ae8b30";
const SUPPORT: &str = "58e5ce59-7ca4-41eb-b73a-c1a80a810cc9";
const SPANISH: &str = "b17bcf1a-328d-4676-8e84-6892fc25eb21";
const CONCIERGE: &str = "5c11d3c2-1d2f-4d53-8f0a-3c6f3b0b9a77";
const ON_CALL: &str = "99b9bfd0-eaaf-42de-96a7-3b17a317d042";
const MESSAGES: &str = "e3d0b6a4-7f1c-4f0e-8f3a-2a8d1c9b5e60";

pub fn on_the_clock<'w>() -> Build<'w> {
    build(|| Office::new(OnTheClock { zone: zone(ZONE) }))
}

pub fn ahead<'w>() -> Build<'w> {
    let hours = hours();
    build(move || Office::new(Ahead { flips: hours.flips(&zone(ZONE)) }))
}

/// Whether the office is open.
trait OfficeHours {
    fn are_at(&self, instant: Timestamp) -> bool;
}

struct OnTheClock {
    zone: TimeZone,
}

impl OfficeHours for OnTheClock {
    fn are_at(&self, instant: Timestamp) -> bool {
        let local = self.zone.to_datetime(instant);
        if HOLIDAYS.contains(&(local.month(), local.day())) {
            return false;
        }
        let minute = minute_of(local);
        match local.weekday() {
            Weekday::Saturday => (600..840).contains(&minute),
            Weekday::Sunday => false,
            Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday | Weekday::Friday => {
                (540..750).contains(&minute) || (810..1050).contains(&minute)
            }
        }
    }
}

struct Ahead {
    flips: Vec<u32>,
}

impl OfficeHours for Ahead {
    fn are_at(&self, instant: Timestamp) -> bool {
        is_open_at(&self.flips, instant)
    }
}

struct Office<H> {
    hours: H,
    vip: Map<String, Value>,
    emergency: Map<String, Value>,
    sales: Map<String, Value>,
    callback: Map<String, Value>,
    support: Map<String, Value>,
}

impl<H> Office<H> {
    fn new(hours: H) -> Self {
        Self {
            hours,
            vip: members(json!({ "tier": "vip", "priority": 1, "tags": ["inbound", "vip"] })),
            emergency: members(json!({ "line": "emergency", "priority": 0 })),
            sales: members(json!({ "line": "sales", "priority": 2 })),
            callback: members(json!({ "line": "sales", "callback": true })),
            support: members(json!({ "line": "support", "priority": 2 })),
        }
    }
}

fn members(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => unreachable!(),
    }
}

fn is_blocked(caller: &str) -> bool {
    matches!(caller, "" | "+14155550199" | "+12025550143" | "+33142685300")
        || caller.starts_with("+1900")
        || caller.starts_with("+1976")
}

fn is_vip(caller: &str) -> bool {
    matches!(caller, "+14155550100" | "+14155550101" | "+12125550123" | "+13105550177")
        || (caller.len() == 13 && caller.starts_with("+4420794600"))
}

fn speaks_spanish(caller: &str) -> bool {
    caller.starts_with("+52") || caller.starts_with("+34") || caller.starts_with("+57")
}

impl<H: OfficeHours> Decide for Office<H> {
    type Answer<'a>
        = Answer<'a>
    where
        H: 'a;

    fn decide<'a>(&'a mut self, call: &'a Call) -> Answer<'a> {
        let caller = call.caller_number.as_deref().unwrap_or_default();
        let trunk = call.trunk_id.as_deref().unwrap_or_default();
        let dialed = &*call.called_number;
        if is_blocked(caller) {
            return Answer::REJECT;
        }
        if is_vip(caller) && trunk != "overflow" {
            let context = Cow::Owned(format!("A VIP is calling: {caller}."));
            return Answer { version: Some(12), context, metadata: Some(&self.vip), ..Answer::route(CONCIERGE) };
        }
        if dialed == "+18005550199" {
            return Answer { metadata: Some(&self.emergency), ..Answer::route(ON_CALL) };
        }
        if trunk == "overflow" {
            return Answer { context: "All lines of the front desk are busy.".into(), ..Answer::route(MESSAGES) };
        }
        let is_open = self.hours.are_at(call.timestamp);
        if dialed == "+18005550101" {
            return match is_open {
                true => Answer { metadata: Some(&self.sales), ..Answer::route(SALES) },
                false => Answer {
                    context: "The sales team calls back when the office opens.".into(),
                    metadata: Some(&self.callback),
                    ..Answer::route(MESSAGES)
                },
            };
        }
        if !is_open {
            return Answer { context: "The office is closed.".into(), ..Answer::route(MESSAGES) };
        }
        if dialed == "+18005550102" {
            let context = "The caller dialed the support line.".into();
            return Answer { version: Some(3), context, metadata: Some(&self.support), ..Answer::route(SUPPORT) };
        }
        if speaks_spanish(caller) {
            return Answer { context: "The caller may prefer Spanish.".into(), ..Answer::route(SPANISH) };
        }
        Answer::route(FRONTDESK)
    }

    fn given(answer: Answer<'_>) -> Given {
        answer.given()
    }
}
