//! One telephone number: how it is kept, written and shown. How it is read from a call is in
//! [`super::read`].

use std::borrow::Cow;
use std::fmt::{self, Write};

/// Maximum number of digits of a country code and a national number together (ITU-T E.164).
pub const MAX_DIGITS: u32 = 15;

/// An international number (ITU-T E.164): 1 to 15 digits, the first not 0.
///
/// It is its digits, left-aligned to 15, in the upper 60 bits of a word, and how many they are in
/// the lower 4. So the order is that of a directory: `+1415`, `+14155550100`, `+1416`; all numbers
/// that start alike lie side by side.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct E164(u64);

/// A number as a plan sees it: the caller or the one called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Number<'a> {
    /// The caller withheld it; a plan writes `anonymous`.
    Withheld,
    /// An international number.
    E164(E164),
    /// Anything else, compared as text, whole: an extension, a SIP user, a number without `+`.
    Local(&'a str),
}

/// A number that owns its text, for witnesses and answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnedNumber {
    /// See [`Number::Withheld`].
    Withheld,
    /// See [`Number::E164`].
    E164(E164),
    /// See [`Number::Local`].
    Local(String),
}

/// Why a text is no E.164 number or prefix. Offsets are bytes of the text that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// It does not start with `+`.
    NoPlus,
    /// Nothing follows the `+`.
    NoDigits,
    /// No country code starts with 0.
    FirstDigitZero,
    /// It has more than 15 digits.
    TooLong {
        /// How many.
        digits: usize,
    },
    /// Neither a digit nor a dash.
    StrayCharacter {
        /// Where it starts.
        at: usize,
        /// What it is.
        character: char,
    },
    /// A dash is for the eye, between two digits.
    DashNotBetweenDigits {
        /// Where it is.
        at: usize,
    },
}

impl E164 {
    /// Reads `+` and digits, nothing else: the way an E.164 number is sent and stored.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        match (Self::parse_written(text), text.find('-')) {
            (Ok(_), Some(at)) => Err(NumberError::StrayCharacter { at, character: '-' }),
            (read, _) => read,
        }
    }

    /// Reads a number as a plan may write it: dashes between digits are for the eye and are
    /// dropped.
    pub fn parse_written(text: &str) -> Result<Self, NumberError> {
        let digits = text.strip_prefix('+').ok_or(NumberError::NoPlus)?;
        match read_digits(digits, 1)? {
            (_, 0) => Err(NumberError::NoDigits),
            (value, length) => Ok(Self::from_value(value, length)),
        }
    }

    /// The number with `length` digits. The caller guarantees that the first digit is not 0.
    #[inline]
    pub(super) const fn from_value(value: u64, length: u32) -> Self {
        Self((value * unit(length)) << 4 | length as u64)
    }

    /// The word that it is: its key, and its length in the lower 4 bits.
    #[inline]
    pub(crate) const fn packed(self) -> u64 {
        self.0
    }

    /// The digits, left-aligned to 15: `+1415` is `141500000000000`. Longer numbers that start so
    /// have keys from here on.
    #[inline]
    pub fn key(self) -> u64 {
        self.0 >> 4
    }

    /// How many digits it has, 1 to 15.
    #[inline]
    pub fn length(self) -> u32 {
        (self.0 & 0xf) as u32
    }

    /// The digits as a number: `+1415` is 1415.
    pub fn value(self) -> u64 {
        self.key() / unit(self.length())
    }

    /// The digits, first to last, each 0 to 9.
    pub fn digits(self) -> impl Iterator<Item = u8> {
        let key = self.key();
        (1..=self.length()).map(move |place| (key / unit(place) % 10) as u8)
    }
}

/// How far apart the keys of neighbouring numbers of this length are.
#[inline]
pub(super) const fn unit(length: u32) -> u64 {
    UNITS[(length & 0xf) as usize]
}

const UNITS: [u64; 16] = {
    let mut units = [1; 16];
    let mut length = MAX_DIGITS as usize;
    while length > 0 {
        units[length - 1] = units[length] * 10;
        length -= 1;
    }
    units
};

