//! Editor help. `tests/assist/complete` and `tests/assist/hover` have a plan for each case, in
//! which `‸` marks places; the snapshot beside it lists what a page would show at each. Then the
//! plans in `examples/` are cut before each word, and the word must be offered again.

use crate::plans::snapshot_beside;
use callplan::assist::{CompletionItem, CompletionKind, Hover, KnownAgent, Surroundings, complete, hover};
use callplan::diagnostics::Code;
use callplan::fields::FIELDS;
use callplan::phone::Country;
use callplan::source::Span;
use callplan::{Problems, Source, syntax};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

const MARK: char = '‸';

fn agents() -> Vec<KnownAgent> {
    let agent = |id: &str, name: &str, active, newest_published| KnownAgent {
        id: id.to_owned(),
        name: name.to_owned(),
        active,
        newest_published,
    };
    vec![
        agent("0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11", "Front desk", true, Some(3)),
        agent("5c11d3c2-1d2f-4d53-8f0a-3c6f3b0b9a77", "After hours", true, None),
        agent("9e2d1c7a-8a44-4b6e-bb1f-6f0a2f1d5c90", "2nd line, Zürich", false, Some(1)),
    ]
}

/// The surroundings: a Monday noon in New York.
fn with_around<T>(ask: impl FnOnce(&Surroundings) -> T) -> T {
    let (agents, on) = (agents(), ["storm".to_owned()]);
    let now = "2026-03-02T17:00:00Z".parse().expect("an instant");
    ask(&Surroundings { agents: &agents, switches_on: &on, now })
}

fn completed(text: &str, at: usize) -> (Span, Vec<CompletionItem>) {
    let source = Source::new("plan", text);
    let place = source.position(u32::try_from(at).expect("a short text"));
    let found = with_around(|around| complete(&source, place.line, place.column, around));
    (found.span, found.items)
}

fn hovered(text: &str, at: usize) -> Option<Hover> {
    let source = Source::new("plan", text);
    let place = source.position(u32::try_from(at).expect("a short text"));
    with_around(|around| hover(&source, place.line, place.column, around))
}

/// The marked places of a case, each with the text without marks, and its line with this mark.
fn places(case: &str) -> Vec<(String, usize, String)> {
    let text = case.replace(MARK, "");
    let marks = case.match_indices(MARK).enumerate().map(|(number, (at, _))| at - number * MARK.len_utf8());
    let place = |at: usize| {
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
        (text.clone(), at, format!("{}{MARK}{}", &text[start..at], &text[at..end]))
    };
    marks.map(place).collect()
}

fn each_case(folder: &str, outcome: impl Fn(&str, usize) -> String) {
    insta::glob!("../assist", &format!("{folder}/*.callplan"), |path| {
        let (settings, name) = snapshot_beside(path);
        let case = std::fs::read_to_string(path).expect("a case");
        let places = places(&case);
        assert!(!places.is_empty(), "{name} marks no place");
        let outcomes = places.iter().map(|(text, at, line)| format!("{line}\n{}\n", outcome(text, *at)));
        let outcomes: String = outcomes.collect();
        settings.bind(|| insta::assert_snapshot!(name, outcomes.trim_end()));
    });
}

#[test]
fn completions_are_as_their_cases_say() {
    each_case("complete", |text, at| {
        let (span, items) = completed(text, at);
        let mut snapshot = String::new();
        if span.start < span.end {
            let _ = writeln!(snapshot, "    in the place of `{}`", &text[span.range()]);
        }
        for CompletionItem { label, kind, detail, insert } in items.iter().take(24) {
            let insert = if insert == label { String::new() } else { format!("  → {}", insert.replace('\n', "⏎")) };
            let _ = writeln!(snapshot, "    {:<9} {label}  ({detail}){insert}", kind.name());
        }
        match items.len() {
            0 => snapshot.push_str("    nothing\n"),
            count if count > 24 => drop(writeln!(snapshot, "    and {} more", count - 24)),
            _ => {}
        }
        snapshot
    });
}

#[test]
fn hovers_are_as_their_cases_say() {
    each_case("hover", |text, at| match hovered(text, at) {
        None => "    nothing\n".to_owned(),
        Some(Hover { span, title, text: says }) => {
            let says: String = says.lines().map(|line| format!("    {line}\n")).collect();
            format!("    [{}] {title}\n{says}", &text[span.range()])
        }
    });
}

/// The plans of `examples/`.
fn plans() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut plans: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "callplan"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(path).expect("a plan")))
        .collect();
    plans.sort();
    plans
}

/// The kind of a word of a plan, as far as the test can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Keyword,
    Field,
    Definition,
    Value,
}

