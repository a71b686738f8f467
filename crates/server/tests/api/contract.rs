//! Compares answers with the OpenAPI document, for every answer of every test here.

use std::collections::BTreeSet;
use std::sync::Mutex;

use axum::http::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// A document, and the answers that were seen.
pub struct Contract {
    document: Value,
    /// The statuses that were answered, by operation.
    pub seen: Mutex<BTreeSet<(String, String)>>,
}

/// An operation of a document.
pub struct Operation<'d> {
    pub id: &'d str,
    pub method: Method,
    pub path: &'d str,
    pub about: &'d Value,
}

impl Contract {
    pub fn new(document: &utoipa::openapi::OpenApi) -> Self {
        Self { document: serde_json::to_value(document).expect("JSON"), seen: Mutex::default() }
    }

    pub fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.document["paths"].as_object().expect("paths");
        let mut operations = Vec::new();
        for (path, all) in paths {
            for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
                if let Some(about) = all.get(method.as_str().to_lowercase()) {
                    let id = about["operationId"].as_str().expect("an id");
                    operations.push(Operation { id, method, path, about });
                }
            }
        }
        operations
    }

    fn operation(&self, method: &Method, path: &str) -> Option<Operation<'_>> {
        let path: Vec<&str> = path.split('?').next().unwrap_or_default().split('/').collect();
        let is_it = |template: &str| {
            let template: Vec<&str> = template.split('/').collect();
            template.len() == path.len()
                && template.iter().zip(&path).all(|(part, found)| part.starts_with('{') || part == found)
        };
        // A literal segment takes precedence over a parameter.
        let operations =
            self.operations().into_iter().filter(|operation| operation.method == *method && is_it(operation.path));
        operations.min_by_key(|operation| operation.path.matches('{').count())
    }

    /// Compares an answer with the document, if the document has the operation.
    #[track_caller]
    pub fn hold(&self, method: &Method, path: &str, status: u16, headers: &HeaderMap, body: &Value) {
        let Some(operation) = self.operation(method, path) else { return };
        let context = format!("{method} {path}: {status} {body:#}");
        let status = status.to_string();
        let response = &operation.about["responses"][&status];
        assert!(response.is_object(), "not documented: {context}");
        self.seen.lock().expect("nobody panicked").insert((operation.id.to_owned(), status.clone()));
        for name in response["headers"].as_object().into_iter().flat_map(Map::keys) {
            // Without a config there is no revision.
            assert!(headers.contains_key(name) || (name == "ETag" && body.is_null()), "no `{name}`: {context}");
        }
        let Some((_, content)) = response["content"].as_object().and_then(|all| all.iter().next()) else {
            return assert!(body.is_null(), "no body is documented: {context}");
        };
        if let Err(wrong) = self.fits(&content["schema"], body) {
            panic!("{wrong}: {context}");
        }
        if status.as_str() >= "400" {
            let codes = response["x-error-codes"].as_array().expect("codes");
            assert!(codes.contains(&body["code"]), "the code is not documented: {context}");
        }
    }

    /// The schema that a reference leads to.
    pub fn resolved<'d>(&'d self, schema: &'d Value) -> &'d Value {
        match schema["$ref"].as_str() {
            Some(path) => self.document.pointer(path.trim_start_matches('#')).expect("a schema"),
            None => schema,
        }
    }

    /// Asserts that a value matches a schema and has no unknown fields.
    pub fn fits(&self, schema: &Value, value: &Value) -> Result<(), String> {
        self.fits_loosely(schema, value)?;
        self.has_no_other_field(schema, value)
    }

    fn fits_loosely(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let schema = self.resolved(schema);
        let several = |name: &str| schema[name].as_array().into_iter().flatten();
        for part in several("allOf") {
            self.fits_loosely(part, value)?;
        }
        for name in ["oneOf", "anyOf"] {
            if schema[name].is_array() && !several(name).any(|part| self.fits(part, value).is_ok()) {
                return Err(format!("{value} is none of {}", schema[name]));
            }
        }
        if let Some(words) = schema["enum"].as_array()
            && !words.contains(value)
            && !(value.is_null() && allows(&schema["type"], "null"))
        {
            return Err(format!("{value} is none of {words:?}"));
        }
        if !schema["type"].is_null() && !kinds(value).iter().any(|kind| allows(&schema["type"], kind)) {
            return Err(format!("{value} is no {}", schema["type"]));
        }
        if let Some(text) = value.as_str() {
            has_format(schema["format"].as_str().unwrap_or_default(), text)?;
        }
        for item in value.as_array().into_iter().flatten() {
            self.fits(&schema["items"], item)?;
        }
        let Some(fields) = value.as_object() else { return Ok(()) };
        for required in several("required") {
            let name = required.as_str().expect("a name");
            if !fields.contains_key(name) {
                return Err(format!("`{name}` is missing in {value}"));
            }
        }
        for (name, field) in fields {
            let known = &schema["properties"][name];
            let known = if known.is_null() { &schema["additionalProperties"] } else { known };
            if known.is_object() {
                self.fits(known, field).map_err(|wrong| format!("`{name}`: {wrong}"))?;
            }
        }
        Ok(())
    }

    fn has_no_other_field(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let (Some(fields), Some(known)) = (value.as_object(), self.fields(schema)) else { return Ok(()) };
        match fields.keys().find(|name| !known.contains(*name)) {
            Some(name) => Err(format!("`{name}` is not documented")),
            None => Ok(()),
        }
    }

    /// The names of all fields of a schema; `None` if it allows any.
    fn fields(&self, schema: &Value) -> Option<BTreeSet<String>> {
        let schema = self.resolved(schema);
        let mut names: BTreeSet<String> =
            schema["properties"].as_object().into_iter().flat_map(Map::keys).cloned().collect();
        let parts = ["allOf", "oneOf", "anyOf"].iter().flat_map(|name| schema[*name].as_array().into_iter().flatten());
        for part in parts.clone().filter(|part| part["type"] != "null") {
            names.extend(self.fields(part)?);
        }
        let is_open = names.is_empty() || schema["additionalProperties"].is_object();
        (!is_open).then_some(names)
    }
}

fn allows(types: &Value, kind: &str) -> bool {
    types == kind || types.as_array().is_some_and(|types| types.contains(&json!(kind)))
}

fn kinds(value: &Value) -> &'static [&'static str] {
    match value {
        Value::Null => &["null"],
        Value::Bool(_) => &["boolean"],
        Value::Number(number) if number.is_f64() => &["number"],
        Value::Number(_) => &["integer", "number"],
        Value::String(_) => &["string"],
        Value::Array(_) => &["array"],
        Value::Object(_) => &["object"],
    }
}

fn has_format(format: &str, text: &str) -> Result<(), String> {
    let has = match format {
        "date-time" => text.parse::<Timestamp>().is_ok() && text.contains('T'),
        "date" => text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok(),
        "uuid" => is_uuid(text),
        _ => true,
    };
    if has { Ok(()) } else { Err(format!("{text} is no {format}")) }
}

pub fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}
