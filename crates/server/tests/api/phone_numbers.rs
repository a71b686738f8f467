//! `/core/phone-numbers`.

use axum::http::Method;
use callplan_service::credentials::Scope;
use serde_json::{Value, json};

use crate::service::{Service, Tenant, all_pages, is_just_now, pairs, refuses_bad_bodies, text};

const NUMBERS: &str = "/core/phone-numbers";

fn body(number: &str) -> Value {
    json!({"phone_number": number, "trunk_id": "trunk-a"})
}

#[tokio::test]
async fn a_number_is_kept_in_normal_form_and_found_however_it_is_written() {
    let service = Service::start().await;
    for (sent, kept, others) in [
        (" +1 (415) 555-0100 ", "+14155550100", vec!["%2B14155550100", "+14155550100", "tel:%2B1-415-555-0100"]),
        ("sip:+14155550101@example.com", "+14155550101", vec!["%2B14155550101", "sip:%2B14155550101@elsewhere.com"]),
        ("1001", "1001", vec!["1001", "%201001%20"]),
        (
            "sip:Front/desk?@example.com",
            "Front/desk?",
            vec!["sip:Front%2Fdesk%3F@example.com", "sip:Front%2Fdesk%3F@elsewhere.com"],
        ),
    ] {
        let made = service.post(NUMBERS, body(sent)).await.expect(201);
        is_just_now(&made["created_at"]);
        let expected = json!({
            "phone_number": kept, "trunk_id": "trunk-a", "inbound_agent_version_id": null,
            "inbound_agent_id": null, "inbound_agent_version": null,
            "created_at": made["created_at"],
        });
        assert_eq!(made, expected);
        for path in others {
            assert_eq!(service.get(&format!("{NUMBERS}/{path}")).await.expect(200), expected, "{path}");
        }
    }
    for path in ["%2B14155550199", "4155550100", "14155550100", "anonymous", "%20", "sip:front%2Fdesk%3F@example.com"] {
        let detail = service.get(&format!("{NUMBERS}/{path}")).await.expect_detail(404);
        assert_eq!(detail, "There is no such phone number.", "{path}");
    }
}

#[tokio::test]
async fn all_that_is_wrong_with_a_new_number_is_told_at_once() {
    let service = Service::start().await;
    let required = pairs(&[("phone_number", "is required"), ("trunk_id", "is required")]);
    assert_eq!(service.post(NUMBERS, json!({})).await.expect_errors(), required);
    let wrong = json!({"phone_number": 14155550100_u64, "trunk_id": null, "trunk": "a"});
    assert_eq!(
        service.post(NUMBERS, wrong).await.expect_errors(),
        pairs(&[
            ("phone_number", "must be a string"),
            ("trunk_id", "must not be null"),
            ("trunk", "is not a field of this"),
        ])
    );
    let withheld = "must be a number that can be called, not a withheld one";
    for (number, message) in [
        ("", "must not be empty"),
        ("+1415555\n0100", "must not have control characters in it"),
        ("  ", withheld),
        ("Anonymous", withheld),
        ("sip:anonymous@anonymous.invalid", withheld),
        ("+266696687", withheld),
    ] {
        let errors = service.post(NUMBERS, body(number)).await.expect_errors();
        assert_eq!(errors, pairs(&[("phone_number", message)]), "{number}");
    }
    service.post(NUMBERS, body(&"é".repeat(256))).await.expect(201);
    let errors = service.post(NUMBERS, body(&"é".repeat(257))).await.expect_errors();
    assert_eq!(errors, pairs(&[("phone_number", "must have at most 256 characters")]));
    refuses_bad_bodies(&service, Method::POST, NUMBERS).await;
}

#[tokio::test]
async fn a_number_belongs_to_one_organization_whoever_it_is() {
    let service = Service::start().await;
    service.post(NUMBERS, body("+18005550100")).await.expect(201);
    service.stranger.post(&service, NUMBERS, body("+18005550199")).await.expect(201);
    let mut words = Vec::new();
    for number in ["+1-800-555-0100", "+18005550199"] {
        words.push(service.post(NUMBERS, body(number)).await.expect(409));
    }
    assert_eq!(words[0], words[1]);
    assert_eq!(words[0]["detail"], "The phone number is registered already.");
    // Others cannot read or delete it.
    for path in ["%2B18005550199", "%2B18005550142"] {
        let path = format!("{NUMBERS}/{path}");
        for answer in [service.get(&path).await, service.delete(&path).await] {
            assert_eq!(answer.expect_detail(404), "There is no such phone number.");
        }
    }
    // After it is deleted, any organization can register it.
    let path = format!("{NUMBERS}/%2B18005550199");
    service.stranger.delete(&service, &path).await.expect(204);
    service.stranger.delete(&service, &path).await.expect(404);
    service.post(NUMBERS, body("+18005550199")).await.expect(201);
}

