//! What each test asks of a call, and why it holds or not.

use super::Asker;
use super::facts::{shown_time, weekday_word};
use crate::fields::Field;
use crate::plan::{Cell, ColumnTest, DateTest, Party, Question, Test, TextField};

impl<'p> Asker<'p> {
    /// Whether a test holds. Of a test that finds a row, the row is kept for the tests that ask it.
    pub(crate) fn test(&mut self, test: &'p Test) -> bool {
        self.answer(&test.question) == test.expected
    }

    fn answer(&mut self, question: &'p Question) -> bool {
        let facts = &self.facts;
        match question {
            Question::Number(party, set) => set.contains(facts.number(*party)),
            Question::Row(party, table, slot) => {
                let row = self.definitions.tables[*table].row_of(facts.number(*party));
                if let Some(held) = self.rows.get_mut(*slot) {
                    *held = row.map(|row| (*table, row));
                }
                row.is_some()
            }
            Question::Country(party, countries) => countries.contains(&facts.country(*party)),
            Question::Text(field, texts) => texts.contains(facts.text(*field)),
            Question::Time(windows) => {
                let minute = facts.moment().minute;
                windows.iter().any(|window| window.contains(minute))
            }
            Question::Weekday(days) => days >> facts.moment().weekday().to_monday_zero_offset() & 1 == 1,
            Question::Day(days) => days >> facts.moment().date.day() & 1 == 1,
            Question::Month(months) => months >> facts.moment().date.month() & 1 == 1,
            Question::Date(DateTest::Ranges(ranges)) => ranges.iter().any(|range| range.contains(&facts.moment().date)),
            Question::Date(DateTest::Set(days)) => days.contains(facts.moment().date),
            Question::From(instant) => facts.call.timestamp >= *instant,
            Question::Open(schedule) => self.is_open(*schedule),
            Question::Switch(switch) => facts.is_on(*switch),
            Question::Column(slot, column, test) => {
                self.filler().cell(*slot, *column).is_some_and(|cell| self.cell_is(cell, test))
            }
        }
    }

    fn is_open(&self, schedule: usize) -> bool {
        let known = &mut self.open.borrow_mut()[schedule];
        *known.get_or_insert_with(|| self.definitions.schedules[schedule].1.is_open_at(self.facts.call.timestamp))
    }

    fn cell_is(&self, cell: &Cell, test: &ColumnTest) -> bool {
        match (test, cell) {
            (ColumnTest::Open, Cell::Schedule(schedule)) => self.is_open(*schedule),
            _ => cell.answers(test),
        }
    }

    /// The test as it is written, whether it holds, and the fact that settles it.
    pub(super) fn because(&self, written: &str, test: &'p Test) -> String {
        let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("`{written}`: {}", self.fact(&test.question))
    }

    /// The fact that a question is about, in words.
    fn fact(&self, question: &Question) -> String {
        let facts = &self.facts;
        let field = |field: Field| format!("{} is {}", field.name(), facts.shown(field));
        match question {
            Question::Number(Party::Caller, _) | Question::Row(Party::Caller, ..) => field(Field::Caller),
            Question::Number(Party::Dialed, _) | Question::Row(Party::Dialed, ..) => field(Field::Dialed),
            Question::Country(Party::Caller, _) => field(Field::CallerCountry),
            Question::Country(Party::Dialed, _) => field(Field::DialedCountry),
            Question::Text(TextField::Trunk, _) => format!("trunk is \"{}\"", facts.shown(Field::Trunk)),
            Question::Text(TextField::Organization, _) => {
                format!("organization is \"{}\"", facts.shown(Field::Organization))
            }
            Question::Time(_) => field(Field::Time),
            Question::Weekday(_) => field(Field::Weekday),
            Question::Day(_) => field(Field::Day),
            Question::Month(_) => field(Field::Month),
            Question::Date(_) => field(Field::Date),
            Question::From(_) => field(Field::Now),
            Question::Open(schedule) => self.schedule_fact(*schedule),
            Question::Switch(switch) => {
                let name = &self.definitions.switches[*switch];
                format!("{name} is {}", if facts.is_on(*switch) { "on" } else { "off" })
            }
            Question::Column(slot, column, _) => match self.filler().cell(*slot, *column) {
                Some(Cell::Schedule(schedule)) => self.schedule_fact(*schedule),
                Some(_) => format!("the row says {}", self.filler().shown_cell(*slot, *column)),
                None => "no row was found".to_owned(),
            },
        }
    }

    /// Whether a schedule is open, and what its own clock shows.
    fn schedule_fact(&self, schedule: usize) -> String {
        let (name, hours) = &self.definitions.schedules[schedule];
        let moment = hours.zone().read(self.facts.call.timestamp);
        let state = if self.is_open(schedule) { "open" } else { "closed" };
        let (weekday, time) = (weekday_word(moment.weekday()), shown_time(moment.minute));
        format!("{name} is {state} on {weekday} {} at {time} in {}", moment.date, hours.zone().name())
    }
}
