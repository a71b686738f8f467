//! Turns a decided call into a record of the call log, and a record back into the decision.
//!
//! Most calls are decided like an earlier one, so records share what they have in common as a
//! [`CallKind`].

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::call_log::QueuedCall;
use super::further::FurtherFields;
use super::masking::{is_number, mask, mask_all, mask_text};
use super::numbers_read::NumbersRead;
use crate::routing::{Decision, DecisionFields};
use crate::store::{CallKind, CallRecord};
use callplan::Call;
use callplan::fields::TextField;
use callplan::phone::{Number, SafeText};

/// Maximum number of shared kinds in memory. When there are more, the recorder starts again without
/// any.
const MAXIMUM_KINDS: usize = 4096;

/// Makes records, and keeps the kinds that they share.
#[derive(Debug)]
pub struct Recorder {
    is_masked: bool,
    kinds: HashSet<Arc<CallKind>>,
}

/// A decision as the store keeps it, in this order of fields. The version and the revision are
/// columns of their own, because they change while the rest stays the same.
#[derive(Debug, Default, Serialize, Deserialize)]
struct StoredDecision<'a> {
    action: Cow<'a, str>,
    agent_id: Option<Cow<'a, str>>,
    initial_context: Cow<'a, str>,
    custom_metadata: Option<Cow<'a, RawValue>>,
    skip_pre_conversation_workflow: bool,
    source: Cow<'a, str>,
    reason: Option<Cow<'a, str>>,
    rule: Option<Cow<'a, str>>,
}

impl<'a> StoredDecision<'a> {
    fn of(decision: &'a Decision) -> Self {
        let DecisionFields { action, agent_id, initial_context, custom_metadata, source, reason, rule, .. } =
            decision.fields();
        Self {
            action: action.into(),
            agent_id: agent_id.map(Into::into),
            initial_context: initial_context.into(),
            custom_metadata: custom_metadata.map(Cow::Borrowed),
            skip_pre_conversation_workflow: decision.skip_pre_conversation_workflow,
            source: source.into(),
            reason: reason.map(Into::into),
            rule: rule.map(Into::into),
        }
    }

    /// Masks the call's numbers wherever a text from the plan contains them, and says whether one
    /// did.
    fn mask(&mut self, call: &Call, numbers: &NumbersRead) -> bool {
        let hidden = hidden(call, numbers);
        let hidden: Vec<&str> = hidden.iter().map(String::as_str).collect();
        let context = mask_text(&self.initial_context, &hidden);
        let is_context_masked = context != self.initial_context;
        if is_context_masked {
            self.initial_context = context.into();
        }
        let metadata: Option<Value> =
            self.custom_metadata.as_ref().and_then(|metadata| serde_json::from_str(metadata.get()).ok());
        let Some(metadata) = metadata else { return is_context_masked };
        let mut masked = metadata.clone();
        mask_all(&mut masked, &hidden);
        let is_metadata_masked = masked != metadata;
        if is_metadata_masked {
            self.custom_metadata = to_raw_value(&masked).ok().map(Cow::Owned);
        }
        is_context_masked || is_metadata_masked
    }
}

impl Recorder {
    /// Makes records with masked numbers if `is_masked`, else with numbers as they came.
    pub fn new(is_masked: bool) -> Self {
        Self { is_masked, kinds: HashSet::new() }
    }

    /// The record of a decided call.
    pub fn record(&mut self, QueuedCall { call, decided }: &QueuedCall) -> CallRecord {
        let decision = &decided.decision;
        let mut stored = StoredDecision::of(decision);
        // A number in a constant text of the plan is masked only for calls from or to that number.
        let is_own = self.is_masked && stored.mask(call, &decided.numbers);
        let is_shared = decision.is_shared && !is_own;
        let stored = json(&stored);
        let (shared, own) = if is_shared { (Some(stored), None) } else { (None, Some(stored)) };
        let kind = CallKind {
            organization_id: decided.organization,
            action: decision.action.name().into(),
            source: decision.source.name().into(),
            rule: decision.rule.as_deref().map(str::to_owned),
            agent_id: decision.agent.as_ref().and_then(|(agent, _)| agent.parse().ok()),
            decision: shared,
            release: env!("CARGO_PKG_VERSION").into(),
            masked: self.is_masked,
        };
        let number = |number: &str| if self.is_masked { mask(number) } else { number.to_owned() };
        CallRecord {
            id: decided.id,
            revision: decision.config_revision,
            version: decision.agent.as_ref().map(|(_, version)| *version),
            caller_number: call.caller_number.as_deref().map(number),
            called_number: number(&call.called_number),
            trunk_id: call.trunk_id.as_deref().map(|trunk| {
                if self.is_masked { masked_trunk(call, &decided.numbers, trunk) } else { trunk.to_owned() }
            }),
            further: self.further(call, &decided.numbers),
            timestamp: call.timestamp,
            decision: own,
            switches: if call.switches.is_empty() { "[]".into() } else { json(&call.switches).into() },
            kind: self.shared(kind),
        }
    }

