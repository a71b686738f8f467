//! What peers are told of a call, and what they answer.
#![cfg_attr(not(feature = "peers"), allow(dead_code, reason = "each peer needs a part of it"))]

use crate::engine::Given;
use crate::hours::{Hours, minute_of};
use crate::workloads::{Rules, Workload, lines, office};
use callplan::{Call, Outcome};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// What a call brings, with the time as a clock shows it.
pub struct Facts<'c> {
    /// Empty when withheld.
    pub caller: &'c str,
    pub dialed: &'c str,
    pub trunk: &'c str,
    /// Monday is 1.
    pub weekday: u8,
    /// Of the day.
    pub minute: u16,
    /// The month times 100, and the day.
    pub day: u16,
    pub local: DateTime,
}

/// The clock of a workload, none where no rule asks for the time, and its schedules.
pub struct Clock {
    zone: Option<TimeZone>,
    pub hours: Vec<Hours>,
}

impl Clock {
    pub fn of(workload: &Workload) -> Self {
        let (zone, hours) = match &workload.rules {
            Rules::Office => (Some(office::ZONE), vec![office::hours()]),
            Rules::Lines(lines) => (Some(lines::ZONE), lines.hours.clone()),
            Rules::Directory(_) | Rules::Prefixes(_) | Rules::Overlaps => (None, Vec::new()),
        };
        Self { zone: zone.map(|zone| TimeZone::get(zone).expect("a zone of the bundled database")), hours }
    }

    pub fn read<'c>(&self, call: &'c Call) -> Facts<'c> {
        let local = self.zone.as_ref().map_or(DateTime::default(), |zone| zone.to_datetime(call.timestamp));
        Facts {
            caller: call.caller_number.as_deref().unwrap_or_default(),
            dialed: &call.called_number,
            trunk: call.trunk_id.as_deref().unwrap_or_default(),
            weekday: local.weekday().to_monday_one_offset() as u8,
            minute: minute_of(local),
            day: local.month() as u16 * 100 + local.day() as u16,
            local,
        }
    }

    /// The schedules, for engines whose rules don't reckon with the clock, and whether each is open.
    pub fn schedules(&self, facts: &Facts) -> impl Iterator<Item = (&'static str, bool)> {
        self.hours.iter().map(|hours| (hours.name, hours.is_open(facts.local)))
    }
}

/// Whether a schedule is open as a condition on `weekday`, `minute` and `day`, in the words that a language has.
pub fn condition(hours: &Hours, and: &str, or: &str) -> String {
    let windows = |windows: &[(u16, u16)]| {
        let window = |(start, end): &(u16, u16)| format!("(minute >= {start} {and} minute < {end})");
        windows.iter().map(window).collect::<Vec<_>>().join(&format!(" {or} "))
    };
    let lines = hours.lines.iter().map(|line| {
        let (first, last) = line.days;
        format!("(weekday >= {first} {and} weekday <= {last} {and} ({}))", windows(&line.windows))
    });
    let lines = lines.collect::<Vec<_>>().join(&format!(" {or} "));
    match hours.keeps_holidays {
        true => format!("day != 101 {and} day != 704 {and} day != 1225 {and} ({lines})"),
        false => lines,
    }
}

/// A decision, from what rules gave.
pub fn given(
    outcome: &str,
    agent_id: Option<String>,
    version: Option<u32>,
    context: Option<String>,
    metadata: Value,
) -> Given {
    Given {
        outcome: match outcome {
            "route" => Outcome::Route,
            "reject" => Outcome::Reject,
            _ => Outcome::Fallback,
        },
        agent_id,
        version,
        context: context.unwrap_or_default(),
        metadata: match metadata {
            Value::Object(members) => Some(members),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
        },
    }
}
