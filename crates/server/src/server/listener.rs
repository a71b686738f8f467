//! Accepts clients, up to a maximum number of connections. On shutdown it stops accepting, and
//! finishes the open connections.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::connection;
use super::open_files;
use super::places::{Place, Places, Room};
use super::shutdown::{Shutdown, reached};
use super::tls::Certificate;
use crate::api::{App, spoken};

/// Maximum number of clients that get the answer 503 at the same time; further ones are closed
/// without an answer.
pub const MAXIMUM_REFUSALS: usize = 64;
/// Timeout of writing a refusal.
const REFUSAL: Duration = Duration::from_secs(1);
/// The pause after a failed accept: the process may be out of file handles.
const PAUSE: Duration = Duration::from_millis(50);
/// Minimum time between two lines of the log that say that there is no place.
const BETWEEN_WARNINGS: Duration = Duration::from_secs(10);
/// Maximum time on shutdown in which clients that are already in the backlog are accepted.
const LAST_CLIENTS: Duration = Duration::from_millis(50);

/// The clients of the server.
pub struct Clients {
    app: Arc<App>,
    router: Router,
    tls: Option<Certificate>,
    places: Arc<Places>,
    refusals: Arc<Semaphore>,
    warned: Mutex<Option<Instant>>,
    closing: watch::Sender<bool>,
}

impl Clients {
    /// Clients of a router, at most `limit` at the same time, and fewer where the process may not
    /// open as many files.
    pub fn new(app: Arc<App>, router: Router, tls: Option<Certificate>, limit: u32) -> Self {
        let room = open_files::room(limit);
        let places = Arc::new(Places::new(room.connections));
        let refusals = Arc::new(Semaphore::new(room.refusals));
        Self { app, router, tls, places, refusals, warned: Mutex::default(), closing: watch::Sender::new(false) }
    }

    /// Serves clients until it is asked to end, and calls `ends` then. It goes on for `drain`, unless
    /// it is asked to close, and finishes the requests that have arrived, within `shutdown_timeout`.
    /// Gives the number of connections that it had to cut.
    pub async fn serve(
        self,
        listener: TcpListener,
        mut ending: watch::Receiver<Shutdown>,
        drain: Duration,
        shutdown_timeout: Duration,
        ends: impl FnOnce(),
    ) -> usize {
        self.accept(&listener, reached(&mut ending, Shutdown::Draining)).await;
        ends();
        let drained = async {
            // An error means that the time is over.
            let _ = timeout(drain, reached(&mut ending, Shutdown::Closing)).await;
        };
        self.accept(&listener, drained).await;
        self.close(listener, shutdown_timeout).await
    }

    /// Takes clients until `end`.
    async fn accept(&self, listener: &TcpListener, end: impl Future<Output = ()>) {
        let mut end = pin!(end);
        loop {
            tokio::select! {
                biased;
                () = &mut end => return,
                accepted = listener.accept() => match accepted {
                    Ok((stream, from)) => {
                        self.take(stream, from);
                        // A connection that gave way closes its file before more are opened.
                        tokio::task::yield_now().await;
                    }
                    Err(error) => {
                        self.warn(&format!("a connection could not be taken: {error}"));
                        sleep(PAUSE).await;
                    }
                }
            }
        }
    }

    fn take(&self, stream: TcpStream, from: SocketAddr) {
        let Some((place, gives_way, room)) = self.places.take(from.ip()) else { return self.refuse(stream) };
        if room == Room::Made {
            self.app.metrics.connections_evicted.inc();
        }
        let progress = Arc::clone(&place.progress);
        let guest = Guest::new(Arc::clone(&self.app), place);
        let (router, tls, closing) = (self.router.clone(), self.tls.clone(), self.closing.subscribe());
        tokio::spawn(async move {
            let _guest = guest;
            tokio::select! {
                biased;
                _ = gives_way => {}
                () = connection::serve(stream, from, router, tls, closing, progress) => {}
            }
        });
    }

    /// Writes a line to the log, unless one was written just before.
    fn warn(&self, message: &str) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.is_none_or(|last| last.elapsed() >= BETWEEN_WARNINGS) {
            *warned = Some(Instant::now());
            tracing::warn!(connections = self.places.count(), "{message}");
        }
    }

    fn refuse(&self, mut stream: TcpStream) {
        self.warn("all connections are at work, so new ones are refused");
        self.app.metrics.connections_refused.inc();
        let is_plain = self.tls.is_none();
        if let Ok(turn) = Arc::clone(&self.refusals).try_acquire_owned()
            && is_plain
        {
            tokio::spawn(async move {
                let _turn = turn;
                let _ = timeout(REFUSAL, stream.write_all(&spoken(StatusCode::SERVICE_UNAVAILABLE))).await;
                let _ = stream.shutdown().await;
            });
        }
    }

    /// Accepts the clients that are already in the backlog, and waits for all clients, within
    /// `shutdown_timeout`.
    async fn close(self, listener: TcpListener, shutdown_timeout: Duration) -> usize {
        let end = Instant::now() + shutdown_timeout;
        let last = Instant::now() + LAST_CLIENTS.min(shutdown_timeout);
        while let Ok(Ok((stream, from))) = timeout_at(last, listener.accept()).await {
            self.take(stream, from);
        }
        drop(listener);
        self.closing.send_replace(true);
        match timeout_at(end, self.places.all_free()).await {
            Ok(()) => 0,
            Err(_) => self.places.count(),
        }
    }
}

/// A client that has a permit. It counts as an open connection.
struct Guest {
    app: Arc<App>,
    _place: Place,
}

impl Guest {
    fn new(app: Arc<App>, place: Place) -> Self {
        app.metrics.connections.inc();
        Self { app, _place: place }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.app.metrics.connections.dec();
    }
}
