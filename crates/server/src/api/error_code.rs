//! The `code` of an error: what a program branches on. A code never changes its meaning or its
//! status; new ones are added.

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// Declares the codes: each with its status, and its meaning for the document and for
/// `docs/reference/http.md`.
macro_rules! error_codes {
    ($($code:ident $status:ident $meaning:literal)*) => {
        /// What kind of error it is. Stable: programs may branch on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode {
            $(#[doc = $meaning] $code,)*
        }

        impl ErrorCode {
            /// All codes, by status.
            pub const ALL: &[Self] = &[$(Self::$code),*];

            /// The status that an error with this code has, always.
            pub const fn status(self) -> StatusCode {
                match self {
                    $(Self::$code => StatusCode::$status,)*
                }
            }

            /// Its meaning, for the document.
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$code => $meaning,)*
                }
            }
        }
    };
}

error_codes! {
    BadRequest BAD_REQUEST "The head of the request is not HTTP/1.1, or has a header twice that may be there once."
    InvalidJson BAD_REQUEST "The body is not JSON, not UTF-8, or ended before its end."
    InvalidToken UNAUTHORIZED "The token is missing, malformed, unknown, expired or revoked."
    MissingOrganization UNAUTHORIZED "A user's token came without `X-Anyreach-Org`."
    MissingScope FORBIDDEN "The token lacks a scope; `detail` names it."
    ReservedToOperator FORBIDDEN "The operator alone registers, deletes and moves phone numbers."
    NotAMember FORBIDDEN "The token is not for this organization."
    AddressNotAllowed FORBIDDEN "The key is bound to address ranges, and the client's address is in none of them."
    KeyExceedsMaker FORBIDDEN "The key would hold longer, or in more places, than the key that makes or rotates it."
    NotFound NOT_FOUND "The organization has nothing of that id, name or number."
    NoConfig NOT_FOUND "The organization has no config."
    NoSuchPath NOT_FOUND "There is nothing at this path."
    MethodNotAllowed METHOD_NOT_ALLOWED "The path does not have this method; `Allow` lists those that it has."
    RequestTimeout REQUEST_TIMEOUT "The head took over 10 seconds to arrive, or the body over 30."
    ConfigExists CONFLICT "The organization has a config already."
    AgentInUse CONFLICT "The agent is in use; `detail` names each place."
    PhoneNumberTaken CONFLICT "The phone number is registered already."
    PreconditionFailed PRECONDITION_FAILED "`If-Match` names another revision, or is no list of entity tags."
    BodyTooLarge PAYLOAD_TOO_LARGE "The body has too many bytes."
    UnsupportedMediaType UNSUPPORTED_MEDIA_TYPE "The body is not plain `application/json` in UTF-8."
    NotAnObject UNPROCESSABLE_ENTITY "The body is JSON, but no object."
    InvalidFields UNPROCESSABLE_ENTITY "Fields or parameters are wrong; `errors` names each."
    InvalidPlan UNPROCESSABLE_ENTITY "The workflow definition does not pass; `diagnostics` says where."
    StoredPlanInvalid UNPROCESSABLE_ENTITY "A stored plan does not pass any more."
    TooComplex UNPROCESSABLE_ENTITY "The answer would take longer to work out than there is time for."
    TooManyInvalidTokens TOO_MANY_REQUESTS "Too many tokens from this address were not valid."
    TooManyChecks TOO_MANY_REQUESTS "The key, its organization or all of them together have more plans to check than there is room for."
    RateLimited TOO_MANY_REQUESTS "The organization sends more calls or writes than the operator allows."
    QuotaExceeded TOO_MANY_REQUESTS "The organization has as much of something as the operator allows; `detail` says of what."
    HeadTooLarge REQUEST_HEADER_FIELDS_TOO_LARGE "The head of the request, its target included, is too large."
    InternalError INTERNAL_SERVER_ERROR "Something went wrong in the server."
    Overloaded SERVICE_UNAVAILABLE "There are too many connections, or too many large bodies or answers, at once."
    DatabaseBusy SERVICE_UNAVAILABLE "Others write, and it took too long to wait for them."
    DatabaseUnavailable SERVICE_UNAVAILABLE "The database cannot be read or written."
    Starting SERVICE_UNAVAILABLE "The server has begun, and has not compiled the plans that it needs yet."
    ShuttingDown SERVICE_UNAVAILABLE "The server is shutting down."
}

impl ErrorCode {
    /// As it is written in an answer.
    pub fn name(self) -> String {
        // A variant without fields is a text.
        serde_json::to_value(self).ok().and_then(|name| Some(name.as_str()?.to_owned())).unwrap_or_default()
    }
}
