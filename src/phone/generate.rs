//! Patterns for property tests, crowded together so that they overlap, and numbers at their edges.

use proptest::prelude::*;

use super::number::{E164, Number, OwnedNumber};
use super::pattern::{Pattern, Prefix, Range};
use super::read::unreachable_numbers;

pub(super) fn e164() -> impl Strategy<Value = E164> {
    let few_digits = "[19][0159]{0,4}|[1-9][0-9]{0,14}";
    let unreachable = (0..5_usize).prop_map(|at| unreachable_numbers()[at]);
    prop_oneof![9 => few_digits.prop_map(|digits| E164::parse(&format!("+{digits}")).unwrap()), 1 => unreachable]
}

pub(super) fn pattern() -> impl Strategy<Value = Pattern> {
    let range = (e164(), 0_u64..200).prop_map(|(low, more)| {
        let high = E164::parse(&format!("+{}", low.value() + more)).unwrap_or(low);
        Pattern::Range(Range::new(low, if high.length() == low.length() { high } else { low }).unwrap())
    });
    prop_oneof![
        4 => e164().prop_map(Pattern::Number),
        4 => e164().prop_map(|number| Pattern::Prefix(Prefix::of(number))),
        4 => range,
        1 => Just(Pattern::Prefix(Prefix::ALL)),
        1 => Just(Pattern::Anonymous),
        1 => (1000_u32..1003).prop_map(|n| Pattern::Local(n.to_string())),
    ]
}

pub(super) fn patterns() -> impl Strategy<Value = Vec<Pattern>> {
    prop::collection::vec(pattern(), 0..8)
}

/// Numbers around the ends of a pattern: the next and the last, a digit more and a digit fewer, and some at random.
pub(super) fn numbers_near(pattern: &Pattern, seeds: [u64; 8]) -> Vec<OwnedNumber> {
    let ends = match pattern {
        Pattern::Number(number) => vec![*number],
        Pattern::Prefix(prefix) => prefix.number().into_iter().collect(),
        Pattern::Range(range) => vec![range.low(), range.high()],
        Pattern::Anonymous | Pattern::Local(_) => Vec::new(),
    };
    let near = ends.iter().flat_map(|end| {
        let value = end.value();
        let longer = [value * 10, value * 10 + 9, value * 10 + seeds[0] % 10, (value + 1) * 10];
        let shorter = [value / 10, value / 10 + 1, value / 100];
        let beside = [value - 1, value, value + 1, value * 1000 + seeds[1] % 1000];
        longer.into_iter().chain(shorter).chain(beside)
    });
    let random = seeds.into_iter().map(|seed| seed % 10_u64.pow((seed % 15) as u32 + 1));
    let numbers = near.chain(random).filter_map(|value| E164::parse(&format!("+{value}")).ok());
    let others = [OwnedNumber::Withheld, Number::Local("1001").into(), Number::Local("desk").into()];
    numbers.chain(unreachable_numbers()).map(OwnedNumber::E164).chain(others).collect()
}
