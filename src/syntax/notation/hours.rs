//! Hours as on a shop's door: `9:00 AM - 5:00 PM`, `10:00 to 18:00`, `9am to noon`, `24/7`, in
//! schedules and in tests of the time. Where they are, the days of the line are put right with
//! them: `Mon-Fri 9:00am - 5:30pm` is one mistake.

use super::Notation;
use crate::diagnostics::{Edit, Grade, Problems};
use crate::source::Span;
use crate::syntax::problems;
use crate::syntax::text_length;

/// What stands before the hours of a test.
const TESTS: [&str; 2] = ["time in ", "time not in "];
const HALF_A_DAY: u16 = 12 * 60;
const DAY: u16 = 24 * 60;

pub(super) fn find(text: &str, notation: &mut Notation, problems: &mut Problems) {
    let has_tests = TESTS.iter().any(|head| text.contains(head));
    if !has_tests && !text.contains("schedule ") {
        return;
    }
    let mut in_schedule = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = code_of(line);
        for (begin, end, is_line) in places(code, has_tests, &mut in_schedule) {
            let piece = HoursPiece { text, start: start + begin, written: &code[begin..end] };
            let Some(slip) = (if is_line { piece.line() } else { piece.test() }) else { continue };
            problems.push(problems::other_hours(slip.span, text, &slip.edits, slip.grade));
            notation.edits.extend(slip.edits);
        }
        start += line.len();
    }
}

/// A line without its comment.
fn code_of(line: &str) -> &str {
    let mut at = 0;
    while let Some(byte) = line.as_bytes().get(at) {
        at += match byte {
            b'#' => return &line[..at],
            b'"' => text_length(&line[at..]),
            _ => 1,
        };
    }
    line
}

/// Where hours may stand in a line: what stands in a schedule's braces (true), and what follows
/// `time in` (false).
fn places(code: &str, has_tests: bool, in_schedule: &mut bool) -> Vec<(usize, usize, bool)> {
    let mut begin = 0;
    if !*in_schedule {
        let Some(open) = code.find('{').filter(|_| code.trim_start().starts_with("schedule ")) else {
            return if has_tests { tests(code) } else { Vec::new() };
        };
        *in_schedule = true;
        begin = open + 1;
    }
    let end = code[begin..].find('}').map_or(code.len(), |close| begin + close);
    *in_schedule = end == code.len();
    vec![(begin, end, true)]
}

fn tests(code: &str) -> Vec<(usize, usize, bool)> {
    let found = TESTS.iter().filter_map(|head| code.find(head).map(|at| at + head.len())).min();
    let end = code.find('{').unwrap_or(code.len());
    found.filter(|begin| *begin < end).map(|begin| (begin, end, false)).into_iter().collect()
}

struct HoursPiece<'t> {
    text: &'t str,
    start: usize,
    written: &'t str,
}

struct HoursSlip {
    span: Span,
    edits: Vec<Edit>,
    grade: Grade,
}

/// A window in another spelling.
struct WindowNotation {
    begin: usize,
    end: usize,
    plain: String,
    grade: Grade,
    /// Whether the grammar reads it, so that its checker says what is wrong: `9am-5pm`.
    is_read: bool,
}

