//! Mistakes in the syntax that have a mend of their own, by what was expected and what stands there.

use super::notation::{plain_window, weekday};
use super::unreadable::word_at;
use super::{Rule, is_reserved, problems, words};
use crate::diagnostics::{Diagnostic, Grade};
use crate::source::Span;
use crate::suggest::{has_rival, nearest};

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// How much of a line is looked at, in bytes.
const LONGEST_LINE: usize = 500;

/// The words that begin a statement.
const STATEMENTS: [&str; 9] = ["rule", "when", "split", "context", "metadata", "skip", "route", "reject", "fallback"];

/// The problem with its mend; `None` where there is none to offer.
pub(super) fn mended(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    let is_word = found.starts_with(|c: char| c.is_ascii_alphabetic());
    if let Some(problem) = doubled_word(text, span, found).or_else(|| doubled_mark(text, span, found, expected)) {
        return Some(problem);
    }
    if is_word && let Some((word, grade)) = near_keyword(found, expected) {
        return Some(problems::misspelled_as(grade, span, found, word));
    }
    if found == ";" {
        let in_list = expected.contains(&Rule::COMMA);
        return Some(if in_list { problems::misspelled(span, found, ",") } else { problems::no_semicolon(span) });
    }
    in_figures(text, span, found, expected)
        .or_else(|| in_heads(text, span, found, expected))
        .or_else(|| in_conditions(text, span, found, expected))
        .or_else(|| between_values(text, span, found, expected))
        .or_else(|| in_lines(text, span, found, expected))
}

/// The word of the language that was misspelled; a suggestion where another is as near.
fn near_keyword(found: &str, expected: &[Rule]) -> Option<(&'static str, Grade)> {
    let keywords: Vec<&'static str> = expected.iter().flat_map(|kind| keywords_of(*kind)).collect();
    let word = nearest(found, keywords.iter().copied()).filter(|word| *word != found)?;
    Some((word, spelling(found, word, keywords)))
}

/// The words with which a part of a plan may begin.
fn keywords_of(kind: Rule) -> Vec<&'static str> {
    match kind {
        Rule::rule_head_alone => vec!["when"],
        Rule::connective => vec!["and", "or"],
        Rule::predicate | Rule::equality => vec!["is", "in", "not"],
        Rule::hours => vec!["closed", "all"],
        Rule::decision | Rule::statement_word => vec!["route", "reject", "fallback", "context", "metadata", "skip"],
        Rule::proof => vec!["always", "never"],
        kind => {
            let name = words::name_of(kind).and_then(|name| name.strip_prefix('`')?.strip_suffix('`'));
            name.filter(|word| !word.contains('`')).into_iter().collect()
        }
    }
}

/// `evry 12-25`: the only word before a day of the year.
pub(super) fn near_every(text: &str, span: Span) -> Option<Diagnostic> {
    let piece = &text[span.start as usize..];
    let word = word_at(piece);
    let day = piece[word.len()..].trim_start_matches([' ', '\t']);
    let is_day = day
        .as_bytes()
        .get(..5)
        .is_some_and(|day| day[2] == b'-' && [0, 1, 3, 4].into_iter().all(|at| day[at].is_ascii_digit()));
    nearest(word, ["every"]).filter(|near| is_day && word != *near)?;
    Some(problems::misspelled(Span::new(span.start as usize, span.start as usize + word.len()), word, "every"))
}

/// How far the spelling of a word may be put right without asking.
pub(super) fn spelling<'c>(found: &str, word: &str, all: impl IntoIterator<Item = &'c str>) -> Grade {
    if has_rival(found, word, all) { Grade::Suggestion } else { Grade::Safe }
}

