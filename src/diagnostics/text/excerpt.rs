//! The few lines of a plan that one drawing needs, made small and harmless: `annotate-snippets`
//! reads all it is given, many times over, so it is never given the whole plan, nor the whole of a
//! very long line.

use std::collections::BTreeMap;
use std::ops::Range;

use super::clean;
use crate::source::{Source, Span};

/// Maximum number of characters of a line that is drawn whole.
const WIDE: usize = 120;
/// How many characters are kept of a longer one, and how many of them stand before the mark.
const WINDOW: usize = 100;
const BEFORE: usize = 30;
/// A mark over at most this many lines shows all of them; a longer one its first and last.
pub const TALL: usize = 4;
const CUT: &str = "...";

/// Lines of a plan in a text of their own, with the marks where they are in that text.
pub struct Excerpt {
    /// The lines. Each ends in a space, so that a mark after its last character has something to
    /// stand under, and the empty last line exists.
    pub text: String,
    /// The number the first line has to be given for the last one to come out right (so the gutter
    /// is as wide as it must be). Where lines are left out, two empty ones take their place, and
    /// the rest are numbered too high.
    pub first: usize,
    /// The number in the plan, of each line in `text`.
    pub numbers: Vec<usize>,
    /// Where each span that was asked for is in `text`.
    pub marks: Vec<Range<usize>>,
}

/// A place that is known to be on its line, before the line's ending.
#[derive(Clone, Copy)]
struct LinePlace {
    line: usize,
    offset: usize,
}

/// A line of the plan as it is drawn: where it starts in the excerpt, and which part of the plan it
/// shows.
struct DrawnLine {
    start: usize,
    plan: Range<usize>,
    cut_before: bool,
    cut_after: bool,
}

impl Excerpt {
    /// The lines that hold the starts and ends of `spans`. On a line too long to be shown whole,
    /// the part around the first of them is; the others point at where it was cut.
    pub fn new(source: &Source, spans: &[Span]) -> Self {
        let places: Vec<_> = spans.iter().map(|span| place(source, *span)).collect();
        let mut excerpt = Self { text: String::new(), first: 0, numbers: Vec::new(), marks: Vec::new() };
        let mut shown: BTreeMap<usize, DrawnLine> = BTreeMap::new();
        for (line, focus) in wanted(source, &places) {
            excerpt.leave_out_before(line);
            shown.insert(line, excerpt.push(source, line, focus));
        }
        let last = excerpt.numbers.last().copied().unwrap_or(1);
        excerpt.first = last + 1 - excerpt.numbers.len().min(last);
        excerpt.marks = places
            .iter()
            .map(|(start, end)| {
                let from = shown.get(&start.line).map_or(0, |line| line.start_of(source, start.offset));
                let to = shown.get(&end.line).map_or(from, |line| line.end_of(source, end.offset));
                from..to.max(from)
            })
            .collect();
        excerpt
    }

    /// The number in the plan, of the line that is drawn with `number`.
    pub fn number(&self, number: usize) -> Option<usize> {
        self.numbers.get(number.checked_sub(self.first)?).copied()
    }

    /// Two empty lines are the least that is drawn as `...`.
    fn leave_out_before(&mut self, line: usize) {
        if self.numbers.last().is_some_and(|previous| previous + 1 < line) {
            self.text.push_str(" \n \n");
            self.numbers.extend([line - 2, line - 1]);
        }
    }

    fn push(&mut self, source: &Source, line: usize, focus: Range<usize>) -> DrawnLine {
        let whole = source.line_span(line).range();
        let plan = window(source.text(), whole.clone(), focus);
        let (cut_before, cut_after) = (plan.start > whole.start, plan.end < whole.end);
        let shown = DrawnLine { start: self.text.len(), plan: plan.clone(), cut_before, cut_after };
        if cut_before {
            self.text.push_str(CUT);
        }
        self.text.extend(source.text()[plan].chars().map(clean::visible));
        if cut_after {
            self.text.push_str(CUT);
        }
        self.text.push_str(" \n");
        self.numbers.push(line);
        shown
    }
}

