//! Conditions: each test is a set on one axis, and what it asks is written out.

use crate::call::Call;
use crate::fields::{Party, TextField};
use crate::phone::{Country, NumberSet};
use crate::plan::{Decimal, Definitions, TextTest};
use crate::schedule::{DaySet, Window};
use crate::source::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::ops::Deref;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// The number of a test that finds a row, among all such tests of a plan.
pub type RowSlot = usize;

/// A test that finds a row: `caller in accounts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RowTest {
    /// Whose number it looks for.
    pub(crate) party: Party,
    /// In the table of this number.
    pub(crate) table: usize,
}

/// A condition.
#[derive(Clone, Debug)]
pub enum Condition {
    /// All hold; they are asked in order, up to the first that does not.
    All(Operands),
    /// One holds; they are asked in order, up to the first that does.
    Any(Operands),
    /// It does not hold.
    Not(Negated),
    /// The condition of this number, with the place where it is named.
    Named(usize, Span),
    /// A test.
    Test(Test),
}

/// What `and` or `or` joins.
#[derive(Clone, Debug, Default)]
pub struct Operands {
    pub(crate) conditions: Box<[Condition]>,
    /// Where each `and` or `or` stands: one fewer; none where nobody wrote any.
    pub(crate) connectives: Box<[Span]>,
    /// From the first operand to the last.
    pub(crate) span: Span,
}

impl Deref for Operands {
    type Target = [Condition];

    fn deref(&self) -> &[Condition] {
        &self.conditions
    }
}

/// A condition that is not to hold.
#[derive(Clone, Debug)]
pub struct Negated {
    pub(crate) condition: Box<Condition>,
    /// With its `not`.
    pub(crate) span: Span,
}

impl Deref for Negated {
    type Target = Condition;

    fn deref(&self) -> &Condition {
        &self.condition
    }
}

impl Condition {
    /// Where it stands, without parentheses around it.
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::All(operands) | Self::Any(operands) => operands.span,
            Self::Not(negated) => negated.span,
            Self::Named(_, span) => *span,
            Self::Test(test) => test.span,
        }
    }

    /// How many tests and names it is made of.
    pub fn size(&self) -> usize {
        self.leaves().count()
    }
}

/// A question, and the answer that makes the test hold.
#[derive(Clone, Debug)]
pub struct Test {
    pub(crate) question: Question,
    /// `is not` and `not in` hold when the answer is no.
    pub(crate) expected: bool,
    pub(crate) span: Span,
}

/// What a test asks of a call.
#[derive(Clone, Debug)]
pub enum Question {
    /// Is the number in this set?
    Number(Party, Arc<NumberSet>),
    /// Has the call no such number?
    Absent(Party),
    /// Does this test find a row?
    Row(RowSlot),
    /// Is the number's country one of these? `None` among them is no country.
    Country(Party, BTreeSet<Option<Country>>),
    /// Is it one of these? Bit 0 is [`Attestation::A`](crate::fields::Attestation::A).
    Attestation(u8),
    /// Is the text such?
    Text(CallText, TextTest),
    /// Is the time in one of these windows?
    Time(Vec<Window>),
    /// Is the weekday one of these? Bit 0 is Monday.
    Weekday(u8),
    /// Is the day of the month one of these? Bit 1 is the first.
    Day(u32),
    /// Is the month one of these? Bit 1 is January.
    Month(u16),
    /// Is the date one of these?
    Date(DateTest),
    /// Is it this instant or later?
    From(Timestamp),
    /// Is the schedule of this number open?
    Open(usize),
    /// Is one of these agents on call by the rotation of this number?
    OnCall(usize, BTreeSet<usize>),
    /// Is the switch of this number on?
    Switch(usize),
    /// Is the cell of the row that a test finds such a value?
    Column(RowSlot, usize, ColumnTest),
}

/// A text of a call that a test can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallText {
    /// A field of every call.
    Field(TextField),
    /// The attribute of this number, which the plan declares.
    Attribute(usize),
}

impl CallText {
    /// The text of a call; `None` where it does not have it.
    pub(crate) fn get<'c>(self, definitions: &Definitions, call: &'c Call) -> Option<&'c str> {
        match self {
            Self::Field(field) => call.text(field),
            Self::Attribute(number) => call.attribute(&definitions.attributes[number].header),
        }
    }

    /// Gives a call this text.
    pub(crate) fn set(self, definitions: &Definitions, call: &mut Call, text: Option<String>) {
        match self {
            Self::Field(field) => *call.text_mut(field) = text,
            Self::Attribute(number) => {
                let header = &definitions.attributes[number].header;
                call.attributes.retain(|(name, _)| !name.eq_ignore_ascii_case(header));
                call.attributes.extend(text.map(|text| (header.clone(), text)));
            }
        }
    }
}

/// The dates that a test asks for.
#[derive(Clone, Debug)]
pub enum DateTest {
    /// From one to another, both in it.
    Ranges(Vec<RangeInclusive<Date>>),
    /// In a `days` set.
    Set(Arc<DaySet>),
}

/// What a test asks of a row's cell.
#[derive(Clone, Debug)]
pub enum ColumnTest {
    /// Is the text one of these?
    Text(BTreeSet<String>),
    /// Is the number in one of these ranges, both ends in it?
    Figure(Vec<RangeInclusive<Decimal>>),
    /// Below, or above, without the end itself.
    Beyond {
        /// The end.
        than: Decimal,
        /// Below it, or above it.
        below: bool,
    },
    /// Is it true?
    Boolean,
    /// Is the cell's schedule open?
    Open,
}
