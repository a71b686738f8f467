//! The metrics of the service, and their page for Prometheus. Labels have only values that the code
//! knows: never an organization, a number or an agent.

use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use prometheus::core::Collector;
#[cfg(target_os = "linux")]
use prometheus::process_collector::ProcessCollector;
use prometheus::proto::MetricFamily;
use prometheus::{
    Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};

use crate::calls::Decided;
use crate::live::PlanCounts;
use crate::routing::{Action, Decision, DecisionSource, Reason, WAYS};
use callplan::fields::Party;
use callplan::plan::ReadAs;

/// A counter for each reason, and one for decisions without a reason.
type ByReason = [OnceLock<IntCounter>; Reason::ALL.len() + 1];

/// All metrics. Any thread may count at any time.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    decisions: IntCounterVec,
    /// The counters of `decisions` that have been used, by action, source and reason: counting a
    /// decision takes no lock.
    decision_counters: [[ByReason; DecisionSource::ALL.len()]; Action::ALL.len()],
    decision_time: Histogram,
    /// By party and by what the number was read as.
    numbers_read: [[IntCounter; ReadAs::ALL.len()]; Party::ALL.len()],
    requests: IntCounterVec,
    request_time: Histogram,
    /// Decided calls that wait to be written into the call log.
    pub call_log_queue: IntGauge,
    /// Decisions that were dropped from the call log.
    pub call_log_dropped: IntCounter,
    /// Handlers that panicked.
    pub panics: IntCounter,
    /// Connections that are open.
    pub connections: IntGauge,
    /// Connections that were refused because the server was full.
    pub connections_refused: IntCounter,
    /// Idle connections that were closed to make room for others.
    pub connections_evicted: IntCounter,
}

/// How full a queue is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueDepth {
    /// Pieces of work that have a slot.
    pub running: usize,
    /// Pieces of work that wait for one.
    pub waiting: usize,
}

/// How full the queues are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Queues {
    /// Questions about drafts.
    pub drafts: QueueDepth,
    /// Those that take no longer than reading a text.
    pub light: QueueDepth,
    /// Questions about large texts.
    pub large: QueueDepth,
    /// Checks of texts that are saved.
    pub saves: QueueDepth,
    /// Checks of revisions that are restored.
    pub restores: QueueDepth,
    /// Checks of large texts that are saved or restored.
    pub large_writing: QueueDepth,
    /// Searches of the log, to erase calls.
    pub erasing: QueueDepth,
    /// Reads of the database.
    pub reads: QueueDepth,
    /// Writes that wait for the thread that writes.
    pub waiting_writes: usize,
}

/// Values that are read when the page is requested.
#[derive(Clone, Copy, Debug, Default)]
pub struct State {
    /// Number of configs, by the state of their plans.
    pub plans: PlanCounts,
    /// Bytes of the database and of its write-ahead log.
    pub database_bytes: u64,
    /// When the first list of dates ends, of all plans in force; `None` without such a list.
    pub dates_end: Option<Timestamp>,
    /// When the server's certificate ends; `None` without TLS.
    pub certificate_end: Option<Timestamp>,
    /// Number of lines that the log lost.
    pub request_log_dropped: usize,
    /// Number of spans that were dropped, or that the collector did not take.
    pub spans_dropped: u64,
    /// Number of times that the database did not take writes.
    pub failed_writes: u64,
    /// Whether the last write failed.
    pub writes_fail: bool,
    /// How full the queues are.
    pub queues: Queues,
}

/// The release of the program: all of its packages have one version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Upper bounds of the histograms' buckets, in seconds.
const TIMES: [f64; 19] = [
    0.000_001,
    0.000_002_5,
    0.000_005,
    0.000_01,
    0.000_025,
    0.000_05,
    0.000_1,
    0.000_25,
    0.000_5,
    0.001,
    0.002_5,
    0.005,
    0.01,
    0.025,
    0.1,
    0.25,
    1.0,
    5.0,
    10.0,
];

/// The route label of requests without a route.
const NO_ROUTE: &str = "none";

/// Why making a metric cannot fail.
const VALID: &str = "names are valid, and each is used once";

