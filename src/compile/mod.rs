//! The compiled plan: a decision diagram over the call, that answers in the place of the reference
//! evaluator.

// 1. `clause` lays the plan out as clauses without nesting, each with its `guard`: a union of
//    boxes, with a set on each of the `axes`; `time` works out when each question about the
//    time changes its answer.
// 2. `program` divides what a call may bring on each axis into `classes` by the sets that are
//    asked for, and `table` the time.
// 3. `diagram` cuts each axis where a set begins or ends, from the top.
// 4. `packed` puts the nodes together for a call's way through them; a `leaf` says what it
//    gets, as an `answer`.
//
// A plan whose diagram would outgrow its budget is answered from its statements, of which an index
// finds the `candidates`; a call outside of the horizon over which times were worked out, from
// all of them (`run`).

mod answer;
pub(crate) mod axes;
pub(crate) mod budget;
mod candidates;
pub(crate) mod classes;
pub(crate) mod clause;
mod decision_plan;
pub(crate) mod diagram;
pub(crate) mod guard;
mod horizon;
mod kept;
mod leaf;
mod numbers;
mod packed;
pub(crate) mod program;
mod run;
mod steps;
pub(crate) mod table;
pub(crate) mod text_classes;
pub(crate) mod time;

pub use answer::{Answer, Metadata};
pub use budget::Budget;
pub(crate) use candidates::BlockIndexes;
pub use decision_plan::{DecisionPlan, decide_by_statements};
pub use horizon::Horizon;

use crate::call::{Call, Decision, Trace};
use crate::eval::{self, ToldAhead};
use crate::plan::{CheckedPlan, Definitions};
use axes::Axes;
use candidates::Candidates;
use guard::Guards;
use jiff::civil::Date;
use leaf::Leaf;
use packed::PackedDiagram;
use program::ProgramBuilder;

/// A plan that decides calls as fast as it can: the same decisions as the reference evaluator's,
/// always.
#[derive(Debug)]
pub struct CompiledPlan {
    plan: CheckedPlan,
    form: PlanForm,
    horizon: Horizon,
}

/// How a compiled plan decides calls.
#[derive(Debug)]
enum PlanForm {
    Diagram(Box<FilledDiagram>),
    /// The diagram would have outgrown its budget.
    Candidates(Box<Candidates>),
}

/// A diagram with its leaves filled in.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct FilledDiagram {
    packed: PackedDiagram,
    leaves: Box<[Leaf]>,
    clauses: usize,
    steps: usize,
    /// Whether what a call gets may depend on when it comes.
    asks_for_the_time: bool,
    told: ToldAhead,
}

/// Statistics of a compiled plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanStats {
    /// Whether calls are answered by the diagram; else by the plan's statements, of which an index
    /// finds those that may concern a call.
    pub is_diagram: bool,
    /// Statements that do something, each with its own guard.
    pub clauses: usize,
    /// Nodes of the diagram.
    pub nodes: usize,
    /// Number of leaves: different results that a call can get.
    pub leaves: usize,
    /// Bytes that the diagram takes, or the index.
    pub bytes: usize,
    /// Maximum number of steps of a call: nodes of the diagram, or statements and tests.
    pub steps: usize,
    /// The same for calls outside of the horizon.
    pub steps_beyond: usize,
}

