//! A text with a few edits made, so that the rest of it can be read, and the way back to the places
//! of the original.

use crate::diagnostics::{Code, Diagnostic, Edit, Reported, Severity};
use crate::source::Span;

/// Edits made to a text before it is read, one layer upon the other: the edits of each layer are
/// places in the text that the layer before made. Every problem found afterwards is put back with
/// [`Repair::restore`].
#[derive(Debug, Default)]
pub struct Repair {
    layers: Vec<Layer>,
    /// Set where blocks may begin or end elsewhere than the admin meant.
    brackets_moved: Option<Reported>,
    /// Lists of numbers that one problem speaks of, in the original: their entries are silent.
    told: Vec<Span>,
}

/// Edits of one text.
#[derive(Debug)]
struct Layer {
    /// By place; they do not overlap.
    edits: Vec<Edit>,
    /// For each edit, where what it puts in starts in the repaired text.
    starts: Vec<i64>,
}

impl Repair {
    /// Makes edits, in any order, to the text that the earlier layers made. An edit that overlaps
    /// an earlier one is left out.
    pub(super) fn apply(&mut self, text: String, edits: Vec<Edit>) -> String {
        if edits.is_empty() {
            return text;
        }
        let layer = Layer::new(edits);
        let repaired = layer.apply(&text);
        self.layers.push(layer);
        repaired
    }

    /// A place in the repaired text, before the last layer.
    pub(super) fn restore_last(&self, span: Span) -> Span {
        self.layers.last().map_or(span, |layer| layer.original(span))
    }

    /// Whether the repaired text is another than the original.
    pub(super) fn changes_text(&self) -> bool {
        !self.layers.is_empty()
    }

    /// Takes back the last layer.
    pub(super) fn undo(&mut self) {
        self.layers.pop();
    }

    /// Notes lists, by place in the text that the layers so far made, that one problem each speaks
    /// of.
    pub(super) fn tell(&mut self, lists: Vec<Span>) {
        let original = |span: Span| self.layers.iter().rev().fold(span, |span, layer| layer.original(span));
        self.told = lists.into_iter().map(original).collect();
    }

    /// Whether a problem of the original is of an entry of a list that was told of whole.
    pub fn is_told(&self, problem: &Diagnostic) -> bool {
        let after = self.told.partition_point(|list| list.start <= problem.span.start);
        let list = after.checked_sub(1).map(|last| self.told[last]);
        let of_entries = matches!(problem.code, Code::BadNumber | Code::BadRange | Code::Syntax)
            || problem.severity() != Severity::Error;
        of_entries && list.is_some_and(|list| problem.span.end <= list.end)
    }

    /// Notes that brackets did not match, and that nobody knows for certain which statement stands
    /// in which block.
    pub(super) fn move_brackets(&mut self, reported: Reported) {
        self.brackets_moved = Some(reported);
    }

    /// Set where brackets did not match, so that nobody knows for certain which statement stands in
    /// which block.
    pub fn moved_brackets(&self) -> Option<Reported> {
        self.brackets_moved
    }

    /// Puts the places of a problem that was found in the repaired text back into the original.
    pub fn restore(&self, diagnostic: Diagnostic) -> Diagnostic {
        self.layers.iter().rev().fold(diagnostic, |diagnostic, layer| layer.restore(diagnostic))
    }
}

impl Layer {
    fn new(mut edits: Vec<Edit>) -> Self {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let mut end = 0;
        edits.retain(|edit| {
            let fits = edit.span.start >= end;
            if fits {
                end = edit.span.end;
            }
            fits
        });
        let starts = edits.iter().scan(0, |shift, edit| {
            let start = i64::from(edit.span.start) + *shift;
            *shift += growth(edit);
            Some(start)
        });
        Self { starts: starts.collect(), edits }
    }

    /// The text with the edits made.
    fn apply(&self, text: &str) -> String {
        let mut repaired = String::with_capacity(text.len());
        let mut at = 0;
        for edit in &self.edits {
            repaired.push_str(&text[at..edit.span.start as usize]);
            repaired.push_str(&edit.text);
            at = edit.span.end as usize;
        }
        repaired.push_str(&text[at..]);
        repaired
    }

    fn restore(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.span = self.original(diagnostic.span);
        for note in &mut diagnostic.notes {
            note.span = note.span.map(|span| self.original(span));
        }
        for edit in diagnostic.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.span = self.original(edit.span);
        }
        diagnostic
    }

    fn original(&self, span: Span) -> Span {
        let start = self.original_offset(span.start, false);
        Span { start, end: self.original_offset(span.end, true).max(start) }
    }

    /// A place inside of what an edit put in is at that edit's start or end.
    fn original_offset(&self, offset: u32, is_end: bool) -> u32 {
        let offset = i64::from(offset);
        // The last edit that starts before the place may hold it; only those that start right there
        // come after.
        let first = self.starts.partition_point(|start| *start < offset).saturating_sub(1);
        let mut shift = self.starts.get(first).map_or(0, |start| start - i64::from(self.edits[first].span.start));
        for edit in &self.edits[first..] {
            let start = i64::from(edit.span.start) + shift;
            let length = edit.text.len() as i64;
            if offset < start || (offset == start && (length > 0 || is_end)) {
                break;
            }
            if offset < start + length {
                return if is_end { edit.span.end } else { edit.span.start };
            }
            shift += growth(edit);
        }
        (offset - shift) as u32
    }
}

/// By how many bytes an edit makes the text longer.
fn growth(edit: &Edit) -> i64 {
    edit.text.len() as i64 - i64::from(edit.span.end - edit.span.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { span: Span::new(start, end), text: text.to_owned() }
    }

    #[test]
    fn places_come_back_to_the_original() {
        let layer = Layer::new(vec![edit(2, 5, "\""), edit(9, 9, "}")]);
        assert_eq!(layer.apply("ab“cdefg"), "ab\"cdef}g");
        assert_eq!(layer.original(Span::new(2, 3)), Span::new(2, 5));
        assert_eq!(layer.original(Span::new(3, 7)), Span::new(5, 9));
        assert_eq!(layer.original(Span::new(8, 9)), Span::new(9, 10));
    }

    #[test]
    fn places_come_back_through_every_layer() {
        let mut repair = Repair::default();
        let text = repair.apply("> a b\n> c".to_owned(), vec![edit(0, 2, ""), edit(6, 8, "")]);
        assert_eq!(text, "a b\nc");
        assert_eq!(repair.apply(text, vec![edit(1, 2, " = ")]), "a = b\nc");
        let problem = Diagnostic::new(Code::Syntax, Span::new(6, 7), "c").fix("", Span::new(4, 5), "d");
        let restored = repair.restore(problem);
        assert_eq!((restored.span, restored.fixes[0].edits[0].span), (Span::new(8, 9), Span::new(4, 5)));
    }
}
