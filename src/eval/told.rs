//! What holes tell of schedules and of days: in words, or as instants.

use super::facts::shown_time;
use crate::plan::{CheckedPlan, HoleValue, HoursPart};
use crate::schedule::{ByDay, DayNames, DaySet, MINUTES_PER_DAY, UpcomingHours, Zone, day_number};
use crate::syntax::{MONTH_NAMES, WEEKDAY_NAMES};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// The longest that is told of an opening or a closing.
pub(crate) const LONGEST_CHANGE: usize = "on Wednesday 30 September at 09:00".len();
/// The longest that is told of one stretch of hours, with what stands between two.
pub(crate) const LONGEST_STRETCH: usize = " and 09:00-12:30".len();
/// The longest form of an instant in metadata.
pub(crate) const LONGEST_INSTANT: usize = "-009999-01-02T01:59:59Z".len();
/// What is told of the hours of a day that is open from its first minute to its last.
pub(crate) const ALL_DAY: &str = "all day";
/// What is told of the hours of a day on which none start.
const CLOSED: &str = "closed";
/// What is told where nothing comes within 366 days.
const NEVER: &str = "not within a year";

/// Adds when a schedule opens or closes next, as somebody would say it who looks at its clock.
pub(crate) fn add_change(now: Timestamp, at: Option<Timestamp>, opens: bool, zone: &Zone, text: &mut String) {
    let Some(at) = at else { return text.push_str(NEVER) };
    let (date, minute) = match opens {
        true => {
            let shown = zone.read(at);
            (shown.date, shown.minute)
        }
        // It closes at the end of its last minute, whatever the clock shows then: at 24:00 of the
        // same day, and at 02:00 also where the clock is put back then.
        false => {
            let last = zone.read(at.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(at));
            (last.date, last.minute + 1)
        }
    };
    let today = zone.read(now).date;
    // Writing to a text cannot fail.
    let _ = write!(text, "{} at {}", RelativeDay { date, today }, shown_time(minute));
}

/// A day as somebody would say it on another.
struct RelativeDay {
    date: Date,
    today: Date,
}

impl fmt::Display for RelativeDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weekday = WEEKDAY_NAMES[self.date.weekday().to_monday_zero_offset() as usize].1;
        match day_number(self.date) - day_number(self.today) {
            0 => f.write_str("today"),
            1 => f.write_str("tomorrow"),
            2..=6 => write!(f, "on {weekday}"),
            _ => {
                let month = MONTH_NAMES[self.date.month() as usize - 1].1;
                write!(f, "on {weekday} {} {month}", self.date.day())
            }
        }
    }
}

/// Adds the hours of a day: `09:00-12:30 and 13:30-17:30`, `22:00-06:00`, `all day`, `closed`.
pub(crate) fn add_hours(hours: &[(u16, u16)], text: &mut String) {
    if hours.iter().any(|(start, end)| *start == 0 && *end >= MINUTES_PER_DAY) {
        return text.push_str(ALL_DAY);
    }
    if hours.is_empty() {
        return text.push_str(CLOSED);
    }
    for (number, (start, end)) in hours.iter().enumerate() {
        match number {
            0 => {}
            last if last + 1 == hours.len() => text.push_str(" and "),
            _ => text.push_str(", "),
        }
        // What goes on for a day and longer would read as less: it is cut at midnight.
        let is_long = end - start >= MINUTES_PER_DAY;
        let end = match *end {
            _ if is_long => MINUTES_PER_DAY,
            end if end > MINUTES_PER_DAY => end - MINUTES_PER_DAY,
            end => end,
        };
        let _ = write!(text, "{}-{}", shown_time(*start), shown_time(end));
    }
}

/// What the holes of a plan tell of its schedules and days, worked out for every instant of some
/// years, so that nothing is searched for when a call is decided.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct ToldAhead {
    schedules: BTreeMap<usize, UpcomingHours>,
    names: BTreeMap<usize, ByDay<Box<str>>>,
}

impl ToldAhead {
    /// Works out what the holes of a plan tell from one instant up to another. `keep` takes the
    /// bytes of each piece; at its error, what was worked out before stays.
    pub fn work_out<E>(
        &mut self,
        plan: &CheckedPlan,
        (from, until): (Timestamp, Timestamp),
        mut keep: impl FnMut(usize) -> Result<(), E>,
    ) -> Result<(), E> {
        for (number, (changes, days)) in schedules(plan) {
            let schedule = &plan.definitions.schedules[number].1;
            let hours = UpcomingHours::of(schedule, from, until, changes, days);
            keep(hours.bytes())?;
            self.schedules.insert(number, hours);
        }
        for number in day_sets(plan) {
            let names = names_of_days(&plan.definitions.days[number].1, &plan.definitions.zone, from, until);
            keep(names.bytes())?;
            self.names.insert(number, names);
        }
        Ok(())
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        let hours = self.schedules.values().map(UpcomingHours::bytes).sum::<usize>();
        hours + self.names.values().map(ByDay::bytes).sum::<usize>()
    }

