//! The part of an address that names who calls.

use super::number_form::{NumberForm, is_blank};

/// The part of a text that names who calls.
pub(super) struct NamedPart<'a> {
    /// That part alone, which is judged.
    text: &'a str,
    kind: NamedKind<'a>,
}

/// Where the part stands.
enum NamedKind<'a> {
    /// The text is no address: all of it is the part.
    Whole,
    /// The user of an address: N of `tel:N`, USER of `sip:USER@HOST`, N of `"Name" <N>`.
    User,
    /// An address that has a host and no user: scheme and host.
    Host(&'a str),
}

impl<'a> NamedPart<'a> {
    pub fn of(whole: &'a str) -> Self {
        match in_angle_brackets(whole) {
            Some(address) => Self::of_address(address, true),
            None => Self::of_address(whole, false),
        }
    }

    fn of_address(address: &'a str, is_bracketed: bool) -> Self {
        if let Some(number) = strip_scheme(address, "tel:") {
            return Self::user(before_any(number, &[';', '?']));
        }
        let sip = strip_scheme(address, "sips:").or_else(|| strip_scheme(address, "sip:"));
        let bare = sip.unwrap_or(address);
        match (bare.find('@'), sip) {
            (Some(_), Some(_)) => Self::user(before_any(bare, &['@', ':', ';'])),
            (Some(at), None) => match address_after_name(bare, at) {
                Some(address) => Self::of_address(address, true),
                None => Self::user(before_any(bare, &['@', ':', ';'])),
            },
            (None, Some(bare)) => Self::without_user(address, bare),
            (None, None) if is_bracketed => Self::user(before_any(bare, &[';'])),
            (None, None) => Self { text: address, kind: NamedKind::Whole },
        }
    }

    /// What follows `sip:` where there is no `@`: a host, or figures that no host's name can be.
    fn without_user(address: &'a str, bare: &'a str) -> Self {
        let host = before_any(bare, &[';', '?']).trim_matches(is_blank);
        let host = match host.split_once(']') {
            Some((inner, _)) if host.starts_with('[') => &host[..=inner.len()],
            Some(_) | None => before_any(host, &[':']),
        };
        let is_figures = |character: char| character.is_ascii_digit() || matches!(character, '*' | '#' | '-' | ' ');
        let is_user = host.starts_with(['+', '(']) || host.starts_with("%2B") || host.chars().all(is_figures);
        if is_user || matches!(NumberForm::of(host.chars()), NumberForm::Withheld) {
            return Self::user(host);
        }
        let after_host = host.as_ptr() as usize + host.len() - address.as_ptr() as usize;
        Self { text: host, kind: NamedKind::Host(&address[..after_host]) }
    }

    fn user(text: &'a str) -> Self {
        Self { text: text.trim_matches(is_blank), kind: NamedKind::User }
    }

    /// The characters of the part; in an address, `%2B` is `+`.
    pub fn letters(&self) -> Letters<'a> {
        // What stands in quotes ends with one.
        let text = self.text.trim_end_matches(['"', '\'']);
        Letters { rest: text.chars(), has_escapes: matches!(self.kind, NamedKind::User) }
    }

    /// What tests compare where the part is a local number. It is read as itself: what would be
    /// taken apart once more stays in the text that it came in.
    pub fn local(&self, whole: &'a str) -> &'a str {
        let is_plain = |text: &str| !text.contains(['<', '>', '"', '@']);
        match self.kind {
            NamedKind::User if is_plain(self.text) && !self.text.contains(':') => self.text,
            NamedKind::Host(address) if is_plain(address) => address,
            NamedKind::User | NamedKind::Host(_) | NamedKind::Whole => whole,
        }
    }
}

/// The characters of a text, with the escapes of addresses undone.
#[derive(Clone)]
pub(super) struct Letters<'a> {
    rest: std::str::Chars<'a>,
    has_escapes: bool,
}

impl Iterator for Letters<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let character = self.rest.next()?;
        if character != '%' || !self.has_escapes {
            return Some(character);
        }
        let mut after = self.rest.clone();
        let mut digit = || after.next().and_then(|digit| digit.to_digit(16));
        let Some(byte) = digit().zip(digit()).map(|(high, low)| (high * 16 + low) as u8) else {
            return Some(character);
        };
        self.rest = after;
        // Of a character of several bytes none is a digit, a mark or a letter of a word.
        Some(if byte.is_ascii() { char::from(byte) } else { char::REPLACEMENT_CHARACTER })
    }
}

/// The address in `"Name" <address>;parameters`. A quoted name may hold anything, `<` too.
fn in_angle_brackets(text: &str) -> Option<&str> {
    let after_name = text.strip_prefix('"').and_then(after_quote).unwrap_or(text);
    let (name, rest) = after_name.split_once('<')?;
    // After the address stand parameters, or nothing.
    let is_end = |after: &str| after.trim_start().is_empty() || after.trim_start().starts_with(';');
    let (address, is_closed) = rest.split_once('>').map_or((rest, false), |(address, after)| (address, is_end(after)));
    let address = address.trim_matches(is_blank);
    // In an address without brackets a `<` is only some parameter's.
    let is_address = has_scheme(address) || (!has_scheme(name) && (is_closed || address.contains('@')));
    is_address.then_some(address)
}

/// `sip:desk@pbx` of `Desk 7 sip:desk@pbx`, where the `@` is here.
fn address_after_name(text: &str, at: usize) -> Option<&str> {
    let name = text[..at].rfind(char::is_whitespace)?;
    let address = text[name..].trim_start();
    has_scheme(address).then_some(address)
}

fn has_scheme(text: &str) -> bool {
    ["tel:", "sip:", "sips:"].iter().any(|scheme| strip_scheme(text, scheme).is_some())
}

/// What follows the quote that ends a quoted name; `\` takes the character after it into the name.
fn after_quote(text: &str) -> Option<&str> {
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return text.get(at + 1..),
            '\\' => drop(characters.next()),
            _ => {}
        }
    }
    None
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let start = text.get(..scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
}

fn before_any<'a>(text: &'a str, ends: &[char]) -> &'a str {
    text.split(ends).next().unwrap_or_default()
}
