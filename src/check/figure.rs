//! Figures as the language reads them: whole numbers, versions, times, dates, days of the year.

use super::problems::dates as problems;
use super::{Checked, Checker};
use crate::diagnostics::Grade;
use crate::plan::Decimal;
use crate::schedule::{Moment, MonthDay, Weekdays, Zone};
use crate::suggest::nearest;
use crate::syntax::{MONTH_NAMES, MONTHS, WEEKDAY_NAMES, WEEKDAYS, ast, day_and_month};
use jiff::civil::{Date, Weekday};

/// Other short forms of days and months that people write, with the words of the language.
const SHORTENED: [(&str, &str); 2] = [("thu", "thur"), ("sep", "sept")];

impl Checker<'_, '_> {
    /// Minutes since midnight; `24:00` is 1440, for the caller to judge.
    pub(super) fn time(&mut self, token: &ast::Token) -> Checked<u16> {
        let read = read_time(&token.text);
        read.ok_or_else(|| self.error(problems::bad_time(&token.text, token.span, corrected_time(&token.text))))
    }

    /// A time that is not the end of a window.
    pub(super) fn time_of_day(&mut self, token: &ast::Token) -> Checked<u16> {
        let minute = self.time(token)?;
        if minute == 24 * 60 {
            return self.refuse(problems::midnight(token.span));
        }
        Ok(minute)
    }

    pub(super) fn date(&mut self, token: &ast::Token) -> Checked<Date> {
        if let Some(date) = read_date(&token.text) {
            return Ok(date);
        }
        if let Some((month, day)) = read_month_day(&token.text) {
            let replacement = format!("every {month:02}-{day:02}");
            return self.refuse(problems::yearly_without_every(&token.text, token.span, &replacement));
        }
        if let Some(problem) = day_and_month(token.span, &token.text) {
            return self.refuse(problem);
        }
        self.refuse(match beyond_month(&token.text) {
            Some((month, days)) => problems::beyond_month(&token.text, token.span, &month, &days),
            None => problems::bad_date(&token.text, token.span, "date", corrected_date(&token.text)),
        })
    }

    /// A day of the year, after `every`.
    pub(super) fn month_day(&mut self, token: &ast::Token) -> Checked<MonthDay> {
        if let Some(date) = read_date(&token.text) {
            let replacement = format!("{:02}-{:02}", date.month(), date.day());
            return self.refuse(problems::every_with_year(&token.text, token.span, &replacement));
        }
        let read = read_month_day(&token.text).and_then(|(month, day)| MonthDay::new(month, day));
        if let Some(read) = read {
            return Ok(read);
        }
        // A leap year, since 29 February is a day of the year.
        self.refuse(match beyond_month(&format!("2000-{}", token.text)) {
            Some((month, days)) => {
                let month = month.split(' ').next().unwrap_or_default();
                problems::beyond_month(&token.text, token.span, month, &days)
            }
            None => problems::bad_day_of_year(&token.text, token.span),
        })
    }

    /// A date and a time in the plan's zone, as an instant.
    pub(super) fn moment(&mut self, date: &ast::Token, time: &ast::Token, zone: &Zone) -> Checked<jiff::Timestamp> {
        let (read_date, minute) = (self.date(date), self.time_of_day(time));
        let moment = Moment { date: read_date?, minute: minute? };
        match zone.instant(moment) {
            Ok(instant) => Ok(instant),
            Err(skipped) => {
                let after = skipped.first_after;
                let replacement = format!("{} {:02}:{:02}", after.date, after.minute / 60, after.minute % 60);
                self.refuse(problems::skipped_time(date.span.to(time.span), zone.name(), &replacement))
            }
        }
    }

    pub(super) fn day_of_month(&mut self, token: &ast::Token) -> Checked<u32> {
        let read = token.text.parse().ok().filter(|day| (1..=31).contains(day));
        read.ok_or_else(|| self.error(problems::bad_day(&token.text, token.span)))
    }

    /// A weekday by its word, from 0 for Monday.
    pub(super) fn weekday(&mut self, token: &ast::Token) -> Checked<usize> {
        self.word_of(token, &WEEKDAYS, "weekday")
    }

    /// A month by its word, from 0 for January.
    pub(super) fn month(&mut self, token: &ast::Token) -> Checked<usize> {
        self.word_of(token, &MONTHS, "month")
    }

