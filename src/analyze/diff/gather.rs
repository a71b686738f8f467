//! The calls that are decided differently in each way, as few sets as the diagram allows: from the leaves up, what goes on
//! alike is joined on each axis.

use super::Undecided;
use crate::analyze::calls::CallBox;
use crate::analyze::region::{Region, State, Values};
use crate::analyze::witness::Guide;
use crate::compile::axes::Axis;
use crate::compile::budget::OverBudget;
use crate::compile::diagram::leaf_or_node;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// So many sets are kept for each way; where there are more, they say nothing that could be read.
const MOST_BOXES: usize = 100;

/// The calls of one way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Found {
    pub boxes: Vec<CallBox>,
    /// Whether some were not kept.
    pub has_more: bool,
}

/// What is below a state: the parts of it below which something changes, and for each way, by its number, its calls.
struct Beneath {
    parts: Vec<(Values, State)>,
    ways: BTreeMap<u32, Way>,
}

/// The calls of one way below a state.
struct Way {
    found: Rc<Found>,
    /// The parts that have some of them, by their places.
    parts: Vec<u32>,
}

/// Gathers the calls of each way, and knows the way to them.
pub(super) struct Gathering<'r, 's> {
    region: &'r Region<'s>,
    /// The number of each leaf's way.
    ways: &'r [Option<u32>],
    known: HashMap<State, Rc<Beneath>>,
    /// Equal sets are one, so that they are compared at a glance.
    same: HashSet<Rc<Found>>,
}

impl<'r, 's> Gathering<'r, 's> {
    /// Of all calls of a region; `ways` has the number of each leaf's way.
    pub fn new(region: &'r Region<'s>, ways: &'r [Option<u32>]) -> Result<Self, Undecided> {
        let mut gathering = Self { region, ways, known: HashMap::new(), same: HashSet::new() };
        region.start().map(|start| gathering.below(&start)).transpose()?;
        Ok(gathering)
    }

    /// The calls of a way.
    pub fn found(&self, way: u32) -> Found {
        let all = self.region.start().and_then(|start| self.known.get(&start));
        all.and_then(|all| all.ways.get(&way)).map_or_else(Found::default, |way| Found::clone(&way.found))
    }

    /// Leads to the calls of a way.
    pub fn guide(&self, way: u32) -> WayGuide<'_, 'r, 's> {
        WayGuide { gathering: self, way }
    }

    fn below(&mut self, state: &State) -> Result<Rc<Beneath>, Undecided> {
        if let Some(known) = self.known.get(state) {
            return Ok(Rc::clone(known));
        }
        let below = Rc::new(match leaf_or_node(state.target()) {
            Ok(leaf) => {
                let found = self.one(Found { boxes: vec![CallBox::new()], has_more: false });
                let ways = self.ways[leaf].map(|way| (way, Way { found, parts: Vec::new() }));
                Beneath { parts: Vec::new(), ways: ways.into_iter().collect() }
            }
            Err(node) => self.join(self.region.space.diagram.nodes[node].asks.axis(), state)?,
        });
        self.known.insert(state.clone(), Rc::clone(&below));
        Ok(below)
    }

    /// What lies below a node: on its axis, all values are joined that have the same below them.
    fn join(&mut self, axis: Axis, state: &State) -> Result<Beneath, Undecided> {
        let mut parts: Vec<(Values, State)> = Vec::new();
        let mut joined: BTreeMap<u32, Vec<Joined>> = BTreeMap::new();
        let mut places: HashMap<(u32, *const Found), usize> = HashMap::new();
        for part in self.region.parts(state)? {
            let below = self.below(&part.state)?;
            if below.ways.is_empty() {
                continue;
            }
            let at = parts.len() as u32;
            for (way, Way { found, .. }) in &below.ways {
                let all = joined.entry(*way).or_default();
                let place = *places.entry((*way, Rc::as_ptr(found))).or_insert(all.len());
                match all.get_mut(place) {
                    Some((_, known)) => known.push(at),
                    None => all.push((Rc::clone(found), vec![at])),
                }
            }
            parts.push((part.values(), part.state));
        }
        let ways = joined.into_iter().map(|(way, all)| (way, self.way(axis, &parts, all))).collect();
        Ok(Beneath { parts, ways })
    }

    fn way(&mut self, axis: Axis, parts: &[(Values, State)], joined: Vec<Joined>) -> Way {
        let mut found = Found::default();
        for (below, places) in &joined {
            let values = Values::union(places.iter().map(|at| &parts[*at as usize].0));
            found.has_more |= below.has_more;
            let is_whole = self.region.is_whole(axis, &values);
            for one in &below.boxes {
                let own = (!is_whole).then(|| (axis, values.clone()));
                found.boxes.push(own.into_iter().chain(one.iter().cloned()).collect());
            }
        }
        found.has_more |= found.boxes.len() > MOST_BOXES;
        found.boxes.truncate(MOST_BOXES);
        Way { found: self.one(found), parts: joined.into_iter().flat_map(|(_, places)| places).collect() }
    }

    fn one(&mut self, found: Found) -> Rc<Found> {
        let found = Rc::new(found);
        match self.same.get(&found) {
            Some(same) => Rc::clone(same),
            None => {
                self.same.insert(Rc::clone(&found));
                found
            }
        }
    }
}

/// What lies below some parts of a state, by their places.
type Joined = (Rc<Found>, Vec<u32>);

/// See [`Gathering::guide`].
pub(super) struct WayGuide<'g, 'r, 's> {
    gathering: &'g Gathering<'r, 's>,
    way: u32,
}

impl Guide for WayGuide<'_, '_, '_> {
    fn leading(&mut self, state: &State) -> Result<Vec<(Values, State)>, OverBudget> {
        let beneath = self.gathering.known.get(state);
        let parts = beneath.and_then(|beneath| Some((beneath, beneath.ways.get(&self.way)?)));
        let parts = parts.map(|(beneath, way)| way.parts.iter().map(|at| beneath.parts[*at as usize].clone()));
        Ok(parts.into_iter().flatten().collect())
    }
}
