//! Some of the calls of a plan, as a walk over its diagram: the calls of a guard, or all of them,
//! within the period that is asked about.
//!
//! A guard is a union of boxes that may overlap. On the way down, a state is a node and the boxes
//! that still hold; where a box has nothing left to ask, it holds for everything below. So each
//! call is counted once.

use super::space::Space;
use crate::compile::axes::{Axis, AxisSet, SetId, TimeId};
use crate::compile::budget::{OverBudget, RemainingSteps};
use crate::compile::classes::{Class, ClassRun};
use crate::compile::diagram::{DiagramNode, LEAF, NodeOrLeaf, NodeQuestion, leaf_or_node};
use crate::compile::guard::GuardBox;
use crate::compile::table::TimeTable;
use crate::schedule::join_touching;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// The boxes that still hold, by their places, in order.
type LiveBoxes = Rc<[u16]>;

/// The part of a space in which some boxes hold.
pub(super) struct Region<'s> {
    pub space: &'s Space,
    boxes: &'s [GuardBox],
    /// The boxes that hold at some time of the period.
    occurring: Vec<u16>,
    effort: RemainingSteps<'s>,
    tried: Cell<usize>,
    /// By table and boxes.
    times: RefCell<HashMap<(u32, LiveBoxes), TimeParts>>,
    joined: RefCell<JoinedTimes>,
}

/// Times that were joined, by the addresses of what they were joined of. Both are kept, so that no
/// others ever have these addresses.
type JoinedTimes = HashMap<Box<[*const (u32, u32)]>, (Box<[Rc<[(u32, u32)]>]>, Rc<[(u32, u32)]>)>;

/// A state of the walk down: a node or leaf, and the boxes that hold there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RegionState {
    target: NodeOrLeaf,
    alive: LiveBoxes,
}

/// A part of a node's calls that go on alike.
pub(super) struct StatePart {
    pub state: RegionState,
    pieces: StateParts,
}

/// What a part is made of, in no order; times are shared, since there are many.
enum StateParts {
    Classes(Vec<ClassRun>),
    Times(Vec<Rc<[(u32, u32)]>>),
}

/// What the calls of a part bring on the axis of a node. Times are shared: a schedule has thousands
/// of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum AxisValues {
    Classes(Rc<[ClassRun]>),
    Times(Rc<[(u32, u32)]>),
}

type TimeParts = Rc<[TimePart]>;

/// Seconds from the horizon's start: from one up to, not including, another; in order.
pub(super) type TimeRanges = Vec<(u32, u32)>;

/// Times during which a table's class and the boxes that hold stay the same.
struct TimePart {
    class: Class,
    alive: LiveBoxes,
    times: Rc<[(u32, u32)]>,
}

/// A box that asks for nothing.
const EVERYTHING: &[GuardBox] = &[GuardBox { constraints: Vec::new() }];

impl<'s> Region<'s> {
    /// All calls.
    pub fn everything(space: &'s Space, effort: RemainingSteps<'s>) -> Self {
        Self::new(space, EVERYTHING, effort)
    }

    /// The calls of these boxes, which the space was made to be asked about.
    pub fn new(space: &'s Space, boxes: &'s [GuardBox], effort: RemainingSteps<'s>) -> Self {
        // Boxes of one guard mostly ask for few different times.
        let mut known: HashMap<Option<SetId>, bool> = HashMap::new();
        let mut occurs = |at: &u16| {
            let one = &boxes[*at as usize];
            *known.entry(one.set(Axis::Time)).or_insert_with(|| !times_of(space, one).is_empty())
        };
        let occurring = (0..boxes.len() as u16).filter(|at| occurs(at)).collect();
        Self {
            space,
            boxes,
            occurring,
            effort,
            tried: Cell::new(0),
            times: RefCell::default(),
            joined: RefCell::default(),
        }
    }

