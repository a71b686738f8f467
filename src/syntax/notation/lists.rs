//! Lists as they are pasted: an entry a line without commas, `;` at the ends, tabs, bullets,
//! quotes. Each such list is one problem, with one fix for all of it.
//!
//! A list is taken only where its entries can be told apart for certain: a number is never torn
//! apart, and two words are two entries only where each is known by itself. Any other list is left
//! to the grammar, which says where it stops.

use super::Notation;
use super::entries::{self, ListEntry, ListKind};
use crate::diagnostics::{Diagnostic, Edit, Grade, Problems};
use crate::phone::plain_number;
use crate::source::Span;
use crate::syntax::text_length;
use crate::syntax::{Grammar, Rule, begins_named_definition, problems};
use pest::Parser as _;
use std::collections::HashSet;

/// Looks for pasted lists, with a problem for each.
pub(super) fn find(text: &str, notation: &mut Notation, problems: &mut Problems) {
    let mut names = None;
    for open in brackets(text) {
        let Some(close) = end_of_list(text, open + 1) else { continue };
        if is_plain(&text[open + 1..close]) {
            continue;
        }
        let Some(kind) = kind_of(&text[..open]) else { continue };
        let names = names.get_or_insert_with(|| defined_names(text));
        let Some(entries) = entries::of(text, Span::new(open + 1, close), kind, names) else { continue };
        let list = NotationList { text, kind, entries };
        let slips = list.slips();
        if slips.is_empty() || stands(&text[open..=close], kind) {
            continue;
        }
        let edits = list.edits();
        problems.push(list.problem(&slips, edits.clone()));
        notation.edits.extend(edits);
        if kind == ListKind::Numbers {
            notation.told.push(Span::new(open, close + 1));
        }
    }
}

/// Whether there is one word between every two commas, as a plan writes lists. Most lists are such,
/// and the longest: they are passed over without a look at their entries.
fn is_plain(content: &str) -> bool {
    let mut words = 0;
    let mut before = b',';
    for byte in content.bytes() {
        match byte {
            b',' if words != 1 => return false,
            b',' => words = 0,
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ if is_in_word(byte) && is_in_word(before) => {}
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'+' => words += 1,
            _ => return false,
        }
        before = byte;
    }
    words <= 1
}

fn is_in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'*' | b'-' | b'.')
}

/// Whether the grammar reads a list as it stands: `2026-12-24..2026-12-31` and, on the next line,
/// `mon-fri` are one day.
fn stands(list: &str, kind: ListKind) -> bool {
    let whole_list = match kind {
        ListKind::Days => Rule::days_alone,
        ListKind::Numbers | ListKind::Other => Rule::list_alone,
    };
    Grammar::parse(whole_list, list).is_ok()
}

struct NotationList<'t> {
    text: &'t str,
    kind: ListKind,
    entries: Vec<ListEntry>,
}

