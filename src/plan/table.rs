//! Tables: rows of typed cells, found by number.

use crate::phone::{KeyMap, Number, Pattern};
use crate::plan::{ColumnTest, Decimal};
use crate::types::Type;
use std::sync::Arc;

/// A table. Rows keep the order in which they were written.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    /// Row by row, as many as there are columns in each.
    pub(crate) cells: Vec<Cell>,
    /// Each row's key, in the same order.
    pub(crate) patterns: Vec<Pattern>,
    /// Made of the patterns.
    #[serde(skip)]
    pub(crate) keys: KeyMap,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Column {
    pub(crate) name: String,
    pub(crate) column_type: ColumnType,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ColumnType {
    /// Texts
    Text,
    /// Whole numbers
    Integer,
    /// Numbers, of which one has a point
    Decimal,
    /// `true` and `false`
    Boolean,
    /// Agents
    Agent,
    /// Schedules
    Schedule,
}

impl ColumnType {
    /// The type of its cells.
    pub fn value_type(self) -> Type {
        match self {
            Self::Text => Type::Text,
            Self::Integer => Type::Integer,
            Self::Decimal => Type::Decimal,
            Self::Boolean => Type::Boolean,
            Self::Agent => Type::Agent,
            Self::Schedule => Type::Schedule,
        }
    }
}

/// A value in a table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Cell {
    /// A text.
    Text(Box<str>),
    /// An integer or a decimal, with its digits as written; aside, so that a table of texts and
    /// agents is small.
    Figure(Box<Figure>),
    /// `true` or `false`
    Boolean(bool),
    /// The agent of this number.
    Agent(usize),
    /// Whoever is on call by the rotation of this number.
    Rotation(usize),
    /// The schedule of this number.
    Schedule(usize),
}

/// An integer or a decimal.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Figure {
    pub(crate) value: Decimal,
    pub(crate) written: Box<str>,
}

impl Table {
    /// The row whose key is the most specific one that holds the number.
    pub fn row_of(&self, number: &Number<'_>) -> Option<usize> {
        self.keys.get(number)
    }

    /// The cell of a row, by the column's number.
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.cells.get(row * self.columns.len() + column)
    }
}

impl Cell {
    /// Whether the cell is such a value. Whether its schedule is open depends on the call, and is
    /// asked elsewhere.
    pub(crate) fn answers(&self, test: &ColumnTest) -> bool {
        match (test, self) {
            (ColumnTest::Text(texts), Self::Text(text)) => texts.contains(&**text),
            (ColumnTest::Figure(ranges), Self::Figure(figure)) => {
                ranges.iter().any(|range| range.contains(&figure.value))
            }
            (ColumnTest::Beyond { than, below: true }, Self::Figure(figure)) => figure.value < *than,
            (ColumnTest::Beyond { than, below: false }, Self::Figure(figure)) => figure.value > *than,
            (ColumnTest::Boolean, Self::Boolean(value)) => *value,
            // The check has given each column one type and each test a column of its type.
            (
                ColumnTest::Text(_)
                | ColumnTest::Figure(_)
                | ColumnTest::Beyond { .. }
                | ColumnTest::Boolean
                | ColumnTest::Open,
                Self::Text(_)
                | Self::Figure(..)
                | Self::Boolean(_)
                | Self::Agent(_)
                | Self::Rotation(_)
                | Self::Schedule(_),
            ) => false,
        }
    }

    /// How a hole shows it: a number as the cell is written, an agent by its id. A schedule shows
    /// nothing.
    pub(crate) fn shown<'c>(&'c self, agents: &'c [super::Agent]) -> &'c str {
        match self {
            Self::Text(text) => text,
            Self::Figure(figure) => &figure.written,
            Self::Boolean(true) => "true",
            Self::Boolean(false) => "false",
            Self::Agent(agent) => agents.get(*agent).map_or("", |agent| &agent.id),
            // Who that is depends on the time: whoever shows it has put the agent in its place.
            Self::Rotation(_) | Self::Schedule(_) => "",
        }
    }

    /// As JSON: by its own type, an agent by its id.
    pub(crate) fn to_json(&self, agents: &[super::Agent]) -> serde_json::Value {
        match self {
            Self::Text(text) => serde_json::Value::from(&**text),
            Self::Figure(figure) => figure.value.to_json(&figure.written),
            Self::Boolean(value) => serde_json::Value::from(*value),
            Self::Agent(agent) => {
                serde_json::Value::from(agents.get(*agent).map(|agent| Arc::clone(&agent.id)).as_deref())
            }
            Self::Rotation(_) | Self::Schedule(_) => serde_json::Value::Null,
        }
    }
}
