//! The pass over every character: nesting is bounded, look-alike and foreign characters are
//! replaced, each with its problem, and it is seen whether brackets match.

use super::lookalike::{self, Lookalike, LookalikeKind};
use super::{brackets, contraction, dashed, problems};
use crate::diagnostics::{Edit, Problems};
use crate::source::{Span, start_of};

/// Maximum size of a text: 8 MiB.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Maximum nesting depth of brackets of all kinds.
pub const MAX_DEPTH: usize = 64;

/// What a text that is within the limits needs so that it can be read.
pub(super) struct Scanned {
    /// Edits of characters.
    pub edits: Vec<Edit>,
    /// Whether its brackets match.
    pub is_balanced: bool,
}

/// Looks over a text whose quotes are straight. The error is the bracket that goes too deep.
pub(super) fn scan(text: &str, problems: &mut Problems) -> Result<Scanned, Span> {
    let mut scan =
        Scan { text, at: 0, problems, edits: Vec::new(), open: Vec::new(), is_balanced: true, lookalikes: Vec::new() };
    if let Some(deep) = scan.run() {
        return Err(deep);
    }
    let Scan { mut edits, open, is_balanced, mut lookalikes, problems, .. } = scan;
    // All of one kind are one mistake: they come from one program.
    lookalikes.sort_by_key(|found| (found.kind, found.span));
    for kind in lookalikes.chunk_by(|one, other| one.kind == other.kind) {
        problems.push(problems::lookalike(text, kind));
        edits.extend(kind.iter().map(Lookalike::edit));
    }
    edits.extend(dashed::names(text, problems));
    Ok(Scanned { edits, is_balanced: is_balanced && open.is_empty() })
}

struct Scan<'t, 'p> {
    text: &'t str,
    at: usize,
    problems: &'p mut Problems,
    edits: Vec<Edit>,
    /// The brackets that are open here.
    open: Vec<u8>,
    /// Whether each closing bracket closed the last that was open.
    is_balanced: bool,
    lookalikes: Vec<Lookalike>,
}

impl Scan<'_, '_> {
    /// Goes over the text once; gives the bracket that goes too deep, if one does.
    fn run(&mut self) -> Option<Span> {
        // A byte-order mark is no mistake: the grammar passes over it, so that all places are those
        // of the file.
        self.at = start_of(self.text);
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'"' => self.quoted(),
                b'#' => self.comment(),
                b'{' | b'[' | b'(' => {
                    if self.open.len() == MAX_DEPTH {
                        return Some(Span::new(self.at, self.at + 1));
                    }
                    self.open.push(byte);
                    self.at += 1;
                }
                b'}' | b']' | b')' => {
                    self.is_balanced &= self.open.pop() == Some(brackets::opening(byte));
                    self.at += 1;
                }
                b'\'' | b'`' => self.odd_character(),
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                _ if byte.is_ascii_graphic() => self.at += 1,
                _ => self.odd_character(),
            }
        }
        None
    }

    fn comment(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    }

    /// A character that stands for nothing outside of texts and comments.
    fn odd_character(&mut self) {
        let Some(character) = self.text[self.at..].chars().next() else { return };
        let span = Span::new(self.at, self.at + character.len_utf8());
        match lookalike::of(character) {
            Some((LookalikeKind::Quote, _)) => return self.apostrophe(span),
            Some((kind, plain)) => self.lookalikes.push(Lookalike { kind, found: character, span, plain }),
            None => self.foreign_word(),
        }
        self.at = self.at.max(span.end as usize);
    }

    /// A quote that opens no text: `isn't`.
    fn apostrophe(&mut self, span: Span) {
        let contraction = contraction::at(self.text, span);
        self.problems.push(problems::contraction(self.text, &contraction));
        self.at = contraction.span.end as usize;
        self.edits.push(Edit { span: contraction.span, text: contraction.stand_in });
    }

    /// A run of characters that no word of the language has. What takes its place may be read as a
    /// name.
    fn foreign_word(&mut self) {
        let rest = &self.text[self.at..];
        let is_foreign =
            |c: char| !(c.is_ascii() && !c.is_ascii_control() || c == '\n' || c == '\r') && lookalike::of(c).is_none();
        let length = rest.find(|c| !is_foreign(c)).unwrap_or(rest.len()).max(1);
        let span = Span::new(self.at, self.at + length);
        let found = &self.text[span.range()];
        self.problems.push(problems::foreign(found, span));
        let stand_in = lookalike::letters(found)
            .unwrap_or_else(|| if found.chars().all(char::is_control) { " " } else { "_" }.to_owned());
        self.edits.push(Edit { span, text: stand_in });
        self.at += length;
    }

    /// A text, which ends on its line.
    fn quoted(&mut self) {
        let start = self.at + 1;
        let mut characters = self.text[start..].char_indices().map(|(at, c)| (start + at, c)).peekable();
        self.at = self.text.len();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => return self.at = at + 1,
                '\n' => return self.at = at,
                '\r' if matches!(characters.peek(), Some((_, '\n'))) => {}
                '\\' if characters.next_if(|(_, next)| *next != '\n' && *next != '\r').is_some() => {}
                _ if character.is_control() => {
                    let span = Span::new(at, at + character.len_utf8());
                    self.problems.push(problems::control_in_text(character, span));
                    self.edits.push(Edit { span, text: " ".to_owned() });
                }
                _ => {}
            }
        }
    }
}
