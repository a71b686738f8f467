//! Exact sets of numbers, of every kind.

use std::borrow::Cow;

use super::decompose::patterns_of;
use super::locals::{LocalPieces, Locals, TextInterval};
use super::number::{E164, Number, OwnedNumber, unit};
use super::pattern::Pattern;
use super::spans::{KeySpan, KeySpans};

/// A set of numbers that a call can bring: some E.164 numbers, the withheld one or not, and local
/// ones by prefix, by range and by text. The five numbers that are read as withheld are in no set.
///
/// Sets with the same members are equal, and hash alike. Operations take time in proportion to both
/// sets' runs of keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NumberSet {
    numbers: KeySpans,
    anonymous: bool,
    locals: Locals,
}

impl Default for NumberSet {
    fn default() -> Self {
        Self::empty()
    }
}

impl NumberSet {
    /// No number.
    pub fn empty() -> Self {
        Self { numbers: KeySpans::default(), anonymous: false, locals: Locals::default() }
    }

    /// Every number that a call can bring.
    pub fn universe() -> Self {
        Self { numbers: KeySpans::universe(), anonymous: true, locals: Locals::all() }
    }

    /// Every local number.
    pub fn all_locals() -> Self {
        Self { locals: Locals::all(), ..Self::empty() }
    }

    /// What any of the patterns holds. One sort, however many and however much they overlap.
    pub fn from_patterns<'a>(patterns: impl IntoIterator<Item = &'a Pattern>) -> Self {
        let (mut pieces, mut locals, mut anonymous) = (Vec::new(), LocalPieces::default(), false);
        for pattern in patterns {
            match pattern {
                Pattern::Number(number) => pieces.push(KeySpan::from(*number)),
                Pattern::Prefix(prefix) => pieces.push(KeySpan::from(*prefix)),
                Pattern::Range(range) => pieces.push(KeySpan::from(*range)),
                Pattern::Anonymous => anonymous = true,
                Pattern::Local(text) => locals.one(text),
                Pattern::LocalPrefix(prefix) => locals.prefix(prefix),
                Pattern::LocalRange(range) => locals.range(*range),
            }
        }
        Self { numbers: KeySpans::new(pieces), anonymous, locals: locals.into_locals() }
    }

    /// The E.164 numbers of these pieces, which may overlap.
    pub(crate) fn from_spans(pieces: Vec<KeySpan>) -> Self {
        Self { numbers: KeySpans::new(pieces), ..Self::empty() }
    }

    /// The local numbers of these pieces: of digits alone, and other texts.
    pub(crate) fn from_locals(digits: Vec<KeySpan>, texts: Vec<TextInterval>) -> Self {
        let mut pieces = LocalPieces::default();
        pieces.digits(digits);
        texts.into_iter().for_each(|interval| pieces.texts(interval));
        Self { locals: pieces.into_locals(), ..Self::empty() }
    }

    /// What is in either.
    pub fn union(&self, other: &Self) -> Self {
        Self {
            numbers: self.numbers.combine(&other.numbers, |a, b| a | b),
            anonymous: self.anonymous || other.anonymous,
            locals: self.locals.union(&other.locals),
        }
    }

    /// What is in any of them. Two by two, so that a thousand small sets do not each copy all that
    /// came before.
    pub fn union_of<'a>(sets: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut sets: Vec<Cow<'a, Self>> = sets.into_iter().map(Cow::Borrowed).collect();
        while sets.len() > 1 {
            sets = sets
                .chunks(2)
                .map(|pair| pair.iter().skip(1).fold(pair[0].clone(), |all, set| Cow::Owned(all.union(set))))
                .collect();
        }
        sets.pop().map_or_else(Self::empty, Cow::into_owned)
    }

    /// What is in both.
    pub fn intersect(&self, other: &Self) -> Self {
        Self {
            numbers: self.numbers.combine(&other.numbers, |a, b| a & b),
            anonymous: self.anonymous && other.anonymous,
            locals: self.locals.intersect(&other.locals),
        }
    }

    /// What is in this one and not in the other.
    pub fn difference(&self, other: &Self) -> Self {
        Self {
            numbers: self.numbers.combine(&other.numbers, |a, b| a & !b),
            anonymous: self.anonymous && !other.anonymous,
            locals: self.locals.difference(&other.locals),
        }
    }

    /// Every number that a call can bring and that is not in this one.
    pub fn complement(&self) -> Self {
        Self::universe().difference(self)
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.numbers.as_slice().is_empty() && !self.anonymous && self.locals.is_empty()
    }

    /// Whether it holds every number that a call can bring.
    pub fn is_all(&self) -> bool {
        *self == Self::universe()
    }

    /// Whether the number is in it, by binary search, without allocation.
    pub fn contains(&self, number: &Number<'_>) -> bool {
        match number {
            Number::Withheld => self.anonymous,
            Number::E164(number) => self.numbers.contains(*number),
            Number::Local(text) => self.locals.contains(text),
        }
    }

    /// Whether all of it is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.numbers.is_nothing(&other.numbers, |a, b| a & !b)
            && (!self.anonymous || other.anonymous)
            && self.locals.is_subset(&other.locals)
    }

    /// Whether a number is in both.
    pub fn overlaps(&self, other: &Self) -> bool {
        (self.anonymous && other.anonymous)
            || !self.numbers.is_nothing(&other.numbers, |a, b| a & b)
            || self.locals.overlaps(&other.locals)
    }

    /// The E.164 numbers in it, as runs of keys in order; a diagram cuts its axis at their ends.
    pub fn spans(&self) -> &[KeySpan] {
        self.numbers.as_slice()
    }

    /// Whether the withheld number is in it.
    pub fn has_anonymous(&self) -> bool {
        self.anonymous
    }

    /// Whether a local number is in it.
    pub fn has_locals(&self) -> bool {
        !self.locals.is_empty()
    }

    /// Whether it has most local numbers: whatever no pattern of a plan names.
    pub fn has_most_locals(&self) -> bool {
        self.locals.is_all_but_some()
    }

    /// The local numbers in it.
    pub fn only_locals(&self) -> Self {
        Self { locals: self.locals.clone(), ..Self::empty() }
    }

    /// The local numbers of digits alone in it, up to 15, as runs of keys in order.
    pub(crate) fn local_digits(&self) -> &[KeySpan] {
        self.locals.digits()
    }

    /// The other local texts, as the places before which they begin to be in the set, and cease to
    /// be, by turns, in order.
    pub(crate) fn local_cuts(&self) -> &[Box<str>] {
        self.locals.cuts()
    }

    /// How many pieces it is made of.
    pub fn pieces(&self) -> usize {
        self.spans().len() + self.local_digits().len() + self.local_cuts().len().div_ceil(2)
    }

    /// A number in it that a person would recognise: one that could be dialled if there is one,
    /// else any E.164 number, else a local one, else the withheld one.
    pub fn witness(&self) -> Option<OwnedNumber> {
        let number = witness_of(self.spans()).map(OwnedNumber::E164);
        let local = || self.locals.witness().map(OwnedNumber::Local);
        number.or_else(local).or_else(|| self.anonymous.then_some(OwnedNumber::Withheld))
    }

    /// Patterns that make the set, few where it was made of few: prefixes where it has all of one,
    /// else ranges and numbers, in the order of a directory. Of local numbers, [`Self::left_out`]
    /// has what is to be taken out again.
    pub fn patterns(&self) -> Vec<Pattern> {
        self.described().0
    }

    /// The local patterns that are left out of those of [`Self::patterns`].
    pub fn left_out(&self) -> Vec<Pattern> {
        self.described().1
    }

    /// [`Self::patterns`] and [`Self::left_out`]: a number is in the set if the most specific of
    /// all these patterns that hold it is one of the first.
    pub fn described(&self) -> (Vec<Pattern>, Vec<Pattern>) {
        let mut patterns = patterns_of(&self.numbers);
        patterns.extend(self.anonymous.then_some(Pattern::Anonymous));
        let locals = self.locals.describe();
        patterns.extend(locals.held);
        (patterns, locals.left_out)
    }
}

