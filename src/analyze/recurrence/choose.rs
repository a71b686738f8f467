//! The shortest true sentence for some days: many rules are tried, with what is to be left out and
//! added, and the cheapest is taken. What no rule with few exceptions gives is counted.

use super::calendar::{Calendar, DayFlags, count, weekday_of};
use super::rule::{DayRule, EVERY_DAY, YearDay};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Maximum number of exceptions of a rule, and of additions.
const MAX_ITEMS: usize = 3;
/// What a sentence costs that leaves days untold, beyond any that tells them all.
const UNTOLD: usize = 1_000;
/// All months: bit 1 is January.
const EVERY_MONTH: u16 = 0b1_1111_1111_1110;
/// Days at the start or the end of a period without any are told only if there are more than this.
const NEAR: usize = 7;

/// Some days of a period: a rule within a time, without some days and with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// The rule; no dates, if only `also` has days.
    pub rule: DayRule,
    /// The first day on which the rule counts, if it is not the first of the period.
    pub from: Option<Date>,
    /// The last day on which the rule counts, if it is not the last of the period.
    pub until: Option<Date>,
    /// Days of the rule that are left out.
    pub except: Vec<DayRule>,
    /// How many further days of the rule are left out.
    pub more_except: usize,
    /// Days that are added to it.
    pub also: Vec<DayRule>,
    /// How many further days are added.
    pub more_also: usize,
}

impl Recurrence {
    /// Whether it speaks of a day. Days that are only counted are as the rule has them.
    pub fn contains(&self, date: Date) -> bool {
        let of_any = |rules: &[DayRule]| rules.iter().any(|rule| rule.contains(date));
        let is_within = self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date <= until);
        if is_within && self.rule.contains(date) { !of_any(&self.except) } else { of_any(&self.also) }
    }

    /// How many days it leaves untold.
    pub fn more(&self) -> usize {
        self.more_except + self.more_also
    }

    /// The cheapest for these days of a period, of which there is one at least.
    pub(super) fn of(calendar: &Calendar, days: &[bool]) -> Self {
        let mut best: Option<(usize, Self)> = None;
        for rule in candidates(calendar, days) {
            let all = rule.flags(calendar);
            if !is_near(&all, days) {
                continue;
            }
            for (from, until) in times(calendar, days) {
                let (cost, found) = Self::with(calendar, days, rule.clone(), &all, (from, until));
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, found));
                }
            }
        }
        let nothing = || Self::with(calendar, days, DayRule::Dates(Vec::new()), &vec![false; days.len()], (None, None));
        best.unwrap_or_else(nothing).1
    }

    fn with(
        calendar: &Calendar,
        days: &[bool],
        rule: DayRule,
        all: &[bool],
        (from, until): (Option<Date>, Option<Date>),
    ) -> (usize, Self) {
        let first = from.map_or(0, |from| calendar.number(from));
        let last = until.map_or(days.len(), |until| calendar.number(until) + 1);
        let holds: DayFlags = all.iter().enumerate().map(|(at, holds)| *holds && (first..last).contains(&at)).collect();
        let of = |wanted: bool| -> DayFlags {
            let both = holds.iter().zip(days);
            both.map(|(holds, is_day)| *holds == wanted && *is_day != wanted).collect()
        };
        let others: DayFlags = holds.iter().map(|holds| !holds).collect();
        let (except, more_except) = items(calendar, &of(true), &holds);
        let (also, more_also) = items(calendar, &of(false), &others);
        let listed = except.iter().chain(&also).map(|item| 1 + cost(item)).sum::<usize>();
        let more = more_except + more_also;
        let untold = if more > 0 { UNTOLD + more } else { 0 };
        let limits = 2 * (usize::from(from.is_some()) + usize::from(until.is_some()));
        let cost = cost(&rule) + listed + limits + untold;
        (cost, Self { rule, from, until, except, more_except, also, more_also })
    }
}

