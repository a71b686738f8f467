//! Dates that have gone by, and lists of dates that run out.
//!
//! While definitions and tests are checked, the dates that they write are gathered here; at the end
//! they are judged together, because sets of days that stand in one set, or behind one `except`,
//! run out together.

use super::Checker;
use super::date::DayEntry;
use super::definition::items;
use super::problems::dates as problems;
use crate::schedule::{Days, Moment, Rotation};
use crate::source::Span;
use crate::syntax::ast::{self, Comparator, Predicate};
use jiff::civil::Date;
use std::collections::HashSet;

/// Minimum distance, in days, of the ends of two dates of a list that is kept by the year.
const KEPT_BY_THE_YEAR: i32 = 300;
/// How many days before its last date a list that is kept by the year is said to run out.
const NOTICE: i32 = 60;
/// Maximum number of characters of a test that a message quotes.
const LONGEST_QUOTE: usize = 60;
/// Maximum number of places from which a suggestion takes past dates out.
const MAX_REMOVALS: usize = 20;

/// All dates that a plan writes, by where they stand.
#[derive(Default)]
pub(super) struct Dates {
    lists: Vec<DatedList>,
    /// The sets of days, by number.
    sets: Vec<DaysSet>,
    /// The sets, each after those that it names; those in a circle are left out.
    order: Vec<usize>,
    /// The sets that one schedule excepts together.
    excepted: Vec<Vec<usize>>,
    /// The ends of rotations that are kept by hand.
    rotations: Vec<ExpiringLists>,
}

/// A set of days, as far as its dates go.
struct DaysSet {
    list: usize,
    names: Vec<usize>,
}

/// The dates that a set of days, a schedule or a test writes.
struct DatedList {
    owner: DateOwner,
    entries: Vec<DatedEntry>,
    /// The latest of all its days; none where some of them come again and again.
    latest: Option<Date>,
    /// Whether each of its days could be read. Of what could not, the latest may be one.
    is_whole: bool,
}

/// Whose dates they are.
enum DateOwner {
    Set { name: Span, number: usize },
    Schedule { name: Span },
    Rotation { name: Span },
    Test { span: Span, after: AfterDates },
}

/// The result of a test once its dates have passed.
#[derive(Clone, Copy)]
pub(super) enum AfterDates {
    Always,
    Never,
    NoEffect,
}

/// One date, or one range of dates.
#[derive(Clone, Copy)]
struct DatedEntry {
    span: Span,
    /// The last day of a range.
    last: Date,
}

/// Lists that run out together: from which date to which their entries end, and where the last one
/// stands.
#[derive(Clone, Copy)]
struct ExpiringLists {
    first_end: Date,
    last_end: Date,
    list: usize,
    last_entry: Span,
}

impl ExpiringLists {
    fn join(self, other: Self) -> Self {
        let later = if other.last_end > self.last_end { other } else { self };
        Self { first_end: self.first_end.min(other.first_end), ..later }
    }

    fn is_kept_by_the_year(&self) -> bool {
        days_between(self.first_end, self.last_end) >= KEPT_BY_THE_YEAR
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    to.duration_since(from).as_hours() as i32 / 24
}

impl DatedList {
    fn run(&self, list: usize) -> Option<ExpiringLists> {
        if !self.is_whole {
            return Some(ExpiringLists {
                first_end: Date::MAX,
                last_end: Date::MAX,
                list,
                last_entry: Span::default(),
            });
        }
        let run = |entry: &DatedEntry| ExpiringLists {
            first_end: entry.last,
            last_end: entry.last,
            list,
            last_entry: entry.span,
        };
        self.entries.iter().map(run).reduce(ExpiringLists::join)
    }

