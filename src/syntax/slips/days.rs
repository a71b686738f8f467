//! Days, and the lines of schedules.

use super::holidays::{day_and_month, every_some_weeks, holiday_by_name};
use super::line_before;
use crate::diagnostics::{Diagnostic, Edit, Grade};
use crate::source::Span;
use crate::suggest::nearest;
use crate::syntax::notation::weekday;
use crate::syntax::unreadable::word_at;
use crate::syntax::{MONTHS, Rule, WEEKDAYS, is_reserved, problems};

/// A day as people write it: `Dec 25`, `25 December`, `2026/12/25`, `fifth mon of month`.
pub(in crate::syntax) fn day(text: &str, span: Span) -> Option<Diagnostic> {
    if let Some(problem) = near_every(text, span) {
        return Some(problem);
    }
    let piece = text[span.range()].trim();
    let words: Vec<&str> = piece.split_whitespace().collect();
    if let Some(problem) = ordinal_in_figures(span, &words) {
        return Some(problem);
    }
    if words.first().is_some_and(|first| first.contains(':') && first.starts_with(|c: char| c.is_ascii_digit())) {
        let whole = Span::new(span.start as usize, span.start as usize + piece.len());
        return Some(problems::hours_without_days(whole, piece));
    }
    if let [which @ ("first" | "second" | "third" | "fourth" | "last"), "day", ..] = words[..] {
        let at = span.start as usize + which.len() + piece[which.len()..].find("day")?;
        let message = format!("a month's days are counted by weekdays: `{which} mon-sun of month`");
        return Some(problems::write_instead(Grade::Safe, Span::new(at, at + "day".len()), message, "mon-sun"));
    }
    let at = |word: &str| {
        let start = span.start as usize + (word.as_ptr() as usize - text[span.range()].as_ptr() as usize);
        Span::new(start, start + word.len())
    };
    let line = piece.lines().next().unwrap_or_default().trim_end();
    let whole = Span::new(span.start as usize, span.start as usize + line.len());
    if let Some(problem) = every_some_weeks(&words, &at, whole) {
        return Some(problem);
    }
    if let ["every", count, "days" | "months" | "month", ..] | ["every", count @ ("week" | "month" | "other"), ..] =
        words[..]
    {
        let whole = Span::new(span.start as usize, span.start as usize + piece.len());
        return Some(problems::no_rhythm(whole, count));
    }
    let month = |word: &str| {
        let lower = word.to_ascii_lowercase();
        word.is_ascii().then(|| MONTHS.iter().position(|month| lower.starts_with(month)))?.map(|at| at + 1)
    };
    let day = |word: &str| word.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h', '.']).parse::<u8>().ok();
    let words = words.strip_prefix(&["every"]).unwrap_or(&words);
    let (grade, replacement) = match *words {
        // It could be a day of one year.
        [first, second] => {
            let (month, day) = month(first).zip(day(second)).or_else(|| month(second).zip(day(first)))?;
            (Grade::Suggestion, format!("every {month:02}-{day:02}"))
        }
        [only] => {
            let mut parts = only.split('/');
            let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
            let is_date = year.len() == 4 && parts.next().is_none();
            let number = |part: &str| part.parse::<u16>().ok().filter(|_| is_date);
            (Grade::Safe, format!("{}-{:02}-{:02}", number(year)?, number(month)?, number(day)?))
        }
        _ => return None,
    };
    let whole = Span::new(span.start as usize, span.start as usize + piece.len());
    let message = format!("`{piece}` is not a day as a plan writes it; write `{replacement}`");
    Some(problems::write_instead(grade, whole, message, &replacement))
}

/// `1st mon of month`
fn ordinal_in_figures(span: Span, words: &[&str]) -> Option<Diagnostic> {
    let figures = [("1st", "first"), ("2nd", "second"), ("3rd", "third"), ("4th", "fourth"), ("5th", "fifth")];
    let first = words.first()?;
    let (_, word) = figures.into_iter().find(|(figure, _)| figure == first)?;
    let span = Span::new(span.start as usize, span.start as usize + first.len());
    let message = format!("a weekday of a month is counted in words: `{word}`, not `{first}`");
    Some(problems::write_instead(Grade::Safe, span, message, word))
}