impl NotationList<'_> {
    /// The entries before which something is wrong: no comma, or another mark; or around which
    /// something stands.
    fn slips(&self) -> Vec<usize> {
        let after = |at: usize| at.checked_sub(1).map(|before| &self.entries[before]);
        let wrong = |at: &usize| {
            let entry = &self.entries[*at];
            entry.is_decorated || after(*at).is_some_and(|before| !before.has_comma)
        };
        let ends_wrong = self.entries.last().is_some_and(|last| last.has_other_mark);
        let slips: Vec<usize> = (0..self.entries.len()).filter(wrong).collect();
        if slips.is_empty() && ends_wrong { vec![self.entries.len() - 1] } else { slips }
    }

    fn edits(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let is_last = at + 1 == self.entries.len();
            let written = &self.text[entry.outer.range()];
            let plain = self.plain(entry);
            if written != plain {
                edits.push(Edit { span: entry.outer, text: plain });
            }
            let comma = if is_last { "" } else { "," };
            match entry.mark {
                Some(mark) if entry.has_other_mark => edits.push(Edit { span: mark, text: comma.to_owned() }),
                None if !is_last => edits.push(Edit { span: entry.outer.after(), text: comma.to_owned() }),
                Some(_) | None => {}
            }
        }
        edits
    }

    /// The entry as a plan has it, or as it stands where only a person can say.
    fn plain(&self, entry: &ListEntry) -> String {
        let inner = &self.text[entry.inner.range()];
        match self.kind {
            ListKind::Numbers => plain_entry(inner).unwrap_or_else(|| entry.bare(self.text)),
            ListKind::Days | ListKind::Other => entry.bare(self.text),
        }
    }

    fn problem(&self, slips: &[usize], edits: Vec<Edit>) -> Diagnostic {
        let first = &self.entries[slips[0]];
        let found = &self.text[first.inner.range()];
        let is_plain = |entry: &ListEntry| self.plain(entry) == self.text[entry.outer.range()];
        let is_one_comma = match edits.as_slice() {
            [only] => slips.len() == 1 && only.text == "," && only.span.range().is_empty(),
            [] | [_, ..] => false,
        };
        if is_one_comma {
            return problems::missing_comma(self.text, first.inner, found, Some(self.grade(slips)));
        }
        let unread: Vec<Span> = match self.kind {
            ListKind::Numbers => {
                self.entries.iter().filter(|entry| !self.reads(entry)).map(|entry| entry.inner).collect()
            }
            ListKind::Days | ListKind::Other => Vec::new(),
        };
        let is_layout_right = self.entries.iter().all(is_plain);
        let lacks_commas = self.entries.iter().rev().skip(1).any(|entry| !entry.has_comma);
        let what = match lacks_commas {
            true => "between all entries of a list stands a comma",
            false => "the entries of a list stand without bullets and without quotes of another kind",
        };
        problems::pasted_list(self.text, (first.inner, what), &unread, is_layout_right, edits).graded(self.grade(slips))
    }

    /// Two values side by side on one line may lack a `..`, where they are all there is or where
    /// others have commas.
    fn grade(&self, slips: &[usize]) -> Grade {
        let is_column = self.entries.len() > 2 && self.entries.iter().all(|entry| !entry.has_comma);
        let may_lack_dots = |at: &usize| {
            let Some(before) = at.checked_sub(1).map(|before| &self.entries[before]) else { return false };
            let between = &self.text[before.outer.end as usize..self.entries[*at].outer.start as usize];
            let is_digits = |entry: &ListEntry| {
                let inner = self.text[entry.inner.range()].trim_matches('"');
                inner.starts_with(|c: char| c.is_ascii_digit() || c == '+')
            };
            before.mark.is_none()
                && !between.contains(['\n', '\t'])
                && is_digits(before)
                && is_digits(&self.entries[*at])
        };
        if !is_column && slips.iter().any(may_lack_dots) { Grade::Suggestion } else { Grade::Safe }
    }

    /// Whether an entry is one that a list of numbers may have, once its layout is right.
    fn reads(&self, entry: &ListEntry) -> bool {
        let inner = &self.text[entry.inner.range()];
        let is_word = inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && inner.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
        is_word || inner.starts_with('"') && !inner.starts_with("\"+") || plain_entry(inner).is_some()
    }
}

/// A number, prefix or range with the layout of a plan.
fn plain_entry(written: &str) -> Option<String> {
    let written = match written.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        Some(inner) if inner.starts_with('+') || inner.starts_with("tel:") => inner,
        Some(_) => return None,
        None => written,
    };
    match written.split_once("..") {
        Some((low, high)) => Some(format!("{}..{}", plain_number(low.trim())?, plain_number(high.trim())?)),
        None => plain_number(written),
    }
}

/// Where each `[` of the text stands, texts and comments aside.
fn brackets(text: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(byte) = text.as_bytes().get(at) {
            let here = at;
            at += match byte {
                b'"' => text_length(&text[at..]),
                b'#' => text[at..].find('\n').unwrap_or(text.len() - at),
                _ => 1,
            };
            if *byte == b'[' {
                return Some(here);
            }
        }
        None
    })
}

/// Where the list that begins here is closed; `None` where another bracket comes first.
fn end_of_list(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += match text.as_bytes().get(at)? {
            b']' => return Some(at),
            b'[' | b'{' | b'}' => return None,
            b'"' => text_length(&text[at..]),
            b'#' => text[at..].find('\n')?,
            _ => 1,
        };
    }
}

/// What a list holds, by what stands before it; `None` where no list can stand.
fn kind_of(before: &str) -> Option<ListKind> {
    // A list's head is short: a longer one is no line of a person.
    let before = &before[before.floor_char_boundary(before.len().saturating_sub(300))..];
    let before = before.trim_end();
    let mut words = before.split(|c: char| c.is_whitespace()).rev().filter(|word| !word.is_empty());
    let last = words.next()?;
    if last.ends_with(':') {
        return Some(ListKind::Other);
    }
    match last {
        "except" => Some(ListKind::Numbers),
        "=" => match (words.next(), words.next()) {
            (Some(_), Some("numbers")) => Some(ListKind::Numbers),
            (Some(_), Some("days")) => Some(ListKind::Days),
            _ => None,
        },
        "in" => {
            let subject = words.find(|word| !matches!(*word, "not" | "is"))?;
            Some(match subject.trim_start_matches(['(', '!']) {
                "caller" | "dialed" => ListKind::Numbers,
                "date" => ListKind::Days,
                _ => ListKind::Other,
            })
        }
        _ => None,
    }
}

/// The names that the text defines, as far as its words tell.
fn defined_names(text: &str) -> HashSet<&str> {
    let mut before = "";
    let mut names = HashSet::new();
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty()) {
        if begins_named_definition(before) {
            names.insert(word);
        }
        before = word;
    }
    names
}
