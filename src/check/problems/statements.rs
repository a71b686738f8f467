//! Statements, splits, tables, metadata, agents, examples and proofs.

use crate::check::{AgentState, FallbackState};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Source, Span};
use crate::syntax::{DefinitionKind, ast};
use crate::types::Type;

pub(in crate::check) fn empty_plan(source: &Source) -> Diagnostic {
    Diagnostic::new(Code::EmptyPlan, source.line_span(1).before(), "this plan has no statement, so it decides nothing")
        .help("the smallest plan is one line: `route to \"…\"`, with the id of an agent in quotes")
}

pub(in crate::check) fn after_decision(statement: Span, decision: Span) -> Diagnostic {
    Diagnostic::new(
        Code::StatementAfterDecision,
        statement,
        "nothing after a decision in the same block is ever reached",
    )
    .label("never reached")
    .note_at(decision, "every call that gets here is decided by this")
    .help("put it before the decision, or take it out")
}

pub(in crate::check) fn empty_rule_name(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "a rule's name is empty; traces and reports show it")
        .help("for instance `rule \"After hours\"`")
}

pub(in crate::check) fn bad_version(token: &ast::Token) -> Diagnostic {
    Diagnostic::new(
        Code::Syntax,
        token.span,
        format!("`{}` is not a version; a version is a whole number from 1", token.text),
    )
}

pub(in crate::check) fn bad_share(token: &ast::Token) -> Diagnostic {
    Diagnostic::new(
        Code::BadSplit,
        token.span,
        format!("`{}%` is not a share; a share is `0%` to `100%`, with at most two decimals", token.text),
    )
}

pub(in crate::check) fn shares_do_not_add_up(span: Span, sum: u32) -> Diagnostic {
    let percent = |hundredths: u32| {
        let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
    };
    let (what, difference) = match sum < 10_000 {
        true => ("missing", 10_000 - sum),
        false => ("too many", sum - 10_000),
    };
    let are = if difference == 100 { "is" } else { "are" };
    Diagnostic::new(
        Code::BadSplit,
        span,
        format!("the shares of this split add up to {}: {} {are} {what}", percent(sum), percent(difference)),
    )
    .help("the shares of a split add up to 100")
}

pub(in crate::check) fn not_an_agent(written: &str, span: Span, found: Type) -> Diagnostic {
    Diagnostic::new(
        Code::TypeMismatch,
        span,
        format!("`{written}` is {}, and a call is routed to an agent", found.with_article()),
    )
}

pub(in crate::check) fn schedule_in_text(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, format!("`{written}` is a Schedule, which no text can show"))
        .help(format!("a schedule is only for a test: `{written} is open`"))
}

pub(in crate::check) fn nothing_to_show(token: &ast::Token) -> Diagnostic {
    Diagnostic::new(Code::UnknownName, token.span, format!("nothing is called `{}`", token.text))
        .help("a hole shows what the call has, such as `{caller}` or `{time}`, or a column such as `{account.name}`; a plain brace is `\\{`")
}

pub(in crate::check) fn not_showable(path: &ast::Path, kind: DefinitionKind) -> Diagnostic {
    Diagnostic::new(
        Code::WrongKind,
        path.span,
        format!("`{}` is {}, and only what the call or a row has can be shown", path.name.text, kind.with_article()),
    )
    .help("for instance `{caller}`, `{caller.country}`, `{time}`, or a column such as `{account.name}`")
}

pub(in crate::check) fn duplicate_key(key: &ast::Token, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, key.span, format!("the key `{}` stands twice in this object", key.text))
        .label("again here")
        .note_at(first, "first here")
}

pub(in crate::check) fn not_a_json_number(written: &str, span: Span) -> Diagnostic {
    no_number(Code::Syntax, written, span)
}

/// A figure that is no number, or one of which a number would not keep every digit. A text keeps it
/// as it is written.
fn no_number(code: Code, written: &str, span: Span) -> Diagnostic {
    let text = format!("\"{written}\"");
    let digits = written.strip_prefix('-').unwrap_or(written);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let why = if !is_digits(whole) || !is_digits(fraction) {
        let message = "is not a number; a number is such as `3`, `-7` or `0.25`, and a text stands in quotes";
        format!("`{written}` {message}")
    } else if whole.len() > 1 && whole.starts_with('0') {
        format!("`{written}` begins with a 0, which a number does not keep; a text does: `{text}`")
    } else if whole.len() > 15 {
        format!(
            "`{written}` has {} digits before the point; a number has at most 15 there, and 9 after it",
            whole.len()
        )
    } else {
        format!(
            "`{written}` has {} digits after the point; a number has at most 9 there, and 15 before it",
            fraction.len()
        )
    };
    Diagnostic::new(code, span, why).suggest(format!("write `{text}`"), span, text)
}

/// The constants that a word of another language stands for, and whether that is certain.
pub(in crate::check) fn constant_of(word: &str) -> Option<(&'static str, bool)> {
    Some(match word.to_ascii_lowercase().as_str() {
        "true" => ("true", true),
        "false" => ("false", true),
        "null" => ("null", true),
        "none" | "nil" | "undefined" => ("null", false),
        "yes" => ("true", false),
        "no" => ("false", false),
        _ => return None,
    })
}

