//! Figures and telephone numbers in other spellings.

use super::{LONGEST_LINE, line_from};
use crate::diagnostics::Diagnostic;
use crate::source::Span;
use crate::syntax::{Rule, problems};

/// Figures and telephone numbers in other spellings.
pub(super) fn in_figures(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    let (start, line) = (span.start as usize, line_from(text, span.start as usize));
    let before = text[..start].bytes().next_back();
    let follows_digit = before.is_some_and(|byte| byte.is_ascii_digit());
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    if found == "." {
        let after = digits(&line[1..]);
        let whole = Span::new(start, start + 1 + after);
        return match (follows_digit, after) {
            (false, 1..) => Some(problems::point(whole, &line[..=after], &format!("0{}", &line[..=after]))),
            (true, 0) => Some(problems::point(whole, "a number that ends with `.`", "")),
            (true, _) | (false, 0) => None,
        };
    }
    if found.starts_with('_') && follows_digit {
        let number = text[..start].bytes().rev().take_while(u8::is_ascii_digit).take(LONGEST_LINE).count();
        let plain: String = found.chars().filter(char::is_ascii_digit).collect();
        let whole = Span::new(start - number, start + found.len());
        let plain = format!("{}{plain}", &text[start - number..start]);
        let is_number = found.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
        return is_number.then(|| problems::grouped_digits(whole, &text[whole.range()], &plain));
    }
    let expects = |kind: Rule| expected.contains(&kind);
    if found.starts_with('+') && expects(Rule::json) {
        let of_number = |c: char| c.is_ascii_digit() || "+-.() ".contains(c);
        let number = line[..line.find(|c| !of_number(c)).unwrap_or(line.len())].trim_end();
        return Some(problems::number_in_metadata(Span::new(start, start + number.len()), number));
    }
    if (expects(Rule::target) || expects(Rule::target_path))
        && found.starts_with(|c: char| c == '+' || c.is_ascii_digit())
    {
        return Some(problems::route_to_number(span, found));
    }
    let group = digits(line);
    if group == 3 && (expects(Rule::member) || expects(Rule::word)) && before == Some(b',') {
        let number = text[..start - 1].bytes().rev().take_while(u8::is_ascii_digit).take(LONGEST_LINE).count();
        let whole = Span::new(start - 1 - number, start + 3);
        let plain = text[whole.range()].replace(',', "");
        return (number > 0).then(|| problems::grouped_digits(whole, &text[whole.range()], &plain));
    }
    let is_moment = expected == [Rule::figure] && text[..start].trim_end().ends_with(" at");
    is_moment.then(|| problems::no_moment(span, found))
}
