//! How far the questions about all calls may go: `--budget` and `--deadline`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

/// The options of commands that ask about all calls.
#[derive(clap::Args)]
pub struct Effort {
    /// Steps to spend on questions about all calls, such as which rules can never run; without it,
    /// as suits the plan
    #[arg(long, value_name = "STEPS")]
    pub budget: Option<usize>,
    /// Ends those questions after this time for each plan, such as 500ms or 2s: what is not known
    /// by then is undecided
    #[arg(long, value_name = "TIME", value_parser = duration)]
    deadline: Option<Duration>,
}

impl Effort {
    /// Starts the time for one plan; without a deadline there is no end to it.
    pub fn start(&self) -> Running {
        Running::start(self.deadline)
    }
}

/// A time that runs, and a flag that is raised when it is over.
pub struct Running {
    stop: Arc<AtomicBool>,
    /// Its end is the watch's, too.
    _over: Option<Sender<()>>,
}

impl Running {
    fn start(time: Option<Duration>) -> Self {
        // Time that is over at once does not wait for a thread to say so.
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

/// Reads `250ms`, `2s` or `1m`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (count, unit) = text.split_at(digits);
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return Err("a time is written with its unit, such as 250ms, 2s or 1m".to_owned()),
    };
    let count: u64 = count.parse().map_err(|_| "a time begins with a whole number, such as 250ms".to_owned())?;
    let whole = count.checked_mul(milliseconds).filter(|whole| *whole <= 86_400_000);
    whole.map(Duration::from_millis).ok_or_else(|| "a time is at most a day, 1440m".to_owned())
}
