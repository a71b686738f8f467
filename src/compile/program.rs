//! The guards of one plan, or of two to be compared, as entries that a diagram is made from: constraints by axis, each
//! a number.

use super::clause::Clauses;
use super::guard::{Guard, GuardBox, Texts};
use crate::phone::NumberSet;
use std::collections::HashMap;
use std::sync::Arc;

/// What a diagram tests, in this order. Of numbers, the dialed one tells rules apart best; times come late, since they
/// cost the most to lay out; a split comes last, as it divides what all the rest has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Axis {
    Dialed,
    Caller,
    Trunk,
    Organization,
    Switch(u32),
    Time,
    Split(u32),
}

/// A box of a clause's guard: the constraints it sets, at most one an axis.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Which of the programs that are looked at together.
    pub lane: u8,
    /// Which clause of that program.
    pub clause: u32,
    /// Whether its clause ends the program.
    pub decides: bool,
    /// By axis.
    pub constraints: Vec<(Axis, u32)>,
    /// For what is left from each constraint on, the number that it shares with all entries that leave the same.
    pub rests: Vec<u32>,
}

/// A set of values on an axis.
#[derive(Debug)]
pub(crate) enum Set {
    Numbers(Arc<NumberSet>),
    Texts(Texts),
    On(bool),
    /// Time tests and the answers they must have.
    Times(Vec<(usize, bool)>),
    /// From the first bucket up to, not including, the last.
    Buckets(u32, u32),
}

/// All entries, lane by lane in the order of their clauses.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub entries: Vec<Entry>,
    pub sets: Vec<Set>,
}

/// What is left of an entry: its lane, its clause, and the constraints that are still to be asked.
type Rest = (u8, u32, Vec<(Axis, u32)>);

/// Makes a program; equal sets and equal rests get one number each.
#[derive(Debug, Default)]
pub(crate) struct ProgramBuilder {
    program: Program,
    numbers: HashMap<usize, u32>,
    others: HashMap<String, u32>,
    rests: HashMap<Rest, u32>,
}

impl ProgramBuilder {
    /// Adds the clauses of a plan.
    pub fn add_clauses(&mut self, lane: u8, clauses: &Clauses) {
        for (at, clause) in clauses.clauses.iter().enumerate() {
            self.add(lane, at as u32, &clause.guard, clause.decision.is_some());
        }
    }

    /// Adds a clause by its guard.
    pub fn add(&mut self, lane: u8, clause: u32, guard: &Guard, decides: bool) {
        for one in &guard.boxes {
            let constraints = self.constraints(one);
            let rests = (0..=constraints.len()).map(|from| self.rest(lane, clause, &constraints[from..])).collect();
            self.program.entries.push(Entry { lane, clause, decides, constraints, rests });
        }
    }

    pub fn finish(self) -> Program {
        self.program
    }

    fn rest(&mut self, lane: u8, clause: u32, constraints: &[(Axis, u32)]) -> u32 {
        let next = self.rests.len() as u32;
        *self.rests.entry((lane, clause, constraints.to_vec())).or_insert(next)
    }

    fn constraints(&mut self, one: &GuardBox) -> Vec<(Axis, u32)> {
        let mut constraints = Vec::new();
        for (axis, numbers) in [(Axis::Dialed, &one.dialed), (Axis::Caller, &one.caller)] {
            constraints.extend(numbers.as_ref().map(|numbers| (axis, self.numbers(numbers.id, &numbers.set))));
        }
        for (axis, texts) in [(Axis::Trunk, &one.trunk), (Axis::Organization, &one.organization)] {
            constraints.extend(
                texts.as_ref().map(|texts| (axis, self.other(format!("{texts:?}"), || Set::Texts(texts.clone())))),
            );
        }
        for (switch, on) in &one.switches {
            constraints.push((Axis::Switch(*switch as u32), self.other(format!("on {on}"), || Set::On(*on))));
        }
        if !one.times.is_empty() {
            constraints.push((Axis::Time, self.other(format!("{:?}", one.times), || Set::Times(one.times.clone()))));
        }
        for (split, buckets) in &one.splits {
            let set = self.other(format!("{buckets:?}"), || Set::Buckets(buckets.start, buckets.end));
            constraints.push((Axis::Split(*split as u32), set));
        }
        constraints
    }

    fn numbers(&mut self, id: usize, set: &Arc<NumberSet>) -> u32 {
        if let Some(known) = self.numbers.get(&id) {
            return *known;
        }
        let next = self.program.sets.len() as u32;
        self.program.sets.push(Set::Numbers(Arc::clone(set)));
        self.numbers.insert(id, next);
        next
    }

    fn other(&mut self, key: String, set: impl FnOnce() -> Set) -> u32 {
        let next = self.program.sets.len() as u32;
        let id = *self.others.entry(key).or_insert(next);
        if id == next {
            self.program.sets.push(set());
        }
        id
    }
}

impl Entry {
    /// What is left of it from an axis on.
    pub fn rest(&self, from: Axis) -> u32 {
        self.rests[self.constraints.partition_point(|(axis, _)| *axis < from)]
    }

    /// The set it asks for on an axis.
    pub fn set(&self, axis: Axis) -> Option<u32> {
        self.constraints.binary_search_by_key(&axis, |(axis, _)| *axis).ok().map(|at| self.constraints[at].1)
    }

    /// Whether nothing is left to ask from an axis on.
    pub fn is_settled(&self, from: Axis) -> bool {
        self.constraints.last().is_none_or(|(axis, _)| *axis < from)
    }

    /// The first axis, from one on, on which it asks for something.
    pub fn next_axis(&self, from: Axis) -> Option<Axis> {
        self.constraints.iter().map(|(axis, _)| *axis).find(|axis| *axis >= from)
    }
}
