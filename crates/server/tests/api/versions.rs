//! `/core/agents/{id}/versions`, and publishing.

use axum::body::Body;
use axum::http::{Method, header};
use callplan_service::credentials::Scope;
use serde_json::{Value, json};

use crate::service::{Service, all_pages, is_just_now, pairs, refuses_bad_bodies, text};

/// An id that does not exist.
const NOBODY: &str = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";

/// Makes an agent, and gives the path of its versions.
async fn agent(service: &Service) -> String {
    let made = service.post("/core/agents", json!({"name": "Front desk"})).await.expect(201);
    format!("/core/agents/{}/versions", text(&made, "id"))
}

/// Makes a version, and gives its id.
async fn version(service: &Service, versions: &str) -> Value {
    service.post(versions, json!({})).await.expect(201)["id"].clone()
}

async fn number(service: &Service, number: &str) {
    service.post("/core/phone-numbers", json!({"phone_number": number, "trunk_id": "a"})).await.expect(201);
}

/// The version that answers each of the organization's numbers, in the order of registration.
async fn assignments(service: &Service) -> Vec<Value> {
    let numbers = service.get("/core/phone-numbers").await.expect(200);
    let items = numbers["items"].as_array().expect("items");
    items.iter().map(|number| number["inbound_agent_version_id"].clone()).collect()
}

#[tokio::test]
async fn versions_count_from_1_and_are_drafts() {
    let service = Service::start().await;
    let versions = agent(&service).await;
    assert_eq!(service.get(&format!("{versions}/latest")).await.expect_detail(404), "There is no such version.");
    let first = service.post(&versions, json!({"config": {"voice": "b", "a": 1}})).await.expect(201);
    is_just_now(&first["created_at"]);
    let agent_id = versions.split('/').nth(3).expect("an id");
    let expected = json!({
        "id": first["id"], "agent_id": agent_id, "version": 1, "config": {"voice": "b", "a": 1},
        "published_at": null, "created_at": first["created_at"],
    });
    assert_eq!(first.to_string(), expected.to_string());
    // All fields of the body are optional, and so is the body.
    let empty = service.tenant.request(Method::POST, &versions).body(Body::empty()).expect("a request");
    let second = service.send(empty).await.expect(201);
    assert_eq!((&second["version"], &second["config"]), (&json!(2), &Value::Null));
    assert_eq!(service.post(&versions, json!({"config": null})).await.expect(201)["version"], 3);
    assert_eq!(service.get(&format!("{versions}/1")).await.expect(200), expected);
    assert_eq!(service.get(&format!("{versions}/2")).await.expect(200), second);
    assert_eq!(service.get(&format!("{versions}/latest")).await.expect(200)["version"], 3);
    service.post(&format!("{versions}/2/publish"), json!({})).await.expect(200);
    assert_eq!(service.get(&format!("{versions}/latest")).await.expect(200)["version"], 3);
}

#[tokio::test]
async fn what_is_no_draft_is_refused() {
    let service = Service::start().await;
    let versions = agent(&service).await;
    let errors = service.post(&versions, json!({"config": "x", "version": 7})).await.expect_errors();
    assert_eq!(errors, pairs(&[("config", "must be an object"), ("version", "is not a field of this")]));
    refuses_bad_bodies(&service, Method::POST, &versions).await;
    assert_eq!(service.get(&versions).await.expect(200)["items"], json!([]));
    // A version cannot be changed: the path has no such method.
    version(&service, &versions).await;
    let answer = service.put(&format!("{versions}/1"), json!({"config": {}})).await;
    assert_eq!(answer.headers.get(header::ALLOW).map(|allow| allow.to_str().expect("text")), Some("GET,HEAD"));
    answer.expect(405);
}

#[tokio::test]
async fn a_list_is_of_one_agent_and_so_are_its_cursors() {
    let service = Service::start().await;
    let (versions, other) = (agent(&service).await, agent(&service).await);
    for _ in 0..3 {
        version(&service, &versions).await;
        version(&service, &other).await;
    }
    let pages = all_pages(&service, &format!("{versions}?"), 2).await;
    let numbers = |page: &Vec<Value>| page.iter().map(|version| version["version"].clone()).collect::<Vec<_>>();
    assert_eq!(pages.iter().map(numbers).collect::<Vec<_>>(), [vec![json!(1), json!(2)], vec![json!(3)]]);
    let first = service.get(&format!("{versions}?limit=1")).await.expect(200);
    let errors = service.get(&format!("{other}?cursor={}", text(&first, "next_cursor"))).await.expect_errors();
    assert_eq!(errors, pairs(&[("cursor", "is not a cursor of this list with these filters")]));
    // Errors of the query go before a 404.
    let nobodys = format!("/core/agents/{NOBODY}/versions");
    service.get(&format!("{nobodys}?limit=0")).await.expect(422);
    assert_eq!(service.get(&nobodys).await.expect_detail(404), "There is no such agent.");
}

