//! `/console/explanations/{code}`: what the code of a problem means, as `callplan explain` tells it.
//! The console shows it beside the problem. It holds no data, so it needs no credential.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing::get};
use serde::Serialize;

use super::gate;
use callplan::diagnostics::{Code, explain};

/// The page on a code.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Explanation {
    code: &'static str,
    /// Markdown: paragraphs, lists, words and plans in backquotes.
    text: &'static str,
}

/// The warnings that no text of a plan has, so that the language knows nothing of them.
const OF_THE_SERVICE: [Explanation; 1] =
    [Explanation { code: "fallback-not-resolvable", text: include_str!("explanations/fallback-not-resolvable.md") }];

fn explanation(name: &str) -> Option<Explanation> {
    let of_a_plan = Code::ALL.iter().find(|code| code.name() == name);
    of_a_plan
        .map(|code| Explanation { code: code.name(), text: explain::explanation(*code).body })
        .or_else(|| OF_THE_SERVICE.into_iter().find(|it| it.code == name))
}

pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/console/explanations/{code}", get(answer))
}

async fn answer(Path(name): Path<String>) -> Response {
    let Some(found) = explanation(&name) else {
        return gate::no_such_route().await.into_response();
    };
    // A new release may explain it better.
    let mut response = Json(found).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_page_under_its_exact_name_alone() {
        for code in Code::ALL {
            let page = Explanation { code: code.name(), text: explain::explanation(*code).body };
            assert_eq!(explanation(code.name()), Some(page));
        }
        for name in ["", "Bad-Time", "bad_time", "bad-time ", "../bad-time"] {
            assert_eq!(explanation(name), None, "{name:?}");
        }
    }

    #[test]
    fn the_warnings_of_the_service_are_explained() {
        for Explanation { code, text } in OF_THE_SERVICE {
            assert_eq!(explanation(code).map(|found| found.text), Some(text));
            assert!(text.lines().next().is_some_and(|summary| summary.ends_with('.')), "{code}");
        }
    }
}
