//! Examples that fail.

use crate::call::{Decision, Outcome};
use crate::diagnostics::{Code, Diagnostic};
use crate::plan::{CheckedPlan, Example};
use crate::source::Span;
use crate::syntax::ast::Token;
use crate::syntax::{on_one_line, quoted};
use serde_json::{Map, Value};

pub(in crate::check) fn prefix_in_call(token: &Token) -> Diagnostic {
    Diagnostic::new(Code::BadNumber, token.span, format!("a call comes from one number, and `{}` is many", token.text))
}

pub(in crate::check) fn time_before_date(time: &Token, date: &Token) -> Diagnostic {
    let replacement = format!("{} {}", date.text, time.text);
    let span = time.span.to(date.span);
    Diagnostic::new(Code::BadTime, span, format!("the date comes before the time: `{replacement}`")).fix(
        format!("write `{replacement}`"),
        span,
        replacement,
    )
}

pub(in crate::check) fn too_many(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(Code::TooLarge, span, format!("a plan has at most {limit} examples, and this is one more"))
        .help("put the calls into a file, and try them with `callplan decide --calls`")
}

pub(in crate::check) fn failed(example: &Example, expectation: Span, expected: &str, got: &str) -> Diagnostic {
    let expected = on_one_line(expected);
    Diagnostic::new(
        Code::ExampleFailed,
        example.span,
        format!("the example {} expects `{expected}` and gets {got}", quoted(example.name())),
    )
    .note_at(expectation, "expected here")
}

pub(in crate::check) fn decided_by(rule: Option<&str>) -> String {
    match rule {
        Some(rule) => format!("decided here, in the rule {}", quoted(rule)),
        None => "decided here".to_owned(),
    }
}

/// Why the expected decision was not reached.
pub(in crate::check) fn turned_away(because: &str) -> String {
    format!("this kept the call from what was expected: {because}")
}

/// A decision in the plan's own words.
pub(crate) fn decision(plan: &CheckedPlan, decision: &Decision) -> String {
    let version = decision.output.version.map(|version| format!(" version {version}")).unwrap_or_default();
    match (decision.outcome, decision.output.agent_id.as_deref()) {
        (Outcome::Route, Some(id)) => match plan.definitions.agents.iter().find(|agent| &*agent.id == id) {
            Some(agent) => format!("`route to {}{version}`", agent.name),
            None => format!("`route to \"{id}\"{version}`"),
        },
        (Outcome::Route, None) | (Outcome::Fallback, _) => "`fallback`".to_owned(),
        (Outcome::Reject, _) => "`reject`".to_owned(),
    }
}

pub(in crate::check) fn context(context: &str) -> String {
    if context.is_empty() { "no context".to_owned() } else { format!("the context {}", Value::from(context)) }
}

pub(in crate::check) fn metadata(metadata: Option<&Map<String, Value>>) -> String {
    match metadata {
        None => "no metadata".to_owned(),
        Some(metadata) => format!("the metadata {}", Value::Object(metadata.clone())),
    }
}

/// A rule, a text or metadata where a proof's or an example's decision stands.
pub(in crate::check) fn no_decision(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "a decision stands here: `route to …`, `reject` or `fallback`")
}

pub(in crate::check) fn several_in_call(span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, "a call has one number, and this may be many")
}
