//! Writes decisions: as JSON, as CSV, or for people. There is one answer for each call, in the
//! order of the calls.

mod csv;
mod json;
mod text;

use std::io::{self, Write};

use super::calls::TimedCall;
use callplan::{CheckedPlan, Decision, Trace};
pub use json::line as json_line;

/// How answers are written: for people, one line of JSON a call, or CSV with a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum AnswerFormat {
    Text,
    Json,
    Csv,
}

/// Writes answers in the order in which they come.
pub struct AnswerWriter<'p, W: Write> {
    plan: &'p CheckedPlan,
    form: Form<W>,
    /// The time of the current call, in UTC.
    time: String,
}

enum Form<W: Write> {
    Text(W),
    Json(W),
    Csv(Box<csv::CsvAnswers<W>>),
}

impl<'p, W: Write> AnswerWriter<'p, W> {
    /// A writer that has written what comes before the first answer, such as a header.
    pub fn new(plan: &'p CheckedPlan, format: AnswerFormat, out: W) -> io::Result<Self> {
        let form = match format {
            AnswerFormat::Text => Form::Text(out),
            AnswerFormat::Json => Form::Json(out),
            AnswerFormat::Csv => Form::Csv(Box::new(csv::CsvAnswers::new(out)?)),
        };
        Ok(Self { plan, form, time: String::new() })
    }

    /// Writes the answer to the call of a log's row.
    pub fn write(&mut self, line: u64, call: &TimedCall, decision: &Decision) -> io::Result<()> {
        show_time(call, &mut self.time);
        match &mut self.form {
            Form::Text(out) => text::line(out, self.plan, line, call, &self.time, decision),
            Form::Json(out) => json::write(out, call, &self.time, decision, None),
            Form::Csv(rows) => rows.write(call, &self.time, decision),
        }
    }

    /// Writes the error of a row in place of its answer.
    pub fn write_error(&mut self, line: u64, error: &str) -> io::Result<()> {
        match &mut self.form {
            Form::Text(out) => text::error(out, line, error),
            Form::Json(out) => json::error(out, line, error),
            Form::Csv(rows) => rows.error(line, error),
        }
    }

    /// Writes the only answer, with its explanation if there is a trace.
    pub fn write_only(&mut self, call: &TimedCall, decision: &Decision, trace: Option<&Trace>) -> io::Result<()> {
        show_time(call, &mut self.time);
        match &mut self.form {
            Form::Text(out) => text::whole(out, self.plan, decision, trace),
            Form::Json(out) => json::write(out, call, &self.time, decision, trace),
            Form::Csv(rows) => rows.write(call, &self.time, decision),
        }
    }

    /// Flushes the buffered answers.
    pub fn flush(&mut self) -> io::Result<()> {
        match &mut self.form {
            Form::Text(out) | Form::Json(out) => out.flush(),
            Form::Csv(rows) => rows.flush(),
        }
    }
}

/// Writes the time in UTC, with as many digits of a second as it came with.
fn show_time(call: &TimedCall, time: &mut String) {
    use std::fmt::Write as _;
    time.clear();
    // Writing to a text cannot fail.
    let _ = write!(time, "{:.*}", usize::from(call.digits), call.call.timestamp);
}
