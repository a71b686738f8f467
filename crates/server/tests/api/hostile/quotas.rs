//! What the operator allows an organization to send and keep.

use std::sync::Arc;
use std::time::{Duration, Instant};

use callplan_service::store::{DefaultLimits, Limit, Limited};
use tokio::task::JoinSet;

use super::*;
use crate::service::Answer;

/// No limits but those that are given.
const NONE: DefaultLimits =
    DefaultLimits { calls: None, writes: None, text_bytes: None, keys: None, agents: None, numbers: None };

fn is_over_quota(answer: Answer) {
    assert_eq!(answer.expect(429)["code"], "quota_exceeded");
}

/// Gives an organization limits of its own, as the command line does.
async fn limit(service: &Service, tenant: &Tenant, limited: Limited, limit: Limit) {
    let organization = tenant.organization;
    let set = service.app().store.write(move |store| store.set_limit(organization, limited, Some(limit)));
    set.await.expect("it is written");
    let access = service.app().store.read(|store| store.access()).await.expect("it is read");
    service.app().live.replace_access(&access);
}

#[tokio::test]
async fn who_keeps_too_much_is_refused_and_others_are_not() {
    let limits = DefaultLimits { keys: Some(3), agents: Some(2), numbers: Some(2), text_bytes: Some(200), ..NONE };
    let (service, hostile) = two_with(Settings { limits, ..Settings::default() }).await;
    let key = json!({"name": "More", "scopes": ["inbound_calls:read"]});
    let text = |rule: &str| json!({"workflow_definition": format!("switch storm\nrule \"{rule}\" {{ reject }}\n")});
    let number = |at: usize| json!({"phone_number": format!("+1503555010{at}"), "trunk_id": "main"});
    for at in 0..2 {
        hostile.post(&service, "/core/api-keys", key.clone()).await.expect(201);
        hostile.post(&service, "/core/agents", json!({"name": "Desk"})).await.expect(201);
        hostile.post(&service, "/core/phone-numbers", number(at)).await.expect(201);
    }
    let long = "x".repeat(100);
    hostile.put(&service, CONFIG, text(&long)).await.expect(200);
    for (refused, words) in [
        (hostile.post(&service, "/core/api-keys", key.clone()).await, "3 keys that are not revoked"),
        (hostile.post(&service, "/core/agents", json!({"name": "Desk"})).await, "2 agents"),
        (hostile.post(&service, "/core/phone-numbers", number(2)).await, "2 phone numbers"),
        (hostile.put(&service, CONFIG, text("more")).await, "200 bytes of texts"),
    ] {
        assert_eq!(refused.headers["retry-after"], "3600");
        let refused = refused.expect(429);
        assert_eq!(refused["code"], "quota_exceeded");
        assert_eq!(refused["detail"], format!("The organization may have {words}. Ask the operator for more."));
    }
    // What takes no more room goes on, and so does the same text with another field.
    hostile.put(&service, CONFIG, json!({"enabled": false})).await.expect(200);
    let same = json!({"workflow_definition": text(&long)["workflow_definition"], "enabled": true});
    hostile.put(&service, CONFIG, same).await.expect(200);
    hostile.post(&service, &format!("{CONFIG}/revisions/1/restore"), json!({})).await.expect(200);
    service.post("/core/api-keys", key.clone()).await.expect(201);
    service.post("/core/agents", json!({"name": "Desk"})).await.expect(201);
    service.post("/core/phone-numbers", number(2)).await.expect(201);
    service.put(CONFIG, text("other")).await.expect(200);
    // The operator gives one more.
    limit(&service, &hostile, Limited::Keys, None).await;
    hostile.post(&service, "/core/api-keys", key).await.expect(201);
}

#[tokio::test]
async fn a_quota_below_what_is_kept_refuses_only_what_is_new() {
    let (service, hostile) = two_with(Settings { limits: NONE, ..Settings::default() }).await;
    let new = |name: &str| json!({"name": name, "metadata": {"queue": "desk"}});
    let first = hostile.post(&service, "/core/agents", new("First")).await.expect(201);
    hostile.post(&service, "/core/agents", new("Second")).await.expect(201);
    limit(&service, &hostile, Limited::Agents, Some(1)).await;
    limit(&service, &hostile, Limited::TextBytes, Some(0)).await;
    let path = format!("/core/agents/{}", first["id"].as_str().expect("text"));
    is_over_quota(hostile.post(&service, "/core/agents", new("Third")).await);
    // Of what is kept, all but its growth goes on.
    hostile.put(&service, &path, json!({"name": "Desk", "metadata": {"queue": "door"}})).await.expect(200);
    is_over_quota(hostile.put(&service, &path, json!({"metadata": {"queue": "reception"}})).await);
    is_over_quota(hostile.post(&service, &format!("{path}/versions"), json!({"config": {"voice": "calm"}})).await);
    hostile.post(&service, &format!("{path}/versions"), json!({})).await.expect(201);
    hostile.delete(&service, &path).await.expect(204);
    is_over_quota(hostile.post(&service, "/core/agents", new("Third")).await);
    service.post("/core/agents", new("Third")).await.expect(201);
    all_goes_on(&service).await;
}

