//! Time, taken as the least of several runs: whatever else the machine does can only add to it.

use crate::engine::Engine;
use callplan::Call;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Runs go on until this much time has passed, and at least three times.
const ENOUGH: Duration = Duration::from_millis(1500);

/// The least time that `run` took.
pub fn least<T>(run: impl FnMut() -> T) -> Duration {
    least_of(3, ENOUGH, run)
}

/// The least time that `run` took, of so many runs at least and until so much time has passed.
pub fn least_of<T>(at_least: usize, enough: Duration, mut run: impl FnMut() -> T) -> Duration {
    let start = Instant::now();
    let mut least = Duration::MAX;
    let mut runs = 0;
    while runs < at_least || start.elapsed() < enough {
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

/// An engine, and the calls that it is timed on.
pub struct Runner<'e> {
    pub engine: &'e mut dyn Engine,
    pub calls: &'e [Call],
}

/// A turn takes about so long, by going over the calls again and again, but once at least.
const TURN: Duration = Duration::from_millis(6);
const TURNS: usize = 40;
/// An engine whose turns take longer gets fewer, but three at least.
const ENOUGH_TURNS: Duration = Duration::from_secs(3);

/// Nanoseconds a decision of each: the least of its turns. They take turns, so that what disturbs one disturbs all, and
/// ratios of one run stand on the same ground. A turn begins with calls that are not timed, after which the processor's
/// caches have forgotten the engine before.
pub fn in_turns(runners: &mut [Runner]) -> Vec<f64> {
    let passes: Vec<u32> = runners.iter_mut().map(passes).collect();
    let mut least = vec![f64::MAX; runners.len()];
    let mut spent = vec![Duration::ZERO; runners.len()];
    for turn in 0..TURNS {
        for (at, runner) in runners.iter_mut().enumerate() {
            if turn >= 3 && spent[at] > ENOUGH_TURNS {
                continue;
            }
            if passes[at] > 1 {
                runner.engine.run(runner.calls);
            }
            let ((), time) = once(|| (0..passes[at]).for_each(|_| runner.engine.run(runner.calls)));
            spent[at] += time;
            least[at] = least[at].min(time.as_nanos() as f64 / f64::from(passes[at]) / runner.calls.len() as f64);
        }
    }
    least
}

/// How often a turn goes over the calls. The first time is a cold one, and says little of the next.
fn passes(runner: &mut Runner) -> u32 {
    let mut run = || once(|| runner.engine.run(runner.calls)).1.max(Duration::from_nanos(1));
    let first = run();
    let one = if first > 10 * TURN { first } else { run() };
    (TURN.as_nanos() / one.as_nanos()).clamp(1, 10_000) as u32
}
