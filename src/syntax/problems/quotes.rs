//! Quotes that are typographic, missing or doubled, and apostrophes.

use super::{graded, more};
use crate::diagnostics::{Code, Diagnostic, Edit, Grade};
use crate::source::Span;
use crate::syntax::contraction::Contraction;

/// Texts in quotes that are not straight, all over the plan.
pub(in crate::syntax) fn typographic_quotes(found: char, span: Span, others: usize, edits: Vec<Edit>) -> Diagnostic {
    let what = match found {
        '`' => "a text stands in straight double quotes, `\"`; this is a backquote".to_owned(),
        _ => format!("`{found}` is not the straight quote, `\"`, in which a text stands"),
    };
    Diagnostic::new(Code::Syntax, span, format!("{what}{}", more(others)))
        .label("pasted from a document?")
        .fix_all("use straight quotes", edits)
}

/// A word with an apostrophe in it, outside of texts.
pub(in crate::syntax) fn contraction(text: &str, found: &Contraction) -> Diagnostic {
    let shown = &text[found.span.range()];
    match found.meaning {
        None => Diagnostic::new(Code::Syntax, found.span, format!("`{shown}` cannot stand here")),
        Some(meaning) => Diagnostic::new(
            Code::Syntax,
            found.span,
            format!("no test is called `{shown}`; write `{meaning}`"),
        )
        .fix(format!("write `{meaning}`"), found.span, meaning),
    }
}

pub(in crate::syntax) fn unclosed_text(span: Span, edits: &[Edit], grade: Grade) -> Diagnostic {
    let problem = Diagnostic::new(Code::Syntax, span, "this text has no closing `\"`; a text ends on its line")
        .help("a longer text is several `context` statements, or has `\\n` where a line ends");
    graded(problem, grade, "close it", edits.to_vec())
}

pub(in crate::syntax) fn unopened_text(span: Span, edit: &Edit, grade: Grade) -> Diagnostic {
    let problem = Diagnostic::new(Code::Syntax, span, "this text has no opening `\"`");
    graded(problem, grade, "open it", vec![edit.clone()])
}

pub(in crate::syntax) fn doubled_quote(edit: &Edit, grade: Grade) -> Diagnostic {
    let problem = Diagnostic::new(Code::Syntax, edit.span, "this `\"` is one too many");
    graded(problem, grade, "take it out", vec![edit.clone()])
}
