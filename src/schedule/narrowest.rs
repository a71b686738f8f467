//! The narrowest line decides a day: an index of a schedule's lines, from narrow to wide.

use super::Line;
use super::calendar::{day_number, day_of_leap_year};
use super::day_set::{DaySet, kept, yearly_pieces};
use super::days::{Days, MonthDay};
use super::easter::EasterLines;
use super::hours::Hours;
use super::ordinals::{OrdinalLine, Ordinals};
use super::rank::Narrowness;
use super::spans::{Covering, DayPiece, PieceSpans};
use super::weeks::WeekLines;
use jiff::civil::Date;
use std::collections::HashSet;
use std::sync::Arc;

/// A schedule's lines by the days they name. A line that says no more than an earlier one is left
/// out.
#[derive(Clone, Debug, Default)]
pub(super) struct LineIndex {
    /// Sorted.
    pub dates: Vec<DateLine>,
    /// By day number.
    pub ranges: PieceSpans,
    /// By place in a leap year.
    pub yearly: PieceSpans,
    /// As narrow as a yearly date.
    pub easter: EasterLines,
    pub of_month: Ordinals,
    pub of_every_month: Ordinals,
    pub weeks: WeekLines,
    /// For each weekday, Monday first.
    pub weekdays: [Vec<u32>; 7],
}

/// A line for one date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DateLine {
    pub date: Date,
    /// Whether the line takes the date from a set. Then it does not open on an excepted day.
    pub in_set: bool,
    pub line: u32,
}

