//! Clients that each write something of their own, and remember what was answered and what was
//! being written.

use std::io;

use serde_json::Value;

use crate::server::Client;

/// A client that writes until the server is gone, and then checks what is stored.
pub trait Ledger: Send {
    fn name(&self) -> &'static str;

    /// The number of answered writes.
    fn answered(&self) -> usize;

    /// Makes what the client needs first.
    fn begin(&mut self, _: &mut Client) {}

    /// Writes once more. The error means that the server is gone.
    fn write(&mut self, client: &mut Client) -> io::Result<()>;

    /// Checks that the last answered state is stored exactly, and that the write without an answer
    /// is stored completely or not at all.
    fn check(&mut self, client: &mut Client);

    /// Checks that everything that was answered is stored.
    fn check_all(&mut self, _: &mut Client) {}
}

/// A client of an organization, with the number of its answers.
pub struct Hand {
    pub token: String,
    pub answered: usize,
}

impl Hand {
    pub fn new(token: &str) -> Self {
        Self { token: token.to_owned(), answered: 0 }
    }

    /// Sends a write with an expected status. On a machine that stood still for seconds, a write
    /// may be refused because it has waited too long: then nothing of it is written, and it is sent
    /// again.
    pub fn write(&mut self, client: &mut Client, what: (&str, &str), body: &Value, status: u16) -> io::Result<Value> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = loop {
            let answer = client.ask(&self.token, what.0, what.1, &body)?;
            if answer.status != 503 {
                break answer;
            }
        };
        assert_eq!(answer.status, status, "{what:?}: {}", answer.body);
        self.answered += 1;
        Ok(serde_json::from_str(&answer.body).unwrap_or_default())
    }

    pub fn read(&self, client: &mut Client, path: &str) -> Value {
        let answer = client.ask(&self.token, "GET", path, "").expect("an answer");
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    pub fn status(&self, client: &mut Client, path: &str) -> u16 {
        client.ask(&self.token, "GET", path, "").expect("an answer").status
    }
}

pub const CONFIG: &str = "/core/inbound-routing-config";

/// The id in an answer.
pub fn id(body: &Value) -> String {
    body["id"].as_str().expect("an id").to_owned()
}
