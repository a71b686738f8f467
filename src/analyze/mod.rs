//! Exact answers about a plan, from the same diagram that decides calls: which rules can never run, which conditions never
//! or always hold, which calls nobody decides, whether proofs hold. Nothing here is sampled; each call that is shown has
//! been replayed by the reference evaluator.

mod constant;
mod problems;
mod proof;
mod reach;
mod study;
pub mod timeline;
mod witness;

use crate::compile::guard::Guards;
use crate::compile::{Budget, Horizon};
use crate::diagnostics::{Diagnostic, Problems};
use crate::plan::{CheckedPlan, Proof};
use jiff::civil::Date;
use study::Study;

/// How far an analysis goes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the diagram of the plan itself.
    pub budget: Budget,
    /// For each further diagram: a proof's, or that of a rule that never runs.
    pub question: Budget,
    /// How many rules' blockers are looked for, and how many proofs are decided.
    pub questions: usize,
}

impl Limits {
    /// Grows with the text, so that a check takes time in proportion to it whatever it says; a plan like a telephone
    /// system's needs a small part of it.
    pub fn for_text(bytes: usize) -> Self {
        Self {
            budget: Budget { edges: 2_000_000, steps: (200 * bytes).clamp(200_000, 20_000_000) },
            question: Budget { edges: 500_000, steps: (20 * bytes).clamp(50_000, 2_000_000) },
            questions: 32,
        }
    }
}

/// Adds what an analysis finds: `unreachable-rule`, `constant-condition`, `undecided-calls`, `proof-failed`, and
/// `proof-undecided` for what the limits do not reach. It speaks of calls from `today` to the end of the fifth year after;
/// without a day it has nothing to say but that proofs are undecided.
pub fn analyze(plan: &CheckedPlan, today: Option<Date>, limits: Limits, problems: &mut Problems) {
    let Some(today) = today else {
        plan.proofs().iter().for_each(|proof| problems.push(problems::proof_without_a_day(proof)));
        return;
    };
    let horizon = Horizon::of(today);
    let mut guards = Guards::new(&plan.definitions);
    let constant = constant::conditions(plan, &mut guards, &horizon, problems);
    match Study::of_plan(plan, &mut guards, &horizon, limits.budget) {
        Some(study) => {
            reach::unreachable(&study, &mut guards, &constant, limits, problems);
            reach::undecided(&study, problems);
        }
        None => problems.push(problems::not_laid_out(plan)),
    }
    for (at, proof) in plan.proofs().iter().enumerate() {
        let problem = match at < limits.questions {
            true => proof::decide(plan, proof, &mut guards, &horizon, limits.question),
            false => Some(problems::undecided_proof(proof, &horizon)),
        };
        problem.into_iter().for_each(|problem| problems.push(problem));
    }
}

/// Decides one proof for calls from `today` to the end of the fifth year after it: `None` where it holds, else a problem
/// of the code `proof-failed` or `proof-undecided`.
pub fn prove(plan: &CheckedPlan, proof: &Proof, today: Date, limits: Limits) -> Option<Diagnostic> {
    let mut guards = Guards::new(&plan.definitions);
    proof::decide(plan, proof, &mut guards, &Horizon::of(today), limits.question)
}
