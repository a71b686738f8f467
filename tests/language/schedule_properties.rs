//! Schedules agree, minute by minute, with a definition that is written for clarity: without an
//! index, with every day of a month or a year counted. `PROPTEST_CASES` is the number of schedules
//! for each zone.

use callplan::schedule::*;
use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZoneDatabase;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Zones and days with unusual clocks or calendars.
const SCENES: [(&str, Date); 14] = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/London", date(2027, 3, 28)),
    ("Europe/London", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),
    ("Asia/Kathmandu", date(2027, 12, 31)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("Pacific/Apia", date(2011, 12, 30)),
    // The clock went from 23:59 to 01:00: a day without midnight.
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("Asia/Kolkata", date(2028, 2, 29)),
    ("UTC", date(2028, 2, 29)),
];

// The definition.

struct Definition {
    except: Vec<Days>,
    lines: Vec<DefinedLine>,
    closures: Vec<Closure>,
}

/// A line whose sets are written out.
#[derive(Clone, Debug)]
struct DefinedLine {
    days: Vec<Days>,
    of_set: Vec<Days>,
    hours: Hours,
}

impl DefinedLine {
    /// Each entry, and whether it is of a set.
    fn entries(&self) -> impl Iterator<Item = (&Days, bool)> {
        self.days.iter().map(|days| (days, false)).chain(self.of_set.iter().map(|days| (days, true)))
    }

    fn built(&self) -> Line {
        let set = Arc::new(DaySet::new(&self.of_set, Vec::new()));
        let sets = if self.of_set.is_empty() { Vec::new() } else { vec![set] };
        Line { days: self.days.clone(), sets, hours: self.hours.clone() }
    }
}

fn crosses(window: &Window) -> bool {
    window.end() <= window.start()
}

impl Definition {
    fn is_open(&self, shown: jiff::civil::DateTime, days: &mut HashMap<Date, Vec<Window>>) -> bool {
        let minute = shown.hour() as u16 * 60 + shown.minute() as u16;
        let moment = Moment { date: shown.date(), minute };
        if self.closures.iter().any(|closure| closure.from <= moment && moment < closure.to) {
            return false;
        }
        if let Some(opens) = self.change(moment) {
            return opens;
        }
        let mut windows = |date: Date| days.entry(date).or_insert_with(|| self.windows(date)).clone();
        windows(shown.date()).iter().any(|w| w.start() <= minute && (crosses(w) || minute < w.end()))
            || windows(shown.date().yesterday().unwrap()).iter().any(|w| crosses(w) && minute < w.end())
    }

    /// What the narrowest line says that changes hours and holds the minute.
    fn change(&self, Moment { date, minute }: Moment) -> Option<bool> {
        let before = date.yesterday().unwrap();
        let mut holding: Vec<((u8, usize, u8), bool)> = Vec::new();
        for line in &self.lines {
            let (windows, opens) = match &line.hours {
                Hours::ClosedWindows(windows) => (windows, false),
                Hours::AlsoWindows(windows) => (windows, true),
                Hours::Closed | Hours::AllDay | Hours::Windows(_) => continue,
            };
            let on_the_day = windows.iter().any(|w| w.start() <= minute && (crosses(w) || minute < w.end()));
            let runs_on = windows.iter().any(|w| crosses(w) && minute < w.end());
            for started in [on_the_day.then_some(date), runs_on.then_some(before)].into_iter().flatten() {
                let counting = line.entries().filter(|(days, of_set)| self.counts(days, *of_set, opens, started));
                holding.extend(counting.map(|(days, _)| (width(days), opens)));
            }
        }
        holding.into_iter().min().map(|(_, opens)| opens)
    }

    /// Whether an entry of a line that changes hours counts on a day.
    fn counts(&self, days: &Days, of_set: bool, opens: bool, date: Date) -> bool {
        let off = if of_set { &[][..] } else { &self.except };
        if !matches(days, date, off) {
            return false;
        }
        match self.deciding_entries(date).first() {
            Some((decides, _)) => width(days) <= *decides,
            None if is_in(&self.except, date) => !opens || width(days).0 == 0 && !of_set,
            None => true,
        }
    }

    fn windows(&self, date: Date) -> Vec<Window> {
        self.deciding(date).iter().flat_map(|line| line.hours.windows().to_vec()).collect()
    }

    /// The lines that decide, closed or not.
    fn deciding(&self, date: Date) -> Vec<&DefinedLine> {
        self.deciding_entries(date).into_iter().map(|(_, line)| line).collect()
    }