/// A local number of 1 to 15 digits and nothing else; the first may be 0. It is kept as [`E164`]
/// is, so numbers that start alike lie side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct LocalDigits(u64);

impl LocalDigits {
    /// The digits of a text that is nothing else.
    #[inline]
    pub fn parse(text: &str) -> Option<Self> {
        let is_short = (1..=MAX_DIGITS as usize).contains(&text.len());
        if !is_short || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let value = text.bytes().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        Some(Self::from_value(value, text.len() as u32))
    }

    /// The number of this value with `length` digits, leading zeros included.
    #[inline]
    pub(crate) const fn from_value(value: u64, length: u32) -> Self {
        Self((value * unit(length)) << 4 | length as u64)
    }

    /// See [`E164::key`].
    #[inline]
    pub fn key(self) -> u64 {
        self.0 >> 4
    }

    /// How many digits, 1 to 15.
    #[inline]
    pub fn length(self) -> u32 {
        (self.0 & 0xf) as u32
    }

    /// What the digits are worth: 7 for `007`.
    pub fn value(self) -> u64 {
        self.key() / unit(self.length())
    }
}

/// Numbers of 1 to 15 digits, in the order of a directory: [`E164`] and [`LocalDigits`].
pub trait Digits: Copy + Ord {
    /// See [`E164::key`].
    fn key(self) -> u64;
    /// See [`E164::length`].
    fn length(self) -> u32;
}

impl Digits for E164 {
    fn key(self) -> u64 {
        self.key()
    }

    fn length(self) -> u32 {
        self.length()
    }
}

impl Digits for LocalDigits {
    fn key(self) -> u64 {
        self.key()
    }

    fn length(self) -> u32 {
        self.length()
    }
}

impl fmt::Display for LocalDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.value(), width = self.length() as usize)
    }
}

/// The value and the count of the digits in `text`, without the dashes between them; `offset` is
/// where `text` starts in what is being read.
pub(super) fn read_digits(text: &str, offset: usize) -> Result<(u64, u32), NumberError> {
    let is_digit = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    let (mut value, mut count) = (0_u64, 0_usize);
    for (at, character) in text.char_indices() {
        match character {
            '0' if count == 0 => return Err(NumberError::FirstDigitZero),
            '0'..='9' => {
                // Past the limit only the count matters, and the value must not overflow.
                if count < MAX_DIGITS as usize {
                    value = value * 10 + u64::from(character as u32 - '0' as u32);
                }
                count += 1;
            }
            '-' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => {}
            '-' => return Err(NumberError::DashNotBetweenDigits { at: at + offset }),
            _ => return Err(NumberError::StrayCharacter { at: at + offset, character }),
        }
    }
    if count > MAX_DIGITS as usize { Err(NumberError::TooLong { digits: count }) } else { Ok((value, count as u32)) }
}

impl E164 {
    /// Writes it as plans and calls do, `+14155550100`; gives the part of `room` that it took.
    pub(crate) fn write(self, room: &mut [u8; MAX_DIGITS as usize + 1]) -> &str {
        let mut value = self.value();
        let length = self.length() as usize;
        room[0] = b'+';
        for place in (1..=length).rev() {
            room[place] = b'0' + (value % 10) as u8;
            value /= 10;
        }
        // Only ASCII has been written.
        std::str::from_utf8(&room[..=length]).unwrap_or_default()
    }
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.write(&mut [0; MAX_DIGITS as usize + 1]))
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Maximum number of characters of a trunk or an organization that are shown.
pub(crate) const SHOWN_CHARACTERS: usize = 64;

/// What may be shown of a stranger's text (a trunk, an organization) where an agent will read it:
/// ASCII letters, digits and `+ - . _ @ :`, the first 64 of them.
pub struct SafeText<'a>(pub &'a str);

impl fmt::Display for SafeText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let safe = |character: &char| character.is_ascii_alphanumeric() || "+-._@:".contains(*character);
        self.0.chars().filter(safe).take(SHOWN_CHARACTERS).try_for_each(|character| f.write_char(character))
    }
}

/// Maximum number of characters of a local number that are shown.
pub(crate) const SHOWN_LOCAL: usize = 20;

