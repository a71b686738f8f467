//! The decision diagram: a node tests one axis and leads to one of its children; equal nodes are one. It is made from
//! the top: on each axis the values are cut where some entry begins or ends, and each piece goes on with the entries
//! that are left, so that nothing is laid out that no call can reach.

use super::numbers::{self, NumberCuts};
use super::program::{Axis, Entry, Program, Set};
use super::time::{Answers, Horizon, TimeTable};
use crate::phone::E164;
use std::collections::HashMap;
use std::sync::Arc;

/// Names a node, or with [`LEAF`] set, a leaf.
pub(crate) type Target = u32;
/// The bit that tells leaves from nodes.
pub(crate) const LEAF: u32 = 1 << 31;

/// How large a diagram may become, so that no plan makes it take all memory or time.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Edges of all nodes together.
    pub edges: usize,
    /// Steps of building: entries looked at, pieces cut.
    pub steps: usize,
}

impl Default for Budget {
    /// Enough for 100,000 rules like a telephone system's; a fraction of a second, and some tens of megabytes.
    fn default() -> Self {
        Self { edges: 4_000_000, steps: 60_000_000 }
    }
}

/// The diagram would become larger than its budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OverBudget;

/// A node.
#[derive(Debug)]
pub(crate) enum Node {
    /// By a number: `true` is the dialed one.
    Number(bool, NumberNode),
    /// By the count of a number's digits.
    Length(bool, [Target; 16]),
    /// By a text: `true` is the trunk; those listed, in order, and all others.
    Text(bool, Vec<(Box<str>, Target)>, Target),
    /// By a switch: on, off.
    Switch(u32, Target, Target),
    /// By the class of an instant in a table.
    Time(u32, Box<[Target]>),
    /// By a split's bucket: each edge up to, not including, its bound.
    Bucket(u32, Box<[(u32, Target)]>),
}

/// A node that tests a number.
#[derive(Debug, Default)]
pub(crate) struct NumberNode {
    /// Whole numbers that go another way than those around them.
    pub points: numbers::Points,
    /// Keys from which each edge goes, the first is 0.
    pub starts: Box<[u64]>,
    pub targets: Box<[Target]>,
    pub withheld: Target,
    pub locals: Box<[(Box<str>, Target)]>,
    pub other_local: Target,
}

/// The diagram of a program.
#[derive(Debug)]
pub(crate) struct Diagram {
    pub root: Target,
    pub nodes: Vec<Node>,
    /// For each leaf, the clauses that run there, by lane and number, in order.
    pub leaves: Vec<Box<[(u8, u32)]>>,
    pub tables: Vec<TimeTable>,
    /// The time tests that each table was made for, in its order.
    pub table_tests: Vec<Vec<usize>>,
    pub edges: usize,
}

/// Makes the diagram of a program.
pub(crate) fn build(
    program: &Program,
    answers: &[Answers],
    horizon: &Horizon,
    budget: Budget,
) -> Result<Diagram, OverBudget> {
    let diagram = Diagram { root: 0, nodes: vec![], leaves: vec![], tables: vec![], table_tests: vec![], edges: 0 };
    let mut builder = Builder {
        program,
        answers,
        horizon,
        budget,
        steps: 0,
        diagram,
        memo: HashMap::new(),
        leaves: HashMap::new(),
        same: HashMap::new(),
        tables: HashMap::new(),
        cuts: HashMap::new(),
    };
    let all: Vec<u32> = (0..program.entries.len() as u32).collect();
    builder.diagram.root = builder.build(Axis::Dialed, all)?;
    Ok(builder.diagram)
}

/// A node, and what tells it from others that lead to the same.
type Shaped = (u32, u64);

struct Builder<'b> {
    program: &'b Program,
    answers: &'b [Answers],
    horizon: &'b Horizon,
    budget: Budget,
    steps: usize,
    diagram: Diagram,
    /// By axis and what is left of each entry.
    memo: HashMap<(Axis, Box<[u32]>), Target>,
    leaves: HashMap<Box<[(u8, u32)]>, Target>,
    /// Nodes by what they test and lead to; of those that are alike so, by their shapes.
    same: HashMap<(Axis, Vec<Target>), Vec<Shaped>>,
    tables: HashMap<Vec<usize>, u32>,
    cuts: HashMap<u32, Arc<NumberCuts>>,
}

