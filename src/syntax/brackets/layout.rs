//! The lines of a text as far as brackets are concerned: what each begins with, how far it is
//! indented, and where its brackets stand. Texts and comments are no part of it.

use super::{opening, starter};
use crate::source::start_of;
use crate::syntax::text_length;
use std::ops::Range;

/// Maximum number of chunks that are joined to find the end of a block that is not indented.
const MAX_JOINED: usize = 50;

/// A bracket.
#[derive(Clone, Copy, Debug)]
pub(super) struct BracketMark {
    pub at: usize,
    pub bracket: u8,
}

/// A line that holds more than space and comments.
#[derive(Clone, Copy, Debug)]
pub(super) struct CodeLine {
    /// Its first byte that is no space.
    pub first: usize,
    pub indent: usize,
    /// The end of its code.
    pub code_end: usize,
    /// The index of its first bracket, among all.
    pub first_mark: usize,
    pub begins: Begins,
}

/// What a line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begins {
    Definition,
    Statement,
    /// A key of an object or a table, or the share of an arm.
    Entry,
    /// What goes on with the line before.
    Continued,
}

/// The lines and brackets of a text, in order.
pub(super) struct BracketLayout<'t> {
    pub text: &'t str,
    pub lines: Vec<CodeLine>,
    pub marks: Vec<BracketMark>,
}

impl<'t> BracketLayout<'t> {
    pub fn of(text: &'t str) -> Self {
        let mut layout = Self { text, lines: Vec::new(), marks: Vec::new() };
        let mut start = start_of(text);
        for line in text[start..].split_inclusive('\n') {
            layout.line(start, line);
            start += line.len();
        }
        layout
    }

