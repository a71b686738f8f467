//! From what pest read to the tree. What was read in a form that the language refuses (`==`, a
//! comma after a row) becomes a problem with its fix, and the tree gets what was meant.

mod condition;
mod definition;
mod large;
mod pair;
mod statement;
mod text;
mod value;

use super::{Rule, ast, problems, unreadable};
use crate::diagnostics::{Diagnostic, Problems, Reported};
use crate::source::{Span, start_of};
use large::BracketEnds;
use pair::{Pair, PairParts, ReadPart, Unread, read_part};

/// The tree of a whole text. `before` is set where the text has had an error already.
pub(super) fn plan(text: &str, before: Option<Reported>, problems: &mut Problems) -> ast::Plan {
    let mut read = |largest: usize| {
        *problems = Problems::new();
        TreeBuilder { text, before, problems, largest }.items()
    };
    // A large item without its end, which the layers before do not leave, is read at once.
    match read(large::LARGEST_AT_ONCE).or_else(|_| read(usize::MAX)) {
        Ok(items) => ast::Plan { items },
        Err(unread) => {
            *problems = Problems::new();
            problems.push(unreadable::whole(text, unread.at, &unread.error));
            ast::Plan::default()
        }
    }
}

/// Whether the grammar reads all of a text.
pub(super) fn is_readable(text: &str) -> bool {
    let is_unread = |kind: Rule| {
        matches!(
            kind,
            Rule::unreadable
                | Rule::unreadable_condition
                | Rule::unreadable_line
                | Rule::unreadable_row
                | Rule::unreadable_arm
                | Rule::unreadable_entry
        )
    };
    let mut at = start_of(text);
    while at < text.len() {
        match read_part(Rule::item_alone, text, at) {
            Ok(part) if !part.pair.rules().any(is_unread) => at = part.end,
            Ok(_) | Err(_) => return false,
        }
    }
    true
}

struct TreeBuilder<'i, 'p> {
    text: &'i str,
    /// Set where the text has had an error before it was read.
    before: Option<Reported>,
    problems: &'p mut Problems,
    /// Maximum size of an item that is read at once, in bytes.
    largest: usize,
}

impl<'i> TreeBuilder<'i, '_> {
    /// Reads item by item: what the parser holds of a part is many times larger than its text.
    fn items(&mut self) -> Result<Vec<ast::Item>, Unread> {
        let mut items = Vec::new();
        let mut ends = BracketEnds::new(self.text, self.largest);
        let mut at = start_of(self.text);
        while at < self.text.len() {
            at = match ends.large_at(at) {
                Some(large) => {
                    let (item, end) = self.large_item(large)?;
                    items.push(item);
                    end
                }
                None => {
                    let ReadPart { pair, end } = read_part(Rule::item_alone, self.text, at)?;
                    items.extend(self.item(pair));
                    end
                }
            };
        }
        items.shrink_to_fit();
        Ok(items)
    }
}

impl TreeBuilder<'_, '_> {
    fn item(&mut self, pair: Pair) -> Option<ast::Item> {
        Some(match pair.as_rule() {
            Rule::timezone => ast::Item::Timezone(self.timezone(pair)),
            Rule::country => ast::Item::Country(self.country(pair)),
            Rule::agent => ast::Item::Agent(self.agent(pair)),
            Rule::switch => ast::Item::Switch(self.switch(pair)),
            Rule::attribute => ast::Item::Attribute(self.attribute(pair)),
            Rule::numbers => ast::Item::Numbers(self.numbers(pair)),
            Rule::condition_definition => ast::Item::Condition(Box::new(self.condition_definition(pair))),
            Rule::days => ast::Item::Days(self.days(pair)),
            Rule::schedule => ast::Item::Schedule(self.schedule(pair)),
            Rule::rotation => ast::Item::Rotation(self.rotation(pair)),
            Rule::table => ast::Item::Table(self.table(pair)),
            Rule::example => ast::Item::Example(Box::new(self.example(pair))),
            Rule::proof => ast::Item::Proof(Box::new(self.proof(pair))),
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

/// The place of a pair, without the space and comments that may follow its last part.
fn span(pair: &Pair) -> Span {
    Span::new(pair.start(), pair.start() + trimmed_length(pair.as_str()))
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
            | ast::Item::Country(_)
            | ast::Item::Switch(_)
            | ast::Item::Attribute(_)
            | ast::Item::Days(_)
            | ast::Item::Schedule(_)
            | ast::Item::Rotation(_)
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
