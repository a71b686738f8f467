//! The JSON object of a request, read field by field, so that the answer names all errors at once.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::problem::{FieldError, Problem};

/// A field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent<T> {
    /// It was left out. In a partial update, the field does not change.
    Absent,
    /// It was sent as null.
    Null,
    /// It was sent.
    Value(T),
}

impl<T> Sent<T> {
    /// Its value; `None` if it was left out or null, where both mean the same.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Absent | Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The new value of a field whose old value is `was`.
    pub fn or(self, was: Option<T>) -> Option<T> {
        match self {
            Self::Absent => was,
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

/// A JSON object of a request. Each field is taken once; an unknown field that is left at the end
/// is an error.
#[derive(Debug)]
pub struct Object {
    fields: Map<String, Value>,
    /// The path of this object: empty, or a dotted path and a dot.
    path: String,
    errors: Vec<FieldError>,
}

impl Object {
    /// The fields of a body, with the errors that reading it has found.
    pub fn new(fields: Map<String, Value>, errors: Vec<FieldError>) -> Self {
        Self { fields, path: String::new(), errors }
    }

    /// Reports an error of a field.
    pub fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(FieldError::new(format!("{}{field}", self.path), message));
    }

    /// Whether an error of the field has been reported.
    pub fn is_wrong(&self, field: &str) -> bool {
        self.errors.iter().any(|error| error.field.strip_prefix(&*self.path) == Some(field))
    }

    /// Takes a field. `read` gives its value, or what is wrong with it.
    pub fn take<T>(&mut self, field: &str, read: impl FnOnce(Value) -> Result<T, String>) -> Sent<T> {
        match self.fields.shift_remove(field) {
            None => Sent::Absent,
            Some(Value::Null) => Sent::Null,
            Some(value) => match read(value) {
                Ok(value) => Sent::Value(value),
                Err(message) => {
                    self.wrong(field, message);
                    Sent::Absent
                }
            },
        }
    }

    /// Takes a required field. If it is missing, reports that and gives `None`.
    pub fn required<T>(&mut self, field: &str, read: impl FnOnce(Value) -> Result<T, String>) -> Option<T> {
        match self.take(field, read) {
            Sent::Value(value) => return Some(value),
            Sent::Null => self.wrong(field, "must not be null"),
            Sent::Absent if self.is_wrong(field) => {}
            Sent::Absent => self.wrong(field, "is required"),
        }
        None
    }

    /// Takes a field that may be left out, but not be null.
    pub fn optional<T>(&mut self, field: &str, read: impl FnOnce(Value) -> Result<T, String>) -> Option<T> {
        match self.take(field, read) {
            Sent::Value(value) => Some(value),
            Sent::Absent => None,
            Sent::Null => {
                self.wrong(field, "must not be null");
                None
            }
        }
    }

    /// Takes a nested object, which `read` reads. Its errors have the complete path.
    pub fn object<T>(&mut self, field: &str, read: impl FnOnce(&mut Self) -> T) -> Sent<T> {
        match self.fields.shift_remove(field) {
            None => Sent::Absent,
            Some(Value::Null) => Sent::Null,
            Some(Value::Object(fields)) => {
                let mut inner = Self { fields, path: format!("{}{field}.", self.path), errors: Vec::new() };
                let value = read(&mut inner);
                self.errors.append(&mut inner.leftovers());
                Sent::Value(value)
            }
            Some(_) => {
                self.wrong(field, "must be an object");
                Sent::Absent
            }
        }
    }

    /// Reads the items of a list that was taken. Errors name the index of the item, from 0.
    pub fn each<T>(
        &mut self,
        field: &str,
        items: Vec<Value>,
        read: impl Fn(Value) -> Result<T, String>,
    ) -> Vec<(usize, T)> {
        let mut values = Vec::with_capacity(items.len());
        for (place, item) in items.into_iter().enumerate() {
            match read(item) {
                Ok(value) => values.push((place, value)),
                Err(message) => self.wrong(&format!("{field}.{place}"), message),
            }
        }
        values
    }

    /// Whether a remaining field is an object.
    pub fn is_object(&self, field: &str) -> bool {
        self.fields.get(field).is_some_and(Value::is_object)
    }

    /// The names of the remaining fields.
    pub fn names(&self) -> Vec<String> {
        self.fields.keys().cloned().collect()
    }

    /// Takes all remaining fields, for objects whose names are not known beforehand.
    pub fn rest(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.fields)
    }

    fn leftovers(mut self) -> Vec<FieldError> {
        for field in self.rest().keys() {
            self.wrong(field, "is not a field of this");
        }
        self.errors
    }

    /// Ends the object: gives all errors, if there are any.
    pub fn finish(self) -> Result<(), Problem> {
        match self.leftovers() {
            errors if errors.is_empty() => Ok(()),
            errors => Err(Problem::fields(errors)),
        }
    }
}

/// Reads a string.
pub fn text(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err("must be a string".into()),
    }
}