#[tokio::test]
async fn only_plain_numbers_name_a_version() {
    let service = Service::start().await;
    let versions = agent(&service).await;
    version(&service, &versions).await;
    for named in ["0", "01", "-1", "+1", "1.0", "2", "4294967296", "LATEST", "x", "%FF"] {
        service.get(&format!("{versions}/{named}")).await.expect(404);
        service.post(&format!("{versions}/{named}/publish"), json!({})).await.expect(404);
    }
    // `latest` is only for reading: publishing names the number.
    let detail = service.post(&format!("{versions}/latest/publish"), json!({})).await.expect_detail(404);
    assert_eq!(detail, "There is no such version.");
}

#[tokio::test]
async fn what_is_published_stays_so_and_publishing_moves_numbers() {
    let service = Service::start().await;
    let (versions, other) = (agent(&service).await, agent(&service).await);
    let (one, two) = (version(&service, &versions).await, version(&service, &versions).await);
    let others = version(&service, &other).await;
    for name in ["+18005550100", "+18005550101", "+18005550102"] {
        number(&service, name).await;
    }
    let publish = |versions: &str, number: u32| format!("{versions}/{number}/publish");
    let empty = service.tenant.request(Method::POST, &publish(&versions, 1)).body(Body::empty()).expect("a request");
    assert_eq!(service.send(empty).await.expect(200), json!({"phone_numbers": []}));
    let published = service.get(&format!("{versions}/1")).await.expect(200);
    is_just_now(&published["published_at"]);

    // Numbers in any form, and repeated ones.
    let body = json!({
        "phone_numbers": ["sip:+18005550101@example.com", "+1 (800) 555-0100", "+18005550100"], "direction": "inbound",
    });
    let answer = service.post(&publish(&versions, 1), body).await.expect(200);
    let numbers = answer["phone_numbers"].as_array().expect("a list");
    let names: Vec<String> = numbers.iter().map(|number| text(number, "phone_number")).collect();
    assert_eq!(names, ["+18005550101", "+18005550100"]);
    let read = service.get("/core/phone-numbers/%2B18005550101").await.expect(200);
    assert_eq!((&numbers[0], &read["inbound_agent_version_id"]), (&read, &one));
    assert_eq!(assignments(&service).await, [one.clone(), one.clone(), Value::Null]);
    assert_eq!(service.get(&format!("{versions}/1")).await.expect(200), published);

    // Another version, and another agent, take numbers over.
    service.post(&publish(&versions, 2), json!({"phone_numbers": ["+18005550100"]})).await.expect(200);
    let body = json!({"phone_numbers": ["+18005550102"], "unassign_phone_numbers": ["+18005550101"]});
    service.post(&publish(&other, 1), body).await.expect(200);
    // Unassigning affects only this agent's versions.
    assert_eq!(assignments(&service).await, [two.clone(), one.clone(), others.clone()]);
    // But any of them.
    let body = json!({"unassign_phone_numbers": ["+18005550100", "+18005550101", "+18005550102"]});
    let answer = service.post(&publish(&versions, 1), body).await.expect(200);
    let now: Vec<_> = answer["phone_numbers"].as_array().expect("a list").iter().collect();
    let now: Vec<_> = now.into_iter().map(|number| number["inbound_agent_version_id"].clone()).collect();
    assert_eq!(now, [Value::Null, Value::Null, others.clone()]);
    assert_eq!(assignments(&service).await, now);
}

