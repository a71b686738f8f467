//! The size of what is kept and answered.

use callplan_service::store::AgentFields;
use jiff::Timestamp;
use serde_json::Value;

use super::*;
use crate::service::{all_pages, text};

/// The largest field, in bytes.
const FIELD: usize = 64 << 10;
/// The largest page, in bytes: the texts, and the rest of the items.
const PAGE: usize = (1 << 20) + (64 << 10);

/// The pages of a list, each of which must be small; gives a field of all items.
async fn small_pages(service: &Service, path: &str, field: &str) -> (usize, Vec<Value>) {
    let pages = all_pages(service, &format!("{path}?"), 100).await;
    for page in &pages {
        let size: usize = page.iter().map(|item| item.to_string().len()).sum();
        assert!(size <= PAGE && !page.is_empty(), "{path}: {size} bytes in {} items", page.len());
    }
    (pages.len(), pages.into_iter().flatten().map(|item| item[field].clone()).collect())
}

#[tokio::test]
async fn pages_of_large_items_are_cut_and_lose_none() {
    let (service, hostile) = two().await;
    let large = "x".repeat(FIELD);
    let mut names = Vec::new();
    for number in 0..20 {
        let metadata = json!({"x": "x".repeat(FIELD - 8)});
        let agent = json!({"name": format!("Agent {number}"), "description": large, "metadata": metadata});
        service.post("/core/agents", agent).await.expect(201);
        names.push(Value::from(format!("Agent {number}")));
    }
    let (pages, found) = small_pages(&service, "/core/agents", "name").await;
    assert_eq!((pages, found), (3, names));
    let agent = text(&service.get("/core/agents?limit=1").await.expect(200)["items"][0], "id");
    let versions = format!("/core/agents/{agent}/versions");
    for _ in 0..20 {
        service.post(&versions, json!({"config": {"x": "x".repeat(FIELD - 8)}})).await.expect(201);
    }
    let (pages, found) = small_pages(&service, &versions, "version").await;
    assert_eq!((pages, found), (2, (1..=20).map(Value::from).collect()));
    assert_eq!(hostile.get(&service, "/core/agents").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn calls_with_large_contexts_come_in_small_pages() {
    let (service, hostile) = two().await;
    let context = "x".repeat(60 << 10);
    let agent = text(&service.post("/core/agents", json!({"name": "Desk"})).await.expect(201), "id");
    service.post(&format!("/core/agents/{agent}/versions"), json!({})).await.expect(201);
    service.post(&format!("/core/agents/{agent}/versions/1/publish"), json!({})).await.expect(200);
    let plan = format!("context \"{context}\"\nroute to {agent:?}\n");
    service.put(CONFIG, json!({"workflow_definition": plan})).await.expect(200);
    let mut ids = Vec::new();
    for number in 0..40 {
        let call = json!({"called_number": "+15035550100", "caller_number": format!("+150355501{number:02}")});
        let decided = service.post("/core/inbound-calls", call).await.expect(200);
        ids.push(decided["id"].clone());
    }
    service.app().call_log.end();
    ids.reverse();
    let (pages, found) = small_pages(&service, "/core/inbound-calls", "id").await;
    assert!(pages > 1 && found == ids, "{pages} pages, {} calls", found.len());
    assert_eq!(hostile.get(&service, "/core/inbound-calls").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn a_field_that_is_only_kept_is_bounded_and_a_stored_one_stays() {
    let (service, _) = two().await;
    let large = "x".repeat(FIELD + 1);
    let agent = json!({"name": "Desk", "description": large, "metadata": {"x": large}});
    let wrong = service.post("/core/agents", agent).await.expect_errors();
    assert_eq!(wrong.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["description", "metadata"]);
    assert_eq!(wrong[0].1, "must have at most 65536 bytes; it has 65537");
    let organization = service.tenant.organization;
    let fields = AgentFields { name: "Old".into(), description: Some(large.clone()), active: true, metadata: None };
    let stored = service.app().store.write(move |store| store.create_agent(organization, fields, Timestamp::now()));
    let path = format!("/core/agents/{}", stored.await.expect("it is written").id);
    let renamed = service.put(&path, json!({"name": "New"})).await.expect(200);
    assert_eq!((&renamed["name"], &renamed["description"]), (&"New".into(), &large.into()));
    let version = json!({"config": {"x": "x".repeat(FIELD)}});
    assert_eq!(service.post(&format!("{path}/versions"), version).await.expect_errors()[0].0, "config");
}
