//! Any bytes as the text of a plan: it is checked, its fixes are applied, and its problems are
//! drawn. A readable text is formatted. A plan decides calls, compiled and by the reference
//! evaluator.

#![no_main]

use callplan::compile::{Budget, CompiledPlan};
use callplan::diagnostics::{Problems, fix, json, text};
use callplan::format::format;
use callplan::{Call, CheckedPlan, Source, check, syntax};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let written = String::from_utf8_lossy(bytes);
    let options = check::Options { today: Some(jiff::civil::date(2026, 11, 24)), ..Default::default() };
    let source = Source::new("fuzz", written.as_ref());
    let report = callplan::check(&source, &options);
    for problem in report.problems.iter() {
        assert!(source.text().get(problem.span.range()).is_some(), "a place inside a character: {problem:?}");
        for fix in &problem.fixes {
            assert_ne!(fix::apply(source.text(), fix), source.text(), "an edit that changes nothing: {problem:?}");
        }
    }
    text::draw_all(&source, &report.problems, text::Style::Plain);
    json::document(&source, &report.problems);
    lay_out(&source, report.plan.is_some());
    if let Some(plan) = report.plan {
        plan.try_examples();
        let calls = calls(&plan, &written);
        let compiled = CompiledPlan::new(plan, options.today, Budget::default());
        for call in calls {
            let (decision, _) = compiled.explain(&call);
            assert_eq!(decision, compiled.plan().decide(&call), "the trace decides otherwise: {call:?}");
            assert_eq!(decision, compiled.decide(&call), "compiled, it decides otherwise: {call:?}");
        }
    }
});

/// Every plan has a layout, which can be read without problems and is its own layout.
fn lay_out(source: &Source, is_plan: bool) {
    let read = |source: &Source| {
        let mut problems = Problems::new();
        syntax::parse(source, &mut problems).filter(|_| problems.is_empty())
    };
    let Some(tree) = read(source) else { return };
    let once = format(&tree);
    assert!(once.is_some() || !is_plan, "a plan has no layout");
    let Some(once) = once else { return };
    let again = read(&Source::new("layout", once.as_str())).expect("a layout has no problem");
    assert_eq!(format(&again), Some(once), "laid out twice, it differs");
}

/// Calls between numbers that the plan names, with its switches, at the times of its examples and
/// at others.
fn calls(plan: &CheckedPlan, written: &str) -> Vec<Call> {
    let words: Vec<&str> = written.split([' ', '\n', ',', '[', ']', '"', '{', '}', '(', ')']).collect();
    let numbers = words.iter().filter(|word| word.starts_with('+')).chain(&["anonymous", "1001", ""]).take(8);
    let timestamps =
        ["2026-12-25T12:00:00Z", "2026-03-08T10:00:00Z", "2011-12-30T10:30:00Z", "-009999-01-02T02:00:00Z"];
    let made = numbers.zip(timestamps.into_iter().cycle()).map(|(number, timestamp)| Call {
        switches: plan.switches().to_vec(),
        ..Call::new("+18005550100", timestamp.parse().expect("an instant"))
            .with_caller(number.trim_end_matches('*'))
            .with_trunk("main")
    });
    made.chain(plan.examples().iter().take(8).map(|example| example.call().clone())).collect()
}
