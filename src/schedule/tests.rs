//! What the rules of a schedule come to, one by one.

use super::samples::*;
use super::*;
use jiff::civil::Weekday::*;
use jiff::civil::date;

/// The full hours at whose start it is open on a day.
fn open_hours(schedule: &Schedule, date: Date) -> Vec<u16> {
    (0..24).filter(|hour| schedule.is_open_on(Moment { date, minute: hour * 60 })).collect()
}

fn at(schedule: &Schedule, instant: &str) -> bool {
    schedule.is_open_at(instant.parse().unwrap())
}

const CHRISTMAS: Date = date(2026, 12, 25); // a Friday

#[test]
fn of_the_lines_that_name_a_day_the_narrowest_decides() {
    let mut lines = vec![
        open(weekly(Friday, Friday), 7, 8),
        open(ordinal(Ordinal::Fourth, Friday, Friday, None), 6, 7),
        open(ordinal(Ordinal::Fourth, Friday, Friday, Some(12)), 5, 6),
        open(every((12, 1), (12, 31)), 4, 5),
        open(every((12, 25), (12, 25)), 3, 4),
        open(dates(date(2026, 12, 1), date(2026, 12, 31)), 2, 3),
        open(dates(date(2026, 12, 24), date(2026, 12, 26)), 1, 2),
        open(Days::date(CHRISTMAS), 0, 1),
    ];
    while let Some(narrowest) = lines.len().checked_sub(1) {
        let schedule = schedule(&[], lines.clone());
        assert_eq!(open_hours(&schedule, CHRISTMAS), [7 - narrowest as u16]);
        assert_eq!(schedule.day(CHRISTMAS).lines().collect::<Vec<_>>(), [narrowest]);
        lines.pop();
    }
}

#[test]
fn the_order_of_the_lines_does_not_matter() {
    let mut lines = vec![
        open(weekly(Monday, Sunday), 8, 12),
        open(every((12, 20), (12, 31)), 9, 10),
        closed(Days::date(CHRISTMAS)),
    ];
    let before = schedule(&[], lines.clone());
    lines.reverse();
    let after = schedule(&[], lines);
    for day in 19..=31 {
        assert_eq!(open_hours(&before, date(2026, 12, day)), open_hours(&after, date(2026, 12, day)));
    }
}

#[test]
fn equally_narrow_lines_add_up() {
    let both = schedule(&[], vec![open(weekly(Monday, Friday), 9, 11), open(weekly(Friday, Friday), 10, 13)]);
    assert_eq!(open_hours(&both, CHRISTMAS), [9, 10, 11, 12]);
    assert_eq!(both.day(CHRISTMAS).lines().count(), 2);
}

#[test]
fn of_equally_long_ranges_the_one_that_names_weekdays_decides() {
    let friday = Some(Weekdays::one(Friday));
    let lines = vec![open(every((12, 20), (12, 31)), 1, 2), open(every_only((12, 24), (1, 4), friday), 3, 4)];
    let schedule = schedule(&[], lines);
    assert_eq!(open_hours(&schedule, CHRISTMAS), [3]);
    assert_eq!(open_hours(&schedule, date(2026, 12, 26)), [1]);
}

#[test]
fn a_line_with_several_days_is_one_line_for_each() {
    let hours = Hours::Windows(vec![window(9, 10)]);
    let days = vec![weekly(Monday, Monday), Days::date(CHRISTMAS)];
    let schedule = schedule(&[], vec![Line { days, sets: Vec::new(), hours }, open(weekly(Friday, Friday), 1, 2)]);
    assert_eq!(open_hours(&schedule, CHRISTMAS), [9]);
    assert_eq!(open_hours(&schedule, date(2026, 12, 28)), [9]);
}

#[test]
fn on_an_excepted_day_only_a_line_for_that_one_date_opens() {
    let except = [every((12, 24), (12, 26))];
    let lines = vec![
        open(weekly(Monday, Sunday), 8, 9),
        open(dates(date(2026, 12, 24), date(2026, 12, 26)), 9, 10),
        open(Days::date(date(2026, 12, 24)), 10, 11),
    ];
    let schedule = schedule(&except, lines);
    assert_eq!(open_hours(&schedule, date(2026, 12, 24)), [10]);
    assert_eq!(open_hours(&schedule, CHRISTMAS), [0u16; 0]);
    assert_eq!(schedule.day(CHRISTMAS).decided_by(), DecidedBy::Except);
    assert_eq!(schedule.day(CHRISTMAS).lines().count(), 0);
    assert_eq!(open_hours(&schedule, date(2026, 12, 27)), [8]);
}

