//! The boundaries of a test in time: each opening and closing of a schedule, each edge of a window,
//! each day on which an answer changes; and the times on either side of one.

use super::boundary::{Boundary, ClosedBecause, DAYS_APART, OpeningCause, RowSchedule, TimeBoundary, TimeEvent, shown};
use super::words;
use crate::compile::Horizon;
use crate::compile::time::TimeAnswers;
use crate::eval::is_so_at;
use crate::plan::{DateTest, Definitions, Question};
use crate::schedule::{
    DaySet, Days, DecidedBy, EntryIndex, Line, MINUTES_PER_DAY, Moment, OpeningChange, Schedule, Window, Zone,
};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

const NOON: u16 = 12 * 60;
/// Maximum number of hand-overs from one agent to another among which a call is looked for.
const MAX_HAND_OVERS: usize = 24;

/// The openings and closings of a schedule over the horizon, those of each line, each entry of a
/// set and each closure apart, and the days on which it stays closed.
pub(super) fn of_schedule(
    definitions: &Definitions,
    schedule: usize,
    row: Option<RowSchedule>,
    horizon: &Horizon,
) -> Vec<Boundary> {
    let hours = &definitions.schedules[schedule].1;
    let causes = Causes::of(hours);
    let mut groups: BTreeMap<(OpeningCause, u16, bool), Vec<Timestamp>> = BTreeMap::new();
    for change in hours.changes(horizon.from, horizon.until) {
        // Where the clock is put forward or back, it may open or close at another time than is
        // written.
        if let Some(cause) = causes.at(change).filter(|_| can_be_written(&definitions.zone, change.at)) {
            let minute = hours.zone().read(change.at).minute;
            groups.entry((cause, minute, change.open)).or_default().push(change.at);
        }
    }
    let of_group = |((cause, minute, becomes), at)| {
        Boundary::Times(TimeBoundary { at, becomes, event: TimeEvent::Schedule { schedule, cause, minute }, row })
    };
    let mut edges: Vec<Boundary> = groups.into_iter().map(of_group).collect();
    edges.extend(closed_days(&causes, schedule, row, horizon));
    edges
}

/// The hand-overs of a rotation over the horizon, those from one agent to another together. With
/// `agents`, only those at which it changes whether one of these is on call.
pub(super) fn of_rotation(
    definitions: &Definitions,
    rotation: usize,
    agents: Option<&BTreeSet<usize>>,
    horizon: &Horizon,
) -> Vec<Boundary> {
    let turns = &definitions.rotations[rotation].1;
    let mut groups: BTreeMap<(usize, usize), Vec<Timestamp>> = BTreeMap::new();
    let mut before = turns.on_call(horizon.from);
    for (at, agent) in turns.changes(horizon.from, horizon.until) {
        let change = (std::mem::replace(&mut before, agent), agent);
        if can_be_written(&definitions.zone, at) {
            groups.entry(change).or_default().push(at);
        }
    }
    let is_edge =
        |(from, to): &(usize, usize)| agents.is_none_or(|agents| agents.contains(from) != agents.contains(to));
    let groups = groups.into_iter().filter(|(change, _)| is_edge(change));
    let edge = |((_, agent), at): ((usize, usize), Vec<Timestamp>)| {
        let becomes = agents.is_none_or(|agents| agents.contains(&agent));
        Boundary::Times(TimeBoundary { at, becomes, event: TimeEvent::HandOver { rotation, agent }, row: None })
    };
    groups.map(edge).collect()
}

/// What opens and closes a schedule.
struct Causes<'s> {
    hours: &'s Schedule,
    excepted: EntryIndex,
    /// The entries of the sets that each line names, if it does.
    of_lines: Vec<Option<EntryIndex>>,
    /// The closures that begin at a moment, or end, by their places.
    closures: HashMap<(Moment, bool), usize>,
}

impl<'s> Causes<'s> {
    fn of(hours: &'s Schedule) -> Self {
        let of_line = |line: &Line| (!line.sets.is_empty()).then(|| EntryIndex::of(&line.sets));
        let mut closures = HashMap::new();
        for (number, closure) in hours.closures().iter().enumerate() {
            closures.entry((closure.from, false)).or_insert(number);
            closures.entry((closure.to, true)).or_insert(number);
        }
        Self {
            hours,
            excepted: EntryIndex::of(hours.except()),
            of_lines: hours.lines().iter().map(of_line).collect(),
            closures,
        }
    }

