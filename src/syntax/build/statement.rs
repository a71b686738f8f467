//! Statements and blocks.

use super::definition::version;
use super::{Pair, PairParts, Rule, TreeBuilder, problems, span, token};
use crate::source::Span;
use crate::syntax::ast;
use crate::syntax::ast::StatementKind;
use crate::syntax::unreadable::ExpectedPiece;

impl TreeBuilder<'_, '_> {
    /// From any rule of a statement, or from `unreadable`.
    pub(super) fn statement(&mut self, pair: Pair, place: ExpectedPiece) -> ast::Statement {
        let span = span(&pair);
        let (label, head) = match pair.as_rule() {
            Rule::unreadable => (span, span),
            _ => label_and_head(&pair),
        };
        let kind = match pair.as_rule() {
            Rule::rule => self.rule(pair),
            Rule::when => self.when(pair),
            Rule::split => StatementKind::Split(self.split(pair)),
            Rule::context => StatementKind::Context(self.context(pair)),
            Rule::metadata => StatementKind::Metadata(self.metadata(pair)),
            Rule::skip => StatementKind::Skip,
            Rule::route => StatementKind::Route(self.route(pair)),
            Rule::reject => StatementKind::Reject(self.reason(pair)),
            Rule::fallback => StatementKind::Fallback,
            _ => StatementKind::Unreadable(self.unreadable(&pair, place)),
        };
        ast::Statement { kind, label, head, span }
    }

    fn rule(&mut self, pair: Pair) -> StatementKind {
        let mut parts = PairParts::of(pair);
        let (name, condition) = self.rule_head(&mut parts);
        StatementKind::Rule { name, condition, block: self.next_block(&mut parts) }
    }

    /// A rule's name, and its condition if it has one.
    pub(super) fn rule_head(&mut self, parts: &mut PairParts) -> (ast::Text, Option<Box<ast::Condition>>) {
        parts.skip(Rule::RULE);
        let name = self.next_text(parts);
        let condition = if parts.skip(Rule::WHEN) {
            Some(Box::new(self.next_condition(parts)))
        } else {
            let unreadable = parts.take(Rule::unreadable_condition);
            unreadable.map(|pair| Box::new(self.unreadable_condition(&pair, ExpectedPiece::RuleHead)))
        };
        (name, condition)
    }

    fn when(&mut self, pair: Pair) -> StatementKind {
        let mut parts = PairParts::of(pair);
        let condition = Box::new(self.when_head(&mut parts));
        StatementKind::When { condition, block: self.next_block(&mut parts) }
    }

    /// The condition of `when`.
    pub(super) fn when_head(&mut self, parts: &mut PairParts) -> ast::Condition {
        parts.skip(Rule::WHEN);
        match parts.take(Rule::unreadable_condition) {
            Some(pair) => self.unreadable_condition(&pair, ExpectedPiece::Condition),
            None => self.next_condition(parts),
        }
    }

    fn next_block(&mut self, parts: &mut PairParts) -> ast::Block {
        let Some(block) = parts.take(Rule::block) else {
            return ast::Block { statements: Vec::new(), span: parts.whole.after() };
        };
        let span = span(&block);
        let inner = block.into_inner().filter(|part| !matches!(part.as_rule(), Rule::OPEN | Rule::CLOSE));
        let mut statements: Vec<_> = inner.map(|part| self.statement(part, ExpectedPiece::Block)).collect();
        statements.shrink_to_fit();
        ast::Block { statements, span }
    }