/// The words of a plan outside of strings and comments, each with its kind. Names where they are
/// defined, keys and columns are left out.
fn words(text: &str) -> Vec<(Class, usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut before = "";
    let defined: BTreeSet<&str> = definitions(text);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match c {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            '+' | '0'..='9' => {
                rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+*:-".contains(c))).unwrap_or(rest.len())
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let word = &rest[..rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len())];
                let is_key = rest[word.len()..].trim_start().starts_with(':');
                let is_zone = rest[word.len()..].starts_with('/') || before == "/";
                let is_day_after = word == "day" && rest.starts_with("day after");
                let class = if is_day_after { Some(Class::Keyword) } else { class(word, before, &defined) };
                if let Some(class) = class.filter(|_| !is_key && !is_zone) {
                    found.push((class, at, word));
                }
                before = word;
                at += word.len();
                continue;
            }
            c => c.len_utf8(),
        };
        before = if c.is_whitespace() || c == '#' { before } else { &rest[..length] };
        at += length;
    }
    found
}

fn definitions(text: &str) -> BTreeSet<&str> {
    let begins = ["agent", "switch", "attribute", "numbers", "condition", "days", "schedule", "rotation", "table"];
    let words = text.lines().map(|line| line.split_whitespace());
    words.filter_map(|mut words| begins.contains(&words.next()?).then(|| words.next()).flatten()).collect()
}

fn class(word: &str, before: &str, defined: &BTreeSet<&str>) -> Option<Class> {
    let is_named = [
        "agent",
        "switch",
        "attribute",
        "numbers",
        "condition",
        "days",
        "schedule",
        "rotation",
        "table",
        "as",
        ".",
        "(",
        ",",
    ];
    if defined.contains(word) {
        return (!is_named[..10].contains(&before)).then_some(Class::Definition);
    }
    if is_named[9..].contains(&before) && before != "," {
        return None;
    }
    let is_day =
        |word: &str| "mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec".contains(word);
    let is_field = FIELDS.iter().any(|field| field.name == word)
        && !matches!((before, word), ("by", "caller") | ("on", "trunk") | ("all", "day") | ("of", "month"));
    match word {
        _ if is_field => Some(Class::Field),
        _ if word.len() == 3 && is_day(word) || Country::parse(word).is_some() => Some(Class::Value),
        "open" | "closed" | "off" | "anonymous" | "unknown" => Some(Class::Value),
        _ if syntax::is_reserved(word) => Some(Class::Keyword),
        _ => None,
    }
}

/// Whether a word is among these: itself, or as the first of several.
fn is_offered(items: &[CompletionItem], word: &str) -> bool {
    items.iter().any(|item| {
        let rest = item.insert.strip_prefix(word);
        rest.is_some_and(|rest| {
            rest.is_empty() || item.kind == CompletionKind::Keyword && rest.starts_with(' ') || rest.starts_with('-')
        })
    })
}

#[test]
fn the_word_that_stands_in_an_example_plan_is_offered_where_it_is_missing() {
    let mut counts: BTreeMap<Class, (usize, usize)> = BTreeMap::new();
    let mut missed = String::new();
    for (path, plan) in plans() {
        for (class, at, word) in words(&plan) {
            let without = format!("{}{}", &plan[..at], &plan[at + word.len()..]);
            let cut = &plan[..at];
            // A later definition does not exist where the plan is cut.
            let texts = if class == Class::Definition { vec![without.as_str()] } else { vec![without.as_str(), cut] };
            for text in texts {
                let items = completed(text, at).1;
                let count = counts.entry(class).or_default();
                count.1 += 1;
                if is_offered(&items, word) {
                    count.0 += 1;
                } else {
                    let line = plan[..at].lines().count();
                    let _ = writeln!(missed, "{path}:{line}: {class:?} `{word}`, {} items", items.len());
                }
            }
        }
    }
    let shares: Vec<String> =
        counts.iter().map(|(class, (offered, all))| format!("{class:?}: {offered} of {all}")).collect();
    println!("{}\n{missed}", shares.join(", "));
    for (class, (offered, all)) in counts {
        assert!(all > 50 && offered * 100 >= all * 99, "{class:?}: {offered} of {all} are offered\n{missed}");
    }
}

#[test]
fn what_is_offered_in_the_place_of_a_name_or_a_value_can_be_read() {
    let mut count = 0;
    for (path, plan) in plans() {
        // Days and hours may follow a date, but here the rest of the date follows.
        let is_alone = |(class, _, word): &(Class, usize, &str)| *class != Class::Keyword && *word != "closed";
        for (class, at, word) in words(&plan).into_iter().filter(is_alone) {
            let (before, after) = (&plan[..at], &plan[at + word.len()..]);
            let items = completed(&format!("{before}{after}"), at).1;
            let is_alike = |item: &&CompletionItem| {
                !matches!(item.kind, CompletionKind::Keyword | CompletionKind::Snippet)
                    && !item.insert.starts_with(|c: char| c.is_ascii_digit())
            };
            for item in items.iter().filter(is_alike).step_by(7) {
                count += 1;
                let text = format!("{before}{}{after}", item.insert);
                assert!(can_be_read(&text), "{path}: `{}` in the place of {class:?} `{word}` at {at}", item.insert);
            }
        }
    }
    assert!(count > 1_000, "{count}");
}

