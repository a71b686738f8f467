//! Days as schedules and `days` name them.

use super::figure::{graded_word, read_date, read_month_day, weekdays_of};
use super::problems::{dates as problems, names as name_problems, tests as test_problems};
use super::{Checked, Checker};
use crate::diagnostics::Grade;
use crate::schedule::{Days, EasterDay, EveryWeeks, Ordinal, OrdinalDay, Reckoning, Weekdays};
use crate::source::Span;
use crate::syntax::{DefinitionKind, WEEKDAYS, ast, changed_hours, holiday_by_name};

/// What an entry names.
pub(super) enum DayEntry {
    Days(Days),
    /// The set of days of this number.
    Set(usize),
}

impl Checker<'_, '_> {
    /// One entry of `days`, or of a schedule's line.
    pub(super) fn day(&mut self, day: &ast::Day, in_line: bool) -> Checked<DayEntry> {
        match &day.kind {
            ast::DayKind::Plain { value, weekdays } => {
                let only = weekdays.as_ref().map(|weekdays| (weekdays, self.weekdays(weekdays)));
                self.plain_day(value, only, in_line)
            }
            ast::DayKind::Every { value, weekdays } => {
                let only = weekdays.as_ref().map(|weekdays| self.weekdays(weekdays));
                let days = self.yearly(value, only.and_then(Checked::ok));
                only.transpose()?;
                days.map(DayEntry::Days)
            }
            ast::DayKind::EveryWeeks { count, from, weekdays } => {
                let weekdays = weekdays.as_ref().map(|weekdays| self.weekdays(weekdays));
                let (count, from) = match read_month_day(&from.text) {
                    Some(_) => (Ok(0), self.refuse(problems::weeks_from_no_year(&from.text, from.span))),
                    None => (self.count_of_weeks(count), self.date(from)),
                };
                let every = EveryWeeks { weeks: count?, from: from?, weekdays: weekdays.transpose()? };
                Ok(DayEntry::Days(Days::Weeks(every)))
            }
            ast::DayKind::Easter { offset, orthodox, easter } => self.easter(offset.as_ref(), *orthodox, easter),
            ast::DayKind::Ordinal { offset, which, weekdays, month } => {
                let offset = self.offset(offset.as_ref());
                let weekdays = self.weekdays(weekdays);
                let month = if month.text == "month" { None } else { Some(self.month(month)? as i8 + 1) };
                let ordinal = ordinal(&which.text).ok_or_else(|| self.told_before(which.span))?;
                Ok(DayEntry::Days(Days::Ordinal(OrdinalDay { ordinal, weekdays: weekdays?, month, offset: offset? })))
            }
        }
    }

    pub(super) fn weekdays(&mut self, weekdays: &ast::Weekdays) -> Checked<Weekdays> {
        let first = self.weekday(&weekdays.first);
        let last = weekdays.last.as_ref().map_or(first, |last| self.weekday(last));
        Ok(weekdays_of(first?, last?))
    }

    fn plain_day(
        &mut self,
        value: &ast::Value,
        only: Option<(&ast::Weekdays, Checked<Weekdays>)>,
        in_line: bool,
    ) -> Checked<DayEntry> {
        match value {
            ast::Value::Figure(token) => {
                let date = self.date(token)?;
                let only = only.map(|(_, only)| only).transpose()?;
                Ok(DayEntry::Days(Days::Dates { first: date, last: date, only }))
            }
            ast::Value::Path(path) if path.field.is_none() => {
                let word = &path.name;
                if word.text == "easter"
                    && let Some((weekdays, _)) = &only
                    && let Some(problem) =
                        holiday_by_name(self.source.slice(word.span.to(weekdays.span)), word.span.to(weekdays.span))
                {
                    return self.refuse(problem);
                }
                if let Some(number) = WEEKDAYS.iter().position(|weekday| *weekday == word.text) {
                    if let Some((weekdays, _)) = only {
                        return self.refuse(problems::weekdays_after_weekdays(weekdays.span));
                    }
                    return Ok(DayEntry::Days(Days::Weekdays(weekdays_of(number, number))));
                }
                if let Some((weekdays, _)) = only {
                    self.names.find(&word.text);
                    return self.refuse(problems::weekdays_after_name(&word.text, weekdays.span));
                }
                self.named_days(word, in_line)
            }
            ast::Value::Range(range) => self.day_range(range, only),
            ast::Value::Unreadable(unreadable, _) => Err(unreadable.reported),
            ast::Value::Text(text) if read_date(&text.value).is_some() => {
                self.refuse(test_problems::quoted_word(text.span, &text.value, "a date"))
            }
            ast::Value::Number(_)
            | ast::Value::Text(_)
            | ast::Value::Path(_)
            | ast::Value::Moment { .. }
            | ast::Value::List(_) => {
                let written = self.source.slice(value.span()).to_owned();
                self.refuse(problems::not_a_day(&written, value.span(), "day", None))
            }
        }
    }