    /// Whether a plan has no such hole.
    pub fn is_empty(&self) -> bool {
        self.schedules.is_empty() && self.names.is_empty()
    }

    pub fn schedule(&self, number: usize) -> Option<&UpcomingHours> {
        self.schedules.get(&number)
    }

    pub fn day_names(&self, number: usize) -> Option<&ByDay<Box<str>>> {
        self.names.get(&number)
    }
}

/// The schedules that holes of a plan tell of, and whether of their changes and of their days.
fn schedules(plan: &CheckedPlan) -> BTreeMap<usize, (bool, bool)> {
    let mut found = BTreeMap::<usize, (bool, bool)>::new();
    plan.each_hole(&mut |hole, _| {
        if let HoleValue::Hours(number, part) = hole {
            let (changes, days) = found.entry(number).or_default();
            match part {
                HoursPart::Opens | HoursPart::Closes => *changes = true,
                HoursPart::Hours => *days = true,
            }
        }
    });
    found
}

/// The sets of days by which holes of a plan tell what the day is called.
fn day_sets(plan: &CheckedPlan) -> Vec<usize> {
    let mut found = Vec::new();
    plan.each_hole(&mut |hole, _| {
        if let HoleValue::DayName(number) = hole {
            found.push(number);
        }
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// What each day that a clock shows from one instant to another is called.
pub(crate) fn names_of_days(set: &DaySet, zone: &Zone, from: Timestamp, until: Timestamp) -> ByDay<Box<str>> {
    let names = DayNames::of(set);
    ByDay::of(zone.days_between(from, until), |date| names.name_of(date).unwrap_or_default().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(now: &str, at: &str, opens: bool, zone: &str) -> String {
        let mut text = String::new();
        let zone = Zone::find(zone).unwrap();
        add_change(now.parse().unwrap(), Some(at.parse().unwrap()), opens, &zone, &mut text);
        assert!(text.len() <= LONGEST_CHANGE);
        text
    }

    #[test]
    fn changes_are_told_on_the_clock_of_their_zone() {
        let berlin = |now: &str, at: &str, opens| change(now, at, opens, "Europe/Berlin");
        assert_eq!(berlin("2026-12-01T10:00:00Z", "2026-12-01T15:00:00Z", true), "today at 16:00");
        assert_eq!(berlin("2026-12-01T10:00:00Z", "2026-12-02T08:00:00Z", true), "tomorrow at 09:00");
        assert_eq!(berlin("2026-12-01T10:00:00Z", "2026-12-07T08:00:00Z", true), "on Monday at 09:00");
        assert_eq!(berlin("2026-12-01T10:00:00Z", "2026-12-08T08:00:00Z", true), "on Tuesday 8 December at 09:00");
        assert_eq!(berlin("2026-12-01T22:59:59Z", "2026-12-01T23:00:00Z", true), "tomorrow at 00:00");
        assert_eq!(berlin("2026-12-01T22:59:59Z", "2026-12-01T23:00:00Z", false), "today at 24:00");
        assert_eq!(berlin("2026-12-01T23:00:00Z", "2026-12-02T23:00:00Z", false), "today at 24:00");
    }

    #[test]
    fn it_closes_after_its_last_minute_where_the_clock_changes() {
        // New York, 2026-11-01: from 01:59 the clock goes back to 01:00.
        let now = "2026-11-01T04:00:00Z";
        assert_eq!(change(now, "2026-11-01T06:00:00Z", false, "America/New_York"), "today at 02:00");
        assert_eq!(change(now, "2026-11-01T06:00:00Z", true, "America/New_York"), "today at 01:00");
        // 2026-03-08: from 01:59 the clock goes forward to 03:00.
        let now = "2026-03-08T05:00:00Z";
        assert_eq!(change(now, "2026-03-08T07:00:00Z", false, "America/New_York"), "today at 02:00");
        assert_eq!(change(now, "2026-03-08T07:00:00Z", true, "America/New_York"), "today at 03:00");
    }

    #[test]
    fn hours_are_told_in_words() {
        let hours = |hours: &[(u16, u16)]| {
            let minutes: Vec<(u16, u16)> = hours.iter().map(|(start, end)| (start * 60, end * 60)).collect();
            let mut text = String::new();
            add_hours(&minutes, &mut text);
            text
        };
        assert_eq!(hours(&[]), "closed");
        assert_eq!(hours(&[(0, 24)]), "all day");
        assert_eq!(hours(&[(0, 30)]), "all day");
        assert_eq!(hours(&[(9, 12), (13, 24)]), "09:00-12:00 and 13:00-24:00");
        assert_eq!(hours(&[(0, 5), (9, 12), (22, 30)]), "00:00-05:00, 09:00-12:00 and 22:00-06:00");
        assert_eq!(hours(&[(6, 32)]), "06:00-24:00");
    }
}
