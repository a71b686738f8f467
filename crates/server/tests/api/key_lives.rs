//! Keys with a life: how long they hold and from where, who made them, what ends with them.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, header};
use callplan_service::credentials::Scope;
use callplan_service::store::UserId;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::service::{Answer, Service, Tenant, is_just_now, pairs, refuses_bad_bodies, text};

const KEYS: &str = "/core/api-keys";

fn holder(service: &Service, made: &Value) -> Tenant {
    Tenant { organization: service.tenant.organization, token: text(made, "token") }
}

fn path(key: &Value) -> String {
    format!("{KEYS}/{}", text(key, "id"))
}

/// A key that may make keys and read agents, made by this client.
async fn made_by(service: &Service, maker: &Tenant, more: Value) -> (Tenant, Value) {
    let mut body = json!({"name": "x", "scopes": ["api_keys:manage", "agents:read"]});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let made = maker.post(service, KEYS, body).await.expect(201);
    (holder(service, &made), made)
}

/// Sends a request from an address.
async fn from(service: &Service, client: &Tenant, address: &str, method: Method, path: &str, body: &Value) -> Answer {
    let address: IpAddr = address.parse().expect("an address");
    let request = client.request(method, path).header(header::CONTENT_TYPE, "application/json");
    let request = request.extension(ConnectInfo(SocketAddr::from((address, 1024))));
    service.send(request.body(Body::from(body.to_string())).expect("a request")).await
}

async fn reads_from(service: &Service, client: &Tenant, address: &str) -> u16 {
    from(service, client, address, Method::GET, "/core/agents", &Value::Null).await.status.as_u16()
}

fn in_hours(hours: i64) -> String {
    (Timestamp::now() + SignedDuration::from_hours(hours)).to_string()
}

#[tokio::test]
async fn no_key_outlives_its_maker() {
    let service = Service::start().await;
    let (maker, made) = made_by(&service, &service.tenant, json!({"expires_at": in_hours(2)})).await;
    let end = text(&made, "expires_at");
    for wrong in [json!(in_hours(3)), json!("9999-12-30T22:00:00Z")] {
        let body = json!({"name": "x", "scopes": ["agents:read"], "expires_at": wrong});
        let refused = maker.post(&service, KEYS, body).await.expect(403);
        assert_eq!(refused["code"], "key_exceeds_maker");
        assert!(text(&refused, "detail").contains(&end), "{refused}");
    }
    // What is not asked for is the maker's, also where it is asked for as null.
    for more in [json!({}), json!({"expires_at": null}), json!({"expires_at": end})] {
        let (child, child_made) = made_by(&service, &maker, more).await;
        assert_eq!(text(&child_made, "expires_at"), end);
        let (_, grandchild) = made_by(&service, &child, json!({})).await;
        assert_eq!(text(&grandchild, "expires_at"), end);
    }
    let sooner = in_hours(1);
    let (_, child) = made_by(&service, &maker, json!({"expires_at": sooner})).await;
    let (kept, asked) = (text(&child, "expires_at"), sooner);
    let instant = |text: &str| text.parse::<Timestamp>().expect("an instant").as_microsecond();
    assert_eq!(instant(&kept), instant(&asked));
    // A maker that never expires may make any.
    let (_, free) = made_by(&service, &service.tenant, json!({})).await;
    assert_eq!(free["expires_at"], Value::Null);
}

#[tokio::test]
async fn a_key_shows_who_made_it_and_what_it_has_made_and_ends_with_its_maker() {
    let service = Service::start().await;
    let (maker, root) = made_by(&service, &service.tenant, json!({})).await;
    let (child, child_made) = made_by(&service, &maker, json!({})).await;
    let (grandchild, grandchild_made) = made_by(&service, &child, json!({})).await;
    let (other, _) = made_by(&service, &service.tenant, json!({})).await;
    assert_eq!(grandchild_made["created_by"], json!({"kind": "key", "id": child_made["id"]}));
    let shown = service.get(&path(&root)).await.expect(200);
    let descendants = json!([child_made["id"], grandchild_made["id"]]);
    assert_eq!((&shown["descendants"], &shown["has_more_descendants"]), (&descendants, &json!(false)));
    let listed = service.get(KEYS).await.expect(200);
    assert!(listed["items"].as_array().expect("items").contains(&shown), "{listed:#}");

    service.delete(&path(&root)).await.expect(204);
    for gone in [&maker, &child, &grandchild] {
        gone.get(&service, "/core/agents").await.expect(401);
    }
    other.get(&service, "/core/agents").await.expect(200);
    let shown = service.get(&path(&grandchild_made)).await.expect(200);
    is_just_now(&shown["revoked_at"]);
    assert_eq!(service.get(&path(&root)).await.expect(200)["descendants"], json!([]), "those that are in force");
    // Nothing of the other organization has changed.
    service.stranger.get(&service, "/core/agents").await.expect(200);
}

