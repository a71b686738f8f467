//! Places for threads that count, or leave something, at once. One place for all would wander from core to core with each
//! request; of several, each thread has its own.

use std::array::from_fn;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many threads are not in each other's way; of more, some share a place.
pub const PLACES: usize = 8;

/// One of a thing for each place.
#[derive(Debug)]
pub struct Places<T>([Apart<T>; PLACES]);

/// What shares no line of a processor's cache, of 64 bytes on most, with the next.
#[derive(Debug)]
#[repr(align(64))]
struct Apart<T>(T);

impl<T> Places<T> {
    /// What `make` makes for each.
    pub fn new(mut make: impl FnMut() -> T) -> Self {
        Self(from_fn(|_| Apart(make())))
    }

    /// This thread's.
    pub fn own(&self) -> &T {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static PLACE: usize = THREADS.fetch_add(1, Ordering::Relaxed) % PLACES;
        }
        &self.0[PLACE.with(|place| *place)].0
    }

    /// Everybody's.
    pub fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.0.iter().map(|place| &place.0)
    }
}

impl<T: Default> Default for Places<T> {
    fn default() -> Self {
        Self::new(T::default)
    }
}
