//! The command line: arguments in, results to standard output, problems to standard error, an exit
//! code out.

// Each command has a file with its arguments and its action. `input` reads plans, `calls`
// reads call logs, `answer` writes decisions. All judgement is the library's. Only this crate
// reads the clock, files and standard input.

mod agents;
mod answer;
#[cfg(feature = "service")]
mod audit;
#[cfg(feature = "service")]
mod call_log;
mod calls;
mod check;
mod clock;
#[cfg(feature = "service")]
mod configuration;
#[cfg(feature = "service")]
mod copies;
mod count;
mod coverage;
#[cfg(feature = "service")]
mod database;
mod deadline;
mod decide;
mod diff;
mod examples;
mod explain;
mod fmt;
mod folder;
mod input;
#[cfg(feature = "service")]
mod keys;
#[cfg(feature = "service")]
mod numbers;
#[cfg(feature = "service")]
mod organizations;
mod problems;
mod progress;
mod read_counts;
mod replace;
#[cfg(feature = "service")]
mod serve;
mod stats;
mod summary;
mod test;
mod timeline;
mod tree;
#[cfg(feature = "service")]
mod users;
mod words;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::io::{self, Write};
#[cfg(feature = "service")]
use std::path::PathBuf;
use std::process::ExitCode;

use callplan::diagnostics::text::Style;
#[cfg(feature = "service")]
use configuration::FromFile;

/// How a command ended, from best to worst: for several plans, the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Success: 0.
    Fine,
    /// A plan has errors, or a result is negative: 1.
    NotFine,
    /// Wrong use, a file that could not be read or written, or a mistake of callplan itself: 2.
    WrongUse,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::NotFine => 1,
            Exit::WrongUse => 2,
        })
    }
}

/// Why a command stopped before its end.
#[derive(Debug)]
enum Stop {
    /// It cannot do what was requested. The message says why, and what to do.
    WrongUse(String),
    /// The command line was refused, or asked for help.
    Refused(clap::Error),
    /// The command line was refused with the options of this file.
    #[cfg(feature = "service")]
    RefusedWithFile(clap::Error, PathBuf),
    /// Results cannot be written.
    Output(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// A small language that decides which voice agent answers a call.
#[derive(Parser)]
#[command(
    name = "callplan",
    version,
    arg_required_else_help = true,
    after_help = "\
Example:
  callplan check examples/riverside_dental.callplan

Exit codes: 0 if all is well, 1 if a plan or a result is not, 2 for wrong use, a file that cannot be read, or a
mistake of callplan itself."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::CheckCommand),
    Explain(explain::ExplainCommand),
    Fmt(fmt::FmtCommand),
    Decide(Box<decide::DecideCommand>),
    Test(test::TestCommand),
    Examples(examples::ExamplesCommand),
    Diff(diff::DiffCommand),
    Timeline(timeline::TimelineCommand),
    #[cfg(feature = "service")]
    #[command(flatten)]
    Service(ServiceCommand),
}

/// The commands with a database or sockets. They are for Unix; the others run wherever Rust runs.
#[cfg(feature = "service")]
#[derive(Subcommand)]
enum ServiceCommand {
    Organizations(organizations::OrganizationsCommand),
    Users(users::UsersCommand),
    Keys(Box<keys::KeysCommand>),
    Audit(audit::AuditCommand),
    Numbers(numbers::NumbersCommand),
    Serve(Box<serve::ServeCommand>),
    Calls(call_log::CallsCommand),
    Backup(copies::BackupCommand),
    Restore(copies::RestoreCommand),
    Verify(copies::VerifyCommand),
}

#[cfg(feature = "service")]
impl ServiceCommand {
    fn run(self) -> Result<Exit, Stop> {
        // Databases, backups and demos hold phone numbers.
        callplan_service::store::make_files_private();
        match self {
            Self::Organizations(organizations) => organizations.run(),
            Self::Users(users) => users.run(),
            Self::Keys(keys) => keys.run(),
            Self::Audit(audit) => audit.run(),
            Self::Numbers(numbers) => numbers.run(),
            Self::Serve(serve) => serve.run(),
            Self::Calls(calls) => calls.run(),
            Self::Backup(backup) => backup.run(),
            Self::Restore(restore) => restore.run(),
            Self::Verify(verify) => verify.run(),
        }
    }
}

/// Runs one command line, with the program's name first. All output is printed when it returns.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let ended = read(arguments.into_iter().collect()).and_then(run_command);
    match ended {
        Ok(exit) => exit,
        Err(Stop::WrongUse(message)) => {
            complain(&message);
            Exit::WrongUse
        }
        // Help and the version come this way, too. The result is ignored: without a reader, nobody
        // can be told.
        Err(Stop::Refused(refused)) => {
            let _ = refused.print();
            if refused.use_stderr() { Exit::WrongUse } else { Exit::Fine }
        }
        #[cfg(feature = "service")]
        Err(Stop::RefusedWithFile(refused, file)) => {
            let _ = refused.print();
            note(&format!("options also come from `{}`", file.display()));
            Exit::WrongUse
        }
        // `callplan decide … | head`: the reader has closed the pipe, which is no error.
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(Stop::Output(error)) => {
            complain(&format!("the results cannot be written: {}", words::io(&error)));
            Exit::WrongUse
        }
    }
}

