//! What a plan sees of a call: each field's name, type and meaning in one entry.

use crate::types::Type;
use std::ops::{Index, IndexMut};

/// A field of a call, by its reader. The reader decides which tests the field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Field {
    /// `caller`, `dialed`, `caller.asserted`, `diverted_from`
    Number(Party),
    /// `caller.country`, `dialed.country`, `diverted_from.country`
    Country(Party),
    /// `trunk`, `organization`, `caller.name`
    Text(TextField),
    /// `attestation`
    Trust(TrustField),
    /// `time`, `date` and the rest of what the clock of the plan's zone shows
    Clock(ClockField),
}

/// Whose number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Party {
    /// `caller`
    Caller,
    /// `dialed`
    Dialed,
    /// `caller.asserted`
    Asserted,
    /// `diverted_from`
    Diverted,
}

/// A field that says how far a number is vouched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum TrustField {
    /// `attestation`
    Attestation,
}

/// How far the carrier of a call vouches for the caller's number (ATIS-1000074, SHAKEN).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attestation {
    /// The carrier knows who calls, and that the number is theirs.
    A,
    /// It knows who calls, and not whether the number is theirs.
    B,
    /// It knows only where the call came in.
    C,
    /// The signature is wrong.
    Failed,
    /// Nobody vouches for it, or it is not known who does.
    Unknown,
}

/// A field that is a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum TextField {
    /// `trunk`
    Trunk,
    /// `organization`
    Organization,
    /// `caller.name`
    CallerName,
}

/// A field that the clock of the plan's zone shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum ClockField {
    /// `time`
    Time,
    /// `date`
    Date,
    /// `weekday`
    Weekday,
    /// `day`
    Day,
    /// `month`
    Month,
    /// `now`
    Now,
}

/// The row of the field table for one field.
pub struct FieldInfo {
    /// Which, and how it is read.
    pub field: Field,
    /// As a plan writes it.
    pub name: &'static str,
    /// What values it has.
    pub field_type: Type,
    /// What it says, for the language reference.
    pub doc: &'static str,
    /// A test on it that works, for help.
    pub example: &'static str,
}

macro_rules! fields {
    ($($reader:ident($of:ident::$which:ident) $name:literal $example:literal $doc:literal,)*) => {
        /// Every field, in the order of the language reference.
        pub const FIELDS: &[FieldInfo] = &[$(FieldInfo {
            field: Field::$reader($of::$which),
            name: $name,
            field_type: Field::$reader($of::$which).value_type(),
            doc: $doc,
            example: $example,
        },)*];

        impl Field {
            /// Its entry in the table.
            pub fn entry(self) -> &'static FieldInfo {
                match self {
                    $(Self::$reader($of::$which) => const {
                        &FieldInfo {
                            field: Field::$reader($of::$which),
                            name: $name,
                            field_type: Field::$reader($of::$which).value_type(),
                            doc: $doc,
                            example: $example,
                        }
                    },)*
                    Self::Country(Party::Asserted) => unreachable!("no name of a field stands for it"),
                }
            }
        }
    };
}

fields! {
    Number(Party::Caller) "caller" "caller is +14155550100" "who calls",
    Number(Party::Dialed) "dialed" "dialed is +18005550100" "the number that was dialed",
    Number(Party::Asserted) "caller.asserted" "caller.asserted is none" "the number that the caller's carrier asserts, or none",
    Number(Party::Diverted) "diverted_from" "diverted_from in +1415*" "the first number that sent the call on, or none",
    Country(Party::Caller) "caller.country" "caller.country is US" "the country of the caller's number, or none",
    Country(Party::Dialed) "dialed.country" "dialed.country is US" "the country of the dialed number, or none",
    Country(Party::Diverted) "diverted_from.country" "diverted_from.country is GB" "the country of the number that sent the call on, or none",
    Text(TextField::Trunk) "trunk" "trunk is \"overflow\"" "the trunk it came in on; empty when there is none",
    Text(TextField::Organization) "organization" "organization is \"acme\"" "the organization it is for",
    Text(TextField::CallerName) "caller.name" "caller.name contains \"taxi\"" "the name that the caller shows; empty when there is none",
    Trust(TrustField::Attestation) "attestation" "attestation in [A, B]" "how far the carrier vouches for the caller's number",
    Clock(ClockField::Time) "time" "time in 09:00-17:00" "the time of day in the plan's zone, to the minute",
    Clock(ClockField::Date) "date" "date is 2026-12-24" "the date in the plan's zone",
    Clock(ClockField::Weekday) "weekday" "weekday in mon-fri" "the day of the week in the plan's zone",
    Clock(ClockField::Day) "day" "day in 1..7" "the day of the month in the plan's zone",
    Clock(ClockField::Month) "month" "month is dec" "the month in the plan's zone",
    Clock(ClockField::Now) "now" "now >= 2026-11-30 08:00" "date and time together, in the plan's zone",
}

