//! Sets of calls that a person can read: *calls from +1415\* to +18005550100, mon-fri 17:30-18:00*.

use super::recurrence::{Calendar, ClockTimes, NamedDays};
use super::region::AxisValues;
use super::space::Space;
use crate::compile::axes::Axis;
use crate::compile::classes::ClassRun;
use crate::eval::BUCKETS;
use crate::fields::{Attestation, ByTextField};
use crate::phone::{Country, NumberSet, Pattern};
use crate::plan::{CheckedPlan, Party};
use crate::syntax::quoted;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

pub use super::text_group::{PatternChoice, TextGroup};

/// All calls that meet each of these conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallGroup {
    /// Whose numbers; `None` is anybody's.
    pub callers: Option<NumberGroup>,
    /// Which numbers were dialed; `None` is any.
    pub dialed: Option<NumberGroup>,
    /// The numbers of the parties that not every call has: some, or none at all; a party that is not
    /// among them is any.
    pub further: Vec<(Party, Option<NumberGroup>)>,
    /// How far their callers' numbers are vouched for; empty is in any way.
    pub attestations: Vec<Attestation>,
    /// Which texts they have, on which trunks they come, for instance; `None` is any.
    pub texts: ByTextField<Option<TextGroup>>,
    /// Which texts their attributes have, by the plan's names for these.
    pub attributes: Vec<(String, TextGroup)>,
    /// Which switches are on, and which off.
    pub switches: Vec<(String, bool)>,
    /// When; `None` is at any time.
    pub hours: Option<ClockTimes>,
    /// The shares of splits, in hundredths of a percent.
    pub splits: Vec<(String, u32)>,
}

/// Some numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberGroup {
    /// What a plan has names for: its lists, the keys of its tables, countries.
    pub names: Vec<String>,
    /// The others, as a plan lists them.
    pub listed: Vec<Pattern>,
    /// Local numbers that are removed from the listed ones, as after `except`. Of the patterns that
    /// match a number, the most specific counts.
    pub except: Vec<Pattern>,
    /// Whether all of these are the ones left out.
    pub all_but: bool,
}

/// What calls have in common, axis by axis; an axis that is missing may have any value.
pub(super) type CallBox = Vec<(Axis, AxisValues)>;

/// Describes boxes of a space in the terms of a plan. Descriptions are cached, because boxes share
/// their values.
pub(super) struct CallDescriber<'s> {
    space: &'s Space,
    plan: &'s CheckedPlan,
    numbers: HashMap<(Party, Vec<ClassRun>), NumberGroup>,
    hours: HashMap<Rc<[(u32, u32)]>, ClockTimes>,
    /// Made when times are described for the first time.
    calendar: OnceCell<Calendar>,
}

impl<'s> CallDescriber<'s> {
    pub fn new(space: &'s Space, plan: &'s CheckedPlan) -> Self {
        Self { space, plan, numbers: HashMap::new(), hours: HashMap::new(), calendar: OnceCell::new() }
    }

    /// What the calls of a box have in common.
    pub fn calls(&mut self, one: &CallBox) -> CallGroup {
        let mut calls = CallGroup {
            callers: None,
            dialed: None,
            further: Vec::new(),
            attestations: Vec::new(),
            texts: ByTextField::default(),
            attributes: Vec::new(),
            switches: Vec::new(),
            hours: None,
            splits: Vec::new(),
        };
        for (axis, values) in one {
            match values {
                AxisValues::Times(times) => calls.hours = Some(self.hours(times)),
                AxisValues::Classes(runs) => self.add(&mut calls, *axis, runs),
            }
        }
        calls
    }

