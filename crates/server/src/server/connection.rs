//! One client's connection, from its first byte to its last.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::again::Again;
use super::seldom::Seldom;
use super::tls::Certificate;
use super::wire::{Progress, Watch, Wire};
use crate::api::{Front, spoken};

/// The longest head.
const LARGEST_HEAD: usize = 64 << 10;
/// A client that takes longer to agree on a secret is given up.
const LONGEST_HANDSHAKE: Duration = Duration::from_secs(10);
/// So long after its end a client may still send: else it might lose the answer to what it has not finished sending.
const LINGER: Duration = Duration::from_secs(1);
/// So long the last bytes may be on their way.
const LAST_BYTES: Duration = Duration::from_millis(20);

/// Serves a client until it goes or has to.
pub async fn serve(
    stream: TcpStream,
    from: SocketAddr,
    front: Arc<Front>,
    tls: Option<Certificate>,
    closing: watch::Receiver<bool>,
) {
    // An answer is written in one piece: to wait for more would only delay it.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else { return speak(stream, from, front, closing).await };
    if let Ok(Ok(stream)) = timeout(LONGEST_HANDSHAKE, tls.acceptor().accept(stream)).await {
        speak(stream, from, front, closing).await;
    }
}

async fn speak<S>(stream: S, from: SocketAddr, front: Arc<Front>, mut closing: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let progress = Arc::new(Progress::new());
    // Of its own, so that a request counts on nothing that other connections count on.
    let both = Arc::new((front, Arc::clone(&progress)));
    let again = Again::new();
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        progress.asked();
        let both = Arc::clone(&both);
        // In a place of its own, so that the library lets go of the stream at the end.
        again.put(async move {
            let (front, progress) = &*both;
            let response = front.answer(request.map(Body::new), from).await;
            progress.answered();
            Ok::<_, Infallible>(response)
        })
    });
    let wire = Wire::new(stream, Arc::clone(&progress));
    let mut connection = http1::Builder::new()
        .header_read_timeout(None)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(wire), service);
    let mut is_closing = false;
    let mut watch = Watch::new(&progress);
    while let Some(patience) = watch.patience(&progress) {
        let meanwhile = Seldom::new(async {
            tokio::select! {
                () = told(&mut closing), if !is_closing => true,
                () = sleep(patience) => false,
            }
        });
        let must_close = tokio::select! {
            biased;
            _ = poll_fn(|context| connection.poll_without_shutdown(context)) => {
                return hang_up(connection.into_parts().io.into_inner().into_inner(), is_closing).await;
            }
            must_close = meanwhile => must_close,
        };
        if must_close {
            // A head that has arrived is read before nothing more is.
            let ended = timeout(LAST_BYTES, poll_fn(|context| connection.poll_without_shutdown(context))).await;
            if ended.is_ok() {
                return hang_up(connection.into_parts().io.into_inner().into_inner(), true).await;
            }
            Pin::new(&mut connection).graceful_shutdown();
            is_closing = true;
        }
    }
    let parts = connection.into_parts();
    let mut stream = parts.io.into_inner().into_inner();
    // A part of a head has come: somebody waits for an answer.
    if !parts.read_buf.is_empty() {
        let _ = timeout(LINGER, stream.write_all(&spoken(StatusCode::REQUEST_TIMEOUT))).await;
    }
    hang_up(stream, is_closing).await;
}

/// Waits until it is time to close.
async fn told(closing: &mut watch::Receiver<bool>) {
    // Whoever could say so is gone when it is over.
    let _ = closing.wait_for(|is_closing| *is_closing).await;
}

/// Says that nothing more comes, and lets the client see it.
async fn hang_up<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, at_once: bool) {
    let farewell = async {
        stream.shutdown().await?;
        let mut rest = [0; 4096];
        while !at_once && stream.read(&mut rest).await? > 0 {}
        Ok::<(), std::io::Error>(())
    };
    // A client that is gone already has nothing to be told.
    let _ = timeout(LINGER, farewell).await;
}
