//! The errors of the API, as `application/problem+json` (RFC 9457). Only this module maps what can
//! go wrong to a status.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::error_code::ErrorCode;
use callplan::diagnostics::{Code, json};
use callplan_service::live::access::{MissingScope, Refusal};
use callplan_service::store::{Conflict, StoreError};

/// An error.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem, description = "An error, in the form of RFC 9457.")]
pub struct Problem {
    /// Always `about:blank`: `code` says what kind of error it is.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The status.
    #[serde(serialize_with = "as_number")]
    #[schema(value_type = u16)]
    pub status: StatusCode,
    /// What is wrong, for programs.
    pub code: ErrorCode,
    /// What is wrong, for people.
    pub detail: String,
    /// Each wrong field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The problems of the plan, in the order of its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnostics: Option<Vec<json::ProblemDocument>>,
    /// The number of further problems that did not fit into the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<usize>,
    /// The same problems, as the command line prints them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rendered: Option<String>,
    #[serde(skip)]
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// An error of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The field, as a dotted path.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

impl FieldError {
    /// An error of a field. A path that is too long is cut.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut field = field.into();
        if let Some((end, _)) = field.char_indices().nth(LONGEST_PATH) {
            field.truncate(end);
            field.push('…');
        }
        Self { field, message: message.into() }
    }
}

/// Maximum length of a field's path in an answer, in characters.
const LONGEST_PATH: usize = 256;
/// Maximum number of wrong fields in an answer.
pub const MAXIMUM_ERRORS: usize = 100;

/// The errors that fit into an answer.
fn listed(mut errors: Vec<FieldError>) -> Vec<FieldError> {
    errors.truncate(MAXIMUM_ERRORS);
    errors
}

fn as_number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

impl Problem {
    /// An error with this detail.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        let status = code.status();
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status,
            code,
            detail: detail.into(),
            errors: Vec::new(),
            diagnostics: None,
            more: None,
            rendered: None,
            headers: Vec::new(),
        }
    }

    /// The same error, with a header.
    pub fn with(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// An error that may pass within a second or so: it has `Retry-After`.
    pub fn busy(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self::new(code, detail).with(header::RETRY_AFTER, HeaderValue::from_static("1"))
    }

    /// The error for a thing that does not exist.
    pub fn not_found(what: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("There is no such {what}."))
    }

    /// The error with all wrong fields.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => format!("`{}`: {}", only.field, only.message),
            several if several.len() > MAXIMUM_ERRORS => format!("More than {MAXIMUM_ERRORS} fields are wrong."),
            several => format!("{} fields are wrong.", several.len()),
        };
        Self { errors: listed(errors), ..Self::new(ErrorCode::InvalidFields, detail) }
    }

    /// The error for a plan with errors, and for wrong fields beside it. A mistake of callplan
    /// itself is a 500, since the plan is not at fault.
    pub fn plan(document: json::ReportDocument, errors: Vec<FieldError>) -> Self {
        if let Some(internal) = internal_error(&document) {
            return internal;
        }
        let detail = match document.errors {
            1 => "The workflow definition has 1 error.".to_owned(),
            count => format!("The workflow definition has {count} errors."),
        };
        Self {
            errors: listed(errors),
            diagnostics: Some(document.diagnostics),
            more: Some(document.more),
            rendered: Some(document.rendered),
            ..Self::new(ErrorCode::InvalidPlan, detail)
        }
    }

    /// The error for an agent that cannot be deleted, with each place where it is used.
    pub fn agent_in_use(places: &[String]) -> Self {
        Self::new(ErrorCode::AgentInUse, format!("The agent is in use: {}.", places.join("; ")))
    }

    /// The error for a write that names another revision.
    pub fn precondition_failed() -> Self {
        Self::new(ErrorCode::PreconditionFailed, "The config has another revision than `If-Match` asks for.")
    }
}

/// The error where there is no memory for an answer.
pub fn no_room() -> Problem {
    Problem::busy(ErrorCode::Overloaded, "There are too many large answers at the same time.")
}

/// The error for a mistake of callplan itself. The other problems of the same check cannot be
/// relied on, so they are left out.
pub fn internal_error(document: &json::ReportDocument) -> Option<Problem> {
    let problem = document.diagnostics.iter().find(|problem| problem.code == Code::InternalError.name())?;
    let line = problem.place.line;
    let detail = format!("callplan made a mistake with line {line} of the workflow definition, so it is refused.");
    Some(Problem::new(ErrorCode::InternalError, detail))
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let unauthorized = |code, detail| {
            let problem = Self::new(code, detail);
            problem.with(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
        };
        match refusal {
            Refusal::NotValid => unauthorized(ErrorCode::InvalidToken, "The token is not valid."),
            Refusal::NoOrganization => {
                unauthorized(ErrorCode::MissingOrganization, "Token is missing organization claim.")
            }
            Refusal::NotAMember => Self::new(ErrorCode::NotAMember, "The token is not for this organization."),
            Refusal::Address => {
                Self::new(ErrorCode::AddressNotAllowed, "The token is not valid from this client's address.")
            }
        }
    }
}

