//! Texts and metadata with what the call and its rows have.

use super::Facts;
use crate::plan::{Cell, Definitions, MetadataValue, Piece, Reading, RowSlot, Template};
use serde_json::Value;

/// Fills holes. `rows` has, for each test that finds a row, its table and the row.
pub(crate) struct Filler<'p, 'f> {
    pub definitions: &'p Definitions,
    pub facts: &'f Facts<'p>,
    pub rows: &'f [Option<(usize, usize)>],
}

impl<'p> Filler<'p, '_> {
    /// The text with its holes filled.
    pub fn text(&self, template: &Template) -> String {
        let mut filled = String::new();
        self.text_into(template, &mut filled);
        filled
    }

    /// Adds the text with its holes filled.
    pub fn text_into(&self, template: &Template, filled: &mut String) {
        for piece in &template.pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Hole(Reading::Field(field)) => filled.push_str(&self.facts.shown(*field)),
                Piece::Hole(Reading::Column(row, column)) => filled.push_str(&self.shown_cell(*row, *column)),
            }
        }
    }

    /// A metadata value.
    pub fn metadata(&self, value: &MetadataValue) -> Value {
        match value {
            MetadataValue::Constant(value) => value.clone(),
            MetadataValue::Text(template) => Value::from(self.text(template)),
            MetadataValue::Bare(Reading::Field(field)) => self.facts.bare(*field),
            MetadataValue::Bare(Reading::Column(row, column)) => {
                self.cell(*row, *column).map_or(Value::Null, |cell| cell.to_json(&self.definitions.agents))
            }
            MetadataValue::Object(members) => {
                Value::Object(members.iter().map(|(key, value)| (key.clone(), self.metadata(value))).collect())
            }
            MetadataValue::Array(entries) => entries.iter().map(|entry| self.metadata(entry)).collect(),
        }
    }

    /// A cell of the row that a test found.
    pub fn cell(&self, slot: RowSlot, column: usize) -> Option<&'p Cell> {
        let (table, row) = (*self.rows.get(slot)?)?;
        self.definitions.tables.get(table)?.cell(row, column)
    }

    /// The agent that a row's cell names.
    pub fn agent(&self, slot: RowSlot, column: usize) -> Option<usize> {
        match self.cell(slot, column)? {
            Cell::Agent(agent) => Some(*agent),
            Cell::Text(_) | Cell::Figure(..) | Cell::Boolean(_) | Cell::Schedule(_) => None,
        }
    }

    /// How a hole shows a row's cell.
    pub fn shown_cell(&self, slot: RowSlot, column: usize) -> String {
        match self.cell(slot, column) {
            Some(Cell::Text(text)) => text.to_string(),
            Some(Cell::Figure(_, written)) => written.to_string(),
            Some(Cell::Boolean(value)) => value.to_string(),
            Some(Cell::Agent(agent)) => {
                self.definitions.agents.get(*agent).map(|agent| agent.id.to_string()).unwrap_or_default()
            }
            Some(Cell::Schedule(_)) | None => String::new(),
        }
    }
}
