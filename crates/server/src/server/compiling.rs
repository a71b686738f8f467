//! Plans are compiled on a thread of their own: all at the start, and anew when a day begins, since the days that a diagram
//! covers begin with today. A call that comes first compiles its plan itself.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use super::today;
use crate::api::App;

/// How often the clock is looked at: machines sleep, and clocks are set.
const LOOK: Duration = Duration::from_secs(5);

/// Starts the thread. It ends soon after what this gives is dropped, and is not waited for.
pub fn start(app: Arc<App>) -> io::Result<Sender<()>> {
    let (running, is_over) = channel::<()>();
    let live = Arc::clone(&app.live);
    let work = move || {
        let mut told = HashSet::new();
        let mut compiled_for = None;
        loop {
            let today = today();
            if compiled_for != Some(today) {
                live.compile_all(today);
                compiled_for = Some(today);
            }
            let broken: HashSet<_> = live.broken_plans().into_iter().collect();
            for (organization, revision) in broken.difference(&told) {
                tracing::warn!(
                    %organization,
                    config_revision = revision,
                    "a stored plan cannot be run any more; its calls go to the fallback agent"
                );
            }
            told = broken;
            if is_over.recv_timeout(LOOK) != Err(RecvTimeoutError::Timeout) {
                return;
            }
        }
    };
    std::thread::Builder::new().name("compile".into()).spawn(work)?;
    Ok(running)
}
