//! What is known of calling codes besides the countries behind them: how long numbers are, and
//! where they keep their 0.

use std::sync::LazyLock;

use super::calling_code_table::{CALLING_CODES, CODES_THAT_KEEP_ZERO, COUNTRY_LENGTHS};
use super::country::Country;
use super::number::{E164, MAX_DIGITS};

/// Some counts of digits, 1 to 15, a bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigitCounts(u16);

impl DigitCounts {
    /// How long numbers that start with these digits may be: those of the country that they tell,
    /// else of all that share the calling code. There is none for digits that no calling code
    /// begins, or that begin several.
    pub fn of_digits(number: E164) -> Option<Self> {
        let country = Country::of_number(number).and_then(|country| OF_COUNTRIES[country.index()]);
        country.or_else(|| Self::of_calling_code(number))
    }

    /// How long numbers of a country may be, where that is known.
    pub(super) fn of_country(country: Country) -> Option<Self> {
        OF_COUNTRIES[country.index()]
    }

    fn of_calling_code(number: E164) -> Option<Self> {
        let lengths = (1..=3).filter_map(|digits| lengths_of_code(first_digits(number, digits)?)).next();
        lengths.map(Self)
    }

    /// Whether a number may have `length` digits.
    pub fn contains(self, length: u32) -> bool {
        length <= MAX_DIGITS && self.0 >> length & 1 == 1
    }

    /// The shortest and the longest.
    pub fn ends(self) -> (u32, u32) {
        (self.0.trailing_zeros(), 15 - self.0.leading_zeros())
    }

    /// Each of them, the shortest first.
    pub fn iter(self) -> impl Iterator<Item = u32> {
        (1..=MAX_DIGITS).filter(move |length| self.contains(*length))
    }
}

/// By [`Country::index`].
static OF_COUNTRIES: LazyLock<Vec<Option<DigitCounts>>> = LazyLock::new(|| {
    let known = |country: Country| {
        let at = COUNTRY_LENGTHS.binary_search_by(|(code, _)| (*code).cmp(country.code())).ok()?;
        Some(DigitCounts(COUNTRY_LENGTHS[at].1))
    };
    Country::all().map(known).collect()
});

fn first_digits(number: E164, count: u32) -> Option<u64> {
    let more = number.length().checked_sub(count)?;
    Some(number.value() / 10_u64.pow(more))
}

fn lengths_of_code(code: u64) -> Option<u16> {
    let at = CALLING_CODES.binary_search_by(|(held, _)| u64::from(*held).cmp(&code)).ok()?;
    Some(CALLING_CODES[at].1)
}

/// Whether these digits are a calling code.
pub(super) fn is_calling_code(digits: &str) -> bool {
    digits.parse().is_ok_and(|code| lengths_of_code(code).is_some()) && !digits.starts_with(['0', '+'])
}

/// How long the numbers of a calling code may be.
pub(super) fn calling_code_lengths(code: u16) -> Option<DigitCounts> {
    lengths_of_code(u64::from(code)).map(DigitCounts)
}

/// How many digits the calling code of a number has, if it has one.
pub fn calling_code_length(number: E164) -> Option<u32> {
    (1..=3).find(|digits| first_digits(number, *digits).is_some_and(|code| lengths_of_code(code).is_some()))
}

/// Whether `(0)` after these digits is the 0 that is dialed within a country only: after a calling
/// code of which no subscriber's number keeps one.
pub(super) fn drops_trunk_zero(digits: u64) -> bool {
    let keeps = CODES_THAT_KEEP_ZERO.iter().any(|code| u64::from(*code) == digits);
    !keeps && lengths_of_code(digits).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(digits: &str) -> Option<Vec<u32>> {
        DigitCounts::of_digits(E164::parse(digits).unwrap()).map(|lengths| lengths.iter().collect())
    }

    #[test]
    fn lengths_are_those_of_the_country_else_of_the_calling_code() {
        for (digits, expected) in [
            ("+14155550100", Some(vec![11])),
            ("+1415", Some(vec![8, 11])),
            ("+18005550100", Some(vec![8, 11])),
            ("+442079460123", Some(vec![9, 11, 12])),
            ("+44", Some(vec![9, 11, 12])),
            ("+33", Some(vec![11])),
            ("+80012345678", Some(vec![11])),
            ("+4", None),
            ("+999", None),
        ] {
            assert_eq!(lengths(digits), expected, "{digits}");
        }
    }

    #[test]
    fn no_calling_code_begins_another() {
        assert!(CALLING_CODES.is_sorted() && COUNTRY_LENGTHS.is_sorted() && CODES_THAT_KEEP_ZERO.is_sorted());
        let texts: Vec<String> = CALLING_CODES.iter().map(|(code, _)| code.to_string()).collect();
        for code in &texts {
            assert!(texts.iter().all(|other| other == code || !other.starts_with(code.as_str())), "{code}");
        }
        assert!(CALLING_CODES.iter().all(|(_, lengths)| *lengths > 0));
        assert!(COUNTRY_LENGTHS.iter().all(|(code, lengths)| Country::parse(code).is_some() && *lengths > 0));
    }
}
