//! A call that ends up at one of some leaves: one that a person would recognise. Numbers are from
//! the plan or could be dialed, the time is soon and on the minute.

use super::region::{AxisValues, Region, RegionState, times_of};
use super::space::Space;
use crate::call::Call;
use crate::compile::axes::Axis;
use crate::compile::budget::OverBudget;
use crate::compile::classes::{Class, ClassRun};
use crate::compile::diagram::leaf_or_node;
use crate::compile::guard::GuardBox;
use crate::eval::{Facts, bucket_of};
use crate::fields::{Attestation, TextField};
use crate::phone::OwnedNumber;
use crate::plan::{Definitions, Party};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};

/// Maximum number of callers and times that are tried until a split puts the call into the wanted
/// arm.
const MAX_VARIATIONS: usize = 50_000;
/// Maximum number of calls that are tried where no split decides.
const MAX_TRIED: usize = 100;
/// Maximum number of paths through the diagram that are tried. On one path, all callers may be in
/// other arms of its splits.
const MAX_WAYS: usize = 32;

/// Finds the parts of a state that lead to a wanted leaf.
pub(super) trait LeafGuide {
    /// The values of each such part and the state that it leads to. Empty if no wanted leaf is
    /// below the state.
    fn leading(&mut self, state: &RegionState) -> Result<Vec<(AxisValues, RegionState)>, OverBudget>;
}

/// A call of a region that ends up at a leaf that is `wanted`, and of which it is `shown` that it
/// does what it is shown for.
pub(super) fn find(
    region: &Region,
    wanted: &dyn Fn(usize) -> bool,
    shown: &dyn Fn(&Call) -> bool,
) -> Result<Option<Call>, OverBudget> {
    let mut leads = LeadingStates { region, wanted, known: HashMap::new() };
    match region.start() {
        Some(start) if leads.leads(&start)? => find_by(region, &mut leads, shown),
        _ => Ok(None),
    }
}

/// The same, led by a guide; its leaf must be below the region's start. Whether the call does what
/// it is shown for is asked of the reference evaluator, so nothing is shown that does not happen.
pub(super) fn find_by(
    region: &Region,
    guide: &mut dyn LeafGuide,
    shown: &dyn Fn(&Call) -> bool,
) -> Result<Option<Call>, OverBudget> {
    let Some(start) = region.start() else { return Ok(None) };
    let way = WitnessPath { region, values: BTreeMap::new() };
    WitnessSearch { guide, way, shown, ways_left: MAX_WAYS }.call(start)
}

/// The states that lead to a wanted leaf.
struct LeadingStates<'r, 's> {
    region: &'r Region<'s>,
    wanted: &'r dyn Fn(usize) -> bool,
    known: HashMap<RegionState, bool>,
}

impl LeadingStates<'_, '_> {
    fn leads(&mut self, state: &RegionState) -> Result<bool, OverBudget> {
        if let Some(leaf) = state.leaf() {
            return Ok((self.wanted)(leaf));
        }
        if let Some(known) = self.known.get(state) {
            return Ok(*known);
        }
        let mut leads = false;
        for part in self.region.parts(state)? {
            leads = leads || self.leads(&part.state)?;
        }
        self.known.insert(state.clone(), leads);
        Ok(leads)
    }
}

impl LeafGuide for LeadingStates<'_, '_> {
    fn leading(&mut self, state: &RegionState) -> Result<Vec<(AxisValues, RegionState)>, OverBudget> {
        let mut leading = Vec::new();
        for part in self.region.parts(state)? {
            if self.leads(&part.state)? {
                leading.push((self.region.values(&part), part.state));
            }
        }
        Ok(leading)
    }
}

/// A search down to the leaves, most readable paths first, until a leaf has a call to show.
struct WitnessSearch<'r, 's> {
    guide: &'r mut dyn LeafGuide,
    way: WitnessPath<'r, 's>,
    shown: &'r dyn Fn(&Call) -> bool,
    ways_left: usize,
}

impl WitnessSearch<'_, '_> {
    fn call(&mut self, state: RegionState) -> Result<Option<Call>, OverBudget> {
        let node = match leaf_or_node(state.target()) {
            Ok(_) => {
                self.ways_left -= 1;
                return Ok(self.way.call(self.way.region.box_of(&state), self.shown));
            }
            Err(node) => node,
        };
        let axis = self.way.space().diagram.nodes[node].asks.axis();
        let mut leading = self.guide.leading(&state)?;
        leading.sort_by_cached_key(|(values, _)| self.way.looks(axis, values));
        let before = self.way.values.get(&axis).cloned();
        for (values, next) in leading {
            if self.ways_left == 0 {
                break;
            }
            self.way.values.insert(axis, values);
            if let Some(call) = self.call(next)? {
                return Ok(Some(call));
            }
        }
        match before {
            Some(values) => self.way.values.insert(axis, values),
            None => self.way.values.remove(&axis),
        };
        Ok(None)
    }
}

