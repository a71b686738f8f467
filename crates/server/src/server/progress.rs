//! The progress of a connection with its requests, and how long nothing has happened on it.
//!
//! hyper's `header_read_timeout` begins when the last answer ends, so a slow head and an idle
//! connection would share one timeout. Here a head has 10 seconds, and an idle connection 75,
//! longer than most load balancers keep one in their pools. An answer has a least rate.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use hyper::body::{Frame, Incoming, SizeHint};

use super::body_length::BodyLength;

/// Timeout of a head from its first byte, and of the first head of a new connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Timeout of a connection between two requests.
const IDLE_TIMEOUT: Duration = Duration::from_secs(75);
/// The time over which a client must read its answer at [`LEAST_RATE`].
const READING: Duration = Duration::from_secs(30);
/// Minimum rate at which a client reads an answer, in bytes a second.
const LEAST_RATE: u64 = 16 << 10;
/// Maximum time between two looks at a connection. A timeout may be late by this much.
const LOOK: Duration = Duration::from_secs(2);

/// The stage of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing has arrived.
    Fresh,
    /// A head is arriving.
    Head,
    /// The body of a request is arriving.
    Body,
    /// A handler works on a request.
    Work,
    /// There is an answer, and the HTTP library is taking its body.
    Answer,
    /// The library has the complete answer, and is writing the last of it.
    LastBytes,
    /// The answer has been written; the next request may come.
    Idle,
}

impl Stage {
    const ALL: [Self; 7] = [Self::Fresh, Self::Head, Self::Body, Self::Work, Self::Answer, Self::LastBytes, Self::Idle];
}

/// What the client of a connection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// It has not sent a whole head.
    Idle,
    /// It is sending a body, or reading an answer.
    Busy,
    /// It waits for an answer.
    Waits,
}

/// The progress of a connection. It does not read the clock, which would cost each request: a
/// [`Watch`] does.
#[derive(Debug)]
pub struct Progress {
    stage: AtomicU8,
    /// Counts the waits that have begun. Only the connection's own task counts.
    waits: AtomicU64,
    /// Counts the answers that have begun.
    answers: AtomicU64,
    /// Counts the bytes that the client has taken.
    written: AtomicU64,
    /// Since when the connection waits, as the last look saw it: milliseconds after the server's
    /// first connection.
    since: AtomicU64,
    /// Which organization the last authenticated request was for; 0 before the first.
    organization: AtomicU64,
    is_refused: AtomicBool,
    /// The length of the body behind the head that was read last, or one of the two values below.
    body: AtomicU64,
}

/// The body's length has been taken.
const TAKEN: u64 = u64::MAX;
/// The body comes in chunks.
const CHUNKED: u64 = u64::MAX - 1;

impl Progress {
    /// The progress of a new connection.
    pub fn new() -> Self {
        let stage = AtomicU8::new(Stage::Fresh as u8);
        Self {
            stage,
            waits: AtomicU64::new(0),
            answers: AtomicU64::new(0),
            written: AtomicU64::new(0),
            since: AtomicU64::new(milliseconds(Instant::now())),
            organization: AtomicU64::new(0),
            is_refused: AtomicBool::new(false),
            body: AtomicU64::new(TAKEN),
        }
    }

    fn stage(&self) -> Stage {
        Stage::ALL[usize::from(self.stage.load(Ordering::Relaxed)) % Stage::ALL.len()]
    }

