//! Engines that others have made, each used as its own best users would: its rules are read once, in its own language,
//! and a call brings what it costs the engine least to be given.
//!
//! None of them knows a schedule: those with functions are told what the local clock shows, and the rules reckon with
//! it; the others are told which schedules are open. What is told is worked out in the time that is measured. What an
//! engine answers stays in its own values: nobody is timed on reading them into Rust.

#[cfg(feature = "cedar-policy")]
mod cedar;
#[cfg(feature = "cel")]
mod cel;
#[cfg(feature = "mlua")]
mod lua;
#[cfg(any(feature = "cel", feature = "cedar-policy", feature = "roto"))]
mod outputs;
#[cfg(feature = "regorus")]
mod rego;
#[cfg(feature = "rhai")]
mod rhai;
#[cfg(feature = "roto")]
mod roto;
#[cfg(feature = "starlark")]
mod starlark;

use crate::engine::{Contender, Given};
use crate::hours::{Hours, minute_of};
use crate::mistakes::Reader;
use crate::workloads::{Rules, Workload, lines, office};
use callplan::{Call, Outcome};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// Those that are built in, in the order of the table.
pub const ALL: &[Contender] = &[
    #[cfg(feature = "mlua")]
    lua::CONTENDER,
    #[cfg(feature = "starlark")]
    starlark::CONTENDER,
    #[cfg(feature = "rhai")]
    rhai::CONTENDER,
    #[cfg(feature = "cel")]
    cel::CONTENDER,
    #[cfg(feature = "regorus")]
    rego::CONTENDER,
    #[cfg(feature = "cedar-policy")]
    cedar::CONTENDER,
    #[cfg(feature = "roto")]
    roto::CONTENDER,
];

/// The same, as readers of rules.
pub const READERS: &[Reader] = &[
    #[cfg(feature = "mlua")]
    lua::READER,
    #[cfg(feature = "starlark")]
    starlark::READER,
    #[cfg(feature = "rhai")]
    rhai::READER,
    #[cfg(feature = "cel")]
    cel::READER,
    #[cfg(feature = "regorus")]
    rego::READER,
    #[cfg(feature = "cedar-policy")]
    cedar::READER,
    #[cfg(feature = "roto")]
    roto::READER,
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
    local: DateTime,
}

/// The clock of a workload, none where no rule asks for the time, and its schedules.
struct Clock {
    zone: Option<TimeZone>,
    hours: Vec<Hours>,
}

impl Clock {
    fn of(workload: &Workload) -> Self {
        let (zone, hours) = match &workload.rules {
            Rules::Office => (Some(office::ZONE), vec![office::hours()]),
            Rules::Lines(lines) => (Some(lines::ZONE), lines.hours.clone()),
            Rules::Directory(_) | Rules::Prefixes(_) | Rules::Overlaps => (None, Vec::new()),
        };
        Self { zone: zone.map(|zone| TimeZone::get(zone).expect("a zone of the bundled database")), hours }
    }

    fn read<'c>(&self, call: &'c Call) -> Facts<'c> {
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
    fn schedules(&self, facts: &Facts) -> impl Iterator<Item = (&'static str, bool)> {
        self.hours.iter().map(|hours| (hours.name, hours.is_open(facts.local)))
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
