//! Commas and colons between the values of lists, rows and objects.

use super::LONGEST_LINE;
use crate::diagnostics::{Diagnostic, Grade};
use crate::source::Span;
use crate::syntax::{Rule, problems};

/// Commas and colons that are missing, or stand once too often.
pub(super) fn between_values(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    let expects = |kind: Rule| expected.contains(&kind);
    let is_value = found.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '"' | '_'));
    let closes = expects(Rule::LIST_CLOSE) || expects(Rule::CLOSE);
    if expects(Rule::COMMA) && closes && is_value {
        // Where entries of a list can be told apart, they have been: see `notation`.
        return Some(match expects(Rule::LIST_CLOSE) {
            true => problems::no_comma(span, found),
            false => problems::missing_comma(text, span, found, comma(text, span, found)),
        });
    }
    if found == "," && expects(Rule::LIST_CLOSE) && !expects(Rule::COMMA) {
        // A comma typed twice is one too many; one apart from another, or first in its list, may
        // miss a value.
        let is_doubled = text[..span.start as usize].ends_with(',');
        let grade = if is_doubled { Grade::Safe } else { Grade::Suggestion };
        return Some(problems::superfluous(grade, span, found, "a value or `]`"));
    }
    if expects(Rule::member) || expects(Rule::word) && expects(Rule::CLOSE) {
        let key = found.trim_matches('"');
        let is_key = found.starts_with('"') && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let message = format!("a key stands without quotes: `{key}`");
        return (is_key && !key.is_empty()).then(|| problems::write_instead(Grade::Safe, span, message, key));
    }
    if expects(Rule::COLON) && matches!(found, "=" | "=>" | "==" | ":=" | "is") {
        return Some(problems::misspelled(span, found, ":"));
    }
    if expects(Rule::COLON) && is_value && !found.ends_with(':') {
        let end = text[..span.start as usize].trim_end().len();
        let place = Span::new(end, end);
        let problem = problems::unexpected(span, found, "`:`");
        let in_number = value_before(&text[..end]).starts_with('+') && found.starts_with(|c: char| c.is_ascii_digit());
        return Some(if in_number { problem } else { problem.fix("put a `:` between them", place, ":") });
    }
    None
}

/// How far a comma may be put between a value and the one before it: safe where they are plainly
/// two. On one line, two numbers or dates may be the ends of a range. Within a telephone number, or
/// after a date, nothing is offered.
pub(in crate::syntax) fn comma(text: &str, span: Span, found: &str) -> Option<Grade> {
    let before = text[..span.start as usize].trim_end();
    let previous = value_before(before);
    let on_next_line = text[before.len()..span.start as usize].contains('\n');
    let is_word = |value: &str| value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_text = |value: &str| value.ends_with('"');
    let is_key = is_word(found) && text[span.end as usize..].trim_start().starts_with(':');
    let opens_number = |value: &str| value.starts_with('+');
    if is_key || on_next_line {
        return Some(Grade::Safe);
    }
    if is_text(previous) || is_text(found) {
        let digits = |value: &str| value.trim_matches('"').bytes().all(|byte| byte.is_ascii_digit());
        return Some(if digits(previous) && digits(found) { Grade::Suggestion } else { Grade::Safe });
    }
    let in_number = opens_number(previous) && !opens_number(found);
    let in_date = previous.contains('-') && !is_word(previous) && !opens_number(previous) && is_word(found);
    (!in_number && !in_date && !found.contains(':')).then_some(Grade::Suggestion)
}

/// The value that ends a text: of a number with spaces in it, all of it.
fn value_before(before: &str) -> &str {
    let line = before
        .rfind('\n')
        .map_or(0, |at| at + 1)
        .max(before.floor_char_boundary(before.len().saturating_sub(LONGEST_LINE)));
    let line = &before[line..];
    let entry = line[line.rfind([',', '[', ':', '{']).map_or(0, |at| at + 1)..].trim_start();
    if entry.starts_with('+') {
        return &entry[entry.rfind('+').unwrap_or(0)..];
    }
    &entry[entry.rfind([' ', '\t']).map_or(0, |at| at + 1)..]
}
