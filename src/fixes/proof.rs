//! The fix of a warning is safe only where the analysis proves that every call is decided as
//! before.
//!
//! A check may grade the fix of a warning as safe. This module keeps that grade or lowers it to a
//! suggestion, so no other module needs to enforce the rule.

use super::trial::FixPlace;
use crate::analyze::Limits;
use crate::analyze::diff::diff;
use crate::check::Options;
use crate::diagnostics::{Diagnostic, Fix, Grade, Problems, Severity, fix};
use crate::plan::CheckedPlan;
use crate::source::Source;

/// Maximum size of a text for which fixes are proved, in bytes. Each proof compiles two plans.
const MAX_BYTES: usize = 128 * 1024;
/// Maximum number of proofs in one check.
const MAX_PROOFS: usize = 6;

/// The same problems, with the fixes of warnings as suggestions where it is not proved that they
/// change no decision.
///
/// `read` is the plan of a text, if it has no error. Without a plan, or without a day from which
/// calls are looked at, nothing is proved.
pub(crate) fn prove(
    source: &Source,
    plan: Option<&CheckedPlan>,
    problems: Problems,
    options: &Options,
    read: &dyn Fn(&Source) -> Option<CheckedPlan>,
) -> Problems {
    let mut problems: Vec<Diagnostic> = problems.into_iter().collect();
    let claimed: Vec<FixPlace> = claims(&problems);
    if claimed.is_empty() {
        return problems.into_iter().collect();
    }
    let proved = match plan.filter(|_| source.text().len() <= MAX_BYTES) {
        Some(plan) => {
            let mut prover = Prover { source, plan, problems: &problems, options, read, left: MAX_PROOFS };
            prover.proved(&claimed)
        }
        None => Vec::new(),
    };
    for (problem, fix) in claimed.into_iter().filter(|place| !proved.contains(place)) {
        problems[problem].fixes[fix].grade = Grade::Suggestion;
    }
    problems.into_iter().collect()
}

/// The fixes of warnings that are graded safe.
fn claims(problems: &[Diagnostic]) -> Vec<FixPlace> {
    let warnings = problems.iter().enumerate().filter(|(_, problem)| problem.severity() != Severity::Error);
    warnings
        .flat_map(|(at, problem)| {
            let fixes = problem.fixes.iter().enumerate();
            fixes.filter(|(_, fix)| fix.grade == Grade::Safe).map(move |(fix, _)| (at, fix))
        })
        .collect()
}

struct Prover<'a> {
    source: &'a Source,
    plan: &'a CheckedPlan,
    problems: &'a [Diagnostic],
    options: &'a Options<'a>,
    read: &'a dyn Fn(&Source) -> Option<CheckedPlan>,
    /// How many proofs are left.
    left: usize,
}

impl Prover<'_> {
    /// Those fixes that change no decision, each by itself and all together. They are tried
    /// together, and in halves where together they change something; so many at once cost one
    /// proof.
    fn proved(&mut self, claimed: &[FixPlace]) -> Vec<FixPlace> {
        let mut proved = Vec::new();
        let mut waiting = vec![claimed.to_vec()];
        while let Some(mut places) = waiting.pop() {
            if self.left == 0 {
                break;
            }
            self.left -= 1;
            let (taken, later) = self.apart(places.clone());
            if self.changes_nothing(&taken) {
                proved.extend(taken);
                if !later.is_empty() {
                    waiting.push(later);
                }
            } else if places.len() > 1 {
                let second = places.split_off(places.len() / 2);
                waiting.extend([second, places]);
            }
        }
        proved
    }

    /// Those fixes whose edits do not meet, and the rest.
    fn apart(&self, places: Vec<FixPlace>) -> (Vec<FixPlace>, Vec<FixPlace>) {
        let mut end = None;
        places.into_iter().partition(|place| {
            let edits = &self.fix(*place).edits;
            let (Some(first), Some(reach)) = (edits.first(), edits.iter().map(|edit| edit.span.end).max()) else {
                return false;
            };
            let fits = end.is_none_or(|end| first.span.start > end);
            if fits {
                end = Some(reach);
            }
            fits
        })
    }

    fn changes_nothing(&self, places: &[FixPlace]) -> bool {
        let Some(today) = self.options.today.filter(|_| !places.is_empty()) else { return false };
        let (edited, made) = fix::apply_all(self.source.text(), places.iter().map(|place| self.fix(*place)));
        if made < places.len() {
            return false;
        }
        let Some(fixed) = (self.read)(&Source::new(self.source.name(), edited)) else { return false };
        // Where numbers are read in another way, the diff does not compare all calls.
        if fixed.reader() != self.plan.reader() {
            return false;
        }
        let limits = Limits::of(self.plan, self.options);
        diff(self.plan, &fixed, today, &limits).is_ok_and(|diff| diff.changes.is_empty())
    }

    fn fix(&self, (problem, fix): FixPlace) -> &Fix {
        &self.problems[problem].fixes[fix]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;
    use crate::source::Span;
    use jiff::civil::date;

    const PLAN: &str = "numbers a = [+4420*, +44*]\nwhen caller in a { reject }\nfallback\n";

    /// The grade of a fix of a warning that takes out what stands at `word`, and says that it is
    /// safe.
    fn grade(plan: &str, word: &str, today: Option<jiff::civil::Date>) -> Grade {
        let source = Source::new("plan", plan);
        let options = Options { today, ..Options::default() };
        let read = |source: &Source| crate::check(source, &Options::default()).plan;
        let at = plan.find(word).expect("it is in the plan");
        let span = Span::new(at, at + word.len());
        let warning = Diagnostic::new(Code::RedundantEntry, span, "a warning").fix("take it out", span, "");
        let plan = read(&source);
        let found = prove(&source, plan.as_ref(), Problems::from_iter([warning]), &options, &read);
        found.iter().next().expect("the warning").fixes[0].grade
    }

    #[test]
    fn the_fix_of_a_warning_is_safe_only_where_no_call_is_decided_otherwise() {
        let today = Some(date(2026, 11, 24));
        assert_eq!(grade(PLAN, "+4420*, ", today), Grade::Safe);
        assert_eq!(grade(PLAN, ", +44*", today), Grade::Suggestion);
        assert_eq!(grade(PLAN, "fallback\n", today), Grade::Safe, "a call that nobody decides gets the fallback, too");
        assert_eq!(grade(PLAN, "when caller in a { reject }\n", today), Grade::Suggestion);
    }

    #[test]
    fn without_a_proof_it_is_a_suggestion() {
        assert_eq!(grade(PLAN, "+4420*, ", None), Grade::Suggestion, "calls of which day?");
        let long = format!("{PLAN}{}", "#".repeat(MAX_BYTES));
        assert_eq!(grade(&long, "+4420*, ", Some(date(2026, 11, 24))), Grade::Suggestion);
        let refused = format!("{PLAN}route to nobody\n");
        assert_eq!(grade(&refused, "+4420*, ", Some(date(2026, 11, 24))), Grade::Suggestion);
    }
}
