//! Conditions and tests: kinds and types that do not fit, words that the language does not have.

use crate::check::figure;
use crate::diagnostics::{Code, Diagnostic, Edit, Grade};
use crate::fields::{Attestation, FIELDS, Field};
use crate::plan::ColumnType;
use crate::source::{Source, Span};
use crate::syntax::{DefinitionKind, ast};
use crate::types::Type;

/// `caller is in vips`, `weekday is mon-fri`, `caller is +1415*`.
pub(in crate::check) fn is_takes_one(word: Span, written: &str, negated: bool, value: &str) -> Diagnostic {
    let replacement = if negated { "not in" } else { "in" };
    let value: String = value.chars().take(40).collect();
    Diagnostic::new(
        Code::TypeMismatch,
        word,
        format!("`{written}` compares with one value, and `{value}` may be many; write `{replacement}`"),
    )
    .fix(format!("write `{replacement}`"), word, replacement)
}

pub(in crate::check) fn in_takes_several(word: Span, negated: bool, value: &str) -> Diagnostic {
    let replacement = if negated { "is not" } else { "is" };
    Diagnostic::new(
        Code::TypeMismatch,
        word,
        format!("`in` takes a list or a range, and `{value}` is one value; write `{replacement}`"),
    )
    .fix(format!("write `{replacement}`"), word, replacement)
}

pub(in crate::check) fn set_of_other_type(subject: &str, of: Type, span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(
        Code::TypeMismatch,
        span,
        format!("`{subject}` is {}, and there is no {} in `{written}`", of.with_article(), of.name()),
    )
}

/// `caller in office`, `date is voicemail`
pub(in crate::check) fn not_a_set(
    test: &ast::Test,
    source: &Source,
    path: &ast::Path,
    kind: DefinitionKind,
    of: Type,
) -> Diagnostic {
    let (name, subject) = (&path.name.text, source.slice(test.subject.span));
    let diagnostic = Diagnostic::new(
        Code::WrongKind,
        path.span,
        format!("`{name}` is {}, and `{subject}` is {}", kind.with_article(), of.with_article()),
    );
    match kind {
        DefinitionKind::Schedule => {
            diagnostic.help(format!("to ask whether it is open when the call comes, write `{name} is open`"))
        }
        DefinitionKind::Switch => diagnostic.help(format!("to ask for the switch, write `{name} is on`")),
        DefinitionKind::Condition => diagnostic.help(format!("a condition stands alone: `{name}`")),
        DefinitionKind::Agent
        | DefinitionKind::Attribute
        | DefinitionKind::Numbers
        | DefinitionKind::Days
        | DefinitionKind::Rotation
        | DefinitionKind::Table => diagnostic.help(super::names::use_of(name, kind)),
    }
}

pub(in crate::check) fn mismatch(
    subject: &str,
    subject_span: Span,
    of: Type,
    value: &ast::Value,
    found: Type,
    written: &str,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::TypeMismatch,
        value.span(),
        format!("`{subject}` is {} and cannot be compared with {}", of.with_article(), found.with_article()),
    )
    .label(found.with_article())
    .note_at(subject_span, of.with_article());
    match (of, found) {
        (_, Type::Number) => {
            let is_many = written.ends_with('*') || written.starts_with('+') && written.len() < 7;
            let test = match is_many {
                true => format!("caller in {}*", written.trim_end_matches('*')),
                false => format!("caller is {written}"),
            };
            diagnostic.help(format!("to test who is calling, write `{test}`"))
        }
        (Type::Text, Type::Integer | Type::Decimal) => diagnostic.help("a text stands in quotes").fix(
            format!("write `\"{written}\"`"),
            value.span(),
            format!("\"{written}\""),
        ),
        (Type::Moment, Type::Date) => diagnostic.help("a moment is a date and a time").suggest(
            format!("write `{written} 00:00`"),
            value.span().after(),
            " 00:00",
        ),
        (_, Type::Text) if is_written_so(written.trim_matches('"'), of) => {
            let bare = written.trim_matches('"');
            diagnostic.fix(format!("write `{bare}`, without quotes"), value.span(), bare)
        }
        (_, Type::Weekday) => diagnostic.help(format!("to test the day of the week, write `weekday is {written}`")),
        (_, Type::Month) => diagnostic.help(format!("to test the month, write `month is {written}`")),
        (_, Type::Date) => diagnostic.help(format!("to test the date, write `date is {written}`")),
        (_, Type::Time) => diagnostic.help(format!("to test the time, write `time >= {written}`")),
        (_, Type::Moment) => diagnostic.help(format!("to test for a moment, write `now >= {written}`")),
        _ => diagnostic.help(format!("a test that works: `{}`", test_of(subject, of))),
    }
}

