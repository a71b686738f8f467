//! Lines that are equally narrow and say `closed` and hours of one day.
//!
//! What lines say repeats with the calendar, dates aside; so it is enough to look at lines that
//! could meet, on days soon, and on days before and after every date that is written. The search is
//! bounded in any case.

use super::Schedule;
use super::calendar::{date_in_year, date_of, day_number, years};
use super::days::bit;
use super::ordinals::{Possible, possible_ordinals};
use super::rank::Narrowness;
use super::spans::DayPiece;
use super::weeks::EveryWeeks;
use jiff::civil::Date;
use std::collections::HashSet;

/// Two lines that decide one day, one with `closed` and one with hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LineConflict {
    /// The first of the two, by its place in the schedule.
    pub earlier: usize,
    /// The second, which is named in one conflict only.
    pub later: usize,
    /// A day that both decide.
    pub date: Date,
}

/// Number of years in which each day of the year falls on each day of the week.
const YEARS: i16 = 40;

/// Maximum number of days that are examined for each kind of lines: a constant part, so that a
/// short schedule is searched thoroughly, and a part for each line. Only schedules in which other
/// lines or `except` hide nearly every day come near it.
const LOOKS: usize = 32_768;
const LOOKS_PER_LINE: usize = 64;

/// Ordinal days are tried against each other, so every two of them get a few years before any get
/// many.
const A_FEW_YEARS: i32 = 4 * 366;

/// The longest time after which weeks meet again that come every so many weeks: every 52 and every
/// 51.
const WEEKS_UNTIL_ALL_MEET: i32 = 52 * 51;

/// Used as today if the check has no day.
const SOME_DAY: Date = Date::constant(2000, 1, 1);

/// The conflicts of a schedule, by their later lines, each of which is in one. A line that repeats
/// an earlier one is not told again. A date is not before `today` if it can be helped.
pub(super) fn conflicts(schedule: &Schedule, today: Option<Date>) -> Vec<LineConflict> {
    if !is_mixed(schedule, 0..schedule.lines.len() as u32) {
        return Vec::new();
    }
    let today = day_number(today.unwrap_or(SOME_DAY));
    let eras = eras(schedule, today);
    let mut search = ConflictSearch { schedule, today, eras, looks: 0, told: HashSet::new(), found: Vec::new() };
    let kinds = [
        ConflictSearch::among_dates,
        ConflictSearch::among_ranges,
        ConflictSearch::among_yearly,
        ConflictSearch::among_easter,
        ConflictSearch::among_ordinals,
        ConflictSearch::among_weeks,
        ConflictSearch::among_weekdays,
    ];
    for search_among in kinds {
        search.looks = LOOKS + LOOKS_PER_LINE * schedule.lines.len();
        search_among(&mut search);
    }
    search.found.sort_unstable_by_key(|conflict| conflict.later);
    search.found
}

struct ConflictSearch<'a> {
    schedule: &'a Schedule,
    today: i32,
    /// Stretches of days to look at, soon ones first; by number.
    eras: [(i32, i32); 3],
    looks: usize,
    told: HashSet<u32>,
    found: Vec<LineConflict>,
}