impl Party {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Caller, Self::Dialed, Self::Asserted, Self::Diverted];

    /// Whether a call may have no such number: `none`, which is not the withheld one.
    pub const fn may_be_absent(self) -> bool {
        match self {
            Self::Caller | Self::Dialed => false,
            Self::Asserted | Self::Diverted => true,
        }
    }

    /// What counts call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Dialed => "dialed",
            Self::Asserted => "caller_asserted",
            Self::Diverted => "diverted_from",
        }
    }

    /// What a call as JSON, a call log and the API call it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Caller => "caller_number",
            Self::Dialed => "called_number",
            Self::Asserted => "caller_asserted",
            Self::Diverted => "diverted_from",
        }
    }
}

impl TrustField {
    /// What a call as JSON, a call log and the API call it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Attestation => "attestation",
        }
    }
}

impl Attestation {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::A, Self::B, Self::C, Self::Failed, Self::Unknown];

    /// As a plan writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// The one that a plan writes so.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attestation| attestation.word() == word)
    }

    /// What a call brings: a word of the language, whatever its capitals, or the value of a
    /// `verstat` parameter such as `TN-Validation-Passed-A`. A validation that passed without a
    /// level, and anything else, is unknown.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        let is_word = |attestation: &Self| text.eq_ignore_ascii_case(attestation.word());
        if let Some(attestation) = Self::ALL.into_iter().find(is_word) {
            return attestation;
        }
        let begins = |start: &str| text.get(..start.len()).is_some_and(|begun| begun.eq_ignore_ascii_case(start));
        if begins("TN-Validation-Failed") {
            return Self::Failed;
        }
        let level = text.get("TN-Validation-Passed-".len()..).filter(|_| begins("TN-Validation-Passed-"));
        let level = level.and_then(|level| level.split('-').next()).unwrap_or_default();
        let levels = [Self::A, Self::B, Self::C].into_iter();
        levels.into_iter().find(|known| level.eq_ignore_ascii_case(known.word())).unwrap_or(Self::Unknown)
    }
}

impl TextField {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Trunk, Self::Organization, Self::CallerName];

    /// What a call as JSON, a call log and the API call it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Trunk => "trunk_id",
            Self::Organization => "organization_id",
            Self::CallerName => "caller_name",
        }
    }

    /// What a group of calls as JSON calls the texts that they have.
    pub const fn group_key(self) -> &'static str {
        match self {
            Self::Trunk => "trunk",
            Self::Organization => "organization",
            Self::CallerName => "caller_name",
        }
    }

    /// The preposition and the noun by which a sentence about calls names it: *on trunk …*.
    pub const fn in_words(self) -> (&'static str, &'static str) {
        match self {
            Self::Trunk => ("on", "trunk"),
            Self::Organization => ("for", "organization"),
            Self::CallerName => ("with", "caller name"),
        }
    }

    /// The words before it in the call of an example in a plan; `None` where no example has it. It
    /// then has the empty text.
    pub const fn in_examples(self) -> Option<&'static str> {
        match self {
            Self::Trunk => Some("on trunk"),
            Self::Organization => None,
            Self::CallerName => Some("named"),
        }
    }
}

/// A value for each party.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ByParty<T>([T; Party::ALL.len()]);

impl<T> ByParty<T> {
    /// Makes the value of each party; the first error ends it.
    pub fn try_from_fn<E>(mut value: impl FnMut(Party) -> Result<T, E>) -> Result<Self, E> {
        let [caller, dialed, asserted, diverted] = Party::ALL.map(&mut value);
        Ok(Self([caller?, dialed?, asserted?, diverted?]))
    }

    /// The values, in the order of [`Party::ALL`].
    pub fn into_all(self) -> [T; Party::ALL.len()] {
        self.0
    }
}

impl<T> Index<Party> for ByParty<T> {
    type Output = T;

