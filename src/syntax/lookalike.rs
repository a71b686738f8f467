//! Characters that documents and telephones' keyboards put in place of the plain ones.

use crate::diagnostics::Edit;
use crate::source::Span;

/// A character that stands for another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lookalike {
    /// What sort it is.
    pub kind: LookalikeKind,
    /// Which character it is.
    pub found: char,
    /// Where.
    pub span: Span,
    /// What it stands for.
    pub plain: &'static str,
}

impl Lookalike {
    /// The edit that puts the plain character there.
    pub fn edit(&self) -> Edit {
        Edit { span: self.span, text: self.plain.to_owned() }
    }
}

/// The sorts of look-alikes, each with its own name in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LookalikeKind {
    Quote,
    Dash,
    Space,
    FullWidth,
    Dots,
}

/// What sort of look-alike a character is, and the plain character that it looks like, if it is one
/// of these.
pub(super) fn of(character: char) -> Option<(LookalikeKind, &'static str)> {
    match character {
        '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '‘' | '’' | '‚' | '‛' | '\'' | '`' | '´' | '″' | '＂'
        | '＇' => Some((LookalikeKind::Quote, "\"")),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => Some((LookalikeKind::Dash, "-")),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{2028}' | '\u{2029}' => {
            Some((LookalikeKind::Space, " "))
        }
        // Zero width: between two words they would be a space to nobody.
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' => Some((LookalikeKind::Space, "")),
        '…' => Some((LookalikeKind::Dots, "..")),
        '！'..='～' => full_width(character).map(|replacement| (LookalikeKind::FullWidth, replacement)),
        _ => None,
    }
}

/// U+FF01 to U+FF5E are U+0021 to U+007E, wide.
fn full_width(character: char) -> Option<&'static str> {
    const PLAIN: &str =
        "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
    let at = (character as usize).checked_sub('！' as usize)?;
    PLAIN.get(at..=at)
}

/// `word` without the marks on its letters, if that leaves plain letters only: `é` is `e`.
pub(super) fn letters(word: &str) -> Option<String> {
    const MARKED: &[(&str, &str)] = &[
        ("áàâäãåā", "a"),
        ("çćč", "c"),
        ("éèêëēę", "e"),
        ("íìîïī", "i"),
        ("ñńň", "n"),
        ("óòôöõøō", "o"),
        ("śš", "s"),
        ("úùûüū", "u"),
        ("ýÿ", "y"),
        ("źžż", "z"),
        ("ß", "ss"),
        ("æ", "ae"),
        ("œ", "oe"),
        ("ł", "l"),
        ("đð", "d"),
    ];
    word.chars()
        .map(|character| MARKED.iter().find(|(marked, _)| marked.contains(character)).map(|(_, plain)| *plain))
        .collect()
}
