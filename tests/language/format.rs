//! The layout of plans: a case for each behavior in `tests/cases/format/`, and laws that hold for
//! any plan, however it is written.

use crate::plans::snapshot_beside;
use callplan::diagnostics::Problems;
use callplan::format::format;
use callplan::source::Source;
use callplan::syntax;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// The text in its layout, if it was read without a problem.
fn formatted(text: &str) -> Option<String> {
    let tree = read(text)?;
    Some(format(&tree).unwrap_or_else(|| panic!("a plan without a problem has a layout:\n{text}")))
}

fn read(text: &str) -> Option<syntax::Tree> {
    let mut problems = Problems::new();
    let tree = syntax::parse(&Source::new("plan", text), &mut problems)?;
    problems.is_empty().then_some(tree)
}

#[test]
fn cases() {
    insta::glob!("../cases/format", "*.callplan", |path| {
        let (settings, name) = snapshot_beside(path);
        let text = std::fs::read_to_string(path).unwrap();
        laws(&text);
        settings.bind(|| insta::assert_snapshot!(name, formatted(&text).unwrap()));
    });
}

/// `UPDATE_EXAMPLES=1 cargo test --test language format` formats them.
#[test]
fn the_examples_are_in_the_layout() {
    insta::glob!("../../examples", "*.callplan", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let layout = formatted(&text).unwrap();
        if std::env::var_os("UPDATE_EXAMPLES").is_some() {
            std::fs::write(path, &layout).unwrap();
        } else {
            assert_eq!(text, layout, "{}", path.display());
        }
        laws(&text);
    });
}

#[test]
fn what_could_not_be_read_has_no_layout() {
    for text in ["rule \"x\" when { reject }", "numbers x = [+1, !]", "when caller between +1 { reject }"] {
        let tree = syntax::parse(&Source::new("plan", text), &mut Problems::new()).unwrap();
        assert_eq!(format(&tree), None, "{text}");
    }
}

#[test]
fn an_empty_text_stays_empty() {
    assert_eq!(formatted("").as_deref(), Some(""));
    assert_eq!(formatted(" \r\n\n").as_deref(), Some(""));
}

/// A long cell does not make all other rows as long.
#[test]
fn padding_is_in_proportion_to_the_text() {
    let rows: String = (0..1000).map(|row| format!("+1415555{row:04}: \"x\", 1\n")).collect();
    let text = format!("table t (a, b) {{ +1: \"{}\", 2\n{rows} }}", "long ".repeat(2000));
    assert!(formatted(&text).unwrap().len() < 2 * text.len());
}

/// Formatting keeps the plan and its comments, changes nothing the second time, and leaves no
/// untidy line.
fn laws(text: &str) {
    let Some(first) = formatted(text) else { panic!("this was expected to be read:\n{text}") };
    let same =
        |layout: &str| shape(layout).unwrap_or_else(|| panic!("from\n{text}\ncame what cannot be read:\n{layout}"));
    assert_eq!(same(text), same(&first), "the plan of\n{text}\nis not that of\n{first}");
    assert_eq!(comments(text), comments(&first), "the comments of\n{text}\nare not those of\n{first}");
    let second = formatted(&first).unwrap();
    assert_eq!(first, second, "formatting again changes\n{first}");
    assert!(first.is_empty() || first.ends_with('\n') && !first.ends_with("\n\n"), "{first:?}");
    for line in first.lines() {
        assert_eq!(line, line.trim_end_matches([' ', '\t', '\r']));
    }
    assert!(!first.contains("\n\n\n") && !first.starts_with('\n'), "{first:?}");
}

/// The tree without its places, `9:00` as `09:00`.
fn shape(text: &str) -> Option<String> {
    let tree = format!("{:?}", read(text)?.plan);
    let mut shape = String::new();
    for (index, piece) in tree.split("Span { start: ").enumerate() {
        // What follows a place begins after its brace.
        shape.push_str(if index == 0 { piece } else { piece.split_once(" }").unwrap().1 });
    }
    for hour in 0..10 {
        shape = shape.replace(&format!("text: \"{hour}:"), &format!("text: \"0{hour}:"));
    }
    Some(shape)
}

fn comments(text: &str) -> Vec<&str> {
    let mut comments = Vec::new();
    for_each_piece(text, |piece, kind| {
        if kind == PieceKind::Comment {
            comments.push(piece.trim_end_matches([' ', '\t', '\r']));
        }
    });
    comments
}

#[derive(Clone, Copy, PartialEq)]
enum PieceKind {
    Space,
    Comment,
    Text,
    Word,
    Mark,
}

