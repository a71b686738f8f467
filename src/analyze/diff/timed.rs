//! Holes that go by the time alone: when those of two plans show the same.

use crate::compile::Horizon;
use crate::compile::time::{TimeAnswers, turns};
use crate::plan::{CheckedPlan, Definitions, HoleValue};

/// Maximum number of pairs of holes, one of each plan, that are compared time by time. Those of more
/// count as different.
const MAX_PAIRS: usize = 64;

/// What a hole shows over the horizon: from a second on, a text.
pub(super) type Course = Vec<(u32, String)>;

/// The holes of two plans that go by the time alone.
pub(super) struct TimedHoles {
    /// The holes of what was and of what is, each with the number of its course. Holes that show the
    /// same at all times have one.
    holes: [Vec<(HoleValue, u32)>; 2],
    /// Courses of the one and the other plan, and when they differ.
    pairs: Vec<(u32, u32, TimeAnswers)>,
}

impl TimedHoles {
    pub fn of(was: &CheckedPlan, now: &CheckedPlan, horizon: &Horizon) -> Self {
        let mut courses: Vec<Course> = Vec::new();
        let mut number = |course: Course| match courses.iter().position(|known| *known == course) {
            Some(at) => at as u32,
            None => {
                courses.push(course);
                courses.len() as u32 - 1
            }
        };
        let holes = [was, now].map(|plan| {
            let shown = holes(plan).into_iter();
            shown.filter_map(|hole| Some((hole, number(course(&plan.definitions, hole, horizon)?)))).collect()
        });
        let numbers = |side: &Vec<(HoleValue, u32)>| -> Vec<u32> {
            let mut numbers: Vec<u32> = side.iter().map(|(_, number)| *number).collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        };
        let (old, new) = (numbers(&holes[0]), numbers(&holes[1]));
        let pairs = old.iter().flat_map(|one| new.iter().map(move |other| (*one, *other)));
        let pairs = pairs.filter(|(one, other)| one != other).take(MAX_PAIRS);
        let pairs = pairs.map(|(one, other)| (one, other, differing(&courses[one as usize], &courses[other as usize])));
        // Those that are never the same need no look.
        let pairs = pairs.filter(|(_, _, times)| !times.changes.is_empty()).collect();
        Self { holes, pairs }
    }

    /// The number of a hole's course; `None` for a hole that does not go by the time.
    pub fn course(&self, is_now: bool, hole: HoleValue) -> Option<u32> {
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
pub(super) fn differing(one: &Course, other: &Course) -> TimeAnswers {
    let at = |course: &Course, second: u32| course.partition_point(|(from, _)| *from <= second).saturating_sub(1);
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

/// What a hole shows over the horizon; `None` if it does not go by the time alone.
fn course(definitions: &Definitions, hole: HoleValue, horizon: &Horizon) -> Option<Course> {
    match hole {
        HoleValue::OnCall(rotation) => {
            let id =
                |agent: usize| definitions.agents.get(agent).map_or_else(String::new, |agent| agent.id.to_string());
            let turns = turns(&definitions.rotations[rotation].1, horizon);
            Some(turns.into_iter().map(|turn| (turn.second, id(turn.agent))).collect())
        }
        HoleValue::Field(_) | HoleValue::Attribute(_) | HoleValue::Column(..) => None,
    }
}

/// The holes of a plan that go by the time alone, each once. Of the others there may be as many as
/// words.
fn holes(plan: &CheckedPlan) -> Vec<HoleValue> {
    let mut found = Vec::new();
    plan.each_hole(&mut |hole| match hole {
        HoleValue::OnCall(_) if !found.contains(&hole) => found.push(hole),
        HoleValue::OnCall(_) | HoleValue::Field(_) | HoleValue::Attribute(_) | HoleValue::Column(..) => {}
    });
    found
}
