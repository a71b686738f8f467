//! The share of calls that a way has.

use crate::eval::BUCKETS;
use std::fmt;

/// A share of all calls. Exact for up to eight nested splits, and cut after the 32nd decimal digit
/// beyond that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallShare(u128);

impl CallShare {
    /// All of them.
    pub const ALL: Self = Self(100_000_000_000_000_000_000_000_000_000_000);

    /// The share of `buckets` buckets of this share.
    pub(super) fn of_buckets(self, buckets: u32) -> Self {
        Self(self.0 * u128::from(buckets) / u128::from(BUCKETS))
    }

    /// Of all calls, how many in a hundred, as JSON: an integer where it is one.
    pub fn percent(self) -> serde_json::Number {
        let decimal = self.decimal(30);
        let integer = decimal.parse::<u64>().ok().map(serde_json::Number::from);
        let read = || decimal.parse().ok().and_then(serde_json::Number::from_f64);
        // Digits, and at most one point between them, are a number.
        integer.or_else(read).unwrap_or_else(|| serde_json::Number::from(0))
    }

    /// In percent, with at most `digits` digits after the decimal point; the last digit is rounded.
    fn decimal(self, digits: u32) -> String {
        let one_percent = Self::ALL.0 / 100;
        let unit = one_percent / 10_u128.pow(digits);
        let rounded = (self.0 + unit / 2) / unit;
        let (whole, rest) = (rounded / 10_u128.pow(digits), rounded % 10_u128.pow(digits));
        let decimal = format!("{whole}.{rest:0width$}", width = digits as usize);
        decimal.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

impl std::ops::AddAssign for CallShare {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

/// `5%`, `0.25%`; with four digits after the point at most.
impl fmt::Display for CallShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.decimal(4).as_str() {
            "0" if self.0 > 0 => f.write_str("less than 0.0001%"),
            decimal => write!(f, "{decimal}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CallShare;

    #[test]
    fn shares_are_shown_as_a_plan_writes_them() {
        let shown = |buckets: &[u32]| {
            buckets.iter().fold(CallShare::ALL, |share, buckets| share.of_buckets(*buckets)).to_string()
        };
        assert_eq!(shown(&[]), "100%");
        assert_eq!(shown(&[500]), "5%");
        assert_eq!(shown(&[3333]), "33.33%");
        assert_eq!(shown(&[500, 500]), "0.25%");
        assert_eq!(shown(&[3333, 3333]), "11.1089%");
        assert_eq!(shown(&[1, 1]), "less than 0.0001%");
    }

    #[test]
    fn eight_splits_deep_nothing_is_lost() {
        let mut sum = [1_u32, 9_999].map(|buckets| (0..8).fold(CallShare::ALL, |share, _| share.of_buckets(buckets)));
        assert_eq!(sum[0], CallShare(1));
        assert_eq!(sum[1], CallShare(9_999_u128.pow(8)));
        assert_eq!(sum[1].percent().to_string(), "99.9200279944007");
        let rest = CallShare(CallShare::ALL.0 - sum[0].0);
        sum[0] += rest;
        assert_eq!((sum[0], sum[0].percent().to_string()), (CallShare::ALL, "100".to_owned()));
    }
}
