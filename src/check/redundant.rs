//! Entries of a list that another entry holds already.

use super::number::NumberEntry;
use super::problems::numbers as problems;
use crate::diagnostics::Problems;
use crate::phone::{LocalDigits, Pattern};
use crate::source::{Source, Span};
use crate::syntax::ast;
use std::collections::HashMap;

/// Warns of numbers in a list that lie inside of another entry. What a named set holds is not
/// looked into.
pub(super) fn numbers(source: &Source, list: &ast::List, entries: &[(NumberEntry, Span)], problems: &mut Problems) {
    let mut sets: HashMap<usize, Span> = HashMap::new();
    let mut patterns = Vec::new();
    for (entry, span) in entries {
        match entry {
            NumberEntry::Pattern(pattern) => patterns.push((pattern, *span)),
            NumberEntry::Set(number) => match sets.get(number) {
                Some(first) => problems.push(redundant(source, list, *span, *first)),
                None => {
                    sets.insert(*number, *span);
                }
            },
        }
    }
    for (inner, outer) in covered(&patterns) {
        problems.push(redundant(source, list, patterns[inner].1, patterns[outer].1));
    }
}

/// Pairs of an entry and one that holds all of it; each entry is in one pair at most.
fn covered(patterns: &[(&Pattern, Span)]) -> Vec<(usize, usize)> {
    let mut first: HashMap<&Pattern, usize> = HashMap::with_capacity(patterns.len());
    let mut pairs = Vec::new();
    for (at, (pattern, _)) in patterns.iter().enumerate() {
        let before = *first.entry(pattern).or_insert(at);
        if before != at {
            pairs.push((at, before));
        }
    }
    let wide = Wide::new(first.iter().map(|(pattern, at)| (*pattern, *at)));
    if !wide.is_empty() {
        pairs.extend(first.iter().filter_map(|(pattern, at)| Some((*at, wide.around(pattern)?))));
    }
    pairs.extend(in_local_prefixes(first.iter().map(|(pattern, at)| (*pattern, *at))));
    pairs.sort_unstable();
    pairs.dedup_by_key(|(inner, _)| *inner);
    pairs
}

/// The prefixes and ranges of a list, so that what lies around an entry is found without looking at
/// each.
#[derive(Default)]
struct Wide {
    /// By the key and the count of their digits.
    prefixes: HashMap<(u64, u32), usize>,
    prefix_lengths: Vec<u32>,
    ranges: Ranges,
    local_ranges: Ranges,
}

/// Ranges by length, then from low to high, of equal lows the widest first.
#[derive(Default)]
struct Ranges {
    /// The length, both ends, and the place in the list.
    entries: Vec<(u32, u64, u64, usize)>,
    /// With each, the range that reaches highest so far.
    reach: Vec<usize>,
}

impl Ranges {
    fn push(&mut self, range: (u32, u64, u64, usize)) {
        self.entries.push(range);
    }

    fn sort(&mut self) {
        self.entries.sort_unstable_by_key(|(length, low, high, _)| (*length, *low, u64::MAX - high));
        for at in 0..self.entries.len() {
            let before = self.reach.last().copied().filter(|before| {
                let (length, _, high, _) = self.entries[*before];
                length == self.entries[at].0 && high >= self.entries[at].2
            });
            self.reach.push(before.unwrap_or(at));
        }
    }

    /// A range that holds both keys.
    fn around(&self, length: u32, low: u64, high: u64) -> Option<usize> {
        let after = self.entries.partition_point(|(ranges, first, _, _)| (*ranges, *first) <= (length, low));
        let widest = self.entries[*self.reach.get(after.checked_sub(1)?)?];
        (widest.0 == length && widest.2 >= high).then_some(widest.3)
    }

    /// Another range that holds all of this one.
    fn around_range(&self, length: u32, low: u64, high: u64) -> Option<usize> {
        let key = (length, low, u64::MAX - high);
        let at =
            self.entries.binary_search_by_key(&key, |(length, low, high, _)| (*length, *low, u64::MAX - high)).ok()?;
        let wider = self.reach[at];
        (wider != at).then(|| self.entries[wider].3)
    }
}

/// Pairs of a local entry and a prefix that holds all of it: one walk over all texts in order, in
/// which what begins alike lies together.
fn in_local_prefixes<'p>(patterns: impl Iterator<Item = (&'p Pattern, usize)>) -> Vec<(usize, usize)> {
    let mut texts: Vec<(String, bool, usize)> = Vec::new();
    for (pattern, at) in patterns {
        match pattern {
            Pattern::Local(text) => texts.push((text.clone(), false, at)),
            Pattern::LocalPrefix(prefix) => texts.push((prefix.clone(), true, at)),
            Pattern::LocalRange(range) => {
                let [low, high] = [range.low(), range.high()].map(|end| end.to_string());
                let alike = low.bytes().zip(high.bytes()).take_while(|(a, b)| a == b).count();
                texts.push((low[..alike].to_owned(), false, at));
            }
            Pattern::Number(_) | Pattern::Prefix(_) | Pattern::Range(_) | Pattern::Anonymous => {}
        }
    }
    // A prefix comes before the same text alone.
    texts.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    let (mut pairs, mut open) = (Vec::new(), Vec::<(&str, usize)>::new());
    for (text, is_prefix, at) in &texts {
        while open.pop_if(|(prefix, _)| !text.starts_with(*prefix)).is_some() {}
        pairs.extend(open.last().map(|(_, around)| (*at, *around)));
        if *is_prefix {
            open.push((text, *at));
        }
    }
    pairs
}

