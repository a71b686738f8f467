//! A text that is not yet broken into lines: pieces, groups of pieces that break together, and
//! columns.
//!
//! Pieces are gathered for one item of a plan at a time (or for a run of agents), aligned, and then
//! printed by [`super::render`]. Every step is linear in the number of pieces.

use super::render::Renderer;

/// Maximum width of a line, in columns. Words that cannot be broken may be wider.
pub(super) const WIDTH: usize = 100;
/// Maximum width of a cell, in columns, to which the other cells of its column are padded.
const WIDEST_CELL: usize = 40;

/// A part of the text, or of its layout.
#[derive(Debug)]
pub(super) enum LayoutPiece<'s> {
    /// Part of a line, with its width.
    Text(&'s str, usize),
    /// A comment; `trailing` ones stay on the line.
    Comment { text: &'s str, trailing: bool },
    /// Spaces that are always there.
    Spaces(usize),
    /// A comma where the group around it is broken.
    CommaIfBroken,
    /// A place where the group around it may break.
    Break(Break),
    /// The end of a line.
    Newline { blank: bool },
    /// Changes the indentation of the lines that begin after this, in columns.
    Nest(isize),
    /// The start of the group of this number.
    Begin(usize),
    /// The end of the last group begun.
    End,
    /// Starts a row, whose cells the tabs end.
    Row,
    /// The end of a cell, and the fewest spaces after it. [`ItemLayout::align`] puts spaces in its
    /// place.
    Tab { gap: usize },
}

/// A place where a line may end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Break {
    /// A space where it does not break.
    pub(super) space: bool,
    /// Next to a bracket: it breaks whenever its group does, also in a group that fills its lines.
    pub(super) edge: bool,
    /// Whether a line ended here in the text.
    pub(super) written: bool,
}

/// Where a group breaks that is not on one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BreakStyle {
    /// At each of its places.
    OneEach,
    /// Likewise, for a list of phrases, which are hard to read in lines that are full.
    Phrases,
    /// Where the next piece would not fit.
    Fill,
    /// Likewise, and where a line ended in the text.
    Written,
}

/// Pieces that are on one line if they fit, and break otherwise.
#[derive(Debug)]
pub(super) struct LayoutGroup {
    /// On one line.
    pub(super) width: usize,
    /// Whether it cannot be on one line, since a line ends in it.
    pub(super) forced: bool,
    /// Where it breaks.
    pub(super) style: BreakStyle,
    /// The piece that ends it.
    pub(super) end: usize,
}

/// The pieces of one item, and the text of those before.
#[derive(Default)]
pub(super) struct ItemLayout<'s> {
    pieces: Vec<LayoutPiece<'s>>,
    groups: Vec<LayoutGroup>,
    /// The groups that have begun and not ended.
    open: Vec<usize>,
    /// The width of all pieces so far, were they on one line.
    width: usize,
    nest: isize,
    renderer: Renderer,
}

impl<'s> ItemLayout<'s> {
    /// A piece of a line.
    pub(super) fn text(&mut self, text: &'s str) {
        let width = text.chars().count();
        self.width += width;
        self.pieces.push(LayoutPiece::Text(text, width));
    }

    /// One space.
    pub(super) fn space(&mut self) {
        self.width += 1;
        self.pieces.push(LayoutPiece::Spaces(1));
    }

    /// A place where the innermost group may break.
    pub(super) fn line(&mut self, place: Break) {
        self.width += usize::from(place.space);
        self.pieces.push(LayoutPiece::Break(place));
    }

    /// A comma where the innermost group is broken.
    pub(super) fn comma_if_broken(&mut self) {
        self.pieces.push(LayoutPiece::CommaIfBroken);
    }

    /// A comment; a [`ItemLayout::newline`] has to follow.
    pub(super) fn comment(&mut self, text: &'s str, trailing: bool) {
        self.pieces.push(LayoutPiece::Comment { text, trailing });
    }

    /// The end of a line, which breaks every group around it; `blank` leaves a line empty.
    pub(super) fn newline(&mut self, blank: bool) {
        if let Some(group) = self.innermost() {
            group.forced = true;
        }
        self.pieces.push(LayoutPiece::Newline { blank });
    }

    /// Indents the lines that begin from here on.
    pub(super) fn nest(&mut self, by: isize) {
        self.nest += by;
        self.pieces.push(LayoutPiece::Nest(by));
    }

    /// Begins a group; gives its number.
    pub(super) fn begin(&mut self, style: BreakStyle) -> usize {
        let number = self.groups.len();
        // Until it ends, the width is that of what stands before it.
        self.groups.push(LayoutGroup { width: self.width, forced: false, style, end: 0 });
        self.open.push(number);
        self.pieces.push(LayoutPiece::Begin(number));
        number
    }

