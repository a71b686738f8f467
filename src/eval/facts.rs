//! What a plan reads of a call: each field once, and how it is shown.

use super::told::{ToldAhead, add_change, add_hours};
use crate::call::Call;
use crate::fields::{ByParty, ClockField, Field, TrustField};
use crate::phone::{Country, Number, SHOWN_CHARACTERS, SHOWN_LOCAL, SafeText};
use crate::plan::{Agent, CallText, Cell, Definitions, HoursPart, Party, Reader, RowSlot, RowTest};
use crate::schedule::Moment;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use serde_json::Value;
use std::borrow::Cow;
use std::cell::{self, OnceCell, RefCell};
use std::collections::{BTreeMap, HashSet};
use std::fmt::{self, Write};

/// A call, read as the plan reads it.
pub(crate) struct Facts<'p> {
    pub(crate) call: &'p Call,
    definitions: &'p Definitions,
    numbers: ByParty<OnceCell<Option<Number<'p>>>>,
    /// The last row that was looked for, by its slot: what is said of a row is mostly said at once.
    row: cell::Cell<Option<(RowSlot, Option<usize>)>>,
    moment: OnceCell<Moment>,
    countries: ByParty<OnceCell<Option<Country>>>,
    switches_on: OnceCell<HashSet<&'p str>>,
    /// What holes tell of schedules and days at the time of the call, where that was worked out.
    ahead: Option<&'p ToldAhead>,
    /// The next openings, and the next closings, that were searched for, by schedule: a context may
    /// tell of one many times.
    changes: RefCell<BTreeMap<(usize, bool), Option<Timestamp>>>,
    day_names: RefCell<BTreeMap<usize, &'p str>>,
}

impl<'p> Facts<'p> {
    pub(crate) fn of(call: &'p Call, definitions: &'p Definitions) -> Self {
        Self {
            call,
            definitions,
            numbers: Default::default(),
            row: cell::Cell::new(None),
            moment: OnceCell::new(),
            countries: Default::default(),
            switches_on: OnceCell::new(),
            ahead: None,
            changes: RefCell::default(),
            day_names: RefCell::default(),
        }
    }

    /// The same, with what holes tell at the time of the call.
    pub(crate) fn with_ahead(self, ahead: Option<&'p ToldAhead>) -> Self {
        Self { ahead, ..self }
    }

    /// When a schedule opens next, or closes.
    pub(crate) fn next_change(&self, schedule: usize, opens: bool) -> Option<Timestamp> {
        if let Some(hours) = self.ahead.and_then(|ahead| ahead.schedule(schedule)) {
            return hours.next_change(self.call.timestamp, opens);
        }
        let search = || self.definitions.schedules[schedule].1.next_change(self.call.timestamp, opens);
        *self.changes.borrow_mut().entry((schedule, opens)).or_insert_with(search)
    }

    /// Adds what a hole tells of a schedule's hours.
    pub(crate) fn tell_hours(&self, schedule: usize, part: HoursPart, text: &mut String) {
        let ahead = self.ahead.and_then(|ahead| ahead.schedule(schedule));
        let zone = match ahead {
            Some(hours) => &hours.zone,
            None => self.definitions.schedules[schedule].1.zone(),
        };
        let now = self.call.timestamp;
        match part {
            HoursPart::Opens | HoursPart::Closes => {
                let opens = part == HoursPart::Opens;
                add_change(now, self.next_change(schedule, opens), opens, zone, text);
            }
            HoursPart::Hours => {
                let today = zone.read(now).date;
                match ahead {
                    Some(hours) => add_hours(hours.hours_from(today), text),
                    None => add_hours(&self.definitions.schedules[schedule].1.hours_from(today), text),
                }
            }
        }
    }

