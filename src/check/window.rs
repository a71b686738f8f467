//! Windows of hours, in schedules and in tests of the time.

use super::Checker;
use super::figure::{mend_time, read_time};
use super::problems::dates as problems;
use crate::eval;
use crate::schedule::Window;
use crate::source::Span;
use crate::syntax::ast;

const HALF_A_DAY: u16 = 12 * 60;

impl Checker<'_, '_> {
    /// From `start` to `end`, both as written.
    pub(super) fn window(
        &mut self,
        start: &ast::Token,
        end: &ast::Token,
        span: Span,
        in_schedule: bool,
    ) -> Option<Window> {
        if read_time(&start.text).is_none() || read_time(&end.text).is_none() {
            self.refuse_spelling(start, end, span);
            return None;
        }
        let (first, last) = (self.time_of_day(start)?, self.time(end)?);
        let Ok(window) = Window::new(first, last) else {
            self.problem(problems::equal_ends(span, in_schedule));
            return None;
        };
        // A window from the morning into the next morning is an afternoon's hour on a 12-hour clock; one that starts
        // in the afternoon (`17:00-09:00`) is a night, however long.
        if window.crosses_midnight() && first < HALF_A_DAY && window.minutes() > HALF_A_DAY {
            let later = last + HALF_A_DAY;
            let mend = format!("{:02}:{:02}", later / 60, later % 60);
            let hours = (window.minutes() + 30) / 60;
            self.problem(problems::long_window(self.source.slice(span), span, hours, &mend, end.span));
        }
        Some(window)
    }

    /// `9am-5pm` and `9-17` have one mend for the whole; a time that is only out of range has its own problem.
    fn refuse_spelling(&mut self, start: &ast::Token, end: &ast::Token, span: Span) {
        let mended = |token: &ast::Token| match read_time(&token.text) {
            Some(_) => Some(token.text.clone()),
            None => mend_time(&token.text),
        };
        match (mended(start), mended(end)) {
            (Some(first), Some(last)) => {
                // `9-5`: the end of a working day, not the next morning.
                let is_bare = |token: &ast::Token| token.text.bytes().all(|byte| byte.is_ascii_digit());
                let noon = "12:00".to_owned();
                let later = |time: &str| read_time(time).map(|minute| eval::shown_time(minute + HALF_A_DAY));
                let last =
                    match later(&last).filter(|_| is_bare(start) && is_bare(end) && last <= first && first < noon) {
                        Some(later) => later,
                        None => last,
                    };
                self.problem(problems::window_spelling(self.source.slice(span), span, &format!("{first}-{last}")));
            }
            _ => {
                self.time(start);
                self.time(end);
            }
        }
    }

    /// The window of a schedule's line.
    pub(super) fn schedule_window(&mut self, window: &ast::Window) -> Option<Window> {
        match &window.end {
            Some(end) => self.window(&window.start, end, window.span, true),
            None => {
                self.problem(problems::one_time(&window.start.text, window.span));
                None
            }
        }
    }

    /// The window of a test such as `time in 22:00-06:00`.
    pub(super) fn time_range(&mut self, range: &ast::Range) -> Option<Window> {
        let (ast::Value::Figure(start), ast::Value::Figure(end)) = (&range.low, &range.high) else { return None };
        if range.mark == ast::RangeMark::Dots {
            self.problem(problems::window_dots(range.mark_span));
            return None;
        }
        self.window(start, end, start.span.to(end.span), false)
    }
}
