//! Times from one moment to another at which a schedule is closed, whatever its lines say:
//! `closed from 2026-12-24 12:00 to 2027-01-04 09:00`.

use super::intervals::join_touching;
use super::zone::Moment;
use jiff::civil::Date;

/// From one reading of the clock up to, not including, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Closure {
    /// The first minute.
    pub from: Moment,
    /// The minute after the last.
    pub to: Moment,
}

/// The closures of a schedule.
#[derive(Clone, Debug, Default)]
pub(super) struct Closures {
    /// As they were given.
    all: Vec<Closure>,
    /// All of them together, in order.
    joined: Vec<(Moment, Moment)>,
}

impl Closures {
    pub(super) fn new(all: Vec<Closure>) -> Self {
        let mut joined = all.iter().map(|closure| (closure.from, closure.to)).filter(|(from, to)| from < to).collect();
        join_touching(&mut joined);
        Self { all, joined }
    }

    pub(super) fn all(&self) -> &[Closure] {
        &self.all
    }

    /// Whether the clock shows a minute of one of them.
    pub(super) fn hold(&self, shown: Moment) -> bool {
        let begun = self.joined.partition_point(|(from, _)| *from <= shown);
        begun > 0 && shown < self.joined[begun - 1].1
    }

    /// The minutes of a day at which one of them begins or ends.
    pub(super) fn cuts(&self, date: Date, cuts: &mut Vec<u16>) {
        let start = self.joined.partition_point(|(_, to)| to.date < date);
        let near = self.joined[start..].iter().take_while(|(from, _)| from.date <= date);
        let ends = near.flat_map(|(from, to)| [*from, *to]);
        cuts.extend(ends.filter(|moment| moment.date == date).map(|moment| moment.minute));
    }
}
