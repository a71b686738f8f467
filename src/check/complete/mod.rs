//! The last step of a check: every piece of the tree is in the checked plan.
//!
//! A piece that is wrong has an error, and a plan with an error never comes here. So a piece that
//! is missing here was lost by a mistake of callplan, and the plan is refused with its place.

mod condition;
mod example;
mod metadata;
mod statement;
#[cfg(test)]
mod tests;

use self::example::example;
use crate::plan::{CheckedPlan, Condition, Definitions, Table};
use crate::schedule::{Hours, Line, Rotation, Schedule, Window};
use crate::source::Span;
use crate::syntax::ast;
use std::collections::{HashMap, HashSet};

/// The place of the first piece that is missing is the error.
type CompletenessResult = Result<(), Span>;

/// Counts of entries that were read, for lists of which the checked plan keeps only the union.
#[derive(Debug, Default)]
pub(super) struct BuiltCounts {
    /// For each list of numbers, by its place, how many entries were read.
    pub number_lists: HashMap<Span, usize>,
    /// For each set of days, by the place of its name, how many entries were read.
    pub day_lists: HashMap<Span, usize>,
}

/// Looks for each piece of a tree in the plan that was made from it.
pub(super) fn complete(tree: &ast::Plan, plan: &CheckedPlan, built: &BuiltCounts) -> CompletenessResult {
    CompletenessWalk { definitions: &plan.definitions, built }.plan(tree, plan)
}

struct CompletenessWalk<'p> {
    definitions: &'p Definitions,
    built: &'p BuiltCounts,
}

/// A piece that is not there is missing at this place.
fn there(is_there: bool, span: Span) -> CompletenessResult {
    if is_there { Ok(()) } else { Err(span) }
}

impl CompletenessWalk<'_> {
    fn plan(&self, tree: &ast::Plan, plan: &CheckedPlan) -> CompletenessResult {
        let mut statements = plan.statements.iter();
        let mut examples = plan.examples.iter();
        let mut proofs = plan.proofs.iter();
        let mut agents = self.definitions.agents.iter();
        let mut switches = self.definitions.switches.iter();
        let mut attributes = self.definitions.attributes.iter();
        let mut numbers = self.definitions.numbers.iter();
        let mut schedules = self.definitions.schedules.iter();
        let mut rotations = self.definitions.rotations.iter();
        let mut tables = self.definitions.tables.iter();
        // They stand in the order in which they name each other.
        let conditions: HashMap<&str, &Condition> =
            self.definitions.conditions.iter().map(|(name, condition)| (name.as_str(), condition)).collect();
        for item in &tree.items {
            match item {
                ast::Item::Timezone(zone) => {
                    there(self.definitions.zone.name().eq_ignore_ascii_case(&zone.token.text), zone.span)?;
                }
                ast::Item::Country(country) => {
                    let trunk = country.trunk.as_ref().map(|trunk| trunk.value.as_str());
                    let home = self.definitions.reader.home_line(trunk);
                    there(home.is_some_and(|home| home.to_string() == country.home.text), country.span)?;
                }
                ast::Item::Agent(agent) => {
                    let found = agents.next().filter(|found| found.name == agent.name.text);
                    let has_version = found.is_some_and(|found| found.version.is_some() == agent.version.is_some());
                    there(has_version, agent.span)?;
                }
                ast::Item::Switch(switch) => there(switches.next() == Some(&switch.name.text), switch.span)?,
                ast::Item::Attribute(attribute) => {
                    let found = attributes.next().filter(|found| found.name == attribute.name.text);
                    there(found.is_some_and(|found| found.header == attribute.header.value), attribute.span)?;
                }
                ast::Item::Numbers(definition) => {
                    there(numbers.next().is_some_and(|(name, _)| *name == definition.name.text), definition.span)?;
                    self.number_list(&definition.entries)?;
                    definition.except.iter().try_for_each(|list| self.number_list(list))?;
                }
                ast::Item::Condition(definition) => {
                    let found = conditions.get(definition.name.text.as_str()).ok_or(definition.span)?;
                    self.condition(&definition.condition, found)?;
                }
                ast::Item::Days(days) => {
                    there(self.built.day_lists.get(&days.name.span) == Some(&days.entries.len()), days.span)?;
                }
                ast::Item::Schedule(definition) => {
                    let found = schedules.next().filter(|(name, _)| *name == definition.name.text);
                    schedule(definition, &found.ok_or(definition.span)?.1)?;
                }
                ast::Item::Rotation(definition) => {
                    let found = rotations.next().filter(|(name, _)| *name == definition.name.text);
                    rotation(definition, &found.ok_or(definition.span)?.1)?;
                }
                ast::Item::Table(definition) => {
                    let found = tables.next().filter(|found| found.name == definition.name.text);
                    table(definition, found.ok_or(definition.span)?)?;
                }
                ast::Item::Example(written) => example(written, examples.next().ok_or(written.span)?)?,
                ast::Item::Proof(written) => self.proof(written, proofs.next().ok_or(written.span)?)?,
                ast::Item::Statement(written) => self.statement(written, statements.next())?,
            }
        }
        Ok(())
    }

    fn number_list(&self, list: &ast::List) -> CompletenessResult {
        there(self.built.number_lists.get(&list.span) == Some(&list.entries.len()), list.span)
    }
}

fn schedule(written: &ast::Schedule, built: &Schedule) -> CompletenessResult {
    let excepted: HashSet<&str> = written.except.iter().map(|name| name.text.as_str()).collect();
    there(built.except().len() >= excepted.len(), written.span)?;
    let (mut lines, mut closures) = (built.lines().iter(), built.closures().iter());
    written.lines.iter().try_for_each(|line| match line {
        ast::ScheduleLine::Days(line) => {
            let has_days = |found: &&Line| found.days.len() + found.sets.len() == line.days.len();
            let found = lines.next().filter(has_days).ok_or(line.span)?;
            let is_there = |windows: &[ast::Window], found: &[Window]| windows.len() == found.len();
            let has_hours = match (&line.hours, &found.hours) {
                (ast::Hours::Closed, Hours::Closed) | (ast::Hours::AllDay, Hours::AllDay) => true,
                (ast::Hours::Windows(windows), Hours::Windows(found))
                | (ast::Hours::ClosedWindows(windows), Hours::ClosedWindows(found))
                | (ast::Hours::AlsoWindows(windows), Hours::AlsoWindows(found)) => is_there(windows, found),
                (
                    ast::Hours::Closed
                    | ast::Hours::AllDay
                    | ast::Hours::Windows(_)
                    | ast::Hours::ClosedWindows(_)
                    | ast::Hours::AlsoWindows(_),
                    _,
                ) => false,
            };
            there(has_hours, line.span)
        }
        ast::ScheduleLine::Closure(closure) => closures.next().map(drop).ok_or(closure.span),
    })
}

fn rotation(written: &ast::Rotation, built: &Rotation) -> CompletenessResult {
    let mut lines = built.lines().iter();
    written.lines.iter().try_for_each(|line| {
        let found = lines.next().ok_or(line.span)?;
        let is_there = found.agents.len() == line.agents.len()
            && found.to.is_some() == line.to.is_some()
            && found.every.is_some() == line.turns.is_some();
        there(is_there, line.span)
    })
}

fn table(written: &ast::Table, built: &Table) -> CompletenessResult {
    there(built.columns.len() == written.columns.len(), written.span)?;
    // Rows keep their order.
    if let Some(row) = written.rows.get(built.patterns.len()) {
        return Err(row.span);
    }
    there(built.cells.len() == written.rows.len() * written.columns.len(), written.span)
}