impl Wide {
    fn new<'p>(patterns: impl Iterator<Item = (&'p Pattern, usize)>) -> Self {
        let mut wide = Self::default();
        for (pattern, at) in patterns {
            match pattern {
                Pattern::Prefix(prefix) => {
                    wide.prefixes.insert((prefix.number().map_or(0, |number| number.key()), prefix.length()), at);
                    wide.prefix_lengths.push(prefix.length());
                }
                Pattern::Range(range) => {
                    wide.ranges.push((range.low().length(), range.low().key(), range.high().key(), at))
                }
                Pattern::LocalRange(range) => {
                    wide.local_ranges.push((range.low().length(), range.low().key(), range.high().key(), at));
                }
                Pattern::Number(_) | Pattern::Anonymous | Pattern::Local(_) | Pattern::LocalPrefix(_) => {}
            }
        }
        wide.prefix_lengths.sort_unstable();
        wide.prefix_lengths.dedup();
        wide.ranges.sort();
        wide.local_ranges.sort();
        wide
    }

    fn is_empty(&self) -> bool {
        self.prefixes.is_empty() && self.ranges.entries.is_empty() && self.local_ranges.entries.is_empty()
    }

    /// A wider entry that holds all of this one.
    fn around(&self, pattern: &Pattern) -> Option<usize> {
        match pattern {
            Pattern::Number(number) => {
                let (length, key) = (number.length(), number.key());
                self.ranges.around(length, key, key).or_else(|| self.prefix_around(length + 1, key, key))
            }
            Pattern::Prefix(prefix) => {
                let key = prefix.number().map_or(0, |number| number.key());
                self.prefix_around(prefix.length(), key, key)
            }
            Pattern::Range(range) => {
                let (length, low, high) = (range.low().length(), range.low().key(), range.high().key());
                self.ranges.around_range(length, low, high).or_else(|| self.prefix_around(length + 1, low, high))
            }
            Pattern::Local(text) => {
                let digits = LocalDigits::parse(text)?;
                self.local_ranges.around(digits.length(), digits.key(), digits.key())
            }
            Pattern::LocalRange(range) => {
                self.local_ranges.around_range(range.low().length(), range.low().key(), range.high().key())
            }
            Pattern::Anonymous | Pattern::LocalPrefix(_) => None,
        }
    }

    /// A prefix with fewer digits than `length` that both keys start with.
    fn prefix_around(&self, length: u32, low: u64, high: u64) -> Option<usize> {
        let shorter = self.prefix_lengths.iter().filter(|prefix| **prefix < length);
        shorter
            .filter_map(|prefix| {
                let unit = 10_u64.pow(15 - prefix);
                let (low, high) = (low - low % unit, high - high % unit);
                // All digits of `+*` are free, and its key is 0.
                let key = if *prefix == 0 { 0 } else { low };
                (*prefix == 0 || low == high).then(|| self.prefixes.get(&(key, *prefix))).flatten()
            })
            .next()
            .copied()
    }
}

fn redundant(source: &Source, list: &ast::List, span: Span, cover: Span) -> crate::diagnostics::Diagnostic {
    problems::redundant(span, source.slice(span), source.slice(cover), cover, removal(source, list, span))
}

/// An entry with the comma that goes with it.
pub(super) fn removal(source: &Source, list: &ast::List, span: Span) -> Span {
    let text = source.text();
    let after = &text[span.end as usize..list.span.end as usize];
    let comma = after.find(|c: char| !c.is_whitespace()).filter(|at| after[*at..].starts_with(','));
    if let Some(comma) = comma {
        let rest = &after[comma + 1..];
        let space = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        return Span::new(span.start as usize, span.end as usize + comma + 1 + space);
    }
    let before = text[list.span.start as usize..span.start as usize].trim_end();
    match before.strip_suffix(',') {
        Some(kept) => Span::new(list.span.start as usize + kept.len(), span.end as usize),
        None => span,
    }
}

/// Warns of values that stand in a list twice; `same` tells values apart.
pub(super) fn values<T: Eq + std::hash::Hash>(
    source: &Source,
    list: &ast::List,
    values: impl Iterator<Item = (T, Span)>,
    problems: &mut Problems,
) {
    let mut seen = HashMap::new();
    for (value, span) in values {
        if let Some(first) = seen.get(&value) {
            problems.push(redundant(source, list, span, *first));
        } else {
            seen.insert(value, span);
        }
    }
}
