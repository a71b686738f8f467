//! A `days` set: entries of its own, and other sets by name.

use super::calendar::{DAYS_IN_LEAP_YEAR, day_number, day_of_leap_year};
use super::days::{Days, MonthDay, OrdinalDay, Weekdays, bit};
use super::easter::EasterLines;
use super::ordinals::{OrdinalLine, Ordinals};
use super::runs::{WeekdayRange, WeekdayRanges};
use super::weeks::WeekLines;
use jiff::civil::Date;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

/// A union of days and of other sets, which are shared and never copied.
///
/// Weekday ranges of an ordinal are plain weekdays here. A set can only name sets that were made
/// before it, so there are no circles. Asking for a date looks at each set that can be reached once
/// at most, however many ways lead there.
#[derive(Clone)]
pub struct DaySet {
    dates: WeekdayRanges,
    yearly: WeekdayRanges,
    ordinals: Ordinals,
    easter: EasterLines,
    weeks: WeekLines,
    weekdays: u8,
    entries: Vec<DaySetEntry>,
    sets: Vec<Arc<DaySet>>,
    /// For each of the sets how many of the entries stand before it.
    entries_before: Vec<usize>,
    /// How many steps of naming lead to the farthest set; 0 without any.
    depth: u32,
    span: DateSpan,
}

/// One entry of a set, with its name, if it has one: `every 12-25 "Christmas Day"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaySetEntry {
    /// The days.
    pub days: Days,
    /// What people call them.
    pub name: Option<Box<str>>,
}

/// From which date to which a set may hold a day, as far as it names dates.
#[derive(Clone, Copy, Debug, Default)]
struct DateSpan {
    earliest: Option<Date>,
    latest: Option<Date>,
    /// Some of its days come again and again, so it has no first day and no last.
    recurs: bool,
}

impl DaySet {
    /// The union of these days and these sets. A set that is named twice counts once.
    pub fn new(days: &[Days], sets: Vec<Arc<Self>>) -> Self {
        let entries: Vec<_> = days.iter().map(|days| DaySetEntry { days: *days, name: None }).collect();
        let sets = sets.into_iter().map(|set| (entries.len(), set)).collect();
        Self::with_names(entries, sets)
    }

    /// The same of entries that may have names. Each set comes with the number of entries that
    /// stand before it.
    pub fn with_names(entries: Vec<DaySetEntry>, sets: Vec<(usize, Arc<Self>)>) -> Self {
        let mut seen = HashSet::new();
        let sets = sets.into_iter().filter(|(_, set)| seen.insert(Arc::as_ptr(set)));
        let (entries_before, sets): (Vec<usize>, Vec<Arc<Self>>) = sets.unzip();
        let days: Vec<Days> = entries.iter().map(|entry| entry.days).collect();
        let days = days.as_slice();
        let mut span = DateSpan::default();
        days.iter().for_each(|days| span.add_days(days));
        sets.iter().for_each(|set| span.add_span(set.span));
        Self {
            dates: WeekdayRanges::new(&date_ranges(days)),
            yearly: WeekdayRanges::new(&yearly_ranges(days)),
            ordinals: ordinals(days),
            easter: EasterLines::of_set(
                days.iter().filter_map(|days| if let Days::Easter(easter) = days { Some(*easter) } else { None }),
            ),
            weeks: WeekLines::of_set(
                days.iter().filter_map(|days| if let Days::Weeks(weeks) = days { Some(*weeks) } else { None }),
            ),
            weekdays: days
                .iter()
                .fold(0, |bits, days| if let Days::Weekdays(weekdays) = days { bits | weekdays.bits() } else { bits }),
            depth: sets.iter().map(|set| set.depth + 1).max().unwrap_or(0),
            span,
            entries,
            sets,
            entries_before,
        }
    }

