//! What a check says about statements that never run is true: no call reaches a statement that is
//! called unreachable, a statement without an effect may be removed, and a statement that takes
//! another one's calls is above it and takes them. Calls that go to the fallback agent are told of
//! where nobody is there.
//!
//! `REACH_PLANS` and `REACH_CALLS` make the run longer, `REACH_SEED` changes the plans.

use crate::support::{Random, Sample, Writer, setting};
use callplan::analyze::{self, Limits};
use callplan::call::Step;
use callplan::check::{self, FallbackState, Options};
use callplan::diagnostics::{Code, Diagnostic};
use callplan::syntax::ast::{Item, Plan, Statement, StatementKind};
use callplan::{Call, CheckedPlan, Decision, Outcome, Problems, Source, syntax};
use jiff::civil::{Date, date};
use std::collections::HashMap;

const TODAY: Date = date(2025, 12, 1);

/// A checked text, with its problems and the places of its statements.
struct Checked {
    plan: CheckedPlan,
    problems: Vec<Diagnostic>,
    /// The end of each statement by its start.
    statements: HashMap<u32, u32>,
}

/// Checks a text without the trial of fixes that a full check makes.
fn checked(text: &str) -> Checked {
    let mut problems = Problems::new();
    let tree = syntax::parse(&Source::new("plan", text), &mut problems).expect("a plan of this size is read");
    let options = Options { today: Some(TODAY), fallback: Some(FallbackState::Missing), ..Options::default() };
    let plan = check::check(&tree, &options, &mut problems);
    let plan = plan.unwrap_or_else(|| panic!("a plan that was made at random is not accepted: {problems:#?}\n{text}"));
    analyze::analyze(&plan, &options, Limits::of(&plan, &options), &mut problems);
    Checked { plan, problems: problems.into_iter().collect(), statements: places(&tree.plan) }
}

fn places(plan: &Plan) -> HashMap<u32, u32> {
    let mut waiting: Vec<&Statement> = Vec::new();
    for item in &plan.items {
        if let Item::Statement(statement) = item {
            waiting.push(statement);
        }
    }
    let mut places = HashMap::new();
    while let Some(statement) = waiting.pop() {
        places.insert(statement.span.start, statement.span.end);
        match &statement.kind {
            StatementKind::Rule { block, .. } | StatementKind::When { block, .. } => waiting.extend(&block.statements),
            StatementKind::Split(split) => waiting.extend(split.arms.iter().flat_map(|arm| &arm.block.statements)),
            _ => {}
        }
    }
    places
}

#[test]
fn what_is_said_of_statements_that_never_run_is_so() {
    let (plans, calls, seed) = (setting("REACH_PLANS", 40), setting("REACH_CALLS", 60), setting("REACH_SEED", 1));
    let (mut pairs, mut unreachable, mut without_effect, mut replayed) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut cut_off = 0_u64;
    for at in 0..plans {
        let mut random = Random::new(seed * 1_000_003 + at);
        let sample = match random.one_in(4) {
            true => {
                let rules = 2 + random.below(8);
                Writer::sample(&mut random, rules)
            }
            false => overlapping(&mut random),
        };
        let checked = checked(&sample.text);
        let with_code = |code: Code| checked.problems.iter().filter(move |problem| problem.code == code);
        let shown = |problem: &Diagnostic| format!("seed {seed}, plan {at}, {problem:#?}\n{}", sample.text);
        // Lines of schedules that change no hour have this code, too.
        let of_statements =
            || with_code(Code::NoEffect).filter(|problem| checked.statements.contains_key(&problem.span.start));
        let pruned: Vec<(&Diagnostic, CheckedPlan)> =
            of_statements().filter_map(|problem| Some((problem, without(&checked, problem.span.start)?))).collect();
        for problem in with_code(Code::UnreachableRule) {
            unreachable += 1;
            replayed += u64::from(blockers_are_right(&checked, problem, &shown(problem)));
        }
        without_effect += of_statements().count() as u64;
        for _ in 0..calls {
            let call = sample.call(&mut random);
            if call.timestamp < "2025-12-02T14:00:00Z".parse().expect("an instant")
                || call.timestamp > "2030-12-30T00:00:00Z".parse().expect("an instant")
            {
                continue;
            }
            pairs += 1;
            let (decision, trace) = checked.plan.explain(&call);
            if decision.outcome == Outcome::Fallback {
                cut_off += 1;
                // Beyond the budget, it is told that this was not worked out.
                let is_told = with_code(Code::NobodyAnswers).count() + with_code(Code::ProofUndecided).count() == 1;
                assert!(is_told, "seed {seed}, plan {at}, {call:?} is cut off\n{}", sample.text);
            }
            for problem in with_code(Code::UnreachableRule) {
                let gets_there = |step: &Step| step.span.start == problem.span.start && step.held != Some(false);
                assert!(!trace.steps.iter().any(gets_there), "{call:?} gets there: {}", shown(problem));
            }
            for (problem, pruned) in &pruned {
                let same = same(&decision, &pruned.decide(&call));
                assert!(same, "{call:?} is decided otherwise without it: {}", shown(problem));
            }
        }
    }
    println!(
        "{pairs} pairs of a plan and a call: {unreachable} statements that no call gets to ({replayed} with a call of \
         theirs that another takes), {without_effect} that change nothing; {cut_off} calls are cut off"
    );
    assert!(cut_off > plans, "too few calls go to the fallback agent");
    assert!(unreachable * 4 > plans && without_effect * 20 > plans, "too few plans have what is asked about");
    assert!(replayed * 2 > unreachable, "too few witnesses: {replayed} of {unreachable}");
}

