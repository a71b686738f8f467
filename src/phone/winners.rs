//! From many keys to the numbers that each of them decides, exactly: what [`KeyMap`](super::KeyMap)
//! says, the other way round.

use super::key_map::TextLine;
use super::locals::{TextInterval, digits_of_prefix, interval_of_prefix, interval_of_text};
use super::number::{LocalDigits, MAX_DIGITS};
use super::pattern::{Pattern, lengths_from};
use super::set::NumberSet;
use super::spans::KeySpan;

/// The numbers that each key of a list decides: those that it holds and no more specific key does.
///
/// Keys are known by their index in the list. It is made in one sweep over their ends, however much
/// they nest.
#[derive(Debug, Default)]
pub struct Winners {
    spans: Vec<(KeySpan, usize)>,
    anonymous: Option<usize>,
    /// Of local numbers, those of digits alone.
    local_digits: Vec<(KeySpan, usize)>,
    local_texts: TextLine,
}

/// A prefix or a range, as keys.
#[derive(Clone, Copy)]
struct LengthInterval {
    low: u64,
    high: u64,
    key: usize,
    /// The only length that it is about; a prefix is about all from its own on.
    length: Option<u32>,
    /// Of a prefix.
    least_length: u32,
}

impl Winners {
    /// Of keys without conflicts, as [`KeyMap::new`](super::KeyMap::new) finds them.
    pub fn of(keys: &[Pattern]) -> Self {
        let mut winners = Self::default();
        let (mut intervals, mut digits, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for (at, key) in keys.iter().enumerate() {
            match key {
                Pattern::Number(number) => {
                    intervals.push(LengthInterval::range(KeySpan::from(*number), number.length(), at))
                }
                Pattern::Range(range) => {
                    intervals.push(LengthInterval::range(KeySpan::from(*range), range.low().length(), at));
                }
                Pattern::Prefix(prefix) => {
                    intervals.push(LengthInterval::prefix(KeySpan::from(*prefix), prefix.length(), at))
                }
                Pattern::Anonymous => winners.anonymous = Some(at),
                Pattern::Local(text) => match LocalDigits::parse(text) {
                    Some(number) => digits.push(LengthInterval::range(KeySpan::from(number), number.length(), at)),
                    None => texts.push((interval_of_text(text), at)),
                },
                Pattern::LocalPrefix(prefix) => {
                    let length = prefix.len() as u32;
                    digits.extend(digits_of_prefix(prefix).map(|span| LengthInterval::prefix(span, length, at)));
                    texts.push((interval_of_prefix(prefix), at));
                }
                Pattern::LocalRange(range) => {
                    digits.push(LengthInterval::range(KeySpan::from(*range), range.low().length(), at));
                }
            }
        }
        winners.spans = sweep(intervals);
        winners.local_digits = sweep(digits);
        // A plan's text is far too short for 2³² keys.
        let keys = texts.into_iter().map(|(interval, at)| (interval, u32::try_from(at).unwrap_or(u32::MAX)));
        winners.local_texts = TextLine::new(keys);
        winners
    }

    /// The numbers of each group: those that a key of the group decides. Keys of no group are in
    /// none.
    pub fn sets(&self, groups: usize, group: impl Fn(usize) -> Option<usize>) -> Vec<NumberSet> {
        let shared_out = |found: &[(KeySpan, usize)]| {
            let mut spans: Vec<Vec<KeySpan>> = vec![Vec::new(); groups];
            for (span, key) in found {
                if let Some(group) = group(*key) {
                    spans[group].push(*span);
                }
            }
            spans
        };
        let mut texts: Vec<Vec<TextInterval>> = vec![Vec::new(); groups];
        for (interval, key) in self.local_texts.stretches() {
            if let Some(group) = group(key as usize) {
                texts[group].push(interval);
            }
        }
        let anonymous = self.anonymous.and_then(&group);
        let mut texts = texts.into_iter();
        let mut digits = shared_out(&self.local_digits).into_iter();
        let set = |(at, spans): (usize, Vec<KeySpan>)| {
            let (digits, texts) = (digits.next().unwrap_or_default(), texts.next().unwrap_or_default());
            let mut numbers = NumberSet::from_spans(spans);
            if !digits.is_empty() || !texts.is_empty() {
                numbers = numbers.union(&NumberSet::from_locals(digits, texts));
            }
            if anonymous == Some(at) {
                numbers = numbers.union(&NumberSet::from_patterns(&[Pattern::Anonymous]));
            }
            numbers
        };
        shared_out(&self.spans).into_iter().enumerate().map(set).collect()
    }
}

/// The runs of keys that each interval decides.
fn sweep(mut intervals: Vec<LengthInterval>) -> Vec<(KeySpan, usize)> {
    let mut ends: Vec<u64> = intervals.iter().flat_map(|interval| [interval.low, interval.high + 1]).collect();
    ends.sort_unstable();
    ends.dedup();
    // Outer ones first.
    intervals.sort_unstable_by_key(|interval| (interval.low, std::cmp::Reverse(interval.high), interval.least_length));
    let mut waiting = intervals.into_iter().peekable();
    let mut open = OpenIntervals::default();
    let mut spans = Vec::new();
    for pair in ends.windows(2) {
        let (low, high) = (pair[0], pair[1] - 1);
        open.close_before(low);
        while let Some(next) = waiting.next_if(|interval| interval.low <= low) {
            open.stack(next.length).push(next);
        }
        for (key, lengths) in open.deciding() {
            spans.push((KeySpan { low, high, lengths }, key));
        }
    }
    spans
}

impl LengthInterval {
    fn range(span: KeySpan, length: u32, key: usize) -> Self {
        Self { low: span.low, high: span.high, key, length: Some(length), least_length: 0 }
    }

