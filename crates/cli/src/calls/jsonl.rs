//! Rows of JSON lines: one object on each line.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead};

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;

use super::columns::{ColumnNames, LogField};
use super::{LONGEST_ROW, RowTexts, too_long};
use crate::words;

/// The rows of a file.
pub struct JsonRows<R> {
    file: R,
    names: ColumnNames,
    row: Vec<u8>,
    line: u64,
}

impl<R: BufRead> JsonRows<R> {
    pub fn new(file: R, names: ColumnNames) -> Self {
        Self { file, names, row: Vec::new(), line: 0 }
    }

    /// The next row that is not blank, and its line; `None` at the end.
    pub fn next(&mut self) -> io::Result<Option<(u64, Result<RowTexts<'_>, String>)>> {
        let is_too_long = loop {
            let Some(is_too_long) = self.read_line()? else { return Ok(None) };
            self.line += 1;
            if is_too_long || !self.row.trim_ascii().is_empty() {
                break is_too_long;
            }
        };
        let texts = if is_too_long { Err(too_long("")) } else { read(&self.row, &self.names) };
        Ok(Some((self.line, texts)))
    }

    /// Reads up to the end of the line: gives whether it is too long and was skipped. `None` at the
    /// end of the file.
    fn read_line(&mut self) -> io::Result<Option<bool>> {
        self.row.clear();
        let mut length = 0;
        loop {
            let input = self.file.fill_buf()?;
            if input.is_empty() {
                return Ok((length > 0).then_some(length > LONGEST_ROW));
            }
            let end = input.iter().position(|byte| *byte == b'\n');
            let read = end.unwrap_or(input.len());
            length += read;
            if length <= LONGEST_ROW {
                self.row.extend_from_slice(&input[..read]);
            }
            self.file.consume(read + usize::from(end.is_some()));
            if end.is_some() {
                return Ok(Some(length > LONGEST_ROW));
            }
        }
    }
}

fn read<'r>(row: &'r [u8], names: &ColumnNames) -> Result<RowTexts<'r>, String> {
    let mut json = serde_json::Deserializer::from_slice(row);
    let fields = JsonRowReader(names).deserialize(&mut json).and_then(|fields| json.end().map(|()| fields));
    fields.map_err(|error| unreadable(row, &error))?.texts(names)
}

/// The error for a line that is not a JSON object, or has a value of the wrong type.
fn unreadable(row: &[u8], error: &serde_json::Error) -> String {
    let text = match std::str::from_utf8(row) {
        Ok(text) => text,
        Err(place) => return format!("this line is not UTF-8 text: see its byte {}", place.valid_up_to() + 1),
    };
    if !text.trim_start().starts_with('{') {
        return "this line is not a JSON object: it does not start with `{`".into();
    }
    match error.classify() {
        // Only `attributes` and `switches` do not accept every value.
        Category::Data if error.to_string().contains(NOT_ATTRIBUTES) => {
            "`attributes` is not an object of texts, such as `{\"X-Campaign\": \"spring\"}`".into()
        }
        Category::Data => "`switches` is not a list of names, such as `[\"storm\"]`".into(),
        Category::Eof => "this line is not a JSON object: it ends too early; one object stands on one line".into(),
        Category::Syntax | Category::Io => {
            // The position is that of the last byte that was read, from 1.
            let before = text.get(..error.column().saturating_sub(1)).unwrap_or(text);
            format!("this line is not a JSON object: it goes wrong at character {}", before.chars().count() + 1)
        }
    }
}

/// The fields of a line. Only the syntax has been checked so far.
#[derive(Default)]
struct JsonRowFields<'r> {
    values: [Option<JsonText<'r>>; LogField::ALL.len()],
    attributes: Option<Vec<(Cow<'r, str>, JsonText<'r>)>>,
    switches: Option<Vec<JsonText<'r>>>,
    /// A known key that occurs twice.
    repeated: Option<String>,
}

impl<'r> JsonRowFields<'r> {
    fn texts(self, names: &ColumnNames) -> Result<RowTexts<'r>, String> {
        if let Some(name) = self.repeated {
            return Err(format!("{} occurs twice in this row", words::quote(&name)));
        }
        let mut row = RowTexts::default();
        for (field, value) in LogField::ALL.into_iter().zip(self.values) {
            row.texts[field.place()] = match value {
                None | Some(JsonText::Null) => None,
                Some(JsonText::Text(text)) => Some(text),
                // Seconds since 1970.
                Some(JsonText::Number(number)) if field == LogField::Timestamp => Some(Cow::Owned(number)),
                Some(JsonText::Number(_)) => return Err(not_text(names.of(field), "a number")),
                Some(JsonText::Other(kind)) => return Err(not_text(names.of(field), kind)),
            };
        }
        row.attributes = self.attributes.into_iter().flatten().map(attribute).collect::<Result<_, _>>()?;
        row.switches = self.switches.into_iter().flatten().map(switch).collect::<Result<_, _>>()?;
        Ok(row)
    }
}