    /// Where all its calls begin; `None` if there are none.
    pub fn start(&self) -> Option<RegionState> {
        let settled = self.occurring.iter().find(|at| self.boxes[**at as usize].constraints.is_empty());
        let alive: LiveBoxes = settled.map_or(&self.occurring[..], std::slice::from_ref).into();
        (!alive.is_empty()).then_some(RegionState { target: self.space.diagram.root, alive })
    }

    /// A box that holds wherever a state is reached.
    pub fn box_of(&self, state: &RegionState) -> &'s GuardBox {
        &self.boxes[state.alive[0] as usize]
    }

    fn spend(&self, steps: usize) -> Result<(), OverBudget> {
        self.effort.spend(steps)
    }

    /// The steps that are left.
    pub fn steps_left(&self) -> usize {
        self.effort.left()
    }

    /// Takes memory that is kept as long as the region: see [`RemainingSteps::keep`].
    pub fn keep(&self, bytes: usize) -> Result<(), OverBudget> {
        self.effort.keep(bytes)
    }

    /// How many calls were tried so far.
    pub fn tried(&self) -> usize {
        self.tried.get()
    }

    /// Counts a call that is tried.
    pub fn try_one(&self) {
        self.tried.update(|tried| tried + 1);
    }

    /// The parts of a state that is not a leaf's: by where they lead.
    pub fn parts(&self, state: &RegionState) -> Result<Vec<StatePart>, OverBudget> {
        let Err(node) = leaf_or_node(state.target) else { return Ok(Vec::new()) };
        let node = &self.space.diagram.nodes[node];
        let mut gathered = NodeParts::default();
        match node.asks {
            NodeQuestion::Axis(axis) => self.classes(node, axis, &state.alive, &mut gathered)?,
            NodeQuestion::Time(table) => {
                for part in self.times(table, &state.alive)?.iter() {
                    let edge = node.edges.partition_point(|(end, _)| *end <= part.class);
                    self.spend(1)?;
                    let state = RegionState { target: node.edges[edge].1, alive: Rc::clone(&part.alive) };
                    gathered.add(state, StateParts::Times(vec![Rc::clone(&part.times)]));
                }
            }
        }
        Ok(gathered.parts)
    }

    fn classes(
        &self,
        node: &DiagramNode,
        axis: Axis,
        alive: &LiveBoxes,
        gathered: &mut NodeParts,
    ) -> Result<(), OverBudget> {
        for ((start, end), alive) in self.alive_on(axis, alive)? {
            let mut edge = node.edges.partition_point(|(bound, _)| *bound <= start);
            let mut from = start;
            while from < end {
                let (bound, target) = node.edges[edge];
                let run = (from, bound.min(end));
                self.spend(1)?;
                let state = RegionState { target, alive: Rc::clone(&alive) };
                gathered.add(state, StateParts::Classes(vec![run]));
                (from, edge) = (run.1, edge + 1);
            }
        }
        Ok(())
    }

    /// What the calls of a part bring on the axis of its node.
    pub fn values(&self, part: &StatePart) -> AxisValues {
        match &part.pieces {
            StateParts::Classes(runs) => AxisValues::Classes(joined(runs.iter().copied()).into()),
            StateParts::Times(times) => AxisValues::Times(self.joined_times(times)),
        }
    }

    /// The values of several parts of one node together.
    pub fn union<'v>(&self, all: impl Iterator<Item = &'v AxisValues>) -> AxisValues {
        let (mut classes, mut times) = (Vec::new(), Vec::new());
        for values in all {
            match values {
                AxisValues::Classes(runs) => classes.extend(runs.iter().copied()),
                AxisValues::Times(shared) => times.push(Rc::clone(shared)),
            }
        }
        match times.as_slice() {
            [] => AxisValues::Classes(joined(classes.into_iter()).into()),
            times => AxisValues::Times(self.joined_times(times)),
        }
    }

    /// Times together; the same times are joined once.
    fn joined_times(&self, times: &[Rc<[(u32, u32)]>]) -> Rc<[(u32, u32)]> {
        if let [only] = times {
            return Rc::clone(only);
        }
        let key: Box<[_]> = times.iter().map(|times| times.as_ptr()).collect();
        let join = || {
            let all = joined(times.iter().flat_map(|times| times.iter().copied()));
            (times.into(), all.into())
        };
        Rc::clone(&self.joined.borrow_mut().entry(key).or_insert_with(join).1)
    }

    /// How much of its node's axis a part is; comparable with the other parts of the node only.
    fn weight(&self, axis: Axis, part: &StatePart) -> f64 {
        let length = |(start, end): (u32, u32)| f64::from(end - start);
        let members = axis.party().map(|party| self.space.members(party));
        let of_run = |run: ClassRun| members.map_or_else(|| length(run), |members| members.weight(run));
        match &part.pieces {
            StateParts::Classes(runs) => runs.iter().map(|run| of_run(*run)).sum(),
            StateParts::Times(times) => times.iter().flat_map(|times| times.iter()).map(|time| length(*time)).sum(),
        }
    }

    /// Whether these are all values of an axis.
    pub fn is_whole(&self, axis: Axis, values: &AxisValues) -> bool {
        let period = self.space.period();
        match values {
            AxisValues::Classes(runs) => **runs == [(0, self.space.program.classes(axis))],
            AxisValues::Times(times) => **times == [(period.start, period.end)],
        }
    }

    /// The axis in runs of classes, and for each the boxes that hold; what no box has is left out.
    fn alive_on(&self, axis: Axis, alive: &LiveBoxes) -> Result<Vec<(ClassRun, LiveBoxes)>, OverBudget> {
        let runs_of = |at: u16| -> Arc<[ClassRun]> {
            let whole = || Arc::from([(0, self.space.program.classes(axis))]);
            self.boxes[at as usize].set(axis).map_or_else(whole, |set| self.space.program.runs(axis, set))
        };
        let mut events: Vec<(Class, u16, bool)> = Vec::new();
        for at in alive.iter() {
            let runs = runs_of(*at);
            events.extend(runs.iter().flat_map(|(start, end)| [(*start, *at, true), (*end, *at, false)]));
        }
        self.spend(events.len())?;
        events.sort_unstable();
        let mut now: Vec<u16> = Vec::new();
        let mut found: Vec<(ClassRun, LiveBoxes)> = Vec::new();
        let mut from = 0;
        for same in events.chunk_by(|one, other| one.0 == other.0) {
            let to = same[0].0;
            if from < to && !now.is_empty() {
                self.spend(now.len())?;
                found.push(((from, to), self.left(axis, &now)));
            }
            for (_, at, begins) in same {
                match now.binary_search(at) {
                    Ok(place) if !begins => drop(now.remove(place)),
                    Err(place) if *begins => now.insert(place, *at),
                    Ok(_) | Err(_) => {}
                }
            }
            from = to;
        }
        Ok(found)
    }

    /// Of boxes that hold on an axis, those that matter below: a box with nothing left to ask makes
    /// all others needless.
    fn left(&self, axis: Axis, now: &[u16]) -> LiveBoxes {
        let is_settled = |at: &u16| self.boxes[*at as usize].constraints.last().is_none_or(|(last, _)| *last <= axis);
        match now.iter().find(|at| is_settled(at)) {
            Some(settled) => [*settled].into(),
            None => now.into(),
        }
    }

    /// A table's classes within the period, cut further where a box begins or ceases to hold.
    fn times(&self, table: u32, alive: &LiveBoxes) -> Result<TimeParts, OverBudget> {
        let key = (table, Rc::clone(alive));
        if let Some(known) = self.times.borrow().get(&key) {
            return Ok(Rc::clone(known));
        }
        let (tests, literals) = self.literals(alive);
        let answers: Vec<_> = tests.iter().map(|test| self.space.axes.answers(*test)).collect();
        let asked = TimeTable::within(&answers, &self.effort)?;
        let holds = |class: Class, literals: &[(usize, bool)]| {
            literals.iter().all(|(at, answer)| asked.answer(class, *at) == *answer)
        };
        let alive_in = |class: Class| -> Vec<u16> {
            alive.iter().zip(&literals).filter(|(_, literals)| holds(class, literals)).map(|(at, _)| *at).collect()
        };
        let alive_by_class: Vec<LiveBoxes> =
            (0..asked.answers.len() as Class).map(|class| self.left(Axis::Time, &alive_in(class))).collect();
        let table = &self.space.diagram.tables[table as usize];
        self.spend(table.starts.len() + asked.starts.len() + asked.answers.len() * alive.len())?;
        let mut found: Vec<(Class, LiveBoxes, TimeRanges)> = Vec::new();
        let mut places: HashMap<(Class, LiveBoxes), usize> = HashMap::new();
        for (start, end, class, asked_class) in both(table, &asked, self.space) {
            let alive = &alive_by_class[asked_class as usize];
            if alive.is_empty() {
                continue;
            }
            let place = *places.entry((class, Rc::clone(alive))).or_insert(found.len());
            if place == found.len() {
                found.push((class, Rc::clone(alive), Vec::new()));
            }
            push_time(&mut found[place].2, (start, end));
        }
        found.iter().try_for_each(|(_, _, times)| self.effort.keep_list(times))?;
        let part =
            |(class, alive, times): (Class, LiveBoxes, TimeRanges)| TimePart { class, alive, times: times.into() };
        let parts: TimeParts = found.into_iter().map(part).collect();
        self.times.borrow_mut().insert(key, Rc::clone(&parts));
        Ok(parts)
    }

    /// The questions about the time that boxes ask, and for each box the answers that it needs, by
    /// the questions' places.
    fn literals(&self, alive: &LiveBoxes) -> (Vec<TimeId>, Vec<Vec<(usize, bool)>>) {
        let of_box = |at: &u16| match self.boxes[*at as usize].set(Axis::Time).map(|set| self.space.axes.set(set)) {
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
        let mut tests: Vec<TimeId> = alive.iter().flat_map(|at| of_box(at).iter().map(|(test, _)| *test)).collect();
        tests.sort_unstable();
        tests.dedup();
        let places = |at: &u16| {
            let literals = of_box(at).iter();
            literals.filter_map(|(test, answer)| Some((tests.binary_search(test).ok()?, *answer))).collect()
        };
        let literals = alive.iter().map(places).collect();
        (tests, literals)
    }

    /// Which leaves have a call.
    pub fn leaves(&self) -> Result<Vec<bool>, OverBudget> {
        let mut found = vec![false; self.space.diagram.leaves.len()];
        let mut seen: HashMap<RegionState, ()> = HashMap::new();
        let mut waiting: Vec<RegionState> = self.start().into_iter().collect();
        while let Some(state) = waiting.pop() {
            match leaf_or_node(state.target) {
                Ok(leaf) => found[leaf] = true,
                Err(_) => {
                    if seen.insert(state.clone(), ()).is_none() {
                        waiting.extend(self.parts(&state)?.into_iter().map(|part| part.state));
                    }
                }
            }
        }
        Ok(found)
    }

    /// How much of its calls ends up at leaves of each kind; together 1. Numbers weigh by their
    /// digits, times by their length, and the other values on an axis alike.
    pub fn shares<K: Ord>(&self, kind: &impl Fn(usize) -> K) -> Result<BTreeMap<K, f64>, OverBudget> {
        let mut shares = BTreeMap::new();
        // From the top: a node comes before all nodes below it, which have lower numbers.
        let mut waiting: BTreeMap<RegionState, f64> = self.start().into_iter().map(|start| (start, 1.0)).collect();
        while let Some((state, share)) = waiting.pop_last() {
            match leaf_or_node(state.target) {
                Ok(leaf) => *shares.entry(kind(leaf)).or_default() += share,
                Err(node) => {
                    let axis = self.space.diagram.nodes[node].asks.axis();
                    let parts = self.parts(&state)?;
                    let weights: Vec<f64> = parts.iter().map(|part| self.weight(axis, part)).collect();
                    let whole: f64 = weights.iter().sum();
                    for (part, weight) in parts.into_iter().zip(weights) {
                        *waiting.entry(part.state).or_default() += share * weight / whole;
                    }
                }
            }
        }
        Ok(shares)
    }
}

