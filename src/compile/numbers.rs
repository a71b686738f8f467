//! From a number to its class, as calls look it up, and back from a class to its numbers.

use super::classes::Class;
use crate::phone::lookup::{Intervals, Named, Points};
use crate::phone::spans::Span;
use crate::phone::{E164, Number, NumberSet, Pattern, Plain, unreachable_numbers};

/// Finds the class of a number: a few steps, whatever the plan.
#[derive(Debug)]
pub(crate) struct NumberIndex {
    /// Whole numbers that are of another class than what lies around them, as calls bring them.
    named: Named,
    /// The rest of such numbers.
    points: Points,
    /// Of each interval of keys, a [`Kind`].
    line: Intervals,
    /// Where the class depends on how many digits a number has: by that.
    by_length: Box<[[Class; 16]]>,
    withheld: Class,
    /// Texts that are of another class than the rest; sorted.
    locals: Box<[(Box<str>, Class)]>,
    other_local: Class,
}

/// What an index is made of.
pub(super) struct Parts {
    /// Where each interval begins, the first at 0, and what it is.
    pub line: Vec<(u64, Kind)>,
    /// Whole numbers that are of another class than what lies around them.
    pub points: Vec<(E164, Class)>,
    pub by_length: Vec<[Class; 16]>,
    pub withheld: Class,
    /// By text, in order.
    pub locals: Vec<(Box<str>, Class)>,
    pub other_local: Class,
}

/// What an interval of keys is: of a class, or for each length of a class of its own. In one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind(pub u32);

impl Kind {
    const BY_LENGTH: u32 = 1 << 31;

    pub fn class(class: Class) -> Self {
        Self(class)
    }

    /// By its number among [`NumberIndex::by_length`].
    pub fn by_length(id: u32) -> Self {
        Self(id | Self::BY_LENGTH)
    }
}

/// The least key: that of `+1`.
const FIRST_KEY: u64 = 100_000_000_000_000;
/// The greatest key: that of `+999999999999999`.
const LAST_KEY: u64 = 999_999_999_999_999;

/// How far apart the keys of neighbours of a length are.
fn unit(length: u32) -> u64 {
    10_u64.pow(15 - length)
}

/// The keys of the numbers of a length that lie here, first and last.
fn keys_of_length(low: u64, high: u64, length: u32) -> Option<(u64, u64)> {
    let first = low.max(FIRST_KEY).next_multiple_of(unit(length));
    let last = high.min(LAST_KEY) / unit(length) * unit(length);
    (first <= last).then_some((first, last))
}

/// The lengths of which more numbers that a call can bring have their keys here, both ends in it, than so many.
pub(super) fn lengths_with_more(low: u64, high: u64, than: &[u64; 16]) -> u16 {
    let has_more = |length: &u32| {
        let Some((first, last)) = keys_of_length(low, high, *length) else { return false };
        let is_within = |number: &E164| number.length() == *length && (first..=last).contains(&number.key());
        let never_brought = unreachable_numbers().iter().filter(|number| is_within(number)).count() as u64;
        (last - first) / unit(*length) + 1 - never_brought > than[*length as usize]
    };
    (1..=15).filter(has_more).fold(0, |lengths, length| lengths | 1 << length)
}

impl NumberIndex {
    pub(super) fn new(parts: Parts) -> Self {
        let Parts { line, points, by_length, withheld, mut locals, other_local } = parts;
        locals.retain(|(_, class)| *class != other_local);
        let (named, points) = Named::new(points);
        Self {
            named,
            points: Points::new(points),
            line: Intervals::new(line.into_iter().map(|(start, kind)| (start, kind.0))),
            by_length: by_length.into(),
            withheld,
            locals: locals.into(),
            other_local,
        }
    }

