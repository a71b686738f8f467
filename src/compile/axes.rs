//! What calls differ in, as the axes of a space, and sets of values on each. Guards of one plan, or
//! of two that are compared, share them: equal sets are one.

use super::horizon::Horizon;
use super::text_classes::WantedPatterns;
use super::time::{TimeAnswers, TimeTest};
use crate::fields::{Party, TextField};
use crate::phone::NumberSet;
use crate::plan::TextTest;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// What a diagram asks of a call, in this order. Of numbers, the dialed one tells rules apart best;
/// times come late, since they cost the most to lay out; a split comes last, as it divides what all
/// the rest has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Axis {
    Dialed,
    Caller,
    /// Whether there is a number that the caller's carrier asserts; then, which.
    HasAsserted,
    Asserted,
    /// Whether somebody sent the call on; then, who.
    HasDiverted,
    Diverted,
    Attestation,
    Text(TextField),
    /// By its number among [`Axes::attributes`].
    Attribute(u32),
    /// By its number among [`Axes::switches`].
    Switch(u32),
    Time,
    /// By its number among [`Axes::splits`].
    Split(u32),
}

impl Axis {
    /// Whose numbers lie on it; `None` where it is not of numbers.
    pub fn party(self) -> Option<Party> {
        match self {
            Self::Dialed => Some(Party::Dialed),
            Self::Caller => Some(Party::Caller),
            Self::Asserted => Some(Party::Asserted),
            Self::Diverted => Some(Party::Diverted),
            Self::HasAsserted | Self::HasDiverted | Self::Attestation | Self::Text(_) | Self::Attribute(_) => None,
            Self::Switch(_) | Self::Time | Self::Split(_) => None,
        }
    }
}

/// Names a set of values.
pub(crate) type SetId = u32;

/// Names a question about the time.
pub(crate) type TimeId = u32;

/// A set of values on an axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum AxisSet {
    Numbers(Arc<NumberSet>),
    Texts(AxisTexts),
    /// Of a switch: on, or off. Of a number: there, or not.
    On(bool),
    /// Attestations, a bit each.
    Attestations(u8),
    /// Questions about the time and the answers they must have, by the questions' numbers.
    Times(Box<[(TimeId, bool)]>),
    /// Of a split, from the first bucket up to, not including, the last.
    Buckets(u32, u32),
}

/// Some texts, or all but some.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct AxisTexts {
    pub listed: BTreeSet<String>,
    /// Whether those listed are the ones left out.
    pub all_but: bool,
    /// The patterns that those not listed must have in them, or must not. None where the set is some
    /// texts.
    pub patterns: WantedPatterns,
}

impl AxisTexts {
    /// The texts for which a test holds, or does not.
    pub fn of_test(test: &TextTest, holds: bool) -> Self {
        match test {
            TextTest::Listed(texts) => Self { listed: texts.clone(), all_but: !holds, patterns: BTreeMap::new() },
            TextTest::Has(patterns) => {
                let patterns = BTreeMap::from([(Arc::new(patterns.clone()), holds)]);
                Self { listed: BTreeSet::new(), all_but: true, patterns }
            }
        }
    }

    pub fn contains(&self, text: &str) -> bool {
        self.listed.contains(text) != self.all_but
            && self.patterns.iter().all(|(patterns, yes)| patterns.are_in(text) == *yes)
    }

    /// The texts in both; `None` where there are none. Patterns that contradict each other in
    /// another way than by their answers may be in one set: no class is then in it.
    fn meet(&self, other: &Self) -> Option<Self> {
        let keep = |texts: &BTreeSet<String>, other: &Self| {
            let listed: BTreeSet<String> = texts.iter().filter(|text| other.contains(text)).cloned().collect();
            (!listed.is_empty()).then_some(Self { listed, all_but: false, patterns: BTreeMap::new() })
        };
        match (self.all_but, other.all_but) {
            (false, _) => keep(&self.listed, other),
            (_, false) => keep(&other.listed, self),
            (true, true) => {
                let mut patterns = self.patterns.clone();
                for (pattern, yes) in &other.patterns {
                    if *patterns.entry(Arc::clone(pattern)).or_insert(*yes) != *yes {
                        return None;
                    }
                }
                let listed = self.listed.union(&other.listed).cloned().collect();
                Some(Self { listed, all_but: true, patterns })
            }
        }
    }

    /// How much it holds.
    fn size(&self) -> usize {
        self.listed.len() + self.patterns.keys().map(|patterns| patterns.patterns().len()).sum::<usize>()
    }

    /// Whether it is plain that some texts are in it and others are not: it asks for one thing.
    pub fn is_plain(&self) -> bool {
        self.patterns.is_empty() || (self.patterns.len() == 1 && self.listed.is_empty())
    }
}

/// The conditions of a plan multiply beyond what can be laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooManyBoxes;

/// How much may be made, so that no text takes all memory: runs in sets of numbers, changes of
/// answers about the time. What is in other sets counts as runs.
const MAX_SPANS: usize = 2_000_000;
const MAX_CHANGES: usize = 4_000_000;
/// As how many runs a text counts.
const SPANS_OF_TEXT: usize = 4;

