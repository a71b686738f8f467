//! The requests: their number, their times, and unexpected answers.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::client::{Client, Request, SoakAnswer};
use super::disk::Disk;

/// The kinds of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    Call,
    Config,
    Restore,
    Switch,
    Version,
    Agent,
    Number,
    Key,
    Log,
    Check,
    Simulate,
    Beside,
}

impl RequestKind {
    pub const ALL: [Self; 12] = [
        Self::Call,
        Self::Config,
        Self::Restore,
        Self::Switch,
        Self::Version,
        Self::Agent,
        Self::Number,
        Self::Key,
        Self::Log,
        Self::Check,
        Self::Simulate,
        Self::Beside,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Call => "calls",
            Self::Config => "config",
            Self::Restore => "restores",
            Self::Switch => "switches",
            Self::Version => "versions",
            Self::Agent => "agents",
            Self::Number => "numbers",
            Self::Key => "keys",
            Self::Log => "call log",
            Self::Check => "check",
            Self::Simulate => "simulate",
            Self::Beside => "metrics",
        }
    }
}

/// The server refuses a write that waits for longer.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Maximum number of unexpected answers that are printed in full.
const SHOWN: usize = 10;
/// Maximum number of unexpected answers before the test ends.
const MOST_UNMEANT: u64 = 100;

/// The pace and the results of all requests.
pub struct Watch {
    seen: Mutex<Seen>,
    pace: Mutex<Instant>,
    pause: Duration,
    is_over: AtomicBool,
    disk: Disk,
    excused: AtomicU64,
}

#[derive(Default)]
struct Seen {
    /// Times in microseconds, by kind.
    times: [Vec<u32>; RequestKind::ALL.len()],
    unmeant: [u64; RequestKind::ALL.len()],
    shown: usize,
    /// The number of requests of each kind at the last look.
    looked: [usize; RequestKind::ALL.len()],
}

/// The results of one kind.
pub struct LatencyRow {
    pub kind: RequestKind,
    pub count: usize,
    pub unmeant: u64,
    pub p50: Duration,
    pub p99: Duration,
    pub longest: Duration,
}

impl Watch {
    /// A watch with this number of requests a second, on this disk.
    pub fn new(rate: u32, disk: Disk) -> Self {
        Self {
            seen: Mutex::default(),
            pace: Mutex::new(Instant::now()),
            pause: Duration::from_secs(1) / rate.max(1),
            is_over: AtomicBool::new(false),
            disk,
            excused: AtomicU64::new(0),
        }
    }

    /// The number of writes that were refused because the disk stood still, and sent again.
    pub fn excused(&self) -> u64 {
        self.excused.load(Ordering::Relaxed)
    }

    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    pub fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// Whether the load is over.
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Whether the test ended because of too many unexpected answers.
    pub fn has_given_up(&self) -> bool {
        self.all_unmeant() >= MOST_UNMEANT
    }

    /// Takes the next turn in the load. Turns that were missed are not made up for by a burst.
    fn place(&self) -> Instant {
        let mut next = self.pace.lock().expect("nobody panicked");
        let at = (*next).max(Instant::now());
        *next = at + self.pause;
        at
    }

    /// Sends a request at its turn, and records the time of the answer.
    pub async fn ask(&self, kind: RequestKind, client: &mut Client, request: &Request<'_>) -> SoakAnswer {
        tokio::time::sleep_until(self.place().into()).await;
        self.ask_at_once(kind, client, request).await
    }

    /// Sends a request at once, to see whether the last answer has taken effect. Others then wait a
    /// little longer.
    pub async fn ask_now(&self, kind: RequestKind, client: &mut Client, request: &Request<'_>) -> SoakAnswer {
        self.place();
        self.ask_at_once(kind, client, request).await
    }