/// `when whn`, `is is`: a word of the language that stands twice, perhaps misspelled the second time.
fn doubled_word(text: &str, span: Span, found: &str) -> Option<Diagnostic> {
    let near = text.floor_char_boundary((span.start as usize).saturating_sub(LONGEST_LINE));
    let before = text[near..span.start as usize].trim_end();
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let previous = &before[before.trim_end_matches(is_word).len()..];
    let first = before[..before.len() - previous.len()].trim_end();
    let first = &first[first.trim_end_matches(is_word).len()..];
    let is_second =
        previous == first || previous.len() > 2 && !is_reserved(previous) && nearest(previous, [first]).is_some();
    if is_reserved(first) && is_second {
        return Some(problems::doubled_word(
            Span::new(near + before.len() - previous.len(), near + before.len()),
            previous,
            first,
        ));
    }
    let is_keyword = is_reserved(previous) && !matches!(previous, "true" | "false" | "null" | "anonymous" | "unknown");
    let is_slip = found == previous || found.len() > 2 && !is_reserved(found) && nearest(found, [previous]).is_some();
    (is_keyword && is_slip).then(|| problems::doubled_word(span, found, previous))
}

/// `:=`, `==`, `...`: a mark that was read, and more of it.
fn doubled_mark(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    let before = &text[..span.start as usize];
    let is_again = match found {
        ":" | "=" | "," => true,
        // Two values in a list may be meant.
        _ => found.starts_with(['"', '+']) && found.len() > 1 && !expected.contains(&Rule::COMMA),
    };
    if is_again && before.trim_end().ends_with(found) {
        return Some(if found == "," {
            problems::doubled_comma(span)
        } else {
            problems::doubled_word(span, found, found)
        });
    }
    let is_rest = match found {
        "=" | "==" | "=>" | ">" => before.ends_with([':', '=']),
        "." => before.ends_with(".."),
        _ => false,
    };
    is_rest.then(|| problems::write_nothing(span, found))
}

/// A word at the beginning of what could not be read that goes on with what stands before it on its line: `In [DE]`
/// after a condition, `vversion 3` after an agent.
pub(super) fn goes_on(text: &str, span: Span, found: &str) -> Option<Diagnostic> {
    let near = text.floor_char_boundary((span.start as usize).saturating_sub(LONGEST_LINE));
    let line = text[near..span.start as usize].rsplit('\n').next().unwrap_or_default().trim();
    if line.is_empty() || line.ends_with(['{', '}']) {
        return None;
    }
    let words: &[&'static str] = match word_at(line) {
        "condition" => &["is", "in", "not", "and", "or", "as"],
        "numbers" | "schedule" => &["except"],
        _ => &["version"],
    };
    if let Some(problem) = doubled_word(text, span, found) {
        return Some(problem);
    }
    let word = nearest(found, words.iter().copied()).filter(|word| *word != found)?;
    Some(problems::misspelled_as(spelling(found, word, words.iter().copied()), span, found, word))
}

/// Figures and telephone numbers in other spellings.
fn in_figures(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    let (start, line) = (span.start as usize, line_from(text, span.start as usize));
    let before = text[..start].bytes().next_back();
    let follows_digit = before.is_some_and(|byte| byte.is_ascii_digit());
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    if found == "." {
        let after = digits(&line[1..]);
        let whole = Span::new(start, start + 1 + after);
        return match (follows_digit, after) {
            (false, 1..) => Some(problems::point(whole, &line[..=after], &format!("0{}", &line[..=after]))),
            (true, 0) => Some(problems::point(whole, "a number that ends with `.`", "")),
            (true, _) | (false, 0) => None,
        };
    }
    if found.starts_with('_') && follows_digit {
        let number = text[..start].bytes().rev().take_while(u8::is_ascii_digit).take(LONGEST_LINE).count();
        let plain: String = found.chars().filter(char::is_ascii_digit).collect();
        let whole = Span::new(start - number, start + found.len());
        let plain = format!("{}{plain}", &text[start - number..start]);
        let is_number = found.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
        return is_number.then(|| problems::grouped_digits(whole, &text[whole.range()], &plain));
    }
    let expects = |kind: Rule| expected.contains(&kind);
    if found.starts_with('+') && expects(Rule::json) {
        let of_number = |c: char| c.is_ascii_digit() || "+-.() ".contains(c);
        let number = line[..line.find(|c| !of_number(c)).unwrap_or(line.len())].trim_end();
        return Some(problems::number_in_metadata(Span::new(start, start + number.len()), number));
    }
    if (expects(Rule::target) || expects(Rule::target_path))
        && found.starts_with(|c: char| c == '+' || c.is_ascii_digit())
    {
        return Some(problems::route_to_number(span, found));
    }
    let group = digits(line);
    if group == 3 && (expects(Rule::member) || expects(Rule::word)) && before == Some(b',') {
        let number = text[..start - 1].bytes().rev().take_while(u8::is_ascii_digit).take(LONGEST_LINE).count();
        let whole = Span::new(start - 1 - number, start + 3);
        let plain = text[whole.range()].replace(',', "");
        return (number > 0).then(|| problems::grouped_digits(whole, &text[whole.range()], &plain));
    }
    let is_moment = expected == [Rule::figure] && text[..start].trim_end().ends_with(" at");
    is_moment.then(|| problems::no_moment(span, found))
}

