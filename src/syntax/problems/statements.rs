//! Statements, definitions and examples.

use crate::diagnostics::{Code, Diagnostic, Grade};
use crate::source::Span;

/// `schedule { … }`
pub(in crate::syntax) fn nameless(keyword: Span, word: &str, form: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, keyword, format!("this `{word}` has no name; write `{form}`"))
        .label("its name stands after it, on this line")
}

/// `attribute X-Campaign`; what it probably was to be, and the place of all of it.
/// `country = GB`, `country "GB"`, `country GB for trunk orange`
pub(in crate::syntax) fn country_form(span: Span, fix: &str) -> Diagnostic {
    let message = "a home country is `country GB`, or on one trunk `country GB on trunk \"orange\"`";
    Diagnostic::new(Code::Syntax, span, message).fix(format!("write `{fix}`"), span, fix)
}

pub(in crate::syntax) fn attribute(keyword: Span, meant: Option<(Grade, Span, String)>) -> Diagnostic {
    let message = "an attribute has a name, and in quotes what calls name it: `attribute campaign = \"X-Campaign\"`";
    let problem = Diagnostic::new(Code::Syntax, keyword, message);
    match meant {
        Some((grade, whole, written)) => problem.fix_as(grade, format!("write `{written}`"), whole, written),
        None => problem,
    }
}

/// `rule when …`
pub(in crate::syntax) fn rule_without_name(span: Span, rule: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "a rule has a name in quotes: `rule \"…\" when … { … }`")
        .label("expected its name before this")
        .fix("leave out `rule`", rule, "")
}

pub(in crate::syntax) fn fallback_with_block(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "`fallback` has no block: it is a decision, and the fallback agent answers")
        .help("for what shall happen to all other calls, write the statements themselves, at the end of the plan")
}

pub(in crate::syntax) fn no_such_statement(span: Span, found: &str, instead: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("there is no `{found}`; {instead}"))
}

/// `route to +442079460123`
pub(in crate::syntax) fn route_to_number(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(
        Code::Syntax,
        span,
        format!("an agent answers a call, and `{found}` is not an agent; a plan cannot transfer a call to a number"),
    )
    .help("write `route to …` with an agent's name or id; the agent transfers the call, or the fallback agent does")
}

pub(in crate::syntax) fn bad_version(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "after `version` comes its number, such as `version 3`")
        .help("without `version`, the newest published version answers")
}

pub(in crate::syntax) fn block_without_braces(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("expected `{{` before `{found}`: what is done stands in braces"))
        .help("for instance `when caller is anonymous { reject }`")
}

pub(in crate::syntax) fn no_else(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "there is no `else`; what follows a block is reached when the block decided nothing")
        .label("not a word of the language")
        .help("let the block before it end with a decision (`route to …`, `reject`), and write the other statements after it, without braces")
}

pub(in crate::syntax) fn definition_in_block(span: Span, word: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{word}` stands outside of blocks; move it out of these braces"))
        .label("a definition, an example or a proof")
}

pub(in crate::syntax) fn no_semicolon(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "no `;` stands in a plan; a statement ends where the next begins").fix(
        "take it out",
        span,
        "",
    )
}

pub(in crate::syntax) fn percent_apart(span: Span, figure: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("write `{figure}%`, without a space")).fix(
        format!("write `{figure}%`"),
        span,
        format!("{figure}%"),
    )
}

pub(in crate::syntax) fn percent_missing(span: Span, figure: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("a share ends with `%`: `{figure}%`")).fix(
        format!("write `{figure}%`"),
        span.after(),
        "%",
    )
}

/// `expect` where no example is.
pub(in crate::syntax) fn expect_alone(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "`expect` stands only in an example, after its `call`")
        .help("for instance `example \"…\" { call from … to … at … expect route to … }`")
}

pub(in crate::syntax) fn no_expectation(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "this example expects nothing; after `call` comes at least one `expect`")
        .help("for instance `expect route to frontdesk`")
}

pub(in crate::syntax) fn no_lines(span: Span, what: &str, line: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("this {what} is empty; it has at least one line such as `{line}`"))
}
