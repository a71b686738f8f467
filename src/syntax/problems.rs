//! The wording of every problem with the text itself. One function each; the style is in CONTRIBUTING.md.

use super::brackets::{Change, Kind as BracketSlip};
use super::contraction::Contraction;
use super::lookalike::{Kind, Lookalike};
use super::scan::{MAX_BYTES, MAX_DEPTH};
use crate::diagnostics::{Code, Diagnostic, Edit, Grade};
use crate::phone::{is_rounded, without_extension};
use crate::source::{Span, start_of};
use jiff::civil::Date;

pub(super) fn too_large(text: &str) -> Diagnostic {
    let found = text.len() as f64 / (1024.0 * 1024.0);
    Diagnostic::new(
        Code::TooLarge,
        Span::new(start_of(text), start_of(text)),
        format!("this plan has {} bytes ({found:.1} MiB); a plan has at most {MAX_BYTES} bytes (8 MiB)", text.len()),
    )
    .help("long lists of numbers shrink to ranges and prefixes: `+14155550000..+14155550999`, `+1415*`")
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(Code::TooDeep, span, format!("brackets are nested more than {MAX_DEPTH} deep here"))
        .label(format!("opens level {}", MAX_DEPTH + 1))
        .help("give an inner part a name with `condition NAME = …`, or put rules after each other instead of inside each other")
}

/// Characters of one kind that look like plain ones, all over the plan.
pub(super) fn lookalike(text: &str, all: &[Lookalike]) -> Diagnostic {
    let first = all[0];
    let found = first.found;
    let what = match first.kind {
        Kind::Quote => format!("`{found}` is not the straight quote, `\"`, in which a text stands"),
        Kind::Dash => format!("`{found}` is a longer dash than the plain one, `-`"),
        Kind::Space => format!("{} stands here, which looks like a plain space or like nothing", space(found)),
        Kind::FullWidth => format!("`{found}` is a full-width character; a plan has plain letters, digits and marks"),
        Kind::Dots => "these three dots are one character; a range is written with two dots, `..`".to_owned(),
    };
    let title = match first.kind {
        Kind::Quote => "use straight quotes",
        Kind::Space if all.iter().all(|found| found.plain.is_empty()) => "take it out",
        Kind::Space => "use a plain space",
        Kind::Dash | Kind::FullWidth | Kind::Dots => "use plain characters",
    };
    // Full-width characters come in words; the mark goes under the first.
    let mut run = all.iter().zip(&all[1..]).take_while(|(one, next)| one.span.end == next.span.start);
    let last = run.by_ref().last().map_or(first.span, |(_, last)| last.span);
    let (span, marked) = if first.kind == Kind::FullWidth {
        (first.span.to(last), all.iter().filter(|found| found.span.end <= last.end).count())
    } else {
        (first.span, 1)
    };
    debug_assert!(span.range().end <= text.len());
    Diagnostic::new(Code::Syntax, span, format!("{what}{}", more(all.len() - marked)))
        .label("pasted from a document?")
        .fix_all(title, all.iter().map(Lookalike::edit).collect())
}

/// Texts in quotes that are not straight, all over the plan.
pub(super) fn typographic_quotes(found: char, span: Span, others: usize, edits: Vec<Edit>) -> Diagnostic {
    let what = match found {
        '`' => "a text stands in straight double quotes, `\"`; this is a backquote".to_owned(),
        _ => format!("`{found}` is not the straight quote, `\"`, in which a text stands"),
    };
    Diagnostic::new(Code::Syntax, span, format!("{what}{}", more(others)))
        .label("pasted from a document?")
        .fix_all("use straight quotes", edits)
}

