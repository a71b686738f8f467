//! Days as schedules and `days` name them.

use super::Checker;
use super::figure::{WEEKDAYS, graded_word, read_date, read_month_day, weekdays_of};
use super::names::Kind;
use super::problems::{dates as problems, names as name_problems, tests as test_problems};
use crate::diagnostics::Grade;
use crate::schedule::{Days, Ordinal, OrdinalDay, Weekdays};
use crate::syntax::ast;

/// What an entry names.
pub(super) enum DayEntry {
    Days(Days),
    /// The set of days of this number.
    Set(usize),
}

impl Checker<'_, '_> {
    /// One entry of `days`, or of a schedule's line, which names no sets.
    pub(super) fn day(&mut self, day: &ast::Day, in_line: bool) -> Option<DayEntry> {
        match &day.kind {
            ast::DayKind::Plain { value, weekdays } => {
                let only = weekdays.as_ref().map(|weekdays| (weekdays, self.weekdays(weekdays)));
                self.plain_day(value, only, in_line)
            }
            ast::DayKind::Every { value, weekdays } => {
                let only = weekdays.as_ref().and_then(|weekdays| self.weekdays(weekdays));
                self.yearly(value, only).map(DayEntry::Days)
            }
            ast::DayKind::Ordinal { day_after, which, weekdays, month } => {
                let weekdays = self.weekdays(weekdays);
                let month = if month.text == "month" { None } else { Some(self.month(month)? as i8 + 1) };
                let ordinal = ordinal(&which.text)?;
                Some(DayEntry::Days(Days::Ordinal(OrdinalDay {
                    ordinal,
                    weekdays: weekdays?,
                    month,
                    day_after: *day_after,
                })))
            }
        }
    }

    pub(super) fn weekdays(&mut self, weekdays: &ast::Weekdays) -> Option<Weekdays> {
        let first = self.weekday(&weekdays.first);
        let last = weekdays.last.as_ref().map_or(first, |last| self.weekday(last));
        Some(weekdays_of(first?, last?))
    }

    fn plain_day(
        &mut self,
        value: &ast::Value,
        only: Option<(&ast::Weekdays, Option<Weekdays>)>,
        in_line: bool,
    ) -> Option<DayEntry> {
        match value {
            ast::Value::Figure(token) => {
                let date = self.date(token)?;
                let only = only.and_then(|(_, only)| only);
                Some(DayEntry::Days(Days::Dates { first: date, last: date, only }))
            }
            ast::Value::Path(path) if path.field.is_none() => {
                let word = &path.name;
                if let Some(number) = WEEKDAYS.iter().position(|weekday| *weekday == word.text) {
                    if let Some((weekdays, _)) = only {
                        self.problem(problems::weekdays_after_weekdays(weekdays.span));
                        return None;
                    }
                    return Some(DayEntry::Days(Days::Weekdays(weekdays_of(number, number))));
                }
                self.named_days(word, in_line)
            }
            ast::Value::Range(range) => self.day_range(range, only),
            ast::Value::Unreadable(..) => None,
            ast::Value::Text(text) if read_date(&text.value).is_some() => {
                self.problem(test_problems::quoted_word(text.span, &text.value, "a date"));
                None
            }
            ast::Value::Number(_)
            | ast::Value::Text(_)
            | ast::Value::Path(_)
            | ast::Value::Moment { .. }
            | ast::Value::List(_) => {
                let written = self.source.slice(value.span()).to_owned();
                self.problem(problems::not_a_day(&written, value.span(), "day", None));
                None
            }
        }
    }

    fn named_days(&mut self, word: &ast::Token, in_line: bool) -> Option<DayEntry> {
        let kind = self.names.get(&word.text).map(|definition| definition.kind);
        match kind {
            Some(Kind::Days) if in_line => {
                self.names.find(&word.text);
                self.problem(problems::days_in_line(&word.text, word.span));
                None
            }
            Some(Kind::Days) => self.names.find(&word.text).map(|(_, number)| DayEntry::Set(number)),
            Some(found) => {
                self.names.find(&word.text);
                self.problem(name_problems::wrong_kind(&word.text, word.span, found, Kind::Days));
                None
            }
            None if self.names.is_unread(&word.text) => None,
            None => {
                let near = match word.text.as_str() {
                    // Where the week's days off are others, so are these.
                    "weekdays" | "workdays" | "weekday" => Some(("mon-fri", Grade::Suggestion)),
                    "weekend" | "weekends" => Some(("sat-sun", Grade::Suggestion)),
                    "daily" | "everyday" | "always" => Some(("mon-sun", Grade::Suggestion)),
                    text => graded_word(text, &WEEKDAYS),
                };
                match near {
                    Some(near) => self.problem(problems::not_a_day(&word.text, word.span, "day", Some(near))),
                    None if in_line => self.problem(problems::not_a_day(&word.text, word.span, "day", None)),
                    None => {
                        let unknown = self.names.unknown(word, &[Kind::Days]);
                        let help = "a day is written `2026-12-25`, `every 12-25` or `fourth thu of nov`";
                        self.problem(if unknown.fixes.is_empty() { unknown.help(help) } else { unknown });
                    }
                }
                None
            }
        }
    }

