//! Numbers in classes: those that are in the same sets of a plan are alike to it. A class is named
//! by its number; a set is then some runs of classes, however many numbers it has, and what a call
//! brings is looked up once.

use super::axes::SetId;
use super::budget::{OverBudget, RemainingSteps};
use super::numbers::{IndexParts, IntervalClass, KeyLine, LocalParts, NumberIndex};
use crate::phone::{E164, LocalDigits, NumberSet};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Names a class.
pub(crate) type Class = u32;

/// From the first class up to, not including, the last.
pub(crate) type ClassRun = (Class, Class);

/// The runs of classes, in order, that each set is made of.
pub(crate) type RunsBySet = HashMap<SetId, Arc<[ClassRun]>>;

/// The classes of the numbers on one axis.
#[derive(Debug)]
pub(crate) struct NumberClasses {
    /// How many there are, at least one.
    pub count: u32,
    pub runs: RunsBySet,
    pub index: NumberIndex,
}

/// The sets on an axis, each with its complement if both are used.
pub(crate) struct AxisSets<'s> {
    pub id: SetId,
    pub set: &'s NumberSet,
    pub complement: Option<SetId>,
}

impl NumberClasses {
    /// Divides all numbers by these sets. What is looked at is taken from `effort`.
    pub fn new(asked: &[AxisSets], effort: &RemainingSteps) -> Result<Self, OverBudget> {
        let mut partition = Partition::default();
        let SweptKeys { line, points } = partition.sweep::<E164>(asked, effort)?;
        let withheld = partition.class_where(asked, NumberSet::has_anonymous, effort)?;
        let digits = partition.sweep::<LocalDigits>(asked, effort)?;
        let texts = partition.sweep_texts(asked, effort)?;
        let locals = LocalParts { line: digits.line, points: digits.points, texts };
        let by_length = std::mem::take(&mut partition.by_length);
        let index = NumberIndex::new(IndexParts { line, points, by_length, withheld, locals });
        let (count, runs) = partition.finish(asked, effort)?;
        Ok(Self { count, runs, index })
    }
}

/// The classes of all keys of a line.
struct SweptKeys<N> {
    /// Where each interval begins, and what it is.
    line: Vec<(u64, IntervalClass)>,
    /// Whole numbers that are in other sets than what lies around them.
    points: Vec<(N, Class)>,
}

/// Bytes of a combination that is known to come of another.
const TOGGLED_BYTES: usize = 24;

/// Names a combination of sets.
type Signature = u32;

/// The combinations of sets that occur, in the order in which they were met: so numbers that lie
/// side by side mostly have classes side by side, and a set has few runs.
#[derive(Default)]
struct Partition {
    /// Of each combination, the sets, by their places in the list, in order. The first is the empty
    /// one.
    members: Vec<Box<[u32]>>,
    signatures: HashMap<Box<[u32]>, Signature>,
    /// A combination with one set more, or fewer.
    toggled: HashMap<(Signature, u32), Signature>,
    classes: HashMap<Signature, Class>,
    /// The combination of each class.
    order: Vec<Signature>,
    by_length: Vec<[Class; 16]>,
    by_length_ids: HashMap<[Class; 16], u32>,
}

