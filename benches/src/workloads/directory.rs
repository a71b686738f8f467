//! W3: 100,000 dialed numbers, each with its agent, and a list of 100,000 callers to reject.

use super::{CALLS, Rules, Workload, agent_id, call, some_instant};
use crate::random::Random;
use callplan::Call;
use std::fmt::Write as _;

const ROWS: usize = 100_000;
const AGENTS: usize = 20;

/// The numbers as data, for the engines whose programs are generated.
pub struct Directory {
    pub agents: Vec<String>,
    /// Dialed numbers, each with its agent.
    pub lines: Vec<(String, usize)>,
    /// Callers.
    pub blocked: Vec<String>,
}

pub fn workload() -> Workload {
    let directory = Directory {
        agents: (0..AGENTS).map(agent_id).collect(),
        lines: (0..ROWS).map(|at| (spread(at), at % AGENTS)).collect(),
        blocked: (ROWS..2 * ROWS).map(spread).collect(),
    };
    Workload {
        name: "W3".to_owned(),
        says: "a table of 100,000 dialed numbers, a list of 100,000 callers".to_owned(),
        plan: directory.plan(),
        calls: directory.calls(),
        rules: Rules::Directory(directory),
    }
}

/// Different numbers of eleven digits, unordered.
fn spread(at: usize) -> String {
    format!("+{}", 10_000_000_000 + (at as u64 * 7_368_787) % 9_999_999_967)
}

impl Directory {
    fn plan(&self) -> String {
        let mut plan = String::new();
        for (number, id) in self.agents.iter().enumerate() {
            let _ = writeln!(plan, "agent a{number} = \"{id}\"");
        }
        plan.push_str("\nnumbers blocked = [\n");
        for caller in &self.blocked {
            let _ = writeln!(plan, "  {caller},");
        }
        plan.push_str("]\n\ntable lines (owner) {\n");
        for (dialed, agent) in &self.lines {
            let _ = writeln!(plan, "  {dialed}: a{agent}");
        }
        plan.push_str("}\n\nrule \"Blocked\" when caller in blocked {\n  reject\n}\n\n");
        plan.push_str("rule \"Lines\" when dialed in lines as line {\n  route to line.owner\n}\n\nfallback\n");
        plan
    }

    /// Half of the calls dial a number of the table; a quarter come from the list, a quarter dial
    /// another number.
    fn calls(&self) -> Vec<Call> {
        let mut random = Random::new(3);
        let calls = (0..CALLS).map(|at| {
            let other = random.digits_after("+1", 12);
            let known = random.one_of(&self.lines).0.clone();
            let (caller, dialed) = match at % 4 {
                0 => (random.one_of(&self.blocked).clone(), known),
                1 => (other, random.digits_after("+1", 12)),
                _ => (other, known),
            };
            call(&caller, &dialed, some_instant(&mut random))
        });
        let mut calls: Vec<Call> = calls.collect();
        random.shuffle(&mut calls);
        calls
    }
}
