//! Words of the language that are misspelled, and words and marks that stand twice.

use super::LONGEST_LINE;
use crate::diagnostics::{Diagnostic, Grade};
use crate::source::Span;
use crate::suggest::{has_rival, nearest};
use crate::syntax::unreadable::word_at;
use crate::syntax::{Rule, is_reserved, part_names, problems};

/// The word of the language that was misspelled; a suggestion where another is as near.
pub(super) fn near_keyword(found: &str, expected: &[Rule]) -> Option<(&'static str, Grade)> {
    let keywords: Vec<&'static str> = expected.iter().flat_map(|kind| keywords_of(*kind)).collect();
    let word = nearest(found, keywords.iter().copied()).filter(|word| *word != found)?;
    Some((word, spelling(found, word, keywords)))
}

/// The words with which a part of a plan may begin.
fn keywords_of(kind: Rule) -> Vec<&'static str> {
    match kind {
        Rule::rule_head_alone => vec!["when"],
        Rule::connective => vec!["and", "or"],
        Rule::predicate | Rule::equality => vec!["is", "in", "not"],
        Rule::hours => vec!["closed", "all"],
        Rule::decision | Rule::statement_word => vec!["route", "reject", "fallback", "context", "metadata", "skip"],
        Rule::proof => vec!["always", "never"],
        kind => {
            let name = part_names::name_of(kind).and_then(|name| name.strip_prefix('`')?.strip_suffix('`'));
            name.filter(|word| !word.contains('`')).into_iter().collect()
        }
    }
}

/// How far the spelling of a word may be put right without asking.
pub(in crate::syntax) fn spelling<'c>(found: &str, word: &str, all: impl IntoIterator<Item = &'c str>) -> Grade {
    if has_rival(found, word, all) { Grade::Suggestion } else { Grade::Safe }
}

/// `when whn`, `is is`: a word of the language that stands twice, perhaps misspelled the second
/// time.
pub(super) fn doubled_word(text: &str, span: Span, found: &str) -> Option<Diagnostic> {
    let near = text.floor_char_boundary((span.start as usize).saturating_sub(LONGEST_LINE));
    let before = text[near..span.start as usize].trim_end();
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let previous = &before[before.trim_end_matches(is_word).len()..];
    let first = before[..before.len() - previous.len()].trim_end();
    let first = &first[first.trim_end_matches(is_word).len()..];
    let is_second =
        previous == first || previous.len() > 2 && !is_reserved(previous) && nearest(previous, [first]).is_some();
    if is_reserved(first) && is_second {
        return Some(problems::doubled_word(
            Span::new(near + before.len() - previous.len(), near + before.len()),
            previous,
            first,
        ));
    }
    let is_keyword = is_reserved(previous) && !matches!(previous, "true" | "false" | "null" | "anonymous" | "unknown");
    let is_slip = found == previous || found.len() > 2 && !is_reserved(found) && nearest(found, [previous]).is_some();
    (is_keyword && is_slip).then(|| problems::doubled_word(span, found, previous))
}

/// `:=`, `==`, `...`: a mark that was read, and more of it.
pub(super) fn doubled_mark(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    let before = &text[..span.start as usize];
    let is_again = match found {
        ":" | "=" | "," => true,
        // Two values in a list may be meant.
        _ => found.starts_with(['"', '+']) && found.len() > 1 && !expected.contains(&Rule::COMMA),
    };
    if is_again && before.trim_end().ends_with(found) {
        return Some(if found == "," {
            problems::doubled_comma(span)
        } else {
            problems::doubled_word(span, found, found)
        });
    }
    let is_rest = match found {
        "=" | "==" | "=>" | ">" => before.ends_with([':', '=']),
        "." => before.ends_with(".."),
        _ => false,
    };
    is_rest.then(|| problems::write_nothing(span, found))
}

/// A word at the beginning of what could not be read that goes on with what stands before it on its
/// line: `In [DE]` after a condition, `vversion 3` after an agent.
pub(in crate::syntax) fn goes_on(text: &str, span: Span, found: &str) -> Option<Diagnostic> {
    let near = text.floor_char_boundary((span.start as usize).saturating_sub(LONGEST_LINE));
    let line = text[near..span.start as usize].rsplit('\n').next().unwrap_or_default().trim();
    if line.is_empty() || line.ends_with(['{', '}']) {
        return None;
    }
    let words: &[&'static str] = match word_at(line) {
        "condition" => &["is", "in", "not", "and", "or", "as"],
        "numbers" | "schedule" => &["except"],
        _ => &["version"],
    };
    if let Some(problem) = doubled_word(text, span, found) {
        return Some(problem);
    }
    let word = nearest(found, words.iter().copied()).filter(|word| *word != found)?;
    Some(problems::misspelled_as(spelling(found, word, words.iter().copied()), span, found, word))
}
