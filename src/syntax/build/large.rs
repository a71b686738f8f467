//! Large items, part by part: blocks statement by statement, tables row by row, sets of numbers
//! entry by entry.
//!
//! What the grammar reads at once and in parts is the same, because brackets match: a part ends
//! where the grammar would have gone on with the next.

use super::pair::{PairParts, ReadPart, Unread, read, read_part};
use super::statement::label_and_head;
use super::{Rule, TreeBuilder};
use crate::source::Span;
use crate::syntax::ast::{self, StatementKind};
use crate::syntax::unreadable::{ExpectedPiece, word_at};

/// Maximum size of an item that is read at once, in bytes.
pub(super) const LARGEST_AT_ONCE: usize = 16 << 10;

/// What can be large.
#[derive(Clone, Copy)]
enum LargeKind {
    Rule,
    When,
    Table,
    Numbers,
}

/// The beginning of a large item.
#[derive(Clone, Copy)]
pub(super) struct LargeItem {
    kind: LargeKind,
    /// Where its first word stands.
    at: usize,
}

/// Where brackets end that open on one level of a text.
pub(super) struct BracketEnds<'t> {
    text: &'t str,
    /// Maximum size of an item that is not large, in bytes.
    largest: usize,
    /// The first end of braces after the places so far, and of brackets of any kind.
    brace: usize,
    any: usize,
}

impl<'t> BracketEnds<'t> {
    pub fn new(text: &'t str, largest: usize) -> Self {
        Self { text, largest, brace: 0, any: 0 }
    }

    /// The large item that begins at a place, after space and comments. Places of one level are
    /// asked for in order, so that the text is passed over once.
    pub fn large_at(&mut self, at: usize) -> Option<LargeItem> {
        let at = first_word(self.text, at);
        let kind = match word_at(&self.text[at..]) {
            "rule" => LargeKind::Rule,
            "when" => LargeKind::When,
            "table" => LargeKind::Table,
            "numbers" => LargeKind::Numbers,
            _ => return None,
        };
        let end = match kind {
            LargeKind::Rule | LargeKind::When | LargeKind::Table => {
                if self.brace <= at {
                    self.brace = end_of_brackets(self.text, at, |bracket| bracket == b'}');
                }
                self.brace
            }
            LargeKind::Numbers => {
                if self.any <= at {
                    self.any = end_of_brackets(self.text, at, |_| true);
                }
                self.any
            }
        };
        (end - at > self.largest).then_some(LargeItem { kind, at })
    }
}

/// Where a text goes on after space and comments.
fn first_word(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        if !text[at..].starts_with('#') {
            return at;
        }
        at += text[at..].find('\n').unwrap_or(text.len() - at);
    }
}

