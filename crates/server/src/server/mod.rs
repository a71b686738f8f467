//! The server: it loads the database into the memory that calls read. `listener` accepts clients,
//! `follow` takes over what the command line writes, `compiling` keeps plans compiled, and
//! `key_uses` writes down when keys were last used.
//! [`Server::run`] ends when it is asked to.

mod audit;
mod body_length;
mod compiling;
mod connection;
mod follow;
mod fragment;
mod key_uses;
mod listener;
mod open_files;
mod places;
mod progress;
mod shutdown;
mod stream;
mod tls;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::api::{self, App, Settings};
use callplan_service::kept_plans::{Build, KeptPlans};
use callplan_service::live::Live;
use callplan_service::live::plan_keeper::PlanKeeper;
use callplan_service::store::{Access, LiveOrganization, Store, StoreError};
use callplan_service::telemetry::log::LostLines;
use callplan_service::telemetry::otlp::Otlp;

pub use shutdown::Shutdown;
pub use tls::{Certificate, CertificateError};

/// Default maximum number of connections.
const DEFAULT_CONNECTIONS: u32 = 4096;
/// Maximum number of connections to the pages for the operator, where they have an address of their
/// own, and the maximum time to finish their requests at the end.
const ADMIN_CONNECTIONS: u32 = 64;
const ADMIN_SHUTDOWN: Duration = Duration::from_secs(1);
/// Maximum number of connections in the listener's backlog.
const BACKLOG: u32 = 1024;

/// The service over HTTP, ready to run.
#[derive(Debug)]
pub struct Server {
    app: Arc<App>,
    tls: Option<Certificate>,
    admin: Option<TcpListener>,
    drain: Duration,
    shutdown_timeout: Duration,
    most_connections: u32,
}

impl Server {
    /// A server for a database, whose organizations it reads here.
    pub fn load(store: Store, settings: Settings, lost_lines: LostLines) -> Result<Self, StoreError> {
        let read =
            |snapshot: &callplan_service::store::Snapshot<'_>| -> Result<(Vec<LiveOrganization>, Access), StoreError> {
                let mut organizations = Vec::new();
                snapshot.each_live(|organization| {
                    organizations.push(organization);
                    Ok::<(), StoreError>(())
                })?;
                Ok((organizations, snapshot.access()?))
            };
        let (organizations, access) = store.read(read).wait()?;
        // Without the file of compiled plans, the start only takes longer.
        let file = Build::of_this_program().and_then(|build| KeptPlans::beside(store.path(), build)).ok();
        let found = file.as_ref().and_then(KeptPlans::open).map(Arc::new);
        let live = Arc::new(Live::with_kept(organizations, &access, found.as_ref(), settings.clock.today()));
        let keeper = file.map(|file| PlanKeeper::start(Arc::clone(&live), file, found.as_deref())).transpose();
        let failed = |error: io::Error| StoreError::Failed(error.to_string());
        let app = App::new(store, live, settings).map_err(failed)?.with_lost_lines(lost_lines);
        let app = Arc::new(app.with_plan_keeper(keeper.map_err(failed)?));
        let shutdown_timeout = Duration::from_secs(10);
        Ok(Self {
            app,
            tls: None,
            admin: None,
            drain: Duration::ZERO,
            shutdown_timeout,
            most_connections: DEFAULT_CONNECTIONS,
        })
    }

    /// The same server, with TLS if there is a certificate.
    pub fn with_tls(self, tls: Option<Certificate>) -> Self {
        if let Some(certificate) = &tls {
            self.app.tell_end_of_certificate(certificate.end());
        }
        Self { tls, ..self }
    }

    /// The same server, whose metrics are sent to a collector.
    pub fn with_otlp(self, otlp: Option<&Otlp>) -> Self {
        if let Some(otlp) = otlp {
            self.app.count_lost_spans(otlp.lost());
            let app = Arc::clone(&self.app);
            otlp.send_metrics(Box::new(move || app.metrics.families(&app.figures())));
        }
        self
    }

    /// The same server, with the pages for the operator at an address of their own, without TLS.
    pub fn with_admin(self, admin: Option<TcpListener>) -> Self {
        Self { admin, ..self }
    }

    /// The same server, which goes on taking clients for so long when it has been asked to end.
    pub fn with_drain(self, drain: Duration) -> Self {
        Self { drain, ..self }
    }

    /// The same server, with this maximum time to finish requests on shutdown.
    pub fn with_shutdown_timeout(self, shutdown_timeout: Duration) -> Self {
        Self { shutdown_timeout, ..self }
    }

    /// The same server, with this maximum number of connections.
    pub fn with_most_connections(self, most_connections: u32) -> Self {
        Self { most_connections, ..self }
    }

    /// The work that is left after the server has run.
    pub fn rest(&self) -> Rest {
        Rest { app: Arc::clone(&self.app) }
    }

    /// The scheme of its addresses.
    pub fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// Completes when the server, which has to run, is ready: every plan in force is compiled.
    pub fn ready(&self) -> impl Future<Output = ()> + Send + use<> {
        let app = Arc::clone(&self.app);
        async move { app.started().await }
    }

    /// Serves until it is asked to end, drains, and finishes requests within the shutdown timeout.
    /// It ends by itself, with an error, when another file is in the place of the database.
    pub async fn run(self, listener: TcpListener, ending: watch::Sender<Shutdown>) -> io::Result<()> {
        let compiling = tokio::spawn(compiling::keep(Arc::clone(&self.app)));
        let following = tokio::spawn(end_when_replaced(Arc::clone(&self.app), ending.clone()));
        let keeping = tokio::spawn(key_uses::keep(Arc::clone(&self.app)));
        let auditing = tokio::spawn(audit::keep(Arc::clone(&self.app)));
        let app = Arc::clone(&self.app);
        let (router, admin) = match self.admin {
            Some(listener) => {
                let (router, pages) = api::service_and_admin(Arc::clone(&app));
                (router, Some(Admin::start(Arc::clone(&app), listener, pages)))
            }
            None => (api::service(Arc::clone(&app)), None),
        };
        let watching = self.tls.clone().map(|certificate| tokio::spawn(certificate.watch()));
        let clients = listener::Clients::new(Arc::clone(&self.app), router, self.tls, self.most_connections);
        let ends = || {
            tracing::info!("the server is shutting down");
            app.stop();
        };
        let cut = clients.serve(listener, ending.subscribe(), self.drain, self.shutdown_timeout, ends).await;
        if let Some(admin) = admin {
            admin.end().await;
        }
        let is_replaced = following.is_finished();
        let tasks = [compiling, following, keeping, auditing];
        watching.into_iter().chain(tasks).for_each(|task| task.abort());
        if let Err(error) = key_uses::write(&self.app).await.and(audit::record_refused(&self.app).await) {
            tracing::warn!(%error, "the last uses of keys are lost");
        }
        let message = if cut == 0 { "the server has ended" } else { "the server has ended, and cut connections" };
        tracing::info!(connections_cut = cut, "{message}");
        match is_replaced {
            false => Ok(()),
            true => Err(io::Error::other(StoreError::Replaced.to_string())),
        }
    }
}

