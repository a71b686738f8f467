//! Names that nothing uses.

use super::Checker;
use super::problems::names as problems;
use crate::diagnostics::Edit;
use crate::source::Span;

/// Maximum number of lines of a definition that a fix turns into a comment.
const MAX_LINES: usize = 200;

impl Checker<'_, '_> {
    pub(super) fn warn_of_unused(&mut self) {
        let found: Vec<_> = self
            .names
            .unused()
            .map(|definition| problems::unused(definition, self.as_comment(definition.span)))
            .collect();
        found.into_iter().for_each(|problem| self.problem(problem));
    }

    /// The edits that make a definition a comment, where nothing else stands on its lines and there
    /// are not too many.
    fn as_comment(&self, span: Span) -> Option<Vec<Edit>> {
        let (first, last) = (self.source.line(span.start), self.source.line(span.end));
        let between = |start: u32, end: u32| self.source.slice(Span { start, end }).trim_start();
        let after = between(span.end, self.source.line_span(last).end);
        let is_alone = between(self.source.line_span(first).start, span.start).is_empty();
        if !is_alone || !(after.is_empty() || after.starts_with('#')) || last - first >= MAX_LINES {
            return None;
        }
        // A line without anything on it needs no mark.
        let lines = (first..=last).map(|line| self.source.line_span(line));
        let written = lines.filter(|line| !self.source.slice(*line).trim().is_empty());
        let starts = written.map(|line| if line.start < span.start { span.before() } else { line.before() });
        Some(starts.map(|span| Edit { span, text: "# ".to_owned() }).collect())
    }
}
