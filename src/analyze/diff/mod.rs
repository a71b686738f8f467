//! Which calls does an edit decide differently? Exactly, for every call of the period: both plans
//! are laid out as one diagram, whose leaves say what each of them does with a call.
//!
//! [`diff()`] compares what two texts decide. [`ended`] compares how calls end in two states of an
//! organization, whose agents, switches and fallback agents may differ, too.
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
pub mod ended;
mod indexed;
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
use crate::compile::guard::{FixedFacts, Guards};
use crate::compile::program::ProgramBuilder;
use crate::plan::CheckedPlan;
use collect::ChangeCollector;
use columns::Columns;
use indexed::IndexedPlan;
use jiff::civil::Date;
use output::LeafOutput;
use std::collections::HashMap;
use std::hash::Hash;
use std::rc::Rc;

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
    let any = FixedFacts::default();
    let pair = PlanPair::new((was, any.clone()), (now, any), now, horizon, limits)?;
    let comparison = DecisionComparison::new(was, now);
    let found = pair.changes(&comparison, limits)?;
    let mut changes: Vec<DecisionChange> = found.into_iter().map(|found| found.of_decisions(&comparison)).collect();
    changes.sort_by(|one, other| {
        (other.way.is_decision.cmp(&one.way.is_decision))
            .then(other.share.total_cmp(&one.share))
            .then(one.way.cmp(&other.way))
    });
    Ok(Diff { first_day: horizon.first_day, last_day: horizon.last_day, changes })
}

/// What a plan gives at a leaf, to compare and to tell.
type GivenAtLeaf = (LeafOutput, DecidedOutcome);

/// The ways in which calls change, and the number of each leaf's way.
type LeafWays<W> = (Vec<W>, Vec<Option<u32>>);

/// What both plans do at a leaf.
struct ComparedLeaf<'l> {
    was: &'l GivenAtLeaf,
    now: &'l GivenAtLeaf,
    columns: &'l Columns,
    /// The columns that differ for the calls of the leaf.
    differing: Vec<u32>,
}

impl ComparedLeaf<'_> {
    /// Whether a column is shown that differs, and that decides who answers, or does not.
    fn shows_difference(&self, decides: bool) -> bool {
        let mut used = self.was.0.columns.iter();
        used.any(|(column, decision)| *decision == decides && self.columns.differs(column, &self.differing))
    }
}

/// How two plans are compared.
trait Comparison {
    /// How calls of one kind change.
    type Way: Clone + Ord + Hash;

    /// How the calls of a leaf change; `None` if they do not.
    fn way(&self, leaf: &ComparedLeaf) -> Result<Option<Self::Way>, DiffOverBudget>;

    /// Whether a call changes in this way.
    fn is_shown(&self, way: &Self::Way, call: &Call) -> bool;
}

/// Compares what two texts decide.
struct DecisionComparison<'p> {
    was: IndexedPlan<'p>,
    now: IndexedPlan<'p>,
}

impl<'p> DecisionComparison<'p> {
    fn new(was: &'p CheckedPlan, now: &'p CheckedPlan) -> Self {
        Self { was: IndexedPlan::new(was), now: IndexedPlan::new(now) }
    }
}

impl Comparison for DecisionComparison<'_> {
    type Way = ChangeKind;

    fn way(&self, leaf: &ComparedLeaf) -> Result<Option<ChangeKind>, DiffOverBudget> {
        let ((was_says, was), (now_says, now)) = (leaf.was, leaf.now);
        let is_decision = was_says.decision != now_says.decision || leaf.shows_difference(true);
        let is_detail = was_says.details != now_says.details || leaf.shows_difference(false);
        let way = || ChangeKind { is_decision, was: was.clone(), now: now.clone() };
        Ok((is_decision || is_detail).then(way))
    }

    fn is_shown(&self, way: &ChangeKind, call: &Call) -> bool {
        ChangeKind::of(&self.was.decide(call), &self.now.decide(call))
            .is_some_and(|found| found.is_decision == way.is_decision)
    }
}

/// Calls that change in the same way.
struct FoundChange<W> {
    way: W,
    calls: Vec<CallGroup>,
    has_more: bool,
    share: f64,
    witness: Option<Call>,
}

impl FoundChange<ChangeKind> {
    fn of_decisions(self, comparison: &DecisionComparison) -> DecisionChange {
        let Self { way, calls, has_more, share, witness } = self;
        let witness = witness.map(|call| {
            let (was, now) = (comparison.was.decide(&call), comparison.now.decide(&call));
            Box::new((call, was, now))
        });
        DecisionChange { way, calls, has_more, share, witness }
    }
}

