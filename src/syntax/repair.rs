//! A text with a few edits made, so that the rest of it can be read, and the way back to the places of the original.

use crate::diagnostics::{Diagnostic, Edit};
use crate::source::Span;

/// Edits made to a text before it is read. Every problem found afterwards is put back with [`Repair::restore`].
#[derive(Debug, Default)]
pub struct Repair {
    /// By place; they do not overlap.
    edits: Vec<Edit>,
    /// For each edit, where what it puts in starts in the repaired text.
    starts: Vec<i64>,
    /// Whether blocks may begin or end elsewhere than the admin meant.
    brackets_moved: bool,
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
        let starts = edits.iter().scan(0, |shift, edit| {
            let start = i64::from(edit.span.start) + *shift;
            *shift += growth(edit);
            Some(start)
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
        let offset = i64::from(offset);
        // The last edit that starts before the place may hold it; only those that start right there come after.
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
