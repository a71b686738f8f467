//! How far the end of a server is.

use tokio::sync::watch;

/// How far the end of a server is. It only goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shutdown {
    /// It has not been asked for.
    No,
    /// The server is not ready any more, and still takes clients. It asks each of them to close its
    /// connection.
    Draining,
    /// The server takes no clients any more, and finishes requests.
    Closing,
}

/// Waits until the end is as far as that.
pub(super) async fn reached(ending: &mut watch::Receiver<Shutdown>, stage: Shutdown) {
    // An error means that the server, which has the sender, is gone.
    let _ = ending.wait_for(|ending| *ending >= stage).await;
}