    fn prefix(span: KeySpan, least_length: u32, key: usize) -> Self {
        Self { low: span.low, high: span.high, key, length: None, least_length }
    }
}

/// The intervals around a key, innermost last: prefixes at 0, ranges by their length.
#[derive(Default)]
struct OpenIntervals([Vec<LengthInterval>; MAX_DIGITS as usize + 1]);

impl OpenIntervals {
    fn stack(&mut self, length: Option<u32>) -> &mut Vec<LengthInterval> {
        &mut self.0[length.unwrap_or(0) as usize]
    }

    fn close_before(&mut self, key: u64) {
        for stack in &mut self.0 {
            while stack.pop_if(|interval| interval.high < key).is_some() {}
        }
    }

    /// Each key that decides here, with the lengths for which it does: a range before any prefix, a
    /// longer prefix before a shorter.
    fn deciding(&self) -> Vec<(usize, u16)> {
        let mut found: Vec<(usize, u16)> = Vec::new();
        let mut left = lengths_from(1);
        for (length, ranges) in self.0.iter().enumerate().skip(1) {
            if let Some(innermost) = ranges.last() {
                found.push((innermost.key, 1 << length));
                left &= !(1 << length);
            }
        }
        for prefix in self.0[0].iter().rev() {
            let lengths = left & lengths_from(prefix.least_length.max(1));
            left &= !lengths;
            if lengths != 0 {
                found.push((prefix.key, lengths));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::generate::{numbers_near, pattern};
    use super::super::{E164, E164Range, KeyMap, Number, Prefix, is_unreachable};
    use super::*;

    proptest! {
        #[test]
        fn each_number_is_in_the_set_of_the_key_that_decides_it(
            keys in prop::collection::vec(pattern(), 0..24), seeds in any::<[u64; 8]>()
        ) {
            let (_, conflicts) = KeyMap::new(&keys);
            prop_assume!(conflicts.is_empty());
            let (map, _) = KeyMap::new(&keys);
            let sets = Winners::of(&keys).sets(keys.len(), Some);
            for number in keys.iter().flat_map(|key| numbers_near(key, seeds)) {
                let number = number.as_number();
                let is_unreachable = matches!(number, Number::E164(interval) if is_unreachable(interval));
                let expected = map.get(&number).filter(|_| !is_unreachable);
                let found: Vec<usize> = (0..keys.len()).filter(|key| sets[*key].contains(&number)).collect();
                prop_assert_eq!(found, Vec::from_iter(expected));
            }
        }
    }

    #[test]
    fn groups_share_the_numbers_out() {
        let keys = ["+1*", "+1415*", "+141555*"].map(|text| Pattern::Prefix(Prefix::parse(text).unwrap()));
        let sets = Winners::of(&keys).sets(2, |key| Some(key % 2));
        let shown = |set: &NumberSet| set.patterns().iter().map(Pattern::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(shown(&sets[0].intersect(&NumberSet::from_patterns(&keys[2..]))), "+141555*");
        assert!(sets[0].union(&sets[1]) == NumberSet::from_patterns(&keys[..1]) && !sets[0].overlaps(&sets[1]));
    }

    #[test]
    fn a_hundred_thousand_nested_ranges_are_one_sweep() {
        let number = |value: u64| E164::parse(&format!("+{value}")).unwrap();
        let nested: Vec<Pattern> = (0..100_000_u64)
            .map(|n| Pattern::Range(E164Range::new(number(10_000_000 + n), number(99_000_000 - n)).unwrap()))
            .collect();
        let sets = Winners::of(&nested).sets(2, |key| Some(key % 2));
        assert!(!sets[0].overlaps(&sets[1]));
    }
}
