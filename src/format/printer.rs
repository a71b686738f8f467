//! Brings words and comments into the layout, in the order of the text.

use super::comments::Cursor;
use super::layout::{Break, BreakStyle, ItemLayout};
use crate::source::Span;

/// Indentation of a block or of a broken list, in columns.
pub(super) const INDENT: isize = 2;
/// Indentation of a continued line, in columns.
pub(super) const CONTINUED: isize = 4;

/// A space, or a line break where the group is broken.
pub(super) const LINE: Separator = Separator::Break(Break { space: true, edge: false, written: false });

/// What stands between two words that no comment parts.
#[derive(Clone, Copy)]
pub(super) enum Separator {
    /// `1..7`
    Nothing,
    /// `agent frontdesk`
    Space,
    /// The end of a cell.
    Tab {
        /// The fewest spaces.
        gap: usize,
    },
    /// A place where the group may break.
    Break(Break),
}

/// A text on its way into its layout.
pub(super) struct Printer<'s> {
    cursor: Cursor<'s>,
    pub(super) layout: ItemLayout<'s>,
    /// Whether each word was the one that the tree says. The walk goes on in any case; its outcome
    /// counts only then.
    sound: bool,
}

impl<'s> Printer<'s> {
    /// At the start of a text.
    pub(super) fn new(text: &'s str) -> Self {
        Self { cursor: Cursor::new(text), layout: ItemLayout::default(), sound: true }
    }

    /// The whole text, if all of it was taken.
    pub(super) fn finish(mut self) -> Option<String> {
        self.cursor.look();
        self.comments(false, false);
        let whole = self.sound && self.cursor.rest().is_empty();
        whole.then(|| self.layout.finish())
    }

    /// The tree has something here that does not stand in the text.
    pub(super) fn unsound(&mut self) {
        self.sound = false;
    }

    /// Whether an empty line comes before the next word.
    pub(super) fn blank_line_ahead(&mut self) -> bool {
        self.cursor.look();
        self.cursor.blank()
    }

    /// The next word, which begins at `span` and is as long.
    pub(super) fn at(&mut self, span: Span) {
        self.cursor.look();
        match self.cursor.take(span.range().len()) {
            Some(word) if self.cursor.at() == span.end as usize => self.layout.text(word),
            _ => self.unsound(),
        }
    }

    /// The next word or mark, as the language writes it. Comments that wait are written after it:
    /// so a line never begins with a mark because of them.
    pub(super) fn attach(&mut self, word: &str) {
        self.cursor.look();
        if !self.cursor.rest().starts_with(word) {
            return self.unsound();
        }
        match self.cursor.take(word.len()) {
            Some(word) => self.layout.text(word),
            None => self.unsound(),
        }
    }

    /// A piece that the text leaves out.
    pub(super) fn insert(&mut self, text: &'static str) {
        self.layout.text(text);
    }

    /// Whether this comes next.
    pub(super) fn next_is(&mut self, mark: &str) -> bool {
        self.cursor.look();
        self.cursor.rest().starts_with(mark)
    }

    /// A space and a word.
    pub(super) fn then(&mut self, word: &str) {
        self.separate(Separator::Space);
        self.attach(word);
    }

    /// A space and the word at a place.
    pub(super) fn then_at(&mut self, span: Span) {
        self.separate(Separator::Space);
        self.at(span);
    }

    /// What parts the last word from the next, with the comments between them.
    pub(super) fn separate(&mut self, separator: Separator) {
        self.cursor.look();
        if self.cursor.waiting.is_empty() {
            return match separator {
                Separator::Nothing => {}
                Separator::Space => self.layout.space(),
                Separator::Tab { gap } => self.layout.tab(gap),
                Separator::Break(place) => self.layout.line(Break { written: self.cursor.line_ended(), ..place }),
            };
        }
        let after_bracket = matches!(separator, Separator::Break(Break { edge: true, .. }));
        if !after_bracket && self.cursor.waiting.first().is_some_and(|comment| !comment.own_line) {
            self.layout.keep_lines();
        }
        match separator {
            Separator::Break(_) => self.next_line(after_bracket, false),
            Separator::Nothing | Separator::Space => self.continue_after_comments(),
            // The cell before it is not aligned, and the columns are counted on.
            Separator::Tab { .. } => {
                self.continue_after_comments();
                self.layout.tab(0);
            }
        }
    }

    fn continue_after_comments(&mut self) {
        self.layout.nest(CONTINUED);
        self.comments(true, false);
        self.layout.newline(false);
        self.layout.nest(-CONTINUED);
    }

