//! `and` and `or` without parentheses: both readings, and a call on which they differ.

use super::Checker;
use super::problems::tests as problems;
use crate::call::Call;
use crate::diagnostics::{Diagnostic, Edit};
use crate::eval;
use crate::fields::Attestation;
use crate::phone::{Number, NumberSet, OwnedNumber};
use crate::plan::{CallText, Condition, DateTest, Definitions, Operands, Party, Question, TextTest};
use crate::schedule::Moment;
use crate::source::Span;
use crate::syntax::ast::{self, ConnectiveKind};
use crate::syntax::{on_one_line, quoted};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::HashSet;

/// Calls that are tried in search of one on which the readings differ.
const MAX_CALLS: usize = 20_000;
/// Tests that all such searches of a check ask, about. A plan that mixes more often, or conditions
/// of very many tests, gets its readings without a call.
pub(super) const MAX_TESTS: usize = 200_000;
/// Tests of a condition whose values are tried.
const MAX_AXES: usize = 64;
/// How much of a reading is shown, in bytes.
const SHOWN: usize = 400;

impl Checker<'_, '_> {
    /// The problem with a chain of both words. `checked` is what its operands ask, where all of
    /// them could be read.
    pub(super) fn mixed(
        &mut self,
        operands: &[ast::Condition],
        connectives: &[ast::Connective],
        span: Span,
        checked: Option<Vec<Condition>>,
    ) -> Diagnostic {
        let kinds: Vec<ConnectiveKind> = connectives.iter().map(|connective| connective.kind).collect();
        let reading = |tighter: ConnectiveKind| {
            let edits = parentheses(operands, &kinds, tighter);
            (with_edits(self.source.slice(span), span, &edits), edits)
        };
        let readings = [reading(ConnectiveKind::And), reading(ConnectiveKind::Or)];
        let differ = checked.and_then(|operands| self.call_between(&operands, &kinds));
        problems::mixed(span, readings, differ)
    }

    /// A call for which one reading holds and the other does not, in words.
    fn call_between(&mut self, operands: &[Condition], kinds: &[ConnectiveKind]) -> Option<String> {
        // What a call costs at most: it is made, and every named condition may be asked.
        let size = 16 + operands.iter().map(Condition::size).sum::<usize>() + self.conditions_size;
        let calls = (self.tests_left / size).min(MAX_CALLS);
        let and_first = grouped(operands, kinds, ConnectiveKind::And);
        let or_first = grouped(operands, kinds, ConnectiveKind::Or);
        let mut axes = SampleAxes::new(self.options.today, &self.definitions.zone);
        axes.add_all(operands, &self.definitions);
        let mut tried = 0;
        let differs = |call: &Call| {
            tried += 1;
            eval::holds(&self.definitions, &and_first, call) != eval::holds(&self.definitions, &or_first, call)
        };
        let call = axes.calls(&self.definitions).take(calls).find(differs);
        self.tests_left = self.tests_left.saturating_sub(tried * size);
        let call = call?;
        let first = eval::holds(&self.definitions, &and_first, &call);
        Some(format!(
            "{}, {}",
            self.call_in_words(&call),
            if first { "only the first holds" } else { "only the second holds" }
        ))
    }

    fn call_in_words(&self, call: &Call) -> String {
        let moment = self.definitions.zone.read(call.timestamp);
        let number = |text: &str| match Number::read(text) {
            Number::Local(text) => quoted(text),
            number @ (Number::Withheld | Number::E164(_)) => number.to_string(),
        };
        let from = number(call.caller_number.as_deref().unwrap_or_default());
        let mut words = format!("for a call from {from} to {}", number(&call.called_number));
        for (words_of, party) in [("diverted from", Party::Diverted), ("asserted as", Party::Asserted)] {
            words.extend(call.number(party).map(|text| format!(" {words_of} {}", number(text))));
        }
        if call.attestation() != Attestation::Unknown {
            words.push_str(&format!(" attested {}", call.attestation().word()));
        }
        for (field, text) in call.texts() {
            let (preposition, noun) = field.in_words();
            words.push_str(&format!(" {preposition} {noun} {}", quoted(text)));
        }
        for attribute in &self.definitions.attributes {
            if let Some(text) = call.attribute(&attribute.header) {
                words.push_str(&format!(" with {} {}", attribute.name, quoted(text)));
            }
        }
        let weekday = eval::weekday_word(moment.weekday());
        words.push_str(&format!(" at {} {} ({weekday})", moment.date, eval::shown_time(moment.minute)));
        if !call.switches.is_empty() {
            words.push_str(&format!(" with {} on", call.switches.join(", ")));
        }
        words
    }
}

