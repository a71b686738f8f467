//! Lists, and what stands between their entries.

use crate::diagnostics::{Code, Diagnostic, Edit, Grade};
use crate::phone::{is_rounded, without_extension};
use crate::source::Span;

/// Two commas: what stood between them may be missing.
pub(in crate::syntax) fn doubled_comma(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "`,` stands here twice").suggest("take it out", span, "")
}

/// Two values with nothing between them. Without a grade, a comma is nothing to offer.
pub(in crate::syntax) fn missing_comma(text: &str, span: Span, found: &str, grade: Option<Grade>) -> Diagnostic {
    let end = text[..span.start as usize].trim_end().len();
    let diagnostic = Diagnostic::new(Code::Syntax, span, format!("expected `,` before `{found}`"));
    match grade {
        Some(grade) => diagnostic.fix_as(grade, "put a comma between them", Span::new(end, end), ","),
        None => diagnostic,
    }
}

/// Two entries of a list that nobody can tell apart.
pub(in crate::syntax) fn no_comma(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("expected `,` or `]` before `{found}`"))
        .help("a comma stands between two entries; the words here are read as one entry")
}

/// A row that ends at its comma, or two commas in a row.
pub(in crate::syntax) fn missing_cell(comma: Span, column: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, comma, format!("the value for `{column}` is missing after this comma"))
}

pub(in crate::syntax) fn comma_after_row(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "no comma stands between rows").fix("take it out", span, "")
}

/// A list as it was pasted: something other than a comma, or nothing, between its entries. `unread`
/// are those that are no numbers, however they are laid out.
pub(in crate::syntax) fn pasted_list(
    text: &str,
    (span, what): (Span, &str),
    unread: &[Span],
    layout_is_right: bool,
    edits: Vec<Edit>,
) -> Diagnostic {
    let title = match layout_is_right {
        true => "put a comma between all of them",
        false => "put a comma between all of them, and write each as a plan does",
    };
    let mut diagnostic =
        Diagnostic::new(Code::Syntax, span, what).label("the first place where it is otherwise").fix_all(title, edits);
    for span in unread.iter().take(3) {
        diagnostic = diagnostic.note_at(*span, why_no_number(&text[span.range()]));
    }
    match unread.len() {
        0 => diagnostic,
        count => diagnostic.help(format!("{count} of the entries are not numbers yet, and stay as they are")),
    }
}

/// Why something in a list of numbers is none.
fn why_no_number(written: &str) -> String {
    if is_rounded(written) {
        return format!("`{written}` was rounded by a spreadsheet; its last digits are lost");
    }
    if without_extension(written).is_some() {
        return format!("`{written}` has an extension, which no call brings with the number");
    }
    if written.starts_with(|c: char| c.is_ascii_digit() || c == '(') {
        return format!("`{written}` has no `+` and country's code");
    }
    format!("`{written}` is not a number")
}

/// How a message of a list without brackets begins.
pub(in crate::syntax) const LIST_BEGINS: &str = "a list stands in brackets: ";

/// `in a, b`: several values without their brackets.
pub(in crate::syntax) fn missing_brackets(span: Span, list: Span, values: &str) -> Diagnostic {
    let brackets =
        [Edit { span: list.before(), text: "[".to_owned() }, Edit { span: list.after(), text: "]".to_owned() }];
    Diagnostic::new(Code::Syntax, span, format!("{LIST_BEGINS}`[{values}]`"))
        .fix_all("put it in brackets", brackets.to_vec())
}

pub(in crate::syntax) fn list_in_list(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "a list holds values and ranges, not another list")
}

pub(in crate::syntax) fn empty_list(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "this list is empty; a list has at least one entry")
}