    /// Ends the line: comments, each on its line, and the start of the next word's line. An empty
    /// line is kept, except as the `first` thing in a block; `apart` asks for one.
    pub(super) fn next_line(&mut self, first: bool, apart: bool) {
        self.cursor.look();
        let missing = apart && !self.cursor.blank();
        let written = self.comments(first, missing);
        let blank = self.cursor.blank_before_word() || missing && !written;
        self.layout.newline(blank && (written || !first));
    }

    /// The comments that wait. The first that has its own line has no empty line before it if
    /// `first`, and has one if `apart`. Gives whether one with its own line was written.
    fn comments(&mut self, first: bool, apart: bool) -> bool {
        let mut written = false;
        for comment in self.cursor.waiting.drain(..) {
            if comment.own_line {
                let blank = if written { comment.blank_before } else { !first && (comment.blank_before || apart) };
                self.layout.newline(blank);
                written = true;
            }
            self.layout.comment(comment.text, !comment.own_line);
        }
        written
    }

    /// `{`, a line for each entry, `}`; `{}` where there is nothing.
    pub(super) fn lines<T>(&mut self, entries: &[T], mut print: impl FnMut(&mut Self, &T)) {
        self.attach("{");
        if self.closes_at_once(entries, "}") {
            return;
        }
        self.layout.nest(INDENT);
        for (index, entry) in entries.iter().enumerate() {
            self.next_line(index == 0, false);
            print(self, entry);
        }
        self.cursor.look();
        self.comments(entries.is_empty(), false);
        self.layout.nest(-INDENT);
        self.layout.newline(false);
        self.attach("}");
    }

    /// Entries in brackets with commas between them, on one line if they fit, and otherwise in this
    /// style.
    pub(super) fn list<T>(
        &mut self,
        brackets: Brackets,
        style: BreakStyle,
        entries: &[T],
        print: impl Fn(&mut Self, &T),
    ) {
        self.attach(brackets.open);
        if self.closes_at_once(entries, brackets.close) {
            return;
        }
        self.layout.begin(style);
        self.layout.nest(INDENT);
        for (index, entry) in entries.iter().enumerate() {
            if index > 0 {
                self.attach(",");
                self.separate(LINE);
            } else {
                self.separate(Separator::Break(brackets.edge()));
            }
            print(self, entry);
        }
        self.last_comma(entries.is_empty());
        self.close(brackets);
        self.layout.end();
    }

    /// The comma after the last entry, which is there exactly where the list is broken.
    fn last_comma(&mut self, nothing_before: bool) {
        if nothing_before {
            return;
        }
        self.cursor.look();
        if self.cursor.rest().starts_with(',') {
            // Taken, but not as it stands.
            self.cursor.take(1);
        }
        self.layout.comma_if_broken();
    }

    /// `{ reject }`: a block of one statement, which breaks with the group around it.
    pub(super) fn braced(&mut self, print: impl FnOnce(&mut Self)) {
        self.attach("{");
        self.layout.nest(INDENT);
        self.separate(Separator::Break(BRACES.edge()));
        print(self);
        self.close(BRACES);
    }

    fn close(&mut self, brackets: Brackets) {
        self.cursor.look();
        if self.cursor.waiting.first().is_some_and(|comment| !comment.own_line) {
            self.layout.keep_lines();
        }
        if !self.cursor.waiting.is_empty() {
            self.comments(false, false);
            // Ends the comment's line; the break at the bracket is the same line's end.
            self.layout.newline(false);
        }
        self.layout.nest(-INDENT);
        self.layout.line(brackets.edge());
        self.attach(brackets.close);
    }

    /// Takes the closing bracket where nothing, not even a comment, stands before it.
    fn closes_at_once<T>(&mut self, entries: &[T], close: &str) -> bool {
        self.cursor.look();
        let at_once = entries.is_empty() && self.cursor.waiting.is_empty();
        if at_once {
            self.attach(close);
        }
        at_once
    }
}

/// Brackets of one kind.
#[derive(Clone, Copy)]
pub(super) struct Brackets {
    open: &'static str,
    close: &'static str,
    /// Whether they stand apart from what is in them, on one line.
    spaced: bool,
}

/// `[ … ]`
pub(super) const SQUARE: Brackets = Brackets { open: "[", close: "]", spaced: false };
/// `( … )`
pub(super) const ROUND: Brackets = Brackets { open: "(", close: ")", spaced: false };
/// `{ … }`
pub(super) const BRACES: Brackets = Brackets { open: "{", close: "}", spaced: true };

impl Brackets {
    fn edge(self) -> Break {
        Break { space: self.spaced, edge: true, written: false }
    }
}
