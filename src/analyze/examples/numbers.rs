//! The boundaries of a set of numbers: both ends of each prefix and range, what is listed by
//! itself, what is left out.

use super::boundary::{Boundary, NumberBoundary, NumberBoundaryKind, is_brought, neighbor};
use crate::phone::{Country, E164, Number, NumberSet, OwnedNumber, Pattern};
use crate::plan::Party;
use std::collections::BTreeSet;

/// Numbers that are set aside for examples, or at least known to everybody.
const FAMILIAR: [&str; 4] = ["+14155550100", "+18005550100", "+442079460100", "+4930231250100"];

/// How long a number is that could be dialed, the likeliest first: in North America and around
/// Russia, and elsewhere.
const LENGTHS: [[u32; 15]; 2] =
    [[11, 12, 13, 14, 15, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], [12, 11, 13, 10, 14, 15, 9, 8, 7, 6, 5, 4, 3, 2, 1]];

/// What the first digit of a key of 15 digits is worth.
const FIRST_DIGIT: u64 = 100_000_000_000_000;

/// The boundaries of a set that a plan writes. Whole numbers that are listed have one together, and
/// so have those that are left out of a prefix or range.
pub(super) fn edges(party: Party, set: &NumberSet, listed_as: NumberBoundaryKind, edges: &mut Vec<Boundary>) {
    let complement = set.complement();
    let ends = ends(set);
    // A number that is an end on both sides stands alone.
    let alone = ends.windows(2).filter(|two| two[0].1 == two[1].0).map(|two| two[0].1);
    let (listed, left_out): (Vec<E164>, Vec<E164>) = alone.partition(|number| set.contains(&Number::E164(*number)));
    if !listed.is_empty() {
        let numbers = of_numbers(&listed);
        edges.push(between(party, listed_as, numbers, complement.clone()));
    }
    if !left_out.is_empty() {
        edges.push(between(party, NumberBoundaryKind::LeftOut, set.clone(), of_numbers(&left_out)));
    }
    let is_alone = |number: &E164| listed.binary_search(number).is_ok() || left_out.binary_search(number).is_ok();
    for (before, after) in ends {
        if !is_alone(&before) && !is_alone(&after) {
            let is_in = set.contains(&Number::E164(after));
            let (yes, no) = if is_in { (after, before) } else { (before, after) };
            edges.push(Boundary::Ends { party, yes, no });
        }
    }
    if set.has_anonymous() {
        let withheld = NumberSet::from_patterns(&[Pattern::Anonymous]);
        edges.push(between(party, NumberBoundaryKind::Withheld, withheld, complement.clone()));
    }
    if set.has_locals() && !set.has_most_locals() {
        edges.push(between(party, NumberBoundaryKind::Local, set.only_locals(), complement));
    }
}

/// The boundary around some countries.
pub(super) fn of_countries(party: Party, countries: &BTreeSet<Option<Country>>) -> Boundary {
    let sets: Vec<NumberSet> =
        countries.iter().map(|country| country.map_or_else(Country::numbers_of_none, Country::numbers)).collect();
    let yes = NumberSet::union_of(&sets);
    let no = yes.complement();
    let samples = [samples(&no), sets.iter().flat_map(NumberSet::witness).collect()];
    Boundary::Numbers(NumberBoundary { party, sort: NumberBoundaryKind::Country, sides: [no, yes], samples })
}

/// The boundary between numbers whose rows answer yes, and those whose rows answer no.
pub(super) fn of_column(party: Party, no: NumberSet, yes: NumberSet) -> Boundary {
    between(party, NumberBoundaryKind::Column, yes, no)
}

fn between(party: Party, sort: NumberBoundaryKind, yes: NumberSet, no: NumberSet) -> Boundary {
    let samples = [samples(&no), samples(&yes)];
    Boundary::Numbers(NumberBoundary { party, sort, sides: [no, yes], samples })
}

/// Some numbers of a set that a person would recognize.
fn samples(set: &NumberSet) -> Vec<OwnedNumber> {
    let familiar = FAMILIAR.iter().map(|text| Number::read(text)).filter(|number| set.contains(number));
    let first = set.spans().iter().filter_map(|span| span.as_number()).take(4).map(OwnedNumber::E164);
    let withheld = set.has_anonymous().then_some(OwnedNumber::Withheld);
    familiar.map(OwnedNumber::from).chain(first).chain(set.witness()).chain(withheld).collect()
}