/// Lengths of whole numbers, the likeliest first; the rest are no one's.
const LENGTHS_BY_LIKELIHOOD: [u32; 15] = [11, 12, 10, 13, 9, 8, 14, 15, 7, 6, 5, 4, 3, 2, 1];

/// A number that is no one's, set aside for stories (`555-01XX`); its end makes up what a prefix
/// leaves open.
const STORY_NUMBER: u64 = 12_125_550_100;

fn witness_of(spans: &[KeySpan]) -> Option<E164> {
    let rank = |span: &KeySpan| LENGTHS_BY_LIKELIHOOD.iter().position(|length| span.lengths & (1 << length) != 0);
    let mut best: Option<(usize, &KeySpan)> = None;
    for span in spans {
        let rank = rank(span)?;
        if best.is_none_or(|(least, _)| rank < least) {
            best = Some((rank, span));
        }
        if rank == 0 {
            break;
        }
    }
    best.map(|(rank, span)| number_in(span, LENGTHS_BY_LIKELIHOOD[rank]))
}

/// A number of this length, which the span has: with the end of the story number if the span takes
/// that, else the first.
fn number_in(span: &KeySpan, length: u32) -> E164 {
    let (low, high) = (span.low / unit(length), span.high / unit(length));
    // The digits in which the ends differ are free.
    let open = (0..length).find(|open| low / 10_u64.pow(*open) == high / 10_u64.pow(*open)).unwrap_or(length);
    let free = 10_u64.pow(open);
    let story = low / free * free + STORY_NUMBER % free;
    E164::from_value(if (low..=high).contains(&story) { story } else { low }, length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::generate::{numbers_near, pattern, patterns};
    use super::super::number::LocalDigits;
    use super::super::pattern::{E164Range, LocalRange, Prefix};
    use super::super::winners::Winners;
    use super::*;

    fn set(text: &str) -> NumberSet {
        let patterns: Vec<Pattern> = text.split_whitespace().map(one).collect();
        NumberSet::from_patterns(&patterns)
    }

    fn one(text: &str) -> Pattern {
        let number = |text| E164::parse(text).unwrap();
        let digits = |text| LocalDigits::parse(text).unwrap();
        match text.split_once("..") {
            Some((low, high)) if !low.starts_with('+') => {
                Pattern::LocalRange(LocalRange::new(digits(low), digits(high)).unwrap())
            }
            Some((low, high)) => Pattern::Range(E164Range::new(number(low), number(high)).unwrap()),
            None if text.ends_with('*') && !text.starts_with('+') => {
                Pattern::LocalPrefix(text.trim_end_matches('*').to_owned())
            }
            None if text.ends_with('*') => Pattern::Prefix(Prefix::parse(text).unwrap()),
            None if text == "anonymous" => Pattern::Anonymous,
            None if text.starts_with('+') => Pattern::Number(number(text)),
            None => Pattern::Local(text.to_owned()),
        }
    }

    fn shown(set: &NumberSet) -> String {
        set.patterns().iter().map(Pattern::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_set_is_shown_as_it_would_be_written() {
        for (written, expected) in [
            ("", ""),
            ("+*", "+*"),
            ("+1* +2* +3* +4* +5* +6* +7* +8* +9*", "+*"),
            ("+1415*", "+1415*"),
            ("+14155550100", "+14155550100"),
            ("+14155550100 +14155550101", "+14155550100..+14155550101"),
            ("+14155550100..+14155550150 +14155550120..+14155550199", "+14155550100..+14155550199"),
            ("+1415* +1416*", "+1415* +1416*"),
            ("+141* +1415*", "+141*"),
            ("+26*", "+26*"),
            ("+266696687*", "+266696687*"),
            ("+266696687", ""),
            ("+1 +10* +11* +12* +13* +14* +15* +16* +17* +18* +19*", "+1*"),
            ("+1415* anonymous 1001", "+1415* anonymous \"1001\""),
            ("10* 1001 2000 desk", "\"10*\" \"2000\" \"desk\""),
            ("1000..1999 10*", "\"10*\" \"1100\"..\"1999\""),
            ("1000..1499 1500..1999", "\"1000\"..\"1999\""),
            ("1000 1001 1002", "\"1000\"..\"1002\""),
            ("desk* desk7 de", "\"de\" \"desk*\""),
            ("10* 11*", "\"10*\" \"11*\""),
            ("* 10*", "\"*\""),
        ] {
            assert_eq!(shown(&set(written)), expected, "{written}");
        }
        assert_eq!(
            shown(&set("+12*").difference(&set("+12"))),
            "+120* +121* +122* +123* +124* +125* +126* +127* +128* +129*"
        );
    }

    #[test]
    fn a_witness_looks_like_a_number_that_could_be_dialled() {
        for (written, expected) in [
            ("+1415*", "+14155550100"),
            ("+1*", "+12125550100"),
            ("+*", "+12125550100"),
            ("+44*", "+44125550100"),
            ("+12 +14155550123", "+14155550123"),
            ("+14155550142..+14155550199", "+14155550142"),
            ("+442079460000..+442079469999", "+442079460100"),
            ("+12", "+12"),
            ("anonymous 1001", "1001"),
            ("anonymous", "anonymous"),
        ] {
            assert_eq!(set(written).witness().unwrap().as_number().to_string(), expected, "{written}");
        }
        assert_eq!(NumberSet::empty().witness(), None);
        for (written, expected) in [
            ("10*", "1001"),
            ("20*", "2001"),
            ("200..299", "201"),
            ("desk*", "desk"),
            ("0*", "0000"),
            ("999999999999999*", "999999999999999"),
            ("9999999999999999*", "9999999999999999"),
        ] {
            assert_eq!(set(written).witness().unwrap().as_number().to_string(), expected, "{written}");
        }
        let others = NumberSet::universe().difference(&set("+* anonymous 1001"));
        assert_eq!(others.witness(), Some(OwnedNumber::Local("1002".to_owned())));
    }

    #[test]
    fn what_a_local_set_leaves_out_is_told() {
        for (with, without, held, left_out) in [
            ("10*", "1001", "\"10*\"", "\"1001\""),
            ("10*", "100* 1055", "\"10*\"", "\"100*\" \"1055\""),
            ("*", "10* desk", "\"*\"", "\"10*\" \"desk\""),
            ("desk*", "desk", "\"desk*\"", "\"desk\""),
            ("10*", "1000..1099", "\"10*\"", "\"1000\"..\"1099\""),
        ] {
            let set = set(with).difference(&set(without));
            let (found, taken) = set.described();
            let shown = |patterns: &[Pattern]| patterns.iter().map(Pattern::to_string).collect::<Vec<_>>().join(" ");
            assert_eq!((shown(&found), shown(&taken)), (held.to_owned(), left_out.to_owned()), "{with} less {without}");
        }
        let deep = set("*").difference(&set("10*")).union(&set("1001 105*"));
        let (found, taken) = deep.described();
        let keys = [&found[..], &taken].concat();
        let back = Winners::of(&keys).sets(2, |key| Some(usize::from(key >= found.len())));
        assert_eq!(back[0], deep);
    }

    #[test]
    fn numbers_that_no_call_brings_are_in_no_set() {
        assert!(
            set("0000000000").is_empty() && set("0*").union(&NumberSet::universe().difference(&set("0*"))).is_all()
        );
        assert!(set("+266696687 +2562533").is_empty());
        assert!(set("+*").union(&NumberSet::universe().difference(&set("+*"))).is_all());
        assert_eq!(set("+25625*"), set("+25625*").difference(&set("+2562533")));
    }

    #[test]
    fn a_hundred_thousand_entries_are_one_sort() {
        let numbers: Vec<Pattern> = (0..100_000).rev().map(|n| one(&format!("+1415{:07}", n * 7))).collect();
        let all = NumberSet::from_patterns(&numbers);
        assert_eq!(all.spans().len(), 100_000);
        assert!(all.is_subset(&set("+1415*")) && !all.is_all() && all.difference(&set("+1415*")).is_empty());
        assert!(all.patterns().len() == 100_000);
    }

    proptest! {
        #[test]
        fn operations_are_those_on_members(a in patterns(), b in patterns(), seeds in any::<[u64; 8]>()) {
            let (left, right) = (NumberSet::from_patterns(&a), NumberSet::from_patterns(&b));
            let (union, both) = (left.union(&right), left.intersect(&right));
            let (less, not) = (left.difference(&right), left.complement());
            let (mut subset, mut overlaps) = (true, false);
            for number in a.iter().chain(&b).flat_map(|pattern| numbers_near(pattern, seeds)) {
                let number = number.as_number();
                let reachable = !matches!(number, Number::E164(it) if super::super::withheld::is_unreachable(it));
                let in_a = reachable && a.iter().any(|pattern| pattern.contains(&number));
                let in_b = reachable && b.iter().any(|pattern| pattern.contains(&number));
                prop_assert_eq!(left.contains(&number), in_a);
                prop_assert_eq!(union.contains(&number), in_a || in_b);
                prop_assert_eq!(both.contains(&number), in_a && in_b);
                prop_assert_eq!(less.contains(&number), in_a && !in_b);
                prop_assert_eq!(not.contains(&number), reachable && !in_a);
                subset &= !in_a || in_b;
                overlaps |= in_a && in_b;
            }
            prop_assert!(subset || !left.is_subset(&right));
            prop_assert!(!overlaps || left.overlaps(&right));
        }

        #[test]
        fn equal_sets_are_equal_however_made(a in patterns(), b in patterns()) {
            let (left, right) = (NumberSet::from_patterns(&a), NumberSet::from_patterns(&b));
            let together = NumberSet::from_patterns(a.iter().chain(&b));
            prop_assert_eq!(left.union(&right), together.clone());
            prop_assert_eq!(left.difference(&right), left.intersect(&right.complement()));
            prop_assert_eq!(left.difference(&right).union(&left.intersect(&right)), left.clone());
            prop_assert_eq!(left.complement().complement(), left.clone());
            prop_assert!(left.union(&left.complement()).is_all());
            prop_assert_eq!(left.is_subset(&right), left.difference(&right).is_empty());
            prop_assert_eq!(left.overlaps(&right), !left.intersect(&right).is_empty());
            prop_assert_eq!(NumberSet::from_patterns(&together.patterns()), together.clone());
            let less = left.difference(&right);
            let (held, left_out) = less.described();
            let keys = [&held[..], &left_out].concat();
            let sets = Winners::of(&keys).sets(2, |key| Some(usize::from(key >= held.len())));
            prop_assert_eq!(&sets[0], &less);
            match less.witness() {
                Some(number) => prop_assert!(less.contains(&number.as_number())),
                None => prop_assert!(less.is_empty()),
            }
        }

        #[test]
        fn a_pattern_is_shown_as_itself(pattern in pattern()) {
            let made = NumberSet::from_patterns([&pattern]);
            prop_assert!(made.patterns().len() <= 1);
        }
    }
}
