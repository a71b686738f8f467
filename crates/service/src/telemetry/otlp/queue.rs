//! The queue of spans. Whoever ends a span never waits: without room, the span is dropped and
//! counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};

use super::exporter::Message;
use super::{LostSpans, MAXIMUM_QUEUE};

/// The end of the queue that spans are put into.
#[derive(Clone, Debug)]
pub struct SpanSender {
    messages: SyncSender<Message>,
    /// Number of spans that wait or are being sent.
    queued: Arc<AtomicUsize>,
    is_ending: Arc<AtomicBool>,
    lost: LostSpans,
}

impl SpanSender {
    pub fn new(messages: SyncSender<Message>, lost: LostSpans) -> Self {
        Self { messages, queued: Arc::default(), is_ending: Arc::default(), lost }
    }

    /// Puts a message into the queue, if there is room.
    pub fn send(&self, message: Message) {
        let sent = self.messages.try_send(message);
        if let Err(TrySendError::Full(Message::Span(_)) | TrySendError::Disconnected(Message::Span(_))) = sent {
            self.leave(1);
            self.lost.add(1);
        }
    }

    fn add(&self, span: SpanData) {
        if self.queued.fetch_add(1, Ordering::Relaxed) >= MAXIMUM_QUEUE || self.is_ending() {
            self.leave(1);
            self.lost.add(1);
        } else {
            self.send(Message::Span(Box::new(span)));
        }
    }

    /// Counts spans that have been sent, or have failed.
    pub fn leave(&self, spans: usize) {
        self.queued.fetch_sub(spans, Ordering::Relaxed);
    }

    /// Counts spans that the collector did not take.
    pub fn fail(&self, spans: usize) {
        self.lost.add(spans);
    }

    /// Asks the thread to send what is left and to end.
    pub fn end(&self) {
        self.is_ending.store(true, Ordering::Relaxed);
        // A full queue wakes the thread, too.
        self.send(Message::End);
    }

    /// Whether the thread has been asked to end.
    pub fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Relaxed)
    }
}

/// Gives the spans of the SDK to the queue.
#[derive(Debug)]
pub struct SpanQueue {
    sender: SpanSender,
}

impl SpanQueue {
    pub fn new(sender: SpanSender) -> Self {
        Self { sender }
    }
}

impl SpanProcessor for SpanQueue {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() {
            self.sender.add(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use opentelemetry::trace::{Tracer, TracerProvider};
    use opentelemetry_sdk::trace::SdkTracerProvider;

    use super::*;

    #[test]
    fn without_room_a_span_is_dropped_and_counted() {
        let (messages, received) = sync_channel(MAXIMUM_QUEUE);
        let lost = LostSpans::default();
        let sender = SpanSender::new(messages, lost.clone());
        let provider = SdkTracerProvider::builder().with_span_processor(SpanQueue::new(sender.clone())).build();
        let make = |spans: usize| (0..spans).for_each(|_| drop(provider.tracer("test").start("span")));
        make(MAXIMUM_QUEUE + 10);
        assert_eq!((received.try_iter().count(), lost.count()), (MAXIMUM_QUEUE, 10));
        // They are taken, but not sent yet.
        make(1);
        assert_eq!((received.try_iter().count(), lost.count()), (0, 11));
        sender.leave(MAXIMUM_QUEUE);
        make(2);
        assert_eq!((received.try_iter().count(), lost.count()), (2, 11));
        sender.end();
        make(3);
        assert_eq!(lost.count(), 14);
    }
}
