//! Opening hours as data: as text in a plan, evaluated on a local clock, and worked out beforehand
//! as instants.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use std::fmt::Write as _;

/// The days (month and day) on which schedules with holidays are closed.
pub const HOLIDAYS: [(i8, i8); 3] = [(1, 1), (7, 4), (12, 25)];

/// `HOLIDAYS` as a plan writes them.
pub const HOLIDAYS_TEXT: &str = "days holidays = [every 01-01, every 07-04, every 12-25]\n";

/// The days on which calls come: from the day of the check, within the horizon of the plan.
pub const FIRST_DAY: Date = Date::constant(2026, 11, 24);
pub const LAST_DAY: Date = Date::constant(2029, 12, 31);

/// A schedule.
#[derive(Clone)]
pub struct Hours {
    pub name: &'static str,
    pub keeps_holidays: bool,
    pub lines: Vec<Line>,
}

/// A line of a schedule: weekdays (1 is Monday) and windows in minutes of the day. No window
/// crosses midnight.
#[derive(Clone)]
pub struct Line {
    pub days: (i8, i8),
    pub windows: Vec<(u16, u16)>,
}

/// A time as minutes of the day.
pub fn minutes(hour: u16, minute: u16) -> u16 {
    hour * 60 + minute
}

/// A local time as minutes of the day.
pub fn minute_of(local: DateTime) -> u16 {
    local.hour() as u16 * 60 + local.minute() as u16
}

impl Hours {
    /// The schedule as a plan writes it.
    pub fn text(&self) -> String {
        let except = if self.keeps_holidays { " except holidays" } else { "" };
        let mut text = format!("schedule {}{except} {{\n", self.name);
        for Line { days: (first, last), windows } in &self.lines {
            let windows = windows.iter().map(|(start, end)| format!("{}-{}", clock(*start), clock(*end)));
            let windows = windows.collect::<Vec<_>>().join(", ");
            let _ = match first == last {
                true => writeln!(text, "  {} {windows}", day_word(*first)),
                false => writeln!(text, "  {}-{} {windows}", day_word(*first), day_word(*last)),
            };
        }
        text + "}\n"
    }

    /// Whether it is open at this local time.
    pub fn is_open(&self, local: DateTime) -> bool {
        let day = local.weekday().to_monday_one_offset();
        let minute = minute_of(local);
        let holds = |line: &Line| {
            (line.days.0..=line.days.1).contains(&day)
                && line.windows.iter().any(|(start, end)| (*start..*end).contains(&minute))
        };
        !(self.keeps_holidays && HOLIDAYS.contains(&(local.month(), local.day()))) && self.lines.iter().any(holds)
    }

    /// The instants, in minutes since 1970, at which it opens and closes in turn; the first one
    /// opens it.
    pub fn flips(&self, zone: &TimeZone) -> Vec<u32> {
        let mut flips: Vec<u32> = Vec::new();
        for date in FIRST_DAY.series(jiff::Span::new().days(1)).take_while(|date| *date <= LAST_DAY) {
            let day = date.weekday().to_monday_one_offset();
            if self.keeps_holidays && HOLIDAYS.contains(&(date.month(), date.day())) {
                continue;
            }
            let today = self.lines.iter().filter(|line| (line.days.0..=line.days.1).contains(&day));
            for (start, end) in today.flat_map(|line| &line.windows) {
                let (start, end) = (instant(zone, date, *start), instant(zone, date, *end));
                // A window that begins at midnight continues the one that ends there.
                match flips.last() {
                    Some(last) if *last == start => drop(flips.pop()),
                    Some(_) | None => flips.push(start),
                }
                flips.push(end);
            }
        }
        flips
    }
}

/// Whether a schedule is open, from its `flips`.
pub fn is_open_at(flips: &[u32], instant: Timestamp) -> bool {
    let minute = (instant.as_second() / 60) as u32;
    flips.partition_point(|flip| *flip <= minute) % 2 == 1
}

fn instant(zone: &TimeZone, date: Date, minute: u16) -> u32 {
    let midnight = date.at(0, 0, 0, 0);
    let shown = midnight.checked_add(jiff::Span::new().minutes(i64::from(minute))).expect("a time in this century");
    (zone.to_timestamp(shown).expect("a time in this century").as_second() / 60) as u32
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn day_word(day: i8) -> &'static str {
    match Weekday::from_monday_one_offset(day).expect("1 to 7") {
        Weekday::Monday => "mon",
        Weekday::Tuesday => "tue",
        Weekday::Wednesday => "wed",
        Weekday::Thursday => "thu",
        Weekday::Friday => "fri",
        Weekday::Saturday => "sat",
        Weekday::Sunday => "sun",
    }
}
