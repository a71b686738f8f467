//! Any text: its check ends, on a small stack, and reports problems.

mod shapes;

use crate::support::on_all_processors;
use callplan::diagnostics::{Severity, fix, json};
use callplan::{Report, Source, check};
use shapes::{SHAPES, Shape};

/// Long enough to nest, chain and repeat beyond every limit, and short enough for a build without
/// optimization.
const SIZE: usize = 24 * 1024;
/// The default stack size of a thread, in bytes.
const STACK: usize = 2 * 1024 * 1024;

fn checked(name: &str, text: String) -> Report {
    let source = Source::new(name, text);
    let check = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let options = check::Options { today: Some(jiff::civil::date(2026, 11, 24)), ..Default::default() };
        let report = check(&source, &options);
        for problem in report.problems.iter() {
            assert!(source.text().get(problem.span.range()).is_some(), "a place outside of the text: {problem:?}");
        }
        stays_small(&source, &report);
        report
    });
    check.expect("a thread").join().unwrap_or_else(|_| panic!("{name}: panicked"))
}

/// An answer has at most 500 problems and a megabyte, and counts the rest.
fn stays_small(source: &Source, report: &Report) {
    let document = json::document(source, &report.problems);
    let data = serde_json::to_string_pretty(&document).expect("a document is JSON");
    assert!(document.diagnostics.len() <= 500, "{}: {} problems", source.name(), document.diagnostics.len());
    assert!(document.rendered.len() <= 1_000_000, "{}: {} bytes of text", source.name(), document.rendered.len());
    assert!(data.len() <= 1_000_000, "{}: {} bytes of JSON", source.name(), data.len());
    let listed = document.diagnostics.len();
    let stand_for: usize = report.problems.iter().take(listed).map(|problem| problem.more).sum();
    let all = report.problems.count(Severity::Error) + report.problems.count(Severity::Warning);
    assert_eq!(listed + stand_for + document.more, all, "{}", source.name());
    assert_eq!(document.more > 0, document.rendered.contains("... and "), "{}", source.name());
}

#[test]
fn every_shape_ends_as_it_should() {
    let others: Vec<String> = on_all_processors(SHAPES, ends_otherwise).into_iter().flatten().collect();
    assert!(others.is_empty(), "{}", others.join("\n"));
}

/// The error in the result of a shape.
fn ends_otherwise(shape: &Shape) -> Option<String> {
    let report = checked(shape.name, (shape.make)(SIZE));
    let first = report.problems.iter().next().map(|problem| (problem.code.name(), problem.message.clone()));
    let as_it_should = match shape.code {
        Some(code) => report.problems.iter().any(|problem| problem.code.name() == code),
        None => !report.problems.has_errors(),
    };
    (!as_it_should).then(|| format!("{}: not {:?} but {first:?}", shape.name, shape.code))
}

#[test]
fn a_text_that_is_too_large_is_one_problem() {
    let report = checked("too large", " ".repeat(callplan::syntax::MAX_BYTES + 1));
    let codes: Vec<&str> = report.problems.iter().map(|problem| problem.code.name()).collect();
    assert_eq!(codes, ["too-large"]);
}

#[test]
fn brackets_past_the_limit_are_one_problem_at_the_bracket_that_goes_too_deep() {
    for open in ["(", "[", "{"] {
        let report = checked("too deep", format!("when {}", open.repeat(100_000)));
        let places: Vec<_> = report.problems.iter().map(|problem| (problem.code.name(), problem.span.start)).collect();
        assert_eq!(places, [("too-deep", 5 + callplan::syntax::MAX_DEPTH as u32)]);
    }
}

#[test]
fn twenty_thousand_bad_numbers_are_few_problems_with_one_fix() {
    let numbers: Vec<String> = (0..20_000).map(|at| format!("+1 (415) 55{}-{:04}", at / 10_000, at % 10_000)).collect();
    let text = format!("numbers a = [{}]\nwhen caller in a {{ reject }}\nreject", numbers.join(",\n"));
    let report = checked("numbers", text.clone());
    assert_eq!(report.problems.count(Severity::Error), 20_000);
    assert_eq!(report.problems.len(), 21);
    let fixes: Vec<_> = report.problems.iter().flat_map(|problem| &problem.fixes).collect();
    assert_eq!(fixes.len(), 1);
    assert!(!checked("fixed", fix::apply(&text, fixes[0])).problems.has_errors());
    // The edits of the JSON data, which are joined, give the same text.
    let document = json::document(&Source::new("numbers", text.as_str()), &report.problems);
    let edits = document.diagnostics.iter().flat_map(|problem| &problem.fixes).flat_map(|fix| &fix.edits);
    let mut made = text.clone();
    for edit in edits.collect::<Vec<_>>().into_iter().rev() {
        made.replace_range(edit.start as usize..edit.end as usize, &edit.text);
    }
    assert_eq!(made, fix::apply(&text, fixes[0]));
}

#[test]
fn slips_of_one_kind_are_all_made_by_one_fix() {
    let text = format!("schedule a {{\n{}}}\nwhen a is open {{ reject }}", "mon 9am-5pm\n".repeat(5_000));
    let report = checked("slips", text);
    let slips: Vec<_> = report.problems.iter().filter(|problem| problem.code.name() == "bad-time").collect();
    assert_eq!(slips.len(), 21);
    assert_eq!(slips[20].fixes[0].edits.len(), 5_000);
}

#[test]
fn a_megabyte_in_one_word_is_quoted_in_part() {
    let long = "a".repeat(300_000);
    for text in [
        format!("route to {long}"),
        format!("agent {long} = \"x\"\nreject"),
        format!("agent {} = \"x\"\nreject", long.replace("aaa", "a-b")),
        format!("when caller is \"{long}\" {{ reject }}\nreject"),
        format!("when caller in +{} {{ reject }}\nreject", "1".repeat(300_000)),
        format!("timezone {long}\nreject"),
        format!("rule \"{long}\" {{ reject }}\nrule \"{long}\" {{ reject }}\nreject"),
        format!("metadata {{ {long}: {long}, {long}: 1 }}\nreject"),
        format!("schedule {long} {{ {long} 09:00-17:00 }}\nwhen {long} is open {{ reject }}\nreject"),
        format!("{long} {long} {long}"),
    ] {
        let report = checked("a long word", text);
        let longest = report.problems.iter().map(|problem| problem.message.len()).max();
        assert!(longest.is_some_and(|length| length < 2_000), "{longest:?}");
    }
}
