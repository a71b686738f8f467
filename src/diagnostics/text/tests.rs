use proptest::prelude::*;

use super::*;
use crate::diagnostics::{Code, Edit};

/// A plan with the place of a problem in `«»`, and of its notes in `‹›`.
fn marked(text: &str) -> (Source, Span, Vec<Span>) {
    let (mut plain, mut primary, mut notes) = (String::new(), Span::default(), Vec::new());
    let mut starts = Vec::new();
    for character in text.chars() {
        let here = plain.len();
        match character {
            '«' | '‹' => starts.push(here),
            '»' => primary = Span::new(starts.pop().unwrap(), here),
            '›' => notes.push(Span::new(starts.pop().unwrap(), here)),
            _ => plain.push(character),
        }
    }
    (Source::new("office.callplan", plain), primary, notes)
}

fn drawn(text: &str) -> String {
    let (source, span, notes) = marked(text);
    let problem = Diagnostic::new(Code::UnknownName, span, "no agent is called this").label("not defined");
    let problem = notes.into_iter().fold(problem, |problem, span| problem.note_at(span, "see here"));
    draw(&source, &problem, Style::Plain)
}

#[test]
fn marks_notes_help_and_a_fix() {
    let (source, span, notes) = marked("agent frontdesk = \"0b5f\"\n\nwhen ‹trunk› is «+14155550100» {\n  reject\n}\n");
    let problem = Diagnostic::new(Code::TypeMismatch, span, "`trunk` is a Text and cannot be compared with a Number")
        .label("a Number")
        .note_at(notes[0], "a Text")
        .note("a trunk is the line that a call came in on")
        .help("to test who is calling, write `caller is +14155550100`")
        .fix("write `caller`", notes[0], "caller");
    insta::assert_snapshot!(draw(&source, &problem, Style::Plain));
    let color = draw(&source, &problem, Style::Color);
    insta::assert_snapshot!(color.escape_debug().to_string().replace("\\n", "\n"));
}

#[test]
fn several_fixes_are_alternatives() {
    let (source, span, _) = marked("when a is open and b is open «or» c is open {\n");
    let insert = |at: usize, text: &str| Edit { span: Span::new(at, at), text: text.into() };
    let problem = Diagnostic::new(Code::AmbiguousCondition, span, "`and` and `or` are mixed")
        .fix_all("if `and` goes first", vec![insert(5, "("), insert(28, ")")])
        .fix_all("if `or` goes first", vec![insert(19, "("), insert(41, ")")]);
    insta::assert_snapshot!(draw(&source, &problem, Style::Plain));
}

#[test]
fn a_fix_in_many_places_is_drawn_at_the_first_few() {
    let text = "agent table = \"a\"\n".to_owned() + &"route to table\n\n".repeat(9);
    let source = Source::new("office.callplan", text.as_str());
    let places = text.match_indices("table").map(|(at, word)| Span::new(at, at + word.len()));
    let edits = places.map(|span| Edit { span, text: "table_agent".into() }).collect();
    let problem = Diagnostic::new(Code::Syntax, Span::new(6, 11), "`table` is a word of the language, and no name")
        .fix_all("call it `table_agent`", edits);
    insta::assert_snapshot!(draw(&source, &problem, Style::Plain));
}

#[test]
fn a_fix_may_bring_lines_and_take_them() {
    let source = Source::new("office.callplan", "when time in 09:00-17:00 {\n  route to a\n  context \"b\"\n}\n");
    let problem = Diagnostic::new(Code::MissingTimezone, Span::new(5, 9), "`time` is read in UTC")
        .fix("name a zone", Span::new(0, 0), "timezone America/New_York\n\n")
        .fix("take out the line", Span::new(40, 54), "")
        .fix("take out the block", Span::new(0, 56), "")
        .fix("write it in two lines", Span::new(27, 53), "  context \"b\"\n  route to a");
    insta::assert_snapshot!(draw(&source, &problem, Style::Plain));
}

#[test]
fn far_notes_are_folded_and_lines_keep_their_numbers() {
    let gap = "\nroute to nobody".repeat(1200);
    insta::assert_snapshot!(drawn(&format!(
        "# one\nagent ‹desk› = \"a\"{gap}\nagent «desk» = \"b\"\n\nroute to ‹desk›"
    )));
}

#[test]
fn one_line_between_is_shown() {
    insta::assert_snapshot!(drawn("agent ‹desk› = \"a\"\n# between\nagent «desk» = \"b\"\n"));
}

