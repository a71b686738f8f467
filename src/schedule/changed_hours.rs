//! Lines that change the hours that a day has, whatever they are: `closed 13:00-15:00`,
//! `also 18:00-20:00`.

use super::Line;
use super::calendar::{date_of, day_number};
use super::days::{Days, moved};
use super::hours::Window;
use super::narrowest::{Decider, each_entry, is_excepted};
use super::rank::Narrowness;
use super::zone::Moment;
use super::{DaySet, Schedule};
use jiff::civil::Date;
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

/// A window that takes hours away, or adds them, at some minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HoursChange {
    /// The line's place in the schedule.
    pub line: usize,
    /// The window.
    pub window: Window,
    /// The day it started on: the day itself, or the evening before.
    pub started: Date,
    /// Whether it adds hours, and does not take them away.
    pub opens: bool,
}

/// The lines of a schedule that change hours, by the days they name.
#[derive(Clone, Debug, Default)]
pub(super) struct ChangedHours {
    /// Those for one date, sorted by it.
    dated: Vec<(Date, ChangeEntry)>,
    recurring: Vec<ChangeEntry>,
    /// The latest minute until which a window of theirs runs on into the day after; 0 if none does.
    runs_on_until: u16,
}

/// One entry of such a line's days.
#[derive(Clone, Copy, Debug)]
struct ChangeEntry {
    days: Days,
    narrowness: Narrowness,
    line: u32,
    in_set: bool,
}

impl ChangedHours {
    pub(super) fn new(lines: &[Line]) -> Self {
        let mut changed = Self::default();
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.hours.changed().is_some()) {
            let windows = line.hours.changed().map_or(&[][..], |(windows, _)| windows);
            let runs_on = windows.iter().map(|window| window.end_on_the_next()).max().unwrap_or(0);
            changed.runs_on_until = changed.runs_on_until.max(runs_on);
            for (days, in_set) in each_entry(line) {
                let entry = ChangeEntry { days, narrowness: Narrowness::of(&days), line: number as u32, in_set };
                match days {
                    Days::Dates { first, last, .. } if first == last => changed.dated.push((first, entry)),
                    Days::Weekdays(_)
                    | Days::Dates { .. }
                    | Days::Yearly { .. }
                    | Days::Ordinal(_)
                    | Days::Easter(_)
                    | Days::Weeks(_) => changed.recurring.push(entry),
                }
            }
        }
        changed.dated.sort_by_key(|(date, _)| *date);
        changed
    }

    pub(super) fn is_empty(&self) -> bool {
        self.dated.is_empty() && self.recurring.is_empty()
    }

    /// The entries that could name a day.
    fn entries(&self, date: Date) -> impl Iterator<Item = ChangeEntry> {
        let dated = &self.dated[self.dated.partition_point(|(day, _)| *day < date)..];
        let dated = dated.iter().take_while(move |(day, _)| *day == date).map(|(_, entry)| *entry);
        dated.chain(self.recurring.iter().copied())
    }
}

impl ChangeEntry {
    fn names(&self, date: Date, except: &[Arc<DaySet>]) -> bool {
        self.days.matches(date, |day| !self.in_set && is_excepted(except, day))
    }

    /// Whether it counts on a day that is so decided: one wider than what decides does not, and on
    /// an excepted day only a line that writes that one date adds hours.
    fn counts(&self, decider: &Decider<'_>, opens: bool) -> bool {
        match decider.narrowness() {
            Some(narrowness) => self.narrowness <= narrowness,
            None => !opens || !decider.is_excepted() || self.narrowness == Narrowness::ONE_DATE && !self.in_set,
        }
    }
}

/// The part of a change that lies on one day, from a minute up to, not including, another.
#[derive(Clone, Copy, Debug)]
pub(super) struct DayChange {
    pub from: u16,
    pub to: u16,
    narrowness: Narrowness,
    pub change: HoursChange,
}

impl DayChange {
    pub(super) fn holds(&self, minute: u16) -> bool {
        self.from <= minute && minute < self.to
    }

    /// The least of those that hold a minute is the one that counts: of the narrowest line, of
    /// equal ones one that takes away, and then of the one that is written first, so that the
    /// answer is always the same.
    fn order(&self) -> impl Ord + use<> {
        (self.narrowness, self.change.opens, self.change.line, Reverse(self.change.started), self.from)
    }

