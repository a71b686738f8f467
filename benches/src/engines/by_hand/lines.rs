//! W2 by hand: the rules of each dialed number in a hash map, taken in order.

use super::{Answer, zone};
use crate::engine::{Build, Decide, Given, build};
use crate::hours::{Hours, is_open_at};
use crate::workloads::lines::{Lines, ZONE};
use callplan::Call;
use hashbrown::{DefaultHashBuilder, HashMap};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::hash::BuildHasher;

pub fn on_the_clock<H: BuildHasher + Default + 'static>(rules: &Lines) -> Build<'_> {
    build(|| ByNumber::<_, H>::new(rules, OnTheClock { zone: zone(ZONE), hours: rules.hours.to_vec() }))
}

pub fn ahead(rules: &Lines) -> Build<'_> {
    let flips = |hours: &Hours| hours.flips(&zone(ZONE));
    build(move || {
        ByNumber::<_, DefaultHashBuilder>::new(rules, Ahead { flips: rules.hours.iter().map(flips).collect() })
    })
}

/// Which schedules are open. The local time of a call is computed once and kept for its next rule.
trait Schedules {
    type Read: Default;

    fn is_open(&self, schedule: usize, instant: Timestamp, read: &mut Self::Read) -> bool;
}

struct OnTheClock {
    zone: TimeZone,
    hours: Vec<Hours>,
}

impl Schedules for OnTheClock {
    type Read = Option<DateTime>;

    fn is_open(&self, schedule: usize, instant: Timestamp, read: &mut Option<DateTime>) -> bool {
        self.hours[schedule].is_open(*read.get_or_insert_with(|| self.zone.to_datetime(instant)))
    }
}

struct Ahead {
    flips: Vec<Vec<u32>>,
}

impl Schedules for Ahead {
    type Read = ();

    fn is_open(&self, schedule: usize, instant: Timestamp, (): &mut ()) -> bool {
        is_open_at(&self.flips[schedule], instant)
    }
}

struct ByNumber<S, H> {
    agents: Vec<String>,
    schedules: S,
    rules: HashMap<String, Vec<Rule>, H>,
    otherwise: usize,
}

struct Rule {
    caller: String,
    schedule: usize,
    agent: usize,
    context: Option<String>,
    metadata: Option<Map<String, Value>>,
}

impl<S, H: BuildHasher + Default> ByNumber<S, H> {
    fn new(lines: &Lines, schedules: S) -> Self {
        let mut rules: HashMap<String, Vec<Rule>, H> = HashMap::default();
        for rule in &lines.rules {
            rules.entry(rule.dialed.clone()).or_default().push(Rule {
                caller: rule.caller.clone(),
                schedule: rule.hours,
                agent: rule.agent,
                context: rule.context.clone(),
                metadata: rule.metadata.clone(),
            });
        }
        Self { agents: lines.agents.clone(), schedules, rules, otherwise: lines.otherwise }
    }
}

impl<S: Schedules, H: BuildHasher> Decide for ByNumber<S, H> {
    type Answer<'a>
        = Answer<'a>
    where
        S: 'a,
        H: 'a;

    fn decide<'a>(&'a mut self, call: &'a Call) -> Answer<'a> {
        let caller = call.caller_number.as_deref().unwrap_or_default();
        let mut read = S::Read::default();
        let rules = self.rules.get(&call.called_number).map(Vec::as_slice).unwrap_or_default();
        let taken = rules.iter().find(|rule| {
            caller.starts_with(&rule.caller) && self.schedules.is_open(rule.schedule, call.timestamp, &mut read)
        });
        match taken {
            Some(rule) => Answer {
                context: Cow::Borrowed(rule.context.as_deref().unwrap_or_default()),
                metadata: rule.metadata.as_ref(),
                ..Answer::route(&self.agents[rule.agent])
            },
            None => Answer::route(&self.agents[self.otherwise]),
        }
    }

    fn given(answer: Answer<'_>) -> Given {
        answer.given()
    }
}