    /// `orthodox easter`, `2 days before easter`
    fn easter(&mut self, offset: Option<&ast::DayOffset>, orthodox: bool, easter: &ast::Token) -> Checked<DayEntry> {
        let reckoning = if orthodox { Reckoning::Orthodox } else { Reckoning::Western };
        if let Some(definition) = self.names.get(&easter.text).filter(|_| !orthodox) {
            let problem = problems::offset_from_name(easter.span, definition.kind);
            self.names.find(&easter.text);
            return self.refuse(problem);
        }
        let offset = self.offset(offset)?;
        Ok(DayEntry::Days(Days::Easter(EasterDay { reckoning, offset })))
    }

    /// `day after`, `2 days before`; none is 0.
    fn offset(&mut self, offset: Option<&ast::DayOffset>) -> Checked<i8> {
        let Some(ast::DayOffset { count, unit, before, .. }) = offset else { return Ok(0) };
        let days = match count {
            None => 1,
            Some(count) => match whole_number(&count.text).and_then(|days| i8::try_from(days).ok()) {
                Some(days @ 1..=99) => days,
                Some(_) | None => return self.refuse(problems::bad_offset(&count.text, count.span)),
            },
        };
        let plain = if days == 1 { "day" } else { "days" };
        if count.is_some() && unit.text != plain {
            self.problem(problems::unit_of_offset(unit.span, plain));
        }
        Ok(if *before { -days } else { days })
    }

    fn count_of_weeks(&mut self, count: &ast::Token) -> Checked<u8> {
        match whole_number(&count.text).and_then(|weeks| u8::try_from(weeks).ok()) {
            Some(weeks @ 2..=52) => Ok(weeks),
            Some(_) | None => self.refuse(problems::bad_weeks(&count.text, count.span)),
        }
    }

    fn named_days(&mut self, word: &ast::Token, in_line: bool) -> Checked<DayEntry> {
        let kind = self.names.get(&word.text).map(|definition| definition.kind);
        match kind {
            Some(DefinitionKind::Days) => {
                self.names.expect(word, DefinitionKind::Days, self.problems).map(DayEntry::Set)
            }
            Some(found) => {
                self.names.find(&word.text);
                self.refuse(name_problems::wrong_kind(&word.text, word.span, found, DefinitionKind::Days))
            }
            None => {
                if let Some(reported) = self.names.unread(&word.text) {
                    return Err(reported);
                }
                if word.text == "easter" {
                    return Ok(DayEntry::Days(Days::Easter(EasterDay { reckoning: Reckoning::Western, offset: 0 })));
                }
                if let Some(problem) = holiday_by_name(&word.text, word.span) {
                    return self.refuse(problem);
                }
                if in_line && let Some(problem) = changed_hours(self.source.text(), self.rest_of_line(word.span)) {
                    return self.refuse(problem);
                }
                let near = match word.text.as_str() {
                    // Where the week's days off are others, so are these.
                    "weekdays" | "workdays" | "weekday" => Some(("mon-fri", Grade::Suggestion)),
                    "weekend" | "weekends" => Some(("sat-sun", Grade::Suggestion)),
                    "daily" | "everyday" | "always" => Some(("mon-sun", Grade::Suggestion)),
                    text => graded_word(text, &WEEKDAYS),
                };
                match near {
                    Some(near) => self.refuse(problems::not_a_day(&word.text, word.span, "day", Some(near))),
                    None if in_line => self.refuse(problems::not_a_day(&word.text, word.span, "day", None)),
                    None => {
                        let unknown = self.names.unknown(word, &[DefinitionKind::Days]);
                        let help = "a day is written `2026-12-25`, `every 12-25` or `fourth thu of nov`";
                        self.refuse(if unknown.fixes.is_empty() { unknown.help(help) } else { unknown })
                    }
                }
            }
        }
    }