    fn day_range(&mut self, range: &ast::Range, only: Option<(&ast::Weekdays, Option<Weekdays>)>) -> Option<DayEntry> {
        match (&range.low, &range.high) {
            (ast::Value::Path(low), ast::Value::Path(high)) => {
                if let Some((weekdays, _)) = only {
                    self.problem(problems::weekdays_after_weekdays(weekdays.span));
                }
                let ends = self.word_range([&low.name, &high.name], &WEEKDAYS, "weekday");
                if range.mark == ast::RangeMark::Dots {
                    self.problem(problems::wrong_mark(range.mark_span, "weekdays", "-"));
                    return None;
                }
                let (first, last) = ends?;
                Some(DayEntry::Days(Days::Weekdays(weekdays_of(first, last))))
            }
            (ast::Value::Figure(low), ast::Value::Figure(high)) => {
                let span = low.span.to(high.span);
                if low.text.contains(':') || high.text.contains(':') {
                    self.problem(problems::hours_without_days(self.source.slice(span), span));
                    return None;
                }
                if let (Some(_), Some(_)) = (read_month_day(&low.text), read_month_day(&high.text)) {
                    let mend = format!("every {}", self.source.slice(span));
                    self.problem(problems::yearly_without_every(self.source.slice(span), span, &mend));
                    return None;
                }
                let (first, last) = (self.date(low), self.date(high));
                let (first, last) = (first?, last?);
                self.date_order(range, first, last)?;
                Some(DayEntry::Days(Days::Dates { first, last, only: only.and_then(|(_, only)| only) }))
            }
            _ => {
                let span = range.low.span().to(range.high.span());
                let written = self.source.slice(span).to_owned();
                self.problem(problems::not_a_day(&written, span, "range of days", None));
                None
            }
        }
    }

    /// Says that a range of dates runs backwards, or has the wrong mark.
    pub(super) fn date_order(
        &mut self,
        range: &ast::Range,
        first: jiff::civil::Date,
        last: jiff::civil::Date,
    ) -> Option<()> {
        if range.mark == ast::RangeMark::Dash {
            self.problem(problems::wrong_mark(range.mark_span, "dates", ".."));
            return None;
        }
        if first > last {
            self.problem(problems::dates_backwards(
                range.low.span().to(range.high.span()),
                &format!("{last}..{first}"),
            ));
            return None;
        }
        Some(())
    }

    fn yearly(&mut self, value: &ast::Value, only: Option<Weekdays>) -> Option<Days> {
        match value {
            ast::Value::Figure(token) => {
                let day = self.month_day(token)?;
                Some(Days::Yearly { first: day, last: day, only })
            }
            ast::Value::Range(range) => {
                let (ast::Value::Figure(low), ast::Value::Figure(high)) = (&range.low, &range.high) else {
                    return self.no_yearly(value);
                };
                let (first, last) = (self.month_day(low), self.month_day(high));
                if range.mark == ast::RangeMark::Dash {
                    self.problem(problems::wrong_mark(range.mark_span, "days of the year", ".."));
                    return None;
                }
                Some(Days::Yearly { first: first?, last: last?, only })
            }
            ast::Value::Unreadable(..) => None,
            ast::Value::Number(_)
            | ast::Value::Text(_)
            | ast::Value::Path(_)
            | ast::Value::Moment { .. }
            | ast::Value::List(_) => self.no_yearly(value),
        }
    }

    fn no_yearly(&mut self, value: &ast::Value) -> Option<Days> {
        let written = self.source.slice(value.span()).to_owned();
        self.problem(problems::not_yearly(&written, value.span()));
        None
    }
}

fn ordinal(word: &str) -> Option<Ordinal> {
    Some(match word {
        "first" => Ordinal::First,
        "second" => Ordinal::Second,
        "third" => Ordinal::Third,
        "fourth" => Ordinal::Fourth,
        "last" => Ordinal::Last,
        _ => return None,
    })
}
