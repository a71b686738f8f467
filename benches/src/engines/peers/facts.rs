//! The facts of a call as peers get them, and their answers.
#![cfg_attr(not(feature = "peers"), allow(dead_code, reason = "each peer needs a part of it"))]

use crate::engine::Given;
use crate::hours::{Hours, minute_of};
use crate::workloads::{Rules, Workload, lines, office};
use callplan::{Call, Outcome};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// The fields of a call, with the local time.
pub struct Facts<'c> {
    /// Empty if the number is withheld.
    pub caller: &'c str,
    pub dialed: &'c str,
    pub trunk: &'c str,
    /// 1 is Monday.
    pub weekday: u8,
    /// The minute of the day.
    pub minute: u16,
    /// The month times 100, plus the day.
    pub day: u16,
    pub local: DateTime,
}

/// The clock of a workload, `None` if no rule uses the time, and its schedules.
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

    /// The schedules, for engines whose rules cannot compare times, and whether each is open.
    pub fn schedules(&self, facts: &Facts) -> impl Iterator<Item = (&'static str, bool)> {
        self.hours.iter().map(|hours| (hours.name, hours.is_open(facts.local)))
    }
}

/// A schedule as a condition on `weekday`, `minute` and `day`, with a language's words for `and`
/// and `or`.
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

/// The decision in the form for comparison, from the values of a rule.
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
