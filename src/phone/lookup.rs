//! Finding what a number stands for among very many, without allocation: whole numbers by a hash
//! table, intervals by an index over their starts. Both are made once and take a few steps a
//! look-up, however many there are.

use super::number::E164;
use super::plain_digits::PlainDigits;

/// Whole numbers, each with a value.
#[derive(Clone, Debug)]
pub(crate) enum Points {
    Hashed(Hashed),
    /// By number. Texts can be written in which too many numbers hash alike; those end here.
    Sorted(Box<[(E164, u32)]>),
}

/// A table with open addressing: a number lies at the slot that its hash names, or in the next free
/// one.
#[derive(Clone, Debug)]
pub(crate) struct Hashed {
    /// The packed number, never 0, and its value; 0 is a free slot.
    slots: Box<[(u64, u32)]>,
}

/// Maximum number of steps from the first group of slots of a number to its slot.
const FARTHEST: usize = 256;

impl Default for Points {
    fn default() -> Self {
        Self::Sorted(Box::default())
    }
}

impl Points {
    /// Takes numbers in any order; of equal ones the first counts.
    pub fn new(mut points: Vec<(E164, u32)>) -> Self {
        if points.len() > 4
            && let Some(hashed) = Hashed::new(&points)
        {
            return Self::Hashed(hashed);
        }
        points.sort_by_key(|(number, _)| *number);
        points.dedup_by_key(|(number, _)| *number);
        Self::Sorted(points.into())
    }

    /// The value of a number, if it is one of these.
    #[inline(always)]
    pub fn get(&self, number: E164) -> Option<u32> {
        match self {
            Self::Hashed(hashed) => hashed.get(number),
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
            Self::Hashed(hashed) => (&*hashed.slots, &[][..]),
            Self::Sorted(points) => (&[][..], &**points),
        };
        let hashed = hashed.iter().filter(|(packed, _)| *packed != 0);
        hashed.map(|(packed, value)| (E164::from_packed(*packed), *value)).chain(sorted.iter().copied())
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Hashed(hashed) => size_of_val(&*hashed.slots),
            Self::Sorted(points) => size_of_val(&**points),
        }
    }
}

#[inline(never)]
fn find_sorted(points: &[(E164, u32)], number: E164) -> Option<u32> {
    points.binary_search_by_key(&number, |(held, _)| *held).ok().map(|at| points[at].1)
}

impl Hashed {
    /// None where a number would lie too far from its slot.
    fn new(points: &[(E164, u32)]) -> Option<Self> {
        // Somewhat more than half of the slots are taken.
        let mut table = Self { slots: vec![(0, 0); points.len() / 4 * 7 + 8].into_boxed_slice() };
        for (number, value) in points {
            let packed = number.packed();
            let mut at = table.first(packed);
            let mut steps = 0;
            while table.slots[at].0 != 0 && table.slots[at].0 != packed {
                at = table.after(at);
                steps += 1;
                if steps > FARTHEST {
                    return None;
                }
            }
            if table.slots[at].0 == 0 {
                table.slots[at] = (packed, *value);
            }
        }
        Some(table)
    }

    #[inline(always)]
    fn get(&self, number: E164) -> Option<u32> {
        let packed = number.packed();
        let mut at = self.first(packed);
        loop {
            match self.slots[at] {
                (found, value) if found == packed => return Some(value),
                (0, _) => return None,
                _ => at = self.after(at),
            }
        }
    }

    /// Fibonacci hashing: the golden ratio spreads neighbours; the upper half of a product brings
    /// it into the table.
    #[inline]
    fn first(&self, packed: u64) -> usize {
        let hash = packed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((u128::from(hash) * self.slots.len() as u128) >> 64) as usize
    }

    #[inline]
    fn after(&self, at: usize) -> usize {
        if at + 1 == self.slots.len() { 0 } else { at + 1 }
    }
}

/// Whole numbers as calls bring them, each with a value: found by their characters, so that they
/// need not be read.
///
/// Slots come in groups of eight, with a byte of each number's hash, or 0 for a free slot, side by
/// side in one word: so one look at a group says where the number may be, and nearly always that it
/// is nowhere. (hashbrown works so, too.)
#[derive(Clone, Debug, Default)]
pub(crate) struct NumberTable {
    groups: Box<[u64]>,
    slots: Box<[NumberSlot]>,
}

/// A number and its value.
#[derive(Clone, Copy, Debug)]
struct NumberSlot {
    plain: PlainDigits,
    value: u32,
}

const GROUP: usize = 8;
/// A 1 in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;
/// The highest bit of each byte.
const HIGHEST: u64 = 0x8080_8080_8080_8080;

