//! The boundaries of a test in time: each opening and closing of a schedule, each edge of a window,
//! each day on which an answer changes; and the times on either side of one.

use super::boundary::{Boundary, DAYS_APART, RowSchedule, TimeBoundary, TimeEvent, shown};
use crate::compile::Horizon;
use crate::compile::time::TimeAnswers;
use crate::eval::is_so_at;
use crate::plan::{DateTest, Definitions, Question};
use crate::schedule::{DecidedBy, Moment, Schedule, Zone};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

const NOON: u16 = 12 * 60;

/// The openings and closings of a schedule over the horizon, each line's apart, and the days on
/// which it stays closed.
pub(super) fn of_schedule(
    definitions: &Definitions,
    schedule: usize,
    row: Option<RowSchedule>,
    horizon: &Horizon,
) -> Vec<Boundary> {
    let hours = &definitions.schedules[schedule].1;
    let mut groups: BTreeMap<(usize, u16, bool), Vec<Timestamp>> = BTreeMap::new();
    for change in hours.changes(horizon.from, horizon.until) {
        let before = change.at.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(change.at);
        let open = hours.open_window(hours.zone().read(if change.open { change.at } else { before }));
        let Some(open) = open else { continue };
        let minute = if change.open { open.window.start() } else { open.window.end() % 1440 };
        // Where the clock is put forward or back, it may open or close at another time than the
        // line says.
        if hours.zone().read(change.at).minute == minute && can_be_written(&definitions.zone, change.at) {
            groups.entry((open.line, minute, change.open)).or_default().push(change.at);
        }
    }
    let of_group = |((line, minute, becomes), at)| {
        Boundary::Times(TimeBoundary { at, becomes, event: TimeEvent::Schedule { schedule, line, minute }, row })
    };
    let mut edges: Vec<Boundary> = groups.into_iter().map(of_group).collect();
    edges.extend(closed_days(hours, schedule, row, horizon));
    edges
}

/// The days that are excepted, and those of each line that says `closed`.
fn closed_days(hours: &Schedule, schedule: usize, row: Option<RowSchedule>, horizon: &Horizon) -> Vec<Boundary> {
    let mut groups: BTreeMap<Option<usize>, Vec<Date>> = BTreeMap::new();
    for date in dates_of(hours.zone(), horizon) {
        let day = hours.day(date);
        match day.decided_by() {
            DecidedBy::NoLine => {}
            DecidedBy::Except => groups.entry(None).or_default().push(date),
            DecidedBy::Lines(_) => {
                if let Some(line) = day.lines().find(|line| hours.lines()[*line].hours.is_closed()) {
                    groups.entry(Some(line)).or_default().push(date);
                }
            }
        }
    }
    groups.into_iter().map(|(line, dates)| Boundary::Closed { schedule, dates, line, row }).collect()
}

/// The boundaries of a question about what the plan's clock shows; none of one about anything else.
pub(super) fn of_clock(question: &Question, zone: &Zone, horizon: &Horizon) -> Vec<Boundary> {
    match question {
        Question::Time(windows) => {
            let mut minutes: Vec<u16> =
                windows.iter().flat_map(|window| [window.start(), window.end() % 1440]).collect();
            minutes.sort_unstable();
            minutes.dedup();
            minutes.into_iter().filter_map(|minute| at_minute(question, minute, zone, horizon)).collect()
        }
        Question::Weekday(_) => {
            at_days(question, zone, horizon, |date| i64::from(date.weekday().to_monday_zero_offset()))
        }
        Question::Day(_) => at_days(question, zone, horizon, |date| i64::from(date.day())),
        Question::Month(_) | Question::Date(DateTest::Set(_)) => {
            at_days(question, zone, horizon, |date| i64::from(date.month()))
        }
        Question::Date(DateTest::Ranges(_)) => {
            at_days(question, zone, horizon, |date| i64::from(date.year()) * 10_000 + i64::from(date.day_of_year()))
        }
        Question::From(instant) => {
            let event = TimeEvent::Moment(zone.read(*instant));
            let is_there = horizon.holds(*instant) && can_be_written(zone, *instant);
            let edge = Boundary::Times(TimeBoundary { at: vec![*instant], becomes: true, event, row: None });
            if is_there { vec![edge] } else { Vec::new() }
        }
        Question::Open(_)
        | Question::Number(..)
        | Question::Absent(_)
        | Question::Attestation(_)
        | Question::Row(_)
        | Question::Country(..)
        | Question::Text(..)
        | Question::Switch(_)
        | Question::Column(..) => Vec::new(),
    }
}

fn at_minute(question: &Question, minute: u16, zone: &Zone, horizon: &Horizon) -> Option<Boundary> {
    let is_so = |instant: Timestamp| is_so_at(question, zone.read(instant));
    let changes = |at: &Timestamp| {
        let before = at.saturating_sub(SignedDuration::from_mins(1)).unwrap_or(*at);
        is_so(*at) != is_so(before) && can_be_written(zone, *at)
    };
    let at: Vec<Timestamp> =
        dates_of(zone, horizon).filter_map(|date| shown(zone, date, minute)).filter(changes).collect();
    let becomes = is_so(*at.first()?);
    // Around a change of the clock, the answer may change the other way.
    let at = at.into_iter().filter(|at| is_so(*at) == becomes).collect();
    Some(Boundary::Times(TimeBoundary { at, becomes, event: TimeEvent::Clock(minute), row: None }))
}

