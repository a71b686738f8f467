//! The wording of what an analysis finds.

use super::call_line;
use super::output_size::{Excess, OutputPart};
use super::unknown_callers::UnknownCallers;
use crate::call::{Call, Decision};
use crate::compile::Horizon;
use crate::diagnostics::{Code, Diagnostic};
use crate::plan::{CheckedPlan, Proof, Test};
use crate::source::{Source, Span};
use crate::syntax::quoted;

pub(super) fn not_laid_out(plan: &CheckedPlan) -> Diagnostic {
    Diagnostic::new(
        Code::ProofUndecided,
        plan.statements.first().map_or(Span::default(), |first| first.label),
        "whether every rule can run, and every call is decided, was not worked out: this plan goes beyond the budget of a check",
    )
    .help("it decides calls all the same; fewer rules that overlap on several sides at once (numbers, times, trunks) make it smaller")
}

/// A longer test is not repeated in a message.
const MAX_QUOTED: usize = 60;

/// A negative test that these callers pass, who have no country.
pub(super) fn includes_unknown(source: &Source, test: &Test, callers: &[UnknownCallers]) -> Diagnostic {
    let who = match callers {
        [UnknownCallers::Withheld] => "withheld numbers",
        [UnknownCallers::Local] => "local numbers",
        _ => "withheld and local numbers",
    };
    let written = source.slice(test.span);
    let message = match (test.expected, written.contains('\n') || written.len() > MAX_QUOTED) {
        (false, false) => format!("`{written}` also holds for {who}"),
        (false, true) => format!("this test also holds for {who}"),
        (true, false) => format!("that `{written}` does not hold is also true of {who}"),
        (true, true) => format!("that this test does not hold is also true of {who}"),
    };
    let problem = Diagnostic::new(Code::IncludesUnknown, test.span, message).label(format!("also {who}"));
    match without_unknown(written, callers) {
        Some(form) => problem.suggest("leave them out", test.span, form),
        None => problem.help("to leave them out, add `and caller.country is not unknown`"),
    }
}

/// A test that is written with `is not` or `not in`, so that it leaves these callers out too.
fn without_unknown(written: &str, callers: &[UnknownCallers]) -> Option<String> {
    let (subject, value) = written.split_once(" not in ").or_else(|| written.split_once(" is not "))?;
    let values = value.trim().trim_start_matches('[').trim_end_matches([']', ',', ' ']);
    let of_callers = callers.iter().map(|callers| match callers {
        UnknownCallers::Withheld => "anonymous",
        UnknownCallers::Local => "\"*\"",
    });
    match subject.trim() {
        "caller.country" => Some(format!("caller.country not in [{values}, unknown]")),
        "caller" => Some(format!("caller not in [{values}, {}]", of_callers.collect::<Vec<_>>().join(", "))),
        _ => None,
    }
    .filter(|_| !written.contains(['\n', '#', '"']))
}

pub(super) fn output_too_large(excess: Excess, maximum: usize) -> Diagnostic {
    let Excess { part, place, bytes } = excess;
    let (what, help) = match part {
        OutputPart::Context => (
            "context",
            "each `context` on the way of a call adds a paragraph: write less, or decide the call before the next one",
        ),
        OutputPart::Metadata => (
            "metadata",
            "each `metadata` on the way of a call adds its keys: write less, or decide the call before the next one",
        ),
    };
    let message = format!(
        "here the {what} of a call can reach {bytes} bytes; a decision has at most {maximum} bytes ({} KiB)",
        maximum / 1024
    );
    Diagnostic::new(Code::OutputTooLarge, place, message)
        .label("goes beyond it")
        .note("the longest cells of tables count, and the longest texts that a call can show")
        .help(help)
}

pub(super) fn undecided_proof(proof: &Proof, horizon: &Horizon) -> Diagnostic {
    Diagnostic::new(
        Code::ProofUndecided,
        proof.span,
        format!("{} was not decided: it goes beyond the budget of a check", quoted(proof.name())),
    )
    .note(format!("a check asks about calls until {}", horizon.last_day))
}

pub(super) fn proof_without_a_day(proof: &Proof) -> Diagnostic {
    Diagnostic::new(
        Code::ProofUndecided,
        proof.span,
        format!(
            "{} was not decided: it speaks of calls from the day of the check on, and no day was given",
            quoted(proof.name())
        ),
    )
}

/// One rule that takes calls of another.
pub(super) struct Blocker {
    pub span: Span,
    pub name: String,
    /// From 0 to 1.
    pub share: f64,
    pub same: bool,
}