#[tokio::test]
async fn a_local_number_is_each_organizations_own() {
    let service = Service::start().await;
    service.post(NUMBERS, body("sip:desk@ours.invalid")).await.expect(201);
    service.stranger.post(&service, NUMBERS, body("sip:desk@theirs.invalid")).await.expect(201);
    service.post(NUMBERS, body("desk")).await.expect(409);
    let path = format!("{NUMBERS}/desk");
    service.delete(&path).await.expect(204);
    service.get(&path).await.expect(404);
    service.stranger.get(&service, &path).await.expect(200);
}

#[tokio::test]
async fn one_of_many_who_register_a_number_at_once_has_it() {
    let service = Service::start().await;
    let stranger = &service.stranger;
    for number in ["+18005550100", "+18005550101", "+18005550102"] {
        let (a, b, c) = tokio::join!(
            service.post(NUMBERS, body(number)),
            stranger.post(&service, NUMBERS, body(number)),
            service.post(NUMBERS, body(number)),
        );
        let mut statuses = [a, b, c].map(|answer| answer.status.as_u16());
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409]);
    }
}

#[tokio::test]
async fn the_list_is_filtered_literally() {
    let service = Service::start().await;
    for (number, trunk) in [("+18005550100", "a"), ("+18005550111", "b"), ("+14155550100", "a"), ("100%", "A")] {
        service.post(NUMBERS, json!({"phone_number": number, "trunk_id": trunk})).await.expect(201);
    }
    service.stranger.post(&service, NUMBERS, body("+18005550122")).await.expect(201);
    for (filter, expected) in [
        ("", vec!["+18005550100", "+18005550111", "+14155550100", "100%"]),
        ("?phone_number=", vec!["+18005550100", "+18005550111", "+14155550100", "100%"]),
        ("?phone_number=%2B1800", vec!["+18005550100", "+18005550111"]),
        ("?phone_number=0100", vec!["+18005550100", "+14155550100"]),
        ("?phone_number=%25", vec!["100%"]),
        ("?phone_number=_", vec![]),
        ("?phone_number=*", vec![]),
        ("?trunk_id=a", vec!["+18005550100", "+14155550100"]),
        ("?trunk_id=a&phone_number=415", vec!["+14155550100"]),
        ("?trunk_id=c", vec![]),
    ] {
        let page = service.get(&format!("{NUMBERS}{filter}")).await.expect(200);
        let numbers: Vec<_> =
            page["items"].as_array().expect("items").iter().map(|number| text(number, "phone_number")).collect();
        assert_eq!((numbers, &page["next_cursor"]), (expected.into_iter().map(str::to_owned).collect(), &Value::Null));
    }
    let pages = all_pages(&service, &format!("{NUMBERS}?trunk_id=a"), 1).await;
    let numbers: Vec<_> = pages.iter().map(|page| text(&page[0], "phone_number")).collect();
    assert_eq!(numbers, ["+18005550100", "+14155550100"]);
}

/// The numbers of a list, each with the agent and version that answer it.
async fn owners(service: &Service, key: &Tenant) -> Vec<(String, Value, Value)> {
    let page = key.get(service, NUMBERS).await.expect(200);
    let items = page["items"].as_array().expect("items").clone();
    let owner = |item: Value| {
        let [agent, version] = ["inbound_agent_id", "inbound_agent_version"].map(|field| item[field].clone());
        (text(&item, "phone_number"), agent, version)
    };
    items.into_iter().map(owner).collect()
}