    fn deciding_entries(&self, date: Date) -> Vec<((u8, usize, u8), &DefinedLine)> {
        let excepted = is_in(&self.except, date);
        let mut by_width: Vec<((u8, usize, u8), &DefinedLine)> = Vec::new();
        let changes = |hours: &Hours| matches!(hours, Hours::ClosedWindows(_) | Hours::AlsoWindows(_));
        for line in self.lines.iter().filter(|line| !changes(&line.hours)) {
            for (days, of_set) in line.entries() {
                let off = if of_set { &[][..] } else { &self.except };
                let is_written = width(days).0 == 0 && !of_set;
                if matches(days, date, off) && (!excepted || is_written) {
                    by_width.push((width(days), line));
                }
            }
        }
        let narrowest = by_width.iter().map(|(width, _)| *width).min();
        by_width.into_iter().filter(|(width, _)| Some(*width) == narrowest).collect()
    }
}

/// As in a `days` set, where no day is off.
fn is_in(set: &[Days], date: Date) -> bool {
    set.iter().any(|days| matches(days, date, &[]))
}

fn matches(days: &Days, date: Date, off: &[Days]) -> bool {
    let kept = |only: &Option<Weekdays>| only.is_none_or(|only| named(only).contains(&date.weekday()));
    match days {
        Days::Weekdays(weekdays) => named(*weekdays).contains(&date.weekday()),
        Days::Dates { first, last, only } => *first <= date && date <= *last && kept(only),
        Days::Yearly { first, last, only } => places(*first, *last).contains(&MonthDay::of(date)) && kept(only),
        Days::Ordinal(ordinal) => {
            let counted = date - jiff::Span::new().days(ordinal.offset);
            let month: Vec<Date> = counted.first_of_month().series(jiff::Span::new().days(1)).take(31).collect();
            let weekdays = named(ordinal.weekdays);
            let all: Vec<Date> = month
                .into_iter()
                .filter(|day| day.month() == counted.month() && weekdays.contains(&day.weekday()))
                .filter(|day| weekdays.len() == 1 || !is_in(off, *day))
                .collect();
            let meant = match ordinal.ordinal {
                Ordinal::First => all.first(),
                Ordinal::Second => all.get(1),
                Ordinal::Third => all.get(2),
                Ordinal::Fourth => all.get(3),
                Ordinal::Fifth => all.get(4),
                Ordinal::Last => all.last(),
            };
            meant == Some(&counted) && ordinal.month.is_none_or(|month| month == counted.month())
        }
        Days::Easter(EasterDay { reckoning, offset }) => {
            let easter = date - jiff::Span::new().days(*offset);
            easter == reckoning.easter(easter.year())
        }
        Days::Weeks(EveryWeeks { weeks, from, weekdays }) => {
            let monday = |date: Date| date - jiff::Span::new().days(date.weekday().to_monday_zero_offset());
            let apart = (monday(date) - monday(*from)).get_days();
            let named = weekdays.map_or(vec![from.weekday()], named);
            *from <= date && apart % (7 * i32::from(*weeks)) == 0 && named.contains(&date.weekday())
        }
    }
}

fn named(weekdays: Weekdays) -> Vec<Weekday> {
    let mut named = vec![weekdays.first];
    while *named.last().unwrap() != weekdays.last {
        named.push(named.last().unwrap().next());
    }
    named
}

/// The days of a yearly range, walked through a leap year.
fn places(first: MonthDay, last: MonthDay) -> BTreeSet<MonthDay> {
    let mut day = first.in_year(2028).unwrap();
    let mut places = BTreeSet::from([first]);
    while MonthDay::of(day) != last {
        let next = day.tomorrow().unwrap();
        day = if next.year() == 2029 { date(2028, 1, 1) } else { next };
        places.insert(MonthDay::of(day));
    }
    places
}

fn width(days: &Days) -> (u8, usize, u8) {
    let any_weekday = |only: &Option<Weekdays>| u8::from(only.is_none());
    match days {
        Days::Dates { first, last, .. } if first == last => (0, 0, 0),
        Days::Dates { first, last, only } => (1, (*last - *first).get_days() as usize, any_weekday(only)),
        Days::Yearly { first, last, only } if first == last => (2, 0, any_weekday(only)),
        Days::Yearly { first, last, only } => (3, places(*first, *last).len(), any_weekday(only)),
        Days::Ordinal(OrdinalDay { month: Some(_), .. }) => (4, 0, 0),
        Days::Ordinal(OrdinalDay { month: None, .. }) => (5, 0, 0),
        Days::Easter(_) => (2, 0, 1),
        Days::Weeks(_) => (6, 0, 0),
        Days::Weekdays(_) => (7, 0, 0),
    }
}

