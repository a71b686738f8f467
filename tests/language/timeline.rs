//! A timeline says at each instant what the reference evaluator says, and changes exactly when that
//! changes.
//!
//! `TIMELINE_PLANS` makes the run longer, `TIMELINE_SEED` changes the plans.

use crate::support::{Random, Writer, setting};
use callplan::analyze::timeline::days::start_of;
use callplan::analyze::timeline::{Ending, OutcomeMix, Timeline, TimelineTooLarge, timeline};
use callplan::check::{self, Options};
use callplan::{Call, CheckedPlan, Problems, Source, eval, syntax};
use jiff::{SignedDuration, Timestamp};

/// The plan of a text, without the trial of fixes that a full check makes.
fn checked(text: &str) -> CheckedPlan {
    let mut problems = Problems::new();
    let tree = syntax::parse(&Source::new("plan", text), &mut problems);
    let plan = tree.and_then(|tree| check::check(&tree, &Options::default(), &mut problems));
    plan.unwrap_or_else(|| panic!("a plan that was made at random is not accepted: {problems:#?}\n{text}"))
}

fn at(call: &Call, instant: Timestamp) -> Call {
    Call { timestamp: instant, ..call.clone() }
}

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

/// Whether the outcome contains the reference evaluator's decision at an instant.
fn agrees(outcome: &OutcomeMix, plan: &CheckedPlan, call: &Call, instant: Timestamp) -> bool {
    let decided = Ending::from(eval::decide(plan, &at(call, instant)));
    outcome.chances.iter().any(|chance| chance.ending == decided)
}

/// The same text with each split by call turned into one by caller, so that each instant has a
/// single outcome.
fn without_splits_by_call(text: &str) -> String {
    text.replace(" by call {", " by caller {")
}

#[test]
fn at_every_instant_it_says_what_the_reference_says() {
    let (plans, seed) = (setting("TIMELINE_PLANS", 500), setting("TIMELINE_SEED", 1));
    let (mut instants, mut changes, mut several) = (0_u64, 0_u64, 0_u64);
    for number in 0..plans {
        let mut random = Random::new(seed * 1_000_003 + number);
        let rules = 2 + random.below(12);
        let sample = Writer::sample(&mut random, rules);
        let text = if random.one_in(3) { sample.text.clone() } else { without_splits_by_call(&sample.text) };
        let plan = checked(&text);
        let call = sample.call(&mut random);
        let first = plan.zone().read(call.timestamp).date;
        let days = [1, 7, 40, 366][random.below(4)];
        let after = (0..days).try_fold(first, |date, _| date.tomorrow()).expect("a date of this century");
        let (from, until) = (start_of(plan.zone(), first), start_of(plan.zone(), after));
        let made = timeline(&plan, &call, from, until).expect("a small plan is not too much");
        let say = || format!("seed {seed}, plan {number}, {call:?}, {days} days from {first}\n{text}");
        assert!(is_whole(&made, from, until), "{}", say());

        let length = until.as_second() - from.as_second();
        let anywhere = (0..40).map(|_| from + seconds((random.next() % length as u64) as i64)).collect::<Vec<_>>();
        let near = |instant: &Timestamp| [-1, 0, 1].map(|beside| *instant + seconds(beside));
        let edges = sample.instants.iter().flat_map(near);
        // For a short time, each minute.
        let minutes = (0..if days == 1 { length / 60 } else { 0 }).map(|minute| from + seconds(minute * 60));
        for instant in
            anywhere.into_iter().chain(edges).chain(minutes).filter(|instant| from <= *instant && *instant < until)
        {
            let outcome = made.at(instant).expect("an outcome");
            assert!(agrees(outcome, &plan, &call, instant), "at {instant}: {outcome:?}\n{}", say());
            instants += 1;
        }
        for two in made.stretches.windows(2) {
            let (before, after) = (&made.outcomes[two[0].outcome], &made.outcomes[two[1].outcome]);
            let (last, next) = (two[1].from - seconds(1), two[1].from);
            assert!(agrees(before, &plan, &call, last) && agrees(after, &plan, &call, next), "at {next}\n{}", say());
            if before.chances.len() == 1 && after.chances.len() == 1 {
                assert!(!agrees(before, &plan, &call, next), "nothing changes at {next}\n{}", say());
                changes += 1;
            }
        }
        several += u64::from(made.outcomes.iter().any(|outcome| outcome.chances.len() > 1));
    }
    println!(
        "{plans} plans, {instants} instants and {changes} changes agree; {several} plans have splits by call that decide"
    );
    assert!(changes > 20 * plans && several > plans / 50, "the plans ask of the time, and some split by call");
}

