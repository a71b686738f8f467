//! `/core/api-keys`: a key that was made or revoked has its new state at the next request.

use axum::http::Method;
use callplan_service::credentials::Scope;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::service::{Service, Tenant, all_pages, is_just_now, pairs, refuses_bad_bodies, text};

const KEYS: &str = "/core/api-keys";
/// An id that does not exist.
const NOBODY: &str = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";

/// The holder of this key.
fn holder(service: &Service, made: &Value) -> Tenant {
    Tenant { organization: service.tenant.organization, token: text(made, "token") }
}

/// The id of the client's key.
fn id_of(tenant: &Tenant) -> String {
    let (id, _) = tenant.token.split_once('.').expect("a token");
    id.split_once('_').expect("a prefix").1.to_owned()
}

fn items(page: &Value) -> Vec<Value> {
    page["items"].as_array().expect("items").clone()
}

#[tokio::test]
async fn a_key_holds_for_the_next_request_and_its_token_is_shown_once() {
    let service = Service::start().await;
    let body = json!({"name": "Dashboard", "scopes": ["phone_numbers:read", "agents:manage", "phone_numbers:read"]});
    let made = service.post(KEYS, body).await.expect(201);
    is_just_now(&made["created_at"]);
    let mut expected = json!({
        "id": made["id"], "name": "Dashboard", "scopes": ["agents:manage", "phone_numbers:read"],
        "created_at": made["created_at"], "expires_at": null, "revoked_at": null,
        "created_by": {"kind": "key", "id": id_of(&service.tenant)}, "address_ranges": [],
        "previous_token_until": null, "last_used_at": null, "last_used_from": null,
        "descendants": [], "has_more_descendants": false,
    });
    let listed = items(&service.get(KEYS).await.expect(200));
    assert_eq!((listed.len(), &listed[1]), (2, &expected));
    expected["token"] = made["token"].clone();
    assert_eq!(made, expected);
    assert!(text(&made, "token").starts_with(&format!("ak_{}.", text(&made, "id"))));

    let holder = holder(&service, &made);
    holder.post(&service, "/core/agents", json!({"name": "Front desk"})).await.expect(201);
    holder.get(&service, "/core/phone-numbers").await.expect(200);
    holder.get(&service, KEYS).await.expect(403);
}

#[tokio::test]
async fn a_revoked_key_holds_for_no_request_more() {
    let service = Service::start().await;
    let body = json!({"name": "Dashboard", "scopes": ["agents:read"]});
    let made = service.post(KEYS, body).await.expect(201);
    let (holder, path) = (holder(&service, &made), format!("{KEYS}/{}", text(&made, "id")));
    holder.get(&service, "/core/agents").await.expect(200);
    assert_eq!(service.delete(&path).await.expect(204), Value::Null);
    assert_eq!(holder.get(&service, "/core/agents").await.expect_detail(401), "The token is not valid.");
    // It stays in the list, to explain what was done with it.
    let listed = items(&service.get(KEYS).await.expect(200));
    is_just_now(&listed[1]["revoked_at"]);
    assert_eq!(service.delete(&path).await.expect_detail(404), "There is no such key.");
    assert_eq!(items(&service.get(KEYS).await.expect(200)), listed);
}

#[tokio::test]
async fn a_key_can_revoke_itself() {
    let service = Service::start().await;
    let made = service.post(KEYS, json!({"name": "Last", "scopes": ["api_keys:manage"]})).await.expect(201);
    let holder = holder(&service, &made);
    holder.delete(&service, &format!("{KEYS}/{}", text(&made, "id"))).await.expect(204);
    holder.get(&service, KEYS).await.expect(401);
}

