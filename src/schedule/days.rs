//! The kinds of days that a schedule's line or a `days` set may name, and whether a date is one of
//! them.

use super::calendar::{date_of, day_number};
use super::easter::EasterDay;
use super::weeks::EveryWeeks;
use jiff::civil::{Date, Weekday};

/// Maximum number of days that a day is counted from another.
pub(super) const MAX_OFFSET: i8 = 99;

/// A weekday, or a range of them that may wrap (`sat-mon`). Equal ends are one weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Weekdays {
    /// The first day of the range.
    pub first: Weekday,
    /// The last, itself in the range.
    pub last: Weekday,
}

impl Weekdays {
    /// Every day of the week, as bits.
    pub(super) const ALL: u8 = 0x7f;

    /// From `first` to `last`, both in it.
    pub const fn new(first: Weekday, last: Weekday) -> Self {
        Self { first, last }
    }

    /// One weekday.
    pub const fn one(weekday: Weekday) -> Self {
        Self { first: weekday, last: weekday }
    }

    /// Whether it is a single weekday, which an ordinal counts whether or not it is a working day.
    pub fn is_one(self) -> bool {
        self.first == self.last
    }

    /// Whether `weekday` is in the range.
    pub fn contains(self, weekday: Weekday) -> bool {
        weekday.since(self.first) <= self.last.since(self.first)
    }

    /// Bit `n` for the day `n` days after Monday.
    pub(super) fn bits(self) -> u8 {
        self.first.cycle_forward().take(self.last.since(self.first) as usize + 1).fold(0, |bits, day| bits | bit(day))
    }
}

/// The bit of one weekday in [`Weekdays::bits`].
pub(super) fn bit(weekday: Weekday) -> u8 {
    1 << weekday.to_monday_zero_offset()
}

/// A day of any year, `02-29` among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl MonthDay {
    /// None where no year has such a day.
    pub fn new(month: i8, day: i8) -> Option<Self> {
        // 2000 is a leap year.
        Date::new(2000, month, day).ok().map(|_| Self { month, day })
    }

    /// The day of its year.
    pub fn of(date: Date) -> Self {
        Self { month: date.month(), day: date.day() }
    }

    /// The month, from 1.
    pub fn month(self) -> i8 {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(self) -> i8 {
        self.day
    }

    /// This day in `year`; none for 29 February of a common year.
    pub fn in_year(self, year: i16) -> Option<Date> {
        Date::new(year, self.month, self.day).ok()
    }
}

/// Which one of a month's weekdays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ordinal {
    /// The first of the month.
    First,
    /// The second.
    Second,
    /// The third.
    Third,
    /// The fourth.
    Fourth,
    /// The fifth, which some months have.
    Fifth,
    /// The last, be it the fourth or the fifth.
    Last,
}

/// An ordinal weekday: `fourth thu of nov`, `last mon-fri of month`, `day after fourth thu of nov`,
/// `2 days before last mon of may`.
///
/// A range of more than one weekday counts *working days*: the days of the range that are not days
/// off. A single weekday is counted plainly. A month with fewer has no such day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OrdinalDay {
    /// Which one.
    pub ordinal: Ordinal,
    /// Of which weekdays.
    pub weekdays: Weekdays,
    /// Of one month, from 1; none for every month.
    pub month: Option<i8>,
    /// How many days after the counted one the day is that is meant; before it, if negative: -99 to
    /// 99. The month is that of the counted day.
    pub offset: i8,
}

impl OrdinalDay {
    /// Whether `date` is such a day, given which days are off.
    pub fn matches(self, date: Date, is_off: impl Fn(Date) -> bool) -> bool {
        self.counted(date)
            .and_then(|counted| WeekdayPosition::of(counted, self.weekdays, is_off))
            .is_some_and(|position| position.is(self.ordinal))
    }

    /// The day to count to, if `date` could be meant at all: `date` itself, or one before or after
    /// it. Cheap: it asks for the month and the weekday, not yet which one of the month it is.
    pub(super) fn counted(self, date: Date) -> Option<Date> {
        moved(date, -i32::from(self.offset)).filter(|counted| self.may_count(*counted))
    }

    /// Whether the month and the weekday of the day to count to are its own.
    pub(super) fn may_count(self, counted: Date) -> bool {
        self.month.is_none_or(|month| month == counted.month()) && self.weekdays.contains(counted.weekday())
    }
}

/// The date this many days later; none beyond the ends of the calendar.
pub(super) fn moved(date: Date, days: i32) -> Option<Date> {
    if days == 0 {
        return Some(date);
    }
    let number = day_number(date) + days;
    Some(date_of(number)).filter(|moved| day_number(*moved) == number)
}

