//! The audit trail: every write leaves an event, and only its own organization sees it.

use std::collections::BTreeSet;

use axum::http::Method;
use callplan_service::credentials::Scope;
use callplan_service::store::AuditKind;
use serde_json::{Value, json};

use crate::examples;
use crate::service::{Service, Tenant, all_pages, is_just_now, pairs, text};

const EVENTS: &str = "/core/audit-events";
const CONFIG: &str = "/core/inbound-routing-config";

/// The operations that are neither GET nor a write: questions, and calls, which have a log of their
/// own.
const QUESTIONS: [&str; 11] = [
    "check_plan",
    "simulate_call",
    "complete_plan",
    "hover_plan",
    "format_plan",
    "diff_plans",
    "timeline",
    "replay_calls",
    "write_example",
    "effects",
    "decide_call",
];

async fn events(service: &Service, client: &Tenant, query: &str) -> Vec<Value> {
    let page = client.get(service, &format!("{EVENTS}?limit=100{query}")).await.expect(200);
    page["items"].as_array().expect("items").clone()
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["kind"].as_str()).collect()
}

/// Walks every operation of the document. A new operation is a write, unless it is a GET or among
/// the questions.
#[tokio::test]
async fn every_write_leaves_an_event_and_nothing_else_does() {
    let service = Service::start().await;
    let walked = examples::scenario(&service).await.events;
    let operations = service.contract.operations();
    let names: BTreeSet<&str> = operations.iter().map(|operation| operation.id).collect();
    assert!(QUESTIONS.iter().all(|question| names.contains(question)));
    assert_eq!(walked.iter().map(|(id, _)| id.as_str()).collect::<BTreeSet<_>>(), names, "all are walked");
    let mut before = 0;
    for (id, count) in &walked {
        let operation = operations.iter().find(|operation| operation.id == id).expect("it is documented");
        let is_write = operation.method != Method::GET && !QUESTIONS.contains(&id.as_str());
        assert_eq!(*count > before, is_write, "{id}: {before} events before, {count} after");
        before = *count;
    }
    let trail = service.audit_trail().await;
    let ours = Some(service.tenant.organization);
    assert!(trail.iter().all(|event| event.organization == ours && event.from.as_deref() == Some("127.0.0.1")));
    assert_eq!(events(&service, &service.stranger, "").await, Vec::<Value>::new());
}

#[tokio::test]
async fn an_event_says_who_did_what_to_which_object() {
    let service = Service::start().await;
    let user = service.user().await;
    let who = user.get(&service, "/core/whoami").await.expect(200);
    let agent = text(&user.post(&service, "/core/agents", json!({"name": "Desk"})).await.expect(201), "id");
    let change = json!({"name": "Reception", "metadata": {"password": "a secret"}, "description": "+14155550142"});
    user.put(&service, &format!("/core/agents/{agent}"), change.clone()).await.expect(200);
    // A second time it changes nothing.
    user.put(&service, &format!("/core/agents/{agent}"), change).await.expect(200);
    let found = events(&service, &service.tenant, "").await;
    assert_eq!(kinds(&found), ["agent.updated", "agent.created"]);
    let updated = &found[0];
    is_just_now(&updated["at"]);
    assert_eq!(updated["actor"], json!({"kind": "user", "id": who["id"]}));
    let key = user.token.strip_prefix("pat_").and_then(|token| token.split_once('.')).expect("a token").0;
    assert_eq!((&updated["key_id"], &updated["subject"]), (&json!(key), &json!(agent)));
    assert_eq!((&updated["from"], &updated["count"]), (&json!("127.0.0.1"), &json!(1)));
    assert_eq!(updated["before"], json!({"name": "Desk", "active": true}));
    let after = json!({"name": "Reception", "active": true, "also_changed": ["description", "metadata"]});
    assert_eq!(updated["after"], after);
}

#[tokio::test]
async fn no_event_has_a_secret_or_a_number_that_is_not_its_object() {
    let service = Service::start().await;
    let key = json!({"name": "Carrier", "scopes": ["inbound_calls:route"]});
    let made = service.post("/core/api-keys", key).await.expect(201);
    let rotated = service.post(&format!("/core/api-keys/{}/rotate", text(&made, "id")), json!({})).await.expect(200);
    let number = json!({"phone_number": "+14155550100", "trunk_id": "+14155550177"});
    service.post("/core/phone-numbers", number).await.expect(201);
    let agent = text(&service.post("/core/agents", json!({"name": "a"})).await.expect(201), "id");
    let config = json!({"config": {"token": "sk-secret", "transfer": "+14155550178"}});
    service.post(&format!("/core/agents/{agent}/versions"), config).await.expect(201);
    let publish = json!({"phone_numbers": ["+14155550100"]});
    service.post(&format!("/core/agents/{agent}/versions/1/publish"), publish).await.expect(200);
    let plan = "when caller in [+14155550179] { reject }\nfallback\n";
    service.post(CONFIG, json!({"workflow_definition": plan})).await.expect(201);
    service.post("/core/inbound-calls", json!({"called_number": "+14155550180"})).await.expect(200);
    let trail = format!("{:?}", service.audit_trail().await);
    for secret in [&made, &rotated].map(|made| text(made, "token").split_once('.').expect("a secret").1.to_owned()) {
        assert!(!trail.contains(&secret));
    }
    for hidden in ["sk-secret", "4155550177", "4155550178", "4155550179", "4155550180"] {
        assert!(!trail.contains(hidden), "{hidden}");
    }
    let of_number = events(&service, &service.tenant, "&subject=%2B14155550100").await;
    assert_eq!(kinds(&of_number), ["phone_number.assigned", "phone_number.registered"]);
    assert_eq!(of_number[0]["after"], json!({"agent_id": agent, "version": 1}));
}

