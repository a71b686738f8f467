//! The narrowest line decides a day: an index of a schedule's lines, from narrow to wide.

use super::Line;
use super::calendar::{day_number, day_of_leap_year};
use super::day_set::{DaySet, kept, yearly_pieces};
use super::days::{Days, MonthDay};
use super::hours::Hours;
use super::ordinals::Ordinals;
use super::rank::Narrowness;
use super::spans::{Covering, DayPiece, PieceSpans};
use jiff::civil::Date;
use std::collections::HashSet;
use std::sync::Arc;

/// A schedule's lines by the days they name. A line that says no more than an earlier one is left
/// out.
#[derive(Clone, Debug, Default)]
pub(super) struct LineIndex {
    /// Sorted.
    pub dates: Vec<(Date, u32)>,
    /// By day number.
    pub ranges: PieceSpans,
    /// By place in a leap year.
    pub yearly: PieceSpans,
    pub of_month: Ordinals,
    pub of_every_month: Ordinals,
    /// For each weekday, Monday first.
    pub weekdays: [Vec<u32>; 7],
}

/// What decides a day.
#[derive(Clone, Copy, Debug)]
pub(super) enum Decider<'a> {
    Nothing,
    Excepted,
    Dates(&'a [(Date, u32)]),
    Spans(Covering<'a>),
    Ordinals { tier: &'a Ordinals, narrowness: Narrowness, date: Date, except: &'a [Arc<DaySet>] },
    Weekdays(&'a [u32]),
}

impl LineIndex {
    pub(super) fn new(lines: &[Line]) -> Self {
        let mut index = Self::default();
        let (mut ranges, mut yearly, mut of_month, mut of_every_month) = (vec![], vec![], vec![], vec![]);
        for (days, line) in distinct(lines) {
            let narrowness = Narrowness::of(&days);
            match days {
                Days::Dates { first, last, only } if first == last => {
                    if only.is_none_or(|weekdays| weekdays.contains(first.weekday())) {
                        index.dates.push((first, line));
                    }
                }
                Days::Dates { first, last, only } => {
                    let (first, last) = (day_number(first), day_number(last));
                    ranges.push((narrowness, DayPiece { first, last, weekdays: kept(only), line }));
                }
                Days::Yearly { first, last, only } => {
                    let piece = |(first, last)| DayPiece { first, last, weekdays: kept(only), line };
                    yearly.extend(yearly_pieces(first, last).map(|ends| (narrowness, piece(ends))));
                }
                Days::Ordinal(day) if day.month.is_some() => of_month.push((day, line)),
                Days::Ordinal(day) => of_every_month.push((day, line)),
                Days::Weekdays(weekdays) => {
                    let named = (0..7).filter(|weekday| weekdays.bits() & 1 << weekday != 0);
                    named.for_each(|weekday| index.weekdays[weekday].push(line));
                }
            }
        }
        index.dates.sort_unstable();
        index.ranges = PieceSpans::new(ranges);
        index.yearly = PieceSpans::new(yearly);
        index.of_month = Ordinals::new(of_month);
        index.of_every_month = Ordinals::new(of_every_month);
        index
    }

    /// What decides `date`, where no window starts on a day of `except` but by a line for that one
    /// date.
    pub(super) fn decide<'a>(&'a self, date: Date, except: &'a [Arc<DaySet>]) -> Decider<'a> {
        let dates = &self.dates[self.dates.partition_point(|(day, _)| *day < date)..];
        let dates = &dates[..dates.partition_point(|(day, _)| *day == date)];
        if !dates.is_empty() {
            return Decider::Dates(dates);
        }
        if is_excepted(except, date) {
            return Decider::Excepted;
        }
        let weekday = date.weekday();
        if let Some(covering) = self.ranges.deciding(day_number(date), weekday) {
            return Decider::Spans(covering);
        }
        if let Some(covering) = self.yearly.deciding(day_of_leap_year(MonthDay::of(date)), weekday) {
            return Decider::Spans(covering);
        }
        for (tier, narrowness) in self.ordinals() {
            if tier.lines(date, |day| is_excepted(except, day)).next().is_some() {
                return Decider::Ordinals { tier, narrowness, date, except };
            }
        }
        match &self.weekdays[weekday.to_monday_zero_offset() as usize] {
            lines if lines.is_empty() => Decider::Nothing,
            lines => Decider::Weekdays(lines),
        }
    }

    /// Both tiers of ordinal weekdays, the narrower first.
    pub(super) fn ordinals(&self) -> [(&Ordinals, Narrowness); 2] {
        [(&self.of_month, Narrowness::ORDINAL_OF_MONTH), (&self.of_every_month, Narrowness::ORDINAL_OF_EVERY_MONTH)]
    }
}

impl<'a> Decider<'a> {
    /// How narrow the lines are that decide; none where no line does.
    pub(super) fn narrowness(&self) -> Option<Narrowness> {
        match self {
            Self::Nothing | Self::Excepted => None,
            Self::Dates(_) => Some(Narrowness::ONE_DATE),
            Self::Spans(covering) => Some(covering.narrowness),
            Self::Ordinals { narrowness, .. } => Some(*narrowness),
            Self::Weekdays(_) => Some(Narrowness::WEEKDAYS),
        }
    }

    /// The lines that decide, which add up.
    pub(super) fn lines(self) -> impl Iterator<Item = u32> + use<'a> {
        // One of these has something in it, so that the type is one and nothing needs the heap.
        let (mut dates, mut spans, mut ordinals, mut weekdays) = (&[][..], None, None, &[][..]);
        match self {
            Self::Nothing | Self::Excepted => {}
            Self::Dates(lines) => dates = lines,
            Self::Spans(covering) => spans = Some(covering),
            Self::Ordinals { tier, date, except, .. } => ordinals = Some((tier, date, except)),
            Self::Weekdays(lines) => weekdays = lines,
        }
        let ordinals = ordinals.into_iter();
        dates
            .iter()
            .map(|(_, line)| *line)
            .chain(spans.into_iter().flat_map(Covering::into_lines))
            .chain(ordinals.flat_map(|(tier, date, except)| tier.lines(date, |day| is_excepted(except, day))))
            .chain(weekdays.iter().copied())
    }
}

/// Whether a day is in one of the sets that a schedule excepts: such a day is no working day.
pub(super) fn is_excepted(except: &[Arc<DaySet>], date: Date) -> bool {
    except.iter().any(|set| set.contains(date))
}

/// Each entry of each line, but for those that say what an earlier one said.
fn distinct(lines: &[Line]) -> impl Iterator<Item = (Days, u32)> {
    let mut said: HashSet<(Days, &Hours)> = HashSet::new();
    let entries =
        lines.iter().enumerate().flat_map(|(number, line)| line.days.iter().map(move |days| (number, line, days)));
    entries.filter_map(move |(number, line, days)| said.insert((*days, &line.hours)).then_some((*days, number as u32)))
}
