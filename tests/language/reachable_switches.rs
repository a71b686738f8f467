//! A switch that calls to a number cannot reach changes no call to it, for random plans and calls.
//!
//! `SWITCHES_PLANS` makes the run longer, `SWITCHES_SEED` changes the plans.

use crate::support::{Random, Writer, setting};
use callplan::analyze::switches::reachable;
use callplan::check::{self, Options};
use callplan::{Call, CheckedPlan, Problems, Source, syntax};

/// Random calls to each plan.
const CALLS: usize = 40;

fn checked(text: &str) -> CheckedPlan {
    let mut problems = Problems::new();
    let tree = syntax::parse(&Source::new("plan", text), &mut problems).expect("a plan of this size is read");
    check::check(&tree, &Options::default(), &mut problems).expect("a plan that was made at random")
}

/// The call, with a switch turned.
fn turned(call: &Call, switch: &str) -> Call {
    let mut other = call.clone();
    match other.switches.iter().position(|on| on == switch) {
        Some(at) => drop(other.switches.remove(at)),
        None => other.switches.push(switch.to_owned()),
    }
    other
}

#[test]
fn a_switch_that_cannot_be_reached_changes_no_call() {
    let (plans, seed) = (setting("SWITCHES_PLANS", 150), setting("SWITCHES_SEED", 1));
    let (mut unreachable, mut reached, mut mattered) = (0, 0, 0);
    for number in 0..plans {
        let mut random = Random::new(seed * 86_028_121 + number);
        let rules = 2 + random.below(20);
        let sample = Writer::sample(&mut random, rules);
        let plan = checked(&sample.text);
        for _ in 0..CALLS {
            let call = sample.call(&mut random);
            let names = reachable(&plan, &call.called_number);
            for switch in &sample.switches {
                let is_same = plan.decide(&call) == plan.decide(&turned(&call, switch));
                if names.contains(switch) {
                    reached += 1;
                    mattered += usize::from(!is_same);
                } else {
                    unreachable += 1;
                    assert!(is_same, "seed {seed}, plan {number}, {switch}, {call:?}\n{}", sample.text);
                }
            }
        }
    }
    println!("{unreachable} switches that calls cannot reach, {reached} others, of which {mattered} mattered");
    assert!(unreachable > 100 && reached > 100 && mattered > 10);
}
