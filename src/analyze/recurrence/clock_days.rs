//! Times as the days and windows that a clock shows.

use crate::compile::Horizon;
use crate::schedule::{MINUTES_PER_DAY, Moment, Zone, join_touching};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::Range;

/// From a minute of the day up to, not including, another.
pub type DailyWindows = Vec<(u16, u16)>;

/// Times of a period, day by day.
pub(super) struct ClockDays {
    /// The windows of each day on which there are any.
    pub by_day: BTreeMap<Date, DailyWindows>,
    /// Days on which the clock shows a time twice, and only one of the two is meant.
    pub half_meant: Vec<Date>,
}

impl ClockDays {
    /// Of times within a period, in seconds from a horizon's start, in order.
    pub fn of(times: &[(u32, u32)], period: &Range<u32>, horizon: &Horizon, zone: &Zone) -> Self {
        let by_day = by_day(times, period, horizon, zone);
        let changes = zone.clock_changes(horizon.instant(period.start), horizon.instant(period.end));
        let mut changed: Vec<Date> = changes.map(|(at, _)| zone.read(at).date).collect();
        changed.dedup();
        changed.retain(|date| is_half_meant(*date, &by_day, times, horizon, zone));
        Self { by_day, half_meant: changed }
    }
}

/// Whether a minute of a day is among the times once, where its clock shows it twice.
fn is_half_meant(
    date: Date,
    by_day: &BTreeMap<Date, DailyWindows>,
    times: &[(u32, u32)],
    horizon: &Horizon,
    zone: &Zone,
) -> bool {
    let is_meant = |second: u32| {
        let after = times.partition_point(|(start, _)| *start <= second);
        after > 0 && second < times[after - 1].1
    };
    let windows = by_day.get(&date).map(Vec::as_slice).unwrap_or_default();
    windows.iter().flat_map(|(from, to)| *from..*to).any(|minute| {
        let instants = zone.instants(Moment { date, minute }).filter(|at| horizon.holds(*at));
        !instants.map(|at| horizon.second(at)).all(is_meant)
    })
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