#[test]
fn a_block_shows_its_first_and_last_line() {
    let lines = "  context \"more\"\n".repeat(400);
    insta::assert_snapshot!(drawn(&format!("timezone UTC\nwhen caller in vips «{{\n{lines}\nrule \"next\" {{\n»")));
    insta::assert_snapshot!("a_short_block_is_shown_whole", drawn("«when caller in vips {\n  route to a\n}»\n"));
}

#[test]
fn long_lines_are_cut_around_the_mark() {
    let long = "+14155550100, ".repeat(70_000);
    let text = format!("numbers ‹vips› = [{long}«frontdsk», {long}]\n");
    let one_of_many = drawn(&text);
    assert!(one_of_many.len() < 1000, "{}", one_of_many.len());
    insta::assert_snapshot!(one_of_many);
    let whole = drawn(&format!("numbers vips = «[{long}]»\n"));
    insta::assert_snapshot!("a_long_mark_is_cut", whole);
}

#[test]
fn a_fix_in_a_long_line_is_cut_too() {
    let long = "+14155550100, ".repeat(1000);
    let source = Source::new("office.callplan", format!("numbers vips = [{long}+44, {long}]"));
    let place = Span::new(16 + long.len(), 16 + long.len() + 3);
    let problem = Diagnostic::new(Code::SuspiciousNumber, place, "`+44` is too short")
        .fix("write `+44*`", place, "+44*")
        .fix("write nothing", place.to(Span::new(place.start as usize, place.end as usize + 2)), "");
    insta::assert_snapshot!(draw(&source, &problem, Style::Plain));
}

