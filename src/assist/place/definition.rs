//! Definitions, and the days and hours in them.

use super::{Expected, FollowResult, Follower, TestSubject};
use crate::assist::tokens::{Shape, TextToken};
use crate::syntax::DefinitionKind;
use crate::types::Type;

const ORDINALS: &[&str] = &["first", "second", "third", "fourth", "last"];

impl<'t> Follower<'t, '_> {
    /// `NAME =`
    pub(super) fn named(&mut self) -> FollowResult<'t> {
        self.shape(&[Shape::Word], &[])?;
        self.take("=", &[]).map(drop)
    }

    pub(super) fn agent(&mut self) -> FollowResult<'t> {
        self.named()?;
        self.shape(&[Shape::Text], &[Expected::AgentId])?;
        self.version()
    }

    pub(super) fn zone(&mut self) -> FollowResult<'t> {
        self.shape(&[Shape::Word, Shape::Text], &[Expected::Zone]).map(drop)
    }

    pub(super) fn numbers(&mut self) -> FollowResult<'t> {
        self.named()?;
        let entry = [Expected::Entry(TestSubject::Of(Type::Number, ""))];
        if self.take("[", &[])? {
            self.list(&entry)?;
        }
        let wants = self.with_after(&[Expected::Words(&["except"])]);
        if self.take("except", &wants)? && self.take("[", &[])? {
            self.list(&entry)?;
        }
        Ok(())
    }

    pub(super) fn days_list(&mut self) -> FollowResult<'t> {
        let wants = [Expected::Day, Expected::Names(&[DefinitionKind::Days])];
        while !self.take("]", &wants)? && !self.is_left() {
            let at = self.at;
            self.day(&wants)?;
            while self.look(&[Expected::Weekday])?.is(",") {
                self.at += 1;
                self.look(&wants)?;
            }
            // What is no day is passed over.
            self.at = self.at.max(at + 1);
        }
        Ok(())
    }

    /// One entry of days: a weekday, a date, `every …`, `last fri of …`, or a range.
    pub(super) fn day(&mut self, wants: &[Expected<'t>]) -> FollowResult<'t> {
        let token = self.look(wants)?;
        match token.text {
            "day" => {
                self.at += 1;
                match self.take("after", &[Expected::Words(&["after"])])? {
                    true => self.ordinal(),
                    false => Ok(()),
                }
            }
            which if ORDINALS.contains(&which) => self.ordinal(),
            "every" => {
                self.at += 1;
                self.range(&[])
            }
            _ if matches!(token.shape, Shape::Word | Shape::Figure) => self.range(wants),
            _ => Ok(()),
        }
    }

    pub(super) fn ordinal(&mut self) -> FollowResult<'t> {
        if !ORDINALS.contains(&self.look(&[Expected::Words(ORDINALS)])?.text) {
            return Ok(());
        }
        self.at += 1;
        self.range(&[Expected::Weekday])?;
        self.take("of", &[Expected::Words(&["of"])])?;
        self.shape(&[Shape::Word], &[Expected::Month, Expected::Words(&["month"])]).map(drop)
    }

    /// A word or a figure, or two with a mark between them.
    pub(super) fn range(&mut self, wants: &[Expected<'t>]) -> FollowResult<'t> {
        let one = [Shape::Word, Shape::Figure];
        if self.shape(&one, wants)?.is_some() && (self.peek_is("-") || self.peek_is("..")) {
            self.at += 1;
            self.shape(&one, &[Expected::Weekday])?;
        }
        Ok(())
    }

    pub(super) fn schedule(&mut self) -> FollowResult<'t> {
        self.shape(&[Shape::Word], &[])?;
        if self.take("in", &[Expected::Words(&["in", "except"])])? {
            self.zone()?;
        }
        if self.take("except", &[Expected::Words(&["except"])])? {
            self.shape(&[Shape::Word], &[Expected::Names(&[DefinitionKind::Days])])?;
            while self.take(",", &[])? {
                self.shape(&[Shape::Word], &[Expected::Names(&[DefinitionKind::Days])])?;
            }
        }
        if !self.take("{", &[])? {
            return Ok(());
        }
        while !self.take("}", &[Expected::Day])? && !self.is_left() {
            let at = self.at;
            self.line()?;
            self.at = self.at.max(at + 1);
        }
        Ok(())
    }

    /// A line of a schedule: days, then hours.
    pub(super) fn line(&mut self) -> FollowResult<'t> {
        self.day(&[Expected::Day])?;
        loop {
            let is_date = |token: &TextToken| token.shape == Shape::Figure;
            let follows_date = self.at.checked_sub(1).and_then(|before| self.tokens.get(before)).is_some_and(is_date);
            let wants: &[Expected] = match (self.is_on_a_new_line(), follows_date) {
                // Where the line has ended, the next one begins.
                (true, _) => &[Expected::Day, Expected::Hours],
                (false, true) => &[Expected::Hours, Expected::Weekday],
                (false, false) => &[Expected::Hours],
            };
            let token = self.look(wants)?;
            match token.text {
                "," => {
                    self.at += 1;
                    self.day(&[Expected::Day])?;
                }
                "closed" => {
                    self.at += 1;
                    return Ok(());
                }
                "all" => {
                    self.at += 1;
                    return self.take("day", &[Expected::Words(&["day"])]).map(drop);
                }
                _ if token.shape == Shape::Figure => {
                    self.range(&[])?;
                    while self.take(",", &[Expected::Day])? {
                        self.range(&[])?;
                    }
                    return Ok(());
                }
                // Only these weekdays of a range: `every 12-24 mon-fri`.
                _ if token.shape == Shape::Word && !self.is_on_a_new_line() => self.range(&[Expected::Weekday])?,
                _ => return Ok(()),
            }
        }
    }

    pub(super) fn table(&mut self) -> FollowResult<'t> {
        self.shape(&[Shape::Word], &[])?;
        if !self.take("(", &[])? {
            return Ok(());
        }
        while !self.take(")", &[])? && !self.peek_is("{") {
            self.at += 1;
        }
        if !self.take("{", &[])? {
            return Ok(());
        }
        let mut wants: &[Expected] = &[Expected::Number];
        while !self.take("}", wants)? {
            let token = self.next(wants)?;
            wants = match token.text {
                ":" | "," => &[Expected::Cell],
                _ if self.is_on_a_new_line() => &[Expected::Number],
                _ => &[],
            };
            if self.is_left() && wants != [Expected::Cell] {
                return Ok(());
            }
        }
        Ok(())
    }
}
