//! The quotes of a text, a line at a time: typographic ones become straight ones, each closed by
//! its own partner, and where one is missing or stands twice, what stands before and after the
//! texts of the line says where.

mod line;
mod slot;

use super::lookalike::{self, LookalikeKind};
use super::problems;
use crate::diagnostics::{Edit, Grade, Problems};
use crate::source::{Span, start_of};
use line::QuoteSlipKind;
use slot::TextSlot;

/// The edits after which every text stands in straight quotes and ends on its line.
pub(super) fn straighten(text: &str, problems: &mut Problems) -> Vec<Edit> {
    let mut quotes = Quotes { text, typographic: Vec::new(), texts: 0, edits: Vec::new(), problems };
    let mut start = start_of(text);
    for line in text[start..].split_inclusive('\n') {
        let end = start + line.trim_end_matches('\n').trim_end_matches('\r').len();
        if line.bytes().any(|byte| matches!(byte, b'"' | b'\'' | b'`') || !byte.is_ascii()) {
            quotes.line(start, end);
        }
        start += line.len();
    }
    let Quotes { typographic, texts, mut edits, .. } = quotes;
    if let Some(first) = typographic.first() {
        let straight: Vec<Edit> = typographic.iter().flat_map(|quote| quote.edits.clone()).collect();
        problems.push(problems::typographic_quotes(first.found, first.span, texts - 1, straight.clone()));
        edits.extend(straight);
    }
    edits
}

/// Maximum distance between a typographic quote and its partner, in bytes.
const LONGEST_TEXT: usize = 4000;
/// Maximum number of quotes that are examined as the end of a text.
const MAX_QUOTES: usize = 40;

struct Quotes<'t, 'p> {
    text: &'t str,
    typographic: Vec<TypographicQuote>,
    /// Texts with such quotes.
    texts: usize,
    /// The edits of all other mistakes.
    edits: Vec<Edit>,
    problems: &'p mut Problems,
}

/// A typographic quote, and what has to be escaped behind it.
struct TypographicQuote {
    found: char,
    span: Span,
    edits: Vec<Edit>,
}

/// Where a text ends.
enum TextEnd {
    /// Behind this straight quote.
    Straight(usize),
    /// At this typographic one.
    Typographic(Span, char),
}

impl Quotes<'_, '_> {
    /// One line, from its first byte to its line break.
    fn line(&mut self, start: usize, end: usize) {
        let mut at = start;
        let mut has_typographic = false;
        while at < end {
            let Some(character) = self.text[at..end].chars().next() else { return };
            let next = at + character.len_utf8();
            if character == '#' {
                return;
            }
            let is_quote = character == '"' || is_typographic(character);
            if !is_quote || is_apostrophe(self.text, at, next) {
                at = next;
                continue;
            }
            let slot = TextSlot::before(&self.text[start..at]);
            match self.end_of_text(at, next, end, slot) {
                Some(close) => {
                    has_typographic |= self.close(at, next, &close, character);
                    at = match close {
                        TextEnd::Straight(quote) => quote + 1,
                        TextEnd::Typographic(span, _) => span.end as usize,
                    };
                }
                None if character == '"' && !has_typographic => return self.odd(start, end),
                None => return self.unclosed(at, next, end, character),
            }
        }
    }

    /// Where the text ends whose opening quote stands from `at` to `inner`.
    fn end_of_text(&self, at: usize, inner: usize, end: usize, slot: Option<TextSlot>) -> Option<TextEnd> {
        let follows = |place: usize| slot::follows(slot, &self.text[place..end]);
        let straight = line::straight_quotes(&self.text[inner..end]).map(|quote| inner + quote);
        if self.text.as_bytes()[at] == b'"' {
            let straight: Vec<usize> = straight.take(2).collect();
            let reach = straight.first().copied().unwrap_or(end);
            // A typographic quote closes a text that the next straight one would not close, but
            // open.
            let closes_well = |quote: usize| follows(quote + 1) || TextSlot::before(&self.text[inner..quote]).is_none();
            if straight.first().is_some_and(|quote| closes_well(*quote)) {
                return straight.first().map(|quote| TextEnd::Straight(*quote));
            }
            let mixed = self.closers(inner, reach, is_double).find(|(span, _)| follows(span.end as usize));
            return mixed
                .map(|(span, found)| TextEnd::Typographic(span, found))
                .or(straight.first().map(|quote| TextEnd::Straight(*quote)));
        }
        let character = self.text[at..inner].chars().next()?;
        let end = end.min(self.text.floor_char_boundary(inner + LONGEST_TEXT));
        let straight = straight.take_while(|quote| *quote < end);
        let partners: Vec<(Span, char)> = self.closers(inner, end, |c| closes(character, c)).take(MAX_QUOTES).collect();
        let partner = partners.iter().find(|(span, _)| follows(span.end as usize)).or(partners.last());
        // Straight quotes inside of it come in pairs; one that ends the text comes first, and
        // something follows it.
        let mixed = straight.take(1).find(|quote| {
            let is_near = partner.is_none_or(|(span, _)| *quote < span.start as usize);
            is_near && follows(quote + 1) && !self.text[..*quote].ends_with([' ', '\t'])
        });
        match (mixed, partner) {
            (Some(quote), _) => Some(TextEnd::Straight(quote)),
            (None, Some((span, found))) => Some(TextEnd::Typographic(*span, *found)),
            (None, None) => self
                .closers(inner, end, is_typographic)
                .take(MAX_QUOTES)
                .find(|(span, _)| follows(span.end as usize))
                .map(|(span, found)| TextEnd::Typographic(span, found)),
        }
    }

