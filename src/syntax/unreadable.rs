//! Why a piece of a plan could not be read: it is read again alone, and where that stops says what
//! was expected.

use super::{Grammar, Rule, part_names, problems, slips};
use crate::diagnostics::{Diagnostic, Grade};
use crate::source::Span;
use crate::suggest::nearest;
use crate::syntax::ast;
use pest::Parser as _;
use pest::error::{Error, ErrorVariant, InputLocation};

/// What the unreadable piece was to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExpectedPiece {
    /// A statement or a definition.
    Plan,
    /// A statement.
    Block,
    /// An arm of a split.
    Split,
    /// A line of a schedule.
    Line,
    /// A line of a rotation.
    RotationLine,
    /// A row of a table.
    Row,
    /// An entry of a list.
    List,
    /// An entry of `days`.
    Day,
    /// What follows a rule's name.
    RuleHead,
    /// What follows `when`.
    Condition,
}

/// The statements' and definitions' first words, with the rule that reads each.
const STARTERS: &[(&str, Rule)] = &[
    ("rule", Rule::rule),
    ("when", Rule::when),
    ("split", Rule::split),
    ("context", Rule::context),
    ("metadata", Rule::metadata),
    ("skip", Rule::skip),
    ("route", Rule::route),
    ("reject", Rule::reject),
    ("fallback", Rule::fallback),
    ("timezone", Rule::timezone),
    ("country", Rule::country),
    ("agent", Rule::agent),
    ("switch", Rule::switch),
    ("numbers", Rule::numbers),
    ("condition", Rule::condition_definition),
    ("days", Rule::days),
    ("schedule", Rule::schedule),
    ("rotation", Rule::rotation),
    ("table", Rule::table),
    ("example", Rule::example),
    ("always", Rule::proof),
    ("never", Rule::proof),
];

/// Maximum distance between an `expect` and the start of its example, in bytes.
const LONGEST_EXAMPLE: usize = 2000;

/// Maximum distance between a piece and the next word, in bytes.
const LONGEST_STEP: usize = 500;

/// How many of them are statements; the rest stand outside blocks.
const STATEMENTS: usize = 9;

/// Words that people write for words of the language.
const SYNONYMS: &[(&str, &str)] = &[
    ("if", "when"),
    ("forward", "route"),
    ("transfer", "route"),
    ("send", "route"),
    ("connect", "route"),
    ("goto", "route"),
    ("hangup", "reject"),
    ("deny", "reject"),
    ("block", "reject"),
    ("refuse", "reject"),
    ("hours", "schedule"),
    ("rota", "rotation"),
    ("rotations", "rotation"),
    ("calendar", "schedule"),
    ("holidays", "days"),
    ("number", "numbers"),
    ("tz", "timezone"),
    ("test", "example"),
];

/// The problem with a piece; `None` where it is only the rest of one that was told already.
pub(super) fn explain(text: &str, span: Span, place: ExpectedPiece) -> Option<Diagnostic> {
    let piece = &text[span.range()];
    let first = word_at(piece);
    let first_span = Span::new(span.start as usize, span.start as usize + first.len());
    if matches!(place, ExpectedPiece::Plan | ExpectedPiece::Block) {
        let lower = first.to_ascii_lowercase();
        if matches!(lower.as_str(), "else" | "elseif" | "elsif" | "elif" | "otherwise") {
            return Some(problems::no_else(first_span));
        }
        // The rest of an example whose beginning was told.
        let near = text.floor_char_boundary((span.start as usize).saturating_sub(LONGEST_EXAMPLE));
        let before = &text[near..span.start as usize];
        if first == "expect" && before.rfind("example ").is_some_and(|at| !before[at..].contains('}')) {
            return None;
        }
        if first == "version" {
            return Some(problems::bad_version(first_span));
        }
        if first == "timezone" {
            return Some(no_zone(text, first_span));
        }
        if let Some(problem) = slips::nameless(text, first_span, first) {
            return Some(problem);
        }
        let starter = STARTERS.iter().position(|(word, _)| *word == first);
        return Some(match starter {
            Some(at) if at >= STATEMENTS && place == ExpectedPiece::Block => {
                problems::definition_in_block(first_span, first)
            }
            // Where a head stops is not where its block was looked for.
            Some(at) => match STARTERS[at].1 {
                Rule::rule => where_it_stops(text, span, Rule::rule_alone),
                Rule::when => where_it_stops(text, span, Rule::when_alone),
                _ => None,
            }
            .unwrap_or_else(|| stopped(text, span, STARTERS[at].1)),
            None => not_a_starter(text, span, place),
        });
    }
    Some(match place {
        ExpectedPiece::Split => stopped(text, span, Rule::arm),
        ExpectedPiece::Line if first == "except" => {
            slips::changed_hours(text, span).unwrap_or_else(|| problems::except_in_line(first_span))
        }
        ExpectedPiece::Line if first == "closed" => slips::changed_hours(text, span)
            .or_else(|| slips::closure(text, span))
            .unwrap_or_else(|| stopped(text, span, Rule::closure)),
        ExpectedPiece::Line => slips::changed_hours(text, span)
            .or_else(|| slips::day(text, span))
            .or_else(|| slips::days_of_line(text, span))
            .unwrap_or_else(|| stopped(text, span, Rule::line)),
        ExpectedPiece::RotationLine => {
            slips::rotation_line(text, span).unwrap_or_else(|| stopped(text, span, Rule::rotation_line))
        }
        ExpectedPiece::Row => stopped(text, span, Rule::row),
        ExpectedPiece::List => stopped(text, span, Rule::entry_alone),
        ExpectedPiece::Day => slips::day(text, span)
            .or_else(|| slips::entry_of_days(text, span))
            .unwrap_or_else(|| stopped(text, span, Rule::day_alone)),
        ExpectedPiece::RuleHead => stopped(text, span, Rule::rule_head_alone),
        ExpectedPiece::Plan | ExpectedPiece::Block | ExpectedPiece::Condition => {
            stopped(text, span, Rule::condition_alone)
        }
    })
}

