//! From what pest read to the tree. What was read in a form that the language refuses (`==`, a
//! comma after a row) becomes a problem with its fix, and the tree gets what was meant.

mod condition;
mod definition;
mod statement;
mod text;
mod value;

use super::{Rule, ast, problems, unreadable};
use crate::diagnostics::{Diagnostic, Problems, Reported};
use crate::source::Span;

type Pair<'i> = pest::iterators::Pair<'i, Rule>;

/// The tree of a whole text; `pairs` come from the rule `plan`. `before` is set where the text has
/// had an error already.
pub(super) fn plan(
    pairs: pest::iterators::Pairs<'_, Rule>,
    text: &str,
    before: Option<Reported>,
    problems: &mut Problems,
) -> ast::Plan {
    let mut builder = TreeBuilder { text, before, problems };
    let plan = pairs.into_iter().next().map(Pair::into_inner);
    let items = plan.into_iter().flatten().filter_map(|pair| builder.item(pair)).collect();
    ast::Plan { items }
}

struct TreeBuilder<'i, 'p> {
    text: &'i str,
    /// Set where the text has had an error before it was read.
    before: Option<Reported>,
    problems: &'p mut Problems,
}

impl TreeBuilder<'_, '_> {
    fn item(&mut self, pair: Pair) -> Option<ast::Item> {
        Some(match pair.as_rule() {
            Rule::timezone => ast::Item::Timezone(self.timezone(pair)),
            Rule::agent => ast::Item::Agent(self.agent(pair)),
            Rule::switch => ast::Item::Switch(self.switch(pair)),
            Rule::numbers => ast::Item::Numbers(self.numbers(pair)),
            Rule::condition_definition => ast::Item::Condition(self.condition_definition(pair)),
            Rule::days => ast::Item::Days(self.days(pair)),
            Rule::schedule => ast::Item::Schedule(self.schedule(pair)),
            Rule::table => ast::Item::Table(self.table(pair)),
            Rule::example => ast::Item::Example(self.example(pair)),
            Rule::proof => ast::Item::Proof(self.proof(pair)),
            Rule::EOI => return None,
            _ => ast::Item::Statement(self.statement(pair, unreadable::ExpectedPiece::Plan)),
        })
    }

    /// What stands at a place.
    fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    fn problem(&mut self, diagnostic: Diagnostic) {
        self.problems.push(diagnostic);
    }

    fn error(&mut self, diagnostic: Diagnostic) -> Reported {
        self.problems.error(diagnostic)
    }

    /// Says why a piece could not be read, and keeps its words.
    fn unreadable(&mut self, pair: &Pair, place: unreadable::ExpectedPiece) -> ast::Unreadable {
        let span = span(pair);
        let reported = match unreadable::explain(self.text, span, place) {
            Some(problem) => self.error(problem),
            // Unless nothing was told, and the beginning of an example was only words in a comment
            // or a text.
            None => match self.before.or_else(|| self.problems.reported()) {
                Some(reported) => reported,
                None => self.error(problems::expect_alone(Span::new(
                    span.start as usize,
                    span.start as usize + unreadable::word_at(&self.text[span.range()]).len(),
                ))),
            },
        };
        ast::Unreadable { words: unreadable::words(self.text, span), reported }
    }

    /// Stands for a part that the grammar promises and that is not there.
    fn missing(&mut self, place: Span) -> ast::Unreadable {
        ast::Unreadable { words: Vec::new(), reported: self.told_before(place) }
    }

    /// A piece is left out because of an error that was raised before. If there was none, the fault
    /// is callplan's.
    fn told_before(&mut self, place: Span) -> Reported {
        let before = self.before.or_else(|| self.problems.reported());
        before.unwrap_or_else(|| self.error(Diagnostic::internal(place, "this could not be read, without a reason")))
    }
}

/// The parts of a pair, taken from the front by their rule. What the grammar requires is there:
/// asking for it gives an empty token at the pair's end otherwise, never a panic.
struct PairParts<'i> {
    pairs: Option<pest::iterators::Pairs<'i, Rule>>,
    whole: Span,
}

impl<'i> PairParts<'i> {
    fn of(pair: Pair<'i>) -> Self {
        Self { whole: span(&pair), pairs: Some(pair.into_inner()) }
    }

