//! One use of each operation: the document's examples, and every answer that it describes.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use serde_json::{Map, Value, json};

use crate::contract::{Operation, is_uuid};
use crate::service::{Answer, Service, stalled, text};

const CONFIG: &str = "/core/inbound-routing-config";
const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/examples.json");

/// Requests and answers, by operation.
pub struct Scenario<'s> {
    service: &'s Service,
    examples: Map<String, Value>,
    /// How many events of the audit trail there are after each operation.
    pub events: Vec<(String, usize)>,
}

impl Scenario<'_> {
    async fn step(&mut self, id: &str, method: Method, path: &str, request: Option<Value>) -> Value {
        let body = request.as_ref().map(Value::to_string).unwrap_or_default();
        let ask = self.service.tenant.request(method, path).header(header::CONTENT_TYPE, "application/json");
        let answer = self.service.send(ask.body(Body::from(body)).expect("a request")).await;
        assert!(answer.status.is_success(), "{id}: {answer:#?}");
        let mut example = Map::new();
        example.extend(request.map(|request| ("request".to_owned(), request)));
        if !answer.body.is_null() {
            example.insert("response".to_owned(), answer.body.clone());
        }
        self.examples.insert(id.to_owned(), Value::Object(example));
        self.events.push((id.to_owned(), self.service.audit_trail().await.len()));
        answer.body
    }

    async fn get(&mut self, id: &str, path: &str) -> Value {
        self.step(id, Method::GET, path, None).await
    }

    async fn post(&mut self, id: &str, path: &str, body: Value) -> Value {
        self.step(id, Method::POST, path, Some(body)).await
    }

    async fn put(&mut self, id: &str, path: &str, body: Value) -> Value {
        self.step(id, Method::PUT, path, Some(body)).await
    }

    async fn delete(&mut self, id: &str, path: &str) {
        self.step(id, Method::DELETE, path, None).await;
    }
}

/// A practice makes its agents, its plan and its keys, and reads its calls.
pub async fn scenario(service: &Service) -> Scenario<'_> {
    let mut does = Scenario { service, examples: Map::new(), events: Vec::new() };
    does.get("whoami", "/core/whoami").await;
    let (agent, number) = neighbours(&mut does).await;
    let plan = format!(
        "timezone Europe/London\nswitch storm\nschedule office {{ mon-fri 08:00-18:00 }}\nrule \"Storm\" when storm is \
         on {{ context \"We are closed because of the storm.\" fallback }}\nrule \"Open\" when office is open {{ route \
         to \"{agent}\" }}\nfallback\n"
    );
    let edited = plan.replace("rule \"Storm\"", "rule \"Spam\" when caller in [+1900*] { reject }\nrule \"Storm\"");
    does.post("check_plan", &format!("{CONFIG}/check"), json!({"workflow_definition": "route to nobody\n"})).await;
    does.post("create_config", CONFIG, json!({"workflow_definition": plan, "fallback_agent_id": agent})).await;
    does.get("get_config", CONFIG).await;
    looks(&mut does, &plan, &edited, &number).await;
    let call = json!({"caller_number": "+442079460142", "called_number": number, "timestamp": "2026-03-02T17:00:00Z"});
    let decided = does.post("decide_call", "/core/inbound-calls", call).await;
    let call = format!("/core/inbound-calls/{}", text(&decided, "id"));
    while service.get(&call).await.status != 200 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    does.get("get_call", &call).await;
    does.get("list_calls", "/core/inbound-calls?action=answer").await;
    let ending = plan.replace("mon-fri", "mon-thu").replace("\nfallback", "\nreject");
    does.post(
        "replay_calls",
        &format!("{CONFIG}/replay"),
        json!({"workflow_definition": ending.replace("mon-thu", "tue")}),
    )
    .await;
    does.put("update_config", CONFIG, json!({"workflow_definition": edited, "enabled": true})).await;
    does.get("list_revisions", &format!("{CONFIG}/revisions")).await;
    does.get("get_revision", &format!("{CONFIG}/revisions/1")).await;
    let parts = json!({"workflow_definition": true, "fallback_agent": true, "enabled": false});
    does.post("restore_revision", &format!("{CONFIG}/revisions/1/restore"), parts).await;
    does.delete("erase_calls", "/core/inbound-calls?caller_number=%2B442079460142").await;
    let key = json!({"name": "Switchboard", "scopes": ["inbound_calls:route"], "expires_at": "2030-01-01T00:00:00Z"});
    let key = does.post("create_api_key", "/core/api-keys", key).await;
    let path = format!("/core/api-keys/{}", text(&key, "id"));
    does.get("get_api_key", &path).await;
    does.get("list_api_keys", "/core/api-keys").await;
    does.post("rotate_api_key", &format!("{path}/rotate"), json!({"overlap_seconds": 3600})).await;
    does.delete("revoke_api_key", &path).await;
    does.delete("delete_phone_number", &format!("/core/phone-numbers/{}", number.replace('+', "%2B"))).await;
    does.delete("delete_config", CONFIG).await;
    does.delete("delete_agent", &format!("/core/agents/{agent}")).await;
    does.get("list_audit_events", &format!("/core/audit-events?subject={agent}&kind=agent.updated")).await;
    does
}

