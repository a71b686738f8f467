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
//    other's; `columns` finds where two tables show different things, and `timed` when two holes
//    do that go by the time.
// 2. `collect` goes through the diagram and joins the calls that are decided differently in the
//    same way.
// 3. For each such change a call is shown that both plans have decided, and differently. `room`
//    bounds how much is shown: the largest changes go first, and the rest is counted.

mod collect;
mod columns;
pub mod ended;
mod indexed;
pub mod json;
mod output;
mod room;
mod timed;

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
use collect::{ChangeCollector, ChangedCalls};
use columns::Columns;
use indexed::IndexedPlan;
use jiff::civil::Date;
use output::{CourseOf, LeafOutput};
use room::Room;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::rc::Rc;
use timed::TimedHoles;

/// What changes from one plan to another, for calls of some years.
#[derive(Debug)]
pub struct Diff {
    /// The first day that was asked about.
    pub first_day: Date,
    /// The last.
    pub last_day: Date,
    /// The largest first; none if every call is decided as before.
    pub changes: Vec<DecisionChange>,
    /// How many further changes there are, which are smaller: beyond the maximum number of changes,
    /// or the budget.
    pub more: usize,
    /// Whether the plans read numbers without `+` in different ways. Then the changes are those of
    /// calls whose numbers both read alike.
    pub reads_otherwise: bool,
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

impl DecidedOutcome {
    /// About how many bytes it takes.
    fn bytes(&self) -> usize {
        let texts = [&self.agent_id, &self.rule];
        size_of::<Self>() + texts.into_iter().flatten().map(String::len).sum::<usize>()
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

/// The lanes of the diagram: what was, what is, where the columns of tables differ, and when holes do
/// that go by the time.
const WAS: u8 = 0;
const NOW: u8 = 1;
const COLUMNS: u8 = 2;
const TIMED: u8 = 3;

/// What changes from one plan to another, for calls from `today` to the end of the fifth year after
/// it, on the new plan's clock.
pub fn diff(was: &CheckedPlan, now: &CheckedPlan, today: Date, limits: &Limits) -> Result<Diff, DiffOverBudget> {
    let horizon = Horizon::of(today);
    let any = FixedFacts::default();
    let pair = PlanPair::new((was, any.clone()), (now, any), now, horizon, limits)?;
    let comparison = DecisionComparison::new(was, now);
    let FoundChanges { changes, more } = pair.changes(&comparison, limits)?;
    let reads_otherwise = was.reader() != now.reader();
    let changes = changes.into_iter().map(|found| found.of_decisions(&comparison));
    // A change without a call may be one of numbers that only one of the plans leaves local.
    let changes = changes.filter(|change| !reads_otherwise || change.witness.is_some()).collect();
    Ok(Diff { first_day: horizon.first_day, last_day: horizon.last_day, changes, more, reads_otherwise })
}

/// What a plan gives at a leaf, to compare and to tell.
type GivenAtLeaf<'p> = (LeafOutput<'p>, DecidedOutcome);

/// The ways in which calls change, and the number of each leaf's way.
type LeafWays<W> = (Vec<W>, Vec<Option<u32>>);

/// What both plans do at a leaf.
struct ComparedLeaf<'l> {
    was: &'l GivenAtLeaf<'l>,
    now: &'l GivenAtLeaf<'l>,
    columns: &'l Columns,
    /// The columns that differ for the calls of the leaf.
    differing: Vec<u32>,
    holes: &'l TimedHoles,
    /// The pairs of holes that differ at the times of the leaf.
    differing_holes: Vec<u32>,
}

impl ComparedLeaf<'_> {
    /// Whether the context, the metadata or the skip differ, columns aside.
    fn details_differ(&self) -> bool {
        let (was, now) = (&self.was.0.details, &self.now.0.details);
        if was == now {
            return false;
        }
        let is_differing = |pair: usize| self.differing_holes.contains(&(pair as u32));
        let shared = |is_now: bool| move |course: u32| self.holes.shared(course, is_now, is_differing);
        was.with_courses(&shared(false)) != now.with_courses(&shared(true))
    }

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

    /// How much a way matters: those that weigh most go first.
    fn weight(&self, way: &Self::Way) -> u8;

    /// About how many bytes a way takes.
    fn bytes(&self, way: &Self::Way) -> usize;

    /// Whether a call changes in this way.
    fn is_shown(&self, way: &Self::Way, call: &Call) -> bool;

    /// How many bytes the call's outputs have together, where they are shown with it.
    fn bytes_shown(&self, call: &Call) -> usize;

