use super::command::{OFFICE, callplan, decide};
use callplan::fields::{Field, TextField};
use insta::assert_snapshot;

#[test]
fn an_answer_for_people() {
    assert_snapshot!(decide("--caller +14155550100 --at 2026-03-02T10:00").run().fine());
}

#[test]
fn an_answer_as_json_is_one_line_of_this_form() {
    let run =
        decide("--caller +14155550100 --at 2026-03-02T10:00 --organization acme --trunk main --format json").run();
    assert_eq!(
        run.fine().stdout,
        concat!(
            r#"{"call": {"caller_number": "+14155550100", "called_number": "+18005550100", "trunk_id": "main", "#,
            r#""organization_id": "acme", "caller_name": null, "caller_asserted": null, "diverted_from": null, "#,
            r#""attestation": null, "attributes": {}, "timestamp": "2026-03-02T15:00:00Z", "switches": []}, "#,
            r#""decision": "route", "rule": "Open", "line": 19, "#,
            r#""output": {"reject": false, "agent_id": "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11", "version": null, "#,
            r#""initial_context": "", "custom_metadata": {"site": "main", "from": "+14155550100"}, "#,
            r#""skip_pre_conversation_workflow": false}}"#,
            "\n"
        )
    );
}

/// The option is called by the field's name, with a hyphen for its dot.
#[test]
fn every_text_of_a_call_has_an_option() {
    for field in TextField::ALL {
        let option = format!("--{}", Field::Text(field).name().replace('.', "-"));
        let run = decide("--at 2026-03-02T10:00 --format json").arg(&option).arg("x y").run().fine();
        assert_eq!(run.json_lines()[0]["call"][field.key()], "x y", "{option}");
        let timeline = callplan("timeline office.callplan --dialed +18005550100 --format json");
        let run = timeline.file("office.callplan", OFFICE).arg(&option).arg("x y").run().fine();
        assert_eq!(run.json_lines()[0]["call"][field.key()], "x y", "{option}");
    }
}

#[test]
fn attributes_come_by_option_and_by_row() {
    const PLAN: &str = "attribute campaign = \"X-Campaign\"\nwhen campaign contains \"spring\" { reject }\nfallback\n";
    let of = |line: &str| callplan(line).file("plan.callplan", PLAN);
    let option = "decide plan.callplan --dialed +18005550100 --at 2026-03-02T10:00Z --format json";
    let run = of(option).arg("--attribute").arg("x-campaign=Spring = sale").run().fine();
    assert_eq!(run.json_lines()[0]["call"]["attributes"]["x-campaign"], "Spring = sale");
    assert_eq!(run.json_lines()[0]["decision"], "reject");
    of(option).arg("--attribute").arg("spring").run().message(2);
    let csv = "called_number,timestamp,attributes.X-Campaign\n+18005550100,2026-03-02T10:00Z,SPRING\n\
               +18005550100,2026-03-02T10:00Z,\n";
    let run = of("decide plan.callplan --calls calls.csv --format json").file("calls.csv", csv).run().fine();
    let decisions: Vec<_> = run.json_lines().iter().map(|line| line["decision"].clone()).collect();
    assert_eq!(decisions, ["reject", "fallback"]);
    let rows = "{\"called_number\": \"+1\", \"attributes\": {\"X-Campaign\": \"spring\", \"X-B\": null}}\n\
                {\"called_number\": \"+1\", \"attributes\": {\"X-Campaign\": 1}}\n\
                {\"called_number\": \"+1\", \"attributes\": []}\n{\"called_number\": \"+1\", \"attributes\": null}\n";
    let run = of("decide plan.callplan --calls calls.jsonl --format json").file("calls.jsonl", rows).run();
    assert_eq!(run.json_lines()[0]["decision"], "reject");
    assert_eq!(run.json_lines()[1]["error"], "`attributes.X-Campaign` is a number, not a text in quotes");
    let wrong = "`attributes` is not an object of texts, such as `{\"X-Campaign\": \"spring\"}`";
    assert_eq!((&run.json_lines()[2]["error"], &run.json_lines()[3]["decision"]), (&wrong.into(), &"fallback".into()));
}