/// `True`, `NULL`, `None`, `yes`
pub(in crate::check) fn other_constant(span: Span, word: &str) -> Diagnostic {
    let (constant, is_certain) = constant_of(word).unwrap_or(("null", false));
    let title = format!("write `{constant}`");
    match is_certain {
        true => Diagnostic::new(Code::TypeMismatch, span, format!("`{word}` is written `{constant}`"))
            .fix(title, span, constant),
        false => {
            let text = format!("\"{word}\"");
            Diagnostic::new(
                Code::TypeMismatch,
                span,
                format!("`{word}` is written `{constant}`, or `{text}` where a text is meant"),
            )
            .suggest(title, span, constant)
            .suggest(format!("write `{text}`"), span, text)
        }
    }
}

pub(in crate::check) fn not_constant(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "an example expects a value that is written out, without holes or names")
        .help("write what the value is for the example's call")
}

pub(in crate::check) fn duplicate_column(column: &ast::Token, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateName, column.span, format!("the column `{}` is named twice", column.text))
        .note_at(first, "first named here")
}

pub(in crate::check) fn equal_keys(key: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, span, format!("the key `{key}` has a row already"))
        .label("again here")
        .note_at(first, "first here")
}

pub(in crate::check) fn crossing_keys(key: &str, span: Span, other: &str, other_span: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, span, format!("`{key}` and `{other}` overlap, and neither is inside the other"))
        .note_at(other_span, "overlaps this one")
        .help("the narrower of two ranges decides, so one of them must lie inside the other, or apart from it")
}

pub(in crate::check) fn cell_count(row: &ast::Row, table: &ast::Table) -> Diagnostic {
    let (cells, columns) = (row.cells.len(), table.columns.len());
    let plural =
        |count: usize, word: &str| if count == 1 { format!("{count} {word}") } else { format!("{count} {word}s") };
    let mut names: Vec<String> = table.columns.iter().take(12).map(|column| format!("`{}`", column.text)).collect();
    names.extend((columns > names.len()).then(|| "…".to_owned()));
    Diagnostic::new(
        Code::ColumnMismatch,
        row.key.span(),
        format!("this row has {}, and the table has {}", plural(cells, "value"), plural(columns, "column")),
    )
    .help(format!("each row has a value for {}", names.join(", ")))
}

pub(in crate::check) fn column_type(column: &str, span: Span, found: Type, first: Span, wanted: Type) -> Diagnostic {
    Diagnostic::new(
        Code::ColumnMismatch,
        span,
        format!("the column `{column}` has {}, and this is {}", wanted.with_article(), found.with_article()),
    )
    .label(found.with_article())
    .note_at(first, format!("{}, so all of the column are", wanted.with_article()))
}

pub(in crate::check) fn not_a_cell(written: &str, span: Span) -> Diagnostic {
    no_number(Code::ColumnMismatch, written, span)
}

pub(in crate::check) fn number_in_cell(token: &ast::Token) -> Diagnostic {
    Diagnostic::new(
        Code::ColumnMismatch,
        token.span,
        "a telephone number stands only as a row's key; in a cell it is a text",
    )
    // It may be the next row's key, whose line begins too early.
    .suggest(format!("write `\"{}\"`", token.text), token.span, format!("\"{}\"", token.text))
}

pub(in crate::check) fn unknown_agent(id: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownAgent, span, format!("your organization has no agent with the id `{id}`"))
        .help("copy the id from the list of agents")
}

pub(in crate::check) fn inactive_agent(id: &str, fallback: Option<FallbackState>, span: Span) -> Diagnostic {
    let calls = match fallback.and_then(FallbackState::why_cut_off) {
        Some(why) => format!("are cut off, because {why}"),
        None => "go to the fallback agent".to_owned(),
    };
    let message = format!("the agent `{id}` is inactive: calls that are routed to it {calls}");
    Diagnostic::new(Code::InactiveAgent, span, message)
}

/// What is wrong with a version, or with having none, given what is published.
pub(in crate::check) fn version_state(
    state: &AgentState,
    version: Option<u32>,
    newest: bool,
    span: Span,
) -> Option<Diagnostic> {
    match version {
        Some(version) if state.published.contains(&version) => None,
        Some(version) if state.drafts.contains(&version) => Some(
            Diagnostic::new(
                Code::UnpublishedVersion,
                span,
                format!("version {version} of this agent is a draft: it has not been published"),
            )
            .help("publish it first, or name a published version"),
        ),
        Some(version) => {
            let diagnostic =
                Diagnostic::new(Code::UnknownVersion, span, format!("this agent has no version {version}"));
            Some(match state.published.iter().max() {
                Some(newest) => diagnostic.help(format!("its newest published version is {newest}")),
                None => diagnostic.help("it has no published version yet"),
            })
        }
        None if newest && state.published.is_empty() => Some(
            Diagnostic::new(Code::UnpublishedVersion, span, "this agent has no published version that could answer")
                .help("publish a version first"),
        ),
        None => None,
    }
}

pub(in crate::check) fn two_expectations(span: Span, first: Span, what: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("this example expects {what} twice")).note_at(first, "first here")
}

pub(in crate::check) fn row_in_expectation(span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownName, span, "an example expects an agent by its name or its id, not by a row")
}

/// `context "… {campaign}"`
pub(in crate::check) fn untrusted_hole(span: Span, shown: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UntrustedHole,
        span,
        format!("`{shown}` is a text that anybody may choose, and here the agent is told it"),
    )
    .help(format!("ask first whether it is one that you know: `when {shown} in [\"…\", \"…\"] {{ context … }}`"))
}
