//! How figures are printed: with about three digits.

use std::time::Duration;

/// `1.23 ms`
pub fn duration(time: Duration) -> String {
    scaled(time.as_nanos() as f64, 1000.0, &["ns", "us", "ms", "s"])
}

/// `1.23 MB`
pub fn bytes(count: usize) -> String {
    scaled(count as f64, 1024.0, &["B", "KB", "MB", "GB"])
}

fn scaled(mut figure: f64, step: f64, units: &[&str]) -> String {
    let mut units = units.iter();
    let mut unit = units.next().expect("there are units");
    while figure >= step {
        let Some(next) = units.next() else { break };
        (figure, unit) = (figure / step, next);
    }
    let places = if figure < 10.0 { 2 } else { usize::from(figure < 100.0) };
    format!("{figure:.places$} {unit}")
}
