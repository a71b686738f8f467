//! Hours, dates, time zones, and the lines of schedules.

use crate::diagnostics::{Code, Diagnostic, Edit, Grade};
use crate::source::Span;
use jiff::civil::Date;

/// `9:00 AM - 5:00 PM`, with the days before it where these are spelled otherwise, too.
pub(in crate::syntax) fn other_hours(span: Span, text: &str, edits: &[Edit], grade: Grade) -> Diagnostic {
    let mut plain = String::new();
    let mut at = span.range().start;
    for edit in edits {
        plain.push_str(&text[at..edit.span.range().start]);
        plain.push_str(&edit.text);
        at = edit.span.range().end;
    }
    let written = &text[span.range()];
    let message = format!("hours are written on the 24-hour clock, with a `-` between: not `{written}` but `{plain}`");
    let diagnostic = Diagnostic::new(Code::BadTime, span, message);
    let title = format!("write `{plain}`");
    match grade {
        Grade::Safe => diagnostic.fix_all(title, edits.to_vec()),
        Grade::Suggestion => diagnostic.suggest_all(title, edits.to_vec()),
    }
}

pub(in crate::syntax) fn window_dots(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadRange, span, "a window of times is written with `-`").fix("write `-`", span, "-")
}

/// `26/03/2027`
pub(in crate::syntax) fn other_date(span: Span, written: &str, readings: &[Date]) -> Diagnostic {
    let dates: Vec<String> = readings.iter().map(|date| format!("`{date}`")).collect();
    let message = format!("a date is written year, month, day: {}, not `{written}`", dates.join(" or "));
    let diagnostic = Diagnostic::new(Code::BadDate, span, message);
    match readings {
        [only] => diagnostic.fix(format!("write `{only}`"), span, only.to_string()),
        [] | [_, ..] => diagnostic.help("only you know which of them is meant"),
    }
}

/// `12/25`
pub(in crate::syntax) fn day_without_year(span: Span, written: &str, readings: &[String]) -> Diagnostic {
    let days: Vec<String> = readings.iter().map(|day| format!("`{day}`")).collect();
    let message =
        format!("a day that comes every year is its month and its day: {}, not `{written}`", days.join(" or "));
    let diagnostic = Diagnostic::new(Code::BadDate, span, message);
    match readings {
        [only] => diagnostic.suggest(format!("write `{only}`"), span, only.clone()),
        [] | [_, ..] => diagnostic.help("only you know which of them is meant"),
    }
}

pub(in crate::syntax) fn no_moment(span: Span, found: &str) -> Diagnostic {
    let found = if found.is_empty() { "nothing".to_owned() } else { format!("`{found}`") };
    Diagnostic::new(Code::Syntax, span, format!("after `at` come a date and a time, not {found}"))
        .help("for instance `at 2026-12-01 10:00`")
}

pub(in crate::syntax) fn hours_without_days(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{written}` are hours, and a line begins with its days"))
        .help(format!("for instance `mon-fri {written}`"))
}

/// `days h = [2027-02-10 09:00-12:30]`
pub(in crate::syntax) fn hours_in_days(span: Span, written: &str) -> Diagnostic {
    let day = written.split_whitespace().next().unwrap_or_default();
    Diagnostic::new(Code::BadDate, span, format!("`days` holds whole days, and `{written}` has hours")).help(format!(
        "hours stand in a schedule, in a line such as `{day} 09:00-12:30`, which says when it is open then"
    ))
}

/// `mon-fri 09:00-17:00 closed 12:00-13:00`
pub(in crate::syntax) fn changed_hours(span: Span, line: &str, edit: Edit) -> Diagnostic {
    let message = format!("hours that are taken away or added stand on a line of their own: `{line}`");
    Diagnostic::new(Code::Syntax, span, message).fix_all("put them on a line of their own", vec![edit])
}

pub(in crate::syntax) fn except_in_line(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "`except` stands before the `{` of the schedule, not in a line")
        .help("for instance `schedule office except holidays { … }`")
}

/// `easter monday`
pub(in crate::syntax) fn no_such_day(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Code::BadDate, span, format!("`{written}` is not a day that a plan knows; write its dates"))
        .help("for instance `2027-03-29`; a day that comes every year is `every 12-25`, or `last mon of may`")
}

/// `good friday`
pub(in crate::syntax) fn named_holiday(span: Span, written: &str, plain: &str) -> Diagnostic {
    Diagnostic::new(Code::BadDate, span, format!("`{written}` is not a day as a plan writes it; write `{plain}`"))
        .suggest(format!("write `{plain}`"), span, plain)
}

/// `every second week`
pub(in crate::syntax) fn weeks_without_date(span: Span, count: &str) -> Diagnostic {
    let message = format!("which weeks these are is said by a date: `every {count} weeks from DATE`");
    Diagnostic::new(Code::BadDate, span, message).help(format!(
        "`every {count} weeks from 2026-12-05` is that date and each one {count} weeks later; with `mon-fri` behind it, these days of that week and of each so many weeks later"
    ))
}

pub(in crate::syntax) fn no_weekday(span: Span, found: &str, near: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::BadDate, span, format!("`{found}` is not a weekday"));
    match near {
        Some(near) => diagnostic.suggest(format!("write `{near}`"), span, near),
        None => diagnostic.help("the weekdays are `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`"),
    }
}

/// `every 10 days`
pub(in crate::syntax) fn no_rhythm(span: Span, count: &str) -> Diagnostic {
    Diagnostic::new(Code::BadDate, span, format!("after `every` comes a day of the year such as `12-25`, not `{count}`"))
        .help("days of every few weeks are `every 2 weeks from 2026-12-05`, those of a month `first mon of month`; others are written as dates, one by one")
}

/// A line of a rotation in a form that nobody knows.
pub(in crate::syntax) fn no_rotation_line(span: Span, written: &str, form: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{written}` is no line of a rotation; {form}")).help(
        "for instance `from 2027-01-04 08:00 every week bell, chen`; hours are a schedule's, and both can be tested",
    )
}

/// `every quarter`, `every 2 months`
pub(in crate::syntax) fn no_such_turns(span: Span) -> Diagnostic {
    let message = "a line hands over `every day`, `every week`, `every month`, or every so many days or weeks";
    Diagnostic::new(Code::Syntax, span, message).help("for instance `every 2 weeks`")
}

/// `"0b5f6a0e-…"` in a line of a rotation.
pub(in crate::syntax) fn quoted_on_call(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "in a rotation stand names of agents, without quotes")
        .help("`agent NAME = \"…\"` gives an id a name")
}

/// `mon-fri 09:00-17:00`
pub(in crate::syntax) fn hours_in_rotation(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "a rotation has no hours: somebody is always on call")
        .help("hours are a schedule's; `when office is open { … }` before the route asks for both")
}

/// `bell, chen,` at the end of a line
pub(in crate::syntax) fn comma_after_agents(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "after this comma comes another agent").suggest("take it out", span, "")
}

/// `from 2027-01-04 08:00 every week`
pub(in crate::syntax) fn no_on_call(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "expected an agent's name here")
        .help("the agents who are on call, in turn: `bell, chen, diaz`")
}

pub(in crate::syntax) fn quoted_zone(span: Span, zone: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("a time zone stands without quotes: `{zone}`")).fix(
        format!("write `{zone}`"),
        span,
        zone,
    )
}
