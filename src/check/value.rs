//! Tests on values: `is`, `in`, `<` and their like, for each type.

use super::literal::{is_range_of_figures, is_value_word};
use super::number::is_local_prefix;
use super::problems::tests as problems;
use super::test::one;
use super::{Checked, Checker};
use crate::diagnostics::Reported;
use crate::fields::{Attestation, ClockField, Field, Party, TrustField};
use crate::phone::NumberSet;
use crate::plan::{CallText, ColumnTest, Condition, DateTest, Negated, Operands, Question, RowSlot, TextTest};
use crate::schedule::Window;
use crate::source::Span;
use crate::syntax::ast::{self, Comparator, Predicate};
use crate::syntax::{DefinitionKind, MONTHS, WEEKDAYS};
use crate::types::Type;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

const MINUTES: u16 = 24 * 60;

/// A value of a call or of a row, by what tests may ask of it.
#[derive(Clone, Copy)]
pub(super) enum Tested {
    Number(Party),
    Country(Party),
    Text(TestedText),
    Attestation,
    Clock(ClockField),
    /// A column of whole numbers, or of numbers with a point.
    Figure {
        slot: RowSlot,
        column: usize,
        has_point: bool,
    },
    Boolean(RowSlot, usize),
}

/// Where a text comes from.
#[derive(Clone, Copy)]
pub(super) enum TestedText {
    OfCall(CallText),
    Column(RowSlot, usize),
}

impl Tested {
    pub fn of_field(field: Field) -> Self {
        match field {
            Field::Number(party) => Self::Number(party),
            Field::Country(party) => Self::Country(party),
            Field::Text(field) => Self::Text(TestedText::OfCall(CallText::Field(field))),
            Field::Trust(TrustField::Attestation) => Self::Attestation,
            Field::Clock(field) => Self::Clock(field),
        }
    }

    pub fn value_type(self) -> Type {
        match self {
            Self::Number(_) => Type::Number,
            Self::Country(_) => Type::Country,
            Self::Text(_) => Type::Text,
            Self::Attestation => Type::Attestation,
            Self::Clock(field) => field.value_type(),
            Self::Figure { has_point: false, .. } => Type::Integer,
            Self::Figure { has_point: true, .. } => Type::Decimal,
            Self::Boolean(..) => Type::Boolean,
        }
    }
}

impl TestedText {
    fn question(self, texts: BTreeSet<String>) -> Question {
        match self {
            Self::OfCall(text) => Question::Text(text, TextTest::Listed(texts)),
            Self::Column(slot, column) => Question::Column(slot, column, ColumnTest::Text(texts)),
        }
    }
}

