//! What was decided, written out: as JSON, as CSV, or for people. One answer a call, in the order
//! of the calls.

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

/// Writes answers, none before the one that came first.
pub struct AnswerWriter<'p, W: Write> {
    plan: &'p CheckedPlan,
    form: Form<W>,
    /// The time of the call at hand, in UTC.
    time: String,
}

enum Form<W: Write> {
    Text(W),
    Json(W),
    Csv(Box<csv::CsvAnswers<W>>),
}

impl<'p, W: Write> AnswerWriter<'p, W> {
    /// Writes what stands before the first answer.
    pub fn new(plan: &'p CheckedPlan, format: AnswerFormat, out: W) -> io::Result<Self> {
        let form = match format {
            AnswerFormat::Text => Form::Text(out),
            AnswerFormat::Json => Form::Json(out),
            AnswerFormat::Csv => Form::Csv(Box::new(csv::CsvAnswers::new(out)?)),
        };
        Ok(Self { plan, form, time: String::new() })
    }

    /// Writes the answer to the call of a log's row.
    pub fn write(&mut self, line: u64, asked: &TimedCall, decision: &Decision) -> io::Result<()> {
        show_time(asked, &mut self.time);
        match &mut self.form {
            Form::Text(out) => text::line(out, self.plan, line, asked, &self.time, decision),
            Form::Json(out) => json::write(out, asked, &self.time, decision, None),
            Form::Csv(rows) => rows.write(asked, &self.time, decision),
        }
    }

    /// Writes what is wrong with a row, in the answer's place.
    pub fn write_error(&mut self, line: u64, error: &str) -> io::Result<()> {
        match &mut self.form {
            Form::Text(out) => text::error(out, line, error),
            Form::Json(out) => json::error(out, line, error),
            Form::Csv(rows) => rows.error(line, error),
        }
    }

    /// Writes the only answer, and how it came about if that was asked for.
    pub fn write_only(&mut self, asked: &TimedCall, decision: &Decision, trace: Option<&Trace>) -> io::Result<()> {
        show_time(asked, &mut self.time);
        match &mut self.form {
            Form::Text(out) => text::whole(out, self.plan, decision, trace),
            Form::Json(out) => json::write(out, asked, &self.time, decision, trace),
            Form::Csv(rows) => rows.write(asked, &self.time, decision),
        }
    }

    /// Sends off what has been kept back so far.
    pub fn flush(&mut self) -> io::Result<()> {
        match &mut self.form {
            Form::Text(out) | Form::Json(out) => out.flush(),
            Form::Csv(rows) => rows.flush(),
        }
    }
}

/// In UTC, with the digits that it came with.
fn show_time(asked: &TimedCall, time: &mut String) {
    use std::fmt::Write as _;
    time.clear();
    // Writing to a text cannot fail.
    let _ = write!(time, "{:.*}", usize::from(asked.digits), asked.call.timestamp);
}
