//! Makes any text fit for a terminal. A plan is written by people we do not know: an escape
//! sequence in it, or in a message that quotes it, must not move the reader's cursor or hide what a
//! line says.

use std::borrow::Cow;

/// Maximum number of characters of one message that are drawn; [`super::super::json`] has it whole.
const LONGEST: usize = 4000;

/// What stands for a character that a terminal would act on or would not show. Always one for one,
/// so that a place in the text stays a place; tabs are left, and the drawing makes four spaces of
/// them.
pub fn visible(character: char) -> char {
    match character {
        '\t' => character,
        // The control pictures: U+2400 and on, in the same order.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        // C1 controls, of which U+009B starts an escape sequence on its own.
        '\u{80}'..='\u{9f}' => '\u{fffd}',
        // Marks that reorder what follows, line separators, and characters without a width that
        // hide in a name.
        '\u{61c}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' => '\u{fffd}',
        '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
        _ => character,
    }
}

/// A message of one line.
pub fn line(text: &str) -> Cow<'_, str> {
    replace(text, |character| if character == '\n' { ' ' } else { visible(character) })
}

/// A message that may have several lines.
pub fn lines(text: &str) -> Cow<'_, str> {
    replace(text, |character| if character == '\n' { character } else { visible(character) })
}

fn replace(text: &str, with: impl Fn(char) -> char) -> Cow<'_, str> {
    if text.len() <= LONGEST && text.chars().all(|character| character != '\t' && with(character) == character) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::new();
    let mut characters = text.chars();
    for character in characters.by_ref().take(LONGEST) {
        if character == '\t' { clean.push_str("    ") } else { clean.push(with(character)) }
    }
    if characters.next().is_some() {
        clean.push_str("...");
    }
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_shown_instead() {
        assert_eq!(line("a\u{1b}[31mb\u{9b}c\r\nd\te\u{202e}"), "a␛[31mb\u{fffd}c␍ d    e\u{fffd}");
        assert_eq!(lines("a\nb"), "a\nb");
        assert_eq!(line(&"x".repeat(5000)).len(), 4003);
    }
}