impl NumberTable {
    /// Takes numbers in any order, each once; gives back those that are not found by their
    /// characters: short ones, and all where too many have the same hash.
    pub fn new(points: Vec<(E164, u32)>) -> (Self, Vec<(E164, u32)>) {
        let mut room = [0; 16];
        let (mut named, mut others) = (Vec::new(), Vec::new());
        for (number, value) in &points {
            match PlainDigits::of(number.write(&mut room)) {
                Some(plain) => named.push(NumberSlot { plain, value: *value }),
                None => others.push((*number, *value)),
            }
        }
        match Self::of(&named) {
            Some(found) => (found, others),
            None => (Self::default(), points),
        }
    }

    fn of(named: &[NumberSlot]) -> Option<Self> {
        if named.is_empty() {
            return Some(Self::default());
        }
        // Two thirds of the slots are taken.
        let groups = named.len() * 3 / (2 * GROUP) + 1;
        let free = NumberSlot { plain: PlainDigits { first: 0, last: 0, length: 0 }, value: 0 };
        let mut table = Self { groups: vec![0; groups].into(), slots: vec![free; groups * GROUP].into() };
        for slot in named {
            let (mut group, tag) = table.first(slot.plain);
            let mut steps = 0;
            while free_bytes(table.groups[group]) == 0 {
                group = table.after(group);
                steps += GROUP;
                if steps > FARTHEST {
                    return None;
                }
            }
            let at = (free_bytes(table.groups[group]).trailing_zeros() / 8) as usize;
            table.groups[group] |= tag << (8 * at);
            table.slots[group * GROUP + at] = *slot;
        }
        Some(table)
    }

    /// The value of a number, if it is one of these.
    #[inline(always)]
    pub fn get(&self, plain: PlainDigits) -> Option<u32> {
        if self.groups.is_empty() {
            return None;
        }
        let (mut group, tag) = self.first(plain);
        loop {
            let tags = self.groups[group];
            let mut alike = free_bytes(tags ^ (tag * ONES));
            while alike != 0 {
                let slot = &self.slots[group * GROUP + (alike.trailing_zeros() / 8) as usize];
                if slot.plain == plain {
                    return Some(slot.value);
                }
                alike &= alike - 1;
            }
            if free_bytes(tags) != 0 {
                return None;
            }
            group = self.after(group);
        }
    }

    /// The group that a number belongs to, and its byte: the product of both words, folded.
    #[inline(always)]
    fn first(&self, plain: PlainDigits) -> (usize, u64) {
        let product = u128::from(plain.first ^ 0x9e37_79b9_7f4a_7c15)
            * u128::from((plain.last ^ 0xbf58_476d_1ce4_e5b9).wrapping_add(u64::from(plain.length)));
        let hash = (product >> 64) as u64 ^ product as u64;
        let group = ((u128::from(hash) * self.groups.len() as u128) >> 64) as usize;
        (group, hash & 0xff | 1)
    }

    #[inline(always)]
    fn after(&self, group: usize) -> usize {
        if group + 1 == self.groups.len() { 0 } else { group + 1 }
    }

    /// Each number and its value, in no order to rely on.
    pub fn iter(&self) -> impl Iterator<Item = (E164, u32)> + '_ {
        self.slots.iter().filter_map(|slot| Some((slot.plain.number()?, slot.value)))
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.groups) + size_of_val(&*self.slots)
    }
}

/// The highest bit of each byte that is 0, and perhaps of a byte above one that is.
#[inline(always)]
fn free_bytes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHEST
}

/// A line cut into intervals, each with a value.
#[derive(Clone, Debug)]
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

    #[test]
    fn numbers_that_hash_alike_are_found_all_the_same() {
        // Packed words whose hashes all lie in the first thousandth of the line.
        let inverse = (0..6).fold(1_u64, |inverse, _| {
            inverse.wrapping_mul(2_u64.wrapping_sub(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(inverse)))
        });
        let alike = (0..40_000_000_u64).map(|hash| (hash * 461_168_601).wrapping_mul(inverse));
        let numbers = alike.filter_map(|packed| {
            let (key, length) = (packed >> 4, (packed & 0xf) as u32);
            let is_number = (100_000_000_000_000..1_000_000_000_000_000).contains(&key)
                && (1..=15).contains(&length)
                && key.is_multiple_of(10_u64.pow(15 - length));
            is_number.then(|| E164::from_packed(packed))
        });
        let points: Vec<(E164, u32)> = numbers.zip(0..).take(2_000).collect();
        assert!(points.len() > 1_000, "{}", points.len());
        let table = Points::new(points.clone());
        assert!(matches!(table, Points::Sorted(_)));
        assert!(points.iter().all(|(number, value)| table.get(*number) == Some(*value)));
    }
}
