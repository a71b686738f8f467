//! Lines that name ordinal weekdays, of one tier: of one month, or of every month.

use super::calendar::{day_number, years};
use super::days::{Ordinal, OrdinalDay, WeekdayPosition, Weekdays};
use jiff::civil::Date;
use std::collections::HashSet;

/// The lines of one tier.
#[derive(Clone, Debug, Default)]
pub(super) struct Ordinals {
    /// Those that count the same weekdays stand together, so that one count serves them all.
    entries: Vec<(OrdinalDay, u32)>,
}

impl Ordinals {
    pub(super) fn new(mut entries: Vec<(OrdinalDay, u32)>) -> Self {
        entries.sort_by_key(|(day, line)| {
            let (first, last) = (day.weekdays.first.to_monday_zero_offset(), day.weekdays.last.to_monday_zero_offset());
            (day.day_after, first, last, day.month, day.ordinal, *line)
        });
        Self { entries }
    }

    pub(super) fn entries(&self) -> &[(OrdinalDay, u32)] {
        &self.entries
    }

    /// The lines whose days `date` is among, given which days are off.
    pub(super) fn lines(&self, date: Date, is_off: impl Fn(Date) -> bool) -> impl Iterator<Item = u32> {
        let mut last_count: Option<(Date, Weekdays, Option<WeekdayPosition>)> = None;
        self.entries.iter().filter_map(move |(day, line)| {
            let counted = day.counted(date)?;
            let position = match last_count {
                Some((at, weekdays, position)) if (at, weekdays) == (counted, day.weekdays) => position,
                _ => WeekdayPosition::of(counted, day.weekdays, &is_off),
            };
            last_count = Some((counted, day.weekdays, position));
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
pub(super) fn possible_ordinals(days: impl Iterator<Item = OrdinalDay>, days_off: bool) -> Vec<Possible> {
    let mut seen = HashSet::new();
    days.filter(|day| seen.insert(*day)).map(|day| Possible::new(day, days_off)).collect()
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
            Ordinal::Last => (if pushed { 1 } else { 22 }, 31),
        };
        Self { day, first, last }
    }

    /// Whether the two could be one day, as far as weekdays, months and the length of a week can
    /// tell.
    pub(super) fn may_coincide(&self, other: &Self) -> bool {
        let (a, b) = (self.day, other.day);
        let weekdays = |day: OrdinalDay| {
            let bits = day.weekdays.bits();
            if day.day_after { (bits << 1 | bits >> 6) & Weekdays::ALL } else { bits }
        };
        let months_differ = a.month.is_some() && b.month.is_some() && a.month != b.month;
        let days_differ = self.last < other.first || other.last < self.first;
        let one_is_last = a.ordinal == Ordinal::Last || b.ordinal == Ordinal::Last;
        let counts_differ = a.weekdays == b.weekdays && a.ordinal != b.ordinal && !one_is_last;
        let apart = months_differ || days_differ || counts_differ;
        // A day after may lie in another month than the day it is counted from.
        weekdays(a) & weekdays(b) != 0 && !(apart && a.day_after == b.day_after)
    }

    /// Whether a date could be this day.
    pub(super) fn may_be(&self, date: Date) -> bool {
        self.day.counted(date).is_some_and(|counted| (self.first..=self.last).contains(&counted.day()))
    }

    /// The days from one day number to another that could be this day, in order.
    pub(super) fn days(&self, (from, to): (i32, i32)) -> impl Iterator<Item = Date> {
        let Self { day, first, last } = *self;
        let months = years((from, to)).flat_map(move |year| {
            let months = day.month.map_or(1..=12, |month| month..=month);
            months.map(move |month| (year, month))
        });
        let in_month = move |(year, month)| (first..=last).filter_map(move |n| Date::new(year, month, n).ok());
        let meant = move |date: Date| if day.day_after { date.tomorrow().ok() } else { Some(date) };
        months
            .flat_map(in_month)
            .filter_map(meant)
            .filter(move |date| day.counted(*date).is_some() && (from..=to).contains(&day_number(*date)))
    }
}
