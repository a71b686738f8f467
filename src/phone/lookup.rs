//! Finding what a number stands for among very many, without allocation: whole numbers by a hash
//! table, intervals by an index over their starts. Both are made once and take a few steps a
//! look-up, however many there are.

use hashbrown::HashTable;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::Xxh3;

use super::number::E164;
use super::plain_digits::PlainDigits;

/// Maximum number of points that are searched without a hash.
const FEW_POINTS: usize = 4;

/// Whole numbers, each with a value.
#[derive(Clone, Debug)]
pub(crate) enum Points {
    Hashed(HashTable<(E164, u32)>, Seed),
    /// By number.
    Sorted(Box<[(E164, u32)]>),
}

impl Default for Points {
    fn default() -> Self {
        Self::Sorted(Box::default())
    }
}

impl Points {
    /// Takes numbers in any order; of equal ones the first counts.
    pub fn new(mut points: Vec<(E164, u32)>) -> Self {
        if points.len() > FEW_POINTS {
            return Self::hashed(&points);
        }
        points.sort_by_key(|(number, _)| *number);
        points.dedup_by_key(|(number, _)| *number);
        Self::Sorted(points.into())
    }

    fn hashed(points: &[(E164, u32)]) -> Self {
        let seed = Seed::of(points);
        let mut table = HashTable::with_capacity(points.len());
        for point in points {
            let is_held = |held: &(E164, u32)| held.0 == point.0;
            table.entry(seed.hash(point.0), is_held, |held| seed.hash(held.0)).or_insert(*point);
        }
        Self::Hashed(table, seed)
    }

    /// The value of a number, if it is one of these.
    #[inline(always)]
    pub fn get(&self, number: E164) -> Option<u32> {
        match self {
            Self::Hashed(table, seed) => {
                table.find(seed.hash(number), |held| held.0 == number).map(|(_, value)| *value)
            }
            Self::Sorted(points) if points.is_empty() => None,
            Self::Sorted(points) => find_sorted(points, number),
        }
    }

    /// Whether there is none.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Sorted(points) if points.is_empty())
    }

    /// Each number and its value, in no order to rely on.
    pub fn iter(&self) -> impl Iterator<Item = (E164, u32)> + '_ {
        let (hashed, sorted) = match self {
            Self::Hashed(table, _) => (Some(table), &[][..]),
            Self::Sorted(points) => (None, &**points),
        };
        hashed.into_iter().flat_map(HashTable::iter).chain(sorted).copied()
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Hashed(table, _) => table.allocation_size(),
            Self::Sorted(points) => size_of_val(&**points),
        }
    }
}

#[inline(never)]
fn find_sorted(points: &[(E164, u32)], number: E164) -> Option<u32> {
    points.binary_search_by_key(&number, |(held, _)| *held).ok().map(|at| points[at].1)
}

/// As its points, of which the table is made again.
impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.iter().collect::<Vec<_>>().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::new)
    }
}

/// What a table's hash begins with. It is made of all of the table's numbers: with a hash that is
/// known beforehand, a text could be written whose numbers all hash alike, and each call would be
/// compared with all of them.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Seed {
    /// Odd.
    multiplier: u64,
    mask: u64,
}

impl Seed {
    fn of(points: &[(E164, u32)]) -> Self {
        let mut state = Xxh3::new();
        for (number, _) in points {
            state.update(&number.packed().to_le_bytes());
        }
        let seed = state.digest128();
        Self { multiplier: seed as u64 | 1, mask: (seed >> 64) as u64 }
    }

    #[inline(always)]
    fn hash(self, number: E164) -> u64 {
        folded(number.packed() ^ self.mask, self.multiplier)
    }

    /// Of a number as a call brings it.
    #[inline(always)]
    fn hash_plain(self, plain: PlainDigits) -> u64 {
        folded(plain.first ^ self.mask, plain.last.wrapping_add(u64::from(plain.length)) ^ self.multiplier)
    }
}

/// The product, its upper half folded into the lower.
#[inline(always)]
fn folded(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    (product >> 64) as u64 ^ product as u64
}

/// Whole numbers as calls bring them, each with a value: found by their characters, so that they
/// need not be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct NumberTable {
    table: HashTable<(PlainDigits, u32)>,
    seed: Seed,
}

