//! Time, as the minimum of several runs: other work of the machine can only add to it.

use crate::engine::Engine;
use callplan::Call;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Runs are repeated until this much time has passed, and at least three times.
const ENOUGH: Duration = Duration::from_millis(1500);

/// The minimum time of `run`.
pub fn least<T>(run: impl FnMut() -> T) -> Duration {
    least_of(3, ENOUGH, run)
}

/// The minimum time of `run`, over at least `at_least` runs, and until `enough` time has passed.
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

/// The result of `run`, and its time.
pub fn once<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = black_box(run());
    (result, start.elapsed())
}

/// An engine, and the calls for its timing.
pub struct Runner<'e> {
    pub engine: &'e mut dyn Engine,
    pub calls: &'e [Call],
}

/// Approximate time of a turn, which repeats the calls, at least once.
const TURN: Duration = Duration::from_millis(6);
const TURNS: usize = 40;
/// An engine with longer turns gets fewer of them, but at least three.
const ENOUGH_TURNS: Duration = Duration::from_secs(3);

/// Nanoseconds per decision of each engine: the minimum of its turns. The engines take turns, so
/// that a disturbance hits all of them, and their ratios are comparable. A turn begins with calls
/// without timing, so that the processor's caches forget the engine before.
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

/// How often a turn repeats the calls. The first, cold pass says little about the next.
fn passes(runner: &mut Runner) -> u32 {
    let mut run = || once(|| runner.engine.run(runner.calls)).1.max(Duration::from_nanos(1));
    let first = run();
    let one = if first > 10 * TURN { first } else { run() };
    (TURN.as_nanos() / one.as_nanos()).clamp(1, 10_000) as u32
}
