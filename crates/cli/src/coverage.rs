//! What the examples of a plan reach, as `callplan test --coverage` shows it after their results.

use std::io::{self, Write};
use std::path::Path;

use jiff::civil::Date;

use super::{examples, input, words};
use callplan::CheckedPlan;
use callplan::analyze::Limits;
use callplan::analyze::coverage::{Coverage, CoverageCount, coverage};
use callplan::analyze::examples::ExamplesOverBudget;

/// Writes how many rules and boundaries the examples reach, and each that they do not.
pub fn write(plan: &CheckedPlan, path: &Path, today: Date, out: &mut impl Write) -> io::Result<()> {
    match coverage(plan, today, &Limits::for_text(plan.source().text().len())) {
        Ok(found) => write_found(plan, path, &found, out),
        Err(ExamplesOverBudget) => writeln!(out, "  coverage: not worked out, this plan goes beyond the budget"),
    }
}

fn write_found(plan: &CheckedPlan, path: &Path, found: &Coverage, out: &mut impl Write) -> io::Result<()> {
    let of = |count: &CoverageCount, one: &str, more: &str| {
        format!("{} of {} {}", count.reached, count.all, if count.all == 1 { one } else { more })
    };
    let (rules, boundaries) = (of(&found.rules, "rule", "rules"), of(&found.boundaries, "boundary", "boundaries"));
    writeln!(out, "  coverage: {rules}, {boundaries}")?;
    let width =
        found.misses.iter().map(|miss| plan.source().line(miss.span.start)).max().unwrap_or(0).to_string().len();
    for miss in &found.misses {
        let line = plan.source().line(miss.span.start);
        writeln!(out, "    no example, line {line:<width$}  {}", words::clean(&miss.what))?;
    }
    if found.unknown > 0 {
        writeln!(out, "    {}", examples::beyond_the_budget(found.unknown))?;
    }
    if !found.misses.is_empty() && !input::is_stdin(path) {
        let command = format!("callplan examples {}", words::clean(plan.source().name()));
        writeln!(out, "    `{command}` writes the examples that are missing")?;
    }
    Ok(())
}