impl NumberTable {
    /// Takes numbers in any order, each once; gives back the short ones, which are not found by
    /// their characters.
    pub fn new(points: Vec<(E164, u32)>) -> (Self, Vec<(E164, u32)>) {
        let seed = Seed::of(&points);
        let (mut table, mut others) = (HashTable::with_capacity(points.len()), Vec::new());
        for (number, value) in points {
            match PlainDigits::of_number(number) {
                Some(plain) => {
                    table.insert_unique(seed.hash_plain(plain), (plain, value), |held| seed.hash_plain(held.0));
                }
                None => others.push((number, value)),
            }
        }
        (Self { table, seed }, others)
    }

    /// The value of a number, if it is one of these.
    #[inline(always)]
    pub fn get(&self, plain: PlainDigits) -> Option<u32> {
        // No hash is needed to know that there is nothing.
        if self.table.is_empty() {
            return None;
        }
        self.table.find(self.seed.hash_plain(plain), |held| held.0 == plain).map(|(_, value)| *value)
    }

    /// Each number and its value, in no order to rely on.
    pub fn iter(&self) -> impl Iterator<Item = (E164, u32)> + '_ {
        self.table.iter().filter_map(|(plain, value)| Some((plain.number()?, *value)))
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.table.allocation_size()
    }
}

/// As its entries, of which the table is made again.
impl Serialize for NumberTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.seed, self.table.iter().collect::<Vec<_>>()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for NumberTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (seed, entries) = <(Seed, Vec<(PlainDigits, u32)>)>::deserialize(deserializer)?;
        let mut table = HashTable::with_capacity(entries.len());
        for entry in entries {
            table.insert_unique(seed.hash_plain(entry.0), entry, |held| seed.hash_plain(held.0));
        }
        Ok(Self { table, seed })
    }
}

/// A line cut into intervals, each with a value.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Intervals {
    /// Where each begins; the first begins at 0.
    starts: Box<[u64]>,
    values: Box<[u32]>,
    /// Cells of equal width over the line from `base` on: the interval in which each begins, and
    /// one entry more.
    cells: Box<[u32]>,
    base: u64,
    shift: u32,
}

/// Maximum number of intervals that are searched one by one.
const FEW: usize = 8;

