//! A definition, and the plan that it compiles to.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::Date;

use callplan::check::{self, Options};
use callplan::compile::{self, Answer, Budget, CompiledPlan, DecisionPlan};
use callplan::diagnostics::{Code, json};
use callplan::{Call, CheckedPlan, Decision, Diagnostic, Problems, Source, Trace, eval, syntax};

/// The codes of warnings that depend on the day of the check.
pub const OF_DATES: [Code; 2] = [Code::PastDate, Code::DatesEnd];

/// A definition that was accepted once. It is compiled at most once; whoever needs it first waits for that. What decides
/// calls is kept; what is written there is read again when somebody asks for it, and then kept, too.
#[derive(Debug)]
pub struct Plan {
    text: Arc<str>,
    first_day: Date,
    compiled: OnceLock<Option<Compiled>>,
    whole: OnceLock<Option<CheckedPlan>>,
}

/// A compiled plan, and what the check of its first day says of dates that have gone by or run out.
#[derive(Debug)]
struct Compiled {
    plan: DecisionPlan,
    date_warnings: Box<[json::ProblemDocument]>,
}

impl Compiled {
    fn new(plan: CheckedPlan, date_warnings: Box<[json::ProblemDocument]>, first_day: Date) -> Self {
        Self { plan: CompiledPlan::new(plan, Some(first_day), Budget::default()).into_decision_plan(), date_warnings }
    }
}

impl Plan {
    /// Of a text that is stored. Calls from `first_day` on are what it will be compiled for.
    pub fn stored(text: impl Into<Arc<str>>, first_day: Date) -> Self {
        Self { text: text.into(), first_day, compiled: OnceLock::new(), whole: OnceLock::new() }
    }

    /// Of a plan that has just been checked, on its first day, with all that was found.
    pub fn checked(plan: CheckedPlan, problems: &Problems, first_day: Date) -> Self {
        let text = Arc::clone(plan.source().shared_text());
        let date_warnings = date_warnings(plan.source(), problems);
        let compiled = Compiled::new(plan, date_warnings, first_day);
        Self { compiled: OnceLock::from(Some(compiled)), ..Self::stored(text, first_day) }
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
    pub fn compiled(&self) -> Option<&DecisionPlan> {
        let compile = || {
            let (plan, problems) = read(Arc::clone(&self.text), self.first_day)?;
            let date_warnings = date_warnings(plan.source(), &problems);
            Some(Compiled::new(plan, date_warnings, self.first_day))
        };
        self.compiled.get_or_init(|| contained(compile)).as_ref().map(|compiled| &compiled.plan)
    }

    /// What is written there; `None` as for [`Plan::compiled`].
    pub fn whole(&self) -> Option<&CheckedPlan> {
        self.whole.get_or_init(|| contained(|| Some(read(Arc::clone(&self.text), self.first_day)?.0))).as_ref()
    }

    /// Decides a call; `None` as for [`Plan::compiled`].
    pub fn answer<'p>(&'p self, call: &'p Call) -> Option<Answer<'p>> {
        match self.compiled()?.answer(call) {
            Some(answer) => Some(answer),
            None => Some(compile::decide_by_statements(self.whole()?, call)),
        }
    }

    /// Decides a call and tells how; `None` as for [`Plan::compiled`].
    pub fn explain(&self, call: &Call) -> Option<(Decision, Trace)> {
        Some(eval::explain(self.whole()?, call))
    }

    /// The switches that it declares, in its order; `None` as for [`Plan::compiled`].
    pub fn switches(&self) -> Option<&[String]> {
        self.compiled().map(DecisionPlan::switches)
    }

    /// The first moment after the dates of its list that runs out first, of those that are kept by the year. `None` where
    /// there is no such list, or while it is not compiled: asking does not have it compiled.
    pub fn dates_end(&self) -> Option<Timestamp> {
        self.compiled.get()?.as_ref()?.plan.dates_end()
    }

    /// What a check of its first day says of dates that have gone by or run out; `None` while it is not compiled: asking
    /// does not have it compiled.
    pub fn date_warnings(&self) -> Option<&[json::ProblemDocument]> {
        Some(&self.compiled.get()?.as_ref()?.date_warnings)
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
        matches!(self.compiled.get(), Some(None))
    }
}

/// Reads a stored text: no search for problems that a save has told already, and no agents, which may have gone since.
fn read(text: Arc<str>, first_day: Date) -> Option<(CheckedPlan, Problems)> {
    let mut problems = Problems::new();
    let tree = syntax::parse(&Source::new("workflow_definition", text), &mut problems)?;
    let options = Options { today: Some(first_day), ..Options::default() };
    let plan = check::check(&tree, &options, &mut problems)?;
    Some((plan, problems))
}

/// Of what was found, the warnings that come with the days. Their edits are for the day of a check, which tries them.
fn date_warnings(source: &Source, problems: &Problems) -> Box<[json::ProblemDocument]> {
    let of_dates = problems.iter().filter(|problem| OF_DATES.contains(&problem.code));
    let of_dates = of_dates.map(|problem| Diagnostic { fixes: Vec::new(), ..problem.clone() });
    let of_dates: Problems = of_dates.collect();
    if of_dates.is_empty() { Box::default() } else { json::document(source, &of_dates.sorted()).diagnostics.into() }
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
    fn what_is_said_of_dates_is_that_of_its_first_day() {
        let text = "timezone UTC\ndays h = [2026-12-24, 2027-12-24]\nwhen date in h { reject }\nfallback\n";
        let on = |day: Date| {
            let plan = Plan::stored(text, day);
            assert!(plan.date_warnings().is_none() && plan.dates_end().is_none(), "it is not compiled for that");
            plan.compiled();
            let codes = plan.date_warnings().unwrap_or_default().iter().map(|warning| warning.code).collect::<Vec<_>>();
            (codes, plan.dates_end().map(|end| end.to_string()))
        };
        let end = Some("2027-12-25T00:00:00Z".to_owned());
        assert_eq!(on(Date::constant(2026, 12, 24)), (vec![], end.clone()));
        assert_eq!(on(Date::constant(2027, 10, 24)), (vec!["past-date"], end.clone()));
        assert_eq!(on(Date::constant(2027, 10, 25)), (vec!["past-date", "dates-end"], end.clone()));
        assert_eq!(on(Date::constant(2027, 12, 25)), (vec!["dates-end"], end.clone()));
        let next_day = Plan::stored(text, Date::constant(2026, 12, 24)).for_day(Date::constant(2028, 1, 1));
        next_day.compiled();
        assert_eq!(next_day.date_warnings().map(<[_]>::len), Some(1));
    }

    #[test]
    fn where_the_definition_is_no_plan_any_more_its_text_is_searched() {
        let text = format!("\nroute to \"{DESK}\" # {OTHER}\nas it was written in another release: {DESK}\n");
        assert_eq!(lines(text), [vec![2, 3], vec![2]]);
    }
}
