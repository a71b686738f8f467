//! Lines of rotations as people write them, and how a plan writes them.

use super::keywords::spelling;
use crate::diagnostics::{Diagnostic, Grade};
use crate::source::Span;
use crate::suggest::nearest;
use crate::syntax::{is_reserved, problems};

/// Words for how often a line hands over.
const OFTEN: &[(&str, &str)] =
    &[("daily", "every day"), ("weekly", "every week"), ("fortnightly", "every 2 weeks"), ("monthly", "every month")];
/// How people count days and weeks.
const COUNTS: &[(&str, &str)] = &[
    ("other", "2"),
    ("second", "2"),
    ("2nd", "2"),
    ("two", "2"),
    ("third", "3"),
    ("3rd", "3"),
    ("three", "3"),
    ("four", "4"),
];
/// Words for the moment at which a line ends.
const UNTIL: &[&str] = &["until", "till", "through", "thru", "-"];

/// A word of a line, with its place.
#[derive(Clone, Copy)]
struct Word<'t> {
    text: &'t str,
    span: Span,
}

/// A line of a rotation that cannot be read.
pub(in crate::syntax) fn rotation_line(text: &str, span: Span) -> Option<Diagnostic> {
    let words = words(text, span);
    let first = *words.first()?;
    let line = Span { start: first.span.start, end: words.last()?.span.end };
    if first.text == "every"
        && let Some(problem) = turns_first(text, &words, line)
    {
        return Some(problem);
    }
    if first.text != "from" {
        return Some(no_from(text, first, line));
    }
    let problem = words.iter().enumerate().skip(1).find_map(|(at, word)| {
        let before = words[at - 1].text;
        let after = words.get(at + 1).copied();
        until(*word, before).or_else(|| how_often(*word, after, before)).or_else(|| no_name(text, *word, before))
    });
    problem.or_else(|| between_names(&words))
}

fn words(text: &str, span: Span) -> Vec<Word<'_>> {
    let piece = &text[span.range()];
    let of_line = piece.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
    let place = |word: &str| span.start as usize + (word.as_ptr() as usize - piece.as_ptr() as usize);
    of_line.map(|word| Word { text: word, span: Span::new(place(word), place(word) + word.len()) }).collect()
}

