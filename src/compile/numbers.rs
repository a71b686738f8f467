//! Cutting the axis of numbers: by the keys of prefixes and ranges into intervals, with whole numbers as points.
//!
//! A key is a number's digits, left-aligned to 15 (see [`E164::key`]). A set holds a number when the span of its key has
//! the number's length; inside of a prefix all lengths that occur are there, inside of a range only one is.

use crate::phone::{E164, NumberSet, is_unreachable};
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Every length that occurs at a key is meant.
pub(super) const EVERY_LENGTH: u16 = u16::MAX;

/// A set of numbers, its whole numbers apart from what is wider.
#[derive(Debug, Default)]
pub(super) struct NumberCuts {
    /// Keys from one to another, with the lengths that are in the set; sorted.
    spans: Vec<(u64, u64, u16)>,
    points: Vec<E164>,
    withheld: bool,
    locals: Vec<Box<str>>,
    /// Whether the local texts are those left out.
    all_locals_but: bool,
}

impl NumberCuts {
    pub fn of(set: &NumberSet) -> Self {
        let (all_locals_but, locals) = set.locals();
        let mut cuts =
            Self { withheld: set.has_anonymous(), locals: locals.to_vec(), all_locals_but, ..Self::default() };
        for span in set.spans() {
            match point(span.low, span.high, span.lengths) {
                Some(number) => cuts.points.push(number),
                None => cuts.spans.push((span.low, span.high, span.lengths)),
            }
        }
        cuts
    }

    pub fn len(&self) -> usize {
        self.spans.len() + self.points.len() + self.locals.len() + 1
    }

    fn holds_local(&self, text: &str) -> bool {
        self.locals.binary_search_by(|local| (**local).cmp(text)).is_ok() != self.all_locals_but
    }
}

/// How far apart the keys of neighbours of a length are.
fn unit(length: u32) -> u64 {
    10_u64.pow(15 - length)
}

/// The one number of a span, if it is no more.
fn point(low: u64, high: u64, lengths: u16) -> Option<E164> {
    if lengths.count_ones() != 1 {
        return None;
    }
    let length = lengths.trailing_zeros();
    let is_one = low.is_multiple_of(unit(length)) && high - low + 1 == unit(length);
    is_one.then(|| number_of(low, length)).flatten()
}

/// The least key: that of `+1`.
const FIRST_KEY: u64 = 100_000_000_000_000;
/// The greatest key: that of `+999999999999999`.
const LAST_KEY: u64 = 999_999_999_999_999;

/// The lengths of numbers whose keys lie here, and that a call can bring.
fn occurring(low: u64, high: u64) -> u16 {
    let occurs = |length: &u32| {
        let last = high / unit(*length) * unit(*length);
        let is_one = last < low.saturating_add(unit(*length));
        let no_call_brings = || number_of(last, *length).is_some_and(is_unreachable);
        last >= low && last >= FIRST_KEY && !(is_one && no_call_brings())
    };
    (1..=15).filter(occurs).fold(0, |lengths, length| lengths | 1 << length)
}

fn number_of(key: u64, length: u32) -> Option<E164> {
    E164::parse(&format!("+{}", key / unit(length))).ok()
}

/// Which entries hold where, on the axis of numbers.
#[derive(Default)]
pub(super) struct Sweep {
    /// Entries that ask for nothing here.
    free: Vec<u32>,
    /// Each set with the entries that ask for it.
    sets: Vec<(Arc<NumberCuts>, Vec<u32>)>,
    ids: HashMap<*const NumberCuts, usize>,
}

/// The axis, cut.
pub(super) struct Pieces {
    /// The keys at which intervals start, the first is 0, and the kind of each.
    pub intervals: Vec<(u64, usize)>,
    /// For each kind of interval, the entries that hold there, in order, and for which lengths; and which lengths occur.
    pub kinds: Vec<(Vec<(u32, u16)>, u16)>,
    /// Whole numbers, and the kind of each.
    pub points: Vec<(E164, usize)>,
    /// For each kind of point, the entries that hold there, in order.
    pub point_kinds: Vec<Vec<u32>>,
}

impl Sweep {
    pub fn add(&mut self, entry: u32, set: Option<Arc<NumberCuts>>) {
        let Some(set) = set else { return self.free.push(entry) };
        let next = self.sets.len();
        let id = *self.ids.entry(Arc::as_ptr(&set)).or_insert(next);
        if id == next {
            self.sets.push((set, Vec::new()));
        }
        self.sets[id].1.push(entry);
    }

