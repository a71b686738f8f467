//! What one value says: of the type that is wanted, or what is wrong with it.

use super::Checker;
use super::figure::{MONTHS, WEEKDAYS, near_word, read_date, read_decimal, read_time};
use super::problems::{dates, numbers, statements, tests as problems};
use crate::phone::Country;
use crate::plan::Decimal;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;
use jiff::civil::Date;

impl Checker<'_, '_> {
    /// Says that a value is of another type, if its shape tells so.
    pub(super) fn fits(&mut self, test: &ast::Test, value: &ast::Value, of: Type) -> Option<()> {
        let Some(found) = shape(value) else { return Some(()) };
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
            | Type::Boolean
            | Type::Agent
            | Type::Schedule => found == of,
        };
        if fits {
            return Some(());
        }
        self.mention(value);
        let subject = self.source.slice(test.subject.span);
        self.problem(problems::mismatch(subject, test.subject.span, of, value, found, self.source.slice(value.span())));
        None
    }

    pub(super) fn text_value(&mut self, test: &ast::Test, value: &ast::Value, of: Type) -> Option<String> {
        self.fits(test, value, of)?;
        match value {
            ast::Value::Text(text) => Some(text.value.clone()),
            ast::Value::Path(path) => {
                self.names.find(&path.name.text);
                self.problem(problems::word_for_text(path.span, self.source.slice(path.span)));
                None
            }
            ast::Value::Number(_)
            | ast::Value::Figure(_)
            | ast::Value::Range(_)
            | ast::Value::Moment { .. }
            | ast::Value::List(_)
            | ast::Value::Unreadable(..) => None,
        }
    }

    pub(super) fn country(&mut self, test: &ast::Test, value: &ast::Value) -> Option<Option<Country>> {
        if let ast::Value::Text(text) = value
            && let Some(country) = Country::parse(&text.value)
        {
            self.problem(problems::quoted_word(text.span, country.code(), "a country"));
            return None;
        }
        self.fits(test, value, Type::Country)?;
        let ast::Value::Path(path) = value else { return None };
        let written = path.name.text.as_str();
        if written == "unknown" {
            return Some(None);
        }
        let found = Country::parse(written);
        if found.is_none() {
            self.names.find(written);
            self.problem(numbers::unknown_country(written, path.span, Country::nearest(written)));
        }
        found.map(Some)
    }

    pub(super) fn word_value(&mut self, test: &ast::Test, value: &ast::Value, of: Type) -> Option<usize> {
        if let ast::Value::Text(text) = value {
            let words: &[&'static str] = if of == Type::Weekday { &WEEKDAYS } else { &MONTHS };
            if let Some(word) = near_word(&text.value, words) {
                self.problem(problems::quoted_word(
                    text.span,
                    word,
                    if of == Type::Weekday { "a weekday" } else { "a month" },
                ));
                return None;
            }
        }
        self.fits(test, value, of)?;
        let ast::Value::Path(path) = value else { return None };
        self.names.find(&path.name.text);
        if of == Type::Weekday { self.weekday(&path.name) } else { self.month(&path.name) }
    }

    /// Says that a range such as `1-7` is written with two dots.
    pub(super) fn no_dash(&mut self, value: &ast::Value, of: Type) -> Option<()> {
        let ast::Value::Figure(token) = value else { return Some(()) };
        if !is_range_of_figures(&token.text, of) {
            return Some(());
        }
        let what = if of == Type::Day { "days of the month" } else { "numbers" };
        let dash = token.span.start as usize + token.text.find('-').unwrap_or(0);
        self.problem(dates::wrong_mark(Span::new(dash, dash + 1), what, ".."));
        None
    }

    pub(super) fn day_value(&mut self, test: &ast::Test, value: &ast::Value) -> Option<u32> {
        self.no_dash(value, Type::Day)?;
        self.fits(test, value, Type::Day)?;
        let ast::Value::Figure(token) = value else { return None };
        self.day_of_month(token)
    }

    pub(super) fn time_value(&mut self, test: &ast::Test, value: &ast::Value) -> Option<u16> {
        self.fits(test, value, Type::Time)?;
        let ast::Value::Figure(token) = value else { return None };
        self.time_of_day(token)
    }

    pub(super) fn date_value(&mut self, test: &ast::Test, value: &ast::Value) -> Option<Date> {
        self.fits(test, value, Type::Date)?;
        let ast::Value::Figure(token) = value else { return None };
        self.date(token)
    }

    pub(super) fn moment_value(&mut self, test: &ast::Test, value: &ast::Value) -> Option<jiff::Timestamp> {
        self.fits(test, value, Type::Moment)?;
        let ast::Value::Moment { date, time, .. } = value else { return None };
        let zone = self.definitions.zone.clone();
        self.moment(date, time, &zone)
    }

    pub(super) fn figure_value(&mut self, test: &ast::Test, value: &ast::Value, of: Type) -> Option<Decimal> {
        self.no_dash(value, of)?;
        self.fits(test, value, of)?;
        let ast::Value::Figure(token) = value else { return None };
        let read = read_decimal(&token.text);
        if read.is_none() {
            self.problem(statements::not_a_cell(&token.text, token.span));
        }
        read.map(|(figure, _)| figure)
    }

    pub(super) fn boolean(&mut self, test: &ast::Test, value: &ast::Value) -> Option<bool> {
        self.fits(test, value, Type::Boolean)?;
        let ast::Value::Path(path) = value else { return None };
        match path.name.text.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.names.find(&path.name.text);
                self.problem(problems::not_a_boolean(path.span, &path.name.text));
                None
            }
        }
    }
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
    match value {
        ast::Value::Figure(token) => {
            token.text.bytes().filter(u8::is_ascii_digit).count() > 4 && read_date(&token.text).is_none()
        }
        _ => false,
    }
}
