//! What pest read, part by part, with places in the whole text.

use super::{ast, span, token};
use crate::source::Span;
use crate::syntax::Rule;
use crate::syntax::grammar::Grammar;
use pest::error::{Error, ErrorVariant};
use pest::{Parser as _, Position};

/// A part that was read, and where the next one may begin.
pub(super) struct ReadPart<'i> {
    pub pair: Pair<'i>,
    pub end: usize,
}

/// The grammar could not read a part that begins at this place.
pub(super) struct Unread {
    pub at: usize,
    pub error: Box<Error<Rule>>,
}

/// Reads the part of a text that begins at a place, by a rule that holds this part and perhaps the
/// mark after it. It looks no further, and takes memory for this part alone.
pub(super) fn read_part(kind: Rule, text: &str, at: usize) -> Result<ReadPart<'_>, Unread> {
    let whole = read(kind, text, at)?;
    let end = whole.end();
    let pair = whole.clone().into_inner().next().unwrap_or(whole);
    Ok(ReadPart { pair, end })
}

/// Reads what stands at a place by a rule, all of it.
pub(super) fn read(kind: Rule, text: &str, at: usize) -> Result<Pair<'_>, Unread> {
    let unread = |error| Unread { at, error: Box::new(error) };
    let mut pairs = Grammar::parse(kind, &text[at..]).map_err(unread)?;
    // A rule that was read is a pair.
    let missing =
        || Error::new_from_pos(ErrorVariant::CustomError { message: String::new() }, Position::from_start(""));
    pairs.next().map(|pair| Pair { pair, at }).ok_or_else(|| unread(missing()))
}

/// A part of a text that was read by a rule.
#[derive(Clone)]
pub(super) struct Pair<'i> {
    pair: pest::iterators::Pair<'i, Rule>,
    /// Where the text begins that pest was given.
    at: usize,
}

impl<'i> Pair<'i> {
    pub fn as_rule(&self) -> Rule {
        self.pair.as_rule()
    }

    pub fn as_str(&self) -> &'i str {
        self.pair.as_str()
    }

    pub fn into_inner(self) -> Pairs<'i> {
        Pairs { pairs: self.pair.into_inner(), at: self.at }
    }

    /// Where it begins in the whole text.
    pub fn start(&self) -> usize {
        self.at + self.pair.as_span().start()
    }

    /// The rules of this part and of all within it.
    pub fn rules(&self) -> impl Iterator<Item = Rule> {
        let within = self.pair.clone().into_inner().flatten();
        std::iter::once(self.as_rule()).chain(within.map(|pair| pair.as_rule()))
    }

    /// Where it ends, with the space and comments that may follow its last part.
    pub fn end(&self) -> usize {
        self.at + self.pair.as_span().end()
    }
}

/// Parts, one after the other.
pub(super) struct Pairs<'i> {
    pairs: pest::iterators::Pairs<'i, Rule>,
    at: usize,
}

impl Pairs<'_> {
    /// By which rule the next part was read.
    pub fn peek(&self) -> Option<Rule> {
        self.pairs.peek().map(|pair| pair.as_rule())
    }
}

impl<'i> Iterator for Pairs<'i> {
    type Item = Pair<'i>;

    fn next(&mut self) -> Option<Pair<'i>> {
        self.pairs.next().map(|pair| Pair { pair, at: self.at })
    }
}

/// The parts of a pair, taken from the front by their rule. What the grammar requires is there:
/// asking for it gives an empty token at the pair's end otherwise, never a panic.
pub(super) struct PairParts<'i> {
    pub pairs: Option<Pairs<'i>>,
    pub whole: Span,
}

impl<'i> PairParts<'i> {
    pub fn of(pair: Pair<'i>) -> Self {
        Self { whole: span(&pair), pairs: Some(pair.into_inner()) }
    }

    /// No parts, at a place.
    pub fn nothing(whole: Span) -> Self {
        Self { pairs: None, whole }
    }

    /// The next part, if it is of this rule.
    pub fn take(&mut self, kind: Rule) -> Option<Pair<'i>> {
        if self.peek()? == kind { self.next() } else { None }
    }

    /// Whether the next part is of this rule; it is then passed over.
    pub fn skip(&mut self, kind: Rule) -> bool {
        self.take(kind).is_some()
    }

    /// The next part as a token, if it is of this rule.
    pub fn take_token(&mut self, kind: Rule) -> Option<ast::Token> {
        self.take(kind).as_ref().map(token)
    }

    /// The next part as a token; the grammar says that it is there.
    pub fn token(&mut self, kind: Rule) -> ast::Token {
        self.take_token(kind).unwrap_or(ast::Token { text: String::new(), span: self.whole.after() })
    }

    /// The next part, whatever it is.
    pub fn next(&mut self) -> Option<Pair<'i>> {
        self.pairs.as_mut()?.next()
    }

    /// The last of the parts that are left, as a token.
    pub fn last(&mut self) -> Option<ast::Token> {
        self.pairs.take()?.last().as_ref().map(token)
    }

    pub fn peek(&self) -> Option<Rule> {
        self.pairs.as_ref()?.peek()
    }
}
