//! Walks `tests/cases`: each plan there is a case. Adding a case needs no change of this file.
//!
//! - `syntax/`: a plan that cannot be read as it stands
//! - `check/`: a plan that can be read and is refused
//! - `warn/`: a plan that is accepted with warnings
//! - `eval/`: a plan that decides the calls in `NAME.calls` beside it; where the name ends in
//!   `_explained`, with traces
//!
//! (`format/` has the cases of the layout, which `format.rs` walks.)
//!
//! Beside each plan is its snapshot, `NAME.snap`: the plan with its problems, or each call with its
//! decision. The settings at the top of a plan are described in `plans.rs`.
//!
//! A call is a line of `key=value`, with quotes where a value holds spaces: `from=+14155550100
//! to=+18005550100 trunk=overflow org=acme at=2026-03-02T12:00:00Z switch=storm,drill`. Only `to`
//! and `at` are needed. Empty lines and lines that begin with `#` say nothing.

use crate::plans::{Case, count, snapshot_beside};
use callplan::diagnostics::text::{Style, draw_all};
use callplan::diagnostics::{Code, Diagnostic, Severity, explain};
use callplan::{Call, CheckedPlan, Outcome, Problems, Source, syntax};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Codes whose plans are too big for a file; `limits_are_told_and_nothing_else` has them.
const TOO_BIG_FOR_A_FILE: &[Code] = &[Code::TooLarge, Code::OutputTooLarge, Code::ProofUndecided];
/// Codes that no plan is known to raise.
const WITHOUT_A_PLAN: &[Code] = &[Code::InternalError];

#[test]
fn every_case_comes_out_as_its_snapshot_says() {
    insta::glob!("../cases", "{syntax,check,warn,eval}/*.callplan", |path| {
        let (settings, name) = snapshot_beside(path);
        settings.bind(|| insta::assert_snapshot!(name, outcome(path)));
    });
}

#[test]
fn every_case_lies_in_its_folder() {
    let misplaced = cases().into_iter().filter_map(|path| {
        let case = Case::read(&path);
        let why = belongs(folder(&path), &case, &case.check().problems).err()?;
        Some(format!("{}: {why}\n", path.display()))
    });
    let misplaced: String = misplaced.collect();
    assert!(misplaced.is_empty(), "{misplaced}");
}

/// The content of a case's snapshot.
fn outcome(path: &Path) -> String {
    let case = Case::read(path);
    let report = case.check();
    match (folder(path), report.plan) {
        ("eval", Some(plan)) => {
            let explained = path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("_explained"));
            decisions(
                &case,
                &plan,
                &std::fs::read_to_string(path.with_extension("calls")).expect("its calls"),
                explained,
            )
        }
        _ => format!("{}\n---\n{}", shown(&case), draw_all(&case.source, &report.problems, Style::Plain)),
    }
}

/// Whether a case is in the right folder; the error says why not.
fn belongs(folder: &str, case: &Case, problems: &Problems) -> Result<(), String> {
    let mut of_the_text = Problems::new();
    syntax::parse(&case.source, &mut of_the_text);
    let (unreadable, refused) = (of_the_text.has_errors(), problems.has_errors());
    let drawn = || draw_all(&case.source, problems, Style::Plain);
    match folder {
        "syntax" if !unreadable => Err("this was expected not to be readable, and is".to_owned()),
        "check" if unreadable => Err(format!("this was expected to be readable, and is not\n{}", drawn())),
        "check" if !refused => Err("this was expected to be refused, and is not".to_owned()),
        "warn" if refused => Err(format!("this was expected to be accepted, and is not\n{}", drawn())),
        "warn" if problems.is_empty() => Err("this was expected to raise a warning, and raises none".to_owned()),
        "eval" if refused => Err(format!("this was expected to be accepted, and is not\n{}", drawn())),
        "syntax" | "check" | "warn" | "eval" => Ok(()),
        other => Err(format!("a case lies in syntax, check, warn or eval, not in {other}")),
    }
}

/// The plan's text, without what snapshots cannot keep.
fn shown(case: &Case) -> String {
    case.source.text().trim_start_matches('\u{feff}').replace('\r', "")
}

