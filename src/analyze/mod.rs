//! Exact answers about a plan, from the same diagram that decides calls: which rules can never run,
//! which conditions never or always hold, which calls nobody decides, whether proofs hold. Nothing
//! here is sampled; each call that is shown has been replayed by the reference evaluator.

mod call_line;
pub mod calls;
mod constant;
pub mod coverage;
pub mod diff;
pub mod examples;
mod left_calls;
mod members;
mod open_tests;
mod output_size;
mod problems;
mod proof;
mod reach;
pub mod recurrence;
mod region;
mod space;
mod study;
pub mod switches;
mod text_group;
pub mod timeline;
mod unknown_callers;
mod witness;

use crate::check::Options;
use crate::compile::axes::TooManyBoxes;
use crate::compile::guard::{Guard, Guards};
use crate::compile::{Budget, Horizon};
use crate::diagnostics::{Diagnostic, Problems};
use crate::plan::{CheckedPlan, Proof};
use jiff::civil::Date;
use proof::ProofPart;
use region::Region;
use std::sync::atomic::AtomicBool;
use study::Study;
use unknown_callers::UnknownCallersQuestions;

pub use call_line::call_line;

/// How far an analysis goes.
#[derive(Clone, Copy, Debug)]
pub struct Limits<'a> {
    /// For the diagram of the plan.
    pub budget: Budget<'a>,
    /// Steps through the diagram for each question about it: a proof, a rule that never runs.
    pub question: usize,
    /// For how many rules that never run it is told what takes their calls, and how many proofs are
    /// decided.
    pub questions: usize,
    /// How many changes of a diff are shown; the others are counted.
    pub changes: usize,
}

/// The most changes of a diff that are shown.
const MAX_CHANGES: usize = 1_000;

impl<'a> Limits<'a> {
    /// Grows with the text, so that a check takes time in proportion to it whatever it says; a plan
    /// like a telephone system's needs a small part of it.
    pub fn for_text(bytes: usize) -> Self {
        let budget = Budget { edges: 2_000_000, ..Budget::default() }.of_text(bytes);
        Self { budget, question: 0, questions: 32, changes: MAX_CHANGES }
            .with_steps((200 * bytes).clamp(200_000, 20_000_000))
    }

    /// The same limits with `steps` steps for the diagram, and a tenth of them for each question.
    pub fn with_steps(self, steps: usize) -> Self {
        Self { budget: Budget { steps, ..self.budget }, question: steps / 10, ..self }
    }

    /// Ended once a flag is raised, say at a deadline: what is not known by then stays undecided.
    pub fn until(self, stop: Option<&'a AtomicBool>) -> Self {
        Self { budget: Budget { stop, ..self.budget }, ..self }
    }

    /// For a check of this plan.
    pub fn of(plan: &CheckedPlan, options: &Options<'a>) -> Self {
        let usual = Self::for_text(plan.source().text().len()).until(options.stop);
        options.budget.map_or(usual, |steps| usual.with_steps(steps))
    }
}

/// Adds what an analysis finds: `unreachable-rule`, `no-effect`, `constant-condition`,
/// `undecided-calls`, `nobody-answers`, `proof-failed`, and `proof-undecided` for what the limits
/// do not reach; `output-too-large`, if there is a maximum; `includes-unknown`. It speaks of calls from today to the
/// end of the fifth year after; without a day it has nothing to say but that proofs are undecided.
pub fn analyze(plan: &CheckedPlan, options: &Options, limits: Limits, problems: &mut Problems) {
    let Some(today) = options.today else {
        plan.proofs().iter().for_each(|proof| problems.push(problems::proof_without_a_day(proof)));
        look_for_large_outputs(plan, None, options, problems);
        return;
    };
    let horizon = Horizon::of(today);
    let mut guards = Guards::new(&plan.definitions, space::axes(plan, horizon));
    let constant = constant::conditions(plan, &mut guards, &limits.budget, problems);
    let asked: Vec<Result<Vec<ProofPart>, TooManyBoxes>> =
        plan.proofs().iter().map(|proof| proof::parts(plan, proof, &mut guards)).collect();
    let unknown_callers = UnknownCallersQuestions::of(plan, &mut guards, limits.questions);
    let of_proofs = asked.iter().flatten().flatten().map(|part| &part.guard);
    let questions: Vec<Guard> = of_proofs.chain(unknown_callers.guards()).cloned().collect();
    let study = Study::new(plan, guards, &questions, &limits);
    let looked = study.as_ref().map(|study| {
        let region = Region::everything(&study.space, limits.budget.effort());
        let reached = region.leaves()?;
        reach::without_effect(study, &reached, &constant, &limits, problems);
        unknown_callers.answer(study, &limits, problems);
        left_calls::left_calls(study, &region, &reached, options.fallback, problems)
    });
    if !matches!(looked, Some(Ok(()))) {
        problems.push(problems::not_laid_out(plan));
    }
    look_for_large_outputs(plan, study.as_ref(), options, problems);
    for (at, (proof, parts)) in plan.proofs().iter().zip(asked).enumerate() {
        let problem = match (&study, parts) {
            (Some(study), Ok(parts)) if at < limits.questions => proof::decide(study, proof, &parts, &horizon, &limits),
            (Some(_), Ok(_)) | (None, _) | (_, Err(TooManyBoxes)) => Some(problems::undecided_proof(proof, &horizon)),
        };
        problem.into_iter().for_each(|problem| problems.push(problem));
    }
}

fn look_for_large_outputs<'p>(
    plan: &'p CheckedPlan,
    study: Option<&Study<'p>>,
    options: &Options,
    problems: &mut Problems,
) {
    let maximum = options.max_output_bytes;
    maximum
        .and_then(|maximum| output_size::too_large(plan, study, maximum))
        .into_iter()
        .for_each(|problem| problems.push(problem));
}

/// Decides one proof for calls from `today` to the end of the fifth year after it: `None` where it
/// holds, else a problem of the code `proof-failed` or `proof-undecided`.
pub fn prove(plan: &CheckedPlan, proof: &Proof, today: Date, limits: Limits) -> Option<Diagnostic> {
    let horizon = Horizon::of(today);
    let mut guards = Guards::new(&plan.definitions, space::axes(plan, horizon));
    let Ok(parts) = proof::parts(plan, proof, &mut guards) else {
        return Some(problems::undecided_proof(proof, &horizon));
    };
    let asked: Vec<Guard> = parts.iter().map(|part| part.guard.clone()).collect();
    match Study::new(plan, guards, &asked, &limits) {
        Some(study) => proof::decide(&study, proof, &parts, &horizon, &limits),
        None => Some(problems::undecided_proof(proof, &horizon)),
    }
}
