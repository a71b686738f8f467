//! A definition, and the plan that it compiles to.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::SetOnce;

use crate::kept_plans::{self, KeptAs, KeptForms, TextHash};
use crate::priority;
use callplan::analyze::switches;
use callplan::check::{self, Options};
use callplan::compile::{self, Answer, Budget, CompiledPlan, DecisionPlan};
use callplan::diagnostics::{Code, json};
use callplan::plan::Reader;
use callplan::{Call, CheckedPlan, Decision, Diagnostic, Problems, Source, Trace, eval, syntax};

/// Maximum age of a compiled plan that an earlier run has kept. It decides calls until the plan has
/// been compiled for today, and its horizon has years left.
const LONGEST_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The codes of warnings that depend on the day of the check.
pub const OF_DATES: [Code; 2] = [Code::PastDate, Code::DatesEnd];

/// A definition that a save has accepted. It is compiled at most once: the first thread that needs
/// it compiles it, others wait. The compiled plan stays in memory. The checked plan, which
/// explanations need, takes many times the memory of the text: it is read when it is needed, and is
/// gone when nobody uses it any more.
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
    /// What an earlier run has kept, until this plan is compiled.
    kept: Mutex<Option<Arc<KeptForms>>>,
    text_hash: OnceLock<TextHash>,
    /// The checked plan, if somebody uses it.
    checked_plan: Mutex<Weak<CheckedPlan>>,
    /// The checked plan of a text that has been read for one question.
    read: Option<Arc<CheckedPlan>>,
}

/// A compiled plan, and the warnings about dates that a check on its first day gives: `None` if there
/// are some that an earlier run has not kept.
#[derive(Debug)]
struct Compiled {
    plan: DecisionPlan,
    date_warnings: Option<Box<[json::ProblemDocument]>>,
}