impl Partition {
    fn signature(&mut self, members: Vec<u32>, effort: &RemainingSteps) -> Result<Signature, OverBudget> {
        let next = self.members.len() as Signature;
        match self.signatures.entry(members.into()) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(new) => {
                // It is kept twice: here and among the members.
                effort.keep_list(new.key()).and_then(|()| effort.keep_list(new.key()))?;
                self.members.push(new.key().clone());
                Ok(*new.insert(next))
            }
        }
    }

    fn toggle(&mut self, signature: Signature, set: u32, effort: &RemainingSteps) -> Result<Signature, OverBudget> {
        if let Some(found) = self.toggled.get(&(signature, set)) {
            return Ok(*found);
        }
        let mut members = self.members[signature as usize].to_vec();
        effort.spend(members.len() + 1)?;
        match members.binary_search(&set) {
            Ok(at) => drop(members.remove(at)),
            Err(at) => members.insert(at, set),
        }
        let found = self.signature(members, effort)?;
        effort.keep(TOGGLED_BYTES)?;
        self.toggled.insert((signature, set), found);
        Ok(found)
    }

    fn class(&mut self, signature: Signature) -> Class {
        let next = self.order.len() as Class;
        *self.classes.entry(signature).or_insert_with(|| {
            self.order.push(signature);
            next
        })
    }

    fn class_where(
        &mut self,
        asked: &[AxisSets],
        is_in: impl Fn(&NumberSet) -> bool,
        effort: &RemainingSteps,
    ) -> Result<Class, OverBudget> {
        let members = (0..asked.len() as u32).filter(|at| is_in(asked[*at as usize].set)).collect();
        let signature = self.signature(members, effort)?;
        Ok(self.class(signature))
    }

    /// Goes over all keys in order.
    fn sweep<N: KeyLine>(&mut self, asked: &[AxisSets], effort: &RemainingSteps) -> Result<SweptKeys<N>, OverBudget> {
        let (events, own) = events::<N>(asked);
        effort.spend(events.len() + own.len())?;
        let empty = self.signature(Vec::new(), effort)?;
        let mut now: [Signature; 16] = [empty; 16];
        let mut swept = SweptKeys { line: Vec::new(), points: Vec::new() };
        let mut own = own.chunk_by(|one, other| one.0 == other.0).peekable();
        let mut events = events.chunk_by(|one, other| one.0 == other.0).peekable();
        let mut start = 0;
        loop {
            let next = events.peek().map_or(u64::MAX, |group| group[0].0);
            if start < next {
                let (mut named, mut lengths) = (Vec::new(), [0_u64; 16]);
                while let Some(group) = own.next_if(|group| group[0].0.place() < next) {
                    lengths[group[0].0.digits() as usize] += 1;
                    named.push(group);
                }
                // A length of which every number is named has nothing left for the interval.
                let occurring = N::lengths_with_more(start, next - 1, &lengths);
                self.interval(start, occurring, &now, &mut swept.line);
                for group in named {
                    let number = group[0].0;
                    let mut signature = now[number.digits() as usize];
                    for (_, set) in group {
                        signature = self.toggle(signature, *set, effort)?;
                    }
                    swept.points.push((number, self.class(signature)));
                }
            }
            let Some(group) = events.next() else { return Ok(swept) };
            for (_, set, lengths) in group {
                self.toggle_lengths(&mut now, *set, *lengths, effort)?;
            }
            start = next;
        }
    }

    /// Goes over all local texts in order: from each on, their class.
    fn sweep_texts(
        &mut self,
        asked: &[AxisSets],
        effort: &RemainingSteps,
    ) -> Result<Vec<(Box<str>, Class)>, OverBudget> {
        let cuts = asked.iter().enumerate();
        let mut cuts: Vec<(&str, u32)> =
            cuts.flat_map(|(at, asked)| asked.set.local_cuts().iter().map(move |cut| (&**cut, at as u32))).collect();
        effort.spend(cuts.len())?;
        cuts.sort_unstable();
        let mut now = self.signature(Vec::new(), effort)?;
        let mut texts: Vec<(Box<str>, Class)> = Vec::new();
        if cuts.first().is_none_or(|(first, _)| !first.is_empty()) {
            texts.push((Box::default(), self.class(now)));
        }
        for group in cuts.chunk_by(|one, other| one.0 == other.0) {
            for (_, set) in group {
                now = self.toggle(now, *set, effort)?;
            }
            texts.push((group[0].0.into(), self.class(now)));
        }
        Ok(texts)
    }

    /// A set begins or ends for some lengths; mostly all of them are in the same sets.
    fn toggle_lengths(
        &mut self,
        now: &mut [Signature; 16],
        set: u32,
        lengths: u16,
        effort: &RemainingSteps,
    ) -> Result<(), OverBudget> {
        let mut last: Option<(Signature, Signature)> = None;
        for (length, signature) in now.iter_mut().enumerate() {
            if lengths >> length & 1 == 0 {
                continue;
            }
            let toggled = match last {
                Some((before, after)) if before == *signature => after,
                _ => self.toggle(*signature, set, effort)?,
            };
            last = Some((*signature, toggled));
            *signature = toggled;
        }
        Ok(())
    }

    /// Adds an interval of keys from one on, if a call can bring a number there: one of these
    /// lengths.
    fn interval(&mut self, low: u64, occurring: u16, now: &[Signature; 16], line: &mut Vec<(u64, IntervalClass)>) {
        let mut lengths = (1..16).filter(|length| occurring >> length & 1 == 1);
        let Some(first) = lengths.next() else {
            // No call comes here; what lies before it goes on, if there is anything.
            if line.is_empty() {
                line.push((0, IntervalClass::class(0)));
            }
            return;
        };
        let is_uniform = lengths.all(|length| now[length] == now[first]);
        let kind = match is_uniform {
            true => IntervalClass::class(self.class(now[first])),
            false => {
                // A length that does not occur here may go with any other.
                let classes = std::array::from_fn(|length| {
                    self.class(if occurring >> length & 1 == 1 { now[length] } else { now[first] })
                });
                let next = self.by_length.len() as u32;
                let id = *self.by_length_ids.entry(classes).or_insert(next);
                if id == next {
                    self.by_length.push(classes);
                }
                IntervalClass::by_length(id)
            }
        };
        line.push((low, kind));
    }

    /// How many classes there are, and the runs of each set.
    fn finish(self, asked: &[AxisSets], effort: &RemainingSteps) -> Result<(u32, RunsBySet), OverBudget> {
        let count = self.order.len() as u32;
        let mut runs: Vec<Vec<ClassRun>> = vec![Vec::new(); asked.len()];
        for (class, signature) in self.order.iter().enumerate() {
            let class = class as Class;
            let members = &self.members[*signature as usize];
            effort.spend(members.len())?;
            for set in members {
                match runs[*set as usize].last_mut() {
                    Some((_, end)) if *end == class => *end += 1,
                    _ => {
                        effort.keep(size_of::<ClassRun>())?;
                        runs[*set as usize].push((class, class + 1));
                    }
                }
            }
        }
        let mut by_set = HashMap::new();
        for (asked, runs) in asked.iter().zip(runs) {
            if let Some(complement) = asked.complement {
                by_set.insert(complement, all_but(&runs, count).into());
            }
            by_set.insert(asked.id, runs.into());
        }
        Ok((count, by_set))
    }
}

/// The classes that no run has.
pub(crate) fn all_but(runs: &[ClassRun], count: u32) -> Vec<ClassRun> {
    let starts = std::iter::once(0).chain(runs.iter().map(|(_, end)| *end));
    let ends = runs.iter().map(|(start, _)| *start).chain([count]);
    starts.zip(ends).filter(|(start, end)| start < end).collect()
}

/// Where a set begins or ends: a key, the set's place in the list, and the lengths.
type SetBoundary = (u64, u32, u16);

/// Where sets begin and end, and the whole numbers that each names by itself, both in order.
fn events<N: KeyLine>(asked: &[AxisSets]) -> (Vec<SetBoundary>, Vec<(N, u32)>) {
    let (mut events, mut points) = (Vec::new(), Vec::new());
    for (at, asked) in asked.iter().enumerate() {
        let at = at as u32;
        for span in N::spans(asked.set) {
            match N::only(span) {
                Some(number) => points.push((number, at)),
                None => events.extend([(span.low, at, span.lengths), (span.high + 1, at, span.lengths)]),
            }
        }
    }
    events.sort_unstable();
    points.sort_unstable();
    (events, points)
}
