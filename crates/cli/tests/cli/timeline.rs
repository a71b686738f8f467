//! `callplan timeline`, on plans of `examples/` and on small special ones.

use super::command::{Invocation, OFFICE, Run, callplan};
use insta::assert_snapshot;
use serde_json::{Value, json};

/// The timeline of a plan of `examples/`.
fn example(line: &str) -> Invocation {
    callplan(&format!("timeline examples/{line}")).with_examples()
}

/// The timeline of this plan for calls to +18005550100.
fn of(plan: &str, line: &str) -> Run {
    callplan(&format!("timeline - --dialed +18005550100 {line}")).stdin(plan).run()
}

/// Calls at night cross midnight, and rules test the time at the hours at which the clock changes.
fn nights(zone: &str) -> String {
    format!(
        "timezone {zone}\nagent night_desk = \"n\"\nagent day_desk = \"d\"\n\
         rule \"Small hours\" when time in 01:30-02:30 {{ reject }}\n\
         rule \"Night\" when time in 22:00-06:00 {{ route to night_desk }}\n\
         rule \"Day\" {{ route to day_desk }}\n"
    )
}

const TRIAL: &str = r#"agent frontdesk = "f"
agent trial = "t"
schedule office { mon-fri 09:00-17:00 }
rule "Trial" when office is open {
  split "trial" by call {
    5%  { route to trial }
    15% { split "newer still" by call { 50% { route to trial version 4 } 50% { reject "busy" } } }
    80% { }
  }
}
rule "Usual" { route to frontdesk }
"#;

#[test]
fn christmas_at_the_dentist() {
    assert_snapshot!(example("riverside_dental.callplan --dialed +15035550100 --from 2026-12-21").run().fine());
}

#[test]
fn more_than_a_week_names_days_by_their_dates() {
    assert_snapshot!(
        example("summer_hours.callplan --dialed +46846500412 --from 2026-06-08 --days 18 --caller +46846500499")
            .run()
            .fine()
    );
}

#[test]
fn a_night_belongs_to_two_days() {
    assert_snapshot!(example("night_window.callplan --dialed +493023125004 --from 2026-03-02").run().fine());
}

#[test]
fn clocks_that_are_put_forward() {
    assert_snapshot!("new_york_forward", of(&nights("America/New_York"), "--from 2026-03-07 --days 3").fine());
    assert_snapshot!("lord_howe_forward", of(&nights("Australia/Lord_Howe"), "--from 2026-10-03 --days 3").fine());
}

#[test]
fn clocks_that_are_put_back() {
    assert_snapshot!("new_york_back", of(&nights("America/New_York"), "--from 2026-10-31 --days 3").fine());
    assert_snapshot!("lord_howe_back", of(&nights("Australia/Lord_Howe"), "--from 2026-04-04 --days 3").fine());
}

#[test]
fn every_arm_of_a_split_by_call_is_told() {
    assert_snapshot!(of(TRIAL, "--from 2026-03-06 --days 4").fine());
}

#[test]
fn trunk_organization_and_switches_are_told() {
    let run = of(OFFICE, "--from 2026-03-06 --days 1 --trunk overflow --organization acme --switch storm").fine();
    assert_snapshot!(run);
    let twice = of(OFFICE, "--from 2026-03-06 --days 1 --trunk overflow --switch storm --switch storm").fine();
    assert!(twice.stdout.contains("on trunk \"overflow\", with storm on;"), "{twice}");
    let without = of(OFFICE, "--from 2026-03-06 --days 1 --trunk overflow").fine();
    assert!(without.stdout.contains("all day  fallback  by line 16"), "{without}");
}

#[test]
fn a_caller_may_be_withheld_or_local() {
    let run = of(OFFICE, "--from 2026-03-06 --days 1 --caller anonymous").fine();
    assert!(run.stdout.contains("all day  reject \"no number, no call\"  by rule \"Withheld numbers\""), "{run}");
    assert!(run.stdout.contains("Calls from a withheld number to +18005550100"), "{run}");
    let run = of(OFFICE, "--from 2026-03-06 --days 1 --caller 201").fine();
    assert!(run.stdout.contains("The caller `201` has no `+`, so it is a local number of no country."), "{run}");
}

