//! The years for which times are worked out ahead.

use crate::schedule::{Moment, Zone};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// From which instant up to, not including, which one times have been worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// The first instant, at midnight UTC.
    pub from: Timestamp,
    /// The instant after the last.
    pub until: Timestamp,
    /// The day from which it was asked for.
    pub first_day: Date,
    /// The last day that lies wholly within it in every zone.
    pub last_day: Date,
    /// How long it is.
    seconds: u32,
}

impl Horizon {
    /// From the start of a day, in whatever zone it starts first, to the end of the fifth year
    /// after it.
    pub fn of(today: Date) -> Self {
        let last_day = Date::new(today.year().saturating_add(5).min(9998), 12, 31).unwrap_or(today);
        let utc = |date: Date| Zone::UTC.instant(Moment { date, minute: 0 }).unwrap_or(Timestamp::MIN);
        // No clock is more than a day from UTC.
        let day = SignedDuration::from_hours(24);
        let from = utc(today).saturating_sub(day).unwrap_or(Timestamp::MIN);
        let until = utc(last_day).saturating_add(day + day).unwrap_or(Timestamp::MAX);
        let seconds = until.as_second().saturating_sub(from.as_second()).max(0) as u32;
        Self { from, until, first_day: today, last_day, seconds }
    }

    /// Whether an instant lies in it.
    #[inline]
    pub fn holds(&self, instant: Timestamp) -> bool {
        self.from <= instant && instant < self.until
    }

    /// Whole seconds from its start, if the instant lies in it.
    #[inline]
    pub(crate) fn second_within(&self, instant: Timestamp) -> Option<u32> {
        let start = self.from.as_second();
        let second = instant.as_second().wrapping_sub(start) as u64;
        // Before 1970 fractions of a second are counted the other way; such calls are for no log of
        // today's.
        (second < u64::from(self.seconds) && start >= 0).then_some(second as u32)
    }

    /// Whole seconds from its start, for an instant that lies in it.
    #[inline]
    pub(crate) fn second(&self, instant: Timestamp) -> u32 {
        // A fraction of a second belongs to the second before, before 1970 too.
        let second = instant.as_second() - i64::from(instant.subsec_nanosecond() < 0);
        (second - self.from.as_second()) as u32
    }

    /// The instant `second` seconds after the start of the horizon.
    pub(crate) fn instant(&self, second: u32) -> Timestamp {
        self.from.saturating_add(SignedDuration::from_secs(i64::from(second))).unwrap_or(Timestamp::MAX)
    }

    /// About how many days it has.
    pub(crate) fn days(&self) -> usize {
        (self.seconds / 86_400) as usize
    }

    /// How many seconds it has.
    pub(crate) fn seconds(&self) -> u32 {
        self.seconds
    }
}