    fn split(&mut self, pair: Pair) -> ast::Split {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::SPLIT);
        let name = self.next_text(&mut parts);
        parts.skip(Rule::BY);
        let by = if parts.skip(Rule::CALLER) { ast::SplitBy::Caller } else { ast::SplitBy::Call };
        let mut arms = Vec::new();
        let mut unread = None;
        while let Some(part) = parts.next() {
            match part.as_rule() {
                Rule::arm => arms.push(self.arm(part)),
                Rule::unreadable_arm => unread = Some(self.unreadable(&part, ExpectedPiece::Split).reported),
                _ => {}
            }
        }
        ast::Split { name, by, arms, unread }
    }

    fn arm(&mut self, pair: Pair) -> ast::Arm {
        let mut parts = PairParts::of(pair);
        let share = parts.take(Rule::share).map(|share| self.share(share));
        let share = share.unwrap_or(ast::Token { text: String::new(), span: parts.whole });
        ast::Arm { share, block: self.next_block(&mut parts), span: parts.whole }
    }

    fn share(&mut self, pair: Pair) -> ast::Token {
        let mut parts = PairParts::of(pair);
        let figure = parts.token(Rule::figure);
        match parts.take(Rule::PERCENT).map(|percent| span(&percent)) {
            None => self.problem(problems::percent_missing(figure.span, &figure.text)),
            Some(percent) if percent.start != figure.span.end => {
                self.problem(problems::percent_apart(figure.span.to(percent), &figure.text));
            }
            Some(_) => {}
        }
        figure
    }

    fn context(&mut self, pair: Pair) -> ast::Text {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::CONTEXT);
        match parts.take(Rule::text) {
            Some(text) => self.template(&text),
            None => ast::Text { value: String::new(), holes: Box::default(), span: parts.whole.after() },
        }
    }

    fn metadata(&mut self, pair: Pair) -> ast::Object {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::METADATA);
        match parts.take(Rule::object) {
            Some(object) => self.object(object),
            None => ast::Object { members: Vec::new(), span: parts.whole.after() },
        }
    }

    fn object(&mut self, pair: Pair) -> ast::Object {
        let span = span(&pair);
        let members = pair.into_inner().filter(|part| part.as_rule() == Rule::member);
        let members = members.map(|member| {
            let mut parts = PairParts::of(member);
            let key = parts.token(Rule::word);
            parts.skip(Rule::COLON);
            (key, self.next_json(&mut parts))
        });
        let mut members: Vec<_> = members.collect();
        members.shrink_to_fit();
        ast::Object { members, span }
    }

    fn next_json(&mut self, parts: &mut PairParts) -> ast::Json {
        match parts.take(Rule::json).and_then(|json| json.into_inner().next()) {
            Some(value) => self.json(value),
            None => {
                self.told_before(parts.whole);
                ast::Json::Array(Vec::new(), parts.whole.after())
            }
        }
    }

    fn json(&mut self, value: Pair) -> ast::Json {
        match value.as_rule() {
            Rule::object => ast::Json::Object(self.object(value)),
            Rule::array => {
                let span = span(&value);
                let mut parts = PairParts::of(value);
                parts.skip(Rule::LIST_OPEN);
                let mut entries = Vec::new();
                while parts.peek() == Some(Rule::json) {
                    entries.push(self.next_json(&mut parts));
                    parts.skip(Rule::COMMA);
                }
                ast::Json::Array(entries, span)
            }
            Rule::text => ast::Json::Text(self.template(&value)),
            Rule::path => ast::Json::Path(self.path(value)),
            _ => ast::Json::Figure(token(&value)),
        }
    }

    fn route(&mut self, pair: Pair) -> ast::Route {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::ROUTE);
        parts.skip(Rule::TO);
        let target = match parts.take(Rule::target).and_then(|target| target.into_inner().next()) {
            Some(text) if text.as_rule() == Rule::text => ast::Target::Id(self.text(&text)),
            Some(path) => match path.into_inner().next() {
                Some(path) => ast::Target::Path(self.path(path)),
                None => ast::Target::Path(nowhere(parts.whole)),
            },
            None => ast::Target::Path(nowhere(parts.whole)),
        };
        ast::Route { target, version: version(&mut parts) }
    }

    fn reason(&mut self, pair: Pair) -> Option<ast::Text> {
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::REJECT);
        parts.take(Rule::text).map(|text| self.text(&text))
    }
}

/// The keyword with a rule's name, and all that stands before the block.
pub(super) fn label_and_head(pair: &Pair) -> (Span, Span) {
    let before = pair.clone().into_inner().take_while(|part| !matches!(part.as_rule(), Rule::block | Rule::OPEN));
    let mut parts = before.map(|part| span(&part));
    let Some(keyword) = parts.next() else { return (span(pair), span(pair)) };
    let second = parts.next();
    let label = second
        .filter(|_| matches!(pair.as_rule(), Rule::rule | Rule::rule_head))
        .map_or(keyword, |name| keyword.to(name));
    let last = parts.last().or(second).unwrap_or(keyword);
    (label, keyword.to(last))
}

fn nowhere(whole: Span) -> ast::Path {
    ast::Path { name: ast::Token { text: String::new(), span: whole.after() }, field: None, span: whole.after() }
}
