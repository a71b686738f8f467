//! A memory budget for large bodies, over all connections: requests in progress, and answers that
//! clients are reading. It bounds the memory for any number of clients. Small bodies, such as those
//! of calls, do not count.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Body as _, Frame, SizeHint};

/// Maximum bytes of large bodies at the same time: four of the largest.
const MAXIMUM: usize = 64 << 20;
/// Maximum bytes of a body that does not count.
const SMALL: usize = 64 << 10;

/// A budget of bytes. Its clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemoryBudget {
    bytes: Arc<AtomicUsize>,
}

/// The bytes of one body, which count until this is dropped.
#[derive(Debug)]
pub struct Reservation {
    all: MemoryBudget,
    own: AtomicUsize,
}

/// The bytes of an answer, which count until the client has read it. Small answers have no
/// reservation.
#[derive(Clone, Debug)]
pub struct AnswerReservation(Option<Arc<Reservation>>);

impl AnswerReservation {
    /// Gives up what an answer of this size, in bytes, does not need.
    pub fn shrink(&self, bytes: usize) {
        if let Some(reservation) = &self.0 {
            let before = reservation.own.fetch_min(bytes, Ordering::Relaxed);
            reservation.all.bytes.fetch_sub(before.saturating_sub(bytes), Ordering::Relaxed);
        }
    }

    /// The body of the answer, which holds the reservation.
    pub async fn hold(self, body: Body) -> Body {
        let Some(reservation) = self.0 else { return body };
        match axum::body::to_bytes(body, usize::MAX).await {
            Ok(bytes) => Body::new(ReservedBody { bytes, _reservation: reservation }),
            // Our bodies are in one piece, and cannot fail.
            Err(_) => Body::empty(),
        }
    }
}

/// The budget is used up.
#[derive(Clone, Copy, Debug)]
pub struct OverBudget;

impl MemoryBudget {
    /// Counts a body while it is read. The caller keeps the reservation until the request is
    /// answered. A small body has none.
    pub fn count(&self, body: Body) -> (Body, Option<Arc<Reservation>>) {
        match body.size_hint().exact() {
            Some(size) if size <= SMALL as u64 => (body, None),
            size => {
                let reservation = Arc::new(Reservation { all: self.clone(), own: AtomicUsize::new(0) });
                // The bytes of a body with a known length are reserved at once; if that fails, none
                // of it is read.
                let ahead = size.map(|size| usize::try_from(size).unwrap_or(usize::MAX));
                let counted = CountedBody {
                    body,
                    read: 0,
                    ahead,
                    is_sized: ahead.is_some(),
                    reservation: Arc::clone(&reservation),
                };
                (Body::new(counted), Some(reservation))
            }
        }
    }

    /// Reserves memory for an answer with a text of this size. Call it before the text is read or
    /// anything is written.
    pub fn reserve(&self, text: usize) -> Result<AnswerReservation, OverBudget> {
        if text <= SMALL {
            return Ok(AnswerReservation(None));
        }
        let reservation = Arc::new(Reservation { all: self.clone(), own: AtomicUsize::new(0) });
        // The text is in memory twice: plain, and as JSON.
        reservation.grow(2 * text)?;
        Ok(AnswerReservation(Some(reservation)))
    }

    /// Reserves memory for something that belongs to a body, until this is dropped.
    pub fn hold(&self, bytes: usize) -> Result<Arc<Reservation>, OverBudget> {
        let reservation = Arc::new(Reservation { all: self.clone(), own: AtomicUsize::new(0) });
        reservation.grow(bytes)?;
        Ok(reservation)
    }

    fn take(&self, bytes: usize) -> bool {
        let add = |now: usize| now.checked_add(bytes).filter(|now| *now <= MAXIMUM);
        self.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok()
    }
}

