//! What becomes of a call over the coming days: each change of outcome, at its instant. Nothing is
//! sampled.
//!
//! [`caller`] chooses who calls when nobody says, [`days`] cuts the time into days of a clock,
//! [`words`] says an outcome; [`json`] and [`svg`] are forms of the whole, which command line and
//! service share.

// A plan sees of the time only what its tests ask.
// `questions` finds those whose answers can matter to this call, and each instant at which one
// of them can change: where a schedule opens or closes, and on the plan's own clock the edges of
// windows, the starts of days, the changes of the clock itself, and moments. From one such instant
// to the next every answer stays as it is, and so does the outcome. So the reference evaluator is
// asked at these instants alone (`outcomes` goes through the arms of splits by call), and only
// once for the same answers, since most weeks are alike; equal neighbors are merged.

pub mod caller;
pub mod days;
pub mod json;
mod outcomes;
mod questions;
mod share;
pub mod svg;
pub mod words;

pub use share::CallShare;

use crate::call::{Call, Decision, Outcome as Verdict};
use crate::plan::{CheckedPlan, Statement, Statements};
use jiff::Timestamp;
use questions::{QuestionAnswers, TimeQuestions};
use std::collections::HashMap;

/// The outcomes of a call, over some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The first instant.
    pub from: Timestamp,
    /// The instant after the last.
    pub until: Timestamp,
    /// Each outcome that there is, once, in the order in which they first come.
    pub outcomes: Vec<OutcomeMix>,
    /// In order, without gaps, from `from` to `until`; no two neighbors have the same outcome.
    pub stretches: Vec<OutcomePeriod>,
}

/// A period in which the outcome stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutcomePeriod {
    /// The first instant.
    pub from: Timestamp,
    /// The instant after the last.
    pub until: Timestamp,
    /// Which of the timeline's outcomes.
    pub outcome: usize,
}

/// The outcome of a call. Where a split by call decides, there are several, each with its share of
/// the calls.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OutcomeMix {
    /// At least one; those with the largest share first.
    pub chances: Vec<OutcomeShare>,
}

/// One possible end of a call, with its share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OutcomeShare {
    /// The share of all calls.
    pub share: CallShare,
    /// What becomes of them.
    pub ending: Ending,
}

/// Who answers, at which version, and what decided so. Context and metadata are left out: they may
/// well say the time, and are then no two alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ending {
    /// The deciding statement's line, from 1; `None` where the plan ran off its end.
    pub line: Option<usize>,
    /// Which of the three.
    pub verdict: Verdict,
    /// Who answers, by the platform's id.
    pub agent_id: Option<String>,
    /// Which version of the agent; `None` is the newest published.
    pub version: Option<u32>,
    /// The innermost named rule that decided.
    pub rule: Option<String>,
    /// Why the call is rejected, if the plan says so.
    pub reason: Option<String>,
}

/// The reason why a timeline is refused: it would take too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimelineTooLarge {
    /// The answers change too often in the period. A shorter period may work.
    Changes,
    /// The arms of splits by call combine in too many ways.
    Ways,
}

impl From<Decision> for Ending {
    fn from(decision: Decision) -> Self {
        Self {
            line: decision.line,
            verdict: decision.outcome,
            agent_id: decision.output.agent_id,
            version: decision.output.version,
            rule: decision.rule,
            reason: decision.reason,
        }
    }
}

/// What becomes of a call from one instant up to, not including, another; its own timestamp does
/// not matter.
///
/// A split `by caller` is decided for the call's caller; one `by call` is open to each of its arms.
pub fn timeline(
    plan: &CheckedPlan,
    call: &Call,
    from: Timestamp,
    until: Timestamp,
) -> Result<Timeline, TimelineTooLarge> {
    let asked = TimeQuestions::by(plan, call);
    let mut effort = TimelineBudget::new(plan, &asked);
    let mut known = KnownOutcomes::default();
    let mut made = Timeline { from, until, outcomes: Vec::new(), stretches: Vec::new() };
    for at in asked.instants(&plan.definitions, from, until)? {
        effort.ask()?;
        let answers = asked.answers(&plan.definitions, at);
        let number = match known.by_answers.get(&answers) {
            Some(number) => *number,
            None => {
                let outcome = outcomes::outcome(plan, &Call { timestamp: at, ..call.clone() }, &mut effort)?;
                let number = known.number(outcome);
                known.by_answers.insert(answers, number);
                number
            }
        };
        made.add(at, number);
    }
    made.outcomes = known.outcomes;
    Ok(made)
}

/// The outcomes found so far, each once.
#[derive(Default)]
struct KnownOutcomes {
    outcomes: Vec<OutcomeMix>,
    by_outcome: HashMap<OutcomeMix, usize>,
    by_answers: HashMap<QuestionAnswers, usize>,
}

impl KnownOutcomes {
    fn number(&mut self, outcome: OutcomeMix) -> usize {
        *self.by_outcome.entry(outcome).or_insert_with_key(|outcome| {
            self.outcomes.push(outcome.clone());
            self.outcomes.len() - 1
        })
    }
}

impl Timeline {
    /// The outcome at an instant; `None` outside of the timeline.
    pub fn at(&self, instant: Timestamp) -> Option<&OutcomeMix> {
        let after = self.stretches.partition_point(|stretch| stretch.from <= instant);
        let stretch = self.stretches.get(after.checked_sub(1)?)?;
        (instant < stretch.until).then(|| &self.outcomes[stretch.outcome])
    }

    /// From this instant on it is that outcome.
    fn add(&mut self, at: Timestamp, outcome: usize) {
        match self.stretches.last_mut() {
            Some(last) if last.outcome == outcome => {}
            last => {
                if let Some(last) = last {
                    last.until = at;
                }
                self.stretches.push(OutcomePeriod { from: at, until: self.until, outcome });
            }
        }
    }
}

/// The remaining budget of a timeline, in bytes of plan that are evaluated.
struct TimelineBudget {
    left: u64,
    /// For running the plan once.
    run: u64,
    /// For asking all questions once.
    asking: u64,
}

impl TimelineBudget {
    /// Some seconds' worth.
    const MOST: u64 = 10_000_000_000;
    /// A question takes about as long as a rule.
    const QUESTION: u64 = 100;

    fn new(plan: &CheckedPlan, asked: &TimeQuestions) -> Self {
        let run = (plan.source().text().len() as u64).max(10_000);
        Self { left: Self::MOST, run, asking: asked.count() as u64 * Self::QUESTION }
    }

    fn run(&mut self) -> Result<(), TimelineTooLarge> {
        self.take(self.run)
    }

    fn ask(&mut self) -> Result<(), TimelineTooLarge> {
        self.take(self.asking)
    }

    fn take(&mut self, bytes: u64) -> Result<(), TimelineTooLarge> {
        self.left = self.left.checked_sub(bytes).ok_or(TimelineTooLarge::Changes)?;
        Ok(())
    }
}

/// Whether a decision stands in it. What has none, such as a paragraph of context for the mornings,
/// changes no outcome.
fn may_decide(block: &[Statement]) -> bool {
    Statements::of(block).any(Statement::is_decision)
}
