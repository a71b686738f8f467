//! Days that come every so many weeks: `every 2 weeks from 2026-11-30 mon-fri`.

use super::calendar::{date_of, day_number};
use super::days::{Weekdays, bit};
use jiff::civil::Date;

const DAYS_PER_WEEK: i32 = 7;
/// 1970-01-01, the day 0, was a Thursday.
const DAYS_FROM_MONDAY_TO_EPOCH: i32 = 3;

/// A date and each so many weeks after it; or with weekdays, these of the week of that date, from
/// Monday to Sunday, and of each so many weeks after it. No day before the date is meant.
///
/// The calendar's days are counted, also those that a zone skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EveryWeeks {
    /// Every how many weeks: 2 to 52.
    pub weeks: u8,
    /// The date from which is counted.
    pub from: Date,
    /// These weekdays; the one of the date, if none is named.
    pub weekdays: Option<Weekdays>,
}

impl EveryWeeks {
    /// Whether `date` is such a day.
    pub fn matches(self, date: Date) -> bool {
        self.is_named(date.weekday()) && self.is_week_of(day_number(date))
    }

    fn is_named(self, weekday: jiff::civil::Weekday) -> bool {
        self.weekdays.map_or(weekday == self.from.weekday(), |weekdays| weekdays.contains(weekday))
    }

    fn is_week_of(self, day: i32) -> bool {
        let weeks = (day - self.first_monday()).div_euclid(DAYS_PER_WEEK);
        day >= day_number(self.from) && weeks % i32::from(self.weeks.max(1)) == 0
    }

    /// The Monday of the week of `from`.
    fn first_monday(self) -> i32 {
        day_number(self.from) - i32::from(self.from.weekday().to_monday_zero_offset())
    }

    /// The weekdays of its weeks, as bits.
    pub(super) fn bits(self) -> u8 {
        self.weekdays.unwrap_or(Weekdays::one(self.from.weekday())).bits()
    }

    /// The Mondays of the weeks that come every so many weeks by both, from one day number to
    /// another, from the week of the first day on. They come again at even distances.
    pub(super) fn weeks_with(self, other: Self, (from, to): (i32, i32)) -> impl Iterator<Item = i32> {
        let [own, others] = [self, other].map(|every| i32::from(every.weeks.max(1)) * DAYS_PER_WEEK);
        let since = (from - self.first_monday()).div_euclid(DAYS_PER_WEEK) * DAYS_PER_WEEK;
        let first = self.first_monday() + since.div_euclid(own) * own;
        let is_both = move |monday: &i32| (monday - other.first_monday()).rem_euclid(others) == 0;
        let candidates = (0..=i32::from(other.weeks)).map(move |steps| first + steps * own);
        let mut both = candidates.filter(is_both);
        let period = own / greatest_common_divisor(own, others) * others;
        let mondays = both.next().map(move |monday| (monday..=to).step_by(period as usize));
        mondays.into_iter().flatten()
    }
}

fn greatest_common_divisor(one: i32, other: i32) -> i32 {
    if other == 0 { one } else { greatest_common_divisor(other, one % other) }
}

/// Lines that come every so many weeks, found by the week and the weekday of a date.
#[derive(Clone, Debug, Default)]
pub(super) struct WeekLines {
    /// Each number of weeks that an entry has, once.
    periods: Vec<u8>,
    /// By week and weekday: the day from which on it comes, and the line.
    places: Vec<(WeekPlace, i32, u32)>,
    entries: Vec<(EveryWeeks, u32)>,
}

/// Every how many weeks, which of them, and which of its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct WeekPlace {
    weeks: u8,
    which: u8,
    weekday: u8,
}

impl WeekPlace {
    fn of(day: i32, weeks: u8) -> Self {
        let since_monday = day + DAYS_FROM_MONDAY_TO_EPOCH;
        Self {
            weeks,
            which: since_monday.div_euclid(DAYS_PER_WEEK).rem_euclid(i32::from(weeks.max(1))) as u8,
            weekday: since_monday.rem_euclid(DAYS_PER_WEEK) as u8,
        }
    }
}

impl WeekLines {
    pub(super) fn new(entries: Vec<(EveryWeeks, u32)>) -> Self {
        let mut places = Vec::new();
        for (every, line) in &entries {
            let weekdays = every.bits();
            let week = every.first_monday()..every.first_monday() + DAYS_PER_WEEK;
            let named = week.filter(|day| weekdays & bit(date_of(*day).weekday()) != 0);
            places.extend(named.map(|day| (WeekPlace::of(day, every.weeks), day_number(every.from), *line)));
        }
        places.sort_unstable();
        let mut periods: Vec<u8> = entries.iter().map(|(every, _)| every.weeks).collect();
        periods.sort_unstable();
        periods.dedup();
        Self { periods, places, entries }
    }

