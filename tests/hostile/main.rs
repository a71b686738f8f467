//! No text is too much: whatever it is, a check of it ends, on a small stack, and says what is wrong.

mod shapes;

use callplan::{Report, Source, check};
use shapes::{SHAPES, Shape};

/// Long enough to nest, chain and repeat past every limit, and short enough for a build without optimisation.
const SIZE: usize = 24 * 1024;
/// What a thread has where nobody asks for more.
const STACK: usize = 2 * 1024 * 1024;

fn checked(name: &str, text: String) -> Report {
    let source = Source::new(name, text);
    let check = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let options = check::Options { today: Some(jiff::civil::date(2026, 11, 24)), ..Default::default() };
        let report = check(&source, &options);
        for problem in report.problems.iter() {
            assert!(source.text().get(problem.span.range()).is_some(), "a place outside of the text: {problem:?}");
        }
        report
    });
    check.expect("a thread").join().unwrap_or_else(|_| panic!("{name}: panicked"))
}

#[test]
fn every_shape_ends_as_it_should() {
    let others: Vec<String> = SHAPES.iter().filter_map(ends_otherwise).collect();
    assert!(others.is_empty(), "{}", others.join("\n"));
}

/// What is wrong with how a shape ends.
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
fn five_thousand_slips_of_one_kind_all_keep_their_mend() {
    let text = format!("schedule a {{\n{}}}\nwhen a is open {{ reject }}", "mon 9am-5pm\n".repeat(5_000));
    let report = checked("slips", text);
    let slips: Vec<_> = report.problems.iter().filter(|problem| problem.code.name() == "bad-time").collect();
    assert_eq!(slips.len(), 5_000);
    assert!(slips.iter().all(|problem| problem.fixes.len() == 1));
}