    /// No parts, at a place.
    fn nothing(whole: Span) -> Self {
        Self { pairs: None, whole }
    }

    /// The next part, if it is of this rule.
    fn take(&mut self, kind: Rule) -> Option<Pair<'i>> {
        if self.peek()? == kind { self.next() } else { None }
    }

    /// Whether the next part is of this rule; it is then passed over.
    fn skip(&mut self, kind: Rule) -> bool {
        self.take(kind).is_some()
    }

    /// The next part as a token, if it is of this rule.
    fn take_token(&mut self, kind: Rule) -> Option<ast::Token> {
        self.take(kind).as_ref().map(token)
    }

    /// The next part as a token; the grammar says that it is there.
    fn token(&mut self, kind: Rule) -> ast::Token {
        self.take_token(kind).unwrap_or(ast::Token { text: String::new(), span: self.whole.after() })
    }

    /// The next part, whatever it is.
    fn next(&mut self) -> Option<Pair<'i>> {
        self.pairs.as_mut()?.next()
    }

    /// The last of the parts that are left, as a token.
    fn last(&mut self) -> Option<ast::Token> {
        self.pairs.take()?.last().as_ref().map(token)
    }

    fn peek(&self) -> Option<Rule> {
        self.pairs.as_ref()?.peek().map(|pair| pair.as_rule())
    }
}

/// The place of a pair, without the space and comments that may follow its last part.
fn span(pair: &Pair) -> Span {
    let span = pair.as_span();
    Span::new(span.start(), span.start() + trimmed_length(span.as_str()))
}

/// A rule that ends with something optional takes the space and comments before what is not there.
/// No text goes past the end of its line, so a line can be read by itself.
fn trimmed_length(text: &str) -> usize {
    let mut length = text.trim_end().len();
    loop {
        let line = text[..length].rfind('\n').map_or(0, |end| end + 1);
        match comment(&text[line..length]) {
            None => return length,
            Some(at) => length = text[..line + at].trim_end().len(),
        }
    }
}

/// Where the comment of a line begins, if it has one.
fn comment(line: &str) -> Option<usize> {
    let mut at = line.find('#')?;
    // A `#` in a text begins no comment.
    if line[..at].contains('"') {
        let (mut in_text, mut escaped) = (false, false);
        at = line.bytes().position(|byte| {
            let here = byte == b'#' && !in_text;
            in_text ^= byte == b'"' && !escaped;
            escaped = byte == b'\\' && in_text && !escaped;
            here
        })?;
    }
    Some(at)
}

fn token(pair: &Pair) -> ast::Token {
    ast::Token { text: pair.as_str().to_owned(), span: span(pair) }
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::Problems;
    use crate::source::Source;
    use crate::syntax::{self, ast};

    /// What stands at the place of the first item.
    fn first(text: &str) -> String {
        let tree = syntax::parse(&Source::new("plan", text), &mut Problems::new()).unwrap();
        let span = match &tree.plan.items[0] {
            ast::Item::Agent(agent) => agent.span,
            ast::Item::Condition(definition) => definition.condition.span(),
            ast::Item::Numbers(numbers) => numbers.span,
            ast::Item::Statement(statement) => statement.span,
            ast::Item::Timezone(_)
            | ast::Item::Switch(_)
            | ast::Item::Days(_)
            | ast::Item::Schedule(_)
            | ast::Item::Table(_)
            | ast::Item::Example(_)
            | ast::Item::Proof(_) => panic!("an item that this test does not look at"),
        };
        tree.source.slice(span).to_owned()
    }

    #[test]
    fn the_place_of_what_may_go_on_ends_before_comments() {
        assert_eq!(first("agent a = \"#\" # why\n # and\n\nfallback"), "agent a = \"#\"");
        assert_eq!(first("reject # spam \"x\"\n"), "reject");
        assert_eq!(first("route to a # one\n# two"), "route to a");
        assert_eq!(first("reject \"\\\" # \\\\\" # out"), "reject \"\\\" # \\\\\"");
        assert_eq!(first("numbers a = [+1] # no except\nfallback"), "numbers a = [+1]");
        assert_eq!(first("condition c = a and # both\n b # last\n\n#more\nfallback"), "a and # both\n b");
    }
}