    fn add(&mut self, calls: &mut CallGroup, axis: Axis, runs: &[ClassRun]) {
        match axis {
            Axis::Dialed => calls.dialed = Some(self.numbers(Party::Dialed, runs)),
            Axis::Caller => calls.callers = Some(self.numbers(Party::Caller, runs)),
            Axis::HasAsserted => calls.further.push((Party::Asserted, any_if(has_second(runs)))),
            Axis::HasDiverted => calls.further.push((Party::Diverted, any_if(has_second(runs)))),
            Axis::Asserted => self.add_further(calls, Party::Asserted, runs),
            Axis::Diverted => self.add_further(calls, Party::Diverted, runs),
            Axis::Attestation => {
                let is_in = |at: &usize| runs.iter().any(|(start, end)| (*start..*end).contains(&(*at as u32)));
                let among = Attestation::ALL.into_iter().enumerate().filter(|(at, _)| is_in(at));
                calls.attestations = among.map(|(_, attestation)| attestation).collect();
            }
            Axis::Text(field) => calls.texts[field] = Some(TextGroup::of(&self.space.program.texts[field], runs)),
            Axis::Attribute(number) => {
                let attribute = number as usize;
                let name = attribute_name(self.plan, &self.space.axes.attributes[attribute]);
                calls.attributes.push((name, TextGroup::of(&self.space.program.attributes[attribute], runs)));
            }
            Axis::Switch(switch) => {
                let is_on = has_second(runs);
                calls.switches.push((self.space.axes.switches[switch as usize].clone(), is_on));
            }
            Axis::Split(split) => {
                let share = runs.iter().map(|(start, end)| end - start).sum();
                calls.splits.push((self.space.axes.splits[split as usize].0.to_string(), share));
            }
            // Times are no classes.
            Axis::Time => {}
        }
    }

    /// Which numbers a party has that is known to have one.
    fn add_further(&mut self, calls: &mut CallGroup, party: Party, runs: &[ClassRun]) {
        let numbers = Some(self.numbers(party, runs));
        calls.further.retain(|(known, _)| *known != party);
        calls.further.push((party, numbers));
    }

    fn numbers(&mut self, party: Party, runs: &[ClassRun]) -> NumberGroup {
        let known = self.numbers.entry((party, runs.to_vec()));
        known.or_insert_with(|| NumberGroup::of(self.plan, party, &self.space.members(party).of_runs(runs))).clone()
    }

    fn hours(&mut self, times: &Rc<[(u32, u32)]>) -> ClockTimes {
        let horizon = self.space.axes.horizon();
        let (period, zone) = (self.space.period(), self.plan.zone());
        let named = || self.plan.definitions.days.iter().map(|(name, set)| NamedDays::new(name, set));
        let calendar = self.calendar.get_or_init(|| ClockTimes::calendar(&period, &horizon, zone, named()));
        let of = || ClockTimes::of(times, period, &horizon, zone, calendar);
        self.hours.entry(Rc::clone(times)).or_insert_with(of).clone()
    }
}

/// Whether some runs are the second of two classes.
fn has_second(runs: &[ClassRun]) -> bool {
    runs.first().is_some_and(|(start, _)| *start == 1)
}

/// Any number, or none.
fn any_if(has_one: bool) -> Option<NumberGroup> {
    has_one.then(|| NumberGroup { names: Vec::new(), listed: Vec::new(), except: Vec::new(), all_but: true })
}

/// What a plan calls an attribute; one that it does not declare, as calls name it.
fn attribute_name(plan: &CheckedPlan, header: &str) -> String {
    let declared = plan.definitions.attributes.iter().find(|declared| declared.header.eq_ignore_ascii_case(header));
    declared.map_or(header, |declared| &declared.name).to_owned()
}

impl NumberGroup {
    fn of(plan: &CheckedPlan, party: Party, set: &NumberSet) -> Self {
        // A set with all local numbers but a few can only be told by what is left out.
        let all_but = set.has_most_locals();
        let told = if all_but { &set.complement() } else { set };
        let (patterns, except) = told.described();
        // One number or prefix says more than a name.
        if patterns.len() <= 1 {
            return Self { names: Vec::new(), listed: patterns, except, all_but };
        }
        let (names, rest) = in_names(plan, party, told);
        let (listed, except) = rest.described();
        Self { names, listed, except, all_but }
    }
}

