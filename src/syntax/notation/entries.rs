//! The entries of a list, told apart by their line, their marks and what they are.

use crate::source::Span;
use crate::syntax::text_length;
use crate::syntax::{MONTHS, WEEKDAYS};
use std::collections::HashSet;

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    Numbers,
    Days,
    Other,
}

/// One entry.
#[derive(Debug)]
pub struct ListEntry {
    /// With bullets and quotes that belong to no plan.
    pub outer: Span,
    /// Without them.
    pub inner: Span,
    /// What stands between it and the next: a comma, or another mark.
    pub mark: Option<Span>,
    pub has_comma: bool,
    pub has_other_mark: bool,
    /// Whether a bullet or quotes stand around it.
    pub is_decorated: bool,
    /// Whether these quotes make a text of it.
    is_quoted: bool,
}

impl ListEntry {
    /// Without what stands around it.
    pub fn bare(&self, text: &str) -> String {
        let inner = &text[self.inner.range()];
        if self.is_quoted && !inner.starts_with(['"', '+']) { format!("\"{inner}\"") } else { inner.to_owned() }
    }
}

/// The entries of a list; `None` where they cannot be told apart for certain.
pub fn of(text: &str, content: Span, kind: ListKind, names: &HashSet<&str>) -> Option<Vec<ListEntry>> {
    let mut entries: Vec<ListEntry> = Vec::new();
    for cell in cells(text, content) {
        let Some(span) = cell.span else {
            // A mark alone ends the entry before it, unless that has one: then it is the grammar's.
            let last = entries.last_mut()?;
            if last.mark.is_some() {
                return None;
            }
            (last.mark, last.has_comma, last.has_other_mark) = (cell.mark, cell.is_comma, !cell.is_comma);
            continue;
        };
        let piece = &text[span.range()];
        if piece.ends_with("..") || piece.starts_with("..") {
            // A range over two lines.
            return None;
        }
        let decorated = undecorated(text, span);
        let parts = parts(text, decorated.inner, kind, names)?;
        let last = parts.len() - 1;
        for (at, part) in parts.into_iter().enumerate() {
            let outer = match (at, at == last) {
                (0, true) => span,
                (0, false) => Span { start: span.start, end: part.end },
                (_, true) if decorated.is_quoted => Span { start: part.start, end: span.end },
                (_, _) => part,
            };
            let is_end = at == last;
            entries.push(ListEntry {
                outer,
                inner: part,
                mark: cell.mark.filter(|_| is_end),
                has_comma: is_end && cell.is_comma,
                has_other_mark: is_end && cell.mark.is_some() && !cell.is_comma,
                is_decorated: decorated.inner != span && (at == 0 || decorated.is_quoted),
                is_quoted: decorated.is_quoted,
            });
        }
    }
    (!entries.is_empty()).then_some(entries)
}

/// What stands between two marks or on a line; without a place where that is only a mark.
struct ListCell {
    span: Option<Span>,
    mark: Option<Span>,
    is_comma: bool,
}

fn cells(text: &str, content: Span) -> Vec<ListCell> {
    let mut cells = Vec::new();
    let (mut at, end) = (content.start as usize, content.end as usize);
    let mut start = at;
    let bytes = text.as_bytes();
    while at < end {
        let byte = bytes[at];
        let is_mark = byte == b',' || byte == b';' && !is_parameter(&text[at + 1..end]);
        if is_mark || matches!(byte, b'\n' | b'\t' | b'#') {
            let mark = is_mark.then(|| Span::new(at, at + 1));
            let span = trimmed(text, start, at);
            if span.is_some() || mark.is_some() {
                cells.push(ListCell { span, mark, is_comma: byte == b',' });
            }
            at += if byte == b'#' { text[at..end].find('\n').map_or(end - at, |line| line + 1) } else { 1 };
            start = at;
        } else {
            at += if byte == b'"' { text_length(&text[at..end]) } else { 1 };
        }
    }
    let span = trimmed(text, start, end);
    cells.extend(span.map(|span| ListCell { span: Some(span), mark: None, is_comma: false }));
    cells
}

/// `ext=5`, after a `;`
fn is_parameter(rest: &str) -> bool {
    let word = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '-');
    word.len() < rest.len() && word.starts_with('=')
}

fn trimmed(text: &str, start: usize, end: usize) -> Option<Span> {
    let piece = &text[start..end];
    let start = start + (piece.len() - piece.trim_start().len());
    let length = piece.trim().len();
    (length > 0).then(|| Span::new(start, start + length))
}

struct Undecorated {
    inner: Span,
    is_quoted: bool,
}

/// Without a bullet before, and without quotes around that are no plan's.
fn undecorated(text: &str, span: Span) -> Undecorated {
    let (mut start, mut end) = (span.start as usize, span.end as usize);
    let piece = &text[start..end];
    let after_number = piece.trim_start_matches(|c: char| c.is_ascii_digit());
    let bullet = ["- ", "* ", "• ", "– ", "— ", "· ", "> "].into_iter().find(|bullet| piece.starts_with(bullet));
    let numbered = (after_number.len() < piece.len() && piece.len() - after_number.len() < 5)
        .then(|| after_number.strip_prefix(". ").or_else(|| after_number.strip_prefix(") ")))
        .flatten()
        .filter(|rest| rest.trim_start().starts_with(['+', '"', '\'']));
    let rest = bullet.map(|bullet| &piece[bullet.len()..]).or(numbered);
    if let Some(rest) = rest {
        start = end - rest.trim_start().len();
    }
    let piece = &text[start..end];
    let quotes = [('\'', '\''), ('‘', '’'), ('“', '”'), ('`', '`'), ('<', '>')];
    let quoted = quotes.into_iter().find_map(|(open, close)| {
        let inner = piece.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.trim().is_empty() && !inner.contains([open, close, '"', '\\']))
            .then_some((open.len_utf8(), inner.len()))
    });
    if let Some((open, length)) = quoted {
        start += open;
        end = start + length;
        let inner = &text[start..end];
        start += inner.len() - inner.trim_start().len();
        end = start + inner.trim().len();
    }
    Undecorated { inner: Span::new(start, end), is_quoted: quoted.is_some() }
}

