//! How fast plans are read, checked and formatted.

use crate::measure::least;
use crate::plans;
use callplan::diagnostics::Problems;
use callplan::{Source, check, format, syntax};

/// Prints the table.
pub fn run() {
    let columns = ["parse ms", "MB/s", "check ms", "MB/s", "format ms", "MB/s"].map(|column| format!("{column:>10}"));
    println!("{:<28} {:>9} {}", "plan", "KB", columns.join(" "));
    let options = check::Options { today: Some(jiff::civil::date(2026, 11, 24)), ..Default::default() };
    for (name, plan) in [
        ("20 rules", plans::rules(20)),
        ("10,000 rules", plans::rules(10_000)),
        ("a table of 100,000 rows", plans::table(100_000)),
        ("100,000 numbers in a list", plans::numbers(100_000)),
    ] {
        let source = Source::new(name, plan);
        refuse_problems(&source, &options);
        let parse = least(|| syntax::parse(&source, &mut Problems::new()));
        let check = least(|| callplan::check(&source, &options));
        let tree = syntax::parse(&source, &mut Problems::new()).expect("a plan that can be read");
        let format = least(|| format::format(&tree));
        let bytes = source.text().len() as f64;
        let row = [parse, check, format].map(|time| {
            let seconds = time.as_secs_f64();
            format!("{:>10.2} {:>10.1}", seconds * 1e3, bytes / 1e6 / seconds)
        });
        println!("{name:<28} {:>9.1} {}", bytes / 1e3, row.join(" "));
    }
}

/// A plan that is refused would measure something else.
fn refuse_problems(source: &Source, options: &check::Options) {
    let report = callplan::check(source, options);
    let messages = report.problems.iter().take(3).map(|problem| format!("{} {:?}", problem.message, problem.span));
    assert!(report.problems.is_empty(), "{}: {:?}", source.name(), messages.collect::<Vec<_>>());
}
