//! The config: new texts, single fields, `If-Match`, refused, restored and deleted configs; and the
//! switch.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{CONFIG, Writer};
use crate::soak::client::{Request, SoakAnswer};
use crate::soak::model::{Fields, State, Storm, Who, has_storm, text};
use crate::soak::watch::RequestKind;

/// The fields as JSON.
fn sent(fields: Fields, ids: &[String; 2]) -> Value {
    let (agent, version) = fields.fallback.map_or((None, None), |(who, version)| (Some(&ids[who as usize]), version));
    json!({
        "workflow_definition": text(fields.edition, ids),
        "fallback_agent_id": agent,
        "fallback_agent_version": version,
        "enabled": fields.enabled,
    })
}

impl Writer {
    fn fields(&self) -> (u64, Fields) {
        self.now().config.expect("the organization has a config between two steps")
    }

    /// Sends a change that leads to these fields, and checks the answer.
    async fn put(&mut self, body: Value, condition: Option<(&str, String)>, fields: Fields) -> Option<()> {
        let (was, old) = self.fields();
        let revision = if fields == old { was } else { self.revisions.len() as u64 + 1 };
        let mut then = self.now();
        then.revise(revision, fields);
        let office = Arc::clone(&self.office);
        let request = Request { condition, ..office.request("PUT", CONFIG, Some(body)) };
        if revision != was {
            self.revisions.push(fields);
        }
        let answer = self.write(RequestKind::Config, request.clone(), 200, then).await?;
        self.is_config(RequestKind::Config, &request, &answer, revision, fields)
    }

    /// Whether an answer is the config with these fields.
    pub(super) fn is_config(
        &self,
        kind: RequestKind,
        request: &Request<'_>,
        answer: &SoakAnswer,
        revision: u64,
        fields: Fields,
    ) -> Option<()> {
        let body = answer.json();
        let of = |names: &[&str]| names.iter().map(|name| body[*name].clone()).collect::<Vec<_>>();
        let names = ["workflow_definition", "fallback_agent_id", "fallback_agent_version", "enabled"];
        let mut meant = sent(fields, &self.office.ids);
        let meant: Vec<Value> = names.iter().map(|name| meant[*name].take()).collect();
        let found = json!([of(&names), body["revision"], answer.header("etag")]);
        let meant = json!([meant, revision, format!("\"{revision}\"")]);
        self.office.watch.is(kind, request, answer, &found, &meant).then_some(())
    }

    fn next_edition(&mut self) -> u64 {
        self.edition += 1;
        self.edition
    }

    pub(super) async fn put_edition(&mut self) -> Option<()> {
        let fields = Fields { edition: self.next_edition(), ..self.fields().1 };
        let body = json!({"workflow_definition": text(fields.edition, &self.office.ids)});
        self.put(body, None, fields).await
    }

    /// With the current tag, and with an old one.
    pub(super) async fn put_if_match(&mut self) -> Option<()> {
        let (revision, fields) = self.fields();
        let fields = Fields { edition: self.next_edition(), ..fields };
        let body = json!({"workflow_definition": text(fields.edition, &self.office.ids)});
        let office = Arc::clone(&self.office);
        let late = Some(("if-match", format!("\"{}\", W/\"{revision}\"", revision + 1)));
        let refused = Request { condition: late, ..office.request("PUT", CONFIG, Some(body.clone())) };
        self.ask_checked(RequestKind::Config, refused, 412).await?;
        self.see().await?;
        self.put(body, Some(("if-match", format!("\"{revision}\""))), fields).await
    }

    /// If a field is wrong, nothing is stored.
    pub(super) async fn put_what_is_refused(&mut self) -> Option<()> {
        let office = Arc::clone(&self.office);
        let broken = text(self.edition + 1, &office.ids).replace("route to desk", "route to dsk");
        for body in [
            json!({"workflow_definition": broken, "enabled": false}),
            json!({"enabled": "no", "fallback_agent_id": null}),
            json!({"fallback_agent_id": office.ids[0], "fallback_agent_version": 1_000_000}),
        ] {
            let request = office.request("PUT", CONFIG, Some(body));
            let answer = self.ask_checked(RequestKind::Config, request.clone(), 422).await?;
            let body = answer.json();
            let is_told = body["diagnostics"][0]["code"] == "unknown-name" || body["errors"][0]["field"].is_string();
            self.office.watch.is(RequestKind::Config, &request, &answer, &is_told.into(), &true.into());
        }
        self.see().await
    }