#[test]
fn an_answer_as_csv_has_a_header() {
    assert_snapshot!(decide("--caller +14155550100 --at 2026-03-02T10:00 --format csv").run().fine());
}

#[test]
fn an_answer_as_csv_has_all_that_the_call_brought() {
    let call = r#"{"called_number": "+18005550100", "timestamp": "2026-03-02T10:00Z", "caller_asserted": "+14155550100",
        "diverted_from": "+442079460000", "attestation": "A", "attributes": {"X-Campaign": "spring, \"sale\""}}"#;
    let csv = callplan("decide plan.callplan --calls calls.jsonl --format csv")
        .file("plan.callplan", "fallback\n")
        .file("calls.jsonl", call.replace('\n', " "))
        .run()
        .fine();
    let rows: Vec<&str> = csv.stdout.lines().collect();
    assert!(rows[0].contains(",caller_asserted,diverted_from,attestation,attributes,timestamp,"), "{csv}");
    let expected = r#",+14155550100,+442079460000,A,"{""X-Campaign"":""spring, \""sale\""""}",2026-03-02T10:00"#;
    assert!(rows[1].contains(expected), "{csv}");
}

#[test]
fn data_keeps_what_a_call_brought() {
    let caller = "\u{1b}[31m+1\u{9b}";
    let csv = decide("--at 2026-03-02T10:00 --format csv --caller").arg(caller).run().fine();
    assert!(csv.stdout.contains(&format!("\n{caller},")), "{csv}");
    let json = decide("--at 2026-03-02T10:00 --format json --caller").arg(caller).run().fine();
    assert_eq!(json.json_lines()[0]["call"]["caller_number"], caller);
}

#[test]
fn a_rejection_has_its_reason() {
    assert_snapshot!(decide("--at 2026-03-02T10:00").run().fine());
}

#[test]
fn the_end_of_the_plan_is_told() {
    let run = callplan("decide - --dialed +18005550100 --caller +1 --at 2026-03-02T10:00")
        .stdin("when caller is anonymous { reject }\ncontext \"one\"\ncontext \"two\"\n");
    assert_snapshot!(run.run().fine());
}

#[test]
fn explain_shows_the_way() {
    assert_snapshot!(decide("--caller 4155550100 --at 2026-03-01T10:00 --explain").run().fine());
}

#[test]
fn explain_as_json_adds_the_trace_at_the_end() {
    let run = decide("--caller +14155550100 --at 2026-03-01T10:00 --explain --format json").run().fine();
    let [answer] = &run.json_lines()[..] else { panic!("{run}") };
    let keys: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["call", "decision", "rule", "line", "output", "trace"]);
    assert_eq!(answer["trace"]["steps"][0]["held"], false);
    assert!(decide("--explain --format csv").run().message(2).contains("`--explain` does not work with CSV"));
}

#[test]
fn a_local_time_is_read_in_the_plans_zone_or_another() {
    let utc =
        |line: &str| decide(&format!("--format json {line}")).run().fine().json_lines()[0]["call"]["timestamp"].clone();
    assert_eq!(utc("--at 2026-03-02T10:00"), "2026-03-02T15:00:00Z");
    assert_eq!(utc("--at 2026-03-02T10:00 --timezone Europe/London"), "2026-03-02T10:00:00Z");
    assert_eq!(utc("--at 2026-03-02T10:00:00.250+01:00"), "2026-03-02T09:00:00.250Z");
    assert_eq!(utc("--at 2026-11-01T01:30"), "2026-11-01T05:30:00Z");
}

#[test]
fn without_a_time_it_is_now() {
    let now = jiff::Timestamp::now();
    let run = decide("--format json").run().fine();
    let message: jiff::Timestamp = run.json_lines()[0]["call"]["timestamp"].as_str().unwrap().parse().unwrap();
    assert!(message.as_second() >= now.as_second() && message <= jiff::Timestamp::now(), "{message}");
}

