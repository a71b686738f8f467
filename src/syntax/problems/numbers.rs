//! Figures and telephone numbers in other spellings.

use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

/// `.5`, `1.`
pub(in crate::syntax) fn point(span: Span, written: &str, plain: &str) -> Diagnostic {
    match plain {
        "" => {
            Diagnostic::new(Code::Syntax, span, format!("{written} is written without it")).fix("take it out", span, "")
        }
        plain => Diagnostic::new(Code::Syntax, span, format!("`{written}` is written `{plain}`")).fix(
            format!("write `{plain}`"),
            span,
            plain,
        ),
    }
}

/// `1_000`
pub(in crate::syntax) fn grouped_digits(span: Span, written: &str, plain: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("a number has nothing between its digits: `{plain}`, not `{written}`"))
        .fix(format!("write `{plain}`"), span, plain)
}

/// What follows right upon the digits of a number in a cell.
pub(in crate::syntax) fn digits_apart(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(
        Code::Syntax,
        span,
        format!("`{found}` follows right upon a number, which has only digits and a `.`"),
    )
    .help("write `1000` for `1_000`; between two values stands a comma")
}

/// A telephone number without its `+`, as on paper: `(415) 555-0100`.
pub(in crate::syntax) fn paper_number(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BadNumber,
        span,
        format!("`{found}` has no `+`; a whole number starts with `+` and the country's code, such as `+14155550100`"),
    )
}

/// `metadata { callback: +14155550100 }`
pub(in crate::syntax) fn number_in_metadata(span: Span, written: &str) -> Diagnostic {
    let plain = format!("\"{written}\"");
    Diagnostic::new(Code::Syntax, span, format!("a telephone number is a text in metadata: `{plain}`")).fix(
        format!("write `{plain}`"),
        span,
        plain,
    )
}

/// `tel:+1…`, `sip:…`
pub(in crate::syntax) fn bare_address(span: Span, address: &str, plain: &str) -> Diagnostic {
    let message = match plain.starts_with('"') {
        true => format!("an address stands in quotes: `{plain}`"),
        false => format!("a call that comes from `{address}` shows the number `{plain}`, and a plan writes that"),
    };
    Diagnostic::new(Code::BadNumber, span, message).fix(format!("write `{plain}`"), span, plain)
}
