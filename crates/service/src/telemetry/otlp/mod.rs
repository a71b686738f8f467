//! OpenTelemetry: sends spans and metrics to a collector, over OTLP as protobuf over HTTP. A thread
//! of low priority does it. Spans wait for it in a bounded queue; one that finds no room is dropped
//! and counted, so that no request waits for a collector.

mod endpoint;
mod exporter;
mod protobuf;
mod queue;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use prometheus::proto::MetricFamily;
use uuid::Uuid;

pub use endpoint::{Endpoint, EndpointError};
use exporter::{Exporter, Message};
use queue::{SpanQueue, SpanSender};

/// Maximum number of spans in the queue, including those that are being sent.
const MAXIMUM_QUEUE: usize = 4096;
/// Maximum time to send the rest at the end.
const LAST_EXPORT: Duration = Duration::from_secs(5);

/// The release of the program: all of its packages have one version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What to send, and where to.
#[derive(Clone, Debug)]
pub struct OtlpSettings {
    /// The collector.
    pub endpoint: Endpoint,
    /// The share of requests that are traced, from 0 to 1.
    pub share: f64,
    /// How often metrics are sent.
    pub interval: Duration,
}

/// What reads the metrics.
pub type MetricsSource = Box<dyn Fn() -> Vec<MetricFamily> + Send>;

/// The number of spans that were lost: dropped from the queue, or not taken by the collector.
#[derive(Clone, Debug, Default)]
pub struct LostSpans(Arc<AtomicU64>);

impl LostSpans {
    /// The number.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn add(&self, spans: usize) {
        self.0.fetch_add(spans as u64, Ordering::Relaxed);
    }
}

/// What sends to a collector. Dropping it leaves the rest unsent; [`Otlp::end`] sends it.
#[derive(Debug)]
pub struct Otlp {
    tracer: SdkTracer,
    sender: SpanSender,
    lost: LostSpans,
    ended: Receiver<()>,
}

impl Otlp {
    /// Starts the thread that sends.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn start(settings: OtlpSettings) -> io::Result<Self> {
        let (lost, resource) = (LostSpans::default(), resource());
        let (messages, received) = sync_channel(MAXIMUM_QUEUE);
        let sender = SpanSender::new(messages, lost.clone());
        let provider = SdkTracerProvider::builder()
            .with_span_processor(SpanQueue::new(sender.clone()))
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(settings.share))))
            .with_resource(resource.clone())
            .build();
        let exporter = Exporter::new(&settings, &resource, received, sender.clone());
        let (is_ending, ended) = channel();
        Builder::new().name("otlp".to_owned()).spawn(move || {
            exporter.run();
            // An error means that nobody waits for the end any more.
            let _ = is_ending.send(());
        })?;
        Ok(Self { tracer: provider.tracer("callplan"), sender, lost, ended })
    }

    /// What makes spans.
    pub(super) fn tracer(&self) -> SdkTracer {
        self.tracer.clone()
    }

    /// The counter of lost spans.
    pub fn lost(&self) -> LostSpans {
        self.lost.clone()
    }

    /// Sends these metrics from now on.
    pub fn send_metrics(&self, source: MetricsSource) {
        self.sender.send(Message::Metrics(source));
    }

    /// Sends what is left, for a few seconds at most.
    pub fn end(self) {
        self.sender.end();
        if let Err(RecvTimeoutError::Timeout) = self.ended.recv_timeout(LAST_EXPORT) {
            tracing::warn!("the collector does not take the last spans and metrics");
        }
    }
}

/// What all spans and metrics of this run of the server have in common.
fn resource() -> Resource {
    let attributes = [
        KeyValue::new("service.name", "callplan"),
        KeyValue::new("service.version", VERSION),
        KeyValue::new("service.instance.id", Uuid::new_v4().to_string()),
    ];
    Resource::builder_empty().with_attributes(attributes).build()
}
