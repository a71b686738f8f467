//! `decide --calls`: logs from other systems, good and bad.

use super::command::{OFFICE, callplan, decide_log};
use insta::assert_snapshot;
use std::io::Read;
use std::process::Stdio;

const LOG: &str = "\
caller_number,called_number,trunk_id,timestamp,seconds
+14155550100,+18005550100,main,2026-03-02T10:00:00-05:00,17
+14155550101,+18005550100,overflow,2026-03-02 10:00,3
,+18005550100,,2026-03-01 10:00,0
+14155550100,+18005550100,main,2026-03-01 10:00:00,1
";

/// For each row, the rule that decided it, or the error.
fn outcomes(line: &str, log: impl AsRef<[u8]>) -> Vec<String> {
    let outcome = |answer: serde_json::Value| match answer.get("error") {
        Some(error) => format!("{}: {}", answer["line"], error.as_str().unwrap()),
        None => answer["call"]["caller_number"].as_str().unwrap_or("-").to_owned(),
    };
    decide_log(line, "-", log).run().json_lines().into_iter().map(outcome).collect()
}

#[test]
fn answers_stand_in_the_order_of_the_rows() {
    assert_snapshot!(decide_log("", "log.csv", LOG).run().fine());
}

#[test]
fn answers_as_csv_and_as_text() {
    let bad = format!("{LOG}+14155550100,,main,2026-03-02 10:00,1\n");
    assert_snapshot!(decide_log("--format csv", "log.csv", &bad).run());
    assert_snapshot!(decide_log("--format text", "log.csv", &bad).run());
}

#[test]
fn a_row_may_name_what_the_command_line_says_otherwise() {
    let log = r#"{"caller_number": "+14155550100", "called_number": "+18005550100", "timestamp": "2026-03-02 10:00", "organization_id": "own", "switches": ["storm", "drill", "storm"]}
{"called_number": "+18005550100", "timestamp": "2026-03-02T10:00Z"}
{"called_number": "+18005550100", "timestamp": "2026-03-02T10:00Z", "switches": null, "trunk_id": null}
"#;
    let plan = "switch drill\nswitch storm\nswitch flood\nwhen storm is on and drill is off and flood is on { reject }\nfallback\n";
    let run = callplan("decide plan --calls - --switch flood --organization all --timezone Europe/Paris")
        .file("plan", plan)
        .stdin(log)
        .run()
        .fine();
    let calls: Vec<_> = run.json_lines().into_iter().map(|answer| answer["call"].clone()).collect();
    assert_eq!(calls[0]["switches"], serde_json::json!(["drill", "flood", "storm"]));
    assert_eq!((&calls[0]["organization_id"], &calls[0]["timestamp"]), (&"own".into(), &"2026-03-02T09:00:00Z".into()));
    assert_eq!((&calls[1]["organization_id"], &calls[1]["caller_number"]), (&"all".into(), &serde_json::Value::Null));
    assert_eq!(calls[2]["switches"], serde_json::json!(["flood"]));
}

#[test]
fn rows_of_csv_that_cannot_be_read() {
    let log = b"\
caller_number,called_number,trunk_id,timestamp
+14155550101,+18005550100,main,2026-03-02 10:00
+14155550102
+14155550103,,main,2026-03-02 10:00
+14155550104,+18005550100,main,soon
+14155550105,+18005550100,main,2026-03-08 02:30

+14155550106,+18005550100,\xff\xfe,2026-03-02 10:00
+14155550107,+18005550100,main,2026-03-02 10:00,\"more, and more\"
+14155550108,+18005550100,main,2026-03-02 10:00,,
+14155550109,+18005550100,main,
";
    assert_snapshot!(outcomes("", log).join("\n"));
    assert_eq!(decide_log("", "log.csv", log).run().message(1), "error: `log.csv`: 6 of 9 rows could not be read\n");
}

