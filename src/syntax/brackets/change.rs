//! The change of one bracket that makes a region of a text readable.

use super::layout::{Begins, BracketLayout, BracketMark};
use super::{closing, opening, starter};
use crate::diagnostics::Edit;
use crate::source::Span;
use crate::syntax::{MAX_DEPTH, build};
use std::collections::BTreeMap;
use std::ops::Range;

/// Maximum size of a region in which changes are searched for, in bytes and in brackets. Brackets
/// of larger regions are closed by indentation alone.
const LARGEST: usize = 16 * 1024;
const MAX_MARKS: usize = 300;
/// Maximum number of changes that are parsed in one region.
const MAX_READ: usize = 60;

/// How much may be read to find changes, in bytes.
pub(super) struct ReadingBudget(usize);

impl ReadingBudget {
    /// In proportion to the text.
    pub fn for_text(text: &str) -> Self {
        Self(64 * 1024 + 20 * text.len())
    }

    fn take(&mut self, bytes: usize) -> bool {
        let is_enough = self.0 >= bytes;
        self.0 = self.0.saturating_sub(bytes);
        is_enough
    }
}

/// A change of one bracket.
#[derive(Clone, Debug)]
pub(in crate::syntax) struct BracketChange {
    pub kind: BracketSlip,
    pub edit: Edit,
    /// The place of the bracket, or of what stands before the missing one.
    pub span: Span,
    /// Its partner once the change is made, if it has one.
    pub partner: Option<Span>,
    /// Whether no other change is as good.
    pub is_certain: bool,
}

/// What is wrong with a bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::syntax) enum BracketSlip {
    /// An opening bracket is missing.
    MissingOpening(char),
    /// This opening bracket has no partner, which is missing.
    MissingClosing(char),
    /// This bracket stands once too often; whether the one before it is the same.
    Superfluous { bracket: char, is_doubled: bool },
    /// This bracket should be another.
    Wrong { found: char, right: char },
}

/// A change that makes brackets match, before anybody has read what comes of it.
struct CandidateChange {
    kind: BracketSlip,
    edit: Edit,
    /// The index of the bracket that is new or changed among those of the region, after the change.
    mark: Option<usize>,
}

/// The best change of one bracket in a region; `None` where none makes it readable.
pub(super) fn best(layout: &BracketLayout, lines: &Range<usize>, budget: &mut ReadingBudget) -> Option<BracketChange> {
    let region = BracketRegion::of(layout, lines)?;
    let mut ranked: BTreeMap<String, (usize, CandidateChange)> = BTreeMap::new();
    for candidate in region.candidates() {
        if !budget.take(region.text.len() / 16) {
            return None;
        }
        let edited = region.edited(&candidate.edit);
        let edited = BracketLayout::of(&edited);
        let cost = edited.disagreements() + 100 * edited.empty_pairs().saturating_sub(region.empty_pairs);
        match ranked.entry(edited.code()) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert((cost, candidate));
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                // Of two that are the same, the second is the one too many.
                let is_later = matches!(candidate.kind, BracketSlip::Superfluous { .. }) && entry.get().0 == cost;
                if entry.get().0 > cost || is_later {
                    entry.insert((cost, candidate));
                }
            }
        }
    }
    let mut ranked: Vec<(usize, CandidateChange)> = ranked.into_values().filter(|(cost, _)| *cost < 100).collect();
    ranked.sort_by_key(|(cost, candidate)| (*cost, candidate.edit.span));
    let mut readable: Vec<(usize, CandidateChange)> = Vec::new();
    let mut is_whole = true;
    for (tried, (cost, candidate)) in ranked.into_iter().enumerate() {
        // What agrees with the indentation goes before all that does not.
        if readable.first().is_some_and(|(best, _)| *best == 0 && cost > 0) {
            break;
        }
        if tried == MAX_READ || !budget.take(region.text.len()) {
            is_whole = false;
            break;
        }
        if build::is_readable(&region.edited(&candidate.edit)) {
            readable.push((cost, candidate));
        }
    }
    let is_certain = is_whole && readable.len() == 1;
    let (_, candidate) = readable.into_iter().next()?;
    Some(region.change(candidate, is_certain))
}

/// Some lines of a text whose brackets do not match.
struct BracketRegion<'t> {
    text: &'t str,
    /// Where it begins in the whole text.
    start: usize,
    marks: Vec<BracketMark>,
    layout: BracketLayout<'t>,
    empty_pairs: usize,
}

impl<'t> BracketRegion<'t> {
    fn of(layout: &BracketLayout<'t>, lines: &Range<usize>) -> Option<Self> {
        let bytes = layout.bytes_of(lines);
        if bytes.len() > LARGEST || layout.marks_of(lines).len() > MAX_MARKS {
            return None;
        }
        let text = &layout.text[bytes.clone()];
        let inner = BracketLayout::of(text);
        let empty_pairs = inner.empty_pairs();
        Some(Self { text, start: bytes.start, marks: inner.marks.clone(), layout: inner, empty_pairs })
    }