#[tokio::test]
async fn writes_at_the_same_time_exceed_no_quota() {
    const QUOTA: u64 = 5;
    let limits = DefaultLimits { keys: Some(QUOTA), agents: Some(QUOTA), numbers: Some(QUOTA), ..NONE };
    let (service, hostile) = two_with(Settings { limits, ..Settings::default() }).await;
    let service = Arc::new(service);
    let key = |_| json!({"name": "More", "scopes": ["inbound_calls:read"]});
    let agent = |_| json!({"name": "Desk"});
    let number = |at| json!({"phone_number": format!("+1503555{at:04}"), "trunk_id": "main"});
    // The organization has begun with a key.
    let cases: [(_, fn(u64) -> _, _); 3] =
        [("/core/api-keys", key, QUOTA - 1), ("/core/agents", agent, QUOTA), ("/core/phone-numbers", number, QUOTA)];
    for (path, body, room) in cases {
        let post = |at| {
            let (service, hostile) = (Arc::clone(&service), hostile.clone());
            async move { hostile.post(&service, path, body(at)).await }
        };
        let posts: JoinSet<_> = (0..4 * QUOTA).map(post).collect();
        let (made, refused): (Vec<_>, Vec<_>) =
            posts.join_all().await.into_iter().partition(|answer| answer.status == 201);
        assert_eq!(made.len() as u64, room, "{path}");
        refused.into_iter().for_each(is_over_quota);
    }
    let kept = service.app().store.read({
        let organization = hostile.organization;
        move |store| store.kept(organization)
    });
    let kept = kept.await.expect("it is read");
    assert_eq!((kept.keys, kept.agents, kept.numbers), (QUOTA, QUOTA, QUOTA));
}

#[tokio::test]
async fn who_sends_too_much_waits_and_others_do_not() {
    let (service, hostile) = two_with(Settings { limits: NONE, ..Settings::default() }).await;
    let call = json!({"called_number": "+15035550100"});
    let agent = json!({"name": "Desk"});
    limit(&service, &hostile, Limited::Calls, Some(0)).await;
    limit(&service, &hostile, Limited::Writes, Some(0)).await;
    for (path, body, wait) in [("/core/inbound-calls", &call, "1"), ("/core/agents", &agent, "60")] {
        let refused = hostile.post(&service, path, body.clone()).await;
        assert_eq!(refused.headers["retry-after"], wait);
        assert_eq!(refused.expect(429)["code"], "rate_limited");
    }
    // A limit of writes stops no switch-off, no restore and no switch.
    hostile.put(&service, CONFIG, json!({"enabled": false})).await.expect(200);
    hostile.post(&service, &format!("{CONFIG}/revisions/1/restore"), json!({})).await.expect(200);
    hostile.put(&service, &format!("{CONFIG}/switches/storm"), json!({"on": true})).await.expect(200);
    // Urgent writes have a limit of their own.
    let slot = service.app().live.organization(hostile.organization).expect("it is there");
    let later = Instant::now() + Duration::from_secs(3600);
    slot.urgent_writes.admit(1, Duration::from_secs(60), later).expect("it is the first in an hour");
    let refused = hostile.put(&service, &format!("{CONFIG}/switches/storm"), json!({"on": true})).await;
    assert_eq!(refused.expect(429)["code"], "rate_limited");
    all_goes_on(&service).await;
    limit(&service, &hostile, Limited::Calls, None).await;
    hostile.post(&service, "/core/inbound-calls", call).await.expect(200);
}

#[tokio::test]
async fn numbers_are_reserved_to_the_operator_who_moves_them() {
    let (service, hostile) = two_with(Settings { reserve_numbers: true, ..Settings::default() }).await;
    let number = json!({"phone_number": "+15035550100", "trunk_id": "main"});
    let refused = hostile.post(&service, "/core/phone-numbers", number).await.expect(403);
    assert_eq!(refused["code"], "reserved_to_operator");
    let (from, to) = (hostile.organization, service.tenant.organization);
    let store = service.app().store.clone();
    let now = jiff::Timestamp::now();
    let made = store.write(move |store| store.register_number(from, "+15035550100", Some("main"), now));
    made.await.expect("it is written");
    let path = "/core/phone-numbers/%2B15035550100";
    assert_eq!(hostile.delete(&service, path).await.expect(403)["code"], "reserved_to_operator");
    store.write(move |store| store.move_number("+15035550100", (from, to))).await.expect("it is written");
    hostile.get(&service, path).await.expect(404);
    assert_eq!(service.get(path).await.expect(200)["trunk_id"], "main");
}

#[tokio::test]
async fn a_key_is_made_and_revoked_and_the_others_stay() {
    let (service, hostile) = two().await;
    let made =
        service.post("/core/api-keys", json!({"name": "Mine", "scopes": ["inbound_calls:read"]})).await.expect(201);
    let key = Tenant { token: made["token"].as_str().expect("text").to_owned(), ..service.tenant.clone() };
    key.get(&service, "/core/inbound-calls").await.expect(200);
    hostile.get(&service, "/core/inbound-calls").await.expect(200);
    let path = format!("/core/api-keys/{}", made["id"].as_str().expect("text"));
    service.delete(&path).await.expect(204);
    key.get(&service, "/core/inbound-calls").await.expect(401);
    hostile.get(&service, "/core/inbound-calls").await.expect(200);
}
