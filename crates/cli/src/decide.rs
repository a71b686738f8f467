//! `callplan decide`: decides one call, or every call of a log.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::answer::{AnswerFormat, AnswerWriter};
use super::calls::{CallArguments, ColumnBinding, ReadRow, Reading, TimedCall, attribute, each_once, switched_on};
use super::clock::{self, Clock};
use super::progress::WatchedReader;
use super::summary::Summary;
use super::{Exit, Stop, complain, input, problems, words};
use callplan::compile::{Budget, CompiledPlan};
use callplan::schedule::Zone;
use callplan::{Call, CheckedPlan};

/// Most calls of a log are younger than this; older ones are decided too, but more slowly.
pub const LOGGED_YEARS: i16 = 4;

/// Decides one call, or all calls of a call log
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  callplan decide office.callplan --caller +14155550100 --dialed +18005550100 --at 2026-03-01T12:00 --explain
  callplan decide office.callplan --calls calls.csv --summary
  callplan decide office.callplan --calls twilio.csv --column caller_number=From --column called_number=To")]
pub struct DecideCommand {
    /// The plan; `-` is standard input
    plan: PathBuf,
    /// The number of the caller; by default it is withheld
    #[arg(long, value_name = "NUMBER")]
    caller: Option<String>,
    /// The dialed number
    #[arg(long, value_name = "NUMBER", required_unless_present = "calls")]
    dialed: Option<String>,
    /// The name that the caller shows; by default that in the address of the number
    #[arg(long, value_name = "NAME")]
    caller_name: Option<String>,
    /// The number that the caller's carrier asserts
    #[arg(long, value_name = "NUMBER")]
    caller_asserted: Option<String>,
    /// Who sent the call on
    #[arg(long, value_name = "NUMBER")]
    diverted_from: Option<String>,
    /// How far the caller's number is vouched for: A, B, C, failed or unknown
    #[arg(long, value_name = "LEVEL")]
    attestation: Option<String>,
    /// An attribute of the call; may be given several times
    #[arg(long = "attribute", value_name = "NAME=TEXT", value_parser = attribute)]
    attributes: Vec<(String, String)>,
    /// The trunk that the call came in on
    #[arg(long)]
    trunk: Option<String>,
    /// The time of the call, such as 2026-03-01T12:00 or 2026-03-01T12:00:00-05:00; by default now
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Shows every statement that was reached, and why its condition held or not
    #[arg(long)]
    explain: bool,
    /// A call log to decide, CSV or JSON lines; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["caller", "dialed", "caller_name", "caller_asserted", "diverted_from", "attestation",
        "attributes", "trunk", "at", "explain"])]
    calls: Option<PathBuf>,
    /// The column of a field, by name; with --no-header by number, from 1
    #[arg(long = "column", value_name = "FIELD=COLUMN", requires = "calls", conflicts_with = "dialed")]
    columns: Vec<ColumnBinding>,
    /// The CSV has no header
    #[arg(long, requires = "calls", conflicts_with = "dialed")]
    no_header: bool,
    /// Counts the calls by agent and by rule, and prints no answers
    #[arg(long, requires = "calls", conflicts_with = "dialed")]
    summary: bool,
    /// A switch that is on; may be given several times
    #[arg(long = "switch", value_name = "NAME")]
    switches: Vec<String>,
    /// The organization of the calls, unless a row names one
    #[arg(long, value_name = "ID")]
    organization: Option<String>,
    /// The zone of times without an offset; by default the plan's
    #[arg(long, value_name = "ZONE", value_parser = clock::zone)]
    timezone: Option<Zone>,
    /// The format of the answers; by default text for one call, and JSON lines for a log
    #[arg(long, value_enum)]
    format: Option<AnswerFormat>,
}