    fn is_past(&self, today: Date) -> bool {
        self.latest.is_some_and(|latest| latest < today)
    }
}

impl Dates {
    /// The sets of days: for each its definition, its entries, the sets that it names and its
    /// latest day.
    pub(super) fn of_sets<'d>(
        &mut self,
        sets: impl Iterator<Item = (&'d ast::Days, &'d [(DayEntry, Span)], Vec<usize>, Option<Date>)>,
        order: Vec<usize>,
    ) {
        for (number, (definition, entries, names, latest)) in sets.enumerate() {
            let is_whole = entries.len() == definition.entries.len();
            let entries = entries.iter().filter_map(|(entry, span)| match entry {
                DayEntry::Days(days) => dated(days, *span),
                DayEntry::Set(_) => None,
            });
            let owner = DateOwner::Set { name: definition.name.span, number };
            self.sets.push(DaysSet { list: self.lists.len(), names });
            self.lists.push(DatedList { owner, entries: entries.collect(), latest, is_whole });
        }
        for number in &order {
            let set = &self.sets[*number];
            if set.names.iter().any(|named| !self.lists[self.sets[*named].list].is_whole) {
                self.lists[set.list].is_whole = false;
            }
        }
        self.order = order;
    }

    /// A schedule: the days of its lines and the last days of its closures, as far as they could be
    /// read, and the sets that it excepts.
    pub(super) fn of_schedule(
        &mut self,
        schedule: &ast::Schedule,
        days: &[(DayEntry, Span)],
        closures: &[(Date, Span)],
        excepted: Vec<usize>,
    ) {
        let written = schedule.day_lines().map(|line| line.days.len()).sum::<usize>() + schedule.closures().count();
        let is_whole = days.len() + closures.len() == written;
        let dated_days = days.iter().filter_map(|(entry, span)| match entry {
            DayEntry::Days(days) => dated(days, *span),
            DayEntry::Set(_) => None,
        });
        let mut entries: Vec<DatedEntry> = dated_days.collect();
        // Where its days come again, or are those of a set, it does not end.
        let ends = entries.len() == days.len();
        entries.extend(closures.iter().map(|(last, span)| DatedEntry { span: *span, last: *last }));
        let latest = entries.iter().map(|entry| entry.last).max().filter(|_| ends);
        let owner = DateOwner::Schedule { name: schedule.name.span };
        self.lists.push(DatedList { owner, entries, latest, is_whole });
        self.excepted.push(excepted);
    }

    /// A rotation: the lines that end, or are superseded by others. One without `every` that has
    /// several lines is kept by hand, and runs out.
    pub(super) fn of_rotation(&mut self, written: &ast::Rotation, built: &Rotation) {
        let last_day = |end: Moment| match end.minute {
            0 => end.date.yesterday().unwrap_or(end.date),
            _ => end.date,
        };
        let mut lasting: Vec<Moment> =
            built.lines().iter().filter(|line| line.to.is_none()).map(|line| line.from).collect();
        lasting.sort_unstable();
        let lines = || built.lines().iter().zip(&written.lines);
        let entries = lines().filter_map(|(line, written)| {
            let next = lasting.get(lasting.partition_point(|from| *from <= line.from)).copied();
            let end = line.to.or(next)?;
            let date = written.to.as_ref().unwrap_or(&written.from);
            Some(DatedEntry { span: date.date.span, last: last_day(end) })
        });
        let ends = lines().map(|(line, written)| {
            let date = written.to.as_ref().unwrap_or(&written.from);
            DatedEntry { span: date.date.span, last: line.to.map_or(line.from.date, last_day) }
        });
        let is_by_hand = built.lines().len() > 1 && built.lines().iter().all(|line| line.every.is_none());
        if let Some(end) = ends.max_by_key(|entry| entry.last).filter(|_| is_by_hand) {
            self.rotations.push(ExpiringLists {
                first_end: Date::MIN,
                last_end: end.last,
                list: self.lists.len(),
                last_entry: end.span,
            });
        }
        let owner = DateOwner::Rotation { name: written.name.span };
        self.lists.push(DatedList { owner, entries: entries.collect(), latest: None, is_whole: true });
    }