#[tokio::test]
async fn descendants_are_revoked_with_an_event_each() {
    let service = Service::start().await;
    let body = json!({"name": "x", "scopes": ["api_keys:manage"]});
    let root = service.post("/core/api-keys", body.clone()).await.expect(201);
    let maker = Tenant { token: text(&root, "token"), ..service.tenant.clone() };
    let child = maker.post(&service, "/core/api-keys", body).await.expect(201);
    service.delete(&format!("/core/api-keys/{}", text(&root, "id"))).await.expect(204);
    let revoked = events(&service, &service.tenant, "&kind=api_key.revoked").await;
    let subjects: BTreeSet<_> = revoked.iter().map(|event| text(event, "subject")).collect();
    assert_eq!(subjects, BTreeSet::from([text(&root, "id"), text(&child, "id")]));
    let of_child = revoked.iter().find(|event| event["subject"] == child["id"]).expect("an event");
    assert_eq!(of_child["after"], json!({"revoked_with": root["id"]}));
}

#[tokio::test]
async fn a_refused_write_leaves_no_event() {
    let service = Service::start().await;
    service.post("/core/agents", json!({"name": ""})).await.expect(422);
    service.put(CONFIG, json!({"enabled": false})).await.expect(404);
    service.delete("/core/phone-numbers/%2B14155550100").await.expect(404);
    let reader = service.key(&[Scope::ReadAgents]).await;
    reader.post(&service, "/core/agents", json!({"name": "x"})).await.expect(403);
    assert_eq!(service.audit_trail().await, []);
}

#[tokio::test]
async fn two_organizations_see_their_own_trail_alone_with_filters_and_pages() {
    let service = Service::start().await;
    let stranger = service.stranger.clone();
    for number in 0..3 {
        for client in [&service.tenant, &stranger] {
            client.post(&service, "/core/agents", json!({"name": format!("Agent {number}")})).await.expect(201);
        }
    }
    let their_agent = text(&events(&service, &stranger, "").await[0], "subject");
    for query in [format!("&subject={their_agent}"), format!("&actor={their_agent}"), "&kind=agent.deleted".into()] {
        assert_eq!(events(&service, &service.tenant, &query).await, Vec::<Value>::new(), "{query}");
    }
    let ours = events(&service, &service.tenant, "").await;
    let pages = all_pages(&service, &format!("{EVENTS}?kind=agent.created"), 2).await;
    assert_eq!((pages.len(), pages.concat()), (2, ours.clone()));
    let (oldest, newest) = (text(&ours[2], "at"), text(&ours[0], "at"));
    let since = events(&service, &service.tenant, &format!("&since={newest}")).await;
    assert!(since.contains(&ours[0]) && !since.contains(&ours[2]));
    assert_eq!(events(&service, &service.tenant, &format!("&until={oldest}")).await, Vec::<Value>::new());
    let actor = text(&ours[0]["actor"], "id");
    assert_eq!(events(&service, &service.tenant, &format!("&actor={actor}")).await, ours);
    let cursor = text(&service.get(&format!("{EVENTS}?limit=1")).await.expect(200), "next_cursor");
    stranger.get(&service, &format!("{EVENTS}?limit=1&cursor={cursor}")).await.expect(422);
    let errors = service.get(&format!("{EVENTS}?kind=agent.painted&since=now&colour=red")).await.expect_errors();
    let time = "must be a time with an offset (RFC 3339)";
    let expected = [("kind", "is not the kind of an event"), ("since", time), ("colour", "is not a parameter of this")];
    assert_eq!(errors, pairs(&expected));
}

#[tokio::test]
async fn the_trail_is_for_those_who_may_read_it() {
    let service = Service::start().await;
    let others: Vec<_> = Scope::ALL.into_iter().filter(|scope| *scope != Scope::ReadAudit).collect();
    let none = service.key(&others).await;
    assert_eq!(none.get(&service, EVENTS).await.expect_detail(403), "This needs the scope `audit:read`.");
    let reader = service.key(&[Scope::ReadAudit]).await;
    reader.get(&service, EVENTS).await.expect(200);
    for method in ["POST", "PUT", "DELETE"] {
        let request = reader.request(method.parse().expect("a method"), EVENTS);
        service.send(request.body(axum::body::Body::empty()).expect("a request")).await.expect(405);
    }
}

#[test]
fn kinds_have_names_of_their_own() {
    let names: BTreeSet<&str> = AuditKind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), AuditKind::ALL.len());
}