fn decisions(case: &Case, plan: &CheckedPlan, calls: &str, explained: bool) -> String {
    let mut shown = shown(case);
    for line in calls.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let (decision, trace) = plan.explain(&call(line));
        let target = match (decision.outcome, decision.output.agent_id.as_deref()) {
            (Outcome::Route, Some(id)) => format!("route to {id}"),
            (outcome, _) => outcome.name().to_owned(),
        };
        let rule = decision.rule.map(|rule| format!(", rule \"{rule}\"")).unwrap_or_default();
        let place = decision.line.map_or("ran off the end".to_owned(), |line| format!("line {line}"));
        let reason = decision.reason.map(|reason| format!(", because \"{reason}\"")).unwrap_or_default();
        let output = serde_json::to_string(&decision.output).expect("an output is JSON");
        write!(shown, "\n---\n{line}\n{target}, {place}{rule}{reason}\n{output}").expect("a text takes all");
        if explained {
            for step in trace.steps {
                let held = step.held.map_or("", |held| if held { ": yes" } else { ": no" });
                let because = step.because.map(|because| format!(" ({because})")).unwrap_or_default();
                let indent = "  ".repeat(step.depth + 1);
                write!(shown, "\n{indent}{}. {}{held}{because}", step.line, step.statement).expect("a text takes all");
            }
            trace.notes.iter().for_each(|note| write!(shown, "\n  note: {note}").expect("a text takes all"));
        }
    }
    shown
}

/// Reads a line of a `.calls` file.
fn call(line: &str) -> Call {
    let mut call = Call::new("", jiff::Timestamp::UNIX_EPOCH);
    let mut rest = line.trim();
    while let Some((key, after)) = rest.split_once('=') {
        let (value, left) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').expect("a closing quote"),
            None => after.split_once(' ').unwrap_or((after, "")),
        };
        let value = value.to_owned();
        match key {
            "from" => call.caller_number = Some(value),
            "to" => call.called_number = value,
            "trunk" => call.trunk_id = Some(value),
            "org" => call.organization_id = Some(value),
            "name" => call.caller_name = Some(value),
            "diverted" => call.diverted_from = Some(value),
            "asserted" => call.caller_asserted = Some(value),
            "attested" => call.attestation = Some(value),
            header if header.starts_with("X-") => call.attributes.push((header.to_owned(), value)),
            "at" => call.timestamp = value.parse().unwrap_or_else(|error| panic!("{line}: {error}")),
            "switch" => call.switches = value.split(',').map(str::to_owned).collect(),
            other => panic!("{line}: a call has no {other}"),
        }
        rest = left.trim_start();
    }
    call
}

#[test]
fn every_fix_takes_its_problem_away() {
    for path in cases() {
        let case = Case::read(&path);
        let problems = case.check().problems;
        for problem in problems.iter() {
            for (title, after) in case.fixes(problem) {
                let (before, left) = (&problems, count(&after, problem.code, &problem.message));
                let gone = left < count(before, problem.code, &problem.message);
                assert!(gone, "{}: `{title}` leaves `{}`", path.display(), problem.message);
            }
        }
    }
}

#[test]
fn every_code_has_a_case_an_explanation_and_a_line_in_the_catalogue() {
    let raised: BTreeSet<Code> = all_problems().map(|(_, problem)| problem.code).collect();
    let catalogue = std::fs::read_to_string(file("docs/diagnostics.md")).expect("docs/diagnostics.md");
    for code in Code::ALL {
        let name = code.name();
        let expected = ![TOO_BIG_FOR_A_FILE, WITHOUT_A_PLAN].concat().contains(code);
        assert_eq!(
            raised.contains(code),
            expected,
            "`{name}`: a case in tests/cases raises it, or a list above names it"
        );
        assert!(!explain::explanation(*code).body.is_empty(), "`{name}` has no explanation");
        assert!(catalogue.contains(&format!("| [`{name}`](#{name}) |")), "docs/diagnostics.md has no line on `{name}`");
    }
}

#[test]
fn every_problem_is_as_grave_as_its_folder() {
    for (path, problem) in all_problems() {
        let error = problem.severity() == Severity::Error;
        assert!(!error || matches!(folder(&path), "syntax" | "check"), "{}: {}", path.display(), problem.message);
    }
}

#[test]
fn no_message_speaks_of_the_parser() {
    let grammar = std::fs::read_to_string(file("grammar/callplan.pest")).expect("the grammar");
    let rules = grammar.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
    let inner: BTreeSet<&str> = rules
        .filter(|name| name.contains('_') || name.chars().all(|c| c.is_ascii_uppercase()))
        .filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
        .chain(["EOI", "Option", "None", "Some", "Ok", "Err", "Vec", "String", "Span", "Token", "usize", "u32", "pest"])
        .collect();
    assert!(inner.contains("unreadable_condition") && inner.contains("LIST_CLOSE"), "the grammar was not understood");
    for (path, problem) in all_problems() {
        for text in texts(&problem) {
            let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let found = words.into_iter().find(|word| inner.contains(word));
            assert_eq!(found, None, "{}: {text}", path.display());
            assert!(!text.contains("::"), "{}: {text}", path.display());
        }
    }
}

