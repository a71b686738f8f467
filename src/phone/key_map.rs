//! From a number to the most specific of many keys: the rows of a table.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::locals::{TextInterval, interval_of_prefix};
use super::lookup::{Intervals, Points};
use super::number::{E164, LocalDigits, Number};
use super::pattern::{Pattern, Prefix};

/// Finds the key that decides a number: the number itself, else the narrowest range, else the
/// longest prefix.
///
/// Keys are known by their index in the list that the map was made of. Looking one up takes a few
/// steps, without allocation, however many keys there are.
#[derive(Clone, Debug, Default)]
pub struct KeyMap {
    numbers: Points,
    /// For each length of number, whose ranges they are, by value.
    ranges: [Option<Intervals>; 16],
    /// By [`E164::packed`]: a line on which every prefix is one interval, `+1` before `+10` before
    /// `+100`.
    prefixes: Option<Intervals>,
    locals: Vec<(Box<str>, u32)>,
    /// For each length of local digits, whose ranges they are, by value.
    local_ranges: [Option<Intervals>; 16],
    local_prefixes: TextLine,
    anonymous: Option<u32>,
}

/// No key.
const NONE: u32 = u32::MAX;

/// Two keys by their index: the one before, and the later one.
pub type KeyPair = (usize, usize);

/// What is wrong with a list of keys. Pairs are sorted by their later key, of which each list has
/// one at most.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct KeyConflicts {
    /// Keys that say the same.
    pub equal: Vec<KeyPair>,
    /// Ranges that overlap with neither inside the other: neither is the narrower for what they
    /// share. Where three or more cross, each has a pair once those before it are fixed.
    pub crossing: Vec<KeyPair>,
}

impl KeyConflicts {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.equal.is_empty() && self.crossing.is_empty()
    }
}

/// An interval of some line and the key it belongs to.
#[derive(Clone, Copy, Debug)]
struct KeyInterval {
    low: u64,
    high: u64,
    key: u32,
}

impl KeyMap {
    /// Takes keys in any order. Of equal keys the first is kept; of ranges that cross, the one that
    /// starts first.
    ///
    /// # Panics
    ///
    /// If there are 2³² keys or more; a plan's text is far too short for them.
    pub fn new(keys: &[Pattern]) -> (Self, KeyConflicts) {
        let (distinct, equal) = distinct(keys);
        let mut map = Self::default();
        let (mut numbers, mut prefixes, mut local_prefixes) = (Vec::new(), Vec::new(), Vec::new());
        let (mut ranges, mut local_ranges) = ([const { Vec::new() }; 16], [const { Vec::new() }; 16]);
        for (pattern, key) in distinct {
            match pattern {
                Pattern::Number(number) => numbers.push((number, key)),
                Pattern::Prefix(prefix) => prefixes.push(prefix_interval(prefix, key)),
                Pattern::Range(range) => {
                    let (low, high) = (range.low().value(), range.high().value());
                    ranges[range.low().length() as usize].push(KeyInterval { low, high, key });
                }
                Pattern::Anonymous => map.anonymous = Some(key),
                Pattern::Local(text) => map.locals.push((text.into(), key)),
                Pattern::LocalPrefix(prefix) => local_prefixes.push((prefix, key)),
                Pattern::LocalRange(range) => {
                    let (low, high) = (range.low().value(), range.high().value());
                    local_ranges[range.low().length() as usize].push(KeyInterval { low, high, key });
                }
            }
        }
        map.local_prefixes =
            TextLine::new(local_prefixes.into_iter().map(|(text, key)| (interval_of_prefix(&text), key)));
        map.numbers = Points::new(numbers);
        map.prefixes = cut(prefixes);
        let mut crossing = Vec::new();
        let of_lengths = map.ranges.iter_mut().zip(ranges).chain(map.local_ranges.iter_mut().zip(local_ranges));
        for (cuts, mut ranges) in of_lengths {
            take_out_crossing(&mut ranges, &mut crossing);
            *cuts = cut(ranges);
        }
        crossing.sort_unstable_by_key(|(before, later)| (*later, *before));
        crossing.dedup_by_key(|(_, later)| *later);
        (map, KeyConflicts { equal, crossing })
    }