/// A word with an apostrophe in it, outside of texts.
pub(super) fn contraction(text: &str, found: &Contraction) -> Diagnostic {
    let shown = &text[found.span.range()];
    match found.meaning {
        None => Diagnostic::new(Code::Syntax, found.span, format!("`{shown}` cannot stand here")),
        Some(meaning) => Diagnostic::new(
            Code::Syntax,
            found.span,
            format!("no test is called `{shown}`; write `{meaning}`"),
        )
        .fix(format!("write `{meaning}`"), found.span, meaning),
    }
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

pub(super) fn foreign(found: &str, span: Span) -> Diagnostic {
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
    match super::lookalike::letters(found) {
        Some(letters) if !letters.is_empty() => diagnostic.suggest(format!("write `{letters}`"), span, letters),
        _ => diagnostic.help("any characters may stand in a text in double quotes, and in a comment"),
    }
}

pub(super) fn control_in_text(character: char, span: Span) -> Diagnostic {
    let name: String = shown(character).collect();
    let mend = if character == '\t' { "\\t" } else { "" };
    let diagnostic =
        Diagnostic::new(Code::Syntax, span, format!("{name} is a control character, which no text contains"));
    if mend.is_empty() {
        diagnostic.fix("take it out", span, "")
    } else {
        diagnostic.fix(format!("write `{mend}`"), span, mend)
    }
}

/// Backticks around a plan, as chats show it.
pub(super) fn fence(span: Span, edits: &[Edit]) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "this is a chat's mark around a plan, and no part of it")
        .label("pasted from a chat?")
        .fix_all("take the marks out", edits.to_vec())
}

/// `> ` before each line, as in an answer to a mail.
pub(super) fn marks_before_lines(span: Span, mark: &str, edits: &[Edit]) -> Diagnostic {
    let label = if mark == ">" { "pasted from a mail?" } else { "pasted from a list?" };
    Diagnostic::new(Code::Syntax, span, format!("`{mark}` stands before each line, and is no part of a plan"))
        .label(label)
        .fix_all("take it out of every line", edits.to_vec())
}

/// The number of each line before it.
pub(super) fn numbered_lines(span: Span, found: &str, edits: &[Edit]) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{found}` counts the lines, and is no part of a plan"))
        .label("pasted with the lines' numbers?")
        .fix_all("take the numbers out of every line", edits.to_vec())
}

/// `&quot;` for `"`, as in a page's source.
pub(super) fn entities(span: Span, found: &str, edits: &[Edit]) -> Diagnostic {
    let message = format!("`{found}` is how a page's source writes a character{}", more(edits.len() - 1));
    Diagnostic::new(Code::Syntax, span, message)
        .label("pasted from a page's source?")
        .fix_all("use plain characters", edits.to_vec())
}

/// How many others there are.
fn more(count: usize) -> String {
    if count == 0 { String::new() } else { format!(", and {count} more like it") }
}

/// A character as a message can show it.
fn shown(character: char) -> impl Iterator<Item = char> {
    let text = match character {
        '\t' => "a tab".to_owned(),
        c if c.is_control() => format!("U+{:04X}", c as u32),
        c => c.to_string(),
    };
    text.chars().collect::<Vec<_>>().into_iter()
}

/// With a fix of this grade.
fn graded(problem: Diagnostic, grade: Grade, title: impl Into<String>, edits: Vec<Edit>) -> Diagnostic {
    match grade {
        Grade::Safe => problem.fix_all(title, edits),
        Grade::Suggestion => problem.suggest_all(title, edits),
    }
}

pub(super) fn unclosed_text(span: Span, edits: &[Edit], grade: Grade) -> Diagnostic {
    let problem = Diagnostic::new(Code::Syntax, span, "this text has no closing `\"`; a text ends on its line")
        .help("a longer text is several `context` statements, or has `\\n` where a line ends");
    graded(problem, grade, "close it", edits.to_vec())
}

pub(super) fn unopened_text(span: Span, edit: &Edit, grade: Grade) -> Diagnostic {
    let problem = Diagnostic::new(Code::Syntax, span, "this text has no opening `\"`");
    graded(problem, grade, "open it", vec![edit.clone()])
}

pub(super) fn doubled_quote(edit: &Edit, grade: Grade) -> Diagnostic {
    let problem = Diagnostic::new(Code::Syntax, edit.span, "this `\"` is one too many");
    graded(problem, grade, "take it out", vec![edit.clone()])
}