    /// The entries of these sets, and the free ones, in order.
    fn alive<T: Copy>(&self, sets: &[(u32, T)], free: T) -> Vec<(u32, T)> {
        let mut alive: Vec<(u32, T)> = self.free.iter().map(|entry| (*entry, free)).collect();
        for (set, mark) in sets {
            alive.extend(self.sets[*set as usize].1.iter().map(|entry| (*entry, *mark)));
        }
        alive.sort_unstable_by_key(|(entry, _)| *entry);
        alive
    }

    /// Cuts the axis. Pieces on which the same entries hold are of one kind.
    pub fn cut(&self) -> Pieces {
        let mut events: Vec<(u64, u32, u16)> = Vec::new();
        for (at, (set, _)) in self.sets.iter().enumerate() {
            for (low, high, lengths) in &set.spans {
                events.push((*low, at as u32, *lengths));
                events.push((high + 1, at as u32, 0));
            }
        }
        // Where one span ends and the next of the same set begins, the end comes first.
        events.sort_unstable_by_key(|(key, set, lengths)| (*key, *set, *lengths));
        let mut raw: Vec<(u64, Vec<(u32, u16)>)> = vec![(0, Vec::new())];
        let mut active: BTreeMap<u32, u16> = BTreeMap::new();
        for same in events.chunk_by(|one, other| one.0 == other.0) {
            for (_, set, lengths) in same {
                match lengths {
                    0 => active.remove(set),
                    lengths => active.insert(*set, *lengths),
                };
            }
            raw.push((same[0].0, active.iter().map(|(set, lengths)| (*set, *lengths)).collect()));
        }
        let mut kinds = Kinds::default();
        let mut intervals = Vec::with_capacity(raw.len());
        for (at, (start, sets)) in raw.iter().enumerate() {
            let end = raw.get(at + 1).map_or(LAST_KEY + 1, |(next, _)| *next);
            let occurring = occurring(*start, end - 1);
            // No call comes here; what lies before it goes on.
            if occurring == 0 || *start > LAST_KEY {
                continue;
            }
            let sets: Vec<(u32, u16)> = sets
                .iter()
                .map(|(set, lengths)| {
                    (*set, if lengths & occurring == occurring { EVERY_LENGTH } else { lengths & occurring })
                })
                .filter(|(_, lengths)| *lengths != 0)
                .collect();
            // Where nothing asks for the length, it does not matter which occur.
            let is_whole = sets.iter().all(|(_, lengths)| *lengths == EVERY_LENGTH);
            let marked = if is_whole { EVERY_LENGTH } else { occurring };
            let kind = kinds.of((sets, marked), |(sets, marked)| (self.alive(sets, EVERY_LENGTH), *marked));
            intervals.push((*start, kind));
        }
        let (points, point_kinds) = self.cut_points(&raw);
        Pieces { intervals, kinds: kinds.found, points, point_kinds }
    }

    fn cut_points(&self, raw: &[(u64, Vec<(u32, u16)>)]) -> (Vec<(E164, usize)>, Vec<Vec<u32>>) {
        let mut own: Vec<(E164, u32)> = Vec::new();
        for (at, (set, _)) in self.sets.iter().enumerate() {
            own.extend(set.points.iter().map(|number| (*number, at as u32)));
        }
        own.sort_unstable();
        let mut kinds = Kinds::default();
        let mut points = Vec::new();
        let mut interval = 0;
        for same in own.chunk_by(|one, other| one.0 == other.0) {
            let number = same[0].0;
            // Numbers go by their keys, so the interval only moves on.
            while raw.get(interval + 1).is_some_and(|(start, _)| *start <= number.key()) {
                interval += 1;
            }
            let around =
                raw[interval].1.iter().filter(|(_, lengths)| lengths >> number.length() & 1 == 1).map(|(set, _)| *set);
            let mut sets: Vec<(u32, ())> =
                same.iter().map(|(_, set)| *set).chain(around).map(|set| (set, ())).collect();
            sets.sort_unstable();
            sets.dedup();
            points.push((
                number,
                kinds.of(sets, |sets| self.alive(sets, ()).into_iter().map(|(entry, ())| entry).collect()),
            ));
        }
        (points, kinds.found)
    }