/// The parts of a set that a plan has names for, and the rest.
fn in_names(plan: &CheckedPlan, party: Party, set: &NumberSet) -> (Vec<String>, NumberSet) {
    let definitions = &plan.definitions;
    let mut names: Vec<String> = Vec::new();
    let mut rest = set.clone();
    let mut take = |name: &str, part: &NumberSet, rest: &mut NumberSet| {
        if !part.is_empty() && part.is_subset(set) && part.overlaps(rest) {
            *rest = rest.difference(part);
            names.push(name.to_owned());
        }
    };
    let mut lists: Vec<&(String, Arc<NumberSet>)> = definitions.numbers.iter().collect();
    // Lists may have others in them.
    lists.sort_by_key(|(_, numbers)| std::cmp::Reverse(numbers.pieces()));
    lists.iter().for_each(|(name, numbers)| take(name, numbers, &mut rest));
    for (at, table) in definitions.tables.iter().enumerate() {
        if definitions.row_tests.iter().any(|test| test.table == at && test.party == party) {
            take(&table.name, &NumberSet::from_patterns(&table.patterns), &mut rest);
        }
    }
    if rest.spans().len() > MAX_LISTED {
        Country::all().for_each(|country| take(country.code(), &country.numbers(), &mut rest));
    }
    (names, rest)
}

/// Maximum number of numbers, prefixes or texts in a list.
const MAX_LISTED: usize = 4;

impl fmt::Display for CallGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = vec!["calls".to_owned()];
        words.extend(self.callers.as_ref().map(|numbers| format!("from {}", numbers.in_words("anybody"))));
        words.extend(self.dialed.as_ref().map(|numbers| format!("to {}", numbers.in_words("any number"))));
        for (party, numbers) in &self.further {
            let what = match party {
                Party::Asserted => "asserted as",
                Party::Caller | Party::Dialed | Party::Diverted => "diverted from",
            };
            match numbers {
                Some(numbers) => words.push(format!("{what} {}", numbers.in_words("any number"))),
                None => words.push(format!("{what} no number")),
            }
        }
        if !self.attestations.is_empty() {
            let among = self.attestations.iter().map(|attestation| attestation.word().to_owned());
            words.push(format!("attested {}", listed(among)));
        }
        for (field, texts) in self.texts.iter() {
            let (preposition, noun) = field.in_words();
            words.extend(texts.as_ref().map(|texts| format!("{preposition} {}", texts.in_words(noun))));
        }
        words.extend(self.attributes.iter().map(|(name, texts)| format!("with {}", texts.in_words(name))));
        for (switch, on) in &self.switches {
            words.push(format!("while {switch} is {}", if *on { "on" } else { "off" }));
        }
        for (split, share) in &self.splits {
            let percent = f64::from(*share) * 100.0 / f64::from(BUCKETS);
            words.push(format!("in {percent}% of the split {}", quoted(split)));
        }
        if words.len() == 1 {
            words[0] = "all calls".to_owned();
        }
        f.write_str(&words.join(" "))?;
        match &self.hours {
            Some(hours) => write!(f, ", {hours}"),
            None => Ok(()),
        }
    }
}

impl NumberGroup {
    /// The words for them; `all` stands for every number there is, such as `anybody`.
    pub(super) fn in_words(&self, all: &str) -> String {
        let words: Vec<String> = self.names.iter().cloned().chain(self.listed.iter().map(Pattern::to_string)).collect();
        let except = match self.except.as_slice() {
            [] => String::new(),
            except => format!(" except {}", listed(except.iter().map(Pattern::to_string))),
        };
        match (self.all_but, words.is_empty()) {
            (false, _) => format!("{}{except}", listed(words.into_iter())),
            (true, true) => all.to_owned(),
            (true, false) => format!("{all} but {}{except}", listed(words.into_iter())),
        }
    }
}

/// `a`, `a or b`, `a, b, c, d or 12 more`
pub(super) fn listed(mut words: impl ExactSizeIterator<Item = String>) -> String {
    let count = words.len();
    // To leave out one takes as much room as to say it.
    let shown = if count <= MAX_LISTED + 1 { count } else { MAX_LISTED };
    let mut shown: Vec<String> = words.by_ref().take(shown).collect();
    if shown.len() < count {
        shown.push(format!("{} more", count - shown.len()));
    }
    match shown.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
