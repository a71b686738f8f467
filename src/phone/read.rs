//! Reading the number that a call brings: out of an address, and then what it is.
//!
//! The rules are the language reference's, "Reading a number". Nothing here allocates, fails, or goes over the text more
//! than a fixed number of times.

use super::number::{E164, MAX_DIGITS, Number, unit};

/// The words by which networks say that a number is withheld, in any case.
const WITHHELD_WORDS: [&str; 7] =
    ["anonymous", "restricted", "private", "unavailable", "unknown", "withheld", "blocked"];

/// The digits of the numbers that spell such a word on a keypad (`+266696687` is `anonymous`).
const WITHHELD_DIGITS: [(u64, u32); 5] =
    [(266_696_687, 9), (86_282_452_253, 11), (8_656_696, 7), (2_562_533, 7), (7_378_742_833, 10)];

/// The E.164 numbers that no call brings, since they spell a withheld one on a keypad, lowest first.
pub fn unreachable_numbers() -> [E164; 5] {
    let mut numbers = WITHHELD_DIGITS.map(|(value, length)| E164::from_value(value, length));
    numbers.sort_unstable();
    numbers
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
        match Plain::of(text).and_then(Plain::number) {
            Some(number) => Self::E164(number),
            None => Self::read_any(text),
        }
    }

    #[inline(never)]
    fn read_any(text: &'a str) -> Self {
        let whole = text.trim();
        match Parts::of(user(whole)) {
            Parts::Withheld => Self::Withheld,
            Parts::E164(number) => Self::E164(number),
            Parts::Other => Self::Local(whole),
        }
    }

    /// Whether this local text would have been an E.164 number, had it come with its `+` and country code: nothing but
    /// digits, with or without marks between them. A trace says so, since a plan's numbers do not match it.
    pub fn is_digits_without_plus(self) -> bool {
        let Self::Local(text) = self else { return false };
        let mut rest = user(text).chars().filter(|character| !is_mark(*character)).peekable();
        rest.peek().is_some() && rest.all(|character| character.is_ascii_digit())
    }
}

/// An ASCII `0` in each byte.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// A text of the form in which nearly every call brings its numbers: `+` and 8 to 15 more characters, which had better be
/// digits. They are in two words of eight, which overlap where there are fewer than 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plain {
    pub first: u64,
    pub last: u64,
    /// How many characters follow the `+`.
    pub length: u32,
}

impl Plain {
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

/// No country code begins with 0, and with these others begin the numbers that spell a word on a keypad: a bit each.
const DIGITS_THAT_ARE_NO_PLAIN_LEAD: u64 = 1 | 1 << 2 | 1 << 7 | 1 << 8;

/// The number that eight digits make, each in a byte, the first in the lowest. Neighbours are joined to pairs, pairs to
/// fours, fours to eight.
#[inline(always)]
fn value_of(digits: u64) -> u64 {
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    (fours * 10_000 + (fours >> 32)) & 0xffff_ffff
}

/// What is left once the address around it is gone: N of `tel:N`, USER of `sip:USER@HOST`, else all of it.
fn user(text: &str) -> &str {
    let address = in_angle_brackets(text);
    if let Some(number) = strip_scheme(address, "tel:") {
        return before_any(number, &[';']).trim();
    }
    let bare = strip_scheme(address, "sips:").or_else(|| strip_scheme(address, "sip:")).unwrap_or(address);
    if bare.contains('@') { before_any(bare, &['@', ':', ';']).trim() } else { text }
}

/// The address in `"Name" <address>;parameters`, or the text itself. A quoted name may hold anything, `<` too.
fn in_angle_brackets(text: &str) -> &str {
    let after_name = text.strip_prefix('"').and_then(after_quote).unwrap_or(text);
    let Some((name, rest)) = after_name.split_once('<') else { return text };
    // In an address without brackets a `<` is only some parameter's.
    if ["tel:", "sip:", "sips:"].iter().any(|scheme| strip_scheme(name, scheme).is_some()) {
        return text;
    }
    rest.split_once('>').map_or(rest, |(address, _)| address).trim()
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

/// Dropped before a number is judged.
fn is_mark(character: char) -> bool {
    matches!(character, ' ' | '.' | '-' | '(' | ')')
}

/// What a text is once its marks are dropped.
enum Parts {
    Withheld,
    E164(E164),
    Other,
}

impl Parts {
    fn of(text: &str) -> Self {
        let bare = || text.chars().filter(|character| !is_mark(*character));
        if bare().next().is_none() || WITHHELD_WORDS.iter().any(|word| is_word(bare(), word)) {
            return Self::Withheld;
        }
        match e164(bare()) {
            Some(number) if is_unreachable(number) => Self::Withheld,
            Some(number) => Self::E164(number),
            None => Self::Other,
        }
    }
}

fn is_word(text: impl Iterator<Item = char>, word: &str) -> bool {
    text.map(|character| character.to_ascii_lowercase()).eq(word.chars())
}

fn e164(mut text: impl Iterator<Item = char>) -> Option<E164> {
    if text.next() != Some('+') {
        return None;
    }
    let (mut value, mut length) = (0, 0);
    for character in text {
        let digit = character.to_digit(10)?;
        if length == MAX_DIGITS || (length == 0 && digit == 0) {
            return None;
        }
        value = value * 10 + u64::from(digit);
        length += 1;
    }
    (length > 0).then(|| E164::from_value(value, length))
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
            ("Tel: 5 <sip:+14155550100@host>", "local Tel: 5 <sip:+14155550100@host>"),
        ]);
    }

    #[test]
    fn what_is_withheld() {
        check(&[
            ("", "withheld"),
            (" \t\r\n ", "withheld"),
            ("-.()", "withheld"),
            ("Anonymous", "withheld"),
            ("  RESTRICTED ", "withheld"),
            ("(private)", "withheld"),
            ("un-known", "withheld"),
            ("unavailable", "withheld"),
            ("withheld", "withheld"),
            ("blocked", "withheld"),
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
            ("+1\u{a0}415", "local +1\u{a0}415"),
            ("+1\t415", "local +1\t415"),
            ("sip:desk@pbx", "local sip:desk@pbx"),
            ("sip:+14155550100", "local sip:+14155550100"),
            ("sip:%2B14155550100@host", "local sip:%2B14155550100@host"),
            ("<+14155550100>", "local <+14155550100>"),
            ("anonymous2", "local anonymous2"),
            ("\"Anna", "local \"Anna"),
            ("\"", "local \""),
            ("\\", "local \\"),
            ("\"\\", "local \"\\"),
            ("é", "local é"),
            ("téléphone", "local téléphone"),
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
            let plainly = Plain::of(&text).is_some_and(Plain::is_plainly_a_number);
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
        fn a_shown_number_is_read_back(value in 1_u64..=999_999_999_999_999) {
            let number = E164::parse(&format!("+{value}")).unwrap();
            prop_assume!(!is_unreachable(number));
            let shown = number.to_string();
            prop_assert_eq!(Number::read(&shown), Number::E164(number));
        }
    }
}
