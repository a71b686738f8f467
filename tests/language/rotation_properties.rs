//! Rotations, minute by minute, against the time-zone library: over changes of clocks, ends of years
//! and days that a zone skipped. What a clock has shown by an instant is all that the model knows.

use crate::support::{Random, setting};
use callplan::schedule::{HandOver, Moment, Rotation, RotationLine, Zone};
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// Where something happens to the clock, or to the calendar.
const TIMES: &[(&str, &str)] = &[
    ("Europe/London", "2027-03-28T01:00:00Z"),
    ("Europe/London", "2027-10-31T01:00:00Z"),
    ("America/New_York", "2028-03-12T07:00:00Z"),
    ("America/New_York", "2028-11-05T06:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    ("Australia/Lord_Howe", "2027-04-03T15:00:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ("Africa/Casablanca", "2027-02-07T02:00:00Z"),
    ("America/Sao_Paulo", "2018-11-04T03:00:00Z"),
    ("Asia/Kathmandu", "2026-12-31T18:15:00Z"),
    ("UTC", "2028-02-29T00:00:00Z"),
    ("Pacific/Kwajalein", "1993-08-21T12:00:00Z"),
];
/// How many days before and after it are gone through.
const DAYS_BEFORE: i64 = 4;
const DAYS_AFTER: i64 = 5;

/// The hand-overs of a line, as the calendar has them: the first is its beginning.
fn hand_over(line: &RotationLine, number: i64) -> DateTime {
    let first = line.from.datetime();
    match line.every {
        None => first,
        Some(HandOver::Days(days)) => first.saturating_add((number * i64::from(days)).days()),
        Some(HandOver::Month) => first.saturating_add(number.months()),
    }
}

/// Who is on call once a clock has shown this, and no later moment.
fn model(lines: &[RotationLine], shown: DateTime) -> usize {
    let has_begun = |line: &&RotationLine| line.from.datetime() <= shown;
    let ending = lines.iter().filter(has_begun).find(|line| line.to.is_some_and(|to| shown < to.datetime()));
    let lasting = || lines.iter().filter(|line| line.to.is_none());
    let last = lasting().filter(has_begun).max_by_key(|line| line.from.datetime());
    let first = lasting().min_by_key(|line| line.from.datetime()).expect("a line without an end");
    let line = ending.or(last).unwrap_or(first);
    let number = match line.every {
        None => 0,
        Some(_) => (1..).take_while(|number| hand_over(line, *number) <= shown).count(),
    };
    line.agents[number % line.agents.len()]
}

fn moment(at: DateTime) -> Moment {
    Moment { date: at.date(), minute: at.hour() as u16 * 60 + at.minute() as u16 }
}

/// A moment near another, often at the very minutes that a clock skips or repeats.
fn near(center: DateTime, days: i64, random: &mut Random) -> DateTime {
    let day = center.saturating_add((random.below(2 * days as usize + 1) as i64 - days).days());
    let minutes = random.below(240) as i64 - 120;
    if random.one_in(3) {
        day.date().at(random.below(24) as i8, 30, 0, 0)
    } else {
        day.saturating_add(minutes.minutes())
    }
}

fn lines(center: DateTime, random: &mut Random) -> Vec<RotationLine> {
    let center = center.date().at(center.hour(), center.minute(), 0, 0);
    let mut lines = Vec::new();
    for number in 0..1 + random.below(3) {
        let days = if random.one_in(2) { 3 } else { 400 };
        let every = match random.below(6) {
            0 => None,
            1 | 2 => Some(HandOver::Days(1)),
            3 => Some(HandOver::Days(7)),
            4 => Some(HandOver::Days(2 + random.below(20) as u16)),
            _ => Some(HandOver::Month),
        };
        let agents = (0..1 + random.below(4)).map(|agent| number * 10 + agent).collect();
        let from = near(center, days, random);
        let from = if every == Some(HandOver::Month) && random.one_in(2) {
            date(2010, 1, 31).at(from.hour(), from.minute(), 0, 0)
        } else {
            from
        };
        lines.push(RotationLine { from: moment(from), to: None, every, agents });
    }
    for number in 0..random.below(3) {
        let (one, other) = (near(center, 3, random), near(center, 3, random));
        let (from, to) = (moment(one.min(other)), Some(moment(one.max(other))));
        let every = random.one_in(2).then_some(HandOver::Days(1));
        lines.push(RotationLine { from, to, every, agents: vec![100 + number, 200 + number] });
    }
    lines.retain(|line| line.to.is_none_or(|to| line.from < to));
    lines
}

#[test]
fn rotations_hand_over_as_their_clock_shows_the_moments() {
    let mut tried = 0;
    for seed in 0..setting("ROTATION_CASES", 60) {
        let mut random = Random::new(seed + 1);
        let (name, center) = TIMES[random.below(TIMES.len())];
        let center: Timestamp = center.parse().expect("an instant");
        let (zone, clock) = (Zone::find(name).expect("a zone"), TimeZone::get(name).expect("a zone"));
        let lines = lines(clock.to_datetime(center), &mut random);
        // Lines that conflict are for others to judge.
        let Ok(rotation) = Rotation::new(zone, lines.clone()) else { continue };
        tried += 1;
        let from = center - SignedDuration::from_hours(24 * DAYS_BEFORE);
        let until = center + SignedDuration::from_hours(24 * DAYS_AFTER);
        let mut shown = clock.to_datetime(from);
        let (mut at, mut last, mut changes) = (from, None, Vec::new());
        while at < until {
            shown = shown.max(clock.to_datetime(at));
            let found = rotation.on_call(at);
            assert_eq!(found, model(&lines, shown), "seed {seed}: {name} at {at}: {lines:#?}");
            if last.is_some_and(|last| last != found) {
                changes.push((at, found));
            }
            last = Some(found);
            at += SignedDuration::from_mins(1);
        }
        assert_eq!(rotation.changes(from, until), changes, "seed {seed}: {name}: {lines:#?}");
    }
    println!("{tried} rotations, each over {} days by the minute", DAYS_BEFORE + DAYS_AFTER);
    assert!(tried > 10);
}
