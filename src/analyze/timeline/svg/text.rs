//! Text in a drawing: fit for XML, and as wide as it can be.

use crate::diagnostics::text::clean_line;

/// Text as XML has it. What XML cannot hold, or what would hide or turn around what a line says, is
/// shown instead.
pub fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in clean_line(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// About how wide a text is, in the widest of the fonts that are asked for.
pub fn width(text: &str, size: f64) -> f64 {
    let ems = |character: char| match character {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.34,
        'f' | 'r' | 't' | '-' | '(' | ')' | '"' | '*' => 0.44,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '+' => 0.98,
        'A'..='Z' => 0.74,
        '\0'..='\u{24f}' => 0.64,
        _ => 1.05,
    };
    text.chars().map(ems).sum::<f64>() * size
}

/// The text, or as much of it as there is room for.
pub fn cut(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for character in text.chars() {
        kept.push(character);
        if width(&kept, size) + size > room {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plans_text_is_text() {
        assert_eq!(xml("</text><script>\"&'"), "&lt;/text&gt;&lt;script&gt;&quot;&amp;'");
        assert_eq!(xml("a\u{0}\u{1b}\u{202e}\u{ffff}\nb"), "a␀␛\u{fffd}\u{fffd} b");
    }

    #[test]
    fn what_does_not_fit_is_cut() {
        assert_eq!(cut("reception", 10.0, 100.0), "reception");
        let short = cut("the front desk of the house by the river", 10.0, 100.0);
        assert!(short.ends_with('…') && width(&short, 10.0) <= 105.0, "{short}");
        assert_eq!(cut("reception", 10.0, 5.0), "…");
    }
}
