//! A bracket that closes nothing, where the one that it was to close is missed further up: one mistake, not two.

use super::problems;
use crate::diagnostics::{Code, Diagnostic, Problems};

const OPENING: [char; 3] = ['{', '[', '('];

/// All problems of a text: those with its brackets, which were found first, and those with the rest.
pub(super) fn matched(brackets: Problems, mut rest: Vec<Diagnostic>) -> Vec<Diagnostic> {
    // A rule and its `when`, read again one after the other, stop at one place.
    rest.dedup();
    let (mut strays, mut all): (Vec<_>, Vec<_>) = brackets.into_iter().partition(|problem| opening(problem).is_some());
    if !strays.is_empty() {
        strays.sort_by_key(|stray| stray.span);
        all.extend(unmatched(strays, &mut rest));
    }
    all.extend(rest);
    all
}

/// The strays that no problem before them explains; what explains one gets its mend. One pass over both, by place.
fn unmatched(strays: Vec<Diagnostic>, rest: &mut [Diagnostic]) -> Vec<Diagnostic> {
    let mut order: Vec<usize> = (0..rest.len()).collect();
    order.sort_by_key(|at| rest[*at].span);
    let mut order = order.into_iter().peekable();
    // The problems that miss a bracket, for each sort of bracket, the latest last.
    let mut missing: [Vec<usize>; 3] = Default::default();
    let mut left = Vec::new();
    for stray in strays {
        while let Some(at) = order.next_if(|at| rest[*at].span < stray.span) {
            let asked = OPENING.iter().position(|opening| asks_for(&rest[at], *opening));
            asked.into_iter().for_each(|kind| missing[kind].push(at));
        }
        let kind = OPENING.iter().position(|bracket| opening(&stray) == Some(*bracket));
        match kind.and_then(|kind| Some((OPENING[kind], missing[kind].pop()?))) {
            Some((bracket, at)) => rest[at] = problems::missing_opening(rest[at].clone(), bracket),
            None => left.push(stray),
        }
    }
    left
}

/// The bracket that a stray one would close.
fn opening(problem: &Diagnostic) -> Option<char> {
    let stray = problem.message.strip_prefix(problems::STRAY_BEGINS)?.strip_suffix(problems::STRAY_ENDS)?;
    match stray {
        "}" => Some('{'),
        "]" => Some('['),
        ")" => Some('('),
        _ => None,
    }
}

fn asks_for(problem: &Diagnostic, opening: char) -> bool {
    let asks = problem.message.strip_prefix("expected ").and_then(|message| message.split(", found ").next());
    let in_list = opening == '[' && problem.message.starts_with(problems::LIST_BEGINS);
    problem.code == Code::Syntax && (in_list || asks.is_some_and(|asks| asks.contains(&format!("`{opening}`"))))
}