    /// How many statements were evaluated so far.
    fn evaluated(&self) -> usize;
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
        let is_detail = leaf.details_differ() || leaf.shows_difference(false);
        let way = || ChangeKind { is_decision, was: was.clone(), now: now.clone() };
        Ok((is_decision || is_detail).then(way))
    }

    fn weight(&self, way: &ChangeKind) -> u8 {
        u8::from(way.is_decision)
    }

    fn bytes(&self, way: &ChangeKind) -> usize {
        way.was.bytes() + way.now.bytes()
    }

    fn is_shown(&self, way: &ChangeKind, call: &Call) -> bool {
        ChangeKind::of(&self.was.decide(call), &self.now.decide(call))
            .is_some_and(|found| found.is_decision == way.is_decision)
    }

    fn bytes_shown(&self, call: &Call) -> usize {
        room::of_output(&self.was.decide(call).output) + room::of_output(&self.now.decide(call).output)
    }

    fn evaluated(&self) -> usize {
        self.was.evaluated() + self.now.evaluated()
    }
}

/// The changes that are shown, in their order, and the number of the others.
struct FoundChanges<W> {
    changes: Vec<FoundChange<W>>,
    more: usize,
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
    holes: TimedHoles,
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
        let columns = Columns::of(was, now, &horizon);
        let holes = TimedHoles::of(was, now, &horizon)?;
        let mut program = ProgramBuilder::default();
        program.add_clauses(WAS, &was_clauses);
        program.add_clauses(NOW, &now_clauses);
        for (at, (party, differing)) in columns.differing().enumerate() {
            let mut guard = guards.of_number_set(party, &differing.numbers)?;
            if let Some(times) = &differing.times {
                let times = guards.of_times(times.clone())?;
                guard = guards.both(&guard, &times)?;
            }
            program.add(COLUMNS, at as u32, &guard, false);
        }
        for (at, times) in holes.differing().enumerate() {
            let guard = guards.of_times(times.clone())?;
            program.add(TIMED, at as u32, &guard, false);
        }
        let mut space = Space::new(told_by, guards.axes, program, limits).ok_or(DiffOverBudget)?;
        space.readers = [was, now].map(|plan| plan.reader().clone()).into();
        Ok(Self { was, now, told_by, was_clauses, now_clauses, columns, holes, space })
    }

    /// The changes: those that weigh most first, and of these, the largest.
    fn changes<C: Comparison>(&self, comparison: &C, limits: &Limits) -> Result<FoundChanges<C::Way>, DiffOverBudget> {
        let region = Region::everything(&self.space, limits.budget.effort());
        let (ways, of_leaves) = self.ways(comparison, &region)?;
        let shares = region.shares(&|leaf| of_leaves[leaf])?;
        let mut ordered: Vec<(u32, f64)> = shares.into_iter().filter_map(|(way, share)| Some((way?, share))).collect();
        ordered.sort_by(|(one, one_share), (other, other_share)| {
            let (one, other) = (&ways[*one as usize], &ways[*other as usize]);
            (comparison.weight(other).cmp(&comparison.weight(one)))
                .then(other_share.total_cmp(one_share))
                .then(one.cmp(other))
        });
        let mut shown = ShownChanges {
            comparison,
            limits,
            region: &region,
            ways: &ways,
            of_leaves: &of_leaves,
            describer: CallDescriber::new(&self.space, self.told_by),
            room: Room::default(),
            changes: Vec::new(),
        };
        shown.add_all(&ordered)?;
        Ok(FoundChanges { more: ordered.len() - shown.changes.len(), changes: shown.changes })
    }

    /// The ways in which calls change, and for each leaf, its way by number; `None` where they do
    /// not.
    fn ways<C: Comparison>(&self, comparison: &C, region: &Region) -> Result<LeafWays<C::Way>, DiffOverBudget> {
        let mut numbers: HashMap<C::Way, u32> = HashMap::new();
        let mut known: HashMap<(Vec<u32>, u8), Rc<GivenAtLeaf>> = HashMap::new();
        let (mut ways, mut of_leaves) = (Vec::new(), Vec::with_capacity(self.space.diagram.leaves.len()));
        for leaf in &self.space.diagram.leaves {
            let lane = |lane: u8| -> Vec<u32> {
                leaf.iter().filter(|(found, _)| *found == lane).map(|(_, clause)| *clause).collect()
            };
            let holes = &self.holes;
            let mut given = |plan, clauses, which: u8| -> Result<_, OverBudget> {
                match known.entry((lane(which), which)) {
                    Entry::Occupied(known) => Ok(Rc::clone(known.get())),
                    Entry::Vacant(new) => {
                        let run = &new.key().0;
                        let given =
                            given(plan, clauses, run, &|hole, in_text| holes.course(which == NOW, (hole, in_text)));
                        region.keep(size_of_val(&**run) + given.0.details.bytes() + given.1.bytes())?;
                        Ok(Rc::clone(new.insert(Rc::new(given))))
                    }
                }
            };
            let was = given(self.was, &self.was_clauses, WAS)?;
            let now = given(self.now, &self.now_clauses, NOW)?;
            let compared = ComparedLeaf {
                was: &was,
                now: &now,
                columns: &self.columns,
                differing: lane(COLUMNS),
                holes,
                differing_holes: lane(TIMED),
            };
            of_leaves.push(match comparison.way(&compared)? {
                None => None,
                Some(way) => match numbers.entry(way) {
                    Entry::Occupied(known) => Some(*known.get()),
                    Entry::Vacant(new) => {
                        // It is kept twice: here and in the list.
                        region.keep(2 * comparison.bytes(new.key()))?;
                        ways.push(new.key().clone());
                        Some(*new.insert(ways.len() as u32 - 1))
                    }
                },
            });
        }
        Ok((ways, of_leaves))
    }
}

