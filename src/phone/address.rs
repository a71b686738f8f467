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

/// The name in `"Name" <address>`; `None` for a text that is no such address, and where the name is
/// empty. What `\` protects stays as it came.
pub fn display_name(text: &str) -> Option<&str> {
    let text = text.trim_matches(is_blank);
    in_angle_brackets(text)?;
    let name = match text.strip_prefix('"') {
        Some(quoted) => {
            let after = after_quote(quoted)?;
            &quoted[..quoted.len() - after.len() - 1]
        }
        None => text.split('<').next().unwrap_or_default(),
    };
    Some(name.trim_matches(is_blank)).filter(|name| !name.is_empty())
}

/// The first of several addresses with commas between them, as a header may have them. A comma in
/// quotes or angle brackets parts nothing.
pub fn first_address(text: &str) -> &str {
    let (mut in_quotes, mut in_brackets, mut is_escaped) = (false, false, false);
    let end = text.find(|character| {
        let is_end = character == ',' && !in_quotes && !in_brackets;
        match character {
            '"' if !is_escaped => in_quotes = !in_quotes,
            '<' if !in_quotes => in_brackets = true,
            '>' if !in_quotes => in_brackets = false,
            _ => {}
        }
        is_escaped = character == '\\' && in_quotes && !is_escaped;
        is_end
    });
    text[..end.unwrap_or(text.len())].trim_matches(is_blank)
}

/// The value of a parameter of an address, `A` of `sip:desk@pbx;verstat=A`; of a parameter's name
/// capitals do not count.
pub fn address_parameter<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    // What stands in the quotes of a name is no parameter.
    let after_name = text.trim_start().strip_prefix('"').and_then(after_quote).unwrap_or(text);
    let mut parameters = after_name.split([';', '>', '?', '@']).skip(1);
    parameters.find_map(|parameter| {
        let (held, value) = parameter.split_once('=')?;
        held.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::{address_parameter, display_name, first_address};

    #[test]
    fn the_first_of_several_addresses_counts() {
        for (text, first) in [
            ("<sip:+14155550100@a>;reason=busy, <sip:+14155550101@a>", "<sip:+14155550100@a>;reason=busy"),
            ("\"Meier, Anna\" <sip:a,b@c>,x", "\"Meier, Anna\" <sip:a,b@c>"),
            ("\"a \\\", b\" <sip:c>", "\"a \\\", b\" <sip:c>"),
            (" +14155550100 ", "+14155550100"),
            (", x", ""),
            ("", ""),
        ] {
            assert_eq!(first_address(text), first, "{text}");
        }
    }

    #[test]
    fn a_parameter_stands_in_the_address_or_after_it() {
        for (text, value) in [
            ("sip:+14155550100;verstat=TN-Validation-Passed-A@host;user=phone", Some("TN-Validation-Passed-A")),
            ("\"x;verstat=B\" <tel:+14155550100;Verstat=C>;tag=1", Some("C")),
            ("<sip:+14155550100@host>;verstat=No-TN-Validation", Some("No-TN-Validation")),
            ("+14155550100", None),
            ("verstat=A", None),
        ] {
            assert_eq!(address_parameter(text, "verstat"), value, "{text}");
        }
    }

    #[test]
    fn the_name_stands_before_the_address() {
        for (text, name) in [
            ("\"Front desk\" <sip:+14155550100@carrier.invalid;user=phone>", Some("Front desk")),
            (" Front desk  <sip:desk@pbx.invalid>;tag=1", Some("Front desk")),
            ("\"a \\\"b\\\" <c>\" <tel:+14155550100>", Some("a \\\"b\\\" <c>")),
            ("\"Desk\"<+14155550100>", Some("Desk")),
            ("\"\" <sip:desk@pbx.invalid>", None),
            ("<sip:desk@pbx.invalid>", None),
            ("sip:desk@pbx.invalid", None),
            ("sip:desk@pbx.invalid;x=\"<a>\"", None),
            ("+14155550100", None),
            ("", None),
            ("\"open <sip:a@b>", None),
        ] {
            assert_eq!(display_name(text), name, "{text}");
        }
    }
}
