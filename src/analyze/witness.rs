//! A call that ends up at one of some leaves: one that a person would recognise. Numbers are from the plan or could be
//! dialed, the time is soon and on the minute.

use super::region::{Part, Region, State, Values, times_of};
use super::space::Space;
use crate::call::Call;
use crate::compile::axes::Axis;
use crate::compile::classes::{Class, Run};
use crate::compile::diagram::{Asks, OverBudget, leaf_or_node};
use crate::compile::guard::GuardBox;
use crate::compile::program::TextClasses;
use crate::eval::{Facts, bucket_of};
use crate::phone::OwnedNumber;
use crate::plan::{Definitions, Party};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};

/// How often the caller and the time are varied for a split to put the call where it must go.
const MOST_VARIATIONS: usize = 50_000;
/// So many callers are tried at a time before the time is varied.
const MOST_CALLERS_EACH_MINUTE: usize = 500;
/// How many calls are tried where no split must be met.
const MOST_TRIED: usize = 100;

/// A call of a region that ends up at a leaf that is wanted, and of which it is `shown` that it does what it is shown for:
/// that is asked of the reference evaluator, so nothing is shown that does not happen.
pub(super) fn find(
    region: &Region,
    wanted: &dyn Fn(usize) -> bool,
    shown: &dyn Fn(&Call) -> bool,
) -> Result<Option<Call>, OverBudget> {
    let mut search = Search { region, wanted, known: HashMap::new() };
    let Some(mut state) = region.start() else { return Ok(None) };
    if !search.leads(&state)? {
        return Ok(None);
    }
    let mut way = Way { region, values: BTreeMap::new() };
    while let Err(node) = leaf_or_node(state.target()) {
        let mut leading = Vec::new();
        for part in region.parts(&state)? {
            if search.leads(&part.state)? {
                leading.push(part);
            }
        }
        let axis = match region.space.diagram.nodes[node].asks {
            Asks::Axis(axis) => axis,
            Asks::Time(_) => Axis::Time,
        };
        // A state that leads on has a part that does.
        let Some(next) = way.take(axis, leading) else { return Ok(None) };
        state = next;
    }
    Ok(way.call(region.box_of(&state), shown))
}

/// Which states lead to a leaf that is wanted.
struct Search<'r, 's> {
    region: &'r Region<'s>,
    wanted: &'r dyn Fn(usize) -> bool,
    known: HashMap<State, bool>,
}

