//! What comes next of a schedule, and what starts on a day: asked of the schedule, or worked out
//! ahead.

use super::Schedule;
use super::calendar::day_number;
use super::days::Days;
use super::hours::MINUTES_PER_DAY;
use super::intervals::join_touching;
use super::narrowest::each_entry;
use super::rank::Narrowness;
use super::zone::{self, Zone};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::hash::Hash;

/// How far after an instant the next opening and the next closing are looked for: 366 days of 24
/// hours, to the second, the last among them.
const AHEAD: SignedDuration = SignedDuration::from_hours(366 * 24);

impl Schedule {
    /// The first instant after this one at which it opens, or closes, if one of the next 366 days
    /// has one. While it is open, it opens again after it has closed.
    pub fn next_change(&self, after: Timestamp, opens: bool) -> Option<Timestamp> {
        let until = after.saturating_add(AHEAD + SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MAX);
        self.changes(after, until).find(|change| change.open == opens).map(|change| change.at)
    }

    /// The minutes at which it is open by windows that start on a day, in order, as stretches that
    /// neither overlap nor touch. Those of the day after count on from 1440.
    pub fn hours_from(&self, date: Date) -> Vec<(u16, u16)> {
        let decided = self.day(date).windows().map(|(_, window)| window);
        let mut started: Vec<(u16, u16)> = decided
            .chain(self.added_windows(date))
            .map(|window| (window.start(), window.start() + window.minutes()))
            .collect();
        join_touching(&mut started);
        let mut open = Vec::new();
        self.open_minutes(date, &mut open);
        if started.last().is_some_and(|(_, end)| *end > MINUTES_PER_DAY)
            && let Ok(tomorrow) = date.tomorrow()
        {
            let mut later = Vec::new();
            self.open_minutes(tomorrow, &mut later);
            open.extend(later.iter().map(|(opens, closes)| (opens + MINUTES_PER_DAY, closes + MINUTES_PER_DAY)));
            join_touching(&mut open);
        }
        let both = |(start, end): &(u16, u16)| {
            let (start, end) = (*start, *end);
            let parts = open.iter().map(move |(opens, closes)| (start.max(*opens), end.min(*closes)));
            parts.filter(|(start, end)| start < end).collect::<Vec<_>>()
        };
        started.iter().flat_map(both).collect()
    }

    /// Maximum number of stretches that [`Self::hours_from`] gives for any day.
    pub fn most_stretches(&self) -> usize {
        let of_hours = self.most_windows();
        // Each window that is taken away can cut one stretch in two, on the day and on the next.
        let cuts = 2 * self.most_changes(false) + 2 * self.closures().len();
        (of_hours + self.most_changes(true) + cuts).min(usize::from(MINUTES_PER_DAY))
    }

    /// Maximum number of windows that decide a day together: lines that are equally narrow add up.
    fn most_windows(&self) -> usize {
        let mut counts: HashMap<(Narrowness, Option<Date>), usize> = HashMap::new();
        for line in &self.lines {
            for (days, _) in each_entry(line) {
                let date = one_date(&days);
                *counts.entry((Narrowness::of(&days), date)).or_default() += line.hours.windows().len();
            }
        }
        counts.into_values().max().unwrap_or(0)
    }

    /// Maximum number of windows that add hours to a day, or take hours away from one.
    fn most_changes(&self, adding: bool) -> usize {
        let (mut of_dates, mut of_others) = (HashMap::<Date, usize>::new(), 0);
        for line in &self.lines {
            let Some((windows, _)) = line.hours.changed().filter(|(_, opens)| *opens == adding) else { continue };
            for (days, _) in each_entry(line) {
                match one_date(&days) {
                    Some(date) => *of_dates.entry(date).or_default() += windows.len(),
                    None => of_others += windows.len(),
                }
            }
        }
        of_others + of_dates.into_values().max().unwrap_or(0)
    }
}

/// The date, of an entry that names one alone.
fn one_date(days: &Days) -> Option<Date> {
    match days {
        Days::Dates { first, last, .. } => (first == last).then_some(*first),
        Days::Weekdays(_) | Days::Yearly { .. } | Days::Ordinal(_) | Days::Easter(_) | Days::Weeks(_) => None,
    }
}

