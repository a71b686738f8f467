//! Every fix that a problem offers removes that problem: each fix is tried, and a fix that fails is
//! withdrawn.

use crate::diagnostics::{Code, Diagnostic, Fix, Problems, fix};
use crate::source::Source;
use std::collections::HashMap;

/// Maximum size of the text that is checked again to try fixes, in bytes. Fixes beyond this limit
/// are withdrawn untried.
const MAX_BYTES: usize = 1024 * 1024;
/// Cost of one problem in a check, in bytes of text without problems.
const BYTES_OF_A_PROBLEM: usize = 200;
/// Maximum number of times that a text is checked again.
const MAX_TRIALS: usize = 48;

/// The same problems, with the fixes that remove their problem and add no other.
///
/// `judge` finds the problems of a text, those of the kind that are given among them. Fixes that do
/// not meet are tried together, and apart only where together some do not work; so ten thousand
/// slips of one kind take one trial.
pub(crate) fn keep_those_that_work(
    source: &Source,
    problems: Problems,
    judge: &dyn Fn(&Source) -> Problems,
) -> Problems {
    let mut problems: Vec<Diagnostic> = problems.into_iter().collect();
    let fixes: Vec<Vec<Fix>> = problems.iter_mut().map(|problem| std::mem::take(&mut problem.fixes)).collect();
    let cost = source.text().len() + problems.len() * BYTES_OF_A_PROBLEM;
    let trials = (MAX_BYTES / cost.max(1)).clamp(1, MAX_TRIALS);
    let mut trial =
        Trial { source, judge, before: ProblemCounts::of(&problems), problems: &problems, fixes: &fixes, trials };
    let mut works: Vec<Vec<bool>> = fixes.iter().map(|fixes| vec![false; fixes.len()]).collect();
    for (problem, fix) in trial.that_work() {
        works[problem][fix] = true;
    }
    for ((problem, fixes), works) in problems.iter_mut().zip(fixes).zip(works) {
        problem.fixes = fixes.into_iter().zip(works).filter_map(|(fix, works)| works.then_some(fix)).collect();
    }
    problems.into_iter().collect()
}

/// A problem and one of its fixes, by their indices.
pub(super) type FixPlace = (usize, usize);

struct Trial<'a> {
    source: &'a Source,
    judge: &'a dyn Fn(&Source) -> Problems,
    before: ProblemCounts<'a>,
    problems: &'a [Diagnostic],
    fixes: &'a [Vec<Fix>],
    /// How many are left.
    trials: usize,
}

impl Trial<'_> {
    fn that_work(&mut self) -> Vec<FixPlace> {
        let all = self.fixes.iter().enumerate();
        let mut waiting: Vec<FixPlace> =
            all.flat_map(|(problem, fixes)| (0..fixes.len()).map(move |fix| (problem, fix))).collect();
        let mut working = Vec::new();
        while !waiting.is_empty() && self.trials > 0 {
            let (together, later) = self.apart(waiting);
            self.try_together(together, &mut working);
            waiting = later;
        }
        working
    }

    /// Fixes to try together: one of each problem, none of which meets another. The rest waits.
    fn apart(&self, waiting: Vec<FixPlace>) -> (Vec<FixPlace>, Vec<FixPlace>) {
        let (mut last, mut end) = (None, 0);
        waiting.into_iter().partition(|(problem, fix)| {
            let edits = &self.fixes[*problem][*fix].edits;
            let (Some(first), Some(reach)) = (edits.first(), edits.iter().map(|edit| edit.span.end).max()) else {
                return false;
            };
            let fits = last != Some(*problem) && (last.is_none() || first.span.start > end);
            if fits {
                (last, end) = (Some(*problem), reach);
            }
            fits
        })
    }

    fn try_together(&mut self, fixes: Vec<FixPlace>, working: &mut Vec<FixPlace>) {
        let mut waiting = vec![fixes];
        while let Some(mut fixes) = waiting.pop() {
            if self.trials == 0 {
                return;
            }
            self.trials -= 1;
            if self.work(&fixes) {
                working.append(&mut fixes);
            } else if fixes.len() > 1 {
                let second = fixes.split_off(fixes.len() / 2);
                waiting.extend([second, fixes]);
            }
        }
    }

    /// Whether all these problems are gone once the fixes are made, and nothing has become
    /// unreadable. What could not be read before may show other mistakes now.
    fn work(&self, places: &[FixPlace]) -> bool {
        let fixes = places.iter().map(|(problem, fix)| &self.fixes[*problem][*fix]);
        let (edited, made) = fix::apply_all(self.source.text(), fixes);
        if made < places.len() || edited == self.source.text() {
            return false;
        }
        let after: Vec<Diagnostic> = (self.judge)(&Source::new(self.source.name(), edited)).into_iter().collect();
        let after = ProblemCounts::of(&after);
        let fixed: Vec<&Diagnostic> = places.iter().map(|(problem, _)| &self.problems[*problem]).collect();
        let fixed = ProblemCounts::of(fixed);
        let gone = |(kind, count): (&CodeAndMessage, &usize)| after.of_kind(kind) + count <= self.before.of_kind(kind);
        fixed.messages.iter().all(gone) && after.of_code(Code::Syntax) <= self.before.of_code(Code::Syntax)
    }
}

/// A problem's code and message.
type CodeAndMessage<'p> = (Code, &'p str);

/// How often each problem is there, whatever its place: an edit moves the places of all that
/// follow.
struct ProblemCounts<'p> {
    messages: HashMap<CodeAndMessage<'p>, usize>,
    codes: HashMap<Code, usize>,
}

impl<'p> ProblemCounts<'p> {
    fn of(problems: impl IntoIterator<Item = &'p Diagnostic>) -> Self {
        let mut counts = Self { messages: HashMap::new(), codes: HashMap::new() };
        for problem in problems {
            *counts.messages.entry((problem.code, problem.message.as_str())).or_default() += 1 + problem.more;
            *counts.codes.entry(problem.code).or_default() += 1 + problem.more;
        }
        counts
    }

    fn of_kind(&self, kind: &CodeAndMessage) -> usize {
        self.messages.get(kind).copied().unwrap_or(0)
    }

    fn of_code(&self, code: Code) -> usize {
        self.codes.get(&code).copied().unwrap_or(0)
    }
}
