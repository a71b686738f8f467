//! W2: any number of rules, each for one dialed number, a prefix of the caller, and a schedule.

use super::{CALLS, Rules, Workload, agent_id, call, some_instant};
use crate::hours::{HOLIDAYS_TEXT, Hours, Line, minutes};
use crate::random::Random;
use callplan::Call;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

pub const ZONE: &str = "America/Los_Angeles";

const CITIES: [&str; 6] = ["Portland", "Boise", "Spokane", "Eugene", "Tacoma", "Salem"];
const AREAS: [&str; 8] = ["+1503", "+1208", "+1509", "+1541", "+1253", "+1971", "+1415", "+1212"];
const COUNTRIES: [&str; 6] = ["+44", "+49", "+33", "+52", "+8190", "+61"];
const AGENTS: usize = 12;
/// Rules in a row for each dialed number.
const RULES_A_NUMBER: usize = 4;

/// The rules as data, for the engines whose programs are generated.
pub struct Lines {
    pub agents: Vec<String>,
    pub hours: Vec<Hours>,
    /// The first rule that applies decides.
    pub rules: Vec<Rule>,
    /// The agent for calls that no rule takes.
    pub otherwise: usize,
}

pub struct Rule {
    pub name: Option<String>,
    pub dialed: String,
    /// The prefix of the caller's number.
    pub caller: String,
    /// The schedule that must be open.
    pub hours: usize,
    pub agent: usize,
    pub context: Option<String>,
    pub metadata: Option<Map<String, Value>>,
}

pub fn workload() -> Workload {
    of("W2", "1,000 rules: a dialed number, a caller prefix and a schedule each", Lines::new(1_000))
}

/// The given number of rules of the same kind without context and metadata: 100,000 of them must
/// fit into one text.
pub fn bare(name: &str, rules: usize) -> Workload {
    let mut lines = Lines::new(rules);
    for rule in &mut lines.rules {
        (rule.name, rule.context, rule.metadata) = (None, None, None);
    }
    of(name, &format!("{rules} rules"), lines)
}

fn of(name: &str, says: &str, lines: Lines) -> Workload {
    Workload {
        name: name.to_owned(),
        says: says.to_owned(),
        plan: lines.plan(),
        calls: calls(&lines),
        rules: Rules::Lines(lines),
    }
}

impl Lines {
    fn new(count: usize) -> Self {
        let agents = (0..AGENTS).map(agent_id).collect();
        Self { agents, hours: hours(), rules: (0..count).map(rule).collect(), otherwise: 0 }
    }

    /// The first rule that applies, among those for the dialed number.
    fn taken(&self, among: std::ops::Range<usize>, caller: &str, at: Timestamp, zone: &TimeZone) -> Option<usize> {
        let local = zone.to_datetime(at);
        among.into_iter().find(|at| {
            let rule = &self.rules[*at];
            caller.starts_with(&rule.caller) && self.hours[rule.hours].is_open(local)
        })
    }

    fn plan(&self) -> String {
        let mut plan = format!("timezone {ZONE}\n\n");
        for (number, id) in self.agents.iter().enumerate() {
            let _ = writeln!(plan, "agent a{number} = \"{id}\"");
        }
        let _ = writeln!(plan, "\n{HOLIDAYS_TEXT}");
        self.hours.iter().for_each(|hours| plan.push_str(&hours.text()));
        self.rules.iter().for_each(|rule| self.write_rule(rule, &mut plan));
        let _ = writeln!(plan, "route to a{}", self.otherwise);
        plan
    }

    fn write_rule(&self, rule: &Rule, plan: &mut String) {
        let Rule { name, dialed, caller, hours, agent, context, metadata } = rule;
        if let Some(name) = name {
            let _ = write!(plan, "rule \"{name}\" ");
        }
        let hours = self.hours[*hours].name;
        let _ = write!(plan, "when dialed is {dialed} and caller in {caller}* and {hours} is open {{ ");
        if let Some(context) = context {
            let _ = write!(plan, "\n  context \"{context}\"\n  ");
        }
        if let Some(metadata) = metadata {
            let members = metadata.iter().map(|(key, value)| format!("{key}: {value}"));
            let _ = write!(plan, "\n  metadata {{ {} }}\n  ", members.collect::<Vec<_>>().join(", "));
        }
        let _ = writeln!(plan, "route to a{agent} }}");
    }
}

