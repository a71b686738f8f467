//! Agents, and their versions with the numbers that they take over.

use std::io;

use serde_json::{Value, json};

use super::ledgers::{Hand, Ledger, id};
use crate::server::Client;

/// Two agents, whose versions take over the same numbers in turn.
pub struct Publications {
    hand: Hand,
    agents: Vec<String>,
    /// The newest version of each agent, and the newest published one.
    drafted: [usize; 2],
    published: [usize; 2],
    /// The version that has the numbers.
    owner: Value,
    /// The version that is about to get them.
    heir: Value,
    turn: usize,
}

const NUMBERS: usize = 20;

impl Publications {
    pub fn new(token: &str) -> Self {
        let hand = Hand::new(token);
        let none = Value::Null;
        Self { hand, agents: Vec::new(), drafted: [0; 2], published: [0; 2], owner: none.clone(), heir: none, turn: 0 }
    }

    fn numbers() -> Vec<String> {
        (0..NUMBERS).map(|at| format!("+141555501{at:02}")).collect()
    }

    fn versions(&self, at: usize) -> String {
        format!("/core/agents/{}/versions", self.agents[at])
    }

    fn is_published(&self, client: &mut Client, at: usize, version: usize) -> bool {
        !self.hand.read(client, &format!("{}/{version}", self.versions(at)))["published_at"].is_null()
    }
}

impl Ledger for Publications {
    fn name(&self) -> &'static str {
        "drafts and publications"
    }

    fn answered(&self) -> usize {
        self.hand.answered
    }

    fn begin(&mut self, client: &mut Client) {
        for name in ["Left", "Right"] {
            let made = self.hand.write(client, ("POST", "/core/agents"), &json!({"name": name}), 201);
            self.agents.push(made.expect("an answer")["id"].as_str().expect("an id").to_owned());
        }
        for number in Self::numbers() {
            let body = json!({"phone_number": number, "trunk_id": "main"});
            self.hand.write(client, ("POST", "/core/phone-numbers"), &body, 201).expect("an answer");
        }
    }

    fn write(&mut self, client: &mut Client) -> io::Result<()> {
        let at = self.turn % 2;
        let versions = self.versions(at);
        let draft = self.hand.write(client, ("POST", &versions), &json!({"config": {"turn": self.turn}}), 201)?;
        self.drafted[at] += 1;
        assert_eq!(draft["version"], self.drafted[at]);
        self.heir = draft["id"].clone();
        let path = format!("{versions}/{}/publish", self.drafted[at]);
        self.hand.write(client, ("POST", &path), &json!({"phone_numbers": Self::numbers()}), 200)?;
        self.published[at] = self.drafted[at];
        self.owner = self.heir.take();
        self.turn += 1;
        Ok(())
    }

    fn check(&mut self, client: &mut Client) {
        let listed = self.hand.read(client, "/core/phone-numbers?limit=100&trunk_id=main");
        let owners: Vec<&Value> = listed["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|number| &number["inbound_agent_version_id"])
            .collect();
        assert_eq!(owners.len(), NUMBERS);
        let owner = owners[0].clone();
        assert!(owners.iter().all(|version| **version == owner), "half of a publication: {owners:?}");
        let at = self.turn % 2;
        assert!(owner == self.owner || (owner == self.heir && !owner.is_null()), "{owner}");
        if !self.heir.is_null() {
            // The draft was answered; it is published if and only if it has the numbers.
            assert_eq!(self.is_published(client, at, self.drafted[at]), owner == self.heir);
        }
        if owner != self.owner {
            self.published[at] = self.drafted[at];
        }
        (self.owner, self.heir) = (owner, Value::Null);
        // One more version may exist whose answer was lost.
        let latest =
            client.ask(&self.hand.token, "GET", &format!("{}/latest", self.versions(at)), "").expect("an answer");
        let latest = latest.json()["version"].as_u64().unwrap_or(0) as usize;
        assert!(latest == self.drafted[at] || latest == self.drafted[at] + 1, "{latest} of {}", self.drafted[at]);
        self.drafted[at] = latest;
    }

    fn check_all(&mut self, client: &mut Client) {
        for at in 0..2 {
            let mut seen = 0;
            let mut path = format!("{}?limit=100", self.versions(at));
            loop {
                let page = self.hand.read(client, &path);
                for version in page["items"].as_array().expect("items") {
                    seen += 1;
                    assert_eq!(version["version"], seen);
                }
                let Some(cursor) = page["next_cursor"].as_str() else { break };
                path = format!("{}?limit=100&cursor={cursor}", self.versions(at));
            }
            assert_eq!(seen, self.drafted[at]);
            assert!(self.published[at] == 0 || self.is_published(client, at, self.published[at]));
        }
    }
}

