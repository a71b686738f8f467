//! Texts that are too large, and brackets that nest too deep.

use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Span, start_of};
use crate::syntax::scan::MAX_DEPTH;

const MEBIBYTE: f64 = 1024.0 * 1024.0;

pub(in crate::syntax) fn too_large(text: &str, max_bytes: usize) -> Diagnostic {
    let found = text.len() as f64 / MEBIBYTE;
    let most = (max_bytes as f64 / MEBIBYTE * 10.0).round() / 10.0;
    Diagnostic::new(
        Code::TooLarge,
        Span::new(start_of(text), start_of(text)),
        format!(
            "this plan has {} bytes ({found:.1} MiB); a plan has at most {max_bytes} bytes ({most} MiB)",
            text.len()
        ),
    )
    .help("long lists of numbers shrink to ranges and prefixes: `+14155550000..+14155550999`, `+1415*`")
}

pub(in crate::syntax) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(Code::TooDeep, span, format!("brackets are nested more than {MAX_DEPTH} deep here"))
        .label(format!("opens level {}", MAX_DEPTH + 1))
        .help("give an inner part a name with `condition NAME = …`, or put rules after each other instead of inside each other")
}
