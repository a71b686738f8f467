//! The checked plan: names resolved, values read, types known. It exists only when the plan's text
//! has no error, and [`crate::check()`] alone makes one from a text; so deciding a call
//! ([`crate::eval`]) has no error path. [`CheckedPlan::by_number`] makes one without a text.

mod by_number;
mod condition;
mod decimal;
mod json_text;
mod reader;
mod table;
mod text_test;
mod walk;

pub use crate::fields::{Party, TextField};
pub use condition::{CallText, ColumnTest, Condition, DateTest, Negated, Operands, Question, RowSlot, RowTest, Test};
pub use decimal::Decimal;
pub use reader::{NumberReading, ReadAs, Reader};
pub use table::{Cell, Column, ColumnType, Figure, Table};
pub use text_test::{PatternPlace, TextPatterns, TextTest, small, without_capitals};
pub(crate) use walk::Statements;

use crate::fields::Field;
use crate::phone::{LocalDigits, NumberSet};
use crate::schedule::{DaySet, Moment, Rotation, Schedule, Zone};
use crate::source::{Source, Span};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// What a plan defines, by number; names are for traces and analysis.
#[derive(Clone, Debug)]
pub struct Definitions {
    /// The zone in which the plan reads times; UTC where it names none.
    pub(crate) zone: Zone,
    /// How the numbers of calls are read.
    pub(crate) reader: Reader,
    /// Local numbers that the plan names and that are read as others on some trunk: no call on it
    /// brings them.
    pub(crate) read_elsewhere: BTreeSet<LocalDigits>,
    pub(crate) agents: Vec<Agent>,
    /// Each id of an agent that the plan writes out, and where: definitions, statements, examples,
    /// proofs.
    pub(crate) agent_ids: Vec<(Arc<str>, Span)>,
    pub(crate) switches: Vec<String>,
    pub(crate) attributes: Vec<Attribute>,
    /// For reports alone: tests hold their sets.
    pub(crate) numbers: Vec<(String, Arc<NumberSet>)>,
    /// In an order in which each refers only to those before it.
    pub(crate) conditions: Vec<(String, Condition)>,
    /// The sets of days, each with the names of its entries. Schedules and tests hold those they
    /// use.
    pub(crate) days: Vec<(String, Arc<DaySet>)>,
    pub(crate) schedules: Vec<(String, Schedule)>,
    pub(crate) rotations: Vec<(String, Rotation)>,
    pub(crate) tables: Vec<Table>,
    /// The tests of the plan that find a row, by their slots.
    pub(crate) row_tests: Vec<RowTest>,
    /// The last date of the list that runs out first, of those that are kept by the year.
    pub(crate) dates_end: Option<Date>,
}

impl Default for Definitions {
    fn default() -> Self {
        Self {
            zone: Zone::UTC,
            reader: Reader::default(),
            read_elsewhere: BTreeSet::new(),
            agents: vec![],
            agent_ids: vec![],
            switches: vec![],
            attributes: vec![],
            numbers: vec![],
            conditions: vec![],
            days: vec![],
            schedules: vec![],
            rotations: vec![],
            tables: vec![],
            row_tests: vec![],
            dates_end: None,
        }
    }
}

impl Definitions {
    /// The first moment after the dates of the list that runs out first, of those that are kept by
    /// the year.
    pub(crate) fn dates_end(&self) -> Option<Timestamp> {
        let midnight = Moment { date: self.dates_end?.tomorrow().ok()?, minute: 0 };
        let shown = self.zone.instant(midnight).or_else(|skipped| self.zone.instant(skipped.first_after));
        shown.ok()
    }
}

/// An attribute of calls, as the plan names it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Attribute {
    /// Its name in the plan.
    pub name: String,
    /// What calls name it, with the capitals that the plan writes.
    pub header: String,
}

/// An agent of the platform, as the plan names it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Agent {
    /// Its name in the plan.
    pub name: String,
    /// What the platform calls it.
    pub id: Arc<str>,
    /// `None` is the newest published when the call arrives.
    pub version: Option<u32>,
}

/// A plan that has been checked: it decides every call.
#[derive(Clone, Debug)]
pub struct CheckedPlan {
    pub(crate) source: Source,
    pub(crate) definitions: Definitions,
    pub(crate) statements: Box<[Statement]>,
    pub(crate) examples: Vec<Example>,
    pub(crate) proofs: Vec<Proof>,
}

impl CheckedPlan {
    /// The zone in which the plan reads times.
    pub fn zone(&self) -> &Zone {
        &self.definitions.zone
    }