impl HoursPiece<'_> {
    fn test(&self) -> Option<HoursSlip> {
        let windows = windows(self.written);
        if windows.iter().all(|window| window.is_read) {
            return None;
        }
        let edits = windows.iter().map(|window| self.edit(window.begin, window.end, window.plain.clone())).collect();
        self.slip(edits, windows.iter().map(|window| window.grade).max()?)
    }

    fn line(&self) -> Option<HoursSlip> {
        if let Some(slip) = self.round_the_clock() {
            return Some(slip);
        }
        let mut windows = windows(self.written);
        let first = windows.first_mut()?;
        // `sun from 10:00 to 12:00`
        if let Some(head) = self.written[..first.begin].trim_end().strip_suffix(" from") {
            first.begin = head.len() + 1;
        }
        let mut edits: Vec<Edit> = Vec::new();
        let head = &self.written[..first.begin];
        let mut grade = windows.iter().map(|window| window.grade).max()?;
        if let Some((days, days_grade)) = days(head.trim().trim_end_matches(':').trim_end()) {
            let begin = head.len() - head.trim_start().len();
            edits.push(self.edit(begin, head.trim_end().len(), days));
            grade = grade.max(days_grade);
        }
        if edits.is_empty() && windows.iter().all(|window| window.is_read) {
            return None;
        }
        let between = |pair: &[WindowNotation]| self.written[pair[0].end..pair[1].begin].trim();
        let are_joined = windows.windows(2).any(|pair| matches!(between(pair), "and" | "&" | "/" | ";"));
        if !are_joined {
            edits.extend(windows.iter().map(|window| self.edit(window.begin, window.end, window.plain.clone())));
        } else {
            // `9-1 and 2-5`: all of them in one edit, with commas between.
            let plain: Vec<&str> = windows.iter().map(|window| window.plain.as_str()).collect();
            edits.push(self.edit(windows.first()?.begin, windows.last()?.end, plain.join(", ")));
        }
        self.slip(edits, grade)
    }

    /// `24/7`, `mon-fri 24 hours`
    fn round_the_clock(&self) -> Option<HoursSlip> {
        let lower = self.written.to_ascii_lowercase();
        let mark =
            ["24/7", "24 hours", "24hours", "24hrs", "24 hrs", "24h"].into_iter().find(|mark| lower.contains(mark))?;
        let at = lower.find(mark)?;
        let head = self.written[..at].trim().trim_end_matches(':').trim_end();
        if !self.written[at + mark.len()..].trim().is_empty() || at > 0 && !lower[..at].ends_with([' ', '\t', ':']) {
            return None;
        }
        let plain = if head.is_empty() { "mon-sun all day" } else { "all day" };
        let mut edits = vec![self.edit(at, at + mark.len(), plain.to_owned())];
        let mut grade = Grade::Safe;
        if let Some((days, days_grade)) = days(head) {
            let begin = self.written.len() - self.written.trim_start().len();
            edits.insert(0, self.edit(begin, self.written[..at].trim_end().len(), days));
            grade = days_grade;
        }
        self.slip(edits, grade)
    }

    fn edit(&self, begin: usize, end: usize, text: String) -> Edit {
        Edit { span: Span::new(self.start + begin, self.start + end), text }
    }

    fn slip(&self, mut edits: Vec<Edit>, grade: Grade) -> Option<HoursSlip> {
        edits.retain(|edit| self.text[edit.span.range()] != edit.text);
        let span = edits.first()?.span.to(edits.last()?.span);
        Some(HoursSlip { span, edits, grade })
    }
}

/// The windows that no grammar reads, or that only their spelling makes wrong.
fn windows(written: &str) -> Vec<WindowNotation> {
    let mut windows = Vec::new();
    let mut at = 0;
    while at < written.len() {
        let Some(first) = written[at..].chars().next() else { break };
        let begins = written[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "[(,:&".contains(c));
        match begins.then(|| window(&written[at..])).flatten() {
            Some((length, plain)) => {
                let is_read = !written[at..at + length].contains(|c: char| c == ' ' || !c.is_ascii());
                windows.extend(plain.map(|(plain, grade)| WindowNotation {
                    begin: at,
                    end: at + length,
                    plain,
                    grade,
                    is_read,
                }));
                at += length;
            }
            None => at += first.len_utf8(),
        }
    }
    windows
}

/// The length of a window, and how a plan writes it; without that, where it is for others to judge.
fn window(rest: &str) -> Option<(usize, Option<(String, Grade)>)> {
    let (first, first_length) = time(rest)?;
    let after = rest[first_length..].trim_start_matches(' ');
    let (mark, is_word) = separator(after)?;
    let last_text = after[mark..].trim_start_matches(' ');
    let (last, last_length) = time(last_text)?;
    let length = rest.len() - last_text.len() + last_length;
    let ends = !rest[length..].starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '/' | '.'));
    let is_slip = is_word || first.is_spelled || last.is_spelled;
    let plain = if ends && is_slip { plain(first, last) } else { None };
    Some((length, plain))
}

