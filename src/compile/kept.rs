//! The form in which a compiled plan is kept beside its text: what serde makes of a [`DecisionPlan`].
//!
//! It is for the same build of the program alone: what its numbers mean is in the code, and its zones
//! are those of the database in the program. Nothing in it is checked, neither that a node leads to
//! one that is there nor that the diagram ends. Whoever keeps it makes sure, by a checksum, that it
//! is what was written. For the same reason the forms of public types that are part of it
//! ([`Field`](crate::fields::Field), [`E164`](crate::phone::E164), …) are no contract.

use super::FilledDiagram;
use super::decision_plan::{DecisionForm, DecisionPlan};
use super::horizon::Horizon;
use crate::phone::KeyMap;
use crate::plan::{Agent, Attribute, Definitions, Reader, RowTest, Table};
use crate::schedule::{HandOver, Moment, Rotation, RotationLine, Zone};
use jiff::civil::Date;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};
use std::sync::Arc;

/// A day as numbers.
type Day = (i16, i8, i8);

/// A plan to be written.
#[derive(serde::Serialize)]
struct Written<'p> {
    first_day: Day,
    diagram: &'p FilledDiagram,
    zone: &'p str,
    reader: &'p Reader,
    agents: &'p [Agent],
    switches: &'p [String],
    attributes: &'p [Attribute],
    rotations: Vec<KeptRotation>,
    tables: &'p [Table],
    row_tests: &'p [RowTest],
    dates_end: Option<Day>,
}

/// The same, as it is read.
#[derive(serde::Deserialize)]
struct Read {
    first_day: Day,
    diagram: Box<FilledDiagram>,
    zone: String,
    reader: Reader,
    agents: Vec<Agent>,
    switches: Vec<String>,
    attributes: Vec<Attribute>,
    rotations: Vec<KeptRotation>,
    tables: Vec<Table>,
    row_tests: Vec<RowTest>,
    dates_end: Option<Day>,
}

/// A rotation: its name, its zone, its lines.
type KeptRotation = (String, String, Vec<KeptLine>);

/// A line of a rotation: when it begins and ends, how often it hands over, and to whom.
type KeptLine = (KeptMoment, Option<KeptMoment>, Option<HandOver>, Vec<usize>);

/// A day and a minute.
type KeptMoment = (Day, u16);

fn kept_rotation((name, rotation): &(String, Rotation)) -> KeptRotation {
    let moment = |moment: Moment| (numbers(moment.date), moment.minute);
    let line = |line: &RotationLine| (moment(line.from), line.to.map(moment), line.every, line.agents.clone());
    (name.clone(), rotation.zone().name().to_owned(), rotation.lines().iter().map(line).collect())
}

fn rotation<E: serde::de::Error>((name, zone, lines): KeptRotation) -> Result<(String, Rotation), E> {
    let moment = |(day, minute): KeptMoment| Ok::<_, E>(Moment { date: date(day)?, minute });
    let line = |(from, to, every, agents): KeptLine| {
        Ok(RotationLine { from: moment(from)?, to: to.map(moment).transpose()?, every, agents })
    };
    let lines = lines.into_iter().map(line).collect::<Result<Vec<RotationLine>, E>>()?;
    let zone = Zone::kept(&zone).ok_or_else(|| E::custom("there is no such zone"))?;
    let rotation = Rotation::new(zone, lines).map_err(|_| E::custom("lines of a rotation conflict"))?;
    Ok((name, rotation))
}

fn numbers(date: Date) -> Day {
    (date.year(), date.month(), date.day())
}

fn date<E: serde::de::Error>((year, month, day): Day) -> Result<Date, E> {
    Date::new(year, month, day).map_err(E::custom)
}

impl DecisionPlan {
    /// Whether it can be kept: a plan without a diagram is its statements, which are not.
    pub fn can_be_kept(&self) -> bool {
        matches!(self.form, DecisionForm::Diagram(..))
    }

    /// The first day for which it is compiled.
    pub fn first_day(&self) -> Date {
        self.horizon.first_day
    }
}

impl Serialize for DecisionPlan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let DecisionForm::Diagram(diagram, definitions) = &self.form else {
            return Err(S::Error::custom("a plan without a diagram cannot be kept"));
        };
        let written = Written {
            first_day: numbers(self.horizon.first_day),
            diagram,
            zone: definitions.zone.name(),
            reader: &definitions.reader,
            agents: &definitions.agents,
            switches: &definitions.switches,
            attributes: &definitions.attributes,
            rotations: definitions.rotations.iter().map(kept_rotation).collect(),
            tables: &definitions.tables,
            row_tests: &definitions.row_tests,
            dates_end: definitions.dates_end.map(numbers),
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for DecisionPlan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Read::deserialize(deserializer)?;
        let (mut diagram, mut tables) = (read.diagram, read.tables);
        let mut texts = read.agents.iter().map(|agent| Arc::clone(&agent.id)).collect();
        diagram.leaves.iter_mut().for_each(|leaf| leaf.share_texts(&mut texts));
        for table in &mut tables {
            table.keys = KeyMap::new(&table.patterns).0;
            // What is read piece by piece has room for more.
            table.cells.shrink_to_fit();
            table.patterns.shrink_to_fit();
        }
        let definitions = Definitions {
            zone: Zone::kept(&read.zone).ok_or_else(|| D::Error::custom("there is no such zone"))?,
            reader: read.reader,
            agents: read.agents,
            switches: read.switches,
            attributes: read.attributes,
            rotations: read.rotations.into_iter().map(rotation).collect::<Result<_, D::Error>>()?,
            tables,
            row_tests: read.row_tests,
            dates_end: read.dates_end.map(date).transpose()?,
            ..Definitions::default()
        };
        let horizon = Horizon::of(date(read.first_day)?);
        Ok(Self { form: DecisionForm::Diagram(diagram, Box::new(definitions)), horizon })
    }
}

/// JSON as its text: the form of a kept plan has no names of types, which JSON needs.
pub(super) mod raw_json {
    use super::*;
    use serde_json::value::RawValue;

    pub fn serialize<S: Serializer>(value: &Option<Box<RawValue>>, serializer: S) -> Result<S::Ok, S::Error> {
        value.as_deref().map(RawValue::get).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(RawValue::from_string).transpose().map_err(D::Error::custom)
    }
}
