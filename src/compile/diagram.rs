//! The decision diagram: a node asks what class a call is of on one axis and leads to one of its
//! children; equal nodes are one. It is made from the top: on each axis the classes are cut where
//! some entry's set begins or ends, and each piece goes on with the entries that are left, so that
//! nothing is laid out that no call can reach.

use super::axes::{Axes, Axis, AxisSet, TimeId};
use super::budget::{OverBudget, RemainingSteps};
use super::classes::{Class, ClassRun};
use super::program::{GuardEntry, Program};
use super::table::TimeTable;
use super::time::TimeAnswers;
use crate::fields::TextField;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// The index of a node, or, with [`LEAF`] set, of a leaf.
pub(crate) type NodeOrLeaf = u32;
/// The bit that tells leaves from nodes.
pub(crate) const LEAF: u32 = 1 << 31;

/// The leaf that a target is, or else the node.
pub(crate) fn leaf_or_node(target: NodeOrLeaf) -> Result<usize, usize> {
    if target & LEAF == 0 { Err(target as usize) } else { Ok((target & !LEAF) as usize) }
}

/// The question of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum NodeQuestion {
    /// For the class on an axis that is not time.
    Axis(Axis),
    /// For the class of the instant in this table.
    Time(u32),
}

impl NodeQuestion {
    /// On which axis.
    pub fn axis(self) -> Axis {
        match self {
            Self::Axis(axis) => axis,
            Self::Time(_) => Axis::Time,
        }
    }
}

/// The class at which the edge ends (exclusive; it starts where the previous edge ends), and its
/// target.
pub(crate) type DiagramEdge = (Class, NodeOrLeaf);

/// A node. Its edges take all classes; neighbours lead to different targets.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct DiagramNode {
    pub asks: NodeQuestion,
    pub edges: Box<[DiagramEdge]>,
}

impl DiagramNode {
    /// Each edge as the run of classes that it takes, and where it leads.
    pub fn runs(&self) -> impl Iterator<Item = (ClassRun, NodeOrLeaf)> + '_ {
        let starts = std::iter::once(0).chain(self.edges.iter().map(|(end, _)| *end));
        starts.zip(&self.edges).map(|(start, (end, target))| ((start, *end), *target))
    }
}

/// The diagram of a program.
#[derive(Debug)]
pub(crate) struct Diagram {
    pub root: NodeOrLeaf,
    /// Children before their parents.
    pub nodes: Vec<DiagramNode>,
    /// For each leaf, the clauses that run there, by lane and number, in order.
    pub leaves: Vec<Box<[(u8, u32)]>>,
    pub tables: Vec<TimeTable>,
    /// The questions about the time that each table was made for, in its order.
    pub table_tests: Vec<Vec<TimeId>>,
}

/// Builds the diagram of a program, with at most `edges` edges.
pub(crate) fn build(
    program: &Program,
    axes: &Axes,
    edges: usize,
    effort: &RemainingSteps,
) -> Result<Diagram, OverBudget> {
    let mut builder = DiagramBuilder {
        program,
        axes,
        most_edges: edges,
        effort,
        edges: 0,
        diagram: Diagram { root: 0, nodes: vec![], leaves: vec![], tables: vec![], table_tests: vec![] },
        memo: HashMap::new(),
        leaves: HashMap::new(),
        same: HashMap::new(),
        hasher: RandomState::new(),
        tables: HashMap::new(),
    };
    let all: Vec<u32> = (0..program.entries.len() as u32).collect();
    builder.diagram.root = builder.build(Axis::Dialed, all)?;
    Ok(builder.diagram)
}

struct DiagramBuilder<'b> {
    program: &'b Program,
    axes: &'b Axes,
    most_edges: usize,
    effort: &'b RemainingSteps<'b>,
    edges: usize,
    diagram: Diagram,
    /// By axis and what is left of each entry.
    memo: HashMap<(Axis, Box<[u32]>), NodeOrLeaf>,
    leaves: HashMap<Box<[(u8, u32)]>, NodeOrLeaf>,
    /// Nodes by their hashes.
    same: HashMap<u64, Vec<u32>>,
    hasher: RandomState,
    tables: HashMap<Vec<TimeId>, u32>,
}

