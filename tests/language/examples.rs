//! A plan with the examples that were written for it is accepted, keeps its layout, and needs no
//! further examples: plans of `examples/`, and random plans.
//!
//! `EXAMPLES_PLANS` makes the run longer, `EXAMPLES_SEED` changes the plans.

use crate::support::{Random, Writer, on_all_processors, setting};
use callplan::analyze::Limits;
use callplan::analyze::coverage::{Coverage, coverage};
use callplan::analyze::examples::{ExampleOptions, MissingExamples, examples, of_call};
use callplan::check::{self, Options as Checks};
use callplan::{CheckedPlan, Problems, Source, format, syntax};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 24);
const WANTED: ExampleOptions = ExampleOptions { today: TODAY, limit: 200, all: false };

fn limits() -> Limits<'static> {
    Limits::for_text(1 << 20)
}

/// The plan of a text, without the trial of fixes that a full check makes.
fn checked(text: &str) -> CheckedPlan {
    let mut problems = Problems::new();
    let tree = syntax::parse(&Source::new("plan", text), &mut problems);
    let plan =
        tree.and_then(|tree| check::check(&tree, &Checks { today: Some(TODAY), ..Checks::default() }, &mut problems));
    plan.unwrap_or_else(|| panic!("a plan is not accepted: {problems:#?}\n{text}"))
}

fn formatted(text: &str) -> String {
    let tree = syntax::parse(&Source::new("plan", text), &mut Problems::new()).expect("a text that can be read");
    format::format(&tree).expect("a text that can be read has a layout")
}

fn covered(plan: &CheckedPlan) -> Coverage {
    coverage(plan, TODAY, &limits()).expect("a small plan is within the budget")
}

/// Writes the examples of a plan, adds them to it, and checks the result.
fn with_examples(text: &str, wanted: &ExampleOptions) -> (CheckedPlan, MissingExamples) {
    let text = formatted(text);
    let found = examples(&checked(&text), wanted, &limits()).expect("a small plan is within the budget");
    let together = format!("{text}{}", found.text);
    assert_eq!(formatted(&together), together, "the layout changes");
    let plan = checked(&together);
    let failed: Vec<_> = plan.try_examples().into_iter().filter_map(|tried| tried.failure).collect();
    assert!(failed.is_empty(), "{failed:#?}\n{together}");
    (plan, found)
}

fn names_are_different(plan: &CheckedPlan) -> bool {
    let mut names: Vec<&str> = plan.examples().iter().map(|example| example.name()).collect();
    names.sort_unstable();
    names.windows(2).all(|two| two[0] != two[1])
}

#[test]
fn the_plans_of_the_examples_have_nothing_left_to_test() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let (mut plans, mut written) = (0, 0);
    for entry in std::fs::read_dir(folder).expect("the examples are there") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "callplan") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("an example");
        let before = covered(&checked(&text));
        let (plan, found) = with_examples(&text, &WANTED);
        let after = covered(&plan);
        assert_eq!((found.left_out, found.unknown), (0, 0), "{}", path.display());
        assert!(after.is_complete(), "{}: {:#?}", path.display(), after.misses);
        assert_eq!((after.rules.all, after.boundaries.all), (before.rules.all, before.boundaries.all));
        assert_eq!(after.rules.reached, after.rules.all);
        assert!(found.count <= before.misses.len() && names_are_different(&plan), "{}", path.display());
        let again = examples(&plan, &WANTED, &limits()).expect("a small plan");
        assert_eq!((again.text.as_str(), again.count), ("", 0), "{}", path.display());
        (plans, written) = (plans + 1, written + found.count);
    }
    println!("{plans} plans, {written} examples");
    assert!(plans >= 19 && written > 200);
}

#[test]
fn all_rules_together_have_a_budget_and_the_others_are_unknown() {
    let rules = |count: usize| -> String {
        let rule = |at| format!("when caller is +1503555{at:04} {{ route to \"{at}\" }}\n");
        (0..count).map(rule).chain(["reject\n".to_owned()]).collect()
    };
    let plan = checked(&rules(300));
    let found = |question: usize| {
        let limits = Limits { question, ..limits() };
        let found = coverage(&plan, TODAY, &limits).expect("a plan of rules");
        let written = examples(&plan, &WANTED, &limits).expect("a plan of rules");
        (found.rules.all + found.boundaries.all, found.unknown, written)
    };
    let (all, unknown, written) = found(50_000);
    assert_eq!((unknown, written.unknown), (0, 0));
    let (some, unknown, written) = found(700);
    assert!(some > 0 && some < all && unknown > 0, "{some} of {all}, {unknown} unknown");
    assert!(some + unknown >= all, "none is forgotten: {some} and {unknown} of {all}");
    assert!(written.unknown >= unknown && written.count > 0, "{} written, {}", written.count, written.unknown);
    let (none, unknown, written) = found(0);
    assert!(none == 0 && unknown >= all && written.count == 0, "{none}, {unknown}, {}", written.count);
}

