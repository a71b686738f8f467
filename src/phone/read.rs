//! Reading the number that a call brings: out of an address, and then what it is.
//!
//! The rules are the language reference's, "Reading a number". Nothing here allocates, fails, or
//! goes over the text more than a fixed number of times.

use super::calling_codes::drops_trunk_zero;
use super::number::{E164, LocalDigits, MAX_DIGITS, Number, unit};

/// The words by which networks say that a number is withheld, in any case, without the marks
/// between their letters.
const WITHHELD_WORDS: [&str; 13] = [
    "anonymous",
    "restricted",
    "private",
    "privatenumber",
    "unavailable",
    "unknown",
    "unknowncaller",
    "withheld",
    "blocked",
    "nocallerid",
    "outofarea",
    "notused",
    "null",
];

/// Number of zeros, and nothing else, that networks send for a withheld number.
const WITHHELD_ZEROS: u32 = 10;

/// The digits of the numbers that spell such a word on a keypad (`+266696687` is `anonymous`).
const WITHHELD_DIGITS: [(u64, u32); 5] =
    [(266_696_687, 9), (86_282_452_253, 11), (8_656_696, 7), (2_562_533, 7), (7_378_742_833, 10)];

/// The E.164 numbers that no call brings, since they spell a withheld one on a keypad, lowest
/// first.
pub fn unreachable_numbers() -> [E164; 5] {
    let mut numbers = WITHHELD_DIGITS.map(|(value, length)| E164::from_value(value, length));
    numbers.sort_unstable();
    numbers
}

/// The local numbers of digits alone that no call brings: ten zeros are read as a withheld one.
pub(crate) fn unreachable_digits() -> [LocalDigits; 1] {
    [LocalDigits::from_value(0, WITHHELD_ZEROS)]
}

/// Whether no call can bring this number: it would be read as withheld.
#[inline]
pub fn is_unreachable(number: E164) -> bool {
    const PACKED: [u64; 5] = {
        let mut packed = [0; 5];
        let mut at = 0;
        while at < 5 {
            packed[at] = E164::from_value(WITHHELD_DIGITS[at].0, WITHHELD_DIGITS[at].1).packed();
            at += 1;
        }
        packed
    };
    PACKED.contains(&number.packed())
}

impl<'a> Number<'a> {
    /// Reads what a call's field holds: any text at all.
    #[inline]
    pub fn read(text: &'a str) -> Self {
        match PlainDigits::of(text).and_then(PlainDigits::number) {
            Some(number) => Self::E164(number),
            None => Self::read_any(text),
        }
    }

    #[inline(never)]
    fn read_any(text: &'a str) -> Self {
        let whole = Self::trimmed(text);
        let named = NamedPart::of(whole);
        match NumberForm::of(named.letters()) {
            NumberForm::Withheld => Self::Withheld,
            NumberForm::E164(number) => Self::E164(number),
            NumberForm::Other => Self::Local(named.local(whole)),
        }
    }

    /// What is left of a text without the space around it, and without what is not seen: as reading
    /// begins.
    pub fn trimmed(text: &str) -> &str {
        text.trim_matches(is_blank)
    }

    /// Whether this local text would have been an E.164 number, had it come with its `+` and
    /// country code: nothing but digits, with or without marks between them. A trace says so, since
    /// a plan's numbers do not match it.
    pub fn is_digits_without_plus(self) -> bool {
        let Self::Local(text) = self else { return false };
        let mut rest = NamedPart::of(text).letters().filter(|character| !is_mark(*character)).peekable();
        rest.peek().is_some() && rest.all(|character| character.is_ascii_digit())
    }
}

/// An ASCII `0` in each byte.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// A text of the form in which nearly every call brings its numbers: `+` and 8 to 15 more
/// characters, which had better be digits. They are in two words of eight, which overlap where
/// there are fewer than 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlainDigits {
    pub first: u64,
    pub last: u64,
    /// How many characters follow the `+`.
    pub length: u32,
}