    /// How the plan reads the numbers of calls.
    pub fn reader(&self) -> &Reader {
        &self.definitions.reader
    }

    /// The switches that the plan declares, in its order.
    pub fn switches(&self) -> &[String] {
        &self.definitions.switches
    }

    /// What the plan calls the agent of this id. It may have several names for one; that of this
    /// version goes first.
    pub fn agent_name(&self, id: &str, version: Option<u32>) -> Option<&str> {
        let agents = || self.definitions.agents.iter().filter(|agent| *agent.id == *id);
        let of_version = agents().find(|agent| agent.version == version);
        of_version.or_else(|| agents().next()).map(|agent| agent.name.as_str())
    }

    /// The lines, from 1, on which the plan writes this agent's id, whether or not a call can get
    /// there.
    pub fn lines_with_agent(&self, id: &str) -> Vec<usize> {
        let spans = self.definitions.agent_ids.iter().filter(|(written, _)| **written == *id);
        let mut lines: Vec<usize> = spans.map(|(_, span)| self.source.line(span.start)).collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    /// The plan's examples, in its order.
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// The plan's proofs, in its order.
    pub fn proofs(&self) -> &[Proof] {
        &self.proofs
    }

    /// The text it was made from.
    pub fn source(&self) -> &Source {
        &self.source
    }
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it does.
    pub(crate) kind: StatementKind,
    /// What reports mark: the keyword, and a rule's name.
    pub(crate) label: Span,
    /// What stands before its block; the whole of a statement without one.
    pub(crate) head: Span,
    /// Where it stands.
    pub(crate) span: Span,
}

impl Statement {
    /// The name of a rule that has one.
    pub(crate) fn rule_name(&self) -> Option<&Arc<str>> {
        if let StatementKind::Guarded { name, .. } = &self.kind { name.as_ref() } else { None }
    }

    /// The condition of a rule or a `when`.
    pub(crate) fn condition(&self) -> Option<&Condition> {
        if let StatementKind::Guarded { condition, .. } = &self.kind { condition.as_deref() } else { None }
    }

    /// The statements of a rule or a `when`; those of a split are in its arms.
    pub(crate) fn block(&self) -> &[Statement] {
        if let StatementKind::Guarded { block, .. } = &self.kind { block } else { &[] }
    }
}

/// What a statement does.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// `rule "name" [when C] { … }` and `when C { … }`
    Guarded {
        /// A rule's name.
        name: Option<Arc<str>>,
        /// `None` always holds.
        condition: Option<Box<Condition>>,
        /// What it does then.
        block: Box<[Statement]>,
    },
    /// `split "name" by caller { … }`
    Split(Split),
    /// `context "…"`
    Context(Template),
    /// `metadata { … }`
    Metadata(Box<[(String, MetadataValue)]>),
    /// `skip pre_conversation_workflow`
    Skip,
    /// `route to AGENT [version N]`
    Route {
        /// Who.
        target: Target,
        /// Goes before the agent's own.
        version: Option<u32>,
    },
    /// `reject ["why"]`
    Reject(Option<Arc<str>>),
    /// `fallback`
    Fallback,
}

/// `split "name" by caller { … }`
#[derive(Clone, Debug)]
pub struct Split {
    /// Goes into the hash.
    pub(crate) name: Arc<str>,
    /// Whether the caller alone goes into the hash, or the whole call.
    pub(crate) by_caller: bool,
    /// By their buckets, which follow each other from 0 to 9,999.
    pub(crate) arms: Box<[Arm]>,
}

/// One arm of a split.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Which of the 10,000 buckets it takes; empty for a share of 0%.
    pub(crate) buckets: Range<u32>,
    pub(crate) block: Box<[Statement]>,
    pub(crate) span: Span,
}

/// Who a call is routed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The platform's id, written out.
    Id(Arc<str>),
    /// The agent of this number.
    Agent(usize),
    /// The agent that a row names.
    Column(RowSlot, usize),
    /// Whoever is on call by the rotation of this number.
    Rotation(usize),
}

/// What a hole or a bare metadata value shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum HoleValue {
    /// A field of the call.
    Field(Field),
    /// The attribute of this number.
    Attribute(usize),
    /// A column of the row that a test found.
    Column(RowSlot, usize),
    /// Who is on call by the rotation of this number.
    OnCall(usize),
    /// What is told of the hours of the schedule of this number.
    Hours(usize, HoursPart),
    /// What people call the day, by the set of days of this number.
    DayName(usize),
}

/// What a hole tells of a schedule's hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum HoursPart {
    /// When it opens next.
    Opens,
    /// When it closes next.
    Closes,
    /// The hours that start today.
    Hours,
}

