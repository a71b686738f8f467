//! Characters that look like plain ones, and characters that may not stand in a plan.

use super::{more, shown};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::lookalike::{self, Lookalike, LookalikeKind};

/// Characters of one kind that look like plain ones, all over the plan.
pub(in crate::syntax) fn lookalike(text: &str, all: &[Lookalike]) -> Diagnostic {
    let first = all[0];
    let found = first.found;
    let what = match first.kind {
        LookalikeKind::Quote => format!("`{found}` is not the straight quote, `\"`, in which a text stands"),
        LookalikeKind::Dash => format!("`{found}` is a longer dash than the plain one, `-`"),
        LookalikeKind::Space => format!("{} stands here, which looks like a plain space or like nothing", space(found)),
        LookalikeKind::FullWidth => {
            format!("`{found}` is a full-width character; a plan has plain letters, digits and marks")
        }
        LookalikeKind::Dots => "these three dots are one character; a range is written with two dots, `..`".to_owned(),
    };
    let title = match first.kind {
        LookalikeKind::Quote => "use straight quotes",
        LookalikeKind::Space if all.iter().all(|found| found.plain.is_empty()) => "take it out",
        LookalikeKind::Space => "use a plain space",
        LookalikeKind::Dash | LookalikeKind::FullWidth | LookalikeKind::Dots => "use plain characters",
    };
    // Full-width characters come in words; the mark goes under the first.
    let mut run = all.iter().zip(&all[1..]).take_while(|(one, next)| one.span.end == next.span.start);
    let last = run.by_ref().last().map_or(first.span, |(_, last)| last.span);
    let (span, marked) = if first.kind == LookalikeKind::FullWidth {
        (first.span.to(last), all.iter().filter(|found| found.span.end <= last.end).count())
    } else {
        (first.span, 1)
    };
    debug_assert!(span.range().end <= text.len());
    Diagnostic::new(Code::Syntax, span, format!("{what}{}", more(all.len() - marked)))
        .label("pasted from a document?")
        .fix_all(title, all.iter().map(Lookalike::edit).collect())
}

/// A space that is not the plain one, by its name.
fn space(character: char) -> String {
    let name = match character {
        '\u{a0}' | '\u{202f}' => "a no-break space",
        '\u{3000}' => "a full-width space",
        '\u{200b}' | '\u{2060}' | '\u{feff}' => "a space without width",
        _ => "an odd space",
    };
    format!("{name} (U+{:04X})", character as u32)
}

pub(in crate::syntax) fn foreign(found: &str, span: Span) -> Diagnostic {
    let shown: String = found.chars().take(12).flat_map(shown).collect();
    let diagnostic = if found.chars().all(char::is_control) {
        Diagnostic::new(Code::Syntax, span, format!("{shown} is a control character, which no plan contains")).fix(
            "take it out",
            span,
            " ",
        )
    } else {
        Diagnostic::new(
            Code::Syntax,
            span,
            format!("`{shown}` cannot stand here; outside of quotes a plan has plain letters only"),
        )
    };
    match lookalike::letters(found) {
        Some(letters) if !letters.is_empty() => diagnostic.suggest(format!("write `{letters}`"), span, letters),
        _ => diagnostic.help("any characters may stand in a text in double quotes, and in a comment"),
    }
}

pub(in crate::syntax) fn control_in_text(character: char, span: Span) -> Diagnostic {
    let name: String = shown(character).collect();
    let replacement = if character == '\t' { "\\t" } else { "" };
    let diagnostic =
        Diagnostic::new(Code::Syntax, span, format!("{name} is a control character, which no text contains"));
    if replacement.is_empty() {
        diagnostic.fix("take it out", span, "")
    } else {
        diagnostic.fix(format!("write `{replacement}`"), span, replacement)
    }
}
