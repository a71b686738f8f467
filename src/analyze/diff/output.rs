//! The output of a leaf in a form that two plans can be compared in: agents by their ids, columns
//! by their names.

use crate::call::Outcome;
use crate::compile::clause::{Clause, ClauseDecision};
use crate::fields::Field;
use crate::plan::{
    CheckedPlan, HoleValue, MetadataValue, Party, RowSlot, StatementKind, Target, Template, TemplatePart,
};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The number of a hole's course; whether it stands in a text comes second.
pub(super) type CourseOf<'c> = dyn Fn(HoleValue, bool) -> Option<u32> + 'c;

/// The output of a leaf.
#[derive(Clone, Debug)]
pub(super) struct LeafOutput<'p> {
    pub decision: AgentDecision,
    pub details: OutputDetails<'p>,
    /// The columns that are shown, and whether one of them decides who answers.
    pub columns: BTreeMap<RowColumn, bool>,
}

/// A column of the row that a number has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RowColumn {
    pub party: Party,
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
#[derive(Clone, Debug, Default)]
pub(super) struct OutputDetails<'p> {
    paragraphs: Vec<Vec<TextPart<'p>>>,
    metadata: Option<Vec<(&'p str, MetadataPart<'p>)>>,
    skip: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum TextPart<'p> {
    Text(&'p str),
    Field(Field),
    /// By the name that calls give it, in small letters.
    Attribute(String),
    Column(RowColumn),
    /// What goes by the time alone, by the number of its course.
    Timed(u32),
}

