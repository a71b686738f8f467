//! Exact answers about a plan, from the same diagram that decides calls: which rules can never run, which conditions never
//! or always hold, which calls nobody decides, whether proofs hold. Nothing here is sampled; each call that is shown has
//! been replayed by the reference evaluator.

mod constant;
mod problems;
mod proof;
mod reach;
mod study;
mod witness;

use crate::compile::{Budget, Horizon};
use crate::diagnostics::Problems;
use crate::plan::CheckedPlan;
use jiff::civil::Date;
use study::Study;

/// How far an analysis goes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For each diagram that it makes.
    pub budget: Budget,
    /// How many rules' blockers are looked for, and how many proofs are decided.
    pub questions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { budget: Budget { edges: 2_000_000, steps: 20_000_000 }, questions: 64 }
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
    let constant = constant::conditions(plan, &horizon, problems);
    match Study::of_plan(plan, &horizon, limits.budget) {
        Some(study) => {
            reach::unreachable(&study, &constant, limits, problems);
            reach::undecided(&study, problems);
        }
        None => problems.push(problems::not_laid_out(plan)),
    }
    for (at, proof) in plan.proofs().iter().enumerate() {
        if at < limits.questions {
            proof::decide(plan, proof, &horizon, limits.budget, problems);
        } else {
            problems.push(problems::undecided_proof(proof, &horizon));
        }
    }
}
