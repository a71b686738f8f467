//! What a goal is, in words: the name of an example that is for it, and what a report says of one
//! that is missed.

use super::aims::{AimKind, PlanPlace};
use super::boundary::{
    Boundary, ClosedBecause, NumberBoundary, NumberBoundaryKind, OpeningCause, TimeBoundary, TimeEvent,
};
use super::goals::{Goal, Goals};
use crate::eval::{Facts, shown_time, weekday_word};
use crate::fields::Field;
use crate::phone::{Number, OwnedNumber};
use crate::plan::{CallText, CheckedPlan, Definitions, Party, Statement};
use crate::schedule::{
    Closure, DaySet, DaySetEntry, Days, EasterDay, EveryWeeks, Hours, Line, Moment, MonthDay, Ordinal, OrdinalDay,
    Reckoning, Weekdays, Window, Zone,
};
use crate::source::Span;
use crate::syntax::{offset_in_words, on_one_line};
use std::sync::Arc;

/// Maximum length of a condition in a name, in characters.
const LONGEST: usize = 60;
/// Maximum number of days of a schedule's line that a name lists.
const MAX_DAYS: usize = 4;

impl Goals<'_> {
    /// What a goal is, without the place.
    pub(crate) fn name(&self, at: usize) -> String {
        let goal = &self.goals[at];
        let plan = self.replay.plan;
        let name = match &self.aims[goal.aim].what {
            AimKind::Runs(place) => place_name(plan, *place),
            AimKind::Undecided => "nobody decides".to_owned(),
            AimKind::HandOver { statement, edge } => {
                let side = goal.side.unwrap_or_default();
                let says = side_name(plan, edge, side, goal, "", side);
                format!("{}: {says}", statement_name(plan, statement))
            }
            AimKind::Boundary { statement, test, edge } => {
                let side = goal.side.unwrap_or_default();
                let says = side_name(plan, edge, side, goal, plan.source.slice(test.span), side == test.expected);
                format!("{}: {says}", statement_name(plan, statement))
            }
        };
        plain(&name)
    }

    /// Where in the text a goal belongs.
    pub(crate) fn span(&self, at: usize) -> Span {
        match &self.aims[self.goals[at].aim].what {
            AimKind::Runs(PlanPlace::Statement(statement))
            | AimKind::Boundary { statement, .. }
            | AimKind::HandOver { statement, .. } => statement.span,
            AimKind::Runs(PlanPlace::Arm(_, _, arm)) => arm.span,
            AimKind::Undecided => self.replay.plan.statements.last().map_or(Span::default(), |last| last.span),
        }
    }
}

/// On one line and without quotes, which would need a backslash in a name.
pub(super) fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| !matches!(c, '"' | '\\' | '{' | '}')).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn place_name(plan: &CheckedPlan, place: PlanPlace) -> String {
    match place {
        PlanPlace::Statement(statement) => statement_name(plan, statement),
        PlanPlace::Arm(_, split, arm) => {
            let percent = f64::from(arm.buckets.end - arm.buckets.start) / 100.0;
            format!("{}: in the {percent}%", split.name)
        }
    }
}

/// A rule's name, or what is written up to its block.
fn statement_name(plan: &CheckedPlan, statement: &Statement) -> String {
    if let Some(name) = statement.rule_name() {
        return name.to_string();
    }
    let head = on_one_line(plan.source.slice(statement.head));
    match head.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", head[..end].trim_end()),
        None => head,
    }
}