    /// What few calls bring; a name is masked like a number, and so are both in attributes.
    fn further(&self, call: &Call, numbers: &NumbersRead) -> Option<String> {
        let further = FurtherFields::of(call, numbers);
        if !self.is_masked {
            return further.json();
        }
        let hidden = hidden(call, numbers);
        let hidden: Vec<&str> = hidden.iter().map(String::as_str).collect();
        let mask_text = |text: &str| if is_number(text) { mask(text) } else { mask_text(text, &hidden) };
        further.masked(mask, mask_text).json()
    }

    fn shared(&mut self, kind: CallKind) -> Arc<CallKind> {
        if let Some(known) = self.kinds.get(&kind) {
            return Arc::clone(known);
        }
        if self.kinds.len() >= MAXIMUM_KINDS {
            self.kinds.clear();
        }
        let kind = Arc::new(kind);
        self.kinds.insert(Arc::clone(&kind));
        kind
    }
}

/// The call's numbers, as they came, in normal form and as the plan read them, and the caller's name, as it came and as a
/// hole shows it. Longer ones come first: a shorter one may be a part of a longer one.
fn hidden(call: &Call, numbers_read: &NumbersRead) -> Vec<String> {
    let trunk = call.trunk_id.as_deref().filter(|trunk| is_number(trunk));
    let further = [call.caller_asserted.as_deref(), call.diverted_from.as_deref()];
    let further = further.into_iter().flatten().filter(|text| !text.trim().is_empty());
    let came = [call.caller_number.as_deref(), Some(&*call.called_number), trunk].into_iter().flatten().chain(further);
    let numbers = came.flat_map(|number| [number.to_owned(), Number::read(number).to_string()]);
    let read = numbers_read.all().filter_map(|(_, read)| read.number).map(|number| number.to_string());
    let names = call.text(TextField::CallerName).into_iter();
    let names = names.flat_map(|name| [name.to_owned(), SafeText(name).to_string()]);
    let mut hidden: Vec<String> = numbers.chain(read).chain(names).collect();
    hidden.sort_by_key(|text| std::cmp::Reverse(text.len()));
    hidden
}

