//! Definitions, and the days and hours in them.

use super::{Expected, FollowResult, Follower, TestSubject};
use crate::assist::tokens::{Shape, TextToken};
use crate::syntax::DefinitionKind;
use crate::types::Type;

const ORDINALS: &[&str] = &["first", "second", "third", "fourth", "fifth", "last"];
/// The days of a line, or a set of them.
const DAY_OF_LINE: &[Expected] = &[Expected::Names(&[DefinitionKind::Days]), Expected::Day];
/// What begins a line of a schedule.
const LINE: &[Expected] = &[Expected::Names(&[DefinitionKind::Days]), Expected::Day, Expected::Closure];
const LINE_OR_HOURS: &[Expected] =
    &[Expected::Names(&[DefinitionKind::Days]), Expected::Day, Expected::Hours, Expected::Closure];
const SIDES: &[&str] = &["before", "after"];

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
        let wants = [Expected::Names(&[DefinitionKind::Days]), Expected::Day];
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

    /// One entry of days: a weekday, a date, `every …`, `last fri of …`, `2 days before …`, or a
    /// range.
    pub(super) fn day(&mut self, wants: &[Expected<'t>]) -> FollowResult<'t> {
        let token = self.look(wants)?;
        match token.text {
            "day" => {
                self.at += 1;
                self.counted_from()
            }
            "orthodox" if self.tokens.get(self.at + 1).is_none_or(|next| next.is("easter")) => {
                self.at += 1;
                self.take("easter", &[Expected::Words(&["easter"])]).map(drop)
            }
            which if ORDINALS.contains(&which) => self.ordinal(),
            "every" => {
                self.at += 1;
                self.every()
            }
            _ if token.shape == Shape::Figure && self.counts_days() => {
                self.at += 2;
                self.counted_from()
            }
            _ if matches!(token.shape, Shape::Word | Shape::Figure) => self.range(wants),
            _ => Ok(()),
        }
    }

    /// Whether `2 days` comes next.
    fn counts_days(&self) -> bool {
        let [count, unit] = [0, 1].map(|ahead| self.tokens.get(self.at + ahead));
        let is_count = count.is_some_and(|count| count.text.bytes().all(|byte| byte.is_ascii_digit()));
        is_count && unit.is_some_and(|unit| unit.is("days") || unit.is("day"))
    }

    /// `before easter`, `after fourth thu of nov`
    fn counted_from(&mut self) -> FollowResult<'t> {
        if !SIDES.contains(&self.look(&[Expected::Words(SIDES)])?.text) {
            return Ok(());
        }
        self.at += 1;
        let token = self.look(&[Expected::CountedFrom])?;
        match token.text {
            "easter" => {
                self.at += 1;
                Ok(())
            }
            "orthodox" => {
                self.at += 1;
                self.take("easter", &[Expected::Words(&["easter"])]).map(drop)
            }
            _ => self.ordinal(),
        }
    }

    /// `12-25`, `2 weeks from 2026-12-05`
    fn every(&mut self) -> FollowResult<'t> {
        let is_weeks = |token: &TextToken| token.is("weeks");
        if self.tokens.get(self.at + 1).is_some_and(is_weeks) {
            self.at += 2;
            self.take("from", &[Expected::Words(&["from"])])?;
            return self.range(&[Expected::Date]);
        }
        let is_count = |token: &TextToken| (1..=2).contains(&token.text.len()) && token.shape == Shape::Figure;
        let counts_weeks = self.peek().is_some_and(|token| is_count(&token));
        self.range(&[])?;
        if counts_weeks {
            self.look(&[Expected::Words(&["weeks"])])?;
        }
        Ok(())
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
        while !self.take("}", LINE)? && !self.is_left() {
            let at = self.at;
            match self.peek_is("closed") {
                true => self.closure()?,
                false => self.line()?,
            }
            self.at = self.at.max(at + 1);
        }
        Ok(())
    }

    pub(super) fn rotation(&mut self) -> FollowResult<'t> {
        self.shape(&[Shape::Word], &[])?;
        if self.take("in", &[Expected::Words(&["in"])])? {
            self.zone()?;
        }
        if !self.take("{", &[])? {
            return Ok(());
        }
        while !self.take("}", &[Expected::RotationLine])? && !self.is_left() {
            let at = self.at;
            self.rotation_line()?;
            self.at = self.at.max(at + 1);
        }
        Ok(())
    }

    /// `from 2027-01-04 08:00 to 2027-02-15 08:00 every week bell, chen`
    fn rotation_line(&mut self) -> FollowResult<'t> {
        const AGENTS: &[Expected] = &[Expected::Names(&[DefinitionKind::Agent])];
        self.take("from", &[Expected::RotationLine])?;
        self.shape(&[Shape::Figure], &[Expected::Date])?;
        self.shape(&[Shape::Figure], &[])?;
        let wants = [Expected::Turns, AGENTS[0], Expected::Words(&["to"])];
        if self.take("to", &wants)? {
            self.shape(&[Shape::Figure], &[Expected::Date])?;
            self.shape(&[Shape::Figure], &[])?;
        }
        if self.take("every", &wants[..2])? {
            self.shape(&[Shape::Figure], &[Expected::Words(&["day", "week", "month"])])?;
            self.shape(&[Shape::Word], &[Expected::Words(&["days", "weeks"])])?;
        }
        self.shape(&[Shape::Word], AGENTS)?;
        while self.take(",", &[Expected::RotationLine])? {
            self.shape(&[Shape::Word], AGENTS)?;
        }
        Ok(())
    }

    /// `closed from 2026-12-24 12:00 to 2027-01-04 09:00`
    fn closure(&mut self) -> FollowResult<'t> {
        self.at += 1;
        for word in ["from", "to"] {
            let words: &'static [&'static str] = if word == "from" { &["from"] } else { &["to"] };
            if !self.take(word, &[Expected::Words(words)])? {
                return Ok(());
            }
            self.shape(&[Shape::Figure], &[Expected::Date])?;
            self.shape(&[Shape::Figure], &[])?;
        }
        Ok(())
    }

    /// A line of a schedule: days, then hours.
    pub(super) fn line(&mut self) -> FollowResult<'t> {
        self.day(DAY_OF_LINE)?;
        loop {
            let is_date = |token: &TextToken| token.shape == Shape::Figure;
            let follows_date = self.at.checked_sub(1).and_then(|before| self.tokens.get(before)).is_some_and(is_date);
            let wants: &[Expected] = match (self.is_on_a_new_line(), follows_date) {
                // Where the line has ended, the next one begins.
                (true, _) => LINE_OR_HOURS,
                (false, true) => &[Expected::Hours, Expected::Weekday],
                (false, false) => &[Expected::Hours],
            };
            let token = self.look(wants)?;
            match token.text {
                "," => {
                    self.at += 1;
                    self.day(DAY_OF_LINE)?;
                }
                "closed" => {
                    self.at += 1;
                    let is_time = |token: &TextToken| token.shape == Shape::Figure && token.text.contains(':');
                    return match self.peek().is_some_and(|token| is_time(&token)) {
                        true => self.windows(),
                        false => Ok(()),
                    };
                }
                "also" => {
                    self.at += 1;
                    return self.windows();
                }
                "all" => {
                    self.at += 1;
                    return self.take("day", &[Expected::Words(&["day"])]).map(drop);
                }
                _ if token.shape == Shape::Figure => return self.windows(),
                // Only these weekdays of a range: `every 12-24 mon-fri`.
                _ if token.shape == Shape::Word && !self.is_on_a_new_line() => self.range(&[Expected::Weekday])?,
                _ => return Ok(()),
            }
        }
    }

    /// `09:00-12:30, 13:30-17:30`
    fn windows(&mut self) -> FollowResult<'t> {
        self.range(&[Expected::Window])?;
        while self.take(",", LINE)? {
            self.range(&[Expected::Window])?;
        }
        Ok(())
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
