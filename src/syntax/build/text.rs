//! Quoted texts: escapes undone, holes found.

use super::{Pair, TreeBuilder, problems, span};
use crate::source::Span;
use crate::syntax::ast;

/// Maximum distance at which the `}` of an invalid hole is searched for, in bytes. A text may have
/// an invalid hole at every character.
const LONGEST_SLIP: usize = 80;

impl TreeBuilder<'_, '_> {
    /// A text in which holes may stand.
    pub(super) fn template(&mut self, pair: &Pair) -> ast::Text {
        self.read_text(pair, true)
    }

    /// A text in which a hole is an error.
    pub(super) fn text(&mut self, pair: &Pair) -> ast::Text {
        self.read_text(pair, false)
    }

    fn read_text(&mut self, pair: &Pair, holes_allowed: bool) -> ast::Text {
        let written = pair.as_str();
        let whole = span(pair);
        let inner = &written[1..written.len() - 1];
        let start = whole.start as usize + 1;
        if !inner.contains(['\\', '{', '}']) {
            return ast::Text { value: inner.to_owned(), holes: Box::default(), span: whole };
        }
        let (mut value, mut holes) = (String::with_capacity(inner.len()), Vec::new());
        let mut at = 0;
        while let Some(character) = inner[at..].chars().next() {
            let place = start + at;
            at += character.len_utf8();
            match character {
                '\\' => at += self.escape(&inner[at..], place, &mut value),
                '{' => {
                    let (length, path) = self.hole(&inner[at..], place, holes_allowed);
                    at += length;
                    holes.extend(path.map(|path| ast::Hole { at: value.len(), path }));
                }
                '}' => self.problem(problems::stray_brace_in_text(Span::new(place, place + 1))),
                _ => value.push(character),
            }
        }
        value.shrink_to_fit();
        ast::Text { value, holes: holes.into(), span: whole }
    }

    /// Undoes one escape; gives the length of what follows the backslash.
    fn escape(&mut self, rest: &str, place: usize, value: &mut String) -> usize {
        let Some(escaped) = rest.chars().next() else { return 0 };
        match escaped {
            '"' | '\\' | '{' | '}' => value.push(escaped),
            'n' => value.push('\n'),
            't' => value.push('\t'),
            _ => self.problem(problems::bad_escape(Span::new(place, place + 1 + escaped.len_utf8()), escaped)),
        }
        escaped.len_utf8()
    }

    /// Reads a hole up to its `}`; gives the length of what follows the `{`, and what is shown.
    fn hole(&mut self, rest: &str, place: usize, allowed: bool) -> (usize, Option<ast::Path>) {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let name = &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())];
        let closed = rest[name.len()..].starts_with('}');
        let near = &rest[..rest.floor_char_boundary(LONGEST_SLIP)];
        let length = if closed { name.len() + 1 } else { near.find('}').map_or(name.len(), |end| end + 1) };
        let span = Span::new(place, place + 1 + length);
        let shown = format!("{{{}", &rest[..length]);
        let path = hole_path(name, place + 1).filter(|_| closed && allowed);
        match path {
            _ if !allowed => self.problem(problems::hole_not_allowed(span, &shown)),
            Some(_) => {}
            None => self.problem(problems::bad_hole(span, &shown)),
        }
        (length, path)
    }
}

fn hole_path(name: &str, start: usize) -> Option<ast::Path> {
    let token = |text: &str, at: usize| ast::Token { text: text.to_owned(), span: Span::new(at, at + text.len()) };
    let is_word = |word: &str| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !word.contains('.');
    let span = Span::new(start, start + name.len());
    let (first, field) = match name.split_once('.') {
        None => (name, None),
        Some((first, field)) => (first, Some(field)),
    };
    if !is_word(first) || !field.is_none_or(is_word) {
        return None;
    }
    Some(ast::Path {
        name: token(first, start),
        field: field.map(|field| Box::new(token(field, start + first.len() + 1))),
        span,
    })
}