impl DrawnLine {
    /// Where a mark starts in the excerpt: at the dots if it starts in what they stand for.
    fn start_of(&self, source: &Source, offset: usize) -> usize {
        if offset < self.plan.start { self.start } else { self.shift(source, offset.min(self.plan.end)) }
    }

    /// Where a mark ends in the excerpt: after the dots if it ends in what they stand for.
    fn end_of(&self, source: &Source, offset: usize) -> usize {
        if self.cut_after && offset > self.plan.end {
            return self.shift(source, self.plan.end) + CUT.len();
        }
        self.shift(source, offset.clamp(self.plan.start, self.plan.end))
    }

    fn shift(&self, source: &Source, offset: usize) -> usize {
        let before = &source.text()[self.plan.start..offset];
        let clean: usize = before.chars().map(|character| clean::visible(character).len_utf8()).sum();
        self.start + clean + if self.cut_before { CUT.len() } else { 0 }
    }
}

/// Both ends of a span on their lines, whatever the span: clamped to the text and to whole
/// characters, and not between a line's last character and the next line. A span that ends with a
/// newline ends on the line before.
fn place(source: &Source, span: Span) -> (LinePlace, LinePlace) {
    let start = floor(source.text(), span.start as usize);
    let mut end = floor(source.text(), span.end as usize).max(start);
    if start < end && source.text()[..end].ends_with('\n') {
        end -= 1;
    }
    let start = spot(source, start);
    let end = spot(source, end);
    (start, LinePlace { line: end.line, offset: end.offset.max(start.offset) })
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn spot(source: &Source, offset: usize) -> LinePlace {
    let line = source.line(Span::new(offset, offset).start);
    let content = source.line_span(line).range();
    LinePlace { line, offset: offset.clamp(content.start, content.end) }
}

/// Every line to show, with what to keep in sight on it. The first place that asks for a line
/// decides.
fn wanted(source: &Source, places: &[(LinePlace, LinePlace)]) -> BTreeMap<usize, Range<usize>> {
    let mut lines = BTreeMap::new();
    for (start, end) in places {
        let end_of_first = if start.line == end.line { end.offset } else { start.offset };
        lines.entry(start.line).or_insert(start.offset..end_of_first);
        lines.entry(end.line).or_insert(end.offset..end.offset);
    }
    let start_of = |line| {
        let start = source.line_span(line).range().start;
        start..start
    };
    for (start, end) in places.iter().filter(|(start, end)| end.line - start.line < TALL) {
        for line in start.line + 1..end.line {
            lines.entry(line).or_insert_with(|| start_of(line));
        }
    }
    // One line left out would take as much room as itself.
    let numbers: Vec<usize> = lines.keys().copied().collect();
    for pair in numbers.windows(2).filter(|pair| pair[1] - pair[0] == 2) {
        lines.entry(pair[0] + 1).or_insert_with(|| start_of(pair[0] + 1));
    }
    lines
}

/// The part of `line` to show: all of it, or what is around `focus`. Looks no further than it
/// shows.
fn window(text: &str, line: Range<usize>, focus: Range<usize>) -> Range<usize> {
    let ahead = |from: usize, count: usize| {
        text[from..line.end].char_indices().nth(count).map_or(line.end, |(at, _)| from + at)
    };
    if ahead(line.start, WIDE) == line.end {
        return line;
    }
    let marked = text[focus.clone()].chars().take(WINDOW).count();
    let before = BEFORE.min(WINDOW - marked).max(BEFORE / 3);
    // Dots that stand for no more than themselves would be silly.
    let back = |from: usize, count: usize| {
        text[line.start..from].char_indices().rev().nth(count - 1).map_or(line.start, |(at, _)| line.start + at)
    };
    let mut start = back(focus.start, before);
    if back(start, CUT.len()) == line.start {
        start = line.start;
    }
    let mut end = ahead(start, WINDOW);
    if ahead(end, CUT.len()) == line.end {
        end = line.end;
    }
    start..end
}
