//! A rate that is limited, without a lock.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How much of a rate is used: the generic cell rate algorithm. A whole span's worth may come at
/// once.
#[derive(Debug, Default)]
pub struct Rate {
    /// When all that has come would have come at an even pace, in nanoseconds.
    even: AtomicU64,
}

impl Rate {
    /// Counts one more of at most `limit` in a span, or says after what time there is room for it.
    pub fn admit(&self, limit: u64, span: Duration, now: Instant) -> Result<(), Duration> {
        self.admit_at(limit, span, nanoseconds(now))
    }

    fn admit_at(&self, limit: u64, span: Duration, now: u64) -> Result<(), Duration> {
        let span = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
        let Some(interval) = span.checked_div(limit) else { return Err(Duration::from_nanos(span)) };
        let next = |even: u64| {
            let next = even.max(now).saturating_add(interval);
            (next - now <= span).then_some(next)
        };
        let admitted = self.even.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        admitted.map(drop).map_err(|even| Duration::from_nanos(even.max(now) + interval - now - span))
    }
}

/// Nanoseconds since this was first asked.
fn nanoseconds(now: Instant) -> u64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let first = *FIRST.get_or_init(|| now);
    u64::try_from(now.saturating_duration_since(first).as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn as_many_as_the_limit_come_in_a_span_and_then_one_at_a_time() {
        let rate = Rate::default();
        let admit = |now| rate.admit_at(10, Duration::from_secs(1), now);
        assert!((0..10).all(|_| admit(0).is_ok()));
        assert_eq!(admit(0), Err(Duration::from_millis(100)));
        assert_eq!(admit(SECOND / 20), Err(Duration::from_millis(50)));
        assert!(admit(SECOND / 10).is_ok() && admit(SECOND / 10).is_err());
        // After a pause there is room for a whole span's worth again, and for no more.
        assert!((0..10).all(|_| admit(60 * SECOND).is_ok()) && admit(60 * SECOND).is_err());
    }

    #[test]
    fn a_limit_of_nothing_admits_nothing() {
        assert!(Rate::default().admit_at(0, Duration::from_secs(1), 0).is_err());
    }
}
