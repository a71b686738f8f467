//! Those who write, each something of its own, and remember what was answered and what was under way.

use std::io;

use serde_json::{Value, json};

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
struct Hand {
    token: String,
    answered: usize,
}

impl Hand {
    fn new(token: &str) -> Self {
        Self { token: token.to_owned(), answered: 0 }
    }

    /// Writes what has to be answered so. Where the machine stood still for seconds, a write is refused for having waited:
    /// then nothing of it is written, and it is sent again.
    fn write(&mut self, client: &mut Client, what: (&str, &str), body: &Value, status: u16) -> io::Result<Value> {
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

    fn read(&self, client: &mut Client, path: &str) -> Value {
        let answer = client.ask(&self.token, "GET", path, "").expect("an answer");
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    fn status(&self, client: &mut Client, path: &str) -> u16 {
        client.ask(&self.token, "GET", path, "").expect("an answer").status
    }
}

const CONFIG: &str = "/core/inbound-routing-config";

/// Revision after revision; every third restores an older one.
pub struct Config {
    hand: Hand,
    /// As they were answered, from 1 on.
    revisions: Vec<Value>,
    under_way: String,
}

impl Config {
    pub fn new(token: &str) -> Self {
        Self { hand: Hand::new(token), revisions: Vec::new(), under_way: String::new() }
    }

    /// A plan of some pages, different each time. It declares what [`Switches`] turns.
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
        let found = self.hand.read(client, CONFIG);
        let last = self.revisions.last().expect("there was one");
        if found != *last {
            let (text, number) = (&found["workflow_definition"], &found["revision"]);
            assert_eq!((text, number), (&json!(self.under_way), &json!(self.revisions.len() + 1)));
            self.revisions.push(found);
        }
    }

    fn check_all(&mut self, client: &mut Client) {
        for revision in &self.revisions {
            let found = self.hand.read(client, &format!("{CONFIG}/revisions/{}", revision["revision"]));
            for field in ["workflow_definition", "fallback_agent_id", "fallback_agent_version", "enabled"] {
                assert_eq!(found[field], revision[field]);
            }
            assert_eq!(found["created_at"], revision["updated_at"]);
        }
    }
}

/// Two agents, whose versions take over all of the same numbers, in turns.
pub struct Publications {
    hand: Hand,
    agents: Vec<String>,
    /// The newest version of each, draft or not, and the newest published.
    drafted: [usize; 2],
    published: [usize; 2],
    /// Of the version that has the numbers.
    owner: Value,
    /// Of the version that is about to get them.
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
        let owners: Vec<&Value> =
            listed["items"].as_array().expect("items").iter().map(|it| &it["inbound_agent_version_id"]).collect();
        assert_eq!(owners.len(), NUMBERS);
        let owner = owners[0].clone();
        assert!(owners.iter().all(|it| **it == owner), "half of a publication: {owners:?}");
        let at = self.turn % 2;
        assert!(owner == self.owner || (owner == self.heir && !owner.is_null()), "{owner}");
        if !self.heir.is_null() {
            // The draft was answered; whether it is published goes with the numbers.
            assert_eq!(self.is_published(client, at, self.drafted[at]), owner == self.heir);
        }
        if owner != self.owner {
            self.published[at] = self.drafted[at];
        }
        (self.owner, self.heir) = (owner, Value::Null);
        // One more may be there whose answer did not come through.
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

/// Agents that are made, renamed, and every other one deleted.
pub struct Agents {
    hand: Hand,
    /// As they were last answered.
    kept: Vec<Value>,
    deleted: Vec<String>,
    under_way: UnderWay,
}

/// What an agent is about to become.
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

fn id(body: &Value) -> String {
    body["id"].as_str().expect("an id").to_owned()
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
        // One that was made, but not answered, nobody knows the id of.
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
            self.deleted.extend(self.kept.pop().map(|it| id(&it)));
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
                let found = self.hand.read(client, &path);
                assert!(found == last || (found["name"] == name && found["metadata"] == last["metadata"]), "{found}");
                self.kept.push(found);
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

/// One number that comes and goes.
pub struct Numbers {
    hand: Hand,
    /// As it was answered; null while it is gone.
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
        // Only the number that was under way may have changed, and only to what was under way.
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
    /// Tokens that hold, and those that do not.
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
        let found = self.hand.read(client, &format!("{CONFIG}/switches"))["items"][0].take();
        assert_eq!(found["name"], "storm");
        // Before the first, there is nothing to lose.
        assert!(found == self.last || found["on"] == self.under_way || self.last.is_null(), "{found} {}", self.last);
        self.last = found;
    }
}