impl<'b> Builder<'b> {
    fn entry(&self, at: u32) -> &'b Entry {
        &self.program.entries[at as usize]
    }

    fn spend(&mut self, steps: usize) -> Result<(), OverBudget> {
        self.steps += steps;
        if self.steps > self.budget.steps || self.diagram.edges > self.budget.edges { Err(OverBudget) } else { Ok(()) }
    }

    /// The target for calls that have gone through all axes before `from` with these entries left.
    fn build(&mut self, from: Axis, entries: Vec<u32>) -> Result<Target, OverBudget> {
        self.spend(entries.len() + 1)?;
        let entries = self.cut(from, entries);
        let next = entries.iter().filter_map(|at| self.entry(*at).next_axis(from)).min();
        let Some(axis) = next else { return Ok(self.leaf(&entries)) };
        let key = (axis, entries.iter().map(|at| self.entry(*at).rest(axis)).collect::<Box<[u32]>>());
        if let Some(target) = self.memo.get(&key) {
            return Ok(*target);
        }
        let target = match axis {
            Axis::Dialed | Axis::Caller => self.number(axis, &entries)?,
            Axis::Trunk | Axis::Organization => self.text(axis, &entries)?,
            Axis::Switch(switch) => self.switch(axis, switch, &entries)?,
            Axis::Time => self.time(&entries)?,
            Axis::Split(split) => self.bucket(axis, split, &entries)?,
        };
        self.memo.insert(key, target);
        Ok(target)
    }

    /// Leaves out what cannot matter any more: in each lane, what follows the first entry that decides whatever comes,
    /// and further boxes of a clause that runs whatever comes.
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
    fn leaf(&mut self, entries: &[u32]) -> Target {
        let mut clauses: Vec<(u8, u32)> =
            entries.iter().map(|at| (self.entry(*at).lane, self.entry(*at).clause)).collect();
        clauses.dedup();
        let next = self.diagram.leaves.len() as u32 | LEAF;
        let clauses = clauses.into_boxed_slice();
        if let Some(known) = self.leaves.get(&clauses) {
            return *known;
        }
        self.diagram.leaves.push(clauses.clone());
        self.leaves.insert(clauses, next);
        next
    }

    /// Adds a node, or finds the one that tests the same and leads to the same.
    fn node(
        &mut self,
        axis: Axis,
        targets: Vec<Target>,
        shape: u64,
        edges: usize,
        node: impl FnOnce() -> Node,
    ) -> Target {
        if let Some(first) = targets.first()
            && targets.iter().all(|target| target == first)
        {
            return *first;
        }
        let alike = self.same.entry((axis, targets)).or_default();
        if let Some((known, _)) = alike.iter().find(|(_, known)| *known == shape) {
            return *known;
        }
        let next = self.diagram.nodes.len() as u32;
        alike.push((next, shape));
        self.diagram.edges += edges;
        self.diagram.nodes.push(node());
        next
    }

    fn number(&mut self, axis: Axis, entries: &[u32]) -> Result<Target, OverBudget> {
        let mut sweep = numbers::Sweep::default();
        for at in entries {
            let set = self.entry(*at).set(axis);
            let cuts = set.map(|set| self.number_cuts(set));
            self.spend(cuts.as_ref().map_or(1, |cuts| cuts.len()))?;
            sweep.add(*at, cuts);
        }
        let dialed = axis == Axis::Dialed;
        let next = after(axis);
        let pieces = sweep.cut();
        let mut kinds = Vec::with_capacity(pieces.kinds.len());
        for (alive, occurring) in &pieces.kinds {
            self.spend(alive.len() + 1)?;
            kinds.push(self.interval(dialed, next, alive, *occurring)?);
        }
        let (mut starts, mut targets) = (Vec::new(), Vec::new());
        self.spend(pieces.intervals.len() + pieces.points.len())?;
        for (start, kind) in &pieces.intervals {
            if targets.last() != Some(&kinds[*kind]) {
                starts.push(*start);
                targets.push(kinds[*kind]);
            }
        }
        let mut point_kinds = Vec::with_capacity(pieces.point_kinds.len());
        for alive in pieces.point_kinds {
            self.spend(alive.len() + 1)?;
            point_kinds.push(self.build(next, alive)?);
        }
        let mut points: Vec<(E164, Target)> =
            pieces.points.iter().map(|(number, kind)| (*number, point_kinds[*kind])).collect();
        let mut node = NumberNode { withheld: self.build(next, sweep.withheld())?, ..NumberNode::default() };
        let mut locals = Vec::new();
        for (text, alive) in sweep.locals() {
            self.spend(alive.len() + 1)?;
            locals.push((text, self.build(next, alive)?));
        }
        node.other_local = self.build(next, sweep.other_local())?;
        // A point that goes the way of what lies around it is none.
        points.retain(|(number, target)| {
            let around = targets[starts.partition_point(|start| *start <= number.key()).saturating_sub(1)];
            let around = match around & LEAF {
                0 => match &self.diagram.nodes[around as usize] {
                    Node::Length(_, by_length) => by_length[number.length() as usize],
                    _ => around,
                },
                _ => around,
            };
            around != *target
        });
        locals.retain(|(_, target)| *target != node.other_local);
        let edges = starts.len() + points.len() + locals.len() + 2;
        let all: Vec<Target> = targets
            .iter()
            .copied()
            .chain(points.iter().map(|(_, target)| *target))
            .chain(locals.iter().map(|(_, target)| *target))
            .chain([node.withheld, node.other_local])
            .collect();
        let shape = numbers::shape(&starts, &points, &locals);
        node.starts = starts.into();
        node.targets = targets.into();
        node.locals = locals.into();
        Ok(self.node(axis, all, shape, edges, || {
            node.points = numbers::Points::new(&points);
            Node::Number(dialed, node)
        }))
    }

    fn number_cuts(&mut self, set: u32) -> Arc<NumberCuts> {
        let Set::Numbers(numbers) = &self.program.sets[set as usize] else { return Arc::default() };
        Arc::clone(self.cuts.entry(set).or_insert_with(|| Arc::new(NumberCuts::of(numbers))))
    }

    fn known_list(
        &mut self,
        known: &mut HashMap<Vec<u32>, Target>,
        next: Axis,
        alive: Vec<u32>,
    ) -> Result<Target, OverBudget> {
        if let Some(target) = known.get(&alive) {
            return Ok(*target);
        }
        let target = self.build(next, alive.clone())?;
        known.insert(alive, target);
        Ok(target)
    }

    /// What an interval of keys leads to; where entries hold for some lengths only, a node that tests the length.
    fn interval(
        &mut self,
        dialed: bool,
        next: Axis,
        alive: &[(u32, u16)],
        occurring: u16,
    ) -> Result<Target, OverBudget> {
        if alive.iter().all(|(_, lengths)| *lengths == numbers::EVERY_LENGTH) {
            return self.build(next, alive.iter().map(|(at, _)| *at).collect());
        }
        let mut by_length: [Option<Target>; 16] = [None; 16];
        let mut known: HashMap<Vec<u32>, Target> = HashMap::new();
        for (length, target) in by_length.iter_mut().enumerate().filter(|(length, _)| occurring >> length & 1 == 1) {
            let left = alive.iter().filter(|(_, lengths)| lengths >> length & 1 == 1).map(|(at, _)| *at).collect();
            *target = Some(self.known_list(&mut known, next, left)?);
        }
        // A length that does not occur here may go anywhere that another goes.
        let any = by_length.iter().flatten().next().copied();
        let by_length = by_length.map(|target| target.or(any).unwrap_or_default());
        let axis = if dialed { Axis::Dialed } else { Axis::Caller };
        Ok(self.node(axis, by_length.to_vec(), u64::MAX, 16, || Node::Length(dialed, by_length)))
    }

    fn text(&mut self, axis: Axis, entries: &[u32]) -> Result<Target, OverBudget> {
        let mut listed: Vec<&str> = Vec::new();
        for at in entries {
            if let Some(Set::Texts(texts)) = self.entry(*at).set(axis).map(|set| &self.program.sets[set as usize]) {
                self.spend(texts.listed.len())?;
                listed.extend(texts.listed.iter().map(String::as_str));
            }
        }
        listed.sort_unstable();
        listed.dedup();
        let next = after(axis);
        let mut by_text = Vec::new();
        for text in listed.iter().map(|text| Some(*text)).chain([None]) {
            self.spend(entries.len())?;
            let left = entries.iter().copied().filter(|at| {
                match self.entry(*at).set(axis).map(|set| &self.program.sets[set as usize]) {
                    Some(Set::Texts(texts)) => text.map_or(texts.all_but, |text| texts.contains(text)),
                    _ => true,
                }
            });
            let left = left.collect();
            by_text.push(self.build(next, left)?);
        }
        let other = by_text[listed.len()];
        let all = by_text.clone();
        let edges = by_text.len();
        let shape = numbers::hash_of(&listed);
        let kept = listed.iter().zip(&by_text).filter(|(_, target)| **target != other);
        let kept: Vec<(Box<str>, Target)> = kept.map(|(text, target)| (Box::from(*text), *target)).collect();
        Ok(self.node(axis, all, shape, edges, || Node::Text(axis == Axis::Trunk, kept, other)))
    }

    fn switch(&mut self, axis: Axis, switch: u32, entries: &[u32]) -> Result<Target, OverBudget> {
        let next = after(axis);
        let mut sides = [0; 2];
        for (side, on) in [(0, true), (1, false)] {
            let left = entries.iter().copied().filter(|at| {
                match self.entry(*at).set(axis).map(|set| &self.program.sets[set as usize]) {
                    Some(Set::On(wanted)) => *wanted == on,
                    _ => true,
                }
            });
            let left = left.collect();
            sides[side] = self.build(next, left)?;
        }
        Ok(self.node(axis, sides.to_vec(), 0, 2, || Node::Switch(switch, sides[0], sides[1])))
    }

    fn time(&mut self, entries: &[u32]) -> Result<Target, OverBudget> {
        let times_of = |at: u32| match self.entry(at).set(Axis::Time).map(|set| &self.program.sets[set as usize]) {
            Some(Set::Times(times)) => times.as_slice(),
            _ => &[],
        };
        let mut tests: Vec<usize> = entries.iter().flat_map(|at| times_of(*at).iter().map(|(test, _)| *test)).collect();
        tests.sort_unstable();
        tests.dedup();
        let wanted: Vec<Vec<(usize, bool)>> = entries
            .iter()
            .map(|at| {
                times_of(*at)
                    .iter()
                    .filter_map(|(test, answer)| Some((tests.binary_search(test).ok()?, *answer)))
                    .collect()
            })
            .collect();
        let table = self.table(&tests)?;
        let mut targets = Vec::new();
        let mut known: HashMap<Vec<u32>, Target> = HashMap::new();
        for class in 0..self.diagram.tables[table as usize].answers.len() {
            self.spend(entries.len())?;
            let answers = &self.diagram.tables[table as usize].answers[class];
            let holds =
                |(question, answer): &(usize, bool)| (answers[question / 64] >> (question % 64) & 1 == 1) == *answer;
            let left = entries.iter().zip(&wanted).filter(|(_, wanted)| wanted.iter().all(holds)).map(|(at, _)| *at);
            let left = left.collect();
            targets.push(self.known_list(&mut known, after(Axis::Time), left)?);
        }
        let edges = targets.len();
        let boxed = targets.clone().into_boxed_slice();
        Ok(self.node(Axis::Time, targets, u64::from(table), edges, || Node::Time(table, boxed)))
    }

    /// The table for these time tests; those that are asked together elsewhere share it.
    fn table(&mut self, tests: &[usize]) -> Result<u32, OverBudget> {
        if let Some(table) = self.tables.get(tests) {
            return Ok(*table);
        }
        let answers: Vec<&Answers> = tests.iter().map(|test| &self.answers[*test]).collect();
        let stretches: usize = answers.iter().map(|answers| answers.changes.len() + 1).sum();
        self.spend(stretches * (1 + tests.len() / 64))?;
        self.diagram.edges += stretches;
        let table = self.diagram.tables.len() as u32;
        self.diagram.tables.push(TimeTable::new(self.horizon, &answers));
        self.diagram.table_tests.push(tests.to_vec());
        self.tables.insert(tests.to_vec(), table);
        Ok(table)
    }

    fn bucket(&mut self, axis: Axis, split: u32, entries: &[u32]) -> Result<Target, OverBudget> {
        let program = self.program;
        let buckets_of = |at: u32| match program.entries[at as usize].set(axis).map(|set| &program.sets[set as usize]) {
            Some(Set::Buckets(first, end)) => Some((*first, *end)),
            _ => None,
        };
        let mut bounds: Vec<u32> =
            entries.iter().filter_map(|at| buckets_of(*at)).flat_map(|(first, end)| [first, end]).collect();
        bounds.extend([0, crate::eval::BUCKETS]);
        bounds.sort_unstable();
        bounds.dedup();
        let mut edges = Vec::new();
        for pair in bounds.windows(2) {
            self.spend(entries.len())?;
            let left = entries
                .iter()
                .copied()
                .filter(|at| buckets_of(*at).is_none_or(|(first, end)| first <= pair[0] && pair[1] <= end));
            let left = left.collect();
            edges.push((pair[1], self.build(after(axis), left)?));
        }
        let shape = numbers::hash_of(&bounds);
        let targets = edges.iter().map(|(_, target)| *target).collect();
        let count = edges.len();
        Ok(self.node(axis, targets, shape, count, || Node::Bucket(split, edges.into_boxed_slice())))
    }
}

