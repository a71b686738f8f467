//! Which bucket of a split a call is in: from the documented hash alone, so that anyone can work it
//! out.

use super::Facts;
use crate::phone::Number;
use crate::plan::Party;
use std::fmt::{self, Write};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Number of buckets of a split. Shares have at most two decimals of a percent.
pub const BUCKETS: u32 = 10_000;

/// The bucket, from 0 to 9,999: XXH3-64 with seed 0 of the split's name, a zero byte and the
/// subject, modulo 10,000.
pub fn bucket(name: &str, subject: &str) -> u32 {
    let mut hash = Xxh3::new();
    hash.update(name.as_bytes());
    hash.update(&[0]);
    hash.update(subject.as_bytes());
    in_buckets(hash.digest())
}

/// The bucket of a call: its subject is the caller, or caller, number dialed and time.
pub(crate) fn bucket_of(name: &str, facts: &Facts, by_caller: bool) -> u32 {
    // What is hashed is short, and hashed in one piece without being allocated.
    let mut room = ShortText { bytes: [0; 512], taken: 0 };
    let fits = write!(room, "{name}\0").and_then(|()| write_subject(&mut room, facts, by_caller));
    if fits.is_ok() {
        return in_buckets(xxh3_64(&room.bytes[..room.taken]));
    }
    let mut subject = String::new();
    // Writing to a text cannot fail.
    let _ = write_subject(&mut subject, facts, by_caller);
    bucket(name, &subject)
}

fn in_buckets(hash: u64) -> u32 {
    (hash % u64::from(BUCKETS)) as u32
}

fn write_subject(out: &mut impl Write, facts: &Facts, by_caller: bool) -> fmt::Result {
    write_whole(out, facts.own_number(Party::Caller))?;
    if by_caller {
        return Ok(());
    }
    out.write_char(' ')?;
    write_whole(out, facts.own_number(Party::Dialed))?;
    // What comes before a second is over belongs to it, before 1970 too.
    write!(out, " {}", facts.call.timestamp.as_millisecond().div_euclid(1000))
}

/// A local number as it came, not as it is shown.
fn write_whole(out: &mut impl Write, number: &Number) -> fmt::Result {
    match number {
        Number::Withheld => out.write_str("anonymous"),
        Number::E164(number) => write!(out, "{number}"),
        Number::Local(text) => out.write_str(text),
    }
}

/// Room for a short text; writing more than fits is an error.
struct ShortText {
    bytes: [u8; 512],
    taken: usize,
}

impl Write for ShortText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes.get_mut(self.taken..self.taken + text.len()).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.taken += text.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Call;
    use crate::plan::Definitions;

    #[test]
    fn long_subjects_are_hashed_as_short_ones_are() {
        let definitions = Definitions::default();
        for length in [1, 200, 240, 400, 600] {
            let local = "x".repeat(length);
            let call = Call::new("+18005550100", jiff::Timestamp::from_second(-1).unwrap()).with_caller(local.clone());
            let facts = Facts::of(&call, &definitions);
            assert_eq!(bucket_of("trial", &facts, true), bucket("trial", &local));
            assert_eq!(bucket_of("trial", &facts, false), bucket("trial", &format!("{local} +18005550100 -1")));
        }
    }
}
