//! Examples and proofs.

use super::{Follower, Step, Subject, Want};
use crate::assist::names::Sort;
use crate::assist::tokens::Shape;
use crate::assist::words::DEFINITIONS;
use crate::types::Type;

impl<'t> Follower<'t, '_> {
    pub(super) fn proof(&mut self) -> Step<'t> {
        self.shape(&[Shape::Text], &[])?;
        self.take("when", &[Want::Words(&["when"])])?;
        let rows = self.rows.len();
        self.condition(&[Want::Block])?;
        self.rows.truncate(rows);
        if self.take("{", &[Want::Block])? {
            self.after = Vec::new();
            let decision = self.look(&[Want::Words(&["route", "reject", "fallback"])])?;
            if decision.shape == Shape::Word && !DEFINITIONS.contains(&decision.text) {
                self.at += 1;
                self.statement(decision.text)?;
            }
            self.take("}", &[])?;
        }
        Ok(())
    }

    pub(super) fn example(&mut self) -> Step<'t> {
        self.shape(&[Shape::Text], &[])?;
        if !self.take("{", &[])? {
            return Ok(());
        }
        const EXPECTED: &[&str] = &["route", "reject", "fallback", "context", "metadata", "skip"];
        let mut wants = [Want::Words(&["call"])];
        while !self.take("}", &wants)? {
            let token = self.look(&[])?;
            if token.shape == Shape::Word && DEFINITIONS.contains(&token.text) {
                break;
            }
            self.at += 1;
            if token.is("call") {
                wants = [Want::Words(&["expect"])];
                self.call()?;
            } else if token.is("expect") {
                self.after = wants.to_vec();
                let expected = self.look(&[Want::Words(EXPECTED)])?;
                if EXPECTED.contains(&expected.text) {
                    self.at += 1;
                    self.statement(expected.text)?;
                }
            }
        }
        Ok(())
    }

    /// `from N to N [on trunk "T"] at DATE TIME [in ZONE] [with SWITCH on, …]`
    pub(super) fn call(&mut self) -> Step<'t> {
        let number = [Shape::Number, Shape::Text, Shape::Word, Shape::Figure];
        self.take("from", &[Want::Words(&["from"])])?;
        self.shape(&number, &[Want::Number])?;
        self.take("to", &[Want::Words(&["to"])])?;
        self.shape(&number, &[Want::Number])?;
        if self.take("on", &[Want::Words(&["at", "on"])])? {
            self.take("trunk", &[Want::Words(&["trunk"])])?;
            self.shape(&[Shape::Text], &[Want::Value(Subject::Of(Type::Text, "trunk"))])?;
        }
        self.take("at", &[Want::Words(&["at"])])?;
        self.shape(&[Shape::Figure], &[Want::Date])?;
        self.shape(&[Shape::Figure], &[])?;
        if self.take("in", &[Want::Words(&["expect", "with", "in"])])? {
            self.zone()?;
        }
        if self.take("with", &[Want::Words(&["expect", "with"])])? {
            self.shape(&[Shape::Word], &[Want::Names(&[Sort::Switch])])?;
            self.take("on", &[Want::Words(&["on"])])?;
            while self.take(",", &[Want::Words(&["expect"])])? {
                self.shape(&[Shape::Word], &[Want::Names(&[Sort::Switch])])?;
                self.take("on", &[Want::Words(&["on"])])?;
            }
        }
        Ok(())
    }
}