    fn set(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::Relaxed);
    }

    fn waits(&self) -> u64 {
        self.waits.load(Ordering::Relaxed)
    }

    fn wait_anew(&self) {
        self.waits.store(self.waits().wrapping_add(1), Ordering::Relaxed);
    }

    /// A head has been read, with a body of this length; `None` if it comes in chunks. The time of
    /// the work is not measured here.
    pub fn begin_work(&self, body: Option<u64>) {
        self.body.store(body.map_or(CHUNKED, |length| length.min(CHUNKED - 1)), Ordering::Relaxed);
        self.set(if body == Some(0) { Stage::Work } else { Stage::Body });
    }

    /// The whole body has arrived, or nobody reads the rest.
    fn end_body(&self) {
        if self.stage() == Stage::Body {
            self.set(Stage::Work);
        }
    }

    /// A request of an organization, by a number that stands for it, was authenticated.
    pub fn authenticated(&self, organization: u64) {
        self.organization.store(organization.max(1), Ordering::Relaxed);
    }

    /// The number of the organization of the last authenticated request.
    pub fn organization(&self) -> Option<u64> {
        Some(self.organization.load(Ordering::Relaxed)).filter(|organization| *organization > 0)
    }

    /// What the client does.
    pub fn client(&self) -> Client {
        match self.stage() {
            Stage::Fresh | Stage::Head | Stage::Idle => Client::Idle,
            Stage::Body | Stage::Answer | Stage::LastBytes => Client::Busy,
            Stage::Work => Client::Waits,
        }
    }

    /// Since when the connection waits. Only the order of two connections means something.
    pub fn since(&self) -> u64 {
        self.since.load(Ordering::Relaxed)
    }

    /// The length of the body behind the head that was read last, once.
    pub fn take_body_length(&self) -> Option<BodyLength> {
        match self.body.swap(TAKEN, Ordering::Relaxed) {
            TAKEN => None,
            CHUNKED => Some(BodyLength::chunked()),
            length => Some(BodyLength::Known(length)),
        }
    }

    /// There is an answer, with this body.
    pub fn answer(self: &Arc<Self>, body: Body) -> AnswerBody {
        self.answers.store(self.answers.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
        self.set(Stage::Answer);
        AnswerBody { body, progress: Arc::clone(self) }
    }

    /// Bytes have arrived.
    pub fn on_read(&self) {
        match self.stage() {
            Stage::Fresh | Stage::Idle => {
                self.set(Stage::Head);
                self.wait_anew();
            }
            // The timeout of a head runs from its first byte.
            Stage::Head | Stage::Body | Stage::Work | Stage::Answer | Stage::LastBytes => {}
        }
    }

    /// Whether the bytes that the HTTP library wants to write belong to one of our answers. If no
    /// request is being answered, they are the library's own refusal of a head. They are not
    /// written: the library's error decides the answer.
    pub fn may_write(&self) -> bool {
        match self.stage() {
            Stage::Body | Stage::Work | Stage::Answer | Stage::LastBytes => {}
            Stage::Fresh | Stage::Head | Stage::Idle => {
                self.is_refused.store(true, Ordering::Relaxed);
                return false;
            }
        }
        true
    }

    /// The client has taken some bytes.
    pub fn on_written(&self, bytes: usize) {
        self.written.store(self.written.load(Ordering::Relaxed).wrapping_add(bytes as u64), Ordering::Relaxed);
    }

    /// The HTTP library has written all that it had.
    pub fn on_flushed(&self) {
        if self.stage() == Stage::LastBytes {
            self.set(Stage::Idle);
            self.wait_anew();
        }
    }

    /// Whether the HTTP library has refused a head.
    pub fn is_refused(&self) -> bool {
        self.is_refused.load(Ordering::Relaxed)
    }
}

/// The body of an answer. The HTTP library drops it when it has taken all of it.
#[derive(Debug)]
pub struct AnswerBody {
    body: Body,
    progress: Arc<Progress>,
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        self.progress.set(Stage::LastBytes);
    }
}

impl hyper::body::Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of a request. The handler drops it when it has read all that it wants.
#[derive(Debug)]
pub struct RequestBody {
    body: Incoming,
    progress: Arc<Progress>,
}

impl RequestBody {
    /// A body that says when it has arrived.
    pub fn new(body: Incoming, progress: Arc<Progress>) -> Self {
        Self { body, progress }
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        self.progress.end_body();
    }
}

