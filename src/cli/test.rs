//! `callplan test`: runs the examples of plans.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Exit, Stop, complain, input, style, words};
use crate::check::Options;
use crate::diagnostics::{Severity, text};
use crate::{CheckedPlan, Problems, Source};

/// Runs the examples of plans, one line each
#[derive(clap::Args)]
#[command(after_help = "Example:\n  callplan test office.callplan")]
pub struct Test {
    /// The plans; `-` is standard input
    #[arg(required = true, value_name = "PLAN")]
    plans: Vec<PathBuf>,
}

/// What came of the examples and proofs of all plans.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    undecided: usize,
    /// Plans that could not be read or run.
    left_out: usize,
}

impl Test {
    pub fn run(self) -> Result<Exit, Stop> {
        input::at_most_one_stdin(self.plans.iter().map(PathBuf::as_path))?;
        let mut stdout = anstream::stdout().lock();
        let mut tally = Tally::default();
        let mut exit = Exit::Fine;
        for path in &self.plans {
            exit = exit.max(tally.plan(path, &mut stdout)?);
        }
        writeln!(stdout, "{}", tally.summary())?;
        stdout.flush()?;
        Ok(exit)
    }
}

impl Tally {
    /// Runs the examples of one plan. One that cannot be read or run does not keep the others from theirs.
    fn plan(&mut self, path: &Path, out: &mut impl Write) -> Result<Exit, Stop> {
        let source = match input::plan(path) {
            Ok(source) => source,
            Err(Stop::WrongUse(message)) => {
                complain(&message);
                self.left_out += 1;
                return Ok(Exit::WrongUse);
            }
            Err(stop) => return Err(stop),
        };
        writeln!(out, "{}", words::clean(source.name()))?;
        let Some(plan) = runnable(&source) else {
            writeln!(out, "  its text has errors: nothing was run")?;
            self.left_out += 1;
            return Ok(Exit::NotFine);
        };
        let failures = self.examples(&plan, out)?;
        self.proofs(&plan, out)?;
        out.flush()?;
        draw(&source, &failures);
        Ok(if failures.is_empty() { Exit::Fine } else { Exit::NotFine })
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

    fn proofs(&mut self, plan: &CheckedPlan, out: &mut impl Write) -> Result<(), Stop> {
        for proof in plan.proofs() {
            self.undecided += 1;
            writeln!(out, "  proof   {}: not decided", words::clean(proof.name()))?;
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

/// The plan, if its text has no error, examples that fail aside; else its errors have been told.
pub fn runnable(source: &Source) -> Option<CheckedPlan> {
    let report = crate::check(source, &Options::default());
    if report.plan.is_none() {
        draw(source, &report.problems.into_iter().filter(|it| it.severity() == Severity::Error).collect());
    }
    report.plan
}

/// Draws problems on standard error.
pub fn draw(source: &Source, problems: &Problems) {
    let drawn = text::draw_all(source, problems, style(&std::io::stderr()));
    // If standard error is gone, there is nobody to tell.
    let _ = write!(anstream::stderr(), "{drawn}");
}