/// Whether a local number may be shown: only whole, so that what is shown is what tests compared.
fn is_shown(local: &str) -> bool {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"+*#-_.".contains(&byte);
    local.len() <= SHOWN_LOCAL && local.bytes().all(is_safe)
}

impl<'a> Number<'a> {
    /// One text for all ways to write the same number, for registers and keys: `+14155550100`,
    /// `anonymous`, or the local text as it came.
    pub fn normal_form(&self) -> Cow<'a, str> {
        match self {
            Self::Withheld => Cow::Borrowed("anonymous"),
            Self::E164(number) => Cow::Owned(number.to_string()),
            Self::Local(text) => Cow::Borrowed(text),
        }
    }
}

/// As a hole in a text shows it: `+14155550100`, `anonymous`, a local number of at most 20 plain
/// characters, and `unknown` for any other. What is shown reads as the same number, or as a
/// withheld one.
impl fmt::Display for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Withheld => f.write_str("anonymous"),
            Self::E164(number) => number.fmt(f),
            Self::Local(text) => f.write_str(if is_shown(text) { text } else { "unknown" }),
        }
    }
}

impl OwnedNumber {
    /// The same number, borrowed.
    pub fn as_number(&self) -> Number<'_> {
        match self {
            Self::Withheld => Number::Withheld,
            Self::E164(number) => Number::E164(*number),
            Self::Local(text) => Number::Local(text),
        }
    }
}

impl From<Number<'_>> for OwnedNumber {
    fn from(number: Number<'_>) -> Self {
        match number {
            Number::Withheld => Self::Withheld,
            Number::E164(number) => Self::E164(number),
            Number::Local(text) => Self::Local(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_number_may_have_dashes_between_digits() {
        let number = E164::parse_written("+1-415-555-0100").unwrap();
        assert_eq!(number.to_string(), "+14155550100");
        assert_eq!((number.key(), number.length(), number.value()), (141_555_501_000_000, 11, 14_155_550_100));
        assert!(number.digits().eq([1, 4, 1, 5, 5, 5, 5, 0, 1, 0, 0]));
    }

    #[test]
    fn what_is_wrong_is_said_exactly() {
        use NumberError::*;
        for (text, error) in [
            ("", NoPlus),
            ("14155550100", NoPlus),
            ("+", NoDigits),
            ("+0", FirstDigitZero),
            ("+044", FirstDigitZero),
            ("+1234567890123456", TooLong { digits: 16 }),
            ("+99999999999999999999999", TooLong { digits: 23 }),
            ("+1 415", StrayCharacter { at: 2, character: ' ' }),
            ("+1é", StrayCharacter { at: 2, character: 'é' }),
            ("+1415*", StrayCharacter { at: 5, character: '*' }),
            ("+-1", DashNotBetweenDigits { at: 1 }),
            ("+1--2", DashNotBetweenDigits { at: 2 }),
            ("+1-", DashNotBetweenDigits { at: 2 }),
        ] {
            assert_eq!(E164::parse_written(text), Err(error), "{text}");
            assert_eq!(E164::parse(text), Err(error), "{text}");
        }
        assert_eq!(E164::parse("+1-415"), Err(StrayCharacter { at: 2, character: '-' }));
    }

    #[test]
    fn the_order_is_that_of_a_directory() {
        let sorted = ["+1", "+10", "+1415", "+14150", "+14155550100", "+1416", "+999999999999999"];
        assert!(sorted.map(|text| E164::parse(text).unwrap()).is_sorted());
    }

    #[test]
    fn a_strangers_text_is_shown_in_plain_characters_only() {
        let shown = |text| Number::Local(text).to_string();
        assert_eq!(shown("desk_7.front-1*#+"), "desk_7.front-1*#+");
        for text in ["10 01{x}", "é", "a:b", "a@b", "desk%207", &"a".repeat(21)] {
            assert_eq!(shown(text), "unknown", "{text}");
        }
        assert_eq!(SafeText("10 01{x}\n\"é\u{202e}").to_string(), "1001x");
        assert_eq!(SafeText(&"a b".repeat(100)).to_string().len(), 64);
        assert_eq!(Number::Withheld.to_string(), "anonymous");
    }
}