/// Cuts a plan into pieces of one kind, with marks that white space may stand around.
fn for_each_piece<'t>(text: &'t str, mut found: impl FnMut(&'t str, PieceKind)) {
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut escaped = false;
    while let Some(first) = rest.chars().next() {
        let is_mark = |c: char| "{}[](),".contains(c);
        let is_space = |c: char| " \t\r\n".contains(c);
        let until = |ends: &dyn Fn(char) -> bool| rest.find(ends).unwrap_or(rest.len());
        let (length, kind) = match first {
            '#' => (until(&|c| c == '\n'), PieceKind::Comment),
            '"' => {
                let closes = |c: char| {
                    let closes = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    closes
                };
                (2 + rest[1..].find(closes).unwrap(), PieceKind::Text)
            }
            c if is_space(c) => (until(&|c| !is_space(c)), PieceKind::Space),
            c if is_mark(c) => (1, PieceKind::Mark),
            _ => (until(&|c| is_space(c) || is_mark(c) || c == '"' || c == '#'), PieceKind::Word),
        };
        found(&rest[..length], kind);
        rest = &rest[length..];
    }
}

/// Texts that are put between two words instead of the space there. `NUMBER` is replaced, so that
/// comments differ.
const GAPS: [&str; 14] = [
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\n\n",
    "\n \n\n",
    " # NUMBER\n",
    "#NUMBER,\r\n",
    "\n# NUMBER \"{ [\n",
    "\n\n#NUMBER\t\r\n\r\n",
    "# NUMBER\n# NUMBER }\n",
    " # NUMBER a comment that is rather long, so that a line on which it stands would not fit at all\n",
    "\n\n# NUMBER\n\n\n# NUMBER\n\n",
];

/// The plan with other space and comments between its words; `gap` says which of [`GAPS`] for each
/// place, if any.
fn perturbed(text: &str, mut gap: impl FnMut(usize) -> Option<usize>) -> String {
    let mut changed = String::new();
    let (mut place, mut number) = (0, 0);
    let mut choose = |changed: &mut String, otherwise: &str| {
        let chosen = gap(place).map(|chosen| GAPS[chosen % GAPS.len()]);
        place += 1;
        number += 1;
        match chosen {
            Some(chosen) => changed.push_str(&chosen.replace("NUMBER", &number.to_string())),
            None => changed.push_str(otherwise),
        }
    };
    let mut before = PieceKind::Space;
    for_each_piece(text, |piece, kind| {
        match (before, kind) {
            // The line's end is the comment's.
            (PieceKind::Comment, PieceKind::Space) => changed.push_str(piece),
            (_, PieceKind::Space) => choose(&mut changed, piece),
            (PieceKind::Mark, _) | (_, PieceKind::Mark) => {
                choose(&mut changed, "");
                changed.push_str(piece);
            }
            _ => changed.push_str(&spread(piece, kind, |changed| choose(changed, ""))),
        }
        before = kind;
    });
    changed
}

/// Puts a gap around a range's mark, where a word has one that white space may stand around.
fn spread(word: &str, kind: PieceKind, mut gap: impl FnMut(&mut String)) -> String {
    let mark = if word.contains("..") { ".." } else { "-" };
    let may = |low: &str, high: &str| {
        let letters = |word: &str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        mark == ".." || letters(low) && letters(high) || low.contains(':') && high.contains(':')
    };
    match word.split_once(mark) {
        Some((low, high)) if kind == PieceKind::Word && may(low, high) => {
            let mut spread = low.to_owned();
            gap(&mut spread);
            spread.push_str(mark);
            gap(&mut spread);
            spread + high
        }
        _ => word.to_owned(),
    }
}

fn plans() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/format");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "callplan"));
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn laws_hold_with_a_few_other_gaps(
        plan in prop::sample::select(plans()),
        gaps in prop::collection::vec((any::<prop::sample::Index>(), 0..GAPS.len()), 1..6),
    ) {
        let places = { let mut count = 0; perturbed(&plan, |_| { count += 1; None }); count };
        prop_assume!(places > 0);
        let chosen: Vec<_> = gaps.iter().map(|(place, gap)| (place.index(places), *gap)).collect();
        laws(&perturbed(&plan, |place| chosen.iter().find(|(at, _)| *at == place).map(|(_, gap)| *gap)));
    }

    #[test]
    fn laws_hold_with_other_gaps_everywhere(
        plan in prop::sample::select(plans()),
        gaps in prop::collection::vec(0..GAPS.len() * 2, 50..500),
    ) {
        laws(&perturbed(&plan, |place| Some(gaps[place % gaps.len()] % (2 * GAPS.len())).filter(|gap| *gap < GAPS.len())));
    }

    #[test]
    fn a_text_with_damage_has_a_layout_or_none(
        plan in prop::sample::select(plans()),
        damage in prop::collection::vec((any::<prop::sample::Index>(), "[-a-z0-9 +*.:,#\"(){}\\[\\]\n]{0,3}"), 1..4),
    ) {
        let mut text = plan;
        for (place, instead) in damage {
            let start = text.floor_char_boundary(place.index(text.len() + 1));
            let end = text.ceil_char_boundary((start + instead.len() % 3).min(text.len()));
            text.replace_range(start..end, &instead);
        }
        match read(&text) {
            Some(_) => laws(&text),
            None => {
                let tree = syntax::parse(&Source::new("plan", text.as_str()), &mut Problems::new());
                tree.and_then(|tree| format(&tree));
            }
        }
    }
}
