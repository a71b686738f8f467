//! Collects the calls of each kind of change, in as few sets as the diagram allows: from the leaves
//! up, parts that lead to the same result are joined on each axis.

use crate::analyze::calls::CallBox;
use crate::analyze::region::{AxisValues, Region, RegionState};
use crate::analyze::witness::LeafGuide;
use crate::compile::axes::Axis;
use crate::compile::budget::{OverBudget, RemainingSteps};
use crate::compile::diagram::leaf_or_node;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// Maximum number of sets for each kind of change. Nobody reads more.
const MAX_BOXES: usize = 100;

/// The calls of one kind of change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct ChangedCalls {
    pub boxes: Vec<CallBox>,
    /// Whether there are more sets than the maximum.
    pub has_more: bool,
}

/// What is below a state: the parts of it below which something changes, and for each way, by its
/// number, its calls.
struct StateChanges {
    parts: Vec<(AxisValues, RegionState)>,
    ways: BTreeMap<u32, StateChange>,
}

impl StateChanges {
    /// About how many bytes it takes.
    fn bytes(&self) -> usize {
        let classes = self.parts.iter().map(|(values, _)| match values {
            AxisValues::Classes(runs) => size_of_val(&**runs),
            // They are shared.
            AxisValues::Times(_) => 0,
        });
        let ways = self.ways.values().map(|way| 2 * size_of::<StateChange>() + size_of_val(&*way.parts));
        STATE_BYTES + size_of_val(&*self.parts) + classes.sum::<usize>() + ways.sum::<usize>()
    }
}

/// Bytes of a state beside its parts and ways.
const STATE_BYTES: usize = 160;

/// The calls of one way below a state.
struct StateChange {
    found: Rc<ChangedCalls>,
    /// The parts that have some of them, by their places.
    parts: Vec<u32>,
}

/// Collects the calls of each kind of change, and finds paths to them.
pub(super) struct ChangeCollector<'r, 's> {
    region: &'r Region<'s>,
    /// The number of each leaf's way.
    ways: &'r [Option<u32>],
    /// Memory for what is collected.
    effort: RemainingSteps<'r>,
    known: HashMap<RegionState, Rc<StateChanges>>,
    /// Equal sets are shared, so that comparing them compares pointers.
    same: HashSet<Rc<ChangedCalls>>,
}

impl<'r, 's> ChangeCollector<'r, 's> {
    /// Of all calls of a region; `ways` has the number of each leaf's way, where it is asked for.
    pub fn new(
        region: &'r Region<'s>,
        ways: &'r [Option<u32>],
        effort: RemainingSteps<'r>,
    ) -> Result<Self, OverBudget> {
        let mut gathering = Self { region, ways, effort, known: HashMap::new(), same: HashSet::new() };
        region.start().map(|start| gathering.below(&start)).transpose()?;
        Ok(gathering)
    }

    /// The calls of a way.
    pub fn found(&self, way: u32) -> ChangedCalls {
        let all = self.region.start().and_then(|start| self.known.get(&start));
        all.and_then(|all| all.ways.get(&way)).map_or_else(ChangedCalls::default, |way| ChangedCalls::clone(&way.found))
    }

    /// Leads to the calls of a way.
    pub fn guide(&self, way: u32) -> ChangeGuide<'_, 'r, 's> {
        ChangeGuide { gathering: self, way }
    }

    fn below(&mut self, state: &RegionState) -> Result<Rc<StateChanges>, OverBudget> {
        if let Some(known) = self.known.get(state) {
            return Ok(Rc::clone(known));
        }
        let below = Rc::new(match leaf_or_node(state.target()) {
            Ok(leaf) => {
                let found = self.one(ChangedCalls { boxes: vec![CallBox::new()], has_more: false })?;
                let ways = self.ways[leaf].map(|way| (way, StateChange { found, parts: Vec::new() }));
                StateChanges { parts: Vec::new(), ways: ways.into_iter().collect() }
            }
            Err(node) => self.join(self.region.space.diagram.nodes[node].asks.axis(), state)?,
        });
        self.effort.keep(below.bytes())?;
        self.known.insert(state.clone(), Rc::clone(&below));
        Ok(below)
    }

    /// What lies below a node: on its axis, all values are joined that have the same below them.
    fn join(&mut self, axis: Axis, state: &RegionState) -> Result<StateChanges, OverBudget> {
        let mut parts: Vec<(AxisValues, RegionState)> = Vec::new();
        let mut joined: BTreeMap<u32, Vec<JoinedParts>> = BTreeMap::new();
        let mut places: HashMap<(u32, *const ChangedCalls), usize> = HashMap::new();
        for part in self.region.parts(state)? {
            let below = self.below(&part.state)?;
            if below.ways.is_empty() {
                continue;
            }
            let at = parts.len() as u32;
            for (way, StateChange { found, .. }) in &below.ways {
                let all = joined.entry(*way).or_default();
                let place = *places.entry((*way, Rc::as_ptr(found))).or_insert(all.len());
                match all.get_mut(place) {
                    Some((_, known)) => known.push(at),
                    None => all.push((Rc::clone(found), vec![at])),
                }
            }
            parts.push((self.region.values(&part), part.state));
        }
        let ways = joined.into_iter().map(|(way, all)| Ok((way, self.way(axis, &parts, all)?)));
        let ways = ways.collect::<Result<_, OverBudget>>()?;
        Ok(StateChanges { parts, ways })
    }

    fn way(
        &mut self,
        axis: Axis,
        parts: &[(AxisValues, RegionState)],
        joined: Vec<JoinedParts>,
    ) -> Result<StateChange, OverBudget> {
        let mut found = ChangedCalls::default();
        for (below, places) in &joined {
            let values = self.region.union(places.iter().map(|at| &parts[*at as usize].0));
            found.has_more |= below.has_more;
            let is_whole = self.region.is_whole(axis, &values);
            for one in &below.boxes {
                let own = (!is_whole).then(|| (axis, values.clone()));
                found.boxes.push(own.into_iter().chain(one.iter().cloned()).collect());
            }
        }
        found.has_more |= found.boxes.len() > MAX_BOXES;
        found.boxes.truncate(MAX_BOXES);
        let parts = joined.into_iter().flat_map(|(_, places)| places).collect();
        Ok(StateChange { found: self.one(found)?, parts })
    }

    fn one(&mut self, found: ChangedCalls) -> Result<Rc<ChangedCalls>, OverBudget> {
        let found = Rc::new(found);
        match self.same.get(&found) {
            Some(same) => Ok(Rc::clone(same)),
            None => {
                let values = found.boxes.iter().map(|one| size_of_val(&**one) + size_of_val(one));
                self.effort.keep(values.sum())?;
                self.same.insert(Rc::clone(&found));
                Ok(found)
            }
        }
    }
}

/// What lies below some parts of a state, by their places.
type JoinedParts = (Rc<ChangedCalls>, Vec<u32>);

/// See [`ChangeCollector::guide`].
pub(super) struct ChangeGuide<'g, 'r, 's> {
    gathering: &'g ChangeCollector<'r, 's>,
    way: u32,
}

impl LeafGuide for ChangeGuide<'_, '_, '_> {
    fn leading(&mut self, state: &RegionState) -> Result<Vec<(AxisValues, RegionState)>, OverBudget> {
        let beneath = self.gathering.known.get(state);
        let parts = beneath.and_then(|beneath| Some((beneath, beneath.ways.get(&self.way)?)));
        let parts = parts.map(|(beneath, way)| way.parts.iter().map(|at| beneath.parts[*at as usize].clone()));
        Ok(parts.into_iter().flatten().collect())
    }
}
