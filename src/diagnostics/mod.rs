//! What is wrong with a plan, as data: a [`Diagnostic`] for each problem, gathered in [`Problems`].
//!
//! Phases make diagnostics (each has a `problems.rs` with its wording); [`text`] and [`json`] alone
//! show them, [`fix`] carries out the edits they offer, and [`explain`] has the page on each code.

mod code;
mod cut;
pub mod explain;
pub mod fix;
mod fold;
pub mod json;
pub mod text;

pub use code::{Code, Severity, UnknownCode};

use crate::source::Span;

/// One problem: what is wrong, where, and how to fix it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its stable name, which also fixes its severity.
    pub code: Code,
    /// The place, as tight as it can be.
    pub span: Span,
    /// What is wrong: lower case, no full stop, the plan's own words in backquotes.
    pub message: String,
    /// A few words under the mark; empty for none. Says nothing that `message` does not.
    pub label: String,
    /// Other places and facts that explain it.
    pub notes: Vec<Note>,
    /// The next step, where there is one to name.
    pub help: Option<String>,
    /// Fixes, each by itself; with more than one, the reader chooses.
    pub fixes: Vec<Fix>,
    /// How many further problems of the same kind this one stands for: see [`Problems::folded`].
    pub more: usize,
}

/// A further fact about a problem, with its place if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// In the same style as a diagnostic's message.
    pub message: String,
    /// Where, if it is a place in the plan.
    pub span: Option<Span>,
}

/// A fix: edits that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an instruction: ``write `is` ``.
    pub title: String,
    /// Whether it may be made without asking.
    pub grade: Grade,
    /// Sorted by place; they do not overlap.
    pub edits: Vec<Edit>,
}

/// How far a fix may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Every call is decided as the author plainly meant: a keyword's spelling, a bracket, a quote,
    /// the layout of a number. The fix of a warning is safe only where no call is decided
    /// otherwise.
    Safe,
    /// It chooses between readings, changes which calls match, or names something else. A person
    /// decides.
    Suggestion,
}

impl Grade {
    /// `safe` or `suggestion`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Suggestion => "suggestion",
        }
    }
}

/// Puts `text` in place of what stands at `span`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
}

impl Diagnostic {
    /// A problem at a place; the rest is added by the methods below.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            span,
            message: cut::message(message.into()),
            label: String::new(),
            notes: Vec::new(),
            help: None,
            fixes: Vec::new(),
            more: 0,
        }
    }

    /// A mistake of callplan itself, at the piece of the plan that it could not deal with.
    pub fn internal(span: Span, what: &str) -> Self {
        Self::new(Code::InternalError, span, format!("{what}: this is a mistake of callplan, not of the plan"))
            .help("the plan is refused, so that nothing is lost; please report this line to callplan's authors")
    }

    /// With a few words under the mark.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = cut::message(label.into());
        self
    }

    /// With a fact that has no place.
    pub fn note(mut self, message: impl Into<String>) -> Self {
        self.notes.push(Note { message: cut::message(message.into()), span: None });
        self
    }

    /// With another place that explains it.
    pub fn note_at(mut self, span: Span, message: impl Into<String>) -> Self {
        self.notes.push(Note { message: cut::message(message.into()), span: Some(span) });
        self
    }

    /// With the next step.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(cut::message(help.into()));
        self
    }

    /// With a safe fix of one edit.
    pub fn fix(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix_all(title, vec![Edit { span, text: text.into() }])
    }

    /// With a safe fix of several edits, made together.
    pub fn fix_all(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.with_fix(Grade::Safe, title.into(), edits)
    }

    /// With a fix of one edit, of this grade.
    pub fn fix_as(self, grade: Grade, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.with_fix(grade, title.into(), vec![Edit { span, text: text.into() }])
    }

    /// With a suggestion of one edit.
    pub fn suggest(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.suggest_all(title, vec![Edit { span, text: text.into() }])
    }

    /// With a suggestion of several edits, made together.
    pub fn suggest_all(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.with_fix(Grade::Suggestion, title.into(), edits)
    }

    /// With its fixes of this grade at best.
    pub fn graded(mut self, grade: Grade) -> Self {
        self.fixes.iter_mut().for_each(|fix| fix.grade = fix.grade.max(grade));
        self
    }

    fn with_fix(mut self, grade: Grade, title: String, mut edits: Vec<Edit>) -> Self {
        edits.sort_by_key(|edit| edit.span);
        self.fixes.push(Fix { title: cut::message(title), grade, edits });
        self
    }

    /// An error, a warning or a hint.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Shows that an error has been raised, so that the plan is refused. Only [`Problems`] makes one,
