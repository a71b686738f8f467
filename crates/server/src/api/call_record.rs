//! What the call log keeps of a call that was decided, and how that is put together again.
//!
//! Most answers are like one before, so what calls have in common is worked out once, and then known by its hash.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use super::decided::Decided;
use super::masking::{mask, mask_all};
use callplan::phone::Number;
use callplan_service::store::{CallKind, CallRecord, OrganizationId};

/// So many ways to be decided are known at once; then it begins anew. An organization has as many as its plan has ways.
const MOST_KNOWN: usize = 4096;

/// Makes records, and remembers what they have in common.
#[derive(Debug)]
pub struct Recorder {
    is_masked: bool,
    known: HashMap<(OrganizationId, Mark), Known>,
}

/// Equal for answers of one organization that tell the same kind, revision and version: hashes of 128 bits.
type Mark = [u128; 2];

/// What an answer tells of how it came about.
#[derive(Clone, Debug)]
struct Known {
    kind: Arc<CallKind>,
    revision: Option<u64>,
    version: Option<u32>,
}

/// What is read of an answer.
#[derive(Default, Deserialize)]
struct Answered {
    action: String,
    source: String,
    rule: Option<String>,
    agent_id: Option<String>,
    version: Option<u32>,
    config_revision: Option<u64>,
}

impl Recorder {
    /// One that masks numbers, or keeps them as they came.
    pub fn new(is_masked: bool) -> Self {
        Self { is_masked, known: HashMap::new() }
    }

    /// What is kept of a call.
    pub fn record(&mut self, decided: &Decided) -> CallRecord {
        let answer = without_id(decided.answer());
        // A number that a plan shows to all is hidden from those only who called from it.
        let masked =
            self.is_masked.then(|| masked_decision(answer, decided)).filter(|masked| *masked != lasting(answer));
        let is_shared = decided.is_shared && masked.is_none();
        let Known { kind, revision, version } = self.known(decided.organization, answer, is_shared);
        let shown = |number: &str| if self.is_masked { mask(number) } else { number.to_owned() };
        CallRecord {
            id: decided.id,
            kind,
            revision,
            version,
            caller_number: decided.caller_number().map(shown),
            called_number: shown(decided.called_number()),
            trunk_id: decided.trunk_id().map(str::to_owned),
            timestamp: decided.timestamp,
            decision: (!is_shared).then(|| masked.unwrap_or_else(|| lasting(answer))),
            switches: if decided.switches.is_empty() { "[]".into() } else { json(&decided.switches).into() },
        }
    }

    fn known(&mut self, organization: OrganizationId, answer: &str, is_shared: bool) -> Known {
        let key = (organization, mark(answer, is_shared));
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        if self.known.len() >= MOST_KNOWN {
            self.known.clear();
        }
        let known = self.read(organization, answer, is_shared);
        self.known.entry(key).or_insert(known).clone()
    }

    fn read(&self, organization_id: OrganizationId, answer: &str, is_shared: bool) -> Known {
        // All answers are written so that they can be read.
        let answered: Answered = serde_json::from_str(&["{", answer].concat()).unwrap_or_default();
        let kind = Arc::new(CallKind {
            organization_id,
            action: answered.action.into(),
            source: answered.source.into(),
            rule: answered.rule,
            agent_id: answered.agent_id.and_then(|agent| agent.parse().ok()),
            decision: is_shared.then(|| lasting(answer)),
            release: env!("CARGO_PKG_VERSION").into(),
            masked: self.is_masked,
        });
        Known { kind, revision: answered.config_revision, version: answered.version }
    }
}

/// An answer's fields behind its id, to the end.
fn without_id(answer: &str) -> &str {
    const ID: usize = r#"{"id":"00000000-0000-0000-0000-000000000000","#.len();
    answer.get(ID..).unwrap_or_default()
}

/// Marks a whole answer where it is shared; else what stands around the text and the values that are the call's own.
fn mark(answer: &str, is_shared: bool) -> Mark {
    let parts = match is_shared {
        true => [answer, ""],
        false => {
            let (before, rest) = answer.split_once(CONTEXT).unwrap_or((answer, ""));
            let (_, after) = rest.rsplit_once(SKIP).unwrap_or_default();
            [before, after]
        }
    };
    parts.map(|part| xxh3_128(part.as_bytes()))
}

/// Text, numbers and lists of them: there is nothing that could not be written.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What of an answer calls have in common that are decided alike: not the revision with which it ends, and the version,
/// which is the number of a newer one some day.
fn lasting(answer: &str) -> String {
    let fields = answer.rsplit_once(REVISION).map_or(answer, |(fields, _)| fields);
    // Before the version there is only what has no other text in it: the action, and an id.
    let (before, after) = fields.split_once(VERSION).unwrap_or((fields, ""));
    let after = after.find(',').map_or("", |end| &after[end..]);
    ["{", before, after, "}"].concat()
}