/// The axis after one.
fn after(axis: Axis) -> Axis {
    match axis {
        Axis::Dialed => Axis::Caller,
        Axis::Caller => Axis::Trunk,
        Axis::Trunk => Axis::Organization,
        Axis::Organization => Axis::Switch(0),
        Axis::Switch(switch) => Axis::Switch(switch + 1),
        Axis::Time => Axis::Split(0),
        Axis::Split(split) => Axis::Split(split + 1),
    }
}

impl Diagram {
    /// The targets that a node leads to.
    pub fn targets_of(&self, node: &Node) -> Vec<Target> {
        match node {
            Node::Number(_, node) => {
                let points = node.points.iter().map(|(_, target)| target);
                let locals = node.locals.iter().map(|(_, target)| *target);
                node.targets
                    .iter()
                    .copied()
                    .chain(points)
                    .chain(locals)
                    .chain([node.withheld, node.other_local])
                    .collect()
            }
            Node::Length(_, by_length) => by_length.to_vec(),
            Node::Text(_, listed, other) => listed.iter().map(|(_, target)| *target).chain([*other]).collect(),
            Node::Switch(_, on, off) => vec![*on, *off],
            Node::Time(_, targets) => targets.to_vec(),
            Node::Bucket(_, edges) => edges.iter().map(|(_, target)| *target).collect(),
        }
    }

