//! Breaks every plan of `examples/` in some thirty ways, always the same, and counts for each way
//! how often there is exactly one message, how often it is at the mistake, and how often the safe
//! fixes restore the plan, so that every call is decided as before.
//!
//! `cargo test --test language broken -- --nocapture` prints the table. `BROKEN_EACH` breaks each plan at
//! more places (`all`: at all of them), `BROKEN_SEED` misspells other words, `BROKEN_WAY` selects
//! the ways whose names contain it, and `BROKEN_SHOW` prints this many of the failed plans.

use crate::breaks::{Broken, Group, Way, plans, spread, ways};
use crate::support::on_all_processors;
use callplan::analyze::Limits;
use callplan::analyze::diff::diff;
use callplan::check::Options;
use callplan::diagnostics::{Diagnostic, Grade};
use callplan::fixes;
use callplan::{CheckedPlan, Problems, Source, check};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 24);

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn number(name: &str, default: usize) -> usize {
    match setting(name).as_deref() {
        None => default,
        Some("all") => usize::MAX,
        Some(value) => value.parse().unwrap_or_else(|_| panic!("{name} is a number or `all`")),
    }
}

/// The results of one way to break plans.
#[derive(Default, Clone, Copy)]
struct BreakTally {
    tried: usize,
    one_message: usize,
    in_place: usize,
    restored: usize,
    /// Accepted after its fixes, but some call is decided differently.
    different: usize,
    /// Fixes were made, and errors are left.
    unhelpful: usize,
}

impl BreakTally {
    fn share(&self, count: usize) -> f64 {
        100.0 * count as f64 / self.tried.max(1) as f64
    }

    fn add(&mut self, other: &Self) {
        self.tried += other.tried;
        self.one_message += other.one_message;
        self.in_place += other.in_place;
        self.restored += other.restored;
        self.different += other.different;
        self.unhelpful += other.unhelpful;
    }
}