#[tokio::test]
async fn a_number_names_its_agent_and_version_to_its_own_organization_alone() {
    let service = Service::start().await;
    let mut agents = Vec::new();
    for (tenant, numbers) in
        [(&service.tenant, ["+18005550100", "+18005550101"]), (&service.stranger, ["+18005550110", "1001"])]
    {
        let made = tenant.post(&service, "/core/agents", json!({"name": "desk"})).await.expect(201);
        let versions = format!("/core/agents/{}/versions", text(&made, "id"));
        for _ in 0..2 {
            tenant.post(&service, &versions, json!({})).await.expect(201);
        }
        for number in numbers {
            tenant.post(&service, NUMBERS, body(number)).await.expect(201);
        }
        let assigned = json!({"phone_numbers": [numbers[1]]});
        tenant.post(&service, &format!("{versions}/2/publish"), assigned).await.expect(200);
        agents.push(made["id"].clone());
    }
    let none = |number: &str| (number.to_owned(), Value::Null, Value::Null);
    let owned = |number: &str, agent: usize| (number.to_owned(), agents[agent].clone(), json!(2));
    let (ours, theirs) = (owners(&service, &service.tenant).await, owners(&service, &service.stranger).await);
    assert_eq!(ours, [none("+18005550100"), owned("+18005550101", 0)]);
    assert_eq!(theirs, [none("+18005550110"), owned("1001", 1)]);
    // Neither finds the other's, by number or in a publication.
    service.get(&format!("{NUMBERS}/%2B18005550110")).await.expect(404);
    let foreign = json!({"phone_numbers": ["+18005550110"]});
    let publish = format!("/core/agents/{}/versions/2/publish", agents[0].as_str().expect("an id"));
    service.post(&publish, foreign).await.expect(422);
    assert_eq!(owners(&service, &service.stranger).await, theirs);
    let read = service.get(&format!("{NUMBERS}/%2B18005550101")).await.expect(200);
    assert_eq!((&read["inbound_agent_id"], &read["inbound_agent_version"]), (&agents[0], &json!(2)));
}

#[tokio::test]
async fn a_cursor_holds_for_its_filters_alone() {
    let service = Service::start().await;
    for number in ["+18005550100", "+18005550101"] {
        service.post(NUMBERS, body(number)).await.expect(201);
    }
    let first = service.get(&format!("{NUMBERS}?trunk_id=trunk-a&limit=1")).await.expect(200);
    let cursor = text(&first, "next_cursor");
    let not_of_this = pairs(&[("cursor", "is not a cursor of this list with these filters")]);
    for filters in ["", "trunk_id=trunk-b&", "phone_number=trunk-a&", "trunk_id=trunk-a&phone_number=1&"] {
        let errors = service.get(&format!("{NUMBERS}?{filters}cursor={cursor}")).await.expect_errors();
        assert_eq!(errors, not_of_this, "{filters}");
    }
    service.get(&format!("{NUMBERS}?trunk_id=trunk-a&limit=100&cursor={cursor}")).await.expect(200);
    let errors = service.get(&format!("{NUMBERS}?trunk_id=a&trunk_id=b&trunk=a")).await.expect_errors();
    let expected = pairs(&[("trunk_id", "is given more than once"), ("trunk", "is not a parameter of this")]);
    assert_eq!(errors, expected);
    let errors = service.get(&format!("{NUMBERS}?phone_number={}", "1".repeat(257))).await.expect_errors();
    assert_eq!(errors, pairs(&[("phone_number", "must have at most 256 characters")]));
}

#[tokio::test]
async fn each_method_needs_its_scope_and_manage_includes_read() {
    let service = Service::start().await;
    service.post(NUMBERS, body("+18005550100")).await.expect(201);
    let path = format!("{NUMBERS}/%2B18005550100");
    let others: Vec<_> = Scope::ALL.into_iter().filter(|scope| !scope.name().starts_with("phone_numbers:")).collect();
    let (none, reader) = (service.key(&others).await, service.key(&[Scope::ReadNumbers]).await);
    let manager = service.key(&[Scope::ManageNumbers]).await;
    for path in [NUMBERS, &path, "/core/phone-numbers?limit=0"] {
        let detail = none.get(&service, path).await.expect_detail(403);
        assert_eq!(detail, "This needs the scope `phone_numbers:read`.");
    }
    for key in [&none, &reader] {
        for answer in [key.post(&service, NUMBERS, json!([])).await, key.delete(&service, &path).await] {
            assert_eq!(answer.expect_detail(403), "This needs the scope `phone_numbers:manage`.");
        }
    }
    for key in [&reader, &manager, &service.user().await] {
        key.get(&service, NUMBERS).await.expect(200);
        key.get(&service, &path).await.expect(200);
    }
    manager.delete(&service, &path).await.expect(204);
    manager.post(&service, NUMBERS, body("+18005550100")).await.expect(201);
}