/// A bracket that is missing, too many, or of the wrong kind.
pub(super) fn bracket(change: &Change) -> Diagnostic {
    let (message, title) = match change.kind {
        BracketSlip::MissingOpening(bracket) => {
            (format!("expected `{bracket}` after this"), format!("put a `{bracket}` there"))
        }
        BracketSlip::MissingClosing(bracket) => {
            (format!("this `{bracket}` is never closed"), format!("close it with `{}`", closing_of(bracket)))
        }
        BracketSlip::Superfluous { bracket: bracket @ ('{' | '[' | '('), is_doubled: true } => {
            (format!("this second `{bracket}` is never closed"), "take it out".to_owned())
        }
        BracketSlip::Superfluous { bracket: bracket @ ('{' | '[' | '('), is_doubled: false } => {
            (format!("this `{bracket}` is never closed"), "take it out".to_owned())
        }
        BracketSlip::Superfluous { bracket, .. } => {
            (format!("this `{bracket}` closes nothing"), "take it out".to_owned())
        }
        BracketSlip::Wrong { found, right } => {
            (format!("expected `{right}`, found `{found}`"), format!("write `{right}`"))
        }
    };
    let mut problem = Diagnostic::new(Code::Syntax, change.span, message);
    let note = match change.kind {
        BracketSlip::MissingOpening(_) => Some("which this was to close"),
        BracketSlip::Wrong { found: '{' | '[' | '(', .. } => Some("which this closes"),
        BracketSlip::Wrong { .. } => Some("which closes this"),
        BracketSlip::MissingClosing(_) | BracketSlip::Superfluous { .. } => None,
    };
    if let (BracketSlip::MissingClosing(bracket), _) = (change.kind, ()) {
        problem = problem.label(format!("needs a `{}`", closing_of(bracket)));
    }
    if let Some((partner, note)) = change.partner.zip(note) {
        problem = problem.note_at(partner, note);
    }
    let grade = if change.is_certain { Grade::Safe } else { Grade::Suggestion };
    graded(problem, grade, title, vec![change.edit.clone()])
}

fn closing_of(bracket: char) -> char {
    match bracket {
        '{' => '}',
        '[' => ']',
        _ => ')',
    }
}

/// One of several brackets that do not match.
pub(super) fn stray_bracket(bracket: char, edit: &Edit) -> Diagnostic {
    Diagnostic::new(Code::Syntax, edit.span, format!("this `{bracket}` closes nothing"))
        .suggest_all("take it out", vec![edit.clone()])
}

/// One of several brackets that do not match.
pub(super) fn never_closed(bracket: char, span: Span, next: Option<Span>, edit: &Edit) -> Diagnostic {
    let closing = closing_of(bracket);
    let mut diagnostic = Diagnostic::new(Code::Syntax, span, format!("this `{bracket}` is never closed"))
        .label(format!("needs a `{closing}`"));
    if let Some(next) = next {
        diagnostic = diagnostic.note_at(next, "it should end before this");
    }
    diagnostic.suggest_all(format!("close it with `{closing}`"), vec![edit.clone()])
}

/// What stands at a place where something else was expected.
pub(super) fn unexpected(span: Span, found: &str, expected: &str) -> Diagnostic {
    let message = match (found.is_empty(), expected.is_empty()) {
        (true, _) => format!("expected {expected} here"),
        (false, true) => format!("`{found}` cannot stand here"),
        (false, false) => format!("expected {expected}, found `{found}`"),
    };
    Diagnostic::new(Code::Syntax, span, message)
}

pub(super) fn misspelled(span: Span, found: &str, word: &str) -> Diagnostic {
    misspelled_as(Grade::Safe, span, found, word)
}

/// A misspelled word; as a suggestion where another word is as near.
pub(super) fn misspelled_as(grade: Grade, span: Span, found: &str, word: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{found}` means nothing here; did you mean `{word}`?")).fix_as(
        grade,
        format!("write `{word}`"),
        span,
        word,
    )
}

/// Two commas: what stood between them may be missing.
pub(super) fn doubled_comma(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "`,` stands here twice").suggest("take it out", span, "")
}

/// What is no part of the language, and of which nothing is meant: `return`, the second `=` of `==`.
pub(super) fn write_nothing(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{found}` means nothing here")).fix("take it out", span, "")
}