#[test]
fn a_window_over_midnight_runs_on_into_a_day_that_is_excepted_or_closed() {
    let lines = vec![open(weekly(Monday, Sunday), 22, 6), closed(Days::date(date(2026, 12, 27)))];
    let schedule = schedule(&[Days::date(CHRISTMAS)], lines);
    assert_eq!(open_hours(&schedule, CHRISTMAS), [0, 1, 2, 3, 4, 5]);
    assert_eq!(open_hours(&schedule, date(2026, 12, 26)), [22, 23]);
    assert_eq!(open_hours(&schedule, date(2026, 12, 27)), [0, 1, 2, 3, 4, 5]);
    assert_eq!(open_hours(&schedule, date(2026, 12, 28)), [22, 23]);
    let running_on = schedule.open_window(Moment { date: CHRISTMAS, minute: 30 }).unwrap();
    assert_eq!((running_on.line, running_on.started), (0, date(2026, 12, 24)));
}

#[test]
fn working_days_are_those_that_are_not_excepted() {
    // The last three working days of 2026, and one before them, are the 31st, 30th, 29th and 28th.
    let except = [dates(date(2026, 12, 29), date(2026, 12, 31)), every((1, 1), (1, 1))];
    let lines = vec![
        open(ordinal(Ordinal::Last, Monday, Friday, None), 9, 10),
        open(ordinal(Ordinal::First, Monday, Friday, None), 11, 12),
    ];
    let schedule = schedule(&except, lines);
    assert_eq!(open_hours(&schedule, date(2026, 12, 28)), [9]);
    assert_eq!(open_hours(&schedule, date(2026, 12, 31)), [0u16; 0]);
    assert_eq!(open_hours(&schedule, date(2027, 1, 1)), [0u16; 0]);
    // 2 and 3 January 2027 are a weekend.
    assert_eq!(open_hours(&schedule, date(2027, 1, 4)), [11]);
}

#[test]
fn a_single_weekday_is_counted_though_it_is_excepted() {
    let except = [Days::date(date(2026, 12, 4))];
    let schedule = schedule(&except, vec![open(ordinal(Ordinal::First, Friday, Friday, None), 9, 10)]);
    assert_eq!(open_hours(&schedule, date(2026, 12, 4)), [0u16; 0]);
    assert_eq!(open_hours(&schedule, date(2026, 12, 11)), [0u16; 0]);
}

#[test]
fn a_repeated_hour_counts_twice_and_a_skipped_one_never_comes() {
    let lines = || vec![open(weekly(Sunday, Sunday), 1, 3)];
    let new_york = in_zone("America/New_York", &[], lines());
    // 1 November 2026: 01:30 in summer time, then 01:30 in winter time.
    assert!(at(&new_york, "2026-11-01T05:30:00Z") && at(&new_york, "2026-11-01T06:30:00Z"));
    // 8 March 2026: after 01:59 comes 03:00.
    assert!(at(&new_york, "2026-03-08T06:59:59Z") && !at(&new_york, "2026-03-08T07:00:00Z"));
}

#[test]
fn the_tail_of_a_night_counts_by_the_reading_though_the_zone_skipped_its_day() {
    // In Apia, Thursday 29 December 2011 was followed by Saturday the 31st.
    let apia = in_zone("Pacific/Apia", &[], vec![open(weekly(Friday, Friday), 22, 6)]);
    assert!(at(&apia, "2011-12-30T10:30:00Z"), "00:30 on Saturday");
    assert!(!at(&apia, "2011-12-30T09:30:00Z"), "23:30 on Thursday");
}

#[test]
fn why_a_day_is_as_it_is() {
    let schedule = schedule(&[], vec![closed(weekly(Saturday, Sunday)), open(weekly(Monday, Thursday), 9, 10)]);
    assert_eq!(schedule.day(CHRISTMAS).decided_by(), DecidedBy::NoLine);
    let saturday = schedule.day(date(2026, 12, 26));
    assert_eq!(saturday.decided_by(), DecidedBy::Lines(Narrowness::of(&weekly(Saturday, Sunday))));
    assert_eq!(saturday.lines().collect::<Vec<_>>(), [0]);
    assert_eq!(saturday.windows().count(), 0);
    let thursday = schedule.day(date(2026, 12, 24));
    assert_eq!(thursday.windows().collect::<Vec<_>>(), [(1, window(9, 10))]);
}

#[test]
fn a_schedule_is_past_when_every_line_is() {
    let past = open(Days::date(CHRISTMAS), 9, 10);
    let range = closed(dates(date(2026, 12, 1), date(2026, 12, 28)));
    let both = schedule(&[], vec![past.clone(), range]);
    assert!(both.is_past(date(2026, 12, 29)) && !both.is_past(date(2026, 12, 28)));
    assert!(!schedule(&[], vec![past, open(weekly(Monday, Monday), 9, 10)]).is_past(date(2030, 1, 1)));
    assert!(!schedule(&[], Vec::new()).is_past(date(2030, 1, 1)));
}

#[test]
fn the_ends_of_the_calendar_are_days_like_others() {
    let schedule = in_zone("Pacific/Kiritimati", &[], vec![open(weekly(Monday, Sunday), 22, 6)]);
    assert!(at(&schedule, "9999-12-30T09:00:00Z"));
    assert!(!schedule.is_open_on(Moment { date: Date::MIN, minute: 0 }), "no evening before");
}
