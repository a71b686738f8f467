//! Shows problems, as every command does: drawn, on standard error.

use std::io::Write;

use super::style;
use crate::check::Options;
use crate::diagnostics::{Severity, text};
use crate::{CheckedPlan, Problems, Source};

/// The plan, if its text has no error, examples that fail aside; else its errors have been told.
pub fn runnable(source: &Source) -> Option<CheckedPlan> {
    let report = crate::check(source, &Options::default());
    if report.plan.is_none() {
        draw(source, &report.problems.into_iter().filter(|it| it.severity() == Severity::Error).collect());
    }
    report.plan
}

/// Draws problems on standard error.
pub fn draw(source: &Source, problems: &Problems) {
    let drawn = text::draw_all(source, problems, style(&std::io::stderr()));
    // If standard error is gone, there is nobody to tell.
    let _ = write!(anstream::stderr(), "{drawn}");
}