/// A whole text that the grammar gave up on, which only a limit of the parser does.
pub(super) fn whole(text: &str, start: usize, error: &Error<Rule>) -> Diagnostic {
    from_error(text, start, error)
}

/// Every word in a piece, texts and comments aside.
pub(super) fn words(text: &str, span: Span) -> Vec<ast::Token> {
    let piece = &text[span.range()];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(character) = piece[at..].chars().next() {
        let length = match character {
            '"' => {
                let length = 1 + piece[at + 1..].find(['"', '\n']).map_or(piece.len() - at - 1, |end| end + 1);
                // `agent "frontdesk" = …` defines its name all the same.
                let inner = word_at(&piece[at + 1..]);
                let follows = found.first().is_some_and(|first: &ast::Token| {
                    let keyword_end = (first.span.end - span.start) as usize;
                    found.len() == 1 && piece[keyword_end..at].trim().is_empty()
                });
                if inner.len() + 2 == length && follows {
                    let start = span.start as usize + at + 1;
                    found.push(ast::Token { text: inner.to_owned(), span: Span::new(start, start + inner.len()) });
                }
                length
            }
            '#' => piece[at..].find('\n').unwrap_or(piece.len() - at),
            c if c.is_ascii_alphabetic() || c == '_' => {
                let word = word_at(&piece[at..]);
                let start = span.start as usize + at;
                found.push(ast::Token { text: word.to_owned(), span: Span::new(start, start + word.len()) });
                word.len()
            }
            // The letters of a figure (`9am`) are no word.
            c if c.is_ascii_digit() => {
                piece[at..].find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(piece.len() - at)
            }
            c => c.len_utf8(),
        };
        at += length;
    }
    found
}

/// `timezone` with nothing after it that could be one.
fn no_zone(text: &str, keyword: Span) -> Diagnostic {
    let after = &text[keyword.end as usize..];
    let at = keyword.end as usize + (after.len() - after.trim_start().len());
    let found = found_at(text, at);
    problems::unexpected(Span::new(at, at + found.len()), found, "a time zone such as `Europe/London`")
}

fn not_a_starter(text: &str, span: Span, place: ExpectedPiece) -> Diagnostic {
    let start = span.start as usize;
    let found = found_at(text, start);
    let found_span = Span::new(start, start + found.len());
    if found == ";" {
        return problems::no_semicolon(found_span);
    }
    if let Some(problem) = slips::statement(text, found_span, found) {
        return problem;
    }
    if let Some(problem) = slips::goes_on(text, found_span, found) {
        return problem;
    }
    if matches!(found, "return" | "end" | "endif" | "done" | "fi" | "then" | "do" | "begin") {
        return problems::write_nothing(found_span, found);
    }
    let meant = SYNONYMS.iter().find(|(other, _)| found.eq_ignore_ascii_case(other)).map(|(_, word)| *word);
    let starters = || {
        STARTERS.iter().map(|(word, _)| *word).take(if place == ExpectedPiece::Block {
            STATEMENTS
        } else {
            STARTERS.len()
        })
    };
    let grade = |word: &str| match meant {
        Some(_) => Grade::Safe,
        None => slips::spelling(found, word, starters()),
    };
    match meant.or_else(|| nearest(found, starters())) {
        Some("route") => {
            let to = Span::new(start, start + found.len() + to_length(&text[start + found.len()..]));
            problems::misspelled_as(grade("route"), to, &text[to.range()], "route to")
        }
        Some(word) => problems::misspelled_as(grade(word), found_span, found, word),
        None => {
            let expected = if place == ExpectedPiece::Block { "a statement" } else { "a statement or a definition" };
            problems::unexpected(found_span, found, expected).help(match place {
                ExpectedPiece::Block => "for instance `route to …`, `when … { … }`, `context \"…\"` or `reject`",
                ExpectedPiece::Plan
                | ExpectedPiece::Split
                | ExpectedPiece::Line
                | ExpectedPiece::RotationLine
                | ExpectedPiece::Row
                | ExpectedPiece::List
                | ExpectedPiece::Day
                | ExpectedPiece::RuleHead
                | ExpectedPiece::Condition => {
                    "for instance `rule \"…\" when … { … }`, `route to …`, or `agent NAME = \"…\"`"
                }
            })
        }
    }
}

