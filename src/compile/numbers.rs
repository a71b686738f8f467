//! From a number to its class, as calls look it up, and back from a class to its numbers.

use super::classes::Class;
use crate::phone::lookup::{Intervals, NumberTable, Points};
use crate::phone::spans::KeySpan;
use crate::phone::{
    E164, LocalDigits, Number, NumberSet, Pattern, PlainDigits, TextInterval, unreachable_digits, unreachable_numbers,
};

/// Finds the class of a number: a few steps, whatever the plan.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct NumberIndex {
    /// Whole numbers that are of another class than what lies around them, as calls bring them.
    named: NumberTable,
    /// The rest of such numbers.
    points: Points,
    /// Of each interval of keys, a [`IntervalClass`].
    line: Intervals,
    /// Where the class depends on how many digits a number has: by that.
    by_length: Box<[[Class; 16]]>,
    withheld: Class,
    locals: LocalIndex,
}

/// What an index is made of.
pub(super) struct IndexParts {
    /// Where each interval begins, the first at 0, and what it is.
    pub line: Vec<(u64, IntervalClass)>,
    /// Whole numbers that are of another class than what lies around them.
    pub points: Vec<(E164, Class)>,
    pub by_length: Vec<[Class; 16]>,
    pub withheld: Class,
    pub locals: LocalParts,
}

/// What an interval of keys is: of a class, or for each length of a class of its own. In one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IntervalClass(pub u32);

impl IntervalClass {
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

/// Numbers that lie on a line of keys, those that start alike side by side: E.164 numbers, and
/// local ones of digits alone.
pub(super) trait KeyLine: Copy + Ord {
    /// The key of the first number.
    const FIRST_KEY: u64;

    fn spans(set: &NumberSet) -> &[KeySpan];
    /// The number that is all of a span, if it is one.
    fn only(span: &KeySpan) -> Option<Self>;
    /// The number with this key and `length` digits.
    fn of_key(key: u64, length: u32) -> Option<Self>;
    fn place(self) -> u64;
    fn digits(self) -> u32;
    /// Numbers that no call brings.
    fn never_brought() -> impl Iterator<Item = Self>;

    /// The keys of the numbers of a length that lie here, first and last.
    fn keys_of_length(low: u64, high: u64, length: u32) -> Option<(u64, u64)> {
        let first = low.max(Self::FIRST_KEY).next_multiple_of(unit(length));
        let last = high.min(LAST_KEY) / unit(length) * unit(length);
        (first <= last).then_some((first, last))
    }

    /// The lengths of which more numbers that a call can bring have their keys here, both ends in
    /// it, than so many.
    fn lengths_with_more(low: u64, high: u64, than: &[u64; 16]) -> u16 {
        let has_more = |length: &u32| {
            let Some((first, last)) = Self::keys_of_length(low, high, *length) else { return false };
            let is_within = |number: &Self| number.digits() == *length && (first..=last).contains(&number.place());
            let never_brought = Self::never_brought().filter(is_within).count() as u64;
            (last - first) / unit(*length) + 1 - never_brought > than[*length as usize]
        };
        (1..=15).filter(has_more).fold(0, |lengths, length| lengths | 1 << length)
    }
}

impl KeyLine for E164 {
    const FIRST_KEY: u64 = FIRST_KEY;

    fn spans(set: &NumberSet) -> &[KeySpan] {
        set.spans()
    }

    fn only(span: &KeySpan) -> Option<Self> {
        span.as_number()
    }

    fn of_key(key: u64, length: u32) -> Option<Self> {
        KeySpan::number_at(key, length)
    }

    fn place(self) -> u64 {
        self.key()
    }

    fn digits(self) -> u32 {
        self.length()
    }

    fn never_brought() -> impl Iterator<Item = Self> {
        unreachable_numbers().into_iter()
    }
}

impl KeyLine for LocalDigits {
    const FIRST_KEY: u64 = 0;

    fn spans(set: &NumberSet) -> &[KeySpan] {
        set.local_digits()
    }

    fn only(span: &KeySpan) -> Option<Self> {
        span.as_local()
    }

    fn of_key(key: u64, length: u32) -> Option<Self> {
        Some(Self::from_value(key / unit(length), length))
    }

    fn place(self) -> u64 {
        self.key()
    }

    fn digits(self) -> u32 {
        self.length()
    }

    fn never_brought() -> impl Iterator<Item = Self> {
        unreachable_digits().into_iter()
    }
}

/// The classes of local numbers.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct LocalIndex {
    /// Of digits alone, those that are of another class than what lies around them; sorted.
    points: Box<[(LocalDigits, Class)]>,
    /// Of each interval of the keys of digits, a [`IntervalClass`].
    line: Intervals,
    /// Of other texts, from each on their class; the first is the empty one.
    texts: Box<[(Box<str>, Class)]>,
}

/// What the index of local numbers is made of.
pub(super) struct LocalParts {
    pub line: Vec<(u64, IntervalClass)>,
    pub points: Vec<(LocalDigits, Class)>,
    pub texts: Vec<(Box<str>, Class)>,
}

impl LocalIndex {
    fn new(parts: LocalParts) -> Self {
        let LocalParts { line, points, mut texts } = parts;
        texts.dedup_by_key(|(_, class)| *class);
        Self {
            points: points.into(),
            line: Intervals::new(line.into_iter().map(|(start, kind)| (start, kind.0))),
            texts: texts.into(),
        }
    }

    fn class_of_text(&self, text: &str) -> Class {
        let after = self.texts.partition_point(|(start, _)| **start <= *text);
        self.texts[after - 1].1
    }