/// The next opening and the next closing at every instant of some years, and the hours of each day.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct UpcomingHours {
    #[serde(with = "zone::by_name")]
    pub zone: Zone,
    /// In seconds since 1970.
    start: i64,
    /// In seconds from the start, of the horizon and the 366 days after it.
    openings: Box<[u32]>,
    closings: Box<[u32]>,
    days: ByDay<Box<[(u16, u16)]>>,
}

impl UpcomingHours {
    /// Works them out from one instant up to another, which are whole seconds: when it opens and
    /// closes, and the hours of its days, if they are asked for.
    pub fn of(schedule: &Schedule, from: Timestamp, until: Timestamp, changes: bool, days: bool) -> Self {
        let (mut openings, mut closings) = (Vec::new(), Vec::new());
        let end = until.saturating_add(AHEAD).unwrap_or(Timestamp::MAX);
        for change in schedule.changes(from, end).take_while(|_| changes) {
            let second = (change.at.as_second() - from.as_second()) as u32;
            if change.open { openings.push(second) } else { closings.push(second) }
        }
        let of_days = schedule.zone.days_between(from, until).filter(|_| days);
        Self {
            zone: schedule.zone.clone(),
            start: from.as_second(),
            openings: openings.into(),
            closings: closings.into(),
            days: ByDay::of(of_days, |date| schedule.hours_from(date).into()),
        }
    }

    /// The same as [`Schedule::next_change`].
    pub fn next_change(&self, after: Timestamp, opens: bool) -> Option<Timestamp> {
        let all = if opens { &self.openings } else { &self.closings };
        // A fraction of a second belongs to the second before, before 1970 too.
        let second = after.as_second() - i64::from(after.subsec_nanosecond() < 0) - self.start;
        let next = all.get(all.partition_point(|at| i64::from(*at) <= second))?;
        let is_near = i64::from(*next) <= second + AHEAD.as_secs();
        is_near.then(|| Timestamp::from_second(self.start + i64::from(*next)).ok()).flatten()
    }

    /// The instants from which on the next opening, or closing, is another than before, or there is
    /// none; in no order, and some more than once.
    pub fn turning_points(&self, opens: bool) -> impl Iterator<Item = Timestamp> {
        let all = if opens { &self.openings } else { &self.closings };
        let instant = |second: i64| Timestamp::from_second(self.start + second).unwrap_or(Timestamp::MAX);
        let ahead = AHEAD.as_secs();
        all.iter().enumerate().flat_map(move |(number, at)| {
            let at = i64::from(*at);
            let before = number.checked_sub(1).map(|before| i64::from(all[before]));
            // After a long time without one, it is seen from a distance.
            let seen = before.is_none_or(|before| at - before > ahead).then(|| instant(at - ahead));
            [Some(instant(at)), seen].into_iter().flatten()
        })
    }

    /// The same as [`Schedule::hours_from`].
    pub fn hours_from(&self, date: Date) -> &[(u16, u16)] {
        self.days.get(date).map_or(&[], |hours| hours)
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        let of_hours = |hours: &[(u16, u16)]| size_of_val(hours);
        let days = self.days.bytes() + self.days.values.iter().map(|hours| of_hours(hours)).sum::<usize>();
        size_of::<Self>() + size_of_val(&*self.openings) + size_of_val(&*self.closings) + days
    }
}

/// What each day of some years has: from a day on, up to the next, the value of this number.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct ByDay<T> {
    from: Box<[(i32, u32)]>,
    values: Vec<T>,
}

impl<T: Eq + Hash + Clone> ByDay<T> {
    /// Of days that follow each other.
    pub fn of(days: impl Iterator<Item = Date>, value: impl Fn(Date) -> T) -> Self {
        let (mut from, mut values) = (Vec::<(i32, u32)>::new(), Vec::new());
        let mut numbers = HashMap::new();
        for date in days {
            let value = value(date);
            let number = *numbers.entry(value).or_insert_with_key(|value: &T| {
                values.push(value.clone());
                values.len() as u32 - 1
            });
            if from.last().is_none_or(|(_, last)| *last != number) {
                from.push((day_number(date), number));
            }
        }
        Self { from: from.into(), values }
    }