/// A window in another spelling as a plan writes it, where there is one reading.
pub(in crate::syntax) fn plain_window(written: &str) -> Option<String> {
    let (length, plain) = window(written)?;
    plain.filter(|(_, grade)| length == written.len() && *grade == Grade::Safe).map(|(plain, _)| plain)
}

fn separator(text: &str) -> Option<(usize, bool)> {
    if let Some(dash) = text.chars().next().filter(|c| matches!(c, '-' | '–' | '—')) {
        return Some((dash.len_utf8(), false));
    }
    let length = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let word = text[..length].to_ascii_lowercase();
    let is_word = matches!(word.as_str(), "to" | "until" | "till" | "til" | "through" | "thru" | "and");
    // `09:00 and 10:00` may be two times.
    (is_word && word != "and").then_some((length, true))
}

/// A time of day as people write it.
#[derive(Clone, Copy)]
struct TimeNotation {
    hour: u16,
    minute: u16,
    /// Whether it is after noon, where that is said.
    half: Option<bool>,
    /// Whether it is written with its minutes.
    has_minutes: bool,
    /// Whether no plan writes it so.
    is_spelled: bool,
}

fn time(text: &str) -> Option<(TimeNotation, usize)> {
    for (word, hour) in [("noon", 12), ("midday", 12), ("midnight", 24)] {
        if text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)) {
            let time = TimeNotation { hour, minute: 0, half: None, has_minutes: true, is_spelled: true };
            return Some((time, word.len()));
        }
    }
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut length = digits(text);
    if !(1..=2).contains(&length) {
        return None;
    }
    let hour = text[..length].parse().ok()?;
    let mut minute = 0;
    let mut has_minutes = false;
    if let Some(rest) = text[length..].strip_prefix([':', '.', 'h'])
        && digits(rest) == 2
    {
        minute = rest[..2].parse().ok()?;
        has_minutes = true;
        length += 3;
    }
    let after = text[length..].trim_start_matches(' ');
    let lower: String = after.chars().take(4).collect::<String>().to_ascii_lowercase();
    let marks = [("a.m.", false), ("p.m.", true), ("am", false), ("pm", true)];
    let half = marks.into_iter().find(|(mark, _)| lower.starts_with(mark));
    if let Some((mark, _)) = half {
        length = text.len() - after.len() + mark.len();
    }
    let time = TimeNotation { hour, minute, half: half.map(|(_, half)| half), has_minutes, is_spelled: half.is_some() };
    (minute < 60 && hour <= 24).then_some((time, length))
}

impl TimeNotation {
    /// Minutes from midnight, with another half of the day where none is said.
    fn minutes(self, half: Option<bool>) -> Option<u16> {
        let half = self.half.or(half);
        let hour = match half {
            Some(_) if !(1..=12).contains(&self.hour) => return None,
            Some(half) => self.hour % 12 + if half { 12 } else { 0 },
            None => self.hour,
        };
        let minutes = hour * 60 + self.minute;
        (minutes <= DAY).then_some(minutes)
    }
}

/// The window as a plan writes it. Which half of the day is meant is safe to say only where one
/// reading makes sense.
fn plain(first: TimeNotation, last: TimeNotation) -> Option<(String, Grade)> {
    let (start, end, grade) = match (first.half, last.half) {
        (Some(_), Some(_)) => (first.minutes(None)?, last.minutes(None)?, Grade::Safe),
        (None, Some(half)) if first.hour <= 12 && !first.is_spelled => {
            let (end, same) = (last.minutes(None)?, first.minutes(Some(half)));
            match same.filter(|same| *same < end) {
                Some(same) => (same, end, if half && first.hour < 12 { Grade::Suggestion } else { Grade::Safe }),
                None => (first.minutes(None)?, end, Grade::Safe),
            }
        }
        (Some(_), None) if last.hour <= 12 && !last.is_spelled => {
            let start = first.minutes(None)?;
            let end = [last.minutes(Some(false)), last.minutes(Some(true))];
            (start, end.into_iter().flatten().find(|end| *end > start)?, Grade::Suggestion)
        }
        (None | Some(_), None | Some(_)) => {
            let (start, end) = (first.minutes(None)?, last.minutes(None)?);
            // `9 to 5`: the end of a working day, most likely.
            let is_short = first.hour < 10 && !first.is_spelled && last.hour < 10 && end <= start;
            match is_short {
                true => (start, end + HALF_A_DAY, Grade::Suggestion),
                false => (start, end, if first.has_minutes || end > start { Grade::Safe } else { Grade::Suggestion }),
            }
        }
    };
    let end = if end == 0 { DAY } else { end };
    let start = start % DAY;
    let shown = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    (start != end).then(|| (format!("{}-{}", shown(start), shown(end)), grade))
}

