//! What the server says on standard error: JSON lines, one a request. A request leaves a small record in a bounded queue; a
//! thread words and writes many at a time. Nobody waits for it: what finds no room is counted and lost.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::http::{HeaderValue, Method, StatusCode};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::metrics::{self, Metrics};
use super::queue::{Drain, Queue, queue};
use callplan_service::live::access::Principal;
use callplan_service::store::{KeyId, OrganizationId};

/// So many records wait at most.
const LONGEST_QUEUE: usize = 16_384;
/// How often the thread looks while requests come, and while none does: what it finds at once keeps a processor from them.
const PAUSE: Duration = Duration::from_millis(5);
const LONG_PAUSE: Duration = Duration::from_millis(50);
/// So long an end waits for a reader that does not read.
const LONGEST_END: Duration = Duration::from_secs(1);

/// A request that was answered.
#[derive(Debug)]
pub struct Line {
    /// When it came.
    pub begun: Timestamp,
    /// How it was asked.
    pub method: Method,
    /// The pattern of the path that took it.
    pub route: Option<String>,
    /// What was answered.
    pub status: StatusCode,
    /// How long that took.
    pub time: Duration,
    /// Who asked, if they said so.
    pub who: Option<Principal>,
    /// The id that was answered.
    pub request_id: RequestId,
}

/// A request's id.
#[derive(Clone, Debug)]
pub enum RequestId {
    /// The client's own.
    Given(HeaderValue),
    /// The number of a request among those of one run of the server.
    Own {
        /// The run's own number.
        run: u64,
        /// Counted from 0.
        number: u64,
    },
}

impl RequestId {
    /// As it is answered.
    pub fn header(&self) -> HeaderValue {
        match self {
            Self::Given(id) => id.clone(),
            Self::Own { .. } => HeaderValue::from_str(self.text(&mut [0; _])).unwrap_or(HeaderValue::from_static("-")),
        }
    }

    /// As it is written into the log; the room is for those that are not text yet.
    fn text<'a>(&'a self, room: &'a mut [u8; 33]) -> &'a str {
        match self {
            Self::Given(id) => id.to_str().unwrap_or_default(),
            Self::Own { run, number } => {
                room[16] = b'-';
                write_digits(&mut room[..16], *run);
                write_digits(&mut room[17..], *number);
                std::str::from_utf8(room).unwrap_or_default()
            }
        }
    }
}

/// Fills a text with the last hexadecimal digits of a number. Every request has some, so they are not formatted one by one.
fn write_digits(text: &mut [u8], mut number: u64) {
    for digit in text.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(number & 0xf) as usize];
        number >>= 4;
    }
}

#[derive(Debug)]
enum Record {
    Request(Line),
    Message { at: Timestamp, level: Level, message: String, more: Map<String, Value> },
}

