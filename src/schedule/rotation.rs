//! Rotations: who is on call at an instant, each in turn.
//!
//! A line begins at a reading of the clock and hands over at the same reading, every so many days
//! or months, counted from the first. A line that ends goes before those that do not.

use super::calendar::{date_of, day_number};
use super::zone::{Moment, Zone};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::HashSet;

const MONTHS_PER_YEAR: i64 = 12;

/// How often a line of a rotation hands over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum HandOver {
    /// Every so many days of the calendar, also those that the zone skipped; at least one.
    Days(u16),
    /// Every month, on the day of the month of the first one, or the last day of a shorter month.
    Month,
}

/// A line of a rotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RotationLine {
    /// When it begins, and the first is on call.
    pub from: Moment,
    /// When it ends; one without an end is only superseded.
    pub to: Option<Moment>,
    /// How often it hands over to the next; never, if this is `None`.
    pub every: Option<HandOver>,
    /// Who, in turn. At least one.
    pub agents: Vec<usize>,
}

/// Two lines that cannot both be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RotationConflict {
    /// The line that comes first in the text.
    pub earlier: usize,
    /// The other one.
    pub later: usize,
    /// An instant at which both would count.
    pub at: Timestamp,
}

/// Who is on call: lines that hand over from one agent to the next, on the clock of a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    zone: Zone,
    lines: Vec<RotationLine>,
    /// The lines with an end, by their beginnings; none overlap.
    ending: Vec<(Timestamp, Timestamp, usize)>,
    /// The lines without an end, by their beginnings.
    lasting: Vec<(Timestamp, usize)>,
}

impl Rotation {
    /// A rotation whose lines agree, or how they do not: two with an end overlap, or two without one
    /// begin together. At least one line must have no end, and each an agent.
    pub fn new(zone: Zone, lines: Vec<RotationLine>) -> Result<Self, Vec<RotationConflict>> {
        let (mut ending, mut lasting) = (Vec::new(), Vec::new());
        for (number, line) in lines.iter().enumerate() {
            let start = first_shown(&zone, line.from);
            match line.to {
                Some(to) => ending.push((start, first_shown(&zone, to), number)),
                None => lasting.push((start, number)),
            }
        }
        // Of those that a clock skips away, nothing is left.
        ending.retain(|(start, end, _)| start < end);
        ending.sort_unstable();
        lasting.sort_unstable();
        let overlapping = ending.windows(2).filter(|pair| pair[1].0 < pair[0].1);
        let overlapping = overlapping.map(|pair| conflict(pair[0].2, pair[1].2, pair[1].0));
        let together = lasting.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        let together = together.map(|pair| conflict(pair[0].1, pair[1].1, pair[1].0));
        let conflicts: Vec<RotationConflict> = overlapping.chain(together).collect();
        if conflicts.is_empty() { Ok(Self { zone, lines, ending, lasting }) } else { Err(conflicts) }
    }

    /// The zone whose clock it reads.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// As they were given.
    pub fn lines(&self) -> &[RotationLine] {
        &self.lines
    }

    /// All that are ever on call, each once, in the order of the lines.
    pub fn agents(&self) -> Vec<usize> {
        let mut seen = HashSet::new();
        self.lines.iter().flat_map(|line| line.agents.iter().copied()).filter(|agent| seen.insert(*agent)).collect()
    }

    /// Who is on call at an instant. Before the first line without an end, its first agent is.
    pub fn on_call(&self, instant: Timestamp) -> usize {
        self.lines.get(self.line_at(instant).unwrap_or(0)).map_or(0, |line| self.turn(line, instant))
    }

    /// The line that counts at an instant.
    pub fn line_at(&self, instant: Timestamp) -> Option<usize> {
        let begun = self.ending.partition_point(|(start, ..)| *start <= instant);
        if let Some((_, _, line)) = begun.checked_sub(1).map(|at| self.ending[at]).filter(|(_, end, _)| instant < *end)
        {
            return Some(line);
        }
        let begun = self.lasting.partition_point(|(start, _)| *start <= instant);
        self.lasting.get(begun.saturating_sub(1)).map(|(_, line)| *line)
    }