/// `evry 12-25`: the only word before a day of the year.
pub(in crate::syntax) fn near_every(text: &str, span: Span) -> Option<Diagnostic> {
    let piece = &text[span.start as usize..];
    let word = word_at(piece);
    let day = piece[word.len()..].trim_start_matches([' ', '\t']);
    let is_day = day
        .as_bytes()
        .get(..5)
        .is_some_and(|day| day[2] == b'-' && [0, 1, 3, 4].into_iter().all(|at| day[at].is_ascii_digit()));
    nearest(word, ["every"]).filter(|near| is_day && word != *near)?;
    Some(problems::misspelled(Span::new(span.start as usize, span.start as usize + word.len()), word, "every"))
}

/// What people write in a list of days, and what there is instead.
pub(in crate::syntax) fn entry_of_days(text: &str, span: Span) -> Option<Diagnostic> {
    let piece = text[span.range()].trim();
    let words: Vec<&str> = piece.split_whitespace().collect();
    let at = |word: &str| {
        let start = span.start as usize + (word.as_ptr() as usize - text[span.range()].as_ptr() as usize);
        Span::new(start, start + word.len())
    };
    let whole = Span::new(span.start as usize, span.start as usize + piece.len());
    let last = words.last()?;
    if let Some(problem) = slashed(at(words[0]), words[0]).or_else(|| holiday_by_name(piece, whole)) {
        return Some(problem);
    }
    if words.len() > 1 && words.iter().skip(1).any(|word| word.contains(':')) {
        return Some(problems::hours_in_days(whole, piece));
    }
    if let [count, side @ ("before" | "after"), ..] = words[..]
        && count.bytes().all(|byte| byte.is_ascii_digit())
    {
        let message = format!("days are counted as `{count} days {side} …`");
        return Some(problems::write_instead(Grade::Safe, at(side), message, &format!("days {side}")));
    }
    // The grammar says where such a form stops.
    let is_counted = ["day", "days", "first", "second", "third", "fourth", "fifth", "last", "orthodox"];
    if words.iter().take(2).any(|word| is_counted.contains(word)) {
        return None;
    }
    if words.len() > 1 && words[0].starts_with(|c: char| c.is_ascii_alphabetic()) && words[0] != "every" {
        return Some(problems::no_such_day(whole, piece));
    }
    let is_word = last.chars().all(|c| c.is_ascii_alphabetic());
    let is_day = words.len() > 1 && is_word && !WEEKDAYS.contains(last);
    is_day.then(|| problems::no_weekday(at(last), last, nearest(last, WEEKDAYS)))
}

/// `bank holidays closed`, `12/25 closed`: days of a schedule's line that no plan knows.
pub(in crate::syntax) fn days_of_line(text: &str, span: Span) -> Option<Diagnostic> {
    let piece = text[span.range()].trim();
    let words: Vec<&str> = piece.split_whitespace().take(2).collect();
    let [first, second] = words.as_slice() else { return None };
    let start = span.start as usize;
    if let Some(problem) = slashed(Span::new(start, start + first.len()), first) {
        return Some(problem);
    }
    // The name of a holiday has up to three words.
    let ends = piece.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(end, _)| end).take(3).collect::<Vec<_>>();
    let named = ends.iter().rev().find_map(|end| holiday_by_name(&piece[..*end], Span::new(start, start + end)));
    if named.is_some() {
        return named;
    }
    let is_other = |word: &str| word.chars().all(|c| c.is_ascii_alphabetic()) && !is_reserved(word);
    let end = first.len() + piece[first.len()..].find(second)? + second.len();
    let is_range = matches!(*second, "to" | "through" | "until" | "till" | "thru");
    (is_other(first) && is_other(second) && !is_range)
        .then(|| problems::no_such_day(Span::new(start, start + end), &piece[..end]))
}

/// `12/25`
fn slashed(span: Span, word: &str) -> Option<Diagnostic> {
    if let Some(problem) = day_and_month(span, word) {
        return Some(problem);
    }
    let (first, second) = word.split_once('/')?;
    let number = |part: &str| part.parse::<u8>().ok().filter(|_| part.len() <= 2);
    let (first, second) = (number(first)?, number(second)?);
    let fits = |month: u8, day: u8| (1..=12).contains(&month) && (1..=31).contains(&day);
    let day = |month: u8, day: u8| fits(month, day).then(|| format!("every {month:02}-{day:02}"));
    let other = day(second, first).filter(|_| first != second);
    let readings: Vec<String> = day(first, second).into_iter().chain(other).collect();
    (!readings.is_empty()).then(|| problems::day_without_year(span, word, &readings))
}