#[tokio::test]
async fn a_publication_that_is_wrong_does_nothing_at_all() {
    let service = Service::start().await;
    let versions = agent(&service).await;
    version(&service, &versions).await;
    number(&service, "+18005550100").await;
    let foreign = json!({"phone_number": "+18005550199", "trunk_id": "a"});
    service.stranger.post(&service, "/core/phone-numbers", foreign).await.expect(201);
    let publish = format!("{versions}/1/publish");
    for (body, errors) in [
        // Another organization's number is refused like an unknown one.
        (
            json!({"phone_numbers": ["+18005550100", "+18005550199", "+18005550142"]}),
            pairs(&[
                ("phone_numbers.1", "is not a number of this organization"),
                ("phone_numbers.2", "is not a number of this organization"),
            ]),
        ),
        (
            json!({"phone_numbers": ["+18005550100"], "unassign_phone_numbers": ["+18005550199"]}),
            pairs(&[("unassign_phone_numbers.0", "is not a number of this organization")]),
        ),
        (
            json!({"phone_numbers": ["+18005550100"], "unassign_phone_numbers": ["+18005550142", "+1-800-555-0100"]}),
            pairs(&[("unassign_phone_numbers.1", "is in `phone_numbers` too")]),
        ),
    ] {
        assert_eq!(service.post(&publish, body).await.expect_errors(), errors);
    }
    let wrong =
        json!({"phone_numbers": ["", 3, "anonymous"], "unassign_phone_numbers": "x", "direction": "out", "x": 1});
    assert_eq!(
        service.post(&publish, wrong).await.expect_errors(),
        pairs(&[
            ("phone_numbers.0", "must not be empty"),
            ("phone_numbers.1", "must be a string"),
            ("phone_numbers.2", "must be a number that can be called, not a withheld one"),
            ("unassign_phone_numbers", "must be a list"),
            ("direction", "must be `inbound`"),
            ("x", "is not a field of this"),
        ])
    );
    let many: Vec<String> = (0..1001).map(|number| format!("+1800555{number:04}")).collect();
    let errors = service.post(&publish, json!({"phone_numbers": many})).await.expect_errors();
    assert_eq!(errors, pairs(&[("phone_numbers", "must have at most 1000")]));
    refuses_bad_bodies(&service, Method::POST, &publish).await;
    assert_eq!(service.get(&format!("{versions}/1")).await.expect(200)["published_at"], Value::Null);
    assert_eq!(assignments(&service).await, [Value::Null]);
}

#[tokio::test]
async fn a_published_version_answers_the_next_call() {
    let service = Service::start().await;
    let versions = agent(&service).await;
    version(&service, &versions).await;
    number(&service, "+18005550100").await;
    let call = json!({"called_number": "+18005550100"});
    let decide = async || {
        let decision = service.post("/core/inbound-calls", call.clone()).await.expect(200);
        (decision["action"].clone(), decision["version"].clone(), decision["reason"].clone())
    };
    assert_eq!(decide().await, (json!("disconnect"), Value::Null, json!("number_unassigned")));
    let numbers = json!({"phone_numbers": ["+18005550100"]});
    service.post(&format!("{versions}/1/publish"), numbers).await.expect(200);
    assert_eq!(decide().await, (json!("answer"), json!(1), json!("no_config")));
    let agent = versions.trim_end_matches("/versions");
    service.put(agent, json!({"active": false})).await.expect(200);
    assert_eq!(decide().await, (json!("disconnect"), Value::Null, json!("agent_not_resolvable")));
    service.delete("/core/phone-numbers/%2B18005550100").await.expect(204);
    assert_eq!(decide().await, (json!("disconnect"), Value::Null, json!("number_unassigned")));
}

#[tokio::test]
async fn what_is_anothers_is_as_if_it_were_not_there() {
    let service = Service::start().await;
    let versions = agent(&service).await;
    version(&service, &versions).await;
    let stranger = &service.stranger;
    for versions in [&versions, &format!("/core/agents/{NOBODY}/versions")] {
        for answer in [
            stranger.get(&service, versions).await,
            stranger.post(&service, versions, json!({})).await,
            stranger.get(&service, &format!("{versions}/1")).await,
            stranger.get(&service, &format!("{versions}/latest")).await,
            stranger.post(&service, &format!("{versions}/1/publish"), json!({})).await,
        ] {
            assert_eq!(answer.expect_detail(404), "There is no such agent.");
        }
    }
    assert_eq!(service.get(&versions).await.expect(200)["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn numbers_need_the_scope_for_numbers() {
    let service = Service::start().await;
    let versions = agent(&service).await;
    version(&service, &versions).await;
    number(&service, "+18005550100").await;
    let publish = format!("{versions}/1/publish");
    let reader = service.key(&[Scope::ReadAgents, Scope::ManageNumbers]).await;
    for answer in [reader.post(&service, &versions, json!([])).await, reader.post(&service, &publish, json!([])).await]
    {
        assert_eq!(answer.expect_detail(403), "This needs the scope `agents:manage`.");
    }
    reader.get(&service, &versions).await.expect(200);
    let agents = service.key(&[Scope::ManageAgents, Scope::ReadNumbers]).await;
    agents.get(&service, &format!("{versions}/1")).await.expect(200);
    for field in ["phone_numbers", "unassign_phone_numbers"] {
        // This error goes before errors of the body.
        let body = json!({field: ["+18005550100", "+18005550142"], "x": 1});
        let detail = agents.post(&service, &publish, body).await.expect_detail(403);
        assert_eq!(detail, "This needs the scope `phone_numbers:manage`.");
    }
    assert_eq!(service.get(&format!("{versions}/1")).await.expect(200)["published_at"], Value::Null);
    agents.post(&service, &publish, json!({"phone_numbers": []})).await.expect(200);
    let both = service.key(&[Scope::ManageAgents, Scope::ManageNumbers]).await;
    both.post(&service, &publish, json!({"phone_numbers": ["+18005550100"]})).await.expect(200);
}
