//! Mistakes in the syntax that have a fix of their own, by what was expected and what stands there.

mod attributes;
mod conditions;
mod days;
mod figures;
mod heads;
mod holidays;
mod keywords;
mod rotations;
mod values;

use super::{Rule, problems};
use crate::diagnostics::Diagnostic;
use crate::source::Span;
use conditions::in_conditions;
use days::{in_lines, in_ordinals};
use figures::in_figures;
use heads::in_heads;
use keywords::{doubled_mark, doubled_word, near_keyword};
use values::between_values;

pub(crate) use days::changed_hours;
pub(super) use days::{closure, day, days_of_line, entry_of_days, near_every};
pub(super) use heads::{nameless, statement};
pub(crate) use holidays::{day_and_month, holiday_by_name, offset_in_words};
pub(super) use keywords::{goes_on, spelling};
pub(super) use rotations::rotation_line;
pub(super) use values::comma;

/// Maximum part of a line that is examined, in bytes.
const LONGEST_LINE: usize = 500;

/// The problem with its fix. `None` if there is no fix to offer.
pub(super) fn recognized(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    let is_word = found.starts_with(|c: char| c.is_ascii_alphabetic());
    if let Some(problem) = doubled_word(text, span, found).or_else(|| doubled_mark(text, span, found, expected)) {
        return Some(problem);
    }
    if is_word && let Some((word, grade)) = near_keyword(found, expected) {
        return Some(problems::misspelled_as(grade, span, found, word));
    }
    if found == ";" {
        let in_list = expected.contains(&Rule::COMMA);
        return Some(if in_list { problems::misspelled(span, found, ",") } else { problems::no_semicolon(span) });
    }
    in_ordinals(span, found, expected)
        .or_else(|| in_figures(text, span, found, expected))
        .or_else(|| in_heads(text, span, found, expected))
        .or_else(|| in_conditions(text, span, found, expected))
        .or_else(|| between_values(text, span, found, expected))
        .or_else(|| in_lines(text, span, found, expected))
}

/// The rest of a line, up to the maximum part that is examined. Nobody writes longer lines.
fn line_from(text: &str, start: usize) -> &str {
    let rest = &text[start..text.floor_char_boundary((start + LONGEST_LINE).min(text.len()))];
    rest.lines().next().unwrap_or_default()
}

/// The text before a place on its line, up to the maximum part that is examined.
fn line_before(text: &str, at: usize) -> &str {
    let start = text.floor_char_boundary(at.saturating_sub(LONGEST_LINE));
    text[start..at].rsplit('\n').next().unwrap_or_default()
}