/// `time is 9 30`
pub(in crate::check) fn not_comparable(
    subject: &str,
    subject_span: Span,
    of: Type,
    span: Span,
    written: &str,
) -> Diagnostic {
    Diagnostic::new(
        Code::TypeMismatch,
        span,
        format!("`{subject}` is {} and cannot be compared with `{written}`", of.with_article()),
    )
    .note_at(subject_span, of.with_article())
    .help(format!("a test that works: `{}`", test_of(subject, of)))
}

/// `time >= now`, `row.rank is row.limit`
pub(in crate::check) fn not_written_out(subject: &str, of: Type, span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(
        Code::TypeMismatch,
        span,
        format!(
            "`{subject}` is compared with a value that the plan writes out, and `{written}` is read when a call comes"
        ),
    )
    .help(format!("a test that works: `{}`", test_of(subject, of)))
}

/// `date is bank_holiday`, `time >= noon`; `near` is a set of days.
pub(in crate::check) fn no_such_value(
    test: &ast::Test,
    source: &Source,
    path: &ast::Path,
    of: Type,
    near: Option<&str>,
) -> Diagnostic {
    let (subject, word) = (source.slice(test.subject.span), path.name.text.as_str());
    let diagnostic = Diagnostic::new(Code::UnknownName, path.span, format!("nothing is called `{word}`"))
        .label(format!("{} stands here", of.with_article()));
    if let Some(near) = near {
        let diagnostic =
            diagnostic.help(format!("did you mean the days of `{near}`? then write `{subject} in {near}`"));
        return match test.predicate {
            Some(ast::Predicate::Equality { negated, .. }) => {
                let written = format!("{subject} {} {near}", if negated { "not in" } else { "in" });
                diagnostic.suggest(format!("write `{written}`"), test.span, written)
            }
            Some(
                ast::Predicate::Membership { .. } | ast::Predicate::Comparison { .. } | ast::Predicate::Search { .. },
            )
            | None => diagnostic,
        };
    }
    match (of, word.to_ascii_lowercase().as_str()) {
        (Type::Time, "noon" | "midday") => diagnostic.suggest("write `12:00`", path.span, "12:00"),
        (Type::Time, "midnight") => diagnostic.suggest("write `00:00`", path.span, "00:00"),
        (Type::Time, _) => diagnostic.help("a time is written `09:00`, on the 24-hour clock"),
        (Type::Date, _) => diagnostic
            .help("a date is written `2026-12-24`; for several, define `days NAME = […]` and write `date in NAME`"),
        (Type::Moment, _) => diagnostic.help("a moment is written `2026-11-30 08:00`"),
        (Type::Day, _) => diagnostic.help("a day of the month is written `1` to `31`"),
        (Type::Integer | Type::Decimal, _) => diagnostic.help("a number is written with digits, such as `3` or `0.5`"),
        (
            Type::Number
            | Type::Text
            | Type::Weekday
            | Type::Month
            | Type::Country
            | Type::Attestation
            | Type::Boolean
            | Type::Agent
            | Type::Schedule,
            _,
        ) => diagnostic.help(format!("a test that works: `{}`", test_of(subject, of))),
    }
}

/// `weekday is mon.early`
pub(in crate::check) fn nothing_after_word(word: &str, after_dot: &ast::Token) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownName,
        after_dot.span,
        format!("nothing follows `{word}`, so `.{}` means nothing", after_dot.text),
    )
}

/// Whether a text, without its quotes, is a value of the type.
fn is_written_so(bare: &str, of: Type) -> bool {
    match of {
        Type::Time => figure::read_time(bare).is_some_and(|minute| minute < 24 * 60),
        Type::Date => figure::read_date(bare).is_some(),
        Type::Integer | Type::Decimal => figure::read_decimal(bare).is_some(),
        Type::Day => bare.parse().is_ok_and(|day: u8| (1..=31).contains(&day)),
        Type::Boolean => matches!(bare, "true" | "false"),
        Type::Number
        | Type::Text
        | Type::Moment
        | Type::Weekday
        | Type::Month
        | Type::Country
        | Type::Attestation
        | Type::Agent
        | Type::Schedule => false,
    }
}

