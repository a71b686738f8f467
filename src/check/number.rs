//! Numbers as plans write them: read, and where they are wrong, fixed.

use super::literal::is_value_word;
use super::local_number::{self, LookAlike};
use super::problems::{names as name_problems, numbers as problems, tests as test_problems};
use super::{Checked, Checker, redundant};
use crate::fields::Field;
use crate::phone::{
    DigitCounts, E164, E164Range, Home, LocalDigits, LocalRange, Number, NumberSet, Pattern, Prefix, PrefixError,
    RangeProblem, calling_code_length, is_unreachable, plain_number,
};
use crate::source::Span;
use crate::syntax::{DefinitionKind, ast};
use std::sync::Arc;

/// One entry of a list of numbers.
pub(super) enum NumberEntry {
    Pattern(Pattern),
    /// The set of this number.
    Set(usize),
}

/// Entries of all sets of numbers together, those that they name counted again.
pub(super) const MAX_ENTRIES: usize = 4_000_000;

/// The largest range of local numbers of which each is read at home.
const MAX_RANGE_READ: u64 = 10_000;

/// No subscriber's number of any country is shorter, its code included (the shortest are those of
/// small islands).
const SHORTEST: u32 = 7;

impl<'a> Checker<'a, '_> {
    /// The entries of a list; each that is wrong is a problem and left out. With the entries come
    /// their places.
    pub(super) fn number_entries(&mut self, list: &'a ast::List) -> Vec<(NumberEntry, Span)> {
        let entries: Vec<_> = list
            .entries
            .iter()
            .filter_map(|value| self.number_entry(value).ok().map(|entry| (entry, value.span())))
            .collect();
        self.built.number_lists.insert(list.span, entries.len());
        redundant::numbers(self.source, list, &entries, self.problems);
        entries
    }

    fn number_entry(&mut self, value: &'a ast::Value) -> Checked<NumberEntry> {
        if let ast::Value::Path(path) = value
            && path.field.is_none()
            && path.name.text != "anonymous"
        {
            return self.set_of_numbers(&path.name).map(NumberEntry::Set);
        }
        self.pattern(value, None).map(NumberEntry::Pattern)
    }

    /// The number of a set of numbers.
    pub(super) fn set_of_numbers(&mut self, token: &ast::Token) -> Checked<usize> {
        if self.names.get(&token.text).is_none() && Field::find(&token.text, None).is_some() {
            return self.refuse(problems::field_for_number(&token.text, token.span));
        }
        if self.names.get(&token.text).is_none() && means_withheld(&token.text) {
            return self.refuse(problems::only_withheld(&token.text, token.span));
        }
        if token.text == "none" && self.names.get("none").is_none() {
            return self.refuse(name_problems::none_in_a_list(token.span));
        }
        self.names.expect(token, DefinitionKind::Numbers, self.problems)
    }

    /// The set that entries make together.
    pub(super) fn number_set(&self, entries: &[(NumberEntry, Span)]) -> Arc<NumberSet> {
        if let [(NumberEntry::Set(only), _)] = entries {
            return self.number_sets.get(*only).cloned().unwrap_or_default();
        }
        let patterns = entries.iter().filter_map(|(entry, _)| match entry {
            NumberEntry::Pattern(pattern) => Some(pattern),
            NumberEntry::Set(_) => None,
        });
        let own = NumberSet::from_patterns(patterns);
        let named = entries.iter().filter_map(|(entry, _)| match entry {
            NumberEntry::Set(number) => self.number_sets.get(*number).map(Arc::as_ref),
            NumberEntry::Pattern(_) => None,
        });
        Arc::new(NumberSet::union_of(std::iter::once(&own).chain(named)))
    }

    /// A set, unless with it all sets together have too many entries: then none, and a problem the
    /// first time.
    pub(super) fn counted(&mut self, set: Arc<NumberSet>, name: &str, span: Span) -> Arc<NumberSet> {
        let entries = set.pieces();
        match self.number_entries_left.checked_sub(entries) {
            Some(left) => {
                self.number_entries_left = left;
                set
            }
            None => {
                if self.number_entries_left > 0 {
                    self.problem(name_problems::too_many_entries(name, span, MAX_ENTRIES));
                }
                self.number_entries_left = 0;
                Arc::default()
            }
        }
    }

    /// One number, prefix, range, local number or `anonymous`. `test` is the place of the whole `is
    /// …` around it, for an edit that must change the word as well.
    pub(super) fn pattern(&mut self, value: &ast::Value, test: Option<(Span, &'static str)>) -> Checked<Pattern> {
        match value {
            ast::Value::Number(token) => self.plus_number(token, test),
            ast::Value::Text(text) => self.local_number(text, test),
            ast::Value::Figure(token) => {
                let read = self.number_at_home(&token.text);
                self.refuse(problems::no_plus(&token.text, token.span, read))
            }
            ast::Value::Path(path) if path.field.is_none() && path.name.text == "anonymous" => Ok(Pattern::Anonymous),
            ast::Value::Path(path) => self.no_number(path),
            ast::Value::Range(range) => self.number_range(range),
            ast::Value::Moment { span, .. } => {
                let written = self.source.slice(*span).to_owned();
                let read = self.number_at_home(&written);
                self.refuse(problems::no_plus(&written, *span, read))
            }
            ast::Value::List(list) => self.refuse(problems::list_for_number(list.span)),
            ast::Value::Unreadable(unreadable, _) => Err(unreadable.reported),
        }
    }

    /// What digits without `+` are in the plan's home country, and which that is.
    fn number_at_home(&self, written: &str) -> Option<(Home, Option<E164>)> {
        let home = self.definitions.reader.home_line(None)?;
        let read = Number::Local(written).read_at_home(home).and_then(Result::ok);
        let number = read.and_then(|(number, _)| match number {
            Number::E164(number) => Some(number),
            Number::Withheld | Number::Local(_) => None,
        });
        Some((home, number))
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
        if path.field.is_none() && Field::find(word, None).is_some() {
            return self.refuse(problems::field_for_number(word, path.span));
        }
        self.refuse(match means_withheld(word) {
            true => problems::only_withheld(word, path.span),
            false => name_problems::not_a_number_word(path),
        })
    }

    fn plus_number(&mut self, token: &ast::Token, test: Option<(Span, &'static str)>) -> Checked<Pattern> {
        if token.text.ends_with('*') {
            return match Prefix::parse(&token.text) {
                Ok(prefix) => {
                    self.warn_of_prefix(prefix, token);
                    Ok(Pattern::Prefix(prefix))
                }
                Err(PrefixError::NoStar) => Err(self.told_before(token.span)),
                Err(PrefixError::Digits(error)) => {
                    self.refuse(problems::bad_number(&token.text, token.span, error, plain_number(&token.text)))
                }
            };
        }
        if let Some((low, high)) = local_number::block(&token.text) {
            return self.refuse(problems::block(&token.text, token.span, &low, &high));
        }
        if let Some(prefix) = local_number::with_letters_for_digits(&token.text) {
            return self.refuse(problems::letters_for_digits(&token.text, token.span, &prefix));
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
            Err(error) => self.refuse(problems::bad_number(&token.text, token.span, error, plain_number(&token.text))),
        }
    }

    fn warn_of_length(&mut self, number: E164, token: &ast::Token, test: Option<(Span, &'static str)>) {
        if number.length() < SHORTEST {
            return self.problem(problems::short(&token.text, token.span, test, "too short to be anyone's number"));
        }
        let Some(lengths) = DigitCounts::of_digits(number).filter(|lengths| !lengths.contains(number.length())) else {
            return;
        };
        let code = calling_code_length(number).unwrap_or_default();
        let why = format!("not a whole number: {}", problems::length(lengths, number, code));
        // Half a number is a prefix; from there on a digit is missing.
        self.problem(match number.length() <= SHORTEST {
            true => problems::short(&token.text, token.span, test, &why),
            false => problems::wrong_length(&token.text, token.span, &why),
        });
    }

    /// Says that no number that starts so is of a length that the country has.
    fn warn_of_prefix(&mut self, prefix: Prefix, token: &ast::Token) {
        let Some(number) = prefix.number() else { return };
        if DigitCounts::of_digits(number).is_some_and(|lengths| lengths.ends().1 < number.length()) {
            self.warn_of_digits(number, token.span, &token.text);
        }
    }

    fn warn_of_range(&mut self, range: E164Range, span: Span) {
        let lengths = [range.low(), range.high()].map(DigitCounts::of_digits);
        let is_none =
            |lengths: &Option<DigitCounts>| lengths.is_some_and(|lengths| !lengths.contains(range.low().length()));
        if lengths.iter().all(is_none) {
            let written = self.source.slice(span).to_owned();
            self.warn_of_digits(range.low(), span, &written);
        }
    }

    fn warn_of_digits(&mut self, number: E164, span: Span, written: &str) {
        if let Some(lengths) = DigitCounts::of_digits(number) {
            let code = calling_code_length(number).unwrap_or_default();
            self.problem(problems::no_such_length(written, span, &problems::length(lengths, number, code)));
        }
    }

    fn local_number(&mut self, text: &ast::Text, test: Option<(Span, &'static str)>) -> Checked<Pattern> {
        match Number::read(&text.value) {
            Number::E164(number) => {
                let replacement = if is_unreachable(number) { "anonymous".to_owned() } else { number.to_string() };
                self.refuse(problems::quoted_number(text.span, &replacement))
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
                // A prefix or a mistyped number in quotes is compared as text, and no call brings
                // it.
                if local.starts_with('+') && Prefix::parse(local).is_ok() {
                    return self.refuse(match test {
                        Some((test, word)) => problems::quoted_prefix(text.span, test, word, local),
                        None => problems::quoted_number(text.span, local),
                    });
                }
                self.warn_of_local(local, text, test);
                Ok(match local.strip_suffix('*') {
                    Some(prefix) => Pattern::LocalPrefix(prefix.to_owned()),
                    None => Pattern::Local(local.to_owned()),
                })
            }
        }
    }

    /// Says that no phone sends what looks like a pattern of another notation, or like a name.
    fn warn_of_local(&mut self, local: &str, text: &ast::Text, test: Option<(Span, &'static str)>) {
        if let Some(digits) = LocalDigits::parse(local).filter(|_| self.definitions.reader.may_read(local)) {
            self.definitions.read_elsewhere.insert(digits);
        }
        if let Some(number) = self.definitions.reader.always_read(local) {
            let read = match number {
                Number::E164(number) => number.to_string(),
                Number::Withheld | Number::Local(_) => "anonymous".to_owned(),
            };
            return self.problem(problems::always_read(local, text.span, &read));
        }
        match local_number::look_alike(local) {
            Some(look_alike) => {
                let several = matches!(look_alike, LookAlike::Prefix(_) | LookAlike::Range(..));
                let place = test.filter(|_| several).map_or((text.span, ""), |(test, word)| (test, word));
                self.problem(problems::look_alike(local, text.span, &look_alike, place));
            }
            None if local.chars().all(|c| c.is_alphabetic() || c == ' ') && !is_address(&text.value) => {
                self.problem(problems::a_name_is_no_number(local, text.span));
            }
            None => {}
        }
    }

    /// `"1000".."1999"`
    fn local_range(&mut self, low: &ast::Text, high: &ast::Text, range: &ast::Range) -> Checked<Pattern> {
        let span = low.span.to(high.span);
        let ends = [low, high].map(|end| LocalDigits::parse(&end.value));
        let [Some(first), Some(last)] = ends else {
            return self.refuse(problems::local_range_end(span));
        };
        if range.mark == ast::RangeMark::Dash {
            return self.refuse(problems::number_range_dash(range.mark_span));
        }
        match LocalRange::new(first, last) {
            Ok(range) => {
                self.warn_of_local_range(first, last, span);
                Ok(Pattern::LocalRange(range))
            }
            Err(RangeProblem::Backwards) => {
                let [low, high] = [low, high].map(|end| format!("\"{}\"", end.value));
                self.refuse(problems::number_range_backwards(span, &low, &high))
            }
            Err(RangeProblem::Lengths(low, high)) => self.refuse(problems::local_range_lengths(span, low, high)),
        }
    }

    /// Notes which numbers of a range are always read as others, and says so where all are.
    fn warn_of_local_range(&mut self, first: LocalDigits, last: LocalDigits, span: Span) {
        let values = first.value()..=last.value();
        if self.definitions.reader.is_plain() || last.value() - first.value() >= MAX_RANGE_READ {
            return;
        }
        let digits = |value: u64| LocalDigits::from_value(value, first.length());
        let reader = &self.definitions.reader;
        let read: Vec<LocalDigits> =
            values.clone().map(digits).filter(|digits| reader.may_read(&digits.to_string())).collect();
        let is_always = |digits: LocalDigits| reader.always_read(&digits.to_string()).is_some();
        let is_all = values.map(digits).all(is_always);
        let ends = [first, last].map(|end| match reader.always_read(&end.to_string()) {
            Some(Number::E164(number)) => number.to_string(),
            Some(Number::Withheld | Number::Local(_)) | None => String::new(),
        });
        self.definitions.read_elsewhere.extend(read);
        if is_all {
            self.problem(problems::range_always_read(span, &ends));
        }
    }

    fn number_range(&mut self, range: &ast::Range) -> Checked<Pattern> {
        if let (ast::Value::Text(low), ast::Value::Text(high)) = (&range.low, &range.high) {
            return self.local_range(low, high, range);
        }
        // `+49302312500..-99`, and `+49302312500-99` where the dash stands apart.
        if let (ast::Value::Number(low), ast::Value::Figure(end)) = (&range.low, &range.high)
            && let Some((first, last)) = local_number::block(&format!("{}-{}", low.text, end.text))
        {
            let span = low.span.to(end.span);
            let written = self.source.slice(span).to_owned();
            return self.refuse(problems::block(&written, span, &first, &last));
        }
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
        match E164Range::new(first?, last?) {
            Ok(range) => {
                self.warn_of_range(range, span);
                Ok(Pattern::Range(range))
            }
            Err(RangeProblem::Backwards) => self.refuse(problems::number_range_backwards(span, &low.text, &high.text)),
            Err(RangeProblem::Lengths(low, high)) => self.refuse(problems::number_range_lengths(span, low, high)),
        }
    }
}

/// `withheld` and its like, bare: a plan writes `anonymous`. What `null` is to a plan is said where
/// types are compared.
fn means_withheld(word: &str) -> bool {
    word != "null" && Number::read(word) == Number::Withheld
}

/// Whether a text stands for all local numbers that begin alike: `"10*"`.
pub(super) fn is_local_prefix(text: &ast::Text) -> bool {
    matches!(Number::read(&text.value), Number::Local(local) if local.ends_with('*') && Prefix::parse(local).is_err())
}

/// Whether a text is an address, of which the user may be a name.
fn is_address(text: &str) -> bool {
    text.contains(['@', ':', '<'])
}