impl HoursPart {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Opens, Self::Closes, Self::Hours];

    /// As a plan writes it after the dot.
    pub fn name(self) -> &'static str {
        match self {
            Self::Opens => "opens",
            Self::Closes => "closes",
            Self::Hours => "hours",
        }
    }

    /// What it shows, in a line.
    pub fn doc(self) -> &'static str {
        match self {
            Self::Opens => "when it opens next, such as `tomorrow at 09:00`",
            Self::Closes => "when it closes next, such as `today at 17:00`",
            Self::Hours => "its hours today, such as `09:00-12:30 and 13:30-17:30`",
        }
    }
}

/// What a hole writes after the dot to show what people call the day.
pub(crate) const DAY_NAME: &str = "name";

/// A text with its holes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Template {
    pub(crate) pieces: Box<[TemplatePart]>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum TemplatePart {
    /// As it is.
    Text(String),
    /// What the call or a row has.
    Hole(HoleValue),
}

/// A value in metadata.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum MetadataValue {
    /// Without anything of the call in it.
    #[serde(with = "json_text")]
    Constant(serde_json::Value),
    /// A text with holes.
    Text(Template),
    /// A field or a column, by its own type.
    Bare(HoleValue),
    /// `{ … }`
    Object(Vec<(String, MetadataValue)>),
    /// `[ … ]`
    Array(Vec<MetadataValue>),
}

/// `example "name" { call … expect … }`
#[derive(Clone, Debug)]
pub struct Example {
    pub(crate) name: String,
    pub(crate) call: crate::call::Call,
    pub(crate) expectations: Vec<Expectation>,
    pub(crate) span: Span,
}

impl Example {
    /// As the plan calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The call that it tries.
    pub fn call(&self) -> &crate::call::Call {
        &self.call
    }
}

/// One `expect`.
#[derive(Clone, Debug)]
pub struct Expectation {
    pub(crate) kind: ExpectationKind,
    pub(crate) span: Span,
}

/// What is expected.
#[derive(Clone, Debug)]
pub enum ExpectationKind {
    /// This decision; what it leaves open is not looked at.
    Decision(ExpectedDecision),
    /// The whole of the context.
    Context(String),
    /// At least these keys.
    Metadata(serde_json::Map<String, serde_json::Value>),
    /// That the pre-conversation workflow is left out.
    Skip,
}

/// A decision that an example expects or a proof speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedDecision {
    /// This agent, at this version or at any.
    Route {
        /// What the platform calls it.
        id: Arc<str>,
        /// `None` is any.
        version: Option<u32>,
    },
    /// Whoever is on call when the call comes, at this version or at any.
    OnCall {
        /// By the rotation of this number.
        rotation: usize,
        /// `None` is any.
        version: Option<u32>,
    },
    /// The call is rejected, whatever the reason.
    Reject,
    /// The fallback agent, or nobody decided.
    Fallback,
}

/// `always "name" when C { DECISION }`, and `never`
#[derive(Clone, Debug)]
pub struct Proof {
    pub(crate) name: String,
    /// Every such call, or none.
    pub(crate) always: bool,
    pub(crate) condition: Condition,
    pub(crate) decision: ExpectedDecision,
    pub(crate) span: Span,
}

impl ExpectedDecision {
    /// The same for calls of an instant: whoever is on call then.
    pub(crate) fn at(&self, definitions: &Definitions, instant: Timestamp) -> Self {
        match self {
            Self::OnCall { rotation, version } => {
                self.with_agent(definitions, definitions.rotations[*rotation].1.on_call(instant), *version)
            }
            Self::Route { .. } | Self::Reject | Self::Fallback => self.clone(),
        }
    }

    /// The same where this agent is on call.
    pub(crate) fn with_agent(&self, definitions: &Definitions, agent: usize, version: Option<u32>) -> Self {
        let agent = definitions.agents.get(agent);
        agent.map_or_else(|| self.clone(), |agent| Self::Route { id: Arc::clone(&agent.id), version })
    }
}

impl Proof {
    /// As the plan calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it claims that all such calls get the decision; else, that none does.
    pub fn is_always(&self) -> bool {
        self.always
    }

    /// For which calls.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// The decision that it speaks of.
    pub fn decision(&self) -> &ExpectedDecision {
        &self.decision
    }
}

impl Template {
    /// The text, where it has no hole.
    pub(crate) fn as_constant(&self) -> Option<&str> {
        match &*self.pieces {
            [] => Some(""),
            [TemplatePart::Text(text)] => Some(text),
            _ => None,
        }
    }
}
