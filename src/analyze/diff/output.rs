//! The output of a leaf in a form that two plans can be compared in: agents by their ids, columns
//! by their names.

use crate::call::Outcome;
use crate::compile::clause::{Clause, ClauseDecision};
use crate::fields::Field;
use crate::plan::{
    CheckedPlan, HoleValue, MetadataValue, Party, RowSlot, StatementKind, Target, Template, TemplatePart,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The output of a leaf.
#[derive(Clone, Debug)]
pub(super) struct LeafOutput {
    pub decision: AgentDecision,
    pub details: OutputDetails,
    /// The columns that are shown, and whether one of them decides who answers.
    pub columns: BTreeMap<RowColumn, bool>,
}

/// A column of the row that a number has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RowColumn {
    pub of_caller: bool,
    pub table: String,
    pub column: String,
}

/// Who answers, if anybody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AgentDecision {
    pub outcome: Outcome,
    who: Option<AgentSource>,
    version: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum AgentSource {
    Id(Arc<str>),
    Row(RowColumn),
}

impl AgentDecision {
    /// Who, by id, and which version; the first is `None` where only a row says so.
    pub fn agent(&self) -> (Option<String>, Option<u32>) {
        match &self.who {
            Some(AgentSource::Id(id)) => (Some(id.to_string()), self.version),
            Some(AgentSource::Row(_)) | None => (None, self.version),
        }
    }

    /// Who, by id; `None` if nobody was chosen, an error where only a row says who.
    pub fn known_agent(&self) -> Result<Option<&str>, AgentOfRow> {
        match &self.who {
            Some(AgentSource::Id(id)) => Ok(Some(id)),
            Some(AgentSource::Row(_)) => Err(AgentOfRow),
            None => Ok(None),
        }
    }

    /// Which version, where the plan names one.
    pub fn version(&self) -> Option<u32> {
        self.version
    }
}

/// The agent is the one of a row, in a table with too many agents for a leaf each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AgentOfRow;

/// The context, the metadata and the skip of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct OutputDetails {
    paragraphs: Vec<Vec<TextPart>>,
    metadata: Option<Vec<(String, MetadataPart)>>,
    skip: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum TextPart {
    Text(String),
    Field(Field),
    Column(RowColumn),
}

#[derive(Clone, Debug, PartialEq)]
enum MetadataPart {
    Constant(serde_json::Value),
    Text(Vec<TextPart>),
    Bare(TextPart),
    Object(Vec<(String, MetadataPart)>),
    Array(Vec<MetadataPart>),
}

impl LeafOutput {
    /// The output of clauses that run one after the other.
    pub fn of(plan: &CheckedPlan, run: &[&Clause]) -> Self {
        let mut reader = OutputReader { plan, columns: BTreeMap::new() };
        let mut details = OutputDetails::default();
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

impl OutputDetails {
    /// Paragraphs that are the same for every call are one text.
    fn add_paragraph(&mut self, shown: Vec<TextPart>) {
        match (self.paragraphs.last_mut().map(Vec::as_mut_slice), shown.as_slice()) {
            (_, []) => {}
            (Some([TextPart::Text(before)]), [TextPart::Text(text)]) => {
                before.push('\n');
                before.push_str(text);
            }
            _ => self.paragraphs.push(shown),
        }
    }

    fn add_member(&mut self, key: &str, value: MetadataPart) {
        let held = self.metadata.get_or_insert_default();
        match held.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = value,
            None => held.push((key.to_owned(), value)),
        }
    }
}

/// Reads texts and records the columns that they show.
struct OutputReader<'p> {
    plan: &'p CheckedPlan,
    columns: BTreeMap<RowColumn, bool>,
}

impl OutputReader<'_> {
    fn decided(&mut self, decision: Option<ClauseDecision>) -> AgentDecision {
        let fallback = AgentDecision { outcome: Outcome::Fallback, who: None, version: None };
        let Some(ClauseDecision { statement, agent }) = decision else { return fallback };
        match &statement.kind {
            StatementKind::Route { target, version } => {
                let agent = match target {
                    Target::Id(id) => {
                        let who = Some(AgentSource::Id(Arc::clone(id)));
                        return AgentDecision { outcome: Outcome::Route, who, version: *version };
                    }
                    Target::Agent(agent) => Some(*agent),
                    Target::Column(slot, column) => match agent {
                        Some(agent) => Some(agent),
                        None => {
                            let column = self.column(*slot, *column);
                            self.columns.insert(column.clone(), true);
                            return AgentDecision {
                                outcome: Outcome::Route,
                                who: Some(AgentSource::Row(column)),
                                version: *version,
                            };
                        }
                    },
                };
                let agent = agent.and_then(|agent| self.plan.definitions.agents.get(agent));
                AgentDecision {
                    outcome: Outcome::Route,
                    who: agent.map(|agent| AgentSource::Id(Arc::clone(&agent.id))),
                    version: version.or(agent.and_then(|agent| agent.version)),
                }
            }
            StatementKind::Reject(_) => AgentDecision { outcome: Outcome::Reject, ..fallback },
            StatementKind::Fallback
            | StatementKind::Guarded { .. }
            | StatementKind::Split(_)
            | StatementKind::Context(_)
            | StatementKind::Metadata(_)
            | StatementKind::Skip => fallback,
        }
    }

    fn shown(&mut self, template: &Template) -> Vec<TextPart> {
        let pieces =
            template.pieces.iter().filter(|piece| !matches!(piece, TemplatePart::Text(text) if text.is_empty()));
        let pieces = pieces.map(|piece| match piece {
            TemplatePart::Text(text) => TextPart::Text(text.clone()),
            TemplatePart::Hole(reading) => self.reading(*reading),
        });
        pieces.collect()
    }

    fn reading(&mut self, reading: HoleValue) -> TextPart {
        match reading {
            HoleValue::Field(field) => TextPart::Field(field),
            HoleValue::Column(slot, column) => {
                let column = self.column(slot, column);
                self.columns.entry(column.clone()).or_insert(false);
                TextPart::Column(column)
            }
        }
    }

    fn value(&mut self, value: &MetadataValue) -> MetadataPart {
        match value {
            MetadataValue::Constant(value) => MetadataPart::Constant(value.clone()),
            MetadataValue::Text(template) => MetadataPart::Text(self.shown(template)),
            MetadataValue::Bare(reading) => MetadataPart::Bare(self.reading(*reading)),
            MetadataValue::Object(members) => {
                MetadataPart::Object(members.iter().map(|(key, value)| (key.clone(), self.value(value))).collect())
            }
            MetadataValue::Array(entries) => {
                MetadataPart::Array(entries.iter().map(|value| self.value(value)).collect())
            }
        }
    }

    fn column(&self, slot: RowSlot, column: usize) -> RowColumn {
        let test = &self.plan.definitions.row_tests[slot];
        let table = &self.plan.definitions.tables[test.table];
        RowColumn {
            of_caller: test.party == Party::Caller,
            table: table.name.clone(),
            column: table.columns[column].name.clone(),
        }
    }
}
