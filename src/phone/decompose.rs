//! A set of E.164 numbers as patterns that a plan could write.

use super::number::{E164, MAX_DIGITS, unit};
use super::pattern::{E164Range, Pattern, Prefix, lengths_from};
use super::spans::{FIRST_KEY, KeySpan, KeySpans, bits};
use super::withheld::unreachable_numbers;

/// Patterns that together hold exactly these numbers, of those that a call can bring, in the order
/// of a directory: every whole prefix, and what is left, length by length, as ranges and numbers.
pub(super) fn patterns_of(numbers: &KeySpans) -> Vec<Pattern> {
    let numbers = with_unreachable(numbers);
    if numbers.as_slice() == [KeySpan::from(Prefix::ALL)] {
        return vec![Pattern::Prefix(Prefix::ALL)];
    }
    let mut prefixes = Vec::new();
    for digit in 1..=9 {
        collect_prefixes(E164::from_value(digit, 1), numbers.as_slice(), &mut prefixes);
    }
    let taken = KeySpans::union_of(prefixes.iter().copied().map(KeySpan::from).collect());
    let rest = numbers.combine(&taken, |a, b| a & !b);
    let mut patterns: Vec<(u64, Pattern)> = ranges_of(rest.as_slice());
    patterns.extend(prefixes.into_iter().map(|prefix| (KeySpan::from(prefix).low, Pattern::Prefix(prefix))));
    patterns.sort();
    patterns.into_iter().map(|(_, pattern)| pattern).collect()
}

/// The set and those of the numbers that no call brings that lie amid its own, so that `+26*` is
/// not shown in pieces. It changes nothing: a pattern that holds such a number stands for the same
/// set as one that does not.
fn with_unreachable(numbers: &KeySpans) -> KeySpans {
    let has = |value: u64, length| numbers.contains(E164::from_value(value, length));
    let amid = unreachable_numbers().into_iter().filter(|number| {
        let (value, length) = (number.value(), number.length());
        (has(value - 1, length) && has(value + 1, length))
            || (has(value * 10, length + 1) && has(value * 10 + 9, length + 1))
    });
    let amid = KeySpans::union_of(amid.map(KeySpan::from).collect());
    numbers.combine(&amid, |a, b| a | b)
}

/// Adds the largest prefixes, of this number or longer ones that start so, that lie wholly in the
/// spans.
fn collect_prefixes(start: E164, spans: &[KeySpan], prefixes: &mut Vec<Prefix>) {
    let block = KeySpan::from(Prefix::of(start));
    let from = spans.partition_point(|span| span.high < block.low);
    let to = spans.partition_point(|span| span.low <= block.high);
    let spans = spans.get(from..to).unwrap_or_default();
    // Without 15-digit numbers there is no prefix, and a prefix of 15 digits is a number.
    if start.length() == MAX_DIGITS || spans.iter().all(|span| span.lengths & lengths_from(MAX_DIGITS) == 0) {
        return;
    }
    if let [span] = spans
        && span.low <= block.low
        && block.high <= span.high
    {
        if span.lengths & block.lengths == block.lengths {
            prefixes.push(Prefix::of(start));
            return;
        }
        // All ten below are alike, so are all the hundreds below those: those are shorter as
        // ranges.
        let below = lengths_from(start.length() + 1);
        if span.lengths & below != below {
            return;
        }
    }
    for digit in 0..10 {
        collect_prefixes(E164::from_value(start.value() * 10 + digit, start.length() + 1), spans, prefixes);
    }
}

/// What the spans hold of each length, as the longest ranges, each with the key that it starts at.
fn ranges_of(spans: &[KeySpan]) -> Vec<(u64, Pattern)> {
    let mut runs: [Option<(u64, u64)>; 16] = [None; 16];
    let mut found = Vec::new();
    for span in spans {
        for length in bits(span.lengths) {
            match &mut runs[length] {
                Some((_, high)) if *high + 1 == span.low => *high = span.high,
                run => found.extend(run.replace((span.low, span.high)).map(|run| range(run, length))),
            }
        }
    }
    let open = runs.into_iter().enumerate();
    found.extend(open.filter_map(|(length, run)| run.map(|run| range(run, length))));
    found
}

fn range((low, high): (u64, u64), length: usize) -> (u64, Pattern) {
    let length = length as u32;
    let number = |key: u64| E164::from_value(key / unit(length), length);
    debug_assert!(low >= FIRST_KEY);
    let pattern = match E164Range::new(number(low), number(high)) {
        Ok(range) => Pattern::Range(range).normal(),
        // The ends have one length and stand in order.
        Err(_) => Pattern::Number(number(low)),
    };
    (low, pattern)
}
