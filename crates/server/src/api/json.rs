//! Reads the JSON of a body. Some valid JSON cannot be stored as it was sent, and is an error of
//! its field: a name that is given twice, of which one value would be lost, and nesting too deep
//! for other readers.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::error_code::ErrorCode;
use super::problem::{FieldError, MAXIMUM_ERRORS, Problem};

/// Maximum depth of nested objects and lists, with the body's own object.
const DEEPEST: usize = 127;

/// The prefix of names that serde_json reserves for its own types: it would read an object with
/// such a name as another value.
const RESERVED: &str = "$serde_json::private::";

/// Reads an object, and the errors of its names.
pub fn object(bytes: &[u8]) -> Result<(Map<String, Value>, Vec<FieldError>), Problem> {
    let bad = |detail: String| Problem::new(ErrorCode::InvalidJson, detail);
    let text = std::str::from_utf8(bytes).map_err(|_| bad("The body is not UTF-8.".into()))?;
    let not_json = |error: serde_json::Error| {
        bad(format!("The body is not JSON: line {}, column {}.", error.line(), error.column()))
    };
    // This does not recurse, so any depth is safe.
    serde_json::from_str::<IgnoredAny>(text).map_err(not_json)?;
    if !text.trim_start().starts_with('{') {
        return Err(Problem::new(ErrorCode::NotAnObject, "The body must be a JSON object."));
    }
    let errors = Walk::through(text)?;
    match serde_json::from_str(text).map_err(not_json)? {
        Value::Object(fields) => Ok((fields, errors)),
        // Unreachable: the text begins with a brace.
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(Problem::new(ErrorCode::NotAnObject, "The body must be a JSON object."))
        }
    }
}

/// An object or a list that is open at the current place.
enum Open<'t> {
    Object { names: HashSet<Cow<'t, str>>, name: Cow<'t, str> },
    List { place: usize },
}

/// A walk through JSON text, from left to right.
struct Walk<'t> {
    text: &'t str,
    open: Vec<Open<'t>>,
    errors: Vec<FieldError>,
}

impl<'t> Walk<'t> {
    fn through(text: &'t str) -> Result<Vec<FieldError>, Problem> {
        let mut walk = Self { text, open: Vec::new(), errors: Vec::new() };
        let (mut at, mut expects_name) = (0, false);
        while let Some(byte) = text.as_bytes().get(at) {
            match byte {
                b'{' | b'[' => {
                    walk.enter(*byte)?;
                    expects_name = *byte == b'{';
                }
                b'}' | b']' => {
                    walk.open.pop();
                    expects_name = false;
                }
                b',' => expects_name = walk.next(),
                b'"' => {
                    let end = end_of_string(text.as_bytes(), at);
                    if expects_name {
                        walk.name(at, end);
                    }
                    expects_name = false;
                    at = end;
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        Ok(walk.errors)
    }

    fn enter(&mut self, bracket: u8) -> Result<(), Problem> {
        if self.open.len() == DEEPEST {
            let field = self.path(1);
            let message = format!("must not have objects and lists nested more than {DEEPEST} levels deep");
            return Err(Problem::fields(vec![FieldError::new(field, message)]));
        }
        self.open.push(match bracket {
            b'{' => Open::Object { names: HashSet::new(), name: Cow::Borrowed("") },
            _ => Open::List { place: 0 },
        });
        Ok(())
    }

    /// After a comma: whether a name follows.
    fn next(&mut self) -> bool {
        match self.open.last_mut() {
            Some(Open::List { place }) => {
                *place += 1;
                false
            }
            Some(Open::Object { .. }) => true,
            None => false,
        }
    }

    fn name(&mut self, start: usize, end: usize) {
        let quoted = &self.text[start..end];
        let plain = quoted.get(1..quoted.len() - 1).unwrap_or_default();
        let unescaped = match plain.contains('\\') {
            false => Cow::Borrowed(plain),
            true => serde_json::from_str(quoted).map_or(Cow::Borrowed(plain), Cow::Owned),
        };
        let Some(Open::Object { names, name }) = self.open.last_mut() else { return };
        *name = unescaped.clone();
        let is_reserved = unescaped.starts_with(RESERVED);
        let is_new = names.insert(unescaped);
        if self.errors.len() > MAXIMUM_ERRORS {
            return;
        }
        if !is_new {
            self.errors.push(FieldError::new(self.path(DEEPEST), "is given more than once"));
        } else if is_reserved {
            self.errors.push(FieldError::new(self.path(DEEPEST), "is a reserved name"));
        }
    }

    /// The dotted path of the current place, with at most `limit` names and indices.
    fn path(&self, limit: usize) -> String {
        let parts = self.open.iter().take(limit).map(|open| match open {
            Open::Object { name, .. } => name.clone(),
            Open::List { place } => Cow::Owned(place.to_string()),
        });
        parts.collect::<Vec<_>>().join(".")
    }
}

/// The position after the string that starts at `start`.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> Vec<(String, String)> {
        let errors = match object(text.as_bytes()) {
            Ok((_, errors)) => errors,
            Err(problem) => problem.errors,
        };
        errors.into_iter().map(|error| (error.field, error.message)).collect()
    }

    #[test]
    fn a_name_is_there_once_in_its_own_object() {
        let twice = |field: &str| (field.to_owned(), "is given more than once".to_owned());
        for fine in
            ["{}", r#"{"a": {"a": [{"a": 1}, {"a": 1}]}, "b": "a", "c": "\"a\": {"}"#, r#"{"a": ",", "b": "\\"}"#]
        {
            assert_eq!(wrong(fine), [], "{fine}");
        }
        assert_eq!(wrong(r#"{"a": 1, "a": 1}"#), [twice("a")]);
        assert_eq!(
            wrong(r#"{"a": 1, "\u0061": 2, "b": {"": [0, {"c": [], "c": {}}]}}"#),
            [twice("a"), twice("b..1.c")]
        );
        assert_eq!(wrong(r#"{"a": {"x": "}"}, "b": "{", "a": 1}"#), [twice("a")]);
        let reserved = r#"{"metadata": {"$serde_json::private::RawValue": "1"}}"#;
        assert_eq!(wrong(reserved)[0].1, "is a reserved name");
    }

    #[test]
    fn nesting_is_bounded_and_its_field_named() {
        let nested = |depth: usize| format!(r#"{{"a": 1, "b": {}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert_eq!(wrong(&nested(DEEPEST - 1)), []);
        for depth in [DEEPEST, 130, 100_000] {
            let expected = "must not have objects and lists nested more than 127 levels deep";
            assert_eq!(wrong(&nested(depth)), [("b".to_owned(), expected.to_owned())]);
        }
    }

    #[test]
    fn what_is_no_object_or_no_json_is_said_so_however_deep() {
        let code = |text: &str| object(text.as_bytes()).expect_err(text).code;
        for text in ["{", "{\"a\": }", "", "{\"a\": 1,}", "\u{feff}{}", "{\"a\": \"\\ud800\"}"] {
            assert_eq!(code(text), ErrorCode::InvalidJson, "{text}");
        }
        for text in ["[]", "3", "null", " \"{}\""] {
            assert_eq!(code(text), ErrorCode::NotAnObject, "{text}");
        }
        assert_eq!(code(&"[".repeat(1000)), ErrorCode::InvalidJson);
        assert_eq!(code(&["[".repeat(1000), "]".repeat(1000)].concat()), ErrorCode::NotAnObject);
    }
}
