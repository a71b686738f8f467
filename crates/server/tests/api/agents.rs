//! `/core/agents`.

use axum::http::Method;
use callplan_service::credentials::Scope;
use serde_json::{Value, json};

use crate::service::{Service, all_pages, is_just_now, pairs, refuses_bad_bodies, text};

const AGENTS: &str = "/core/agents";
const CONFIG: &str = "/core/inbound-routing-config";
/// An id that does not exist.
const NOBODY: &str = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";

/// Makes an agent, and gives its path and id.
async fn agent(service: &Service, name: &str) -> (String, String) {
    let id = text(&service.post(AGENTS, json!({"name": name})).await.expect(201), "id");
    (format!("{AGENTS}/{id}"), id)
}

#[tokio::test]
async fn an_agent_is_made_with_defaults_and_read_as_it_was_answered() {
    let service = Service::start().await;
    let made = service.post(AGENTS, json!({"name": "Front desk"})).await.expect(201);
    is_just_now(&made["created_at"]);
    assert_eq!(made["created_at"], made["updated_at"]);
    let expected = json!({
        "id": made["id"], "name": "Front desk", "description": null, "active": true, "metadata": null,
        "created_at": made["created_at"], "updated_at": made["updated_at"],
    });
    assert_eq!(made, expected);
    assert_eq!(service.get(&format!("{AGENTS}/{}", text(&made, "id"))).await.expect(200), expected);
}

#[tokio::test]
async fn metadata_is_kept_with_its_order_and_values() {
    let service = Service::start().await;
    let metadata = json!({"z": [1, 2.5, null], "a": {"é": "ü\u{0}"}, "big": 9_007_199_254_740_993_u64});
    let body = json!({"name": "Night desk", "description": "Two\nlines", "active": false, "metadata": metadata});
    let made = service.post(AGENTS, body).await.expect(201);
    assert_eq!(made["metadata"].to_string(), metadata.to_string());
    assert_eq!((&made["description"], &made["active"]), (&json!("Two\nlines"), &json!(false)));
}

