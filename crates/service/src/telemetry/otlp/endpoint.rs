//! The address of a collector.

use std::fmt;
use std::str::FromStr;

use ureq::http::Uri;

/// The address of a collector for OTLP over HTTP, such as `http://127.0.0.1:4318`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(String);

/// Why a text is not the address of a collector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointError {
    /// It is not a URL of HTTP.
    NoUrl,
    /// It is a URL of HTTPS.
    Tls,
    /// It has a user, a query or a fragment.
    Extra,
}

impl Endpoint {
    /// The URL to send a kind of telemetry to: `traces` or `metrics`.
    pub(super) fn of(&self, kind: &str) -> String {
        format!("{}/v1/{kind}", self.0)
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let url: Uri = text.parse().map_err(|_| EndpointError::NoUrl)?;
        let host = url.authority().filter(|authority| !authority.host().is_empty()).ok_or(EndpointError::NoUrl)?;
        match url.scheme_str() {
            Some("http") => {}
            Some("https") => return Err(EndpointError::Tls),
            _ => return Err(EndpointError::NoUrl),
        }
        if host.as_str().contains('@') || text.contains(['?', '#']) {
            return Err(EndpointError::Extra);
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoUrl => "write the URL of a collector, such as http://127.0.0.1:4318",
            Self::Tls => {
                "write a URL with http: a collector on this machine passes on what it gets, with TLS and credentials"
            }
            Self::Extra => "write the URL without a user, a query and a fragment",
        })
    }
}

impl std::error::Error for EndpointError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_completed_and_all_else_is_refused() {
        for (text, url) in [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
            ("http://[::1]:4318/", "http://[::1]:4318/v1/traces"),
            ("http://collector/otlp/", "http://collector/otlp/v1/traces"),
        ] {
            assert_eq!(text.parse::<Endpoint>().map(|endpoint| endpoint.of("traces")), Ok(url.to_owned()));
        }
        for (text, error) in [
            ("https://collector:4318", EndpointError::Tls),
            ("127.0.0.1:4318", EndpointError::NoUrl),
            ("collector", EndpointError::NoUrl),
            ("grpc://collector:4317", EndpointError::NoUrl),
            ("http://", EndpointError::NoUrl),
            ("", EndpointError::NoUrl),
            ("http://user:secret@collector", EndpointError::Extra),
            ("http://collector?key=secret", EndpointError::Extra),
            ("http://collector/#here", EndpointError::Extra),
        ] {
            assert_eq!(text.parse::<Endpoint>(), Err(error), "{text}");
        }
    }
}
