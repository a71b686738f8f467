//! How long questions about all calls take, and how much memory: a check with its proofs, the
//! differences after one rule has moved, and a call that is tried on a draft.

use callplan::analyze::Limits;
use callplan::analyze::diff::diff;
use callplan::check::Options;
use callplan::{Call, CheckedPlan, Source};
use callplan_service::live::plan::Plan;
use jiff::civil::{Date, date};

use crate::callgrind;
use crate::figures::{bytes, duration};
use crate::heap;
use crate::measure::least;
use crate::plans;

const TODAY: Date = date(2026, 11, 26);

/// Maximum memory of a check, in bytes for each byte of text.
const MOST_A_BYTE: f64 = 20.0;

/// Prints the tables.
pub fn run() -> Result<(), String> {
    memory()?;
    times()?;
    instructions();
    Ok(())
}

fn options() -> Options<'static> {
    Options { today: Some(TODAY), ..Options::default() }
}

/// The memory of a check and of a tried call, for each byte of text. It fails where a check takes
/// more than the maximum.
fn memory() -> Result<(), String> {
    println!("Memory, in bytes for each byte of text\n");
    println!("{:<28} {:>9}  {:>9} {:>7}  {:>9} {:>7}", "plan", "text", "check", "a byte", "simulate", "a byte");
    let mut too_much = Vec::new();
    for (name, text) in [
        ("4,000 rules", plans::rules(4_000)),
        ("16,000 rules", plans::rules(16_000)),
        ("62,000 rules", plans::rules(62_000)),
        ("62,000 rules in one block", plans::in_one_block(62_000)),
        ("a table of 100,000 rows", plans::table(100_000)),
        ("500,000 numbers in a list", plans::numbers(500_000)),
    ] {
        let source = Source::new("plan", text);
        let length = source.text().len();
        let (accepted, of_check) = heap::most_held_by(|| callplan::check(&source, &options()).plan.is_some());
        if !accepted {
            return Err(format!("{name}: the plan has an error"));
        }
        let ((), of_simulation) = heap::most_held_by(|| simulate(&source));
        let a_byte = |bytes: usize| bytes as f64 / length as f64;
        println!(
            "{name:<28} {:>9}  {:>9} {:>7.1}  {:>9} {:>7.1}",
            bytes(length),
            bytes(of_check),
            a_byte(of_check),
            bytes(of_simulation),
            a_byte(of_simulation),
        );
        if a_byte(of_check.max(of_simulation)) > MOST_A_BYTE {
            too_much.push(name);
        }
    }
    println!();
    if too_much.is_empty() { Ok(()) } else { Err(format!("more than {MOST_A_BYTE} bytes a byte: {too_much:?}")) }
}

/// What the server does to try a call on a draft: checks it, explains the decision, and decides.
fn simulate(source: &Source) {
    let report = callplan::check(source, &options());
    let plan = report.plan.map(|plan| Plan::checked(plan, &report.problems, TODAY)).expect("it was accepted");
    let at = "2026-12-01T17:00:00Z".parse().expect("an instant");
    let call = Call::new("+15035000000", at).with_caller("+14155550100");
    // For all three questions, as the server does.
    let _read = plan.checked_plan();
    std::hint::black_box((plan.explain(&call), plan.reachable_switches(&call.called_number)));
    plan.answer(&call, |answer| std::hint::black_box(answer.is_some()));
}

/// The times of a check and of a diff.
fn times() -> Result<(), String> {
    println!(
        "{:>7} {:>9}  {:>9} {:>9} {:>9}  {:>9} {:>9} {:>8}",
        "rules", "text", "check", "at most", "undecided", "diff", "at most", "changes"
    );
    for rules in [100, 1_000, 10_000, 20_000] {
        row(rules)?;
    }
    Ok(())
}

/// A plan with a rule for some callers, and the same after this rule has moved.
struct MovedRule {
    before: Source,
    after: Source,
}

impl MovedRule {
    fn among(rules: usize) -> Self {
        let plan = |at| Source::new("plan", plans::rules_around(rules, Some(at)));
        Self { before: plan(0), after: plan(rules / 2) }
    }

    fn plans(&self) -> Result<(CheckedPlan, CheckedPlan), String> {
        let plan = |source| callplan::check(source, &options()).plan.ok_or("the plan has an error");
        Ok((plan(&self.before)?, plan(&self.after)?))
    }

    fn limits(&self) -> Limits<'static> {
        Limits::for_text(self.before.text().len() + self.after.text().len())
    }
}

fn row(rules: usize) -> Result<(), String> {
    let moved = MovedRule::among(rules);
    let (report, most_checked) = heap::most_held_by(|| callplan::check(&moved.before, &options()));
    let undecided = report.problems.iter().filter(|problem| problem.code.name() == "proof-undecided").count();
    let checked = least(|| callplan::check(&moved.before, &options()));
    let ((was, now), limits) = (moved.plans()?, moved.limits());
    let (found, most_compared) = heap::most_held_by(|| diff(&was, &now, TODAY, &limits));
    let changes = found.map_err(|_| "the plans go beyond the budget")?.changes.len();
    let compared = least(|| diff(&was, &now, TODAY, &limits));
    println!(
        "{rules:>7} {:>9}  {:>9} {:>9} {undecided:>9}  {:>9} {:>9} {changes:>8}",
        bytes(moved.before.text().len()),
        duration(checked),
        bytes(most_checked),
        duration(compared),
        bytes(most_compared),
    );
    Ok(())
}

/// The instructions of a check and of a diff, which are the same in every run. Those of a diff are
/// counted at two sizes, to show how they grow.
fn instructions() {
    if !callgrind::is_here() {
        return;
    }
    println!("\n{:<8} {:>7} {:>15}", "", "rules", "instructions");
    for (question, rules) in
        [("check", "1000"), ("check", "10000"), ("diff", "2000"), ("diff", "4000"), ("diff", "8000")]
    {
        let count = callgrind::collected(&["count-analysis", question, rules]);
        let count = count.map_or("-".to_owned(), |count| format!("{count:.0}"));
        println!("{question:<8} {rules:>7} {count:>15}");
    }
}

/// The work of the child that callgrind counts.
pub fn count(arguments: &[String]) -> Result<(), String> {
    let [question, rules] = arguments else { return Err("count-analysis check|diff RULES".to_owned()) };
    let moved = MovedRule::among(rules.parse().map_err(|error| format!("{error}"))?);
    match question.as_str() {
        "check" => drop(check_that_is_counted(&moved.before)),
        _ => {
            let (was, now) = moved.plans()?;
            diff_that_is_counted(&was, &now, &moved.limits());
        }
    }
    Ok(())
}

#[inline(never)]
fn check_that_is_counted(source: &Source) -> callplan::Report {
    callplan::check(source, &options())
}

#[inline(never)]
fn diff_that_is_counted(was: &CheckedPlan, now: &CheckedPlan, limits: &Limits) {
    let _ = std::hint::black_box(diff(was, now, TODAY, limits));
}
