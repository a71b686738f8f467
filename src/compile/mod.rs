//! The compiled plan: a decision diagram over the call, that answers in the place of the reference evaluator.
//!
//! 1. [`clause`] lays the plan out as clauses without nesting, each with its [`guard`]: a union of boxes.
//! 2. [`program`] numbers the boxes' constraints; [`time`] works out when each question about the time changes its answer.
//! 3. [`diagram`] cuts each axis where a constraint begins or ends ([`numbers`] does so for numbers), from the top.
//! 4. [`answer`] fills in what a leaf says; [`walk`] takes a call to its leaf.
//!
//! A plan whose diagram would outgrow its budget is answered by the reference evaluator, which cannot grow, and so is a
//! call outside of the horizon over which times were worked out.

mod answer;
pub(crate) mod clause;
pub(crate) mod diagram;
pub(crate) mod guard;
pub(crate) mod numbers;
pub(crate) mod program;
pub(crate) mod time;
mod walk;

pub use answer::Answer;
pub use diagram::Budget;
pub use time::Horizon;

use crate::call::{Call, Decision, Trace};
use crate::eval::{self, Facts};
use crate::plan::{CheckedPlan, Condition, Party, Question, Statement, StatementKind};
use answer::Leaf;
use diagram::Diagram;
use guard::Guards;
use jiff::civil::Date;
use program::ProgramBuilder;
use std::sync::Arc;

/// A plan that decides calls as fast as it can: the same decisions as the reference evaluator's, always.
#[derive(Debug)]
pub struct CompiledPlan {
    plan: CheckedPlan,
    form: Form,
    horizon: Horizon,
}

/// How calls are answered.
#[derive(Debug)]
enum Form {
    Diagram(Box<Laid>),
    /// The diagram would have outgrown its budget.
    Reference,
}

/// A diagram with its leaves filled in.
#[derive(Debug)]
struct Laid {
    diagram: Diagram,
    leaves: Vec<Leaf>,
    /// The name of each split, and whether the caller alone is hashed.
    splits: Vec<(Arc<str>, bool)>,
    clauses: usize,
    /// Whether a decision may depend on when the call comes.
    asks_for_the_time: bool,
}

/// What there is to know of a compiled plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Whether calls are answered by the diagram; else by the reference evaluator.
    pub is_diagram: bool,
    /// Statements that do something, each with its own guard.
    pub clauses: usize,
    /// Nodes of the diagram.
    pub nodes: usize,
    /// Different things that a call can get.
    pub leaves: usize,
    /// Bytes that the diagram takes.
    pub bytes: usize,
    /// Nodes that a call passes at most; or statements and tests that it is asked at most.
    pub steps: usize,
}

impl CompiledPlan {
    /// Compiles a plan for calls from a day on; without one, for calls from 2024 to 2029. Calls outside of the horizon are
    /// decided too, more slowly.
    pub fn new(plan: CheckedPlan, today: Option<Date>, budget: Budget) -> Self {
        let horizon = Horizon::of(today.unwrap_or(Date::constant(2024, 1, 1)));
        let form = lay_out(&plan, &horizon, budget).map_or(Form::Reference, |laid| Form::Diagram(Box::new(laid)));
        Self { plan, form, horizon }
    }

    /// The plan that it was made from.
    pub fn plan(&self) -> &CheckedPlan {
        &self.plan
    }

    /// Over which times it was worked out.
    pub fn horizon(&self) -> Horizon {
        self.horizon
    }

    /// Decides a call. Every plan decides every call: there is no error.
    pub fn decide(&self, call: &Call) -> Decision {
        match self.answer(call) {
            Some(answer) => answer.into_decision(),
            None => eval::decide(&self.plan, call),
        }
    }

    /// Decides a call without copying what is the same for every call; `None` where only [`CompiledPlan::decide`] can.
    pub fn answer<'p>(&'p self, call: &'p Call) -> Option<Answer<'p>> {
        let Form::Diagram(laid) = &self.form else { return None };
        let definitions = &self.plan.definitions;
        let facts = Facts::of(call, definitions);
        // A test that is constant over the horizon has left no node behind, so this is not for the nodes to see.
        if laid.asks_for_the_time && !self.horizon.holds(call.timestamp) {
            return None;
        }
        let leaf = walk::leaf_of(&laid.diagram, &laid.splits, &facts);
        Some(laid.leaves[leaf].answer(definitions, &facts))
    }