/// Whether a call shows what takes the calls of a statement; it and the named statements are right.
fn blockers_are_right(checked: &Checked, problem: &Diagnostic, shown: &str) -> bool {
    let takes = problem.notes.iter().filter(|note| note.message.contains(" takes "));
    let blockers: Vec<u32> = takes.filter_map(|note| note.span).map(|span| span.start).collect();
    for blocker in &blockers {
        let end =
            checked.statements.get(blocker).unwrap_or_else(|| panic!("no statement begins at {blocker}: {shown}"));
        assert!(*end <= problem.span.start, "what takes its calls is not above it: {shown}");
    }
    let line = problem.notes.iter().find_map(|note| note.message.strip_prefix("for instance `")?.strip_suffix('`'));
    let Some(line) = line else { return false };
    let (_, trace) = checked.plan.explain(&call_of(checked, line));
    let decides = trace.steps.last().map(|step| step.span).expect("a call of a blocker is decided");
    let takes = |blocker: &u32| *blocker <= decides.start && decides.end <= checked.statements[blocker];
    assert!(blockers.iter().any(takes), "`{line}` is not taken by what is named: {shown}");
    true
}

/// The call of a message, as an example of the plan would write it.
fn call_of(checked: &Checked, line: &str) -> Call {
    let text =
        format!("{}\nexample \"a call that is shown\" {{ {line} expect fallback }}\n", checked.plan.source().text());
    let tree = syntax::parse(&Source::new("plan", text), &mut Problems::new()).expect("an example more is read");
    let plan = check::check(&tree, &Options::default(), &mut Problems::new()).expect("an example more is accepted");
    plan.examples().last().expect("an example").call().clone()
}

