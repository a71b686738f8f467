use super::*;
use crate::compile::time::{TimeAnswers, TimeTest};
use crate::schedule::{DaySet, Days, Hours, Line, MonthDay, Schedule, Weekdays, Window, join_touching};
use jiff::civil::{Weekday::*, date};
use proptest::prelude::*;
use std::sync::Arc;

const NEW_YORK: &str = "America/New_York";

/// The period of the tests: from 25 November 2026 to the end of 2031.
struct Years {
    zone: Zone,
    horizon: Horizon,
}

impl Years {
    fn new(zone: &str) -> Self {
        Self { zone: Zone::find(zone).unwrap(), horizon: Horizon::of(date(2026, 11, 25)) }
    }

    fn begins(&self, date: Date) -> u32 {
        let begins =
            self.zone.instant(Moment { date, minute: 0 }).or_else(|skipped| self.zone.instant(skipped.first_after));
        self.horizon.second(begins.unwrap())
    }

    fn period(&self) -> Range<u32> {
        self.begins(date(2026, 11, 25))..self.begins(date(2032, 1, 1))
    }

    fn calendar(&self, named: Vec<NamedDays>) -> Calendar {
        ClockTimes::calendar(&self.period(), &self.horizon, &self.zone, named)
    }

    fn told(&self, times: &[(u32, u32)], named: Vec<NamedDays>) -> ClockTimes {
        ClockTimes::of(times, self.period(), &self.horizon, &self.zone, &self.calendar(named))
    }

    /// The times at which the clock shows one of these windows on one of these days.
    fn times(&self, windows: impl Fn(Date) -> DailyWindows) -> Vec<(u32, u32)> {
        let mut times = Vec::new();
        let changes = self.zone.clock_changes(self.horizon.from, self.horizon.until);
        let changed: Vec<Date> = changes.map(|(at, _)| self.zone.read(at).date).collect();
        for date in self.calendar(Vec::new()).days {
            if !changed.contains(&date) {
                let begins = self.begins(date);
                let second = |minute: u16| begins + 60 * u32::from(minute);
                times.extend(windows(date).into_iter().map(|(from, to)| (second(from), second(to))));
                continue;
            }
            for minute in windows(date).into_iter().flat_map(|(from, to)| from..to) {
                let instants = self.zone.instants(Moment { date, minute });
                times.extend(instants.map(|at| (self.horizon.second(at), self.horizon.second(at) + 60)));
            }
        }
        times.sort_unstable();
        join_touching(&mut times);
        times
    }
}

/// What is said of the times at which a schedule is open.
fn shown(lines: Vec<(Days, Hours)>, except: Vec<Days>) -> String {
    let years = Years::new(NEW_YORK);
    let lines = lines.into_iter().map(|(days, hours)| Line { days: vec![days], sets: Vec::new(), hours }).collect();
    let holidays = Arc::new(DaySet::new(&except, Vec::new()));
    let schedule = Schedule::new(years.zone.clone(), vec![Arc::clone(&holidays)], lines, None).unwrap();
    let answers = TimeAnswers::of(TimeTest::Open(&schedule), &years.horizon).within(&years.period());
    let mut changes = answers.changes.to_vec();
    if answers.first {
        changes.insert(0, years.period().start);
    }
    let end = years.period().end;
    let times: Vec<(u32, u32)> = changes.chunks(2).map(|pair| (pair[0], *pair.get(1).unwrap_or(&end))).collect();
    let named = if except.len() > 1 { vec![NamedDays::new("holidays", &holidays)] } else { Vec::new() };
    years.told(&times, named).to_string()
}

fn windows(windows: &[(u16, u16)]) -> Hours {
    Hours::Windows(windows.iter().map(|(from, to)| Window::new(*from, *to).unwrap()).collect())
}

fn each_year(month: i8, day: i8) -> Days {
    Days::every(MonthDay::new(month, day).unwrap())
}