impl hyper::body::Body for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if matches!(polled, Poll::Ready(None)) || self.body.is_end_stream() {
            self.progress.end_body();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Milliseconds since this was first asked.
fn milliseconds(now: Instant) -> u64 {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let first = *FIRST.get_or_init(|| now);
    u64::try_from(now.saturating_duration_since(first).as_millis()).unwrap_or(u64::MAX)
}

/// Looks at a connection's progress from time to time, with a clock.
#[derive(Debug)]
pub struct Watch {
    /// The number of the last wait that was seen, and when it was first seen.
    waits: u64,
    since: Instant,
    reading: Reading,
}

/// A span of [`READING`] in which a client reads an answer.
#[derive(Clone, Copy, Debug)]
struct Reading {
    /// The number of the answer.
    answer: u64,
    /// The bytes that were written before.
    written: u64,
    since: Instant,
}

impl Reading {
    fn begin(progress: &Progress, now: Instant) -> Self {
        let (answer, written) = (progress.answers.load(Ordering::Relaxed), progress.written.load(Ordering::Relaxed));
        Self { answer, written, since: now }
    }
}

impl Watch {
    /// A watch that begins now.
    pub fn new(progress: &Progress, now: Instant) -> Self {
        Self { waits: progress.waits(), since: now, reading: Reading::begin(progress, now) }
    }

    /// The time until the timeout or the next look; `None` if the timeout has passed.
    pub fn patience(&mut self, progress: &Progress, now: Instant) -> Option<Duration> {
        let waits = progress.waits();
        if waits != self.waits {
            (self.waits, self.since) = (waits, now);
            progress.since.store(milliseconds(now), Ordering::Relaxed);
        }
        let (since, timeout) = match progress.stage() {
            Stage::Fresh | Stage::Head => (self.since, HEAD_TIMEOUT),
            Stage::Idle => (self.since, IDLE_TIMEOUT),
            Stage::Answer | Stage::LastBytes => {
                self.read_on(progress, now);
                (self.reading.since, READING)
            }
            // The body and the work have their own timeouts.
            Stage::Body | Stage::Work => return Some(LOOK),
        };
        let left = timeout.checked_sub(now.saturating_duration_since(since)).filter(|left| !left.is_zero())?;
        Some(left.min(LOOK))
    }

    /// Begins another span of reading if this one is over and the client was quick enough, or if it
    /// reads another answer.
    fn read_on(&mut self, progress: &Progress, now: Instant) {
        let next = Reading::begin(progress, now);
        let is_over = now.saturating_duration_since(self.reading.since) >= READING;
        let is_quick = next.written.wrapping_sub(self.reading.written) >= LEAST_RATE * READING.as_secs();
        if next.answer != self.reading.answer || (is_over && is_quick) {
            self.reading = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A watch over a client that has begun to read an answer, and the time.
    fn reading() -> (Arc<Progress>, AnswerBody, Watch, Instant) {
        let (progress, now) = (Arc::new(Progress::new()), Instant::now());
        progress.begin_work(Some(0));
        let mut watch = Watch::new(&progress, now);
        let body = progress.answer(Body::from("an answer"));
        assert_eq!(watch.patience(&progress, now), Some(LOOK));
        (progress, body, watch, now)
    }

    #[test]
    fn who_reads_nothing_for_30_seconds_is_cut_off() {
        let (progress, body, mut watch, now) = reading();
        assert!(watch.patience(&progress, now + READING - Duration::from_millis(1)).is_some());
        assert_eq!(watch.patience(&progress, now + READING), None);
        // Also when only the last bytes are left.
        drop(body);
        assert_eq!(watch.patience(&progress, now + READING), None);
    }

    #[test]
    fn who_reads_a_byte_now_and_then_is_cut_off_and_who_reads_at_the_least_rate_is_not() {
        let (progress, _body, mut watch, now) = reading();
        let second = Duration::from_secs(1);
        for at in 1..=60 {
            progress.on_written(LEAST_RATE as usize);
            assert!(watch.patience(&progress, now + second * at).is_some(), "{at} s");
        }
        for at in 61..90 {
            progress.on_written(1);
            assert!(watch.patience(&progress, now + second * at).is_some(), "{at} s");
        }
        assert_eq!(watch.patience(&progress, now + second * 90), None);
    }

    #[test]
    fn each_answer_has_its_own_time() {
        let (progress, body, mut watch, now) = reading();
        drop(body);
        progress.on_flushed();
        progress.on_read();
        progress.begin_work(Some(0));
        let _next = progress.answer(Body::from("another"));
        assert!(watch.patience(&progress, now + READING).is_some());
        assert_eq!(watch.patience(&progress, now + READING * 2), None);
    }
}