    async fn ask_at_once(&self, kind: RequestKind, client: &mut Client, request: &Request<'_>) -> SoakAnswer {
        let begun = Instant::now();
        let answer = client.ask(request).await;
        let time = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
        self.seen.lock().expect("nobody panicked").times[kind as usize].push(time);
        let none = |error: std::io::Error| SoakAnswer { text: error.to_string(), ..SoakAnswer::default() };
        answer.unwrap_or_else(none)
    }

    /// The same. A write that was refused because the disk stood still was not done, and is sent
    /// again.
    pub async fn ask_patiently(&self, kind: RequestKind, client: &mut Client, request: &Request<'_>) -> SoakAnswer {
        loop {
            let answer = self.ask(kind, client, request).await;
            let has_waited = answer.status == 503 && answer.took >= LONGEST_WAIT;
            if !has_waited || !self.disk.stood_still_since(Instant::now() - answer.took) {
                return answer;
            }
            self.excused.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sends a request with an expected status. Any other answer is printed, and gives `None`.
    pub async fn expect(
        &self,
        kind: RequestKind,
        client: &mut Client,
        request: Request<'_>,
        status: u16,
    ) -> Option<SoakAnswer> {
        let answer = self.ask_patiently(kind, client, &request).await;
        if answer.status == status {
            return Some(answer);
        }
        self.unmeant(kind, &request, &answer, &format!("status {status}"));
        None
    }

    /// Whether an answer is the expected one. Any other answer is printed.
    pub fn is(
        &self,
        kind: RequestKind,
        request: &Request<'_>,
        answer: &SoakAnswer,
        answered: &Value,
        meant: &Value,
    ) -> bool {
        let is_meant = answered == meant;
        if !is_meant {
            self.unmeant(kind, request, answer, &meant.to_string());
        }
        is_meant
    }

    /// Records an unexpected answer.
    pub fn unmeant(&self, kind: RequestKind, request: &Request<'_>, answer: &SoakAnswer, meant: &str) {
        let mut seen = self.seen.lock().expect("nobody panicked");
        seen.unmeant[kind as usize] += 1;
        if seen.shown < SHOWN {
            seen.shown += 1;
            let Request { method, path, condition, body, .. } = request;
            let now = jiff::Timestamp::now();
            println!("NOT MEANT at {now}: {method} {path} {condition:?} {}", body.clone().unwrap_or_default());
            println!("  meant:  {meant}\n  answer: {} {}\n  {}", answer.status, answer.text, answer.head);
        }
        if seen.unmeant.iter().sum::<u64>() >= MOST_UNMEANT {
            self.end();
        }
    }

    pub fn count_of(&self, kind: RequestKind) -> usize {
        self.seen.lock().expect("nobody panicked").times[kind as usize].len()
    }

    pub fn all_unmeant(&self) -> u64 {
        self.seen.lock().expect("nobody panicked").unmeant.iter().sum()
    }

    /// The results of each kind since the last look.
    pub fn look(&self) -> Vec<LatencyRow> {
        let mut seen = self.seen.lock().expect("nobody panicked");
        let rows = RequestKind::ALL.map(|kind| {
            let times = &seen.times[kind as usize];
            row(kind, times[seen.looked[kind as usize]..].to_vec(), seen.unmeant[kind as usize])
        });
        seen.looked = RequestKind::ALL.map(|kind| seen.times[kind as usize].len());
        rows.into()
    }

    /// The results of each kind.
    pub fn rows(&self) -> Vec<LatencyRow> {
        let seen = self.seen.lock().expect("nobody panicked");
        RequestKind::ALL.map(|kind| row(kind, seen.times[kind as usize].clone(), seen.unmeant[kind as usize])).into()
    }
}

fn row(kind: RequestKind, mut times: Vec<u32>, unmeant: u64) -> LatencyRow {
    times.sort_unstable();
    let at = |part: f64| {
        let place = (times.len().saturating_sub(1) as f64 * part) as usize;
        Duration::from_micros(times.get(place).copied().unwrap_or_default().into())
    };
    LatencyRow { kind, count: times.len(), unmeant, p50: at(0.5), p99: at(0.99), longest: at(1.0) }
}