    /// The one that counts.
    pub(super) fn least(changes: impl Iterator<Item = Self>) -> Option<HoursChange> {
        changes.min_by_key(Self::order).map(|least| least.change)
    }
}

impl Schedule {
    /// What takes hours away or adds them when the clock shows this, if anything does: of all
    /// windows that hold the minute the one whose line is narrowest, of equal ones one that takes
    /// away.
    pub fn hours_change(&self, shown: Moment) -> Option<HoursChange> {
        if self.changed.is_empty() {
            return None;
        }
        DayChange::least(self.day_changes(shown.date).filter(|change| change.holds(shown.minute)))
    }

    /// What changes the hours of a day, and where the window began the evening before.
    pub(super) fn day_changes(&self, date: Date) -> impl Iterator<Item = DayChange> {
        let of_day = self.changes_of(date).map(|(narrowness, change)| {
            let (from, to) = (change.window.start(), change.window.end_on_its_day());
            DayChange { from, to, narrowness, change }
        });
        let before = if self.changed.runs_on_until > 0 { moved(date, -1) } else { None };
        let of_before = before
            .into_iter()
            .flat_map(|date| self.changes_of(date))
            .map(|(narrowness, change)| DayChange { from: 0, to: change.window.end_on_the_next(), narrowness, change });
        of_day.chain(of_before.filter(|change| change.to > 0))
    }

    /// The windows of lines that change hours and that start on a day, each with how narrow its
    /// line is.
    fn changes_of(&self, date: Date) -> impl Iterator<Item = (Narrowness, HoursChange)> {
        let entries = self.changed.entries(date).filter(move |entry| entry.names(date, &self.except));
        let mut decider = None;
        let counting = entries.filter(move |entry| {
            let decider = decider.get_or_insert_with(|| self.index.decide(date, &self.except));
            let opens = self.lines[entry.line as usize].hours.changed().is_some_and(|(_, opens)| opens);
            entry.counts(decider, opens)
        });
        counting.flat_map(move |entry| {
            let line = entry.line as usize;
            let (windows, opens) = self.lines[line].hours.changed().unwrap_or((&[], false));
            let change = move |window: &Window| HoursChange { line, window: *window, started: date, opens };
            windows.iter().map(move |window| (entry.narrowness, change(window)))
        })
    }

    /// The windows that add hours and start on a day.
    pub(super) fn added_windows(&self, date: Date) -> impl Iterator<Item = Window> {
        self.changes_of(date).filter(|(_, change)| change.opens).map(|(_, change)| change.window)
    }

    /// Whether a line that changes hours changes one of a day from the first up to, not including,
    /// the last. None where that would take more than so many looks, from which those it takes are
    /// subtracted.
    pub fn changes_an_hour(&self, line: usize, days: Range<Date>, looks: &mut usize) -> Option<bool> {
        let said = &self.lines[line];
        let (_, opens) = said.hours.changed()?;
        let one_date = |days: &Days| days.latest().filter(|latest| *days == Days::date(*latest));
        let (first, last) = (day_number(days.start), day_number(days.end));
        let is_dated = said.sets.is_empty() && said.days.iter().all(|days| one_date(days).is_some());
        let dated = said.days.iter().filter_map(one_date).filter(|date| is_dated && days.contains(date));
        let all = if is_dated { first..first } else { first..last };
        let mut day_changes = Vec::new();
        for date in dated.chain(all.map(date_of)) {
            for date in [Some(date), moved(date, 1)].into_iter().flatten() {
                day_changes.clear();
                day_changes.extend(self.day_changes(date));
                *looks = looks.checked_sub(1 + day_changes.len() * day_changes.len())?;
                if day_changes.iter().all(|change| change.change.line != line) {
                    continue;
                }
                let mut cuts = Vec::new();
                self.all_cuts(date, &mut cuts);
                *looks = looks.checked_sub(cuts.len())?;
                let flips = |minute: &u16| {
                    let shown = Moment { date, minute: *minute };
                    let holding = || day_changes.iter().copied().filter(|change| change.holds(*minute));
                    let is_own = DayChange::least(holding()).is_some_and(|change| change.line == line);
                    let others = DayChange::least(holding().filter(|change| change.change.line != line));
                    let without = || others.map_or_else(|| self.is_decided_open(shown), |change| change.opens);
                    is_own && !self.closures.hold(shown) && without() != opens
                };
                if cuts.iter().any(flips) {
                    return Some(true);
                }
            }
        }
        Some(false)
    }
}