impl<'a> Checker<'a, '_> {
    /// A test of a value.
    pub(super) fn value_test(
        &mut self,
        test: &'a ast::Test,
        predicate: &'a Predicate,
        tested: Tested,
    ) -> Checked<Condition> {
        match predicate {
            Predicate::Equality { negated, value, .. } => {
                self.one_value(test, *negated, value, tested.value_type())?;
                self.equality(test, value, tested, !negated)
            }
            Predicate::Membership { negated, value, .. } => {
                self.several_values(test, *negated, value, tested.value_type())?;
                let question = self.membership(test, value, tested)?;
                Ok(one(question, !negated, test.span))
            }
            Predicate::Comparison { comparator, value, comparator_span } => {
                if !tested.value_type().is_ordered() {
                    return Err(self.no_order(test, value, *comparator_span, tested));
                }
                self.one_value(test, false, value, tested.value_type())?;
                self.comparison(test, *comparator, value, *comparator_span, tested)
            }
            Predicate::Search { operator, value } => self.search(test, *operator, value, tested),
        }
    }

    /// `none`, where the plan does not call anything so.
    fn is_none(&self, value: &ast::Value) -> bool {
        let is_free = self.names.get("none").is_none() && !self.rows.iter().any(|(row, ..)| row.text == "none");
        is_free && value.as_word().is_some_and(|word| word.text == "none")
    }

    fn no_order(&mut self, test: &ast::Test, value: &ast::Value, comparator: Span, tested: Tested) -> Reported {
        self.mention(value);
        let subject = self.source.slice(test.subject.span);
        self.error(problems::no_order(subject, tested.value_type(), comparator))
    }

    /// Says that `is` takes one value, where a list, a range, a prefix or a set stands.
    fn one_value(&mut self, test: &ast::Test, negated: bool, value: &ast::Value, of: Type) -> Checked<()> {
        let several = match value {
            ast::Value::List(_) | ast::Value::Range(_) => true,
            ast::Value::Number(token) => token.text.ends_with('*'),
            ast::Value::Path(path) => {
                let kind = self.names.get(&path.name.text).map(|definition| definition.kind);
                matches!(kind, Some(DefinitionKind::Numbers | DefinitionKind::Days | DefinitionKind::Table))
                    && path.field.is_none()
            }
            ast::Value::Unreadable(unreadable, _) => return Err(unreadable.reported),
            ast::Value::Text(text) => of == Type::Number && is_local_prefix(text),
            ast::Value::Figure(_) | ast::Value::Moment { .. } => false,
        };
        if !several {
            return Ok(());
        }
        self.mention(value);
        if let ast::Value::List(list) = value {
            list.entries.iter().for_each(|entry| self.mention(entry));
        }
        let word = test.operator();
        let written = self.source.slice(word).to_owned();
        self.refuse(problems::is_takes_one(word, &written, negated, self.source.slice(value.span())))
    }

    /// Says that `in` takes a list or a range, where one value stands.
    fn several_values(&mut self, test: &ast::Test, negated: bool, value: &ast::Value, of: Type) -> Checked<()> {
        let single = match value {
            ast::Value::List(_) | ast::Value::Range(_) => false,
            ast::Value::Number(token) => !token.text.contains('*'),
            ast::Value::Figure(token) if is_range_of_figures(&token.text, of) => false,
            ast::Value::Text(text) => of != Type::Number || !is_local_prefix(text),
            ast::Value::Figure(_) | ast::Value::Moment { .. } => true,
            ast::Value::Path(path) => {
                let word = path.name.text.as_str();
                match self.names.get(word).map(|definition| definition.kind) {
                    Some(DefinitionKind::Numbers) => of != Type::Number,
                    Some(DefinitionKind::Days) => of != Type::Date,
                    Some(
                        kind @ (DefinitionKind::Agent
                        | DefinitionKind::Switch
                        | DefinitionKind::Attribute
                        | DefinitionKind::Condition
                        | DefinitionKind::Schedule
                        | DefinitionKind::Rotation
                        | DefinitionKind::Table),
                    ) => {
                        self.mention(value);
                        return self.refuse(problems::not_a_set(test, self.source, path, kind, of));
                    }
                    None if of == Type::Text && path.field.is_none() && self.names.unread(word).is_none() => {
                        return self.refuse(problems::word_for_texts(path.span, test.question(), negated, word));
                    }
                    None => is_value_word(word) || (of == Type::Attestation && Attestation::of_word(word).is_some()),
                }
            }
            ast::Value::Unreadable(unreadable, _) => return Err(unreadable.reported),
        };
        if !single {
            return Ok(());
        }
        self.mention(value);
        let word = test.operator();
        if let ast::Value::Text(text) = value
            && matches!(of, Type::Text | Type::Number)
            && let Some(texts) = several_texts(&text.value)
        {
            return self.refuse(problems::texts_in_one(word, negated, text.span, &texts));
        }
        let written = self.source.slice(value.span()).to_owned();
        let names_set = matches!(value, ast::Value::Path(path) if self.names.get(&path.name.text).is_some());
        self.refuse(match names_set {
            true => problems::set_of_other_type(self.source.slice(test.subject.span), of, value.span(), &written),
            false => problems::in_takes_several(word, negated, &written),
        })
    }

    fn equality(
        &mut self,
        test: &'a ast::Test,
        value: &'a ast::Value,
        tested: Tested,
        expected: bool,
    ) -> Checked<Condition> {
        let question = match tested {
            Tested::Number(party) if self.is_none(value) => match party.may_be_absent() {
                true => Question::Absent(party),
                false => return self.refuse(problems::never_none(self.source.slice(test.subject.span), value.span())),
            },
            Tested::Number(party) if party.may_be_absent() && is_blank_text(value) => {
                return self.refuse(problems::empty_for_none(value.span()));
            }
            Tested::Number(party) => {
                self.fits(test, value, Type::Number)?;
                let word = if expected { "in" } else { "not in" };
                let whole = test.question();
                let pattern = self.pattern(value, Some((whole, word)))?;
                Question::Number(party, Arc::new(NumberSet::from_patterns([&pattern])))
            }
            Tested::Country(party) => Question::Country(party, BTreeSet::from([self.country(test, value)?])),
            Tested::Text(text) => text.question(BTreeSet::from([self.text_value(test, value)?])),
            Tested::Attestation => Question::Attestation(1 << self.attestation(test, value)? as u8),
            Tested::Clock(ClockField::Time) => {
                let minute = self.time_value(test, value)?;
                let window = Window::new(minute, minute + 1).map_err(|_| self.told_before(value.span()))?;
                Question::Time(vec![window])
            }
            Tested::Clock(ClockField::Date) => {
                let date = self.date_value(test, value)?;
                self.dates.of_test(test, std::iter::once((date, value.span())));
                Question::Date(DateTest::Ranges(vec![date..=date]))
            }
            Tested::Clock(ClockField::Weekday) => Question::Weekday(1 << self.weekday_value(test, value)?),
            Tested::Clock(ClockField::Day) => Question::Day(1 << self.day_value(test, value)?),
            Tested::Clock(ClockField::Month) => Question::Month(1 << (self.month_value(test, value)? + 1)),
            Tested::Clock(ClockField::Now) => return self.is_moment(test, value, expected),
            Tested::Figure { slot, column, .. } => {
                let figure = self.figure_value(test, value, tested.value_type())?;
                Question::Column(slot, column, ColumnTest::Figure(vec![figure..=figure]))
            }
            Tested::Boolean(slot, column) => {
                let wanted = self.boolean(test, value)?;
                return Ok(one(Question::Column(slot, column, ColumnTest::Boolean), wanted == expected, test.span));
            }
        };
        Ok(one(question, expected, test.span))
    }

    fn membership(&mut self, test: &'a ast::Test, value: &'a ast::Value, tested: Tested) -> Checked<Question> {
        Ok(match tested {
            Tested::Number(party) => Question::Number(party, self.numbers_of(test, value)?),
            Tested::Country(party) => {
                let countries = self.entries(value, Type::Country, |checker, entry| checker.country(test, entry))?;
                Question::Country(party, countries.into_iter().collect())
            }
            Tested::Text(text) => {
                let texts = self.entries(value, Type::Text, |checker, entry| checker.text_value(test, entry))?;
                text.question(texts.into_iter().collect())
            }
            Tested::Attestation => {
                let among =
                    self.entries(value, Type::Attestation, |checker, entry| checker.attestation(test, entry))?;
                Question::Attestation(among.into_iter().fold(0, |bits, one| bits | 1 << one as u8))
            }
            Tested::Clock(ClockField::Time) => Question::Time(self.windows_of(test, value)?),
            Tested::Clock(ClockField::Date) => Question::Date(self.dates_of(test, value)?),
            Tested::Clock(ClockField::Weekday) => {
                let days =
                    self.words_of(value, &WEEKDAYS, "weekday", |checker, entry| checker.weekday_value(test, entry));
                Question::Weekday(days? as u8)
            }
            Tested::Clock(ClockField::Day) => Question::Day(self.days_of_month(test, value)?),
            Tested::Clock(ClockField::Month) => {
                let months = self.words_of(value, &MONTHS, "month", |checker, entry| checker.month_value(test, entry));
                Question::Month((months? << 1) as u16)
            }
            Tested::Clock(ClockField::Now) | Tested::Boolean(..) => {
                self.mention(value);
                let subject = self.source.slice(test.subject.span);
                return self.refuse(problems::no_list_for(subject, tested.value_type(), test.span));
            }
            Tested::Figure { slot, column, .. } => {
                let of = tested.value_type();
                let ranges = self.each(value, |checker, entry| checker.figure_range(test, entry, of))?;
                Question::Column(slot, column, ColumnTest::Figure(ranges))
            }
        })
    }

    fn comparison(
        &mut self,
        test: &'a ast::Test,
        comparator: Comparator,
        value: &'a ast::Value,
        comparator_span: Span,
        tested: Tested,
    ) -> Checked<Condition> {
        let question = match tested {
            Tested::Clock(ClockField::Time) => {
                let minute = self.time_value(test, value)?;
                Question::Time(window(comparator, minute).into_iter().collect())
            }
            Tested::Clock(ClockField::Date) => {
                let date = self.date_value(test, value)?;
                let before = Some(date).filter(|_| comparator != Comparator::Less).or(date.yesterday().ok());
                self.dates.of_test(test, std::iter::once((before.unwrap_or(date), value.span())));
                Question::Date(DateTest::Ranges(date_range(comparator, date).into_iter().collect()))
            }
            Tested::Clock(ClockField::Day) => Question::Day(day_mask(comparator, self.day_value(test, value)?)),
            Tested::Clock(ClockField::Now) => return self.compare_moment(test, comparator, value),
            Tested::Figure { slot, column, .. } => {
                let than = self.figure_value(test, value, tested.value_type())?;
                let (below, expected) = match comparator {
                    Comparator::Less => (true, true),
                    Comparator::AtLeast => (true, false),
                    Comparator::Greater => (false, true),
                    Comparator::AtMost => (false, false),
                };
                let question = Question::Column(slot, column, ColumnTest::Beyond { than, below });
                return Ok(one(question, expected, test.span));
            }
            Tested::Number(_)
            | Tested::Country(_)
            | Tested::Text(_)
            | Tested::Attestation
            | Tested::Clock(ClockField::Weekday | ClockField::Month)
            | Tested::Boolean(..) => return Err(self.no_order(test, value, comparator_span, tested)),
        };
        Ok(one(question, true, test.span))
    }

    /// `now is M`: from that minute up to the next.
    fn is_moment(&mut self, test: &'a ast::Test, value: &'a ast::Value, expected: bool) -> Checked<Condition> {
        let instant = self.moment_value(test, value)?;
        self.note_moment(test, value, next_minute(instant));
        let span = test.span;
        let both = [one(Question::From(instant), true, span), one(Question::From(next_minute(instant)), false, span)];
        let both = Condition::All(Operands { conditions: both.into(), connectives: Box::default(), span });
        Ok(if expected { both } else { Condition::Not(Negated { condition: Box::new(both), span }) })
    }

    /// `now` is known to the minute: after 08:00 is from 08:01 on.
    fn compare_moment(
        &mut self,
        test: &'a ast::Test,
        comparator: Comparator,
        value: &'a ast::Value,
    ) -> Checked<Condition> {
        let instant = self.moment_value(test, value)?;
        let (from, expected) = match comparator {
            Comparator::AtLeast => (instant, true),
            Comparator::Less => (instant, false),
            Comparator::Greater => (next_minute(instant), true),
            Comparator::AtMost => (next_minute(instant), false),
        };
        self.note_moment(test, value, from);
        Ok(one(Question::From(from), expected, test.span))
    }

    /// Notes the last day on which a test of `now` has not become constant, which it does at an
    /// instant.
    fn note_moment(&mut self, test: &ast::Test, value: &ast::Value, constant_from: jiff::Timestamp) {
        let before = constant_from.saturating_sub(jiff::SignedDuration::from_mins(1)).unwrap_or(jiff::Timestamp::MIN);
        let last = self.definitions.zone.read(before).date;
        self.dates.of_test(test, std::iter::once((last, value.span())));
    }
}