/// Sets, switches, splits and questions about the time, each once.
#[derive(Debug)]
pub(crate) struct Axes {
    horizon: Horizon,
    /// The part of the horizon that matters, in seconds from its start: before and after it,
    /// answers are as at its ends.
    period: Range<u32>,
    sets: Vec<AxisSet>,
    ids: HashMap<AxisSet, SetId>,
    /// Sets of numbers that a plan shares are known by their address, too.
    by_address: HashMap<*const NumberSet, (Arc<NumberSet>, SetId)>,
    complements: HashMap<SetId, SetId>,
    met: HashMap<(SetId, SetId), Option<SetId>>,
    joined: HashMap<(SetId, SetId), SetId>,
    /// How each question about the time goes over the horizon. The answer at the start is always
    /// no: a question that begins with yes is the opposite of one that does not.
    times: Vec<TimeAnswers>,
    time_ids: HashMap<TimeAnswers, TimeId>,
    pub switches: Vec<String>,
    /// The names that calls give to attributes, in small letters.
    pub attributes: Vec<String>,
    switch_ids: HashMap<String, u32>,
    /// The name of each split, and whether the caller alone is hashed.
    pub splits: Vec<(Arc<str>, bool)>,
    split_ids: HashMap<(Arc<str>, bool), u32>,
    spans_left: usize,
    changes_left: usize,
}

/// A question about the time: always one answer over the horizon, or a question of this number that
/// must get this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimedSets {
    Always(bool),
    When(TimeId, bool),
}

impl Axes {
    /// For all of a horizon.
    pub fn new(horizon: Horizon) -> Self {
        Self::within(horizon, 0..horizon.seconds())
    }

    /// For a part of a horizon, in seconds from its start.
    pub fn within(horizon: Horizon, period: Range<u32>) -> Self {
        Self {
            horizon,
            period,
            sets: Vec::new(),
            ids: HashMap::new(),
            by_address: HashMap::new(),
            complements: HashMap::new(),
            met: HashMap::new(),
            joined: HashMap::new(),
            times: Vec::new(),
            time_ids: HashMap::new(),
            switches: Vec::new(),
            attributes: Vec::new(),
            switch_ids: HashMap::new(),
            splits: Vec::new(),
            split_ids: HashMap::new(),
            spans_left: MAX_SPANS,
            changes_left: MAX_CHANGES,
        }
    }

    pub fn horizon(&self) -> Horizon {
        self.horizon
    }

    pub fn period(&self) -> Range<u32> {
        self.period.clone()
    }

    pub fn set(&self, id: SetId) -> &AxisSet {
        &self.sets[id as usize]
    }

    /// The numbers of a set; none of what is no set of numbers.
    pub fn numbers(&self, id: SetId) -> Option<&Arc<NumberSet>> {
        match self.set(id) {
            AxisSet::Numbers(numbers) => Some(numbers),
            AxisSet::Texts(_)
            | AxisSet::On(_)
            | AxisSet::Attestations(_)
            | AxisSet::Times(_)
            | AxisSet::Buckets(..) => None,
        }
    }

    /// The set that was made as the complement of this one, or of which this one was.
    pub fn complement_of(&self, id: SetId) -> Option<SetId> {
        self.complements.get(&id).copied()
    }

    /// How a question about the time goes.
    pub fn answers(&self, id: TimeId) -> &TimeAnswers {
        &self.times[id as usize]
    }

    pub fn intern(&mut self, set: AxisSet) -> SetId {
        let next = self.sets.len() as SetId;
        *self.ids.entry(set).or_insert_with_key(|set| {
            self.sets.push(set.clone());
            next
        })
    }

    /// A set of numbers that a plan shares among its tests.
    pub fn intern_shared(&mut self, numbers: &Arc<NumberSet>) -> SetId {
        if let Some((_, id)) = self.by_address.get(&Arc::as_ptr(numbers)) {
            return *id;
        }
        let id = self.intern(AxisSet::Numbers(Arc::clone(numbers)));
        // The set is kept with it, so that no other ever has its address.
        self.by_address.insert(Arc::as_ptr(numbers), (Arc::clone(numbers), id));
        id
    }

    /// A set of numbers that was just made.
    pub fn intern_numbers(&mut self, numbers: NumberSet) -> Result<SetId, TooManyBoxes> {
        self.take_spans(numbers.spans().len())?;
        Ok(self.intern(AxisSet::Numbers(Arc::new(numbers))))
    }

    fn take_spans(&mut self, spans: usize) -> Result<(), TooManyBoxes> {
        self.spans_left = self.spans_left.checked_sub(spans).ok_or(TooManyBoxes)?;
        Ok(())
    }

    /// All numbers that are not in a set.
    pub fn complement(&mut self, id: SetId) -> Result<SetId, TooManyBoxes> {
        if let Some(found) = self.complements.get(&id) {
            return Ok(*found);
        }
        let Some(numbers) = self.numbers(id) else { return Ok(id) };
        let numbers = numbers.complement();
        let found = self.intern_numbers(numbers)?;
        self.complements.insert(id, found);
        self.complements.insert(found, id);
        Ok(found)
    }

