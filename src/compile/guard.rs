//! Guards: the calls for which something holds, as a union of boxes. A box asks for a set on each
//! axis it names.

use super::axes::{Axes, Axis, AxisSet, AxisTexts, SetId, TimedSets, TooManyBoxes};
use super::time::{TimeAnswers, TimeTest, Turn, turns};
use crate::fields::Attestation;
use crate::phone::{Country, LocalDigits, NumberSet, Pattern, Winners};
use crate::plan::{
    CallText, Cell, ColumnTest, Condition, DateTest, Definitions, Party, Question, RowSlot, RowTest, Split, Test,
    TextField, TextTest,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// The bit of each attestation.
pub(crate) const ALL_ATTESTATIONS: u8 = (1 << Attestation::ALL.len()) - 1;

/// Boxes of one guard, and of a whole plan; beyond it conditions have multiplied too far to be laid
/// out.
const MAX_BOXES: usize = 512;
const MAX_BOXES_IN_ALL: usize = 400_000;
/// The same for the sets that all boxes ask for.
const MAX_CONSTRAINTS_IN_ALL: usize = 2_000_000;

/// A union of boxes; none is no call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Guard {
    pub boxes: Vec<GuardBox>,
}

/// A call is in it when on each axis that is named, its value is in the set. Sorted by axis, each
/// at most once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct GuardBox {
    pub constraints: Vec<(Axis, SetId)>,
}

impl GuardBox {
    fn of(axis: Axis, set: SetId) -> Self {
        Self { constraints: vec![(axis, set)] }
    }

    /// The set it asks for on an axis.
    pub fn set(&self, axis: Axis) -> Option<SetId> {
        self.constraints.binary_search_by_key(&axis, |(axis, _)| *axis).ok().map(|at| self.constraints[at].1)
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

    /// Every call, or none.
    fn constant(holds: bool) -> Self {
        if holds { Self::always() } else { Self::never() }
    }

    fn of(axis: Axis, set: SetId) -> Self {
        Self { boxes: vec![GuardBox::of(axis, set)] }
    }

    /// Whether it asks for nothing.
    pub fn is_always(&self) -> bool {
        self.boxes.iter().any(|one| one.constraints.is_empty())
    }
}

/// What is known of all calls that are asked about. A test of it is answered at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct FixedFacts {
    /// The switches that are on, where all others are off; `None` if each may be either.
    pub switches_on: Option<SwitchesOn>,
    /// The organization that is called; `None` if it may be any.
    pub organization: Option<String>,
}

/// The switches that are on, each up to the instant at which it goes off; `None` if it stays on.
pub type SwitchesOn = BTreeMap<String, Option<Timestamp>>;

/// What is known of a switch.
enum SwitchFact {
    Always(bool),
    /// It is on up to this instant.
    Until(Timestamp),
}

impl FixedFacts {
    fn switch(&self, switch: &str) -> Option<SwitchFact> {
        Some(match self.switches_on.as_ref()?.get(switch) {
            Some(Some(until)) => SwitchFact::Until(*until),
            Some(None) => SwitchFact::Always(true),
            None => SwitchFact::Always(false),
        })
    }

    fn text(&self, field: TextField) -> Option<&str> {
        match field {
            TextField::Organization => self.organization.as_deref(),
            TextField::Trunk | TextField::CallerName => None,
        }
    }
}

/// Makes the guards of one plan.
pub(crate) struct Guards<'p> {
    definitions: &'p Definitions,
    fixed: FixedFacts,
    pub axes: Axes,
    /// Whether anything of the plan asks for the time, even if its answer never changes over the
    /// horizon.
    pub asks_for_the_time: bool,
    named: HashMap<(usize, bool), Guard>,
    countries: HashMap<BTreeSet<Option<Country>>, SetId>,
    /// The calls of each set, where the plan names local numbers that are read as others.
    brought: HashMap<(Axis, SetId), Guard>,
    /// Which row decides each number, by table.
    winners: HashMap<usize, Winners>,
    /// The numbers that have a row, and those whose row answers a test of a column, by table.
    rows: HashMap<(usize, Option<(usize, String)>), SetId>,
    /// By what tells questions about the time apart.
    times: HashMap<String, TimedSets>,
    /// Who is on call, by rotation.
    turns: HashMap<usize, Rc<[Turn]>>,
    boxes_in_all: usize,
    constraints_in_all: usize,
}

