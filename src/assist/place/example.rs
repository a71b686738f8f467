//! Examples and proofs.

use super::{Expected, FollowResult, Follower, TestSubject};
use crate::assist::tokens::Shape;
use crate::assist::words::DEFINITIONS;
use crate::syntax::DefinitionKind;
use crate::types::Type;

impl<'t> Follower<'t, '_> {
    pub(super) fn proof(&mut self) -> FollowResult<'t> {
        self.shape(&[Shape::Text], &[])?;
        self.take("when", &[Expected::Words(&["when"])])?;
        let rows = self.rows.len();
        self.condition(&[Expected::Block])?;
        self.rows.truncate(rows);
        if self.take("{", &[Expected::Block])? {
            self.after = Vec::new();
            let decision = self.look(&[Expected::Words(&["route", "reject", "fallback"])])?;
            if decision.shape == Shape::Word && !DEFINITIONS.contains(&decision.text) {
                self.at += 1;
                self.statement(decision.text)?;
            }
            self.take("}", &[])?;
        }
        Ok(())
    }

    pub(super) fn example(&mut self) -> FollowResult<'t> {
        self.shape(&[Shape::Text], &[])?;
        if !self.take("{", &[])? {
            return Ok(());
        }
        const EXPECTED: &[&str] = &["route", "reject", "fallback", "context", "metadata", "skip"];
        let mut wants = [Expected::Words(&["call"])];
        while !self.take("}", &wants)? {
            let token = self.look(&[])?;
            if token.shape == Shape::Word && DEFINITIONS.contains(&token.text) {
                break;
            }
            self.at += 1;
            if token.is("call") {
                wants = [Expected::Words(&["expect"])];
                self.call()?;
            } else if token.is("expect") {
                self.after = wants.to_vec();
                let expected = self.look(&[Expected::Words(EXPECTED)])?;
                if EXPECTED.contains(&expected.text) {
                    self.at += 1;
                    self.statement(expected.text)?;
                }
            }
        }
        Ok(())
    }

    /// `from N to N [named "…"] [on trunk "T"] at DATE TIME [in ZONE] [with SWITCH on, …]`
    pub(super) fn call(&mut self) -> FollowResult<'t> {
        let number = [Shape::Number, Shape::Text, Shape::Word, Shape::Figure];
        self.take("from", &[Expected::Words(&["from"])])?;
        self.shape(&number, &[Expected::Number])?;
        self.take("to", &[Expected::Words(&["to"])])?;
        self.shape(&number, &[Expected::Number])?;
        const AFTER_NUMBERS: &[&str] = &["at", "on", "diverted", "asserted", "attested", "named"];
        if self.take("diverted", &[Expected::Words(AFTER_NUMBERS)])? {
            self.take("from", &[Expected::Words(&["from"])])?;
            self.shape(&number, &[Expected::Number])?;
        }
        if self.take("asserted", &[Expected::Words(&AFTER_NUMBERS[..2]), Expected::Words(&AFTER_NUMBERS[3..])])? {
            self.shape(&number, &[Expected::Number])?;
        }
        if self.take("attested", &[Expected::Words(&AFTER_NUMBERS[..2]), Expected::Words(&AFTER_NUMBERS[4..])])? {
            self.shape(&[Shape::Word], &[Expected::Value(TestSubject::Of(Type::Attestation, "attestation"))])?;
        }
        if self.take("named", &[Expected::Words(&["at", "on", "named"])])? {
            self.shape(&[Shape::Text], &[Expected::Value(TestSubject::OfCall("name"))])?;
        }
        if self.take("on", &[Expected::Words(&["at", "on"])])? {
            self.take("trunk", &[Expected::Words(&["trunk"])])?;
            self.shape(&[Shape::Text], &[Expected::Value(TestSubject::OfCall("trunk"))])?;
        }
        self.take("at", &[Expected::Words(&["at"])])?;
        self.shape(&[Shape::Figure], &[Expected::Date])?;
        self.shape(&[Shape::Figure], &[])?;
        if self.take("in", &[Expected::Words(&["expect", "with", "in"])])? {
            self.zone()?;
        }
        if self.take("with", &[Expected::Words(&["expect", "with"])])? {
            self.call_fact()?;
            while self.take(",", &[Expected::Words(&["expect"])])? {
                self.call_fact()?;
            }
        }
        Ok(())
    }

    /// `storm on`, `campaign "spring"`
    fn call_fact(&mut self) -> FollowResult<'t> {
        let names = Expected::Names(&[DefinitionKind::Switch, DefinitionKind::Attribute]);
        let name = self.shape(&[Shape::Word], &[names])?;
        let attribute =
            name.filter(|name| self.names.find(name.text).is_some_and(|of| of.sort == DefinitionKind::Attribute));
        match attribute {
            Some(name) => self.shape(&[Shape::Text], &[Expected::Value(TestSubject::OfCall(name.text))]).map(drop),
            None => self.take("on", &[Expected::Words(&["on"])]).map(drop),
        }
    }
}
