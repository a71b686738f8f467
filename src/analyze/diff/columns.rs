//! Columns that both plans show: for which numbers they show different things.

use super::output::RowColumn;
use crate::phone::{NumberSet, Winners};
use crate::plan::{Cell, CheckedPlan, Party, Table};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// For each column that two plans have by the same names, the numbers for which they say different
/// things; none are left out.
pub(super) struct Columns {
    /// By the column's number among those that differ.
    places: BTreeMap<RowColumn, u32>,
    numbers: Vec<(Party, NumberSet)>,
}

impl Columns {
    /// Of tables of the same name, each column.
    pub fn of(was: &CheckedPlan, now: &CheckedPlan) -> Self {
        let mut columns = Self { places: BTreeMap::new(), numbers: Vec::new() };
        for old in &was.definitions.tables {
            let Some(new) = now.definitions.tables.iter().find(|table| table.name == old.name) else { continue };
            columns.compare((was, old), (now, new));
        }
        columns
    }

    fn compare(&mut self, (was, old): (&CheckedPlan, &Table), (now, new): (&CheckedPlan, &Table)) {
        let same_keys = old.patterns == new.patterns;
        let mut winners = None;
        for (at, column) in old.columns.iter().enumerate() {
            let Some(other) = new.columns.iter().position(|other| other.name == column.name) else { continue };
            let values = |plan: &CheckedPlan, table: &Table, column: usize| -> Vec<String> {
                let cells = table.cells.iter().skip(column).step_by(table.columns.len());
                cells.map(|cell| value(plan, cell)).collect()
            };
            let (before, after) = (values(was, old, at), values(now, new, other));
            if same_keys && before == after {
                continue;
            }
            let (old_winners, new_winners) =
                winners.get_or_insert_with(|| (Winners::of(&old.patterns), Winners::of(&new.patterns)));
            let numbers = differing((old_winners, &before), (new_winners, &after));
            if numbers.is_empty() {
                continue;
            }
            for party in Party::ALL.into_iter().filter(|party| asks(was, *party) || asks(now, *party)) {
                let named = RowColumn { party, table: old.name.clone(), column: column.name.clone() };
                self.places.insert(named, self.numbers.len() as u32);
                self.numbers.push((party, numbers.clone()));
            }
        }
    }

    /// Whose numbers, and which, for each column that differs.
    pub fn differing(&self) -> impl Iterator<Item = (Party, &NumberSet)> {
        self.numbers.iter().map(|(party, numbers)| (*party, numbers))
    }

    /// Whether a column differs, where those of these numbers do.
    pub fn differs(&self, column: &RowColumn, differing: &[u32]) -> bool {
        self.places.get(column).is_some_and(|at| differing.contains(at))
    }
}

/// Whether a plan looks for rows by the number of a party.
fn asks(plan: &CheckedPlan, party: Party) -> bool {
    plan.definitions.row_tests.iter().any(|test| test.party == party)
}

/// What a cell says, with its type: an agent by id and version.
fn value(plan: &CheckedPlan, cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => format!("text {text}"),
        Cell::Figure(figure) => format!("figure {}", figure.written),
        Cell::Boolean(value) => format!("boolean {value}"),
        Cell::Agent(agent) => {
            let agent = &plan.definitions.agents[*agent];
            format!("agent {:?} {}", agent.version, agent.id)
        }
        // A hole shows nothing of it; a test of it is a condition like others.
        Cell::Schedule(_) => "schedule".to_owned(),
    }
}

/// The numbers for which two tables say different things, or only one says something.
fn differing((old, before): (&Winners, &[String]), (new, after): (&Winners, &[String])) -> NumberSet {
    let values: BTreeSet<&String> = before.iter().chain(after).collect();
    let places: HashMap<&String, usize> = values.into_iter().zip(0..).collect();
    let old = old.sets(places.len(), |row| Some(places[&before[row]]));
    let new = new.sets(places.len(), |row| Some(places[&after[row]]));
    let both = old.iter().zip(&new).filter(|(old, new)| old != new);
    let parts: Vec<NumberSet> = both.flat_map(|(old, new)| [old.difference(new), new.difference(old)]).collect();
    NumberSet::union_of(&parts)
}