fn of_numbers(numbers: &[E164]) -> NumberSet {
    let patterns: Vec<Pattern> = numbers.iter().map(|number| Pattern::Number(*number)).collect();
    NumberSet::from_patterns(&patterns)
}

/// Each two numbers, one after the other, of which only one is in a set; of a prefix, which ends at
/// every length, those of the likeliest.
fn ends(set: &NumberSet) -> Vec<(E164, E164)> {
    let spans = set.spans();
    let mut keys: Vec<u64> = spans.iter().flat_map(|span| [span.low, span.high + 1]).collect();
    keys.dedup();
    let lengths_at = |key: u64| {
        let after = spans.partition_point(|span| span.low <= key);
        after.checked_sub(1).map(|at| &spans[at]).filter(|span| key <= span.high).map_or(0, |span| span.lengths)
    };
    let end = |key: u64| {
        let (before, after) = (lengths_at(key - 1), lengths_at(key));
        let differing = before ^ after;
        // The number in the set is to look like one.
        let inside = if before & differing != 0 { key - 1 } else { key };
        let likely = &LENGTHS[usize::from(!matches!(inside / FIRST_DIGIT, 1 | 7))];
        let length = likely.iter().find(|length| differing >> **length & 1 == 1)?;
        let after = E164::parse(&format!("+{}", key.to_string().get(..*length as usize)?)).ok()?;
        Some((neighbor(after, -1)?, after)).filter(|_| is_brought(after))
    };
    keys.into_iter().filter_map(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::{E164Range, Prefix};

    fn number(text: &str) -> E164 {
        E164::parse(text).unwrap()
    }

    fn shown(patterns: &[Pattern], except: &[Pattern]) -> Vec<String> {
        let set = NumberSet::from_patterns(patterns).difference(&NumberSet::from_patterns(except));
        let mut found = Vec::new();
        edges(Party::Caller, &set, NumberBoundaryKind::Listed, &mut found);
        let say = |edge: &Boundary| match edge {
            Boundary::Ends { yes, no, .. } => format!("{yes} not {no}"),
            Boundary::Numbers(numbers) => format!("{:?} {}", numbers.sort, numbers.sides[1].patterns().len()),
            Boundary::Texts(..)
            | Boundary::Absent(_)
            | Boundary::Attestation(_)
            | Boundary::Switch(_)
            | Boundary::Times(_)
            | Boundary::Dates { .. }
            | Boundary::Closed { .. } => {
                panic!("{edge:?} is no boundary of numbers")
            }
        };
        found.iter().map(say).collect()
    }

    #[test]
    fn each_end_of_a_prefix_and_of_a_range_is_one() {
        let prefix = Pattern::Prefix(Prefix::of(number("+1415")));
        let range = Pattern::Range(E164Range::new(number("+442079460000"), number("+442079460099")).unwrap());
        assert_eq!(
            shown(&[prefix.clone(), range], &[]),
            [
                "+14150000000 not +14149999999",
                "+14159999999 not +14160000000",
                "+442079460000 not +442079459999",
                "+442079460099 not +442079460100"
            ]
        );
        let inner = Pattern::Prefix(Prefix::of(number("+141555")));
        assert_eq!(shown(&[prefix.clone(), inner], &[]), shown(&[prefix], &[]));
        assert_eq!(shown(&[Pattern::Prefix(Prefix::ALL)], &[]), [""; 0]);
    }

    #[test]
    fn what_is_listed_or_left_out_by_itself_is_one_together() {
        let one = |text| Pattern::Number(number(text));
        let prefix = Pattern::Prefix(Prefix::of(number("+1888")));
        assert_eq!(
            shown(&[one("+14155550100"), one("+14155550177"), Pattern::Anonymous, Pattern::Local("201".into())], &[]),
            ["Listed 2", "Withheld 1", "Local 1"]
        );
        let left_out = shown(&[prefix], &[one("+18885550142")]);
        assert_eq!(left_out.len(), 3, "{left_out:?}");
        assert!(left_out[0].starts_with("LeftOut"), "{left_out:?}");
        assert_eq!(left_out[1..], ["+18880000000 not +18879999999", "+18889999999 not +18890000000"]);
    }
}
