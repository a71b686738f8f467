//! Which entry of some sets a day is, and by what name people know it.

use super::Line;
use super::day_set::{DaySet, DaySetEntry};
use super::hours::Hours;
use super::narrowest::LineIndex;
use jiff::civil::Date;
use std::sync::Arc;

/// The entries of some sets, found by a day: of several that name it the narrowest, of equally
/// narrow ones the first.
#[derive(Clone, Debug)]
pub struct EntryIndex {
    entries: Vec<DaySetEntry>,
    index: LineIndex,
}

impl EntryIndex {
    /// Of these sets and those they name.
    pub fn of(sets: &[Arc<DaySet>]) -> Self {
        let mut entries: Vec<DaySetEntry> = Vec::new();
        for set in sets {
            entries.extend(set.all_entries().into_iter().cloned());
        }
        let line = |entry: &DaySetEntry| Line { days: vec![entry.days], sets: Vec::new(), hours: Hours::AllDay };
        let lines: Vec<Line> = entries.iter().map(line).collect();
        Self { index: LineIndex::new(&lines), entries }
    }

    /// The number of the entry that a day is; none of a day that is in no set.
    pub fn on(&self, date: Date) -> Option<usize> {
        self.index.decide(date, &[]).lines().min().map(|number| number as usize)
    }

    /// The entry of a number that [`Self::on`] gave.
    pub fn entry(&self, number: usize) -> Option<&DaySetEntry> {
        self.entries.get(number)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Days, EasterDay, MonthDay, Reckoning};
    use super::*;
    use jiff::civil::date;

    #[test]
    fn of_entries_that_name_a_day_the_narrowest_counts_and_of_equal_ones_the_first() {
        let named = |days: Days, name: &str| DaySetEntry { days, name: Some(name.into()) };
        let every = |month, day| Days::every(MonthDay::new(month, day).unwrap());
        let easter = Days::Easter(EasterDay { reckoning: Reckoning::Western, offset: 50 });
        let inner = Arc::new(DaySet::with_names(vec![named(every(6, 2), "Republic Day")], Vec::new()));
        let range = Days::Dates { first: date(2031, 6, 1), last: date(2031, 6, 30), only: None };
        let entries = vec![named(range, "June"), named(easter, "Whit Monday"), named(every(12, 25), "Christmas")];
        let set = Arc::new(DaySet::with_names(entries, vec![(1, inner)]));
        let index = EntryIndex::of(&[set]);
        let name = |date| index.on(date).and_then(|number| index.entry(number)?.name.as_deref());
        assert_eq!(name(date(2031, 6, 2)), Some("June"));
        assert_eq!(name(date(2042, 6, 2)), Some("Republic Day"));
        assert_eq!(name(date(2030, 6, 10)), Some("Whit Monday"));
        assert_eq!(name(date(2030, 12, 25)), Some("Christmas"));
        assert_eq!(name(date(2030, 12, 26)), None);
    }
}
