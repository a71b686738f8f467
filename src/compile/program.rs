//! Guards as entries that a diagram is made from, and the classes on each axis into which the sets
//! of all entries divide what calls bring.

use super::axes::{Axes, Axis, AxisSet, SetId};
use super::budget::{OverBudget, RemainingSteps};
use super::classes::{AxisSets, ClassRun, NumberClasses};
use super::clause::Clauses;
use super::guard::{Guard, GuardBox, axis_of};
use super::text_classes::TextClasses;
use crate::eval::BUCKETS;
use crate::fields::{Attestation, ByParty, ByTextField, TextField};
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

/// All entries, lane by lane in the order of their clauses.
#[derive(Debug)]
pub(crate) struct Program {
    pub entries: Vec<GuardEntry>,
    pub numbers: ByParty<NumberClasses>,
    pub texts: ByTextField<TextClasses>,
    /// By their numbers among [`Axes::attributes`].
    pub attributes: Vec<TextClasses>,
    runs: HashMap<(Axis, SetId), Arc<[ClassRun]>>,
}

impl Program {
    /// The classes that a set has on an axis, as runs in order. Sets of times have none: see
    /// [`super::diagram`].
    pub fn runs(&self, axis: Axis, set: SetId) -> Arc<[ClassRun]> {
        let numbers = axis.party().map(|party| &self.numbers[party]);
        let runs = numbers.map_or_else(|| self.runs.get(&(axis, set)), |numbers| numbers.runs.get(&set));
        runs.cloned().unwrap_or_default()
    }

    /// How many classes an axis has; that of time has its own in each table.
    pub fn classes(&self, axis: Axis) -> u32 {
        match axis {
            Axis::Dialed => self.numbers[Party::Dialed].count,
            Axis::Caller => self.numbers[Party::Caller].count,
            Axis::Asserted => self.numbers[Party::Asserted].count,
            Axis::Diverted => self.numbers[Party::Diverted].count,
            Axis::HasAsserted | Axis::HasDiverted => 2,
            Axis::Attestation => Attestation::ALL.len() as u32,
            Axis::Text(field) => self.texts[field].count(),
            Axis::Attribute(attribute) => self.attributes[attribute as usize].count(),
            Axis::Switch(_) => 2,
            Axis::Split(_) => BUCKETS,
            Axis::Time => 0,
        }
    }

    /// The classes of the texts on an axis; `None` where it is not of texts.
    pub fn texts_of(&self, axis: Axis) -> Option<&TextClasses> {
        match axis {
            Axis::Text(field) => Some(&self.texts[field]),
            Axis::Attribute(attribute) => Some(&self.attributes[attribute as usize]),
            Axis::Dialed | Axis::Caller | Axis::HasAsserted | Axis::Asserted | Axis::HasDiverted | Axis::Diverted => {
                None
            }
            Axis::Attestation | Axis::Switch(_) | Axis::Time | Axis::Split(_) => None,
        }
    }
}

/// Maximum number of attributes, switches and splits together. It bounds the depth of a diagram, and so of
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
        if axes.attributes.len() + axes.switches.len() + axes.splits.len() > MAX_SMALL_AXES {
            return Err(OverBudget);
        }
        let mut asked = self.questions;
        asked.extend(self.entries.iter().flat_map(|entry| entry.constraints.iter().copied()));
        let sets_on = |axis: Axis| asked.range((axis, 0)..=(axis, SetId::MAX)).map(|(_, set)| *set);
        let mut runs = HashMap::new();
        let mut texts = ByTextField::default();
        for field in TextField::ALL {
            texts[field] = text_classes(axes, sets_on(Axis::Text(field)), effort)?;
        }
        let attributes = (0..axes.attributes.len() as u32).map(Axis::Attribute);
        let attributes: Vec<TextClasses> =
            attributes.map(|axis| text_classes(axes, sets_on(axis), effort)).collect::<Result<_, _>>()?;
        for (axis, set) in &asked {
            let classes: Vec<ClassRun> = match (axes.set(*set), axis) {
                (AxisSet::On(on), _) => vec![if *on { (1, 2) } else { (0, 1) }],
                (AxisSet::Attestations(among), _) => runs_of_bits(*among),
                (AxisSet::Buckets(first, end), _) => vec![(*first, *end)],
                (AxisSet::Texts(set), Axis::Text(field)) => texts[*field].runs(set, effort)?,
                (AxisSet::Texts(set), Axis::Attribute(attribute)) => {
                    attributes[*attribute as usize].runs(set, effort)?
                }
                (AxisSet::Texts(_) | AxisSet::Numbers(_) | AxisSet::Times(_), _) => continue,
            };
            runs.insert((*axis, *set), classes.into());
        }
        let numbers = ByParty::try_from_fn(|party| number_classes(axes, sets_on(axis_of(party)), effort))?;
        Ok(Program { entries: self.entries, numbers, texts, attributes, runs })
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

/// The bits that are set, as runs.
fn runs_of_bits(bits: u8) -> Vec<ClassRun> {
    let mut runs: Vec<ClassRun> = Vec::new();
    for class in (0..u8::BITS).filter(|class| bits >> class & 1 == 1) {
        match runs.last_mut() {
            Some((_, end)) if *end == class => *end += 1,
            _ => runs.push((class, class + 1)),
        }
    }
    runs
}

fn text_classes(
    axes: &Axes,
    sets: impl Iterator<Item = SetId>,
    effort: &RemainingSteps,
) -> Result<TextClasses, OverBudget> {
    let texts = sets.filter_map(|set| match axes.set(set) {
        AxisSet::Texts(texts) => Some(texts),
        AxisSet::Numbers(_) | AxisSet::On(_) | AxisSet::Attestations(_) | AxisSet::Times(_) | AxisSet::Buckets(..) => {
            None
        }
    });
    TextClasses::new(texts, effort)
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