impl ConflictSearch<'_> {
    fn among_dates(&mut self) {
        for same_day in self.schedule.index.dates.chunk_by(|a, b| a.date == b.date) {
            if is_mixed(self.schedule, same_day.iter().map(|line| line.line)) {
                self.look_at(same_day[0].date, Narrowness::ONE_DATE);
            }
        }
    }

    fn among_ranges(&mut self) {
        for (narrowness, pieces) in self.schedule.index.ranges.groups() {
            for PieceOverlap { first, last, weekdays } in meetings(self.schedule, pieces) {
                let soon = first.max(self.today)..=last;
                let past = first..=last.min(self.today - 1);
                self.look_through(soon.chain(past).map(date_of), weekdays, narrowness);
            }
        }
    }

    fn among_yearly(&mut self) {
        for (narrowness, pieces) in self.schedule.index.yearly.groups() {
            for PieceOverlap { first, last, weekdays } in meetings(self.schedule, pieces) {
                let days = self.eras.into_iter().flat_map(move |era| {
                    let of_year = move |year| (first..=last).filter_map(move |place| date_in_year(year, place));
                    years(era).flat_map(of_year).filter(move |date| (era.0..=era.1).contains(&day_number(*date)))
                });
                self.look_through(days, weekdays, narrowness);
            }
        }
    }

    /// Days of Easter, with each other and with yearly dates.
    fn among_easter(&mut self) {
        let index = &self.schedule.index;
        let easter = index.easter.entries();
        let yearly = index.yearly.groups().filter(|(narrowness, _)| *narrowness == Narrowness::YEARLY_DATE);
        let yearly = yearly.flat_map(|(_, pieces)| pieces).map(|piece| piece.line);
        if !is_mixed(self.schedule, easter.iter().map(|(_, line)| *line).chain(yearly)) {
            return;
        }
        for same_day in easter.chunk_by(|a, b| a.0 == b.0) {
            let (day, _) = same_day[0];
            let days = self.eras.into_iter().flat_map(move |era| {
                let days = years(era).map(move |year| day.of_year(year));
                days.filter(move |date| (era.0..=era.1).contains(&day_number(*date)))
            });
            // It meets another yearly date in another year.
            for date in days {
                if self.looks == 0 {
                    return;
                }
                self.looks -= 1;
                self.look_at(date, Narrowness::YEARLY_DATE);
            }
        }
    }

    fn among_ordinals(&mut self) {
        let days_off = !self.schedule.except.is_empty();
        let [(first, last), ..] = self.eras;
        let a_few_years = [(first, last.min(first + A_FEW_YEARS))];
        for (tier, narrowness) in self.schedule.index.ordinals() {
            let [closed, open] = [true, false].map(|closed| {
                let said = tier.entries().iter().filter(|entry| is_closed(self.schedule, entry.line) == closed);
                possible_ordinals(said, days_off)
            });
            for eras in [&a_few_years[..], &self.eras.clone()] {
                for closed in &closed {
                    for open in open.iter().filter(|open| closed.may_coincide(open)) {
                        self.look_for_one(closed, open, eras, narrowness);
                    }
                }
            }
        }
    }

    /// Looks at days that could be both until lines are found to meet on one.
    fn look_for_one(&mut self, a: &Possible, b: &Possible, eras: &[(i32, i32)], narrowness: Narrowness) {
        // The one that could be fewer days is the better one to go by.
        let (by, other) = if a.last - a.first <= b.last - b.first { (a, b) } else { (b, a) };
        for date in eras.iter().flat_map(|era| by.days(*era)) {
            if self.looks == 0 {
                return;
            }
            self.looks -= 1;
            if other.may_be(date) && self.look_at(date, narrowness) {
                return;
            }
        }
    }

    fn among_weeks(&mut self) {
        let entries = self.schedule.index.weeks.entries();
        if !is_mixed(self.schedule, entries.iter().map(|(_, line)| *line)) {
            return;
        }
        let (closed, open): (Vec<_>, Vec<_>) = entries.iter().partition(|(_, line)| is_closed(self.schedule, *line));
        for (closed, _) in &closed {
            for (open, _) in &open {
                self.look_for_weeks(*closed, *open);
            }
        }
    }

    /// Looks at the weeks of one that are also the other's until lines are found to meet on each of
    /// their weekdays.
    fn look_for_weeks(&mut self, one: EveryWeeks, other: EveryWeeks) {
        self.looks = self.looks.saturating_sub(1);
        let begins = day_number(one.from.max(other.from));
        let soon = begins.max(self.today);
        let [_, (after, _), _] = self.eras;
        let stretches =
            [soon, soon.max(after), begins].map(|from| (from, from.saturating_add(WEEKS_UNTIL_ALL_MEET * 7)));
        let weeks = stretches.into_iter().flat_map(move |stretch| one.weeks_with(other, stretch));
        let days = weeks.flat_map(|monday| (monday..monday + 7).map(date_of));
        let days = days.filter(move |date| one.matches(*date) && other.matches(*date));
        self.look_through(days, one.bits() & other.bits(), Narrowness::WEEKS);
    }

    fn among_weekdays(&mut self) {
        for (weekday, lines) in self.schedule.index.weekdays.iter().enumerate() {
            if is_mixed(self.schedule, lines.iter().copied()) {
                let days = self.eras.into_iter().flat_map(|(first, last)| {
                    let ahead = weekday as i32 - i32::from(date_of(first).weekday().to_monday_zero_offset());
                    (first + ahead.rem_euclid(7)..=last).step_by(7)
                });
                self.look_through(days.map(date_of), 1 << weekday, Narrowness::WEEKDAYS);
            }
        }
    }

    /// Looks at days until lines of this narrowness are found to meet on each of the weekdays.
    fn look_through(&mut self, days: impl Iterator<Item = Date>, mut weekdays: u8, narrowness: Narrowness) {
        for date in days {
            if weekdays == 0 || self.looks == 0 {
                return;
            }
            self.looks -= 1;
            let weekday = bit(date.weekday());
            if weekdays & weekday != 0 && self.look_at(date, narrowness) {
                weekdays &= !weekday;
            }
        }
    }

    /// Whether lines of this narrowness decide the day and disagree. If so, tells each that
    /// disagrees with one before.
    fn look_at(&mut self, date: Date, narrowness: Narrowness) -> bool {
        let decider = self.schedule.index.decide(date, &self.schedule.except);
        // Ordinal days are gone through one by one.
        let ordinals = self.schedule.index.ordinals().map(|(tier, _)| tier.entries().len());
        self.looks = self.looks.saturating_sub(ordinals.iter().sum::<usize>() / 16);
        if decider.narrowness() != Some(narrowness) {
            return false;
        }
        let (mut first_closed, mut first_open) = (None, None);
        for line in decider.lines() {
            let first = if is_closed(self.schedule, line) { &mut first_closed } else { &mut first_open };
            *first = Some(first.map_or(line, |first: u32| first.min(line)));
            self.looks = self.looks.saturating_sub(1);
        }
        let (Some(first_closed), Some(first_open)) = (first_closed, first_open) else { return false };
        for later in decider.lines() {
            let earlier = if is_closed(self.schedule, later) { first_open } else { first_closed };
            if earlier < later && self.told.insert(later) {
                self.found.push(LineConflict { earlier: earlier as usize, later: later as usize, date });
            }
        }
        true
    }
}

