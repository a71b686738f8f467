//! A plan that is asked for very many calls: the reference evaluator, led past the statements that
//! cannot concern a call. Each change is shown by a call, and a plan may have as many changes as
//! rules.

use crate::call::{Call, Decision};
use crate::compile::BlockIndexes;
use crate::eval::{self, Facts, Narrowing};
use crate::plan::{CheckedPlan, Statement};
use std::cell::Cell;

/// A plan with an index of its statements.
pub(super) struct IndexedPlan<'p> {
    plan: &'p CheckedPlan,
    indexes: BlockIndexes,
    /// How many statements were evaluated so far.
    evaluated: Cell<usize>,
}

impl<'p> IndexedPlan<'p> {
    pub fn new(plan: &'p CheckedPlan) -> Self {
        Self { plan, indexes: BlockIndexes::new(plan), evaluated: Cell::new(0) }
    }

    /// Decides a call as the reference evaluator does.
    pub fn decide(&self, call: &Call) -> Decision {
        eval::decide_among(self.plan, call, self)
    }

    /// How many statements were evaluated for all calls together.
    pub fn evaluated(&self) -> usize {
        self.evaluated.get()
    }
}

impl<'p> Narrowing<'p> for IndexedPlan<'_> {
    fn narrowed<'n>(&'n self, block: &'p [Statement], facts: &Facts) -> Box<dyn Iterator<Item = &'p Statement> + 'n>
    where
        'p: 'n,
    {
        let count = |_: &&Statement| self.evaluated.update(|count| count + 1);
        match self.indexes.of(block) {
            Some(index) => Box::new(index.find(facts).map(|at| &block[at]).inspect(count)),
            None => Box::new(block.iter().inspect(count)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DecisionComparison, PlanPair};
    use crate::analyze::Limits;
    use crate::compile::Horizon;
    use crate::compile::guard::FixedFacts;
    use crate::{CheckedPlan, Source, check};
    use jiff::civil::date;

    /// A rule for each of some numbers, and one for some callers before the rule of this place. They
    /// stand between these two texts.
    fn plan((before, after): (&str, &str), rules: usize, callers_at: usize) -> CheckedPlan {
        let mut text = before.to_owned();
        for at in 0..rules {
            if at == callers_at {
                text += "rule \"callers\" when caller in [+4420*, +33*] { reject }\n";
            }
            text += &format!("rule \"{at}\" when dialed is +1503{:07} {{ route to \"{}\" }}\n", 2_000_000 + at, at % 7);
        }
        text += after;
        check(&Source::new("plan", text), &check::Options::default()).plan.expect("nothing is wrong with it")
    }

    /// After the rule for callers has moved to the middle: how many changes there are, and how many
    /// statements were evaluated to show each by a call.
    fn work(around: (&str, &str), rules: usize) -> (usize, usize) {
        let (was, now) = (plan(around, rules, 0), plan(around, rules, rules / 2));
        let limits = Limits::for_text(was.source().text().len() + now.source().text().len());
        let any = FixedFacts::default();
        let horizon = Horizon::of(date(2026, 11, 26));
        let pair = PlanPair::new((&was, any.clone()), (&now, any), &now, horizon, &limits).expect("it is small");
        let comparison = DecisionComparison::new(&was, &now);
        let changes = pair.changes(&comparison, &limits).expect("it is small").changes;
        assert!(changes.iter().all(|change| change.witness.is_some()));
        (changes.len(), comparison.was.evaluated() + comparison.now.evaluated())
    }

    #[test]
    fn a_change_is_shown_by_as_many_statements_however_many_rules_there_are() {
        for around in [("", "fallback\n"), ("when not (caller is anonymous) {\n", "fallback\n}\nreject\n")] {
            let (few, many) = (work(around, 100), work(around, 400));
            assert_eq!((few.0, many.0), (50, 200));
            assert_eq!(few.1 * 4, many.1, "{few:?} and {many:?}");
        }
    }
}
