//! Call logs: one call in each row, from CSV or JSON lines, read row by row. Memory does not grow
//! with the file, and a row that cannot be read does not stop the rest.

mod columns;
mod csv;
mod jsonl;

pub use columns::{ColumnBinding, each_once};
use columns::{ColumnNames, LogField};

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use jiff::Timestamp;

use super::clock::{self, Clock};
use super::{Stop, input, words};
use callplan::Call;
use callplan::fields::{Party, TextField};

/// Maximum length of a row, in bytes. The longest rows of real logs have a few thousand.
const LONGEST_ROW: usize = 1 << 20;

/// Bytes of one read.
const BUFFER: usize = 1 << 16;

/// What rows are read with, beside their own fields.
pub struct Reading<'p> {
    /// The clock for times without an offset.
    pub clock: Clock,
    /// The organization for rows that name none.
    pub organization: Option<String>,
    /// The switches that are on for every row, in order.
    pub switches: Vec<String>,
    /// The switches that the plan declares: a row may turn on no others.
    pub declared: &'p [String],
}

/// A row that has been read.
pub struct ReadRow {
    /// The line on which it starts, from 1.
    pub line: u64,
    /// What is wrong with it; otherwise the call is the row's.
    pub read: Result<(), String>,
}

/// A call, and the precision of its time for answers.
pub struct TimedCall {
    pub call: Call,
    /// Digits of a second with which the time was given.
    pub digits: u8,
}

impl TimedCall {
    /// An empty call, into which the rows of a log are read.
    pub fn first(reading: &Reading) -> Self {
        let call = Call { switches: reading.switches.clone(), ..Call::new("", Timestamp::UNIX_EPOCH) };
        Self { call, digits: 0 }
    }
}

/// The texts of a row's fields.
#[derive(Default)]
struct RowTexts<'r> {
    texts: [Option<Cow<'r, str>>; LogField::ALL.len()],
    /// The attributes that the row has, by name.
    attributes: Vec<(Cow<'r, str>, Cow<'r, str>)>,
    /// The switches that the row names. Only JSON rows can name switches.
    switches: Vec<Cow<'r, str>>,
}

/// A call log, row by row.
pub struct CallArguments<'p, R> {
    rows: LogRows<R>,
    reading: Reading<'p>,
}

enum LogRows<R> {
    Csv(Box<csv::CsvRows<R>>),
    Json(Box<jsonl::JsonRows<R>>),
}

/// A log whose first bytes have been read.
type Started<R> = BufReader<Chain<Cursor<Vec<u8>>, R>>;

impl<'p, R: Read> CallArguments<'p, Started<R>> {
    /// Detects the format of a log: JSON lines start with `{`, all else is CSV. A header is read
    /// here, so that a missing column is reported before any row is decided.
    pub fn open(
        file: R,
        name: &str,
        columns: &[ColumnBinding],
        header: bool,
        reading: Reading<'p>,
    ) -> Result<Self, Stop> {
        let unreadable = |error: io::Error| Stop::WrongUse(format!("`{name}` cannot be read: {}", words::io(&error)));
        let wrong = |message: String| Stop::WrongUse(format!("`{name}`: {message}"));
        let (first, file) = start(file).map_err(unreadable)?;
        if let Some(kind) = input::foreign(file.get_ref().get_ref().0.get_ref()) {
            return Err(Stop::WrongUse(format!("`{name}` is {kind}")));
        }
        let rows = match first {
            Some(b'[') => return Err(wrong("this is one JSON list: write one object on each line instead".into())),
            Some(b'{') if !header => return Err(wrong("these are JSON lines, and `--no-header` is for CSV".into())),
            Some(b'{') => LogRows::Json(Box::new(jsonl::JsonRows::new(file, ColumnNames::new(columns)))),
            Some(_) | None => {
                let rows = csv::CsvRows::new(file, columns, header).map_err(unreadable)?;
                LogRows::Csv(Box::new(rows.map_err(wrong)?))
            }
        };
        Ok(Self { rows, reading })
    }
}

/// The first character that is not white space, if it is ASCII, and the file from its start without
/// a byte-order mark. A pipe may deliver the start in small pieces, so a large part is read first.
fn start<R: Read>(mut file: R) -> io::Result<(Option<u8>, Started<R>)> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let mut start = Vec::new();
    file.by_ref().take(BUFFER as u64).read_to_end(&mut start)?;
    if start.starts_with(MARK) {
        start.drain(..MARK.len());
    }
    let first = start.trim_ascii_start().first().copied();
    Ok((first, BufReader::with_capacity(BUFFER, Cursor::new(start).chain(file))))
}

impl<R: BufRead> CallArguments<'_, R> {
    /// Reads the next row into `call`; `None` at the end.
    pub fn next(&mut self, call: &mut TimedCall) -> io::Result<Option<ReadRow>> {
        let row = match &mut self.rows {
            LogRows::Csv(rows) => rows.next()?,
            LogRows::Json(rows) => rows.next()?,
        };
        Ok(row.map(|(line, texts)| ReadRow { line, read: texts.and_then(|texts| self.reading.fill(&texts, call)) }))
    }
}

