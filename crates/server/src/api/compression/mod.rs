//! Compressed bodies, with gzip: answers for clients that accept it, and requests that are sent so.
//!
//! Decisions on calls are left as they are. They are smaller than a packet, so compressing them
//! would cost time and save none.

mod inflate;

use std::io::Write;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Body as _;
use tokio::sync::Semaphore;

use super::memory_budget::{AnswerReservation, Share};

pub use inflate::NotGzip;

/// Minimum size of an answer that is compressed, in bytes. A smaller one fits into a packet.
const MINIMUM: u64 = 1_400;
/// Maximum size of an answer that is compressed on the thread that answers, in bytes.
const AT_ONCE: usize = 8 << 10;
/// Level of compression: on plans and traces, higher ones take three times as long for a tenth less.
const LEVEL: Compression = Compression::fast();

const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// Whether a request decides a call.
pub fn is_decision(method: &Method, route: Option<&str>) -> bool {
    method == Method::POST && route == Some("/core/inbound-calls")
}

/// Whether the client takes gzip (RFC 9110, 12.5.3).
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    let mut any = None;
    let listed = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    for coding in listed.flat_map(|value| value.split(',')) {
        let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        let is_wanted = weight.is_ok_and(|weight| weight > 0.0);
        match name.trim() {
            name if name.eq_ignore_ascii_case("gzip") => return is_wanted,
            "*" => any = Some(is_wanted),
            _ => {}
        }
    }
    any == Some(true)
}

/// Compresses answers.
#[derive(Debug)]
pub struct Compressor {
    /// A permit for each large answer that may be compressed at the same time: one a core.
    cores: Arc<Semaphore>,
}

impl Default for Compressor {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { cores: Arc::new(Semaphore::new(cores)) }
    }
}

impl Compressor {
    /// The answer, compressed if that is worth it. A large one is compressed by another thread than
    /// those that answer calls, whole, so that no encoder waits for a slow client. If all cores are
    /// compressing, or there is no memory for it, the answer stays as it is.
    pub async fn compressed(&self, mut response: Response, budget: &Share) -> Response {
        let size = response.body().size_hint().exact();
        let Some(size) = size.filter(|size| *size >= MINIMUM) else { return response };
        if response.headers().contains_key(header::CONTENT_ENCODING) {
            return response;
        }
        response.headers_mut().append(header::VARY, HeaderValue::from_name(header::ACCEPT_ENCODING));
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let reservation = match response.extensions_mut().remove::<AnswerReservation>() {
            Some(reservation) => reservation,
            None => match budget.reserve(size) {
                Ok(reservation) => reservation,
                Err(_) => return response,
            },
        };
        let permit = if size > AT_ONCE { Arc::clone(&self.cores).try_acquire_owned().ok() } else { None };
        if size > AT_ONCE && permit.is_none() {
            response.extensions_mut().insert(reservation);
            return response;
        }
        // Our bodies are in one piece, and cannot fail.
        let plain = axum::body::to_bytes(std::mem::take(response.body_mut()), usize::MAX).await.unwrap_or_default();
        let bytes = match permit {
            None => gzip(&plain),
            Some(permit) => {
                let work = move || {
                    let _permit = permit;
                    gzip(&plain)
                };
                tokio::task::spawn_blocking(work).await.unwrap_or_default()
            }
        };
        reservation.shrink(bytes.len());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_ENCODING, GZIP);
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        *response.body_mut() = Body::from(bytes);
        response.extensions_mut().insert(reservation);
        response
    }
}

fn gzip(plain: &Bytes) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), LEVEL);
    // Writing to memory cannot fail.
    let _ = encoder.write_all(plain);
    encoder.finish().unwrap_or_default().into()
}

/// A request whose body is compressed, as if it were not: its handler reads what was compressed,
/// and limits its size. Compressed otherwise, or twice, it stays as it is, and is refused.
pub fn uncompressed(request: &mut Request, budget: &Share) {
    let headers = request.headers_mut();
    let mut codings = headers.get_all(header::CONTENT_ENCODING).iter();
    let (Some(coding), None) = (codings.next(), codings.next()) else { return };
    if !coding.as_bytes().eq_ignore_ascii_case(b"gzip") {
        return;
    }
    headers.remove(header::CONTENT_ENCODING);
    headers.remove(header::CONTENT_LENGTH);
    let body = std::mem::take(request.body_mut());
    *request.body_mut() = inflate::inflated(body, budget);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_accepted_where_the_client_says_so() {
        let accepts = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            }
            accepts_gzip(&headers)
        };
        for yes in [["gzip"], ["br, GZip;q=0.5"], ["*"], ["br;q=1.0, *; q=0.1"], ["identity;q=0, gzip"]] {
            assert!(accepts(&yes), "{yes:?}");
        }
        for no in [[""], ["br"], ["gzip;q=0"], ["*, gzip; q=0.000"], ["gzip;q=x"], ["*;q=0"], ["gzipped"]] {
            assert!(!accepts(&no), "{no:?}");
        }
        assert!(!accepts(&[]) && accepts(&["br", "gzip"]));
    }
}
