//! An outcome in words, as a plan would say it.

use super::{Ending, OutcomeMix, Timeline};
use crate::call::Outcome as Verdict;
use crate::plan::CheckedPlan;
use crate::syntax::quoted;

/// The words for an outcome. Names and reasons are the plan's own and may contain any character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// `route to reception version 4`, `reject "no number, no call"`, `route to frontdesk 95%, to
    /// trial 5%`
    pub what: String,
    /// The same, short: `reception v4`, `reject`, `frontdesk 95%, trial 5%`
    pub short: String,
    /// `rule "Open"`, `line 12`, `the end of the plan`
    pub by: String,
}

/// Words for each of a timeline's outcomes, in the same order; no two say the same.
pub fn words(plan: &CheckedPlan, timeline: &Timeline) -> Vec<Words> {
    let briefly: Vec<Words> = timeline.outcomes.iter().map(|outcome| Words::of(plan, outcome, false)).collect();
    // A rule that decides in two places may do the same in both.
    let is_alone = |words: &Words| {
        briefly.iter().filter(|other| (&other.what, &other.by) == (&words.what, &words.by)).count() == 1
    };
    let pairs = briefly.iter().zip(&timeline.outcomes);
    pairs.map(|(words, outcome)| if is_alone(words) { words.clone() } else { Words::of(plan, outcome, true) }).collect()
}

impl Words {
    fn of(plan: &CheckedPlan, outcome: &OutcomeMix, with_lines: bool) -> Self {
        let (mut what, mut short, mut by) = (Vec::new(), Vec::new(), Vec::<String>::new());
        for (at, chance) in outcome.chances.iter().enumerate() {
            let share = if outcome.chances.len() > 1 { format!(" {}", chance.share) } else { String::new() };
            let ending = &chance.ending;
            let target = target(plan, ending);
            let repeats_route = at > 0 && outcome.chances[at - 1].ending.verdict == Verdict::Route;
            what.push(match (ending.verdict, &ending.reason) {
                (Verdict::Route, _) if repeats_route => format!("to {target}{share}"),
                (Verdict::Route, _) => format!("route to {target}{share}"),
                (Verdict::Reject, Some(reason)) => format!("reject {}{share}", quoted(reason)),
                (Verdict::Reject, None) | (Verdict::Fallback, _) => format!("{}{share}", ending.verdict.name()),
            });
            short.push(format!("{}{share}", target.replace(" version ", " v")));
            let decider = decider(ending, with_lines);
            if !by.contains(&decider) {
                by.push(decider);
            }
        }
        Self { what: what.join(", "), short: short.join(", "), by: by.join(", ") }
    }
}

/// Who answers, and at which version; or that nobody does.
fn target(plan: &CheckedPlan, ending: &Ending) -> String {
    match (ending.verdict, &ending.agent_id) {
        (Verdict::Route, Some(id)) => {
            let named = plan.agent_name(id, ending.version).map_or_else(|| format!("\"{id}\""), str::to_owned);
            let version = ending.version.map(|version| format!(" version {version}")).unwrap_or_default();
            format!("{named}{version}")
        }
        (Verdict::Route, None) | (Verdict::Reject | Verdict::Fallback, _) => ending.verdict.name().to_owned(),
    }
}

fn decider(ending: &Ending, with_line: bool) -> String {
    match (&ending.rule, ending.line) {
        (Some(rule), Some(line)) if with_line => format!("rule {}, line {line}", quoted(rule)),
        (Some(rule), _) => format!("rule {}", quoted(rule)),
        (None, Some(line)) => format!("line {line}"),
        (None, None) => "the end of the plan".to_owned(),
    }
}
