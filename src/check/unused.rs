//! Names that nothing uses.

use super::Checker;
use super::problems::names as problems;
use crate::diagnostics::Edit;
use crate::source::Span;

/// The most lines of a definition that an edit makes a comment.
const MOST_LINES: usize = 200;

impl Checker<'_, '_> {
    pub(super) fn warn_of_unused(&mut self) {
        let found: Vec<_> = self
            .names
            .unused()
            .map(|definition| problems::unused(definition, self.as_comment(definition.span)))
            .collect();
        found.into_iter().for_each(|problem| self.problem(problem));
    }

    /// The edits that make a definition a comment, where nothing else stands on its lines and there are not too many.
    fn as_comment(&self, span: Span) -> Option<Vec<Edit>> {
        let text = self.source.text();
        let (before, after) = (&text[..span.start as usize], &text[span.end as usize..]);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let is_alone = before[start..].trim_matches([' ', '\t', '\u{feff}']).is_empty();
        let rest = after.trim_start_matches([' ', '\t', '\r']);
        if !is_alone || !(rest.is_empty() || rest.starts_with(['\n', '#'])) {
            return None;
        }
        let lines: Vec<&str> = text[span.range()].split_inclusive('\n').take(MOST_LINES + 1).collect();
        if lines.len() > MOST_LINES {
            return None;
        }
        let mut at = span.start as usize;
        let mut edits = Vec::new();
        for line in lines {
            // A line without anything on it needs no mark.
            if !line.trim().is_empty() {
                edits.push(Edit { span: Span::new(at, at), text: "# ".to_owned() });
            }
            at += line.len();
        }
        Some(edits)
    }
}