fn side_name(plan: &CheckedPlan, edge: &Boundary, side: bool, goal: &Goal, test: &str, holds: bool) -> String {
    let definitions = &plan.definitions;
    let call = &goal.call;
    let moment = definitions.zone.read(call.timestamp);
    match edge {
        Boundary::Ends { yes, no, .. } => match side {
            true => format!("{yes}, just inside"),
            false => format!("{no}, just outside"),
        },
        Boundary::Numbers(numbers) => numbers_name(definitions, numbers, side, goal, test, holds),
        Boundary::Absent(party) => match side {
            true => format!("{} is none", Field::Number(*party).name()),
            false => format!("{} is a number", Field::Number(*party).name()),
        },
        Boundary::Attestation(_) => format!("attestation is {}", call.attestation().word()),
        Boundary::Texts(of, _) => {
            let (preposition, noun) = match of {
                CallText::Field(field) => field.in_words(),
                CallText::Attribute(number) => ("with", definitions.attributes[*number].name.as_str()),
            };
            match (of.get(definitions, call), side) {
                (None, _) => format!("{preposition} no {noun}"),
                (Some(text), true) => format!("{preposition} {noun} {text}"),
                (Some(text), false) => format!("{preposition} another {noun}, {text}"),
            }
        }
        Boundary::Switch(switch) => format!("{} {}", definitions.switches[*switch], if side { "on" } else { "off" }),
        Boundary::Times(times) => times_name(definitions, times, side == times.becomes),
        Boundary::Dates { becomes, entry, .. } => {
            let day = format!("{} {}", weekday_word(moment.weekday()), moment.date);
            let entry = entry.as_ref().map_or(String::new(), |entry| format!(", {entry}"));
            if side == *becomes { format!("from {day} on{entry}") } else { format!("until {day}{entry}") }
        }
        Boundary::Closed { schedule, because, .. } => {
            let (name, hours) = &definitions.schedules[*schedule];
            let shown = hours.zone().read(call.timestamp);
            let day = format!("{} {} at {}", weekday_word(shown.weekday()), shown.date, shown_time(shown.minute));
            match (side, because) {
                (true, _) => format!("{name} is open on {day}"),
                (false, ClosedBecause::Excepted(entry)) => format!("{name} is closed on {day}, {entry}"),
                (false, ClosedBecause::Line(line, entry)) => {
                    let days = entry
                        .as_ref()
                        .map_or_else(|| line_name(definitions, &hours.lines()[*line]), ToString::to_string);
                    format!("{name} is closed on {day}: {days} closed")
                }
            }
        }
    }
}

fn numbers_name(
    definitions: &Definitions,
    numbers: &NumberBoundary,
    side: bool,
    goal: &Goal,
    test: &str,
    holds: bool,
) -> String {
    let facts = Facts::of(&goal.call, definitions);
    let number = shown(facts.own_number(numbers.party));
    let who = match numbers.party {
        Party::Caller => "a caller",
        Party::Dialed | Party::Asserted | Party::Diverted => "a number",
    };
    match (numbers.sort, side) {
        (NumberBoundaryKind::Listed, true) => format!("{number} is listed"),
        (NumberBoundaryKind::Listed, false) => format!("{number} is not listed"),
        (NumberBoundaryKind::Local, true) => format!("{number}, a local number, is listed"),
        (NumberBoundaryKind::Local, false) => format!("{number} is no such local number"),
        (NumberBoundaryKind::Withheld, true) => "a withheld number".to_owned(),
        (NumberBoundaryKind::Withheld, false) => format!("{number} is not withheld"),
        (NumberBoundaryKind::LeftOut, true) => format!("{number} is not left out"),
        (NumberBoundaryKind::LeftOut, false) => format!("{number} is left out"),
        (NumberBoundaryKind::Country, _) => match facts.country(numbers.party) {
            Some(country) => format!("{who} in {}", country.code()),
            None => format!("{who} of no country"),
        },
        (NumberBoundaryKind::Row, true) => format!("{number} has a row"),
        (NumberBoundaryKind::Row, false) => format!("{number} has no row"),
        (NumberBoundaryKind::Column, _) if holds => format!("where {test}"),
        (NumberBoundaryKind::Column, _) => format!("where not {test}"),
    }
}

/// A number as a plan writes it, a local one without quotes.
pub(super) fn shown(number: &Number) -> String {
    match OwnedNumber::from(*number) {
        OwnedNumber::Withheld => "anonymous".to_owned(),
        OwnedNumber::E164(number) => number.to_string(),
        OwnedNumber::Local(text) => text,
    }
}

/// `is_after`: from that instant on, or the minute before.
fn times_name(definitions: &Definitions, times: &TimeBoundary, is_after: bool) -> String {
    let before = if is_after { "" } else { "a minute before " };
    match &times.event {
        TimeEvent::Schedule { schedule, cause, minute } => {
            let (name, hours) = &definitions.schedules[*schedule];
            let opens = if times.becomes { "opens" } else { "closes" };
            let cause = match cause {
                OpeningCause::Closure(closure) => closure_name(&hours.closures()[*closure]),
                OpeningCause::Line(line, entry) => {
                    let line = &hours.lines()[*line];
                    let days = entry.as_ref().map_or_else(|| line_name(definitions, line), ToString::to_string);
                    format!("{days}{}", changed_hours_name(&line.hours))
                }
            };
            format!(
                "{before}{name} {opens} at {}{}, {cause}",
                shown_time(*minute),
                elsewhere(hours.zone(), definitions)
            )
        }
        TimeEvent::HandOver { rotation, agent } => {
            let name = &definitions.rotations[*rotation].0;
            format!("{before}{} takes over {name}", definitions.agents[*agent].name)
        }
        TimeEvent::Clock(minute) if is_after => format!("at {}", shown_time(*minute)),
        TimeEvent::Clock(minute) => format!("{before}{}", shown_time(*minute)),
        TimeEvent::Moment(moment) if is_after => format!("from {} on", moment_name(*moment)),
        TimeEvent::Moment(moment) => format!("{before}{}", moment_name(*moment)),
    }
}