    fn line(&mut self, start: usize, line: &str) {
        let first_mark = self.marks.len();
        let (mut first, mut code_end) = (None, start);
        let bytes = line.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let length = match byte {
                b'#' => break,
                b'"' => text_length(&bytes[at..]),
                _ => 1,
            };
            if !byte.is_ascii_whitespace() {
                first = first.or(Some(start + at));
                code_end = start + at + length;
            }
            if matches!(byte, b'{' | b'[' | b'(' | b'}' | b']' | b')') {
                self.marks.push(BracketMark { at: start + at, bracket: byte });
            }
            at += length;
        }
        if let Some(first) = first {
            let begins = begins(&self.text[first..code_end]);
            self.lines.push(CodeLine { first, indent: first - start, code_end, first_mark, begins });
        }
    }

    /// The brackets of some lines.
    pub fn marks_of(&self, lines: &Range<usize>) -> Range<usize> {
        let mark = |line: usize| self.lines.get(line).map_or(self.marks.len(), |line| line.first_mark);
        mark(lines.start)..mark(lines.end)
    }

    /// Where some lines stand in the text, from their first byte that is no space to the end of
    /// their code.
    pub fn bytes_of(&self, lines: &Range<usize>) -> Range<usize> {
        let lines = &self.lines[lines.clone()];
        let start = lines.first().map_or(0, |line| line.first - line.indent);
        start..lines.last().map_or(start, |line| line.code_end)
    }

    fn is_balanced(&self, lines: &Range<usize>) -> bool {
        let mut open = Vec::new();
        let matches = self.marks[self.marks_of(lines)].iter().all(|mark| match mark.bracket {
            b'{' | b'[' | b'(' => {
                open.push(mark.bracket);
                true
            }
            bracket => open.pop() == Some(opening(bracket)),
        });
        matches && open.is_empty()
    }

    /// The lines of each region whose brackets do not match, in order.
    pub fn unbalanced_regions(&self) -> Vec<Range<usize>> {
        let chunks = self.chunks();
        let mut regions = Vec::new();
        let mut at = 0;
        while let Some(chunk) = chunks.get(at) {
            at += 1;
            if self.is_balanced(chunk) {
                continue;
            }
            // Without indentation, a block's statements are chunks of their own.
            let joined = chunks[at..].iter().take(MAX_JOINED).take_while(|next| self.is_statement(next));
            let joined: Vec<&Range<usize>> = joined.collect();
            let ends =
                joined.iter().position(|next| !self.is_balanced(next) && self.is_balanced(&(chunk.start..next.end)));
            if let Some(ends) = ends {
                at += ends + 1;
                continue;
            }
            let mut region = chunk.clone();
            if self.opens_at_its_end(chunk) {
                region.end = joined.last().map_or(region.end, |last| last.end);
                at += joined.len();
            }
            regions.push(region);
        }
        regions
    }

    /// The lines from each that begins a statement or a definition on the outermost level to the
    /// next.
    fn chunks(&self) -> Vec<Range<usize>> {
        let begins = |line: &CodeLine| matches!(line.begins, Begins::Definition | Begins::Statement);
        let outermost = self.lines.iter().filter(|line| begins(line)).map(|line| line.indent).min().unwrap_or(0);
        let starts = self.lines.iter().enumerate().filter(|(_, line)| begins(line) && line.indent == outermost);
        let mut starts: Vec<usize> = starts.map(|(at, _)| at).filter(|at| *at > 0).collect();
        starts.insert(0, 0);
        starts.push(self.lines.len());
        starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
    }

    fn is_statement(&self, lines: &Range<usize>) -> bool {
        self.lines.get(lines.start).is_some_and(|line| line.begins == Begins::Statement)
    }

    /// Whether the last thing in some lines is a bracket that opens.
    fn opens_at_its_end(&self, lines: &Range<usize>) -> bool {
        let end = self.bytes_of(lines).end;
        self.text[..end].ends_with(['{', '[', '('])
    }

    /// How often the lines disagree with the brackets: what stands in a block is indented, alike,
    /// and its end is not.
    pub fn disagreements(&self) -> usize {
        let mut count = 0;
        let mut blocks =
            vec![OpenBlock { statement: 0, items: self.lines.first().map(|line| line.indent), line: None }];
        for (at, line) in self.lines.iter().enumerate() {
            let depth = blocks.len();
            let Some(block) = blocks.last_mut() else { return count };
            let closes = matches!(self.text.as_bytes()[line.first], b'}' | b']' | b')');
            if closes {
                count += usize::from(block.line.is_some_and(|opened| opened < at) && line.indent != block.statement);
            } else {
                let is_item = line.begins != Begins::Continued;
                let is_inside = depth == 1 || block.line == Some(at) || line.indent > block.statement;
                count += usize::from(!is_inside);
                if is_item {
                    count += usize::from(block.items.is_some_and(|items| items != line.indent));
                    block.items = Some(line.indent);
                }
            }
            let marks = &self.marks[self.marks_of(&(at..at + 1))];
            let mut statement = if closes || line.begins != Begins::Continued || block.items.is_none() {
                line.indent
            } else {
                block.items.unwrap_or(line.indent)
            };
            for mark in marks {
                if matches!(mark.bracket, b'{' | b'[' | b'(') {
                    blocks.push(OpenBlock { statement, items: None, line: Some(at) });
                } else if blocks.len() > 1 {
                    let block = blocks.pop();
                    let is_last = block.is_some_and(|block| block.line.is_some_and(|opened| opened < at));
                    count += usize::from(is_last && mark.bracket == b'}' && mark.at != line.first);
                    statement = block.map_or(statement, |block| block.statement);
                }
            }
        }
        count
    }

    /// How many pairs of brackets have nothing between them.
    pub fn empty_pairs(&self) -> usize {
        let is_empty = |pair: &&[BracketMark]| {
            pair[0].bracket == opening(pair[1].bracket)
                && matches!(pair[1].bracket, b'}' | b']' | b')')
                && self.text[pair[0].at + 1..pair[1].at].trim().is_empty()
        };
        self.marks.windows(2).filter(is_empty).count()
    }

    /// All that the text says, without space and comments.
    pub fn code(&self) -> String {
        let lines = self.lines.iter().flat_map(|line| self.text[line.first..line.code_end].split_whitespace());
        lines.collect()
    }
}

/// An open bracket.
#[derive(Clone, Copy)]
struct OpenBlock {
    /// How far the statement is indented that it belongs to.
    statement: usize,
    /// How far what stands in it is indented.
    items: Option<usize>,
    /// The line on which it was opened.
    line: Option<usize>,
}

fn begins(code: &str) -> Begins {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let word = &code[..code.find(|c| !is_word(c)).unwrap_or(code.len())];
    let rest = code[word.len()..].trim_start_matches([' ', '\t']);
    if !word.is_empty() && rest.starts_with([':', ',', ')', ']']) {
        return if rest.starts_with(':') { Begins::Entry } else { Begins::Continued };
    }
    match starter(word) {
        Some(true) => return Begins::Definition,
        Some(false) => return Begins::Statement,
        None => {}
    }
    let figure = code.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let is_share = figure.len() < code.len() && figure.trim_start().starts_with('%');
    if is_share { Begins::Entry } else { Begins::Continued }
}
