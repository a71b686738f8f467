//! Problems of holes that tell of a schedule's hours, or of a day.

use crate::diagnostics::{Code, Diagnostic};
use crate::plan::{DAY_NAME, HoursPart};
use crate::source::Span;
use crate::suggest::nearest;
use crate::syntax::{DefinitionKind, ast};

/// What a schedule's holes are, to be named.
fn parts_of(schedule: &str) -> String {
    let [opens, closes, hours] = HoursPart::ALL.map(|part| format!("`{{{schedule}.{}}}`", part.name()));
    format!("{opens}, {closes} or {hours}")
}

/// `{office.opening}`
pub(in crate::check) fn no_such_hours(schedule: &str, part: &ast::Token) -> Diagnostic {
    let message = format!("a schedule has no `{}` to show", part.text);
    let diagnostic = Diagnostic::new(Code::UnknownName, part.span, message);
    match meant(&part.text) {
        Some(meant) => {
            let meant = meant.name();
            diagnostic.help(format!("it has {}", parts_of(schedule))).suggest(
                format!("write `{meant}`"),
                part.span,
                meant,
            )
        }
        None => diagnostic.help(format!("it has {}", parts_of(schedule))),
    }
}

/// What another word for a part of a schedule's hours means.
fn meant(word: &str) -> Option<HoursPart> {
    let word = word.to_ascii_lowercase().replace('_', "");
    if let Some(near) = nearest(&word, HoursPart::ALL.map(HoursPart::name)) {
        return HoursPart::ALL.into_iter().find(|part| part.name() == near);
    }
    Some(match word.as_str() {
        "open" | "opening" | "openat" | "opensat" | "opensnext" | "nextopen" | "nextopening" | "nextopens"
        | "openingtime" | "opentime" | "reopens" | "start" | "starts" | "from" => HoursPart::Opens,
        "close" | "closed" | "closing" | "closeat" | "closesat" | "closesnext" | "nextclose" | "nextclosing"
        | "nextcloses" | "closingtime" | "closetime" | "end" | "ends" | "until" | "to" => HoursPart::Closes,
        "hour" | "openinghours" | "openhours" | "todayshours" | "hourstoday" | "today" | "times" | "time"
        | "windows" | "window" | "schedule" => HoursPart::Hours,
        _ => return None,
    })
}

/// `{office}`
pub(in crate::check) fn whole_schedule(schedule: &str, span: Span) -> Diagnostic {
    let message = format!("`{schedule}` is a schedule, and a hole shows one thing of it");
    let diagnostic =
        Diagnostic::new(Code::WrongKind, span, message).help("its next opening, its next closing, or its hours today");
    HoursPart::ALL.into_iter().fold(diagnostic, |diagnostic, part| {
        let written = format!("{schedule}.{}", part.name());
        diagnostic.suggest(format!("write `{written}`"), span, written)
    })
}

/// `{holidays}`
pub(in crate::check) fn whole_days(set: &str, span: Span) -> Diagnostic {
    let written = format!("{set}.{DAY_NAME}");
    Diagnostic::new(Code::WrongKind, span, format!("`{set}` is a set of days, and a hole shows what it calls the day"))
        .suggest(format!("write `{written}`"), span, written)
}

/// `{holidays.names}`
pub(in crate::check) fn no_such_part_of_days(set: &str, part: &ast::Token) -> Diagnostic {
    let message = format!("a set of days has no `{}` to show", part.text);
    let diagnostic = Diagnostic::new(Code::UnknownName, part.span, message);
    let is_of_schedule = HoursPart::ALL.iter().any(|known| known.name() == part.text);
    if is_of_schedule {
        return diagnostic.help(format!(
            "only a schedule opens and closes and has hours; `{{{set}.{DAY_NAME}}}` shows what the day is called"
        ));
    }
    diagnostic.help(format!("`{{{set}.{DAY_NAME}}}` shows what the day is called")).suggest(
        format!("write `{DAY_NAME}`"),
        part.span,
        DAY_NAME,
    )
}

/// `{holidays.name}` of a set in which nothing has a name.
pub(in crate::check) fn days_without_names(set: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::NoEffect, span, format!("no entry of `{set}` has a name, so this shows nothing"))
        .help("a name stands behind its entry: `every 12-25 \"Christmas Day\"`")
}

/// `{storm.opens}`
pub(in crate::check) fn hours_of_other(name: &str, kind: DefinitionKind, part: &ast::Token) -> Diagnostic {
    let message = format!("`{name}` is {}, and only a schedule has `{}`", kind.with_article(), part.text);
    Diagnostic::new(Code::WrongKind, part.span, message)
}

/// `{offcie.opens}`
pub(in crate::check) fn no_such_schedule(path: &ast::Path, part: &ast::Token, near: Option<&str>) -> Diagnostic {
    let name = &path.name;
    let message = format!("no schedule is called `{}`", name.text);
    let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
    match near {
        Some(near) => {
            diagnostic.help(format!("did you mean `{near}`?")).suggest(format!("write `{near}`"), name.span, near)
        }
        None => diagnostic.help(format!("`{}` is of a schedule: `schedule {} {{ … }}`", part.text, name.text)),
    }
}

/// `{opens}`, in a plan with this schedule.
pub(in crate::check) fn hours_without_schedule(token: &ast::Token, schedule: &str) -> Diagnostic {
    let written = format!("{schedule}.{}", token.text);
    Diagnostic::new(Code::UnknownName, token.span, format!("`{}` of which schedule?", token.text)).suggest(
        format!("write `{written}`"),
        token.span,
        written,
    )
}

/// `office.opens is "…"`
pub(in crate::check) fn told_in_test(name: &str, part: &ast::Token, span: Span) -> Diagnostic {
    let message = format!("`{name}.{}` is for texts and metadata, not for tests", part.text);
    Diagnostic::new(Code::WrongKind, span, message)
}