async fn neighbours(does: &mut Scenario<'_>) -> (String, String) {
    let body = json!({"name": "Front desk", "description": "Answers by day.", "metadata": {"team": "London"}});
    let agent = text(&does.post("create_agent", "/core/agents", body).await, "id");
    does.get("list_agents", "/core/agents").await;
    let path = format!("/core/agents/{agent}");
    does.get("get_agent", &path).await;
    does.put("update_agent", &path, json!({"name": "Reception", "description": null})).await;
    does.post("create_agent_version", &format!("{path}/versions"), json!({"config": {"voice": "calm"}})).await;
    let number = json!({"phone_number": "+44 20 7946 0199", "trunk_id": "trunk-a"});
    let number = text(&does.post("register_phone_number", "/core/phone-numbers", number).await, "phone_number");
    let publish = json!({"phone_numbers": [number]});
    does.post("publish_agent_version", &format!("{path}/versions/1/publish"), publish).await;
    does.get("list_agent_versions", &format!("{path}/versions")).await;
    does.get("get_agent_version", &format!("{path}/versions/latest")).await;
    does.get("list_phone_numbers", "/core/phone-numbers?trunk_id=trunk-a").await;
    does.get("get_phone_number", &format!("/core/phone-numbers/{}", number.replace('+', "%2B"))).await;
    (agent, number)
}

/// Questions about a plan before it is saved.
async fn looks(does: &mut Scenario<'_>, plan: &str, edited: &str, number: &str) {
    let of_config = |name: &str| format!("{CONFIG}/{name}");
    let call = json!({"called_number": number, "timestamp": "2026-03-02T17:00:00Z", "switches": {"storm": true}});
    does.post("simulate_call", &of_config("simulate"), json!({"call": call})).await;
    does.post("write_example", &of_config("example"), json!({"call": call, "name": "a storm"})).await;
    does.post("diff_plans", &of_config("diff"), json!({"workflow_definition": edited})).await;
    does.post("effects", "/core/effects", json!({"config": {"fallback_agent_id": null}})).await;
    let days = json!({"called_number": number, "from": "2026-03-02", "days": 1});
    does.post("timeline", &of_config("timeline"), days).await;
    does.post("format_plan", &of_config("format"), json!({"workflow_definition": "when caller is anonymous {reject}"}))
        .await;
    let place = |text: &str, column: usize| json!({"workflow_definition": text, "line": 1, "column": column});
    does.post("complete_plan", &of_config("complete"), place("skip ", 6)).await;
    does.post("hover_plan", &of_config("hover"), place("when caller is anonymous { reject }", 16)).await;
    does.get("list_switches", &of_config("switches")).await;
    does.put("set_switch", &of_config("switches/storm"), json!({"on": false})).await;
    assert!(plan.contains("storm"));
}

/// Replaces values that differ in each run by those of the file.
struct Normal {
    ids: BTreeMap<String, String>,
    now: jiff::Timestamp,
}

