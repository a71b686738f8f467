//! Those who write, each something of its own, and remember what was answered and what was under
//! way.

use std::io;

use serde_json::Value;

use crate::server::Client;

/// Somebody who writes until the server is gone, and then says whether all is there.
pub trait Ledger: Send {
    fn name(&self) -> &'static str;

    /// How many writes have been answered.
    fn answered(&self) -> usize;

    /// Makes what there has to be first.
    fn begin(&mut self, _: &mut Client) {}

    /// Writes once more. An error is that of a server that is gone.
    fn write(&mut self, client: &mut Client) -> io::Result<()>;

    /// What was answered last is there, exactly; what was under way is there whole, or not at all.
    fn check(&mut self, client: &mut Client);

    /// All that was ever answered is there.
    fn check_all(&mut self, _: &mut Client) {}
}

/// A client of an organization, and how often it was answered.
pub struct Hand {
    pub token: String,
    pub answered: usize,
}

impl Hand {
    pub fn new(token: &str) -> Self {
        Self { token: token.to_owned(), answered: 0 }
    }

    /// Writes what has to be answered so. Where the machine stood still for seconds, a write is
    /// refused for having waited: then nothing of it is written, and it is sent again.
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

/// The id of what was answered.
pub fn id(body: &Value) -> String {
    body["id"].as_str().expect("an id").to_owned()
}
