//! The thread that sends: spans in batches, and metrics from time to time.

use std::fmt;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SpanData;
use ureq::Agent;

use super::protobuf::{self, MetricsWriter};
use super::queue::SpanSender;
use super::{MetricsSource, OtlpSettings, VERSION};
use crate::priority;

/// Maximum number of spans that are sent together.
const BATCH: usize = 512;
/// Maximum time that a span waits for others.
const BATCH_TIME: Duration = Duration::from_secs(1);
/// Timeout of a collector.
const TIMEOUT: Duration = Duration::from_secs(2);

/// What the queue has for the thread.
pub enum Message {
    /// A span that has ended.
    Span(Box<SpanData>),
    /// What to read metrics from.
    Metrics(MetricsSource),
    /// Wakes the thread, which has been asked to end.
    End,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Span(_) => "Span",
            Self::Metrics(_) => "Metrics",
            Self::End => "End",
        })
    }
}

pub struct Exporter {
    agent: Agent,
    traces: String,
    metrics: String,
    interval: Duration,
    resource: ResourceAttributesWithSchema,
    metrics_writer: MetricsWriter,
    messages: Receiver<Message>,
    queue: SpanSender,
    source: Option<MetricsSource>,
    batch: Vec<SpanData>,
    /// Whether the collector did not take what it was sent last.
    is_failing: bool,
}

impl Exporter {
    pub fn new(settings: &OtlpSettings, resource: &Resource, messages: Receiver<Message>, queue: SpanSender) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            // The collector is near: a proxy is for others.
            .proxy(None)
            .user_agent(format!("callplan/{VERSION}"));
        Self {
            agent: config.build().into(),
            traces: settings.endpoint.of("traces"),
            metrics: settings.endpoint.of("metrics"),
            interval: settings.interval,
            metrics_writer: MetricsWriter::new(resource),
            resource: resource.into(),
            messages,
            queue,
            source: None,
            batch: Vec::new(),
            is_failing: false,
        }
    }

    /// Sends until it is asked to end, and then what is left.
    pub fn run(mut self) {
        priority::give_way();
        let (mut spans_due, mut metrics_due) = (None, Instant::now() + self.interval);
        while !self.queue.is_ending() {
            let due = spans_due.map_or(metrics_due, |due: Instant| due.min(metrics_due));
            match self.messages.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => {}
                // Nobody makes spans any more.
                Err(RecvTimeoutError::Disconnected) => break,
            }
            let now = Instant::now();
            spans_due = spans_due.or_else(|| (!self.batch.is_empty()).then(|| now + BATCH_TIME));
            if self.batch.len() >= BATCH || spans_due.is_some_and(|due| due <= now) {
                self.send_spans();
                spans_due = None;
            }
            if metrics_due <= now {
                self.send_metrics();
                metrics_due = Instant::now() + self.interval;
            }
        }
        self.finish();
    }

    /// Sends what is left. After a failure it does not try again.
    fn finish(&mut self) {
        self.send_metrics();
        while let Ok(message) = self.messages.try_recv() {
            self.take(message);
            if self.batch.len() >= BATCH {
                self.send_spans();
            }
        }
        self.send_spans();
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Span(span) => self.batch.push(*span),
            Message::Metrics(source) => self.source = Some(source),
            Message::End => {}
        }
    }

    fn send_spans(&mut self) {
        let spans = std::mem::take(&mut self.batch);
        let count = spans.len();
        if count == 0 {
            return;
        }
        let is_lost = self.queue.is_ending() && self.is_failing;
        let request = protobuf::spans(spans, &self.resource);
        if is_lost || !self.post(Kind::Traces, &request) {
            self.queue.fail(count);
        }
        self.queue.leave(count);
    }

    fn send_metrics(&mut self) {
        let Some(source) = &self.source else { return };
        let request = self.metrics_writer.request(&source());
        self.post(Kind::Metrics, &request);
    }

    /// Whether the collector has taken it. The log has a line when it begins to fail, and one when
    /// it works again.
    fn post(&mut self, kind: Kind, request: &[u8]) -> bool {
        let url = match kind {
            Kind::Traces => &self.traces,
            Kind::Metrics => &self.metrics,
        };
        let sent = self.agent.post(url).content_type("application/x-protobuf").send(request);
        let sent = sent.and_then(|answer| match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(ureq::Error::StatusCode(status.as_u16())),
        });
        let has_failed = std::mem::replace(&mut self.is_failing, sent.is_err());
        match &sent {
            Err(error) if !has_failed => tracing::warn!(%error, "the collector does not take spans and metrics"),
            Ok(()) if has_failed => tracing::info!("the collector takes spans and metrics again"),
            Ok(()) | Err(_) => {}
        }
        sent.is_ok()
    }
}

/// A kind of telemetry.
#[derive(Clone, Copy)]
enum Kind {
    Traces,
    Metrics,
}