/// The constraints of a path through the diagram on its calls.
struct WitnessPath<'r, 's> {
    region: &'r Region<'s>,
    values: BTreeMap<Axis, AxisValues>,
}

impl WitnessPath<'_, '_> {
    fn space(&self) -> &Space {
        self.region.space
    }

    /// How readable the best of some values is; lower is better.
    fn looks(&self, axis: Axis, values: &AxisValues) -> u64 {
        match values {
            AxisValues::Classes(runs) => self.class_looks(axis, runs),
            AxisValues::Times(times) => u64::from(self.minutes(times).next().unwrap_or(u32::MAX)),
        }
    }

    fn class_looks(&self, axis: Axis, runs: &[ClassRun]) -> u64 {
        let party = match axis {
            Axis::Dialed => Party::Dialed,
            Axis::Caller => Party::Caller,
            Axis::Asserted => Party::Asserted,
            Axis::Diverted => Party::Diverted,
            // Of texts, none at all; of attestations, unknown; of switches, off; of numbers, none.
            Axis::Text(_) | Axis::Attribute(_) | Axis::Attestation => {
                return u64::from(u32::MAX - runs.last().map_or(0, |(_, end)| *end));
            }
            Axis::HasAsserted | Axis::HasDiverted | Axis::Switch(_) | Axis::Time | Axis::Split(_) => {
                return u64::from(runs[0].0);
            }
        };
        let members = self.space().members(party);
        members.best(runs).map_or(u64::MAX, |class| u64::from(members.rank(class)) << 32 | u64::from(class))
    }

    /// The classes that a call may be of on an axis: as the way needs, or as the box does where the
    /// way does not ask.
    fn runs(&self, axis: Axis, one: &GuardBox) -> Vec<ClassRun> {
        let program = &self.space().program;
        match (self.values.get(&axis), one.set(axis)) {
            (Some(AxisValues::Classes(runs)), _) => runs.to_vec(),
            (Some(AxisValues::Times(_)) | None, Some(set)) => program.runs(axis, set).to_vec(),
            (Some(AxisValues::Times(_)) | None, None) => vec![(0, program.classes(axis))],
        }
    }

