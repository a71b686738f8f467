//! Opening hours, as on a door: is this open at that instant, when does it open next, and why?
//!
//! Owns zones, days, windows, and the rule that the narrowest line decides a day. Does not know the
//! language: no spans, no wording; plain data in and out. The clock is never read and zones come
//! from the bundled database, so the same instant gets the same answer on every machine, today and
//! in a replay.
//!
//! ```
//! use callplan::schedule::{Days, Hours, Line, Schedule, Weekdays, Window, Zone};
//! use jiff::civil::Weekday::{Friday, Monday};
//!
//! let zone = Zone::find("America/New_York").expect("the bundled database has it");
//! let hours = Hours::Windows(vec![Window::new(9 * 60, 17 * 60).expect("the ends differ")]);
//! let days = vec![Days::Weekdays(Weekdays::new(Monday, Friday))];
//! let line = Line { days, sets: Vec::new(), hours };
//! let office = Schedule::new(zone, Vec::new(), vec![line], None).expect("one line cannot conflict");
//! assert!(office.is_open_at("2026-03-02T14:00:00Z".parse().expect("an instant")));
//! ```
//!
//! A day is decided in `narrowest`, by an index that is made once; lines that cannot both be meant
//! are found in `conflict`; `changes` walks the days of a zone's clock.

mod calendar;
mod changed_hours;
mod changes;
mod closures;
mod conflict;
mod day_names;
mod day_set;
mod days;
mod easter;
mod entry_index;
mod hours;
mod intervals;
mod narrowest;
mod opening;
mod ordinals;
mod rank;
mod rotation;
mod runs;
#[cfg(test)]
mod samples;
mod spans;
#[cfg(test)]
mod tests;
mod upcoming;
mod weeks;
mod zone;
mod zone_names;

pub(crate) use calendar::day_number;
pub use changed_hours::HoursChange;
pub use changes::{OpeningChange, OpeningChanges};
pub use closures::Closure;
pub use conflict::LineConflict;
pub(crate) use day_names::DayNames;
pub use day_set::{DaySet, DaySetEntry};
pub use days::{Days, MonthDay, Ordinal, OrdinalDay, Weekdays};
pub use easter::{EasterDay, Reckoning};
pub use entry_index::EntryIndex;
pub use hours::{BadWindow, Hours, MINUTES_PER_DAY, Window};
pub(crate) use intervals::join_touching;
pub use opening::{DecidedBy, OpenWindow, ScheduleDay};
pub use rank::Narrowness;
pub use rotation::{HandOver, Rotation, RotationConflict, RotationLine};
pub(crate) use upcoming::{ByDay, UpcomingHours};
pub use weeks::EveryWeeks;
pub use zone::{Moment, SkippedMoment, Zone};
pub use zone_names::ZoneProblem;

use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;

/// Days, and the hours on them. With several days it is as good as one line for each.
#[derive(Clone, Debug)]
pub struct Line {
    /// Which days.
    pub days: Vec<Days>,
    /// The days of these sets, too, each entry as narrow as it is alone.
    pub sets: Vec<Arc<DaySet>>,
    /// What it says of them.
    pub hours: Hours,
}

impl Line {
    /// Whether every day that it names lies before `today`, and none can come again.
    pub fn is_past(&self, today: Date) -> bool {
        let latest = self.days.iter().map(Days::latest).chain(self.sets.iter().map(|set| set.latest()));
        let mut latest = latest.peekable();
        latest.peek().is_some() && latest.all(|latest| latest.is_some_and(|latest| latest < today))
    }
}

/// Opening hours in a zone. The order of the lines never matters.
#[derive(Clone, Debug)]
pub struct Schedule {
    zone: Zone,
    except: Vec<Arc<DaySet>>,
    lines: Vec<Line>,
    closures: closures::Closures,
    index: narrowest::LineIndex,
    changed: changed_hours::ChangedHours,
    /// The latest minute until which a window runs on into the day after; 0 if none does.
    runs_on_until: u16,
}