/// Two plans compiled into one diagram.
struct PlanPair<'p> {
    was: &'p CheckedPlan,
    now: &'p CheckedPlan,
    /// The plan on whose clock times are told, and that has names for numbers.
    told_by: &'p CheckedPlan,
    was_clauses: Clauses<'p>,
    now_clauses: Clauses<'p>,
    columns: Columns,
    space: Space,
}

impl<'p> PlanPair<'p> {
    /// Two plans, each with what is known of the calls that it decides.
    fn new(
        (was, known_before): (&'p CheckedPlan, FixedFacts),
        (now, known_after): (&'p CheckedPlan, FixedFacts),
        told_by: &'p CheckedPlan,
        horizon: Horizon,
        limits: &Limits,
    ) -> Result<Self, DiffOverBudget> {
        let mut guards = Guards::new(&was.definitions, space::axes(told_by, horizon)).with_fixed(known_before);
        let was_clauses = clauses(was, &mut guards)?;
        let mut guards = Guards::new(&now.definitions, guards.axes).with_fixed(known_after);
        let now_clauses = clauses(now, &mut guards)?;
        let columns = Columns::of(was, now);
        let mut program = ProgramBuilder::default();
        program.add_clauses(WAS, &was_clauses);
        program.add_clauses(NOW, &now_clauses);
        for (at, (party, numbers)) in columns.differing().enumerate() {
            let guard = guards.of_number_set(party, numbers)?;
            program.add(COLUMNS, at as u32, &guard, false);
        }
        let space = Space::new(told_by, guards.axes, program, limits).ok_or(DiffOverBudget)?;
        Ok(Self { was, now, told_by, was_clauses, now_clauses, columns, space })
    }

    /// The changes, in no order.
    fn changes<C: Comparison>(
        &self,
        comparison: &C,
        limits: &Limits,
    ) -> Result<Vec<FoundChange<C::Way>>, DiffOverBudget> {
        let (ways, of_leaves) = self.ways(comparison)?;
        let region = Region::everything(&self.space, limits.budget.effort());
        let shares = region.shares(&|leaf| of_leaves[leaf])?;
        let gathering = ChangeCollector::new(&region, &of_leaves)?;
        let mut teller = CallDescriber::new(&self.space, self.told_by);
        let mut changes = Vec::new();
        for (number, share) in shares.into_iter().filter_map(|(way, share)| Some((way?, share))) {
            let way = ways[number as usize].clone();
            let shown = |call: &Call| comparison.is_shown(&way, call);
            let witness = witness::find_by(&region, &mut gathering.guide(number), &shown)?;
            let found = gathering.found(number);
            let calls = found.boxes.iter().map(|one| teller.calls(one)).collect();
            changes.push(FoundChange { way, calls, has_more: found.has_more, share, witness });
        }
        Ok(changes)
    }

    /// The ways in which calls change, and for each leaf, its way by number; `None` where they do
    /// not.
    fn ways<C: Comparison>(&self, comparison: &C) -> Result<LeafWays<C::Way>, DiffOverBudget> {
        let mut numbers: HashMap<C::Way, u32> = HashMap::new();
        let mut known: HashMap<(Vec<u32>, u8), Rc<GivenAtLeaf>> = HashMap::new();
        let (mut ways, mut of_leaves) = (Vec::new(), Vec::with_capacity(self.space.diagram.leaves.len()));
        for leaf in &self.space.diagram.leaves {
            let lane = |lane: u8| -> Vec<u32> {
                leaf.iter().filter(|(found, _)| *found == lane).map(|(_, clause)| *clause).collect()
            };
            let mut given = |plan, clauses, which: u8| {
                let run = lane(which);
                Rc::clone(known.entry((run.clone(), which)).or_insert_with(|| Rc::new(given(plan, clauses, &run))))
            };
            let was = given(self.was, &self.was_clauses, WAS);
            let now = given(self.now, &self.now_clauses, NOW);
            let compared = ComparedLeaf { was: &was, now: &now, columns: &self.columns, differing: lane(COLUMNS) };
            of_leaves.push(comparison.way(&compared)?.map(|way| {
                *numbers.entry(way).or_insert_with_key(|way| {
                    ways.push(way.clone());
                    ways.len() as u32 - 1
                })
            }));
        }
        Ok((ways, of_leaves))
    }
}

/// What the clauses of a plan that run at a leaf give.
fn given(plan: &CheckedPlan, clauses: &Clauses, run: &[u32]) -> GivenAtLeaf {
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
