//! The progress of a connection with its requests, and how long nothing has happened on it.
//!
//! hyper's `header_read_timeout` begins when the last answer ends, so a slow head and an idle
//! connection would share one timeout. Here a head has 10 seconds, and an idle connection 75,
//! longer than most load balancers keep one in their pools.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};

use super::body_length::BodyLength;

/// Timeout of a head from its first byte, and of the first head of a new connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Timeout of a connection between two requests, and of a client that does not read its answer.
const IDLE_TIMEOUT: Duration = Duration::from_secs(75);
/// Maximum time between two looks at a connection. A timeout may be late by this much.
const LOOK: Duration = Duration::from_secs(2);

/// The stage of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing has arrived.
    Fresh,
    /// A head is arriving.
    Head,
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
    const ALL: [Self; 6] = [Self::Fresh, Self::Head, Self::Work, Self::Answer, Self::LastBytes, Self::Idle];
}

/// The progress of a connection. It does not read the clock, which would cost each request: a
/// [`Watch`] does.
#[derive(Debug)]
pub struct Progress {
    stage: AtomicU8,
    /// Counts the waits that have begun. Only the connection's own task counts.
    waits: AtomicU64,
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
        let (waits, body) = (AtomicU64::new(0), AtomicU64::new(TAKEN));
        Self { stage, waits, is_refused: AtomicBool::new(false), body }
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
        self.set(Stage::Work);
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
            Stage::Head | Stage::Work | Stage::Answer | Stage::LastBytes => {}
        }
    }

    /// Whether the bytes that the HTTP library wants to write belong to one of our answers. If no
    /// request is being answered, they are the library's own refusal of a head. They are not
    /// written: the library's error decides the answer.
    pub fn may_write(&self) -> bool {
        match self.stage() {
            Stage::Work => {}
            Stage::Answer | Stage::LastBytes => self.wait_anew(),
            Stage::Fresh | Stage::Head | Stage::Idle => {
                self.is_refused.store(true, Ordering::Relaxed);
                return false;
            }
        }
        true
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

/// Looks at a connection's progress from time to time, with a clock.
#[derive(Debug)]
pub struct Watch {
    /// The number of the last wait that was seen, and when it was first seen.
    waits: u64,
    since: Instant,
}

impl Watch {
    /// A watch that begins now.
    pub fn new(progress: &Progress) -> Self {
        Self { waits: progress.waits(), since: Instant::now() }
    }

    /// The time until the timeout or the next look; `None` if the timeout has passed.
    pub fn patience(&mut self, progress: &Progress) -> Option<Duration> {
        let waits = progress.waits();
        if waits != self.waits {
            *self = Self { waits, since: Instant::now() };
        }
        let timeout = match progress.stage() {
            Stage::Fresh | Stage::Head => HEAD_TIMEOUT,
            Stage::Answer | Stage::LastBytes | Stage::Idle => IDLE_TIMEOUT,
            // The body and the work have their own timeouts.
            Stage::Work => return Some(LOOK),
        };
        let left = timeout.checked_sub(self.since.elapsed()).filter(|left| !left.is_zero())?;
        Some(left.min(LOOK))
    }
}
