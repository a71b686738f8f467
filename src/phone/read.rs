//! Reading the number that a call brings: out of an address, and then what it is.
//!
//! The rules are the language reference's, "Reading a number". Nothing here allocates, fails, or
//! goes over the text more than a fixed number of times.

use super::address::NamedPart;
use super::home::{Home, HomeRule, LocalReason, MAX_DIGITS_AT_HOME};
use super::number::Number;
use super::number_form::{NumberForm, is_blank, is_leading_mark, is_mark};
use super::plain_digits::PlainDigits;
use super::withheld::{WITHHELD_ZEROS, is_unreachable};

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
        if are_digits(text) && !is_withheld_zeros(text) {
            return Self::Local(text);
        }
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

    /// Reads a local text of digits at home: the number and the rule, or why it stays local. `None`
    /// for all that is not digits, with or without marks between them.
    pub fn read_at_home(self, home: Home) -> Option<Result<(Number<'static>, HomeRule), LocalReason>> {
        let Self::Local(text) = self else { return None };
        // Past the limit only that there are more matters.
        let mut digits = [0; MAX_DIGITS_AT_HOME + 1];
        let count = match are_digits(text) {
            true => {
                let came = text.bytes().map(|character| character - b'0');
                digits.iter_mut().zip(came).map(|(place, digit)| *place = digit).count()
            }
            false => digits_between_marks(text, &mut digits)?,
        };
        if count == 0 {
            return None;
        }
        let read = home.read(&digits[..count]);
        Some(read.map(|(number, rule)| match is_unreachable(number) {
            true => (Number::Withheld, rule),
            false => (Number::E164(number), rule),
        }))
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

/// Whether a text is digits alone, of any number.
fn are_digits(text: &str) -> bool {
    text.bytes().all(|character| character.is_ascii_digit())
}

fn is_withheld_zeros(digits: &str) -> bool {
    digits.is_empty() || (digits.len() == WITHHELD_ZEROS as usize && digits.bytes().all(|digit| digit == b'0'))
}

/// Puts the digits of a text where there is room, and counts those; `None` for a text of anything
/// but digits and marks.
fn digits_between_marks(text: &str, digits: &mut [u8]) -> Option<usize> {
    let mut count = 0;
    for character in NamedPart::of(text).letters().skip_while(|character| is_leading_mark(*character)) {
        if is_mark(character) {
            continue;
        }
        let digit = character.to_digit(10)? as u8;
        if let Some(place) = digits.get_mut(count) {
            *place = digit;
            count += 1;
        }
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::phone::number::E164;
    use crate::phone::plain_digits::DIGITS_THAT_ARE_NO_PLAIN_LEAD;
    use crate::phone::withheld::unreachable_numbers;

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