/// `mon-fri 09:00-17:00 closed 12:00-13:00`: hours that are changed stand on a line of their own.
pub(crate) fn changed_hours(text: &str, span: Span) -> Option<Diagnostic> {
    let start = span.start as usize;
    let piece = text[span.range()].trim_end();
    let marks = piece.len() - piece.trim_start_matches([',', ' ', '\t']).len();
    let word = word_at(&piece[marks..]);
    let plain = match word {
        "closed" | "except" | "without" | "minus" | "not" => "closed",
        "also" | "plus" | "and" => "also",
        _ => return None,
    };
    let hours = piece[marks + word.len()..].trim_start();
    let is_time = hours.starts_with(|c: char| c.is_ascii_digit()) && hours.contains([':', 'm', 'h']);
    let before = line_before(text, start);
    let mut words = before.split_inclusive(char::is_whitespace).scan(0, |at, word| {
        let start = *at;
        *at += word.len();
        Some((start, word.trim_end()))
    });
    let begins_hours =
        |word: &str| word == "all" || word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit());
    let (days_end, _) = words.find(|(_, word)| begins_hours(word))?;
    let days = before[..days_end].trim();
    if !is_time || days.is_empty() || days.contains('{') {
        return None;
    }
    let indent = &before[..before.len() - before.trim_start().len()];
    // With the comma before it; space that is left at the end of a line does no harm.
    let from = piece[..marks].find(',').unwrap_or(marks);
    let word = Span::new(start + from, start + marks + word.len());
    let edit = Edit { span: word, text: format!("\n{indent}{days} {plain}") };
    let whole = Span::new(start + marks, start + piece.len());
    Some(problems::changed_hours(whole, &format!("{days} {plain} {hours}"), edit))
}

/// A line that begins with `closed`.
pub(in crate::syntax) fn closure(text: &str, span: Span) -> Option<Diagnostic> {
    let piece = text[span.range()].trim_end();
    let rest = piece.strip_prefix("closed")?.trim_start();
    let word = [" until ", " till ", " through ", " - ", " – "].into_iter().find(|word| piece.contains(word))?;
    rest.strip_prefix("from")?;
    let at = span.start as usize + piece.find(word)? + 1;
    let word = word.trim();
    let span = Span::new(at, at + word.len());
    // The last minute may be meant, or the one after it.
    let grade = if word == "through" { Grade::Suggestion } else { Grade::Safe };
    Some(problems::misspelled_as(grade, span, word, "to"))
}

/// `last mon in may`, `day before the last mon of may`
pub(super) fn in_ordinals(span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    if expected.contains(&Rule::OF) && matches!(found, "in" | "on" | "from") {
        return Some(problems::misspelled(span, found, "of"));
    }
    let is_ordinal = expected.contains(&Rule::which) || expected.contains(&Rule::ordinal);
    (found == "the" && is_ordinal).then(|| problems::write_nothing(span, found))
}

/// Lines of schedules.
pub(super) fn in_lines(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    if !expected.contains(&Rule::hours) {
        return None;
    }
    let is_time = text[span.end as usize..].trim_start().starts_with(|c: char| c.is_ascii_digit());
    let changes = match found {
        "plus" | "additionally" | "extra" | "and" => Some("also"),
        "without" | "minus" | "except" | "not" => Some("closed"),
        _ => None,
    };
    if let Some(word) = changes.filter(|_| is_time) {
        return Some(problems::misspelled_as(Grade::Suggestion, span, found, word));
    }
    if found == ":" {
        return Some(problems::unexpected(span, found, "hours such as `09:00-17:00`").fix(
            "take out the `:`",
            span,
            "",
        ));
    }
    let before = text[..span.start as usize].trim_end();
    let first = &before[before.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len()..];
    let last = word_at(text[span.end as usize..].trim_start());
    if matches!(found, "to" | "through" | "until" | "till") && !first.is_empty() && !last.is_empty() {
        let after = &text[span.end as usize..];
        let end = span.end as usize + (after.len() - after.trim_start().len()) + last.len();
        let whole = Span::new(before.len() - first.len(), end);
        let plain = |word: &str| weekday(&word.to_ascii_lowercase()).map_or(word.to_owned(), str::to_owned);
        let replacement = format!("{}-{}", plain(first), plain(last));
        let message = format!("a range of weekdays is written with `-`: `{replacement}`");
        let names_days = is_weekday(first) && is_weekday(last) && matches!(found, "to" | "through");
        let grade = if names_days { Grade::Safe } else { Grade::Suggestion };
        return Some(problems::write_instead(grade, whole, message, &replacement));
    }
    None
}

fn is_weekday(word: &str) -> bool {
    WEEKDAYS.contains(&word)
}
