//! The log: the events of `tracing` as JSON lines. A thread of `tracing-appender` writes them.
//! Nobody waits for it: when its queue is full, a line is lost and counted.

use std::fmt;
use std::io::{self, BufWriter, Write};

use opentelemetry_sdk::trace::SdkTracer;
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::subscriber::SetGlobalDefaultError;
use tracing::{Event, Level, Subscriber};
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;

use super::otlp::Otlp;
use super::spans;
use crate::clock::Clock;
use crate::priority;

/// Maximum number of lines in the queue.
const MAXIMUM_QUEUE: usize = 16_384;
/// Bytes of lines that are written together.
const BUFFER: usize = 64 << 10;
/// The beginning of the names of our crates. Events of other crates are not logged.
const OUR_CRATES: &str = "callplan";

/// The thread that writes. Dropping it writes the queued lines, but does not wait for a reader that
/// has stopped.
#[derive(Debug)]
pub struct LogWriter {
    _guard: WorkerGuard,
    lost: LostLines,
}

/// The counter of lost lines.
#[derive(Clone, Debug, Default)]
pub struct LostLines(Option<ErrorCounter>);

impl LostLines {
    /// The number of lost lines.
    pub fn count(&self) -> usize {
        self.0.as_ref().map_or(0, ErrorCounter::dropped_lines)
    }
}

impl LogWriter {
    /// Logs all events of this program to `to`, and gives spans to what sends them, if anything does.
    /// Lines have the time of this clock.
    ///
    /// # Errors
    /// If the program logs already.
    pub fn start(
        to: impl Write + Send + 'static,
        clock: Clock,
        otlp: Option<&Otlp>,
    ) -> Result<Self, SetGlobalDefaultError> {
        let (writer, guard) = queued(to);
        let lost = LostLines(Some(writer.error_counter()));
        match otlp {
            None => tracing::subscriber::set_global_default(subscriber(writer, clock))?,
            Some(otlp) => tracing::subscriber::set_global_default(with_spans(writer, clock, otlp.tracer()))?,
        }
        Ok(Self { _guard: guard, lost })
    }

    /// The counter of the lines that this log lost.
    pub fn lost(&self) -> LostLines {
        self.lost.clone()
    }
}

fn queued(to: impl Write + Send + 'static) -> (NonBlocking, WorkerGuard) {
    let to = BufWriter::with_capacity(BUFFER, LowPriority { to, is_low: false });
    NonBlockingBuilder::default().buffered_lines_limit(MAXIMUM_QUEUE).lossy(true).thread_name("log").finish(to)
}

/// A writer that gives its thread a low priority, so that requests come first.
struct LowPriority<W> {
    to: W,
    is_low: bool,
}

impl<W: Write> Write for LowPriority<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_low {
            priority::give_way();
            self.is_low = true;
        }
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn subscriber(
    writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static,
    clock: Clock,
) -> impl Subscriber + Send + Sync {
    let lines = tracing_subscriber::fmt::layer().event_format(JsonLines { clock }).with_writer(writer);
    tracing_subscriber::registry().with(logged()).with(lines)
}

/// A subscriber that writes events as lines, and gives spans to a tracer.
fn with_spans(
    writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static,
    clock: Clock,
    tracer: SdkTracer,
) -> impl Subscriber + Send + Sync {
    let lines = tracing_subscriber::fmt::layer().event_format(JsonLines { clock });
    let lines = lines.with_writer(writer).with_filter(logged());
    let spans = tracing_opentelemetry::layer()
        .with_tracer(tracer)
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_level(false)
        .with_target(false)
        // The events of the log are no part of spans.
        .with_filter(Targets::new().with_target(spans::TARGET, Level::INFO));
    tracing_subscriber::registry().with(lines).with(spans)
}

/// What is logged.
fn logged() -> Targets {
    Targets::new().with_target(OUR_CRATES, Level::INFO).with_target(spans::TARGET, LevelFilter::OFF)
}