impl Record {
    /// What its line is of, in microseconds from 1970.
    fn microsecond(&self) -> i64 {
        match self {
            // A request takes no longer than a connection lives.
            Self::Request(line) => line.begun.as_microsecond() + line.time.as_micros() as i64,
            Self::Message { at, .. } => at.as_microsecond(),
        }
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is as it should be.
    Info,
    /// Somebody should look at it.
    Warn,
    /// Something is broken.
    Error,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// Where records are left. Its clones are the same log; without a thread behind it, it takes all and says nothing.
#[derive(Clone, Debug, Default)]
pub struct Log {
    queue: Option<Queue<Record>>,
}

/// The thread that writes.
#[derive(Debug)]
pub struct Writer {
    thread: JoinHandle<()>,
    stop: Arc<AtomicBool>,
}

impl Log {
    /// A log that is written to `to`.
    pub fn start(to: impl Write + Send + 'static) -> io::Result<(Self, Writer)> {
        let (queue, records) = queue(LONGEST_QUEUE);
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("log".into())
            .spawn(move || write_all(&records, to, || stopped.load(Ordering::Acquire)))?;
        Ok((Self { queue: Some(queue) }, Writer { thread, stop }))
    }

    /// Leaves a record of a request.
    pub fn request(&self, line: Line, metrics: &Metrics) {
        if let Some(queue) = &self.queue
            && !queue.add(Record::Request(line))
        {
            metrics.request_log_dropped.up();
        }
    }

    /// Says something that is not about one request. `more` is an object of fields beside the message.
    pub fn say(&self, level: Level, message: &str, more: Value) {
        let Some(queue) = &self.queue else { return };
        let more = if let Value::Object(more) = more { more } else { Map::new() };
        // There is no other place to say that it finds no room.
        let _ = queue.add(Record::Message { at: Timestamp::now(), level, message: message.to_owned(), more });
    }
}

impl Writer {
    /// Ends it, when all that was left before has been written; a reader that does not read is not waited for.
    pub fn end(self) {
        self.stop.store(true, Ordering::Release);
        let begun = Instant::now();
        while !self.thread.is_finished() && begun.elapsed() < LONGEST_END {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn write_all(records: &Drain<Record>, mut to: impl Write, is_over: impl Fn() -> bool) {
    // Requests go first.
    callplan_service::priority::give_way();
    let (mut text, mut said) = (Vec::with_capacity(64 << 10), Said::default());
    let mut order: Vec<(i64, usize)> = Vec::new();
    loop {
        let was_over = is_over();
        let batch = records.take(LONGEST_QUEUE);
        order.clear();
        order.extend(batch.iter().map(Record::microsecond).zip(0..));
        // Each thread's are in order already; what is moved is small.
        order.sort();
        for (_, at) in &order {
            write(&mut text, &mut said, &batch[*at]);
        }
        let is_idle = text.is_empty();
        if !is_idle {
            // If nobody reads it any more, there is nobody to tell.
            let _ = to.write_all(&text).and_then(|()| to.flush());
            text.clear();
        }
        if was_over {
            return;
        }
        std::thread::sleep(if is_idle { LONG_PAUSE } else { PAUSE });
    }
}

fn write(text: &mut Vec<u8>, said: &mut Said, record: &Record) {
    match record {
        Record::Request(line) => said.write(text, line, record.microsecond()),
        Record::Message { at, level, message, more } => {
            let mut value = json!({"time": format!("{at:.6}"), "level": level.name(), "message": message});
            value.as_object_mut().into_iter().for_each(|value| value.extend(more.clone()));
            // A vector takes all that is written to it.
            let _ = serde_json::to_writer(&mut *text, &value);
        }
    }
    text.push(b'\n');
}

/// What the last line of a request said: most often the next is of the same second, asked alike, and of the same who asks.
#[derive(Default)]
struct Said {
    second: Option<i64>,
    /// To the second.
    time: String,
    what: Option<(Method, Option<Box<str>>, StatusCode)>,
    /// As fields, with their commas.
    what_fields: String,
    who: Option<Option<(OrganizationId, KeyId)>>,
    who_fields: String,
}

/// What was asked and answered, its keys in this order.
#[derive(Serialize)]
struct What<'l> {
    level: &'static str,
    message: &'static str,
    method: &'l str,
    route: Option<&'l str>,
    status: u16,
}

/// Who asked.
#[derive(Serialize)]
struct Who {
    organization: Option<String>,
    key: Option<String>,
}

impl Said {
    /// Writes the line of a request, an object; it was answered in this microsecond from 1970.
    fn write(&mut self, text: &mut Vec<u8>, line: &Line, answered: i64) {
        self.update(line, answered.div_euclid(1_000_000));
        let microsecond = answered.rem_euclid(1_000_000);
        let digits = [100_000, 10_000, 1_000, 100, 10, 1].map(|unit| b'0' + (microsecond / unit % 10) as u8);
        put(text, &[br#"{"time":""#, self.time.as_bytes(), b".", &digits, br#"Z","#, self.what_fields.as_bytes()]);
        put(text, &[br#","duration_ms":"#]);
        // A vector takes all that is written to it, and a number is a number.
        let _ = serde_json::to_writer(&mut *text, &(line.time.as_nanos() as f64 / 1e6));
        // An id has nothing in it that would have to be escaped: another is not taken over.
        let mut room = [0; _];
        let id = line.request_id.text(&mut room).as_bytes();
        put(text, &[b",", self.who_fields.as_bytes(), br#","request_id":""#, id, br#""}"#]);
    }

    /// Words anew what is not as it was.
    fn update(&mut self, line: &Line, second: i64) {
        if self.second.replace(second) != Some(second) {
            self.time = Timestamp::from_second(second).unwrap_or(Timestamp::MAX).strftime("%FT%T").to_string();
        }
        let route = line.route.as_deref();
        let is_same = |(method, known, status): &(Method, Option<Box<str>>, StatusCode)| {
            *status == line.status && *method == line.method && known.as_deref() == route
        };
        if !self.what.as_ref().is_some_and(is_same) {
            let level = if line.status.is_server_error() { Level::Error } else { Level::Info };
            let (level, method) = (level.name(), metrics::name(&line.method));
            self.what_fields = fields(&What { level, message: "request", method, route, status: line.status.as_u16() });
            self.what = Some((line.method.clone(), route.map(Into::into), line.status));
        }
        let who = line.who.as_ref().map(|who| (who.organization, who.key));
        if self.who.replace(who) != Some(who) {
            let organization = who.map(|(organization, _)| organization.to_string());
            self.who_fields = fields(&Who { organization, key: who.map(|(_, key)| key.to_string()) });
        }
    }
}

fn put(text: &mut Vec<u8>, pieces: &[&[u8]]) {
    pieces.iter().for_each(|piece| text.extend_from_slice(piece));
}

/// The fields of an object as JSON, without its braces.
fn fields(object: &impl Serialize) -> String {
    let text = serde_json::to_string(object).unwrap_or_default();
    text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use callplan_service::credentials::Scopes;
    use callplan_service::store::Actor;

    #[test]
    fn a_line_says_what_it_has_to_whatever_the_last_one_said() {
        let who = |number| {
            let (key, organization) = (KeyId::from_bytes([number; 16]), OrganizationId::from_bytes([number; 16]));
            Principal { key, actor: Actor::Key(key), organization, scopes: Scopes::default() }
        };
        let line = |time: &str, who| Line {
            begun: time.parse().expect("an instant"),
            method: Method::POST,
            route: Some("/core/inbound-calls".to_owned()),
            status: StatusCode::OK,
            time: Duration::from_micros(310),
            who,
            request_id: RequestId::Own { run: 0x3824_fdb0_ef53_192a, number: 7 },
        };
        let lines = [
            line("2026-03-01T17:00:00Z", Some(who(1))),
            line("2026-03-01T17:00:00.5Z", None),
            line("2026-03-01T17:00:00.9999Z", Some(who(1))),
            line("1969-12-31T23:59:59.9Z", Some(who(2))),
            Line { status: StatusCode::SERVICE_UNAVAILABLE, route: None, ..line("2026-03-01T17:00:02Z", Some(who(2))) },
            Line {
                method: Method::GET,
                request_id: RequestId::Given(HeaderValue::from_static("theirs")),
                ..line("2026-03-01T17:00:02Z", Some(who(2)))
            },
        ];
        let (mut text, mut said) = (Vec::new(), Said::default());
        lines.into_iter().for_each(|line| write(&mut text, &mut said, &Record::Request(line)));
        insta::assert_snapshot!(String::from_utf8(text).expect("text"), @r#"
        {"time":"2026-03-01T17:00:00.000310Z","level":"info","message":"request","method":"POST","route":"/core/inbound-calls","status":200,"duration_ms":0.31,"organization":"01010101-0101-0101-0101-010101010101","key":"01010101-0101-0101-0101-010101010101","request_id":"3824fdb0ef53192a-0000000000000007"}
        {"time":"2026-03-01T17:00:00.500310Z","level":"info","message":"request","method":"POST","route":"/core/inbound-calls","status":200,"duration_ms":0.31,"organization":null,"key":null,"request_id":"3824fdb0ef53192a-0000000000000007"}
        {"time":"2026-03-01T17:00:01.000210Z","level":"info","message":"request","method":"POST","route":"/core/inbound-calls","status":200,"duration_ms":0.31,"organization":"01010101-0101-0101-0101-010101010101","key":"01010101-0101-0101-0101-010101010101","request_id":"3824fdb0ef53192a-0000000000000007"}
        {"time":"1969-12-31T23:59:59.900310Z","level":"info","message":"request","method":"POST","route":"/core/inbound-calls","status":200,"duration_ms":0.31,"organization":"02020202-0202-0202-0202-020202020202","key":"02020202-0202-0202-0202-020202020202","request_id":"3824fdb0ef53192a-0000000000000007"}
        {"time":"2026-03-01T17:00:02.000310Z","level":"error","message":"request","method":"POST","route":null,"status":503,"duration_ms":0.31,"organization":"02020202-0202-0202-0202-020202020202","key":"02020202-0202-0202-0202-020202020202","request_id":"3824fdb0ef53192a-0000000000000007"}
        {"time":"2026-03-01T17:00:02.000310Z","level":"info","message":"request","method":"GET","route":"/core/inbound-calls","status":200,"duration_ms":0.31,"organization":"02020202-0202-0202-0202-020202020202","key":"02020202-0202-0202-0202-020202020202","request_id":"theirs"}
        "#);
    }

    #[test]
    fn lines_stand_in_the_order_of_time_whichever_thread_left_them() {
        let (queue, records) = queue(100);
        for thread in 0..2 {
            let queue = queue.clone();
            let left = std::thread::spawn(move || {
                [0, 2, 4].map(|second| {
                    let at = Timestamp::from_second(second + thread).expect("an instant");
                    queue.add(Record::Message { at, level: Level::Info, message: String::new(), more: Map::new() })
                })
            });
            assert_eq!(left.join().expect("no panic"), [true; 3]);
        }
        let mut text = Vec::new();
        write_all(&records, &mut text, || true);
        let text = String::from_utf8(text).expect("text");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() == 6 && lines.is_sorted(), "{text}");
    }
}
