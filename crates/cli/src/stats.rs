//! The size of a plan, and the time of its check.

use std::fmt;
use std::time::{Duration, Instant};

use super::words::{self, count};
use callplan::Source;
use callplan::check::Options;
use callplan::compile::{self, Budget, CompiledPlan, Horizon};
use callplan::diagnostics::Problems;
use callplan::syntax::ast::{Arm, Block, Item, Statement, StatementKind};

/// The statistics that `--stats` prints.
pub struct StatsCommand {
    name: String,
    bytes: usize,
    lines: usize,
    rules: usize,
    definitions: usize,
    read: Duration,
    checked: Duration,
    /// Only for a plan without errors.
    compiled: Option<(compile::PlanStats, Horizon)>,
}

impl StatsCommand {
    /// Reads and checks the plan once more, with a clock. The time of the check includes reading.
    pub fn of(source: &Source, options: &Options) -> Self {
        let started = Instant::now();
        let tree = callplan::syntax::parse(source, &mut Problems::new());
        let read = started.elapsed();
        let started = Instant::now();
        let report = callplan::check(source, options);
        let checked = started.elapsed();
        let compiled = report.plan.map(|plan| {
            let steps = options.budget.unwrap_or(Budget::default().steps);
            let budget = Budget { steps, stop: options.stop, ..Budget::default() };
            let plan = CompiledPlan::new(plan, options.today, budget);
            (plan.stats(), plan.horizon())
        });
        let items = tree.as_ref().map_or(&[][..], |tree| &tree.plan.items);
        Self {
            name: source.name().to_owned(),
            bytes: source.text().len(),
            lines: source.text().lines().count(),
            rules: items.iter().map(rules_of).sum(),
            definitions: items.iter().filter(|item| is_definition(item)).count(),
            read,
            checked,
            compiled,
        }
    }
}

impl fmt::Display for StatsCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts =
            [(self.bytes, "byte"), (self.lines, "line"), (self.rules, "rule"), (self.definitions, "definition")];
        let counts = counts.map(|(number, noun)| count(number, noun)).join(", ");
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        let (read, checked) = (milliseconds(self.read), milliseconds(self.checked));
        write!(f, "{}: {counts}; read in {read:.2} ms, checked in {checked:.2} ms", words::clean(&self.name))?;
        match self.compiled {
            None => Ok(()),
            Some((stats, horizon)) => {
                let bytes = count(stats.bytes, "byte");
                match stats.is_diagram {
                    true => {
                        let (nodes, outcomes) = (count(stats.nodes, "node"), count(stats.leaves, "outcome"));
                        write!(f, "; compiled to a diagram of {nodes}, {outcomes} and {bytes}")?;
                    }
                    false => write!(
                        f,
                        "; a diagram of it would go beyond the budget, so calls go through those of its statements that \
                         an index of {bytes} finds"
                    )?,
                }
                let (steps, beyond) = (count(stats.steps, "step"), count(stats.steps_beyond, "step"));
                match stats.steps_beyond == stats.steps {
                    true => write!(f, "; every call is decided in at most {steps}"),
                    false => write!(
                        f,
                        "; every call until {} is decided in at most {steps}, a later one in at most {beyond}",
                        horizon.last_day
                    ),
                }
            }
        }
    }
}

fn is_definition(item: &Item) -> bool {
    match item {
        Item::Agent(_)
        | Item::Switch(_)
        | Item::Attribute(_)
        | Item::Numbers(_)
        | Item::Condition(_)
        | Item::Days(_)
        | Item::Schedule(_)
        | Item::Rotation(_)
        | Item::Table(_) => true,
        Item::Timezone(_) | Item::Country(_) | Item::Example(_) | Item::Proof(_) | Item::Statement(_) => false,
    }
}

fn rules_of(item: &Item) -> usize {
    match item {
        Item::Statement(statement) => rules(statement),
        Item::Timezone(_)
        | Item::Country(_)
        | Item::Agent(_)
        | Item::Switch(_)
        | Item::Attribute(_)
        | Item::Numbers(_)
        | Item::Condition(_)
        | Item::Days(_)
        | Item::Schedule(_)
        | Item::Rotation(_)
        | Item::Table(_)
        | Item::Example(_)
        | Item::Proof(_) => 0,
    }
}

/// The number of rules, with those inside of other rules.
fn rules(statement: &Statement) -> usize {
    let inside = |block: &Block| block.statements.iter().map(rules).sum::<usize>();
    match &statement.kind {
        StatementKind::Rule { block, .. } => 1 + inside(block),
        StatementKind::When { block, .. } => inside(block),
        StatementKind::Split(split) => split.arms.iter().map(|Arm { block, .. }| inside(block)).sum(),
        StatementKind::Context(_)
        | StatementKind::Metadata(_)
        | StatementKind::Skip
        | StatementKind::Route(_)
        | StatementKind::Reject(_)
        | StatementKind::Fallback
        | StatementKind::Unreadable(_) => 0,
    }
}