/// Which one of its month's days of one range of weekdays a date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WeekdayPosition {
    /// From 1. Six stands for all from the sixth on, which no ordinal names.
    nth: u8,
    last: bool,
}

impl WeekdayPosition {
    /// None where the date is not counted at all: another weekday, or a day off.
    pub(super) fn of(date: Date, weekdays: Weekdays, is_off: impl Fn(Date) -> bool) -> Option<Self> {
        if weekdays.is_one() {
            let first = weekdays.first == date.weekday();
            let week = (date.day() as u8 - 1) / 7;
            return first.then_some(Self { nth: week + 1, last: date.day() + 7 > date.days_in_month() });
        }
        let counts = |day: &Date| weekdays.contains(day.weekday()) && !is_off(*day);
        let in_month = |day: &Date| day.month() == date.month();
        let before = std::iter::successors(date.yesterday().ok(), |day| day.yesterday().ok()).take_while(in_month);
        let mut after = std::iter::successors(date.tomorrow().ok(), |day| day.tomorrow().ok()).take_while(in_month);
        counts(&date).then(|| Self {
            nth: 1 + before.filter(counts).take(5).count() as u8,
            last: !after.any(|day| counts(&day)),
        })
    }

    pub(super) fn is(self, ordinal: Ordinal) -> bool {
        match ordinal {
            Ordinal::First => self.nth == 1,
            Ordinal::Second => self.nth == 2,
            Ordinal::Third => self.nth == 3,
            Ordinal::Fourth => self.nth == 4,
            Ordinal::Fifth => self.nth == 5,
            Ordinal::Last => self.last,
        }
    }
}

/// One entry of a line's days, or of a `days` set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Days {
    /// `mon-fri`
    Weekdays(Weekdays),
    /// `2026-12-24`, as equal ends, or `2026-12-24..2027-01-02`. Dates do not wrap: ends in the
    /// wrong order are for the caller to refuse, and name no day.
    Dates {
        /// The first day.
        first: Date,
        /// The last, itself in the range.
        last: Date,
        /// Only these of them.
        only: Option<Weekdays>,
    },
    /// `every 12-25`, as equal ends, or `every 12-24..01-02`, which may wrap the year. `02-29`
    /// comes in leap years only.
    Yearly {
        /// The first day.
        first: MonthDay,
        /// The last, itself in the range.
        last: MonthDay,
        /// Only these of them.
        only: Option<Weekdays>,
    },
    /// `fourth thu of nov`
    Ordinal(OrdinalDay),
    /// `easter`, `2 days before easter`
    Easter(EasterDay),
    /// `every 2 weeks from 2026-12-05`
    Weeks(EveryWeeks),
}

impl Days {
    /// One date.
    pub const fn date(date: Date) -> Self {
        Self::Dates { first: date, last: date, only: None }
    }

    /// One day of every year.
    pub const fn every(day: MonthDay) -> Self {
        Self::Yearly { first: day, last: day, only: None }
    }

    /// Whether `date` is one of these days. `is_off` says which days are not working days: those of
    /// a schedule's `except`; in a `days` set, none.
    pub fn matches(&self, date: Date, is_off: impl Fn(Date) -> bool) -> bool {
        let kept = |only: &Option<Weekdays>| only.is_none_or(|weekdays| weekdays.contains(date.weekday()));
        match self {
            Self::Weekdays(weekdays) => weekdays.contains(date.weekday()),
            Self::Dates { first, last, only } => (*first..=*last).contains(&date) && kept(only),
            Self::Yearly { first, last, only } => {
                let day = MonthDay::of(date);
                let within = if first <= last { *first <= day && day <= *last } else { *first <= day || day <= *last };
                within && kept(only)
            }
            Self::Ordinal(ordinal) => ordinal.matches(date, is_off),
            Self::Easter(easter) => easter.matches(date),
            Self::Weeks(weeks) => weeks.matches(date),
        }
    }

