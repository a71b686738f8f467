//! What could be written at a place.

use super::items::{CompletionItem, CompletionKind, CompletionList};
use super::names::TextNames;
use super::place::{CursorPlace, Expected, place};
use super::tokens::{Shape, TextToken, TextTokens};
use super::{Surroundings, offset};
use crate::source::{Source, Span};

/// Maximum number of items in an answer.
const MAX_ITEMS: usize = 200;

/// What could be written at a place, the likeliest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// What an item takes the place of: the word that is begun there, or nothing.
    pub span: Span,
    /// At most 200.
    pub items: Vec<CompletionItem>,
}

/// What could be written at a line and a column, both from 1, columns in Unicode scalar values. Any
/// text and any place will do.
pub fn complete(source: &Source, line: usize, column: usize, around: &Surroundings) -> Completions {
    let text = source.text();
    let at = offset(source, line, column);
    let nothing = Completions { span: Span::new(at, at), items: Vec::new() };
    if text.len() > crate::syntax::MAX_BYTES {
        return nothing;
    }
    let tokens = TextTokens::of(text);
    if tokens.is_in_comment(at) {
        return nothing;
    }
    let (count, written) = tokens.around(at);
    let names = TextNames::of(&tokens);
    let (start, end) = written.map_or((at, at), |token| (token.start, token.end()));
    let mut place = place(text, &tokens.all[..count], &names, start);
    let next = count + usize::from(written.is_some());
    if tokens.all.get(next).is_some_and(|next| next.is("{")) {
        // There is a block already.
        place.wants.retain(|want| *want != Expected::Block);
    }
    let written = written.filter(|token| token.shape == Shape::Text);
    let span = match written.map(|token| within_text(token, at, &mut place)) {
        None => Span::new(start, end),
        Some(Some(span)) => span,
        Some(None) => return nothing,
    };
    let (tokens, names, place) = (&tokens, &names, &place);
    let indent = indent(text, start);
    let offers = CompletionList { tokens, names, place, before: count, around, indent, items: Vec::new() };
    let mut items = offers.gather();
    if written.is_some() && place.wants != [Expected::Hole] {
        // Within quotes only what has quotes itself goes on.
        items.retain(|item| item.insert.starts_with('"'));
    }
    if let Some(mark) = text[span.end as usize..].chars().next().filter(|next| matches!(next, '.' | '-')) {
        // What follows goes on with it already.
        items.retain(|item| !item.insert.contains(mark) || item.kind == CompletionKind::Snippet);
    }
    Completions { span, items: likeliest(items, &text[span.start as usize..at.max(span.start as usize)]) }
}

/// The space that the line of a place begins with.
fn indent(text: &str, at: usize) -> &str {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let space = text[line..at].find(|c| !matches!(c, ' ' | '\t')).unwrap_or(at - line);
    &text[line..line + space]
}

/// What is written within a text: its hole, where it has one there; else the whole of it, where
/// texts are offered.
fn within_text(token: TextToken, at: usize, place: &mut CursorPlace) -> Option<Span> {
    let may_have_holes = place.wants.iter().any(|want| matches!(want, Expected::Paragraph | Expected::Json));
    let before = &token.text[..at - token.start];
    let Some(hole) = hole_at(before).filter(|_| may_have_holes) else {
        place.wants.retain(|want| !matches!(want, Expected::Paragraph | Expected::Json));
        return Some(Span::new(token.start, token.end())).filter(|_| !place.wants.is_empty());
    };
    let begun = before.len() - hole.len();
    place.wants = vec![Expected::Hole];
    let rest = token.text[before.len()..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let end = token.start + before.len() + rest.unwrap_or(token.text.len() - before.len());
    Some(Span::new(token.start + begun, end))
}

/// What stands after the `{` of a hole that is not closed.
fn hole_at(before: &str) -> Option<&str> {
    let open = before.rfind('{')?;
    let escapes = before[..open].bytes().rev().take_while(|byte| *byte == b'\\').count();
    let hole = &before[open + 1..];
    let is_path = hole.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    (escapes % 2 == 0 && is_path).then_some(hole)
}

/// The whole hole around a byte of a text, and where its path begins.
pub(super) fn hole_around(text: &str, at: usize) -> Option<(usize, &str)> {
    let start = at - hole_at(text.get(..at)?)?.len();
    let end = text[start..].find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')))?;
    Some((start, &text[start..start + end]))
}

/// Those that go on with what is written: first where they begin with it.
fn likeliest(items: Vec<CompletionItem>, written: &str) -> Vec<CompletionItem> {
    let written = written.trim_start_matches('"').to_lowercase();
    let rank = |item: &CompletionItem| {
        let label = item.label.to_lowercase();
        let insert = item.insert.trim_start_matches('"').to_lowercase();
        match (label.starts_with(&written) || insert.starts_with(&written), label.contains(&written)) {
            (true, _) => Some(0),
            (false, true) => Some(1),
            (false, false) => None,
        }
    };
    let mut ranked: Vec<(u8, CompletionItem)> =
        items.into_iter().filter_map(|item| Some((rank(&item)?, item))).collect();
    ranked.sort_by_key(|(rank, item)| (*rank, !written.is_empty() && item.kind == CompletionKind::Snippet));
    ranked.into_iter().take(MAX_ITEMS).map(|(_, item)| item).collect()
}
