//! Short ways to write schedules in tests.

use super::{DaySet, Days, Hours, Line, MonthDay, Ordinal, OrdinalDay, Schedule, Weekdays, Window, Zone};
use jiff::civil::{Date, Weekday};
use std::sync::Arc;

pub(super) fn weekly(first: Weekday, last: Weekday) -> Days {
    Days::Weekdays(Weekdays::new(first, last))
}

pub(super) fn dates(first: Date, last: Date) -> Days {
    Days::Dates { first, last, only: None }
}

pub(super) fn every(first: (i8, i8), last: (i8, i8)) -> Days {
    every_only(first, last, None)
}

pub(super) fn every_only(first: (i8, i8), last: (i8, i8), only: Option<Weekdays>) -> Days {
    let day = |(month, day)| MonthDay::new(month, day).unwrap();
    Days::Yearly { first: day(first), last: day(last), only }
}

/// Of one weekday to another, as working days if they differ.
pub(super) fn ordinal(ordinal: Ordinal, first: Weekday, last: Weekday, month: Option<i8>) -> Days {
    Days::Ordinal(OrdinalDay { ordinal, weekdays: Weekdays::new(first, last), month, offset: 0 })
}

pub(super) fn window(start: u16, end: u16) -> Window {
    Window::new(start * 60, end * 60).unwrap()
}

/// From one full hour to another.
pub(super) fn open(days: Days, start: u16, end: u16) -> Line {
    Line { days: vec![days], sets: Vec::new(), hours: Hours::Windows(vec![window(start, end)]) }
}

pub(super) fn closed(days: Days) -> Line {
    Line { days: vec![days], sets: Vec::new(), hours: Hours::Closed }
}

pub(super) fn day_set(days: &[Days]) -> Arc<DaySet> {
    Arc::new(DaySet::new(days, Vec::new()))
}

/// In UTC.
pub(super) fn schedule(except: &[Days], lines: Vec<Line>) -> Schedule {
    in_zone("UTC", except, lines)
}

pub(super) fn in_zone(zone: &str, except: &[Days], lines: Vec<Line>) -> Schedule {
    let except = if except.is_empty() { Vec::new() } else { vec![day_set(except)] };
    Schedule::new(Zone::find(zone).unwrap(), except, lines, None).unwrap()
}
