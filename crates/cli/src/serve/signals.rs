//! What the system asks of the server by signals, and what the server tells systemd.
//!
//! SIGHUP has two meanings. The system sends it when the terminal of a program closes; by custom, a
//! person sends it to have files read again. They are told apart by the terminal: when it closes,
//! the program has lost it, and cannot open it any more.

use std::fs::File;
use std::io;

use sd_notify::NotifyState;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use callplan_server::server::{Certificate, Shutdown};

/// The signals that the server follows.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    /// Whether the server has a terminal with which it ends.
    has_terminal: bool,
}

impl Signals {
    /// Begins to collect signals. Must be called within a runtime.
    pub fn listen() -> io::Result<Self> {
        // Before the handler replaces what `nohup` has asked for.
        let has_terminal = can_open_terminal() && !ignores_hangup();
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            has_terminal,
        })
    }

    /// Follows signals: SIGTERM drains the server, and closes one that drains. SIGINT closes it, and
    /// so does the end of its terminal. Any other SIGHUP has the certificate read again.
    pub async fn follow(mut self, ending: watch::Sender<Shutdown>, certificate: Option<Certificate>) {
        loop {
            let next = tokio::select! {
                _ = self.terminate.recv() => match *ending.borrow() {
                    Shutdown::No => Shutdown::Draining,
                    Shutdown::Draining | Shutdown::Closing => Shutdown::Closing,
                },
                _ = self.interrupt.recv() => Shutdown::Closing,
                _ = self.hangup.recv() => match self.has_terminal && !can_open_terminal() {
                    true => Shutdown::Closing,
                    false => {
                        renew(certificate.clone()).await;
                        continue;
                    }
                },
            };
            notify(NotifyState::Stopping);
            ending.send_replace(next);
        }
    }
}

async fn renew(certificate: Option<Certificate>) {
    if let Some(certificate) = certificate {
        // Only a panic is an error.
        let _ = tokio::task::spawn_blocking(move || certificate.renew()).await;
    }
}

/// Tells systemd that the server is ready.
pub fn notify_ready() {
    notify(NotifyState::Ready);
}

/// Tells systemd, if it has started the server and waits for that.
fn notify(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd cannot be told");
    }
}

/// Whether the process has a terminal that is open.
fn can_open_terminal() -> bool {
    File::open("/dev/tty").is_ok()
}

/// Whether the process was started with SIGHUP ignored, as `nohup` does. Known on Linux alone.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // A bit for each signal, from the lowest; SIGHUP is 1.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}
