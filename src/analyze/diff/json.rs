//! A diff as data. The order of keys is that of the fields here.

use super::{DecidedOutcome, DecisionChange, Diff};
use crate::analyze::calls::{CallGroup, NumberGroup, PatternChoice, TextGroup};
use crate::call::{Call, CallAttributes};
use crate::fields::{Party, TextField, TrustField};
use serde_json::{Map, Value, json};

/// A diff as one object; `count` gives how many calls of a log changed so, where one was counted.
pub fn document(diff: &Diff, count: impl Fn(&DecisionChange) -> Option<u64>) -> Value {
    let changes: Vec<Value> = diff.changes.iter().map(|change| self::change(change, count(change))).collect();
    json!({
        "from": diff.first_day.to_string(),
        "until": diff.last_day.to_string(),
        "same": diff.changes.is_empty() && !diff.reads_otherwise,
        "reads_otherwise": diff.reads_otherwise,
        "changes": changes,
        "more": diff.more,
    })
}

fn change(change: &DecisionChange, count: Option<u64>) -> Value {
    let witness = change.witness.as_ref().map(|witness| {
        let (call, was, now) = &**witness;
        json!({ "call": self::call(call), "was": was.output, "now": now.output })
    });
    let mut object = json!({
        "changes": if change.way.is_decision { "decision" } else { "details" },
        "was": given(&change.way.was),
        "now": given(&change.way.now),
        "calls": change.calls.iter().map(calls).collect::<Vec<_>>(),
        "has_more_calls": change.has_more,
        "share": change.share,
        "witness": witness,
    });
    if let (Some(count), Some(members)) = (count, object.as_object_mut()) {
        members.insert("in_log".to_owned(), json!(count));
    }
    object
}

fn given(given: &DecidedOutcome) -> Value {
    json!({
        "decision": given.outcome.name(),
        "agent_id": given.agent_id,
        "version": given.version,
        "rule": given.rule,
        "line": given.line,
    })
}

/// A call by the contract's field names.
pub fn call(call: &Call) -> Value {
    let mut object = Map::new();
    object.insert("caller_number".into(), json!(call.caller_number));
    object.insert("called_number".into(), json!(call.called_number));
    object.extend(TextField::ALL.map(|field| (field.key().into(), json!(call.text(field)))));
    object.insert(Party::Asserted.key().into(), json!(call.caller_asserted));
    object.insert(Party::Diverted.key().into(), json!(call.diverted_from));
    object.insert(TrustField::Attestation.key().into(), json!(call.attestation));
    object.insert("attributes".into(), json!(CallAttributes(call)));
    object.insert("timestamp".into(), json!(call.timestamp.to_string()));
    object.insert("switches".into(), json!(call.switches));
    object.into()
}

/// The calls of a change, as data.
pub fn calls(calls: &CallGroup) -> Value {
    let switches: Map<String, Value> = calls.switches.iter().map(|(name, on)| (name.clone(), json!(on))).collect();
    let splits: Map<String, Value> =
        calls.splits.iter().map(|(name, share)| (name.clone(), json!(f64::from(*share) / 100.0))).collect();
    let mut object = Map::new();
    object.insert("text".into(), json!(calls.to_string()));
    object.insert("callers".into(), json!(calls.callers.as_ref().map(|callers| numbers(callers, "anybody"))));
    object.insert("dialed".into(), json!(calls.dialed.as_ref().map(|dialed| numbers(dialed, "any number"))));
    for party in [Party::Asserted, Party::Diverted] {
        let known = calls.further.iter().find(|(known, _)| *known == party);
        let said = known.map(|(_, group)| match group {
            Some(group) => numbers(group, "any number"),
            None => json!({ "all_but": false, "names": [], "listed": [], "none": true, "text": "none" }),
        });
        object.insert(party.key().into(), json!(said));
    }
    let attestations: Vec<&str> = calls.attestations.iter().map(|attestation| attestation.word()).collect();
    object.insert("attestations".into(), attestations.into());
    for (field, group) in calls.texts.iter() {
        object.insert(field.group_key().into(), json!(group.as_ref().map(texts)));
    }
    let attributes: Map<String, Value> =
        calls.attributes.iter().map(|(name, group)| (name.clone(), texts(group))).collect();
    object.insert("attributes".into(), attributes.into());
    object.insert("switches".into(), switches.into());
    object.insert("hours".into(), json!(calls.hours.as_ref().map(|hours| hours.to_string())));
    object.insert("when".into(), json!(calls.hours.as_ref().map(|hours| hours.document())));
    object.insert("splits".into(), splits.into());
    object.into()
}

fn numbers(numbers: &NumberGroup, all: &str) -> Value {
    let listed: Vec<String> = numbers.listed.iter().map(|pattern| pattern.to_string()).collect();
    let mut said =
        json!({ "all_but": numbers.all_but, "names": numbers.names, "listed": listed, "text": numbers.in_words(all) });
    if !numbers.except.is_empty() {
        said["except"] = numbers.except.iter().map(|pattern| pattern.to_string()).collect();
    }
    said
}

fn texts(texts: &TextGroup) -> Value {
    let mut said = json!({ "all_but": texts.all_but, "listed": texts.listed });
    if !texts.having.is_empty() {
        let choice = |choice: &PatternChoice| {
            choice
                .iter()
                .map(|(patterns, yes)| {
                    let texts: Vec<&str> = patterns.patterns().collect();
                    json!({ "place": patterns.place().words(), "texts": texts, "has": yes })
                })
                .collect::<Vec<_>>()
        };
        said["having"] = texts.having.iter().map(choice).collect();
        said["and"] = json!(texts.and);
    }
    said
}
