//! The country of a number, and the numbers of a country.

use std::cmp::Ordering;
use std::fmt;
use std::sync::LazyLock;

use super::country_codes::COUNTRY_CODES;
use super::country_prefixes::COUNTRY_PREFIXES;
use super::number::{E164, MAX_DIGITS, unit};
use super::pattern::{Prefix, lengths_from};
use super::set::NumberSet;
use super::spans::KeySpan;

/// A country or territory by its two letters: a code that ISO 3166-1 has officially assigned, or
/// `XK`. A territory with a code of its own is that code, not its parent's. (It is kept as its
/// place in the list of codes, which no one else sees.)
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Country(u8);

impl Country {
    /// The country with exactly these two upper-case letters.
    pub fn parse(code: &str) -> Option<Self> {
        let place = COUNTRY_CODES.binary_search_by(|(held, _, _)| (*held).cmp(code)).ok()?;
        u8::try_from(place).ok().map(Self)
    }

    /// Every country, in the order of the codes.
    pub fn all() -> impl Iterator<Item = Self> {
        COUNTRY_CODES.iter().filter_map(|(code, _, _)| Self::parse(code))
    }

    /// What someone probably meant who wrote something that is no code: small letters, three
    /// letters, a name, or one of the codes that are widely used and are not ISO's (`UK`).
    pub fn nearest(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_text = |other: &str| other.to_lowercase() == text.to_lowercase();
        let known =
            COUNTRY_CODES.iter().find(|(code, three, name)| [code, three, name].into_iter().any(|text| is_text(text)));
        let habit = || HABITS.iter().find(|(habit, _)| is_text(habit)).map(|(_, code)| *code);
        let code = known.map(|(code, _, _)| *code).or_else(habit).or_else(|| with_name_like(text));
        code.and_then(Self::parse)
    }

    /// The main country of a calling code, `GB` of `44`.
    pub fn of_calling_code(digits: &str) -> Option<Self> {
        super::calling_codes::is_calling_code(digits).then_some(())?;
        let at = COUNTRY_PREFIXES.binary_search_by(|(prefix, _)| (*prefix).cmp(digits)).ok()?;
        Self::parse(COUNTRY_PREFIXES[at].1)
    }

    /// Its place in the order of the codes.
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The two letters.
    pub fn code(self) -> &'static str {
        COUNTRY_CODES[usize::from(self.0)].0
    }

    /// A short English name that people use.
    pub fn name(self) -> &'static str {
        COUNTRY_CODES[usize::from(self.0)].2
    }

    /// The country of an E.164 number, whether or not it is a valid one: that of the longest prefix
    /// in the table. There is none for a number that belongs to no country, and none where the
    /// digits are too few to tell, that is where some numbers that start so are of one country and
    /// some are not.
    pub fn of_number(number: E164) -> Option<Self> {
        let segments = &*SEGMENTS;
        let after = segments.partition_point(|segment| segment.low <= number.key());
        let segment = segments.get(after.checked_sub(1)?)?;
        let high = number.key() + unit(number.length()) - 1;
        let enough = high <= segment.high && number.length() >= segment.least_length();
        segment.country.filter(|_| enough)
    }

    /// The numbers of which this is the country, exactly; none where the territory has no calling
    /// code.
    pub fn numbers(self) -> NumberSet {
        let segments = SEGMENTS.iter().filter(|segment| segment.country == Some(self));
        NumberSet::from_spans(segments.flat_map(Segment::spans).collect())
    }

    /// The numbers that have no country, among them the withheld one and all local ones.
    pub fn numbers_of_none() -> NumberSet {
        let segments = SEGMENTS.iter().filter(|segment| segment.country.is_some());
        NumberSet::from_spans(segments.flat_map(Segment::spans).collect()).complement()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Other ways to say a country that admins are used to.
const HABITS: &[(&str, &str)] = &[
    ("UK", "GB"),
    ("EL", "GR"),
    ("UAE", "AE"),
    ("KSA", "SA"),
    ("RSA", "ZA"),
    ("U.S.", "US"),
    ("U.S.A.", "US"),
    ("America", "US"),
    ("United States of America", "US"),
    ("Great Britain", "GB"),
    ("Britain", "GB"),
    ("England", "GB"),
    ("Scotland", "GB"),
    ("Wales", "GB"),
    ("Northern Ireland", "GB"),
    ("Holland", "NL"),
    ("Czech Republic", "CZ"),
    ("Turkey", "TR"),
    ("Ivory Coast", "CI"),
    ("Burma", "MM"),
    ("Macedonia", "MK"),
    ("Swaziland", "SZ"),
    ("East Timor", "TL"),
    ("Macau", "MO"),
    ("Cabo Verde", "CV"),
    ("Korea", "KR"),
    ("Russian Federation", "RU"),
    ("Holy See", "VA"),
    ("Vatican", "VA"),
    ("Ascension", "SH"),
];

/// The code of the country whose name is closest, if at most a third of the letters differ.
fn with_name_like(text: &str) -> Option<&'static str> {
    let distance = |name: &str| strsim::osa_distance(&name.to_lowercase(), &text.to_lowercase());
    let (code, name) =
        COUNTRY_CODES.iter().map(|(code, _, name)| (*code, *name)).min_by_key(|(_, name)| distance(name))?;
    (text.chars().count() > 3 && distance(name) * 3 <= name.chars().count()).then_some(code)
}

