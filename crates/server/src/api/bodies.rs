//! The bytes of bodies that are being worked on, and of plans in answers that are being read, over all connections together:
//! they are bounded, so that no number of clients fills the memory. Small ones, which calls have, are not counted.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Body as _, Frame, SizeHint};

/// Most bytes of large bodies at once: four of the largest.
const MOST: usize = 64 << 20;
/// Up to here a body is small.
const SMALL: usize = 64 << 10;

/// How many bytes there are.
#[derive(Clone, Debug, Default)]
pub struct Bodies {
    bytes: Arc<AtomicUsize>,
}

/// The bytes of one request: as long as it is here, they count.
#[derive(Debug)]
pub struct Share {
    all: Bodies,
    own: AtomicUsize,
}

/// Room for an answer; kept until the client has read it, which it may do slowly.
#[derive(Clone, Debug)]
pub struct Room(Option<Arc<Share>>);

impl Room {
    /// The body of the answer that it was meant for.
    pub async fn hold(self, body: Body) -> Body {
        let Some(share) = self.0 else { return body };
        match axum::body::to_bytes(body, usize::MAX).await {
            Ok(bytes) => Body::new(Held { bytes, _share: share }),
            // Ours are in one piece, and cannot fail.
            Err(_) => Body::empty(),
        }
    }
}

/// There are too many bytes of others.
#[derive(Clone, Copy, Debug)]
pub struct Crowded;

impl Bodies {
    /// A body that is counted while it is read, and the share that has to be kept until the request is answered. A small
    /// one has none.
    pub fn count(&self, body: Body) -> (Body, Option<Arc<Share>>) {
        match body.size_hint().exact() {
            Some(size) if size <= SMALL as u64 => (body, None),
            size => {
                let share = Arc::new(Share { all: self.clone(), own: AtomicUsize::new(0) });
                // One that says how long it is has its place at once, or never begins.
                let ahead = size.map(|size| usize::try_from(size).unwrap_or(usize::MAX));
                let counted = Counted { body, read: 0, ahead, is_sized: ahead.is_some(), share: Arc::clone(&share) };
                (Body::new(counted), Some(share))
            }
        }
    }

    /// Room for an answer with a text of this size, to be had before the text is read or anything is written.
    pub fn room(&self, text: usize) -> Result<Room, Crowded> {
        if text <= SMALL {
            return Ok(Room(None));
        }
        let share = Arc::new(Share { all: self.clone(), own: AtomicUsize::new(0) });
        // It is there as text, and as JSON.
        share.grow(2 * text)?;
        Ok(Room(Some(share)))
    }

    fn take(&self, bytes: usize) -> bool {
        let add = |now: usize| now.checked_add(bytes).filter(|now| *now <= MOST);
        self.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok()
    }
}

impl Share {
    fn grow(&self, bytes: usize) -> Result<(), Crowded> {
        if !self.all.take(bytes) {
            return Err(Crowded);
        }
        self.own.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.all.bytes.fetch_sub(self.own.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

struct Counted {
    body: Body,
    read: usize,
    /// Its size, until it has been counted.
    ahead: Option<usize>,
    is_sized: bool,
    share: Arc<Share>,
}

impl hyper::body::Body for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Some(size) = self.ahead.take()
            && let Err(crowded) = self.share.grow(size)
        {
            return Poll::Ready(Some(Err(axum::Error::new(crowded))));
        }
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
            && !self.is_sized
        {
            let counted = self.read.saturating_sub(SMALL);
            self.read += data.len();
            if let Err(crowded) = self.share.grow(self.read.saturating_sub(SMALL) - counted) {
                return Poll::Ready(Some(Err(axum::Error::new(crowded))));
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

/// An answer, given away in small pieces: what has been given away is copied once more on its way to the client.
struct Held {
    bytes: Bytes,
    _share: Arc<Share>,
}

impl hyper::body::Body for Held {
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

impl fmt::Display for Crowded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there are too many large bodies at once")
    }
}

impl std::error::Error for Crowded {}

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
        let all = Bodies::default();
        assert!(all.count(Body::from(vec![0; SMALL])).1.is_none());
        let (body, share) = all.count(Body::from(vec![0; MOST]));
        assert_eq!(read(body).expect("there is room"), MOST);
        let (late, _none) = all.count(Body::from(vec![0; SMALL + 1]));
        assert!(read(late).is_err());
        drop(share);
        let (body, _share) = all.count(Body::from(vec![0; SMALL + 1]));
        assert_eq!(read(body).expect("there is room again"), SMALL + 1);
    }

    #[test]
    fn a_body_of_unknown_length_is_counted_as_it_comes() {
        let all = Bodies::default();
        let chunks = |count| Body::new(Chunks(count));
        let (body, _share) = all.count(chunks(60));
        assert_eq!(read(body).expect("there is room"), 60 << 20);
        let (late, share) = all.count(chunks(10));
        assert!(read(late).is_err());
        drop(share);
        assert_eq!(all.bytes.load(Ordering::Relaxed), (60 << 20) - SMALL);
    }

    #[test]
    fn an_answer_has_its_room_until_it_is_read() {
        let all = Bodies::default();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let room = all.room(MOST / 2).expect("there is room");
        assert!(all.room(SMALL + 1).is_err() && all.room(SMALL).is_ok());
        let body = runtime.block_on(room.hold(Body::from(vec![0; MOST])));
        assert_eq!(body.size_hint().exact(), Some(MOST as u64));
        assert!(all.room(SMALL + 1).is_err());
        assert_eq!(read(body).expect("it is all there"), MOST);
        assert!(all.room(SMALL + 1).is_ok());
    }

    /// Pieces of a mebibyte, and nothing said of how many.
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
