//! The first words of statements and definitions, and the names and texts that follow them.

use super::attributes::attribute;
use super::line_from;
use crate::diagnostics::{Diagnostic, Grade};
use crate::source::Span;
use crate::syntax::unreadable::word_at;
use crate::syntax::{Rule, is_reserved, problems};

/// The first words of statements and definitions.
pub(super) fn in_heads(text: &str, span: Span, found: &str, expected: &[Rule]) -> Option<Diagnostic> {
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
        let replacement = ("write `skip pre_conversation_workflow`", " pre_conversation_workflow");
        return is_next.then(|| diagnostic.fix(replacement.0, place, replacement.1));
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

/// A definition without its name, when it could not be read: `schedule { … }`, `agent = "…"`.
pub(in crate::syntax) fn nameless(text: &str, keyword: Span, word: &str) -> Option<Diagnostic> {
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
pub(in crate::syntax) fn statement(text: &str, span: Span, found: &str) -> Option<Diagnostic> {
    if found == "attribute" {
        return Some(attribute(text, span));
    }
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
            "a definition begins with what it defines: `agent`, `numbers`, `schedule`, `switch`, `days`, `table`, `condition` or `attribute`"
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
