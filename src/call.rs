//! A call as it comes in, and what a plan says of it: the output, the decision, and the trace of
//! how it came about.

use crate::fields::{Attestation, Party, TextField, TrustField};
use crate::phone::{address_parameter, display_name, first_address};
use crate::source::Span;
use jiff::Timestamp;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// Maximum number of attributes that a call brings, and of characters in the name of one and in its
/// text.
pub const MAX_ATTRIBUTES: usize = 32;
/// See [`MAX_ATTRIBUTES`].
pub const MAX_ATTRIBUTE_NAME: usize = 64;
/// See [`MAX_ATTRIBUTES`].
pub const MAX_ATTRIBUTE_TEXT: usize = 256;

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
    /// The name that the caller shows. Where it is absent, the name in the address of the caller's
    /// number is taken.
    pub caller_name: Option<String>,
    /// The number that the caller's carrier asserts; absent and empty both mean none.
    pub caller_asserted: Option<String>,
    /// Who sent the call on; of several addresses, the first. Absent and empty both mean nobody.
    pub diverted_from: Option<String>,
    /// How far the caller's number is vouched for, as [`Attestation::read`] reads it. Where it is
    /// absent, the `verstat` parameter of the caller's address is taken.
    pub attestation: Option<String>,
    /// What else the call brings, by name, such as a header of the signalling. Of names, capitals do
    /// not count; of two with one name, the first does.
    pub attributes: Vec<(String, String)>,
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
            caller_name: None,
            caller_asserted: None,
            diverted_from: None,
            attestation: None,
            attributes: Vec::new(),
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

    /// The call from somebody who shows this name.
    pub fn with_caller_name(self, name: impl Into<String>) -> Self {
        Self { caller_name: Some(name.into()), ..self }
    }

    /// The call with an attribute, beside those that it has already.
    pub fn with_attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    /// The text of a field; `None` where the call does not have it.
    pub fn text(&self, field: TextField) -> Option<&str> {
        match field {
            TextField::Trunk => self.trunk_id.as_deref(),
            TextField::Organization => self.organization_id.as_deref(),
            TextField::CallerName => {
                self.caller_name.as_deref().or_else(|| display_name(self.caller_number.as_deref()?))
            }
        }
    }

    /// The number of a party as it came; `None` where the call has none.
    pub fn number(&self, party: Party) -> Option<&str> {
        match party {
            Party::Caller => Some(self.caller_number.as_deref().unwrap_or_default()),
            Party::Dialed => Some(&self.called_number),
            Party::Asserted => given_number(self.caller_asserted.as_deref()),
            Party::Diverted => given_number(self.diverted_from.as_deref()),
        }
    }

    /// Gives the call a number; `None` withholds that of the caller, and leaves that which was
    /// dialed.
    pub fn set_number(&mut self, party: Party, number: Option<String>) {
        match party {
            Party::Caller => self.caller_number = number,
            Party::Dialed => self.called_number = number.unwrap_or_else(|| std::mem::take(&mut self.called_number)),
            Party::Asserted => self.caller_asserted = number,
            Party::Diverted => self.diverted_from = number,
        }
    }

    /// How far the caller's number is vouched for.
    pub fn attestation(&self) -> Attestation {
        let given = self.attestation.as_deref();
        let given = given.or_else(|| address_parameter(self.caller_number.as_deref()?, "verstat"));
        given.map_or(Attestation::Unknown, Attestation::read)
    }

    /// The attribute of this name; `None` where the call does not have it.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(held, _)| held.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The text of a field, to be set.
    pub fn text_mut(&mut self, field: TextField) -> &mut Option<String> {
        match field {
            TextField::Trunk => &mut self.trunk_id,
            TextField::Organization => &mut self.organization_id,
            TextField::CallerName => &mut self.caller_name,
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

/// The first address of a text; `None` for an empty one.
fn given_number(text: Option<&str>) -> Option<&str> {
    text.map(first_address).filter(|text| !text.is_empty())
}

/// What a call brings beside its two numbers as JSON: each field by its key, `null` if the call does
/// not have it, and `attributes`.
pub struct CallTexts<'a>(
    /// The call.
    pub &'a Call,
);

impl Serialize for CallTexts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for field in TextField::ALL {
            map.serialize_entry(field.key(), &self.0.text(field))?;
        }
        map.serialize_entry(Party::Asserted.key(), &self.0.caller_asserted)?;
        map.serialize_entry(Party::Diverted.key(), &self.0.diverted_from)?;
        map.serialize_entry(TrustField::Attestation.key(), &self.0.attestation)?;
        map.serialize_entry("attributes", &CallAttributes(self.0))?;
        map.end()
    }
}

/// The attributes of a call as JSON: an object, in the order in which the call has them.
pub struct CallAttributes<'a>(
    /// The call.
    pub &'a Call,
);

impl Serialize for CallAttributes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.attributes.iter().map(|(name, value)| (name, value)))
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