/// A word that stands a second time.
pub(super) fn doubled_word(span: Span, found: &str, first: &str) -> Diagnostic {
    let message = if found == first {
        format!("`{found}` stands here twice")
    } else {
        format!("`{found}` means nothing after `{first}`")
    };
    Diagnostic::new(Code::Syntax, span, message).fix("take it out", span, "")
}

pub(super) fn missing_word(at: Span, found: &str, word: &str, shown: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, at, format!("expected `{word}` before `{found}`")).fix(
        format!("write `{shown}`"),
        at.before(),
        format!("{word} "),
    )
}

/// Two values with nothing between them. Without a grade, a comma is nothing to offer.
pub(super) fn missing_comma(text: &str, span: Span, found: &str, grade: Option<Grade>) -> Diagnostic {
    let end = text[..span.start as usize].trim_end().len();
    let diagnostic = Diagnostic::new(Code::Syntax, span, format!("expected `,` before `{found}`"));
    match grade {
        Some(grade) => diagnostic.fix_as(grade, "put a comma between them", Span::new(end, end), ","),
        None => diagnostic,
    }
}

/// A list as it was pasted: something other than a comma, or nothing, between its entries. `unread` are those that are
/// no numbers, however they are laid out.
pub(super) fn pasted_list(
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
        count => diagnostic.help(format!("{count} of the entries are no numbers yet, and stay as they are")),
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
    format!("`{written}` is no number")
}

/// `tel:+1…`, `sip:…`
pub(super) fn bare_address(span: Span, address: &str, plain: &str) -> Diagnostic {
    let message = match plain.starts_with('"') {
        true => format!("an address stands in quotes: `{plain}`"),
        false => format!("a call that comes from `{address}` shows the number `{plain}`, and a plan writes that"),
    };
    Diagnostic::new(Code::BadNumber, span, message).fix(format!("write `{plain}`"), span, plain)
}

/// `26/03/2027`
pub(super) fn other_date(span: Span, written: &str, readings: &[Date]) -> Diagnostic {
    let dates: Vec<String> = readings.iter().map(|date| format!("`{date}`")).collect();
    let message = format!("a date is written year, month, day: {}, not `{written}`", dates.join(" or "));
    let diagnostic = Diagnostic::new(Code::BadDate, span, message);
    match readings {
        [only] => diagnostic.fix(format!("write `{only}`"), span, only.to_string()),
        [] | [_, ..] => diagnostic.help("only you know which of them is meant"),
    }
}

/// `9:00 AM - 5:00 PM`, with the days before it where these are spelled otherwise, too.
pub(super) fn other_hours(span: Span, text: &str, edits: &[Edit], grade: Grade) -> Diagnostic {
    let mut plain = String::new();
    let mut at = span.range().start;
    for edit in edits {
        plain.push_str(&text[at..edit.span.range().start]);
        plain.push_str(&edit.text);
        at = edit.span.range().end;
    }
    let written = &text[span.range()];
    let message = format!("hours are written on the 24-hour clock, with a `-` between: not `{written}` but `{plain}`");
    let diagnostic = Diagnostic::new(Code::BadTime, span, message);
    let title = format!("write `{plain}`");
    match grade {
        Grade::Safe => diagnostic.fix_all(title, edits.to_vec()),
        Grade::Suggestion => diagnostic.suggest_all(title, edits.to_vec()),
    }
}

/// `now in A..B`
pub(super) fn now_in_range(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "`now` lies in no range; it is compared with each end")
        .help("for instance `now >= 2027-01-11 08:00 and now < 2027-01-15 18:00`")
}

/// `except bank holidays`
pub(super) fn two_words(span: Span, first: &str, second: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("a name is one word: `{first}_{second}`, say, and no two"))
        .help(format!("the days themselves are a definition: `days {first}_{second} = [every 12-25, 2027-03-29]`"))
}