    /// From the start of a place to the end of its line.
    fn rest_of_line(&self, span: Span) -> Span {
        let rest = &self.source.text()[span.start as usize..];
        let end = rest.find(['\n', '}', '#']).unwrap_or(rest.len());
        Span::new(span.start as usize, span.start as usize + end)
    }

    fn day_range(
        &mut self,
        range: &ast::Range,
        only: Option<(&ast::Weekdays, Checked<Weekdays>)>,
    ) -> Checked<DayEntry> {
        match (&range.low, &range.high) {
            (ast::Value::Path(low), ast::Value::Path(high)) => {
                let doubled = only.map(|(weekdays, _)| self.error(problems::weekdays_after_weekdays(weekdays.span)));
                let ends = self.word_range([&low.name, &high.name], &WEEKDAYS, "weekday");
                if range.mark == ast::RangeMark::Dots {
                    return self.refuse(problems::wrong_mark(range.mark_span, "weekdays", "-"));
                }
                doubled.map_or(Ok(()), Err)?;
                let (first, last) = ends?;
                Ok(DayEntry::Days(Days::Weekdays(weekdays_of(first, last))))
            }
            (ast::Value::Figure(low), ast::Value::Figure(high)) => {
                let span = low.span.to(high.span);
                if low.text.contains(':') || high.text.contains(':') {
                    return self.refuse(problems::hours_without_days(self.source.slice(span), span));
                }
                if let (Some(_), Some(_)) = (read_month_day(&low.text), read_month_day(&high.text)) {
                    let replacement = format!("every {}", self.source.slice(span));
                    return self.refuse(problems::yearly_without_every(self.source.slice(span), span, &replacement));
                }
                let (first, last) = (self.date(low), self.date(high));
                let (first, last) = (first?, last?);
                self.date_order(range, first, last)?;
                let only = only.map(|(_, only)| only).transpose()?;
                Ok(DayEntry::Days(Days::Dates { first, last, only }))
            }
            _ => {
                let span = range.low.span().to(range.high.span());
                let written = self.source.slice(span).to_owned();
                if let Some(problem) = holiday_by_name(&written, span) {
                    return self.refuse(problem);
                }
                self.refuse(problems::not_a_day(&written, span, "range of days", None))
            }
        }
    }

    /// Says that a range of dates runs backwards, or has the wrong mark.
    pub(super) fn date_order(
        &mut self,
        range: &ast::Range,
        first: jiff::civil::Date,
        last: jiff::civil::Date,
    ) -> Checked<()> {
        if range.mark == ast::RangeMark::Dash {
            return self.refuse(problems::wrong_mark(range.mark_span, "dates", ".."));
        }
        if first > last {
            let span = range.low.span().to(range.high.span());
            return self.refuse(problems::dates_backwards(span, &format!("{last}..{first}")));
        }
        Ok(())
    }

    fn yearly(&mut self, value: &ast::Value, only: Option<Weekdays>) -> Checked<Days> {
        match value {
            ast::Value::Figure(token) => {
                let day = self.month_day(token)?;
                Ok(Days::Yearly { first: day, last: day, only })
            }
            ast::Value::Range(range) => {
                let (ast::Value::Figure(low), ast::Value::Figure(high)) = (&range.low, &range.high) else {
                    return self.no_yearly(value);
                };
                let (first, last) = (self.month_day(low), self.month_day(high));
                if range.mark == ast::RangeMark::Dash {
                    return self.refuse(problems::wrong_mark(range.mark_span, "days of the year", ".."));
                }
                Ok(Days::Yearly { first: first?, last: last?, only })
            }
            ast::Value::Unreadable(unreadable, _) => Err(unreadable.reported),
            ast::Value::Number(_)
            | ast::Value::Text(_)
            | ast::Value::Path(_)
            | ast::Value::Moment { .. }
            | ast::Value::List(_) => self.no_yearly(value),
        }
    }

    fn no_yearly(&mut self, value: &ast::Value) -> Checked<Days> {
        let written = self.source.slice(value.span()).to_owned();
        self.refuse(problems::not_yearly(&written, value.span()))
    }
}

/// A count in digits alone, without a 0 in front.
fn whole_number(text: &str) -> Option<u16> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| is_plain)
}

fn ordinal(word: &str) -> Option<Ordinal> {
    Some(match word {
        "first" => Ordinal::First,
        "second" => Ordinal::Second,
        "third" => Ordinal::Third,
        "fourth" => Ordinal::Fourth,
        "fifth" => Ordinal::Fifth,
        "last" => Ordinal::Last,
        _ => return None,
    })
}
