//! The mistakes that admins make: each has one message, in the right place; if it has a fix, the
//! fix leaves no problem. `tests/cases/mistakes.txt` lists them; `cargo test --test language mistakes --
//! --nocapture` counts them.

use crate::plans::{Case, count};
use callplan::diagnostics::{Code, Grade, Severity};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How many mistakes there are.
const ALL: u32 = 58;

/// A line of the list.
struct Mistake {
    number: u32,
    case: String,
    code: Code,
    place: (usize, usize),
    edit: Edit,
}

/// The fixes of a message.
#[derive(PartialEq, Eq)]
enum Edit {
    /// One fix, of this grade.
    Fix(Grade),
    /// Several suggestions.
    Choice,
    Nothing,
}

#[test]
fn each_mistake_has_one_message_at_its_place_and_a_fix_that_works() {
    let mistakes = mistakes();
    let mut failures = BTreeMap::<u32, Vec<String>>::new();
    for mistake in &mistakes {
        let failure = failure(mistake).map(|why| format!("{}: {why}", mistake.case));
        failures.entry(mistake.number).or_default().extend(failure);
    }
    let good = failures.values().filter(|failures| failures.is_empty()).count();
    println!("{good} of {ALL} mistakes have one message, at the right place, with a fix that works where one is due");
    println!("{} forms of them are cases", mistakes.len());
    let failed: Vec<String> =
        failures.iter().flat_map(|(number, all)| all.iter().map(move |why| format!("{number} {why}"))).collect();
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
    let failing: BTreeSet<u32> = failures.into_keys().collect();
    assert_eq!(failing, (1..=ALL).collect(), "each mistake has a case");
}

/// The error in the message of a mistake.
fn failure(mistake: &Mistake) -> Option<String> {
    let case = case(&mistake.case);
    let problems = case.check().problems;
    let [problem] = problems.iter().collect::<Vec<_>>()[..] else {
        return Some(format!("{} messages instead of one", problems.len()));
    };
    let position = case.source.position(problem.span.start);
    if (problem.code, (position.line, position.column)) != (mistake.code, mistake.place) {
        return Some(format!("{} at {}:{}", problem.code.name(), position.line, position.column));
    }
    let fixes = case.fixes(problem);
    let grades: Vec<Grade> = problem.fixes.iter().map(|fix| fix.grade).collect();
    let offered = match grades[..] {
        [] => Edit::Nothing,
        [only] => Edit::Fix(only),
        [..] if grades.contains(&Grade::Safe) => return Some("a fix to choose from is called safe".to_owned()),
        [..] => Edit::Choice,
    };
    if offered != mistake.edit {
        return Some(format!("offers {grades:?}"));
    }
    fixes.into_iter().find_map(|(title, after)| {
        // What is right may still have a hint.
        let left = after.iter().find(|problem| problem.severity() != Severity::Hint)?;
        let same = count(&after, problem.code, &problem.message) > 0;
        Some(format!("`{title}` leaves {}`{}`", if same { "it, " } else { "" }, left.message))
    })
}

fn case(name: &str) -> Case {
    match name {
        "@large" => Case::new("large.callplan", format!("fallback\n{}", "#".repeat(9 * 1024 * 1024))),
        name => Case::read(&folder().join(name).with_extension("callplan")),
    }
}

fn mistakes() -> Vec<Mistake> {
    let list = std::fs::read_to_string(folder().join("mistakes.txt")).expect("tests/cases/mistakes.txt");
    let lines = list.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| mistake(line).unwrap_or_else(|| panic!("this line is no mistake: {line}"))).collect()
}

fn mistake(line: &str) -> Option<Mistake> {
    let [number, case, code, place, edit] = line.split_whitespace().collect::<Vec<_>>()[..] else { return None };
    let (line, column) = place.split_once(':')?;
    let edit = match edit {
        "safe" => Edit::Fix(Grade::Safe),
        "suggestion" => Edit::Fix(Grade::Suggestion),
        "choice" => Edit::Choice,
        "-" => Edit::Nothing,
        _ => return None,
    };
    let place = (line.parse().ok()?, column.parse().ok()?);
    Some(Mistake {
        number: number.parse().ok()?,
        case: case.to_owned(),
        code: Code::from_name(code).ok()?,
        place,
        edit,
    })
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases"))
}
