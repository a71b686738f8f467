//! Names that are defined with a dash in them, `agent front-desk`: told once, and read with `_`
//! wherever they stand.

use super::problems;
use super::words::begins_named_definition;
use crate::diagnostics::{Edit, Problems};
use crate::source::Span;
use std::collections::BTreeMap;

/// The edits that put `_` in place of each dash of such a name, with a problem for each name.
pub(super) fn names(text: &str, problems: &mut Problems) -> Vec<Edit> {
    if !may_define(text) {
        return Vec::new();
    }
    let mut before = "";
    let mut defined: BTreeMap<&str, Span> = BTreeMap::new();
    for (at, word) in words(text) {
        let defines = begins_named_definition(before);
        if defines && word.contains('-') && word.starts_with(|c: char| c.is_ascii_alphabetic()) {
            defined.entry(word).or_insert(Span::new(at, at + word.len()));
        }
        before = word;
    }
    if defined.is_empty() {
        return Vec::new();
    }
    let mut edits: BTreeMap<&str, Vec<Edit>> = BTreeMap::new();
    for (at, word) in words(text).filter(|(_, word)| defined.contains_key(word)) {
        let edit = Edit { span: Span::new(at, at + word.len()), text: word.replace('-', "_") };
        edits.entry(word).or_default().push(edit);
    }
    for (name, span) in defined {
        let edits = edits.get(name).cloned().unwrap_or_default();
        problems.push(problems::dashed_name(span, name, &name.replace('-', "_"), edits));
    }
    edits.into_values().flatten().collect()
}

/// Whether a word with a dash follows one that begins a definition, be it in a comment. Hardly a
/// plan has that, and all others are passed over.
fn may_define(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut judged = 0;
    text.match_indices('-').any(|(dash, _)| {
        // Of each word the first dash only, so that words of a million dashes take no longer.
        let is_judged = text[judged..dash].chars().all(is_word);
        judged = dash;
        if is_judged && dash > 0 {
            return false;
        }
        let before = text[..dash].trim_end_matches(is_word).trim_end();
        let word = before.rfind(|c| !is_word(c)).map_or(before, |mark| &before[mark..]);
        begins_named_definition(word.trim_start_matches(|c| !is_word(c)))
    })
}

/// Every word with the dashes between its letters, and every other mark; texts and comments aside.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = &text[at..];
            let first = rest.chars().next()?;
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let length = match first {
                '"' => 1 + rest[1..].find(['"', '\n']).map_or(rest.len() - 1, |end| end + 1),
                '#' => rest.find('\n').unwrap_or(rest.len()),
                c if c.is_ascii_alphabetic() || c == '_' => {
                    let word = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
                    word.trim_end_matches('-').len()
                }
                c => c.len_utf8(),
            };
            let found = (at, &rest[..length]);
            at += length;
            if !(first.is_whitespace() || first == '#') {
                return Some(found);
            }
        }
    })
}
