//! `always` and `never`: decided for every call of the period, or said to be undecided.

use super::region::Region;
use super::study::Study;
use super::{Limits, problems, witness};
use crate::call::Call;
use crate::check::{decides, decision_in_words};
use crate::compile::Horizon;
use crate::compile::axes::TooManyBoxes;
use crate::compile::budget::OverBudget;
use crate::compile::clause::ClauseDecision;
use crate::compile::guard::{Guard, Guards};
use crate::diagnostics::Diagnostic;
use crate::eval;
use crate::plan::{CheckedPlan, ExpectedDecision, Proof, StatementKind, Target};

/// Calls that a proof speaks of, and the decision that it claims of them: of a rotation, the one of
/// the agent who is then on call.
pub(super) struct ProofPart {
    pub guard: Guard,
    decision: ExpectedDecision,
}

/// The parts of a proof: one, or one for each agent of the rotation that it names.
pub(super) fn parts<'p>(
    plan: &'p CheckedPlan,
    proof: &'p Proof,
    guards: &mut Guards<'p>,
) -> Result<Vec<ProofPart>, TooManyBoxes> {
    let guard = guards.of_condition(proof.condition(), true)?;
    let ExpectedDecision::OnCall { rotation, version } = proof.decision() else {
        return Ok(vec![ProofPart { guard, decision: proof.decision().clone() }]);
    };
    let turns = guards.of_rotation(*rotation)?;
    let part = |(agent, times): (usize, Guard)| {
        let decision = proof.decision().with_agent(&plan.definitions, agent, *version);
        Ok(ProofPart { guard: guards.both(&guard, &times)?, decision })
    };
    turns.into_iter().map(part).collect()
}

/// Decides a proof; `None` where it holds. A call that breaks it is replayed before it is shown.
pub(super) fn decide(
    study: &Study,
    proof: &Proof,
    parts: &[ProofPart],
    horizon: &Horizon,
    limits: &Limits,
) -> Option<Diagnostic> {
    let mut is_unsure = false;
    for part in parts {
        let region = Region::new(&study.space, &part.guard.boxes, limits.budget.effort_of(limits.question));
        match broken(study, &region, proof, &part.decision) {
            Ok(ProofResult::Nothing) => {}
            Ok(ProofResult::Broken(problem)) => return Some(*problem),
            Ok(ProofResult::Unsure) | Err(OverBudget) => is_unsure = true,
        }
    }
    is_unsure.then(|| problems::undecided_proof(proof, horizon))
}

enum ProofResult {
    /// No call breaks it.
    Nothing,
    /// This says which does.
    Broken(Box<Diagnostic>),
    /// A call may break it; none that does was found.
    Unsure,
}

fn broken(
    study: &Study,
    region: &Region,
    proof: &Proof,
    expected: &ExpectedDecision,
) -> Result<ProofResult, OverBudget> {
    let breaks = |call: &Call| {
        let decision = eval::decide(study.plan, call);
        eval::holds(&study.plan.definitions, proof.condition(), call)
            && decides(&proof.decision().at(&study.plan.definitions, call.timestamp), &decision) != proof.is_always()
    };
    let verdicts: Vec<LeafVerdict> = (0..study.leaves()).map(|leaf| verdict(study, leaf, proof, expected)).collect();
    let reached = region.leaves()?;
    let mut found = ProofResult::Nothing;
    for wanted in [LeafVerdict::Broken, LeafVerdict::Unsure] {
        if !(0..verdicts.len()).any(|leaf| reached[leaf] && verdicts[leaf] == wanted) {
            continue;
        }
        found = ProofResult::Unsure;
        if let Some(call) = witness::find(region, &|leaf| verdicts[leaf] == wanted, &breaks)? {
            let (decision, trace) = eval::explain(study.plan, &call);
            let decided = trace.steps.last().filter(|_| decision.line.is_some()).map(|step| step.span);
            let got = decision_in_words(study.plan, &decision);
            let problem = problems::proof_failed(study.plan, proof, &call, &decision, &got, decided);
            return Ok(ProofResult::Broken(Box::new(problem)));
        }
    }
    Ok(found)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LeafVerdict {
    /// As claimed.
    Fine,
    /// A call that comes here breaks the proof.
    Broken,
    /// It depends on the row that a call finds.
    Unsure,
}

fn verdict(study: &Study, leaf: usize, proof: &Proof, expected: &ExpectedDecision) -> LeafVerdict {
    let decision = study.decided(leaf).and_then(|clause| study.clauses.clauses[clause].decision);
    match gets(study.plan, decision, expected) {
        None => LeafVerdict::Unsure,
        Some(gets) if gets == proof.is_always() => LeafVerdict::Fine,
        Some(_) => LeafVerdict::Broken,
    }
}

/// Whether calls that are decided so get the decision; `None` where that depends on a row.
fn gets(plan: &CheckedPlan, decision: Option<ClauseDecision>, expected: &ExpectedDecision) -> Option<bool> {
    let Some(ClauseDecision { statement, agent }) = decision else {
        return Some(*expected == ExpectedDecision::Fallback);
    };
    match (&statement.kind, expected) {
        (StatementKind::Route { target, version }, ExpectedDecision::Route { id, version: wanted }) => {
            let agent = match target {
                Target::Id(found) => return Some(found == id && (wanted.is_none() || version == wanted)),
                Target::Agent(agent) => *agent,
                Target::Column(..) | Target::Rotation(_) => agent?,
            };
            let agent = &plan.definitions.agents[agent];
            let version = version.or(agent.version);
            Some(agent.id == *id && (wanted.is_none() || version == *wanted))
        }
        (StatementKind::Reject(_), ExpectedDecision::Reject)
        | (StatementKind::Fallback, ExpectedDecision::Fallback) => Some(true),
        _ => Some(false),
    }
}
