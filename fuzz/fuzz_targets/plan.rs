//! Any bytes as the text of a plan: it is checked, its edits are made, and the plan, if it is one, decides calls.

#![no_main]

use callplan::diagnostics::fix;
use callplan::{Call, CheckedPlan, Source, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let written = String::from_utf8_lossy(bytes);
    let options = check::Options { today: Some(jiff::civil::date(2026, 11, 24)), agents: None };
    let source = Source::new("fuzz", written.as_ref());
    let report = callplan::check(&source, &options);
    for problem in report.problems.iter() {
        assert!(source.text().get(problem.span.range()).is_some(), "a place inside of a character: {problem:?}");
        for mend in &problem.fixes {
            assert_ne!(fix::apply(source.text(), mend), source.text(), "an edit that changes nothing: {problem:?}");
        }
    }
    if let Some(plan) = &report.plan {
        plan.try_examples();
        for call in calls(plan, &written) {
            let (decision, _) = plan.explain(&call);
            assert_eq!(decision, plan.decide(&call), "the trace decides otherwise: {call:?}");
        }
    }
});

/// Calls between numbers that the plan names, on its switches, at the times of its examples and at others.
fn calls(plan: &CheckedPlan, written: &str) -> Vec<Call> {
    let words: Vec<&str> = written.split([' ', '\n', ',', '[', ']', '"', '{', '}', '(', ')']).collect();
    let numbers = words.iter().filter(|word| word.starts_with('+')).chain(&["anonymous", "1001", ""]).take(8);
    let timestamps =
        ["2026-12-25T12:00:00Z", "2026-03-08T10:00:00Z", "2011-12-30T10:30:00Z", "-009999-01-02T02:00:00Z"];
    let made = numbers.zip(timestamps.into_iter().cycle()).map(|(number, timestamp)| Call {
        caller_number: Some(number.trim_end_matches('*').to_owned()),
        called_number: "+18005550100".to_owned(),
        trunk_id: Some("main".to_owned()),
        organization_id: None,
        timestamp: timestamp.parse().expect("an instant"),
        switches: plan.switches().to_vec(),
    });
    made.chain(plan.examples().iter().take(8).map(|example| example.call().clone())).collect()
}