impl DecideCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        input::at_most_one_stdin(std::iter::once(self.plan.as_path()).chain(self.calls.as_deref()))?;
        if self.format == Some(AnswerFormat::Csv) && (self.explain || self.summary) {
            let other = if self.explain { "--explain" } else { "--summary" };
            return Err(Stop::WrongUse(format!("`{other}` does not work with CSV: choose `--format text` or `json`")));
        }
        each_once(&self.columns).map_err(Stop::WrongUse)?;
        let source = input::plan(&self.plan)?;
        let Some(plan) = problems::runnable(&source)? else { return Ok(Exit::NotFine) };
        match &self.calls {
            Some(calls) => {
                let plan = CompiledPlan::new(plan, Some(clock::years_ago(LOGGED_YEARS)), Budget::default());
                self.many(&plan, calls, self.reading(plan.plan())?)
            }
            None => self.one(&plan, self.reading(&plan)?),
        }
    }

    fn reading<'p>(&self, plan: &'p CheckedPlan) -> Result<Reading<'p>, Stop> {
        let switches = switched_on(&self.switches, plan.switches()).map_err(Stop::WrongUse)?;
        let zone = self.timezone.clone().unwrap_or_else(|| plan.zone().clone());
        let organization = self.organization.clone();
        Ok(Reading { clock: Clock { zone }, organization, switches, declared: plan.switches() })
    }

    fn one(&self, plan: &CheckedPlan, reading: Reading) -> Result<Exit, Stop> {
        let arrived = match &self.at {
            Some(at) => reading.clock.read(at).map_err(|wrong| Stop::WrongUse(format!("--at: {wrong}")))?,
            None => clock::now(),
        };
        let call = Call {
            caller_number: self.caller.clone(),
            trunk_id: self.trunk.clone(),
            caller_name: self.caller_name.clone(),
            caller_asserted: self.caller_asserted.clone(),
            diverted_from: self.diverted_from.clone(),
            attestation: self.attestation.clone(),
            attributes: self.attributes.clone(),
            organization_id: reading.organization,
            switches: reading.switches,
            ..Call::new(self.dialed.clone().unwrap_or_default(), arrived.timestamp)
        };
        let (decision, trace) = plan.explain(&call);
        let trace = self.explain.then_some(&trace);
        let format = self.format.unwrap_or(AnswerFormat::Text);
        let out: Box<dyn Write> = match format {
            AnswerFormat::Text => Box::new(anstream::stdout().lock()),
            // A stream that removes colors would also remove them from the call's texts.
            AnswerFormat::Json | AnswerFormat::Csv => Box::new(io::stdout().lock()),
        };
        let mut answers = AnswerWriter::new(plan, format, out)?;
        answers.write_only(&TimedCall { call, digits: arrived.digits }, &decision, trace)?;
        answers.flush()?;
        Ok(Exit::Fine)
    }

    fn many(&self, plan: &CompiledPlan, file: &Path, reading: Reading) -> Result<Exit, Stop> {
        let name = input::name(file);
        let call = TimedCall::first(&reading);
        let log = WatchedReader::new(input::open(file)?, self.summary);
        let calls = CallArguments::open(log, &name, &self.columns, !self.no_header, reading)?;
        let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let unread = match self.summary {
            true => summarize(plan, calls, call, self.format, out, &name)?,
            false => answer(plan, calls, call, self.format, out, &name)?,
        };
        Ok(if unread == 0 { Exit::Fine } else { Exit::NotFine })
    }
}

/// Answers each call. Gives the number of rows that could not be read.
fn answer<R: io::BufRead>(
    plan: &CompiledPlan,
    mut calls: CallArguments<R>,
    mut call: TimedCall,
    format: Option<AnswerFormat>,
    out: impl Write,
    name: &str,
) -> Result<u64, Stop> {
    let mut answers = AnswerWriter::new(plan.plan(), format.unwrap_or(AnswerFormat::Json), out)?;
    let (mut rows, mut unread) = (0, 0);
    while let Some(ReadRow { line, read }) = next(&mut calls, &mut call, name)? {
        rows += 1;
        match read {
            Ok(()) => answers.write(line, &call, &plan.decide(&call.call))?,
            Err(error) => {
                unread += 1;
                answers.write_error(line, &error)?;
            }
        }
    }
    answers.flush()?;
    if unread > 0 {
        complain(&format!("`{name}`: {unread} of {} could not be read", words::count(rows, "row")));
    }
    Ok(unread)
}

/// Counts the calls. Gives the number of rows that could not be read.
fn summarize<R: io::BufRead>(
    plan: &CompiledPlan,
    mut calls: CallArguments<R>,
    mut call: TimedCall,
    format: Option<AnswerFormat>,
    mut out: impl Write,
    name: &str,
) -> Result<u64, Stop> {
    let mut summary = Summary::new(plan.plan());
    while let Some(ReadRow { line, read }) = next(&mut calls, &mut call, name)? {
        match read {
            Ok(()) => summary.add(&call.call, &plan.decide(&call.call)),
            Err(error) => summary.add_error(line, error),
        }
    }
    match format {
        Some(AnswerFormat::Json) => summary.write_json(&mut out)?,
        Some(AnswerFormat::Text | AnswerFormat::Csv) | None => summary.write(&mut out)?,
    }
    out.flush()?;
    let (errors, more) = summary.errors();
    for (line, error) in errors {
        complain(&format!("`{name}`, line {line}: {error}"));
    }
    if more > 0 {
        complain(&format!("`{name}`: {} more could not be read", words::count(more as usize, "row")));
    }
    Ok(errors.len() as u64 + more)
}

fn next<R: io::BufRead>(
    calls: &mut CallArguments<R>,
    call: &mut TimedCall,
    name: &str,
) -> Result<Option<ReadRow>, Stop> {
    // Reading and writing fail for different reasons, so the message says which it was.
    calls.next(call).map_err(|error| Stop::WrongUse(format!("`{name}` cannot be read further: {}", words::io(&error))))
}
