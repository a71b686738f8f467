//! The calls that are decided differently in each way, as few sets as the diagram allows: from the leaves up, what goes on
//! alike is joined on each axis.

use super::Undecided;
use crate::analyze::calls::CallBox;
use crate::analyze::region::{Region, State, Values};
use crate::compile::axes::Axis;
use crate::compile::diagram::{Asks, leaf_or_node};
use std::collections::{BTreeMap, HashMap};
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

/// What is below a state: for each way, by its number, its calls.
type Below = Rc<BTreeMap<u32, Rc<Found>>>;

/// The calls of each way, by its number; `ways` has that of each leaf.
pub(super) fn gather(region: &Region, ways: &[Option<u32>]) -> Result<BTreeMap<u32, Found>, Undecided> {
    let mut gathering = Gathering { region, ways, known: HashMap::new(), same: HashMap::new() };
    let Some(start) = region.start() else { return Ok(BTreeMap::new()) };
    let all = gathering.below(&start)?;
    Ok(all.iter().map(|(way, found)| (*way, Found::clone(found))).collect())
}

/// What lies below some values of an axis.
type Joined = (Rc<Found>, Vec<Values>);

struct Gathering<'r, 's> {
    region: &'r Region<'s>,
    ways: &'r [Option<u32>],
    known: HashMap<State, Below>,
    /// Equal sets are one, so that they are compared at a glance.
    same: HashMap<Rc<Found>, Rc<Found>>,
}

impl Gathering<'_, '_> {
    fn below(&mut self, state: &State) -> Result<Below, Undecided> {
        if let Some(known) = self.known.get(state) {
            return Ok(Rc::clone(known));
        }
        let below = Rc::new(match leaf_or_node(state.target()) {
            Ok(leaf) => {
                let everything = self.one(Found { boxes: vec![CallBox::new()], has_more: false });
                self.ways[leaf].map(|way| (way, everything)).into_iter().collect()
            }
            Err(node) => {
                let axis = match self.region.space.diagram.nodes[node].asks {
                    Asks::Axis(axis) => axis,
                    Asks::Time(_) => Axis::Time,
                };
                self.join(axis, state)?
            }
        });
        self.known.insert(state.clone(), Rc::clone(&below));
        Ok(below)
    }

    /// What lies below a node: on its axis, all values are joined that have the same below them.
    fn join(&mut self, axis: Axis, state: &State) -> Result<BTreeMap<u32, Rc<Found>>, Undecided> {
        let mut joined: BTreeMap<u32, Vec<Joined>> = BTreeMap::new();
        let mut places: HashMap<(u32, *const Found), usize> = HashMap::new();
        for part in self.region.parts(state)? {
            let below = self.below(&part.state)?;
            if below.is_empty() {
                continue;
            }
            let values = part.values();
            for (way, found) in below.iter() {
                let all = joined.entry(*way).or_default();
                let place = *places.entry((*way, Rc::as_ptr(found))).or_insert(all.len());
                match all.get_mut(place) {
                    Some((_, known)) => known.push(values.clone()),
                    None => all.push((Rc::clone(found), vec![values.clone()])),
                }
            }
        }
        let whole = |values: &Values| self.region.is_whole(axis, values);
        let joined = joined.into_iter().map(|(way, all)| {
            let mut found = Found::default();
            for (below, values) in all {
                let values = Values::union(&values);
                found.has_more |= below.has_more;
                let is_whole = whole(&values);
                for one in &below.boxes {
                    let own = (!is_whole).then(|| (axis, values.clone()));
                    found.boxes.push(own.into_iter().chain(one.iter().cloned()).collect());
                }
            }
            found.has_more |= found.boxes.len() > MOST_BOXES;
            found.boxes.truncate(MOST_BOXES);
            (way, found)
        });
        let joined: Vec<(u32, Found)> = joined.collect();
        Ok(joined.into_iter().map(|(way, found)| (way, self.one(found))).collect())
    }

    fn one(&mut self, found: Found) -> Rc<Found> {
        let found = Rc::new(found);
        Rc::clone(self.same.entry(Rc::clone(&found)).or_insert(found))
    }
}
