//! What people write of numbers in other notations, and what a plan would say instead.

use crate::phone::{E164, LocalDigits};

/// A text in quotes that is compared whole, although it was meant for more, or otherwise.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LookAlike {
    /// All numbers that begin so: `1xxx`, `^10`.
    Prefix(String),
    /// All numbers from one to another: `1000-1999`.
    Range(String, String),
    /// One number with marks between its digits: `10 00`.
    Number(String),
    /// Numbers that end so, which no plan can say: `*5550100`.
    Suffix,
    /// A pattern of which nothing as short says the same: `1[05]00`.
    Pattern,
}

/// What a local number in quotes looks like; `None` for one that a phone may send.
pub(super) fn look_alike(local: &str) -> Option<LookAlike> {
    let body = local.strip_prefix('_').or_else(|| local.strip_prefix('^')).unwrap_or(local);
    let is_marked = body.len() < local.len();
    let body = body.strip_suffix('$').unwrap_or(body);
    range(body).or_else(|| suffix(body)).or_else(|| with_wildcards(body, is_marked)).or_else(|| with_marks(body))
}

/// `1000-1999`, `0270..0279`, `1000 to 1999`
fn range(body: &str) -> Option<LookAlike> {
    let marks = ["..", "…", "–", "—", "-", " to "];
    let ends = marks.iter().find_map(|mark| body.split_once(mark))?;
    let (low, high) = (ends.0.trim(), ends.1.trim_start_matches('.').trim());
    let (first, last) = (LocalDigits::parse(low)?, LocalDigits::parse(high)?);
    // `555-0100` is a number with a mark in it.
    let is_range = first.length() == last.length() && first < last && first.length() > 1;
    is_range.then(|| LookAlike::Range(low.to_owned(), high.to_owned()))
}

/// `*5550100`: codes that are dialed have fewer digits after their star.
fn suffix(body: &str) -> Option<LookAlike> {
    let digits = body.strip_prefix(['*', '%', '.'])?.trim_start_matches(['*', '%', '.']);
    let digits = digits.strip_suffix('*').unwrap_or(digits);
    (digits.len() > 4 && is_digits(digits)).then_some(LookAlike::Suffix)
}

/// `1xxx`, `10?`, `10%`, `10.`, `10!`, `10.*`, `1[0-5]00`, `10\d+`, `10**`, `1*00`
fn with_wildcards(body: &str, is_marked: bool) -> Option<LookAlike> {
    let at = body.find(|character: char| !character.is_ascii_digit()).unwrap_or(body.len());
    let (digits, rest) = body.split_at(at);
    if rest.is_empty() {
        return is_marked.then(|| LookAlike::Prefix(digits.to_owned())).filter(|_| !digits.is_empty());
    }
    // A prefix as a plan writes it, with nothing around it.
    if rest == "*" {
        return is_marked.then(|| LookAlike::Prefix(digits.to_owned()));
    }
    let is_any =
        |character: char| matches!(character, 'x' | 'X' | 'n' | 'N' | 'z' | 'Z' | '?' | '%' | '.' | '!' | '*' | '#');
    let letters = rest.trim_end_matches(['.', '*', '%', '!', '+']);
    let is_count =
        |letter: char| !letters.is_empty() && letters.chars().all(|other| other.eq_ignore_ascii_case(&letter));
    if ['x', 'n', 'z', '?'].into_iter().any(is_count) && (!digits.is_empty() || is_marked) {
        return counted(digits, letters.len(), rest.len() > letters.len());
    }
    let only_tail =
        matches!(rest, "%" | "." | "!" | ".*" | ".+" | "**" | "..." | "\\d+" | "\\d*" | "[0-9]+" | "[0-9]*" | "…");
    if only_tail && !digits.is_empty() {
        return Some(LookAlike::Prefix(digits.to_owned()));
    }
    let is_pattern = rest.starts_with('[')
        || rest.contains("\\d")
        || (is_marked && rest.chars().all(|c| is_any(c) || c.is_ascii_digit() || matches!(c, '[' | ']' | '-')));
    // `1*00`: a star amid digits. After one, it may be dialed.
    let is_star_amid = !digits.is_empty()
        && rest.starts_with('*')
        && rest.len() > 1
        && rest[1..].chars().all(|c| c.is_ascii_digit() || c == '*');
    (is_pattern || is_star_amid).then_some(LookAlike::Pattern)
}

/// A pattern of `more` more digits, or of at least that many.
fn counted(digits: &str, more: usize, or_longer: bool) -> Option<LookAlike> {
    let ends = [format!("{digits}{}", "0".repeat(more)), format!("{digits}{}", "9".repeat(more))];
    let [Some(_), Some(_)] = ends.each_ref().map(|end| LocalDigits::parse(end)) else {
        return Some(LookAlike::Prefix(digits.to_owned()));
    };
    let [low, high] = ends;
    Some(if or_longer { LookAlike::Prefix(digits.to_owned()) } else { LookAlike::Range(low, high) })
}

