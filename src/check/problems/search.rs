//! Tests for a part of a text: where there is none, and the other words for one.

use crate::call::MAX_ATTRIBUTE_TEXT;
use crate::diagnostics::{Code, Diagnostic, Edit};
use crate::plan::PatternPlace;
use crate::source::Span;
use crate::syntax::quoted;
use crate::types::Type;

/// `caller contains "415"`; of `caller starts with "+44"`, what the text is.
pub(in crate::check) fn in_number(
    operator: Span,
    written: &str,
    subject: &str,
    prefix: Option<&str>,
    value: Span,
) -> Diagnostic {
    let digits = prefix.and_then(|prefix| prefix.strip_prefix('+')).map(|digits| digits.trim_end_matches(['*', '-']));
    match digits.filter(|digits| !digits.is_empty()) {
        Some(digits) => {
            let test = format!("in +{digits}*");
            let message = format!("no test of a number is called `{written}`; write `{subject} {test}`");
            Diagnostic::new(Code::Syntax, operator, message)
                .fix_all(format!("write `{subject} {test}`"), vec![Edit { span: operator.to(value), text: test }])
        }
        None => Diagnostic::new(
            Code::Syntax,
            operator,
            format!("no test of a number is called `{written}`; write `is` or `in`"),
        )
        .help(format!("numbers that begin alike are `{subject} in +1415*`, local ones `{subject} in \"10*\"`")),
    }
}

/// `account.tier contains "gold"`
pub(in crate::check) fn in_column(operator: Span, written: &str, subject: &str) -> Diagnostic {
    Diagnostic::new(
        Code::TypeMismatch,
        operator,
        format!("`{written}` is for texts that a call brings, and the plan itself writes those of `{subject}`"),
    )
    .help(format!("name them: `{subject} in [\"…\", \"…\"]`"))
}

/// `weekday contains "mon"`
pub(in crate::check) fn in_other(operator: Span, written: &str, subject: &str, of: Type) -> Diagnostic {
    Diagnostic::new(
        Code::TypeMismatch,
        operator,
        format!("`{subject}` is {}, and `{written}` looks into texts; write `is` or `in`", of.with_article()),
    )
}

/// `campaign ends with "spring"`
pub(in crate::check) fn ends_with(operator: Span, written: &str, negated: bool) -> Diagnostic {
    let problem = Diagnostic::new(
        Code::Syntax,
        operator,
        format!("no test asks how a text ends, so `{written}` means nothing; `contains` looks anywhere in it"),
    );
    if negated { problem } else { problem.suggest("write `contains`", operator, "contains") }
}

/// `campaign like "%spring%"`, `campaign matches "spring*"`
pub(in crate::check) fn wildcards(
    operator: Span,
    written: &str,
    pattern: &str,
    value: Span,
    negated: bool,
) -> Diagnostic {
    let is_mark = |c: char| matches!(c, '*' | '%');
    let bare = pattern.trim_matches(is_mark);
    let place = if pattern.starts_with(is_mark) { PatternPlace::Anywhere } else { PatternPlace::Start };
    let place = if bare == pattern { PatternPlace::Anywhere } else { place };
    let test = format!("{} {}", place.words(), quoted(bare));
    let message = format!("no test is called `{written}`; a text that has another in it is asked for by `{test}`");
    let problem = Diagnostic::new(Code::Syntax, operator, message);
    let is_plain = !bare.is_empty() && !bare.contains(is_mark) && !negated;
    if is_plain { problem.suggest(format!("write `{test}`"), operator.to(value), test) } else { problem }
}

/// `campaign begins with "sp"`, `campaign does not contain "x"`
pub(in crate::check) fn other_words(operator: Span, written: &str, test: &str, edits: Vec<Edit>) -> Diagnostic {
    Diagnostic::new(Code::Syntax, operator, format!("no test is called `{written}`; write `{test}`"))
        .fix_all(format!("write `{test}`"), edits)
}

pub(in crate::check) fn empty(value: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, value, "every text has the empty one in it, so this asks nothing")
        .help("to ask whether a call has a text at all, write `is not \"\"`")
}

pub(in crate::check) fn too_long(value: Span) -> Diagnostic {
    let message = format!("no call brings a text of more than {MAX_ATTRIBUTE_TEXT} characters");
    Diagnostic::new(Code::TypeMismatch, value, message)
}

/// `starts with "spring*"`
pub(in crate::check) fn star(value: Span, bare: &str) -> Diagnostic {
    let problem = Diagnostic::new(
        Code::TypeMismatch,
        value,
        "a `*` stands for itself here: `starts with` and `contains` leave open what else the text has",
    );
    if bare.is_empty() {
        return problem.help("to ask whether a call has a text at all, write `is not \"\"`");
    }
    problem.suggest(format!("write `{}`", quoted(bare)), value, quoted(bare))
}