// Random schedules, near a day.

fn weekday() -> impl Strategy<Value = Weekday> {
    (0..7i8).prop_map(|n| Weekday::from_monday_zero_offset(n).unwrap())
}

fn weekdays() -> impl Strategy<Value = Weekdays> {
    (weekday(), weekday()).prop_map(|(first, last)| Weekdays::new(first, last))
}

/// Usually close, so that lines meet on the days of the test.
fn near(middle: Date) -> impl Strategy<Value = Date> {
    let days = prop_oneof![4 => -2..=2i64, 1 => -40..=40i64];
    days.prop_map(move |days| middle + SignedDuration::from_hours(24 * days))
}

fn any_days(middle: Date) -> impl Strategy<Value = Days> {
    let only = || proptest::option::weighted(0.3, weekdays());
    let dates = (near(middle), near(middle), only()).prop_map(|(a, b, only)| Days::Dates {
        first: a.min(b),
        last: a.max(b),
        only,
    });
    let yearly = (near(middle), near(middle), only()).prop_map(|(first, last, only)| Days::Yearly {
        first: MonthDay::of(first),
        last: MonthDay::of(last),
        only,
    });
    let which = [Ordinal::First, Ordinal::Second, Ordinal::Third, Ordinal::Fourth, Ordinal::Fifth, Ordinal::Last];
    let month = proptest::option::of(near(middle).prop_map(|date| date.month()));
    let offset = || prop_oneof![2 => Just(0i8), 2 => -3..=3i8, 1 => -99..=99i8];
    let ordinal = (proptest::sample::select(which.to_vec()), weekdays(), month, offset())
        .prop_map(|(ordinal, weekdays, month, offset)| Days::Ordinal(OrdinalDay { ordinal, weekdays, month, offset }));
    // Of the Easter of that year or of the next, so far away that it is often this very day.
    let reckoning = proptest::sample::select(vec![Reckoning::Western, Reckoning::Orthodox]);
    let easter = (reckoning, near(middle), offset()).prop_map(|(reckoning, date, offset)| {
        let years = [date.year(), date.year() + 1];
        let apart = years.map(|year| (date - reckoning.easter(year)).get_days());
        let offset = apart.into_iter().find(|apart| apart.abs() <= 99).map_or(offset, |apart| apart as i8);
        Days::Easter(EasterDay { reckoning, offset })
    });
    let weeks = (2..=52u8, near(middle), 0..4u8, proptest::option::of(weekdays())).prop_map(
        |(weeks, date, times, weekdays)| {
            let weeks = if times == 0 { weeks } else { 2 + weeks % 3 };
            let from = date - SignedDuration::from_hours(24 * 7 * i64::from(weeks) * i64::from(times));
            Days::Weeks(EveryWeeks { weeks, from, weekdays })
        },
    );
    prop_oneof![
        3 => weekdays().prop_map(Days::Weekdays),
        2 => near(middle).prop_map(Days::date),
        2 => dates,
        1 => near(middle).prop_map(|date| Days::every(MonthDay::of(date))),
        2 => yearly,
        3 => ordinal,
        2 => easter,
        2 => weeks,
    ]
}

fn window() -> impl Strategy<Value = Window> {
    // Full and half hours, near midnight and near the hours of clock changes, are more frequent
    // than other minutes.
    let often = proptest::sample::select(&[0u16, 30, 60, 90, 120, 150, 180, 540, 1020, 1380, 1410, 1439][..]);
    let minute = move || prop_oneof![2 => often.clone(), 1 => 0..1440u16];
    let end = prop_oneof![4 => minute(), 1 => Just(1440u16)];
    (minute(), end).prop_filter_map("equal ends", |(start, end)| Window::new(start, end).ok())
}

fn hours() -> impl Strategy<Value = Hours> {
    prop_oneof![
        1 => Just(Hours::Closed),
        1 => Just(Hours::AllDay),
        6 => proptest::collection::vec(window(), 1..3).prop_map(Hours::Windows),
        2 => proptest::collection::vec(window(), 1..3).prop_map(Hours::ClosedWindows),
        2 => proptest::collection::vec(window(), 1..3).prop_map(Hours::AlsoWindows),
    ]
}