/// The entries that one line has, apart by spaces alone; `None` where that is not certain.
fn parts(text: &str, span: Span, kind: ListKind, names: &HashSet<&str>) -> Option<Vec<Span>> {
    let piece = &text[span.range()];
    let words = words(text, span);
    let word = |span: &Span| &text[span.range()];
    let all = |is: &dyn Fn(&str) -> bool| words.iter().all(|span| is(word(span)));
    if words.len() == 1 {
        return match kind {
            ListKind::Numbers => Some(words),
            ListKind::Days => is_day(&[piece], names).then_some(words),
            ListKind::Other => is_value(piece).then_some(words),
        };
    }
    match kind {
        ListKind::Numbers => {
            if all(&|word| names.contains(word) || word == "anonymous") {
                return Some(words);
            }
            let starts = |at: usize| {
                let is_number = word(&words[at]).starts_with(['+', '"']);
                let joins = |word: &str| word.ends_with("..") || word == "-" || word.starts_with("..");
                is_number && at > 0 && !joins(word(&words[at - 1]))
            };
            Some(groups(&words, &starts))
        }
        ListKind::Days => {
            let is_date = |word: &str| {
                word.len() >= 10 && word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
            };
            if all(&is_date) || all(&|word| is_weekdays(word)) {
                return Some(words);
            }
            let parts = groups(&words, &|at| at > 0 && word(&words[at]) == "every");
            let is_day = |span: &Span| {
                let words: Vec<&str> = text[span.range()].split_whitespace().collect();
                is_day(&words, names)
            };
            parts.iter().all(is_day).then_some(parts)
        }
        ListKind::Other => {
            let is_country = |word: &str| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
            let is_figure = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && is_value(word);
            let apart = all(&is_country)
                || all(&|word| is_weekdays(word))
                || all(&|word| MONTHS.contains(&word))
                || all(&is_figure)
                || all(&|word| word.starts_with('"'))
                || all(&|word| names.contains(word));
            apart.then_some(words)
        }
    }
}

/// Words and texts, by the spaces between them.
fn words(text: &str, span: Span) -> Vec<Span> {
    let (mut at, end) = (span.start as usize, span.end as usize);
    let mut words = Vec::new();
    while at < end {
        let rest = &text[at..end];
        if let Some(space) = rest.chars().next().filter(|c| c.is_whitespace()) {
            at += space.len_utf8();
            continue;
        }
        let length = match rest.starts_with('"') {
            true => text_length(rest),
            false => rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len()),
        };
        words.push(Span::new(at, at + length.max(1)));
        at += length.max(1);
    }
    words
}

/// Words put together, a new group at each that starts one.
fn groups(words: &[Span], starts: &dyn Fn(usize) -> bool) -> Vec<Span> {
    let mut groups: Vec<Span> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        match groups.last_mut().filter(|_| !starts(at)) {
            Some(group) => *group = group.to(*word),
            None => groups.push(*word),
        }
    }
    groups
}

/// A value that has no space in it.
fn is_value(word: &str) -> bool {
    if word.starts_with('"') {
        return word.len() > 1 && word.ends_with('"') && text_length(word) == word.len();
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '+' | '*');
    word.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+')) && word.chars().all(is_plain)
}

fn is_weekdays(word: &str) -> bool {
    word.split('-').all(|day| WEEKDAYS.contains(&day))
}

/// What a list of days may have, by its words.
fn is_day(words: &[&str], names: &HashSet<&str>) -> bool {
    let is_figure = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && !word.contains(':');
    match words {
        ["every", count, "weeks", "from", date, days @ ..] => {
            is_figure(count) && is_figure(date) && matches!(days, [] | [_]) && days.iter().all(|days| is_weekdays(days))
        }
        ["every", rest @ ..] => !rest.is_empty() && rest[0] != "every" && is_day(rest, names) && is_figure(rest[0]),
        ["day", "before" | "after", rest @ ..] => is_counted_from(rest),
        [count, "day" | "days", "before" | "after", rest @ ..] => is_figure(count) && is_counted_from(rest),
        ["easter"] => true,
        ["orthodox", "easter"] | ["first" | "second" | "third" | "fourth" | "fifth" | "last", ..] => {
            is_counted_from(words)
        }
        [only] => is_figure(only) || is_weekdays(only) || names.contains(only),
        [first, days] => is_figure(first) && is_weekdays(days),
        [] | [_, _, ..] => false,
    }
}

/// What a day is counted from: `easter`, `fourth thu of nov`.
fn is_counted_from(words: &[&str]) -> bool {
    match words {
        ["easter"] | ["orthodox", "easter"] => true,
        ["first" | "second" | "third" | "fourth" | "fifth" | "last", days, "of", month] => {
            is_weekdays(days) && (*month == "month" || MONTHS.contains(month))
        }
        _ => false,
    }
}