/// A stretch of 15-digit keys whose numbers have one country, or none.
#[derive(Clone, Copy)]
struct Segment {
    low: u64,
    high: u64,
    country: Option<Country>,
}

/// Of `+1`, what no other country has is the United States', but `+1415` alone is too short to
/// tell: an area code and no number. It takes one digit more, as many as the longest prefix below
/// `+1` has.
const LEAST_LENGTH_OF_REST_OF_1: u32 = 5;

impl Segment {
    fn least_length(&self) -> u32 {
        if self.country.is_some_and(|country| country.code() == "US") { LEAST_LENGTH_OF_REST_OF_1 } else { 1 }
    }

    /// The numbers whose every continuation lies in the segment: the largest prefixes in it.
    fn spans(&self) -> Vec<KeySpan> {
        let mut spans = Vec::new();
        let mut low = self.low;
        while low <= self.high {
            let fits = |length: &u32| low.is_multiple_of(unit(*length)) && low + unit(*length) - 1 <= self.high;
            let length = (1..=MAX_DIGITS).find(fits).unwrap_or(MAX_DIGITS);
            let lengths = lengths_from(length.max(self.least_length()));
            spans.push(KeySpan { low, high: low + unit(length) - 1, lengths });
            low += unit(length);
        }
        spans
    }
}

/// The table laid flat: where two prefixes nest, the longer one's stretch is cut out of the shorter
/// one's.
static SEGMENTS: LazyLock<Vec<Segment>> = LazyLock::new(|| {
    let mut segments: Vec<Segment> = Vec::new();
    let mut open: Vec<Segment> = Vec::new();
    for entry in COUNTRY_PREFIXES.iter().filter_map(|(digits, code)| whole_segment(digits, code)) {
        close_before(entry.low, &mut open, &mut segments);
        if let Some(outer) = open.last_mut() {
            push(&mut segments, Segment { high: entry.low - 1, ..*outer });
        }
        open.push(entry);
    }
    close_before(u64::MAX, &mut open, &mut segments);
    segments
});

fn whole_segment(digits: &str, code: &str) -> Option<Segment> {
    let prefix = Prefix::of(E164::parse(&format!("+{digits}")).ok()?);
    let (low, high) = prefix.keys();
    Some(Segment { low, high, country: Country::parse(code) })
}

/// Ends the open prefixes that do not reach `key`, innermost first; what is left of each goes on
/// after the one inside.
fn close_before(key: u64, open: &mut Vec<Segment>, segments: &mut Vec<Segment>) {
    while let Some(ended) = open.pop_if(|segment| segment.high < key) {
        push(segments, ended);
        if let Some(outer) = open.last_mut() {
            outer.low = ended.high + 1;
        }
    }
}