/// `12/25`
pub(super) fn day_without_year(span: Span, written: &str, readings: &[String]) -> Diagnostic {
    let days: Vec<String> = readings.iter().map(|day| format!("`{day}`")).collect();
    let message =
        format!("a day that comes every year is its month and its day: {}, not `{written}`", days.join(" or "));
    let diagnostic = Diagnostic::new(Code::BadDate, span, message);
    match readings {
        [only] => diagnostic.suggest(format!("write `{only}`"), span, only.clone()),
        [] | [_, ..] => diagnostic.help("only you know which of them is meant"),
    }
}

/// Two entries of a list that nobody can tell apart.
pub(super) fn no_comma(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("expected `,` or `]` before `{found}`"))
        .help("a comma stands between two entries; what stands here is read as one, and is none")
}

/// `.5`, `1.`
pub(super) fn point(span: Span, written: &str, plain: &str) -> Diagnostic {
    match plain {
        "" => {
            Diagnostic::new(Code::Syntax, span, format!("{written} is written without it")).fix("take it out", span, "")
        }
        plain => Diagnostic::new(Code::Syntax, span, format!("`{written}` is written `{plain}`")).fix(
            format!("write `{plain}`"),
            span,
            plain,
        ),
    }
}

/// `1_000`
pub(super) fn grouped_digits(span: Span, written: &str, plain: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("a number has nothing between its digits: `{plain}`, not `{written}`"))
        .fix(format!("write `{plain}`"), span, plain)
}

/// What follows right upon the digits of a number in a cell.
pub(super) fn digits_apart(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(
        Code::Syntax,
        span,
        format!("`{found}` follows right upon a number, which has only digits and a `.`"),
    )
    .help("write `1000` for `1_000`; between two values stands a comma")
}

/// `metadata { callback: +14155550100 }`
pub(super) fn number_in_metadata(span: Span, written: &str) -> Diagnostic {
    let plain = format!("\"{written}\"");
    Diagnostic::new(Code::Syntax, span, format!("a telephone number is a text in metadata: `{plain}`")).fix(
        format!("write `{plain}`"),
        span,
        plain,
    )
}

/// `route to +442079460123`
pub(super) fn route_to_number(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(
        Code::Syntax,
        span,
        format!("an agent answers a call, and `{found}` is none; a plan transfers to no number"),
    )
    .help("write `route to …` with an agent's name or id; the agent transfers the call, or the fallback agent does")
}

pub(super) fn no_moment(span: Span, found: &str) -> Diagnostic {
    let found = if found.is_empty() { "nothing".to_owned() } else { format!("`{found}`") };
    Diagnostic::new(Code::Syntax, span, format!("after `at` come a date and a time, not {found}"))
        .help("for instance `at 2026-12-01 10:00`")
}

/// `schedule { … }`
pub(super) fn nameless(keyword: Span, word: &str, form: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, keyword, format!("this `{word}` has no name; write `{form}`"))
        .label("its name stands after it, on this line")
}

pub(super) fn fallback_with_block(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "`fallback` has no block: it is a decision, and the fallback agent answers")
        .help("for what shall happen to all other calls, write the statements themselves, at the end of the plan")
}

pub(super) fn no_such_statement(span: Span, found: &str, instead: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("there is no `{found}`; {instead}"))
}

/// `days h = [2027-02-10 09:00-12:30]`
pub(super) fn hours_in_days(span: Span, written: &str) -> Diagnostic {
    let day = written.split_whitespace().next().unwrap_or_default();
    Diagnostic::new(Code::BadDate, span, format!("`days` holds whole days, and `{written}` has hours")).help(format!(
        "hours stand in a schedule, in a line such as `{day} 09:00-12:30`, which says when it is open then"
    ))
}

/// `easter monday`
pub(super) fn no_such_day(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Code::BadDate, span, format!("`{written}` is no day that a plan knows; write its dates"))
        .help("for instance `2027-03-29`; a day that comes every year is `every 12-25`, or `last mon of may`")
}

pub(super) fn no_weekday(span: Span, found: &str, near: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::BadDate, span, format!("`{found}` is no weekday"));
    match near {
        Some(near) => diagnostic.suggest(format!("write `{near}`"), span, near),
        None => diagnostic.help("the weekdays are `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`"),
    }
}