#[test]
fn a_week_is_said_as_on_a_door() {
    let week = |first, last| Days::Weekdays(Weekdays::new(first, last));
    let office = vec![
        (week(Monday, Friday), windows(&[(540, 750), (810, 1050)])),
        (week(Saturday, Saturday), windows(&[(600, 840)])),
    ];
    insta::assert_snapshot!(shown(office.clone(), vec![]), @"Mon-Fri 09:00-12:30 and 13:30-17:30; Sat 10:00-14:00");
    insta::assert_snapshot!(
        shown(office.clone(), vec![each_year(12, 25)]),
        @"Mon-Fri 09:00-12:30 and 13:30-17:30, but not on 25 December; Sat 10:00-14:00, but not on 25 December 2027"
    );
    let holidays = vec![each_year(12, 25), each_year(1, 1), each_year(7, 4), each_year(11, 11), each_year(6, 19)];
    insta::assert_snapshot!(
        shown(office, holidays),
        @"Mon-Fri 09:00-12:30 and 13:30-17:30, but not on holidays; Sat 10:00-14:00, but not on holidays"
    );
    let night = vec![(week(Friday, Friday), windows(&[(1320, 360)]))];
    insta::assert_snapshot!(shown(night, vec![]), @"Fri 22:00-24:00; Sat 00:00-06:00");
    let day = Days::date(date(2026, 12, 24));
    insta::assert_snapshot!(shown(vec![(day, windows(&[(540, 720)]))], vec![]), @"24 December 2026 09:00-12:00");
    let summer = Days::Dates { first: date(2027, 6, 15), last: date(2027, 8, 31), only: None };
    insta::assert_snapshot!(
        shown(vec![(summer, windows(&[(540, 720)]))], vec![]),
        @"15 June 2027 to 31 August 2027 09:00-12:00"
    );
    let always = vec![(week(Monday, Sunday), Hours::AllDay)];
    insta::assert_snapshot!(shown(always, vec![]), @"");
}

const WINDOWS: [(u16, u16); 2] = [(540, 720), (780, 1020)];

/// What is said of days with the same hours.
fn of_days(holds: impl Fn(Date) -> bool) -> String {
    let years = Years::new(NEW_YORK);
    let times = years.times(|date| if holds(date) { WINDOWS[..1].to_vec() } else { DailyWindows::new() });
    years.told(&times, Vec::new()).to_string()
}

#[test]
fn each_form_is_said_in_its_own_form() {
    let is_workday = |day: Date| weekday_of(day) < 5;
    let season = DayRule::InYear { weekdays: 0b1_1111, from: (12, 7), until: (4, 4) };
    insta::assert_snapshot!(of_days(|day| season.contains(day)), @"Mon-Fri 09:00-12:00, 7 December to 4 April");
    insta::assert_snapshot!(
        of_days(|day| season.contains(day) && ![(12, 25), (12, 26)].contains(&(day.month(), day.day()))),
        @"Mon-Fri 09:00-12:00, 7 December to 4 April, but not on 25 and 26 December"
    );
    let second_saturday = DayRule::Counted { which: 2, weekday: 5, months: 0b1_1111_1111_1110 };
    insta::assert_snapshot!(of_days(|day| second_saturday.contains(day)), @"second Sat of every month 09:00-12:00");
    let last_monday = DayRule::Counted { which: 0, weekday: 0, months: 1 << 5 };
    insta::assert_snapshot!(of_days(|day| last_monday.contains(day)), @"last Mon of May 09:00-12:00");
    insta::assert_snapshot!(
        of_days(|day| is_workday(day) && !last_monday.contains(day)),
        @"Mon-Fri 09:00-12:00, but not on last Mon of May"
    );
    let fortnight = DayRule::EveryWeeks { weeks: 2, weekdays: 1 << 2, monday: date(2026, 11, 30) };
    insta::assert_snapshot!(
        of_days(|day| fortnight.contains(day)),
        @"every 2 weeks Wed 09:00-12:00, counted from the week of 30 November 2026"
    );
    let july_and_august = DayRule::InYear { weekdays: 0b111_1111, from: (7, 1), until: (8, 31) };
    insta::assert_snapshot!(of_days(|day| july_and_august.contains(day)), @"every day 09:00-12:00, 1 July to 31 August");
    insta::assert_snapshot!(of_days(|day| (day.month(), day.day()) == (12, 25)), @"25 December 09:00-12:00");
    insta::assert_snapshot!(
        of_days(|day| is_workday(day) && day <= date(2027, 4, 4)),
        @"Mon-Fri 09:00-12:00, until 2 April 2027"
    );
    insta::assert_snapshot!(
        of_days(|day| is_workday(day) && !(date(2026, 12, 24)..=date(2027, 1, 3)).contains(&day)),
        @"Mon-Fri 09:00-12:00, but not on 24 December 2026 to 1 January 2027"
    );
    // What no short rule tells is counted.
    insta::assert_snapshot!(
        of_days(|day| (i64::from(day.day()) * 7 + i64::from(day.month()) * 11) % 13 == 0),
        @"4 January, 9 and 22 December and 125 other days 09:00-12:00"
    );
}

