//! What each test asks of a call, and why it holds or not.

use super::facts::{shown_time, weekday_word};
use super::{ConditionEvaluator, Facts};
use crate::fields::{ClockField, Field, TrustField};
use crate::plan::{CallText, Cell, ColumnTest, DateTest, Question, Test};
use crate::schedule::Moment;
use crate::syntax::{on_one_line, quoted};

/// The answer to a question about a call. Whether a schedule is open is asked of `is_open`: that
/// may be known already.
pub(crate) fn answer(question: &Question, facts: &Facts, is_open: impl Fn(usize) -> bool) -> bool {
    match question {
        Question::Number(party, set) => facts.number(*party).is_some_and(|number| set.contains(number)),
        Question::Absent(party) => facts.number(*party).is_none(),
        Question::Row(slot) => facts.row(*slot).is_some(),
        Question::Country(party, countries) => countries.contains(&facts.country(*party)),
        Question::Attestation(among) => among >> facts.call.attestation() as u8 & 1 == 1,
        Question::Text(of, test) => test.holds(facts.text(*of)),
        Question::Time(_) | Question::Weekday(_) | Question::Day(_) | Question::Month(_) | Question::Date(_) => {
            is_so_at(question, facts.moment())
        }
        Question::From(instant) => facts.call.timestamp >= *instant,
        Question::Open(schedule) => is_open(*schedule),
        Question::OnCall(rotation, agents) => agents.contains(&facts.on_call(*rotation)),
        Question::Switch(switch) => facts.is_on(*switch),
        Question::Column(slot, column, test) => facts.cell(*slot, *column).is_some_and(|cell| match (test, cell) {
            (ColumnTest::Open, Cell::Schedule(schedule)) => is_open(*schedule),
            _ => cell.answers(test),
        }),
    }
}

/// The answer to a question that only what the plan's clock shows decides; no to all others.
pub(crate) fn is_so_at(question: &Question, shown: Moment) -> bool {
    match question {
        Question::Time(windows) => windows.iter().any(|window| window.contains(shown.minute)),
        Question::Weekday(days) => days >> shown.weekday().to_monday_zero_offset() & 1 == 1,
        Question::Day(days) => days >> shown.date.day() & 1 == 1,
        Question::Month(months) => months >> shown.date.month() & 1 == 1,
        Question::Date(DateTest::Ranges(ranges)) => ranges.iter().any(|range| range.contains(&shown.date)),
        Question::Date(DateTest::Set(days)) => days.contains(shown.date),
        Question::From(_)
        | Question::Open(_)
        | Question::OnCall(..)
        | Question::Number(..)
        | Question::Absent(_)
        | Question::Row(_)
        | Question::Country(..)
        | Question::Attestation(_)
        | Question::Text(..)
        | Question::Switch(_)
        | Question::Column(..) => false,
    }
}

impl<'p> ConditionEvaluator<'p> {
    pub(super) fn test(&self, test: &'p Test) -> bool {
        answer(&test.question, &self.facts, |schedule| self.is_open(schedule)) == test.expected
    }

    fn is_open(&self, schedule: usize) -> bool {
        let known = &mut self.open.borrow_mut()[schedule];
        *known.get_or_insert_with(|| self.definitions.schedules[schedule].1.is_open_at(self.facts.call.timestamp))
    }

    /// The test as it is written, whether it holds, and the fact that settles it.
    pub(super) fn because(&self, written: &str, test: &'p Test) -> String {
        format!("`{}`: {}", on_one_line(written), self.fact(&test.question))
    }

    /// The fact that a question is about, in words.
    fn fact(&self, question: &Question) -> String {
        let facts = &self.facts;
        let field = |field: Field| format!("{} is {}", field.name(), facts.shown(field));
        match question {
            Question::Number(party, _) | Question::Absent(party) => field(Field::Number(*party)),
            Question::Row(slot) => field(Field::Number(self.definitions.row_tests[*slot].party)),
            Question::Country(party, _) => field(Field::Country(*party)),
            Question::Attestation(_) => field(Field::Trust(TrustField::Attestation)),
            Question::Text(CallText::Field(text), _) => {
                let field = Field::Text(*text);
                format!("{} is {}", field.name(), quoted(&facts.shown(field)))
            }
            Question::Text(CallText::Attribute(number), _) => {
                let mut shown = String::new();
                facts.show_attribute(*number, &mut shown);
                format!("{} is {}", facts.attribute_name(*number), quoted(&shown))
            }
            Question::Time(_) => field(Field::Clock(ClockField::Time)),
            Question::Weekday(_) => field(Field::Clock(ClockField::Weekday)),
            Question::Day(_) => field(Field::Clock(ClockField::Day)),
            Question::Month(_) => field(Field::Clock(ClockField::Month)),
            Question::Date(_) => field(Field::Clock(ClockField::Date)),
            Question::From(_) => field(Field::Clock(ClockField::Now)),
            Question::Open(schedule) => self.schedule_fact(*schedule),
            Question::OnCall(rotation, _) => self.rotation_fact(*rotation),
            Question::Switch(switch) => {
                let name = &self.definitions.switches[*switch];
                format!("{name} is {}", if facts.is_on(*switch) { "on" } else { "off" })
            }
            Question::Column(slot, column, _) => match facts.shown_cell(*slot, *column).as_deref() {
                Some(Cell::Schedule(schedule)) => self.schedule_fact(*schedule),
                Some(cell) => format!("the row says {}", cell.shown(&self.definitions.agents)),
                None => "no row was found".to_owned(),
            },
        }
    }

    /// Who is on call, and what the rotation's own clock shows.
    fn rotation_fact(&self, rotation: usize) -> String {
        let (name, turns) = &self.definitions.rotations[rotation];
        let moment = turns.zone().read(self.facts.call.timestamp);
        let agent = self.definitions.agents.get(self.facts.on_call(rotation)).map_or("nobody", |agent| &agent.name);
        let (weekday, time) = (weekday_word(moment.weekday()), shown_time(moment.minute));
        format!("{name} is {agent} on {weekday} {} at {time} in {}", moment.date, turns.zone().name())
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
