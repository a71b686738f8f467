//! Calls that a plan leaves to the fallback agent: those that run off its end, and those that it
//! sends there, if the fallback agent cannot answer.

use super::problems;
use super::region::Region;
use super::study::Study;
use super::witness;
use crate::call::Call;
use crate::check::FallbackState;
use crate::compile::budget::OverBudget;
use crate::diagnostics::Problems;
use crate::eval;
use crate::plan::{Statement, StatementKind};

/// Warns, once, of calls that run off the end of the plan. If the fallback agent cannot answer,
/// warns, once, of calls that are cut off: those, or else those that `fallback` sends to it.
pub(super) fn left_calls(
    study: &Study,
    region: &Region,
    reached: &[bool],
    fallback: Option<FallbackState>,
    problems: &mut Problems,
) -> Result<(), OverBudget> {
    let cut_off = fallback.and_then(FallbackState::why_cut_off);
    if let Some(call) = call_off_the_end(study, region, reached)?
        && let Some(last) = study.plan.statements.last()
    {
        problems.push(match cut_off {
            Some(why) => problems::nobody_answers_at_the_end(last.label, study.plan, &call, why),
            None => problems::undecided_calls(last.label, study.plan, &call),
        });
    } else if let Some(why) = cut_off
        && let Some(sends) = first_fallback(study, reached)
    {
        problems.push(problems::nobody_answers(sends.span, why));
    }
    Ok(())
}

/// A call that runs off the end of the plan; `None` if there is none, or none was found.
fn call_off_the_end(study: &Study, region: &Region, reached: &[bool]) -> Result<Option<Call>, OverBudget> {
    if !(0..reached.len()).any(|leaf| reached[leaf] && study.decided(leaf).is_none()) {
        return Ok(None);
    }
    let is_undecided = |call: &Call| eval::decide(study.plan, call).line.is_none();
    witness::find(region, &|leaf| study.decided(leaf).is_none(), &is_undecided)
}

/// The first statement `fallback` that decides a call.
fn first_fallback<'p>(study: &Study<'p>, reached: &[bool]) -> Option<&'p Statement> {
    (0..reached.len())
        .filter(|leaf| reached[*leaf])
        .filter_map(|leaf| study.clauses.clauses[study.decided(leaf)?].decision)
        .map(|decision| decision.statement)
        .filter(|statement| matches!(statement.kind, StatementKind::Fallback))
        .min_by_key(|statement| statement.span.start)
}
