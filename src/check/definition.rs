//! Definitions: zone, agents, switches, sets of numbers and days, schedules; each after those it
//! names.

use super::date::DayEntry;
use super::order::{self, Order};
use super::problems::{dates, names as problems, numbers, statements};
use super::{Checked, Checker};
use crate::diagnostics::Reported;
use crate::phone::{Country, Home, NumberSet};
use crate::plan::{Agent, Attribute, Condition, Operands};
use crate::schedule::{DaySet, DaySetEntry, Zone, ZoneProblem};
use crate::source::Span;
use crate::syntax::ast;
use std::sync::Arc;

/// The definitions of one kind, in the order of the plan.
macro_rules! items {
    ($checker:expr, $kind:ident) => {{
        let plan = $checker.plan;
        plan.items.iter().filter_map(|item| match item {
            ast::Item::$kind(definition) => Some(definition),
            _ => None,
        })
    }};
}
pub(super) use items;

impl<'a> Checker<'a, '_> {
    pub(super) fn define(&mut self) {
        self.plan_zone();
        self.home_countries();
        for agent in items!(self, Agent) {
            let version = agent.version.as_ref().and_then(|version| self.version(version).ok());
            self.known_agent(&agent.id, version, agent.version.is_none());
            self.definitions.agents.push(Agent {
                name: agent.name.text.clone(),
                id: Arc::from(agent.id.value.as_str()),
                version,
            });
        }
        self.definitions.switches = items!(self, Switch).map(|switch| switch.name.text.clone()).collect();
        for attribute in items!(self, Attribute) {
            self.attribute(attribute);
        }
        self.number_definitions();
        self.day_definitions();
        for schedule in items!(self, Schedule) {
            let built = self.schedule(schedule);
            self.definitions.schedules.push((schedule.name.text.clone(), built));
        }
        for rotation in items!(self, Rotation) {
            let built = self.rotation(rotation);
            self.definitions.rotations.push((rotation.name.text.clone(), built));
        }
        for table in items!(self, Table) {
            let built = self.table(table);
            self.definitions.tables.push(built);
        }
        self.condition_definitions();
    }

    fn attribute(&mut self, attribute: &ast::Attribute) {
        let header = &attribute.header;
        if let Some(problem) = problems::header(&header.value, header.span) {
            self.problem(problem);
        }
        self.definitions.attributes.push(Attribute { name: attribute.name.text.clone(), header: header.value.clone() });
    }

    fn home_countries(&mut self) {
        let mut lines: Vec<&ast::HomeCountry> = Vec::new();
        for line in items!(self, Country) {
            let trunk = |line: &'a ast::HomeCountry| line.trunk.as_ref().map(|trunk| trunk.value.as_str());
            if let Some(first) = lines.iter().find(|first| trunk(first) == trunk(line)) {
                self.problem(numbers::second_home(line.span, first.span, trunk(line)));
                continue;
            }
            lines.push(line);
            if let Ok(home) = self.home(&line.home) {
                self.definitions.reader.add(trunk(line), home);
            }
        }
    }

    fn home(&mut self, token: &ast::Token) -> Checked<Home> {
        if token.text == "any" {
            return Ok(Home::Any);
        }
        match Country::parse(&token.text).map(Home::Country) {
            Some(home) if home.is_known() => Ok(home),
            Some(_) => self.refuse(numbers::no_numbers(&token.text, token.span)),
            None => self.refuse(numbers::unknown_home(&token.text, token.span)),
        }
    }

    fn plan_zone(&mut self) {
        let mut first: Option<Span> = None;
        for zone in items!(self, Timezone) {
            match first {
                Some(first) => self.problem(dates::second_zone(zone.span, first)),
                None => {
                    first = Some(zone.span);
                    self.names_zone = true;
                    if let Ok(zone) = self.zone(zone) {
                        self.definitions.zone = zone;
                    }
                }
            }
        }
    }

    /// A zone by its name; the same name is looked up once.
    pub(super) fn zone(&mut self, zone: &ast::Zone) -> Checked<Zone> {
        let name = &zone.token.text;
        let found = self.zones.entry(name.clone()).or_insert_with(|| Zone::find(name)).clone();
        // `New York` is near to `America/New_York` once it is one word.
        let problem = match found {
            Ok(zone) => return Ok(zone),
            Err(problem) if !name.contains(' ') => problem,
            Err(problem) => match Zone::find(&name.replace(' ', "_")) {
                Ok(zone) => ZoneProblem::Misspelled { nearest: Some(zone.name().to_owned()) },
                Err(ZoneProblem::Misspelled { nearest: None }) => problem,
                Err(better) => better,
            },
        };
        self.refuse(dates::unknown_zone(name, zone.token.span, problem))
    }

    /// A version, which is a whole number from 1.
    pub(super) fn version(&mut self, token: &ast::Token) -> Checked<u32> {
        let digits = token.text.bytes().all(|byte| byte.is_ascii_digit());
        let version = token.text.parse().ok().filter(|version| *version > 0 && digits);
        version.ok_or_else(|| self.error(statements::bad_version(token)))
    }

    fn number_definitions(&mut self) {
        let definitions: Vec<&ast::Numbers> = items!(self, Numbers).collect();
        let mut lists = Vec::with_capacity(definitions.len());
        for definition in &definitions {
            let entries = self.number_entries(&definition.entries);
            let except = definition.except.as_ref().map(|list| self.number_entries(list)).unwrap_or_default();
            lists.push((entries, except));
        }
        let named = |(entry, _): &(super::number::NumberEntry, Span)| match entry {
            super::number::NumberEntry::Set(number) => Some(*number),
            super::number::NumberEntry::Pattern(_) => None,
        };
        let uses: Vec<Vec<usize>> =
            lists.iter().map(|(entries, except)| entries.iter().chain(except).filter_map(named).collect()).collect();
        let found = order::order(&uses);
        self.refuse_order(&found, &definitions.iter().map(|definition| &definition.name).collect::<Vec<_>>());
        // Shared: it stands for sets in a circle, whose plan is refused.
        let empty = Arc::new(NumberSet::empty());
        self.number_sets = (0..definitions.len()).map(|_| Arc::clone(&empty)).collect();
        for number in found.order {
            let (entries, except) = &lists[number];
            let set = match except.is_empty() {
                true => self.number_set(entries),
                false => Arc::new(self.number_set(entries).difference(&self.number_set(except))),
            };
            let name = &definitions[number].name;
            self.number_sets[number] = self.counted(set, &name.text, name.span);
        }
        let names = definitions.iter().map(|definition| definition.name.text.clone());
        self.definitions.numbers = names.zip(self.number_sets.iter().cloned()).collect();
    }

    fn day_definitions(&mut self) {
        let definitions: Vec<&ast::Days> = items!(self, Days).collect();
        let mut lists = Vec::with_capacity(definitions.len());
        let mut names_of_entries = Vec::with_capacity(definitions.len());
        for definition in &definitions {
            let (mut read, mut entry_names, mut wrong) = (Vec::new(), Vec::new(), None);
            for day in &definition.entries {
                match self.day(day, false) {
                    Ok(entry) => {
                        entry_names.push(self.name_of_entry(day, &entry));
                        read.push((entry, day.span));
                    }
                    Err(reported) => wrong = wrong.or(Some(reported)),
                }
            }
            lists.push((read, wrong));
            names_of_entries.push(entry_names);
        }
        let named = |(entry, _): &(DayEntry, Span)| match entry {
            DayEntry::Set(number) => Some(*number),
            DayEntry::Days(_) => None,
        };
        let uses: Vec<Vec<usize>> =
            lists.iter().map(|(entries, _)| entries.iter().filter_map(named).collect()).collect();
        let found = order::order(&uses);
        let names: Vec<_> = definitions.iter().map(|definition| &definition.name).collect();
        let refused = self.refuse_order(&found, &names);
        self.day_sets = vec![refused.map(Err); definitions.len()];
        let mut latest = vec![None; definitions.len()];
        for &number in &found.order {
            let (entries, mut wrong) = (&lists[number].0, lists[number].1);
            let span = definitions[number].name.span;
            let (mut own, mut sets) = (Vec::new(), Vec::new());
            for (entry, name) in entries.iter().map(|(entry, _)| entry).zip(&names_of_entries[number]) {
                match entry {
                    DayEntry::Days(days) => own.push(DaySetEntry { days: *days, name: name.clone() }),
                    DayEntry::Set(set) => match self.day_set(*set, span) {
                        Ok(set) => sets.push((own.len(), set)),
                        Err(reported) => wrong = wrong.or(Some(reported)),
                    },
                }
            }
            let set = Arc::new(DaySet::with_names(own, sets));
            self.built.day_lists.insert(span, entries.len());
            latest[number] = set.latest();
            self.day_sets[number] = Some(wrong.map_or(Ok(set), Err));
        }
        let sets = definitions.iter().zip(&lists).zip(uses).zip(latest);
        let sets =
            sets.map(|(((definition, (entries, _)), uses), latest)| (*definition, entries.as_slice(), uses, latest));
        self.dates.of_sets(sets, found.order);
        let sets = definitions.iter().zip(&self.day_sets);
        let built = sets.filter_map(|(definition, set)| match set {
            Some(Ok(set)) => Some((definition.name.text.clone(), Arc::clone(set))),
            Some(Err(_)) | None => None,
        });
        self.definitions.days = built.collect();
    }

    /// What people call the days of an entry.
    fn name_of_entry(&mut self, day: &ast::Day, entry: &DayEntry) -> Option<Box<str>> {
        let name = day.name.as_ref()?;
        match entry {
            DayEntry::Days(_) => Some(name.value.as_str().into()),
            DayEntry::Set(_) => {
                self.problem(dates::name_of_set(self.source.slice(day.span), name.span));
                None
            }
        }
    }

    /// The set of days of this number, which comes before whoever asks for it at a place.
    pub(super) fn day_set(&mut self, number: usize, span: Span) -> Checked<Arc<DaySet>> {
        let built = self.day_sets.get(number).cloned().flatten();
        built.unwrap_or_else(|| Err(self.told_before(span)))
    }

    /// The problems with an order of definitions, if there are any.
    pub(super) fn refuse_order(&mut self, found: &Order, names: &[&ast::Token]) -> Option<Reported> {
        let mut refused = None;
        for circle in &found.circles {
            let circle: Vec<(&str, Span)> =
                circle.iter().map(|at| (names[*at].text.as_str(), names[*at].span)).collect();
            refused = Some(self.error(problems::circular(&circle)));
        }
        for at in &found.too_deep {
            refused = Some(self.error(problems::too_deep(&names[*at].text, names[*at].span, order::MAX_CHAIN)));
        }
        refused
    }

    fn condition_definitions(&mut self) {
        let definitions: Vec<&'a ast::ConditionDefinition> = items!(self, Condition).map(Box::as_ref).collect();
        let uses: Vec<Vec<usize>> =
            definitions.iter().map(|definition| self.conditions_named(&definition.condition)).collect();
        let found = order::order(&uses);
        let names: Vec<_> = definitions.iter().map(|definition| &definition.name).collect();
        let refused = self.refuse_order(&found, &names);
        self.condition_order = vec![refused.map(Err); definitions.len()];
        let mut ordered = vec![false; definitions.len()];
        for number in found.order {
            let definition = definitions[number];
            let condition = self.condition_of_definition(&definition.condition);
            ordered[number] = true;
            self.condition_order[number] = Some(Ok(self.definitions.conditions.len()));
            // One that is wrong has an error; those that name it are judged with nothing in its
            // place.
            let condition = condition.unwrap_or(Condition::All(Operands::default()));
            self.conditions_size += condition.size();
            self.definitions.conditions.push((definition.name.text.clone(), condition));
        }
        // Those in a circle, or in too long a chain, are judged all the same, for what else is
        // wrong with them.
        for number in (0..definitions.len()).filter(|number| !ordered[*number]) {
            let _ = self.condition_of_definition(&definitions[number].condition);
        }
    }
}
