//! `callplan serve`: the options of the service, its files, its signals and its output.
//! [`callplan_server::server`] does the work.

mod demo;
mod signals;

use std::io::{self, Write};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

use super::deadline::duration;
use super::{Exit, Stop, complain, organizations, words};
use crate::count::count;
use crate::organizations::KeptRevisions;
use callplan::syntax::MAX_BYTES;
use callplan_server::api::Settings;
use callplan_server::server::{self, Certificate, Server, Shutdown};
use callplan_service::calls::{CallLogMode, RetentionDefaults};
use callplan_service::clock::Clock;
use callplan_service::store::{DefaultLimits, Limit, LockError, ServerLock, Store, StoreOptions};
use callplan_service::telemetry::log::LogWriter;
use callplan_service::telemetry::otlp::{Endpoint, Otlp, OtlpSettings};
use demo::Demo;
use signals::Signals;

/// Runs the service: an API for plans that decides every call
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  callplan serve --demo

Prints its address on standard output when it accepts connections; standard error has a JSON line for each request.
SIGTERM ends it after a drain, SIGINT at once: requests that have come are finished.

Exit codes: 0 when it was asked to end, 1 if another server is running on the file, 2 for wrong use or a file that
cannot be used.")]
pub struct ServeCommand {
    /// The database: an SQLite file, created if it is missing
    #[arg(long, value_name = "FILE", required_unless_present = "demo")]
    database: Option<PathBuf>,
    /// The address to listen on, such as 127.0.0.1:8080 or [::1]:8080; port 0 lets the system
    /// choose one
    #[arg(long, value_name = "ADDR", required_unless_present = "demo")]
    listen: Option<String>,
    /// Moves `/metrics` and `/readyz` from that address to this one, without TLS; `/healthz` answers
    /// at both
    #[arg(long, value_name = "ADDR")]
    admin_listen: Option<String>,
    /// Starts with an organization, agents, numbers, a plan and a key, and prints what to try.
    /// Without --database, all of it is gone at the end; with it, the file is kept, and the next
    /// start continues it
    #[arg(long)]
    demo: bool,
    /// Timeout of a plan for a call, after which the fallback agent gets it; with 0ms every plan
    /// times out, to rehearse the fallback
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "250ms")]
    decision_timeout: Duration,
    /// Which calls are kept for `GET /core/inbound-calls`: all as they came, all with masked
    /// numbers, or none
    #[arg(long, value_enum, value_name = "MODE", default_value = "full")]
    call_log: KeptCalls,
    /// For how many days calls are kept
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = count("days", 1..=3650_u32))]
    call_log_days: u32,
    /// How many of an organization's newest revisions are kept in any case, or `all`; older ones are
    /// kept as long as calls that they may have decided
    #[arg(long, value_name = "COUNT", value_parser = organizations::kept_revisions, default_value = "all")]
    keep_revisions: KeptRevisions,
    /// Maximum size of a plan that is sent, in bytes; stored plans may be larger
    #[arg(long, value_name = "BYTES", default_value_t = MAX_BYTES, value_parser = count("bytes", 1024..=MAX_BYTES))]
    max_text_bytes: usize,
    /// Maximum number of calls of an organization in a second, without a limit of its own
    #[arg(long, value_name = "LIMIT", value_parser = organizations::limit, default_value = "none")]
    limit_calls: Limit,
    /// Maximum number of writes of an organization in a minute, without a limit of its own
    #[arg(long, value_name = "LIMIT", value_parser = organizations::limit, default_value = "60000")]
    limit_writes: Limit,
    /// Maximum bytes of the texts that an organization keeps, old revisions too, without a limit of its own
    #[arg(long, value_name = "LIMIT", value_parser = organizations::limit, default_value = "1073741824")]
    limit_text_bytes: Limit,
    /// Maximum number of an organization's keys, without a limit of its own
    #[arg(long, value_name = "LIMIT", value_parser = organizations::limit, default_value = "1000")]
    limit_keys: Limit,
    /// Maximum number of an organization's agents, without a limit of its own
    #[arg(long, value_name = "LIMIT", value_parser = organizations::limit, default_value = "10000")]
    limit_agents: Limit,
    /// Maximum number of an organization's phone numbers, without a limit of its own
    #[arg(long, value_name = "LIMIT", value_parser = organizations::limit, default_value = "100000")]
    limit_numbers: Limit,
    /// Reserves registering and deleting phone numbers to `callplan numbers`; the API refuses both
    #[arg(long)]
    reserve_numbers: bool,
    /// For how many days events of the audit trail are kept
    #[arg(long, value_name = "DAYS", default_value_t = 400, value_parser = count("days", 1..=3650_u32))]
    audit_days: u32,
    /// How long the server goes on taking calls after SIGTERM, while `/readyz` answers 503, so that
    /// load balancers notice. 10s by default, and with --demo 0s
    #[arg(long, value_name = "TIME", value_parser = duration)]
    drain: Option<Duration>,
    /// Maximum time to finish requests at the end; the rest is cut off then
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "10s")]
    shutdown_timeout: Duration,
    /// Uses TLS with this certificate chain: a PEM file. It is read again when it changes, and on
    /// SIGHUP
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The certificate's private key: a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Sends traces and metrics to this OpenTelemetry collector, over OTLP as protobuf over HTTP,
    /// such as http://127.0.0.1:4318
    #[arg(long, value_name = "URL", value_parser = Endpoint::from_str)]
    otlp_endpoint: Option<Endpoint>,
    /// The share of requests that are traced, from 0 to 1; where the client has sent `traceparent`,
    /// that decides
    #[arg(long, value_name = "SHARE", default_value = "1", value_parser = share)]
    otlp_trace_share: f64,
    /// How often metrics are sent to the collector
    #[arg(long, value_name = "TIME", value_parser = interval, default_value = "15s")]
    otlp_interval: Duration,
}

