//! A compiled plan without its syntax tree. The server holds thousands, and the tree is larger than
//! the diagram.

use super::answer::Answer;
use super::horizon::Horizon;
use super::{CompiledPlan, FilledDiagram, PlanForm, candidates};
use crate::call::Call;
use crate::plan::{CheckedPlan, Definitions, Reader};
use jiff::Timestamp;

/// A plan that decides calls, without the statements that its diagram replaces.
#[derive(Debug)]
pub struct DecisionPlan {
    pub(super) form: DecisionForm,
    pub(super) horizon: Horizon,
}

#[derive(Debug)]
pub(super) enum DecisionForm {
    Diagram(Box<FilledDiagram>, Box<Definitions>),
    /// The plan has no diagram, so its statements decide.
    Statements(Box<CompiledPlan>),
}

impl DecisionPlan {
    /// Decides a call as the compiled plan does. `None` for a call outside of the horizon, which
    /// only the statements can decide ([`decide_by_statements`]).
    pub fn answer<'p>(&'p self, call: &'p Call) -> Option<Answer<'p>> {
        match &self.form {
            DecisionForm::Diagram(diagram, definitions) => diagram.answer(&self.horizon, call, definitions),
            DecisionForm::Statements(plan) => Some(plan.answer(call)),
        }
    }

    /// The first moment after the dates of the list that runs out first, of the lists that are kept
    /// by the year. `None` where the plan has no such list.
    pub fn dates_end(&self) -> Option<Timestamp> {
        match &self.form {
            DecisionForm::Diagram(_, definitions) => definitions.dates_end(),
            DecisionForm::Statements(plan) => plan.plan.definitions.dates_end(),
        }
    }

    /// How the plan reads the numbers of calls.
    pub fn reader(&self) -> &Reader {
        match &self.form {
            DecisionForm::Diagram(_, definitions) => &definitions.reader,
            DecisionForm::Statements(plan) => &plan.plan.definitions.reader,
        }
    }

    /// The switches that the plan declares, in its order.
    pub fn switches(&self) -> &[String] {
        match &self.form {
            DecisionForm::Diagram(_, definitions) => &definitions.switches,
            DecisionForm::Statements(plan) => plan.plan.switches(),
        }
    }
}

/// Decides a call by the statements of a plan, at any time.
pub fn decide_by_statements<'p>(plan: &'p CheckedPlan, call: &'p Call) -> Answer<'p> {
    candidates::ask_all(plan, call)
}

impl CompiledPlan {
    /// Drops what only explanations need: the statements, if a diagram decides, and the definitions
    /// that only they name.
    pub fn into_decision_plan(self) -> DecisionPlan {
        let horizon = self.horizon;
        let form = match self.form {
            PlanForm::Diagram(diagram) => {
                // Only statements, reports and messages use these definitions.
                let definitions = Definitions {
                    numbers: vec![],
                    conditions: vec![],
                    agent_ids: vec![],
                    schedules: vec![],
                    days: vec![],
                    ..self.plan.definitions
                };
                DecisionForm::Diagram(diagram, Box::new(definitions))
            }
            PlanForm::Candidates(_) => DecisionForm::Statements(Box::new(self)),
        };
        DecisionPlan { form, horizon }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::Options;
    use crate::compile::{Budget, decide_by_statements};
    use crate::{Call, CompiledPlan, Source, check};
    use jiff::civil::Date;

    #[test]
    fn it_decides_as_the_compiled_plan_with_and_without_a_diagram() {
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
        let plan = plan.plan.unwrap_or_else(|| panic!("the text is not a plan: {:?}", plan.problems));
        let mut decided = 0;
        for budget in [Budget::default(), Budget { edges: 0, ..Budget::default() }] {
            let compiled = CompiledPlan::new(plan.clone(), Some(first_day), budget);
            let decision_plan = CompiledPlan::new(plan.clone(), Some(first_day), budget).into_decision_plan();
            assert_eq!(decision_plan.switches(), ["storm"]);
            for caller in ["+493012345", "+15035550100", ""] {
                for dialed in ["+4930901820", "+18005550100"] {
                    for at in ["2026-11-27T10:00:00Z", "2026-11-28T10:00:00Z", "2040-01-03T10:00:00Z"] {
                        let call = Call::new(dialed.to_owned(), at.parse().expect("an instant")).with_caller(caller);
                        let answer = decision_plan.answer(&call).unwrap_or_else(|| decide_by_statements(&plan, &call));
                        assert_eq!(answer.into_decision(), compiled.decide(&call), "{call:?}");
                        decided += 1;
                    }
                }
            }
        }
        assert_eq!(decided, 36);
    }
}
