//! `callplan examples`, and the output of `callplan test --coverage` before and after.

use super::command::{Invocation, OFFICE, callplan};
use insta::assert_snapshot;

/// Runs a command on a plan of `examples/`.
fn example(line: &str) -> Invocation {
    callplan(line).with_examples()
}

#[test]
fn a_small_plan_gets_what_it_needs() {
    assert_snapshot!(callplan("examples office.callplan --today 2026-12-01").file("office.callplan", OFFICE).run());
}

#[test]
fn lists_ranges_prefixes_and_countries() {
    assert_snapshot!("numbers", example("examples examples/unwanted_callers.callplan --today 2026-12-01").run());
    assert_snapshot!("languages", example("examples examples/languages_by_country.callplan --today 2026-12-01").run());
}

#[test]
fn openings_closings_and_days_off() {
    assert_snapshot!("hours", example("examples examples/lunch_closure.callplan --today 2026-12-01").run());
    assert_snapshot!("holidays", example("examples examples/holidays.callplan --today 2026-12-01").run());
}

#[test]
fn rows_and_what_they_say() {
    assert_snapshot!(example("examples examples/account_context.callplan --today 2026-12-01").run());
}

#[test]
fn what_was_added_leaves_nothing_to_add_and_passes() {
    let written = callplan("examples - --today 2026-12-01").stdin(OFFICE).run().fine().stdout;
    let whole = format!("{OFFICE}{written}");
    let run = callplan("test --coverage - --today 2026-12-01").stdin(&whole).run().fine();
    assert!(run.stdout.contains("coverage: 5 of 5 rules, 7 of 7 boundaries\n"), "{run}");
    assert!(!run.stdout.contains("no example,"), "{run}");
    let again = callplan("examples - --today 2026-12-01").stdin(&whole).run();
    assert_eq!(again.stdout, "");
    assert_eq!(again.message(0), "note: `<stdin>` has an example for every rule and both sides of every boundary\n");
}

#[test]
fn a_limit_says_what_it_leaves_out() {
    let run = callplan("examples - --limit 2 --today 2026-12-01").stdin(OFFICE).run();
    assert_eq!(run.stdout.matches("example ").count(), 2, "{run}");
    assert_snapshot!(run);
    assert!(callplan("examples - --limit 0").stdin(OFFICE).run().message(2).contains("from 1 to 2000"));
}

#[test]
fn coverage_names_each_miss_with_its_line() {
    assert_snapshot!(
        callplan("test --coverage office.callplan --today 2026-12-01").file("office.callplan", OFFICE).run()
    );
}

#[test]
fn a_plan_with_errors_gets_none() {
    assert_snapshot!(callplan("examples -").stdin("when caller is nobody { reject }\nreject").run());
}
