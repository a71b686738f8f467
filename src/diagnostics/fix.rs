//! Carries out the edits that diagnostics offer.
//!
//! A fix is applied completely or not at all. Applying never panics: the places may come from a
//! program that had another text.

use std::collections::BTreeMap;

use super::{Edit, Fix};

/// The text with one fix applied. Unchanged if the fix does not fit the text.
pub fn apply(text: &str, fix: &Fix) -> String {
    apply_all(text, [fix]).0
}

/// The text with as many of these fixes made as do not meet, and how many that is. The one whose
/// first edit stands first wins, and of two at one place the one given first; so the order hardly
/// matters, and one pass after another makes the rest. Of fixes that are the same, one is made.
pub fn apply_all<'a>(text: &str, fixes: impl IntoIterator<Item = &'a Fix>) -> (String, usize) {
    let mut fixes: Vec<&Fix> = fixes.into_iter().filter(|fix| !fix.edits.is_empty()).collect();
    fixes.sort_by_key(|fix| fix.edits.iter().map(|edit| edit.span).min());
    let mut made = AcceptedEdits { text, edits: BTreeMap::new() };
    let count = fixes.into_iter().filter(|fix| made.take(fix)).count();
    (made.text(), count)
}

/// The edits taken so far, by where they start. No two start at one place, and none reaches into
/// the next.
struct AcceptedEdits<'a> {
    text: &'a str,
    edits: BTreeMap<usize, &'a Edit>,
}

impl<'a> AcceptedEdits<'a> {
    /// Accepts all edits of a fix, or none.
    fn take(&mut self, fix: &'a Fix) -> bool {
        let taken = fix.edits.iter().take_while(|edit| self.take_edit(edit)).count();
        if taken < fix.edits.len() {
            for edit in &fix.edits[..taken] {
                self.edits.remove(&edit.span.range().start);
            }
        }
        taken == fix.edits.len()
    }

    fn take_edit(&mut self, edit: &'a Edit) -> bool {
        let place = edit.span.range();
        let reaches_in =
            self.edits.range(..place.start).next_back().is_some_and(|(_, it)| it.span.end > edit.span.start);
        let is_reached = self.edits.range(place.start..place.end.max(place.start + 1)).next().is_some();
        let fits = self.text.get(place.clone()).is_some() && !reaches_in && !is_reached;
        if fits {
            self.edits.insert(place.start, edit);
        }
        fits
    }

    fn text(&self) -> String {
        let mut edited = String::with_capacity(self.text.len());
        let mut kept = 0;
        for edit in self.edits.values() {
            let place = edit.span.range();
            edited.push_str(&self.text[kept..place.start]);
            edited.push_str(&edit.text);
            kept = place.end;
        }
        edited.push_str(&self.text[kept..]);
        edited
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostics::Grade;
    use crate::source::Span;

    fn fix(edits: &[(usize, usize, &str)]) -> Fix {
        let edit =
            |(start, end, text): &(usize, usize, &str)| Edit { span: Span::new(*start, *end), text: (*text).into() };
        Fix { title: "fix".into(), grade: Grade::Safe, edits: edits.iter().map(edit).collect() }
    }

    #[test]
    fn edits_of_one_fix_are_made_together() {
        assert_eq!(apply("a && b && c", &fix(&[(2, 4, "and"), (7, 9, "and")])), "a and b and c");
        assert_eq!(apply("", &fix(&[(0, 0, "x")])), "x");
        assert_eq!(apply("aé", &fix(&[(3, 3, "!")])), "aé!");
    }

    #[test]
    fn a_fix_that_does_not_fit_leaves_the_text_alone() {
        for edits in [&[(0, 9, "x")][..], &[(2, 3, "x")], &[(3, 1, "x")], &[(0, 1, "x"), (0, 1, "y")], &[]] {
            assert_eq!(apply("aé", &fix(edits)), "aé", "{edits:?}");
        }
        assert_eq!(apply("abc", &fix(&[(0, 1, "x"), (2, 9, "y")])), "abc", "not by half");
    }

    #[test]
    fn of_fixes_that_meet_the_first_by_place_wins() {
        let (late, early, far) = (fix(&[(2, 5, "L")]), fix(&[(0, 3, "E")]), fix(&[(5, 6, "F")]));
        assert_eq!(apply_all("abcdef", [&late, &early, &far]), ("EdeF".into(), 2));
        assert_eq!(apply_all("abcdef", [&far, &early, &late]), ("EdeF".into(), 2));
    }

    #[test]
    fn the_same_fix_is_made_once_and_neighbours_do_not_meet() {
        let zone = fix(&[(0, 0, "timezone UTC\n")]);
        assert_eq!(apply_all("x", [&zone, &zone.clone()]), ("timezone UTC\nx".into(), 1));
        assert_eq!(apply_all("ab", [&fix(&[(0, 1, "x")]), &fix(&[(1, 2, "y")])]), ("xy".into(), 2));
        assert_eq!(apply_all("ab", [&fix(&[(0, 1, "x")]), &fix(&[(1, 1, "y")])]), ("xyb".into(), 2));
    }

    proptest! {
        #[test]
        fn any_edits_leave_a_text(text in ".{0,20}", edits in prop::collection::vec((0..30usize, 0..30usize, ".{0,3}"), 0..8)) {
            let fixes: Vec<Fix> = edits.chunks(2).map(|edits| {
                let edit = |(start, end, text): &(usize, usize, String)| Edit { span: Span::new(*start, *end), text: text.clone() };
                Fix { title: String::new(), grade: Grade::Safe, edits: edits.iter().map(edit).collect() }
            }).collect();
            let (edited, made) = apply_all(&text, &fixes);
            prop_assert!(made <= fixes.len());
            prop_assert!(made > 0 || edited == text);
        }
    }
}