#[test]
fn every_snippet_can_be_read_and_is_as_far_in_as_its_line() {
    for (path, plan) in plans() {
        for (before, after) in [(format!("{plan}\n"), ""), (format!("{plan}\nrule \"Last\" {{\n  "), "\n}\n")] {
            let items = completed(&format!("{before}{after}"), before.len()).1;
            let snippets: Vec<&CompletionItem> =
                items.iter().filter(|item| item.kind == CompletionKind::Snippet).collect();
            assert!(snippets.len() >= 6, "{path}");
            for CompletionItem { insert, .. } in snippets {
                assert!(can_be_read(&format!("{before}{insert}{after}")), "{path}: {insert}");
                let is_in = after.is_empty() || insert.lines().skip(1).all(|line| line.starts_with("  "));
                assert!(is_in, "{path}: {insert}");
            }
        }
    }
}

fn can_be_read(text: &str) -> bool {
    let mut problems = Problems::new();
    syntax::parse(&Source::new("plan", text), &mut problems);
    problems.into_iter().all(|problem| problem.code != Code::Syntax)
}

/// Asks for completions and for the explanation at a place.
fn holds_together(text: &str, line: usize, column: usize) {
    let source = Source::new("plan", text);
    with_around(|around| {
        let completions = complete(&source, line, column, around);
        assert!(completions.items.len() <= 200);
        assert!(text.get(completions.span.range()).is_some(), "{:?}", completions.span);
        if let Some(hover) = hover(&source, line, column, around) {
            assert!(text.get(hover.span.range()).is_some_and(|text| !text.is_empty()), "{hover:?}");
            assert!(!hover.title.is_empty() && !hover.text.is_empty(), "{hover:?}");
        }
    });
}

#[test]
fn no_place_of_an_example_plan_is_too_much() {
    for (_, plan) in plans() {
        for at in (0..=plan.len()).filter(|at| plan.is_char_boundary(*at)).step_by(3) {
            let place = Source::new("plan", plan.as_str()).position(at as u32);
            holds_together(&plan, place.line, place.column);
        }
    }
}

#[test]
fn a_definition_that_ends_behind_its_name_has_a_meaning() {
    for definition in
        ["agent desk", "switch desk", "numbers desk", "condition desk", "days desk", "schedule desk", "table desk"]
    {
        let column = definition.find("desk").expect("its name") + 1;
        for rest in ["", " =", " {", " = [", "\nrule \"x\" { reject }"] {
            holds_together(&format!("{definition}{rest}"), 1, column);
        }
    }
}

/// Words and marks of the language, in any order.
fn any_words() -> impl Strategy<Value = String> {
    let pieces = [
        "rule",
        "\"x\"",
        "when",
        "caller",
        "in",
        "is",
        "not",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "and",
        "or",
        ".",
        "country",
        "\n",
        "route",
        "to",
        "agent",
        "a",
        "=",
        "\"",
        "table",
        "t",
        ",",
        ":",
        "as",
        "schedule",
        "mon",
        "-",
        "09:00",
        "every",
        "metadata",
        "split",
        "by",
        "5",
        "%",
        "example",
        "call",
        "from",
        "+1415*",
        "expect",
        "at",
        "with",
        "days",
        "last",
        "of",
        "numbers",
        "except",
        "context",
        "\"{a.",
        "#",
        "é",
        "\\",
        "America/New_York",
        "timezone",
        "switch",
        "attribute",
        "rotation",
        "contains",
        "starts",
        "<=",
        "..",
    ];
    let word = prop::sample::select(pieces.to_vec());
    let space = prop::sample::select(vec!["", " ", " ", "\r\n"]);
    prop::collection::vec((word, space), 0..60)
        .prop_map(|words| words.into_iter().map(|(word, space)| format!("{word}{space}")).collect())
}

proptest! {
    #[test]
    fn any_text_at_any_place_has_an_answer(
        text in prop_oneof![any_words(), "(?s:.{0,60})"],
        line in 0_usize..9,
        column in 0_usize..90,
    ) {
        holds_together(&text, line, column);
    }

    #[test]
    fn a_plan_that_is_cut_anywhere_has_an_answer(plan in 0_usize..21, start in 0.0..1.0, end in 0.0..1.0, far in any::<usize>()) {
        let plans = plans();
        let plan = &plans[plan % plans.len()].1;
        let place = |part: f64| plan.floor_char_boundary((part * plan.len() as f64) as usize);
        let (start, end) = (place(start).min(place(end)), place(start).max(place(end)));
        let text = format!("{}{}", &plan[..start], &plan[end..]);
        let place = Source::new("plan", text.as_str()).position(start as u32);
        holds_together(&text, place.line, place.column);
        holds_together(&text, far, far);
    }
}
