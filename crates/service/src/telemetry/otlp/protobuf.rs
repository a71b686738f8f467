//! The requests of OTLP, as protobuf. Metrics are those of the page for Prometheus, with their names.

use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Gauge, Histogram, HistogramDataPoint, Metric, NumberDataPoint, ResourceMetrics,
    ScopeMetrics, Sum, metric, number_data_point,
};
use opentelemetry_proto::tonic::resource::v1;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SpanData;
use prometheus::proto::{LabelPair, Metric as Series, MetricFamily, MetricType};
use prost::Message;

use super::VERSION;

/// A request with spans.
pub fn spans(spans: Vec<SpanData>, resource: &ResourceAttributesWithSchema) -> Vec<u8> {
    ExportTraceServiceRequest { resource_spans: group_spans_by_resource_and_scope(spans, resource) }.encode_to_vec()
}

/// Writes metrics. Their counts begin when it is made.
pub struct MetricsWriter {
    resource: v1::Resource,
    begun: u64,
}

impl MetricsWriter {
    pub fn new(resource: &Resource) -> Self {
        let attributes = ResourceAttributesWithSchema::from(resource).attributes.0;
        Self { resource: v1::Resource { attributes, ..v1::Resource::default() }, begun: now() }
    }

    /// A request with these metrics.
    pub fn request(&self, families: &[MetricFamily]) -> Vec<u8> {
        let times = Times { begun: self.begun, now: now() };
        let scope = InstrumentationScope {
            name: "callplan".to_owned(),
            version: VERSION.to_owned(),
            ..InstrumentationScope::default()
        };
        let metrics = families.iter().filter_map(|family| times.metric(family)).collect();
        let of_scope = ScopeMetrics { scope: Some(scope), metrics, schema_url: String::new() };
        let of_resource = ResourceMetrics {
            resource: Some(self.resource.clone()),
            scope_metrics: vec![of_scope],
            schema_url: String::new(),
        };
        ExportMetricsServiceRequest { resource_metrics: vec![of_resource] }.encode_to_vec()
    }
}

/// When counts began, and when they were read, in nanoseconds since 1970.
#[derive(Clone, Copy)]
struct Times {
    begun: u64,
    now: u64,
}

impl Times {
    /// A metric; `None` for kinds that the server does not have.
    fn metric(self, family: &MetricFamily) -> Option<Metric> {
        let series = family.get_metric();
        let cumulative = AggregationTemporality::Cumulative.into();
        let data = match family.get_field_type() {
            MetricType::COUNTER => metric::Data::Sum(Sum {
                data_points: series.iter().map(|one| self.number(one, one.get_counter().get_value())).collect(),
                aggregation_temporality: cumulative,
                is_monotonic: true,
            }),
            MetricType::GAUGE => metric::Data::Gauge(Gauge {
                data_points: series.iter().map(|one| self.number(one, one.get_gauge().get_value())).collect(),
            }),
            MetricType::HISTOGRAM => metric::Data::Histogram(Histogram {
                data_points: series.iter().map(|one| self.histogram(one)).collect(),
                aggregation_temporality: cumulative,
            }),
            MetricType::SUMMARY | MetricType::UNTYPED => return None,
        };
        let (name, description) = (family.name().to_owned(), family.help().to_owned());
        Some(Metric { name, description, unit: String::new(), metadata: Vec::new(), data: Some(data) })
    }

    fn number(self, series: &Series, value: f64) -> NumberDataPoint {
        NumberDataPoint {
            attributes: attributes(series.get_label()),
            start_time_unix_nano: self.begun,
            time_unix_nano: self.now,
            value: Some(number_data_point::Value::AsDouble(value)),
            ..NumberDataPoint::default()
        }
    }

    fn histogram(self, series: &Series) -> HistogramDataPoint {
        let histogram = series.get_histogram();
        let (buckets, count) = (histogram.get_bucket(), histogram.get_sample_count());
        let ends = buckets.iter().map(|bucket| bucket.cumulative_count()).chain([count]);
        // Prometheus counts the values up to each bound, and OTLP those between two.
        let bucket_counts = ends.scan(0, |before, end| Some(end.saturating_sub(std::mem::replace(before, end))));
        HistogramDataPoint {
            attributes: attributes(series.get_label()),
            start_time_unix_nano: self.begun,
            time_unix_nano: self.now,
            count,
            sum: Some(histogram.get_sample_sum()),
            bucket_counts: bucket_counts.collect(),
            explicit_bounds: buckets.iter().map(|bucket| bucket.upper_bound()).collect(),
            ..HistogramDataPoint::default()
        }
    }
}

fn attributes(labels: &[LabelPair]) -> Vec<KeyValue> {
    let text = |text: &str| AnyValue { value: Some(any_value::Value::StringValue(text.to_owned())) };
    let attribute = |label: &LabelPair| KeyValue {
        key: label.name().to_owned(),
        value: Some(text(label.value())),
        ..KeyValue::default()
    };
    labels.iter().map(attribute).collect()
}

/// Nanoseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry};

    #[test]
    fn metrics_keep_their_names_labels_and_values() {
        let registry = Registry::new();
        let counter = IntCounterVec::new(Opts::new("calls_total", "Calls."), &["action"]).expect("a counter");
        counter.with_label_values(&["answer"]).inc_by(7);
        let gauge = IntGauge::new("open", "Open.").expect("a gauge");
        gauge.set(3);
        let options = HistogramOpts::new("seconds", "Time.").buckets(vec![1.0, 2.0, 5.0]);
        let times = HistogramVec::new(options, &["kind"]).expect("a histogram");
        [0.5, 1.5, 1.75, 9.0].iter().for_each(|time| times.with_label_values(&["a"]).observe(*time));
        for metric in [&counter as &dyn CloneBox, &gauge, &times] {
            registry.register(metric.boxed()).expect("it is new");
        }
        let writer = MetricsWriter::new(&Resource::builder_empty().build());
        let request = ExportMetricsServiceRequest::decode(&*writer.request(&registry.gather())).expect("a request");
        let metrics = &request.resource_metrics[0].scope_metrics[0].metrics;
        let named = |name: &str| metrics.iter().find(|metric| metric.name == name).expect("it is there");
        let Some(metric::Data::Sum(sum)) = &named("calls_total").data else { panic!("no sum") };
        assert!(sum.is_monotonic && sum.data_points[0].value == Some(number_data_point::Value::AsDouble(7.0)));
        assert_eq!(sum.data_points[0].attributes[0].key, "action");
        let Some(metric::Data::Gauge(gauge)) = &named("open").data else { panic!("no gauge") };
        assert_eq!(gauge.data_points[0].value, Some(number_data_point::Value::AsDouble(3.0)));
        let Some(metric::Data::Histogram(times)) = &named("seconds").data else { panic!("no histogram") };
        let point = &times.data_points[0];
        assert_eq!((&*point.bucket_counts, &*point.explicit_bounds), (&[1, 2, 0, 1][..], &[1.0, 2.0, 5.0][..]));
        assert_eq!((point.count, point.sum), (4, Some(12.75)));
    }

    trait CloneBox {
        fn boxed(&self) -> Box<dyn prometheus::core::Collector>;
    }

    impl<C: prometheus::core::Collector + Clone + 'static> CloneBox for C {
        fn boxed(&self) -> Box<dyn prometheus::core::Collector> {
            Box::new(self.clone())
        }
    }
}
