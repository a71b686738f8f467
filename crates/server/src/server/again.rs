//! Futures of one type, one after the other, in the same place. A connection answers one request at a time: what it takes to
//! answer it is set up where the last answer was, and no memory is asked for.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

/// A place that is empty between two futures.
type Place<F> = Pin<Box<Option<F>>>;

/// Where the place is while there is none.
#[derive(Debug)]
pub struct Again<F> {
    // Never waited for: nobody else is there.
    free: Arc<Mutex<Option<Place<F>>>>,
}

/// A future in its place, which is free again when this is dropped.
#[derive(Debug)]
pub struct InPlace<F> {
    place: Option<Place<F>>,
    free: Arc<Mutex<Option<Place<F>>>>,
}

impl<F> Again<F> {
    /// With no place yet.
    pub fn new() -> Self {
        Self { free: Arc::new(Mutex::new(None)) }
    }

    /// Puts a future into the place, or into a new one while another is there.
    pub fn put(&self, future: F) -> InPlace<F> {
        let free = self.free.try_lock().ok().and_then(|mut free| free.take());
        let mut place = free.unwrap_or_else(|| Box::pin(None));
        place.set(Some(future));
        InPlace { place: Some(place), free: Arc::clone(&self.free) }
    }
}

impl<F: Future> Future for InPlace<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // It is there until this is dropped.
        match self.place.as_mut().and_then(|place| place.as_mut().as_pin_mut()) {
            Some(future) => future.poll(context),
            None => Poll::Pending,
        }
    }
}

impl<F> Drop for InPlace<F> {
    fn drop(&mut self) {
        let Some(mut place) = self.place.take() else { return };
        place.set(None);
        if let Ok(mut free) = self.free.try_lock() {
            *free = Some(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    #[test]
    fn each_has_a_place_and_one_after_the_other_the_same() {
        let again = Again::new();
        let ended = Arc::new(());
        let future = |number: u32| {
            let ended = Arc::clone(&ended);
            async move {
                let _ended = ended;
                number
            }
        };
        let poll = |in_place: &mut InPlace<_>| Pin::new(in_place).poll(&mut Context::from_waker(Waker::noop()));
        let place = |in_place: &InPlace<_>| in_place.place.as_deref().map(std::ptr::from_ref);
        let (mut one, mut two) = (again.put(future(1)), again.put(future(2)));
        assert_eq!((poll(&mut one), poll(&mut two)), (Poll::Ready(1), Poll::Ready(2)));
        assert_ne!(place(&one), place(&two));
        drop(two);
        let before = place(&one);
        drop(one);
        assert_eq!(Arc::strong_count(&ended), 1, "nothing is left of them");
        let mut three = again.put(future(3));
        assert_eq!((poll(&mut three), place(&three)), (Poll::Ready(3), before));
    }
}
