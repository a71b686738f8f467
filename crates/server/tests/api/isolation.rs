//! Every endpoint, with every wrong credential; nothing of another organization can be read or
//! guessed.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use callplan_service::credentials::Scope;
use serde_json::json;

use crate::service::{Answer, Service, text};

/// An id that does not exist.
const NOBODY: &str = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";

/// Every method of every path of the document, with values for its parameters.
fn endpoints(service: &Service) -> Vec<(Method, String)> {
    let document: serde_json::Value =
        serde_json::from_str(&service.document.to_json().expect("JSON")).expect("a document");
    let paths = document["paths"].as_object().expect("paths");
    let all = paths.iter().flat_map(|(path, methods)| {
        let path = path
            .replace("{phone_number}", "%2B15035550100")
            .replace("{revision}", "1")
            .replace("{version}", "1")
            .replace("{name}", "storm");
        let path: String = match path.split_once('{') {
            None => path.clone(),
            Some(_) => {
                let parts = path.split('/').map(|part| if part.starts_with('{') { NOBODY } else { part });
                parts.collect::<Vec<_>>().join("/")
            }
        };
        let methods = methods.as_object().expect("methods").keys().filter(|method| *method != "parameters");
        methods.map(move |method| (method.to_uppercase().parse().expect("a method"), path.clone())).collect::<Vec<_>>()
    });
    all.collect()
}

/// Sends a request from an address that has sent none before, because an address with many failed
/// credentials is refused.
async fn answer_to(service: &Service, method: &Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    static COUNT: AtomicU32 = AtomicU32::new(1 << 24);
    let address = Ipv4Addr::from_bits(COUNT.fetch_add(1, Ordering::Relaxed));
    let request = request.extension(ConnectInfo(SocketAddr::from((address, 1024))));
    service.send(request.body(Body::from("{}")).expect("a request")).await
}

/// The name of the case, the expected status, and the headers.
type Wrong<'a> = (&'a str, u16, Vec<(&'a str, &'a str)>);

#[tokio::test]
async fn every_endpoint_refuses_every_wrong_credential() {
    let service = Service::start().await;
    let endpoints = endpoints(&service);
    assert!(endpoints.len() >= 28, "{}", endpoints.len());
    let user = service.user().await;
    let token = &service.tenant.token;
    let ours = format!("Bearer {token}");
    let altered = format!("Bearer {}{}", &token[..token.len() - 1], if token.ends_with('A') { "Q" } else { "A" });
    let of_nobody = format!("Bearer ak_{NOBODY}.{}", token.split_once('.').expect("a secret").1);
    let as_user = format!("Bearer {}", user.token);
    let (strange, own) = (service.stranger.organization.to_string(), service.tenant.organization.to_string());
    let wrong: [Wrong; 10] = [
        ("none", 401, vec![]),
        ("another scheme", 401, vec![("authorization", "Basic YTpi")]),
        ("no token", 401, vec![("authorization", "Bearer")]),
        ("not a token", 401, vec![("authorization", "Bearer ak_1.2")]),
        ("another secret", 401, vec![("authorization", &altered)]),
        ("an unknown key", 401, vec![("authorization", &of_nobody)]),
        ("two of them", 400, vec![("authorization", &ours), ("authorization", &ours)]),
        ("another organization's name", 403, vec![("authorization", &ours), ("x-anyreach-org", &strange)]),
        ("a user's, without an organization", 401, vec![("authorization", &as_user)]),
        ("a user's, no member", 403, vec![("authorization", &as_user), ("x-anyreach-org", &strange)]),
    ];
    for (method, path) in &endpoints {
        for (what, status, headers) in &wrong {
            let answer = answer_to(&service, method, path, headers).await;
            assert_eq!(answer.status.as_u16(), *status, "{method} {path} with {what}: {:?}", answer.body);
        }
        // The answer is the same for an organization that does not exist.
        let unknown =
            answer_to(&service, method, path, &[("authorization", &as_user), ("x-anyreach-org", NOBODY)]).await;
        let no_member =
            answer_to(&service, method, path, &[("authorization", &as_user), ("x-anyreach-org", &strange)]).await;
        assert_eq!((unknown.status, unknown.body), (no_member.status, no_member.body), "{method} {path}");
        let fine = answer_to(&service, method, path, &[("authorization", &ours), ("x-anyreach-org", &own)]).await;
        assert!(!matches!(fine.status.as_u16(), 401 | 403), "{method} {path}: {:?}", fine.body);
    }
}

