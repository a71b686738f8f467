//! The workloads: rules, and calls that reach each of them. They are the same in each run.

pub mod directory;
pub mod lines;
pub mod office;
pub mod overlaps;
pub mod prefixes;

use crate::hours::{FIRST_DAY, LAST_DAY};
use crate::random::Random;
use callplan::Call;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Number of calls of each workload.
pub const CALLS: usize = 4096;

/// Rules in the language of plans, the same rules as data for generated programs of other engines,
/// and calls.
pub struct Workload {
    pub name: String,
    pub says: String,
    /// The rules as a call plan.
    pub plan: String,
    pub rules: Rules,
    pub calls: Vec<Call>,
}

/// The rules as data.
pub enum Rules {
    /// Ten rules, which the users of every engine write by hand.
    Office,
    Lines(lines::Lines),
    Directory(directory::Directory),
    Prefixes(prefixes::Prefixes),
    Overlaps,
}

/// The workloads with these names, or W1 to W5.
pub fn named(names: &[String]) -> Result<Vec<Workload>, String> {
    const ALL: [&str; 5] = ["W1", "W2", "W3", "W4", "W5"];
    match names {
        [] => ALL.into_iter().map(one).collect(),
        _ => names.iter().map(|name| one(name)).collect(),
    }
}

/// The workload with this name: `W2:10` has ten bare rules like those of W2.
pub fn one(name: &str) -> Result<Workload, String> {
    match name.to_ascii_uppercase().as_str() {
        "W1" => Ok(office::workload()),
        "W2" => Ok(lines::workload()),
        "W3" => Ok(directory::workload()),
        "W4" => Ok(prefixes::workload()),
        "W5" => Ok(overlaps::workload()),
        upper => match upper.strip_prefix("W2:").and_then(|rules| rules.parse().ok()) {
            Some(rules) if rules > 0 => Ok(lines::bare(name, rules)),
            Some(_) | None => Err(format!("no workload is called {name}: there are W1 to W5, and W2:10 of ten rules")),
        },
    }
}

/// The id of an agent, by number.
pub fn agent_id(number: usize) -> String {
    let mut random = Random::new(number as u64);
    let hexadecimal = random.hexadecimal(32);
    let (a, b, c, d, e) =
        (&hexadecimal[..8], &hexadecimal[8..12], &hexadecimal[13..16], &hexadecimal[17..20], &hexadecimal[20..]);
    format!("{a}-{b}-4{c}-8{d}-{e}")
}

/// A call without a trunk.
pub fn call(caller: &str, dialed: &str, timestamp: Timestamp) -> Call {
    Call { caller_number: (!caller.is_empty()).then(|| caller.to_owned()), ..Call::new(dialed.to_owned(), timestamp) }
}

/// A random instant between the first day and the last.
pub fn some_instant(random: &mut Random) -> Timestamp {
    let day_begins = |day: jiff::civil::Date| TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0)).expect("in this century");
    let seconds = day_begins(LAST_DAY).duration_since(day_begins(FIRST_DAY)).as_secs();
    day_begins(FIRST_DAY) + SignedDuration::from_secs(random.below(seconds as usize) as i64)
}
