//! The boundaries of a test: which calls lie on either side of one, and how a call steps over it.
//!
//! A side is named by the answer that the test's question gets there.

use crate::analyze::witness::other_than;
use crate::call::Call;
use crate::eval::Facts;
use crate::fields::Attestation;
use crate::phone::{E164, Number, NumberSet, OwnedNumber};
use crate::plan::{CallText, Cell, Definitions, Party, RowSlot, TextTest};
use crate::schedule::{Moment, Schedule, Zone};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::rc::Rc;

use super::super::witness::written;

/// Maximum number of values on the other side that are tried for a call that crosses a boundary.
const MAX_STEPS: usize = 8;
/// Numbers that a call may have where it had none.
const OTHER_NUMBERS: [&str; 2] = ["+14155550100", "+442079460100"];
/// Maximum distance, in days, between a closed day and the open day that it is compared with.
pub(super) const DAYS_APART: i64 = 14;

/// A boundary of a test.
#[derive(Clone, Debug)]
pub(super) enum Boundary {
    /// Two numbers, one after the other.
    Ends {
        /// Whose.
        party: Party,
        /// The one for which the answer is yes.
        yes: E164,
        /// The one for which it is no.
        no: E164,
    },
    /// Numbers of two sets.
    Numbers(NumberBoundary),
    /// A number that is there, or not: the answer is yes where it is not.
    Absent(Party),
    /// One of some attestations, a bit each, or another.
    Attestation(u8),
    /// A text that is such, or another.
    Texts(CallText, TextTest),
    /// A switch that is on, or off.
    Switch(usize),
    /// Each of these instants, and the minute before.
    Times(TimeBoundary),
    /// Each of these dates on the plan's clock, and the day before.
    Dates {
        /// In order.
        dates: Vec<Date>,
        /// The answer from such a date on.
        becomes: bool,
        /// The entry of a set that begins or ends then, in words.
        entry: Option<Rc<str>>,
    },
    /// Days on which a schedule stays closed, and days nearby on which it is open at that time.
    Closed {
        /// The number of the schedule.
        schedule: usize,
        /// In order, on the schedule's clock.
        dates: Vec<Date>,
        /// What says so.
        because: ClosedBecause,
        /// See [`RowSchedule`].
        row: Option<RowSchedule>,
    },
}

/// A boundary between two sets of numbers.
#[derive(Clone, Debug)]
pub(super) struct NumberBoundary {
    /// Whose.
    pub party: Party,
    /// What tells them apart.
    pub sort: NumberBoundaryKind,
    /// Those for which the answer is no, and those for which it is yes.
    pub sides: [NumberSet; 2],
    /// Some of each.
    pub samples: [Vec<OwnedNumber>; 2],
}

/// What tells the two sets apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberBoundaryKind {
    /// Whole numbers that are listed.
    Listed,
    /// Local numbers that are listed.
    Local,
    /// The withheld number.
    Withheld,
    /// Whole numbers that are left out.
    LeftOut,
    /// Countries.
    Country,
    /// Whether a table has a row for it.
    Row,
    /// What the row says.
    Column,
}

/// A boundary in time.
#[derive(Clone, Debug)]
pub(super) struct TimeBoundary {
    /// In order.
    pub at: Vec<Timestamp>,
    /// The answer from such an instant on.
    pub becomes: bool,
    /// What happens then.
    pub event: TimeEvent,
    /// See [`RowSchedule`].
    pub row: Option<RowSchedule>,
}

/// What happens at a boundary in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TimeEvent {
    /// A line or a closure of a schedule opens or closes it at this minute.
    Schedule {
        /// The number of the schedule.
        schedule: usize,
        /// What does.
        cause: OpeningCause,
        /// On the schedule's clock.
        minute: u16,
    },
    /// An agent takes over by a rotation.
    HandOver {
        /// The number of the rotation.
        rotation: usize,
        /// Who is on call from then on.
        agent: usize,
    },
    /// The plan's clock shows this minute.
    Clock(u16),
    /// The plan's clock shows this moment.
    Moment(Moment),
}

/// What opens a schedule, or closes it. Lines and closures are named by their places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum OpeningCause {
    /// A line, and the entry of a set that it names, in words.
    Line(usize, Option<Rc<str>>),
    /// `closed from … to …`
    Closure(usize),
}

/// What closes a schedule for a whole day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ClosedBecause {
    /// The day is excepted, as this entry of a set, in words.
    Excepted(Rc<str>),
    /// A line says `closed`; with the entry of a set that the line names, in words.
    Line(usize, Option<Rc<str>>),
}

