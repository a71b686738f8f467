//! Which threads go first: those that decide calls and answer requests, before those that only write down what happened.

/// How far behind, of 19: a tenth of an ordinary thread's share where there is not enough for all. With the least there is,
/// logs lacked calls on a machine that was merely busy.
#[cfg(target_os = "linux")]
const LATER: i32 = 10;

/// Puts this thread behind all others of the machine, where the system knows such a thing for a thread (Linux does).
pub fn give_way() {
    // One that may not is as good as any other.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, LATER);
}
