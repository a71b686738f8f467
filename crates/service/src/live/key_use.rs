//! When and from where a key was last used. A request notes it in memory, in two atomic numbers;
//! the server writes it to the store at most once a minute.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::store::{ClientAddress, LastUse};

/// The last use of a key, noted by requests and read by whoever writes it down.
#[derive(Debug)]
pub struct KeyUse {
    /// The second of the last use; [`NEVER`] if there was none.
    at: AtomicI64,
    from: AtomicU64,
    /// The second of the last use that is in the store.
    written: AtomicI64,
    /// The addresses that are no news, each with the second of its last use that was written. No
    /// request touches it.
    known: Mutex<Vec<(ClientAddress, i64)>>,
}

/// A use that the store does not have yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnwrittenUse {
    /// The use.
    pub last: LastUse,
    /// Whether it is a sign-in: from an address that the key was not used from lately.
    pub is_sign_in: bool,
}

/// Maximum number of addresses that are known of a key. Of more, the one that was used least lately
/// is forgotten.
const MAXIMUM_KNOWN: usize = 8;
/// Time without a use after which an address is news again, in seconds: a day.
const MEMORY: i64 = 86_400;

const NEVER: i64 = i64::MIN;
/// No address: its first half is a multicast one, which no client has.
const UNKNOWN: u64 = u64::MAX;

impl KeyUse {
    /// The use that is in the store.
    pub fn new(stored: Option<LastUse>) -> Self {
        let at = stored.map_or(NEVER, |last| last.at.as_second());
        let from = stored.and_then(|last| last.from).map_or(UNKNOWN, ClientAddress::to_word);
        let known = stored.and_then(|last| Some((last.from?, last.at.as_second()))).into_iter().collect();
        Self {
            at: AtomicI64::new(at),
            from: AtomicU64::new(from),
            written: AtomicI64::new(at),
            known: Mutex::new(known),
        }
    }

    /// Notes a use. Within a second, a client writes to no memory that others share.
    pub fn note(&self, now: Timestamp, from: Option<IpAddr>) {
        let from = from.map_or(UNKNOWN, |from| ClientAddress::from(from).to_word());
        if self.from.load(Ordering::Relaxed) != from {
            self.from.store(from, Ordering::Relaxed);
        }
        let second = now.as_second();
        if self.at.load(Ordering::Relaxed) != second {
            self.at.store(second, Ordering::Relaxed);
        }
    }

    /// The last use; `None` if there was none.
    pub fn last(&self) -> Option<LastUse> {
        let (at, from) = (self.at.load(Ordering::Relaxed), self.from.load(Ordering::Relaxed));
        let at = Timestamp::from_second(at).ok().filter(|_| at != NEVER)?;
        Some(LastUse { at, from: (from != UNKNOWN).then_some(ClientAddress::from_word(from)) })
    }

    /// The last use, if the store does not have it yet.
    pub fn unwritten(&self) -> Option<UnwrittenUse> {
        let last = self.last().filter(|last| last.at.as_second() != self.written.load(Ordering::Relaxed))?;
        let second = last.at.as_second();
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = |from: ClientAddress| known.iter().any(|(known, at)| *known == from && second - at <= MEMORY);
        Some(UnwrittenUse { last, is_sign_in: last.from.is_some_and(|from| !is_known(from)) })
    }

    /// Says that the store has this use.
    pub fn is_written(&self, last: LastUse) {
        let second = last.at.as_second();
        self.written.store(second, Ordering::Relaxed);
        let Some(from) = last.from else { return };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(known, _)| *known != from);
        known.insert(0, (from, second));
        known.truncate(MAXIMUM_KNOWN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("an instant")
    }

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    /// Notes and writes a use, and says whether it was a sign-in.
    fn is_sign_in(used: &KeyUse, second: i64, from: u8) -> bool {
        used.note(at(second), Some(address(from)));
        let unwritten = used.unwritten().expect("it is not written");
        used.is_written(unwritten.last);
        assert_eq!(used.unwritten(), None);
        unwritten.is_sign_in
    }

    #[test]
    fn a_use_is_unwritten_until_it_is_written() {
        let used = KeyUse::new(None);
        assert_eq!((used.last(), used.unwritten()), (None, None));
        used.note(at(5), Some(address(1)));
        let last = LastUse { at: at(5), from: Some(address(1).into()) };
        assert_eq!(used.unwritten(), Some(UnwrittenUse { last, is_sign_in: true }));
        used.is_written(last);
        assert_eq!((used.last(), used.unwritten()), (Some(last), None));
        used.note(at(6), None);
        let last = LastUse { at: at(6), from: None };
        assert_eq!(used.unwritten(), Some(UnwrittenUse { last, is_sign_in: false }));
        assert_eq!(KeyUse::new(Some(last)).unwritten(), None, "it comes from the store");
    }

    #[test]
    fn an_address_is_a_sign_in_when_it_is_new_for_the_key() {
        let used = KeyUse::new(Some(LastUse { at: at(0), from: Some(address(1).into()) }));
        assert!(!is_sign_in(&used, 1, 1), "the store knows it");
        assert!(is_sign_in(&used, 2, 2) && !is_sign_in(&used, 3, 1) && !is_sign_in(&used, 4, 2));
        assert!(!is_sign_in(&used, 4 + MEMORY, 2) && is_sign_in(&used, 5 + MEMORY, 1));
        let others = 3..=10;
        assert!(others.clone().zip(6 + MEMORY..).all(|(other, second)| is_sign_in(&used, second, other)));
        assert!(is_sign_in(&used, 20 + MEMORY, 2), "the least lately used is forgotten");
    }
}
