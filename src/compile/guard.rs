//! Guards: the calls for which a clause runs, as a union of boxes. A box asks for a set on each axis it names.

use super::time::{Answers, Horizon};
use crate::phone::{Country, NumberSet};
use crate::plan::{Cell, ColumnTest, Condition, DateTest, Definitions, Party, Question, Split, Table, Test, TextField};
use crate::schedule::Schedule;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// Boxes of one guard, and of a whole plan; beyond it conditions have multiplied too far to be laid out.
const MOST_BOXES: usize = 512;
const MOST_BOXES_IN_ALL: usize = 400_000;

/// The conditions of a plan multiply beyond what can be laid out as boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

/// A union of boxes; none is no call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Guard {
    pub boxes: Vec<GuardBox>,
}

/// A call is in it when each axis that is named has a value in its set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct GuardBox {
    pub dialed: Option<Numbers>,
    pub caller: Option<Numbers>,
    pub trunk: Option<Texts>,
    pub organization: Option<Texts>,
    /// By switch, on or off; sorted.
    pub switches: Vec<(usize, bool)>,
    /// By time test, true or false; sorted.
    pub times: Vec<(usize, bool)>,
    /// By split, from the first bucket up to, not including, the last; sorted.
    pub splits: Vec<(usize, Range<u32>)>,
}

/// A set of numbers that many boxes may share; known by its number among the plan's.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    pub id: usize,
    pub set: Arc<NumberSet>,
}

impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Numbers {}

/// Some texts, or all but some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Texts {
    pub listed: BTreeSet<String>,
    /// Whether those listed are the ones left out.
    pub all_but: bool,
}

impl Texts {
    pub fn contains(&self, text: &str) -> bool {
        self.listed.contains(text) != self.all_but
    }

    fn both(&self, other: &Self) -> Self {
        let keep = |texts: &BTreeSet<String>, other: &Self| {
            texts.iter().filter(|text| other.contains(text)).cloned().collect()
        };
        match (self.all_but, other.all_but) {
            (false, _) => Self { listed: keep(&self.listed, other), all_but: false },
            (_, false) => Self { listed: keep(&other.listed, self), all_but: false },
            (true, true) => Self { listed: self.listed.union(&other.listed).cloned().collect(), all_but: true },
        }
    }

    fn is_empty(&self) -> bool {
        self.listed.is_empty() && !self.all_but
    }
}

impl Guard {
    /// Every call.
    pub fn always() -> Self {
        Self { boxes: vec![GuardBox::default()] }
    }

    /// No call.
    pub fn never() -> Self {
        Self { boxes: Vec::new() }
    }

    /// Whether it asks for nothing.
    pub fn is_always(&self) -> bool {
        self.boxes.iter().any(|one| *one == GuardBox::default())
    }
}

/// Makes guards, and keeps what they share: sets of numbers, time tests, splits.
pub(crate) struct Guards<'p> {
    definitions: &'p Definitions,
    sets: Vec<Arc<NumberSet>>,
    set_ids: HashMap<*const NumberSet, usize>,
    /// By content, so that equal sets are one.
    same_sets: HashMap<Arc<NumberSet>, usize>,
    complements: HashMap<usize, usize>,
    intersections: HashMap<(usize, usize), usize>,
    rows: HashMap<RowSet, usize>,
    countries: HashMap<BTreeSet<Option<Country>>, usize>,
    slots: HashMap<usize, (Party, usize)>,
    /// Each distinct question about the time.
    pub times: Vec<TimeTest<'p>>,
    time_ids: HashMap<String, usize>,
    /// How each of them goes over the horizon, as far as that has been worked out.
    answers: Vec<Answers>,
    /// The name of each split, and whether the caller alone is hashed.
    pub splits: Vec<(Arc<str>, bool)>,
    named: HashMap<(usize, bool), Guard>,
    boxes_in_all: usize,
}

/// Rows of a table, as a set of numbers: all of them, or those whose cell answers a test.
type RowSet = (usize, Option<(usize, String)>);

