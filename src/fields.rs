//! What a plan sees of a call: each field's name, type and meaning in one entry.

use crate::types::Type;

/// A field of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// `caller`
    Caller,
    /// `dialed`
    Dialed,
    /// `caller.country`
    CallerCountry,
    /// `dialed.country`
    DialedCountry,
    /// `trunk`
    Trunk,
    /// `organization`
    Organization,
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

/// What there is to know of a field.
pub struct Entry {
    /// Which.
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
    ($($field:ident $name:literal $field_type:ident $example:literal $doc:literal,)*) => {
        /// Every field, in the order of the language reference.
        pub const FIELDS: &[Entry] = &[$(Entry {
            field: Field::$field, name: $name, field_type: Type::$field_type, doc: $doc, example: $example,
        },)*];
    };
}

fields! {
    Caller "caller" Number "caller is +14155550100" "who calls",
    Dialed "dialed" Number "dialed is +18005550100" "the number that was dialed",
    CallerCountry "caller.country" Country "caller.country is US" "the country of the caller's number, or none",
    DialedCountry "dialed.country" Country "dialed.country is US" "the country of the dialed number, or none",
    Trunk "trunk" Text "trunk is \"overflow\"" "the trunk it came in on; empty when there is none",
    Organization "organization" Text "organization is \"acme\"" "the organization it is for",
    Time "time" Time "time in 09:00-17:00" "the time of day in the plan's zone, to the minute",
    Date "date" Date "date is 2026-12-24" "the date in the plan's zone",
    Weekday "weekday" Weekday "weekday in mon-fri" "the day of the week in the plan's zone",
    Day "day" Day "day in 1..7" "the day of the month in the plan's zone",
    Month "month" Month "month is dec" "the month in the plan's zone",
    Now "now" Moment "now >= 2026-11-30 08:00" "date and time together, in the plan's zone",
}

impl Field {
    /// The field of a plain name or of a name with a dot.
    pub fn find(name: &str, after_dot: Option<&str>) -> Option<Self> {
        let matches = |entry: &&Entry| match after_dot {
            None => entry.name == name,
            Some(after) => entry.name.split_once('.') == Some((name, after)),
        };
        FIELDS.iter().find(matches).map(|entry| entry.field)
    }

    /// Its entry in the table.
    pub fn entry(self) -> &'static Entry {
        // The table has every field, in the order of the enum; a test says so.
        &FIELDS[self as usize]
    }

    /// As a plan writes it.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Whether it is read on the clock of the plan's zone.
    pub fn is_of_the_clock(self) -> bool {
        match self {
            Self::Time | Self::Date | Self::Weekday | Self::Day | Self::Month | Self::Now => true,
            Self::Caller
            | Self::Dialed
            | Self::CallerCountry
            | Self::DialedCountry
            | Self::Trunk
            | Self::Organization => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_field_in_the_order_of_the_enum() {
        for (at, entry) in FIELDS.iter().enumerate() {
            assert_eq!(entry.field as usize, at);
            let (name, after) =
                entry.name.split_once('.').map_or((entry.name, None), |(name, after)| (name, Some(after)));
            assert_eq!(Field::find(name, after), Some(entry.field));
        }
        assert_eq!(Field::Now as usize + 1, FIELDS.len());
    }
}