#[test]
fn rows_of_json_that_cannot_be_read() {
    let log = b"{\"caller_number\": \"+1\", \"called_number\": \"+18005550100\", \"timestamp\": \"2026-03-02 10:00\"}
{\"caller_number\": \"+2\"}
{\"caller_number\": 14155550100, \"called_number\": \"+18005550100\"}
{\"called_number\": [\"+18005550100\"]}
{\"called_number\": {\"number\": \"+18005550100\"}}
{\"called_number\": \"+18005550100\", \"trunk_id\": true}
{\"called_number\": \"+18005550100\", \"timestamp\": 12}
{\"called_number\": \"+18005550100\", \"called_number\": \"+18005550101\"}
{\"called_number\": \"+18005550100\", \"switches\": [\"strom\"]}
{\"called_number\": \"+18005550100\", \"switches\": \"storm\"}
{\"called_number\": \"+18005550100\", \"switches\": [1]}
{\"called_number\": \"+18005550100\", \"caller_number\" \"+1\"}
{\"called_number\": \"+18005550100\"
{\"called_number\": \"+18005550100\"}, {}

  \t
called_number=+18005550100
[\"+18005550100\"]
{\"called_number\": \"\xff\"}
{\"called_number\": \"+18005550100\", \"timestamp\": 1772384400, \"caller_number\": \"\\u002b3\"}\r
{\"called_number\": null}
{}
null
{\"called_number\": \"+18005550100\", \"caller_number\": \"+4\"}";
    assert_snapshot!(outcomes("", log).join("\n"));
}

#[test]
fn what_is_not_asked_for_may_be_anything() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let json = format!("{{\"x\": {deep}, \"called_number\": \"+1\", \"y\": 1e999, \"z\": \"\\ud800\", \"x\": 1}}\n");
    assert_eq!(outcomes("", json), ["-"]);
    assert_eq!(outcomes("", b"called_number,name\n+1,caf\xe9\n"), ["-"]);
    let deep = format!("{{\"called_number\": {deep}}}\n");
    assert_eq!(outcomes("", deep), ["1: `called_number` is a list, not a text in quotes"]);
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let expect = ["8: this row has no `called_number`".to_owned(), "+2".to_owned()];
    let log = "caller_number,called_number,\"a\nnote\"\n+0,+1,\"on\nthree\nlines\"\n\n\n+1,,\n+2,+1,\n";
    assert_eq!(outcomes("", log)[1..], expect);
    assert_eq!(outcomes("", log.replace('\n', "\r\n"))[1..], expect);
    let json = "\n\n{\"caller_number\": \"+0\"}\n \n{}";
    assert_eq!(outcomes("", json)[1], "5: this row has no `called_number`");
    assert_eq!(outcomes("", json.replace('\n', "\r\n"))[1], "5: this row has no `called_number`");
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert_eq!(outcomes("", "\u{feff}caller_number,called_number\n+1,+2\n"), ["+1"]);
    assert_eq!(outcomes("", "\u{feff}\"caller_number\",called_number\n+1,+2\n"), ["+1"]);
    assert_eq!(outcomes("", "\u{feff}{\"caller_number\": \"+1\", \"called_number\": \"+2\"}"), ["+1"]);
    assert!(outcomes("", "\u{feff}").is_empty());
}

#[test]
fn a_log_of_nothing_has_no_answers() {
    assert_eq!(decide_log("", "-", "").run().fine().stdout, "");
    assert_eq!(decide_log("", "-", "called_number\n").run().fine().stdout, "");
    assert!(decide_log("--format csv", "-", "").run().fine().stdout.starts_with("caller_number,"));
    assert_eq!(decide_log("--summary", "-", "").run().fine().stdout, "0 calls\n");
    let headerless = "--no-header --column called_number=1";
    assert_eq!(decide_log(headerless, "-", "").run().fine().stdout, "");
}

#[test]
fn the_last_line_need_not_end() {
    assert_eq!(outcomes("", "caller_number,called_number\n+1,+2"), ["+1"]);
    assert_eq!(outcomes("", "caller_number,called_number\n+1,\"+2"), ["+1"]);
}

#[test]
fn columns_go_by_name_or_by_number() {
    let log = "when,who,to\n2026-03-02 10:00,+14155550100,+18005550100\n";
    let named = "--column caller_number=who --column called_number=to --column timestamp=when";
    assert_eq!(outcomes(named, log), ["+14155550100"]);
    let json = r#"{"who": "+14155550100", "to": "+18005550100", "caller_number": 7}"#;
    assert_eq!(outcomes("--column caller_number=who --column called_number=to", json), ["+14155550100"]);
    let numbered = "--no-header --column caller_number=2 --column called_number=3";
    assert_eq!(outcomes(numbered, log), ["who", "+14155550100"]);
    assert_eq!(
        outcomes("--no-header --column caller_number=2 --column called_number=4", "a,b,c\n"),
        ["1: this row has 3 fields, and `called_number` is number 4"]
    );
}

#[test]
fn columns_that_are_not_there_are_told_before_anything_is_decided() {
    let message = |line: &str, log: &str| {
        let run = decide_log(line, "log.csv", log).run();
        assert_eq!(run.stdout, "", "{run}");
        run.message(2)
    };
    assert_snapshot!(
        [
            message("", "From,To\n+1,+2\n"),
            message("--column called_number=Too", "From,To\n+1,+2\n"),
            message("--column called_number=dialed", "From,To\n+1,+2\n"),
            message("", "From;To\n+1;+2\n"),
            message("", "called_number,called_number\n+1,+2\n"),
            message("", "[{}]"),
            message("--no-header --column called_number=1", "{}"),
            message("--no-header", "+1,+2\n"),
            message("--no-header --column called_number=0", "+1,+2\n"),
            message("--no-header --column called_number=To", "+1,+2\n"),
        ]
        .concat()
    );
    assert_eq!(
        decide_log("", "log.csv", b"\xff\xfec\0").run().message(2),
        "error: `log.csv` is UTF-16 text: save it as UTF-8\n"
    );
    let gone = callplan("decide office.callplan --calls gone.csv").file("office.callplan", OFFICE).run();
    assert_eq!(gone.message(2), "error: `gone.csv` cannot be read: there is no such file\n");
}

#[test]
fn a_row_that_is_far_too_long_is_passed_over() {
    let long = "x".repeat(3 << 20);
    let csv = format!("caller_number,called_number\n+1,+2\n+3,{long}\n+4,\"{long}\n,{long}\"\n+5,+2\n");
    assert_eq!(
        outcomes("", csv),
        [
            "+1",
            "3: this row is longer than 1 MiB; is a quote left open?",
            "4: this row is longer than 1 MiB; is a quote left open?",
            "+5"
        ]
    );
    let many = format!("caller_number,called_number\n{}\n+5,+2\n", ",".repeat(3 << 20));
    assert_eq!(outcomes("", many), ["2: this row is longer than 1 MiB; is a quote left open?", "+5"]);
    let json = format!("{{\"called_number\": \"+2\"}}\n{{\"x\": \"{long}\"}}\n{{\"called_number\": \"+2\"}}\n");
    assert_eq!(outcomes("", json), ["-", "2: this row is longer than 1 MiB", "-"]);
}

#[test]
fn a_summary_counts() {
    let log = format!("{LOG}+14155550100,,main,2026-03-02 10:00,1\n");
    assert_snapshot!(decide_log("--summary", "log.csv", &log).run());
    assert_snapshot!(decide_log("--summary --format json", "log.csv", LOG).run().fine());
    let bad = format!("called_number\n{}", "\"\"\n".repeat(12));
    assert_snapshot!(decide_log("--summary", "log.csv", &bad).run());
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly() {
    for line in ["", "--format csv", "--format text"] {
        let log = format!("called_number\n{}", "+18005550100\n".repeat(100_000));
        let decide = decide_log(line, "log.csv", log);
        let mut child = decide.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdin.take());
        let mut first = [0; 10];
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut first).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let decide = decide_log("", "log.csv", LOG);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = decide.command().stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr, "error: the results cannot be written: the disk is full\n");
    assert_eq!(output.status.code(), Some(2));
}