/// The length of ` to`, in any case, if that is what follows.
fn to_length(rest: &str) -> usize {
    let trimmed = rest.trim_start_matches(' ');
    if word_at(trimmed).eq_ignore_ascii_case("to") { rest.len() - trimmed.len() + 2 } else { 0 }
}

/// Reads the piece again by a rule of the grammar, and says where that stopped.
fn stopped(text: &str, span: Span, kind: Rule) -> Diagnostic {
    where_it_stops(text, span, kind).unwrap_or_else(|| {
        // It reads well by itself, so it is where nothing such can stand.
        let start = span.start as usize;
        let found = found_at(text, start);
        problems::unexpected(Span::new(start, start + found.len()), found, "")
    })
}

/// The problem with a piece that a rule of the grammar cannot read; `None` where it can.
fn where_it_stops(text: &str, span: Span, kind: Rule) -> Option<Diagnostic> {
    let start = span.start as usize;
    // Reading stops in the piece, or at what follows it; pest looks over all of the line that it is
    // given.
    let end = text.floor_char_boundary((span.end as usize).saturating_add(LONGEST_STEP).min(text.len()));
    Grammar::parse(kind, &text[start..end]).err().map(|error| from_error(text, start, &error))
}

fn from_error(text: &str, start: usize, error: &Error<Rule>) -> Diagnostic {
    let at = start
        + match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
    let expected: &[Rule] = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => &[],
    };
    let found = found_at(text, at);
    let span = Span::new(at, at + found.len());
    slips::recognized(text, span, found, expected)
        .unwrap_or_else(|| problems::unexpected(span, found, &list_of(expected, found)))
}

/// `a`, `b` or `c`, in the order of the grammar, each once; nothing where there are too many to be
/// of help.
fn list_of(expected: &[Rule], found: &str) -> String {
    let expects = |kind: Rule| expected.contains(&kind);
    // What could go on with the value before says little where a mark that must come is missing.
    let closing = [Rule::OPEN, Rule::LIST_CLOSE, Rule::COMMA, Rule::COLON, Rule::CLOSE].into_iter().any(expects);
    let goes_on =
        |kind: &Rule| matches!(kind, Rule::range_mark | Rule::DOTS | Rule::DASH | Rule::figure | Rule::weekdays);
    let told = |kind: &Rule| match kind {
        // Read only to be refused.
        Rule::IN | Rule::NOT if expects(Rule::value) => false,
        Rule::weekdays | Rule::COMMA if expects(Rule::hours) => false,
        kind => !(closing && goes_on(kind) || expects(Rule::hours) && goes_on(kind)),
    };
    let mut names: Vec<&str> = Vec::new();
    for kind in expected.iter().filter(|kind| told(kind)) {
        let parts: &[&str] = match kind {
            Rule::connective => &["`and`", "`or`"],
            _ => &[],
        };
        let name = part_names::name_of(*kind).filter(|_| parts.is_empty());
        names.extend(parts.iter().copied().chain(name));
    }
    let mut seen = Vec::new();
    names.retain(|name| {
        !seen.contains(name) && (found.is_empty() || *name != format!("`{found}`")) && {
            seen.push(*name);
            true
        }
    });
    match names.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] if names.len() <= 5 => format!("{} or {last}", most.join(", ")),
        _ => names.iter().find(|name| name.starts_with('a')).map_or(String::new(), |name| (*name).to_owned()),
    }
}

/// What stands at a place: a word, number or text whole, else one character; empty at the text's
/// end.
pub(super) fn found_at(text: &str, at: usize) -> &str {
    let rest = &text[at.min(text.len())..];
    let Some(first) = rest.chars().next() else { return "" };
    let length = match first {
        '"' => 1 + rest[1..].find(['"', '\n']).map_or(rest.len() - 1, |end| end + 1),
        '=' | '<' | '>' | '!' | '&' | '|' => rest.find(|c: char| !"=<>!&|".contains(c)).unwrap_or(rest.len()),
        ':' if rest.starts_with(":=") => 2,
        '.' => rest.find(|c: char| c != '.').unwrap_or(rest.len()),
        c if c.is_ascii_alphabetic() || c == '_' => word_at(rest).len(),
        c if c.is_ascii_digit() || c == '+' => rest[1..]
            .find(|c: char| !(c.is_ascii_alphanumeric() || "*-:".contains(c)))
            .map_or(rest.len(), |end| end + 1),
        c => c.len_utf8(),
    };
    let whole = &rest[..length];
    whole.get(..whole.floor_char_boundary(80)).unwrap_or(whole)
}

pub(super) fn word_at(text: &str) -> &str {
    &text[..text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len())]
}