    /// The whole minutes of some times, soon ones first; a time without one counts by its first
    /// second.
    fn minutes<'t>(&self, times: &'t [(u32, u32)]) -> impl Iterator<Item = u32> + 't {
        let soon = self.space().soon;
        let late = times.iter().map(move |(start, end)| ((*start).max(soon), *end)).filter(|(start, end)| start < end);
        let early = times.iter().map(move |(start, end)| (*start, (*end).min(soon))).filter(|(start, end)| start < end);
        late.chain(early).flat_map(|(start, end)| {
            let first = start.next_multiple_of(60);
            let (first, end) = if first < end { (first, end) } else { (start, start + 1) };
            (first..end).step_by(60)
        })
    }

    /// The call, varied until each split puts it where it must go, and it does what it is shown
    /// for.
    fn call(&self, one: &GuardBox, shown: &dyn Fn(&Call) -> bool) -> Option<Call> {
        let space = self.space();
        let splits: Vec<(u32, Vec<ClassRun>)> = self.splits(one);
        let numbers = |axis, party| -> Vec<OwnedNumber> {
            let most = if splits.is_empty() { MAX_TRIED } else { MAX_VARIATIONS };
            let members = space.members(party);
            let mut classes: Vec<Class> =
                self.runs(axis, one).into_iter().flat_map(|(start, end)| start..end).collect();
            classes.sort_by_key(|class| members.rank(*class));
            classes.into_iter().flat_map(|class| members.numbers(class)).take(most).collect()
        };
        let times = match self.values.get(&Axis::Time) {
            Some(AxisValues::Times(times)) => times.to_vec(),
            Some(AxisValues::Classes(_)) | None => times_of(space, one),
        };
        let dialed = space.members(Party::Dialed);
        let mut call = Call {
            switches: self.switches(one),
            attributes: self.attributes(one),
            caller_asserted: self.further_number(Axis::HasAsserted, Axis::Asserted, one),
            diverted_from: self.further_number(Axis::HasDiverted, Axis::Diverted, one),
            attestation: self.attestation(one),
            ..Call::new(
                written(dialed.numbers(dialed.best(&self.runs(Axis::Dialed, one))?).next()?),
                Timestamp::UNIX_EPOCH,
            )
        };
        for field in TextField::ALL {
            *call.text_mut(field) = self.text(Axis::Text(field), one);
        }
        // A bucket depends on nothing that a plan defines.
        let definitions = Definitions::default();
        let callers = numbers(Axis::Caller, Party::Caller);
        // Where all splits go by the caller, another time puts nobody elsewhere.
        let is_by_caller = splits.iter().all(|(split, _)| space.axes.splits[*split as usize].1);
        let (callers_alone, variations) = match (splits.is_empty(), is_by_caller) {
            (true, _) => (0, MAX_TRIED),
            (false, true) => (callers.len(), callers.len() + MAX_TRIED),
            (false, false) => (0, MAX_VARIATIONS),
        };
        let mut minutes = self.minutes(&times);
        let mut minute = minutes.next()?;
        for variation in 0..variations {
            self.region.try_one();
            call.caller_number = Some(written(callers.get(variation).or(callers.last())?.clone()));
            call.timestamp = space.axes.horizon().instant(minute);
            let facts = Facts::of(&call, &definitions);
            let is_there = |(split, runs): &(u32, Vec<ClassRun>)| {
                let (name, by_caller) = &space.axes.splits[*split as usize];
                let bucket = bucket_of(name, &facts, *by_caller);
                runs.iter().any(|(start, end)| (*start..*end).contains(&bucket))
            };
            if splits.iter().all(is_there) && shown(&call) {
                return Some(call);
            }
            if variation >= callers_alone {
                minute = minutes.next().unwrap_or(minute);
            }
        }
        None
    }

    /// The text of a call on an axis; none at all where it may be empty.
    fn text(&self, axis: Axis, one: &GuardBox) -> Option<String> {
        let classes = self.space().program.texts_of(axis)?;
        let last = self.runs(axis, one).last().map_or(0, |(_, end)| end - 1);
        Some(classes.text(last))
            .filter(|text| !text.is_empty() || classes.listed.first().is_some_and(|text| text.is_empty()))
    }

    /// A number that not every call has; none where there may be none.
    fn further_number(&self, has: Axis, axis: Axis, one: &GuardBox) -> Option<String> {
        let may_be_absent = self.runs(has, one).first().is_none_or(|(start, _)| *start == 0);
        let members = self.space().members(axis.party().filter(|_| !may_be_absent)?);
        members.numbers(members.best(&self.runs(axis, one))?).next().map(written)
    }

    fn attestation(&self, one: &GuardBox) -> Option<String> {
        let last = self.runs(Axis::Attestation, one).last().map_or(0, |(_, end)| end - 1);
        let attestation =
            Attestation::ALL.get(last as usize).filter(|attestation| **attestation != Attestation::Unknown);
        attestation.map(|attestation| attestation.word().to_owned())
    }

    fn attributes(&self, one: &GuardBox) -> Vec<(String, String)> {
        let names = &self.space().axes.attributes;
        let text = |at: usize| Some((names[at].clone(), self.text(Axis::Attribute(at as u32), one)?));
        (0..names.len()).filter_map(text).collect()
    }

    fn switches(&self, one: &GuardBox) -> Vec<String> {
        let names = &self.space().axes.switches;
        let is_on = |at: &usize| self.runs(Axis::Switch(*at as u32), one).first().is_some_and(|(start, _)| *start == 1);
        (0..names.len()).filter(is_on).map(|at| names[at].clone()).collect()
    }

    fn splits(&self, one: &GuardBox) -> Vec<(u32, Vec<ClassRun>)> {
        let all = 0..self.space().axes.splits.len() as u32;
        let asked =
            |split: &u32| self.values.contains_key(&Axis::Split(*split)) || one.set(Axis::Split(*split)).is_some();
        all.filter(asked).map(|split| (split, self.runs(Axis::Split(split), one))).collect()
    }
}

/// A number as a call brings it.
pub(super) fn written(number: OwnedNumber) -> String {
    match number {
        OwnedNumber::Withheld => "anonymous".to_owned(),
        OwnedNumber::E164(number) => number.to_string(),
        OwnedNumber::Local(text) => text,
    }
}

/// A text that is not taken.
pub(super) fn other_than(is_taken: impl Fn(&str) -> bool) -> String {
    let texts = (0..).map(|more| format!("other{}", "-".repeat(more)));
    texts.into_iter().find(|text| !is_taken(text)).unwrap_or_default()
}