    /// Decides a call and tells how.
    pub fn explain(&self, call: &Call) -> (Decision, Trace) {
        eval::explain(&self.plan, call)
    }

    /// How large it is, and how it answers.
    pub fn stats(&self) -> Stats {
        match &self.form {
            Form::Diagram(laid) => Stats {
                is_diagram: true,
                clauses: laid.clauses,
                nodes: laid.diagram.nodes.len(),
                leaves: laid.diagram.leaves.len(),
                bytes: laid.diagram.bytes(),
                steps: laid.diagram.longest_path(),
            },
            Form::Reference => {
                let steps = count_steps(&self.plan.statements);
                Stats { is_diagram: false, clauses: 0, nodes: 0, leaves: 0, bytes: 0, steps }
            }
        }
    }
}

fn lay_out(plan: &CheckedPlan, horizon: &Horizon, budget: Budget) -> Option<Laid> {
    let mut guards = Guards::new(&plan.definitions);
    let clauses = clause::clauses(plan, &mut guards).ok()?;
    let mut program = ProgramBuilder::default();
    program.add_clauses(0, &clauses);
    let program = program.finish();
    let diagram = diagram::build(&program, guards.answers(horizon), horizon, budget).ok()?;
    let slots = row_tests(plan);
    let run = |leaf: &[(u8, u32)]| leaf.iter().map(|(_, clause)| *clause as usize).collect::<Vec<_>>();
    let leaves = diagram.leaves.iter().map(|leaf| Leaf::new(plan, &clauses, run(leaf).into_iter(), &slots)).collect();
    let asks_for_the_time = !guards.times.is_empty();
    Some(Laid { diagram, leaves, splits: guards.splits, clauses: clauses.clauses.len(), asks_for_the_time })
}

/// Whose number and which table each test that finds a row asks for.
fn row_tests(plan: &CheckedPlan) -> Vec<(Party, usize)> {
    let mut found = vec![(Party::Caller, 0); plan.definitions.row_slots];
    let mut note = |condition: &Condition| {
        let mut waiting = vec![condition];
        while let Some(condition) = waiting.pop() {
            match condition {
                Condition::All(operands) | Condition::Any(operands) => waiting.extend(operands),
                Condition::Not(operand) => waiting.push(operand),
                // A condition of its own finds no row that could be named.
                Condition::Named(..) => {}
                Condition::Test(test) => {
                    if let Question::Row(party, table, slot) = &test.question {
                        found[*slot] = (*party, *table);
                    }
                }
            }
        }
    };
    let mut waiting: Vec<&Statement> = plan.statements.iter().collect();
    while let Some(statement) = waiting.pop() {
        match &statement.kind {
            StatementKind::Guarded { condition, block, .. } => {
                condition.iter().for_each(&mut note);
                waiting.extend(block);
            }
            StatementKind::Split(split) => waiting.extend(split.arms.iter().flat_map(|arm| &arm.block)),
            StatementKind::Context(_)
            | StatementKind::Metadata(_)
            | StatementKind::Skip
            | StatementKind::Route { .. }
            | StatementKind::Reject(_)
            | StatementKind::Fallback => {}
        }
    }
    found
}

fn count_steps(statements: &[Statement]) -> usize {
    let steps = statements.iter().map(|statement| match &statement.kind {
        StatementKind::Guarded { condition, block, .. } => {
            1 + condition.as_ref().map_or(0, count_tests) + count_steps(block)
        }
        StatementKind::Split(split) => 1 + split.arms.iter().map(|arm| count_steps(&arm.block)).sum::<usize>(),
        StatementKind::Context(_)
        | StatementKind::Metadata(_)
        | StatementKind::Skip
        | StatementKind::Route { .. }
        | StatementKind::Reject(_)
        | StatementKind::Fallback => 1,
    });
    steps.sum()
}

fn count_tests(condition: &Condition) -> usize {
    match condition {
        Condition::All(operands) | Condition::Any(operands) => operands.iter().map(count_tests).sum(),
        Condition::Not(operand) => count_tests(operand),
        Condition::Named(..) | Condition::Test(_) => 1,
    }
}
