//! Places are right, however a plan is spaced: every span of a problem, a fix or a step lies on
//! words, and a byte-order mark moves it by its three bytes and changes nothing else.
//!
//! `PLACES_PLANS` and `PLACES_SEED` change the random plans.

use crate::plans::Case;
use crate::support::{Random, Writer, setting};
use callplan::diagnostics::{Diagnostic, Edit};
use callplan::format::format;
use callplan::source::Span;
use callplan::{Call, Problems, Report, Source, syntax};
use std::path::PathBuf;

const MARK: char = '\u{feff}';
/// The text of the inserted comments, which no message or step may show.
const HIDDEN: &str = "¤";

/// All examples and cases, and random plans.
fn texts() -> Vec<(String, String)> {
    let folders = ["examples", "tests/cases/syntax", "tests/cases/check", "tests/cases/warn", "tests/cases/eval"];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("a folder of plans"));
    let paths = files.map(|file| file.expect("a file").path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "callplan")).collect();
    paths.sort();
    let read = |path: &PathBuf| std::fs::read_to_string(path).expect("a plan in UTF-8");
    let mut texts: Vec<_> = paths.iter().map(|path| (path.display().to_string(), read(path))).collect();
    assert!(texts.len() > 100, "the cases are found");
    let (plans, seed) = (setting("PLACES_PLANS", 12), setting("PLACES_SEED", 1));
    texts.extend((0..plans).map(|at| {
        let mut random = Random::new(seed * 1_000_003 + at);
        let rules = 2 + random.below(12);
        (format!("made with seed {seed}: {at}"), Writer::sample(&mut random, rules).text)
    }));
    texts
}

fn is_readable(text: &str) -> bool {
    let mut problems = Problems::new();
    syntax::parse(&Source::new("plan", text), &mut problems);
    !problems.has_errors()
}

#[test]
fn a_byte_order_mark_moves_places_by_three_bytes_and_nothing_else() {
    let mut problems = 0;
    for (name, text) in texts() {
        let text = text.trim_start_matches(MARK);
        let case = Case::new(&name, text.to_owned());
        let (plain, marked) = (case.check(), case.check_text(&format!("{MARK}{text}")));
        let shown = |report: &Report| -> Vec<Diagnostic> { report.problems.iter().cloned().collect() };
        let (expected, found) = (shown(&plain), shown(&marked));
        let marked_source = Source::new("marked", format!("{MARK}{text}"));
        for problem in &expected {
            problems += 1;
            let (one, other) =
                (case.source.position(problem.span.start), marked_source.position(problem.span.start + 3));
            assert_eq!(one, other, "{name}: {problem:#?}");
        }
        let expected: Vec<Diagnostic> = expected.into_iter().map(|problem| moved(problem, 3)).collect();
        assert_eq!(expected, found, "{name}\n{text}");
        let calls = |report: &Report| -> Vec<(callplan::Decision, Vec<String>)> {
            let plan = report.plan.iter();
            let examples = plan.flat_map(|plan| plan.examples().iter().map(|example| plan.explain(example.call())));
            let lines = |step: &callplan::call::Step| format!("{} {} {:?}", step.line, step.statement, step.because);
            examples.map(|(decision, trace)| (decision, trace.steps.iter().map(lines).collect())).collect()
        };
        assert_eq!(calls(&plain), calls(&marked), "{name}");
        assert_eq!(layout(text).map(|text| format!("{MARK}{text}")), layout(&format!("{MARK}{text}")), "{name}");
    }
    assert!(problems > 200, "{problems} problems");
}

fn layout(text: &str) -> Option<String> {
    let tree = syntax::parse(&Source::new("plan", text), &mut Problems::new())?;
    format(&tree)
}

fn moved(mut problem: Diagnostic, by: u32) -> Diagnostic {
    let shift = |span: &mut Span| *span = Span { start: span.start + by, end: span.end + by };
    shift(&mut problem.span);
    problem.notes.iter_mut().filter_map(|note| note.span.as_mut()).for_each(shift);
    problem.fixes.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|edit| shift(&mut edit.span));
    problem
}

#[test]
fn every_place_lies_on_words_however_a_plan_is_spaced() {
    let (mut places, mut faults) = (0, Vec::new());
    for (name, text) in texts() {
        let text = text.trim_start_matches(MARK);
        let case = Case::new(&name, text.to_owned());
        places += judge(&name, text, &case.check_text(text), &mut faults);
        if is_readable(text) {
            let spread = spread(text);
            places += judge(&format!("{name}, spread"), &spread, &case.check_text(&spread), &mut faults);
        }
    }
    println!("{places} places");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(places > 2_000, "{places} places");
}