impl<'p> Guards<'p> {
    /// For a plan with these definitions; what it shares with other plans goes into `axes`.
    pub fn new(definitions: &'p Definitions, axes: Axes) -> Self {
        Self {
            definitions,
            fixed: FixedFacts::default(),
            axes,
            asks_for_the_time: false,
            named: HashMap::new(),
            countries: HashMap::new(),
            brought: HashMap::new(),
            winners: HashMap::new(),
            rows: HashMap::new(),
            turns: HashMap::new(),
            times: HashMap::new(),
            boxes_in_all: 0,
            constraints_in_all: 0,
        }
    }

    /// Only for calls of which this is known.
    pub fn with_fixed(self, fixed: FixedFacts) -> Self {
        Self { fixed, ..self }
    }

    /// The calls for which a condition holds, or for which it does not.
    pub fn of_condition(&mut self, condition: &'p Condition, holds: bool) -> Result<Guard, TooManyBoxes> {
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
    fn of_chain(&mut self, operands: &'p [Condition], holds: bool, all: bool) -> Result<Guard, TooManyBoxes> {
        let mut guard = if all { Guard::always() } else { Guard::never() };
        for operand in operands {
            let own = self.of_condition(operand, holds)?;
            guard = if all { self.both(&guard, &own)? } else { self.either(guard, own)? };
        }
        Ok(guard)
    }

    fn of_test(&mut self, test: &'p Test, holds: bool) -> Result<Guard, TooManyBoxes> {
        let yes = test.expected == holds;
        match &test.question {
            Question::Number(party, set) => {
                let set = self.axes.intern_shared(set);
                self.of_numbers(*party, set, yes)
            }
            Question::Absent(party) => Ok(self.of_presence(*party, !yes)),
            Question::Attestation(among) => {
                Ok(self.of_attestations(if yes { *among } else { !among & ALL_ATTESTATIONS }))
            }
            Question::Row(slot) => {
                let RowTest { party, table } = self.definitions.row_tests[*slot];
                let set = self.rows_of(table)?;
                self.of_numbers(party, set, yes)
            }
            Question::Country(party, countries) => {
                let set = self.numbers_of(countries)?;
                let numbers = self.of_numbers(*party, set, yes)?;
                if !party.may_be_absent() || !countries.contains(&None) {
                    return Ok(numbers);
                }
                // No number is of no country.
                match yes {
                    true => {
                        let absent = self.of_presence(*party, false);
                        self.either(numbers, absent)
                    }
                    false => {
                        let present = self.of_presence(*party, true);
                        self.both(&numbers, &present)
                    }
                }
            }
            Question::Text(of, test) => Ok(match self.fixed_text(*of) {
                Some(text) => Guard::constant(test.holds(text) == yes),
                None => self.of_texts(*of, AxisTexts::of_test(test, yes)),
            }),
            Question::Switch(switch) => match self.fixed.switch(&self.definitions.switches[*switch]) {
                Some(SwitchFact::Always(is_on)) => Ok(Guard::constant(is_on == yes)),
                Some(SwitchFact::Until(until)) => self.of_instant(until, !yes),
                None => Ok(self.of_switch(*switch, yes)),
            },
            Question::Open(schedule) => self.of_schedule(*schedule, yes),
            Question::OnCall(rotation, agents) => self.of_on_call(*rotation, agents, yes),
            Question::From(instant) => self.of_instant(*instant, yes),
            Question::Time(_) | Question::Weekday(_) | Question::Day(_) | Question::Month(_) | Question::Date(_) => {
                let zone = &self.definitions.zone;
                self.of_time(time_key(&test.question), TimeTest::Clock(&test.question, zone), yes)
            }
            Question::Column(slot, column, test) => self.of_column(*slot, *column, test, yes),
        }
    }

    /// The calls of some numbers, which a plan need not name.
    pub fn of_number_set(&mut self, party: Party, numbers: &NumberSet) -> Result<Guard, TooManyBoxes> {
        let set = self.axes.intern_numbers(numbers.clone())?;
        self.of_numbers(party, set, true)
    }

    /// The calls whose number is in a set: of local numbers that a home country reads as others, only
    /// on trunks where they stay local.
    fn of_brought(&mut self, axis: Axis, set: SetId) -> Result<Guard, TooManyBoxes> {
        let definitions = self.definitions;
        let numbers = self.axes.numbers(set).map(Arc::clone);
        let named = || definitions.read_elsewhere.iter().map(|digits| Pattern::Local(digits.to_string()));
        let (false, Some(numbers)) = (definitions.read_elsewhere.is_empty(), numbers) else {
            return Ok(match self.axes.numbers(set) {
                Some(numbers) if numbers.is_empty() => Guard::never(),
                Some(_) | None => Guard::of(axis, set),
            });
        };
        if let Some(found) = self.brought.get(&(axis, set)) {
            return Ok(found.clone());
        }
        let all: Vec<Pattern> = named().collect();
        let mut guard = self.of_some(axis, numbers.difference(&NumberSet::from_patterns(&all)))?;
        let listed: BTreeSet<String> = definitions.reader.trunks().map(str::to_owned).collect();
        let alone = listed.iter().map(|trunk| (BTreeSet::from([trunk.clone()]), true, Some(trunk.as_str())));
        for (trunks, among, trunk) in alone.chain([(listed.clone(), false, None)]) {
            let home = trunk.map_or(definitions.reader.home_line(None), |trunk| definitions.reader.home(Some(trunk)));
            let stays = |digits: &&LocalDigits| home.is_none_or(|home| !home.reads(&digits.to_string()));
            let stay: Vec<Pattern> = definitions
                .read_elsewhere
                .iter()
                .filter(stays)
                .map(|digits| Pattern::Local(digits.to_string()))
                .collect();
            let here = numbers.intersect(&NumberSet::from_patterns(&stay));
            if here.is_empty() {
                continue;
            }
            let own = self.of_some(axis, here)?;
            let test = TextTest::Listed(trunks);
            let on_trunk = match (self.fixed_text(CallText::Field(TextField::Trunk)), trunk) {
                (Some(text), _) => Guard::constant(test.holds(text) == among),
                (None, None) if listed.is_empty() => Guard::always(),
                (None, _) => self.of_texts(CallText::Field(TextField::Trunk), AxisTexts::of_test(&test, among)),
            };
            let own = self.both(&on_trunk, &own)?;
            guard = self.either(guard, own)?;
        }
        self.brought.insert((axis, set), guard.clone());
        Ok(guard)
    }

    fn of_some(&mut self, axis: Axis, numbers: NumberSet) -> Result<Guard, TooManyBoxes> {
        if numbers.is_empty() {
            return Ok(Guard::never());
        }
        Ok(Guard::of(axis, self.axes.intern_numbers(numbers)?))
    }

    fn of_numbers(&mut self, party: Party, set: SetId, yes: bool) -> Result<Guard, TooManyBoxes> {
        let set = if yes { set } else { self.axes.complement(set)? };
        let guard = self.of_brought(axis_of(party), set)?;
        if !party.may_be_absent() {
            return Ok(guard);
        }
        let present = self.of_presence(party, true);
        let guard = self.both(&present, &guard)?;
        // No number is in no set.
        match yes {
            true => Ok(guard),
            false => {
                let absent = self.of_presence(party, false);
                self.either(absent, guard)
            }
        }
    }

    /// The calls that have a number of a party, or have none.
    pub fn of_presence(&mut self, party: Party, present: bool) -> Guard {
        let axis = match party {
            Party::Caller | Party::Dialed => return Guard::constant(present),
            Party::Asserted => Axis::HasAsserted,
            Party::Diverted => Axis::HasDiverted,
        };
        Guard::of(axis, self.axes.intern(AxisSet::On(present)))
    }

    /// The calls of some attestations, a bit each.
    pub fn of_attestations(&mut self, among: u8) -> Guard {
        match among {
            0 => Guard::never(),
            ALL_ATTESTATIONS => Guard::always(),
            _ => Guard::of(Axis::Attestation, self.axes.intern(AxisSet::Attestations(among))),
        }
    }

    /// The calls of these callers.
    pub fn of_callers(&mut self, numbers: NumberSet) -> Result<Guard, TooManyBoxes> {
        let set = self.axes.intern_numbers(numbers)?;
        self.of_numbers(Party::Caller, set, true)
    }

    fn of_schedule(&mut self, schedule: usize, open: bool) -> Result<Guard, TooManyBoxes> {
        let definitions = self.definitions;
        self.of_time(format!("open {schedule}"), TimeTest::Open(&definitions.schedules[schedule].1), open)
    }

    /// The calls at which one of some agents is on call.
    fn of_on_call(&mut self, rotation: usize, agents: &BTreeSet<usize>, yes: bool) -> Result<Guard, TooManyBoxes> {
        self.asks_for_the_time = true;
        let key = format!("on call {rotation} {agents:?}");
        let timed = match self.times.get(&key) {
            Some(timed) => *timed,
            None => {
                let turns = self.turns(rotation);
                let timed = self.axes.timed(TimeAnswers::of_turns(&turns, |agent| agents.contains(&agent)))?;
                self.times.insert(key, timed);
                timed
            }
        };
        Ok(self.of_timed(timed, yes))
    }

    /// The calls at which each agent of a rotation is on call.
    pub fn of_rotation(&mut self, rotation: usize) -> Result<Vec<(usize, Guard)>, TooManyBoxes> {
        let agents = self.definitions.rotations[rotation].1.agents().into_iter();
        agents.map(|agent| Ok((agent, self.of_on_call(rotation, &BTreeSet::from([agent]), true)?))).collect()
    }

    fn turns(&mut self, rotation: usize) -> Rc<[Turn]> {
        let (definitions, horizon) = (self.definitions, self.axes.horizon());
        let known = self.turns.entry(rotation);
        Rc::clone(known.or_insert_with(|| turns(&definitions.rotations[rotation].1, &horizon).into()))
    }

    /// The calls from an instant on, or before it.
    fn of_instant(&mut self, instant: Timestamp, yes: bool) -> Result<Guard, TooManyBoxes> {
        self.of_time(format!("from {instant}"), TimeTest::From(instant), yes)
    }

    fn of_time(&mut self, key: String, test: TimeTest, yes: bool) -> Result<Guard, TooManyBoxes> {
        self.asks_for_the_time = true;
        let timed = match self.times.get(&key) {
            Some(timed) => *timed,
            None => {
                let timed = self.axes.time(test)?;
                self.times.insert(key, timed);
                timed
            }
        };
        Ok(self.of_timed(timed, yes))
    }

    /// The calls of some times, which a plan need not ask for.
    pub fn of_times(&mut self, times: TimeAnswers) -> Result<Guard, TooManyBoxes> {
        let timed = self.axes.timed(times)?;
        Ok(self.of_timed(timed, true))
    }

    fn of_timed(&mut self, timed: TimedSets, yes: bool) -> Guard {
        match timed {
            TimedSets::Always(answer) if answer == yes => Guard::always(),
            TimedSets::Always(_) => Guard::never(),
            TimedSets::When(id, answer) => {
                Guard::of(Axis::Time, self.axes.intern(AxisSet::Times([(id, answer == yes)].into())))
            }
        }
    }

    /// The calls of some texts, which a plan need not name.
    pub fn of_texts(&mut self, of: CallText, texts: AxisTexts) -> Guard {
        let axis = match of {
            CallText::Field(field) => Axis::Text(field),
            CallText::Attribute(number) => {
                Axis::Attribute(self.axes.attribute(&self.definitions.attributes[number].header))
            }
        };
        Guard::of(axis, self.axes.intern(AxisSet::Texts(texts)))
    }

    fn fixed_text(&self, of: CallText) -> Option<&str> {
        match of {
            CallText::Field(field) => self.fixed.text(field),
            CallText::Attribute(_) => None,
        }
    }

    /// The calls for which a switch is on, or off.
    pub fn of_switch(&mut self, switch: usize, on: bool) -> Guard {
        let axis = Axis::Switch(self.axes.switch(&self.definitions.switches[switch]));
        Guard::of(axis, self.axes.intern(AxisSet::On(on)))
    }

    /// The numbers of some countries.
    fn numbers_of(&mut self, countries: &BTreeSet<Option<Country>>) -> Result<SetId, TooManyBoxes> {
        if let Some(id) = self.countries.get(countries) {
            return Ok(*id);
        }
        let sets: Vec<NumberSet> =
            countries.iter().map(|country| country.map_or_else(Country::numbers_of_none, Country::numbers)).collect();
        let id = self.axes.intern_numbers(NumberSet::union_of(&sets))?;
        self.countries.insert(countries.clone(), id);
        Ok(id)
    }

    /// A column's value is known with the row, and the row with the number: the numbers of the rows
    /// that answer so. Where no row was found, no test of a column holds, whichever way it asks.
    fn of_column(
        &mut self,
        slot: RowSlot,
        column: usize,
        test: &'p ColumnTest,
        yes: bool,
    ) -> Result<Guard, TooManyBoxes> {
        let RowTest { party, table } = self.definitions.row_tests[slot];
        if let ColumnTest::Open = test {
            let mut guard = Guard::never();
            for schedule in self.schedules_in(table, column) {
                let key = format!("open {schedule}");
                let rows = self.rows_where(table, column, key, |cell| *cell == Cell::Schedule(schedule))?;
                let (own, time) = (self.of_numbers(party, rows, true)?, self.of_schedule(schedule, yes)?);
                let both = self.both(&own, &time)?;
                guard = self.either(guard, both)?;
            }
            return Ok(guard);
        }
        let rows = self.rows_where(table, column, format!("{test:?} {yes}"), |cell| cell.answers(test) == yes)?;
        self.of_numbers(party, rows, true)
    }

    fn schedules_in(&self, table: usize, column: usize) -> BTreeSet<usize> {
        let table = &self.definitions.tables[table];
        let cells = table.cells.iter().skip(column).step_by(table.columns.len());
        let schedules = cells.filter_map(|cell| match cell {
            Cell::Schedule(schedule) => Some(*schedule),
            Cell::Text(_) | Cell::Figure(..) | Cell::Boolean(_) | Cell::Agent(_) | Cell::Rotation(_) => None,
        });
        schedules.collect()
    }

    /// The calls of one arm of a split.
    pub fn of_buckets(&mut self, split: &Split, buckets: Range<u32>) -> Guard {
        let axis = Axis::Split(self.axes.split(&split.name, split.by_caller));
        Guard::of(axis, self.axes.intern(AxisSet::Buckets(buckets.start, buckets.end)))
    }

    /// The calls whose number has such an agent in its row, for each agent that the column names.
    pub fn of_agents(&mut self, slot: RowSlot, column: usize) -> Result<Vec<(usize, Guard)>, TooManyBoxes> {
        let RowTest { party, table: number } = self.definitions.row_tests[slot];
        let table = &self.definitions.tables[number];
        // Agents, and rotations.
        let mut groups: HashMap<(bool, usize), usize> = HashMap::new();
        let mut named = Vec::new();
        let mut group_of_row = Vec::with_capacity(table.patterns.len());
        for row in 0..table.patterns.len() {
            let name = match table.cell(row, column) {
                Some(Cell::Agent(agent)) => Some((false, *agent)),
                Some(Cell::Rotation(rotation)) => Some((true, *rotation)),
                Some(Cell::Text(_) | Cell::Figure(..) | Cell::Boolean(_) | Cell::Schedule(_)) | None => None,
            };
            group_of_row.push(name.map(|name| {
                *groups.entry(name).or_insert_with(|| {
                    named.push(name);
                    named.len() - 1
                })
            }));
        }
        let sets = self.winners(number).sets(named.len(), |row| group_of_row[row]);
        let mut guards = Vec::with_capacity(named.len());
        for ((is_rotation, number), set) in named.into_iter().zip(sets) {
            let set = self.axes.intern_numbers(set)?;
            let own = self.of_numbers(party, set, true)?;
            if !is_rotation {
                guards.push((number, own));
                continue;
            }
            for (agent, times) in self.of_rotation(number)? {
                guards.push((agent, self.both(&own, &times)?));
            }
        }
        Ok(guards)
    }

    fn winners(&mut self, table: usize) -> &Winners {
        let definitions = self.definitions;
        self.winners.entry(table).or_insert_with(|| Winners::of(&definitions.tables[table].patterns))
    }

    /// The numbers that have a row.
    fn rows_of(&mut self, table: usize) -> Result<SetId, TooManyBoxes> {
        if let Some(id) = self.rows.get(&(table, None)) {
            return Ok(*id);
        }
        let set = NumberSet::from_patterns(&self.definitions.tables[table].patterns);
        let id = self.axes.intern_numbers(set)?;
        self.rows.insert((table, None), id);
        Ok(id)
    }

    /// The numbers whose row has such a cell.
    fn rows_where(
        &mut self,
        table: usize,
        column: usize,
        key: String,
        is_such: impl Fn(&Cell) -> bool,
    ) -> Result<SetId, TooManyBoxes> {
        let key = (table, Some((column, key)));
        if let Some(id) = self.rows.get(&key) {
            return Ok(*id);
        }
        let definitions = self.definitions;
        let is_such = |row: usize| definitions.tables[table].cell(row, column).is_some_and(&is_such);
        let set = self.winners(table).sets(1, |row| is_such(row).then_some(0)).pop().unwrap_or_default();
        let id = self.axes.intern_numbers(set)?;
        self.rows.insert(key, id);
        Ok(id)
    }

    /// Calls in both.
    pub fn both(&mut self, one: &Guard, other: &Guard) -> Result<Guard, TooManyBoxes> {
        if one.is_always() {
            return Ok(other.clone());
        }
        if other.is_always() {
            return Ok(one.clone());
        }
        let mut boxes = Vec::new();
        for left in &one.boxes {
            for right in &other.boxes {
                boxes.extend(self.meet(left, right)?);
                if boxes.len() > MAX_BOXES {
                    return Err(TooManyBoxes);
                }
            }
        }
        self.count(&boxes)?;
        Ok(Guard { boxes })
    }

    /// Calls in one of the two.
    pub fn either(&mut self, mut one: Guard, other: Guard) -> Result<Guard, TooManyBoxes> {
        'boxes: for right in other.boxes {
            for left in &mut one.boxes {
                if self.join(left, &right)? {
                    continue 'boxes;
                }
            }
            one.boxes.push(right);
        }
        self.count(&one.boxes)?;
        Ok(one)
    }

