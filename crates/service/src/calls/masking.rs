//! Masks phone numbers, which are personal data, for logs and lists.

use callplan::phone::Number;
use serde_json::Value;

/// Masks a number: the first four digits and the last two stay, but at most half of all digits.
/// Letters of a SIP address are masked like digits.
pub fn mask(number: &str) -> String {
    let count = number.chars().filter(|letter| letter.is_alphanumeric()).count();
    let kept = 6.min(count / 2);
    let (first, last) = (kept.min(4), kept.saturating_sub(4));
    let mut at = 0;
    let hide = |letter: char| {
        if !letter.is_alphanumeric() {
            return letter;
        }
        at += 1;
        if at <= first || at > count - last { letter } else { '*' }
    };
    number.chars().map(hide).collect()
}

/// Whether the name of a trunk is a phone number: an international one, or a local one of at least
/// seven digits, with punctuation at most.
pub fn is_number(trunk: &str) -> bool {
    match Number::read(trunk) {
        Number::Withheld => false,
        Number::E164(_) => true,
        Number::Local(local) => {
            let is_written_so = |letter: char| letter.is_ascii_digit() || " +-.()/".contains(letter);
            local.chars().all(is_written_so) && local.chars().filter(char::is_ascii_digit).count() >= 7
        }
    }
}

/// Masks these numbers wherever they occur in the texts of a JSON value.
pub fn mask_all(value: &mut Value, numbers: &[&str]) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
        Value::String(text) => *text = mask_text(text, numbers),
        Value::Array(values) => values.iter_mut().for_each(|value| mask_all(value, numbers)),
        Value::Object(fields) => fields.values_mut().for_each(|value| mask_all(value, numbers)),
    }
}

/// Masks these numbers wherever they occur in a text.
pub fn mask_text(text: &str, numbers: &[&str]) -> String {
    // Numbers of one or two digits occur in many unrelated texts.
    let numbers = numbers.iter().filter(|number| number.chars().count() > 2);
    numbers.fold(text.to_owned(), |text, number| text.replace(number, &mask(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_half_of_a_number_stays() {
        assert_eq!(mask("+14155550100"), "+1415******0");
        assert_eq!(mask("+1 (415) 555-0100"), "+1 (415) ***-***0");
        assert_eq!(mask("+442079460"), "+4420*****");
        assert_eq!(mask("1001"), "10**");
        assert_eq!(mask("7"), "*");
        assert_eq!(mask("sip:dialer@broadcast.invalid"), "sip:d*****@*********.*****id");
        assert_eq!(mask(""), "");
    }

    #[test]
    fn a_trunk_is_a_number_or_a_name() {
        for number in ["+14155550199", "sip:+14155550199@carrier.invalid", "(415) 555-0199", "4155550199"] {
            assert!(is_number(number), "{number}");
        }
        for name in ["main", "carrier-2024-01", "42", "", "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11", "anonymous"] {
            assert!(!is_number(name), "{name}");
        }
    }

    #[test]
    fn numbers_are_masked_in_all_texts() {
        let mut value =
            serde_json::json!({"note": "from +14155550100 and again +14155550100", "list": ["+14155550100", 7]});
        mask_all(&mut value, &["+14155550100", "7"]);
        let expected =
            serde_json::json!({"note": "from +1415******0 and again +1415******0", "list": ["+1415******0", 7]});
        assert_eq!(value, expected);
    }
}