/// What decides a day.
#[derive(Clone, Copy, Debug)]
pub(super) enum Decider<'a> {
    Nothing,
    Excepted,
    Dates(&'a [DateLine]),
    Spans(Covering<'a>),
    /// Days of Easter, and yearly dates that are no narrower.
    Easter {
        easter: &'a EasterLines,
        date: Date,
        yearly: Option<Covering<'a>>,
    },
    Weeks(&'a WeekLines, Date),
    Ordinals {
        tier: &'a Ordinals,
        narrowness: Narrowness,
        date: Date,
        except: &'a [Arc<DaySet>],
    },
    Weekdays(&'a [u32]),
}

impl LineIndex {
    pub(super) fn new(lines: &[Line]) -> Self {
        let mut index = Self::default();
        let (mut ranges, mut yearly, mut of_month, mut of_every_month) = (vec![], vec![], vec![], vec![]);
        let (mut easter, mut weeks) = (vec![], vec![]);
        for (days, in_set, line) in distinct(lines) {
            let narrowness = Narrowness::of(&days);
            match days {
                Days::Dates { first, last, only } if first == last => {
                    if only.is_none_or(|weekdays| weekdays.contains(first.weekday())) {
                        index.dates.push(DateLine { date: first, in_set, line });
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
                Days::Ordinal(day) => {
                    let tier = if day.month.is_some() { &mut of_month } else { &mut of_every_month };
                    tier.push(OrdinalLine { day, in_set, line });
                }
                Days::Easter(day) => easter.push((day, line)),
                Days::Weeks(every) => weeks.push((every, line)),
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
        index.easter = EasterLines::new(easter);
        index.weeks = WeekLines::new(weeks);
        index
    }

    /// What decides `date`, where no window starts on a day of `except` but by a line for that one
    /// date.
    pub(super) fn decide<'a>(&'a self, date: Date, except: &'a [Arc<DaySet>]) -> Decider<'a> {
        let dates = &self.dates[self.dates.partition_point(|line| line.date < date)..];
        let dates = &dates[..dates.partition_point(|line| line.date == date)];
        if !dates.is_empty() {
            let own = &dates[..dates.partition_point(|line| !line.in_set)];
            return match (own, is_excepted(except, date)) {
                ([], true) => Decider::Excepted,
                (own, true) => Decider::Dates(own),
                (_, false) => Decider::Dates(dates),
            };
        }
        if is_excepted(except, date) {
            return Decider::Excepted;
        }
        let weekday = date.weekday();
        if let Some(covering) = self.ranges.deciding(day_number(date), weekday) {
            return Decider::Spans(covering);
        }
        let yearly = self.yearly.deciding(day_of_leap_year(MonthDay::of(date)), weekday);
        if self.easter.lines(date).next().is_some()
            && yearly.is_none_or(|covering| covering.narrowness >= Narrowness::YEARLY_DATE)
        {
            let yearly = yearly.filter(|covering| covering.narrowness == Narrowness::YEARLY_DATE);
            return Decider::Easter { easter: &self.easter, date, yearly };
        }
        if let Some(covering) = yearly {
            return Decider::Spans(covering);
        }
        for (tier, narrowness) in self.ordinals() {
            if tier.lines(date, |day| is_excepted(except, day)).next().is_some() {
                return Decider::Ordinals { tier, narrowness, date, except };
            }
        }
        if self.weeks.lines(date).next().is_some() {
            return Decider::Weeks(&self.weeks, date);
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
            Self::Easter { .. } => Some(Narrowness::YEARLY_DATE),
            Self::Weeks(..) => Some(Narrowness::WEEKS),
            Self::Ordinals { narrowness, .. } => Some(*narrowness),
            Self::Weekdays(_) => Some(Narrowness::WEEKDAYS),
        }
    }

    /// Whether the day is in `except`, and no line of that one date decides it.
    pub(super) fn is_excepted(&self) -> bool {
        matches!(self, Self::Excepted)
    }

    /// The lines that decide, which add up.
    pub(super) fn lines(self) -> impl Iterator<Item = u32> + use<'a> {
        // One of these has something in it, so that the type is one and nothing needs the heap.
        let (mut dates, mut spans, mut ordinals, mut weekdays) = (&[][..], None, None, &[][..]);
        let (mut easters, mut every_weeks) = (None, None);
        match self {
            Self::Nothing | Self::Excepted => {}
            Self::Dates(lines) => dates = lines,
            Self::Spans(covering) => spans = Some(covering),
            Self::Easter { easter, date, yearly } => {
                easters = Some((easter, date));
                spans = yearly;
            }
            Self::Weeks(weeks, date) => every_weeks = Some((weeks, date)),
            Self::Ordinals { tier, date, except, .. } => ordinals = Some((tier, date, except)),
            Self::Weekdays(lines) => weekdays = lines,
        }
        let ordinals = ordinals.into_iter();
        dates
            .iter()
            .map(|line| line.line)
            .chain(spans.into_iter().flat_map(Covering::into_lines))
            .chain(easters.into_iter().flat_map(|(easter, date)| easter.lines(date)))
            .chain(every_weeks.into_iter().flat_map(|(weeks, date)| weeks.lines(date)))
            .chain(ordinals.flat_map(|(tier, date, except)| tier.lines(date, |day| is_excepted(except, day))))
            .chain(weekdays.iter().copied())
    }
}

/// Whether a day is in one of the sets that a schedule excepts: such a day is no working day.
pub(super) fn is_excepted(except: &[Arc<DaySet>], date: Date) -> bool {
    except.iter().any(|set| set.contains(date))
}

/// Each entry of the days of a line, and whether it is one of a set that the line names. A set
/// names the same days everywhere.
pub(super) fn each_entry(line: &Line) -> impl Iterator<Item = (Days, bool)> + '_ {
    let of_sets = line.sets.iter().flat_map(|set| set.all_entries()).map(|entry| (entry.days, true));
    line.days.iter().map(|days| (*days, false)).chain(of_sets)
}

/// Each entry of each line that decides days, but for those that say what an earlier one said.
fn distinct(lines: &[Line]) -> impl Iterator<Item = (Days, bool, u32)> {
    let mut said: HashSet<(Days, bool, &Hours)> = HashSet::new();
    let deciding = lines.iter().enumerate().filter(|(_, line)| line.hours.changed().is_none());
    let entries = deciding.flat_map(|(number, line)| {
        each_entry(line).map(move |(days, in_set)| (days, in_set, number as u32, &line.hours))
    });
    entries
        .filter(move |(days, in_set, _, hours)| said.insert((*days, *in_set, hours)))
        .map(|(days, in_set, line, _)| (days, in_set, line))
}