impl Reservation {
    fn grow(&self, bytes: usize) -> Result<(), OverBudget> {
        if !self.all.take(bytes) {
            return Err(OverBudget);
        }
        self.own.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.all.bytes.fetch_sub(self.own.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

/// A body that reserves its bytes while it is read.
struct CountedBody {
    body: Body,
    read: usize,
    /// Its known size, until that has been reserved.
    ahead: Option<usize>,
    is_sized: bool,
    reservation: Arc<Reservation>,
}

impl hyper::body::Body for CountedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Some(size) = self.ahead.take()
            && let Err(error) = self.reservation.grow(size)
        {
            return Poll::Ready(Some(Err(axum::Error::new(error))));
        }
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
            && !self.is_sized
        {
            let counted = self.read.saturating_sub(SMALL);
            self.read += data.len();
            if let Err(error) = self.reservation.grow(self.read.saturating_sub(SMALL) - counted) {
                return Poll::Ready(Some(Err(axum::Error::new(error))));
            }
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

/// An answer with its reservation. It is passed on in small pieces, because each piece is copied
/// once more on its way to the client.
struct ReservedBody {
    bytes: Bytes,
    _reservation: Arc<Reservation>,
}

impl hyper::body::Body for ReservedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let size = self.bytes.len().min(SMALL);
        let piece = self.bytes.split_to(size);
        Poll::Ready((size > 0).then_some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}

impl fmt::Display for OverBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there are too many large bodies at the same time")
    }
}

impl std::error::Error for OverBudget {}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    fn read(body: Body) -> Result<usize, axum::Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async { Ok(body.collect().await?.to_bytes().len()) })
    }

    #[test]
    fn small_bodies_are_free_and_large_ones_are_counted_until_they_are_answered() {
        let all = MemoryBudget::default();
        assert!(all.count(Body::from(vec![0; SMALL])).1.is_none());
        let (body, reservation) = all.count(Body::from(vec![0; MAXIMUM]));
        assert_eq!(read(body).expect("there is room"), MAXIMUM);
        let (late, _none) = all.count(Body::from(vec![0; SMALL + 1]));
        assert!(read(late).is_err());
        drop(reservation);
        let (body, _reservation) = all.count(Body::from(vec![0; SMALL + 1]));
        assert_eq!(read(body).expect("there is room again"), SMALL + 1);
    }

    #[test]
    fn a_body_of_unknown_length_is_counted_as_it_comes() {
        let all = MemoryBudget::default();
        let chunks = |count| Body::new(Chunks(count));
        let (body, _reservation) = all.count(chunks(60));
        assert_eq!(read(body).expect("there is room"), 60 << 20);
        let (late, reservation) = all.count(chunks(10));
        assert!(read(late).is_err());
        drop(reservation);
        assert_eq!(all.bytes.load(Ordering::Relaxed), (60 << 20) - SMALL);
    }

    #[test]
    fn an_answer_has_its_room_until_it_is_read() {
        let all = MemoryBudget::default();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let room = all.reserve(MAXIMUM / 2).expect("there is room");
        assert!(all.reserve(SMALL + 1).is_err() && all.reserve(SMALL).is_ok());
        let body = runtime.block_on(room.hold(Body::from(vec![0; MAXIMUM])));
        assert_eq!(body.size_hint().exact(), Some(MAXIMUM as u64));
        assert!(all.reserve(SMALL + 1).is_err());
        assert_eq!(read(body).expect("it is all there"), MAXIMUM);
        assert!(all.reserve(SMALL + 1).is_ok());
    }

    #[test]
    fn an_answer_that_became_smaller_gives_room_up_once() {
        let all = MemoryBudget::default();
        let room = all.reserve(MAXIMUM / 2).expect("there is room");
        assert!(all.reserve(SMALL + 1).is_err());
        for size in [SMALL * 4, SMALL * 8, SMALL] {
            room.shrink(size);
            assert_eq!(all.bytes.load(Ordering::Relaxed), size.min(SMALL * 4));
        }
        drop(room);
        assert_eq!(all.bytes.load(Ordering::Relaxed), 0);
    }

    /// Pieces of a mebibyte, without a known length.
    struct Chunks(usize);

    impl hyper::body::Body for Chunks {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            let left = self.0.checked_sub(1);
            self.0 = left.unwrap_or_default();
            Poll::Ready(left.map(|_| Ok(Frame::data(Bytes::from(vec![0; 1 << 20])))))
        }
    }
}