    /// The values in both sets, which are of one axis; `None` where there are none.
    pub fn meet(&mut self, one: SetId, other: SetId) -> Result<Option<SetId>, TooManyBoxes> {
        if one == other {
            return Ok(Some(one));
        }
        let key = (one.min(other), one.max(other));
        if let Some(found) = self.met.get(&key) {
            return Ok(*found);
        }
        let found = match (self.set(one), self.set(other)) {
            (AxisSet::Numbers(one), AxisSet::Numbers(other)) => match one.intersect(other) {
                both if both.is_empty() => None,
                both => Some(self.intern_numbers(both)?),
            },
            (AxisSet::Texts(one), AxisSet::Texts(other)) => match one.meet(other) {
                None => None,
                Some(both) => {
                    self.take_spans(SPANS_OF_TEXT * both.size())?;
                    Some(self.intern(AxisSet::Texts(both)))
                }
            },
            (AxisSet::Attestations(one), AxisSet::Attestations(other)) => {
                let both = one & other;
                (both != 0).then(|| self.intern(AxisSet::Attestations(both)))
            }
            (AxisSet::Times(one), AxisSet::Times(other)) => {
                let both = meet_times(one, other);
                self.take_spans(both.as_ref().map_or(0, |both| both.len()))?;
                both.map(|both| self.intern(AxisSet::Times(both)))
            }
            (AxisSet::Buckets(first, end), AxisSet::Buckets(other_first, other_end)) => {
                let (first, end) = (*first.max(other_first), *end.min(other_end));
                (first < end).then(|| self.intern(AxisSet::Buckets(first, end)))
            }
            // The other side of a switch; sets of two axes never meet.
            _ => None,
        };
        self.met.insert(key, found);
        Ok(found)
    }

    /// The numbers, or texts, in one of both sets; `None` for sets of which the union is no set.
    pub fn join(&mut self, one: SetId, other: SetId) -> Result<Option<SetId>, TooManyBoxes> {
        if one == other {
            return Ok(Some(one));
        }
        let key = (one.min(other), one.max(other));
        if let Some(found) = self.joined.get(&key) {
            return Ok(Some(*found));
        }
        let found = match (self.set(one), self.set(other)) {
            (AxisSet::Numbers(one), AxisSet::Numbers(other)) => {
                let either = one.union(other);
                self.intern_numbers(either)?
            }
            _ => return Ok(None),
        };
        self.joined.insert(key, found);
        Ok(Some(found))
    }

    /// A question about the time, worked out over the horizon.
    pub fn time(&mut self, test: TimeTest) -> Result<TimedSets, TooManyBoxes> {
        let answers = TimeAnswers::of(test, &self.horizon);
        self.timed(answers)
    }

    /// A question about the time of which it is known how it goes.
    pub fn timed(&mut self, answers: TimeAnswers) -> Result<TimedSets, TooManyBoxes> {
        let TimeAnswers { first, changes } = answers.within(&self.period);
        if changes.is_empty() {
            return Ok(TimedSets::Always(first));
        }
        // Beside its changes, a question costs the days that were looked at.
        self.changes_left = self.changes_left.checked_sub(changes.len() + 64).ok_or(TooManyBoxes)?;
        let next = self.times.len() as TimeId;
        let id = *self.time_ids.entry(TimeAnswers { first: false, changes }).or_insert_with_key(|answers| {
            self.times.push(answers.clone());
            next
        });
        Ok(TimedSets::When(id, !first))
    }

    pub fn switch(&mut self, name: &str) -> u32 {
        if let Some(id) = self.switch_ids.get(name) {
            return *id;
        }
        let id = self.switches.len() as u32;
        self.switches.push(name.to_owned());
        self.switch_ids.insert(name.to_owned(), id);
        id
    }

    /// An attribute by the name that calls give it, whose capitals do not count.
    pub fn attribute(&mut self, header: &str) -> u32 {
        let header = header.to_ascii_lowercase();
        let known = self.attributes.iter().position(|known| *known == header);
        let id = known.unwrap_or_else(|| {
            self.attributes.push(header);
            self.attributes.len() - 1
        });
        id as u32
    }

    pub fn split(&mut self, name: &Arc<str>, by_caller: bool) -> u32 {
        let next = self.splits.len() as u32;
        *self.split_ids.entry((Arc::clone(name), by_caller)).or_insert_with_key(|split| {
            self.splits.push(split.clone());
            next
        })
    }
}

fn meet_times(one: &[(TimeId, bool)], other: &[(TimeId, bool)]) -> Option<Box<[(TimeId, bool)]>> {
    let mut both = one.to_vec();
    for literal in other {
        match both.binary_search_by_key(&literal.0, |known| known.0) {
            Ok(at) if both[at].1 != literal.1 => return None,
            Ok(_) => {}
            Err(at) => both.insert(at, *literal),
        }
    }
    Some(both.into())
}
