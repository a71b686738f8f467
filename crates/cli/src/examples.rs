//! `callplan examples`: writes the examples that a plan lacks.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::count::count;
use super::deadline::Effort;
use super::{Exit, Stop, clock, complain, input, problems, words};
use callplan::analyze::Limits;
use callplan::analyze::examples::{self, ExampleOptions, ExamplesOverBudget};

/// Writes examples for every rule and both sides of every boundary, ready to paste
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan examples office.callplan
  callplan examples office.callplan >> office.callplan
  callplan examples office.callplan --limit 20 --today 2026-12-01")]
pub struct ExamplesCommand {
    /// The plan; `-` is standard input
    plan: PathBuf,
    /// Maximum number of examples; those that cover most come first
    #[arg(long, value_name = "COUNT", default_value_t = 200, value_parser = count("examples", 1..=2_000_u16))]
    limit: u16,
    /// Writes all examples, also for what the plan's own examples cover
    #[arg(long)]
    all: bool,
    /// The first day of the calls, such as 2026-12-24; by default today
    #[arg(long, value_name = "DATE", value_parser = clock::day)]
    today: Option<Date>,
    #[command(flatten)]
    effort: Effort,
}

impl ExamplesCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        let source = input::plan(&self.plan)?;
        let Some(plan) = problems::runnable(&source)? else { return Ok(Exit::NotFine) };
        let today = self.today.unwrap_or_else(clock::today);
        let options = ExampleOptions { today, limit: usize::from(self.limit), all: self.all };
        let running = self.effort.start();
        let usual = Limits::for_text(source.text().len()).until(Some(running.stop()));
        let limits = self.effort.budget.map_or(usual, |steps| usual.with_steps(steps));
        match examples::examples(&plan, &options, &limits) {
            Ok(missing) => {
                // Unchanged: a stream that removes colors would also remove them from the plan's
                // texts.
                let mut stdout = std::io::stdout().lock();
                stdout.write_all(missing.text.as_bytes())?;
                stdout.flush()?;
                self.notes(&missing).iter().for_each(|note| remark(note));
                Ok(Exit::Fine)
            }
            Err(ExamplesOverBudget) => {
                let name = words::quote(source.name());
                complain(&format!("{name} goes beyond the budget: which examples it needs was not computed"));
                Ok(Exit::NotFine)
            }
        }
    }

    /// Notes about what the examples do not cover.
    fn notes(&self, missing: &examples::MissingExamples) -> Vec<String> {
        let mut notes = Vec::new();
        if missing.count == 0 && missing.left_out == 0 {
            let name = words::quote(&input::name(Path::new(&self.plan)));
            notes.push(format!("{name} has an example for every rule and both sides of every boundary"));
        }
        if missing.left_out > 0 {
            let left_out = words::count(missing.left_out, "example");
            notes.push(format!("{left_out} of those that cover less were left out: raise `--limit` for more"));
        }
        if missing.unknown > 0 {
            notes.push(beyond_the_budget(missing.unknown));
        }
        notes
    }
}

/// The note about rules and boundaries that were not examined.
pub fn beyond_the_budget(count: usize) -> String {
    let (them, it) = if count == 1 { ("rule or boundary", "it") } else { ("rules and boundaries", "they") };
    format!("{count} {them} beyond the budget: whether {it} can be tested was not computed")
}

/// Prints a note on standard error that is not an error.
fn remark(note: &str) {
    let style = anstyle::AnsiColor::Cyan.on_default().bold();
    // The result is ignored: without standard error, nobody can be told.
    let _ = writeln!(anstream::stderr(), "{style}note:{style:#} {}", words::clean_lines(note));
}