/// Days on which the answer changes, those of a kind together.
fn at_days(question: &Question, zone: &Zone, horizon: &Horizon, kind: impl Fn(Date) -> i64) -> Vec<Boundary> {
    let is_so = |date: Date| is_so_at(question, Moment { date, minute: 0 });
    let mut groups: BTreeMap<(i64, bool), Vec<Date>> = BTreeMap::new();
    for date in dates_of(zone, horizon) {
        let becomes = is_so(date);
        if date.yesterday().is_ok_and(|before| is_so(before) != becomes) {
            groups.entry((kind(date), becomes)).or_default().push(date);
        }
    }
    groups.into_iter().map(|((_, becomes), dates)| Boundary::Dates { dates, becomes }).collect()
}

/// The days of the horizon on a clock, and one more at either end.
fn dates_of(zone: &Zone, horizon: &Horizon) -> impl Iterator<Item = Date> + use<> {
    let (first, last) = (zone.read(horizon.from).date, zone.read(horizon.until).date);
    std::iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(move |date| *date <= last)
}

/// Whether an example can name this minute and the one before: of one that a clock shows twice, it
/// names the first.
fn can_be_written(zone: &Zone, at: Timestamp) -> bool {
    let before = at.saturating_sub(SignedDuration::from_mins(1)).unwrap_or(at);
    [at, before].into_iter().all(|instant| zone.instant(zone.read(instant)) == Ok(instant))
}

/// The times on a side of a boundary, as a question that is answered with yes there; the first that
/// are good to look at. None of a boundary that is not one in time.
pub(super) fn on_side(edge: &Boundary, answer: bool, definitions: &Definitions, horizon: &Horizon) -> Vec<TimeAnswers> {
    let minute = SignedDuration::from_mins(1);
    let later = |at: Timestamp| at.saturating_add(minute).unwrap_or(at);
    match edge {
        Boundary::Times(times) => {
            let step = if answer == times.becomes { SignedDuration::ZERO } else { -minute };
            let starts = times.at.iter().filter_map(|at| at.checked_add(step).ok());
            vec![during(starts.map(|start| (start, later(start))), horizon)]
        }
        Boundary::Dates { dates, becomes } => {
            let dates = || {
                let day = |date: &Date| if answer == *becomes { Some(*date) } else { date.yesterday().ok() };
                dates.iter().filter_map(day)
            };
            let zone = &definitions.zone;
            let noon = dates().filter_map(|date| shown(zone, date, NOON)).map(|start| (start, later(start)));
            let whole =
                dates().filter_map(|date| Some((shown(zone, date, 0)?, shown(zone, date.tomorrow().ok()?, 0)?)));
            vec![during(noon, horizon), during(whole, horizon)]
        }
        Boundary::Closed { schedule, dates, .. } if !answer => {
            let hours = &definitions.schedules[*schedule].1;
            vec![during(dates.iter().flat_map(|date| would_be_open(hours, dates, *date)), horizon)]
        }
        Boundary::Closed { .. }
        | Boundary::Ends { .. }
        | Boundary::Numbers(_)
        | Boundary::Texts(..)
        | Boundary::Absent(_)
        | Boundary::Attestation(_)
        | Boundary::Switch(_) => Vec::new(),
    }
}

/// The hours of the last day before a closed one that is not, on the closed one.
fn would_be_open(hours: &Schedule, dates: &[Date], date: Date) -> Vec<(Timestamp, Timestamp)> {
    let days = std::iter::successors(date.yesterday().ok(), |date| date.yesterday().ok()).take(DAYS_APART as usize);
    let mut open = days.filter(|date| dates.binary_search(date).is_err()).map(|date| hours.day(date));
    let Some(day) = open.find(|day| day.windows().next().is_some()) else { return Vec::new() };
    let instant = |minute: u16| shown(hours.zone(), date, minute);
    let windows = day.windows().filter_map(|(_, window)| {
        let end = if window.crosses_midnight() { 1439 } else { window.end().min(1439) };
        Some((instant(window.start())?, instant(end)?))
    });
    windows.collect()
}

/// The question whether it is one of these times, from one instant up to, not including, another.
fn during(times: impl Iterator<Item = (Timestamp, Timestamp)>, horizon: &Horizon) -> TimeAnswers {
    let within = times.filter(|(start, end)| start < end && horizon.holds(*start) && horizon.holds(*end));
    let mut spans: Vec<(u32, u32)> = within.map(|(start, end)| (horizon.second(start), horizon.second(end))).collect();
    spans.sort_unstable();
    let mut changes: Vec<u32> = Vec::with_capacity(spans.len() * 2);
    for (start, end) in spans {
        match changes.last_mut() {
            Some(last) if start <= *last => *last = end.max(*last),
            _ => changes.extend([start, end]),
        }
    }
    TimeAnswers { first: false, changes: changes.into() }
}
