//! Engines that others have made, each used as its own best users would: its rules are read once, in its own language,
//! and a call brings what it costs the engine least to be given.
//!
//! None of them knows a schedule: those with functions are told what the local clock shows, and the rules reckon with
//! it; the others are told which schedules are open. What is told is worked out in the time that is measured. What an
//! engine answers stays in its own values: nobody is timed on reading them into Rust.

#[cfg(feature = "mlua")]
mod lua;

use crate::engine::{Contender, Given};
use crate::hours::{Hours, minute_of};
use crate::mistakes::Reader;
use crate::workloads::{Rules, Workload, lines};
use callplan::{Call, Outcome};
use jiff::tz::TimeZone;
use serde_json::Value;

/// Those that are built in, in the order of the table.
pub const ALL: &[Contender] = &[
    #[cfg(feature = "mlua")]
    lua::CONTENDER,
];

/// The same, as readers of rules.
pub const READERS: &[Reader] = &[
    #[cfg(feature = "mlua")]
    lua::READER,
];

/// What a call brings, with the time as a clock shows it.
struct Facts<'c> {
    /// Empty when withheld.
    caller: &'c str,
    dialed: &'c str,
    trunk: &'c str,
    /// Monday is 1.
    weekday: u8,
    /// Of the day.
    minute: u16,
    /// The month times 100, and the day.
    day: u16,
}

/// The clock of a workload: none where no rule asks for the time.
struct Clock(Option<TimeZone>);

impl Clock {
    fn of(workload: &Workload) -> Self {
        let zone = match workload.rules {
            Rules::Office => Some("America/New_York"),
            Rules::Lines(_) => Some(lines::ZONE),
            Rules::Directory(_) | Rules::Prefixes(_) | Rules::Overlaps => None,
        };
        Self(zone.map(|zone| TimeZone::get(zone).expect("a zone of the bundled database")))
    }

    fn read<'c>(&self, call: &'c Call) -> Facts<'c> {
        let (weekday, minute, day) = self.0.as_ref().map_or((0, 0, 0), |zone| {
            let local = zone.to_datetime(call.timestamp);
            let day = local.month() as u16 * 100 + local.day() as u16;
            (local.weekday().to_monday_one_offset() as u8, minute_of(local), day)
        });
        Facts {
            caller: call.caller_number.as_deref().unwrap_or_default(),
            dialed: &call.called_number,
            trunk: call.trunk_id.as_deref().unwrap_or_default(),
            weekday,
            minute,
            day,
        }
    }
}

/// Whether a schedule is open as a condition on `weekday`, `minute` and `day`, in the words that a language has.
fn condition(hours: &Hours, and: &str, or: &str) -> String {
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
fn given(
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
