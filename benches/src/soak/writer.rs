//! The writer: it makes one change after the other to an organization, and sees at once that each
//! has taken effect. The expected outcome of a change is computed before it is sent.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;

use super::client::{Client, Request, SoakAnswer};
use super::model::{Fields, State};
use super::office::{Office, any_call};
use super::watch::RequestKind;
use crate::random::Random;

mod config;
mod neighbours;
mod reading;

pub const CONFIG: &str = "/core/inbound-routing-config";

/// The writer of an organization.
pub struct Writer {
    office: Arc<Office>,
    random: Random,
    /// The connection for writes and reads, and for calls that must see them.
    client: Client,
    calling: Client,
    /// The fields of all revisions, from 1 on.
    revisions: Vec<Fields>,
    edition: u64,
    /// Answered calls, which must be in the log.
    logged: VecDeque<(Instant, String, Value)>,
    /// When a key was last revoked. The server counts invalid tokens, and refuses too many at once.
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

    /// Makes changes until the load is over.
    pub async fn write_on_and_on(mut self) -> Self {
        while !self.office.watch.is_over() {
            // An unexpected answer has been recorded; the next change does not depend on it.
            let _ = self.step().await;
            if self.random.percent(1) {
                self.client.hang_up();
                self.calling.hang_up();
            }
        }
        self
    }

    /// One random change or read of those that an organization's people and programs make.
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

    /// At the end: the stored state must be the one that was written.
    pub async fn read_back(mut self) {
        // An unexpected answer has been recorded.
        let _ = self.read_config().await;
    }

    /// Sends a request with an expected status.
    async fn ask(
        &mut self,
        kind: RequestKind,
        method: &str,
        path: &str,
        body: Option<Value>,
        status: u16,
    ) -> Option<SoakAnswer> {
        let request = self.office.request(method, path, body);
        self.office.watch.expect(kind, &mut self.client, request, status).await
    }

    /// The same for a request that takes a core of the server.
    async fn ask_checked(&mut self, kind: RequestKind, request: Request<'_>, status: u16) -> Option<SoakAnswer> {
        let _turn = self.office.checks.acquire().await.expect("it stays open");
        self.office.watch.expect(kind, &mut self.client, request, status).await
    }

    /// Makes a change that leads to this state, and then a call, which must see it.
    async fn write(&mut self, kind: RequestKind, request: Request<'_>, status: u16, then: State) -> Option<SoakAnswer> {
        self.office.history.lock().expect("nobody panicked").propose(then);
        let answer = match kind {
            RequestKind::Config | RequestKind::Restore => self.ask_checked(kind, request, status).await?,
            _ => self.office.watch.expect(kind, &mut self.client, request, status).await?,
        };
        self.office.history.lock().expect("nobody panicked").settle();
        self.see().await?;
        Some(answer)
    }

    /// Makes a call, which must see all answered changes.
    async fn see(&mut self) -> Option<()> {
        let call = any_call(&mut self.random);
        let (id, decision) = self.office.call(&mut self.calling, &self.office.token, call, true).await?;
        if self.logged.len() < 64 && self.random.percent(20) {
            self.logged.push_back((Instant::now(), id, decision));
        }
        Some(())
    }
}