/// The most changes whose calls are collected at the same time.
const AT_ONCE: usize = 64;

/// Shows changes, as far as the limits and the room allow.
struct ShownChanges<'c, 's, C: Comparison> {
    comparison: &'c C,
    limits: &'c Limits<'c>,
    region: &'c Region<'s>,
    ways: &'c [C::Way],
    of_leaves: &'c [Option<u32>],
    describer: CallDescriber<'s>,
    room: Room,
    changes: Vec<FoundChange<C::Way>>,
}

impl<C: Comparison> ShownChanges<'_, '_, C> {
    /// Shows changes, by the numbers of their ways and their shares. An error where not even the
    /// first can be shown.
    fn add_all(&mut self, ordered: &[(u32, f64)]) -> Result<(), DiffOverBudget> {
        let mut at_once = AT_ONCE;
        while self.changes.len() < ordered.len() && self.has_room() {
            let next = &ordered[self.changes.len()..];
            match self.add_some(&next[..next.len().min(at_once)]) {
                Ok(()) => {}
                // Fewer of them take less memory.
                Err(OverBudget) if at_once > 1 => at_once /= 4,
                Err(OverBudget) if self.changes.is_empty() => return Err(DiffOverBudget),
                Err(OverBudget) => return Ok(()),
            }
        }
        Ok(())
    }

    fn has_room(&self) -> bool {
        let tried = self.region.tried() + self.comparison.evaluated();
        let is_within = self.changes.len() < self.limits.changes && tried < self.limits.budget.steps;
        self.changes.is_empty() || (is_within && !self.room.is_used_up())
    }

    fn add_some(&mut self, some: &[(u32, f64)]) -> Result<(), OverBudget> {
        let wanted: HashSet<u32> = some.iter().map(|(way, _)| *way).collect();
        let ways: Vec<Option<u32>> = self.of_leaves.iter().map(|way| way.filter(|way| wanted.contains(way))).collect();
        let collector = ChangeCollector::new(self.region, &ways, self.limits.budget.effort())?;
        for (number, share) in some {
            if !self.has_room() {
                break;
            }
            let way = self.ways[*number as usize].clone();
            let shown = |call: &Call| self.comparison.is_shown(&way, call);
            let witness = witness::find_by(self.region, &mut collector.guide(*number), &shown)?;
            let outputs = witness.as_ref().map_or(0, |call| self.comparison.bytes_shown(call));
            self.room.take(self.comparison.bytes(&way) + outputs);
            let ChangedCalls { boxes, mut has_more } = collector.found(*number);
            let mut calls = Vec::new();
            for one in boxes {
                if self.room.is_used_up() && !calls.is_empty() {
                    has_more = true;
                    break;
                }
                let group = self.describer.calls(&one);
                self.room.take(room::of_calls(&group));
                calls.push(group);
            }
            self.changes.push(FoundChange { way, calls, has_more, share: *share, witness });
        }
        Ok(())
    }
}

/// What the clauses of a plan that run at a leaf give.
fn given<'p>(plan: &'p CheckedPlan, clauses: &Clauses<'p>, run: &[u32], course: &CourseOf) -> GivenAtLeaf<'p> {
    let run: Vec<_> = run.iter().map(|clause| &clauses.clauses[*clause as usize]).collect();
    let says = LeafOutput::of(plan, &run, course);
    let decided = run.last().filter(|clause| clause.decision.is_some());
    let rule = decided.and_then(|clause| clause.rule).map(|rule| clauses.guarded[rule].statement);
    let rule = rule.and_then(|statement| statement.rule_name()).map(|name| name.to_string());
    let decision = decided.and_then(|clause| clause.decision);
    let line = decision.map(|decision| plan.source.line(decision.statement.span.start));
    let (agent_id, version) = says.decision.agent();
    let given = DecidedOutcome { outcome: says.decision.outcome, agent_id, version, rule, line };
    (says, given)
}
