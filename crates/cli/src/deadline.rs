//! Limits for questions about all calls: `--budget` and `--deadline`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

/// The options of commands that answer questions about all calls.
#[derive(clap::Args)]
pub struct Effort {
    /// Maximum steps for questions about all calls, such as which rules can never run; by default,
    /// what suits the plan
    #[arg(long, value_name = "STEPS", value_parser = steps)]
    pub budget: Option<usize>,
    /// Maximum time for these questions, for each plan, such as 500ms or 2s; what is not known by
    /// then is undecided
    #[arg(long, value_name = "TIME", value_parser = duration)]
    deadline: Option<Duration>,
}

impl Effort {
    /// Starts the time of one plan. Without a deadline it never ends.
    pub fn start(&self) -> Running {
        Running::start(self.deadline)
    }
}

/// A running time, and a flag that is set when it is over.
pub struct Running {
    stop: Arc<AtomicBool>,
    /// Dropping it ends the thread that watches the time.
    _over: Option<Sender<()>>,
}

impl Running {
    fn start(time: Option<Duration>) -> Self {
        // A deadline of zero is over at once, without waiting for a thread.
        let stop = Arc::new(AtomicBool::new(time == Some(Duration::ZERO)));
        let over = time.map(|time| {
            let (over, is_over) = mpsc::channel::<()>();
            let stop = Arc::clone(&stop);
            thread::spawn(move || {
                if is_over.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
                    stop.store(true, Ordering::Relaxed);
                }
            });
            over
        });
        Self { stop, _over: over }
    }

    /// The flag.
    pub fn stop(&self) -> &AtomicBool {
        &self.stop
    }
}

/// Reads a number of steps.
fn steps(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "write a number of steps, such as 100000".to_owned())
}

/// Reads a time such as `250ms`, `2s` or `1m`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (count, unit) = text.split_at(digits);
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err("write a time with its unit, such as 250ms, 2s, 1m or 1h".to_owned()),
    };
    let count: u64 =
        count.parse().map_err(|_| "write a time as a whole number with its unit, such as 250ms".to_owned())?;
    let checked = count.checked_mul(milliseconds).filter(|checked| *checked <= 86_400_000);
    checked.map(Duration::from_millis).ok_or_else(|| "the maximum is a day, 24h".to_owned())
}