/// Reads a command line, with what the environment and a configuration file add to it.
#[cfg(feature = "service")]
fn read(mut arguments: Vec<OsString>) -> Result<Command, Stop> {
    let command = configuration::configurable(Arguments::command());
    let Some(FromFile { file, options }) = FromFile::read(&command, &arguments)? else {
        return parse(command, arguments).map_err(Stop::Refused);
    };
    arguments.extend(options);
    parse(command, arguments).map_err(|refused| match refused.use_stderr() {
        true => Stop::RefusedWithFile(refused, file),
        false => Stop::Refused(refused),
    })
}

#[cfg(not(feature = "service"))]
fn read(arguments: Vec<OsString>) -> Result<Command, Stop> {
    parse(Arguments::command(), arguments).map_err(Stop::Refused)
}

fn parse(command: clap::Command, arguments: Vec<OsString>) -> Result<Command, clap::Error> {
    let matches = command.try_get_matches_from(arguments)?;
    Ok(Arguments::from_arg_matches(&matches)?.command)
}

fn run_command(command: Command) -> Result<Exit, Stop> {
    match command {
        Command::Check(check) => check.run(),
        Command::Explain(explain) => explain.run(),
        Command::Fmt(fmt) => fmt.run(),
        Command::Decide(decide) => decide.run(),
        Command::Test(test) => test.run(),
        Command::Examples(examples) => examples.run(),
        Command::Diff(diff) => diff.run(),
        Command::Timeline(timeline) => timeline.run(),
        #[cfg(feature = "service")]
        Command::Service(command) => command.run(),
    }
}

/// Prints an error on standard error, in the style of the command line's own errors. The message
/// may quote any text.
fn complain(message: &str) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    // The result is ignored: without standard error, nobody can be told.
    let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {}", words::clean_lines(message));
}

/// Adds to an error what helps to mend it.
#[cfg(feature = "service")]
fn note(message: &str) {
    let style = anstyle::AnsiColor::Cyan.on_default().bold();
    let _ = writeln!(anstream::stderr(), "{style}note:{style:#} {}", words::clean_lines(message));
}

/// The style for a stream: only terminals get colors, and `NO_COLOR` and `TERM=dumb` turn them off.
fn style(stream: &impl anstream::stream::RawStream) -> Style {
    match anstream::AutoStream::choice(stream) {
        anstream::ColorChoice::Never => Style::Plain,
        anstream::ColorChoice::Auto | anstream::ColorChoice::Always | anstream::ColorChoice::AlwaysAnsi => Style::Color,
    }
}