/// Runs of operands that the tighter of the two joins.
fn runs(count: usize, kinds: &[ConnectiveKind], tighter: ConnectiveKind) -> Vec<std::ops::Range<usize>> {
    let mut runs = Vec::new();
    let mut start = 0;
    for at in 0..count {
        if kinds.get(at) != Some(&tighter) {
            runs.push(start..at + 1);
            start = at + 1;
        }
    }
    runs
}

fn parentheses(operands: &[ast::Condition], kinds: &[ConnectiveKind], tighter: ConnectiveKind) -> Vec<Edit> {
    let long = runs(operands.len(), kinds, tighter).into_iter().filter(|run| run.len() > 1);
    long.flat_map(|run| {
        let (first, last) = (operands[run.start].span(), operands[run.end - 1].span());
        [Edit { span: first.before(), text: "(".to_owned() }, Edit { span: last.after(), text: ")".to_owned() }]
    })
    .collect()
}

/// The text with the edits made, on one line; of a long one, the beginning.
fn with_edits(text: &str, span: Span, edits: &[Edit]) -> String {
    let end = text.floor_char_boundary(SHOWN);
    let mut edited = String::new();
    let mut at = 0;
    for edit in edits {
        let place = (edit.span.start - span.start) as usize;
        if place > end {
            break;
        }
        edited.push_str(&text[at..place]);
        edited.push_str(&edit.text);
        at = place;
    }
    edited.push_str(&text[at..end]);
    edited.push_str(if end < text.len() { " …" } else { "" });
    on_one_line(&edited)
}

/// Joined for a trial alone: no message shows a place in it.
fn joined(conditions: Vec<Condition>) -> Operands {
    Operands { conditions: conditions.into(), connectives: Box::default(), span: Span::default() }
}

fn grouped(operands: &[Condition], kinds: &[ConnectiveKind], tighter: ConnectiveKind) -> Condition {
    let groups = runs(operands.len(), kinds, tighter).into_iter().map(|run| operands[run].to_vec());
    match tighter {
        ConnectiveKind::And => Condition::Any(joined(groups.map(|group| Condition::All(joined(group))).collect())),
        ConnectiveKind::Or => Condition::All(joined(groups.map(|group| Condition::Any(joined(group))).collect())),
    }
}

/// Something that few calls bring.
enum SampleFact {
    Text(CallText, String),
    Number(Party, String),
    Attestation(Attestation),
}

/// A few values for each part of a call, on both sides of what the tests ask.
struct SampleAxes {
    numbers: [Vec<String>; 2],
    /// What few calls bring, one at a time; none stands for a call without any.
    facts: Vec<Option<SampleFact>>,
    instants: Vec<Timestamp>,
    switches: Vec<String>,
}

impl SampleAxes {
    fn new(today: Option<Date>, zone: &crate::schedule::Zone) -> Self {
        let start = today.unwrap_or(Date::constant(2026, 1, 5));
        let days = std::iter::successors(Some(start), |day| day.tomorrow().ok()).take(7);
        let moments =
            days.flat_map(|date| [2, 6, 9, 12, 15, 18, 21].map(|hour| Moment { date, minute: hour * 60 + 30 }));
        Self {
            numbers: [vec!["+14155550100".to_owned()], vec!["+18005550100".to_owned()]],
            facts: vec![None],
            instants: moments.filter_map(|moment| zone.instant(moment).ok()).collect(),
            switches: Vec::new(),
        }
    }

    /// The values that the first tests ask for, those of named conditions too.
    fn add_all(&mut self, conditions: &[Condition], definitions: &Definitions) {
        let mut waiting: Vec<&Condition> = conditions.iter().rev().collect();
        let mut named = HashSet::new();
        let mut tests = 0;
        while let Some(condition) = waiting.pop() {
            match condition {
                Condition::All(operands) | Condition::Any(operands) => waiting.extend(operands.iter().rev()),
                Condition::Not(operand) => waiting.push(operand),
                Condition::Named(number, _) if named.insert(*number) => {
                    waiting.push(&definitions.conditions[*number].1);
                }
                Condition::Named(..) => {}
                Condition::Test(test) => {
                    self.add_question(&test.question, definitions);
                    tests += 1;
                }
            }
            if tests == MAX_AXES {
                return;
            }
        }
    }

