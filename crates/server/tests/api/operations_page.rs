//! `docs/reference/operations.md`, generated from the OpenAPI document.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Map, Value};

const HEAD: &str = "\
# Operations

<!-- Made from the OpenAPI document by
`UPDATE_DOCS=1 cargo test -p callplan-server --test api reference`. Do not edit. -->

Every operation of the API, and every object that they take and give. The rules behind them are in
the [other pages](README.md).

";

/// An operation of the document.
struct Described<'d> {
    method: String,
    path: &'d str,
    about: &'d Value,
}

impl<'d> Described<'d> {
    fn title(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The scopes that it needs, or each of those that are enough.
    fn scopes(&self) -> String {
        let choices = self.about["security"].as_array().into_iter().flatten();
        let choices = choices.map(|choice| {
            let scopes = choice["bearer"].as_array().into_iter().flatten().filter_map(Value::as_str);
            list(&scopes.collect::<Vec<_>>(), "none")
        });
        choices.collect::<Vec<_>>().join(" or ")
    }

    fn responses(&self) -> &'d Map<String, Value> {
        self.about["responses"].as_object().expect("responses")
    }

    /// Whether it has a body.
    fn has_body(&self) -> bool {
        ["POST", "PUT"].contains(&self.method.as_str())
    }

    /// The errors that it may give: status and code.
    fn errors(&self) -> BTreeSet<(&'d str, &'d str)> {
        let errors = self.responses().iter().flat_map(|(status, response)| {
            let codes = response["x-error-codes"].as_array().into_iter().flatten();
            codes.map(move |code| (status.as_str(), code.as_str().expect("a code")))
        });
        errors.collect()
    }
}

fn operations(document: &Value) -> Vec<Described<'_>> {
    let paths = document["paths"].as_object().expect("paths");
    let all = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods").iter();
        methods.map(move |(method, about)| Described { method: method.to_uppercase(), path, about })
    });
    all.collect()
}

/// The errors that all of these operations may give.
fn shared<'d, 'a>(operations: impl Iterator<Item = &'a Described<'d>>) -> BTreeSet<(&'d str, &'d str)>
where
    'd: 'a,
{
    operations.map(Described::errors).reduce(|one, other| &one & &other).unwrap_or_default()
}

/// The page.
pub fn of(document: &Value) -> String {
    let operations = operations(document);
    let of_all = shared(operations.iter());
    let of_bodies = shared(operations.iter().filter(|operation| operation.has_body()));
    let mut page = HEAD.to_owned();
    page += "| operation | scope | |\n| --- | --- | --- |\n";
    for operation in &operations {
        let (title, summary) = (operation.title(), cell(&operation.about["summary"]));
        let _ = writeln!(page, "| {} | {} | {summary} |", link(&title), operation.scopes());
    }
    page += "\nAny operation may give these errors; the operations below name only their own.\n\n";
    page += "| error | of |\n| --- | --- |\n";
    for error in &of_all {
        let _ = writeln!(page, "| {} | every operation |", shown(error));
    }
    for error in of_bodies.difference(&of_all) {
        let _ = writeln!(page, "| {} | every `POST` and `PUT` |", shown(error));
    }
    for operation in &operations {
        let known = if operation.has_body() { &of_bodies | &of_all } else { of_all.clone() };
        describe(&mut page, operation, &known);
    }
    page += "\n## Objects\n\nA field is there unless it is optional.\n";
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        describe_schema(&mut page, document, name, schema);
    }
    page
}

fn shown((status, code): &(&str, &str)) -> String {
    format!("{status} `{code}`")
}

fn list(words: &[&str], none: &str) -> String {
    if words.is_empty() {
        return none.to_owned();
    }
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// A link to a heading of the page.
fn link(heading: &str) -> String {
    let is_kept = |letter: &char| letter.is_alphanumeric() || [' ', '-', '_'].contains(letter);
    let anchor: String = heading.to_lowercase().chars().filter(is_kept).collect();
    format!("[`{heading}`](#{})", anchor.replace(' ', "-"))
}

/// A description, as a cell of a table.
fn cell(text: &Value) -> String {
    text.as_str().unwrap_or_default().replace('\n', " ").replace('|', "\\|")
}

/// Prose in lines of at most 100 characters.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() > 100 {
            lines.push(word.to_owned());
        } else {
            *line += &format!(" {word}");
        }
    }
    lines.join("\n")
}

