//! Times of several years in words: *Mon-Fri 17:00-18:00, 7 December to 4 April, but not on 25 and
//! 26 December*. The days with the same windows are told by the shortest rule that is true of them;
//! what no short rule tells is counted.

mod calendar;
mod choose;
mod clock_days;
mod document;
mod rule;
mod words;

pub(crate) use calendar::{Calendar, NamedDays};
pub use choose::Recurrence;
pub use clock_days::DailyWindows;
pub use rule::{DayRule, YearDay};

use crate::compile::Horizon;
use crate::schedule::{MINUTES_PER_DAY, Moment, Zone};
use calendar::count;
#[cfg(test)]
use calendar::weekday_of;
use clock_days::ClockDays;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::Range;

/// Maximum number of different windows that are told, each with its days.
const MAX_PARTS: usize = 8;

/// Windows, and the days of a period that have them.
type WindowsOnDays<'w> = (&'w [(u16, u16)], Vec<bool>);

/// Some times of a period, as a zone's clock shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockTimes {
    /// From a moment up to another, where that is all.
    pub(super) stretch: Option<Stretch>,
    /// Windows and their days: no day is in two of them.
    pub parts: Vec<RecurringWindows>,
    /// Days of which nothing is told but that they have times.
    pub other_days: usize,
    /// Days on which the clock shows a time twice, and only one of the two is meant.
    pub half_meant: Vec<Date>,
    /// The first day with a time.
    pub first: Option<Date>,
    /// How many days have times.
    pub days: usize,
}

/// One stretch of time: no start or no end is that of the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub from: Option<Moment>,
    pub until: Option<Moment>,
}

/// Windows, and the days that have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecurringWindows {
    /// Which days.
    pub days: Recurrence,
    /// From a minute of the day up to, not including, another, in order.
    pub windows: DailyWindows,
}

impl ClockTimes {
    /// Of times within a period, in seconds from a horizon's start, in order. `calendar` has the
    /// days of the period.
    pub(crate) fn of(
        times: &[(u32, u32)],
        period: Range<u32>,
        horizon: &Horizon,
        zone: &Zone,
        calendar: &Calendar,
    ) -> Self {
        let ClockDays { by_day, half_meant } = ClockDays::of(times, &period, horizon, zone);
        let (first, days) = (by_day.first_key_value().map(|(first, _)| *first), by_day.len());
        let stretch = stretch(times, &period, horizon, zone);
        if stretch.is_some() {
            return Self { stretch, parts: Vec::new(), other_days: 0, half_meant: Vec::new(), first, days };
        }
        let mut groups: BTreeMap<&[(u16, u16)], Vec<bool>> = BTreeMap::new();
        for (day, windows) in &by_day {
            let flags = groups.entry(windows).or_insert_with(|| vec![false; calendar.days.len()]);
            flags[calendar.number(*day)] = true;
        }
        let mut groups: Vec<WindowsOnDays> = groups.into_iter().collect();
        groups.sort_by_key(|(_, flags)| std::cmp::Reverse(count(flags)));
        let other_days = groups.iter().skip(MAX_PARTS).map(|(_, flags)| count(flags)).sum();
        let part = |(windows, flags): &WindowsOnDays| RecurringWindows {
            days: Recurrence::of(calendar, flags),
            windows: windows.to_vec(),
        };
        let mut parts: Vec<RecurringWindows> = groups.iter().take(MAX_PARTS).map(part).collect();
        parts.sort_by_key(|part| part.days.place());
        Self { stretch: None, parts, other_days, half_meant, first, days }
    }

    /// The calendar for the times of a period.
    pub(crate) fn calendar(
        period: &Range<u32>,
        horizon: &Horizon,
        zone: &Zone,
        named: impl IntoIterator<Item = NamedDays>,
    ) -> Calendar {
        let date = |second: u32| zone.read(horizon.instant(second)).date;
        Calendar::new(date(period.start)..date(period.end), named)
    }

    /// How many days are not told exactly.
    pub fn more(&self) -> usize {
        self.other_days + self.parts.iter().map(|part| part.days.more()).sum::<usize>() + self.half_meant.len()
    }

    /// The windows that the sentence gives to a day: those of the times, where it tells all.
    pub fn windows_on(&self, date: Date) -> &[(u16, u16)] {
        let of_day = self.parts.iter().find(|part| part.days.contains(date));
        of_day.map(|part| part.windows.as_slice()).unwrap_or_default()
    }
}

impl Recurrence {
    /// Where it stands among others: weeks first, by their first day; dates last, by date.
    fn place(&self) -> (u8, u8, Option<Date>) {
        match &self.rule {
            DayRule::Weekdays(weekdays) => (0, weekdays.trailing_zeros() as u8, None),
            DayRule::InYear { weekdays, .. } | DayRule::EveryWeeks { weekdays, .. } => {
                (1, weekdays.trailing_zeros() as u8, None)
            }
            DayRule::Counted { weekday, .. } => (1, *weekday, None),
            DayRule::Named(_) | DayRule::EachYear(_) => (2, 0, None),
            DayRule::Range(first, _) => (3, 0, Some(*first)),
            DayRule::Dates(dates) => (3, 0, dates.first().copied().or_else(|| self.first_added())),
        }
    }

    fn first_added(&self) -> Option<Date> {
        self.also.iter().find_map(|rule| match rule {
            DayRule::Dates(dates) => dates.first().copied(),
            DayRule::Range(first, _) => Some(*first),
            DayRule::Weekdays(_)
            | DayRule::InYear { .. }
            | DayRule::Counted { .. }
            | DayRule::EveryWeeks { .. }
            | DayRule::Named(_)
            | DayRule::EachYear(_) => None,
        })
    }
}

/// One stretch over more than a day, if that is all there is.
fn stretch(times: &[(u32, u32)], period: &Range<u32>, horizon: &Horizon, zone: &Zone) -> Option<Stretch> {
    let [(start, end)] = times else { return None };
    let moment = |second: u32| zone.read(horizon.instant(second));
    // A time that the clock shows twice does not say which of the two is meant.
    let is_plain = |at: &Moment| zone.instants(*at).count() == 1;
    let from = (*start > period.start).then(|| moment(*start));
    let until = (*end < period.end).then(|| moment(*end));
    let is_long = match (from, until) {
        (Some(from), Some(until)) => {
            from.date.tomorrow().is_ok_and(|next| next < until.date || (next == until.date && until.minute > 0))
        }
        (None, _) | (_, None) => true,
    };
    let is_one = is_long && from.iter().chain(&until).all(is_plain);
    is_one.then_some(Stretch { from, until })
}

/// A moment's last day and minute, where midnight is the end of a day.
fn as_end(moment: Moment) -> (Date, u16) {
    match (moment.minute, moment.date.yesterday()) {
        (0, Ok(day)) => (day, MINUTES_PER_DAY),
        (minute, _) => (moment.date, minute),
    }
}

/// The weekdays of a mask, Monday first.
fn weekdays_of(mask: u8) -> impl Iterator<Item = usize> {
    (0..7).filter(move |weekday| mask & 1 << weekday != 0)
}

#[cfg(test)]
mod tests;