    /// Ends the group that began last.
    pub(super) fn end(&mut self) {
        let Some(number) = self.open.pop() else { return };
        let group = &mut self.groups[number];
        group.width = self.width - group.width;
        group.end = self.pieces.len();
        let forced = group.forced;
        self.pieces.push(LayoutPiece::End);
        if let Some(around) = self.innermost() {
            around.forced |= forced;
        }
    }

    /// Keeps the lines of the innermost group, if it is a list: a comment is about one of them.
    pub(super) fn keep_lines(&mut self) {
        let Some(group) = self.innermost() else { return };
        group.style = match group.style {
            BreakStyle::OneEach => BreakStyle::OneEach,
            BreakStyle::Phrases | BreakStyle::Fill | BreakStyle::Written => BreakStyle::Written,
        };
    }

    fn innermost(&mut self) -> Option<&mut LayoutGroup> {
        self.open.last().map(|number| &mut self.groups[*number])
    }

    /// The place of the next piece, for [`ItemLayout::align`].
    pub(super) fn mark(&self) -> usize {
        self.pieces.len()
    }

    /// Starts a row of cells.
    pub(super) fn row(&mut self) {
        self.pieces.push(LayoutPiece::Row);
    }

    /// Ends a cell.
    pub(super) fn tab(&mut self, gap: usize) {
        self.pieces.push(LayoutPiece::Tab { gap });
    }

    /// For rows of one cell and one group each, indented by `indent` columns: breaks all of them
    /// unless each fits on its line.
    pub(super) fn break_together(&mut self, mark: usize, indent: isize, groups: &[usize]) {
        let indent = (self.nest + indent).unsigned_abs();
        let cell = cells(&self.pieces[mark..]).map(|(_, width)| width.unwrap_or(WIDTH)).max().unwrap_or_default();
        let fits = groups.iter().all(|number| {
            let group = &self.groups[*number];
            !group.forced && indent + cell + 1 + group.width <= WIDTH
        });
        if !fits {
            for number in groups {
                self.groups[*number].forced = true;
            }
        }
    }

    /// Lines up the cells of the rows since the mark.
    pub(super) fn align(&mut self, mark: usize) {
        let mut columns: Vec<usize> = Vec::new();
        for (column, width) in cells(&self.pieces[mark..]) {
            if column == columns.len() {
                columns.push(0);
            }
            columns[column] = columns[column].max(width.filter(|width| *width <= WIDEST_CELL).unwrap_or_default());
        }
        let padding: Vec<usize> = cells(&self.pieces[mark..])
            .map(|(column, width)| width.map_or(0, |width| columns[column].saturating_sub(width)))
            .collect();
        let tabs = self.pieces[mark..].iter_mut().filter(|piece| matches!(piece, LayoutPiece::Tab { .. }));
        for (piece, padding) in tabs.zip(padding) {
            if let LayoutPiece::Tab { gap } = *piece {
                *piece = LayoutPiece::Spaces(gap + padding);
            }
        }
    }

    /// Prints what has been gathered.
    pub(super) fn flush(&mut self) {
        self.renderer.render(&self.pieces, &self.groups);
        self.pieces.clear();
        self.groups.clear();
    }

    /// Prints what is left, and gives the whole text.
    pub(super) fn finish(mut self) -> String {
        self.flush();
        self.renderer.finish()
    }
}

/// For each tab, its column in its row and the width of the cell before it; no width where a line
/// ends in the cell.
fn cells<'p>(pieces: &'p [LayoutPiece<'_>]) -> impl Iterator<Item = (usize, Option<usize>)> + 'p {
    let mut column = 0;
    let mut width = Some(0);
    pieces.iter().filter_map(move |piece| {
        match piece {
            LayoutPiece::Row => (column, width) = (0, Some(0)),
            LayoutPiece::Text(_, more) | LayoutPiece::Spaces(more) => width = width.map(|width| width + more),
            LayoutPiece::Break(Break { space, .. }) => width = width.map(|width| width + usize::from(*space)),
            LayoutPiece::Newline { .. } => width = None,
            LayoutPiece::Tab { .. } => {
                let cell = (column, width);
                (column, width) = (column + 1, Some(0));
                return Some(cell);
            }
            LayoutPiece::Comment { .. }
            | LayoutPiece::CommaIfBroken
            | LayoutPiece::Nest(_)
            | LayoutPiece::Begin(_)
            | LayoutPiece::End => {}
        }
        None
    })
}
