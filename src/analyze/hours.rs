//! Times of several years in the words of a door: the week that most weeks are like, and the days
//! that are not.

use crate::compile::Horizon;
use crate::eval::{shown_time, weekday_word};
use crate::schedule::{MINUTES_PER_DAY, Moment, Zone, join_touching};
use jiff::civil::{Date, Weekday};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Range;

/// From a minute of the day up to, not including, another.
type DailyWindows = Vec<(u16, u16)>;

/// Maximum number of unusual days that are listed.
const MAX_DAYS: usize = 3;
/// Maximum number of days that are listed by date. A longer period is described by its usual week.
const FEW_DAYS: usize = 10;

/// Some times, as a zone's clock shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockTimes {
    /// The first day on which there is a time, if that is well after the start, and from which
    /// minute on.
    from: Option<(Date, u16)>,
    /// The last day on which there is one, if that is well before the end.
    until: Option<Date>,
    /// The windows of each weekday, Monday first, as most weeks have them.
    weekly: [DailyWindows; 7],
    /// Days that are otherwise, the first few.
    days: Vec<(Date, DailyWindows)>,
    /// How many days there are that are otherwise and not named.
    more: usize,
}

impl ClockTimes {
    /// Of times within a period, in seconds from a horizon's start, in order.
    pub(crate) fn of(times: &[(u32, u32)], period: Range<u32>, horizon: &Horizon, zone: &Zone) -> Self {
        let by_day = by_day(times, &period, horizon, zone);
        let (start, end) = (zone.read(horizon.instant(period.start)).date, zone.read(horizon.instant(period.end)).date);
        let (first, last) = match (by_day.first_key_value(), by_day.last_key_value()) {
            (Some((first, _)), Some((last, _))) => (*first, *last),
            _ => (start, end),
        };
        let days = || std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| *day <= last);
        let weekly = weekly(days().map(|day| (day, by_day.get(&day))));
        let usual = |day: Date| &weekly[day.weekday().to_monday_zero_offset() as usize];
        let is_well_after = |day: Date, after: Date| (day - after).get_days() > 7;
        let opens_late = match (by_day.get(&first).map(Vec::as_slice), usual(first).as_slice()) {
            (Some([(from, MINUTES_PER_DAY)]), [(0, MINUTES_PER_DAY)]) => *from,
            _ => 0,
        };
        let from = (is_well_after(first, start) || opens_late > 0).then_some((first, opens_late));
        let none = DailyWindows::new();
        let unlike = days().filter(|day| opens_late == 0 || *day > first).filter_map(|day| {
            let windows = by_day.get(&day).unwrap_or(&none);
            (windows != usual(day)).then(|| (day, windows.clone()))
        });
        let mut unlike: Vec<(Date, DailyWindows)> = unlike.collect();
        let more = unlike.len().saturating_sub(MAX_DAYS);
        unlike.truncate(MAX_DAYS);
        Self { from, until: is_well_after(end, last).then_some(last), weekly, days: unlike, more }
    }
}

/// The windows of each day on which there are any.
fn by_day(times: &[(u32, u32)], period: &Range<u32>, horizon: &Horizon, zone: &Zone) -> BTreeMap<Date, DailyWindows> {
    let cuts = cuts(period, horizon, zone);
    let mut by_day: BTreeMap<Date, DailyWindows> = BTreeMap::new();
    for (start, end) in times {
        let mut at = *start;
        let mut next = cuts.partition_point(|cut| *cut <= at);
        let mut day_before = None;
        while at < *end {
            let to = cuts.get(next).map_or(*end, |cut| (*cut).min(*end));
            let shown = zone.read(horizon.instant(at));
            let until = (shown.minute + (to - at).div_ceil(60) as u16).min(MINUTES_PER_DAY);
            let windows = by_day.entry(shown.date).or_default();
            match windows.last_mut() {
                // What goes on over an hour that the clock skips is one window.
                Some(last) if day_before == Some(shown.date) => last.1 = last.1.max(until),
                _ => windows.push((shown.minute, until)),
            }
            (at, next, day_before) = (to, next + 1, Some(shown.date));
        }
    }
    by_day.values_mut().for_each(join_touching);
    by_day
}