fn switch(value: JsonText) -> Result<Cow<str>, String> {
    match value {
        JsonText::Text(name) => Ok(name),
        JsonText::Null | JsonText::Number(_) | JsonText::Other(_) => {
            Err("`switches` has an element that is not a name in quotes".into())
        }
    }
}

fn attribute<'r>((name, value): (Cow<'r, str>, JsonText<'r>)) -> Result<(Cow<'r, str>, Cow<'r, str>), String> {
    match value {
        JsonText::Text(text) => Ok((name, text)),
        JsonText::Null => Ok((name, Cow::Borrowed(""))),
        JsonText::Number(_) => Err(not_text(&format!("attributes.{name}"), "a number")),
        JsonText::Other(kind) => Err(not_text(&format!("attributes.{name}"), kind)),
    }
}

fn not_text(name: &str, kind: &str) -> String {
    format!("{} is {kind}, not a text in quotes", words::quote(name))
}

/// Reads the known fields of an object. Other fields may be nested to any depth: they are skipped
/// without recursion.
struct JsonRowReader<'n>(&'n ColumnNames);

/// Borrowed, unless the key has escapes.
#[derive(Deserialize)]
struct JsonKey<'r>(#[serde(borrow)] Cow<'r, str>);

impl<'r> DeserializeSeed<'r> for JsonRowReader<'_> {
    type Value = JsonRowFields<'r>;

    fn deserialize<D: Deserializer<'r>>(self, json: D) -> Result<JsonRowFields<'r>, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'r> Visitor<'r> for JsonRowReader<'_> {
    type Value = JsonRowFields<'r>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'r>>(self, mut map: A) -> Result<JsonRowFields<'r>, A::Error> {
        let mut fields = JsonRowFields::default();
        while let Some(JsonKey(name)) = map.next_key()? {
            let is_repeated = if let Some(field) = self.0.field(&name) {
                fields.values[field.place()].replace(map.next_value()?).is_some()
            } else if name == "switches" {
                let switches: Option<Vec<JsonText>> = map.next_value()?;
                fields.switches.replace(switches.unwrap_or_default()).is_some()
            } else if name == "attributes" {
                let attributes: Option<JsonAttributes> = map.next_value()?;
                fields.attributes.replace(attributes.map(|attributes| attributes.0).unwrap_or_default()).is_some()
            } else {
                map.next_value::<IgnoredAny>()?;
                false
            };
            if is_repeated {
                fields.repeated = Some(name.into_owned());
            }
        }
        Ok(fields)
    }
}

/// The members of an object.
struct JsonAttributes<'r>(Vec<(Cow<'r, str>, JsonText<'r>)>);

/// What tells an error about attributes from one about switches.
const NOT_ATTRIBUTES: &str = "an object of attributes";

impl<'r> Deserialize<'r> for JsonAttributes<'r> {
    fn deserialize<D: Deserializer<'r>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_map(Members)
    }
}

struct Members;

impl<'r> Visitor<'r> for Members {
    type Value = JsonAttributes<'r>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(NOT_ATTRIBUTES)
    }

    fn visit_map<A: MapAccess<'r>>(self, mut map: A) -> Result<JsonAttributes<'r>, A::Error> {
        let mut members = Vec::new();
        while let Some((JsonKey(name), value)) = map.next_entry()? {
            members.push((name, value));
        }
        Ok(JsonAttributes(members))
    }
}

/// A value where a row may have text.
enum JsonText<'r> {
    Null,
    Text(Cow<'r, str>),
    Number(String),
    /// Its type, in words.
    Other(&'static str),
}

impl<'r> Deserialize<'r> for JsonText<'r> {
    fn deserialize<D: Deserializer<'r>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(AnyJson)
    }
}

/// Accepts any value.
struct AnyJson;

impl<'r> Visitor<'r> for AnyJson {
    type Value = JsonText<'r>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<JsonText<'r>, E> {
        Ok(JsonText::Null)
    }

    fn visit_borrowed_str<E>(self, text: &'r str) -> Result<JsonText<'r>, E> {
        Ok(JsonText::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<JsonText<'r>, E> {
        Ok(JsonText::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<JsonText<'r>, E> {
        Ok(JsonText::Number(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<JsonText<'r>, E> {
        Ok(JsonText::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<JsonText<'r>, E> {
        Ok(JsonText::Number(number.to_string()))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<JsonText<'r>, E> {
        Ok(JsonText::Other(if truth { "true" } else { "false" }))
    }

    fn visit_seq<A: SeqAccess<'r>>(self, mut list: A) -> Result<JsonText<'r>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(JsonText::Other("a list"))
    }

    fn visit_map<A: MapAccess<'r>>(self, mut map: A) -> Result<JsonText<'r>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(JsonText::Other("an object"))
    }
}