    /// The quotes on a piece of a line that may close a text.
    fn closers(&self, from: usize, to: usize, fits: impl Fn(char) -> bool) -> impl Iterator<Item = (Span, char)> {
        self.text[from..to].char_indices().filter_map(move |(at, character)| {
            let (start, end) = (from + at, from + at + character.len_utf8());
            let is_closing = fits(character) && !is_apostrophe(self.text, start, end);
            is_closing.then(|| (Span::new(start, end), character))
        })
    }

    /// Makes both quotes of a text straight; whether one of them was not.
    fn close(&mut self, at: usize, inner: usize, close: &TextEnd, opening: char) -> bool {
        let mut found = Vec::new();
        if opening != '"' {
            found.push((Span::new(at, inner), opening));
        }
        let last = match close {
            TextEnd::Straight(quote) => *quote,
            TextEnd::Typographic(span, character) => {
                found.push((*span, *character));
                span.start as usize
            }
        };
        for (span, character) in &found {
            self.typographic.push(TypographicQuote {
                found: *character,
                span: *span,
                edits: vec![Edit { span: *span, text: "\"".to_owned() }],
            });
        }
        let is_typographic = !found.is_empty();
        if is_typographic {
            self.texts += 1;
            // What was no quote becomes one.
            let escaped = line::straight_quotes(&self.text[inner..last])
                .map(|quote| Edit { span: Span::new(inner + quote, inner + quote), text: "\\".to_owned() });
            let escaped: Vec<Edit> = escaped.collect();
            if let Some(quote) = self.typographic.last_mut() {
                quote.edits.extend(escaped);
            }
        }
        is_typographic
    }

    /// A line on which a straight quote is missing, or stands once too often.
    fn odd(&mut self, start: usize, end: usize) {
        let Some(slip) = line::slip(&self.text[start..end]) else {
            let at = self.text[start..end].find('"').map_or(start, |at| start + at);
            return self.unclosed_straight(at, end);
        };
        let edit = Edit { span: Span::new(start + slip.at, start + slip.at + slip.removed), text: slip.added };
        let grade = if slip.is_certain { Grade::Safe } else { Grade::Suggestion };
        self.problems.push(match slip.kind {
            QuoteSlipKind::Closing(opening) => {
                let span = Span::new(start + opening, edit.span.start as usize);
                problems::unclosed_text(span, std::slice::from_ref(&edit), grade)
            }
            QuoteSlipKind::Opening(closing) => {
                let quote = start + closing;
                problems::unopened_text(Span::new(edit.span.start as usize, quote + 1), &edit, grade)
            }
            QuoteSlipKind::Doubled => problems::doubled_quote(&edit, grade),
        });
        self.edits.push(edit);
    }

    /// A line of which nothing says where its last text ends.
    fn unclosed_straight(&mut self, first: usize, end: usize) {
        let mut at = first;
        while let Some(close) = line::straight_quotes(&self.text[at + 1..end]).next().map(|quote| at + 1 + quote) {
            match line::next_text(&self.text[close + 1..end]) {
                Some(next) => at = close + 1 + next,
                None => return,
            }
        }
        self.unclosed(at, at + 1, end, '"');
    }

    /// A text that ends with its line, for want of anything better.
    fn unclosed(&mut self, at: usize, inner: usize, end: usize, opening: char) {
        let said = line::end_of_words(&self.text[inner..end]);
        let escaped = line::straight_quotes(&self.text[inner..inner + said]).map(|quote| (inner + quote, "\\"));
        let inserted = escaped.chain([(inner + said, "\"")]);
        let mut edits: Vec<Edit> =
            inserted.map(|(at, text)| Edit { span: Span::new(at, at), text: text.to_owned() }).collect();
        if opening != '"' {
            edits.push(Edit { span: Span::new(at, inner), text: "\"".to_owned() });
        }
        self.problems.push(problems::unclosed_text(Span::new(at, inner + said), &edits, Grade::Suggestion));
        self.edits.extend(edits);
    }
}

fn is_typographic(character: char) -> bool {
    matches!(lookalike::of(character), Some((LookalikeKind::Quote, _)))
}

/// Whether it stands in no word.
fn is_double(character: char) -> bool {
    is_typographic(character) && !is_single(character)
}

fn is_single(character: char) -> bool {
    matches!(character, '‘' | '’' | '‚' | '‛' | '\'' | '`' | '´')
}

/// Whether a quote stands between letters, as in `clinic’s`, and so is none.
fn is_apostrophe(text: &str, start: usize, end: usize) -> bool {
    let is_letter = |c: char| c.is_alphanumeric();
    text[start..end].chars().all(is_single) && text[..start].ends_with(is_letter) && text[end..].starts_with(is_letter)
}

/// Whether a quote closes what another one opened.
fn closes(opening: char, closing: char) -> bool {
    let partners: &[char] = match opening {
        '“' | '‟' | '”' => &['”', '“'],
        '„' => &['“', '”', '‟'],
        '«' => &['»'],
        '»' => &['«', '»'],
        '‹' => &['›'],
        '›' => &['‹', '›'],
        '‘' | '’' => &['’', '‘'],
        '‚' => &['‘', '’'],
        '\'' => &['\'', '’'],
        '`' => &['`', '\'', '´'],
        '´' => &['´', '`'],
        '＂' => &['＂'],
        _ => &[],
    };
    partners.contains(&closing)
}

/// Where a text ends, of which the opening quote stands right before; behind its closing quote.
pub(super) fn text_end(inner: &str) -> usize {
    line::straight_quotes(inner).next().map_or(inner.len(), |quote| quote + 1)
}