/// A trunk's name without phone numbers: it may be one, or contain one of the call.
fn masked_trunk(call: &Call, numbers: &NumbersRead, trunk: &str) -> String {
    if is_number(trunk) {
        return mask(trunk);
    }
    let numbers = hidden(call, numbers);
    mask_text(trunk, &numbers.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Serializes text, numbers and lists of them, which cannot fail.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The decision of a record. Its JSON is the answer to the call, without the id.
#[derive(Debug)]
pub struct RecordedDecision {
    stored: StoredDecision<'static>,
    version: Option<u32>,
    config_revision: Option<u64>,
}

impl RecordedDecision {
    /// Reads the decision of a record.
    pub fn of(record: &CallRecord) -> Self {
        // Only this module writes records, so reading one cannot fail.
        let stored = serde_json::from_str(record.decision()).unwrap_or_default();
        Self { stored, version: record.version, config_revision: record.revision }
    }

    /// The name of its reason.
    pub fn reason(&self) -> Option<&str> {
        self.stored.reason.as_deref()
    }
}

impl Serialize for RecordedDecision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = &self.stored;
        let fields = DecisionFields {
            id: None,
            action: &stored.action,
            agent_id: stored.agent_id.as_deref(),
            version: self.version,
            initial_context: &stored.initial_context,
            custom_metadata: stored.custom_metadata.as_deref(),
            skip_pre_conversation_workflow: stored.skip_pre_conversation_workflow,
            source: &stored.source,
            reason: stored.reason.as_deref(),
            rule: stored.rule.as_deref(),
            config_revision: self.config_revision,
        };
        fields.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::Decided;
    use crate::routing::{Action, DecisionSource};
    use crate::store::{CallId, OrganizationId};
    use std::time::Duration;

    const AGENT: &str = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";

    fn logged(version: u32, context: &str, rule: &str, is_shared: bool) -> QueuedCall {
        let timestamp = "2026-03-01T17:00:00Z".parse().expect("an instant");
        let call = Call::new("+18005550100", timestamp).with_caller("+14155550100").with_switch_on("storm");
        let decision = Decision {
            action: Action::Answer,
            agent: Some((AGENT.into(), version)),
            initial_context: context.into(),
            custom_metadata: RawValue::from_string(r#"{"a":1.10,"from":"+14155550100"}"#.to_owned()).ok(),
            skip_pre_conversation_workflow: false,
            source: DecisionSource::Workflow,
            reason: None,
            rule: Some(rule.into()),
            config_revision: Some(7),
            is_shared,
        };
        let organization = OrganizationId::from_bytes([1; 16]);
        let id = CallId::at(timestamp);
        QueuedCall {
            call,
            decided: Decided { id, organization, decision, numbers: NumbersRead::default(), time: Duration::ZERO },
        }
    }

    /// Whether a record gives back the decision that was answered.
    fn gives_back(record: &CallRecord, logged: &QueuedCall) -> bool {
        json(&RecordedDecision::of(record)) == json(&logged.decided.decision)
    }

    #[test]
    fn calls_that_were_decided_alike_share_what_they_got() {
        let mut recorder = Recorder::new(false);
        let calls = [1, 1, 2].map(|version| logged(version, "Hello.", "Day", true));
        let records = calls.each_ref().map(|call| recorder.record(call));
        let [first, second, newer] = &records;
        assert!(Arc::ptr_eq(&first.kind, &second.kind) && Arc::ptr_eq(&first.kind, &newer.kind));
        assert_eq!((first.version, newer.version), (Some(1), Some(2)));
        assert_eq!((first.decision.as_ref(), first.revision, first.kind.rule.as_deref()), (None, Some(7), Some("Day")));
        assert_eq!((first.timestamp, &*first.switches), (calls[0].call.timestamp, r#"["storm"]"#));
        assert_eq!(first.kind.agent_id.map(|agent| agent.to_string()).as_deref(), Some(AGENT));
        assert!(records.iter().zip(&calls).all(|(record, call)| gives_back(record, call)));
    }

    #[test]
    fn a_text_that_is_made_for_a_call_is_its_own() {
        let mut recorder = Recorder::new(false);
        let calls = [
            logged(1, r#"From +1, who said ","skip_pre_conversation_workflow":"#, r#""Day","version":"#, false),
            logged(1, "From +2.", r#""Day","version":"#, false),
            logged(1, "From +2.", "Night", false),
        ];
        let records = calls.each_ref().map(|call| recorder.record(call));
        let [one, other, night] = &records;
        assert!(Arc::ptr_eq(&one.kind, &other.kind) && one.kind.decision.is_none());
        assert_eq!(night.kind.rule.as_deref(), Some("Night"));
        assert!(records.iter().zip(&calls).all(|(record, call)| gives_back(record, call)));
    }

    #[test]
    fn a_number_of_the_plan_is_hidden_where_it_is_the_calls() {
        let mut recorder = Recorder::new(true);
        let mut other = logged(1, "For +14155550199.", "Day", true);
        other.decided.decision.custom_metadata = None;
        let [hidden, visible] = [logged(1, "For +14155550100.", "Day", true), other].map(|call| recorder.record(&call));
        let decision = json(&RecordedDecision::of(&hidden));
        assert!(hidden.kind.decision.is_none() && decision.contains("For +1415******0."), "{decision}");
        assert!(decision.contains(r#"{"a":1.10,"from":"+1415******0"}"#), "{decision}");
        assert!(visible.decision.is_none() && json(&RecordedDecision::of(&visible)).contains("For +14155550199."));
        assert_eq!(hidden.caller_number.as_deref(), Some("+1415******0"));
    }

    #[test]
    fn a_name_is_hidden_like_a_number_wherever_it_stands() {
        let mut logged = logged(1, "It is Anna Meier, shown as AnnaMeier.", "Day", false);
        let call = logged.call.clone().with_caller_name("Anna Meier").with_attribute("X-For", "from Anna Meier");
        logged.call = call.with_attribute("X-Account", "+14155550188").with_attribute("X-Campaign", "spring");
        let visible = Recorder::new(false).record(&logged);
        assert!(visible.further.is_some_and(|further| further.contains(r#""caller_name":"Anna Meier""#)));
        let record = Recorder::new(true).record(&logged);
        let further = FurtherFields::read(record.further.as_deref());
        assert_eq!(further.caller_name.as_deref(), Some("Anna *****"));
        let of = |name: &str| further.attributes.0.iter().find(|(held, _)| held == name).map(|(_, text)| text.as_str());
        assert_eq!(of("X-For"), Some("from Anna *****"));
        assert_eq!((of("X-Account"), of("X-Campaign")), (Some("+1415******8"), Some("spring")));
        let decision = json(&RecordedDecision::of(&record));
        assert!(decision.contains("It is Anna *****, shown as Anna*****."), "{decision}");
    }

    #[test]
    fn a_trunk_that_is_or_has_a_number_is_hidden() {
        let recorded = |trunk: &str, is_masked: bool| {
            let mut logged = logged(1, "On +14155550177.", "Day", true);
            logged.call.trunk_id = Some(trunk.to_owned());
            let record = Recorder::new(is_masked).record(&logged);
            (record.trunk_id.clone().unwrap_or_default(), json(&RecordedDecision::of(&record)))
        };
        let (trunk, decision) = recorded("+14155550177", true);
        assert_eq!(trunk, "+1415******7");
        assert!(decision.contains("On +1415******7."), "{decision}");
        assert_eq!(recorded("did-+14155550100", true).0, "did-+1415******0");
        assert_eq!(recorded("main", true).0, "main");
        assert_eq!(recorded("+14155550177", false).0, "+14155550177");
    }
}
