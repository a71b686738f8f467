//! Exact sets of E.164 numbers as runs of keys.
//!
//! A key of 15 digits has 15 beginnings, one of each length; each is a number. A set gives each key
//! a mask: which of its beginnings are in the set. That mask changes at few keys (a prefix, a range
//! and a number are one run each), it is the same however the set was made, and the operations on
//! sets are the operations on masks. Keys alone would not do: `+1` and `+10` share theirs, and
//! `+141555501000` lies between `+14155550100` and `+14155550101`.

use std::ops::ControlFlow;

use super::number::{Digits, E164, LocalDigits, unit};
use super::pattern::{NumberRange, Prefix, lengths_from};
use super::withheld::unreachable_numbers;

/// The least key: that of `+1`.
pub(super) const FIRST_KEY: u64 = 100_000_000_000_000;
/// The greatest key: that of `+999999999999999`.
pub(super) const LAST_KEY: u64 = 999_999_999_999_999;

/// A run of keys with the same beginnings in the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeySpan {
    /// The first key (see [`E164::key`]).
    pub low: u64,
    /// The last key.
    pub high: u64,
    /// The lengths, bits 1 to 15, whose beginnings of these keys are in the set; never none.
    pub lengths: u16,
}

impl KeySpan {
    /// The number that is all of it, if it is one.
    pub(crate) fn as_number(&self) -> Option<E164> {
        let length = self.lengths.trailing_zeros();
        let is_one = self.lengths.count_ones() == 1 && self.high - self.low + 1 == unit(length);
        if is_one { Self::number_at(self.low, length) } else { None }
    }

    /// The local number that is all of it, if it is one.
    pub(crate) fn as_local(&self) -> Option<LocalDigits> {
        let length = self.lengths.trailing_zeros();
        let is_one = self.lengths.count_ones() == 1 && self.high - self.low + 1 == unit(length);
        is_one.then(|| LocalDigits::from_value(self.low / unit(length), length))
    }

    /// The number of this key and length, if there is one.
    pub(crate) fn number_at(key: u64, length: u32) -> Option<E164> {
        let is_number = (FIRST_KEY..=LAST_KEY).contains(&key) && key.is_multiple_of(unit(length));
        is_number.then(|| E164::from_value(key / unit(length), length))
    }
}

impl From<Prefix> for KeySpan {
    fn from(prefix: Prefix) -> Self {
        let (low, high) = prefix.keys();
        Self { low: low.max(FIRST_KEY), high, lengths: lengths_from(prefix.length().max(1)) }
    }
}

impl<N: Digits> From<NumberRange<N>> for KeySpan {
    fn from(range: NumberRange<N>) -> Self {
        let length = range.low().length();
        Self { low: range.low().key(), high: range.high().key() + unit(length) - 1, lengths: 1 << length }
    }
}

impl<N: Digits> From<N> for KeySpan {
    fn from(number: N) -> Self {
        let (low, length) = (number.key(), number.length());
        Self { low, high: low + unit(length) - 1, lengths: 1 << length }
    }
}

/// Sorted, disjoint, as long as they can be, without the numbers that no call brings: so equal sets
/// are equal lists.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct KeySpans(Vec<KeySpan>);

impl KeySpans {
    /// Every number that a call can bring.
    pub fn universe() -> Self {
        Self::new(vec![KeySpan::from(Prefix::ALL)])
    }

    /// The union of any pieces, in any order, less what no call brings.
    pub fn new(pieces: Vec<KeySpan>) -> Self {
        let unreachable = Self::union_of(unreachable_numbers().map(KeySpan::from).to_vec());
        let all = Self::union_of(pieces);
        // Few sets need the copy.
        if all.is_nothing(&unreachable, |a, b| a & b) { all } else { all.combine(&unreachable, |a, b| a & !b) }
    }

