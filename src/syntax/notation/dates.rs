//! Dates as on a letter: `26/03/2027`, `26.03.2027`, `March 26, 2027`, `26 March 2027`,
//! `2027/03/26`.

use super::{Notation, code};
use crate::diagnostics::{Edit, Problems};
use crate::source::Span;
use crate::syntax::{MONTH_NAMES, problems};
use jiff::civil::Date;

/// `26/03/2027`, and a dot that may follow it.
const LONGEST_OF_FIGURES: usize = 11;

/// A date in another notation, with the days that it may be.
struct DateNotation {
    length: usize,
    readings: Vec<Date>,
}

pub(super) fn find(text: &str, notation: &mut Notation, problems: &mut Problems) {
    for (start, line) in code(text).filter(|(_, line)| has_year(line)) {
        let mut at = 0;
        while at < line.len() {
            let rest = &line[at..];
            let Some(first) = rest.chars().next() else { break };
            if !first.is_ascii_alphanumeric() {
                at += first.len_utf8();
                continue;
            }
            let begins = line[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "[(,.".contains(c));
            match begins.then(|| written(rest)).flatten() {
                Some(DateNotation { length, readings }) if !readings.is_empty() => {
                    let span = Span::new(start + at, start + at + length);
                    problems.push(problems::other_date(span, &rest[..length], &readings));
                    notation.edits.push(Edit { span, text: readings[0].to_string() });
                    at += length;
                }
                Some(_) | None => at += word(rest).len().max(1),
            }
        }
    }
}

/// Whether there are four figures, as in every date, that are not the year of `2027-03-26`. Hardly
/// a line of a plan has them, and all others are passed over.
fn has_year(line: &str) -> bool {
    let runs = line.as_bytes().chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit());
    let mut end = 0;
    runs.into_iter().any(|run| {
        end += run.len();
        run.len() == 4 && run[0].is_ascii_digit() && line.as_bytes().get(end) != Some(&b'-')
    })
}

fn word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())]
}

fn written(rest: &str) -> Option<DateNotation> {
    match rest.starts_with(|c: char| c.is_ascii_digit()) {
        true => of_figures(rest).or_else(|| day_first(rest)),
        false => month_first(rest),
    }
}

/// Three figures with the same mark between.
fn of_figures(rest: &str) -> Option<DateNotation> {
    let near = &rest[..rest.floor_char_boundary(LONGEST_OF_FIGURES + 1)];
    let length = near.find(|c: char| !(c.is_ascii_digit() || c == '/' || c == '.')).unwrap_or(near.len());
    let whole = near[..length].trim_end_matches('.');
    let mark = whole.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<&str> = whole.split(mark).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let number =
        |part: &str| -> Option<i16> { part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())? };
    let (one, two, three) = (number(first)?, number(second)?, number(third)?);
    let date =
        |year: i16, month: i16, day: i16| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    let readings = match (first.len(), second.len(), third.len()) {
        (4, 1..=2, 1..=2) => date(one, two, three).into_iter().collect(),
        (1..=2, 1..=2, 4) if one == two || mark == '.' => date(three, two, one).into_iter().collect(),
        (1..=2, 1..=2, 4) => date(three, two, one).into_iter().chain(date(three, one, two)).collect(),
        _ => return None,
    };
    Some(DateNotation { length: whole.len(), readings })
}

fn month(word: &str) -> Option<i8> {
    let lower = word.to_ascii_lowercase();
    let is_name = |(short, name): &(&str, &str)| {
        *short == lower || name.eq_ignore_ascii_case(&lower) || lower == "sept" && *short == "sep"
    };
    let at = MONTH_NAMES.iter().position(is_name)?;
    i8::try_from(at + 1).ok()
}

fn year(rest: &str) -> Option<(usize, i16)> {
    let skipped = rest.len() - rest.trim_start_matches([',', ' ']).len();
    let digits = word(&rest[skipped..]);
    let goes_on = rest[skipped + digits.len()..].starts_with(['/', '-', '.']);
    let is_year = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) && !goes_on;
    (is_year && skipped > 0).then(|| Some((skipped + 4, digits.parse().ok()?)))?
}

/// `26th`
fn day_of(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"].into_iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    (digits.len() <= 2).then(|| digits.parse().ok())?
}

fn day_first(rest: &str) -> Option<DateNotation> {
    let day = word(rest);
    let after = rest[day.len()..].trim_start_matches(['.', ' ']);
    let name = word(after);
    let begin = rest.len() - after.len();
    let (length, year) = year(&after[name.len()..])?;
    let date = Date::new(year, month(name)?, day_of(day)?).ok()?;
    (begin > day.len()).then_some(DateNotation { length: begin + name.len() + length, readings: vec![date] })
}

fn month_first(rest: &str) -> Option<DateNotation> {
    let name = word(rest);
    let month = month(name)?;
    let after = rest[name.len()..].trim_start_matches(['.', ' ']);
    let begin = rest.len() - after.len();
    let day = word(after);
    let (length, year) = year(&after[day.len()..])?;
    let date = Date::new(year, month, day_of(day)?).ok()?;
    (begin > name.len()).then_some(DateNotation { length: begin + day.len() + length, readings: vec![date] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_date_has_the_days_that_it_may_be() {
        let cases = [
            ("26/03/2027", vec!["2027-03-26"]),
            ("3/26/2027", vec!["2027-03-26"]),
            ("03/04/2027", vec!["2027-04-03", "2027-03-04"]),
            ("05/05/2027", vec!["2027-05-05"]),
            ("03.04.2027", vec!["2027-04-03"]),
            ("2027/12/25", vec!["2027-12-25"]),
            ("March 26, 2027", vec!["2027-03-26"]),
            ("Mar. 26th 2027", vec!["2027-03-26"]),
            ("26 March 2027", vec!["2027-03-26"]),
            ("1 Sept 2027", vec!["2027-09-01"]),
            ("Dec 25, 2027/12/25", vec![]),
            ("31/02/2027", vec![]),
            ("1.415.5550", vec![]),
            ("1/1/1/1/2027", vec![]),
        ];
        for (text, days) in cases {
            let readings = written(text).map(|written| written.readings).unwrap_or_default();
            assert_eq!(readings.iter().map(Date::to_string).collect::<Vec<_>>(), days, "{text}");
        }
    }
}