impl<'b> DiagramBuilder<'b> {
    fn entry(&self, at: u32) -> &'b GuardEntry {
        &self.program.entries[at as usize]
    }

    fn spend(&mut self, steps: usize) -> Result<(), OverBudget> {
        self.effort.spend(steps)?;
        if self.edges > self.most_edges { Err(OverBudget) } else { Ok(()) }
    }

    /// The target for calls that have gone through all axes before `from` with these entries left.
    fn build(&mut self, from: Axis, entries: Vec<u32>) -> Result<NodeOrLeaf, OverBudget> {
        self.spend(entries.len() + 1)?;
        let entries = self.cut(from, entries);
        let next = entries.iter().filter_map(|at| self.entry(*at).next_axis(from)).min();
        let Some(axis) = next else { return self.leaf(&entries) };
        let key = (axis, entries.iter().map(|at| self.entry(*at).rest(axis)).collect::<Box<[u32]>>());
        if let Some(target) = self.memo.get(&key) {
            return Ok(*target);
        }
        self.effort.keep_list(&key.1)?;
        let target = if axis == Axis::Time { self.time(&entries)? } else { self.by_class(axis, &entries)? };
        self.memo.insert(key, target);
        Ok(target)
    }

    /// Leaves out what cannot matter any more: in each lane, what follows the first entry that
    /// decides whatever comes, and further boxes of a clause that runs whatever comes.
    fn cut(&self, from: Axis, mut entries: Vec<u32>) -> Vec<u32> {
        let mut decided: Option<u8> = None;
        let mut settled: Option<(u8, u32)> = None;
        entries.retain(|at| {
            let entry = self.entry(*at);
            if decided == Some(entry.lane) || settled == Some((entry.lane, entry.clause)) {
                return false;
            }
            if entry.is_settled(from) {
                settled = Some((entry.lane, entry.clause));
                if entry.decides {
                    decided = Some(entry.lane);
                }
            }
            true
        });
        entries
    }

    /// All entries that are left hold: their clauses run.
    fn leaf(&mut self, entries: &[u32]) -> Result<NodeOrLeaf, OverBudget> {
        let mut clauses: Vec<(u8, u32)> =
            entries.iter().map(|at| (self.entry(*at).lane, self.entry(*at).clause)).collect();
        clauses.dedup();
        let next = self.diagram.leaves.len() as u32 | LEAF;
        match self.leaves.entry(clauses.into()) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(new) => {
                // It is kept twice: here and in the diagram.
                self.effort.keep_list(new.key()).and_then(|()| self.effort.keep_list(new.key()))?;
                self.diagram.leaves.push(new.key().clone());
                Ok(*new.insert(next))
            }
        }
    }

    /// Adds a node, or finds the one that asks the same and leads to the same.
    fn node(
        &mut self,
        asks: NodeQuestion,
        targets: impl IntoIterator<Item = DiagramEdge>,
    ) -> Result<NodeOrLeaf, OverBudget> {
        let mut edges: Vec<DiagramEdge> = Vec::new();
        for (end, target) in targets {
            match edges.last_mut() {
                Some(last) if last.1 == target => last.0 = end,
                _ => edges.push((end, target)),
            }
        }
        if let [(_, only)] = edges.as_slice() {
            return Ok(*only);
        }
        let node = DiagramNode { asks, edges: edges.into() };
        let alike = self.same.entry(self.hasher.hash_one(&node)).or_default();
        if let Some(known) = alike.iter().find(|known| self.diagram.nodes[**known as usize] == node) {
            return Ok(*known);
        }
        self.effort.keep_list(&node.edges)?;
        let next = self.diagram.nodes.len() as u32;
        alike.push(next);
        self.edges += node.edges.len();
        self.diagram.nodes.push(node);
        Ok(next)
    }

    fn by_class(&mut self, axis: Axis, entries: &[u32]) -> Result<NodeOrLeaf, OverBudget> {
        let sweep = EntrySweep::new(self.program, axis, entries);
        self.spend(sweep.events.len())?;
        let mut edges = Vec::new();
        let mut active: BTreeSet<u32> = BTreeSet::new();
        let mut known: HashMap<Box<[u32]>, NodeOrLeaf> = HashMap::new();
        let mut groups = sweep.events.chunk_by(|one, other| one.0 == other.0).peekable();
        let mut start = 0;
        while start < self.program.classes(axis) {
            let next = groups.peek().map_or(u32::MAX, |group| group[0].0).min(self.program.classes(axis));
            if start < next {
                self.spend(active.len() + 1)?;
                let sets: Box<[u32]> = active.iter().copied().collect();
                let target = match known.get(&sets) {
                    Some(target) => *target,
                    None => {
                        self.effort.keep_list(&sets)?;
                        let target = self.build(after(axis), sweep.alive(&sets))?;
                        known.insert(sets, target);
                        target
                    }
                };
                edges.push((next, target));
            }
            for (_, set, begins) in groups.next().into_iter().flatten() {
                let _ = if *begins { active.insert(*set) } else { active.remove(set) };
            }
            start = next;
        }
        self.node(NodeQuestion::Axis(axis), edges)
    }

    fn time(&mut self, entries: &[u32]) -> Result<NodeOrLeaf, OverBudget> {
        let axes = self.axes;
        let times_of = |at: u32| match self.entry(at).set(Axis::Time).map(|set| axes.set(set)) {
            Some(AxisSet::Times(times)) => &times[..],
            Some(
                AxisSet::Numbers(_)
                | AxisSet::Texts(_)
                | AxisSet::On(_)
                | AxisSet::Attestations(_)
                | AxisSet::Buckets(..),
            )
            | None => &[],
        };
        let mut tests: Vec<TimeId> =
            entries.iter().flat_map(|at| times_of(*at).iter().map(|(test, _)| *test)).collect();
        tests.sort_unstable();
        tests.dedup();
        let places: Vec<Vec<(usize, bool)>> = entries
            .iter()
            .map(|at| {
                let literals = times_of(*at).iter();
                literals.filter_map(|(test, answer)| Some((tests.binary_search(test).ok()?, *answer))).collect()
            })
            .collect();
        let table = self.table(tests)?;
        let mut edges = Vec::new();
        let mut known: HashMap<Vec<u32>, NodeOrLeaf> = HashMap::new();
        for class in 0..self.diagram.tables[table as usize].answers.len() as Class {
            self.spend(entries.len())?;
            let now = &self.diagram.tables[table as usize];
            let holds = |wanted: &[(usize, bool)]| wanted.iter().all(|(at, answer)| now.answer(class, *at) == *answer);
            let left: Vec<u32> =
                entries.iter().zip(&places).filter(|(_, wanted)| holds(wanted)).map(|(at, _)| *at).collect();
            let target = match known.get(&left) {
                Some(target) => *target,
                None => {
                    self.effort.keep_list(&left)?;
                    let target = self.build(after(Axis::Time), left.clone())?;
                    known.insert(left, target);
                    target
                }
            };
            edges.push((class + 1, target));
        }
        self.node(NodeQuestion::Time(table), edges)
    }

    /// The table for these questions; nodes that ask the same ones share it.
    fn table(&mut self, tests: Vec<TimeId>) -> Result<u32, OverBudget> {
        if let Some(table) = self.tables.get(&tests) {
            return Ok(*table);
        }
        let answers: Vec<&TimeAnswers> = tests.iter().map(|test| self.axes.answers(*test)).collect();
        let stretches: usize = answers.iter().map(|answers| answers.changes.len() + 1).sum();
        self.spend(stretches * (1 + tests.len() / 64))?;
        self.edges += stretches;
        let table = self.diagram.tables.len() as u32;
        self.diagram.tables.push(TimeTable::within(&answers, self.effort)?);
        self.effort.keep_list(&tests)?;
        self.diagram.table_tests.push(tests.clone());
        self.tables.insert(tests, table);
        Ok(table)
    }
}

