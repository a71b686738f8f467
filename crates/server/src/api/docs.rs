//! The page at `/docs`: the OpenAPI document for people. It is made once, and needs no scripts and
//! nothing from other hosts.

use std::fmt::Write;

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use utoipa::openapi::OpenApi;

/// The page of the API's documentation.
#[derive(Debug)]
pub struct DocsPage {
    /// The page.
    pub html: Bytes,
    /// The content security policy: the page may only show itself in its own style.
    pub policy: String,
}

const STYLE: &str = "\
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1a1a1a;background:#fff}\
code,.path{font-family:ui-monospace,monospace;font-size:.9em}section{border-top:1px solid #ccc;padding:.5rem 0}\
h3{margin:.6rem 0 .2rem}.method{display:inline-block;min-width:4.5em;font-weight:700;color:#0a4f8f}\
table{border-collapse:collapse;margin:.4rem 0}td,th{border:1px solid #ddd;padding:.2rem .6rem;text-align:left;\
vertical-align:top}nav a{margin-right:1rem}\
@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#161616}.method,a{color:#8cc4ff}\
section,td,th{border-color:#444}}";

impl DocsPage {
    /// The page of a document.
    pub fn of(document: &OpenApi) -> Self {
        let document = serde_json::to_value(document).unwrap_or_default();
        let mut html = String::with_capacity(64 << 10);
        // Writing into text cannot fail.
        let _ = write_page(&mut html, &document);
        let style = STANDARD.encode(Sha256::digest(STYLE));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        );
        Self { html: html.into(), policy }
    }
}

fn write_page(html: &mut String, document: &Value) -> std::fmt::Result {
    let title = escaped(text(&document["info"]["title"]));
    write!(html, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>")?;
    write!(html, "<meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style>")?;
    write!(html, "<h1>{title}</h1><p>{}</p>", escaped(text(&document["info"]["description"])))?;
    html.push_str("<p>The same for programs: <a href=\"/openapi.json\"><code>/openapi.json</code></a>.</p>");
    let operations = operations(document);
    let mut tags: Vec<&str> = Vec::new();
    for operation in &operations {
        if !tags.contains(&operation.tag) {
            tags.push(operation.tag);
        }
    }
    html.push_str("<nav>");
    for tag in tags.iter().chain(&["Schemas"]) {
        write!(html, "<a href=\"#{0}\">{0}</a>", escaped(tag))?;
    }
    html.push_str("</nav>");
    for tag in tags {
        write!(html, "<h2 id=\"{0}\">{0}</h2>", escaped(tag))?;
        for operation in operations.iter().filter(|operation| operation.tag == tag) {
            write_operation(html, operation)?;
        }
    }
    html.push_str("<h2 id=\"Schemas\">Schemas</h2>");
    for (name, schema) in object(&document["components"]["schemas"]) {
        write!(html, "<section id=\"schema-{0}\"><h3>{0}</h3>", escaped(name))?;
        write!(html, "<p>{}</p>", escaped(text(&schema["description"])))?;
        write_fields(html, schema)?;
        html.push_str("</section>");
    }
    html.push_str("</html>");
    Ok(())
}

struct Operation<'d> {
    tag: &'d str,
    method: &'d str,
    path: &'d str,
    about: &'d Value,
}

/// All operations, in the document's order.
fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    for (path, methods) in object(&document["paths"]) {
        for (method, about) in object(methods).filter(|(_, about)| about["responses"].is_object()) {
            let tag = about["tags"][0].as_str().unwrap_or("Other");
            operations.push(Operation { tag, method, path, about });
        }
    }
    operations
}

fn write_operation(html: &mut String, operation: &Operation) -> std::fmt::Result {
    let Operation { method, path, about, tag: _ } = operation;
    let (method, path) = (escaped(&method.to_uppercase()), escaped(path));
    write!(html, "<section><h3><span class=\"method\">{method}</span> <span class=\"path\">{path}</span></h3>")?;
    for words in [&about["summary"], &about["description"]] {
        if let Some(words) = words.as_str().filter(|words| !words.is_empty()) {
            write!(html, "<p>{}</p>", escaped(words))?;
        }
    }
    let parameters = about["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !parameters.is_empty() {
        html.push_str("<table><tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>");
        for parameter in parameters {
            let (name, place) = (escaped(text(&parameter["name"])), escaped(text(&parameter["in"])));
            let (kind, words) = (kind(&parameter["schema"]), escaped(text(&parameter["description"])));
            write!(html, "<tr><td><code>{name}</code></td><td>{place}</td><td>{kind}</td><td>{words}</td></tr>")?;
        }
        html.push_str("</table>");
    }
    let contents = object(&about["requestBody"]["content"]);
    for (media, content) in contents {
        write!(html, "<p>Body: {} (<code>{}</code>)</p>", kind(&content["schema"]), escaped(media))?;
    }
    html.push_str("<table><tr><th>status</th><th>answer</th><th></th></tr>");
    for (status, response) in object(&about["responses"]) {
        let body = object(&response["content"]).map(|(_, content)| kind(&content["schema"])).next().unwrap_or_default();
        let words = escaped(text(&response["description"]));
        write!(html, "<tr><td>{}</td><td>{body}</td><td>{words}</td></tr>", escaped(status))?;
    }
    html.push_str("</table></section>");
    Ok(())
}

/// Writes the fields of an object's schema, with the fields of its parts if it has several.
fn write_fields(html: &mut String, schema: &Value) -> std::fmt::Result {
    for part in schema["allOf"].as_array().into_iter().flatten() {
        write_fields(html, part)?;
    }
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut fields = object(&schema["properties"]).peekable();
    if fields.peek().is_none() {
        return write!(html, "<p>{}</p>", kind(schema));
    }
    html.push_str("<table><tr><th>field</th><th>type</th><th></th></tr>");
    for (name, field) in fields {
        let must = if required.iter().any(|required| required == name) { ", required" } else { "" };
        let words = escaped(text(&field["description"]));
        let (name, kind) = (escaped(name), kind(field));
        write!(html, "<tr><td><code>{name}</code></td><td>{kind}{must}</td><td>{words}</td></tr>")?;
    }
    html.push_str("</table>");
    Ok(())
}

/// The type of a value in a few words, as HTML.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let name = escaped(name);
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(several) = schema[several].as_array() {
            return several.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        let values = values.iter().map(|value| format!("<code>{}</code>", escaped(&value.to_string())));
        return values.collect::<Vec<_>>().join(", ");
    }
    let types = match &schema["type"] {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec!["any value"],
    };
    let named = types.into_iter().map(|name| match (name, schema["format"].as_str()) {
        ("array", _) => format!("list of {}", kind(&schema["items"])),
        ("string", Some(format)) => format!("string ({})", escaped(format)),
        (name, _) => escaped(name),
    });
    named.collect::<Vec<_>>().join(" or ")
}

fn object(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
