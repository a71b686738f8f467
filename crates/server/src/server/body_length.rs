//! The length of a request's body on the wire.

/// The rest of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyLength {
    /// This many bytes.
    Known(u64),
    /// Chunks, of which the last is marked (RFC 9112, 7.1).
    Chunks(ChunkPart),
}

/// The next part of a chunked body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkPart {
    /// The rest of a line with a size in hexadecimal digits, and its extensions.
    Size {
        /// The value of the digits so far.
        size: u64,
        /// Whether all digits have been read.
        is_read: bool,
    },
    /// This many bytes of a chunk.
    Data(u64),
    /// The line end after a chunk.
    DataEnd,
    /// A line after the last chunk. An empty line ends the body.
    Trailer {
        /// Whether nothing of the line has arrived.
        is_empty: bool,
    },
    /// Nothing.
    End,
}

impl BodyLength {
    /// A body in chunks.
    pub fn chunked() -> Self {
        Self::Chunks(ChunkPart::Size { size: 0, is_read: false })
    }

    /// Whether the body is complete.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Known(0) | Self::Chunks(ChunkPart::End))
    }

    /// Skips bytes of the body, and gives their number. It may skip less than all of them: call it
    /// again until it gives 0 or the bytes are used up.
    pub fn skip(&mut self, bytes: &[u8]) -> usize {
        match self {
            Self::Known(left) | Self::Chunks(ChunkPart::Data(left)) if *left > 0 => {
                let skipped = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left -= skipped as u64;
                skipped
            }
            Self::Known(_) | Self::Chunks(ChunkPart::End) => 0,
            Self::Chunks(part) => {
                let Some(byte) = bytes.first() else { return 0 };
                part.read(*byte);
                1
            }
        }
    }
}

impl ChunkPart {
    fn read(&mut self, byte: u8) {
        *self = match (*self, byte) {
            (Self::Size { size: 0, .. }, b'\n') => Self::Trailer { is_empty: true },
            (Self::Size { size, .. }, b'\n') => Self::Data(size),
            (Self::Size { size, is_read: false }, digit) if digit.is_ascii_hexdigit() => {
                let value = char::from(digit).to_digit(16).unwrap_or_default();
                Self::Size { size: size.saturating_mul(16).saturating_add(value.into()), is_read: false }
            }
            (Self::Size { size, .. }, _) => Self::Size { size, is_read: true },
            (Self::Data(_) | Self::DataEnd, b'\n') => Self::Size { size: 0, is_read: false },
            (Self::Data(_) | Self::DataEnd, _) => Self::DataEnd,
            (Self::Trailer { is_empty: true }, b'\n') => Self::End,
            (Self::Trailer { is_empty: false }, b'\n') => Self::Trailer { is_empty: true },
            (Self::Trailer { is_empty }, b'\r') => Self::Trailer { is_empty },
            (Self::Trailer { .. }, _) => Self::Trailer { is_empty: false },
            (Self::End, _) => Self::End,
        };
    }
}
