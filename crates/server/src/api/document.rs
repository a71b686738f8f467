//! What the OpenAPI document says of the API in general, and of every operation: how to sign in,
//! the headers, and the errors that any operation may give. An operation's own part is beside its
//! handler. Its example is in `examples.json`, which a test writes from real answers.

use serde_json::{Value, json};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayItems, ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Content, HttpMethod, OpenApi as Described, PathItem, Ref, RefOr, Required, Response, ResponseBuilder, Schema,
};
use utoipa::{Modify, OpenApi};

use super::document_errors::{codes, of_all};
use super::error_code::ErrorCode;
use super::problem::Problem;

/// What the document says of the API as a whole.
#[derive(OpenApi)]
#[openapi(
    info(title = "callplan", description = "Which voice agent answers a call: an organization's plan decides.",
         license(name = "MIT OR Apache-2.0")),
    modifiers(&Bearer),
    security(("bearer" = [])),
    components(schemas(Problem, ErrorCode))
)]
struct Document;

/// The security scheme.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Described) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
            "`ak_…`, an organization's key; or `pat_…`, a user's, which names the organization in `X-Anyreach-Org`.",
        ));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme.build()));
    }
}

/// The document before the operations are added.
pub fn start() -> Described {
    Document::openapi()
}

/// The examples, by operation: a real request and its answer.
const EXAMPLES: &str = include_str!("examples.json");

/// Completes each operation: its scopes in words, headers, errors and an example.
pub fn complete(document: &mut Described) {
    // A test makes sure that it can be read.
    let examples: Value = serde_json::from_str(EXAMPLES).unwrap_or_default();
    name_items(document);
    for path in document.paths.paths.values_mut() {
        for (method, operation) in operations(path) {
            let name = operation.operation_id.clone().unwrap_or_default();
            // An optional body cannot be null.
            require_object(operation);
            say_scopes(operation);
            add_parameters(operation, &name);
            add_errors(operation, &name, matches!(method, HttpMethod::Post | HttpMethod::Put));
            add_response_headers(operation, &name);
            add_example(operation, &examples[&name]);
        }
    }
}

/// Makes each list name the schema of its items, which a generic list has written out.
fn name_items(document: &mut Described) {
    let Some(components) = &mut document.components else { return };
    let names: Vec<String> = components.schemas.keys().cloned().collect();
    for (name, schema) in &mut components.schemas {
        let item = name.strip_prefix("List_").filter(|item| names.iter().any(|name| name == item));
        if let (Some(item), RefOr::T(Schema::Object(list))) = (item, schema)
            && let Some(RefOr::T(Schema::Array(items))) = list.properties.get_mut("items")
        {
            items.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(item).into()));
        }
    }
}

fn require_object(operation: &mut Operation) {
    let Some(body) = &mut operation.request_body else { return };
    let Some(schema) = body.content.get_mut("application/json").and_then(|content| content.schema.as_mut()) else {
        return;
    };
    if let RefOr::T(Schema::OneOf(one_of)) = schema
        && let Some(reference) = one_of.items.iter().find(|item| matches!(item, RefOr::Ref(_)))
    {
        *schema = reference.clone();
        body.required = Some(Required::False);
    }
}

/// The scopes that an operation needs: all of one of these lists.
fn scopes(operation: &Operation) -> Vec<Vec<String>> {
    let security = serde_json::to_value(&operation.security).unwrap_or_default();
    let all = security.as_array().into_iter().flatten();
    all.filter_map(|scopes| serde_json::from_value(scopes["bearer"].clone()).ok()).collect()
}

fn say_scopes(operation: &mut Operation) {
    let quoted = |scopes: &Vec<String>| scopes.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>();
    let scopes: Vec<Vec<String>> = scopes(operation).iter().map(quoted).collect();
    let needs = match scopes.as_slice() {
        [only] if only.is_empty() => "Needs no scope.".to_owned(),
        [only] if only.len() > 1 => format!("Needs the scopes {}.", only.join(" and ")),
        choices => format!("Needs the scope {}.", choices.concat().join(" or ")),
    };
    let description = operation.description.take().filter(|description| !description.is_empty());
    operation.description = Some(description.into_iter().chain([needs]).collect::<Vec<_>>().join("\n\n"));
}

