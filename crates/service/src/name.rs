//! Checks the names of organizations, users, agents and keys. A name must be visible, on one line,
//! and read in the order in which it is written: lists and consoles show names, where one must not
//! pass for another.

/// Maximum length of a name, in Unicode scalar values.
pub const LONGEST_NAME: usize = 200;

/// Checks a name. The error says what is wrong, to be read after the name of the field.
pub fn check(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("must not be empty".into());
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(format!("must have at most {LONGEST_NAME} characters"));
    }
    if name.contains(char::is_control) {
        return Err("must not have control characters in it".into());
    }
    if let Some(character) = name.chars().find(|character| is_format(*character)) {
        return Err(format!("must not have the invisible character U+{:04X} in it", u32::from(character)));
    }
    if name.chars().all(is_blank) {
        return Err("must not be blank".into());
    }
    Ok(())
}

/// Characters that change the order or the lines of the text around them (Unicode's property
/// `Bidi_Control`, and its line and paragraph separators), and tags, which are invisible.
fn is_format(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{e0000}'..='\u{e007f}')
}

/// Characters that show nothing: spaces, fillers, and characters without width.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_seen_on_one_line_in_its_order() {
        for name in ["a", " Front desk ", "Café ☎", "クリニック", "عيادة", "נמל", "👩\u{200d}⚕\u{fe0f} desk", "-"]
        {
            assert_eq!(check(name), Ok(()), "{name:?}");
        }
        for (name, wrong) in [
            ("", "must not be empty"),
            (" \u{a0}\u{3000}", "must not be blank"),
            ("\u{200b}\u{feff}\u{2800}\u{3164}", "must not be blank"),
            ("a\nb", "must not have control characters in it"),
            ("a\u{85}b", "must not have control characters in it"),
            ("desk\u{202e}gnp.exe", "must not have the invisible character U+202E in it"),
            ("\u{2067}desk", "must not have the invisible character U+2067 in it"),
            ("one\u{2028}two", "must not have the invisible character U+2028 in it"),
        ] {
            assert_eq!(check(name).expect_err(name), wrong, "{name:?}");
        }
        assert_eq!(check(&"é".repeat(LONGEST_NAME)), Ok(()));
        assert!(check(&"é".repeat(LONGEST_NAME + 1)).is_err());
    }
}