fn is_closed(schedule: &Schedule, line: u32) -> bool {
    schedule.lines[line as usize].hours.is_closed()
}

/// Whether some of the lines say `closed` and some say hours.
fn is_mixed(schedule: &Schedule, mut lines: impl Iterator<Item = u32>) -> bool {
    let Some(first) = lines.next() else { return false };
    let closed = is_closed(schedule, first);
    lines.any(|line| is_closed(schedule, line) != closed)
}

/// From today on; and, where dates are written so near that they could hide all of that, after them
/// and before them.
fn eras(schedule: &Schedule, today: i32) -> [(i32, i32); 3] {
    const EMPTY: (i32, i32) = (1, 0);
    let length = i32::from(YEARS) * 366;
    let last_day = day_number(Date::MAX);
    let soon = (today, (today + length).min(last_day));
    let Some((earliest, latest)) = written_dates(schedule) else { return [soon, EMPTY, EMPTY] };
    let after = (latest + 1, (latest + length).min(last_day));
    // The year 0 is the first that can be written.
    let before = ((earliest - length).max(day_number(Date::ZERO)), earliest - 1);
    if latest < today { [soon, EMPTY, EMPTY] } else { [soon, after, before] }
}

/// The first date and the last that a range of the schedule, or its `except`, writes.
fn written_dates(schedule: &Schedule) -> Option<(i32, i32)> {
    let index = &schedule.index;
    let ranges = index.ranges.groups().flat_map(|(_, pieces)| pieces).map(|piece| (piece.first, piece.last));
    let ends = [index.dates.first(), index.dates.last()].into_iter().flatten();
    let dates = ends.map(|line| (day_number(line.date), day_number(line.date)));
    let excepted = schedule.except.iter().filter_map(|set| set.written_dates());
    let excepted = excepted.map(|(first, last)| (day_number(first), day_number(last)));
    ranges.chain(dates).chain(excepted).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// Days on which pieces that say `closed` lie over pieces that say hours, on these weekdays.
#[derive(Clone, Copy, Debug)]
struct PieceOverlap {
    first: i32,
    last: i32,
    weekdays: u8,
}

/// Where pieces of one narrowness meet: one for each stretch between two days at which a piece
/// begins or ends.
fn meetings(schedule: &Schedule, pieces: &[DayPiece]) -> Vec<PieceOverlap> {
    if !is_mixed(schedule, pieces.iter().map(|piece| piece.line)) {
        return Vec::new();
    }
    let mut edges: Vec<(i32, bool, &DayPiece)> = Vec::with_capacity(pieces.len() * 2);
    edges.extend(pieces.iter().flat_map(|piece| [(piece.first, true, piece), (piece.last + 1, false, piece)]));
    edges.sort_unstable_by_key(|(day, ..)| *day);
    // How many pieces say hours, and how many `closed`, on each weekday.
    let mut speaking = [[0i32; 7]; 2];
    let mut meetings: Vec<PieceOverlap> = Vec::new();
    for same_day in edges.chunk_by(|a, b| a.0 == b.0) {
        if let Some(open_ended) = meetings.last_mut() {
            open_ended.last = open_ended.last.min(same_day[0].0 - 1);
        }
        for (_, begins, piece) in same_day {
            let counts = &mut speaking[usize::from(is_closed(schedule, piece.line))];
            for weekday in (0..7).filter(|weekday| piece.weekdays & 1 << weekday != 0) {
                counts[weekday] += if *begins { 1 } else { -1 };
            }
        }
        let both = |weekday: &usize| speaking[0][*weekday] > 0 && speaking[1][*weekday] > 0;
        let weekdays = (0..7).filter(both).fold(0, |bits, weekday| bits | 1 << weekday);
        if weekdays != 0 {
            meetings.push(PieceOverlap { first: same_day[0].0, last: i32::MAX, weekdays });
        }
    }
    meetings
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::super::{Days, EasterDay, Hours, Line, Ordinal, Reckoning, Schedule, Weekdays, Window, Zone};
    use super::*;
    use jiff::civil::Weekday::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 24); // a Tuesday

    fn found(except: &[Days], lines: Vec<Line>) -> Vec<(usize, usize, Date)> {
        let except = vec![day_set(except)];
        let conflicts = Schedule::new(Zone::UTC, except, lines, Some(TODAY)).err().unwrap_or_default();
        conflicts.into_iter().map(|conflict| (conflict.earlier, conflict.later, conflict.date)).collect()
    }

    fn hours(days: Days) -> Line {
        open(days, 9, 10)
    }

    fn only(weekday: jiff::civil::Weekday) -> Option<Weekdays> {
        Some(Weekdays::one(weekday))
    }

    #[test]
    fn equally_narrow_closed_and_hours_name_the_next_day_that_both_decide() {
        let lines = vec![hours(weekly(Monday, Friday)), closed(weekly(Friday, Sunday))];
        assert_eq!(found(&[], lines), [(0, 1, date(2026, 11, 27))]);
    }

    #[test]
    fn each_kind_of_days_can_conflict() {
        let (march, june) = (date(2027, 3, 1), date(2027, 6, 1));
        for (a, b, day) in [
            (Days::date(march), Days::date(march), march),
            (dates(march, date(2027, 3, 5)), dates(date(2027, 3, 5), date(2027, 3, 9)), date(2027, 3, 5)),
            (every((3, 1), (3, 1)), every((3, 1), (3, 1)), march),
            (every((12, 30), (1, 2)), every((1, 2), (1, 5)), date(2027, 1, 2)),
            (every((2, 29), (2, 29)), every((2, 29), (2, 29)), date(2028, 2, 29)),
            (
                ordinal(Ordinal::First, Tuesday, Tuesday, Some(6)),
                ordinal(Ordinal::First, Monday, Friday, Some(6)),
                june,
            ),
            (
                ordinal(Ordinal::Fourth, Friday, Friday, None),
                ordinal(Ordinal::Last, Friday, Friday, None),
                date(2026, 11, 27),
            ),
        ] {
            assert_eq!(found(&[], vec![hours(a), closed(b)]), [(0, 1, day)], "{a:?}");
            assert_eq!(found(&[], vec![closed(b), hours(a)]), [(0, 1, day)], "{a:?}");
        }
    }

    #[test]
    fn lines_that_never_meet_agree() {
        for (a, b) in [
            (weekly(Monday, Friday), weekly(Saturday, Sunday)),
            (weekly(Monday, Friday), ordinal(Ordinal::First, Monday, Monday, None)),
            (Days::date(TODAY), dates(TODAY, TODAY.tomorrow().unwrap())),
            (every((3, 1), (3, 2)), every((3, 3), (3, 4))),
            (every_only((3, 1), (3, 9), only(Monday)), every_only((3, 1), (3, 9), only(Tuesday))),
            (ordinal(Ordinal::First, Monday, Monday, None), ordinal(Ordinal::Third, Monday, Monday, None)),
            (ordinal(Ordinal::First, Monday, Friday, None), ordinal(Ordinal::Third, Monday, Monday, None)),
            (ordinal(Ordinal::First, Monday, Monday, Some(1)), ordinal(Ordinal::First, Monday, Monday, Some(2))),
        ] {
            assert_eq!(found(&[], vec![hours(a), closed(b)]), []);
        }
    }

    #[test]
    fn a_day_that_a_narrower_line_or_except_decides_is_no_conflict() {
        let lines = vec![hours(every((12, 24), (12, 25))), closed(every((12, 25), (12, 26)))];
        let hidden = [lines.clone(), vec![hours(every((12, 25), (12, 25)))]].concat();
        assert_eq!(found(&[], hidden), []);
        assert_eq!(found(&[every((12, 25), (12, 25))], lines.clone()), []);
        // In 2026 alone the day is another line's: the next is a year later.
        let hidden_once = [lines.clone(), vec![hours(Days::date(date(2026, 12, 25)))]].concat();
        assert_eq!(found(&[], hidden_once), [(0, 1, date(2027, 12, 25))]);
        // Until 2099 every day is excepted.
        let century = dates(date(2000, 1, 1), date(2099, 12, 31));
        assert_eq!(found(&[century], lines), [(0, 1, date(2100, 12, 25))]);
    }

    #[test]
    fn on_an_excepted_day_lines_for_that_date_still_conflict() {
        let lines = vec![closed(Days::date(TODAY)), hours(Days::date(TODAY))];
        assert_eq!(found(&[Days::date(TODAY)], lines), [(0, 1, TODAY)]);
    }

    #[test]
    fn a_day_in_the_past_is_named_where_no_other_can_be() {
        let past = Days::date(date(2020, 1, 1));
        assert_eq!(found(&[], vec![closed(past), hours(past)]), [(0, 1, date(2020, 1, 1))]);
        let from_now_on = hours(dates(TODAY, Date::MAX));
        let lines = vec![closed(weekly(Monday, Monday)), hours(weekly(Monday, Monday)), from_now_on];
        let told = found(&[], lines);
        assert!(matches!(told[..], [(0, 1, day)] if day < TODAY), "{told:?}");
    }

    #[test]
    fn each_later_line_is_told_once_with_the_first_that_it_contradicts() {
        let lines = vec![
            hours(weekly(Monday, Friday)),
            open(weekly(Monday, Friday), 11, 12),
            closed(weekly(Monday, Tuesday)),
            closed(weekly(Tuesday, Wednesday)),
            open(weekly(Wednesday, Wednesday), 13, 14),
        ];
        let later: Vec<_> = found(&[], lines).into_iter().map(|(earlier, later, _)| (earlier, later)).collect();
        assert_eq!(later, [(0, 2), (0, 3), (3, 4)]);
    }

    #[test]
    fn schedules_made_to_be_slow_are_refused_or_taken_soon() {
        let number = |n: u16| Window::new(n % 1439, n % 1439 + 1).unwrap();
        let line = |days, n| Line { days: vec![days], sets: Vec::new(), hours: Hours::Windows(vec![number(n)]) };
        let mut many = Vec::new();
        for n in 0..20_000u16 {
            let first = date(2026, 1, 1) + jiff::SignedDuration::from_hours(24 * i64::from(n / 2));
            let days = dates(first, first + jiff::SignedDuration::from_hours(24 * 9_000));
            many.push(if n % 2 == 0 { closed(days) } else { line(days, n) });
        }
        assert!(!found(&[], many.clone()).is_empty());
        // Hidden, all of them, every day.
        let hidden = [many, vec![closed(weekly(Monday, Sunday)), hours(weekly(Monday, Sunday))]].concat();
        assert_eq!(found(&[weekly(Monday, Sunday)], hidden), []);
    }

    #[test]
    fn days_of_easter_meet_yearly_dates_in_the_year_in_which_they_do() {
        let whit_monday = Days::Easter(EasterDay { reckoning: Reckoning::Western, offset: 50 });
        let lines = vec![hours(weekly(Monday, Friday)), closed(whit_monday), hours(every((6, 2), (6, 2)))];
        assert_eq!(found(&[], lines), [(1, 2, date(2031, 6, 2))]);
        // Both Easters are one day in 2028.
        let orthodox = Days::Easter(EasterDay { reckoning: Reckoning::Orthodox, offset: 50 });
        let lines = vec![closed(whit_monday), hours(orthodox)];
        assert_eq!(found(&[], lines), [(0, 1, date(2028, 6, 5))]);
        // A yearly range is wider.
        assert_eq!(found(&[], vec![closed(whit_monday), hours(every((5, 1), (6, 30)))]), []);
    }

    #[test]
    fn weeks_meet_in_a_week_of_both() {
        let weeks = |weeks, from, weekdays| Days::Weeks(EveryWeeks { weeks, from, weekdays });
        let monday = date(2026, 12, 7);
        let mon_fri = Some(Weekdays::new(Monday, Friday));
        let lines = vec![hours(weeks(2, monday, mon_fri)), closed(weeks(3, date(2026, 12, 14), None))];
        assert_eq!(found(&[], lines), [(0, 1, date(2027, 1, 4))]);
        // Even weeks and odd ones never meet, nor do two weekdays.
        let lines = vec![hours(weeks(2, monday, mon_fri)), closed(weeks(4, date(2026, 12, 14), mon_fri))];
        assert_eq!(found(&[], lines), []);
        let lines = vec![hours(weeks(2, monday, None)), closed(weeks(3, date(2026, 12, 8), None))];
        assert_eq!(found(&[], lines), []);
        // One begins long after the years that are searched otherwise.
        let lines = vec![closed(weeks(2, monday, None)), hours(weeks(3, date(2090, 1, 2), mon_fri))];
        assert!(!found(&[], lines).is_empty());
    }

    #[test]
    fn sets_in_lines_conflict_like_the_days_they_name() {
        let mut line = hours(every((12, 24), (12, 24)));
        line.days.clear();
        line.sets.push(day_set(&[every((12, 24), (12, 24))]));
        let lines = vec![closed(every((12, 24), (12, 24))), line];
        assert_eq!(found(&[], lines), [(0, 1, date(2026, 12, 24))]);
    }
}
