//! Numbers as people write them on paper and export them from other programs, and the layout that a
//! plan has.

use super::number::E164;
use super::pattern::Prefix;

/// A number or prefix that only its layout sets apart from a plan's: `+44 (0)20 7946 0123` is
/// `+442079460123`, and `tel:+1-415-555-0100` is `+1-415-555-0100`. `None` where digits are
/// missing, lost or to be guessed.
pub fn plain_number(written: &str) -> Option<String> {
    let written = written.strip_prefix("tel:").unwrap_or(written);
    let star = written.ends_with('*');
    let body = written.trim_end_matches('*').strip_prefix('+')?;
    // After a country's code, a trunk's 0 in parentheses is not dialed from abroad.
    let body = body.replace("(0)", "");
    let body = body.strip_prefix("00").unwrap_or(&body);
    let kept: String = body.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '(' | ')' | '.')).collect();
    // As on paper all goes but the digits; else the dashes stay where they may.
    let kept = if kept.len() < body.len() { kept.replace('-', "") } else { kept.trim_end_matches('-').to_owned() };
    let rewritten = format!("+{kept}{}", if star { "*" } else { "" });
    let reads = if star { Prefix::parse(&rewritten).is_ok() } else { E164::parse_written(&rewritten).is_ok() };
    if reads {
        return Some(rewritten);
    }
    let digits = format!("+{}{}", kept.replace('-', ""), if star { "*" } else { "" });
    let reads = if star { Prefix::parse(&digits).is_ok() } else { E164::parse(&digits).is_ok() };
    reads.then_some(digits)
}

/// `4.47E+12`: a spreadsheet has rounded the number, and its last digits are lost.
pub fn is_rounded(written: &str) -> bool {
    let digits = written.strip_prefix(['+', '-']).unwrap_or(written);
    let Some((mantissa, exponent)) = digits.split_once(['E', 'e']) else { return false };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(exponent) && is_digits(&mantissa.replacen(['.', ','], "", 1))
}

/// The number before an extension: `+442079460123 ext 5`, `+442079460123x5`, `+442079460123;ext=5`.
pub fn without_extension(written: &str) -> Option<&str> {
    let digits = written.trim_end_matches(|c: char| c.is_ascii_digit());
    let mark = digits.trim_end_matches([' ', '.', '=']);
    let lower = mark.to_ascii_lowercase();
    let word = [";ext", "extension", "ext", "x"].into_iter().find(|word| lower.ends_with(word))?;
    let number = mark[..mark.len() - word.len()].trim_end();
    (digits.len() < written.len() && number.len() > 1).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_layout_is_changed() {
        let cases = [
            ("+44 (0)20 7946 0123", Some("+442079460123")),
            ("+1 (415) 555-0100", Some("+14155550100")),
            ("+1.415.555.0100", Some("+14155550100")),
            ("+1-415-555-0100", Some("+1-415-555-0100")),
            ("tel:+1-415-555-0100", Some("+1-415-555-0100")),
            ("+1 415*", Some("+1415*")),
            ("+1-415-*", Some("+1-415*")),
            ("020 7946 0123", None),
            ("+4.47E+12", None),
            ("+442079460123 ext 5", None),
            ("+1234567890123456", None),
        ];
        for (written, plain) in cases {
            assert_eq!(plain_number(written).as_deref(), plain, "{written}");
        }
    }

    #[test]
    fn rounded_numbers_and_extensions_are_told() {
        for rounded in ["+4.47E+12", "1.21256E+10", "4,47E+12", "+4e12"] {
            assert!(is_rounded(rounded), "{rounded}");
        }
        assert!(!is_rounded("+442079460123") && !is_rounded("E12") && !is_rounded("+4.47E"));
        for extended in ["+44 5 ext 5", "+44 5 ext. 5", "+44 5x5", "+44 5 x 5", "+44 5;ext=5", "+44 5 extension 5"] {
            assert_eq!(without_extension(extended), Some("+44 5"), "{extended}");
        }
        assert_eq!(without_extension("+442079460123"), None);
        assert_eq!(without_extension("+442079460123x"), None);
    }
}
