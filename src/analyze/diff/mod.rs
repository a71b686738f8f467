//! Which calls does an edit decide differently? Exactly, for every call of the period: both plans
//! are laid out as one diagram, whose leaves say what each of them does with a call.
//!
//! A text that is written in another way counts as another text, even where it should come out
//! alike for some calls: it has to be shown by a call that gets different ones. Reasons for
//! rejecting are for logs, and names of rules for people: neither is a difference.

// 1. `output` puts what a plan gives at a leaf into a form that can be compared with the
//    other's; `columns` finds where two tables show different things.
// 2. `collect` goes through the diagram and joins the calls that are decided differently in the
//    same way.
// 3. For each such change a call is shown that both plans have decided, and differently.

mod collect;
mod columns;
pub mod json;
mod output;

use super::calls::{CallDescriber, CallGroup};
use super::region::Region;
use super::space::{self, Space};
use super::{Limits, witness};
use crate::call::{Call, Decision, Outcome};
use crate::compile::Horizon;
use crate::compile::axes::TooManyBoxes;
use crate::compile::budget::OverBudget;
use crate::compile::clause::{Clauses, clauses};
use crate::compile::guard::Guards;
use crate::compile::program::ProgramBuilder;
use crate::eval;
use crate::plan::CheckedPlan;
use collect::ChangeCollector;
use columns::Columns;
use jiff::civil::Date;
use output::LeafOutput;
use std::collections::{BTreeMap, HashMap};

/// What changes from one plan to another, for calls of some years.
#[derive(Debug)]
pub struct Diff {
    /// The first day that was asked about.
    pub first_day: Date,
    /// The last.
    pub last_day: Date,
    /// The largest first; none if every call is decided as before.
    pub changes: Vec<DecisionChange>,
}

/// Calls that are decided differently, with the same old and the same new decision.
#[derive(Debug)]
pub struct DecisionChange {
    /// How.
    pub way: ChangeKind,
    /// Which calls: each of these sets, of which none overlap.
    pub calls: Vec<CallGroup>,
    /// Whether there are more such sets than were kept.
    pub has_more: bool,
    /// A part of all calls, from 0 to 1, where numbers weigh by their digits and times by their
    /// length: to compare with the other changes, not to predict traffic.
    pub share: f64,
    /// A call of the change with the decision of each plan. `None` where few callers remain and
    /// none was found in the needed arms of all splits.
    pub witness: Option<Box<(Call, Decision, Decision)>>,
}

/// The old and the new decision of calls that are decided differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeKind {
    /// Another agent or version, or turned away or not; else the same, with another context,
    /// metadata or skip.
    pub is_decision: bool,
    /// What they got.
    pub was: DecidedOutcome,
    /// What they get.
    pub now: DecidedOutcome,
}

/// What some calls get, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecidedOutcome {
    /// Which of the three.
    pub outcome: Outcome,
    /// Who answers; `None` too where a row of a table with very many agents says so.
    pub agent_id: Option<String>,
    /// Which version.
    pub version: Option<u32>,
    /// The innermost named rule.
    pub rule: Option<String>,
    /// The deciding statement's line; `None` where the plan runs off its end.
    pub line: Option<usize>,
}

impl DecidedOutcome {
    /// What one call gets.
    pub fn of(decision: &Decision) -> Self {
        Self {
            outcome: decision.outcome,
            agent_id: decision.output.agent_id.clone(),
            version: decision.output.version,
            rule: decision.rule.clone(),
            line: decision.line,
        }
    }
}

impl ChangeKind {
    /// How one call is decided differently; `None` if it is not.
    pub fn of(was: &Decision, now: &Decision) -> Option<Self> {
        let is_decision = (&was.outcome, &was.output.agent_id, was.output.version)
            != (&now.outcome, &now.output.agent_id, now.output.version);
        (is_decision || was.output != now.output).then(|| Self {
            is_decision,
            was: DecidedOutcome::of(was),
            now: DecidedOutcome::of(now),
        })
    }
}

/// The plans together exceed the budget, so the changes are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiffOverBudget;

impl From<TooManyBoxes> for DiffOverBudget {
    fn from(TooManyBoxes: TooManyBoxes) -> Self {
        Self
    }
}

impl From<OverBudget> for DiffOverBudget {
    fn from(OverBudget: OverBudget) -> Self {
        Self
    }
}

/// The lanes of the diagram: what was, what is, and where the columns of tables differ.
const WAS: u8 = 0;
const NOW: u8 = 1;
const COLUMNS: u8 = 2;

/// What changes from one plan to another, for calls from `today` to the end of the fifth year after
/// it, on the new plan's clock.
pub fn diff(was: &CheckedPlan, now: &CheckedPlan, today: Date, limits: &Limits) -> Result<Diff, DiffOverBudget> {
    let horizon = Horizon::of(today);
    let mut guards = Guards::new(&was.definitions, space::axes(now, horizon));
    let was_clauses = clauses(was, &mut guards)?;
    let mut guards = Guards::new(&now.definitions, guards.axes);
    let now_clauses = clauses(now, &mut guards)?;
    let columns = Columns::of(was, now);
    let mut program = ProgramBuilder::default();
    program.add_clauses(WAS, &was_clauses);
    program.add_clauses(NOW, &now_clauses);
    for (at, (party, numbers)) in columns.differing().enumerate() {
        let guard = guards.of_number_set(party, numbers)?;
        program.add(COLUMNS, at as u32, &guard, false);
    }
    let space = Space::new(now, guards.axes, program, limits).ok_or(DiffOverBudget)?;
    let two = PlanPair { was, now, was_clauses, now_clauses, columns, space };
    let changes = two.changes(limits)?;
    Ok(Diff { first_day: horizon.first_day, last_day: horizon.last_day, changes })
}