#[tokio::test]
async fn every_endpoint_names_the_scope_that_is_missing() {
    let service = Service::start().await;
    // Any valid credential may ask for its holder.
    for (method, path) in endpoints(&service).into_iter().filter(|(_, path)| path != "/core/whoami") {
        // A key with another scope: for reading calls, or for routing them.
        let is_routing = path == "/core/inbound-calls" && method == Method::POST;
        let scope = if is_routing { Scope::ReadCalls } else { Scope::RouteCalls };
        let key = service.key(&[scope]).await;
        let answer = answer_to(&service, &method, &path, &[("authorization", &format!("Bearer {}", key.token))]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}: {:?}", answer.body);
        assert!(
            text(&answer.body, "detail").starts_with("This needs the scope `"),
            "{method} {path}: {:?}",
            answer.body
        );
    }
}

#[tokio::test]
async fn what_belongs_to_others_is_as_if_it_were_not_there() {
    let service = Service::start().await;
    let theirs = service.stranger.clone();
    let agent = text(&theirs.post(&service, "/core/agents", json!({"name": "Theirs"})).await.expect(201), "id");
    theirs.post(&service, &format!("/core/agents/{agent}/versions"), json!({})).await.expect(201);
    let number = json!({"phone_number": "+15035550100", "trunk_id": "main"});
    theirs.post(&service, "/core/phone-numbers", number).await.expect(201);
    let config = "/core/inbound-routing-config";
    theirs
        .post(&service, config, json!({"workflow_definition": "switch storm\nwhen storm is on { reject }\nfallback"}))
        .await
        .expect(201);
    let call = theirs.post(&service, "/core/inbound-calls", json!({"called_number": "+15035550100"})).await.expect(200);
    let call = text(&call, "id");
    for path in [
        format!("/core/agents/{agent}"),
        format!("/core/agents/{agent}/versions/1"),
        "/core/phone-numbers/%2B15035550100".to_owned(),
        format!("{config}/revisions/1"),
        format!("/core/inbound-calls/{call}"),
    ] {
        let ours = service.get(&path).await;
        let nobodys =
            service.get(&path.replace(&agent, NOBODY).replace(&call, NOBODY).replace("5550100", "5550999")).await;
        assert_eq!((ours.status.as_u16(), &ours.body), (404, &nobodys.body), "{path}");
    }
    service.put(&format!("{config}/switches/storm"), json!({"on": true})).await.expect(404);
    let revision = json!({"revision": 1, "against": 1});
    let detail = service.post(&format!("{config}/diff"), revision).await.expect_detail(404);
    assert_eq!(detail, "There is no such revision.");
    service.post(&format!("{config}/replay"), json!({"workflow_definition": "reject"})).await.expect(404);
    for list in ["/core/agents", "/core/phone-numbers", "/core/inbound-calls"] {
        assert_eq!(service.get(list).await.expect(200)["items"], json!([]), "{list}");
    }
    let key = json!({"name": "Theirs", "scopes": ["agents:read"]});
    let key = text(&theirs.post(&service, "/core/api-keys", key).await.expect(201), "id");
    service.get(&format!("/core/api-keys/{key}")).await.expect(404);
    service.delete(&format!("/core/api-keys/{key}")).await.expect(404);
    service.post(&format!("/core/api-keys/{key}/rotate"), json!({})).await.expect(404);
    let keys = service.get("/core/api-keys").await.expect(200);
    assert!(!keys.to_string().contains(&key) && keys["items"][0]["descendants"] == json!([]), "{keys:#}");
    // What they have done is in their trail, and the little that we have done is in ours.
    let trail = theirs.get(&service, "/core/audit-events").await.expect(200)["items"].to_string();
    assert!([&agent, &key].iter().all(|id| trail.contains(*id)));
    assert_eq!(service.get("/core/audit-events").await.expect(200)["items"], json!([]));
    // Also not as a fallback.
    let with_fallback = json!({"workflow_definition": "fallback", "fallback_agent_id": agent});
    let errors = service.post(config, with_fallback).await.expect_errors();
    assert_eq!(errors, [("fallback_agent_id".to_owned(), "is not an agent of this organization".to_owned())]);
}