/// The address of a demo, if the port is free.
const DEMO_ADDRESS: &str = "127.0.0.1:8080";
/// Maximum number of ports that a demo tries.
const DEMO_PORTS: u16 = 100;
/// Default time of a drain. Kubernetes sends SIGTERM while it tells its nodes to send no more calls,
/// which takes a few seconds. Together with the shutdown timeout it is less than the 30 seconds after
/// which Kubernetes kills.
const DRAIN: Duration = Duration::from_secs(10);
/// Maximum time that cancelled tasks may take to end.
const LAST_TASKS: Duration = Duration::from_millis(100);

/// Which calls are kept.
#[derive(Clone, Copy, clap::ValueEnum)]
enum KeptCalls {
    /// With their numbers as they came.
    Full,
    /// With numbers masked.
    Masked,
    /// No calls are kept.
    Off,
}

impl From<KeptCalls> for CallLogMode {
    fn from(kept: KeptCalls) -> Self {
        match kept {
            KeptCalls::Full => Self::Full,
            KeptCalls::Masked => Self::Masked,
            KeptCalls::Off => Self::Off,
        }
    }
}

impl ServeCommand {
    pub fn run(self) -> Result<Exit, Stop> {
        let tls = self.certificate()?;
        let runtime = Builder::new_multi_thread().enable_all().build().map_err(cannot_start)?;
        // From the start on, so that an early signal, too, leaves nothing of a demo behind.
        let signals = runtime.block_on(async { Signals::listen() }).map_err(cannot_start)?;
        let demo = if self.demo { Some(Demo::new(self.database.as_deref())?) } else { None };
        let database = demo.as_ref().map(Demo::database).or(self.database.as_deref()).unwrap_or(Path::new(""));
        let _lock = match ServerLock::take(database) {
            Ok(lock) => lock,
            Err(taken @ LockError::Taken(_)) => {
                complain(&taken.to_string());
                return Ok(Exit::NotFine);
            }
            Err(error @ LockError::Io(..)) => return Err(Stop::WrongUse(error.to_string())),
        };
        let store = Store::open(database, StoreOptions { create: true, ..StoreOptions::default() });
        let store = store.map_err(|error| Stop::WrongUse(error.to_string()))?;
        let ready_demo = demo.as_ref().map(|demo| demo.prepare(&store)).transpose()?;
        let listener = self.bind(&runtime)?;
        let admin = self.bind_admin(&runtime)?;
        let admin_address = admin.as_ref().map(TcpListener::local_addr).transpose().map_err(cannot_start)?;
        let settings = self.settings();
        let otlp = self.otlp_settings().map(Otlp::start).transpose().map_err(cannot_start)?;
        let log = LogWriter::start(io::stderr(), settings.clock.clone(), otlp.as_ref())
            .map_err(|error| cannot_start(io::Error::other(error)))?;
        log_panics();
        let address = listener.local_addr().map_err(cannot_start)?;
        if tls.is_none() && !address.ip().is_loopback() {
            tracing::warn!(%address, "without TLS, keys and phone numbers travel in clear beyond this machine");
        }
        let server = Server::load(store.clone(), settings, log.lost())
            .map_err(|error| Stop::WrongUse(format!("`{}` cannot be read: {error}", database.display())))?
            .with_tls(tls.clone())
            .with_otlp(otlp.as_ref())
            .with_admin(admin)
            .with_drain(self.drain.unwrap_or(if self.demo { Duration::ZERO } else { DRAIN }))
            .with_shutdown_timeout(self.shutdown_timeout);
        let base = format!("{}://{}", server.scheme(), address);
        let rest = server.rest();
        let served = runtime.block_on(async {
            announce(&base, admin_address, ready_demo.as_ref())?;
            let ending = watch::Sender::new(Shutdown::No);
            tokio::spawn(signals.follow(ending.clone(), tls));
            let ready = server.ready();
            tokio::spawn(async {
                ready.await;
                signals::notify_ready();
            });
            server.run(listener, ending).await
        });
        runtime.shutdown_timeout(LAST_TASKS);
        rest.finish();
        if let Some(otlp) = otlp {
            otlp.end();
        }
        // Dropping the last clone writes what is queued, and closes the file.
        drop(store);
        drop(log);
        served.map_err(cannot_start)?;
        Ok(Exit::Fine)
    }

