//! `callplan diff`: finds the calls that a changed plan decides differently.

mod text;

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::calls::{CallArguments, ColumnBinding, ReadRow, Reading, TimedCall, each_once};
use super::clock::{self, Clock};
use super::deadline::Effort;
use super::progress::WatchedReader;
use super::read_counts::ReadCounts;
use super::{Exit, Stop, complain, input, problems, words};
use callplan::CheckedPlan;
use callplan::analyze::Limits;
use callplan::analyze::diff::{ChangeKind, DecisionChange, Diff, DiffOverBudget, diff, json};
use callplan::compile::{Budget, CompiledPlan};

/// Shows which calls a changed plan decides differently
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan diff old.callplan new.callplan
  callplan diff old.callplan new.callplan --calls calls.csv
  git show HEAD:office.callplan | callplan diff - office.callplan

Exit codes: 0 if every call is decided as before, 1 if some are not, 2 for wrong use or a file that cannot be read.")]
pub struct DiffCommand {
    /// The old plan; `-` is standard input
    old: PathBuf,
    /// The new plan; `-` is standard input
    new: PathBuf,
    /// A call log, CSV or JSON lines; counts its calls that are decided differently
    #[arg(long, value_name = "FILE")]
    calls: Option<PathBuf>,
    /// The column of the log for a field, by name
    #[arg(long = "column", value_name = "FIELD=COLUMN", requires = "calls")]
    columns: Vec<ColumnBinding>,
    /// The first day of the calls, such as 2026-12-24; by default today
    #[arg(long, value_name = "DATE", value_parser = clock::day)]
    today: Option<Date>,
    /// Shows all changes, not only the forty largest
    #[arg(long)]
    all: bool,
    /// The format of the answer
    #[arg(long, value_enum, default_value = "text")]
    format: DiffFormat,
    #[command(flatten)]
    effort: Effort,
}

/// The format of a diff: for people, or one JSON object.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum DiffFormat {
    Text,
    Json,
}

/// The calls of a log that are decided differently.
#[derive(Default)]
struct CountedChanges {
    /// The number of decided rows.
    rows: u64,
    ways: BTreeMap<ChangeKind, u64>,
    unread: u64,
    /// What the numbers were read as by the old plan, and by the new one.
    numbers: [ReadCounts; 2],
}

impl DiffCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        let files = [Some(&self.old), Some(&self.new), self.calls.as_ref()];
        input::at_most_one_stdin(files.into_iter().flatten().map(PathBuf::as_path))?;
        each_once(&self.columns).map_err(Stop::WrongUse)?;
        let (old, new) = (input::plan(&self.old)?, input::plan(&self.new)?);
        let plans = (problems::runnable(&old)?, problems::runnable(&new)?);
        let (Some(old), Some(new)) = plans else { return Ok(Exit::NotFine) };
        let today = self.today.unwrap_or_else(clock::today);
        let bytes = old.source().text().len() + new.source().text().len();
        let running = self.effort.start();
        let usual = Limits::for_text(bytes).until(Some(running.stop()));
        let limits = self.effort.budget.map_or(usual, |steps| usual.with_steps(steps));
        let changes = if self.all { usize::MAX } else { limits.changes };
        let diff = diff(&old, &new, today, &Limits { changes, ..limits });
        let counted = match &self.calls {
            Some(file) => Some(self.count(&old, &new, file)?),
            None => None,
        };
        let mut stdout = anstream::stdout().lock();
        match (&diff, self.format) {
            (Ok(diff), DiffFormat::Text) => text::write(&mut stdout, &old, &new, diff, counted.as_ref(), self.all)?,
            (Ok(diff), DiffFormat::Json) => {
                let count = |change: &DecisionChange| counted.as_ref().map(|counted| counted.of(change));
                let mut document = json::document(diff, count);
                if let Some(counted) = &counted {
                    let [was, now] = &counted.numbers;
                    document["numbers_in_log"] = serde_json::json!({ "was": was.all(), "now": now.all() });
                }
                serde_json::to_writer_pretty(&mut stdout, &document).map_err(io::Error::from)?;
                writeln!(stdout)?;
            }
            (Err(DiffOverBudget), _) => {
                if let Some(counted) = &counted {
                    text::write_counts(&mut stdout, &old, &new, counted)?;
                }
                complain("these plans go beyond the budget: which calls change was not computed, so they may differ");
            }
        }
        stdout.flush()?;
        Ok(exit(diff.as_ref(), counted.as_ref()))
    }

    /// Decides each call of the log by both plans.
    fn count(&self, old: &CheckedPlan, new: &CheckedPlan, file: &Path) -> Result<CountedChanges, Stop> {
        let compiled = |plan: &CheckedPlan| {
            CompiledPlan::new(plan.clone(), Some(clock::years_ago(super::decide::LOGGED_YEARS)), Budget::default())
        };
        let (old, new) = (compiled(old), compiled(new));
        let name = input::name(file);
        // The log may have been written for either plan.
        let mut declared = [old.plan().switches(), new.plan().switches()].concat();
        declared.dedup();
        let clock = Clock { zone: new.plan().zone().clone() };
        let reading = Reading { clock, organization: None, switches: Vec::new(), declared: &declared };
        let mut call = TimedCall::first(&reading);
        let mut calls =
            CallArguments::open(WatchedReader::new(input::open(file)?, true), &name, &self.columns, true, reading)?;
        let mut counted = CountedChanges::default();
        while let Some(row) = next(&mut calls, &mut call, &name)? {
            counted.add(row, &old, &new, &call, &name);
        }
        Ok(counted)
    }
}

