//! From pieces to lines.

use super::layout::{Break, BreakStyle, LayoutGroup, LayoutPiece, WIDTH};

/// Maximum indentation, in columns. Deeper nesting is not indented further, so that the size of the
/// output stays bounded.
const DEEPEST: usize = 64;
const SPACES: &str = "                                                                ";

/// How a group is printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// On one line.
    Flat,
    /// With line ends where its style has them.
    Broken(BreakStyle),
}

/// The text so far, and where its last line stands.
#[derive(Default)]
pub(super) struct Renderer {
    out: String,
    column: usize,
    nest: isize,
    /// A line's end that is still to be written: whether an empty line follows, and the next line's
    /// indentation. It waits for that line, so that none ends in spaces.
    newline: Option<(bool, usize)>,
    modes: Vec<Mode>,
}

impl Renderer {
    /// Adds pieces whose groups are all ended.
    pub(super) fn render(&mut self, pieces: &[LayoutPiece], groups: &[LayoutGroup]) {
        for (at, piece) in pieces.iter().enumerate() {
            match piece {
                LayoutPiece::Text(text, width) => self.write(text, *width),
                LayoutPiece::Comment { text, trailing: true } => {
                    self.spaces(2);
                    self.write(text, 0);
                }
                LayoutPiece::Comment { text, trailing: false } => self.write(text, 0),
                LayoutPiece::Spaces(count) => self.spaces(*count),
                LayoutPiece::CommaIfBroken if self.mode() == Mode::Flat => {}
                LayoutPiece::CommaIfBroken => self.write(",", 1),
                LayoutPiece::Break(place) => self.line(*place, &pieces[at + 1..]),
                LayoutPiece::Newline { blank } => self.newline(*blank),
                LayoutPiece::Nest(by) => self.nest += by,
                LayoutPiece::Begin(number) => {
                    let mode = self.mode_of(&groups[*number], pieces);
                    self.modes.push(mode);
                }
                LayoutPiece::End => {
                    self.modes.pop();
                }
                LayoutPiece::Row => {}
                // Every tab has been aligned away; one that has not still parts two words.
                LayoutPiece::Tab { gap } => self.spaces(*gap),
            }
        }
    }

    /// The whole text; it ends with a line's end unless it is empty.
    pub(super) fn finish(mut self) -> String {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }

    fn mode(&self) -> Mode {
        self.modes.last().copied().unwrap_or(Mode::Broken(BreakStyle::OneEach))
    }

    fn mode_of(&self, group: &LayoutGroup, pieces: &[LayoutPiece]) -> Mode {
        let inside_flat = self.modes.last() == Some(&Mode::Flat);
        let width = self.column() + group.width;
        let fits = !group.forced && width <= WIDTH && width + until_break(&pieces[group.end..]) <= WIDTH;
        if inside_flat || fits { Mode::Flat } else { Mode::Broken(group.style) }
    }

    fn line(&mut self, place: Break, next: &[LayoutPiece]) {
        let space = usize::from(place.space);
        let breaks = match self.mode() {
            Mode::Flat => false,
            Mode::Broken(BreakStyle::OneEach | BreakStyle::Phrases) => true,
            Mode::Broken(BreakStyle::Written) if place.written => true,
            Mode::Broken(BreakStyle::Fill | BreakStyle::Written) => {
                place.edge || self.column() + space + until_break(next) > WIDTH
            }
        };
        if breaks {
            self.newline(false);
        } else {
            self.spaces(space);
        }
    }

    fn newline(&mut self, blank: bool) {
        let blank = blank || self.newline.is_some_and(|(blank, _)| blank);
        self.newline = Some((blank, self.nest.unsigned_abs().min(DEEPEST)));
    }

    fn column(&self) -> usize {
        self.newline.map_or(self.column, |(_, indent)| indent)
    }

    fn spaces(&mut self, count: usize) {
        self.write(&SPACES[..count.min(SPACES.len())], count);
    }

    fn write(&mut self, text: &str, width: usize) {
        if let Some((blank, indent)) = self.newline.take() {
            if !self.out.is_empty() {
                self.out.push_str(if blank { "\n\n" } else { "\n" });
            }
            self.out.push_str(&SPACES[..indent]);
            self.column = indent;
        }
        self.out.push_str(text);
        self.column += width;
    }
}

/// The width of what has to stay on the line: up to the next place where it may end. Looks no
/// further than a line.
fn until_break(pieces: &[LayoutPiece]) -> usize {
    let mut width = 0;
    for piece in pieces {
        match piece {
            LayoutPiece::Text(_, more) | LayoutPiece::Spaces(more) => width += more,
            LayoutPiece::CommaIfBroken => width += 1,
            LayoutPiece::Tab { gap } => width += gap,
            LayoutPiece::Break(_) | LayoutPiece::Newline { .. } | LayoutPiece::Comment { .. } => return width,
            LayoutPiece::Nest(_) | LayoutPiece::Begin(_) | LayoutPiece::End | LayoutPiece::Row => {}
        }
        if width > WIDTH {
            return width;
        }
    }
    width
}