    /// Its entries and those of the sets it names, in the order in which they are written; each
    /// set's once.
    pub fn all_entries(&self) -> Vec<&DaySetEntry> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting = vec![(self, 0, 0)];
        while let Some((set, from, nth)) = waiting.pop() {
            let until = set.entries_before.get(nth).copied().unwrap_or(set.entries.len());
            found.extend(&set.entries[from..until]);
            if let Some(named) = set.sets.get(nth) {
                waiting.push((set, until, nth + 1));
                if seen.insert(Arc::as_ptr(named)) {
                    waiting.push((named, 0, 0));
                }
            }
        }
        found
    }

    /// Whether `date` is one of the set's days.
    pub fn contains(&self, date: Date) -> bool {
        match self.depth {
            0 => self.holds(date),
            1 => self.holds(date) || self.sets.iter().any(|set| set.holds(date)),
            // Only here may a set be reached in more than one way, and must the ones seen be
            // remembered.
            _ => self.search(date),
        }
    }

    /// The earliest date that the set, or one it names, writes; none where days of every year are
    /// in it.
    pub fn earliest(&self) -> Option<Date> {
        self.span.earliest.filter(|_| !self.span.recurs)
    }

    /// The latest date that the set, or one it names, writes; none where its days come again and
    /// again.
    pub fn latest(&self) -> Option<Date> {
        self.span.latest.filter(|_| !self.span.recurs)
    }

    /// Whether every day of the set lies before `today` and none can come again.
    pub fn is_past(&self, today: Date) -> bool {
        self.latest().is_some_and(|latest| latest < today)
    }

    /// The dates written in it, its recurring days aside.
    pub(super) fn written_dates(&self) -> Option<(Date, Date)> {
        self.span.earliest.zip(self.span.latest)
    }

    fn search(&self, date: Date) -> bool {
        let mut seen = HashSet::new();
        let mut waiting = vec![self];
        while let Some(set) = waiting.pop() {
            if set.holds(date) {
                return true;
            }
            let possible = set.sets.iter().map(Arc::as_ref).filter(|set| set.span.may_hold(date));
            waiting.extend(possible.filter(|set| seen.insert(std::ptr::from_ref(*set))));
        }
        false
    }

    /// Whether the date is among its own days, the sets it names aside.
    fn holds(&self, date: Date) -> bool {
        let weekday = bit(date.weekday());
        self.weekdays & weekday != 0
            || self.span.may_hold(date)
                && (self.dates.contains(day_number(date), weekday)
                    || self.yearly.contains(day_of_leap_year(MonthDay::of(date)), weekday)
                    || self.ordinals.lines(date, |_| false).next().is_some()
                    || self.easter.lines(date).next().is_some()
                    || self.weeks.lines(date).next().is_some())
    }
}

impl fmt::Debug for DaySet {
    /// Not the sets it names: there may be very many ways to each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DaySet")
            .field("dates", &self.dates)
            .field("yearly", &self.yearly)
            .field("ordinals", &self.ordinals)
            .field("weekdays", &self.weekdays)
            .field("sets", &self.sets.len())
            .finish_non_exhaustive()
    }
}

impl Drop for DaySet {
    /// A chain of sets, each naming the one before, may be longer than the stack is deep.
    fn drop(&mut self) {
        let mut waiting = std::mem::take(&mut self.sets);
        while let Some(set) = waiting.pop() {
            if let Some(mut last_owner) = Arc::into_inner(set) {
                waiting.append(&mut last_owner.sets);
            }
        }
    }
}

impl DateSpan {
    fn add_days(&mut self, days: &Days) {
        match days {
            Days::Dates { first, last, .. } => {
                self.add_span(Self { earliest: Some(*first), latest: Some(*last), recurs: false });
            }
            Days::Weekdays(_) | Days::Yearly { .. } | Days::Ordinal(_) | Days::Easter(_) | Days::Weeks(_) => {
                self.recurs = true;
            }
        }
    }

    fn add_span(&mut self, other: Self) {
        self.earliest = [self.earliest, other.earliest].into_iter().flatten().min();
        self.latest = [self.latest, other.latest].into_iter().flatten().max();
        self.recurs |= other.recurs;
    }

    fn may_hold(&self, date: Date) -> bool {
        let within = |(earliest, latest)| (earliest..=latest).contains(&date);
        self.recurs || self.earliest.zip(self.latest).is_some_and(within)
    }
}

/// The weekdays that an entry keeps, as bits.
pub(super) fn kept(only: Option<Weekdays>) -> u8 {
    only.map_or(Weekdays::ALL, Weekdays::bits)
}

/// A yearly range by places in a leap year; one that wraps is two.
pub(super) fn yearly_pieces(first: MonthDay, last: MonthDay) -> impl Iterator<Item = (i32, i32)> {
    let (first, last) = (day_of_leap_year(first), day_of_leap_year(last));
    let wraps = first > last;
    let head = if wraps { (first, DAYS_IN_LEAP_YEAR - 1) } else { (first, last) };
    [Some(head), wraps.then_some((0, last))].into_iter().flatten()
}

fn date_ranges(days: &[Days]) -> Vec<WeekdayRange> {
    let range = |days: &Days| match days {
        Days::Dates { first, last, only } => {
            Some(WeekdayRange { first: day_number(*first), last: day_number(*last), weekdays: kept(*only) })
        }
        Days::Weekdays(_) | Days::Yearly { .. } | Days::Ordinal(_) | Days::Easter(_) | Days::Weeks(_) => None,
    };
    days.iter().filter_map(range).collect()
}