impl From<MissingScope> for Problem {
    fn from(missing: MissingScope) -> Self {
        Self::new(ErrorCode::MissingScope, format!("This needs the scope `{}`.", missing.0))
    }
}

impl From<Conflict> for Problem {
    fn from(conflict: Conflict) -> Self {
        match conflict {
            Conflict::NoOrganization => Refusal::NotAMember.into(),
            Conflict::NoUser => Self::not_found("user"),
            Conflict::ConfigExists => {
                Self::new(ErrorCode::ConfigExists, "The organization has an inbound-routing config already.")
            }
            Conflict::NoConfig => Self::new(ErrorCode::NoConfig, "The organization has no inbound-routing config."),
            Conflict::NoAgent => Self::not_found("agent"),
            Conflict::AgentInUse => Self::new(ErrorCode::AgentInUse, "The agent is in use."),
            Conflict::NoVersion => Self::not_found("version"),
            Conflict::NoNumber => Self::not_found("phone number"),
            Conflict::NumberTaken | Conflict::NumberOfSeveral => {
                Self::new(ErrorCode::PhoneNumberTaken, "The phone number is registered already.")
            }
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let unavailable = |detail: &str| Self::busy(ErrorCode::DatabaseUnavailable, detail);
        match error {
            StoreError::Conflict(conflict) => conflict.into(),
            StoreError::Busy => Self::busy(ErrorCode::DatabaseBusy, "The database is busy."),
            StoreError::Full => unavailable("The disk is full."),
            StoreError::ReadOnly => unavailable("The database cannot be written to."),
            StoreError::Closed => Self::busy(ErrorCode::ShuttingDown, "The server is shutting down."),
            StoreError::Corrupt | StoreError::Gone | StoreError::Replaced | StoreError::Disk => {
                unavailable("The database cannot be used.")
            }
            StoreError::Panicked | StoreError::Failed(_) => {
                Self::new(ErrorCode::InternalError, "Something went wrong in the server.")
            }
        }
    }
}

/// The media type of an error.
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let headers = std::mem::take(&mut self.headers);
        let mut response = (self.status, Json(self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, PROBLEM_JSON);
        for (name, value) in headers {
            response.headers_mut().append(name, value);
        }
        response
    }
}

/// An error as the bytes of a complete HTTP answer, for a request that could not be read. The
/// connection ends with it.
pub fn spoken(status: StatusCode) -> Vec<u8> {
    let (code, detail) = match status {
        StatusCode::REQUEST_TIMEOUT => {
            (ErrorCode::RequestTimeout, "The head of the request took longer than 10 seconds.")
        }
        StatusCode::SERVICE_UNAVAILABLE => (ErrorCode::Overloaded, "There are too many connections."),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            (ErrorCode::HeadTooLarge, "The head of the request is too large.")
        }
        _ => (ErrorCode::BadRequest, "The request is not HTTP."),
    };
    let problem = Problem::new(code, detail);
    let status = problem.status;
    let retry = if status == StatusCode::SERVICE_UNAVAILABLE { "retry-after: 1\r\n" } else { "" };
    let (code, title) = (status.as_u16(), problem.title);
    // Text and a number can always be serialized.
    let body = serde_json::to_string(&problem).unwrap_or_default();
    let length = body.len();
    let head = format!("HTTP/1.1 {code} {title}\r\ncontent-type: application/problem+json\r\n{retry}");
    format!("{head}content-length: {length}\r\nconnection: close\r\n\r\n{body}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use callplan::source::{Source, Span};
    use callplan::{Diagnostic, Problems};

    #[test]
    fn a_mistake_of_callplan_is_no_fault_of_the_plan() {
        let source = Source::new("workflow_definition", "fallback\nroute to a\n");
        let lost = Diagnostic::internal(Span::new(9, 19), "this is not in the plan that was made of the text");
        let problems: Problems = std::iter::once(lost).collect();
        let problem = Problem::plan(json::document(&source, &problems), Vec::new());
        assert_eq!(problem.into_response().status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(internal_error(&json::document(&source, &Problems::new())).is_none());
    }
}
