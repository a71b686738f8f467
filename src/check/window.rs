//! Windows of hours, in schedules and in tests of the time.

use super::figure::{corrected_time, read_time};
use super::problems::dates as problems;
use super::{Checked, Checker};
use crate::diagnostics::{Grade, Reported};
use crate::eval;
use crate::schedule::{MINUTES_PER_DAY, Window};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;

const HALF_A_DAY: u16 = 12 * 60;

impl Checker<'_, '_> {
    /// From `start` to `end`, both as written.
    pub(super) fn window(
        &mut self,
        start: &ast::Token,
        end: &ast::Token,
        span: Span,
        in_schedule: bool,
    ) -> Checked<Window> {
        if read_time(&start.text).is_none() || read_time(&end.text).is_none() {
            return Err(self.refuse_spelling(start, end, span));
        }
        let (first, last) = (self.time_of_day(start)?, self.time(end)?);
        let Ok(window) = Window::new(first, last) else {
            return self.refuse(problems::equal_ends(span, in_schedule));
        };
        let meant_end = meant_end(last);
        // A window from the morning into the next morning is an afternoon's hour on a 12-hour
        // clock; one that starts in the afternoon (`17:00-09:00`) is a night, however long.
        let is_long = window.crosses_midnight() && first < HALF_A_DAY && window.minutes() > HALF_A_DAY;
        if meant_end == Some(first) {
            self.late_ends.push(problems::round_the_clock(&end.text, end.span, in_schedule));
        } else if is_long {
            let later = eval::shown_time(meant_end.unwrap_or(last) + HALF_A_DAY);
            let hours = (window.minutes() + 30) / 60;
            self.problem(problems::long_window(self.source.slice(span), span, hours, &later, end.span));
        } else if let Some(meant) = meant_end {
            self.late_ends.push(problems::late_end(&end.text, end.span, &eval::shown_time(meant)));
        }
        Ok(window)
    }

    /// Warns of windows of one list that leave out the minute before another one opens:
    /// `09:00-12:29, 12:30-17:00`. Each comes with the place of the time at which it ends.
    pub(super) fn warn_of_minutes_between(&mut self, windows: &[(Window, Span)]) {
        if windows.len() < 2 {
            return;
        }
        let minutes = Minutes::of(windows.iter().map(|(window, _)| *window));
        for (window, end) in windows {
            let next = window.end() + 1;
            if meant_end(window.end()).is_none() && minutes.opens_at(next) && !minutes.is_open_at(window.end()) {
                let written = self.source.slice(*end);
                self.late_ends.push(problems::late_end(written, *end, &eval::shown_time(next)));
            }
        }
    }

    /// `9am-5pm` and `9-17` have one fix for the whole; a time that is only out of range has its
    /// own problem.
    fn refuse_spelling(&mut self, start: &ast::Token, end: &ast::Token, span: Span) -> Reported {
        let corrected = |token: &ast::Token| match read_time(&token.text) {
            Some(_) => Some(token.text.clone()),
            None => corrected_time(&token.text),
        };
        match (corrected(start), corrected(end)) {
            (Some(first), Some(last)) => {
                let first = same_half(&start.text, first, &end.text, &last);
                // `9-5`: the end of a working day, not the next morning.
                let is_bare = |token: &ast::Token| token.text.bytes().all(|byte| byte.is_ascii_digit());
                let noon = "12:00".to_owned();
                let later = |time: &str| read_time(time).map(|minute| eval::shown_time(minute + HALF_A_DAY));
                let last =
                    match later(&last).filter(|_| is_bare(start) && is_bare(end) && last <= first && first < noon) {
                        Some(later) => later,
                        None => last,
                    };
                let grade = hours_spelling(&start.text, &end.text, &first, &last);
                let replacement = format!("{first}-{last}");
                self.error(problems::window_spelling(grade, self.source.slice(span), span, &replacement))
            }
            (None, _) | (_, None) => {
                let (first, last) = (self.time(start), self.time(end));
                first.and(last).err().unwrap_or_else(|| self.told_before(span))
            }
        }
    }