    fn index(&self, party: Party) -> &T {
        &self.0[party as usize]
    }
}

impl<T> IndexMut<Party> for ByParty<T> {
    fn index_mut(&mut self, party: Party) -> &mut T {
        &mut self.0[party as usize]
    }
}

/// A value for each text field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ByTextField<T>([T; TextField::ALL.len()]);

impl<T> ByTextField<T> {
    /// Makes the value of each field.
    pub fn from_fn(mut value: impl FnMut(TextField) -> T) -> Self {
        Self(TextField::ALL.map(&mut value))
    }

    /// Each field with its value, in the order of [`TextField::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (TextField, &T)> {
        TextField::ALL.into_iter().zip(&self.0)
    }
}

impl<T> Index<TextField> for ByTextField<T> {
    type Output = T;

    fn index(&self, field: TextField) -> &T {
        &self.0[field as usize]
    }
}

impl<T> IndexMut<TextField> for ByTextField<T> {
    fn index_mut(&mut self, field: TextField) -> &mut T {
        &mut self.0[field as usize]
    }
}

impl ClockField {
    /// What values it has.
    pub const fn value_type(self) -> Type {
        match self {
            Self::Time => Type::Time,
            Self::Date => Type::Date,
            Self::Weekday => Type::Weekday,
            Self::Day => Type::Day,
            Self::Month => Type::Month,
            Self::Now => Type::Moment,
        }
    }
}

impl Field {
    /// The field of a plain name or of a name with a dot.
    pub fn find(name: &str, after_dot: Option<&str>) -> Option<Self> {
        let matches = |entry: &&FieldInfo| match after_dot {
            None => entry.name == name,
            Some(after) => entry.name.split_once('.') == Some((name, after)),
        };
        FIELDS.iter().find(matches).map(|entry| entry.field)
    }

    /// As a plan writes it.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// What values it has.
    pub const fn value_type(self) -> Type {
        match self {
            Self::Number(_) => Type::Number,
            Self::Country(_) => Type::Country,
            Self::Text(_) => Type::Text,
            Self::Trust(TrustField::Attestation) => Type::Attestation,
            Self::Clock(field) => field.value_type(),
        }
    }

    /// Whether it is read on the clock of the plan's zone.
    pub fn is_of_the_clock(self) -> bool {
        match self {
            Self::Clock(_) => true,
            Self::Number(_) | Self::Country(_) | Self::Text(_) | Self::Trust(_) => false,
        }
    }

    /// Whether its name is free: where a plan defines something by it, that is meant.
    pub fn is_free_word(self) -> bool {
        matches!(self.name(), "diverted_from" | "diverted_from.country" | "attestation")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_found_by_its_name_and_by_its_field() {
        for entry in FIELDS {
            let (name, after) =
                entry.name.split_once('.').map_or((entry.name, None), |(name, after)| (name, Some(after)));
            assert_eq!(Field::find(name, after), Some(entry.field));
            assert_eq!(entry.field.entry().name, entry.name);
        }
    }

    #[test]
    fn an_attestation_is_read_from_a_word_or_a_parameter() {
        for (text, read) in [
            ("a", Attestation::A),
            (" B ", Attestation::B),
            ("FAILED", Attestation::Failed),
            ("TN-Validation-Passed-A", Attestation::A),
            ("tn-validation-passed-c-diverted", Attestation::C),
            ("TN-Validation-Passed", Attestation::Unknown),
            ("TN-Validation-Passed-AB", Attestation::Unknown),
            ("TN-Validation-Failed-B", Attestation::Failed),
            ("No-TN-Validation", Attestation::Unknown),
            ("", Attestation::Unknown),
            ("ü", Attestation::Unknown),
        ] {
            assert_eq!(Attestation::read(text), read, "{text}");
        }
        assert!(Attestation::ALL.iter().enumerate().all(|(at, attestation)| *attestation as usize == at));
        assert!(Party::ALL.iter().enumerate().all(|(at, party)| *party as usize == at));
    }

    #[test]
    fn every_text_field_is_at_the_place_of_its_number() {
        let places = ByTextField::from_fn(|field| field);
        for entry in FIELDS {
            if let Field::Text(field) = entry.field {
                assert_eq!(places[field], field);
            }
        }
        assert_eq!(FIELDS.iter().filter(|entry| matches!(entry.field, Field::Text(_))).count(), TextField::ALL.len());
    }
}