    /// Whether a set of days is another one, or one that the other names, itself or through others.
    pub(super) fn is_within(&self, number: usize, other: usize) -> bool {
        let mut seen = HashSet::from([other]);
        let mut waiting = vec![other];
        while let Some(at) = waiting.pop() {
            if at == number {
                return true;
            }
            let named = self.sets.get(at).map_or(&[][..], |set| &set.names);
            waiting.extend(named.iter().filter(|named| seen.insert(**named)));
        }
        false
    }

    /// A test: each date that it lists, or the last of a range, with its place.
    pub(super) fn of_test(&mut self, test: &ast::Test, dates: impl Iterator<Item = (Date, Span)>) {
        let entries: Vec<DatedEntry> = dates.map(|(last, span)| DatedEntry { span, last }).collect();
        let latest = entries.iter().map(|entry| entry.last).max();
        let owner = DateOwner::Test { span: test.span, after: after(test) };
        self.lists.push(DatedList { owner, entries, latest, is_whole: true });
    }

    /// What runs out together, of lists that are kept by the year.
    fn runs(&self) -> Vec<ExpiringLists> {
        let own: Vec<Option<ExpiringLists>> = self.lists.iter().enumerate().map(|(at, list)| list.run(at)).collect();
        let mut of_sets: Vec<Option<ExpiringLists>> = vec![None; self.sets.len()];
        for number in &self.order {
            let set = &self.sets[*number];
            let named = set.names.iter().map(|named| of_sets[*named]);
            of_sets[*number] = joined(named.chain([own[set.list]]));
        }
        let elsewhere = self.sets.iter().flat_map(|set| &set.names).chain(self.excepted.iter().flatten());
        let elsewhere: HashSet<usize> = elsewhere.copied().collect();
        let alone = (0..self.sets.len()).filter(|number| !elsewhere.contains(number)).map(|number| of_sets[number]);
        let excepted = self.excepted.iter().map(|sets| joined(sets.iter().map(|set| of_sets[*set])));
        let is_other = |owner: &DateOwner| !matches!(owner, DateOwner::Set { .. } | DateOwner::Rotation { .. });
        let no_set = self.lists.iter().zip(&own).filter(|(list, _)| is_other(&list.owner));
        let all = alone.chain(excepted).chain(no_set.map(|(_, run)| *run));
        let all = all.flatten().filter(ExpiringLists::is_kept_by_the_year);
        all.chain(self.rotations.iter().copied()).collect()
    }
}

fn joined(runs: impl Iterator<Item = Option<ExpiringLists>>) -> Option<ExpiringLists> {
    runs.flatten().reduce(ExpiringLists::join)
}

fn dated(days: &Days, span: Span) -> Option<DatedEntry> {
    days.latest().map(|last| DatedEntry { span, last })
}

fn after(test: &ast::Test) -> AfterDates {
    match &test.predicate {
        Some(Predicate::Equality { negated: true, .. } | Predicate::Membership { negated: true, .. }) => {
            AfterDates::NoEffect
        }
        Some(Predicate::Comparison { comparator: Comparator::Greater | Comparator::AtLeast, .. }) => AfterDates::Always,
        Some(
            Predicate::Equality { negated: false, .. }
            | Predicate::Membership { negated: false, .. }
            | Predicate::Comparison { comparator: Comparator::Less | Comparator::AtMost, .. }
            | Predicate::Search { .. },
        )
        | None => AfterDates::Never,
    }
}

