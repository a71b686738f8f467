//! The closed lists of words in requests and answers, as enums of the document. The words of
//! credentials and routing come from the code; the others are listed here, and a test holds every
//! answer to them.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use callplan_service::credentials::Scope;
use callplan_service::routing::{Action, DecisionSource, Reason};
use callplan_service::store::AuditKind;

fn one_of(words: impl IntoIterator<Item = &'static str>, description: &'static str) -> RefOr<Schema> {
    let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
    schema.description(Some(description)).build().into()
}

/// Declares enums of the document: name, words and description.
macro_rules! words {
    ($($name:ident $title:literal $words:expr, $description:literal;)*) => {
        $(
            #[doc = $description]
            #[derive(Debug)]
            pub struct $name;

            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    one_of($words, $description)
                }
            }

            impl ToSchema for $name {
                fn name() -> Cow<'static, str> {
                    Cow::Borrowed($title)
                }
            }
        )*
    };
}

words! {
    ScopeWord "Scope" Scope::ALL.map(Scope::name), "What a credential allows. `manage` includes `read`, and that of configs includes that of switches.";
    MakerWord "KeyMakerKind" ["key", "user", "command_line"], "An organization's key, a user, or the command line.";
    AuditActorWord "AuditActorKind" ["key", "user", "command_line", "unknown"], "Who did it; of a refused token that is unknown.";
    AuditKindWord "AuditKind" AuditKind::ALL.iter().map(|kind| kind.name()), "What was done.";
    ActionWord "Action" Action::ALL.map(Action::name), "Whether somebody answers.";
    SourceWord "Source" DecisionSource::ALL.map(DecisionSource::name), "What chose who answers.";
    ReasonWord "Reason" Reason::ALL.map(Reason::name), "Why the plan's choice did not answer.";
    ActorWord "ActorKind" ["key", "user"], "An organization's key, or a user.";
    TraceReasonWord "TraceReason" TRACE_REASONS, "Why a recorded call has no trace.";
    EndingWord "EndingDecision" ["route", "reject", "fallback"], "Where a plan's text sends a call.";
    ChangeWord "ChangeKind" ["decision", "details"], "Whether who answers changes, or only what they get.";
    EffectsWarningWord "EffectsWarningCode" crate::api::effects::WARNINGS, "What a warning is about.";
    CompletionWord "CompletionKind" COMPLETION_KINDS, "What can be written.";
}

/// Why a recorded call has no trace.
pub const TRACE_REASONS: [&str; 4] = ["masked", "no_workflow", "workflow_failed", "not_reproducible"];

/// What can be written at a place of a text.
const COMPLETION_KINDS: [&str; 15] = [
    "keyword",
    "field",
    "column",
    "agent",
    "list",
    "table",
    "schedule",
    "rotation",
    "switch",
    "attribute",
    "condition",
    "days",
    "zone",
    "value",
    "snippet",
];
