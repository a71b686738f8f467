//! Splits: callers are in the arm that the documented hash says, and stay in it as documented when
//! shares change.

use callplan::eval::bucket;
use callplan::{Call, CompiledPlan, Source, compile};
use proptest::prelude::*;

/// A plan that sends each arm's calls to an agent with the arm's number as its name. Shares are
/// hundredths of a percent.
fn plan(name: &str, by: &str, shares: &[u32]) -> CompiledPlan {
    let arm = |(at, share): (usize, &u32)| format!("{}.{:02}% {{ route to \"{at}\" }}\n", share / 100, share % 100);
    let arms: String = shares.iter().enumerate().map(arm).collect();
    let text = format!("split \"{name}\" by {by} {{\n{arms}}}\n");
    compile(&Source::new("plan", text.as_str())).unwrap_or_else(|problems| panic!("{text}{problems:#?}"))
}

fn arm(plan: &CompiledPlan, call: &Call) -> usize {
    let agent = plan.decide(call).output.agent_id.expect("every arm routes");
    agent.parse().expect("an arm's number")
}

/// Shares that add up to 100 %, from the places where the buckets are cut.
fn shares() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(0..=10_000_u32, 0..5).prop_map(|mut cuts| {
        cuts.extend([0, 10_000]);
        cuts.sort_unstable();
        cuts.windows(2).map(|pair| pair[1] - pair[0]).collect()
    })
}

/// A number as a call has it, and the text that a split hashes for it.
fn caller() -> impl Strategy<Value = (String, String)> {
    let e164 = "[1-9][0-9]{6,14}".prop_filter("a number that spells a word is withheld", |digits| {
        !["266696687", "86282452253", "8656696", "2562533", "7378742833"].contains(&digits.as_str())
    });
    prop_oneof![
        e164.clone().prop_map(|digits| (format!("+{digits}"), format!("+{digits}"))),
        e164.prop_map(|digits| (format!(" <sip:+{}-{}@host;a=b>", &digits[..3], &digits[3..]), format!("+{digits}"))),
        "[1-9][0-9]{2,4}".prop_map(|digits| (format!(" {digits} "), digits)),
        "[Bb]locked|anonymous|".prop_map(|word| (word, "anonymous".to_owned())),
    ]
}

fn call(caller: &str, second: i64) -> Call {
    Call::new("+1 800 555 0100", jiff::Timestamp::new(second, 999_000_000).expect("an instant")).with_caller(caller)
}

/// The arm whose buckets hold this one, when arms take them in order.
fn arm_of(bucket: u32, shares: &[u32]) -> usize {
    let mut end = 0;
    let ends = shares.iter().map(|share| {
        end += share;
        end
    });
    ends.take_while(|end| *end <= bucket).count()
}

proptest! {
    #[test]
    fn arms_take_buckets_in_order(name in "[a-z é]{1,12}", shares in shares(), (written, subject) in caller(), second in 0..4_000_000_000_i64) {
        let call = call(&written, second);
        prop_assert_eq!(arm(&plan(&name, "caller", &shares), &call), arm_of(bucket(&name, &subject), &shares));
        let whole = format!("{subject} +18005550100 {second}");
        prop_assert_eq!(arm(&plan(&name, "call", &shares), &call), arm_of(bucket(&name, &whole), &shares));
    }

    #[test]
    fn who_is_in_the_first_arm_stays_in_it_when_its_share_grows(
        (small, large) in (0..=10_000_u32, 0..=10_000_u32).prop_map(|(a, b)| (a.min(b), a.max(b))),
        (written, _) in caller(),
        seconds in (0..4_000_000_000_i64, 0..4_000_000_000_i64),
    ) {
        let [before, after] = [small, large].map(|share| plan("trial", "caller", &[share, 10_000 - share]));
        let (first, again) = (arm(&before, &call(&written, seconds.0)), arm(&after, &call(&written, seconds.1)));
        prop_assert!(first == 1 || again == 0);
    }
}

#[test]
fn a_share_takes_about_so_many_callers() {
    let plan = plan("trial", "caller", &[500, 9_500]);
    let callers = (0..20_000).map(|at| format!("+1415{:07}", at * 37));
    let first = callers.filter(|caller| arm(&plan, &call(caller, 0)) == 0).count();
    assert!((900..1_100).contains(&first), "{first} of 20,000 callers are in 5%");
}
