//! What a test asks of a text: whether it is one of some, or has one of some patterns in it.

use std::collections::BTreeSet;

/// What a test asks of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextTest {
    /// Is it one of these? Capitals count.
    Listed(BTreeSet<String>),
    /// Does it have one of these in it? Capitals do not count.
    Has(TextPatterns),
}

impl TextTest {
    /// Whether a text is such.
    pub fn holds(&self, text: &str) -> bool {
        match self {
            Self::Listed(texts) => texts.contains(text),
            Self::Has(patterns) => patterns.are_in(text),
        }
    }
}

/// Where in a text a pattern must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum PatternPlace {
    /// `contains`
    Anywhere,
    /// `starts with`
    Start,
}

impl PatternPlace {
    /// As a plan writes it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Anywhere => "contains",
            Self::Start => "starts with",
        }
    }
}

/// Texts of which one must be in another, whatever their capitals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct TextPatterns {
    place: PatternPlace,
    /// Each as [`without_capitals`] makes it, in order, and none twice. None is empty.
    patterns: Box<[Box<str>]>,
}

impl TextPatterns {
    /// Of these texts, of which none is empty.
    pub fn new<'t>(place: PatternPlace, texts: impl IntoIterator<Item = &'t str>) -> Self {
        let patterns: BTreeSet<Box<str>> = texts.into_iter().map(|text| without_capitals(text).into()).collect();
        Self { place, patterns: patterns.into_iter().collect() }
    }

    /// Where in a text one of them must be.
    pub fn place(&self) -> PatternPlace {
        self.place
    }

    /// The patterns, without capitals, in order.
    pub fn patterns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.patterns.iter().map(|pattern| &**pattern)
    }

    /// Whether one of them is in a text.
    pub fn are_in(&self, text: &str) -> bool {
        match self.place {
            PatternPlace::Start => self.begin(text),
            PatternPlace::Anywhere => text.char_indices().any(|(at, _)| self.begin(&text[at..])),
        }
    }

    /// Whether a text begins with one of them. Letter by letter, fewer of them are left: they are in
    /// order, so those that begin alike stand side by side.
    fn begin(&self, text: &str) -> bool {
        let (mut left, mut read) = (&*self.patterns, 0);
        for letter in text.chars().map(small) {
            let first = left.partition_point(|pattern| pattern[read..].chars().next() < Some(letter));
            let end = left.partition_point(|pattern| pattern[read..].chars().next() <= Some(letter));
            left = &left[first..end];
            read += letter.len_utf8();
            match left.first() {
                None => return false,
                Some(shortest) if shortest.len() == read => return true,
                Some(_) => {}
            }
        }
        false
    }
}

/// A text with each letter as a small one.
pub fn without_capitals(text: &str) -> String {
    text.chars().map(small).collect()
}

/// The small letter of a capital; any other character, and a capital whose small form is more than
/// one character, is itself.
pub fn small(letter: char) -> char {
    let mut small = letter.to_lowercase();
    match (small.next(), small.next()) {
        (Some(only), None) => only,
        (_, Some(_)) | (None, None) => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn capitals_do_not_count_letter_by_letter() {
        let contains = |pattern, text| TextPatterns::new(PatternPlace::Anywhere, [pattern]).are_in(text);
        assert!(contains("SPRING", "A spring sale") && contains("ü", "MÜLLER") && contains("σ", "ΣΑΣ"));
        assert!(contains("ẞ", "straße") && contains("K", "\u{212a}"));
        // Two letters for one are not the same text.
        assert!(!contains("ss", "straße") && !contains("i\u{307}", "İ") && contains("İ", "xİ"));
        let starts = |pattern, text| TextPatterns::new(PatternPlace::Start, [pattern]).are_in(text);
        assert!(starts("Sp", "spring") && !starts("pr", "spring") && !starts("springs", "spring"));
    }

    proptest! {
        #[test]
        fn a_pattern_is_in_a_text_as_a_plain_search_finds_it(
            patterns in proptest::collection::vec("[aAbBÄä-]{1,4}", 1..6),
            text in "[aAbBÄä-]{0,9}",
        ) {
            let folded = without_capitals(&text);
            let plain: Vec<String> = patterns.iter().map(|pattern| without_capitals(pattern)).collect();
            let of = |place| TextPatterns::new(place, patterns.iter().map(String::as_str)).are_in(&text);
            prop_assert_eq!(of(PatternPlace::Anywhere), plain.iter().any(|pattern| folded.contains(pattern)));
            prop_assert_eq!(of(PatternPlace::Start), plain.iter().any(|pattern| folded.starts_with(pattern)));
        }
    }
}
