//! Statements that no call gets to, statements that change nothing, and calls that nobody decides.

use super::call_line;
use super::problems::{self, Blocker};
use super::region::Region;
use super::study::Study;
use super::{Limits, witness};
use crate::call::Call;
use crate::compile::budget::OverBudget;
use crate::compile::clause::{Clause, ClauseDecision};
use crate::compile::guard::Guard;
use crate::diagnostics::Problems;
use crate::eval;
use crate::plan::{Arm, Condition, Statement, StatementKind};
use crate::source::Span;
use crate::syntax::quoted;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Warns of each statement that no call gets to, and of each with a block that calls get to and
/// that changes nothing for any of them. Nothing inside of what was told is told again; where a
/// statement changes nothing because of one inside of it, that one is told. `never` holds the
/// statements whose condition never holds, which have been told.
pub(super) fn without_effect(
    study: &Study,
    reached: &[bool],
    never: &HashSet<Span>,
    limits: &Limits,
    problems: &mut Problems,
) {
    let clauses = &study.clauses.clauses;
    let mut runs = vec![false; clauses.len()];
    for leaf in (0..reached.len()).filter(|leaf| reached[*leaf]) {
        study.run(leaf).for_each(|clause| runs[clause] = true);
    }
    let guarded = study.clauses.guarded.iter().enumerate();
    let mut judge = ReachAnalysis {
        study,
        never,
        limits,
        starts: clauses.iter().map(|clause| first_statement(clause).map_or(0, |first| first.span.start)).collect(),
        changes: runs.iter().zip(clauses).map(|(runs, clause)| *runs && changes_something(clause)).collect(),
        runs,
        guarded: guarded.map(|(at, guarded)| (guarded.statement.span, at)).collect(),
        around: Vec::new(),
        questions: limits.questions,
        problems,
    };
    judge.block(&study.plan.statements);
}

fn first_statement<'p>(clause: &Clause<'p>) -> Option<&'p Statement> {
    clause.effects.first().copied().or(clause.decision.map(|decision| decision.statement))
}

/// Whether whoever gets a clause is decided, or told something.
fn changes_something(clause: &Clause) -> bool {
    let is_empty = |effect: &Statement| match &effect.kind {
        StatementKind::Context(template) => template.as_constant() == Some(""),
        StatementKind::Guarded { .. }
        | StatementKind::Split(_)
        | StatementKind::Metadata(_)
        | StatementKind::Skip
        | StatementKind::Route { .. }
        | StatementKind::Reject(_)
        | StatementKind::Fallback => false,
    };
    clause.decision.is_some() || !clause.effects.iter().all(|effect| is_empty(effect))
}

struct ReachAnalysis<'s, 'p, 'l> {
    study: &'s Study<'p>,
    never: &'s HashSet<Span>,
    limits: &'s Limits<'l>,
    /// Where each clause begins in the text: they are in its order.
    starts: Vec<u32>,
    /// Which clauses run for some call.
    runs: Vec<bool>,
    /// Which of these do something.
    changes: Vec<bool>,
    /// By place.
    guarded: HashMap<Span, usize>,
    /// The rules and `when`s around the block that is being judged, outermost first.
    around: Vec<usize>,
    /// For how many more it is worked out what takes their calls.
    questions: usize,
    problems: &'s mut Problems,
}

