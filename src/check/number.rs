//! Numbers as plans write them: read, and where they are wrong, mended.

use super::literal::is_value_word;
use super::problems::{names as name_problems, numbers as problems, tests as test_problems};
use super::{Checked, Checker, names::Kind, redundant};
use crate::phone::{E164, Number, NumberSet, Pattern, Prefix, PrefixError, Range, RangeProblem, is_unreachable};
use crate::source::Span;
use crate::syntax::ast;
use std::sync::Arc;

/// One entry of a list of numbers.
pub(super) enum Entry {
    Pattern(Pattern),
    /// The set of this number.
    Set(usize),
}

/// Entries of all sets of numbers together, those that they name counted again.
pub(super) const MOST_ENTRIES: usize = 4_000_000;

/// No subscriber's number of any country is shorter, its code included (the shortest are those of small islands).
const SHORTEST: u32 = 7;
/// Numbers of the North American plan, `+1` included, all have so many digits.
const NORTH_AMERICAN: u32 = 11;

impl<'a> Checker<'a, '_> {
    /// The entries of a list; each that is wrong is a problem and left out. With the entries come their places.
    pub(super) fn number_entries(&mut self, list: &'a ast::List) -> Vec<(Entry, Span)> {
        let entries: Vec<_> = list
            .entries
            .iter()
            .filter_map(|value| self.number_entry(value).ok().map(|entry| (entry, value.span())))
            .collect();
        self.built.number_lists.insert(list.span, entries.len());
        redundant::numbers(self.source, list, &entries, self.problems);
        entries
    }

    fn number_entry(&mut self, value: &'a ast::Value) -> Checked<Entry> {
        if let ast::Value::Path(path) = value
            && path.field.is_none()
            && path.name.text != "anonymous"
        {
            return self.set_of_numbers(&path.name).map(Entry::Set);
        }
        self.pattern(value, None).map(Entry::Pattern)
    }

    /// The number of a set of numbers.
    pub(super) fn set_of_numbers(&mut self, token: &ast::Token) -> Checked<usize> {
        if self.names.get(&token.text).is_none() && means_withheld(&token.text) {
            return self.refuse(problems::only_withheld(&token.text, token.span));
        }
        self.names.expect(token, Kind::Numbers, self.problems)
    }

    /// The set that entries make together.
    pub(super) fn number_set(&self, entries: &[(Entry, Span)]) -> Arc<NumberSet> {
        if let [(Entry::Set(only), _)] = entries {
            return self.number_sets.get(*only).cloned().unwrap_or_default();
        }
        let patterns = entries.iter().filter_map(|(entry, _)| match entry {
            Entry::Pattern(pattern) => Some(pattern),
            Entry::Set(_) => None,
        });
        let own = NumberSet::from_patterns(patterns);
        let named = entries.iter().filter_map(|(entry, _)| match entry {
            Entry::Set(number) => self.number_sets.get(*number).map(Arc::as_ref),
            Entry::Pattern(_) => None,
        });
        Arc::new(NumberSet::union_of(std::iter::once(&own).chain(named)))
    }

    /// A set, unless with it all sets together have too many entries: then none, and a problem the first time.
    pub(super) fn counted(&mut self, set: Arc<NumberSet>, name: &str, span: Span) -> Arc<NumberSet> {
        let entries = set.spans().len() + set.locals().1.len();
        match self.number_entries_left.checked_sub(entries) {
            Some(left) => {
                self.number_entries_left = left;
                set
            }
            None => {
                if self.number_entries_left > 0 {
                    self.problem(name_problems::too_many_entries(name, span, MOST_ENTRIES));
                }
                self.number_entries_left = 0;
                Arc::default()
            }
        }
    }

    /// One number, prefix, range, local number or `anonymous`. `test` is the place of the whole `is …` around it, for
    /// an edit that must change the word as well.
    pub(super) fn pattern(&mut self, value: &ast::Value, test: Option<(Span, &'static str)>) -> Checked<Pattern> {
        match value {
            ast::Value::Number(token) => self.plus_number(token, test),
            ast::Value::Text(text) => self.local_number(text, test),
            ast::Value::Figure(token) => self.refuse(problems::no_plus(&token.text, token.span)),
            ast::Value::Path(path) if path.field.is_none() && path.name.text == "anonymous" => Ok(Pattern::Anonymous),
            ast::Value::Path(path) => self.no_number(path),
            ast::Value::Range(range) => self.number_range(range),
            ast::Value::Moment { span, .. } => {
                let written = self.source.slice(*span).to_owned();
                self.refuse(problems::no_plus(&written, *span))
            }
            ast::Value::List(list) => self.refuse(problems::list_for_number(list.span)),
            ast::Value::Unreadable(unreadable, _) => Err(unreadable.reported),
        }
    }

    /// A word where a number stands.
    fn no_number(&mut self, path: &ast::Path) -> Checked<Pattern> {
        let word = path.name.text.as_str();
        if let Some(after_dot) = path.field.as_ref().filter(|_| is_value_word(word)) {
            return self.refuse(test_problems::nothing_after_word(word, after_dot));
        }
        if let Some((kind, _)) = self.names.find(word) {
            return self.refuse(match &path.field {
                Some(after_dot) => test_problems::nothing_after_dot(word, kind, after_dot),
                None => name_problems::not_a_number(path, kind),
            });
        }
        if let Some(reported) = self.names.unread(word) {
            return Err(reported);
        }
        self.refuse(match means_withheld(word) {
            true => problems::only_withheld(word, path.span),
            false => name_problems::not_a_number_word(path),
        })
    }

    fn plus_number(&mut self, token: &ast::Token, test: Option<(Span, &'static str)>) -> Checked<Pattern> {
        if token.text.ends_with('*') {
            return match Prefix::parse(&token.text) {
                Ok(prefix) => Ok(Pattern::Prefix(prefix)),
                Err(PrefixError::NoStar) => Err(self.told_before(token.span)),
                Err(PrefixError::Digits(error)) => {
                    self.refuse(problems::bad_number(&token.text, token.span, error, mend(&token.text)))
                }
            };
        }
        let number = self.whole_number(token)?;
        self.warn_of_length(number, token, test);
        Ok(Pattern::Number(number))
    }

    /// A whole E.164 number that a call may bring.
    pub(super) fn whole_number(&mut self, token: &ast::Token) -> Checked<E164> {
        match E164::parse_written(&token.text) {
            Ok(number) if is_unreachable(number) => self.refuse(problems::only_withheld(&token.text, token.span)),
            Ok(number) => Ok(number),
            Err(error) => self.refuse(problems::bad_number(&token.text, token.span, error, mend(&token.text))),
        }
    }

    fn warn_of_length(&mut self, number: E164, token: &ast::Token, test: Option<(Span, &'static str)>) {
        let north_american = number.digits().next() == Some(1);
        if number.length() < SHORTEST {
            self.problem(problems::short(&token.text, token.span, test, "too short to be anyone's number"));
        } else if north_american && number.length() != NORTH_AMERICAN {
            let why = format!("no whole number: after `+1` come ten digits, and here are {}", number.length() - 1);
            // An area code and an exchange are a prefix; from there on a digit is missing.
            self.problem(match number.length() <= SHORTEST {
                true => problems::short(&token.text, token.span, test, &why),
                false => problems::wrong_length(&token.text, token.span, &why),
            });
        }
    }

    fn local_number(&mut self, text: &ast::Text, test: Option<(Span, &'static str)>) -> Checked<Pattern> {
        match Number::read(&text.value) {
            Number::E164(number) => {
                let mend = if is_unreachable(number) { "anonymous".to_owned() } else { number.to_string() };
                self.refuse(problems::quoted_number(text.span, &mend))
            }
            Number::Withheld => {
                let written = self.source.slice(text.span).to_owned();
                self.refuse(problems::only_withheld(&written, text.span))
            }
            // Of an address, a local number is the user.
            Number::Local(local) if local != text.value && local == Number::trimmed(&text.value) => {
                let local = local.to_owned();
                self.refuse(problems::never_local(text.span, &local))
            }
            Number::Local(local) => {
                // A prefix or a mistyped number in quotes is compared as text, and no call brings it.
                if local.starts_with('+') && Prefix::parse(local).is_ok() {
                    return self.refuse(match test {
                        Some((test, word)) => problems::quoted_prefix(text.span, test, word, local),
                        None => problems::quoted_number(text.span, local),
                    });
                }
                if local.chars().all(|c| c.is_alphabetic() || c == ' ') {
                    self.problem(problems::a_name_is_no_number(local, text.span));
                }
                Ok(Pattern::Local(local.to_owned()))
            }
        }
    }

    fn number_range(&mut self, range: &ast::Range) -> Checked<Pattern> {
        let (ast::Value::Number(low), ast::Value::Number(high)) = (&range.low, &range.high) else {
            let span = range.low.span().to(range.high.span());
            return self.refuse(problems::range_end(span));
        };
        let span = low.span.to(high.span);
        if let Some(prefix) = [low, high].into_iter().find(|end| end.text.ends_with('*')) {
            return self.refuse(problems::range_end(prefix.span));
        }
        let (first, last) = (self.whole_number(low), self.whole_number(high));
        if range.mark == ast::RangeMark::Dash {
            return self.refuse(problems::number_range_dash(range.mark_span));
        }
        match Range::new(first?, last?) {
            Ok(range) => Ok(Pattern::Range(range)),
            Err(RangeProblem::Backwards) => self.refuse(problems::number_range_backwards(span, &low.text, &high.text)),
            Err(RangeProblem::Lengths(low, high)) => self.refuse(problems::number_range_lengths(span, low, high)),
        }
    }
}

/// `withheld` and its like, bare: a plan writes `anonymous`. What `null` is to a plan is said where types are compared.
fn means_withheld(word: &str) -> bool {
    word != "null" && Number::read(word) == Number::Withheld
}

/// A number as on paper, written as a plan writes it; `None` where that is no number either.
fn mend(written: &str) -> Option<String> {
    let star = written.ends_with('*');
    let body = written.trim_end_matches('*').strip_prefix('+')?;
    // After a country's code, a trunk's 0 in parentheses is not dialed from abroad.
    let body = body.replace("(0)", "");
    let body = body.strip_prefix("00").unwrap_or(&body);
    let kept: String = body.chars().filter(|c| !matches!(c, ' ' | '(' | ')' | '.')).collect();
    // As on paper all goes but the digits; else the dashes stay where they may.
    let kept = if kept.len() < body.len() { kept.replace('-', "") } else { kept.trim_end_matches('-').to_owned() };
    let mended = format!("+{kept}{}", if star { "*" } else { "" });
    let reads = if star { Prefix::parse(&mended).is_ok() } else { E164::parse_written(&mended).is_ok() };
    let digits_only = || format!("+{}{}", kept.replace('-', ""), if star { "*" } else { "" });
    if reads {
        return Some(mended);
    }
    let digits = digits_only();
    let reads = if star { Prefix::parse(&digits).is_ok() } else { E164::parse(&digits).is_ok() };
    reads.then_some(digits)
}