/// `10 00`, `(020) 7946 0123`
fn with_marks(body: &str) -> Option<LookAlike> {
    let is_mark = |character: char| matches!(character, ' ' | '(' | ')' | '/');
    let digits: String = body.chars().filter(|character| character.is_ascii_digit()).collect();
    let others = body.chars().filter(|character| !character.is_ascii_digit());
    let has_mark = others.clone().any(is_mark);
    let is_number =
        !digits.is_empty() && others.clone().all(|character| is_mark(character) || matches!(character, '-' | '.'));
    (has_mark && is_number).then_some(LookAlike::Number(digits))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first and the last number of a block as people write it: `+493023125100-99`. The last digits
/// are replaced by those after the dash, of which there are at least two and fewer than before it,
/// and the numbers go up.
pub(super) fn block(written: &str) -> Option<(String, String)> {
    let (number, end) = written.rsplit_once('-')?;
    let end = end.trim();
    let digits: String =
        number.strip_prefix('+')?.chars().filter(|c| !matches!(c, '-' | ' ' | '(' | ')' | '.')).collect();
    if !is_digits(&digits) || !is_digits(end) || end.len() < 2 || digits.len() <= end.len() + 4 {
        return None;
    }
    let (stem, start) = digits.split_at(digits.len() - end.len());
    let last = format!("+{stem}{end}");
    let first = format!("+{digits}");
    // A group of digits is no end: `+44 20 7946-0123` goes up as well, but is not a whole number
    // without it.
    let first_number = E164::parse(&first).ok()?;
    let is_whole = |number: E164| {
        crate::phone::DigitCounts::of_digits(number).is_some_and(|lengths| lengths.contains(number.length()))
    };
    let together = E164::parse(&format!("{first}{end}")).ok().filter(|number| is_whole(*number));
    let is_block = start < end
        && is_whole(first_number)
        && together.is_none_or(|_| end.len() == 2 && start.ends_with("00") && digits.len() >= 11);
    is_block.then_some((first, last))
}

/// The prefix that `+1415555XXXX` means, with letters for digits.
pub(super) fn with_letters_for_digits(written: &str) -> Option<String> {
    let digits = written.trim_end_matches(['x', 'X', '-', ' ', '.']);
    let letters = written[digits.len()..].chars().filter(|c| c.eq_ignore_ascii_case(&'x')).count();
    let number: String = digits.chars().filter(|c| !matches!(c, ' ' | '(' | ')' | '.' | '-')).collect();
    (letters > 0 && E164::parse(&number).is_ok()).then(|| format!("{number}*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_notations_are_recognized() {
        let prefix = |text: &str| Some(LookAlike::Prefix(text.to_owned()));
        let range = |low: &str, high: &str| Some(LookAlike::Range(low.to_owned(), high.to_owned()));
        for (text, expected) in [
            ("_1XXX", range("1000", "1999")),
            ("1xxx", range("1000", "1999")),
            ("10?", range("100", "109")),
            ("_1XXX.", prefix("1")),
            ("^10", prefix("10")),
            ("^10.*$", prefix("10")),
            ("10%", prefix("10")),
            ("10.", prefix("10")),
            ("10**", prefix("10")),
            ("10\\d+", prefix("10")),
            ("1000-1999", range("1000", "1999")),
            ("1000 - 1999", range("1000", "1999")),
            ("0270..0279", range("0270", "0279")),
            ("*5550100", Some(LookAlike::Suffix)),
            ("1[0-5]00", Some(LookAlike::Pattern)),
            ("_1[05]XX", Some(LookAlike::Pattern)),
            ("1*00", Some(LookAlike::Pattern)),
            ("10 00", Some(LookAlike::Number("1000".to_owned()))),
            ("020 7946 0123", Some(LookAlike::Number("02079460123".to_owned()))),
        ] {
            assert_eq!(look_alike(text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_phone_may_send_is_let_be() {
        for text in [
            "1001",
            "10*",
            "*",
            "00*",
            "desk",
            "desk7",
            "desk-7",
            "*98",
            "*67*",
            "**",
            "#31#",
            "555-0100",
            "415-555-0100",
            "x",
            "xx",
            "nz",
            "front.desk",
            "a.b*",
            "_",
            "^",
            "desk_*",
            "1001#",
        ] {
            let found = look_alike(text);
            assert_eq!(found, None, "{text}");
        }
    }

    #[test]
    fn blocks_are_recognized() {
        for (text, low, high) in [
            ("+493023125100-99", "+493023125100", "+493023125199"),
            ("+4930231251-00-99", "+493023125100", "+493023125199"),
            ("+44 20 7946 0100-0199", "+442079460100", "+442079460199"),
            ("+442079460110-19", "+442079460110", "+442079460119"),
        ] {
            assert_eq!(block(text), Some((low.to_owned(), high.to_owned())), "{text}");
        }
        for text in [
            "+1-415-555-0100",
            "+44-20-7946-0123",
            "+4930-23125-117",
            "+33-1-99-00-12-34",
            "+14155550199-00",
            "+49302300-99",
            "+1-415",
        ] {
            assert_eq!(block(text), None, "{text}");
        }
        assert_eq!(with_letters_for_digits("+1415555XXXX"), Some("+1415555*".to_owned()));
        assert_eq!(with_letters_for_digits("+1415555010x"), Some("+1415555010*".to_owned()));
        assert_eq!(with_letters_for_digits("+14155550100"), None);
    }
}
