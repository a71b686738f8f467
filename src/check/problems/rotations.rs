//! Rotations.

use crate::diagnostics::{Code, Diagnostic};
use crate::eval::shown_time;
use crate::schedule::Moment;
use crate::source::Span;
use std::ops::RangeInclusive;

/// `from 2027-01-04 every week bell, chen`
pub(in crate::check) fn no_time(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadTime, span, "here come a date and a time: from which minute on, or up to which one?")
        .help("for instance `from 2027-01-04 08:00 every week bell, chen`")
}

/// `every 60 weeks`
pub(in crate::check) fn bad_turns(
    span: Span,
    written: &str,
    unit: &str,
    range: RangeInclusive<u16>,
    single: Option<&str>,
) -> Diagnostic {
    let (least, most) = (range.start(), range.end());
    let diagnostic = Diagnostic::new(
        Code::BadRange,
        span,
        format!("a line hands over every {least} to {most} {unit}, not `{written}`"),
    );
    match single {
        Some(unit) => diagnostic.fix(format!("write `{unit}`"), span, unit),
        None => diagnostic,
    }
}

/// `from 2027-01-04 08:00 bell, chen`
pub(in crate::check) fn no_turns(names: Span) -> Diagnostic {
    let message = "these agents take turns, and nothing says how often they hand over";
    Diagnostic::new(Code::Syntax, names, message)
        .help("before their names stands `every week`, `every day`, `every 2 weeks` or `every month`")
}

/// `from 2027-01-04 08:00 every week bell`
pub(in crate::check) fn nobody_to_hand_over_to(span: Span, written: &str, agent: &str) -> Diagnostic {
    Diagnostic::new(Code::NoEffect, span, format!("`{written}` changes nothing: `{agent}` hands over to nobody else"))
        .help("the agents who take turns stand behind it: `every week bell, chen`")
}

/// Each line has an end.
pub(in crate::check) fn no_lasting_line(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("each line of `{name}` ends, and then nobody would be on call"))
        .help("at least one line has no `to`: it holds where no other does")
}

pub(in crate::check) fn too_many_agents(span: Span, most: usize) -> Diagnostic {
    Diagnostic::new(Code::TooLarge, span, format!("a rotation has at most {most} agents"))
}

/// Two lines with an end that overlap, or two without one that begin together.
pub(in crate::check) fn conflicting_lines(later: Span, earlier: Span, ends: bool, at: Moment) -> Diagnostic {
    let moment = format!("{} {}", at.date, shown_time(at.minute));
    let (message, help) = match ends {
        true => (
            format!("at {moment} two lines with an end say who is on call"),
            "of lines with an end, one holds at a time: end the first where the second begins",
        ),
        false => (
            format!("two lines without an end begin at {moment}"),
            "of lines without an end, the one that began last holds: which of these is that?",
        ),
    };
    Diagnostic::new(Code::ConflictingLines, later, message)
        .label("this line")
        .note_at(earlier, "the other line")
        .help(help)
}

/// A test of a rotation that asks for something else than agents.
pub(in crate::check) fn only_agents(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::WrongKind,
        span,
        format!("`{name}` is a rotation; a test of it asks which agent is on call: `{name} is …`, `{name} in […]`"),
    )
}

/// `on_call is [bell, chen]`
pub(in crate::check) fn is_with_list(name: &str, operator: Span, negated: bool) -> Diagnostic {
    let word = if negated { "not in" } else { "in" };
    Diagnostic::new(Code::Syntax, operator, format!("one of several is asked for with `{word}`: `{name} {word} […]`"))
        .fix(format!("write `{word}`"), operator, word)
}

/// `on_call in bell`
pub(in crate::check) fn in_with_one(name: &str, question: Span, negated: bool, agent: &str) -> Diagnostic {
    let question_of_one = format!("{} {agent}", if negated { "is not" } else { "is" });
    Diagnostic::new(Code::Syntax, question, format!("one agent is asked for with `is`: `{name} {question_of_one}`"))
        .fix(format!("write `{question_of_one}`"), question, question_of_one)
}
