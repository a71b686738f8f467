//! What people call a day: the names of the entries of a set of days.

use super::Line;
use super::day_set::DaySet;
use super::hours::Hours;
use super::narrowest::LineIndex;
use super::rank::Narrowness;
use jiff::civil::Date;

impl DaySet {
    /// What people call a day: the name of the narrowest entry that has it, of those with a name,
    /// and of equally narrow ones the first.
    pub fn name_of(&self, date: Date) -> Option<&str> {
        let named = self.all_entries().into_iter().filter(|entry| entry.name.is_some());
        let of_day = named.filter(|entry| entry.days.matches(date, |_| false));
        of_day.min_by_key(|entry| Narrowness::of(&entry.days)).and_then(|entry| entry.name.as_deref())
    }
}

/// The entries of a set that have names, under an index.
#[derive(Debug)]
pub(crate) struct DayNames<'s> {
    names: Vec<&'s str>,
    index: LineIndex,
}

impl<'s> DayNames<'s> {
    pub fn of(set: &'s DaySet) -> Self {
        let (mut names, mut lines) = (Vec::new(), Vec::new());
        for entry in set.all_entries() {
            if let Some(name) = entry.name.as_deref() {
                names.push(name);
                lines.push(Line { days: vec![entry.days], sets: Vec::new(), hours: Hours::AllDay });
            }
        }
        Self { names, index: LineIndex::new(&lines) }
    }

    /// The same as [`DaySet::name_of`].
    pub fn name_of(&self, date: Date) -> Option<&'s str> {
        self.index.decide(date, &[]).lines().min().and_then(|line| self.names.get(line as usize).copied())
    }
}
