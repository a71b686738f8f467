//! A definition, and the plan that it compiles to.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::SetOnce;

use crate::priority;
use callplan::analyze::switches;
use callplan::check::{self, Options};
use callplan::compile::{self, Answer, Budget, CompiledPlan, DecisionPlan};
use callplan::diagnostics::{Code, json};
use callplan::{Call, CheckedPlan, Decision, Diagnostic, Problems, Source, Trace, eval, syntax};

/// The codes of warnings that depend on the day of the check.
pub const OF_DATES: [Code; 2] = [Code::PastDate, Code::DatesEnd];

/// A definition that a save has accepted. It is compiled at most once: the first thread that needs
/// it compiles it, others wait. The compiled plan stays in memory. The checked plan, which
/// explanations need, is read when first needed and then stays, too.
///
/// Compiling and reading take long for a large text. A thread that answers calls only asks
/// [`Plan::answer_at_once`], and leaves the rest to threads of a
/// [`BackgroundPool`](crate::background::BackgroundPool).
#[derive(Debug)]
pub struct Plan {
    text: Arc<str>,
    first_day: Date,
    compiled: OnceLock<Option<Compiled>>,
    /// Set once `compiled` is.
    settled: SetOnce<()>,
    is_claimed: AtomicBool,
    checked_plan: OnceLock<Option<CheckedPlan>>,
}