/// so a function that gives this in place of a value cannot have been silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported(());

/// All that was found, in the order it was found until [`Problems::sorted`].
///
/// However many there are, what is kept is bounded: of each kind the first ten thousand, the last
/// of which stands for those that follow, with their fixes.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    found: Vec<Diagnostic>,
    /// Problems that are counted, and no more.
    left_out: LeftOut,
    gathered: fold::ProblemTally,
}

/// Problems of which only the number is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct LeftOut {
    errors: usize,
    warnings: usize,
    hints: usize,
}

impl LeftOut {
    fn add(&mut self, problem: &Diagnostic) {
        match problem.severity() {
            Severity::Error => self.errors += 1 + problem.more,
            Severity::Warning => self.warnings += 1 + problem.more,
            Severity::Hint => self.hints += 1 + problem.more,
        }
    }
}

impl PartialEq for Problems {
    fn eq(&self, other: &Self) -> bool {
        (&self.found, self.left_out) == (&other.found, other.left_out)
    }
}

impl Eq for Problems {}

impl Problems {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one; from ten thousand of a kind on, to the last of that kind.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if let Some(diagnostic) = self.gathered.gather(&mut self.found, diagnostic) {
            self.left_out.add(&diagnostic);
        }
    }

    /// Adds an error, and gives what shows that one was raised.
    pub fn error(&mut self, diagnostic: Diagnostic) -> Reported {
        // With a warning alone, the plan would be accepted without the piece that the warning is
        // about.
        if diagnostic.severity() != Severity::Error {
            self.push(Diagnostic::internal(diagnostic.span, "a piece of the plan was left out with only a warning"));
        }
        self.push(diagnostic);
        Reported(())
    }

    /// What shows that an error was raised, if one was.
    pub fn reported(&self) -> Option<Reported> {
        self.has_errors().then_some(Reported(()))
    }

    /// The first mistake of callplan itself, if there is one: nothing else that was found can then
    /// be relied on.
    pub fn internal_error(&self) -> Option<&Diagnostic> {
        self.found.iter().find(|found| found.code == Code::InternalError)
    }

    /// Whether any is an error, so that the plan is refused.
    pub fn has_errors(&self) -> bool {
        self.left_out.errors > 0 || self.found.iter().any(|found| found.severity() == Severity::Error)
    }

    /// Whether there is none at all, not even a hint.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// How many there are of this severity, with those that others stand for and those that are
    /// only counted.
    pub fn count(&self, severity: Severity) -> usize {
        let left_out = match severity {
            Severity::Error => self.left_out.errors,
            Severity::Warning => self.left_out.warnings,
            Severity::Hint => self.left_out.hints,
        };
        let kept = self.found.iter().filter(|found| found.severity() == severity);
        kept.map(|found| 1 + found.more).sum::<usize>() + left_out
    }

    /// How many are only counted.
    pub fn left_out(&self) -> usize {
        self.left_out.errors + self.left_out.warnings + self.left_out.hints
    }

    /// Each in turn.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// The same, by place, the gravest first at one place, and none said twice.
    pub fn sorted(mut self) -> Self {
        sort(&mut self.found);
        self.found.dedup();
        self.gathered = fold::ProblemTally::default();
        self
    }

    /// The same, so few that people and programs can take them: of each kind the first twenty, of
    /// which the next stands for all that follow, with one fix for all; and 500 in all, errors
    /// first.
    pub fn folded(self) -> Self {
        let Self { found, mut left_out, gathered: _ } = self.sorted();
        let mut found = fold::kinds(found);
        // Errors go first, so that one is left where there is one.
        found.sort_by_key(|found| (found.severity(), found.span));
        found.drain(fold::MAX_PROBLEMS.min(found.len())..).for_each(|rest| left_out.add(&rest));
        sort(&mut found);
        Self { found, left_out, gathered: fold::ProblemTally::default() }
    }
}

/// By place, the gravest first at one place.
fn sort(found: &mut [Diagnostic]) {
    found.sort_by(|a, b| {
        let key = |problem: &Diagnostic| (problem.span, problem.severity(), problem.code);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
}

impl IntoIterator for Problems {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.found.into_iter()
    }
}

impl FromIterator<Diagnostic> for Problems {
    fn from_iter<T: IntoIterator<Item = Diagnostic>>(found: T) -> Self {
        let mut problems = Self::new();
        found.into_iter().for_each(|problem| problems.push(problem));
        problems
    }
}

impl Extend<Diagnostic> for Problems {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, found: T) {
        found.into_iter().for_each(|problem| self.push(problem));
    }
}