/// A definition without its name, when it could not be read: `schedule { … }`, `agent = "…"`.
pub(super) fn nameless(text: &str, keyword: Span, word: &str) -> Option<Diagnostic> {
    let form = match word {
        "agent" => "agent NAME = \"id\"",
        "switch" => "switch NAME",
        "numbers" => "numbers NAME = [ … ]",
        "condition" => "condition NAME = …",
        "days" => "days NAME = [ … ]",
        "schedule" => "schedule NAME { … }",
        "table" => "table NAME (column, …) { … }",
        _ => return None,
    };
    let line = line_from(text, keyword.end as usize);
    let rest = line.split('#').next().unwrap_or_default().trim();
    let is_in_zone = rest.starts_with("in ") && word == "schedule";
    let ends = rest.is_empty() || rest.starts_with(['=', ':', '{', '[', '(']) || is_in_zone;
    ends.then(|| problems::nameless(keyword, word, form))
}

/// Statements of other languages, with what there is instead.
pub(super) fn statement(text: &str, span: Span, found: &str) -> Option<Diagnostic> {
    let before = text[..span.start as usize].trim_end();
    if found == "{" && before.ends_with("fallback") {
        return Some(problems::fallback_with_block(span));
    }
    let lower = found.to_ascii_lowercase();
    let rest = line_from(text, span.end as usize).trim_start();
    if matches!(lower.as_str(), "transfer" | "forward" | "send" | "dial" | "connect" | "route" | "bridge") {
        let to = rest.strip_prefix("to ").or_else(|| rest.strip_prefix("TO ")).unwrap_or(rest).trim_start();
        let to = to.strip_prefix('"').unwrap_or(to);
        let number = to.split([' ', '"']).next().unwrap_or_default();
        if number.starts_with('+') || number.bytes().filter(u8::is_ascii_digit).count() > 5 && !number.contains('-') {
            return Some(problems::route_to_number(span, number));
        }
    }
    let instead = match lower.as_str() {
        "set" | "let" | "var" | "const" | "define" | "def" => {
            "a definition begins with what it defines: `agent`, `numbers`, `schedule`, `switch`, `days`, `table` or `condition`"
        }
        "call" => "`call from … to … at …` stands in an `example`",
        "->" | "=>" => "what is done stands in braces: `when caller is anonymous { reject }`",
        "while" | "for" | "foreach" | "loop" | "repeat" => "there are no loops: a plan goes from top to bottom once",
        "goto" | "gosub" | "include" | "import" => "there are no jumps: a plan goes from top to bottom once",
        "voicemail" | "play" | "say" | "ring" | "queue" | "answer" => {
            "a plan says which agent answers, with `route to …`; what it says comes with `context \"…\"`"
        }
        _ => return None,
    };
    Some(problems::no_such_statement(span, found, instead))
}

