//! Makes the fixes that problems offer, checks what came of it, and does so again until there is
//! none left.

use crate::check::Options;
use crate::diagnostics::{Diagnostic, Fix, Grade, Severity, fix};
use crate::{Problems, Source};

/// Maximum number of passes. Each pass applies all fixes of one stage that do not overlap, and
/// checks the plan again.
const MAX_PASSES: usize = 200;
/// Maximum size of the texts of all passes together, in bytes. A long text gets fewer passes.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// A plan after its fixes.
#[derive(Debug)]
pub struct FixedPlan {
    /// Its text now.
    pub source: Source,
    /// What is still wrong with it.
    pub problems: Problems,
    /// How many fixes were made.
    pub count: usize,
}

/// Makes the fixes of a plan, up to a grade: safe ones alone, or suggestions too. Of a problem that
/// offers several, none is made: a person chooses.
///
/// A pass makes fixes of one sort, the first of these of which there are any: safe fixes of errors,
/// suggestions for errors, fixes of warnings, fixes that only take something out. So nothing is
/// taken out in a pass that changes anything else, and the fix of a warning is made on a plan
/// without errors that a person could have written so. What comes out has nothing left to fix, so a
/// second run changes nothing.
pub fn make(source: Source, most: Grade, options: &Options) -> FixedPlan {
    let most_passes = (MAX_BYTES / source.text().len().max(1)).clamp(4, MAX_PASSES);
    let mut earlier: Vec<FixedPlan> = Vec::new();
    let mut last = checked(source, 0, options);
    while earlier.len() < most_passes {
        let (text, made) = fix::apply_all(last.source.text(), next(&last.problems, most));
        if made == 0 || text == last.source.text() {
            break;
        }
        // Fixes that undo each other go round: wherever a run enters the circle, it ends at the
        // same text.
        if let Some(first) = earlier.iter().position(|pass| pass.source.text() == text) {
            let least =
                |one: FixedPlan, other: FixedPlan| if other.source.text() < one.source.text() { other } else { one };
            return earlier.drain(first..).fold(last, least);
        }
        let pass = checked(Source::new(last.source.name(), text), last.count + made, options);
        earlier.push(std::mem::replace(&mut last, pass));
    }
    last
}

/// A text after a number of fixes, with its problems.
fn checked(source: Source, count: usize, options: &Options) -> FixedPlan {
    let problems = crate::check(&source, options).problems;
    FixedPlan { source, problems, count }
}

/// The sorts of fixes, in the order in which they are made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum FixStage {
    Error(Grade),
    Warning,
    Removal,
}

/// The fixes of the next pass.
fn next(problems: &Problems, most: Grade) -> Vec<&Fix> {
    let offered = || only_fixes(problems).filter(|(_, fix)| fix.grade <= most);
    let first = offered().map(|(problem, fix)| sort(problem, fix)).min();
    offered().filter(|(problem, fix)| Some(sort(problem, fix)) == first).map(|(_, fix)| fix).collect()
}

/// The fixes that leave nothing to choose: those of problems that offer exactly one.
fn only_fixes(problems: &Problems) -> impl Iterator<Item = (&Diagnostic, &Fix)> {
    problems.iter().filter_map(|problem| match problem.fixes.as_slice() {
        [only] => Some((problem, only)),
        _ => None,
    })
}

fn sort(problem: &Diagnostic, fix: &Fix) -> FixStage {
    match problem.severity() {
        Severity::Error => FixStage::Error(fix.grade),
        Severity::Warning | Severity::Hint if fix.edits.iter().all(|edit| edit.text.trim().is_empty()) => {
            FixStage::Removal
        }
        Severity::Warning | Severity::Hint => FixStage::Warning,
    }
}
