//! Guards as entries that a diagram is made from, and the classes on each axis into which the sets
//! of all entries divide what calls bring.

use super::axes::{Axes, Axis, AxisSet, SetId};
use super::budget::{OverBudget, RemainingSteps};
use super::classes::{AxisSets, Class, ClassRun, NumberClasses, all_but};
use super::clause::Clauses;
use super::guard::{Guard, GuardBox};
use crate::eval::BUCKETS;
use crate::fields::ByTextField;
use crate::plan::Party;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A box of a clause's guard.
#[derive(Debug)]
pub(crate) struct GuardEntry {
    /// Which of the programs that are looked at together.
    pub lane: u8,
    /// Which clause of that program.
    pub clause: u32,
    /// Whether its clause ends the program.
    pub decides: bool,
    /// By axis.
    pub constraints: Vec<(Axis, SetId)>,
    /// For what is left from each constraint on, the number that it shares with all entries that
    /// leave the same.
    pub rests: Vec<u32>,
}

impl GuardEntry {
    /// What is left of it from an axis on.
    pub fn rest(&self, from: Axis) -> u32 {
        self.rests[self.constraints.partition_point(|(axis, _)| *axis < from)]
    }

    /// The set it asks for on an axis.
    pub fn set(&self, axis: Axis) -> Option<SetId> {
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

/// Texts in classes: each that is listed is one, in order, and all others are the last.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct TextClasses {
    pub listed: Box<[Box<str>]>,
}

impl TextClasses {
    #[inline(never)]
    pub fn class(&self, text: &str) -> Class {
        self.listed.binary_search_by(|listed| (**listed).cmp(text)).unwrap_or(self.listed.len()) as Class
    }

    fn runs(&self, listed: &BTreeSet<String>, are_left_out: bool) -> Vec<ClassRun> {
        let runs: Vec<ClassRun> = listed.iter().map(|text| self.class(text)).map(|class| (class, class + 1)).collect();
        if are_left_out { all_but(&runs, self.count()) } else { runs }
    }

    fn count(&self) -> u32 {
        self.listed.len() as u32 + 1
    }
}

/// All entries, lane by lane in the order of their clauses.
#[derive(Debug)]
pub(crate) struct Program {
    pub entries: Vec<GuardEntry>,
    pub dialed: NumberClasses,
    pub caller: NumberClasses,
    pub texts: ByTextField<TextClasses>,
    runs: HashMap<(Axis, SetId), Arc<[ClassRun]>>,
}

impl Program {
    /// The classes that a set has on an axis, as runs in order. Sets of times have none: see
    /// [`super::diagram`].
    pub fn runs(&self, axis: Axis, set: SetId) -> Arc<[ClassRun]> {
        let numbers = match axis {
            Axis::Dialed => Some(&self.dialed),
            Axis::Caller => Some(&self.caller),
            Axis::Text(_) | Axis::Switch(_) | Axis::Time | Axis::Split(_) => None,
        };
        let runs = numbers.map_or_else(|| self.runs.get(&(axis, set)), |numbers| numbers.runs.get(&set));
        runs.cloned().unwrap_or_default()
    }

    /// How many classes an axis has; that of time has its own in each table.
    pub fn classes(&self, axis: Axis) -> u32 {
        match axis {
            Axis::Dialed => self.dialed.count,
            Axis::Caller => self.caller.count,
            Axis::Text(field) => self.texts[field].count(),
            Axis::Switch(_) => 2,
            Axis::Split(_) => BUCKETS,
            Axis::Time => 0,
        }
    }

    /// The classes of numbers of who calls, or of what was dialed.
    pub fn numbers(&self, party: Party) -> &NumberClasses {
        match party {
            Party::Caller => &self.caller,
            Party::Dialed => &self.dialed,
        }
    }
}

/// Maximum number of switches and splits together. It bounds the depth of a diagram, and so of
/// every recursive walk through it.
const MAX_SMALL_AXES: usize = 128;

/// An entry during the build: its lane, its clause, and the constraints that are not tested yet: the
/// first of them, and the number of what is left after it. `None` where nothing is left.
type OpenEntry = (u8, u32, Option<(Axis, SetId, u32)>);

/// Makes a program; equal rests get one number each.
#[derive(Debug, Default)]
pub(crate) struct ProgramBuilder {
    entries: Vec<GuardEntry>,
    rests: HashMap<OpenEntry, u32>,
    /// Sets that only questions ask for.
    questions: BTreeSet<(Axis, SetId)>,
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
        for GuardBox { constraints } in &guard.boxes {
            let rests = self.rests(lane, clause, constraints);
            self.entries.push(GuardEntry { lane, clause, decides, constraints: constraints.clone(), rests });
        }
    }

