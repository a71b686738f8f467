//! The ways that a call may take at an instant: one, but for splits by call, each of whose arms is
//! open to it.
//!
//! The plan is run once a way. A run meets splits one after the other; where it may come into
//! several arms, it goes on in the first, and for each other arm another run is noted, which takes
//! that arm there. Splits of one name put a call into the same bucket, so a way says of each name
//! in which buckets it lies; names are independent of each other.

use super::{CallShare, Ending, OutcomeMix, OutcomeShare, TimelineBudget, TimelineTooLarge, may_decide};
use crate::call::Call;
use crate::eval::{self, BUCKETS};
use crate::plan::{CheckedPlan, Split};
use std::ops::Range;

/// Maximum number of combinations of split arms that are evaluated at one instant.
const MAX_WAYS: usize = 10_000;

/// What becomes of the call at its timestamp.
pub(super) fn outcome(
    plan: &CheckedPlan,
    call: &Call,
    effort: &mut TimelineBudget,
) -> Result<OutcomeMix, TimelineTooLarge> {
    let mut open = vec![SplitBuckets::default()];
    let mut chances: Vec<OutcomeShare> = Vec::new();
    let mut gone = 0;
    while let Some(mut way) = open.pop() {
        effort.run()?;
        gone += 1;
        let ending = Ending::from(eval::decide_in(plan, call, &mut |split| way.choose(split, &mut open)));
        if gone + open.len() > MAX_WAYS {
            return Err(TimelineTooLarge::Ways);
        }
        match chances.iter_mut().find(|chance| chance.ending == ending) {
            Some(chance) => chance.share += way.share(),
            None => chances.push(OutcomeShare { share: way.share(), ending }),
        }
    }
    chances.sort_by(|one, other| other.share.cmp(&one.share).then_with(|| one.ending.cmp(&other.ending)));
    Ok(OutcomeMix { chances })
}

/// The buckets of a call in each split by call, by the names of the splits.
#[derive(Clone, Default)]
struct SplitBuckets<'p> {
    buckets: Vec<(&'p str, Range<u32>)>,
}

impl<'p> SplitBuckets<'p> {
    /// The bucket in which this way comes into a split; those that come into other arms are added
    /// to `open`.
    fn choose(&mut self, split: &'p Split, open: &mut Vec<Self>) -> u32 {
        let known = self.buckets.iter().position(|(name, _)| *name == &*split.name);
        let within = known.map_or(0..BUCKETS, |at| self.buckets[at].1.clone());
        if !split.arms.iter().any(|arm| may_decide(&arm.block)) {
            return within.start;
        }
        let within_arm = |arm: &Range<u32>| arm.start.max(within.start)..arm.end.min(within.end);
        let mut parts = split.arms.iter().map(|arm| within_arm(&arm.buckets)).filter(|part| !part.is_empty());
        let first = parts.next().unwrap_or(within.clone());
        open.extend(parts.map(|part| self.with(&split.name, part)));
        *self = self.with(&split.name, first.clone());
        first.start
    }

    fn with(&self, name: &'p str, buckets: Range<u32>) -> Self {
        let others = self.buckets.iter().filter(|(other, _)| *other != name).cloned();
        Self { buckets: others.chain([(name, buckets)]).collect() }
    }

    fn share(&self) -> CallShare {
        self.buckets.iter().fold(CallShare::ALL, |share, (_, buckets)| share.of_buckets(buckets.end - buckets.start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, check};

    /// The shares that a plan with these statements gives to each line that decides, at any
    /// instant.
    fn shares(statements: &str) -> Result<Vec<(Option<usize>, String)>, TimelineTooLarge> {
        let source = Source::new("plan", format!("agent a = \"a\"\n{statements}"));
        let report = check(&source, &check::Options::default());
        let plan = report.plan.unwrap_or_else(|| panic!("{:#?}", report.problems));
        let call = Call::new("+15035550100", jiff::Timestamp::UNIX_EPOCH).with_caller("+14155550100");
        let outcome = outcome(&plan, &call, &mut TimelineBudget { left: 1_000_000, run: 1, asking: 1 })?;
        Ok(outcome.chances.iter().map(|chance| (chance.ending.line, chance.share.to_string())).collect())
    }

    /// Lines and their shares, `None` for the end of the plan.
    fn expect(statements: &str, expected: &[(Option<usize>, &str)]) {
        let expected = expected.iter().map(|(line, share)| (*line, (*share).to_owned())).collect();
        assert_eq!(shares(statements), Ok(expected), "{statements}");
    }

    #[test]
    fn every_arm_has_its_share() {
        expect(
            "split \"s\" by call { 5% { reject }\n0% { fallback }\n95% { route to a } }",
            &[(Some(4), "95%"), (Some(2), "5%")],
        );
        expect(
            "split \"s\" by call { 5% { reject }\n95% { skip pre_conversation_workflow } }\nroute to a",
            &[(Some(4), "95%"), (Some(2), "5%")],
        );
        expect("split \"s\" by call { 5% { reject }\n95% { context \"\" } }", &[(None, "95%"), (Some(2), "5%")]);
    }

    #[test]
    fn a_split_in_a_split_shares_the_share() {
        expect(
            "split \"s\" by call { 20% { split \"t\" by call { 25% { reject }\n75% { fallback } } }\n80% { route to a } }",
            &[(Some(4), "80%"), (Some(3), "15%"), (Some(2), "5%")],
        );
    }

    #[test]
    fn splits_of_one_name_put_a_call_into_one_bucket() {
        let two = "split \"s\" by call { 30% { reject }\n70% { context \"\" } }\n\
            split \"s\" by call { 50% { fallback }\n50% { route to a } }";
        expect(two, &[(Some(5), "50%"), (Some(2), "30%"), (Some(4), "20%")]);
        let other = two.replacen("\"s\"", "\"other\"", 1);
        expect(&other, &[(Some(4), "35%"), (Some(5), "35%"), (Some(2), "30%")]);
    }

    #[test]
    fn a_split_by_caller_is_decided_for_the_caller() {
        let arm = |by: &str| shares(&format!("split \"s\" by {by} {{ 50% {{ reject }}\n50% {{ route to a }} }}"));
        assert_eq!(arm("caller").unwrap().len(), 1);
        assert_eq!(arm("call").unwrap().len(), 2);
    }

    #[test]
    fn splits_that_decide_nothing_multiply_nothing() {
        let trials: String = (0..40)
            .map(|at| format!("split \"{at}\" by call {{ 50% {{ context \"a\" }} 50% {{ context \"b\" }} }}\n"))
            .collect();
        expect(&format!("{trials}reject"), &[(Some(42), "100%")]);
    }

    #[test]
    fn splits_that_multiply_beyond_measure_are_too_much() {
        let may_reject = "when weekday is sun { reject }";
        let trials: String = (0..40)
            .map(|at| format!("split \"{at}\" by call {{ 50% {{ {may_reject} }} 50% {{ {may_reject} }} }}\n"))
            .collect();
        assert_eq!(shares(&trials), Err(TimelineTooLarge::Ways));
    }
}
