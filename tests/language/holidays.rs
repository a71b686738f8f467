//! The holidays of `examples/holidays/`: each file is a plan that is accepted as it stands, in the
//! one layout, and each entry of its `days` has a name.

use callplan::check::Options;
use callplan::format::format;
use callplan::{Problems, Source, check};
use jiff::civil::date;
use std::path::Path;

#[test]
fn the_holidays_of_each_country_are_an_accepted_plan_in_the_layout() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/holidays");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the examples are there") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a plan");
        let source = Source::new(path.display().to_string(), text.clone());
        let options = Options { today: Some(date(2026, 11, 24)), ..Options::default() };
        let report = check(&source, &options);
        assert!(report.problems.is_empty(), "{}: {:#?}", path.display(), report.problems);
        let tree = callplan::syntax::parse(&source, &mut Problems::new()).expect("it can be read");
        assert_eq!(format(&tree).as_deref(), Some(text.as_str()), "{}", path.display());
        let list = text.split_once("days holidays = [\n").expect("the list").1;
        let entries: Vec<&str> = list.split("\n]").next().expect("its end").lines().collect();
        assert!(entries.len() >= 5 && entries.iter().all(|entry| entry.ends_with("\",")), "{}", path.display());
        count += 1;
    }
    assert!(count >= 12, "{count}");
}
