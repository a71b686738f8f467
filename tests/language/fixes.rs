//! Makes the fixes of all cases, of all plans of `examples/`, and of plans that were broken in one
//! place, as `callplan check --fix` makes them:
//!
//! - a plan that was accepted decides every call as before;
//! - a plan that was broken gets the decisions of the plan before it was broken, or keeps an error;
//! - a second run changes nothing;
//! - each safe fix of a warning, by itself, changes no decision.
//!
//! `cargo test --test language fixes -- --nocapture` prints the results. `FIXES_BROKEN` is the number of
//! broken plans, `FIXES_SEED` changes them.

use crate::breaks::{plans, ways};
use crate::plans::{Case, TODAY};
use callplan::analyze::Limits;
use callplan::analyze::diff::diff;
use callplan::check::Options;
use callplan::diagnostics::{Grade, fix};
use callplan::fixes::{self, FixedPlan};
use callplan::{CheckedPlan, Source, check};
use std::path::{Path, PathBuf};

/// The results for some plans.
#[derive(Default)]
struct Outcomes {
    plans: usize,
    /// Plans of which something was fixed.
    fixed: usize,
    /// Plans that were accepted, or are accepted now, and decide correctly.
    same: usize,
    /// Plans that are refused.
    refused: usize,
    failures: Vec<String>,
}

impl Outcomes {
    /// Makes the fixes of a plan. After that it must be refused, or decide as `intended`, or as
    /// before if it was accepted.
    fn look(&mut self, name: &str, source: Source, intended: Option<&CheckedPlan>, options: &Options) {
        self.plans += 1;
        let before = accepted(&source, options);
        let FixedPlan { source: after, problems, count } = fixes::make(source.clone(), Grade::Safe, options);
        self.fixed += usize::from(count > 0);
        self.look_again(name, &after, Grade::Safe, options);
        let now = accepted(&after, options);
        match (before.as_ref().or(intended), &now) {
            (Some(before), Some(now)) if decide_alike(before, now) => self.same += 1,
            (Some(_), Some(_)) => {
                let added: Vec<&str> =
                    after.text().lines().filter(|line| !source.text().contains(line)).take(4).collect();
                self.failures.push(format!("{name}: its fixes changed decisions: {added:?}"));
            }
            (Some(_), None) if before.is_some() => {
                self.failures.push(format!("{name}: it was accepted, and is refused"))
            }
            (_, None) => self.refused += 1,
            // Nobody knows the intention of its author.
            (None, Some(_)) => self.same += 1,
        }
        assert_eq!(problems.has_errors(), now.is_none(), "{name}");
    }

    /// A second run, on the output of the first.
    fn look_again(&mut self, name: &str, after: &Source, most: Grade, options: &Options) {
        let again = fixes::make(after.clone(), most, options);
        if again.count > 0 || again.source.text() != after.text() {
            self.failures.push(format!("{name}: a second run ({}) changes something", most.name()));
        }
    }

    /// Prints the results.
    fn tell(&self, what: &str) {
        let Self { plans, fixed, same, refused, failures } = self;
        println!(
            "{what}: {plans} plans, {fixed} of them with fixes; {same} decide as they should, {refused} keep an error, {} failures",
            failures.len()
        );
        let first: Vec<&String> = failures.iter().take(12).collect();
        assert!(failures.is_empty(), "{first:#?}");
    }
}

#[test]
fn fixes_leave_the_decisions_of_all_cases_and_examples() {
    let mut outcomes = Outcomes::default();
    for path in files() {
        let case = Case::read(&path);
        let name = path.display().to_string();
        outcomes.look(&name, case.source.clone(), None, &case.options());
        let all = fixes::make(case.source.clone(), Grade::Suggestion, &case.options());
        outcomes.look_again(&name, &all.source, Grade::Suggestion, &case.options());
    }
    outcomes.tell("cases and examples");
    assert!(outcomes.plans > 200 && outcomes.fixed > 50, "the cases were found");
}

