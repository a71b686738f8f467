//! The pass before reading: sizes and nesting are bounded, brackets are balanced, texts are closed and look-alike
//! characters replaced, each with its problem, so that the grammar sees a text it can recover in.

use super::brackets::Brackets;
use super::dashed;
use super::lookalike::{self, Lookalike};
use super::problems;
use super::repair::Repair;
use crate::diagnostics::{Edit, Problems};
use crate::source::Span;

/// The largest text, in bytes: 8 MiB.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;
/// The deepest nesting of brackets of any kind.
pub const MAX_DEPTH: usize = 64;

/// Looks over a text. `None` when it is over a limit, which is then the only problem.
pub(super) fn scan(text: &str, problems: &mut Problems) -> Option<Repair> {
    if text.len() > MAX_BYTES {
        problems.push(problems::too_large(text));
        return None;
    }
    let mut scan = Scan {
        text,
        at: 0,
        problems,
        edits: Vec::new(),
        brackets: Brackets::new(text),
        lookalikes: Vec::new(),
        unclosed_line: None,
    };
    if let Some(deep) = scan.run() {
        scan.problems.push(problems::too_deep(deep));
        return None;
    }
    let Scan { mut edits, brackets, lookalikes, problems, .. } = scan;
    for line in
        lookalikes.chunk_by(|a, b| a.kind == b.kind && !text[a.span.range().start..b.span.range().start].contains('\n'))
    {
        problems.push(problems::lookalike(line));
        edits.extend(line.iter().map(Lookalike::edit));
    }
    let mut unmatched = Problems::new();
    let brackets = match brackets.balance(MAX_DEPTH, &mut unmatched) {
        Ok(balanced) => balanced,
        Err(deep) => {
            problems.push(problems::too_deep(deep));
            return None;
        }
    };
    unmatched.into_iter().for_each(|problem| problems.push(problem));
    let brackets_moved = !brackets.is_empty();
    edits.extend(brackets);
    edits.extend(dashed::names(text, problems));
    Some(Repair::new(edits, brackets_moved))
}

struct Scan<'t, 'p> {
    text: &'t str,
    at: usize,
    problems: &'p mut Problems,
    edits: Vec<Edit>,
    brackets: Brackets<'t>,
    lookalikes: Vec<Lookalike>,
    /// The end of the last line that had an unclosed text.
    unclosed_line: Option<usize>,
}

impl Scan<'_, '_> {
    /// Goes over the text once; gives the bracket that goes too deep, if one does.
    fn run(&mut self) -> Option<Span> {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
            // Kept out of what the grammar sees; it is no mistake.
            self.edits.push(Edit { span: Span::new(0, self.at), text: String::new() });
        }
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'"' => self.text_from(1),
                b'#' => self.comment(),
                b'{' | b'[' | b'(' => {
                    if self.brackets.open(self.at) > MAX_DEPTH {
                        return Some(Span::new(self.at, self.at + 1));
                    }
                    self.at += 1;
                }
                b'}' | b']' | b')' => {
                    self.brackets.close(self.at);
                    self.at += 1;
                }
                b'\n' => {
                    self.at += 1;
                    self.brackets.line(self.at);
                }
                b'\'' => self.odd_character(),
                b' ' | b'\t' | b'\r' => self.at += 1,
                _ if byte.is_ascii_graphic() => {
                    self.brackets.token(self.at);
                    self.at += 1;
                }
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
            Some((kind, mend)) => {
                self.lookalikes.push(Lookalike { kind, found: character, span, mend });
                if kind == lookalike::Kind::Quote {
                    return self.text_from(character.len_utf8());
                }
            }
            None => self.foreign_word(),
        }
        self.at = self.at.max(span.end as usize);
    }

    /// A run of characters that no word of the language has. What takes its place may be read as a name.
    fn foreign_word(&mut self) {
        let rest = &self.text[self.at..];
        let length =
            rest.find(|c: char| c.is_ascii() && !c.is_ascii_control() || c == '\n' || c == '\r').unwrap_or(rest.len());
        let span = Span::new(self.at, self.at + length);
        let found = &self.text[span.range()];
        self.problems.push(problems::foreign(found, span));
        let stand_in = lookalike::letters(found)
            .unwrap_or_else(|| if found.chars().all(char::is_control) { " " } else { "_" }.to_owned());
        self.edits.push(Edit { span, text: stand_in });
        self.at += length;
    }

    /// A text, whose opening quote has `quote` bytes; one that is not closed on its line is closed here.
    fn text_from(&mut self, quote: usize) {
        let start = self.at;
        self.brackets.token(start);
        let curly = self.text.as_bytes()[start] != b'"';
        let mut characters =
            self.text[start + quote..].char_indices().map(|(at, c)| (start + quote + at, c)).peekable();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => return self.at = at + 1,
                '\n' => return self.unclosed(start, at),
                '\r' if matches!(characters.peek(), Some((_, '\n'))) => return self.unclosed(start, at),
                '\\' if characters.next_if(|(_, next)| *next != '\n' && *next != '\r').is_some() => {}
                _ if curly && matches!(lookalike::of(character), Some((lookalike::Kind::Quote, _))) => {
                    let span = Span::new(at, at + character.len_utf8());
                    self.lookalikes.push(Lookalike {
                        kind: lookalike::Kind::Quote,
                        found: character,
                        span,
                        mend: "\"",
                    });
                    return self.at = span.end as usize;
                }
                _ if character.is_control() => {
                    let span = Span::new(at, at + character.len_utf8());
                    self.problems.push(problems::control_in_text(character, span));
                    self.edits.push(Edit { span, text: " ".to_owned() });
                }
                _ => {}
            }
        }
        self.unclosed(start, self.text.len());
    }

    /// The closing quote goes where the line's own words say that the text ended: before ` when `, ` by `, ` {` or at
    /// the line's end.
    fn unclosed(&mut self, start: usize, line_end: usize) {
        let line = &self.text[start..line_end];
        // On a line with more than one such text, the words of the line say nothing.
        let is_first = self.unclosed_line != Some(line_end);
        self.unclosed_line = Some(line_end);
        let ended = [" when ", " by ", " {"].iter().filter(|_| is_first).filter_map(|mark| line.find(mark)).min();
        let said = match ended {
            Some(ended) => line[..ended].trim_end_matches('\\'),
            None => line.trim_end_matches([' ', '\t', ',', '}', ']', ')', '\\']),
        };
        let at = start + said.len().max(1);
        self.problems.push(problems::unclosed_text(Span::new(start, line_end), at));
        self.edits.push(Edit { span: Span::new(at, at), text: "\"".to_owned() });
        self.at = at.max(start + 1);
        self.at = self.at.max(self.text.ceil_char_boundary(start + 1));
    }
}
