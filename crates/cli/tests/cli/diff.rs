//! `callplan diff`, on a draft of `examples/drafts/` and on small edits.

use super::command::{Invocation, OFFICE, callplan};
use insta::assert_snapshot;

const DRAFT: &str = "examples/riverside_dental.callplan examples/drafts/riverside_dental.callplan";

fn draft(line: &str) -> Invocation {
    callplan(&format!("diff {DRAFT} --today 2026-11-26 {line}")).with_examples()
}

/// The changes from [`OFFICE`] to the same plan with some words replaced.
fn edited(from: &str, to: &str) -> Invocation {
    let new = OFFICE.replacen(from, to, 1);
    assert_ne!(new, OFFICE, "there is no {from}");
    callplan("diff old.callplan new.callplan --today 2026-11-26").file("old.callplan", OFFICE).file("new.callplan", new)
}

#[test]
fn a_draft_is_told_by_the_calls_it_changes() {
    assert_snapshot!(draft("").run().different());
}

#[test]
fn calls_of_a_log_are_counted() {
    let run = draft("--calls examples/calls/riverside_dental.csv").run().different();
    assert!(run.stdout.contains("\nof 62 calls in the log, 15 are decided differently\n"), "{run}");
    assert!(run.stdout.contains("\n  in the log  12 calls\n"), "{run}");
}

#[test]
fn as_data() {
    let run = edited("mon-fri 09:00-17:00", "mon-fri 09:00-18:00").arg("--format").arg("json").run().different();
    assert_snapshot!(run.stdout);
}

#[test]
fn what_means_the_same_is_the_same() {
    let run = edited("rule \"Open\" when office is open", "# Anybody.\nwhen office is open").run().fine();
    assert_eq!(run.stdout, "the same: no call is decided differently, of all calls from 2026-11-26 to 2031-12-31\n");
}

#[test]
fn context_metadata_and_skip_are_told_apart_from_agents() {
    let edits = [
        ("because of the storm.", "because of a storm."),
        ("skip pre_conversation_workflow\n", ""),
        ("site: \"main\"", "site: \"annex\""),
        ("version 3", "version 4"),
        ("when trunk is \"overflow\" { fallback }", ""),
        ("reject \"no number, no call\"", "reject \"withheld\""),
    ];
    let message = edits.map(|(from, to)| {
        let run = edited(from, to).run();
        assert_eq!(run.stderr, "", "{run}");
        format!("----- {} => {}\n{}", from.trim_end(), to, run.stdout)
    });
    assert_snapshot!(message.join("\n"));
}

#[test]
fn a_log_that_cannot_be_read_in_full_is_complained_of() {
    let log =
        "caller_number,called_number,timestamp\n+14155550100,+18005550100,2026-12-07T17:30:00-05:00\n+1,,yesterday\n";
    let run = edited("09:00-17:00", "09:00-18:00").file("log.csv", log).arg("--calls").arg("log.csv").run();
    assert_snapshot!(run);
}

#[test]
fn a_plan_with_errors_changes_nothing_that_could_be_told() {
    let run = edited("route to frontdesk", "route to frontdsk").run();
    assert_eq!(run.stdout, "");
    assert!(run.message(1).contains("did you mean `frontdesk`?"));
}

#[test]
fn two_plans_from_standard_input_are_one_too_many() {
    assert_snapshot!(callplan("diff - -").stdin(OFFICE).run().message(2));
}

#[test]
fn the_largest_changes_are_shown_unless_all_are_asked_for() {
    let plan = |agent: &str| -> String {
        let rules =
            (10..55).map(|at| format!("rule \"{at}\" when dialed is +180055501{at} {{ route to \"{agent}\" }}\n"));
        rules.collect::<String>() + "reject\n"
    };
    let run = |line: &str| {
        let files = callplan(&format!("diff old new {line}")).file("old", plan("a")).file("new", plan("b"));
        files.run().different().stdout
    };
    let (some, all) = (run(""), run("--all"));
    assert!(some.ends_with("\n\nand 5 smaller changes; `--all` shows them\n"), "{some}");
    assert_eq!((some.matches("such as").count(), all.matches("such as").count()), (40, 45));
}
