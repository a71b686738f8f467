//! Times, dates, zones, and the lines of schedules.

use crate::diagnostics::{Code, Diagnostic, Edit, Grade};
use crate::schedule::ZoneProblem;
use crate::source::{Source, Span};
use crate::syntax::DefinitionKind;
use jiff::civil::Date;

pub(in crate::check) fn bad_time(written: &str, span: Span, replacement: Option<String>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::BadTime, span, format!("there is no time `{written}`"));
    match replacement {
        Some(replacement) => diagnostic.help("a time is `00:00` to `23:59`, on the 24-hour clock").fix(
            format!("write `{replacement}`"),
            span,
            replacement,
        ),
        None => diagnostic.help("a time is `00:00` to `23:59`, on the 24-hour clock"),
    }
}

/// `9am-5pm`, `9-17`: hours that are not written as times.
pub(in crate::check) fn window_spelling(grade: Grade, written: &str, span: Span, replacement: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BadTime,
        span,
        format!("hours are written on the 24-hour clock, with minutes: not `{written}` but `{replacement}`"),
    )
    .fix_as(grade, format!("write `{replacement}`"), span, replacement)
}

pub(in crate::check) fn one_time(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BadTime,
        span,
        format!("`{written}` is one time; hours are from one time to another, such as `09:00-17:00`"),
    )
}

pub(in crate::check) fn midnight(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BadTime,
        span,
        "`24:00` stands only at the end of a window; midnight as the start of a day is `00:00`",
    )
}

pub(in crate::check) fn equal_ends(span: Span, in_schedule: bool) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::BadTime, span, "this window ends when it starts");
    match in_schedule {
        true => diagnostic.help("for the whole day, write `all day`").suggest("write `all day`", span, "all day"),
        false => diagnostic.help("for the whole day, write `00:00-24:00`").suggest(
            "write `00:00-24:00`",
            span,
            "00:00-24:00",
        ),
    }
}

pub(in crate::check) fn window_dots(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadRange, span, "a window of times is written with `-`").fix("write `-`", span, "-")
}

pub(in crate::check) fn skipped_time(span: Span, zone: &str, replacement: &str) -> Diagnostic {
    Diagnostic::new(Code::BadTime, span, format!("clocks in {zone} never show this time: they are put forward over it"))
        .help(format!("the first time after it is `{replacement}`"))
        .suggest(format!("write `{replacement}`"), span, replacement)
}

pub(in crate::check) fn long_window(written: &str, span: Span, hours: u16, replacement: &str, end: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SuspiciousWindow,
        span,
        format!("`{written}` is open for {hours} hours, into the next morning; did you mean `{replacement}`?"),
    )
    .suggest(format!("end at `{replacement}`"), end, replacement)
}

/// `18:00-23:59`: the end is not in it, and another end was probably meant.
pub(in crate::check) fn late_end(written: &str, end: Span, meant: &str) -> Diagnostic {
    left_out_minute(written, end).suggest(format!("end at `{meant}`"), end, meant)
}

/// `08:00-07:59`: an end a minute later would be the start again.
pub(in crate::check) fn round_the_clock(written: &str, end: Span, in_schedule: bool) -> Diagnostic {
    let whole_day = if in_schedule { "all day" } else { "00:00-24:00" };
    left_out_minute(written, end).help(format!("the whole day is `{whole_day}`"))
}

fn left_out_minute(minute: &str, end: Span) -> Diagnostic {
    Diagnostic::new(
        Code::SuspiciousWindow,
        end,
        format!("the minute {minute} is not in this window: a window leaves out its end"),
    )
}

pub(in crate::check) fn weekday_and_night(
    span: Span,
    first: &str,
    days: &str,
    window: &str,
    days_span: Span,
) -> Diagnostic {
    Diagnostic::new(
        Code::SuspiciousWindow,
        span,
        format!("`{window}` crosses midnight, and after midnight it is no longer `{first}`: this holds late in the evening and early on the same day"),
    )
    .note_at(days_span, "tested on the day that the clock shows")
    .help(format!("for the night that starts on that day, use a schedule with the line `{days} {window}`"))
}

pub(in crate::check) fn date_and_time(whole: Span, date: &str, time: &str) -> Diagnostic {
    let replacement = format!("now >= {date} {time}");
    Diagnostic::new(
        Code::SuspiciousWindow,
        whole,
        format!("this does not hold from {date} {time} on: it is off again every day until {time}"),
    )
    .help(format!("for everything from that moment on, write `{replacement}`"))
    .suggest(format!("write `{replacement}`"), whole, replacement)
}

