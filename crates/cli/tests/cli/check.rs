use super::command::{OFFICE, callplan};
use insta::assert_snapshot;

/// Two errors with fixes, and a warning that appears when they are fixed.
const WRONG: &str = r#"agent frontdesk = "a"
numbers spam = [+1900*]

when caller == +14155550100 { reject }
route to frontdsk
"#;

/// A plan with a safe fix and a suggestion.
const GRADED: &str = "agent frontdesk = \"a\"\nwhen caller == anonymous { reject }\nroute to frontdsk\n";

#[test]
fn a_plan_that_is_fine_says_so() {
    assert_snapshot!(callplan("check office.callplan").file("office.callplan", OFFICE).run());
}

#[test]
fn problems_are_drawn_and_counted() {
    assert_snapshot!(callplan("check wrong.callplan").file("wrong.callplan", WRONG).run());
}

#[test]
fn a_warning_is_fine_unless_it_is_denied() {
    let plan = "numbers spam = [+1900*]\nreject\n";
    let run = callplan("check -").stdin(plan).run();
    assert_eq!((run.stdout.as_str(), run.exit), ("<stdin>: 1 warning\n", Some(0)));
    assert_eq!(callplan("check --deny-warnings -").stdin(plan).run().exit, Some(1));
}

#[test]
fn a_hint_is_fine_even_where_warnings_are_denied() {
    let plan = "when caller.country is not GB {\n  reject\n}\nfallback\n";
    let run = callplan("check --deny-warnings -").stdin(plan).run();
    assert_eq!((run.stdout.as_str(), run.exit), ("<stdin>: 1 hint\n", Some(0)));
    let stderr = run.message(0);
    assert!(stderr.starts_with("hint[includes-unknown]: `caller.country is not GB` also holds"), "{stderr}");
}

const DESK: &str = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";
const NIGHT: &str = "1c6f7b1f-6b1d-4b62-8e7f-1d9f6b3c8f22";

/// What `check --agents` says of a plan with an agent of each of these ids.
fn with_agents(listed: &str, ids: &[&str]) -> String {
    let names: String = ids.iter().enumerate().map(|(at, id)| format!("agent a{at} = \"{id}\"\n")).collect();
    let routes = (0..ids.len()).map(|at| format!("when dialed is +1415555010{at} {{ route to a{at} version 7 }}\n"));
    let plan = names + &routes.collect::<String>() + "fallback\n";
    let run = callplan("check --agents agents office.callplan")
        .file("agents", listed.as_bytes())
        .file("office.callplan", plan.as_bytes())
        .run();
    let told: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with(['e', 'w'])).collect();
    format!("{}{}", told.join("\n"), run.stdout)
}