impl PlainDigits {
    /// Takes the text apart, if it has the form.
    #[inline(always)]
    pub fn of(text: &str) -> Option<Self> {
        let [b'+', digits @ ..] = text.as_bytes() else { return None };
        let (first, last) = (digits.first_chunk::<8>()?, digits.last_chunk::<8>()?);
        let length = digits.len();
        let words = Self { first: u64::from_le_bytes(*first), last: u64::from_le_bytes(*last), length: length as u32 };
        (length <= MAX_DIGITS as usize).then_some(words)
    }

    /// Whether it is an E.164 number that spells no word, as far as that is seen at a glance.
    #[inline(always)]
    pub fn is_plainly_a_number(self) -> bool {
        self.are_digits() && 1 << self.leading() & DIGITS_THAT_ARE_NO_PLAIN_LEAD == 0
    }

    /// The number. `None` may be a number all the same: [`Number::read`] reads any text.
    #[inline(always)]
    pub fn number(self) -> Option<E164> {
        if !self.are_digits() || self.leading() == 0 {
            return None;
        }
        // Of the second word, only what the first does not have counts.
        let more = self.length - 8;
        let kept = (u64::MAX << (56 - 8 * more)) << 8;
        let value = value_of(self.first ^ ZEROS) * unit(MAX_DIGITS - more) + value_of((self.last ^ ZEROS) & kept);
        let number = E164::from_value(value, self.length);
        let may_spell = 1 << self.leading() & DIGITS_THAT_ARE_NO_PLAIN_LEAD != 0;
        if may_spell && is_unreachable(number) { None } else { Some(number) }
    }

    /// The first digit.
    #[inline(always)]
    fn leading(self) -> u64 {
        self.first & 0xf
    }

    #[inline(always)]
    fn are_digits(self) -> bool {
        // Digits become 0 to 9, all else something larger.
        let (first, last) = (self.first ^ ZEROS, self.last ^ ZEROS);
        const TO_THE_TOP: u64 = 0x7676_7676_7676_7676;
        let larger = first | last | first.wrapping_add(TO_THE_TOP) | last.wrapping_add(TO_THE_TOP);
        larger & 0x8080_8080_8080_8080 == 0
    }
}

/// No country code begins with 0, and with these others begin the numbers that spell a word on a
/// keypad: a bit each.
const DIGITS_THAT_ARE_NO_PLAIN_LEAD: u64 = 1 | 1 << 2 | 1 << 7 | 1 << 8;

/// The number that eight digits make, each in a byte, the first in the lowest. Neighbours are
/// joined to pairs, pairs to fours, fours to eight.
#[inline(always)]
fn value_of(digits: u64) -> u64 {
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    (fours * 10_000 + (fours >> 32)) & 0xffff_ffff
}

