//! W5: 3,000 rules that overlap on every axis: prefixes of both numbers, a trunk, a schedule.

use super::{CALLS, Rules, Workload, agent_id, call, some_instant};
use crate::hours::{HOLIDAYS_TEXT, Hours, Line, minutes};
use crate::random::Random;
use callplan::Call;
use jiff::tz::TimeZone;
use std::fmt::Write as _;

const RULES: usize = 3_000;
const AGENTS: usize = 12;
const ZONE: &str = "Europe/Berlin";
const TRUNKS: [&str; 5] = ["north", "south", "east", "west", "mobile"];

struct Rule {
    dialed: String,
    caller: String,
    trunk: Option<&'static str>,
    hours: Option<usize>,
    agent: usize,
}

pub fn workload() -> Workload {
    let mut random = Random::new(5);
    let (rules, hours) = (rules(&mut random), hours());
    Workload {
        name: "W5".to_owned(),
        says: "3,000 rules that overlap: prefixes of both numbers, a trunk, a schedule".to_owned(),
        plan: plan(&rules, &hours),
        calls: calls(&rules, &hours, &mut random),
        rules: Rules::Overlaps,
    }
}

/// Narrow rules stand before wide ones, as people write them.
fn rules(random: &mut Random) -> Vec<Rule> {
    let dialed: Vec<String> = pool(random, "+4930", 7..=11);
    let callers: Vec<String> = pool(random, "+49", 4..=8);
    let mut rules: Vec<Rule> = (0..RULES)
        .map(|_| Rule {
            dialed: random.one_of(&dialed).clone(),
            caller: random.one_of(&callers).clone(),
            trunk: random.percent(30).then(|| *random.one_of(&TRUNKS)),
            hours: random.percent(60).then(|| random.below(6)),
            agent: random.below(AGENTS),
        })
        .collect();
    rules.sort_by_key(|rule| {
        let tests = usize::from(rule.trunk.is_some()) + usize::from(rule.hours.is_some());
        std::cmp::Reverse(rule.dialed.len() + rule.caller.len() + 2 * tests)
    });
    rules
}

/// Prefixes, two in three of which begin with another.
fn pool(random: &mut Random, first: &str, lengths: std::ops::RangeInclusive<usize>) -> Vec<String> {
    let mut pool = vec![first.to_owned()];
    while pool.len() < 200 {
        let start = if random.percent(66) { random.one_of(&pool).clone() } else { first.to_owned() };
        let length = lengths.start() + random.below(lengths.end() - lengths.start() + 1);
        let prefix = random.digits_after(&start, length);
        if !pool.contains(&prefix) {
            pool.push(prefix);
        }
    }
    pool
}

fn hours() -> Vec<Hours> {
    let names = ["early", "office", "store", "late", "clinic", "service"];
    let hours = names.into_iter().zip(0_u16..).map(|(name, at)| {
        let windows = vec![(minutes(6 + at, 0), minutes(12, 30)), (minutes(13, 0), minutes(15 + at, 30))];
        let saturday = Line { days: (6, 6), windows: vec![(minutes(8, 0), minutes(11 + at, 0))] };
        Hours { name, keeps_holidays: at % 2 == 0, lines: vec![Line { days: (1, 5), windows }, saturday] }
    });
    hours.collect()
}

fn plan(rules: &[Rule], hours: &[Hours]) -> String {
    let mut plan = format!("timezone {ZONE}\n\n");
    for number in 0..AGENTS {
        let _ = writeln!(plan, "agent a{number} = \"{}\"", agent_id(number));
    }
    let _ = writeln!(plan, "\n{HOLIDAYS_TEXT}");
    hours.iter().for_each(|hours| plan.push_str(&hours.text()));
    for (at, rule) in rules.iter().enumerate() {
        let _ = write!(plan, "\nrule \"{at}\" when dialed in {}* and caller in {}*", rule.dialed, rule.caller);
        if let Some(trunk) = rule.trunk {
            let _ = write!(plan, " and trunk is \"{trunk}\"");
        }
        if let Some(at) = rule.hours {
            let _ = write!(plan, " and {} is open", hours[at].name);
        }
        let _ = writeln!(plan, " {{\n  route to a{}\n}}", rule.agent);
    }
    plan + "\nfallback\n"
}

/// Four of five calls match the rule that they were made for, unless an earlier rule takes them.
fn calls(rules: &[Rule], hours: &[Hours], random: &mut Random) -> Vec<Call> {
    let zone = TimeZone::get(ZONE).expect("a zone of the bundled database");
    let mut calls: Vec<Call> = Vec::with_capacity(CALLS);
    for aim in rules.iter().cycle().take(CALLS) {
        let at = loop {
            let at = some_instant(random);
            if aim.hours.is_none_or(|aim| hours[aim].is_open(zone.to_datetime(at))) || random.percent(10) {
                break at;
            }
        };
        let caller = if random.percent(90) { &*aim.caller } else { "+49" };
        let mut call = call(&random.digits_after(caller, 13), &random.digits_after(&aim.dialed, 13), at);
        call.trunk_id = Some(aim.trunk.unwrap_or_else(|| random.one_of::<&str>(&TRUNKS)).to_owned());
        calls.push(call);
    }
    random.shuffle(&mut calls);
    calls
}
