//! The days of a period with what rules ask of them, worked out once.

use crate::schedule::DaySet;
use jiff::civil::Date;
use std::ops::Range;
use std::sync::Arc;

/// Which days of a period something is true of, by their number from its first day.
pub(super) type DayFlags = Vec<bool>;

/// A set of days that a plan has a name for.
#[derive(Clone, Debug)]
pub struct NamedDays {
    /// The plan's name.
    pub name: Arc<str>,
    set: Arc<DaySet>,
}

impl NamedDays {
    pub(crate) fn new(name: &str, set: &Arc<DaySet>) -> Self {
        Self { name: name.into(), set: Arc::clone(set) }
    }

    /// Whether a day is one of them.
    pub fn contains(&self, date: Date) -> bool {
        self.set.contains(date)
    }
}

impl PartialEq for NamedDays {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for NamedDays {}

/// The days of a period, and the named sets of a plan in it.
pub(crate) struct Calendar {
    pub(super) days: Vec<Date>,
    pub(super) named: Vec<(NamedDays, DayFlags)>,
}

impl Calendar {
    /// From a first day up to, not including, another.
    pub fn new(period: Range<Date>, named: impl IntoIterator<Item = NamedDays>) -> Self {
        let days = std::iter::successors(Some(period.start), |day| day.tomorrow().ok());
        let days: Vec<Date> = days.take_while(|day| *day < period.end).collect();
        let flags = |of: NamedDays| {
            let flags: DayFlags = days.iter().map(|day| of.contains(*day)).collect();
            (of, flags)
        };
        let named = named.into_iter().map(flags).filter(|(_, flags)| flags.contains(&true)).collect();
        Self { days, named }
    }

    /// The number of a day; the nearest, if it is not of the period.
    pub fn number(&self, date: Date) -> usize {
        self.days.partition_point(|day| *day < date).min(self.days.len().saturating_sub(1))
    }

    /// The dates that are flagged.
    pub fn dates<'c>(&'c self, flags: &'c [bool]) -> impl DoubleEndedIterator<Item = Date> + 'c {
        self.days.iter().zip(flags).filter(|(_, is_flagged)| **is_flagged).map(|(day, _)| *day)
    }
}

/// How many days are flagged.
pub(super) fn count(flags: &[bool]) -> usize {
    flags.iter().filter(|is_flagged| **is_flagged).count()
}

/// 0 for Monday.
pub(super) fn weekday_of(date: Date) -> u8 {
    date.weekday().to_monday_zero_offset() as u8
}