#[tokio::test]
async fn all_that_is_wrong_with_a_new_agent_is_told_at_once() {
    let service = Service::start().await;
    let wrong = json!({"name": "", "description": 3, "active": null, "metadata": [], "nme": "x"});
    assert_eq!(
        service.post(AGENTS, wrong).await.expect_errors(),
        pairs(&[
            ("name", "must not be empty"),
            ("description", "must be a string"),
            ("active", "must not be null"),
            ("metadata", "must be an object"),
            ("nme", "is not a field of this"),
        ])
    );
    assert_eq!(service.post(AGENTS, json!({})).await.expect_errors(), pairs(&[("name", "is required")]));
    assert_eq!(
        service.post(AGENTS, json!({"name": null})).await.expect_errors(),
        pairs(&[("name", "must not be null")])
    );
    service.post(AGENTS, json!({"name": "é".repeat(200)})).await.expect(201);
    let errors = service.post(AGENTS, json!({"name": "é".repeat(201)})).await.expect_errors();
    assert_eq!(errors, pairs(&[("name", "must have at most 200 characters")]));
    refuses_bad_bodies(&service, Method::POST, AGENTS).await;
    assert_eq!(service.get(AGENTS).await.expect(200)["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_put_changes_what_is_sent_and_nothing_else() {
    let service = Service::start().await;
    let body = json!({"name": "Front desk", "description": "By day", "metadata": {"floor": 1}});
    let mut expected = service.post(AGENTS, body).await.expect(201);
    let path = format!("{AGENTS}/{}", text(&expected, "id"));
    for (sent, field) in [
        (json!({"active": false}), "active"),
        (json!({"name": "Lobby"}), "name"),
        (json!({"description": null}), "description"),
        (json!({"metadata": {"floor": 2}}), "metadata"),
        (json!({"metadata": null}), "metadata"),
    ] {
        let before = text(&expected, "updated_at");
        let saved = service.put(&path, sent.clone()).await.expect(200);
        assert!(text(&saved, "updated_at") > before, "{saved:#}");
        expected[field] = sent[field].clone();
        expected["updated_at"] = saved["updated_at"].clone();
        assert_eq!(saved, expected);
        assert_eq!(service.get(&path).await.expect(200), expected);
    }
    for nothing in [json!({}), json!({"name": "Lobby", "active": false, "metadata": null})] {
        assert_eq!(service.put(&path, nothing).await.expect(200), expected);
    }
    let errors = service.put(&path, json!({"name": null, "active": null})).await.expect_errors();
    assert_eq!(errors, pairs(&[("name", "must not be null"), ("active", "must not be null")]));
    refuses_bad_bodies(&service, Method::PUT, &path).await;
    assert_eq!(service.get(&path).await.expect(200), expected);
}

#[tokio::test]
async fn concurrent_puts_of_different_fields_lose_none() {
    let service = Service::start().await;
    let (path, _) = agent(&service, "Front desk").await;
    for round in 0..10 {
        let name = format!("Desk {round}");
        let description = format!("Round {round}");
        let metadata = json!({"round": round});
        let (a, b, c) = tokio::join!(
            service.put(&path, json!({"name": name})),
            service.put(&path, json!({"description": description})),
            service.put(&path, json!({"metadata": metadata})),
        );
        [a, b, c].into_iter().for_each(|answer| drop(answer.expect(200)));
        let now = service.get(&path).await.expect(200);
        assert_eq!(
            (&now["name"], &now["description"], &now["metadata"]),
            (&json!(name), &json!(description), &metadata)
        );
    }
}

#[tokio::test]
async fn the_list_is_turned_page_by_page() {
    let service = Service::start().await;
    for number in 0..5 {
        agent(&service, &format!("Agent {number}")).await;
    }
    let pages = all_pages(&service, "/core/agents?", 2).await;
    let names = |page: &Vec<Value>| page.iter().map(|agent| text(agent, "name")).collect::<Vec<_>>();
    let expected = [vec!["Agent 0", "Agent 1"], vec!["Agent 2", "Agent 3"], vec!["Agent 4"]];
    assert_eq!(pages.iter().map(names).collect::<Vec<_>>(), expected);
    let whole = service.get(AGENTS).await.expect(200);
    assert_eq!((whole["items"].as_array().map(Vec::len), &whole["next_cursor"]), (Some(5), &Value::Null));
    assert_eq!(all_pages(&service, "/core/agents?", 5).await.len(), 1);
}

#[tokio::test]
async fn bad_parameters_and_the_cursors_of_others_are_refused() {
    let service = Service::start().await;
    for name in ["A", "B"] {
        agent(&service, name).await;
        service.stranger.post(&service, AGENTS, json!({"name": name})).await.expect(201);
    }
    let first = service.get("/core/agents?limit=1").await.expect(200);
    let cursor = format!("/core/agents?cursor={}", text(&first, "next_cursor"));
    service.get(&cursor).await.expect(200);
    let not_of_this = pairs(&[("cursor", "is not a cursor of this list with these filters")]);
    assert_eq!(service.stranger.get(&service, &cursor).await.expect_errors(), not_of_this);
    assert_eq!(service.get(&cursor.replace(AGENTS, "/core/phone-numbers")).await.expect_errors(), not_of_this);
    for limit in ["0", "101", "-1", "", "ten", "1.0"] {
        let errors = service.get(&format!("{AGENTS}?limit={limit}")).await.expect_errors();
        assert_eq!(errors, pairs(&[("limit", "must be a whole number from 1 to 100")]), "{limit}");
    }
    let errors = service.get("/core/agents?cursor=x&limit=1&limit=2&nme=1").await.expect_errors();
    let fields: Vec<_> = errors.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["limit", "cursor", "nme"]);
}

#[tokio::test]
async fn what_is_anothers_is_as_if_it_were_not_there() {
    let service = Service::start().await;
    let (path, id) = agent(&service, "Front desk").await;
    for (known, status) in [(NOBODY, 404), (id.as_str(), 404), (&id.to_uppercase(), 404), ("1", 404)] {
        let path = format!("{AGENTS}/{known}");
        let stranger = &service.stranger;
        for answer in [
            stranger.get(&service, &path).await,
            stranger.put(&service, &path, json!({"name": "Mine now"})).await,
            stranger.delete(&service, &path).await,
        ] {
            assert_eq!(answer.expect_detail(status), "There is no such agent.");
        }
    }
    assert_eq!(service.stranger.get(&service, AGENTS).await.expect(200)["items"], json!([]));
    assert_eq!(text(&service.get(&path).await.expect(200), "name"), "Front desk");
}

#[tokio::test]
async fn each_method_needs_its_scope_and_manage_includes_read() {
    let service = Service::start().await;
    let (path, _) = agent(&service, "Front desk").await;
    let others: Vec<_> = Scope::ALL.into_iter().filter(|scope| !scope.name().starts_with("agents:")).collect();
    let (none, reader) = (service.key(&others).await, service.key(&[Scope::ReadAgents]).await);
    let manager = service.key(&[Scope::ManageAgents]).await;
    let (needs_read, needs_manage) = ("This needs the scope `agents:read`.", "This needs the scope `agents:manage`.");
    for path in [AGENTS, &path, &format!("{AGENTS}/1")] {
        assert_eq!(none.get(&service, path).await.expect_detail(403), needs_read);
    }
    for key in [&none, &reader] {
        // The scope is checked before the path and the body.
        for path in [path.as_str(), "/core/agents/1"] {
            assert_eq!(key.put(&service, path, json!([])).await.expect_detail(403), needs_manage);
            assert_eq!(key.delete(&service, path).await.expect_detail(403), needs_manage);
        }
        assert_eq!(key.post(&service, AGENTS, json!([])).await.expect_detail(403), needs_manage);
    }
    for key in [&reader, &manager, &service.user().await] {
        key.get(&service, AGENTS).await.expect(200);
        key.get(&service, &path).await.expect(200);
    }
    manager.put(&service, &path, json!({"active": false})).await.expect(200);
    manager.delete(&service, &path).await.expect(204);
}

#[tokio::test]
async fn an_agent_that_nothing_uses_is_deleted_with_its_versions() {
    let service = Service::start().await;
    let (path, _) = agent(&service, "Front desk").await;
    service.post(&format!("{path}/versions"), json!({})).await.expect(201);
    service.delete(&path).await.expect(204);
    for path in [path.clone(), format!("{path}/versions"), format!("{path}/versions/1")] {
        assert_eq!(service.get(&path).await.expect_detail(404), "There is no such agent.");
    }
    assert_eq!(service.delete(&path).await.expect_detail(404), "There is no such agent.");
}

#[tokio::test]
async fn an_agent_in_use_stays_and_each_place_is_told() {
    let service = Service::start().await;
    let (path, id) = agent(&service, "Front desk").await;
    let (other, other_id) = agent(&service, "Messages").await;
    for path in [&path, &other] {
        service.post(&format!("{path}/versions"), json!({})).await.expect(201);
        service.post(&format!("{path}/versions/1/publish"), json!({})).await.expect(200);
    }
    for number in ["+18005550101", "+18005550100"] {
        service.post("/core/phone-numbers", json!({"phone_number": number, "trunk_id": "a"})).await.expect(201);
    }
    let numbers = json!({"phone_numbers": ["+18005550101", "+18005550100"]});
    service.post(&format!("{path}/versions/1/publish"), numbers.clone()).await.expect(200);
    let plan = format!(
        "agent desk = \"{id}\"\n\nrule \"Office\" when caller in [+1*] {{\n  route to \"{id}\"\n}}\nfallback\n"
    );
    let config = json!({"workflow_definition": plan, "fallback_agent_id": id, "enabled": false});
    service.post(CONFIG, config).await.expect(201);

    let everywhere = "The agent is in use: the workflow definition names it on lines 1, 4; it is the fallback agent; \
                      it is assigned to +18005550100, +18005550101.";
    assert_eq!(service.delete(&path).await.expect_detail(409), everywhere);
    service.put(CONFIG, json!({"fallback_agent_id": other_id})).await.expect(200);
    service.post(&format!("{other}/versions/1/publish"), numbers).await.expect(200);
    let plan_alone = "The agent is in use: the workflow definition names it on lines 1, 4.";
    assert_eq!(service.delete(&path).await.expect_detail(409), plan_alone);
    // A definition that no statement uses, in a config that is off, counts as a use.
    let plan = format!("agent desk = \"{id}\"\nroute to \"{other_id}\"\n");
    service.put(CONFIG, json!({"workflow_definition": plan})).await.expect(200);
    let definition = "The agent is in use: the workflow definition names it on line 1.";
    assert_eq!(service.delete(&path).await.expect_detail(409), definition);
    // The agent can be made inactive meanwhile.
    service.put(&path, json!({"active": false})).await.expect(200);

    // An id that is only mentioned does not count as a use.
    let plan = format!("# was {id}\nroute to \"{other_id}\"\n");
    service.put(CONFIG, json!({"workflow_definition": plan})).await.expect(200);
    service.delete(&path).await.expect(204);
    // Without the config, only the numbers are left.
    service.delete(CONFIG).await.expect(204);
    let numbers_alone = "The agent is in use: it is assigned to +18005550100, +18005550101.";
    assert_eq!(service.delete(&other).await.expect_detail(409), numbers_alone);
    service.delete("/core/phone-numbers/%2B18005550100").await.expect(204);
    let unassign = json!({"unassign_phone_numbers": ["+18005550101"]});
    service.post(&format!("{other}/versions/1/publish"), unassign).await.expect(200);
    service.delete(&other).await.expect(204);
}

#[tokio::test]
async fn a_plan_that_is_saved_while_its_agent_is_deleted_leaves_nothing_dangling() {
    let service = Service::start().await;
    let (keeper, keeper_id) = agent(&service, "Messages").await;
    service.post(&format!("{keeper}/versions"), json!({})).await.expect(201);
    service.post(&format!("{keeper}/versions/1/publish"), json!({})).await.expect(200);
    let plan = |id: &str| json!({"workflow_definition": format!("route to \"{id}\"\n")});
    service.post(CONFIG, plan(&keeper_id)).await.expect(201);
    for _ in 0..10 {
        let (path, id) = agent(&service, "Front desk").await;
        let (saved, deleted) = tokio::join!(service.put(CONFIG, plan(&id)), service.delete(&path));
        let outcome = (saved.status.as_u16(), deleted.status.as_u16());
        assert!([(200, 409), (422, 204)].contains(&outcome), "{outcome:?}");
        service.put(CONFIG, plan(&keeper_id)).await.expect(200);
    }
}

#[tokio::test]
async fn of_many_numbers_the_first_hundred_are_told() {
    let service = Service::start().await;
    let (path, _) = agent(&service, "Front desk").await;
    service.post(&format!("{path}/versions"), json!({})).await.expect(201);
    let mut numbers = Vec::new();
    for number in (0..101).rev().map(|number| format!("+18005550{number:03}")) {
        service.post("/core/phone-numbers", json!({"phone_number": number, "trunk_id": "a"})).await.expect(201);
        numbers.push(number);
    }
    service.post(&format!("{path}/versions/1/publish"), json!({"phone_numbers": numbers})).await.expect(200);
    numbers.reverse();
    let first = |count: usize| format!("The agent is in use: it is assigned to {}", numbers[..count].join(", "));
    assert_eq!(service.delete(&path).await.expect_detail(409), format!("{} and more.", first(100)));
    service.delete(&format!("/core/phone-numbers/{}", numbers[100])).await.expect(204);
    assert_eq!(service.delete(&path).await.expect_detail(409), format!("{}.", first(100)));
}