/// What people write in a list of days, and what there is instead.
pub(super) fn entry_of_days(text: &str, span: Span) -> Option<Diagnostic> {
    let piece = text[span.range()].trim();
    let words: Vec<&str> = piece.split_whitespace().collect();
    let at = |word: &str| {
        let start = span.start as usize + (word.as_ptr() as usize - text[span.range()].as_ptr() as usize);
        Span::new(start, start + word.len())
    };
    let whole = Span::new(span.start as usize, span.start as usize + piece.len());
    let last = words.last()?;
    if let Some(problem) = slashed(at(words[0]), words[0]) {
        return Some(problem);
    }
    if words.len() > 1 && words.iter().skip(1).any(|word| word.contains(':')) {
        return Some(problems::hours_in_days(whole, piece));
    }
    if words.len() > 1 && words[0].starts_with(|c: char| c.is_ascii_alphabetic()) && words[0] != "every" {
        return Some(problems::no_such_day(whole, piece));
    }
    let is_word = last.chars().all(|c| c.is_ascii_alphabetic());
    let is_day = words.len() > 1 && is_word && !WEEKDAYS.contains(last);
    is_day.then(|| problems::no_weekday(at(last), last, nearest(last, WEEKDAYS)))
}

/// `bank holidays closed`, `12/25 closed`: days of a schedule's line that no plan knows.
pub(super) fn days_of_line(text: &str, span: Span) -> Option<Diagnostic> {
    let piece = text[span.range()].trim();
    let words: Vec<&str> = piece.split_whitespace().take(2).collect();
    let [first, second] = words.as_slice() else { return None };
    let start = span.start as usize;
    if let Some(problem) = slashed(Span::new(start, start + first.len()), first) {
        return Some(problem);
    }
    let is_other = |word: &str| word.chars().all(|c| c.is_ascii_alphabetic()) && !is_reserved(word);
    let end = first.len() + piece[first.len()..].find(second)? + second.len();
    let is_range = matches!(*second, "to" | "through" | "until" | "till" | "thru");
    (is_other(first) && is_other(second) && !is_range)
        .then(|| problems::no_such_day(Span::new(start, start + end), &piece[..end]))
}

/// `12/25`
fn slashed(span: Span, word: &str) -> Option<Diagnostic> {
    let (first, second) = word.split_once('/')?;
    let number = |part: &str| part.parse::<u8>().ok().filter(|_| part.len() <= 2);
    let (first, second) = (number(first)?, number(second)?);
    let fits = |month: u8, day: u8| (1..=12).contains(&month) && (1..=31).contains(&day);
    let day = |month: u8, day: u8| fits(month, day).then(|| format!("every {month:02}-{day:02}"));
    let other = day(second, first).filter(|_| first != second);
    let readings: Vec<String> = day(first, second).into_iter().chain(other).collect();
    (!readings.is_empty()).then(|| problems::day_without_year(span, word, &readings))
}