    /// The index of the most specific key that holds the number.
    pub fn get(&self, number: &Number<'_>) -> Option<usize> {
        let key = match number {
            Number::Withheld => self.anonymous,
            Number::Local(text) => {
                let found = self.locals.binary_search_by(|(held, _)| held.as_ref().cmp(text));
                let found = found.ok().map(|at| self.locals[at].1);
                found.or_else(|| self.local_range(text)).or_else(|| self.local_prefixes.get(text))
            }
            Number::E164(number) => (self.numbers.get(*number))
                .or_else(|| innermost(&self.ranges[number.length() as usize], || number.value()))
                .or_else(|| innermost(&self.prefixes, || number.packed())),
        };
        key.map(|key| key as usize)
    }
}

impl KeyMap {
    fn local_range(&self, text: &str) -> Option<u32> {
        if self.local_ranges.iter().all(Option::is_none) {
            return None;
        }
        let digits = LocalDigits::parse(text)?;
        innermost(&self.local_ranges[digits.length() as usize], || digits.value())
    }
}

/// The order of texts, cut where the innermost of some intervals changes.
#[derive(Clone, Debug, Default)]
pub(super) struct TextLine {
    /// From each cut on, the key of the innermost interval, or [`NONE`].
    cuts: Box<[(Box<str>, u32)]>,
}

impl TextLine {
    /// Of intervals of which any two are apart, or one is inside the other; each begins somewhere
    /// else or ends earlier.
    pub fn new(intervals: impl Iterator<Item = (TextInterval, u32)>) -> Self {
        let mut intervals: Vec<(TextInterval, u32)> = intervals.collect();
        // Outer ones first. No end is the last of all.
        intervals.sort_unstable_by(|((low, end), _), ((other_low, other_end), _)| {
            let ends = match (end, other_end) {
                (Some(end), Some(other)) => other.cmp(end),
                (None, Some(_)) => Ordering::Less,
                (Some(_), None) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            };
            low.cmp(other_low).then(ends)
        });
        let mut cuts: Vec<(Box<str>, u32)> = Vec::new();
        let mut open: Vec<(Option<Box<str>>, u32)> = Vec::new();
        for ((low, end), key) in intervals {
            Self::close(&mut open, &mut cuts, Some(&low));
            Self::push(&mut cuts, low, key);
            open.push((end, key));
        }
        Self::close(&mut open, &mut cuts, None);
        Self { cuts: cuts.into() }
    }

    /// Ends the open intervals that do not reach beyond `at`, innermost first.
    fn close(open: &mut Vec<(Option<Box<str>>, u32)>, cuts: &mut Vec<(Box<str>, u32)>, at: Option<&str>) {
        let is_over = |end: &Option<Box<str>>| end.as_deref().is_some_and(|end| at.is_none_or(|at| end <= at));
        while let Some((ended, _)) = open.pop_if(|(end, _)| is_over(end)) {
            let around = open.last().map_or(NONE, |(_, key)| *key);
            if let Some(ended) = ended {
                Self::push(cuts, ended, around);
            }
        }
    }

    fn push(cuts: &mut Vec<(Box<str>, u32)>, at: Box<str>, key: u32) {
        match cuts.last_mut() {
            Some(last) if last.0 == at => last.1 = key,
            _ => cuts.push((at, key)),
        }
    }

    /// The key of the innermost interval that holds the text.
    pub fn get(&self, text: &str) -> Option<u32> {
        let after = self.cuts.partition_point(|(cut, _)| **cut <= *text);
        let key = self.cuts.get(after.checked_sub(1)?)?.1;
        (key != NONE).then_some(key)
    }

    /// Each stretch that is in an interval, with the key of the innermost.
    pub fn stretches(&self) -> impl Iterator<Item = (TextInterval, u32)> + '_ {
        let ends = self.cuts.iter().skip(1).map(|(cut, _)| Some(cut.clone())).chain([None]);
        let all = self.cuts.iter().zip(ends).map(|((low, key), end)| ((low.clone(), end), *key));
        all.filter(|(_, key)| *key != NONE)
    }
}

fn innermost(line: &Option<Intervals>, place: impl FnOnce() -> u64) -> Option<u32> {
    let key = line.as_ref()?.get(place());
    (key != NONE).then_some(key)
}

