//! The only judge of meaning: from a tree to a [`CheckedPlan`], or to the list of all that is
//! wrong.

// In this order, each on what the ones before have found:
//
// 1. `names`: what the plan defines, each name once.
// 2. `definition`: zone, agents, switches, sets of numbers and days, schedules, `table`s,
//    conditions, each after those it names.
// 3. `statement`: rules, splits and the rest; their `condition`s, `test`s, texts and
//    `metadata`.
// 4. `example`: examples and proofs are read; the examples of a plan without errors are run.
// 5. `unused`: what nothing uses. `dates_end`: dates that have gone by, and lists of dates
//    that run out.
// 6. `complete`: that every piece of the tree is in the plan.

mod ambiguous;
mod complete;
mod condition;
mod date;
mod dates_end;
mod definition;
mod example;
mod figure;
mod literal;
mod local_number;
mod metadata;
mod names;
mod number;
mod order;
mod problems;
mod redundant;
mod rotation;
mod schedule;
mod search;
mod statement;
mod table;
mod test;
mod told;
mod untrusted;
mod unused;
mod value;
mod value_sets;
mod window;

use crate::diagnostics::{Diagnostic, Problems, Reported};
use crate::phone::NumberSet;
use crate::plan::{CallText, CheckedPlan, Definitions, RowSlot};
use crate::schedule::{DaySet, Zone, ZoneProblem};
use crate::source::{Source, Span};
use crate::syntax::{Tree, ast};
use complete::BuiltCounts;
use jiff::civil::Date;
use names::PlanNames;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub(crate) use example::decides;
pub use example::{failure as example_failure, run as run_examples};
pub(crate) use problems::examples::decision as decision_in_words;

/// What a check may know beside the plan.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// The day of the check, for warnings about days that have passed; without it there are none.
    pub today: Option<Date>,
    /// The organization's agents; without them, agents and versions are not checked.
    pub agents: Option<&'a dyn Agents>,
    /// Whether the fallback agent can answer; without it, nobody is warned that calls are cut off.
    pub fallback: Option<FallbackState>,
    /// Maximum number of steps for the questions about all calls, such as which rules can never
    /// run. Default: in proportion to the length of the text.
    pub budget: Option<usize>,
    /// Maximum size of the text, in bytes, if it is less than [`crate::syntax::MAX_BYTES`].
    pub max_bytes: Option<usize>,
    /// Maximum size of the context, and of the metadata, of one decision, in bytes. Without it, they
    /// may have any size. The service takes [`MAX_OUTPUT_BYTES`].
    pub max_output_bytes: Option<usize>,
    /// Ends those questions once it is raised, say at a deadline. What is not known by then is said
    /// to be undecided.
    pub stop: Option<&'a AtomicBool>,
}

/// Maximum size of the context, and of the metadata as JSON, that the service sends along with a
/// decision, in bytes.
pub const MAX_OUTPUT_BYTES: usize = 64 * 1024;

/// The agents that an organization has.
pub trait Agents {
    /// What is known of the agent with this id; `None` where there is none.
    fn find(&self, id: &str) -> Option<AgentState>;

    /// Whether the versions of agents are known, too. Where they are not, no version is judged.
    fn knows_versions(&self) -> bool {
        true
    }
}

/// What is known of an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentState {
    /// Whether it may answer calls now.
    pub active: bool,
    /// The numbers of its published versions.
    pub published: Vec<u32>,
    /// The numbers of its versions that are still drafts.
    pub drafts: Vec<u32>,
}

/// Whether an organization's fallback agent can answer calls, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FallbackState {
    /// It can.
    Answers,
    /// The organization has no fallback agent.
    Missing,
    /// It is switched off.
    Inactive,
    /// It has no published version, or not the one that is asked of it.
    Unpublished,
}

impl FallbackState {
    /// Why calls that go to the fallback agent are cut off; `None` where they are not.
    pub fn why_cut_off(self) -> Option<&'static str> {
        match self {
            Self::Answers => None,
            Self::Missing => Some("there is no fallback agent"),
            Self::Inactive => Some("the fallback agent is not active"),
            Self::Unpublished => Some("the fallback agent has no published version"),
        }
    }
}

/// Judges a tree. Every problem is added to `problems`, with its place in the original text; the
/// plan is there when none of them, nor any before, is an error. Its examples are not run: see
/// [`run_examples`].
pub fn check(tree: &Tree, options: &Options, problems: &mut Problems) -> Option<CheckedPlan> {
    let (plan, built) = check_with_counts(tree, options, problems)?;
    match complete::complete(&tree.plan, &plan, &built) {
        Ok(()) => Some(plan),
        Err(place) => {
            let missing = Diagnostic::internal(place, "this is not in the plan that was made of the text");
            problems.push(tree.repair.restore(missing));
            None
        }
    }
}

/// The same, without the last step, and with what that needs.
fn check_with_counts(tree: &Tree, options: &Options, problems: &mut Problems) -> Option<(CheckedPlan, BuiltCounts)> {
    let mut found = Problems::new();
    let before = problems.reported();
    let plan = Checker::new(tree, options, before, &mut found).check();
    let is_fine = before.is_none() && !found.has_errors();
    let found = found.into_iter().map(|problem| tree.repair.restore(problem));
    problems.extend(found.filter(|problem| !tree.repair.is_told(problem)));
    plan.ok().filter(|_| is_fine)
}

