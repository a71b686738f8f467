//! How much of a diff is shown: an answer has a maximum size, whatever plans say.

use crate::analyze::calls::{CallGroup, NumberGroup, TextGroup};
use crate::call::Output;
use serde_json::Value;

/// The most bytes that changes take together, about. The first is shown whatever it takes.
const MOST: usize = 16 << 20;
/// What a number, a prefix or a text of a list counts beside its own length.
const LISTED: usize = 64;
/// What a set of calls counts beside its lists.
const SET: usize = 512;

/// What is left of the maximum.
pub(super) struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(MOST)
    }
}

impl Room {
    pub fn take(&mut self, bytes: usize) {
        self.0 = self.0.saturating_sub(bytes);
    }

    pub fn is_used_up(&self) -> bool {
        self.0 == 0
    }
}

/// About how many bytes a set of calls takes.
pub(super) fn of_calls(calls: &CallGroup) -> usize {
    let of_texts = |texts: &[String]| texts.iter().map(|text| LISTED + text.len()).sum::<usize>();
    let of_numbers =
        |numbers: &NumberGroup| of_texts(&numbers.names) + LISTED * (numbers.listed.len() + numbers.except.len());
    let numbers = [&calls.callers, &calls.dialed].into_iter().flatten().map(of_numbers);
    let of_group = |group: &TextGroup| {
        let patterns = group.having.iter().flatten().flat_map(|(patterns, _)| patterns.patterns());
        let patterns = patterns.map(|text| LISTED + text.len()).sum::<usize>();
        of_texts(&group.listed) + of_texts(&group.and) + patterns
    };
    let texts = calls.texts.iter().filter_map(|(_, texts)| texts.as_ref()).map(of_group);
    let attributes = calls.attributes.iter().map(|(name, texts)| LISTED + name.len() + of_group(texts));
    let switches = calls.switches.iter().map(|(name, _)| LISTED + name.len());
    let splits = calls.splits.iter().map(|(name, _)| LISTED + name.len());
    SET + numbers.chain(texts).chain(attributes).chain(switches).chain(splits).sum::<usize>()
}

/// About how many bytes the output of a plan takes.
pub(super) fn of_output(output: &Output) -> usize {
    let metadata = output.custom_metadata.iter().flatten();
    output.initial_context.len() + metadata.map(|(key, value)| LISTED + key.len() + of_value(value)).sum::<usize>()
}

fn of_value(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => LISTED,
        Value::String(text) => LISTED + text.len(),
        Value::Array(values) => LISTED + values.iter().map(of_value).sum::<usize>(),
        Value::Object(members) => {
            LISTED + members.iter().map(|(key, value)| key.len() + of_value(value)).sum::<usize>()
        }
    }
}
