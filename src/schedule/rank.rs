//! How narrow a line's days are: of the lines that name a day, the narrowest decides it.

use super::calendar::{DAYS_IN_LEAP_YEAR, day_number, day_of_leap_year};
use super::days::{Days, MonthDay, OrdinalDay};

/// Orders days from the narrowest, which is the least, to the widest. Lines of equal narrowness add
/// up.
///
/// One date, then a range of dates, a yearly date or a day that is counted from Easter, a yearly
/// range, an ordinal weekday of one month, of every month, a day of every so many weeks, a weekday. Of two ranges of dates, and of two yearly ones, the one with fewer
/// days from end to end, 29 February counted; of equal ones the one that names weekdays. One date
/// is one date, though a weekday stands behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Narrowness {
    // The order of the fields is the order of comparison.
    kind: DayEntryKind,
    days_end_to_end: u32,
    any_weekday: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum DayEntryKind {
    Date,
    Dates,
    YearlyDate,
    YearlyRange,
    OrdinalOfMonth,
    OrdinalOfEveryMonth,
    Weeks,
    Weekdays,
}

impl Narrowness {
    pub(super) const ONE_DATE: Self = Self::of_kind(DayEntryKind::Date);
    /// Of one day a year, on whatever weekday.
    pub(super) const YEARLY_DATE: Self = Self { kind: DayEntryKind::YearlyDate, days_end_to_end: 1, any_weekday: true };
    pub(super) const ORDINAL_OF_MONTH: Self = Self::of_kind(DayEntryKind::OrdinalOfMonth);
    pub(super) const ORDINAL_OF_EVERY_MONTH: Self = Self::of_kind(DayEntryKind::OrdinalOfEveryMonth);
    pub(super) const WEEKS: Self = Self::of_kind(DayEntryKind::Weeks);
    pub(super) const WEEKDAYS: Self = Self::of_kind(DayEntryKind::Weekdays);

    /// Of one entry of a line's days.
    pub fn of(days: &Days) -> Self {
        match days {
            Days::Dates { first, last, .. } if first == last => Self::ONE_DATE,
            Days::Dates { first, last, only } => {
                let days_end_to_end = (day_number(*last) - day_number(*first) + 1).max(0) as u32;
                Self { kind: DayEntryKind::Dates, days_end_to_end, any_weekday: only.is_none() }
            }
            Days::Yearly { first, last, only } => {
                let kind = if first == last { DayEntryKind::YearlyDate } else { DayEntryKind::YearlyRange };
                Self { kind, days_end_to_end: yearly_length(*first, *last), any_weekday: only.is_none() }
            }
            Days::Ordinal(OrdinalDay { month: Some(_), .. }) => Self::ORDINAL_OF_MONTH,
            Days::Ordinal(OrdinalDay { month: None, .. }) => Self::ORDINAL_OF_EVERY_MONTH,
            Days::Easter(_) => Self::YEARLY_DATE,
            Days::Weeks(_) => Self::WEEKS,
            Days::Weekdays(_) => Self::WEEKDAYS,
        }
    }

    /// How many days lie between the ends of a range, the ends among them; 0 for what has no ends.
    pub(super) fn days_end_to_end(self) -> i32 {
        self.days_end_to_end as i32
    }

    const fn of_kind(kind: DayEntryKind) -> Self {
        Self { kind, days_end_to_end: 0, any_weekday: true }
    }
}

fn yearly_length(first: MonthDay, last: MonthDay) -> u32 {
    let (first, last) = (day_of_leap_year(first), day_of_leap_year(last));
    (last - first).rem_euclid(DAYS_IN_LEAP_YEAR) as u32 + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::days::{Ordinal, Weekdays};
    use crate::schedule::easter::{EasterDay, Reckoning};
    use crate::schedule::weeks::EveryWeeks;
    use jiff::civil::{Weekday::*, date};

    const MON_FRI: Option<Weekdays> = Some(Weekdays::new(Monday, Friday));

    fn dates(first: (i8, i8), last: (i8, i8), only: Option<Weekdays>) -> Days {
        Days::Dates { first: date(2027, first.0, first.1), last: date(2027, last.0, last.1), only }
    }

    fn yearly(first: (i8, i8), last: (i8, i8), only: Option<Weekdays>) -> Days {
        let day = |(month, day)| MonthDay::new(month, day).unwrap();
        Days::Yearly { first: day(first), last: day(last), only }
    }

    fn ordinal(month: Option<i8>) -> Days {
        let weekdays = Weekdays::one(Monday);
        Days::Ordinal(OrdinalDay { ordinal: Ordinal::First, weekdays, month, offset: 0 })
    }

    #[test]
    fn from_narrow_to_wide() {
        let order = [
            dates((3, 1), (3, 1), None),
            dates((2, 28), (3, 1), MON_FRI),
            dates((2, 28), (3, 1), None),
            dates((3, 1), (3, 31), None),
            yearly((5, 1), (5, 1), MON_FRI),
            yearly((5, 1), (5, 1), None),
            yearly((12, 31), (1, 1), None),
            // Two days in most years; the 29th of February counts.
            yearly((2, 28), (3, 1), MON_FRI),
            yearly((2, 28), (3, 1), None),
            yearly((3, 1), (2, 29), None),
            ordinal(Some(11)),
            ordinal(None),
            Days::Weeks(EveryWeeks { weeks: 2, from: date(2027, 1, 1), weekdays: MON_FRI }),
            Days::Weekdays(Weekdays::one(Monday)),
        ];
        for pair in order.windows(2) {
            assert!(Narrowness::of(&pair[0]) < Narrowness::of(&pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn equally_narrow() {
        let weekday = |days| Narrowness::of(&Days::Weekdays(days));
        assert_eq!(weekday(Weekdays::one(Monday)), weekday(Weekdays::new(Monday, Friday)));
        let easter = Days::Easter(EasterDay { reckoning: Reckoning::Orthodox, offset: -2 });
        assert_eq!(Narrowness::of(&easter), Narrowness::of(&yearly((5, 1), (5, 1), None)));
        assert_eq!(Narrowness::of(&dates((3, 1), (3, 1), MON_FRI)), Narrowness::of(&Days::date(date(2030, 1, 1))));
        assert_eq!(Narrowness::of(&yearly((2, 27), (2, 28), None)), Narrowness::of(&yearly((12, 31), (1, 1), None)));
    }
}
