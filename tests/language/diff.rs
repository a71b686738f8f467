//! What `diff` says about two plans is true, for random plans with random edits.
//!
//! `DIFF_PLANS` makes the run longer, `DIFF_SEED` changes the plans.

use crate::support::{Random, Writer, on_all_processors, setting};
use callplan::analyze::Limits;
use callplan::analyze::diff::{ChangeKind, DecidedOutcome, Diff, diff};
use callplan::check::{self, Options};
use callplan::fields::Party;
use callplan::{CheckedPlan, Problems, Source, syntax};
use jiff::civil::{Date, date};
use std::ops::Range;

const TODAY: Date = date(2026, 1, 2);

/// The plan of a text; `None` if the edit has made it invalid.
fn checked(text: &str) -> Option<CheckedPlan> {
    let mut problems = Problems::new();
    let tree = syntax::parse(&Source::new("plan", text), &mut problems)?;
    check::check(&tree, &Options { today: Some(TODAY), ..Options::default() }, &mut problems)
}

fn found(was: &CheckedPlan, now: &CheckedPlan) -> Option<Diff> {
    diff(was, now, TODAY, &Limits::for_text(1 << 20)).ok()
}

/// The words with which statements begin.
const STATEMENTS: [&str; 6] = ["rule ", "when ", "split ", "context ", "metadata ", "skip "];

/// The lines of each statement, at whatever depth.
fn statements(lines: &[String]) -> Vec<Range<usize>> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let of = |(at, line): (usize, &String)| {
        let is_statement = STATEMENTS.iter().any(|word| line.trim_start().starts_with(word));
        let is_end = |end: &usize| lines[*end].trim_start().starts_with('}') && indent(&lines[*end]) == indent(line);
        let end = if line.ends_with('{') { (at..lines.len()).find(is_end)? } else { at };
        is_statement.then_some(at..end + 1)
    };
    lines.iter().enumerate().filter_map(of).collect()
}

/// The plan with all its statements in one block.
fn in_one_block(text: &str) -> String {
    let begins = |line: &&str| STATEMENTS.iter().any(|word| line.starts_with(word));
    let first = text.lines().find(begins).and_then(|line| text.find(&format!("\n{line}"))).map_or(0, |at| at + 1);
    let (definitions, statements) = text.split_at(first);
    format!("{definitions}when caller is not +13105550199 {{\n{statements}\n}}\nreject\n")
}

/// A statement elsewhere, none instead of it, or one more before it.
fn with_a_statement_edited(lines: &mut Vec<String>, random: &mut Random) {
    let all = statements(lines);
    let Some(chosen) = all.get(random.below(all.len().max(1))).cloned() else { return };
    let added = match random.below(3) {
        0 => vec!["when caller in [+1415*, +44*] { route to agent_b }".to_owned()],
        1 => lines.drain(chosen).collect(),
        _ => return drop(lines.drain(chosen)),
    };
    let left = statements(lines);
    let place = left.get(random.below(left.len().max(1))).map_or(lines.len(), |statement| statement.start);
    lines.splice(place..place, added);
}