#[test]
fn whom_the_plan_cannot_help_naming_is_told() {
    let run = of("when caller in +* { reject }\nfallback", "--from 2026-03-06 --days 1").fine();
    assert!(run.stdout.ends_with("No caller was given: +12125550100 stands for an ordinary one.\n"), "{run}");
}

/// The JSON object that was printed.
fn object(run: &Run) -> Value {
    let [object] = &run.json_lines()[..] else { panic!("{run}") };
    object.clone()
}

#[test]
fn as_json() {
    let run = example("riverside_dental.callplan --dialed +15035550100 --from 2026-12-24 --days 2 --format json").run();
    let object = object(&run.fine());
    let keys: Vec<&str> = object.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, ["plan", "zone", "call", "from", "until", "stretches"]);
    assert_snapshot!(serde_json::to_string_pretty(&object).expect("JSON"));
}

#[test]
fn as_json_a_split_by_call_is_a_list() {
    let object = object(&of(TRIAL, "--from 2026-03-06 --days 1 --format json").fine());
    let at_nine = &object["stretches"][1];
    assert_eq!(at_nine["from"], "2026-03-06T09:00:00Z");
    let outcome = |percent: Value, decision: &str, agent: Value, version: Value, rule: &str, line: usize| json!({"percent": percent, "decision": decision, "agent_id": agent, "version": version, "rule": rule, "line": line});
    let expected = json!([
        outcome(json!(80), "route", json!("f"), Value::Null, "Usual", 11),
        outcome(json!(7.5), "route", json!("t"), json!(4), "Trial", 7),
        outcome(json!(7.5), "reject", Value::Null, Value::Null, "Trial", 7),
        outcome(json!(5), "route", json!("t"), Value::Null, "Trial", 6),
    ]);
    assert_eq!(at_nine["outcomes"], expected);
    assert_eq!(at_nine.as_object().expect("an object").len(), 3, "{at_nine}");
}

#[test]
fn days_are_those_of_the_plans_clock() {
    let span = |zone: &str, line: &str| {
        let object = object(&of(&nights(zone), &format!("{line} --format json")).fine());
        (object["from"].clone(), object["until"].clone())
    };
    let day = |line| span("America/New_York", line);
    assert_eq!(day("--from 2026-03-08 --days 1"), (json!("2026-03-08T05:00:00Z"), json!("2026-03-09T04:00:00Z")));
    assert_eq!(day("--from 2026-11-01 --days 1"), (json!("2026-11-01T04:00:00Z"), json!("2026-11-02T05:00:00Z")));
    let year = span("Australia/Lord_Howe", "--from 2026-04-05 --days 366");
    assert_eq!(year, (json!("2026-04-04T13:00:00Z"), json!("2027-04-05T13:30:00Z")));
}

#[test]
fn without_a_date_it_begins_today() {
    let run = of(&nights("Asia/Tokyo"), "--days 2 --format json").fine();
    let now = jiff::Timestamp::now();
    let object = object(&run);
    let instant =
        |key: &str| object[key].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok()).expect("an instant");
    // Midnight may have passed between the two commands.
    assert!(instant("from") <= now && now < instant("until"), "{run} at {now}");
}

#[test]
fn as_a_drawing() {
    assert_snapshot!(
        "split_and_clock_change",
        drawing(&of(TRIAL_IN_NEW_YORK, "--from 2026-11-01 --days 2 --format svg"))
    );
}

const TRIAL_IN_NEW_YORK: &str = r#"timezone America/New_York
agent frontdesk = "f"
agent trial = "t"
rule "Night <&>" when time in 01:30-08:00 { reject "we're \"closed\" </svg>" }
rule "Trial" when weekday is mon {
  split "trial" by call { 5% { route to trial } 95% { route to frontdesk } }
}
rule "Usual" { route to frontdesk }
"#;

