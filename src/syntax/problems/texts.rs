//! Holes and escapes in texts.

use super::shown;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

pub(in crate::syntax) fn hole_not_allowed(span: Span, hole: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{hole}` is a hole, and only `context` and metadata have holes"))
        .help("for a brace that is meant as a brace, write `\\{` and `\\}`")
}

pub(in crate::syntax) fn bad_hole(span: Span, hole: &str) -> Diagnostic {
    Diagnostic::new(
        Code::Syntax,
        span,
        format!("`{hole}` is not a hole; a hole is a name in braces, such as `{{caller}}` or `{{account.name}}`"),
    )
    .help("for a brace that is meant as a brace, write `\\{`")
}

pub(in crate::syntax) fn stray_brace_in_text(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "this `}` closes no hole").suggest("write it as `\\}`", span, "\\}")
}

pub(in crate::syntax) fn bad_escape(span: Span, found: char) -> Diagnostic {
    let shown: String = shown(found).collect();
    Diagnostic::new(
        Code::Syntax,
        span,
        format!("`\\{shown}` means nothing in a text; after a backslash stands `\"`, `\\`, `n`, `t`, `{{` or `}}`"),
    )
    .suggest(
        "write the backslash itself as `\\\\`",
        Span::new(span.start as usize, span.start as usize + 1),
        "\\\\",
    )
}