/// A random edit as a person makes it: a line removed, two lines swapped, a statement moved, added
/// or removed, another word or number.
fn edited(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = random.below(lines.len());
    match random.below(9) {
        0 => drop(lines.remove(at)),
        1 if at + 1 < lines.len() => lines.swap(at, at + 1),
        2..=4 => with_a_statement_edited(&mut lines, random),
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
                (".opens", ".closes"),
                ("First of", "All of"),
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
    let seed = setting("DIFF_SEED", 1);
    let plans: Vec<u64> = (0..setting("DIFF_PLANS", 100)).collect();
    on_all_processors(&plans, |number| {
        let mut random = Random::new(seed * 7_919 + number);
        let rules = 2 + random.below(30);
        let plan = checked(&Writer::sample(&mut random, rules).text).expect("a plan that was made at random");
        if let Some(diff) = found(&plan, &plan) {
            assert!(diff.changes.is_empty(), "{number}: {:?}\n{}", diff.changes, plan.source().text());
        }
    });
}

/// What the comparison of some edits has shown.
#[derive(Default)]
struct Seen {
    compared: usize,
    /// Calls that are decided differently, as the diff says.
    differing: usize,
    /// Changes with a witness, and those without.
    witnesses: usize,
    without: usize,
}

#[test]
fn every_call_that_is_decided_differently_is_among_the_changes_and_every_witness_is_one() {
    let seed = setting("DIFF_SEED", 1);
    let plans: Vec<u64> = (0..setting("DIFF_PLANS", 100)).collect();
    let edits = on_all_processors(&plans, |number| compared(*number, seed * 104_729 + number).unwrap_or_default());
    let sum = |count: fn(&Seen) -> usize| edits.iter().map(count).sum::<usize>();
    let (differing, witnesses) = (sum(|seen| seen.differing), sum(|seen| seen.witnesses));
    let (compared, without) = (sum(|seen| seen.compared), sum(|seen| seen.without));
    println!(
        "{compared} edits: {differing} calls differed as said, {witnesses} changes with a witness, {without} without"
    );
    assert!(differing > 2 * plans.len() && witnesses * 5 > 2 * plans.len() && without < witnesses);
}

/// Compares a random plan with an edit of it; `None` if the edit is invalid or over the budget.
fn compared(number: u64, seed: u64) -> Option<Seen> {
    let mut random = Random::new(seed);
    let rules = 2 + random.below(30);
    let sample = Writer::sample(&mut random, rules);
    let plain = checked(&sample.text).expect("a plan that was made at random");
    // What decides among the statements of a large block is not what decides among those of a plan.
    let block = random.one_in(2).then(|| checked(&in_one_block(&sample.text))).flatten();
    let was = block.unwrap_or(plain);
    let now = checked(&edited(was.source().text(), &mut random))?;
    let diff = found(&was, &now)?;
    let mut seen = Seen { compared: 1, ..Seen::default() };
    for _ in 0..300 {
        let call = sample.call(&mut random);
        let Some(way) = ChangeKind::of(&was.decide(&call), &now.decide(&call)) else { continue };
        let is_read_alike = |party| was.reader().number(&call, party) == now.reader().number(&call, party);
        if diff.reads_otherwise && !Party::ALL.into_iter().all(is_read_alike) {
            continue;
        }
        // A diff is about calls from its first day to its last.
        let day = now.zone().read(call.timestamp).date;
        if day < diff.first_day || day > diff.last_day {
            continue;
        }
        seen.differing += 1;
        assert!(
            diff.more > 0 || diff.changes.iter().any(|change| is_among(&way, &change.way)),
            "{number}: {call:?}\n{way:#?}\n{:#?}\n{}\n=====\n{}",
            diff.changes,
            was.source().text(),
            now.source().text()
        );
    }
    for change in &diff.changes {
        let Some((call, old, new)) = change.witness.as_deref() else {
            // If there are few callers, none may be in the arms of all splits on the path; and a home country
            // may read the local numbers that are tried.
            assert!(
                !now.reader().is_plain() || change.calls.iter().all(|calls| !calls.splits.is_empty()),
                "{number}: {change:#?}\n{}\n=====\n{}",
                was.source().text(),
                now.source().text()
            );
            seen.without += 1;
            continue;
        };
        seen.witnesses += 1;
        assert_eq!((&was.decide(call), &now.decide(call)), (old, new));
        let way = ChangeKind::of(old, new).expect("a witness is decided differently");
        assert_eq!(way.is_decision, change.way.is_decision);
        assert!(!change.calls.is_empty());
    }
    Some(seen)
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

/// A plan that tells of the hours of `office`, as the texts of these definitions say.
fn telling(definitions: &str, told: &str) -> CheckedPlan {
    let text = format!("timezone Europe/London\n{definitions}\ncontext \"{told}\"\nreject\n");
    checked(&text).unwrap_or_else(|| panic!("it is no plan: {text}"))
}

#[test]
fn what_holes_tell_is_compared_and_not_how_it_is_spelled() {
    const OFFICE: &str = "schedule office { mon-fri 09:00-17:00 }";
    let told = "{office.opens} {office.closes} {office.hours}";
    let was = telling(OFFICE, told);
    for (definitions, told) in [
        ("schedule desk { mon-fri 09:00-17:00 }", "{desk.opens} {desk.closes} {desk.hours}"),
        ("schedule office in Europe/London { mon-wed 09:00-17:00\nthu-fri 09:00-13:00, 13:00-17:00 }", told),
    ] {
        let diff = found(&was, &telling(definitions, told)).expect("it is within the budget");
        assert!(diff.changes.is_empty(), "{definitions}: {:?}", diff.changes);
    }
    for (definitions, told, was_told) in [
        // One day of the last year, and one that its opening is told on before.
        ("schedule office { mon-fri 09:00-17:00\n2031-06-02 closed }", told, told),
        ("schedule office { mon-fri 09:00-17:00\n2031-12-31 closed }", "{office.opens}", "{office.opens}"),
        ("schedule office { mon-fri 09:00-17:00\n2031-06-03 closed 12:00-13:00 }", "{office.hours}", "{office.hours}"),
        ("schedule office in Europe/Berlin { mon-fri 10:00-18:00 }", "{office.closes}", "{office.closes}"),
    ] {
        let (was, now) = (telling(OFFICE, was_told), telling(definitions, told));
        let diff = found(&was, &now).expect("it is within the budget");
        assert_eq!(diff.changes.len(), 1, "{definitions}: {:?}", diff.changes);
        assert!(diff.changes[0].witness.is_some() && !diff.changes[0].has_more, "{definitions}");
        let is_always = definitions.contains("Berlin");
        assert_eq!(diff.changes[0].share > 0.9, is_always, "{definitions}: {}", diff.changes[0].share);
    }
}

#[test]
fn names_of_days_are_compared_by_what_they_show() {
    let days = |entries: &str| telling(&format!("days holidays = [{entries}]"), "{holidays.name}");
    let was = days("every 12-25 \"Christmas Day\", every 12-26 \"Boxing Day\"");
    let same = days(
        "every 12-26 \"Boxing Day\", every 12-24..12-25 \"Christmas\", every 12-25 \"Christmas Day\", every 12-24",
    );
    let diff = found(&was, &same).expect("it is within the budget");
    assert_eq!(diff.changes.len(), 1, "{:?}", diff.changes);
    let (call, ..) = diff.changes[0].witness.as_deref().expect("a call of the change");
    let day = was.zone().read(call.timestamp).date;
    assert_eq!((day.month(), day.day()), (12, 24));
    let same = days("every 12-25..12-26 \"Boxing Day\", every 12-25 \"Christmas Day\"");
    assert!(found(&was, &same).expect("it is within the budget").changes.is_empty());
}

/// Instants as values of metadata differ where their texts do not.
#[test]
fn instants_and_words_are_compared_apart() {
    let plan = |zone: &str, told: &str| {
        let text = format!("schedule office in {zone} {{ mon-fri 09:00-17:00 }}\nmetadata {{ {told} }}\nreject\n");
        checked(&text).unwrap_or_else(|| panic!("it is no plan: {text}"))
    };
    // Their clocks show the same from autumn to spring.
    let (london, lisbon) = ("Europe/London", "Europe/Lisbon");
    for told in ["opens: office.opens", "opens: \"{office.opens}\""] {
        assert!(found(&plan(london, told), &plan(lisbon, told)).expect("it is within the budget").changes.is_empty());
    }
    let zones = ("UTC", "Europe/London");
    let diff = |told: &str| found(&plan(zones.0, told), &plan(zones.1, told)).expect("it is within the budget");
    let share = |diff: &Diff| diff.changes.iter().map(|change| change.share).sum::<f64>();
    let (instants, words) = (diff("opens: office.opens"), diff("opens: \"{office.opens}\""));
    assert!(0.4 < share(&instants) && share(&instants) < 0.7, "{}", share(&instants));
    // By the words they differ between the two openings and at midnight alone.
    assert!(0.0 < share(&words) && share(&words) < 0.2, "{}", share(&words));
}
