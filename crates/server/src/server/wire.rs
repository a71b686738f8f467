//! A client's bytes, watched: how far its request is, and whether it takes too long. What the HTTP library answers by itself
//! (a head that it cannot read) is said as every other error is.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::api::{REQUEST_ID, spoken};

/// A head that takes longer is given up.
const LONGEST_HEAD: Duration = Duration::from_secs(10);
/// A connection on which nothing happens for longer, between two requests or while an answer is read, is closed.
const LONGEST_REST: Duration = Duration::from_secs(75);
/// How often a connection is looked at, at least: what takes too long is given up so much later at most.
const LOOK: Duration = Duration::from_secs(2);

/// What a connection is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing has come yet.
    Fresh,
    /// A head is coming.
    Head,
    /// The request is being worked on.
    Work,
    /// It has been answered, and the next may come.
    Rest,
}

impl Stage {
    const ALL: [Self; 4] = [Self::Fresh, Self::Head, Self::Work, Self::Rest];
}

/// How far a connection is. Nothing here looks at a clock, which each request would wait for: that is left to who
/// [watches](Watch).
#[derive(Debug)]
pub struct Progress {
    stage: AtomicU8,
    /// How often a wait has begun: for a head, or for what comes after an answer. The connection's own task counts, alone.
    waits: AtomicU64,
}

impl Progress {
    /// Of one that has just been opened.
    pub fn new() -> Self {
        Self { stage: AtomicU8::new(Stage::Fresh as u8), waits: AtomicU64::new(0) }
    }

    fn stage(&self) -> Stage {
        Stage::ALL[usize::from(self.stage.load(Ordering::Relaxed)) % Stage::ALL.len()]
    }

    fn is_now(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::Relaxed);
    }

    fn waits(&self) -> u64 {
        self.waits.load(Ordering::Relaxed)
    }

    fn waits_anew(&self) {
        self.waits.store(self.waits().wrapping_add(1), Ordering::Relaxed);
    }

    /// A head has been read. How long the work takes is not measured here.
    pub fn asked(&self) {
        self.is_now(Stage::Work);
    }

    /// An answer has been made. The rest counts from its last bytes, which are written next.
    pub fn answered(&self) {
        self.is_now(Stage::Rest);
    }

    fn read(&self) {
        match self.stage() {
            Stage::Fresh | Stage::Rest => {
                self.is_now(Stage::Head);
                self.waits_anew();
            }
            // The clock of a head runs from its first byte.
            Stage::Head | Stage::Work => {}
        }
    }

    fn written(&self) {
        if self.stage() == Stage::Rest {
            self.waits_anew();
        }
    }
}

/// Whoever looks at a connection's progress from time to time, with a clock.
#[derive(Debug)]
pub struct Watch {
    /// The wait that was seen last, and since when.
    waits: u64,
    since: Instant,
}

impl Watch {
    /// One that begins to look now.
    pub fn new(progress: &Progress) -> Self {
        Self { waits: progress.waits(), since: Instant::now() }
    }

    /// How long until it is too late, or has to be looked at again; `None` if it is too late.
    pub fn patience(&mut self, progress: &Progress) -> Option<Duration> {
        let waits = progress.waits();
        if waits != self.waits {
            *self = Self { waits, since: Instant::now() };
        }
        let longest = match progress.stage() {
            Stage::Fresh | Stage::Head => LONGEST_HEAD,
            Stage::Rest => LONGEST_REST,
            // The body has a limit of its own, and so does what is done with it.
            Stage::Work => return Some(LOOK),
        };
        let left = longest.checked_sub(self.since.elapsed()).filter(|left| !left.is_zero())?;
        Some(left.min(LOOK))
    }
}

/// So many bytes at most that come in pieces are written as one: it costs less to copy them than to have the system gather
/// them.
const FEW: usize = 4096;

/// See the module.
#[derive(Debug)]
pub struct Wire<S> {
    stream: S,
    progress: Arc<Progress>,
    /// Where pieces are put together.
    together: Vec<u8>,
    /// What is said in place of the library's own words, as far as it is not written yet.
    instead: Option<(Vec<u8>, usize)>,
}

impl<S> Wire<S> {
    /// A stream, watched.
    pub fn new(stream: S, progress: Arc<Progress>) -> Self {
        Self { stream, progress, together: Vec::new(), instead: None }
    }

    /// The stream.
    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = to.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, to);
        if to.filled().len() > before {
            self.progress.read();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> Wire<S> {
    /// Writes our own words in place of `theirs`, which are of that length.
    fn say_instead(&mut self, context: &mut Context<'_>, theirs: &[u8], length: usize) -> Poll<io::Result<usize>> {
        let stream = &mut self.stream;
        let (ours, done) = self.instead.get_or_insert_with(|| (spoken(refused(theirs)), 0));
        while *done < ours.len() {
            match ready!(Pin::new(&mut *stream).poll_write(context, &ours[*done..]))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => *done += written,
            }
        }
        Poll::Ready(Ok(length))
    }
}

/// Whether an answer is the library's own: a refusal, without the id that all of ours have. It is the last of a connection.
fn is_librarys(bytes: &[u8]) -> bool {
    bytes.starts_with(b"HTTP/1.1 4")
        && bytes.ends_with(b"\r\n\r\n")
        && !bytes
            .windows(REQUEST_ID.as_str().len())
            .any(|word| word.eq_ignore_ascii_case(REQUEST_ID.as_str().as_bytes()))
}

/// The status of what the library refuses by itself.
fn refused(theirs: &[u8]) -> StatusCode {
    theirs.get(9..12).and_then(|digits| StatusCode::from_bytes(digits).ok()).unwrap_or(StatusCode::BAD_REQUEST)
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.instead.is_some() || is_librarys(bytes) {
            return self.say_instead(context, bytes, bytes.len());
        }
        self.progress.written();
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = pieces.iter().find(|piece| !piece.is_empty()).map(|piece| &**piece).unwrap_or_default();
        if self.instead.is_some() || is_librarys(first) {
            let length = pieces.iter().map(|piece| piece.len()).sum();
            return self.say_instead(context, first, length);
        }
        self.progress.written();
        let Self { stream, together, .. } = &mut *self;
        if pieces.iter().map(|piece| piece.len()).sum::<usize>() > FEW {
            return Pin::new(stream).poll_write_vectored(context, pieces);
        }
        together.clear();
        pieces.iter().for_each(|piece| together.extend_from_slice(piece));
        Pin::new(stream).poll_write(context, together)
    }
}
