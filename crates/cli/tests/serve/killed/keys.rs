//! Keys, and a number.

use std::io;

use serde_json::{Value, json};

use super::ledgers::{CONFIG, Hand, Ledger, id};
use crate::server::Client;

/// A number that is registered and deleted.
pub struct Numbers {
    hand: Hand,
    /// The number as it was answered; null while it is deleted.
    last: Value,
}

const NUMBER: &str = "+14155550999";

impl Numbers {
    pub fn new(token: &str) -> Self {
        Self { hand: Hand::new(token), last: Value::Null }
    }
}

impl Ledger for Numbers {
    fn name(&self) -> &'static str {
        "numbers"
    }

    fn answered(&self) -> usize {
        self.hand.answered
    }

    fn write(&mut self, client: &mut Client) -> io::Result<()> {
        self.last = if self.last.is_null() {
            let body = json!({"phone_number": NUMBER, "trunk_id": format!("trunk-{}", self.hand.answered)});
            self.hand.write(client, ("POST", "/core/phone-numbers"), &body, 201)?
        } else {
            self.hand.write(client, ("DELETE", "/core/phone-numbers/%2B14155550999"), &Value::Null, 204)?
        };
        Ok(())
    }

    fn check(&mut self, client: &mut Client) {
        // Only the number in the last write may have changed, and only to the state of that write.
        let path = "/core/phone-numbers/%2B14155550999";
        let answer = client.ask(&self.hand.token, "GET", path, "").expect("an answer");
        match (answer.status, self.last.is_null()) {
            (200, false) => assert_eq!(answer.json(), self.last),
            (200, true) => assert_eq!(answer.json()["trunk_id"], format!("trunk-{}", self.hand.answered)),
            (status, _) => assert_eq!(status, 404),
        }
        self.last = if answer.status == 200 { answer.json() } else { Value::Null };
    }
}

/// Keys that are made, and some of them revoked.
pub struct Keys {
    hand: Hand,
    /// Valid tokens, and revoked ones.
    held: Vec<String>,
    revoked: Vec<String>,
    is_revoking: bool,
}

impl Keys {
    pub fn new(token: &str) -> Self {
        Self { hand: Hand::new(token), held: Vec::new(), revoked: Vec::new(), is_revoking: false }
    }

    fn holds(token: &str, client: &mut Client) -> bool {
        match client.ask(token, "GET", CONFIG, "").expect("an answer").status {
            200 => true,
            status => {
                assert_eq!(status, 401);
                false
            }
        }
    }
}

impl Ledger for Keys {
    fn name(&self) -> &'static str {
        "keys"
    }

    fn answered(&self) -> usize {
        self.hand.answered
    }

    fn write(&mut self, client: &mut Client) -> io::Result<()> {
        self.is_revoking = false;
        let body = json!({"name": "Carrier", "scopes": ["inbound_routing_configs:read"]});
        let made = self.hand.write(client, ("POST", "/core/api-keys"), &body, 201)?;
        self.held.push(made["token"].as_str().expect("a token").to_owned());
        if self.held.len() > 8 {
            self.is_revoking = true;
            self.hand.write(client, ("DELETE", &format!("/core/api-keys/{}", id(&made))), &Value::Null, 204)?;
            self.revoked.extend(self.held.pop());
        }
        Ok(())
    }

    fn check(&mut self, client: &mut Client) {
        let was_revoking = std::mem::take(&mut self.is_revoking);
        if let Some(token) = self.held.pop() {
            let holds = Self::holds(&token, client);
            assert!(holds || was_revoking, "a key is gone");
            if holds { &mut self.held } else { &mut self.revoked }.push(token);
        }
        if let Some(token) = self.revoked.last() {
            assert!(!Self::holds(token, client), "a revoked key holds");
        }
    }

    fn check_all(&mut self, client: &mut Client) {
        assert!(self.held.iter().all(|token| Self::holds(token, client)));
    }
}
