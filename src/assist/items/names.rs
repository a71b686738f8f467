//! Names that are offered: definitions, fields, columns, agents.

use super::{CompletionKind, CompletionList, agent_line, agent_state, column_line, quoted};
use crate::assist::KnownAgent;
use crate::assist::describe::{agent_of, short};
use crate::assist::names::WrittenDefinition;
use crate::assist::place::column_type;
use crate::fields::{FIELDS, FieldInfo};
use crate::plan::{DAY_NAME, HoursPart};
use crate::syntax::DefinitionKind;
use crate::types::Type;
use std::collections::BTreeSet;

impl<'t> CompletionList<'t, '_> {
    /// The definitions of these sorts, each with what it says.
    pub(super) fn named(&mut self, sorts: &[DefinitionKind]) {
        // None refers to itself.
        let own = self.before.checked_sub(1);
        let is_own = |definition: &WrittenDefinition| own.is_some_and(|own| definition.tokens.contains(&own));
        for definition in self.names.all_of(sorts).filter(|definition| !is_own(definition)) {
            let detail = self.says(definition);
            self.plain(definition.sort.into(), definition.name, detail);
        }
    }

    pub(super) fn says(&self, definition: &WrittenDefinition<'t>) -> String {
        if let Some(agent) = agent_of(self.tokens, definition, self.around) {
            return agent_line(agent);
        }
        match (definition.sort, short(self.tokens, definition)) {
            (DefinitionKind::Switch, _) if self.around.switches_on.iter().any(|on| on == definition.name) => {
                "on now".to_owned()
            }
            (DefinitionKind::Switch, _) => "off now".to_owned(),
            (sort, said) if said.is_empty() => sort.keyword().to_owned(),
            (_, said) => said,
        }
    }

    pub(super) fn subjects(&mut self) {
        self.readings();
        self.named(&[DefinitionKind::Condition, DefinitionKind::Schedule, DefinitionKind::Switch]);
    }

    /// Fields of the call, and columns of the rows that are known here.
    pub(super) fn readings(&mut self) {
        self.columns(|_| true);
        for field in FIELDS {
            self.plain(CompletionKind::Field, field.name, field_line(field));
        }
        self.named(&[DefinitionKind::Attribute, DefinitionKind::Rotation]);
    }

    /// What a hole can show.
    pub(super) fn shown(&mut self) {
        self.readings();
        let names = self.names;
        for definition in names.all_of(&[DefinitionKind::Schedule, DefinitionKind::Days]) {
            for (part, says) in told_of(definition.sort) {
                self.plain(definition.sort.into(), &format!("{}.{part}", definition.name), says);
            }
        }
    }

    pub(super) fn told_after_dot(&mut self, name: &str) {
        if let Some(definition) = self.names.find(name) {
            for (part, says) in told_of(definition.sort) {
                self.plain(definition.sort.into(), part, says);
            }
        }
    }

    pub(super) fn columns(&mut self, wanted: impl Fn(Option<Type>) -> bool) {
        for (row, table) in self.place.rows.iter().rev() {
            let columns = self.names.find(table).map(|table| table.columns.clone()).unwrap_or_default();
            for (column, cell) in columns {
                let column_type = column_type(self.names, cell);
                if wanted(column_type) {
                    self.plain(CompletionKind::Column, &format!("{row}.{column}"), column_line(table, column_type));
                }
            }
        }
    }

    pub(super) fn after_dot(&mut self, name: &str) {
        for field in FIELDS {
            if let Some(after) = field.name.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')) {
                self.plain(CompletionKind::Field, after, field_line(field));
            }
        }
        let row = self.place.rows.iter().rev().find(|(row, _)| *row == name);
        let Some((table, definition)) = row.and_then(|(_, table)| Some((table, self.names.find(table)?))) else {
            return;
        };
        for (column, cell) in definition.columns.clone() {
            let line = column_line(table, column_type(self.names, cell));
            self.plain(CompletionKind::Column, column, line);
        }
    }

    pub(super) fn targets(&mut self) {
        self.columns(|column_type| column_type == Some(Type::Agent));
        self.named(&[DefinitionKind::Agent, DefinitionKind::Rotation]);
        self.agent_ids();
    }

    /// The organization's agents by their ids, in the order of their names: first those that the
    /// plan does not name.
    pub(super) fn agent_ids(&mut self) {
        let mut agents: Vec<&KnownAgent> = self.around.agents.iter().collect();
        agents.sort_by_key(|agent| &agent.name);
        let written: BTreeSet<&str> = self.tokens.all.iter().map(|token| token.text).collect();
        let is_named = |agent: &KnownAgent| written.contains(quoted(&agent.id).as_str());
        for is_known in [false, true] {
            for agent in agents.iter().filter(|agent| is_named(agent) == is_known) {
                self.add(CompletionKind::Agent, &agent.name, agent_state(agent), quoted(&agent.id));
            }
        }
    }
}

/// What holes tell of a definition, by what they write after the dot.
pub(in crate::assist) fn told_of(sort: DefinitionKind) -> impl Iterator<Item = (&'static str, &'static str)> {
    let hours = HoursPart::ALL.iter().map(|part| (part.name(), part.doc()));
    let name = std::iter::once((DAY_NAME, "what the day is called, such as `Christmas Day`; empty on other days"));
    let is_schedule = sort == DefinitionKind::Schedule;
    hours.filter(move |_| is_schedule).chain(name.filter(move |_| sort == DefinitionKind::Days))
}

fn field_line(field: &FieldInfo) -> String {
    format!("{}: {}", field.field_type.name(), field.doc)
}