/// The first words of statements and definitions.
fn in_heads(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    let expects = |kind: Rule| expected.contains(&kind);
    let is_word = found.starts_with(|c: char| c.is_ascii_alphabetic());
    if expected == [Rule::text] {
        let before = text[..span.start as usize].trim_end();
        if matches!(found, "when" | "{") && before.ends_with("rule") {
            return Some(problems::rule_without_name(
                span,
                Span::new(before.len() - "rule".len(), span.start as usize),
            ))
            .filter(|_| found == "when");
        }
        return is_word.then(|| quote(text, span)).filter(|_| !is_reserved(found));
    }
    if expects(Rule::TO) && (is_word || found.starts_with('"')) {
        return Some(problems::missing_word(span, found, "to", &format!("route to {found}")));
    }
    if found == "route" && (expects(Rule::target) || expects(Rule::target_path)) {
        let again = &text[span.end as usize..];
        let to = again.trim_start_matches([' ', '\t']);
        let length = if word_at(to) == "to" { again.len() - to.len() + "to".len() } else { 0 };
        let whole = Span::new(span.start as usize, span.end as usize + length);
        return Some(problems::doubled_word(whole, &text[whole.range()], "route to"));
    }
    if found == "to" && (expects(Rule::target) || expects(Rule::target_path)) {
        return Some(problems::superfluous(Grade::Safe, span, found, "an agent's name"));
    }
    if expects(Rule::EQUALS) && !matches!(found, "" | "{" | "}") {
        let shown = if found.len() < 40 { format!("= {found}") } else { "=".to_owned() };
        return Some(match found {
            ":" | "==" | ":=" | "===" | "=>" | "is" | "are" | "means" => problems::misspelled(span, found, "="),
            _ => problems::missing_word(span, found, "=", &shown),
        });
    }
    if expects(Rule::PRE_CONVERSATION_WORKFLOW) {
        let end = text[..span.start as usize].trim_end().len();
        let diagnostic = problems::unexpected(span, found, "`pre_conversation_workflow`");
        let place = Span::new(end, end);
        let is_next = found.is_empty() || is_reserved(found) || found == "}";
        let mend = ("write `skip pre_conversation_workflow`", " pre_conversation_workflow");
        return is_next.then(|| diagnostic.fix(mend.0, place, mend.1));
    }
    if expects(Rule::name) && found.starts_with('"') {
        let name = found.trim_matches('"');
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.is_empty();
        let message = format!("a name stands without quotes: `{name}`");
        return is_name.then(|| problems::write_instead(Grade::Safe, span, message, name));
    }
    if expects(Rule::rule_head_alone) || (expects(Rule::WHEN) && (expects(Rule::block) || expects(Rule::OPEN))) {
        if found == "if" {
            return Some(problems::misspelled(span, found, "when"));
        }
        if is_word || found == "(" {
            return Some(problems::missing_word(span, found, "when", &format!("when {found}")));
        }
    }
    None
}

/// Tests and their values.
fn in_conditions(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    let expects = |kind: Rule| expected.contains(&kind);
    let rest = &text[span.start as usize..];
    if found == "(" && (expects(Rule::value) || expects(Rule::entry_alone)) {
        let digits = |c: char| c.is_ascii_digit() || matches!(c, '(' | ')' | ' ' | '-' | '.');
        let number = rest[..rest.find(|c| !digits(c)).unwrap_or(rest.len())].trim_end_matches([' ', '.', '-']);
        let is_number = number.bytes().filter(u8::is_ascii_digit).count() >= 5;
        let whole = Span::new(span.start as usize, span.start as usize + number.len());
        return is_number.then(|| problems::paper_number(whole, number));
    }
    if (expects(Rule::binding) || expects(Rule::AS)) && found.starts_with(|c: char| c.is_ascii_lowercase()) {
        let is_name = !is_reserved(found) && !text[..span.start as usize].trim_end().ends_with(" as");
        return is_name.then(|| problems::missing_word(span, found, "as", &format!("as {found}")));
    }
    if found == "between" && expects(Rule::predicate) {
        return between(span, line_from(text, span.start as usize));
    }
    let line_before = line_before(text, span.start as usize);
    if found == ".." && (line_before.contains("now in ") || line_before.contains("now not in ")) {
        return Some(problems::now_in_range(span));
    }
    let is_arrow = found == "=>" || found == "do" || found == ">" && line_before.ends_with('-');
    if is_arrow && (expects(Rule::OPEN) || found == ">") {
        return Some(problems::block_without_braces(span, if found == ">" { "->" } else { found }));
    }
    if expects(Rule::OPEN) && expects(Rule::COMMA) && line_before.contains(" except ") && !is_reserved(found) {
        let before = line_before.trim_end();
        let first = &before[before.rfind([' ', ',']).map_or(0, |at| at + 1)..];
        let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic());
        return (is_word(first) && is_word(found)).then(|| problems::two_words(span, first, found));
    }
    if expects(Rule::OPEN) && expects(Rule::connective) && STATEMENTS.contains(&found) {
        return Some(problems::block_without_braces(span, found));
    }
    if found == "," && expects(Rule::OPEN) && expects(Rule::connective) {
        return missing_brackets(text, span);
    }
    if expects(Rule::LIST_OPEN) && found.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '"')) {
        let line = line_from(text, span.start as usize).split('#').next()?;
        let values = line.split(" except ").next().unwrap_or(line).trim_end();
        let list = Span::new(span.start as usize, span.start as usize + values.len());
        let lone = !expects(Rule::value) && !expects(Rule::single) && !values.contains(['[', ']', '{', '}']);
        return lone.then(|| problems::missing_brackets(list, list, values));
    }
    None
}

