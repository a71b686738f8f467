//! No diagnostic offers an edit that does not mend it: each is tried, and those that fail are taken back.

use crate::check::Options;
use crate::diagnostics::{Code, Diagnostic, Fix, Problems, fix};
use crate::judge;
use crate::source::Source;
use std::collections::HashMap;

/// How much text is checked again to try edits, in bytes; beyond it, edits are taken back untried.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// How many edits are tried at most.
const MOST_TRIALS: usize = 200;

/// The same problems, with the edits that mend what they say and break nothing.
pub(crate) fn keep_those_that_work(source: &Source, options: &Options, problems: Problems) -> Problems {
    let length = source.text().len().max(1);
    let mut trials = (MOST_BYTES / length).clamp(1, MOST_TRIALS);
    let before = Counts::of(&problems);
    let tried = problems.into_iter().map(|mut problem| {
        let fixes = std::mem::take(&mut problem.fixes);
        problem.fixes = fixes
            .into_iter()
            .filter(|fix| {
                let left = trials > 0;
                trials = trials.saturating_sub(1);
                left && works(source, options, &problem, fix, &before)
            })
            .collect();
        problem
    });
    tried.collect()
}

fn works(source: &Source, options: &Options, problem: &Diagnostic, mend: &Fix, before: &Counts) -> bool {
    let edited = fix::apply(source.text(), mend);
    if edited == source.text() {
        return false;
    }
    let report = judge(&Source::new(source.name(), edited), options);
    let after = Counts::of(&report.problems);
    let gone = after.of_kind(problem) < before.of_kind(problem);
    // What could not be read before may show other mistakes now; but nothing may have become unreadable.
    gone && after.of_code(Code::Syntax) <= before.of_code(Code::Syntax)
}

/// How often each problem is there, whatever its place: an edit moves the places of all that follow.
struct Counts {
    messages: HashMap<(Code, String), usize>,
    codes: HashMap<Code, usize>,
}

impl Counts {
    fn of(problems: &Problems) -> Self {
        let mut counts = Self { messages: HashMap::new(), codes: HashMap::new() };
        for problem in problems.iter() {
            *counts.messages.entry((problem.code, problem.message.clone())).or_default() += 1;
            *counts.codes.entry(problem.code).or_default() += 1;
        }
        counts
    }

    fn of_kind(&self, problem: &Diagnostic) -> usize {
        self.messages.get(&(problem.code, problem.message.clone())).copied().unwrap_or(0)
    }

    fn of_code(&self, code: Code) -> usize {
        self.codes.get(&code).copied().unwrap_or(0)
    }
}