/// A test that works, of a field or a column.
fn test_of(subject: &str, of: Type) -> String {
    let of_a_field = FIELDS.iter().find(|entry| entry.field_type == of);
    match of_a_field.and_then(|entry| entry.example.strip_prefix(entry.name)) {
        Some(rest) => format!("{subject}{rest}"),
        None => match of {
            Type::Integer => format!("{subject} is 3"),
            Type::Decimal => format!("{subject} >= 0.5"),
            Type::Boolean => format!("{subject} is true"),
            Type::Number
            | Type::Text
            | Type::Time
            | Type::Date
            | Type::Moment
            | Type::Weekday
            | Type::Day
            | Type::Month
            | Type::Country
            | Type::Attestation
            | Type::Agent
            | Type::Schedule => format!("{subject} is open"),
        },
    }
}

pub(in crate::check) fn word_for_text(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, format!("a text stands in double quotes: `\"{written}\"`")).fix(
        format!("write `\"{written}\"`"),
        span,
        format!("\"{written}\""),
    )
}

/// `trunk in main`
pub(in crate::check) fn word_for_texts(span: Span, test: Span, negated: bool, written: &str) -> Diagnostic {
    let replacement = format!("{} \"{written}\"", if negated { "is not" } else { "is" });
    Diagnostic::new(
        Code::TypeMismatch,
        span,
        format!("a text stands in double quotes, and one text is compared with `is`: `{replacement}`"),
    )
    .fix(format!("write `{replacement}`"), test, replacement)
}

pub(in crate::check) fn quoted_word(span: Span, word: &str, what: &str) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, format!("{what} stands without quotes: `{word}`")).fix(
        format!("write `{word}`"),
        span,
        word,
    )
}

pub(in crate::check) fn not_a_boolean(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, format!("`{written}` is neither `true` nor `false`"))
}

pub(in crate::check) fn no_order(subject: &str, of: Type, comparator: Span) -> Diagnostic {
    Diagnostic::new(
        Code::TypeMismatch,
        comparator,
        format!("`{subject}` is {}, and no {} is less or greater than another", of.with_article(), of.name()),
    )
    .help("write `is`, or `in` with a list or a range")
}

pub(in crate::check) fn no_list_for(subject: &str, of: Type, span: Span) -> Diagnostic {
    let help = match of {
        Type::Boolean => format!("write `{subject} is true`"),
        Type::Number
        | Type::Text
        | Type::Time
        | Type::Date
        | Type::Moment
        | Type::Weekday
        | Type::Day
        | Type::Month
        | Type::Country
        | Type::Attestation
        | Type::Integer
        | Type::Decimal
        | Type::Agent
        | Type::Schedule => format!("write `{subject} >= …` and `{subject} < …`"),
    };
    Diagnostic::new(Code::TypeMismatch, span, format!("`{subject}` is {}, which is in no list", of.with_article()))
        .help(help)
}

pub(in crate::check) fn no_range_of(of: Type, span: Span) -> Diagnostic {
    let (what, example) = if of == Type::Attestation {
        ("attestations", "attestation in [A, B]")
    } else if of == Type::Country {
        ("countries", "caller.country in [US, CA]")
    } else {
        ("texts", "trunk in [\"east\", \"west\"]")
    };
    Diagnostic::new(Code::TypeMismatch, span, format!("there is no range of {what}; name each"))
        .help(format!("for instance `{example}`"))
}

pub(in crate::check) fn window_expected(span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, "after `time in` come windows such as `09:00-17:00`")
        .help("for one minute, write `time is 09:00`")
}

/// `office is not open`
pub(in crate::check) fn not_a_state(subject: &str, words: [&str; 2], meant: usize, span: Span) -> Diagnostic {
    let replacement = format!("is {}", words[meant]);
    Diagnostic::new(
        Code::Syntax,
        span,
        format!("what is not {} is {}: write `{subject} {replacement}`", words[1 - meant], words[meant]),
    )
    .fix(format!("write `{subject} {replacement}`"), span, replacement)
}

/// A test of a schedule or a switch that asks for something else than its two states; `misspelled`
/// is what was written for one of them.
pub(in crate::check) fn only_states(
    subject: &str,
    span: Span,
    words: [&str; 2],
    what: &str,
    misspelled: Option<(Span, &str)>,
) -> Diagnostic {
    let problem = Diagnostic::new(
        Code::WrongKind,
        span,
        format!("`{subject}` is {what}; a test of it is `{subject} is {}` or `{subject} is {}`", words[0], words[1]),
    );
    match misspelled {
        Some((place, word)) => problem.fix(format!("write `{word}`"), place, word),
        None => problem,
    }
}