#[test]
fn agents_of_a_file_are_those_that_there_are() {
    let lists = [
        format!("# of the test system\n{DESK}\n\n"),
        format!("[\"{DESK}\"]"),
        format!(r#"[{{"id": "{DESK}", "name": "Desk"}}]"#),
        format!(r#"{{"items": [{{"id": "{DESK}", "key": "desk", "active": true}}], "next_cursor": null}}"#),
    ];
    for listed in lists {
        assert_eq!(with_agents(&listed, &[DESK]), "office.callplan: fine\n", "{listed}");
        let told = with_agents(&listed, &[DESK, NIGHT]);
        let expected = format!("error[unknown-agent]: your organization has no agent with the id `{NIGHT}`");
        assert_eq!(told, format!("{expected}office.callplan: 1 error\n"), "{listed}");
    }
    let off = format!(r#"[{{"id": "{DESK}", "active": false}}]"#);
    let told = with_agents(&off, &[DESK]);
    assert!(told.starts_with("warning[inactive-agent]"), "{told}");
}

#[test]
fn a_file_that_lists_no_agents_is_refused() {
    for (listed, why) in [
        ("", "`agents` lists no agent: every agent of a plan would be unknown"),
        ("[]", "`agents` lists no agent: every agent of a plan would be unknown"),
        (
            "{\"agents\": []}",
            "`agents` is neither the JSON of `GET /core/agents` nor a JSON list of ids; it may also be a text with \
             an id on each line",
        ),
        ("desk\nnight desk\n", "`agents` has more than an id on line 2"),
        (
            r#"{"items": ["desk"], "next_cursor": "abc"}"#,
            "`agents` is one page of the agents, and its `next_cursor` says that there are more; put the `items` of \
             all pages into one list",
        ),
    ] {
        let run = callplan("check --agents agents office.callplan")
            .file("agents", listed.as_bytes())
            .file("office.callplan", OFFICE)
            .run();
        assert_eq!(run.message(2), format!("error: {why}\n"), "{listed}");
    }
    let run = callplan("check --agents - -").stdin("desk\n").run();
    assert_eq!(run.message(2), "error: `-` is given twice, but standard input can be read only once\n");
}

#[test]
fn problems_as_data() {
    assert_snapshot!(
        callplan("check --format json office.callplan wrong.callplan")
            .file("office.callplan", OFFICE)
            .file("wrong.callplan", "route to nobody")
            .run()
    );
}

#[test]
fn one_bad_file_does_not_hide_the_others() {
    assert_snapshot!(
        callplan("check gone.callplan office.callplan latin1.callplan utf16.callplan folder")
            .file("office.callplan", OFFICE)
            .file("latin1.callplan", b"# plan\nreject \"caf\xe9\"\n")
            .file("utf16.callplan", b"\xff\xfer\0e\0j\0e\0c\0t\0")
            .file("folder/x", "")
            .run()
    );
}

#[test]
fn standard_input_is_read_once() {
    let message = callplan("check - -").stdin("reject").run().message(2);
    assert_eq!(message, "error: `-` is given twice, but standard input can be read only once\n");
}

#[test]
fn a_plan_that_is_too_large_is_not_read_to_its_end() {
    // The limit is within a character.
    let text = format!("#{}", "é".repeat(5 << 20));
    let run = callplan("check -").stdin(text).run();
    assert!(run.stderr.contains("error[too-large]") && run.exit == Some(1), "{run}");
}

#[test]
fn today_can_be_any_day() {
    let plan = "timezone UTC\nschedule office { 2026-12-24 09:00-12:00 }\nwhen office is open { reject }\nfallback\n";
    let on = |day: &str| callplan(&format!("check --today {day} -")).stdin(plan).run();
    assert!(!on("2026-12-24").stderr.contains("past-date"));
    assert!(on("2026-12-25").stderr.contains("warning[past-date]"));
    assert!(on("2026-02-30").message(2).contains("there is no such day"));
    assert!(on("tomorrow").message(2).contains("write a day such as `2026-12-24`"));
}

#[test]
fn stats_go_beside_the_result() {
    let run = callplan("check --stats --format json office.callplan").file("office.callplan", OFFICE).run();
    assert!(run.stderr.starts_with("office.callplan: 731 bytes, 26 lines, 3 rules, 4 definitions; read in "), "{run}");
    assert!(run.stdout.starts_with('['), "{run}");
}

#[test]
fn fix_changes_the_file_and_tells_the_rest() {
    let run = callplan("check --fix wrong.callplan").file("wrong.callplan", WRONG).run();
    assert_snapshot!(format!("{run}\n----- wrong.callplan\n{}", run.file("wrong.callplan")));
    assert_eq!(run.files(), ["wrong.callplan"], "nothing is left behind");
}

#[test]
fn fix_of_standard_input_goes_to_standard_output() {
    assert_snapshot!(callplan("check --fix -").stdin("when caller == +14155550100 { reject }\nfallback\n").run());
    let message = callplan("check --fix --format json -").stdin("reject").run().message(2);
    assert!(message.starts_with("error: `--fix` sends the fixed plan from `-` to standard output"), "{message}");
}

#[test]
fn fix_touches_nothing_but_what_it_fixes() {
    let plan = "\u{feff}# \u{1b}[31mred\u{1b}[0m\r\nwhen caller == anonymous { reject }\r\nfallback\r\n";
    let run = callplan("check --fix -").stdin(plan).run();
    assert_eq!(run.stdout, plan.replace("==", "is"));
}

#[test]
fn fix_makes_safe_ones_and_suggestions_where_they_are_asked_for() {
    let check = |line: &str| callplan(line).file("plan.callplan", GRADED).run();
    let run = check("check --fix plan.callplan");
    assert_eq!(run.file("plan.callplan"), GRADED.replace("==", "is"), "{run}");
    assert_eq!(run.stdout, "plan.callplan: 1 error, 1 fix made\n");
    let run = check("check --fix --suggestions plan.callplan");
    assert_eq!(run.file("plan.callplan"), GRADED.replace("==", "is").replace("frontdsk", "frontdesk"), "{run}");
    assert_eq!(run.stdout, "plan.callplan: fine, 2 fixes made\n");
}

#[test]
fn what_is_only_taken_out_is_taken_out_last_and_no_definition_is() {
    let plan = "numbers spam = [+1900*, +19005550100]\nnumbers unused = [+14155550100]\n\
                when caller == anonymous or caller in spam { reject }\nfallback\n";
    let run = callplan("check --fix plan.callplan").file("plan.callplan", plan).run();
    let fixed = plan.replace(", +19005550100", "").replace("==", "is");
    assert_eq!(run.file("plan.callplan"), fixed, "{run}");
    let run = callplan("check --fix --suggestions plan.callplan").file("plan.callplan", fixed.as_str()).run();
    assert_eq!(run.file("plan.callplan"), fixed.replace("numbers unused", "# numbers unused"), "{run}");
    let again =
        callplan("check --fix --suggestions plan.callplan").file("plan.callplan", run.file("plan.callplan")).run();
    assert_eq!(again.file("plan.callplan"), run.file("plan.callplan"), "{again}");
}

#[test]
fn of_several_fixes_none_is_made() {
    let plan = "when caller is anonymous and trunk is \"a\" or trunk is \"b\" { reject }\nfallback\n";
    let run = callplan("check --fix --suggestions plan.callplan").file("plan.callplan", plan).run();
    assert_eq!(run.file("plan.callplan"), plan);
    assert_eq!(run.stdout, "plan.callplan: 1 error\n");
}

#[test]
fn diff_shows_what_fix_would_write_and_writes_nothing() {
    let run = callplan("check --diff plan.callplan").file("plan.callplan", GRADED).run();
    assert_eq!(run.file("plan.callplan"), GRADED);
    assert_snapshot!(run);
    let run = callplan("check --diff --suggestions -").stdin(GRADED).run();
    assert_snapshot!(run.stdout);
    let run = callplan("check --diff office.callplan").file("office.callplan", OFFICE).run();
    assert_eq!((run.exit, run.stdout.as_str()), (Some(0), ""), "{run}");
}

#[test]
fn options_of_fixes_go_together() {
    let message = |line: &str| callplan(line).stdin("reject").run().message(2);
    assert!(message("check --suggestions -").contains("`--suggestions` is for `--fix` or `--diff`"));
    assert!(message("check --diff --format json -").contains("`--diff` sends the diff to standard output"));
    assert!(message("check --diff --fix -").contains("cannot be used with"));
}

#[test]
fn fix_leaves_a_plan_without_fixes_alone() {
    let run = callplan("check --fix office.callplan").file("office.callplan", OFFICE).run().fine();
    assert_eq!(run.stdout, "office.callplan: fine\n");
    assert_eq!(run.file("office.callplan"), OFFICE);
}

#[cfg(unix)]
mod on_unix {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    const FIXABLE: &str = "when caller == +14155550100 { reject }\nfallback\n";

    #[test]
    fn fix_keeps_permissions_and_links() {
        let check = callplan("check --fix link.callplan").file("real.callplan", FIXABLE);
        let (real, link) = (check.folder().join("real.callplan"), check.folder().join("link.callplan"));
        fs::set_permissions(&real, Permissions::from_mode(0o640)).unwrap();
        symlink("real.callplan", &link).unwrap();
        let run = check.run();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(real.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        assert!(run.file("real.callplan").starts_with("when caller is +14155550100"), "{run}");
    }

    #[test]
    fn fix_does_not_write_what_is_read_only() {
        let check = callplan("check --fix plan.callplan").file("plan.callplan", FIXABLE);
        fs::set_permissions(check.folder().join("plan.callplan"), Permissions::from_mode(0o444)).unwrap();
        let run = check.run();
        assert_eq!(run.file("plan.callplan"), FIXABLE);
        assert_eq!(run.message(2), "error: `plan.callplan` cannot be written: permission denied\n");
    }
}

#[test]
fn what_a_budget_does_not_reach_is_undecided() {
    let proof = "\nnever \"nobody is routed at night\" when office is closed { route to frontdesk }\n";
    let plan = || callplan("check office.callplan").file("office.callplan", format!("{OFFICE}{proof}"));
    plan().run().fine();
    assert_snapshot!(plan().arg("--budget").arg("0").run().message(0));
    let late = plan().arg("--deadline").arg("0ms").run().message(0);
    assert!(late.contains("warning[proof-undecided]"), "{late}");
    assert!(plan().arg("--deadline").arg("9m").run().fine().stdout.contains("fine"));
}

#[test]
fn how_calls_are_answered_is_told() {
    let stats = |line: &str| {
        let run = callplan(&format!("check --stats {line} --today 2026-11-26 office.callplan"));
        let message = run.file("office.callplan", OFFICE).run().message(0);
        let (before, after) = message.split_once("; read in ").expect("the times");
        let (_, after) = after.split_once("ms; ").expect("what is after the first time");
        format!("{before}; {after}")
    };
    assert_snapshot!(stats(""));
    let beyond = stats("--budget 0");
    assert!(beyond.contains("a diagram of it would go beyond the budget"), "{beyond}");
}

#[test]
fn a_time_has_a_unit() {
    let message = |time: &str| callplan(&format!("check --deadline {time} -")).stdin(OFFICE).run().message(2);
    assert!(message("soon").contains("write a time with its unit, such as 250ms, 2s, 1m or 1h"));
    assert!(message("ms").contains("write a time as a whole number with its unit, such as 250ms"));
    assert!(message("25h").contains("the maximum is a day, 24h"));
}