/// Where a row says which schedule is asked: the test that finds it, the column, the schedule.
pub(super) type RowSchedule = (RowSlot, usize, usize);

impl Boundary {
    /// The side on which a call lies. `None` if the call is not at the boundary.
    pub fn side_of(&self, definitions: &Definitions, call: &Call) -> Option<bool> {
        let facts = Facts::of(call, definitions);
        match self {
            Self::Ends { party, yes, no } => match facts.number(*party)? {
                Number::E164(number) if number == yes => Some(true),
                Number::E164(number) if number == no => Some(false),
                Number::E164(_) | Number::Withheld | Number::Local(_) => None,
            },
            Self::Absent(party) => Some(facts.number(*party).is_none()),
            Self::Attestation(among) => Some(among >> call.attestation() as u8 & 1 == 1),
            Self::Numbers(NumberBoundary { party, sides, .. }) => {
                let number = facts.number(*party)?;
                let side = sides.iter().position(|set| set.contains(number))?;
                Some(side == 1)
            }
            Self::Texts(of, test) => Some(test.holds(facts.text(*of))),
            Self::Switch(switch) => Some(facts.is_on(*switch)),
            Self::Times(times) => times.side_of(&facts),
            Self::Dates { dates, becomes, .. } => {
                let date = facts.moment().date;
                let is_among = |date: Date| dates.binary_search(&date).is_ok();
                match (is_among(date), date.tomorrow().is_ok_and(is_among)) {
                    (true, _) => Some(*becomes),
                    (false, true) => Some(!becomes),
                    (false, false) => None,
                }
            }
            Self::Closed { schedule, dates, row, .. } => {
                let hours = &definitions.schedules[*schedule].1;
                let date = hours.zone().read(call.timestamp).date;
                let is_asked = row.is_none_or(|row| says(&facts, row));
                let is_open = hours.is_open_at(call.timestamp);
                match dates.binary_search(&date) {
                    Ok(_) => (is_asked && !is_open).then_some(false),
                    Err(_) => (is_asked && is_open && next_of(dates, date).is_some()).then_some(true),
                }
            }
        }
    }

    /// The call on the other side, in a few ways: nothing is changed but what the boundary is
    /// about.
    pub fn others(&self, definitions: &Definitions, call: &Call) -> Vec<Call> {
        let Some(side) = self.side_of(definitions, call) else { return Vec::new() };
        match self {
            Self::Ends { party, yes, no } => {
                let other = OwnedNumber::E164(if side { *no } else { *yes });
                vec![with_number(call, *party, other)]
            }
            Self::Numbers(numbers) => numbers.others(side, call, definitions),
            Self::Absent(party) => {
                let mut other = call.clone();
                let numbers = OTHER_NUMBERS.map(|number| Some(number.to_owned()));
                let others = if side { numbers.to_vec() } else { vec![None] };
                let with = |number| {
                    other.set_number(*party, number);
                    other.clone()
                };
                others.into_iter().map(with).collect()
            }
            Self::Attestation(among) => {
                let is_other = |attestation: &Attestation| (among >> *attestation as u8 & 1 == 1) != side;
                let others = Attestation::ALL.into_iter().rev().filter(is_other);
                others.map(|other| Call { attestation: Some(other.word().to_owned()), ..call.clone() }).collect()
            }
            Self::Texts(of, test) => {
                let with = |text: Option<&str>| {
                    let mut other = call.clone();
                    of.set(definitions, &mut other, text.map(str::to_owned));
                    other
                };
                match (side, test) {
                    (true, test) if test.holds("") => vec![with(Some(&other_than(|text| test.holds(text))))],
                    (true, _) => vec![with(None)],
                    (false, TextTest::Listed(texts)) => {
                        texts.iter().take(MAX_STEPS).map(|text| with(Some(text))).collect()
                    }
                    (false, TextTest::Has(patterns)) => {
                        patterns.patterns().take(MAX_STEPS).map(|text| with(Some(text))).collect()
                    }
                }
            }
            Self::Switch(switch) => {
                let name = &definitions.switches[*switch];
                let mut switches = call.switches.clone();
                match side {
                    true => switches.retain(|other| other != name),
                    false => switches.push(name.clone()),
                }
                vec![Call { switches, ..call.clone() }]
            }
            Self::Times(times) => {
                let step = if side == times.becomes { -60 } else { 60 };
                vec![at(call, call.timestamp.saturating_add(SignedDuration::from_secs(step)).unwrap_or(call.timestamp))]
            }
            Self::Dates { becomes, .. } => {
                let date = |date: Date| if side == *becomes { date.yesterday() } else { date.tomorrow() };
                let moment = definitions.zone.read(call.timestamp);
                let other = date(moment.date).ok().and_then(|date| shown(&definitions.zone, date, moment.minute));
                other.map(|instant| at(call, instant)).into_iter().collect()
            }
            Self::Closed { schedule, dates, .. } => {
                let hours = &definitions.schedules[*schedule].1;
                let moment = hours.zone().read(call.timestamp);
                let other = match side {
                    true => next_of(dates, moment.date),
                    false => open_before(hours, dates, moment),
                };
                let other = other.and_then(|date| shown(hours.zone(), date, moment.minute));
                other.map(|instant| at(call, instant)).into_iter().collect()
            }
        }
    }
}

