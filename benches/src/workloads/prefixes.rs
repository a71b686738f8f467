//! W4: 20,000 prefixes of callers' numbers, many inside others, each with its agent.

use super::{CALLS, Rules, Workload, agent_id, call, some_instant};
use crate::random::Random;
use callplan::Call;
use std::collections::HashSet;
use std::fmt::Write as _;

const ROWS: usize = 20_000;
const AGENTS: usize = 20;
/// Maximum digits of a prefix; the shortest have two.
pub const LONGEST: usize = 9;

/// The prefixes as data, for the engines whose programs are generated.
pub struct Prefixes {
    pub agents: Vec<String>,
    /// Each prefix with its `+`, and its agent; the longest that matches decides.
    pub rows: Vec<(String, usize)>,
}

pub fn workload() -> Workload {
    let mut random = Random::new(4);
    let prefixes = Prefixes { agents: (0..AGENTS).map(agent_id).collect(), rows: rows(&mut random) };
    Workload {
        name: "W4".to_owned(),
        says: "a table of 20,000 caller prefixes of 2 to 9 digits, one inside the other".to_owned(),
        plan: prefixes.plan(),
        calls: prefixes.calls(&mut random),
        rules: Rules::Prefixes(prefixes),
    }
}

/// A few short prefixes. Of the rest, two in three begin with a prefix that exists already.
fn rows(random: &mut Random) -> Vec<(String, usize)> {
    let mut known = HashSet::new();
    let mut rows: Vec<(String, usize)> = Vec::with_capacity(ROWS);
    while rows.len() < ROWS {
        let first = ["+1", "+2", "+3", "+4", "+5", "+6", "+7", "+8", "+9"][random.below(9)];
        let digits = if random.percent(1) { 2 + random.below(2) } else { 4 + random.below(LONGEST - 3) };
        let within = !rows.is_empty() && random.percent(66);
        let start = if within { random.one_of(&rows).0.clone() } else { first.to_owned() };
        let prefix = random.digits_after(&start, 1 + digits);
        if known.insert(prefix.clone()) {
            rows.push((prefix, random.below(AGENTS)));
        }
    }
    rows
}

impl Prefixes {
    fn plan(&self) -> String {
        let mut plan = String::new();
        for (number, id) in self.agents.iter().enumerate() {
            let _ = writeln!(plan, "agent a{number} = \"{id}\"");
        }
        plan.push_str("\ntable areas (owner) {\n");
        for (prefix, agent) in &self.rows {
            let _ = writeln!(plan, "  {prefix}*: a{agent}");
        }
        plan.push_str("}\n\nrule \"Areas\" when caller in areas as area {\n  route to area.owner\n}\n\nfallback\n");
        plan
    }

    /// Four of five callers match a prefix of the table.
    fn calls(&self, random: &mut Random) -> Vec<Call> {
        let calls = (0..CALLS).map(|_| {
            let start = if random.percent(80) { &random.one_of(&self.rows).0 } else { "+8" };
            let length = 12 + random.below(2);
            let caller = random.digits_after(start, length);
            call(&caller, "+18005550100", some_instant(random))
        });
        calls.collect()
    }
}
