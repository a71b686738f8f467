//! Rules that no call gets to, and calls that nobody decides.

use super::problems::{self, Blocker};
use super::region::Region;
use super::study::Study;
use super::{Limits, witness};
use crate::call::Call;
use crate::compile::budget::OverBudget;
use crate::compile::clause::Deciding;
use crate::diagnostics::Problems;
use crate::eval;
use crate::plan::{Statement, StatementKind};
use crate::source::Span;
use crate::syntax::quoted;
use std::collections::HashSet;

/// Warns of each rule, or other guarded statement, of which no leaf has anything. What stands inside of one that was told
/// is not told again.
pub(super) fn unreachable(
    study: &Study,
    reached: &[bool],
    never: &HashSet<Span>,
    limits: &Limits,
    problems: &mut Problems,
) {
    let mut runs = vec![false; study.clauses.clauses.len()];
    for leaf in (0..reached.len()).filter(|leaf| reached[*leaf]) {
        study.run(leaf).for_each(|clause| runs[clause] = true);
    }
    let mut told_until = 0;
    let mut questions = limits.questions;
    for (at, guarded) in study.clauses.guarded.iter().enumerate() {
        let (first, end) = guarded.clauses;
        let lives = first == end || runs[first..end].iter().any(|runs| *runs);
        if lives || first < told_until {
            continue;
        }
        told_until = end;
        if never.contains(&guarded.statement.span) {
            continue;
        }
        let region = Region::new(&study.space, &guarded.guard.boxes, limits.budget.effort_of(limits.question));
        // What is told of the first few is not worked out for very many.
        let told = if questions > 0 { blockers(study, &region, at).ok() } else { None };
        questions = questions.saturating_sub(1);
        let (blockers, call) = told.unwrap_or_default();
        let name = name_of(study, guarded.statement);
        problems.push(problems::unreachable(guarded.statement.label, &name, &blockers, call));
    }
}

/// The rules that take the calls of a statement, those that take the most first, and one such call.
fn blockers(study: &Study, region: &Region, guarded: usize) -> Result<(Vec<Blocker>, Option<String>), OverBudget> {
    let own: Vec<Deciding> = decisions_of(study, guarded);
    let blocker = |clause: usize, share: f64| {
        let clause = &study.clauses.clauses[clause];
        let decision = clause.decision?;
        let rule = clause.rule.map(|rule| study.clauses.guarded[rule].statement);
        let statement = rule.unwrap_or(decision.statement);
        let same = own.iter().all(|own| same_decision(own, &decision)) && !own.is_empty();
        Some(Blocker { span: statement.label, name: name_of(study, statement), share, same })
    };
    let mut found: Vec<Blocker> = Vec::new();
    for (clause, share) in region.shares(&|leaf| study.decided(leaf))? {
        let Some(one) = clause.and_then(|clause| blocker(clause, share)) else { continue };
        // A rule may have several decisions.
        match found.iter_mut().find(|known| known.span == one.span) {
            Some(known) => {
                known.share += one.share;
                known.same &= one.same;
            }
            None => found.push(one),
        }
    }
    found.sort_by(|one, other| other.share.total_cmp(&one.share).then(one.span.cmp(&other.span)));
    let conditions = &study.clauses.guarded[guarded].conditions;
    let satisfies =
        |call: &Call| conditions.iter().all(|condition| eval::holds(&study.plan.definitions, condition, call));
    let call = witness::find(region, &|_| true, &satisfies)?.map(|call| problems::call_line(study.plan, &call));
    Ok((found, call))
}

fn decisions_of<'p>(study: &Study<'p>, guarded: usize) -> Vec<Deciding<'p>> {
    let (first, end) = study.clauses.guarded[guarded].clauses;
    study.clauses.clauses[first..end].iter().filter_map(|clause| clause.decision).collect()
}

fn same_decision(one: &Deciding, other: &Deciding) -> bool {
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

/// Warns, once, of calls that run off the end of the plan.
pub(super) fn undecided(
    study: &Study,
    region: &Region,
    reached: &[bool],
    problems: &mut Problems,
) -> Result<(), OverBudget> {
    if !(0..reached.len()).any(|leaf| reached[leaf] && study.decided(leaf).is_none()) {
        return Ok(());
    }
    let is_undecided = |call: &Call| eval::decide(study.plan, call).line.is_none();
    let call = witness::find(region, &|leaf| study.decided(leaf).is_none(), &is_undecided)?;
    if let (Some(call), Some(last)) = (call, study.plan.statements.last()) {
        problems.push(problems::undecided_calls(last.label, study.plan, &call));
    }
    Ok(())
}

fn name_of(study: &Study, statement: &Statement) -> String {
    match &statement.kind {
        StatementKind::Guarded { name: Some(name), .. } => format!("the rule {}", quoted(name)),
        _ => format!("line {}", study.plan.source().line(statement.span.start)),
    }
}
