//! The `Host` of a request: which name of the server is meant. A proxy and the server that read
//! different ones can be played off against each other, so there has to be one, and one alone (RFC
//! 9112, 3.2).

use axum::http::{HeaderMap, Version, header};

use super::error_code::ErrorCode;
use super::problem::Problem;

/// Refuses a request that does not name its host as its version of HTTP wants it.
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

/// Names, addresses and ports have no other characters (RFC 3986, 3.2.2): no blank, no path, nobody's credentials.
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
