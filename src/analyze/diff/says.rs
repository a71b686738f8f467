//! What a plan says of calls, in a form in which two plans can be compared: agents by their ids, columns by their names.

use crate::call::Outcome;
use crate::compile::clause::{Clause, Deciding};
use crate::fields::Field;
use crate::plan::{CheckedPlan, MetadataValue, Party, Piece, Reading, RowSlot, StatementKind, Target, Template};
use std::collections::BTreeMap;
use std::sync::Arc;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Says {
    pub decision: Decided,
    pub details: Details,
    /// The columns that are shown, and whether one of them decides who answers.
    pub columns: BTreeMap<Column, bool>,
}

/// A column of the row that a number has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Column {
    pub of_caller: bool,
    pub table: String,
    pub column: String,
}

/// Who answers, if anybody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decided {
    pub outcome: Outcome,
    who: Option<Who>,
    version: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    Id(Arc<str>),
    Row(Column),
}

impl Decided {
    /// Who, by id, and which version; the first is `None` where only a row says so.
    pub fn agent(&self) -> (Option<String>, Option<u32>) {
        match &self.who {
            Some(Who::Id(id)) => (Some(id.to_string()), self.version),
            Some(Who::Row(_)) | None => (None, self.version),
        }
    }
}

/// All else that a call gets.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Details {
    paragraphs: Vec<Vec<Shown>>,
    metadata: Option<Vec<(String, Value)>>,
    skip: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Shown {
    Text(String),
    Field(Field),
    Column(Column),
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Constant(serde_json::Value),
    Text(Vec<Shown>),
    Bare(Shown),
    Object(Vec<(String, Value)>),
    Array(Vec<Value>),
}

impl Says {
    /// What clauses say that run one after the other.
    pub fn of(plan: &CheckedPlan, run: &[&Clause]) -> Self {
        let mut reader = Reader { plan, columns: BTreeMap::new() };
        let mut details = Details::default();
        for effect in run.iter().flat_map(|clause| &clause.effects) {
            match &effect.kind {
                StatementKind::Context(template) => details.add_paragraph(reader.shown(template)),
                StatementKind::Metadata(members) => {
                    for (key, value) in members {
                        details.add_member(key, reader.value(value));
                    }
                    details.metadata.get_or_insert_default();
                }
                StatementKind::Skip => details.skip = true,
                StatementKind::Guarded { .. }
                | StatementKind::Split(_)
                | StatementKind::Route { .. }
                | StatementKind::Reject(_)
                | StatementKind::Fallback => {}
            }
        }
        let decision = reader.decided(run.last().and_then(|clause| clause.decision));
        Self { decision, details, columns: reader.columns }
    }
}

impl Details {
    /// Paragraphs that are the same for every call are one text.
    fn add_paragraph(&mut self, shown: Vec<Shown>) {
        match (self.paragraphs.last_mut().map(Vec::as_mut_slice), shown.as_slice()) {
            (_, []) => {}
            (Some([Shown::Text(before)]), [Shown::Text(text)]) => {
                before.push('\n');
                before.push_str(text);
            }
            _ => self.paragraphs.push(shown),
        }
    }

    fn add_member(&mut self, key: &str, value: Value) {
        let held = self.metadata.get_or_insert_default();
        match held.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = value,
            None => held.push((key.to_owned(), value)),
        }
    }
}

/// Reads texts, and notes the columns that they show.
struct Reader<'p> {
    plan: &'p CheckedPlan,
    columns: BTreeMap<Column, bool>,
}

impl Reader<'_> {
    fn decided(&mut self, decision: Option<Deciding>) -> Decided {
        let fallback = Decided { outcome: Outcome::Fallback, who: None, version: None };
        let Some(Deciding { statement, agent }) = decision else { return fallback };
        match &statement.kind {
            StatementKind::Route { target, version } => {
                let agent = match target {
                    Target::Id(id) => {
                        let who = Some(Who::Id(Arc::clone(id)));
                        return Decided { outcome: Outcome::Route, who, version: *version };
                    }
                    Target::Agent(agent) => Some(*agent),
                    Target::Column(slot, column) => match agent {
                        Some(agent) => Some(agent),
                        None => {
                            let column = self.column(*slot, *column);
                            self.columns.insert(column.clone(), true);
                            return Decided { outcome: Outcome::Route, who: Some(Who::Row(column)), version: *version };
                        }
                    },
                };
                let agent = agent.and_then(|agent| self.plan.definitions.agents.get(agent));
                Decided {
                    outcome: Outcome::Route,
                    who: agent.map(|agent| Who::Id(Arc::clone(&agent.id))),
                    version: version.or(agent.and_then(|agent| agent.version)),
                }
            }
            StatementKind::Reject(_) => Decided { outcome: Outcome::Reject, ..fallback },
            StatementKind::Fallback
            | StatementKind::Guarded { .. }
            | StatementKind::Split(_)
            | StatementKind::Context(_)
            | StatementKind::Metadata(_)
            | StatementKind::Skip => fallback,
        }
    }

    fn shown(&mut self, template: &Template) -> Vec<Shown> {
        let pieces = template.pieces.iter().filter(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        let pieces = pieces.map(|piece| match piece {
            Piece::Text(text) => Shown::Text(text.clone()),
            Piece::Hole(reading) => self.reading(*reading),
        });
        pieces.collect()
    }

    fn reading(&mut self, reading: Reading) -> Shown {
        match reading {
            Reading::Field(field) => Shown::Field(field),
            Reading::Column(slot, column) => {
                let column = self.column(slot, column);
                self.columns.entry(column.clone()).or_insert(false);
                Shown::Column(column)
            }
        }
    }

    fn value(&mut self, value: &MetadataValue) -> Value {
        match value {
            MetadataValue::Constant(value) => Value::Constant(value.clone()),
            MetadataValue::Text(template) => Value::Text(self.shown(template)),
            MetadataValue::Bare(reading) => Value::Bare(self.reading(*reading)),
            MetadataValue::Object(members) => {
                Value::Object(members.iter().map(|(key, value)| (key.clone(), self.value(value))).collect())
            }
            MetadataValue::Array(entries) => Value::Array(entries.iter().map(|value| self.value(value)).collect()),
        }
    }

    fn column(&self, slot: RowSlot, column: usize) -> Column {
        let test = &self.plan.definitions.row_tests[slot];
        let table = &self.plan.definitions.tables[test.table];
        Column {
            of_caller: test.party == Party::Caller,
            table: table.name.clone(),
            column: table.columns[column].name.clone(),
        }
    }
}
