//! Rows of CSV. `csv_core` finds the fields; the bound on a row and the count of lines are ours.

use std::borrow::Cow;
use std::io::{self, BufRead};

use csv_core::ReadRecordResult;

use super::columns::{self, ColumnBinding, ColumnPlaces, LogField};
use super::{LONGEST_ROW, RowTexts, too_long};
use crate::words;

/// The rows of a file.
pub struct CsvRows<R> {
    records: Records<R>,
    places: ColumnPlaces,
    /// How many fields the header has.
    width: Option<usize>,
}

impl<R: BufRead> CsvRows<R> {
    /// Reads the header, if there is one. The inner error is that of a header that lacks a column.
    /// A file of nothing has no header and no rows.
    pub fn new(file: R, columns: &[ColumnBinding], header: bool) -> io::Result<Result<Self, String>> {
        let mut records = Records::new(file);
        if !header {
            return Ok(columns::by_number(columns).map(|places| Self { records, places, width: None }));
        }
        let places = match records.next()? {
            None => Ok(ColumnPlaces::default()),
            Some((_, true)) => Err(too_long("; is it CSV?")),
            Some((_, false)) => {
                let names: Vec<_> =
                    (0..records.len()).map(|place| String::from_utf8_lossy(records.get(place))).collect();
                columns::in_header(columns, &names.iter().map(|name| name.trim()).collect::<Vec<_>>())
            }
        };
        let width = Some(records.len());
        Ok(places.map(|places| Self { records, places, width }))
    }

    /// The next row and the line on which it starts; none at the end.
    pub fn next(&mut self) -> io::Result<Option<(u64, Result<RowTexts<'_>, String>)>> {
        let Some((line, is_too_long)) = self.records.next()? else { return Ok(None) };
        let said = if is_too_long { Err(too_long("; is a quote left open?")) } else { self.said() };
        Ok(Some((line, said)))
    }

    fn said(&self) -> Result<RowTexts<'_>, String> {
        let count = self.records.len();
        if let Some(width) = self.width
            && (width..count).any(|place| !self.records.get(place).is_empty())
        {
            let fields = words::count(count, "field");
            return Err(format!("this row has {fields}, and the header {width}; is a comma not in quotes?"));
        }
        let mut said = RowTexts::default();
        for (field, place) in LogField::ALL.into_iter().zip(self.places) {
            let Some(place) = place else { continue };
            if place >= count {
                let fields = words::count(count, "field");
                return Err(format!("this row has {fields}, and `{}` is number {}", field.name(), place + 1));
            }
            let text = std::str::from_utf8(self.records.get(place))
                .map_err(|_| format!("`{}` is not UTF-8 text", field.name()))?;
            // An empty field is all that CSV has for one that is absent.
            said.texts[field.place()] = (!text.is_empty()).then_some(Cow::Borrowed(text));
        }
        Ok(said)
    }
}

/// Cuts a file into records, each in the memory of the one before.
struct Records<R> {
    file: R,
    reader: csv_core::Reader,
    /// The fields of a record, one after the other, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    /// How much of these the record takes.
    filled: usize,
    count: usize,
    /// Where we are in the file, from 1.
    line: u64,
}

impl<R: BufRead> Records<R> {
    fn new(file: R) -> Self {
        let (text, ends) = (vec![0; 1024], vec![0; 64]);
        Self { file, reader: csv_core::Reader::new(), text, ends, filled: 0, count: 0, line: 1 }
    }

    /// How many fields the record has.
    fn len(&self) -> usize {
        self.count
    }

    fn get(&self, place: usize) -> &[u8] {
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.text[start..self.ends[place]]
    }

    /// Reads the next record: the line on which it starts, and whether it is too long, and then
    /// passed over. None at the end.
    fn next(&mut self) -> io::Result<Option<(u64, bool)>> {
        self.skip_line_ends()?;
        let line = self.line;
        let mut length = 0;
        (self.filled, self.count) = (0, 0);
        loop {
            let input = self.file.fill_buf()?;
            let (result, read, written, ended) =
                self.reader.read_record(input, &mut self.text[self.filled..], &mut self.ends[self.count..]);
            self.line += line_ends(&input[..read]);
            self.file.consume(read);
            length += read;
            self.filled += written;
            self.count += ended;
            let is_too_long = length > LONGEST_ROW;
            match result {
                ReadRecordResult::InputEmpty => {}
                // Of a record that is too long nothing is kept, so it may go on in the same memory.
                ReadRecordResult::OutputFull if is_too_long => self.filled = 0,
                ReadRecordResult::OutputEndsFull if is_too_long => self.count = 0,
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => return Ok(Some((line, is_too_long))),
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    /// Passes over what ended the last record, and blank lines, so that the line is that of the
    /// next record.
    fn skip_line_ends(&mut self) -> io::Result<()> {
        loop {
            let input = self.file.fill_buf()?;
            let skipped = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let is_all = skipped == input.len();
            self.line += line_ends(&input[..skipped]);
            self.file.consume(skipped);
            if !is_all || skipped == 0 {
                return Ok(());
            }
        }
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}