impl Compiled {
    fn new(plan: CheckedPlan, date_warnings: Box<[json::ProblemDocument]>, first_day: Date) -> Self {
        let plan = CompiledPlan::new(plan, Some(first_day), Budget::default()).into_decision_plan();
        Self { plan, date_warnings: Some(date_warnings) }
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
            kept: Mutex::new(None),
            text_hash: OnceLock::new(),
            checked_plan: Mutex::default(),
            read: None,
        }
    }

    /// A definition from the store, as [`Plan::stored`], that need not be compiled if it is among the
    /// plans that an earlier run has kept.
    pub fn kept(text: impl Into<Arc<str>>, kept: Arc<KeptForms>, today: Date) -> Self {
        Self { kept: Mutex::new(Some(kept)), ..Self::stored(text, today) }
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
        Self { read: Some(Arc::new(plan)), ..Self::stored(text, first_day) }
    }

    /// The same definition, to be compiled for calls from another day on.
    pub fn for_day(&self, first_day: Date) -> Self {
        Self::stored(Arc::clone(&self.text), first_day)
    }

    /// The text of the definition.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the text is found by.
    pub fn text_hash(&self) -> TextHash {
        *self.text_hash.get_or_init(|| kept_plans::hash(&self.text))
    }

    /// The first day for which it is compiled, or is to be compiled. It may be a day before the one
    /// that was asked for, if an earlier run has kept the compiled plan.
    pub fn first_day(&self) -> Date {
        self.compiled.get().and_then(Option::as_ref).map_or(self.first_day, |compiled| compiled.plan.first_day())
    }

    /// Whether it is compiled for another day than `today`, or without the warnings of dates.
    pub fn is_outdated(&self, today: Date) -> bool {
        match self.compiled.get() {
            Some(Some(compiled)) => compiled.plan.first_day() != today || compiled.date_warnings.is_none(),
            Some(None) => self.first_day != today,
            None => false,
        }
    }

    /// What can be kept of it without its form; `None` while it is not compiled, and for a plan
    /// without a diagram, which is compiled at each start.
    pub fn kept_as(&self) -> Option<KeptAs> {
        let Compiled { plan, date_warnings } = self.compiled.get()?.as_ref()?;
        let has_date_warnings = date_warnings.as_ref().is_none_or(|warnings| !warnings.is_empty());
        plan.can_be_kept().then(|| KeptAs { first_day: plan.first_day(), has_date_warnings })
    }

    /// The form in which the compiled plan is kept; `None` as for [`Plan::kept_as`].
    pub fn form(&self) -> Option<Vec<u8>> {
        postcard::to_stdvec(&self.compiled.get()?.as_ref()?.plan).ok()
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
            contained(|| self.read_kept()).or_else(|| contained(compile))
        });
        if !self.is_settled() {
            // An error means that another thread was faster to say so.
            let _ = self.settled.set(());
        }
        compiled.as_ref().map(|compiled| &compiled.plan)
    }

    /// The compiled plan that an earlier run has kept. One of a day to come, as after a clock that
    /// went ahead, does not decide the calls of today.
    fn read_kept(&self) -> Option<Compiled> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let text = self.text_hash();
        let KeptAs { first_day, has_date_warnings } = kept.find(&text)?;
        let is_recent = first_day <= self.first_day && self.first_day.duration_since(first_day) <= LONGEST_KEPT;
        let form = is_recent.then(|| kept.read(&text)).flatten()?;
        let plan = postcard::from_bytes(&form).ok()?;
        Some(Compiled { plan, date_warnings: (!has_date_warnings).then(Box::default) })
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

    /// The checked plan; `None` as for [`Plan::compiled`]. Who uses it at the same time shares it: who
    /// asks several questions holds it meanwhile, so that the text is read once.
    pub fn checked_plan(&self) -> Option<Arc<CheckedPlan>> {
        if let Some(read) = &self.read {
            return Some(Arc::clone(read));
        }
        let mut shared = self.checked_plan.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plan) = shared.upgrade() {
            return Some(plan);
        }
        priority::must_give_way();
        let plan = contained(|| Some(read_text(Arc::clone(&self.text), self.first_day)?.0)).map(Arc::new)?;
        *shared = Arc::downgrade(&plan);
        Some(plan)
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

    /// Decides a call, and compiles the plan or reads its text if that is necessary; gives what
    /// `then` makes of the answer, which is `None` as for [`Plan::compiled`].
    pub fn answer<T>(&self, call: &Call, then: impl FnOnce(Option<&Answer<'_>>) -> T) -> T {
        let Some(compiled) = self.compiled() else { return then(None) };
        if let Some(answer) = compiled.answer(call) {
            return then(Some(&answer));
        }
        match self.checked_plan() {
            Some(plan) => then(Some(&compile::decide_by_statements(&plan, call))),
            None => then(None),
        }
    }

    /// Decides a call and explains how; `None` as for [`Plan::compiled`].
    pub fn explain(&self, call: &Call) -> Option<(Decision, Trace)> {
        Some(eval::explain(&*self.checked_plan()?, call))
    }

    /// The switches that calls to this number can reach; `None` as for [`Plan::compiled`].
    pub fn reachable_switches(&self, called_number: &str) -> Option<Vec<String>> {
        Some(switches::reachable(&*self.checked_plan()?, called_number))
    }

    /// The switches that the plan declares, in its order; `None` as for [`Plan::compiled`].
    pub fn switches(&self) -> Option<&[String]> {
        self.compiled().map(DecisionPlan::switches)
    }

    /// How the plan reads the numbers of calls; `None` while it is not compiled.
    pub fn reader(&self) -> Option<&Reader> {
        Some(self.compiled.get()?.as_ref()?.plan.reader())
    }

    /// The moment after the last date of a list that is kept by the year: the earliest such moment
    /// of all lists. `None` without such a list, or while the plan is not compiled. It does not
    /// compile the plan.
    pub fn dates_end(&self) -> Option<Timestamp> {
        self.compiled.get()?.as_ref()?.plan.dates_end()
    }

    /// The warnings about past dates and ending lists that a check on the first day gives; `None`
    /// while the plan is not compiled, or if an earlier run has compiled it and has not kept them. It
    /// does not compile the plan.
    pub fn date_warnings(&self) -> Option<&[json::ProblemDocument]> {
        self.compiled.get()?.as_ref()?.date_warnings.as_deref()
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
    use jiff::ToSpan;

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

    /// A file in which the compiled plan of `plan` is kept for the text `text`.
    fn keep(plan: &Plan, text: &str, change: impl Fn(&mut Vec<u8>)) -> Arc<KeptForms> {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("callplan.db");
        std::fs::write(&database, "").expect("it is written");
        let build = kept_plans::Build::of_this_program().expect("it can be read");
        let file = kept_plans::KeptPlans::beside(&database, build).expect("the database is there");
        let mut form = plan.form().expect("it can be kept");
        change(&mut form);
        let kept_as = plan.kept_as().expect("it can be kept");
        let form = kept_plans::NewForm { text: kept_plans::hash(text), kept_as, form };
        file.write([form].into_iter(), || true).expect("it is written");
        Arc::new(file.open().expect("it is there"))
    }

    fn rule(plan: &Plan) -> Option<String> {
        let call = Call::new("+18005550100", "2026-12-01T12:00:00Z".parse().expect("an instant"));
        plan.answer(&call, |answer| answer.and_then(|answer| answer.rule().map(str::to_owned)))
    }

    const DAY: Date = Date::constant(2026, 11, 30);

    #[test]
    fn a_plan_that_was_kept_is_not_read_from_its_text_on_the_days_that_it_serves() {
        let plan = Plan::stored("rule \"Kept\" when dialed is +18005550100 { reject }\nfallback\n", DAY);
        assert_eq!((plan.kept_as(), plan.form()), (None, None), "it is not compiled");
        plan.compiled();
        assert!(plan.kept_as().is_some_and(|kept| !kept.has_date_warnings));
        let text = "rule \"Compiled\" when dialed is +18005550100 { reject }\nfallback\n";
        let kept = keep(&plan, text, |_| ());
        let other = Plan::kept("reject\n", Arc::clone(&kept), DAY);
        assert_eq!(rule(&other), None, "it is the plan of another text");
        for (days, expected) in [(-1, "Compiled"), (0, "Kept"), (1, "Kept"), (30, "Kept"), (31, "Compiled")] {
            let today = DAY.saturating_add(days.days());
            let plan = Plan::kept(text, Arc::clone(&kept), today);
            assert!(!plan.is_settled() && !plan.is_outdated(today), "it is not read before it is needed");
            assert_eq!(rule(&plan).as_deref(), Some(expected), "{days} days later");
            assert!(plan.is_settled());
            // One of a day before decides calls, until it is compiled for today.
            assert_eq!(plan.is_outdated(today), expected == "Kept" && days > 0, "{days} days later");
            assert_eq!(plan.first_day(), if expected == "Kept" { DAY } else { today });
            assert_eq!(rule(&plan.for_day(today)).as_deref(), Some("Compiled"));
        }
    }

    #[test]
    fn a_form_that_cannot_be_read_is_compiled_from_the_text() {
        let text = "rule \"Compiled\" when dialed is +18005550100 { reject }\nfallback\n";
        let plan = Plan::stored(text, DAY);
        plan.compiled();
        let kept = keep(&plan, text, |form| form.truncate(form.len() / 2));
        assert_eq!(rule(&Plan::kept(text, kept, DAY)).as_deref(), Some("Compiled"));
    }

    #[test]
    fn warnings_of_dates_are_not_kept_and_not_taken_for_none() {
        let text = "timezone UTC\ndays h = [2026-12-24, 2027-12-24]\nwhen date in h { reject }\nfallback\n";
        let day = Date::constant(2027, 10, 25);
        let plan = Plan::stored(text, day);
        plan.compiled();
        assert_eq!(plan.date_warnings().map(<[_]>::len), Some(2));
        let kept = Plan::kept(text, keep(&plan, text, |_| ()), day);
        kept.compiled();
        assert_eq!((kept.date_warnings(), kept.is_outdated(day)), (None, true));
        assert_eq!(kept.dates_end(), plan.dates_end());
        assert!(kept.kept_as().is_some_and(|kept| kept.has_date_warnings), "what is kept again says the same");
        let renewed = kept.for_day(day);
        renewed.compiled();
        assert_eq!((renewed.date_warnings(), renewed.is_outdated(day)), (plan.date_warnings(), false));
    }

    #[test]
    fn a_text_that_is_no_plan_is_not_kept() {
        let plan = Plan::stored("no plan", DAY);
        plan.compiled();
        assert_eq!((plan.kept_as(), plan.form()), (None, None));
    }

    #[test]
    fn where_the_definition_is_no_plan_any_more_its_text_is_searched() {
        let text = format!("\nroute to \"{DESK}\" # {OTHER}\nas it was written in another release: {DESK}\n");
        assert_eq!(lines(text), [vec![2, 3], vec![2]]);
    }
}
