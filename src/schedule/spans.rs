//! Ranges of days that lines name, on a calendar or on a year, and the narrowest of them on each
//! day.

use super::days::bit;
use super::rank::Narrowness;
use jiff::civil::Weekday;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A range of days by number, both ends in it, on which a line speaks if the weekday is among its
/// own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DayPiece {
    pub first: i32,
    pub last: i32,
    pub weekdays: u8,
    pub line: u32,
}

/// Pieces of one narrowness: those on one day add up.
#[derive(Clone, Copy, Debug)]
struct PieceGroup {
    narrowness: Narrowness,
    /// Where its pieces stand in [`PieceSpans::pieces`], sorted by their first days.
    start: usize,
    end: usize,
}

/// From `first` on, up to the next stretch, the narrowest group that speaks on each weekday, or
/// [`NONE`].
#[derive(Clone, Copy, Debug)]
struct DayStretch {
    first: i32,
    narrowest: [u32; 7],
}

const NONE: u32 = u32::MAX;

/// Which pieces decide a day, found by bisection.
#[derive(Clone, Debug, Default)]
pub(super) struct PieceSpans {
    pieces: Vec<DayPiece>,
    groups: Vec<PieceGroup>,
    stretches: Vec<DayStretch>,
}

impl PieceSpans {
    pub(super) fn new(mut pieces: Vec<(Narrowness, DayPiece)>) -> Self {
        pieces.retain(|(_, piece)| piece.first <= piece.last);
        pieces.sort_unstable();
        let mut groups: Vec<PieceGroup> = Vec::new();
        for same in pieces.chunk_by(|a, b| a.0 == b.0) {
            let start = groups.last().map_or(0, |group| group.end);
            groups.push(PieceGroup { narrowness: same[0].0, start, end: start + same.len() });
        }
        let pieces: Vec<_> = pieces.into_iter().map(|(_, piece)| piece).collect();
        Self { stretches: stretches(&pieces, &groups), pieces, groups }
    }

    /// The narrowest pieces that speak on a day; none where no piece does.
    pub(super) fn deciding(&self, day: i32, weekday: Weekday) -> Option<Covering<'_>> {
        let after = self.stretches.partition_point(|stretch| stretch.first <= day);
        let stretch = self.stretches.get(after.checked_sub(1)?)?;
        let group = self.groups.get(stretch.narrowest[weekday.to_monday_zero_offset() as usize] as usize)?;
        let pieces = &self.pieces[group.start..group.end];
        // No piece is longer than the days that its group counts from end to end.
        let earliest = day - group.narrowness.days_end_to_end() + 1;
        let from = pieces.partition_point(|piece| piece.first < earliest);
        let to = pieces.partition_point(|piece| piece.first <= day);
        Some(Covering { narrowness: group.narrowness, pieces: &pieces[from..to], day, weekday: bit(weekday) })
    }

    /// The pieces of each narrowness, from narrow to wide.
    pub(super) fn groups(&self) -> impl Iterator<Item = (Narrowness, &[DayPiece])> {
        self.groups.iter().map(|group| (group.narrowness, &self.pieces[group.start..group.end]))
    }
}

/// The pieces that decide one day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Covering<'a> {
    pub narrowness: Narrowness,
    /// These, and perhaps some that end before the day or leave its weekday out.
    pieces: &'a [DayPiece],
    day: i32,
    weekday: u8,
}

impl<'a> Covering<'a> {
    pub(super) fn into_lines(self) -> impl Iterator<Item = u32> + use<'a> {
        let speaks = move |piece: &&DayPiece| piece.last >= self.day && piece.weekdays & self.weekday != 0;
        self.pieces.iter().filter(speaks).map(|piece| piece.line)
    }
}

/// Sweeps over the days at which a piece begins or ends, with the pieces at hand in a heap for each
/// weekday.
fn stretches(pieces: &[DayPiece], groups: &[PieceGroup]) -> Vec<DayStretch> {
    let mut beginnings: Vec<(i32, u32, usize)> = Vec::with_capacity(pieces.len());
    for (number, group) in groups.iter().enumerate() {
        beginnings.extend((group.start..group.end).map(|piece| (pieces[piece].first, number as u32, piece)));
    }
    beginnings.sort_unstable();
    let mut edges: Vec<i32> = pieces.iter().flat_map(|piece| [piece.first, piece.last + 1]).collect();
    edges.sort_unstable();
    edges.dedup();

    let mut at_hand: [BinaryHeap<Reverse<(u32, i32)>>; 7] = Default::default();
    let mut beginnings = beginnings.into_iter().peekable();
    let mut stretches: Vec<DayStretch> = Vec::new();
    for day in edges {
        while let Some((_, group, piece)) = beginnings.next_if(|(first, ..)| *first <= day) {
            let piece = &pieces[piece];
            for weekday in (0..7).filter(|weekday| piece.weekdays & 1 << weekday != 0) {
                at_hand[weekday].push(Reverse((group, piece.last)));
            }
        }
        let narrowest = at_hand.each_mut().map(|heap| {
            while heap.peek().is_some_and(|Reverse((_, last))| *last < day) {
                heap.pop();
            }
            heap.peek().map_or(NONE, |Reverse((group, _))| *group)
        });
        if stretches.last().is_none_or(|before| before.narrowest != narrowest) {
            stretches.push(DayStretch { first: day, narrowest });
        }
    }
    stretches
}
