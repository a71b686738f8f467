//! Which days, of which weekdays, a heap of overlapping ranges covers: sorted once, then looked up
//! by bisection.

use super::days::Weekdays;

/// A range of days by number, both ends in it, of which some weekdays count.
#[derive(Clone, Copy, Debug)]
pub(super) struct WeekdayRange {
    pub first: i32,
    pub last: i32,
    pub weekdays: u8,
}

/// A union of [`WeekdayRange`]s, as stretches that do not overlap.
#[derive(Clone, Debug, Default)]
pub(super) struct WeekdayRanges {
    /// From each day on, up to the next entry, these weekdays are covered.
    starts: Vec<(i32, u8)>,
}

impl WeekdayRanges {
    /// The union, in time that grows with the number of ranges and hardly with their length.
    pub(super) fn new(ranges: &[WeekdayRange]) -> Self {
        let mut edges: Vec<(i32, u8, bool)> = Vec::with_capacity(ranges.len() * 2);
        for range in ranges.iter().filter(|range| range.first <= range.last) {
            edges.push((range.first, range.weekdays, true));
            edges.push((range.last + 1, range.weekdays, false));
        }
        edges.sort_unstable();
        let mut covering = [0u32; 7];
        let mut starts: Vec<(i32, u8)> = Vec::new();
        for same_day in edges.chunk_by(|a, b| a.0 == b.0) {
            for (_, weekdays, begins) in same_day {
                for weekday in (0..7).filter(|weekday| weekdays & 1 << weekday != 0) {
                    if *begins { covering[weekday] += 1 } else { covering[weekday] -= 1 }
                }
            }
            let covered = (0..7).filter(|weekday| covering[*weekday] != 0).fold(0, |bits, weekday| bits | 1 << weekday);
            if starts.last().map_or(0, |(_, before)| *before) != covered {
                starts.push((same_day[0].0, covered));
            }
        }
        Self { starts }
    }

    /// Whether the day, whose weekday is the bit `weekday`, is covered.
    pub(super) fn contains(&self, day: i32, weekday: u8) -> bool {
        debug_assert!(weekday & Weekdays::ALL == weekday);
        let after = self.starts.partition_point(|(start, _)| *start <= day);
        after > 0 && self.starts[after - 1].1 & weekday != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_and_touching_ranges_are_one() {
        let all = Weekdays::ALL;
        let range = |first, last, weekdays| WeekdayRange { first, last, weekdays };
        let runs =
            WeekdayRanges::new(&[range(10, 20, all), range(15, 30, all), range(31, 31, all), range(40, 35, all)]);
        assert_eq!(runs.starts, [(10, all), (32, 0)]);
        assert_eq!([9, 10, 31, 32].map(|day| runs.contains(day, 1)), [false, true, true, false]);
    }

    #[test]
    fn weekdays_are_counted_apart() {
        let runs = WeekdayRanges::new(&[
            WeekdayRange { first: 0, last: 9, weekdays: 0b001 },
            WeekdayRange { first: 5, last: 14, weekdays: 0b011 },
        ]);
        assert!(runs.contains(3, 0b001) && !runs.contains(3, 0b010));
        assert!(runs.contains(12, 0b001) && runs.contains(12, 0b010) && !runs.contains(12, 0b100));
        assert!(!runs.contains(15, 0b001));
    }
}
