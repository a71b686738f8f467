//! What a text is once its marks are dropped.

use super::calling_codes::drops_trunk_zero;
use super::number::{E164, MAX_DIGITS};
use super::withheld::{WITHHELD_WORDS, WITHHELD_ZEROS, is_unreachable};

/// Space of any kind, and what is not seen: dropped around a text, and wherever a mark is.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        // Soft hyphens, joiners, marks of direction, the byte-order mark.
        || matches!(character, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Dropped before a number is judged: what people put between digits to read them.
pub(super) fn is_mark(character: char) -> bool {
    matches!(character, '.' | '-' | '(' | ')' | '/')
        || is_blank(character)
        // Hyphens and dashes, the minus sign, the middle dot.
        || matches!(character, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' | '\u{b7}')
}

/// What a spreadsheet puts before a number so that it stays a text.
pub(super) fn is_leading_mark(character: char) -> bool {
    is_mark(character) || matches!(character, '\'' | '"' | '=')
}

/// What a text is once its marks are dropped.
pub(super) enum NumberForm {
    Withheld,
    E164(E164),
    Other,
}

impl NumberForm {
    pub fn of(letters: impl Iterator<Item = char> + Clone) -> Self {
        let letters = letters.skip_while(|character| is_leading_mark(*character));
        let bare = || letters.clone().filter(|character| !is_mark(*character));
        if bare().next().is_none() || is_zeros(bare()) || WITHHELD_WORDS.iter().any(|word| is_word(bare(), word)) {
            return Self::Withheld;
        }
        match e164(letters.clone()) {
            Some(number) if is_unreachable(number) => Self::Withheld,
            Some(number) => Self::E164(number),
            None => Self::Other,
        }
    }
}

fn is_word(text: impl Iterator<Item = char>, word: &str) -> bool {
    text.map(|character| character.to_ascii_lowercase()).eq(word.chars())
}

fn is_zeros(text: impl Iterator<Item = char>) -> bool {
    text.eq(std::iter::repeat_n('0', WITHHELD_ZEROS as usize))
}

fn e164(mut text: impl Iterator<Item = char> + Clone) -> Option<E164> {
    if text.next() != Some('+') {
        return None;
    }
    let (mut value, mut length) = (0_u64, 0);
    while let Some(character) = text.next() {
        if character == '('
            && let Some(after) = after_trunk_zero(text.clone())
            && drops_trunk_zero(value)
        {
            text = after;
            continue;
        }
        if is_mark(character) {
            continue;
        }
        let digit = character.to_digit(10)?;
        if length == MAX_DIGITS || (length == 0 && digit == 0) {
            return None;
        }
        value = value * 10 + u64::from(digit);
        length += 1;
    }
    (length > 0).then(|| E164::from_value(value, length))
}

/// What follows `(0)`, of which the parenthesis is gone already.
fn after_trunk_zero<I: Iterator<Item = char>>(mut text: I) -> Option<I> {
    let mut next = || text.by_ref().find(|character| !is_blank(*character));
    (next() == Some('0') && next() == Some(')')).then_some(text)
}