    fn add_question(&mut self, question: &Question, definitions: &Definitions) {
        match question {
            Question::Number(party, set) => {
                self.add_number(*party, set);
                self.add_number(*party, &set.complement());
            }
            Question::Country(party, countries) => {
                countries.iter().flatten().take(2).for_each(|country| self.add_number(*party, &country.numbers()));
            }
            Question::Absent(party) => {
                self.facts.push(Some(SampleFact::Number(*party, "+14155550100".to_owned())));
            }
            Question::Attestation(among) => {
                let one = Attestation::ALL.into_iter().find(|one| among >> *one as u8 & 1 == 1);
                self.facts.extend(one.map(|one| Some(SampleFact::Attestation(one))));
            }
            Question::Text(of, TextTest::Listed(texts)) => {
                self.facts.extend(texts.iter().take(2).map(|text| Some(SampleFact::Text(*of, text.clone()))));
            }
            Question::Text(of, TextTest::Has(patterns)) => {
                let texts = patterns.patterns().take(2).map(str::to_owned);
                self.facts.extend(texts.map(|text| Some(SampleFact::Text(*of, text))));
            }
            Question::From(instant) => self.instants.insert(0, *instant),
            Question::Date(DateTest::Ranges(ranges)) => {
                let noons = ranges.iter().take(2).map(|range| Moment { date: *range.start(), minute: 12 * 60 });
                self.instants.extend(noons.filter_map(|moment| definitions.zone.instant(moment).ok()));
            }
            Question::Switch(switch)
                if self.switches.len() < 4 && !self.switches.contains(&definitions.switches[*switch]) =>
            {
                self.switches.push(definitions.switches[*switch].clone());
            }
            Question::Row(..)
            | Question::Time(_)
            | Question::Weekday(_)
            | Question::Day(_)
            | Question::Month(_)
            | Question::Date(DateTest::Set(_))
            | Question::Open(_)
            | Question::OnCall(..)
            | Question::Switch(_)
            | Question::Column(..) => {}
        }
    }

    fn add_number(&mut self, party: Party, set: &NumberSet) {
        let witness = set.witness().map(|number| match number {
            OwnedNumber::Withheld => "anonymous".to_owned(),
            OwnedNumber::E164(number) => number.to_string(),
            OwnedNumber::Local(text) => text,
        });
        let numbers = match party {
            Party::Caller => &mut self.numbers[0],
            Party::Dialed => &mut self.numbers[1],
            Party::Asserted | Party::Diverted => {
                self.facts.extend(witness.map(|number| Some(SampleFact::Number(party, number))));
                return;
            }
        };
        numbers.extend(witness.filter(|number| numbers.len() < 6 && !numbers.contains(number)));
    }

    fn calls<'s>(&'s self, definitions: &'s Definitions) -> impl Iterator<Item = Call> + 's {
        let [callers, dialed] = &self.numbers;
        let switches = (0..1_u32 << self.switches.len()).map(|bits| {
            let on = self.switches.iter().enumerate().filter(move |(at, _)| bits >> at & 1 == 1);
            on.map(|(_, name)| name.clone()).collect::<Vec<String>>()
        });
        switches.flat_map(move |switches| {
            let numbers = callers.iter().flat_map(move |caller| dialed.iter().map(move |dialed| (caller, dialed)));
            numbers.flat_map(move |(caller, dialed)| {
                let switches = switches.clone();
                let facts =
                    self.facts.iter().flat_map(|fact| self.instants.iter().map(move |instant| (fact, *instant)));
                facts.map(move |(fact, timestamp)| {
                    let call = Call::new(dialed.clone(), timestamp).with_caller(caller.clone());
                    let mut call = Call { switches: switches.clone(), ..call };
                    match fact {
                        None => {}
                        Some(SampleFact::Text(of, text)) => of.set(definitions, &mut call, Some(text.clone())),
                        Some(SampleFact::Number(party, number)) => call.set_number(*party, Some(number.clone())),
                        Some(SampleFact::Attestation(one)) => call.attestation = Some(one.word().to_owned()),
                    }
                    call
                })
            })
        })
    }
}
