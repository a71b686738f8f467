//! What mails, pages, chats and lists put around a plan.

use super::more;
use crate::diagnostics::{Code, Diagnostic, Edit};
use crate::source::Span;

/// Backticks around a plan, as chats show it.
pub(in crate::syntax) fn fence(span: Span, edits: &[Edit]) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "this is a chat's mark around a plan, and no part of it")
        .label("pasted from a chat?")
        .fix_all("take the marks out", edits.to_vec())
}

/// `> ` before each line, as in an answer to a mail.
pub(in crate::syntax) fn marks_before_lines(span: Span, mark: &str, edits: &[Edit]) -> Diagnostic {
    let label = if mark == ">" { "pasted from a mail?" } else { "pasted from a list?" };
    Diagnostic::new(Code::Syntax, span, format!("`{mark}` stands before each line, and is not part of a plan"))
        .label(label)
        .fix_all("take it out of every line", edits.to_vec())
}

/// The number of each line before it.
pub(in crate::syntax) fn numbered_lines(span: Span, found: &str, edits: &[Edit]) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{found}` counts the lines, and is not part of a plan"))
        .label("pasted with the lines' numbers?")
        .fix_all("take the numbers out of every line", edits.to_vec())
}

/// `&quot;` for `"`, as in a page's source.
pub(in crate::syntax) fn entities(span: Span, found: &str, edits: &[Edit]) -> Diagnostic {
    let message = format!("`{found}` is how a page's source writes a character{}", more(edits.len() - 1));
    Diagnostic::new(Code::Syntax, span, message)
        .label("pasted from a page's source?")
        .fix_all("use plain characters", edits.to_vec())
}