    /// Sees to it that the sets of a guard are made of whole classes, so that the diagram can be
    /// asked about it.
    pub fn add_question(&mut self, guard: &Guard) {
        self.questions.extend(guard.boxes.iter().flat_map(|one| one.constraints.iter().copied()));
    }

    /// Divides each axis into classes. What is looked at is taken from `effort`.
    pub fn finish(self, axes: &Axes, effort: &RemainingSteps) -> Result<Program, OverBudget> {
        if axes.switches.len() + axes.splits.len() > MAX_SMALL_AXES {
            return Err(OverBudget);
        }
        let mut asked = self.questions;
        asked.extend(self.entries.iter().flat_map(|entry| entry.constraints.iter().copied()));
        let sets_on = |axis: Axis| asked.range((axis, 0)..=(axis, SetId::MAX)).map(|(_, set)| *set);
        let mut runs = HashMap::new();
        let texts = ByTextField::from_fn(|field| text_classes(axes, sets_on(Axis::Text(field))));
        for (axis, set) in &asked {
            let classes: Vec<ClassRun> = match (axes.set(*set), axis) {
                (AxisSet::On(on), _) => vec![if *on { (1, 2) } else { (0, 1) }],
                (AxisSet::Buckets(first, end), _) => vec![(*first, *end)],
                (AxisSet::Texts(set), Axis::Text(field)) => texts[*field].runs(&set.listed, set.all_but),
                (AxisSet::Texts(_) | AxisSet::Numbers(_) | AxisSet::Times(_), _) => continue,
            };
            runs.insert((*axis, *set), classes.into());
        }
        let dialed = number_classes(axes, sets_on(Axis::Dialed), effort)?;
        let caller = number_classes(axes, sets_on(Axis::Caller), effort)?;
        Ok(Program { entries: self.entries, dialed, caller, texts, runs })
    }

    /// What is left from each constraint on, and after the last.
    fn rests(&mut self, lane: u8, clause: u32, constraints: &[(Axis, SetId)]) -> Vec<u32> {
        let mut rests = vec![self.rest((lane, clause, None))];
        for (axis, set) in constraints.iter().rev() {
            let after = rests[rests.len() - 1];
            rests.push(self.rest((lane, clause, Some((*axis, *set, after)))));
        }
        rests.reverse();
        rests
    }

    fn rest(&mut self, open: OpenEntry) -> u32 {
        let next = self.rests.len() as u32;
        *self.rests.entry(open).or_insert(next)
    }
}

fn text_classes(axes: &Axes, sets: impl Iterator<Item = SetId>) -> TextClasses {
    let mut listed: BTreeSet<&str> = BTreeSet::new();
    for set in sets {
        if let AxisSet::Texts(texts) = axes.set(set) {
            listed.extend(texts.listed.iter().map(String::as_str));
        }
    }
    TextClasses { listed: listed.into_iter().map(Box::from).collect() }
}

fn number_classes(
    axes: &Axes,
    sets: impl Iterator<Item = SetId>,
    effort: &RemainingSteps,
) -> Result<NumberClasses, OverBudget> {
    let sets: BTreeSet<SetId> = sets.collect();
    let mut asked = Vec::with_capacity(sets.len());
    for id in &sets {
        let complement = axes.complement_of(*id).filter(|complement| sets.contains(complement));
        // Of a set and its complement, the one with fewer runs stands for both.
        let is_told_by_other = complement.is_some_and(|other| {
            let size = |id: SetId| axes.numbers(id).map_or(0, |numbers| numbers.spans().len());
            (size(other), other) < (size(*id), *id)
        });
        if let Some(set) = axes.numbers(*id).filter(|_| !is_told_by_other) {
            asked.push(AxisSets { id: *id, set, complement });
        }
    }
    NumberClasses::new(&asked, effort)
}
