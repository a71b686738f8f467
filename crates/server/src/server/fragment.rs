//! Refuses a `#fragment` in the target of a request (RFC 9112, 3.2: a target has none). The HTTP
//! library drops a fragment before anybody else sees the target, so that the client would get
//! something it did not ask for. Here each `#` of a request line is replaced with a byte that the
//! library refuses.
//!
//! A request may follow another in the same piece of bytes. Where it begins depends on the body
//! before it, whose length only the library knows, and only once it has read that body's head. So a
//! head is handed on alone, and the bytes behind it when the library asks for more.

use super::body_length::BodyLength;

/// Which part of a request comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FragmentGuard {
    /// A request line, before which empty lines are passed over.
    #[default]
    Start,
    /// The rest of a request line.
    RequestLine,
    /// A line of the head.
    HeaderLine {
        /// Whether nothing of the line has come. An empty line ends the head.
        is_empty: bool,
    },
    /// The body of a request, or the next request.
    AfterHead,
    /// The rest of a body.
    Body(BodyLength),
}

/// A byte that no target may contain.
const REFUSED: u8 = 0x7f;

impl FragmentGuard {
    /// Marks fragments in the bytes that came, and says how many of the bytes may be handed on. The
    /// others come again in the next call. `length` tells the length of the body behind the last
    /// head that was handed on.
    pub fn pass(&mut self, bytes: &mut [u8], length: impl FnOnce() -> Option<BodyLength>) -> usize {
        if *self == Self::AfterHead {
            // Without a length, the library has not accepted the head, so it reads no further
            // request.
            let Some(length) = length() else { return bytes.len() };
            *self = Self::Body(length);
        }
        let mut at = 0;
        while at < bytes.len() && *self != Self::AfterHead {
            match self {
                Self::Body(length) => {
                    at += length.skip(&bytes[at..]);
                    if length.is_over() {
                        *self = Self::Start;
                    }
                }
                Self::Start | Self::RequestLine | Self::HeaderLine { .. } | Self::AfterHead => {
                    self.read_head(&mut bytes[at]);
                    at += 1;
                }
            }
        }
        at
    }

    fn read_head(&mut self, byte: &mut u8) {
        *self = match (*self, *byte) {
            (Self::Start, b'\r' | b'\n') => Self::Start,
            (Self::RequestLine, b'\n') => Self::HeaderLine { is_empty: true },
            (Self::Start | Self::RequestLine, b'#') => {
                *byte = REFUSED;
                Self::RequestLine
            }
            (Self::Start | Self::RequestLine, _) => Self::RequestLine,
            (Self::HeaderLine { is_empty: true }, b'\n') => Self::AfterHead,
            (Self::HeaderLine { is_empty: false }, b'\n') => Self::HeaderLine { is_empty: true },
            (Self::HeaderLine { is_empty }, b'\r') => Self::HeaderLine { is_empty },
            (Self::HeaderLine { .. }, _) => Self::HeaderLine { is_empty: false },
            (part @ (Self::AfterHead | Self::Body(_)), _) => part,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes that the guard passes on, for bodies with these lengths.
    fn passed(pieces: &[&str], lengths: &[BodyLength]) -> String {
        let mut guard = FragmentGuard::default();
        let mut lengths = lengths.iter().copied();
        let mut all = Vec::new();
        for piece in pieces {
            let mut bytes = piece.as_bytes().to_vec();
            while !bytes.is_empty() {
                let passed = guard.pass(&mut bytes, || lengths.next());
                all.extend(bytes.drain(..passed));
            }
        }
        String::from_utf8(all).expect("text")
    }

    #[track_caller]
    fn is_marked(requests: &str, lengths: &[BodyLength]) {
        let unmarked = requests.replace('~', "#");
        let marked = requests.replace('~', "\u{7f}");
        assert_eq!(passed(&[&unmarked], lengths), marked);
        for at in 0..unmarked.len() {
            assert_eq!(passed(&[&unmarked[..at], &unmarked[at..]], lengths), marked, "{at}");
        }
    }

    #[test]
    fn a_fragment_is_marked_in_request_lines_alone_in_whatever_pieces_they_come() {
        is_marked("\r\nGET /core~x HTTP/1.1\r\nx: #\r\n\r\n", &[]);
        is_marked("GET / HTTP/1.1\nx: #\n\nGET /~ HTTP/1.1\r\n\r\n", &[BodyLength::Known(0)]);
        let body = "POST / HTTP/1.1\r\nx: #\r\n\r\nG #\r\n\r\n";
        is_marked(&format!("{body}GET /a~b~c HTTP/1.1\r\nx: #\r\n\r\n"), &[BodyLength::Known(7)]);
        let chunks = "POST / HTTP/1.1\r\nx: #\r\n\r\nA;y=#\r\nGET /# \r\n#\r\n00\r\nz: #\r\n\r\n";
        is_marked(&format!("{chunks}GET /~ HTTP/1.1\r\n\r\n"), &[BodyLength::chunked()]);
    }
}