/// The times in the period at which a box may hold: all of it, unless it asks for the time.
pub(super) fn times_of(space: &Space, one: &GuardBox) -> TimeRanges {
    let Some(AxisSet::Times(literals)) = one.set(Axis::Time).map(|set| space.axes.set(set)) else {
        return vec![(space.period().start, space.period().end)];
    };
    let table = TimeTable::new(&literals.iter().map(|(test, _)| space.axes.answers(*test)).collect::<Vec<_>>());
    let holds = |class: Class| literals.iter().enumerate().all(|(at, (_, answer))| table.answer(class, at) == *answer);
    let mut times = Vec::new();
    for (start, end, class) in table.stretches(space.axes.horizon().seconds()) {
        let (start, end) = (start.max(space.period().start), end.min(space.period().end));
        if start < end && holds(class) {
            push_time(&mut times, (start, end));
        }
    }
    times
}

/// The parts of a node so far; parts with the same next state are joined.
#[derive(Default)]
struct NodeParts {
    parts: Vec<StatePart>,
    places: HashMap<RegionState, usize>,
}

impl NodeParts {
    fn add(&mut self, state: RegionState, pieces: StateParts) {
        let place = *self.places.entry(state.clone()).or_insert(self.parts.len());
        let Some(part) = self.parts.get_mut(place) else {
            return self.parts.push(StatePart { state, pieces });
        };
        match (&mut part.pieces, pieces) {
            (StateParts::Classes(all), StateParts::Classes(more)) => all.extend(more),
            (StateParts::Times(all), StateParts::Times(more)) => all.extend(more),
            // A node asks for one of the two.
            (StateParts::Classes(_), StateParts::Times(_)) | (StateParts::Times(_), StateParts::Classes(_)) => {}
        }
    }
}

