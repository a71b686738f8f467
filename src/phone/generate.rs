//! Patterns for property tests, crowded together so that they overlap, and numbers at their edges.

use proptest::prelude::*;

use super::number::{E164, LocalDigits, Number, OwnedNumber};
use super::pattern::{E164Range, LocalRange, Pattern, Prefix};
use super::withheld::unreachable_numbers;

pub(super) fn e164() -> impl Strategy<Value = E164> {
    let few_digits = "[19][0159]{0,4}|[1-9][0-9]{0,14}";
    let unreachable = (0..5_usize).prop_map(|at| unreachable_numbers()[at]);
    prop_oneof![9 => few_digits.prop_map(|digits| E164::parse(&format!("+{digits}")).unwrap()), 1 => unreachable]
}

pub(super) fn pattern() -> impl Strategy<Value = Pattern> {
    let range = (e164(), 0_u64..200).prop_map(|(low, more)| {
        let high = E164::parse(&format!("+{}", low.value() + more)).unwrap_or(low);
        Pattern::Range(E164Range::new(low, if high.length() == low.length() { high } else { low }).unwrap())
    });
    prop_oneof![
        4 => e164().prop_map(Pattern::Number),
        4 => e164().prop_map(|number| Pattern::Prefix(Prefix::of(number))),
        4 => range,
        1 => Just(Pattern::Prefix(Prefix::ALL)),
        1 => Just(Pattern::Anonymous),
        1 => (1000_u32..1003).prop_map(|n| Pattern::Local(n.to_string())),
        2 => local_text().prop_map(Pattern::Local),
        3 => prop_oneof![4 => local_text(), 1 => Just(String::new())].prop_map(Pattern::LocalPrefix),
        3 => local_range(),
    ]
}

/// Few different ones, so that they meet.
fn local_text() -> impl Strategy<Value = String> {
    "[01]{1,4}|10[0-9]{2}|0{9,11}|1[0a]{0,2}b?|[0-9]{15,16}"
        .prop_filter("a text that is read as itself", |text| Number::read(text) == Number::Local(text))
}

fn local_range() -> impl Strategy<Value = Pattern> {
    ("[01]{1,4}|10[0-9]{2}|0{9,10}", 0_u64..300).prop_map(|(low, more)| {
        let low = LocalDigits::parse(&low).unwrap();
        let most = 10_u64.pow(low.length()) - 1;
        let high = LocalDigits::from_value((low.value() + more).min(most), low.length());
        Pattern::LocalRange(LocalRange::new(low, high).unwrap())
    })
}

pub(super) fn patterns() -> impl Strategy<Value = Vec<Pattern>> {
    prop::collection::vec(pattern(), 0..8)
}

/// Numbers around the ends of a pattern: the next and the last, a digit more and a digit fewer, and
/// some at random.
pub(super) fn numbers_near(pattern: &Pattern, seeds: [u64; 8]) -> Vec<OwnedNumber> {
    let ends = match pattern {
        Pattern::Number(number) => vec![*number],
        Pattern::Prefix(prefix) => prefix.number().into_iter().collect(),
        Pattern::Range(range) => vec![range.low(), range.high()],
        Pattern::Anonymous | Pattern::Local(_) | Pattern::LocalPrefix(_) | Pattern::LocalRange(_) => Vec::new(),
    };
    let texts = match pattern {
        Pattern::Local(text) | Pattern::LocalPrefix(text) => vec![text.clone()],
        Pattern::LocalRange(range) => vec![range.low().to_string(), range.high().to_string()],
        Pattern::Number(_) | Pattern::Prefix(_) | Pattern::Range(_) | Pattern::Anonymous => Vec::new(),
    };
    let beside = |text: String| {
        let value: Option<u64> = text.parse().ok().filter(|_| text.len() < 16);
        let near = value.into_iter().flat_map(|value| [value.saturating_sub(1), value + 1, value + 7]);
        let near = near.map(|value| format!("{value:0width$}", width = text.len())).collect::<Vec<_>>();
        let longer = ["", "0", "9", "a", "00"].map(|more| format!("{text}{more}"));
        let shorter = text.get(..text.len().saturating_sub(1)).unwrap_or_default().to_owned();
        longer.into_iter().chain(near).chain([shorter])
    };
    let is_local = |text: &String| Number::read(text) == Number::Local(text);
    let texts = texts.into_iter().flat_map(beside).filter(is_local).map(OwnedNumber::Local).collect::<Vec<_>>();
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
    numbers.chain(unreachable_numbers()).map(OwnedNumber::E164).chain(others).chain(texts).collect()
}
