//! A memory budget for large bodies, over all connections: requests in progress, and answers that
//! clients are reading. It bounds the memory for any number of clients. Small bodies, such as those
//! of calls, do not count.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Body as _, Frame, SizeHint};

use callplan_service::live::access::Principal;
use callplan_service::store::{KeyId, OrganizationId};

/// Maximum bytes of large bodies at the same time: four of the largest.
pub const MAXIMUM: usize = 64 << 20;
/// Maximum bytes of those of one organization: the largest body of another always has room.
const OF_ORGANIZATION: usize = 48 << 20;
/// Maximum bytes of those of one key.
const OF_KEY: usize = 32 << 20;
/// Maximum bytes of a body that does not count.
const SMALL: usize = 64 << 10;

/// A budget of bytes, with a share for each organization and each key. Its clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemoryBudget {
    used: Arc<Mutex<UsedBytes>>,
}

/// The bytes that are reserved, and by whom. Who has none is not in the maps.
#[derive(Debug, Default)]
struct UsedBytes {
    all: usize,
    of_organization: HashMap<Option<OrganizationId>, usize>,
    of_key: HashMap<Option<KeyId>, usize>,
}

/// The part of a budget for the requests of one key. Requests without a key have one together.
#[derive(Clone, Debug)]
pub struct Share {
    budget: MemoryBudget,
    organization: Option<OrganizationId>,
    key: Option<KeyId>,
}

/// The bytes of one body, which count until this is dropped.
#[derive(Debug)]
pub struct Reservation {
    share: Share,
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
            reservation.share.give_back(before.saturating_sub(bytes));
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

/// Whether a body is too small to count.
pub fn is_small(body: &Body) -> bool {
    body.size_hint().exact().is_some_and(|size| size <= SMALL as u64)
}

/// The budget is used up.
#[derive(Clone, Copy, Debug)]
pub struct OverBudget;

impl MemoryBudget {
    /// The share of who has sent a request, if that is known.
    pub fn of(&self, who: Option<&Principal>) -> Share {
        Share { budget: self.clone(), organization: who.map(|who| who.organization), key: who.map(|who| who.key) }
    }
}

impl Share {
    /// Counts a body as it arrives: what a client announces does not count. The caller keeps the
    /// reservation until the request is answered. A small body has none.
    pub fn count(&self, body: Body) -> (Body, Option<Arc<Reservation>>) {
        if is_small(&body) {
            return (body, None);
        }
        let reservation = self.empty();
        let counted = CountedBody { body, read: 0, reservation: Arc::clone(&reservation) };
        (Body::new(counted), Some(reservation))
    }

    /// Reserves memory for an answer with a text of this size. Call it before the text is read or
    /// anything is written.
    pub fn reserve(&self, text: usize) -> Result<AnswerReservation, OverBudget> {
        if text <= SMALL {
            return Ok(AnswerReservation(None));
        }
        // The text is in memory twice: plain, and as JSON.
        Ok(AnswerReservation(Some(self.hold(2 * text)?)))
    }

    /// Reserves memory for an answer that is there already. It is counted even if there is no room,
    /// when the answer must be given because something was written.
    pub fn reserve_made(&self, bytes: usize, must_be_given: bool) -> Result<AnswerReservation, OverBudget> {
        let reservation = self.empty();
        if must_be_given {
            self.budget.lock().add(self, bytes);
            reservation.own.fetch_add(bytes, Ordering::Relaxed);
        } else {
            reservation.grow(bytes)?;
        }
        Ok(AnswerReservation(Some(reservation)))
    }

    /// Reserves memory for something that belongs to a body, until this is dropped.
    pub fn hold(&self, bytes: usize) -> Result<Arc<Reservation>, OverBudget> {
        let reservation = self.empty();
        reservation.grow(bytes)?;
        Ok(reservation)
    }

    fn empty(&self) -> Arc<Reservation> {
        Arc::new(Reservation { share: self.clone(), own: AtomicUsize::new(0) })
    }

    fn take(&self, bytes: usize) -> bool {
        let used = &mut *self.budget.lock();
        let of_organization = used.of_organization.entry(self.organization).or_default();
        let of_key = used.of_key.entry(self.key).or_default();
        let fits = |used: usize, maximum: usize| used.checked_add(bytes).is_some_and(|sum| sum <= maximum);
        let all_fit = fits(used.all, MAXIMUM) && fits(*of_organization, OF_ORGANIZATION) && fits(*of_key, OF_KEY);
        if all_fit {
            used.add(self, bytes);
        } else {
            // Forgets the shares that were made for this question.
            give_back(&mut used.of_organization, self.organization, 0);
            give_back(&mut used.of_key, self.key, 0);
        }
        all_fit
    }

