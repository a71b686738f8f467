//! The findings of the fuzzer (`fuzz/README.md`), a file each: its check ends, its places lie in
//! the text, and its plan decides.

use callplan::diagnostics::fix;
use callplan::{Source, check};
use std::path::Path;

#[test]
fn what_was_found_stays_fixed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz_findings");
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).expect("a file that can be read");
        let source = Source::new(path.display().to_string(), String::from_utf8_lossy(&bytes));
        let options = check::Options { today: Some(jiff::civil::date(2026, 11, 24)), ..Default::default() };
        let report = check(&source, &options);
        for problem in report.problems.iter() {
            assert!(source.text().get(problem.span.range()).is_some(), "{}: {problem:?}", source.name());
            for fix in &problem.fixes {
                assert_ne!(fix::apply(source.text(), fix), source.text(), "{}: {problem:?}", source.name());
            }
        }
        for example in report.plan.iter().flat_map(|plan| plan.examples().iter().map(move |example| (plan, example))) {
            let (plan, example) = example;
            assert_eq!(plan.decide(example.call()), plan.explain(example.call()).0, "{}", source.name());
        }
    }
}
