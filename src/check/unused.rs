//! Names that nothing uses.

use super::Checker;
use super::problems::names as problems;
use crate::source::Span;

impl Checker<'_, '_> {
    pub(super) fn warn_of_unused(&mut self) {
        let found: Vec<_> = self
            .names
            .unused()
            .map(|definition| problems::unused(definition, self.lines_of(definition.span)))
            .collect();
        found.into_iter().for_each(|problem| self.problem(problem));
    }

    /// A definition with the rest of its last line, where nothing else stands on its lines.
    fn lines_of(&self, span: Span) -> Span {
        let text = self.source.text();
        let before = &text[..span.start as usize];
        let after = &text[span.end as usize..];
        let starts_line =
            before.trim_end_matches([' ', '\t']).is_empty() || before.trim_end_matches([' ', '\t']).ends_with('\n');
        let rest = after.trim_start_matches([' ', '\t', '\r']);
        if starts_line && (rest.is_empty() || rest.starts_with(['\n', '#'])) {
            let line_end = after.find('\n').map_or(after.len(), |at| at + 1);
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            return Span::new(start, span.end as usize + line_end);
        }
        span
    }
}
