//! Runs statements for a call as the reference evaluator does, without a trace, and without
//! allocating anything but what the call gets.

use super::answer::{Answer, AnswerForm, OwnedAnswer};
use crate::eval::{self, Facts, bucket_of};
use crate::plan::{CheckedPlan, Condition, MetadataValue, Split, Statement, StatementKind, Target, Template, Test};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A run of a plan's statements for one call.
pub(super) struct StatementRun<'p, 'f, H> {
    plan: &'p CheckedPlan,
    facts: &'f Facts<'p>,
    /// Whether a schedule is open at the time of the call.
    is_open: H,
    conditions: RefCell<AnswerMemo>,
    schedules: RefCell<AnswerMemo>,
    context: String,
    metadata: Option<Box<Map<String, Value>>>,
    skip: bool,
    rule: Option<&'p str>,
}

impl<'p, 'f, H: Fn(usize) -> bool> StatementRun<'p, 'f, H> {
    pub fn new(plan: &'p CheckedPlan, facts: &'f Facts<'p>, is_open: H) -> Self {
        Self {
            plan,
            facts,
            is_open,
            conditions: RefCell::default(),
            schedules: RefCell::default(),
            context: String::new(),
            metadata: None,
            skip: false,
            rule: None,
        }
    }

    /// Runs top-level statements in order; all that are left out are ones that would do nothing.
    pub fn answer(mut self, statements: impl Iterator<Item = &'p Statement>) -> Answer<'p> {
        let mut statements = statements;
        let decision = statements.find_map(|statement| self.statement(statement));
        let agent = match decision.map(|decision| &decision.kind) {
            Some(StatementKind::Route { target: Target::Column(slot, column), .. }) => {
                self.facts.agent(*slot, *column).and_then(|agent| self.facts.agents().get(agent))
            }
            Some(StatementKind::Route { target: Target::Rotation(rotation), .. }) => {
                self.facts.agents().get(self.facts.on_call(*rotation))
            }
            _ => None,
        };
        Answer(AnswerForm::Made(OwnedAnswer {
            plan: self.plan,
            decision,
            rule: self.rule.filter(|_| decision.is_some()),
            agent,
            context: self.context,
            metadata: self.metadata,
            skip: self.skip,
        }))
    }

    fn block(&mut self, block: &'p [Statement]) -> Option<&'p Statement> {
        block.iter().find_map(|statement| self.statement(statement))
    }

    /// The decision that ends the plan, if this statement is or reaches one.
    fn statement(&mut self, statement: &'p Statement) -> Option<&'p Statement> {
        match &statement.kind {
            StatementKind::Guarded { name, condition, block } => {
                if condition.as_ref().is_some_and(|condition| !self.holds(condition)) {
                    return None;
                }
                let around = self.rule;
                self.rule = name.as_deref().or(around);
                let decision = self.block(block);
                if decision.is_none() {
                    self.rule = around;
                }
                decision
            }
            StatementKind::Split(split) => self.split(split),
            StatementKind::Context(template) => {
                self.add_context(template);
                None
            }
            StatementKind::Metadata(members) => {
                self.add_metadata(members);
                None
            }
            StatementKind::Skip => {
                self.skip = true;
                None
            }
            StatementKind::Route { .. } | StatementKind::Reject(_) | StatementKind::Fallback => Some(statement),
        }
    }

    fn split(&mut self, split: &'p Split) -> Option<&'p Statement> {
        let bucket = bucket_of(&split.name, self.facts, split.by_caller);
        let arm = split.arms.iter().find(|arm| arm.buckets.contains(&bucket))?;
        self.block(&arm.block)
    }

    /// A paragraph each; an empty one adds nothing, not even its newline.
    fn add_context(&mut self, template: &Template) {
        add_paragraph(template, self.facts, &mut self.context);
    }

    /// A later key replaces an earlier one whole, and keeps its place.
    fn add_metadata(&mut self, members: &[(String, MetadataValue)]) {
        let held = self.metadata.get_or_insert_default();
        for (key, value) in members {
            held.insert(key.clone(), eval::metadata(value, self.facts));
        }
    }

    fn holds(&self, condition: &'p Condition) -> bool {
        match condition {
            Condition::All(operands) => operands.iter().all(|operand| self.holds(operand)),
            Condition::Any(operands) => operands.iter().any(|operand| self.holds(operand)),
            Condition::Not(operand) => !self.holds(operand),
            Condition::Named(number, _) => {
                // The answer is worked out while nothing is borrowed: it may ask for others.
                let known = self.conditions.borrow().get(*number);
                known.unwrap_or_else(|| {
                    let held = self.holds(&self.plan.definitions.conditions[*number].1);
                    self.conditions.borrow_mut().put(*number, held);
                    held
                })
            }
            Condition::Test(Test { question, expected, .. }) => {
                eval::answer(question, self.facts, |schedule| self.is_open(schedule)) == *expected
            }
        }
    }

    fn is_open(&self, schedule: usize) -> bool {
        let known = self.schedules.borrow().get(schedule);
        known.unwrap_or_else(|| {
            let is_open = (self.is_open)(schedule);
            self.schedules.borrow_mut().put(schedule, is_open);
            is_open
        })
    }
}

/// Adds a paragraph to a context; an empty one adds nothing, not even its newline.
pub(super) fn add_paragraph(template: &Template, facts: &Facts, context: &mut String) {
    let before = context.len();
    if before > 0 {
        context.push('\n');
    }
    let start = context.len();
    eval::text_into(template, facts, context);
    if context.len() == start {
        context.truncate(before);
    }
}

/// Answers that are known already, by number. Those of the first 256 numbers take no memory of
/// their own.
#[derive(Default)]
struct AnswerMemo {
    known: [u64; 4],
    yes: [u64; 4],
    more: BTreeMap<usize, bool>,
}

impl AnswerMemo {
    fn get(&self, number: usize) -> Option<bool> {
        match self.known.get(number / 64) {
            Some(known) => (known >> (number % 64) & 1 == 1).then(|| self.yes[number / 64] >> (number % 64) & 1 == 1),
            None => self.more.get(&number).copied(),
        }
    }

    fn put(&mut self, number: usize, answer: bool) {
        match self.known.get_mut(number / 64) {
            Some(known) => {
                *known |= 1 << (number % 64);
                self.yes[number / 64] |= u64::from(answer) << (number % 64);
            }
            None => drop(self.more.insert(number, answer)),
        }
    }
}
