//! When a schedule opens and closes, exactly.

use super::Schedule;
use super::calendar::date_of;
use super::changed_hours::DayChange;
use super::hours::MINUTES_PER_DAY;
use super::intervals::join_touching;
use super::zone::Moment;
use jiff::Timestamp;
use jiff::civil::Date;

const SECONDS_PER_DAY: i64 = 86_400;

/// An instant from which a schedule is open, or closed, after it was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpeningChange {
    /// From this instant on.
    pub at: Timestamp,
    /// Whether it is open from then on.
    pub open: bool,
}

/// The changes of a schedule after one instant and before another, in order.
///
/// Between two changes of the zone's clock the clock runs evenly, so those stretches are walked day
/// by day, as the clock shows the days. A repeated hour is in two stretches and is walked twice; a
/// skipped one, or a skipped day, in none.
#[derive(Clone, Debug)]
pub struct OpeningChanges<'a> {
    schedule: &'a Schedule,
    /// The stretches of even clock that are left, the next one last.
    stretches: Vec<OffsetPeriod>,
    /// Before `next`, this is how things stand.
    open: bool,
    /// Of the day that is walked: instants, in seconds, and how things stand from each on. The next
    /// one last.
    pending: Vec<(i64, bool)>,
    /// The open minutes of the day that is walked; kept for its room.
    minutes: Vec<(u16, u16)>,
}

/// From `start` up to, not including, `end` (seconds since 1970) the zone's clock is `offset` ahead
/// of UTC.
#[derive(Clone, Copy, Debug)]
struct OffsetPeriod {
    start: i64,
    end: i64,
    offset: i64,
}

impl<'a> OpeningChanges<'a> {
    pub(super) fn new(schedule: &'a Schedule, from: Timestamp, to: Timestamp) -> Self {
        let open = schedule.is_open_at(from);
        let stretches = stretches(schedule, from, to);
        Self { schedule, stretches, open, pending: Vec::new(), minutes: Vec::new() }
    }

    /// Takes the next local day, or what the stretch has of it, into `pending`.
    fn walk_a_day(&mut self, stretch: OffsetPeriod) {
        let day = (stretch.start + stretch.offset).div_euclid(SECONDS_PER_DAY);
        let midnight = day * SECONDS_PER_DAY - stretch.offset;
        let end = stretch.end.min(midnight + SECONDS_PER_DAY);
        if end < stretch.end {
            self.stretches.push(OffsetPeriod { start: end, ..stretch });
        }
        self.schedule.open_minutes(date_of(day as i32), &mut self.minutes);
        let instant = |minute: u16| midnight + i64::from(minute) * 60;
        for &(opens, closes) in self.minutes.iter().rev() {
            self.pending.push((instant(closes), false));
            self.pending.push((instant(opens), true));
        }
        self.pending.push((midnight, false));
        // What has been by the start is how things stand at the start.
        while let [.., second, _] = self.pending[..]
            && second.0 <= stretch.start
        {
            self.pending.pop();
        }
        if let Some(first) = self.pending.last_mut() {
            first.0 = stretch.start;
        }
        self.pending.retain(|(at, _)| *at < end);
    }
}

impl Iterator for OpeningChanges<'_> {
    type Item = OpeningChange;

    fn next(&mut self) -> Option<OpeningChange> {
        loop {
            while let Some((at, open)) = self.pending.pop() {
                if open != self.open {
                    self.open = open;
                    return Some(OpeningChange { at: Timestamp::from_second(at).ok()?, open });
                }
            }
            let stretch = self.stretches.pop()?;
            self.walk_a_day(stretch);
        }
    }
}