    fn settings(&self) -> Settings {
        Settings {
            decision_timeout: self.decision_timeout,
            call_log: self.call_log.into(),
            retention: RetentionDefaults { call_log_days: self.call_log_days, revisions: self.keep_revisions.0 },
            limits: DefaultLimits {
                calls: self.limit_calls,
                writes: self.limit_writes,
                text_bytes: self.limit_text_bytes,
                keys: self.limit_keys,
                agents: self.limit_agents,
                numbers: self.limit_numbers,
            },
            reserve_numbers: self.reserve_numbers,
            audit_days: self.audit_days,
            max_text_bytes: self.max_text_bytes,
            clock: Clock::default(),
        }
    }

    fn otlp_settings(&self) -> Option<OtlpSettings> {
        let (share, interval) = (self.otlp_trace_share, self.otlp_interval);
        self.otlp_endpoint.clone().map(|endpoint| OtlpSettings { endpoint, share, interval })
    }

    fn certificate(&self) -> Result<Option<Certificate>, Stop> {
        let Some((certificate, key)) = self.tls_certificate.as_deref().zip(self.tls_key.as_deref()) else {
            return Ok(None);
        };
        let read = Certificate::read(certificate, key);
        read.map(Some).map_err(|error| Stop::WrongUse(error.to_string()))
    }

    /// Listens on the address of metrics and health, if they have one of their own.
    fn bind_admin(&self, runtime: &Runtime) -> Result<Option<TcpListener>, Stop> {
        let Some(text) = self.admin_listen.as_deref() else { return Ok(None) };
        let address = address(text)?;
        listen(runtime, address).map(Some).map_err(|error| no_listener(address, &error))
    }

    /// Listens on the given address. A demo without one takes the next free port.
    fn bind(&self, runtime: &Runtime) -> Result<TcpListener, Stop> {
        let text = self.listen.as_deref().unwrap_or(DEMO_ADDRESS);
        let mut address = address(text)?;
        let mut tries = if self.listen.is_none() { DEMO_PORTS } else { 1 };
        loop {
            tries -= 1;
            match listen(runtime, address) {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse && tries > 0 => {
                    address.set_port(address.port() + 1);
                }
                listener => return listener.map_err(|error| no_listener(address, &error)),
            }
        }
    }
}

/// Reads a share from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "write a share from 0 to 1, such as 0.1".to_owned())
}

/// Reads a time of at least a second.
fn interval(text: &str) -> Result<Duration, String> {
    let interval = duration(text)?;
    if interval < Duration::from_secs(1) { Err("the minimum is a second, 1s".to_owned()) } else { Ok(interval) }
}

fn listen(runtime: &Runtime, address: SocketAddr) -> io::Result<TcpListener> {
    let _runtime = runtime.enter();
    server::listen(address)
}

fn no_listener(address: SocketAddr, error: &io::Error) -> Stop {
    Stop::WrongUse(format!("cannot listen on `{address}`: {}", words::io(error)))
}

fn address(text: &str) -> Result<SocketAddr, Stop> {
    let address = text.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    address.ok_or_else(|| {
        Stop::WrongUse(format!("{} is not an address with a port, such as 127.0.0.1:8080", words::quote(text)))
    })
}

fn cannot_start(error: io::Error) -> Stop {
    Stop::WrongUse(format!("the server cannot continue: {}", words::io(&error)))
}

/// Prints that the server is ready for clients.
fn announce(base: &str, admin: Option<SocketAddr>, demo: Option<&demo::ReadyDemo>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on {base}")?;
    if let Some(admin) = admin {
        writeln!(out, "metrics and health on http://{admin}")?;
    }
    if let Some(demo) = demo {
        demo.introduce(base, &mut out)?;
    }
    out.flush()
}

/// Logs a panic with its place, but without its message, which may contain a caller's text.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "the program has a mistake");
    }));
}