impl Reading<'_> {
    /// Reads a row's fields into the call of the row before, whose memory is reused.
    fn fill(&self, texts: &RowTexts, timed: &mut TimedCall) -> Result<(), String> {
        let text = |field: LogField| texts.texts[field.place()].as_deref();
        let call = &mut timed.call;
        let called = text(LogField::CalledNumber).ok_or("this row has no `called_number`")?;
        put(&mut call.caller_number, text(LogField::CallerNumber));
        call.called_number.clear();
        call.called_number.push_str(called);
        for field in TextField::ALL {
            let default = self.organization.as_deref().filter(|_| field == TextField::Organization);
            put(call.text_mut(field), text(LogField::Text(field)).or(default));
        }
        put(&mut call.caller_asserted, text(LogField::Further(Party::Asserted)));
        put(&mut call.diverted_from, text(LogField::Further(Party::Diverted)));
        put(&mut call.attestation, text(LogField::Attestation));
        call.attributes.clear();
        let attributes = texts.attributes.iter();
        call.attributes.extend(attributes.map(|(name, text)| (name.to_string(), text.to_string())));
        self.switch(&texts.switches, &mut call.switches)?;
        let arrived = match text(LogField::Timestamp) {
            Some(time) => self.clock.read(time)?,
            None => clock::now(),
        };
        (call.timestamp, timed.digits) = (arrived.timestamp, arrived.digits);
        Ok(())
    }

    fn switch(&self, named: &[Cow<str>], on: &mut Vec<String>) -> Result<(), String> {
        if named.is_empty() && *on == self.switches {
            return Ok(());
        }
        on.clone_from(&self.switches);
        for name in named {
            on.push(declared(name, self.declared)?.to_owned());
        }
        on.sort_unstable();
        on.dedup();
        Ok(())
    }
}

/// The declared switch with this name, or the error.
fn declared<'p>(name: &str, declared: &'p [String]) -> Result<&'p str, String> {
    let names = || declared.iter().map(String::as_str);
    if let Some(declared_name) = names().find(|known| *known == name) {
        return Ok(declared_name);
    }
    let hint = match callplan::suggest::nearest(name, names()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None if declared.is_empty() => "it declares none".into(),
        None => format!("it declares {}", words::list(names())),
    };
    Err(format!("the plan declares no switch {}; {hint}", words::quote(name)))
}

/// The switches of the plan that are among `names`, each once, in the plan's order; or the error
/// for the first name that the plan does not declare.
pub fn switched_on(names: &[String], plan: &[String]) -> Result<Vec<String>, String> {
    let on = names.iter().map(|name| declared(name, plan).map(str::to_owned));
    Ok(on.collect::<Result<BTreeSet<_>, _>>()?.into_iter().collect())
}

/// Reads `X-Campaign=spring`.
pub fn attribute(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        Some(_) | None => Err("write the attribute's name, `=` and its text, as in `X-Campaign=spring`".into()),
    }
}

/// Replaces a text, and reuses its memory.
fn put(place: &mut Option<String>, text: Option<&str>) {
    match (place.as_mut(), text) {
        (Some(held), Some(text)) => {
            held.clear();
            held.push_str(text);
        }
        (_, text) => *place = text.map(str::to_owned),
    }
}

/// The error for a row that is longer than [`LONGEST_ROW`].
fn too_long(hint: &str) -> String {
    format!("this row is longer than {} MiB{hint}", LONGEST_ROW >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;
    use callplan::schedule::Zone;
    use proptest::prelude::*;

    /// Gives a limited number of bytes at a time, as a pipe may.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(buffer.len()).min(self.0.len());
            let (piece, rest) = self.0.split_at(length);
            buffer[..length].copy_from_slice(piece);
            self.0 = rest;
            Ok(length)
        }
    }

    /// The line of each row, with its caller or its error; or the error of the log.
    fn rows(log: &[u8], piece: usize) -> Result<Vec<(u64, String)>, String> {
        let switches = vec!["storm".to_owned()];
        let reading =
            Reading { clock: Clock { zone: Zone::UTC }, organization: None, switches: vec![], declared: &switches };
        let mut call = TimedCall::first(&reading);
        let mut calls = match CallArguments::open(Pieces(log, piece), "log", &[], true, reading) {
            Ok(calls) => calls,
            Err(stop) => return Err(format!("{stop:?}")),
        };
        let mut rows = Vec::new();
        while let Some(ReadRow { line, read }) = calls.next(&mut call).expect("bytes can be read") {
            rows.push((line, read.err().unwrap_or_else(|| call.call.caller_number.clone().unwrap_or_default())));
        }
        Ok(rows)
    }

    /// Parts of logs, valid and invalid, in any order.
    fn log() -> impl Strategy<Value = Vec<u8>> {
        let pieces: [&[u8]; 22] = [
            b"caller_number,called_number\n",
            b"+14155550100,+18005550100\n",
            b"\n",
            b"\r\n",
            b"\r",
            b",",
            b"\"",
            b"\"\"",
            b"{\"called_number\": \"+1\"}\n",
            b"{\"called_number\": ",
            b"\"switches\": [\"storm\"]",
            b"}",
            b"{",
            b"[",
            b"]",
            b"\xef\xbb\xbf",
            b"\xff",
            b"\0",
            b" ",
            b"timestamp",
            b"2026-03-01 12:00",
            b"\\u00e9",
        ];
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_log_is_read_to_its_end(log in log(), piece in 1..40_usize) {
            let expected = rows(&log, usize::MAX);
            prop_assert_eq!(&rows(&log, piece), &expected, "in pieces it reads the same");
            let lines: Vec<u64> = expected.unwrap_or_default().into_iter().map(|(line, _)| line).collect();
            prop_assert!(lines.is_sorted());
            prop_assert!(lines.iter().all(|line| *line <= 1 + log.iter().filter(|byte| **byte == b'\n').count() as u64));
        }
    }
}
