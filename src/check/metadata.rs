//! Metadata: JSON whose texts have holes, and whose bare names are what the call or a row has.

use super::Checker;
use super::figure::read_decimal;
use super::problems::statements as problems;
use crate::plan::{MetadataValue, Piece};
use crate::source::Span;
use crate::syntax::ast;
use serde_json::{Map, Value};
use std::collections::HashMap;

impl Checker<'_, '_> {
    /// The members of an object; `None` where one of them is wrong.
    pub(super) fn metadata(&mut self, object: &ast::Object) -> Option<Vec<(String, MetadataValue)>> {
        let mut first: HashMap<&str, Span> = HashMap::new();
        let mut members = Vec::with_capacity(object.members.len());
        let mut complete = true;
        for (key, value) in &object.members {
            if let Some(first) = first.get(key.text.as_str()) {
                self.problem(problems::duplicate_key(key, *first));
                complete = false;
            }
            first.entry(&key.text).or_insert(key.span);
            match self.json(value) {
                Some(value) => members.push((key.text.clone(), value)),
                None => complete = false,
            }
        }
        complete.then_some(members)
    }

    fn json(&mut self, json: &ast::Json) -> Option<MetadataValue> {
        match json {
            ast::Json::Object(object) => Some(folded_object(self.metadata(object)?)),
            ast::Json::Array(entries, _) => {
                let entries: Vec<Option<MetadataValue>> = entries.iter().map(|entry| self.json(entry)).collect();
                Some(folded_array(entries.into_iter().collect::<Option<_>>()?))
            }
            ast::Json::Text(text) => {
                let template = self.template(text)?;
                Some(match &*template.pieces {
                    [] => MetadataValue::Constant(Value::from("")),
                    [Piece::Text(text)] => MetadataValue::Constant(Value::from(text.as_str())),
                    _ => MetadataValue::Text(template),
                })
            }
            ast::Json::Figure(token) => match read_decimal(&token.text) {
                Some((value, _)) => Some(MetadataValue::Constant(value.to_json(&token.text))),
                None => {
                    self.problem(problems::not_a_json_number(&token.text, token.span));
                    None
                }
            },
            ast::Json::Path(path) => match (path.name.text.as_str(), &path.field) {
                ("true", None) => Some(MetadataValue::Constant(Value::Bool(true))),
                ("false", None) => Some(MetadataValue::Constant(Value::Bool(false))),
                ("null", None) => Some(MetadataValue::Constant(Value::Null)),
                _ if path.field.is_none() && self.is_nothing(&path.name.text) => {
                    self.problem(super::problems::tests::word_for_text(path.span, &path.name.text));
                    None
                }
                _ => self.reading(path).map(MetadataValue::Bare),
            },
        }
    }

    /// Metadata without anything of the call in it, for an example.
    pub(super) fn constant_metadata(&mut self, object: &ast::Object) -> Option<Map<String, Value>> {
        let members = self.metadata(object)?;
        let mut constant = Map::new();
        for ((key, value), (written, _)) in members.into_iter().zip(&object.members) {
            match value {
                MetadataValue::Constant(value) => {
                    constant.insert(key, value);
                }
                MetadataValue::Text(_)
                | MetadataValue::Bare(_)
                | MetadataValue::Object(_)
                | MetadataValue::Array(_) => {
                    self.problem(problems::not_constant(written.span));
                    return None;
                }
            }
        }
        Some(constant)
    }
}

/// What holds nothing of the call is one constant.
fn folded_object(members: Vec<(String, MetadataValue)>) -> MetadataValue {
    if !members.iter().all(|(_, value)| matches!(value, MetadataValue::Constant(_))) {
        return MetadataValue::Object(members);
    }
    let constants = members.into_iter().filter_map(|(key, value)| match value {
        MetadataValue::Constant(value) => Some((key, value)),
        MetadataValue::Text(_) | MetadataValue::Bare(_) | MetadataValue::Object(_) | MetadataValue::Array(_) => None,
    });
    MetadataValue::Constant(Value::Object(constants.collect()))
}

fn folded_array(entries: Vec<MetadataValue>) -> MetadataValue {
    if !entries.iter().all(|value| matches!(value, MetadataValue::Constant(_))) {
        return MetadataValue::Array(entries);
    }
    let constants = entries.into_iter().filter_map(|value| match value {
        MetadataValue::Constant(value) => Some(value),
        MetadataValue::Text(_) | MetadataValue::Bare(_) | MetadataValue::Object(_) | MetadataValue::Array(_) => None,
    });
    MetadataValue::Constant(constants.collect())
}