/// How these fields begin. In a text, its marks would be escaped.
const VERSION: &str = r#","version":"#;
const REVISION: &str = r#","config_revision":"#;
/// The field after the version.
const CONTEXT: &str = r#","initial_context":"#;
/// The field after the metadata, which may have one of that name, too, but before it.
const SKIP: &str = r#","skip_pre_conversation_workflow":"#;

/// A record's decision as it was answered, without the id.
pub fn decision(record: &CallRecord) -> String {
    let fields = record.decision().strip_suffix('}').unwrap_or_default();
    let (before, after) = fields.split_once(CONTEXT).unwrap_or((fields, ""));
    let (version, revision) = (json(&record.version), json(&record.revision));
    [before, VERSION, &version, CONTEXT, after, REVISION, &revision, "}"].concat()
}

/// The decision, with both numbers masked wherever a text of the plan shows them.
fn masked_decision(answer: &str, decided: &Decided) -> String {
    let numbers = [decided.caller_number().unwrap_or_default(), decided.called_number()];
    let read = numbers.map(|number| Number::read(number).to_string());
    let mut hidden: Vec<&str> = numbers.into_iter().chain(read.iter().map(String::as_str)).collect();
    // Longer ones first, so that none is left that another is a part of.
    hidden.sort_by_key(|number| std::cmp::Reverse(number.len()));
    let mut decision: Value = serde_json::from_str(&lasting(answer)).unwrap_or_default();
    mask_all(&mut decision["initial_context"], &hidden);
    mask_all(&mut decision["custom_metadata"], &hidden);
    decision.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use callplan::Call;
    use serde_json::json;

    /// An answer as it is sent, which this decision made.
    fn answer(version: u32, context: &str, rule: &str) -> String {
        let id = "01890000-0000-7000-8000-000000000000";
        let fields = json!({
            "id": id, "action": "answer", "agent_id": "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11", "version": version,
            "initial_context": context, "custom_metadata": {"a": 1, "skip_pre_conversation_workflow": "no"},
            "skip_pre_conversation_workflow": false, "source": "workflow", "reason": null, "rule": rule,
            "config_revision": 7,
        });
        fields.to_string()
    }

    fn decided(answer: &str, is_shared: bool) -> Decided {
        let organization = OrganizationId::from_bytes([1; 16]);
        let timestamp = "2026-03-01T17:00:00Z".parse().expect("an instant");
        let call = Call::new("+18005550100", timestamp).with_caller("+14155550100");
        Decided::new(callplan_service::store::CallId::at(timestamp), organization, call, answer.as_bytes(), is_shared)
    }

    /// What is told of a record is what was answered, without the id.
    fn is_told(record: &CallRecord, answer: &str) -> bool {
        decision(record) == ["{", without_id(answer)].concat()
    }

    #[test]
    fn calls_that_were_decided_alike_share_what_they_got() {
        let mut recorder = Recorder::new(false);
        let answers = [answer(1, "Hello.", "Day"), answer(1, "Hello.", "Day"), answer(2, "Hello.", "Day")];
        let [first, again, newer] = answers.each_ref().map(|answer| recorder.record(&decided(answer, true)));
        assert!(Arc::ptr_eq(&first.kind, &again.kind));
        assert_eq!((&first.kind, first.version, newer.version), (&newer.kind, Some(1), Some(2)));
        assert_eq!((first.decision.as_ref(), first.revision, first.kind.rule.as_deref()), (None, Some(7), Some("Day")));
        assert!([first, again, newer].iter().zip(&answers).all(|(record, answer)| is_told(record, answer)));
    }

    #[test]
    fn a_text_that_is_made_for_a_call_is_its_own() {
        let mut recorder = Recorder::new(false);
        let answers = [
            answer(1, r#"From +1, who said ","skip_pre_conversation_workflow":"#, r#""Day","version":"#),
            answer(1, "From +2.", r#""Day","version":"#),
            answer(1, "From +2.", "Night"),
        ];
        let [one, other, night] = answers.each_ref().map(|answer| recorder.record(&decided(answer, false)));
        assert!(Arc::ptr_eq(&one.kind, &other.kind) && one.kind.decision.is_none());
        assert_eq!(night.kind.rule.as_deref(), Some("Night"));
        assert!([one, other, night].iter().zip(&answers).all(|(record, answer)| is_told(record, answer)));
    }

    #[test]
    fn a_number_of_the_plan_is_hidden_where_it_is_the_calls() {
        let mut recorder = Recorder::new(true);
        let [hidden, shown] = ["For +14155550100.", "For +14155550199."]
            .map(|context| recorder.record(&decided(&answer(1, context, "Day"), true)));
        assert!(hidden.kind.decision.is_none() && decision(&hidden).contains("For +1415******0."));
        assert!(shown.decision.is_none() && decision(&shown).contains("For +14155550199."));
        assert_eq!(hidden.caller_number.as_deref(), Some("+1415******0"));
    }
}