#[tokio::test]
async fn the_command_line_is_named_as_a_maker() {
    let service = Service::start().await;
    let first = &service.get(KEYS).await.expect(200)["items"][0];
    assert_eq!(first["created_by"], json!({"kind": "command_line", "id": null}));
}

#[tokio::test]
async fn a_member_s_keys_end_with_the_membership() {
    let service = Service::start().await;
    let user = service.user().await;
    let person: UserId = text(&user.get(&service, "/core/whoami").await.expect(200), "id").parse().expect("a user");
    let second = service.organization("Alder Clinic").await;
    service.member(person, second.organization, true).await;
    let there = Tenant { organization: second.organization, token: user.token.clone() };
    let (key, made) = made_by(&service, &user, json!({})).await;
    assert_eq!(made["created_by"], json!({"kind": "user", "id": person.to_string()}));
    let (below, _) = made_by(&service, &key, json!({})).await;
    let (elsewhere, _) = made_by(&service, &there, json!({})).await;
    service.member(person, service.tenant.organization, false).await;
    user.get(&service, "/core/agents").await.expect(403);
    key.get(&service, "/core/agents").await.expect(401);
    below.get(&service, "/core/agents").await.expect(401);
    there.get(&service, "/core/agents").await.expect(200);
    let elsewhere = Tenant { organization: second.organization, ..elsewhere };
    elsewhere.get(&service, "/core/agents").await.expect(200);
}

#[tokio::test]
async fn nobody_revokes_or_rotates_a_key_with_more_scopes() {
    let service = Service::start().await;
    let weak = service.key(&[Scope::ManageKeys, Scope::ReadAgents]).await;
    let body = json!({"name": "x", "scopes": ["agents:manage", "inbound_calls:route"]});
    let strong = service.post(KEYS, body).await.expect(201);
    for answer in [
        weak.delete(&service, &path(&strong)).await,
        weak.post(&service, &format!("{}/rotate", path(&strong)), json!({})).await,
    ] {
        assert_eq!(answer.expect_detail(403), "This needs the scope `inbound_calls:route`.");
    }
    holder(&service, &strong).get(&service, "/core/agents").await.expect(200);
    let (equal, made) = made_by(&service, &service.tenant, json!({})).await;
    weak.delete(&service, &path(&made)).await.expect(204);
    equal.get(&service, "/core/agents").await.expect(401);
}

#[tokio::test]
async fn the_token_before_a_rotation_holds_for_the_overlap() {
    let service = Service::start().await;
    let (old, made) = made_by(&service, &service.tenant, json!({"expires_at": in_hours(9)})).await;
    let rotate = format!("{}/rotate", path(&made));
    let rotated = service.post(&rotate, json!({"overlap_seconds": 3600})).await.expect(200);
    let new = holder(&service, &rotated);
    assert_eq!((&rotated["id"], &rotated["expires_at"]), (&made["id"], &made["expires_at"]));
    let until: Timestamp = text(&rotated, "previous_token_until").parse().expect("an instant");
    assert_eq!(until.duration_since(Timestamp::now()).as_hours(), 0);
    assert!(until > Timestamp::now() && old.token != new.token);
    for token in [&old, &new] {
        token.get(&service, "/core/agents").await.expect(200);
    }
    // A second rotation ends the oldest, and one without an overlap the one before.
    let third = holder(&service, &service.post(&rotate, json!({})).await.expect(200));
    old.get(&service, "/core/agents").await.expect(401);
    new.get(&service, "/core/agents").await.expect(200);
    let last = service.post(&rotate, json!({"overlap_seconds": 0})).await.expect(200);
    assert_eq!(last["previous_token_until"], Value::Null);
    for gone in [&old, &new, &third] {
        gone.get(&service, "/core/agents").await.expect(401);
    }
    let last = holder(&service, &last);
    last.get(&service, "/core/agents").await.expect(200);
    // A revoked key holds with no token, and cannot be rotated.
    service.delete(&path(&made)).await.expect(204);
    last.get(&service, "/core/agents").await.expect(401);
    service.post(&rotate, json!({})).await.expect(404);
    service.stranger.post(&service, &rotate, json!({})).await.expect(404);
}

