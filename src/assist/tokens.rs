//! The words, numbers, texts and marks of a text, whatever it is. Comments are left out.

use crate::syntax::text_length;

/// What a token looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `caller`, `US`; a zone, `America/New_York`, is one too.
    Word,
    /// `+1415*`
    Number,
    /// `09:00`, `2026-12-24`, `5`
    Figure,
    /// `"gold"`, with its quotes; without the last where it is not closed on its line.
    Text,
    /// Anything else: a character, or two that belong together.
    Mark,
}

/// A piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TextToken<'t> {
    pub shape: Shape,
    pub text: &'t str,
    /// The byte at which it begins.
    pub start: usize,
}

impl TextToken<'_> {
    /// The byte after its last.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this word.
    pub fn is(&self, word: &str) -> bool {
        self.text == word && matches!(self.shape, Shape::Word | Shape::Mark)
    }

    /// Whether what is typed here goes on with it: within it or at its end.
    pub fn holds(&self, at: usize) -> bool {
        match self.shape {
            Shape::Word | Shape::Number | Shape::Figure => self.start < at && at <= self.end(),
            Shape::Text => self.start < at && (at < self.end() || !is_closed(self.text)),
            Shape::Mark => false,
        }
    }
}

fn is_closed(text: &str) -> bool {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    // The last quote may be escaped.
    inner.is_some_and(|inner| inner.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0)
}

/// A text in tokens, in order.
#[derive(Debug)]
pub(super) struct TextTokens<'t> {
    pub all: Vec<TextToken<'t>>,
    /// From `#` to the end of the line.
    comments: Vec<(usize, usize)>,
}

impl<'t> TextTokens<'t> {
    /// Of any text, in time proportional to it.
    pub fn of(text: &'t str) -> Self {
        let mut tokens = Self { all: Vec::new(), comments: Vec::new() };
        let mut at = 0;
        while let Some(first) = text[at..].chars().next() {
            let rest = &text[at..];
            if first.is_whitespace() || first == '\u{feff}' {
                at += first.len_utf8();
                continue;
            }
            if first == '#' {
                let length = rest.find('\n').unwrap_or(rest.len());
                tokens.comments.push((at, at + length));
                at += length;
                continue;
            }
            let (shape, length) = first_token(rest, first);
            tokens.all.push(TextToken { shape, text: &rest[..length], start: at });
            at += length;
        }
        tokens
    }

    /// Whether a place is in a comment, where anything may stand.
    pub fn is_in_comment(&self, at: usize) -> bool {
        let after = self.comments.partition_point(|(start, _)| *start < at);
        after.checked_sub(1).is_some_and(|before| at <= self.comments[before].1)
    }

    /// How many tokens end at or before a place, and the one that is being written there.
    pub fn around(&self, at: usize) -> (usize, Option<TextToken<'t>>) {
        let first = self.all.partition_point(|token| token.end() < at);
        let near = self.all[first..].iter().take(2).position(|token| token.holds(at));
        match near {
            Some(near) => (first + near, Some(self.all[first + near])),
            None => (self.all.partition_point(|token| token.end() <= at), None),
        }
    }
}

fn first_token(rest: &str, first: char) -> (Shape, usize) {
    let length = |is_part: fn(u8) -> bool| rest.bytes().position(|byte| !is_part(byte)).unwrap_or(rest.len());
    match first {
        '"' => (Shape::Text, text_length(rest)),
        '+' => (
            Shape::Number,
            rest[1..].bytes().position(|byte| !is_of_number(byte)).map_or(rest.len(), |length| length + 1),
        ),
        'a'..='z' | 'A'..='Z' | '_' => {
            let word = length(is_of_word);
            let is_zone = rest[word..].starts_with('/');
            (Shape::Word, if is_zone { length(is_of_zone) } else { word })
        }
        '0'..='9' => (Shape::Figure, figure_length(rest)),
        _ => {
            let pairs = ["..", "<=", ">=", "==", "!=", "&&", "||"];
            let pair = pairs.iter().any(|pair| rest.starts_with(pair));
            (Shape::Mark, if pair { 2 } else { first.len_utf8() })
        }
    }
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_of_zone(byte: u8) -> bool {
    is_of_word(byte) || matches!(byte, b'/' | b'+' | b'-')
}

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'-')
}

/// `09:00-12:30` is one, `1..7` are two with a mark between them.
fn figure_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is_part = |at: usize| match bytes[at] {
        b'.' | b'-' => is_digit(at + 1),
        byte => byte.is_ascii_alphanumeric() || byte == b':',
    };
    (0..bytes.len()).find(|at| !is_part(*at)).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(text: &str) -> Vec<&str> {
        TextTokens::of(text).all.iter().map(|token| token.text).collect()
    }

    #[test]
    fn tokens_are_as_the_language_has_them() {
        assert_eq!(
            texts("caller.country in [US, GB] # no"),
            ["caller", ".", "country", "in", "[", "US", ",", "GB", "]"]
        );
        assert_eq!(
            texts("time in 22:00-06:00 day in 1..7"),
            ["time", "in", "22:00-06:00", "day", "in", "1", "..", "7"]
        );
        assert_eq!(
            texts("timezone America/Port-au-Prince mon-fri"),
            ["timezone", "America/Port-au-Prince", "mon", "-", "fri"]
        );
        assert_eq!(
            texts("+1-415*..+1416 \"a \\\" b\" \"open\n<= 5%"),
            ["+1-415*", "..", "+1416", "\"a \\\" b\"", "\"open", "<=", "5", "%"]
        );
    }

    #[test]
    fn the_token_that_is_written_is_the_one_that_the_place_is_in_or_behind() {
        let tokens = TextTokens::of("when cal is \"a\" # x");
        let around = |at| (tokens.around(at).0, tokens.around(at).1.map(|token| token.text));
        assert_eq!([around(0), around(5)], [(0, None), (1, None)]);
        assert_eq!([around(6), around(8)], [(1, Some("cal")); 2]);
        assert_eq!([around(9), around(13), around(15)], [(2, None), (3, Some("\"a\"")), (4, None)]);
        assert!(tokens.is_in_comment(17) && tokens.is_in_comment(19) && !tokens.is_in_comment(16));
    }

    proptest! {
        #[test]
        fn any_text_is_tokens_and_space_and_comments(text in "(?s:.{0,80})|[ -~\n\\\\\"#é]{0,80}") {
            let tokens = TextTokens::of(&text);
            let mut at = 0;
            for token in &tokens.all {
                prop_assert!(token.start >= at && !token.text.is_empty());
                prop_assert_eq!(&text[token.start..token.end()], token.text);
                at = token.end();
            }
            for place in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                tokens.around(place);
                tokens.is_in_comment(place);
            }
        }
    }
}