impl NumberBoundary {
    fn others(&self, side: bool, call: &Call, definitions: &Definitions) -> Vec<Call> {
        let other = &self.sides[usize::from(!side)];
        let beside = match Facts::of(call, definitions).own_number(self.party) {
            Number::E164(number) if self.sort.is_about_single_numbers() => {
                [neighbor(*number, 1), neighbor(*number, -1)]
            }
            Number::E164(_) | Number::Withheld | Number::Local(_) => [None, None],
        };
        let beside = beside.into_iter().flatten().filter(|number| other.contains(&Number::E164(*number)));
        let numbers = beside.map(OwnedNumber::E164).chain(self.samples[usize::from(!side)].iter().cloned());
        numbers.take(MAX_STEPS).map(|number| with_number(call, self.party, number)).collect()
    }
}

impl NumberBoundaryKind {
    fn is_about_single_numbers(self) -> bool {
        match self {
            Self::Listed | Self::LeftOut | Self::Row => true,
            Self::Local | Self::Withheld | Self::Country | Self::Column => false,
        }
    }
}

impl TimeBoundary {
    fn side_of(&self, facts: &Facts) -> Option<bool> {
        let second = facts.call.timestamp.as_second();
        let minute = |after: i64| Timestamp::from_second(second - second.rem_euclid(60) + after).ok();
        let is_among =
            |instant: Option<Timestamp>| instant.is_some_and(|instant| self.at.binary_search(&instant).is_ok());
        if self.row.is_some_and(|row| !says(facts, row)) {
            return None;
        }
        match (is_among(minute(0)), is_among(minute(60))) {
            (true, _) => Some(self.becomes),
            (false, true) => Some(!self.becomes),
            (false, false) => None,
        }
    }
}

/// Whether the row of a call names the schedule.
fn says(facts: &Facts, (slot, column, schedule): RowSchedule) -> bool {
    facts.cell(slot, column) == Some(&Cell::Schedule(schedule))
}

/// The first of some dates that comes soon after another one.
fn next_of(dates: &[Date], date: Date) -> Option<Date> {
    let next = dates.get(dates.partition_point(|other| *other <= date))?;
    (date.until(*next).is_ok_and(|apart| i64::from(apart.get_days()) <= DAYS_APART)).then_some(*next)
}

/// The last day before a closed one on which a schedule is open at that minute.
fn open_before(hours: &Schedule, dates: &[Date], closed: Moment) -> Option<Date> {
    let days = std::iter::successors(closed.date.yesterday().ok(), |date| date.yesterday().ok());
    let is_open = |date: &Date| {
        dates.binary_search(date).is_err() && hours.is_open_on(Moment { date: *date, minute: closed.minute })
    };
    days.take(DAYS_APART as usize).find(is_open)
}

/// When a clock shows this, if it does.
pub(super) fn shown(zone: &Zone, date: Date, minute: u16) -> Option<Timestamp> {
    zone.instant(Moment { date, minute }).ok()
}

/// The number after or before one, of the same length.
pub(super) fn neighbor(number: E164, step: i64) -> Option<E164> {
    let other = E164::parse(&format!("+{}", number.value().checked_add_signed(step)?)).ok()?;
    (other.length() == number.length() && is_brought(other)).then_some(other)
}

/// Whether a call can bring the number: five of them are read as a withheld one.
pub(super) fn is_brought(number: E164) -> bool {
    !crate::phone::is_unreachable(number)
}

fn with_number(call: &Call, party: Party, number: OwnedNumber) -> Call {
    let mut other = call.clone();
    other.set_number(party, Some(written(number)));
    other
}

fn at(call: &Call, timestamp: Timestamp) -> Call {
    Call { timestamp, ..call.clone() }
}