#[test]
fn each_safe_fix_of_a_warning_leaves_every_decision() {
    let mut tried = 0;
    for path in files() {
        let case = Case::read(&path);
        let report = check(&case.source, &case.options());
        let Some(plan) = report.plan.filter(|_| !report.problems.has_errors()) else { continue };
        for fix in report.problems.iter().flat_map(|problem| &problem.fixes).filter(|fix| fix.grade == Grade::Safe) {
            let fixed = Source::new("plan", fix::apply(case.source.text(), fix));
            let now = accepted(&fixed, &case.options()).unwrap_or_else(|| panic!("{}: {}", path.display(), fix.title));
            assert!(decide_alike(&plan, &now), "{}: {}", path.display(), fix.title);
            tried += 1;
        }
    }
    assert!(tried > 3, "some warnings have safe fixes");
}

/// Plans that a fix once changed for the worse, with the result of `check --fix`; `None` if it
/// changes nothing.
const LEFT_ALONE: &[(&str, Option<&str>)] = &[
    (
        "schedule s { 2027-02-10 09:00-13:30 }\nschedule o except s { mon 08:00-18:00 }\nwhen o is open { reject }\n",
        None,
    ),
    ("schedule s { mon-fri 11:00-01:00 }\nwhen s is open { reject }\nfallback\n", None),
    ("when caller in [+44123] { reject }\nfallback\n", None),
    ("when caller in +44* and caller in +49* { reject }\nfallback\n", None),
    ("agent oncology = \"a\"\nwhen caller is anonymous { route to gynecology }\nroute to oncology\n", None),
    ("days h = [easter monday]\nwhen date in h { reject }\nfallback\n", None),
    ("days h = [2027-02-10 09:00-12:30]\nwhen date in h { reject }\nfallback\n", None),
    ("when caller in [+442079460123 ext 5] { reject }\nfallback\n", None),
    ("days h = [every 07-03 ffri]\nwhen date in h { reject }\nfallback\n", None),
    ("days h = [every 07-03, frri]\nwhen date in h { reject }\nfallback\n", None),
    ("split \"s\" by caller { 5% { reject } 90% { fallback } }\n", None),
    ("when trunk in \"east, west\" { reject }\nfallback\n", None),
    ("when date in 2027-01-07..2027-01-01 { reject }\nfallback\n", None),
    ("when day in 7..1 { reject }\nfallback\n", None),
    ("when caller in [+14155550199..+14155550100] { reject }\nfallback\n", None),
    ("when caller in [+14155550100 +14155550199] { reject }\nfallback\n", None),
    ("when caller in [+14155550100, , +14155550199] { reject }\nfallback\n", None),
    ("when caller in [, +14155550199] { reject }\nfallback\n", None),
    ("table t (a) {\n  +14155550100: +14155550101\n}\nwhen caller in t { reject }\nfallback\n", None),
    ("schedule s { mon fri 09:00-17:00 }\nwhen s is open { reject }\nfallback\n", None),
    ("schedule s { mon-fri 9-5 }\nwhen s is open { reject }\nfallback\n", None),
    ("schedule s { mon-fri 1-5pm }\nwhen s is open { reject }\nfallback\n", None),
    ("when caller doesn't start with +44 { reject }\nfallback\n", None),
    ("numbers vips = [+14155550100]\nwhen vips { reject }\nfallback\n", None),
    ("when caller.country is UK { reject }\nfallback\n", None),
    ("timezone EST\nwhen time >= 09:00 { reject }\nfallback\n", None),
    ("switch storm\nwhen strom is on { reject }\nfallback\n", None),
    ("numbers spare = [+14155550100]\nfallback\n", None),
    (
        "when office is open { reject }\nschedule office { Monday 9am-5pm }\nfallback\n",
        Some("when office is open { reject }\nschedule office { mon 09:00-17:00 }\nfallback\n"),
    ),
    ("when caller.country is us { reject }\nfallback\n", Some("when caller.country is US { reject }\nfallback\n")),
    ("when caler is anonymous { reject }\nfallback\n", Some("when caller is anonymous { reject }\nfallback\n")),
    (
        "when caller is +44 (0)20 7946 0123 { reject }\nfallback\n",
        Some("when caller is +442079460123 { reject }\nfallback\n"),
    ),
];