    fn count(&mut self, boxes: &[GuardBox]) -> Result<(), TooManyBoxes> {
        self.boxes_in_all += boxes.len();
        self.constraints_in_all += boxes.iter().map(|one| one.constraints.len()).sum::<usize>();
        let are_too_many = boxes.len() > MAX_BOXES
            || self.boxes_in_all > MAX_BOXES_IN_ALL
            || self.constraints_in_all > MAX_CONSTRAINTS_IN_ALL;
        if are_too_many { Err(TooManyBoxes) } else { Ok(()) }
    }

    /// Makes `left` hold `right` too, if the two differ in one set of numbers alone, or not at all.
    fn join(&mut self, left: &mut GuardBox, right: &GuardBox) -> Result<bool, TooManyBoxes> {
        let same_axes = left.constraints.len() == right.constraints.len()
            && left.constraints.iter().zip(&right.constraints).all(|(one, other)| one.0 == other.0);
        if !same_axes {
            return Ok(false);
        }
        let mut differing = (0..left.constraints.len()).filter(|at| left.constraints[*at] != right.constraints[*at]);
        match (differing.next(), differing.next()) {
            (None, _) => Ok(true),
            (Some(at), None) => match self.axes.join(left.constraints[at].1, right.constraints[at].1)? {
                Some(joined) => {
                    left.constraints[at].1 = joined;
                    Ok(true)
                }
                None => Ok(false),
            },
            (Some(_), Some(_)) => Ok(false),
        }
    }

    /// The box of calls in both; `None` where there are none.
    fn meet(&mut self, left: &GuardBox, right: &GuardBox) -> Result<Option<GuardBox>, TooManyBoxes> {
        let mut both = left.clone();
        for (axis, set) in &right.constraints {
            match both.constraints.binary_search_by_key(axis, |(axis, _)| *axis) {
                Ok(at) => match self.axes.meet(both.constraints[at].1, *set)? {
                    Some(met) => both.constraints[at].1 = met,
                    None => return Ok(None),
                },
                Err(at) => both.constraints.insert(at, (*axis, *set)),
            }
        }
        Ok(Some(both))
    }
}

pub(crate) fn axis_of(party: Party) -> Axis {
    match party {
        Party::Caller => Axis::Caller,
        Party::Dialed => Axis::Dialed,
        Party::Asserted => Axis::Asserted,
        Party::Diverted => Axis::Diverted,
    }
}

/// What tells questions about the time apart.
fn time_key(question: &Question) -> String {
    // A set of days is one by its definition, not by what it prints as.
    if let Question::Date(DateTest::Set(days)) = question {
        return format!("days {:p}", Arc::as_ptr(days));
    }
    format!("{question:?}")
}