    /// The window of a schedule's line.
    pub(super) fn schedule_window(&mut self, window: &ast::Window) -> Checked<Window> {
        match &window.end {
            Some(end) => self.window(&window.start, end, window.span, true),
            None => self.refuse(problems::one_time(&window.start.text, window.span)),
        }
    }

    /// The window of a test such as `time in 22:00-06:00`.
    pub(super) fn time_range(&mut self, test: &ast::Test, range: &ast::Range) -> Checked<Window> {
        let (start, end) = (self.figure(test, &range.low, Type::Time)?, self.end_of_window(test, &range.high)?);
        if range.mark == ast::RangeMark::Dots {
            return self.refuse(problems::window_dots(range.mark_span));
        }
        self.window(start, end, start.span.to(end.span), false)
    }

    /// Whatever its shape: what is no time is told together with the start.
    fn end_of_window<'v>(&mut self, test: &ast::Test, value: &'v ast::Value) -> Checked<&'v ast::Token> {
        if let Some(token) = value.as_figure() {
            return Ok(token);
        }
        self.fits(test, value, Type::Time)?;
        Err(self.no_value(test, value, Type::Time))
    }
}

/// The minutes of the clock in which windows open, and in which one is open.
struct Minutes {
    opening: Vec<bool>,
    /// By how many the open windows become more or fewer at each minute.
    change: Vec<i32>,
}

impl Minutes {
    fn of(windows: impl Iterator<Item = Window>) -> Self {
        let minutes = usize::from(MINUTES_PER_DAY) + 1;
        let mut found = Self { opening: vec![false; minutes], change: vec![0; minutes] };
        for window in windows {
            let (start, end) = (usize::from(window.start()), usize::from(window.end()));
            found.opening[start] = true;
            found.change[start] += 1;
            found.change[end] -= 1;
            found.change[0] += i32::from(window.crosses_midnight());
        }
        found
    }

    fn opens_at(&self, minute: u16) -> bool {
        self.opening.get(usize::from(minute)) == Some(&true)
    }

    fn is_open_at(&self, minute: u16) -> bool {
        self.change.iter().take(usize::from(minute) + 1).sum::<i32>() > 0
    }
}

/// The end that was probably meant by one at `:59`, which a window leaves out.
fn meant_end(end: u16) -> Option<u16> {
    (end % 60 == 59).then_some(end + 1)
}

/// `1-5pm`: the start is of the half of the day that the end names, unless it would then come after
/// the end (`9-5pm`).
fn same_half(start: &str, first: String, end: &str, last: &str) -> String {
    let is_bare = start.bytes().all(|byte| byte.is_ascii_digit() || byte == b':' || byte == b'.');
    let ends_in_afternoon = end.to_ascii_lowercase().ends_with("pm");
    let moved = read_time(&first).filter(|_| is_bare && ends_in_afternoon).map(|first| first + HALF_A_DAY);
    match (moved, read_time(last)) {
        (Some(moved), Some(last)) if moved < last => eval::shown_time(moved),
        (_, _) => first,
    }
}

/// Hours have one reading where both ends say which half of the day they are of, or neither does
/// and the end is past noon, as only the 24-hour clock has it. `1-5pm`, `9-5` and `8-11` could each
/// be two windows.
fn hours_spelling(start: &str, end: &str, first: &str, last: &str) -> Grade {
    let has_half = |text: &str| text.to_ascii_lowercase().ends_with('m');
    let is_plain = |text: &str| !has_half(text);
    let by_halves = has_half(start) && has_half(end);
    let by_clock = is_plain(start) && is_plain(end) && first < last && (last >= "12:00") && !is_moved(end, last);
    if by_halves || by_clock { Grade::Safe } else { Grade::Suggestion }
}

/// Whether the end of a working day was moved to the afternoon.
fn is_moved(written: &str, read: &str) -> bool {
    corrected_time(written).is_some_and(|time| time != read)
}
