//! The places for connections. When all are taken, a connection that does nothing gives way to a new
//! one, so nobody is refused for what idle clients hold.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::progress::{Client, Progress};
use crate::api::address_block;

/// The places, and the connections that have them.
#[derive(Debug)]
pub struct Places {
    limit: u32,
    free: Arc<Semaphore>,
    next: AtomicU64,
    taken: Mutex<HashMap<u64, Taken>>,
}

/// A place that is taken.
#[derive(Debug)]
struct Taken {
    address: IpAddr,
    progress: Arc<Progress>,
    permit: OwnedSemaphorePermit,
    /// Dropped when the connection must give way.
    _stays: oneshot::Sender<()>,
}

/// A connection's place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    number: u64,
    /// The progress of the connection, by which it is judged.
    pub progress: Arc<Progress>,
}

/// Completes when the connection must give way.
pub type GivesWay = oneshot::Receiver<()>;

/// Why a place was free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Not all places were taken.
    Free,
    /// Another connection gave way.
    Made,
}

/// Who has a connection: an address, or an organization once a request was authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Holder {
    Address(IpAddr),
    Organization(u64),
}

impl Places {
    /// This many places.
    pub fn new(limit: u32) -> Self {
        let free = Arc::new(Semaphore::new(limit as usize));
        Self { limit, free, next: AtomicU64::new(0), taken: Mutex::default() }
    }

    /// A place for a connection from this address. If all are taken, the oldest idle connection of
    /// the holder with the most gives way: first of those without an authenticated request, then of
    /// the others, then of those that send or read slowly. `None` if all are at work.
    pub fn take(self: &Arc<Self>, from: IpAddr) -> Option<(Place, GivesWay, Room)> {
        let mut taken = self.lock();
        let (permit, room) = match Arc::clone(&self.free).try_acquire_owned() {
            Ok(permit) => (permit, Room::Free),
            Err(_) => {
                let number = least_needed(&taken)?;
                (taken.remove(&number)?.permit, Room::Made)
            }
        };
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let progress = Arc::new(Progress::new());
        let (stays, gives_way) = oneshot::channel();
        let address = address_block(from);
        taken.insert(number, Taken { address, progress: Arc::clone(&progress), permit, _stays: stays });
        drop(taken);
        Some((Place { places: Arc::clone(self), number, progress }, gives_way, room))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Taken>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until all places are free.
    pub async fn all_free(&self) {
        // The semaphore is never closed.
        let _ = self.free.acquire_many(self.limit).await;
    }

    /// Number of places that are taken.
    pub fn count(&self) -> usize {
        self.limit as usize - self.free.available_permits()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().remove(&self.number);
    }
}

/// The number of the connection that gives way first.
fn least_needed(all: &HashMap<u64, Taken>) -> Option<u64> {
    let holder =
        |taken: &Taken| taken.progress.organization().map_or(Holder::Address(taken.address), Holder::Organization);
    let mut counts: HashMap<Holder, usize> = HashMap::new();
    for taken in all.values() {
        *counts.entry(holder(taken)).or_default() += 1;
    }
    let rank = |(number, taken): (&u64, &Taken)| {
        let holder = holder(taken);
        let of_holder = counts.get(&holder).copied().unwrap_or_default();
        let class = match (taken.progress.client(), holder) {
            (Client::Idle, Holder::Address(_)) => 0,
            (Client::Idle, Holder::Organization(_)) => 1,
            (Client::Busy, _) => 2,
            (Client::Waits, _) => return None,
        };
        Some((class, std::cmp::Reverse(of_holder), taken.progress.since(), *number))
    };
    all.iter().filter_map(rank).min().map(|(_, _, _, number)| number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    const HOSTILE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn places(limit: u32) -> Arc<Places> {
        Arc::new(Places::new(limit))
    }

    fn is_gone(gives_way: &mut GivesWay) -> bool {
        gives_way.try_recv().is_err_and(|error| error == oneshot::error::TryRecvError::Closed)
    }

    #[test]
    fn the_oldest_idle_connection_of_the_address_with_the_most_gives_way() {
        let places = places(4);
        let (_one, mut of_other, _) = places.take(OTHER).expect("it is free");
        let mut idle: Vec<_> = (0..3).filter_map(|_| places.take(HOSTILE)).collect();
        let (_new, _, room) = places.take(OTHER).expect("one gives way");
        assert_eq!(room, Room::Made);
        let gone: Vec<bool> = idle.iter_mut().map(|(_, gives_way, _)| is_gone(gives_way)).collect();
        assert_eq!(gone, [true, false, false]);
        assert!(!is_gone(&mut of_other));
        assert_eq!(places.count(), 4);
        drop(idle);
        assert_eq!(places.count(), 2);
    }

    #[test]
    fn authenticated_connections_outlast_those_without_a_key() {
        let places = places(3);
        let (known, mut of_known, _) = places.take(HOSTILE).expect("it is free");
        known.progress.authenticated(7);
        let _others: Vec<_> = (0..2).filter_map(|_| places.take(HOSTILE)).collect();
        let more: Vec<_> = (0..10).filter_map(|_| places.take(HOSTILE)).collect();
        assert_eq!((more.len(), places.count()), (10, 3));
        assert!(!is_gone(&mut of_known));
    }

    #[test]
    fn of_authenticated_connections_those_of_the_largest_organization_give_way() {
        let places = places(4);
        let mut all: Vec<_> = (0..4).filter_map(|_| places.take(HOSTILE)).collect();
        all.iter().zip([1, 2, 2, 2]).for_each(|((place, ..), organization)| place.progress.authenticated(organization));
        let _new = places.take(OTHER).expect("one gives way");
        let gone: Vec<bool> = all.iter_mut().map(|(_, gives_way, _)| is_gone(gives_way)).collect();
        assert_eq!(gone, [false, true, false, false]);
    }

    #[test]
    fn who_waits_for_an_answer_is_never_cut_off_and_who_reads_slowly_is() {
        let places = places(2);
        let (at_work, _gives_way, _) = places.take(HOSTILE).expect("it is free");
        at_work.progress.begin_work(Some(0));
        let (reading, mut of_reading, _) = places.take(HOSTILE).expect("it is free");
        reading.progress.begin_work(Some(0));
        assert!(places.take(OTHER).is_none());
        let _unread = reading.progress.answer(Body::from("an answer"));
        assert!(places.take(OTHER).is_some() && is_gone(&mut of_reading));
    }
}
