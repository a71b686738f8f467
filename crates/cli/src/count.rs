//! Options that are whole numbers.

use std::ops::RangeInclusive;

/// Reads a number of `what` within bounds; what is refused says what to write.
pub fn count<N>(what: &'static str, bounds: RangeInclusive<N>) -> impl Fn(&str) -> Result<N, String> + Clone
where
    N: std::str::FromStr + PartialOrd + std::fmt::Display + Clone,
{
    move |text| {
        let read = text.parse().ok().filter(|count| bounds.contains(count));
        read.ok_or_else(|| format!("write a number of {what} from {} to {}", bounds.start(), bounds.end()))
    }
}
