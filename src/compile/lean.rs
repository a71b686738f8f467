//! What is left of a compiled plan where it only has to decide: thousands of them are held in memory at once, and what was
//! written is larger than what comes of it.

use super::answer::Answer;
use super::horizon::Horizon;
use super::{CompiledPlan, Form, Laid, candidates};
use crate::call::Call;
use crate::plan::{CheckedPlan, Definitions};
use jiff::Timestamp;

/// A plan that decides calls, without its statements where a diagram stands for them.
#[derive(Debug)]
pub struct LeanPlan {
    form: Lean,
    horizon: Horizon,
}

#[derive(Debug)]
enum Lean {
    Diagram(Box<Laid>, Box<Definitions>),
    /// It has no diagram: its statements decide.
    Whole(Box<CompiledPlan>),
}

impl LeanPlan {
    /// Decides a call as the whole plan does; `None` for one outside of the horizon, of which the statements are asked
    /// ([`beyond`]).
    pub fn answer<'p>(&'p self, call: &'p Call) -> Option<Answer<'p>> {
        match &self.form {
            Lean::Diagram(laid, definitions) => laid.answer(&self.horizon, call, definitions),
            Lean::Whole(plan) => Some(plan.answer(call)),
        }
    }

    /// The first moment after the dates of the list that runs out first, of those that are kept by the year; `None` where
    /// the plan has no such list.
    pub fn dates_end(&self) -> Option<Timestamp> {
        match &self.form {
            Lean::Diagram(_, definitions) => definitions.dates_end(),
            Lean::Whole(plan) => plan.plan.definitions.dates_end(),
        }
    }

    /// The switches that the plan declares, in its order.
    pub fn switches(&self) -> &[String] {
        match &self.form {
            Lean::Diagram(_, definitions) => &definitions.switches,
            Lean::Whole(plan) => plan.plan.switches(),
        }
    }
}

/// Decides a call by a plan's statements, whenever it comes.
pub fn beyond<'p>(plan: &'p CheckedPlan, call: &'p Call) -> Answer<'p> {
    candidates::ask_all(plan, call)
}

impl CompiledPlan {
    /// The same, without what only explaining it takes.
    pub fn into_lean(self) -> LeanPlan {
        let horizon = self.horizon;
        let form = match self.form {
            Form::Diagram(laid) => {
                // Only statements, reports and messages ask for these.
                let asked_for =
                    Definitions { numbers: vec![], conditions: vec![], agent_ids: vec![], ..self.plan.definitions };
                Lean::Diagram(laid, Box::new(asked_for))
            }
            Form::Candidates(_) => Lean::Whole(Box::new(self)),
        };
        LeanPlan { form, horizon }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::Options;
    use crate::compile::{Budget, beyond};
    use crate::{Call, CompiledPlan, Source, check};
    use jiff::civil::Date;

    #[test]
    fn it_decides_as_the_whole_does_with_and_without_a_diagram() {
        let text = r#"timezone Europe/Berlin
switch storm
numbers vip = [+4930*]
condition special = caller in vip and not weekday is sat
schedule office { mon-fri 09:00-17:00 }
agent desk = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11"
table sites (city) {
  +4930901820: "Berlin"
}
rule "Storm" when storm is on { reject }
rule "Special" when special { context "for {caller}" metadata { level: 1.1 } route to desk }
rule "Office" when office is open { route to desk version 2 }
rule "Site" when dialed in sites as site { context "{site.city}" route to desk }
"#;
        let first_day = Date::constant(2026, 11, 26);
        let source = Source::new("plan", text);
        let plan = check(&source, &Options { today: Some(first_day), ..Options::default() });
        let plan = plan.plan.unwrap_or_else(|| panic!("it is no plan: {:?}", plan.problems));
        let mut decided = 0;
        for budget in [Budget::default(), Budget { edges: 0, ..Budget::default() }] {
            let whole = CompiledPlan::new(plan.clone(), Some(first_day), budget);
            let lean = CompiledPlan::new(plan.clone(), Some(first_day), budget).into_lean();
            assert_eq!(lean.switches(), ["storm"]);
            for caller in ["+493012345", "+15035550100", ""] {
                for dialed in ["+4930901820", "+18005550100"] {
                    for at in ["2026-11-27T10:00:00Z", "2026-11-28T10:00:00Z", "2040-01-03T10:00:00Z"] {
                        let call = Call::new(dialed.to_owned(), at.parse().expect("an instant")).with_caller(caller);
                        let answer = lean.answer(&call).unwrap_or_else(|| beyond(&plan, &call));
                        assert_eq!(answer.into_decision(), whole.decide(&call), "{call:?}");
                        decided += 1;
                    }
                }
            }
        }
        assert_eq!(decided, 36);
    }
}
