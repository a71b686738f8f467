//! The priority of threads: those that write logs run below those that decide calls and answer
//! requests.

use std::cell::Cell;

use tokio::runtime::Handle;

/// The nice value (0–19) of background threads. 10 is about a tenth of a normal thread's share.
/// With 19, the log lost calls on a machine that was merely busy.
const LATER: i32 = 10;

/// The nice value of threads that check and compile plans. 3 is about half of a normal thread's
/// share. With 5 and 10, saves were hardly ever finished while calls took all processors.
const BEHIND_CALLS: i32 = 3;

thread_local! {
    static GIVES_WAY: Cell<bool> = const { Cell::new(false) };
}

/// Gives the calling thread a low priority, for work that nobody waits for.
pub fn give_way() {
    lower(LATER);
}

/// Gives the calling thread a priority below that of the threads that answer calls, for work that
/// somebody waits for.
pub fn give_way_to_calls() {
    lower(BEHIND_CALLS);
}

/// On systems with priorities for threads (Linux).
fn lower(nice: i32) {
    GIVES_WAY.set(true);
    // Without the right to lower it, the thread keeps its priority.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, nice);
    #[cfg(not(target_os = "linux"))]
    let _ = nice;
}

/// In debug builds, panics on a thread that answers calls: work that may take long does not belong
/// there.
pub fn must_give_way() {
    // Outside of a runtime, nobody answers calls.
    debug_assert!(GIVES_WAY.get() || Handle::try_current().is_err(), "a text is read on a thread that answers calls");
}