    /// What people call the day, by a set of days.
    pub(crate) fn day_name(&self, set: usize) -> &'p str {
        let today: Date = self.moment().date;
        if let Some(names) = self.ahead.and_then(|ahead| ahead.day_names(set)) {
            return names.get(today).map_or("", |name| name);
        }
        let search = || self.definitions.days[set].1.name_of(today).unwrap_or_default();
        self.day_names.borrow_mut().entry(set).or_insert_with(search)
    }

    /// The number of a party; `None` where the call has none.
    pub(crate) fn number(&self, party: Party) -> Option<&Number<'p>> {
        self.numbers[party].get_or_init(|| self.definitions.reader.number(self.call, party)).as_ref()
    }

    /// The number of the caller or the dialed one, which every call has.
    pub(crate) fn own_number(&self, party: Party) -> &Number<'p> {
        self.number(party).unwrap_or(&Number::Withheld)
    }

    /// The row that a test finds.
    pub(crate) fn row(&self, slot: RowSlot) -> Option<usize> {
        match self.row.get() {
            Some((last, row)) if last == slot => row,
            _ => {
                let RowTest { party, table } = self.definitions.row_tests[slot];
                let row = self.number(party).and_then(|number| self.definitions.tables[table].row_of(number));
                self.row.set(Some((slot, row)));
                row
            }
        }
    }

    /// A cell of the row that a test finds.
    pub(crate) fn cell(&self, slot: RowSlot, column: usize) -> Option<&'p Cell> {
        self.definitions.tables[self.definitions.row_tests[slot].table].cell(self.row(slot)?, column)
    }

    /// The same, with the agent who is on call in the place of a rotation.
    pub(crate) fn shown_cell(&self, slot: RowSlot, column: usize) -> Option<Cow<'p, Cell>> {
        let cell = self.cell(slot, column)?;
        Some(match cell {
            Cell::Rotation(rotation) => Cow::Owned(Cell::Agent(self.on_call(*rotation))),
            Cell::Text(_) | Cell::Figure(_) | Cell::Boolean(_) | Cell::Agent(_) | Cell::Schedule(_) => {
                Cow::Borrowed(cell)
            }
        })
    }

    /// The agent who is on call by the rotation of this number.
    pub(crate) fn on_call(&self, rotation: usize) -> usize {
        self.definitions.rotations[rotation].1.on_call(self.call.timestamp)
    }

    /// The id of the agent who is on call by a rotation.
    pub(crate) fn id_on_call(&self, rotation: usize) -> &'p str {
        self.definitions.agents.get(self.on_call(rotation)).map_or("", |agent| &agent.id)
    }

    /// The agent that such a cell names, by its number in the plan.
    pub(crate) fn agent(&self, slot: RowSlot, column: usize) -> Option<usize> {
        match self.cell(slot, column)? {
            Cell::Agent(agent) => Some(*agent),
            Cell::Rotation(rotation) => Some(self.on_call(*rotation)),
            Cell::Text(_) | Cell::Figure(..) | Cell::Boolean(_) | Cell::Schedule(_) => None,
        }
    }

    /// The plan's agents.
    pub(crate) fn agents(&self) -> &'p [Agent] {
        &self.definitions.agents
    }

    pub(crate) fn country(&self, party: Party) -> Option<Country> {
        *self.countries[party].get_or_init(|| match self.number(party)? {
            Number::E164(number) => Country::of_number(*number),
            Number::Withheld | Number::Local(_) => None,
        })
    }

    pub(crate) fn text(&self, of: CallText) -> &'p str {
        of.get(self.definitions, self.call).unwrap_or_default()
    }

    /// What the plan calls an attribute.
    pub(crate) fn attribute_name(&self, number: usize) -> &'p str {
        &self.definitions.attributes[number].name
    }

    /// What the clock of the plan's zone shows.
    pub(crate) fn moment(&self) -> Moment {
        *self.moment.get_or_init(|| self.definitions.zone.read(self.call.timestamp))
    }

    /// Whether the switch of this number is on.
    pub(crate) fn is_on(&self, switch: usize) -> bool {
        let Some(name) = self.definitions.switches.get(switch) else { return false };
        // A call that brings many is asked once for all; the few that calls really bring are looked
        // through.
        if self.call.switches.len() <= 8 {
            return self.call.switches.contains(name);
        }
        let on = || self.call.switches.iter().map(String::as_str).collect();
        self.switches_on.get_or_init(on).contains(name.as_str())
    }

    /// How a hole shows the field.
    pub(crate) fn shown(&self, field: Field) -> String {
        let mut shown = String::new();
        self.show(field, &mut shown);
        shown
    }

    /// Adds the field to a text, as a hole shows it.
    pub(crate) fn show(&self, field: Field, text: &mut String) {
        // Writing to a text cannot fail.
        let _ = match field {
            Field::Number(party) => match self.number(party) {
                Some(number) => show_number(number, text),
                None => text.write_str("none"),
            },
            Field::Country(party) => text.write_str(country_word(self.country(party))),
            Field::Text(field) => write!(text, "{}", SafeText(self.text(CallText::Field(field)))),
            Field::Trust(TrustField::Attestation) => text.write_str(self.call.attestation().word()),
            Field::Clock(field) => show_clock(field, self.moment(), text),
        };
    }

    /// Adds an attribute to a text, as a hole shows it.
    pub(crate) fn show_attribute(&self, number: usize, text: &mut String) {
        // Writing to a text cannot fail.
        let _ = write!(text, "{}", SafeText(self.text(CallText::Attribute(number))));
    }

    /// The field as a metadata value: no country and no number is null, the rest is its text.
    pub(crate) fn bare(&self, field: Field) -> Value {
        match field {
            Field::Country(party) => {
                self.country(party).map_or(Value::Null, |country| Value::from(country.code().to_owned()))
            }
            Field::Number(party) if self.number(party).is_none() => Value::Null,
            Field::Number(_) | Field::Text(_) | Field::Trust(_) | Field::Clock(_) => Value::from(self.shown(field)),
        }
    }
}

