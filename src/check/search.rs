//! `contains` and `starts with`, and the other words by which people ask for a part of a text.

use super::problems::search as problems;
use super::test::one;
use super::value::{Tested, TestedText};
use super::{Checked, Checker};
use crate::call::MAX_ATTRIBUTE_TEXT;
use crate::diagnostics::Edit;
use crate::plan::{Condition, PatternPlace, Question, TextPatterns, TextTest};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

/// What the words between a subject and a text ask for.
struct SearchWords {
    negated: bool,
    /// What the language has for them, if it has anything.
    place: Option<PatternPlace>,
    /// Whether the text may have marks that stand for any others: `like "%spring%"`.
    has_wildcards: bool,
}

impl SearchWords {
    fn of(written: &str) -> Self {
        let mut words = written.split_whitespace().skip_while(|word| *word == "does").peekable();
        let negated = words.next_if_eq(&"not").is_some();
        let first = words.next().unwrap_or_default();
        let place = match first {
            "contains" | "contain" | "includes" | "include" | "has" | "matches" | "like" => {
                Some(PatternPlace::Anywhere)
            }
            _ if first.starts_with("end") => None,
            _ => Some(PatternPlace::Start),
        };
        Self { negated, place, has_wildcards: matches!(first, "matches" | "like") }
    }
}

impl<'a> Checker<'a, '_> {
    /// A test for a part of a text.
    pub(super) fn search(
        &mut self,
        test: &'a ast::Test,
        operator: Span,
        value: &'a ast::Value,
        tested: Tested,
    ) -> Checked<Condition> {
        let lines = self.source.slice(operator).lines();
        let words = lines.flat_map(|line| line.split('#').next().unwrap_or_default().split_whitespace());
        let written = words.collect::<Vec<_>>().join(" ");
        let subject = self.source.slice(test.subject.span).to_owned();
        let words = SearchWords::of(&written);
        let text = match tested {
            Tested::Text(TestedText::OfCall(text)) => text,
            Tested::Number(_) => {
                self.mention(value);
                let starts = words.place == Some(PatternPlace::Start) && !words.negated;
                let prefix = value.as_text().map(|text| text.value.as_str()).filter(|_| starts);
                return self.refuse(problems::in_number(operator, &written, &subject, prefix, value.span()));
            }
            Tested::Text(TestedText::Column(..)) => {
                self.mention(value);
                return self.refuse(problems::in_column(operator, &written, &subject));
            }
            Tested::Country(_)
            | Tested::Attestation
            | Tested::Clock(_)
            | Tested::Figure { .. }
            | Tested::Boolean(..) => {
                self.mention(value);
                return self.refuse(problems::in_other(operator, &written, &subject, tested.value_type()));
            }
        };
        let Some(place) = words.place else {
            return self.refuse(problems::ends_with(operator, &written, words.negated));
        };
        if words.has_wildcards
            && let Some(pattern) = value.as_text()
        {
            return self.refuse(problems::wildcards(operator, &written, &pattern.value, value.span(), words.negated));
        }
        if written != place.words() {
            let edits = edits(test.subject.span, operator, place.words(), words.negated);
            let shown = format!("{}{subject} {} …", if words.negated { "not " } else { "" }, place.words());
            return self.refuse(problems::other_words(operator, &written, &shown, edits));
        }
        let texts = match value {
            ast::Value::List(_) => {
                self.entries(value, Type::Text, |checker, entry| checker.pattern_text(test, entry))?
            }
            ast::Value::Number(_)
            | ast::Value::Text(_)
            | ast::Value::Figure(_)
            | ast::Value::Path(_)
            | ast::Value::Range(_)
            | ast::Value::Moment { .. }
            | ast::Value::Unreadable(..) => vec![self.pattern_text(test, value)?],
        };
        let patterns = TextPatterns::new(place, texts.iter().map(String::as_str));
        Ok(one(Question::Text(text, TextTest::Has(patterns)), true, test.span))
    }

    /// One text that another must have in it.
    fn pattern_text(&mut self, test: &ast::Test, value: &ast::Value) -> Checked<String> {
        let text = self.text_value(test, value)?;
        if text.is_empty() {
            return self.refuse(problems::empty(value.span()));
        }
        if text.chars().count() > MAX_ATTRIBUTE_TEXT {
            return self.refuse(problems::too_long(value.span()));
        }
        let bare = text.trim_matches('*');
        if bare != text {
            return self.refuse(problems::star(value.span(), bare));
        }
        Ok(text)
    }
}

/// The edits that write a test in the language's own words.
fn edits(subject: Span, operator: Span, words: &str, negated: bool) -> Vec<Edit> {
    let not = negated.then(|| Edit { span: subject.before(), text: "not ".to_owned() });
    not.into_iter().chain([Edit { span: operator, text: words.to_owned() }]).collect()
}
