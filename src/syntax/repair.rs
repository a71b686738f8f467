//! A text with a few edits made, so that the rest of it can be read, and the way back to the places of the original.

use crate::diagnostics::{Diagnostic, Edit};
use crate::source::Span;

/// Edits made to a text before it is read. Every problem found afterwards is put back with [`Repair::restore`].
#[derive(Debug, Default)]
pub struct Repair {
    /// By place; they do not overlap.
    edits: Vec<Edit>,
    /// Whether blocks may begin or end elsewhere than the admin meant.
    brackets_moved: bool,
    /// Where each edit's text starts in the repaired text.
    starts: Vec<u32>,
}

impl Repair {
    /// Edits in any order; one that overlaps an earlier one is left out.
    pub(super) fn new(mut edits: Vec<Edit>, brackets_moved: bool) -> Self {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let mut end = 0;
        edits.retain(|edit| {
            let fits = edit.span.start >= end;
            if fits {
                end = edit.span.end;
            }
            fits
        });
        let mut shift = 0;
        let starts = edits.iter().map(|edit| {
            let start = i64::from(edit.span.start) + shift;
            shift += shift_of(edit);
            start as u32
        });
        Self { starts: starts.collect(), edits, brackets_moved }
    }

    /// Whether brackets did not match, so that nobody knows for certain which statement stands in which block.
    pub fn has_moved_brackets(&self) -> bool {
        self.brackets_moved
    }

    /// The text with the edits made.
    pub(super) fn apply(&self, text: &str) -> String {
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

    /// Whether the text was left as it is.
    pub(super) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Puts the places of a problem that was found in the repaired text back into the original.
    pub fn restore(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        if self.is_empty() {
            return diagnostic;
        }
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
        // The last edit whose text starts before the place; one that takes out text has none, and may start at it.
        let started = self.starts.partition_point(|start| *start < offset);
        let taken_out = |at: &usize| !is_end && self.starts[*at] == offset && self.edits[*at].text.is_empty();
        let after = (started..self.edits.len()).take_while(taken_out).last().map_or(started, |at| at + 1);
        let Some(last) = after.checked_sub(1) else { return offset };
        let (edit, start) = (&self.edits[last], self.starts[last]);
        match (offset - start).checked_sub(edit.text.len() as u32) {
            Some(beyond) => edit.span.end + beyond,
            None if is_end => edit.span.end,
            None => edit.span.start,
        }
    }
}

/// By how much what follows an edit moves.
fn shift_of(edit: &Edit) -> i64 {
    edit.text.len() as i64 - i64::from(edit.span.end - edit.span.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_to_the_original() {
        let edit = |start, end, text: &str| Edit { span: Span::new(start, end), text: text.to_owned() };
        let repair = Repair::new(vec![edit(2, 5, "\""), edit(9, 9, "}")], true);
        assert_eq!(repair.apply("ab“cdefg"), "ab\"cdef}g");
        assert_eq!(repair.original(Span::new(2, 3)), Span::new(2, 5));
        assert_eq!(repair.original(Span::new(3, 7)), Span::new(5, 9));
        assert_eq!(repair.original(Span::new(8, 9)), Span::new(9, 10));
    }
}
