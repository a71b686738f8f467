//! `callplan test`: runs the examples of plans and decides their proofs.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::{Exit, Stop, clock, coverage, input, problems, words};
use callplan::analyze::{Limits, prove};
use callplan::diagnostics::Severity;
use callplan::{CheckedPlan, Problems};

/// Runs the examples of plans and decides their proofs, one line each
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan test office.callplan
  callplan test --coverage office.callplan")]
pub struct TestCommand {
    /// The plans; a folder is every plan below it, `-` is standard input
    #[arg(required = true, value_name = "PLAN")]
    plans: Vec<PathBuf>,
    /// Also shows which rules and which kinds of calls no example reaches
    #[arg(long)]
    coverage: bool,
    /// The first day of the calls for proofs and coverage, such as 2026-12-24; by default today
    #[arg(long, value_name = "DATE", value_parser = clock::day)]
    today: Option<Date>,
}

/// The results of the examples and proofs of all plans.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    undecided: usize,
    /// Plans that could not be read or run.
    left_out: usize,
}

impl TestCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        let mut stdout = anstream::stdout().lock();
        let mut tally = Tally::default();
        let today = self.today.unwrap_or_else(clock::today);
        let exit = input::each(&self.plans, |path| tally.plan(path, today, self.coverage, &mut stdout))?;
        writeln!(stdout, "{}", tally.summary())?;
        stdout.flush()?;
        Ok(exit)
    }
}

impl Tally {
    /// Runs the examples of one plan.
    fn plan(&mut self, path: &Path, today: Date, with_coverage: bool, out: &mut impl Write) -> Result<Exit, Stop> {
        let source = input::plan(path).inspect_err(|_| self.left_out += 1)?;
        writeln!(out, "{}", words::clean(source.name()))?;
        let Some(plan) = problems::runnable(&source)? else {
            writeln!(out, "  its text has errors: nothing was run")?;
            self.left_out += 1;
            return Ok(Exit::NotFine);
        };
        let mut problems = self.examples(&plan, out)?;
        self.proofs(&plan, today, &mut problems, out)?;
        if with_coverage {
            coverage::write(&plan, path, today, out)?;
        }
        out.flush()?;
        problems::draw(&source, &problems);
        Ok(if problems.has_errors() { Exit::NotFine } else { Exit::Fine })
    }

    fn examples(&mut self, plan: &CheckedPlan, out: &mut impl Write) -> Result<Problems, Stop> {
        let (green, red) = (anstyle::AnsiColor::Green.on_default(), anstyle::AnsiColor::Red.on_default().bold());
        let mut failures = Problems::new();
        for tried in plan.try_examples() {
            let name = words::clean(tried.example.name());
            match tried.failure {
                None => {
                    self.passed += 1;
                    writeln!(out, "  {green}ok{green:#}      {name}")?;
                }
                Some(failure) => {
                    self.failed += 1;
                    failures.push(failure);
                    writeln!(out, "  {red}FAILED{red:#}  {name}")?;
                }
            }
        }
        if plan.examples().is_empty() {
            writeln!(out, "  no examples")?;
        }
        Ok(failures)
    }

    /// Decides the proofs of one plan, for calls from `today` on.
    fn proofs(
        &mut self,
        plan: &CheckedPlan,
        today: Date,
        problems: &mut Problems,
        out: &mut impl Write,
    ) -> Result<(), Stop> {
        let (green, red) = (anstyle::AnsiColor::Green.on_default(), anstyle::AnsiColor::Red.on_default().bold());
        for proof in plan.proofs() {
            let name = words::clean(proof.name());
            match prove(plan, proof, today, Limits::for_text(plan.source().text().len())) {
                None => {
                    self.passed += 1;
                    writeln!(out, "  {green}holds{green:#}   {name}")?;
                }
                Some(problem) if problem.severity() != Severity::Error => {
                    self.undecided += 1;
                    problems.push(problem);
                    writeln!(out, "  not decided  {name}")?;
                }
                Some(problem) => {
                    self.failed += 1;
                    problems.push(problem);
                    writeln!(out, "  {red}FAILED{red:#}  {name}")?;
                }
            }
        }
        Ok(())
    }

    fn summary(&self) -> String {
        let mut summary = format!("{} passed, {} failed", self.passed, self.failed);
        if self.undecided > 0 {
            summary.push_str(&format!(", {} not decided", words::count(self.undecided, "proof")));
        }
        if self.left_out > 0 {
            summary.push_str(&format!(", {} not run", words::count(self.left_out, "plan")));
        }
        summary
    }
}