impl CountedChanges {
    fn add(&mut self, row: ReadRow, old: &CompiledPlan, new: &CompiledPlan, call: &TimedCall, name: &str) {
        match row.read {
            Ok(()) => {
                self.rows += 1;
                self.numbers[0].add(old.plan(), &call.call);
                self.numbers[1].add(new.plan(), &call.call);
                let way = ChangeKind::of(&old.decide(&call.call), &new.decide(&call.call));
                way.into_iter().for_each(|way| *self.ways.entry(way).or_default() += 1);
            }
            Err(error) => {
                self.unread += 1;
                complain(&format!("`{name}`, line {}: {error}", row.line));
            }
        }
    }

    /// The number of calls with this change.
    fn of(&self, change: &DecisionChange) -> u64 {
        let alike = self.ways.iter().filter(|(way, _)| is_alike(way, &change.way));
        alike.map(|(_, count)| count).sum()
    }

    fn changed(&self) -> u64 {
        self.ways.values().sum()
    }
}

/// Whether a call changed in this way. A change may leave the agent open, where a row of a table
/// names it.
fn is_alike(way: &ChangeKind, change: &ChangeKind) -> bool {
    let is_alike = |one: &callplan::analyze::diff::DecidedOutcome, open: &callplan::analyze::diff::DecidedOutcome| {
        let mut filled = open.clone();
        if filled.agent_id.is_none() {
            (filled.agent_id, filled.version) = (one.agent_id.clone(), one.version);
        }
        *one == filled
    };
    way.is_decision == change.is_decision && is_alike(&way.was, &change.was) && is_alike(&way.now, &change.now)
}

fn exit(diff: Result<&Diff, &DiffOverBudget>, counted: Option<&CountedChanges>) -> Exit {
    let is_same = diff.is_ok_and(|diff| diff.changes.is_empty() && !diff.reads_otherwise);
    let is_read = counted.is_none_or(|counted| counted.unread == 0 && counted.ways.is_empty());
    if is_same && is_read { Exit::Fine } else { Exit::NotFine }
}

fn next<R: BufRead>(calls: &mut CallArguments<R>, call: &mut TimedCall, name: &str) -> Result<Option<ReadRow>, Stop> {
    calls.next(call).map_err(|error| Stop::WrongUse(format!("`{name}` cannot be read further: {}", words::io(&error))))
}
