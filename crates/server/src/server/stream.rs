//! A client's stream, which reports its reads and writes to the connection's [`Progress`].

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::fragment::FragmentGuard;
use super::progress::Progress;

/// A client's stream, as the HTTP library reads and writes it.
#[derive(Debug)]
pub struct WatchedStream<S> {
    stream: S,
    progress: Arc<Progress>,
    fragments: FragmentGuard,
    /// Bytes that arrived after a head, for the next read.
    held: Vec<u8>,
}

impl<S> WatchedStream<S> {
    /// A stream that reports to `progress`.
    pub fn new(stream: S, progress: Arc<Progress>) -> Self {
        Self { stream, progress, fragments: FragmentGuard::default(), held: Vec::new() }
    }

    /// The inner stream.
    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WatchedStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = to.filled().len();
        let this = &mut *self;
        if this.held.is_empty() {
            ready!(Pin::new(&mut this.stream).poll_read(context, to))?;
        } else {
            let some = this.held.len().min(to.remaining());
            to.put_slice(&this.held[..some]);
            this.held.drain(..some);
        }
        let came = &mut to.filled_mut()[before..];
        if !came.is_empty() {
            let passed = this.fragments.pass(came, || this.progress.take_body_length());
            this.held.splice(..0, came[passed..].iter().copied());
            to.set_filled(before + passed);
            this.progress.on_read();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WatchedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if !self.progress.may_write() {
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, bytes))?;
        self.progress.on_written(written);
        Poll::Ready(Ok(written))
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