impl Default for Metrics {
    fn default() -> Self {
        let registry = Registry::new();
        #[cfg(target_os = "linux")]
        registry.register(Box::new(ProcessCollector::for_self())).expect(VALID);
        let build = Opts::new("callplan_build_info", "The program that runs; always 1.");
        registered(&registry, IntGaugeVec::new(build, &["version"])).with_label_values(&[VERSION]).set(1);
        let counter = |name, help| registered(&registry, IntCounter::new(name, help));
        let counters =
            |name, help, labels: &[&str]| registered(&registry, IntCounterVec::new(Opts::new(name, help), labels));
        let times = |name, help| {
            registered(&registry, Histogram::with_opts(HistogramOpts::new(name, help).buckets(TIMES.to_vec())))
        };
        let numbers_read = counters("callplan_numbers_read_total", "Numbers of calls read.", &["party", "as"]);
        let metrics = Self {
            decisions: counters("callplan_decisions_total", "Calls decided.", &["action", "source", "reason"]),
            decision_counters: Default::default(),
            numbers_read: Party::ALL.map(|party| {
                ReadAs::ALL.map(|read_as| numbers_read.with_label_values(&[party.label(), read_as.name()]))
            }),
            decision_time: times("callplan_decision_seconds", "Time to decide a call."),
            requests: counters("callplan_requests_total", "Requests answered.", &["method", "route", "status"]),
            request_time: times("callplan_request_seconds", "Time to answer a request."),
            call_log_queue: registered(
                &registry,
                IntGauge::new("callplan_call_log_queue", "Decided calls that wait to be written into the call log."),
            ),
            call_log_dropped: counter("callplan_call_log_dropped_total", "Decisions dropped from the call log."),
            panics: counter("callplan_panics_total", "Handlers that panicked."),
            connections: registered(&registry, IntGauge::new("callplan_connections", "Open connections.")),
            connections_refused: counter(
                "callplan_connections_refused_total",
                "Connections refused because the server was full.",
            ),
            connections_evicted: counter(
                "callplan_connections_evicted_total",
                "Connections closed to make room for others.",
            ),
            registry,
        };
        // An alarm on growth needs the value before the first one.
        for (action, source, reason) in WAYS {
            metrics.decisions_of(action, source, reason);
        }
        metrics
    }
}

fn registered<M: Collector + Clone + 'static>(registry: &Registry, metric: prometheus::Result<M>) -> M {
    let metric = metric.expect(VALID);
    registry.register(Box::new(metric.clone())).expect(VALID);
    metric
}

impl Metrics {
    /// Counts a decision.
    pub fn decided(&self, decided: &Decided) {
        let Decision { action, source, reason, .. } = decided.decision;
        self.decision(action, source, reason, decided.time);
        for (party, read) in decided.numbers.all() {
            let at = ReadAs::ALL.iter().position(|read_as| *read_as == read.read_as);
            at.into_iter().for_each(|at| self.numbers_read[party as usize][at].inc());
        }
    }

    fn decision(&self, action: Action, source: DecisionSource, reason: Option<Reason>, time: Duration) {
        self.decisions_of(action, source, reason).inc();
        self.decision_time.observe(time.as_secs_f64());
    }

    fn decisions_of(&self, action: Action, source: DecisionSource, reason: Option<Reason>) -> &IntCounter {
        let at = reason.map_or(Reason::ALL.len(), |reason| reason as usize);
        let labels = [action.name(), source.name(), reason.map_or("", Reason::name)];
        let counter = &self.decision_counters[action as usize][source as usize][at];
        counter.get_or_init(|| self.decisions.with_label_values(&labels))
    }

    /// Makes the series of a request that can be answered so, at 0.
    pub fn expect(&self, method: &str, route: &str, status: &str) {
        self.requests.with_label_values(&[method, route, status]);
    }

    /// Counts an answered request. `route` is the pattern that matched.
    pub fn answered(&self, method: &str, route: Option<&str>, status: &str, time: Duration) {
        self.request_time.observe(time.as_secs_f64());
        self.requests.with_label_values(&[method, route.unwrap_or(NO_ROUTE), status]).inc();
    }

    /// The page, in Prometheus's text format.
    pub fn page(&self, state: &State) -> String {
        // Writing into text cannot fail.
        TextEncoder::new().encode_to_string(&self.families(state)).unwrap_or_default()
    }

    /// All metrics with their values.
    pub fn families(&self, state: &State) -> Vec<MetricFamily> {
        let mut families = self.registry.gather();
        let counter = IntCounter::new("callplan_request_log_dropped_total", "Lines that the log lost.").expect(VALID);
        counter.inc_by(state.request_log_dropped as u64);
        families.extend(counter.collect());
        let help = "Spans that were dropped, or that the collector did not take.";
        let counter = IntCounter::new("callplan_spans_dropped_total", help).expect(VALID);
        counter.inc_by(state.spans_dropped);
        families.extend(counter.collect());
        let size = i64::try_from(state.database_bytes).unwrap_or(i64::MAX);
        families.extend(gauge("callplan_database_bytes", "Bytes of the database and its write-ahead log.", size));
        families.extend(state.plans.collect());
        families.extend(state.queues.collect());
        let help = "Times that the database did not take writes.";
        let counter = IntCounter::new("callplan_store_write_failures_total", help).expect(VALID);
        counter.inc_by(state.failed_writes);
        families.extend(counter.collect());
        let help = "1 while the last write to the database has failed, else 0.";
        families.extend(gauge("callplan_store_writes_failing", help, i64::from(state.writes_fail)));
        // Without a list there is no end, and no value that would mean so.
        if let Some(end) = state.dates_end {
            let help = "When the first list of dates of a plan in force ends, in seconds since 1970.";
            families.extend(gauge("callplan_dates_end_timestamp_seconds", help, end.as_second()));
        }
        if let Some(end) = state.certificate_end {
            let help = "When the server's certificate ends, in seconds since 1970.";
            families.extend(gauge("callplan_tls_certificate_end_timestamp_seconds", help, end.as_second()));
        }
        families
    }
}

