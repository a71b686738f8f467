//! Holes that go by the time alone: when those of two plans show the same.

use crate::compile::Horizon;
use crate::compile::budget::OverBudget;
use crate::compile::time::{TimeAnswers, turns};
use crate::eval::{add_change, add_hours, names_of_days};
use crate::plan::{CheckedPlan, DAY_NAME, Definitions, HoleValue, HoursPart};
use crate::schedule::{Moment, Schedule, UpcomingHours, Zone};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};

/// Maximum number of pairs of holes, one of each plan, that are compared time by time. Those of more
/// count as different.
const MAX_PAIRS: usize = 64;

/// Maximum number of times at which holes of both plans show something else than before. With more
/// the changes are not known.
const MAX_TURNS: usize = 2_000_000;

/// What a hole shows over the horizon: from a second on, a text.
pub(super) type Course<T> = Vec<(u32, T)>;

/// A hole, and whether it stands in a text; else it is a value without quotes.
pub(super) type PlacedHole = (HoleValue, bool);

/// The holes of two plans that go by the time alone.
pub(super) struct TimedHoles {
    /// The holes of what was and of what is, each with the number of its course. Holes that show the
    /// same at all times have one.
    holes: [Vec<(PlacedHole, u32)>; 2],
    /// Courses of the one and the other plan, and when they differ.
    pairs: Vec<(u32, u32, TimeAnswers)>,
}

impl TimedHoles {
    pub fn of(was: &CheckedPlan, now: &CheckedPlan, horizon: &Horizon) -> Result<Self, OverBudget> {
        let mut texts = Texts::default();
        let mut courses: Vec<Course<u32>> = Vec::new();
        let mut numbers: HashMap<Course<u32>, u32> = HashMap::new();
        let mut turns_left = MAX_TURNS;
        let mut number = |course: Course<u32>| {
            turns_left = turns_left.checked_sub(1 + course.len()).ok_or(OverBudget)?;
            Ok(*numbers.entry(course).or_insert_with_key(|course| {
                courses.push(course.clone());
                courses.len() as u32 - 1
            }))
        };
        let written = [was, now].map(holes);
        let mut holes: [Vec<(PlacedHole, u32)>; 2] = [Vec::new(), Vec::new()];
        for ((plan, written), found) in [was, now].into_iter().zip(&written).zip(&mut holes) {
            let mut seen = HashSet::new();
            for hole in written.iter().filter(|hole| seen.insert(**hole)) {
                if let Some(course) = course(&plan.definitions, *hole, horizon, &mut texts) {
                    found.push((*hole, number(course)?));
                }
            }
        }
        let pairs = pairs_to_compare([was, now], &written, &holes).into_iter();
        let pairs = pairs.map(|(one, other)| (one, other, differing(&courses[one as usize], &courses[other as usize])));
        // Those that are never the same need no look.
        let pairs = pairs.filter(|(_, _, times)| !times.changes.is_empty()).collect();
        Ok(Self { holes, pairs })
    }

    /// The number of a hole's course; `None` for a hole that does not go by the time.
    pub fn course(&self, is_now: bool, hole: PlacedHole) -> Option<u32> {
        let of_plan = &self.holes[usize::from(is_now)];
        of_plan.iter().find(|(known, _)| *known == hole).map(|(_, number)| *number)
    }

    /// When the courses of each pair differ.
    pub fn differing(&self) -> impl Iterator<Item = &TimeAnswers> {
        self.pairs.iter().map(|(_, _, times)| times)
    }

    /// A number that courses have in common which show the same, where the pairs of these numbers
    /// differ and the others do not.
    pub fn shared(&self, course: u32, is_now: bool, is_differing: impl Fn(usize) -> bool) -> u32 {
        let same = || self.pairs.iter().enumerate().filter(|(at, _)| !is_differing(*at)).map(|(_, pair)| pair);
        // What shows the same as a third shows the same as each other.
        let of_was = match is_now {
            false => course,
            true => same().find(|(_, now, _)| *now == course).map_or(course, |(was, _, _)| *was),
        };
        same().filter(|(was, ..)| *was == of_was).map(|(_, now, _)| *now).chain([of_was]).min().unwrap_or(course)
    }
}

