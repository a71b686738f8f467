//! Exact sets of local numbers.
//!
//! Local numbers of up to 15 digits and nothing else are kept by their digits, as E.164 numbers
//! are: a range of them is one run. All other texts are kept as intervals of the order of texts, in
//! which those that begin alike lie side by side: a prefix is one interval, and so is one text.

use super::number::{LocalDigits, MAX_DIGITS, Number, unit};
use super::pattern::{LocalRange, Pattern, lengths_from};
use super::spans::{KeySpan, KeySpans, bits};
use super::withheld::unreachable_digits;

/// Equal sets are equal, and hash alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Locals {
    digits: KeySpans,
    texts: TextBounds,
}

/// What a set of local numbers is made of, piece by piece.
#[derive(Default)]
pub(super) struct LocalPieces {
    digits: Vec<KeySpan>,
    texts: Vec<TextInterval>,
}

/// The texts from one up to, not including, another; without that, all that come after.
pub(crate) type TextInterval = (Box<str>, Option<Box<str>>);

impl LocalPieces {
    /// Adds the numbers that begin so.
    pub fn prefix(&mut self, prefix: &str) {
        self.digits.extend(digits_of_prefix(prefix));
        self.texts.push(interval_of_prefix(prefix));
    }

    /// Adds a range.
    pub fn range(&mut self, range: LocalRange) {
        self.digits.push(KeySpan::from(range));
    }

    /// Adds one number.
    pub fn one(&mut self, text: &str) {
        match LocalDigits::parse(text) {
            Some(digits) => self.digits.push(KeySpan::from(digits)),
            None => self.texts.push(interval_of_text(text)),
        }
    }

    /// Adds numbers by their digits.
    pub fn digits(&mut self, spans: impl IntoIterator<Item = KeySpan>) {
        self.digits.extend(spans);
    }

    /// Adds texts that are not digits alone.
    pub fn texts(&mut self, interval: TextInterval) {
        self.texts.push(interval);
    }

    pub fn into_locals(self) -> Locals {
        let digits = KeySpans::union_of(self.digits).combine(&withheld(), |a, b| a & !b);
        Locals { digits, texts: TextBounds::union_of(self.texts) }
    }
}

/// The numbers of digits alone that begin so, in one piece, if there are any.
pub(super) fn digits_of_prefix(prefix: &str) -> Option<KeySpan> {
    if prefix.is_empty() {
        return Some(KeySpan { low: 0, high: LAST_LOCAL_KEY, lengths: lengths_from(1) });
    }
    let digits = LocalDigits::parse(prefix)?;
    let (low, length) = (digits.key(), digits.length());
    Some(KeySpan { low, high: low + unit(length) - 1, lengths: lengths_from(length) })
}

/// The texts that begin so.
pub(super) fn interval_of_prefix(prefix: &str) -> TextInterval {
    (cut(prefix.to_owned()), after_prefix(prefix))
}

/// One text alone.
pub(super) fn interval_of_text(text: &str) -> TextInterval {
    (cut(text.to_owned()), Some(cut(format!("{text}\0"))))
}

/// The greatest key of a local number: that of fifteen nines.
pub(super) const LAST_LOCAL_KEY: u64 = 999_999_999_999_999;

/// The digits that are read as a withheld number, ten zeros, are in no set.
fn withheld() -> KeySpans {
    KeySpans::union_of(unreachable_digits().map(KeySpan::from).to_vec())
}

/// The first text after all those that begin so, if any comes after them.
fn after_prefix(prefix: &str) -> Option<Box<str>> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        // Between the two halves of Unicode there are numbers that are no characters.
        let next = if last == '\u{d7ff}' { Some('\u{e000}') } else { char::from_u32(u32::from(last) + 1) };
        if let Some(next) = next {
            text.push(next);
            return Some(cut(text));
        }
    }
    None
}

/// Where an interval begins or ends: the place before this text. Digits alone are no texts here, so
/// what comes just after them is the same place as what comes just before.
fn cut(mut text: String) -> Box<str> {
    if let Some(before) = text.strip_suffix('\0')
        && (before.is_empty() || LocalDigits::parse(before).is_some())
    {
        text.pop();
    }
    text.into()
}

impl Locals {
    /// Every local number.
    pub fn all() -> Self {
        let mut pieces = LocalPieces::default();
        pieces.prefix("");
        pieces.into_locals()
    }

    pub fn contains(&self, text: &str) -> bool {
        match LocalDigits::parse(text) {
            Some(digits) => self.digits.contains_digits(digits),
            None => self.texts.contains(text),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.digits.as_slice().is_empty() && self.texts.0.is_empty()
    }

    pub fn union(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a | b)
    }

