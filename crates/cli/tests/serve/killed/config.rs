//! The config, and the switch of its plan.

use std::io;

use serde_json::{Value, json};

use super::ledgers::{CONFIG, Hand, Ledger};
use crate::server::Client;

/// A sequence of revisions; every third restores an older one.
pub struct Config {
    hand: Hand,
    /// The revisions as they were answered, from 1 on.
    revisions: Vec<Value>,
    under_way: String,
}

impl Config {
    pub fn new(token: &str) -> Self {
        Self { hand: Hand::new(token), revisions: Vec::new(), under_way: String::new() }
    }

    /// A plan of some pages, different each time. It declares the switch of [`Switches`].
    fn text(&self) -> String {
        let number = self.revisions.len() + 1;
        let filler = format!("# {number}\n").repeat(500 + number % 1000);
        format!("{filler}switch storm\nwhen storm is on {{ context \"{number}\" reject }}\nreject\n")
    }
}

impl Ledger for Config {
    fn name(&self) -> &'static str {
        "revisions"
    }

    fn answered(&self) -> usize {
        self.hand.answered
    }

    fn begin(&mut self, client: &mut Client) {
        let body = json!({"workflow_definition": self.text()});
        self.revisions.push(self.hand.write(client, ("POST", CONFIG), &body, 201).expect("an answer"));
    }

    fn write(&mut self, client: &mut Client) -> io::Result<()> {
        let count = self.revisions.len();
        let answer = if count.is_multiple_of(3) {
            let restored = &self.revisions[count / 2];
            self.under_way = restored["workflow_definition"].as_str().expect("text").to_owned();
            let path = format!("{CONFIG}/revisions/{}/restore", restored["revision"]);
            self.hand.write(client, ("POST", &path), &Value::Null, 200)?
        } else {
            self.under_way = self.text();
            let body = json!({"workflow_definition": self.under_way, "enabled": count.is_multiple_of(2)});
            self.hand.write(client, ("PUT", CONFIG), &body, 200)?
        };
        self.revisions.push(answer);
        Ok(())
    }

    fn check(&mut self, client: &mut Client) {
        let stored = self.hand.read(client, CONFIG);
        let last = self.revisions.last().expect("there was one");
        if stored != *last {
            let (text, number) = (&stored["workflow_definition"], &stored["revision"]);
            assert_eq!((text, number), (&json!(self.under_way), &json!(self.revisions.len() + 1)));
            self.revisions.push(stored);
        }
    }

    fn check_all(&mut self, client: &mut Client) {
        for revision in &self.revisions {
            let stored = self.hand.read(client, &format!("{CONFIG}/revisions/{}", revision["revision"]));
            for field in ["workflow_definition", "fallback_agent_id", "fallback_agent_version", "enabled"] {
                assert_eq!(stored[field], revision[field]);
            }
            assert_eq!(stored["created_at"], revision["updated_at"]);
        }
    }
}

/// A switch of the config's plan.
pub struct Switches {
    hand: Hand,
    last: Value,
    under_way: bool,
}

impl Switches {
    pub fn new(token: &str) -> Self {
        Self { hand: Hand::new(token), last: Value::Null, under_way: false }
    }
}

impl Ledger for Switches {
    fn name(&self) -> &'static str {
        "switches"
    }

    fn answered(&self) -> usize {
        self.hand.answered
    }

    fn write(&mut self, client: &mut Client) -> io::Result<()> {
        self.under_way = self.hand.answered.is_multiple_of(2);
        let path = format!("{CONFIG}/switches/storm");
        self.last = self.hand.write(client, ("PUT", &path), &json!({"on": self.under_way}), 200)?;
        Ok(())
    }

    fn check(&mut self, client: &mut Client) {
        let stored = self.hand.read(client, &format!("{CONFIG}/switches"))["items"][0].take();
        assert_eq!(stored["name"], "storm");
        let set_at =
            |state: &Value| state["set_at"].as_str().and_then(|instant| instant.parse::<jiff::Timestamp>().ok());
        let is_newer = stored["on"] == self.under_way && set_at(&stored) > set_at(&self.last);
        // Before the first answer, there is nothing to lose.
        assert!(stored == self.last || is_newer || self.last.is_null(), "{stored} {}", self.last);
        self.last = stored;
    }
}
