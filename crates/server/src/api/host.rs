//! The `Host` header, which names the server. A proxy and a server that read different names can be
//! abused, so a request must have exactly one (RFC 9112, 3.2).

use axum::http::{HeaderMap, Version, header};

use super::error_code::ErrorCode;
use super::problem::Problem;

/// Refuses a request whose `Host` is not as its version of HTTP requires.
pub fn check<B>(request: &axum::http::Request<B>) -> Result<(), Problem> {
    if is_fine(request.version(), request.headers()) {
        return Ok(());
    }
    Err(Problem::new(ErrorCode::BadRequest, "The request must have one `Host` header, with a name and perhaps a port."))
}

fn is_fine(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.as_bytes().iter().all(is_part_of_a_host),
        (None, _) => version < Version::HTTP_11,
        (Some(_), Some(_)) => false,
    }
}

/// The characters of names, addresses and ports (RFC 3986, 3.2.2): no space, no path, no
/// credentials.
fn is_part_of_a_host(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:[]".contains(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_host_and_it_is_one() {
        let fine = |version, hosts: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, axum::http::HeaderValue::from_static(host));
            }
            is_fine(version, &headers)
        };
        for host in ["localhost", "127.0.0.1:8080", "[::1]:8080", ""] {
            assert!(fine(Version::HTTP_11, &[host]) && fine(Version::HTTP_10, &[host]), "{host}");
        }
        for host in ["a b", "a/b", "me@host", "a#b", "a?b"] {
            assert!(!fine(Version::HTTP_11, &[host]), "{host}");
        }
        assert!(fine(Version::HTTP_10, &[]) && !fine(Version::HTTP_11, &[]));
        assert!(!fine(Version::HTTP_11, &["a", "a"]) && !fine(Version::HTTP_10, &["a", "b"]));
    }
}
