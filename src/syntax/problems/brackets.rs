//! Brackets that do not match.

use super::graded;
use crate::diagnostics::{Code, Diagnostic, Edit, Grade};
use crate::source::Span;
use crate::syntax::brackets::{BracketChange, BracketSlip};

/// A bracket that is missing, too many, or of the wrong kind.
pub(in crate::syntax) fn bracket(change: &BracketChange) -> Diagnostic {
    let (message, title) = match change.kind {
        BracketSlip::MissingOpening(bracket) => {
            (format!("expected `{bracket}` after this"), format!("put a `{bracket}` there"))
        }
        BracketSlip::MissingClosing(bracket) => {
            (format!("this `{bracket}` is never closed"), format!("close it with `{}`", closing_of(bracket)))
        }
        BracketSlip::Superfluous { bracket: bracket @ ('{' | '[' | '('), is_doubled: true } => {
            (format!("this second `{bracket}` is never closed"), "take it out".to_owned())
        }
        BracketSlip::Superfluous { bracket: bracket @ ('{' | '[' | '('), is_doubled: false } => {
            (format!("this `{bracket}` is never closed"), "take it out".to_owned())
        }
        BracketSlip::Superfluous { bracket, .. } => {
            (format!("this `{bracket}` closes nothing"), "take it out".to_owned())
        }
        BracketSlip::Wrong { found, right } => {
            (format!("expected `{right}`, found `{found}`"), format!("write `{right}`"))
        }
    };
    let mut problem = Diagnostic::new(Code::Syntax, change.span, message);
    let note = match change.kind {
        BracketSlip::MissingOpening(_) => Some("which this was to close"),
        BracketSlip::Wrong { found: '{' | '[' | '(', .. } => Some("which this closes"),
        BracketSlip::Wrong { .. } => Some("which closes this"),
        BracketSlip::MissingClosing(_) | BracketSlip::Superfluous { .. } => None,
    };
    if let (BracketSlip::MissingClosing(bracket), _) = (change.kind, ()) {
        problem = problem.label(format!("needs a `{}`", closing_of(bracket)));
    }
    if let Some((partner, note)) = change.partner.zip(note) {
        problem = problem.note_at(partner, note);
    }
    let grade = if change.is_certain { Grade::Safe } else { Grade::Suggestion };
    graded(problem, grade, title, vec![change.edit.clone()])
}

fn closing_of(bracket: char) -> char {
    match bracket {
        '{' => '}',
        '[' => ']',
        _ => ')',
    }
}

/// One of several brackets that do not match.
pub(in crate::syntax) fn stray_bracket(bracket: char, edit: &Edit) -> Diagnostic {
    Diagnostic::new(Code::Syntax, edit.span, format!("this `{bracket}` closes nothing"))
        .suggest_all("take it out", vec![edit.clone()])
}

/// One of several brackets that do not match.
pub(in crate::syntax) fn never_closed(bracket: char, span: Span, next: Option<Span>, edit: &Edit) -> Diagnostic {
    let closing = closing_of(bracket);
    let mut diagnostic = Diagnostic::new(Code::Syntax, span, format!("this `{bracket}` is never closed"))
        .label(format!("needs a `{closing}`"));
    if let Some(next) = next {
        diagnostic = diagnostic.note_at(next, "it should end before this");
    }
    diagnostic.suggest_all(format!("close it with `{closing}`"), vec![edit.clone()])
}
