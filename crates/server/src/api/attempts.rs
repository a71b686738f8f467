//! Failed credentials, by address: who fails too often has to wait. It is asked only when a credential has failed, so one
//! that is valid is never refused for what others at the same address do.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many may fail at once.
const AT_ONCE: u32 = 100;
/// How long until one more may.
const ONE_MORE: Duration = Duration::from_secs(1);
/// Addresses that are told apart at most; all others are one.
const MOST_ADDRESSES: usize = 4096;

/// See the module.
#[derive(Debug, Default)]
pub struct Attempts {
    failures: Mutex<HashMap<Option<IpAddr>, Failures>>,
}

/// Those of one address that have not been forgotten yet.
#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    since: Instant,
}

impl Failures {
    fn at(self, now: Instant) -> Self {
        let forgotten = now.saturating_duration_since(self.since).as_secs() / ONE_MORE.as_secs();
        let forgotten = u32::try_from(forgotten).unwrap_or(u32::MAX);
        Self { count: self.count.saturating_sub(forgotten), since: self.since + ONE_MORE * forgotten }
    }
}

impl Attempts {
    /// A credential from there has failed; whether it may be said why.
    pub fn failed(&self, from: Option<IpAddr>, now: Instant) -> bool {
        let mut all = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let mut address = from.map(block);
        if all.len() >= MOST_ADDRESSES && !all.contains_key(&address) {
            all.retain(|_, failures| failures.at(now).count > 0);
            if all.len() >= MOST_ADDRESSES {
                address = None;
            }
        }
        let failures = all.entry(address).or_insert(Failures { count: 0, since: now });
        *failures = match failures.at(now) {
            Failures { count: 0, .. } => Failures { count: 0, since: now },
            counted => counted,
        };
        let may = failures.count < AT_ONCE;
        failures.count += u32::from(may);
        may
    }
}

/// What one client can be expected to have: of IPv6, a whole /64.
fn block(address: IpAddr) -> IpAddr {
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
        let (attempts, now) = (Attempts::default(), Instant::now());
        let failed = |from, after| attempts.failed(address(from), now + after);
        assert!((0..AT_ONCE).all(|_| failed("192.0.2.1", Duration::ZERO)));
        assert!(!failed("192.0.2.1", Duration::ZERO) && !failed("::ffff:192.0.2.1", Duration::ZERO));
        assert!(failed("192.0.2.2", Duration::ZERO));
        assert!(failed("192.0.2.1", ONE_MORE) && !failed("192.0.2.1", ONE_MORE));
    }

    #[test]
    fn the_table_is_bounded() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        for number in 0..u32::try_from(MOST_ADDRESSES).expect("fits") * 2 {
            attempts.failed(Some(IpAddr::V4(number.into())), now);
        }
        assert_eq!(attempts.failures.lock().expect("nobody panicked").len(), MOST_ADDRESSES + 1);
        // All others are one, and it has failed too often.
        assert!(!attempts.failed(address("203.0.113.9"), now));
        // What is forgotten makes room.
        assert!(attempts.failed(address("203.0.113.9"), now + Duration::from_secs(600)));
        assert_eq!(attempts.failures.lock().expect("nobody panicked").len(), 1);
    }
}
