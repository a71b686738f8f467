//! One organization under load: its calls, and the expected answer to each.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::Semaphore;

use super::client::{Client, Request};
use super::model::{Call, History, LINES, OWN_NUMBERS};
use super::watch::{RequestKind, Watch};
use crate::random::Random;

/// An organization under load.
pub struct Office {
    pub at: usize,
    /// The number of organizations.
    pub neighbours: u32,
    pub address: String,
    /// A key with all scopes.
    pub token: String,
    /// The ids of its two agents.
    pub ids: [String; 2],
    pub history: Mutex<History>,
    pub watch: Arc<Watch>,
    /// A permit for each check that the server runs at once. The server refuses further checks, and
    /// the test expects no refusal.
    pub checks: Arc<Semaphore>,
}

/// The path of calls.
pub const CALLS: &str = "/core/inbound-calls";

/// A random call.
pub fn any_call(random: &mut Random) -> Call {
    match random.below(10) {
        0 => Call::Unwanted,
        1 => Call::Overflow,
        2 | 3 => Call::OwnNumber(random.below(OWN_NUMBERS)),
        _ => Call::Line(random.below(LINES)),
    }
}

impl Office {
    pub fn request<'a>(&'a self, method: &'a str, path: &'a str, body: Option<Value>) -> Request<'a> {
        Request { method, path, token: &self.token, condition: None, body }
    }

    /// Has a call decided, and checks that a state decided it that was in force during the call. It
    /// waits for its turn in the load, or calls `now`. Gives the call's id and the decision.
    pub async fn call(&self, client: &mut Client, token: &str, call: Call, now: bool) -> Option<(String, Value)> {
        let request = Request { token, ..self.request("POST", CALLS, Some(call.body(self.at))) };
        let place = self.history.lock().expect("nobody panicked").place();
        let began = Timestamp::now();
        let answer = match now {
            true => self.watch.ask_now(RequestKind::Call, client, &request).await,
            false => self.watch.ask(RequestKind::Call, client, &request).await,
        };
        let ended = Timestamp::now();
        let mut decision = answer.json();
        let id = decision.as_object_mut().and_then(|fields| fields.shift_remove("id"));
        let meant: Vec<Value> = {
            let history = self.history.lock().expect("nobody panicked");
            history.since(place).flat_map(|state| state.answers(call, began, ended, &self.ids)).collect()
        };
        if answer.status != 200 || !meant.contains(&decision) {
            self.watch.unmeant(RequestKind::Call, &request, &answer, &Value::Array(meant).to_string());
            return None;
        }
        Some((id?.as_str()?.to_owned(), decision))
    }

    /// Calls until the load is over, now and then over a new connection.
    pub async fn call_on_and_on(self: Arc<Self>, seed: u64) {
        let mut random = Random::new(seed);
        let mut client = Client::new(&self.address);
        while !self.watch.is_over() {
            if random.percent(1) {
                client.hang_up();
            }
            self.call(&mut client, &self.token, any_call(&mut random), false).await;
        }
    }
}