/// Checks that stretches are complete, that neighbors differ, that each outcome occurs once, and
/// that shares add up.
fn is_whole(made: &Timeline, from: Timestamp, until: Timestamp) -> bool {
    let ends = made.stretches.first().map(|stretch| stretch.from) == Some(from)
        && made.stretches.last().map(|stretch| stretch.until) == Some(until);
    let joined = made.stretches.windows(2).all(|two| two[0].until == two[1].from && two[0].outcome != two[1].outcome);
    let filled = made.stretches.iter().all(|stretch| stretch.from < stretch.until);
    let distinct = (0..made.outcomes.len()).all(|at| !made.outcomes[..at].contains(&made.outcomes[at]));
    let percents =
        |outcome: &OutcomeMix| outcome.chances.iter().filter_map(|chance| chance.share.percent().as_f64()).sum::<f64>();
    let shared = made.outcomes.iter().all(|outcome| (percents(outcome) - 100.0).abs() < 1e-9);
    ends && joined && filled && distinct && shared
}

#[test]
fn shares_are_what_calls_get() {
    let plan = checked(
        "agent a = \"a\"\nagent b = \"b\"\n\
         split \"one\" by call { 20% { reject } 30% { context \"\" } 50% { split \"two\" by call { 10% { route to a } 90% { fallback } } } }\n\
         split \"one\" by call { 45% { route to a } 55% { route to b } }",
    );
    let call = Call::new("+18005550100", Timestamp::UNIX_EPOCH).with_caller("+14155550100");
    let from: Timestamp = "2026-03-01T00:00:00Z".parse().expect("an instant");
    let made = timeline(&plan, &call, from, from + seconds(86_400)).expect("a small plan");
    let [stretch] = made.stretches[..] else { panic!("nothing depends on the time: {made:?}") };
    let outcome = &made.outcomes[stretch.outcome];
    let count = 40_000;
    let mut counts = vec![0_u32; outcome.chances.len()];
    for second in 0..count {
        let decided = Ending::from(eval::decide(&plan, &at(&call, from + seconds(second))));
        let chance = outcome.chances.iter().position(|chance| chance.ending == decided).expect("one of the chances");
        counts[chance] += 1;
    }
    for (chance, seen) in outcome.chances.iter().zip(counts) {
        let expected = chance.share.percent().as_f64().expect("a number") / 100.0;
        let (seen, deviation) = (f64::from(seen) / count as f64, (expected * (1.0 - expected) / count as f64).sqrt());
        assert!((seen - expected).abs() < 5.0 * deviation, "{} were seen of {chance:?}", seen);
    }
    assert_eq!(outcome.chances.len(), 5, "{outcome:?}");
}

#[test]
fn a_plan_that_asks_nothing_of_the_time_has_one_stretch() {
    let plan = checked("agent a = \"a\"\ncontext \"{now}\"\nmetadata { at: now }\nroute to a");
    let from: Timestamp = "2026-03-01T00:00:00Z".parse().expect("an instant");
    let call = Call::new("+18005550100", from);
    let made = timeline(&plan, &call, from, from + seconds(366 * 86_400)).expect("a small plan");
    assert_eq!((made.stretches.len(), made.outcomes.len()), (1, 1));
    assert_eq!((made.at(from - seconds(1)), made.at(from + seconds(366 * 86_400))), (None, None));
    let nothing = timeline(&plan, &call, from, from).expect("nothing is not too much");
    assert!(nothing.stretches.is_empty() && nothing.outcomes.is_empty());
}

#[test]
fn what_would_take_too_long_is_refused() {
    // A text of megabytes that tests every minute of a year: half a million evaluations would take
    // an hour.
    let padding = format!("# {}\n", "x".repeat(1_000)).repeat(4_000);
    let minutes: String = (0..720)
        .map(|at| {
            format!(
                "when time in {:02}:{:02}-{:02}:{:02} {{ reject }}\n",
                at / 30,
                at % 30 * 2,
                at / 30,
                at % 30 * 2 + 1
            )
        })
        .collect();
    let plan = checked(&format!("timezone Europe/London\n{minutes}fallback\n{padding}"));
    let from: Timestamp = "2026-03-01T00:00:00Z".parse().expect("an instant");
    let call = Call::new("+18005550100", from);
    assert_eq!(timeline(&plan, &call, from, from + seconds(366 * 86_400)), Err(TimelineTooLarge::Changes));
    let day = timeline(&plan, &call, from, from + seconds(86_400)).expect("a day of it is not too much");
    assert_eq!(day.stretches.len(), 1440);
}
