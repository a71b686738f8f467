//! Which calls are to be tested: examples that cover every rule and both sides of every boundary,
//! ready to paste.

// `aims` gathers what examples are for: each rule, arm and decision, and each boundary
// (`boundary`, found by `numbers` and `times`) of each condition. `goals` finds a call for
// each: for a boundary among those for which the one test settles the whole condition (`fixed`),
// so that its two sides are decided differently; a boundary at which nothing changes is none.
// Calls are looked for among all that can come, and each is replayed by the reference evaluator
// (`replay`), which also says what an example expects. `choose` takes few calls for many
// goals, `words` names them, `write` lays them out. `single` writes a call that
// somebody tried. What no example of a plan reaches is for `super::coverage`.

mod aims;
mod boundary;
mod choose;
mod fixed;
mod goals;
mod numbers;
mod replay;
mod single;
mod times;
mod words;
mod write;

pub(super) use goals::Goals;
pub use single::of_call;

use super::Limits;
use crate::plan::CheckedPlan;
use jiff::civil::Date;

/// The plan exceeds the budget, so the calls to test are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExamplesOverBudget;

/// Which examples are wanted.
#[derive(Clone, Copy, Debug)]
pub struct ExampleOptions {
    /// The first day of the calls.
    pub today: Date,
    /// Maximum number of examples.
    pub limit: usize,
    /// Whether those are written, too, that the plan's own examples make needless.
    pub all: bool,
}

/// Examples that a plan does not have yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingExamples {
    /// `example` blocks in the usual layout, an empty line before each. They pass, and none has the
    /// name of another.
    pub text: String,
    /// How many there are.
    pub count: usize,
    /// How many more would be needed for all; more than [`ExampleOptions::limit`] allows.
    pub left_out: usize,
    /// How many rules and boundaries went beyond the limits of the analysis: whether they need an
    /// example is not known.
    pub unknown: usize,
}

/// Examples for the rules and boundaries of a plan, in its order.
pub fn examples(
    plan: &CheckedPlan,
    options: &ExampleOptions,
    limits: &Limits,
) -> Result<MissingExamples, ExamplesOverBudget> {
    let goals = Goals::of(plan, options.today, limits)?;
    let choose::Choice { chosen, unknown } = choose::choose(&goals, options.all);
    let (taken, left_out) = chosen.split_at(chosen.len().min(options.limit));
    let mut taken: Vec<&choose::ChosenCall> = taken.iter().collect();
    // The most useful first, where not all are taken; then as the plan has them.
    taken.sort_by_key(|chosen| chosen.meets.first().copied());
    let text = write::write(&goals, &taken);
    Ok(MissingExamples { text, count: taken.len(), left_out: left_out.len(), unknown: goals.unknown + unknown })
}
