//! Keeps problems few: those of one kind stand together once there are many, with one fix for all
//! of them.
//!
//! This happens twice. While problems are gathered, so that a text of 8 MiB with a problem at each
//! byte takes bounded memory; and at the end of a check, so that an answer stays one that people
//! can read.

use std::collections::HashMap;

use super::{Code, Diagnostic, Fix, Grade};

/// Maximum number of problems that a check reports.
pub(super) const MAX_PROBLEMS: usize = 500;
/// Maximum number of problems of one kind that are reported separately.
const TOLD: usize = 20;
/// Maximum number of problems of one kind that are kept during a check.
const KEPT_OF_A_KIND: usize = 10_000;
/// Maximum number of problems of all kinds that are kept during a check.
const KEPT: usize = 100_000;
/// Maximum number of edits of one fix for many problems. Further ones take another pass.
const MAX_EDITS: usize = 1_000_000;

/// What makes two problems alike: their code, their words without what these quote, and what fixes
/// them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ProblemKind {
    code: Code,
    words: String,
    /// The grade of the only fix; `None` where there is none, or one to choose.
    fix: Option<Grade>,
}

impl ProblemKind {
    fn of(problem: &Diagnostic) -> Self {
        let outside = problem.message.split('`').step_by(2);
        let words = outside.flat_map(|words| words.chars().filter(|letter| !letter.is_ascii_digit())).collect();
        Self { code: problem.code, words, fix: only_fix(problem).map(|fix| fix.grade) }
    }
}

fn only_fix(problem: &Diagnostic) -> Option<&Fix> {
    match problem.fixes.as_slice() {
        [only] => Some(only),
        [] | [_, ..] => None,
    }
}

/// The number of problems of each kind so far, and the place of the last.
#[derive(Clone, Debug, Default)]
pub(super) struct ProblemTally {
    kinds: HashMap<ProblemKind, (usize, usize)>,
}

impl ProblemTally {
    /// Adds a problem to those found, or to the last of its kind; gives it back where neither has
    /// room for it.
    pub fn gather(&mut self, found: &mut Vec<Diagnostic>, problem: Diagnostic) -> Option<Diagnostic> {
        let kind = ProblemKind::of(&problem);
        let is_full = found.len() >= KEPT;
        match self.kinds.get_mut(&kind) {
            Some((count, last)) if *count >= KEPT_OF_A_KIND || is_full => {
                add(&mut found[*last], problem);
                return None;
            }
            Some(known) => *known = (known.0 + 1, found.len()),
            None if is_full => return Some(problem),
            None => drop(self.kinds.insert(kind, (1, found.len()))),
        }
        found.push(problem);
        None
    }
}

/// Has one problem stand for another, with its fix.
fn add(holder: &mut Diagnostic, problem: Diagnostic) {
    holder.more += 1 + problem.more;
    if let ([fix], [other]) = (holder.fixes.as_mut_slice(), problem.fixes.as_slice()) {
        add_fix(fix, other);
    }
}

/// Adds the edits of another fix, if they come after those that are there. Others are left to
/// another pass: edits of one fix may not meet.
fn add_fix(fix: &mut Fix, other: &Fix) -> bool {
    let (Some(last), Some(first)) = (fix.edits.last(), other.edits.first()) else { return false };
    let follows = first.span.start >= last.span.end && first.span.start > last.span.start;
    let fits = follows && fix.edits.len() + other.edits.len() <= MAX_EDITS;
    if fits {
        fix.edits.extend(other.edits.iter().cloned());
    }
    fits
}

/// Has the twenty-first of a kind stand for all that follow, with the fixes of all. The problems
/// are by place.
pub(super) fn kinds(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let kinds: Vec<ProblemKind> = found.iter().map(ProblemKind::of).collect();
    let mut counts: HashMap<&ProblemKind, usize> = HashMap::new();
    for (kind, problem) in kinds.iter().zip(&found) {
        *counts.entry(kind).or_default() += 1 + problem.more;
    }
    let mut groups: HashMap<&ProblemKind, ProblemGroup> = HashMap::new();
    let mut folded = Vec::with_capacity(found.len());
    for (kind, problem) in kinds.iter().zip(found) {
        match counts[kind] <= TOLD {
            true => folded.push(problem),
            false => folded.extend(groups.entry(kind).or_default().take(problem)),
        }
    }
    folded.extend(groups.into_values().filter_map(ProblemGroup::rest));
    folded
}