/// The plan without the statement that begins at a place; `None` if it is the only one.
fn without(checked: &Checked, start: u32) -> Option<CheckedPlan> {
    let text = checked.plan.source().text();
    let (start, end) = (start as usize, checked.statements[&start] as usize);
    let blank: String = text[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
    let pruned = format!("{}{blank}{}", &text[..start], &text[end..]);
    let mut problems = Problems::new();
    let tree = syntax::parse(&Source::new("plan", pruned.as_str()), &mut problems)?;
    check::check(&tree, &Options { today: Some(TODAY), ..Options::default() }, &mut problems)
}

fn same(one: &Decision, other: &Decision) -> bool {
    one.outcome == other.outcome
        && one.rule == other.rule
        && one.line == other.line
        && one.reason == other.reason
        && one.output == other.output
}

/// A plan whose conditions test few things, so that many of its statements overlap.
fn overlapping(random: &mut Random) -> Sample {
    let mut text =
        "timezone UTC\nattribute campaign = \"X-Campaign\"\nswitch storm\nschedule office { mon-fri 09:00-17:00 }\n"
            .to_owned();
    let mut names = 0;
    let count = 3 + random.below(6);
    block(random, &mut text, 1, count, &mut names);
    if random.one_in(2) {
        text.push_str("route to \"last\"\n");
    }
    let own = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    let instants = ["2026-03-02T08:59:00Z", "2026-03-02T09:00:00Z", "2026-03-07T12:00:00Z", "2026-03-02T17:00:00Z"];
    Sample {
        text,
        numbers: own(&["+14155550100", "+14155550199", "+442079460000", "+4930230000", "anonymous", "1001"]),
        trunks: own(&["a", "b", "c"]),
        instants: instants.iter().map(|instant| instant.parse().expect("an instant")).collect(),
        switches: own(&["storm"]),
        headers: own(&["X-Campaign"]),
    }
}

fn block(random: &mut Random, text: &mut String, depth: usize, count: usize, names: &mut usize) {
    for _ in 0..count {
        statement(random, text, depth, names);
    }
}

fn statement(random: &mut Random, text: &mut String, depth: usize, names: &mut usize) {
    match random.below(if depth < 5 { 10 } else { 3 }) {
        0 => text.push_str(random.pick(&[
            "context \"x\"\n",
            "context \"\"\n",
            "metadata { a: caller }\n",
            "skip pre_conversation_workflow\n",
        ])),
        1 => text.push_str("metadata { b: 1 }\n"),
        2..=6 => {
            *names += 1;
            let condition = condition(random, 0);
            match random.one_in(3) {
                true if random.one_in(6) => text.push_str(&format!("rule \"r {names}\" {{\n")),
                true => text.push_str(&format!("rule \"r {names}\" when {condition} {{\n")),
                false => text.push_str(&format!("when {condition} {{\n")),
            }
            let count = random.below(3);
            block(random, text, depth + 1, count, names);
            end(random, text);
            text.push_str("}\n");
        }
        7 | 8 => {
            let by = random.pick(&["caller", "call"]);
            let shares =
                random.pick(&[&["0%", "100%"][..], &["50%", "50%"][..], &["0.01%", "99.99%"][..], &["100%"][..]]);
            text.push_str(&format!("split \"s{}\" by {by} {{\n", random.below(2)));
            for share in shares {
                text.push_str(&format!("{share} {{\n"));
                let count = random.below(2);
                block(random, text, depth + 1, count, names);
                end(random, text);
                text.push_str("}\n");
            }
            text.push_str("}\n");
        }
        _ => {
            let condition = condition(random, 0);
            text.push_str(&format!("when {condition} {{\nreject\n}}\n"));
        }
    }
}

/// What a block ends with, if anything.
fn end(random: &mut Random, text: &mut String) {
    let ends = ["", "", "route to \"x\"\n", "route to \"y\" version 2\n", "reject \"no\"\n", "fallback\n"];
    text.push_str(random.pick(&ends));
}

fn condition(random: &mut Random, depth: usize) -> String {
    let tests = [
        "caller in +1*",
        "caller in +1415*",
        "caller in +44*",
        "caller not in +1*",
        "caller is +14155550100",
        "caller is anonymous",
        "dialed in +44*",
        "dialed in +49*",
        "dialed not in +44*",
        "trunk is \"a\"",
        "campaign contains \"a\"",
        "attestation in [A, B]",
        "attestation is not A",
        "diverted_from is none",
        "diverted_from in +1*",
        "diverted_from not in +1415*",
        "caller.asserted is not none",
        "campaign starts with \"A\"",
        "campaign is \"a\"",
        "not campaign contains [\"a\", \"b\"]",
        "trunk is \"b\"",
        "trunk is not \"a\"",
        "trunk in [\"a\", \"b\"]",
        "storm is on",
        "storm is off",
        "office is open",
        "office is closed",
        "time < 12:00",
        "time >= 12:00",
        "weekday in mon-fri",
        "caller.country is GB",
        "caller in +*",
    ];
    match random.below(if depth == 0 { 5 } else { 1 }) {
        1 => format!("{} and {}", condition(random, 1), condition(random, 1)),
        2 => format!("{} or {}", condition(random, 1), condition(random, 1)),
        3 => format!("not ({} or {})", condition(random, 1), condition(random, 1)),
        _ => random.pick(&tests).to_owned(),
    }
}
