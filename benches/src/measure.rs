//! Time, taken as the least of several runs: whatever else the machine does can only add to it.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Runs go on until this much time has passed, and at least three times.
const ENOUGH: Duration = Duration::from_millis(1500);

/// The least time that `run` took.
pub fn least<T>(mut run: impl FnMut() -> T) -> Duration {
    let start = Instant::now();
    let mut least = Duration::MAX;
    let mut runs = 0;
    while runs < 3 || start.elapsed() < ENOUGH {
        least = least.min(once(&mut run).1);
        runs += 1;
    }
    least
}

/// What `run` gave, and the time that it took.
pub fn once<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = black_box(run());
    (result, start.elapsed())
}
