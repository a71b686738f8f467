//! Definitions, and the days and hours in them.

use super::{Follower, Step, Subject, Want};
use crate::assist::names::Sort;
use crate::assist::tokens::{Shape, Token};
use crate::types::Type;

const ORDINALS: &[&str] = &["first", "second", "third", "fourth", "last"];

impl<'t> Follower<'t, '_> {
    /// `NAME =`
    pub(super) fn named(&mut self) -> Step<'t> {
        self.shape(&[Shape::Word], &[])?;
        self.take("=", &[]).map(drop)
    }

    pub(super) fn agent(&mut self) -> Step<'t> {
        self.named()?;
        self.shape(&[Shape::Text], &[Want::AgentId])?;
        self.version()
    }

    pub(super) fn zone(&mut self) -> Step<'t> {
        self.shape(&[Shape::Word, Shape::Text], &[Want::Zone]).map(drop)
    }

    pub(super) fn numbers(&mut self) -> Step<'t> {
        self.named()?;
        let entry = [Want::Entry(Subject::Of(Type::Number, ""))];
        if self.take("[", &[])? {
            self.list(&entry)?;
        }
        let wants = self.with_after(&[Want::Words(&["except"])]);
        if self.take("except", &wants)? && self.take("[", &[])? {
            self.list(&entry)?;
        }
        Ok(())
    }

    pub(super) fn days_list(&mut self) -> Step<'t> {
        let wants = [Want::Day, Want::Names(&[Sort::Days])];
        while !self.take("]", &wants)? && !self.is_left() {
            let at = self.at;
            self.day(&wants)?;
            while self.look(&[Want::Weekday])?.is(",") {
                self.at += 1;
                self.look(&wants)?;
            }
            // What is no day is passed over.
            self.at = self.at.max(at + 1);
        }
        Ok(())
    }

    /// One entry of days: a weekday, a date, `every …`, `last fri of …`, or a range.
    pub(super) fn day(&mut self, wants: &[Want<'t>]) -> Step<'t> {
        let token = self.look(wants)?;
        match token.text {
            "day" => {
                self.at += 1;
                match self.take("after", &[Want::Words(&["after"])])? {
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

    pub(super) fn ordinal(&mut self) -> Step<'t> {
        if !ORDINALS.contains(&self.look(&[Want::Words(ORDINALS)])?.text) {
            return Ok(());
        }
        self.at += 1;
        self.range(&[Want::Weekday])?;
        self.take("of", &[Want::Words(&["of"])])?;
        self.shape(&[Shape::Word], &[Want::Month, Want::Words(&["month"])]).map(drop)
    }

    /// A word or a figure, or two with a mark between them.
    pub(super) fn range(&mut self, wants: &[Want<'t>]) -> Step<'t> {
        let one = [Shape::Word, Shape::Figure];
        if self.shape(&one, wants)?.is_some() && (self.peek_is("-") || self.peek_is("..")) {
            self.at += 1;
            self.shape(&one, &[Want::Weekday])?;
        }
        Ok(())
    }

    pub(super) fn schedule(&mut self) -> Step<'t> {
        self.shape(&[Shape::Word], &[])?;
        if self.take("in", &[Want::Words(&["in", "except"])])? {
            self.zone()?;
        }
        if self.take("except", &[Want::Words(&["except"])])? {
            self.shape(&[Shape::Word], &[Want::Names(&[Sort::Days])])?;
            while self.take(",", &[])? {
                self.shape(&[Shape::Word], &[Want::Names(&[Sort::Days])])?;
            }
        }
        if !self.take("{", &[])? {
            return Ok(());
        }
        while !self.take("}", &[Want::Day])? && !self.is_left() {
            let at = self.at;
            self.line()?;
            self.at = self.at.max(at + 1);
        }
        Ok(())
    }

    /// A line of a schedule: days, then hours.
    pub(super) fn line(&mut self) -> Step<'t> {
        self.day(&[Want::Day])?;
        loop {
            let is_date = |token: &Token| token.shape == Shape::Figure;
            let follows_date = self.at.checked_sub(1).and_then(|before| self.tokens.get(before)).is_some_and(is_date);
            let wants: &[Want] = match (self.is_on_a_new_line(), follows_date) {
                // Where the line has ended, the next one begins.
                (true, _) => &[Want::Day, Want::Hours],
                (false, true) => &[Want::Hours, Want::Weekday],
                (false, false) => &[Want::Hours],
            };
            let token = self.look(wants)?;
            match token.text {
                "," => {
                    self.at += 1;
                    self.day(&[Want::Day])?;
                }
                "closed" => {
                    self.at += 1;
                    return Ok(());
                }
                "all" => {
                    self.at += 1;
                    return self.take("day", &[Want::Words(&["day"])]).map(drop);
                }
                _ if token.shape == Shape::Figure => {
                    self.range(&[])?;
                    while self.take(",", &[Want::Day])? {
                        self.range(&[])?;
                    }
                    return Ok(());
                }
                // Only these weekdays of a range: `every 12-24 mon-fri`.
                _ if token.shape == Shape::Word && !self.is_on_a_new_line() => self.range(&[Want::Weekday])?,
                _ => return Ok(()),
            }
        }
    }

    pub(super) fn table(&mut self) -> Step<'t> {
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
        let mut wants: &[Want] = &[Want::Number];
        while !self.take("}", wants)? {
            let token = self.next(wants)?;
            wants = match token.text {
                ":" | "," => &[Want::Cell],
                _ if self.is_on_a_new_line() => &[Want::Number],
                _ => &[],
            };
            if self.is_left() && wants != [Want::Cell] {
                return Ok(());
            }
        }
        Ok(())
    }
}
