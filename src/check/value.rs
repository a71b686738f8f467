//! Tests on values: `is`, `in`, `<` and their like, for each type.

use super::Checker;
use super::figure::{MONTHS, WEEKDAYS};
use super::literal::is_range_of_figures;
use super::names::Kind;
use super::number::Entry;
use super::problems::tests as problems;
use super::redundant;
use super::test::{Target, one, party};
use crate::fields::Field;
use crate::phone::{Country, NumberSet};
use crate::plan::{ColumnTest, Condition, DateTest, Decimal, Negated, Operands, Question, TextField};
use crate::schedule::Window;
use crate::syntax::ast::{self, Comparator, Predicate};
use crate::types::Type;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

const MINUTES: u16 = 24 * 60;

impl<'a> Checker<'a, '_> {
    /// A test of a field or a column of this type.
    pub(super) fn value_test(
        &mut self,
        test: &'a ast::Test,
        predicate: &'a Predicate,
        of: Type,
        target: Target,
    ) -> Option<Condition> {
        match predicate {
            Predicate::Equality { negated, value, .. } => {
                self.one_value(test, *negated, value)?;
                self.equality(test, value, of, target, !negated)
            }
            Predicate::Membership { negated, value, .. } => {
                self.several_values(test, *negated, value, of)?;
                let question = self.membership(test, value, of, target)?;
                Some(one(question, !negated, test.span))
            }
            Predicate::Comparison { comparator, value, comparator_span } => {
                if !of.is_ordered() {
                    self.mention(value);
                    let subject = self.source.slice(test.subject.span);
                    self.problem(problems::no_order(subject, of, *comparator_span));
                    return None;
                }
                self.one_value(test, false, value)?;
                self.comparison(test, *comparator, value, of, target)
            }
        }
    }

    /// Says that `is` takes one value, where a list, a range, a prefix or a set stands.
    fn one_value(&mut self, test: &ast::Test, negated: bool, value: &ast::Value) -> Option<()> {
        let several = match value {
            ast::Value::List(_) | ast::Value::Range(_) => true,
            ast::Value::Number(token) => token.text.ends_with('*'),
            ast::Value::Path(path) => {
                let kind = self.names.get(&path.name.text).map(|definition| definition.kind);
                matches!(kind, Some(Kind::Numbers | Kind::Days | Kind::Table)) && path.field.is_none()
            }
            ast::Value::Unreadable(..) => return None,
            ast::Value::Text(_) | ast::Value::Figure(_) | ast::Value::Moment { .. } => false,
        };
        if !several {
            return Some(());
        }
        self.mention(value);
        if let ast::Value::List(list) = value {
            list.entries.iter().for_each(|entry| self.mention(entry));
        }
        let word = test.operator();
        let written = self.source.slice(word).to_owned();
        self.problem(problems::is_takes_one(word, &written, negated, self.source.slice(value.span())));
        None
    }

    /// Says that `in` takes a list or a range, where one value stands.
    fn several_values(&mut self, test: &ast::Test, negated: bool, value: &ast::Value, of: Type) -> Option<()> {
        let single = match value {
            ast::Value::List(_) | ast::Value::Range(_) => false,
            ast::Value::Number(token) => !token.text.contains('*'),
            ast::Value::Figure(token) if is_range_of_figures(&token.text, of) => false,
            ast::Value::Text(_) | ast::Value::Figure(_) | ast::Value::Moment { .. } => true,
            ast::Value::Path(path) => {
                let word = path.name.text.as_str();
                match self.names.get(word).map(|definition| definition.kind) {
                    Some(Kind::Numbers) => of != Type::Number,
                    Some(Kind::Days) => of != Type::Date,
                    Some(kind) => {
                        self.mention(value);
                        self.problem(problems::not_a_set(test, self.source, path, kind, of));
                        return None;
                    }
                    None if of == Type::Text && path.field.is_none() && !self.names.is_unread(word) => {
                        self.problem(problems::word_for_texts(path.span, test.question(), negated, word));
                        return None;
                    }
                    None => is_value_word(word),
                }
            }
            ast::Value::Unreadable(..) => return None,
        };
        if !single {
            return Some(());
        }
        self.mention(value);
        let word = test.operator();
        if let ast::Value::Text(text) = value
            && matches!(of, Type::Text | Type::Number)
            && let Some(texts) = several_texts(&text.value)
        {
            self.problem(problems::texts_in_one(word, negated, text.span, &texts));
            return None;
        }
        let written = self.source.slice(value.span()).to_owned();
        let names_set = matches!(value, ast::Value::Path(path) if self.names.get(&path.name.text).is_some());
        self.problem(match names_set {
            true => problems::set_of_other_type(self.source.slice(test.subject.span), of, value.span(), &written),
            false => problems::in_takes_several(word, negated, &written),
        });
        None
    }

    fn equality(
        &mut self,
        test: &'a ast::Test,
        value: &'a ast::Value,
        of: Type,
        target: Target,
        expected: bool,
    ) -> Option<Condition> {
        let question = match (of, target) {
            (Type::Moment, _) => return self.is_moment(test, value, expected),
            (Type::Number, Target::Field(field)) => {
                self.fits(test, value, of)?;
                let word = if expected { "in" } else { "not in" };
                let whole = test.question();
                let pattern = self.pattern(value, Some((whole, word)))?;
                Question::Number(party(field), Arc::new(NumberSet::from_patterns([&pattern])))
            }
            (Type::Text, target) => {
                let texts = BTreeSet::from([self.text_value(test, value, of)?]);
                text_question(target, texts)
            }
            (Type::Country, Target::Field(field)) => {
                Question::Country(party(field), BTreeSet::from([self.country(test, value)?]))
            }
            (Type::Time, _) => {
                let minute = self.time_value(test, value)?;
                Question::Time(Window::new(minute, minute + 1).ok().into_iter().collect())
            }
            (Type::Weekday, _) => Question::Weekday(1 << self.word_value(test, value, of)?),
            (Type::Month, _) => Question::Month(1 << (self.word_value(test, value, of)? + 1)),
            (Type::Day, _) => Question::Day(1 << self.day_value(test, value)?),
            (Type::Date, _) => {
                let date = self.date_value(test, value)?;
                self.dates.of_test(test, std::iter::once((date, value.span())));
                Question::Date(DateTest::Ranges(vec![date..=date]))
            }
            (Type::Integer | Type::Decimal, Target::Column(row, column)) => {
                let figure = self.figure_value(test, value, of)?;
                Question::Column(row, column, ColumnTest::Figure(vec![figure..=figure]))
            }
            (Type::Boolean, Target::Column(row, column)) => {
                let wanted = self.boolean(test, value)?;
                return Some(one(Question::Column(row, column, ColumnTest::Boolean), wanted == expected, test.span));
            }
            // No field or column has these; agents and schedules were taken before.
            (
                Type::Number
                | Type::Country
                | Type::Integer
                | Type::Decimal
                | Type::Boolean
                | Type::Agent
                | Type::Schedule,
                _,
            ) => return None,
        };
        Some(one(question, expected, test.span))
    }

    fn membership(&mut self, test: &'a ast::Test, value: &'a ast::Value, of: Type, target: Target) -> Option<Question> {
        Some(match (of, target) {
            (Type::Number, Target::Field(field)) => Question::Number(party(field), self.numbers_of(test, value)?),
            (Type::Text, target) => {
                let texts = self.entries(value, of, |checker, entry| checker.text_value(test, entry, of))?;
                text_question(target, texts.into_iter().collect())
            }
            (Type::Country, Target::Field(field)) => {
                let countries = self.entries(value, of, |checker, entry| checker.country(test, entry))?;
                Question::Country(party(field), countries.into_iter().collect())
            }
            (Type::Time, _) => {
                let windows = self.each(value, |checker, entry| match entry {
                    ast::Value::Range(range) => {
                        checker.fits(test, &range.low, of)?;
                        checker.time_range(range).map(|window| (window, range.high.span()))
                    }
                    other => {
                        checker.problem(problems::window_expected(other.span()));
                        None
                    }
                })?;
                self.warn_of_minutes_between(&windows);
                Question::Time(windows.into_iter().map(|(window, _)| window).collect())
            }
            (Type::Weekday, _) => Question::Weekday(self.words_of(test, value, of, &WEEKDAYS)? as u8),
            (Type::Month, _) => Question::Month((self.words_of(test, value, of, &MONTHS)? << 1) as u16),
            (Type::Day, _) => Question::Day(self.days_of_month(test, value)?),
            (Type::Date, _) => Question::Date(self.dates_of(test, value)?),
            (Type::Integer | Type::Decimal, Target::Column(row, column)) => {
                let ranges = self.each(value, |checker, entry| checker.figure_range(test, entry, of))?;
                Question::Column(row, column, ColumnTest::Figure(ranges))
            }
            (Type::Moment | Type::Boolean, _) => {
                let subject = self.source.slice(test.subject.span);
                self.problem(problems::no_list_for(subject, of, test.span));
                return None;
            }
            (Type::Number | Type::Country | Type::Integer | Type::Decimal | Type::Agent | Type::Schedule, _) => {
                return None;
            }
        })
    }

    fn comparison(
        &mut self,
        test: &'a ast::Test,
        comparator: Comparator,
        value: &'a ast::Value,
        of: Type,
        target: Target,
    ) -> Option<Condition> {
        let question = match (of, target) {
            (Type::Time, _) => {
                let minute = self.time_value(test, value)?;
                Question::Time(window(comparator, minute).into_iter().collect())
            }
            (Type::Date, _) => {
                let date = self.date_value(test, value)?;
                let before = Some(date).filter(|_| comparator != Comparator::Less).or(date.yesterday().ok());
                self.dates.of_test(test, std::iter::once((before.unwrap_or(date), value.span())));
                Question::Date(DateTest::Ranges(date_range(comparator, date).into_iter().collect()))
            }
            (Type::Day, _) => {
                let day = self.day_value(test, value)?;
                Question::Day(day_mask(comparator, day))
            }
            (Type::Moment, _) => return self.compare_moment(test, comparator, value),
            (Type::Integer | Type::Decimal, Target::Column(row, column)) => {
                let than = self.figure_value(test, value, of)?;
                let (below, expected) = match comparator {
                    Comparator::Less => (true, true),
                    Comparator::AtLeast => (true, false),
                    Comparator::Greater => (false, true),
                    Comparator::AtMost => (false, false),
                };
                return Some(one(
                    Question::Column(row, column, ColumnTest::Beyond { than, below }),
                    expected,
                    test.span,
                ));
            }
            (
                Type::Number
                | Type::Text
                | Type::Weekday
                | Type::Month
                | Type::Country
                | Type::Boolean
                | Type::Agent
                | Type::Schedule
                | Type::Integer
                | Type::Decimal,
                _,
            ) => return None,
        };
        Some(one(question, true, test.span))
    }

    /// `now is M`: from that minute up to the next.
    fn is_moment(&mut self, test: &'a ast::Test, value: &'a ast::Value, expected: bool) -> Option<Condition> {
        let instant = self.moment_value(test, value)?;
        self.note_moment(test, value, next_minute(instant));
        let span = test.span;
        let both = [one(Question::From(instant), true, span), one(Question::From(next_minute(instant)), false, span)];
        let both = Condition::All(Operands { conditions: both.into(), connectives: Box::default(), span });
        Some(if expected { both } else { Condition::Not(Negated { condition: Box::new(both), span }) })
    }

    /// `now` is known to the minute: after 08:00 is from 08:01 on.
    fn compare_moment(
        &mut self,
        test: &'a ast::Test,
        comparator: Comparator,
        value: &'a ast::Value,
    ) -> Option<Condition> {
        let instant = self.moment_value(test, value)?;
        let (from, expected) = match comparator {
            Comparator::AtLeast => (instant, true),
            Comparator::Less => (instant, false),
            Comparator::Greater => (next_minute(instant), true),
            Comparator::AtMost => (next_minute(instant), false),
        };
        self.note_moment(test, value, from);
        Some(one(Question::From(from), expected, test.span))
    }

    /// Notes the last day on which a test of `now` has not become constant, which it does at an instant.
    fn note_moment(&mut self, test: &ast::Test, value: &ast::Value, constant_from: jiff::Timestamp) {
        let before = constant_from.saturating_sub(jiff::SignedDuration::from_mins(1)).unwrap_or(jiff::Timestamp::MIN);
        let last = self.definitions.zone.read(before).date;
        self.dates.of_test(test, std::iter::once((last, value.span())));
    }

    fn numbers_of(&mut self, test: &'a ast::Test, value: &'a ast::Value) -> Option<Arc<NumberSet>> {
        match value {
            ast::Value::List(list) => {
                list.entries.iter().try_for_each(|entry| self.fits(test, entry, Type::Number))?;
                let entries = self.number_entries(list);
                let names_sets = entries.iter().any(|(entry, _)| matches!(entry, Entry::Set(_)));
                let set = self.number_set(&entries);
                Some(if names_sets { self.counted(set, "[ … ]", list.span) } else { set })
            }
            ast::Value::Path(path) if path.name.text != "anonymous" => {
                let number = self.set_of_numbers(&path.name)?;
                self.number_sets.get(number).cloned()
            }
            other => {
                self.fits(test, other, Type::Number)?;
                let pattern = self.pattern(other, None)?;
                Some(Arc::new(NumberSet::from_patterns([&pattern])))
            }
        }
    }

    fn dates_of(&mut self, test: &'a ast::Test, value: &'a ast::Value) -> Option<DateTest> {
        if let ast::Value::Path(path) = value {
            let number = self.names.expect(&path.name, Kind::Days, self.problems)?;
            return self.day_sets.get(number).cloned().flatten().map(DateTest::Set);
        }
        let ranges = self.each(value, |checker, entry| match entry {
            ast::Value::Range(range) => {
                let (first, last) = (checker.date_value(test, &range.low), checker.date_value(test, &range.high));
                let (first, last) = (first?, last?);
                checker.date_order(range, first, last)?;
                Some((first..=last, range.low.span().to(range.high.span())))
            }
            other => checker.date_value(test, other).map(|date| (date..=date, other.span())),
        })?;
        self.dates.of_test(test, ranges.iter().map(|(range, span)| (*range.end(), *span)));
        Some(DateTest::Ranges(ranges.into_iter().map(|(range, _)| range).collect()))
    }

    fn days_of_month(&mut self, test: &'a ast::Test, value: &'a ast::Value) -> Option<u32> {
        let ranges = self.each(value, |checker, entry| match entry {
            ast::Value::Range(range) => {
                let (first, last) = (checker.day_value(test, &range.low), checker.day_value(test, &range.high));
                let (first, last) = (first?, last?);
                let span = range.low.span().to(range.high.span());
                if range.mark == ast::RangeMark::Dash {
                    checker.problem(super::problems::dates::wrong_mark(range.mark_span, "days of the month", ".."));
                    return None;
                }
                if first > last {
                    checker.problem(super::problems::dates::days_backwards(span, &format!("{last}..{first}")));
                    return None;
                }
                Some(first..=last)
            }
            other => checker.day_value(test, other).map(|day| day..=day),
        })?;
        Some(ranges.into_iter().flatten().fold(0, |mask, day| mask | 1 << day))
    }

    /// Weekdays or months as a mask, bit 0 for the first.
    fn words_of(
        &mut self,
        test: &'a ast::Test,
        value: &'a ast::Value,
        of: Type,
        words: &[&'static str],
    ) -> Option<u32> {
        let count = words.len();
        let masks = self.each(value, |checker, entry| match entry {
            ast::Value::Range(range) => {
                let what = if of == Type::Weekday { "weekday" } else { "month" };
                let (first, last) = match (&range.low, &range.high) {
                    (ast::Value::Path(low), ast::Value::Path(high)) => {
                        checker.word_range([&low.name, &high.name], words, what)?
                    }
                    (low, high) => {
                        let (first, last) = (checker.word_value(test, low, of), checker.word_value(test, high, of));
                        first.zip(last)?
                    }
                };
                if range.mark == ast::RangeMark::Dots {
                    checker.problem(super::problems::dates::wrong_mark(
                        range.mark_span,
                        if of == Type::Weekday { "weekdays" } else { "months" },
                        "-",
                    ));
                    return None;
                }
                let length = (last + count - first) % count;
                Some((0..=length).fold(0_u32, |mask, step| mask | 1 << ((first + step) % count)))
            }
            other => checker.word_value(test, other, of).map(|word| 1_u32 << word),
        })?;
        Some(masks.into_iter().fold(0, |all, mask| all | mask))
    }

    fn figure_range(&mut self, test: &ast::Test, entry: &ast::Value, of: Type) -> Option<RangeInclusive<Decimal>> {
        match entry {
            ast::Value::Range(range) => {
                let (low, high) = (self.figure_value(test, &range.low, of), self.figure_value(test, &range.high, of));
                let (low, high) = (low?, high?);
                let span = range.low.span().to(range.high.span());
                if range.mark == ast::RangeMark::Dash {
                    self.problem(super::problems::dates::wrong_mark(range.mark_span, "numbers", ".."));
                    return None;
                }
                if low > high {
                    self.problem(super::problems::dates::days_backwards(span, &format!("{high}..{low}")));
                    return None;
                }
                Some(low..=high)
            }
            other => self.figure_value(test, other, of).map(|figure| figure..=figure),
        }
    }

    /// Every entry of a list, or the one range that stands without brackets.
    fn each<T>(
        &mut self,
        value: &'a ast::Value,
        mut read: impl FnMut(&mut Self, &'a ast::Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        match value {
            ast::Value::List(list) => {
                let entries: Vec<Option<T>> = list.entries.iter().map(|entry| read(self, entry)).collect();
                self.warn_of_doubles(list);
                entries.into_iter().collect()
            }
            other => read(self, other).map(|entry| vec![entry]),
        }
    }

    /// Every entry of a list of values that have no ranges.
    fn entries<T>(
        &mut self,
        value: &'a ast::Value,
        of: Type,
        mut read: impl FnMut(&mut Self, &'a ast::Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.each(value, |checker, entry| match entry {
            ast::Value::Range(range) => {
                checker.problem(problems::no_range_of(of, range.low.span().to(range.high.span())));
                None
            }
            other => read(checker, other),
        })
    }

    fn warn_of_doubles(&mut self, list: &ast::List) {
        let written = list.entries.iter().map(|entry| (self.source.slice(entry.span()), entry.span()));
        redundant::values(self.source, list, written, self.problems);
    }
}

fn text_question(target: Target, texts: BTreeSet<String>) -> Question {
    match target {
        Target::Field(Field::Organization) => Question::Text(TextField::Organization, texts),
        Target::Field(_) => Question::Text(TextField::Trunk, texts),
        Target::Column(row, column) => Question::Column(row, column, ColumnTest::Text(texts)),
    }
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

/// A word that is a value by itself, so that `in` cannot take it.
fn is_value_word(word: &str) -> bool {
    matches!(word, "anonymous" | "unknown" | "true" | "false" | "null")
        || WEEKDAYS.contains(&word)
        || MONTHS.contains(&word)
        || Country::parse(word).is_some()
}

/// The texts of `"east, west"`, which were meant as a list.
fn several_texts(text: &str) -> Option<Vec<&str>> {
    let texts: Vec<&str> = text.split([',', ';']).map(str::trim).filter(|text| !text.is_empty()).collect();
    (texts.len() > 1 && !text.contains(['"', '\\', '{', '}', '\n'])).then_some(texts)
}
