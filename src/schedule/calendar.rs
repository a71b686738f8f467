//! Days as numbers, to sort and subtract: of all days there are, and of a leap year.

use super::days::MonthDay;
use jiff::SignedDuration;
use jiff::civil::Date;
use std::ops::RangeInclusive;

/// The days of a year that has a 29 February.
pub(super) const DAYS_IN_LEAP_YEAR: i32 = 366;

/// The days before each month of a leap year.
const DAYS_BEFORE_MONTH: [i32; 12] = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335];

const SECONDS_PER_DAY: i64 = 86_400;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> i32 {
    (date.duration_since(EPOCH).as_secs() / SECONDS_PER_DAY) as i32
}

/// The date of a day number, held at the ends of the calendar.
pub(super) fn date_of(day: i32) -> Date {
    EPOCH.saturating_add(SignedDuration::from_secs(i64::from(day) * SECONDS_PER_DAY))
}

/// 0 for 1 January, 59 for 29 February, 365 for 31 December. The same in common years, which skip
/// 59.
pub(super) fn day_of_leap_year(day: MonthDay) -> i32 {
    DAYS_BEFORE_MONTH[day.month() as usize - 1] + i32::from(day.day()) - 1
}

/// The day of `year` at that place; none for 29 February of a common year.
pub(super) fn date_in_year(year: i16, day: i32) -> Option<Date> {
    let month = DAYS_BEFORE_MONTH.partition_point(|before| *before <= day);
    let day_of_month = day - DAYS_BEFORE_MONTH[month - 1] + 1;
    Date::new(year, month as i8, day_of_month as i8).ok()
}

/// The years in which days from one number to another lie; none if the first is past the last.
pub(super) fn years((first, last): (i32, i32)) -> RangeInclusive<i16> {
    if first > last { RangeInclusive::new(1, 0) } else { date_of(first).year()..=date_of(last).year() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_and_back() {
        for day in [date(1969, 12, 31), date(1970, 1, 1), date(2028, 2, 29), Date::MIN, Date::MAX] {
            assert_eq!(date_of(day_number(day)), day);
        }
        assert_eq!(day_number(date(1969, 12, 31)), -1);
    }

    #[test]
    fn places_in_the_year_and_back() {
        for place in 0..DAYS_IN_LEAP_YEAR {
            let leap = date_in_year(2028, place).unwrap();
            assert_eq!(day_of_leap_year(MonthDay::of(leap)), place);
            assert_eq!(i32::from(leap.day_of_year()), place + 1);
        }
        assert_eq!(date_in_year(2027, 59), None);
        assert_eq!(date_in_year(2027, 60), Some(date(2027, 3, 1)));
    }
}
