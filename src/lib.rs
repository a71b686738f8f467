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
//! A plan goes from stage to stage, and each can only be made from the one before: [`Source`] →
//! [`syntax::parse`] → [`syntax::Tree`] → [`check::check`] → [`CheckedPlan`] → [`CompiledPlan`] →
//! [`Decision`]. All of it is pure: no clock, no files, no environment. `ARCHITECTURE.md` has the
//! map.
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

/// The result of a check of a text.
#[derive(Debug)]
pub struct Report {
    /// The plan, if its text has no error. It is present even if an example fails or a proof does
    /// not hold, so that the reason can be looked for. [`Problems::has_errors`] says whether the
    /// plan may be accepted.
    pub plan: Option<CheckedPlan>,
    /// The problems in the order of their places, folded by [`Problems::folded`]. Each offered fix
    /// has been tried, and each safe fix of a warning has been proved.
    pub problems: Problems,
}

/// Reads and checks a text: all its problems, and the plan if the text has no error.
///
/// Without a day in `options`, the check leaves out what depends on it: dates that have passed, and
/// the questions about all calls from that day on (rules that never run, undecided calls). Proofs
/// are then undecided.
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

/// Compiles a text to a plan that decides calls. An error has the problems for which the plan may
/// not be accepted.
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
    let max_bytes = options.max_bytes.unwrap_or(syntax::MAX_BYTES);
    let tree = syntax::parse_within(source, max_bytes, &mut problems);
    let plan = tree.and_then(|tree| check::check(&tree, options, &mut problems));
    Report { plan, problems: problems.sorted() }
}

/// What a plan does with calls: those of its examples, and all that may come.
fn judge_calls(plan: &CheckedPlan, options: &check::Options) -> Problems {
    let mut problems = Problems::new();
    check::run_examples(plan, &mut problems);
    analyze::analyze(plan, options, Limits::of(plan, options), &mut problems);
    problems
}

impl CheckedPlan {
    /// Decides a call. Every plan decides every call: there is no error.
    pub fn decide(&self, call: &Call) -> Decision {
        eval::decide(self, call)
    }

    /// Decides a call and returns the trace.
    pub fn explain(&self, call: &Call) -> (Decision, Trace) {
        eval::explain(self, call)
    }

    /// Runs the plan's examples, in its order.
    pub fn try_examples(&self) -> Vec<TriedExample<'_>> {
        let tried = |example| TriedExample { example, failure: check::example_failure(self, example) };
        self.examples.iter().map(tried).collect()
    }
}

/// The result of running an example.
#[derive(Debug)]
pub struct TriedExample<'p> {
    /// The example that was run.
    pub example: &'p Example,
    /// The failure; `None` if the example passed.
    pub failure: Option<Diagnostic>,
}