fn definition(middle: Date) -> impl Strategy<Value = Definition> {
    let days = |least| proptest::collection::vec(any_days(middle), least..3);
    let line = (days(0), days(1), any::<u8>(), hours()).prop_map(|(days, other, of_set, hours)| {
        // Most lines write their days.
        let (days, of_set) = if of_set % 3 == 0 { (days, other) } else { (other, Vec::new()) };
        DefinedLine { days, of_set, hours }
    });
    let lines = proptest::collection::vec(line, 1..8);
    let except = proptest::collection::vec(any_days(middle), 0..3);
    let moment = move || (near(middle), 0..1440u16).prop_map(|(date, minute)| Moment { date, minute });
    let closure = (moment(), moment())
        .prop_filter_map("equal moments", |(a, b)| (a != b).then(|| Closure { from: a.min(b), to: a.max(b) }));
    let closures = prop_oneof![2 => Just(Vec::new()), 1 => proptest::collection::vec(closure, 1..3)];
    (except, lines, closures).prop_map(|(except, lines, closures)| Definition { except, lines, closures })
}

impl std::fmt::Debug for Definition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "except {:?}, lines {:#?}, closures {:?}", self.except, self.lines, self.closures)
    }
}

// The comparison.

/// The schedule. If lines conflict, checks that the reported conflict is true, and removes later
/// lines until there is no conflict.
fn without_conflicts(zone: &Zone, mut definition: Definition, today: Date) -> (Definition, Schedule) {
    loop {
        let (own, named) = definition.except.split_at(definition.except.len() / 2);
        let except = vec![Arc::new(DaySet::new(own, vec![Arc::new(DaySet::new(named, Vec::new()))]))];
        let lines = definition.lines.iter().map(DefinedLine::built).collect();
        let conflicts = match Schedule::new(zone.clone(), except, lines, Some(today)) {
            Ok(schedule) => {
                let schedule = schedule.with_closures(definition.closures.clone());
                return (definition, schedule);
            }
            Err(conflicts) => conflicts,
        };
        for LineConflict { earlier, later, date } in &conflicts {
            let deciding = definition.deciding(*date);
            let [earlier, later] = [earlier, later].map(|line| &definition.lines[*line]);
            let decides = |line: &DefinedLine| deciding.iter().any(|other| std::ptr::eq(*other, line));
            assert!(decides(earlier) && decides(later), "{conflicts:?}");
            assert_ne!(earlier.hours.is_closed(), later.hours.is_closed());
        }
        for conflict in conflicts.iter().rev() {
            definition.lines.remove(conflict.later);
        }
    }
}

/// Runs the test on schedules for each scene: four for each, unless the environment sets another
/// number.
fn for_each_scene(test: impl Fn(&Zone, Date, Definition)) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    for (name, middle) in SCENES {
        let zone = Zone::find(name).unwrap();
        let config = Config { cases: cases.unwrap_or(4), failure_persistence: None, ..Config::default() };
        let run = |definition| {
            test(&zone, middle, definition);
            Ok(())
        };
        TestRunner::new(config).run(&definition(middle), run).unwrap_or_else(|failure| panic!("{name}: {failure}"));
    }
}

/// Each minute of some days around this one.
fn minutes(middle: Date) -> impl Iterator<Item = Timestamp> {
    let noon = jiff::tz::TimeZone::UTC.to_timestamp(middle.at(12, 0, 0, 0)).unwrap();
    let around = -48 * 60..48 * 60;
    around.map(move |minute| noon + SignedDuration::from_mins(minute))
}

#[test]
fn is_open_as_the_definition_says_minute_by_minute() {
    for_each_scene(|zone, middle, definition| {
        let (definition, schedule) = without_conflicts(zone, definition, middle);
        let clock = TimeZoneDatabase::bundled().get(zone.name()).unwrap();
        let mut days = HashMap::new();
        for instant in minutes(middle) {
            let instant = instant + SignedDuration::from_secs(59);
            let expected = definition.is_open(clock.to_datetime(instant), &mut days);
            assert_eq!(schedule.is_open_at(instant), expected, "{instant} {schedule:#?}");
        }
    });
}

