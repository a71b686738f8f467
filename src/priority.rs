//! Which threads go first: those that decide calls and answer requests, before those that only write down what happened.

/// Puts this thread behind all others of the machine, where the system knows such a thing for a thread (Linux does).
pub fn give_way() {
    // One that may not is as good as any other.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, 19);
}
