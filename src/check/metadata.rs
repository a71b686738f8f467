//! Metadata: JSON whose texts have holes, and whose bare names are what the call or a row has.

use super::figure::{has_leading_zero, read_decimal};
use super::problems::statements as problems;
use super::{Checked, Checker};
use crate::plan::{MetadataValue, TemplatePart};
use crate::source::Span;
use crate::syntax::ast;
use serde_json::{Map, Value};
use std::collections::HashMap;

impl Checker<'_, '_> {
    /// The members of an object, all of which must be right.
    pub(super) fn metadata(&mut self, object: &ast::Object) -> Checked<Vec<(String, MetadataValue)>> {
        let mut first: HashMap<&str, Span> = HashMap::new();
        let mut members = Vec::with_capacity(object.members.len());
        let mut wrong = None;
        for (key, value) in &object.members {
            if let Some(first) = first.get(key.text.as_str()) {
                wrong = Some(self.error(problems::duplicate_key(key, *first)));
            }
            first.entry(&key.text).or_insert(key.span);
            match self.json(value) {
                Ok(value) => members.push((key.text.clone(), value)),
                Err(reported) => wrong = Some(reported),
            }
        }
        wrong.map_or(Ok(members), Err)
    }

    fn json(&mut self, json: &ast::Json) -> Checked<MetadataValue> {
        match json {
            ast::Json::Object(object) => Ok(folded_object(self.metadata(object)?)),
            ast::Json::Array(entries, _) => {
                let entries: Vec<Checked<MetadataValue>> = entries.iter().map(|entry| self.json(entry)).collect();
                Ok(folded_array(entries.into_iter().collect::<Checked<_>>()?))
            }
            ast::Json::Text(text) => {
                let template = self.template(text)?;
                Ok(match &*template.pieces {
                    [] => MetadataValue::Constant(Value::from("")),
                    [TemplatePart::Text(text)] => MetadataValue::Constant(Value::from(text.as_str())),
                    _ => MetadataValue::Text(template),
                })
            }
            ast::Json::Figure(token) => match read_decimal(&token.text).filter(|_| !has_leading_zero(&token.text)) {
                Some((value, _)) => Ok(MetadataValue::Constant(value.to_json(&token.text))),
                None => self.refuse(problems::not_a_json_number(&token.text, token.span)),
            },
            ast::Json::Path(path) => match (path.name.text.as_str(), &path.field) {
                ("true", None) => Ok(MetadataValue::Constant(Value::Bool(true))),
                ("false", None) => Ok(MetadataValue::Constant(Value::Bool(false))),
                ("null", None) => Ok(MetadataValue::Constant(Value::Null)),
                (word, None) if self.means_constant(word) => self.refuse(problems::other_constant(path.span, word)),
                _ if path.field.is_none() && self.is_nothing(&path.name.text) => {
                    self.refuse(super::problems::tests::word_for_text(path.span, &path.name.text))
                }
                _ => self.reading(path).map(MetadataValue::Bare),
            },
        }
    }

    /// `True`, `NULL`, `None`, `yes`: a constant in another spelling, where nothing else is called
    /// so.
    fn means_constant(&self, word: &str) -> bool {
        let is_row = self.rows.iter().any(|(row, ..)| row.text == word);
        problems::constant_of(word).is_some() && !is_row && self.names.get(word).is_none()
    }

    /// Metadata without anything of the call in it, for an example.
    pub(super) fn constant_metadata(&mut self, object: &ast::Object) -> Checked<Map<String, Value>> {
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
                    return self.refuse(problems::not_constant(written.span));
                }
            }
        }
        Ok(constant)
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
