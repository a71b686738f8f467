//! Addresses as telephones have them, without quotes: `tel:+14155550100`, `sip:desk@pbx.invalid`.

use super::{Notation, code};
use crate::diagnostics::{Edit, Problems};
use crate::phone::Number;
use crate::source::Span;
use crate::syntax::problems;

const SCHEMES: [&str; 3] = ["tel:", "sip:", "sips:"];

pub(super) fn find(text: &str, notation: &mut Notation, problems: &mut Problems) {
    if !SCHEMES.iter().any(|scheme| text.contains(scheme)) {
        return;
    }
    for (start, line) in code(text) {
        for (colon, _) in line.match_indices(':') {
            let Some(scheme) = SCHEMES.into_iter().find(|scheme| line[..=colon].ends_with(scheme)) else { continue };
            let begin = colon + 1 - scheme.len();
            let rest = &line[colon + 1..];
            let length = rest.find(|c: char| c.is_whitespace() || "[](){}<>,\"".contains(c)).unwrap_or(rest.len());
            let before = &line[..begin];
            let begins = before.chars().next_back().is_none_or(|c| c.is_whitespace() || "[(,".contains(c));
            if length == 0 || !begins || is_told(&notation.told, start + begin) {
                continue;
            }
            let address = &line[begin..colon + 1 + length];
            let plain = plain(address, before.trim_end().ends_with(':'));
            let span = Span::new(start + begin, start + begin + address.len());
            problems.push(problems::bare_address(span, address, &plain));
            notation.edits.push(Edit { span, text: plain });
        }
    }
}

/// The number that an address brings, or the address as a text.
fn plain(address: &str, is_value_of_a_key: bool) -> String {
    match Number::read(address) {
        Number::E164(number) if !is_value_of_a_key => number.to_string(),
        Number::Withheld if !is_value_of_a_key => "anonymous".to_owned(),
        Number::E164(_) | Number::Withheld | Number::Local(_) => format!("\"{address}\""),
    }
}

/// Whether a place lies in a list that was told of whole. These are by place.
fn is_told(lists: &[Span], at: usize) -> bool {
    let after = lists.partition_point(|list| list.range().start <= at);
    after.checked_sub(1).is_some_and(|last| lists[last].range().contains(&at))
}
