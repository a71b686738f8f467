//! Counts decisions: by outcome, and by the rule that decided.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::read_counts::{ReadCount, ReadCounts};
use super::{answer, words};
use callplan::{Call, CheckedPlan, Decision, Outcome};

/// Maximum number of rows whose errors are reported one by one.
const MAX_ERRORS: usize = 10;

/// The counts so far. Their memory depends on the plan, not on the number of calls.
pub struct Summary<'p> {
    plan: &'p CheckedPlan,
    calls: u64,
    outcomes: HashMap<(Outcome, Option<u32>), HashMap<String, u64>>,
    rules: HashMap<String, u64>,
    lines: HashMap<Option<usize>, u64>,
    numbers: ReadCounts,
    /// The first rows that could not be read, and the number of all of them.
    errors: Vec<(u64, String)>,
    unread: u64,
}

/// The counts for output, the largest first.
#[derive(Serialize)]
struct SummaryCounts {
    calls: u64,
    errors: u64,
    outcomes: Vec<OutcomeCount>,
    rules: Vec<RuleCount>,
    numbers: Vec<ReadCount>,
}

#[derive(Serialize)]
struct OutcomeCount {
    decision: &'static str,
    agent: Option<String>,
    agent_id: Option<String>,
    version: Option<u32>,
    calls: u64,
}

/// A named rule; or the line of a decision outside of any rule; or neither, if the plan ran off its
/// end.
#[derive(Serialize)]
struct RuleCount {
    rule: Option<String>,
    line: Option<usize>,
    calls: u64,
}

impl<'p> Summary<'p> {
    pub fn new(plan: &'p CheckedPlan) -> Self {
        let (outcomes, rules, lines) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { plan, calls: 0, outcomes, rules, lines, numbers: ReadCounts::default(), errors: Vec::new(), unread: 0 }
    }

    pub fn add(&mut self, call: &Call, decision: &Decision) {
        self.calls += 1;
        self.numbers.add(self.plan, call);
        let agents = self.outcomes.entry((decision.outcome, decision.output.version)).or_default();
        count(agents, decision.output.agent_id.as_deref().unwrap_or_default());
        match &decision.rule {
            Some(rule) => count(&mut self.rules, rule),
            None => *self.lines.entry(decision.line).or_default() += 1,
        }
    }

    pub fn add_error(&mut self, line: u64, error: String) {
        self.unread += 1;
        if self.errors.len() < MAX_ERRORS {
            self.errors.push((line, error));
        }
    }

    /// Writes one line of JSON.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        answer::json_line(out, &self.counts())
    }

    /// Writes tables.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let counts = self.counts();
        let rows = match self.unread {
            0 => String::new(),
            unread => format!(", {} with errors", words::count(unread as usize, "row")),
        };
        writeln!(out, "{}{rows}", words::count(self.calls as usize, "call"))?;
        if self.calls == 0 {
            return Ok(());
        }
        let outcomes = counts.outcomes.iter().map(|count| (count.name(), count.calls)).collect();
        self.table(out, "by outcome", outcomes)?;
        let rules = counts.rules.iter().map(|count| (count.name(), count.calls)).collect();
        self.table(out, "by rule", rules)?;
        match self.numbers.rows() {
            numbers if numbers.is_empty() => Ok(()),
            numbers => self.table(out, "by how numbers were read", numbers),
        }
    }

    fn table(&self, out: &mut impl Write, title: &str, rows: Vec<(String, u64)>) -> io::Result<()> {
        let rows: Vec<_> = rows.into_iter().map(|(name, calls)| (words::clean(&name).into_owned(), calls)).collect();
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        let digits = rows.iter().map(|(_, calls)| calls.to_string().len()).max().unwrap_or_default();
        writeln!(out, "\n{title}")?;
        for (name, calls) in rows {
            let percent = 100.0 * calls as f64 / self.calls as f64;
            writeln!(out, "  {name:width$}  {calls:>digits$}  {percent:5.1}%")?;
        }
        Ok(())
    }

    /// The first rows that could not be read, and the number of the others.
    pub fn errors(&self) -> (&[(u64, String)], u64) {
        (&self.errors, self.unread - self.errors.len() as u64)
    }

    fn counts(&self) -> SummaryCounts {
        let of_agents = |(&(outcome, version), agents): (&(Outcome, Option<u32>), &HashMap<String, u64>)| {
            agents.iter().map(|(id, calls)| self.outcome(outcome, version, id, *calls)).collect::<Vec<_>>()
        };
        let mut outcomes: Vec<OutcomeCount> = self.outcomes.iter().flat_map(of_agents).collect();
        outcomes.sort_by_cached_key(|count| (std::cmp::Reverse(count.calls), count.name()));
        let named =
            self.rules.iter().map(|(rule, calls)| RuleCount { rule: Some(rule.clone()), line: None, calls: *calls });
        let unnamed = self.lines.iter().map(|(line, calls)| RuleCount { rule: None, line: *line, calls: *calls });
        let mut rules: Vec<RuleCount> = named.chain(unnamed).collect();
        rules.sort_by_cached_key(|count| (std::cmp::Reverse(count.calls), count.name()));
        SummaryCounts { calls: self.calls, errors: self.unread, outcomes, rules, numbers: self.numbers.all() }
    }

    fn outcome(&self, outcome: Outcome, version: Option<u32>, id: &str, calls: u64) -> OutcomeCount {
        OutcomeCount {
            decision: outcome.name(),
            agent: self.plan.agent_name(id, version).map(str::to_owned),
            agent_id: (!id.is_empty()).then(|| id.to_owned()),
            version,
            calls,
        }
    }
}

impl OutcomeCount {
    fn name(&self) -> String {
        let agent = self.agent.as_ref().or(self.agent_id.as_ref()).map(|agent| format!(" to {agent}"));
        let version = self.version.map(|version| format!(", version {version}"));
        [self.decision, &agent.unwrap_or_default(), &version.unwrap_or_default()].concat()
    }
}

impl RuleCount {
    fn name(&self) -> String {
        match (&self.rule, self.line) {
            (Some(rule), _) => rule.clone(),
            (None, Some(line)) => format!("(no rule, line {line})"),
            (None, None) => "(ran off the end)".to_owned(),
        }
    }
}

/// Adds one to a count. An existing key is not copied.
fn count(counts: &mut HashMap<String, u64>, key: &str) {
    match counts.get_mut(key) {
        Some(count) => *count += 1,
        None => {
            counts.insert(key.to_owned(), 1);
        }
    }
}