fn yearly_ranges(days: &[Days]) -> Vec<WeekdayRange> {
    let mut ranges = Vec::new();
    for entry in days {
        if let Days::Yearly { first, last, only } = entry {
            let range = |(first, last)| WeekdayRange { first, last, weekdays: kept(*only) };
            ranges.extend(yearly_pieces(*first, *last).map(range));
        }
    }
    ranges
}

/// Each once, so that their number is bounded.
fn ordinals(days: &[Days]) -> Ordinals {
    let mut seen = HashSet::new();
    let ordinal = |days: &Days| match days {
        Days::Ordinal(ordinal) => Some(*ordinal),
        Days::Weekdays(_) | Days::Dates { .. } | Days::Yearly { .. } | Days::Easter(_) | Days::Weeks(_) => None,
    };
    let each_once = days.iter().filter_map(ordinal).filter(|ordinal: &OrdinalDay| seen.insert(*ordinal));
    Ordinals::new(each_once.map(|day| OrdinalLine { day, in_set: true, line: 0 }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::days::Ordinal;
    use jiff::civil::{Weekday::*, date};

    fn set(days: &[Days], sets: &[&Arc<DaySet>]) -> Arc<DaySet> {
        Arc::new(DaySet::new(days, sets.iter().map(|set| Arc::clone(set)).collect()))
    }

    fn holidays() -> Vec<Days> {
        let thanksgiving =
            OrdinalDay { ordinal: Ordinal::Fourth, weekdays: Weekdays::one(Thursday), month: Some(11), offset: 0 };
        vec![
            Days::every(MonthDay::new(12, 25).unwrap()),
            Days::Ordinal(thanksgiving),
            Days::Dates { first: date(2026, 12, 28), last: date(2027, 1, 1), only: None },
        ]
    }

    #[test]
    fn holds_what_it_and_its_sets_name() {
        let holidays = set(&holidays(), &[]);
        let closed = set(&[Days::Weekdays(Weekdays::one(Sunday))], &[&holidays]);
        let all = set(&[], &[&closed, &holidays]);
        for set in [&closed, &all] {
            assert!(set.contains(date(2030, 12, 25)));
            assert!(set.contains(date(2026, 11, 26)));
            assert!(set.contains(date(2026, 12, 31)));
            assert!(set.contains(date(2026, 3, 1)), "a Sunday");
            assert!(!set.contains(date(2027, 1, 2)));
        }
        assert!(!holidays.contains(date(2026, 3, 1)));
    }

    #[test]
    fn agrees_with_its_entries_one_by_one() {
        let entries = holidays();
        let set = DaySet::new(&entries, Vec::new());
        for day in day_number(date(2026, 1, 1))..day_number(date(2029, 1, 1)) {
            let day = super::super::calendar::date_of(day);
            assert_eq!(set.contains(day), entries.iter().any(|days| days.matches(day, |_| false)), "{day}");
        }
    }

    #[test]
    fn many_ways_to_a_set_cost_no_more_than_one() {
        // Two to the power of 200 ways lead to the first set.
        let mut pair = [set(&[Days::date(date(2026, 1, 1))], &[]), set(&[], &[])];
        for _ in 0..200 {
            pair = [set(&[], &[&pair[0], &pair[1]]), set(&[], &[&pair[1], &pair[0]])];
        }
        assert!(pair[0].contains(date(2026, 1, 1)));
        assert!(!pair[0].contains(date(2026, 1, 2)));
    }

    #[test]
    fn a_long_chain_of_sets_is_searched_and_dropped_without_a_deep_stack() {
        let mut chain = set(&[Days::date(date(2026, 1, 1))], &[]);
        for _ in 0..100_000 {
            chain = set(&[], &[&chain]);
        }
        assert!(chain.contains(date(2026, 1, 1)));
        assert!(!chain.contains(date(2025, 1, 1)));
    }

    #[test]
    fn a_set_is_past_when_no_day_can_come_again() {
        let (past, today) = (set(&[Days::date(date(2026, 1, 1))], &[]), date(2026, 1, 2));
        assert!(past.is_past(today));
        assert!(!past.is_past(date(2026, 1, 1)));
        assert!(set(&[], &[&past]).is_past(today));
        assert!(!set(&[Days::date(today)], &[&past]).is_past(today));
        assert!(!set(&[Days::every(MonthDay::new(1, 1).unwrap())], &[&past]).is_past(today));
        assert!(!set(&[], &[]).is_past(today));
        assert_eq!(set(&holidays()[2..], &[&past]).earliest(), Some(date(2026, 1, 1)));
        assert_eq!(set(&holidays()[2..], &[&past]).latest(), Some(date(2027, 1, 1)));
        assert_eq!(set(&holidays(), &[&past]).latest(), None);
    }
}
