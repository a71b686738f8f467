//! The one who changes an organization, a change after the other, and sees at once that it holds. What a change should
//! come to is worked out before it is sent.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;

use super::client::{Answer, Client, Request};
use super::model::{Fields, State};
use super::office::{Office, any_call};
use super::watch::Kind;
use crate::random::Random;

mod config;
mod neighbours;
mod reading;

pub const CONFIG: &str = "/core/inbound-routing-config";

/// See the module.
pub struct Writer {
    office: Arc<Office>,
    random: Random,
    /// For what is written and read, and for the calls that have to see it.
    client: Client,
    calling: Client,
    /// What every revision said, from 1 on.
    revisions: Vec<Fields>,
    edition: u64,
    /// Calls that were answered, which have to be in the log.
    logged: VecDeque<(Instant, String, Value)>,
    /// When a key was last revoked: tokens that are not valid are counted, and a crowd of them is refused.
    revoked: Instant,
}

impl Writer {
    pub fn new(office: Arc<Office>, seed: u64) -> Self {
        let (client, calling) = (Client::new(&office.address), Client::new(&office.address));
        Self {
            office,
            random: Random::new(seed),
            client,
            calling,
            revisions: Vec::new(),
            edition: 0,
            logged: VecDeque::new(),
            revoked: Instant::now(),
        }
    }

    fn now(&self) -> State {
        self.office.history.lock().expect("nobody panicked").now()
    }

    /// Changes things until the load is over.
    pub async fn write_on_and_on(mut self) -> Self {
        while !self.office.watch.is_over() {
            // What was not meant has been told; the next change is another matter.
            let _ = self.step().await;
            if self.random.percent(1) {
                self.client.hang_up();
                self.calling.hang_up();
            }
        }
        self
    }

    /// One change or look, of those that an organization's people and programs make.
    async fn step(&mut self) -> Option<()> {
        match self.random.below(100) {
            0..20 => self.put_edition().await,
            20..26 => self.put_if_match().await,
            26..30 => self.put_what_is_refused().await,
            30..40 => self.put_fields().await,
            40..45 => self.restore().await,
            45..47 => self.delete_and_make().await,
            47..60 => self.set_switch().await,
            60..67 => self.publish().await,
            67..71 => self.turn_agent_off_and_on().await,
            71..74 => self.come_and_go().await,
            74..77 => self.register().await,
            77..81 => self.make_and_revoke_key().await,
            81..88 => self.read_config().await,
            88..95 => self.read_log().await,
            95..97 => self.check().await,
            97..99 => self.simulate().await,
            _ => self.look_beside().await,
        }
    }

    /// Once all is over: what is stored is what was written.
    pub async fn read_back(mut self) {
        // What was not meant is told.
        let _ = self.read_config().await;
    }

    /// Asks what has to be answered so.
    async fn ask(&mut self, kind: Kind, method: &str, path: &str, body: Option<Value>, status: u16) -> Option<Answer> {
        let request = self.office.request(method, path, body);
        self.office.watch.expect(kind, &mut self.client, request, status).await
    }

    /// The same for what takes a core of the server.
    async fn ask_checked(&mut self, kind: Kind, request: Request<'_>, status: u16) -> Option<Answer> {
        let _turn = self.office.checks.acquire().await.expect("it stays open");
        self.office.watch.expect(kind, &mut self.client, request, status).await
    }

    /// Writes, with this outcome, and calls: calls that begin now have to see it.
    async fn write(&mut self, kind: Kind, request: Request<'_>, status: u16, then: State) -> Option<Answer> {
        self.office.history.lock().expect("nobody panicked").propose(then);
        let answer = match kind {
            Kind::Config | Kind::Restore => self.ask_checked(kind, request, status).await?,
            _ => self.office.watch.expect(kind, &mut self.client, request, status).await?,
        };
        self.office.history.lock().expect("nobody panicked").settle();
        self.see().await?;
        Some(answer)
    }

    /// A call that has to see all that was answered.
    async fn see(&mut self) -> Option<()> {
        let call = any_call(&mut self.random);
        let (id, decision) = self.office.call(&mut self.calling, &self.office.token, call, true).await?;
        if self.logged.len() < 64 && self.random.percent(20) {
            self.logged.push_back((Instant::now(), id, decision));
        }
        Some(())
    }
}
