//! Conditions and tests.

use super::{Pair, PairParts, Rule, TreeBuilder, problems, span, token, unreadable};
use crate::diagnostics::Edit;
use crate::source::Span;
use crate::syntax::ast;

impl TreeBuilder<'_, '_> {
    /// From the rule `condition`.
    pub(super) fn condition(&mut self, pair: Pair) -> ast::Condition {
        let whole = span(&pair);
        let mut operands = Vec::new();
        let mut connectives = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::connective => connectives.push(self.connective(&part)),
                _ => operands.push(self.operand(part)),
            }
        }
        connectives.shrink_to_fit();
        match operands.pop() {
            Some(only) if operands.is_empty() => only,
            Some(last) => {
                operands.push(last);
                operands.shrink_to_fit();
                ast::Condition::Chain { operands, connectives, span: whole }
            }
            None => ast::Condition::Unreadable(self.missing(whole), whole),
        }
    }

    /// A condition that could not be read.
    pub(super) fn unreadable_condition(&mut self, pair: &Pair, place: unreadable::ExpectedPiece) -> ast::Condition {
        ast::Condition::Unreadable(self.unreadable(pair, place), span(pair))
    }

    fn connective(&mut self, pair: &Pair) -> ast::Connective {
        let kind = match pair.as_str() {
            "and" | "&&" | "&" => ast::ConnectiveKind::And,
            _ => ast::ConnectiveKind::Or,
        };
        let span = span(pair);
        if !matches!(pair.as_str(), "and" | "or") {
            let word = if kind == ast::ConnectiveKind::And { "and" } else { "or" };
            self.problem(problems::not_connective(span, pair.as_str(), word));
        }
        ast::Connective { kind, span }
    }

    fn operand(&mut self, pair: Pair) -> ast::Condition {
        let mut parts = PairParts::of(pair);
        let slip = parts.take(Rule::not_slip);
        if let Some(slip) = &slip {
            self.problem(problems::not_connective(span(slip), "!", "not"));
        }
        let negated = slip.is_some() || parts.skip(Rule::NOT);
        let inner = match parts.next() {
            Some(group) if group.as_rule() == Rule::group => self.group(group),
            Some(test) => self.test(test),
            None => ast::Condition::Unreadable(self.missing(parts.whole), parts.whole),
        };
        if negated { ast::Condition::Not(Box::new(inner), parts.whole) } else { inner }
    }

    fn group(&mut self, pair: Pair) -> ast::Condition {
        let whole = span(&pair);
        let mut parts = PairParts::of(pair);
        parts.skip(Rule::PAREN_OPEN);
        match parts.take(Rule::condition) {
            Some(condition) => ast::Condition::Group(Box::new(self.condition(condition)), whole),
            None => ast::Condition::Unreadable(self.missing(whole), whole),
        }
    }

    fn test(&mut self, pair: Pair) -> ast::Condition {
        let mut parts = PairParts::of(pair);
        let mut subject = parts.take(Rule::subject).map_or(PairParts::nothing(parts.whole), PairParts::of);
        let Some(path) = subject.take(Rule::path) else {
            return ast::Condition::Unreadable(self.missing(parts.whole), parts.whole);
        };
        let subject = self.path(path);
        let predicate =
            parts.take(Rule::predicate).and_then(|pair| pair.into_inner().next()).map(|pair| self.predicate(pair));
        ast::Condition::Test(ast::Test { subject, predicate, span: parts.whole })
    }

    fn predicate(&mut self, pair: Pair) -> ast::Predicate {
        match pair.as_rule() {
            Rule::membership => self.membership(pair),
            Rule::equality => self.equality(pair),
            Rule::comparison => self.comparison(pair),
            Rule::search => self.search(pair),
            _ => self.predicate_slip(pair),
        }
    }

    fn membership(&mut self, pair: Pair) -> ast::Predicate {
        let mut parts = PairParts::of(pair);
        let not = parts.take(Rule::NOT).map(|not| span(&not));
        let word = parts.token(Rule::IN).span;
        let operator = not.map_or(word, |not| not.to(word));
        let value = self.next_value(&mut parts);
        ast::Predicate::Membership { negated: not.is_some(), operator, value, binding: binding(&mut parts) }
    }

    fn equality(&mut self, pair: Pair) -> ast::Predicate {
        let mut parts = PairParts::of(pair);
        let word = parts.token(Rule::IS).span;
        let not = parts.take(Rule::NOT).map(|not| span(&not));
        let (negated, operator) = (not.is_some(), not.map_or(word, |not| word.to(not)));
        let Some(slip) = parts.take(Rule::in_slip) else {
            return ast::Predicate::Equality { negated, operator, value: self.next_value(&mut parts) };
        };
        let operator = operator.to(span(&slip));
        let replacement = if negated { "not in" } else { "in" };
        self.problem(problems::is_in(operator, negated, replacement));
        let value = self.next_value(&mut parts);
        ast::Predicate::Membership { negated, operator, value, binding: binding(&mut parts) }
    }

    fn comparison(&mut self, pair: Pair) -> ast::Predicate {
        let mut parts = PairParts::of(pair);
        let symbol = parts.token(Rule::comparator);
        let comparator = match symbol.text.as_str() {
            "<" => ast::Comparator::Less,
            "<=" => ast::Comparator::AtMost,
            ">" => ast::Comparator::Greater,
            _ => ast::Comparator::AtLeast,
        };
        ast::Predicate::Comparison { comparator, comparator_span: symbol.span, value: self.next_value(&mut parts) }
    }

    /// `contains`, `starts with` and other words for them. Which are meant, and whether the subject
    /// has such a test, is judged with its type.
    fn search(&mut self, pair: Pair) -> ast::Predicate {
        let mut parts = PairParts::of(pair);
        let operator = parts.take(Rule::search_words).map_or(parts.whole.before(), |words| span(&words));
        ast::Predicate::Search { operator, value: self.next_value(&mut parts) }
    }

    fn next_value(&mut self, parts: &mut PairParts) -> ast::Value {
        match parts.take(Rule::value) {
            Some(value) => self.value(value),
            None => ast::Value::Unreadable(self.missing(parts.whole.after()), parts.whole.after()),
        }
    }

    /// `==`, `starts with` and their like: refused, and read as what was meant.
    fn predicate_slip(&mut self, pair: Pair) -> ast::Predicate {
        let mut parts = PairParts::of(pair);
        let slip = parts.take(Rule::slip_words);
        let value = self.next_value(&mut parts);
        let (found, place) = match &slip {
            Some(slip) => (self.slice(span(slip)), span(slip)),
            None => ("", parts.whole.before()),
        };
        // `isnt in`: the word alone says it.
        let first = found.split_whitespace().next().unwrap_or_default();
        let negated = matches!(first, "!=" | "!==" | "<>" | "isnt" | "isn");
        match meant(found, &value) {
            IntendedTest::Equality => {
                let word = if negated { "is not" } else { "is" };
                self.problem(problems::not_comparator(
                    place,
                    found,
                    word,
                    vec![Edit { span: place, text: self.spaced(place, word) }],
                ));
                ast::Predicate::Equality { negated, operator: place, value }
            }
            IntendedTest::Membership => {
                let word = if negated { "not in" } else { "in" };
                self.problem(problems::not_comparator(
                    place,
                    found,
                    word,
                    vec![Edit { span: place, text: self.spaced(place, word) }],
                ));
                ast::Predicate::Membership { negated, operator: place, value, binding: None }
            }
            IntendedTest::Prefix(prefix) => {
                let edits = vec![Edit { span: place.to(value.span()), text: format!("in {prefix}") }];
                let replacement = format!("{} in {prefix}", self.subject_before(place));
                let reported = self.error(problems::not_comparator(place, found, &replacement, edits));
                let value = ast::Value::Unreadable(ast::Unreadable { words: Vec::new(), reported }, place);
                ast::Predicate::Membership { negated: false, operator: place, value, binding: None }
            }
            IntendedTest::Nothing => {
                let reported = self.error(problems::not_comparator(place, found, "is` or `in", Vec::new()));
                let value = ast::Value::Unreadable(ast::Unreadable { words: Vec::new(), reported }, place);
                ast::Predicate::Equality { negated, operator: place, value }
            }
        }
    }

    /// `word` with the spaces that `=`, written without any, leaves out.
    fn spaced(&self, place: Span, word: &str) -> String {
        let before = self.text[..place.start as usize].ends_with([' ', '\t', '\n']);
        let after = self.text[place.end as usize..].starts_with([' ', '\t', '\n']);
        format!("{}{word}{}", if before { "" } else { " " }, if after { "" } else { " " })
    }

    /// The word before a place, as it is written.
    fn subject_before(&self, place: Span) -> &str {
        let before = self.text[..place.start as usize].trim_end();
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        &before[before.trim_end_matches(is_word).len()..]
    }
}

