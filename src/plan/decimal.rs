//! Numbers of the language, exactly: `3`, `-0.5`.

use std::fmt;

/// Maximum number of digits after the decimal point.
const DECIMALS: usize = 9;
/// Maximum number of digits before the decimal point.
const INTEGERS: usize = 15;

/// A number with at most 15 digits before the point and 9 after it. Integers and decimals compare
/// with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Decimal {
    /// In billionths.
    units: i128,
}

impl Decimal {
    /// Reads `3`, `-0.5`; the flag says whether it has a point. `None` for anything else, or for
    /// more digits than are kept.
    pub fn parse(text: &str) -> Option<(Self, bool)> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        let (whole, fraction) =
            digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(whole) || !fraction.is_none_or(is_digits) {
            return None;
        }
        if whole.trim_start_matches('0').len() > INTEGERS || fraction.is_some_and(|fraction| fraction.len() > DECIMALS)
        {
            return None;
        }
        let padded = format!("{whole}{:0<DECIMALS$}", fraction.unwrap_or_default());
        Some((Self { units: sign * padded.parse::<i128>().ok()? }, fraction.is_some()))
    }

    /// As JSON has it, with every digit: an integer where it is written as one, else with a point,
    /// and without the zeros that say nothing.
    pub fn to_json(self, text: &str) -> serde_json::Value {
        let whole = self.to_string();
        let shown = if text.contains('.') && !whole.contains('.') { format!("{whole}.0") } else { whole };
        shown.parse().map_or(serde_json::Value::Null, serde_json::Value::Number)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.units.abs() / 1_000_000_000, self.units.abs() % 1_000_000_000);
        let sign = if self.units < 0 { "-" } else { "" };
        let fraction = format!("{rest:09}");
        let fraction = fraction.trim_end_matches('0');
        write!(f, "{sign}{whole}{}{fraction}", if fraction.is_empty() { "" } else { "." })
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn json_has_every_digit() {
        let json = |text: &str| Decimal::parse(text).map(|(value, _)| value.to_json(text).to_string());
        for exact in ["12345678.123456789", "999999999999999.999999999", "-0.5", "3", "0.000000001", "100000000000000"]
        {
            assert_eq!(json(exact).as_deref(), Some(exact));
        }
        assert_eq!(["1.50", "2.0", "-0", "-0.0"].map(json).map(Option::unwrap), ["1.5", "2.0", "0", "0.0"]);
    }

    #[test]
    fn integers_and_decimals_compare_by_value() {
        let read = |text| Decimal::parse(text).map(|(value, _)| value);
        assert_eq!(read("1.50"), read("1.5"));
        assert!(read("-0.5") < read("0") && read("2") < read("10"));
        assert_eq!(read("3").map(|value| value.to_string()).as_deref(), Some("3"));
        assert_eq!(read("-0.050").map(|value| value.to_string()).as_deref(), Some("-0.05"));
        for bad in ["", "-", "1.", ".5", "1e3", "1234567890123456", "0.1234567891", "9am"] {
            assert_eq!(Decimal::parse(bad), None, "{bad}");
        }
    }
}
