//! The tests that are left open where only some of a call's facts are known: all else is settled by
//! those facts, and what is behind a condition that never holds, or after a statement that is sure
//! to decide, is not reached.

use crate::eval::{Facts, answer};
use crate::plan::{Arm, Condition, Definitions, Question, Split, Statement, StatementKind, Target, Test};

/// Which facts are known, and what is done with the tests that they leave open.
pub(super) trait KnownFacts<'p> {
    /// Whether the facts are enough for a question's answer. Whether a schedule is open is never
    /// among them.
    fn are_enough(&self, facts: &Facts<'p>, question: &Question) -> bool;

    /// Whether the calls may come into an arm of a split.
    fn may_enter(&self, facts: &Facts<'p>, split: &Split, arm: &Arm) -> bool;

    /// Whether anything in a block is of interest.
    fn is_of_interest(&self, block: &[Statement]) -> bool;

    /// Takes up a test that is open.
    fn take(&mut self, facts: &Facts<'p>, test: &'p Test);

    /// Takes up where calls are routed to.
    fn take_target(&mut self, _facts: &Facts<'p>, _target: &'p Target) {}
}

/// Gives each open test that calls with these facts can get to, and on which an answer hangs.
pub(super) fn walk<'p, K: KnownFacts<'p>>(
    definitions: &'p Definitions,
    facts: Facts<'p>,
    statements: &'p [Statement],
    known: K,
) -> K {
    let mut walk = PlanWalk {
        definitions,
        facts,
        settled: vec![None; definitions.conditions.len()],
        gathered: vec![false; definitions.conditions.len()],
        known,
    };
    walk.block(statements);
    walk.known
}

/// Goes through a plan as all calls with these facts do.
struct PlanWalk<'p, K> {
    definitions: &'p Definitions,
    facts: Facts<'p>,
    /// Of each named condition, once it has been asked: the answer, or `None` within where the
    /// facts do not give it.
    settled: Vec<Option<Option<bool>>>,
    /// The named conditions whose tests have been taken up.
    gathered: Vec<bool>,
    known: K,
}

impl<'p, K: KnownFacts<'p>> PlanWalk<'p, K> {
    /// Goes through a block up to where it is sure to have decided; whether it is.
    fn block(&mut self, block: &'p [Statement]) -> bool {
        block.iter().any(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &'p Statement) -> bool {
        match &statement.kind {
            StatementKind::Guarded { condition, block, .. } => {
                self.known.is_of_interest(block) && self.guarded(condition.as_deref(), block)
            }
            StatementKind::Split(split) => self.split(split),
            StatementKind::Context(_) | StatementKind::Metadata(_) | StatementKind::Skip => false,
            StatementKind::Route { target, .. } => {
                self.known.take_target(&self.facts, target);
                true
            }
            StatementKind::Reject(_) | StatementKind::Fallback => true,
        }
    }

    fn guarded(&mut self, condition: Option<&'p Condition>, block: &'p [Statement]) -> bool {
        match condition.map_or(Some(true), |condition| self.settle(condition)) {
            Some(false) => false,
            Some(true) => self.block(block),
            None => {
                condition.into_iter().for_each(|condition| self.gather(condition));
                self.block(block);
                false
            }
        }
    }

    /// Whether each arm that the calls may come into is sure to decide.
    fn split(&mut self, split: &'p Split) -> bool {
        let mut is_sure = true;
        for arm in &split.arms {
            if self.known.may_enter(&self.facts, split, arm) {
                is_sure &= self.block(&arm.block);
            }
        }
        is_sure
    }

    /// The answer, if the facts give it.
    fn settle(&mut self, condition: &'p Condition) -> Option<bool> {
        match condition {
            Condition::All(operands) => self.first_that_is(false, operands),
            Condition::Any(operands) => self.first_that_is(true, operands),
            Condition::Not(operand) => self.settle(operand).map(|answer| !answer),
            Condition::Named(number, _) => match self.settled[*number] {
                Some(settled) => settled,
                None => {
                    let settled = self.settle(&self.definitions.conditions[*number].1);
                    self.settled[*number] = Some(settled);
                    settled
                }
            },
            Condition::Test(test) => {
                let are_enough = self.known.are_enough(&self.facts, &test.question);
                // No schedule is asked for: that one is open is no known fact.
                are_enough.then(|| answer(&test.question, &self.facts, |_| false) == test.expected)
            }
        }
    }

    /// One operand that is `wanted` settles the whole, whatever the others are.
    fn first_that_is(&mut self, wanted: bool, operands: &'p [Condition]) -> Option<bool> {
        let mut whole = Some(!wanted);
        for operand in operands {
            match self.settle(operand) {
                Some(answer) if answer == wanted => return Some(wanted),
                Some(_) => {}
                None => whole = None,
            }
        }
        whole
    }

    /// Takes up the open tests of a condition that is not settled.
    fn gather(&mut self, condition: &'p Condition) {
        match condition {
            Condition::All(operands) | Condition::Any(operands) => {
                for operand in operands.iter() {
                    if self.settle(operand).is_none() {
                        self.gather(operand);
                    }
                }
            }
            Condition::Not(operand) => self.gather(operand),
            Condition::Named(number, _) => {
                if !std::mem::replace(&mut self.gathered[*number], true) {
                    self.gather(&self.definitions.conditions[*number].1);
                }
            }
            Condition::Test(test) => self.known.take(&self.facts, test),
        }
    }
}