/// Four rules for each number: callers of an area, of a country, and all others of the number's own
/// country by day and by night.
fn rule(at: usize) -> Rule {
    let number = at / RULES_A_NUMBER;
    let city = CITIES[number % CITIES.len()];
    let (caller, hours) = match at % RULES_A_NUMBER {
        0 => (AREAS[number % AREAS.len()], number % 6),
        1 => (COUNTRIES[number % COUNTRIES.len()], (number + 1) % 6),
        2 => ("+1", (number + 3) % 6),
        _ => ("+1", 6),
    };
    Rule {
        name: Some(format!("{city} {at}")),
        dialed: format!("+{}", 15_035_000_000_u64 + number as u64 * 7),
        caller: caller.to_owned(),
        hours,
        agent: 1 + at % (AGENTS - 1),
        context: (at.is_multiple_of(3)).then(|| format!("The caller dialed the {city} office.")),
        metadata: (at % 5 < 2).then(|| {
            let Value::Object(members) = json!({ "site": city, "line": number }) else { unreachable!() };
            members
        }),
    }
}

fn hours() -> Vec<Hours> {
    let day = |name, open, close, saturday: Option<(u16, u16)>| {
        let noon = (minutes(open, 0), minutes(12, 30));
        let mut lines = vec![Line { days: (1, 5), windows: vec![noon, (minutes(13, 30), minutes(close, 0))] }];
        lines.extend(
            saturday.map(|(from, to)| Line { days: (6, 6), windows: vec![(minutes(from, 0), minutes(to, 0))] }),
        );
        Hours { name, keeps_holidays: true, lines }
    };
    let night = vec![(0, minutes(6, 0)), (minutes(20, 0), minutes(24, 0))];
    vec![
        day("early", 6, 15, None),
        day("office", 8, 17, None),
        day("store", 9, 18, Some((10, 16))),
        day("late", 10, 19, Some((9, 13))),
        day("clinic", 7, 16, Some((8, 12))),
        day("service", 8, 20, Some((8, 18))),
        Hours { name: "night", keeps_holidays: false, lines: vec![Line { days: (1, 7), windows: night }] },
    ]
}

/// Two of three calls reach a rule, one rule after the other; the rest dial some number, of the
/// plan or not.
fn calls(lines: &Lines) -> Vec<Call> {
    let zone = TimeZone::get(ZONE).expect("a zone of the bundled database");
    let mut random = Random::new(2);
    let mut order: Vec<usize> = (0..lines.rules.len()).collect();
    random.shuffle(&mut order);
    let mut aims = order.iter().copied().cycle();
    let mut calls: Vec<Call> = (0..CALLS)
        .map(|at| match at % 3 {
            0 => some_call(lines, &mut random),
            _ => call_that_takes(lines, aims.next().expect("there are rules"), &zone, &mut random),
        })
        .collect();
    random.shuffle(&mut calls);
    calls
}

fn call_that_takes(lines: &Lines, aim: usize, zone: &TimeZone, random: &mut Random) -> Call {
    let first = aim - aim % RULES_A_NUMBER;
    let rule = &lines.rules[aim];
    loop {
        let caller = random.digits_after(&rule.caller, 12);
        let at = some_instant(random);
        if lines.taken(first..aim + 1, &caller, at, zone) == Some(aim) {
            return call(&caller, &rule.dialed, at);
        }
    }
}

fn some_call(lines: &Lines, random: &mut Random) -> Call {
    let known = random.percent(70);
    let dialed = if known { random.one_of(&lines.rules).dialed.clone() } else { random.digits_after("+1503", 12) };
    let start = if random.percent(50) { *random.one_of(&AREAS) } else { *random.one_of(&COUNTRIES) };
    let caller = random.digits_after(start, 12);
    call(&caller, &dialed, some_instant(random))
}
