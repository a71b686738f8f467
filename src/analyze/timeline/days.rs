//! Time cut into the days of a zone's clock, and what the clock shows on each, also when it is put
//! forward or back.

use super::{OutcomePeriod, Timeline};
use crate::eval::shown_time;
use crate::schedule::{MINUTES_PER_DAY, Moment, Zone};
use jiff::Timestamp;
use jiff::civil::Date;
use std::ops::Range;

/// A day of a zone's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneDay {
    /// As the clock shows it.
    pub date: Date,
    /// The first instant at which the clock shows it.
    pub from: Timestamp,
    /// The first instant at which the clock shows the day after. Where the zone skips a day, no
    /// time lies between.
    pub until: Timestamp,
    /// In order; one, but on a day on which the clock is put forward or back.
    pub runs: Vec<ClockRun>,
}

/// A period in which the clock does not jump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockRun {
    /// The first instant.
    pub from: Timestamp,
    /// The instant after the last.
    pub until: Timestamp,
    /// What the clock shows meanwhile: minutes since the day's midnight.
    pub minutes: Range<i64>,
}

impl ClockRun {
    /// What the clock shows from one instant to another, as far as it is this run; `None` if no
    /// part of it is.
    pub fn minutes_of(&self, from: Timestamp, until: Timestamp) -> Option<Range<i64>> {
        let (from, until) = (from.max(self.from), until.min(self.until));
        let minute = |at| self.minutes.start + minutes_between(self.from, at);
        (from < until).then(|| minute(from)..minute(until))
    }
}

/// What the clock does on a day on which it does not simply go from 00:00 to 24:00, in minutes
/// since midnight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockJump {
    /// It never shows these.
    Skips(Range<i64>),
    /// It shows these twice.
    Repeats(Range<i64>),
}

/// The days of a zone's clock from one instant up to another, those that are touched whole.
pub fn days(zone: &Zone, from: Timestamp, until: Timestamp) -> Vec<ZoneDay> {
    let dates = std::iter::successors(Some(zone.read(from).date), |date| date.tomorrow().ok());
    let days = dates.map(|date| ZoneDay::of(zone, date));
    days.take_while(|day| day.from < until).collect()
}

/// The first instant at which a zone's clock shows a day, or a later one if it skips that day. The
/// days at the very ends of the calendar are held at the first and last instant.
pub fn start_of(zone: &Zone, date: Date) -> Timestamp {
    let midnight = Moment { date, minute: 0 };
    zone.instant(midnight).or_else(|skipped| zone.instant(skipped.first_after)).unwrap_or(Timestamp::MAX)
}

impl ZoneDay {
    /// The day of this date.
    pub fn of(zone: &Zone, date: Date) -> Self {
        let from = start_of(zone, date);
        let until = date.tomorrow().map_or(Timestamp::MAX, |tomorrow| start_of(zone, tomorrow));
        let mut starts: Vec<Timestamp> = zone.clock_changes(from, until).map(|(at, _)| at).collect();
        starts.insert(0, from);
        let ends = starts.iter().skip(1).copied().chain([until]);
        let run = |(from, until): (&Timestamp, Timestamp)| {
            let shown = zone.read(*from);
            let days = shown.date.duration_since(date).as_hours() / 24;
            let first = days * i64::from(MINUTES_PER_DAY) + i64::from(shown.minute);
            ClockRun { from: *from, until, minutes: first..first + minutes_between(*from, until) }
        };
        let runs = starts.iter().zip(ends).filter(|(from, until)| *from < until).map(run).collect();
        Self { date, from, until, runs }
    }

    /// How many minutes it has.
    pub fn length(&self) -> i64 {
        minutes_between(self.from, self.until)
    }

    /// `25 hours`, `24 hours 30 minutes`
    pub fn shown_length(&self) -> String {
        let (hours, minutes) = (self.length() / 60, self.length() % 60);
        let hours = if hours == 1 { "1 hour".to_owned() } else { format!("{hours} hours") };
        if minutes == 0 { hours } else { format!("{hours} {minutes} minutes") }
    }