/// Whether a rule has so many of some days that it helps to tell them: of its own days from the
/// first of these to the last, at least half.
fn is_near(all: &[bool], days: &[bool]) -> bool {
    let first = days.iter().position(|is_day| *is_day).unwrap_or(0);
    let last = days.iter().rposition(|is_day| *is_day).unwrap_or(0);
    let (all, days) = (&all[first..=last], &days[first..=last]);
    let of_both = all.iter().zip(days).filter(|(holds, is_day)| **holds && **is_day).count();
    2 * of_both >= count(all)
}

/// How many words a rule takes, about.
fn cost(rule: &DayRule) -> usize {
    match rule {
        DayRule::Weekdays(EVERY_DAY) | DayRule::Named(_) => 1,
        DayRule::Weekdays(weekdays) => 1 + runs(*weekdays),
        DayRule::InYear { weekdays, .. } => 4 + runs(*weekdays),
        DayRule::Counted { months, .. } => 3 + (months.count_ones() as usize) % 12,
        DayRule::EveryWeeks { weekdays, .. } => 4 + runs(*weekdays),
        DayRule::EachYear(days) => days.len(),
        DayRule::Range(..) => 3,
        DayRule::Dates(dates) => 2 * dates.len(),
    }
}

/// How many runs of days next to each other there are among some weekdays.
fn runs(weekdays: u8) -> usize {
    (weekdays & !(weekdays << 1)).count_ones() as usize
}

/// The times within which a rule may count: all of the period, and from the first of the days to
/// the last.
fn times(calendar: &Calendar, days: &[bool]) -> Vec<(Option<Date>, Option<Date>)> {
    let first = days.iter().position(|is_day| *is_day).unwrap_or(0);
    let last = days.iter().rposition(|is_day| *is_day).unwrap_or(0);
    let from = (first > NEAR).then(|| calendar.days[first]);
    let until = (last + 1 + NEAR < days.len()).then(|| calendar.days[last]);
    let mut times = vec![(None, None)];
    if from.is_some() || until.is_some() {
        times.push((from, until));
    }
    times
}

/// The rules that may be what some days are made by.
fn candidates(calendar: &Calendar, days: &[bool]) -> Vec<DayRule> {
    let dates: Vec<Date> = calendar.dates(days).collect();
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else { return Vec::new() };
    let weekdays = usual_weekdays(calendar, days, (*first, *last));
    let mut found = vec![DayRule::Dates(Vec::new()), DayRule::Weekdays(EVERY_DAY)];
    found.extend((weekdays != 0 && weekdays != EVERY_DAY).then_some(DayRule::Weekdays(weekdays)));
    found.extend(calendar.named.iter().map(|(named, _)| DayRule::Named(named.clone())));
    found.extend(in_year(&dates));
    found.extend(on_a_day_of_the_year(&dates));
    found.extend(counted(calendar, &dates));
    found.extend(every_weeks(&dates));
    found
}

/// The weekdays of which more than half are among the days, from the first of these to the last.
fn usual_weekdays(calendar: &Calendar, days: &[bool], (first, last): (Date, Date)) -> u8 {
    let mut counts = [(0_usize, 0_usize); 7];
    for (date, is_day) in calendar.days.iter().zip(days).filter(|(date, _)| (first..=last).contains(date)) {
        let (all, of_days) = &mut counts[usize::from(weekday_of(*date))];
        *all += 1;
        *of_days += usize::from(*is_day);
    }
    let is_usual = |(all, of_days): (usize, usize)| 2 * of_days > all;
    (0..7).filter(|weekday| is_usual(counts[*weekday])).fold(0, |found, weekday| found | 1 << weekday)
}

/// The parts of each year that the days may be in, with their weekdays: each leaves out one of the
/// longest times of the year without any of them.
fn in_year(dates: &[Date]) -> Vec<DayRule> {
    let of_year: BTreeSet<YearDay> = dates.iter().map(|date| (date.month(), date.day())).collect();
    let years: BTreeSet<i16> = dates.iter().map(|date| date.year()).collect();
    if years.len() < 2 || of_year.len() < 3 {
        return Vec::new();
    }
    let day_of_year = |day: YearDay| i32::from(day.0) * 31 + i32::from(day.1);
    let length = |(before, after): (YearDay, YearDay)| (day_of_year(after) - day_of_year(before)).rem_euclid(12 * 31);
    let next = of_year.iter().cycle().skip(1);
    let mut gaps: Vec<(YearDay, YearDay)> = of_year.iter().copied().zip(next.copied()).collect();
    gaps.sort_by_key(|gap| std::cmp::Reverse(length(*gap)));
    let weekdays = dates.iter().fold(0, |found, date| found | 1 << weekday_of(*date));
    let longest = gaps.into_iter().filter(|gap| length(*gap) > NEAR as i32).take(MAX_GAPS);
    longest.map(|(before, after)| DayRule::InYear { weekdays, from: after, until: before }).collect()
}