/// The name after `as`.
fn binding(parts: &mut PairParts) -> Option<Box<ast::Token>> {
    let binding = parts.take(Rule::binding)?;
    binding.into_inner().find(|part| part.as_rule() == Rule::name).map(|name| Box::new(token(&name)))
}

/// What a test that the language does not have was to be.
enum IntendedTest {
    Equality,
    Membership,
    /// `starts with +44` is `in +44*`.
    Prefix(String),
    Nothing,
}

fn meant(found: &str, value: &ast::Value) -> IntendedTest {
    let first = found.split_whitespace().next().unwrap_or_default();
    let starts = first.starts_with("start") || first.starts_with("beg");
    match (first, value) {
        (_, ast::Value::Number(number)) if starts => {
            IntendedTest::Prefix(format!("{}*", number.text.trim_end_matches(['*', '-'])))
        }
        (_, ast::Value::Text(text)) if starts && text.value.starts_with('+') && text.value.len() > 1 => {
            IntendedTest::Prefix(format!("{}*", text.value.trim_end_matches(['*', '-'])))
        }
        ("matches" | "contains" | "includes" | "has" | "like", _) => IntendedTest::Nothing,
        _ if starts => IntendedTest::Nothing,
        _ if found.ends_with(" in") => IntendedTest::Membership,
        (_, ast::Value::List(_) | ast::Value::Range(_)) => IntendedTest::Membership,
        (_, ast::Value::Number(number)) if number.text.ends_with('*') => IntendedTest::Membership,
        _ => IntendedTest::Equality,
    }
}
