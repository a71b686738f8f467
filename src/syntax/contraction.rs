//! `isn't` and its like: a negation that is written out, and never lost.

use crate::source::Span;

/// Words with an apostrophe, and what they say.
pub(super) struct Contraction {
    /// The words.
    pub span: Span,
    /// What the language has for them; `None` where that is not known.
    pub meaning: Option<&'static str>,
    /// What is read in their place.
    pub stand_in: String,
}

/// The contraction around an apostrophe.
pub(super) fn at(text: &str, apostrophe: Span) -> Contraction {
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let (before, after) = (&text[..apostrophe.start as usize], &text[apostrophe.end as usize..]);
    let first = &before[before.len() - letters_before(before)..];
    let last = &after[..after.find(|c| !is_letter(c)).unwrap_or(after.len())];
    let mut end = apostrophe.end as usize + last.len();
    let negates = last == "t"
        && matches!(first.to_ascii_lowercase().as_str(), "isn" | "aren" | "wasn" | "doesn" | "don" | "hasn" | "didn");
    if !negates {
        return Contraction { span: apostrophe, meaning: None, stand_in: "_".to_owned() };
    }
    let next = |from: usize| {
        let rest = &text[from..];
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let word = &rest[spaces..];
        (from + spaces, &word[..word.find(|c| !is_letter(c)).unwrap_or(word.len())])
    };
    let (at, word) = next(end);
    // `doesn't start with`: another verb has another negation, if the language has one.
    let is_auxiliary = matches!(first.to_ascii_lowercase().as_str(), "doesn" | "don" | "hasn" | "didn");
    let meaning = match word {
        "in" => {
            end = at + word.len();
            "not in"
        }
        "equal" | "equals" | "be" | "match" => {
            end = at + word.len();
            if next(end).1 == "to" {
                end = next(end).0 + 2;
            }
            "is not"
        }
        word if is_auxiliary && !word.is_empty() => {
            return Contraction { span: apostrophe, meaning: None, stand_in: "_".to_owned() };
        }
        "open" | "closed" | "on" | "off" => {
            end = at + word.len();
            match word {
                "open" => "is closed",
                "closed" => "is open",
                "on" => "is off",
                _ => "is on",
            }
        }
        _ if is_set(&text[at..]) => "not in",
        _ => "is not",
    };
    let start = apostrophe.start as usize - first.len();
    Contraction { span: Span::new(start, end), meaning: Some(meaning), stand_in: meaning.to_owned() }
}

fn letters_before(before: &str) -> usize {
    // No contraction is longer than this.
    before.bytes().rev().take(8).take_while(u8::is_ascii_alphabetic).count()
}

/// Whether a value is several: a list or a prefix.
fn is_set(value: &str) -> bool {
    let value = &value[..value.floor_char_boundary(40)];
    let end = value.find(|c: char| c.is_whitespace() || matches!(c, '{' | ')')).unwrap_or(value.len());
    value.starts_with('[') || value.starts_with('+') && value[..end].ends_with('*')
}