#[test]
fn plans_made_at_random_have_nothing_left_to_test() {
    let seed = setting("EXAMPLES_SEED", 1);
    let plans: Vec<u64> = (0..setting("EXAMPLES_PLANS", 5)).collect();
    let counts = on_all_processors(&plans, |number| tested(*number, seed));
    let limited = counts.iter().filter(|count| count.is_none()).count();
    let (rules, boundaries) = counts.iter().flatten().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    println!("{} plans: {rules} rules and {boundaries} boundaries; {limited} have more", plans.len());
    assert!(rules > plans.len() && boundaries > rules && limited * 4 < plans.len());
}

/// Writes the examples of a random plan, and counts its rules and boundaries; `None` if they need
/// more examples than are wanted.
fn tested(number: u64, seed: u64) -> Option<(usize, usize)> {
    let mut random = Random::new(seed * 15_485_863 + number);
    let count = 2 + random.below(10);
    let text = Writer::sample(&mut random, count).text;
    let (plan, written) = with_examples(&text, &WANTED);
    let after = covered(&plan);
    assert!(written.count <= WANTED.limit);
    if written.left_out > 0 {
        assert_eq!(written.count, WANTED.limit);
        return None;
    }
    assert_eq!(after.unknown, written.unknown);
    assert!(after.misses.is_empty(), "seed {seed}, plan {number}: {:#?}\n{}", after.misses, plan.source().text());
    Some((after.rules.all, after.boundaries.all))
}

#[test]
fn every_rule_that_some_call_reaches_is_counted_and_no_other() {
    let plan = checked(
        "agent a = \"a\"\nagent b = \"b\"\n\
         rule \"wide\" when caller in +1* { route to a }\n\
         rule \"dead\" when caller in +1415* { route to b }\n\
         rule \"rest\" { split \"s\" by caller { 0% { reject } 25% { } 75% { route to b } } }\n",
    );
    let found = covered(&plan);
    let misses: Vec<&str> = found.misses.iter().map(|miss| miss.what.as_str()).collect();
    assert_eq!(
        misses,
        [
            "wide",
            "wide: +19999999999, just inside",
            "wide: +20000000000, just outside",
            "rest",
            "s: in the 25%",
            "s: in the 75%",
            "nobody decides"
        ]
    );
    assert_eq!((found.rules.reached, found.rules.all), (0, 5));
    assert_eq!((found.boundaries.reached, found.boundaries.all), (0, 1));
    assert!(!found.is_complete());
}

#[test]
fn a_boundary_at_which_nothing_changes_is_none() {
    // The earlier rule takes both sides.
    let plan = checked("when caller in +14* { reject }\nwhen caller in +1415* { fallback }\nreject\n");
    assert_eq!(covered(&plan).boundaries.all, 2);
}

#[test]
fn an_example_must_lie_at_the_boundary() {
    let plan = |minute: &str| {
        checked(&format!(
            "timezone America/New_York\nagent a = \"a\"\nschedule office {{ mon-fri 09:00-17:00 }}\n\
             rule \"Open\" when office is open {{ route to a }}\nreject\n\
             example \"one\" {{ call from +14155550100 to +18005550100 at 2026-12-02 {minute} expect route to a }}\n"
        ))
    };
    let missed = |minute: &str| covered(&plan(minute)).misses.len();
    assert_eq!((missed("12:00"), missed("09:00"), missed("16:59")), (5, 4, 4));
    let all = examples(&plan("09:00"), &ExampleOptions { all: true, ..WANTED }, &limits()).expect("a small plan");
    let few = examples(&plan("09:00"), &WANTED, &limits()).expect("a small plan");
    let one = examples(&plan("09:00"), &ExampleOptions { limit: 1, ..WANTED }, &limits()).expect("a small plan");
    assert_eq!((all.count, few.count, one.count, one.left_out), (4, 3, 1, 2));
}

/// The example of any call passes in its plan, keeps the layout, and has a unique name.
#[test]
fn a_call_that_was_tried_is_an_example_that_passes() {
    let (plans, seed) = (setting("EXAMPLES_PLANS", 5), setting("EXAMPLES_SEED", 1));
    let mut written = 0;
    for number in 0..plans {
        let mut random = Random::new(seed * 32_452_843 + number);
        let sample = Writer::sample(&mut random, 8);
        let mut text = formatted(&sample.text);
        let plan = checked(&text);
        for _ in 0..25 {
            let mut call = sample.call(&mut random);
            // With fields of a call that an example cannot express.
            call.timestamp += jiff::SignedDuration::from_millis(random.below(60_000) as i64);
            call.trunk_id = call.trunk_id.or_else(|| random.one_in(2).then(String::new));
            let example = of_call(&plan, &call, random.one_in(2).then_some("tried \"so\" {late}"));
            text = format!("{text}\n{}", of_call(&checked(&text), &call, None));
            text = format!("{text}\n{}", of_call(&checked(&text), &call, Some("again")));
            let alone = format!("{}\n{example}", plan.source().text());
            assert_eq!(formatted(&alone), alone, "the layout changes");
            let failed: Vec<_> = checked(&alone).try_examples().into_iter().filter_map(|tried| tried.failure).collect();
            assert!(failed.is_empty(), "seed {seed}, plan {number}: {call:#?}\n{failed:#?}\n{alone}");
            written += 1;
        }
        let all = checked(&text);
        assert!(all.try_examples().iter().all(|tried| tried.failure.is_none()) && names_are_different(&all), "{text}");
    }
    assert!(written >= plans * 25);
}