/// The day of the year that all the days are, if there is one, and their weekdays.
fn on_a_day_of_the_year(dates: &[Date]) -> Option<DayRule> {
    let (first, others) = dates.split_first()?;
    let day = (first.month(), first.day());
    let weekdays = dates.iter().fold(0, |found, date| found | 1 << weekday_of(*date));
    let is_one = !others.is_empty() && others.iter().all(|date| (date.month(), date.day()) == day);
    is_one.then_some(DayRule::InYear { weekdays, from: day, until: day })
}

/// Counted weekdays: of the weekday that most of the days have, each count in the months in which it
/// is mostly among them.
fn counted(calendar: &Calendar, dates: &[Date]) -> Vec<DayRule> {
    let Some(weekday) = most(dates.iter().map(|date| weekday_of(*date))) else { return Vec::new() };
    let is_day = |date: Date| dates.binary_search(&date).is_ok();
    let rule = |which: u8| {
        let mut months = [(0_usize, 0_usize); 13];
        let one = DayRule::Counted { which, weekday, months: EVERY_MONTH };
        for date in calendar.days.iter().filter(|date| one.contains(**date)) {
            let (all, of_days) = &mut months[date.month() as usize];
            *all += 1;
            *of_days += usize::from(is_day(*date));
        }
        let mostly = (1..13).filter(|month| 2 * months[*month].1 > months[*month].0);
        let months = mostly.fold(0_u16, |found, month| found | 1 << month);
        (months != 0).then_some(DayRule::Counted { which, weekday, months })
    };
    (0..=5).filter_map(rule).collect()
}

/// Each so-manieth week.
fn every_weeks(dates: &[Date]) -> Option<DayRule> {
    let monday = |date: &Date| date.saturating_sub(jiff::Span::new().days(i64::from(weekday_of(*date))));
    let mondays: BTreeSet<Date> = dates.iter().map(monday).collect();
    let first = *mondays.first()?;
    let apart = mondays.iter().zip(mondays.iter().skip(1));
    let weeks = most(apart.map(|(one, next)| one.until(*next).map_or(0, |span| span.get_days() / 7)))?;
    let weekdays = dates.iter().fold(0, |found, date| found | 1 << weekday_of(*date));
    let is_rule = mondays.len() > 3 && (2..=52).contains(&weeks);
    is_rule.then_some(DayRule::EveryWeeks { weeks: weeks as u8, weekdays, monday: first })
}

fn most<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(value, _)| value)
}

/// Some days as a few rules, each of which has no other day of `among`; and how many are left.
fn items(calendar: &Calendar, wanted: &[bool], among: &[bool]) -> (Vec<DayRule>, usize) {
    let mut left: DayFlags = wanted.to_vec();
    let mut found: Vec<DayRule> = Vec::new();
    while found.len() < MAX_ITEMS && count(&left) > MAX_ITEMS - found.len() {
        let mut best: Option<(usize, DayRule, DayFlags)> = None;
        for rule in item_candidates(calendar, &left, among) {
            let flags = rule.flags(calendar);
            let is_true = flags.iter().zip(among).zip(wanted).all(|((is, among), wanted)| !(*is && *among) || *wanted);
            let new = flags.iter().zip(&left).filter(|(is, left)| **is && **left).count();
            if is_true && new > 1 && best.as_ref().is_none_or(|(most, _, _)| new > *most) {
                best = Some((new, rule, flags));
            }
        }
        let Some((_, rule, flags)) = best else { break };
        left.iter_mut().zip(flags).for_each(|(left, is)| *left = *left && !is);
        found.push(rule);
    }
    let rest: Vec<Date> = calendar.dates(&left).take(MAX_ITEMS - found.len()).collect();
    let more = count(&left) - rest.len();
    let mut each_year: Vec<YearDay> = Vec::new();
    for rule in &found {
        if let DayRule::EachYear(days) = rule {
            each_year.extend(days);
        }
    }
    found.retain(|rule| !matches!(rule, DayRule::EachYear(_)));
    each_year.sort_unstable();
    found.extend((!each_year.is_empty()).then_some(DayRule::EachYear(each_year)));
    found.extend((!rest.is_empty()).then_some(DayRule::Dates(rest)));
    (found, more)
}

