//! What is wrong with a plan, as data: a [`Diagnostic`] for each problem, gathered in [`Problems`].
//!
//! Phases make diagnostics (each has a `problems.rs` with its wording); [`text`] and [`json`] alone show them,
//! [`fix`] carries out the edits they offer, and [`explain`] has the page on each code.

mod code;
pub mod explain;
pub mod fix;
pub mod json;
pub mod text;

pub use code::{Code, Severity, UnknownCode};

use crate::source::Span;

/// One problem: what is wrong, where, and how to mend it.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Every call is decided as the author plainly meant: a keyword's spelling, a bracket, a quote, the layout of a
    /// number. The fix of a warning is safe only where no call is decided otherwise.
    Safe,
    /// It chooses between readings, changes which calls match, or names something else. A person decides.
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
            message: message.into(),
            label: String::new(),
            notes: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// A mistake of callplan itself, at the piece of the plan that it could not deal with.
    pub fn internal(span: Span, what: &str) -> Self {
        Self::new(Code::InternalError, span, format!("{what}: this is a mistake of callplan, not of the plan"))
            .help("the plan is refused, so that nothing is lost; please report this line to callplan's authors")
    }

    /// With a few words under the mark.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With a fact that has no place.
    pub fn note(mut self, message: impl Into<String>) -> Self {
        self.notes.push(Note { message: message.into(), span: None });
        self
    }

    /// With another place that explains it.
    pub fn note_at(mut self, span: Span, message: impl Into<String>) -> Self {
        self.notes.push(Note { message: message.into(), span: Some(span) });
        self
    }

    /// With the next step.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
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

    fn with_fix(mut self, grade: Grade, title: String, mut edits: Vec<Edit>) -> Self {
        edits.sort_by_key(|edit| edit.span);
        self.fixes.push(Fix { title, grade, edits });
        self
    }

    /// An error, or a warning.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Shows that an error has been raised, so that the plan is refused. Only [`Problems`] makes one, so a function that
/// gives this in place of a value cannot have been silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported(());

/// All that was found, in the order it was found until [`Problems::sorted`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    found: Vec<Diagnostic>,
}

impl Problems {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Adds an error, and gives what shows that one was raised.
    pub fn error(&mut self, diagnostic: Diagnostic) -> Reported {
        // With a warning alone, the plan would be accepted without the piece that the warning is about.
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

    /// The first mistake of callplan itself, if there is one: nothing else that was found can then be relied on.
    pub fn internal_error(&self) -> Option<&Diagnostic> {
        self.found.iter().find(|found| found.code == Code::InternalError)
    }

    /// Whether any is an error, so that the plan is refused.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|found| found.severity() == Severity::Error)
    }

    /// Whether there is none at all, not even a warning.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Each in turn.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// The same, by place, errors before warnings at one place, and none said twice.
    pub fn sorted(mut self) -> Self {
        self.found.sort_by(|a, b| {
            let key = |it: &Diagnostic| (it.span, it.severity(), it.code);
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
        self.found.dedup();
        self
    }
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
        Self { found: found.into_iter().collect() }
    }
}
