//! What a good engineer would write in Rust for exactly one workload: no language, no text, no
//! checks.
//!
//! Numbers are compared as they arrive, because all calls of a workload have them in one form. Hash
//! maps use hashbrown's own hash, the fastest in wide use.

mod directory;
mod lines;
mod office;
mod prefixes;

use crate::engine::{Build, Given};
use crate::workloads::{Rules, Workload};
use callplan::Outcome;
use hashbrown::DefaultHashBuilder;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::hash::RandomState;

/// Schedules are evaluated on the local clock, as most programs do it.
pub fn plain(workload: &Workload) -> Option<Build<'_>> {
    match &workload.rules {
        Rules::Office => Some(office::on_the_clock()),
        Rules::Lines(rules) => Some(lines::on_the_clock::<DefaultHashBuilder>(rules)),
        Rules::Directory(directory) => Some(directory::build_maps::<DefaultHashBuilder>(directory)),
        Rules::Prefixes(prefixes) => Some(prefixes::build_trie(prefixes)),
        Rules::Overlaps => None,
    }
}

/// With the hash of the standard library, which resists collisions and is slower.
pub fn std_hash(workload: &Workload) -> Option<Build<'_>> {
    match &workload.rules {
        Rules::Lines(rules) => Some(lines::on_the_clock::<RandomState>(rules)),
        Rules::Directory(directory) => Some(directory::build_maps::<RandomState>(directory)),
        Rules::Office | Rules::Prefixes(_) | Rules::Overlaps => None,
    }
}

/// Schedules are worked out beforehand, as sorted instants at which they open and close.
pub fn hours_ahead(workload: &Workload) -> Option<Build<'_>> {
    match &workload.rules {
        Rules::Office => Some(office::ahead()),
        Rules::Lines(rules) => Some(lines::ahead(rules)),
        Rules::Directory(_) | Rules::Prefixes(_) | Rules::Overlaps => None,
    }
}

/// The decision, borrowed where it is the same for every call.
pub struct Answer<'a> {
    outcome: Outcome,
    agent_id: Option<&'a str>,
    version: Option<u32>,
    context: Cow<'a, str>,
    metadata: Option<&'a Map<String, Value>>,
}

impl<'a> Answer<'a> {
    const REJECT: Self = Self { outcome: Outcome::Reject, ..Self::FALLBACK };
    const FALLBACK: Self =
        Self { outcome: Outcome::Fallback, agent_id: None, version: None, context: Cow::Borrowed(""), metadata: None };

    fn route(agent_id: &'a str) -> Self {
        Self { outcome: Outcome::Route, agent_id: Some(agent_id), ..Self::FALLBACK }
    }

    fn given(self) -> Given {
        Given {
            outcome: self.outcome,
            agent_id: self.agent_id.map(str::to_owned),
            version: self.version,
            context: self.context.into_owned(),
            metadata: self.metadata.cloned(),
        }
    }
}

/// The zone of the plans.
fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect("a zone of the bundled database")
}