/// When two courses differ.
pub(super) fn differing<T: PartialEq>(one: &Course<T>, other: &Course<T>) -> TimeAnswers {
    let at = |course: &Course<T>, second: u32| course.partition_point(|(from, _)| *from <= second).saturating_sub(1);
    let mut seconds: Vec<u32> = one.iter().chain(other).map(|(second, _)| *second).collect();
    seconds.sort_unstable();
    seconds.dedup();
    let is_other = |second: u32| one[at(one, second)].1 != other[at(other, second)].1;
    let first = is_other(0);
    let mut now = first;
    seconds.retain(|second| {
        let is_so = is_other(*second);
        std::mem::replace(&mut now, is_so) != is_so
    });
    TimeAnswers { first, changes: seconds.into() }
}

/// The courses of the one and the other plan that are compared time by time, those first that are
/// likeliest to stand at one place.
fn pairs_to_compare(
    plans: [&CheckedPlan; 2],
    written: &[Vec<PlacedHole>; 2],
    holes: &[Vec<(PlacedHole, u32)>; 2],
) -> Vec<(u32, u32)> {
    let name = |side: usize, hole: &PlacedHole| named(&plans[side].definitions, *hole);
    let spelled = |side: usize| written[side].iter().map(|hole| name(side, hole)).collect::<Vec<_>>();
    // Where the same holes are written in the same order, each stands at the place of its own.
    let is_spelled_alike = spelled(0) == spelled(1);
    let common: HashSet<u32> = holes[0].iter().map(|(_, course)| *course).collect();
    let common: HashSet<u32> = holes[1].iter().map(|(_, course)| *course).filter(|one| common.contains(one)).collect();
    let mut ranked = Vec::new();
    for (one, old) in &holes[0] {
        for (other, new) in holes[1].iter().filter(|(_, new)| new != old) {
            let (one, other) = (name(0, one), name(1, other));
            let rank = if one == other {
                0
            } else if (one.0, one.2) != (other.0, other.2) {
                3
            } else {
                1 + u8::from(common.contains(old) && common.contains(new))
            };
            if rank == 0 || !is_spelled_alike {
                ranked.push((rank, *old, *new));
            }
        }
    }
    ranked.sort_by_key(|(rank, ..)| *rank);
    let mut seen = HashSet::new();
    let pairs = ranked.into_iter().map(|(_, old, new)| (old, new));
    pairs.filter(|pair| seen.insert(*pair)).take(MAX_PAIRS).collect()
}

/// What a hole is called in the text of a plan: its part, its name, and whether it stands in a text.
fn named(definitions: &Definitions, (hole, in_text): PlacedHole) -> (&'static str, &str, bool) {
    match hole {
        HoleValue::OnCall(number) => ("", &definitions.rotations[number].0, in_text),
        HoleValue::Hours(number, part) => (part.name(), &definitions.schedules[number].0, in_text),
        HoleValue::DayName(number) => (DAY_NAME, &definitions.days[number].0, in_text),
        HoleValue::Field(_) | HoleValue::Attribute(_) | HoleValue::Column(..) => ("", "", in_text),
    }
}

