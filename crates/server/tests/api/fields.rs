//! Compares the document's schemas with what the service reads: each field of each body, and each
//! parameter, with values that its schema allows and values that it does not. A limit that is
//! missing on one side fails here.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Map, Value, json};

use crate::contract::{Contract, Operation};
use crate::service::{Service, text};

const CONFIG: &str = "/core/inbound-routing-config";

/// Fields that name something: an allowed value may name what does not exist.
const REFERENCES: [&str; 6] = [
    "fallback_agent_id",
    "fallback_agent_version",
    "config.fallback_agent_version",
    "revision",
    "from_revision",
    "against",
];

/// A value, and whether a schema allows it.
type Trial = (Value, bool);

fn is_of(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.contains(&json!(kind)))
}

/// The part of a schema that is not null.
fn present<'c>(contract: &'c Contract, schema: &'c Value) -> &'c Value {
    let several = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    let part = several.and_then(|parts| parts.iter().find(|part| part["type"] != "null"));
    contract.resolved(part.unwrap_or(schema))
}

fn allows_null(schema: &Value) -> bool {
    is_of(schema, "null")
        || schema["oneOf"].as_array().is_some_and(|parts| parts.iter().any(|part| is_of(part, "null")))
}

/// Values just within and just beyond the limits of a schema.
fn trials(contract: &Contract, schema: &Value) -> Vec<Trial> {
    let mut trials = vec![(Value::Null, allows_null(schema))];
    let schema = present(contract, schema);
    // The tests of each form cover a choice between forms.
    if schema["oneOf"].is_array() {
        return trials;
    }
    for (kind, value) in [
        ("boolean", json!(true)),
        ("string", json!("\u{1}")),
        ("integer", json!(-3)),
        ("object", json!({"a": 1})),
        ("array", json!([])),
        ("number", json!(1.5)),
    ] {
        if !is_of(schema, kind) {
            trials.push((value, false));
        }
    }
    let text = |length: u64| json!("7".repeat(usize::try_from(length).expect("a length")));
    let is_plain = schema["format"].is_null() && schema["enum"].is_null();
    if let Some(most) = schema["maxLength"].as_u64().filter(|_| is_plain) {
        trials.extend([(text(most), true), (text(most + 1), false)]);
    }
    if let Some(least) = schema["minLength"].as_u64().filter(|least| *least > 0) {
        trials.extend([(text(least), true), (text(least - 1), false)]);
    }
    if let Some(most) = schema["maximum"].as_u64() {
        trials.extend([(json!(most), true), (json!(most + 1), false)]);
    }
    if let Some(least) = schema["minimum"].as_u64() {
        let below = if least == 0 { json!(-1) } else { json!(least - 1) };
        trials.extend([(json!(least), true), (below, false)]);
    }
    if let Some(most) = schema["maxItems"].as_u64() {
        trials.push((vec![json!("1"); usize::try_from(most + 1).expect("a length")].into(), false));
    }
    if schema["minItems"].as_u64().is_some_and(|least| least > 0) {
        trials.push((json!([]), false));
    }
    if schema["format"] == "date-time" || schema["format"] == "date" || schema["enum"].is_array() {
        trials.push((json!("no such word"), false));
    }
    trials
}

/// The wrong fields of a body; empty if it is accepted, or refused for another reason.
async fn wrong(service: &Service, method: &Method, path: &str, body: &Value) -> Vec<String> {
    let request = service.tenant.request(method.clone(), path).header(header::CONTENT_TYPE, "application/json");
    let answer = service.send(request.body(Body::from(body.to_string())).expect("a request")).await;
    let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|error| text(error, "field")).collect()
}

/// Whether one of the errors is about this field, or about a part of it.
fn names(errors: &[String], field: &str) -> bool {
    errors.iter().any(|error| error == field || error.strip_prefix(field).is_some_and(|rest| rest.starts_with('.')))
}

fn path_of(operation: &Operation<'_>, agent: &str) -> String {
    let path = operation.path.replace("{id}", agent).replace("{version}", "1").replace("{revision}", "1");
    path.replace("{name}", "storm")
}

/// Each field of a body, with its path, its schema, and whether it is required; also those of
/// nested objects.
fn fields<'c>(contract: &'c Contract, schema: &'c Value, path: &str) -> Vec<(String, &'c Value, bool)> {
    let schema = present(contract, schema);
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let mut all = Vec::new();
    for (name, field) in schema["properties"].as_object().into_iter().flat_map(Map::iter) {
        let path = format!("{path}{name}");
        all.extend(fields(contract, field, &format!("{path}.")));
        all.push((path, field, required.contains(&json!(name))));
    }
    all
}

/// A body with this value, or without it, at a dotted path.
fn with(body: &Value, path: &str, value: Option<Value>) -> Value {
    let mut body = body.clone();
    let (parents, name) = path.rsplit_once('.').unwrap_or(("", path));
    let mut at = &mut body;
    for parent in parents.split('.').filter(|parent| !parent.is_empty()) {
        at = &mut at[parent];
    }
    let fields = at.as_object_mut().expect("an object");
    match value {
        Some(value) => drop(fields.insert(name.to_owned(), value)),
        None => drop(fields.shift_remove(name)),
    }
    body
}