#[test]
fn a_fix_never_chooses() {
    let options = Options { today: Some(TODAY), ..Options::default() };
    for (plan, expected) in LEFT_ALONE {
        let fixed = fixes::make(Source::new("plan", *plan), Grade::Safe, &options);
        assert_eq!(fixed.source.text(), expected.unwrap_or(plan));
    }
}

/// Hours, with the result of a suggestion.
const HOURS: &[(&str, &str)] =
    &[("1-5pm", "13:00-17:00"), ("9-5pm", "09:00-17:00"), ("9-5", "09:00-17:00"), ("8-11", "08:00-11:00")];

#[test]
fn hours_of_two_readings_are_suggested_as_people_mean_them() {
    let options = Options { today: Some(TODAY), ..Options::default() };
    for (hours, meant) in HOURS {
        let plan = |hours: &str| {
            format!("timezone UTC\nschedule s {{ mon {hours} }}\nwhen s is open {{ reject }}\nfallback\n")
        };
        let fixed = fixes::make(Source::new("plan", plan(hours)), Grade::Suggestion, &options);
        assert_eq!(fixed.source.text(), plan(meant));
    }
}

#[test]
fn safe_fixes_of_a_broken_plan_give_its_decisions_or_leave_an_error() {
    let (most, seed) = (setting("FIXES_BROKEN", 120), setting("FIXES_SEED", 1) as u64);
    let options = Options { today: Some(TODAY), ..Options::default() };
    let originals = plans();
    let mut outcomes = Outcomes::default();
    let mut broken: Vec<(usize, String, String)> = Vec::new();
    for (at, (name, text)) in originals.iter().enumerate() {
        for way in ways() {
            let found = way.broken(text, seed * 1_000 + at as u64);
            broken.extend(
                found.into_iter().map(|broken| (at, format!("{name}, {}: {}", way.name, broken.what), broken.text)),
            );
        }
    }
    let step = (broken.len() / most.max(1)).max(1);
    let intended: Vec<CheckedPlan> = originals
        .iter()
        .map(|(name, text)| {
            let source = Source::new("plan", text.clone());
            accepted(&source, &options).unwrap_or_else(|| panic!("{name} is accepted"))
        })
        .collect();
    // The seed decides which fix of each step is made.
    for (at, what, text) in broken.into_iter().skip(seed as usize % step).step_by(step).take(most) {
        outcomes.look(&what, Source::new("plan", text), Some(&intended[at]), &options);
    }
    outcomes.tell("broken plans");
    assert!(outcomes.plans * 10 >= most * 9 && outcomes.fixed * 4 > outcomes.plans, "plans were broken, and fixed");
}

/// The plan of a text, if it is accepted.
fn accepted(source: &Source, options: &Options) -> Option<CheckedPlan> {
    let report = check(source, options);
    report.plan.filter(|_| !report.problems.has_errors())
}

fn decide_alike(one: &CheckedPlan, other: &CheckedPlan) -> bool {
    if one.source().text() == other.source().text() {
        return true;
    }
    diff(one, other, TODAY, &Limits::for_text(1 << 20)).is_ok_and(|found| found.changes.is_empty())
}

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = ["syntax", "check", "warn", "eval", "format"].map(|folder| root.join("tests/cases").join(folder));
    let folders = cases.into_iter().chain([root.join("examples"), root.join("examples/drafts")]);
    let entries = folders
        .flat_map(|folder| std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "callplan"));
    files.sort();
    files
}

fn setting(name: &str, default: usize) -> usize {
    let number = |value: String| value.parse().unwrap_or_else(|_| panic!("{name} is a number"));
    std::env::var(name).map_or(default, number)
}
