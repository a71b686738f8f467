//! What stands between the words of a text: white space and comments, of which the tree knows
//! nothing.

use crate::source::start_of;

/// `# to the end of the line`
pub(super) struct Comment<'s> {
    /// From its `#`, without white space at its end.
    pub(super) text: &'s str,
    /// Whether it is alone on its line; otherwise it is about the word before it.
    pub(super) own_line: bool,
    /// Whether an empty line stands before it.
    pub(super) blank_before: bool,
}

/// A place in a text that moves from word to word and gathers the comments it passes.
pub(super) struct Cursor<'s> {
    text: &'s str,
    at: usize,
    /// How many lines have ended since the last word or comment.
    line_ends: usize,
    /// Those that were passed and not yet taken, in order. A mark (`,`) may be taken while some
    /// wait: they are then written after it.
    pub(super) waiting: Vec<Comment<'s>>,
}

impl<'s> Cursor<'s> {
    /// At the start of a text, after a byte-order mark, as if after a line's end.
    pub(super) fn new(text: &'s str) -> Self {
        Self { text, at: start_of(text), line_ends: 1, waiting: Vec::new() }
    }

    /// Passes over white space and comments, up to the next word.
    pub(super) fn look(&mut self) {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'\n' => self.line_ends += 1,
                b' ' | b'\t' | b'\r' => {}
                b'#' => {
                    self.comment();
                    continue;
                }
                _ => return,
            }
            self.at += 1;
        }
    }

    fn comment(&mut self) {
        let rest = &self.text[self.at..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        self.at += line.len();
        self.waiting.push(Comment {
            text: line.trim_end_matches([' ', '\t', '\r']),
            // Only one can stay on the line of the word before; a mark between them may have hidden
            // a line's end.
            own_line: self.line_ends > 0 || !self.waiting.is_empty(),
            blank_before: self.line_ends > 1,
        });
        self.line_ends = 0;
    }

    /// Whether a line has ended right before the next word.
    pub(super) fn line_ended(&self) -> bool {
        self.line_ends > 0
    }

    /// Whether an empty line stands right before the next word.
    pub(super) fn blank_before_word(&self) -> bool {
        self.line_ends > 1
    }

    /// Whether an empty line stands anywhere between the last word and the next.
    pub(super) fn blank(&self) -> bool {
        self.blank_before_word() || self.waiting.iter().any(|comment| comment.blank_before)
    }

    /// Where the next word begins, after [`Cursor::look`].
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What follows.
    pub(super) fn rest(&self) -> &'s str {
        &self.text[self.at..]
    }

    /// Takes a word of `length` bytes. `None` if the text is shorter, or the cut would lie within a
    /// character.
    pub(super) fn take(&mut self, length: usize) -> Option<&'s str> {
        let word = self.text.get(self.at..self.at + length)?;
        self.at += length;
        self.line_ends = 0;
        Some(word)
    }
}
