//! Words and marks that are unexpected, misspelled, doubled or missing, and names.

use crate::diagnostics::{Code, Diagnostic, Edit, Grade};
use crate::source::Span;

/// What stands at a place where something else was expected.
pub(in crate::syntax) fn unexpected(span: Span, found: &str, expected: &str) -> Diagnostic {
    let message = match (found.is_empty(), expected.is_empty()) {
        (true, _) => format!("expected {expected} here"),
        (false, true) => format!("`{found}` cannot stand here"),
        (false, false) => format!("expected {expected}, found `{found}`"),
    };
    Diagnostic::new(Code::Syntax, span, message)
}

pub(in crate::syntax) fn misspelled(span: Span, found: &str, word: &str) -> Diagnostic {
    misspelled_as(Grade::Safe, span, found, word)
}

/// A misspelled word; as a suggestion where another word is as near.
pub(in crate::syntax) fn misspelled_as(grade: Grade, span: Span, found: &str, word: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{found}` means nothing here; did you mean `{word}`?")).fix_as(
        grade,
        format!("write `{word}`"),
        span,
        word,
    )
}

/// What is no part of the language, and of which nothing is meant: `return`, the second `=` of
/// `==`.
pub(in crate::syntax) fn write_nothing(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{found}` means nothing here")).fix("take it out", span, "")
}

/// A piece that is written otherwise: what stands there, what it should be, and the edit.
pub(in crate::syntax) fn write_instead(grade: Grade, span: Span, message: String, replacement: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, message).fix_as(grade, format!("write `{replacement}`"), span, replacement)
}

/// A mark that stands once too often.
pub(in crate::syntax) fn superfluous(grade: Grade, span: Span, found: &str, expected: &str) -> Diagnostic {
    unexpected(span, found, expected).fix_as(grade, "take it out", span, "")
}

/// A word that stands a second time.
pub(in crate::syntax) fn doubled_word(span: Span, found: &str, first: &str) -> Diagnostic {
    let message = if found == first {
        format!("`{found}` stands here twice")
    } else {
        format!("`{found}` means nothing after `{first}`")
    };
    Diagnostic::new(Code::Syntax, span, message).fix("take it out", span, "")
}

pub(in crate::syntax) fn missing_word(at: Span, found: &str, word: &str, shown: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, format!("expected `{word}` before `{found}`")).fix(
        format!("write `{shown}`"),
        at.before(),
        format!("{word} "),
    )
}

/// `except bank holidays`
pub(in crate::syntax) fn two_words(span: Span, first: &str, second: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("a name is one word: `{first}_{second}`, say, and no two"))
        .help(format!("the days themselves are a definition: `days {first}_{second} = [every 12-25, 2027-03-29]`"))
}

/// `agent front-desk`: to the language a dash is no part of a name.
pub(in crate::syntax) fn dashed_name(span: Span, found: &str, replacement: &str, edits: Vec<Edit>) -> Diagnostic {
    Diagnostic::new(
        Code::Syntax,
        span,
        format!("`{found}` has a `-` in it, and a name has letters, digits and `_` only; write `{replacement}`"),
    )
    .fix_all(format!("call it `{replacement}`, here and where it is used"), edits)
}

pub(in crate::syntax) fn long_path(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "only one dot may stand in a name: `caller.country`, `account.tier`")
}
