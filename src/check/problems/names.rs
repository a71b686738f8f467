//! Names: unknown, taken twice, of the wrong kind, in a circle, unused.

use crate::call::MAX_ATTRIBUTE_NAME;
use crate::check::names::NameDefinition;
use crate::diagnostics::{Code, Diagnostic, Edit};
use crate::source::Span;
use crate::syntax::ast::Token;
use crate::syntax::{DefinitionKind, quoted};

pub(in crate::check) fn duplicate(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateName, span, format!("`{name}` is defined twice"))
        .label("defined again here")
        .note_at(first, "first defined here")
        .help("all names of a plan share one list, whatever they stand for; give one of the two another name")
}

pub(in crate::check) fn duplicate_rule(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateName, span, format!("two rules are called {}", quoted(name)))
        .label("the second")
        .note_at(first, "the first")
        .help("reports and traces tell rules apart by their names")
}

pub(in crate::check) fn not_a_name(
    token: &Token,
    kind: DefinitionKind,
    replacement: &str,
    reserved: bool,
    edits: Vec<Edit>,
) -> Diagnostic {
    let message = match reserved {
        true => format!("`{}` is a word of the language and cannot name {}", token.text, kind.with_article()),
        false => format!("`{}` is not a name; a name begins with a lower-case letter or `_`", token.text),
    };
    Diagnostic::new(Code::Syntax, token.span, message)
        .suggest_all(format!("call it `{replacement}`, here and where it is used"), edits)
}

pub(in crate::check) fn unknown(
    token: &Token,
    kinds: &[DefinitionKind],
    near: Option<(&str, Span)>,
    listed: &[&str],
) -> Diagnostic {
    let what = match kinds {
        [only] => format!("no {} is called `{}`", only.noun(), token.text),
        _ => format!("nothing is called `{}`", token.text),
    };
    let diagnostic = Diagnostic::new(Code::UnknownName, token.span, what).label("not defined in this plan");
    match (near, listed) {
        (Some((name, span)), _) => diagnostic
            .note_at(span, format!("`{name}` is defined here"))
            .help(format!("did you mean `{name}`?"))
            .suggest(format!("write `{name}`"), token.span, name),
        (None, []) => match kinds {
            [only] => diagnostic.help(format!("define it: `{} {} …`", only.keyword(), token.text)),
            _ => diagnostic,
        },
        (None, listed) => {
            let names: Vec<String> = listed.iter().map(|name| format!("`{name}`")).collect();
            diagnostic.help(format!("this plan defines {}", names.join(", ")))
        }
    }
}

pub(in crate::check) fn wrong_kind(
    name: &str,
    span: Span,
    found: DefinitionKind,
    wanted: DefinitionKind,
) -> Diagnostic {
    Diagnostic::new(
        Code::WrongKind,
        span,
        format!("`{name}` is {}, and {} belongs here", found.with_article(), wanted.with_article()),
    )
    .help(use_of(name, found))
}

/// What is wrong with the name that calls give to an attribute.
pub(in crate::check) fn header(text: &str, span: Span) -> Option<Diagnostic> {
    let bare = text.trim().trim_end_matches(':').trim_end();
    let is_kept = !bare.is_empty() && bare.chars().count() <= MAX_ATTRIBUTE_NAME && !bare.contains(char::is_control);
    if !is_kept {
        let message =
            format!("calls name an attribute by 1 to {MAX_ATTRIBUTE_NAME} characters, such as `\"X-Campaign\"`");
        return Some(Diagnostic::new(Code::Syntax, span, message));
    }
    let message = format!("no call brings {}; an attribute has the name of a header alone", quoted(text));
    let fixed = quoted(bare);
    (bare != text).then(|| Diagnostic::new(Code::Syntax, span, message).fix(format!("write `{fixed}`"), span, fixed))
}

/// What one writes with a name of this kind.
pub(in crate::check) fn use_of(name: &str, kind: DefinitionKind) -> String {
    match kind {
        DefinitionKind::Agent => format!("an agent is where a call goes: `route to {name}`"),
        DefinitionKind::Switch => format!("a test of it is `{name} is on` or `{name} is off`"),
        DefinitionKind::Attribute => format!("a test of it is `{name} is \"…\"` or `{name} contains \"…\"`"),
        DefinitionKind::Numbers | DefinitionKind::Table => format!("to ask who is calling, write `caller in {name}`"),
        DefinitionKind::Condition => format!("a condition stands alone: `{name}`"),
        DefinitionKind::Days => format!("to ask for the date, write `date in {name}`"),
        DefinitionKind::Rotation => {
            format!(
                "a rotation is where a call goes: `route to {name}`; a test of it is `{name} is …`, with an agent's name"
            )
        }
        DefinitionKind::Schedule => format!("a test of it is `{name} is open` or `{name} is closed`"),
    }
}

