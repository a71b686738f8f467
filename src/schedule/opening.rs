//! One day of a schedule: which lines decide it and why, and the windows that start on it.

use super::Schedule;
use super::hours::Window;
use super::narrowest::Decider;
use super::rank::Narrowness;
use jiff::civil::Date;

/// What decides whether windows start on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DecidedBy {
    /// No line names the day: it is closed.
    NoLine,
    /// The day is in `except` and no line is for that one date: it is closed, whatever the lines
    /// say.
    Except,
    /// The narrowest lines that name it, all of this narrowness: closed, or their windows together.
    Lines(Narrowness),
}

/// One day of a schedule. It does not speak of windows that began the evening before and run on
/// into it.
#[derive(Clone, Copy, Debug)]
pub struct ScheduleDay<'a> {
    schedule: &'a Schedule,
    date: Date,
    decider: Decider<'a>,
}

impl<'a> ScheduleDay<'a> {
    pub(super) fn new(schedule: &'a Schedule, date: Date) -> Self {
        Self { schedule, date, decider: schedule.index.decide(date, &schedule.except) }
    }

    /// Which day.
    pub fn date(&self) -> Date {
        self.date
    }

    /// Why windows start on it, or do not.
    pub fn decided_by(&self) -> DecidedBy {
        match (self.decider.narrowness(), &self.decider) {
            (Some(narrowness), _) => DecidedBy::Lines(narrowness),
            (None, Decider::Excepted) => DecidedBy::Except,
            (None, _) => DecidedBy::NoLine,
        }
    }

    /// The lines that decide it, by their places in the schedule, in no order to rely on; of lines
    /// that say the same, the first alone.
    pub fn lines(&self) -> impl Iterator<Item = usize> + use<'a> {
        self.decider.lines().map(|line| line as usize)
    }

    /// The windows that start on it, each with its line. They may overlap.
    pub fn windows(&self) -> impl Iterator<Item = (usize, Window)> + use<'a> {
        let schedule = self.schedule;
        self.lines().flat_map(|line| schedule.lines[line].hours.windows().iter().map(move |window| (line, *window)))
    }
}

/// A window that is open, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpenWindow {
    /// The line's place in the schedule.
    pub line: usize,
    /// The window.
    pub window: Window,
    /// The day it started on: the day itself, or the evening before.
    pub started: Date,
}