#[tokio::test]
async fn a_rotation_gives_nobody_more_than_they_have() {
    let service = Service::start().await;
    let (_, target) = made_by(&service, &service.tenant, json!({})).await;
    let (short, short_made) = made_by(&service, &service.tenant, json!({"expires_at": in_hours(1)})).await;
    let (bound, bound_made) = made_by(&service, &service.tenant, json!({"address_ranges": ["127.0.0.0/8"]})).await;
    for weak in [&short, &bound] {
        let refused = weak.post(&service, &format!("{}/rotate", path(&target)), json!({})).await.expect(403);
        assert_eq!(refused["code"], "key_exceeds_maker");
    }
    // A key may rotate itself, and stays its maker's.
    for (own, made) in [(&short, &short_made), (&bound, &bound_made)] {
        let rotated = own.post(&service, &format!("{}/rotate", path(made)), json!({})).await.expect(200);
        assert_eq!(rotated["created_by"], made["created_by"]);
    }
    // Who rotates another key knows its token: it ends with theirs.
    let (rotator, rotator_made) = made_by(&service, &service.tenant, json!({})).await;
    let rotated = rotator.post(&service, &format!("{}/rotate", path(&target)), json!({})).await.expect(200);
    assert_eq!(rotated["created_by"], json!({"kind": "key", "id": rotator_made["id"]}));
    service.delete(&path(&rotator_made)).await.expect(204);
    holder(&service, &rotated).get(&service, "/core/agents").await.expect(401);
}

#[tokio::test]
async fn wrong_fields_of_a_rotation_are_told() {
    let service = Service::start().await;
    let (_, made) = made_by(&service, &service.tenant, json!({})).await;
    let rotate = format!("{}/rotate", path(&made));
    for wrong in [json!(-1), json!(2_592_001), json!("1h"), json!(1.5)] {
        let errors = service.post(&rotate, json!({"overlap_seconds": wrong})).await.expect_errors();
        assert_eq!(errors, pairs(&[("overlap_seconds", "must be a whole number from 0 to 2592000")]));
    }
    service.post(&rotate, json!({"overlap_seconds": 2_592_000})).await.expect(200);
    refuses_bad_bodies(&service, Method::POST, &rotate).await;
}

#[tokio::test]
async fn a_key_is_valid_from_its_address_ranges_alone() {
    let service = Service::start().await;
    let ranges = json!({"address_ranges": ["203.0.113.9/24", "198.51.100.7", "2001:db8::/32"]});
    let (bound, made) = made_by(&service, &service.tenant, ranges).await;
    assert_eq!(made["address_ranges"], json!(["203.0.113.0/24", "198.51.100.7/32", "2001:db8::/32"]));
    for (address, status) in [
        ("203.0.113.1", 200),
        ("::ffff:203.0.113.1", 200),
        ("198.51.100.7", 200),
        ("2001:db8:1::1", 200),
        ("198.51.100.8", 403),
        ("203.0.114.1", 403),
        ("2001:db9::1", 403),
        ("::1", 403),
    ] {
        assert_eq!(reads_from(&service, &bound, address).await, status, "{address}");
    }
    let refused = bound.get(&service, "/core/agents").await.expect(403);
    assert_eq!(refused["code"], "address_not_allowed");
    // What a client says of its own address is no address.
    let request = bound.request(Method::GET, "/core/agents").header("x-forwarded-for", "203.0.113.1");
    let request = request.header("forwarded", "for=203.0.113.1").body(Body::empty()).expect("a request");
    assert_eq!(service.send(request).await.status, 403);
    // A wrong secret is refused as such, wherever it comes from.
    let wrong = Tenant { token: format!("{}A", &bound.token[..bound.token.len() - 1]), ..bound.clone() };
    let wrong = if wrong.token == bound.token {
        Tenant { token: format!("{}E", &bound.token[..bound.token.len() - 1]), ..bound.clone() }
    } else {
        wrong
    };
    assert_eq!(reads_from(&service, &wrong, "203.0.113.1").await, 401);
}

