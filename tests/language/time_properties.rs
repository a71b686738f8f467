//! Compares what a plan reads from the clock with the time-zone library: every test of time, minute
//! by minute.

use callplan::{Call, CompiledPlan, Outcome, Source, compile};
use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use proptest::prelude::*;

/// Days with unusual clocks: days of 23 and 25 hours, a change of half an hour, a day that was
/// skipped, a leap day, a change at midnight, a zone with an odd offset; and an ordinary day.
const DAYS: [(&str, Date); 12] = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("America/Santiago", date(2026, 9, 6)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Asia/Kathmandu", date(2028, 2, 29)),
    ("Europe/Berlin", date(2028, 2, 29)),
    ("UTC", date(2026, 7, 1)),
];

fn plan(zone: &str, condition: &str) -> CompiledPlan {
    let text = format!("timezone {zone}\nwhen {condition} {{ reject }}\n");
    compile(&Source::new("plan", text.as_str())).unwrap_or_else(|problems| panic!("{text}{problems:#?}"))
}

fn call(timestamp: Timestamp) -> Call {
    Call::new("+18005550100", timestamp)
}

/// Whether the condition holds at an instant.
fn holds(plan: &CompiledPlan, at: Timestamp) -> bool {
    plan.decide(&call(at)).outcome == Outcome::Reject
}

/// Every minute, and the second before it, from the day before to the day after.
fn minutes_around(zone: &TimeZone, day: Date) -> impl Iterator<Item = Timestamp> {
    let noon = zone.to_timestamp(day.at(12, 0, 0, 0)).expect("a noon");
    let minutes = (-36 * 60..36 * 60).map(move |minute: i64| noon + minute.minutes());
    minutes.flat_map(|minute| [minute - 1.second(), minute])
}

/// What the wall clock shows, to the minute.
fn shown(zone: &TimeZone, at: Timestamp) -> DateTime {
    let shown = zone.to_datetime(at);
    shown.date().at(shown.hour(), shown.minute(), 0, 0)
}

/// Compares both at every minute around every unusual day.
fn agree(condition: impl Fn(Date) -> String, expected: impl Fn(Date, DateTime) -> bool) {
    for (name, day) in DAYS {
        let zone = TimeZone::get(name).expect("a zone");
        let condition = condition(day);
        let plan = plan(name, &condition);
        for at in minutes_around(&zone, day) {
            let shown = shown(&zone, at);
            assert_eq!(holds(&plan, at), expected(day, shown), "`{condition}` at {at}, which is {shown} in {name}");
        }
    }
}

fn minute(shown: DateTime) -> i32 {
    i32::from(shown.hour()) * 60 + i32::from(shown.minute())
}

#[test]
fn a_window_holds_its_start_and_not_its_end() {
    agree(|_| "time in 01:30-02:15".to_owned(), |_, shown| (90..135).contains(&minute(shown)));
    agree(
        |_| "time in [22:00-06:00, 12:00-12:01]".to_owned(),
        |_, shown| minute(shown) >= 22 * 60 || minute(shown) < 6 * 60 || minute(shown) == 12 * 60,
    );
    agree(|_| "time >= 02:00 and time <= 02:30".to_owned(), |_, shown| (120..=150).contains(&minute(shown)));
    agree(|_| "time is 02:30".to_owned(), |_, shown| minute(shown) == 150);
}

#[test]
fn dates_are_those_of_the_wall_clock() {
    agree(|day| format!("date is {day}"), |day, shown| shown.date() == day);
    agree(|day| format!("date < {day}"), |day, shown| shown.date() < day);
    agree(
        |day| format!("date in {}..{day}", day.yesterday().expect("a day before")),
        |day, shown| shown.date() == day || shown.date() == day.yesterday().expect("a day before"),
    );
}

/// The first three letters of a word, as the language writes them.
fn word(long: &str) -> String {
    long.to_lowercase()[..3].to_owned()
}

#[test]
fn weekday_day_and_month_are_those_of_the_date() {
    agree(
        |day| format!("weekday is {}", word(&day.strftime("%A").to_string())),
        |day, shown| shown.date().weekday() == day.weekday(),
    );
    agree(
        |day| format!("month in [{}]", word(&day.strftime("%B").to_string())),
        |day, shown| shown.month() == day.month(),
    );
    agree(|day| format!("day is {}", day.day()), |day, shown| shown.day() == day.day());
    agree(|day| format!("day > {}", day.day().min(30)), |day, shown| shown.day() > day.day().min(30));
}

#[test]
fn a_moment_is_the_first_instant_that_shows_it() {
    for (name, day) in DAYS.into_iter().filter(|(name, _)| *name != "Pacific/Apia") {
        let zone = TimeZone::get(name).expect("a zone");
        let moment = day.at(3, 30, 0, 0);
        let plan = plan(name, &format!("now >= {day} 03:30"));
        let first = minutes_around(&zone, day).find(|at| shown(&zone, *at) == moment).expect("it is shown");
        for at in minutes_around(&zone, day) {
            assert_eq!(holds(&plan, at), at >= first, "{at} in {name}");
        }
    }
}

#[test]
fn a_moment_that_is_shown_twice_is_the_first() {
    let plan = plan("America/New_York", "now >= 2026-11-01 01:30");
    let first: Timestamp = "2026-11-01T05:30:00Z".parse().expect("an instant");
    assert!(!holds(&plan, first - 1.second()) && holds(&plan, first) && holds(&plan, first + 1.hour()));
}

proptest! {
    #[test]
    fn an_offset_says_how_an_instant_is_written_and_nothing_else(
        second in -2_208_988_800_i64..4_102_444_800,
        offset in -18 * 60..=18 * 60,
        (name, day) in prop::sample::select(&DAYS[..]),
        (start, end) in (0..24 * 60_i32, 0..24 * 60_i32).prop_filter("a window", |(start, end)| start != end),
    ) {
        let offset = jiff::tz::Offset::from_seconds(offset * 60).expect("an offset");
        let instant = Timestamp::from_second(second).expect("an instant");
        let written = format!("{}{offset}", offset.to_datetime(instant));
        let read: Timestamp = written.parse().expect("an instant");
        prop_assert_eq!(read, instant, "{}", written);
        let zone = TimeZone::get(name).expect("a zone");
        let at = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
        let plan = plan(name, &format!("time in {}-{} and date >= {day}", at(start), at(end)));
        let shown = shown(&zone, read);
        let inside = match start < end {
            true => (start..end).contains(&minute(shown)),
            false => minute(shown) >= start || minute(shown) < end,
        };
        prop_assert_eq!(holds(&plan, read), inside && shown.date() >= day, "{} {}", read, shown);
    }
}