#[test]
fn one_stretch_is_said_by_its_ends() {
    let years = Years::new(NEW_YORK);
    let (start, end) = (years.begins(date(2026, 12, 7)) + 8 * 3600, years.begins(date(2027, 4, 5)));
    let told = |from: u32, to: u32| years.told(&[(from, to)], Vec::new()).to_string();
    insta::assert_snapshot!(told(start, years.period().end), @"from 7 December 2026 08:00");
    insta::assert_snapshot!(told(start, end), @"from 7 December 2026 08:00 to 4 April 2027");
    insta::assert_snapshot!(told(years.period().start, end), @"until 4 April 2027");
    insta::assert_snapshot!(told(years.period().start, years.period().end), @"");
    insta::assert_snapshot!(told(start, start + 7200), @"7 December 2026 08:00-10:00");
}

fn rule() -> impl Strategy<Value = DayRule> {
    let weekdays = 1_u8..128;
    let year_day = || (1_i8..13, 1_i8..29);
    prop_oneof![
        weekdays.clone().prop_map(DayRule::Weekdays),
        (weekdays.clone(), year_day(), year_day()).prop_map(|(weekdays, from, until)| DayRule::InYear {
            weekdays,
            from,
            until
        }),
        (0_u8..6, 0_u8..7, 1_u16..4096).prop_map(|(which, weekday, months)| DayRule::Counted {
            which,
            weekday,
            months: months << 1
        }),
        (2_u8..8, weekdays, 0_i32..30).prop_map(|(weeks, weekdays, week)| DayRule::EveryWeeks {
            weeks,
            weekdays,
            monday: date(2026, 11, 30).saturating_add(jiff::Span::new().weeks(week)),
        }),
        proptest::collection::vec(year_day(), 1..4).prop_map(DayRule::EachYear),
        (0_i32..1800, 1_i32..60).prop_map(|(from, days)| {
            let from = date(2026, 11, 25).saturating_add(jiff::Span::new().days(from));
            DayRule::Range(from, from.saturating_add(jiff::Span::new().days(days)))
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Read back, a sentence gives the times that it was made of. What it only counts is all that
    /// may differ.
    #[test]
    fn what_is_said_are_the_times(
        first in rule(),
        second in rule(),
        left_out in rule(),
        zone in prop_oneof![Just("America/New_York"), Just("Europe/London"), Just("UTC"), Just("Australia/Lord_Howe")],
    ) {
        let years = Years::new(zone);
        let hours = |date: Date| match (left_out.contains(date), first.contains(date), second.contains(date)) {
            (true, _, _) | (_, false, false) => DailyWindows::new(),
            (_, true, _) => WINDOWS.to_vec(),
            (_, _, true) => vec![(60, 150)],
        };
        let times = years.times(hours);
        prop_assume!(!times.is_empty());
        let told = years.told(&times, Vec::new());
        if told.stretch.is_none() {
            let days = years.calendar(Vec::new()).days;
            let wrong: Vec<Date> = days.iter().copied().filter(|day| told.windows_on(*day) != hours(*day)).collect();
            // A window in an hour that the clock skips is none, or a shorter one.
            let changes = years.zone.clock_changes(years.horizon.from, years.horizon.until);
            let changed: Vec<Date> = changes.map(|(at, _)| years.zone.read(at).date).collect();
            let wrong: Vec<Date> = wrong.into_iter().filter(|day| !changed.contains(day)).collect();
            prop_assert!(wrong.len() <= told.more(), "{told}: {wrong:?}");
        }
    }

    /// One rule alone is told without a rest.
    #[test]
    fn a_rule_alone_is_told_exactly(rule in rule()) {
        if let DayRule::InYear { from, until, .. } = &rule {
            // A part that leaves out less than a month may look like weeks with exceptions.
            let months_out = (from.0 - until.0).rem_euclid(12);
            prop_assume!(months_out > 1 || (months_out == 0 && from <= until));
        }
        let years = Years::new("UTC");
        let times = years.times(|date| if rule.contains(date) { WINDOWS.to_vec() } else { DailyWindows::new() });
        prop_assume!(!times.is_empty());
        let told = years.told(&times, Vec::new());
        prop_assert_eq!(told.more(), 0, "{}: {:?}", told, rule);
    }
}
