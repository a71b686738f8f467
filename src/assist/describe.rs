//! A definition in few words, from its own text: short for a list of names, longer for who points
//! at one.

use super::items::agent_line;
use super::names::{TextNames, WrittenDefinition};
use super::place::column_type;
use super::tokens::{Shape, TextTokens};
use super::{KnownAgent, Surroundings};
use crate::check::{self, Options};
use crate::eval::{shown_time, weekday_word};
use crate::phone::Pattern;
use crate::plan::CheckedPlan;
use crate::schedule::{Rotation, Schedule};
use crate::source::Source;
use crate::syntax::DefinitionKind;
use crate::{Problems, syntax};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// Maximum length of a quoted text, in characters. Longer texts are cut.
const LONGEST: usize = 60;

/// What stands after a definition's name, on one line and cut.
pub(super) fn short(tokens: &TextTokens, definition: &WrittenDefinition) -> String {
    let mut said = String::new();
    // Whether a space goes before the next token.
    let mut was_joined = true;
    let mut end = 0;
    for token in tokens.all[definition.tokens.clone()].iter().skip(2) {
        if said.is_empty() && token.is("=") {
            continue;
        }
        if !was_joined && token.start > end {
            said.push(' ');
        }
        said.push_str(token.text);
        (was_joined, end) = (false, token.end());
        let has_said_columns = definition.sort == DefinitionKind::Table && token.is(")");
        if has_said_columns || said.len() > 4 * LONGEST {
            break;
        }
    }
    match said.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", said[..cut].trim_end()),
        None => said,
    }
}

/// The organization's agent that a definition names, if it names one.
pub(super) fn agent_of<'a>(
    tokens: &TextTokens,
    definition: &WrittenDefinition,
    around: &Surroundings<'a>,
) -> Option<&'a KnownAgent> {
    if definition.sort != DefinitionKind::Agent {
        return None;
    }
    let of_it = &tokens.all[definition.tokens.clone()];
    let id = of_it.iter().take(4).find(|token| token.shape == Shape::Text)?.text.trim_matches('"');
    around.agent(id)
}

/// A text with its tokens, its names and its surroundings.
#[derive(Clone, Copy)]
pub(super) struct KnownText<'t, 'a> {
    pub text: &'t str,
    pub tokens: &'a TextTokens<'t>,
    pub names: &'a TextNames<'t>,
    pub around: &'a Surroundings<'a>,
}

/// Maximum number of entries of a list, or lines of a schedule, that a description shows.
const MAX_SHOWN: usize = 8;
/// Maximum number of days ahead in which the next change or day is searched for.
const DAYS_AHEAD: i64 = 800;