/// `except holidays`, where `holidays` is a schedule and was meant as days.
pub(in crate::check) fn schedule_in_except(token: &Token, definition: &NameDefinition, schedule: &str) -> Diagnostic {
    let excepted = &token.text;
    Diagnostic::new(
        Code::WrongKind,
        token.span,
        format!("`{}` is a schedule, and `except` takes `days`: a holiday is a day, with no hours", token.text),
    )
    .note_at(definition.name.span, "defined as a schedule here")
    .help(format!(
        "where only these hours are closed, write them in a line such as `2026-12-10 closed 13:00-15:00`, or test \
         both: `{schedule} is open and {excepted} is closed`; for whole days, define them with `days`"
    ))
}

pub(in crate::check) fn circular(circle: &[(&str, Span)]) -> Diagnostic {
    let next = circle.iter().skip(1).chain(circle.first());
    let steps: Vec<String> =
        circle.iter().zip(next).map(|((name, _), (next, _))| format!("`{name}` uses `{next}`")).collect();
    let shown = match steps.as_slice() {
        [first, second] => format!("{first}, and {second}"),
        [first, .., last] if steps.len() > 5 => format!("{first}, …, {last}"),
        _ => steps.join(", "),
    };
    let message = match circle {
        [(name, _)] => format!("`{name}` is defined by itself"),
        _ => format!("these definitions go in a circle: {shown}"),
    };
    let diagnostic = Diagnostic::new(Code::CircularDefinition, circle[0].1, message)
        .label("the circle begins here")
        .help("take one of the names out of the circle");
    circle
        .iter()
        .skip(1)
        .take(8)
        .fold(diagnostic, |diagnostic, (name, span)| diagnostic.note_at(*span, format!("`{name}` is part of it")))
}

pub(in crate::check) fn too_deep(name: &str, span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(
        Code::TooDeep,
        span,
        format!("`{name}` is defined through more than {limit} other definitions, one naming the next"),
    )
    .help("write the parts out where a few names will do")
}

pub(in crate::check) fn too_many_entries(name: &str, span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(
        Code::TooLarge,
        span,
        format!("with `{name}`, the sets of numbers that name each other hold more than {limit} entries in all"),
    )
}

/// A definition that nothing uses. Its data may be wanted once a name is spelled right, so no edit
/// takes it out.
pub(in crate::check) fn unused(definition: &NameDefinition, comment: Option<Vec<Edit>>) -> Diagnostic {
    let name = &definition.name.text;
    let diagnostic = Diagnostic::new(
        Code::UnusedName,
        definition.name.span,
        format!("nothing uses {} `{name}`", the(definition.kind)),
    )
    .label("never used");
    match comment {
        Some(edits) => diagnostic.suggest_all("make it a comment", edits),
        None => diagnostic.help("take it out, or write `#` before each of its lines"),
    }
}

fn the(kind: DefinitionKind) -> String {
    format!("the {}", kind.noun())
}

/// A name of another kind where a number stands.
pub(in crate::check) fn not_a_number(path: &crate::syntax::ast::Path, found: DefinitionKind) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::WrongKind,
        path.span,
        format!("`{}` is {}, and one number belongs here", path.name.text, found.with_article()),
    );
    diagnostic.help(use_of(&path.name.text, found))
}

/// `diverted_from in [none, +44*]`
pub(in crate::check) fn none_in_a_list(span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, "`none` is no number, and in no list")
        .help("it stands alone: `diverted_from is none or diverted_from in …`")
}

/// A word where a number stands.
pub(in crate::check) fn not_a_number_word(path: &crate::syntax::ast::Path) -> Diagnostic {
    let problem = Diagnostic::new(Code::TypeMismatch, path.span, format!("`{}` is not a number", path.name.text));
    if matches!(path.name.text.as_str(), "none" | "null") {
        let help = "no number at all is `none`, alone in a test: `diverted_from is none`; an example leaves it out";
        return problem.help(help);
    }
    problem.help("a number is `+14155550100`, `anonymous`, or a text such as `\"1001\"` for an extension")
}

/// A word in a cell that is nobody's name.
pub(in crate::check) fn word_in_cell(token: &Token) -> Diagnostic {
    Diagnostic::new(Code::UnknownName, token.span, format!("no agent and no schedule is called `{}`", token.text))
        .help("a text stands in double quotes")
        .suggest(format!("write `\"{}\"`", token.text), token.span, format!("\"{}\"", token.text))
}

pub(in crate::check) fn other_word(token: &Token, meant: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownName, token.span, format!("nothing is called `{}`; write `{meant}`", token.text)).fix(
        format!("write `{meant}`"),
        token.span,
        meant,
    )
}

pub(in crate::check) fn not_a_cell_kind(name: &str, span: Span, found: DefinitionKind) -> Diagnostic {
    Diagnostic::new(
        Code::WrongKind,
        span,
        format!("`{name}` is {}, and a cell takes a value, an agent or a schedule", found.with_article()),
    )
}