    pub fn get(&self, date: Date) -> Option<&T> {
        let day = day_number(date);
        let at = self.from.partition_point(|(from, _)| *from <= day).checked_sub(1)?;
        self.values.get(self.from[at].1 as usize)
    }

    pub fn bytes(&self) -> usize {
        size_of_val(&*self.from) + size_of_val(self.values.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::{Closure, Hours, Line, Moment, Weekdays, Window};
    use jiff::civil::Weekday::*;
    use jiff::civil::date;

    const DAY: u16 = MINUTES_PER_DAY;

    fn window(start: u16, end: u16) -> Window {
        Window::new(start * 60, end * 60).unwrap()
    }

    fn line(days: Days, hours: Hours) -> Line {
        Line { days: vec![days], sets: Vec::new(), hours }
    }

    fn schedule(lines: Vec<Line>) -> Schedule {
        Schedule::new(Zone::find("Europe/Berlin").unwrap(), Vec::new(), lines, None).unwrap()
    }

    fn daily() -> Days {
        Days::Weekdays(Weekdays::new(Monday, Sunday))
    }

    fn hours(lines: Vec<Line>, on: Date) -> Vec<(u16, u16)> {
        schedule(lines).hours_from(on).into_iter().map(|(start, end)| (start / 60, end / 60)).collect()
    }

    #[test]
    fn hours_are_of_windows_that_start_on_the_day() {
        let day = date(2026, 12, 10);
        let nights = || line(daily(), Hours::Windows(vec![window(22, 6), window(9, 12), window(12, 13)]));
        assert_eq!(hours(vec![nights()], day), [(9, 13), (22, 30)]);
        let early = line(Days::date(date(2026, 12, 11)), Hours::Windows(vec![window(5, 7)]));
        assert_eq!(hours(vec![nights(), early], day), [(9, 13), (22, 30)]);
        let lunch = line(daily(), Hours::ClosedWindows(vec![window(10, 11), window(23, 1)]));
        let late = line(Days::date(day), Hours::AlsoWindows(vec![window(20, 21)]));
        assert_eq!(hours(vec![nights(), lunch, late], day), [(9, 10), (11, 13), (20, 21), (22, 23), (25, 30)]);
        assert_eq!(hours(vec![line(daily(), Hours::AllDay)], day), [(0, DAY / 60)]);
        assert_eq!(hours(vec![line(Days::date(day), Hours::AllDay)], date(2026, 12, 9)), []);
    }

    #[test]
    fn closures_are_taken_away_on_the_day_and_the_next() {
        let moment = |day, hour: u16| Moment { date: date(2026, 12, day), minute: hour * 60 };
        let nights = schedule(vec![line(daily(), Hours::Windows(vec![window(20, 4)]))]);
        let closed = nights.with_closures(vec![Closure { from: moment(11, 1), to: moment(11, 2) }]);
        let found = closed.hours_from(date(2026, 12, 10));
        assert_eq!(found, [(20 * 60, 25 * 60), (26 * 60, 28 * 60)]);
        assert!(found.len() <= closed.most_stretches());
    }

    #[test]
    fn what_comes_next_is_found_up_to_the_last_second_of_a_year() {
        let opening: Timestamp = "2028-01-10T08:00:00Z".parse().unwrap();
        let once = schedule(vec![line(Days::date(date(2028, 1, 10)), Hours::Windows(vec![window(9, 17)]))]);
        let (from, until) = ("2026-01-01T00:00:00Z".parse().unwrap(), "2028-06-01T00:00:00Z".parse().unwrap());
        let ahead = UpcomingHours::of(&once, from, until, true, true);
        let nanosecond = SignedDuration::from_nanos(1);
        for (at, is_found) in [
            (opening - AHEAD, true),
            (opening - AHEAD - nanosecond, false),
            (opening - nanosecond, true),
            (opening, false),
        ] {
            assert_eq!(once.next_change(at, true), is_found.then_some(opening), "{at}");
            assert_eq!(ahead.next_change(at, true), is_found.then_some(opening), "{at}");
        }
    }
}
