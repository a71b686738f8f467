//! What one value says: of the type that is wanted, or what is wrong with it.

use super::figure::{near_word, read_date, read_decimal, read_time};
use super::problems::{dates, numbers, statements, tests as problems};
use super::{Checked, Checker};
use crate::diagnostics::Reported;
use crate::fields::{Attestation, Field};
use crate::phone::Country;
use crate::plan::Decimal;
use crate::source::Span;
use crate::syntax::{DefinitionKind, MONTHS, WEEKDAYS, ast};
use crate::types::Type;
use jiff::civil::Date;

impl Checker<'_, '_> {
    /// Says that a value is of another type, if its shape tells so.
    pub(super) fn fits(&mut self, test: &ast::Test, value: &ast::Value, of: Type) -> Checked<()> {
        let Some(found) = shape(value) else { return Ok(()) };
        let fits = match of {
            // `4155550100` is a number without its `+`, which has a problem of its own.
            Type::Number => matches!(found, Type::Number | Type::Text | Type::Integer) || is_long_figure(value),
            Type::Decimal | Type::Integer => matches!(found, Type::Integer | Type::Decimal),
            Type::Day => found == Type::Integer,
            // What is neither a time nor a date by its shape is told as a bad time or date.
            Type::Time | Type::Date => found == of || (found == Type::Integer && of == Type::Time),
            Type::Text
            | Type::Moment
            | Type::Weekday
            | Type::Month
            | Type::Country
            | Type::Attestation
            | Type::Boolean
            | Type::Agent
            | Type::Schedule => found == of,
        };
        if fits {
            return Ok(());
        }
        self.mention(value);
        let subject = self.source.slice(test.subject.span);
        self.refuse(problems::mismatch(subject, test.subject.span, of, value, found, self.source.slice(value.span())))
    }

    pub(super) fn text_value(&mut self, test: &ast::Test, value: &ast::Value) -> Checked<String> {
        self.fits(test, value, Type::Text)?;
        if let Some(text) = value.as_text() {
            return Ok(text.value.clone());
        }
        match value.as_word() {
            Some(word) if !self.is_known(&word.text) => {
                let span = value.span();
                self.refuse(problems::word_for_text(span, self.source.slice(span)))
            }
            Some(_) | None => Err(self.no_value(test, value, Type::Text)),
        }
    }

    pub(super) fn country(&mut self, test: &ast::Test, value: &ast::Value) -> Checked<Option<Country>> {
        if let ast::Value::Text(text) = value
            && let Some(country) = Country::parse(&text.value)
        {
            return self.refuse(problems::quoted_word(text.span, country.code(), "a country"));
        }
        self.fits(test, value, Type::Country)?;
        let word = self.word(test, value, Type::Country)?;
        if word.text == "unknown" {
            return Ok(None);
        }
        match Country::parse(&word.text) {
            Some(country) => Ok(Some(country)),
            None if self.is_known(&word.text) => Err(self.no_value(test, value, Type::Country)),
            None => self.refuse(numbers::unknown_country(&word.text, word.span, Country::nearest(&word.text))),
        }
    }

    pub(super) fn attestation(&mut self, test: &ast::Test, value: &ast::Value) -> Checked<Attestation> {
        if let ast::Value::Text(text) = value
            && let Some(attestation) = Attestation::of_word(&text.value)
        {
            return self.refuse(problems::quoted_word(text.span, attestation.word(), "an attestation"));
        }
        self.fits(test, value, Type::Attestation)?;
        let word = self.word(test, value, Type::Attestation)?;
        match Attestation::of_word(&word.text) {
            Some(attestation) => Ok(attestation),
            None if self.is_known(&word.text) => Err(self.no_value(test, value, Type::Attestation)),
            None => self.refuse(problems::no_attestation(word)),
        }
    }

    pub(super) fn weekday_value(&mut self, test: &ast::Test, value: &ast::Value) -> Checked<usize> {
        self.calendar_word(test, value, Type::Weekday, &WEEKDAYS, "weekday")
    }

    pub(super) fn month_value(&mut self, test: &ast::Test, value: &ast::Value) -> Checked<usize> {
        self.calendar_word(test, value, Type::Month, &MONTHS, "month")
    }

