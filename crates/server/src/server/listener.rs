//! Clients come, no more at once than there is room for; and at the end no more come, and those that are there are served.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::connection;
use super::tls::Certificate;
use crate::api::log::Level;
use crate::api::{App, Front, spoken};

/// So many more are told that there is no room, at once; others are just closed.
const MOST_REFUSALS: usize = 64;
/// How long one that is refused has to read so.
const REFUSAL: Duration = Duration::from_secs(1);
/// The wait after the system could not give a connection: it may be out of file handles.
const PAUSE: Duration = Duration::from_millis(50);
/// How long those that came before the end are still taken.
const LAST_CLIENTS: Duration = Duration::from_millis(50);

/// Where clients are served.
pub struct Room {
    app: Arc<App>,
    front: Arc<Front>,
    tls: Option<Certificate>,
    most: u32,
    places: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
    closing: watch::Sender<bool>,
}

impl Room {
    /// For so many at once.
    pub fn new(app: Arc<App>, front: Arc<Front>, tls: Option<Certificate>, most: u32) -> Self {
        let places = Arc::new(Semaphore::new(most as usize));
        let refusals = Arc::new(Semaphore::new(MOST_REFUSALS));
        Self { app, front, tls, most, places, refusals, closing: watch::Sender::new(false) }
    }

    /// Serves clients until `stop`; then finishes the requests that have come, for so long. Says how many connections had
    /// to be cut.
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
                        let more = json!({"error": error.to_string()});
                        self.app.log.say(Level::Warn, "a connection could not be taken", more);
                        sleep(PAUSE).await;
                    }
                }
            }
        }
        self.app.log.say(Level::Info, "the server is shutting down", json!({}));
        self.app.stop();
        self.close(listener, shutdown_timeout).await
    }

    fn take(&self, stream: TcpStream, from: SocketAddr) {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { return self.refuse(stream) };
        let guest = Guest::new(Arc::clone(&self.app), place);
        let (front, tls, closing) = (Arc::clone(&self.front), self.tls.clone(), self.closing.subscribe());
        tokio::spawn(async move {
            let _guest = guest;
            connection::serve(stream, from, front, tls, closing).await;
        });
    }

    fn refuse(&self, mut stream: TcpStream) {
        self.app.metrics.connections_refused.up();
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

    /// Takes those who have come already, and nobody else; waits for all, but not longer than it may.
    async fn close(self, listener: TcpListener, shutdown_timeout: Duration) -> usize {
        let end = Instant::now() + shutdown_timeout;
        let last = Instant::now() + LAST_CLIENTS.min(shutdown_timeout);
        while let Ok(Ok((stream, from))) = timeout_at(last, listener.accept()).await {
            self.take(stream, from);
        }
        drop(listener);
        self.closing.send_replace(true);
        match timeout_at(end, self.places.acquire_many(self.most)).await {
            Ok(_) => 0,
            Err(_) => self.most as usize - self.places.available_permits(),
        }
    }
}

/// Somebody who has a place, and is counted.
struct Guest {
    app: Arc<App>,
    _place: OwnedSemaphorePermit,
}

impl Guest {
    fn new(app: Arc<App>, place: OwnedSemaphorePermit) -> Self {
        app.metrics.connections.up();
        Self { app, _place: place }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.app.metrics.connections.down();
    }
}