/// The keys in order of what they hold, each once, and pairs of those that say the same.
fn distinct(keys: &[Pattern]) -> (Vec<(Pattern, u32)>, Vec<KeyPair>) {
    let index = |at| u32::try_from(at).expect("fewer than 2^32 keys");
    let mut sorted: Vec<_> = keys.iter().enumerate().map(|(at, key)| (key.clone().normal(), index(at))).collect();
    sorted.sort_unstable();
    let mut equal = Vec::new();
    sorted.dedup_by(|later, first| {
        let same = later.0 == first.0;
        equal.extend(same.then_some((first.1 as usize, later.1 as usize)));
        same
    });
    equal.sort_unstable_by_key(|(_, later)| *later);
    (sorted, equal)
}

fn prefix_interval(prefix: Prefix, key: u32) -> KeyInterval {
    let low = prefix.number().map_or(0, E164::packed);
    let (_, last) = prefix.keys();
    KeyInterval { low, high: last << 4 | 0xf, key }
}

/// Takes out each range that crosses one which starts before it, and notes the pair.
fn take_out_crossing(ranges: &mut Vec<KeyInterval>, crossing: &mut Vec<KeyPair>) {
    sort_outer_first(ranges);
    // By last value. A range that starts before this one and ends inside it crosses it; one that
    // starts with it and is already here is the longer of the two.
    let mut earlier: BTreeMap<u64, u32> = BTreeMap::new();
    ranges.retain(|range| {
        let crossed = earlier.range(range.low..range.high).next().map(|(_, key)| *key);
        earlier.insert(range.high, range.key);
        crossing.extend(crossed.map(|key| (key.min(range.key) as usize, key.max(range.key) as usize)));
        crossed.is_none()
    });
}

fn sort_outer_first(intervals: &mut [KeyInterval]) {
    intervals.sort_unstable_by_key(|interval| (interval.low, std::cmp::Reverse(interval.high)));
}

/// The line cut where the innermost interval changes; none where there are no intervals, of which
/// any two are apart, or one is inside the other.
fn cut(mut intervals: Vec<KeyInterval>) -> Option<Intervals> {
    if intervals.is_empty() {
        return None;
    }
    sort_outer_first(&mut intervals);
    let mut cuts = Cuts(vec![(0, NONE)]);
    let mut open: Vec<KeyInterval> = Vec::new();
    for interval in intervals {
        cuts.close(&mut open, interval.low);
        cuts.push(interval.low, interval.key);
        open.push(interval);
    }
    cuts.close(&mut open, u64::MAX);
    Some(Intervals::new(cuts.0))
}

/// From each cut on, the innermost key, or [`NONE`].
struct Cuts(Vec<(u64, u32)>);

impl Cuts {
    /// Ends the open intervals that do not reach `at`, innermost first.
    fn close(&mut self, open: &mut Vec<KeyInterval>, at: u64) {
        while let Some(ended) = open.pop_if(|interval| interval.high < at) {
            self.push(ended.high + 1, open.last().map_or(NONE, |outer| outer.key));
        }
    }