/// The result of a checking function: a value, or the token of the error that was raised instead.
/// `None` is only for something that may be absent.
type Checked<T> = Result<T, Reported>;

/// What is known so far of a plan that is being checked.
struct Checker<'a, 'p> {
    plan: &'a ast::Plan,
    source: &'a Source,
    options: &'a Options<'a>,
    /// Set where the text has had an error before it came here.
    before: Option<Reported>,
    problems: &'p mut Problems,
    names: PlanNames<'a>,
    definitions: Definitions,
    built: BuiltCounts,
    /// By number.
    number_sets: Vec<Arc<NumberSet>>,
    /// How many entries sets of numbers may have from here on.
    number_entries_left: usize,
    /// How many entries of sets lines of schedules have named so far.
    days_in_lines: usize,
    /// By number; `None` until it is built.
    day_sets: Vec<Option<Checked<Arc<DaySet>>>>,
    /// Where each condition of the plan stands in the order of definition, by number; `None` until
    /// it is built.
    condition_order: Vec<Option<Checked<usize>>>,
    /// Columns, with their table's number, of which no cell could be read.
    untyped_columns: HashMap<(usize, usize), Reported>,
    zones: HashMap<String, Result<Zone, ZoneProblem>>,
    /// The first thing that is read in the plan's zone, and what it is called.
    zone_use: Option<(Span, &'static str)>,
    names_zone: bool,
    /// Set where statements may stand in other blocks than was meant.
    brackets_moved: Option<Reported>,
    /// The dates of the plan, to be judged at the end.
    dates: dates_end::Dates,
    /// Warnings of windows whose end leaves out a minute, until it is known that nothing graver is
    /// said of them.
    late_ends: Vec<Diagnostic>,
    /// The rows that may be named at a place, innermost last (`in accounts as account`): the name,
    /// its slot, its table.
    rows: Vec<(&'a ast::Token, RowSlot, usize)>,
    /// The texts of the call that are one of some that the plan writes, at the place that is checked.
    trusted: Vec<CallText>,
    /// The texts that are settled where the condition of each name holds.
    settled_by_name: Vec<BTreeSet<CallText>>,
    /// How many tests the named conditions so far are made of.
    conditions_size: usize,
    /// Tests that are left for searches for calls on which two readings differ.
    tests_left: usize,
}

impl<'a, 'p> Checker<'a, 'p> {
    fn new(tree: &'a Tree, options: &'a Options<'a>, before: Option<Reported>, problems: &'p mut Problems) -> Self {
        let names = PlanNames::gather(&tree.plan, &tree.source, problems);
        Self {
            plan: &tree.plan,
            source: &tree.source,
            options,
            before,
            problems,
            names,
            definitions: Definitions::default(),
            built: BuiltCounts::default(),
            number_sets: Vec::new(),
            number_entries_left: number::MAX_ENTRIES,
            days_in_lines: 0,
            day_sets: Vec::new(),
            condition_order: Vec::new(),
            untyped_columns: HashMap::new(),
            zones: HashMap::new(),
            zone_use: None,
            names_zone: false,
            brackets_moved: tree.repair.moved_brackets(),
            dates: dates_end::Dates::default(),
            late_ends: Vec::new(),
            rows: Vec::new(),
            trusted: Vec::new(),
            settled_by_name: Vec::new(),
            conditions_size: 0,
            tests_left: ambiguous::MAX_TESTS,
        }
    }

    fn check(mut self) -> Checked<(CheckedPlan, BuiltCounts)> {
        self.define();
        let statements = self.plan_statements();
        let examples = self.examples();
        let proofs = self.proofs();
        std::mem::take(&mut self.late_ends).into_iter().for_each(|late| self.problem(late));
        self.definitions.dates_end = self.judge_dates();
        self.warn_of_missing_zone();
        // Where nothing is decided nothing is used, and that has been told.
        if self.before.is_none() && statements.is_ok() {
            self.warn_of_unused();
        }
        let plan = CheckedPlan {
            source: self.source.clone(),
            definitions: self.definitions,
            statements: statements?.into(),
            examples,
            proofs,
        };
        Ok((plan, self.built))
    }

    /// Adds a warning, or an error about something that is read all the same.
    fn problem(&mut self, diagnostic: Diagnostic) {
        self.problems.push(diagnostic);
    }

    /// Adds an error about something that has no value.
    fn error(&mut self, diagnostic: Diagnostic) -> Reported {
        self.problems.error(diagnostic)
    }

    /// No value, because of this error.
    fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Checked<T> {
        Err(self.error(diagnostic))
    }

    /// A piece has no value because of an error that was raised before. If there was none, the
    /// fault is callplan's.
    fn told_before(&mut self, span: Span) -> Reported {
        let before = self.before.or_else(|| self.problems.reported());
        before.unwrap_or_else(|| self.error(Diagnostic::internal(span, "this could not be checked, without a reason")))
    }

    /// Notes that something is read on the clock of the plan's zone.
    fn uses_zone(&mut self, span: Span, what: &'static str) {
        if self.zone_use.is_none_or(|(first, _)| span.start < first.start) {
            self.zone_use = Some((span, what));
        }
    }

    fn warn_of_missing_zone(&mut self) {
        if let Some((span, what)) = self.zone_use.filter(|_| !self.names_zone) {
            self.problem(problems::dates::missing_zone(span, what));
        }
    }
}
