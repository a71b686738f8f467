//! Members and entries of metadata, and the holes of texts.

use super::{CompletenessResult, there};
use crate::plan::{MetadataValue, Template, TemplatePart};
use crate::source::Span;
use crate::syntax::ast;
use serde_json::Value;

pub(super) fn template(written: &ast::Text, built: &Template) -> CompletenessResult {
    let holes = built.pieces.iter().filter(|piece| matches!(piece, TemplatePart::Hole(_))).count();
    there(holes == written.holes.len(), written.span)
}

pub(super) fn members(written: &ast::Object, built: &[(String, MetadataValue)]) -> CompletenessResult {
    let mut found = built.iter();
    written.members.iter().try_for_each(|(key, value)| {
        let found = found.next().filter(|(name, _)| *name == key.text).ok_or(key.span)?;
        json(key.span, value, &found.1)
    })
}

fn json(key: Span, written: &ast::Json, built: &MetadataValue) -> CompletenessResult {
    match (written, built) {
        (_, MetadataValue::Constant(found)) => constant(key, written, found),
        (ast::Json::Object(object), MetadataValue::Object(found)) => members(object, found),
        (ast::Json::Array(entries, span), MetadataValue::Array(found)) => {
            let mut found = found.iter();
            entries.iter().try_for_each(|entry| json(key, entry, found.next().ok_or(*span)?))
        }
        (ast::Json::Text(text), MetadataValue::Text(found)) => template(text, found),
        (ast::Json::Path(_), MetadataValue::Bare(_)) => Ok(()),
        (
            ast::Json::Object(_)
            | ast::Json::Array(..)
            | ast::Json::Text(_)
            | ast::Json::Figure(_)
            | ast::Json::Path(_),
            MetadataValue::Object(_) | MetadataValue::Array(_) | MetadataValue::Text(_) | MetadataValue::Bare(_),
        ) => Err(key),
    }
}

fn constant(key: Span, written: &ast::Json, built: &Value) -> CompletenessResult {
    match written {
        ast::Json::Object(object) => {
            let found = built.as_object().ok_or(key)?;
            let all = object
                .members
                .iter()
                .try_for_each(|(key, value)| constant(key.span, value, found.get(&key.text).ok_or(key.span)?));
            all.and(there(found.len() == object.members.len(), object.span))
        }
        ast::Json::Array(entries, span) => {
            let found = built.as_array().filter(|found| found.len() == entries.len()).ok_or(*span)?;
            entries.iter().zip(found).try_for_each(|(entry, found)| constant(key, entry, found))
        }
        ast::Json::Text(text) => there(built.as_str() == Some(text.value.as_str()), text.span),
        ast::Json::Figure(token) => there(built.is_number(), token.span),
        ast::Json::Path(path) => there(built.is_boolean() || built.is_null(), path.span),
    }
}