impl Checker<'_, '_> {
    /// Warns of dates that have gone by and of lists that run out. Gives the day of the nearest
    /// such end, whenever it is.
    pub(super) fn judge_dates(&mut self) -> Option<Date> {
        let dates = std::mem::take(&mut self.dates);
        let runs = dates.runs();
        if let Some(today) = self.options.today {
            let ended = self.warn_of_ends(&dates, &runs, today);
            for (at, list) in dates.lists.iter().enumerate() {
                // One mistake, one message: that it has run out says that all of it is past.
                if list.is_whole && !ended.contains(&at) {
                    self.warn_of_past_dates(list, today);
                }
            }
        }
        runs.iter().map(|run| run.last_end).min()
    }

    /// Gives the lists that are said to have run out.
    fn warn_of_ends(&mut self, dates: &Dates, runs: &[ExpiringLists], today: Date) -> HashSet<usize> {
        let mut told = HashSet::new();
        let mut ended = HashSet::new();
        for run in runs.iter().filter(|run| days_between(today, run.last_end) <= NOTICE) {
            if !told.insert(run.last_entry) {
                continue;
            }
            if run.last_end < today {
                ended.insert(run.list);
            }
            let what = self.called(&dates.lists[run.list].owner);
            let days = days_between(today, run.last_end);
            let problem = problems::dates_end(run.last_entry, &what, run.last_end, days);
            self.problem(match dates.lists[run.list].owner {
                DateOwner::Rotation { .. } => problems::rotation_ends(problem),
                DateOwner::Set { .. } | DateOwner::Schedule { .. } | DateOwner::Test { .. } => problem,
            });
        }
        ended
    }

    fn warn_of_past_dates(&mut self, list: &DatedList, today: Date) {
        let past: Vec<&DatedEntry> = list.entries.iter().filter(|entry| entry.last < today).collect();
        let (Some(first), Some(latest)) = (past.first(), past.iter().map(|entry| entry.last).max()) else { return };
        let what = self.called(&list.owner);
        if list.is_past(today) {
            let (span, so) = match list.owner {
                DateOwner::Set { name, .. } => (name, "from now on no day is in it"),
                DateOwner::Schedule { name } => (name, "from now on it is never open"),
                DateOwner::Rotation { name } => (name, "these lines make no difference any more"),
                DateOwner::Test { span, after: AfterDates::Always } => (span, "from now on this always holds"),
                DateOwner::Test { span, after: AfterDates::Never } => (span, "from now on this never holds"),
                DateOwner::Test { span, after: AfterDates::NoEffect } => (span, "this has no effect any more"),
            };
            self.problem(problems::all_past(span, &what, latest, so));
            return;
        }
        let places: Vec<Span> = past.iter().map(|entry| entry.span).collect();
        let mut problem = match places.len() {
            1 => problems::one_past(first.span, self.source.slice(first.span)),
            _ => problems::some_past(self.source, &places, &what, latest),
        };
        if let Some(removals) = self.removals(list, today) {
            problem = problems::with_past_taken_out(problem, removals);
        }
        self.problem(problem);
    }

    fn called(&self, owner: &DateOwner) -> String {
        match owner {
            DateOwner::Set { name, .. } | DateOwner::Schedule { name } | DateOwner::Rotation { name } => {
                format!("`{}`", self.source.slice(*name))
            }
            DateOwner::Test { span, .. } => match self.source.slice(*span) {
                written if written.chars().count() <= LONGEST_QUOTE => format!("`{written}`"),
                _ => "this test".to_owned(),
            },
        }
    }

