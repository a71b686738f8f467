//! Tests, the values that they compare with, and what follows a condition.

use super::{LONGEST_LINE, line_before, line_from};
use crate::diagnostics::{Diagnostic, Grade};
use crate::source::Span;
use crate::syntax::notation::plain_window;
use crate::syntax::{Rule, is_reserved, problems};

/// The words that begin a statement.
const STATEMENTS: [&str; 9] = ["rule", "when", "split", "context", "metadata", "skip", "route", "reject", "fallback"];

/// Tests and their values.
pub(super) fn in_conditions(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    let expects = |kind: Rule| expected.contains(&kind);
    let rest = &text[span.start as usize..];
    if found == "(" && (expects(Rule::value) || expects(Rule::entry_alone)) {
        let digits = |c: char| c.is_ascii_digit() || matches!(c, '(' | ')' | ' ' | '-' | '.');
        let number = rest[..rest.find(|c| !digits(c)).unwrap_or(rest.len())].trim_end_matches([' ', '.', '-']);
        let is_number = number.bytes().filter(u8::is_ascii_digit).count() >= 5;
        let whole = Span::new(span.start as usize, span.start as usize + number.len());
        return is_number.then(|| problems::paper_number(whole, number));
    }
    if (expects(Rule::binding) || expects(Rule::AS)) && found.starts_with(|c: char| c.is_ascii_lowercase()) {
        let is_name = !is_reserved(found) && !text[..span.start as usize].trim_end().ends_with(" as");
        return is_name.then(|| problems::missing_word(span, found, "as", &format!("as {found}")));
    }
    if found == "between" && expects(Rule::predicate) {
        return between(span, line_from(text, span.start as usize));
    }
    let line_before = line_before(text, span.start as usize);
    if found == ".." && (line_before.contains("now in ") || line_before.contains("now not in ")) {
        return Some(problems::now_in_range(span));
    }
    let is_arrow = found == "=>" || found == "do" || found == ">" && line_before.ends_with('-');
    if is_arrow && (expects(Rule::OPEN) || found == ">") {
        return Some(problems::block_without_braces(span, if found == ">" { "->" } else { found }));
    }
    if expects(Rule::OPEN) && expects(Rule::COMMA) && line_before.contains(" except ") && !is_reserved(found) {
        let before = line_before.trim_end();
        let first = &before[before.rfind([' ', ',']).map_or(0, |at| at + 1)..];
        let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic());
        return (is_word(first) && is_word(found)).then(|| problems::two_words(span, first, found));
    }
    if expects(Rule::OPEN) && expects(Rule::connective) && STATEMENTS.contains(&found) {
        return Some(problems::block_without_braces(span, found));
    }
    if found == "," && expects(Rule::OPEN) && expects(Rule::connective) {
        return missing_brackets(text, span);
    }
    if expects(Rule::LIST_OPEN) && found.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '"')) {
        let line = line_from(text, span.start as usize).split('#').next()?;
        let values = line.split(" except ").next().unwrap_or(line).trim_end();
        let list = Span::new(span.start as usize, span.start as usize + values.len());
        let lone = !expects(Rule::value) && !expects(Rule::single) && !values.contains(['[', ']', '{', '}']);
        return lone.then(|| problems::missing_brackets(list, list, values));
    }
    None
}

/// `between 09:00 and 17:00`
fn between(span: Span, rest: &str) -> Option<Diagnostic> {
    let (low, after) = rest["between".len()..].split_once(" and ")?;
    let (low, after) = (low.trim(), after.trim_start());
    let high = &after[..after.find([' ', '\n', '{', ')']).unwrap_or(after.len())];
    let is_value = |value: &str| !value.is_empty() && !value.contains([' ', '\n', '"', '{', '}']);
    if !(is_value(low) && is_value(high)) {
        return None;
    }
    let is_time = low.contains(':') || low.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_window = is_time || [low, high].into_iter().any(|end| end.ends_with('m'));
    let plain = plain_window(&format!("{low} to {high}")).filter(|_| is_window);
    let plain = plain.unwrap_or_else(|| format!("{low}{}{high}", if is_time { "-" } else { ".." }));
    let replacement = format!("in {plain}");
    let end = rest.len() - after.len() + high.len();
    // A window leaves out its last minute, and `between` may not.
    let grade = if is_window { Grade::Suggestion } else { Grade::Safe };
    Some(problems::between(grade, Span::new(span.start as usize, span.start as usize + end), &replacement))
}

/// `caller in +44*, +49* {`
fn missing_brackets(text: &str, span: Span) -> Option<Diagnostic> {
    let comma = span.start as usize;
    let line = text.floor_char_boundary(comma.saturating_sub(LONGEST_LINE));
    let line = text[line..comma].rfind('\n').map_or(line, |at| line + at + 1);
    let start = text[line..comma].rfind(" in ").map(|at| line + at + " in ".len())?;
    let rest = line_from(text, start);
    let ends = [" {", " and ", " or ", ")"].iter().filter_map(|mark| rest.find(mark)).min().unwrap_or(rest.len());
    let values = rest[..ends].trim();
    let whole = Span::new(start, start + values.len());
    let is_plain = !values.contains(['[', ']', '{', '#']) && start + values.len() > comma;
    is_plain.then(|| problems::missing_brackets(span, whole, values))
}
