//! `always` and `never`: decided for every call of the horizon, or said to be undecided.

use super::study::Study;
use super::{problems, witness};
use crate::check::{decides, decision_in_words};
use crate::compile::guard::Guards;
use crate::compile::{Budget, Horizon};
use crate::diagnostics::Diagnostic;
use crate::eval;
use crate::plan::{CheckedPlan, ExpectedDecision, Proof, Statement, StatementKind, Target};

/// Decides a proof; `None` where it holds. A call that breaks it is replayed before it is shown.
pub(super) fn decide<'p>(
    plan: &'p CheckedPlan,
    proof: &'p Proof,
    guards: &mut Guards<'p>,
    horizon: &Horizon,
    budget: Budget,
) -> Option<Diagnostic> {
    let Some(study) = Study::beside_condition(plan, guards, proof.condition(), horizon, budget) else {
        return Some(problems::undecided_proof(proof, horizon));
    };
    let verdicts: Vec<Verdict> = (0..study.diagram.leaves.len()).map(|leaf| verdict(&study, leaf, proof)).collect();
    let leading = study.leading_to(|leaf| verdicts[leaf] == Verdict::Broken);
    let unsure = study.leading_to(|leaf| verdicts[leaf] == Verdict::Unsure);
    let mut undecided = unsure.has(study.diagram.root);
    for leading in [leading, unsure] {
        if !leading.has(study.diagram.root) {
            continue;
        }
        let Some(call) = witness::find(&study, &leading) else {
            undecided = true;
            continue;
        };
        let (decision, trace) = eval::explain(plan, &call);
        let holds = eval::holds(&plan.definitions, proof.condition(), &call);
        if holds && decides(proof.decision(), &decision) != proof.is_always() {
            let decided = trace.steps.last().filter(|_| decision.line.is_some()).map(|step| step.span);
            let got = decision_in_words(plan, &decision);
            return Some(problems::proof_failed(plan, proof, &call, &decision, &got, decided));
        }
        undecided = true;
    }
    undecided.then(|| problems::undecided_proof(proof, horizon))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Not asked about, or as claimed.
    Fine,
    /// A call that comes here breaks the proof.
    Broken,
    /// It depends on the row that a call finds.
    Unsure,
}

fn verdict(study: &Study, leaf: usize, proof: &Proof) -> Verdict {
    if !study.is_asked(leaf) {
        return Verdict::Fine;
    }
    let decision = study.decided(leaf).and_then(|clause| study.clauses.clauses[clause].decision);
    match gets(study.plan, decision, proof.decision()) {
        None => Verdict::Unsure,
        Some(gets) if gets == proof.is_always() => Verdict::Fine,
        Some(_) => Verdict::Broken,
    }
}

/// Whether a statement makes the decision; `None` where that depends on a row.
fn gets(plan: &CheckedPlan, decision: Option<&Statement>, expected: &ExpectedDecision) -> Option<bool> {
    let Some(decision) = decision else { return Some(*expected == ExpectedDecision::Fallback) };
    match (&decision.kind, expected) {
        (StatementKind::Route { target, version }, ExpectedDecision::Route { id, version: wanted }) => {
            let (found, version) = match target {
                Target::Id(found) => (found, *version),
                Target::Agent(agent) => {
                    let agent = &plan.definitions.agents[*agent];
                    (&agent.id, version.or(agent.version))
                }
                Target::Column(..) => return None,
            };
            Some(found == id && (wanted.is_none() || version == *wanted))
        }
        (StatementKind::Reject(_), ExpectedDecision::Reject)
        | (StatementKind::Fallback, ExpectedDecision::Fallback) => Some(true),
        _ => Some(false),
    }
}