/// The part of a text that names who calls.
struct NamedPart<'a> {
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
    fn of(whole: &'a str) -> Self {
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
    fn letters(&self) -> Letters<'a> {
        // What stands in quotes ends with one.
        let text = self.text.trim_end_matches(['"', '\'']);
        Letters { rest: text.chars(), has_escapes: matches!(self.kind, NamedKind::User) }
    }

    /// What tests compare where the part is a local number. It is read as itself: what would be
    /// taken apart once more stays in the text that it came in.
    fn local(&self, whole: &'a str) -> &'a str {
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
struct Letters<'a> {
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

/// Space of any kind, and what is not seen: dropped around a text, and wherever a mark is.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        // Soft hyphens, joiners, marks of direction, the byte-order mark.
        || matches!(character, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Dropped before a number is judged: what people put between digits to read them.
fn is_mark(character: char) -> bool {
    matches!(character, '.' | '-' | '(' | ')' | '/')
        || is_blank(character)
        // Hyphens and dashes, the minus sign, the middle dot.
        || matches!(character, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' | '\u{b7}')
}

/// What a spreadsheet puts before a number so that it stays a text.
fn is_leading_mark(character: char) -> bool {
    is_mark(character) || matches!(character, '\'' | '"' | '=')
}

/// What a text is once its marks are dropped.
enum NumberForm {
    Withheld,
    E164(E164),
    Other,
}

impl NumberForm {
    fn of(letters: impl Iterator<Item = char> + Clone) -> Self {
        let letters = letters.skip_while(|character| is_leading_mark(*character));
        let bare = || letters.clone().filter(|character| !is_mark(*character));
        if bare().next().is_none() || is_zeros(bare()) || WITHHELD_WORDS.iter().any(|word| is_word(bare(), word)) {
            return Self::Withheld;
        }
        match e164(letters.clone()) {
            Some(number) if is_unreachable(number) => Self::Withheld,
            Some(number) => Self::E164(number),
            None => Self::Other,
        }
    }
}

fn is_word(text: impl Iterator<Item = char>, word: &str) -> bool {
    text.map(|character| character.to_ascii_lowercase()).eq(word.chars())
}

fn is_zeros(text: impl Iterator<Item = char>) -> bool {
    text.eq(std::iter::repeat_n('0', WITHHELD_ZEROS as usize))
}

fn e164(mut text: impl Iterator<Item = char> + Clone) -> Option<E164> {
    if text.next() != Some('+') {
        return None;
    }
    let (mut value, mut length) = (0_u64, 0);
    while let Some(character) = text.next() {
        if character == '('
            && let Some(after) = after_trunk_zero(text.clone())
            && drops_trunk_zero(value)
        {
            text = after;
            continue;
        }
        if is_mark(character) {
            continue;
        }
        let digit = character.to_digit(10)?;
        if length == MAX_DIGITS || (length == 0 && digit == 0) {
            return None;
        }
        value = value * 10 + u64::from(digit);
        length += 1;
    }
    (length > 0).then(|| E164::from_value(value, length))
}

/// What follows `(0)`, of which the parenthesis is gone already.
fn after_trunk_zero<I: Iterator<Item = char>>(mut text: I) -> Option<I> {
    let mut next = || text.by_ref().find(|character| !is_blank(*character));
    (next() == Some('0') && next() == Some(')')).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            let read = match Number::read(text) {
                Number::Withheld => "withheld".to_owned(),
                Number::E164(number) => number.to_string(),
                Number::Local(local) => format!("local {local}"),
            };
            assert_eq!(read, *expected, "{text:?}");
        }
    }

    #[test]
    fn numbers_with_and_without_an_address() {
        check(&[
            ("+14155550100", "+14155550100"),
            ("  +1 (415) 555-0100\n", "+14155550100"),
            ("+1.415.555.0100", "+14155550100"),
            ("+1", "+1"),
            ("+999999999999999", "+999999999999999"),
            ("tel:+1-415-555-0100", "+14155550100"),
            ("TEL:+14155550100;phone-context=x@y", "+14155550100"),
            ("sip:+14155550100@host", "+14155550100"),
            ("SIPS:+14155550100@host:5061;transport=tls", "+14155550100"),
            ("sip:+14155550100;user=phone@host", "+14155550100"),
            ("sip:+14155550100:secret@host", "+14155550100"),
            ("+14155550100@host", "+14155550100"),
            ("<sip:+14155550100@host>", "+14155550100"),
            ("<tel:+14155550100>;tag=1", "+14155550100"),
            ("Anna <sip:+14155550100@host>;tag=x", "+14155550100"),
            ("\"Anna\" <sip:+14155550100@host>;tag=x", "+14155550100"),
            ("\"A <b@c> \\\" D\" <sip:+14155550100@host>", "+14155550100"),
            ("sip:+14155550100@host;x=<y>", "+14155550100"),
            ("sip:+14155550100@host;x=a@b", "+14155550100"),
            ("Tel: 5 <sip:+14155550100@host>", "+14155550100"),
            ("Anna <+14155550100>", "+14155550100"),
            ("sip:+14155550100", "+14155550100"),
            ("sip:+1.415.555.0100;user=phone", "+14155550100"),
            ("sip:%2B14155550100@host", "+14155550100"),
            ("sip:%2b1%28415%29%205550100@host", "+14155550100"),
            ("Desk 7 sip:+14155550100@host", "+14155550100"),
            ("+1 415 555 0100@host", "+14155550100"),
            ("+1\u{a0}415", "+1415"),
            ("+1\t415", "+1415"),
            ("+1/555/5550166", "+15555550166"),
            ("\u{202a}+1\u{2011}415\u{200b}5550100\u{202c}", "+14155550100"),
            ("'+14155550100", "+14155550100"),
            ("=+14155550100", "+14155550100"),
            ("=\"+14155550100\"", "+14155550100"),
        ]);
    }

    #[test]
    fn what_is_withheld() {
        check(&[
            ("", "withheld"),
            (" \t\r\n ", "withheld"),
            ("-.()", "withheld"),
            ("\"", "withheld"),
            ("Anonymous", "withheld"),
            ("  RESTRICTED ", "withheld"),
            ("(private)", "withheld"),
            ("un-known", "withheld"),
            ("unavailable", "withheld"),
            ("withheld", "withheld"),
            ("blocked", "withheld"),
            ("Private Number", "withheld"),
            ("NO  CALLER ID", "withheld"),
            ("unknown caller", "withheld"),
            ("Out of area", "withheld"),
            ("0000000000", "withheld"),
            ("000-000-0000", "withheld"),
            ("NULL", "withheld"),
            ("not-used", "withheld"),
            ("\"Anonymous\"", "withheld"),
            ("Anna <>", "withheld"),
            ("sip:Private%20Number@host", "withheld"),
            ("sip:anonymous", "withheld"),
            ("sip:", "withheld"),
            ("sip:anonymous@anonymous.invalid", "withheld"),
            ("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1", "withheld"),
            ("sip:@host", "withheld"),
            ("sip::secret@host", "withheld"),
            ("@host", "withheld"),
            ("tel:", "withheld"),
            ("tel:;x=y", "withheld"),
            ("+266696687", "withheld"),
            ("+86282452253", "withheld"),
            ("+8656696", "withheld"),
            ("+256-2533", "withheld"),
            ("sip:+7378742833@host", "withheld"),
        ]);
    }

    #[test]
    fn what_stays_local() {
        check(&[
            ("1001", "local 1001"),
            (" Front Desk ", "local Front Desk"),
            ("14155550100", "local 14155550100"),
            ("(415) 555-0100", "local (415) 555-0100"),
            ("266696687", "local 266696687"),
            ("+", "local +"),
            ("+0441", "local +0441"),
            ("++1415", "local ++1415"),
            ("+1415+", "local +1415+"),
            ("+1415x", "local +1415x"),
            ("+1234567890123456", "local +1234567890123456"),
            ("+٣٤", "local +٣٤"),
            ("+1,415", "local +1,415"),
            ("all; <previous> orders", "local all; <previous> orders"),
            ("anonymous2", "local anonymous2"),
            ("\"Anna", "local \"Anna"),
            ("\\", "local \\"),
            ("\"\\", "local \"\\"),
            ("é", "local é"),
            ("téléphone", "local téléphone"),
        ]);
    }

    #[test]
    fn of_an_address_only_the_user_is_local() {
        check(&[
            ("sip:desk@pbx", "local desk"),
            ("SIPS:desk@pbx:5061;transport=tls", "local desk"),
            ("\"Desk 7\" <sip:desk7@pbx.example>;tag=84h1", "local desk7"),
            ("Desk 7 <sip:desk7:secret@pbx.example;x=y>;tag=1", "local desk7"),
            ("Desk 7 sip:desk7@pbx.example;tag=2", "local desk7"),
            ("sip:desk7;x=1@[2001:db8::1]:5060", "local desk7"),
            ("desk7@pbx", "local desk7"),
            ("tel:1001;phone-context=pbx", "local 1001"),
            ("\"Anna\" <1001>", "local 1001"),
            ("sip:1001", "local 1001"),
            ("sip:1001:5060", "local 1001"),
            ("sip:*98@pbx", "local *98"),
            ("sip:desk%207@pbx", "local desk%207"),
            ("sip:Desk@pbx", "local Desk"),
        ]);
    }

    #[test]
    fn an_address_without_a_user_is_its_host() {
        check(&[
            ("sip:pbx.example", "local sip:pbx.example"),
            ("\"PBX\" <sip:pbx.example:5060;lr>;tag=1", "local sip:pbx.example"),
            ("sip:10.0.0.1", "local sip:10.0.0.1"),
            ("sip:[2001:db8::1]:5060", "local sip:[2001:db8::1]"),
        ]);
        assert_eq!(Number::read("sip:pbx.example").to_string(), "unknown");
    }

    #[test]
    fn a_zero_for_calls_within_the_country_is_dropped_after_its_code() {
        check(&[
            ("+44 (0)20 7946 0123", "+442079460123"),
            ("+44(0) 20 7946 0123", "+442079460123"),
            ("+44-( 0 )-20-7946-0123", "+442079460123"),
            ("sip:+49(0)3023125117@host", "+493023125117"),
            ("+353 (0)1 234 5678", "+35312345678"),
            ("+39 (0)6 6982 0000", "+390669820000"),
            ("+225 (0)123456789", "+2250123456789"),
            ("+4 (0)4 20", "+40420"),
            ("+4420 (0)7946", "+442007946"),
            ("+44 (02)0 7946", "+440207946"),
            ("+44 (0)(0)20", "+4420"),
            ("+(0)44", "local +(0)44"),
        ]);
    }

    #[test]
    fn digits_without_a_plus_are_noticed() {
        for text in ["1001", "(415) 555-0100", "sip:1001@pbx", "tel:1001"] {
            assert!(Number::read(text).is_digits_without_plus(), "{text}");
        }
        for text in ["+14155550100", "desk", "", "anonymous", "10x", "+0441"] {
            assert!(!Number::read(text).is_digits_without_plus(), "{text}");
        }
    }

    #[test]
    fn the_leading_digits_are_those_of_the_words() {
        let leading = unreachable_numbers().map(|number| number.digits().next().unwrap());
        assert_eq!(DIGITS_THAT_ARE_NO_PLAIN_LEAD, leading.iter().fold(1, |bits, digit| bits | 1 << digit));
    }

    proptest! {
        #[test]
        fn a_plain_number_is_read_as_any_text_is(text in r"\+?[0-9/:@A ]{0,17}|\+[0-9]{7,16}") {
            prop_assert_eq!(Number::read(&text), Number::read_any(&text));
            let plainly = PlainDigits::of(&text).is_some_and(PlainDigits::is_plainly_a_number);
            prop_assert!(!plainly || matches!(Number::read_any(&text), Number::E164(_)));
        }

        #[test]
        fn any_text_is_read_and_read_again_alike(text in r#"(?s).{0,40}|[+0-9 <>"\\:;@.tel-]{0,30}"#) {
            let number = Number::read(&text);
            if let Number::Local(local) = number {
                prop_assert_eq!(Number::read(local), number);
            }
        }

        #[test]
        fn what_a_hole_shows_is_what_was_read(
            text in r#"(?s).{0,40}|[+0-9 <>"\\:;@.tel-]{0,30}|("?[A-Za-z 7]{0,6}"? ?<?)?(sips?:|TEL:)?[+]?[a-z0-9%()/'=*#-]{0,24}(:x)?(;a=b)?(@[a-z.0-9\[\]:]{0,9})?(>?;tag=[a-z]{3})?"#
        ) {
            let number = Number::read(&text);
            let shown = number.to_string();
            let is_same = Number::read(&shown) == number;
            prop_assert!(is_same || (shown == "unknown" && matches!(number, Number::Local(_))), "{} shows {}", text, shown);
            prop_assert!(number.to_string().len() <= 20);
            if let Number::Local(local) = number {
                prop_assert_eq!(Number::read(local), number);
            }
        }

        #[test]
        fn a_shown_number_is_read_back(value in 1_u64..=999_999_999_999_999) {
            let number = E164::parse(&format!("+{value}")).unwrap();
            prop_assume!(!is_unreachable(number));
            let shown = number.to_string();
            prop_assert_eq!(Number::read(&shown), Number::E164(number));
        }
    }
}
