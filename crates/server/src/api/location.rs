//! `Location`: the path of what was created.

use std::fmt::Write;

use axum::http::{HeaderName, HeaderValue, header};

/// The header for a path of these segments under `/core`, percent-encoded.
pub fn location(segments: &[&str]) -> [(HeaderName, HeaderValue); 1] {
    let mut path = String::from("/core");
    for segment in segments {
        path.push('/');
        segment.bytes().for_each(|byte| encode(byte, &mut path));
    }
    // Only letters, digits and marks are left, so the value is valid.
    [(header::LOCATION, HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/core")))]
}

fn encode(byte: u8, path: &mut String) {
    match byte {
        b'-' | b'.' | b'_' | b'~' => path.push(byte.into()),
        byte if byte.is_ascii_alphanumeric() => path.push(byte.into()),
        // Writing into text cannot fail.
        byte => drop(write!(path, "%{byte:02X}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_plain_letter_is_percent_encoded() {
        let [(_, value)] = location(&["phone-numbers", "+1 é/#?"]);
        assert_eq!(value, "/core/phone-numbers/%2B1%20%C3%A9%2F%23%3F");
    }
}
