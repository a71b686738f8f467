//! Limits failed credentials by address. It is asked only after a credential has failed, so a valid
//! credential is never refused because of others at the same address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Maximum number of failures in a burst.
const MAXIMUM_BURST: u32 = 100;
/// The time after which one more failure is allowed.
const REFILL: Duration = Duration::from_secs(1);
/// Maximum number of addresses with a count of their own. All other addresses share one count.
const MAXIMUM_ADDRESSES: usize = 4096;

/// The limit of failed credentials for each address.
#[derive(Debug, Default)]
pub struct RateLimiter {
    failures: Mutex<HashMap<Option<IpAddr>, Failures>>,
}

/// The recent failures of one address.
#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    since: Instant,
}

impl Failures {
    fn at(self, now: Instant) -> Self {
        let forgotten = now.saturating_duration_since(self.since).as_secs() / REFILL.as_secs();
        let forgotten = u32::try_from(forgotten).unwrap_or(u32::MAX);
        Self { count: self.count.saturating_sub(forgotten), since: self.since + REFILL * forgotten }
    }
}

impl RateLimiter {
    /// Counts a failure, and says whether it is within the limit.
    pub fn failed(&self, from: Option<IpAddr>, now: Instant) -> bool {
        let mut all = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let mut address = from.map(address_block);
        if all.len() >= MAXIMUM_ADDRESSES && !all.contains_key(&address) {
            all.retain(|_, failures| failures.at(now).count > 0);
            if all.len() >= MAXIMUM_ADDRESSES {
                address = None;
            }
        }
        let failures = all.entry(address).or_insert(Failures { count: 0, since: now });
        *failures = match failures.at(now) {
            Failures { count: 0, .. } => Failures { count: 0, since: now },
            counted => counted,
        };
        let may = failures.count < MAXIMUM_BURST;
        failures.count += u32::from(may);
        may
    }
}

/// The addresses that one client may have: for IPv6, a /64.
pub fn address_block(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        text.parse().ok()
    }

    #[test]
    fn who_fails_too_often_waits_and_others_do_not() {
        let (limiter, now) = (RateLimiter::default(), Instant::now());
        let failed = |from, after| limiter.failed(address(from), now + after);
        assert!((0..MAXIMUM_BURST).all(|_| failed("192.0.2.1", Duration::ZERO)));
        assert!(!failed("192.0.2.1", Duration::ZERO) && !failed("::ffff:192.0.2.1", Duration::ZERO));
        assert!(failed("192.0.2.2", Duration::ZERO));
        assert!(failed("192.0.2.1", REFILL) && !failed("192.0.2.1", REFILL));
    }

    #[test]
    fn the_table_is_bounded() {
        let (limiter, now) = (RateLimiter::default(), Instant::now());
        for number in 0..u32::try_from(MAXIMUM_ADDRESSES).expect("fits") * 2 {
            limiter.failed(Some(IpAddr::V4(number.into())), now);
        }
        assert_eq!(limiter.failures.lock().expect("nobody panicked").len(), MAXIMUM_ADDRESSES + 1);
        // All other addresses share one count, which is used up.
        assert!(!limiter.failed(address("203.0.113.9"), now));
        // Old failures are forgotten, which makes room.
        assert!(limiter.failed(address("203.0.113.9"), now + Duration::from_secs(600)));
        assert_eq!(limiter.failures.lock().expect("nobody panicked").len(), 1);
    }
}