/// Days in other spellings as a plan writes them; `None` where nothing is to be changed, or they
/// are none.
fn days(head: &str) -> Option<(String, Grade)> {
    let lower = head.to_ascii_lowercase();
    let ranges = lower.split(',').map(|part| day_range(part.trim())).collect::<Option<Vec<_>>>()?;
    let grade = ranges.iter().map(|(_, grade)| *grade).max()?;
    let plain = ranges.into_iter().map(|(plain, _)| plain).collect::<Vec<_>>().join(", ");
    (plain != head).then_some((plain, grade))
}

fn day_range(part: &str) -> Option<(String, Grade)> {
    match part {
        // Where the week ends differs from country to country.
        "weekdays" | "workdays" | "weekday" => return Some(("mon-fri".to_owned(), Grade::Suggestion)),
        "weekends" | "weekend" => return Some(("sat-sun".to_owned(), Grade::Suggestion)),
        "daily" | "everyday" | "every day" => return Some(("mon-sun".to_owned(), Grade::Safe)),
        _ => {}
    }
    let inclusive = [" to ", " through ", " thru ", "–", "-"].map(|mark| (mark, Grade::Safe));
    // The last day may be meant, or the one before it.
    let unsure = [" until ", " till "].map(|mark| (mark, Grade::Suggestion));
    for (mark, grade) in inclusive.into_iter().chain(unsure) {
        if let Some((first, last)) = part.split_once(mark) {
            return Some((format!("{}-{}", weekday(first.trim())?, weekday(last.trim())?), grade));
        }
    }
    weekday(part).map(|day| (day.to_owned(), Grade::Safe))
}

/// A weekday's word, for its name in any of the usual spellings, in small letters.
pub(in crate::syntax) fn weekday(word: &str) -> Option<&'static str> {
    Some(match word.trim_end_matches('.') {
        "mon" | "monday" | "mondays" => "mon",
        "tue" | "tues" | "tuesday" | "tuesdays" => "tue",
        "wed" | "weds" | "wednesday" | "wednesdays" => "wed",
        "thu" | "thur" | "thurs" | "thursday" | "thursdays" => "thu",
        "fri" | "friday" | "fridays" => "fri",
        "sat" | "saturday" | "saturdays" => "sat",
        "sun" | "sunday" | "sundays" => "sun",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_the_hours_that_make_sense() {
        let cases = [
            ("9:00 AM - 5:00 PM", Some(("09:00-17:00", Grade::Safe))),
            ("10:00 to 18:00", Some(("10:00-18:00", Grade::Safe))),
            ("22:00 to 06:00", Some(("22:00-06:00", Grade::Safe))),
            ("9am to 5.30pm", Some(("09:00-17:30", Grade::Safe))),
            ("12am - 12pm", Some(("00:00-12:00", Grade::Safe))),
            ("noon to midnight", Some(("12:00-24:00", Grade::Safe))),
            ("9 - 5pm", Some(("09:00-17:00", Grade::Safe))),
            ("1 - 5pm", Some(("13:00-17:00", Grade::Suggestion))),
            ("9am to 5", Some(("09:00-17:00", Grade::Suggestion))),
            ("9 to 5", Some(("09:00-17:00", Grade::Suggestion))),
            ("13pm to 14pm", None),
            ("9am to 9am", None),
            ("09:00-17:00", None),
        ];
        for (text, expected) in cases {
            let plain = window(text).and_then(|(_, plain)| plain);
            assert_eq!(plain.as_ref().map(|(plain, grade)| (plain.as_str(), *grade)), expected, "{text}");
        }
    }
}