    pub fn withheld(&self) -> Vec<u32> {
        self.special(|set| set.withheld)
    }

    /// Each local text that a set names, with the entries that hold for it.
    pub fn locals(&self) -> Vec<(Box<str>, Vec<u32>)> {
        let mut texts: Vec<&Box<str>> = self.sets.iter().flat_map(|(set, _)| &set.locals).collect();
        texts.sort_unstable();
        texts.dedup();
        texts.into_iter().map(|text| (text.clone(), self.special(|set| set.holds_local(text)))).collect()
    }

    pub fn other_local(&self) -> Vec<u32> {
        self.special(|set| set.all_locals_but)
    }

    fn special(&self, holds: impl Fn(&NumberCuts) -> bool) -> Vec<u32> {
        let sets: Vec<(u32, ())> =
            (0..self.sets.len() as u32).filter(|at| holds(&self.sets[*at as usize].0)).map(|at| (at, ())).collect();
        self.alive(&sets, ()).into_iter().map(|(entry, ())| entry).collect()
    }
}

/// Kinds of pieces, by what is there; and what is found out about each kind once.
struct Kinds<K, T> {
    ids: HashMap<K, usize>,
    found: Vec<T>,
}

impl<K, T> Default for Kinds<K, T> {
    fn default() -> Self {
        Self { ids: HashMap::new(), found: Vec::new() }
    }
}

impl<K: Hash + Eq, T> Kinds<K, T> {
    fn of(&mut self, key: K, find_out: impl FnOnce(&K) -> T) -> usize {
        if let Some(id) = self.ids.get(&key) {
            return *id;
        }
        self.found.push(find_out(&key));
        self.ids.insert(key, self.found.len() - 1);
        self.found.len() - 1
    }
}

/// Whole numbers with what each leads to: a table with open addressing, so that one look finds most.
#[derive(Debug, Default)]
pub(crate) struct Points {
    /// Pairs of a number's key and length, never 0, and its target; a power of two of them, at least half of them free.
    slots: Box<[(u64, u32)]>,
    shift: u32,
}

impl Points {
    pub fn new(points: &[(E164, u32)]) -> Self {
        if points.is_empty() {
            return Self::default();
        }
        let size = (points.len() * 2).next_power_of_two();
        let mut table = Self { slots: vec![(0, 0); size].into_boxed_slice(), shift: 64 - size.trailing_zeros() };
        for (number, target) in points {
            let mut at = table.first(packed(*number));
            while table.slots[at].0 != 0 {
                at = (at + 1) & (size - 1);
            }
            table.slots[at] = (packed(*number), *target);
        }
        table
    }

    /// What a number leads to, if it is one of these.
    pub fn get(&self, number: E164) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let wanted = packed(number);
        let mut at = self.first(wanted);
        loop {
            match self.slots[at] {
                (found, target) if found == wanted => return Some(target),
                (0, _) => return None,
                _ => at = (at + 1) & (self.slots.len() - 1),
            }
        }
    }

    fn first(&self, packed: u64) -> usize {
        // Fibonacci hashing: the golden ratio spreads neighbours.
        (packed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift.min(63)) as usize & (self.slots.len() - 1)
    }

    /// Each number and what it leads to, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (E164, u32)> + '_ {
        self.slots
            .iter()
            .filter(|(packed, _)| *packed != 0)
            .filter_map(|(packed, target)| Some((unpacked(*packed)?, *target)))
    }

    pub fn bytes(&self) -> usize {
        self.slots.len() * size_of::<(u64, u32)>()
    }
}

/// A number as one word: its key and its length.
fn packed(number: E164) -> u64 {
    number.key() << 4 | u64::from(number.length())
}

fn unpacked(packed: u64) -> Option<E164> {
    let length = (packed & 15) as u32;
    E164::parse(&format!("+{}", (packed >> 4) / unit(length))).ok()
}

/// Tells nodes apart that lead to the same targets at other places.
pub(super) fn shape(starts: &[u64], points: &[(E164, u32)], locals: &[(Box<str>, u32)]) -> u64 {
    let mut hasher = DefaultHasher::new();
    starts.hash(&mut hasher);
    points.hash(&mut hasher);
    locals.hash(&mut hasher);
    hasher.finish()
}

pub(super) fn hash_of<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