    /// Who of a line is on call.
    fn turn(&self, line: &RotationLine, instant: Timestamp) -> usize {
        let passed = line.every.map_or(0, |every| self.passed(line, every, instant));
        line.agents.get((passed % line.agents.len().max(1) as i64) as usize).copied().unwrap_or(0)
    }

    /// How many hand-overs of a line have been by an instant.
    fn passed(&self, line: &RotationLine, every: HandOver, instant: Timestamp) -> i64 {
        let shown = self.zone.read(instant).date;
        let near = match every {
            HandOver::Days(days) => {
                (day_number(shown) - day_number(line.from.date)).div_euclid(i32::from(days.max(1))).into()
            }
            HandOver::Month => months(shown) - months(line.from.date),
        };
        // A clock that is put back shows an earlier day again.
        let mut passed = (near + 2).max(0);
        while passed > 0 && self.hand_over(line, every, passed) > instant {
            passed -= 1;
        }
        passed
    }

    /// The instant of a line's hand-over of this number; the line's beginning is number 0.
    fn hand_over(&self, line: &RotationLine, every: HandOver, number: i64) -> Timestamp {
        let Moment { date, minute } = line.from;
        let date = match every {
            HandOver::Days(days) => {
                let day = i64::from(day_number(date)) + number.saturating_mul(i64::from(days));
                date_of(day.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32)
            }
            HandOver::Month => later_by_months(date, number),
        };
        first_shown(&self.zone, Moment { date, minute })
    }

    /// Each instant after `from` and before `to` from which somebody else is on call, and who.
    pub fn changes(&self, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, usize)> {
        let mut instants: Vec<Timestamp> = self.ending.iter().flat_map(|(start, end, _)| [*start, *end]).collect();
        instants.extend(self.lasting.iter().map(|(start, _)| *start));
        for (start, end, line) in &self.ending {
            self.hand_overs(*line, (*start).max(from), (*end).min(to), &mut instants);
        }
        for (at, (start, line)) in self.lasting.iter().enumerate() {
            let end = self.lasting.get(at + 1).map_or(to, |(next, _)| (*next).min(to));
            self.hand_overs(*line, (*start).max(from), end, &mut instants);
        }
        instants.retain(|at| from < *at && *at < to);
        instants.sort_unstable();
        instants.dedup();
        let mut now = self.on_call(from);
        let turns = instants.into_iter().map(|at| (at, self.on_call(at)));
        turns.filter(|(_, agent)| std::mem::replace(&mut now, *agent) != *agent).collect()
    }

    /// Adds the instants of a line's hand-overs from one instant up to, not including, another.
    fn hand_overs(&self, number: usize, from: Timestamp, to: Timestamp, instants: &mut Vec<Timestamp>) {
        let line = &self.lines[number];
        let Some(every) = line.every.filter(|_| line.agents.len() > 1 && from < to) else { return };
        let first = self.passed(line, every, from);
        let all = (first..).map(|number| self.hand_over(line, every, number));
        // At the end of the calendar nothing comes any more.
        instants.extend(all.take_while(|at| *at < to && *at < Timestamp::MAX));
    }
}

fn conflict(one: usize, other: usize, at: Timestamp) -> RotationConflict {
    RotationConflict { earlier: one.min(other), later: one.max(other), at }
}

/// The instant at which a clock first shows a moment; where it skips it, the first after.
fn first_shown(zone: &Zone, moment: Moment) -> Timestamp {
    let shown = zone.instant(moment).or_else(|skipped| zone.instant(skipped.first_after));
    shown.unwrap_or(Timestamp::MAX)
}

fn months(date: Date) -> i64 {
    i64::from(date.year()) * MONTHS_PER_YEAR + i64::from(date.month())
}

/// The same day of a later month, or its last.
fn later_by_months(date: Date, months_later: i64) -> Date {
    let month = months(date) - 1 + months_later;
    let year = i16::try_from(month.div_euclid(MONTHS_PER_YEAR)).unwrap_or(i16::MAX);
    let first = Date::new(year, month.rem_euclid(MONTHS_PER_YEAR) as i8 + 1, 1);
    first.map_or(Date::MAX, |first| first.with().day(date.day().min(first.days_in_month())).build().unwrap_or(first))
}
