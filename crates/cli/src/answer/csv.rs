//! Answers as CSV. A row has the call, the decision and the output, one field each. The row of a
//! call that could not be read has only the last field, with the line and the error.

use std::io::{self, Write};

use serde::Serializer as _;

use crate::calls::TimedCall;
use callplan::Decision;
use callplan::fields::{Party, TextField, TrustField};

/// The columns before and after the texts of a call. Attributes are one JSON object.
const BEFORE_TEXTS: [&str; 2] = ["caller_number", "called_number"];
const AFTER_TEXTS: [&str; 16] = [
    Party::Asserted.key(),
    Party::Diverted.key(),
    TrustField::Attestation.key(),
    "attributes",
    "timestamp",
    "switches",
    "decision",
    "rule",
    "line",
    "reject",
    "agent_id",
    "version",
    "initial_context",
    "custom_metadata",
    "skip_pre_conversation_workflow",
    "error",
];

fn header() -> impl Iterator<Item = &'static str> {
    BEFORE_TEXTS.into_iter().chain(TextField::ALL.map(TextField::key)).chain(AFTER_TEXTS)
}

pub struct CsvAnswers<W: Write> {
    csv: csv::Writer<W>,
    /// Fields that are made for a row; their memory is reused for each row.
    metadata: Vec<u8>,
    attributes: Vec<u8>,
}

impl<W: Write> CsvAnswers<W> {
    /// Writes the header.
    pub fn new(out: W) -> io::Result<Self> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(header()).map_err(written)?;
        Ok(Self { csv, metadata: Vec::new(), attributes: Vec::new() })
    }

    pub fn write(&mut self, call: &TimedCall, time: &str, decision: &Decision) -> io::Result<()> {
        let (call, output) = (&call.call, &decision.output);
        self.metadata.clear();
        if let Some(metadata) = &output.custom_metadata {
            serde_json::to_writer(&mut self.metadata, metadata)?;
        }
        self.attributes.clear();
        if !call.attributes.is_empty() {
            let attributes = call.attributes.iter().map(|(name, text)| (name, text));
            serde_json::Serializer::new(&mut self.attributes).collect_map(attributes)?;
        }
        let number = |number: Option<usize>| number.map(|number| number.to_string()).unwrap_or_default();
        let truth = |truth: bool| if truth { "true" } else { "false" };
        let (switches, line) = (call.switches.join(" "), number(decision.line));
        let version = number(output.version.map(|version| version as usize));
        let numbers = [call.caller_number.as_deref().unwrap_or_default(), &call.called_number];
        let texts = TextField::ALL.map(|field| call.text(field).unwrap_or_default());
        let answer: [&[u8]; AFTER_TEXTS.len()] = [
            call.caller_asserted.as_deref().unwrap_or_default().as_bytes(),
            call.diverted_from.as_deref().unwrap_or_default().as_bytes(),
            call.attestation.as_deref().unwrap_or_default().as_bytes(),
            &self.attributes,
            time.as_bytes(),
            switches.as_bytes(),
            decision.outcome.name().as_bytes(),
            decision.rule.as_deref().unwrap_or_default().as_bytes(),
            line.as_bytes(),
            truth(output.reject).as_bytes(),
            output.agent_id.as_deref().unwrap_or_default().as_bytes(),
            version.as_bytes(),
            output.initial_context.as_bytes(),
            &self.metadata,
            truth(output.skip_pre_conversation_workflow).as_bytes(),
            b"",
        ];
        let record = numbers.into_iter().chain(texts).map(str::as_bytes).chain(answer);
        self.csv.write_record(record).map_err(written)
    }

    pub fn error(&mut self, line: u64, error: &str) -> io::Result<()> {
        let error = format!("line {line}: {error}");
        let empty = header().map(|_| "").skip(1);
        self.csv.write_record(empty.chain([error.as_str()])).map_err(written)
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.csv.flush()
    }
}

/// Keeps the kind of an I/O error: the command must notice when its reader is gone.
fn written(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