    pub fn intersect(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a & b)
    }

    pub fn difference(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a & !b)
    }

    /// What `operation`, which works bit by bit and makes nothing of nothing, makes of both.
    fn combine(&self, other: &Self, operation: impl Fn(u16, u16) -> u16) -> Self {
        let texts = self.texts.combine(&other.texts, |a, b| operation(u16::from(a), u16::from(b)) & 1 == 1);
        Self { digits: self.digits.combine(&other.digits, operation), texts }
    }

    pub fn is_subset(&self, other: &Self) -> bool {
        self.digits.is_nothing(&other.digits, |a, b| a & !b)
            && self.texts.combine(&other.texts, |a, b| a && !b).0.is_empty()
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        !self.digits.is_nothing(&other.digits, |a, b| a & b)
            || !self.texts.combine(&other.texts, |a, b| a && b).0.is_empty()
    }

    /// Of digits alone, as runs of keys in order.
    pub fn digits(&self) -> &[KeySpan] {
        self.digits.as_slice()
    }

    /// Where other texts begin to be in the set, and where they cease to be, by turns.
    pub fn cuts(&self) -> &[Box<str>] {
        &self.texts.0
    }

    /// Whether it has all but some texts of each kind.
    pub fn is_all_but_some(&self) -> bool {
        self.texts.0.len() % 2 == 1
    }

    /// One of them: a short extension if there is one, else digits, else another text that is read
    /// as itself.
    pub fn witness(&self) -> Option<String> {
        let familiar = (1001..1101).map(|extension: u64| LocalDigits::from_value(extension, 4));
        let digits = familiar.into_iter().find(|digits| self.digits.contains_digits(*digits));
        let digits = digits.or_else(|| digits_in(self.digits.as_slice()));
        digits.map(|digits| digits.to_string()).or_else(|| self.texts.witness())
    }
}

/// Lengths of extensions, the likeliest first.
const LENGTHS_BY_LIKELIHOOD: [u32; 15] = [4, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 2, 1];

fn digits_in(spans: &[KeySpan]) -> Option<LocalDigits> {
    let with = |length: u32| spans.iter().find(|span| span.lengths >> length & 1 == 1).map(|span| (span, length));
    let (span, length) = LENGTHS_BY_LIKELIHOOD.into_iter().find_map(with)?;
    let (low, high) = (span.low / unit(length), span.high / unit(length));
    let free = (0..=length).map(|open| 10_u64.pow(open)).find(|free| low / free == high / free).unwrap_or(1);
    // The first of a hundred or a thousand looks better than the one before it.
    let likely = low / free * free + 1;
    Some(LocalDigits::from_value(if (low..=high).contains(&likely) { likely } else { low }, length))
}

/// Texts, as the places before which they begin to be in the set, and cease to be, by turns; in
/// order, each once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
struct TextBounds(Vec<Box<str>>);

/// Maximum number of intervals that are searched for a text to show.
const MAX_TRIED: usize = 64;

impl TextBounds {
    /// The union of any intervals, in any order: one sweep over their ends, counting how many hold.
    fn union_of(intervals: Vec<TextInterval>) -> Self {
        let mut events = Vec::with_capacity(intervals.len() * 2);
        for (start, end) in intervals {
            events.push((start, 1));
            events.extend(end.map(|end| (end, -1)));
        }
        events.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let (mut texts, mut open) = (Self::default(), 0_i64);
        for group in events.chunk_by(|a, b| a.0 == b.0) {
            let before = open;
            open += group.iter().map(|(_, change)| change).sum::<i64>();
            if (before > 0) != (open > 0) {
                texts.0.push(group[0].0.clone());
            }
        }
        texts
    }

    fn contains(&self, text: &str) -> bool {
        self.0.partition_point(|cut| **cut <= *text) % 2 == 1
    }

    fn combine(&self, other: &Self, operation: impl Fn(bool, bool) -> bool) -> Self {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        let (mut in_a, mut in_b, mut is_in) = (false, false, false);
        let mut texts = Self::default();
        loop {
            let next = match (a.peek(), b.peek()) {
                (Some(one), Some(other)) => *one.min(other),
                (Some(only), None) | (None, Some(only)) => *only,
                (None, None) => return texts,
            };
            in_a ^= a.next_if_eq(&next).is_some();
            in_b ^= b.next_if_eq(&next).is_some();
            if operation(in_a, in_b) != is_in {
                is_in = !is_in;
                texts.0.push(next.clone());
            }
        }
    }

    fn witness(&self) -> Option<String> {
        let is_read = |text: &String| self.contains(text) && Number::read(text) == Number::Local(text);
        let candidates = |start: &str| ["", "1", "a", "desk", "#", "-1", "x"].map(|more| format!("{start}{more}"));
        let starts = self.0.iter().step_by(2).take(MAX_TRIED);
        starts.flat_map(|start| candidates(start)).find(|text| LocalDigits::parse(text).is_none() && is_read(text))
    }
}

/// A set of local numbers in patterns: a number is in it if the narrowest of these that hold it is
/// one of those held.
#[derive(Default)]
pub(super) struct DescribedSet {
    pub held: Vec<Pattern>,
    pub left_out: Vec<Pattern>,
}

/// Maximum number of characters in the patterns of a description. No set that a person could read
/// needs more.
const MAX_TOLD: usize = 100_000;