pub(in crate::check) fn bad_date(written: &str, span: Span, what: &str, replacement: Option<String>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::BadDate, span, format!("there is no {what} `{written}`"));
    match replacement {
        Some(replacement) => diagnostic.fix(format!("write `{replacement}`"), span, replacement),
        None => diagnostic
            .help("a date is written year, month, day, such as `2026-12-24`; a day of every year is `every 12-24`"),
    }
}

/// A day that its month does not have, with the days it has.
pub(in crate::check) fn beyond_month(written: &str, span: Span, month: &str, days: &str) -> Diagnostic {
    Diagnostic::new(Code::BadDate, span, format!("there is no day `{written}`: {month} has {days} days"))
}

pub(in crate::check) fn hours_without_days(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadDate, span, format!("`{written}` are hours, and a line begins with its days"))
        .help(format!("for instance `mon-fri {written}`"))
}

pub(in crate::check) fn bad_day_of_year(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadDate, span, format!("there is no day of the year `{written}`"))
        .help("a day of every year is its month and its day, such as `every 12-24`")
}

pub(in crate::check) fn yearly_without_every(written: &str, span: Span, replacement: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BadDate,
        span,
        format!("`{written}` has no year; a day that comes every year is `{replacement}`"),
    )
    .suggest(format!("write `{replacement}`"), span, replacement)
}

pub(in crate::check) fn every_with_year(written: &str, span: Span, replacement: &str) -> Diagnostic {
    Diagnostic::new(Code::BadDate, span, format!("after `every` comes a day without its year, and `{written}` has one"))
        .suggest(format!("write `{replacement}`"), span, replacement)
}

pub(in crate::check) fn dates_backwards(span: Span, replacement: &str) -> Diagnostic {
    Diagnostic::new(Code::BadRange, span, "this range of dates runs backwards; the earlier date comes first")
        .help(format!("are its ends the wrong way round (`{replacement}`), or is one of them mistyped?"))
}

pub(in crate::check) fn days_backwards(span: Span, replacement: &str) -> Diagnostic {
    Diagnostic::new(Code::BadRange, span, "this range of days runs backwards; the lower one comes first")
        .help(format!("are its ends the wrong way round (`{replacement}`), or is one of them mistyped?"))
}

pub(in crate::check) fn wrong_mark(span: Span, what: &str, replacement: &str) -> Diagnostic {
    Diagnostic::new(Code::BadRange, span, format!("a range of {what} is written with `{replacement}`")).fix(
        format!("write `{replacement}`"),
        span,
        replacement,
    )
}

pub(in crate::check) fn bad_day(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadDate, span, format!("there is no day `{written}`; a month has the days `1` to `31`"))
}

/// A word that is no weekday, month or other day.
pub(in crate::check) fn not_a_day(written: &str, span: Span, what: &str, near: Option<(&str, Grade)>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::BadDate, span, format!("`{written}` is not a {what}"));
    match near {
        Some((near, grade)) => {
            diagnostic.help(format!("did you mean `{near}`?")).fix_as(grade, format!("write `{near}`"), span, near)
        }
        None => diagnostic.help(match what {
            "month" => {
                "the months are `jan`, `feb`, `mar`, `apr`, `may`, `jun`, `jul`, `aug`, `sep`, `oct`, `nov`, `dec`"
            }
            "weekday" => "the weekdays are `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`",
            _ => "days are weekdays (`mon-fri`), dates (`2026-12-24`), `every 12-25`, or `last mon of may`",
        }),
    }
}

/// `day after easter` where `easter` is a definition of the plan.
pub(in crate::check) fn offset_from_name(span: Span, kind: DefinitionKind) -> Diagnostic {
    let kind = kind.with_article();
    Diagnostic::new(
        Code::WrongKind,
        span,
        format!("here `easter` is {kind} of this plan, and days are not counted from it"),
    )
    .help("with another name for the definition, `easter` is Easter Sunday again")
}

/// `100 days before easter`
pub(in crate::check) fn bad_offset(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadDate, span, format!("a day is counted from another by 1 to 99 days, not by `{written}`"))
        .help("for instance `2 days before easter`, or `day after fourth thu of nov`")
}

/// `2 day before easter`
pub(in crate::check) fn unit_of_offset(span: Span, plain: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("here this is written `{plain}`")).fix(
        format!("write `{plain}`"),
        span,
        plain,
    )
}

