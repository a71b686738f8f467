//! Draws problems on standard error, for every command.

use std::io::Write;

use super::{Stop, style};
use callplan::check::Options;
use callplan::diagnostics::{Severity, text};
use callplan::{CheckedPlan, Problems, Source};

/// The plan, if its text has no errors; failing examples do not count. Otherwise the errors have
/// been drawn.
pub fn runnable(source: &Source) -> Result<Option<CheckedPlan>, Stop> {
    let report = callplan::check(source, &Options::default());
    if report.plan.is_none() {
        refuse_internal_error(source, &report.problems)?;
        draw(source, &report.problems.into_iter().filter(|problem| problem.severity() == Severity::Error).collect());
    }
    Ok(report.plan)
}

/// Stops after a mistake of callplan itself: the other problems of the same check cannot be relied
/// on.
pub fn refuse_internal_error(source: &Source, problems: &Problems) -> Result<(), Stop> {
    let Some(problem) = problems.internal_error() else { return Ok(()) };
    let (name, line) = (source.name(), source.line(problem.span.start));
    draw(source, &std::iter::once(problem.clone()).collect());
    Err(Stop::WrongUse(format!("callplan made a mistake at line {line} of `{name}`, so the plan is refused")))
}

/// Draws problems on standard error.
pub fn draw(source: &Source, problems: &Problems) {
    let drawn = text::draw_all(source, problems, style(&std::io::stderr()));
    // The result is ignored: without standard error, nobody can be told.
    let _ = write!(anstream::stderr(), "{drawn}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use callplan::Diagnostic;
    use callplan::source::Span;

    #[test]
    fn a_mistake_of_callplan_stops_the_command_and_names_its_line() {
        let source = Source::new("office.callplan", "fallback\nroute to a\n");
        let lost = Diagnostic::internal(Span::new(9, 19), "this is not in the plan that was made of the text");
        let Err(Stop::WrongUse(message)) = refuse_internal_error(&source, &std::iter::once(lost).collect()) else {
            panic!("the command goes on");
        };
        assert_eq!(message, "callplan made a mistake at line 2 of `office.callplan`, so the plan is refused");
        assert!(refuse_internal_error(&source, &Problems::new()).is_ok());
    }
}