pub(in crate::check) fn bare_definition(name: &str, span: Span, kind: DefinitionKind) -> Diagnostic {
    let diagnostic =
        |what: &str| Diagnostic::new(Code::WrongKind, span, format!("`{name}` is {}; {what}", kind.with_article()));
    let write = |replacement: String| {
        diagnostic(&format!("write `{replacement}`")).fix(format!("write `{replacement}`"), span, replacement.clone())
    };
    match kind {
        DefinitionKind::Schedule => write(format!("{name} is open")),
        DefinitionKind::Switch => write(format!("{name} is on")),
        DefinitionKind::Attribute => diagnostic(&format!("to ask whether a call has one, write `{name} is not \"\"`")),
        // It could be `dialed` as well.
        DefinitionKind::Numbers | DefinitionKind::Table => {
            let replacement = format!("caller in {name}");
            diagnostic(&format!("to ask who is calling, write `{replacement}`")).suggest(
                format!("write `{replacement}`"),
                span,
                replacement,
            )
        }
        DefinitionKind::Days => write(format!("date in {name}")),
        DefinitionKind::Agent => diagnostic("an agent is where a call goes, and no condition"),
        DefinitionKind::Rotation => {
            diagnostic("a condition asks which agent is on call").help(format!("for instance `{name} is …`"))
        }
        DefinitionKind::Condition => diagnostic("a condition"),
    }
}

pub(in crate::check) fn bare_field(span: Span, field: Field) -> Diagnostic {
    let entry = field.entry();
    Diagnostic::new(
        Code::WrongKind,
        span,
        format!("`{}` is {}; a condition asks something of it", entry.name, entry.field_type.with_article()),
    )
    .help(format!("for instance `{}`", entry.example))
}

pub(in crate::check) fn bare_column(written: &str, span: Span, of: ColumnType) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::WrongKind,
        span,
        format!("`{written}` is {}; a condition asks something of it", of.value_type().with_article()),
    );
    match of {
        ColumnType::Boolean => diagnostic.fix(format!("write `{written} is true`"), span, format!("{written} is true")),
        ColumnType::Schedule => {
            diagnostic.fix(format!("write `{written} is open`"), span, format!("{written} is open"))
        }
        ColumnType::Text | ColumnType::Integer | ColumnType::Decimal | ColumnType::Agent => {
            diagnostic.help(format!("for instance `{written} is …`"))
        }
    }
}

pub(in crate::check) fn not_testable(subject: &ast::Path, kind: DefinitionKind, span: Span) -> Diagnostic {
    let name = &subject.name.text;
    let diagnostic = Diagnostic::new(
        Code::WrongKind,
        span,
        format!("`{name}` is {}, and no test begins with one", kind.with_article()),
    );
    match kind {
        DefinitionKind::Numbers | DefinitionKind::Table => {
            diagnostic.help(format!("to ask who is calling, write `caller in {name}`"))
        }
        DefinitionKind::Days => diagnostic.help(format!("to ask for the date, write `date in {name}`")),
        DefinitionKind::Condition => diagnostic.help(format!("a condition stands alone: `{name}`")),
        DefinitionKind::Agent
        | DefinitionKind::Switch
        | DefinitionKind::Attribute
        | DefinitionKind::Schedule
        | DefinitionKind::Rotation => diagnostic.help(super::names::use_of(name, kind)),
    }
}

pub(in crate::check) fn no_such_part(name: &str, after_dot: &ast::Token) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::UnknownName, after_dot.span, format!("`{name}` has no `{}`", after_dot.text));
    match name {
        "caller" => diagnostic.help(
            "it has a country, a name and a number that is asserted: `caller.country`, `caller.name`, `caller.asserted`",
        ),
        "diverted_from" => diagnostic.help("it has a country: `diverted_from.country`"),
        "dialed" => diagnostic.help("it has a country: `dialed.country`"),
        _ => diagnostic.help("nothing follows it"),
    }
}

pub(in crate::check) fn nothing_after_dot(name: &str, kind: DefinitionKind, after_dot: &ast::Token) -> Diagnostic {
    Diagnostic::new(
        Code::WrongKind,
        after_dot.span,
        format!("`{name}` is {}, and nothing follows its dot", kind.with_article()),
    )
}