impl CompiledPlan {
    /// Compiles a plan for calls from a day on; without one, for calls from 2024 to 2029. Calls
    /// outside of the horizon are decided too, more slowly.
    pub fn new(plan: CheckedPlan, today: Option<Date>, budget: Budget) -> Self {
        let horizon = Horizon::of(today.unwrap_or(Date::constant(2024, 1, 1)));
        let budget = budget.of_text(plan.source().text().len());
        let form = match lay_out(&plan, horizon, budget) {
            Some(diagram) => PlanForm::Diagram(Box::new(diagram)),
            None => PlanForm::Candidates(Box::new(Candidates::new(&plan, &horizon))),
        };
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

    /// Decides a call. Every plan decides every call: there is no error. What is the same for every
    /// call is not copied; nothing is allocated but texts and metadata that are made for this one.
    pub fn answer<'p>(&'p self, call: &'p Call) -> Answer<'p> {
        let definitions = &self.plan.definitions;
        match &self.form {
            PlanForm::Diagram(diagram) => match diagram.answer(&self.horizon, call, definitions) {
                Some(answer) => answer,
                None => candidates::ask_all(&self.plan, call),
            },
            PlanForm::Candidates(candidates) => candidates.answer(&self.plan, &self.horizon, call),
        }
    }

    /// The same as [`CompiledPlan::answer`], owned.
    pub fn decide(&self, call: &Call) -> Decision {
        self.answer(call).into_decision()
    }

    /// Decides a call and returns the trace.
    pub fn explain(&self, call: &Call) -> (Decision, Trace) {
        eval::explain(&self.plan, call)
    }

    /// How large it is, and how it answers.
    pub fn stats(&self) -> PlanStats {
        match &self.form {
            PlanForm::Diagram(diagram) => PlanStats {
                is_diagram: true,
                clauses: diagram.clauses,
                nodes: diagram.packed.nodes(),
                leaves: diagram.leaves.len(),
                bytes: diagram.packed.bytes() + diagram.told.bytes(),
                steps: diagram.steps,
                steps_beyond: if diagram.asks_for_the_time { steps::of_plan(&self.plan) } else { diagram.steps },
            },
            PlanForm::Candidates(candidates) => PlanStats {
                is_diagram: false,
                clauses: 0,
                nodes: 0,
                leaves: 0,
                bytes: candidates.bytes(),
                steps: candidates.most_steps() + steps::of_conditions(&self.plan),
                steps_beyond: candidates.most_steps() + steps::of_conditions(&self.plan),
            },
        }
    }
}

impl FilledDiagram {
    /// Decides a call; `None` for one outside of the horizon, if the time may decide it.
    #[inline]
    fn answer<'p>(&'p self, horizon: &Horizon, call: &'p Call, definitions: &'p Definitions) -> Option<Answer<'p>> {
        // A test that is constant over the horizon has left no node behind, so this is not for the
        // nodes to see.
        let second = match self.asks_for_the_time {
            true => horizon.second_within(call.timestamp)?,
            false => 0,
        };
        Some(self.leaves[self.packed.leaf(call, second, definitions)].answer(call, definitions, &self.told))
    }
}

/// The diagram of a plan; `None` beyond the budget.
fn lay_out(plan: &CheckedPlan, horizon: Horizon, budget: Budget) -> Option<FilledDiagram> {
    let mut guards = Guards::new(&plan.definitions, Axes::new(horizon));
    let clauses = clause::clauses(plan, &mut guards).ok()?;
    let mut program = ProgramBuilder::default();
    program.add_clauses(0, &clauses);
    let effort = budget.effort();
    let program = program.finish(&guards.axes, &effort).ok()?;
    let diagram = diagram::build(&program, &guards.axes, budget.edges, &effort).ok()?;
    leaf::keep_effects(&clauses, &diagram, &effort).ok()?;
    let mut told = ToldAhead::default();
    let keep = |bytes| effort.spend(horizon.days()).and_then(|()| effort.keep(bytes));
    told.work_out(plan, (horizon.from, horizon.until), keep).ok()?;
    let leaf = |run: &[(u8, u32)]| Leaf::new(plan, &clauses, run.iter().map(|(_, clause)| *clause as usize));
    Some(FilledDiagram {
        leaves: diagram.leaves.iter().map(|run| leaf(run)).collect(),
        clauses: clauses.clauses.len(),
        steps: diagram.longest_path(),
        asks_for_the_time: guards.asks_for_the_time || !told.is_empty(),
        told,
        packed: PackedDiagram::new(&diagram, program, &guards.axes, &plan.definitions),
    })
}