impl Locals {
    /// Few patterns that make the set, those that are written in a plan where it was made of them.
    pub fn describe(&self) -> DescribedSet {
        let mut teller =
            PatternDescriber { cuts: &self.texts.0, levels: Vec::new(), told: 0, described: DescribedSet::default() };
        let all = usize::from(self.is_all_but_some());
        if all == 1 {
            teller.prefix("", 0);
        }
        let from = usize::from(self.texts.0.first().is_some_and(|cut| cut.is_empty()));
        teller.region("", from, self.texts.0.len(), all);
        let expected = teller.expected_digits();
        let mut described = teller.described;
        described.held.extend(ranges_of(&self.digits.combine(&expected, |a, b| a & !b)));
        described.left_out.extend(ranges_of(&expected.combine(&self.digits, |a, b| a & !b)));
        described.held.sort_by_cached_key(Pattern::to_string);
        described.left_out.sort_by_cached_key(Pattern::to_string);
        described
    }
}

/// Takes the texts of a set apart: prefixes within prefixes, each the opposite of the one around
/// it.
struct PatternDescriber<'s> {
    cuts: &'s [Box<str>],
    /// The digits of the prefixes at each depth: those at even depths are held.
    levels: Vec<Vec<KeySpan>>,
    told: usize,
    described: DescribedSet,
}

impl PatternDescriber<'_> {
    fn prefix(&mut self, prefix: &str, depth: usize) {
        if self.levels.len() <= depth {
            self.levels.resize_with(depth + 1, Vec::new);
        }
        self.levels[depth].extend(digits_of_prefix(prefix));
        self.push(Pattern::LocalPrefix(prefix.to_owned()), depth);
    }

    fn push(&mut self, pattern: Pattern, depth: usize) {
        let side = if depth.is_multiple_of(2) { &mut self.described.held } else { &mut self.described.left_out };
        side.push(pattern);
    }

    /// What begins with `around`, with the cuts from one up to another in it. What differs from how
    /// it ends is at this depth. Before a cut at an odd place, texts are in the set.
    fn region(&mut self, around: &str, from: usize, to: usize, depth: usize) {
        let cuts = self.cuts;
        let (Some(first), Some(last)) = (cuts[from..to].first(), cuts[from..to].last()) else { return };
        let is_usual = |at: usize| at % 2 == to % 2;
        let common = common_start(first, last);
        if common.len() > around.len() && is_usual(from) {
            return self.region(common, from + usize::from(**first == *common), to, depth);
        }
        if !is_usual(from) && !around.is_empty() && LocalDigits::parse(around).is_none() {
            self.push(Pattern::Local(around.to_owned()), depth);
        }
        let (mut at, mut character) = (from, '\0');
        while at < to {
            let Some(next) = cuts[at][around.len()..].chars().next() else { return };
            if !is_usual(at) {
                for between in character..next {
                    self.told += 1;
                    if self.told > MAX_TOLD {
                        return;
                    }
                    self.prefix(&format!("{around}{between}"), depth);
                }
            }
            let inner = format!("{around}{next}");
            let end = at + cuts[at..to].partition_point(|cut| cut.starts_with(&inner));
            let start = at + usize::from(*cuts[at] == *inner);
            if is_usual(end) {
                self.region(&inner, start, end, depth);
            } else {
                self.prefix(&inner, depth);
                self.region(&inner, start, end, depth + 1);
            }
            at = end;
            character = char::from_u32(u32::from(next) + 1).unwrap_or('\u{e000}');
        }
    }

    /// The digits that the prefixes make, each the opposite of the one around it.
    fn expected_digits(&mut self) -> KeySpans {
        let levels = std::mem::take(&mut self.levels).into_iter().enumerate();
        let digits = levels.fold(KeySpans::default(), |digits, (depth, spans)| {
            let spans = KeySpans::union_of(spans);
            digits.combine(&spans, |a, b| if depth.is_multiple_of(2) { a | b } else { a & !b })
        });
        digits.combine(&withheld(), |a, b| a & !b)
    }
}

/// What two texts begin with alike.
fn common_start<'t>(one: &'t str, other: &str) -> &'t str {
    let alike = one.char_indices().zip(other.chars()).find(|((_, a), b)| a != b);
    match alike {
        Some(((at, _), _)) => &one[..at],
        None => &one[..one.len().min(other.len())],
    }
}

/// Digits, length by length, as ranges.
fn ranges_of(digits: &KeySpans) -> Vec<Pattern> {
    let mut found = Vec::new();
    for length in 1..=MAX_DIGITS {
        let with = digits.as_slice().iter().filter(|span| bits(span.lengths).any(|bit| bit == length as usize));
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for span in with {
            match runs.last_mut() {
                Some((_, high)) if *high + 1 == span.low => *high = span.high,
                _ => runs.push((span.low, span.high)),
            }
        }
        found.extend(runs.into_iter().map(|(low, high)| {
            let [low, high] = [low, high].map(|key| LocalDigits::from_value(key / unit(length), length));
            match LocalRange::new(low, high) {
                Ok(range) => Pattern::LocalRange(range).normal(),
                // The ends have one length and stand in order.
                Err(_) => Pattern::Local(low.to_string()),
            }
        }));
    }
    found
}
