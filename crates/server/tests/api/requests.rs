//! Requests that every endpoint refuses before it reads fields: by their host, the form of their
//! body, repeated names and nesting; and values that are stored as they were sent.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::service::{Answer, Service, Tenant, pairs, text};
use callplan_service::credentials::Scope;

const AGENTS: &str = "/core/agents";
const CONFIG: &str = "/core/inbound-routing-config";

/// Every endpoint that reads a body, with its required fields.
const BODIES: [(Method, &str, &str); 15] = [
    (Method::POST, CONFIG, r#""workflow_definition": "reject""#),
    (Method::PUT, CONFIG, r#""enabled": true"#),
    (Method::POST, "/core/inbound-routing-config/check", r#""workflow_definition": "reject""#),
    (Method::POST, "/core/inbound-routing-config/simulate", r#""call": {"called_number": "+1"}"#),
    (Method::POST, "/core/inbound-routing-config/format", r#""workflow_definition": "reject""#),
    (Method::POST, "/core/inbound-routing-config/diff", r#""revision": 1"#),
    (Method::POST, "/core/inbound-routing-config/timeline", r#""called_number": "+1""#),
    (Method::POST, "/core/inbound-routing-config/replay", r#""workflow_definition": "reject""#),
    (Method::POST, "/core/inbound-routing-config/hover", r#""workflow_definition": "reject", "line": 1, "column": 1"#),
    (Method::PUT, "/core/inbound-routing-config/switches/storm", r#""on": true"#),
    (Method::POST, "/core/inbound-calls", r#""called_number": "+14155550100""#),
    (Method::POST, AGENTS, r#""name": "Desk""#),
    (Method::POST, "/core/agents/00000000-0000-4000-8000-000000000000/versions/1/publish", r#""direction": "inbound""#),
    (Method::POST, "/core/phone-numbers", r#""phone_number": "+14155550100", "trunk_id": "a""#),
    (Method::POST, "/core/api-keys", r#""name": "a", "scopes": ["agents:read"]"#),
];

async fn send(
    service: &Service,
    (method, path): (&Method, &str),
    headers: &[(&'static str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = service.tenant.request(method.clone(), path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    service.send(request.body(body.into()).expect("a request")).await
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn a_field_that_is_given_twice_is_named_wherever_it_is() {
    let service = Service::start().await;
    for (method, path, fields) in &BODIES {
        let first = fields.split('"').nth(1).expect("a name");
        let body = format!("{{{fields}, {}}}", fields.split(", \"").next().expect("a field"));
        let errors = send(&service, (method, path), &[JSON], body).await.expect_errors();
        assert_eq!(errors, pairs(&[(first, "is given more than once")]), "{method} {path}");
    }
    let body = r#"{"name": "Desk", "metadata": {"a": 1, "b": [{"c": 1, "\u0063": 2}], "a": 1}, "nme": 1}"#;
    let errors = send(&service, (&Method::POST, AGENTS), &[JSON], body).await.expect_errors();
    let twice = "is given more than once";
    assert_eq!(errors, pairs(&[("metadata.b.0.c", twice), ("metadata.a", twice), ("nme", "is not a field of this")]));
    let body = r#"{"call": {"called_number": "1", "called_number": "2", "switches": {"a": true, "a": false}}}"#;
    let simulate = format!("{CONFIG}/simulate");
    let errors = send(&service, (&Method::POST, &simulate), &[JSON], body).await.expect_errors();
    assert_eq!(errors, pairs(&[("call.called_number", twice), ("call.switches.a", twice)]));
    assert_eq!(service.get(AGENTS).await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn an_answer_lists_a_hundred_wrong_fields_and_no_more() {
    let service = Service::start().await;
    let fields: Vec<String> = (0..20_000).map(|at| format!(r#""{at}{}": 1"#, "x".repeat(300))).collect();
    let body = format!("{{{}}}", &fields[..3_000].join(","));
    let answer = send(&service, (&Method::POST, AGENTS), &[JSON], body).await.expect(422);
    assert_eq!(answer["detail"], "More than 100 fields are wrong.");
    let errors = answer["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 100);
    assert!(errors.iter().all(|error| error["field"].as_str().is_some_and(|field| field.chars().count() <= 257)));
}

#[tokio::test]
async fn numbers_of_metadata_are_kept_as_they_were_sent() {
    let service = Service::start().await;
    let numbers = r#"[12345678901234567890123,1e400,-1e-400,0.1234567890123456789012,1.0,100000000000000000000000]"#;
    let body = format!(r#"{{"name": "Desk", "metadata": {{"n": {numbers}}}}}"#);
    let made = send(&service, (&Method::POST, AGENTS), &[JSON], body).await.expect(201);
    let kept = service.get(&format!("{AGENTS}/{}", text(&made, "id"))).await.expect(200);
    for answer in [made, kept] {
        let exponents = answer["metadata"].to_string().replace("e+", "e");
        assert_eq!(exponents, format!(r#"{{"n":{numbers}}}"#));
    }
}

#[tokio::test]
async fn nesting_has_a_limit_that_is_said() {
    let service = Service::start().await;
    let nested = |depth: usize| {
        format!(r#"{{"name": "Desk", "metadata": {{"a": {}{}}}}}"#, "[".repeat(depth), "]".repeat(depth))
    };
    send(&service, (&Method::POST, AGENTS), &[JSON], nested(125)).await.expect(201);
    for depth in [126, 130, 100_000] {
        let errors = send(&service, (&Method::POST, AGENTS), &[JSON], nested(depth)).await.expect_errors();
        let expected = "must not have objects and lists nested more than 127 levels deep";
        assert_eq!(errors, pairs(&[("metadata", expected)]));
    }
}

#[tokio::test]
async fn a_body_is_json_in_utf_8_in_a_coding_that_is_known() {
    let service = Service::start().await;
    for (method, path, fields) in &BODIES {
        for headers in [
            [JSON, ("content-encoding", "deflate")],
            [JSON, ("content-encoding", "gzip, gzip")],
            [JSON, ("content-encoding", "identity, br")],
            [JSON, ("content-type", "application/json")],
            [("content-type", "application/json; charset=utf-16"), ("x-one", "1")],
            [("content-type", "application/json;charset=\"ISO-8859-1\""), ("x-one", "1")],
            [("content-type", "application/json; a=b; Charset=UTF-32"), ("x-one", "1")],
            [("content-type", "text/json"), ("x-one", "1")],
        ] {
            let answer = send(&service, (method, path), &headers, format!("{{{fields}}}")).await;
            assert_eq!(answer.expect(415)["code"], "unsupported_media_type", "{method} {path} {headers:?}");
        }
    }
    for headers in [
        [("content-type", "application/json; charset=UTF-8"), ("content-encoding", "identity")],
        [("content-type", "application/json; charset=\"utf-8\""), ("x-one", "1")],
        [("content-type", "application/merge-patch+json;charset=us-ascii"), ("x-one", "1")],
    ] {
        send(&service, (&Method::POST, AGENTS), &headers, r#"{"name": "Desk"}"#).await.expect(201);
    }
}

#[tokio::test]
async fn a_request_has_one_host() {
    let service = Service::start().await;
    for path in [AGENTS, "/core/inbound-calls", "/healthz"] {
        let request = service.tenant.request(Method::POST, path).header(header::HOST, "a").header(header::HOST, "b");
        let answer = service.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!((answer.status.as_u16(), &answer.body["code"]), (400, &json!("bad_request")), "{path}");
        // No cache may keep it, like any answer under `/core`.
        assert_eq!(answer.headers.contains_key(header::CACHE_CONTROL), path != "/healthz", "{path}");
    }
}

#[tokio::test]
async fn names_can_be_seen() {
    let service = Service::start().await;
    let made = service.post(AGENTS, json!({"name": "Desk"})).await.expect(201);
    service.post(CONFIG, json!({"workflow_definition": "reject"})).await.expect(201);
    let agent = format!("{AGENTS}/{}", text(&made, "id"));
    for (name, wrong) in [
        ("   ", "must not be blank"),
        ("\u{200b}\u{3164}", "must not be blank"),
        ("Desk\u{202e}ksed", "must not have the invisible character U+202E in it"),
        ("\u{2066}Desk", "must not have the invisible character U+2066 in it"),
        ("Desk\u{7}", "must not have control characters in it"),
    ] {
        let expected = pairs(&[("name", wrong)]);
        let key = json!({"name": name, "scopes": ["agents:read"]});
        let example = json!({"name": name, "call": {"called_number": "1001"}});
        for answer in [
            service.post(AGENTS, json!({"name": name})).await,
            service.put(&agent, json!({"name": name})).await,
            service.post("/core/api-keys", key).await,
            service.post(&format!("{CONFIG}/example"), example).await,
        ] {
            assert_eq!(answer.expect_errors(), expected, "{name:?}");
        }
    }
    for name in ["Rezeption Süd", "עמדה", "👩\u{200d}⚕\u{fe0f}", " Desk"] {
        assert_eq!(service.post(AGENTS, json!({"name": name})).await.expect(201)["name"], name);
    }
}

/// The last instants that some programs write for *never* are after the last one that can be
/// stored.
#[tokio::test]
async fn the_end_of_the_calendar_is_a_time() {
    let service = Service::start().await;
    service
        .post(CONFIG, json!({"workflow_definition": "switch storm\nwhen time in 10:00-11:00 { reject }\nreject"}))
        .await
        .expect(201);
    let last = |value: &Value| value.as_str().is_some_and(|text| text.starts_with("9999-12-30T22:00:00"));
    for time in ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999999-23:59", "9999-12-31T23:59:59+01:00"] {
        let call = json!({"called_number": "+14155550100", "timestamp": time});
        assert_eq!(service.post("/core/inbound-calls", call).await.expect(200)["reason"], "rejected");
        let key = json!({"name": "for ever", "scopes": ["agents:read"], "expires_at": time});
        let made = service.post("/core/api-keys", key).await.expect(201);
        assert!(last(&made["expires_at"]), "{made}");
        let switch = json!({"on": true, "until": time});
        let set = service.put(&format!("{CONFIG}/switches/storm"), switch).await.expect(200);
        assert!(last(&set["until"]), "{set}");
        let query = time.replace('+', "%2B");
        service.get(&format!("/core/inbound-calls?until={query}")).await.expect(200);
    }
    for no_time in ["9999-12-32T00:00:00Z", "9999-12-31T24:00:00Z", "9999-12-31T23:59:59+24:00", "9999-02-30T00:00:00Z"]
    {
        let call = json!({"called_number": "+14155550100", "timestamp": no_time});
        service.post("/core/inbound-calls", call).await.expect_errors();
    }
}

#[tokio::test]
async fn what_was_made_is_where_location_says() {
    let service = Service::start().await;
    let agent = service.post(AGENTS, json!({"name": "Desk"})).await;
    let versions = format!("{AGENTS}/{}/versions", text(&agent.body, "id"));
    let number = json!({"phone_number": "desk é/#1", "trunk_id": "a"});
    let made = [
        agent,
        service.post(&versions, json!({})).await,
        service.post("/core/phone-numbers", number).await,
        service.post("/core/api-keys", json!({"name": "a", "scopes": ["agents:read"]})).await,
        service.post(CONFIG, json!({"workflow_definition": "reject"})).await,
    ];
    for made in made {
        let location = made.headers[header::LOCATION].to_str().expect("text").to_owned();
        let mut made = made.expect(201);
        made.as_object_mut().expect("an object").shift_remove("token");
        assert_eq!(service.get(&location).await.expect(200), made, "{location}");
        // Others cannot see it.
        let theirs = service.stranger.get(&service, &location).await;
        assert!(theirs.status == 404 || theirs.body.is_null(), "{location}");
    }
}

#[tokio::test]
async fn if_match_that_is_no_list_of_tags_writes_nothing() {
    let service = Service::start().await;
    service.post(CONFIG, json!({"workflow_definition": "reject"})).await.expect(201);
    let wrong = [
        "*, *",
        "garbage, *",
        "*, \"1\"",
        "\"1\", *",
        "garbage",
        "\"1\", garbage",
        "\"1\" \"1\"",
        "1",
        "\"1",
        "",
        "W/\"1\"",
        "**",
        "\"1\"garbage",
        "\"2,\"1\"",
    ];
    for tags in wrong {
        for (method, path, body) in [
            (Method::PUT, CONFIG.to_owned(), r#"{"enabled": false}"#),
            (Method::DELETE, CONFIG.to_owned(), ""),
            (Method::POST, format!("{CONFIG}/revisions/1/restore"), ""),
        ] {
            let answer = send(&service, (&method, &path), &[JSON, ("if-match", tags)], body).await;
            assert_eq!(answer.expect(412)["code"], "precondition_failed", "{method} {path} {tags}");
        }
        // Two headers count as one list.
        let headers = [JSON, ("if-match", tags), ("if-match", "*")];
        let answer = send(&service, (&Method::PUT, CONFIG), &headers, r#"{"enabled": false}"#).await;
        assert_eq!(answer.status.as_u16(), if tags.is_empty() { 200 } else { 412 }, "{tags}");
        service.put(CONFIG, json!({"enabled": true})).await.expect(200);
        if tags.is_empty() {
            service.delete(CONFIG).await.expect(204);
            service.post(CONFIG, json!({"workflow_definition": "reject"})).await.expect(201);
        }
    }
    let revision = service.get(CONFIG).await.expect(200)["revision"].to_string();
    for tags in ["*".to_owned(), format!(", \"x,y\" ,, \"{revision}\""), format!("W/\"0\",\"{revision}\"")] {
        send(&service, (&Method::PUT, CONFIG), &[JSON, ("if-match", &tags)], "{}").await.expect(200);
    }
    let tags = format!("*, \"{revision}\"");
    assert_eq!(send(&service, (&Method::GET, CONFIG), &[("if-none-match", &tags)], "").await.status, 200);
}

/// Small checks end soon, so a request waits for a core.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn small_saves_of_several_at_one_moment_are_all_done() {
    let service = std::sync::Arc::new(Service::start().await);
    let all: Vec<_> = (0..32)
        .map(|at| {
            let service = std::sync::Arc::clone(&service);
            tokio::spawn(async move {
                let who = if at % 2 == 0 { service.tenant.clone() } else { service.stranger.clone() };
                let body = json!({"workflow_definition": format!("# {at}\nreject")});
                let path = if at < 2 { CONFIG.to_owned() } else { format!("{CONFIG}/check") };
                who.post(&service, &path, body).await.status.as_u16()
            })
        })
        .collect();
    for (at, one) in all.into_iter().enumerate() {
        assert_eq!(one.await.expect("an answer"), if at < 2 { 201 } else { 200 });
    }
}

/// *Which error wins* in `docs/reference/http.md`: each request also has the mistakes of all later
/// ones.
#[tokio::test]
async fn errors_win_in_the_order_of_the_page() {
    let service = Service::start().await;
    let (all, reader) = (service.tenant.clone(), service.key(&[Scope::ReadAgents]).await);
    let agents = service.key(&[Scope::ManageAgents]).await;
    let nobody = Tenant { token: "ak_none".to_owned(), ..all.clone() };
    let (malformed, unknown) = (format!("{AGENTS}/none"), format!("{AGENTS}/00000000-0000-4000-8000-000000000000"));
    let publish = format!("{unknown}/versions/1/publish");
    let (put, post, patch) = (Method::PUT, Method::POST, Method::PATCH);
    let large = " ".repeat((1 << 20) + 1);
    let (plain, old) = (("content-type", "text/plain"), ("if-match", "\"9\""));
    type Wrong<'a> = (&'a Tenant, &'a Method, &'a str, Vec<(&'static str, &'a str)>, &'a str, u16, &'a str);
    let steps: Vec<Wrong<'_>> = vec![
        (&nobody, &put, &malformed, vec![("host", "a"), ("host", "b"), plain], &large, 400, "bad_request"),
        (&nobody, &put, "/core/nothing", vec![plain], &large, 401, "invalid_token"),
        (&nobody, &patch, &malformed, vec![plain], &large, 401, "invalid_token"),
        (&reader, &put, "/core/nothing", vec![plain], &large, 404, "no_such_path"),
        (&reader, &patch, &malformed, vec![plain], &large, 405, "method_not_allowed"),
        (&reader, &put, &malformed, vec![plain], &large, 403, "missing_scope"),
        (&all, &put, &malformed, vec![plain], &large, 404, "not_found"),
        (&all, &put, &unknown, vec![plain], &large, 413, "body_too_large"),
        (&all, &put, &unknown, vec![plain], "[", 415, "unsupported_media_type"),
        (&all, &put, &unknown, vec![JSON], "[", 400, "invalid_json"),
        (&all, &put, &unknown, vec![JSON], "[]", 422, "not_an_object"),
        (&agents, &post, &publish, vec![JSON], r#"{"phone_numbers": ["1"], "a": 1}"#, 403, "missing_scope"),
        (&all, &post, &publish, vec![JSON], r#"{"phone_numbers": ["1"], "a": 1}"#, 422, "invalid_fields"),
        (&all, &post, &publish, vec![JSON], r#"{"phone_numbers": ["1"]}"#, 404, "not_found"),
        (&all, &put, CONFIG, vec![JSON, old], r#"{"workflow_definition": "rejct", "a": 1}"#, 422, "invalid_fields"),
        (&all, &put, CONFIG, vec![JSON, old], r#"{"workflow_definition": "rejct"}"#, 404, "no_config"),
    ];
    let ask = async |(who, method, path, headers, body, status, code): Wrong<'_>| {
        let request = who.request(method.clone(), path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = service.send(request.body(Body::from(body.to_owned())).expect("a request")).await;
        let given = (answer.status.as_u16(), answer.body["code"].as_str().unwrap_or_default());
        assert_eq!(given, (status, code), "{method} {path}");
    };
    for step in steps {
        ask(step).await;
    }
    service.post(CONFIG, json!({"workflow_definition": "reject"})).await.expect(201);
    let wrong = r#"{"workflow_definition": "rejct", "fallback_agent_version": 1}"#;
    ask((&all, &post, CONFIG, vec![JSON], wrong, 409, "config_exists")).await;
    ask((&all, &put, CONFIG, vec![JSON, old], wrong, 412, "precondition_failed")).await;
    ask((&all, &put, CONFIG, vec![JSON], wrong, 422, "invalid_plan")).await;
}