    /// The class of what a call brings.
    #[inline(always)]
    pub fn class(&self, text: &str) -> Class {
        let Some(plain) = Plain::of(text) else { return self.class_of_any(text) };
        if let Some(class) = self.named.get(plain) {
            return class;
        }
        // Where all numbers go the same way, this one need not be read.
        match self.line.only() {
            Some(class) if class & Kind::BY_LENGTH == 0 && self.points.is_empty() && plain.is_plainly_a_number() => {
                class
            }
            _ => match plain.number() {
                Some(number) => self.class_of_e164(number),
                None => self.class_of_any(text),
            },
        }
    }

    #[inline(always)]
    fn class_of_e164(&self, number: E164) -> Class {
        self.points.get(number).unwrap_or_else(|| self.around(number))
    }

    #[inline(never)]
    fn class_of_any(&self, text: &str) -> Class {
        match Number::read(text) {
            // An address may hold a number as calls mostly bring it.
            Number::E164(number) => match Plain::of(number.write(&mut Default::default())) {
                Some(plain) => self.named.get(plain).unwrap_or_else(|| self.class_of_e164(number)),
                None => self.class_of_e164(number),
            },
            Number::Withheld => self.withheld,
            Number::Local(text) => {
                let found = self.locals.binary_search_by(|(local, _)| (**local).cmp(text));
                found.map_or(self.other_local, |at| self.locals[at].1)
            }
        }
    }

    /// The class of the interval around a number.
    #[inline(never)]
    fn around(&self, number: E164) -> Class {
        let kind = self.line.get(number.key());
        match kind & Kind::BY_LENGTH {
            0 => kind,
            _ => self.by_length[(kind & !Kind::BY_LENGTH) as usize][number.length() as usize],
        }
    }

    /// The numbers of each class, which are so many.
    pub fn members(&self, count: u32) -> Vec<NumberSet> {
        let mut spans: Vec<Vec<Span>> = vec![Vec::new(); count as usize];
        let starts: Vec<(u64, u32)> = self.line.iter().collect();
        for (at, (low, _)) in starts.iter().enumerate() {
            let high = starts.get(at + 1).map_or(LAST_KEY, |(next, _)| next - 1);
            for length in 1..=15 {
                let Some((first, last)) = keys_of_length(*low, high, length) else { continue };
                let Some(number) = Span::number_at(first, length) else { continue };
                let span = Span { low: first, high: last + unit(length) - 1, lengths: 1 << length };
                spans[self.around(number) as usize].push(span);
            }
        }
        let mut elsewhere: Vec<Vec<Span>> = vec![Vec::new(); count as usize];
        let mut own: Vec<Vec<Pattern>> = vec![Vec::new(); count as usize];
        for (number, class) in self.points.iter().chain(self.named.iter()) {
            elsewhere[self.around(number) as usize].push(Span::from(number));
            own[class as usize].push(Pattern::Number(number));
        }
        own[self.withheld as usize].push(Pattern::Anonymous);
        for (text, class) in &self.locals {
            own[*class as usize].push(Pattern::Local(text.to_string()));
        }
        let sets = spans.into_iter().zip(elsewhere).zip(own).map(|((spans, elsewhere), own)| {
            let rest = NumberSet::from_spans(spans).difference(&NumberSet::from_spans(elsewhere));
            rest.union(&NumberSet::from_patterns(&own))
        });
        let mut sets: Vec<NumberSet> = sets.collect();
        let named: Vec<Pattern> = self.locals.iter().map(|(text, _)| Pattern::Local(text.to_string())).collect();
        let other = NumberSet::all_locals().difference(&NumberSet::from_patterns(&named));
        sets[self.other_local as usize] = sets[self.other_local as usize].union(&other);
        sets
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        let locals = self.locals.iter().map(|(text, _)| text.len() + size_of::<(Box<str>, Class)>());
        self.named.bytes()
            + self.points.bytes()
            + self.line.bytes()
            + size_of_val(&*self.by_length)
            + locals.sum::<usize>()
    }
}
