//! Lines that name ordinal weekdays, of one tier: of one month, or of every month.

use super::calendar::{date_of, day_number, years};
use super::days::{Ordinal, OrdinalDay, WeekdayPosition, Weekdays, moved};
use jiff::civil::Date;
use std::collections::HashSet;

/// A line for an ordinal weekday.
#[derive(Clone, Copy, Debug)]
pub(super) struct OrdinalLine {
    pub day: OrdinalDay,
    /// Whether the line takes the day from a set, where no day is off.
    pub in_set: bool,
    pub line: u32,
}

/// The lines of one tier.
#[derive(Clone, Debug, Default)]
pub(super) struct Ordinals {
    /// Those that count the same weekdays stand together, so that one count serves them all.
    entries: Vec<OrdinalLine>,
}

impl Ordinals {
    pub(super) fn new(mut entries: Vec<OrdinalLine>) -> Self {
        entries.sort_by_key(|OrdinalLine { day, in_set, line }| {
            let (first, last) = (day.weekdays.first.to_monday_zero_offset(), day.weekdays.last.to_monday_zero_offset());
            (day.offset, first, last, *in_set, day.month, day.ordinal, *line)
        });
        Self { entries }
    }

    pub(super) fn entries(&self) -> &[OrdinalLine] {
        &self.entries
    }

    /// The lines whose days `date` is among, given which days are off.
    pub(super) fn lines(&self, date: Date, is_off: impl Fn(Date) -> bool) -> impl Iterator<Item = u32> {
        let mut last_count: Option<(Date, Weekdays, bool, Option<WeekdayPosition>)> = None;
        let mut last_moved = (0, Some(date));
        self.entries.iter().filter_map(move |OrdinalLine { day, in_set, line }| {
            if last_moved.0 != day.offset {
                last_moved = (day.offset, moved(date, -i32::from(day.offset)));
            }
            let counted = last_moved.1.filter(|counted| day.may_count(*counted))?;
            let position = match last_count {
                Some((at, weekdays, of_set, position))
                    if (at, weekdays, of_set) == (counted, day.weekdays, *in_set) =>
                {
                    position
                }
                _ => WeekdayPosition::of(counted, day.weekdays, |day| !*in_set && is_off(day)),
            };
            last_count = Some((counted, day.weekdays, *in_set, position));
            position?.is(day.ordinal).then_some(*line)
        })
    }
}

/// An ordinal day, and which days of a month it can count to at all: what can be said without
/// looking at days off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Possible {
    day: OrdinalDay,
    pub first: i8,
    pub last: i8,
}

/// Each of the ordinal days once.
pub(super) fn possible_ordinals<'a>(lines: impl Iterator<Item = &'a OrdinalLine>, days_off: bool) -> Vec<Possible> {
    let mut seen = HashSet::new();
    let each_once = lines.filter(|line| seen.insert((line.day, line.in_set)));
    each_once.map(|line| Possible::new(line.day, days_off && !line.in_set)).collect()
}

impl Possible {
    /// Where working days are counted, days off can push one on to the end of the month, or back to
    /// its start.
    fn new(day: OrdinalDay, days_off: bool) -> Self {
        let pushed = days_off && !day.weekdays.is_one();
        let named = day.weekdays.bits().count_ones() as i8;
        // Any seven days hold each of the named weekdays once.
        let nth = |n: i8| ((n - 1) / named * 7 + 1, if pushed { 31 } else { (n + named - 1) / named * 7 });
        let (first, last) = match day.ordinal {
            Ordinal::First => nth(1),
            Ordinal::Second => nth(2),
            Ordinal::Third => nth(3),
            Ordinal::Fourth => nth(4),
            Ordinal::Fifth => nth(5),
            Ordinal::Last => (if pushed { 1 } else { 22 }, 31),
        };
        Self { day, first, last }
    }

    /// Whether the two could be one day, as far as weekdays, months and the length of a week can
    /// tell.
    pub(super) fn may_coincide(&self, other: &Self) -> bool {
        let (a, b) = (self.day, other.day);
        let weekdays = |day: OrdinalDay| {
            let (bits, later) = (day.weekdays.bits(), day.offset.rem_euclid(7));
            (bits << later | bits >> (7 - later)) & Weekdays::ALL
        };
        let months_differ = a.month.is_some() && b.month.is_some() && a.month != b.month;
        let days_differ = self.last < other.first || other.last < self.first;
        let one_is_last = a.ordinal == Ordinal::Last || b.ordinal == Ordinal::Last;
        let counts_differ = a.weekdays == b.weekdays && a.ordinal != b.ordinal && !one_is_last;
        let apart = months_differ || days_differ || counts_differ;
        // A day before or after may lie in another month than the day it is counted from.
        weekdays(a) & weekdays(b) != 0 && !(apart && a.offset == b.offset)
    }

    /// Whether a date could be this day.
    pub(super) fn may_be(&self, date: Date) -> bool {
        self.day.counted(date).is_some_and(|counted| (self.first..=self.last).contains(&counted.day()))
    }

    /// The days from one day number to another that could be this day, in order.
    pub(super) fn days(&self, (from, to): (i32, i32)) -> impl Iterator<Item = Date> {
        let Self { day, first, last } = *self;
        let offset = i32::from(day.offset);
        let months = years((from - offset, to - offset)).flat_map(move |year| {
            let months = day.month.map_or(1..=12, |month| month..=month);
            months.map(move |month| (year, month))
        });
        let in_month = move |(year, month)| (first..=last).filter_map(move |n| Date::new(year, month, n).ok());
        let meant = move |date: Date| Some(date_of(day_number(date) + offset));
        months
            .flat_map(in_month)
            .filter_map(meant)
            .filter(move |date| day.counted(*date).is_some() && (from..=to).contains(&day_number(*date)))
    }
}