/// `every 2 weeks from 2026-12-05`
pub(super) fn no_rhythm(span: Span, count: &str) -> Diagnostic {
    Diagnostic::new(Code::BadDate, span, format!("after `every` comes a day of the year such as `12-25`, not `{count}`"))
        .help("days that come every few days or weeks are written as dates, one by one; those of a month are `first mon of month`")
}

/// A mark that stands once too often.
pub(super) fn superfluous(grade: Grade, span: Span, found: &str, expected: &str) -> Diagnostic {
    unexpected(span, found, expected).fix_as(grade, "take it out", span, "")
}

pub(super) fn window_dots(span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadRange, span, "a window of times is written with `-`").fix("write `-`", span, "-")
}

/// A telephone number without its `+`, as on paper: `(415) 555-0100`.
pub(super) fn paper_number(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BadNumber,
        span,
        format!("`{found}` has no `+`; a whole number starts with `+` and the country's code, such as `+14155550100`"),
    )
}

/// `rule when …`
pub(super) fn rule_without_name(span: Span, rule: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "a rule has a name in quotes: `rule \"…\" when … { … }`")
        .label("expected its name before this")
        .fix("leave out `rule`", rule, "")
}

/// `agent front-desk`: to the language a dash is no part of a name.
pub(super) fn dashed_name(span: Span, found: &str, mend: &str, edits: Vec<Edit>) -> Diagnostic {
    Diagnostic::new(
        Code::Syntax,
        span,
        format!("`{found}` has a `-` in it, and a name has letters, digits and `_` only; write `{mend}`"),
    )
    .fix_all(format!("call it `{mend}`, here and where it is used"), edits)
}

/// How a message of a list without brackets begins.
pub(super) const LIST_BEGINS: &str = "a list stands in brackets: ";

/// `in a, b`: several values without their brackets.
pub(super) fn missing_brackets(span: Span, list: Span, values: &str) -> Diagnostic {
    let brackets =
        [Edit { span: list.before(), text: "[".to_owned() }, Edit { span: list.after(), text: "]".to_owned() }];
    Diagnostic::new(Code::Syntax, span, format!("{LIST_BEGINS}`[{values}]`"))
        .fix_all("put it in brackets", brackets.to_vec())
}

/// `between A and B`
pub(super) fn between(grade: Grade, span: Span, mend: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("no test is called `between`; write `{mend}`")).fix_as(
        grade,
        format!("write `{mend}`"),
        span,
        mend,
    )
}

/// A piece that is written otherwise: what stands there, what it should be, and the edit.
pub(super) fn write_instead(grade: Grade, span: Span, message: String, mend: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, message).fix_as(grade, format!("write `{mend}`"), span, mend)
}

pub(super) fn block_without_braces(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("expected `{{` before `{found}`: what is done stands in braces"))
        .help("for instance `when caller is anonymous { reject }`")
}

pub(super) fn hours_without_days(span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{written}` are hours, and a line begins with its days"))
        .help(format!("for instance `mon-fri {written}`"))
}

pub(super) fn no_semicolon(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "no `;` stands in a plan; a statement ends where the next begins").fix(
        "take it out",
        span,
        "",
    )
}

pub(super) fn no_such_ordinal(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BadDate,
        span,
        format!("there is no `{found}`; a day of a month is `first`, `second`, `third`, `fourth` or `last`"),
    )
    .help("for instance `last mon of month`")
}

pub(super) fn bad_version(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "after `version` comes its number, such as `version 3`")
        .help("without `version`, the newest published version answers")
}

/// `expect` where no example is.
pub(super) fn expect_alone(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "`expect` stands only in an example, after its `call`")
        .help("for instance `example \"…\" { call from … to … at … expect route to … }`")
}

pub(super) fn except_in_line(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "`except` stands before the `{` of the schedule, not in a line")
        .help("for instance `schedule office except holidays { … }`")
}

