//! Rotations: their lines, who is in them, and tests of who is on call.

use super::problems::rotations as problems;
use super::test::one;
use super::{Checked, Checker};
use crate::plan::{Condition, Question};
use crate::schedule::{HandOver, Moment, Rotation, RotationLine, Zone};
use crate::source::Span;
use crate::syntax::ast::{self, Predicate};
use crate::syntax::{DefinitionKind, on_one_line};
use std::collections::BTreeSet;

/// Maximum number of agents of a rotation. Each has a part of every route to it.
const MAX_AGENTS: usize = 200;
/// How many days a turn may have, and how many weeks. Of one day or week no number is written.
const DAYS: std::ops::RangeInclusive<u16> = 2..=366;
const WEEKS: std::ops::RangeInclusive<u16> = 2..=52;
const DAYS_PER_WEEK: u16 = 7;

impl<'a> Checker<'a, '_> {
    pub(super) fn rotation(&mut self, rotation: &'a ast::Rotation) -> Rotation {
        let zone = match &rotation.zone {
            Some(zone) => self.zone(zone),
            None => {
                self.uses_zone(rotation.name.span, "this rotation");
                Ok(self.definitions.zone.clone())
            }
        };
        let zone = zone.unwrap_or(Zone::UTC);
        let read: Vec<Option<RotationLine>> = rotation.lines.iter().map(|line| self.rotation_line(line).ok()).collect();
        // What is left out has an error of its own.
        let is_whole = read.iter().all(Option::is_some);
        let lines: Vec<RotationLine> = read.into_iter().flatten().collect();
        if !is_whole || lines.is_empty() {
            return nobody(zone);
        }
        if lines.iter().all(|line| line.to.is_some()) {
            self.problem(problems::no_lasting_line(rotation.name.span, &rotation.name.text));
            return nobody(zone);
        }
        match Rotation::new(zone.clone(), lines) {
            Ok(built) => {
                if built.agents().len() > MAX_AGENTS {
                    self.problem(problems::too_many_agents(rotation.name.span, MAX_AGENTS));
                }
                self.dates.of_rotation(rotation, &built);
                built
            }
            Err(conflicts) => {
                for conflict in conflicts {
                    let [earlier, later] = [conflict.earlier, conflict.later].map(|at| &rotation.lines[at]);
                    let shown = zone.read(conflict.at);
                    self.problem(problems::conflicting_lines(later.span, earlier.span, later.to.is_some(), shown));
                }
                nobody(zone)
            }
        }
    }

    fn rotation_line(&mut self, line: &'a ast::RotationLine) -> Checked<RotationLine> {
        let from = self.moment_of_line(&line.from);
        let to = line.to.as_ref().map(|to| self.moment_of_line(to));
        let every = line.turns.as_ref().map(|turns| self.turns(turns));
        let agents: Vec<Checked<usize>> =
            line.agents.iter().map(|agent| self.names.expect(agent, DefinitionKind::Agent, self.problems)).collect();
        let (from, to, every) = (from?, to.transpose()?, every.transpose()?);
        if let (Some(end), Some(written)) = (to, &line.to)
            && end <= from
        {
            return self.refuse(super::problems::dates::closure_backwards(line.from.span.to(written.span)));
        }
        let agents = agents.into_iter().collect::<Checked<Vec<usize>>>()?;
        match (&line.turns, agents.as_slice()) {
            (None, [_, _, ..]) => {
                return self.refuse(problems::no_turns(line.agents[0].span.to(line.agents[agents.len() - 1].span)));
            }
            (Some(turns), [first, others @ ..]) if others.iter().all(|other| other == first) => {
                let written = on_one_line(self.source.slice(turns.span));
                self.problem(problems::nobody_to_hand_over_to(turns.span, &written, &line.agents[0].text));
            }
            (Some(_) | None, _) => {}
        }
        Ok(RotationLine { from, to, every, agents })
    }

    fn moment_of_line(&mut self, moment: &ast::Moment) -> Checked<Moment> {
        let date = self.date(&moment.date);
        let Some(time) = &moment.time else {
            date?;
            return self.refuse(problems::no_time(moment.span));
        };
        let minute = self.time_of_day(time);
        Ok(Moment { date: date?, minute: minute? })
    }

    fn turns(&mut self, turns: &ast::Turns) -> Checked<HandOver> {
        let (range, days) = match turns.unit.text.as_str() {
            "day" => return Ok(HandOver::Days(1)),
            "week" => return Ok(HandOver::Days(DAYS_PER_WEEK)),
            "month" => return Ok(HandOver::Month),
            "weeks" => (WEEKS, DAYS_PER_WEEK),
            _ => (DAYS, 1),
        };
        let count = turns.count.as_ref().map_or("", |count| count.text.as_str());
        let is_plain = count.bytes().all(|byte| byte.is_ascii_digit()) && !count.starts_with('0');
        match count.parse::<u16>().ok().filter(|count| is_plain && range.contains(count)) {
            Some(count) => Ok(HandOver::Days(count * days)),
            None => {
                let written = on_one_line(self.source.slice(turns.span));
                let single = (count == "1").then_some(if days == 1 { "day" } else { "week" });
                let place = turns.count.as_ref().map_or(turns.span, |count| count.span.to(turns.unit.span));
                self.refuse(problems::bad_turns(place, &written, &turns.unit.text, range, single))
            }
        }
    }

    /// `on_call is bell`, `on_call in [bell, chen]`
    pub(super) fn rotation_test(
        &mut self,
        test: &'a ast::Test,
        predicate: &'a Predicate,
        rotation: usize,
    ) -> Checked<Condition> {
        let subject = test.subject.name.text.clone();
        let (negated, value, is_list) = match predicate {
            Predicate::Equality { negated, value, .. } => (*negated, value, false),
            Predicate::Membership { negated, value, .. } => (*negated, value, true),
            Predicate::Comparison { value, .. } | Predicate::Search { value, .. } => {
                self.mention(value);
                return self.refuse(problems::only_agents(&subject, test.span));
            }
        };
        let entries: &[ast::Value] = match (value, is_list) {
            (ast::Value::Unreadable(unreadable, _), _) => return Err(unreadable.reported),
            (ast::Value::List(list), true) => &list.entries,
            (ast::Value::List(list), false) => {
                list.entries.iter().for_each(|entry| self.mention(entry));
                return self.refuse(problems::is_with_list(&subject, test.operator(), negated));
            }
            (value, true) if value.as_word().is_some() => {
                self.agent_value(value, &subject)?;
                let written = self.source.slice(value.span()).to_owned();
                return self.refuse(problems::in_with_one(&subject, test.question(), negated, &written));
            }
            (value, _) => std::slice::from_ref(value),
        };
        let agents: Vec<Checked<usize>> = entries.iter().map(|entry| self.agent_value(entry, &subject)).collect();
        let agents: BTreeSet<usize> = agents.into_iter().collect::<Checked<_>>()?;
        Ok(one(Question::OnCall(rotation, agents), !negated, test.span))
    }

    fn agent_value(&mut self, value: &ast::Value, subject: &str) -> Checked<usize> {
        if let ast::Value::Unreadable(unreadable, _) = value {
            return Err(unreadable.reported);
        }
        match value.as_word() {
            Some(word) => self.names.expect(word, DefinitionKind::Agent, self.problems),
            None => self.refuse(problems::only_agents(subject, value.span())),
        }
    }

    /// Where a rotation is named as an agent is, its number.
    pub(super) fn rotation_named(&mut self, path: &ast::Path) -> Option<usize> {
        let definition = self.names.get(&path.name.text)?;
        if definition.kind != DefinitionKind::Rotation || path.field.is_some() {
            return None;
        }
        self.names.find(&path.name.text).map(|(_, number)| number)
    }

    /// The agent who is on call at the time of an example.
    pub(super) fn agent_on_call(&mut self, rotation: usize, span: Span) -> Checked<()> {
        match self.definitions.rotations.get(rotation) {
            Some((_, built)) if !built.lines().is_empty() => Ok(()),
            Some(_) | None => Err(self.told_before(span)),
        }
    }
}

/// Stands for a rotation whose lines could not be taken; its plan is refused.
fn nobody(zone: Zone) -> Rotation {
    Rotation::new(zone, Vec::new()).unwrap_or_else(|_| unreachable!("a rotation without lines has no conflict"))
}
