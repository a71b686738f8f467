//! What people paste from a sheet, a page or another program, and what only its spelling sets apart
//! from a plan: lists without commas, hours as on a door, dates as on a letter, addresses. Each is
//! told once, with its fix, and the rest of the text is read as if the fix had been made.
//!
//! This goes over the words of the text before the grammar does. It takes only what can be told for
//! certain; all else is left to the grammar, which says where it stops.

mod addresses;
mod dates;
mod entries;
mod hours;
mod lists;

pub(super) use hours::{plain_window, weekday};

use crate::diagnostics::{Edit, Problems};
use crate::source::Span;
use crate::syntax::text_length;

/// What some editors put at the start of a file: three bytes.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What was found in other notations.
#[derive(Debug, Default)]
pub(super) struct Notation {
    pub edits: Vec<Edit>,
    /// Lists of numbers that were told of whole, by place.
    pub told: Vec<Span>,
}

/// Looks for other notations, with a problem for each.
pub(super) fn find(text: &str, problems: &mut Problems) -> Notation {
    // A byte-order mark is space to all that follows, and every place stays where it is.
    let unmarked = text.strip_prefix(BYTE_ORDER_MARK).map(|rest| format!("   {rest}"));
    let text = unmarked.as_deref().unwrap_or(text);
    let mut notation = Notation::default();
    lists::find(text, &mut notation, problems);
    hours::find(text, &mut notation, problems);
    dates::find(text, &mut notation, problems);
    addresses::find(text, &mut notation, problems);
    notation
}

/// The stretches of the text that are neither a text nor a comment, each on one line, with where it
/// starts.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let rest = &text[at..];
            let (here, length) = match rest.as_bytes()[0] {
                b'"' => (None, text_length(rest)),
                b'#' => (None, rest.find('\n').unwrap_or(rest.len())),
                b'\n' => (None, 1),
                _ => {
                    let length = rest.find(['"', '#', '\n']).unwrap_or(rest.len());
                    (Some((at, &rest[..length])), length)
                }
            };
            at += length;
            if here.is_some() {
                return here;
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostics::fix;

    /// The text after all fixes, and how many problems there were.
    fn fixed(text: &str) -> (String, usize) {
        let mut problems = Problems::new();
        find(text, &mut problems);
        let found: Vec<_> = problems.into_iter().collect();
        (fix::apply_all(text, found.iter().flat_map(|problem| &problem.fixes)).0, found.len())
    }

    #[test]
    fn twenty_thousand_numbers_a_line_are_one_problem_with_one_fix() {
        let forms = |at: usize| match at % 4 {
            0 => format!("+1415{:07}", at),
            1 => format!("+1 (415) {:03}-{:04}", at / 10_000, at % 10_000),
            2 => format!("- \"+1416{:07}\"", at),
            _ => format!("+44 20 {:04} {:04}  # it's theirs", at / 10_000, at % 10_000),
        };
        let lines: Vec<String> = (0..20_000).map(forms).collect();
        let text = format!("numbers a = [\n{}\n]", lines.join("\n"));
        let (plain, count) = fixed(&text);
        assert_eq!(count, 1);
        assert_eq!(plain.matches(',').count(), 19_999);
        assert_eq!(fixed(&plain), (plain.clone(), 0));
    }

    #[test]
    fn what_a_plan_may_say_is_left_alone() {
        for text in [
            "numbers a = [+1415*, \"1001\", anonymous, +1..+9, spam,\n # none\n]",
            "numbers a = [+1415*] except [\n+14155550100, # a, b\n]",
            "days a = [fourth thu of nov, every 12-25..12-26 mon-fri, 2026-12-01..2026-12-31 sat]",
            "schedule a { mon-fri 09:00-12:30, 13:30-17:30\n every 12-24 closed\n 2026-12-24 all day }",
            "when time in [08:00-09:00, 22:00-02:00] and now >= 2027-01-11 08:00 { reject }",
            "metadata { a: [1, 2, \"x; y\"], b: \"26/03/2027 at tel:+1 from 9 to 5\" }",
            "example \"e\" { call from \"sip:a@b\" to +1 at 2026-12-01 10:00 expect fallback }",
            "table t (a) { +1415*: \"x\", 3 }",
        ] {
            assert_eq!(fixed(text), (text.to_owned(), 0));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_gone_over(text in r#"(numbers a = \[|days a = \[|schedule a \{|time in |[-+0-9 ,;:./"'\n\]#}a-z]|tel:|sip:|am|pm|é|“){0,40}"#) {
            let mut problems = Problems::new();
            let notation = find(&text, &mut problems);
            let edits = notation.edits.iter().map(|edit| edit.span);
            for span in problems.iter().map(|problem| problem.span).chain(edits).chain(notation.told.iter().copied()) {
                prop_assert!(text.get(span.range()).is_some());
            }
        }
    }
}
