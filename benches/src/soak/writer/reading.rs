//! Reads: the config and its revisions, the call log, checks and simulations, and the pages beside
//! the API.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{CONFIG, Writer};
use crate::soak::client::Request;
use crate::soak::model::{Call, Fields, text};
use crate::soak::office::{CALLS, any_call};
use crate::soak::watch::RequestKind;

/// Maximum time until an answered call is in the log.
const UNTIL_READABLE: Duration = Duration::from_secs(1);

impl Writer {
    pub(super) async fn read_config(&mut self) -> Option<()> {
        let (revision, fields) = self.now().config?;
        let office = Arc::clone(&self.office);
        let request = office.request("GET", CONFIG, None);
        let answer = office.watch.expect(RequestKind::Config, &mut self.client, request.clone(), 200).await?;
        self.is_config(RequestKind::Config, &request, &answer, revision, fields)?;
        let same = Request { condition: Some(("if-none-match", format!("\"{revision}\""))), ..request };
        office.watch.expect(RequestKind::Config, &mut self.client, same, 304).await?;
        let path = format!("{CONFIG}/revisions?limit=5");
        let answer = self.ask(RequestKind::Config, "GET", &path, None, 200).await?;
        let newest = &answer.json()["items"][0]["revision"];
        let request = office.request("GET", &path, None);
        office.watch.is(RequestKind::Config, &request, &answer, newest, &self.revisions.len().into());
        let any = self.random.below(self.revisions.len());
        let path = format!("{CONFIG}/revisions/{}", any + 1);
        let answer = self.ask(RequestKind::Config, "GET", &path, None, 200).await?;
        let meant = text(self.revisions[any].edition, &office.ids);
        let request = office.request("GET", &path, None);
        office.watch.is(RequestKind::Config, &request, &answer, &answer.json()["workflow_definition"], &meant.into());
        Some(())
    }

    /// An earlier call, which must be in the log with its decision, and with its trace if there is
    /// one; and a list.
    pub(super) async fn read_log(&mut self) -> Option<()> {
        let is_due = |(at, ..): &(Instant, String, Value)| at.elapsed() >= UNTIL_READABLE;
        let Some((_, id, decision)) = self.logged.front().filter(|call| is_due(call)).cloned() else {
            self.ask(RequestKind::Log, "GET", &format!("{CALLS}?action=answer&limit=20"), None, 200).await?;
            return self.see().await;
        };
        self.logged.pop_front();
        let path = format!("{CALLS}/{id}");
        let office = Arc::clone(&self.office);
        let request = office.request("GET", &path, None);
        let answer = self.ask_checked(RequestKind::Log, request.clone(), 200).await?;
        let body = answer.json();
        // Every path through the plan ends at a rule.
        let was_run = decision["rule"].is_string();
        let found = json!([body["decision"], body["trace"].is_array()]);
        office.watch.is(RequestKind::Log, &request, &answer, &found, &json!([decision, was_run]));
        let listed = self.ask(RequestKind::Log, "GET", &format!("{CALLS}?source=workflow&limit=10"), None, 200).await?;
        let is_full = listed.json()["items"].as_array().is_some_and(|items| !items.is_empty());
        office.watch.is(RequestKind::Log, &request, &listed, &is_full.into(), &true.into());
        Some(())
    }

    pub(super) async fn check(&mut self) -> Option<()> {
        let office = Arc::clone(&self.office);
        let right = text(self.edition + 1, &office.ids);
        let wrong = right.replace("route to night", "route to knight");
        let path = format!("{CONFIG}/check");
        for (text, is_right) in [(right, true), (wrong, false)] {
            let request = office.request("POST", &path, Some(json!({"workflow_definition": text})));
            let answer = self.ask_checked(RequestKind::Check, request.clone(), 200).await?;
            office.watch.is(RequestKind::Check, &request, &answer, &answer.json()["ok"], &is_right.into());
        }
        Some(())
    }

    /// A simulation by the stored plan decides as a call does, but also if the config is disabled;
    /// and one by another plan.
    pub(super) async fn simulate(&mut self) -> Option<()> {
        let office = Arc::clone(&self.office);
        let path = format!("{CONFIG}/simulate");
        let mut state = self.now();
        let (revision, fields) = state.config?;
        state.config = Some((revision, Fields { enabled: true, ..fields }));
        let call = match any_call(&mut self.random) {
            Call::OwnNumber(_) => Call::Line(0),
            call => call,
        };
        let request = office.request("POST", &path, Some(json!({"call": call.body(office.at)})));
        let began = jiff::Timestamp::now();
        let answer = self.ask_checked(RequestKind::Simulate, request.clone(), 200).await?;
        let meant = state.answers(call, began, jiff::Timestamp::now(), &office.ids);
        let decided = &answer.json()["decision"];
        if !meant.contains(decided) {
            office.watch.is(RequestKind::Simulate, &request, &answer, decided, &Value::Array(meant));
        }
        let other = text(self.edition + 1, &office.ids);
        let body = json!({"workflow_definition": other, "call": Call::Unwanted.body(office.at)});
        let request = office.request("POST", &path, Some(body));
        let answer = self.ask_checked(RequestKind::Simulate, request.clone(), 200).await?;
        office.watch.is(
            RequestKind::Simulate,
            &request,
            &answer,
            &answer.json()["decision"]["rule"],
            &"Unwanted".into(),
        );
        Some(())
    }

    /// The pages that need no credential.
    pub(super) async fn look_beside(&mut self) -> Option<()> {
        let path = *self.random.one_of(&["/metrics", "/metrics", "/healthz", "/readyz", "/openapi.json", "/docs"]);
        self.ask(RequestKind::Beside, "GET", path, None, 200).await?;
        self.see().await
    }
}
