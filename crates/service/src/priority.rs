//! The priority of threads: those that write logs run below those that decide calls and answer
//! requests.

/// The nice value (0–19) of background threads. 10 is about a tenth of a normal thread's share.
/// With 19, the log lost calls on a machine that was merely busy.
const LATER: i32 = 10;

/// Gives the calling thread a low priority, on systems with priorities for threads (Linux).
pub fn give_way() {
    // Without the right to lower it, the thread keeps its priority.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, LATER);
}