impl Schedule {
    /// A schedule whose lines agree, or how they do not: equally narrow `closed` and hours on a day
    /// that both decide. With `today`, the days that are named are not before it, if it can be
    /// helped.
    ///
    /// No window starts on a day of `except`, but by a line for that one date.
    pub fn new(
        zone: Zone,
        except: Vec<Arc<DaySet>>,
        lines: Vec<Line>,
        today: Option<Date>,
    ) -> Result<Self, Vec<LineConflict>> {
        let index = narrowest::LineIndex::new(&lines);
        let windows = lines.iter().flat_map(|line| line.hours.windows());
        let runs_on_until = windows.map(|window| window.end_on_the_next()).max().unwrap_or(0);
        let changed = changed_hours::ChangedHours::new(&lines);
        let closures = closures::Closures::default();
        let schedule = Self { zone, except, lines, closures, index, changed, runs_on_until };
        let conflicts = conflict::conflicts(&schedule, today);
        if conflicts.is_empty() { Ok(schedule) } else { Err(conflicts) }
    }

    /// The zone whose clock it reads.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The days on which no window starts but by a line for the one date.
    pub fn except(&self) -> &[Arc<DaySet>] {
        &self.except
    }

    /// As they were given.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The same, and closed at these times, whatever the lines say.
    pub fn with_closures(self, closures: Vec<Closure>) -> Self {
        Self { closures: closures::Closures::new(closures), ..self }
    }

    /// The times at which it is closed whatever its lines say, as they were given.
    pub fn closures(&self) -> &[Closure] {
        self.closures.all()
    }

    /// Whether it is open at an instant: what its zone's clock shows then is all that counts. An
    /// hour that the clock skips never comes, one that it repeats counts twice.
    pub fn is_open_at(&self, instant: Timestamp) -> bool {
        self.is_open_on(self.zone.read(instant))
    }

    /// Whether it is open when the clock shows this.
    pub fn is_open_on(&self, shown: Moment) -> bool {
        self.open_window(shown).is_some()
    }

    /// A window that is open when the clock shows this: one that adds hours, or one of the hours
    /// that the day has; none where a closure or a line takes the minute away.
    pub fn open_window(&self, shown: Moment) -> Option<OpenWindow> {
        if self.closures.hold(shown) {
            return None;
        }
        match self.hours_change(shown) {
            Some(HoursChange { line, window, started, opens: true }) => Some(OpenWindow { line, window, started }),
            Some(HoursChange { opens: false, .. }) => None,
            None => self.deciding_window(shown),
        }
    }

    /// Whether the lines that decide days open it when the clock shows this.
    fn is_decided_open(&self, shown: Moment) -> bool {
        self.deciding_window(shown).is_some()
    }

    /// A window of the lines that decide days which is open when the clock shows this. One that
    /// started on the day itself comes before one that runs on from the evening before, be that
    /// day excepted, or skipped by the zone, or not.
    fn deciding_window(&self, shown: Moment) -> Option<OpenWindow> {
        let open = |day: ScheduleDay<'_>, is_open: fn(Window, u16) -> bool| {
            let started = day.date();
            let mut windows = day.windows().filter(|(_, window)| is_open(*window, shown.minute));
            windows.next().map(|(line, window)| OpenWindow { line, window, started })
        };
        open(self.day(shown.date), Window::is_open_on_its_day).or_else(|| {
            // Most schedules have no night to run on from, and most minutes lie past it.
            let day_before = if shown.minute < self.runs_on_until { self.day_before(shown.date) } else { None };
            open(day_before?, Window::is_open_on_the_next)
        })
    }

    /// What decides a day, and the windows that start on it.
    pub fn day(&self, date: Date) -> ScheduleDay<'_> {
        ScheduleDay::new(self, date)
    }

    /// Whether every day that a line names lies before `today`, and none can come again.
    pub fn is_past(&self, today: Date) -> bool {
        !self.lines.is_empty() && self.lines.iter().all(|line| line.is_past(today))
    }

    /// None on the first day of the calendar.
    fn day_before(&self, date: Date) -> Option<ScheduleDay<'_>> {
        date.yesterday().ok().map(|date| self.day(date))
    }
}
