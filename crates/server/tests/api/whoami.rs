//! `/core/whoami`: the first request of a page.

use callplan_service::credentials::Scope;
use serde_json::json;

use crate::service::Service;

#[tokio::test]
async fn a_key_is_told_its_name_its_organization_and_its_scopes() {
    let service = Service::start().await;
    let key = service.key(&[Scope::ReadConfigs, Scope::RouteCalls]).await;
    let holder = key.get(&service, "/core/whoami").await.expect(200);
    let id = key.token.strip_prefix("ak_").and_then(|token| token.split_once('.')).expect("a key").0;
    let organization = json!({"id": service.tenant.organization.to_string(), "name": "Riverside Dental"});
    let scopes = ["inbound_routing_configs:read", "inbound_calls:route"];
    let expected =
        json!({"kind": "key", "id": id, "name": holder["name"], "organization": organization, "scopes": scopes});
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
async fn no_scope_is_needed_and_no_parameter_known() {
    let service = Service::start().await;
    let key = service.key(&[]).await;
    assert_eq!(key.get(&service, "/core/whoami").await.expect(200)["scopes"], json!([]));
    let errors = key.get(&service, "/core/whoami?as=admin").await.expect_errors();
    assert_eq!(errors, [("as".to_owned(), "is not a parameter of this".to_owned())]);
}