    fn push(&mut self, at: u64, key: u32) {
        match self.0.last_mut() {
            Some(last) if last.0 == at => last.1 = key,
            _ => self.0.push((at, key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::generate::{numbers_near, pattern};
    use super::super::pattern::{E164Range, LocalRange};
    use super::*;

    fn range(low: &str, high: &str) -> Pattern {
        Pattern::Range(E164Range::new(E164::parse(low).unwrap(), E164::parse(high).unwrap()).unwrap())
    }

    fn local_range(low: &str, high: &str) -> Pattern {
        let digits = |text| LocalDigits::parse(text).unwrap();
        Pattern::LocalRange(LocalRange::new(digits(low), digits(high)).unwrap())
    }

    fn prefix(text: &str) -> Pattern {
        Pattern::Prefix(Prefix::parse(text).unwrap())
    }

    fn scan(keys: &[Pattern], number: &Number<'_>) -> Option<usize> {
        let holding = keys.iter().enumerate().filter(|(_, key)| key.contains(number));
        holding.min_by(|a, b| a.1.cmp_specificity(b.1)).map(|(at, _)| at)
    }

    #[test]
    fn the_most_specific_key_decides() {
        let keys = [
            prefix("+*"),
            prefix("+1415555010*"),
            range("+14155550000", "+14155559999"),
            range("+14155550100", "+14155550199"),
            Pattern::Number(E164::parse("+14155550142").unwrap()),
            Pattern::Anonymous,
            Pattern::Local("1001".to_owned()),
            Pattern::LocalPrefix("10".to_owned()),
            Pattern::LocalPrefix("100".to_owned()),
            local_range("1000", "1099"),
            local_range("1000", "1010"),
            Pattern::LocalPrefix(String::new()),
        ];
        let (map, conflicts) = KeyMap::new(&keys);
        assert!(conflicts.is_empty());
        for (text, key) in [
            ("+14155550142", Some(4)),
            ("+14155550143", Some(3)),
            ("+14155550200", Some(2)),
            ("+1415555010", Some(1)),
            ("+141555501000", Some(1)),
            ("+1415555", Some(0)),
            ("anonymous", Some(5)),
            ("1001", Some(6)),
            ("1002", Some(10)),
            ("1011", Some(9)),
            ("10011", Some(8)),
            ("10a", Some(7)),
            ("desk", Some(11)),
        ] {
            assert_eq!(map.get(&Number::read(text)), key, "{text}");
        }
    }

    #[test]
    fn equal_keys_and_crossing_ranges_are_reported() {
        let keys = [
            range("+150", "+160"),
            range("+120", "+140"),
            prefix("+1*"),
            range("+130", "+155"),
            prefix("+1*"),
            range("+141", "+141"),
            Pattern::Number(E164::parse("+141").unwrap()),
            range("+120", "+130"),
            range("+1200", "+1410"),
            prefix("+1*"),
        ];
        let (_, conflicts) = KeyMap::new(&keys);
        assert_eq!(conflicts.equal, [(2, 4), (5, 6), (2, 9)]);
        assert_eq!(conflicts.crossing, [(0, 3), (3, 7)]);
    }

    #[test]
    fn a_hundred_thousand_keys_are_found() {
        let nested = (0..50_000_u64).map(|n| {
            let number = |value: u64| E164::parse(&format!("+{value}")).unwrap();
            Pattern::Range(E164Range::new(number(10_000_000 + n), number(99_000_000 - n)).unwrap())
        });
        let numbers = (0..50_000_u64).map(|n| Pattern::Number(E164::parse(&format!("+{}", 50_000_000 + n)).unwrap()));
        let keys: Vec<Pattern> = nested.chain(numbers).collect();
        let (map, conflicts) = KeyMap::new(&keys);
        assert!(conflicts.is_empty());
        assert_eq!(map.get(&Number::read("+10000007")), Some(7));
        assert_eq!(map.get(&Number::read("+98999990")), Some(10));
        assert_eq!(map.get(&Number::read("+49999999")), Some(49_999));
        assert_eq!(map.get(&Number::read("+50000001")), Some(50_001));
    }

    proptest! {
        #[test]
        fn the_map_agrees_with_a_scan(keys in prop::collection::vec(pattern(), 0..24), seeds in any::<[u64; 8]>()) {
            let (_, conflicts) = KeyMap::new(&keys);
            let crossing = |a: &Pattern, b: &Pattern| match (a, b) {
                (Pattern::Range(a), Pattern::Range(b)) => {
                    let shared = a.contains(b.low()) || b.contains(a.low());
                    let inside = |a: &E164Range, b: &E164Range| a.contains(b.low()) && a.contains(b.high());
                    shared && !inside(a, b) && !inside(b, a)
                }
                (Pattern::LocalRange(a), Pattern::LocalRange(b)) => {
                    let has = |a: &LocalRange, b: LocalDigits| a.contains(&b.to_string());
                    let shared = has(a, b.low()) || has(b, a.low());
                    let inside = |a: &LocalRange, b: &LocalRange| has(a, b.low()) && has(a, b.high());
                    shared && !inside(a, b) && !inside(b, a)
                }
                _ => false,
            };
            let some_cross = keys.iter().any(|a| keys.iter().any(|b| crossing(a, b)));
            prop_assert_eq!(some_cross, !conflicts.crossing.is_empty());
            prop_assert!(conflicts.crossing.iter().all(|(a, b)| a < b && crossing(&keys[*a], &keys[*b])));

            let mut kept: Vec<Pattern> = Vec::new();
            for key in keys {
                if !kept.iter().any(|other| crossing(other, &key) || other.clone().normal() == key.clone().normal()) {
                    kept.push(key);
                }
            }
            let (map, conflicts) = KeyMap::new(&kept);
            prop_assert!(conflicts.is_empty());
            for number in kept.iter().flat_map(|key| numbers_near(key, seeds)) {
                prop_assert_eq!(map.get(&number.as_number()), scan(&kept, &number.as_number()));
            }
        }
    }
}