/// Reads a string of `minimum` to `maximum` characters (Unicode scalar values) without control
/// characters.
pub fn short_text(minimum: usize, maximum: usize) -> impl FnOnce(Value) -> Result<String, String> {
    move |value| {
        let text = text(value)?;
        let length = text.chars().count();
        if length < minimum {
            return Err(if minimum == 1 {
                "must not be empty".into()
            } else {
                format!("must have at least {minimum} characters")
            });
        }
        if length > maximum {
            return Err(format!("must have at most {maximum} characters"));
        }
        match text.contains(char::is_control) {
            true => Err("must not have control characters in it".into()),
            false => Ok(text),
        }
    }
}

/// Reads a name for people to see.
pub fn name(value: Value) -> Result<String, String> {
    let text = text(value)?;
    callplan_service::name::check(&text)?;
    Ok(text)
}

/// Reads true or false.
pub fn boolean(value: Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| "must be true or false".into())
}

/// Reads the number of a version: 1, 2, …
pub fn version(value: Value) -> Result<u32, String> {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number.filter(|number| *number > 0).ok_or_else(|| "must be a whole number of at least 1".into())
}

/// Maximum size of a text or of an object that is only kept, in bytes.
const MAXIMUM_FIELD: usize = 64 << 10;

/// Reads a text that is only kept.
pub fn kept_text(value: Value) -> Result<String, String> {
    within_a_field(text(value)?)
}

/// Reads an object with any fields that is only kept, and gives it as JSON.
pub fn any_object(value: Value) -> Result<String, String> {
    match value {
        Value::Object(_) => within_a_field(value.to_string()),
        _ => Err("must be an object".into()),
    }
}

fn within_a_field(text: String) -> Result<String, String> {
    if text.len() > MAXIMUM_FIELD {
        return Err(format!("must have at most {MAXIMUM_FIELD} bytes; it has {}", text.len()));
    }
    Ok(text)
}

/// Reads a list of `minimum` to `maximum` items, for [`Object::each`].
pub fn list(minimum: usize, maximum: usize) -> impl FnOnce(Value) -> Result<Vec<Value>, String> {
    move |value| match value {
        Value::Array(items) if items.len() < minimum => Err(format!("must have at least {minimum}")),
        Value::Array(items) if items.len() > maximum => Err(format!("must have at most {maximum}")),
        Value::Array(items) => Ok(items),
        _ => Err("must be a list".into()),
    }
}

/// Reads an instant with an offset, as in RFC 3339.
pub fn instant(value: Value) -> Result<Timestamp, String> {
    let text = value.as_str().and_then(rfc3339);
    text.ok_or_else(|| "must be a time with an offset, such as 2026-03-01T17:00:00Z (RFC 3339)".into())
}

/// Reads an instant strictly: a date, `T`, a time with seconds, and `Z` or an offset.
pub fn rfc3339(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let digits =
        |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let is = |at: usize, letters: &[u8]| bytes.get(at).is_some_and(|byte| letters.contains(byte));
    let is_shaped = digits(0..4)
        && is(4, b"-")
        && digits(5..7)
        && is(7, b"-")
        && digits(8..10)
        && is(10, b"Tt")
        && digits(11..13)
        && is(13, b":")
        && digits(14..16)
        && is(16, b":")
        && digits(17..19);
    let zone = bytes.get(19..)?.iter().position(|byte| !(byte.is_ascii_digit() || *byte == b'.'))? + 19;
    let is_zone = match &bytes[zone..] {
        b"Z" | b"z" => true,
        [b'+' | b'-', rest @ ..] => {
            rest.len() == 5
                && rest[2] == b':'
                && rest.iter().enumerate().all(|(at, byte)| at == 2 || byte.is_ascii_digit())
        }
        _ => false,
    };
    if !(is_shaped && is_zone) {
        return None;
    }
    text.parse().ok().or_else(|| last_instant(text.split_at(zone)))
}

/// The last instants of the calendar, which their offset could carry beyond its end. They count as
/// the last instant that can be stored, 9999-12-30T22:00:00Z. (Some programs write
/// 9999-12-31T23:59:59Z for *never*.)
fn last_instant((time, offset): (&str, &str)) -> Option<Timestamp> {
    let time: jiff::civil::DateTime = time.parse().ok()?;
    let digits = |from: usize| offset.get(from..from + 2)?.parse::<u8>().ok();
    let is_offset = offset.len() == 1 || (digits(1)? < 24 && digits(4)? < 60);
    (is_offset && time.year() == 9999).then_some(Timestamp::MAX)
}