pub(in crate::check) fn table_without_row(path: &ast::Path) -> Diagnostic {
    Diagnostic::new(
        Code::WrongKind,
        path.span,
        format!("`{}` is a whole table; a column belongs to the row that a test finds", path.name.text),
    )
    .help(format!(
        "name the row: `caller in {} as row`, then `row.{}`",
        path.name.text,
        path.field.as_ref().map_or("", |field| &field.text)
    ))
}

pub(in crate::check) fn no_such_row(path: &ast::Path) -> Diagnostic {
    Diagnostic::new(Code::UnknownName, path.span, format!("nothing is called `{}` here", path.name.text))
        .help("a row is named by a test, `caller in accounts as account`, and only to the right of its `and` and in its block")
}

pub(in crate::check) fn row_without_column(path: &ast::Path, columns: &[String]) -> Diagnostic {
    let columns: Vec<String> = columns.iter().map(|column| format!("`{}.{column}`", path.name.text)).collect();
    Diagnostic::new(Code::WrongKind, path.span, format!("`{}` is a row; name one of its columns", path.name.text))
        .help(format!("it has {}", columns.join(", ")))
}

pub(in crate::check) fn no_such_column(token: &ast::Token, table: &str, columns: &[&str]) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::UnknownName, token.span, format!("`{table}` has no column `{}`", token.text));
    match crate::suggest::nearest(&token.text, columns.iter().copied()) {
        Some(near) => {
            diagnostic.help(format!("did you mean `{near}`?")).suggest(format!("write `{near}`"), token.span, near)
        }
        None => {
            let columns: Vec<String> = columns.iter().take(12).map(|column| format!("`{column}`")).collect();
            diagnostic.help(format!("its columns are {}", columns.join(", ")))
        }
    }
}

pub(in crate::check) fn agent_column(written: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, format!("`{written}` is an Agent, which no test takes"))
        .help(format!("it may be where a call goes, `route to {written}`, and may stand in a text"))
}

pub(in crate::check) fn only_numbers_in_table(subject: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, format!("a table is keyed by numbers, and `{subject}` is not a number"))
        .help("write `caller in …` or `dialed in …`")
}

pub(in crate::check) fn binding_without_table(span: Span) -> Diagnostic {
    Diagnostic::new(Code::WrongKind, span, "`as` names the row of a table, and this is not a table")
}

pub(in crate::check) fn not_a_row_name(binding: &ast::Token) -> Diagnostic {
    Diagnostic::new(Code::Syntax, binding.span, format!("`{}` cannot be a name", binding.text))
        .help("a name begins with a lower-case letter or `_` and is not a word of the language; try `row`")
}

pub(in crate::check) fn row_uncertain(binding: &ast::Token) -> Diagnostic {
    Diagnostic::new(
        Code::WrongKind,
        binding.span,
        format!("the row `{}` may not have been found: its test stands under `or` or `not`", binding.text),
    )
    .help("a test that names a row stands alone, or among the `and`s of a condition")
}

pub(in crate::check) fn row_in_condition(binding: &ast::Token) -> Diagnostic {
    Diagnostic::new(
        Code::WrongKind,
        binding.span,
        format!("a `condition` has no block that could use the row `{}`", binding.text),
    )
    .help("leave out `as`, or write the test in the rule")
}

/// A word that people use for a field; a suggestion where it could be another's, too.
pub(in crate::check) fn other_word_for_field(word: &str) -> Option<(&'static str, Grade)> {
    Some(match word.to_ascii_lowercase().as_str() {
        "caller_number" | "caller_id" | "callerid" | "ani" => ("caller", Grade::Safe),
        "from" | "number" => ("caller", Grade::Suggestion),
        "called" | "called_number" | "did" | "dnis" | "dialled" => ("dialed", Grade::Safe),
        "to" => ("dialed", Grade::Suggestion),
        "country" => ("caller.country", Grade::Suggestion),
        "today" => ("date", Grade::Safe),
        "hour" => ("time", Grade::Suggestion),
        "day_of_week" | "dow" => ("weekday", Grade::Safe),
        "org" | "organization_id" => ("organization", Grade::Safe),
        "trunk_id" => ("trunk", Grade::Safe),
        "caller_asserted" | "asserted" | "p_asserted_identity" | "pai" => ("caller.asserted", Grade::Safe),
        "diverted" | "diversion" | "forwarded_from" | "redirected_from" => ("diverted_from", Grade::Safe),
        "attested" | "verstat" | "stir" | "shaken" => ("attestation", Grade::Safe),
        "caller_name" | "callername" | "display_name" | "cnam" => ("caller.name", Grade::Safe),
        "name" => ("caller.name", Grade::Suggestion),
        _ => return None,
    })
}