fn moment_name(Moment { date, minute }: Moment) -> String {
    format!("{date} {}", shown_time(minute))
}

/// As a schedule writes it.
fn closure_name(closure: &Closure) -> String {
    format!("closed from {} to {}", moment_name(closure.from), moment_name(closure.to))
}

/// What a line says that changes hours: ` closed 13:00-15:00`, ` also 18:00-20:00`.
fn changed_hours_name(hours: &Hours) -> String {
    let Some((windows, opens)) = hours.changed() else { return String::new() };
    let window = |window: &Window| format!("{}-{}", shown_time(window.start()), shown_time(window.end()));
    let windows: Vec<String> = windows.iter().map(window).collect();
    format!(" {} {}", if opens { "also" } else { "closed" }, windows.join(", "))
}

/// On a clock of its own, a schedule's times are not those of the example.
fn elsewhere(zone: &Zone, definitions: &Definitions) -> String {
    match zone.name() == definitions.zone.name() {
        true => String::new(),
        false => format!(" in {}", zone.name()),
    }
}

/// An entry of a set: its name, or its days.
pub(super) fn entry_name(entry: &DaySetEntry) -> String {
    entry.name.as_deref().map_or_else(|| one_days_name(&entry.days), plain)
}

/// The days of a schedule's line, as the line writes them: its own, then the sets it names.
fn line_name(definitions: &Definitions, line: &Line) -> String {
    let name_of = |set: &Arc<DaySet>| definitions.days.iter().find(|(_, known)| Arc::ptr_eq(known, set));
    let sets = line.sets.iter().filter_map(name_of).map(|(name, _)| name.clone());
    let words: Vec<String> = line.days.iter().map(one_days_name).chain(sets).collect();
    match words.get(..MAX_DAYS) {
        Some(shown) if words.len() > MAX_DAYS => format!("{} …", shown.join(", ")),
        Some(_) | None => words.join(", "),
    }
}

fn one_days_name(days: &Days) -> String {
    let only = |only: &Option<Weekdays>| only.map_or(String::new(), |only| format!(" {}", weekdays_name(only)));
    match days {
        Days::Weekdays(weekdays) => weekdays_name(*weekdays),
        Days::Dates { first, last, only: kept } if first == last => format!("{first}{}", only(kept)),
        Days::Dates { first, last, only: kept } => format!("{first}..{last}{}", only(kept)),
        Days::Yearly { first, last, only: kept } => {
            let day = |day: &MonthDay| format!("{:02}-{:02}", day.month(), day.day());
            let until = if first == last { String::new() } else { format!("..{}", day(last)) };
            format!("every {}{until}{}", day(first), only(kept))
        }
        Days::Ordinal(ordinal) => ordinal_name(ordinal),
        Days::Easter(EasterDay { reckoning, offset }) => {
            let easter = match reckoning {
                Reckoning::Western => "easter",
                Reckoning::Orthodox => "orthodox easter",
            };
            format!("{}{easter}", offset_in_words(*offset))
        }
        Days::Weeks(EveryWeeks { weeks, from, weekdays }) => {
            format!("every {weeks} weeks from {from}{}", only(weekdays))
        }
    }
}

fn ordinal_name(OrdinalDay { ordinal, weekdays, month, offset }: &OrdinalDay) -> String {
    let which = match ordinal {
        Ordinal::First => "first",
        Ordinal::Second => "second",
        Ordinal::Third => "third",
        Ordinal::Fourth => "fourth",
        Ordinal::Fifth => "fifth",
        Ordinal::Last => "last",
    };
    let after = offset_in_words(*offset);
    format!("{after}{which} {} of {}", weekdays_name(*weekdays), month.map_or("month", crate::eval::month_word))
}

fn weekdays_name(weekdays: Weekdays) -> String {
    match weekdays.is_one() {
        true => weekday_word(weekdays.first).to_owned(),
        false => format!("{}-{}", weekday_word(weekdays.first), weekday_word(weekdays.last)),
    }
}
