//! The tokens of a plan that reads well: just enough of the language to break it at a token.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanTokenKind {
    /// A name or a word of the language.
    Word,
    /// Digits and what may stand among them: a number, a time, a date, a range of times.
    Figure,
    /// A text with its quotes.
    Text,
    /// `{`, `[`, `(` and their partners.
    Bracket,
    /// Any other mark.
    Mark,
}

/// A piece of a plan, comments and space aside.
#[derive(Clone, Copy, Debug)]
pub struct Token<'t> {
    pub kind: PlanTokenKind,
    /// Its first byte.
    pub at: usize,
    pub text: &'t str,
}

impl Token<'_> {
    pub fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

/// The tokens of a plan, in order.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let run = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let (kind, length) = match first {
            c if c.is_whitespace() => (None, c.len_utf8()),
            '#' => (None, rest.find('\n').unwrap_or(rest.len())),
            '"' => (Some(PlanTokenKind::Text), text_length(rest)),
            '{' | '}' | '[' | ']' | '(' | ')' => (Some(PlanTokenKind::Bracket), 1),
            c if c.is_ascii_alphabetic() || c == '_' => {
                (Some(PlanTokenKind::Word), run(|c| c.is_ascii_alphanumeric() || c == '_'))
            }
            c if c.is_ascii_digit() || c == '+' => (Some(PlanTokenKind::Figure), figure_length(rest)),
            _ => (Some(PlanTokenKind::Mark), run(|c| c.is_ascii_punctuation() && !"\"#{}[]()+_".contains(c)).max(1)),
        };
        found.extend(kind.map(|kind| Token { kind, at, text: &text[at..at + length] }));
        at += length;
    }
    found
}

fn text_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return at + 1,
            b'\n' => return at,
            _ => escaped = byte == b'\\' && !escaped,
        }
    }
    rest.len()
}

/// `..` between two figures, and a `:` that ends a key, are marks.
fn figure_length(rest: &str) -> usize {
    let length =
        rest[1..].find(|c: char| !(c.is_ascii_alphanumeric() || "*-:.".contains(c))).map_or(rest.len(), |end| end + 1);
    let figure = rest[..length].split("..").next().unwrap_or_default();
    figure.trim_end_matches([':', '.', '-']).len().max(1)
}

/// The place of each bracket's partner, by the bracket's own place among the tokens.
pub fn partners(tokens: &[Token]) -> Vec<Option<usize>> {
    let mut partners = vec![None; tokens.len()];
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == PlanTokenKind::Bracket) {
        if matches!(token.text, "{" | "[" | "(") {
            open.push(at);
        } else if let Some(partner) = open.pop() {
            (partners[at], partners[partner]) = (Some(partner), Some(at));
        }
    }
    partners
}