/// Where a day begins, or the clock is put forward or back: between two of these a day's clock runs
/// evenly.
fn cuts(period: &Range<u32>, horizon: &Horizon, zone: &Zone) -> Vec<u32> {
    let (from, until) = (horizon.instant(period.start), horizon.instant(period.end));
    let mut cuts: Vec<u32> = zone.clock_changes(from, until).map(|(at, _)| horizon.second(at)).collect();
    let days = std::iter::successors(Some(zone.read(from).date), |day| day.tomorrow().ok());
    for date in days.take_while(|day| *day <= zone.read(until).date) {
        let begins = zone.instants(Moment { date, minute: 0 }).filter(|at| horizon.holds(*at));
        cuts.extend(begins.map(|at| horizon.second(at)));
    }
    cuts.sort_unstable();
    cuts
}

/// For each weekday the windows that it has most often; none where there are only a few days.
fn weekly<'d>(days: impl Iterator<Item = (Date, Option<&'d DailyWindows>)>) -> [DailyWindows; 7] {
    let mut counts: [HashMap<&[(u16, u16)], usize>; 7] = Default::default();
    let mut all = 0;
    for (day, windows) in days {
        let windows = windows.map(Vec::as_slice).unwrap_or_default();
        *counts[day.weekday().to_monday_zero_offset() as usize].entry(windows).or_default() += 1;
        all += 1;
    }
    if all <= FEW_DAYS {
        return Default::default();
    }
    counts.map(|counts| {
        let most = counts.into_iter().max_by_key(|(windows, count)| (*count, std::cmp::Reverse(windows.to_vec())));
        most.map(|(windows, _)| windows.to_vec()).unwrap_or_default()
    })
}

impl fmt::Display for ClockTimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        let is_always = self.weekly.iter().all(|windows| *windows == [(0, MINUTES_PER_DAY)]);
        match self.from {
            Some((date, 0)) => parts.push(format!("from {date}")),
            Some((date, minute)) => parts.push(format!("from {date} {}", shown_time(minute))),
            None => {}
        }
        parts.extend(self.until.map(|date| format!("until {date}")));
        let mut week = Vec::new();
        if !is_always {
            week = in_groups(&self.weekly);
        }
        let is_by_date = week.is_empty() && !is_always;
        let all_closed = self.days.iter().all(|(_, windows)| windows.is_empty());
        let days = self.days.iter().map(|(date, windows)| match windows.is_empty() {
            true if all_closed => date.to_string(),
            true => format!("{date} (never)"),
            false if is_by_date => format!("{date} {}", in_words(windows)),
            false => format!("{date} ({})", in_words(windows)),
        });
        let mut days: Vec<String> = days.collect();
        if self.more > 0 {
            days.push(format!("{} more day{}", self.more, if self.more == 1 { "" } else { "s" }));
        }
        if is_by_date {
            return f.write_str(&and(&days));
        }
        if !week.is_empty() {
            parts.push(week.join("; "));
        }
        if !days.is_empty() {
            parts.push(format!("except {}", and(&days)));
        }
        f.write_str(&parts.join(", "))
    }
}

/// `a`, `a and b`, `a, b and c`
fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// `09:00-12:30, 13:30-17:30`
fn in_words(windows: &[(u16, u16)]) -> String {
    if windows == [(0, MINUTES_PER_DAY)] {
        return "all day".to_owned();
    }
    let window = |(from, to): &(u16, u16)| format!("{}-{}", shown_time(*from), shown_time(*to));
    windows.iter().map(window).collect::<Vec<_>>().join(", ")
}

/// `mon-fri 09:00-17:00`, `sat 10:00-14:00`: weekdays with the same windows together.
fn in_groups(weekly: &[DailyWindows; 7]) -> Vec<String> {
    let mut groups: Vec<(Vec<usize>, &DailyWindows)> = Vec::new();
    for (day, windows) in weekly.iter().enumerate().filter(|(_, windows)| !windows.is_empty()) {
        match groups.iter_mut().find(|(_, known)| *known == windows) {
            Some((days, _)) => days.push(day),
            None => groups.push((vec![day], windows)),
        }
    }
    groups.iter().map(|(days, windows)| format!("{} {}", weekdays(days), in_words(windows))).collect()
}

