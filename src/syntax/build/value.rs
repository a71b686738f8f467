//! Values, lists and ranges, told apart by their shape.

use super::{Pair, PairParts, Rule, TreeBuilder, problems, span, token, unreadable};
use crate::source::Span;
use crate::syntax::ast;

impl TreeBuilder<'_, '_> {
    /// From the rules `value`, `entry`, `key`, `day_value`, `window`: a list, a moment, or one
    /// value or two.
    pub(super) fn value(&mut self, pair: Pair) -> ast::Value {
        let mut parts = PairParts::of(pair);
        if let Some(list) = parts.take(Rule::list) {
            return ast::Value::List(self.list(list));
        }
        let Some(low) = parts.next().map(|part| self.single(part)) else { return self.nothing(parts.whole) };
        match parts.next() {
            None => low,
            Some(mark) if mark.as_rule() == Rule::range_mark => {
                let high = parts.next().map(|part| self.single(part));
                range(low, high.unwrap_or_else(|| self.nothing(parts.whole)), &mark)
            }
            Some(figure) => match low {
                ast::Value::Figure(date) => {
                    let time = token(&figure);
                    let span = date.span.to(parts.last().map_or(time.span, |last| last.span));
                    // Three and more are digits as on paper, `020 7946 0123`, whatever type is
                    // wanted there.
                    if span.end > time.span.end {
                        let text = self.text[span.range()].to_owned();
                        return ast::Value::Figure(ast::Token { text, span });
                    }
                    ast::Value::Moment { date: Box::new(date), time: Box::new(time), span }
                }
                _ => {
                    let found = token(&figure);
                    self.problem(problems::unexpected(found.span, &found.text, "`and`, `or` or `{`"));
                    low
                }
            },
        }
    }

    fn nothing(&mut self, whole: Span) -> ast::Value {
        ast::Value::Unreadable(self.missing(whole), whole)
    }

    /// One value: a number, text, figure or name.
    pub(super) fn single(&mut self, pair: Pair) -> ast::Value {
        match pair.as_rule() {
            Rule::number => ast::Value::Number(token(&pair)),
            Rule::text => ast::Value::Text(Box::new(self.text(&pair))),
            Rule::path => ast::Value::Path(Box::new(self.path(pair))),
            _ => figure(&pair),
        }
    }

    /// From the rule `list`.
    pub(super) fn list(&mut self, pair: Pair) -> ast::List {
        let whole = span(&pair);
        let mut entries = Vec::new();
        for part in pair.into_inner() {
            entries.extend(self.list_part(part));
        }
        self.finished_list(entries, whole)
    }

    /// An entry of a list; `None` for its marks.
    pub(super) fn list_part(&mut self, part: Pair) -> Option<ast::Value> {
        let span = span(&part);
        match part.as_rule() {
            Rule::entry => Some(self.value(part)),
            Rule::unreadable_entry if part.as_str().starts_with('[') => {
                let reported = self.error(problems::list_in_list(span));
                let words = unreadable::words(self.text, span);
                Some(ast::Value::Unreadable(ast::Unreadable { words, reported }, span))
            }
            Rule::unreadable_entry => {
                Some(ast::Value::Unreadable(self.unreadable(&part, unreadable::ExpectedPiece::List), span))
            }
            _ => None,
        }
    }

    /// A list, all of whose entries were read.
    pub(super) fn finished_list(&mut self, mut entries: Vec<ast::Value>, span: Span) -> ast::List {
        if entries.is_empty() {
            self.problem(problems::empty_list(span));
        }
        entries.shrink_to_fit();
        ast::List { entries, span }
    }

    /// From the rule `path`.
    pub(super) fn path(&mut self, pair: Pair) -> ast::Path {
        let whole = span(&pair);
        let mut words = pair.into_inner().map(|word| token(&word));
        let name = words.next().unwrap_or(ast::Token { text: String::new(), span: whole });
        let field = words.next().map(Box::new);
        if words.next().is_some() {
            self.problem(problems::long_path(whole));
        }
        ast::Path { name, field, span: whole }
    }
}

fn range(low: ast::Value, high: ast::Value, mark: &Pair) -> ast::Value {
    let kind = if mark.as_str() == "-" { ast::RangeMark::Dash } else { ast::RangeMark::Dots };
    ast::Value::Range(Box::new(ast::Range { low, high, mark: kind, mark_span: span(mark) }))
}

/// A figure; `09:00-12:30`, written without spaces, is one figure to the grammar and a range to
/// people.
fn figure(pair: &Pair) -> ast::Value {
    let whole = token(pair);
    match split_window(&whole) {
        None => ast::Value::Figure(whole),
        Some((low, high)) => {
            let mark_span = Span { start: low.span.end, end: high.span.start };
            let (low, high) = (ast::Value::Figure(low), ast::Value::Figure(high));
            ast::Value::Range(Box::new(ast::Range { low, high, mark: ast::RangeMark::Dash, mark_span }))
        }
    }
}

/// The two times of a figure such as `09:00-12:30` or `9am-5pm`; `None` for dates and days of the
/// year.
pub(super) fn split_window(figure: &ast::Token) -> Option<(ast::Token, ast::Token)> {
    let (low, high) = figure.text.split_once('-')?;
    let is_time = |text: &str| text.contains(|c: char| !c.is_ascii_digit() && c != '-');
    if high.contains('-') || !(is_time(low) || is_time(high)) {
        return None;
    }
    let start = figure.span.start as usize;
    let part = |text: &str, at: usize| ast::Token { text: text.to_owned(), span: Span::new(at, at + text.len()) };
    Some((part(low, start), part(high, start + low.len() + 1)))
}
