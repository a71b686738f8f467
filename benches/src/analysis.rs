//! How long questions about all calls take: a check with its proofs, and the differences after one
//! rule has moved.

use callplan::analyze::Limits;
use callplan::analyze::diff::diff;
use callplan::check::Options;
use callplan::{CheckedPlan, Source};
use jiff::civil::{Date, date};

use crate::figures::{bytes, duration};
use crate::heap;
use crate::measure::least;
use crate::plans;

const TODAY: Date = date(2026, 11, 26);

/// Prints the table.
pub fn run() -> Result<(), String> {
    println!(
        "{:>7} {:>9}  {:>9} {:>9} {:>9}  {:>9} {:>9} {:>8}",
        "rules", "text", "check", "at most", "undecided", "diff", "at most", "changes"
    );
    for rules in [100, 1_000, 10_000, 20_000] {
        row(rules)?;
    }
    Ok(())
}

fn row(rules: usize) -> Result<(), String> {
    let options = Options { today: Some(TODAY), ..Options::default() };
    let before = Source::new("before", plans::rules_around(rules, Some(0)));
    let after = Source::new("after", plans::rules_around(rules, Some(rules / 2)));
    let (report, most_checked) = heap::most_held_by(|| callplan::check(&before, &options));
    let undecided = report.problems.iter().filter(|problem| problem.code.name() == "proof-undecided").count();
    let checked = least(|| callplan::check(&before, &options));
    let plan = |source: &Source| -> Result<CheckedPlan, String> {
        callplan::check(source, &options).plan.ok_or("the plan has an error".to_owned())
    };
    let (was, now) = (plan(&before)?, plan(&after)?);
    let limits = Limits::for_text(before.text().len() + after.text().len());
    let (found, most_compared) = heap::most_held_by(|| diff(&was, &now, TODAY, &limits));
    let changes = found.map_err(|_| "the plans go beyond the budget")?.changes.len();
    let compared = least(|| diff(&was, &now, TODAY, &limits));
    println!(
        "{rules:>7} {:>9}  {:>9} {:>9} {undecided:>9}  {:>9} {:>9} {changes:>8}",
        bytes(before.text().len()),
        duration(checked),
        bytes(most_checked),
        duration(compared),
        bytes(most_compared),
    );
    Ok(())
}
