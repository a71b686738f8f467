//! Holidays by the names that people give them: `good friday`, `easter monday`, `christmas eve`.

use crate::diagnostics::{Diagnostic, Grade};
use crate::schedule::Reckoning;
use crate::source::Span;
use crate::syntax::problems;

/// Days that are counted from Easter.
const FROM_EASTER: &[(&str, i8)] = &[
    ("ascension", 39),
    ("ascension day", 39),
    ("ascension thursday", 39),
    ("ash wednesday", -46),
    ("carnival monday", -48),
    ("carnival tuesday", -47),
    ("corpus christi", 60),
    ("easter friday", -2),
    ("easter mon", 1),
    ("easter monday", 1),
    ("easter saturday", -1),
    ("easter sun", 0),
    ("easter sunday", 0),
    ("good friday", -2),
    ("holy saturday", -1),
    ("holy thursday", -3),
    ("mardi gras", -47),
    ("maundy thursday", -3),
    ("palm sunday", -7),
    ("pentecost", 49),
    ("pentecost monday", 50),
    ("pentecost sunday", 49),
    ("rose monday", -48),
    ("shrove monday", -48),
    ("shrove tuesday", -47),
    ("trinity sunday", 56),
    ("whit monday", 50),
    ("whit sunday", 49),
    ("whitsun", 49),
];

/// Days that have one date everywhere.
const FIXED: &[(&str, &str)] = &[
    ("all saints", "11-01"),
    ("all saints day", "11-01"),
    ("assumption", "08-15"),
    ("assumption day", "08-15"),
    ("boxing day", "12-26"),
    ("christmas", "12-25"),
    ("christmas day", "12-25"),
    ("christmas eve", "12-24"),
    ("epiphany", "01-06"),
    ("new year", "01-01"),
    ("new years", "01-01"),
    ("new years day", "01-01"),
    ("new years eve", "12-31"),
];

/// What there is instead of a holiday's name, or of a day that is counted from Easter in another
/// notation.
pub(crate) fn holiday_by_name(written: &str, span: Span) -> Option<Diagnostic> {
    let lower: String = written.to_ascii_lowercase().replace(['\'', '\u{2019}'], "");
    let words: Vec<&str> = lower.split([' ', '\t', '_']).filter(|word| !word.is_empty()).collect();
    let (orthodox, name) = match words.as_slice() {
        ["orthodox" | "greek", rest @ ..] if !rest.is_empty() => ("orthodox ", rest.join(" ")),
        all => ("", all.join(" ")),
    };
    let known = FROM_EASTER.iter().find(|(known, _)| *known == name).map(|(_, offset)| *offset);
    if let Some(offset) = known.or_else(|| sum_from_easter(&name)) {
        let plain = format!("{}{orthodox}easter", offset_in_words(offset));
        return Some(problems::named_holiday(span, written, &plain));
    }
    if let Some(date) = easter_of_year(&words, orthodox) {
        return Some(problems::named_holiday(span, written, &date));
    }
    let (_, day) = FIXED.iter().find(|(known, _)| *known == name)?;
    Some(problems::named_holiday(span, written, &format!("every {day}")))
}

/// `day after `, `2 days before `; nothing for the day itself.
pub(crate) fn offset_in_words(offset: i8) -> String {
    let side = if offset < 0 { "before" } else { "after" };
    match offset.unsigned_abs() {
        0 => String::new(),
        1 => format!("day {side} "),
        days => format!("{days} days {side} "),
    }
}

/// `easter - 2`, `easter +39 days`
fn sum_from_easter(name: &str) -> Option<i8> {
    let rest = name.strip_prefix("easter")?.trim_start();
    let sign = if rest.starts_with('-') { -1 } else { 1 };
    let days = rest.strip_prefix(['-', '+'])?.trim_start();
    let days = days.trim_end_matches("days").trim_end_matches("day").trim_end().parse::<i8>().ok()?;
    (1..=99).contains(&days).then_some(sign * days)
}

/// `easter 2027`
fn easter_of_year(words: &[&str], orthodox: &str) -> Option<String> {
    let [.., "easter", year] = words else { return None };
    let reckoning = if orthodox.is_empty() { Reckoning::Western } else { Reckoning::Orthodox };
    let year = year.parse::<i16>().ok().filter(|year| (1900..2200).contains(year))?;
    Some(reckoning.easter(year).to_string())
}

/// `25.12.`
pub(crate) fn day_and_month(span: Span, written: &str) -> Option<Diagnostic> {
    let (day, month) = written.trim_end_matches('.').split_once('.')?;
    let number = |part: &str| part.parse::<u8>().ok().filter(|_| (1..=2).contains(&part.len()));
    let (day, month) = (number(day)?, number(month)?);
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
    fits.then(|| problems::day_without_year(span, written, &[format!("every {month:02}-{day:02}")]))
}

/// `every second week`, `every 2 weeks`, `every 2 weeks since 2026-12-05`
pub(super) fn every_some_weeks(words: &[&str], at: &dyn Fn(&str) -> Span, whole: Span) -> Option<Diagnostic> {
    let ["every", rest @ ..] = words else { return None };
    let is_week = |word: &str| matches!(word, "week" | "weeks" | "wk" | "wks");
    let (count, rest) = match rest {
        ["other" | "second" | "2nd" | "two", week, rest @ ..] if is_week(week) => ("2", rest),
        ["third" | "3rd" | "three", week, rest @ ..] if is_week(week) => ("3", rest),
        ["fourth" | "4th" | "four", week, rest @ ..] if is_week(week) => ("4", rest),
        [count, week, rest @ ..] if is_week(week) && count.parse::<u8>().is_ok() => (*count, rest),
        _ => return None,
    };
    let is_date = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && word.matches('-').count() == 2;
    match rest {
        ["from", date, ..] | ["since" | "starting" | "beginning" | "after" | "on", date, ..] if is_date(date) => {
            let plain = format!("every {count} weeks from {date}");
            let span = Span { start: whole.start, end: at(date).end };
            let message = format!("weeks that come again and again are written `{plain}`");
            Some(problems::write_instead(Grade::Safe, span, message, &plain))
        }
        ["starting" | "beginning", "from" | "on" | "at", date, ..] if is_date(date) => {
            let plain = format!("every {count} weeks from {date}");
            let span = Span { start: whole.start, end: at(date).end };
            let message = format!("weeks that come again and again are written `{plain}`");
            Some(problems::write_instead(Grade::Safe, span, message, &plain))
        }
        _ => Some(problems::weeks_without_date(whole, count)),
    }
}
