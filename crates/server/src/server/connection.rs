//! One client's connection, from its first byte to its last.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::StatusCode;
use hyper::body::Body as _;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tower::Service;

use super::progress::{Progress, RequestBody, Watch};
use super::stream::WatchedStream;
use super::tls::Certificate;
use crate::api::{organization_of, spoken};

/// Maximum size of a head, in bytes.
const MAXIMUM_HEAD: usize = 64 << 10;
/// Timeout of a TLS handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum time that a client may send after the last answer: closing at once could lose that
/// answer.
const LINGER: Duration = Duration::from_secs(1);
/// Maximum time that bytes may take to arrive once the server is shutting down.
const LAST_BYTES: Duration = Duration::from_millis(20);

/// Serves a client until one of the two ends the connection.
pub async fn serve(
    stream: TcpStream,
    from: SocketAddr,
    router: Router,
    tls: Option<Certificate>,
    closing: watch::Receiver<bool>,
    progress: Arc<Progress>,
) {
    // An answer is written in one piece, so waiting for more would only delay it.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else { return speak(stream, from, router, closing, progress).await };
    if let Ok(Ok(stream)) = timeout(HANDSHAKE_TIMEOUT, tls.acceptor().accept(stream)).await {
        speak(stream, from, router, closing, progress).await;
    }
}

async fn speak<S>(
    stream: S,
    from: SocketAddr,
    router: Router,
    mut closing: watch::Receiver<bool>,
    progress: Arc<Progress>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        progress.begin_work(request.body().size_hint().exact());
        let mut request = request.map(|body| Body::new(RequestBody::new(body, Arc::clone(&progress))));
        request.extensions_mut().insert(ConnectInfo(from));
        let (progress, mut router) = (Arc::clone(&progress), router.clone());
        Box::pin(async move {
            // A router is always ready.
            let Ok(response) = router.call(request).await;
            if let Some(organization) = organization_of(&response) {
                progress.authenticated(organization);
            }
            Ok::<_, Infallible>(response.map(|body| progress.answer(body)))
        })
    });
    // Answers are small: copying them into one buffer costs less than a gathering write.
    let mut connection = http1::Builder::new()
        .header_read_timeout(None)
        .max_buf_size(MAXIMUM_HEAD)
        .writev(false)
        .serve_connection(TokioIo::new(WatchedStream::new(stream, Arc::clone(&progress))), service);
    let mut is_closing = false;
    let mut watch = Watch::new(&progress, Instant::now());
    while let Some(patience) = watch.patience(&progress, Instant::now()) {
        let must_close = {
            let mut alarm = pin!(sleep(patience));
            tokio::select! {
                biased;
                ended = poll_fn(|context| connection.poll_without_shutdown(context)) => {
                    let mut stream = connection.into_parts().io.into_inner().into_inner();
                    if let Err(error) = ended && progress.is_refused() {
                        refuse(&mut stream, status_of(&error)).await;
                    }
                    return hang_up(stream, is_closing).await;
                }
                () = shutdown_begins(&mut closing), if !is_closing => true,
                () = &mut alarm => false,
            }
        };
        if must_close {
            // A head that has arrived is read before the connection stops.
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
    // A part of a head has arrived: the client waits for an answer.
    if !parts.read_buf.is_empty() {
        refuse(&mut stream, StatusCode::REQUEST_TIMEOUT).await;
    }
    hang_up(stream, is_closing).await;
}

/// The status for a head that the HTTP library has refused.
fn status_of(error: &hyper::Error) -> StatusCode {
    match error.is_parse_too_large() {
        true => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        false => StatusCode::BAD_REQUEST,
    }
}

/// Answers a request that could not be read.
async fn refuse<S: AsyncWrite + Unpin>(stream: &mut S, status: StatusCode) {
    // A failure is ignored: the client may read nothing.
    let _ = timeout(LINGER, stream.write_all(&spoken(status))).await;
}

/// Waits until the server is shutting down.
async fn shutdown_begins(closing: &mut watch::Receiver<bool>) {
    // An error means that the sender is dropped, which happens at the end.
    let _ = closing.wait_for(|is_closing| *is_closing).await;
}

/// Ends the stream, and gives the client time to see it.
async fn hang_up<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, at_once: bool) {
    let farewell = async {
        stream.shutdown().await?;
        let mut rest = [0; 4096];
        while !at_once && stream.read(&mut rest).await? > 0 {}
        Ok::<(), std::io::Error>(())
    };
    // A failure is ignored: the client may be gone already.
    let _ = timeout(LINGER, farewell).await;
}