/// The rest of a line, as far as a mend looks: one that is longer is no line of a person.
fn line_from(text: &str, start: usize) -> &str {
    let rest = &text[start..text.floor_char_boundary((start + LONGEST_LINE).min(text.len()))];
    rest.lines().next().unwrap_or_default()
}

/// What stands before a place on its line, as far as a mend looks.
fn line_before(text: &str, at: usize) -> &str {
    let start = text.floor_char_boundary(at.saturating_sub(LONGEST_LINE));
    text[start..at].rsplit('\n').next().unwrap_or_default()
}

/// `between 09:00 and 17:00`
fn between(span: Span, rest: &str) -> Option<Diagnostic> {
    let (low, after) = rest["between".len()..].split_once(" and ")?;
    let (low, after) = (low.trim(), after.trim_start());
    let high = &after[..after.find([' ', '\n', '{', ')']).unwrap_or(after.len())];
    let is_value = |value: &str| !value.is_empty() && !value.contains([' ', '\n', '"', '{', '}']);
    if !(is_value(low) && is_value(high)) {
        return None;
    }
    let is_time = low.contains(':') || low.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_window = is_time || [low, high].into_iter().any(|end| end.ends_with('m'));
    let plain = plain_window(&format!("{low} to {high}")).filter(|_| is_window);
    let plain = plain.unwrap_or_else(|| format!("{low}{}{high}", if is_time { "-" } else { ".." }));
    let mend = format!("in {plain}");
    let end = rest.len() - after.len() + high.len();
    // A window leaves out its last minute, and `between` may not.
    let grade = if is_window { Grade::Suggestion } else { Grade::Safe };
    Some(problems::between(grade, Span::new(span.start as usize, span.start as usize + end), &mend))
}

/// `caller in +44*, +49* {`
fn missing_brackets(text: &str, span: Span) -> Option<Diagnostic> {
    let comma = span.start as usize;
    let line = text.floor_char_boundary(comma.saturating_sub(LONGEST_LINE));
    let line = text[line..comma].rfind('\n').map_or(line, |at| line + at + 1);
    let start = text[line..comma].rfind(" in ").map(|at| line + at + " in ".len())?;
    let rest = line_from(text, start);
    let ends = [" {", " and ", " or ", ")"].iter().filter_map(|mark| rest.find(mark)).min().unwrap_or(rest.len());
    let values = rest[..ends].trim();
    let whole = Span::new(start, start + values.len());
    let is_plain = !values.contains(['[', ']', '{', '#']) && start + values.len() > comma;
    is_plain.then(|| problems::missing_brackets(span, whole, values))
}