/// `every day`, `mon-fri`, `mon, wed`
fn weekdays(days: &[usize]) -> String {
    let word = |day: usize| weekday_word(Weekday::from_monday_zero_offset(day as i8).unwrap_or(Weekday::Monday));
    if days.len() == 7 {
        return "every day".to_owned();
    }
    let runs = days.chunk_by(|one, other| one + 1 == *other).flat_map(|run| match run {
        [first, _, .., last] => vec![format!("{}-{}", word(*first), word(*last))],
        few => few.iter().map(|day| word(*day).to_owned()).collect(),
    });
    runs.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::time::{TimeAnswers, TimeTest};
    use crate::schedule::{DaySet, Days, Hours as Open, Line, MonthDay, Schedule, Weekdays, Window};
    use jiff::civil::{Weekday::*, date};
    use std::sync::Arc;

    const NEW_YORK: &str = "America/New_York";

    /// What is said of the times at which a schedule is open.
    fn shown(lines: Vec<(Days, Open)>, except: Vec<Days>) -> String {
        let zone = Zone::find(NEW_YORK).unwrap();
        let lines = lines.into_iter().map(|(days, hours)| Line { days: vec![days], sets: Vec::new(), hours }).collect();
        let except = vec![Arc::new(DaySet::new(&except, Vec::new()))];
        let schedule = Schedule::new(zone.clone(), except, lines, None).unwrap();
        let horizon = Horizon::of(date(2026, 11, 25));
        let begins = |date: Date| horizon.second(zone.instant(Moment { date, minute: 0 }).unwrap());
        let period = begins(date(2026, 11, 25))..begins(date(2032, 1, 1));
        let answers = TimeAnswers::of(TimeTest::Open(&schedule), &horizon).within(&period);
        let mut changes = answers.changes.to_vec();
        if answers.first {
            changes.insert(0, period.start);
        }
        let times: Vec<(u32, u32)> =
            changes.chunks(2).map(|pair| (pair[0], *pair.get(1).unwrap_or(&period.end))).collect();
        ClockTimes::of(&times, period, &horizon, &zone).to_string()
    }

    fn windows(windows: &[(u16, u16)]) -> Open {
        Open::Windows(windows.iter().map(|(from, to)| Window::new(*from, *to).unwrap()).collect())
    }

    #[test]
    fn a_week_is_said_as_on_a_door() {
        let week = |first, last| Days::Weekdays(Weekdays::new(first, last));
        let office = vec![
            (week(Monday, Friday), windows(&[(540, 750), (810, 1050)])),
            (week(Saturday, Saturday), windows(&[(600, 840)])),
        ];
        let christmas = Days::every(MonthDay::new(12, 25).unwrap());
        insta::assert_snapshot!(shown(office.clone(), vec![]), @"mon-fri 09:00-12:30, 13:30-17:30; sat 10:00-14:00");
        insta::assert_snapshot!(
            shown(office, vec![christmas]),
            @"mon-fri 09:00-12:30, 13:30-17:30; sat 10:00-14:00, except 2026-12-25, 2027-12-25, 2028-12-25 and 3 more days"
        );
        let night = vec![(week(Friday, Friday), windows(&[(1320, 360)]))];
        insta::assert_snapshot!(shown(night, vec![]), @"fri 22:00-24:00; sat 00:00-06:00");
        let day = Days::date(date(2026, 12, 24));
        insta::assert_snapshot!(shown(vec![(day, windows(&[(540, 720)]))], vec![]), @"2026-12-24 09:00-12:00");
        let summer = Days::Dates { first: date(2027, 6, 15), last: date(2027, 8, 31), only: None };
        insta::assert_snapshot!(
            shown(vec![(summer, windows(&[(540, 720)]))], vec![]),
            @"from 2027-06-15, until 2027-08-31, every day 09:00-12:00"
        );
        let always = vec![(week(Monday, Sunday), Open::AllDay)];
        insta::assert_snapshot!(shown(always, vec![]), @"");
    }
}
