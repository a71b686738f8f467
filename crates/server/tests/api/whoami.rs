//! `/core/whoami`: the first request of a page.

use callplan_service::credentials::Scope;
use callplan_service::store::UserId;
use serde_json::{Value, json};

use crate::service::{Service, Tenant, text};

#[tokio::test]
async fn a_key_is_told_its_name_its_organization_and_its_scopes() {
    let service = Service::start().await;
    let key = service.key(&[Scope::ReadConfigs, Scope::RouteCalls]).await;
    let holder = key.get(&service, "/core/whoami").await.expect(200);
    let id = key.token.strip_prefix("ak_").and_then(|token| token.split_once('.')).expect("a key").0;
    let organization = json!({"id": service.tenant.organization.to_string(), "name": "Riverside Dental"});
    let scopes = ["inbound_routing_configs:read", "inbound_calls:route"];
    let expected = json!({"kind": "key", "id": id, "name": holder["name"], "organization": organization.clone(), "organizations": [organization], "scopes": scopes, "routing_stamp": holder["routing_stamp"]});
    assert_eq!(holder, expected);
    assert!(holder["name"].as_str().is_some_and(|name| !name.is_empty()));
}

#[tokio::test]
async fn a_user_is_told_the_name_of_the_organization_it_asks_for() {
    let service = Service::start().await;
    let user = service.user().await;
    let holder = user.get(&service, "/core/whoami").await.expect(200);
    assert_eq!((&holder["kind"], &holder["name"]), (&json!("user"), &json!("Kim")));
    assert_eq!(holder["organization"]["name"], "Riverside Dental");
    assert_eq!(holder["scopes"].as_array().map(Vec::len), Some(Scope::ALL.len()));
}

#[tokio::test]
async fn a_user_is_told_the_organizations_of_which_it_is_a_member_and_no_other() {
    let service = Service::start().await;
    let user = service.user().await;
    let holder = user.get(&service, "/core/whoami").await.expect(200);
    let person: UserId = text(&holder, "id").parse().expect("a user");
    let second = service.organization("Alder Clinic").await;
    service.organization("Somebody else's").await;
    let names = |holder: &Value| -> Vec<String> {
        let organizations = holder["organizations"].as_array().expect("organizations");
        organizations.iter().map(|organization| text(organization, "name")).collect()
    };
    assert_eq!(names(&holder), ["Riverside Dental"]);

    service.member(person, second.organization, true).await;
    let in_both = user.get(&service, "/core/whoami").await.expect(200);
    assert_eq!(names(&in_both), ["Alder Clinic", "Riverside Dental"]);
    assert_eq!(in_both["organizations"][0]["id"], second.organization.to_string());
    // In the other organization it is the same person, with the same list.
    let there = Tenant { organization: second.organization, token: user.token.clone() };
    let asked_there = there.get(&service, "/core/whoami").await.expect(200);
    assert_eq!(asked_there["organization"]["name"], "Alder Clinic");
    assert_eq!((&asked_there["id"], names(&asked_there)), (&holder["id"], names(&in_both)));
    // A key of an organization is told of its own alone.
    let key = second.get(&service, "/core/whoami").await.expect(200);
    assert_eq!(names(&key), ["Alder Clinic"]);

    service.member(person, second.organization, false).await;
    assert_eq!(names(&user.get(&service, "/core/whoami").await.expect(200)), ["Riverside Dental"]);
    there.get(&service, "/core/whoami").await.expect(403);
}

#[tokio::test]
async fn no_scope_is_needed_and_no_parameter_known() {
    let service = Service::start().await;
    let key = service.key(&[]).await;
    assert_eq!(key.get(&service, "/core/whoami").await.expect(200)["scopes"], json!([]));
    let errors = key.get(&service, "/core/whoami?as=admin").await.expect_errors();
    assert_eq!(errors, [("as".to_owned(), "is not a parameter of this".to_owned())]);
}

#[tokio::test]
async fn the_stamp_grows_with_what_decides_calls_and_with_nothing_else() {
    let service = Service::start().await;
    let other = service.organization("Alder Clinic").await;
    let stamp = async |tenant: &Tenant| {
        tenant.get(&service, "/core/whoami").await.expect(200)["routing_stamp"].as_i64().expect("a number")
    };
    let mut known = stamp(&service.tenant).await;
    let others = stamp(&other).await;
    let agent =
        format!("/core/agents/{}", text(&service.post("/core/agents", json!({"name": "a"})).await.expect(201), "id"));
    let acts = [
        ("POST", format!("{agent}/versions"), json!({})),
        ("POST", format!("{agent}/versions/1/publish"), json!({})),
        ("PUT", agent.clone(), json!({"active": false})),
        ("POST", "/core/phone-numbers".to_owned(), json!({"phone_number": "+15035550100", "trunk_id": "a"})),
        ("POST", "/core/inbound-routing-config".to_owned(), json!({"workflow_definition": "switch storm\nreject\n"})),
        ("PUT", "/core/inbound-routing-config/switches/storm".to_owned(), json!({"on": true})),
    ];
    for (method, path, body) in acts {
        let answer = match method {
            "POST" => service.post(&path, body).await,
            _ => service.put(&path, body).await,
        };
        assert!(answer.status.is_success(), "{path}");
        let now = stamp(&service.tenant).await;
        assert!(now > known, "{path} changes what decides calls");
        known = now;
    }
    service.get(&agent).await.expect(200);
    service.post("/core/inbound-calls", json!({"called_number": "+15035550100"})).await.expect(200);
    assert_eq!(stamp(&service.tenant).await, known, "nothing was changed");
    assert_eq!(stamp(&other).await, others, "it is each organization's own");
}