    /// A weekday or a month, by its place in the week or the year.
    fn calendar_word(
        &mut self,
        test: &ast::Test,
        value: &ast::Value,
        of: Type,
        words: &[&'static str],
        what: &str,
    ) -> Checked<usize> {
        if let ast::Value::Text(text) = value
            && let Some(word) = near_word(&text.value, words)
        {
            return self.refuse(problems::quoted_word(text.span, word, &format!("a {what}")));
        }
        self.fits(test, value, of)?;
        let word = self.word(test, value, of)?;
        match self.is_known(&word.text) {
            true => Err(self.no_value(test, value, of)),
            false => self.word_of(word, words, what),
        }
    }

    /// Says that a range such as `1-7` is written with two dots.
    pub(super) fn no_dash(&mut self, value: &ast::Value, of: Type) -> Checked<()> {
        let ast::Value::Figure(token) = value else { return Ok(()) };
        if !is_range_of_figures(&token.text, of) {
            return Ok(());
        }
        let what = if of == Type::Day { "days of the month" } else { "numbers" };
        let dash = token.span.start as usize + token.text.find('-').unwrap_or(0);
        self.refuse(dates::wrong_mark(Span::new(dash, dash + 1), what, ".."))
    }

    pub(super) fn day_value(&mut self, test: &ast::Test, value: &ast::Value) -> Checked<u32> {
        self.no_dash(value, Type::Day)?;
        let token = self.figure(test, value, Type::Day)?;
        self.day_of_month(token)
    }

    pub(super) fn time_value(&mut self, test: &ast::Test, value: &ast::Value) -> Checked<u16> {
        let token = self.figure(test, value, Type::Time)?;
        self.time_of_day(token)
    }

    pub(super) fn date_value(&mut self, test: &ast::Test, value: &ast::Value) -> Checked<Date> {
        let token = self.figure(test, value, Type::Date)?;
        self.date(token)
    }

    pub(super) fn moment_value(&mut self, test: &ast::Test, value: &ast::Value) -> Checked<jiff::Timestamp> {
        self.fits(test, value, Type::Moment)?;
        let ast::Value::Moment { date, time, .. } = value else {
            return Err(self.no_value(test, value, Type::Moment));
        };
        let zone = self.definitions.zone.clone();
        self.moment(date, time, &zone)
    }

    pub(super) fn figure_value(&mut self, test: &ast::Test, value: &ast::Value, of: Type) -> Checked<Decimal> {
        self.no_dash(value, of)?;
        let token = self.figure(test, value, of)?;
        match read_decimal(&token.text) {
            Some((figure, _)) => Ok(figure),
            None => self.refuse(statements::not_a_cell(&token.text, token.span)),
        }
    }

    pub(super) fn boolean(&mut self, test: &ast::Test, value: &ast::Value) -> Checked<bool> {
        self.fits(test, value, Type::Boolean)?;
        let word = self.word(test, value, Type::Boolean)?;
        match word.text.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            text if self.is_known(text) => Err(self.no_value(test, value, Type::Boolean)),
            text => self.refuse(problems::not_a_boolean(word.span, text)),
        }
    }