    /// Both ends of a range of words; `monday-friday` is one mistake.
    pub(super) fn word_range(
        &mut self,
        ends: [&ast::Token; 2],
        words: &[&'static str],
        what: &str,
    ) -> Checked<(usize, usize)> {
        let known = |token: &ast::Token| words.contains(&token.text.as_str());
        let near = ends.map(|end| graded_word(&end.text, words));
        if let [Some((low, low_grade)), Some((high, high_grade))] = near
            && !ends.into_iter().all(known)
        {
            let span = ends[0].span.to(ends[1].span);
            let written = self.source.slice(span).to_owned();
            let what = format!("range of {what}s");
            let grade = low_grade.max(high_grade);
            return self.refuse(problems::not_a_day(&written, span, &what, Some((&format!("{low}-{high}"), grade))));
        }
        let [low, high] = ends.map(|end| self.word_of(end, words, what));
        Ok((low?, high?))
    }

    pub(super) fn word_of(&mut self, token: &ast::Token, words: &[&'static str], what: &str) -> Checked<usize> {
        let read = words.iter().position(|word| *word == token.text);
        read.ok_or_else(|| {
            self.error(problems::not_a_day(&token.text, token.span, what, graded_word(&token.text, words)))
        })
    }
}

/// The word that a longer or misspelled one stands for: `monday`, `Thurs`, `sept`.
pub(super) fn near_word(written: &str, words: &[&'static str]) -> Option<&'static str> {
    let lower = written.to_ascii_lowercase();
    let starts = words.iter().find(|word| lower.starts_with(**word) && written.is_ascii()).copied();
    starts.or_else(|| nearest(written, words.iter().copied()))
}

/// The same, with how far it may be written without asking: a name written out is that day or
/// month, a misspelled one could be another.
pub(super) fn graded_word(written: &str, words: &[&'static str]) -> Option<(&'static str, Grade)> {
    let word = near_word(written, words)?;
    Some((word, if is_written_out(written, word) { Grade::Safe } else { Grade::Suggestion }))
}

/// `Mon`, `monday`, `Mondays`, `Thurs`, `sept`.
fn is_written_out(written: &str, word: &str) -> bool {
    let lower = written.to_ascii_lowercase();
    let one = lower.strip_suffix('s').unwrap_or(&lower);
    let is_named = |name: &str| one.eq_ignore_ascii_case(name) || lower.eq_ignore_ascii_case(name);
    let in_full = || WEEKDAY_NAMES.iter().chain(&MONTH_NAMES).any(|(short, name)| *short == word && is_named(name));
    let shortened = || SHORTENED.iter().any(|(short, name)| *short == word && is_named(name));
    one == word || lower == word || in_full() || shortened()
}

/// From 0 for Monday.
pub(super) fn weekday_of(number: usize) -> Weekday {
    Weekday::from_monday_zero_offset(number as i8 % 7).unwrap_or(Weekday::Monday)
}

/// A range of weekdays by their numbers.
pub(super) fn weekdays_of(first: usize, last: usize) -> Weekdays {
    Weekdays::new(weekday_of(first), weekday_of(last))
}

/// `9:00` and `09:00`, up to `24:00`.
pub(super) fn read_time(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |text: &str, lengths: std::ops::RangeInclusive<usize>| -> Option<u16> {
        let fits = lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse().ok()).flatten()
    };
    let (hour, minute) = (digits(hour, 1..=2)?, digits(minute, 2..=2)?);
    ((hour < 24 && minute < 60) || (hour == 24 && minute == 0)).then_some(hour * 60 + minute)
}

/// What `9am`, `5pm`, `17`, `9.30`, `0900`, `5:30pm` were to be.
pub(super) fn corrected_time(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let (digits, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (lower.strip_suffix('h').unwrap_or(&lower), None),
    };
    let (hour, minute) = match digits.split_once([':', '.', 'h']) {
        Some((hour, minute)) => (hour, minute),
        None if digits.len() >= 3 && digits.len() <= 4 => digits.split_at(digits.len() - 2),
        None => (digits, "00"),
    };
    let minute = minute.split(':').next().unwrap_or(minute);
    // `9.5` is half past nine to some.
    if minute.len() != 2 {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    let corrected = format!("{hour:02}:{minute:02}");
    (hour < 24 && read_time(&corrected).is_some()).then_some(corrected)
}

pub(super) fn read_date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(year) && digits(month) && digits(day)) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// The month, with its days, of a day that is too late for it: `2027-02-30`.
fn beyond_month(text: &str) -> Option<(String, String)> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let first = read_date(&format!("{year}-{month}-01"))?;
    let is_late = day.len() == 2 && day.parse::<i8>().is_ok_and(|day| day > first.days_in_month());
    let name = MONTH_NAMES.get(first.month() as usize - 1)?.1.to_ascii_lowercase();
    is_late.then(|| (format!("{name} {year}"), first.days_in_month().to_string()))
}

/// What `2026-3-1` was to be.
fn corrected_date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let (year, month, day): (i16, i8, i8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    if !(1000..=9999).contains(&year) {
        return None;
    }
    Date::new(year, month, day).ok().map(|date| date.to_string())
}

/// `12-24`, both parts in range for some month.
pub(super) fn read_month_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    let digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(month) && digits(day)) {
        return None;
    }
    let (month, day): (i8, i8) = (month.parse().ok()?, day.parse().ok()?);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((month, day))
}

/// `3`, `-0.5`, with whether it has a point.
pub(super) fn read_decimal(text: &str) -> Option<(Decimal, bool)> {
    Decimal::parse(text)
}

/// `007`: as a number it would lose its zeros.
pub(super) fn has_leading_zero(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with('0') && digits[1..].starts_with(|c: char| c.is_ascii_digit())
}
