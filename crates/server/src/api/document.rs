//! What the OpenAPI document says of the API as a whole, and of every operation alike: how to sign in, and the errors that
//! any of them may give. What is an operation's own stands beside its handler.

use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, HttpMethod, OpenApi as Described, PathItem, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::problem::Problem;

/// What the document says of the API as a whole.
#[derive(OpenApi)]
#[openapi(
    info(title = "callplan", description = "Which voice agent answers a call: an organization's plan decides.",
         license(name = "MIT OR Apache-2.0")),
    modifiers(&Bearer),
    security(("bearer" = [])),
    components(schemas(Problem))
)]
struct Document;

/// How a request says who asks.
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

/// The document before any operation is in it.
pub fn start() -> Described {
    Document::openapi()
}

/// What any request may be answered, whatever it asks for.
const OF_ALL: [(&str, &str); 5] = [
    ("400", "There are two credentials, or the body cannot be read."),
    ("401", "The token is not valid, or a user's token names no organization."),
    ("403", "A scope is missing, or the token is not for that organization."),
    ("429", "Too many tokens from this address were not valid, or as many checks run as there are processors for."),
    ("503", "The server is stopping, or the database is busy."),
];

/// What a request with a body may be answered, too.
const OF_BODIES: [(&str, &str); 4] = [
    ("408", "The body took too long to arrive."),
    ("413", "The body is too large."),
    ("415", "The body is not `application/json`."),
    ("422", "A field is wrong."),
];

/// Adds to each operation the errors that all have, and says of all errors that they are problems (RFC 9457).
pub fn complete(document: &mut Described) {
    for path in document.paths.paths.values_mut() {
        for (method, operation) in operations(path) {
            let bodies = matches!(method, HttpMethod::Post | HttpMethod::Put).then_some(OF_BODIES);
            for (status, description) in OF_ALL.into_iter().chain(bodies.into_iter().flatten()) {
                let response = || ResponseBuilder::new().description(description).build().into();
                operation.responses.responses.entry(status.to_owned()).or_insert_with(response);
            }
            for (status, response) in &mut operation.responses.responses {
                if let (true, RefOr::T(response)) = (status.as_str() >= "400", response) {
                    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
                    response.content = [("application/problem+json".to_owned(), problem)].into_iter().collect();
                }
            }
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