/// Many problems of one kind.
#[derive(Default)]
struct ProblemGroup {
    told: usize,
    /// The first that is not told by itself.
    rest: Option<Diagnostic>,
    /// The fix of all, and whether it has those of all.
    fix: Option<Fix>,
    is_partial: bool,
}

impl ProblemGroup {
    /// Takes a problem, and returns it if it is reported separately.
    fn take(&mut self, mut problem: Diagnostic) -> Option<Diagnostic> {
        if let [only] = problem.fixes.as_slice() {
            match &mut self.fix {
                None => self.fix = Some(only.clone()),
                Some(fix) => self.is_partial |= !add_fix(fix, only),
            }
            problem.fixes.clear();
        }
        if self.told < TOLD && problem.more == 0 {
            self.told += 1;
            return Some(problem);
        }
        match &mut self.rest {
            Some(rest) => rest.more += 1 + problem.more,
            None => self.rest = Some(problem),
        }
        None
    }

    /// The problem that stands for those that were not told.
    fn rest(self) -> Option<Diagnostic> {
        let mut rest = self.rest?;
        rest.message = format!("{} more like it: {}", thousands(rest.more + 1), rest.message);
        if let Some(mut fix) = self.fix {
            let title = if self.is_partial { "fix as many of them as one pass can" } else { "fix all of them" };
            title.clone_into(&mut fix.title);
            rest.fixes = vec![fix];
        }
        Some(rest)
    }
}

/// `19,980`
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Problems, Severity};
    use crate::source::Span;

    fn problem(at: usize) -> Diagnostic {
        let span = Span::new(2 * at, 2 * at + 1);
        Diagnostic::new(Code::BadNumber, span, format!("`+{at}` has {at} digits")).fix("write `+1`", span, "+1")
    }

    #[test]
    fn the_first_twenty_are_told_and_the_next_stands_for_the_rest() {
        let folded = Problems::from_iter((0..20_000).map(problem)).folded();
        let all: Vec<_> = folded.iter().collect();
        assert_eq!(all.len(), 21);
        assert!(all[20].message.starts_with("19,980 more like it: `+20` has"), "{}", all[20].message);
        assert_eq!(all.iter().map(|problem| problem.fixes.len()).sum::<usize>(), 1);
        assert_eq!(all[20].fixes[0].edits.len(), 20_000);
        assert_eq!(folded.count(Severity::Error), 20_000);
    }

    #[test]
    fn twenty_of_a_kind_keep_a_fix_each() {
        let folded = Problems::from_iter((0..20).map(problem)).folded();
        assert!(folded.len() == 20 && folded.iter().all(|problem| problem.fixes.len() == 1 && problem.more == 0));
    }

    #[test]
    fn many_of_a_kind_are_gathered_as_ten_thousand() {
        let gathered = Problems::from_iter((0..30_000).map(problem));
        assert_eq!(gathered.len(), KEPT_OF_A_KIND);
        assert_eq!(gathered.count(Severity::Error), 30_000);
        let folded = gathered.folded();
        assert_eq!(folded.iter().flat_map(|problem| &problem.fixes).map(|fix| fix.edits.len()).sum::<usize>(), 30_000);
    }

    #[test]
    fn however_many_kinds_there_are_errors_are_told_first() {
        let word = |at: usize| ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][at % 10];
        let words = |at: usize| format!("{} {} {} {}", word(at), word(at / 10), word(at / 100), word(at / 1000));
        let warning = |at: usize| Diagnostic::new(Code::UnusedName, Span::new(at, at), words(at));
        let error = Diagnostic::new(Code::Syntax, Span::new(9_999, 9_999), "an error");
        let folded = Problems::from_iter((0..2_000).map(warning).chain([error])).folded();
        assert!(folded.has_errors() && folded.len() == MAX_PROBLEMS);
        assert_eq!((folded.left_out(), folded.count(Severity::Warning)), (1_501, 2_000));
    }

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!([1, 999, 1_000, 1_234_567].map(thousands), ["1", "999", "1,000", "1,234,567"]);
    }
}