/// `""`
fn is_blank_text(value: &ast::Value) -> bool {
    value.as_text().is_some_and(|text| text.value.trim().is_empty())
}

/// The minutes of a day that compare so, if there are any.
fn window(comparator: Comparator, minute: u16) -> Option<Window> {
    let (first, end) = match comparator {
        Comparator::Less => (0, minute),
        Comparator::AtMost => (0, minute + 1),
        Comparator::Greater => (minute + 1, MINUTES),
        Comparator::AtLeast => (minute, MINUTES),
    };
    if first < end { Window::new(first, end).ok() } else { None }
}

/// The days of a month that compare so, a bit each: the first is bit 1.
fn day_mask(comparator: Comparator, day: u32) -> u32 {
    let below = (1_u64 << day) - 1;
    let mask = match comparator {
        Comparator::Less => below,
        Comparator::AtMost => below | 1 << day,
        Comparator::Greater => !(below | 1 << day),
        Comparator::AtLeast => !below,
    };
    (mask & 0xffff_fffe) as u32
}

fn date_range(comparator: Comparator, date: Date) -> Option<RangeInclusive<Date>> {
    match comparator {
        Comparator::Less => date.yesterday().ok().map(|last| Date::MIN..=last),
        Comparator::AtMost => Some(Date::MIN..=date),
        Comparator::Greater => date.tomorrow().ok().map(|first| first..=Date::MAX),
        Comparator::AtLeast => Some(date..=Date::MAX),
    }
}

fn next_minute(instant: jiff::Timestamp) -> jiff::Timestamp {
    instant.saturating_add(jiff::SignedDuration::from_mins(1)).unwrap_or(jiff::Timestamp::MAX)
}

/// The texts of `"east, west"`, which were meant as a list.
fn several_texts(text: &str) -> Option<Vec<&str>> {
    let texts: Vec<&str> = text.split([',', ';']).map(str::trim).filter(|text| !text.is_empty()).collect();
    (texts.len() > 1 && !text.contains(['"', '\\', '{', '}', '\n'])).then_some(texts)
}
