//! Ids: UUIDs in lower case. Each kind of id has its own type, so that none is used in place of
//! another.

use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::str::FromStr;

use jiff::Timestamp;
use uuid::fmt::Hyphenated;
use uuid::{Builder, Uuid};

/// The text is not a UUID in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no id: an id is a UUID in lower case")
    }
}

impl std::error::Error for NotAnId {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(super) [u8; 16]);

        impl $name {
            /// The id with these bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// Its bytes. They have the same order as ids.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(Uuid::from_bytes(self.0).as_hyphenated(), f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(Uuid::from_bytes(self.0).as_hyphenated(), f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                // UUIDs have several written forms, ids only one, so that equal ids are equal
                // texts.
                let is_plain = text.len() == Hyphenated::LENGTH && !text.bytes().any(|byte| byte.is_ascii_uppercase());
                let id = Uuid::try_parse(text).ok().filter(|_| is_plain);
                id.map(|id| Self(id.into_bytes())).ok_or(NotAnId)
            }
        }
    )*};
}

macro_rules! random_ids {
    ($($name:ident)*) => {$(
        impl $name {
            /// A new random id: a UUID of version 4.
            ///
            /// # Panics
            /// If the operating system has no randomness.
            pub fn random() -> Self {
                Self(Uuid::new_v4().into_bytes())
            }
        }
    )*};
}

ids! {
    /// The id of an organization.
    OrganizationId
    /// The id of a user, who may be a member of organizations.
    UserId
    /// The id of a key: the part of a token that is not secret.
    KeyId
    /// The id of a config, from the POST that makes it to the DELETE.
    ConfigId
    /// The id of an agent.
    AgentId
    /// The id of a version of an agent.
    VersionId
    /// The id of an event of the audit trail.
    AuditEventId
    /// The id of a decided call. It holds the time at which it was made, so the order of these ids
    /// is the order of time.
    CallId
}

random_ids! { OrganizationId UserId KeyId ConfigId AgentId VersionId AuditEventId }

impl CallId {
    /// A new id for this instant, to the microsecond: a UUID of version 7, with the microseconds in
    /// the twelve bits after the milliseconds (RFC 9562, 6.2, method 3). Ids of the same
    /// microsecond are in no particular order.
    ///
    /// # Panics
    /// If the operating system has no randomness.
    pub fn at(instant: Timestamp) -> Self {
        let random = Uuid::new_v4().into_bytes();
        Self::with_tail(instant.as_microsecond(), *random.last_chunk().unwrap_or(&[0; 8]))
    }

    /// The instant for which it was made, to the microsecond.
    pub fn created_at(&self) -> Timestamp {
        let head = u64::from_be_bytes(*self.0.first_chunk().unwrap_or(&[0; 8]));
        let fraction = (head & 0xfff) * 1000;
        let microsecond = (head >> 16) * 1000 + fraction.div_ceil(4096);
        Timestamp::from_microsecond(microsecond as i64).unwrap_or(Timestamp::MAX)
    }

    /// The highest id that a call can have.
    pub(super) const LAST: Self = Self([0xff; 16]);

    /// The lowest id of this microsecond. An instant before 1970 or after the year 10889 counts as
    /// that bound.
    pub(super) fn first_at(microsecond: i64) -> Self {
        Self::with_tail(microsecond, [0; 8])
    }

    fn with_tail(microsecond: i64, random: [u8; 8]) -> Self {
        let microsecond = u64::try_from(microsecond).unwrap_or(0);
        let millisecond = (microsecond / 1000).min((1 << 48) - 1);
        let fraction = (microsecond % 1000) * 4096 / 1000;
        let mut tail = [0; 10];
        // At most 4095, so it fits into the last two bytes.
        tail[..2].copy_from_slice(&fraction.to_be_bytes()[6..]);
        tail[2..].copy_from_slice(&random);
        Self(Builder::from_unix_timestamp_millis(millisecond, &tail).into_uuid().into_bytes())
    }
}

/// Hashes ids for maps. Ids are random and made by the server, so no client can choose ids that
/// collide: their own bytes serve as the hash.
pub type ById = BuildHasherDefault<OwnBytes>;

/// The hasher of [`ById`].
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnBytes(u64);

impl Hasher for OwnBytes {
    fn write(&mut self, bytes: &[u8]) {
        let half = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |bytes| u64::from_ne_bytes(*bytes));
        // Both halves, since some bits of each half are the same in all ids. The rotation keeps two
        // equal ids of a pair from cancelling out.
        self.0 = self.0.rotate_left(1) ^ half(bytes.first_chunk()) ^ half(bytes.last_chunk());
    }

    fn write_usize(&mut self, _: usize) {
        // Ignores the length of the slice, which is the same for all ids.
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_as_it_is_written() {
        let text = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";
        assert_eq!(text.parse::<AgentId>().map(|id| id.to_string()), Ok(text.to_owned()));
        let random = AgentId::random().to_string();
        assert_eq!((&random[14..15], random.len()), ("4", 36));
        assert!("89ab".contains(&random[19..20]), "{random}");
        assert_ne!(AgentId::random(), AgentId::random());
    }

    #[test]
    fn only_lower_case_with_hyphens_in_their_places_is_an_id() {
        for text in [
            "",
            "0B5F6A0E-5A0C-4A51-9D6E-0C8F5A2B7E11",
            "0b5f6a0e5a0c4a519d6e0c8f5a2b7e11",
            "0b5f6a0e5-a0c-4a51-9d6e-0c8f5a2b7e11",
            "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e1",
            "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e1g",
            "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e1é",
            "{0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11}",
        ] {
            assert_eq!(text.parse::<AgentId>(), Err(NotAnId), "{text}");
        }
    }

    #[test]
    fn ids_are_their_own_hashes_and_lie_apart() {
        use std::hash::BuildHasher;
        let hash = |id: (UserId, OrganizationId)| ById::default().hash_one(id);
        let both = (UserId::random(), OrganizationId::random());
        assert_eq!(hash(both), hash(both));
        // Each bit should be set in about half of them.
        let hashes: Vec<u64> = (0..1000).map(|_| ById::default().hash_one(KeyId::random())).collect();
        for bit in 0..64 {
            let set = hashes.iter().filter(|hash| **hash >> bit & 1 == 1).count();
            assert!((350..650).contains(&set), "bit {bit} is set in {set}");
        }
    }

    #[test]
    fn ids_of_one_instant_differ() {
        let ids: std::collections::HashSet<_> = (0..1000).map(|_| CallId::at(Timestamp::UNIX_EPOCH)).collect();
        assert_eq!(ids.len(), 1000);
    }

    #[test]
    fn a_calls_id_holds_its_microsecond() {
        let start = 1_796_061_653_123_000;
        let mut before = CallId::at(Timestamp::from_microsecond(start - 1).expect("an instant"));
        for microsecond in start..start + 2000 {
            let instant = Timestamp::from_microsecond(microsecond).expect("an instant");
            let id = CallId::at(instant);
            assert_eq!(id.created_at(), instant);
            assert!(before < CallId::first_at(microsecond) && CallId::first_at(microsecond) <= id);
            assert_eq!(&id.to_string()[14..15], "7");
            before = id;
        }
    }
}
