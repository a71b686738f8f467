//! The form in which nearly every call brings its numbers, read in a few steps.

use super::number::{E164, MAX_DIGITS, unit};
use super::withheld::is_unreachable;

/// An ASCII `0` in each byte.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// A text of the form in which nearly every call brings its numbers: `+` and 8 to 15 more
/// characters, which had better be digits. They are in two words of eight, which overlap where
/// there are fewer than 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct PlainDigits {
    pub first: u64,
    pub last: u64,
    /// How many characters follow the `+`.
    pub length: u32,
}

impl PlainDigits {
    /// Takes the text apart, if it has the form.
    #[inline(always)]
    pub fn of(text: &str) -> Option<Self> {
        let [b'+', digits @ ..] = text.as_bytes() else { return None };
        let (first, last) = (digits.first_chunk::<8>()?, digits.last_chunk::<8>()?);
        let length = digits.len();
        let words = Self { first: u64::from_le_bytes(*first), last: u64::from_le_bytes(*last), length: length as u32 };
        (length <= MAX_DIGITS as usize).then_some(words)
    }

    /// As a call mostly brings this number, if it has digits enough.
    #[inline]
    pub fn of_number(number: E164) -> Option<Self> {
        let length = number.length();
        let more = length.checked_sub(8)?;
        let value = number.value();
        let (first, last) = (value / unit(MAX_DIGITS - more), value % 100_000_000);
        Some(Self { first: digits_of(first) ^ ZEROS, last: digits_of(last) ^ ZEROS, length })
    }

    /// Whether it is an E.164 number that spells no word, as far as that is seen at a glance.
    #[inline(always)]
    pub fn is_plainly_a_number(self) -> bool {
        self.are_digits() && 1 << self.leading() & DIGITS_THAT_ARE_NO_PLAIN_LEAD == 0
    }

    /// The number. `None` may be a number all the same: [`Number::read`] reads any text.
    #[inline(always)]
    pub fn number(self) -> Option<E164> {
        if !self.are_digits() || self.leading() == 0 {
            return None;
        }
        // Of the second word, only what the first does not have counts.
        let more = self.length - 8;
        let kept = (u64::MAX << (56 - 8 * more)) << 8;
        let value = value_of(self.first ^ ZEROS) * unit(MAX_DIGITS - more) + value_of((self.last ^ ZEROS) & kept);
        let number = E164::from_value(value, self.length);
        let may_spell = 1 << self.leading() & DIGITS_THAT_ARE_NO_PLAIN_LEAD != 0;
        if may_spell && is_unreachable(number) { None } else { Some(number) }
    }

    /// The first digit.
    #[inline(always)]
    fn leading(self) -> u64 {
        self.first & 0xf
    }

    #[inline(always)]
    fn are_digits(self) -> bool {
        // Digits become 0 to 9, all else something larger.
        let (first, last) = (self.first ^ ZEROS, self.last ^ ZEROS);
        const TO_THE_TOP: u64 = 0x7676_7676_7676_7676;
        let larger = first | last | first.wrapping_add(TO_THE_TOP) | last.wrapping_add(TO_THE_TOP);
        larger & 0x8080_8080_8080_8080 == 0
    }
}

/// No country code begins with 0, and with these others begin the numbers that spell a word on a
/// keypad: a bit each.
pub(super) const DIGITS_THAT_ARE_NO_PLAIN_LEAD: u64 = 1 | 1 << 2 | 1 << 7 | 1 << 8;

/// The number that eight digits make, each in a byte, the first in the lowest. Neighbours are
/// joined to pairs, pairs to fours, fours to eight.
#[inline(always)]
fn value_of(digits: u64) -> u64 {
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    (fours * 10_000 + (fours >> 32)) & 0xffff_ffff
}

/// The eight digits of a number, as [`value_of`] takes them: it is split into fours, pairs, digits.
#[inline(always)]
fn digits_of(value: u64) -> u64 {
    let fours = (value / 10_000) | (value % 10_000) << 32;
    // 5243 / 2^19 is a hundredth of any four digits, rounded down, and 103 / 2^10 a tenth of any two.
    let hundreds = ((fours * 5243) >> 19) & 0x0000_007f_0000_007f;
    let pairs = hundreds | (fours - hundreds * 100) << 16;
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | (pairs - tens * 10) << 8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_has_the_digits_that_its_text_has(length in 1..=MAX_DIGITS, digits in any::<u64>()) {
            let least = 10_u64.pow(length - 1);
            let number = E164::from_value(least + digits % (9 * least), length);
            prop_assert_eq!(PlainDigits::of_number(number), PlainDigits::of(&number.to_string()));
        }

        #[test]
        fn any_eight_digits_are_taken_apart(value in 0..100_000_000_u64) {
            let written = format!("{value:08}");
            prop_assert_eq!(&(digits_of(value) ^ ZEROS).to_le_bytes(), written.as_bytes());
            prop_assert_eq!(value_of(digits_of(value)), value);
        }
    }
}