#[test]
fn messages_are_lower_case_without_a_full_stop_and_their_backquotes_match() {
    for (path, problem) in all_problems() {
        for text in texts(&problem) {
            let place = path.display();
            assert!(!text.starts_with(|c: char| c.is_uppercase()), "{place}: {text}");
            assert!(!text.ends_with('.'), "{place}: {text}");
            assert_eq!(text.matches('`').count() % 2, 0, "{place}: {text}");
            assert!(!text.contains("``"), "{place}: {text}");
        }
        assert!(problem.message.chars().count() <= 200, "{}: too long: {}", path.display(), problem.message);
    }
}

#[test]
fn every_snapshot_belongs_to_a_case() {
    for path in files(&file("tests/cases")) {
        let extension = path.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("snap" | "calls")) {
            assert!(path.with_extension("callplan").exists(), "{} has no plan beside it", path.display());
        }
        assert!(extension != Some("new"), "{} waits to be read", path.display());
    }
}

#[test]
fn limits_are_told_and_nothing_else() {
    // A proof is about calls from a day on; without the day, it is not decided.
    let proof = "fallback\nnever \"anyone is turned away\" when caller in +* { reject }";
    let problems = callplan::check(&Source::new("proof", proof), &Default::default()).problems;
    insta::assert_snapshot!(messages(&problems), @r#"proof-undecided: "anyone is turned away" was not decided: it speaks of calls from the day of the check on, and no day was given"#);

    let large = format!("route to \"a\"\n{}", "#".repeat(9 * 1024 * 1024));
    let problems = Case::new("large", large).check().problems;
    insta::assert_snapshot!(messages(&problems), @"too-large: this plan has 9437197 bytes (9.0 MiB); a plan has at most 8388608 bytes (8 MiB)");
    let options = callplan::check::Options { max_bytes: Some(300 << 10), ..Default::default() };
    let problems = callplan::check(&Source::new("large for this check", "#".repeat(400 << 10)), &options).problems;
    insta::assert_snapshot!(messages(&problems), @"too-large: this plan has 409600 bytes (0.4 MiB); a plan has at most 307200 bytes (0.3 MiB)");
    let texts = |part: &str| format!("switch storm\nwhen storm is on {{ {part} }}\n{part}\nfallback\n");
    let options =
        callplan::check::Options { max_output_bytes: Some(callplan::check::MAX_OUTPUT_BYTES), ..Default::default() };
    let problems = |part: &str| callplan::check(&Source::new("long texts", texts(part)), &options).problems;
    let context = format!("context \"{}\"", "x".repeat(40_000));
    insta::assert_snapshot!(messages(&problems(&context)), @"output-too-large: here the context of a call can reach 80001 bytes; a decision has at most 65536 bytes (64 KiB)");
    let metadata = format!("metadata {{ a: \"{}\" }} metadata {{ b: \"{}\" }}", "x".repeat(40_000), "x".repeat(30_000));
    insta::assert_snapshot!(messages(&problems(&metadata)), @"output-too-large: here the metadata of a call can reach 70015 bytes; a decision has at most 65536 bytes (64 KiB)");
    insta::assert_snapshot!(messages(&problems("context \"short\"")), @"");
    let deep = format!("when {}caller is anonymous{} {{ reject }}\nfallback", "(".repeat(65), ")".repeat(65));
    let problems = Case::new("deep", deep).check().problems;
    insta::assert_snapshot!(messages(&problems), @"too-deep: brackets are nested more than 64 deep here");
    let deep = format!("when {}caller is anonymous{} {{ reject }}\nfallback", "(".repeat(64), ")".repeat(64));
    let problems = Case::new("deep", deep).check().problems;
    insta::assert_snapshot!(messages(&problems), @"");
}

/// Each problem's code and message.
fn messages(problems: &Problems) -> String {
    problems.iter().map(|problem| format!("{}: {}\n", problem.code.name(), problem.message)).collect()
}

/// All texts of a problem.
fn texts(problem: &Diagnostic) -> Vec<&str> {
    let notes = problem.notes.iter().map(|note| note.message.as_str());
    let titles = problem.fixes.iter().map(|fix| fix.title.as_str());
    let all = [problem.message.as_str(), problem.label.as_str()].into_iter().chain(problem.help.as_deref());
    all.chain(notes).chain(titles).collect()
}

/// Every problem of every case.
fn all_problems() -> impl Iterator<Item = (PathBuf, Diagnostic)> {
    cases().into_iter().flat_map(|path| {
        let problems = Case::read(&path).check().problems;
        problems.into_iter().map(move |problem| (path.clone(), problem))
    })
}

fn cases() -> Vec<PathBuf> {
    let all = files(&file("tests/cases")).into_iter();
    let plans = all.filter(|path| path.extension().is_some_and(|extension| extension == "callplan"));
    plans.filter(|path| folder(path) != "format").collect()
}

/// Every file below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn folder(path: &Path) -> &str {
    path.parent().and_then(Path::file_name).and_then(|folder| folder.to_str()).unwrap_or_default()
}

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