/// The example of a body, with the ids of this test's service.
fn example(operation: &Operation<'_>, agent: &str) -> Option<Value> {
    let example = &operation.about["requestBody"]["content"]["application/json"]["example"];
    let text = example.to_string().replace("00000000-0000-4000-8000-000000000003", agent);
    example.is_object().then(|| serde_json::from_str(&text).expect("JSON"))
}

#[tokio::test]
async fn bodies_are_read_as_their_schemas_say() {
    let service = Service::start().await;
    let agent = text(&service.post("/core/agents", json!({"name": "Desk"})).await.expect(201), "id");
    service.post(&format!("/core/agents/{agent}/versions"), json!({})).await.expect(201);
    service.post(CONFIG, json!({"workflow_definition": "switch storm\nfallback"})).await.expect(201);
    let contract = &service.contract;
    let mut tried = 0;
    for operation in contract.operations() {
        let Some(example) = example(&operation, &agent) else { continue };
        let (path, id) = (path_of(&operation, &agent), operation.id);
        let schema = &operation.about["requestBody"]["content"]["application/json"]["schema"];
        let known = fields(contract, schema, "");
        for (field, schema, is_required) in &known {
            let without = wrong(&service, &operation.method, &path, &with(&example, field, None)).await;
            // A diff needs one of two fields, which the schema does not say.
            if id != "diff_plans" {
                assert_eq!(names(&without, field), *is_required, "{id}: `{field}` left out: {without:?}");
            }
            for (value, is_fine) in trials(contract, schema) {
                if id == "diff_plans" && value.is_null() {
                    continue;
                }
                let body = with(&example, field, Some(value.clone()));
                let errors = wrong(&service, &operation.method, &path, &body).await;
                let excerpt: String = value.to_string().chars().take(40).collect();
                // A field with an unknown name or id is not about its schema.
                let is_wrong =
                    if is_fine { errors.is_empty() || !names(&errors, field) } else { names(&errors, field) };
                let is_reference = is_fine && REFERENCES.contains(&field.as_str());
                assert!(is_wrong || is_reference, "{id}: `{field}` = {excerpt}: {errors:?}");
                tried += 1;
            }
        }
        let unknown = wrong(&service, &operation.method, &path, &with(&example, "unexpected", Some(json!(1)))).await;
        assert!(names(&unknown, "unexpected"), "{id}: {unknown:?}");
    }
    assert!(tried > 200, "{tried}");
}

#[tokio::test]
async fn a_body_has_no_field_that_its_schema_does_not_have() {
    let service = Service::start().await;
    let agent = text(&service.post("/core/agents", json!({"name": "Desk"})).await.expect(201), "id");
    let contract = &service.contract;
    let of = |operation: &Operation<'_>| -> Vec<String> {
        let schema = operation.about["requestBody"]["content"]["application/json"]["schema"].clone();
        let schema = contract.resolved(&schema).clone();
        schema["properties"].as_object().into_iter().flat_map(Map::keys).cloned().collect()
    };
    let operations = contract.operations();
    let all: std::collections::BTreeSet<String> = operations.iter().flat_map(of).collect();
    for operation in operations.iter().filter(|operation| operation.about["requestBody"].is_object()) {
        let body: Map<String, Value> = all.iter().map(|name| (name.clone(), json!({}))).collect();
        let errors = wrong(&service, &operation.method, &path_of(operation, &agent), &body.into()).await;
        for name in all.iter().filter(|name| !of(operation).contains(name)) {
            assert!(errors.contains(name), "{}: `{name}`: {errors:?}", operation.id);
        }
    }
}

#[tokio::test]
async fn parameters_are_read_as_their_schemas_say() {
    let service = Service::start().await;
    let agent = text(&service.post("/core/agents", json!({"name": "Desk"})).await.expect(201), "id");
    let contract = &service.contract;
    let mut tried = 0;
    for operation in contract.operations() {
        let parameters = operation.about["parameters"].as_array().cloned().unwrap_or_default();
        for parameter in parameters.iter().filter(|parameter| parameter["in"] == "query") {
            let (name, schema) = (text(parameter, "name"), present(contract, &parameter["schema"]).clone());
            let mut values: Vec<(String, bool)> = trials(contract, &schema)
                .into_iter()
                .filter_map(|(value, is_fine)| match value {
                    Value::String(text) if text != "\u{1}" => Some((text.replace(' ', "+"), is_fine)),
                    Value::Number(number) if is_of(&schema, "integer") => Some((number.to_string(), is_fine)),
                    _ => None,
                })
                .collect();
            if schema["format"] == "uuid" {
                values.push(("x".to_owned(), false));
            }
            for (value, is_fine) in values {
                let path = format!("{}?{name}={value}", path_of(&operation, &agent));
                let errors = wrong(&service, &operation.method, &path, &json!({})).await;
                assert_eq!(!names(&errors, &name), is_fine, "{path}");
                tried += 1;
            }
        }
    }
    assert!(tried > 20, "{tried}");
}