impl Normal {
    fn value(&mut self, name: &str, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(name, text).into(),
            Value::Array(items) => items.iter().map(|item| self.value(name, item)).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(name, field)| (name.clone(), self.value(name, field))).collect::<Map<_, _>>().into()
            }
            // Of all calls from today on: each day has other ones.
            Value::Number(_) if name == "share" => json!(0.25),
            Value::Number(days) if name == "count" && days.as_u64().is_some_and(|days| days > 1_000) => json!(1_300),
            other => other.clone(),
        }
    }

    fn text(&mut self, name: &str, text: &str) -> String {
        let year = jiff::tz::Offset::UTC.to_datetime(self.now).year();
        match name {
            "token" => return "ak_00000000-0000-4000-8000-000000000000.SECRET".to_owned(),
            "release" => return "1.0.0".to_owned(),
            "first" if text.len() == 10 => return "2026-03-02".to_owned(),
            "from" if text.len() == 10 && text != "2026-03-02" => return "2026-03-02".to_owned(),
            "until" if text == format!("{}-12-31", year + 5) => return "2031-12-31".to_owned(),
            _ => {}
        }
        let is_near = |instant: jiff::Timestamp| instant.duration_since(self.now).as_hours().abs() < 24 * 8;
        if text.parse().is_ok_and(is_near) {
            return "2026-03-02T17:00:00Z".to_owned();
        }
        let mut normal = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let id = rest.get(..36).filter(|id| is_uuid(id));
            match id {
                Some(id) => {
                    let count = self.ids.len() + 1;
                    let known = self.ids.entry(id.to_owned());
                    normal += known.or_insert_with(|| format!("00000000-0000-4000-8000-{count:012}"));
                    rest = &rest[36..];
                }
                None => {
                    normal.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        normal
    }
}

/// `UPDATE_EXAMPLES=1` writes the file.
#[tokio::test]
async fn examples_of_the_document_are_real() {
    let service = Service::start().await;
    let examples = scenario(&service).await.examples;
    let mut normal = Normal { ids: BTreeMap::new(), now: jiff::Timestamp::now() };
    let mut written = serde_json::to_string_pretty(&normal.value("", &Value::Object(examples.clone()))).expect("JSON");
    written.push('\n');
    if std::env::var_os("UPDATE_EXAMPLES").is_some() {
        std::fs::write(EXAMPLES, &written).expect("it is written");
    }
    let file = std::fs::read_to_string(EXAMPLES).expect("the file");
    assert!(
        file == written,
        "examples.json is not what is answered; UPDATE_EXAMPLES=1 rewrites it. It would be:\n{written}"
    );
    let names = |of: &Value| of.as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
    for operation in service.contract.operations() {
        let Operation { id, about, .. } = operation;
        assert!(
            about["summary"].is_string() && about["description"].as_str().is_some_and(|text| text.contains("Needs"))
        );
        let example = names(&examples[id]).unwrap_or_else(|| panic!("no example of {id}"));
        assert_eq!(about["requestBody"].is_object(), example.contains(&"request".to_owned()), "{id}");
    }
}

/// The answer to a request with a mistake that all operations refuse alike.
async fn wrong(service: &Service, operation: &Operation<'_>, path: &str, status: &str) -> Option<Answer> {
    let request_by = |token: &str, organization: Option<String>| {
        let request = axum::http::Request::builder().method(operation.method.clone()).uri(path);
        let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        organization.into_iter().fold(request, |request, id| request.header("X-Anyreach-Org", id))
    };
    let own = || service.tenant.request(operation.method.clone(), path);
    let json = |request: axum::http::request::Builder| request.header(header::CONTENT_TYPE, "application/json");
    let is_asked_by_path = operation.method == Method::GET || path.contains('?');
    let request = match status {
        "400" => own().header(header::AUTHORIZATION, "Bearer x").body(Body::empty()),
        "401" => request_by("x", None).body(Body::empty()),
        "403" => request_by(&service.tenant.token, Some(service.stranger.organization.to_string())).body(Body::empty()),
        "408" => json(own()).body(never(None)),
        "413" => json(own()).body(Body::from(vec![b' '; (16 << 20) + 1])),
        "415" => own().header(header::CONTENT_TYPE, "text/plain").body(Body::from("{}")),
        "422" if is_asked_by_path => {
            let mark = if path.contains('?') { '&' } else { '?' };
            service.tenant.request(operation.method.clone(), &format!("{path}{mark}unexpected=1")).body(Body::empty())
        }
        "422" => json(own()).body(Body::from(r#"{"unexpected": 1}"#)),
        _ => return None,
    };
    Some(service.send(request.expect("a request")).await)
}

/// A body that never ends.
fn never(length: Option<u64>) -> Body {
    struct Never(Option<u64>);
    impl hyper::body::Body for Never {
        type Data = axum::body::Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
            std::task::Poll::Pending
        }

        fn size_hint(&self) -> hyper::body::SizeHint {
            self.0.map(hyper::body::SizeHint::with_exact).unwrap_or_default()
        }
    }
    Body::new(Never(length))
}

/// The path of an operation, with the ids that the scenario leaves, and with what its query must have.
fn filled(operation: &Operation<'_>, agent: &str) -> String {
    let path = operation.path;
    let id = if path.contains("agents") { agent } else { "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11" };
    let path = path.replace("{id}", id).replace("{version}", "1").replace("{revision}", "1");
    let path = path.replace("{name}", "storm").replace("{phone_number}", "%2B14155550100");
    let must_have = |parameter: &&Value| parameter["in"] == "query" && parameter["required"] == true;
    match operation.about["parameters"].as_array().and_then(|parameters| parameters.iter().find(must_have)) {
        Some(parameter) => format!("{path}?{}=101", text(parameter, "name")),
        None => path,
    }
}

/// Each status of the document is answered by its operation.
#[tokio::test]
async fn all_that_is_documented_happens() {
    let service = std::sync::Arc::new(Service::start().await);
    scenario(&service).await;
    let agent = text(&service.post("/core/agents", json!({"name": "Desk"})).await.expect(201), "id");
    service.post(&format!("/core/agents/{agent}/versions"), json!({})).await.expect(201);
    refused_for_their_state(&service, &agent).await;
    let operations = service.contract.operations();
    let documented = |operation: &Operation<'_>| -> Vec<String> {
        operation.about["responses"].as_object().expect("responses").keys().cloned().collect()
    };
    for operation in &operations {
        let path = filled(operation, &agent);
        for status in documented(operation).iter().filter(|status| *status != "408") {
            if let Some(answer) = wrong(&service, operation, &path, status).await {
                assert_eq!(answer.status.as_str(), status, "{} {path}", operation.method);
            }
        }
    }
    tokio::time::pause();
    for operation in operations.iter().filter(|operation| documented(operation).contains(&"408".to_owned())) {
        wrong(&service, operation, &filled(operation, &agent), "408").await.expect("an answer").expect(408);
    }
    tokio::time::resume();
    without_room(&service).await;
    overloaded(&service, &operations, &agent).await;
    for operation in &operations {
        refused_as_a_guess(&service, operation.method.clone(), &filled(operation, &agent)).await;
    }
    broken(&service, &operations, &agent).await;
    let seen = service.contract.seen.lock().expect("nobody panicked").clone();
    for operation in &operations {
        for status in documented(operation) {
            let is_seen = seen.contains(&(operation.id.to_owned(), status.clone()));
            assert!(is_seen, "{} was never answered {status}", operation.id);
        }
    }
}

/// Guesses until that is refused. A guess is forgotten every second, so a slow test makes more.
async fn refused_as_a_guess(service: &Service, method: Method, path: &str) {
    for _ in 0..100 {
        if guess(service, method.clone(), path).await.status == StatusCode::TOO_MANY_REQUESTS {
            return;
        }
    }
    panic!("{method} {path}: guesses are never refused");
}

async fn guess(service: &Service, method: Method, path: &str) -> Answer {
    let token = format!("{}x", &service.tenant.token[..service.tenant.token.len() - 1]);
    let request = axum::http::Request::builder().method(method).uri(path);
    let request = request.header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::empty());
    service.send(request.expect("a request")).await
}