#[test]
fn times_and_zones_that_are_not_there_are_told() {
    assert_eq!(
        decide("--at 2026-03-08T02:30").run().message(2),
        "error: --at: the clock of America/New_York skips `2026-03-08T02:30`: write `2026-03-08 03:00`, the first time \
         after it, or add an offset\n"
    );
    assert_eq!(
        decide("--at noon").run().message(2),
        "error: --at: `noon` is not a time that callplan can read: write it as `2026-03-01T12:00`, or with an offset, \
         `2026-03-01T12:00:00-05:00`\n"
    );
    assert!(decide("--timezone Europe/Londn").run().message(2).contains("did you mean `Europe/London`?"));
    assert!(decide("--timezone EST").run().message(2).contains("an offset, which ignores summer time"));
}

#[test]
fn switches_are_those_of_the_plan() {
    let run = decide("--caller +14155550100 --at 2026-03-02T10:00 --switch storm --switch storm").run();
    assert_snapshot!(run.fine());
    assert_eq!(
        decide("--switch strom").run().message(2),
        "error: the plan declares no switch `strom`; did you mean `storm`?\n"
    );
    assert_eq!(
        callplan("decide - --dialed +1 --switch storm").stdin("reject").run().message(2),
        "error: the plan declares no switch `storm`; it declares none\n"
    );
}

#[test]
fn errors_in_the_text_decide_nothing_but_failing_examples_do_not_stop() {
    let broken = callplan("decide - --dialed +18005550100").stdin("agent unused = \"a\"\nroute to nobody").run();
    assert_eq!(broken.stdout, "");
    assert!(broken.stderr.contains("error[unknown-name]") && !broken.stderr.contains("unused-name"), "{broken}");
    assert_eq!(broken.exit, Some(1));
    let failing = OFFICE.replace("expect route to frontdesk", "expect reject");
    let run =
        callplan("decide - --dialed +18005550100 --caller +14155550100 --at 2026-03-02T10:00").stdin(failing).run();
    assert!(run.fine().stdout.starts_with("route to frontdesk (0b5f6a0e"));
}

#[test]
fn options_that_do_not_go_together_are_wrong_use() {
    for line in [
        "",
        "--caller +14155550100",
        "--dialed +1 --summary",
        "--dialed +1 --column caller_number=From",
        "--dialed +1 --no-header",
        "--calls log.csv --dialed +1",
        "--calls log.csv --at 2026-03-02T10:00",
        "--calls log.csv --explain",
        "--calls log.csv --summary --format csv",
        "--calls log.csv --column caller=From",
        "--calls log.csv --column From",
        "--calls log.csv --column caller_number=a --column caller_number=b",
        "--calls log.csv --column caller_number=a --column called_number=a",
    ] {
        let run = callplan(&format!("decide office.callplan {line}")).file("office.callplan", OFFICE);
        let run = run.file("log.csv", "called_number\n+1\n").run();
        assert_eq!(run.exit, Some(2), "{run}");
        assert!(run.stderr.starts_with("error: ") && run.stdout.is_empty(), "{run}");
    }
    let both = callplan("decide - --calls -").stdin("reject").run().message(2);
    assert_eq!(both, "error: `-` is given twice, but standard input can be read only once\n");
}

#[test]
fn what_a_caller_brings_does_not_move_the_cursor() {
    let plan = "context \"{organization}\"\nmetadata { from: caller }\nwhen caller is anonymous { reject }\nfallback\n";
    let run = callplan("decide - --dialed +1 --at 2026-03-02T10:00 --explain --caller")
        .arg("\u{1b}[2Jx\u{9b}31m\nrule\u{202e}")
        .stdin(plan)
        .run()
        .fine();
    assert!(run.stdout.chars().all(|character| character == '\n' || !character.is_control()), "{run}");
    assert!(!run.stdout.contains('\u{202e}'), "{run}");
}