/// Formats an event as a line: `time`, `level`, then its fields in their order. The JSON format of
/// `tracing-subscriber` has other names, and leaves out fields without a value, which are `null`
/// here.
struct JsonLines {
    clock: Clock,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>, N: for<'a> FormatFields<'a> + 'static> FormatEvent<S, N> for JsonLines {
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let level = match *event.metadata().level() {
            Level::ERROR => "error",
            Level::WARN => "warn",
            _ => "info",
        };
        write!(writer, r#"{{"time":"{:.6}","level":"{level}""#, self.clock.now())?;
        let mut fields = FieldWriter { event, writer, written: 0, result: Ok(()) };
        event.record(&mut fields);
        fields.end()
    }
}

/// Writes the fields of an event as JSON.
struct FieldWriter<'e, 'w> {
    event: &'e Event<'e>,
    writer: Writer<'w>,
    /// The number of fields written.
    written: usize,
    result: fmt::Result,
}

impl FieldWriter<'_, '_> {
    fn write(&mut self, field: &Field, value: &Value) {
        let result = self.write_absent(field.index());
        self.result = self.result.and(result).and_then(|()| self.write_field(field.name(), value));
    }

    /// Writes `null` for the fields before `until` that have no value.
    fn write_absent(&mut self, until: usize) -> fmt::Result {
        for field in self.event.metadata().fields().iter().skip(self.written).take(until.saturating_sub(self.written)) {
            self.write_field(field.name(), &Value::Null)?;
        }
        Ok(())
    }

    fn write_field(&mut self, name: &str, value: &Value) -> fmt::Result {
        self.written += 1;
        write!(self.writer, ",\"{name}\":{value}")
    }

    fn end(mut self) -> fmt::Result {
        self.result?;
        self.write_absent(usize::MAX)?;
        self.writer.write_str("}\n")
    }
}

impl Visit for FieldWriter<'_, '_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.write(field, &value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.write(field, &value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.write(field, &value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.write(field, &value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.write(field, &value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.write(field, &format!("{value:?}").into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::sync::{Arc, Mutex};
    use tracing::subscriber::with_default;

    /// A buffer that the test shares with the log.
    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("nobody panicked").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_has_the_fields_of_its_event_in_order_and_null_where_there_is_no_value() {
        let shared = Shared::default();
        let writer = shared.clone();
        let clock = Clock::new(|| jiff::Timestamp::UNIX_EPOCH);
        with_default(subscriber(move || writer.clone(), clock), || {
            let nobody: Option<u64> = None;
            tracing::info!(route = "/a \"b\"", status = 200, time = 0.31, key = nobody, id = %7, last = nobody, "request");
            tracing::error!("broken");
            tracing::warn!(target: "hyper", "of another crate");
        });
        let text = String::from_utf8(shared.0.lock().expect("nobody panicked").clone()).expect("text");
        let time = r#"{"time":"1970-01-01T00:00:00.000000Z","#;
        let lines: Vec<&str> = text.lines().map(|line| line.strip_prefix(time).expect("its time")).collect();
        assert_eq!(
            lines,
            [
                r#""level":"info","message":"request","route":"/a \"b\"","status":200,"time":0.31,"key":null,"id":"7","last":null}"#,
                r#""level":"error","message":"broken"}"#
            ]
        );
    }

    /// A reader that blocks until the test lets it continue.
    struct Stalled {
        stalls: Sender<()>,
        go_on: Receiver<()>,
    }

    impl Write for Stalled {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.stalls.send(());
            let _ = self.go_on.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_does_not_read_holds_nobody_up_and_what_is_lost_is_counted() {
        let (stalls, is_stalled) = channel();
        let (let_go_on, go_on) = channel();
        let (writer, _guard) = queued(Stalled { stalls, go_on });
        let lost = LostLines(Some(writer.error_counter()));
        with_default(subscriber(writer, Clock::default()), || {
            tracing::info!("the first");
            is_stalled.recv().expect("it is written");
            (0..MAXIMUM_QUEUE + 10).for_each(|number| tracing::info!(number, "one more"));
        });
        assert_eq!(lost.count(), 10);
        drop(let_go_on);
    }
}