#[test]
fn one_mistake_has_one_message_at_its_place_and_safe_fixes_restore_the_plan() {
    let (each, seed, show) = (number("BROKEN_EACH", 1), number("BROKEN_SEED", 1), number("BROKEN_SHOW", 0));
    let asked = setting("BROKEN_WAY").unwrap_or_default();
    let originals: Vec<Original> = plans().into_iter().map(|(name, text)| Original::new(name, text)).collect();
    println!(
        "{:<40} {:>6} {:>8} {:>8} {:>9} {:>6} {:>8}",
        "", "tried", "one", "in place", "restored", "other", "no help"
    );
    let ways: Vec<Way> = ways().into_iter().filter(|way| way.name.contains(&asked)).collect();
    let tried = on_all_processors(&ways, |way| try_way(way, &originals, each, seed));
    let mut failures = Vec::new();
    let mut groups: Vec<(Group, BreakTally)> = Vec::new();
    let mut different = String::new();
    for (way, tried) in ways.iter().zip(&tried) {
        tried.failed.iter().take(show).for_each(|text| println!("\n{text}"));
        different.push_str(&tried.different.concat());
        print(way.name, &tried.row);
        match groups.iter_mut().find(|(group, _)| *group == way.group) {
            Some((_, all)) => all.add(&tried.row),
            None => groups.push((way.group, tried.row)),
        }
    }
    println!();
    for (group, row) in &groups {
        print(&format!("all: {group:?}"), row);
        let (in_place, restored) = promised(*group);
        if row.share(row.in_place) < in_place || row.share(row.restored) < restored {
            failures.push(format!("{group:?}: {in_place} % in place and {restored} % restored were promised"));
        }
    }
    assert!(different.is_empty(), "safe fixes made another plan of these:\n{different}");
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// What came of one way to break plans.
struct TriedWay {
    row: BreakTally,
    /// The plans that were not restored, or have their message elsewhere.
    failed: Vec<String>,
    /// The plans of which safe fixes made other plans.
    different: Vec<String>,
}

/// Breaks each plan in this way, at `each` places.
fn try_way(way: &Way, originals: &[Original], each: usize, seed: usize) -> TriedWay {
    let mut tried = TriedWay { row: BreakTally::default(), failed: Vec::new(), different: Vec::new() };
    for (at, original) in originals.iter().enumerate() {
        let broken = way.broken(original.source.text(), (seed * 1_000 + at) as u64);
        for broken in spread(broken, each) {
            let Some(result) = original.judge(way, &broken) else { continue };
            let text = || format!("{}, {}, lines {:?}: {}", way.name, original.name, broken.lines, tell(&broken));
            if result.different > 0 || result.restored == 0 || result.in_place == 0 {
                tried.failed.push(text());
            }
            if result.different > 0 {
                tried.different.push(text() + "\n");
            }
            tried.row.add(&result);
        }
    }
    tried
}

/// The minimum share of plans with one message in the right place, and of restored plans.
fn promised(group: Group) -> (f64, f64) {
    match group {
        Group::Bracket | Group::Quote => (95.0, 90.0),
        Group::Keyword => (98.0, 98.0),
        Group::Token => (70.0, 30.0),
        Group::Paste => (98.0, 98.0),
        Group::Harmless => (100.0, 100.0),
    }
}

fn print(name: &str, row: &BreakTally) {
    println!(
        "{name:<40} {:>6} {:>6.1} % {:>6.1} % {:>7.1} % {:>6} {:>8}",
        row.tried,
        row.share(row.one_message),
        row.share(row.in_place),
        row.share(row.restored),
        row.different,
        row.unhelpful
    );
}

/// A plan before it is broken.
struct Original {
    name: String,
    source: Source,
    plan: CheckedPlan,
    problems: Problems,
}

impl Original {
    fn new(name: String, text: String) -> Self {
        let source = Source::new(name.clone(), text);
        let report = check(&source, &options());
        let plan = report.plan.unwrap_or_else(|| panic!("{name} is accepted"));
        Self { name, source, plan, problems: report.problems }
    }

    /// The result for a broken plan; `None` if it is accepted with another meaning, which nobody
    /// could detect.
    fn judge(&self, way: &Way, broken: &Broken) -> Option<BreakTally> {
        let source = Source::new("plan", broken.text.clone());
        let report = check(&source, &options());
        let accepted = report.plan.as_ref().filter(|_| !report.problems.has_errors());
        let mut row = BreakTally { tried: 1, ..BreakTally::default() };
        if let Some(plan) = accepted {
            let is_fine = self.decides_as(plan) && report.problems.iter().all(|problem| self.has(problem));
            (row.one_message, row.in_place, row.restored) = (is_fine.into(), is_fine.into(), is_fine.into());
            return (way.group == Group::Harmless).then_some(row);
        }
        let new: Vec<&Diagnostic> = report.problems.iter().filter(|problem| !self.has(problem)).collect();
        if let [problem] = new[..] {
            let line = source.position(problem.span.start).line;
            let near = |expected: &usize| line.abs_diff(*expected) <= 1;
            row.one_message = 1;
            row.in_place = (broken.lines.is_empty() || broken.lines.iter().any(near)).into();
        }
        let unread = report.plan.is_none();
        let fixed = fixes::make(source, Grade::Safe, &options());
        let has_errors = fixed.problems.has_errors();
        match check(&fixed.source, &options()).plan {
            Some(plan) if self.decides_as(&plan) && !has_errors => row.restored = 1,
            // A failing example keeps the plan from being accepted; other plans might have no
            // example for it.
            Some(plan) if unread && fixed.count > 0 && !self.decides_as(&plan) => row.different = 1,
            _ => {}
        }
        row.unhelpful = (fixed.count > 0 && has_errors).into();
        Some(row)
    }

    fn decides_as(&self, plan: &CheckedPlan) -> bool {
        // A typographic apostrophe in a text is what its author wants to say.
        if plan.source().text().replace('’', "'") == self.source.text() {
            return true;
        }
        let found = diff(&self.plan, plan, TODAY, &Limits::for_text(1 << 20));
        found.is_ok_and(|found| found.changes.is_empty()) && plan.examples().len() == self.plan.examples().len()
    }

    /// Whether the plan had such a problem before it was broken.
    fn has(&self, problem: &Diagnostic) -> bool {
        self.problems.iter().any(|known| (known.code, &known.message) == (problem.code, &problem.message))
    }
}

/// The messages and fixes of a broken plan, for people.
fn tell(broken: &Broken) -> String {
    let source = Source::new("plan", broken.text.clone());
    let mut text = format!("{}\n", broken.what);
    for problem in check(&source, &options()).problems.iter() {
        let position = source.position(problem.span.start);
        text += &format!("  {}:{} {}\n", position.line, position.column, problem.message);
        for fix in &problem.fixes {
            text += &format!("      {} ({})\n", fix.title, fix.grade.name());
        }
    }
    text
}

fn options() -> Options<'static> {
    Options { today: Some(TODAY), ..Options::default() }
}