/// The pages for the operator, at an address of their own. They answer until all clients have gone.
struct Admin {
    ending: watch::Sender<Shutdown>,
    clients: JoinHandle<usize>,
}

impl Admin {
    fn start(app: Arc<App>, listener: TcpListener, pages: Router) -> Self {
        let ending = watch::Sender::new(Shutdown::No);
        let clients = listener::Clients::new(app, pages, None, ADMIN_CONNECTIONS);
        let over = ending.subscribe();
        let clients = clients.serve(listener, over, Duration::ZERO, ADMIN_SHUTDOWN, || {});
        Self { ending, clients: tokio::spawn(clients) }
    }

    async fn end(self) {
        self.ending.send_replace(Shutdown::Closing);
        // An error is a panic, which has been logged.
        let _ = self.clients.await;
    }
}

/// Follows what others write, and ends the server when another file is in the place of the
/// database. Calls would be decided by a state that is no longer there, so nothing is drained.
async fn end_when_replaced(app: Arc<App>, ending: watch::Sender<Shutdown>) {
    let follow::Replaced = follow::follow(app).await;
    ending.send_replace(Shutdown::Closing);
}

/// Work that is left after a server has run: writing the queued calls to the log, and the compiled
/// plans that are new.
#[derive(Debug)]
pub struct Rest {
    app: Arc<App>,
}

impl Rest {
    /// Does the work, and blocks until it is done: do not call it in a task of a runtime. If it is
    /// not called, the last holder of the server's state does the work, which may be a connection
    /// that was cut.
    pub fn finish(self) {
        self.app.call_log.end();
        self.app.retention.end();
        if let Some(plan_keeper) = &self.app.plan_keeper {
            plan_keeper.end();
        }
    }
}

/// Listens on an address. Must be called within a runtime.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // After a restart, old connections must not delay the new server.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
