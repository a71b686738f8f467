//! A bracket that closes nothing, where the one that it was to close is missed further up: one mistake, not two.

use super::problems;
use crate::diagnostics::{Code, Diagnostic, Problems};

/// All problems of a text: those with its brackets, which were found first, and those with the rest.
pub(super) fn matched(brackets: Problems, mut rest: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    // A rule and its `when`, read again one after the other, stop at one place.
    rest.dedup();
    for problem in brackets {
        let missed = opening(&problem).and_then(|opening| {
            let misses = |other: &&mut Diagnostic| other.span < problem.span && asks_for(other, opening);
            rest.iter_mut().rev().find(misses).map(|other| (opening, other))
        });
        match missed {
            Some((opening, other)) => *other = problems::missing_opening(other.clone(), opening),
            None => all.push(problem),
        }
    }
    all.extend(rest);
    all
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