#[test]
fn ends_of_the_text_have_a_place() {
    let texts = ["«»", "\u{feff}«»", "route to«»", "route to\n«»", "route to\r\n\r\n«»", "«\n»\n", "route to «\r\n»x"];
    insta::assert_snapshot!(texts.map(drawn).join("\n"));
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_not_drawn() {
    let drawn = drawn("\u{feff}route «to» b\r\nagent ‹b› = \"x\"\r\n");
    assert!(!drawn.contains(['\r', '\u{feff}', '␍']));
    insta::assert_snapshot!(drawn);
}

#[test]
fn tabs_and_wide_and_combining_characters_are_marked_where_they_are() {
    insta::assert_snapshot!(drawn("\tcontext \"日本語\" «frontdsk»\n\t\tcontext \"e\u{301}te\u{301}\" ‹x›\n"));
}

#[test]
fn nothing_that_a_terminal_acts_on_gets_through() {
    let (source, span, _) = marked("context \"\u{1b}[2J\u{9b}31m\u{202e}«evil\u{7}»\"\n");
    let source = Source::new("a\u{1b}b\nc", source.text());
    let problem = Diagnostic::new(Code::Syntax, span, "a \u{1b}[31mred\nmessage")
        .label("\u{1b}]8;;http://example.org\u{7}label\n")
        .note("note \u{1b}c\nwith two lines")
        .note_at(Span::new(0, 7), "\u{1b}[0m")
        .help("\u{9b}1A")
        .fix("\u{1b}[1A", span, "\u{1b}[1B");
    insta::assert_snapshot!(draw(&source, &problem, Style::Plain));
    let color = draw(&source, &problem, Style::Color);
    let ours = color.split('\u{1b}').skip(1).all(|sequence| {
        sequence.split_once('m').is_some_and(|(codes, _)| {
            codes.starts_with('[') && codes[1..].bytes().all(|code| code.is_ascii_digit() || code == b';')
        })
    });
    assert!(ours && !color.contains('\u{9b}'));
}

#[test]
fn marks_may_overlap() {
    insta::assert_snapshot!(drawn("when ‹caller «in ‹vips›» and› trunk is x {\n"));
    insta::assert_snapshot!("blocks_may_overlap", drawn("‹when «a {\n  ‹when b {\n›  }\n}»\n›rule\n"));
}

#[test]
fn more_notes_than_one_reads_are_counted() {
    let text = "a = b\n".repeat(40);
    let source = Source::new("office.callplan", text);
    let problem = Diagnostic::new(Code::CircularDefinition, Span::new(0, 1), "a circle");
    let problem =
        (1..40).fold(problem, |problem, line| problem.note_at(Span::new(line * 6, line * 6 + 1), "then this"));
    let drawn = draw(&source, &problem, Style::Plain);
    assert!(drawn.contains("= note: and 27 more like these"), "{drawn}");
}

/// A wide margin: this is to catch time that grows with the text, which would be seconds.
#[test]
fn many_problems_of_a_large_plan_are_drawn_in_no_time() {
    let line = "route to frontdsk # é\n";
    let source = Source::new("big", line.repeat(50_000));
    let flat = Source::new("flat", source.text().replace('\n', " "));
    for source in [&source, &flat] {
        let at = |n: usize| n * 5 * line.len();
        let problem = |n| {
            let span = Span::new(at(n) + 9, at(n) + 17);
            Diagnostic::new(Code::UnknownName, span, "no agent is called `frontdsk`")
                .note_at(Span::new(0, 5), "the first of them")
                .fix("write `frontdesk`", span, "frontdesk")
        };
        let problems: Problems = (0..10_000).map(problem).collect();
        let drawn = draw_all(source, &problems, Style::Plain);
        let told = drawn.matches("error[unknown-name]").count();
        assert!(drawn.len() < 500_000 && told > 500, "{told} in {} bytes", drawn.len());
        assert!(drawn.ends_with(&format!("... and {} more problems\n", thousands(10_000 - told))));
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z {}\",]{0,12}".boxed(),
        2 => Just("\n".to_owned()).boxed(),
        1 => Just("\r\n".to_owned()).boxed(),
        1 => prop::sample::select(vec!["\r", "\t", "\u{1b}[31m", "\u{feff}", "é", "日", "e\u{301}", "👨\u{200d}👩", "\0", "\u{200b}"])
            .prop_map(str::to_owned).boxed(),
        1 => ".{0,3}".boxed(),
        1 => (0..200usize).prop_map(|count| "x ".repeat(count)).boxed(),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Offsets into a text, on character boundaries where `exact`.
fn span_in(text: &str, (a, b): (u16, u16), exact: bool) -> Span {
    let at = |offset: u16| {
        let mut at = usize::from(offset) % (text.len() + 1);
        while exact && !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    if exact { Span::new(at(a).min(at(b)), at(a).max(at(b))) } else { Span::new(a.into(), b.into()) }
}

#[test]
fn changes_on_two_lines_far_apart_are_drawn() {
    let text = "\n\r\n,\"a \",a,\"ax x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x a \u{b}}\"a,a\" \u{1b}[31m, a,}aa}\"aa,\ra, a\"} }\",\",\"}} }日 aaa}a  ,,aa }a\r\n\n";
    let source = Source::new("p", text);
    let edit = |span, new: &str| Edit { span: span_in(text, span, true), text: new.to_owned() };
    let problem = Diagnostic::new(Code::Syntax, span_in(text, (0, 0), true), "m");
    let problem = problem.fix_all("all", vec![edit((18_804, 35_956), "a"), edit((52_840, 43_779), "")]);
    assert!(draw(&source, &problem, Style::Plain).contains("help: all"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn anything_can_be_drawn(
        text in any_text(),
        primary: (u16, u16),
        notes in prop::collection::vec((any::<(u16, u16)>(), ".{0,12}"), 0..4),
        edits in prop::collection::vec((any::<(u16, u16)>(), any_text()), 0..5),
        exact in prop::bool::weighted(0.9),
    ) {
        let source = Source::new("p", text.as_str());
        let problem = Diagnostic::new(Code::Syntax, span_in(&text, primary, exact), "m").label("here");
        let problem = notes.iter().fold(problem, |problem, (span, note)| problem.note_at(span_in(&text, *span, exact), note.as_str()));
        let edits: Vec<Edit> = edits.iter()
            .map(|(span, new)| Edit { span: span_in(&text, *span, exact), text: new.clone() }).collect();
        let problem = problem.fix_all("all", edits.clone());
        let problem = edits.into_iter().take(2).fold(problem, |problem, edit| problem.fix_all("one", vec![edit]));

        let drawn = draw(&source, &problem, Style::Plain);
        let at = source.position(problem.span.start);
        prop_assert!(drawn.starts_with("error[syntax]: m\n"));
        let place = format!("--> p:{}:{}\n", at.line, at.column);
        prop_assert!(drawn.contains(&place), "{drawn}");
        let row = format!("{} ", at.line);
        prop_assert!(drawn.lines().skip(2).any(|line| line.trim_start().starts_with(&row)), "{drawn}");
        let gutter = drawn.lines().nth(1).map_or(0, |line| line.len() - line.trim_start().len());
        for row in drawn.lines().skip(2).filter(|line| line.trim_start().starts_with(|first: char| first.is_ascii_digit())) {
            prop_assert!(row.get(gutter..gutter + 2).is_some_and(|mark| [" |", " +", " -", " ~"].contains(&mark)), "{drawn}");
        }
        prop_assert!(!drawn.chars().any(|character| character != '\n' && character.is_control()), "{drawn:?}");
        prop_assert!(drawn.len() < 100_000);
        draw(&source, &problem, Style::Color);
    }
}