    /// What to take out of a set so that its past dates are gone, where that loses nothing else: no
    /// comment, and not the dates by which one sees that the set is kept by the year.
    fn removals(&self, list: &DatedList, today: Date) -> Option<Vec<Span>> {
        let DateOwner::Set { number, .. } = list.owner else { return None };
        let definition = items!(self, Days).nth(number)?;
        let is_kept = |list: &DatedList| list.run(0).is_some_and(|run| run.is_kept_by_the_year());
        let past: HashSet<Span> =
            list.entries.iter().filter(|entry| entry.last < today).map(|entry| entry.span).collect();
        let coming = list.entries.iter().filter(|entry| !past.contains(&entry.span)).copied().collect();
        let owner = DateOwner::Schedule { name: definition.name.span };
        let coming = DatedList { owner, entries: coming, latest: None, is_whole: true };
        if is_kept(list) && !is_kept(&coming) {
            return None;
        }
        let spans: Vec<Span> = definition.entries.iter().map(|day| day.span).collect();
        let mut removals = Vec::new();
        let mut at = 0;
        while at < spans.len() {
            let end = at + spans[at..].iter().take_while(|span| past.contains(span)).count();
            if end > at {
                let before = at.checked_sub(1).map(|before| spans[before].end);
                removals.push(match (spans.get(end), before) {
                    (Some(next), _) => Span { start: spans[at].start, end: next.start },
                    (None, Some(before)) => Span { start: before, end: spans[end - 1].end },
                    (None, None) => return None,
                });
            }
            at = end.max(at + 1);
        }
        let is_right =
            removals.len() <= MAX_REMOVALS && removals.iter().all(|removal| !self.source.slice(*removal).contains('#'));
        is_right.then_some(removals)
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT_BY_THE_YEAR, NOTICE};
    use crate::check::Options;
    use crate::diagnostics::Code;
    use crate::source::Source;
    use jiff::ToSpan;
    use jiff::civil::Date;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn day(number: i32) -> Date {
        Date::constant(2026, 1, 1).saturating_add(number.days())
    }

    /// What is said of dates, in the order of the codes.
    fn said(text: &str, today: Date) -> Vec<Code> {
        let options = Options { today: Some(today), ..Options::default() };
        let problems = crate::judge(&Source::new("plan", text), &options).problems;
        assert!(!problems.has_errors(), "{problems:?}");
        let of_dates = problems.iter().map(|problem| problem.code);
        let mut codes: Vec<Code> = of_dates.filter(|code| [Code::PastDate, Code::DatesEnd].contains(code)).collect();
        codes.sort_unstable();
        codes
    }

    /// The same dates as a set, as the lines of a schedule, and as a list of a test.
    fn plans(entries: &[String], recurs: bool) -> [String; 3] {
        let more = |text: &str| if recurs { text.to_owned() } else { String::new() };
        let list = entries.join(", ");
        let lines: String = entries.iter().map(|entry| format!("  {entry}  09:00-10:00\n")).collect();
        let plan = |text: String| format!("timezone UTC\n{text}fallback\n");
        [
            plan(format!("days h = [{}{list}]\nwhen date in h {{ reject }}\n", more("every 12-25, "))),
            plan(format!("schedule s {{\n{}{lines}}}\nwhen s is open {{ reject }}\n", more("  mon  09:00-10:00\n"))),
            plan(format!("when date in [{list}] {{ reject }}\n")),
        ]
    }

    proptest! {
        #[test]
        fn a_list_has_one_message_for_past_dates_and_one_for_its_end_and_never_both_once_it_is_over(
            ranges in vec((0..900_i32, 0..20_i32), 1..8),
            recurs: bool,
            today in 0..1000_i32,
        ) {
            let entries: Vec<String> =
                ranges.iter().map(|(first, more)| format!("{}..{}", day(*first), day(first + more))).collect();
            let ends: Vec<i32> = ranges.iter().map(|(first, more)| first + more).collect();
            let (least, last) = (ends.iter().min().copied().unwrap_or(0), ends.iter().max().copied().unwrap_or(0));
            let runs_out = last - least >= KEPT_BY_THE_YEAR && last - today <= NOTICE;
            let is_over = runs_out && last < today;
            let mut expected = Vec::new();
            expected.extend((least < today && !is_over).then_some(Code::PastDate));
            expected.extend(runs_out.then_some(Code::DatesEnd));
            for plan in plans(&entries, recurs) {
                prop_assert_eq!(&said(&plan, day(today)), &expected, "{}", plan);
            }
        }
    }
}
