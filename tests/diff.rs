//! What `diff` says about two plans is true, for random plans with random edits.
//!
//! `DIFF_PLANS` makes the run longer, `DIFF_SEED` changes the plans.

mod support;

use callplan::analyze::Limits;
use callplan::analyze::diff::{ChangeKind, DecidedOutcome, Diff, diff};
use callplan::check::{self, Options};
use callplan::{CheckedPlan, Problems, Source, syntax};
use jiff::civil::{Date, date};
use support::{Random, Writer};

const TODAY: Date = date(2026, 1, 2);

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// The plan of a text; `None` if the edit has made it invalid.
fn checked(text: &str) -> Option<CheckedPlan> {
    let mut problems = Problems::new();
    let tree = syntax::parse(&Source::new("plan", text), &mut problems)?;
    check::check(&tree, &Options { today: Some(TODAY), ..Options::default() }, &mut problems)
}

fn found(was: &CheckedPlan, now: &CheckedPlan) -> Option<Diff> {
    diff(was, now, TODAY, &Limits::for_text(1 << 20)).ok()
}

/// A random edit as a person makes it: a line removed, two lines swapped, another word or number.
fn edited(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = random.below(lines.len());
    match random.below(6) {
        0 => drop(lines.remove(at)),
        1 if at + 1 < lines.len() => lines.swap(at, at + 1),
        _ => {
            let words = [
                ("agent_a", "agent_b"),
                ("agent_b", "agent_a"),
                ("is not", "is"),
                ("not in", "in"),
                ("1415", "1416"),
                ("+44", "+49"),
                (":00", ":30"),
                (":30", ":00"),
                ("mon", "tue"),
                ("open", "closed"),
                ("\"a\"", "\"b\""),
                ("gold", "silver"),
                ("and", "or"),
                ("20%", "30%"),
                ("in\"", "out\""),
            ];
            let (word, other) = words[random.below(words.len())];
            // From a random line on, the first line that has it.
            let from = (at..lines.len()).chain(0..at).find(|line| lines[*line].contains(word));
            if let Some(line) = from {
                lines[line] = lines[line].replacen(word, other, 1);
            }
        }
    }
    lines.join("\n")
}

/// Whether a call with this change is among the calls of another change.
fn is_among(way: &ChangeKind, change: &ChangeKind) -> bool {
    // If a column has very many agents, a change leaves the agent open.
    let is_same = |one: &DecidedOutcome, other: &DecidedOutcome| {
        (one.outcome, &one.rule, one.line) == (other.outcome, &other.rule, other.line)
            && (other.agent_id.is_none() || (&one.agent_id, one.version) == (&other.agent_id, other.version))
    };
    way.is_decision == change.is_decision && is_same(&way.was, &change.was) && is_same(&way.now, &change.now)
}

#[test]
fn a_plan_is_the_same_as_itself() {
    for seed in 0..setting("DIFF_PLANS", 150) {
        let mut random = Random::new(setting("DIFF_SEED", 1) * 7_919 + seed);
        let rules = 2 + random.below(30);
        let plan = checked(&Writer::sample(&mut random, rules).text).expect("a plan that was made at random");
        if let Some(diff) = found(&plan, &plan) {
            assert!(diff.changes.is_empty(), "{seed}: {:?}\n{}", diff.changes, plan.source().text());
        }
    }
}

#[test]
fn every_call_that_is_decided_differently_is_among_the_changes_and_every_witness_is_one() {
    let (mut differing, mut witnesses, mut without, mut compared) = (0, 0, 0, 0);
    for seed in 0..setting("DIFF_PLANS", 150) {
        let mut random = Random::new(setting("DIFF_SEED", 1) * 104_729 + seed);
        let rules = 2 + random.below(30);
        let sample = Writer::sample(&mut random, rules);
        let was = checked(&sample.text).expect("a plan that was made at random");
        let Some(now) = checked(&edited(&sample.text, &mut random)) else { continue };
        let Some(diff) = found(&was, &now) else { continue };
        compared += 1;
        for _ in 0..300 {
            let call = sample.call(&mut random);
            let Some(way) = ChangeKind::of(&was.decide(&call), &now.decide(&call)) else { continue };
            // A diff is about calls from its first day to its last.
            let day = now.zone().read(call.timestamp).date;
            if day < diff.first_day || day > diff.last_day {
                continue;
            }
            differing += 1;
            assert!(
                diff.changes.iter().any(|change| is_among(&way, &change.way)),
                "{seed}: {call:?}\n{way:#?}\n{:#?}\n{}\n=====\n{}",
                diff.changes,
                was.source().text(),
                now.source().text()
            );
        }
        for change in &diff.changes {
            let Some((call, old, new)) = change.witness.as_deref() else {
                // If there are few callers, none may be in the arms of all splits on the path.
                assert!(change.calls.iter().all(|calls| !calls.splits.is_empty()), "{seed}: {change:#?}");
                without += 1;
                continue;
            };
            witnesses += 1;
            assert_eq!((&was.decide(call), &now.decide(call)), (old, new));
            let way = ChangeKind::of(old, new).expect("a witness is decided differently");
            assert_eq!(way.is_decision, change.way.is_decision);
            assert!(!change.calls.is_empty());
        }
    }
    println!(
        "{compared} edits: {differing} calls differed as said, {witnesses} changes with a witness, {without} without"
    );
    assert!(differing > 300 && witnesses > 60 && without < witnesses);
}

#[test]
fn a_rule_that_no_call_reaches_may_go_and_rules_that_share_no_call_may_change_places() {
    let plan = |rules: &[&str]| {
        let text = format!("agent a = \"a\"\nagent b = \"b\"\n{}\nfallback\n", rules.join("\n"));
        checked(&text).expect("a plan")
    };
    let (wide, dead) =
        ("rule \"wide\" when caller in +1* { route to a }", "rule \"dead\" when caller in +1415* { route to b }");
    let other = "rule \"other\" when caller in +44* { route to b }";
    let same = |one: &[&str], two: &[&str]| found(&plan(one), &plan(two)).expect("small plans").changes.is_empty();
    assert!(same(&[wide, dead, other], &[wide, other]));
    assert!(same(&[wide, other], &[other, wide]));
    assert!(!same(&[wide, dead], &[dead, wide]));
}
