//! Accepts clients, up to a maximum number of connections. On shutdown it stops accepting, and
//! finishes the open connections.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::connection;
use super::tls::Certificate;
use crate::api::{App, spoken};

/// Maximum number of clients that get the answer 503 at the same time; further ones are closed
/// without an answer.
const MAXIMUM_REFUSALS: usize = 64;
/// Timeout of writing a refusal.
const REFUSAL: Duration = Duration::from_secs(1);
/// The pause after a failed accept: the process may be out of file handles.
const PAUSE: Duration = Duration::from_millis(50);
/// Maximum time on shutdown in which clients that are already in the backlog are accepted.
const LAST_CLIENTS: Duration = Duration::from_millis(50);

/// The clients of the server.
pub struct Clients {
    app: Arc<App>,
    router: Router,
    tls: Option<Certificate>,
    limit: u32,
    places: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
    closing: watch::Sender<bool>,
}

impl Clients {
    /// Clients of a router, at most `limit` at the same time.
    pub fn new(app: Arc<App>, router: Router, tls: Option<Certificate>, limit: u32) -> Self {
        let places = Arc::new(Semaphore::new(limit as usize));
        let refusals = Arc::new(Semaphore::new(MAXIMUM_REFUSALS));
        Self { app, router, tls, limit, places, refusals, closing: watch::Sender::new(false) }
    }

    /// Serves clients until `stop`, then finishes the requests that have arrived, within
    /// `shutdown_timeout`. Gives the number of connections that it had to cut.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
        shutdown_timeout: Duration,
    ) -> usize {
        let mut stop = pin!(stop);
        loop {
            tokio::select! {
                biased;
                () = &mut stop => break,
                accepted = listener.accept() => match accepted {
                    Ok((stream, from)) => self.take(stream, from),
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be taken");
                        sleep(PAUSE).await;
                    }
                }
            }
        }
        tracing::info!("the server is shutting down");
        self.app.stop();
        self.close(listener, shutdown_timeout).await
    }

    fn take(&self, stream: TcpStream, from: SocketAddr) {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { return self.refuse(stream) };
        let guest = Guest::new(Arc::clone(&self.app), place);
        let (router, tls, closing) = (self.router.clone(), self.tls.clone(), self.closing.subscribe());
        tokio::spawn(async move {
            let _guest = guest;
            connection::serve(stream, from, router, tls, closing).await;
        });
    }

    fn refuse(&self, mut stream: TcpStream) {
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
        match timeout_at(end, self.places.acquire_many(self.limit)).await {
            Ok(_) => 0,
            Err(_) => self.limit as usize - self.places.available_permits(),
        }
    }
}

/// A client that has a permit. It counts as an open connection.
struct Guest {
    app: Arc<App>,
    _place: OwnedSemaphorePermit,
}

impl Guest {
    fn new(app: Arc<App>, place: OwnedSemaphorePermit) -> Self {
        app.metrics.connections.inc();
        Self { app, _place: place }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.app.metrics.connections.dec();
    }
}