#[tokio::test]
async fn a_key_expires() {
    let service = Service::start().await;
    let soon = Timestamp::now() + SignedDuration::from_millis(1500);
    let body = json!({"name": "For a moment", "scopes": ["agents:read"], "expires_at": soon.to_string()});
    let made = service.post(KEYS, body).await.expect(201);
    let kept: Timestamp = text(&made, "expires_at").parse().expect("RFC 3339");
    assert_eq!(kept.as_microsecond(), soon.as_microsecond());
    let holder = holder(&service, &made);
    loop {
        let answer = holder.get(&service, "/core/agents").await;
        if Timestamp::now() >= soon {
            break;
        }
        answer.expect(200);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(holder.get(&service, "/core/agents").await.expect_detail(401), "The token is not valid.");
}

#[tokio::test]
async fn an_offset_is_turned_into_utc() {
    let service = Service::start().await;
    let body = json!({"name": "Long", "scopes": ["agents:read"], "expires_at": "2999-12-31T23:30:00.5-01:00"});
    assert_eq!(service.post(KEYS, body).await.expect(201)["expires_at"], "3000-01-01T00:30:00.5Z");
}

#[tokio::test]
async fn all_that_is_wrong_with_a_new_key_is_told_at_once() {
    let service = Service::start().await;
    let required = pairs(&[("name", "is required"), ("scopes", "is required")]);
    assert_eq!(service.post(KEYS, json!({})).await.expect_errors(), required);
    let wrong = json!({
        "name": "x".repeat(201), "scopes": ["agent:read", 3, "planets:move", "agents:read"],
        "expires_at": "2020-01-01T00:00:00Z", "token": "ak_mine",
    });
    let all = Scope::ALL.map(|scope| format!("`{scope}`")).join(", ");
    assert_eq!(
        service.post(KEYS, wrong).await.expect_errors(),
        pairs(&[
            ("name", "must have at most 200 characters"),
            ("scopes.0", "there is no such scope; did you mean `agents:read`?"),
            ("scopes.1", "must be a string"),
            ("scopes.2", &format!("there is no such scope; there are {all}")),
            ("expires_at", "must be in the future"),
            ("token", "is not a field of this"),
        ])
    );
    for (scopes, message) in [(json!([]), "must have at least 1"), (json!("agents:read"), "must be a list")] {
        let errors = service.post(KEYS, json!({"name": "x", "scopes": scopes})).await.expect_errors();
        assert_eq!(errors, pairs(&[("scopes", message)]));
    }
    for time in ["2999-01-01", "2999-01-01T00:00:00", "tomorrow"] {
        let body = json!({"name": "x", "scopes": ["agents:read"], "expires_at": time});
        let errors = service.post(KEYS, body).await.expect_errors();
        let message = "must be a time with an offset, such as 2026-03-01T17:00:00Z (RFC 3339)";
        assert_eq!(errors, pairs(&[("expires_at", message)]), "{time}");
    }
    refuses_bad_bodies(&service, Method::POST, KEYS).await;
    assert_eq!(items(&service.get(KEYS).await.expect(200)).len(), 1);
}

#[tokio::test]
async fn nobody_gives_more_than_they_have() {
    let service = Service::start().await;
    let maker = service.key(&[Scope::ManageKeys, Scope::ManageAgents]).await;
    for scopes in [json!(["agents:read"]), json!(["agents:manage", "api_keys:manage"])] {
        maker.post(&service, KEYS, json!({"name": "x", "scopes": scopes})).await.expect(201);
    }
    for (scopes, missing) in [
        (json!(["agents:read", "phone_numbers:read"]), "phone_numbers:read"),
        (json!(["inbound_calls:route"]), "inbound_calls:route"),
    ] {
        // This error goes before errors of other fields.
        let detail = maker.post(&service, KEYS, json!({"name": "", "scopes": scopes})).await.expect_detail(403);
        assert_eq!(detail, format!("This needs the scope `{missing}`."));
    }
    let reader = service.key(&[Scope::ManageKeys, Scope::ReadAgents]).await;
    let detail =
        reader.post(&service, KEYS, json!({"name": "x", "scopes": ["agents:manage"]})).await.expect_detail(403);
    assert_eq!(detail, "This needs the scope `agents:manage`.");
}

#[tokio::test]
async fn keys_are_for_those_who_may_manage_them() {
    let service = Service::start().await;
    let others: Vec<_> = Scope::ALL.into_iter().filter(|scope| *scope != Scope::ManageKeys).collect();
    let none = service.key(&others).await;
    for answer in [
        none.get(&service, KEYS).await,
        none.post(&service, KEYS, json!([])).await,
        none.delete(&service, &format!("{KEYS}/1")).await,
    ] {
        assert_eq!(answer.expect_detail(403), "This needs the scope `api_keys:manage`.");
    }
    // A user makes keys of the organization, not of their own.
    let user = service.user().await;
    let made = user.post(&service, KEYS, json!({"name": "By Kim", "scopes": ["agents:read"]})).await.expect(201);
    assert!(text(&made, "token").starts_with("ak_"));
    user.delete(&service, &format!("{KEYS}/{}", text(&made, "id"))).await.expect(204);
}

#[tokio::test]
async fn the_keys_of_others_are_as_if_they_were_not_there() {
    let service = Service::start().await;
    let (ours, user) = (id_of(&service.tenant), id_of(&service.user().await));
    for id in [ours.as_str(), &user, NOBODY, &ours.to_uppercase(), &format!("ak_{ours}"), "1"] {
        let answer = service.stranger.delete(&service, &format!("{KEYS}/{id}")).await;
        assert_eq!(answer.expect_detail(404), "There is no such key.", "{id}");
    }
    // A user's token is not among the organization's keys, and cannot be revoked by it.
    service.delete(&format!("{KEYS}/{user}")).await.expect(404);
    let ids: Vec<_> = items(&service.get(KEYS).await.expect(200)).iter().map(|key| text(key, "id")).collect();
    assert_eq!(ids, [ours]);
    service.get(KEYS).await.expect(200);
}

#[tokio::test]
async fn the_list_is_turned_page_by_page() {
    let service = Service::start().await;
    for number in 0..4 {
        let body = json!({"name": format!("Key {number}"), "scopes": ["agents:read"]});
        service.post(KEYS, body).await.expect(201);
    }
    let pages = all_pages(&service, "/core/api-keys?", 2).await;
    let names: Vec<Vec<_>> = pages.iter().map(|page| page.iter().map(|key| text(key, "name")).collect()).collect();
    assert_eq!(names, [vec!["a test's", "Key 0"], vec!["Key 1", "Key 2"], vec!["Key 3"]]);
    let errors = service.get("/core/api-keys?name=x&limit=0").await.expect_errors();
    assert_eq!(errors.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["limit", "name"]);
}
