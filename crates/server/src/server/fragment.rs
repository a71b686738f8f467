//! The first line of a request, as it comes. The HTTP library drops a `#fragment` of a target
//! without a word, so that what is asked for would not be what was written; here it is made what
//! the library refuses (RFC 9112, 3.2: a target has none).

/// How far the first line of a request is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FragmentGuard {
    /// None of it has come. Empty lines before it are passed over.
    #[default]
    Before,
    /// It is coming.
    Within,
    /// It is there.
    Behind,
}

/// A byte that no target may have.
const REFUSED: u8 = 0x7f;

impl FragmentGuard {
    /// Looks at what has come, and marks a fragment in the first line.
    pub fn read(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            match (*self, *byte) {
                (Self::Behind, _) => return,
                (Self::Before, b'\r' | b'\n') => {}
                (Self::Within, b'\n') => *self = Self::Behind,
                (Self::Before | Self::Within, b'#') => {
                    *byte = REFUSED;
                    *self = Self::Within;
                }
                (Self::Before | Self::Within, _) => *self = Self::Within,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&str]) -> String {
        let mut line = FragmentGuard::default();
        let mut all = Vec::new();
        for piece in pieces {
            let mut bytes = piece.as_bytes().to_vec();
            line.read(&mut bytes);
            all.extend(bytes);
        }
        String::from_utf8(all).expect("text")
    }

    #[test]
    fn a_fragment_is_marked_in_the_first_line_alone_in_whatever_pieces_it_comes() {
        let whole = "\r\nGET /core#x HTTP/1.1\r\nx: #\r\n\r\n#";
        let marked = whole.replacen('#', "\u{7f}", 1);
        assert_eq!(read(&[whole]), marked);
        for at in 0..whole.len() {
            assert_eq!(read(&[&whole[..at], &whole[at..]]), marked, "{at}");
        }
    }
}