/// Appends what is not empty, joined to a neighbour of the same country.
fn push(segments: &mut Vec<Segment>, segment: Segment) {
    match (segment.low.cmp(&segment.high), segments.last_mut()) {
        (Ordering::Greater, _) => {}
        (_, Some(last)) if last.country == segment.country && last.high + 1 == segment.low => last.high = segment.high,
        _ => segments.push(segment),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::generate::e164;
    use super::super::number::Number;
    use super::super::withheld::is_unreachable;
    use super::*;

    fn country(number: &str) -> String {
        Country::of_number(E164::parse(number).unwrap()).map_or("none".to_owned(), |country| country.to_string())
    }

    #[test]
    fn well_known_numbers() {
        for (number, expected) in [
            ("+14155550100", "US"),
            ("+14165550100", "CA"),
            ("+16005550100", "CA"),
            ("+17875550100", "PR"),
            ("+19395550100", "PR"),
            ("+18095550100", "DO"),
            ("+18765550100", "JM"),
            ("+16715550100", "GU"),
            ("+442079460000", "GB"),
            ("+447700900000", "GB"),
            ("+441481256789", "GG"),
            ("+441534456789", "JE"),
            ("+441624756789", "IM"),
            ("+447797712345", "JE"),
            ("+74951234567", "RU"),
            ("+77011234567", "KZ"),
            ("+76001234567", "KZ"),
            ("+390669812345", "VA"),
            ("+390612345678", "IT"),
            ("+61891621234", "CC"),
            ("+61891641234", "CX"),
            ("+61212345678", "AU"),
            ("+4779123456", "SJ"),
            ("+4721234567", "NO"),
            ("+35818123456", "AX"),
            ("+358912345678", "FI"),
            ("+212528812345", "EH"),
            ("+212522123456", "MA"),
            ("+590590271234", "BL"),
            ("+590590871234", "BL"),
            ("+590590201234", "GP"),
            ("+590806001234", "GP"),
            ("+590590281234", "GP"),
            ("+590590331234", "GP"),
            ("+590598701234", "GP"),
            ("+61891012345", "AU"),
            ("+61891006123", "AU"),
            ("+596596301234", "MQ"),
            ("+262269601234", "YT"),
            ("+262639012345", "YT"),
            ("+262262161234", "RE"),
            ("+59994351234", "CW"),
            ("+5997151234", "BQ"),
            ("+38328012345", "XK"),
            ("+24762889", "SH"),
            ("+330123456789", "FR"),
        ] {
            assert_eq!(country(number), expected, "{number}");
        }
    }

    #[test]
    fn numbers_of_no_country() {
        for number in ["+80012345678", "+18005550100", "+18335550100", "+18885550100", "+19005550100"] {
            assert_eq!(country(number), "none", "{number}");
        }
        for number in ["+87012345678", "+881612345678", "+882312345678", "+883510012345678", "+979123456789"] {
            assert_eq!(country(number), "none", "{number}");
        }
        for number in ["+2101234567", "+9991234567"] {
            assert_eq!(country(number), "none", "{number}: no one's calling code");
        }
    }

    #[test]
    fn too_few_digits_tell_nothing() {
        for number in ["+1", "+1415", "+180", "+44", "+4477", "+7", "+39", "+3906", "+61", "+2", "+35", "+590"] {
            assert_eq!(country(number), "none", "{number}");
        }
        for (number, expected) in
            [("+14155", "US"), ("+1416", "CA"), ("+4420", "GB"), ("+33", "FR"), ("+77", "KZ"), ("+3902", "IT")]
        {
            assert_eq!(country(number), expected, "{number}");
        }
    }

    #[test]
    fn codes_names_and_habits() {
        assert_eq!(Country::all().count(), 250);
        assert!(COUNTRY_CODES.is_sorted_by(|a, b| a.0 < b.0));
        assert!(
            Country::all().all(|country| Country::parse(country.code()) == Some(country) && !country.name().is_empty())
        );
        assert_eq!(Country::parse("GB").unwrap().name(), "United Kingdom");
        for text in ["UK", "gb", "", "G", "GBR", "ZZ", "é"] {
            assert_eq!(Country::parse(text), None, "{text}");
        }
        for (text, code) in [
            ("UK", "GB"),
            ("EL", "GR"),
            ("us", "US"),
            ("USA", "US"),
            ("deu", "DE"),
            ("Germany", "DE"),
            ("germny", "DE"),
            ("türkiye", "TR"),
            ("england", "GB"),
        ] {
            assert_eq!(Country::nearest(text), Country::parse(code), "{text}");
        }
        assert_eq!(Country::nearest("ZZ"), None);
        assert_eq!(Country::nearest("nowhere at all"), None);
    }

    #[test]
    fn the_table_is_sorted_and_says_nothing_twice() {
        assert!(COUNTRY_PREFIXES.is_sorted_by(|a, b| a.0 < b.0));
        for (prefix, code) in COUNTRY_PREFIXES {
            assert!(E164::parse(&format!("+{prefix}")).is_ok(), "{prefix}");
            assert!(code.is_empty() || Country::parse(code).is_some(), "{prefix}: {code}");
            let shorter = (1..prefix.len()).rev().map(|end| &prefix[..end]);
            let outer = shorter
                .filter_map(|prefix_digits| COUNTRY_PREFIXES.iter().find(|(prefix, _)| *prefix == prefix_digits))
                .next();
            assert_ne!(outer.map_or("", |(_, code)| code), *code, "{prefix} is redundant");
        }
        let below_1 = COUNTRY_PREFIXES.iter().filter(|(prefix, _)| prefix.starts_with('1'));
        assert_eq!(below_1.map(|(prefix, _)| prefix.len()).max(), Some(LEAST_LENGTH_OF_REST_OF_1 as usize));
        let of_us = COUNTRY_PREFIXES.iter().filter(|(_, code)| *code == "US");
        assert!(of_us.map(|(prefix, _)| *prefix).eq(["1"]));
    }

    /// The rule as the language reference words it, told from the table alone.
    fn by_the_book(number: E164) -> Option<Country> {
        let digits = number.value().to_string();
        let longest =
            COUNTRY_PREFIXES.iter().filter(|(prefix, _)| digits.starts_with(prefix)).max_by_key(|entry| entry.0.len());
        let (_, code) = longest?;
        let mut longer = COUNTRY_PREFIXES.iter().filter(|(prefix, _)| prefix.starts_with(&digits));
        let short = *code == "US" && digits.len() < LEAST_LENGTH_OF_REST_OF_1 as usize;
        if short || longer.any(|(_, other)| other != code) { None } else { Country::parse(code) }
    }

    fn check_everywhere(number: E164) {
        let country = Country::of_number(number);
        assert_eq!(country, by_the_book(number), "{number}");
        let number = Number::E164(number);
        assert_eq!(country.is_none(), NO_COUNTRY.contains(&number), "{number}");
        assert!(country.is_none_or(|country| country.numbers().contains(&number)), "{number}");
    }

    static NO_COUNTRY: LazyLock<NumberSet> = LazyLock::new(Country::numbers_of_none);

    #[test]
    fn every_edge_of_the_table_is_as_the_book_says() {
        for (prefix, _) in COUNTRY_PREFIXES {
            let value: u64 = prefix.parse().unwrap();
            for near in [value - 1, value, value + 1, value / 10, value * 10, value * 10 + 9, value * 1000 + 555] {
                if let Ok(number) = E164::parse(&format!("+{near}"))
                    && !is_unreachable(number)
                {
                    check_everywhere(number);
                }
            }
        }
    }

    #[test]
    fn countries_and_none_share_all_numbers_out() {
        let mut left = NO_COUNTRY.clone();
        for country in Country::all() {
            let numbers = country.numbers();
            assert!(!left.overlaps(&numbers), "{country}");
            left = left.union(&numbers);
        }
        assert!(left.is_all());
    }

    proptest! {
        #[test]
        fn any_number_is_as_the_book_says(number in e164()) {
            prop_assume!(!is_unreachable(number));
            check_everywhere(number);
        }
    }
}
