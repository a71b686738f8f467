//! Agents and their versions, numbers, and keys.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{CONFIG, Writer};
use crate::soak::client::Request;
use crate::soak::model::{Fields, OWN_NUMBERS, SoakAgent, Who, own_number};
use crate::soak::office::any_call;
use crate::soak::watch::RequestKind;

/// Time between two revocations: the server accepts one invalid token a second.
const BETWEEN_REVOCATIONS: Duration = Duration::from_millis(1500);

impl Writer {
    /// The first state of an organization, whose agents have no version yet.
    pub async fn begin(&mut self) -> Option<()> {
        for who in [Who::Desk, Who::Night] {
            self.publish_next(who, None).await?;
        }
        for at in 0..OWN_NUMBERS {
            let body = json!({"phone_number": own_number(self.office.at, at), "trunk_id": "trunk-a"});
            self.ask(RequestKind::Number, "POST", "/core/phone-numbers", Some(body), 201).await?;
        }
        self.make_config(Fields { edition: 1, fallback: Some((Who::Night, None)), enabled: true }).await
    }

    /// Makes the next version of an agent and publishes it, with or without a number to assign or
    /// to take away.
    pub(super) async fn publish(&mut self) -> Option<()> {
        let who = *self.random.one_of(&[Who::Desk, Who::Night]);
        let number = self.random.percent(50).then(|| self.random.below(OWN_NUMBERS));
        self.publish_next(who, number).await
    }

    async fn publish_next(&mut self, who: Who, number: Option<usize>) -> Option<()> {
        let office = Arc::clone(&self.office);
        let versions = format!("/core/agents/{}/versions", office.ids[who as usize]);
        let draft = json!({"config": {"voice": "warm"}});
        let made = self.ask(RequestKind::Version, "POST", &versions, Some(draft), 201).await?;
        // A draft must not answer calls.
        self.see().await?;
        let mut then = self.now();
        let version = then.agents[who as usize].newest + 1;
        then.agents[who as usize].newest = version;
        let body = number.map(|at| {
            let named = json!([own_number(office.at, at)]);
            let is_ours = then.own_numbers[at].is_some_and(|(owner, _)| owner == who);
            if is_ours && self.random.percent(50) {
                then.own_numbers[at] = None;
                return json!({"unassign_phone_numbers": named});
            }
            then.own_numbers[at] = Some((who, version));
            json!({"phone_numbers": named})
        });
        let path = format!("{versions}/{version}/publish");
        let request = office.request("POST", &path, body);
        office.watch.is(RequestKind::Version, &request, &made, &made.json()["version"], &version.into());
        self.write(RequestKind::Version, request, 200, then).await?;
        // A publication with another organization's number changes nothing.
        let foreign = json!({"phone_numbers": [own_number(office.at, 0), "+12065559999"]});
        self.ask(RequestKind::Version, "POST", &path, Some(foreign), 422).await?;
        Some(())
    }

    pub(super) async fn turn_agent_off_and_on(&mut self) -> Option<()> {
        let who = *self.random.one_of(&[Who::Desk, Who::Night]);
        for active in [false, true] {
            let mut then = self.now();
            let SoakAgent { newest, .. } = then.agents[who as usize];
            then.agents[who as usize] = SoakAgent { active, newest };
            let office = Arc::clone(&self.office);
            let path = format!("/core/agents/{}", office.ids[who as usize]);
            let request = office.request("PUT", &path, Some(json!({"active": active})));
            self.write(RequestKind::Agent, request, 200, then).await?;
            for _ in 0..3 {
                self.see().await?;
            }
        }
        Some(())
    }

    /// An agent that is created and deleted, and one that cannot be deleted.
    pub(super) async fn come_and_go(&mut self) -> Option<()> {
        let body = json!({"name": "Temp", "metadata": {"team": "office"}});
        let made = self.ask(RequestKind::Agent, "POST", "/core/agents", Some(body), 201).await?.json();
        let path = format!("/core/agents/{}", made["id"].as_str()?);
        self.ask(RequestKind::Agent, "GET", &path, None, 200).await?;
        self.ask(RequestKind::Agent, "DELETE", &path, None, 204).await?;
        self.ask(RequestKind::Agent, "GET", &path, None, 404).await?;
        let used = format!("/core/agents/{}", self.office.ids[Who::Night as usize]);
        self.ask(RequestKind::Agent, "DELETE", &used, None, 409).await?;
        self.ask(RequestKind::Agent, "GET", "/core/agents?limit=10", None, 200).await?;
        self.see().await
    }

    pub(super) async fn register(&mut self) -> Option<()> {
        let number = format!("+1206556{:03}{}", self.office.at, self.random.below(10));
        let body = json!({"phone_number": number, "trunk_id": "trunk-a"});
        let path = format!("/core/phone-numbers/%2B{}", &number[1..]);
        self.ask(RequestKind::Number, "POST", "/core/phone-numbers", Some(body.clone()), 201).await?;
        self.ask(RequestKind::Number, "POST", "/core/phone-numbers", Some(body), 409).await?;
        let answer = self.ask(RequestKind::Number, "GET", &path, None, 200).await?;
        let request = self.office.request("GET", &path, None);
        self.office.watch.is(RequestKind::Number, &request, &answer, &answer.json()["phone_number"], &number.into());
        self.ask(RequestKind::Number, "DELETE", &path, None, 204).await?;
        self.ask(RequestKind::Number, "GET", &path, None, 404).await.map(drop)
    }

    /// A key is valid from the next request on, and is refused from the request after its
    /// revocation on.
    pub(super) async fn make_and_revoke_key(&mut self) -> Option<()> {
        if self.revoked.elapsed() < BETWEEN_REVOCATIONS * self.office.neighbours {
            return self.see().await;
        }
        self.revoked = Instant::now();
        let body = json!({"name": "Carrier", "scopes": ["inbound_calls:route"]});
        let made = self.ask(RequestKind::Key, "POST", "/core/api-keys", Some(body), 201).await?.json();
        let (id, token) = (made["id"].as_str()?, made["token"].as_str()?);
        let call = any_call(&mut self.random);
        self.office.call(&mut self.calling, token, call, true).await?;
        let office = Arc::clone(&self.office);
        let as_carrier = |request| Request { token, ..request };
        let config = as_carrier(office.request("GET", CONFIG, None));
        office.watch.expect(RequestKind::Key, &mut self.calling, config.clone(), 403).await?;
        self.ask(RequestKind::Key, "DELETE", &format!("/core/api-keys/{id}"), None, 204).await?;
        let refused = office.watch.ask_now(RequestKind::Key, &mut self.calling, &config).await;
        office.watch.is(RequestKind::Key, &config, &refused, &refused.status.into(), &401.into());
        self.see().await
    }
}
