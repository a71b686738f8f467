//! When and from where a key was last used. A request notes it in memory, in two atomic numbers;
//! the server writes it to the store at most once a minute.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

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
}

const NEVER: i64 = i64::MIN;
/// No address: its first half is a multicast one, which no client has.
const UNKNOWN: u64 = u64::MAX;

impl KeyUse {
    /// The use that is in the store.
    pub fn new(stored: Option<LastUse>) -> Self {
        let at = stored.map_or(NEVER, |last| last.at.as_second());
        let from = stored.and_then(|last| last.from).map_or(UNKNOWN, ClientAddress::to_word);
        Self { at: AtomicI64::new(at), from: AtomicU64::new(from), written: AtomicI64::new(at) }
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
    pub fn unwritten(&self) -> Option<LastUse> {
        self.last().filter(|last| last.at.as_second() != self.written.load(Ordering::Relaxed))
    }

    /// Says that the store has this use.
    pub fn is_written(&self, last: LastUse) {
        self.written.store(last.at.as_second(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_unwritten_until_it_is_written() {
        let at = |second| Timestamp::from_second(second).expect("an instant");
        let from: Option<IpAddr> = Some("192.0.2.1".parse().expect("an address"));
        let used = KeyUse::new(None);
        assert_eq!((used.last(), used.unwritten()), (None, None));
        used.note(at(5), from);
        let last = LastUse { at: at(5), from: from.map(ClientAddress::from) };
        assert_eq!((used.last(), used.unwritten()), (Some(last), Some(last)));
        used.is_written(last);
        assert_eq!((used.last(), used.unwritten()), (Some(last), None));
        used.note(at(6), None);
        assert_eq!(used.unwritten(), Some(LastUse { at: at(6), from: None }));
        assert_eq!(KeyUse::new(Some(last)).unwritten(), None, "it comes from the store");
    }
}