fn describe(page: &mut String, operation: &Described<'_>, known: &BTreeSet<(&str, &str)>) {
    let about = operation.about;
    let (id, summary) = (cell(&about["operationId"]), cell(&about["summary"]));
    let summary = wrapped(&format!("{summary} Operation `{id}`."));
    let _ = write!(page, "\n## `{}`\n\n{summary}\n\n| | |\n| --- | --- |\n", operation.title());
    let _ = writeln!(page, "| scope | {} |", operation.scopes());
    for parameter in about["parameters"].as_array().into_iter().flatten() {
        if parameter["in"] == "header" {
            continue;
        }
        let (name, place) = (cell(&parameter["name"]), cell(&parameter["in"]));
        let kind = kind(&parameter["schema"]);
        let _ = writeln!(page, "| {place} | `{name}`: {kind}. {} |", cell(&parameter["description"]));
    }
    if let Some(body) = about["requestBody"]["content"]["application/json"]["schema"].as_object() {
        let optional = if about["requestBody"]["required"] == true { "" } else { ", or none" };
        let _ = writeln!(page, "| body | {}{optional} |", kind(&Value::Object(body.clone())));
    }
    for (status, response) in operation.responses().iter().filter(|(status, _)| status.as_str() < "400") {
        let schema = &response["content"]["application/json"]["schema"];
        let body = if schema.is_null() { "no body".to_owned() } else { kind(schema) };
        let _ = writeln!(page, "| {status} | {body}. {} |", cell(&response["description"]));
    }
    let own: Vec<String> = operation.errors().difference(known).map(shown).collect();
    if !own.is_empty() {
        let _ = writeln!(page, "| errors | {} |", own.join(", "));
    }
}

/// The possible values, in words.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return match name.strip_prefix("List_") {
            Some(item) => format!("a [page](http.md#lists) of {}", link(item)),
            None => link(name),
        };
    }
    for name in ["oneOf", "anyOf", "allOf"] {
        if let Some(parts) = schema[name].as_array() {
            let (nulls, others): (Vec<_>, Vec<_>) = parts.iter().partition(|part| part["type"] == "null");
            return others.into_iter().chain(nulls).map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        only => only.as_str().into_iter().collect(),
    };
    let (first, has_null) = (types.iter().find(|kind| **kind != "null").copied(), types.contains(&"null"));
    let base = match (first.unwrap_or("null"), schema["format"].as_str()) {
        ("string", Some("uuid")) => "UUID".to_owned(),
        ("string", Some("date-time")) => "time".to_owned(),
        ("string", Some("date")) => "day".to_owned(),
        ("array", _) => format!("list of {}", kind(&schema["items"])),
        ("object", _) if schema["additionalProperties"].is_object() => {
            format!("object of {} by name", kind(&schema["additionalProperties"]))
        }
        (other, _) => other.to_owned(),
    };
    let null = if has_null && first.is_some() { " or null" } else { "" };
    format!("{base}{null}{}{}", limits(schema), default(schema))
}

fn limits(schema: &Value) -> String {
    let between = |minimum: &str, maximum: &str, of: &str| match (schema[minimum].as_u64(), schema[maximum].as_u64()) {
        (None | Some(0), None) => String::new(),
        (None | Some(0), Some(maximum)) => format!(", maximum {maximum}{of}"),
        (Some(minimum), None) => format!(", minimum {minimum}{of}"),
        (Some(minimum), Some(maximum)) => format!(", {minimum} to {maximum}{of}"),
    };
    [
        between("minLength", "maxLength", " characters"),
        between("minItems", "maxItems", " items"),
        between("minimum", "maximum", ""),
    ]
    .concat()
}

fn default(schema: &Value) -> String {
    if schema["default"].is_null() { String::new() } else { format!(", default {}", schema["default"]) }
}

/// The fields of a schema with its parts, each with whether it is optional.
fn fields<'d>(document: &'d Value, schema: &'d Value, all: &mut Vec<(&'d str, &'d Value, bool)>) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).expect("a schema"),
        None => schema,
    };
    for part in schema["allOf"].as_array().into_iter().flatten() {
        fields(document, part, all);
    }
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        all.push((name, property, !required.contains(&name.as_str())));
    }
}

fn describe_schema(page: &mut String, document: &Value, name: &str, schema: &Value) {
    if name.starts_with("List_") {
        return;
    }
    let about = cell(&schema["description"]);
    let _ = write!(page, "\n### `{name}`\n\n");
    if !about.is_empty() {
        let _ = write!(page, "{}\n\n", wrapped(&about));
    }
    let mut all = Vec::new();
    fields(document, schema, &mut all);
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        let _ = writeln!(page, "{}", wrapped(&format!("One of {}.", list(&words, "none"))));
    } else if all.is_empty() {
        let _ = writeln!(page, "{}", wrapped(&format!("One of: {}.", kind(schema))));
    } else {
        page.push_str("| field | type | |\n| --- | --- | --- |\n");
        for (field, property, is_optional) in all {
            let optional = if is_optional { ", optional" } else { "" };
            let _ = writeln!(page, "| `{field}` | {}{optional} | {} |", kind(property), cell(&property["description"]));
        }
    }
}