    /// Each stretch of texts, and its class.
    fn stretches(&self) -> impl Iterator<Item = (TextInterval, Class)> + '_ {
        let ends = self.texts.iter().skip(1).map(|(start, _)| Some(start.clone())).chain([None]);
        self.texts.iter().zip(ends).map(|((start, class), end)| ((start.clone(), end), *class))
    }

    fn bytes(&self) -> usize {
        let texts = self.texts.iter().map(|(text, _)| text.len() + size_of::<(Box<str>, Class)>());
        size_of_val(&*self.points) + self.line.bytes() + texts.sum::<usize>()
    }
}

impl NumberIndex {
    pub(super) fn new(parts: IndexParts) -> Self {
        let IndexParts { line, points, by_length, withheld, locals } = parts;
        let (named, points) = NumberTable::new(points);
        Self {
            named,
            points: Points::new(points),
            line: Intervals::new(line.into_iter().map(|(start, kind)| (start, kind.0))),
            by_length: by_length.into(),
            withheld,
            locals: LocalIndex::new(locals),
        }
    }

    /// The class of what a call brings.
    #[inline(always)]
    pub fn class(&self, text: &str) -> Class {
        let Some(plain) = PlainDigits::of(text) else { return self.class_of_any(text) };
        if let Some(class) = self.named.get(plain) {
            return class;
        }
        // Where all numbers go the same way, this one need not be read.
        match self.line.only() {
            Some(class)
                if class & IntervalClass::BY_LENGTH == 0 && self.points.is_empty() && plain.is_plainly_a_number() =>
            {
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
        self.class_of_number(Number::read(text))
    }

    /// The class of a number that has been read.
    pub fn class_of_number(&self, number: Number) -> Class {
        match number {
            // An address may hold a number as calls mostly bring it.
            Number::E164(number) => match PlainDigits::of_number(number) {
                Some(plain) => self.named.get(plain).unwrap_or_else(|| self.class_of_e164(number)),
                None => self.class_of_e164(number),
            },
            Number::Withheld => self.withheld,
            Number::Local(text) => match LocalDigits::parse(text) {
                Some(digits) => self.class_of_digits(digits),
                None => self.locals.class_of_text(text),
            },
        }
    }

    fn class_of_digits(&self, digits: LocalDigits) -> Class {
        let found = self.locals.points.binary_search_by_key(&digits, |(held, _)| *held);
        found.map_or_else(|_| self.around_digits(digits), |at| self.locals.points[at].1)
    }

    fn around_digits(&self, digits: LocalDigits) -> Class {
        self.class_of_kind(self.locals.line.get(digits.key()), digits.length())
    }

    fn class_of_kind(&self, kind: u32, length: u32) -> Class {
        match kind & IntervalClass::BY_LENGTH {
            0 => kind,
            _ => self.by_length[(kind & !IntervalClass::BY_LENGTH) as usize][length as usize],
        }
    }

    /// The class of the interval around a number.
    #[inline(never)]
    fn around(&self, number: E164) -> Class {
        self.class_of_kind(self.line.get(number.key()), number.length())
    }

    /// The numbers of each of `count` classes.
    pub fn members(&self, count: u32) -> Vec<NumberSet> {
        let points = self.points.iter().chain(self.named.iter());
        let numbers = spans_of_classes(count, &self.line, points, |number: E164| self.around(number));
        let points = self.locals.points.iter().copied();
        let digits = spans_of_classes(count, &self.locals.line, points, |digits| self.around_digits(digits));
        let mut texts: Vec<Vec<TextInterval>> = vec![Vec::new(); count as usize];
        for (interval, class) in self.locals.stretches() {
            texts[class as usize].push(interval);
        }
        let sets = numbers.into_iter().zip(digits).zip(texts);
        let mut sets: Vec<NumberSet> = sets
            .map(|((numbers, digits), texts)| {
                let numbers = less(numbers, NumberSet::from_spans);
                let digits = less(digits, |spans| NumberSet::from_locals(spans, Vec::new()));
                NumberSet::union_of([&numbers, &digits, &NumberSet::from_locals(Vec::new(), texts)])
            })
            .collect();
        let withheld = NumberSet::from_patterns(&[Pattern::Anonymous]);
        sets[self.withheld as usize] = sets[self.withheld as usize].union(&withheld);
        sets
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.named.bytes()
            + self.points.bytes()
            + self.line.bytes()
            + size_of_val(&*self.by_length)
            + self.locals.bytes()
    }
}

/// Of a class: what intervals give it, the numbers among these that are of other classes, and its
/// own single numbers.
type ClassSpans = [Vec<KeySpan>; 3];

fn spans_of_classes<N: KeyLine>(
    count: u32,
    line: &Intervals,
    points: impl Iterator<Item = (N, Class)>,
    around: impl Fn(N) -> Class,
) -> Vec<ClassSpans>
where
    KeySpan: From<N>,
{
    let mut spans: Vec<ClassSpans> = vec![Default::default(); count as usize];
    let starts: Vec<(u64, u32)> = line.iter().collect();
    for (at, (low, _)) in starts.iter().enumerate() {
        let high = starts.get(at + 1).map_or(LAST_KEY, |(next, _)| next - 1);
        for length in 1..=15 {
            let Some((first, last)) = N::keys_of_length(*low, high, length) else { continue };
            let Some(number) = N::of_key(first, length) else { continue };
            let span = KeySpan { low: first, high: last + unit(length) - 1, lengths: 1 << length };
            spans[around(number) as usize][0].push(span);
        }
    }
    for (number, class) in points {
        spans[around(number) as usize][1].push(KeySpan::from(number));
        spans[class as usize][2].push(KeySpan::from(number));
    }
    spans
}

fn less([wide, elsewhere, own]: ClassSpans, set: impl Fn(Vec<KeySpan>) -> NumberSet) -> NumberSet {
    set(wide).difference(&set(elsewhere)).union(&set(own))
}
