//! Time, worked out ahead: the instants at which the answer to each question about it changes.

use super::horizon::Horizon;
use crate::eval::is_so_at;
use crate::plan::Question;
use crate::schedule::{Moment, Rotation, Schedule, Zone};
use jiff::Timestamp;
use std::ops::Range;
use std::sync::Arc;

/// A question about the time, or a schedule that one asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TimeTest<'p> {
    /// Asked on the clock of the plan's zone.
    Clock(&'p Question, &'p Zone),
    /// Asked on the schedule's own clock.
    Open(&'p Schedule),
    /// Whether it is this instant or later.
    From(Timestamp),
}

/// The answers to a question over the horizon.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TimeAnswers {
    /// The answer at the horizon's start.
    pub first: bool,
    /// In seconds from the horizon's start: each instant from which the answer is the other one.
    pub changes: Arc<[u32]>,
}

impl TimeAnswers {
    /// Works the answer out over the horizon, exactly.
    pub fn of(test: TimeTest, horizon: &Horizon) -> Self {
        let (first, changes): (bool, Vec<Timestamp>) = match test {
            TimeTest::Open(schedule) => (
                schedule.is_open_at(horizon.from),
                schedule.changes(horizon.from, horizon.until).map(|change| change.at).collect(),
            ),
            TimeTest::From(instant) => {
                let is_within = horizon.from < instant && horizon.holds(instant);
                (horizon.from >= instant, if is_within { vec![instant] } else { Vec::new() })
            }
            TimeTest::Clock(question, zone) => on_the_clock(question, zone, horizon),
        };
        Self { first, changes: changes.into_iter().map(|at| horizon.second(at)).collect() }
    }

    /// How it goes whether one of some agents is on call.
    pub fn of_turns(turns: &[Turn], is_one: impl Fn(usize) -> bool) -> Self {
        let first = turns.first().is_some_and(|turn| is_one(turn.agent));
        let mut now = first;
        let changes = turns.iter().filter(|turn| {
            let is_so = is_one(turn.agent);
            std::mem::replace(&mut now, is_so) != is_so
        });
        Self { first, changes: changes.map(|turn| turn.second).collect() }
    }

    /// The same with no changes but those within a period, in seconds from the horizon's start.
    pub fn within(self, period: &Range<u32>) -> Self {
        let first = self.at(period.start);
        let is_within = |change: &&u32| **change > period.start && **change < period.end;
        if self.changes.iter().all(|change| is_within(&change)) {
            return Self { first, ..self };
        }
        Self { first, changes: self.changes.iter().filter(is_within).copied().collect() }
    }

    /// The answer at `second` seconds after the start of the horizon.
    #[inline]
    pub fn at(&self, second: u32) -> bool {
        let passed = self.changes.partition_point(|change| *change <= second);
        self.first ^ (passed % 2 == 1)
    }
}

/// From a second of the horizon on, an agent is on call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    /// In seconds from the horizon's start.
    pub second: u32,
    /// By number.
    pub agent: usize,
}

/// Who is on call over the horizon, from its start on.
pub(crate) fn turns(rotation: &Rotation, horizon: &Horizon) -> Vec<Turn> {
    let first = Turn { second: 0, agent: rotation.on_call(horizon.from) };
    let later = rotation.changes(horizon.from, horizon.until).into_iter();
    std::iter::once(first).chain(later.map(|(at, agent)| Turn { second: horizon.second(at), agent })).collect()
}

/// Asks the question at every instant at which the answer may change: at the start of each day and
/// of each window, and wherever the clock is put forward or back.
fn on_the_clock(question: &Question, zone: &Zone, horizon: &Horizon) -> (bool, Vec<Timestamp>) {
    let mut instants: Vec<Timestamp> = zone.clock_changes(horizon.from, horizon.until).map(|(at, _)| at).collect();
    let first_day = zone.read(horizon.from).date;
    let last_day = zone.read(horizon.until).date;
    let minutes = cuts(question);
    for date in std::iter::successors(Some(first_day), |day| day.tomorrow().ok()).take_while(|day| *day <= last_day) {
        instants.extend(minutes.iter().flat_map(|minute| zone.instants(Moment { date, minute: *minute })));
    }
    instants.retain(|at| *at > horizon.from && *at < horizon.until);
    instants.sort_unstable();
    let first = is_so_at(question, zone.read(horizon.from));
    let mut now = first;
    let changes = instants.into_iter().filter(|at| {
        let is_so = is_so_at(question, zone.read(*at));
        std::mem::replace(&mut now, is_so) != is_so
    });
    (first, changes.collect())
}

/// The minutes of a day at which the answer may change, beside its start.
fn cuts(question: &Question) -> Vec<u16> {
    let mut minutes = vec![0];
    if let Question::Time(windows) = question {
        minutes.extend(windows.iter().flat_map(|window| [window.start(), window.end() % 1440]));
    }
    minutes.sort_unstable();
    minutes.dedup();
    minutes
}
