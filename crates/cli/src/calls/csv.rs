//! Rows of CSV. `csv_core` splits the fields; limiting a row and counting lines are done here.

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
    /// The columns of attributes, and the names of these.
    attributes: Vec<(usize, String)>,
    /// The number of fields of the header.
    width: Option<usize>,
}

impl<R: BufRead> CsvRows<R> {
    /// Reads the header, if there is one. The inner error is about a missing column. An empty file
    /// has no header and no rows.
    pub fn new(file: R, columns: &[ColumnBinding], header: bool) -> io::Result<Result<Self, String>> {
        let mut records = Records::new(file);
        if !header {
            return Ok(columns::by_number(columns).map(|places| Self {
                records,
                places,
                attributes: Vec::new(),
                width: None,
            }));
        }
        let mut attributes = Vec::new();
        let places = match records.next()? {
            None => Ok(ColumnPlaces::default()),
            Some((_, true)) => Err(too_long("; is it CSV?")),
            Some((_, false)) => {
                let names: Vec<_> =
                    (0..records.len()).map(|place| String::from_utf8_lossy(records.get(place))).collect();
                attributes = columns::attributes(names.iter().map(|name| name.trim()));
                columns::in_header(columns, &names.iter().map(|name| name.trim()).collect::<Vec<_>>())
            }
        };
        let width = Some(records.len());
        Ok(places.map(|places| Self { records, places, attributes, width }))
    }

    /// The next row, and the line on which it starts; `None` at the end.
    pub fn next(&mut self) -> io::Result<Option<(u64, Result<RowTexts<'_>, String>)>> {
        let Some((line, is_too_long)) = self.records.next()? else { return Ok(None) };
        let texts = if is_too_long { Err(too_long("; is a quote left open?")) } else { self.texts() };
        Ok(Some((line, texts)))
    }

    fn texts(&self) -> Result<RowTexts<'_>, String> {
        let count = self.records.len();
        if let Some(width) = self.width
            && (width..count).any(|place| !self.records.get(place).is_empty())
        {
            let fields = words::count(count, "field");
            return Err(format!("this row has {fields}, and the header {width}; is a comma not in quotes?"));
        }
        let mut row = RowTexts::default();
        for (field, place) in LogField::ALL.into_iter().zip(self.places) {
            let Some(place) = place else { continue };
            if place >= count {
                let fields = words::count(count, "field");
                return Err(format!("this row has {fields}, and `{}` is number {}", field.name(), place + 1));
            }
            let text = std::str::from_utf8(self.records.get(place))
                .map_err(|_| format!("`{}` is not UTF-8 text", field.name()))?;
            // CSV has no other way to write an absent field.
            row.texts[field.place()] = (!text.is_empty()).then_some(Cow::Borrowed(text));
        }
        for (place, name) in self.attributes.iter().filter(|(place, _)| *place < count) {
            let text = std::str::from_utf8(self.records.get(*place))
                .map_err(|_| format!("`attributes.{name}` is not UTF-8 text"))?;
            if !text.is_empty() {
                row.attributes.push((Cow::Borrowed(name.as_str()), Cow::Borrowed(text)));
            }
        }
        Ok(row)
    }
}

/// Splits a file into records, whose memory is reused for each record.
struct Records<R> {
    file: R,
    reader: csv_core::Reader,
    /// The fields of a record, one after the other, and the end of each.
    text: Vec<u8>,
    ends: Vec<usize>,
    /// The part of these buffers that the record fills.
    filled: usize,
    count: usize,
    /// The current line of the file, from 1.
    line: u64,
}

impl<R: BufRead> Records<R> {
    fn new(file: R) -> Self {
        let (text, ends) = (vec![0; 1024], vec![0; 64]);
        Self { file, reader: csv_core::Reader::new(), text, ends, filled: 0, count: 0, line: 1 }
    }

    /// The number of fields of the record.
    fn len(&self) -> usize {
        self.count
    }

    fn get(&self, place: usize) -> &[u8] {
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.text[start..self.ends[place]]
    }

    /// Reads the next record: gives the line on which it starts, and whether it is too long and was
    /// skipped. `None` at the end.
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
                // Nothing of a record that is too long is kept, so its memory can be overwritten.
                ReadRecordResult::OutputFull if is_too_long => self.filled = 0,
                ReadRecordResult::OutputEndsFull if is_too_long => self.count = 0,
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => return Ok(Some((line, is_too_long))),
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    /// Skips the end of the last record and blank lines, so that the line is that of the next
    /// record.
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