/// The stretches of two tables together, within the period: start, end, and the class of each.
fn both<'t>(
    table: &'t TimeTable,
    asked: &'t TimeTable,
    space: &Space,
) -> impl Iterator<Item = (u32, u32, Class, Class)> + 't {
    let period = space.period();
    let mut asked = asked.stretches(space.axes.horizon().seconds()).peekable();
    let mut found = Vec::new();
    for (start, end, class) in table.stretches(space.axes.horizon().seconds()) {
        while let Some((asked_start, asked_end, asked_class)) = asked.peek().copied() {
            let (from, to) = (start.max(asked_start).max(period.start), end.min(asked_end).min(period.end));
            if from < to {
                found.push((from, to, class, asked_class));
            }
            if asked_end > end {
                break;
            }
            asked.next();
        }
    }
    found.into_iter()
}

/// Adds a time after those before it; joined to the last where they touch.
fn push_time(times: &mut Vec<(u32, u32)>, (start, end): (u32, u32)) {
    match times.last_mut() {
        Some((_, last)) if *last == start => *last = end,
        _ => times.push((start, end)),
    }
}

/// In order; what touches is one.
fn joined(pairs: impl Iterator<Item = (u32, u32)>) -> Vec<(u32, u32)> {
    let mut pairs: Vec<(u32, u32)> = pairs.collect();
    join_touching(&mut pairs);
    pairs
}

impl RegionState {
    /// The node or leaf that it is at.
    pub fn target(&self) -> NodeOrLeaf {
        self.target
    }

    /// The leaf that it is at.
    pub fn leaf(&self) -> Option<usize> {
        (self.target & LEAF != 0).then_some((self.target & !LEAF) as usize)
    }
}