impl PlanCounts {
    fn collect(&self) -> Vec<MetricFamily> {
        let plans = Opts::new("callplan_plans", "Configs, by the state of their plans.");
        let plans = IntGaugeVec::new(plans, &["state"]).expect(VALID);
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let Self { compiled, waiting, broken, disabled } = *self;
        for (state, plan_count) in
            [("compiled", compiled), ("waiting", waiting), ("broken", broken), ("disabled", disabled)]
        {
            plans.with_label_values(&[state]).set(count(plan_count));
        }
        let broken = gauge("callplan_broken_plans", "Plans that no longer compile.", count(broken));
        plans.collect().into_iter().chain(broken).collect()
    }
}

impl Queues {
    fn collect(&self) -> Vec<MetricFamily> {
        let queues = |name, help| IntGaugeVec::new(Opts::new(name, help), &["queue"]).expect(VALID);
        let running = queues("callplan_queue_running", "Pieces of work that have a slot, by queue.");
        let waiting = queues("callplan_queue_waiting", "Pieces of work that wait, by queue.");
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let Self { drafts, light, large, saves, restores, large_writing, erasing, reads, waiting_writes } = *self;
        for (name, depth) in [
            ("drafts", drafts),
            ("light", light),
            ("large", large),
            ("saves", saves),
            ("restores", restores),
            ("large_writing", large_writing),
            ("erasing", erasing),
            ("reads", reads),
        ] {
            running.with_label_values(&[name]).set(count(depth.running));
            waiting.with_label_values(&[name]).set(count(depth.waiting));
        }
        waiting.with_label_values(&["writes"]).set(count(waiting_writes));
        [running.collect(), waiting.collect()].concat()
    }
}

fn gauge(name: &str, help: &str, value: i64) -> Vec<MetricFamily> {
    let gauge = IntGauge::new(name, help).expect(VALID);
    gauge.set(value);
    gauge.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_what_was_counted() {
        let metrics = Metrics::default();
        metrics.decision(Action::Answer, DecisionSource::Workflow, None, Duration::from_nanos(1_000));
        metrics.decision(Action::Disconnect, DecisionSource::None, Some(Reason::NoDecision), Duration::from_secs(60));
        for status in ["200", "200", "404"] {
            metrics.answered("GET", Some("/core/agents/{id}"), status, Duration::from_millis(1));
        }
        metrics.answered("OTHER", None, "404", Duration::ZERO);
        metrics.expect("GET", "/core/agents", "503");
        let end = Timestamp::from_second(1_830_000_000).ok();
        let plans = PlanCounts { compiled: 7, waiting: 1, broken: 3, disabled: 2 };
        let page = metrics.page(&State {
            plans,
            database_bytes: 4096,
            dates_end: end,
            certificate_end: end,
            request_log_dropped: 5,
            spans_dropped: 8,
            failed_writes: 2,
            writes_fail: true,
            queues: Queues { drafts: QueueDepth { running: 4, waiting: 9 }, waiting_writes: 6, ..Queues::default() },
        });
        for line in [
            "callplan_decisions_total{action=\"answer\",reason=\"\",source=\"workflow\"} 1",
            "callplan_decisions_total{action=\"disconnect\",reason=\"no_decision\",source=\"none\"} 1",
            "callplan_decision_seconds_bucket{le=\"0.000001\"} 1",
            "callplan_decision_seconds_bucket{le=\"10\"} 1",
            "callplan_decision_seconds_bucket{le=\"+Inf\"} 2",
            "callplan_decision_seconds_count 2",
            "callplan_requests_total{method=\"GET\",route=\"/core/agents/{id}\",status=\"200\"} 2",
            "callplan_requests_total{method=\"GET\",route=\"/core/agents/{id}\",status=\"404\"} 1",
            "callplan_requests_total{method=\"OTHER\",route=\"none\",status=\"404\"} 1",
            "callplan_call_log_dropped_total 0",
            "callplan_request_log_dropped_total 5",
            "callplan_spans_dropped_total 8",
            "callplan_requests_total{method=\"GET\",route=\"/core/agents\",status=\"503\"} 0",
            "callplan_decisions_total{action=\"disconnect\",reason=\"workflow_timeout\",source=\"none\"} 0",
            "callplan_call_log_queue 0",
            "callplan_database_bytes 4096",
            "callplan_plans{state=\"compiled\"} 7",
            "callplan_plans{state=\"disabled\"} 2",
            "callplan_queue_running{queue=\"drafts\"} 4",
            "callplan_queue_waiting{queue=\"drafts\"} 9",
            "callplan_queue_waiting{queue=\"writes\"} 6",
            "callplan_store_write_failures_total 2",
            "callplan_store_writes_failing 1",
            "callplan_broken_plans 3",
            "callplan_dates_end_timestamp_seconds 1830000000",
            "callplan_tls_certificate_end_timestamp_seconds 1830000000",
        ] {
            assert!(page.lines().any(|printed| printed == line), "{line}\n{page}");
        }
        let empty = metrics.page(&State::default());
        assert!(!empty.contains("dates_end") && !empty.contains("certificate_end"), "there is neither");
    }
}
