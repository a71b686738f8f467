//! Numbers that networks send for a withheld one, and the numbers that no call brings for that.

use super::number::{E164, LocalDigits};

/// The words by which networks say that a number is withheld, in any case, without the marks
/// between their letters.
pub(super) const WITHHELD_WORDS: [&str; 13] = [
    "anonymous",
    "restricted",
    "private",
    "privatenumber",
    "unavailable",
    "unknown",
    "unknowncaller",
    "withheld",
    "blocked",
    "nocallerid",
    "outofarea",
    "notused",
    "null",
];

/// Number of zeros, and nothing else, that networks send for a withheld number.
pub(super) const WITHHELD_ZEROS: u32 = 10;

/// The digits of the numbers that spell such a word on a keypad (`+266696687` is `anonymous`).
const WITHHELD_DIGITS: [(u64, u32); 5] =
    [(266_696_687, 9), (86_282_452_253, 11), (8_656_696, 7), (2_562_533, 7), (7_378_742_833, 10)];

/// The E.164 numbers that no call brings, since they spell a withheld one on a keypad, lowest
/// first.
pub fn unreachable_numbers() -> [E164; 5] {
    let mut numbers = WITHHELD_DIGITS.map(|(value, length)| E164::from_value(value, length));
    numbers.sort_unstable();
    numbers
}

/// The local numbers of digits alone that no call brings: ten zeros are read as a withheld one.
pub(crate) fn unreachable_digits() -> [LocalDigits; 1] {
    [LocalDigits::from_value(0, WITHHELD_ZEROS)]
}

/// Whether no call can bring this number: it would be read as withheld.
#[inline]
pub fn is_unreachable(number: E164) -> bool {
    const PACKED: [u64; 5] = {
        let mut packed = [0; 5];
        let mut at = 0;
        while at < 5 {
            packed[at] = E164::from_value(WITHHELD_DIGITS[at].0, WITHHELD_DIGITS[at].1).packed();
            at += 1;
        }
        packed
    };
    PACKED.contains(&number.packed())
}