/// Commas and colons that are missing, or stand once too often.
fn between_values(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    let expects = |kind: Rule| expected.contains(&kind);
    let is_value = found.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '"' | '_'));
    let closes = expects(Rule::LIST_CLOSE) || expects(Rule::CLOSE);
    if expects(Rule::COMMA) && closes && is_value {
        // Where entries of a list can be told apart, they have been: see `notation`.
        return Some(match expects(Rule::LIST_CLOSE) {
            true => problems::no_comma(span, found),
            false => problems::missing_comma(text, span, found, comma(text, span, found)),
        });
    }
    if found == "," && expects(Rule::LIST_CLOSE) && !expects(Rule::COMMA) {
        // A comma typed twice is one too many; one apart from another, or first in its list, may miss a value.
        let is_doubled = text[..span.start as usize].ends_with(',');
        let grade = if is_doubled { Grade::Safe } else { Grade::Suggestion };
        return Some(problems::superfluous(grade, span, found, "a value or `]`"));
    }
    if expects(Rule::member) || expects(Rule::word) && expects(Rule::CLOSE) {
        let key = found.trim_matches('"');
        let is_key = found.starts_with('"') && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let message = format!("a key stands without quotes: `{key}`");
        return (is_key && !key.is_empty()).then(|| problems::write_instead(Grade::Safe, span, message, key));
    }
    if expects(Rule::COLON) && matches!(found, "=" | "=>" | "==" | ":=" | "is") {
        return Some(problems::misspelled(span, found, ":"));
    }
    if expects(Rule::COLON) && is_value && !found.ends_with(':') {
        let end = text[..span.start as usize].trim_end().len();
        let place = Span::new(end, end);
        let problem = problems::unexpected(span, found, "`:`");
        let in_number = value_before(&text[..end]).starts_with('+') && found.starts_with(|c: char| c.is_ascii_digit());
        return Some(if in_number { problem } else { problem.fix("put a `:` between them", place, ":") });
    }
    None
}

/// How far a comma may be put between a value and the one before it: safe where they are plainly two. On one line, two
/// numbers or dates may be the ends of a range. Within a telephone number, or after a date, nothing is offered.
pub(super) fn comma(text: &str, span: Span, found: &str) -> Option<Grade> {
    let before = text[..span.start as usize].trim_end();
    let previous = value_before(before);
    let on_next_line = text[before.len()..span.start as usize].contains('\n');
    let is_word = |value: &str| value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_text = |value: &str| value.ends_with('"');
    let is_key = is_word(found) && text[span.end as usize..].trim_start().starts_with(':');
    let opens_number = |value: &str| value.starts_with('+');
    if is_key || on_next_line {
        return Some(Grade::Safe);
    }
    if is_text(previous) || is_text(found) {
        let digits = |value: &str| value.trim_matches('"').bytes().all(|byte| byte.is_ascii_digit());
        return Some(if digits(previous) && digits(found) { Grade::Suggestion } else { Grade::Safe });
    }
    let in_number = opens_number(previous) && !opens_number(found);
    let in_date = previous.contains('-') && !is_word(previous) && !opens_number(previous) && is_word(found);
    (!in_number && !in_date && !found.contains(':')).then_some(Grade::Suggestion)
}

/// The value that ends a text: of a number with spaces in it, all of it.
fn value_before(before: &str) -> &str {
    let line = before
        .rfind('\n')
        .map_or(0, |at| at + 1)
        .max(before.floor_char_boundary(before.len().saturating_sub(LONGEST_LINE)));
    let line = &before[line..];
    let entry = line[line.rfind([',', '[', ':', '{']).map_or(0, |at| at + 1)..].trim_start();
    if entry.starts_with('+') {
        return &entry[entry.rfind('+').unwrap_or(0)..];
    }
    &entry[entry.rfind([' ', '\t']).map_or(0, |at| at + 1)..]
}

/// Lines of schedules.
fn in_lines(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
    if !expected.contains(&Rule::hours) {
        return None;
    }
    if found == ":" {
        return Some(problems::unexpected(span, found, "hours such as `09:00-17:00`").fix(
            "take out the `:`",
            span,
            "",
        ));
    }
    let before = text[..span.start as usize].trim_end();
    let first = &before[before.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len()..];
    let last = word_at(text[span.end as usize..].trim_start());
    if matches!(found, "to" | "through" | "until" | "till") && !first.is_empty() && !last.is_empty() {
        let after = &text[span.end as usize..];
        let end = span.end as usize + (after.len() - after.trim_start().len()) + last.len();
        let whole = Span::new(before.len() - first.len(), end);
        let plain = |word: &str| weekday(&word.to_ascii_lowercase()).map_or(word.to_owned(), str::to_owned);
        let mend = format!("{}-{}", plain(first), plain(last));
        let message = format!("a range of weekdays is written with `-`: `{mend}`");
        let names_days = is_weekday(first) && is_weekday(last) && matches!(found, "to" | "through");
        let grade = if names_days { Grade::Safe } else { Grade::Suggestion };
        return Some(problems::write_instead(grade, whole, message, &mend));
    }
    None
}