pub(super) fn unreachable(span: Span, name: &str, blockers: &[Blocker], call: Option<String>) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(Code::UnreachableRule, span, format!("no call ever gets to {name}")).label("never runs");
    for blocker in blockers.iter().take(4) {
        let share = match blocker.share * 100.0 {
            share if share >= 99.95 => "all of its calls".to_owned(),
            share if share < 0.1 => "less than 0.1% of its calls".to_owned(),
            share => format!("{share:.1}% of its calls"),
        };
        let same = if blocker.same { ", and does the same" } else { ", and does something else" };
        diagnostic = diagnostic.note_at(blocker.span, format!("{} takes {share}{same}", blocker.name));
    }
    if blockers.len() > 4 {
        diagnostic = diagnostic.note(format!("{} more rules take the rest", blockers.len() - 4));
    }
    if let Some(call) = call {
        diagnostic = diagnostic.note(format!("for instance `{call}`"));
    }
    let all_same = !blockers.is_empty() && blockers.iter().all(|blocker| blocker.same);
    diagnostic.help(if all_same {
        "it may be taken out"
    } else {
        "move it up, before what takes its calls, or take it out"
    })
}

/// Its own condition, or its share of a split, leaves none of the calls that get into the blocks
/// around it.
pub(super) fn contradicts_blocks(span: Span, name: &str, around: &[(Span, String)]) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::UnreachableRule, span, format!("no call ever gets to {name}")).label("never runs");
    let around = around.iter().rev().take(4);
    around
        .fold(diagnostic, |diagnostic, (span, name)| {
            diagnostic.note_at(*span, format!("only calls of {name} get here"))
        })
        .help("none of the calls that get into the block around it can meet its condition: change one of the two")
}

pub(super) fn no_effect(span: Span, name: &str, call: Option<String>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::NoEffect, span, format!("{name} changes nothing, for any call"))
        .label("decides nothing, and adds nothing");
    let diagnostic = match call {
        Some(call) => diagnostic.note(format!("a call that gets into it: `{call}`")),
        None => diagnostic,
    };
    diagnostic.help("write what it is to do, or take it out")
}

pub(super) fn undecided_calls(span: Span, plan: &CheckedPlan, call: &Call) -> Diagnostic {
    let line = call_line(plan, call);
    Diagnostic::new(
        Code::UndecidedCalls,
        span,
        "some calls run off the end of this plan, and the fallback agent answers them",
    )
    .note(format!("one such call, as an example: `example \"nobody decides\" {{ {line} expect fallback }}`"))
    .help("end the plan with a rule that takes whatever gets that far, or with `fallback` if this is meant")
}

pub(super) fn nobody_answers_at_the_end(span: Span, plan: &CheckedPlan, call: &Call, why: &str) -> Diagnostic {
    let line = call_line(plan, call);
    let message = format!("some calls run off the end of this plan and are cut off, because {why}");
    Diagnostic::new(Code::NobodyAnswers, span, message)
        .note(format!("one such call, as an example: `example \"cut off\" {{ {line} expect fallback }}`"))
        .help("choose a fallback agent that can answer, or end the plan with a rule that takes whatever gets that far")
}

pub(super) fn nobody_answers(span: Span, why: &str) -> Diagnostic {
    let message = format!("calls that get here are cut off, because {why}");
    Diagnostic::new(Code::NobodyAnswers, span, message)
        .help("choose a fallback agent that can answer, or decide these calls with `route to` or `reject`")
}

pub(super) fn never_holds(span: Span, chain: bool) -> Diagnostic {
    let message = if chain { "no call can satisfy all of this at once" } else { "this never holds, for any call" };
    Diagnostic::new(Code::ConstantCondition, span, message)
}

pub(super) fn always_holds(span: Span) -> Diagnostic {
    Diagnostic::new(Code::ConstantCondition, span, "this always holds, for every call")
        .help("take it out, or write what it was to test")
}

pub(super) fn proof_failed(
    plan: &CheckedPlan,
    proof: &Proof,
    call: &Call,
    decision: &Decision,
    got: &str,
    decided: Option<Span>,
) -> Diagnostic {
    let claim = if proof.is_always() { "does not always hold" } else { "does happen" };
    let diagnostic =
        Diagnostic::new(Code::ProofFailed, proof.span, format!("{} {claim}: a call gets {got}", quoted(proof.name())))
            .note(format!("for instance `{}`", call_line(plan, call)));
    match (decided, &decision.rule) {
        (Some(span), Some(rule)) => diagnostic.note_at(span, format!("decided here, in the rule {}", quoted(rule))),
        (Some(span), None) => diagnostic.note_at(span, "decided here"),
        (None, _) => diagnostic.note("no statement decides that call: it runs off the end of the plan"),
    }
}
