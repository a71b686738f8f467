//! The types of the language: what values a field or a column has.

/// A type, as messages name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// `+14155550100`, `anonymous`, `"1001"`
    Number,
    /// `"gold"`
    Text,
    /// `09:00`
    Time,
    /// `2026-12-24`
    Date,
    /// `2026-11-30 08:00`
    Moment,
    /// `mon`
    Weekday,
    /// A day of the month: `17`
    Day,
    /// `nov`
    Month,
    /// `US`, `unknown`
    Country,
    /// `A`, `failed`
    Attestation,
    /// `3`
    Integer,
    /// `0.5`
    Decimal,
    /// `true`, `false`
    Boolean,
    /// The name of an agent
    Agent,
    /// The name of a schedule
    Schedule,
}

impl Type {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "Number",
            Self::Text => "Text",
            Self::Time => "Time",
            Self::Date => "Date",
            Self::Moment => "Moment",
            Self::Weekday => "Weekday",
            Self::Day => "Day",
            Self::Month => "Month",
            Self::Country => "Country",
            Self::Attestation => "Attestation",
            Self::Integer => "Integer",
            Self::Decimal => "Decimal",
            Self::Boolean => "Boolean",
            Self::Agent => "Agent",
            Self::Schedule => "Schedule",
        }
    }

    /// With its article: `a Number`, `an Integer`.
    pub fn with_article(self) -> &'static str {
        match self {
            Self::Number => "a Number",
            Self::Text => "a Text",
            Self::Time => "a Time",
            Self::Date => "a Date",
            Self::Moment => "a Moment",
            Self::Weekday => "a Weekday",
            Self::Day => "a Day",
            Self::Month => "a Month",
            Self::Country => "a Country",
            Self::Attestation => "an Attestation",
            Self::Integer => "an Integer",
            Self::Decimal => "a Decimal",
            Self::Boolean => "a Boolean",
            Self::Agent => "an Agent",
            Self::Schedule => "a Schedule",
        }
    }

    /// Whether its values have an order that tests may ask for.
    pub fn is_ordered(self) -> bool {
        match self {
            Self::Time | Self::Date | Self::Moment | Self::Day | Self::Integer | Self::Decimal => true,
            Self::Number
            | Self::Text
            | Self::Weekday
            | Self::Month
            | Self::Country
            | Self::Attestation
            | Self::Boolean
            | Self::Agent
            | Self::Schedule => false,
        }
    }
}