/// The drawing, if it is a valid SVG document.
fn drawing(run: &Run) -> &str {
    assert_eq!((run.exit, run.stderr.as_str()), (Some(0), ""), "{run}");
    let svg = run.stdout.as_str();
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" "), "{run}");
    for part in [" role=\"img\"", "<title>", "<desc>"] {
        assert!(svg.contains(part), "{part}\n{run}");
    }
    for alien in ["href", "<script", "<style", "@import", "http"] {
        assert!(!svg.trim_start_matches("<svg xmlns=\"http://www.w3.org/2000/svg\"").contains(alien), "{alien}\n{run}");
    }
    is_well_formed(svg).unwrap_or_else(|tag| panic!("<{tag}>\n{run}"));
    svg
}

/// Checks that elements are closed in the right order. The error is the element that is not.
fn is_well_formed(svg: &str) -> Result<(), &str> {
    let mut open = Vec::new();
    for piece in svg.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').ok_or(piece)?;
        if text.contains('>') || tag.matches('"').count() % 2 == 1 {
            return Err(piece);
        }
        let name = tag.split(' ').next().unwrap_or_default();
        match tag.strip_prefix('/') {
            Some(closed) if open.pop() != Some(closed) => return Err(tag),
            None if !tag.ends_with('/') => open.push(name),
            Some(_) | None => {}
        }
    }
    open.pop().map_or(Ok(()), Err)
}

#[test]
fn each_fill_that_a_drawing_uses_is_there() {
    let rules: String = (0..60)
        .map(|at| {
            format!(
                "rule \"{at}\" when time in {:02}:{:02}-{:02}:{:02} {{ route to \"{at}\" }}\n",
                at / 4,
                at % 4 * 15,
                (at + 1) / 4,
                (at + 1) % 4 * 15
            )
        })
        .collect();
    let run = of(&rules, "--from 2026-03-06 --days 1 --format svg");
    let svg = drawing(&run);
    let mut used = 0;
    for fill in svg.split("fill=\"url(#").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(svg.contains(&format!("<pattern id=\"{fill}\" ")), "{fill}");
        used += 1;
    }
    assert!(used > 100, "{used}");
}

#[test]
fn the_picture_in_the_documents_is_what_is_drawn() {
    let page = include_str!("../../../../docs/command-line.md");
    let (before, _) = page.split_once("](images/riverside_week.svg)").expect("the picture");
    let command = before.rsplit("$ callplan ").next().and_then(|rest| rest.split_once(" > ")).expect("a command").0;
    let run = callplan(command).with_examples().run();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/images/riverside_week.svg");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, drawing(&run)).expect("the picture can be written");
    }
    let picture = std::fs::read_to_string(path).expect("the picture is there");
    assert!(picture == drawing(&run), "UPDATE_DOCS=1 cargo test --test cli writes it anew");
}

#[test]
fn a_plan_with_errors_has_no_timeline() {
    assert_snapshot!(of("when caller is nobody { reject }\nreject", ""));
}

#[test]
fn wrong_use_is_told_plainly() {
    let message = |line: &str| callplan(&format!("timeline - {line}")).stdin(OFFICE).run().message(2);
    let lines = [
        "--dialed +0123",
        "--dialed anonymous",
        "--dialed +18005550100 --caller +1415555010012345",
        "--dialed +18005550100 --from 2026-02-30",
        "--dialed +18005550100 --from tomorrow",
        "--dialed +18005550100 --days 0",
        "--dialed +18005550100 --days 367",
        "--dialed +18005550100 --days 32 --format svg",
        "--dialed +18005550100 --switch strom",
        "--dialed +18005550100 --from 9999-12-30",
        "",
    ];
    let all: Vec<String> = lines.iter().map(|line| format!("$ {line}\n{}", message(line))).collect();
    assert_snapshot!(all.join("\n"));
}

#[test]
fn what_would_take_too_long_is_told() {
    let arms: String = (0..40)
        .map(|at| {
            format!("split \"{at}\" by call {{ 50% {{ when weekday is sun {{ reject }} }} 50% {{ when weekday is sat {{ fallback }} }} }}\n")
        })
        .collect();
    let message = of(&arms, "--from 2026-03-06").message(2);
    assert_eq!(message, "error: the arms of this plan's splits by call combine in too many ways to show them all\n");
}
