//! A compressed body, read as what was compressed: piece by piece, as it is asked for.

use std::fmt;
use std::io::Write;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use flate2::write::GzDecoder;
use hyper::body::Frame;

use crate::api::memory_budget::{Reservation, Share};

/// What a decoder takes, in bytes: its window, its tables, and the piece that it has written.
const DECODER: usize = 96 << 10;
/// Maximum number of pieces, of at most 32 KiB each, that are decoded before other work of the
/// thread has its turn.
const PIECES_AT_ONCE: usize = 8;

/// The body is not gzip, or ends before its end.
#[derive(Clone, Copy, Debug)]
pub struct NotGzip;

impl fmt::Display for NotGzip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body is not gzip")
    }
}

impl std::error::Error for NotGzip {}

/// The body that was compressed. It has no known length; whoever reads it sets the limit.
pub fn inflated(body: Body, budget: &Share) -> Body {
    Body::new(InflatedBody { body, budget: budget.clone(), decoder: None, input: Bytes::new(), pieces: 0 })
}

struct InflatedBody {
    body: Body,
    budget: Share,
    /// From the first byte on.
    decoder: Option<Decoder>,
    /// What has come and is not decoded yet.
    input: Bytes,
    /// Number of pieces that were decoded since other work had its turn.
    pieces: usize,
}

struct Decoder {
    gzip: GzDecoder<Vec<u8>>,
    _reservation: Arc<Reservation>,
}

impl InflatedBody {
    /// Decodes a piece of what has come.
    fn decode(&mut self) -> Result<Bytes, axum::Error> {
        let decoder = match &mut self.decoder {
            Some(decoder) => decoder,
            none => {
                let _reservation = self.budget.hold(DECODER).map_err(axum::Error::new)?;
                none.insert(Decoder { gzip: GzDecoder::new(Vec::new()), _reservation })
            }
        };
        match decoder.gzip.write(&self.input) {
            // Nothing may follow the end.
            Ok(0) | Err(_) => Err(axum::Error::new(NotGzip)),
            Ok(read) => {
                drop(self.input.split_to(read));
                Ok(std::mem::take(decoder.gzip.get_mut()).into())
            }
        }
    }

    /// The rest, at the end of the body.
    fn end(&mut self) -> Option<Result<Frame<Bytes>, axum::Error>> {
        // A body that is empty is one, compressed or not.
        let decoder = self.decoder.take()?;
        match decoder.gzip.finish() {
            Ok(rest) if rest.is_empty() => None,
            Ok(rest) => Some(Ok(Frame::data(rest.into()))),
            Err(_) => Some(Err(axum::Error::new(NotGzip))),
        }
    }
}

impl hyper::body::Body for InflatedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        loop {
            if self.pieces == PIECES_AT_ONCE {
                self.pieces = 0;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            if self.input.is_empty() {
                match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                    Some(Ok(frame)) => self.input = frame.into_data().unwrap_or_default(),
                    Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                    None => return Poll::Ready(self.end()),
                }
                continue;
            }
            self.pieces += 1;
            match self.decode() {
                Ok(piece) if piece.is_empty() => {}
                Ok(piece) => return Poll::Ready(Some(Ok(Frame::data(piece)))),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::memory_budget::MemoryBudget;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use http_body_util::{BodyExt, Limited};

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).expect("memory");
        encoder.finish().expect("memory")
    }

    fn read(sent: Vec<u8>, limit: usize) -> Result<Bytes, Box<dyn std::error::Error + Send + Sync>> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let body = inflated(Body::from(sent), &MemoryBudget::default().of(None));
        runtime.block_on(async { Ok(Limited::new(body, limit).collect().await?.to_bytes()) })
    }

    #[test]
    fn what_was_compressed_is_read() {
        let words: Vec<u8> = (0..200_000u32).flat_map(|number| (number % 251).to_le_bytes()).collect();
        for plain in [&b""[..], b"{}", &words] {
            assert_eq!(read(gzip(plain), usize::MAX).expect("it is gzip"), plain);
        }
        assert_eq!(read(Vec::new(), usize::MAX).expect("nothing is nothing"), "");
    }

    #[test]
    fn what_is_not_gzip_or_goes_on_after_its_end_is_refused() {
        let whole = gzip(b"{\"some\": \"thing\"}");
        let damaged = |at: usize| {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x55;
            bytes
        };
        let twice = [whole.clone(), whole.clone()].concat();
        let (begun, cut) = (whole[..5].to_vec(), whole[..whole.len() - 3].to_vec());
        for sent in [b"{}".to_vec(), begun, cut, damaged(0), damaged(whole.len() - 6), twice] {
            assert!(read(sent.clone(), usize::MAX).is_err(), "{sent:?}");
        }
    }

    #[test]
    fn a_bomb_is_given_up_at_the_limit() {
        let bomb = gzip(&vec![b' '; 256 << 20]);
        assert!(bomb.len() < 1 << 20);
        let refused = read(bomb, 1 << 20).expect_err("it is too long");
        assert!(refused.is::<http_body_util::LengthLimitError>());
    }
}
