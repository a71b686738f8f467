//! What the service counts, and its page for Prometheus. Labels name what the code knows beforehand: never an organization,
//! a number or an agent.

use std::collections::HashMap;
use std::fmt::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::http::{Method, StatusCode};
use jiff::Timestamp;

use super::places::Places;
use callplan_service::calls::Decided;
use callplan_service::routing::{Action, Decision, Reason, Source};

/// See the module. All of it may be counted at once, from any thread.
#[derive(Debug, Default)]
pub struct Metrics {
    /// By action, source and reason; the last of the reasons is none.
    decisions: [[[Counter; Reason::ALL.len() + 1]; Source::ALL.len()]; Action::ALL.len()],
    decision_time: Histogram,
    /// By route, method and status. It is exchanged when there is a new one, and else only read.
    requests: ArcSwap<HashMap<Box<str>, Vec<Arc<Answered>>>>,
    request_time: Histogram,
    /// Lines of the request log that were not written, for want of room in the queue.
    pub request_log_dropped: Counter,
    /// Handlers that panicked.
    pub panics: Counter,
    /// Connections that are open.
    pub connections: Counter,
    /// Connections that were turned away because there were as many as there may be.
    pub connections_refused: Counter,
}

/// What the page tells besides: it is not counted but looked up.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlansAndLog {
    /// How many plans in force cannot be run any more.
    pub broken_plans: usize,
    /// The first moment after the dates of the list that runs out first; `None` where no plan in force has such a list.
    pub dates_end: Option<Timestamp>,
    /// How many decisions the call log lacks.
    pub call_log_dropped: u64,
}

/// A number that goes up, and sometimes down, counted by each thread in its own place.
#[derive(Debug, Default)]
pub struct Counter(Places<AtomicU64>);

impl Counter {
    /// One more.
    pub fn up(&self) {
        self.add(1);
    }

    /// One less.
    pub fn down(&self) {
        self.0.own().fetch_sub(1, Ordering::Relaxed);
    }

    /// So many more.
    fn add(&self, more: u64) {
        self.0.own().fetch_add(more, Ordering::Relaxed);
    }

    /// How many.
    pub fn get(&self) -> u64 {
        // One place may have counted down what another has counted up.
        self.0.iter().fold(0, |sum, place| sum.wrapping_add(place.load(Ordering::Relaxed)))
    }
}

/// Upper bounds of times, in nanoseconds: from a microsecond to ten seconds.
const BOUNDS: [u64; 19] = [
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    100_000_000,
    250_000_000,
    1_000_000_000,
    5_000_000_000,
    10_000_000_000,
];

/// How many took how long.
#[derive(Debug, Default)]
struct Histogram {
    /// The last is beyond all bounds.
    buckets: [Counter; BOUNDS.len() + 1],
    /// In nanoseconds.
    sum: Counter,
}

impl Histogram {
    fn add(&self, time: Duration) {
        let time = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.buckets[BOUNDS.partition_point(|bound| *bound < time)].up();
        self.sum.add(time);
    }

    fn write(&self, page: &mut String, name: &str, help: &str) -> fmt::Result {
        head(page, name, "histogram", help)?;
        let mut count = 0;
        for (bucket, bound) in self.buckets.iter().zip(BOUNDS.map(Some).into_iter().chain([None])) {
            count += bucket.get();
            match bound {
                Some(bound) => writeln!(page, "{name}_bucket{{le=\"{}\"}} {count}", seconds(bound))?,
                None => writeln!(page, "{name}_bucket{{le=\"+Inf\"}} {count}")?,
            }
        }
        writeln!(page, "{name}_sum {}", seconds(self.sum.get()))?;
        writeln!(page, "{name}_count {count}")
    }
}

fn seconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e9
}

/// Requests to one route that were answered alike.
#[derive(Debug)]
struct Answered {
    method: &'static str,
    status: StatusCode,
    count: Counter,
}

/// What is counted for requests that no route takes.
const NO_ROUTE: &str = "none";

impl Metrics {
    /// Counts a decision.
    pub fn decided(&self, decided: &Decided) {
        let Decision { action, source, reason, .. } = decided.decision;
        self.decision(action, source, reason, decided.time);
    }

    fn decision(&self, action: Action, source: Source, reason: Option<Reason>, time: Duration) {
        let reason = reason.map_or(Reason::ALL.len(), |reason| reason as usize);
        self.decisions[action as usize][source as usize][reason].up();
        self.decision_time.add(time);
    }

    /// A request was answered. `route` is the pattern that took it.
    pub fn answered(&self, method: &Method, route: Option<&str>, status: StatusCode, time: Duration) {
        self.request_time.add(time);
        let (method, route) = (name(method), route.unwrap_or(NO_ROUTE));
        let is_same = |known: &&Arc<Answered>| known.method == method && known.status == status;
        let count = || {
            let all = self.requests.load();
            all.get(route).and_then(|known| known.iter().find(is_same)).map(|known| known.count.up())
        };
        if count().is_some() {
            return;
        }
        self.requests.rcu(|all| {
            let mut all = HashMap::clone(all);
            let known = all.entry(route.into()).or_default();
            // Somebody else may have added it in between.
            if !known.iter().any(|known| is_same(&known)) {
                known.push(Arc::new(Answered { method, status, count: Counter::default() }));
            }
            all
        });
        // It is there now: nobody takes one away.
        count();
    }

    /// The page.
    pub fn page(&self, state: &PlansAndLog) -> String {
        let mut page = String::with_capacity(8 << 10);
        // Text takes all that is written to it.
        let _ = self.write(&mut page, state);
        page
    }