/// The end of the first brackets of a kind that open after a place, outside of others; the end of
/// the text, or of the brackets around the place, if there are none.
fn end_of_brackets(text: &str, start: usize, is_meant: impl Fn(u8) -> bool) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at += text_length(&bytes[at..]) - 1,
            b'#' => at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at) - 1,
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => match depth {
                0 => return at,
                1 if is_meant(*byte) => return at + 1,
                _ => depth -= 1,
            },
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The length of a quoted text, which ends on its line.
fn text_length(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\n' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

impl TreeBuilder<'_, '_> {
    /// Reads a large item; gives where it ends.
    pub(super) fn large_item(&mut self, item: LargeItem) -> Result<(ast::Item, usize), Unread> {
        match item.kind {
            LargeKind::Rule | LargeKind::When => {
                self.large_statement(item).map(|(statement, end)| (ast::Item::Statement(statement), end))
            }
            LargeKind::Table => self.large_table(item.at).map(|(table, end)| (ast::Item::Table(table), end)),
            LargeKind::Numbers => self.large_numbers(item.at).map(|(numbers, end)| (ast::Item::Numbers(numbers), end)),
        }
    }

    fn large_statement(&mut self, item: LargeItem) -> Result<(ast::Statement, usize), Unread> {
        let is_rule = matches!(item.kind, LargeKind::Rule);
        let pair = read(if is_rule { Rule::rule_head } else { Rule::when_head }, self.text, item.at)?;
        let (label, head) = label_and_head(&pair);
        let end_of_head = pair.end();
        let mut parts = PairParts::of(pair);
        let kind = if is_rule {
            let (name, condition) = self.rule_head(&mut parts);
            StatementKind::Rule { name, condition, block: self.large_block(end_of_head)? }
        } else {
            let condition = Box::new(self.when_head(&mut parts));
            StatementKind::When { condition, block: self.large_block(end_of_head)? }
        };
        let end = match &kind {
            StatementKind::Rule { block, .. } | StatementKind::When { block, .. } => block.span.end as usize,
            _ => end_of_head,
        };
        Ok((ast::Statement { kind, label, head, span: Span::new(item.at, end) }, end))
    }

    /// The block whose `{` ends at a place.
    fn large_block(&mut self, start: usize) -> Result<ast::Block, Unread> {
        let mut statements = Vec::new();
        let mut ends = BracketEnds::new(self.text, self.largest);
        let mut at = start;
        loop {
            let large = ends.large_at(at).filter(|large| matches!(large.kind, LargeKind::Rule | LargeKind::When));
            if let Some(large) = large {
                let (statement, end) = self.large_statement(large)?;
                statements.push(statement);
                at = end;
                continue;
            }
            let ReadPart { pair, end } = read_part(Rule::block_part, self.text, at)?;
            at = end;
            if pair.as_rule() == Rule::CLOSE {
                statements.shrink_to_fit();
                return Ok(ast::Block { statements, span: Span::new(start - 1, end) });
            }
            statements.push(self.statement(pair, ExpectedPiece::Block));
        }
    }

    fn large_table(&mut self, start: usize) -> Result<(ast::Table, usize), Unread> {
        let pair = read(Rule::table_head, self.text, start)?;
        let mut at = pair.end();
        let mut table = self.table_head(&mut PairParts::of(pair));
        loop {
            let ReadPart { pair, end } = read_part(Rule::table_part, self.text, at)?;
            at = end;
            if pair.as_rule() == Rule::CLOSE {
                table.span = Span::new(start, end);
                return Ok((self.finished_table(table), end));
            }
            self.table_part(&mut table, pair);
        }
    }

    fn large_numbers(&mut self, start: usize) -> Result<(ast::Numbers, usize), Unread> {
        let pair = read(Rule::numbers_head, self.text, start)?;
        let open = pair.end();
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::NUMBERS);
        let name = parts.token(Rule::name);
        let (entries, mut end) = self.large_list(open)?;
        let mut except = None;
        let next = first_word(self.text, end);
        if word_at(&self.text[next..]) == "except" {
            let open = read(Rule::except_head, self.text, next)?.end();
            let (list, list_end) = self.large_list(open)?;
            (except, end) = (Some(list), list_end);
        }
        Ok((ast::Numbers { name, entries, except, span: Span::new(start, end) }, end))
    }

    /// The list whose `[` ends at a place; gives where it ends.
    fn large_list(&mut self, start: usize) -> Result<(ast::List, usize), Unread> {
        let mut entries = Vec::new();
        let mut at = start;
        loop {
            let ReadPart { pair, end } = read_part(Rule::list_part, self.text, at)?;
            at = end;
            if pair.as_rule() == Rule::LIST_CLOSE {
                return Ok((self.finished_list(entries, Span::new(start - 1, end)), end));
            }
            entries.extend(self.list_part(pair));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::{Diagnostic, Problems};
    use crate::syntax::build::TreeBuilder;
    use std::cell::Cell;

    /// The tree of a text of which items up to a size are read at once; `None` where one of them
    /// does not end.
    fn read(text: &str, largest: usize) -> Option<(String, Vec<Diagnostic>)> {
        let mut problems = Problems::new();
        let items = TreeBuilder { text, before: None, problems: &mut problems, largest }.items().ok()?;
        Some((format!("{items:#?}"), problems.into_iter().collect()))
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the plans of the repository are read")]
    fn in_parts_and_at_once_a_text_reads_the_same() {
        let compared = Cell::new(0);
        insta::glob!("../../../", "{tests/cases/*,examples}/*.callplan", |path| {
            let text = std::fs::read_to_string(path).expect("a plan of the repository");
            if let Some(in_parts) = read(&text, 0) {
                let at_once = read(&text, usize::MAX).expect("what can be read in parts can be read at once");
                assert!(in_parts == at_once, "{}", path.display());
                compared.set(compared.get() + 1);
            }
        });
        assert!(compared.get() > 250, "{} plans", compared.get());
    }

    #[test]
    fn a_large_item_that_does_not_end_is_left_to_be_read_at_once() {
        for text in ["rule \"a\" { reject", "table t (a) { +1: 2", "numbers n = [+1, ", "numbers n = [+1,, +2]"] {
            assert!(read(text, 0).is_none(), "{text}");
        }
        for text in ["when caller in { reject }", "rule \"a\" x { reject }", "numbers n = [+1] except [+2]"] {
            assert!(read(text, 0).is_some() && read(text, 0) == read(text, usize::MAX), "{text}");
        }
    }
}