#[tokio::test]
async fn a_key_that_is_bound_makes_none_that_is_less_bound() {
    let service = Service::start().await;
    let (bound, _) = made_by(&service, &service.tenant, json!({"address_ranges": ["10.0.0.0/8", "127.0.0.1"]})).await;
    let make = async |ranges: Value| {
        bound.post(&service, KEYS, json!({"name": "x", "scopes": ["agents:read"], "address_ranges": ranges})).await
    };
    for wider in [json!(["0.0.0.0/0"]), json!(["10.1.0.0/16", "11.0.0.1"]), json!(["::/0"]), json!(["10.0.0.0/7"])] {
        assert_eq!(make(wider.clone()).await.expect(403)["code"], "key_exceeds_maker", "{wider}");
    }
    assert_eq!(make(json!(["10.1.0.0/16"])).await.expect(201)["address_ranges"], json!(["10.1.0.0/16"]));
    for not_asked in [json!([]), Value::Null] {
        assert_eq!(make(not_asked).await.expect(201)["address_ranges"], json!(["10.0.0.0/8", "127.0.0.1/32"]));
    }
    let message = "must be an address or a range in CIDR notation, such as 203.0.113.0/24";
    let errors = make(json!(["10.0.0.0/33", 7, "::ffff:10.0.0.1"])).await.expect_errors();
    let expected = [
        ("address_ranges.0", message),
        ("address_ranges.1", "must be a string"),
        ("address_ranges.2", "must be written as an address of IPv4"),
    ];
    assert_eq!(errors, pairs(&expected));
    assert_eq!(make(json!(vec!["10.0.0.1"; 33])).await.expect_errors()[0].1, "must have at most 32");
}

#[tokio::test]
async fn a_key_shows_when_and_from_where_it_was_last_used() {
    let service = Service::start().await;
    let (key, made) = made_by(&service, &service.tenant, json!({})).await;
    for (address, shown) in [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64")] {
        assert_eq!(reads_from(&service, &key, address).await, 200);
        let now = service.get(&path(&made)).await.expect(200);
        is_just_now(&now["last_used_at"]);
        assert_eq!(now["last_used_from"], shown);
    }
    // It outlives a change of other keys, and a request without the scope is a use, too.
    key.post(&service, "/core/agents", json!({"name": "x"})).await.expect(403);
    made_by(&service, &service.tenant, json!({})).await;
    assert_eq!(service.get(&path(&made)).await.expect(200)["last_used_from"], "127.0.0.1");
}

#[tokio::test]
async fn who_may_turn_switches_may_do_nothing_else() {
    let service = Service::start().await;
    let config = "/core/inbound-routing-config";
    service.post(config, json!({"workflow_definition": "switch storm\nreject\n"})).await.expect(201);
    let operator = service.key(&[Scope::ManageSwitches]).await;
    let switch = format!("{config}/switches/storm");
    assert_eq!(operator.put(&service, &switch, json!({"on": true})).await.expect(200)["on"], true);
    assert_eq!(operator.get(&service, &format!("{config}/switches")).await.expect(200)["items"][0]["on"], true);
    operator.get(&service, config).await.expect(403);
    operator.put(&service, config, json!({"enabled": false})).await.expect(403);
    operator.post(&service, &format!("{config}/check"), json!({"workflow_definition": "reject"})).await.expect(403);
    let reader = service.key(&[Scope::ReadConfigs]).await;
    reader.get(&service, &format!("{config}/switches")).await.expect(200);
    assert_eq!(
        reader.put(&service, &switch, json!({"on": false})).await.expect_detail(403),
        "This needs the scope `inbound_routing_switches:manage`."
    );
    let manager = service.key(&[Scope::ManageConfigs, Scope::ManageKeys]).await;
    manager.put(&service, &switch, json!({"on": false})).await.expect(200);
    let body = json!({"name": "Night shift", "scopes": ["inbound_routing_switches:manage"]});
    manager.post(&service, KEYS, body).await.expect(201);
}
