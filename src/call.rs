//! A call as it comes in, and what a plan says of it: the output, the decision, and the trace of
//! how it came about.

use crate::fields::TextField;
use crate::source::Span;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// A call as the platform describes it. Numbers are as they came; [`crate::phone::Number::read`]
/// reads them.
///
/// Build one with [`Call::new`] and its `with_…` methods, or with a literal that ends in
/// `..Call::new(…)`: then a field that is added here breaks nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who calls; absent and empty both mean that the number is withheld.
    pub caller_number: Option<String>,
    /// Which number was dialed.
    pub called_number: String,
    /// On which trunk; absent is the empty text.
    pub trunk_id: Option<String>,
    /// Whose plan it is; absent is the empty text.
    pub organization_id: Option<String>,
    /// When it arrived.
    pub timestamp: Timestamp,
    /// The switches that are on, by name; all others are off. Names that the plan does not declare
    /// mean nothing.
    pub switches: Vec<String>,
}

impl Call {
    /// A call to a number, at an instant: its caller is withheld, it came on no trunk, and every
    /// switch is off.
    ///
    /// ```
    /// use callplan::Call;
    ///
    /// let at = "2026-03-01T17:00:00Z".parse().expect("an instant");
    /// let call = Call::new("+18005550100", at).with_caller("+1 (415) 555-0100").with_switch_on("storm");
    /// assert_eq!(call.trunk_id, None);
    /// ```
    pub fn new(dialed: impl Into<String>, at: Timestamp) -> Self {
        Self {
            caller_number: None,
            called_number: dialed.into(),
            trunk_id: None,
            organization_id: None,
            timestamp: at,
            switches: Vec::new(),
        }
    }

    /// The call from this number, in any of the forms that [`crate::phone::Number::read`] reads.
    pub fn with_caller(self, number: impl Into<String>) -> Self {
        Self { caller_number: Some(number.into()), ..self }
    }

    /// The call on this trunk.
    pub fn with_trunk(self, trunk: impl Into<String>) -> Self {
        Self { trunk_id: Some(trunk.into()), ..self }
    }

    /// The call to this organization.
    pub fn with_organization(self, organization: impl Into<String>) -> Self {
        Self { organization_id: Some(organization.into()), ..self }
    }

    /// The text of a field; `None` where the call does not have it.
    pub fn text(&self, field: TextField) -> Option<&str> {
        match field {
            TextField::Trunk => self.trunk_id.as_deref(),
            TextField::Organization => self.organization_id.as_deref(),
        }
    }

    /// The text of a field, to be set.
    pub fn text_mut(&mut self, field: TextField) -> &mut Option<String> {
        match field {
            TextField::Trunk => &mut self.trunk_id,
            TextField::Organization => &mut self.organization_id,
        }
    }

    /// Each text that the call has, in the order of [`TextField::ALL`].
    pub fn texts(&self) -> impl Iterator<Item = (TextField, &str)> {
        TextField::ALL.into_iter().filter_map(|field| Some((field, self.text(field)?)))
    }

    /// The call while a switch is on, beside those that are on already.
    pub fn with_switch_on(mut self, switch: impl Into<String>) -> Self {
        self.switches.push(switch.into());
        self
    }
}

/// The texts of a call as JSON: every text field by its key, `null` if the call does not have it.
pub struct CallTexts<'a>(
    /// The call.
    pub &'a Call,
);

impl Serialize for CallTexts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(TextField::ALL.map(|field| (field.key(), self.0.text(field))))
    }
}

/// The answer to the platform: the fields of the contract, in their order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Output {
    /// The call is turned away.
    pub reject: bool,
    /// Who answers, by the platform's id; `None` leaves it to the fallback agent.
    pub agent_id: Option<String>,
    /// Which version of the agent; `None` is the newest published.
    pub version: Option<u32>,
    /// Paragraphs for the agent, joined by newlines.
    pub initial_context: String,
    /// From the first `metadata` on, an object.
    pub custom_metadata: Option<serde_json::Map<String, serde_json::Value>>,
    /// Whether the pre-conversation workflow is left out.
    pub skip_pre_conversation_workflow: bool,
}

/// How a plan ended for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// `route to …`
    Route,
    /// `reject`
    Reject,
    /// `fallback`, or the plan ran off its end.
    Fallback,
}

impl Outcome {
    /// The word for it in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Reject => "reject",
            Self::Fallback => "fallback",
        }
    }
}

/// What a plan decided for a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Which of the three.
    pub outcome: Outcome,
    /// The innermost named rule that decided.
    pub rule: Option<String>,
    /// The deciding statement's line, from 1; `None` when the plan ran off its end.
    pub line: Option<usize>,
    /// Why the call is rejected, if the plan says so.
    pub reason: Option<String>,
    /// The answer to the platform.
    pub output: Output,
}

/// How a decision came about: each statement that was reached, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// In the order they ran.
    pub steps: Vec<Step>,
    /// What is worth knowing about how the call was read.
    pub notes: Vec<String>,
}

/// One statement that was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Where it stands, from 1.
    pub line: usize,
    /// How many blocks it stands in.
    pub depth: usize,
    /// As it is written, up to its block.
    pub statement: String,
    /// The innermost named rule that it is or stands in.
    pub rule: Option<String>,
    /// Whether its condition held; `None` for a statement without one.
    pub held: Option<bool>,
    /// The test that settled it, and why; or what the statement did.
    pub because: Option<String>,
    /// The statement's place.
    #[serde(skip)]
    pub span: Span,
    /// The place of the test that settled it.
    #[serde(skip)]
    pub test_span: Option<Span>,
}