impl<'s, 'p> ReachAnalysis<'s, 'p, '_> {
    /// Judges the statements of a block that some call gets into; says whether one of them was
    /// told.
    fn block(&mut self, block: &'p [Statement]) -> bool {
        let mut told = false;
        for statement in block {
            let told_here = match &statement.kind {
                StatementKind::Guarded { block, .. } => self.guarded(statement, block),
                StatementKind::Split(split) => self.split(statement, &split.arms),
                StatementKind::Context(_)
                | StatementKind::Metadata(_)
                | StatementKind::Skip
                | StatementKind::Route { .. }
                | StatementKind::Reject(_)
                | StatementKind::Fallback => {
                    // Where it is not reached because of what stands before it in the block, one
                    // message is enough.
                    !told && self.bare(statement)
                }
            };
            told |= told_here;
        }
        told
    }

    /// A decision at the end of a block may be a net under what stands above it, so it is not told
    /// that no call gets to it.
    fn bare(&mut self, statement: &'p Statement) -> bool {
        let (study, clauses) = (self.study, self.clauses_of(statement));
        let of_statement = &study.clauses.clauses[clauses.clone()];
        let is_net = of_statement.iter().any(|clause| clause.decision.is_some());
        if is_net || of_statement.is_empty() || self.runs[clauses.clone()].contains(&true) {
            return false;
        }
        self.tell_unreachable(statement, &of_statement[0].guard, clauses);
        true
    }

    fn guarded(&mut self, statement: &'p Statement, block: &'p [Statement]) -> bool {
        let Some(at) = self.guarded.get(&statement.span).copied() else { return false };
        let study = self.study;
        let (first, end) = study.clauses.guarded[at].clauses;
        if self.never.contains(&statement.span) {
            return true;
        }
        if !self.runs[first..end].contains(&true) && !self.is_entered(at, block) {
            self.tell_unreachable(statement, &study.clauses.guarded[at].guard, first..end);
            return true;
        }
        self.around.push(at);
        let told = self.block(block);
        self.around.pop();
        if told || self.changes[first..end].contains(&true) {
            return told;
        }
        let call = self.entering(at);
        self.problems.push(problems::no_effect(statement.label, &name_of(study, statement), call));
        true
    }

    fn split(&mut self, statement: &'p Statement, arms: &'p [Arm]) -> bool {
        let clauses = self.clauses_of(statement);
        let taken = || arms.iter().filter(|arm| !arm.buckets.is_empty());
        if !self.runs[clauses.clone()].contains(&true) {
            let everything = Guard::always();
            let study = self.study;
            let around = self.around.last().map_or(&everything, |at| &study.clauses.guarded[*at].guard);
            // Whoever gets to a split gets to what its arm begins with.
            let is_plain = taken().all(|arm| arm.block.first().is_some_and(is_bare));
            let is_reached =
                !is_plain && self.entries(around, clauses.start).is_none_or(|leaves| leaves.contains(&true));
            if !is_reached {
                self.tell_unreachable(statement, around, clauses);
                return true;
            }
        }
        let mut told = false;
        for arm in taken() {
            told |= self.block(&arm.block);
        }
        if told || self.changes[clauses].contains(&true) {
            return told;
        }
        self.problems.push(problems::no_effect(statement.label, &name_of(self.study, statement), None));
        true
    }

    /// The clauses that begin in a statement.
    fn clauses_of(&self, statement: &Statement) -> Range<usize> {
        let before = |place: u32| self.starts.partition_point(|start| *start < place);
        before(statement.span.start)..before(statement.span.end)
    }

    /// Whether some call gets into a block of which nothing runs. Where that goes beyond the
    /// budget, it is taken for entered: all that is then said is that the block changes nothing,
    /// which is so.
    fn is_entered(&self, at: usize, block: &[Statement]) -> bool {
        // Whoever gets into a block with a bare statement gets to it, or is decided in the block
        // before.
        let gets_a_clause = |inner: &Statement| is_bare(inner) && !self.clauses_of(inner).is_empty();
        let guarded = &self.study.clauses.guarded[at];
        !block.iter().any(gets_a_clause)
            && self.entries(&guarded.guard, guarded.clauses.0).is_none_or(|leaves| leaves.contains(&true))
    }

    /// At which leaves calls of a guard get as far as a clause: nothing before it decides them.
    fn entries(&self, guard: &Guard, first: usize) -> Option<Vec<bool>> {
        let mut leaves = self.region(guard).leaves().ok()?;
        for (leaf, enters) in leaves.iter_mut().enumerate().filter(|(_, enters)| **enters) {
            *enters = self.study.decided(leaf).is_none_or(|clause| clause >= first);
        }
        Some(leaves)
    }

    /// A call that gets into a block.
    fn entering(&mut self, at: usize) -> Option<String> {
        let guarded = &self.study.clauses.guarded[at];
        let leaves = self.asks().then(|| self.entries(&guarded.guard, guarded.clauses.0)).flatten()?;
        let enters = |call: &Call| eval::follow(self.study.plan, call).1.contains(&guarded.statement.span);
        let call = witness::find(&self.region(&guarded.guard), &|leaf| leaves[leaf], &enters).ok()??;
        Some(call_line(self.study.plan, &call))
    }

    fn region<'r>(&'r self, guard: &'r Guard) -> Region<'r> {
        Region::new(&self.study.space, &guard.boxes, self.limits.budget.effort_of(self.limits.question))
    }

    /// Only the first few unreachable statements are explained.
    fn asks(&mut self) -> bool {
        let asks = self.questions > 0;
        self.questions = self.questions.saturating_sub(1);
        asks
    }

    fn tell_unreachable(&mut self, statement: &'p Statement, guard: &Guard, clauses: Range<usize>) {
        let study = self.study;
        let taken = self.asks().then(|| self.taken(statement, guard, clauses).ok()).flatten();
        let name = name_of(study, statement);
        let problem = match taken {
            Some(TakenCalls { blockers, call }) if !blockers.is_empty() => {
                problems::unreachable(statement.label, &name, &blockers, call)
            }
            // None of the calls that its block is for can be one of its own.
            Some(_) => {
                let around = self.around.iter().map(|at| study.clauses.guarded[*at].statement);
                let around = around.filter(|around| around.condition().is_some());
                let around: Vec<(Span, String)> = around.map(|around| (around.label, name_of(study, around))).collect();
                problems::contradicts_blocks(statement.label, &name, &around)
            }
            None => problems::unreachable(statement.label, &name, &[], None),
        };
        self.problems.push(problem);
    }

    /// What takes the calls of a statement, which all stands above it: the most first. And one such
    /// call.
    fn taken(&self, statement: &Statement, guard: &Guard, clauses: Range<usize>) -> Result<TakenCalls, OverBudget> {
        let study = self.study;
        let region = self.region(guard);
        let own: Vec<ClauseDecision> =
            study.clauses.clauses[clauses.clone()].iter().filter_map(|clause| clause.decision).collect();
        let mut blockers: Vec<(Blocker, Vec<usize>)> = Vec::new();
        for (clause, share) in region.shares(&|leaf| study.decided(leaf))? {
            let Some(at) = clause.filter(|clause| *clause < clauses.start) else { continue };
            let Some(decision) = study.clauses.clauses[at].decision else { continue };
            let blocker = self.blocker(statement, at);
            let same = !own.is_empty() && own.iter().all(|own| same_decision(own, &decision));
            // A rule may have several decisions.
            match blockers.iter_mut().find(|(known, _)| known.span == blocker.label) {
                Some((known, clauses)) => {
                    known.share += share;
                    known.same &= same;
                    clauses.push(at);
                }
                None => {
                    let (span, name) = (blocker.label, name_of(study, blocker));
                    blockers.push((Blocker { span, name, share, same }, vec![at]));
                }
            }
        }
        blockers.sort_by(|(one, _), (other, _)| other.share.total_cmp(&one.share).then(one.span.cmp(&other.span)));
        let mut call = None;
        for (_, clauses) in &blockers {
            // The first of them that has a call to show: the buckets of splits may leave one
            // without.
            call = self.witness(statement, &region, clauses)?;
            if call.is_some() {
                break;
            }
        }
        Ok(TakenCalls { blockers: blockers.into_iter().map(|(blocker, _)| blocker).collect(), call })
    }

    /// The rule that decides in a clause, or the statement itself where it has none of its own
    /// above `statement`.
    fn blocker(&self, statement: &Statement, clause: usize) -> &'p Statement {
        let clause = &self.study.clauses.clauses[clause];
        let rule = clause.rule.map(|rule| self.study.clauses.guarded[rule].statement);
        let is_above = |rule: &&Statement| rule.span.end <= statement.span.start;
        rule.filter(is_above)
            .or(clause.decision.map(|decision| decision.statement))
            .unwrap_or(&self.study.plan.statements[0])
    }

    /// A call that meets the conditions of a statement, and is decided in one of these clauses.
    fn witness(&self, statement: &Statement, region: &Region, clauses: &[usize]) -> Result<Option<String>, OverBudget> {
        let study = self.study;
        let conditions: &[&Condition] = match (self.guarded.get(&statement.span), self.around.last()) {
            (Some(at), _) | (None, Some(at)) => &study.clauses.guarded[*at].conditions,
            (None, None) => &[],
        };
        let decides: Vec<Span> = clauses
            .iter()
            .filter_map(|clause| study.clauses.clauses[*clause].decision)
            .map(|decision| decision.statement.span)
            .collect();
        let is_taken = |call: &Call| {
            conditions.iter().all(|condition| eval::holds(&study.plan.definitions, condition, call))
                && eval::follow(study.plan, call).1.last().is_some_and(|last| decides.contains(last))
        };
        let is_wanted = |leaf: usize| study.decided(leaf).is_some_and(|clause| clauses.contains(&clause));
        let call = witness::find(region, &is_wanted, &is_taken)?;
        Ok(call.map(|call| call_line(study.plan, &call)))
    }
}

/// The statements that take the calls of an unreachable statement.
struct TakenCalls {
    blockers: Vec<Blocker>,
    call: Option<String>,
}

/// Whether a statement stands alone, without a condition or shares of its own.
fn is_bare(statement: &Statement) -> bool {
    statement.blocks().next().is_none()
}

fn same_decision(one: &ClauseDecision, other: &ClauseDecision) -> bool {
    match (&one.statement.kind, &other.statement.kind) {
        (StatementKind::Route { target, version }, StatementKind::Route { target: to, version: other_version }) => {
            target == to && version == other_version && one.agent == other.agent
        }
        (StatementKind::Reject(_), StatementKind::Reject(_)) | (StatementKind::Fallback, StatementKind::Fallback) => {
            true
        }
        _ => false,
    }
}

fn name_of(study: &Study, statement: &Statement) -> String {
    match statement.rule_name() {
        Some(name) => format!("the rule {}", quoted(name)),
        None => format!("line {}", study.plan.source().line(statement.span.start)),
    }
}
