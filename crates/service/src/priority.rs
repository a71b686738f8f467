//! The priority of threads: those that write logs give way to those that decide calls and answer requests.

/// The nice value (0–19) of background threads. 10 is about a tenth of a normal thread's share; with 19, logs lacked calls on a
/// machine that was merely busy.
#[cfg(target_os = "linux")]
const LATER: i32 = 10;

/// Gives this thread a low priority, where the system has priorities of threads (Linux has).
pub fn give_way() {
    // Without the right to do so, the thread keeps its priority.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, LATER);
}