/// What there is instead of what other programs know of a call.
pub(in crate::check) fn instead_of(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "week" | "week_number" | "weeknumber" | "weeks" => {
            "weeks have no numbers here; name the dates, `date in 2027-01-04..2027-01-10`, or the weekday, `weekday is mon`"
        }
        "year" | "quarter" => "a plan asks for dates instead, such as `date in 2027-01-01..2027-03-31`",
        "minute" | "minutes" | "hours" => "a plan asks for the time instead, such as `time in 09:00-17:00`",
        "language" | "lang" | "locale" => "a plan sees no language; `caller.country` is the country of the number",
        "queue" | "extension" | "exten" | "channel" => {
            "a plan sees the number that was dialed, `dialed`, and the `trunk`"
        }
        _ => return None,
    })
}

/// `week is 1`
pub(in crate::check) fn no_such_field(token: &ast::Token) -> Diagnostic {
    let instead = instead_of(&token.text).unwrap_or_default();
    Diagnostic::new(Code::UnknownName, token.span, format!("nothing is called `{}`; {instead}", token.text))
}

pub(in crate::check) fn unknown_field(token: &ast::Token, field: &str, grade: Grade) -> Diagnostic {
    Diagnostic::new(Code::UnknownName, token.span, format!("nothing is called `{}`", token.text))
        .help(format!("did you mean `{field}`?"))
        .fix_as(grade, format!("write `{field}`"), token.span, field)
}

/// `trunk in "east, west"`: several texts in one.
pub(in crate::check) fn texts_in_one(word: Span, negated: bool, value: Span, texts: &[&str]) -> Diagnostic {
    let list: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
    let replacement = format!("{} [{}]", if negated { "not in" } else { "in" }, list.join(", "));
    Diagnostic::new(
        Code::TypeMismatch,
        value,
        "`in` takes a list or a range, and this is one text, which is compared whole",
    )
    .suggest(format!("write `{replacement}`"), word.to(value), replacement)
}

/// Both readings of a condition that mixes `and` and `or`.
pub(in crate::check) fn mixed(span: Span, readings: [(String, Vec<Edit>); 2], differ: Option<String>) -> Diagnostic {
    let [(first, first_edits), (second, second_edits)] = readings;
    let mut diagnostic = Diagnostic::new(
        Code::AmbiguousCondition,
        span,
        "`and` and `or` stand side by side; parentheses must say which goes first",
    )
    .note(format!("it could mean `{first}`"))
    .note(format!("or it could mean `{second}`"));
    if let Some(differ) = differ {
        diagnostic = diagnostic.note(differ);
    }
    diagnostic
        .suggest_all(format!("write `{first}`"), first_edits)
        .suggest_all(format!("write `{second}`"), second_edits)
}

/// `caller is none`
pub(in crate::check) fn never_none(subject: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::TypeMismatch,
        span,
        format!("every call has `{subject}`, so it is never `none`; a number that is withheld is `anonymous`"),
    )
    .suggest("write `anonymous`", span, "anonymous")
}

/// `attestation is a`, `attestation is full`
pub(in crate::check) fn no_attestation(word: &ast::Token) -> Diagnostic {
    let text = word.text.to_ascii_lowercase();
    let spelled = Attestation::ALL.into_iter().find(|attestation| attestation.word().eq_ignore_ascii_case(&text));
    let meant = match text.as_str() {
        "full" | "passed" | "verified" => Some(Attestation::A),
        "partial" => Some(Attestation::B),
        "gateway" => Some(Attestation::C),
        "invalid" | "fail" => Some(Attestation::Failed),
        "none" | "null" | "missing" => Some(Attestation::Unknown),
        _ => None,
    };
    let problem = Diagnostic::new(
        Code::UnknownName,
        word.span,
        format!("`{}` is no attestation; it is `A`, `B`, `C`, `failed` or `unknown`", word.text),
    );
    match (spelled, meant) {
        (Some(spelled), _) => problem.fix(format!("write `{}`", spelled.word()), word.span, spelled.word()),
        (None, Some(meant)) => problem.suggest(format!("write `{}`", meant.word()), word.span, meant.word()),
        (None, None) => problem,
    }
}

/// `diverted_from is ""`
pub(in crate::check) fn empty_for_none(span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, "a call without this number is asked for by `none`").fix(
        "write `none`",
        span,
        "none",
    )
}
