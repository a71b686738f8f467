//! What a plan sees of a call: each field's name, type and meaning in one entry.

use crate::types::Type;
use std::ops::{Index, IndexMut};

/// A field of a call, by its reader. The reader decides which tests the field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Field {
    /// `caller`, `dialed`
    Number(Party),
    /// `caller.country`, `dialed.country`
    Country(Party),
    /// `trunk`, `organization`
    Text(TextField),
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
}

/// A field that is a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum TextField {
    /// `trunk`
    Trunk,
    /// `organization`
    Organization,
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
                }
            }
        }
    };
}

fields! {
    Number(Party::Caller) "caller" "caller is +14155550100" "who calls",
    Number(Party::Dialed) "dialed" "dialed is +18005550100" "the number that was dialed",
    Country(Party::Caller) "caller.country" "caller.country is US" "the country of the caller's number, or none",
    Country(Party::Dialed) "dialed.country" "dialed.country is US" "the country of the dialed number, or none",
    Text(TextField::Trunk) "trunk" "trunk is \"overflow\"" "the trunk it came in on; empty when there is none",
    Text(TextField::Organization) "organization" "organization is \"acme\"" "the organization it is for",
    Clock(ClockField::Time) "time" "time in 09:00-17:00" "the time of day in the plan's zone, to the minute",
    Clock(ClockField::Date) "date" "date is 2026-12-24" "the date in the plan's zone",
    Clock(ClockField::Weekday) "weekday" "weekday in mon-fri" "the day of the week in the plan's zone",
    Clock(ClockField::Day) "day" "day in 1..7" "the day of the month in the plan's zone",
    Clock(ClockField::Month) "month" "month is dec" "the month in the plan's zone",
    Clock(ClockField::Now) "now" "now >= 2026-11-30 08:00" "date and time together, in the plan's zone",
}

impl TextField {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 2] = [Self::Trunk, Self::Organization];

    /// What a call as JSON, a call log and the API call it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Trunk => "trunk_id",
            Self::Organization => "organization_id",
        }
    }

    /// What a group of calls as JSON calls the texts that they have.
    pub const fn group_key(self) -> &'static str {
        match self {
            Self::Trunk => "trunk",
            Self::Organization => "organization",
        }
    }

    /// The preposition and the noun by which a sentence about calls names it: *on trunk …*.
    pub const fn in_words(self) -> (&'static str, &'static str) {
        match self {
            Self::Trunk => ("on", "trunk"),
            Self::Organization => ("for", "organization"),
        }
    }

    /// Whether the call of an example in a plan can have it. Of another field, it has the empty
    /// text.
    pub const fn is_in_examples(self) -> bool {
        match self {
            Self::Trunk => true,
            Self::Organization => false,
        }
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
            Self::Clock(field) => field.value_type(),
        }
    }

    /// Whether it is read on the clock of the plan's zone.
    pub fn is_of_the_clock(self) -> bool {
        match self {
            Self::Clock(_) => true,
            Self::Number(_) | Self::Country(_) | Self::Text(_) => false,
        }
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
