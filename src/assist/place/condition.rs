//! Conditions: what is tested, what is asked of it, and with what it is compared.

use super::{Follower, Step, Subject, Want, column_type};
use crate::assist::names::Sort;
use crate::assist::tokens::{Shape, Token};
use crate::fields::Field;
use crate::types::Type;

impl<'t> Follower<'t, '_> {
    pub(super) fn condition(&mut self, after: &[Want<'t>]) -> Step<'t> {
        loop {
            self.operand(after)?;
            let wants = [&[Want::Words(&["and", "or"])], after].concat();
            let token = self.look(&wants)?;
            if !["and", "or", "&&", "||"].iter().any(|connective| token.is(connective)) {
                return Ok(());
            }
            self.at += 1;
        }
    }

    pub(super) fn operand(&mut self, after: &[Want<'t>]) -> Step<'t> {
        let wants = [Want::Words(&["not"]), Want::Subject];
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

    pub(super) fn subject(&self, name: &'t str, field: Option<&'t str>) -> Subject<'t> {
        if let Some(found) = Field::find(name, field) {
            return Subject::Of(found.entry().field_type, field.unwrap_or(name));
        }
        if let Some((_, table)) = self.rows.iter().rev().find(|(row, _)| *row == name) {
            let columns = self.names.find(table).map(|table| table.columns.as_slice()).unwrap_or_default();
            let column = columns.iter().find(|(column, _)| Some(*column) == field);
            let found = column.and_then(|(column, cell)| Some((column_type(self.names, *cell)?, *column)));
            return found.map_or(Subject::Unknown, |(type_of, column)| Subject::Of(type_of, column));
        }
        match self.names.find(name).map(|found| found.sort) {
            Some(Sort::Schedule) => Subject::Of(Type::Schedule, name),
            Some(Sort::Switch) => Subject::Switch,
            Some(Sort::Condition) => Subject::Condition,
            Some(Sort::Agent | Sort::Numbers | Sort::Days | Sort::Table) | None => Subject::Unknown,
        }
    }

    pub(super) fn test(&mut self, subject: Subject<'t>, after: &[Want<'t>]) -> Step<'t> {
        let mut wants = vec![Want::Test(subject)];
        if matches!(subject, Subject::Condition | Subject::Unknown) {
            wants.push(Want::Words(&["and", "or"]));
            wants.extend(after);
        }
        let token = self.look(&wants)?;
        match token.text {
            "is" | "=" | "==" | "!=" => {
                self.at += 1;
                let wants = [Want::Value(subject), Want::Words(&["not"])];
                // What is not open is closed, and is said so.
                let has_opposite = matches!(subject, Subject::Switch | Subject::Of(Type::Schedule, _));
                let wants = if has_opposite { &wants[..1] } else { &wants[..] };
                let wants = if self.take("not", wants)? { &wants[..1] } else { wants };
                // A slip that is mended: `is in`.
                match self.take("in", wants)? {
                    true => self.set(subject, after),
                    false => self.value(wants),
                }
            }
            "not" => {
                self.at += 1;
                self.take("in", &[Want::Words(&["in"])])?;
                self.set(subject, after)
            }
            "in" => {
                self.at += 1;
                self.set(subject, after)
            }
            "<" | "<=" | ">" | ">=" => {
                self.at += 1;
                self.value(&[Want::Value(subject)])
            }
            _ => Ok(()),
        }
    }

    /// One value, a range or a moment.
    pub(super) fn value(&mut self, wants: &[Want<'t>]) -> Step<'t> {
        let token = self.look(wants)?;
        if token.shape == Shape::Mark || self.is_left() {
            return Ok(());
        }
        self.at += 1;
        let is_moment = |next: Token| token.shape == Shape::Figure && next.shape == Shape::Figure;
        if self.peek().is_some_and(is_moment) {
            self.at += 1;
        }
        if self.peek_is("-") || self.peek_is("..") {
            self.at += 1;
            self.shape(&[Shape::Word, Shape::Number, Shape::Figure], wants)?;
        }
        Ok(())
    }

    pub(super) fn set(&mut self, subject: Subject<'t>, after: &[Want<'t>]) -> Step<'t> {
        if self.take("[", &[Want::Set(subject)])? {
            return self.list(&[Want::Entry(subject)]);
        }
        let name = self.look(&[Want::Set(subject)])?.text;
        self.value(&[Want::Set(subject)])?;
        let is_table = self.names.find(name).is_some_and(|found| found.sort == Sort::Table);
        let wants = [&[Want::Words(if is_table { &["as", "and"] } else { &["and", "or"] })], after].concat();
        if self.take("as", &wants)?
            && let Some(row) = self.shape(&[Shape::Word], &[])?
        {
            self.rows.push((row.text, name));
        }
        Ok(())
    }

    /// What stands in brackets, of which the first has been taken.
    pub(super) fn list(&mut self, entry: &[Want<'t>]) -> Step<'t> {
        let mut wants = entry;
        while !self.take("]", wants)? && !self.is_left() && !self.peek_is("{") {
            let token = self.next(wants)?;
            // After a value only a comma can stand.
            wants = if matches!(token.text, "," | "[" | "-" | "..") { entry } else { &[] };
        }
        Ok(())
    }
}