#[test]
fn changes_are_the_minutes_at_which_it_opens_or_closes() {
    for_each_scene(|zone, middle, definition| {
        let (_, schedule) = without_conflicts(zone, definition, middle);
        let minutes: Vec<_> = minutes(middle).collect();
        let reported: Vec<_> =
            schedule.changes(minutes[0], *minutes.last().unwrap()).map(|change| (change.at, change.open)).collect();
        let mut open = schedule.is_open_at(minutes[0]);
        let mut seen = Vec::new();
        for instant in &minutes[1..minutes.len() - 1] {
            if schedule.is_open_at(*instant) != open {
                open = !open;
                seen.push((*instant, open));
            }
        }
        assert_eq!(reported, seen, "{schedule:#?}");
    });
}

#[test]
fn lines_that_are_taken_never_disagree() {
    for_each_scene(|zone, middle, definition| {
        let (definition, _) = without_conflicts(zone, definition, middle);
        for day in (-5..5).chain((5..800).step_by(29)) {
            let day = middle + SignedDuration::from_hours(24 * day);
            let deciding = definition.deciding(day);
            let closed = deciding.iter().filter(|line| line.hours.is_closed()).count();
            assert!(closed == 0 || closed == deciding.len(), "{day} {definition:?}");
        }
    });
}

#[test]
fn a_line_changes_an_hour_exactly_where_it_is_open_otherwise_without_it() {
    for_each_scene(|zone, middle, mut definition| {
        // Days that come again could do so in later years.
        definition.except.clear();
        let is_dated = |days: &Days| days.latest().is_some_and(|latest| *days == Days::date(latest));
        definition.lines.iter_mut().for_each(|line| line.of_set.clear());
        definition.lines.retain(|line| !line.days.is_empty());
        definition.closures.clear();
        let (definition, schedule) = without_conflicts(zone, definition, middle);
        let day = |days: i64| middle + SignedDuration::from_hours(24 * days);
        for (at, line) in definition.lines.iter().enumerate().filter(|(_, line)| line.days.iter().all(is_dated)) {
            let found = schedule.changes_an_hour(at, day(-60)..day(60), &mut usize::MAX.clone());
            let mut others = definition.lines.clone();
            others.remove(at);
            let others = Definition { except: Vec::new(), lines: others, closures: Vec::new() };
            let differs = |date: Date, minute: u16| {
                let shown = date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
                let is_open = |definition: &Definition| definition.is_open(shown, &mut HashMap::new());
                is_open(&definition) != is_open(&others)
            };
            let dates = line.days.iter().filter_map(Days::latest).flat_map(|date| [date, date.tomorrow().unwrap()]);
            let expected = matches!(line.hours, Hours::ClosedWindows(_) | Hours::AlsoWindows(_))
                .then(|| dates.into_iter().any(|date| (0..1440).any(|minute| differs(date, minute))));
            assert_eq!(found, expected, "{at} {definition:?}");
        }
    });
}

#[test]
fn the_same_day_has_the_same_windows_over_long_times() {
    for_each_scene(|zone, middle, definition| {
        let (definition, schedule) = without_conflicts(zone, definition, middle);
        for day in (-3000..3000).step_by(97) {
            let day = middle + SignedDuration::from_hours(24 * day);
            let said: BTreeSet<_> = schedule.day(day).windows().map(|(_, window)| window).collect();
            assert_eq!(said, BTreeSet::from_iter(definition.windows(day)), "{day} {definition:?}");
        }
    });
}

#[test]
fn clocks_that_were_off_by_odd_seconds_are_walked_to_the_second() {
    // Amsterdam was 19 minutes and 32 seconds ahead of Greenwich, and from 1 July 1937 on, 20
    // minutes.
    let all_week = Days::Weekdays(Weekdays::new(Weekday::Monday, Weekday::Sunday));
    let hours = Hours::Windows(vec![Window::new(0, 1).unwrap(), Window::new(1435, 1439).unwrap()]);
    let line = Line { days: vec![all_week], sets: Vec::new(), hours };
    let schedule = Schedule::new(Zone::find("Europe/Amsterdam").unwrap(), Vec::new(), vec![line], None).unwrap();
    let from: Timestamp = "1937-06-30T22:00:00Z".parse().unwrap();
    let seconds = (1..2 * 3600).map(|second| from + SignedDuration::from_secs(second));
    let mut open = schedule.is_open_at(from);
    let seen: Vec<_> = seconds.filter(|at| std::mem::replace(&mut open, schedule.is_open_at(*at)) != open).collect();
    let reported: Vec<_> =
        schedule.changes(from, from + SignedDuration::from_hours(2)).map(|change| change.at).collect();
    assert_eq!(reported, seen);
    assert!(!reported.is_empty());
}
