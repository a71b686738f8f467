//! A definition, and the plan that it compiles to.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::check::{self, Options};
use crate::compile::{self, Answer, Budget, CompiledPlan, LeanPlan};
use crate::{Call, CheckedPlan, Decision, Problems, Source, Trace, eval, syntax};

/// A definition that was accepted once. It is compiled at most once; whoever needs it first waits for that. What decides
/// calls is kept; what is written there is read again when somebody asks for it, and then kept, too.
#[derive(Debug)]
pub struct Plan {
    text: Arc<str>,
    first_day: Date,
    lean: OnceLock<Option<LeanPlan>>,
    whole: OnceLock<Option<CheckedPlan>>,
}

impl Plan {
    /// Of a text that is stored. Calls from `first_day` on are what it will be compiled for.
    pub fn stored(text: impl Into<Arc<str>>, first_day: Date) -> Self {
        Self { text: text.into(), first_day, lean: OnceLock::new(), whole: OnceLock::new() }
    }

    /// Of a plan that has just been checked.
    pub fn checked(plan: CheckedPlan, first_day: Date) -> Self {
        let text = Arc::clone(plan.source().shared_text());
        let lean = CompiledPlan::new(plan, Some(first_day), Budget::default()).into_lean();
        Self { lean: OnceLock::from(Some(lean)), ..Self::stored(text, first_day) }
    }

    /// The same definition, not compiled yet, for calls from another day on.
    pub fn for_day(&self, first_day: Date) -> Self {
        Self::stored(Arc::clone(&self.text), first_day)
    }

    /// The definition.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The day from which on it is compiled.
    pub fn first_day(&self) -> Date {
        self.first_day
    }

    /// Has it compiled, if it is not; `None` where the definition is no plan any more, as may be after an upgrade.
    pub fn compiled(&self) -> Option<&LeanPlan> {
        let compile = || {
            let plan = read(Arc::clone(&self.text), self.first_day)?;
            Some(CompiledPlan::new(plan, Some(self.first_day), Budget::default()).into_lean())
        };
        self.lean.get_or_init(|| contained(compile)).as_ref()
    }

    /// What is written there; `None` as for [`Plan::compiled`].
    pub fn whole(&self) -> Option<&CheckedPlan> {
        self.whole.get_or_init(|| contained(|| read(Arc::clone(&self.text), self.first_day))).as_ref()
    }

    /// Decides a call; `None` as for [`Plan::compiled`].
    pub fn answer<'p>(&'p self, call: &'p Call) -> Option<Answer<'p>> {
        match self.compiled()?.answer(call) {
            Some(answer) => Some(answer),
            None => Some(compile::beyond(self.whole()?, call)),
        }
    }

    /// Decides a call and tells how; `None` as for [`Plan::compiled`].
    pub fn explain(&self, call: &Call) -> Option<(Decision, Trace)> {
        Some(eval::explain(self.whole()?, call))
    }

    /// The switches that it declares, in its order; `None` as for [`Plan::compiled`].
    pub fn switches(&self) -> Option<&[String]> {
        self.compiled().map(LeanPlan::switches)
    }

    /// The lines, from 1, that name an agent. Where the definition is no plan any more, those with its id anywhere on
    /// them: what they mean is not known, and a mended plan may need the agent again.
    pub fn lines_with_agent(&self, id: &str) -> Vec<usize> {
        match self.whole() {
            Some(plan) => plan.lines_with_agent(id),
            None => (1..).zip(self.text.lines()).filter(|(_, text)| text.contains(id)).map(|(line, _)| line).collect(),
        }
    }

    /// Whether it is known to be no plan any more.
    pub fn is_broken(&self) -> bool {
        matches!(self.lean.get(), Some(None))
    }
}

/// Reads a stored text: no search for problems that a save has told already, and no agents, which may have gone since.
fn read(text: Arc<str>, first_day: Date) -> Option<CheckedPlan> {
    let mut problems = Problems::new();
    let tree = syntax::parse(&Source::new("workflow_definition", text), &mut problems)?;
    let options = Options { today: Some(first_day), ..Options::default() };
    check::check(&tree, &options, &mut problems)
}

/// What comes of it, unless it panics: one text's failure touches no other.
fn contained<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESK: &str = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";
    const OTHER: &str = "1c6f7b1f-6b1d-4b62-8e7f-1d9f6b3c8f22";

    fn lines(text: String) -> [Vec<usize>; 2] {
        let plan = Plan::stored(text, Date::constant(2026, 3, 1));
        [DESK, OTHER].map(|id| plan.lines_with_agent(id))
    }

    #[test]
    fn an_agent_is_named_wherever_its_id_is_written_out_but_not_where_it_is_only_mentioned() {
        let text = format!(
            r#"agent desk = "{DESK}" # not "{OTHER}"
when caller in [+44*] {{
  context "not {DESK}"
  route to "{DESK}" version 2
}}
split "trial" by caller {{
  50% {{ route to "{OTHER}" }}
  50% {{ route to desk }}
}}
example "from abroad" {{
  call from +442079460000 to +18005550100 at 2026-03-02 10:00
  expect route to "{DESK}"
}}
never "lost" when caller in [+33*] {{ route to "{OTHER}" }}
"#
        );
        assert_eq!(lines(text), [vec![1, 4, 12], vec![7, 14]]);
    }

    #[test]
    fn where_the_definition_is_no_plan_any_more_its_text_is_searched() {
        let text = format!("\nroute to \"{DESK}\" # {OTHER}\nas it was written in another release: {DESK}\n");
        assert_eq!(lines(text), [vec![2, 3], vec![2]]);
    }
}