/// The texts that holes show, each once.
#[derive(Default)]
struct Texts {
    numbers: HashMap<String, u32>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        match self.numbers.get(text) {
            Some(number) => *number,
            None => {
                let number = self.numbers.len() as u32;
                self.numbers.insert(text.to_owned(), number);
                number
            }
        }
    }

    /// What is shown from each of some instants on. Those outside of the horizon are left out.
    fn course(
        &mut self,
        mut instants: Vec<Timestamp>,
        horizon: &Horizon,
        mut shown: impl FnMut(Timestamp, &mut String),
    ) -> Course<u32> {
        instants.retain(|at| *at > horizon.from && *at < horizon.until);
        instants.push(horizon.from);
        instants.sort_unstable();
        instants.dedup();
        let mut course: Course<u32> = Vec::new();
        let mut text = String::new();
        for at in instants {
            text.clear();
            shown(at, &mut text);
            let number = self.number(&text);
            if course.last().is_none_or(|(_, last)| *last != number) {
                course.push((horizon.second(at), number));
            }
        }
        course
    }
}

/// What a hole shows over the horizon; `None` if it does not go by the time alone.
fn course(
    definitions: &Definitions,
    (hole, in_text): PlacedHole,
    horizon: &Horizon,
    texts: &mut Texts,
) -> Option<Course<u32>> {
    Some(match hole {
        HoleValue::OnCall(rotation) => {
            let turns = turns(&definitions.rotations[rotation].1, horizon).into_iter();
            let mut id = |agent: usize| {
                let agent = definitions.agents.get(agent);
                texts.number(agent.map_or("", |agent| &agent.id))
            };
            turns.map(|turn| (turn.second, id(turn.agent))).collect()
        }
        HoleValue::Hours(schedule, HoursPart::Hours) => {
            let schedule = &definitions.schedules[schedule].1;
            let hours = UpcomingHours::of(schedule, horizon.from, horizon.until, false, true);
            let zone = schedule.zone();
            texts.course(new_days(zone, horizon), horizon, |at, text| {
                add_hours(hours.hours_from(zone.read(at).date), text);
            })
        }
        HoleValue::Hours(schedule, part) => {
            changes(&definitions.schedules[schedule].1, part == HoursPart::Opens, in_text, horizon, texts)
        }
        HoleValue::DayName(set) => {
            let zone = &definitions.zone;
            let names = names_of_days(&definitions.days[set].1, zone, horizon.from, horizon.until);
            texts.course(new_days(zone, horizon), horizon, |at, text| {
                text.push_str(names.get(zone.read(at).date).map_or("", |name| name));
            })
        }
        HoleValue::Field(_) | HoleValue::Attribute(_) | HoleValue::Column(..) => return None,
    })
}

/// What is told of the next opening or closing.
fn changes(schedule: &Schedule, opens: bool, in_text: bool, horizon: &Horizon, texts: &mut Texts) -> Course<u32> {
    let hours = UpcomingHours::of(schedule, horizon.from, horizon.until, true, false);
    let mut instants: Vec<Timestamp> = hours.turning_points(opens).collect();
    if !in_text {
        return texts.course(instants, horizon, |at, text| match hours.next_change(at, opens) {
            Some(next) => text.push_str(&next.to_string()),
            None => text.push_str("null"),
        });
    }
    instants.extend(new_days(schedule.zone(), horizon));
    texts.course(instants, horizon, |at, text| {
        add_change(at, hours.next_change(at, opens), opens, schedule.zone(), text);
    })
}

/// The instants from which on a clock may show another day.
fn new_days(zone: &Zone, horizon: &Horizon) -> Vec<Timestamp> {
    let midnights = zone.days_between(horizon.from, horizon.until);
    let midnights = midnights.flat_map(|date| zone.instants(Moment { date, minute: 0 }));
    midnights.chain(zone.clock_changes(horizon.from, horizon.until).map(|(at, _)| at)).collect()
}

/// The holes of a plan that go by the time alone, in the order in which they are written.
fn holes(plan: &CheckedPlan) -> Vec<PlacedHole> {
    let mut found = Vec::new();
    plan.each_hole(&mut |hole, in_text| match hole {
        HoleValue::OnCall(_) | HoleValue::Hours(..) | HoleValue::DayName(_) => found.push((hole, in_text)),
        HoleValue::Field(_) | HoleValue::Attribute(_) | HoleValue::Column(..) => {}
    });
    found
}