impl<'t> KnownText<'t, '_> {
    pub fn short_of(&self, definition: &WrittenDefinition) -> String {
        short(self.tokens, definition)
    }

    pub fn agent(&self, definition: &WrittenDefinition) -> String {
        match agent_of(self.tokens, definition, self.around) {
            Some(agent) => format!("{}\n{}", agent_line(agent), self.short_of(definition)),
            None => format!("no agent of the organization has this id\n{}", self.short_of(definition)),
        }
    }

    pub fn switch(&self, definition: &WrittenDefinition) -> String {
        let is_on = self.around.switches_on.iter().any(|on| on == definition.name);
        format!("{} now\nan operator turns it on and off", if is_on { "on" } else { "off" })
    }

    pub fn table(&self, definition: &WrittenDefinition) -> String {
        let columns: Vec<String> = definition
            .columns
            .iter()
            .map(|(column, cell)| {
                column_type(self.names, *cell)
                    .map_or((*column).to_owned(), |kind| format!("{column} ({})", kind.name()))
            })
            .collect();
        let rows = self.tokens.all[definition.tokens.clone()].iter().filter(|token| token.is(":")).count();
        let rows = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
        format!("{rows}, found by number\ncolumns: {}", columns.join(", "))
    }

    pub fn numbers(&self, definition: &WrittenDefinition) -> String {
        let checked = self.checked(definition, "");
        let found =
            checked.as_ref().and_then(|plan| plan.definitions.numbers.iter().find(|named| named.0 == definition.name));
        let Some((_, set)) = found else { return self.short_of(definition) };
        let (patterns, left_out) = set.described();
        let (mut whole, mut prefixes, mut locals) = (0_u64, 0, 0_u64);
        for pattern in &patterns {
            match pattern {
                Pattern::Number(_) => whole += 1,
                Pattern::Range(range) => whole = whole.saturating_add(range.count()),
                Pattern::Prefix(_) | Pattern::LocalPrefix(_) => prefixes += 1,
                Pattern::Local(_) => locals += 1,
                Pattern::LocalRange(range) => locals = locals.saturating_add(range.count()),
                Pattern::Anonymous => {}
            }
        }
        let counts = [count(whole, "number"), count(prefixes, "prefix"), count(locals, "local number")];
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        let shown: Vec<String> = patterns.iter().take(MAX_SHOWN).map(|pattern| pattern.to_string()).collect();
        let more = if patterns.len() > MAX_SHOWN { ", …" } else { "" };
        let except: Vec<String> = left_out.iter().take(MAX_SHOWN).map(|pattern| pattern.to_string()).collect();
        let except = match (except.is_empty(), left_out.len() > MAX_SHOWN) {
            (true, _) => String::new(),
            (false, is_long) => format!(" except {}{}", except.join(", "), if is_long { ", …" } else { "" }),
        };
        match patterns.is_empty() {
            true => "no number".to_owned(),
            false if counts.is_empty() => format!("{}{except}", shown.join(", ")),
            false => format!("{}\n{}{more}{except}", counts.join(", "), shown.join(", ")),
        }
    }

    pub fn days(&self, definition: &WrittenDefinition) -> String {
        let said = self.short_of(definition);
        // A schedule is asked which days are left out of it.
        let asked = format!("schedule {ASKED} except {} {{ mon-sun all day }}", definition.name);
        let Some(plan) = self.checked(definition, &asked) else { return said };
        let schedule = plan.definitions.schedules.iter().find(|(name, _)| name == ASKED);
        let Some(days) = schedule.and_then(|(_, schedule)| schedule.except().first()) else { return said };
        let today = plan.zone().read(self.around.now).date;
        let ahead = std::iter::successors(Some(today), |day| day.tomorrow().ok()).take(DAYS_AHEAD as usize);
        match ahead.into_iter().find(|day| days.contains(*day)) {
            Some(day) if day == today => format!("{said}\ntoday is one of them"),
            Some(day) => format!("{said}\nnext: {} {day}", weekday_word(day.weekday())),
            None => said,
        }
    }

    pub fn schedule(&self, definition: &WrittenDefinition) -> String {
        let mut said = self.lines(definition);
        let plan = self.checked(definition, "");
        let found =
            plan.as_ref().and_then(|plan| plan.definitions.schedules.iter().find(|named| named.0 == definition.name));
        if let Some((_, schedule)) = found {
            said.push(self.now(schedule));
        }
        said.join("\n")
    }

    pub fn rotation(&self, definition: &WrittenDefinition) -> String {
        let mut said = self.lines(definition);
        let plan = self.checked(definition, "");
        let found =
            plan.as_ref().and_then(|plan| plan.definitions.rotations.iter().find(|named| named.0 == definition.name));
        if let (Some((_, rotation)), Some(plan)) = (found, &plan) {
            said.push(self.on_call(rotation, plan));
        }
        said.join("\n")
    }

    /// Who is on call now, until when, and who is next.
    fn on_call(&self, rotation: &Rotation, plan: &CheckedPlan) -> String {
        let now = self.around.now;
        let name = |agent: usize| plan.definitions.agents.get(agent).map_or("nobody", |agent| &agent.name);
        let until = now.saturating_add(SignedDuration::from_hours(24 * DAYS_AHEAD)).unwrap_or(now);
        let is_on_call = name(rotation.on_call(now));
        match rotation.changes(now, until).first() {
            Some((at, next)) => {
                let shown = rotation.zone().read(*at);
                let (weekday, time) = (weekday_word(shown.weekday()), shown_time(shown.minute));
                format!("{is_on_call} is on call now, until {weekday} {} {time}; then {}", shown.date, name(*next))
            }
            None => format!("{is_on_call} is on call now, and for long"),
        }
    }

    /// A schedule's lines as they are written, then its zone and what is left out.
    fn lines(&self, definition: &WrittenDefinition) -> Vec<String> {
        let tokens = &self.tokens.all[definition.tokens.clone()];
        let open = tokens.iter().position(|token| token.is("{")).unwrap_or(tokens.len());
        let mut lines: Vec<String> = Vec::new();
        let mut end = None;
        for token in tokens[open..].iter().skip(1).take_while(|token| !token.is("}")) {
            let gap = end.map_or("\n", |end| self.text.get(end..token.start).unwrap_or_default());
            match lines.last_mut() {
                Some(line) if !gap.contains('\n') => {
                    line.push_str(if gap.is_empty() { "" } else { " " });
                    line.push_str(token.text);
                }
                Some(_) | None => lines.push(token.text.to_owned()),
            }
            end = Some(token.end());
        }
        if lines.len() > MAX_SHOWN {
            let more = lines.len() - MAX_SHOWN;
            lines.truncate(MAX_SHOWN);
            lines.push(format!("… and {more} more {}", if more == 1 { "line" } else { "lines" }));
        }
        let head: Vec<&str> = tokens[..open].iter().skip(2).map(|token| token.text).collect();
        if !head.is_empty() {
            lines.push(head.join(" ").replace(" ,", ","));
        }
        lines
    }

    /// Whether a schedule is open now, and until when that stays so.
    fn now(&self, schedule: &Schedule) -> String {
        let now = self.around.now;
        let is_open = schedule.is_open_at(now);
        let until = now.saturating_add(SignedDuration::from_hours(24 * DAYS_AHEAD)).unwrap_or(now);
        let today = schedule.zone().read(now).date;
        let next = schedule.changes(now, until).next().map(|change| {
            let shown = schedule.zone().read(change.at);
            let time = shown_time(shown.minute);
            match shown.date == today {
                true => time,
                false => format!("{} {} {time}", weekday_word(shown.weekday()), shown.date),
            }
        });
        match (is_open, next) {
            (true, Some(next)) => format!("open now, until {next}"),
            (true, None) => "open now, and for long".to_owned(),
            (false, Some(next)) => format!("closed now, opens {next}"),
            (false, None) => "closed now, and for long".to_owned(),
        }
    }

    /// A plan of a definition and those that it names alone, with the zone and some text more:
    /// whatever is wrong elsewhere does not matter. `None` where something is wrong here.
    fn checked(&self, definition: &WrittenDefinition, more: &str) -> Option<CheckedPlan> {
        let mut text = String::new();
        let zone = self.tokens.all.windows(2).find(|two| two[0].is("timezone"));
        text.extend(zone.map(|two| format!("timezone {}\n", two[1].text)));
        let mut needed = vec![definition];
        let mut seen = BTreeSet::from([definition.name]);
        while let Some(one) = needed.pop() {
            let tokens = &self.tokens.all[one.tokens.clone()];
            let (first, last) = (tokens.first()?, tokens.last()?);
            text.push_str(self.text.get(first.start..last.end())?);
            text.push('\n');
            for token in tokens.iter().filter(|token| token.shape == Shape::Word) {
                needed.extend(self.names.find(token.text).filter(|found| seen.insert(found.name)));
            }
        }
        text.push_str(more);
        text.push_str("\nfallback\n");
        let mut problems = Problems::new();
        let tree = syntax::parse(&Source::new("definition", text), &mut problems)?;
        check::check(&tree, &Options::default(), &mut problems)
    }
}

/// A name for what is asked of a text, that the text hardly has.
const ASKED: &str = "_asked_of_these_days";

fn count(count: u64, what: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{count} {what}{}", if what.ends_with('x') { "es" } else { "s" })),
    }
}
