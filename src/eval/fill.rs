//! Texts and metadata with what the call and its rows have.

use super::Facts;
use crate::plan::{HoleValue, HoursPart, MetadataValue, Template, TemplatePart};
use serde_json::Value;

/// The text with its holes filled.
pub(crate) fn text(template: &Template, facts: &Facts) -> String {
    let mut filled = String::new();
    text_into(template, facts, &mut filled);
    filled
}

/// Adds the text with its holes filled.
pub(crate) fn text_into(template: &Template, facts: &Facts, filled: &mut String) {
    for piece in &template.pieces {
        match piece {
            TemplatePart::Text(text) => filled.push_str(text),
            TemplatePart::Hole(HoleValue::Field(field)) => facts.show(*field, filled),
            TemplatePart::Hole(HoleValue::Attribute(number)) => facts.show_attribute(*number, filled),
            TemplatePart::Hole(HoleValue::Column(slot, column)) => {
                if let Some(cell) = facts.shown_cell(*slot, *column) {
                    filled.push_str(cell.shown(facts.agents()));
                }
            }
            TemplatePart::Hole(HoleValue::OnCall(rotation)) => filled.push_str(facts.id_on_call(*rotation)),
            TemplatePart::Hole(HoleValue::Hours(schedule, part)) => facts.tell_hours(*schedule, *part, filled),
            TemplatePart::Hole(HoleValue::DayName(set)) => filled.push_str(facts.day_name(*set)),
        }
    }
}

/// A metadata value.
pub(crate) fn metadata(value: &MetadataValue, facts: &Facts) -> Value {
    match value {
        MetadataValue::Constant(value) => value.clone(),
        MetadataValue::Text(template) => Value::from(text(template, facts)),
        MetadataValue::Bare(HoleValue::Field(field)) => facts.bare(*field),
        MetadataValue::Bare(HoleValue::Attribute(number)) => {
            let mut shown = String::new();
            facts.show_attribute(*number, &mut shown);
            Value::from(shown)
        }
        MetadataValue::Bare(HoleValue::Column(slot, column)) => {
            facts.shown_cell(*slot, *column).map_or(Value::Null, |cell| cell.to_json(facts.agents()))
        }
        MetadataValue::Bare(HoleValue::OnCall(rotation)) => Value::from(facts.id_on_call(*rotation)),
        MetadataValue::Bare(HoleValue::Hours(schedule, HoursPart::Hours)) => {
            let mut shown = String::new();
            facts.tell_hours(*schedule, HoursPart::Hours, &mut shown);
            Value::from(shown)
        }
        MetadataValue::Bare(HoleValue::Hours(schedule, part)) => {
            let at = facts.next_change(*schedule, *part == HoursPart::Opens);
            at.map_or(Value::Null, |at| Value::from(at.to_string()))
        }
        MetadataValue::Bare(HoleValue::DayName(set)) => Value::from(facts.day_name(*set)),
        MetadataValue::Object(members) => {
            Value::Object(members.iter().map(|(key, value)| (key.clone(), metadata(value, facts))).collect())
        }
        MetadataValue::Array(entries) => entries.iter().map(|entry| metadata(entry, facts)).collect(),
    }
}
