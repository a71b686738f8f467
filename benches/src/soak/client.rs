//! A connection that stays open, with requests and answers.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The parts in which requests differ.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub token: &'a str,
    /// Sent as `If-Match` or `If-None-Match`.
    pub condition: Option<(&'a str, String)>,
    pub body: Option<Value>,
}

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct SoakAnswer {
    pub status: u16,
    /// The unparsed head, for error messages.
    pub head: String,
    pub text: String,
    pub took: Duration,
}

impl SoakAnswer {
    /// The body as JSON; null if it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// A header's value; empty without such a header.
    pub fn header(&self, name: &str) -> &str {
        let named = self.head.lines().find_map(|line| {
            let (header, value) = line.split_once(':')?;
            header.eq_ignore_ascii_case(name).then(|| value.trim())
        });
        named.unwrap_or_default()
    }
}

/// A client with one connection.
pub struct Client {
    address: String,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

impl Client {
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned(), stream: None, buffer: Vec::new() }
    }

    /// Closes the connection; the next request opens another.
    pub fn hang_up(&mut self) {
        self.stream = None;
    }

    /// Sends a request, and waits for the complete answer.
    pub async fn ask(&mut self, request: &Request<'_>) -> std::io::Result<SoakAnswer> {
        let begun = Instant::now();
        let bytes = written(request, &self.address);
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(&self.address).await?;
                stream.set_nodelay(true)?;
                stream
            }
        };
        stream.write_all(&bytes).await?;
        let answer = SoakAnswer { took: begun.elapsed(), ..read(&mut stream, &mut self.buffer).await? };
        if !answer.header("connection").eq_ignore_ascii_case("close") {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

fn written(request: &Request<'_>, address: &str) -> Vec<u8> {
    let Request { method, path, token, condition, body } = request;
    let condition = condition.as_ref().map_or(String::new(), |(name, value)| format!("{name}: {value}\r\n"));
    let body = body.as_ref().map_or(String::new(), Value::to_string);
    let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n{condition}{kind}content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<SoakAnswer> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        let mut answer = SoakAnswer { status, head, text: String::new(), took: Duration::ZERO };
        // 204 and 304 have no body and need no length.
        let length: usize = answer.header("content-length").parse().unwrap_or_default();
        if let Some(body) = buffer.get(end + 4..end + 4 + length) {
            answer.text = String::from_utf8_lossy(body).into_owned();
            return Ok(answer);
        }
    }
}
