//! What a plan reads of a call: each field once, and how it is shown.

use crate::call::Call;
use crate::fields::Field;
use crate::phone::{Country, Number, shown_text};
use crate::plan::{Definitions, Party, TextField};
use crate::schedule::Moment;
use jiff::civil::Weekday;
use serde_json::Value;
use std::cell::OnceCell;
use std::collections::HashSet;

/// A call, read as the plan reads it.
pub(crate) struct Facts<'p> {
    pub(crate) call: &'p Call,
    caller: Number<'p>,
    dialed: Number<'p>,
    definitions: &'p Definitions,
    moment: OnceCell<Moment>,
    countries: [OnceCell<Option<Country>>; 2],
    switches_on: OnceCell<HashSet<&'p str>>,
}

impl<'p> Facts<'p> {
    pub(crate) fn of(call: &'p Call, definitions: &'p Definitions) -> Self {
        Self {
            call,
            caller: Number::read(call.caller_number.as_deref().unwrap_or_default()),
            dialed: Number::read(&call.called_number),
            definitions,
            moment: OnceCell::new(),
            countries: Default::default(),
            switches_on: OnceCell::new(),
        }
    }

    pub(crate) fn number(&self, party: Party) -> &Number<'p> {
        match party {
            Party::Caller => &self.caller,
            Party::Dialed => &self.dialed,
        }
    }

    pub(crate) fn country(&self, party: Party) -> Option<Country> {
        let known = &self.countries[match party {
            Party::Caller => 0,
            Party::Dialed => 1,
        }];
        *known.get_or_init(|| match self.number(party) {
            Number::E164(number) => Country::of_number(*number),
            Number::Withheld | Number::Local(_) => None,
        })
    }

    pub(crate) fn text(&self, field: TextField) -> &'p str {
        match field {
            TextField::Trunk => self.call.trunk_id.as_deref().unwrap_or_default(),
            TextField::Organization => self.call.organization_id.as_deref().unwrap_or_default(),
        }
    }

    /// What the clock of the plan's zone shows.
    pub(crate) fn moment(&self) -> Moment {
        *self.moment.get_or_init(|| self.definitions.zone.read(self.call.timestamp))
    }

    /// Whether the switch of this number is on.
    pub(crate) fn is_on(&self, switch: usize) -> bool {
        let Some(name) = self.definitions.switches.get(switch) else { return false };
        // A call that brings many is asked once for all; the few that calls really bring are looked through.
        if self.call.switches.len() <= 8 {
            return self.call.switches.contains(name);
        }
        let on = || self.call.switches.iter().map(String::as_str).collect();
        self.switches_on.get_or_init(on).contains(name.as_str())
    }

    /// What a split hashes beside its name.
    pub(crate) fn subject(&self, by_caller: bool) -> String {
        let whole = |number: &Number| match number {
            Number::Withheld => "anonymous".to_owned(),
            Number::E164(number) => number.to_string(),
            Number::Local(text) => (*text).to_owned(),
        };
        match by_caller {
            true => whole(&self.caller),
            false => format!("{} {} {}", whole(&self.caller), whole(&self.dialed), seconds(self.call)),
        }
    }

    /// How a hole shows the field.
    pub(crate) fn shown(&self, field: Field) -> String {
        let moment = || self.moment();
        match field {
            Field::Caller => self.caller.to_string(),
            Field::Dialed => self.dialed.to_string(),
            Field::CallerCountry => shown_country(self.country(Party::Caller)),
            Field::DialedCountry => shown_country(self.country(Party::Dialed)),
            Field::Trunk => shown_text(self.text(TextField::Trunk)),
            Field::Organization => shown_text(self.text(TextField::Organization)),
            Field::Time => shown_time(moment().minute),
            Field::Date => moment().date.to_string(),
            Field::Weekday => weekday_word(moment().weekday()).to_owned(),
            Field::Day => moment().date.day().to_string(),
            Field::Month => month_word(moment().date.month()).to_owned(),
            Field::Now => format!("{} {}", moment().date, shown_time(moment().minute)),
        }
    }

    /// The field as a metadata value: no country is null, the rest is its text.
    pub(crate) fn bare(&self, field: Field) -> Value {
        let party = match field {
            Field::CallerCountry => Party::Caller,
            Field::DialedCountry => Party::Dialed,
            Field::Caller
            | Field::Dialed
            | Field::Trunk
            | Field::Organization
            | Field::Time
            | Field::Date
            | Field::Weekday
            | Field::Day
            | Field::Month
            | Field::Now => return Value::from(self.shown(field)),
        };
        self.country(party).map_or(Value::Null, |country| Value::from(country.code().to_owned()))
    }
}

/// Whole seconds since 1970; what comes before a second is over belongs to it, before 1970 too.
fn seconds(call: &Call) -> i64 {
    call.timestamp.as_millisecond().div_euclid(1000)
}

fn shown_country(country: Option<Country>) -> String {
    country.map_or_else(|| "unknown".to_owned(), |country| country.code().to_owned())
}

/// `09:00`
pub(crate) fn shown_time(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `mon`
pub(crate) fn weekday_word(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "mon",
        Weekday::Tuesday => "tue",
        Weekday::Wednesday => "wed",
        Weekday::Thursday => "thu",
        Weekday::Friday => "fri",
        Weekday::Saturday => "sat",
        Weekday::Sunday => "sun",
    }
}

/// `jan` for 1
pub(crate) fn month_word(month: i8) -> &'static str {
    const WORDS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    WORDS[(month.clamp(1, 12) - 1) as usize]
}

/// What is worth knowing about how the call was read.
pub(crate) fn notes(call: &Call) -> Vec<String> {
    let numbers = [("caller", call.caller_number.as_deref()), ("dialed", Some(call.called_number.as_str()))];
    let local = numbers.into_iter().filter_map(|(name, text)| Some((name, Number::read(text?))));
    local
        .filter(|(_, number)| number.is_digits_without_plus())
        .map(|(name, number)| {
            format!(
                "`{name}` is `{}`: digits without `+` are a local number, compared as text; no country is guessed",
                number
            )
        })
        .collect()
}
