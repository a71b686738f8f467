//! What the server says on standard error: JSON lines, one a request. A request leaves a small record in a bounded queue; a
//! thread words and writes many at a time. Nobody waits for it: what finds no room is counted and lost.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::http::{HeaderValue, Method, StatusCode};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::front::Route;
use super::metrics::{self, Metrics};
use super::queue::{Drain, Queue, queue};
use crate::live::access::Principal;
use crate::store::{KeyId, OrganizationId};

/// So many records wait at most.
const LONGEST_QUEUE: usize = 16_384;
/// How often the thread looks while requests come, and while none does: what it finds at once keeps a processor from them.
const PAUSE: Duration = Duration::from_millis(5);
const LONG_PAUSE: Duration = Duration::from_millis(50);
/// So long an end waits for a reader that does not read.
const LONGEST_END: Duration = Duration::from_secs(1);

/// A request that was answered.
#[derive(Debug)]
pub struct Line {
    /// When it came.
    pub begun: Timestamp,
    /// How it was asked.
    pub method: Method,
    /// The pattern of the path that took it.
    pub route: Option<Route>,
    /// What was answered.
    pub status: StatusCode,
    /// How long that took.
    pub time: Duration,
    /// Who asked, if they said so.
    pub who: Option<Principal>,
    /// The id that was answered.
    pub request_id: RequestId,
}

/// A request's id.
#[derive(Clone, Debug)]
pub enum RequestId {
    /// The client's own.
    Given(HeaderValue),
    /// The number of a request among those of one run of the server.
    Own {
        /// The run's own number.
        run: u64,
        /// Counted from 0.
        number: u64,
    },
}

impl RequestId {
    /// As it is answered, and written into the log.
    pub fn header(&self) -> HeaderValue {
        match self {
            Self::Given(id) => id.clone(),
            Self::Own { run, number } => {
                let mut text = [b'-'; 33];
                write_digits(&mut text[..16], *run);
                write_digits(&mut text[17..], *number);
                HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static("-"))
            }
        }
    }
}

/// Fills a text with the last hexadecimal digits of a number. Every request has some, so they are not formatted one by one.
fn write_digits(text: &mut [u8], mut number: u64) {
    for digit in text.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(number & 0xf) as usize];
        number >>= 4;
    }
}

#[derive(Debug)]
enum Record {
    Request(Line),
    Message { at: Timestamp, level: Level, message: String, more: Map<String, Value> },
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is as it should be.
    Info,
    /// Somebody should look at it.
    Warn,
    /// Something is broken.
    Error,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// Where records are left. Its clones are the same log; without a thread behind it, it takes all and says nothing.
#[derive(Clone, Debug, Default)]
pub struct Log {
    queue: Option<Queue<Record>>,
}

/// The thread that writes.
#[derive(Debug)]
pub struct Writer {
    thread: JoinHandle<()>,
    stop: Arc<AtomicBool>,
}

impl Log {
    /// A log that is written to `to`.
    pub fn start(to: impl Write + Send + 'static) -> io::Result<(Self, Writer)> {
        let (queue, records) = queue(LONGEST_QUEUE);
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("log".into())
            .spawn(move || write_all(&records, to, || stopped.load(Ordering::Acquire)))?;
        Ok((Self { queue: Some(queue) }, Writer { thread, stop }))
    }

    /// Leaves a record of a request.
    pub fn request(&self, line: Line, metrics: &Metrics) {
        if let Some(queue) = &self.queue
            && !queue.add(Record::Request(line))
        {
            metrics.request_log_dropped.up();
        }
    }

    /// Says something that is not about one request. `more` is an object of fields beside the message.
    pub fn say(&self, level: Level, message: &str, more: Value) {
        let Some(queue) = &self.queue else { return };
        let more = if let Value::Object(more) = more { more } else { Map::new() };
        // There is no other place to say that it finds no room.
        let _ = queue.add(Record::Message { at: Timestamp::now(), level, message: message.to_owned(), more });
    }
}

impl Writer {
    /// Ends it, when all that was left before has been written; a reader that does not read is not waited for.
    pub fn end(self) {
        self.stop.store(true, Ordering::Release);
        let begun = Instant::now();
        while !self.thread.is_finished() && begun.elapsed() < LONGEST_END {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn write_all(records: &Drain<Record>, mut to: impl Write, is_over: impl Fn() -> bool) {
    // Requests go first.
    crate::priority::give_way();
    let (mut text, mut names) = (Vec::with_capacity(64 << 10), Names::default());
    loop {
        let was_over = is_over();
        for record in records.take(LONGEST_QUEUE) {
            write(&mut text, &mut names, &record);
        }
        let is_idle = text.is_empty();
        if !is_idle {
            // If nobody reads it any more, there is nobody to tell.
            let _ = to.write_all(&text).and_then(|()| to.flush());
            text.clear();
        }
        if was_over {
            return;
        }
        std::thread::sleep(if is_idle { LONG_PAUSE } else { PAUSE });
    }
}

fn write(text: &mut Vec<u8>, names: &mut Names, record: &Record) {
    // A vector takes all that is written to it.
    let _ = match record {
        Record::Request(line) => {
            let level = if line.status.is_server_error() { Level::Error } else { Level::Info };
            let request_id = line.request_id.header();
            let (organization, key) = line.who.map(|who| names.of(&who)).unzip();
            let shown = Shown {
                time: (line.begun + line.time).to_string(),
                level: level.name(),
                message: "request",
                method: metrics::name(&line.method),
                route: line.route.as_ref().map(Route::as_str),
                status: line.status.as_u16(),
                duration_ms: line.time.as_nanos() as f64 / 1e6,
                organization,
                key,
                request_id: request_id.to_str().ok(),
            };
            serde_json::to_writer(&mut *text, &shown)
        }
        Record::Message { at, level, message, more } => {
            let mut value = json!({"time": at.to_string(), "level": level.name(), "message": message});
            value.as_object_mut().into_iter().for_each(|value| value.extend(more.clone()));
            serde_json::to_writer(&mut *text, &value)
        }
    };
    text.push(b'\n');
}

/// The ids of who asked last, as text: most often it is they who ask next.
#[derive(Default)]
struct Names {
    last: Option<(OrganizationId, KeyId)>,
    organization: String,
    key: String,
}

impl Names {
    fn of(&mut self, who: &Principal) -> (&str, &str) {
        if self.last.replace((who.organization, who.key)) != Some((who.organization, who.key)) {
            (self.organization, self.key) = (who.organization.to_string(), who.key.to_string());
        }
        (&self.organization, &self.key)
    }
}

/// The line of a request, its keys in this order.
#[derive(Serialize)]
struct Shown<'l> {
    time: String,
    level: &'static str,
    message: &'static str,
    method: &'l str,
    route: Option<&'l str>,
    status: u16,
    duration_ms: f64,
    organization: Option<&'l str>,
    key: Option<&'l str>,
    request_id: Option<&'l str>,
}
