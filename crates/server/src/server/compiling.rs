//! A thread that compiles plans: all at the start, and all again when a day begins, because a
//! diagram covers the days from today on. A call that comes earlier compiles its plan itself.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use super::today;
use crate::api::App;

/// How often the thread reads the clock: machines sleep, and clocks are set.
const LOOK: Duration = Duration::from_secs(5);

/// Starts the thread. It ends soon after the returned sender is dropped; nobody waits for it.
pub fn start(app: Arc<App>) -> io::Result<Sender<()>> {
    let (running, is_over) = channel::<()>();
    let live = Arc::clone(&app.live);
    let work = move || {
        let mut reported = HashSet::new();
        let mut compiled_for = None;
        loop {
            let today = today();
            if compiled_for != Some(today) {
                live.compile_all(today);
                compiled_for = Some(today);
            }
            let broken: HashSet<_> = live.broken_plans().into_iter().collect();
            for (organization, revision) in broken.difference(&reported) {
                tracing::warn!(
                    %organization,
                    config_revision = revision,
                    "a stored plan no longer compiles; its calls go to the fallback agent"
                );
            }
            reported = broken;
            if is_over.recv_timeout(LOOK) != Err(RecvTimeoutError::Timeout) {
                return;
            }
        }
    };
    std::thread::Builder::new().name("compile".into()).spawn(work)?;
    Ok(running)
}