/// Rules that may stand for some of these days.
fn item_candidates(calendar: &Calendar, left: &[bool], among: &[bool]) -> Vec<DayRule> {
    let named = calendar.named.iter();
    let shares_a_day = |flags: &[bool]| flags.iter().zip(left).any(|(is, left)| *is && *left);
    let mut found: Vec<DayRule> =
        named.filter(|(_, flags)| shares_a_day(flags)).map(|(named, _)| DayRule::Named(named.clone())).collect();
    let dates: Vec<Date> = calendar.dates(left).collect();
    // Of a recurring day, the second year has it too: what there is once is a date.
    let mut each_year: BTreeMap<YearDay, usize> = BTreeMap::new();
    let mut counted: BTreeMap<(u8, u8, i8), usize> = BTreeMap::new();
    for date in &dates {
        *each_year.entry((date.month(), date.day())).or_default() += 1;
        let (weekday, month) = (weekday_of(*date), date.month());
        *counted.entry(((date.day() as u8 - 1) / 7 + 1, weekday, month)).or_default() += 1;
        if date.day() + 7 > date.days_in_month() {
            *counted.entry((0, weekday, month)).or_default() += 1;
        }
    }
    let often = |count: usize| count > 1;
    let mut each_year: Vec<(YearDay, usize)> = each_year.into_iter().filter(|(_, count)| often(*count)).collect();
    let mut counted: Vec<((u8, u8, i8), usize)> = counted.into_iter().filter(|(_, count)| often(*count)).collect();
    each_year.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    found.extend(each_year.into_iter().take(MAX_TRIED).map(|(day, _)| DayRule::EachYear(vec![day])));
    let every_month: BTreeSet<(u8, u8)> = counted.iter().map(|((which, weekday, _), _)| (*which, *weekday)).collect();
    let of_every_month = |(which, weekday)| DayRule::Counted { which, weekday, months: EVERY_MONTH };
    found.extend(every_month.into_iter().take(MAX_TRIED).map(of_every_month));
    let rule = |(which, weekday, month): (u8, u8, i8)| DayRule::Counted { which, weekday, months: 1 << month };
    found.extend(counted.into_iter().take(MAX_TRIED).map(|(day, _)| rule(day)));
    found.extend(longest_range(calendar, left, among));
    found
}

/// Maximum number of parts of the year that are tried.
const MAX_GAPS: usize = 3;
/// Maximum number of recurring days that are tried as exceptions.
const MAX_TRIED: usize = 8;

/// A run of days: the first, the last, and how many of them are wanted.
#[derive(Clone, Copy)]
struct DayRun {
    first: usize,
    last: usize,
    days: usize,
}

/// The longest run of these days, with nothing but days that do not matter between them.
fn longest_range(calendar: &Calendar, left: &[bool], among: &[bool]) -> Option<DayRule> {
    let mut best: Option<DayRun> = None;
    let mut run: Option<DayRun> = None;
    for (at, (is, matters)) in left.iter().zip(among).enumerate() {
        run = match (is, matters, run) {
            (true, _, Some(run)) => Some(DayRun { last: at, days: run.days + 1, ..run }),
            (true, _, None) => Some(DayRun { first: at, last: at, days: 1 }),
            (false, true, _) => None,
            (false, false, run) => run,
        };
        if run.is_some_and(|run| best.is_none_or(|best| run.days > best.days)) {
            best = run;
        }
    }
    let long = best.filter(|run| run.days > 2);
    long.map(|run| DayRule::Range(calendar.days[run.first], calendar.days[run.last]))
}