pub(super) fn no_else(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "there is no `else`; what follows a block is reached when the block decided nothing")
        .label("not a word of the language")
        .help("let the block before it end with a decision (`route to …`, `reject`), and write the other statements after it, without braces")
}

pub(super) fn definition_in_block(span: Span, word: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{word}` stands outside of blocks; move it out of these braces"))
        .label("a definition, an example or a proof")
}

pub(super) fn not_comparator(span: Span, found: &str, mend: &str, edits: Vec<Edit>) -> Diagnostic {
    let message = match found {
        "=" | "==" | "===" => format!("`{found}` does not compare; write `{mend}`"),
        _ => format!("no test is called `{found}`; write `{mend}`"),
    };
    let diagnostic = Diagnostic::new(Code::Syntax, span, message);
    if edits.is_empty() { diagnostic } else { diagnostic.fix_all(format!("write `{mend}`"), edits) }
}

pub(super) fn not_connective(span: Span, found: &str, word: &str) -> Diagnostic {
    // `!` may stand right before a word.
    let edit = if word == "not" { "not ".to_owned() } else { word.to_owned() };
    Diagnostic::new(Code::Syntax, span, format!("`{found}` is not a word of the language; write `{word}`")).fix(
        format!("write `{word}`"),
        span,
        edit,
    )
}

pub(super) fn is_in(span: Span, negated: bool, edit: &str) -> Diagnostic {
    let found = if negated { "is not in" } else { "is in" };
    Diagnostic::new(Code::Syntax, span, format!("`{found}` is one word too many; write `{edit}`")).fix(
        format!("write `{edit}`"),
        span,
        edit,
    )
}

pub(super) fn hole_not_allowed(span: Span, hole: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("`{hole}` is a hole, and only `context` and metadata have holes"))
        .help("for a brace that is meant as a brace, write `\\{` and `\\}`")
}

pub(super) fn bad_hole(span: Span, hole: &str) -> Diagnostic {
    Diagnostic::new(
        Code::Syntax,
        span,
        format!("`{hole}` is not a hole; a hole is a name in braces, such as `{{caller}}` or `{{account.name}}`"),
    )
    .help("for a brace that is meant as a brace, write `\\{`")
}

pub(super) fn stray_brace_in_text(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "this `}` closes no hole").suggest("write it as `\\}`", span, "\\}")
}

pub(super) fn bad_escape(span: Span, found: char) -> Diagnostic {
    let shown: String = shown(found).collect();
    Diagnostic::new(
        Code::Syntax,
        span,
        format!("`\\{shown}` means nothing in a text; after a backslash stands `\"`, `\\`, `n`, `t`, `{{` or `}}`"),
    )
    .suggest(
        "write the backslash itself as `\\\\`",
        Span::new(span.start as usize, span.start as usize + 1),
        "\\\\",
    )
}

pub(super) fn long_path(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "only one dot may stand in a name: `caller.country`, `account.tier`")
}

pub(super) fn list_in_list(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "a list holds values and ranges, not another list")
}

pub(super) fn empty_list(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "this list is empty; a list has at least one entry")
}

pub(super) fn comma_after_row(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "no comma stands between rows").fix("take it out", span, "")
}

pub(super) fn percent_apart(span: Span, figure: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("write `{figure}%`, without a space")).fix(
        format!("write `{figure}%`"),
        span,
        format!("{figure}%"),
    )
}

pub(super) fn percent_missing(span: Span, figure: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("a share ends with `%`: `{figure}%`")).fix(
        format!("write `{figure}%`"),
        span.after(),
        "%",
    )
}

pub(super) fn quoted_zone(span: Span, zone: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("a time zone stands without quotes: `{zone}`")).fix(
        format!("write `{zone}`"),
        span,
        zone,
    )
}

pub(super) fn no_expectation(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, "this example expects nothing; after `call` comes at least one `expect`")
        .help("for instance `expect route to frontdesk`")
}

pub(super) fn no_lines(span: Span, what: &str, line: &str) -> Diagnostic {
    Diagnostic::new(Code::Syntax, span, format!("this {what} is empty; it has at least one line such as `{line}`"))
}
