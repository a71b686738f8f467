//! Time, worked out ahead: for each question about it, the instants at which its answer changes; for several together,
//! stretches of time with the same answers, of which there are few kinds.

use super::guard::TimeTest;
use crate::plan::{DateTest, Question};
use crate::schedule::{Moment, Zone};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// From which instant up to, not including, which one times have been worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// The first instant.
    pub from: Timestamp,
    /// The instant after the last.
    pub until: Timestamp,
    /// The day from which it was asked for.
    pub first_day: Date,
    /// The last day that lies wholly within it in every zone.
    pub last_day: Date,
}

impl Horizon {
    /// From the start of a day, in whatever zone it starts first, to the end of the fifth year after it.
    pub fn of(today: Date) -> Self {
        let last_day = Date::new(today.year().saturating_add(5).min(9998), 12, 31).unwrap_or(today);
        let utc = |date: Date| Zone::UTC.instant(Moment { date, minute: 0 }).unwrap_or(Timestamp::MIN);
        // No clock is more than a day from UTC.
        let day = SignedDuration::from_hours(24);
        let from = utc(today).saturating_sub(day).unwrap_or(Timestamp::MIN);
        let until = utc(last_day).saturating_add(day + day).unwrap_or(Timestamp::MAX);
        Self { from, until, first_day: today, last_day }
    }

    /// Whether an instant lies in it.
    pub fn holds(&self, instant: Timestamp) -> bool {
        self.from <= instant && instant < self.until
    }
}

/// How the answer to a question goes over the horizon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answers {
    /// The answer at the horizon's start.
    pub first: bool,
    /// In seconds since 1970: each instant from which the answer is the other one.
    pub changes: Vec<i64>,
}

impl Answers {
    /// Works the answer out over the horizon, exactly.
    pub fn of(test: &TimeTest, zone: &Zone, horizon: &Horizon) -> Self {
        match test {
            TimeTest::Open(schedule) => Self {
                first: schedule.is_open_at(horizon.from),
                changes: schedule.changes(horizon.from, horizon.until).map(|change| change.at.as_second()).collect(),
            },
            TimeTest::Question(Question::From(instant)) => Self {
                first: horizon.from >= *instant,
                changes: if horizon.holds(*instant) && *instant > horizon.from {
                    vec![instant.as_second()]
                } else {
                    Vec::new()
                },
            },
            TimeTest::Question(question) => Self::on_the_clock(question, zone, horizon),
        }
    }

    /// Asks the question at every instant at which the answer may change: at the start of each day and of each window,
    /// and wherever the clock is put forward or back.
    fn on_the_clock(question: &Question, zone: &Zone, horizon: &Horizon) -> Self {
        let mut instants: Vec<Timestamp> = zone.clock_changes(horizon.from, horizon.until).map(|(at, _)| at).collect();
        let first_day = zone.read(horizon.from).date;
        let last_day = zone.read(horizon.until).date;
        let minutes = cuts(question);
        for date in std::iter::successors(Some(first_day), |day| day.tomorrow().ok()).take_while(|day| *day <= last_day)
        {
            instants.extend(minutes.iter().flat_map(|minute| zone.instants(Moment { date, minute: *minute })));
        }
        instants.retain(|at| *at > horizon.from && *at < horizon.until);
        instants.sort_unstable();
        let first = answer(question, zone.read(horizon.from));
        let mut now = first;
        let mut changes = Vec::new();
        for at in instants {
            if answer(question, zone.read(at)) != now {
                now = !now;
                changes.push(at.as_second());
            }
        }
        Self { first, changes }
    }
}

/// The minutes of a day at which the answer to a question may change.
fn cuts(question: &Question) -> Vec<u16> {
    let mut minutes = vec![0];
    if let Question::Time(windows) = question {
        minutes.extend(windows.iter().flat_map(|window| [window.start(), window.end() % (24 * 60)]));
        minutes.sort_unstable();
        minutes.dedup();
    }
    minutes
}

/// The answer to a question, by what the plan's clock shows.
pub(super) fn answer(question: &Question, shown: Moment) -> bool {
    match question {
        Question::Time(windows) => windows.iter().any(|window| window.contains(shown.minute)),
        Question::Weekday(days) => days >> shown.weekday().to_monday_zero_offset() & 1 == 1,
        Question::Day(days) => days >> shown.date.day() & 1 == 1,
        Question::Month(months) => months >> shown.date.month() & 1 == 1,
        Question::Date(DateTest::Ranges(ranges)) => ranges.iter().any(|range| range.contains(&shown.date)),
        Question::Date(DateTest::Set(days)) => days.contains(shown.date),
        // These are not asked of the plan's clock.
        Question::From(_)
        | Question::Open(_)
        | Question::Number(..)
        | Question::Row(..)
        | Question::Country(..)
        | Question::Text(..)
        | Question::Switch(_)
        | Question::Column(..) => false,
    }
}

/// Stretches of the horizon, and the class of each: stretches of one class get the same answers from all the questions
/// that the table was made for.
#[derive(Clone, Debug)]
pub(crate) struct TimeTable {
    /// In seconds since 1970: where each stretch starts.
    pub starts: Vec<i64>,
    /// The class of each stretch.
    pub classes: Vec<u32>,
    /// For each class, the answers: a bit for each question, in the order in which they were given.
    pub answers: Vec<Box<[u64]>>,
}

impl TimeTable {
    /// Merges the answers to several questions.
    pub fn new(horizon: &Horizon, questions: &[&Answers]) -> Self {
        let words = questions.len().div_ceil(64).max(1);
        let mut now = vec![0_u64; words].into_boxed_slice();
        let mut events: Vec<(i64, u32)> = Vec::new();
        for (at, question) in questions.iter().enumerate() {
            if question.first {
                now[at / 64] |= 1 << (at % 64);
            }
            events.extend(question.changes.iter().map(|change| (*change, at as u32)));
        }
        events.sort_unstable();
        let mut table = Self { starts: Vec::new(), classes: Vec::new(), answers: Vec::new() };
        let mut ids = std::collections::HashMap::new();
        table.add(horizon.from.as_second(), &now, &mut ids);
        for same in events.chunk_by(|one, other| one.0 == other.0) {
            for (_, question) in same {
                now[*question as usize / 64] ^= 1 << (question % 64);
            }
            table.add(same[0].0, &now, &mut ids);
        }
        table
    }

    fn add(&mut self, start: i64, answers: &[u64], ids: &mut std::collections::HashMap<Box<[u64]>, u32>) {
        let next = self.answers.len() as u32;
        let class = match ids.get(answers) {
            Some(class) => *class,
            None => {
                self.answers.push(answers.into());
                ids.insert(answers.into(), next);
                next
            }
        };
        if self.classes.last() != Some(&class) {
            self.starts.push(start);
            self.classes.push(class);
        }
    }

    /// The class at an instant within the horizon.
    pub fn class_at(&self, second: i64) -> u32 {
        let after = self.starts.partition_point(|start| *start <= second);
        self.classes[after.saturating_sub(1)]
    }
}