/// A question about the time, or a schedule that one asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TimeTest<'p> {
    /// Asked on the plan's clock.
    Question(&'p Question),
    /// Asked on the schedule's own clock.
    Open(&'p Schedule),
}

impl<'p> Guards<'p> {
    pub fn new(definitions: &'p Definitions) -> Self {
        Self {
            definitions,
            sets: Vec::new(),
            set_ids: HashMap::new(),
            same_sets: HashMap::new(),
            complements: HashMap::new(),
            intersections: HashMap::new(),
            rows: HashMap::new(),
            countries: HashMap::new(),
            slots: HashMap::new(),
            times: Vec::new(),
            time_ids: HashMap::new(),
            answers: Vec::new(),
            splits: Vec::new(),
            named: HashMap::new(),
            boxes_in_all: 0,
        }
    }

    /// The calls for which a condition holds, or for which it does not.
    pub fn of_condition(&mut self, condition: &'p Condition, holds: bool) -> Result<Guard, TooMany> {
        match condition {
            Condition::Not(inner) => self.of_condition(inner, !holds),
            Condition::All(operands) => self.of_chain(operands, holds, holds),
            Condition::Any(operands) => self.of_chain(operands, holds, !holds),
            Condition::Named(number, _) => {
                if let Some(guard) = self.named.get(&(*number, holds)) {
                    return Ok(guard.clone());
                }
                let definitions = self.definitions;
                let guard = self.of_condition(&definitions.conditions[*number].1, holds)?;
                self.named.insert((*number, holds), guard.clone());
                Ok(guard)
            }
            Condition::Test(test) => self.of_test(test, holds),
        }
    }

    /// Operands that must all answer so, or of which one must.
    fn of_chain(&mut self, operands: &'p [Condition], holds: bool, all: bool) -> Result<Guard, TooMany> {
        let mut guard = if all { Guard::always() } else { Guard::never() };
        for operand in operands {
            let own = self.of_condition(operand, holds)?;
            guard = if all { self.both(&guard, &own)? } else { self.either(guard, own)? };
        }
        Ok(guard)
    }

    fn of_test(&mut self, test: &'p Test, holds: bool) -> Result<Guard, TooMany> {
        let yes = test.expected == holds;
        let mut one = GuardBox::default();
        match &test.question {
            Question::Number(party, set) => {
                let id = self.intern_shared(set);
                self.put_numbers(&mut one, *party, id, yes);
            }
            Question::Row(party, table, slot) => {
                self.slots.insert(*slot, (*party, *table));
                let id = self.rows_of(*table);
                self.put_numbers(&mut one, *party, id, yes);
            }
            Question::Country(party, countries) => {
                let id = self.numbers_of(countries);
                self.put_numbers(&mut one, *party, id, yes);
            }
            Question::Text(field, texts) => {
                let texts = Texts { listed: texts.clone(), all_but: !yes };
                match field {
                    TextField::Trunk => one.trunk = Some(texts),
                    TextField::Organization => one.organization = Some(texts),
                }
            }
            Question::Switch(switch) => one.switches.push((*switch, yes)),
            Question::Open(schedule) => {
                let definitions = self.definitions;
                let id = self.time(format!("open {schedule}"), TimeTest::Open(&definitions.schedules[*schedule].1));
                one.times.push((id, yes));
            }
            Question::Time(_)
            | Question::Weekday(_)
            | Question::Day(_)
            | Question::Month(_)
            | Question::Date(_)
            | Question::From(_) => {
                let id = self.time(time_key(&test.question), TimeTest::Question(&test.question));
                one.times.push((id, yes));
            }
            Question::Column(slot, column, test) => return self.of_column(*slot, *column, test, yes),
        }
        let is_empty = |numbers: &Option<Numbers>| numbers.as_ref().is_some_and(|numbers| numbers.set.is_empty());
        let nothing = is_empty(&one.dialed) || is_empty(&one.caller);
        Ok(if nothing { Guard::never() } else { Guard { boxes: vec![one] } })
    }

    /// The numbers of some countries.
    fn numbers_of(&mut self, countries: &BTreeSet<Option<Country>>) -> usize {
        if let Some(id) = self.countries.get(countries) {
            return *id;
        }
        let sets = countries.iter().map(|country| country.map_or_else(Country::numbers_of_none, Country::numbers));
        let set = sets.fold(NumberSet::empty(), |all, own| all.union(&own));
        let id = self.intern(set);
        self.countries.insert(countries.clone(), id);
        id
    }

    /// A column's value is known with the row, and the row with the number: the numbers of the rows that answer so.
    fn of_column(&mut self, slot: usize, column: usize, test: &'p ColumnTest, yes: bool) -> Result<Guard, TooMany> {
        let Some((party, table)) = self.slots.get(&slot).copied() else { return Ok(Guard::never()) };
        let definitions = self.definitions;
        if let ColumnTest::Open = test {
            let mut schedules = BTreeSet::new();
            let cells =
                definitions.tables[table].cells.iter().skip(column).step_by(definitions.tables[table].columns.len());
            schedules.extend(cells.filter_map(|cell| match cell {
                Cell::Schedule(schedule) => Some(*schedule),
                Cell::Text(_) | Cell::Figure(..) | Cell::Boolean(_) | Cell::Agent(_) => None,
            }));
            let mut guard = Guard::never();
            for schedule in schedules {
                let rows = self
                    .rows_where(table, column, &format!("open {schedule}"), |cell| *cell == Cell::Schedule(schedule));
                let time = self.time(format!("open {schedule}"), TimeTest::Open(&definitions.schedules[schedule].1));
                let mut one = GuardBox { times: vec![(time, yes)], ..GuardBox::default() };
                self.put_numbers(&mut one, party, rows, true);
                guard = self.either(guard, Guard { boxes: vec![one] })?;
            }
            return Ok(guard);
        }
        let rows = self.rows_where(table, column, &format!("{test:?}"), |cell| cell.answers(test));
        let all = self.rows_of(table);
        // Where no row was found, no test of a column holds, whichever way it asks.
        let rows = if yes { rows } else { self.difference(all, rows) };
        let mut one = GuardBox::default();
        self.put_numbers(&mut one, party, rows, true);
        Ok(if self.sets[rows].is_empty() { Guard::never() } else { Guard { boxes: vec![one] } })
    }

    /// The calls of one arm of a split.
    pub fn of_buckets(&mut self, split: &Split, buckets: Range<u32>) -> Guard {
        let key = (Arc::clone(&split.name), split.by_caller);
        let id = self.splits.iter().position(|known| *known == key).unwrap_or_else(|| {
            self.splits.push(key);
            self.splits.len() - 1
        });
        Guard { boxes: vec![GuardBox { splits: vec![(id, buckets)], ..GuardBox::default() }] }
    }

    /// How each question about the time goes over the horizon; each is worked out once, so the horizon is always the same.
    pub fn answers(&mut self, horizon: &Horizon) -> &[Answers] {
        let zone = &self.definitions.zone;
        let known = self.answers.len();
        self.answers.extend(self.times[known..].iter().map(|test| Answers::of(test, zone, horizon)));
        &self.answers
    }

    fn time(&mut self, key: String, test: TimeTest<'p>) -> usize {
        let next = self.times.len();
        let id = *self.time_ids.entry(key).or_insert(next);
        if id == next {
            self.times.push(test);
        }
        id
    }

    fn put_numbers(&mut self, one: &mut GuardBox, party: Party, id: usize, yes: bool) {
        let id = if yes { id } else { self.complement(id) };
        let numbers = Some(Numbers { id, set: Arc::clone(&self.sets[id]) });
        match party {
            Party::Caller => one.caller = numbers,
            Party::Dialed => one.dialed = numbers,
        }
    }

    fn intern_shared(&mut self, set: &Arc<NumberSet>) -> usize {
        if let Some(id) = self.set_ids.get(&Arc::as_ptr(set)) {
            return *id;
        }
        let id = match self.same_sets.get(set) {
            Some(id) => *id,
            None => self.add_set(Arc::clone(set)),
        };
        self.set_ids.insert(Arc::as_ptr(set), id);
        id
    }

    fn intern(&mut self, set: NumberSet) -> usize {
        let set = Arc::new(set);
        match self.same_sets.get(&set) {
            Some(id) => *id,
            None => self.add_set(set),
        }
    }

    fn add_set(&mut self, set: Arc<NumberSet>) -> usize {
        self.same_sets.insert(Arc::clone(&set), self.sets.len());
        self.sets.push(set);
        self.sets.len() - 1
    }

    fn complement(&mut self, id: usize) -> usize {
        if let Some(found) = self.complements.get(&id) {
            return *found;
        }
        let found = self.intern(self.sets[id].complement());
        self.complements.insert(id, found);
        self.complements.insert(found, id);
        found
    }

    fn intersection(&mut self, one: usize, other: usize) -> usize {
        if one == other {
            return one;
        }
        let key = (one.min(other), one.max(other));
        if let Some(found) = self.intersections.get(&key) {
            return *found;
        }
        let found = self.intern(self.sets[one].intersect(&self.sets[other]));
        self.intersections.insert(key, found);
        found
    }

    fn difference(&mut self, one: usize, other: usize) -> usize {
        let other = self.complement(other);
        self.intersection(one, other)
    }

    /// The numbers that have a row.
    fn rows_of(&mut self, table: usize) -> usize {
        if let Some(id) = self.rows.get(&(table, None)) {
            return *id;
        }
        let set = NumberSet::from_patterns(&self.definitions.tables[table].patterns);
        let id = self.intern(set);
        self.rows.insert((table, None), id);
        id
    }

    /// The numbers whose row has such a cell: its rows' keys, without the keys of narrower rows.
    fn rows_where(&mut self, table: usize, column: usize, key: &str, answers: impl Fn(&Cell) -> bool) -> usize {
        let key = (table, Some((column, key.to_owned())));
        if let Some(id) = self.rows.get(&key) {
            return *id;
        }
        let set = rows_where(&self.definitions.tables[table], column, answers);
        let id = self.intern(set);
        self.rows.insert(key, id);
        id
    }

    /// Calls in both.
    pub fn both(&mut self, one: &Guard, other: &Guard) -> Result<Guard, TooMany> {
        if one.is_always() {
            return Ok(other.clone());
        }
        if other.is_always() {
            return Ok(one.clone());
        }
        let mut boxes = Vec::new();
        for left in &one.boxes {
            for right in &other.boxes {
                boxes.extend(self.meet(left, right));
                if boxes.len() > MOST_BOXES {
                    return Err(TooMany);
                }
            }
        }
        self.count(&boxes)?;
        Ok(Guard { boxes })
    }

    /// Calls in one of the two.
    fn either(&mut self, mut one: Guard, other: Guard) -> Result<Guard, TooMany> {
        for right in other.boxes {
            let joined = one.boxes.iter_mut().any(|left| self.join(left, &right));
            if !joined {
                one.boxes.push(right);
            }
        }
        self.count(&one.boxes)?;
        Ok(one)
    }

    fn count(&mut self, boxes: &[GuardBox]) -> Result<(), TooMany> {
        self.boxes_in_all += boxes.len();
        if boxes.len() > MOST_BOXES || self.boxes_in_all > MOST_BOXES_IN_ALL { Err(TooMany) } else { Ok(()) }
    }

    /// Makes `left` hold `right` too, if the two differ on one axis of numbers alone, or not at all.
    fn join(&mut self, left: &mut GuardBox, right: &GuardBox) -> bool {
        let same_rest = left.trunk == right.trunk
            && left.organization == right.organization
            && left.switches == right.switches
            && left.times == right.times
            && left.splits == right.splits;
        if !same_rest || (left.caller != right.caller && left.dialed != right.dialed) {
            return false;
        }
        let mut united = |one: &Option<Numbers>, other: &Option<Numbers>| match (one, other) {
            (Some(one), Some(other)) => {
                let id = self.intern(one.set.union(&other.set));
                Some(Numbers { id, set: Arc::clone(&self.sets[id]) })
            }
            _ => None,
        };
        if left.caller != right.caller {
            left.caller = united(&left.caller, &right.caller);
        } else if left.dialed != right.dialed {
            left.dialed = united(&left.dialed, &right.dialed);
        }
        true
    }

    /// The box of calls in both; `None` where there are none.
    fn meet(&mut self, left: &GuardBox, right: &GuardBox) -> Option<GuardBox> {
        Some(GuardBox {
            dialed: self.meet_numbers(&left.dialed, &right.dialed)?,
            caller: self.meet_numbers(&left.caller, &right.caller)?,
            trunk: meet_texts(&left.trunk, &right.trunk)?,
            organization: meet_texts(&left.organization, &right.organization)?,
            switches: meet_literals(&left.switches, &right.switches)?,
            times: meet_literals(&left.times, &right.times)?,
            splits: meet_buckets(&left.splits, &right.splits)?,
        })
    }

    fn meet_numbers(&mut self, left: &Option<Numbers>, right: &Option<Numbers>) -> Option<Option<Numbers>> {
        match (left, right) {
            (None, other) | (other, None) => Some(other.clone()),
            (Some(left), Some(right)) => {
                let id = self.intersection(left.id, right.id);
                let set = Arc::clone(&self.sets[id]);
                (!set.is_empty()).then_some(Some(Numbers { id, set }))
            }
        }
    }
}

/// What tells questions about the time apart.
fn time_key(question: &Question) -> String {
    match question {
        // A set of days is one by its definition, not by what it prints as.
        Question::Date(DateTest::Set(days)) => format!("days {:p}", Arc::as_ptr(days)),
        other => format!("{other:?}"),
    }
}

fn rows_where(table: &Table, column: usize, answers: impl Fn(&Cell) -> bool) -> NumberSet {
    let wanted = |row: usize| table.cell(row, column).is_some_and(&answers);
    // From the widest keys to the narrowest, each overrules what holds it; whole numbers overrule all.
    let mut order: Vec<usize> = (0..table.patterns.len()).filter(|row| table.patterns[*row].is_wide()).collect();
    order.sort_by(|one, other| table.patterns[*other].cmp_specificity(&table.patterns[*one]));
    let mut set = NumberSet::empty();
    for row in order {
        let own = NumberSet::from_patterns([&table.patterns[row]]);
        set = if wanted(row) { set.union(&own) } else { set.difference(&own) };
    }
    let single = |yes: bool| {
        let rows = (0..table.patterns.len()).filter(move |row| !table.patterns[*row].is_wide() && wanted(*row) == yes);
        NumberSet::from_patterns(rows.map(|row| &table.patterns[row]))
    };
    set.union(&single(true)).difference(&single(false))
}

fn meet_texts(left: &Option<Texts>, right: &Option<Texts>) -> Option<Option<Texts>> {
    match (left, right) {
        (None, other) | (other, None) => Some(other.clone()),
        (Some(left), Some(right)) => {
            let both = left.both(right);
            (!both.is_empty()).then_some(Some(both))
        }
    }
}

fn meet_literals(left: &[(usize, bool)], right: &[(usize, bool)]) -> Option<Vec<(usize, bool)>> {
    let mut both = left.to_vec();
    for literal in right {
        match both.binary_search_by_key(&literal.0, |known| known.0) {
            Ok(at) if both[at].1 != literal.1 => return None,
            Ok(_) => {}
            Err(at) => both.insert(at, *literal),
        }
    }
    Some(both)
}

fn meet_buckets(left: &[(usize, Range<u32>)], right: &[(usize, Range<u32>)]) -> Option<Vec<(usize, Range<u32>)>> {
    let mut both = left.to_vec();
    for (split, buckets) in right {
        match both.binary_search_by_key(split, |known| known.0) {
            Ok(at) => {
                let known = &mut both[at].1;
                *known = known.start.max(buckets.start)..known.end.min(buckets.end);
                if known.start >= known.end {
                    return None;
                }
            }
            Err(at) => both.insert(at, (*split, buckets.clone())),
        }
    }
    Some(both)
}