    /// The figure that stands for a value of a type.
    pub(super) fn figure<'v>(&mut self, test: &ast::Test, value: &'v ast::Value, of: Type) -> Checked<&'v ast::Token> {
        self.fits(test, value, of)?;
        value.as_figure().ok_or_else(|| self.no_value(test, value, of))
    }

    /// The word, without anything after a dot, that stands for a value of a type.
    pub(super) fn word<'v>(&mut self, test: &ast::Test, value: &'v ast::Value, of: Type) -> Checked<&'v ast::Token> {
        value.as_word().ok_or_else(|| self.no_value(test, value, of))
    }

    /// The problem with a value that is none of the type that is compared with.
    pub(super) fn no_value(&mut self, test: &ast::Test, value: &ast::Value, of: Type) -> Reported {
        match value {
            ast::Value::Path(path) => self.no_such_value(test, path, of),
            ast::Value::Unreadable(unreadable, _) => unreadable.reported,
            ast::Value::Number(_)
            | ast::Value::Text(_)
            | ast::Value::Figure(_)
            | ast::Value::Range(_)
            | ast::Value::Moment { .. }
            | ast::Value::List(_) => {
                let subject = self.source.slice(test.subject.span);
                let written = self.source.slice(value.span());
                self.error(problems::not_comparable(subject, test.subject.span, of, value.span(), written))
            }
        }
    }

    /// A name, or a word that stands for nothing, in place of a value.
    fn no_such_value(&mut self, test: &ast::Test, path: &ast::Path, of: Type) -> Reported {
        let subject = self.source.slice(test.subject.span);
        let word = path.name.text.as_str();
        let is_row = self.rows.iter().any(|(row, ..)| row.text == word);
        if is_row || Field::find(word, path.field.as_ref().map(|token| token.text.as_str())).is_some() {
            return self.error(problems::not_written_out(subject, of, path.span, self.source.slice(path.span)));
        }
        if let Some(reported) = self.names.unread(word) {
            return reported;
        }
        let found = self.names.find(word);
        let problem = match (found, &path.field) {
            (Some((kind, _)), Some(after_dot)) => problems::nothing_after_dot(word, kind, after_dot),
            (Some((kind, _)), None) => problems::not_a_set(test, self.source, path, kind, of),
            (None, Some(after_dot)) if Field::find(word, None).is_some() => problems::no_such_part(word, after_dot),
            (None, Some(after_dot)) if is_value_word(word) => problems::nothing_after_word(word, after_dot),
            (None, Some(_)) => problems::no_such_row(path),
            (None, None) => {
                let near = self.names.nearest_of(word, DefinitionKind::Days).filter(|_| of == Type::Date);
                if let Some(near) = &near {
                    // It is what was meant, so nobody is told that nothing uses it.
                    self.names.find(near);
                }
                problems::no_such_value(test, self.source, path, of, near.as_deref())
            }
        };
        self.error(problem)
    }

    /// Whether a word is a name of the plan or a field of the call, whatever a value of its type
    /// may be.
    fn is_known(&self, word: &str) -> bool {
        let is_row = self.rows.iter().any(|(row, ..)| row.text == word);
        is_row
            || self.names.get(word).is_some()
            || self.names.unread(word).is_some()
            || Field::find(word, None).is_some()
    }
}

/// A word that is a value by itself.
pub(super) fn is_value_word(word: &str) -> bool {
    matches!(word, "anonymous" | "unknown" | "true" | "false" | "null")
        || WEEKDAYS.contains(&word)
        || MONTHS.contains(&word)
        || Country::parse(word).is_some()
}

/// The type that a value's shape tells; a word may be of several, and is judged where it stands.
fn shape(value: &ast::Value) -> Option<Type> {
    match value {
        ast::Value::Number(_) => Some(Type::Number),
        ast::Value::Text(_) => Some(Type::Text),
        ast::Value::Figure(token) if read_time(&token.text).is_some() || token.text.contains(':') => Some(Type::Time),
        ast::Value::Figure(token)
            if read_date(&token.text).is_some() || token.text.contains('-') && !token.text.starts_with('-') =>
        {
            Some(Type::Date)
        }
        ast::Value::Figure(token) => Some(if token.text.contains('.') { Type::Decimal } else { Type::Integer }),
        ast::Value::Path(path) => match path.name.text.as_str() {
            "true" | "false" => Some(Type::Boolean),
            "anonymous" => Some(Type::Number),
            word if WEEKDAYS.contains(&word) => Some(Type::Weekday),
            word if MONTHS.contains(&word) => Some(Type::Month),
            _ => None,
        },
        ast::Value::Moment { date, .. } => {
            (read_date(&date.text).is_some() || date.text.contains('-')).then_some(Type::Moment)
        }
        ast::Value::Range(_) | ast::Value::List(_) | ast::Value::Unreadable(..) => None,
    }
}

/// `1-7` where days of the month or numbers stand, which are written `1..7`.
pub(super) fn is_range_of_figures(text: &str, of: Type) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let ends = text.split_once('-').is_some_and(|(low, high)| digits(low) && digits(high));
    ends && matches!(of, Type::Day | Type::Integer | Type::Decimal)
}

/// Digits, dashes and dots of a telephone number that lacks its `+`.
fn is_long_figure(value: &ast::Value) -> bool {
    value.as_figure().is_some_and(|token| {
        token.text.bytes().filter(u8::is_ascii_digit).count() > 4 && read_date(&token.text).is_none()
    })
}
