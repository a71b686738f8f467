//! A named text and places in it: byte spans, and the lines and columns that people count.
//!
//! Does not know the language.

use std::ops::Range;
use std::sync::Arc;

/// A piece of a text: byte offsets, the end exclusive. Both lie on character boundaries of the text
/// they speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, not including, `end`. Texts are far smaller than 4 GiB (see
    /// [`crate::syntax`]), so offsets are kept in 32 bits; a larger offset is held at the largest.
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The empty span at this one's end.
    pub fn after(self) -> Self {
        Self { start: self.end, end: self.end }
    }

    /// The empty span at this one's start.
    pub fn before(self) -> Self {
        Self { start: self.start, end: self.start }
    }

    /// As a range of byte offsets.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A line and a column, both from 1; columns count Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, in Unicode scalar values.
    pub column: usize,
}

/// A plan's text with its name, which is what messages call it: a path, or `<stdin>`.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: Arc<str>,
    line_starts: Box<[u32]>,
    /// How many characters start before each multiple of [`STRIDE`] bytes, so that a column far
    /// into a line of a megabyte is not counted from the line's start for each of ten thousand
    /// problems on it.
    characters: Box<[u32]>,
}

const STRIDE: usize = 1024;

/// What some editors put at the start of a file. It is on no screen, so it is in no column either.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Where what is written begins: after a byte-order mark, if there is one.
pub fn start_of(text: &str) -> usize {
    if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 }
}

impl Source {
    /// Takes any text; whether it is a plan is for [`crate::syntax::parse`] to say.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(newlines.map(|(at, _)| Span::new(at + 1, at + 1).start)).collect();
        let characters = text.as_bytes().chunks(STRIDE).scan(0, |before, chunk| {
            let here = *before;
            *before += character_starts(chunk);
            Some(here)
        });
        let characters = characters.collect();
        Self { name: name.into(), text, line_starts, characters }
    }

    /// What messages call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, as it came.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same, to be kept.
    pub fn shared_text(&self) -> &Arc<str> {
        &self.text
    }

    /// The text at `span`; empty where the span is not in this text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The line, from 1, that holds the byte at `offset`.
    pub fn line(&self, offset: u32) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// How many lines there are; a text that ends in a newline has an empty one after it.
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// What stands on the line with this number, from 1, without its line ending and without a
    /// byte-order mark; empty where there is no such line.
    pub fn line_span(&self, line: usize) -> Span {
        let Some(&start) = line.checked_sub(1).and_then(|index| self.line_starts.get(index)) else {
            return Span::new(self.text.len(), self.text.len());
        };
        let next = self.line_starts.get(line).map_or(self.text.len(), |next| *next as usize);
        let whole = self.text.get(start as usize..next).unwrap_or_default();
        let content = whole.strip_suffix('\n').map_or(whole, |line| line.strip_suffix('\r').unwrap_or(line));
        let mark = if start == 0 { start_of(content) } else { 0 };
        Span::new(start as usize + mark, start as usize + content.len())
    }

    /// The line and column of the byte at `offset`. A byte-order mark at the start of the text
    /// counts as no column.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line(offset);
        let start = self.line_span(line).start as usize;
        let offset = (offset as usize).min(self.text.len()).max(start);
        let column = self.characters_before(offset) - self.characters_before(start) + 1;
        Position { line, column: column as usize }
    }

    /// How many characters start before `offset`.
    fn characters_before(&self, offset: usize) -> u32 {
        let stride = (offset / STRIDE).min(self.characters.len().saturating_sub(1));
        let counted = self.characters.get(stride).copied().unwrap_or_default();
        counted + self.text.as_bytes().get(stride * STRIDE..offset).map_or(0, character_starts)
    }
}

/// How many of these bytes are the first of a character.
fn character_starts(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from(byte & 0xc0 != 0x80)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let source = Source::new("x", "é = 1\nbb");
        assert_eq!(source.position(3), Position { line: 1, column: 3 });
        assert_eq!(source.position(7), Position { line: 2, column: 1 });
        assert_eq!(source.position(9), Position { line: 2, column: 3 });
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        let source = Source::new("x", "\u{feff}ab\r\nc");
        assert_eq!(source.position(4), Position { line: 1, column: 2 });
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.slice(source.line_span(1)), "ab");
        assert_eq!(source.slice(source.line_span(2)), "c");
        assert_eq!(source.slice(source.line_span(3)), "");
    }

    #[test]
    fn columns_are_right_far_into_a_long_line() {
        let text = format!("first\n{}", "aé€".repeat(1000));
        let source = Source::new("x", text.as_str());
        for (column, (at, _)) in text[6..].char_indices().enumerate() {
            let expected = Position { line: 2, column: column + 1 };
            assert_eq!(source.position(Span::new(at + 6, 0).start), expected);
        }
        let end = Span::new(text.len(), text.len()).start;
        assert_eq!(source.position(end), Position { line: 2, column: 3001 });
        assert_eq!(source.position(u32::MAX), Position { line: 2, column: 3001 });
    }
}
