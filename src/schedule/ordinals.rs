//! Lines that name ordinal weekdays, of one tier: of one month, or of every month.

use super::days::{OrdinalDay, Position, Weekdays};
use jiff::civil::Date;

/// The lines of one tier.
#[derive(Clone, Debug, Default)]
pub(super) struct Ordinals {
    /// Those that count the same weekdays stand together, so that one count serves them all.
    entries: Vec<(OrdinalDay, u32)>,
}

impl Ordinals {
    pub(super) fn new(mut entries: Vec<(OrdinalDay, u32)>) -> Self {
        entries.sort_by_key(|(day, line)| {
            let (first, last) = (day.weekdays.first.to_monday_zero_offset(), day.weekdays.last.to_monday_zero_offset());
            (day.day_after, first, last, day.month, day.ordinal, *line)
        });
        Self { entries }
    }

    pub(super) fn entries(&self) -> &[(OrdinalDay, u32)] {
        &self.entries
    }

    /// The lines whose days `date` is among, given which days are off.
    pub(super) fn lines(&self, date: Date, is_off: impl Fn(Date) -> bool) -> impl Iterator<Item = u32> {
        let mut last_count: Option<(Date, Weekdays, Option<Position>)> = None;
        self.entries.iter().filter_map(move |(day, line)| {
            let counted = day.counted(date)?;
            let position = match last_count {
                Some((at, weekdays, position)) if (at, weekdays) == (counted, day.weekdays) => position,
                _ => Position::of(counted, day.weekdays, &is_off),
            };
            last_count = Some((counted, day.weekdays, position));
            position?.is(day.ordinal).then_some(*line)
        })
    }
}