impl Intervals {
    /// Takes the starts in order, each with the value from there on; the first must be 0.
    /// Neighbours of one value are joined.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn new(intervals: impl IntoIterator<Item = (u64, u32)>) -> Self {
        let (mut starts, mut values) = (Vec::new(), Vec::new());
        for (start, value) in intervals {
            debug_assert!(starts.last().is_none_or(|last| *last < start));
            if values.last() != Some(&value) {
                starts.push(start);
                values.push(value);
            }
        }
        assert!(starts.first() == Some(&0), "the first interval begins at 0");
        let mut line = Self { starts: starts.into(), values: values.into(), cells: Box::default(), base: 0, shift: 0 };
        line.index();
        line
    }

    /// Makes about as many cells as there are intervals, so that most hold one or two of them.
    fn index(&mut self) {
        let (Some(base), Some(last)) = (self.starts.get(1), self.starts.last()) else { return };
        if self.starts.len() <= FEW {
            return;
        }
        let (base, width) = (*base, last - base);
        self.base = base;
        self.shift = (64 - width.leading_zeros()).saturating_sub(self.starts.len().ilog2() + 1);
        let count = (width >> self.shift) + 1;
        let mut at = 0;
        let mut cells = Vec::with_capacity(count as usize + 1);
        for cell in 0..count {
            let begins = base + (cell << self.shift);
            while self.starts.get(at + 1).is_some_and(|start| *start <= begins) {
                at += 1;
            }
            cells.push(at as u32);
        }
        cells.push(self.starts.len() as u32 - 1);
        self.cells = cells.into();
    }

    /// The value of all places, if they have one.
    #[inline(always)]
    pub fn only(&self) -> Option<u32> {
        match *self.values {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The value at a place.
    #[inline]
    pub fn get(&self, place: u64) -> u32 {
        let (low, high) = match self.cells.len() {
            0 => (0, self.starts.len() - 1),
            count => {
                if place < self.base {
                    return self.values[0];
                }
                let cell = ((place - self.base) >> self.shift).min(count as u64 - 2) as usize;
                (self.cells[cell] as usize, self.cells[cell + 1] as usize)
            }
        };
        // The interval is one from `low` to `high`.
        let after = match high - low {
            0 => 0,
            1..=FEW => self.starts[low + 1..=high].iter().take_while(|start| **start <= place).count(),
            _ => self.starts[low + 1..=high].partition_point(|start| *start <= place),
        };
        self.values[low + after]
    }

    /// Each interval's start and value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.starts.iter().copied().zip(self.values.iter().copied())
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.starts) + size_of_val(&*self.values) + size_of_val(&*self.cells)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::generate::e164;
    use super::*;

    proptest! {
        #[test]
        fn points_are_found_and_others_are_not(
            points in prop::collection::vec((e164(), any::<u32>()), 0..40), other in e164()
        ) {
            let table = Points::new(points.clone());
            for (number, _) in &points {
                let first = points.iter().find(|(held, _)| held == number).map(|(_, value)| *value);
                prop_assert_eq!(table.get(*number), first);
            }
            let is_held = points.iter().any(|(held, _)| *held == other);
            prop_assert_eq!(table.get(other).is_some(), is_held);
            prop_assert!(table.iter().all(|(number, value)| table.get(number) == Some(value)));
        }

        #[test]
        fn named_numbers_are_found_by_their_characters(
            points in prop::collection::btree_map(e164(), any::<u32>(), 0..40), other in r"\\+?[0-9 ]{7,17}"
        ) {
            let (named, others) = NumberTable::new(points.clone().into_iter().collect());
            let found = |text: &str| PlainDigits::of(text).and_then(|plain| named.get(plain));
            let is_other = |number: &E164| others.iter().any(|(other, _)| other == number);
            for (number, value) in &points {
                prop_assert_eq!(found(&number.to_string()), Some(*value).filter(|_| !is_other(number)));
                prop_assert!(number.length() >= 8 || is_other(number));
            }
            let expected = E164::parse(&other).ok().and_then(|number| points.get(&number)).copied();
            prop_assert_eq!(found(&other), expected.filter(|_| other.len() > 8));
        }

        #[test]
        fn intervals_are_found_from_end_to_end(
            starts in prop::collection::btree_set(prop_oneof![0..2_000_u64, any::<u64>()], 0..60),
            places in prop::collection::vec(any::<u64>(), 8),
        ) {
            let cut: Vec<(u64, u32)> = std::iter::once(0).chain(starts).zip((0..).map(|at: u32| at % 5)).collect();
            let cut: Vec<(u64, u32)> = cut.into_iter().enumerate().filter(|(at, (start, _))| *at == 0 || *start > 0).map(|(_, it)| it).collect();
            let line = Intervals::new(cut.clone());
            let edges = cut.iter().flat_map(|(start, _)| [start.saturating_sub(1), *start, start.saturating_add(1)]);
            for place in edges.chain(places).chain([u64::MAX]) {
                let expected = cut.iter().rev().find(|(start, _)| *start <= place).map(|(_, value)| *value);
                prop_assert_eq!(Some(line.get(place)), expected);
            }
        }
    }

    /// Numbers whose packed words, times this odd factor, all lie in the first thousandth of the
    /// line.
    fn alike(factor: u64) -> Vec<(E164, u32)> {
        let inverse =
            (0..6).fold(1_u64, |inverse, _| inverse.wrapping_mul(2_u64.wrapping_sub(factor.wrapping_mul(inverse))));
        let packed = (0..40_000_000_u64).map(|hash| (hash * 461_168_601).wrapping_mul(inverse));
        let numbers = packed.filter_map(|packed| {
            let (key, length) = (packed >> 4, (packed & 0xf) as u32);
            let is_number = (100_000_000_000_000..1_000_000_000_000_000).contains(&key)
                && (1..=15).contains(&length)
                && key.is_multiple_of(10_u64.pow(15 - length));
            is_number.then(|| E164::from_value(key / 10_u64.pow(15 - length), length))
        });
        numbers.zip(0..).take(2_000).collect()
    }

    /// How many different groups of a table of this size the hashes begin at.
    fn groups(hashes: impl Iterator<Item = u64>) -> usize {
        hashes.map(|hash| hash % 4_096).collect::<BTreeSet<_>>().len()
    }

    #[test]
    fn numbers_are_spread_by_a_seed_that_nobody_can_choose() {
        let points = alike(0x9e37_79b9_7f4a_7c15);
        assert!(points.len() > 1_000, "{}", points.len());
        let (seed, fewer) = (Seed::of(&points), Seed::of(&points[1..]));
        assert_ne!((seed.multiplier, seed.mask), (fewer.multiplier, fewer.mask));
        let expected = points.len() * 3 / 4;
        assert!(groups(points.iter().map(|(number, _)| seed.hash(*number))) > expected);
        let plain = |number: E164| PlainDigits::of(&number.to_string());
        assert!(groups(points.iter().filter_map(|(number, _)| Some(seed.hash_plain(plain(*number)?)))) > expected);
        let table = Points::new(points.clone());
        assert!(points.iter().all(|(number, value)| table.get(*number) == Some(*value)));
    }
}
