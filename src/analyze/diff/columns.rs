//! Columns that both plans show: for which numbers they show different things.

use super::output::RowColumn;
use super::timed::{self, Course};
use crate::compile::Horizon;
use crate::compile::time::{TimeAnswers, turns};
use crate::phone::{NumberSet, Winners};
use crate::plan::{Cell, CheckedPlan, Party, Table};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::rc::Rc;

/// For each column that two plans have by the same names, the numbers for which they say different
/// things; none are left out.
pub(super) struct Columns {
    /// By the column, the numbers of what differs in it.
    places: BTreeMap<RowColumn, Range<u32>>,
    numbers: Vec<(Party, DifferingNumbers)>,
}

/// Numbers for which a column differs.
#[derive(Clone)]
pub(super) struct DifferingNumbers {
    pub numbers: NumberSet,
    /// At which times; `None` is always.
    pub times: Option<TimeAnswers>,
}

/// Maximum number of parts of a column that differ at some times. Further ones count as different
/// always.
const MAX_BY_TIME: usize = 64;

impl Columns {
    /// Of tables of the same name, each column.
    pub fn of(was: &CheckedPlan, now: &CheckedPlan, horizon: &Horizon) -> Self {
        let mut columns = Self { places: BTreeMap::new(), numbers: Vec::new() };
        for old in &was.definitions.tables {
            let Some(new) = now.definitions.tables.iter().find(|table| table.name == old.name) else { continue };
            columns.compare((was, old), (now, new), horizon);
        }
        columns
    }

    fn compare(&mut self, (was, old): (&CheckedPlan, &Table), (now, new): (&CheckedPlan, &Table), horizon: &Horizon) {
        let same_keys = old.patterns == new.patterns;
        let mut winners = None;
        for (at, column) in old.columns.iter().enumerate() {
            let Some(other) = new.columns.iter().position(|other| other.name == column.name) else { continue };
            let (before, after) = (values(was, old, at, horizon), values(now, new, other, horizon));
            if same_keys && before == after {
                continue;
            }
            let (old_winners, new_winners) =
                winners.get_or_insert_with(|| (Winners::of(&old.patterns), Winners::of(&new.patterns)));
            let differing = differing((old_winners, &before), (new_winners, &after));
            if differing.is_empty() {
                continue;
            }
            for party in Party::ALL.into_iter().filter(|party| asks(was, *party) || asks(now, *party)) {
                let named = RowColumn { party, table: old.name.clone(), column: column.name.clone() };
                let first = self.numbers.len() as u32;
                self.numbers.extend(differing.iter().map(|numbers| (party, numbers.clone())));
                self.places.insert(named, first..self.numbers.len() as u32);
            }
        }
    }

    /// Whose numbers, which, and at which times, for each column that differs.
    pub fn differing(&self) -> impl Iterator<Item = (Party, &DifferingNumbers)> {
        self.numbers.iter().map(|(party, numbers)| (*party, numbers))
    }

    /// Whether a column differs, where those of these numbers do.
    pub fn differs(&self, column: &RowColumn, differing: &[u32]) -> bool {
        let places = self.places.get(column).cloned().unwrap_or_default();
        differing.iter().any(|at| places.contains(at))
    }
}

/// Whether a plan looks for rows by the number of a party.
fn asks(plan: &CheckedPlan, party: Party) -> bool {
    plan.definitions.row_tests.iter().any(|test| test.party == party)
}

/// What a cell says, with its type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum CellValue {
    Constant(String),
    /// Of a rotation, whoever is on call.
    Course(Rc<Course<String>>),
}

impl CellValue {
    fn course(&self) -> Cow<'_, Course<String>> {
        match self {
            Self::Constant(value) => Cow::Owned(vec![(0, value.clone())]),
            Self::Course(course) => Cow::Borrowed(course),
        }
    }

    fn is_constant(&self) -> bool {
        matches!(self, Self::Constant(_))
    }
}

/// The values of a column: an agent by id and version.
fn values(plan: &CheckedPlan, table: &Table, column: usize, horizon: &Horizon) -> Vec<CellValue> {
    let agent_of = |agent: usize| {
        let agent = &plan.definitions.agents[agent];
        format!("agent {:?} {}", agent.version, agent.id)
    };
    let mut rotations: HashMap<usize, CellValue> = HashMap::new();
    let mut value = |cell: &Cell| {
        CellValue::Constant(match cell {
            Cell::Text(text) => format!("text {text}"),
            Cell::Figure(figure) => format!("figure {}", figure.written),
            Cell::Boolean(value) => format!("boolean {value}"),
            Cell::Agent(agent) => agent_of(*agent),
            Cell::Rotation(rotation) => {
                let of_rotation = || {
                    let turns = turns(&plan.definitions.rotations[*rotation].1, horizon);
                    let course = turns.into_iter().map(|turn| (turn.second, agent_of(turn.agent)));
                    CellValue::Course(Rc::new(course.collect()))
                };
                return rotations.entry(*rotation).or_insert_with(of_rotation).clone();
            }
            // A hole shows nothing of it; a test of it is a condition like others.
            Cell::Schedule(_) => "schedule".to_owned(),
        })
    };
    table.cells.iter().skip(column).step_by(table.columns.len()).map(&mut value).collect()
}

/// A table's keys, and the values of a column.
type ColumnValues<'c> = (&'c Winners, &'c [CellValue]);

/// The numbers for which two tables say different things, or only one says something; apart those for
/// which they do so at some times.
fn differing((old, before): ColumnValues, (new, after): ColumnValues) -> Vec<DifferingNumbers> {
    let values: BTreeSet<&CellValue> = before.iter().chain(after).collect();
    let places: HashMap<&CellValue, usize> = values.iter().copied().zip(0..).collect();
    let values: Vec<&CellValue> = values.into_iter().collect();
    let old = old.sets(places.len(), |row| Some(places[&before[row]]));
    let new = new.sets(places.len(), |row| Some(places[&after[row]]));
    let both = old.iter().zip(&new).filter(|(old, new)| old != new);
    let parts: Vec<NumberSet> = both.flat_map(|(old, new)| [old.difference(new), new.difference(old)]).collect();
    let mut always = NumberSet::union_of(&parts);
    let mut found = Vec::new();
    let pairs = (0..values.len()).flat_map(|one| (0..values.len()).map(move |other| (one, other)));
    let by_time =
        pairs.filter(|(one, other)| one != other && !(values[*one].is_constant() && values[*other].is_constant()));
    for (one, other) in by_time {
        let numbers = old[one].intersect(&new[other]);
        if numbers.is_empty() || found.len() == MAX_BY_TIME {
            continue;
        }
        let times = timed::differing(&values[one].course(), &values[other].course());
        if !times.changes.is_empty() {
            always = always.difference(&numbers);
            found.push(DifferingNumbers { numbers, times: Some(times) });
        }
    }
    if !always.is_empty() {
        found.push(DifferingNumbers { numbers: always, times: None });
    }
    found
}