    /// The union of any pieces, in any order: one sweep over their ends, counting for each length
    /// how many pieces hold it.
    pub fn union_of(pieces: Vec<KeySpan>) -> Self {
        let starts = pieces.iter().map(|piece| (piece.low, true, piece.lengths));
        let ends = pieces.iter().map(|piece| (piece.high + 1, false, piece.lengths));
        let mut events: Vec<_> = starts.chain(ends).collect();
        let most = pieces.len();
        drop(pieces);
        events.sort_unstable_by_key(|event| event.0);
        let mut spans = Self(Vec::with_capacity(most));
        let (mut counts, mut lengths, mut from) = ([0_u32; 16], 0_u16, 0);
        for (key, starts, changed) in events {
            if key > from {
                spans.push(KeySpan { low: from, high: key - 1, lengths });
                from = key;
            }
            for length in bits(changed) {
                counts[length] = if starts { counts[length] + 1 } else { counts[length] - 1 };
                let bit = 1 << length;
                lengths = if counts[length] > 0 { lengths | bit } else { lengths & !bit };
            }
        }
        spans.0.shrink_to_fit();
        spans
    }

    fn push(&mut self, span: KeySpan) {
        match self.0.last_mut() {
            _ if span.lengths == 0 => {}
            Some(last) if last.lengths == span.lengths && last.high + 1 == span.low => last.high = span.high,
            _ => self.0.push(span),
        }
    }

    pub fn as_slice(&self) -> &[KeySpan] {
        &self.0
    }

    pub fn contains(&self, number: E164) -> bool {
        self.contains_key(number.key(), number.length())
    }

    pub fn contains_digits(&self, digits: LocalDigits) -> bool {
        self.contains_key(digits.key(), digits.length())
    }

    fn contains_key(&self, key: u64, length: u32) -> bool {
        let after = self.0.partition_point(|span| span.low <= key);
        let span = after.checked_sub(1).and_then(|at| self.0.get(at));
        span.is_some_and(|span| key <= span.high && span.lengths & (1 << length) != 0)
    }

    /// The set whose masks are `operation` of both sets' masks, which makes nothing of nothing.
    pub fn combine(&self, other: &Self, operation: impl Fn(u16, u16) -> u16) -> Self {
        let mut spans = Self(Vec::with_capacity(self.0.len().max(other.0.len())));
        let _: ControlFlow<()> = sweep(&self.0, &other.0, |run, a, b| {
            spans.push(KeySpan { lengths: operation(a, b), ..run });
            ControlFlow::Continue(())
        });
        spans.0.shrink_to_fit();
        spans
    }

    /// Whether `operation` of both sets' masks leaves nothing.
    pub fn is_nothing(&self, other: &Self, operation: impl Fn(u16, u16) -> u16) -> bool {
        let found =
            |_: KeySpan, a, b| if operation(a, b) == 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
        sweep(&self.0, &other.0, found).is_continue()
    }
}

/// Visits, in order, the runs of keys on which both lists have one mask each, those where both have
/// none left out.
fn sweep<B>(
    a: &[KeySpan],
    b: &[KeySpan],
    mut visit: impl FnMut(KeySpan, u16, u16) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let (mut a, mut b) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    let mut low = 0;
    while a.peek().is_some() || b.peek().is_some() {
        let (a_lengths, a_high) = mask_from(a.peek(), low);
        let (b_lengths, b_high) = mask_from(b.peek(), low);
        let high = a_high.min(b_high);
        if a_lengths | b_lengths != 0 {
            visit(KeySpan { low, high, lengths: 0 }, a_lengths, b_lengths)?;
        }
        low = high + 1;
        a.next_if(|span| span.high < low);
        b.next_if(|span| span.high < low);
    }
    ControlFlow::Continue(())
}

/// The mask at a key that lies in or before this span, and the last key up to which it holds.
fn mask_from(span: Option<&KeySpan>, key: u64) -> (u16, u64) {
    match span {
        Some(span) if span.low <= key => (span.lengths, span.high),
        Some(span) => (0, span.low - 1),
        None => (0, LAST_KEY),
    }
}

/// The lengths in a mask, lowest first.
pub(super) fn bits(mask: u16) -> impl DoubleEndedIterator<Item = usize> {
    (1..16).filter(move |length| mask & (1 << length) != 0)
}