/// `every 2 weeks from 12-05`
pub(in crate::check) fn weeks_from_no_year(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadDate, span, format!("weeks are counted from one date, and `{written}` has no year"))
        .help("for instance `every 2 weeks from 2026-12-05`")
}

/// `every 60 weeks from 2026-12-05`
pub(in crate::check) fn bad_weeks(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadDate, span, format!("days come every 2 to 52 weeks, not every `{written}`"))
        .help("of every week they are weekdays, such as `mon-fri`; of every year `every 12-25`")
}

/// A name of `days` in a line of a schedule that excepts these days.
pub(in crate::check) fn excepted_and_in_line(name: &str, span: Span, except: Span) -> Diagnostic {
    Diagnostic::new(
        Code::ConflictingLines,
        span,
        format!("this line is for `{name}`, and no line opens on days that the schedule excepts"),
    )
    .label("this line")
    .note_at(except, "excepted here")
    .help("leave the days to the line, or to `except`; without either they have the hours of other days")
}

/// A name behind a set within a set.
pub(in crate::check) fn name_of_set(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{name}` keeps the names of its own entries, and gets none here")).fix(
        "take out the text",
        span,
        "",
    )
}

/// `closed from 2026-12-24 to 2027-01-04`
pub(in crate::check) fn closure_without_time(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadTime, span, "here come a date and a time: from which minute on, or up to which one?")
        .help("for instance `closed from 2026-12-24 12:00 to 2027-01-04 09:00`; whole days are `2026-12-24..2027-01-03 closed`")
}

/// `closed from 2027-01-04 09:00 to 2026-12-24 12:00`
pub(in crate::check) fn closure_backwards(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadRange, span, "this time ends before it begins; the earlier moment comes first")
        .help("are the two moments the wrong way round, or is one of them mistyped?")
}

/// More entries of sets in lines than a check takes.
pub(in crate::check) fn too_many_days_in_lines(span: Span, most: usize) -> Diagnostic {
    Diagnostic::new(
        Code::TooLarge,
        span,
        format!("the lines of this plan's schedules name sets with more than {most} days together"),
    )
}

/// More lines that change hours than a check takes.
pub(in crate::check) fn too_many_changes(span: Span, most: usize, most_of_a_line: usize) -> Diagnostic {
    Diagnostic::new(
        Code::TooLarge,
        span,
        format!(
            "lines with `also HOURS` or `closed HOURS` have at most {most_of_a_line} windows each, and on days that come again at most {most} together"
        ),
    )
}

/// A line that takes hours away or adds them, and changes none.
pub(in crate::check) fn changes_no_hour(span: Span, written: &str, adds: bool) -> Diagnostic {
    let (what, so) = if adds { ("adds nothing", "open") } else { ("takes nothing away", "closed") };
    Diagnostic::new(Code::NoEffect, span, format!("`{written}` {what}: the schedule is {so} then without it"))
        .help("hours count only on days that no narrower line decides; on an excepted day, only `also HOURS` of that one date opens")
}

/// `closed from … to …` over hours that are closed anyway.
pub(in crate::check) fn closes_no_hour(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(
        Code::NoEffect,
        span,
        format!("`{written}` takes nothing away: the schedule is closed then without it"),
    )
}

pub(in crate::check) fn weekdays_after_weekdays(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "a weekday cannot follow a weekday; put a comma between them").suggest(
        "put a comma before it",
        span.before(),
        ", ",
    )
}

/// `holidays mon-fri`
pub(in crate::check) fn weekdays_after_name(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("weekdays cannot follow a name: `{name}` is all of its days"))
        .help("weekdays follow a date, a range of dates or a day of the year, as in `every 12-24 mon-fri`")
}

pub(in crate::check) fn unknown_zone(written: &str, span: Span, problem: ZoneProblem) -> Diagnostic {
    let (message, meant) = match problem {
        ZoneProblem::Misspelled { nearest } => (format!("no time zone is called `{written}`"), nearest),
        ZoneProblem::FixedOffset { suggestion } => (
            format!(
                "`{written}` is a fixed distance from UTC, which knows no summer time; a zone is named for a place"
            ),
            suggestion.map(str::to_owned),
        ),
    };
    let diagnostic = Diagnostic::new(Code::UnknownZone, span, message);
    match meant {
        Some(zone) => {
            let grade = if zone.eq_ignore_ascii_case(written) { Grade::Safe } else { Grade::Suggestion };
            diagnostic.help(format!("did you mean `{zone}`?")).fix_as(grade, format!("write `{zone}`"), span, zone)
        }
        None => diagnostic.help(
            "a zone is a place of the IANA time zone database, such as `America/New_York`, `Europe/London` or `UTC`",
        ),
    }
}

pub(in crate::check) fn second_zone(span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateName, span, "the plan's time zone is set twice")
        .note_at(first, "first set here")
        .help("a schedule may have a zone of its own: `schedule NAME in ZONE { … }`")
}

pub(in crate::check) fn missing_zone(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(Code::MissingTimezone, span, format!("{what} is read in UTC, because the plan names no time zone"))
        .help(
            "put `timezone ZONE` at the top, for instance `timezone America/New_York`; `timezone UTC` if UTC is meant",
        )
}

pub(in crate::check) fn conflicting_lines(later: Span, earlier: Span, day: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ConflictingLines,
        later,
        format!("on {day} one line says closed and this one does not, and neither is narrower"),
    )
    .label("this line")
    .note_at(earlier, "the other line")
    .help("a line for fewer days goes before one for more: write the exception as a date, or as a shorter range")
}

/// All dates of a list have gone by.
pub(in crate::check) fn all_past(span: Span, what: &str, latest: Date, so: &str) -> Diagnostic {
    let message = format!("every date of {what} lies before today (the last is {latest}); {so}");
    Diagnostic::new(Code::PastDate, span, message)
}

/// One date of several has gone by.
pub(in crate::check) fn one_past(span: Span, written: &str) -> Diagnostic {
    let message = format!("`{written}` lies before today; from now on it makes no difference");
    Diagnostic::new(Code::PastDate, span, message)
}

/// How many dates are pointed at, beside the first.
const MAX_POINTED_AT: usize = 4;

/// Some dates of a list have gone by, more than one.
pub(in crate::check) fn some_past(source: &Source, places: &[Span], what: &str, latest: Date) -> Diagnostic {
    let count = places.len();
    let message =
        format!("{count} dates of {what} lie before today (the last is {latest}); from now on they make no difference");
    let first = places.first().copied().unwrap_or_default();
    let mut diagnostic = Diagnostic::new(Code::PastDate, first, message);
    for place in places.iter().skip(1).take(MAX_POINTED_AT) {
        diagnostic = diagnostic.note_at(*place, format!("`{}`, too", source.slice(*place)));
    }
    match count.saturating_sub(1 + MAX_POINTED_AT) {
        0 => diagnostic,
        more => diagnostic.note(format!("and {more} more")),
    }
}

/// The past dates may be taken out.
pub(in crate::check) fn with_past_taken_out(diagnostic: Diagnostic, removals: Vec<Span>) -> Diagnostic {
    let edits = removals.into_iter().map(|span| Edit { span, text: String::new() }).collect();
    diagnostic.suggest_all("take out what has gone by", edits)
}

/// A list that is kept by the year ends in `days` days, or has ended.
pub(in crate::check) fn dates_end(last: Span, what: &str, date: Date, days: i32) -> Diagnostic {
    let message = match days {
        0 => format!("the dates of {what} run out: the last, {date}, is today"),
        1 => format!("the dates of {what} run out: the last, {date}, is tomorrow"),
        2.. => format!("the dates of {what} run out: the last, {date}, is in {days} days"),
        ..0 => format!("the dates of {what} have run out: the last was {date}"),
    };
    Diagnostic::new(Code::DatesEnd, last, message)
        .label("no date comes after this one")
        .help("add the dates of the years to come; what comes every year is `every 12-25`, `fourth thu of nov` or `2 days before easter`")
}

/// A rotation that is kept by hand ends.
pub(in crate::check) fn rotation_ends(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.help("add the lines to come; `every week bell, chen` hands over by itself")
}

/// `every friday`: what follows `every` is a day of the year.
pub(in crate::check) fn not_yearly(written: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::BadDate,
        span,
        format!("after `every` comes a day of the year such as `12-25`, not `{written}`"),
    );
    match crate::check::figure::near_word(written, &crate::syntax::WEEKDAYS) {
        Some(weekday) => {
            diagnostic.help(format!("a weekday stands alone: `{weekday}`; one a month is `first {weekday} of month`"))
        }
        None if matches!(written, "first" | "second" | "third" | "fourth" | "fifth" | "last") => diagnostic.help(
            format!("once a month is `{written} fri of month`; every other week is `every 2 weeks from 2026-12-04`"),
        ),
        None => diagnostic,
    }
}