impl Search<'_, '_> {
    fn leads(&mut self, state: &State) -> Result<bool, OverBudget> {
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

/// What a way through the diagram asks of a call.
struct Way<'r, 's> {
    region: &'r Region<'s>,
    values: BTreeMap<Axis, Values>,
}

impl Way<'_, '_> {
    fn space(&self) -> &Space {
        self.region.space
    }

    /// Goes on with the part whose values look best; gives where that leads.
    fn take(&mut self, axis: Axis, leading: Vec<Part>) -> Option<State> {
        let looks = |values: &Values| match values {
            Values::Classes(runs) => self.looks(axis, runs),
            Values::Times(times) => u64::from(self.minutes(times).next().unwrap_or(u32::MAX)),
        };
        let parts = leading.into_iter().map(|part| (part.values(), part.state));
        let best = parts.min_by_key(|(values, _)| looks(values))?;
        self.values.insert(axis, best.0);
        Some(best.1)
    }

    /// How well the best value of some classes would look: the lower, the better.
    fn looks(&self, axis: Axis, runs: &[Run]) -> u64 {
        let party = match axis {
            Axis::Dialed => Party::Dialed,
            Axis::Caller => Party::Caller,
            // Of texts, none at all; of switches, off.
            Axis::Trunk | Axis::Organization => return u64::from(u32::MAX - runs.last().map_or(0, |(_, end)| *end)),
            // Of splits, the arm that most calls are in.
            Axis::Split(_) => return u64::from(u32::MAX - runs.iter().map(|(start, end)| end - start).sum::<u32>()),
            Axis::Switch(_) | Axis::Time => return u64::from(runs[0].0),
        };
        let members = self.space().members(party);
        members.best(runs).map_or(u64::MAX, |class| u64::from(members.rank(class)) << 32 | u64::from(class))
    }

    /// The classes that a call may be of on an axis: as the way needs, or as the box does where the way does not ask.
    fn runs(&self, axis: Axis, one: &GuardBox) -> Vec<Run> {
        let program = &self.space().program;
        match (self.values.get(&axis), one.set(axis)) {
            (Some(Values::Classes(runs)), _) => runs.clone(),
            (Some(Values::Times(_)) | None, Some(set)) => program.runs(axis, set).to_vec(),
            (Some(Values::Times(_)) | None, None) => vec![(0, program.classes(axis))],
        }
    }

    /// The whole minutes of some times, soon ones first; a time without one counts by its first second.
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

    /// The call, varied until each split puts it where it must go, and it does what it is shown for.
    fn call(&self, one: &GuardBox, shown: &dyn Fn(&Call) -> bool) -> Option<Call> {
        let space = self.space();
        let numbers = |axis, party| -> Vec<OwnedNumber> {
            let members = space.members(party);
            let mut classes: Vec<Class> =
                self.runs(axis, one).into_iter().flat_map(|(start, end)| start..end).collect();
            classes.sort_by_key(|class| members.rank(*class));
            classes.into_iter().flat_map(|class| members.numbers(class)).take(MOST_VARIATIONS).collect()
        };
        let times = match self.values.get(&Axis::Time) {
            Some(Values::Times(times)) => times.clone(),
            Some(Values::Classes(_)) | None => times_of(space, one),
        };
        let dialed = space.members(Party::Dialed);
        let mut call = Call {
            caller_number: None,
            called_number: written(dialed.numbers(dialed.best(&self.runs(Axis::Dialed, one))?).next()?),
            trunk_id: self.text(Axis::Trunk, &space.program.trunk, one),
            organization_id: self.text(Axis::Organization, &space.program.organization, one),
            timestamp: Timestamp::UNIX_EPOCH,
            switches: self.switches(one),
        };
        let splits: Vec<(u32, Vec<Run>)> = self.splits(one);
        let (variations, callers_each_minute) = match splits.is_empty() {
            true => (MOST_TRIED, 1),
            // Another caller will do as well as another time, and the call stays soon.
            false => (MOST_VARIATIONS, MOST_CALLERS_EACH_MINUTE),
        };
        // A bucket depends on nothing that a plan defines.
        let definitions = Definitions::default();
        let callers = numbers(Axis::Caller, Party::Caller);
        let callers_each_minute = callers_each_minute.min(callers.len().max(1));
        let mut minutes = self.minutes(&times);
        let mut minute = minutes.next()?;
        for variation in 0..variations {
            let caller = if callers_each_minute > 1 { variation % callers_each_minute } else { variation };
            call.caller_number = Some(written(callers.get(caller).or(callers.last())?.clone()));
            call.timestamp = space.axes.horizon().instant(minute);
            let facts = Facts::of(&call, &definitions);
            let is_there = |(split, runs): &(u32, Vec<Run>)| {
                let (name, by_caller) = &space.axes.splits[*split as usize];
                let bucket = bucket_of(name, &facts, *by_caller);
                runs.iter().any(|(start, end)| (*start..*end).contains(&bucket))
            };
            if splits.iter().all(is_there) && shown(&call) {
                return Some(call);
            }
            if (variation + 1) % callers_each_minute == 0 {
                minute = minutes.next().unwrap_or(minute);
            }
        }
        None
    }

    fn text(&self, axis: Axis, classes: &TextClasses, one: &GuardBox) -> Option<String> {
        let last = self.runs(axis, one).last().map_or(0, |(_, end)| end - 1);
        match classes.listed.get(last as usize) {
            Some(text) => Some(text.to_string()),
            // An absent text is the empty one; where that is listed, another is needed.
            None if classes.listed.iter().any(|text| text.is_empty()) => {
                let other = (0..).map(|more| format!("other{}", "-".repeat(more)));
                other.into_iter().find(|text| !classes.listed.iter().any(|listed| **listed == **text))
            }
            None => None,
        }
    }

    fn switches(&self, one: &GuardBox) -> Vec<String> {
        let names = &self.space().axes.switches;
        let is_on = |at: &usize| self.runs(Axis::Switch(*at as u32), one).first().is_some_and(|(start, _)| *start == 1);
        (0..names.len()).filter(is_on).map(|at| names[at].clone()).collect()
    }

    fn splits(&self, one: &GuardBox) -> Vec<(u32, Vec<Run>)> {
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