/// Two plans compiled into one diagram.
struct PlanPair<'p> {
    was: &'p CheckedPlan,
    now: &'p CheckedPlan,
    was_clauses: Clauses<'p>,
    now_clauses: Clauses<'p>,
    columns: Columns,
    space: Space,
}

impl PlanPair<'_> {
    fn changes(&self, limits: &Limits) -> Result<Vec<DecisionChange>, DiffOverBudget> {
        let (ways, of_leaves) = self.ways();
        let region = Region::everything(&self.space, limits.budget.effort());
        let shares = region.shares(&|leaf| of_leaves[leaf])?;
        let gathering = ChangeCollector::new(&region, &of_leaves)?;
        let mut teller = CallDescriber::new(&self.space, self.now);
        let mut changes = Vec::new();
        for (number, share) in shares.into_iter().filter_map(|(way, share)| Some((way?, share))) {
            let way = ways[number as usize].clone();
            let differs = |call: &Call| {
                ChangeKind::of(&eval::decide(self.was, call), &eval::decide(self.now, call))
                    .is_some_and(|found| found.is_decision == way.is_decision)
            };
            let witness = witness::find_by(&region, &mut gathering.guide(number), &differs)?;
            let witness = witness.map(|call| {
                let (was, now) = (eval::decide(self.was, &call), eval::decide(self.now, &call));
                Box::new((call, was, now))
            });
            let found = gathering.found(number);
            let calls = found.boxes.iter().map(|one| teller.calls(one)).collect();
            changes.push(DecisionChange { way, calls, has_more: found.has_more, share, witness });
        }
        changes.sort_by(|one, other| {
            (other.way.is_decision.cmp(&one.way.is_decision))
                .then(other.share.total_cmp(&one.share))
                .then(one.way.cmp(&other.way))
        });
        Ok(changes)
    }

    /// The ways in which calls are decided differently, and for each leaf, its way by number;
    /// `None` where they are not.
    fn ways(&self) -> (Vec<ChangeKind>, Vec<Option<u32>>) {
        let mut numbers: HashMap<ChangeKind, u32> = HashMap::new();
        let mut known: HashMap<(Vec<u32>, u8), (LeafOutput, DecidedOutcome)> = HashMap::new();
        let (mut ways, mut of_leaves) = (Vec::new(), Vec::with_capacity(self.space.diagram.leaves.len()));
        for leaf in &self.space.diagram.leaves {
            let lane = |lane: u8| -> Vec<u32> {
                leaf.iter().filter(|(found, _)| *found == lane).map(|(_, clause)| *clause).collect()
            };
            let differing = lane(COLUMNS);
            let mut given = |plan, clauses, which: u8| {
                let run = lane(which);
                known.entry((run.clone(), which)).or_insert_with(|| given(plan, clauses, &run)).clone()
            };
            let (was_says, was) = given(self.was, &self.was_clauses, WAS);
            let (now_says, now) = given(self.now, &self.now_clauses, NOW);
            let is_shown = |used: &BTreeMap<output::RowColumn, bool>, decides: bool| {
                used.iter().any(|(column, decision)| *decision == decides && self.columns.differs(column, &differing))
            };
            let is_decision = was_says.decision != now_says.decision || is_shown(&was_says.columns, true);
            let is_detail = was_says.details != now_says.details || is_shown(&was_says.columns, false);
            let way = (is_decision || is_detail).then_some(ChangeKind { is_decision, was, now });
            of_leaves.push(way.map(|way| {
                *numbers.entry(way).or_insert_with_key(|way| {
                    ways.push(way.clone());
                    ways.len() as u32 - 1
                })
            }));
        }
        (ways, of_leaves)
    }
}

/// What the clauses of a plan that run at a leaf give.
fn given(plan: &CheckedPlan, clauses: &Clauses, run: &[u32]) -> (LeafOutput, DecidedOutcome) {
    let run: Vec<_> = run.iter().map(|clause| &clauses.clauses[*clause as usize]).collect();
    let says = LeafOutput::of(plan, &run);
    let decided = run.last().filter(|clause| clause.decision.is_some());
    let rule = decided.and_then(|clause| clause.rule).map(|rule| clauses.guarded[rule].statement);
    let rule = rule.and_then(|statement| statement.rule_name()).map(|name| name.to_string());
    let decision = decided.and_then(|clause| clause.decision);
    let line = decision.map(|decision| plan.source.line(decision.statement.span.start));
    let (agent_id, version) = says.decision.agent();
    let given = DecidedOutcome { outcome: says.decision.outcome, agent_id, version, rule, line };
    (says, given)
}