    /// The latest day that it can name; none where its days come again and again.
    pub fn latest(&self) -> Option<Date> {
        match self {
            Self::Dates { last, .. } => Some(*last),
            Self::Weekdays(_) | Self::Yearly { .. } | Self::Ordinal(_) | Self::Easter(_) | Self::Weeks(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Weekday::*, date};

    const WORKDAYS: Weekdays = Weekdays::new(Monday, Friday);

    fn ordinal(ordinal: Ordinal, weekdays: Weekdays, month: Option<i8>) -> OrdinalDay {
        OrdinalDay { ordinal, weekdays, month, offset: 0 }
    }

    fn yearly(first: (i8, i8), last: (i8, i8), only: Option<Weekdays>) -> Days {
        let day = |(month, day)| MonthDay::new(month, day).unwrap();
        Days::Yearly { first: day(first), last: day(last), only }
    }

    fn is(days: Days, on: Date) -> bool {
        days.matches(on, |_| false)
    }

    /// The days of one month that match.
    fn in_month(days: OrdinalDay, year: i16, month: i8, off: &[i8]) -> Vec<i8> {
        let is_off = |day: Date| day.month() == month && off.contains(&day.day());
        let first = Date::new(year, month, 1).unwrap();
        (1..=first.days_in_month()).filter(|day| days.matches(Date::new(year, month, *day).unwrap(), is_off)).collect()
    }

    #[test]
    fn a_weekday_range_may_wrap_and_equal_ends_are_one() {
        let long_weekend = Weekdays::new(Saturday, Monday);
        assert_eq!(
            [Friday, Saturday, Sunday, Monday, Tuesday].map(|day| long_weekend.contains(day)),
            [false, true, true, true, false]
        );
        assert_eq!(long_weekend.bits(), 0b110_0001);
        assert_eq!(Weekdays::new(Tuesday, Monday).bits(), Weekdays::ALL);
        assert!(Weekdays::new(Friday, Friday).is_one());
    }

    #[test]
    fn a_yearly_range_may_wrap_the_year() {
        let days = yearly((12, 24), (1, 2), None);
        assert!(is(days, date(2026, 12, 31)) && is(days, date(2027, 1, 2)));
        assert!(!is(days, date(2027, 1, 3)) && !is(days, date(2026, 12, 23)));
    }

    #[test]
    fn the_29th_of_february_comes_in_leap_years_only() {
        let days = yearly((2, 29), (2, 29), None);
        assert!(is(days, date(2028, 2, 29)));
        assert!(!is(days, date(2027, 2, 28)) && !is(days, date(2027, 3, 1)));
        assert!(is(yearly((2, 29), (3, 1), None), date(2027, 3, 1)));
        assert_eq!(MonthDay::new(2, 30), None);
    }

    #[test]
    fn a_range_may_keep_some_weekdays_only() {
        let days = yearly((6, 15), (8, 31), Some(WORKDAYS));
        assert!(is(days, date(2026, 6, 15)) && !is(days, date(2026, 6, 20)));
        let dates = Days::Dates { first: date(2026, 6, 1), last: date(2026, 6, 30), only: Some(Weekdays::one(Sunday)) };
        assert!(is(dates, date(2026, 6, 7)) && !is(dates, date(2026, 6, 8)) && !is(dates, date(2026, 7, 5)));
    }

    #[test]
    fn the_fourth_thursday_is_not_always_the_last() {
        let thursday = Weekdays::one(Thursday);
        assert_eq!(in_month(ordinal(Ordinal::Fourth, thursday, Some(11)), 2023, 11, &[]), [23]);
        assert_eq!(in_month(ordinal(Ordinal::Last, thursday, Some(11)), 2023, 11, &[]), [30]);
        assert_eq!(in_month(ordinal(Ordinal::Fourth, thursday, Some(10)), 2023, 11, &[]), [0i8; 0]);
    }

    #[test]
    fn a_range_counts_working_days_and_a_single_weekday_does_not() {
        // December 2026: the 25th is a Friday, the 31st a Thursday.
        assert_eq!(in_month(ordinal(Ordinal::Last, WORKDAYS, None), 2026, 12, &[]), [31]);
        assert_eq!(in_month(ordinal(Ordinal::Last, WORKDAYS, None), 2026, 12, &[25, 28, 29, 30, 31]), [24]);
        assert_eq!(in_month(ordinal(Ordinal::Second, WORKDAYS, None), 2026, 12, &[1]), [3]);
        assert_eq!(in_month(ordinal(Ordinal::Last, Weekdays::one(Friday), None), 2026, 12, &[25]), [25]);
    }

    #[test]
    fn a_month_with_fewer_has_none() {
        let weekend = Weekdays::new(Saturday, Sunday);
        let off: Vec<i8> = (10..=31).collect();
        assert_eq!(in_month(ordinal(Ordinal::Second, weekend, None), 2026, 12, &off), [6]);
        assert_eq!(in_month(ordinal(Ordinal::Third, weekend, None), 2026, 12, &off), [0i8; 0]);
    }

    #[test]
    fn the_day_after_may_lie_in_the_next_month() {
        let last = OrdinalDay { offset: 1, ..ordinal(Ordinal::Last, Weekdays::one(Saturday), Some(10)) };
        assert!(last.matches(date(2026, 11, 1), |_| false));
        assert!(!last.matches(date(2026, 10, 31), |_| false));
    }
}