#[derive(Clone, Debug, PartialEq)]
enum MetadataPart<'p> {
    Constant(&'p serde_json::Value),
    Text(Vec<TextPart<'p>>),
    Bare(TextPart<'p>),
    Object(Vec<(&'p str, MetadataPart<'p>)>),
    Array(Vec<MetadataPart<'p>>),
}

impl<'p> LeafOutput<'p> {
    /// The output of clauses that run one after the other. `course` numbers what goes by the time.
    pub fn of(plan: &'p CheckedPlan, run: &[&Clause<'p>], course: &CourseOf) -> Self {
        let mut reader = OutputReader { plan, course, columns: BTreeMap::new() };
        let mut details = OutputDetails::default();
        let mut places = HashMap::new();
        for effect in run.iter().flat_map(|clause| &clause.effects) {
            match &effect.kind {
                StatementKind::Context(template) => {
                    let shown = reader.shown(template);
                    details.paragraphs.extend((!shown.is_empty()).then_some(shown));
                }
                StatementKind::Metadata(members) => {
                    let held = details.metadata.get_or_insert_default();
                    for (key, value) in members {
                        let value = reader.value(value);
                        match *places.entry(key.as_str()).or_insert(held.len()) {
                            at if at == held.len() => held.push((key, value)),
                            at => held[at].1 = value,
                        }
                    }
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

/// Details are the same where calls get the same. Two paragraphs without holes are the same as one
/// of two lines.
impl PartialEq for OutputDetails<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.skip == other.skip && self.metadata == other.metadata && reads_alike(self.context(), other.context())
    }
}

impl<'p> OutputDetails<'p> {
    /// About how many bytes it takes; its texts and values are the plan's.
    pub fn bytes(&self) -> usize {
        let parts: usize = self.paragraphs.iter().map(|parts| 1 + parts.len()).sum();
        let members = self.metadata.iter().flatten().map(|(_, value)| value.parts());
        (parts + members.sum::<usize>()) * size_of::<MetadataPart>()
    }

    /// The same with other numbers of courses.
    pub fn with_courses(&self, number: &dyn Fn(u32) -> u32) -> Self {
        let texts = |parts: &Vec<TextPart<'p>>| parts.iter().map(|part| part.with_courses(number)).collect();
        let members = |members: &Vec<(&'p str, MetadataPart<'p>)>| {
            members.iter().map(|(key, value)| (*key, value.with_courses(number))).collect()
        };
        Self {
            paragraphs: self.paragraphs.iter().map(texts).collect(),
            metadata: self.metadata.as_ref().map(members),
            skip: self.skip,
        }
    }

    fn context(&self) -> impl Iterator<Item = ContextPart<'p, '_>> {
        let is_plain = |at: usize| matches!(*self.paragraphs[at], [TextPart::Text(_)]);
        self.paragraphs.iter().enumerate().flat_map(move |(at, parts)| {
            let between = match at.checked_sub(1) {
                None => None,
                Some(before) if is_plain(before) && is_plain(at) => Some(ContextPart::Text("\n")),
                Some(_) => Some(ContextPart::Break),
            };
            between.into_iter().chain(parts.iter().map(|part| match part {
                TextPart::Text(text) => ContextPart::Text(text),
                TextPart::Field(_) | TextPart::Attribute(_) | TextPart::Column(_) | TextPart::Timed(_) => {
                    ContextPart::Hole(part)
                }
            }))
        })
    }
}

impl<'p> TextPart<'p> {
    fn with_courses(&self, number: &dyn Fn(u32) -> u32) -> Self {
        match self {
            Self::Timed(course) => Self::Timed(number(*course)),
            Self::Text(_) | Self::Field(_) | Self::Attribute(_) | Self::Column(_) => self.clone(),
        }
    }
}

impl<'p> MetadataPart<'p> {
    fn with_courses(&self, number: &dyn Fn(u32) -> u32) -> Self {
        match self {
            Self::Constant(value) => Self::Constant(value),
            Self::Text(parts) => Self::Text(parts.iter().map(|part| part.with_courses(number)).collect()),
            Self::Bare(part) => Self::Bare(part.with_courses(number)),
            Self::Object(members) => {
                Self::Object(members.iter().map(|(key, value)| (*key, value.with_courses(number))).collect())
            }
            Self::Array(values) => Self::Array(values.iter().map(|value| value.with_courses(number)).collect()),
        }
    }
}

impl MetadataPart<'_> {
    /// Of how many parts it is made.
    fn parts(&self) -> usize {
        match self {
            Self::Constant(_) | Self::Bare(_) => 1,
            Self::Text(parts) => 1 + parts.len(),
            Self::Object(members) => 1 + members.iter().map(|(_, value)| value.parts()).sum::<usize>(),
            Self::Array(values) => 1 + values.iter().map(Self::parts).sum::<usize>(),
        }
    }
}

/// What a context is made of, one after the other.
#[derive(Clone, Copy, PartialEq)]
enum ContextPart<'p, 'd> {
    Text(&'p str),
    Hole(&'d TextPart<'p>),
    /// A new paragraph begins, where one of both has holes.
    Break,
}

/// Whether two contexts are the same, however their texts are cut into parts.
fn reads_alike<'p: 'd, 'd>(
    mut one: impl Iterator<Item = ContextPart<'p, 'd>>,
    mut other: impl Iterator<Item = ContextPart<'p, 'd>>,
) -> bool {
    let (mut left, mut right) = (one.next(), other.next());
    loop {
        (left, right) = match (left, right) {
            (None, None) => return true,
            (Some(ContextPart::Text("")), right) => (one.next(), right),
            (left, Some(ContextPart::Text(""))) => (left, other.next()),
            (Some(ContextPart::Text(text)), Some(ContextPart::Text(more))) => {
                // What is left of the longer one, and nothing of the other.
                let shorter = if text.len() < more.len() { text } else { more };
                match (text.strip_prefix(shorter), more.strip_prefix(shorter)) {
                    (Some(text), Some(more)) => (Some(ContextPart::Text(text)), Some(ContextPart::Text(more))),
                    (None, _) | (_, None) => return false,
                }
            }
            (left, right) if left == right => (one.next(), other.next()),
            _ => return false,
        };
    }
}

/// Reads texts and records the columns that they show.
struct OutputReader<'p, 'c> {
    plan: &'p CheckedPlan,
    course: &'c CourseOf<'c>,
    columns: BTreeMap<RowColumn, bool>,
}

impl<'p> OutputReader<'p, '_> {
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
                    Target::Rotation(_) => agent,
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

    fn shown(&mut self, template: &'p Template) -> Vec<TextPart<'p>> {
        let pieces =
            template.pieces.iter().filter(|piece| !matches!(piece, TemplatePart::Text(text) if text.is_empty()));
        let pieces = pieces.map(|piece| match piece {
            TemplatePart::Text(text) => TextPart::Text(text),
            TemplatePart::Hole(reading) => self.reading(*reading, true),
        });
        pieces.collect()
    }

    fn reading(&mut self, reading: HoleValue, in_text: bool) -> TextPart<'p> {
        match reading {
            HoleValue::Field(field) => TextPart::Field(field),
            HoleValue::Attribute(number) => {
                TextPart::Attribute(self.plan.definitions.attributes[number].header.to_ascii_lowercase())
            }
            HoleValue::OnCall(_) | HoleValue::Hours(..) | HoleValue::DayName(_) => {
                TextPart::Timed((self.course)(reading, in_text).unwrap_or(u32::MAX))
            }
            HoleValue::Column(slot, column) => {
                let column = self.column(slot, column);
                self.columns.entry(column.clone()).or_insert(false);
                TextPart::Column(column)
            }
        }
    }

    fn value(&mut self, value: &'p MetadataValue) -> MetadataPart<'p> {
        match value {
            MetadataValue::Constant(value) => MetadataPart::Constant(value),
            MetadataValue::Text(template) => MetadataPart::Text(self.shown(template)),
            MetadataValue::Bare(reading) => MetadataPart::Bare(self.reading(*reading, false)),
            MetadataValue::Object(members) => {
                MetadataPart::Object(members.iter().map(|(key, value)| (key.as_str(), self.value(value))).collect())
            }
            MetadataValue::Array(entries) => {
                MetadataPart::Array(entries.iter().map(|value| self.value(value)).collect())
            }
        }
    }

    fn column(&self, slot: RowSlot, column: usize) -> RowColumn {
        let test = &self.plan.definitions.row_tests[slot];
        let table = &self.plan.definitions.tables[test.table];
        RowColumn { party: test.party, table: table.name.clone(), column: table.columns[column].name.clone() }
    }
}