    /// Where the clock jumps on this day, in the order of the clock.
    pub fn jumps(&self) -> Vec<ClockJump> {
        let whole = i64::from(MINUTES_PER_DAY);
        let ends = [0].into_iter().chain(self.runs.iter().map(|run| run.minutes.end));
        let starts = self.runs.iter().map(|run| run.minutes.start).chain([whole]);
        let within = |minutes: Range<i64>| minutes.start.clamp(0, whole)..minutes.end.clamp(0, whole);
        let jumps = ends.zip(starts).map(|(end, start)| match end <= start {
            true => ClockJump::Skips(within(end..start)),
            false => ClockJump::Repeats(within(start..end)),
        });
        let is_seen = |jump: &ClockJump| match jump {
            ClockJump::Skips(minutes) | ClockJump::Repeats(minutes) => !minutes.is_empty(),
        };
        jumps.filter(is_seen).collect()
    }

    /// What a timeline says of the day.
    pub fn stretches(&self, timeline: &Timeline) -> Vec<OutcomePeriod> {
        let first = timeline.stretches.partition_point(|stretch| stretch.until <= self.from);
        let touching = timeline.stretches[first..].iter().take_while(|stretch| stretch.from < self.until);
        let within = touching.map(|period| OutcomePeriod {
            from: period.from.max(self.from),
            until: period.until.min(self.until),
            ..*period
        });
        within.filter(|period| period.from < period.until).collect()
    }

    /// A time of the day as the clock shows it: `08:00-12:30`, `all day`. A star marks what it
    /// shows for the second time.
    pub fn shown(&self, from: Timestamp, until: Timestamp) -> String {
        if (from, until) == (self.from, self.until) {
            return "all day".to_owned();
        }
        format!("{}-{}", self.shown_start(from), self.shown_end(until))
    }

    fn shown_start(&self, at: Timestamp) -> String {
        let run = self.runs.iter().rposition(|run| run.from <= at).unwrap_or_default();
        let minute = self.runs.get(run).map_or(0, |run| run.minutes.start + minutes_between(run.from, at));
        self.shown_minute(run, minute, minute)
    }

    /// As the clock comes to it: a day ends at 24:00, and an hour at 02:00, whatever the clock
    /// shows from then on.
    fn shown_end(&self, at: Timestamp) -> String {
        let run = self.runs.iter().rposition(|run| run.from < at).unwrap_or_default();
        let minute = self.runs.get(run).map_or(0, |run| run.minutes.start + minutes_between(run.from, at));
        self.shown_minute(run, minute, minute - 1)
    }

    /// A minute, with a star if a run before has been `there`.
    fn shown_minute(&self, run: usize, minute: i64, there: i64) -> String {
        let again = self.runs[..run.min(self.runs.len())].iter().any(|before| before.minutes.contains(&there));
        let midnight = i64::from(MINUTES_PER_DAY);
        // Beyond the day only where the clock jumps over midnight and back.
        let minute = if minute == midnight { minute } else { minute.rem_euclid(midnight) };
        format!("{}{}", shown_time(minute as u16), if again { "*" } else { "" })
    }
}

