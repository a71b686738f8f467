//! The compiled plan and the reference evaluator agree on every call.
//!
//! `AGREEMENT_PLANS` and `AGREEMENT_CALLS` make the run longer, `AGREEMENT_SEED` changes the plans.

use crate::support::{Random, Writer, on_all_processors, setting};
use callplan::check::{self, Options};
use callplan::compile::{Answer, Budget, CompiledPlan, DecisionPlan};
use callplan::{CheckedPlan, Problems, Source, syntax};
use jiff::civil::Date;

/// The plan of a text, without the trial of fixes that a full check makes.
fn checked(text: &str, today: Date) -> CheckedPlan {
    let mut problems = Problems::new();
    let tree = syntax::parse(&Source::new("plan", text), &mut problems);
    let options = Options { today: Some(today), ..Options::default() };
    let plan = tree.and_then(|tree| check::check(&tree, &options, &mut problems));
    plan.unwrap_or_else(|| panic!("a plan that was made at random is not accepted: {problems:#?}\n{text}"))
}

/// A budget that no diagram fits.
const NO_DIAGRAM: Budget = Budget { edges: 0, steps: 0, bytes: 0, stop: None };

#[test]
fn every_form_of_a_plan_decides_as_the_reference_does() {
    let plans: Vec<u64> = (0..setting("AGREEMENT_PLANS", 100)).collect();
    let (calls, seed) = (setting("AGREEMENT_CALLS", 400), setting("AGREEMENT_SEED", 1));
    let fit = on_all_processors(&plans, |plan| agrees(*plan, calls, seed));
    let diagrams = fit.iter().filter(|fits| **fits).count();
    let pairs = plans.len() as u64 * calls;
    println!(
        "{pairs} pairs of a plan and a call agree in all forms; {diagrams} of {} plans fit a diagram",
        plans.len()
    );
    assert!(diagrams * 2 > plans.len(), "most plans of this size fit the budget");
}

/// The same plan, as it is when it has been written and read; `None` without a diagram.
fn kept(plan: &DecisionPlan) -> Option<DecisionPlan> {
    let form = plan.can_be_kept().then(|| postcard::to_stdvec(plan).expect("it can be written"))?;
    let read: DecisionPlan = postcard::from_bytes(&form).expect("it can be read");
    assert_eq!((read.first_day(), read.switches()), (plan.first_day(), plan.switches()));
    assert_eq!(read.dates_end(), plan.dates_end());
    // What has been read is kept again by the next run.
    let form = postcard::to_stdvec(&read).expect("it can be written");
    Some(postcard::from_bytes(&form).expect("it can be read"))
}

/// Makes a plan, and decides calls by each of its forms. Gives whether the plan fits a diagram.
fn agrees(number: u64, calls: u64, seed: u64) -> bool {
    let today = jiff::civil::date(2026, 1, 2);
    let mut random = Random::new(seed * 1_000_003 + number);
    // Mostly small plans, in which every part matters; some with hundreds of rules.
    let limit = [4, 12, 40, 40, 399][random.below(5)];
    let rules = 2 + random.below(limit);
    let sample = Writer::sample(&mut random, rules);
    let plan = checked(&sample.text, today);
    // Most plans are compiled for the days of their calls, some for years after most of them.
    let from = if random.one_in(8) { jiff::civil::date(2029, 7, 1) } else { today };
    let diagram = CompiledPlan::new(plan.clone(), Some(from), Budget::default());
    // Every second plan, because it is compiled once more for that.
    let kept = number.is_multiple_of(2).then(|| {
        let plan = CompiledPlan::new(plan.clone(), Some(from), Budget::default()).into_decision_plan();
        let kept = kept(&plan);
        assert_eq!(kept.is_some(), diagram.stats().is_diagram);
        (kept, plan)
    });
    let candidates = CompiledPlan::new(plan, Some(from), NO_DIAGRAM);
    assert!(!candidates.stats().is_diagram);
    for _ in 0..calls {
        let call = sample.call(&mut random);
        let expected = diagram.plan().decide(&call);
        for compiled in [&diagram, &candidates] {
            let decision = compiled.decide(&call);
            assert_eq!(expected, decision, "seed {seed}, plan {number}, {call:?}\n{}", sample.text);
        }
        if let Some((Some(kept), plan)) = &kept {
            // Neither has an answer to a call beyond the horizon.
            let [answer, kept] = [plan, kept].map(|plan| plan.answer(&call).map(Answer::into_decision));
            assert_eq!(answer, kept, "seed {seed}, plan {number}, {call:?}\n{}", sample.text);
            assert!(kept.is_none_or(|kept| kept == expected), "seed {seed}, plan {number}, {call:?}\n{}", sample.text);
        }
    }
    diagram.stats().is_diagram
}
