//! Conditions: what is tested, what is asked of it, and with what it is compared.

use super::{Expected, FollowResult, Follower, TestSubject, column_type};
use crate::assist::tokens::{Shape, TextToken};
use crate::fields::Field;
use crate::syntax::DefinitionKind;
use crate::types::Type;

impl<'t> Follower<'t, '_> {
    pub(super) fn condition(&mut self, after: &[Expected<'t>]) -> FollowResult<'t> {
        loop {
            self.operand(after)?;
            let wants = [&[Expected::Words(&["and", "or"])], after].concat();
            let token = self.look(&wants)?;
            if !["and", "or", "&&", "||"].iter().any(|connective| token.is(connective)) {
                return Ok(());
            }
            self.at += 1;
        }
    }

    pub(super) fn operand(&mut self, after: &[Expected<'t>]) -> FollowResult<'t> {
        let wants = [Expected::Words(&["not"]), Expected::Subject];
        while self.take("not", &wants)? || self.take("!", &wants)? {}
        if self.take("(", &wants)? {
            self.deeper()?;
            self.condition(&[])?;
            self.depth -= 1;
            return self.take(")", &[]).map(drop);
        }
        if self.is_left() {
            return Ok(());
        }
        match self.path(&wants)? {
            Some((name, field)) => self.test(self.subject(name, field), after),
            None => Ok(()),
        }
    }

    pub(super) fn subject(&self, name: &'t str, field: Option<&'t str>) -> TestSubject<'t> {
        let is_taken = |found: &Field| found.is_free_word() && self.names.find(name).is_some();
        if let Some(found) = Field::find(name, field).filter(|found| !is_taken(found)) {
            let name = field.unwrap_or(name);
            return match found {
                Field::Text(_) => TestSubject::OfCall(name),
                Field::Number(_) | Field::Country(_) | Field::Trust(_) | Field::Clock(_) => {
                    TestSubject::Of(found.entry().field_type, name)
                }
            };
        }
        if let Some((_, table)) = self.rows.iter().rev().find(|(row, _)| *row == name) {
            let columns = self.names.find(table).map(|table| table.columns.as_slice()).unwrap_or_default();
            let column = columns.iter().find(|(column, _)| Some(*column) == field);
            let found = column.and_then(|(column, cell)| Some((column_type(self.names, *cell)?, *column)));
            return found.map_or(TestSubject::Unknown, |(type_of, column)| TestSubject::Of(type_of, column));
        }
        match self.names.find(name).map(|found| found.sort) {
            Some(DefinitionKind::Schedule) => TestSubject::Of(Type::Schedule, name),
            Some(DefinitionKind::Switch) => TestSubject::Switch,
            Some(DefinitionKind::Rotation) => TestSubject::Rotation,
            Some(DefinitionKind::Attribute) => TestSubject::OfCall(name),
            Some(DefinitionKind::Condition) => TestSubject::Condition,
            Some(DefinitionKind::Agent | DefinitionKind::Numbers | DefinitionKind::Days | DefinitionKind::Table)
            | None => TestSubject::Unknown,
        }
    }

    pub(super) fn test(&mut self, subject: TestSubject<'t>, after: &[Expected<'t>]) -> FollowResult<'t> {
        let mut wants = vec![Expected::Test(subject)];
        if matches!(subject, TestSubject::Condition | TestSubject::Unknown) {
            wants.push(Expected::Words(&["and", "or"]));
            wants.extend(after);
        }
        let token = self.look(&wants)?;
        match token.text {
            "is" | "=" | "==" | "!=" => {
                self.at += 1;
                let wants = [Expected::Value(subject), Expected::Words(&["not"])];
                // What is not open is closed, and is said so.
                let has_opposite = matches!(subject, TestSubject::Switch | TestSubject::Of(Type::Schedule, _));
                let wants = if has_opposite { &wants[..1] } else { &wants[..] };
                let wants = if self.take("not", wants)? { &wants[..1] } else { wants };
                // A slip that is fixed: `is in`.
                match self.take("in", wants)? {
                    true => self.set(subject, after),
                    false => self.value(wants),
                }
            }
            "not" => {
                self.at += 1;
                self.take("in", &[Expected::Words(&["in"])])?;
                self.set(subject, after)
            }
            "in" => {
                self.at += 1;
                self.set(subject, after)
            }
            "<" | "<=" | ">" | ">=" => {
                self.at += 1;
                self.value(&[Expected::Value(subject)])
            }
            "contains" | "starts" => {
                self.at += 1;
                if token.is("starts") {
                    self.take("with", &[Expected::Words(&["with"])])?;
                }
                match self.take("[", &[])? {
                    true => self.list(&[]),
                    false => self.value(&[]),
                }
            }
            _ => Ok(()),
        }
    }

    /// One value, a range or a moment.
    pub(super) fn value(&mut self, wants: &[Expected<'t>]) -> FollowResult<'t> {
        let token = self.look(wants)?;
        if token.shape == Shape::Mark || self.is_left() {
            return Ok(());
        }
        self.at += 1;
        let is_moment = |next: TextToken| token.shape == Shape::Figure && next.shape == Shape::Figure;
        if self.peek().is_some_and(is_moment) {
            self.at += 1;
        }
        if self.peek_is("-") || self.peek_is("..") {
            self.at += 1;
            self.shape(&[Shape::Word, Shape::Number, Shape::Figure], wants)?;
        }
        Ok(())
    }

    pub(super) fn set(&mut self, subject: TestSubject<'t>, after: &[Expected<'t>]) -> FollowResult<'t> {
        if self.take("[", &[Expected::Set(subject)])? {
            return self.list(&[Expected::Entry(subject)]);
        }
        let name = self.look(&[Expected::Set(subject)])?.text;
        self.value(&[Expected::Set(subject)])?;
        let is_table = self.names.find(name).is_some_and(|found| found.sort == DefinitionKind::Table);
        let wants = [&[Expected::Words(if is_table { &["as", "and"] } else { &["and", "or"] })], after].concat();
        if self.take("as", &wants)?
            && let Some(row) = self.shape(&[Shape::Word], &[])?
        {
            self.rows.push((row.text, name));
        }
        Ok(())
    }

    /// What stands in brackets, of which the first has been taken.
    pub(super) fn list(&mut self, entry: &[Expected<'t>]) -> FollowResult<'t> {
        let mut wants = entry;
        while !self.take("]", wants)? && !self.is_left() && !self.peek_is("{") {
            let token = self.next(wants)?;
            // After a value only a comma can stand.
            wants = if matches!(token.text, "," | "[" | "-" | "..") { entry } else { &[] };
        }
        Ok(())
    }
}
