//! callplan: from the text of a call plan to the agent that answers a call.
//!
//! ```
//! use callplan::{Call, Source, compile};
//!
//! let source = Source::new("plan", r#"
//!     agent frontdesk = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11"
//!     rule "Withheld numbers" when caller is anonymous { reject }
//!     route to frontdesk
//! "#);
//! let plan = compile(&source).expect("nothing is wrong with it");
//! let at = "2026-03-01T17:00:00Z".parse().expect("an instant");
//! let call = Call::new("+18005550100", at).with_caller("+1 (415) 555-0100");
//! let decision = plan.decide(&call);
//! assert_eq!(decision.output.agent_id.as_deref(), Some("0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11"));
//! ```
//!
//! A plan goes from stage to stage, and each can only be made from the one before: [`Source`] → [`syntax::parse`] →
//! [`syntax::Tree`] → [`check::check`] → [`CheckedPlan`] → [`CompiledPlan`] → [`Decision`]. All of it is pure: no clock,
//! no files, no environment. `ARCHITECTURE.md` has the map.
#![deny(missing_docs, clippy::disallowed_methods, clippy::wildcard_enum_match_arm)]

pub mod analyze;
pub mod assist;
pub mod call;
pub mod check;
pub mod compile;
pub mod diagnostics;
pub mod eval;
pub mod fields;
pub mod fixes;
pub mod format;
pub mod phone;
pub mod plan;
pub mod schedule;
pub mod source;
pub mod suggest;
pub mod syntax;
pub mod types;

use analyze::Limits;

pub use call::{Call, Decision, Outcome, Output, Trace};
pub use compile::CompiledPlan;
pub use diagnostics::{Diagnostic, Problems};
pub use plan::{CheckedPlan, Example};
pub use source::Source;

/// All that a check has to say of a text.
#[derive(Debug)]
pub struct Report {
    /// The plan, if its text has no error. It is here even where an example fails or a proof does not hold, so that one
    /// can look for the reason; [`Problems::has_errors`] says whether the plan may be accepted.
    pub plan: Option<CheckedPlan>,
    /// The problems, by place, and of those that are many the first: see [`Problems::folded`]. Each fix that one offers has
    /// been tried, and what is safe among those of warnings proved.
    pub problems: Problems,
}

/// Reads and judges a text: all its problems, and the plan where there is one.
///
/// What needs the day of the check (days that have passed, and all that is asked of the calls from that day on: rules that
/// never run, calls that nobody decides, proofs) is left out when `options` names none; proofs are then undecided.
pub fn check(source: &Source, options: &check::Options) -> Report {
    let Report { plan, problems } = judge(source, options);
    let mut problems = fixes::keep_those_that_work(source, problems, &|edited| judge(edited, options).problems);
    if let Some(plan) = &plan {
        let found = judge_calls(plan, options);
        let found = fixes::keep_those_that_work(source, found, &|edited| {
            let Report { plan, mut problems } = judge(edited, options);
            plan.iter().flat_map(|plan| judge_calls(plan, options)).for_each(|problem| problems.push(problem));
            problems
        });
        found.into_iter().for_each(|problem| problems.push(problem));
    }
    let problems = fixes::prove(source, plan.as_ref(), problems, options, &|edited| judge(edited, options).plan);
    Report { plan, problems: problems.folded() }
}

/// A plan that decides calls; or, if it may not be accepted, why.
pub fn compile(source: &Source) -> Result<CompiledPlan, Problems> {
    let report = check(source, &check::Options::default());
    match report.plan {
        Some(plan) if !report.problems.has_errors() => Ok(CompiledPlan::new(plan, None, compile::Budget::default())),
        _ => Err(report.problems),
    }
}

/// What a text says. The edits of its problems have not been tried.
fn judge(source: &Source, options: &check::Options) -> Report {
    let mut problems = Problems::new();
    let plan = syntax::parse(source, &mut problems).and_then(|tree| check::check(&tree, options, &mut problems));
    Report { plan, problems: problems.sorted() }
}

/// What a plan does with calls: those of its examples, and all that may come.
fn judge_calls(plan: &CheckedPlan, options: &check::Options) -> Problems {
    let mut problems = Problems::new();
    check::run_examples(plan, &mut problems);
    analyze::analyze(plan, options.today, Limits::of(plan, options), &mut problems);
    problems
}

impl CheckedPlan {
    /// Decides a call. Every plan decides every call: there is no error.
    pub fn decide(&self, call: &Call) -> Decision {
        eval::decide(self, call)
    }

    /// Decides a call and tells how.
    pub fn explain(&self, call: &Call) -> (Decision, Trace) {
        eval::explain(self, call)
    }

    /// Runs the plan's examples, in its order.
    pub fn try_examples(&self) -> Vec<TriedExample<'_>> {
        let tried = |example| TriedExample { example, failure: check::example_failure(self, example) };
        self.examples.iter().map(tried).collect()
    }
}

/// An example that has been run.
#[derive(Debug)]
pub struct TriedExample<'p> {
    /// Which.
    pub example: &'p Example,
    /// What is wrong; `None` where it came out as expected.
    pub failure: Option<Diagnostic>,
}