    /// The same days, each once, as if they were of one line.
    pub(super) fn of_set(days: impl Iterator<Item = EveryWeeks>) -> Self {
        let mut lines = Self::new(days.map(|every| (every, 0)).collect());
        // The first of equal places is the one that begins first.
        lines.places.dedup_by_key(|(place, ..)| *place);
        lines.entries.clear();
        lines
    }

    pub(super) fn entries(&self) -> &[(EveryWeeks, u32)] {
        &self.entries
    }

    /// The lines whose days `date` is among.
    pub(super) fn lines(&self, date: Date) -> impl Iterator<Item = u32> + use<'_> {
        let day = day_number(date);
        self.periods.iter().flat_map(move |weeks| {
            let place = WeekPlace::of(day, *weeks);
            let start = self.places.partition_point(|(other, ..)| *other < place);
            let places = self.places[start..].iter();
            places.take_while(move |(other, from, _)| *other == place && *from <= day).map(|(.., line)| *line)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::{Weekday::*, date};
    use proptest::prelude::*;

    const THURSDAY: Date = date(2026, 12, 3);

    fn days(weeks: u8, weekdays: Option<Weekdays>, until: Date) -> Vec<Date> {
        let every = EveryWeeks { weeks, from: THURSDAY, weekdays };
        let all = std::iter::successors(Some(date(2026, 11, 1)), |day| day.tomorrow().ok());
        all.take_while(|day| *day <= until).filter(|day| every.matches(*day)).collect()
    }

    #[test]
    fn a_date_and_each_fourteenth_day_after_it_over_the_end_of_the_year() {
        let expected = [THURSDAY, date(2026, 12, 17), date(2026, 12, 31), date(2027, 1, 14)];
        assert_eq!(days(2, None, date(2027, 1, 20)), expected);
    }

    #[test]
    fn weekdays_are_those_of_the_week_of_the_date_and_none_before_it() {
        let next = (14..=16).map(|day| date(2026, 12, day));
        let expected: Vec<Date> = [THURSDAY, date(2026, 12, 4)].into_iter().chain(next).collect();
        assert_eq!(days(2, Some(Weekdays::new(Monday, Friday)), date(2026, 12, 16)), expected);
    }

    /// The same by counting weeks one by one.
    fn is_counted(every: EveryWeeks, date: Date) -> bool {
        let mut monday = every.from;
        while monday.weekday() != Monday {
            monday = monday.yesterday().unwrap();
        }
        while monday.checked_add(7.days()).unwrap() <= date {
            monday = monday.checked_add((7 * i64::from(every.weeks)).days()).unwrap();
        }
        let of_week: Vec<Date> = (0..7).map(|day| monday.checked_add(day.days()).unwrap()).collect();
        let named = |date: Date| match every.weekdays {
            Some(weekdays) => weekdays.contains(date.weekday()),
            None => date.weekday() == every.from.weekday(),
        };
        date >= every.from && of_week.contains(&date) && named(date)
    }

    proptest! {
        #[test]
        fn they_are_counted_week_by_week(
            weeks in 2..=52_u8,
            from in 0..3000_i64,
            weekdays in proptest::option::of((0..7_i8, 0..7_i8)),
            day in -100..3000_i64,
        ) {
            let weekday = |number| jiff::civil::Weekday::from_monday_zero_offset(number).unwrap();
            let weekdays = weekdays.map(|(first, last)| Weekdays::new(weekday(first), weekday(last)));
            let from = date(2020, 1, 1).checked_add(from.days()).unwrap();
            let every = EveryWeeks { weeks, from, weekdays };
            let date = from.checked_add(day.days()).unwrap();
            prop_assert_eq!(every.matches(date), is_counted(every, date));
        }

        #[test]
        fn weeks_of_both_are_found_without_a_look_at_each(
            weeks in (2..=52_u8, 2..=52_u8),
            from in (0..3000_i64, 0..3000_i64),
            start in 0..4000_i64,
        ) {
            let every = |weeks, days: i64| {
                let from = date(2020, 1, 1).checked_add(days.days()).unwrap();
                EveryWeeks { weeks, from, weekdays: Some(Weekdays::new(Monday, Sunday)) }
            };
            let (one, other) = (every(weeks.0, from.0), every(weeks.1, from.1));
            let start = day_number(one.from.max(other.from)) + start as i32 + 7;
            let found: Vec<i32> = one.weeks_with(other, (start, start + 2652 * 7)).filter(|monday| *monday >= start).collect();
            let monday = |day: &i32| date_of(*day).weekday() == Monday;
            let is_both = |day: &i32| one.matches(date_of(*day)) && other.matches(date_of(*day));
            let expected: Vec<i32> = (start..=start + 2652 * 7).filter(monday).filter(is_both).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
