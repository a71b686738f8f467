//! Brackets that do not match: which one was never closed, and where its end was meant to be.
//!
//! In a text whose brackets match, nothing here speaks. Where they do not, indentation tells more than counting:
//! a rule that begins no deeper than the block above it shows that this block was to end before.

use super::problems;
use crate::diagnostics::{Edit, Problems};
use crate::source::Span;

/// The brackets of a text and the first word of each line, gathered in one pass.
pub(super) struct Brackets<'t> {
    text: &'t str,
    /// In order.
    marks: Vec<Mark>,
    /// Brackets open at this point.
    depth: usize,
    /// Whether nothing has stood on this line yet.
    fresh: bool,
    /// Where this line begins.
    line_start: usize,
    indent: usize,
}

#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    kind: MarkKind,
    /// Columns before the first word of its line.
    indent: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum MarkKind {
    /// A bracket, as it stands.
    Bracket(u8),
    /// The first word of a line, which begins a statement or a definition.
    Starter { definition: bool },
}

impl<'t> Brackets<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, marks: Vec::new(), depth: 0, fresh: true, line_start: 0, indent: 0 }
    }

    /// Takes an opening bracket; gives the depth inside of it.
    pub fn open(&mut self, at: usize) -> usize {
        self.mark(at);
        self.depth += 1;
        self.depth
    }

    /// Takes a closing bracket.
    pub fn close(&mut self, at: usize) {
        self.mark(at);
        self.depth = self.depth.saturating_sub(1);
    }

    fn mark(&mut self, at: usize) {
        self.begin_line(at);
        self.marks.push(Mark { at, kind: MarkKind::Bracket(self.text.as_bytes()[at]), indent: self.indent });
    }

    /// Takes a line's start.
    pub fn line(&mut self, at: usize) {
        self.fresh = true;
        self.line_start = at;
    }

    /// Takes any other character that is not space.
    pub fn token(&mut self, at: usize) {
        if !self.begin_line(at) || self.depth == 0 {
            return;
        }
        let rest = &self.text[at..];
        let length = rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len());
        let Some(definition) = starter(&rest[..length]) else { return };
        // A key of an object may be any word.
        if !rest[length..].trim_start_matches([' ', '\t']).starts_with([':', ',', ')', ']']) {
            self.marks.push(Mark { at, kind: MarkKind::Starter { definition }, indent: self.indent });
        }
    }

    /// Whether this is the first thing on its line.
    fn begin_line(&mut self, at: usize) -> bool {
        let first = self.fresh;
        if first {
            self.indent = at - self.line_start;
            self.fresh = false;
        }
        first
    }

    /// The edits that make the brackets match, each with its problem; no edits where they do. Where they cross, more may
    /// be open than were counted: the error is the bracket that goes deeper than `most`.
    pub fn balance(&self, most: usize, problems: &mut Problems) -> Result<Vec<Edit>, Span> {
        if self.is_balanced() { Ok(Vec::new()) } else { self.mend(most, problems) }
    }

    fn is_balanced(&self) -> bool {
        let mut open = Vec::new();
        for mark in &self.marks {
            match mark.kind {
                MarkKind::Bracket(bracket @ (b'{' | b'[' | b'(')) => open.push(bracket),
                MarkKind::Bracket(bracket) => {
                    if open.pop() != Some(opening(bracket)) {
                        return false;
                    }
                }
                MarkKind::Starter { .. } => {}
            }
        }
        open.is_empty()
    }

    fn mend(&self, most: usize, problems: &mut Problems) -> Result<Vec<Edit>, Span> {
        let mut edits = Vec::new();
        let mut open: Vec<Mark> = Vec::new();
        let mut before: Option<Mark> = None;
        for mark in &self.marks {
            let doubled = before
                .replace(*mark)
                .filter(|before| before.kind == mark.kind && self.text[before.at + 1..mark.at].trim().is_empty());
            match mark.kind {
                MarkKind::Bracket(bracket @ (b'{' | b'[')) if doubled.is_some() => {
                    let span = Span::new(mark.at, mark.at + 1);
                    problems.push(problems::doubled_bracket(bracket as char, span));
                    edits.push(Edit { span, text: String::new() });
                }
                MarkKind::Bracket(bracket @ (b'{' | b'[' | b'(')) => {
                    while let Some(top) = open.pop_if(|top| bracket == b'{' && top.kind == MarkKind::Bracket(b'(')) {
                        edits.push(self.close_before(top, mark.at, None, problems));
                    }
                    if open.len() == most {
                        return Err(Span::new(mark.at, mark.at + 1));
                    }
                    open.push(*mark);
                }
                MarkKind::Bracket(bracket) => {
                    // What stands open inside of the bracket that this one closes was never closed.
                    let matching = open.iter().rposition(|top| top.kind == MarkKind::Bracket(opening(bracket)));
                    let Some(matching) = matching else {
                        problems.push(problems::stray_bracket(bracket as char, Span::new(mark.at, mark.at + 1)));
                        edits.push(Edit { span: Span::new(mark.at, mark.at + 1), text: String::new() });
                        continue;
                    };
                    while open.len() > matching + 1 {
                        let Some(top) = open.pop() else { break };
                        edits.push(self.close_before(top, mark.at, None, problems));
                    }
                    open.pop();
                }
                MarkKind::Starter { definition } => {
                    let ends =
                        |top: &mut Mark| mark.indent <= top.indent || definition || top.kind != MarkKind::Bracket(b'{');
                    while let Some(top) = open.pop_if(ends) {
                        edits.push(self.close_before(top, mark.at, Some(mark.at), problems));
                    }
                }
            }
        }
        while let Some(top) = open.pop() {
            edits.push(self.close_before(top, self.text.len(), None, problems));
        }
        Ok(edits)
    }

    /// Closes `top` after the last thing that stands before `limit`. `next` is the word that shows it was to end.
    fn close_before(&self, top: Mark, limit: usize, next: Option<usize>, problems: &mut Problems) -> Edit {
        let MarkKind::Bracket(bracket) = top.kind else {
            return Edit { span: Span::new(limit, limit), text: String::new() };
        };
        let at = self.end_of_code(top.at + 1, limit);
        let text = match bracket {
            b'{' if self.text[top.at..at].contains('\n') => format!("\n{}}}", " ".repeat(top.indent.min(80))),
            b'{' => " }".to_owned(),
            b'[' => "]".to_owned(),
            _ => ")".to_owned(),
        };
        let span = Span::new(top.at, top.at + 1);
        let next = next.map(|next| {
            let length = self.text[next..].find(|c: char| !c.is_ascii_lowercase()).unwrap_or(0);
            Span::new(next, next + length)
        });
        let edit = Edit { span: Span::new(at, at), text };
        problems.push(problems::never_closed(bracket as char, span, next, edit.clone()));
        edit
    }

    /// The end of the last line before `limit` that holds more than space and comments, its own comment left out.
    fn end_of_code(&self, from: usize, limit: usize) -> usize {
        let mut end = from;
        for line in self.text[from..limit].split_inclusive('\n') {
            let start = line.as_ptr() as usize - self.text.as_ptr() as usize;
            let code = &line[..comment_start(line)];
            if !code.trim().is_empty() {
                end = start + code.trim_end().len();
            }
        }
        end
    }
}

/// Where a line's comment begins, or its length.
fn comment_start(line: &str) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'"' if !escaped => quoted = !quoted,
            b'#' if !quoted => return at,
            _ => {}
        }
        escaped = quoted && byte == b'\\' && !escaped;
    }
    line.len()
}

fn opening(bracket: u8) -> u8 {
    match bracket {
        b'}' => b'{',
        b']' => b'[',
        _ => b'(',
    }
}

/// Whether a word begins a statement (false) or a definition (true).
fn starter(word: &str) -> Option<bool> {
    match word {
        "rule" | "when" | "split" | "context" | "metadata" | "skip" | "route" | "reject" | "fallback" => Some(false),
        "timezone" | "agent" | "switch" | "numbers" | "condition" | "days" | "schedule" | "table" | "example"
        | "always" | "never" => Some(true),
        _ => None,
    }
}
