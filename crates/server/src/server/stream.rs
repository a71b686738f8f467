//! A client's stream, which reports what is read and written to the connection's [`Progress`].

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::fragment::FragmentGuard;
use super::progress::Progress;

/// See the module.
#[derive(Debug)]
pub struct WatchedStream<S> {
    stream: S,
    progress: Arc<Progress>,
    fragments: FragmentGuard,
}

impl<S> WatchedStream<S> {
    /// A stream, watched.
    pub fn new(stream: S, progress: Arc<Progress>) -> Self {
        Self { stream, progress, fragments: FragmentGuard::default() }
    }

    /// The stream.
    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WatchedStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = to.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, to);
        if to.filled().len() > before {
            if self.progress.is_between_requests() {
                self.fragments = FragmentGuard::default();
            }
            self.fragments.read(&mut to.filled_mut()[before..]);
            self.progress.on_read();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WatchedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if !self.progress.may_write() {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        self.progress.on_flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
