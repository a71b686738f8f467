//! Keeps plans compiled: all at the start, and all again when a day begins, because a diagram covers
//! the days from today on. When all are, the server is ready.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use crate::api::App;
use callplan_service::store::OrganizationId;

/// How often the clock is read: machines sleep, and clocks are set. Organizations may also have come
/// beside the server.
const LOOK: Duration = Duration::from_secs(5);

/// Keeps plans compiled until the task is aborted.
pub async fn keep(app: Arc<App>) {
    let mut reported = HashSet::new();
    loop {
        let today = app.today();
        if app.live.has_uncompiled(today) {
            // If the log of calls cannot be read, plans are compiled in any order.
            let last_calls = app.store.read(|snapshot| snapshot.last_calls()).await.unwrap_or_default();
            app.live.compile_all(&app.compiler, &last_calls).await;
            app.start();
            // What an earlier run has kept decides calls, but may be compiled for a day before.
            app.live.renew_all(&app.compiler, &last_calls, today).await;
        }
        app.start();
        report_broken(&app, &mut reported);
        tokio::time::sleep(LOOK).await;
    }
}

/// Logs each plan that does not compile once.
fn report_broken(app: &App, reported: &mut HashSet<(OrganizationId, u64)>) {
    let broken: HashSet<_> = app.live.broken_plans().into_iter().collect();
    for (organization, revision) in broken.difference(reported) {
        tracing::warn!(
            %organization,
            config_revision = revision,
            "a stored plan no longer compiles; its calls go to the fallback agent"
        );
    }
    *reported = broken;
}
