//! Which bucket of a split a call is in: from the documented hash alone, so that anyone can work it out.

use xxhash_rust::xxh3::Xxh3;

/// How many buckets a split has: shares have at most two decimals of a percent.
pub const BUCKETS: u32 = 10_000;

/// The bucket, from 0 to 9,999: XXH3-64 with seed 0 of the split's name, a zero byte and the subject, modulo 10,000.
pub fn bucket(name: &str, subject: &str) -> u32 {
    let mut hash = Xxh3::new();
    hash.update(name.as_bytes());
    hash.update(&[0]);
    hash.update(subject.as_bytes());
    (hash.digest() % u64::from(BUCKETS)) as u32
}