/// Whole minutes; on old clocks, which were off by odd seconds, one that has begun counts.
fn minutes_between(from: Timestamp, until: Timestamp) -> i64 {
    let seconds = until.as_second() - from.as_second();
    seconds.div_euclid(60) + i64::from(seconds.rem_euclid(60) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn day(zone: &str, date: Date) -> ZoneDay {
        ZoneDay::of(&Zone::find(zone).unwrap(), date)
    }

    /// The day in half hours, as the clock shows them.
    fn half_hours(day: &ZoneDay) -> Vec<String> {
        let half_hour = jiff::SignedDuration::from_mins(30);
        let starts = std::iter::successors(Some(day.from), |at| Some(*at + half_hour));
        starts.take_while(|at| *at < day.until).map(|at| day.shown(at, at + half_hour)).collect()
    }

    #[test]
    fn an_ordinary_day_goes_from_0_to_24() {
        let day = day("America/New_York", date(2026, 3, 7));
        let half_hours = half_hours(&day);
        assert_eq!((half_hours.len(), day.length()), (48, 1440));
        assert_eq!((half_hours[0].as_str(), half_hours[47].as_str()), ("00:00-00:30", "23:30-24:00"));
        assert_eq!((day.jumps(), day.shown(day.from, day.until)), (vec![], "all day".to_owned()));
    }

    #[test]
    fn a_clock_put_forward_skips_an_hour() {
        let day = day("America/New_York", date(2026, 3, 8));
        assert_eq!((day.length(), day.jumps()), (1380, vec![ClockJump::Skips(120..180)]));
        assert_eq!(half_hours(&day)[3..5], ["01:30-02:00", "03:00-03:30"]);
    }

    #[test]
    fn a_clock_put_back_shows_an_hour_twice() {
        let day = day("America/New_York", date(2026, 11, 1));
        assert_eq!((day.length(), day.jumps()), (1500, vec![ClockJump::Repeats(60..120)]));
        assert_eq!(
            half_hours(&day)[1..7],
            ["00:30-01:00", "01:00-01:30", "01:30-02:00", "01:00*-01:30*", "01:30*-02:00*", "02:00-02:30"]
        );
    }

    #[test]
    fn half_an_hour_will_do() {
        let back = day("Australia/Lord_Howe", date(2026, 4, 5));
        assert_eq!((back.length(), back.jumps()), (1470, vec![ClockJump::Repeats(90..120)]));
        assert_eq!(half_hours(&back)[2..6], ["01:00-01:30", "01:30-02:00", "01:30*-02:00*", "02:00-02:30"]);
        let forward = day("Australia/Lord_Howe", date(2026, 10, 4));
        assert_eq!((forward.length(), forward.jumps()), (1410, vec![ClockJump::Skips(120..150)]));
    }

    #[test]
    fn midnight_may_be_skipped_or_come_twice() {
        let skipped = day("Africa/Cairo", date(2026, 4, 24));
        assert_eq!((skipped.length(), skipped.jumps()), (1380, vec![ClockJump::Skips(0..60)]));
        assert_eq!(half_hours(&skipped)[0], "01:00-01:30");
        let before = day("Africa/Cairo", date(2026, 10, 29));
        assert_eq!((before.length(), before.jumps()), (1500, vec![ClockJump::Repeats(1380..1440)]));
        assert_eq!(half_hours(&before)[47..], ["23:30-24:00", "23:00*-23:30*", "23:30*-24:00*"]);
        let twice = day("America/Havana", date(2024, 11, 3));
        assert_eq!((twice.length(), twice.jumps()), (1500, vec![ClockJump::Repeats(0..60)]));
    }

    #[test]
    fn a_day_that_never_was_has_no_time() {
        let zone = Zone::find("Pacific/Apia").unwrap();
        let skipped = ZoneDay::of(&zone, date(2011, 12, 30));
        assert_eq!((skipped.length(), &skipped.runs[..]), (0, &[][..]));
        let week = days(&zone, start_of(&zone, date(2011, 12, 28)), start_of(&zone, date(2012, 1, 2)));
        assert_eq!(week.iter().map(ZoneDay::length).collect::<Vec<_>>(), [1440, 1440, 0, 1440, 1440]);
        assert!(week.windows(2).all(|two| two[0].until == two[1].from));
    }

    #[test]
    fn days_of_all_zones_and_times_follow_each_other() {
        for name in ["America/St_Johns", "Europe/Amsterdam", "Africa/Monrovia", "Asia/Manila", "Antarctica/Troll"] {
            let zone = Zone::find(name).unwrap();
            let mut last: Option<ZoneDay> = None;
            for day in days(&zone, start_of(&zone, date(1840, 12, 30)), start_of(&zone, date(2030, 1, 2))) {
                assert!(
                    day.from <= day.until && day.runs.iter().all(|run| run.from < run.until),
                    "{name} {}",
                    day.date
                );
                assert!(last.is_none_or(|last| last.until == day.from), "{name} {}", day.date);
                if !day.jumps().is_empty() {
                    assert!(half_hours(&day).iter().all(|rows| rows.len() <= 13), "{name} {}", day.date);
                }
                last = Some(day);
            }
        }
    }
}