/// Which entries hold where, on an axis.
struct EntrySweep {
    /// Entries that ask for nothing here.
    free: Vec<u32>,
    /// Each set's entries.
    entries: Vec<Vec<u32>>,
    /// In order: at which class a set, by its place in `entries`, begins or ends.
    events: Vec<(Class, u32, bool)>,
}

impl EntrySweep {
    fn new(program: &Program, axis: Axis, entries: &[u32]) -> Self {
        let mut sweep = Self { free: Vec::new(), entries: Vec::new(), events: Vec::new() };
        let mut places: HashMap<u32, usize> = HashMap::new();
        let mut runs: Vec<Arc<[ClassRun]>> = Vec::new();
        for at in entries {
            let Some(set) = program.entries[*at as usize].set(axis) else {
                sweep.free.push(*at);
                continue;
            };
            let place = *places.entry(set).or_insert(sweep.entries.len());
            if place == sweep.entries.len() {
                sweep.entries.push(Vec::new());
                runs.push(program.runs(axis, set));
            }
            sweep.entries[place].push(*at);
        }
        for (place, runs) in runs.iter().enumerate() {
            sweep.events.extend(
                runs.iter().flat_map(|(start, end)| [(*start, place as u32, true), (*end, place as u32, false)]),
            );
        }
        // Runs of one set never touch, so at a class a set either begins or ends.
        sweep.events.sort_unstable();
        sweep
    }

    /// The entries of these sets, and the free ones, in order.
    fn alive(&self, sets: &[u32]) -> Vec<u32> {
        let mut alive = self.free.clone();
        alive.extend(sets.iter().flat_map(|set| &self.entries[*set as usize]));
        alive.sort_unstable();
        alive
    }
}

/// The axis after one.
fn after(axis: Axis) -> Axis {
    match axis {
        Axis::Dialed => Axis::Caller,
        Axis::Caller => Axis::HasAsserted,
        Axis::HasAsserted => Axis::Asserted,
        Axis::Asserted => Axis::HasDiverted,
        Axis::HasDiverted => Axis::Diverted,
        Axis::Diverted => Axis::Attestation,
        Axis::Attestation => Axis::Text(TextField::ALL[0]),
        Axis::Text(field) => {
            TextField::ALL.get(field as usize + 1).map_or(Axis::Attribute(0), |next| Axis::Text(*next))
        }
        Axis::Attribute(attribute) => Axis::Attribute(attribute + 1),
        Axis::Switch(switch) => Axis::Switch(switch + 1),
        Axis::Time => Axis::Split(0),
        Axis::Split(split) => Axis::Split(split + 1),
    }
}

impl Diagram {
    /// How many nodes a call passes at most.
    pub fn longest_path(&self) -> usize {
        let mut longest: Vec<usize> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let below = node.edges.iter().filter_map(|(_, target)| leaf_or_node(*target).err());
            let below = below.map(|node: usize| longest[node]).max();
            longest.push(1 + below.unwrap_or(0));
        }
        leaf_or_node(self.root).err().map_or(0, |root| longest[root])
    }
}