impl Schedule {
    /// Each instant after `from` and before `to` at which it opens or closes. [`Self::is_open_at`]
    /// says how it stands at `from`.
    pub fn changes(&self, from: Timestamp, to: Timestamp) -> OpeningChanges<'_> {
        OpeningChanges::new(self, from, to)
    }

    /// The minutes of the clock at which it is open on a day, as stretches that neither overlap nor
    /// touch, in order.
    pub(super) fn open_minutes(&self, date: Date, minutes: &mut Vec<(u16, u16)>) {
        minutes.clear();
        let tails = self.day_before(date).into_iter().flat_map(|day| day.windows());
        minutes.extend(tails.map(|(_, window)| (0, window.end_on_the_next())));
        minutes.extend(self.day(date).windows().map(|(_, window)| (window.start(), window.end_on_its_day())));
        minutes.retain(|(opens, closes)| opens < closes);
        join_touching(minutes);
        self.change_minutes(date, minutes);
        debug_assert!(minutes.iter().all(|(_, closes)| *closes <= MINUTES_PER_DAY));
    }

    /// Takes the minutes of closures away from those of a day, and does what lines that change
    /// hours say.
    fn change_minutes(&self, date: Date, minutes: &mut Vec<(u16, u16)>) {
        let mut cuts = Vec::new();
        self.closures.cuts(date, &mut cuts);
        if self.changed.is_empty() && cuts.is_empty() && !self.closures.hold(Moment { date, minute: 0 }) {
            return;
        }
        let changes: Vec<DayChange> = self.day_changes(date).collect();
        cuts.extend(changes.iter().flat_map(|change| [change.from, change.to]));
        cuts.extend(minutes.iter().flat_map(|(opens, closes)| [*opens, *closes]));
        cuts.extend([0, MINUTES_PER_DAY]);
        cuts.sort_unstable();
        cuts.dedup();
        let is_open = |minute: u16| {
            let holding = changes.iter().copied().filter(|change| change.holds(minute));
            let decided = || minutes.iter().any(|(opens, closes)| *opens <= minute && minute < *closes);
            let open = DayChange::least(holding).map_or_else(decided, |change| change.opens);
            open && !self.closures.hold(Moment { date, minute })
        };
        // Between two cuts nothing changes.
        let pieces = cuts.windows(2).map(|pair| (pair[0], pair[1]));
        let open = pieces.filter(|(start, _)| is_open(*start)).collect();
        *minutes = open;
        join_touching(minutes);
    }

    /// The minutes of a day at which it may open or close, closures aside, and its first; in no
    /// order.
    pub(super) fn all_cuts(&self, date: Date, cuts: &mut Vec<u16>) {
        cuts.push(0);
        let tails = self.day_before(date).into_iter().flat_map(|day| day.windows());
        cuts.extend(tails.map(|(_, window)| window.end_on_the_next()));
        let windows = self.day(date).windows();
        cuts.extend(windows.flat_map(|(_, window)| [window.start(), window.end_on_its_day()]));
        cuts.extend(self.day_changes(date).flat_map(|change| [change.from, change.to]));
        self.closures.cuts(date, cuts);
        cuts.retain(|minute| *minute < MINUTES_PER_DAY);
    }

    /// Whether a closure takes an open minute away, other closures aside. None where that would
    /// take more than so many looks, from which those it takes are subtracted.
    pub fn closes_an_hour(&self, number: usize, looks: &mut usize) -> Option<bool> {
        let closure = self.closures().get(number)?;
        let days = std::iter::successors(Some(closure.from.date), |date| date.tomorrow().ok());
        for date in days.take_while(|date| *date <= closure.to.date) {
            let mut cuts = vec![if date == closure.from.date { closure.from.minute } else { 0 }];
            self.all_cuts(date, &mut cuts);
            *looks = looks.checked_sub(1 + cuts.len())?;
            let shown = cuts.iter().map(|minute| Moment { date, minute: *minute });
            let mut closed = shown.into_iter().filter(|shown| closure.from <= *shown && *shown < closure.to);
            if closed.any(|shown| {
                self.hours_change(shown).map_or_else(|| self.is_decided_open(shown), |change| change.opens)
            }) {
                return Some(true);
            }
        }
        Some(false)
    }
}

/// Cut wherever the clock changes, the first one last.
fn stretches(schedule: &Schedule, from: Timestamp, to: Timestamp) -> Vec<OffsetPeriod> {
    // Nothing changes within a second, so the stretch may begin with the second that `from` is in;
    // a change in the second of `to` lies before it only if `to` is past the start of that second.
    let start = from.as_second() - i64::from(from.subsec_nanosecond() < 0);
    let end = to.as_second() + i64::from(to.subsec_nanosecond() > 0);
    let mut stretches = vec![OffsetPeriod { start, end, offset: i64::from(schedule.zone.offset_seconds(from)) }];
    for (at, offset) in schedule.zone.clock_changes(from, to) {
        let last = stretches.len() - 1;
        stretches[last].end = at.as_second();
        stretches.push(OffsetPeriod { start: at.as_second(), end, offset: i64::from(offset) });
    }
    stretches.retain(|stretch| stretch.start < stretch.end);
    stretches.reverse();
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::{Days, Hours, Line, Weekdays, Window, Zone};
    use jiff::civil::Weekday::*;

    fn nightly(zone: &str) -> Schedule {
        let hours = Hours::Windows(vec![Window::new(23 * 60, 90).unwrap()]);
        let line = Line { days: vec![Days::Weekdays(Weekdays::new(Monday, Sunday))], sets: Vec::new(), hours };
        Schedule::new(Zone::find(zone).unwrap(), Vec::new(), vec![line], None).unwrap()
    }

    fn changes(schedule: &Schedule, from: &str, to: &str) -> Vec<String> {
        let shown = |change: OpeningChange| format!("{} {}", if change.open { "opens" } else { "closes" }, change.at);
        schedule.changes(from.parse().unwrap(), to.parse().unwrap()).map(shown).collect()
    }

    #[test]
    fn an_hour_that_comes_twice_opens_twice() {
        // New York, 2026-11-01: from 01:59 the clock goes back to 01:00.
        let all = changes(&nightly("America/New_York"), "2026-11-01T00:00:00Z", "2026-11-01T12:00:00Z");
        assert_eq!(
            all,
            [
                "opens 2026-11-01T03:00:00Z",
                "closes 2026-11-01T05:30:00Z",
                "opens 2026-11-01T06:00:00Z",
                "closes 2026-11-01T06:30:00Z",
            ]
        );
    }

    #[test]
    fn only_what_lies_after_the_start_and_before_the_end() {
        let schedule = nightly("UTC");
        assert_eq!(changes(&schedule, "2026-01-01T23:00:00Z", "2026-01-02T01:30:00Z"), [""; 0]);
        assert_eq!(changes(&schedule, "2026-01-01T22:59:59Z", "2026-01-02T01:30:01Z").len(), 2);
        assert_eq!(changes(&schedule, "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"), [""; 0]);
    }

    #[test]
    fn the_whole_calendar_is_walked_without_end_or_overflow() {
        let schedule = nightly("Pacific/Apia");
        assert!(schedule.changes(Timestamp::MIN, Timestamp::MAX).take(10).count() == 10);
        let last_days = Timestamp::MAX - jiff::SignedDuration::from_hours(72);
        assert!(schedule.changes(last_days, Timestamp::MAX).count() >= 5);
    }
}