fn is_weekday(word: &str) -> bool {
    matches!(word, "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")
}

/// A day as people write it: `Dec 25`, `25 December`, `2026/12/25`, `fifth mon of month`.
pub(super) fn day(text: &str, span: Span) -> Option<Diagnostic> {
    if let Some(problem) = near_every(text, span) {
        return Some(problem);
    }
    let piece = text[span.range()].trim();
    let words: Vec<&str> = piece.split_whitespace().collect();
    if let Some(first) = words.first().filter(|word| matches!(**word, "fifth" | "1st" | "2nd" | "3rd" | "4th" | "5th"))
    {
        return Some(problems::no_such_ordinal(
            Span::new(span.start as usize, span.start as usize + first.len()),
            first,
        ));
    }
    if words.first().is_some_and(|first| first.contains(':') && first.starts_with(|c: char| c.is_ascii_digit())) {
        let whole = Span::new(span.start as usize, span.start as usize + piece.len());
        return Some(problems::hours_without_days(whole, piece));
    }
    if let [which @ ("first" | "second" | "third" | "fourth" | "last"), "day", ..] = words[..] {
        let at = span.start as usize + which.len() + piece[which.len()..].find("day")?;
        let message = format!("a month's days are counted by weekdays: `{which} mon-sun of month`");
        return Some(problems::write_instead(Grade::Safe, Span::new(at, at + "day".len()), message, "mon-sun"));
    }
    if let ["every", count, "days" | "weeks" | "week" | "months" | "month", ..]
    | ["every", count @ ("week" | "month" | "other"), ..] = words[..]
    {
        let whole = Span::new(span.start as usize, span.start as usize + piece.len());
        return Some(problems::no_rhythm(whole, count));
    }
    let month = |word: &str| {
        let lower = word.to_ascii_lowercase();
        word.is_ascii().then(|| MONTHS.iter().position(|month| lower.starts_with(month)))?.map(|at| at + 1)
    };
    let day = |word: &str| word.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h', '.']).parse::<u8>().ok();
    let words = words.strip_prefix(&["every"]).unwrap_or(&words);
    let (grade, mend) = match *words {
        // It could be a day of one year.
        [first, second] => {
            let (month, day) = month(first).zip(day(second)).or_else(|| month(second).zip(day(first)))?;
            (Grade::Suggestion, format!("every {month:02}-{day:02}"))
        }
        [only] => {
            let mut parts = only.split('/');
            let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
            let is_date = year.len() == 4 && parts.next().is_none();
            let number = |part: &str| part.parse::<u16>().ok().filter(|_| is_date);
            (Grade::Safe, format!("{}-{:02}-{:02}", number(year)?, number(month)?, number(day)?))
        }
        _ => return None,
    };
    let whole = Span::new(span.start as usize, span.start as usize + piece.len());
    let message = format!("`{piece}` is no day as a plan writes it; write `{mend}`");
    Some(problems::write_instead(grade, whole, message, &mend))
}

/// A name or a sentence that stands without its quotes.
fn quote(text: &str, span: Span) -> Diagnostic {
    let start = span.start as usize;
    let line = line_from(text, start);
    let ended = [" when ", " by ", " {", " #"].iter().filter_map(|mark| line.find(mark)).min().unwrap_or(line.len());
    let sentence = line[..ended].trim_end();
    let whole = Span::new(start, start + sentence.len());
    let diagnostic = problems::unexpected(whole, sentence, "a text in double quotes");
    if sentence.contains(['"', '{', '}', '\\']) {
        diagnostic
    } else {
        // A word after `=` may be the name of another agent, and no id.
        let grade = if text[..start].trim_end().ends_with('=') { Grade::Suggestion } else { Grade::Safe };
        diagnostic.fix_as(grade, "put it in quotes", whole, format!("\"{sentence}\""))
    }
}