    /// Single fields, and a change that changes nothing.
    pub(super) async fn put_fields(&mut self) -> Option<()> {
        let (_, fields) = self.fields();
        let newest = self.now().agents.map(|agent| agent.newest);
        let (body, fields) = match self.random.below(6) {
            0 | 1 => (json!({"enabled": !fields.enabled}), Fields { enabled: !fields.enabled, ..fields }),
            2 => (json!({"fallback_agent_id": null}), Fields { fallback: None, ..fields }),
            3 => (json!({"enabled": fields.enabled}), fields),
            _ => {
                let who = *self.random.one_of(&[Who::Desk, Who::Night]);
                let version =
                    self.random.percent(50).then(|| 1 + self.random.below(newest[who as usize] as usize) as u32);
                let body =
                    json!({"fallback_agent_id": self.office.ids[who as usize], "fallback_agent_version": version});
                (body, Fields { fallback: Some((who, version)), ..fields })
            }
        };
        self.put(body, None, fields).await
    }

    pub(super) async fn restore(&mut self) -> Option<()> {
        let restored = self.random.below(self.revisions.len());
        let fields = self.revisions[restored];
        let revision = self.revisions.len() as u64 + 1;
        let mut then = self.now();
        then.revise(revision, fields);
        let path = format!("{CONFIG}/revisions/{}/restore", restored + 1);
        let office = Arc::clone(&self.office);
        let request = office.request("POST", &path, None);
        self.revisions.push(fields);
        let answer = self.write(RequestKind::Restore, request.clone(), 200, then).await?;
        self.is_config(RequestKind::Restore, &request, &answer, revision, fields)
    }

    pub(super) async fn delete_and_make(&mut self) -> Option<()> {
        let (_, fields) = self.fields();
        let office = Arc::clone(&self.office);
        let mut gone = self.now();
        (gone.config, gone.storm) = (None, Storm::Off);
        self.write(RequestKind::Config, office.request("DELETE", CONFIG, None), 204, gone).await?;
        self.ask(RequestKind::Config, "PUT", CONFIG, Some(json!({"enabled": true})), 404).await?;
        self.make_config(Fields { edition: self.edition + 1, ..fields }).await?;
        self.ask_checked(RequestKind::Config, office.request("POST", CONFIG, Some(sent(fields, &office.ids))), 409)
            .await?;
        Some(())
    }

    /// Makes the config, where there is none.
    pub(super) async fn make_config(&mut self, fields: Fields) -> Option<()> {
        self.edition = fields.edition;
        self.revisions.push(fields);
        let revision = self.revisions.len() as u64;
        let mut then = self.now();
        then.revise(revision, fields);
        let office = Arc::clone(&self.office);
        let request = office.request("POST", CONFIG, Some(sent(fields, &office.ids)));
        let answer = self.write(RequestKind::Config, request.clone(), 201, then).await?;
        self.is_config(RequestKind::Config, &request, &answer, revision, fields)
    }

    /// On, off, or on for a moment.
    pub(super) async fn set_switch(&mut self) -> Option<()> {
        let path = format!("{CONFIG}/switches/storm");
        if !has_storm(self.fields().1.edition) {
            self.ask(RequestKind::Switch, "PUT", &path, Some(json!({"on": true})), 404).await?;
            return self.see().await;
        }
        let until = Timestamp::now() + SignedDuration::from_millis(300 + self.random.below(2000) as i64);
        let (body, storm) = match self.random.below(3) {
            0 => (json!({"on": true}), Storm::On),
            1 => (json!({"on": true, "until": until.to_string()}), Storm::Until(micros(until))),
            _ => (json!({"on": false}), Storm::Off),
        };
        let office = Arc::clone(&self.office);
        let request = office.request("PUT", &path, Some(body));
        let then = State { storm, ..self.now() };
        office.history.lock().expect("nobody panicked").propose(then);
        let answer = office.watch.ask_patiently(RequestKind::Switch, &mut self.client, &request).await;
        if answer.status == 422 && matches!(storm, Storm::Until(end) if end <= Timestamp::now()) {
            // It waited for its turn for so long that its end was in the past when it was sent.
            office.history.lock().expect("nobody panicked").withdraw();
            return self.see().await;
        }
        let is_on = json!([200, !matches!(storm, Storm::Off)]);
        let found = json!([answer.status, answer.json()["on"]]);
        if !office.watch.is(RequestKind::Switch, &request, &answer, &found, &is_on) {
            return None;
        }
        office.history.lock().expect("nobody panicked").settle();
        self.see().await
    }
}

/// Instants are kept to the microsecond.
fn micros(instant: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(instant.as_microsecond()).expect("it was one")
}