    fn give_back(&self, bytes: usize) {
        let used = &mut *self.budget.lock();
        used.all = used.all.saturating_sub(bytes);
        give_back(&mut used.of_organization, self.organization, bytes);
        give_back(&mut used.of_key, self.key, bytes);
    }
}

impl UsedBytes {
    fn add(&mut self, share: &Share, bytes: usize) {
        self.all += bytes;
        *self.of_organization.entry(share.organization).or_default() += bytes;
        *self.of_key.entry(share.key).or_default() += bytes;
    }
}

impl MemoryBudget {
    fn lock(&self) -> MutexGuard<'_, UsedBytes> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes bytes from a share, and forgets a share that is empty.
fn give_back<K: Eq + Hash>(shares: &mut HashMap<K, usize>, of: K, bytes: usize) {
    if let Entry::Occupied(mut share) = shares.entry(of) {
        *share.get_mut() = share.get().saturating_sub(bytes);
        if *share.get() == 0 {
            share.remove();
        }
    }
}

impl Reservation {
    fn grow(&self, bytes: usize) -> Result<(), OverBudget> {
        if bytes > 0 && !self.share.take(bytes) {
            return Err(OverBudget);
        }
        self.own.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.share.give_back(self.own.load(Ordering::Relaxed));
    }
}

/// A body that reserves its bytes while it is read.
struct CountedBody {
    body: Body,
    read: usize,
    reservation: Arc<Reservation>,
}

impl hyper::body::Body for CountedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
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

    /// The share of a key of a new organization.
    fn somebody(all: &MemoryBudget) -> Share {
        let key = KeyId::random();
        Share { organization: key.to_string().parse().ok(), key: Some(key), budget: all.clone() }
    }

    fn used(all: &MemoryBudget) -> usize {
        all.lock().all
    }

    #[test]
    fn small_bodies_are_free_and_large_ones_are_counted_until_they_are_answered() {
        let all = MemoryBudget::default();
        let who = somebody(&all);
        assert!(who.count(Body::from(vec![0; SMALL])).1.is_none());
        let (body, reservation) = who.count(Body::from(vec![0; OF_KEY + SMALL]));
        assert_eq!(read(body).expect("there is room"), OF_KEY + SMALL);
        let (late, _none) = who.count(Body::from(vec![0; SMALL + 1]));
        assert!(read(late).is_err());
        drop(reservation);
        let (body, _reservation) = who.count(Body::from(vec![0; SMALL + 1]));
        assert_eq!(read(body).expect("there is room again"), SMALL + 1);
    }

    #[test]
    fn a_body_is_counted_as_it_comes_not_as_it_is_announced() {
        let all = MemoryBudget::default();
        let who = somebody(&all);
        let chunks = |count| Body::new(Chunks(count));
        let (body, _reservation) = who.count(chunks(30));
        assert_eq!(used(&all), 0);
        assert_eq!(read(body).expect("there is room"), 30 << 20);
        let (late, reservation) = who.count(chunks(10));
        assert!(read(late).is_err());
        drop(reservation);
        assert_eq!(used(&all), (30 << 20) - SMALL);
    }

    #[test]
    fn keys_and_organizations_leave_room_for_the_largest_body_of_another() {
        const LARGEST: usize = 16 << 20;
        let all = MemoryBudget::default();
        let hostile = somebody(&all);
        let colleague = Share { key: Some(KeyId::random()), ..hostile.clone() };
        let take = |share: &Share| -> Vec<_> { std::iter::from_fn(|| share.hold(1 << 20).ok()).collect() };
        let taken = take(&hostile);
        assert_eq!(used(&all), OF_KEY);
        drop(colleague.hold(LARGEST).expect("another key has room"));
        let more = take(&colleague);
        assert_eq!(used(&all), OF_ORGANIZATION);
        drop(somebody(&all).hold(LARGEST).expect("another organization has room"));
        drop((taken, more));
        let used = all.lock();
        assert!(used.all == 0 && used.of_organization.is_empty() && used.of_key.is_empty());
    }

    #[test]
    fn an_answer_has_its_room_until_it_is_read() {
        let all = MemoryBudget::default();
        let who = somebody(&all);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let room = who.reserve(OF_KEY / 2).expect("there is room");
        assert!(who.reserve(SMALL + 1).is_err() && who.reserve(SMALL).is_ok());
        let body = runtime.block_on(room.hold(Body::from(vec![0; OF_KEY])));
        assert_eq!(body.size_hint().exact(), Some(OF_KEY as u64));
        assert!(who.reserve(SMALL + 1).is_err());
        assert_eq!(read(body).expect("it is all there"), OF_KEY);
        assert!(who.reserve(SMALL + 1).is_ok());
    }

    #[test]
    fn an_answer_that_became_smaller_gives_room_up_once() {
        let all = MemoryBudget::default();
        let who = somebody(&all);
        let room = who.reserve(OF_KEY / 2).expect("there is room");
        assert!(who.reserve(SMALL + 1).is_err());
        for size in [SMALL * 4, SMALL * 8, SMALL] {
            room.shrink(size);
            assert_eq!(used(&all), size.min(SMALL * 4));
        }
        drop(room);
        assert_eq!(used(&all), 0);
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
