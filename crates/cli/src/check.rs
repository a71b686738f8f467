//! `callplan check`: finds the problems of plans.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use similar::TextDiff;

use super::agents::AgentsFile;
use super::deadline::Effort;
use super::replace::replace;
use super::stats::StatsCommand;
use super::{Exit, Stop, clock, input, problems, words};
use callplan::check::{Agents, MAX_OUTPUT_BYTES, Options};
use callplan::diagnostics::{Grade, Severity, json};
use callplan::fixes::{self, FixedPlan};
use callplan::{Problems, Source};

/// Finds the problems of plans
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan check office.callplan
  callplan check --fix office.callplan
  callplan check --diff --suggestions office.callplan
  callplan check --agents agents.json office.callplan
  callplan check --deny-warnings --today 2026-12-01 *.callplan")]
pub struct CheckCommand {
    /// The plans; a folder is every plan below it, `-` is standard input
    #[arg(required = true, value_name = "PLAN")]
    plans: Vec<PathBuf>,
    /// The format of the problems
    #[arg(long, value_enum, default_value = "text")]
    format: ProblemFormat,
    /// Exits with 1 also for warnings, not for hints
    #[arg(long)]
    deny_warnings: bool,
    /// Makes the safe fixes; the fixed text of a plan from `-` goes to standard output
    #[arg(long)]
    fix: bool,
    /// With `--fix` or `--diff`, also makes suggestions, which choose between readings or change
    /// which calls match
    #[arg(long)]
    suggestions: bool,
    /// Writes no files; shows as a unified diff what `--fix` would write
    #[arg(long, conflicts_with = "fix")]
    diff: bool,
    /// A file with the agents that there are; a plan that names another one has an error. It is the
    /// JSON of `GET /core/agents`, or has an id on each line
    #[arg(long, value_name = "FILE")]
    agents: Option<PathBuf>,
    /// Prints how large each plan is and how long its check took
    #[arg(long)]
    stats: bool,
    /// The day that counts as today, such as 2026-12-24, for warnings about past dates
    #[arg(long, value_name = "DATE", value_parser = clock::day)]
    today: Option<Date>,
    #[command(flatten)]
    effort: Effort,
}

/// The format of problems: for people, or one JSON list with an object for each plan.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ProblemFormat {
    Text,
    Json,
}

/// A plan that has been checked, and fixed if that was requested.
struct CheckedFile {
    source: Source,
    problems: Problems,
    /// The number of fixes that were made.
    made: usize,
    /// Text for standard output, before the summary: the fixed plan from standard input, or the
    /// diff.
    output: Option<String>,
}

impl CheckCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        self.refuse_wrong_use()?;
        input::at_most_one_stdin(self.plans.iter().chain(&self.agents).map(PathBuf::as_path))?;
        let agents = self.agents.as_deref().map(AgentsFile::read).transpose()?;
        let agents = agents.as_ref().map(|agents| agents as &dyn Agents);
        let mut stdout = anstream::stdout().lock();
        let mut documents = Vec::new();
        let exit = input::each(&self.plans, |path| {
            let checked = self.check(path, agents)?;
            match self.format {
                ProblemFormat::Text => checked.show(&mut stdout)?,
                ProblemFormat::Json => documents.push(json::document(&checked.source, &checked.problems)),
            }
            Ok(self.exit(&checked.problems))
        })?;
        if self.format == ProblemFormat::Json {
            serde_json::to_writer_pretty(&mut stdout, &documents).map_err(std::io::Error::from)?;
            writeln!(stdout)?;
        }
        stdout.flush()?;
        Ok(exit)
    }

    fn check(&self, path: &Path, agents: Option<&dyn Agents>) -> Result<CheckedFile, Stop> {
        let source = input::plan(path)?;
        let running = self.effort.start();
        let options = Options {
            today: Some(self.today.unwrap_or_else(clock::today)),
            agents,
            fallback: None,
            max_bytes: None,
            max_output_bytes: Some(MAX_OUTPUT_BYTES),
            budget: self.effort.budget,
            stop: Some(running.stop()),
        };
        let checked = if self.fix {
            let FixedPlan { source, problems, count } = fixes::make(source, self.highest_grade(), &options);
            let is_stdin = input::is_stdin(path);
            if count > 0 && !is_stdin {
                replace(path, source.text())?;
            }
            let output = is_stdin.then(|| source.text().to_owned());
            CheckedFile { source, problems, made: count, output }
        } else {
            let problems = callplan::check(&source, &options).problems;
            let output = self.diff.then(|| self.diff(&source, &options));
            CheckedFile { source, problems, made: 0, output }
        };
        if self.stats {
            // The result is ignored: without standard error, nobody can be told.
            let _ = writeln!(anstream::stderr(), "{}", StatsCommand::of(&checked.source, &options));
        }
        Ok(checked)
    }

    fn refuse_wrong_use(&self) -> Result<(), Stop> {
        let is_json = self.format == ProblemFormat::Json;
        let why = if self.fix && is_json && self.plans.iter().any(|path| input::is_stdin(path)) {
            "`--fix` sends the fixed plan from `-` to standard output, where `--format json` sends the problems"
        } else if self.diff && is_json {
            "`--diff` sends the diff to standard output, where `--format json` sends the problems"
        } else if self.suggestions && !self.fix && !self.diff {
            "`--suggestions` is for `--fix` or `--diff`"
        } else {
            return Ok(());
        };
        Err(Stop::WrongUse(why.into()))
    }

    /// The highest grade of the fixes to make.
    fn highest_grade(&self) -> Grade {
        if self.suggestions { Grade::Suggestion } else { Grade::Safe }
    }

    /// The changes that `--fix` would make; empty if there are none.
    fn diff(&self, source: &Source, options: &Options) -> String {
        let fixed = fixes::make(source.clone(), self.highest_grade(), options);
        let name = words::clean(source.name());
        let name = name.trim_start_matches('/');
        let lines = TextDiff::from_lines(source.text(), fixed.source.text());
        lines.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")).to_string()
    }

    fn exit(&self, problems: &Problems) -> Exit {
        if problems.internal_error().is_some() {
            return Exit::WrongUse;
        }
        let is_denied = problems.has_errors() || (self.deny_warnings && problems.count(Severity::Warning) > 0);
        if is_denied { Exit::NotFine } else { Exit::Fine }
    }
}

impl CheckedFile {
    fn show(&self, stdout: &mut impl Write) -> Result<(), Stop> {
        problems::draw(&self.source, &self.problems);
        match &self.output {
            Some(output) => {
                // Unchanged: a stream that removes colors would also remove them from the plan's
                // texts.
                std::io::stdout().write_all(output.as_bytes())?;
                let _ = writeln!(anstream::stderr(), "{}", self.summary());
            }
            None => writeln!(stdout, "{}", self.summary())?,
        }
        // On a terminal, the problems of the next plan must come after this.
        stdout.flush()?;
        Ok(())
    }

    /// `office.callplan: 2 errors, 1 warning`
    fn summary(&self) -> String {
        let of = |severity: Severity| self.problems.count(severity);
        let counts = [(of(Severity::Error), "error"), (of(Severity::Warning), "warning"), (of(Severity::Hint), "hint")];
        let counts_in_words =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| words::count(*count, noun));
        let mut parts: Vec<String> = counts_in_words.collect();
        if parts.is_empty() {
            parts.push("fine".into());
        }
        if self.made > 0 {
            parts.push(format!("{} made", words::count(self.made, "fix")));
        }
        format!("{}: {}", words::clean(self.source.name()), parts.join(", "))
    }
}
