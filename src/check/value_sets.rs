//! The sets of values that stand behind `in`, for each type.

use super::number::NumberEntry;
use super::problems::{dates, tests as problems};
use super::{Checked, Checker, redundant};
use crate::phone::NumberSet;
use crate::plan::{DateTest, Decimal};
use crate::schedule::Window;
use crate::syntax::{DefinitionKind, ast};
use crate::types::Type;
use std::ops::RangeInclusive;
use std::sync::Arc;

impl<'a> Checker<'a, '_> {
    pub fn numbers_of(&mut self, test: &'a ast::Test, value: &'a ast::Value) -> Checked<Arc<NumberSet>> {
        match value {
            ast::Value::List(list) => {
                list.entries.iter().try_for_each(|entry| self.fits(test, entry, Type::Number))?;
                let entries = self.number_entries(list);
                let names_sets = entries.iter().any(|(entry, _)| matches!(entry, NumberEntry::Set(_)));
                let set = self.number_set(&entries);
                Ok(if names_sets { self.counted(set, "[ … ]", list.span) } else { set })
            }
            ast::Value::Path(path) if path.name.text != "anonymous" && path.field.is_none() => {
                let number = self.set_of_numbers(&path.name)?;
                let set = self.number_sets.get(number).cloned();
                set.ok_or_else(|| self.told_before(path.span))
            }
            ast::Value::Number(_)
            | ast::Value::Text(_)
            | ast::Value::Figure(_)
            | ast::Value::Path(_)
            | ast::Value::Range(_)
            | ast::Value::Moment { .. }
            | ast::Value::Unreadable(..) => {
                self.fits(test, value, Type::Number)?;
                let pattern = self.pattern(value, None)?;
                Ok(Arc::new(NumberSet::from_patterns([&pattern])))
            }
        }
    }

    pub fn windows_of(&mut self, test: &'a ast::Test, value: &'a ast::Value) -> Checked<Vec<Window>> {
        let windows = self.each(value, |checker, entry| match entry {
            ast::Value::Range(range) => checker.time_range(test, range).map(|window| (window, range.high.span())),
            ast::Value::Unreadable(unreadable, _) => Err(unreadable.reported),
            ast::Value::Path(_) => Err(checker.no_value(test, entry, Type::Time)),
            ast::Value::Number(_)
            | ast::Value::Text(_)
            | ast::Value::Figure(_)
            | ast::Value::Moment { .. }
            | ast::Value::List(_) => checker.refuse(problems::window_expected(entry.span())),
        })?;
        self.warn_of_minutes_between(&windows);
        Ok(windows.into_iter().map(|(window, _)| window).collect())
    }

    pub fn dates_of(&mut self, test: &'a ast::Test, value: &'a ast::Value) -> Checked<DateTest> {
        if let ast::Value::Path(path) = value {
            let word = self.word(test, value, Type::Date)?;
            let number = self.names.expect(word, DefinitionKind::Days, self.problems)?;
            return self.day_set(number, path.span).map(DateTest::Set);
        }
        let ranges = self.each(value, |checker, entry| {
            let ast::Value::Range(range) = entry else {
                return checker.date_value(test, entry).map(|date| (date..=date, entry.span()));
            };
            let (first, last) = (checker.date_value(test, &range.low), checker.date_value(test, &range.high));
            let (first, last) = (first?, last?);
            checker.date_order(range, first, last)?;
            Ok((first..=last, range.low.span().to(range.high.span())))
        })?;
        self.dates.of_test(test, ranges.iter().map(|(range, span)| (*range.end(), *span)));
        Ok(DateTest::Ranges(ranges.into_iter().map(|(range, _)| range).collect()))
    }

    pub fn days_of_month(&mut self, test: &'a ast::Test, value: &'a ast::Value) -> Checked<u32> {
        let ranges = self.each(value, |checker, entry| {
            let ast::Value::Range(range) = entry else {
                return checker.day_value(test, entry).map(|day| day..=day);
            };
            let (first, last) = (checker.day_value(test, &range.low), checker.day_value(test, &range.high));
            let (first, last) = (first?, last?);
            if range.mark == ast::RangeMark::Dash {
                return checker.refuse(dates::wrong_mark(range.mark_span, "days of the month", ".."));
            }
            if first > last {
                let span = range.low.span().to(range.high.span());
                return checker.refuse(dates::days_backwards(span, &format!("{last}..{first}")));
            }
            Ok(first..=last)
        })?;
        Ok(ranges.into_iter().flatten().fold(0, |mask, day| mask | 1 << day))
    }

    /// Weekdays or months as a mask, bit 0 for the first.
    pub fn words_of(
        &mut self,
        value: &'a ast::Value,
        words: &[&'static str],
        what: &str,
        read: impl Fn(&mut Self, &'a ast::Value) -> Checked<usize>,
    ) -> Checked<u32> {
        let count = words.len();
        let masks = self.each(value, |checker, entry| {
            let ast::Value::Range(range) = entry else { return read(checker, entry).map(|word| 1_u32 << word) };
            let (first, last) = match [&range.low, &range.high].map(ast::Value::as_word) {
                [Some(low), Some(high)] => checker.word_range([low, high], words, what)?,
                [None, _] | [_, None] => {
                    let (first, last) = (read(checker, &range.low), read(checker, &range.high));
                    (first?, last?)
                }
            };
            if range.mark == ast::RangeMark::Dots {
                return checker.refuse(dates::wrong_mark(range.mark_span, &format!("{what}s"), "-"));
            }
            let length = (last + count - first) % count;
            Ok((0..=length).fold(0_u32, |mask, step| mask | 1 << ((first + step) % count)))
        })?;
        Ok(masks.into_iter().fold(0, |all, mask| all | mask))
    }

    pub fn figure_range(&mut self, test: &ast::Test, entry: &ast::Value, of: Type) -> Checked<RangeInclusive<Decimal>> {
        let ast::Value::Range(range) = entry else {
            return self.figure_value(test, entry, of).map(|figure| figure..=figure);
        };
        let (low, high) = (self.figure_value(test, &range.low, of), self.figure_value(test, &range.high, of));
        let (low, high) = (low?, high?);
        if range.mark == ast::RangeMark::Dash {
            return self.refuse(dates::wrong_mark(range.mark_span, "numbers", ".."));
        }
        if low > high {
            let span = range.low.span().to(range.high.span());
            return self.refuse(dates::days_backwards(span, &format!("{high}..{low}")));
        }
        Ok(low..=high)
    }

    /// Every entry of a list, or the one range that stands without brackets.
    pub fn each<T>(
        &mut self,
        value: &'a ast::Value,
        mut read: impl FnMut(&mut Self, &'a ast::Value) -> Checked<T>,
    ) -> Checked<Vec<T>> {
        let ast::Value::List(list) = value else { return read(self, value).map(|entry| vec![entry]) };
        let entries: Vec<Checked<T>> = list.entries.iter().map(|entry| read(self, entry)).collect();
        self.warn_of_doubles(list);
        entries.into_iter().collect()
    }

    /// Every entry of a list of values that have no ranges.
    pub fn entries<T>(
        &mut self,
        value: &'a ast::Value,
        of: Type,
        mut read: impl FnMut(&mut Self, &'a ast::Value) -> Checked<T>,
    ) -> Checked<Vec<T>> {
        self.each(value, |checker, entry| {
            let ast::Value::Range(range) = entry else { return read(checker, entry) };
            checker.refuse(problems::no_range_of(of, range.low.span().to(range.high.span())))
        })
    }

    fn warn_of_doubles(&mut self, list: &ast::List) {
        let written = list.entries.iter().map(|entry| (self.source.slice(entry.span()), entry.span()));
        redundant::values(self.source, list, written, self.problems);
    }
}