    /// How many nodes a call passes at most. A node's children were made before it.
    pub fn longest_path(&self) -> usize {
        let mut longest: Vec<usize> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let below = self.targets_of(node).into_iter().filter(|target| target & LEAF == 0);
            longest.push(1 + below.map(|target| longest[target as usize]).max().unwrap_or(0));
        }
        if self.root & LEAF == 0 { longest[self.root as usize] } else { 0 }
    }

    /// Bytes of its nodes and tables.
    pub fn bytes(&self) -> usize {
        let nodes: usize = self
            .nodes
            .iter()
            .map(|node| {
                size_of::<Node>()
                    + match node {
                        Node::Number(_, node) => {
                            node.starts.len() * 12
                                + node.points.bytes()
                                + node.locals.iter().map(|(text, _)| text.len() + 24).sum::<usize>()
                        }
                        Node::Length(..) | Node::Switch(..) => 0,
                        Node::Text(_, listed, _) => listed.iter().map(|(text, _)| text.len() + 24).sum(),
                        Node::Time(_, targets) => targets.len() * 4,
                        Node::Bucket(_, edges) => edges.len() * 8,
                    }
            })
            .sum();
        let tables = self
            .tables
            .iter()
            .map(|table| table.starts.len() * 12 + table.answers.iter().map(|one| one.len() * 8).sum::<usize>());
        let leaves = self.leaves.iter().map(|leaf| leaf.len() * 8 + 16);
        nodes + tables.sum::<usize>() + leaves.sum::<usize>()
    }
}
