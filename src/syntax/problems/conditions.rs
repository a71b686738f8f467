//! Tests and what joins them.

use crate::diagnostics::{Code, Diagnostic, Edit, Grade};
use crate::source::Span;

pub(in crate::syntax) fn not_comparator(span: Span, found: &str, replacement: &str, edits: Vec<Edit>) -> Diagnostic {
    let message = match found {
        "=" | "==" | "===" => format!("`{found}` does not compare; write `{replacement}`"),
        _ => format!("no test is called `{found}`; write `{replacement}`"),
    };
    let diagnostic = Diagnostic::new(Code::Syntax, span, message);
    if edits.is_empty() { diagnostic } else { diagnostic.fix_all(format!("write `{replacement}`"), edits) }
}

pub(in crate::syntax) fn not_connective(span: Span, found: &str, word: &str) -> Diagnostic {
    // `!` may stand right before a word.
    let edit = if word == "not" { "not ".to_owned() } else { word.to_owned() };
    Diagnostic::new(Code::Syntax, span, format!("`{found}` is not a word of the language; write `{word}`")).fix(
        format!("write `{word}`"),
        span,
        edit,
    )
}

pub(in crate::syntax) fn is_in(span: Span, negated: bool, edit: &str) -> Diagnostic {
    let found = if negated { "is not in" } else { "is in" };
    Diagnostic::new(Code::Syntax, span, format!("`{found}` is one word too many; write `{edit}`")).fix(
        format!("write `{edit}`"),
        span,
        edit,
    )
}

/// `between A and B`
pub(in crate::syntax) fn between(grade: Grade, span: Span, replacement: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("no test is called `between`; write `{replacement}`")).fix_as(
        grade,
        format!("write `{replacement}`"),
        span,
        replacement,
    )
}

/// `now in A..B`
pub(in crate::syntax) fn now_in_range(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "`now` lies in no range; it is compared with each end")
        .help("for instance `now >= 2027-01-11 08:00 and now < 2027-01-15 18:00`")
}