/// While nobody reads the answers with a large plan, a change is answered without the plan.
async fn without_room(service: &Service) {
    let text = format!("{}reject\n", "# A line.\n".repeat(20_000));
    let revision = match service.put(CONFIG, json!({"workflow_definition": text})).await {
        changed if changed.status == StatusCode::OK => changed.body,
        _ => service.post(CONFIG, json!({"workflow_definition": text})).await.expect(201),
    };
    let unread = service.unread_configs(&service.tenant).await;
    service.put(CONFIG, json!({"enabled": false})).await.expect(204);
    let restore = format!("{CONFIG}/revisions/{}/restore", revision["revision"]);
    service.post(&restore, json!({})).await.expect(204);
    drop(unread);
}

/// While large bodies arrive, there is no memory for another of the key; while the database is overloaded, it
/// refuses.
async fn overloaded(service: &std::sync::Arc<Service>, operations: &[Operation<'_>], agent: &str) {
    // The first 64 KiB of each do not count: together they take all that a key may have.
    let coming: Vec<_> = [16 << 20, 16 << 20, 192 << 10]
        .into_iter()
        .map(|size| {
            let service = std::sync::Arc::clone(service);
            tokio::spawn(async move {
                let request = service.tenant.request(Method::POST, CONFIG);
                let request = request.header(header::CONTENT_TYPE, "application/json");
                service.send(request.body(stalled(size)).expect("a request")).await
            })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let gate = service.stall();
    for operation in operations {
        let request = service.tenant.request(operation.method.clone(), &filled(operation, agent));
        let request = match operation.method.as_str() {
            "GET" | "DELETE" => request.body(Body::empty()),
            _ => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(vec![b' '; 100_000])),
        };
        service.send(request.expect("a request")).await.expect(503);
    }
    drop(gate);
    coming.iter().for_each(tokio::task::JoinHandle::abort);
}

/// A failure in the server gets a regular answer: a handler that panics while it reads a body, and
/// a database without its tables.
async fn broken(service: &Service, operations: &[Operation<'_>], agent: &str) {
    service.lose_tables();
    for operation in operations {
        let request = service.tenant.request(operation.method.clone(), &filled(operation, agent));
        let request = match operation.method.as_str() {
            "GET" | "DELETE" => request.body(Body::empty()),
            _ => request.header(header::CONTENT_TYPE, "application/json").body(panics()),
        };
        service.send(request.expect("a request")).await.expect(500);
    }
}

/// A body that panics when it is read.
fn panics() -> Body {
    struct Panics;
    impl hyper::body::Body for Panics {
        type Data = axum::body::Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
            panic!("a mistake, on purpose")
        }
    }
    Body::new(Panics)
}

/// Valid requests that are refused now, or for this organization.
async fn refused_for_their_state(service: &Service, agent: &str) {
    let no_id = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11";
    let plan = json!({"workflow_definition": "switch storm\nfallback", "fallback_agent_id": agent});
    for (method, path, body) in [
        (Method::PUT, CONFIG.to_owned(), json!({})),
        (Method::DELETE, CONFIG.to_owned(), json!({})),
        (Method::POST, format!("{CONFIG}/simulate"), json!({"call": {"called_number": "1"}})),
        (Method::POST, format!("{CONFIG}/diff"), json!({"workflow_definition": "reject"})),
        (Method::POST, format!("{CONFIG}/timeline"), json!({"called_number": "1"})),
        (Method::POST, format!("{CONFIG}/replay"), json!({"workflow_definition": "reject"})),
        (Method::POST, format!("{CONFIG}/example"), json!({"call": {"called_number": "1"}})),
        (Method::POST, "/core/effects".to_owned(), json!({"config": {"enabled": false}})),
        (Method::GET, format!("{CONFIG}/switches"), json!({})),
        (Method::PUT, format!("{CONFIG}/switches/storm"), json!({"on": true})),
        (Method::POST, format!("{CONFIG}/revisions/1/restore"), json!({})),
        (Method::GET, format!("{CONFIG}/revisions/99"), json!({})),
        (Method::GET, format!("/core/inbound-calls/{no_id}"), json!({})),
        (Method::GET, format!("/core/agents/{no_id}"), json!({})),
        (Method::PUT, format!("/core/agents/{no_id}"), json!({})),
        (Method::DELETE, format!("/core/agents/{no_id}"), json!({})),
        (Method::GET, format!("/core/agents/{no_id}/versions"), json!({})),
        (Method::POST, format!("/core/agents/{no_id}/versions"), json!({})),
        (Method::GET, format!("/core/agents/{agent}/versions/7"), json!({})),
        (Method::POST, format!("/core/agents/{agent}/versions/7/publish"), json!({})),
        (Method::GET, "/core/phone-numbers/1".to_owned(), json!({})),
        (Method::DELETE, "/core/phone-numbers/1".to_owned(), json!({})),
        (Method::GET, format!("/core/api-keys/{no_id}"), json!({})),
        (Method::DELETE, format!("/core/api-keys/{no_id}"), json!({})),
        (Method::POST, format!("/core/api-keys/{no_id}/rotate"), json!({})),
    ] {
        let request = service.tenant.request(method.clone(), &path).header(header::CONTENT_TYPE, "application/json");
        let body = if method == Method::GET || method == Method::DELETE { String::new() } else { body.to_string() };
        service.send(request.body(Body::from(body)).expect("a request")).await.expect(404);
    }
    service.post(CONFIG, plan.clone()).await.expect(201);
    service.post(CONFIG, plan).await.expect(409);
    service.delete(&format!("/core/agents/{agent}")).await.expect(409);
    let number = json!({"phone_number": "+14155550100", "trunk_id": "a"});
    service.post("/core/phone-numbers", number.clone()).await.expect(201);
    service.post("/core/phone-numbers", number).await.expect(409);
    let revision = service.get(CONFIG).await.expect(200)["revision"].as_u64().expect("a number");
    let with = |method: Method, path: &str, name: &'static str, tag: String| {
        let request = service.tenant.request(method, path).header(header::CONTENT_TYPE, "application/json");
        request.header(name, tag).body(Body::from("{}")).expect("a request")
    };
    let other = || "\"999\"".to_owned();
    service.send(with(Method::PUT, CONFIG, "if-match", other())).await.expect(412);
    service.send(with(Method::DELETE, CONFIG, "if-match", other())).await.expect(412);
    let restore = format!("{CONFIG}/revisions/{revision}/restore");
    service.send(with(Method::POST, &restore, "if-match", other())).await.expect(412);
    let same = service.send(with(Method::GET, CONFIG, "if-none-match", format!("\"{revision}\""))).await;
    assert_eq!(same.status, 304);
}