/// Maximum number of bytes that a field shows, of which none must be escaped in JSON.
pub(crate) fn longest_shown(field: Field) -> usize {
    match field {
        // A whole number has 16 at most.
        Field::Number(_) => SHOWN_LOCAL,
        Field::Country(_) => "unknown".len(),
        Field::Text(_) => SHOWN_CHARACTERS,
        Field::Trust(TrustField::Attestation) => "unknown".len(),
        Field::Clock(field) => match field {
            ClockField::Time => "23:59".len(),
            ClockField::Date => "-009999-12-31".len(),
            ClockField::Weekday | ClockField::Month => "mon".len(),
            ClockField::Day => "31".len(),
            ClockField::Now => "-009999-12-31 23:59".len(),
        },
    }
}

fn show_clock(field: ClockField, moment: Moment, text: &mut String) -> fmt::Result {
    match field {
        ClockField::Time => write!(text, "{}", Minute(moment.minute)),
        ClockField::Date => write!(text, "{}", moment.date),
        ClockField::Weekday => text.write_str(weekday_word(moment.weekday())),
        ClockField::Day => write!(text, "{}", moment.date.day()),
        ClockField::Month => text.write_str(month_word(moment.date.month())),
        ClockField::Now => write!(text, "{} {}", moment.date, Minute(moment.minute)),
    }
}

fn show_number(number: &Number, text: &mut String) -> fmt::Result {
    match number {
        // What nearly every call brings, without a detour.
        Number::E164(number) => text.write_str(number.write(&mut Default::default())),
        Number::Withheld | Number::Local(_) => write!(text, "{number}"),
    }
}

fn country_word(country: Option<Country>) -> &'static str {
    country.map_or("unknown", Country::code)
}

/// `09:00`
pub fn shown_time(minute: u16) -> String {
    Minute(minute).to_string()
}

/// A minute of the day, shown as `09:00`.
struct Minute(u16);

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// `mon`
pub fn weekday_word(weekday: Weekday) -> &'static str {
    crate::syntax::WEEKDAYS[weekday.to_monday_zero_offset() as usize]
}

/// `jan` for 1
pub(crate) fn month_word(month: i8) -> &'static str {
    crate::syntax::MONTHS[(month.clamp(1, 12) - 1) as usize]
}

/// What is worth knowing about how the call was read.
pub(crate) fn notes(call: &Call, reader: &Reader) -> Vec<String> {
    let note = |party: Party| {
        reader.reading(call, party)?.note(Field::Number(party).name(), call.number(party).unwrap_or_default())
    };
    Party::ALL.into_iter().filter_map(note).collect()
}