/// Checks every place and text of a plan's problems; gives the number of places.
fn judge(name: &str, text: &str, report: &Report, faults: &mut Vec<String>) -> usize {
    let words = Words::of(text);
    let mut places = 0;
    for problem in report.problems.iter() {
        let shown = |span: &Span| {
            let piece = text.get(span.range()).unwrap_or_default();
            format!("{span:?} `{piece}` of {name}: [{}] {}", problem.code.name(), problem.message)
        };
        let notes = problem.notes.iter().filter_map(|note| note.span);
        for span in std::iter::once(problem.span).chain(notes) {
            places += 1;
            faults.extend(words.fault(span, false).map(|fault| format!("a place {fault}: {}", shown(&span))));
        }
        for Edit { span, text } in problem.fixes.iter().flat_map(|fix| &fix.edits) {
            places += 1;
            let fault = words.fault(*span, text.is_empty());
            faults.extend(fault.map(|fault| format!("an edit {fault}: {}", shown(span))));
        }
        let texts = [&problem.message, &problem.label].into_iter().chain(&problem.help);
        let texts = texts.chain(problem.notes.iter().map(|note| &note.message));
        for text_shown in texts.chain(problem.fixes.iter().map(|fix| &fix.title)) {
            let is_clean = !text_shown.contains(HIDDEN) && !text_shown.contains(char::is_control);
            faults.extend(
                (!is_clean)
                    .then(|| format!("a message shows a comment or a control character: {text_shown:?}, {name}")),
            );
        }
    }
    let Some(plan) = &report.plan else { return places };
    let calls = plan.examples().iter().map(|example| example.call().clone()).chain(some_calls());
    for call in calls {
        for step in plan.explain(&call).1.steps {
            for span in [Some(step.span), step.test_span].into_iter().flatten() {
                places += 1;
                faults.extend(words.fault(span, false).map(|fault| format!("a step {fault}: {span:?} of {name}")));
            }
            let said = format!("{} {}", step.statement, step.because.unwrap_or_default());
            let is_clean =
                !said.contains(HIDDEN) && !said.contains(char::is_control) && !step.statement.ends_with([' ', '{']);
            faults.extend((!is_clean).then(|| format!("a step shows more than its words: {said:?} of {name}")));
        }
    }
    places
}

fn some_calls() -> impl Iterator<Item = Call> {
    let of = |caller: &str, trunk: Option<&str>| Call {
        trunk_id: trunk.map(str::to_owned),
        ..Call::new("+442079460123", "2026-12-01T10:00:00Z".parse().expect("an instant")).with_caller(caller)
    };
    [of("+14155550100", None), of("anonymous", Some("east")), of("+442079460000", Some("a"))].into_iter()
}

/// The same plan with three spaces for each one, a comment at the end of each line, and rules with
/// odd names. The comments at its top, with the settings of a case, stay.
fn spread(text: &str) -> String {
    let mut spread = String::new();
    let mut rest = text;
    let mut before = "";
    while let Some(first) = rest.chars().next() {
        let length = token(rest);
        let (token, after) = rest.split_at(length);
        match first {
            ' ' => spread.push_str("   "),
            '\n' => spread.push_str(&format!("   # {HIDDEN} {{ }} \" é [\n")),
            '"' if before == "rule" => spread.push_str(&format!("\"é \\\"\\\\\\t\\{{ {}", &token[1..])),
            _ => spread.push_str(token),
        }
        if !token.trim().is_empty() {
            before = token;
        }
        rest = after;
    }
    // The settings of a case are read to the end of their lines.
    spread
}

/// The length of the first token of a text: a string, a comment, a word, or one character.
fn token(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    match bytes[0] {
        b'"' => {
            let mut at = 1;
            while at < bytes.len() && bytes[at] != b'"' && bytes[at] != b'\n' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            rest.ceil_char_boundary((at + 1).min(rest.len()))
        }
        b'#' => rest.find('\n').unwrap_or(rest.len()),
        byte if is_word(byte) => bytes.iter().position(|byte| !is_word(*byte)).unwrap_or(rest.len()),
        _ => rest.chars().next().map_or(1, char::len_utf8),
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The places of the strings and the comments of a text.
struct Words<'t> {
    text: &'t str,
    comments: Vec<(usize, usize)>,
    quoted: Vec<(usize, usize)>,
}

impl<'t> Words<'t> {
    fn of(text: &'t str) -> Self {
        let (mut comments, mut quoted) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < text.len() {
            let length = token(&text[at..]);
            match text.as_bytes()[at] {
                b'#' => comments.push((at, at + length)),
                b'"' => quoted.push((at, at + length)),
                _ => {}
            }
            at += length;
        }
        Self { text, comments, quoted }
    }

    /// The error in a place. A fix that removes something may remove the space beside it.
    fn fault(&self, span: Span, deletes: bool) -> Option<&'static str> {
        let (start, end) = (span.start as usize, span.end as usize);
        if start > end || end > self.text.len() {
            return Some("is not in the text");
        }
        let bytes = self.text.as_bytes();
        for at in [start, end] {
            if !self.text.is_char_boundary(at) {
                return Some("is inside of a character");
            }
            let is_inside = |(from, to): &(usize, usize)| *from < at && at < *to;
            if self.comments.iter().any(is_inside) {
                return Some("begins or ends in a comment");
            }
            let cuts = at > 0 && at < bytes.len() && is_word(bytes[at - 1]) && is_word(bytes[at]);
            if cuts && start != end && !self.quoted.iter().any(is_inside) {
                return Some("cuts a word");
            }
        }
        let piece = &self.text[start..end];
        if deletes {
            return None;
        }
        let is_in_text = self.quoted.iter().any(|(from, to)| *from < start && end <= *to);
        if piece != piece.trim_matches([' ', '\t', '\n', '\r']) && !is_in_text {
            return Some("has space at an end");
        }
        let ends_with_comment = self.comments.iter().any(|(from, to)| start <= *from && *to == end && *from < end);
        ends_with_comment.then_some("has a comment at an end")
    }
}