fn header(name: &str, description: &str) -> Parameter {
    // Without a format: the generator of Python clients does not write other types into a header.
    let schema = ObjectBuilder::new().schema_type(Type::String);
    let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header).required(Required::False);
    parameter.description(Some(description)).schema(Some(schema)).build()
}

fn add_parameters(operation: &mut Operation, name: &str) {
    let parameters = operation.parameters.get_or_insert_default();
    parameters.push(header(
        "X-Anyreach-Org",
        "The organization's id. Required with a user's token, `pat_…`; an organization's key carries it.",
    ));
    parameters.push(header("X-Request-Id", "The client's own id of the request, for the log: a plain word."));
    if matches!(name, "update_config" | "delete_config" | "restore_revision") {
        let words = "The revision that must be in force: `*`, or a list of entity tags as `ETag` has them.";
        parameters.push(header("If-Match", words));
    }
    if name == "get_config" {
        parameters.push(header("If-None-Match", "Entity tags that the client has already."));
    }
}

fn add_errors(operation: &mut Operation, name: &str, has_body: bool) {
    let responses = &mut operation.responses.responses;
    for (status, description) in of_all(has_body) {
        let response = || ResponseBuilder::new().description(description).build().into();
        responses.entry(status.to_owned()).or_insert_with(response);
    }
    for (status, response) in responses {
        let RefOr::T(response) = response else { continue };
        if status.as_str() < "400" {
            continue;
        }
        let problem = Content::new(Some(Ref::from_schema_name("Problem")));
        response.content = [("application/problem+json".to_owned(), problem)].into_iter().collect();
        let codes: Vec<String> = codes(name, status, has_body).into_iter().map(ErrorCode::name).collect();
        let listed = codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ");
        response.description = format!("{} `code`: {listed}.", response.description);
        response.extensions = Some(Extensions::from_iter([("x-error-codes", json!(codes))]));
    }
}

fn add_response_headers(operation: &mut Operation, name: &str) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        describe(response, "X-Request-Id", "Names the request in the log: the client's own id, if it is a plain word.");
        match status.as_str() {
            "201" => describe(response, "Location", "The path of what was created."),
            "401" => describe(response, "WWW-Authenticate", "`Bearer`."),
            "429" | "503" => describe(response, "Retry-After", "Seconds to wait before another try."),
            _ => {}
        }
        let is_config = matches!(name, "get_config" | "create_config" | "update_config" | "restore_revision");
        if is_config && status.as_str() < "400" {
            describe(response, "ETag", "The revision, to be sent as `If-Match` or `If-None-Match`.");
        }
    }
}

fn describe(response: &mut Response, name: &str, description: &str) {
    let mut header = Header::new(ObjectBuilder::new().schema_type(Type::String));
    header.description = Some(description.to_owned());
    response.headers.insert(name.to_owned(), header);
}

fn add_example(operation: &mut Operation, example: &Value) {
    let body = operation.request_body.as_mut().and_then(|body| body.content.get_mut("application/json"));
    if let (Some(content), Some(request)) = (body, example.get("request")) {
        content.example = Some(request.clone());
    }
    for (status, response) in &mut operation.responses.responses {
        if let (true, RefOr::T(response)) = (status.starts_with('2'), response)
            && let (Some(content), Some(answer)) =
                (response.content.get_mut("application/json"), example.get("response"))
        {
            content.example = Some(answer.clone());
        }
    }
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let all = [
        (HttpMethod::Get, &mut path.get),
        (HttpMethod::Post, &mut path.post),
        (HttpMethod::Put, &mut path.put),
        (HttpMethod::Delete, &mut path.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}