    fn edited(&self, edit: &Edit) -> String {
        let span = edit.span.range();
        format!("{}{}{}", &self.text[..span.start], edit.text, &self.text[span.end..])
    }

    /// Every change of one bracket after which they match.
    fn candidates(&self) -> Vec<CandidateChange> {
        let mut found = Vec::new();
        for (at, mark) in self.marks.iter().enumerate() {
            self.remove(at, mark, &mut found);
            self.replace(at, mark, &mut found);
        }
        for (at, text, bracket) in self.places() {
            let mark = self.marks.partition_point(|mark| mark.at < at);
            if self.matches(mark..mark, Some(bracket)) {
                let kind = match bracket {
                    b'{' | b'[' | b'(' => BracketSlip::MissingOpening(char::from(bracket)),
                    _ => BracketSlip::MissingClosing(char::from(opening(bracket))),
                };
                found.push(CandidateChange { kind, edit: Edit { span: Span::new(at, at), text }, mark: Some(mark) });
            }
        }
        found
    }

    /// Takes out this bracket and as many like it right behind it as are needed.
    fn remove(&self, at: usize, mark: &BracketMark, found: &mut Vec<CandidateChange>) {
        let follows = |pair: &&[BracketMark]| {
            pair[0].bracket == pair[1].bracket && self.text[pair[0].at + 1..pair[1].at].trim().is_empty()
        };
        let run = 1 + self.marks[at..].windows(2).take_while(follows).count();
        let Some(count) = (1..=run.min(MAX_DEPTH)).find(|count| self.matches(at..at + count, None)) else { return };
        let is_doubled = at.checked_sub(1).is_some_and(|before| follows(&&self.marks[before..=at]));
        let kind = BracketSlip::Superfluous { bracket: char::from(mark.bracket), is_doubled };
        // With the line that it leaves empty.
        let last = self.marks[at + count - 1].at + 1;
        let before = self.text[..mark.at].trim_end_matches([' ', '\t']);
        let rest = &self.text[last..];
        let is_alone = before.ends_with('\n') && (rest.is_empty() || rest.starts_with(['\n', '\r']));
        let spaces_around = before.len() < mark.at && (rest.is_empty() || rest.starts_with([' ', '\n', '\r']));
        let start = match () {
            () if is_alone => before.trim_end_matches(['\n', '\r']).len(),
            () if spaces_around => before.len(),
            () => mark.at,
        };
        let edit = Edit { span: Span::new(start, last), text: String::new() };
        found.push(CandidateChange { kind, edit, mark: None });
    }

    fn replace(&self, at: usize, mark: &BracketMark, found: &mut Vec<CandidateChange>) {
        for other in *b"{[(}])" {
            if other != mark.bracket && self.matches(at..at + 1, Some(other)) {
                let kind = BracketSlip::Wrong { found: char::from(mark.bracket), right: char::from(other) };
                let edit = Edit { span: Span::new(mark.at, mark.at + 1), text: char::from(other).to_string() };
                found.push(CandidateChange { kind, edit, mark: Some(at) });
            }
        }
    }

    /// Whether brackets match with `bracket` in place of some of them.
    fn matches(&self, replaced: Range<usize>, bracket: Option<u8>) -> bool {
        let before = self.marks[..replaced.start].iter().map(|mark| mark.bracket);
        let after = self.marks[replaced.end..].iter().map(|mark| mark.bracket);
        let mut open = Vec::new();
        for bracket in before.chain(bracket).chain(after) {
            match bracket {
                b'{' | b'[' | b'(' => open.push(bracket),
                _ if open.pop() != Some(opening(bracket)) => return false,
                _ => {}
            }
            if open.len() > MAX_DEPTH {
                return false;
            }
        }
        open.is_empty()
    }

    /// Every place where a bracket may be missing, with what is to be put there.
    fn places(&self) -> Vec<(usize, String, u8)> {
        let mut places = Vec::new();
        for (index, line) in self.layout.lines.iter().enumerate() {
            let indent = self.statement_indent(index);
            places.push((line.code_end, " {".to_owned(), b'{'));
            places.push((line.code_end, "]".to_owned(), b']'));
            places.push((line.code_end, ")".to_owned(), b')'));
            for indent in indent {
                places.push((line.code_end, format!("\n{}}}", " ".repeat(indent)), b'}'));
            }
            places.push((line.code_end, " }".to_owned(), b'}'));
            let code = &self.text[line.first..line.code_end];
            for (at, token) in tokens(code) {
                self.places_at(line.first + at, token, &mut places);
            }
        }
        places
    }