    /// What opens or closes the schedule at the minute that the clock then shows, if something is
    /// written for this minute.
    fn at(&self, change: OpeningChange) -> Option<OpeningCause> {
        let zone = self.hours.zone();
        let shown = zone.read(change.at);
        let before = zone.read(change.at.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(change.at));
        if let Some(closure) = self.closures.get(&(shown, change.open)) {
            return Some(OpeningCause::Closure(*closure));
        }
        // The window that is open on the side where it is open, and what takes the other side away.
        let (inside, outside) = if change.open { (shown, before) } else { (before, shown) };
        let opened = self.hours.open_window(inside).map(|open| (open.line, open.window, open.started, true));
        let taken = self.hours.hours_change(outside);
        let taken = taken.map(|taken| (taken.line, taken.window, taken.started, taken.opens));
        let is_edge = |(_, window, _, opens): &(usize, Window, Date, bool)| {
            let begins = *opens == change.open;
            shown.minute == if begins { window.start() } else { window.end() % MINUTES_PER_DAY }
        };
        let (line, _, started, _) = [opened, taken].into_iter().flatten().find(is_edge)?;
        Some(OpeningCause::Line(line, self.entry_of_line(line, started)))
    }

    /// The entry of a set by which a line names a day, in words; none where it writes the day
    /// itself.
    fn entry_of_line(&self, line: usize, date: Date) -> Option<Rc<str>> {
        let index = self.of_lines.get(line)?.as_ref()?;
        let writes = |days: &Days| days.matches(date, |day| self.hours.except().iter().any(|set| set.contains(day)));
        match self.hours.lines()[line].days.iter().any(writes) {
            true => None,
            false => entry_in_words(index, date),
        }
    }
}

/// The days that are excepted, those of each entry of a set apart, and those of each line that says
/// `closed`.
fn closed_days(causes: &Causes, schedule: usize, row: Option<RowSchedule>, horizon: &Horizon) -> Vec<Boundary> {
    let hours = causes.hours;
    let mut groups: BTreeMap<ClosedBecause, Vec<Date>> = BTreeMap::new();
    for date in dates_of(hours.zone(), horizon) {
        let day = hours.day(date);
        let because = match day.decided_by() {
            DecidedBy::NoLine => None,
            DecidedBy::Except => entry_in_words(&causes.excepted, date).map(ClosedBecause::Excepted),
            DecidedBy::Lines(_) => {
                let closed = day.lines().find(|line| hours.lines()[*line].hours.is_closed());
                closed.map(|line| ClosedBecause::Line(line, causes.entry_of_line(line, date)))
            }
        };
        if let Some(because) = because {
            groups.entry(because).or_default().push(date);
        }
    }
    groups.into_iter().map(|(because, dates)| Boundary::Closed { schedule, dates, because, row }).collect()
}

fn entry_in_words(index: &EntryIndex, date: Date) -> Option<Rc<str>> {
    let entry = index.entry(index.on(date)?)?;
    Some(words::entry_name(entry).into())
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
        Question::Month(_) => at_days(question, zone, horizon, |date| i64::from(date.month())),
        Question::Date(DateTest::Set(set)) => at_entries(question, set, zone, horizon),
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
        | Question::OnCall(..)
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
    groups.into_iter().map(|((_, becomes), dates)| Boundary::Dates { dates, becomes, entry: None }).collect()
}

/// Days on which a set begins or ends to hold, those of each of its entries apart.
fn at_entries(question: &Question, set: &Arc<DaySet>, zone: &Zone, horizon: &Horizon) -> Vec<Boundary> {
    let entries = EntryIndex::of(std::slice::from_ref(set));
    let is_so = |date: Date| is_so_at(question, Moment { date, minute: 0 });
    let mut groups: BTreeMap<(Option<Rc<str>>, bool), Vec<Date>> = BTreeMap::new();
    for date in dates_of(zone, horizon) {
        let becomes = is_so(date);
        let Ok(before) = date.yesterday() else { continue };
        if is_so(before) != becomes {
            let entry = entry_in_words(&entries, if set.contains(date) { date } else { before });
            groups.entry((entry, becomes)).or_default().push(date);
        }
    }
    groups.into_iter().map(|((entry, becomes), dates)| Boundary::Dates { dates, becomes, entry }).collect()
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
            // Of the many hand-overs from one agent to another the first are as good as all.
            let most = match times.event {
                TimeEvent::HandOver { .. } => MAX_HAND_OVERS,
                TimeEvent::Schedule { .. } | TimeEvent::Clock(_) | TimeEvent::Moment(_) => usize::MAX,
            };
            let starts = times.at.iter().take(most).filter_map(|at| at.checked_add(step).ok());
            vec![during(starts.map(|start| (start, later(start))), horizon)]
        }
        Boundary::Dates { dates, becomes, .. } => {
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
