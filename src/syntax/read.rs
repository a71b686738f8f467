//! Reads a text by the grammar, and reads it again with the fixes that it offers itself: so that a
//! misspelled word hides nothing of what follows it, and no fix is offered after which the same
//! place cannot be read.

use super::repair::Repair;
use super::{ast, build};
use crate::diagnostics::{Diagnostic, Edit, Grade, Problems, Reported};
use crate::source::Span;
use std::collections::{BTreeSet, HashSet};

/// Maximum number of times that a text is parsed.
const MAX_READINGS: usize = 4;

/// What a text says, as far as it could be read.
pub(super) struct ReadText {
    pub plan: ast::Plan,
    /// The text that the plan's places speak of.
    pub text: String,
    /// Places in the original.
    pub problems: Vec<Diagnostic>,
}

/// Reads a text that `repair` has led to, and again with the fixes of what it could not read, which
/// become a part of `repair`. `before` is set where an error was raised on the way to the text.
pub(super) fn read(mut text: String, mut before: Option<Reported>, repair: &mut Repair) -> ReadText {
    let mut problems = Vec::new();
    let (mut plan, mut found) = read_once(&text, before);
    for _ in 1..MAX_READINGS {
        let Some(fixed) = read_fixed(&text, &mut found, before, repair) else { break };
        before = before.or_else(|| fixed.told.iter().cloned().collect::<Problems>().reported());
        problems.extend(fixed.told);
        (text, plan, found) = (fixed.text, fixed.plan, fixed.found);
    }
    problems.extend(found.into_iter().map(|problem| repair.restore(problem)));
    ReadText { plan, text, problems }
}

/// A text with fixes made.
struct FixedText {
    text: String,
    plan: ast::Plan,
    /// The problems that were fixed, with places in the original.
    told: Vec<Diagnostic>,
    /// What is left.
    found: Vec<Diagnostic>,
}

/// Makes all fixes that leave nothing to choose. Those that only lead to the next error are taken
/// out of `found`.
fn read_fixed(
    text: &str,
    found: &mut [Diagnostic],
    before: Option<Reported>,
    repair: &mut Repair,
) -> Option<FixedText> {
    // The second time without those that did not help.
    for _ in 0..2 {
        let fixes = firsts(text, found);
        if fixes.is_empty() {
            return None;
        }
        let told: Vec<Diagnostic> = fixes.iter().map(|at| repair.restore(found[*at].clone())).collect();
        let edits: Vec<Edit> = fixes.iter().flat_map(|at| found[*at].fixes[0].edits.clone()).collect();
        let fixed = repair.apply(text.to_owned(), edits);
        let before = before.or_else(|| told.iter().cloned().collect::<Problems>().reported());
        let (plan, after) = read_once(&fixed, before);
        let unhelpful = unhelpful(text, found, &fixes, &after, repair);
        if unhelpful.is_empty() {
            return Some(FixedText { text: fixed, plan, told, found: after });
        }
        repair.undo();
        unhelpful.into_iter().for_each(|at| found[at].fixes.clear());
    }
    None
}

/// The problems that offer a fix that leaves nothing to choose, one for each line: the others on it
/// may come of it.
fn firsts(text: &str, found: &[Diagnostic]) -> Vec<usize> {
    let mut fixes: Vec<(Span, usize)> = (0..found.len())
        .filter(|at| is_certain(&found[*at]))
        .filter_map(|at| Some((found[at].fixes[0].edits.iter().map(|edit| edit.span).reduce(Span::to)?, at)))
        .collect();
    fixes.sort_unstable();
    let mut end = None;
    fixes.retain(|(span, _)| {
        let start = span.start as usize;
        let is_first = end.is_none_or(|end| start > end && text[end..start].contains('\n'));
        if is_first {
            end = Some(span.end as usize);
        }
        is_first
    });
    fixes.into_iter().map(|(_, at)| at).collect()
}

/// The problems whose fixes only lead to another one in the same place, which nothing fixes.
fn unhelpful(
    text: &str,
    found: &[Diagnostic],
    fixes: &[usize],
    after: &[Diagnostic],
    repair: &Repair,
) -> BTreeSet<usize> {
    let known: HashSet<(Span, &str)> = found.iter().map(|problem| (problem.span, problem.message.as_str())).collect();
    let mut places: Vec<(usize, usize)> = fixes
        .iter()
        .map(|at| (found[*at].fixes[0].edits.first().map_or(0, |edit| edit.span.start as usize), *at))
        .collect();
    places.sort_unstable();
    let mut unhelpful = BTreeSet::new();
    for problem in after.iter().filter(|problem| !is_certain(problem)) {
        let span = repair.restore_last(problem.span);
        if known.contains(&(span, problem.message.as_str())) {
            continue;
        }
        // The last fix before it, if it is on the same line or the one before.
        let start = span.start as usize;
        let last = places.partition_point(|(place, _)| *place <= start).checked_sub(1);
        let near = last.map(|last| places[last]).filter(|(place, _)| text[*place..start].matches('\n').count() <= 1);
        unhelpful.extend(near.map(|(_, at)| at));
    }
    unhelpful
}

/// Whether a problem offers a single fix, which is safe.
fn is_certain(problem: &Diagnostic) -> bool {
    matches!(&problem.fixes[..], [fix] if fix.grade == Grade::Safe)
}

fn read_once(text: &str, before: Option<Reported>) -> (ast::Plan, Vec<Diagnostic>) {
    let mut found = Problems::new();
    let plan = build::plan(text, before, &mut found);
    // A rule and its `when`, read again one after the other, stop at one place.
    let mut found: Vec<Diagnostic> = found.into_iter().collect();
    found.dedup();
    (plan, found)
}
