//! Brackets with more than one mistake among them: each is closed where indentation says that it
//! was to end.

use super::layout::{Begins, BracketLayout, BracketMark};
use super::{closing, opening, problems};
use crate::diagnostics::{Edit, Problems};
use crate::source::Span;
use std::ops::Range;

/// An open bracket.
#[derive(Clone, Copy)]
struct OpenBracket {
    mark: BracketMark,
    /// How far the statement is indented that it belongs to.
    indent: usize,
}

/// Adds the edits that make the brackets of some lines match, each with its problem. The error is
/// the bracket that goes deeper than `most`.
pub(super) fn close(
    layout: &BracketLayout,
    lines: &Range<usize>,
    most: usize,
    edits: &mut Vec<Edit>,
    problems: &mut Problems,
) -> Result<(), Span> {
    let mut stack = BracketStack { layout, open: Vec::new(), edits, problems };
    let mut indent = 0;
    for at in lines.clone() {
        let line = layout.lines[at];
        if line.begins != Begins::Continued {
            indent = line.indent;
        }
        let (is_definition, is_statement) = (line.begins == Begins::Definition, line.begins == Begins::Statement);
        if is_definition || is_statement {
            let ends = |top: &mut OpenBracket| line.indent <= top.indent || is_definition || top.mark.bracket != b'{';
            while let Some(top) = stack.open.pop_if(ends) {
                stack.close_before(top, line.first, Some(line.first));
            }
        }
        for mark in &layout.marks[layout.marks_of(&(at..at + 1))] {
            stack.take(*mark, indent, most)?;
        }
    }
    let end = layout.bytes_of(lines).end;
    while let Some(top) = stack.open.pop() {
        stack.close_before(top, end, None);
    }
    Ok(())
}

struct BracketStack<'a, 't> {
    layout: &'a BracketLayout<'t>,
    open: Vec<OpenBracket>,
    edits: &'a mut Vec<Edit>,
    problems: &'a mut Problems,
}

impl BracketStack<'_, '_> {
    fn take(&mut self, mark: BracketMark, indent: usize, most: usize) -> Result<(), Span> {
        if matches!(mark.bracket, b'{' | b'[' | b'(') {
            while let Some(top) = self.open.pop_if(|top| mark.bracket == b'{' && top.mark.bracket == b'(') {
                self.close_before(top, mark.at, None);
            }
            if self.open.len() == most {
                return Err(Span::new(mark.at, mark.at + 1));
            }
            self.open.push(OpenBracket { mark, indent });
            return Ok(());
        }
        // What stands open inside of the bracket that this one closes was never closed.
        let matching = self.open.iter().rposition(|top| top.mark.bracket == opening(mark.bracket));
        let Some(matching) = matching else {
            let edit = Edit { span: Span::new(mark.at, mark.at + 1), text: String::new() };
            self.problems.push(problems::stray_bracket(char::from(mark.bracket), &edit));
            self.edits.push(edit);
            return Ok(());
        };
        while self.open.len() > matching + 1 {
            let Some(top) = self.open.pop() else { break };
            self.close_before(top, mark.at, None);
        }
        self.open.pop();
        Ok(())
    }

    /// Closes `top` behind the last thing that stands before `limit`. `next` is the word that shows
    /// it was to end.
    fn close_before(&mut self, top: OpenBracket, limit: usize, next: Option<usize>) {
        let text = self.layout.text;
        let lines = &self.layout.lines;
        let line = lines.partition_point(|line| line.first < limit).saturating_sub(1);
        let code_end = lines.get(line).map_or(limit, |line| line.code_end).min(limit);
        let at = text[..code_end].trim_end().len().max(top.mark.at + 1);
        let bracket = top.mark.bracket;
        let closed = char::from(closing(bracket));
        let added = match bracket {
            b'{' if text[top.mark.at..at].contains('\n') => format!("\n{}}}", " ".repeat(top.indent.min(80))),
            b'{' => " }".to_owned(),
            _ => closed.to_string(),
        };
        let edit = Edit { span: Span::new(at, at), text: added };
        let next = next.map(|next| {
            let length = text[next..].find(|c: char| !c.is_ascii_lowercase()).unwrap_or(0);
            Span::new(next, next + length)
        });
        let span = Span::new(top.mark.at, top.mark.at + 1);
        self.problems.push(problems::never_closed(char::from(bracket), span, next, &edit));
        self.edits.push(edit);
    }
}
