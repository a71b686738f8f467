//! Statements, and the blocks that they stand in.

use super::{Expected, FollowResult, Follower, MAX_PLACE_DEPTH, TestSubject};
use crate::assist::tokens::Shape;
use crate::assist::words::{DEFINITIONS, is_starter};

impl<'t> Follower<'t, '_> {
    pub(super) fn item(&mut self, is_outside: bool) -> FollowResult<'t> {
        self.after =
            if is_outside { vec![Expected::Statement, Expected::Definition] } else { vec![Expected::Statement] };
        let token = self.next(&self.after.clone())?;
        if token.shape != Shape::Word {
            return Ok(());
        }
        match token.text {
            "timezone" => self.zone(),
            "country" => self.home_country(),
            "agent" => self.agent(),
            "attribute" => {
                self.named()?;
                self.shape(&[Shape::Text], &[]).map(drop)
            }
            "numbers" => self.numbers(),
            "condition" => {
                self.named()?;
                let after = self.after.clone();
                let rows = self.rows.len();
                self.condition(&after)?;
                self.rows.truncate(rows);
                Ok(())
            }
            "switch" => self.shape(&[Shape::Word], &[]).map(drop),
            "days" => {
                self.named()?;
                self.take("[", &[])?;
                self.days_list()
            }
            "schedule" => self.schedule(),
            "rotation" => self.rotation(),
            "table" => self.table(),
            "example" => self.example(),
            "always" | "never" => self.proof(),
            word => self.statement(word),
        }
    }

    /// `GB on trunk "orange"`
    fn home_country(&mut self) -> FollowResult<'t> {
        self.shape(&[Shape::Word], &[Expected::HomeCountry])?;
        if self.is_on_a_new_line() {
            return Ok(());
        }
        let wants = self.with_after(&[Expected::Words(&["on trunk"])]);
        if self.take("on", &wants)? {
            self.take("trunk", &[Expected::Words(&["trunk"])])?;
            self.shape(&[Shape::Text], &[Expected::Value(TestSubject::OfCall("trunk"))])?;
        }
        Ok(())
    }

    pub(super) fn statement(&mut self, word: &str) -> FollowResult<'t> {
        match word {
            "rule" => {
                self.shape(&[Shape::Text], &[])?;
                match self.take("when", &[Expected::Words(&["when"]), Expected::Block])? {
                    true => self.guarded(),
                    false => self.block(),
                }
            }
            "when" => self.guarded(),
            "split" => self.split(),
            "route" => self.route(),
            "reject" => {
                let after = self.after.clone();
                self.shape(&[Shape::Text], &after).map(drop)
            }
            "context" => self.shape(&[Shape::Text], &[Expected::Paragraph]).map(drop),
            "metadata" => self.metadata(),
            "skip" => {
                self.take("pre_conversation_workflow", &[Expected::Words(&["pre_conversation_workflow"])]).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// A condition and its block, in which the rows that it finds are known.
    pub(super) fn guarded(&mut self) -> FollowResult<'t> {
        let rows = self.rows.len();
        self.condition(&[Expected::Block])?;
        self.block()?;
        self.rows.truncate(rows);
        Ok(())
    }

    pub(super) fn block(&mut self) -> FollowResult<'t> {
        if !self.take("{", &[Expected::Block])? {
            return Ok(());
        }
        self.deeper()?;
        loop {
            match self.peek() {
                Some(token) if token.is("}") => {
                    self.at += 1;
                    break;
                }
                // Definitions stand outside: the block was not closed.
                Some(token) if token.shape == Shape::Word && DEFINITIONS.contains(&token.text) => break,
                Some(_) | None => self.item(false)?,
            }
        }
        self.depth -= 1;
        Ok(())
    }

    pub(super) fn deeper(&mut self) -> FollowResult<'t> {
        self.depth += 1;
        if self.depth > MAX_PLACE_DEPTH { Err(Vec::new()) } else { Ok(()) }
    }

    pub(super) fn split(&mut self) -> FollowResult<'t> {
        self.shape(&[Shape::Text], &[])?;
        self.take("by", &[Expected::Words(&["by"])])?;
        self.shape(&[Shape::Word], &[Expected::Words(&["caller", "call"])])?;
        if !self.take("{", &[])? {
            return Ok(());
        }
        while !self.take("}", &[Expected::Arm])? && !self.is_left() {
            self.at += 1;
            if self.peek_is("{") {
                self.block()?;
            }
        }
        Ok(())
    }

    pub(super) fn route(&mut self) -> FollowResult<'t> {
        self.take("to", &[Expected::Words(&["to"])])?;
        if self.shape(&[Shape::Text], &[Expected::Target])?.is_none() && !self.is_left() {
            self.path(&[Expected::Target])?;
        }
        self.version()
    }

    pub(super) fn version(&mut self) -> FollowResult<'t> {
        let wants = self.with_after(&[Expected::Words(&["version"])]);
        if self.take("version", &wants)? {
            self.shape(&[Shape::Figure], &[])?;
        }
        Ok(())
    }

    /// A name, and what follows its dot.
    pub(super) fn path(&mut self, wants: &[Expected<'t>]) -> FollowResult<'t, Option<(&'t str, Option<&'t str>)>> {
        let Some(name) = self.shape(&[Shape::Word], wants)? else { return Ok(None) };
        let mut field = None;
        while self.peek_is(".") {
            self.at += 1;
            field = self.shape(&[Shape::Word], &[Expected::AfterDot(name.text)])?.map(|field| field.text);
            if field.is_none() {
                break;
            }
        }
        Ok(Some((name.text, field)))
    }

    pub(super) fn metadata(&mut self) -> FollowResult<'t> {
        if !self.take("{", &[])? {
            return Ok(());
        }
        // Whether each bracket is one of an object, which has keys.
        let mut open = vec![true];
        let mut is_value = false;
        while let Some(is_object) = open.last().copied() {
            let wants: &[Expected] = if is_value { &[Expected::Json] } else { &[] };
            let token = self.next(wants)?;
            let is_key = !is_value && self.peek_is(":");
            if token.shape == Shape::Word && is_starter(token.text) && !is_value && !is_key && self.peek().is_some() {
                self.at -= 1;
                return Ok(());
            }
            match token.text {
                "{" | "[" => open.push(token.text == "{"),
                "}" | "]" => drop(open.pop()),
                _ => {}
            }
            let is_array = open.last() == Some(&false);
            is_value = match token.text {
                ":" => is_object,
                "," | "[" => is_array,
                _ => false,
            };
            if open.len() > MAX_PLACE_DEPTH {
                return Err(Vec::new());
            }
            if token.shape == Shape::Word && self.peek_is(".") {
                self.at += 1;
                self.shape(&[Shape::Word], &[Expected::ShownAfterDot(token.text)])?;
            }
        }
        Ok(())
    }
}
