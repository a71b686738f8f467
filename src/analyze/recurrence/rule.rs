//! Which days a sentence speaks of.

use super::calendar::{Calendar, DayFlags, NamedDays, weekday_of};
use jiff::civil::Date;

/// A day of every year: month and day.
pub type YearDay = (i8, i8);

/// All seven days of the week.
pub(super) const EVERY_DAY: u8 = 0b111_1111;

/// Some days, by the rule that makes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayRule {
    /// Days of the week; bit 0 is Monday.
    Weekdays(u8),
    /// The same, from one day of a year to another, both in it; over the end of the year where the
    /// second comes first.
    InYear {
        /// Bit 0 is Monday.
        weekdays: u8,
        /// The first day.
        from: YearDay,
        /// The last day.
        until: YearDay,
    },
    /// A counted weekday of some months.
    Counted {
        /// From the start of the month 1 to 5; 0 is the last.
        which: u8,
        /// 0 is Monday.
        weekday: u8,
        /// Bit 1 is January.
        months: u16,
    },
    /// Days of the week in each so-manieth week.
    EveryWeeks {
        /// 2 to 52.
        weeks: u8,
        /// Bit 0 is Monday.
        weekdays: u8,
        /// The Monday of one of these weeks.
        monday: Date,
    },
    /// A set of days of the plan.
    Named(NamedDays),
    /// Days of every year.
    EachYear(Vec<YearDay>),
    /// From one date to another, both in it.
    Range(Date, Date),
    /// Single dates.
    Dates(Vec<Date>),
}

impl DayRule {
    /// Whether a day is one of them.
    pub fn contains(&self, date: Date) -> bool {
        let is_among = |weekdays: u8| weekdays & 1 << weekday_of(date) != 0;
        match self {
            Self::Weekdays(weekdays) => is_among(*weekdays),
            Self::InYear { weekdays, from, until } => {
                let day = (date.month(), date.day());
                let is_in = if from <= until { (from..=until).contains(&&day) } else { day >= *from || day <= *until };
                is_in && is_among(*weekdays)
            }
            Self::Counted { which, weekday, months } => {
                let is_counted = match which {
                    0 => date.day() + 7 > date.days_in_month(),
                    which => (date.day() - 1) / 7 + 1 == *which as i8,
                };
                weekday_of(date) == *weekday && months & 1 << date.month() != 0 && is_counted
            }
            Self::EveryWeeks { weeks, weekdays, monday } => {
                let days = monday.until(date).map_or(0, |span| span.get_days());
                is_among(*weekdays) && days.div_euclid(7) % i32::from(*weeks) == 0
            }
            Self::Named(named) => named.contains(date),
            Self::EachYear(days) => days.contains(&(date.month(), date.day())),
            Self::Range(first, last) => (*first..=*last).contains(&date),
            Self::Dates(dates) => dates.binary_search(&date).is_ok(),
        }
    }

    /// Its days in a period.
    pub(super) fn flags(&self, calendar: &Calendar) -> DayFlags {
        if let Self::Named(named) = self
            && let Some((_, flags)) = calendar.named.iter().find(|(known, _)| known == named)
        {
            return flags.clone();
        }
        calendar.days.iter().map(|day| self.contains(*day)).collect()
    }
}