    fn places_at(&self, at: usize, token: &str, places: &mut Vec<(usize, String, u8)>) {
        let end = at + token.len();
        let before = self.text[..at].trim_end_matches([' ', '\t']).len();
        let value = end + self.text[end..].len() - self.text[end..].trim_start_matches([' ', '\t']).len();
        let mut add = |at: usize, text: &str, bracket: u8| places.push((at, text.to_owned(), bracket));
        if starter(token).is_some() && !self.text[..before].ends_with('\n') && before > 0 {
            add(at, "{ ", b'{');
            add(before, " }", b'}');
        }
        match token {
            "metadata" => add(end, " {", b'{'),
            "in" | "=" | "except" => add(value, "[", b'['),
            ":" => {
                add(value, "[", b'[');
                add(value, "{ ", b'{');
            }
            "}" | "]" | ")" | "{" | "," => {
                add(before, "]", b']');
                add(before, ")", b')');
                add(before, " }", b'}');
            }
            "and" | "or" => {
                add(before, "]", b']');
                add(before, ")", b')');
            }
            "as" => add(before, "]", b']'),
            _ => {}
        }
        if matches!(token, "when" | "and" | "or" | "not" | "=") {
            add(value, "(", b'(');
        }
        if token == "except" {
            add(before, "]", b']');
        }
        // The columns of a table.
        if self.text[..before].ends_with("table") {
            add(value, "(", b'(');
        }
    }

    /// How far the ends of the blocks that may end behind a line are indented.
    fn statement_indent(&self, line: usize) -> Vec<usize> {
        let mut indents: Vec<usize> = Vec::new();
        let mut least = usize::MAX;
        for line in self.layout.lines[..=line].iter().rev() {
            let begins = line.begins != Begins::Continued;
            if begins && line.indent < least {
                least = line.indent;
                indents.push(least);
            }
        }
        indents
    }

    /// The change in the places of the whole text.
    fn change(&self, candidate: CandidateChange, is_certain: bool) -> BracketChange {
        let edited = self.edited(&candidate.edit);
        let layout = BracketLayout::of(&edited);
        let partner = candidate.mark.and_then(|mark| Some(layout.marks[partner(&layout.marks, mark)?]));
        // Back from the edited text to this one.
        let edit = &candidate.edit;
        let grown = edit.text.len() as isize - edit.span.range().len() as isize;
        let original = |at: usize| if at > edit.span.start as usize { at.saturating_add_signed(-grown) } else { at };
        let partner = partner.map(|mark| self.span(original(mark.at), 1));
        let place = edit.span.start as usize;
        let span = match candidate.kind {
            BracketSlip::MissingClosing(_) => partner.unwrap_or(self.span(place, 0)),
            BracketSlip::MissingOpening(_) => {
                let line = self.layout.lines.iter().rfind(|line| line.first <= place);
                let start = line.map_or(place, |line| line.first.min(place));
                let shown = self.text[start..place].trim_end();
                if shown.is_empty() { self.span(place, 0) } else { self.span(start, shown.len()) }
            }
            BracketSlip::Superfluous { .. } => {
                let shown = self.text[edit.span.range()].trim();
                self.span(edit.span.end as usize - shown.len(), shown.len())
            }
            BracketSlip::Wrong { .. } => self.span(place, 1),
        };
        let whole = Span::new(self.start + place, self.start + edit.span.end as usize);
        BracketChange {
            kind: candidate.kind,
            edit: Edit { span: whole, text: edit.text.clone() },
            span,
            partner,
            is_certain,
        }
    }

    fn span(&self, at: usize, length: usize) -> Span {
        Span::new(self.start + at, self.start + at + length)
    }
}

/// The index of a bracket's partner, where all match.
fn partner(marks: &[BracketMark], mark: usize) -> Option<usize> {
    let mut open = Vec::new();
    for (at, found) in marks.iter().enumerate() {
        if matches!(found.bracket, b'{' | b'[' | b'(') {
            open.push(at);
            continue;
        }
        let opened = open.pop()?;
        if marks[opened].bracket != opening(found.bracket) || closing(marks[opened].bracket) != found.bracket {
            return None;
        }
        if at == mark {
            return Some(opened);
        }
        if opened == mark {
            return Some(at);
        }
    }
    None
}

/// The words and marks of a line's code, texts aside.
fn tokens(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = &code[at..];
            let first = rest.chars().next()?;
            let length = match first {
                '"' => 1 + crate::syntax::quotes::text_end(&rest[1..]),
                c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
                c => c.len_utf8(),
            };
            let start = at;
            at += length;
            if first != '"' && !first.is_whitespace() {
                return Some((start, &code[start..start + length]));
            }
        }
    })
}