fn is_date(word: &str) -> bool {
    word.len() == 10
        && word.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

fn is_time(word: &str) -> bool {
    word.contains(':') && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
}

/// `every week from 2027-01-04 08:00 bell`
fn turns_first(text: &str, words: &[Word], line: Span) -> Option<Diagnostic> {
    let from = words.iter().position(|word| word.text == "from")?;
    let time = words.get(from + 2).filter(|time| is_time(time.text))?;
    let turns = &text[Span { start: words[0].span.start, end: words[from - 1].span.end }.range()];
    let moment = &text[Span { start: words[from].span.start, end: time.span.end }.range()];
    let names = &text[Span { start: time.span.end, end: line.end }.range()];
    let message = "a line begins with when it begins, and how often it hands over comes after that".to_owned();
    Some(problems::write_instead(Grade::Safe, line, message, &format!("{moment} {turns}{names}")))
}

/// A line that does not begin with `from`.
fn no_from(text: &str, first: Word, line: Span) -> Diagnostic {
    let form = "a line of a rotation begins with `from`, a date and a time";
    if is_date(first.text) {
        let message = format!("{form}: `from {} …`", first.text);
        return problems::write_instead(Grade::Safe, first.span, message, &format!("from {}", first.text));
    }
    let near = nearest(first.text, ["from"]).filter(|_| first.text.len() > 2);
    match near.or_else(|| ["starting", "since", "begin", "start"].contains(&first.text).then_some("from")) {
        Some(from) => problems::misspelled(first.span, first.text, from),
        None => problems::no_rotation_line(line, text[line.range()].trim_end(), form),
    }
}

/// `until 2027-02-15 08:00`
fn until(word: Word, before: &str) -> Option<Diagnostic> {
    let is_until = UNTIL.contains(&word.text) && (is_time(before) || is_date(before));
    is_until.then(|| problems::misspelled(word.span, word.text, "to"))
}

/// `weekly`, `every other week`, `every 2 week`, `every monday`
fn how_often(word: Word, after: Option<Word>, before: &str) -> Option<Diagnostic> {
    let instead = |span: Span, turns: &str, grade: Grade| {
        let message = format!("how often a line hands over is written `{turns}`");
        Some(problems::write_instead(grade, span, message, turns))
    };
    let said = |table: &[(&str, &'static str)]| {
        let found = table.iter().find(|(other, _)| word.text.eq_ignore_ascii_case(other));
        found.map(|(_, said)| *said)
    };
    if let Some(turns) = said(OFTEN).filter(|_| is_time(before) || is_date(before)) {
        return instead(word.span, turns, Grade::Safe);
    }
    if ["each", "per"].contains(&word.text) && (is_time(before) || is_date(before)) {
        return Some(problems::misspelled(word.span, word.text, "every"));
    }
    if before != "every" {
        return None;
    }
    let after_unit = after.map(|unit| (unit, unit.text.trim_end_matches([',', 's'])));
    if let (Some(count), Some((unit, noun @ ("day" | "week")))) = (said(COUNTS), after_unit) {
        return instead(word.span.to(unit.span), &format!("{count} {noun}s"), Grade::Safe);
    }
    let is_count = word.text.bytes().all(|byte| byte.is_ascii_digit());
    match (word.text, after_unit) {
        (_, Some((unit, noun @ ("day" | "week")))) if is_count && unit.text == noun => match word.text {
            "1" => instead(word.span.to(unit.span), noun, Grade::Safe),
            _ => Some(problems::misspelled(unit.span, unit.text, if noun == "day" { "days" } else { "weeks" })),
        },
        (_, Some((unit, "month" | "year"))) if is_count || said(COUNTS).is_some() => {
            Some(problems::no_such_turns(word.span.to(unit.span)))
        }
        ("weeks" | "days" | "months", _) => {
            Some(problems::misspelled(word.span, word.text, &word.text[..word.text.len() - 1]))
        }
        ("day" | "week" | "month", _) => None,
        (other, _) if is_weekday(other) => instead(word.span, "week", Grade::Suggestion),
        (other, _) if !is_count => {
            let near = nearest(other, ["day", "week", "month"])?;
            Some(problems::misspelled_as(spelling(other, near, ["day", "week", "month"]), word.span, other, near))
        }
        _ => Some(problems::no_such_turns(word.span)),
    }
}

fn is_weekday(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let lower = lower.trim_end_matches('s');
    crate::syntax::words::WEEKDAY_NAMES.iter().any(|(short, full)| lower == *short || full.eq_ignore_ascii_case(lower))
}

/// `"0b5f6a0e-…"`, `[bell, chen]`, `every week: bell`
fn no_name(text: &str, word: Word, before: &str) -> Option<Diagnostic> {
    if word.text.starts_with('"') {
        return Some(problems::quoted_on_call(word.span));
    }
    let rest = &text[word.span.start as usize..];
    if word.text.starts_with('[') || word.text.starts_with('(') {
        let end = rest.find([']', ')', '\n']).filter(|end| !rest[*end..].starts_with('\n'))?;
        let inner = rest[1..end].trim();
        let whole = Span::new(word.span.start as usize, word.span.start as usize + end + 1);
        let message = "names of agents stand in a rotation without brackets".to_owned();
        return Some(problems::write_instead(Grade::Safe, whole, message, inner));
    }
    if let Some(bare) = word.text.strip_suffix([':', ';']).filter(|bare| !bare.is_empty()) {
        let mark = Span::new(word.span.end as usize - 1, word.span.end as usize);
        let is_last_of_head = is_time(bare) || ["day", "week", "month", "days", "weeks"].contains(&bare);
        if is_last_of_head {
            return Some(problems::write_nothing(mark, &word.text[bare.len()..]));
        }
        return Some(problems::misspelled(mark, &word.text[bare.len()..], ",")).filter(|_| word.text.ends_with(';'));
    }
    // Hours are a schedule's: nobody is on call for a part of the day.
    let is_hours = word.text.split_once('-').is_some_and(|(from, to)| is_time(from) && is_time(to));
    is_hours.then(|| problems::hours_in_rotation(word.span)).filter(|_| !before.is_empty())
}

/// `bell chen`, `bell and chen`, `bell,`
fn between_names(words: &[Word]) -> Option<Diagnostic> {
    let last_of_head = words.iter().rposition(|word| {
        is_time(word.text) || is_date(word.text) || ["day", "week", "month", "days", "weeks"].contains(&word.text)
    });
    let names = &words[last_of_head? + 1..];
    if names.is_empty() {
        return Some(problems::no_on_call(words.last()?.span.after()));
    }
    if let Some(last) = names.last().filter(|last| last.text.ends_with(',')) {
        let comma = Span::new(last.span.end as usize - 1, last.span.end as usize);
        return Some(problems::comma_after_agents(comma));
    }
    for pair in names.windows(2) {
        let [one, next] = pair else { continue };
        if ["and", "then", "&", "->", "/"].contains(&next.text) {
            let message = "a comma stands between two agents of a rotation".to_owned();
            let with_comma = format!("{},", one.text.trim_end_matches(','));
            return Some(problems::write_instead(Grade::Safe, one.span.to(next.span), message, &with_comma));
        }
        if !one.text.ends_with(',') && !is_reserved(next.text) {
            let message = format!("expected `,` before `{}`", next.text.trim_end_matches(','));
            let end = one.span.after();
            return Some(problems::write_instead(Grade::Suggestion, end, message, ","));
        }
    }
    None
}
