//! Shows which rules and boundaries the examples of a plan reach, for `callplan test --coverage`.

use std::io::{self, Write};
use std::path::Path;

use jiff::civil::Date;

use super::{examples, input, words};
use callplan::CheckedPlan;
use callplan::analyze::Limits;
use callplan::analyze::coverage::{Coverage, CoverageCount, coverage};
use callplan::analyze::examples::ExamplesOverBudget;

/// Writes how many rules and boundaries the examples reach, and each one that they miss.
pub fn write(plan: &CheckedPlan, path: &Path, today: Date, out: &mut impl Write) -> io::Result<()> {
    match coverage(plan, today, &Limits::for_text(plan.source().text().len())) {
        Ok(coverage) => write_coverage(plan, path, &coverage, out),
        Err(ExamplesOverBudget) => writeln!(out, "  coverage: not computed, this plan goes beyond the budget"),
    }
}

fn write_coverage(plan: &CheckedPlan, path: &Path, coverage: &Coverage, out: &mut impl Write) -> io::Result<()> {
    let of = |count: &CoverageCount, one: &str, more: &str| {
        format!("{} of {} {}", count.reached, count.all, if count.all == 1 { one } else { more })
    };
    let (rules, boundaries) =
        (of(&coverage.rules, "rule", "rules"), of(&coverage.boundaries, "boundary", "boundaries"));
    writeln!(out, "  coverage: {rules}, {boundaries}")?;
    let width =
        coverage.misses.iter().map(|miss| plan.source().line(miss.span.start)).max().unwrap_or(0).to_string().len();
    for miss in &coverage.misses {
        let line = plan.source().line(miss.span.start);
        writeln!(out, "    no example, line {line:<width$}  {}", words::clean(&miss.what))?;
    }
    if coverage.unknown > 0 {
        writeln!(out, "    {}", examples::beyond_the_budget(coverage.unknown))?;
    }
    if !coverage.misses.is_empty() && !input::is_stdin(path) {
        let command = format!("callplan examples {}", words::clean(plan.source().name()));
        writeln!(out, "    `{command}` writes the examples that are missing")?;
    }
    Ok(())
}