/// Agents that are made and renamed; every other one is deleted.
pub struct Agents {
    hand: Hand,
    /// The agents as they were last answered.
    kept: Vec<Value>,
    deleted: Vec<String>,
    under_way: UnderWay,
}

/// The next state of an agent.
enum UnderWay {
    Nothing,
    Named(String),
    Deleted,
}

impl Agents {
    pub fn new(token: &str) -> Self {
        Self { hand: Hand::new(token), kept: Vec::new(), deleted: Vec::new(), under_way: UnderWay::Nothing }
    }
}

fn agent(id: &str) -> String {
    format!("/core/agents/{id}")
}

impl Ledger for Agents {
    fn name(&self) -> &'static str {
        "agents"
    }

    fn answered(&self) -> usize {
        self.hand.answered
    }

    fn write(&mut self, client: &mut Client) -> io::Result<()> {
        let count = self.kept.len() + self.deleted.len();
        // Nobody knows the id of an agent that was made without an answer.
        self.under_way = UnderWay::Nothing;
        let body = json!({"name": format!("Agent {count}"), "metadata": {"count": count}});
        let made = self.hand.write(client, ("POST", "/core/agents"), &body, 201)?;
        let path = agent(&id(&made));
        self.kept.push(made);
        let name = format!("Renamed {count}");
        self.under_way = UnderWay::Named(name.clone());
        let renamed = self.hand.write(client, ("PUT", &path), &json!({"name": name}), 200)?;
        *self.kept.last_mut().expect("it was made") = renamed;
        if count.is_multiple_of(2) {
            self.under_way = UnderWay::Deleted;
            self.hand.write(client, ("DELETE", &path), &Value::Null, 204)?;
            self.deleted.extend(self.kept.pop().map(|number| id(&number)));
        }
        self.under_way = UnderWay::Nothing;
        Ok(())
    }

    fn check(&mut self, client: &mut Client) {
        let Some(last) = self.kept.pop() else { return };
        let path = agent(&id(&last));
        match std::mem::replace(&mut self.under_way, UnderWay::Nothing) {
            UnderWay::Deleted if self.hand.status(client, &path) == 404 => self.deleted.push(id(&last)),
            UnderWay::Named(name) => {
                let stored = self.hand.read(client, &path);
                assert!(
                    stored == last || (stored["name"] == name && stored["metadata"] == last["metadata"]),
                    "{stored}"
                );
                self.kept.push(stored);
            }
            UnderWay::Deleted | UnderWay::Nothing => {
                assert_eq!(self.hand.read(client, &path), last);
                self.kept.push(last);
            }
        }
        if let Some(id) = self.deleted.last() {
            assert_eq!(self.hand.status(client, &agent(id)), 404);
        }
    }

    fn check_all(&mut self, client: &mut Client) {
        for kept in &self.kept {
            assert_eq!(self.hand.read(client, &agent(&id(kept))), *kept);
        }
        for id in &self.deleted {
            assert_eq!(self.hand.status(client, &agent(id)), 404);
        }
    }
}
