//! Clocks that may be wrong: what is deleted or expires by them does so only as fast as time really
//! passes.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// The clock of the machine, or another for tests.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that shows what `now` gives.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// What the clock shows.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }

    /// The date that it shows in UTC.
    pub fn today(&self) -> Date {
        Offset::UTC.to_datetime(self.now()).date()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(Timestamp::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// How much faster than real time the settled time may move. After a pause of the server, it
/// reaches the clock's time in as long as the pause was.
const CATCHING_UP: u32 = 2;

/// The settled time: it follows the clock, but it never goes back, and it moves at most
/// twice as fast as time really passes. It is kept in the database. By it calls
/// become old, so a clock that is ahead deletes nothing; before it nothing becomes valid again, so a
/// clock that goes back revives nothing.
#[derive(Debug)]
pub struct SettledTime(AtomicI64);

impl SettledTime {
    /// The settled time as it was kept; `None` in a new database.
    pub fn new(kept: Option<Timestamp>) -> Self {
        Self(AtomicI64::new(kept.map_or(i64::MIN, Timestamp::as_microsecond)))
    }

    /// The settled time; `None` if there is none yet.
    pub fn get(&self) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.0.load(Ordering::Relaxed)).ok()
    }

    /// The later of the clock's time and the settled time: by it keys expire and switches go off.
    pub fn latest(&self, now: Timestamp) -> Timestamp {
        self.get().map_or(now, |settled| settled.max(now))
    }

    /// The earlier of the two: by it calls become old.
    pub fn earliest(&self, now: Timestamp) -> Timestamp {
        self.get().map_or(now, |settled| settled.min(now))
    }

    /// Moves it after this much real time. Only one thread does so.
    pub fn advance(&self, now: Timestamp, passed: Duration) {
        let Some(settled) = self.get() else { return self.0.store(now.as_microsecond(), Ordering::Relaxed) };
        let passed = SignedDuration::try_from(passed * CATCHING_UP).unwrap_or(SignedDuration::MAX);
        let furthest = settled.checked_add(passed).unwrap_or(Timestamp::MAX);
        self.0.store(now.min(furthest).max(settled).as_microsecond(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_772_323_200 + 60 * minutes).expect("an instant")
    }

    const MINUTE: Duration = Duration::from_secs(60);
    const MONTH: i64 = 30 * 24 * 60;

    #[test]
    fn a_clock_that_is_ahead_moves_nothing_at_once() {
        let settled = SettledTime::new(Some(at(0)));
        settled.advance(at(MONTH), Duration::ZERO);
        assert_eq!((settled.get(), settled.earliest(at(MONTH))), (Some(at(0)), at(0)));
        settled.advance(at(MONTH + 1), MINUTE);
        assert_eq!(settled.earliest(at(MONTH + 1)), at(2), "twice as fast as time passes");
        // The clock is right again.
        settled.advance(at(2), MINUTE);
        assert_eq!((settled.earliest(at(2)), settled.latest(at(2))), (at(2), at(2)));
    }

    #[test]
    fn a_clock_that_goes_back_revives_nothing() {
        let settled = SettledTime::new(None);
        assert_eq!((settled.earliest(at(5)), settled.latest(at(5))), (at(5), at(5)));
        settled.advance(at(60), MINUTE);
        settled.advance(at(0), MINUTE);
        assert_eq!((settled.latest(at(0)), settled.earliest(at(0))), (at(60), at(0)));
        assert_eq!(settled.latest(at(61)), at(61));
    }

    #[test]
    fn a_pause_is_caught_up_with() {
        let settled = SettledTime::new(Some(at(0)));
        for minute in 0..=60 {
            settled.advance(at(60 + minute), if minute == 0 { Duration::ZERO } else { MINUTE });
        }
        assert_eq!(settled.get(), Some(at(120)));
    }
}