    fn write(&self, page: &mut String, state: &PlansAndLog) -> fmt::Result {
        let PlansAndLog { broken_plans, dates_end, call_log_dropped } = *state;
        self.write_decisions(page)?;
        self.decision_time.write(page, "callplan_decision_seconds", "How long it took to decide a call.")?;
        self.write_requests(page)?;
        self.request_time.write(page, "callplan_request_seconds", "How long it took to answer a request.")?;
        let counters = [
            ("callplan_call_log_dropped_total", "Decisions that were not kept.", call_log_dropped),
            ("callplan_request_log_dropped_total", "Lines that the log lacks.", self.request_log_dropped.get()),
            ("callplan_panics_total", "Requests that broke the handler.", self.panics.get()),
            ("callplan_connections_refused_total", "Connections turned away.", self.connections_refused.get()),
        ];
        for (name, help, count) in counters {
            head(page, name, "counter", help)?;
            writeln!(page, "{name} {count}")?;
        }
        let gauges = [
            ("callplan_connections", "Connections that are open.", self.connections.get()),
            ("callplan_broken_plans", "Plans in force that cannot be run any more.", broken_plans as u64),
        ];
        for (name, help, value) in gauges {
            head(page, name, "gauge", help)?;
            writeln!(page, "{name} {value}")?;
        }
        // Without a list there is no end, and no value would say so.
        if let Some(end) = dates_end {
            let name = "callplan_dates_end_timestamp_seconds";
            head(page, name, "gauge", "When the first list of dates of a plan in force has run out.")?;
            writeln!(page, "{name} {}", end.as_second())?;
        }
        Ok(())
    }

    fn write_decisions(&self, page: &mut String) -> fmt::Result {
        head(page, "callplan_decisions_total", "counter", "Calls that were decided.")?;
        let reasons = || Reason::ALL.map(Some).into_iter().chain([None]);
        for action in Action::ALL {
            for source in Source::ALL {
                for reason in reasons() {
                    let at = reason.map_or(Reason::ALL.len(), |reason| reason as usize);
                    let count = self.decisions[action as usize][source as usize][at].get();
                    // Most of them cannot be.
                    if count > 0 {
                        let (action, source) = (action.name(), source.name());
                        let reason = reason.map_or("", Reason::name);
                        let labels = format!("action=\"{action}\",source=\"{source}\",reason=\"{reason}\"");
                        writeln!(page, "callplan_decisions_total{{{labels}}} {count}")?;
                    }
                }
            }
        }
        Ok(())
    }

    fn write_requests(&self, page: &mut String) -> fmt::Result {
        head(page, "callplan_requests_total", "counter", "Requests that were answered.")?;
        let all = self.requests.load();
        let mut routes: Vec<_> = all.iter().collect();
        routes.sort_unstable_by_key(|(route, _)| *route);
        for (route, answered) in routes {
            for Answered { method, status, count } in answered.iter().map(|answered| &**answered) {
                let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{}\"", status.as_u16());
                writeln!(page, "callplan_requests_total{{{labels}}} {}", count.get())?;
            }
        }
        Ok(())
    }
}

fn head(page: &mut String, name: &str, kind: &str, help: &str) -> fmt::Result {
    writeln!(page, "# HELP {name} {help}\n# TYPE {name} {kind}")
}

/// A method, among those that may be told apart: a client can make up others without end.
pub fn name(method: &Method) -> &'static str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::HEAD,
        Method::PATCH,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    const NAMES: [&str; 9] = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE", "CONNECT"];
    KNOWN.iter().position(|known| known == method).map_or("OTHER", |at| NAMES[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_what_was_counted() {
        let metrics = Metrics::default();
        metrics.decision(Action::Answer, Source::Workflow, None, Duration::from_nanos(1_000));
        metrics.decision(Action::Disconnect, Source::None, Some(Reason::NoDecision), Duration::from_secs(60));
        for status in [StatusCode::OK, StatusCode::OK, StatusCode::NOT_FOUND] {
            metrics.answered(&Method::GET, Some("/core/agents/{id}"), status, Duration::from_millis(1));
        }
        let made_up = Method::from_bytes(b"PLEASE").expect("a method");
        metrics.answered(&made_up, None, StatusCode::NOT_FOUND, Duration::ZERO);
        let end = Timestamp::from_second(1_830_000_000).ok();
        let page = metrics.page(&PlansAndLog { broken_plans: 3, dates_end: end, call_log_dropped: 0 });
        for line in [
            "callplan_decisions_total{action=\"answer\",source=\"workflow\",reason=\"\"} 1",
            "callplan_decisions_total{action=\"disconnect\",source=\"none\",reason=\"no_decision\"} 1",
            "callplan_decision_seconds_bucket{le=\"0.000001\"} 1",
            "callplan_decision_seconds_bucket{le=\"10\"} 1",
            "callplan_decision_seconds_bucket{le=\"+Inf\"} 2",
            "callplan_decision_seconds_count 2",
            "callplan_requests_total{method=\"GET\",route=\"/core/agents/{id}\",status=\"200\"} 2",
            "callplan_requests_total{method=\"GET\",route=\"/core/agents/{id}\",status=\"404\"} 1",
            "callplan_requests_total{method=\"OTHER\",route=\"none\",status=\"404\"} 1",
            "callplan_call_log_dropped_total 0",
            "callplan_broken_plans 3",
            "callplan_dates_end_timestamp_seconds 1830000000",
        ] {
            assert!(page.lines().any(|found| found == line), "{line}\n{page}");
        }
        assert!(!metrics.page(&PlansAndLog::default()).contains("dates_end"), "there is no such list");
    }
}