/// A compiled plan, and the warnings about dates that a check on its first day gives.
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
    /// A definition from the store, to be compiled for calls from `first_day` on.
    pub fn stored(text: impl Into<Arc<str>>, first_day: Date) -> Self {
        Self {
            text: text.into(),
            first_day,
            compiled: OnceLock::new(),
            settled: SetOnce::new(),
            is_claimed: AtomicBool::new(false),
            checked_plan: OnceLock::new(),
        }
    }

    /// A plan that has just been checked on `first_day`, with the problems of that check.
    pub fn checked(plan: CheckedPlan, problems: &Problems, first_day: Date) -> Self {
        let text = Arc::clone(plan.source().shared_text());
        let date_warnings = date_warnings(plan.source(), problems);
        let compiled = Compiled::new(plan, date_warnings, first_day);
        let settled = SetOnce::new_with(Some(()));
        Self { compiled: OnceLock::from(Some(compiled)), settled, ..Self::stored(text, first_day) }
    }

    /// A plan that has been read for a question about it, to be compiled if a call needs it.
    pub fn read(plan: CheckedPlan, first_day: Date) -> Self {
        let text = Arc::clone(plan.source().shared_text());
        Self { checked_plan: OnceLock::from(Some(plan)), ..Self::stored(text, first_day) }
    }

    /// The same definition, to be compiled for calls from another day on.
    pub fn for_day(&self, first_day: Date) -> Self {
        Self::stored(Arc::clone(&self.text), first_day)
    }

    /// The text of the definition.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first day for which it is compiled.
    pub fn first_day(&self) -> Date {
        self.first_day
    }

    /// The compiled plan, compiled now if necessary. `None` if this release does not accept the
    /// definition, as may happen after an upgrade.
    pub fn compiled(&self) -> Option<&DecisionPlan> {
        let compile = || {
            let (plan, problems) = read_text(Arc::clone(&self.text), self.first_day)?;
            let date_warnings = date_warnings(plan.source(), &problems);
            Some(Compiled::new(plan, date_warnings, self.first_day))
        };
        let compiled = self.compiled.get_or_init(|| {
            priority::must_give_way();
            contained(compile)
        });
        if !self.is_settled() {
            // An error means that another thread was faster to say so.
            let _ = self.settled.set(());
        }
        compiled.as_ref().map(|compiled| &compiled.plan)
    }

    /// Whether it is compiled, or is known not to compile.
    pub fn is_settled(&self) -> bool {
        self.settled.initialized()
    }

    /// Waits until it [is settled](Plan::is_settled). It does not compile the plan: see
    /// [`Compiler`](super::compiler::Compiler).
    pub async fn settled(&self) {
        self.settled.wait().await;
    }

    /// Whether the caller is the first that wants to compile it in the background.
    pub(super) fn claim(&self) -> bool {
        !self.is_settled() && !self.is_claimed.swap(true, Ordering::Relaxed)
    }

    /// The checked plan; `None` as for [`Plan::compiled`].
    pub fn checked_plan(&self) -> Option<&CheckedPlan> {
        let read = || {
            priority::must_give_way();
            contained(|| Some(read_text(Arc::clone(&self.text), self.first_day)?.0))
        };
        self.checked_plan.get_or_init(read).as_ref()
    }

    /// Decides a call with what is in memory. `None` if that needs the text: the plan is not
    /// compiled yet, or the call is outside of the days for which it is. The inner `None` is as for
    /// [`Plan::compiled`].
    pub fn answer_at_once<'p>(&'p self, call: &'p Call) -> Option<Option<Answer<'p>>> {
        match self.compiled.get()? {
            Some(compiled) => compiled.plan.answer(call).map(Some),
            None => Some(None),
        }
    }

    /// Decides a call, and compiles the plan or reads its text if that is necessary; `None` as for
    /// [`Plan::compiled`].
    pub fn answer<'p>(&'p self, call: &'p Call) -> Option<Answer<'p>> {
        match self.compiled()?.answer(call) {
            Some(answer) => Some(answer),
            None => Some(compile::decide_by_statements(self.checked_plan()?, call)),
        }
    }

    /// Decides a call and explains how; `None` as for [`Plan::compiled`].
    pub fn explain(&self, call: &Call) -> Option<(Decision, Trace)> {
        Some(eval::explain(self.checked_plan()?, call))
    }

    /// The switches that calls to this number can reach; `None` as for [`Plan::compiled`].
    pub fn reachable_switches(&self, called_number: &str) -> Option<Vec<String>> {
        Some(switches::reachable(self.checked_plan()?, called_number))
    }

    /// The switches that the plan declares, in its order; `None` as for [`Plan::compiled`].
    pub fn switches(&self) -> Option<&[String]> {
        self.compiled().map(DecisionPlan::switches)
    }

    /// The moment after the last date of a list that is kept by the year: the earliest such moment
    /// of all lists. `None` without such a list, or while the plan is not compiled. It does not
    /// compile the plan.
    pub fn dates_end(&self) -> Option<Timestamp> {
        self.compiled.get()?.as_ref()?.plan.dates_end()
    }

    /// The warnings about past dates and ending lists that a check on the first day gives; `None`
    /// while the plan is not compiled. It does not compile the plan.
    pub fn date_warnings(&self) -> Option<&[json::ProblemDocument]> {
        Some(&self.compiled.get()?.as_ref()?.date_warnings)
    }

    /// The lines, from 1, that name an agent. If this release does not accept the definition, all
    /// lines that contain the id: a repaired plan may need the agent.
    pub fn lines_with_agent(&self, id: &str) -> Vec<usize> {
        match self.checked_plan() {
            Some(plan) => plan.lines_with_agent(id),
            None => (1..).zip(self.text.lines()).filter(|(_, text)| text.contains(id)).map(|(line, _)| line).collect(),
        }
    }

    /// Whether it has been compiled, with success or without.
    pub fn is_compiled(&self) -> bool {
        self.compiled.get().is_some()
    }

    /// Whether compiling has failed: this release does not accept the definition.
    pub fn is_broken(&self) -> bool {
        matches!(self.compiled.get(), Some(None))
    }
}

/// Reads a stored text. It skips the warnings that the save has reported, and does not check that
/// agents exist: they may have been deleted since.
fn read_text(text: Arc<str>, first_day: Date) -> Option<(CheckedPlan, Problems)> {
    let mut problems = Problems::new();
    let tree = syntax::parse(&Source::new("workflow_definition", text), &mut problems)?;
    let options = Options { today: Some(first_day), ..Options::default() };
    let plan = check::check(&tree, &options, &mut problems)?;
    Some((plan, problems))
}

/// The warnings that appear as days pass, without their fixes: those are for the day of the check
/// that tries them.
fn date_warnings(source: &Source, problems: &Problems) -> Box<[json::ProblemDocument]> {
    let of_dates = problems.iter().filter(|problem| OF_DATES.contains(&problem.code));
    let of_dates = of_dates.map(|problem| Diagnostic { fixes: Vec::new(), ..problem.clone() });
    let of_dates: Problems = of_dates.collect();
    if of_dates.is_empty() { Box::default() } else { json::document(source, &of_dates.sorted()).diagnostics.into() }
}

/// The result of `work`; `None` if it panics. One text's failure must not affect others.
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
