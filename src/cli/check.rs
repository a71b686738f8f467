//! `callplan check`: all that is wrong with plans.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::deadline::Effort;
use super::replace::replace;
use super::stats::Stats;
use super::{Exit, Stop, clock, input, mend, problems, words};
use crate::check::Options;
use crate::diagnostics::{Severity, json};
use crate::{Problems, Source};

/// Finds all that is wrong with plans
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan check office.callplan
  callplan check --fix office.callplan
  callplan check --deny-warnings --today 2026-12-01 *.callplan")]
pub struct Check {
    /// The plans; a folder is every plan below it, `-` is standard input
    #[arg(required = true, value_name = "PLAN")]
    plans: Vec<PathBuf>,
    /// How to show the problems
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Exits 1 for a warning, too
    #[arg(long)]
    deny_warnings: bool,
    /// Makes the edits that mend a problem; a plan from `-` goes, mended, to standard output
    #[arg(long)]
    fix: bool,
    /// Says how large each plan is and how long its check took
    #[arg(long)]
    stats: bool,
    /// The day that counts as today, such as 2026-12-24, for warnings about days gone by
    #[arg(long, value_name = "DATE", value_parser = clock::day)]
    today: Option<Date>,
    #[command(flatten)]
    effort: Effort,
}

/// How problems are shown: for people, or as one JSON list with an object for each plan.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// A plan that has been checked, and mended if that was asked for.
struct Checked {
    source: Source,
    problems: Problems,
    mended: usize,
    /// The plan came from standard input, so its mended text goes to standard output.
    goes_out: bool,
}

impl Check {
    pub fn run(self) -> Result<Exit, Stop> {
        if self.fix && self.format == Format::Json && self.plans.iter().any(|path| input::is_stdin(path)) {
            let why =
                "`--fix` sends the mended plan from `-` to standard output, where `--format json` sends the problems";
            return Err(Stop::WrongUse(why.into()));
        }
        let mut stdout = anstream::stdout().lock();
        let mut documents = Vec::new();
        let exit = input::each(&self.plans, |path| {
            let checked = self.check(path)?;
            match self.format {
                Format::Text => checked.show(&mut stdout)?,
                Format::Json => documents.push(json::document(&checked.source, &checked.problems)),
            }
            Ok(self.exit(&checked.problems))
        })?;
        if self.format == Format::Json {
            serde_json::to_writer_pretty(&mut stdout, &documents).map_err(std::io::Error::from)?;
            writeln!(stdout)?;
        }
        stdout.flush()?;
        Ok(exit)
    }

    fn check(&self, path: &Path) -> Result<Checked, Stop> {
        let source = input::plan(path)?;
        let running = self.effort.start();
        let options = Options {
            today: Some(self.today.unwrap_or_else(clock::today)),
            agents: None,
            budget: self.effort.budget,
            stop: Some(running.stop()),
        };
        let checked = match self.fix {
            true => {
                let mended = mend::mend(source, &options);
                if mended.count > 0 && !input::is_stdin(path) {
                    replace(path, mended.source.text())?;
                }
                let goes_out = input::is_stdin(path);
                Checked { source: mended.source, problems: mended.problems, mended: mended.count, goes_out }
            }
            false => {
                let problems = crate::check(&source, &options).problems;
                Checked { source, problems, mended: 0, goes_out: false }
            }
        };
        if self.stats {
            // If standard error is gone, there is nobody to tell.
            let _ = writeln!(anstream::stderr(), "{}", Stats::of(&checked.source, &options));
        }
        Ok(checked)
    }

    fn exit(&self, problems: &Problems) -> Exit {
        let is_fine = !problems.has_errors() && (problems.is_empty() || !self.deny_warnings);
        if is_fine { Exit::Fine } else { Exit::NotFine }
    }
}

impl Checked {
    fn show(&self, stdout: &mut impl Write) -> Result<(), Stop> {
        problems::draw(&self.source, &self.problems);
        if self.goes_out {
            // As it is: a stream that takes out colours would take them out of the plan's texts, too.
            std::io::stdout().write_all(self.source.text().as_bytes())?;
            let _ = writeln!(anstream::stderr(), "{}", self.summary());
        } else {
            writeln!(stdout, "{}", self.summary())?;
        }
        // So that on a terminal the problems of the next plan come after this.
        stdout.flush()?;
        Ok(())
    }

    /// `office.callplan: 2 errors, 1 warning`
    fn summary(&self) -> String {
        let of = |severity: Severity| self.problems.iter().filter(|it| it.severity() == severity).count();
        let counts = [(of(Severity::Error), "error"), (of(Severity::Warning), "warning")];
        let found = counts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| words::count(*count, noun));
        let mut said: Vec<String> = found.collect();
        if said.is_empty() {
            said.push("fine".into());
        }
        if self.mended > 0 {
            said.push(format!("{} made", words::count(self.mended, "edit")));
        }
        format!("{}: {}", words::clean(self.source.name()), said.join(", "))
    }
}
